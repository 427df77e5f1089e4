//! The part of the story about what is agreed: estimate, second pair of eyes, signature, deposit,
//! parts, a change order, and a last invoice that takes the deposit off.

use serde_json::{Value, json};

use super::browser::Browser;
use super::{Client, DemoError, Invoice, Story, ensure, form, shown, text};

/// An estimate in two stages, with a deposit.
fn site(project: &str) -> Value {
    json!({
        "project_id": project,
        "title": "A new site",
        "lines": [
            {
                "description": "Concept and design", "quantity": "40", "unit": "HUR",
                "unit_price": "95.00", "taxes": [{"name": "USt.", "rate": "19"}],
            },
            {
                "description": "Build", "quantity": "1", "unit_price": "3333.33",
                "taxes": [{"name": "USt.", "rate": "19"}],
            },
        ],
        "deliverables": [
            {"key": "design", "title": "The design"}, {"key": "live", "title": "The site is live"},
        ],
        "schedule": {
            "deposit": {"percent": "20"},
            "milestones": [
                {"title": "Design", "percent": "40", "deliverable": "design"},
                {"title": "Launch", "remainder": true, "deliverable": "live"},
            ],
        },
    })
}

impl Story {
    /// From an estimate to its last invoice.
    pub(super) async fn agreed(&mut self, client: &Client) -> Result<(), DemoError> {
        let body = json!({"client_id": client.id, "name": "A new site"});
        let project = text(&self.browser.post("/v1/projects", &body).await?, "id")?;
        let (member, second) = self.second_member().await?;
        let written = self.browser.post("/v1/estimates", &site(&project)).await?;
        let estimate = self.offer(written, &second).await?;
        self.sign(client, &estimate, 1).await?;
        let mut accepted = vec![self.verify(&estimate).await?];
        let mut billed = Vec::new();

        let deposit = json!({"deposit_of": estimate});
        let (invoice, total) = self.bill(client, &project, "The deposit", deposit).await?;
        billed.push(total);
        let page = self.link(client, 4, &invoice.number).await?;
        self.pay(&page).await?;
        self.browser.mail(&client.email, 5, |_| true).await?;

        let milestones = self.milestones(&project).await?;
        for (percent, milestone, how) in [
            ("40", &milestones[0], json!({})),
            (
                "70",
                &milestones[1],
                json!({"client_agreed": "Ada wrote that we may bill the rest as it comes."}),
            ),
        ] {
            let reach = format!("/v1/projects/{project}/milestones/{milestone}/reach");
            self.browser.post(&reach, &how).await?;
            let lines = self.lines(&project, percent).await?;
            let what = format!("{percent} percent of the work");
            let (invoice, total) = self.bill(client, &project, &what, lines).await?;
            let path = format!("/v1/invoices/{}/payments", invoice.id);
            let paid = json!({"amount": total, "method": "bank_transfer"});
            self.browser.post(&path, &paid).await?;
            billed.push(total);
        }
        let over = self.over(client, &project).await?;
        self.tell(&format!("Going beyond what was signed is refused: {over}"));
        let change = self.change_order(&project, &estimate).await?;
        let change = self.offer(change, &second).await?;
        self.sign(client, &change, 10).await?;
        accepted.push(self.verify(&change).await?);
        let lines = self.lines(&project, "100").await?;
        let (invoice, total) = self
            .bill(
                client,
                &project,
                "All that is left, less the deposit",
                lines,
            )
            .await?;
        billed.push(total);
        let page = self.link(client, 13, &invoice.number).await?;
        self.pay(&page).await?;
        self.browser.mail(&client.email, 14, |_| true).await?;
        self.adds_up(&project, &billed, &accepted).await?;
        self.work(&second).await?;
        // The agency is as it was.
        let disable = format!("/v1/members/{member}/disable");
        self.browser.post(&disable, &json!({})).await.map(drop)
    }

    /// Invites somebody who accepts; who it is, and as whom they call.
    async fn second_member(&mut self) -> Result<(String, Browser), DemoError> {
        let email = format!("mia.{}@northlight.example", self.tag);
        let body = json!({"email": email, "name": "Mia Berg", "role": "manager"});
        let member = self.browser.post("/v1/members", &body).await?;
        let token = json!({"token": member["invitation_token"]});
        let accepted = self.browser.post("/v1/invitations/accept", &token).await?;
        let key = text(&accepted["api_key"], "key")?;
        self.tell("Mia Berg joins the agency as a manager.");
        Ok((text(&member, "id")?, self.browser.as_other(&key)?))
    }

