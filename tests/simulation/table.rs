//! The table: the exact model in memory, behind what a network does to it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use aws_sdk_dynamodb::types::AttributeValue;
use futures::FutureExt as _;
use remit_billing::delivery::{Delivery, DeliveryState};
use remit_billing::ids::DeliveryId;
use remit_store::{
    Expect, Index, Item, Key, MemoryTable, Page, Query, Record as _, Table, TableError, Write,
    WriteError, from_item, item, type_of,
};

use crate::bugs::Bug;
use crate::hazard::{Effect, Fault, Hazards, Invocation};
use crate::words::Words;

/// The last claim of a delivery, by what the table really stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claimed {
    pub by: Invocation,
    /// How many claims and settlements were stored before.
    pub at: u64,
}

#[derive(Default)]
struct Claims {
    last: BTreeMap<DeliveryId, Claimed>,
    stored: u64,
}

/// A table that fails as the plan says.
pub struct FaultyTable {
    pub memory: MemoryTable,
    hazards: Arc<Hazards>,
    bug: Option<Bug>,
    claims: Mutex<Claims>,
    words: Arc<Words>,
    fresh: Mutex<u32>,
    /// What each invocation last failed to put: for the planted bug of claims that look alike.
    lost: Mutex<BTreeMap<(Invocation, Key), Item>>,
}

impl FaultyTable {
    pub fn new(hazards: Arc<Hazards>, words: Arc<Words>, bug: Option<Bug>) -> Self {
        Self {
            memory: MemoryTable::new(),
            hazards,
            bug,
            claims: Mutex::default(),
            words,
            fresh: Mutex::default(),
            lost: Mutex::default(),
        }
    }

    /// The last claim of a delivery.
    pub fn claim(&self, delivery: DeliveryId) -> Option<Claimed> {
        self.claims.lock().unwrap().last.get(&delivery).copied()
    }

    /// How many claims and settlements were stored so far.
    pub fn deliveries_stored(&self) -> u64 {
        self.claims.lock().unwrap().stored
    }

    async fn store(&self, writes: &[Write], token: Option<&str>) -> Result<(), WriteError> {
        let planted = self.planted(writes);
        let writes = planted.as_deref().unwrap_or(writes);
        if writes.is_empty() {
            return Ok(());
        }
        let stored = self.memory.write(writes, token).await;
        let running = self.hazards.running();
        match &stored {
            Ok(()) => self.remember_claims(writes, running),
            Err(WriteError::Conflict { .. }) => {
                if let [Write::Put { item, .. }] = writes {
                    let key = item::key_of(item)?;
                    let mut lost = self.lost.lock().unwrap();
                    lost.insert((running, key), item.clone());
                }
            }
            Err(WriteError::Table(_)) => {}
        }
        stored
    }

    fn remember_claims(&self, writes: &[Write], running: Invocation) {
        for write in writes {
            let Write::Put { item, .. } = write else {
                continue;
            };
            if type_of(item) != Some(Delivery::TYPE) {
                continue;
            }
            let Ok(delivery) = from_item::<Delivery>(item.clone()) else {
                continue;
            };
            let mut claims = self.claims.lock().unwrap();
            claims.stored += 1;
            if matches!(delivery.value.state, DeliveryState::Claimed { .. }) {
                let at = claims.stored;
                let by = running;
                claims.last.insert(delivery.value.id, Claimed { by, at });
                self.words.claimed(&delivery.value);
            }
        }
    }

