//! A host of one's own, its clock, its mailbox and its events.

use std::collections::BTreeMap;

use jiff::{Span, Timestamp};
use remit_local::{Host, Options, RequestsPerS};
use serde_json::{Value, json};

use crate::client::{Api, text};
use crate::shape;

/// Where stories begin: a Monday, far enough ahead that the machine's own time never is.
pub const START: &str = "2040-03-05T10:00:00Z";

/// How often what is due is looked for: `rate(5 minutes)` of the template.
const SWEEPS_EVERY_S: i64 = 300;

/// A host with one agency: Europe/Berlin, EUR, English, Stripe set up.
pub struct House {
    pub host: Host,
    /// The owner.
    pub api: Api,
}

impl House {
    /// Starts one at [`START`].
    pub async fn open() -> Self {
        Self::open_at(START).await
    }

    /// Starts one at an instant.
    pub async fn open_at(now: &str) -> Self {
        Self::start(now, RequestsPerS::default()).await
    }

    /// Starts one that counts how often somebody asks.
    pub async fn open_limited(requests_per_s: RequestsPerS) -> Self {
        Self::start(START, requests_per_s).await
    }

    async fn start(now: &str, requests_per_s: RequestsPerS) -> Self {
        let options = Options {
            empty: true,
            requests_per_s,
            ..Options::default()
        };
        let host = Host::start(options).await.unwrap();
        let api = Api::new(&host.url, &host.agency.api_key);
        let house = Self { host, api };
        // Nothing has happened yet but that the agency was made: what seals its day is all that falls due.
        let start: Timestamp = now.parse().unwrap();
        house.host.cloud.clock.move_to(start).unwrap();
        house.advance("PT0S").await;
        house
    }

    /// What somebody gets who signs in at the issuer now.
    pub fn sign_in(&self, subject: &str) -> Value {
        let fields = BTreeMap::from([("sub".to_owned(), subject.to_owned())]);
        let now = self.host.cloud.now();
        self.host.issuer.sign_in(&fields, now).unwrap()
    }

    /// Everything that must be so at a story's end: no message failed for good, every fact was
    /// stated in its shape, and whatever comes again changes nothing.
    pub async fn close(self) {
        self.pass_sweep().await;
        for event in self.events().await {
            shape::hold(&event);
        }
        self.everything_again().await;
        let queues = self.api.get("/_local/queues").await.ok();
        for queue in queues["queues"].as_array().unwrap() {
            let is_dead = queue["is_dead_letters"] == true;
            assert!(!is_dead || queue["depth"] == 0, "dead letters: {queue}");
        }
        assert_eq!(queues["put_aside"], json!([]));
        self.host.stop().await;
    }

    /// Moves past the next sweep. The clock goes on by itself, and what a sweep would find in the middle of what comes
    /// again, it finds before.
    async fn pass_sweep(&self) {
        let past = self.now().as_second() % SWEEPS_EVERY_S;
        let span = format!("PT{}S", SWEEPS_EVERY_S - past + 1);
        self.advance(&span).await;
    }

    /// Every notification of the providers' stand-ins and every event of the buses once more, the
    /// last first, as providers and buses may.
    async fn everything_again(&self) {
        let cloud = &self.host.cloud;
        let (before, mails) = (self.stored(), cloud.mailbox.all().len());
        for webhook in cloud.stripe.webhooks().iter().rev() {
            cloud.send_webhook(&webhook.id).await.unwrap();
        }
        for webhook in cloud.payers.webhooks().iter().rev() {
            cloud.send_payer_webhook(&webhook.id).await.unwrap();
        }
        for stated in cloud.events().iter().rev() {
            let of = |name: &str| text(&stated.event, name);
            let detail = stated.event["detail"].clone();
            let put = cloud.put_event(&stated.bus, of("source"), of("detail-type"), detail);
            put.unwrap();
        }
        self.settle().await;
        assert_eq!(cloud.mailbox.all().len(), mails, "a mail left twice");
        self.unchanged_since(&before, "what came again");
    }

    /// The account's id.
    pub fn account_id(&self) -> &str {
        &self.host.agency.account_id
    }

    /// What the account's webhooks are signed with.
    pub fn webhook_secret(&self) -> &str {
        &self.host.agency.webhook_secret
    }

    /// Where it answers.
    pub fn url(&self) -> &str {
        &self.host.url
    }

    /// Now.
    pub fn now(&self) -> Timestamp {
        self.host.cloud.now()
    }

    /// Lets everything that is due now run to its end: facts reach the bus, mails leave.
    pub async fn settle(&self) {
        self.advance("PT1S").await;
    }

