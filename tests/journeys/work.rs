//! Work is noted, approved by somebody else, billed once, and shown to the client.

use serde_json::{Value, json};

use crate::client::{Answer, Api, text};
use crate::files;
use crate::house::{House, column, list};
use crate::page::{Browser, link};
use crate::projects::project;
use crate::signing::accept;
use crate::team::join;

const ADA: &str = "ada@aurora.example";

/// An agency of two with a client and a project, whose work costs 90.00 an hour and 0.42 a
/// kilometre.
pub struct Studio {
    pub house: House,
    /// A viewer, who works.
    pub mina: Api,
    pub client: String,
    pub project: String,
}

impl Studio {
    pub async fn open() -> Self {
        Self::open_for(json!({})).await
    }

    async fn open_for(client: Value) -> Self {
        let house = House::open().await;
        let (_, mina) = join(&house.api, "mina@studio.example", "viewer").await;
        let never = json!({"approvals": {"estimates": {"when": "never"}}});
        house.api.change("/v1/settings", &never).await.ok();
        let client = house.api.client(ADA, client).await;
        let client = text(&client, "id").to_owned();
        let project = project(&house.api, &client, "Site").await;
        let body = json!({
            "tasks": [{"key": "design", "name": "Web design"}, {"key": "travel", "name": "Travel"}],
            "rates": [
                {"per": "hour", "currency": "EUR", "unit_price": "90"},
                {"per": "hour", "currency": "EUR", "task": "travel", "unit_price": "45"},
                {"per": "km", "currency": "EUR", "unit_price": "0.42"},
            ],
            "taxes": [{"name": "VAT", "rate": "19"}],
        });
        let studio = Self {
            house,
            mina,
            client,
            project,
        };
        studio.agree("/v1/work-settings", &body).await;
        studio
    }

    async fn agree(&self, path: &str, body: &Value) {
        let api = &self.house.api;
        let tag = api.get(path).await.etag();
        api.call("PUT", path)
            .if_match(&tag)
            .json(body)
            .send()
            .await
            .ok();
    }

    /// Mina's time, with more laid over it.
    pub async fn note(&self, minutes: u32, more: Value) -> Value {
        let mut body = json!({
            "kind": "time", "project_id": self.project, "worked_on": "2040-03-05",
            "description": "Start page", "minutes": minutes,
        });
        crate::house::lay_over(&mut body, more);
        self.mina
            .post("/v1/work-entries", &body)
            .await
            .expect(201)
            .ok()
    }

    pub async fn submit(&self, entries: &[Value]) -> Vec<Value> {
        let ids: Vec<Value> = entries
            .iter()
            .map(|entry| json!({"id": entry["id"]}))
            .collect();
        let body = json!({"entries": ids});
        list(&self.mina.post("/v1/work-entries/submit", &body).await.ok()["data"])
    }

    pub async fn review(&self, word: &str, entries: &[Value], more: Value) -> Answer {
        let seen = |entry: &Value| json!({"id": entry["id"], "version": entry["version"]});
        let mut body = json!({"entries": entries.iter().map(seen).collect::<Vec<_>>()});
        crate::house::lay_over(&mut body, more);
        self.house
            .api
            .post(&format!("/v1/work-entries/{word}"), &body)
            .await
    }

    /// Mina's time, submitted and approved.
    pub async fn approved(&self, minutes: u32, more: Value) -> Value {
        let entry = self.note(minutes, more).await;
        let submitted = self.submit(&[entry]).await;
        let approved = self.review("approve", &submitted, json!({})).await.ok();
        approved["data"][0].clone()
    }

    pub async fn gather(&self, more: Value) -> Answer {
        let mut body = json!({"client_id": self.client});
        crate::house::lay_over(&mut body, more);
        self.house.api.post("/v1/invoices/gather", &body).await
    }

    /// The draft of all that is ready.
    pub async fn draft(&self) -> Value {
        let drafts = list(&self.gather(json!({})).await.ok()["data"]);
        assert_eq!(drafts.len(), 1);
        drafts[0].clone()
    }

    pub async fn state(&self, entry: &Value) -> String {
        let path = format!("/v1/work-entries/{}", text(entry, "id"));
        text(&self.mina.get(&path).await.ok(), "state").to_owned()
    }

