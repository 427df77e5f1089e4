//! The accounts of a deployment: held, and released again.
//!
//! It works on the table itself, not through functions: a table that was restored is held before anything runs on it.
//! Each change stands in the audit log of its account, as the operator's.

use std::collections::BTreeMap;
use std::num::NonZeroU64;
use std::sync::Arc;

use aws_config::SdkConfig;
use remit_billing::account::Account;
use remit_billing::audit::By;
use remit_billing::ids::AccountId;
use remit_billing::numbering::{Counter, DocumentKind};
use remit_billing::operator_hold::{HoldRefusal, OperatorHold, PassedOver, WhyHeld};
use remit_billing::party::Name;
use remit_operations::Ports;
use remit_operations::restored::{LetPass, let_pass};
use remit_runtime::audited::Edge;
use remit_runtime::ids::Ids;
use remit_runtime::{Clock, Random};
use remit_store::audit::{Notary, Origin, acting};
use remit_store::records::NumberCounter;
use remit_store::{Commit, CommitError, DynamoTable, Index, Query, Store, Versioned, keys};

use crate::error::OperateError;

/// Who loses this many races in a row gives up.
const TRIES: usize = 8;
/// Accounts of one page.
const PAGE: u32 = 100;
/// Every kind of document that has numbers.
const KINDS: [DocumentKind; 4] = [
    DocumentKind::Invoice,
    DocumentKind::CreditNote,
    DocumentKind::Estimate,
    DocumentKind::ChangeOrder,
];

/// Where the numbers of an account go on after a restore.
#[derive(Clone)]
pub enum NumbersGoOn {
    /// Where they are: none was given that is not in the table.
    WhereTheyAre,
    /// So many further, in every series.
    Further(NonZeroU64),
    /// Behind the highest that is known to have been given, by kind; where they are in the others.
    Behind(BTreeMap<DocumentKind, u64>),
    /// Where they are in the table that was left, which still knows.
    AsIn(Store),
}

/// What becomes of mails and notices that wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Waiting {
    /// They leave.
    Leaves,
    /// They do not: each may have left in the time that the restore took back.
    Passes,
}

/// The accounts in a table, and who operates them.
#[derive(Clone)]
pub struct Accounts {
    ports: Ports,
    notary: Arc<Edge>,
    operator: Option<Name>,
}

/// The records of a table.
pub fn store(config: &SdkConfig, table: &str) -> Store {
    let client = aws_sdk_dynamodb::Client::new(config);
    Store::new(Arc::new(DynamoTable::new(client, table.to_owned())))
}

impl Accounts {
    /// Those of a table; `operator` is how the audit log names who changes something.
    pub fn new(
        store: Store,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
        operator: Option<Name>,
    ) -> Self {
        Self {
            ports: Ports {
                store,
                clock: Arc::clone(&clock),
                ids: Ids::new(Arc::clone(&random)),
            },
            notary: Arc::new(Edge { clock, random }),
            operator,
        }
    }

    /// Every account, and whether it is held.
    ///
    /// # Errors
    /// [`OperateError::Table`].
    pub async fn all(&self) -> Result<Vec<(AccountId, bool)>, OperateError> {
        let mut all = Vec::new();
        for shard in 0..keys::ACCOUNT_SHARDS {
            let query = Query::on(Index::ByStatus, keys::accounts(shard)).limit(PAGE);
            let mut start = None;
            loop {
                let page = query.clone().start(start);
                let page = self.ports.store.query::<Account>(&page).await?;
                let found = page.records.into_iter().map(|found| found.value);
                all.extend(found.map(|account| (account.id, account.held)));
                start = page.next;
                if start.is_none() {
                    break;
                }
            }
        }
        Ok(all)
    }

    /// The hold of an account, if there ever was one.
    ///
    /// # Errors
    /// [`OperateError::Table`].
    pub async fn hold_of(&self, account: AccountId) -> Result<Option<OperatorHold>, OperateError> {
        let key = keys::operator_hold(account);
        let hold = self.ports.store.get::<OperatorHold>(&key).await?;
        Ok(hold.map(|hold| hold.value))
    }

    /// Holds an account.
    ///
    /// # Errors
    /// [`OperateError`].
    pub async fn hold(
        &self,
        account: AccountId,
        why: WhyHeld,
    ) -> Result<OperatorHold, OperateError> {
        self.act("hold", account, async |known: Known| {
            let now = self.ports.now();
            let before = known.hold.as_ref().map(|hold| hold.value.clone());
            let (held, hold) = OperatorHold::begun(&known.account.value, before, why, now);
            let commit = Commit::new().replace(&known.account, &held, Vec::new());
            Ok((known.put(commit, &hold), hold))
        })
        .await
    }

