//! Voiding: what is unpaid and uncredited keeps its number and is no longer owed.

use remit_billing::delivery::{About, DeliveryKind};
use remit_billing::ids::{AccountId, InvoiceId};
use remit_billing::ledger::{Booking, Cause};
use remit_runtime::problem::Problem;
use remit_store::{Commit, Versioned};

use crate::facts::Facts;
use crate::load::{self, IssuedView};
use crate::ports::Ports;
use crate::scopes;
use crate::work;

/// What is to be voided.
#[derive(Debug, Clone)]
pub struct VoidRequest {
    /// Whose.
    pub account_id: AccountId,
    /// Which invoice.
    pub invoice_id: InvoiceId,
    /// Why, in the agency's words.
    pub reason: Option<String>,
    /// The version that the caller saw, if it says so.
    pub seen: Option<u64>,
}

/// Plans it. The ledger is reversed by a dated entry; a client who got the invoice is told.
///
/// # Errors
/// 404; 409 `not_issued` and what `VoidRefusal` says; 412; 503.
pub async fn plan(ports: &Ports, request: &VoidRequest) -> Result<(Commit, IssuedView), Problem> {
    let now = ports.now();
    let account_id = request.account_id;
    let view = load::issued(&ports.store, account_id, request.invoice_id).await?;
    if request.seen.is_some_and(|seen| seen != view.version()) {
        return Err(Problem::stale_version());
    }
    let before = view.standing.clone();
    let standing = before.value.clone().void(request.reason.clone(), now)?;
    let facts = Facts::new(ports, account_id, now);
    let booking = Booking {
        id: ports.id(now)?,
        account_id,
        booked_on: view.account.open_day(view.account.today(now)),
        recorded_at: now,
        books: view.account.currency,
        rate: view.invoice.rate.as_ref(),
    };
    let issue = view
        .invoice
        .ledger_entry(booking)
        .map_err(Problem::internal)?;
    let reversal = issue.reversal(booking, Cause::Void);
    let mut commit = Commit::new()
        .replace(&before, &standing, vec![facts.invoice_voided(&standing)?])
        .create(&reversal, Vec::new());
    commit = scopes::give_back(&ports.store, account_id, &view.invoice, commit).await?;
    if view.invoice.work_entries > 0 {
        let back = work::given_back(&ports.store, account_id, view.invoice.id, commit, now);
        // The client may still open the sheet of what is void.
        (commit, _) = back.await?;
    }
    if standing.sent_at.is_some() {
        let about = About::Invoice {
            invoice_id: standing.invoice_id,
            kind: DeliveryKind::VoidNotice,
        };
        commit = facts.ask_for_mail(commit, standing.client_id, about)?;
    }
    let view = IssuedView {
        standing: Versioned::new(standing, before.version + 1),
        ..view
    };
    Ok((commit, view))
}
