//! Few things are due among very many that are stored: reminders of open invoices, and their fees for
//! paying late.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use remit_billing::ids::{InvoiceId, TypedId};
use remit_billing::invoice::InvoiceDocument;
use remit_runtime::Function;
use remit_runtime::model::MemoryQueue;
use remit_store::{Item, Record as _, Usage, Write, from_item, keys, type_of};
use rust_decimal::Decimal;
use serde_json::json;

use crate::scale;
use crate::site::{Site, of_others, take_in, uuid};

const START: &str = "2026-11-24T09:00:00Z";
/// Open invoices of the smallest part of the whole size.
const STORED: usize = 5_000;
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// What falls due of an invoice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Work {
    Reminders,
    LateFees,
}

impl Work {
    /// When what was issued on the first day, and on the second, is due. Terms are fourteen days: the first
    /// step is three before their end, the first fee a month after it.
    fn mornings(self) -> [&'static str; 2] {
        match self {
            Work::Reminders => ["2026-12-05T09:00:00Z", "2026-12-06T09:00:00Z"],
            Work::LateFees => ["2027-01-09T09:30:00Z", "2027-01-10T09:30:00Z"],
        }
    }

    /// How many fall due on each morning: ten times as many on the second.
    fn due(self) -> [usize; 2] {
        match scale() {
            1 => [30, 300],
            _ => [100, 1_000],
        }
    }

    fn function(self, site: &Site) -> &dyn Function {
        match self {
            Work::Reminders => &*site.agency.reminders,
            Work::LateFees => &*site.agency.late_fees,
        }
    }

    fn queue(self, site: &Site) -> &Arc<MemoryQueue> {
        match self {
            Work::Reminders => &site.agency.reminder_queue,
            Work::LateFees => &site.agency.fee_queue,
        }
    }
}

/// What one morning took.
struct Morning {
    due: usize,
    handing_out: Usage,
    working: Usage,
    messages: u64,
}

/// An invoice's items.
pub struct Invoice {
    id: InvoiceId,
    document: Item,
    standing: Item,
    /// Where fees are agreed.
    fees: Option<Item>,
}

pub async fn issued(site: &Site, work: Work, at: Timestamp) -> Invoice {
    site.agency.clock.set(at);
    let draft = site.agency.draft(true).await;
    let issued = site.agency.issue(&draft, false, true).await;
    let id: InvoiceId = issued.id.parse().unwrap();
    let account = site.agency.account;
    site.agency.tap.take();
    let fees = match work {
        Work::Reminders => None,
        Work::LateFees => Some(site.stored(&keys::late_fees(account, id, 1)).await),
    };
    Invoice {
        id,
        document: site.stored(&keys::invoice_document(account, id)).await,
        standing: site.stored(&keys::invoice_standing(account, id)).await,
        fees,
    }
}

/// The same invoice so many times more; documents only where somebody will read them.
pub fn multiply(site: &Site, invoice: &Invoice, numbers: std::ops::Range<usize>, with: bool) {
    let from = invoice.id.to_string();
    let mut of_one = vec![&invoice.standing];
    of_one.extend(&invoice.fees);
    if with {
        of_one.push(&invoice.document);
    }
    let copies = numbers.flat_map(|number| {
        let id = InvoiceId::from_uuid(uuid(number));
        let to = id.to_string();
        let shard = id.uuid().as_bytes()[15];
        let ids = [(from.as_str(), to.as_str())];
        let copies = of_one.iter().map(|item| of_others(item, &ids, shard));
        copies.collect::<Vec<_>>()
    });
    site.put(copies);
}

/// How many invoices charge a fee among what was written; their numbers have no gap.
fn charged(site: &Site) -> usize {
    let mut numbers = Vec::new();
    let writes = site.agency.tap.take().into_iter().flatten();
    for write in writes {
        let Write::Put { item, .. } = write else {
            continue;
        };
        if type_of(&item) != Some(InvoiceDocument::TYPE) {
            continue;
        }
        let document = from_item::<InvoiceDocument>(item).unwrap().value;
        let InvoiceDocument::Issued(invoice) = document else {
            unreachable!("fees are issued")
        };
        assert!(invoice.content.late_fee_of.is_some());
        let number = invoice.number.as_str().rsplit('-').next().unwrap().parse();
        let number: usize = number.unwrap();
        numbers.push(number);
    }
    let first = numbers.first().copied().unwrap_or_default();
    assert!(numbers.iter().copied().eq(first..first + numbers.len()));
    numbers.len()
}

