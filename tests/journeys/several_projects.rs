//! One invoice over several projects: what is ready, sections, and whose money a payment is.

use serde_json::{Value, json};

use crate::client::text;
use crate::house::{House, column, list};
use crate::page::Browser;
use crate::signing::accept;
use crate::team::join;

const ADA: &str = "ada@aurora.example";

/// A client with a site and an app, each accepted at 1,000.00 net and half of it reached.
struct Two {
    house: House,
    client: String,
    site: String,
    app: String,
}

impl Two {
    async fn open() -> Self {
        let house = House::open().await;
        let client = house.api.client(ADA, json!({})).await;
        let client = text(&client, "id").to_owned();
        let mut two = Self {
            house,
            client,
            site: String::new(),
            app: String::new(),
        };
        two.site = two.agreed("Site", "Web").await;
        two.app = two.agreed("App", "Mobile").await;
        two
    }

    async fn agreed(&self, name: &str, team: &str) -> String {
        let api = &self.house.api;
        let body = json!({"client_id": self.client, "name": name, "team": team});
        let project = api.post("/v1/projects", &body).await.ok();
        let project = text(&project, "id").to_owned();
        let vat = json!([{"name": "VAT", "rate": "19"}]);
        let body = json!({
            "project_id": project,
            "title": name,
            "lines": [
                {"description": format!("{name}: design"), "quantity": "1", "unit_price": "333.33", "taxes": vat},
                {"description": format!("{name}: build"), "quantity": "1", "unit_price": "666.67", "taxes": vat},
            ],
            "schedule": {"milestones": [
                {"title": "First half", "percent": "50", "due_date": "2040-03-05"},
                {"title": "The rest", "remainder": true, "due_date": "2040-04-05"},
            ]},
        });
        let made = api.post("/v1/estimates", &body).await.ok();
        let send = format!("/v1/estimates/{}/send", text(&made, "id"));
        api.post(&send, &json!({})).await.ok();
        accept(&self.house, ADA, &[]).await;
        project
    }

    async fn ready(&self) -> Vec<Value> {
        let path = format!("/v1/ready-to-bill?client_id={}", self.client);
        list(&self.house.api.get(&path).await.ok()["data"])
    }

    async fn gather(&self, more: Value) -> Vec<Value> {
        let mut body = json!({"client_id": self.client});
        for (name, value) in more.as_object().unwrap() {
            body[name] = value.clone();
        }
        let made = self.house.api.post("/v1/invoices/gather", &body).await.ok();
        list(&made["data"])
    }
}

#[tokio::test]
async fn what_is_ready_comes_on_one_clear_invoice() {
    let here = Two::open().await;
    let (api, house) = (&here.house.api, &here.house);
    let ready = here.ready().await;
    assert_eq!(column(&ready, "name"), ["Site", "App"]);
    assert_eq!(column(&ready, "net"), ["500.00", "500.00"]);
    let lines = column(&list(&ready[0]["lines"]), "amount");
    assert_eq!(lines, ["166.67", "333.33"]);

    let drafts = here.gather(json!({})).await;
    assert_eq!(drafts.len(), 1);
    let draft = &drafts[0];
    assert_eq!(text(&draft["totals"], "total"), "1190.00");
    let sections = list(&draft["sections"]);
    assert_eq!(column(&sections, "team"), ["Web", "Mobile"]);
    assert_eq!(column(&sections, "subtotal"), ["500.00", "500.00"]);
    assert_eq!(column(&sections, "payable"), ["595.00", "595.00"]);
    let issued = api.issue(text(draft, "id"), true).await;
    assert!(here.ready().await.is_empty());
    assert!(here.gather(json!({})).await.is_empty());

    // The page has a heading and a subtotal for each, the mail a row for each.
    let page = Browser::new(house).open(text(&issued, "url")).await;
    let page = page.expect(200).text;
    for said in ["Site · Web", "App · Mobile", "Subtotal"] {
        assert!(page.contains(said), "{said} in {page}");
    }
    house.settle().await;
    let mail = house.mails(ADA).await.pop().unwrap();
    assert!(text(&mail, "text").contains("Site · Web"), "{mail}");

    // A payment without a word is in proportion; one with a word is as the payer says.
    let id = text(&issued, "id");
    api.record(id, "100.01").await;
    let paid = column(&list(&api.invoice(id).await["sections"]), "paid");
    assert_eq!(paid, ["50.01", "50.00"]);
    let pay = format!("/v1/invoices/{id}/payments");
    let body = |amount: &str, of: &str, part: &str| json!({"amount": amount, "projects": [{"project_id": of, "amount": part}]});
    for (body, fault) in [
        (
            body("10", &here.client.replace("cli_", "prj_"), "10"),
            "/projects/0/project_id unknown_reference",
        ),
        (
            body("600", &here.app, "545.01"),
            "/projects/0/amount share_too_large",
        ),
        (
            body("10", &here.app, "10.01"),
            "/projects/0/amount share_too_large",
        ),
        (
            body("10", &here.app, "0.001"),
            "/projects/0/amount too_many_decimals",
        ),
    ] {
        let refused = api.call("POST", &pay).json(&body).send().await;
        assert_eq!(refused.refused(422, "invalid_body").faults(), [fault]);
    }
    api.post(&pay, &body("345", &here.app, "300")).await.ok();
    let paid = column(&list(&api.invoice(id).await["sections"]), "paid");
    // The 45.00 that nobody spoke of: in proportion to 544.99 and 245.00.
    assert_eq!(paid, ["81.05", "363.96"]);

    let totals =
        |what: String| async move { api.get(&format!("/v1/project-totals?{what}")).await.ok() };
    let of_client = totals(format!("client_id={}", here.client)).await;
    let rows = list(&of_client["data"]);
    assert_eq!(column(&rows, "billed"), ["595.00", "595.00"]);
    assert_eq!(column(&rows, "paid"), ["81.05", "363.96"]);
    assert_eq!(column(&rows, "balance_due"), ["513.95", "231.04"]);
    let of_team = totals("team=Mobile".to_owned()).await;
    assert_eq!(column(&list(&of_team["teams"]), "balance_due"), ["231.04"]);
    let of_project = totals(format!("project_id={}", here.site)).await;
    assert_eq!(of_project["data"][0], rows[0]);
    let both = format!("/v1/project-totals?team=Web&client_id={}", here.client);
    let both = api.call("GET", &both).send().await;
    both.refused(400, "invalid_query");
    here.house.close().await;
}

