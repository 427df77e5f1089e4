//! What was too much is credited: on the page, in the mail, in the scope and in the client's balance.

use serde_json::{Value, json};

use crate::client::text;
use crate::house::{House, column, list};
use crate::page::Browser;
use crate::projects::project;
use crate::scope::{ADA, Agreed};
use crate::stripe::Money;
use crate::webhooks::{balance, billed, only_payment};

fn notes(invoice: &str) -> String {
    format!("/v1/invoices/{invoice}/credit-notes")
}

/// Of each line: which, and how much.
fn lines(note: &Value) -> Vec<String> {
    let rows = list(&note["lines"]);
    let row = |row: &Value| format!("{} {}", row["line"], text(row, "net"));
    rows.iter().map(row).collect()
}

#[tokio::test]
async fn a_line_is_credited_and_the_client_is_told() {
    let house = House::open().await;
    let api = &house.api;
    let client = api.client(ADA, json!({})).await;
    let vat = json!([{"name": "VAT", "rate": "19"}]);
    let more = json!({"lines": [
        {"description": "Design", "quantity": "10", "unit_price": "80", "taxes": vat},
        {"description": "Hosting", "quantity": "1", "unit_price": "200", "taxes": vat},
    ]});
    let draft = api.draft(text(&client, "id"), "1", more).await;
    let id = text(&draft, "id").to_owned();
    api.post(&notes(&id), &json!({"reason": "None"}))
        .await
        .refused(409, "not_issued");
    let none = api.get(&notes(&id)).await.ok();
    assert_eq!(none, json!({"data": [], "next_cursor": null}));
    let invoice = api.issue(&id, true).await;
    house.settle().await;
    let body = json!({
        "reason": "Two hours were ours to bear", "lines": [{"line": 1, "amount": "160.00"}],
    });
    let note = api.post(&notes(&id), &body).await.expect(201).ok();
    assert_eq!(text(&note, "number"), "CN-2040-0001");
    assert_eq!(lines(&note), ["1 160.00"]);
    assert_eq!(text(&note["totals"], "payable"), "190.40");
    let shown = api.invoice(&id).await;
    assert_eq!(text(&shown["totals"], "credited"), "190.40");
    assert_eq!(text(&shown["totals"], "balance_due"), "999.60");
    assert_eq!(
        column(&list(&shown["credit_notes"]), "number"),
        ["CN-2040-0001"]
    );

    // In the mail, on the page, and as a document of its own.
    house.settle().await;
    let mail = house.mails(ADA).await.pop().unwrap();
    assert!(text(&mail, "subject").contains("CN-2040-0001"), "{mail}");
    for said in [
        "€190.40",
        "Two hours were ours to bear",
        "€999.60 is left to pay",
    ] {
        assert!(text(&mail, "text").contains(said), "{said}: {mail}");
    }
    let page = format!(
        "{}/credit-notes/{}",
        text(&invoice, "url"),
        text(&note, "id")
    );
    assert!(text(&mail, "text").contains(&page), "{mail}");
    let browser = Browser::new(&house);
    let opened = browser.open(&page).await.expect(200).text;
    for said in [
        "CN-2040-0001",
        "Two hours were ours to bear",
        "€160.00",
        "€30.40",
        "€190.40",
    ] {
        assert!(opened.contains(said), "{said}: {opened}");
    }
    let opened = browser.open(text(&invoice, "url")).await.expect(200).text;
    for said in ["CN-2040-0001", "Pay €999.60"] {
        assert!(opened.contains(said), "{said}: {opened}");
    }
    let unknown = page.replace("crn_0", "crn_1");
    browser.open(&unknown).await.expect(404);

    // Void is no way out any more, and the rest goes by another note.
    let void = format!("/v1/invoices/{id}/void");
    api.post(&void, &json!({}))
        .await
        .refused(409, "invoice_has_credits");
    let over =
        json!({"reason": "All of it", "lines": [{"line": 1, "amount": "640.01"}, {"line": 3}]});
    let over = api
        .post(&notes(&id), &over)
        .await
        .refused(422, "invalid_body");
    let faults = [
        "/lines/0/amount credit_too_large",
        "/lines/1/line unknown_reference",
    ];
    assert_eq!(over.faults(), faults);
    let both = json!({"lines": [], "amount": "1"});
    let both = api
        .post(&notes(&id), &both)
        .await
        .refused(422, "invalid_body");
    let faults = ["/amount exclusive", "/lines empty", "/reason required"];
    let mut found = both.faults();
    found.sort();
    assert_eq!(found, faults);
    let whole = json!({"reason": "We part as friends", "send": false});
    let whole = api.post(&notes(&id), &whole).await.expect(201).ok();
    assert_eq!(lines(&whole), ["1 640.00", "2 200.00"]);
    let gone = api.invoice(&id).await;
    assert_eq!(
        (text(&gone, "status"), text(&gone["totals"], "balance_due")),
        ("paid", "0.00")
    );
    let again = json!({"reason": "Once more"});
    api.post(&notes(&id), &again)
        .await
        .refused(409, "nothing_to_credit");
    let all = api.get(&notes(&id)).await.ok();
    assert_eq!(
        column(&list(&all["data"]), "number"),
        ["CN-2040-0001", "CN-2040-0002"]
    );
    let one = format!("{}/{}", notes(&id), text(&note, "id"));
    assert_eq!(api.get(&one).await.ok(), note);
    let all = api.all("/v1/credit-notes?from=2040-01-01&limit=1").await;
    assert_eq!(column(&all, "number"), ["CN-2040-0002", "CN-2040-0001"]);
    assert_eq!(api.all("/v1/credit-notes?to=2039-12-31").await.len(), 0);

    // A reminder of what is not owed does not leave.
    house.settle().await;
    let before = house.mails(ADA).await.len();
    house.until("2040-06-01T12:00:00Z").await;
    assert_eq!(house.mails(ADA).await.len(), before);
    let told = house.told_of(&id).await;
    let count = |kind: &str| told.iter().filter(|told| *told == kind).count();
    assert_eq!(
        (count("credit_note.issued"), count("invoice.paid")),
        (2, 1),
        "{told:?}"
    );
    house.close().await;
}

