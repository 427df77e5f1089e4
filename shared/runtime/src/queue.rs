//! A queue that a function puts work on, to be brought back to it in parts.

use std::fmt;

use async_trait::async_trait;
use aws_sdk_sqs::Client;
use aws_sdk_sqs::error::DisplayErrorContext;
use aws_sdk_sqs::types::{QueueAttributeName, SendMessageBatchRequestEntry};

use crate::platform::Platform;

/// Most messages of one call (SQS quota).
pub const MESSAGES_MAX: usize = 10;

/// One message for a queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// What is brought back.
    pub body: String,
    /// Messages of one group are brought one after the other, and groups beside each other.
    pub group: String,
    /// A second message of the same mark is taken for the first within five minutes (SQS).
    pub once: String,
}

/// Nothing of a call is known to have been taken, or a part of it was not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the queue: {0}")]
pub struct QueueError(pub String);

/// Takes messages and brings each at least once.
#[async_trait]
pub trait Queue: Send + Sync + 'static {
    /// Puts at most [`MESSAGES_MAX`] messages.
    ///
    /// # Errors
    /// [`QueueError`] where any of them was not taken, or none is known to be: put them again.
    async fn send(&self, messages: &[Message]) -> Result<(), QueueError>;

    /// How many messages wait or are under way, as far as the queue knows: SQS counts approximately.
    ///
    /// # Errors
    /// [`QueueError`].
    async fn depth(&self) -> Result<u64, QueueError>;
}

/// SQS, a queue of the kind that keeps groups apart (FIFO).
#[derive(Clone)]
pub struct SqsQueue {
    client: Client,
    url: String,
}

impl SqsQueue {
    /// The queue that the function's environment names.
    pub fn of(platform: &Platform) -> Self {
        Self {
            client: Client::new(&platform.sdk),
            url: platform.config.due_queue_url.clone(),
        }
    }
}

impl fmt::Debug for SqsQueue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.url)
    }
}

#[async_trait]
impl Queue for SqsQueue {
    async fn send(&self, messages: &[Message]) -> Result<(), QueueError> {
        let entries = messages.iter().enumerate().map(|(place, message)| {
            SendMessageBatchRequestEntry::builder()
                .id(place.to_string())
                .message_body(&message.body)
                .message_group_id(&message.group)
                .message_deduplication_id(&message.once)
                .build()
                .map_err(|error| QueueError(error.to_string()))
        });
        let answer = self
            .client
            .send_message_batch()
            .queue_url(&self.url)
            .set_entries(Some(entries.collect::<Result<_, _>>()?))
            .send()
            .await
            .map_err(|error| QueueError(DisplayErrorContext(error).to_string()))?;
        // What was taken is told by name; whatever else is said, the rest was not.
        if answer.successful().len() == messages.len() {
            return Ok(());
        }
        let codes = answer.failed().iter().map(|failed| failed.code());
        let codes: Vec<&str> = codes.collect();
        Err(QueueError(format!("not taken: {}", codes.join(", "))))
    }

    async fn depth(&self) -> Result<u64, QueueError> {
        let counted = [
            QueueAttributeName::ApproximateNumberOfMessages,
            QueueAttributeName::ApproximateNumberOfMessagesNotVisible,
        ];
        let answer = self
            .client
            .get_queue_attributes()
            .queue_url(&self.url)
            .set_attribute_names(Some(counted.to_vec()))
            .send()
            .await
            .map_err(|error| QueueError(DisplayErrorContext(error).to_string()))?;
        let attributes = answer.attributes.unwrap_or_default();
        counted.iter().try_fold(0_u64, |sum, name| {
            let count = attributes
                .get(name)
                .and_then(|count| count.parse::<u64>().ok());
            let count = count.ok_or_else(|| QueueError(format!("it does not tell {name}")))?;
            Ok(sum.saturating_add(count))
        })
    }
}
