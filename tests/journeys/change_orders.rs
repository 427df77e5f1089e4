//! Change orders: what was accepted is changed by what the client signs, and by nothing else.

use serde_json::{Value, json};

use crate::client::text;
use crate::house::{column, list};
use crate::page::{Browser, link};
use crate::scope::{ADA, Agreed};
use crate::signing::{accept, answer};
use crate::team::join;

impl Agreed {
    /// The estimate that was accepted.
    async fn estimate(&self) -> String {
        text(&self.scope().await["offers"][0], "estimate_id").to_owned()
    }

    /// Writes a change order; its path, and itself.
    async fn propose(&self, changes: Value, lines: Value) -> (String, Value) {
        let body = json!({
            "project_id": self.project, "amends": self.estimate().await, "title": "A change",
            "changes": changes, "lines": lines,
        });
        let made = self.house.api.post("/v1/estimates", &body).await.ok();
        (format!("/v1/estimates/{}", text(&made, "id")), made)
    }

    async fn send(&self, path: &str) -> Value {
        let send = format!("{path}/send");
        self.house.api.post(&send, &json!({})).await.ok()
    }

    /// Bills so much of a line, and issues it.
    async fn bill(&self, line: &str, amount: &str) {
        let lines = json!([{"scope_line_id": line, "amount": amount}]);
        let draft = self.draft(lines).await.expect(201).ok();
        self.issue(&draft).await.expect(200);
    }

    async fn agreed(&self) -> Vec<String> {
        column(&list(&self.scope().await["lines"]), "agreed")
    }

    async fn reach_all(&self) {
        for milestone in &self.milestones {
            self.reach(milestone, json!({})).await;
        }
    }
}

#[tokio::test]
async fn a_change_order_is_checked_signed_and_billed() {
    let here = Agreed::open().await;
    let (owner, house) = (&here.house.api, &here.house);
    let settings = json!({"approvals": {"estimates": null, "change_orders": {"when": "above", "amount": "800"}}});
    owner.change("/v1/settings", &settings).await.ok();
    let (_, manager) = join(owner, "mia@studio.example", "manager").await;
    here.reach_all().await;
    here.bill(&here.site, "400.00").await;

    // The shop is taken out, the site grows, photos are added.
    let vat = json!([{"name": "VAT", "rate": "19"}]);
    let (path, made) = here
        .propose(
            json!([
                {"scope_line_id": here.shop, "quantity": "0"},
                {"scope_line_id": here.site, "amount": "1200.00"},
            ]),
            json!([{"description": "Photos", "quantity": "2", "unit_price": "150", "taxes": vat}]),
        )
        .await;
    assert_eq!(
        [text(&made, "kind"), text(&made, "state")],
        ["change_order", "draft"]
    );
    let draft = &made["draft"];
    // 300.00 added, 300.00 less: nothing of the sum, and 1,057.00 at stake.
    assert_eq!(text(draft, "total"), "0.00");
    let amendment = &draft["amendment"];
    assert_eq!(text(amendment, "total_before"), "1785.00");
    let lines = list(&amendment["lines"]);
    assert_eq!(column(&lines, "agreed_before"), ["500.00", "1000.00"]);
    assert_eq!(column(&lines, "agreed_after"), ["0.00", "1200.00"]);
    let milestones = list(&amendment["milestones"]);
    assert_eq!(column(&milestones, "amount_before"), ["900.00"]);
    assert_eq!(column(&milestones, "amount_after"), ["600.00"]);
    // What is shown can be sent back, and is the same.
    let same = owner.change(&path, &draft["content"].clone()).await.ok();
    assert_eq!(same, made);

    let send = format!("{path}/send");
    let refused = owner.call("POST", &send).json(&json!({})).send().await;
    refused.refused(409, "approval_required");
    let read = json!({"content_hash": draft["content_hash"]});
    manager.post(&format!("{path}/approve"), &read).await.ok();
    let sent = here.send(&path).await;
    assert_eq!(text(&sent, "number"), "CO-2040-0001");
    house.settle().await;
    let mail = house.mails(ADA).await.pop().unwrap();
    assert!(
        text(&mail, "subject").starts_with("Change order CO-2040-0001"),
        "{mail}"
    );
    assert!(
        text(&mail, "text").contains("agreed in estimate EST-2040-0001"),
        "{mail}"
    );
    let page = Browser::new(house)
        .open(&link(house, &mail))
        .await
        .expect(200)
        .text;
    for said in [
        "What changes",
        "taken out",
        "-€500.00",
        "What is added",
        "Photos",
        "€1,785.00",
    ] {
        assert!(page.contains(said), "{said} in {page}");
    }
    // Nothing counts before it is signed.
    assert_eq!(here.agreed().await, ["1000.00", "500.00"]);
    accept(house, ADA, &[]).await;
    assert_eq!(here.agreed().await, ["1200.00", "0.00", "300.00"]);
    let scope = here.scope().await;
    assert_eq!(text(&scope, "agreed"), "1500.00");
    let offers = list(&scope["offers"]);
    assert_eq!(column(&offers, "accepted_total"), ["1428.00", "357.00"]);
    assert_eq!(offers[1]["amends"], offers[0]["estimate_id"]);
    let verified = owner
        .call("POST", &format!("{path}/verify"))
        .json(&json!({}));
    let verified = verified.send().await.ok();
    assert_eq!(verified["intact"], true, "{verified}");
    let accepted = house.events().await;
    let mut accepted = accepted
        .iter()
        .filter(|event| event["detail-type"] == "estimate.accepted");
    let accepted = accepted.next_back().unwrap();
    assert_eq!(
        accepted["detail"]["data"]["amends"],
        offers[0]["estimate_id"]
    );

    // All that is agreed now can be billed, and nothing beyond.
    let photos = column(&list(&scope["lines"]), "id")[2].clone();
    here.bill(&here.site, "800.00").await;
    here.bill(&photos, "300.00").await;
    let over = json!([{"scope_line_id": here.shop, "amount": "0.01"}]);
    here.draft(over).await.refused(409, "beyond_scope");
    let invoices = owner
        .get(&format!("/v1/invoices?project_id={}", here.project))
        .await
        .ok();
    let totals = list(&invoices["data"]).into_iter();
    let totals: Vec<Value> = totals.filter(|of| of["number"] != Value::Null).collect();
    let mut totals = totals
        .iter()
        .map(|of| text(&of["totals"], "total").to_owned())
        .collect::<Vec<_>>();
    totals.sort();
    assert_eq!(totals, ["357.00", "476.00", "952.00"]);
    here.house.close().await;
}