#[tokio::test]
async fn what_was_paid_is_the_clients_and_goes_back_without_reopening() {
    let house = House::open().await;
    let api = &house.api;
    let (client_id, id) = billed(&house, "100.00").await;
    let money = Money::for_invoice(&house, "pi_1", &id, 10000);
    house.notify(&money.completed()).await.expect(200);
    let body = json!({"reason": "A part was not delivered", "amount": "30.00"});
    let note = api.post(&notes(&id), &body).await.expect(201).ok();
    assert_eq!(text(&note, "to_balance"), "30.00");
    let shown = api.invoice(&id).await;
    assert_eq!(
        (text(&shown, "status"), text(&shown["totals"], "paid")),
        ("paid", "70.00")
    );
    let found = balance(&house, &client_id).await;
    assert_eq!(column(&list(&found), "amount"), ["30.00"]);
    let payment = only_payment(&house).await;
    assert_eq!(
        (text(&payment, "to_balance"), text(&payment, "whereabouts")),
        ("30.00", "partly_applied")
    );
    assert_eq!(column(&list(&payment["allocations"]), "amount"), ["70.00"]);

    // The refund that follows takes what is the client's: nothing is owed again.
    let refund = money.refund("refund.created", "re_1", 3000, "succeeded");
    house.notify(&refund).await.expect(200);
    let shown = api.invoice(&id).await;
    assert_eq!(
        (text(&shown, "status"), text(&shown["totals"], "paid")),
        ("paid", "70.00")
    );
    let found = balance(&house, &client_id).await;
    assert_eq!(column(&list(&found), "amount"), ["0.00"]);
    house.close().await;
}

