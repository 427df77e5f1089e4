//! Fees for paying late: agreed, told, charged once a period, let go, and never against who pays in time.

use serde_json::{Value, json};

use crate::client::text;
use crate::estimates::offer;
use crate::house::{House, column, list};
use crate::page::Browser;
use crate::scope::{ADA, Agreed};
use crate::signing::newest_link;

/// A client who agreed to 36.5 % a year: 0.1 % a day.
fn frame() -> Value {
    json!({"late_fee_agreement": {
        "kind": "interest", "yearly_percent": "36.5",
        "agreed_on": "2040-01-15", "agreement": "Frame contract 17",
    }})
}

async fn fees(house: &House, invoice: &str) -> Value {
    let path = format!("/v1/invoices/{invoice}/late-fees");
    house.api.get(&path).await.expect(200).ok()
}

async fn waive(house: &House, invoice: &str, body: &Value) -> crate::client::Answer {
    let path = format!("/v1/invoices/{invoice}/late-fees/waive");
    house.api.post(&path, body).await
}

/// The invoices that charge fees of one, oldest first.
async fn charges(house: &House, invoice: &str) -> Vec<Value> {
    let fees = fees(house, invoice).await;
    let mut charges = Vec::new();
    for id in column(&list(&fees["charges"]), "invoice_id") {
        charges.push(house.api.invoice(&id).await);
    }
    charges
}

#[tokio::test]
async fn who_pays_late_is_charged_what_was_agreed_once_a_period_until_it_is_paid() {
    let house = House::open().await;
    let api = &house.api;
    let client = api.client(ADA, frame()).await;
    assert_eq!(client["late_fee_agreement"]["currency"], "EUR");
    let draft = api.draft(text(&client, "id"), "1000.00", json!({})).await;
    let rule = json!({"kind": "interest", "yearly_percent": "36.5"});
    assert_eq!(draft["late_fee_rule"], rule);
    let invoice = api.issue(text(&draft, "id"), true).await;
    let (id, number) = (text(&invoice, "id"), text(&invoice, "number"));
    assert_eq!(text(&invoice, "due_date"), "2040-03-19");
    // Nobody is surprised: the page says it.
    let browser = Browser::new(&house);
    let page = browser.open(text(&invoice, "url")).await.expect(200).text;
    let words =
        "If this is paid late, we charge interest of 36.5% a year on what is overdue, by the day.";
    assert!(page.contains(words), "{page}");
    let open = fees(&house, id).await;
    assert_eq!(
        (&open["rule"], &open["next_at"], &open["accrued"]),
        (&rule, &json!("2040-04-20T08:00:00Z"), &json!("0.00"))
    );

    house.sleep_until("2040-04-19T09:05:00Z").await;
    assert_eq!(fees(&house, id).await["accrued"], "30.00");
    assert_eq!(charges(&house, id).await, Vec::<Value>::new());
    // A run at every hour charges once.
    house.until("2040-04-20T11:30:00Z").await;
    let charged = charges(&house, id).await;
    assert_eq!(charged.len(), 1);
    let fee = &charged[0];
    assert_eq!(fee["totals"]["payable"], "31.00");
    assert_eq!(fee["late_fee_of"], *id);
    assert_eq!(
        (&fee["status"], &fee["late_fee_rule"]),
        (&json!("open"), &Value::Null)
    );
    let line = text(&fee["lines"][0], "description");
    let told = format!(
        "Interest for paying invoice {number} late: €1,000.00 for 20 March\u{2009}–\u{2009}19 April 2040 (31 days) at 36.5% a year"
    );
    assert_eq!(line, told);
    assert!(
        house
            .told_of(id)
            .await
            .contains(&"late_fee.charged".to_owned())
    );
    let subjects = house.subjects(ADA).await;
    let of_fee: Vec<_> = subjects
        .iter()
        .filter(|subject| subject.contains(text(fee, "number")))
        .collect();
    assert_eq!(of_fee.len(), 1, "{subjects:?}");
    // It bears none itself, and bills nothing of a project.
    let bare = fees(&house, text(fee, "id")).await;
    assert_eq!(
        (&bare["rule"], &bare["next_at"]),
        (&Value::Null, &Value::Null)
    );

    // Paid on the 25th of April: five days more, charged when the month is over, and no more.
    house.sleep_until("2040-04-25T10:00:00Z").await;
    api.record(id, "1000.00").await;
    house.sleep_until("2040-05-20T08:30:00Z").await;
    let charged = charges(&house, id).await;
    assert_eq!(charged.len(), 2);
    assert_eq!(charged[1]["totals"]["payable"], "5.00");
    assert_eq!(fees(&house, id).await["next_at"], Value::Null);
    house.sleep_until("2040-09-20T09:05:00Z").await;
    assert_eq!(charges(&house, id).await.len(), 2);
}

