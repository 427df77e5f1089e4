//! The dead letter queues of a stage, and what is done with what lies in them.

use aws_config::SdkConfig;
use aws_sdk_lambda::primitives::Blob;
use aws_sdk_lambda::types::InvocationType;
use aws_sdk_sqs::types::{Message, MessageSystemAttributeName, QueueAttributeName};

use crate::error::{OperateError, failed};
use crate::letter::{Letter, NoWay, Raw, Way};

/// What a call of SQS's gives out at most.
const AT_ONCE: i32 = 10;
/// How long what was taken stays out of sight of others, in seconds: a thousand letters take a minute or two.
const TAKEN_S: i32 = 600;
/// A call waits so long for messages, in seconds: without that SQS asks some of its servers only.
const WAIT_S: i32 = 1;
/// Letters of one queue that one run takes; a run more takes the next.
const LETTERS_MAX: usize = 5_000;

/// A queue of dead letters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadLetters {
    /// Its name.
    pub name: String,
    url: String,
    /// How many lie in it, about.
    pub count: usize,
}

impl DeadLetters {
    fn is_fifo(&self) -> bool {
        self.name.ends_with(".fifo")
    }

    fn without(&self, id: &str) -> OperateError {
        OperateError::NoLetter {
            queue: self.name.clone(),
            id: id.to_owned(),
        }
    }
}

/// What became of the letters of a queue.
#[derive(Debug, Default)]
pub struct Redriven {
    /// Sent back.
    pub sent: usize,
    /// Left where they are, by id: they have no way back.
    pub left: Vec<(String, NoWay)>,
    /// What ended it early.
    pub failed: Option<OperateError>,
}

/// The dead letters of one stage.
pub struct Operator {
    stage: String,
    sqs: aws_sdk_sqs::Client,
    lambda: aws_sdk_lambda::Client,
}

struct Taken {
    letter: Letter,
    receipt: String,
}

impl Operator {
    /// The operator of a stage.
    pub fn new(config: &SdkConfig, stage: &str) -> Self {
        Self {
            stage: stage.to_owned(),
            sqs: aws_sdk_sqs::Client::new(config),
            lambda: aws_sdk_lambda::Client::new(config),
        }
    }

