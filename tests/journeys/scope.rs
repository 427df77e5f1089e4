//! Nothing is billed beyond what the client accepted.

use serde_json::{Value, json};

use crate::client::{Answer, text};
use crate::estimates::offer;
use crate::house::{House, column, list};
use crate::page::Browser;
use crate::projects::project;
use crate::signing::accept;

pub const ADA: &str = "ada@aurora.example";

/// A project whose client accepted a site for 1,000.00 net and a shop for 500.00, in two stages.
pub struct Agreed {
    pub house: House,
    pub client: String,
    pub project: String,
    pub site: String,
    pub shop: String,
    pub milestones: Vec<String>,
}

impl Agreed {
    pub async fn open() -> Self {
        let house = House::open().await;
        let api = &house.api;
        let client = text(&api.client(ADA, json!({})).await, "id").to_owned();
        let project = project(api, &client, "Site").await;
        let mut agreed = Self {
            house,
            client,
            project,
            site: String::new(),
            shop: String::new(),
            milestones: Vec::new(),
        };
        let free = agreed.scope().await;
        assert_eq!(free["accepted"], false);
        // Written while work was billed freely, and not issued in time.
        let work = json!([{"description": "Work", "quantity": "1", "unit_price": "10"}]);
        let draft = agreed.draft(work).await.expect(201).ok();
        assert_eq!(draft["scope"], Value::Null);
        agreed.offer(&offer(&agreed.project)).await;
        let scope = agreed.scope().await;
        let ids = column(&list(&scope["lines"]), "id");
        (agreed.site, agreed.shop) = (ids[0].clone(), ids[1].clone());
        let late = agreed.issue(&draft).await.refused(422, "invalid_body");
        assert_eq!(
            late.faults(),
            ["/lines/0/scope_line_id scope_line_required"]
        );
        agreed.milestones = column(&list(&scope["milestones"]), "id");
        agreed
    }

    /// Has an estimate accepted, with all its options.
    pub async fn offer(&self, body: &Value) {
        let made = self.house.api.post("/v1/estimates", body).await.ok();
        let send = format!("/v1/estimates/{}/send", text(&made, "id"));
        self.house.api.post(&send, &json!({})).await.ok();
        let lines = list(&made["draft"]["content"]["lines"]);
        let options: Vec<&str> = lines
            .iter()
            .filter(|line| line["optional"] == true)
            .map(|line| text(line, "id"))
            .collect();
        accept(&self.house, ADA, &options).await;
    }

    pub async fn scope(&self) -> Value {
        let path = format!("/v1/projects/{}/scope", self.project);
        self.house.api.get(&path).await.ok()
    }

    pub async fn reach(&self, milestone: &str, body: Value) {
        let path = format!("/v1/projects/{}/milestones/{milestone}/reach", self.project);
        self.house.api.post(&path, &body).await.ok();
    }

    /// Asks for a draft of these lines.
    pub async fn draft(&self, lines: Value) -> Answer {
        let body = json!({"client_id": self.client, "project_id": self.project, "lines": lines});
        let call = self.house.api.call("POST", "/v1/invoices").json(&body);
        call.send().await
    }

    pub async fn issue(&self, draft: &Value) -> Answer {
        let path = format!("/v1/invoices/{}/issue", text(draft, "id"));
        let call = self.house.api.call("POST", &path).json(&json!({}));
        call.send().await
    }

    /// What is billed of each accepted line.
    pub async fn billed(&self) -> Vec<String> {
        column(&list(&self.scope().await["lines"]), "billed")
    }
}

