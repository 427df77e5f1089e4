//! What makes time pass: runs what is due, and moves the clock through all that falls due.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use remit_store::Index;
use remit_store::keys::{DUE_SHARDS, DueKind, due_partition};
use serde_json::{Value, json};
use std::sync::PoisonError;
use tokio::sync::watch;

use crate::agenda::{Place, Task, Work};
use crate::cloud::Cloud;
use crate::gateway::Sent;
use crate::queues;
use crate::schedule::Schedule;
use crate::shelf::ShelfError;
use crate::stream::{Position, StreamError, sequence_number};
use crate::template::{QueueMapping, StreamMapping};

/// Lambda's waits before it repeats an asynchronous call.
const ASYNC_WAITS_S: [i64; 2] = [60, 120];
/// While nothing is due, the driver looks again after this long.
const IDLE: Duration = Duration::from_secs(30);

/// What stops the host's own work; a function's failure does not.
#[derive(Debug, thiserror::Error)]
pub enum DriveError {
    /// The shelf failed.
    #[error(transparent)]
    Shelf(#[from] ShelfError),
    /// A stream cannot be read.
    #[error(transparent)]
    Stream(#[from] StreamError),
    /// The objects cannot be read or written.
    #[error("the objects: {0}")]
    Objects(remit_runtime::BoxError),
    /// What an SDK outside of this process asked for.
    #[error("a call of the SDK's: {0}")]
    Aws(remit_runtime::BoxError),
}

impl Cloud {
    /// Runs what is due, now and as time passes, until told to stop.
    pub async fn drive(&self, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() {
            let done = {
                let _driving = self.driving.lock().await;
                self.run_due(&stop).await
            };
            if let Err(error) = done {
                tracing::error!(%error, "the host cannot go on with what is due");
            }
            let wait = self.next_due(None).map_or(IDLE, |due_at| {
                let wait = due_at.duration_since(self.now());
                Duration::try_from(wait).unwrap_or_default().min(IDLE)
            });
            tokio::select! {
                () = self.wake.notified() => {}
                // At least a moment, should something due be stuck.
                () = tokio::time::sleep(wait.max(Duration::from_millis(20))) => {}
                _ = stop.changed() => {}
            }
        }
    }

    /// Moves the clock to an instant, through every time at which something falls due, and
    /// returns when all of that has run. An instant that has passed is reached: what it is compared
    /// with goes on while the host is busy.
    ///
    /// A schedule of a rate is not run at each of its times on the way: after every instant at
    /// which something falls due, and otherwise hourly, or every six hours on a way of more than
    /// a week. What a sweep finds due is the same, and so is its civil day.
    ///
    /// # Errors
    /// [`DriveError`].
    pub async fn move_clock(&self, target: Timestamp) -> Result<Timestamp, DriveError> {
        let start = self.now();
        let is_far = target.duration_since(start) > SignedDuration::from_hours(7 * 24);
        let pace = SignedDuration::from_hours(if is_far { 6 } else { 1 });
        self.moved(target, Some(pace)).await
    }

    /// The same with every run of every schedule on the way, as in the cloud: for who counts what time costs.
    ///
    /// # Errors
    /// [`DriveError`].
    pub async fn live_until(&self, target: Timestamp) -> Result<Timestamp, DriveError> {
        self.moved(target, None).await
    }

    async fn moved(
        &self,
        target: Timestamp,
        pace: Option<SignedDuration>,
    ) -> Result<Timestamp, DriveError> {
        let _driving = self.driving.lock().await;
        let (_keep, never) = watch::channel(false);
        self.run_due(&never).await?;
        loop {
            if let Some(pace) = pace {
                self.pace_schedules(pace);
            }
            match self.next_due(Some(target)) {
                Some(due_at) if due_at <= target => self.clock.move_to(due_at)?,
                _ => break,
            }
            self.run_due(&never).await?;
        }
        self.clock.move_to(target)?;
        self.run_due(&never).await?;
        if pace.is_some() {
            self.reset_schedules();
        }
        Ok(self.now())
    }

    /// Sets every schedule of a rate to the next time at which a run can matter.
    fn pace_schedules(&self, pace: SignedDuration) {
        let now = self.now();
        let latest = now.saturating_add(pace).unwrap_or(now);
        let wanted = match self.first_timer() {
            // The index rounds down to the second: a sweep within it may have been too early.
            Some(due_at) if due_at <= now && now < due_at + SignedDuration::from_secs(1) => {
                due_at + SignedDuration::from_secs(1)
            }
            // What stays due although the sweeps ran waits for something else.
            Some(due_at) if due_at <= now => now
                .saturating_add(SignedDuration::from_hours(1))
                .unwrap_or(latest)
                .min(latest),
            Some(due_at) => due_at.min(latest),
            None => latest,
        };
        let mut schedules = self
            .schedules
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        for (next, spec) in schedules.iter_mut().zip(&self.template.schedules) {
            if matches!(spec.schedule, Schedule::Rate(_)) {
                let before = wanted - SignedDuration::from_nanos(1);
                *next = spec.schedule.after(before).max(spec.schedule.after(now));
            }
        }
    }

    fn reset_schedules(&self) {
        let now = self.now();
        let mut schedules = self
            .schedules
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        for (next, spec) in schedules.iter_mut().zip(&self.template.schedules) {
            *next = spec.schedule.after(now);
        }
    }

    /// The first instant in the index of what falls due.
    fn first_timer(&self) -> Option<Timestamp> {
        let index = Index::ByDue;
        let mut first: Option<Timestamp> = None;
        for table in &self.template.tables {
            for kind in DueKind::ALL {
                for shard in 0..DUE_SHARDS {
                    let query = json!({
                        "TableName": table,
                        "IndexName": index.name(),
                        "KeyConditionExpression": "#p = :p",
                        "ExpressionAttributeNames": {"#p": index.partition_attribute()},
                        "ExpressionAttributeValues": {":p": {"S": due_partition(kind, shard)}},
                        "Limit": 1,
                    });
                    let (_, answer) = self
                        .table
                        .call("DynamoDB_20120810.Query", query.to_string().as_bytes());
                    let answer: Value = serde_json::from_slice(&answer).unwrap_or_default();
                    let due = answer["Items"][0][index.sort_attribute()]["S"].as_str();
                    let moment = due.and_then(|due| due.split('#').next()?.parse().ok());
                    first = first.into_iter().chain(moment).min();
                }
            }
        }
        first
    }

    /// When the next thing is due. Timers beyond the horizon may be left out.
    fn next_due(&self, horizon: Option<Timestamp>) -> Option<Timestamp> {
        if self.streams.is_touched() {
            return Some(self.now());
        }
        let queues = self.template.queue_mappings.iter();
        let queues = queues.filter_map(|mapping| self.queues.next_visible(&mapping.queue));
        let schedules = self
            .schedules
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let next = queues
            .chain(self.agenda.next_due())
            .chain(self.streams.next_due())
            .chain(schedules.iter().copied())
            .min();
        next.filter(|due_at| horizon.is_none_or(|horizon| *due_at <= horizon))
    }

    /// Runs everything that is due, and what becomes due by it.
    async fn run_due(&self, stop: &watch::Receiver<bool>) -> Result<(), DriveError> {
        loop {
            let mut worked = false;
            let now = self.now();
            if self.streams.take_touch() || self.streams.next_due().is_some_and(|at| at <= now) {
                for mapping in &self.template.stream_mappings {
                    worked |= self.pass_records(mapping).await?;
                }
            }
            self.run_schedules()?;
            while let Some((place, task)) = self.agenda.due(self.now()) {
                self.perform(place, task).await?;
                worked = true;
                if *stop.borrow() {
                    return Ok(());
                }
            }
            for mapping in &self.template.queue_mappings {
                worked |= self.pass_messages(mapping).await?;
            }
            if *stop.borrow() || !(worked || self.streams.is_touched()) {
                return Ok(());
            }
        }
    }

    /// Puts the calls of the schedules whose time has come on the agenda. Times that were missed,
    /// while the host was off, are one call.
    fn run_schedules(&self) -> Result<(), ShelfError> {
        let now = self.now();
        for (at, spec) in self.template.schedules.iter().enumerate() {
            let mut schedules = self
                .schedules
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            let Some(next) = schedules.get_mut(at).filter(|next| **next <= now) else {
                continue;
            };
            let due_at = std::mem::replace(next, spec.schedule.after(now));
            drop(schedules);
            let payload = spec.input.clone().unwrap_or_else(|| {
                json!({
                    "version": "0",
                    "id": self.random_id(),
                    "detail-type": "Scheduled Event",
                    "source": "aws.scheduler",
                    "account": "000000000000",
                    "time": due_at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
                    "region": "us-east-1",
                    "resources": [],
                    "detail": {},
                })
            });
            self.call_later(&spec.function, payload, spec.dead_letters.clone())?;
        }
        Ok(())
    }

    async fn perform(&self, place: Place, task: Task) -> Result<(), DriveError> {
        let now = self.now();
        match &task.work {
            Work::Invoke {
                function,
                payload,
                dead_letters,
            } => {
                let Err(error) = self.invoke(function, payload.clone()).await else {
                    return Ok(self.agenda.done(place)?);
                };
                let spec = self.template.functions.get(function);
                let retries_max = spec.map_or(0, |spec| spec.retries_max);
                tracing::error!(function, %error, tries = task.tries + 1, "failed");
                if task.tries < retries_max {
                    let at = usize::try_from(task.tries).unwrap_or(usize::MAX);
                    let wait_s = ASYNC_WAITS_S.get(at).or(ASYNC_WAITS_S.last());
                    let wait = SignedDuration::from_secs(wait_s.copied().unwrap_or_default());
                    return Ok(self
                        .agenda
                        .again(place, now.saturating_add(wait).unwrap_or(now))?);
                }
                if let Some(queue) = dead_letters {
                    let letter = json!({
                        "version": "1.0",
                        "timestamp": now,
                        "requestContext": {
                            "functionArn": function,
                            "condition": "RetriesExhausted",
                            "approximateInvokeCount": task.tries + 1,
                        },
                        "requestPayload": payload,
                        "responsePayload": {"errorMessage": error.to_string()},
                    });
                    self.queues
                        .send(queue, letter.to_string(), Some(function), now)?;
                }
                Ok(self.agenda.done(place)?)
            }
            Work::Webhook { event_id } => {
                let sent = self.send_webhook(event_id).await?;
                Ok(self.webhook_again(place, task.tries, sent)?)
            }
            Work::PayerWebhook { hook_id } => {
                let sent = self.send_payer_webhook(hook_id).await?;
                Ok(self.webhook_again(place, task.tries, sent)?)
            }
            Work::ExpireSession { session_id } => {
                self.expire_session(session_id)?;
                Ok(self.agenda.done(place)?)
            }
        }
    }

    /// A webhook that was refused goes out again, for some days.
    fn webhook_again(&self, place: Place, tries: u32, sent: Sent) -> Result<(), ShelfError> {
        let now = self.now();
        match (sent, crate::stripe::webhook_wait(tries)) {
            (Sent::Refused, Some(wait)) => {
                let due_at = now.saturating_add(wait).unwrap_or(now);
                self.agenda.again(place, due_at)
            }
            _ => self.agenda.done(place),
        }
    }

    /// Passes a batch of messages to its function; whether there was one.
    async fn pass_messages(&self, mapping: &QueueMapping) -> Result<bool, ShelfError> {
        let taken = self
            .queues
            .take(&mapping.queue, mapping.batch_max, self.now())?;
        if taken.is_empty() {
            return Ok(false);
        }
        // Taken and removed, as a batch.
        self.meter.count(|usage| usage.queue_requests += 2);
        let payload = queues::payload(&mapping.queue, &taken);
        let failed: Vec<String> = match self.invoke(&mapping.function, payload).await {
            Ok(answer) if mapping.partial_answers => failures(&answer),
            Ok(_) => Vec::new(),
            Err(error) => {
                tracing::error!(function = mapping.function, %error, "the batch comes again");
                return Ok(true);
            }
        };
        for one in taken {
            if !failed.contains(&one.message.id) {
                self.queues.delete(&mapping.queue, one.place)?;
            }
        }
        if !failed.is_empty() {
            tracing::warn!(
                function = mapping.function,
                failed = failed.len(),
                "messages come again"
            );
        }
        Ok(true)
    }

    /// Passes the next records of a stream to its function; whether there were any.
    async fn pass_records(&self, mapping: &StreamMapping) -> Result<bool, DriveError> {
        let now = self.now();
        let position = self.streams.position(mapping);
        if position.not_before.is_some_and(|at| at > now) {
            return Ok(false);
        }
        let records = self.streams.read(&self.table, mapping)?;
        let Some(last) = records.last() else {
            if position.not_before.is_some() {
                self.streams.put(
                    mapping,
                    Position {
                        after: position.after,
                        ..Default::default()
                    },
                )?;
            }
            return Ok(false);
        };
        // There may be more behind them.
        self.streams.touch();
        let wanted: Vec<&Value> = records
            .iter()
            .filter(|record| {
                mapping.filters.is_empty() || mapping.filters.iter().any(|f| f.matches(record))
            })
            .collect();
        if wanted.is_empty() {
            self.streams.put(mapping, Position::past(last))?;
            return Ok(true);
        }
        let count = records.len();
        let payload = json!({ "Records": wanted });
        let failed = match self.invoke(&mapping.function, payload).await {
            Ok(answer) if mapping.partial_answers => {
                // The first that failed and all after it come again.
                let failed = failures(&answer);
                records.iter().position(|record| {
                    let number = sequence_number(record);
                    number.is_some_and(|number| failed.iter().any(|failed| failed == number))
                })
            }
            Ok(_) => None,
            Err(error) => {
                tracing::error!(function = mapping.function, %error, "the records come again");
                Some(0)
            }
        };
        let Some(failed) = failed else {
            self.streams.put(mapping, Position::past(last))?;
            return Ok(true);
        };
        if failed > 0 {
            // What stands before it is done; its own tries count anew.
            let past = Position::past(&records[failed - 1]);
            self.streams
                .put(mapping, Position { tries: 0, ..past }.again(now, None))?;
        } else if mapping.retries_max.is_some_and(|max| position.tries >= max) {
            tracing::error!(function = mapping.function, count, "records are put aside");
            self.streams.put_aside(&records)?;
            self.streams.put(mapping, Position::past(last))?;
        } else {
            let halved = (mapping.bisects && count > 1).then_some(count.div_ceil(2));
            self.streams.put(mapping, position.again(now, halved))?;
        }
        Ok(true)
    }
}

fn failures(answer: &Value) -> Vec<String> {
    let failures = answer["batchItemFailures"].as_array().into_iter().flatten();
    failures
        .filter_map(|failure| failure["itemIdentifier"].as_str().map(str::to_owned))
        .collect()
}
