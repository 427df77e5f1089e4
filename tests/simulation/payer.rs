//! Clients and payers: on the page, at Stripe, at their bank.

use remit_runtime::model::Call;

use crate::bank::Transfer;
use crate::member::day;
use crate::plan::Action;
use crate::words::{Holds, Of};
use crate::world::World;

/// Does what clients and the agency's Stripe do, if the action is one of theirs.
pub async fn act(world: &World, action: Action) {
    let stripe = &world.stripe;
    match action {
        Action::Press { pick } => press(world, pick).await,
        Action::StopReminders { pick } => stop_reminders(world, pick).await,
        Action::Promise { pick, days } => promise(world, pick, days).await,
        Action::Pay { pick, payer, lost } => stripe.pay(pick, payer, lost),
        Action::SlowPaymentEnds {
            pick,
            arrives,
            lost,
        } => stripe.settle_slow(pick, arrives, lost),
        Action::Refund { pick, whole } => stripe.refund(pick, whole),
        Action::RefundFails { pick } => stripe.fail_refund(pick),
        Action::Dispute { pick } => stripe.dispute(pick),
        Action::DisputeEnds { pick, won } => stripe.end_dispute(pick, won),
        Action::ForeignPayment { refunded } => stripe.foreign(refunded),
        Action::PayOut { lost } => {
            if let Some((cents, words)) = stripe.pay_out(lost) {
                let on = day(world, 0);
                world.bank.arrives(Transfer { on, cents, words });
            }
        }
        _ => {}
    }
}

/// A link that a client has: from a mail, or shown by the agency.
fn link(world: &World, pick: u8) -> Option<String> {
    let mut links: Vec<String> = world
        .mailer
        .left()
        .into_iter()
        .filter_map(|mail| mail.link)
        .collect();
    links.extend(
        world
            .known()
            .invoices
            .iter()
            .filter_map(|known| known.link.clone()),
    );
    links.iter_mut().for_each(|link| {
        if let Some(end) = link.find("/unsubscribe") {
            link.truncate(end);
        }
    });
    links.sort_unstable();
    links.dedup();
    let at = usize::from(pick).checked_rem(links.len())?;
    Some(links[at].clone())
}

/// Opens the page and presses its button, if it has one.
async fn press(world: &World, pick: u8) {
    let Some(link) = link(world, pick) else {
        return;
    };
    let portal = &*world.functions.portal;
    let open = Call::new("GET /p/{token}", &link);
    let Some(page) = world.page(portal, open.payload()).await else {
        return;
    };
    if page.status != 200 {
        world
            .findings
            .check(page.status >= 500, "a mailed link opens", || {
                format!("{}", page.status)
            });
        return;
    }
    let (Some(id), Some(proof)) = (field(&page.text, "request_id"), field(&page.text, "proof"))
    else {
        return;
    };
    // Some let the agency keep what they pay with.
    let keeps = page.text.contains("name=\"keep\"") && pick.is_multiple_of(2);
    let form = form_urlencoded::Serializer::new(String::new())
        .append_pair("request_id", &id)
        .append_pair("proof", &proof)
        .extend_pairs(keeps.then_some(("keep", "1")))
        .finish();
    let press = Call::new("POST /p/{token}/checkout", &format!("{link}/checkout"))
        .header("content-type", "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "same-origin")
        .text(&form);
    let answer = world.page(portal, press.payload()).await;
    if let Some(answer) = answer.filter(|answer| answer.status < 500) {
        world.findings.check(
            answer.status == 303 || answer.faults > 0,
            "the button leads on",
            || format!("{}", answer.status),
        );
    }
}

/// Says on the page of an invoice on which day it will be paid.
async fn promise(world: &World, pick: u8, days: u8) {
    let known = world.known().invoice(pick, |known| known.link.is_some());
    let Some((id, link)) = known.and_then(|known| Some((known.id, known.link?))) else {
        return;
    };
    let portal = &*world.functions.portal;
    let open = Call::new("GET /p/{token}", &link);
    let page = world.page(portal, open.payload()).await;
    let page = page.filter(|page| page.status == 200);
    let form = page
        .as_ref()
        .and_then(|page| page.text.split_once("/promise\""));
    let Some(with) = form.and_then(|(_, form)| field(form, "with")) else {
        return;
    };
    let on = day(world, 1 + days);
    let form = form_urlencoded::Serializer::new(String::new())
        .append_pair("with", &with)
        .append_pair("date", &on.to_string())
        .finish();
    let call = Call::new("POST /p/{token}/promise", &format!("{link}/promise"))
        .header("content-type", "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "same-origin")
        .text(&form);
    let speech = world.words.begin(Of::Invoice(id.clone()));
    let answer = world.page(portal, call.payload()).await;
    let location = answer.as_ref().and_then(|answer| answer.header("location"));
    let taken = location.is_some_and(|location| location.contains("promise=taken"));
    world.words.end(speech, taken.then_some(Holds::Until(on)));
    if taken {
        world.words.thanked(&id, on);
    }
}

async fn stop_reminders(world: &World, pick: u8) {
    let Some(link) = link(world, pick) else {
        return;
    };
    let call = Call::new(
        "POST /p/{token}/unsubscribe",
        &format!("{link}/unsubscribe"),
    );
    world.page(&*world.functions.portal, call.payload()).await;
}

/// The value of a hidden field.
fn field(page: &str, name: &str) -> Option<String> {
    let start = page.find(&format!("name=\"{name}\" value=\""))?;
    let value = page[start..].split('"').nth(3)?;
    Some(value.to_owned())
}
