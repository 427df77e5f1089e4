//! The AWS of this machine: what the template deploys, in one process.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Instant;

use jiff::Timestamp;
use remit_embedded_table::EmbeddedTable;
use remit_runtime::{BoxError, Clock, Function, Random, SystemRandom};
use serde_json::{Value, json};
use tokio::sync::Notify;

use crate::agenda::{Agenda, Task, Work};
use crate::clock::HostClock;
use crate::mailbox::{self, Mail, Mailbox};
use crate::meter::Meter;
use crate::parameters::Parameters;
use crate::payers::Payers;
use crate::queues::Queues;
use crate::shelf::{Shelf, ShelfError};
use crate::silence::Silence;
use crate::stream::Streams;
use crate::stripe::Stripe;
use crate::template::{Target, Template};

/// So many events of the buses are kept to be read.
const EVENTS_MAX: usize = 10_000;
const EVENT: &str = "event";
/// The bus on which AWS's own services speak.
pub const DEFAULT_BUS: &str = "default";

/// Why a function gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum InvokeError {
    /// There is no such function.
    #[error("there is no function {0}")]
    Unknown(String),
    /// It answered with an error.
    #[error("{0}")]
    Failed(BoxError),
    /// It panicked.
    #[error("the function panicked")]
    Panicked,
    /// It took longer than the template allows.
    #[error("the function took longer than {0} s")]
    TimedOut(u64),
}

/// An event that was put on a bus.
#[derive(Debug, Clone)]
pub struct BusEvent {
    /// The bus.
    pub bus: String,
    /// The rules that took it.
    pub rules: Vec<String>,
    /// The event as its consumers get it.
    pub event: Value,
}

/// Everything that runs here.
pub struct Cloud {
    /// The time.
    pub clock: HostClock,
    /// What is deployed.
    pub template: Template,
    /// DynamoDB.
    pub table: EmbeddedTable,
    /// The streams of the tables.
    pub streams: Streams,
    /// SQS.
    pub queues: Queues,
    /// What is to be done later.
    pub agenda: Agenda,
    /// SES.
    pub mailbox: Mailbox,
    /// Parameter Store.
    pub parameters: Parameters,
    /// The payment provider's stand-in.
    pub stripe: Stripe,
    /// Those of the other providers.
    pub payers: Payers,
    /// Which of them do not answer.
    pub silence: Silence,
    /// What is taken, while somebody counts.
    pub meter: Meter,
    /// When each schedule runs next.
    pub schedules: Mutex<Vec<Timestamp>>,
    /// Only one at a time runs what is due.
    pub driving: tokio::sync::Mutex<()>,
    /// Something became due.
    pub wake: Notify,
    functions: OnceLock<BTreeMap<String, Arc<dyn Function>>>,
    events: Mutex<VecDeque<(u64, BusEvent)>>,
    shelf: Shelf,
}

impl Cloud {
    /// The cloud as it was left.
    ///
    /// # Errors
    /// The shelf's.
    pub fn open(
        shelf: Shelf,
        template: Template,
        table: EmbeddedTable,
        base_url: &str,
    ) -> Result<Self, ShelfError> {
        let clock = HostClock::open(shelf.clone())?;
        let now = clock.now();
        let next = template
            .schedules
            .iter()
            .map(|spec| spec.schedule.after(now))
            .collect();
        let events = shelf
            .all::<Value>(EVENT)?
            .into_iter()
            .filter_map(|(id, mut stored)| {
                let rules = stored["rules"].as_array().into_iter().flatten();
                let rules = rules
                    .filter_map(|rule| rule.as_str().map(str::to_owned))
                    .collect();
                let bus = stored["bus"].as_str()?.to_owned();
                Some((
                    id.parse().ok()?,
                    BusEvent {
                        bus,
                        rules,
                        event: stored["event"].take(),
                    },
                ))
            });
        let events = Mutex::new(events.collect());
        Ok(Self {
            queues: Queues::open(shelf.clone(), &template.queues)?,
            agenda: Agenda::open(shelf.clone())?,
            mailbox: Mailbox::open(shelf.clone())?,
            parameters: Parameters::open(shelf.clone())?,
            stripe: Stripe::open(shelf.clone(), base_url)?,
            payers: Payers::open(shelf.clone(), base_url)?,
            silence: Silence::default(),
            meter: Meter::default(),
            streams: Streams::open(shelf.clone(), &template)?,
            schedules: Mutex::new(next),
            driving: tokio::sync::Mutex::new(()),
            wake: Notify::new(),
            functions: OnceLock::new(),
            events,
            clock,
            template,
            table,
            shelf,
        })
    }

    /// Installs the functions, once.
    pub fn install(&self, functions: BTreeMap<String, Arc<dyn Function>>) {
        if self.functions.set(functions).is_err() {
            tracing::error!("the functions are installed already");
        }
    }

    /// Where the host keeps its own things.
    pub fn shelf(&self) -> &Shelf {
        &self.shelf
    }

