//! An agency with invoices of every kind, made as its owner would make them: through the API.

use remit_local::{Host, Options};
use reqwest::Method;
use serde_json::{Value, json};

/// A running host and its agency.
pub struct Agency {
    pub host: Host,
    client: reqwest::Client,
    /// Its clients: one reads English, the other Korean.
    pub readers: [String; 2],
    requests: u32,
}

/// A page that a client opens, and what must be on its first screen.
#[derive(Debug, Clone)]
pub struct Page {
    /// As it stands in the name of a picture.
    pub name: String,
    pub language: &'static str,
    pub address: String,
    pub status: u64,
    /// How much; nothing where the page is about no sum.
    pub sum: &'static str,
    /// The words of the pay button, where there is one.
    pub button: Option<&'static str>,
}

/// An offer that was sent.
#[derive(Debug, Clone)]
pub struct Offer {
    /// `/v1/estimates/est_...`
    pub path: String,
    /// Its page.
    pub address: String,
}

/// A kind of invoice by what becomes of it.
#[derive(Debug, Clone, Copy)]
enum Fate {
    Open,
    Overdue,
    PartPaid,
    Paid,
    Void,
}

impl Agency {
    /// Starts a host that keeps nothing.
    pub async fn open() -> Self {
        let host = Host::start(Options::default()).await.unwrap();
        let readers = <[String; 2]>::try_from(host.agency.client_ids.clone()).unwrap();
        Self {
            host,
            client: reqwest::Client::builder().no_proxy().build().unwrap(),
            readers,
            requests: 0,
        }
    }

    /// Calls the API; whatever it refuses is a failure.
    pub async fn call(&mut self, method: Method, path: &str, body: &Value) -> Value {
        self.requests += 1;
        let seen = match method {
            Method::PATCH => Some(self.etag(path).await),
            _ => None,
        };
        let request = self
            .client
            .request(method, format!("{}{path}", self.host.url))
            .bearer_auth(&self.host.agency.api_key)
            .header("idempotency-key", format!("request-{}", self.requests));
        let request = match path.ends_with("/work-settings") {
            true => request.header("if-match", "\"v0\""),
            false => request,
        };
        let request = match seen {
            Some(etag) => request.header("if-match", etag),
            None => request,
        };
        let request = if body.is_null() {
            request
        } else {
            request
                .header("content-type", "application/json")
                .body(body.to_string())
        };
        let answer = request.send().await.unwrap();
        let status = answer.status();
        let text = answer.text().await.unwrap();
        assert!(status.is_success(), "{path} answered {status}: {text}");
        serde_json::from_str(&text).unwrap_or_default()
    }

    async fn etag(&self, path: &str) -> String {
        let request = self.client.get(format!("{}{path}", self.host.url));
        let request = request.bearer_auth(&self.host.agency.api_key);
        let answer = request.send().await.unwrap();
        answer.headers()["etag"].to_str().unwrap().to_owned()
    }

    /// Takes transfers to an account of its own, and lets payers choose how much they pay.
    async fn ways_to_pay(&mut self) {
        let account = json!({
            "name": "House bank", "identifier": "DE02120300000000202051", "bic": "BYLADEM1001",
            "bank": "Deutsche Kreditbank", "currency": "EUR", "format": "camt053",
            "for_clients": true,
        });
        self.post("/v1/bank-accounts", account).await;
        let parts = json!({"part_payments": {"minimum_percent": "10"}, "payment_instructions": []});
        self.call(Method::PATCH, "/v1/settings", &parts).await;
    }

    async fn post(&mut self, path: &str, body: Value) -> Value {
        self.call(Method::POST, path, &body).await
    }

    /// Issues an invoice, without sending it; its id and the address of its page.
    async fn issue(&mut self, mut content: Value, language: &str) -> (String, String) {
        let reader = usize::from(language == "ko");
        content["client_id"] = self.readers[reader].as_str().into();
        let draft = self.post("/v1/invoices", content).await;
        let id = draft["id"].as_str().unwrap().to_owned();
        let path = format!("/v1/invoices/{id}/issue");
        let issued = self.post(&path, json!({"send": false})).await;
        (id, issued["url"].as_str().unwrap().to_owned())
    }

    /// A plain invoice of 1,130.50 euros, and what becomes of it; the address of its page.
    pub async fn plain(&mut self, language: &'static str) -> String {
        self.plain_with_id(language).await.1
    }

