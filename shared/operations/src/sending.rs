//! Sending an issued invoice, again if wished.

use remit_billing::delivery::{About, Delivery, DeliveryKind};
use remit_billing::ids::{AccountId, InvoiceId};
use remit_billing::invoice::IssueRefusal;
use remit_billing::refusal::{Refusal, RefusalKind};
use remit_billing::standing::{Standing, Status};
use remit_runtime::problem::Problem;
use remit_store::{Commit, keys};

use crate::facts::Facts;
use crate::load;
use crate::ports::Ports;

/// A void invoice is not sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VoidInvoice;

impl std::fmt::Display for VoidInvoice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("this invoice is void: nothing is owed, so it is not sent")
    }
}

impl std::error::Error for VoidInvoice {}

impl Refusal for VoidInvoice {
    fn code(&self) -> &'static str {
        "invoice_void"
    }
    fn kind(&self) -> RefusalKind {
        RefusalKind::Conflict
    }
}

/// Plans a delivery of the invoice to its client.
///
/// # Errors
/// 404; 409 `not_issued`, `invoice_void`, `account_held`; 412; 422 `no_recipient`; 503.
pub async fn plan(
    ports: &Ports,
    account_id: AccountId,
    invoice_id: InvoiceId,
    seen: Option<u64>,
) -> Result<(Commit, Delivery), Problem> {
    let now = ports.now();
    let view = load::issued(&ports.store, account_id, invoice_id).await?;
    if seen.is_some_and(|seen| seen != view.version()) {
        return Err(Problem::stale_version());
    }
    let standing = view.standing;
    if view.account.held {
        return Err(IssueRefusal::AccountHeld.into());
    }
    if matches!(standing.value.status, Status::Void { .. }) {
        return Err(VoidInvoice.into());
    }
    let client_id = standing.value.client_id;
    let client = load::need::<remit_billing::client::Client>(
        &ports.store,
        &keys::client(account_id, client_id),
    )
    .await?;
    if client.value.recipients().is_empty() {
        return Err(IssueRefusal::NoRecipient.into());
    }
    let delivery = Delivery::requested(
        ports.id(now)?,
        account_id,
        client_id,
        About::Invoice {
            invoice_id,
            kind: DeliveryKind::Invoice,
        },
        now,
    );
    let sent = Standing {
        sent_at: Some(now),
        ..standing.value.clone()
    };
    let facts = Facts::new(ports, account_id, now);
    let commit = Commit::new().replace(&standing, &sent, Vec::new());
    Ok((facts.ask_for(commit, &delivery)?, delivery))
}
