//! The houses: an agency in Berlin, its clients there, and something of all that falls due by itself.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use remit_runtime::Function;
use remit_runtime::model::Call;
use serde_json::{Value, json};

use super::{Job, finish};
use crate::bus::Queue;
use crate::dice::Dice;
use crate::hazard::{Effect, Fault, Hit};
use crate::machine;
use crate::plan::Action;
use crate::run::calm;
use crate::stripe::Payer;
use crate::world::World;

/// A Monday, when no holiday is near.
const START: &str = "2027-01-11T10:00:00Z";
/// When reminders are due: three days before the due day of what is due in fourteen days.
const REMINDERS: &str = "2027-01-22T09:00:00Z";
/// The first day of subscriptions, in the morning.
const BILLING: &str = "2027-01-15T09:00:00Z";
const FIRST_DAY: &str = "2027-01-15";
/// Three days later: what is charged then is told on the first day.
const LATER_DAY: &str = "2027-01-18";
/// More than a month after the due day of what was due on receipt.
const FEES: &str = "2027-02-12T10:00:00Z";
/// An hour after the statements of January are due.
const STATEMENTS: &str = "2027-02-01T09:00:00Z";
const SEALING: &str = "2027-01-14T00:20:00Z";
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// Brings a new world to where something of all that a job does is due.
pub fn prepare(world: &World, job: Job) {
    wait_until(world, START);
    match job {
        Job::Reminders => {
            finish(world, reminders(world));
            // The offers leave.
            quiet(world);
            wait_until(world, REMINDERS);
        }
        Job::Billing => {
            let card = finish(world, clients(world, &["Cora"])).remove(0);
            leave_method(world, &card);
            finish(world, billing(world, &card));
            quiet(world);
            wait_until(world, BILLING);
        }
        Job::LateFees => {
            finish(world, fees(world));
            quiet(world);
            wait_until(world, FEES);
        }
        Job::Statements => {
            finish(world, statements(world));
            quiet(world);
            wait_until(world, STATEMENTS);
        }
        Job::Janitor => janitor(world),
        Job::Sealing => {
            for _ in 0..3 {
                finish(world, async {
                    let client = clients(world, &["Ada"]).await.remove(0);
                    invoice(world, &client, "Work", json!({}), false).await;
                });
                world.wait(DAY);
            }
            wait_until(world, SEALING);
        }
    }
    assert_eq!(world.findings.first(), None, "{job:?} is prepared");
}

fn wait_until(world: &World, time: &str) {
    let time: Timestamp = time.parse().unwrap();
    world.wait(time.duration_since(world.now()));
}

/// What is under way arrives; what nobody carries the janitor finds.
fn quiet(world: &World) {
    calm(world, &mut Dice::of(1));
    world.wait(SignedDuration::from_mins(3));
    Job::Janitor.run(world);
    calm(world, &mut Dice::of(1));
}

/// What the owner asks for.
async fn ask(
    world: &World,
    function: &Arc<dyn Function>,
    route: &str,
    path: &str,
    body: Value,
) -> Value {
    let call = Call::new(route, path).json(&body);
    let answer = world.api(&**function, &call).await.unwrap();
    assert!(answer.is_done(), "{route}: {}", answer.text);
    answer.body()
}

fn id(made: &Value) -> String {
    made["id"].as_str().unwrap().to_owned()
}

/// The ids of new clients of these names.
async fn clients(world: &World, names: &[&str]) -> Vec<String> {
    let mut ids = Vec::new();
    for name in names {
        ids.push(client(world, name, Value::Null).await);
    }
    ids
}

async fn client(world: &World, name: &str, agreement: Value) -> String {
    let body = json!({
        "name": name, "time_zone": "Europe/Berlin", "language": "en", "currency": "EUR",
        "contacts": [{"email": format!("{}@client.example", name.to_lowercase()), "name": name}],
        "late_fee_agreement": agreement,
    });
    let function = &world.functions.clients;
    id(&ask(world, function, "POST /v1/clients", "/v1/clients", body).await)
}

/// An issued invoice's id.
async fn invoice(world: &World, client: &str, line: &str, more: Value, send: bool) -> String {
    let function = &world.functions.invoices;
    let mut body = json!({
        "client_id": client,
        "lines": [{"description": line, "quantity": "1", "unit_price": "100"}],
        "terms": {"kind": "net", "days": 14},
    });
    for (name, value) in more.as_object().into_iter().flatten() {
        body[name] = value.clone();
    }
    let made = ask(world, function, "POST /v1/invoices", "/v1/invoices", body).await;
    let id = id(&made);
    let path = format!("/v1/invoices/{id}/issue");
    let route = "POST /v1/invoices/{invoice_id}/issue";
    ask(world, function, route, &path, json!({ "send": send })).await;
    id
}

