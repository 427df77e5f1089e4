//! The steps of an invoice's life, each through the function that takes it in the cloud.

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;
use remit_billing::account::{Account, Role};
use remit_billing::actor::ActorId;
use remit_billing::canonical::ContentHash;
use remit_billing::client::Client;
use remit_billing::event::{Event, EventKind};
use remit_billing::exchange::ExchangeRate;
use remit_billing::file::{File, FileFacts, MediaType};
use remit_billing::link::{LinkSecret, ReplyAddress, ReplySide};
use remit_billing::money::Currency;
use remit_billing::payment::Payment;
use remit_operations::{settle, statements};
use remit_payments::stripe::signature;
use remit_runtime::Clock as _;
use remit_runtime::model::{Answer, Call, bus_event};
use remit_store::{Commit, Index, Item, Query, Versioned, Write, keys};
use serde_json::{Value, json};

use crate::agency::{
    AUDIENCE, Agency, BASE_URL, ISSUER, LINK_SECRET_TEXT, REPLY_DOMAIN, WEBHOOK_SECRET,
};
use crate::tap;

const PAID: &str =
    include_str!("../../shared/payments/fixtures/stripe/events/checkout.session.completed.json");
const PAID_OUT: &str =
    include_str!("../../shared/payments/fixtures/stripe/events/payout.paid.json");

/// Lines of every invoice of the story.
pub const LINES: usize = 5;

/// An issued invoice, as far as its story needs it.
#[derive(Debug, Clone)]
pub struct Issued {
    pub id: String,
    pub number: String,
    /// `/p/` and the token.
    pub page: String,
    pub payable: String,
}

impl Issued {
    /// Its page's address.
    pub fn url(&self) -> String {
        format!("{BASE_URL}{}", self.page)
    }
}

/// The body of an invoice of so many lines, such as an agency writes them.
pub fn body(client: &str, lines: usize) -> Value {
    const WORK: [&str; 5] = [
        "Concept and wireframes for the new shop",
        "Visual design, eight page templates",
        "Front-end development",
        "Content migration from the old system",
        "Project management, September",
    ];
    let lines = (0..lines).map(|at| {
        json!({
            "description": WORK[at % WORK.len()], "quantity": "12.5", "unit_price": "95.00",
            "unit": "HUR", "taxes": [{"name": "VAT", "rate": "19"}],
        })
    });
    json!({
        "client_id": client, "lines": lines.collect::<Value>(),
        "purchase_order": "PO-2026-1180", "notes": "Thank you for working with us.",
    })
}

impl Agency {
    /// A request of a biller, with or without an `Idempotency-Key`, that must succeed.
    pub async fn ask(&self, route: &str, path: &str, body: &Value, keyed: bool) -> Answer {
        self.ask_as(Role::Biller, route, path, body, keyed).await
    }

    /// The same of another role.
    pub async fn ask_as(
        &self,
        role: Role,
        route: &str,
        path: &str,
        body: &Value,
        keyed: bool,
    ) -> Answer {
        let mut call = Call::new(route, path).by(self.account, role);
        if !body.is_null() {
            call = call.json(body);
        }
        if keyed {
            let key = format!("9b2f6c04-7d1e-4a85-b3c9-{:012}", self.next());
            call = call.header("idempotency-key", &key);
        }
        let function = match path.split('/').nth(2) {
            Some("clients") if path.ends_with("/statements") => &self.reports,
            Some("estimates") => &self.estimates,
            Some("projects") => &self.projects,
            Some("threads") => &self.threads,
            Some("subscriptions") => &self.subscriptions,
            Some("payments" | "clients") => &self.payments,
            _ if path.ends_with("/charge") => &self.payments,
            _ => &self.invoices,
        };
        let answer = call.send(function.as_ref()).await.unwrap();
        assert!(answer.status < 300, "{route}: {}", answer.text);
        answer
    }

    pub async fn draft(&self, keyed: bool) -> String {
        let body = body(&self.client, LINES);
        let made = self
            .ask("POST /v1/invoices", "/v1/invoices", &body, keyed)
            .await;
        made.body["id"].as_str().unwrap().to_owned()
    }

    /// A draft in another currency than the client's.
    pub async fn draft_in(&self, currency: &str) -> String {
        let mut body = body(&self.client, LINES);
        body["currency"] = json!(currency);
        let made = self.ask("POST /v1/invoices", "/v1/invoices", &body, true);
        made.await.body["id"].as_str().unwrap().to_owned()
    }

    /// What a dollar is worth, as the bank's file says.
    pub async fn rate_dollars(&self) {
        let rate = ExchangeRate {
            account_id: self.account,
            currency: Currency::USD,
            on: "2026-11-23".parse().unwrap(),
            books: Currency::EUR,
            rate: "0.9214891265".parse().unwrap(),
            source: "ECB: 1 EUR = 1.0852 USD".parse().unwrap(),
            by_hand: false,
            recorded_by: ActorId::Member(self.owner),
            recorded_at: self.ports.now(),
        };
        let commit = Commit::new().create(&rate, Vec::new());
        self.ports.store.commit(commit).await.unwrap();
    }

