//! Members of the agency at its API.

use std::sync::Arc;

use jiff::ToSpan as _;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use remit_runtime::Function;
use remit_runtime::model::Call;
use remit_store::request::{KeyedRequest, RECEIPT_LIFE, RequestReceipt};
use remit_store::{Table as _, from_item};
use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::{Value, json};

use crate::bank::Transfer;
use crate::known::{Ask, Invoice, Made};
use crate::plan::{Action, Share};
use crate::words::{self, Holds, Of};
use crate::world::{Answer, World};

/// Does what a member does, if the action is one of a member's.
pub async fn act(world: &World, action: Action) {
    match action {
        Action::NewClient => new_client(world).await,
        Action::ChangeClient { pick } => change_client(world, pick).await,
        Action::NewDraft { client, size } => new_draft(world, client, size).await,
        Action::ChangeDraft { pick, size } => change_draft(world, pick, size).await,
        Action::DeleteDraft { pick } => delete_draft(world, pick).await,
        Action::Issue { pick, send } => {
            let route = "POST /v1/invoices/{invoice_id}/issue";
            let draft = world.known().invoice(pick, is_draft);
            ask_about(
                world,
                draft,
                Ask::Issue { send },
                route,
                |_| json!({ "send": send }),
            )
            .await;
        }
        Action::Send { pick } => {
            let route = "POST /v1/invoices/{invoice_id}/send";
            let issued = world.known().invoice(pick, |known| known.issued);
            ask_about(world, issued, Ask::Send, route, |_| json!({})).await;
        }
        Action::Void { pick } => {
            let route = "POST /v1/invoices/{invoice_id}/void";
            let issued = world.known().invoice(pick, |known| known.issued);
            ask_about(
                world,
                issued,
                Ask::Void,
                route,
                |tag| json!({ "reason": tag }),
            )
            .await;
        }
        Action::Credit { pick, share } => credit(world, pick, share).await,
        Action::RecordPayment { pick, share } => record_payment(world, pick, share).await,
        Action::Subscribe { client, size } => subscribe(world, client, size).await,
        Action::TakeStatement => take_statement(world).await,
        Action::Transfer { pick } => transfer(world, pick).await,
        Action::SetBillingDay { client, pick } => set_billing_day(world, client, pick).await,
        Action::ActOnSubscription { pick } => {
            let word = ["pause", "resume", "resume", "skip", "end"][usize::from(pick / 8 % 5)];
            act_on_subscription(world, pick, word).await;
        }
        Action::RecordPromise { pick, days } => {
            let route = "POST /v1/invoices/{invoice_id}/promises";
            let issued = world.known().invoice(pick, |known| known.issued);
            let on = day(world, 1 + days);
            ask_about(
                world,
                issued,
                Ask::FollowUps,
                route,
                |_| json!({"date": on}),
            )
            .await;
        }
        Action::HoldInvoice {
            pick,
            days,
            resumes,
        } => {
            let route = match resumes {
                true => "POST /v1/invoices/{invoice_id}/follow-ups/resume",
                false => "POST /v1/invoices/{invoice_id}/follow-ups/pause",
            };
            let issued = world.known().invoice(pick, |known| known.issued);
            let body = holds(world, days, resumes);
            ask_about(world, issued, Ask::FollowUps, route, |_| body).await;
        }
        Action::HoldClient {
            pick,
            days,
            resumes,
        } => hold_client(world, pick, days, resumes).await,
        Action::Repeat { pick } => repeat(world, pick).await,
        Action::RepeatChanged { pick } => repeat_changed(world, pick).await,
        _ => {}
    }
}

fn is_draft(known: &Invoice) -> bool {
    !known.issued && !known.deleted
}

async fn new_client(world: &World) {
    let made = make(
        world,
        Ask::NewClient,
        "POST /v1/clients",
        "/v1/clients".to_owned(),
        |tag| {
            json!({
                "name": tag, "time_zone": "Asia/Seoul", "language": "ko", "currency": "EUR",
                "contacts": [{"email": "pay@client.example", "name": "Accounts"}],
                "late_fee_agreement": agreement(tag),
                "notices": {"statements": true},
            })
        },
    );
    send(world, made).await;
}

/// Every third client agreed to interest, every third to a sum.
fn agreement(tag: &str) -> Value {
    let mut terms = match tag.bytes().map(u32::from).sum::<u32>() % 3 {
        0 => return Value::Null,
        1 => json!({"kind": "interest", "yearly_percent": "36.5"}),
        _ => json!({"kind": "flat", "amount": "3.00", "every": "month", "grace_days": 2}),
    };
    terms["agreed_on"] = json!("2026-01-15");
    terms["agreement"] = json!("Frame contract");
    terms
}