    /// The writes as a planted bug makes them; none where nothing is planted.
    fn planted(&self, writes: &[Write]) -> Option<Vec<Write>> {
        let bug = self.bug?;
        let is = |write: &Write, wanted: &str| match write {
            Write::Put { item, .. } => type_of(item) == Some(wanted),
            _ => false,
        };
        let is_new = |write: &Write| {
            matches!(
                write,
                Write::Put {
                    expect: Expect::Absent,
                    ..
                }
            )
        };
        let has = |wanted: &str| writes.iter().any(|write| is(write, wanted));
        // Whether this bills a period.
        let bills = |writes: &[Write]| writes.iter().any(|write| is(write, "billed_period"));
        match bug {
            Bug::ConditionsLost => Some(
                writes
                    .iter()
                    .map(|write| self.unconditional(write))
                    .collect(),
            ),
            Bug::PaymentsUnderFreshKeys => Some(
                writes
                    .iter()
                    .map(|write| match write {
                        Write::Put {
                            item,
                            expect: Expect::Absent,
                        } if is(write, "payment") => {
                            let mut fresh = self.fresh.lock().unwrap();
                            *fresh += 1;
                            let mut item = item.clone();
                            let pk = format!("{}#{fresh}", item::text(&item, item::PK).unwrap());
                            item.insert(item::PK.to_owned(), AttributeValue::S(pk));
                            Write::Put {
                                item,
                                expect: Expect::Absent,
                            }
                        }
                        _ => write.clone(),
                    })
                    .collect(),
            ),
            Bug::ChecksLost => Some(without(writes, |write| {
                matches!(write, Write::Check { .. })
            })),
            Bug::PeriodsNotMovedOn if bills(writes) => {
                Some(without(writes, |write| is(write, "subscription")))
            }
            Bug::PeriodsWithoutInvoice if bills(writes) => Some(without(writes, |write| {
                is(write, "invoice_document") || is(write, "invoice_standing")
            })),
            Bug::FeesNotNoted if writes.iter().any(|write| is(write, "invoice_standing")) => {
                Some(without(writes, |write| {
                    let is_known = matches!(
                        write,
                        Write::Put {
                            expect: Expect::Version(_),
                            ..
                        }
                    );
                    is(write, "late_fees") && is_known
                }))
            }
            Bug::ChargesNotNoted if writes.iter().any(|write| is(write, "attempt")) => {
                Some(without(writes, |write| is(write, "billed_period")))
            }
            Bug::PayoutsStayOpen if writes.len() > 1 => {
                Some(without(writes, |write| is(write, "payout")))
            }
            Bug::NumbersLeftOut => Some(changed(writes, |item| {
                if type_of(item) == Some("invoice_counter")
                    && let Some(AttributeValue::N(next)) = item.get_mut("next")
                {
                    *next = (next.parse::<u64>().unwrap() + 1).to_string();
                }
            })),
            Bug::NumbersTwice => Some(without(writes, |write| {
                is(write, "invoice_counter") && !is_new(write)
            })),
            Bug::StandingsBehind if has("payment") => Some(without(writes, |write| {
                is(write, "invoice_standing") && !is_new(write)
            })),
            Bug::AuditIncomplete => Some(without(writes, |write| is(write, "audit_entry"))),
            Bug::AttemptsStayOpen if has("payment") => {
                Some(without(writes, |write| is(write, "attempt")))
            }
            Bug::BalancesNotKept => Some(without(writes, |write| is(write, "client_balance"))),
            Bug::CreditsNotKept => Some(without(writes, |write| is(write, "credit_note"))),
            Bug::LedgerTwice => {
                let mut all = writes.to_vec();
                let twice = writes
                    .iter()
                    .filter(|write| is(write, "ledger_transaction"));
                all.extend(twice.cloned().map(|write| match write {
                    Write::Put { mut item, expect } => {
                        for name in ["id", item::SK] {
                            if let Some(AttributeValue::S(text)) = item.get_mut(name) {
                                let last = text.pop().unwrap();
                                text.push(if last == 'a' { 'b' } else { 'a' });
                            }
                        }
                        Write::Put { item, expect }
                    }
                    other => other,
                }));
                Some(all)
            }
            Bug::FeesOfProvidersForgotten => Some(changed(writes, |item| {
                if type_of(item) == Some("payment") {
                    item.remove("fees");
                }
            })),
            Bug::StatementsNotNoted => Some(without(writes, |write| {
                is(write, "monthly_statements") && !is_new(write)
            })),
            Bug::WordsNotKept => Some(changed(writes, |item| {
                if type_of(item) == Some("invoice_standing") {
                    item.remove("follow_ups");
                }
            })),
            Bug::DaysNotMovedOn if writes.len() > 1 => Some(without(writes, |write| {
                is(write, "billing_cycle") && !is_new(write)
            })),
            Bug::PeriodsNotKept => Some(without(writes, |write| is(write, "billed_period"))),
            Bug::DuesLost => Some(changed(writes, |item| {
                if type_of(item) == Some(Delivery::TYPE) {
                    item.remove(Index::ByDue.partition_attribute());
                    item.remove(Index::ByDue.sort_attribute());
                }
            })),
            Bug::MailsNotAskedFor if writes.len() > 1 => Some(without(writes, |write| {
                is(write, Delivery::TYPE) && is_new(write)
            })),
            Bug::LedgerIncomplete => Some(without(writes, |write| is(write, "ledger_transaction"))),
            Bug::RequestReceiptsLost => Some(without(writes, |write| is(write, "request_receipt"))),
            _ => None,
        }
    }

    /// The same write on whatever is stored: as if the condition had not been sent.
    fn unconditional(&self, write: &Write) -> Write {
        let Ok(key) = write.key() else {
            return write.clone();
        };
        let found = self.memory.get(&key).now_or_never();
        let expect = match found
            .and_then(Result::ok)
            .flatten()
            .as_ref()
            .and_then(item::version_of)
        {
            Some(version) => Expect::Version(version),
            None => Expect::Absent,
        };
        match write.clone() {
            Write::Put { item, .. } => Write::Put { item, expect },
            Write::Check { key, .. } => Write::Check { key, expect },
            Write::Delete { key, .. } => Write::Delete { key, expect },
        }
    }