    /// The same, with the invoice's id.
    pub async fn plain_with_id(&mut self, language: &'static str) -> (String, String) {
        self.issue(plain(14), language).await
    }

    async fn fated(&mut self, language: &'static str, fate: Fate) -> Page {
        let net_days = if matches!(fate, Fate::Overdue) { 3 } else { 60 };
        let (id, address) = self.issue(plain(net_days), language).await;
        let path = |action: &str| format!("/v1/invoices/{id}/{action}");
        let paid = |amount: &str| json!({"amount": amount, "method": "bank_transfer"});
        let pay = |amount: &'static str, button: [&'static str; 2]| {
            (amount, Some(button[usize::from(language == "ko")]))
        };
        let (name, (sum, button)) = match fate {
            Fate::Open => (
                "open",
                pay(
                    "€1,130.50",
                    ["Pay €1,130.50 by card", "카드로 €1,130.50 결제하기"],
                ),
            ),
            Fate::Overdue => (
                "overdue",
                pay(
                    "€1,130.50",
                    ["Pay €1,130.50 by card", "카드로 €1,130.50 결제하기"],
                ),
            ),
            Fate::PartPaid => {
                self.post(&path("payments"), paid("400.00")).await;
                (
                    "part-paid",
                    pay(
                        "€730.50",
                        ["Pay €730.50 by card", "카드로 €730.50 결제하기"],
                    ),
                )
            }
            Fate::Paid => {
                self.post(&path("payments"), paid("1130.50")).await;
                ("paid", ("€1,130.50", None))
            }
            Fate::Void => {
                self.post(&path("void"), json!({"reason": "Billed twice"}))
                    .await;
                ("void", ("€1,130.50", None))
            }
        };
        Page {
            name: format!("{name}-{language}"),
            language,
            address,
            status: 200,
            sum,
            button,
        }
    }

    /// Every page that a client can come to, once in each language.
    pub async fn pages(&mut self) -> Vec<Page> {
        let mut pages = Vec::new();
        let mut with_code = Vec::new();
        self.ways_to_pay().await;
        for language in ["en", "ko"] {
            for fate in [
                Fate::Open,
                Fate::Overdue,
                Fate::PartPaid,
                Fate::Paid,
                Fate::Void,
            ] {
                pages.push(self.fated(language, fate).await);
            }
            let (_, address) = self.issue(crowded(), language).await;
            let about = |name: &str, end: &str, status| Page {
                name: format!("{name}-{language}"),
                language,
                address: format!("{address}{end}"),
                status,
                sum: "",
                button: None,
            };
            let others = [
                about("list", "/invoices", 200),
                about("stop-reminders", "/unsubscribe", 200),
                about("left-checkout", "?checkout=left", 200),
                about("unknown", "x", 404),
            ];
            pages.push(Page {
                sum: "€24,321.58",
                button: Some(if language == "en" {
                    "Pay €24,321.58 by card"
                } else {
                    "카드로 €24,321.58 결제하기"
                }),
                ..about("crowded", "", 200)
            });
            pages.extend(others);
            let (first, refused) = self.issue(plain(14), language).await;
            let (second, _) = self.issue(plain(30), language).await;
            pages.push(Page {
                name: format!("part-refused-{language}"),
                language,
                address: format!("{refused}?checkout=part&amount=1.00"),
                status: 200,
                sum: "€1,130.50",
                button: Some(if language == "en" {
                    "Pay €1,130.50 by card"
                } else {
                    "카드로 €1,130.50 결제하기"
                }),
            });
            pages.push(Page {
                name: format!("chosen-{language}"),
                language,
                address: format!("{refused}/invoices?several=on&{first}=on&{second}=on"),
                status: 200,
                sum: "€2,261.00",
                button: Some(if language == "en" {
                    "Pay €2,261.00 by card"
                } else {
                    "카드로 €2,261.00 결제하기"
                }),
            });
            pages.push(Page {
                name: format!("billed-{language}"),
                language,
                address: self.billed(language).await,
                status: 200,
                sum: "€476.00",
                button: Some(if language == "en" {
                    "Pay €476.00 by card"
                } else {
                    "카드로 €476.00 결제하기"
                }),
            });
            pages.push(Page {
                name: format!("asked-{language}"),
                language,
                address: self.asked(language).await,
                status: 200,
                sum: "",
                button: None,
            });
            let (address, note) = self.disputed(language).await;
            pages.push(Page {
                name: format!("disputed-{language}"),
                language,
                address,
                status: 200,
                sum: "€1,106.70",
                button: Some(if language == "en" {
                    "Pay €32.72 by card"
                } else {
                    "카드로 €32.72 결제하기"
                }),
            });
            pages.push(Page {
                name: format!("credit-note-{language}"),
                language,
                address: note,
                status: 200,
                sum: "€23.80",
                button: None,
            });
            pages.push(Page {
                name: format!("timesheet-{language}"),
                language,
                address: self.timesheet(language).await,
                status: 200,
                sum: "",
                button: None,
            });
            pages.push(Page {
                name: format!("in-parts-{language}"),
                language,
                address: self.in_parts(language).await,
                status: 200,
                sum: "€480.50",
                button: Some(if language == "en" {
                    "Pay €250.00 by card"
                } else {
                    "카드로 €250.00 결제하기"
                }),
            });
            pages.push(Page {
                name: format!("several-{language}"),
                language,
                address: self.several(language).await,
                status: 200,
                sum: "€1,309.00",
                button: Some(if language == "en" {
                    "Pay €1,309.00 by card"
                } else {
                    "카드로 €1,309.00 결제하기"
                }),
            });
            pages.push(Page {
                name: format!("offer-change-{language}"),
                language,
                address: self.change_order(language).await,
                status: 200,
                sum: "",
                button: None,
            });
            for word in ["open", "with-code", "accepted", "withdrawn"] {
                let offer = self.offer(language).await;
                match word {
                    "with-code" => with_code.push(offer.clone()),
                    "accepted" => self.sign(&offer).await,
                    "withdrawn" => {
                        let why = json!({"reason": "We are fully booked until June."});
                        self.post(&format!("{}/withdraw", offer.path), why).await;
                    }
                    _ => {}
                }
                pages.push(Page {
                    name: format!("offer-{word}-{language}"),
                    language,
                    address: offer.address,
                    status: 200,
                    sum: "",
                    button: None,
                });
            }
        }
        self.post("/_local/clock", json!({"advance": "P9D"})).await;
        pages.push(Page {
            name: "join-en".to_owned(),
            language: "en",
            address: self.invitation().await,
            status: 200,
            sum: "",
            button: None,
        });
        // A code does not count for days.
        for offer in with_code {
            self.ask_code(&offer).await;
        }
        pages
    }

    /// Sends an offer, and finds its page in the mail.
    pub async fn offer(&mut self, language: &'static str) -> Offer {
        let reader = self.readers[usize::from(language == "ko")].clone();
        let project = json!({"client_id": reader, "name": "A new site"});
        let project = self.post("/v1/projects", project).await;
        let mut content = offered();
        content["project_id"] = project["id"].clone();
        let made = self.post("/v1/estimates", content).await;
        let path = format!("/v1/estimates/{}", made["id"].as_str().unwrap());
        self.post(&format!("{path}/send"), json!({})).await;
        let address = self.newest_link().await;
        Offer { path, address }
    }

    /// The link in the newest mail.
    async fn newest_link(&mut self) -> String {
        let mail = self.newest_mail().await;
        let mut words = mail.split_whitespace();
        words.find(|word| word.contains("/p/")).unwrap().to_owned()
    }

    /// A change order to an accepted offer, sent: hours less, the option up, photographs new.
    async fn change_order(&mut self, language: &'static str) -> String {
        let offer = self.offer(language).await;
        self.sign(&offer).await;
        let none = Value::Null;
        let estimate = self.call(Method::GET, &offer.path, &none).await;
        let project = estimate["project_id"].as_str().unwrap().to_owned();
        let path = format!("/v1/projects/{project}/scope");
        let scope = self.call(Method::GET, &path, &none).await;
        let change = json!({
            "project_id": project,
            "amends": estimate["id"],
            "title": "Fewer templates, and photographs",
            "introduction": "As we said on the phone: four templates are enough, and you would like pictures.",
            "changes": [
                {"scope_line_id": scope["lines"][0]["id"], "quantity": "5"},
                {"scope_line_id": scope["lines"][1]["id"], "amount": "0"},
            ],
            "lines": [{
                "description": "Half a day of photography in the café", "quantity": "4",
                "unit": "HUR", "unit_price": "110.00", "taxes": [{"name": "USt.", "rate": "19"}],
            }],
        });
        let made = self.post("/v1/estimates", change).await;
        let send = format!("/v1/estimates/{}/send", made["id"].as_str().unwrap());
        self.post(&send, json!({})).await;
        self.newest_link().await
    }

    /// An invoice that was asked about, and answered; the address of its page.
    async fn asked(&mut self, language: &'static str) -> String {
        let (id, address) = self.plain_with_id(language).await;
        let question =
            "Hello, what is the second line for? I thought that the texts were ours to write.";
        let fields = [("question", question)];
        self.submit(&address, "question", &fields).await;
        let answer = json!({"text": "They are. This is for putting them into the shop, which took us a morning.\n\nIn the estimate it is line 3."});
        self.post(&format!("/v1/threads/{id}/messages"), answer)
            .await;
        self.post("/_local/clock", json!({"advance": "PT1S"})).await;
        address
    }

    /// An invoice of which a line was credited in part, and another is disputed; the addresses of its
    /// page and of the credit note's.
    async fn disputed(&mut self, language: &'static str) -> (String, String) {
        let (id, address) = self.plain_with_id(language).await;
        let credit = json!({
            "reason": "You had a licence for two of the weights already.",
            "lines": [{"line": 2, "amount": "20.00"}],
        });
        let path = format!("/v1/invoices/{id}/credit-notes");
        let note = self.post(&path, credit).await;
        let reason = "We had agreed on five templates, and this says six.";
        let fields = [("line", "0"), ("reason", reason)];
        self.submit(&address, "dispute", &fields).await;
        let note = format!("{address}/credit-notes/{}", note["id"].as_str().unwrap());
        (address, note)
    }

    /// Work that was noted and billed; the address of its timesheet.
    async fn timesheet(&mut self, language: &'static str) -> String {
        let reader = self.readers[usize::from(language == "ko")].clone();
        let project = json!({"client_id": reader, "name": "The site of the bookshop"});
        let project = self.post("/v1/projects", project).await;
        let project = project["id"].as_str().unwrap().to_owned();
        let rates = json!({"rates": [
            {"per": "hour", "unit_price": "95"}, {"per": "km", "unit_price": "0.42"},
        ]});
        let path = format!("/v1/projects/{project}/work-settings");
        self.call(Method::PUT, &path, &rates).await;
        let day = self.call(Method::GET, "/_local/clock", &Value::Null).await;
        let day = day["now"].as_str().unwrap()[..10].to_owned();
        let mut entries = Vec::new();
        for mut work in [
            json!({"kind": "time", "minutes": 100, "description": "Six page templates, first round, and a talk about the pictures with the photographer"}),
            json!({"kind": "time", "minutes": 45, "description": "Corrections"}),
            json!({"kind": "mileage", "distance": "31.5", "unit": "km", "description": "To the bookshop and back"}),
            json!({"kind": "expense", "amount": "47.50", "merchant": "Typefoundry Nord", "description": "Typeface licence"}),
        ] {
            work["project_id"] = json!(project);
            work["worked_on"] = json!(day);
            let made = self.post("/v1/work-entries", work).await;
            entries.push(json!({"id": made["id"]}));
        }
        let submitted = self
            .post("/v1/work-entries/submit", json!({ "entries": entries }))
            .await;
        let seen = submitted["data"].as_array().unwrap().iter();
        let seen = seen.map(|entry| json!({"id": entry["id"], "version": entry["version"]}));
        let seen = json!({"entries": seen.collect::<Value>()});
        self.post("/v1/work-entries/approve", seen).await;
        let gather =
            json!({"client_id": reader, "project_ids": [project], "work_grouping": "entry"});
        let drafts = self.post("/v1/invoices/gather", gather).await;
        let draft = drafts["data"][0]["id"].as_str().unwrap();
        let path = format!("/v1/invoices/{draft}/issue");
        let issued = self.post(&path, json!({})).await;
        format!("{}/timesheet", issued["url"].as_str().unwrap())
    }

    /// Invites somebody; the address that the mail leads to.
    async fn invitation(&mut self) -> String {
        let body = json!({"email": "noor@studio.example", "name": "Noor Aziz", "role": "manager"});
        self.post("/v1/members", body).await;
        let mail = self.newest_mail().await;
        let mut words = mail.split_whitespace();
        words
            .find(|word| word.contains("/join/"))
            .unwrap()
            .to_owned()
    }

    /// An invoice that is paid in three parts; the address of its page.
    async fn in_parts(&mut self, language: &'static str) -> String {
        let (id, address) = self.plain_with_id(language).await;
        let parts = json!({"instalments": [
            {"due_date": "2027-06-01", "amount": "500.00"},
            {"due_date": "2027-07-01", "amount": "400.00"},
            {"due_date": "2027-08-01", "amount": "230.50"},
        ]});
        let path = format!("/v1/invoices/{id}/instalments");
        self.call(Method::PUT, &path, &parts).await;
        let paid = json!({"amount": "650.00"});
        self.post(&format!("/v1/invoices/{id}/payments"), paid)
            .await;
        address
    }

    /// An invoice over two projects, and some work beside; the address of its page.
    async fn several(&mut self, language: &'static str) -> String {
        let reader = self.readers[usize::from(language == "ko")].clone();
        let mut lines = Vec::new();
        for (name, team, price) in [
            ("The site of the bookshop", Some("Web"), "600.00"),
            ("The app for readers", Some("Mobile"), "400.00"),
        ] {
            let project = json!({"client_id": reader, "name": name, "team": team});
            let project = self.post("/v1/projects", project).await;
            for what in ["Design, as agreed", "Build, as agreed"] {
                lines.push(json!({
                    "description": what, "quantity": "0.5", "unit_price": price,
                    "taxes": [{"name": "USt.", "rate": "19"}], "project_id": project["id"],
                }));
            }
        }
        lines.push(json!({
            "description": "A day of help in the shop", "quantity": "1", "unit": "DAY",
            "unit_price": "100.00", "taxes": [{"name": "USt.", "rate": "19"}],
        }));
        self.issue(json!({ "lines": lines }), language).await.1
    }

    /// An invoice for a part of what was accepted; the address of its page.
    async fn billed(&mut self, language: &'static str) -> String {
        let offer = self.offer(language).await;
        self.sign(&offer).await;
        let none = Value::Null;
        let estimate = self.call(Method::GET, &offer.path, &none).await;
        let project = estimate["project_id"].as_str().unwrap().to_owned();
        let path = format!("/v1/projects/{project}");
        let scope = self
            .call(Method::GET, &format!("{path}/scope"), &none)
            .await;
        for milestone in scope["milestones"].as_array().unwrap() {
            let id = milestone["id"].as_str().unwrap();
            let reach = format!("{path}/milestones/{id}/reach");
            self.post(&reach, json!({})).await;
        }
        let lines = scope["lines"].as_array().unwrap().iter();
        let lines = lines.map(|line| json!({"scope_line_id": line["id"], "percent_to_date": "40"}));
        let content = json!({"project_id": project, "lines": lines.collect::<Value>()});
        self.issue(content, language).await.1
    }

    /// The text of the newest mail, once all that was asked for has left.
    /// Gives a client somebody who gets copies.
    pub async fn add_contact(&mut self, client: &str, email: &str) {
        let path = format!("/v1/clients/{client}");
        let mut contacts = self.call(Method::GET, &path, &Value::Null).await["contacts"].take();
        let more = json!({"email": email, "copy": true});
        contacts.as_array_mut().unwrap().push(more);
        let change = json!({ "contacts": contacts });
        self.call(Method::PATCH, &path, &change).await;
    }

    /// The link to sign in of the newest mail.
    pub async fn sign_in_link(&mut self) -> String {
        let mail = self.newest_mail().await;
        let mut words = mail.split_whitespace();
        words
            .find(|word| word.contains("/enter/"))
            .unwrap()
            .to_owned()
    }

    async fn newest_mail(&mut self) -> String {
        self.post("/_local/clock", json!({"advance": "PT1S"})).await;
        let mails = "/_local/mail.json";
        let mails = self.call(Method::GET, mails, &Value::Null).await;
        let newest = mails.as_array().unwrap().last().unwrap();
        newest["text"].as_str().unwrap().to_owned()
    }

    /// The code of six digits in the newest mail.
    pub async fn code(&mut self) -> String {
        let mail = self.newest_mail().await;
        let six = |line: &str| {
            let digits: String = line.chars().filter(char::is_ascii_digit).collect();
            let spaced = format!("{} {}", digits.get(..3)?, digits.get(3..)?);
            (digits.len() == 6 && line.ends_with(&spaced)).then_some(digits)
        };
        mail.lines().find_map(six).expect("a code")
    }

    async fn submit(&self, address: &str, word: &str, fields: &[(&str, &str)]) {
        let page = self.client.get(address).send().await.unwrap();
        let page = page.text().await.unwrap();
        let action = format!("/{word}\"");
        let (_, of_form) = page.split_once(&action).unwrap_or(("", &page));
        let value = |name: &str| {
            let start = format!("name=\"{name}\" value=\"");
            let (_, rest) = of_form.split_once(&start)?;
            Some(rest.split('"').next()?.to_owned())
        };
        let mut form = form_urlencoded::Serializer::new(String::new());
        for name in ["with", "document_hash"] {
            form.extend_pairs(value(name).map(|value| (name, value)));
        }
        form.extend_pairs(fields);
        let request = self.client.post(format!("{address}/{word}"));
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        let answer = request.body(form.finish()).send().await.unwrap();
        assert!(answer.status().is_success(), "{word}: {}", answer.status());
    }

    /// Asks for a code, and reads it in the mail.
    pub async fn ask_code(&mut self, offer: &Offer) -> String {
        self.submit(&offer.address, "code", &[]).await;
        self.code().await
    }

    /// Signs as its reader.
    pub async fn sign(&mut self, offer: &Offer) {
        let code = self.ask_code(offer).await;
        let fields = [("name", "Mia Berg"), ("code", &code), ("consent", "1")];
        self.submit(&offer.address, "sign", &fields).await;
        self.post("/_local/clock", json!({"advance": "PT1S"})).await;
    }

    /// One mail of each kind in each language: its name, language and HTML.
    pub async fn every_mail(&mut self) -> Vec<(String, &'static str, String)> {
        for language in ["en", "ko"] {
            let offer = self.offer(language).await;
            self.sign(&offer).await;
            let offer = self.offer(language).await;
            let why = json!({"reason": "We are fully booked until June."});
            self.post(&format!("{}/withdraw", offer.path), why).await;
            let change = self.change_order(language).await;
            let asked = [(
                "question",
                "Is the half day of pictures enough for all of the café?",
            )];
            self.submit(&change, "question", &asked).await;
            let thread = self.call(Method::GET, "/v1/threads", &Value::Null).await;
            let thread = thread["data"][0]["document_id"].as_str().unwrap();
            let answer = json!({"text": "It is, we have looked at the rooms."});
            self.post(&format!("/v1/threads/{thread}/messages"), answer)
                .await;
            self.asked(language).await;
            let reader = self.readers[usize::from(language == "ko")].clone();
            self.disputed(language).await;
            for fate in ["parts", "paid", "void", "credited", "late"] {
                let mut content = if fate == "late" { crowded() } else { plain(60) };
                content["client_id"] = reader.as_str().into();
                if fate == "late" {
                    content["terms"] = json!({"kind": "net", "days": 2});
                }
                let draft = self.post("/v1/invoices", content).await;
                let id = draft["id"].as_str().unwrap();
                let path = |action: &str| format!("/v1/invoices/{id}/{action}");
                self.post(&path("issue"), json!({"send": true})).await;
                // What follows from it has happened when the clock has moved.
                self.post("/_local/clock", json!({"advance": "PT1M"})).await;
                match fate {
                    "parts" => {
                        let parts = json!([
                            {"due_date": "2027-06-01", "amount": "500.00"},
                            {"due_date": "2027-07-01", "amount": "630.50"},
                        ]);
                        let parts = json!({"instalments": parts});
                        self.call(Method::PUT, &path("instalments"), &parts).await;
                        let paid = json!({"amount": "500.00", "method": "bank_transfer"});
                        self.post(&path("payments"), paid).await;
                    }
                    "paid" => {
                        let paid = json!({"amount": "1130.50", "method": "bank_transfer"});
                        self.post(&path("payments"), paid).await;
                    }
                    "credited" => {
                        let credit = json!({"reason": "The pictures came late", "lines": [{"line": 1, "amount": "90.00"}]});
                        self.post(&path("credit-notes"), credit).await;
                    }
                    "void" => {
                        self.post(&path("void"), json!({"reason": "Billed twice"}))
                            .await;
                    }
                    _ => {}
                }
            }
        }
        self.post("/_local/clock", json!({"advance": "P33D"})).await;
        let mails = self
            .call(Method::GET, "/_local/mail.json", &Value::Null)
            .await;
        let mails = mails.as_array().unwrap().iter();
        mails
            .enumerate()
            .map(|(at, mail)| {
                let text = |name: &str| mail[name].as_str().unwrap().to_owned();
                let to = mail["to"][0].as_str().unwrap();
                let language = if to.starts_with("haneul") { "ko" } else { "en" };
                (format!("{at:02}-{language}"), language, text("html"))
            })
            .collect()
    }
}