/// Two who get statements and have something to be told, one who has not, and one who gets none.
async fn statements(world: &World) {
    let of = clients(world, &["Ada", "Ben", "Cora", "Dune"]).await;
    for client in &of[..3] {
        let path = format!("/v1/clients/{client}");
        let function = &world.functions.clients;
        let shown = Call::new("GET /v1/clients/{client_id}", &path);
        let shown = world.api(&**function, &shown).await.unwrap();
        let call = Call::new("PATCH /v1/clients/{client_id}", &path)
            .header("if-match", shown.header("etag").unwrap())
            .json(&json!({"notices": {"statements": true}}));
        let answer = world.api(&**function, &call).await.unwrap();
        assert!(answer.is_done(), "{}", answer.text);
    }
    // No reminder is due before.
    let late = json!({"terms": {"kind": "net", "days": 60}});
    for client in [0, 0, 1, 3] {
        invoice(world, &of[client], "Work", late.clone(), false).await;
    }
}

async fn reminders(world: &World) {
    let of = clients(world, &["Ada", "Ben"]).await;
    for (client, line) in [(0, "Design"), (0, "Hosting"), (1, "Photos")] {
        invoice(world, &of[client], line, json!({}), false).await;
    }
    let at_once = json!({"kind": "net", "days": 0});
    let taken_over = json!({
        "terms": at_once, "reminder_ladder": [{"day": 11, "hand_over": true}],
    });
    invoice(world, &of[1], "Maps", taken_over, false).await;
    let promised = json!({"terms": at_once, "reminder_ladder": [30]});
    let promised = invoice(world, &of[0], "Words", promised, false).await;
    let function = &world.functions.invoices;
    let route = "POST /v1/invoices/{invoice_id}/promises";
    let path = format!("/v1/invoices/{promised}/promises");
    ask(world, function, route, &path, json!({"date": "2027-01-21"})).await;
    for (client, title) in of.iter().zip(["A new site", "A new shop"]) {
        offer(world, client, title).await;
    }
}

/// An offer to two, which ends soon.
async fn offer(world: &World, client: &str, title: &str) {
    let function = &world.functions.projects;
    let body = json!({"client_id": client, "name": title});
    let project = ask(world, function, "POST /v1/projects", "/v1/projects", body).await;
    let function = &world.functions.estimates;
    let body = json!({
        "project_id": id(&project), "title": title, "valid_until": "2027-01-25",
        "lines": [{"description": "Site", "quantity": "1", "unit_price": "1000"}],
        "signers": [
            {"name": "Ada Marsh", "email": "ada.marsh@client.example"},
            {"name": "Bo Lind", "email": "bo.lind@client.example"},
        ],
    });
    let made = ask(world, function, "POST /v1/estimates", "/v1/estimates", body).await;
    let path = format!("/v1/estimates/{}/send", id(&made));
    let route = "POST /v1/estimates/{estimate_id}/send";
    ask(world, function, route, &path, json!({})).await;
}

/// A client pays by card, and lets the agency keep it.
fn leave_method(world: &World, client: &str) {
    finish(world, invoice(world, client, "Begin", json!({}), true));
    calm(world, &mut Dice::of(1));
    pay(world);
    quiet(world);
}

fn pay(world: &World) {
    let press = Action::Press { pick: 0 };
    finish(world, crate::payer::act(world, press));
    world.stripe.pay(0, Payer::Card, false);
}

/// A subscription by the month, which is active.
async fn subscribe(world: &World, client: &str, name: &str, automation: &str, from: &str) {
    let function = &world.functions.subscriptions;
    // What the bank declines, and what it does not.
    let price = if name == "Backups" { "30" } else { "31" };
    let body = json!({
        "name": name, "client_id": client, "automation": automation,
        "schedule": {"unit": "month", "starts_on": from},
        "lines": [{"description": name, "quantity": "1", "unit_price": price}],
    });
    let path = "/v1/subscriptions";
    let made = ask(world, function, "POST /v1/subscriptions", path, body).await;
    let path = format!("/v1/subscriptions/{}/activate", id(&made));
    let route = "POST /v1/subscriptions/{subscription_id}/activate";
    ask(world, function, route, &path, json!({})).await;
}

