//! Few invoices are due among very many that are open.

use jiff::{SignedDuration, Timestamp};
use remit_billing::ids::{InvoiceId, TypedId};
use remit_store::{Item, Usage, keys};
use rust_decimal::Decimal;
use serde_json::json;

use crate::scale;
use crate::site::{Site, of_others, take_in, uuid};

const START: &str = "2026-11-24T09:00:00Z";
/// Open invoices of the smallest part of the whole size.
const STORED: usize = 5_000;
/// When they fall due: terms are fourteen days, and the first step is three before.
const MORNINGS: [&str; 2] = ["2026-12-05T09:00:00Z", "2026-12-06T09:00:00Z"];
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// How many fall due on each morning: ten times as many on the second.
fn due() -> [usize; 2] {
    match scale() {
        1 => [30, 300],
        _ => [100, 1_000],
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
struct Invoice {
    id: InvoiceId,
    document: Item,
    standing: Item,
}

async fn issued(site: &Site, at: Timestamp) -> Invoice {
    site.agency.clock.set(at);
    let draft = site.agency.draft(true).await;
    let issued = site.agency.issue(&draft, false, true).await;
    let id: InvoiceId = issued.id.parse().unwrap();
    let account = site.agency.account;
    site.agency.tap.take();
    Invoice {
        id,
        document: site.stored(&keys::invoice_document(account, id)).await,
        standing: site.stored(&keys::invoice_standing(account, id)).await,
    }
}

/// The same invoice so many times more; documents only where somebody will read them.
async fn multiply(site: &Site, invoice: &Invoice, numbers: std::ops::Range<usize>, with: bool) {
    let from = invoice.id.to_string();
    for number in numbers {
        let id = InvoiceId::from_uuid(uuid(number));
        let to = id.to_string();
        let ids = [(from.as_str(), to.as_str())];
        let shard = id.uuid().as_bytes()[15];
        site.put(of_others(&invoice.standing, &ids, shard)).await;
        if with {
            site.put(of_others(&invoice.document, &ids, shard)).await;
        }
    }
}

/// Two mornings beside so many invoices that are not due.
async fn mornings(stored: usize) -> Vec<Morning> {
    let start: Timestamp = START.parse().unwrap();
    let site = Site::new(start).await;
    let mut number = 1;
    for (due, day) in due().into_iter().zip(0..) {
        let invoice = issued(&site, start + DAY * day).await;
        multiply(&site, &invoice, number..number + due - 1, true).await;
        number += due;
    }
    // Due after all that is done here.
    let later = issued(&site, start + DAY * 30).await;
    multiply(&site, &later, number..number + stored, false).await;
    let mut all = Vec::new();
    for (due, morning) in due().into_iter().zip(MORNINGS) {
        site.agency.clock.set(morning.parse().unwrap());
        let sent = site.agency.reminder_queue.sent().0;
        let mails = site.agency.mails.count();
        let reminders = &*site.agency.reminders;
        let handing_out = site.metered(morning, reminders.invoke(json!({})));
        let (answer, handing_out) = handing_out.await;
        assert_eq!(answer.unwrap()["handed_out"], json!(due));
        let working = site.metered("working", async {
            let queue = &site.agency.reminder_queue;
            while take_in(queue, reminders, 3).await > 0 {}
        });
        let ((), mut working) = working.await;
        if let Some(Morning {
            working: before, ..
        }) = all.last()
        {
            let before: &Usage = before;
            working.requests -= before.requests;
            working.read_units -= before.read_units;
            working.write_units -= before.write_units;
        }
        site.agency.tap.take();
        assert_eq!(
            site.agency.mails.count(),
            mails + u64::try_from(due).unwrap()
        );
        all.push(Morning {
            due,
            handing_out,
            working,
            messages: site.agency.reminder_queue.sent().0 - sent,
        });
    }
    all
}

/// The day's requests and units are those of what is due, to the last one.
#[tokio::test]
async fn a_run_costs_what_is_due_and_not_what_is_stored() {
    let stored = STORED * scale();
    let (alone, among_many) = (mornings(0).await, mornings(stored).await);
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