fn plain(net_days: u32) -> Value {
    json!({
        "lines": [
            {
                "description": "Website: design of six page templates",
                "quantity": "9.5", "unit": "HUR", "unit_price": "95.00",
                "taxes": [{"name": "USt.", "rate": "19"}],
            },
            {
                "description": "Typeface licence, one year",
                "quantity": "1", "unit_price": "47.50",
                "taxes": [{"name": "USt.", "rate": "19"}],
            },
        ],
        "terms": {"kind": "net", "days": net_days},
    })
}

/// An estimate of 1,190 euros, or 1,785 with its option.
fn offered() -> Value {
    let vat = json!([{"name": "USt.", "rate": "19"}]);
    json!({
        "title": "A new site for the café",
        "introduction": "Thank you for the talk last week. This is what we would do for you, and how.",
        "lines": [
            {
                "section": "Design", "description": "Concept and design of six page templates",
                "quantity": "8", "unit": "HUR", "unit_price": "95.00", "taxes": vat,
            },
            {
                "section": "Build", "description": "The site, built and tested on phones",
                "quantity": "1", "unit_price": "240.00", "taxes": vat,
            },
            {
                "section": "Build", "description": "A shop with twenty products",
                "quantity": "1", "unit_price": "500.00", "taxes": vat, "optional": true,
            },
        ],
        "deliverables": [
            {"key": "design", "title": "Six page templates", "due_date": "2027-02-15"},
            {
                "key": "launch", "title": "The site is live", "due_date": "2027-04-01",
                "description": "On your own domain, with a day of help after the launch.",
            },
        ],
        "assumptions": ["You write the texts, and send them two weeks before the launch."],
        "exclusions": ["Photographs", "Translations"],
        "schedule": {
            "deposit": {"percent": "30"},
            "milestones": [
                {"title": "Design", "percent": "40", "deliverable": "design"},
                {"title": "Launch", "remainder": true, "deliverable": "launch"},
            ],
        },
        "conditions": "You own the result once it is paid.",
    })
}