    pub async fn issue(&self, id: &str, send: bool, keyed: bool) -> Issued {
        let body = json!({ "send": send });
        let answer = self.on_invoice(id, "issue", &body, keyed).await;
        let page = answer.body["url"].as_str().unwrap();
        Issued {
            id: id.to_owned(),
            number: answer.body["number"].as_str().unwrap().to_owned(),
            page: page.strip_prefix(BASE_URL).unwrap().to_owned(),
            payable: answer.body["totals"]["payable"]
                .as_str()
                .unwrap()
                .to_owned(),
        }
    }

    /// `POST /v1/invoices/{invoice_id}/...`.
    pub async fn on_invoice(&self, id: &str, what: &str, body: &Value, keyed: bool) -> Answer {
        let route = format!("POST /v1/invoices/{{invoice_id}}/{what}");
        self.ask(&route, &format!("/v1/invoices/{id}/{what}"), body, keyed)
            .await
    }

    /// An estimate of as many lines as an invoice has, with a deposit and two milestones.
    pub async fn estimate(&self, keyed: bool) -> String {
        let lines = body(&self.client, LINES)["lines"].clone();
        let body = json!({
            "project_id": self.project, "title": "Relaunch of the shop", "lines": lines,
            "schedule": {
                "deposit": {"percent": "30"},
                "milestones": [
                    {"title": "Design", "percent": "40", "due_date": "2027-01-15"},
                    {"title": "Launch", "remainder": true, "due_date": "2027-03-01"},
                ],
            },
        });
        let made = self
            .ask("POST /v1/estimates", "/v1/estimates", &body, keyed)
            .await;
        made.body["id"].as_str().unwrap().to_owned()
    }

    /// A change order that raises one accepted line and adds one.
    pub async fn change_order(&self, scope: &Value) -> String {
        let body = json!({
            "project_id": self.project, "title": "Two more templates",
            "amends": scope["offers"][0]["estimate_id"],
            "changes": [{"scope_line_id": scope["lines"][0]["id"], "amount": "9000.00"}],
            "lines": [{"description": "A newsletter", "quantity": "1", "unit_price": "250"}],
        });
        let made = self
            .ask("POST /v1/estimates", "/v1/estimates", &body, true)
            .await;
        made.body["id"].as_str().unwrap().to_owned()
    }

    pub async fn send_estimate(&self, id: &str, keyed: bool) {
        let route = "POST /v1/estimates/{estimate_id}/send";
        let path = format!("/v1/estimates/{id}/send");
        self.ask(route, &path, &json!({}), keyed).await;
    }

    /// The page of an offer, by its address.
    pub async fn view_offer(&self, url: &str) -> String {
        let path = url.strip_prefix(BASE_URL).unwrap();
        let answer = Call::new("GET /p/{token}", path);
        let answer = answer.send(self.portal.as_ref()).await.unwrap();
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.text
    }

    async fn answer_offer(&self, url: &str, word: &str, fields: &[(&str, &str)]) {
        let path = format!("{}/{word}", url.strip_prefix(BASE_URL).unwrap());
        let mut form = form_urlencoded::Serializer::new(String::new());
        let form = form.extend_pairs(fields).finish();
        let call = Call::new(&format!("POST /p/{{token}}/{word}"), &path)
            .header("content-type", "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin")
            .text(&form);
        let answer = call.send(self.portal.as_ref()).await.unwrap();
        assert_eq!(answer.status, 303, "{}", answer.text);
        let to = answer.header("location").unwrap();
        let notices = [
            "notice=code-sent",
            "notice=signed",
            "notice=asked",
            "notice=declined",
            "dispute=taken",
            "promise=taken",
        ];
        assert!(notices.iter().any(|notice| to.contains(notice)), "{to}");
    }

    /// Somebody else of the team than the key that wrote it looks at a document: `estimates` or
    /// `subscriptions`.
    pub async fn approve(&self, documents: &str, id: &str) {
        let parameter = format!("{}_id", documents.trim_end_matches('s'));
        let read_route = format!("GET /v1/{documents}/{{{parameter}}}");
        let path = format!("/v1/{documents}/{id}");
        let read = self.ask(&read_route, &path, &Value::Null, false).await.body;
        let hash = match documents {
            "estimates" => &read["draft"]["content_hash"],
            _ => &read["content_hash"],
        };
        let function = match documents {
            "estimates" => &self.estimates,
            _ => &self.subscriptions,
        };
        let route = format!("POST /v1/{documents}/{{{parameter}}}/approve");
        let key = format!("9b2f6c04-7d1e-4a85-b3c9-{:012}", self.next());
        let call = Call::new(&route, &format!("{path}/approve"))
            .by(self.account, Role::Owner)
            .of_member(self.owner)
            .header("idempotency-key", &key)
            .json(&json!({ "content_hash": hash }));
        let answer = call.send(function.as_ref()).await.unwrap();
        assert_eq!(answer.status, 200, "{}", answer.text);
    }

    /// One word of what is done with an estimate or a subscription.
    pub async fn act_on(&self, documents: &str, id: &str, word: &str) {
        let parameter = format!("{}_id", documents.trim_end_matches('s'));
        let route = format!("POST /v1/{documents}/{{{parameter}}}/{word}");
        let path = format!("/v1/{documents}/{id}/{word}");
        self.ask(&route, &path, &json!({}), true).await;
    }

