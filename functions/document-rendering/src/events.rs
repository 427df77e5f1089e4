//! Documents are set when they are issued, and when a mail is to bring them; e-invoices go to their network.

use std::sync::Arc;

use remit_billing::credit_note::CreditNote;
use remit_billing::delivery::{About, Delivery, DeliveryKind, Topic};
use remit_billing::e_invoice::transmission::Transmitted;
use remit_billing::event::{Event, EventKind};
use remit_billing::ids::{AccountId, CreditNoteId, DeliveryId, ExportId, InvoiceId};
use remit_billing::instalment::InstalmentPlan;
use remit_operations::load::{self, IssuedView};
use remit_operations::papers::PaperOf;
use remit_operations::transmitting::{Networks, transmit};
use remit_runtime::{BoxError, Problem};
use remit_store::keys;
use serde::Deserialize;
use serde_json::Value;

use crate::render::{Of, ensure};
use crate::{App, exports};

#[derive(Deserialize)]
struct FromTheBus {
    detail: Event,
}

#[derive(Deserialize)]
struct InvoiceIssued {
    invoice_id: InvoiceId,
}

#[derive(Deserialize)]
struct CreditNoteIssued {
    invoice_id: InvoiceId,
    credit_note_id: CreditNoteId,
}

#[derive(Deserialize)]
struct Export {
    export_id: ExportId,
}

#[derive(Deserialize)]
struct DeliveryRequested {
    delivery_id: DeliveryId,
    #[serde(flatten)]
    topic: Topic,
}

/// Takes an event of the bus.
pub(crate) async fn take(app: &App, payload: Value) -> Result<Value, BoxError> {
    let FromTheBus { detail: event } = serde_json::from_value(payload)?;
    let account = event.account_id;
    match event.kind {
        EventKind::InvoiceIssued => {
            let InvoiceIssued { invoice_id } = serde_json::from_value(event.data)?;
            let view = view(app, account, invoice_id).await?;
            ensure(app, &view, Of::Invoice).await?;
        }
        EventKind::CreditNoteIssued => {
            let issued: CreditNoteIssued = serde_json::from_value(event.data)?;
            credit_note(app, account, issued.invoice_id, issued.credit_note_id).await?;
        }
        EventKind::DeliveryRequested => {
            let requested = serde_json::from_value(event.data)?;
            for_mail(app, account, requested).await?;
        }
        EventKind::EInvoiceRequested => {
            let document: Transmitted = serde_json::from_value(event.data)?;
            let networks = Networks::over(Arc::clone(&app.objects));
            transmit(&app.ports, &networks, account, document).await?;
        }
        EventKind::ExportRequested | EventKind::ExportContinued => {
            let Export { export_id } = serde_json::from_value(event.data)?;
            exports::go_on(app, account, export_id).await?;
        }
        kind => return Err(format!("{kind} asks for no document").into()),
    }
    Ok(Value::Null)
}

async fn view(app: &App, account: AccountId, id: InvoiceId) -> Result<IssuedView, Problem> {
    load::issued(&app.ports.store, account, id).await
}

async fn credit_note(
    app: &App,
    account: AccountId,
    invoice_id: InvoiceId,
    id: CreditNoteId,
) -> Result<(), Problem> {
    let view = view(app, account, invoice_id).await?;
    let key = keys::credit_note(account, invoice_id, id);
    let note = load::need::<CreditNote>(&app.ports.store, &key).await?;
    ensure(app, &view, Of::CreditNote(&note.value)).await?;
    Ok(())
}

/// The instalments that a mail tells of, while they hold.
fn plan_of<'v>(view: &'v IssuedView, delivery: &Delivery) -> Option<&'v InstalmentPlan> {
    let About::Invoice {
        kind: DeliveryKind::Instalments { agreed_at },
        ..
    } = delivery.about
    else {
        return None;
    };
    let plan = view.standing.value.instalments.as_ref();
    plan.filter(|plan| plan.agreed_at == agreed_at)
}

/// What a mail is to bring: mostly it is there by then, as it was issued before.
async fn for_mail(
    app: &App,
    account: AccountId,
    requested: DeliveryRequested,
) -> Result<(), Problem> {
    let Topic::Invoice { invoice_id } = requested.topic else {
        return Err(Problem::internal("a mail about no invoice"));
    };
    let document = requested.topic.document();
    let key = keys::delivery(account, document, requested.delivery_id);
    let delivery = load::need::<Delivery>(&app.ports.store, &key).await?.value;
    match PaperOf::of_delivery(&delivery) {
        Some(PaperOf::Invoice(_)) => {
            let view = view(app, account, invoice_id).await?;
            ensure(app, &view, Of::Invoice).await?;
        }
        Some(PaperOf::CreditNote(id)) => credit_note(app, account, invoice_id, id).await?,
        Some(PaperOf::Receipt(_)) => {
            let view = view(app, account, invoice_id).await?;
            ensure(app, &view, Of::Receipt(&delivery)).await?;
        }
        Some(PaperOf::Plan(_)) => {
            let view = view(app, account, invoice_id).await?;
            // Others were agreed since, or none: its mail stays.
            if let Some(plan) = plan_of(&view, &delivery) {
                ensure(app, &view, Of::Plan(&delivery, plan)).await?;
            }
        }
        None => {}
    }
    Ok(())
}