    /// Now (UTC).
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// An id of 128 random bits, in hex.
    pub fn random_id(&self) -> String {
        let mut bytes = [0_u8; 16];
        if SystemRandom.fill(&mut bytes).is_err() {
            tracing::error!("the system gave no randomness");
        }
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Calls a function and waits for its answer.
    ///
    /// # Errors
    /// [`InvokeError`].
    pub async fn invoke(&self, id: &str, payload: Value) -> Result<Value, InvokeError> {
        let function = self
            .functions
            .get()
            .and_then(|functions| functions.get(id))
            .cloned();
        let (Some(function), Some(spec)) = (function, self.template.functions.get(id)) else {
            return Err(InvokeError::Unknown(id.to_owned()));
        };
        let folder = spec.folder.clone();
        let begun = Instant::now();
        // In a task of its own, so that a panic ends this call only.
        let mut run = tokio::spawn(async move {
            tracing::debug!(function = %folder, "invoked");
            function.invoke(payload).await
        });
        let answer = match tokio::time::timeout(spec.timeout, &mut run).await {
            Ok(Ok(answer)) => answer.map_err(InvokeError::Failed),
            Ok(Err(_)) => Err(InvokeError::Panicked),
            Err(_) => {
                run.abort();
                Err(InvokeError::TimedOut(spec.timeout.as_secs()))
            }
        };
        self.meter
            .ran(&spec.folder, begun.elapsed(), answer.is_err());
        answer
    }

    /// Puts an event on a bus; what its rules want is queued before this returns.
    ///
    /// # Errors
    /// The shelf's.
    pub fn put_event(
        &self,
        bus: &str,
        source: &str,
        detail_type: &str,
        detail: Value,
    ) -> Result<String, ShelfError> {
        let now = self.now();
        let id = self.random_id();
        let event = json!({
            "version": "0",
            "id": id,
            "detail-type": detail_type,
            "source": source,
            "account": "000000000000",
            "time": now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
            "region": "us-east-1",
            "resources": [],
            "detail": detail,
        });
        // What AWS's own services say is free.
        let is_own = bus != DEFAULT_BUS;
        self.meter.count(|usage| usage.events += u64::from(is_own));
        let mut taken_by = Vec::new();
        for rule in self.template.rules.iter().filter(|rule| rule.bus == bus) {
            if !rule.pattern.matches(&event) {
                continue;
            }
            taken_by.push(rule.name.clone());
            for target in &rule.targets {
                match &target.target {
                    Target::Queue(queue) => {
                        self.meter.count(|usage| usage.queue_requests += 1);
                        self.queues.send(queue, event.to_string(), None, now)?;
                    }
                    Target::Function(function) => {
                        self.call_later(function, event.clone(), target.dead_letters.clone())?;
                    }
                }
            }
        }
        self.keep_event(BusEvent {
            bus: bus.to_owned(),
            rules: taken_by,
            event,
        })?;
        self.wake.notify_one();
        Ok(id)
    }

    /// Calls a function as soon as possible, without waiting for it.
    ///
    /// # Errors
    /// The shelf's.
    pub fn call_later(
        &self,
        function: &str,
        payload: Value,
        dead_letters: Option<String>,
    ) -> Result<(), ShelfError> {
        let spec = self.template.functions.get(function);
        // Lambda's own destination is the one of what a function could not handle.
        let dead_letters = spec
            .and_then(|spec| spec.dead_letters.clone())
            .or(dead_letters);
        let work = Work::Invoke {
            function: function.to_owned(),
            payload,
            dead_letters,
        };
        self.agenda.add(self.now(), Task { tries: 0, work })?;
        self.wake.notify_one();
        Ok(())
    }

    fn lock_events(&self) -> MutexGuard<'_, VecDeque<(u64, BusEvent)>> {
        self.events.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn keep_event(&self, event: BusEvent) -> Result<(), ShelfError> {
        let mut events = self.lock_events();
        let number = events.back().map_or(1, |(last, _)| last + 1);
        let stored = json!({"bus": event.bus, "rules": event.rules, "event": event.event});
        self.shelf.put(EVENT, &format!("{number:012}"), &stored)?;
        events.push_back((number, event));
        while events.len() > EVENTS_MAX {
            if let Some((oldest, _)) = events.pop_front() {
                self.shelf.delete(EVENT, &format!("{oldest:012}"))?;
            }
        }
        Ok(())
    }

    /// The events of all buses, oldest first; the last ten thousand.
    pub fn events(&self) -> Vec<BusEvent> {
        self.lock_events()
            .iter()
            .map(|(_, event)| event.clone())
            .collect()
    }

    /// Takes a mail as SES does: into the mailbox, and its events on the default bus.
    ///
    /// # Errors
    /// The shelf's.
    pub fn take_mail(&self, mail: Mail) -> Result<(), ShelfError> {
        self.meter.count(|usage| usage.mails += 1);
        let events = mailbox::events(&mail);
        let is_watched = !mail.configuration_set.is_empty();
        self.mailbox.keep(mail)?;
        for (detail_type, detail) in events.into_iter().filter(|_| is_watched) {
            self.put_event(DEFAULT_BUS, "aws.ses", detail_type, detail)?;
        }
        Ok(())
    }
}
