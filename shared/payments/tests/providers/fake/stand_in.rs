//! A provider's stand-in behind a transport: it takes requests, keeps what came of them, and can be
//! made to fail before or after a request has taken effect.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard};

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};
use remit_payments::Transport;
use serde_json::Value;

use super::Answer;

/// What a provider would do, as far as its documentation says.
pub trait StandIn: Default + Send + 'static {
    /// Answers a request. Panics at one that the documentation does not allow.
    fn serve(&mut self, request: &Request<Bytes>) -> Response<Bytes>;

    /// Whether trouble befalls this request; those for a token or a certificate are spared.
    fn is_spared(_request: &Request<Bytes>) -> bool {
        false
    }
}

enum Trouble {
    None,
    Instead(Answer),
    After(Answer),
}

pub struct Host<S> {
    state: Mutex<S>,
    troubles: Mutex<VecDeque<Trouble>>,
    sent: Mutex<Vec<Request<Bytes>>>,
}

impl<S: StandIn> Host<S> {
    pub fn new() -> Arc<Self> {
        Arc::new(Self {
            state: Mutex::default(),
            troubles: Mutex::default(),
            sent: Mutex::default(),
        })
    }

    pub fn state(&self) -> MutexGuard<'_, S> {
        self.state.lock().unwrap()
    }

    /// The next request is answered with this and has no effect.
    pub fn instead(&self, answer: Answer) {
        self.troubles
            .lock()
            .unwrap()
            .push_back(Trouble::Instead(answer));
    }

    /// The next request takes effect, and is then answered with this.
    pub fn after(&self, answer: Answer) {
        self.troubles
            .lock()
            .unwrap()
            .push_back(Trouble::After(answer));
    }

    /// The next request goes well: trouble begins after it.
    pub fn after_nothing(&self) {
        self.troubles.lock().unwrap().push_back(Trouble::None);
    }

    /// What did not happen will not.
    pub fn forget_troubles(&self) {
        self.troubles.lock().unwrap().clear();
    }

    /// How many requests were sent so far.
    pub fn sent_count(&self) -> usize {
        self.sent.lock().unwrap().len()
    }

    /// What was sent so far; forgets it.
    pub fn take_sent(&self) -> Vec<Request<Bytes>> {
        std::mem::take(&mut self.sent.lock().unwrap())
    }
}

#[async_trait]
impl<S: StandIn> Transport for Host<S> {
    async fn send(&self, request: Request<Bytes>) -> Answer {
        self.sent.lock().unwrap().push(request.clone());
        let trouble = match S::is_spared(&request) {
            true => None,
            false => self.troubles.lock().unwrap().pop_front(),
        };
        match trouble {
            None | Some(Trouble::None) => Ok(self.state().serve(&request)),
            Some(Trouble::Instead(answer)) => answer,
            Some(Trouble::After(answer)) => {
                self.state().serve(&request);
                answer
            }
        }
    }
}

/// The parts of the path.
pub fn path(request: &Request<Bytes>) -> Vec<&str> {
    request.uri().path().trim_matches('/').split('/').collect()
}

/// A header, which must be there.
pub fn header<'a>(request: &'a Request<Bytes>, name: &str) -> &'a str {
    let value = request.headers().get(name);
    value
        .unwrap_or_else(|| unreachable!("{name} is missing: {request:?}"))
        .to_str()
        .unwrap()
}

/// A header, if it is there.
pub fn optional_header(request: &Request<Bytes>, name: &str) -> Option<String> {
    let value = request.headers().get(name)?;
    Some(value.to_str().unwrap().to_owned())
}

/// The JSON of the body.
pub fn body(request: &Request<Bytes>) -> Value {
    assert_eq!(header(request, "content-type"), "application/json");
    serde_json::from_slice(request.body()).unwrap()
}

/// An answer in JSON.
pub fn reply(status: u16, body: &Value) -> Response<Bytes> {
    Response::builder()
        .status(status)
        .body(Bytes::from(body.to_string()))
        .unwrap()
}