#[tokio::test]
async fn work_is_billed_in_parts_up_to_what_was_accepted() {
    let here = Agreed::open().await;
    let (site, shop) = (here.site.as_str(), here.shop.as_str());
    let scope = here.scope().await;
    assert_eq!(
        [text(&scope, "agreed"), text(&scope, "billed")],
        ["1500.00", "0.00"]
    );
    // The first stage is 40 percent, and nothing says that it is reached.
    let third = json!([{"scope_line_id": site, "percent_to_date": "33.333"}]);
    here.draft(third.clone())
        .await
        .refused(409, "milestone_not_reached");
    here.reach(&here.milestones[0], json!({})).await;
    let draft = here.draft(third).await.expect(201).ok();
    assert_eq!(
        draft["scope"],
        json!([{
            "project_id": here.project, "scope_line_id": site, "description": "Site",
            "agreed": "1000.00", "billed_before": "0.00", "this": "333.33", "left": "666.67",
        }])
    );
    assert_eq!(text(&draft["lines"][0], "description"), "Site");
    assert_eq!(text(&draft["totals"], "total"), "396.66");
    // What is shown can be sent back.
    let path = format!("/v1/invoices/{}", text(&draft, "id"));
    let same = here
        .house
        .api
        .change(&path, &json!({"lines": draft["lines"]}))
        .await;
    assert_eq!(same.ok()["totals"], draft["totals"]);
    let first = here.issue(&draft).await.expect(200).ok();
    assert_eq!(first["scope"], draft["scope"]);
    // The client sees how the invoice hangs together with what was signed.
    let page = Browser::new(&here.house).open(text(&first, "url")).await;
    let page = page.expect(200).text;
    for said in ["agreed €1,000.00", "billed before €0.00", "€666.67"] {
        assert!(page.contains(said), "{said}: {page}");
    }
    assert_eq!(here.billed().await, ["333.33", "0.00"]);

    // Beyond the stage; then beyond the line, by amount and by quantity.
    let more = json!([{"scope_line_id": shop, "amount": "266.68"}]);
    here.draft(more).await.refused(409, "milestone_not_reached");
    let note = json!({"client_agreed": "Ada wrote that we may bill the rest now."});
    here.reach(&here.milestones[1], note).await;
    let over = json!([{"scope_line_id": shop, "amount": "500.01"}]);
    let over = here.draft(over).await.refused(409, "beyond_scope");
    assert!(text(&over.body, "detail").contains("0.01 EUR beyond it"));
    let twice = json!([{"scope_line_id": shop, "quantity": "2"}]);
    here.draft(twice).await.refused(409, "beyond_scope");
    let free = json!([{"description": "More", "quantity": "1", "unit_price": "10"}]);
    let free = here.draft(free).await.refused(422, "invalid_body");
    assert_eq!(
        free.faults(),
        ["/lines/0/scope_line_id scope_line_required"]
    );

    let rest = json!([
        {"scope_line_id": site, "percent_to_date": "100"},
        {"scope_line_id": shop, "quantity": "1"}
    ]);
    let rest = here.draft(rest).await.expect(201).ok();
    let last = here.issue(&rest).await.expect(200).ok();
    assert_eq!(here.billed().await, ["1000.00", "500.00"]);
    // Together they are what was signed, to the cent.
    assert_eq!(text(&last["totals"], "total"), "1388.34");
    assert_eq!(text(&scope["offers"][0], "accepted_total"), "1785.00");

    // What is void can be billed again.
    let void = format!("/v1/invoices/{}/void", text(&first, "id"));
    here.house.api.post(&void, &json!({})).await.ok();
    assert_eq!(here.billed().await, ["666.67", "500.00"]);
    let again = json!([{"scope_line_id": site, "percent_to_date": "100"}]);
    let again = here.draft(again).await.expect(201).ok();
    assert_eq!(
        text(
            &here.issue(&again).await.expect(200).ok()["totals"],
            "total"
        ),
        "396.66"
    );
    here.house.close().await;
}

#[tokio::test]
async fn of_two_that_bill_the_same_one_is_refused() {
    let here = Agreed::open().await;
    for milestone in &here.milestones {
        here.reach(milestone, json!({})).await;
    }
    let part = |percent: &str| json!([{"scope_line_id": here.site, "percent_to_date": percent}]);
    let one = here.draft(part("60")).await.expect(201).ok();
    let other = here.draft(part("50")).await.expect(201).ok();
    let (one_issued, other_issued) = tokio::join!(here.issue(&one), here.issue(&other));
    let mut statuses = [one_issued.status, other_issued.status];
    statuses.sort_unstable();
    assert_eq!(
        statuses,
        [200, 409],
        "{} {}",
        one_issued.text,
        other_issued.text
    );
    let (refused, draft) = match one_issued.status {
        409 => (one_issued, one),
        _ => (other_issued, other),
    };
    // It would go beyond the line, or it was made of what no longer stands.
    assert!(
        ["beyond_scope", "scope_moved"].contains(&refused.code()),
        "{}",
        refused.text
    );
    let path = format!("/v1/invoices/{}", text(&draft, "id"));
    let small = json!({"lines": [{"scope_line_id": here.site, "amount": "10.00"}]});
    let anew = here.house.api.change(&path, &small).await.ok();
    assert_eq!(text(&anew["scope"][0], "this"), "10.00");
    here.issue(&anew).await.expect(200);
    here.house.close().await;
}