    /// Whether what was accepted of an estimate is what was signed.
    pub async fn verify(&self, estimate: &str) {
        let route = "POST /v1/estimates/{estimate_id}/verify";
        let path = format!("/v1/estimates/{estimate}/verify");
        let verified = self.ask(route, &path, &json!({}), false).await.body;
        assert_eq!(verified["intact"], true);
    }

    pub async fn decline(&self, url: &str, page: &str) {
        let (_, of_form) = page.split_once("/decline\"").expect("a form to decline");
        let with = hidden(of_form, "with");
        let fields = [("with", with.as_str()), ("reason", "We wait a year.")];
        self.answer_offer(url, "decline", &fields).await;
    }

    pub async fn ask_code(&self, url: &str, page: &str) {
        let with = hidden(page, "with");
        self.answer_offer(url, "code", &[("with", &with)]).await;
    }

    pub async fn ask_question(&self, url: &str, page: &str) {
        let with = hidden(page, "with");
        let question = "Is the migration of the old content part of this?";
        let fields = [("with", with.as_str()), ("question", question)];
        self.answer_offer(url, "question", &fields).await;
    }

    pub async fn dispute(&self, url: &str, page: &str) {
        let (_, of_form) = page.split_once("/dispute\"").expect("a form to dispute");
        let with = hidden(of_form, "with");
        let reason = "We had agreed on nine hours.";
        let fields = [("with", with.as_str()), ("line", "0"), ("reason", reason)];
        self.answer_offer(url, "dispute", &fields).await;
    }

    /// The client says on its page on which day it will pay.
    pub async fn promise(&self, url: &str, page: &str, on: &str) {
        let (_, of_form) = page.split_once("/promise\"").expect("a form to promise");
        let with = hidden(of_form, "with");
        let fields = [("with", with.as_str()), ("date", on)];
        self.answer_offer(url, "promise", &fields).await;
    }

    /// Nothing follows an invoice up for a while.
    pub async fn pause_follow_ups(&self, invoice: &Issued, until: &str) {
        let body = json!({ "until": until });
        self.on_invoice(&invoice.id, "follow-ups/pause", &body, true)
            .await;
    }

    /// What became of an invoice's follow-ups, and what comes.
    pub async fn look_at_follow_ups(&self, invoice: &Issued) {
        let route = "GET /v1/invoices/{invoice_id}/follow-ups";
        let path = format!("/v1/invoices/{}/follow-ups", invoice.id);
        let shown = self.ask(route, &path, &Value::Null, false).await.body;
        assert_ne!(shown["steps"], json!([]));
    }

    /// What stands and what waits, with the money of so many months.
    pub async fn overview(&self, months: usize) {
        let path = format!("/v1/overview?months={months}");
        let call = Call::new("GET /v1/overview", &path).by(self.account, Role::Viewer);
        let answer = call.send(self.reports.as_ref()).await.unwrap();
        let euros = &answer.body["currencies"][0];
        assert_eq!(euros["outstanding"]["count"], 2, "{}", answer.text);
        let told = euros["months"].as_array().unwrap().len();
        assert_eq!(told, months, "{}", answer.text);
    }

    /// The invoice as machines read it.
    pub async fn as_xml(&self, invoice: &Issued) {
        let route = "GET /v1/invoices/{invoice_id}/xml";
        let path = format!("/v1/invoices/{}/xml?profile=factur_x", invoice.id);
        let answer = self.ask(route, &path, &Value::Null, false).await;
        assert!(answer.text.contains(&invoice.number), "{}", answer.text);
    }

    /// The client answers by mail.
    pub async fn answer_by_mail(&self, id: &str) {
        let document = id.parse().unwrap();
        let address = ReplyAddress::new(self.account, document, ReplySide::Client).unwrap();
        let secret = LinkSecret::new(LINK_SECRET_TEXT.as_bytes());
        let to = address.at(REPLY_DOMAIN, &secret).unwrap();
        let mail = "From: jo@acme.example\r\nMessage-ID: <1@acme.example>\r\n\r\nThank you, we take it.\r\n";
        self.objects.put("incoming-mail/one", mail.as_bytes());
        let pass = json!({"status": "PASS"});
        let receipt = json!({
            "recipients": [to], "spamVerdict": pass, "virusVerdict": pass, "spfVerdict": pass,
            "dkimVerdict": pass, "dmarcVerdict": pass,
        });
        let mail = json!({"messageId": "one", "source": "jo@acme.example"});
        let event = json!({"Records": [{"ses": {"mail": mail, "receipt": receipt}}]});
        self.replies.invoke(event).await.unwrap();
    }

    pub async fn answer_question(&self, id: &str) {
        let body = json!({"text": "It is: the last line but one, all three hundred pages of it."});
        let route = "POST /v1/threads/{document_id}/messages";
        let path = format!("/v1/threads/{id}/messages");
        self.ask(route, &path, &body, true).await;
    }