#[tokio::test]
async fn a_client_may_want_one_for_each_project() {
    let here = Two::open().await;
    let api = &here.house.api;
    let client = format!("/v1/clients/{}", here.client);
    let wish = json!({"invoice_grouping": "one_per_project"});
    let wished = api.change(&client, &wish).await.ok();
    assert_eq!(text(&wished, "invoice_grouping"), "one_per_project");
    let only = here.gather(json!({"project_ids": [here.app]})).await;
    assert_eq!(column(&only, "project_id"), [here.app.as_str()]);
    assert_eq!(only[0]["sections"], json!([]));
    let both = here.gather(json!({})).await;
    assert_eq!(
        column(&both, "project_id"),
        [here.site.as_str(), here.app.as_str()]
    );
    // Of two drafts of the same work one is issued.
    api.issue(text(&only[0], "id"), false).await;
    let issue = format!("/v1/invoices/{}/issue", text(&both[1], "id"));
    let again = api.call("POST", &issue).json(&json!({})).send().await;
    assert!(
        ["beyond_scope", "milestone_not_reached"].contains(&again.code()),
        "{}",
        again.text
    );
    // The next part is ready when its day comes.
    here.house.until("2040-04-05T12:00:00Z").await;
    let ready = here.ready().await;
    assert_eq!(column(&ready, "net"), ["1000.00", "500.00"]);
    here.house.close().await;
}

#[tokio::test]
async fn a_project_names_who_works_on_it() {
    let house = House::open().await;
    let api = &house.api;
    let client = api.client(ADA, json!({})).await;
    let (member, _) = join(api, "mia@studio.example", "biller").await;
    let member = member.rsplit('/').next().unwrap();
    let body =
        json!({"client_id": client["id"], "name": "Site", "team": "Web", "member_ids": [member]});
    let made = api.post("/v1/projects", &body).await.ok();
    assert_eq!(made["member_ids"], json!([member]));
    let path = format!("/v1/projects/{}", text(&made, "id"));
    let twice = json!({"member_ids": [member, member, member.replace(&member[10..12], "zz")]});
    let etag = api.get(&path).await.etag();
    let refused = api.patch(&path, &etag, &twice).await;
    assert_eq!(
        refused.refused(422, "invalid_body").faults(),
        ["/member_ids/1 duplicate", "/member_ids/2 unknown_reference"]
    );
    let none = api.change(&path, &json!({"member_ids": []})).await.ok();
    assert_eq!(none["member_ids"], json!([]));
    let of_team = api.get("/v1/projects?team=Web").await.ok();
    assert_eq!(list(&of_team["data"]).len(), 1);
    let of_team = api.get("/v1/projects?team=Mobile").await.ok();
    assert_eq!(list(&of_team["data"]).len(), 0);
    house.close().await;
}
