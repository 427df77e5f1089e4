//! What is measured: things of the main job, as one life of an invoice leaves them.

use std::sync::Arc;

use http::HeaderMap;
use jiff::Timestamp;
use remit_billing::account::Account;
use remit_billing::invoice::{InvoiceDocument, IssuedInvoice};
use remit_billing::line::Line;
use remit_billing::payment::Payment;
use remit_billing::standing::Standing;
use remit_documents::{Issued, MailOptions};
use remit_payments::{Secret, stripe};
use remit_runtime::Clock as _;
use remit_store::{Item, Record, Table, Write, from_item, keys, type_of};
use serde_json::json;
use tokio::runtime::Runtime;

use crate::agency::{Agency, WEBHOOK_SECRET};
use crate::tap;

const NOW: &str = "2026-11-24T09:00:00Z";
/// What Stripe says when somebody has paid.
pub const PAID: &str =
    include_str!("../../../shared/payments/fixtures/stripe/events/checkout.session.completed.json");

pub fn now() -> Timestamp {
    NOW.parse().unwrap()
}

pub fn runtime() -> Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
}

/// So many lines, of two taxes and a discount each.
pub fn lines(count: u64) -> Vec<Line> {
    let line = |at| {
        json!({
            "description": "Front-end development", "quantity": "12.5",
            "unit_price": "83.3333", "discount": {"percent": "2.5"},
            "taxes": [
                {"name": "VAT", "rate": if at % 3 == 0 { "7" } else { "19" }, "kind": "standard"},
                {"name": "IRPF", "rate": "15", "kind": "withholding"},
            ],
        })
    };
    let lines = (0..count).map(line);
    lines
        .map(|line| serde_json::from_value(line).unwrap())
        .collect()
}

/// How a mail of an invoice is.
pub fn mail() -> MailOptions<'static> {
    MailOptions {
        recipient: Some("Ada Marsh"),
        page_url: "https://billing.example.com/p/token",
        can_pay_online: true,
        payment_reference: None,
        message: None,
        credit_note: None,
        covers: &[],
        deliveries: &[],
        thread: None,
        bounced: &[],
        own_words: remit_billing::mail_text::OwnWords::NONE,
    }
}

/// The headers of [`PAID`], and what they are checked with.
pub fn notification() -> ([Secret; 1], HeaderMap) {
    let secrets = [WEBHOOK_SECRET.parse().unwrap()];
    let header = stripe::signature::sign(PAID.as_bytes(), &secrets[0], now());
    let headers = [("stripe-signature", header)].into_iter();
    let headers = headers.map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()));
    (secrets, headers.collect())
}

/// What one life of an invoice leaves in the table, by type: the last of each.
pub struct Stored {
    pub account: Account,
    pub document: Item,
    pub standing: Item,
    pub payment: Item,
    pub receipt: Item,
}

impl Stored {
    pub async fn of(agency: &Agency, table: &Arc<dyn Table>) -> Self {
        let written = live(agency).await;
        let of = |wanted: &str| {
            let puts = written.iter().flatten().filter_map(|write| match write {
                Write::Put { item, .. } => Some(item),
                _ => None,
            });
            let mut puts = puts.filter(|item| type_of(item) == Some(wanted));
            puts.next_back().expect("one is written").clone()
        };
        let account = table.get(&keys::account(agency.account)).await.unwrap();
        Self {
            account: from_item(account.unwrap()).unwrap().value,
            document: of(InvoiceDocument::TYPE),
            standing: of(Standing::TYPE),
            payment: of(Payment::TYPE),
            receipt: of(remit_store::request::RequestReceipt::TYPE),
        }
    }

    pub fn invoice(&self) -> (IssuedInvoice, Standing) {
        let document = from_item::<InvoiceDocument>(self.document.clone()).unwrap();
        let InvoiceDocument::Issued(invoice) = document.value else {
            unreachable!("it was issued")
        };
        (invoice, from_item(self.standing.clone()).unwrap().value)
    }

    pub fn issued<'a>(&'a self, invoice: &'a IssuedInvoice, standing: &'a Standing) -> Issued<'a> {
        Issued {
            account: &self.account,
            invoice,
            standing,
            now: now(),
        }
    }
}

/// From the draft to the receipt, every request with its key; answers all that was written.
pub async fn live(agency: &Agency) -> Vec<Vec<Write>> {
    let draft = agency.draft(true).await;
    let mut all = agency.tap.take();
    let issued = agency.issue(&draft, true, true).await;
    let written = agency.tap.take();
    agency.deliver(&tap::events(&written)).await;
    let page = agency.view(&issued).await;
    agency.press_pay(&issued, &page).await;
    all.extend(written.into_iter().chain(agency.tap.take()));
    agency.notify(&agency.paid(agency.clock.now())).await;
    let written = agency.tap.take();
    agency.deliver(&tap::events(&written)).await;
    all.extend(written.into_iter().chain(agency.tap.take()));
    all
}