    /// Moves the clock through all that falls due.
    pub async fn advance(&self, span: &str) {
        let body = json!({ "advance": span });
        self.move_clock(&body).await;
    }

    /// Moves the clock to an instant.
    pub async fn until(&self, instant: &str) {
        let body = json!({ "now": instant });
        self.move_clock(&body).await;
    }

    /// The machine sleeps until an instant: what fell due meanwhile is seen only then. Far
    /// cheaper than moving through, and a harder test of what must not happen.
    pub async fn sleep_until(&self, instant: &str) {
        self.host
            .cloud
            .clock
            .move_to(instant.parse().unwrap())
            .unwrap();
        self.settle().await;
    }

    async fn move_clock(&self, body: &Value) {
        let call = self.api.call("POST", "/_local/clock").json(body);
        call.send().await.expect(200);
    }

    /// Every mail to an address, oldest first.
    pub async fn mails(&self, to: &str) -> Vec<Value> {
        let target = format!("/_local/mail.json?to={}", to.replace('+', "%2B"));
        list(&self.api.get(&target).await.ok())
    }

    /// The subjects of every mail to an address, oldest first.
    pub async fn subjects(&self, to: &str) -> Vec<String> {
        let mails = self.mails(to).await;
        let subjects = mails.iter().map(|mail| text(mail, "subject").to_owned());
        subjects.collect()
    }

    /// Remit's own events, oldest first.
    pub async fn events(&self) -> Vec<Value> {
        let mut events = list(&self.api.get("/_local/events").await.ok());
        events.retain(|event| event["source"] == "remit");
        events
    }

    /// What was stated about one invoice, as words, oldest first.
    pub async fn told_of(&self, invoice_id: &str) -> Vec<String> {
        let events = self.events().await;
        let of = events
            .iter()
            .filter(|event| event["detail"]["data"]["invoice_id"] == invoice_id);
        of.map(|event| text(event, "detail-type").to_owned())
            .collect()
    }

    /// Every queue, with what waits in it.
    pub async fn queues(&self) -> Vec<Value> {
        let queues = self.api.get("/_local/queues").await.ok();
        list(&queues["queues"])
    }

    /// Everything in the table, in a stable order: what a refused request must leave as it was.
    pub fn stored(&self) -> Vec<String> {
        let mut all = Vec::new();
        for table in &self.host.cloud.template.tables {
            let mut query = json!({ "TableName": table });
            loop {
                let (_, answer) = self
                    .host
                    .cloud
                    .table
                    .call("DynamoDB_20120810.Scan", query.to_string().as_bytes());
                let page: Value = serde_json::from_slice(&answer).unwrap();
                all.extend(list(&page["Items"]).iter().map(in_order));
                if page["LastEvaluatedKey"].is_null() {
                    break;
                }
                query["ExclusiveStartKey"] = page["LastEvaluatedKey"].clone();
            }
        }
        all.sort();
        all
    }

    /// Fails, with what is new, unless the table is as it was.
    #[track_caller]
    pub fn unchanged_since(&self, before: &[String], what: &str) {
        let mut after = self.stored();
        let count = after.len();
        after.retain(|item| !before.contains(item));
        assert!(after.is_empty(), "{what} stored {}", after.join("\n"));
        assert_eq!(count, before.len(), "{what} deleted something");
    }

    /// Sets up a further agency, as its operator would through IAM; its owner.
    pub async fn agency(&self, name: &str, time_zone: &str, currency: &str) -> Agency {
        let cloud = &self.host.cloud;
        let mut functions = cloud.template.functions.iter();
        let found = functions.find(|(_, spec)| spec.folder == "account-setup");
        let payload = json!({
            "name": name,
            "email": "hello@second.example",
            "time_zone": time_zone,
            "currency": currency,
            "language": "en",
        });
        let made = cloud.invoke(found.unwrap().0, payload).await.unwrap();
        assert!(made["account"]["id"].is_string(), "{made}");
        Agency {
            api: self.api.with_key(text(&made["api_key"], "key")),
            account_id: text(&made["account"], "id").to_owned(),
        }
    }
}

/// A further agency of the host.
pub struct Agency {
    /// Its owner.
    pub api: Api,
    /// Its account.
    pub account_id: String,
}