    /// Signs with the code of the newest mail, as the page's form would.
    pub async fn sign(&self, url: &str, page: &str) {
        let mail = self.mails.newest();
        let (_, code) = mail.split_once("Code: ").expect("a code");
        let code = code.lines().next().unwrap();
        let (with, hash) = (hidden(page, "with"), hidden(page, "document_hash"));
        let fields = [
            ("with", with.as_str()),
            ("document_hash", &hash),
            ("name", "Jo Smith"),
            ("consent", "1"),
            ("code", code),
        ];
        self.answer_offer(url, "sign", &fields).await;
    }

    /// A file that is stored, as the function `files` would have left it.
    pub async fn file(&self) -> File {
        let now = self.ports.now();
        let file = File {
            account_id: self.account,
            id: self.ports.id(now).unwrap(),
            facts: FileFacts {
                name: "order.pdf".parse().unwrap(),
                media_type: MediaType::parse("application/pdf").unwrap(),
                bytes: 48_000,
                sha256: ContentHash::of(b"order"),
            },
            created_by: Some(ActorId::Member(self.ports.id(now).unwrap())),
            created_at: now,
            stored_at: Some(now),
        };
        let commit = Commit::new().create(&file, Vec::new());
        self.ports.store.commit(commit).await.unwrap();
        file
    }

    /// Records an acceptance that was given elsewhere.
    pub async fn accept_elsewhere(&self, id: &str, file: &File) {
        let body = json!({
            "version": 1, "name": "Jo Smith", "reference": "PO-4711",
            "accepted_on": self.ports.now().to_string()[..10], "file_id": file.id,
        });
        let route = "POST /v1/estimates/{estimate_id}/accept";
        let key = format!("9b2f6c04-7d1e-4a85-b3c9-{:012}", self.next());
        let call = Call::new(route, &format!("/v1/estimates/{id}/accept"))
            .by(self.account, Role::Manager)
            .json(&body)
            .header("idempotency-key", &key);
        let answer = call.send(self.estimates.as_ref()).await.unwrap();
        assert_eq!(answer.status, 200, "{}", answer.text);
    }

    /// The scope of the project.
    pub async fn scope(&self) -> Value {
        let path = format!("/v1/projects/{}/scope", self.project);
        let call = Call::new("GET /v1/projects/{project_id}/scope", &path);
        let call = call.by(self.account, Role::Viewer);
        let answer = call.send(self.projects.as_ref()).await.unwrap();
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.body
    }

    /// The accepted lines of the project.
    pub async fn accepted(&self) -> Vec<String> {
        let scope = self.scope().await;
        let lines = scope["lines"].as_array().unwrap().iter();
        lines
            .map(|line| line["id"].as_str().unwrap().to_owned())
            .collect()
    }

    /// Has every milestone of the project reached.
    pub async fn reach(&self, project: &str) {
        let scope = self.scope().await;
        for milestone in scope["milestones"].as_array().unwrap() {
            let id = milestone["id"].as_str().unwrap();
            let route = "POST /v1/projects/{project_id}/milestones/{milestone_id}/reach";
            let path = format!("/v1/projects/{project}/milestones/{id}/reach");
            self.ask(route, &path, &json!({}), true).await;
        }
    }

    /// A draft that bills each of these lines up to so many percent.
    pub async fn bill(&self, lines: &[String], percent: &str) -> String {
        let lines = lines
            .iter()
            .map(|id| json!({"scope_line_id": id, "percent_to_date": percent}));
        let body = json!({
            "client_id": self.client, "project_id": self.project,
            "lines": lines.collect::<Value>(),
            "purchase_order": "PO-2026-1180", "notes": "Thank you for working with us.",
        });
        let made = self.ask("POST /v1/invoices", "/v1/invoices", &body, true);
        made.await.body["id"].as_str().unwrap().to_owned()
    }

    /// Makes drafts of what is ready, after a look at it.
    pub async fn look_what_is_ready(&self) {
        let path = format!("/v1/ready-to-bill?client_id={}", self.client);
        let answer = self
            .ask("GET /v1/ready-to-bill", &path, &Value::Null, false)
            .await;
        assert_eq!(answer.body["data"].as_array().unwrap().len(), 1);
    }

    pub async fn gather(&self) {
        let body = json!({"client_id": self.client});
        let path = "/v1/invoices/gather";
        let answer = self
            .ask("POST /v1/invoices/gather", path, &body, true)
            .await;
        assert_eq!(answer.body["data"].as_array().unwrap().len(), 1);
    }

    /// Agrees that an invoice is paid in two parts.
    pub async fn agree_instalments(&self, invoice: &Issued) {
        let whole: rust_decimal::Decimal = invoice.payable.parse().unwrap();
        let rest = whole - rust_decimal::Decimal::ONE_THOUSAND;
        let body = json!({"instalments": [
            {"due_date": "2027-06-01", "amount": "1000.00"},
            {"due_date": "2027-07-01", "amount": rest.to_string()},
        ]});
        let route = "PUT /v1/invoices/{invoice_id}/instalments";
        let path = format!("/v1/invoices/{}/instalments", invoice.id);
        let key = format!("9b2f6c04-7d1e-4a85-b3c9-{:012}", self.next());
        let call = Call::new(route, &path)
            .by(self.account, Role::Biller)
            .json(&body)
            .header("idempotency-key", &key);
        let answer = call.send(self.invoices.as_ref()).await.unwrap();
        assert_eq!(answer.status, 200, "{}", answer.text);
    }