/// Everything that an invoice can hold, in long words and large numbers.
fn crowded() -> Value {
    let vat = json!([{"name": "USt.", "rate": "19"}]);
    let mut lines = vec![
        json!({
            "description": "Migration of the archive, with everything that was found in the old \
                            content management system, its images, and their captions in four \
                            languages\nhttps://share.example.com/f/0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f6071",
            "quantity": "123.456789", "unit": "HUR", "unit_price": "98.765432",
            "discount": {"percent": "2.5"},
            "period": {"from": "2026-10-01", "to": "2026-10-31"},
            "taxes": vat,
        }),
        json!({
            "description": "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
            "quantity": "-1", "unit_price": "250.00", "taxes": vat,
        }),
        json!({
            "description": "부가 인쇄물: 초대장과 봉투, 한국어판과 영어판, 재생지에 두 가지 별색으로 인쇄",
            "quantity": "300", "unit_price": "4.20",
            "discount": {"amount": "60.00"},
            "taxes": [{"name": "USt.", "rate": "7"}],
        }),
    ];
    for number in 1..=9 {
        lines.push(json!({
            "description": format!("Workshop {number}, moderation and notes"),
            "quantity": "1", "unit": "DAY", "unit_price": "880.00", "taxes": vat,
        }));
    }
    json!({
        "lines": lines,
        "discount": {"percent": "3"},
        "charges": [{
            "description": "Travel to Stockholm and back, second class, with two changes",
            "amount": "420.00", "taxes": vat,
        }],
        "terms": {"kind": "net", "days": 60, "early_payment": {"percent": "2", "days": 10}},
        "purchase_order": "PO-2026-EU-CENTRAL-0000004711-0815-REV-B/7",
        "buyer_reference": "Ada Marsh, cost centre 4711",
        "supply_period": {"from": "2026-10-01", "to": "2026-11-20"},
        "late_fee": "After the due date we charge 8 percent above the base rate.",
        "notes": "Thank you for a good year.\nThe source files are in your shared folder.",
    })
}