    /// Entries that wait to be billed.
    async fn ready(&self) -> u64 {
        let path = format!("/v1/ready-to-bill?client_id={}", self.client);
        let ready = list(&self.house.api.get(&path).await.ok()["data"]);
        let entries = ready
            .iter()
            .map(|found| found["work"]["entries"].as_u64().unwrap());
        entries.sum()
    }
}

fn lines(draft: &Value) -> Vec<String> {
    let lines = list(&draft["lines"]);
    let said = lines.iter().map(|line| {
        let unit = line["unit"].as_str().unwrap_or("-");
        format!(
            "{}: {} {unit} x {}",
            text(line, "description"),
            text(line, "quantity"),
            text(line, "unit_price")
        )
    });
    said.collect()
}

#[tokio::test]
async fn work_becomes_an_invoice_that_shows_it() {
    let here = Studio::open().await;
    let (api, house) = (&here.house.api, &here.house);
    let receipt = files::stored(&here.mina, b"%PDF-1.7 a ticket").await;
    let noted = [
        here.note(90, json!({"task": "design"})).await,
        here.note(50, json!({"task": "design", "worked_on": "2040-03-02", "description": "Sketches"})).await,
        here.note(60, json!({"task": "travel"})).await,
        here.note(30, json!({"billable": false, "description": "Backup"})).await,
        here.note(0, json!({"kind": "mileage", "minutes": null, "distance": "42.5", "unit": "km", "description": "To the workshop"})).await,
        here.note(0, json!({"kind": "expense", "minutes": null, "amount": "200.00", "markup_percent": "10", "merchant": "Rail", "receipt_file_id": receipt, "taxes": [], "description": "Ticket"})).await,
    ];
    assert_eq!(here.ready().await, 0);
    let submitted = here.submit(&noted).await;
    assert_eq!(
        list(&api.get("/v1/work-entries").await.ok()["data"]).len(),
        6
    );
    let own = here.mina.call("POST", "/v1/work-entries/approve");
    let own = own.json(&json!({"entries": []})).send().await;
    own.refused(403, "forbidden_role");
    here.review("approve", &submitted, json!({})).await.ok();
    house.settle().await;
    let kinds: Vec<String> = column(&house.events().await, "detail-type")
        .into_iter()
        .filter(|kind| kind.starts_with("work."))
        .collect();
    assert_eq!(kinds, ["work.submitted", "work.approved"]);
    // What nobody is billed for does not wait.
    assert_eq!(here.ready().await, 5);

    let draft = here.draft().await;
    assert_eq!(
        lines(&draft),
        [
            "Web design: 2.333333 HUR x 90",
            "Travel: 1 HUR x 45",
            "Site: 42.5 KMT x 0.42",
            "Ticket (Rail): 1 - x 220",
        ]
    );
    // 2.333333 x 90 is 210.00; the ticket is not taxed.
    assert_eq!(text(&draft["totals"], "net"), "492.85");
    assert_eq!(text(&draft["totals"], "tax"), "51.84");
    assert_eq!(draft["work_entries"], 5);
    assert_eq!(here.ready().await, 0);
    assert!(list(&here.gather(json!({})).await.ok()["data"]).is_empty());
    for entry in noted.iter().filter(|entry| entry["billable"] == true) {
        let path = format!("/v1/work-entries/{}", text(entry, "id"));
        let billed = here.mina.get(&path).await.ok();
        assert_eq!(
            (&billed["state"], &billed["invoice_id"]),
            (&json!("billed"), &draft["id"])
        );
        let back = here
            .review("reject", &[billed], json!({"reason": "Late"}))
            .await;
        back.refused(409, "work_fixed");
    }

    let path = format!("/v1/invoices/{}", text(&draft, "id"));
    let sheet = api.get(&format!("{path}/timesheet")).await.ok();
    let shares = column(&list(&sheet["lines"][0]["entries"]), "amount");
    assert_eq!(shares, ["75.00", "135.00"]);
    assert_eq!(
        sheet["lines"][3]["entries"][0]["receipt"],
        "Vertrag Müller.pdf"
    );
    // The lines of the work stay; a discount on one, and a line of one's own, are the agency's.
    let mut kept = list(&draft["lines"]);
    let none = json!({"lines": [kept[0]]});
    api.change(&path, &none)
        .await
        .refused(409, "work_lines_changed");
    kept[1]["discount"] = json!({"percent": "100"});
    kept.push(json!({"description": "Domain", "quantity": "1", "unit_price": "12"}));
    let changed = api.change(&path, &json!({ "lines": kept })).await.ok();
    assert_eq!(text(&changed["totals"], "net"), "459.85");

    let issued = api.issue(text(&draft, "id"), true).await;
    assert_eq!(issued["work_entries"], 5);
    house.settle().await;
    let mail = house.mails(ADA).await.pop().unwrap();
    let url = link(house, &mail);
    let browser = Browser::new(house);
    let page = browser.open(&url).await.expect(200).text;
    let way = format!("{}/timesheet", url.strip_prefix(house.url()).unwrap());
    assert!(page.contains(&format!("href=\"{way}\"")), "{page}");
    let shown = browser.open(&way).await.expect(200).text;
    for said in [
        "Timesheet for invoice",
        "3 h 20 min",
        "Sketches",
        "2 March · mina@studio.example · Web design",
        "1 h 30 min",
        "Receipt: Vertrag Müller.pdf",
        "42.5 km",
        "€492.85",
    ] {
        assert!(shown.contains(said), "{said} in {shown}");
    }
    assert!(!shown.contains("Backup"), "{shown}");

    // Voiding gives it back, and the client may still look.
    api.void(text(&draft, "id")).await;
    assert_eq!(here.ready().await, 5);
    browser.open(&way).await.expect(200);
    let again = here.draft().await;
    assert_eq!(lines(&again), lines(&draft));
    here.house.close().await;
}