async fn change_client(world: &World, pick: u8) {
    let Some(client) = world.known().client(pick) else {
        return;
    };
    let path = format!("/v1/clients/{client}");
    let Some(shown) = get(world, "GET /v1/clients/{client_id}", &path).await else {
        return;
    };
    let body = match pick % 3 {
        0 => json!({ "reminders": false, "notices": {"statements": pick.is_multiple_of(2)} }),
        1 => json!({ "reminders": true }),
        _ => json!({ "language": "en" }),
    };
    let route = "PATCH /v1/clients/{client_id}";
    let made = make(world, Ask::ChangeClient, route, path, |_| body);
    world.known().made[made].if_match = shown.header("etag").map(str::to_owned);
    send(world, made).await;
}

fn draft(client: &str, size: u8, tag: &str) -> Value {
    let price = match size % 8 {
        // A total of zero is paid as soon as it is issued.
        0 => "0".to_owned(),
        part => format!("{part}3.3333"),
    };
    let terms = match size / 8 % 4 {
        0 => json!({"kind": "due_on_receipt"}),
        1 => json!({"kind": "net", "days": 0}),
        2 => json!({"kind": "net", "days": 7}),
        _ => json!({"kind": "net", "days": 14}),
    };
    let vat = json!([{"name": "VAT", "rate": "19"}]);
    let first =
        json!({"description": "Design", "quantity": "3", "unit_price": price, "taxes": vat});
    let second = json!({"description": "Hosting", "quantity": "1", "unit_price": price});
    json!({
        "client_id": client, "purchase_order": tag, "terms": terms,
        "lines": if size.is_multiple_of(2) { vec![first] } else { vec![first, second] },
    })
}

async fn new_draft(world: &World, client: u8, size: u8) {
    let Some(client) = world.known().client(client) else {
        return;
    };
    let (route, path) = ("POST /v1/invoices", "/v1/invoices".to_owned());
    let made = make(world, Ask::NewDraft, route, path, |tag| {
        draft(&client, size, tag)
    });
    send(world, made).await;
}

/// A weekly subscription that begins today, where the client is.
async fn subscribe(world: &World, client: u8, size: u8) {
    let Some(client) = world.known().client(client) else {
        return;
    };
    let today = day(world, 0);
    let automation = match size % 6 {
        0 => "draft",
        1 | 2 => "collect",
        3 | 4 => "charge",
        _ => "send",
    };
    let price = format!("{}1.50", 1 + size % 7);
    let made = make(
        world,
        Ask::Subscribe,
        "POST /v1/subscriptions",
        "/v1/subscriptions".to_owned(),
        |tag| {
            json!({
                "name": tag, "client_id": client, "automation": automation,
                "schedule": {"unit": "week", "starts_on": today},
                "lines": [{"description": "Care", "quantity": "1", "unit_price": price}],
            })
        },
    );
    send(world, made).await;
    let id = {
        let known = world.known();
        let done = known.made[made].done().map(Answer::body);
        done.and_then(|body| body["id"].as_str().map(str::to_owned))
    };
    if let Some(id) = id {
        ask_subscription(world, &id, "activate").await;
    }
}

async fn set_billing_day(world: &World, client: u8, pick: u8) {
    let Some(client) = world.known().client(client) else {
        return;
    };
    let days = match pick % 8 {
        0 => Value::Null,
        1 => json!({"kind": "last_business_day"}),
        ahead => json!({"kind": "weeks", "from": day(world, ahead - 2)}),
    };
    let automation = match pick / 8 % 4 {
        0 => "draft",
        _ => "send",
    };
    let route = "PUT /v1/clients/{client_id}/billing-cycle";
    let path = format!("/v1/clients/{client}/billing-cycle");
    let body = json!({"day": days, "automation": automation});
    let made = make(world, Ask::SetBillingDay, route, path, |_| body);
    send(world, made).await;
}

async fn act_on_subscription(world: &World, pick: u8, word: &str) {
    let Some(id) = world.known().subscription(pick) else {
        return;
    };
    ask_subscription(world, &id, word).await;
}