#[tokio::test]
async fn a_second_estimate_adds_to_what_may_be_billed() {
    let here = Agreed::open().await;
    let seen = here
        .draft(json!([{"scope_line_id": here.site, "amount": "1.00"}]))
        .await;
    seen.refused(409, "milestone_not_reached");
    let later = json!({
        "project_id": here.project, "title": "Texts",
        "lines": [{
            "description": "Texts", "quantity": "3", "unit": "DAY", "unit_price": "400",
            "not_before": "2040-03-20",
        }],
        "charges": [{"description": "Travel", "amount": "90.00"}],
        "discount": {"percent": "10"},
    });
    here.offer(&later).await;
    let scope = here.scope().await;
    let lines = list(&scope["lines"]);
    assert_eq!(
        column(&lines, "agreed"),
        ["1000.00", "500.00", "1080.00", "90.00"]
    );
    assert_eq!(list(&scope["offers"]).len(), 2);
    let (texts, travel) = (text(&lines[2], "id"), text(&lines[3], "id"));
    let early = json!([{"scope_line_id": texts, "quantity": "1"}]);
    here.draft(early.clone()).await.refused(409, "not_yet_due");
    // The stages are those of the first estimate.
    let travel = json!([{"scope_line_id": travel, "percent_to_date": "100"}]);
    let travel = here.draft(travel).await.expect(201).ok();
    here.issue(&travel).await.expect(200);
    here.house.until("2040-03-20T12:00:00Z").await;
    let day = here.draft(early).await.expect(201).ok();
    assert_eq!(text(&day["totals"], "total"), "360.00");
    assert_eq!(text(&day["lines"][0], "quantity"), "1");
    here.house.close().await;
}