    /// The stage's queues of dead letters, by name, empty ones too.
    ///
    /// # Errors
    /// [`OperateError::Aws`].
    pub async fn queues(&self) -> Result<Vec<DeadLetters>, OperateError> {
        let prefix = format!("remit-{}-", self.stage);
        let pages = self.sqs.list_queues().queue_name_prefix(prefix);
        let mut pages = pages.max_results(1_000).into_paginator().send();
        let mut found = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(failed("ListQueues"))?;
            for url in page.queue_urls() {
                let name = url.rsplit('/').next().unwrap_or(url);
                if name.trim_end_matches(".fifo").ends_with("-dead-letters") {
                    found.push(DeadLetters {
                        name: name.to_owned(),
                        url: url.clone(),
                        count: self.count(url).await?,
                    });
                }
            }
        }
        found.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(found)
    }

    /// One of them.
    ///
    /// # Errors
    /// [`OperateError`].
    pub async fn queue(&self, name: &str) -> Result<DeadLetters, OperateError> {
        let mut queues = self.queues().await?.into_iter();
        queues
            .find(|queue| queue.name == name)
            .ok_or_else(|| OperateError::NoQueue(name.to_owned()))
    }

    async fn count(&self, url: &str) -> Result<usize, OperateError> {
        let (visible, taken) = (
            QueueAttributeName::ApproximateNumberOfMessages,
            QueueAttributeName::ApproximateNumberOfMessagesNotVisible,
        );
        let asked = self.sqs.get_queue_attributes().queue_url(url);
        let asked = asked.attribute_names(visible).attribute_names(taken);
        let told = asked.send().await.map_err(failed("GetQueueAttributes"))?;
        let counts = told.attributes.into_iter().flatten();
        Ok(counts
            .filter_map(|(_, count)| count.parse::<usize>().ok())
            .sum())
    }

    /// The letters of a queue, the oldest first, left where they are. Of a FIFO queue those that stand first in
    /// their groups.
    ///
    /// # Errors
    /// [`OperateError::Aws`].
    pub async fn letters(&self, queue: &DeadLetters) -> Result<Vec<Letter>, OperateError> {
        let taken = self.take(queue).await?;
        self.give_back(queue, taken.iter()).await?;
        Ok(taken.into_iter().map(|taken| taken.letter).collect())
    }

    /// Sends the letters of a queue back to where they failed, the oldest first, or one of them. A letter leaves
    /// the queue once it was taken there, so that one can arrive twice and none is lost. What fails again comes
    /// back later as a new letter.
    ///
    /// # Errors
    /// [`OperateError`], where nothing was sent; else [`Redriven::failed`] says it. What was not sent is in the queue.
    pub async fn redrive(
        &self,
        queue: &DeadLetters,
        only: Option<&str>,
    ) -> Result<Redriven, OperateError> {
        if queue.is_fifo() && only.is_some() {
            return Err(OperateError::OutOfOrder);
        }
        let mut done = Redriven::default();
        loop {
            let taken = self.take(queue).await?;
            let (wanted, mut kept) = wanted(taken, only);
            if let Some(id) = only.filter(|_| wanted.is_empty()) {
                self.give_back(queue, kept.iter()).await?;
                return Err(queue.without(id));
            }
            let (sent, left) = (done.sent, done.left.len());
            for taken in wanted {
                let way = taken.letter.way.clone();
                let way = way.and_then(|way| match done.holds_back(&taken.letter, &kept) {
                    true => Err(NoWay::Behind),
                    false => Ok(way),
                });
                match way {
                    _ if done.failed.is_some() => kept.push(taken),
                    Err(why) => {
                        done.left.push((taken.letter.id.clone(), why));
                        kept.push(taken);
                    }
                    Ok(way) => match self.send_back(queue, &taken, &way).await {
                        Ok(()) => done.sent += 1,
                        Err(error) => {
                            done.failed = Some(error);
                            kept.push(taken);
                        }
                    },
                }
            }
            self.give_back(queue, kept.iter()).await?;
            // Of a FIFO queue the next of each group come once these are gone; what comes back meanwhile is left.
            let goes_on = queue.is_fifo() && done.sent > sent && done.sent < queue.count;
            if !goes_on || done.left.len() > left || done.failed.is_some() {
                return Ok(done);
            }
        }
    }

    /// Deletes a letter that nobody wants any more.
    ///
    /// # Errors
    /// [`OperateError`].
    pub async fn discard(&self, queue: &DeadLetters, id: &str) -> Result<Letter, OperateError> {
        let (wanted, kept) = wanted(self.take(queue).await?, Some(id));
        self.give_back(queue, kept.iter()).await?;
        let wanted = wanted.into_iter().next();
        let wanted = wanted.ok_or_else(|| queue.without(id))?;
        self.delete(queue, &wanted).await?;
        Ok(wanted.letter)
    }

    async fn send_back(
        &self,
        queue: &DeadLetters,
        taken: &Taken,
        way: &Way,
    ) -> Result<(), OperateError> {
        match way {
            Way::Queue { name, body } => {
                let found = self.sqs.get_queue_url().queue_name(name).send().await;
                let url = found.map_err(failed("GetQueueUrl"))?.queue_url;
                let mut sent = self.sqs.send_message().set_queue_url(url);
                if let Some(group) = &taken.letter.group {
                    // By its own id: what made it once is known to the queue for some minutes.
                    sent = sent.message_group_id(group);
                    sent = sent.message_deduplication_id(&taken.letter.id);
                }
                let sent = sent.message_body(body).send().await;
                sent.map_err(failed("SendMessage"))?;
            }
            Way::Function { name, payload } => {
                let payload = Blob::new(payload.to_string());
                let invoked = self.lambda.invoke().function_name(name).payload(payload);
                let invoked = invoked.invocation_type(InvocationType::Event).send().await;
                invoked.map_err(failed("Invoke"))?;
            }
        }
        self.delete(queue, taken).await
    }

    async fn delete(&self, queue: &DeadLetters, taken: &Taken) -> Result<(), OperateError> {
        let deleted = self.sqs.delete_message().queue_url(&queue.url);
        let deleted = deleted.receipt_handle(&taken.receipt).send().await;
        deleted.map(drop).map_err(failed("DeleteMessage"))
    }

    /// Takes what can be taken, the oldest first.
    async fn take(&self, queue: &DeadLetters) -> Result<Vec<Taken>, OperateError> {
        let mut all: Vec<Taken> = Vec::new();
        while all.len() < LETTERS_MAX {
            let asked = self.sqs.receive_message().queue_url(&queue.url);
            let asked = asked
                .max_number_of_messages(AT_ONCE)
                .visibility_timeout(TAKEN_S)
                .wait_time_seconds(WAIT_S)
                .message_system_attribute_names(MessageSystemAttributeName::All)
                .message_attribute_names("All");
            let got = asked.send().await.map_err(failed("ReceiveMessage"))?;
            let got = got.messages.unwrap_or_default();
            if got.is_empty() {
                break;
            }
            all.extend(got.into_iter().map(taken));
        }
        // As it comes within a group: two of one millisecond keep their order.
        all.sort_by_key(|taken| taken.letter.sent_at);
        Ok(all)
    }

    /// Makes what was taken visible again, at once.
    async fn give_back(
        &self,
        queue: &DeadLetters,
        kept: impl Iterator<Item = &Taken>,
    ) -> Result<(), OperateError> {
        for taken in kept {
            let shown = self.sqs.change_message_visibility().queue_url(&queue.url);
            let shown = shown.receipt_handle(&taken.receipt).visibility_timeout(0);
            let shown = shown.send().await;
            shown.map_err(failed("ChangeMessageVisibility"))?;
        }
        Ok(())
    }
}

impl Redriven {
    /// Whether one of the same group stays: what comes after it must not overtake it.
    fn holds_back(&self, letter: &Letter, kept: &[Taken]) -> bool {
        let stays = |id: &str| self.left.iter().any(|(left, _)| left == id);
        letter.group.is_some()
            && kept
                .iter()
                .any(|taken| taken.letter.group == letter.group && stays(&taken.letter.id))
    }
}

/// What is meant, and the others.
fn wanted(taken: Vec<Taken>, only: Option<&str>) -> (Vec<Taken>, Vec<Taken>) {
    taken
        .into_iter()
        .partition(|taken| only.is_none_or(|id| taken.letter.id == id))
}

fn taken(message: Message) -> Taken {
    let system = message.attributes.unwrap_or_default().into_iter();
    let attributes = message.message_attributes.unwrap_or_default().into_iter();
    let raw = Raw {
        id: message.message_id.unwrap_or_default(),
        body: message.body.unwrap_or_default(),
        system: system
            .map(|(name, value)| (name.as_str().to_owned(), value))
            .collect(),
        attributes: attributes
            .filter_map(|(name, value)| Some((name, value.string_value?)))
            .collect(),
    };
    Taken {
        letter: Letter::read(&raw),
        receipt: message.receipt_handle.unwrap_or_default(),
    }
}
