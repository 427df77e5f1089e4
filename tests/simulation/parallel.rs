//! Two hundred at once: each invoice of one series gets its number, once, and without a gap.

use std::cell::Cell;

use remit_runtime::model::Call;
use serde_json::json;

use crate::dice::Dice;
use crate::hazard::Hit;
use crate::report::{self, Counted};
use crate::run;
use crate::schedule::{self, Task};
use crate::world::World;

const INVOICES: usize = 200;
/// A request is sent again so often at most.
const TRIES: u32 = 400;
const POLLS_MAX: u32 = 20_000_000;
/// So many of the first side effects fail.
const FAULTS: usize = 30;

/// A draft of one client.
async fn draft(world: &World, client: &str) -> String {
    let call = Call::new("POST /v1/invoices", "/v1/invoices").json(&json!({
        "client_id": client,
        "lines": [{"description": "Design", "quantity": "1", "unit_price": "10"}],
    }));
    let made = world.api(&*world.functions.invoices, &call).await.unwrap();
    assert_eq!(made.status, 201, "{}", made.text);
    made.body()["id"].as_str().unwrap().to_owned()
}

/// Issues it, under one key, until it is answered.
async fn issue(world: &World, invoice: &str, refused: &Cell<u32>) {
    let path = format!("/v1/invoices/{invoice}/issue");
    let call = Call::new("POST /v1/invoices/{invoice_id}/issue", &path)
        .header("idempotency-key", invoice)
        .json(&json!({"send": false}));
    for _ in 0..TRIES {
        let answer = world.api(&*world.functions.invoices, &call).await;
        if answer.as_ref().is_some_and(|answer| answer.is_done()) {
            return;
        }
        refused.set(refused.get() + 1);
    }
    world
        .findings
        .add("everything ends", format!("{invoice} is not issued"));
}

#[test]
fn two_hundred_at_once_get_numbers_without_a_gap() {
    let world = World::new(1, None, false);
    let mut drafts = Vec::new();
    let prepared = Box::pin(async {
        let call = Call::new("POST /v1/clients", "/v1/clients").json(&json!({
            "name": "Aurora", "time_zone": "Europe/Berlin", "language": "en", "currency": "EUR",
            "contacts": [{"email": "pay@client.example", "name": "Accounts"}],
        }));
        let made = world.api(&*world.functions.clients, &call).await.unwrap();
        let client = made.body()["id"].as_str().unwrap().to_owned();
        for _ in 0..INVOICES {
            drafts.push(draft(&world, &client).await);
        }
    });
    schedule::run(vec![prepared], &mut Dice::of(0)).unwrap();
    world.look();

    let mut dice = Dice::of(3);
    let hits: Vec<Hit> = (0..FAULTS)
        .map(|_| Hit {
            lasting: dice.percent(50),
            at: u16::try_from(dice.below(3_000)).unwrap(),
            roll: dice.byte(),
        })
        .collect();
    world.hazards.begin_stage(&hits, 0);
    let refused = Cell::new(0);
    let tasks = drafts.iter().map(|draft| {
        let task: Task<'_> = Box::pin(issue(&world, draft, &refused));
        task
    });
    let ended = schedule::run_within(tasks.collect(), &mut dice, POLLS_MAX);
    assert!(ended.is_ok(), "they do not end");
    world.look();
    run::settle_down(&world, 1);
    let stored = run::judge(&world);
    let violation = world.findings.first();
    let counted = Counted::of(&world);
    report::print("200 at once", "1", counted, u64::from(violation.is_some()));
    assert_eq!(violation, None);
    assert_eq!(stored.documents.len(), INVOICES);
    assert!(counted.faults > 0, "nothing went wrong");
}