async fn ask_subscription(world: &World, id: &str, word: &str) {
    let route = match word {
        "activate" => "POST /v1/subscriptions/{subscription_id}/activate",
        "pause" => "POST /v1/subscriptions/{subscription_id}/pause",
        "resume" => "POST /v1/subscriptions/{subscription_id}/resume",
        "skip" => "POST /v1/subscriptions/{subscription_id}/skip",
        _ => "POST /v1/subscriptions/{subscription_id}/end",
    };
    let path = format!("/v1/subscriptions/{id}/{word}");
    let made = make(world, Ask::ActOnSubscription, route, path, |_| json!({}));
    send(world, made).await;
}

/// A day from today on, where clients are.
pub fn day(world: &World, ahead: u8) -> Date {
    let zone = TimeZone::get(words::ZONE).unwrap();
    let today = zone.to_datetime(world.now()).date();
    today.checked_add(i64::from(ahead).days()).unwrap()
}

/// The body of a pause, for some days or until somebody resumes; or of that.
fn holds(world: &World, days: u8, resumes: bool) -> Value {
    match (resumes, days) {
        (true, _) => json!({}),
        (false, 0..=5) => json!({"until": null}),
        (false, _) => json!({"until": day(world, 1 + days)}),
    }
}

async fn hold_client(world: &World, pick: u8, days: u8, resumes: bool) {
    let Some(client) = world.known().client(pick) else {
        return;
    };
    let (route, word) = match resumes {
        true => ("POST /v1/clients/{client_id}/follow-ups/resume", "resume"),
        false => ("POST /v1/clients/{client_id}/follow-ups/pause", "pause"),
    };
    let body = holds(world, days, resumes);
    let path = format!("/v1/clients/{client}/follow-ups/{word}");
    let made = make(world, Ask::FollowUps, route, path, |_| body);
    send(world, made).await;
}

/// What a request says about follow-ups: about what, and until when no reminder leaves; of a
/// resumption nothing.
fn word(made: &Made) -> Option<(Of, Option<Holds>)> {
    if made.ask != Ask::FollowUps {
        return None;
    }
    let mut parts = made.path.split('/').skip(2);
    let (kind, id) = (parts.next()?, parts.next()?.to_owned());
    let of = match kind {
        "clients" => Of::Client(id),
        _ => Of::Invoice(id),
    };
    let date = |name: &str| made.body[name].as_str()?.parse::<Date>().ok();
    let holds = match made.route.rsplit('/').next()? {
        "promises" => Some(Holds::Until(date("date")?)),
        "pause" => Some(match date("until") {
            Some(until) => Holds::Until(until.yesterday().ok()?),
            None => Holds::Forever,
        }),
        _ => None,
    };
    Some((of, holds))
}

async fn change_draft(world: &World, pick: u8, size: u8) {
    let Some(known) = world.known().invoice(pick, is_draft) else {
        return;
    };
    let path = format!("/v1/invoices/{}", known.id);
    let Some(shown) = get(world, "GET /v1/invoices/{invoice_id}", &path).await else {
        return;
    };
    let lines = draft("", size, "")["lines"].clone();
    let route = "PATCH /v1/invoices/{invoice_id}";
    let made = make(
        world,
        Ask::ChangeDraft,
        route,
        path,
        |tag| json!({"lines": lines, "notes": tag}),
    );
    {
        let mut all = world.known();
        all.made[made].invoice = Some(known.id);
        all.made[made].if_match = shown.header("etag").map(str::to_owned);
    }
    send(world, made).await;
}

async fn delete_draft(world: &World, pick: u8) {
    let draft = world.known().invoice(pick, is_draft);
    let route = "DELETE /v1/invoices/{invoice_id}";
    ask_about(world, draft, Ask::DeleteDraft, route, |_| Value::Null).await;
}

/// Credits a third of what an invoice comes to, or all that is left of it.
async fn credit(world: &World, pick: u8, share: Share) {
    let Some(known) = world.known().invoice(pick, |known| known.issued) else {
        return;
    };
    let path = format!("/v1/invoices/{}", known.id);
    let Some(shown) = get(world, "GET /v1/invoices/{invoice_id}", &path).await else {
        return;
    };
    let total = shown.body()["totals"]["total"].as_str().map(str::to_owned);
    let total: Decimal = total.unwrap().parse().unwrap();
    let part = (total / Decimal::from(3))
        .round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
    if part.is_zero() {
        return;
    }
    let route = "POST /v1/invoices/{invoice_id}/credit-notes";
    ask_about(world, Some(known), Ask::Credit, route, |tag| match share {
        Share::Part => json!({"reason": tag, "amount": format!("{part:.2}")}),
        Share::Whole | Share::More => json!({"reason": tag}),
    })
    .await;
}