#[tokio::test]
async fn what_is_billed_meanwhile_stops_a_change_order() {
    let here = Agreed::open().await;
    let api = &here.house.api;
    here.reach_all().await;
    let lower = json!([{"scope_line_id": here.shop, "amount": "200.00"}]);
    let (path, _) = here.propose(lower.clone(), json!([])).await;
    here.send(&path).await;
    // Billed while the client reads: what is billed cannot be taken out by a signature.
    here.bill(&here.shop, "200.01").await;
    let page = answer(&here.house, ADA, &[]).await;
    assert!(page.contains("nothing was signed"), "{page}");
    assert_eq!(here.agreed().await, ["1000.00", "500.00"]);
    let state = api.get(&path).await.ok();
    assert_eq!(text(&state, "state"), "sent");

    api.post(&format!("{path}/revise"), &json!({})).await.ok();
    let send = format!("{path}/send");
    let refused = api.call("POST", &send).json(&json!({})).send().await;
    refused.refused(409, "below_billed");
    let etag = api.get(&path).await.etag();
    let again = api.patch(&path, &etag, &json!({"changes": lower})).await;
    again.refused(409, "below_billed");
    let right = json!({"changes": [{"scope_line_id": here.shop, "amount": "200.01"}]});
    api.change(&path, &right).await.ok();
    here.send(&path).await;
    accept(&here.house, ADA, &[]).await;
    assert_eq!(here.agreed().await, ["1000.00", "200.01"]);
    here.house.close().await;
}

#[tokio::test]
async fn a_change_is_of_what_is_agreed_now() {
    let here = Agreed::open().await;
    let (api, house) = (&here.house.api, &here.house);
    here.reach_all().await;
    let up = |amount: &str| json!([{"scope_line_id": here.site, "amount": amount}]);
    let (first, _) = here.propose(up("1100.00"), json!([])).await;
    let (second, _) = here.propose(up("1200.00"), json!([])).await;
    here.send(&first).await;
    accept(house, ADA, &[]).await;
    // Written for 1,000.00: it has to be looked at again, and says so now.
    let send = format!("{second}/send");
    let refused = api.call("POST", &send).json(&json!({})).send().await;
    refused.refused(409, "scope_moved");
    let before = api.get(&second).await.ok();
    let anew = api.change(&second, &json!({})).await.ok();
    assert_ne!(
        anew["draft"]["content_hash"],
        before["draft"]["content_hash"]
    );
    assert_eq!(text(&anew["draft"], "total"), "119.00");
    here.send(&second).await;
    let mails = house.mails(ADA).await.len();
    accept(house, ADA, &[]).await;
    assert!(house.mails(ADA).await.len() > mails);
    assert_eq!(here.agreed().await, ["1200.00", "500.00"]);

    // A change order changes what was accepted, and stays with its estimate.
    let (third, made) = here.propose(up("1300.00"), json!([])).await;
    let etag = api.get(&third).await.etag();
    let moved = api
        .patch(&third, &etag, &json!({"amends": made["id"]}))
        .await;
    assert_eq!(
        moved.refused(422, "invalid_body").faults(),
        ["/amends unknown_reference"]
    );
    let unknown = json!({
        "project_id": here.project, "amends": made["id"], "title": "A change",
        "changes": up("1.00"),
    });
    let unknown = api
        .call("POST", "/v1/estimates")
        .json(&unknown)
        .send()
        .await;
    assert_eq!(
        unknown.refused(422, "invalid_body").faults(),
        ["/amends unknown_reference"]
    );
    let plain = json!({"project_id": here.project, "title": "A change", "changes": up("1.00")});
    let plain = api.call("POST", "/v1/estimates").json(&plain).send().await;
    let plain = plain.refused(422, "invalid_body").faults();
    assert_eq!(plain, ["/amends required", "/lines required"]);
    here.house.close().await;
}
