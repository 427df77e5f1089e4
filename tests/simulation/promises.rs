//! What people outside were told, and what they did, is what is stored.

use std::collections::BTreeMap;

use jiff::civil::Date;
use remit_billing::credit_note::CreditNote;
use remit_billing::delivery::{About, DeliveryKind, DeliveryState};
use remit_billing::ids::InvoiceId;
use remit_billing::ledger::Rail;
use remit_billing::payment::{DisputeState, Payment};
use remit_billing::standing::Status;
use remit_payments::stripe::metadata;

use crate::books::Stored;
use crate::known::{Ask, Made};
use crate::stripe::{Session, State};
use crate::world::World;

const TOLD: &str = "what was answered is still true";
const ONCE: &str = "a request takes effect once";

/// All of it.
pub fn check(world: &World, stored: &Stored) {
    let known = world.known().clone();
    for made in &known.made {
        request(world, stored, made, &known.made);
    }
    for (invoice, on) in world.words.promised() {
        promised(world, stored, invoice.parse().unwrap(), on);
    }
    mails(world, stored);
    for session in world.stripe.sessions() {
        provider(world, stored, &session);
    }
    charges(world);
    receipts(world, stored);
}

fn request(world: &World, stored: &Stored, made: &Made, all: &[Made]) {
    let findings = &world.findings;
    let tag = made.tag.as_str();
    let done = made.done();
    let effects = |count: usize| {
        findings.check(count <= 1, ONCE, || {
            format!("{tag} {:?}: {count} effects", made.ask)
        });
        let kept = done.is_none() || count == 1;
        findings.check(kept, TOLD, || {
            format!("{tag} {:?}: {count} effects", made.ask)
        });
    };
    match made.ask {
        Ask::NewClient => effects(stored.clients.iter().filter(|name| *name == tag).count()),
        Ask::Pay => {
            let noted = |payment: &&Payment| payment.note.as_deref() == Some(tag);
            effects(stored.payments.iter().filter(noted).count());
        }
        Ask::Credit => {
            let noted = |note: &&CreditNote| note.reason.to_string() == tag;
            effects(stored.credit_notes.iter().filter(noted).count());
        }
        Ask::NewDraft => {
            let stored: Vec<_> = stored
                .draft_tags
                .iter()
                .filter(|(known, _)| known == tag)
                .collect();
            let id = done.map(|answer| answer.body()["id"].as_str().unwrap().to_owned());
            let dropped = id.is_some_and(|id| {
                let of = |made: &&Made| {
                    made.ask == Ask::DeleteDraft && made.invoice.as_ref() == Some(&id)
                };
                all.iter().any(|made| of(&made))
            });
            if !dropped {
                effects(stored.len());
            }
        }
        Ask::Issue { .. } => {
            let Some(body) = done.map(|answer| answer.body()) else {
                return;
            };
            let id = body["id"].as_str().unwrap().parse().unwrap();
            let stored = stored
                .documents
                .get(&id)
                .map(|(issued, _)| issued.number.to_string());
            findings.check(stored.as_deref() == body["number"].as_str(), TOLD, || {
                format!(
                    "{tag}: {} was issued as {}, stored is {stored:?}",
                    id, body["number"]
                )
            });
        }
        Ask::Void => {
            let Some(body) = done.map(|answer| answer.body()) else {
                return;
            };
            let id = body["id"].as_str().unwrap().parse().unwrap();
            let void = stored.standings.get(&id).is_some_and(|(standing, _)| {
                matches!(&standing.status, Status::Void { reason, .. } if reason.as_deref() == Some(tag))
            });
            findings.check(void, TOLD, || format!("{tag}: {id} was voided"));
        }
        Ask::FollowUps => {
            let Some(on) = made.body["date"].as_str().filter(|_| done.is_some()) else {
                return;
            };
            let id = made.invoice.as_ref().map(|id| id.parse().unwrap());
            promised(world, stored, id.unwrap(), on.parse().unwrap());
        }
        // Of subscriptions rules of their own tell.
        Ask::Subscribe | Ask::ActOnSubscription | Ask::SetBillingDay => return,
        Ask::TakeStatement => return,
        Ask::ChangeDraft | Ask::ChangeClient | Ask::DeleteDraft | Ask::Send => {}
    }
    version(world, stored, made);
}

/// A promise that was taken stands with its invoice.
fn promised(world: &World, stored: &Stored, id: InvoiceId, on: Date) {
    let standing = stored.standings.get(&id).map(|(standing, _)| standing);
    let promises = standing.map(|standing| &standing.follow_ups.promises);
    let kept = promises.is_some_and(|all| all.iter().any(|promise| promise.on == on));
    world.findings.check(kept, TOLD, || {
        format!("{id}: a promise for {on}, stored are {promises:?}")
    });
}