async fn record_payment(world: &World, pick: u8, share: Share) {
    let Some(known) = world.known().invoice(pick, |known| known.issued) else {
        return;
    };
    let path = format!("/v1/invoices/{}", known.id);
    let Some(shown) = get(world, "GET /v1/invoices/{invoice_id}", &path).await else {
        return;
    };
    let due = shown.body()["totals"]["balance_due"]
        .as_str()
        .map(str::to_owned);
    let due: Decimal = due.unwrap().parse().unwrap();
    let amount = match share {
        Share::Part => (due / Decimal::from(3))
            .round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero),
        Share::Whole => due,
        Share::More => due + Decimal::from(10),
    };
    if amount.is_zero() {
        return;
    }
    let route = "POST /v1/invoices/{invoice_id}/payments";
    ask_about(
        world,
        Some(known),
        Ask::Pay,
        route,
        |tag| json!({"amount": format!("{amount:.2}"), "method": "bank_transfer", "note": tag}),
    )
    .await;
}

/// A client pays what is due of an invoice by transfer, and writes its number.
async fn transfer(world: &World, pick: u8) {
    let Some(known) = world.known().invoice(pick, |known| known.issued) else {
        return;
    };
    let path = format!("/v1/invoices/{}", known.id);
    let Some(shown) = get(world, "GET /v1/invoices/{invoice_id}", &path).await else {
        return;
    };
    let body = shown.body();
    let due: Decimal = body["totals"]["balance_due"]
        .as_str()
        .and_then(|due| due.parse().ok())
        .unwrap();
    let cents: i64 = (due * Decimal::ONE_HUNDRED).try_into().unwrap();
    if cents > 0 {
        let number = body["number"].as_str().unwrap();
        world.bank.arrives(Transfer {
            on: day(world, 0),
            cents,
            words: format!("Invoice {number}"),
        });
    }
}

/// Brings the bank's file of all that came so far.
async fn take_statement(world: &World) {
    let Some(file) = world.bank.bring_file() else {
        return;
    };
    let (route, path) = ("POST /v1/bank-statements", "/v1/bank-statements".to_owned());
    let body = json!({"file_id": file.id});
    let made = make(world, Ask::TakeStatement, route, path, |_| body);
    send(world, made).await;
}

/// Once more what was asked before: what was never answered first.
async fn repeat(world: &World, pick: u8) {
    let made = {
        let known = world.known();
        let places = 0..known.made.len();
        let keyed = |place: &usize| {
            let made = &known.made[*place];
            made.ask != Ask::DeleteDraft && world.now() < made.made_at + RECEIPT_LIFE
        };
        let open = |place: &usize| known.made[*place].answers.is_empty();
        let mut found: Vec<usize> = places.clone().filter(keyed).filter(open).collect();
        if found.is_empty() || pick.is_multiple_of(4) {
            found = places.filter(keyed).collect();
        }
        let Some(at) = usize::from(pick).checked_rem(found.len()) else {
            return;
        };
        found[at]
    };
    send(world, made).await;
}

/// Another request under a key that was used and whose request took effect: refused.
async fn repeat_changed(world: &World, pick: u8) {
    let changed = {
        let known = world.known();
        let keyed = |made: &&Made| made.done().is_some() && made.ask != Ask::DeleteDraft;
        let found: Vec<&Made> = known.made.iter().filter(keyed).collect();
        let Some(at) = usize::from(pick).checked_rem(found.len()) else {
            return;
        };
        let mut changed = found[at].clone();
        changed.body["other"] = json!(1);
        changed
    };
    if !counts(world, &changed).await {
        return;
    }
    let answer = world
        .api(&**function(world, &changed), &call(&changed))
        .await;
    if let Some(answer) = answer.filter(|answer| answer.status < 500) {
        let refused = answer.status == 422;
        world
            .findings
            .check(refused, "a key belongs to one request", || {
                format!("{} again with another body: {}", changed.tag, answer.status)
            });
    }
}

async fn get(world: &World, route: &str, path: &str) -> Option<Answer> {
    let function = match path.starts_with("/v1/clients") {
        true => &world.functions.clients,
        false => &world.functions.invoices,
    };
    let answer = world.api(&**function, &Call::new(route, path)).await;
    answer.filter(|answer| answer.status == 200)
}

