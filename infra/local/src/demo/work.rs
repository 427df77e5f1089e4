//! The part of the story about work that is billed as it is done: noted, approved by somebody else,
//! gathered once, and shown to the client.

use serde_json::{Value, json};

use super::browser::Browser;
use super::{DemoError, Story, ensure, shown, text};

impl Story {
    /// From an hour that was noted to the timesheet.
    pub(super) async fn work(&mut self, second: &Browser) -> Result<(), DemoError> {
        let client = self
            .client("Kestrel Maps", "Ida Lund", "ida", ("en", "Europe/Berlin"))
            .await?;
        let body = json!({"client_id": client.id, "name": "Map of the coast"});
        let project = text(&self.browser.post("/v1/projects", &body).await?, "id")?;
        let rates = json!({
            "rates": [
                {"per": "hour", "unit_price": "95"},
                {"per": "km", "unit_price": "0.42"},
            ],
            "grouping": "entry", "round_up_to_minutes": 15,
            "taxes": [{"name": "USt.", "rate": "19"}],
        });
        let path = format!("/v1/projects/{project}/work-settings");
        self.browser.put_first(&path, &rates).await?;
        let day = self.browser.get("/_local/clock").await?;
        let day = day["now"].as_str().unwrap_or_default();
        let day = day.get(..10).unwrap_or_default();
        let noted = [
            json!({"kind": "time", "description": "Contour lines", "minutes": 100}),
            json!({"kind": "mileage", "description": "To the archive and back", "distance": "31.5", "unit": "km"}),
        ];
        let mut entries = Vec::new();
        for mut entry in noted {
            entry["project_id"] = json!(project);
            entry["worked_on"] = json!(day);
            let made = self.browser.post("/v1/work-entries", &entry).await?;
            entries.push(json!({"id": made["id"]}));
        }
        self.tell("A hundred minutes and a way of 31.5 km are noted on a project, and submitted.");
        let body = json!({ "entries": entries });
        let submitted = self.browser.post("/v1/work-entries/submit", &body).await?;
        self.approve(second, &submitted).await?;
        let gather = json!({"client_id": client.id});
        let drafts = self.browser.post("/v1/invoices/gather", &gather).await?;
        let draft = &drafts["data"][0];
        let net = shown(&draft["totals"]["net"]);
        // 105 minutes at 95.00, and 31.5 km at 0.42.
        ensure(net == "179.48", || format!("{net} net"))?;
        let again = self.browser.post("/v1/invoices/gather", &gather).await?;
        ensure(again["data"] == json!([]), || format!("twice: {again}"))?;
        self.tell(&format!(
            "It is gathered onto a draft, once: {net} EUR net."
        ));
        let path = format!("/v1/invoices/{}/issue", text(draft, "id")?);
        let issued = self.browser.post(&path, &json!({"send": true})).await?;
        let number = text(&issued, "number")?;
        let link = self.link(&client, 1, &number).await?;
        let sheet = format!("{link}/timesheet");
        let (_, page) = self.browser.page(&sheet).await?;
        ensure(page.contains("1 h 45 min"), || {
            "the timesheet does not say how long it took".to_owned()
        })?;
        self.tell(&format!("The client opens the timesheet of {number}."));
        self.detail(&sheet);
        Ok(())
    }

    /// Whoever did it cannot approve it; Mia does.
    async fn approve(&mut self, second: &Browser, submitted: &Value) -> Result<(), DemoError> {
        let entries = submitted["data"].as_array().into_iter().flatten();
        let seen = entries.map(|entry| json!({"id": entry["id"], "version": entry["version"]}));
        let body = json!({"entries": seen.collect::<Value>()});
        let alone = self.browser.post("/v1/work-entries/approve", &body).await;
        ensure(
            matches!(&alone, Err(DemoError::Refused { status: 403, .. })),
            || "whoever did the work approved it".to_owned(),
        )?;
        second.post("/v1/work-entries/approve", &body).await?;
        self.tell("Whoever did it is not asked: Mia approves it, at 95.00 an hour in steps of 15 minutes.");
        Ok(())
    }
}