#[tokio::test]
async fn what_is_credited_can_be_billed_again() {
    let here = Agreed::open().await;
    let api = &here.house.api;
    for milestone in &here.milestones {
        here.reach(milestone, json!({})).await;
    }
    let whole = json!([{"scope_line_id": here.site, "percent_to_date": "100"}]);
    let draft = here.draft(whole).await.expect(201).ok();
    let invoice = here.issue(&draft).await.expect(200).ok();
    let id = text(&invoice, "id");
    let body =
        json!({"reason": "Half of it is still to do", "lines": [{"line": 1, "amount": "500.00"}]});
    let note = api.post(&notes(id), &body).await.expect(201).ok();
    let back = json!([{"scope_line_id": here.site, "given_back": "500.00"}]);
    assert_eq!(note["scope"], back);
    assert_eq!(here.billed().await, ["500.00", "0.00"]);
    let gift = json!({"reason": "With our thanks", "amount": "119.00", "goodwill": true});
    api.post(&notes(id), &gift).await.expect(201);
    assert_eq!(here.billed().await, ["500.00", "0.00"]);
    let over = json!([{"scope_line_id": here.site, "amount": "500.01"}]);
    here.draft(over).await.refused(409, "beyond_scope");
    let rest = json!([{"scope_line_id": here.site, "amount": "500.00"}]);
    here.draft(rest).await.expect(201);
    here.house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_credit_notes_and_a_payment_at_once() {
    for turn in 0..4 {
        let house = House::open().await;
        let api = &house.api;
        let (client_id, id) = billed(&house, "100.00").await;
        let body = json!({"reason": "Half", "amount": "60.00"});
        let credit = async || {
            let path = notes(&id);
            api.call("POST", &path).json(&body).send().await
        };
        let (one, other, paid) = tokio::join!(credit(), credit(), api.record(&id, "100.00"));
        assert_eq!(text(&paid, "amount"), "100.00");
        let mut statuses = [one.status, other.status];
        statuses.sort_unstable();
        assert_eq!(
            statuses,
            [201, 422],
            "turn {turn}: {} {}",
            one.text,
            other.text
        );
        let shown = api.invoice(&id).await;
        let totals = &shown["totals"];
        assert_eq!(
            [
                text(totals, "paid"),
                text(totals, "credited"),
                text(totals, "balance_due")
            ],
            ["40.00", "60.00", "0.00"],
        );
        let found = balance(&house, &client_id).await;
        assert_eq!(column(&list(&found), "amount"), ["60.00"]);
        let numbers = api.all("/v1/credit-notes").await;
        assert_eq!(column(&numbers, "number").len(), 1);
        house.close().await;
    }
}

#[tokio::test]
async fn a_credited_line_is_its_projects() {
    let house = House::open().await;
    let api = &house.api;
    let client = text(&api.client(ADA, json!({})).await, "id").to_owned();
    let mut projects = Vec::new();
    for name in ["Site", "App"] {
        projects.push(project(api, &client, name).await);
    }
    let line = |project: &str| json!({"description": "Work", "quantity": "1", "unit_price": "500", "project_id": project});
    let more = json!({"lines": projects.iter().map(|id| line(id)).collect::<Vec<_>>()});
    let draft = api.draft(&client, "1", more).await;
    let id = text(&draft, "id").to_owned();
    api.issue(&id, false).await;
    api.record(&id, "600.00").await;
    // 500 of the second are credited: of the 600 that were paid, 100 were too much.
    let body = json!({"reason": "The app is not wanted", "lines": [{"line": 2}]});
    let note = api.post(&notes(&id), &body).await.expect(201).ok();
    assert_eq!(text(&note, "to_balance"), "100.00");
    let mut found = Vec::new();
    for project in &projects {
        let path = format!("/v1/project-totals?project_id={project}");
        let totals = api.get(&path).await.ok();
        let of = &totals["data"][0];
        found.push(
            ["billed", "credited", "paid", "balance_due"].map(|name| text(of, name).to_owned()),
        );
    }
    assert_eq!(found[0], ["500.00", "0.00", "500.00", "0.00"]);
    assert_eq!(found[1], ["500.00", "500.00", "0.00", "0.00"]);
    house.close().await;
}