#[tokio::test]
async fn a_draft_that_is_thrown_away_gives_its_work_back() {
    let here = Studio::open().await;
    let api = &here.house.api;
    let entry = here.approved(60, json!({})).await;
    for _ in 0..2 {
        let draft = here.draft().await;
        assert_eq!(here.state(&entry).await, "billed");
        let path = format!("/v1/invoices/{}", text(&draft, "id"));
        api.call("DELETE", &path).send().await.expect(204);
        assert_eq!(here.state(&entry).await, "approved");
        api.get(&format!("{path}/timesheet"))
            .await
            .refused(404, "not_found");
    }
    // Approved and not billed, it can still be sent back.
    let path = format!("/v1/work-entries/{}", text(&entry, "id"));
    let now = api.get(&path).await.ok();
    let reason = json!({"reason": "Half of it was for another client"});
    here.review("reject", &[now], reason).await.ok();
    assert_eq!(here.ready().await, 0);
    here.house.close().await;
}

#[tokio::test]
async fn an_invoice_that_is_credited_in_whole_gives_its_work_back_unless_out_of_goodwill() {
    let here = Studio::open().await;
    let api = &here.house.api;
    let entry = here.approved(60, json!({})).await;
    let bill = async || {
        let issued = api.issue(text(&here.draft().await, "id"), false).await;
        text(&issued, "id").to_owned()
    };
    let credit = async |invoice: &str, more: Value| {
        let mut body = json!({"reason": "It was for another client"});
        crate::house::lay_over(&mut body, more);
        let path = format!("/v1/invoices/{invoice}/credit-notes");
        api.post(&path, &body).await.expect(201).ok()
    };
    let invoice = bill().await;
    api.record(&invoice, "100.00").await;
    credit(&invoice, json!({"amount": "50.00"})).await;
    assert_eq!(here.state(&entry).await, "billed");
    credit(&invoice, json!({})).await;
    assert_eq!(here.state(&entry).await, "approved");
    let invoice = bill().await;
    credit(&invoice, json!({"amount": "1.00", "goodwill": true})).await;
    credit(&invoice, json!({})).await;
    assert_eq!(here.state(&entry).await, "billed");
    assert_eq!(here.ready().await, 0);
    here.house.close().await;
}

#[tokio::test]
async fn lines_are_grouped_as_is_agreed_or_asked_for() {
    let here = Studio::open().await;
    let own = format!("/v1/projects/{}/work-settings", here.project);
    let agreed = json!({"grouping": "member", "round_up_to_minutes": 15});
    here.agree(&own, &agreed).await;
    for (minutes, task) in [(20, "design"), (40, "travel")] {
        here.approved(minutes, json!({"task": task})).await;
    }
    let draft = here.draft().await;
    assert_eq!(
        lines(&draft),
        [
            "mina@studio.example: 0.5 HUR x 90",
            "mina@studio.example: 0.75 HUR x 45"
        ]
    );
    let path = format!("/v1/invoices/{}", text(&draft, "id"));
    here.house
        .api
        .call("DELETE", &path)
        .send()
        .await
        .expect(204);
    let drafts = here.gather(json!({"work_grouping": "entry"})).await.ok();
    assert_eq!(
        lines(&drafts["data"][0]),
        ["Start page: 0.5 HUR x 90", "Start page: 0.75 HUR x 45"]
    );
    here.house.close().await;
}