async fn ask_about(
    world: &World,
    about: Option<Invoice>,
    ask: Ask,
    route: &'static str,
    body: impl FnOnce(&str) -> Value,
) {
    let Some(about) = about else {
        return;
    };
    let (_, pattern) = route.split_once(' ').unwrap();
    let path = pattern.replace("{invoice_id}", &about.id);
    let made = make(world, ask, route, path, body);
    world.known().made[made].invoice = Some(about.id);
    send(world, made).await;
}

/// Writes a request down, before it is made.
fn make(
    world: &World,
    ask: Ask,
    route: &'static str,
    path: String,
    body: impl FnOnce(&str) -> Value,
) -> usize {
    let mut known = world.known();
    let tag = format!("k{}", known.made.len());
    known.made.push(Made {
        ask,
        route,
        path,
        body: body(&tag),
        if_match: None,
        tag,
        invoice: None,
        made_at: world.now(),
        answers: Vec::new(),
    });
    known.made.len() - 1
}

fn function<'a>(world: &'a World, made: &Made) -> &'a Arc<dyn Function> {
    match made.ask {
        Ask::NewClient | Ask::ChangeClient | Ask::SetBillingDay => &world.functions.clients,
        Ask::FollowUps if made.path.starts_with("/v1/clients") => &world.functions.clients,
        Ask::TakeStatement => &world.functions.bank,
        Ask::Subscribe | Ask::ActOnSubscription => &world.functions.subscriptions,
        _ => &world.functions.invoices,
    }
}

fn call(made: &Made) -> Call {
    let mut call = Call::new(made.route, &made.path).header("idempotency-key", &made.tag);
    if let Some(tag) = &made.if_match {
        call = call.header("if-match", tag);
    }
    match &made.body {
        Value::Null => call,
        body => call.json(body),
    }
}

/// Whether the receipt of a request is stored and counts: then it took effect.
async fn counts(world: &World, made: &Made) -> bool {
    let target = format!("{} {}", made.route.split_once(' ').unwrap().0, made.path);
    let body = made.body.to_string();
    let keyed = KeyedRequest::new(world.account, &made.tag, target, body.as_bytes());
    let found = world.table.memory.get(&keyed.receipt_key()).await.unwrap();
    let receipt = found.map(from_item::<RequestReceipt>);
    receipt.is_some_and(|receipt| receipt.unwrap().value.counts_until > world.now())
}

/// Makes a request, and looks at its answer.
async fn send(world: &World, place: usize) {
    let made = world.known().made[place].clone();
    world
        .hazards
        .note(|| format!("      {} {} {}", made.tag, made.route, made.body));
    let took_effect = counts(world, &made).await;
    let said = word(&made).map(|(of, holds)| (world.words.begin(of), holds));
    let answer = world.api(&**function(world, &made), &call(&made)).await;
    if let Some((speech, holds)) = said {
        // What is answered once more says nothing anew.
        let is_done = answer.as_ref().is_some_and(Answer::is_done) && !took_effect;
        world.words.end(speech, holds.filter(|_| is_done));
    }
    let Some(answer) = answer else {
        return;
    };
    if took_effect && answer.status < 500 {
        world.findings.check(
            answer.is_done(),
            "a repeated request is answered as before",
            || {
                format!(
                    "{} took effect and is now answered {}",
                    made.tag, answer.status
                )
            },
        );
    }
    if took_effect
        && answer.is_done()
        && let Some(before) = made.done()
    {
        world.findings.check(
            before.text == answer.text,
            "a repeated request is answered as before",
            || format!("{}: {} and then {}", made.tag, before.text, answer.text),
        );
    }
    let mut known = world.known();
    if answer.is_done() {
        match made.ask {
            Ask::NewClient => known.learn_client(&answer),
            Ask::NewDraft | Ask::ChangeDraft | Ask::Issue { .. } | Ask::Void => {
                known.learn_invoice(&answer);
            }
            Ask::DeleteDraft => forget(&mut known.invoices, made.invoice.as_deref()),
            Ask::Subscribe => known.learn_subscription(&answer),
            Ask::ChangeClient
            | Ask::Send
            | Ask::Pay
            | Ask::Credit
            | Ask::FollowUps
            | Ask::SetBillingDay
            | Ask::TakeStatement
            | Ask::ActOnSubscription => {}
        }
    }
    known.made[place].answers.push(answer);
}

fn forget(invoices: &mut [Invoice], id: Option<&str>) {
    for invoice in invoices {
        invoice.deleted |= Some(invoice.id.as_str()) == id;
    }
}