/// The version that an answer named was stored.
fn version(world: &World, stored: &Stored, made: &Made) {
    let Some(answer) = made.done() else {
        return;
    };
    let Ok(id) = answer.body()["id"].as_str().unwrap_or_default().parse() else {
        return;
    };
    let told = answer
        .header("etag")
        .map(|tag| tag.trim_matches(['"', 'v']).parse::<u64>().unwrap());
    let (Some(told), Some((_, document)), Some((_, standing))) =
        (told, stored.documents.get(&id), stored.standings.get(&id))
    else {
        return;
    };
    world.findings.check(document + standing >= told, TOLD, || {
        format!(
            "{}: version {told} was told, {document} and {standing} are stored",
            made.tag
        )
    });
}

/// As many mails of an invoice as were asked for.
fn mails(world: &World, stored: &Stored) {
    let known = world.known().clone();
    for invoice in &known.invoices {
        let of = |made: &&Made| {
            let asks = matches!(made.ask, Ask::Send | Ask::Issue { send: true });
            asks && made.invoice.as_deref() == Some(invoice.id.as_str())
        };
        let asked = known.made.iter().filter(of).count();
        let told = known
            .made
            .iter()
            .filter(of)
            .filter(|made| made.done().is_some())
            .count();
        let mails = stored.deliveries.iter().filter(|delivery| {
            matches!(
                delivery.about,
                About::Invoice { invoice_id, kind: DeliveryKind::Invoice }
                    if invoice_id.to_string() == invoice.id
            )
        });
        let mails = mails.count();
        world.findings.check(mails <= asked, ONCE, || {
            format!("{}: asked for {asked} times, {mails} mails", invoice.id)
        });
        world.findings.check(mails >= told, TOLD, || {
            format!(
                "{}: {told} mails were promised, {mails} are stored",
                invoice.id
            )
        });
    }
}

/// Stripe's books and ours are the same.
fn provider(world: &World, stored: &Stored, session: &Session) {
    let findings = &world.findings;
    let of = |payment: &&Payment| {
        payment.rail == Rail::Stripe && payment.reference.as_str() == session.intent
    };
    let payments: Vec<&Payment> = stored.payments.iter().filter(of).collect();
    let came = session.state == State::Paid;
    findings.check(
        payments.len() == usize::from(came),
        "money received is kept, once",
        || {
            let state = session.state;
            format!(
                "{} is {state:?} and has {} payments",
                session.intent,
                payments.len()
            )
        },
    );
    let [payment] = payments[..] else {
        return;
    };
    let cents = |amount: i64| -> remit_billing::money::Money {
        format!("{}.{:02} EUR", amount / 100, amount % 100)
            .parse()
            .unwrap()
    };
    findings.check(
        payment.amount == cents(session.amount),
        "money received is kept, once",
        || {
            format!(
                "{}: {:?}, {} came",
                session.intent, payment.amount, session.amount
            )
        },
    );
    let invoice = session.metadata.get(metadata::INVOICE);
    let named = payment.invoice_id.map(|id| id.to_string());
    findings.check(
        invoice == named.as_ref(),
        "money received is kept, once",
        || format!("{}: for {invoice:?}, stored for {named:?}", session.intent),
    );
    findings.check(
        payment.refunded == cents(session.refunded()),
        "what was given back is what the provider says",
        || {
            format!(
                "{}: {:?}, Stripe says {:?}",
                session.intent, payment.refunded, session.refunds
            )
        },
    );
    let told: Vec<DisputeState> = payment
        .disputes
        .iter()
        .map(|dispute| dispute.state)
        .collect();
    let is: Vec<DisputeState> = session
        .dispute
        .iter()
        .map(|dispute| match dispute.status {
            "won" => DisputeState::Won,
            "lost" => DisputeState::Lost,
            _ => DisputeState::Open,
        })
        .collect();
    findings.check(told == is, "disputes stand as the provider says", || {
        format!("{}: {told:?}, Stripe says {is:?}", session.intent)
    });
}

/// Stripe was asked once at most to charge an invoice: what is declined is not asked for again.
fn charges(world: &World) {
    let mut charged = BTreeMap::new();
    let sessions = world.stripe.sessions().into_iter();
    for session in sessions.filter(|session| session.is_charge) {
        let invoice = session.metadata.get(metadata::INVOICE).cloned();
        *charged.entry(invoice).or_insert(0) += 1;
    }
    for (invoice, times) in charged {
        world
            .findings
            .check(times == 1, "a bill is charged once at most", || {
                format!("{invoice:?} was charged {times} times")
            });
    }
}

/// A receipt for every payment, and it left unless the mail service refused it.
fn receipts(world: &World, stored: &Stored) {
    let left = world.mailer.left();
    for payment in &stored.payments {
        let of = stored.deliveries.iter().find(|delivery| {
            matches!(
                delivery.about,
                About::Invoice { kind: DeliveryKind::Receipt { payment_id, .. }, .. }
                    if payment_id == payment.id
            )
        });
        let Some(receipt) = of else {
            let detail = format!("{} has none", payment.id);
            world.findings.add("one receipt for each payment", detail);
            continue;
        };
        let times = left
            .iter()
            .filter(|mail| mail.delivery == receipt.id)
            .count();
        let excused = matches!(receipt.state, DeliveryState::Failed { .. });
        world.findings.check(
            times >= 1 || excused,
            "one receipt for each payment",
            || format!("{receipt:?} never left"),
        );
    }
}