#[tokio::test]
async fn some_of_the_work_comes_along_by_day_by_name_or_by_project() {
    let here = Studio::open().await;
    let api = &here.house.api;
    let early = here.approved(60, json!({"worked_on": "2040-02-28"})).await;
    let late = here.approved(60, json!({})).await;
    let none = here.gather(json!({"work_ids": []})).await.ok();
    assert_eq!(none["data"], json!([]));
    let foreign = json!({"work_ids": [late["id"], "wrk_00000000000000000000000001"]});
    let foreign = here.gather(foreign).await;
    assert_eq!(
        foreign.refused(422, "invalid_body").faults(),
        ["/work_ids/1 unknown_reference"]
    );
    let until = here.gather(json!({"work_until": "2040-02-29"})).await.ok();
    assert_eq!(until["data"][0]["work_entries"], 1);
    assert_eq!(here.state(&early).await, "billed");
    assert_eq!(here.state(&late).await, "approved");
    let faulty = json!({"work_grouping": "day", "work_until": "soon", "work_ids": "all"});
    let faults = here
        .gather(faulty)
        .await
        .refused(422, "invalid_body")
        .faults();
    assert_eq!(
        faults,
        [
            "/work_grouping unknown_value",
            "/work_until bad_date",
            "/work_ids wrong_type"
        ]
    );
    // Two projects on one invoice, each with its own part of the sheet.
    let app = project(api, &here.client, "App").await;
    here.approved(30, json!({"project_id": app, "description": "Prototype"}))
        .await;
    let draft = here.draft().await;
    assert_eq!(column(&list(&draft["sections"]), "name"), ["Site", "App"]);
    let issued = api.issue(text(&draft, "id"), false).await;
    let sheet = format!("{}/timesheet", text(&issued, "url"));
    let page = Browser::new(&here.house)
        .open(&sheet)
        .await
        .expect(200)
        .text;
    assert!(page.contains("Prototype") && page.contains("App"), "{page}");
    here.house.close().await;
}

#[tokio::test]
async fn on_a_signed_scope_work_counts_against_it() {
    let here = Studio::open().await;
    let api = &here.house.api;
    let offer = json!({
        "project_id": here.project, "title": "Site",
        "lines": [{"description": "Design", "quantity": "2", "unit": "HUR", "unit_price": "90", "taxes": [{"name": "VAT", "rate": "7"}]}],
    });
    let free = here.note(30, json!({})).await;
    let made = api.post("/v1/estimates", &offer).await.ok();
    let send = format!("/v1/estimates/{}/send", text(&made, "id"));
    api.post(&send, &json!({})).await.ok();
    accept(&here.house, ADA, &[]).await;
    let scope = api
        .get(&format!("/v1/projects/{}/scope", here.project))
        .await
        .ok();
    let line = scope["lines"][0]["id"].clone();
    // What was noted before the client accepted has to be placed first.
    let submitted = here.submit(&[free]).await;
    let refused = here.review("approve", &submitted, json!({})).await;
    refused.refused(409, "work_outside_scope");
    let body = json!({
        "kind": "time", "project_id": here.project, "worked_on": "2040-03-05",
        "description": "Start page", "minutes": 60,
    });
    let outside = here
        .mina
        .call("POST", "/v1/work-entries")
        .json(&body)
        .send()
        .await;
    let faults = outside.refused(422, "invalid_body").faults();
    assert_eq!(faults, ["/scope_line_id scope_line_required"]);
    // What nobody pays for needs no place.
    here.note(60, json!({"billable": false})).await;

    let first = here.approved(90, json!({"scope_line_id": line})).await;
    let second = here.approved(60, json!({"scope_line_id": line})).await;
    let beyond = here.gather(json!({})).await;
    assert!(beyond.refused(409, "beyond_scope").text.contains("45.00"));
    assert_eq!(here.state(&first).await, "approved");
    let drafts = here.gather(json!({"work_ids": [first["id"]]})).await.ok();
    let draft = &drafts["data"][0];
    // At the taxes that were accepted.
    assert_eq!(text(&draft["totals"], "tax"), "9.45");
    assert_eq!(
        text(&draft["lines"][0], "scope_line_id"),
        line.as_str().unwrap()
    );
    api.issue(text(draft, "id"), false).await;
    let scope = api
        .get(&format!("/v1/projects/{}/scope", here.project))
        .await
        .ok();
    assert_eq!(text(&scope, "billed"), "135.00");
    let spent = here.gather(json!({})).await;
    spent.refused(409, "beyond_scope");
    // Voiding gives both back: the work, and the scope.
    api.void(text(draft, "id")).await;
    let scope = api
        .get(&format!("/v1/projects/{}/scope", here.project))
        .await
        .ok();
    assert_eq!(text(&scope, "billed"), "0.00");
    let back = here.gather(json!({"work_ids": [first["id"]]})).await.ok();
    assert_eq!(back["data"][0]["work_entries"], 1);
    assert_eq!(here.state(&second).await, "approved");
    here.house.close().await;
}

