//! Finds what was left behind: deliveries whose event was lost or whose claim ran out, attempts
//! without an answer, methods that are to be kept or forgotten, money and news that wait for what
//! they name, payouts whose entry may have come before them, bank statements whose import did not end, e-invoices
//! that their network does not have yet, exports that lie idle, what a provider's own list tells; and goes through a
//! client's documents for what is personal of a contact who is erased, by a member or because a client was archived
//! as long ago as the agency says ([`retention`]).
//!
//! An operator invokes it with `{"reconcile": {...}}`, to read a period of a provider's list once more ([`replay`]).

mod erasing;
mod replay;
mod retention;

use std::sync::Arc;

use async_trait::async_trait;
use futures::StreamExt as _;
use jiff::{SignedDuration, Timestamp};
use remit_billing::attempt::Attempt;
use remit_billing::banking::BankStatement;
use remit_billing::delivery::Delivery;
use remit_billing::e_invoice::transmission::EInvoiceTransmission;
use remit_billing::erasure::Erasure;
use remit_billing::export::Export;
use remit_billing::payment::Payment;
use remit_billing::payout::Payout;
use remit_billing::reconciliation::Reconciliation;
use remit_billing::retention::RetentionRun;
use remit_billing::saved_method::SavedMethod;
use remit_operations::checkouts::Checkouts;
use remit_operations::deliver::{DeliveryRef, Postbox, deliver};
use remit_operations::due::{Due, Swept};
use remit_operations::transmitting::{Networks, transmit};
use remit_operations::{
    Ports, bank_debits, bank_entries, exporting, look_again, reconciling, refunds, saved_methods,
    settle, unanswered,
};
use remit_runtime::{BoxError, Function, Platform, Problem};
use remit_store::keys::DueKind;
use remit_store::records::Notification;
use remit_store::{Item, Record, from_item, type_of};
use serde_json::{Value, json};

/// A run stops taking on more after this time, well within the function's own limit; what is left
/// is due at the next.
const RUN: SignedDuration = SignedDuration::from_mins(3);
const AT_ONCE: usize = 8;

/// What the function needs of the outside.
#[derive(Clone)]
pub struct App {
    /// The store, the time and new ids.
    pub ports: Ports,
    /// Where mails are handed over.
    pub postbox: Postbox,
    /// The agencies' payment providers.
    pub checkouts: Checkouts,
}

/// The function on a platform.
///
/// # Errors
/// A sender in the environment that is no address.
pub fn function(platform: &Platform) -> Result<Arc<dyn Function>, BoxError> {
    let secrets = Arc::new(platform.secrets());
    Ok(Arc::new(App {
        ports: Ports::of(platform),
        postbox: Postbox::of(platform, secrets.clone())?,
        checkouts: Checkouts::of(platform, secrets),
    }))
}

#[async_trait]
impl Function for App {
    async fn invoke(&self, payload: Value) -> Result<Value, BoxError> {
        if let Some(wanted) = payload.get("reconcile") {
            return replay::page(self, wanted).await;
        }
        let until = self.ports.now() + RUN;
        let mut report = json!({});
        for (name, kind) in [
            ("payments", DueKind::Payment),
            ("deliveries", DueKind::Delivery),
            ("attempts", DueKind::Attempt),
        ] {
            let swept = self.sweep(kind, until).await?;
            swept.report(self.ports.now());
            report[name] = json!({"seen": swept.seen, "failed": swept.failed});
        }
        Ok(report)
    }
}

impl App {
    async fn sweep(&self, kind: DueKind, until: Timestamp) -> Result<Swept, Problem> {
        let mut due = Due::by(kind, self.ports.now());
        let mut swept = Swept::default();
        while self.ports.now() < until {
            let Some(items) = due.page(&self.ports.store).await? else {
                break;
            };
            swept.found(&items);
            let mut work = futures::stream::iter(items)
                .map(|item| self.look_at(kind, item))
                .buffer_unordered(AT_ONCE);
            while let Some(outcome) = work.next().await {
                swept.count("janitor", outcome);
            }
        }
        Ok(swept)
    }

    async fn look_at(&self, kind: DueKind, item: Item) -> Result<(), Problem> {
        match kind {
            DueKind::Delivery if type_of(&item) == Some(EInvoiceTransmission::TYPE) => {
                let waiting = read::<EInvoiceTransmission>(item)?;
                let networks = Networks::over(Arc::clone(&self.postbox.objects));
                let (account, document) = (waiting.account_id, waiting.document);
                transmit(&self.ports, &networks, account, document).await
            }
            DueKind::Delivery if type_of(&item) == Some(Erasure::TYPE) => {
                let due = read::<Erasure>(item)?;
                erasing::go_on(&self.ports, self.postbox.objects.as_ref(), &due).await
            }
            DueKind::Delivery if type_of(&item) == Some(RetentionRun::TYPE) => {
                retention::go_on(&self.ports, &read::<RetentionRun>(item)?).await
            }
            DueKind::Delivery if type_of(&item) == Some(Export::TYPE) => {
                exporting::ask_again(&self.ports, &read::<Export>(item)?).await
            }
            DueKind::Delivery => {
                let delivery = read::<Delivery>(item)?;
                deliver(&self.ports, &self.postbox, DeliveryRef::from(&delivery)).await
            }
            DueKind::Attempt if type_of(&item) == Some(SavedMethod::TYPE) => {
                let method = read::<SavedMethod>(item)?;
                saved_methods::forget(&self.ports, &self.checkouts, &method).await
            }
            DueKind::Attempt => {
                let attempt = read::<Attempt>(item)?;
                match attempt.to_keep() {
                    Some(_) => saved_methods::keep(&self.ports, &self.checkouts, &attempt).await,
                    None => unanswered::resolve(&self.ports, &self.checkouts, &attempt).await,
                }
            }
            DueKind::Payment if type_of(&item) == Some(Notification::TYPE) => {
                let waiting = read::<Notification>(item)?;
                look_again::notification(&self.ports, &waiting).await
            }
            DueKind::Payment if type_of(&item) == Some(BankStatement::TYPE) => {
                bank_entries::ask_again(&self.ports, &read::<BankStatement>(item)?).await
            }
            DueKind::Payment if type_of(&item) == Some(Payout::TYPE) => {
                bank_debits::look_for_entry(&self.ports, &read::<Payout>(item)?).await
            }
            DueKind::Payment if type_of(&item) == Some(Reconciliation::TYPE) => {
                let list = read::<Reconciliation>(item)?;
                reconciling::read_on(&self.ports, &self.checkouts, &list).await
            }
            DueKind::Payment => {
                let waiting = read::<Payment>(item)?;
                settle::look_up_fee(&self.ports, &self.checkouts, &waiting).await?;
                if waiting.is_unmatched_and_due(self.ports.now()) {
                    look_again::payment(&self.ports, &waiting).await?;
                }
                match waiting.asked_refunds.is_empty() {
                    true => Ok(()),
                    false => refunds::resolve(&self.ports, &self.checkouts, &waiting).await,
                }
            }
            DueKind::Reminder | DueKind::Subscription | DueKind::LateFee | DueKind::Statement => {
                Err(Problem::internal("this kind has a function of its own"))
            }
        }
    }
}

fn read<T: Record>(item: Item) -> Result<T, Problem> {
    from_item(item)
        .map(|found| found.value)
        .map_err(|error| Problem::store(&error))
}