async fn billing(world: &World, card: &str) {
    let of = clients(world, &["Dune", "Elm", "Fir", "Gum"]).await;
    // Three at once; one alone, as a draft.
    for (client, name) in of
        .iter()
        .zip(["Care of Dune", "Care of Elm", "Care of Fir"])
    {
        subscribe(world, client, name, "send", FIRST_DAY).await;
    }
    subscribe(world, &of[0], "Advice", "draft", FIRST_DAY).await;
    // Charged today, and told of today.
    subscribe(world, card, "Care of Cora", "charge", FIRST_DAY).await;
    subscribe(world, card, "Backups", "charge", FIRST_DAY).await;
    subscribe(world, card, "Hosting", "charge", LATER_DAY).await;
    // A client's day, with two that wait for it.
    let route = "PUT /v1/clients/{client_id}/billing-cycle";
    let path = format!("/v1/clients/{}/billing-cycle", of[3]);
    let day = json!({"day": {"kind": "weeks", "from": FIRST_DAY}, "automation": "send"});
    ask(world, &world.functions.clients, route, &path, day).await;
    for name in ["Gardens", "Roofs"] {
        subscribe(world, &of[3], name, "collect", FIRST_DAY).await;
    }
}

async fn fees(world: &World) {
    let agreed = |mut terms: Value| {
        terms["agreed_on"] = json!("2026-01-15");
        terms["agreement"] = json!("Frame contract");
        terms
    };
    let interest = agreed(json!({"kind": "interest", "yearly_percent": "36.5"}));
    let sum = agreed(json!({"kind": "flat", "amount": "3.00", "every": "month"}));
    // No step of a ladder falls due meanwhile.
    let at_once = json!({"terms": {"kind": "net", "days": 0}, "reminder_ladder": [60]});
    let ada = client(world, "Ada", interest).await;
    let ben = client(world, "Ben", sum).await;
    for (client, line) in [
        (&ada, "Design"),
        (&ada, "Hosting"),
        (&ben, "Photos"),
        (&ben, "Maps"),
    ] {
        invoice(world, client, line, at_once.clone(), false).await;
    }
}

/// Whatever is left behind: mails whose events were lost, and whose senders died; pages without an
/// answer; a method that is to be kept; a bank's file that nobody reads.
fn janitor(world: &World) {
    let card = finish(world, clients(world, &["Cora"])).remove(0);
    finish(world, invoice(world, &card, "Begin", json!({}), true));
    calm(world, &mut Dice::of(1));
    pay(world);
    // The receipt waits, and the method, and what was kept of the payment.
    finish(world, async {
        machine::webhooks(world, &mut Dice::of(1), usize::MAX, false).await;
    });
    let of = finish(world, clients(world, &["Ada", "Ben"]));
    let open = finish(world, invoice(world, &of[0], "Design", json!({}), true));
    calm(world, &mut Dice::of(1));
    // The provider does not answer.
    let unanswered = Hit {
        lasting: true,
        at: 1,
        roll: Effect::Provider.roll(Fault::TimedOut),
    };
    world.hazards.begin_stage(&[unanswered], 0);
    finish(world, crate::payer::act(world, Action::Press { pick: 0 }));
    finish(world, crate::payer::act(world, Action::Press { pick: 1 }));
    world.hazards.begin_stage(&[], 0);
    // Its sender dies between the claim and the mail; of another two nobody hears.
    finish(world, invoice(world, &of[1], "Photos", json!({}), true));
    finish(world, machine::publish(world, 100, false));
    let dies = Hit {
        lasting: true,
        at: 1,
        roll: Effect::Mail.roll(Fault::CrashBefore),
    };
    world.hazards.begin_stage(&[dies], 0);
    let mut dice = Dice::of(1);
    finish(
        world,
        machine::run_queue(world, Queue::Invoices, &mut dice, false),
    );
    world.hazards.begin_stage(&[], 0);
    for line in ["Hosting", "Maps"] {
        finish(world, invoice(world, &of[1], line, json!({}), true));
    }
    finish(world, async {
        // Its number is in the words, so it is applied.
        let path = format!("/v1/invoices/{open}");
        let call = Call::new("GET /v1/invoices/{invoice_id}", &path);
        let shown = world.api(&*world.functions.invoices, &call).await.unwrap();
        let number = shown.body()["number"].as_str().unwrap().to_owned();
        world.bank.arrives(crate::bank::Transfer {
            on: "2027-01-11".parse().unwrap(),
            cents: 10_000,
            words: format!("Invoice {number}"),
        });
        let file = world.bank.bring_file().unwrap();
        let function = &world.functions.bank;
        let body = json!({"file_id": file.id});
        let path = "/v1/bank-statements";
        ask(world, function, "POST /v1/bank-statements", path, body).await;
    });
    // What is personal of a contact is to go.
    finish(world, async {
        let dune = clients(world, &["Dune"]).await.remove(0);
        for line in ["Fonts", "Icons"] {
            invoice(world, &dune, line, json!({}), false).await;
        }
        let function = &world.functions.clients;
        let route = "POST /v1/clients/{client_id}/erasures";
        let path = format!("/v1/clients/{dune}/erasures");
        let body = json!({"email": "dune@client.example"});
        ask(world, function, route, &path, body).await;
    });
    world.carriers.lose_all();
    world.wait(SignedDuration::from_mins(20));
}