    /// What is read at once; a planted bug shows who reads it with a mail no promises and pauses.
    fn seen_at_once(&self, keys: &[Key], found: Vec<Option<Item>>) -> Vec<Option<Item>> {
        let is_of_mail = keys.iter().any(|key| key.sk.starts_with("delivery#"));
        if self.bug != Some(Bug::FollowUpsUnread) || !is_of_mail {
            return found;
        }
        let hidden = |mut item: Item| {
            item.remove("follow_ups");
            item
        };
        found.into_iter().map(|item| item.map(hidden)).collect()
    }

    /// What a read gives; a planted bug shows a loser of a race its own claim.
    fn seen(&self, key: &Key, found: Option<Item>) -> Option<Item> {
        if self.bug != Some(Bug::ClaimsLookAlike) {
            return found;
        }
        let place = (self.hazards.running(), key.clone());
        let wanted = self.lost.lock().unwrap().remove(&place);
        let (Some(found), Some(mut wanted)) = (&found, wanted) else {
            return found;
        };
        if let Some(other) = found.get("claim_id") {
            let own = wanted.insert("claim_id".to_owned(), other.clone());
            if wanted == *found
                && let Some(own) = own
            {
                wanted.insert("claim_id".to_owned(), own);
                return Some(wanted);
            }
        }
        Some(found.clone())
    }
}

fn without(writes: &[Write], gone: impl Fn(&Write) -> bool) -> Vec<Write> {
    writes
        .iter()
        .filter(|write| !gone(write))
        .cloned()
        .collect()
}

fn changed(writes: &[Write], change: impl Fn(&mut Item)) -> Vec<Write> {
    let mut writes = writes.to_vec();
    for write in &mut writes {
        if let Write::Put { item, .. } = write {
            change(item);
        }
    }
    writes
}

fn short(writes: &[Write]) -> String {
    let words = writes.iter().map(|write| {
        let verb = match write {
            Write::Put {
                expect: Expect::Absent,
                ..
            } => "new",
            Write::Put { .. } => "put",
            Write::Check { .. } => "check",
            Write::Delete { .. } => "delete",
        };
        match write.key() {
            Ok(key) => format!("{verb} {}", shortened(&key)),
            Err(_) => verb.to_owned(),
        }
    });
    words.collect::<Vec<_>>().join(", ")
}

/// A key without the account in front of it.
fn shortened(key: &Key) -> String {
    let rest = key.pk.split_once('#').map_or("", |(_, rest)| rest);
    format!("{rest}/{}", key.sk)
}

fn before_read(fault: Option<Fault>) -> Result<(), TableError> {
    match fault {
        Some(Fault::Throttled) => Err(TableError::Throttled),
        Some(Fault::TimedOut) => Err(TableError::Timeout),
        _ => Ok(()),
    }
}

#[async_trait]
impl Table for FaultyTable {
    async fn get(&self, key: &Key) -> Result<Option<Item>, TableError> {
        let fault = self.hazards.arrive(Effect::Read, || shortened(key)).await;
        before_read(fault)?;
        let found = self.memory.get(key).await?;
        Ok(self.seen(key, found))
    }

    async fn get_many(&self, keys: &[Key]) -> Result<Vec<Option<Item>>, TableError> {
        let what = || keys.iter().map(shortened).collect::<Vec<_>>().join(", ");
        before_read(self.hazards.arrive(Effect::Read, what).await)?;
        let found = self.memory.get_many(keys).await?;
        Ok(self.seen_at_once(keys, found))
    }

    async fn query(&self, query: &Query) -> Result<Page, TableError> {
        let what = || format!("{:?} {}", query.index, query.partition);
        let fault = self.hazards.arrive(Effect::Query, what).await;
        before_read(fault)?;
        let mut page = self.memory.query(query).await?;
        if fault == Some(Fault::Stale) && query.index.is_some() {
            page.items.pop();
        }
        Ok(page)
    }

    async fn write(&self, writes: &[Write], token: Option<&str>) -> Result<(), WriteError> {
        let effect = match writes {
            [_] => Effect::WriteOne,
            _ => Effect::WriteAll,
        };
        let fault = self.hazards.arrive(effect, || short(writes)).await;
        match fault {
            Some(Fault::Throttled) => return Err(TableError::Throttled.into()),
            Some(Fault::TimedOut) => return Err(TableError::Timeout.into()),
            Some(Fault::Conflict) => return Err(WriteError::Conflict { failed: vec![0] }),
            _ => {}
        }
        let stored = self.store(writes, token).await;
        if let Err(error) = &stored {
            self.hazards.note(|| format!("      {error}"));
        }
        match fault {
            Some(Fault::CrashAfter) => self.hazards.crash().await,
            Some(Fault::AnswerLost) if stored.is_ok() => return Err(TableError::Timeout.into()),
            Some(Fault::SelfConflict) => return self.store(writes, token).await,
            _ => {}
        }
        stored
    }
}
