//! Transports that reach nobody: one answers from a script, one from a provider's stand-in.

pub mod stand_in;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};
use remit_payments::{Transport, TransportError};

pub type Answer = Result<Response<Bytes>, TransportError>;

#[derive(Default)]
pub struct ScriptedTransport {
    answers: Mutex<VecDeque<Answer>>,
    sent: Mutex<Vec<Request<Bytes>>>,
}

impl ScriptedTransport {
    pub fn new(answers: impl IntoIterator<Item = Answer>) -> Arc<Self> {
        Arc::new(Self {
            answers: Mutex::new(answers.into_iter().collect()),
            sent: Mutex::default(),
        })
    }

    /// What was sent so far; forgets it.
    pub fn take_sent(&self) -> Vec<Request<Bytes>> {
        std::mem::take(&mut self.sent.lock().unwrap())
    }
}

#[async_trait]
impl Transport for ScriptedTransport {
    async fn send(&self, request: Request<Bytes>) -> Answer {
        self.sent.lock().unwrap().push(request);
        let next = self.answers.lock().unwrap().pop_front();
        next.expect("a request more than the script has answers")
    }
}

pub fn answer(status: u16, body: impl Into<Bytes>) -> Answer {
    Ok(Response::builder()
        .status(status)
        .body(body.into())
        .unwrap())
}

/// "Too many requests, come back in 7 seconds".
pub fn throttled(body: impl Into<Bytes>) -> Answer {
    let response = Response::builder().status(429).header("retry-after", "7");
    Ok(response.body(body.into()).unwrap())
}

pub fn unknown() -> Answer {
    Err(TransportError::Unknown {
        reason: "timed out".to_owned(),
    })
}

pub fn not_sent() -> Answer {
    Err(TransportError::NotSent {
        reason: "connection refused".to_owned(),
    })
}