#[tokio::test]
async fn a_deposit_is_asked_for_paid_and_taken_off() {
    let here = Agreed::open().await;
    let api = &here.house.api;
    for milestone in &here.milestones {
        here.reach(milestone, json!({})).await;
    }
    let estimate = text(&here.scope().await["offers"][0], "estimate_id").to_owned();
    let ask = json!({
        "client_id": here.client, "project_id": here.project, "deposit_of": estimate,
    });
    let asked = api.post("/v1/invoices", &ask).await.ok();
    // 30 percent of 1,785.00, tax in it.
    assert_eq!(text(&asked["totals"], "total"), "535.50");
    assert_eq!(text(&asked["totals"], "tax"), "85.50");
    assert_eq!(text(&asked, "deposit_of"), estimate);
    assert_eq!(text(&here.scope().await["offers"][0], "deposit"), "535.50");
    let path = format!("/v1/invoices/{}", text(&asked, "id"));
    let noted = api
        .change(&path, &json!({"notes": "Thank you."}))
        .await
        .ok();
    assert_eq!(noted["lines"], asked["lines"]);
    let second = api.post("/v1/invoices", &ask).await.ok();
    let deposit = here.issue(&asked).await.expect(200).ok();
    let offer = here.scope().await["offers"][0].clone();
    assert_eq!(offer["deposit_invoice_id"], deposit["id"]);
    assert_eq!(offer["deposit_deducted"], false);
    // Asked for once, and no part of what is billed.
    here.issue(&second).await.refused(409, "deposit_asked");
    let again = api.call("POST", "/v1/invoices").json(&ask).send().await;
    again.refused(409, "deposit_asked");
    assert_eq!(here.billed().await, ["0.00", "0.00"]);

    // A part is billed without it; the last part waits for it.
    let part = json!([{"scope_line_id": here.site, "percent_to_date": "50"}]);
    let part = here.draft(part).await.expect(201).ok();
    assert_eq!(part["deduct_deposits"], false);
    here.issue(&part).await.expect(200);
    let rest = json!([
        {"scope_line_id": here.site, "percent_to_date": "100"},
        {"scope_line_id": here.shop, "percent_to_date": "100"}
    ]);
    here.draft(rest.clone())
        .await
        .refused(409, "deposit_unsettled");
    api.record(text(&deposit, "id"), "535.50").await;
    let last = here.draft(rest).await.expect(201).ok();
    let lines = list(&last["lines"]);
    assert_eq!(lines.len(), 3);
    assert_eq!(lines[2]["deposit_id"], deposit["id"]);
    assert_eq!(text(&last["line_totals"][2], "net"), "-450.00");
    // 1,000.00 less the deposit's 450.00, and the tax of both.
    assert_eq!(text(&last["totals"], "total"), "654.50");
    // What is shown can be sent back: the deposit is taken off once.
    let path = format!("/v1/invoices/{}", text(&last, "id"));
    let body = json!({"lines": last["lines"]});
    let same = api.change(&path, &body).await.ok();
    assert_eq!(same["totals"], last["totals"]);
    let issued = here.issue(&last).await.expect(200).ok();
    let page = Browser::new(&here.house).open(text(&issued, "url")).await;
    let page = page.expect(200).text;
    assert!(page.contains("Less deposit"), "{page}");
    assert_eq!(here.billed().await, ["1000.00", "500.00"]);
    // 535.50 and 595.00 and 654.50 are the 1,785.00 that were signed.

    // Void, and the deposit is there to be taken off again.
    api.void(text(&issued, "id")).await;
    let early = json!({
        "client_id": here.client, "project_id": here.project, "deduct_deposits": true,
        "lines": [{"scope_line_id": here.site, "percent_to_date": "100"}],
    });
    let early = api.post("/v1/invoices", &early).await.ok();
    assert_eq!(text(&early["totals"], "total"), "59.50");
    here.issue(&early).await.expect(200);
    let shop = json!([{"scope_line_id": here.shop, "percent_to_date": "100"}]);
    let shop = here.draft(shop).await.expect(201).ok();
    assert_eq!(text(&shop["totals"], "total"), "595.00");
    here.issue(&shop).await.expect(200);
    here.house.close().await;
}

#[tokio::test]
async fn a_deposit_that_is_void_is_asked_for_again() {
    let here = Agreed::open().await;
    let api = &here.house.api;
    let estimate = text(&here.scope().await["offers"][0], "estimate_id").to_owned();
    let ask = json!({
        "client_id": here.client, "project_id": here.project, "deposit_of": estimate,
    });
    for _ in 0..2 {
        let asked = api.post("/v1/invoices", &ask).await.ok();
        let deposit = here.issue(&asked).await.expect(200).ok();
        let page = Browser::new(&here.house).open(text(&deposit, "url")).await;
        assert!(page.expect(200).text.contains("your deposit"));
        api.void(text(&deposit, "id")).await;
    }
    let nowhere = json!({
        "client_id": here.client, "project_id": here.project,
        "deposit_of": "est_01kc000000e008000000000001",
    });
    let unknown = api.call("POST", "/v1/invoices").json(&nowhere).send().await;
    assert_eq!(
        unknown.refused(422, "invalid_body").faults(),
        ["/deposit_of unknown_reference"]
    );
    let cheaper = json!({
        "client_id": here.client, "project_id": here.project, "deposit_of": estimate,
        "discount": {"percent": "10"}, "charges": [{"description": "Fee", "amount": "5"}],
    });
    let cheaper = api.call("POST", "/v1/invoices").json(&cheaper).send().await;
    assert_eq!(
        cheaper.refused(422, "invalid_body").faults(),
        ["/discount agreed_already", "/charges agreed_already"]
    );
    let homeless = json!({"client_id": here.client, "deposit_of": estimate});
    let homeless = api
        .call("POST", "/v1/invoices")
        .json(&homeless)
        .send()
        .await;
    assert_eq!(
        homeless.refused(422, "invalid_body").faults(),
        ["/project_id required"]
    );
    here.house.close().await;
}