    /// Credits a part of a line.
    pub async fn credit(&self, invoice: &Issued) {
        let body =
            json!({"reason": "One hour was ours", "lines": [{"line": 1, "amount": "100.00"}]});
        self.on_invoice(&invoice.id, "credit-notes", &body, true)
            .await;
    }

    /// Gives up what is left of an invoice.
    pub async fn write_off(&self, invoice: &Issued) {
        let route = "POST /v1/invoices/{invoice_id}/write-offs";
        let path = format!("/v1/invoices/{}/write-offs", invoice.id);
        let body = json!({"reason": "They have closed"});
        self.ask_as(Role::Manager, route, &path, &body, true).await;
    }

    /// Records a payment; its id.
    pub async fn pay_by_hand(&self, invoice: &Issued, amount: &str) -> String {
        let payment = json!({ "amount": amount });
        let paid = self.on_invoice(&invoice.id, "payments", &payment, true);
        paid.await.body["id"].as_str().unwrap().to_owned()
    }

    /// Gives back what came by hand.
    pub async fn give_back(&self, payment: &str) {
        let route = "POST /v1/payments/{payment_id}/refunds";
        let path = format!("/v1/payments/{payment}/refunds");
        let body = json!({"amount": "100.00", "reason": "Paid twice"});
        self.ask_as(Role::Manager, route, &path, &body, true).await;
    }

    /// Applies the client's balance to an invoice.
    pub async fn apply_balance(&self, invoice: &Issued) {
        let route = "POST /v1/clients/{client_id}/apply-balance";
        let path = format!("/v1/clients/{}/apply-balance", self.client);
        let body = json!({"invoices": [{"invoice_id": invoice.id}]});
        self.ask(route, &path, &body, true).await;
    }

    /// The newest payment, as it is stored.
    pub async fn newest_payment(&self) -> Payment {
        let query = Query::on(Index::ByDate, keys::payments(self.account));
        let query = query.backward().limit(1);
        let found = self.ports.store.query::<Payment>(&query).await.unwrap();
        found.records.into_iter().next().unwrap().value
    }

    /// The provider is asked what it kept of a payment, as the janitor does when that is due.
    pub async fn ask_for_fee(&self, payment: &Payment) {
        settle::look_up_fee(&self.ports, &self.checkouts, payment)
            .await
            .unwrap();
    }

    /// From now on, what the client has is applied to what is issued to it.
    pub async fn apply_balances(&self) {
        let key = keys::client(self.account, self.client.parse().unwrap());
        let before: Versioned<Client> = self.ports.store.get(&key).await.unwrap().unwrap();
        let after = Client {
            apply_balance_at_issue: Some(true),
            ..before.value.clone()
        };
        let commit = Commit::new().replace(&before, &after, Vec::new());
        self.ports.store.commit(commit).await.unwrap();
    }

    pub async fn project_totals(&self) {
        let path = format!("/v1/project-totals?project_id={}", self.project);
        let call = Call::new("GET /v1/project-totals", &path).by(self.account, Role::Viewer);
        let answer = call.send(self.projects.as_ref()).await.unwrap();
        assert_eq!(answer.status, 200, "{}", answer.text);
    }

    /// Says what the bookkeeper calls the accounts.
    pub async fn set_ledger_codes(&self) {
        let path = "/v1/settings/ledger-codes";
        let body = json!({
            "preset": "datev_skr03",
            "datev": {"consultant": 1001, "client": 42},
        });
        let call = Call::new("PUT /v1/settings/ledger-codes", path)
            .by(self.account, Role::Manager)
            .header("if-match", "\"v0\"")
            .json(&body);
        let answer = call.send(self.settings.as_ref()).await.unwrap();
        assert_eq!(answer.status, 200, "{}", answer.text);
    }

    /// A report of the month.
    pub async fn report(&self, name: &str, more: &str) {
        let month = jiff::tz::TimeZone::UTC.to_datetime(self.ports.now()).date();
        let (from, to) = (month.first_of_month(), month.last_of_month());
        let path = format!("/v1/reports/{name}?from={from}&to={to}{more}");
        let route = format!("GET /v1/reports/{name}");
        let call = Call::new(&route, &path).by(self.account, Role::Viewer);
        let answer = call.send(self.reports.as_ref()).await.unwrap();
        assert_eq!(answer.status, 200, "{}", answer.text);
    }

    pub async fn list(&self) -> Value {
        let call = Call::new("GET /v1/invoices", "/v1/invoices").by(self.account, Role::Viewer);
        let answer = call.send(self.invoices.as_ref()).await.unwrap();
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.body["data"].clone()
    }

    pub async fn authorize(&self, key: &str) {
        let payload = json!({
            "version": "2.0", "type": "REQUEST",
            "identitySource": [format!("Bearer {key}")],
        });
        let answer = self.authorizer.invoke(payload).await.unwrap();
        assert_eq!(answer["isAuthorized"], true);
    }