/// Makes what stories need, by the API.
impl Api {
    /// A client with one contact; `more` is laid over the usual fields.
    pub async fn client(&self, email: &str, more: Value) -> Value {
        let mut body = json!({
            "name": "Aurora Books",
            "contacts": [{"name": "Ada Marsh", "email": email}],
            "currency": "EUR",
            "language": "en",
            "time_zone": "Europe/London",
            "payment_terms": {"kind": "net", "days": 14},
        });
        lay_over(&mut body, more);
        self.post("/v1/clients", &body).await.expect(201).ok()
    }

    /// A draft of one line at this price; `more` is laid over it.
    pub async fn draft(&self, client_id: &str, unit_price: &str, more: Value) -> Value {
        let mut body = json!({
            "client_id": client_id,
            "lines": [{"description": "Work", "quantity": "1", "unit_price": unit_price}],
        });
        lay_over(&mut body, more);
        self.post("/v1/invoices", &body).await.expect(201).ok()
    }

    /// An issued invoice, not sent.
    pub async fn issued(&self, client_id: &str, unit_price: &str, more: Value) -> Value {
        let draft = self.draft(client_id, unit_price, more).await;
        self.issue(text(&draft, "id"), false).await
    }

    /// Issues a draft.
    pub async fn issue(&self, invoice_id: &str, send: bool) -> Value {
        let target = format!("/v1/invoices/{invoice_id}/issue");
        let body = json!({ "send": send });
        self.post(&target, &body).await.expect(200).ok()
    }

    /// Records a payment by hand.
    pub async fn record(&self, invoice_id: &str, amount: &str) -> Value {
        let target = format!("/v1/invoices/{invoice_id}/payments");
        let body = json!({ "amount": amount });
        self.post(&target, &body).await.expect(201).ok()
    }

    /// Voids an invoice.
    pub async fn void(&self, invoice_id: &str) -> Value {
        let target = format!("/v1/invoices/{invoice_id}/void");
        self.post(&target, &json!({})).await.expect(200).ok()
    }

    /// An invoice as it stands.
    pub async fn invoice(&self, invoice_id: &str) -> Value {
        self.get(&format!("/v1/invoices/{invoice_id}")).await.ok()
    }

    /// All pages of a list.
    pub async fn all(&self, target: &str) -> Vec<Value> {
        let mark = if target.contains('?') { '&' } else { '?' };
        let mut all = Vec::new();
        let mut next = String::new();
        loop {
            let page = self.get(&format!("{target}{next}")).await.ok();
            all.extend(list(&page["data"]));
            match page["next_cursor"].as_str() {
                Some(cursor) => next = format!("{mark}cursor={cursor}"),
                None => return all,
            }
        }
    }

    /// A new key of a role.
    pub async fn role(&self, role: &str) -> Api {
        let body = json!({"name": role, "role": role});
        let made = self.post("/v1/api-keys", &body).await.expect(201).ok();
        self.with_key(text(&made, "key"))
    }
}

/// Sets the fields of the second object in the first; null takes a field away.
pub fn lay_over(body: &mut Value, more: Value) {
    let Value::Object(more) = more else { return };
    let fields = body.as_object_mut().unwrap();
    for (name, value) in more {
        match value {
            Value::Null => drop(fields.remove(&name)),
            value => drop(fields.insert(name, value)),
        }
    }
}

/// The elements of a list.
#[track_caller]
pub fn list(value: &Value) -> Vec<Value> {
    let list = value.as_array().cloned();
    list.unwrap_or_else(|| panic!("not a list: {value}"))
}

/// An item as text, its attributes in order.
fn in_order(value: &Value) -> String {
    match value {
        Value::Object(fields) => {
            let sorted: std::collections::BTreeMap<&String, String> = fields
                .iter()
                .map(|(name, value)| (name, in_order(value)))
                .collect();
            format!("{sorted:?}")
        }
        Value::Array(values) => {
            let values: Vec<String> = values.iter().map(in_order).collect();
            format!("{values:?}")
        }
        other => other.to_string(),
    }
}

/// The value of a field of every element.
pub fn column(rows: &[Value], name: &str) -> Vec<String> {
    rows.iter().map(|row| text(row, name).to_owned()).collect()
}

/// The day and the wall time of an instant in a zone, as `2040-03-05 09:00`.
#[track_caller]
pub fn local_time(instant: &str, zone: &str) -> String {
    let instant: Timestamp = instant.parse().unwrap();
    let there = instant.in_tz(zone).unwrap();
    there.strftime("%Y-%m-%d %H:%M").to_string()
}

/// A civil day that lies so many days after another.
#[track_caller]
pub fn days_after(day: &str, days: i32) -> String {
    let day: jiff::civil::Date = day.parse().unwrap();
    day.checked_add(Span::new().days(days)).unwrap().to_string()
}