    /// Writes a change order: six hours more, and something new.
    async fn change_order(&self, project: &str, estimate: &str) -> Result<Value, DemoError> {
        let path = format!("/v1/projects/{project}/scope");
        let scope = self.browser.get(&path).await?;
        let body = json!({
            "project_id": project,
            "amends": estimate,
            "title": "Two more templates, and a newsletter",
            "changes": [{"scope_line_id": scope["lines"][0]["id"], "quantity": "46"}],
            "lines": [{
                "description": "Newsletter sign-up", "quantity": "1", "unit_price": "249.95",
                "taxes": [{"name": "USt.", "rate": "19"}],
            }],
        });
        self.browser.post("/v1/estimates", &body).await
    }

    /// Has the other one look at what is written, and sends it.
    async fn offer(&mut self, made: Value, second: &Browser) -> Result<String, DemoError> {
        let what = match made["kind"] == "change_order" {
            true => "A change order",
            false => "An estimate",
        };
        let id = text(&made, "id")?;
        let path = format!("/v1/estimates/{id}");
        let send = format!("{path}/send");
        let alone = self.browser.post(&send, &json!({})).await;
        ensure(
            matches!(&alone, Err(DemoError::Refused { status: 409, .. })),
            || format!("{what} went out that nobody had looked at"),
        )?;
        self.tell(&format!(
            "{what} is written. Sending it is refused: another member has to approve it."
        ));
        let waits = self
            .browser
            .post(&format!("{path}/submit"), &json!({}))
            .await?;
        let read = json!({"content_hash": waits["draft"]["content_hash"]});
        second.post(&format!("{path}/approve"), &read).await?;
        let sent = self.browser.post(&send, &json!({})).await?;
        let total = shown(&sent["offer"]["total"]);
        self.tell(&format!(
            "Mia approves it, and it goes out as {}, {total} EUR.",
            shown(&sent["number"])
        ));
        Ok(id)
    }

    /// The link in a mail of the client's.
    pub(super) async fn link(
        &mut self,
        client: &Client,
        number: usize,
        about: &str,
    ) -> Result<String, DemoError> {
        let fits = |mail: &Value| super::mentions(mail, about);
        let mail = self.browser.mail(&client.email, number, fits).await?;
        self.tell(&format!("A mail arrives: \"{}\".", shown(&mail["subject"])));
        let words = mail["text"].as_str().unwrap_or_default().split_whitespace();
        let prefix = format!("{}/p/", self.browser.url());
        let mut links = words.filter(|word| word.starts_with(&prefix));
        let link = links.next().map(str::to_owned);
        link.ok_or_else(|| DemoError::NotSo("the mail has no link".to_owned()))
    }

    /// The client signs with the code that another mail brings. The offer is the client's mail of
    /// this number.
    async fn sign(
        &mut self,
        client: &Client,
        estimate: &str,
        first: usize,
    ) -> Result<(), DemoError> {
        let no_form = || DemoError::NotSo("the page has no form for it".to_owned());
        let shown_now = self
            .browser
            .get(&format!("/v1/estimates/{estimate}"))
            .await?;
        let number = text(&shown_now, "number")?;
        let link = self.link(client, first, &number).await?;
        let (_, page) = self.browser.page(&link).await?;
        let ask = form::find(&page, "/code").ok_or_else(no_form)?;
        let back = self.browser.submit(&ask.action, &ask.fields).await?;
        let mail = self
            .browser
            .mail(&client.email, first + 1, |_| true)
            .await?;
        let words = mail["text"].as_str().unwrap_or_default();
        let code = words
            .lines()
            .find_map(|line| line.strip_prefix("Code: "))
            .unwrap_or_default();
        self.tell(&format!(
            "The client asks for a code, and gets {code} by mail."
        ));
        let (_, page) = self.browser.page(&back).await?;
        let mut sign = form::find(&page, "/sign").ok_or_else(no_form)?;
        for (name, value) in &mut sign.fields {
            if name == "code" {
                code.clone_into(value);
            }
        }
        let back = self.browser.submit(&sign.action, &sign.fields).await?;
        let (_, page) = self.browser.page(&back).await?;
        ensure(page.contains("Accepted on"), || {
            "the page does not say that it is accepted".to_owned()
        })?;
        self.browser
            .mail(&client.email, first + 2, |_| true)
            .await?;
        self.tell("The client signs. The certificate arrives, with the signed document.");
        Ok(())
    }