    /// Invites a colleague.
    pub async fn invite(&self) {
        let number = self.next();
        let call = Call::new("POST /v1/members", "/v1/members");
        let call = call.by(self.account, Role::Owner).of_member(self.owner);
        let call = call.header("idempotency-key", &format!("invite-{number}"));
        let email = format!("min{number}@northlight.example");
        let call = call.json(&json!({"email": email, "name": "Min Kim", "role": "biller"}));
        let answer = call.send(self.team.as_ref()).await.unwrap();
        assert_eq!(answer.status, 201, "{}", answer.text);
    }

    /// Presses the button of the page that the newest mail leads to.
    pub async fn join(&self, page: &str) {
        let call = Call::new("POST /join/{token}", page);
        let call = call.text(&format!("with={}", "a".repeat(43)));
        let answer = call.send(self.team.as_ref()).await.unwrap();
        assert_eq!(answer.status, 200, "{}", answer.text);
    }

    /// The token of the owner, who signs in.
    pub fn token(&self) -> String {
        let now_s = self.clock.now().as_second();
        let claims = json!({
            "iss": ISSUER, "sub": "7c1d9e52-3b48-4f0a-9d6e-2a85c4f1b730", "token_use": "access",
            "client_id": AUDIENCE, "iat": now_s, "exp": now_s + 3600,
        });
        let key = &self.issuer_key;
        key.sign(&key.header(), &claims.to_string()).unwrap()
    }

    /// Has the owner link who signs in.
    pub async fn link_identity(&self) {
        let by = |call: Call| call.by(self.account, Role::Owner).of_member(self.owner);
        let path = format!("/v1/members/{}/identity", self.owner);
        let call = by(Call::new("PUT /v1/members/{member_id}/identity", &path));
        let call = call.header("idempotency-key", &format!("link-{}", self.next()));
        let answer = call.json(&json!({"token": self.token()}));
        let answer = answer.send(self.team.as_ref()).await.unwrap();
        assert_eq!(answer.status, 200, "{}", answer.text);
    }

    pub async fn view(&self, invoice: &Issued) -> String {
        let call = Call::new("GET /p/{token}", &invoice.page);
        let answer = call.send(self.portal.as_ref()).await.unwrap();
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.text
    }

    /// Presses the pay button of a page as it was shown.
    pub async fn press_pay(&self, invoice: &Issued, page: &str) {
        self.press(invoice, page, &[]).await;
    }

    /// The same with the box ticked that lets the agency keep what is paid with.
    pub async fn press_and_leave(&self, invoice: &Issued, page: &str) {
        self.press(invoice, page, &[("keep", "1")]).await;
    }

    async fn press(&self, invoice: &Issued, page: &str, more: &[(&str, &str)]) {
        let form = form_urlencoded::Serializer::new(String::new())
            .append_pair("request_id", &hidden(page, "request_id"))
            .append_pair("version", &hidden(page, "version"))
            .append_pair("proof", &hidden(page, "proof"))
            .extend_pairs(more)
            .finish();
        let path = format!("{}/checkout", invoice.page);
        let call = Call::new("POST /p/{token}/checkout", &path)
            .header("content-type", "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin")
            .text(&form);
        let answer = call.send(self.portal.as_ref()).await.unwrap();
        assert_eq!(answer.status, 303, "{}", answer.text);
        let to = answer.header("location").unwrap();
        assert!(to.starts_with("https://checkout.stripe.com/"), "{to}");
    }

    /// Stripe's notification that the page opened last was paid on.
    pub fn paid(&self, now: Timestamp) -> Call {
        let form = self.pages.last();
        let mut event: Value = serde_json::from_str(PAID).unwrap();
        let serial = self.next();
        event["id"] = json!(format!("evt_1SVq01Lr8T5bQwEx{serial:08}"));
        event["created"] = json!(now.as_second());
        let session = &mut event["data"]["object"];
        for name in ["remit_account", "remit_invoice", "remit_attempt"] {
            session["metadata"][name] = json!(form[&format!("metadata[{name}]")]);
        }
        let minor: i64 = form["line_items[0][price_data][unit_amount]"]
            .parse()
            .unwrap();
        session["amount_total"] = json!(minor);
        session["currency"] = json!(form["line_items[0][price_data][currency]"]);
        session["client_reference_id"] = json!(form["client_reference_id"]);
        session["payment_intent"] = json!(format!("pi_3SVq2kLr8T5bQwEx{serial:08}"));
        self.signed(&event, now)
    }

    /// Stripe's notification that it has paid out.
    pub fn paid_out(&self, now: Timestamp) -> Call {
        let mut event: Value = serde_json::from_str(PAID_OUT).unwrap();
        event["created"] = json!(now.as_second());
        event["data"]["object"]["arrival_date"] = json!(now.as_second());
        self.signed(&event, now)
    }

    fn signed(&self, event: &Value, now: Timestamp) -> Call {
        let body = event.to_string();
        let secret = WEBHOOK_SECRET.parse().unwrap();
        let path = format!("/webhooks/stripe/{}", self.account);
        Call::new("POST /webhooks/{provider}/{account_id}", &path)
            .header(
                "stripe-signature",
                &signature::sign(body.as_bytes(), &secret, now),
            )
            .text(&body)
    }

    pub async fn notify(&self, notification: &Call) {
        let answer = notification.send(self.webhooks.as_ref()).await.unwrap();
        assert_eq!(answer.status, 200, "{}", answer.text);
    }

