//! What functions log, as they write it in Lambda.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use tracing::Dispatch;
use tracing::subscriber::{DefaultGuard, NoSubscriber};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

/// Takes down what is logged on this thread, until it is asked for.
pub struct Listening {
    written: Written,
    _listening: DefaultGuard,
    _beside: Dispatch,
}

impl Listening {
    /// From now on.
    pub fn begin() -> Self {
        let written = Written::default();
        // As `remit_runtime::start` does, without the host, which is no part of what is deployed.
        let subscriber = tracing_subscriber::fmt()
            .json()
            .with_env_filter(EnvFilter::new("info,remit_local=off"))
            .with_writer(written.clone())
            .finish();
        // With one dispatcher alone, what another test's thread logs first is never asked about again (tracing-core keeps
        // that thread's "no" for the callsite); with two, each callsite is asked of all.
        let beside = Dispatch::new(NoSubscriber::default());
        Self {
            written,
            _listening: tracing::subscriber::set_default(subscriber),
            _beside: beside,
        }
    }

    /// What was logged: a line of JSON each.
    pub fn end(self) -> String {
        let written = self.written.0.lock();
        let written = written.unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&written).into_owned()
    }
}

#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Written {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}