/// Two mornings beside so many invoices that are not due.
async fn mornings(work: Work, stored: usize) -> Vec<Morning> {
    let start: Timestamp = START.parse().unwrap();
    let site = Site::new(start).await;
    if work == Work::LateFees {
        site.agency.agree_on_interest().await;
    }
    let mut number = 1;
    for (due, day) in work.due().into_iter().zip(0..) {
        let invoice = issued(&site, work, start + DAY * day).await;
        multiply(&site, &invoice, number..number + due - 1, true);
        number += due;
    }
    // Due after all that is done here.
    let later = issued(&site, work, start + DAY * 30).await;
    multiply(&site, &later, number..number + stored, false);
    let mut all: Vec<Morning> = Vec::new();
    let mut before = Usage::default();
    for (due, morning) in work.due().into_iter().zip(work.mornings()) {
        site.agency.clock.set(morning.parse().unwrap());
        let (function, queue) = (work.function(&site), work.queue(&site));
        let sent = queue.sent().0;
        let mails = site.agency.mails.count();
        let handing_out = site.metered(morning, function.invoke(json!({})));
        let (answer, handing_out) = handing_out.await;
        assert_eq!(answer.unwrap()["handed_out"], json!(due));
        let working = site.metered("working", async {
            while take_in(queue, function, 3).await > 0 {}
        });
        let ((), in_all) = working.await;
        let working = Usage {
            requests: in_all.requests - before.requests,
            read_units: in_all.read_units - before.read_units,
            write_units: in_all.write_units - before.write_units,
        };
        before = in_all;
        let mails = usize::try_from(site.agency.mails.count() - mails).unwrap();
        let charged = charged(&site);
        match work {
            Work::Reminders => assert_eq!((mails, charged), (due, 0)),
            Work::LateFees => assert_eq!((mails, charged), (0, due)),
        }
        all.push(Morning {
            due,
            handing_out,
            working,
            messages: queue.sent().0 - sent,
        });
    }
    all
}

/// The day's requests and units are those of what is due, to the last one.
async fn costs_what_is_due(work: Work) {
    let stored = STORED * scale();
    let (alone, among_many) = (mornings(work, 0).await, mornings(work, stored).await);
    println!("{work:?}:");
    println!(
        "| open | due | messages | handing out: requests | read units | write units | working: requests | read units | write units |"
    );
    println!("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
    for (stored, mornings) in [(0, &alone), (stored, &among_many)] {
        for Morning {
            due,
            handing_out,
            working,
            messages,
        } in mornings
        {
            println!(
                "| {} | {due} | {messages} | {} | {} | {} | {} | {} | {} |",
                stored + due,
                handing_out.requests,
                handing_out.read_units,
                handing_out.write_units,
                working.requests,
                working.read_units,
                working.write_units,
            );
        }
    }
    for (alone, many) in alone.iter().zip(&among_many) {
        assert_eq!(alone.handing_out, many.handing_out, "{} due", alone.due);
        assert_eq!(alone.working, many.working, "{} due", alone.due);
    }
    // What one costs is the same for ten times as many; a message is read in one request.
    let [few, more] = among_many.as_slice() else {
        unreachable!("two mornings")
    };
    let times = Decimal::from(more.due / few.due);
    assert_eq!(few.working.write_units * times, more.working.write_units);
    assert_eq!(more.messages, u64::try_from(more.due.div_ceil(24)).unwrap());
    // A read unit is some ten keys.
    let most = Decimal::from(more.due / 10);
    assert!(more.handing_out.read_units < most);
}

#[tokio::test]
async fn a_run_of_reminders_costs_what_is_due_and_not_what_is_stored() {
    costs_what_is_due(Work::Reminders).await;
}

#[tokio::test]
async fn a_run_of_late_fees_costs_what_is_due_and_not_what_is_stored() {
    costs_what_is_due(Work::LateFees).await;
}
