//! A model of a mailer, for tests. Never part of a deployed function.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;

use crate::mail::{Mail, MessageId};
use crate::mailer::{Mailer, SendError};

/// Answers with the errors of its script, then takes everything, and keeps what it was given.
#[derive(Debug, Default)]
pub struct ScriptedMailer {
    script: Mutex<VecDeque<SendError>>,
    sent: Mutex<Vec<Mail>>,
}

impl ScriptedMailer {
    /// What the next calls end with.
    pub fn fail_with(&self, errors: impl IntoIterator<Item = SendError>) {
        locked(&self.script).extend(errors);
    }

    /// Every mail it was asked to send, those it refused too, the oldest first.
    pub fn sent(&self) -> Vec<Mail> {
        locked(&self.sent).clone()
    }
}

#[async_trait]
impl Mailer for ScriptedMailer {
    async fn send(&self, mail: &Mail) -> Result<MessageId, SendError> {
        locked(&self.sent).push(mail.clone());
        let error = locked(&self.script).pop_front();
        error.map_or_else(|| Ok(MessageId::new("mail")), Err)
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