    /// Hands the delivery that these events ask for to the function that sends its kind.
    pub async fn deliver(&self, events: &[Event]) {
        let wanted = events
            .iter()
            .find(|event| event.kind == EventKind::DeliveryRequested);
        let wanted = wanted.expect("a delivery");
        let few = [json!("invitation"), json!("mail_test")];
        if few.contains(&wanted.data["delivery_kind"]) {
            let before = self.mails.count();
            let event = bus_event(wanted);
            self.invitation_sending.invoke(event).await.unwrap();
            assert_eq!(self.mails.count(), before + 1);
            return;
        }
        let function = match wanted.data["delivery_kind"].as_str() {
            Some("receipt") => &self.receipt_sending,
            Some(
                "invoice"
                | "void_notice"
                | "instalments"
                | "credit_note"
                | "subscription_notice"
                | "statement"
                | "monthly_statement",
            ) => &self.invoice_sending,
            _ => &self.estimate_sending,
        };
        let before = self.mails.count();
        let answer = function.invoke(batch(wanted)).await.unwrap();
        assert_eq!(answer["batchItemFailures"], json!([]));
        assert_eq!(self.mails.count(), before + 1);
    }

    /// Hands `invoice.paid` to the function that closes open pages.
    pub async fn close_pages(&self, events: &[Event]) {
        let paid = events
            .iter()
            .find(|event| event.kind == EventKind::InvoicePaid);
        let payload = json!({"detail": paid.expect("the invoice is paid")});
        self.checkout_expiry.invoke(payload).await.unwrap();
    }

    /// Hands what was written to the function behind the table's stream.
    pub async fn publish(&self, written: &[Vec<Write>]) {
        let puts = written.iter().flatten().filter_map(|write| match write {
            Write::Put { item, .. } => Some(item),
            _ => None,
        });
        let records = puts.enumerate().map(|(at, item)| {
            json!({
                "eventName": "INSERT", "awsRegion": "eu-central-1", "eventID": at.to_string(),
                "dynamodb": {
                    "ApproximateCreationDateTime": 1, "Keys": {}, "SizeBytes": 1,
                    "SequenceNumber": format!("{at:021}"), "NewImage": image(item),
                    "StreamViewType": "NEW_AND_OLD_IMAGES",
                },
            })
        });
        let batch = json!({"Records": records.collect::<Value>()});
        let before = self.bus.count();
        let answer = self.publisher.invoke(batch).await.unwrap();
        assert_eq!(answer["batchItemFailures"], json!([]));
        let stated = tap::events(written).len();
        assert_eq!(self.bus.count(), before + u64::try_from(stated).unwrap());
    }

    /// One more client like the first.
    pub async fn another_client(&self) -> String {
        crate::agency::set_up_client(&self.ports, self.account).await
    }

    /// A subscription of as many lines as an invoice has, that begins today and sends its bills.
    pub async fn subscription(&self, starts_on: &str) -> String {
        let lines = body(&self.client, LINES)["lines"].clone();
        let body = json!({
            "name": "Care", "client_id": self.client, "lines": lines, "automation": "send",
            "schedule": {"unit": "month", "starts_on": starts_on},
        });
        let path = "/v1/subscriptions";
        let made = self.ask("POST /v1/subscriptions", path, &body, true).await;
        made.body["id"].as_str().unwrap().to_owned()
    }

    /// It bills from now on.
    pub async fn activate(&self, subscription: &str) {
        let route = "POST /v1/subscriptions/{subscription_id}/activate";
        let path = format!("/v1/subscriptions/{subscription}/activate");
        self.ask(route, &path, &json!({}), true).await;
    }

    /// Bills what is due; how many that were.
    pub async fn bill_subscriptions(&self) -> u64 {
        let ran = self.subscription_billing.invoke(json!({})).await.unwrap();
        assert_eq!(ran["failed"], 0);
        assert!(self.billing_queue.is_empty(), "few are billed at once");
        ran["seen"].as_u64().unwrap()
    }

    /// Charges the late fees that are due; how many invoices were looked at.
    pub async fn charge_late_fees(&self) -> u64 {
        let ran = self.late_fees.invoke(json!({})).await.unwrap();
        assert_eq!(ran["failed"], 0);
        assert!(self.fee_queue.is_empty(), "few are charged at once");
        ran["seen"].as_u64().unwrap()
    }

    /// Clients get statements of each month, on the first.
    pub async fn have_monthly_statements(&self) {
        let stored = self
            .ports
            .store
            .get::<Account>(&keys::account(self.account))
            .await;
        let stored = stored.unwrap().unwrap();
        let mut after = stored.value.clone();
        after.notices.statement_day = Some(1);
        let wanted = statements::wanted(&self.ports.store, &after, self.ports.now()).await;
        let commit = Commit::new().replace(&stored, &after, Vec::new());
        let commit = commit.and(wanted.unwrap());
        self.ports.store.commit(commit).await.unwrap();
    }

    /// Makes the statements that are due; of how many accounts.
    pub async fn make_statements(&self) -> u64 {
        let ran = self.statements.invoke(json!({})).await.unwrap();
        assert_eq!(ran["failed"], 0);
        ran["seen"].as_u64().unwrap()
    }