#[tokio::test]
async fn what_is_let_go_is_not_charged_and_what_is_owed_again_is() {
    let house = House::open().await;
    let api = &house.api;
    let client = api.client(ADA, frame()).await;
    let client = text(&client, "id");
    let invoice = api.issued(client, "1000.00", json!({})).await;
    let id = text(&invoice, "id");
    house.sleep_until("2040-04-02T10:00:00Z").await;
    let reason = json!({"reason": "They told us in time."});
    let waived = waive(&house, id, &reason).await.expect(200).ok();
    assert_eq!(waived["waivers"][0]["through"], "2040-04-02");
    assert_eq!(waived["accrued"], "0.00");
    house.sleep_until("2040-04-20T08:30:00Z").await;
    // From the 3rd to the 19th of April.
    assert_eq!(charges(&house, id).await[0]["totals"]["payable"], "17.00");

    // Paid, and given back without a credit: it is owed again, from that day on.
    house.sleep_until("2040-04-22T10:00:00Z").await;
    let payment = api.record(id, "1000.00").await;
    house.sleep_until("2040-05-02T10:00:00Z").await;
    let refund = format!("/v1/payments/{}/refunds", text(&payment, "id"));
    api.post(
        &refund,
        &json!({"amount": "1000.00", "reason": "By mistake"}),
    )
    .await
    .expect(201);
    house.sleep_until("2040-06-02T08:30:00Z").await;
    let charged = charges(&house, id).await;
    assert_eq!(
        column(
            &charged
                .iter()
                .map(|of| of["totals"].clone())
                .collect::<Vec<_>>(),
            "payable"
        ),
        ["17.00", "31.00"]
    );
    let ended = waive(&house, id, &json!({"for_good": true}))
        .await
        .expect(200)
        .ok();
    assert_eq!(ended["next_at"], Value::Null);
    waive(&house, id, &json!({}))
        .await
        .refused(409, "no_late_fee_to_come");

    // Not where it is not wanted, nor where nothing was agreed.
    let plain = json!({"charge_late_fees": false});
    let plain = api.issued(client, "10.00", plain).await;
    assert_eq!(
        (&plain["late_fee_rule"], &plain["charge_late_fees"]),
        (&Value::Null, &json!(false))
    );
    waive(&house, text(&plain, "id"), &json!({}))
        .await
        .refused(409, "no_late_fee_agreed");
    let draft = api.draft(client, "10.00", json!({})).await;
    let fees_of_draft = format!("/v1/invoices/{}/late-fees", text(&draft, "id"));
    api.get(&fees_of_draft).await.refused(409, "not_issued");
    let path = format!("/v1/clients/{client}");
    api.change(&path, &json!({"late_fee_agreement": null}))
        .await
        .expect(200);
    let issue = format!("/v1/invoices/{}/issue", text(&draft, "id"));
    api.post(&issue, &json!({}))
        .await
        .refused(409, "late_fee_moved");
    let path = format!("/v1/invoices/{}", text(&draft, "id"));
    let anew = api
        .change(&path, &json!({"notes": "Thanks"}))
        .await
        .expect(200)
        .ok();
    assert_eq!(anew["late_fee_rule"], Value::Null);
    api.post(&issue, &json!({})).await.expect(200);
}