#[tokio::test]
async fn an_accepted_line_that_work_counts_against_is_billed_by_the_work_alone() {
    let here = Studio::open().await;
    let api = &here.house.api;
    let offer = json!({
        "project_id": here.project, "title": "Site",
        "lines": [
            {"description": "Design", "quantity": "1", "unit_price": "500", "not_before": "2040-03-01"},
            {"description": "Hosting", "quantity": "1", "unit_price": "100", "not_before": "2040-03-01"},
        ],
    });
    let made = api.post("/v1/estimates", &offer).await.ok();
    let send = format!("/v1/estimates/{}/send", text(&made, "id"));
    api.post(&send, &json!({})).await.ok();
    accept(&here.house, ADA, &[]).await;
    let scope = api
        .get(&format!("/v1/projects/{}/scope", here.project))
        .await
        .ok();
    here.approved(60, json!({"scope_line_id": scope["lines"][0]["id"]}))
        .await;
    let draft = here.draft().await;
    assert_eq!(lines(&draft), ["Hosting: 1 - x 100", "Site: 1 HUR x 90"]);
    here.house.close().await;
}

#[tokio::test]
async fn one_invoice_takes_so_much_and_says_how_to_go_on() {
    let here = Studio::open().await;
    let mut noted = Vec::new();
    for _ in 0..79 {
        noted.push(here.note(6, json!({})).await);
    }
    for part in noted.chunks(50) {
        let submitted = here.submit(part).await;
        here.review("approve", &submitted, json!({})).await.ok();
    }
    let too_much = here.gather(json!({})).await.refused(409, "too_much_work");
    assert!(too_much.text.contains("work_until"), "{}", too_much.text);
    let ids: Vec<Value> = noted[..78]
        .iter()
        .map(|entry| entry["id"].clone())
        .collect();
    let drafts = here.gather(json!({ "work_ids": ids })).await.ok();
    let draft = &drafts["data"][0];
    assert_eq!(lines(draft), ["Site: 7.8 HUR x 90"]);
    let issued = here.house.api.issue(text(draft, "id"), true).await;
    assert_eq!(here.ready().await, 1);
    here.house.api.void(text(&issued, "id")).await;
    assert_eq!(here.ready().await, 79);
    here.house.close().await;
}

#[tokio::test]
async fn the_sheet_is_in_the_clients_language() {
    let here = Studio::open_for(json!({"language": "ko"})).await;
    here.approved(100, json!({"task": "design"})).await;
    let draft = here.draft().await;
    let issued = here.house.api.issue(text(&draft, "id"), false).await;
    let browser = Browser::new(&here.house);
    let page = browser.open(text(&issued, "url")).await.expect(200).text;
    assert!(page.contains("작업 내역 보기"), "{page}");
    let sheet = format!("{}/timesheet", text(&issued, "url"));
    let shown = browser.open(&sheet).await.expect(200).text;
    for said in [
        "작업 내역서",
        "1시간 40분",
        "1.666667시간 × €90.00",
        "3월 5일",
    ] {
        assert!(shown.contains(said), "{said} in {shown}");
    }
    // An invoice of no work has neither the link nor the page.
    let plain = here
        .house
        .api
        .issued(&here.client, "10.00", json!({}))
        .await;
    let page = browser.open(text(&plain, "url")).await.expect(200).text;
    assert!(!page.contains("timesheet"), "{page}");
    let none = browser
        .open(&format!("{}/timesheet", text(&plain, "url")))
        .await;
    none.expect(404);
    here.house.close().await;
}