    /// The client's statement of this month so far.
    pub async fn read_statement(&self) {
        let from = self.account_day().first_of_month();
        let path = format!("/v1/clients/{}/statements?from={from}", self.client);
        let route = "GET /v1/clients/{client_id}/statements";
        let call = Call::new(route, &path).by(self.account, Role::Viewer);
        let answer = call.send(self.reports.as_ref()).await.unwrap();
        assert_eq!(answer.status, 200, "{}", answer.text);
    }

    async fn in_portal(&self, route: &str, path: &str, call: impl Fn(Call) -> Call) -> Answer {
        let path = format!("/portal/{}{path}", self.account);
        let call = call(Call::new(route, &path).header("sec-fetch-site", "same-origin"));
        call.send(self.portal.as_ref()).await.unwrap()
    }

    /// The client's contact asks for a link to sign in.
    pub async fn ask_for_link(&self) {
        let route = "POST /portal/{account_id}/sign-in";
        let form = |call: Call| {
            call.header("content-type", "application/x-www-form-urlencoded")
                .text("email=ada%40aurora.example")
        };
        let answer = self.in_portal(route, "/sign-in", form).await;
        assert_eq!(answer.status, 303, "{}", answer.text);
    }

    /// It presses the button behind the link of the newest mail; the cookie that it gets.
    pub async fn sign_in(&self) -> String {
        let mail = self.mails.newest();
        let (_, rest) = mail.split_once("/enter/").expect("a link to sign in");
        let token = rest.split_whitespace().next().unwrap();
        let route = "POST /portal/{account_id}/enter/{token}";
        let answer = self
            .in_portal(route, &format!("/enter/{token}"), |call| call)
            .await;
        assert_eq!(answer.status, 303, "{}", answer.text);
        let cookie = answer.cookies[0].split(';').next().unwrap();
        cookie.to_owned()
    }

    /// It sees all that its client was sent.
    pub async fn see_all(&self, cookie: &str) {
        let with = |call: Call| call.header("cookie", cookie);
        let answer = self.in_portal("GET /portal/{account_id}", "", with).await;
        assert!(answer.text.contains("/sign-out"), "{}", answer.text);
    }

    /// The same, mailed.
    pub async fn send_statement(&self) {
        let from = self.account_day().first_of_month();
        let path = format!("/v1/clients/{}/statements", self.client);
        let route = "POST /v1/clients/{client_id}/statements";
        self.ask(route, &path, &json!({"from": from}), true).await;
    }

    fn account_day(&self) -> jiff::civil::Date {
        jiff::tz::TimeZone::UTC.to_datetime(self.ports.now()).date()
    }

    /// The client agrees to interest.
    pub async fn agree_on_interest(&self) {
        let key = keys::client(self.account, self.client.parse().unwrap());
        let stored: Versioned<Client> = self.ports.store.get(&key).await.unwrap().unwrap();
        let agreement = json!({
            "kind": "interest", "yearly_percent": "9", "currency": "EUR",
            "agreed_on": "2026-01-15", "agreement": "Frame contract 17",
        });
        let after = Client {
            late_fee_agreement: Some(serde_json::from_value(agreement).unwrap()),
            ..stored.value.clone()
        };
        let commit = Commit::new().replace(&stored, &after, Vec::new());
        self.ports.store.commit(commit).await.unwrap();
    }

    /// One run of the schedule; answers how many reminders were due.
    pub async fn remind(&self) -> u64 {
        let before = self.mails.count();
        let ran = self.reminders.invoke(json!({})).await.unwrap();
        assert_eq!(ran["failed"], 0);
        assert!(self.reminder_queue.is_empty(), "few are sent at once");
        let seen = ran["seen"].as_u64().unwrap();
        assert_eq!(self.mails.count(), before + seen);
        seen
    }
}

/// One event of the bus in a message of a queue.
fn batch(event: &Event) -> Value {
    let body = json!({
        "version": "0", "source": "remit", "detail-type": event.kind, "detail": event,
    });
    json!({"Records": [{
        "messageId": "0b6f", "receiptHandle": "r", "body": body.to_string(), "attributes": {},
        "messageAttributes": {}, "eventSource": "aws:sqs", "awsRegion": "eu-central-1",
    }]})
}

/// An item as the stream carries it.
pub fn image(item: &Item) -> Value {
    item.iter()
        .map(|(name, value)| (name.clone(), attribute(value)))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

fn attribute(value: &AttributeValue) -> Value {
    match value {
        AttributeValue::S(text) => json!({ "S": text }),
        AttributeValue::N(number) => json!({ "N": number }),
        AttributeValue::Bool(yes) => json!({ "BOOL": yes }),
        AttributeValue::Null(yes) => json!({ "NULL": yes }),
        AttributeValue::L(values) => {
            json!({ "L": values.iter().map(attribute).collect::<Value>() })
        }
        AttributeValue::M(values) => json!({ "M": image(values) }),
        other => unreachable!("no item that states something has {other:?}"),
    }
}

/// The value of a hidden field of a form.
fn hidden(page: &str, name: &str) -> String {
    let field = format!("name=\"{name}\" value=\"");
    let (_, after) = page.split_once(&field).expect("a form with the field");
    after.split('"').next().unwrap().to_owned()
}