#[tokio::test]
async fn a_law_that_the_signed_estimate_names_counts_once_its_rate_is_noted() {
    let agreed = Agreed::open().await;
    let (house, api) = (&agreed.house, &agreed.house.api);
    let mut body = offer(&agreed.project);
    body["late_fee_rule"] = json!({"preset": "eu"});
    body["schedule"] = json!(null);
    agreed.offer(&body).await;
    // Who signs has read it.
    let page = Browser::new(house)
        .open(&newest_link(house, ADA).await)
        .await;
    for said in [
        "interest of 8 percentage points a year over the reference rate of the European Central Bank",
        "For recovering the debt we charge €40.00, once.",
    ] {
        assert!(page.text.contains(said), "{said}: {}", page.text);
    }
    let lines = list(&agreed.scope().await["lines"]);
    let line = json!([{"scope_line_id": lines.last().unwrap()["id"], "amount": "100.00"}]);
    let draft = agreed.draft(line).await.expect(201).ok();
    let rule = json!({
        "kind": "interest", "reference": "ecb_refinancing", "points": "8",
        "compensation": [{"from": "0", "amount": "40"}],
    });
    assert_eq!(draft["late_fee_rule"], rule);
    let invoice = agreed.issue(&draft).await.expect(200).ok();
    let id = text(&invoice, "id");
    let due = text(&invoice, "due_date");

    // Nobody has noted the bank's rate: it says so, once, and waits.
    let month_after = crate::house::days_after(due, 32);
    house.sleep_until(&format!("{month_after}T09:00:00Z")).await;
    house
        .sleep_until(&format!("{}T09:00:00Z", crate::house::days_after(due, 34)))
        .await;
    let waits = fees(house, id).await;
    assert_eq!(waits["trouble"]["code"], "reference_rate_required");
    let told = house.told_of(id).await;
    let failed = told
        .iter()
        .filter(|kind| *kind == "late_fee.failed")
        .count();
    assert_eq!(failed, 1, "{told:?}");
    let wrong = json!({"reference_rates": [{"reference": "ecb_refinancing", "from": "2040-02-01", "percent": "2"}]});
    let wrong = api
        .change("/v1/settings", &wrong)
        .await
        .refused(422, "invalid_body");
    assert_eq!(wrong.faults(), ["/reference_rates/0/from not_a_half_year"]);
    let rates = json!({
        "reference_rates": [{"reference": "ecb_refinancing", "from": "2040-01-01", "percent": "2"}],
        "late_fees": {"automation": "draft"},
    });
    let settings = api.change("/v1/settings", &rates).await.expect(200).ok();
    assert_eq!(settings["late_fees"]["automation"], "draft");
    house
        .sleep_until(&format!("{}T09:00:00Z", crate::house::days_after(due, 35)))
        .await;
    let now = fees(house, id).await;
    assert_eq!(
        (&now["trouble"], &now["charges"][0]["compensation"]),
        (&Value::Null, &json!("40.00"))
    );
    assert_eq!(now["charges"][0]["number"], Value::Null);
    // A draft, as the agency has it: a change does not make it bear a fee, or bill the project.
    let fee = charges(house, id).await.remove(0);
    assert_eq!(fee["status"], "draft");
    let path = format!("/v1/invoices/{}", text(&fee, "id"));
    let fee = api
        .change(&path, &json!({"notes": "We are sorry."}))
        .await
        .expect(200)
        .ok();
    assert_eq!(
        (&fee["late_fee_of"], &fee["late_fee_rule"]),
        (&json!(id), &Value::Null)
    );
    assert_eq!(list(&fee["lines"]).len(), 2);
    assert_eq!(text(&fee["lines"][1], "unit_price"), "40");
}

/// More than a run does itself: it hands them out to its own queue, and takes them in, with the rights of its
/// role. Their numbers have no gap.
#[tokio::test]
async fn many_that_are_due_at_once_are_charged_through_the_queue() {
    let house = House::open().await;
    let api = &house.api;
    let sum = json!({"late_fee_agreement": {
        "kind": "flat", "amount": "5.00", "every": "once",
        "agreed_on": "2040-01-15", "agreement": "Frame contract 17",
    }});
    let client = api.client(ADA, sum).await;
    let more = json!({"reminder_ladder": []});
    let mut late = Vec::new();
    for _ in 0..26 {
        let issued = api.issued(text(&client, "id"), "10.00", more.clone()).await;
        late.push(text(&issued, "id").to_owned());
    }
    house.sleep_until("2040-03-20T10:00:00Z").await;
    house.advance("PT2H").await;
    let mut numbers = Vec::new();
    for id in &late {
        let charged = charges(&house, id).await;
        assert_eq!(charged.len(), 1);
        numbers.push(text(&charged[0], "number").to_owned());
    }
    numbers.sort();
    let expected: Vec<String> = (27..=52).map(|n| format!("INV-2040-{n:05}")).collect();
    assert_eq!(numbers, expected);
    let marks = house.stored().into_iter();
    let marks = marks.filter(|item| item.contains("hand_out")).count();
    assert_eq!(marks, 1);
    house.close().await;
}
