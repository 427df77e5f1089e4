//! What two do at the same moment, through the socket: one of them is first, and the other is told.

use serde_json::{Value, json};

use crate::client::text;
use crate::house::{House, column, list};
use crate::page::{Browser, Form, form, link};
use crate::scope::{ADA, Agreed};
use crate::signing;

/// Sends a form that was filled in before; the page that follows.
async fn press(house: &House, form: &Form) -> String {
    let browser = Browser::new(house);
    let back = browser.submit(&form.action, &form.fields).await;
    browser.open(&back).await.expect(200).text
}

/// The form to sign the offer that came last, filled in.
async fn filled(house: &House) -> Form {
    house.settle().await;
    let url = link(house, house.mails(ADA).await.last().unwrap());
    let page = signing::ask(house, &url, &[]).await;
    let code = signing::code(house, ADA).await;
    let mut form = form(&page, "/sign").expect("a form to sign");
    form.fields
        .retain(|(name, _)| name != "code" && name != "consent");
    form.fields.push(("code".to_owned(), code));
    form.fields.push(("consent".to_owned(), "1".to_owned()));
    form
}

impl Agreed {
    /// A change order that lowers the shop, sent.
    async fn lowered(&self, amount: &str) -> String {
        let estimate = text(&self.scope().await["offers"][0], "estimate_id").to_owned();
        let body = json!({
            "project_id": self.project, "amends": estimate, "title": "Less",
            "changes": [{"scope_line_id": self.shop, "amount": amount}],
        });
        let made = self.house.api.post("/v1/estimates", &body).await.ok();
        let path = format!("/v1/estimates/{}", text(&made, "id"));
        let send = format!("{path}/send");
        self.house.api.post(&send, &json!({})).await.ok();
        path
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bill_and_a_signature_that_takes_it_away() {
    for turn in 0..4 {
        let here = Agreed::open().await;
        for milestone in &here.milestones {
            here.reach(milestone, json!({})).await;
        }
        here.lowered("200.00").await;
        let form = filled(&here.house).await;
        let whole = json!([{"scope_line_id": here.shop, "amount": "500.00"}]);
        let draft = here.draft(whole).await.expect(201).ok();
        let (page, issued) = tokio::join!(press(&here.house, &form), here.issue(&draft));
        let scope = here.scope().await;
        let shop = &list(&scope["lines"])[1];
        let (agreed, billed) = (text(shop, "agreed"), text(shop, "billed"));
        match issued.status {
            200 => {
                assert!(page.contains("nothing was signed"), "turn {turn}: {page}");
                assert_eq!((agreed, billed), ("500.00", "500.00"));
            }
            _ => {
                let codes = ["beyond_scope", "scope_moved", "conflict_try_again"];
                assert!(codes.contains(&issued.code()), "{}", issued.text);
                assert!(page.contains("Accepted on"), "turn {turn}: {page}");
                assert_eq!((agreed, billed), ("200.00", "0.00"));
            }
        }
        here.house.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signature_and_the_version_that_takes_its_place() {
    for turn in 0..4 {
        let here = Agreed::open().await;
        let api = &here.house.api;
        let path = here.lowered("300.00").await;
        let form = filled(&here.house).await;
        api.post(&format!("{path}/revise"), &json!({})).await.ok();
        let other = json!({"changes": [{"scope_line_id": here.shop, "amount": "100.00"}]});
        api.change(&path, &other).await.ok();
        let send = format!("{path}/send");
        let send = api.call("POST", &send).json(&json!({})).send();
        let (page, sent) = tokio::join!(press(&here.house, &form), send);
        let shown = api.get(&path).await.ok();
        let agreed = text(&list(&here.scope().await["lines"])[1], "agreed").to_owned();
        match sent.status {
            200 => {
                assert_eq!((text(&shown, "state"), agreed.as_str()), ("sent", "500.00"));
                assert!(
                    page.contains("Replaced by a newer version"),
                    "turn {turn}: {page}"
                );
            }
            _ => {
                // What is accepted is accepted: a next version has nothing to take the place of.
                // Read before the signature beside a scope read after it, it is the scope that moved.
                let codes = [
                    "already_accepted",
                    "estimate_sent",
                    "scope_moved",
                    "conflict_try_again",
                ];
                assert!(codes.contains(&sent.code()), "{}", sent.text);
                assert_eq!(
                    (text(&shown, "state"), agreed.as_str()),
                    ("accepted", "300.00")
                );
                assert!(page.contains("Accepted on"), "turn {turn}: {page}");
            }
        }
        here.house.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_offer_is_accepted_once() {
    let here = Agreed::open().await;
    here.lowered("300.00").await;
    let form = filled(&here.house).await;
    let (first, second) = tokio::join!(press(&here.house, &form), press(&here.house, &form));
    for page in [first, second] {
        assert!(page.contains("Accepted on"), "{page}");
    }
    let scope = here.scope().await;
    assert_eq!(list(&scope["offers"]).len(), 2);
    here.house.settle().await;
    let subjects = here.house.subjects(ADA).await;
    let signed = subjects
        .iter()
        .filter(|subject| subject.starts_with("Signed: change order"));
    assert_eq!(signed.count(), 1, "{subjects:?}");
    here.house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_bills_at_once_all_or_none_fit() {
    let here = Agreed::open().await;
    for milestone in &here.milestones {
        here.reach(milestone, json!({})).await;
    }
    // Seven of 90.00 of a line of 500.00: five fit.
    let mut drafts: Vec<Value> = Vec::new();
    for _ in 0..7 {
        let lines = json!([{"scope_line_id": here.shop, "amount": "90.00"}]);
        drafts.push(here.draft(lines).await.expect(201).ok());
    }
    for _ in 0..7 {
        let [a, b, c, d, e, f, g] = [0, 1, 2, 3, 4, 5, 6].map(|at| here.issue(&drafts[at]));
        let answers = tokio::join!(a, b, c, d, e, f, g);
        let answers = [
            answers.0, answers.1, answers.2, answers.3, answers.4, answers.5, answers.6,
        ];
        for (draft, answer) in drafts.iter().zip(answers) {
            // Who was seen before another was faster looks again, and tries again.
            if answer.code() == "scope_moved" {
                let path = format!("/v1/invoices/{}", text(draft, "id"));
                let etag = here.house.api.get(&path).await.etag();
                here.house.api.patch(&path, &etag, &json!({})).await;
            }
        }
    }
    let scope = here.scope().await;
    assert_eq!(column(&list(&scope["lines"]), "billed"), ["0.00", "450.00"]);
    let path = format!("/v1/invoices?project_id={}", here.project);
    let invoices = list(&here.house.api.get(&path).await.ok()["data"]);
    let open = invoices
        .iter()
        .filter(|invoice| invoice["status"] == "open");
    let mut numbers: Vec<String> = open
        .map(|invoice| text(invoice, "number").to_owned())
        .collect();
    numbers.sort();
    assert_eq!(
        numbers,
        [
            "INV-2040-00001",
            "INV-2040-00002",
            "INV-2040-00003",
            "INV-2040-00004",
            "INV-2040-00005"
        ]
    );
    here.house.close().await;
}