    /// Says where the numbers of a held account go on; answers what is passed over for it.
    ///
    /// # Errors
    /// [`OperateError`].
    pub async fn settle_numbers(
        &self,
        account: AccountId,
        go_on: &NumbersGoOn,
    ) -> Result<Vec<PassedOver>, OperateError> {
        self.act("raise-counters", account, async |known: Known| {
            let now = self.ports.now();
            let today = known.account.value.today(now);
            let (mut commit, mut passed) = (Commit::new(), Vec::new());
            for kind in KINDS {
                let series = known.account.value.numbers(kind).series(kind, today);
                let key = keys::counter(account, series);
                let stored = self.ports.store.get::<NumberCounter>(&key).await?;
                let counter = stored.as_ref().map(|stored| stored.value.counter);
                let counter = counter.unwrap_or_else(|| Counter::new(series));
                let next = match go_on {
                    NumbersGoOn::WhereTheyAre => counter.next,
                    NumbersGoOn::Further(by) => counter.next.saturating_add(by.get()),
                    NumbersGoOn::Behind(highest) => match highest.get(&kind) {
                        Some(highest) => highest.saturating_add(1),
                        None => counter.next,
                    },
                    NumbersGoOn::AsIn(left) => {
                        let left = left.get::<NumberCounter>(&key).await?;
                        left.map_or(counter.next, |left| left.value.counter.next)
                    }
                };
                let fault = |fault| OperateError::Number { account, fault };
                let (counter, over) = counter.passed_to(next, today, now).map_err(fault)?;
                let Some(over) = over else { continue };
                passed.push(over);
                let after = NumberCounter {
                    account_id: account,
                    counter,
                };
                commit = match &stored {
                    Some(stored) => commit.replace(stored, &after, Vec::new()),
                    None => commit.create(&after, Vec::new()),
                };
            }
            let refused = |refusal| OperateError::Hold { account, refusal };
            let hold = known.lasting()?.numbers_settled(&passed, now);
            let hold = hold.map_err(refused)?;
            Ok((known.put(commit, &hold), passed))
        })
        .await
    }

    /// Releases a held account: what waited is picked up by the next sweeps, but for mails that are to pass. Answers
    /// those.
    ///
    /// # Errors
    /// [`OperateError`].
    pub async fn release(
        &self,
        account: AccountId,
        waiting: Waiting,
    ) -> Result<Vec<LetPass>, OperateError> {
        let released = |known: &Known| {
            let hold = known.lasting()?;
            let released = hold.released(&known.account.value, self.ports.now());
            released.map_err(|refusal| OperateError::Hold { account, refusal })
        };
        // Nothing passes of an account that is not released.
        released(&self.known(account).await?)?;
        let passed = match waiting {
            Waiting::Leaves => Vec::new(),
            Waiting::Passes => {
                let passing = let_pass(&self.ports, account);
                acting(self.origin("release"), passing).await?
            }
        };
        self.act("release", account, async |known: Known| {
            let (free, hold) = released(&known)?;
            let commit = Commit::new().replace(&known.account, &free, Vec::new());
            Ok((known.put(commit, &hold), ()))
        })
        .await?;
        Ok(passed)
    }

    fn origin(&self, command: &str) -> Origin {
        let name = self.operator.as_ref().map(|name| format!("; {name}"));
        let tool = concat!("remit-operate ", env!("CARGO_PKG_VERSION"));
        Origin {
            by: By::Operator,
            action: format!("remit-operate {command}"),
            ip: None,
            // Who that was is personal: it can be taken out of the log.
            user_agent: Some(format!("{tool}{}", name.unwrap_or_default())),
            notary: Arc::clone(&self.notary) as Arc<dyn Notary>,
        }
    }

    async fn known(&self, id: AccountId) -> Result<Known, OperateError> {
        let store = &self.ports.store;
        let account = store.get::<Account>(&keys::account(id)).await?;
        let hold = keys::operator_hold(id);
        Ok(Known {
            account: account.ok_or(OperateError::NoAccount(id))?,
            hold: store.get::<OperatorHold>(&hold).await?,
        })
    }

    /// Plans and commits as the operator, anew where somebody was faster.
    async fn act<T>(
        &self,
        command: &str,
        account: AccountId,
        plan: impl AsyncFn(Known) -> Result<(Commit, T), OperateError>,
    ) -> Result<T, OperateError> {
        acting(self.origin(command), async {
            for _ in 0..TRIES {
                let (commit, outcome) = plan(self.known(account).await?).await?;
                match self.ports.store.commit(commit).await {
                    Ok(()) => return Ok(outcome),
                    Err(CommitError::Conflict { .. }) => {}
                    Err(error) => return Err(error.into()),
                }
            }
            Err(OperateError::Busy(account))
        })
        .await
    }
}

/// An account and its hold, as they are stored.
struct Known {
    account: Versioned<Account>,
    hold: Option<Versioned<OperatorHold>>,
}

impl Known {
    fn lasting(&self) -> Result<OperatorHold, OperateError> {
        let refusal = HoldRefusal::NotHeld;
        let account = self.account.value.id;
        let hold = self.hold.as_ref().map(|hold| hold.value.clone());
        hold.ok_or(OperateError::Hold { account, refusal })
    }

    fn put(&self, commit: Commit, hold: &OperatorHold) -> Commit {
        match &self.hold {
            Some(before) => commit.replace(before, hold, Vec::new()),
            None => commit.create(hold, Vec::new()),
        }
    }
}