    /// What was signed is what is stored; the total.
    async fn verify(&mut self, estimate: &str) -> Result<String, DemoError> {
        let path = format!("/v1/estimates/{estimate}/verify");
        let proof = self.browser.post(&path, &json!({})).await?;
        ensure(proof["intact"] == true, || format!("it is not: {proof}"))?;
        self.tell("It is proved from the bytes on that nothing has changed since.");
        self.detail(&format!("SHA-256 {}", shown(&proof["document_hash"])));
        text(&proof, "accepted_total")
    }

    async fn milestones(&self, project: &str) -> Result<Vec<String>, DemoError> {
        let path = format!("/v1/projects/{project}/scope");
        let scope = self.browser.get(&path).await?;
        let all = scope["milestones"].as_array().into_iter().flatten();
        let ids: Vec<String> = all
            .map(|found| text(found, "id"))
            .collect::<Result<_, _>>()?;
        ensure(ids.len() == 2, || format!("{} milestones", ids.len()))?;
        Ok(ids)
    }

    /// Every accepted line, up to so many percent.
    async fn lines(&self, project: &str, percent: &str) -> Result<Value, DemoError> {
        let path = format!("/v1/projects/{project}/scope");
        let scope = self.browser.get(&path).await?;
        let lines = scope["lines"].as_array().into_iter().flatten();
        let lines =
            lines.map(|line| json!({"scope_line_id": line["id"], "percent_to_date": percent}));
        Ok(json!({"lines": lines.collect::<Value>()}))
    }

    /// Issues and sends an invoice on the project; it, and what it comes to.
    async fn bill(
        &mut self,
        client: &Client,
        project: &str,
        what: &str,
        mut body: Value,
    ) -> Result<(Invoice, String), DemoError> {
        body["client_id"] = json!(client.id);
        body["project_id"] = json!(project);
        let draft = self.browser.post("/v1/invoices", &body).await?;
        let id = text(&draft, "id")?;
        let path = format!("/v1/invoices/{id}/issue");
        let issued = self.browser.post(&path, &json!({"send": true})).await?;
        let number = text(&issued, "number")?;
        let total = text(&issued["totals"], "total")?;
        self.tell(&format!("{what}: {number}, {total} EUR."));
        Ok((Invoice { id, number }, total))
    }

    /// Bills more than was agreed; why that is refused.
    async fn over(&self, client: &Client, project: &str) -> Result<String, DemoError> {
        let mut body = self.lines(project, "100").await?;
        body["client_id"] = json!(client.id);
        body["project_id"] = json!(project);
        body["lines"][0] = json!({
            "scope_line_id": body["lines"][0]["scope_line_id"], "amount": "5000.00",
        });
        match self.browser.post("/v1/invoices", &body).await {
            Err(DemoError::Refused { body, .. }) => {
                let problem: Value = serde_json::from_str(&body).unwrap_or_default();
                ensure(problem["code"] == "beyond_scope", || body.clone())?;
                text(&problem, "detail")
            }
            Err(other) => Err(other),
            Ok(_) => Err(DemoError::NotSo("more was billed than agreed".to_owned())),
        }
    }

    /// Deposit, parts and the last invoice are what was signed, to the cent.
    async fn adds_up(
        &mut self,
        project: &str,
        billed: &[String],
        accepted: &[String],
    ) -> Result<(), DemoError> {
        let scope = self
            .browser
            .get(&format!("/v1/projects/{project}/scope"))
            .await?;
        let left = shown(&scope["left"]);
        ensure(left == "0.00", || format!("{left} is left to bill"))?;
        let amount = |text: &str| {
            let amount = text.parse::<rust_decimal::Decimal>();
            amount.map_err(|_| DemoError::NotSo(format!("{text} is no amount")))
        };
        let sum = |totals: &[String]| {
            let amounts = totals.iter().map(|total| amount(total));
            amounts.sum::<Result<rust_decimal::Decimal, DemoError>>()
        };
        let (billed_sum, accepted_sum) = (sum(billed)?, sum(accepted)?);
        ensure(billed_sum == accepted_sum, || {
            format!("{billed_sum}, not {accepted_sum}")
        })?;
        self.tell(&format!(
            "{} are the {} EUR that were signed.",
            billed.join(" + "),
            accepted.join(" + ")
        ));
        Ok(())
    }
}
