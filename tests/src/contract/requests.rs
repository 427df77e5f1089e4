//! The contract's own requests, sent to a host: what it shows is taken, what it refuses is
//! refused, and whatever is answered is as promised.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

mod bank;
mod faults;
mod headers;
mod injection;
mod logs;
mod naughty;
mod swaps;
mod work;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use axum::body::Bytes;
use http::{HeaderMap, Request};
use remit_local::{Host, Options};
use serde_json::{Value, json};

use super::{Contract, FORM, entries, resolve};
use injection::Hostile;

/// Ahead of every day that an example names.
const NOW: &str = "2040-03-05T10:00:00Z";
const JSON: &str = "application/json";
const STRIPE: &str = "/v1/settings/payment-providers/stripe";

/// A host, and who asks.
struct Desk {
    host: Host,
    contract: Contract,
    agency: Agency,
    /// What is tried before each request of a story.
    before: Before,
    /// The routes that were asked so far.
    asked: Mutex<BTreeSet<String>>,
    /// The key of a second member, once there is one.
    second: Mutex<String>,
    /// What the portal lets in with.
    cookie: Mutex<String>,
    /// What is put in the place of free texts, where somebody attacks.
    hostile: Mutex<Option<Hostile>>,
}

/// The agency that asks.
struct Agency {
    api_key: String,
    account_id: String,
    /// Tells its people apart from those of others at the issuer.
    mark: &'static str,
}

enum Before {
    Nothing,
    Swaps(swaps::Swaps),
    Faults(faults::Faults),
    Logs(logs::Private),
}

/// A request.
#[derive(Clone, Copy)]
struct Call<'a> {
    key: &'a str,
    method: &'a str,
    path: &'a str,
    etag: Option<&'a str>,
    /// A media type, and a text of it.
    body: Option<(&'a str, &'a str)>,
}

struct Answer {
    call: String,
    status: u16,
    headers: HeaderMap,
    body: Value,
    text: String,
    /// What of it is not as the contract promises.
    faults: Vec<String>,
}

impl Answer {
    fn header(&self, name: &str) -> Option<String> {
        Some(self.headers.get(name)?.to_str().unwrap().to_owned())
    }

    #[track_caller]
    fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}: {}", self.call, self.text);
        self
    }

    fn id(&self) -> String {
        self.body["id"].as_str().unwrap().to_owned()
    }
}

impl Desk {
    async fn open() -> Self {
        let options = Options {
            empty: true,
            ..Options::default()
        };
        let host = Host::start(options).await.unwrap();
        host.cloud.clock.move_to(NOW.parse().unwrap()).unwrap();
        let agency = Agency {
            api_key: host.agency.api_key.clone(),
            account_id: host.agency.account_id.clone(),
            mark: "",
        };
        Self {
            host,
            contract: Contract::read(),
            agency,
            before: Before::Nothing,
            asked: Mutex::default(),
            second: Mutex::default(),
            cookie: Mutex::default(),
            hostile: Mutex::default(),
        }
    }

    /// The bodies that the contract shows of a route, whole ones last.
    fn examples(&self, route: &str) -> Vec<Value> {
        let operation = self.contract.operation(route).unwrap();
        let request = resolve(self.contract.document(), &operation["requestBody"]);
        let (_, media) = entries(Some(&request["content"])).next().unwrap();
        let named = entries(media.get("examples")).map(|(_, example)| &example["value"]);
        let examples: Vec<Value> = media
            .get("example")
            .into_iter()
            .chain(named)
            .cloned()
            .collect();
        assert!(!examples.is_empty(), "{route} has no example");
        examples
    }

    /// Sends a request, and holds the answer against the contract.
    async fn send(
        &self,
        method: &str,
        path: &str,
        etag: Option<&str>,
        body: Option<(&str, String)>,
    ) -> Answer {
        let key = &self.agency.api_key;
        self.send_as(key, method, path, etag, body).await
    }

    /// The same with another key.
    async fn send_as(
        &self,
        key: &str,
        method: &str,
        path: &str,
        etag: Option<&str>,
        body: Option<(&str, String)>,
    ) -> Answer {
        if let Some((kind, text)) = &body
            && let Some(answer) = self
                .send_hostile(key, method, path, etag, (kind, text))
                .await
        {
            return answer;
        }
        self.tell(key, method, path, etag, body).await
    }

    /// The same, whatever is put in the place of free texts.
    async fn tell(
        &self,
        key: &str,
        method: &str,
        path: &str,
        etag: Option<&str>,
        body: Option<(&str, String)>,
    ) -> Answer {
        let call = Call {
            key,
            method,
            path,
            etag,
            body: body.as_ref().map(|(kind, text)| (*kind, text.as_str())),
        };
        match &self.before {
            Before::Nothing => {}
            Before::Swaps(swaps) => swaps.before(self, call).await,
            Before::Faults(faults) => faults.before(self, call).await,
            Before::Logs(private) => private.before(call),
        }
        let answer = self.ask(call).await;
        match &self.before {
            Before::Nothing | Before::Faults(_) => {}
            Before::Swaps(swaps) => swaps.after(self, call, answer.status),
            Before::Logs(private) => private.after(&answer),
        }
        assert!(answer.faults.is_empty(), "{}", answer.faults.join("\n"));
        answer
    }

    /// The same with bytes that are no text, both ways.
    async fn send_bytes(
        &self,
        key: &str,
        method: &str,
        path: &str,
        etag: Option<&str>,
        body: Option<(&str, Vec<u8>)>,
    ) -> Answer {
        let call = Call {
            key,
            method,
            path,
            etag,
            body: None,
        };
        let answer = self.ask_with(call, body).await;
        assert!(answer.faults.is_empty(), "{}", answer.faults.join("\n"));
        answer
    }

    /// Sends a request, and notes what of the answer is not as promised.
    async fn ask(&self, call: Call<'_>) -> Answer {
        let body = call
            .body
            .map(|(kind, text)| (kind, text.as_bytes().to_vec()));
        self.ask_with(call, body).await
    }

    async fn ask_with(&self, call: Call<'_>, body: Option<(&str, Vec<u8>)>) -> Answer {
        let Call { method, path, .. } = call;
        let route = self.contract.route_of(method, path).unwrap();
        let mut request = Request::builder().method(method).uri(path);
        if path.starts_with("/v1/") {
            request = request.header("authorization", format!("Bearer {}", call.key));
        }
        if path.starts_with("/portal/") || path.starts_with("/overview") {
            request = request.header("cookie", self.cookie.lock().unwrap().as_str());
        }
        if let Some(etag) = call.etag {
            request = request.header("if-match", etag);
        }
        if let Some((kind, _)) = &body {
            request = request.header("content-type", *kind);
        }
        let body = body.map(|(_, bytes)| bytes).unwrap_or_default();
        let request = request.body(Bytes::from(body)).unwrap();
        let response = self.host.cloud.answer(request).await;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let header = |name: &str| Some(headers.get(name)?.to_str().unwrap().to_owned());
        let kind = header("content-type");
        let text = match kind.as_deref() {
            Some("image/png") => String::new(),
            _ => String::from_utf8(response.body().to_vec()).unwrap(),
        };
        let mut faults =
            self.contract
                .check_answer(&route, status, kind.as_deref(), response.body());
        faults.extend(self.contract.check_headers(&route, status, header));
        faults.extend(headers::check(&route, status, &headers));
        if status >= 500 {
            faults.push(format!("{route} {status}: {text}"));
        }
        self.asked.lock().unwrap().insert(route);
        let answer = Answer {
            call: format!("{method} {path}"),
            status,
            headers,
            body: serde_json::from_str(&text).unwrap_or_default(),
            text,
            faults,
        };
        if let Some(hostile) = self.hostile.lock().unwrap().as_mut() {
            hostile.look(&answer);
        }
        answer
    }

    async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, None, None).await.expect(200)
    }

    async fn post(&self, path: &str, body: &Value, status: u16) -> Answer {
        let body = Some((JSON, body.to_string()));
        self.send("POST", path, None, body).await.expect(status)
    }

    async fn patch(&self, path: &str, body: &Value) {
        let etag = self.get(path).await.header("etag");
        let body = Some((JSON, body.to_string()));
        let answer = self.send("PATCH", path, etag.as_deref(), body).await;
        answer.expect(200);
    }

    async fn delete(&self, path: &str) {
        self.send("DELETE", path, None, None).await.expect(204);
    }

    /// A client with a contact, for the examples that name one.
    async fn client(&self) -> String {
        let example = self.examples("POST /v1/clients").pop().unwrap();
        self.post("/v1/clients", &example, 201).await.id()
    }

    /// The path of a draft for that client, by the first example.
    async fn draft(&self, client: &str) -> String {
        let mut example = self.examples("POST /v1/invoices").swap_remove(0);
        example["client_id"] = json!(client);
        let id = self.post("/v1/invoices", &example, 201).await.id();
        format!("/v1/invoices/{id}")
    }

    /// Sends every example of projects; the id of the last.
    async fn work_on(&self, client: &str) -> String {
        let mut last = String::new();
        for mut example in self.examples("POST /v1/projects") {
            example["client_id"] = json!(client);
            last = self.post("/v1/projects", &example, 201).await.id();
        }
        let project = format!("/v1/projects/{last}");
        for example in self.examples("PATCH /v1/projects/{project_id}") {
            self.patch(&project, &example).await;
        }
        for word in ["close", "reopen"] {
            let path = format!("{project}/{word}");
            self.post(&path, &json!({}), 200).await;
        }
        last
    }

    /// Sends every example of drafts.
    async fn write_drafts(&self, client: &str) -> String {
        let project = self.work_on(client).await;
        let sample = "prj_01kc000000e00800000000005h";
        for example in self.examples("POST /v1/invoices") {
            let example = example.to_string().replace(sample, &project);
            let mut example: Value = serde_json::from_str(&example).unwrap();
            example["client_id"] = json!(client);
            self.post("/v1/invoices/preview", &example, 200).await;
            self.post("/v1/invoices", &example, 201).await;
        }
        let draft = self.draft(client).await;
        for example in self.examples("PATCH /v1/invoices/{invoice_id}") {
            self.patch(&draft, &example).await;
        }
        self.delete(&draft).await;
        project
    }

    /// Brings the file of the contract's example, a plain text; its id.
    async fn bring_file(&self) -> String {
        let example = self.examples("POST /v1/files").swap_remove(0);
        let file = self.post("/v1/files", &example, 201).await;
        let way = &file.body["upload"];
        let mut request = reqwest::Client::new().put(way["url"].as_str().unwrap());
        for (name, value) in way["headers"].as_object().unwrap() {
            request = request.header(name, value.as_str().unwrap());
        }
        let put = request.body("Hello world").send().await.unwrap();
        assert_eq!(put.status(), 200);
        let path = format!("/v1/files/{}", file.id());
        self.post(&format!("{path}/complete"), &json!({}), 200)
            .await;
        self.get(&path).await;
        file.id()
    }

    /// Records that the client accepted elsewhere.
    async fn accept_elsewhere(&self, estimate: &str) {
        let route = "POST /v1/estimates/{estimate_id}/accept";
        let mut example = self.examples(route).swap_remove(0);
        example["file_id"] = json!(self.bring_file().await);
        let accept = format!("{estimate}/accept");
        self.post(&accept, &example, 200).await;
    }

    /// Has the second member say so of what has this hash: whoever wrote it has no say in it.
    async fn look_at(&self, route: &str, target: &str, hash: Value) {
        let mut answer = self.examples(route).swap_remove(0);
        answer["content_hash"] = hash;
        let by = self.second.lock().unwrap().clone();
        let body = Some((JSON, answer.to_string()));
        let asked = self.send_as(&by, "POST", target, None, body).await;
        asked.expect(200);
    }

    /// Has the second member look at a draft of an invoice.
    async fn review_draft(&self, draft: &str) {
        for word in ["reject", "approve"] {
            let submit = format!("{draft}/submit");
            let submitted = self.post(&submit, &json!({}), 200).await.body;
            let hash = submitted["content_hash"].clone();
            let route = format!("POST /v1/invoices/{{invoice_id}}/{word}");
            self.look_at(&route, &format!("{draft}/{word}"), hash).await;
        }
    }

    /// Sends every example about estimates; two members are needed for them.
    async fn offer_work(&self, project: &str) {
        let approve = json!({"approvals": {"estimates": {"when": "always"}}});
        self.patch("/v1/settings", &approve).await;
        let mut example = self.examples("POST /v1/estimates").swap_remove(0);
        example["project_id"] = json!(project);
        for last in ["sign", "elsewhere", "withdraw", "delete"] {
            let id = self.post("/v1/estimates", &example, 201).await.id();
            let path = format!("/v1/estimates/{id}");
            for change in self.examples("PATCH /v1/estimates/{estimate_id}") {
                self.patch(&path, &change).await;
            }
            let submit = format!("{path}/submit");
            let submitted = self.post(&submit, &json!({}), 200).await.body;
            let hash = submitted["draft"]["content_hash"].clone();
            let word = match last {
                "delete" => "reject",
                _ => "approve",
            };
            let route = format!("POST /v1/estimates/{{estimate_id}}/{word}");
            self.look_at(&route, &format!("{path}/{word}"), hash).await;
            if last == "delete" {
                self.delete(&path).await;
                continue;
            }
            self.post(&format!("{path}/send"), &json!({}), 200).await;
            self.get(&format!("{path}/versions/1")).await;
            if last == "elsewhere" {
                self.accept_elsewhere(&path).await;
                continue;
            }
            if last == "sign" {
                self.sign().await;
                self.post(&format!("{path}/verify"), &json!({}), 200).await;
                self.bill_scope(project).await;
                continue;
            }
            self.post(&format!("{path}/revise"), &json!({}), 200).await;
            self.post(&format!("{path}/links/revoke"), &json!({}), 200)
                .await;
            for reason in self.examples("POST /v1/estimates/{estimate_id}/withdraw") {
                self.post(&format!("{path}/withdraw"), &reason, 200).await;
            }
        }
    }

    /// Reads the scope of a project, and has its milestones reached.
    async fn bill_scope(&self, project: &str) {
        let project = format!("/v1/projects/{project}");
        let scope = self.get(&format!("{project}/scope")).await.body;
        let milestone = scope["milestones"][0]["id"].as_str().unwrap();
        let path = format!("{project}/milestones/{milestone}/reach");
        let route = "POST /v1/projects/{project_id}/milestones/{milestone_id}/reach";
        for how in self.examples(route) {
            self.post(&path, &how, 200).await;
        }
    }

    /// The newest mail, once all that was asked for has left.
    async fn newest_mail(&self) -> String {
        let soon = self.host.cloud.now() + jiff::SignedDuration::from_secs(1);
        self.host.cloud.move_clock(soon).await.unwrap();
        let mails = self.host.cloud.mailbox.all();
        mails.last().unwrap().text.clone()
    }

    /// Signs the offer of the newest mail, as the contract shows it.
    async fn sign(&self) {
        let mail = self.newest_mail().await;
        let mut words = mail.split_whitespace();
        let url = words.find(|word| word.contains("/p/")).unwrap();
        let page = url.strip_prefix(self.host.url.as_str()).unwrap();
        let shown = self.get(page).await.text;
        let value = |shown: &str, name: &str| {
            let (_, rest) = shown
                .split_once(&format!("name=\"{name}\" value=\""))
                .unwrap();
            json!(rest.split('"').next().unwrap())
        };
        let with = value(&shown, "with");
        let fill = |word: &str, fields: &[(&str, Value)]| {
            let mut form = self
                .examples(&format!("POST /p/{{token}}/{word}"))
                .swap_remove(0);
            for (name, value) in fields {
                form[*name] = value.clone();
            }
            let mut text = form_urlencoded::Serializer::new(String::new());
            for (name, value) in form.as_object().unwrap() {
                text.append_pair(name, value.as_str().unwrap());
            }
            (format!("{page}/{word}"), Some((FORM, text.finish())))
        };
        // Forms prove that they come from the page; what is shown of that is made up.
        let (decline, form) = fill("decline", &[]);
        self.send("POST", &decline, None, form).await.expect(400);
        let (question, form) = fill("question", &[("with", with.clone())]);
        self.send("POST", &question, None, form).await.expect(303);
        let waiting = self.get("/v1/threads").await.body;
        let thread = waiting["data"][0]["document_id"].as_str().unwrap();
        let thread = format!("/v1/threads/{thread}");
        self.get(&thread).await;
        for example in self.examples("POST /v1/threads/{document_id}/messages") {
            let path = format!("{thread}/messages");
            self.post(&path, &example, 201).await;
        }
        let (ask, form) = fill("code", &[("with", with.clone())]);
        self.send("POST", &ask, None, form).await.expect(303);
        let mail = self.newest_mail().await;
        let (_, code) = mail.split_once("Code: ").unwrap();
        let code = json!(code.lines().next().unwrap());
        let chosen = self.get(&format!("{page}?chosen=1")).await.text;
        let hash = value(&chosen, "document_hash");
        let fields = [("with", with), ("code", code), ("document_hash", hash)];
        let (sign, form) = fill("sign", &fields);
        let signed = self.send("POST", &sign, None, form).await.expect(303);
        let to = signed.header("location").unwrap();
        assert!(to.contains("notice=signed"), "{to}");
        self.get(&format!("{page}/document")).await;
    }

    /// Sends every example about the team.
    async fn hire(&self) {
        let new = &self.examples("POST /v1/members")[0];
        let id = self.post("/v1/members", new, 201).await.id();
        let member = format!("/v1/members/{id}");
        self.get("/v1/members").await;
        for example in self.examples("PATCH /v1/members/{member_id}") {
            self.patch(&member, &example).await;
        }
        self.patch(&member, &json!({"role": "manager"})).await;
        let again = format!("{member}/invite");
        let invited = self.post(&again, &json!({}), 200).await;
        let mut accepted = self.examples("POST /v1/invitations/accept").swap_remove(0);
        accepted["token"] = invited.body["invitation_token"].clone();
        let accepted = self.post("/v1/invitations/accept", &accepted, 200).await;
        let key = accepted.body["api_key"]["key"].as_str().unwrap();
        key.clone_into(&mut self.second.lock().unwrap());
        let identity = format!("{member}/identity");
        let mut link = self
            .examples("PUT /v1/members/{member_id}/identity")
            .swap_remove(0);
        link["token"] = self.identity_token("min");
        let link = Some((JSON, link.to_string()));
        let linked = self.send_as(key, "PUT", &identity, None, link).await;
        linked.expect(200);
        self.delete(&identity).await;
        self.join_with_identity().await;
        self.join_by_the_page().await;
        for word in ["disable", "enable"] {
            let path = format!("{member}/{word}");
            self.post(&path, &json!({}), 200).await;
        }
    }

    /// The token of somebody who signs in at the stand-in for the issuer.
    fn identity_token(&self, subject: &str) -> Value {
        let subject = format!("{subject}{}", self.agency.mark);
        let fields = [("sub".to_owned(), subject)].into();
        let now = self.host.cloud.now();
        self.host.issuer.sign_in(&fields, now).unwrap()["id_token"].take()
    }

    /// Has somebody accept who signs in, and read the team by the token.
    async fn join_with_identity(&self) {
        let new = json!({"email": "zoe@northlight.example", "name": "Zoe", "role": "viewer"});
        let invited = self.post("/v1/members", &new, 201).await;
        let mut accepted = self.examples("POST /v1/invitations/accept").swap_remove(1);
        accepted["token"] = invited.body["invitation_token"].clone();
        accepted["identity_token"] = self.identity_token("zoe");
        let joined = self.post("/v1/invitations/accept", &accepted, 200).await;
        assert_eq!(joined.body["api_key"], Value::Null);
        let token = accepted["identity_token"].as_str().unwrap();
        let read = self.send_as(token, "GET", "/v1/members", None, None).await;
        read.expect(200);
    }

    /// Has somebody accept on the page that the mail leads to.
    async fn join_by_the_page(&self) {
        let new = json!({"email": "ida@northlight.example", "name": "Ida", "role": "viewer"});
        let invited = self.post("/v1/members", &new, 201).await;
        let token = invited.body["invitation_token"].as_str().unwrap();
        let page = format!("/join/{token}");
        self.get(&page).await;
        let example = &self.examples("POST /join/{token}")[0];
        let with = example["with"].as_str().unwrap();
        let form = Some((FORM, format!("with={with}")));
        self.send("POST", &page, None, form).await.expect(200);
    }

    /// Signs in as the client's contact, and does what is to be done there.
    async fn visit_the_portal(&self, client: &str) {
        let own = format!("/portal/{}", self.agency.account_id);
        let client = self.get(&format!("/v1/clients/{client}")).await.body;
        let email = client["contacts"][0]["email"].as_str().unwrap();
        let form = form_urlencoded::Serializer::new(String::new())
            .append_pair("email", email)
            .finish();
        let ask = format!("{own}/sign-in");
        let asked = self.send("POST", &ask, None, Some((FORM, form))).await;
        asked.expect(303);
        let mail = self.newest_mail().await;
        let mut words = mail.split_whitespace();
        let url = words.find(|word| word.contains("/enter/")).unwrap();
        let link = url.strip_prefix(self.host.url.as_str()).unwrap();
        self.get(link).await;
        let entered = self.send("POST", link, None, None).await.expect(303);
        let cookie = entered.header("set-cookie").unwrap();
        let cookie = cookie.split(';').next().unwrap();
        cookie.clone_into(&mut self.cookie.lock().unwrap());
        let page = self.get(&own).await.text;
        self.get(&format!("{own}/table?kind=invoice")).await;
        let id = client["id"].as_str().unwrap();
        let payments = self.get("/v1/payments?limit=100").await.body;
        let payments = payments["data"].as_array().unwrap();
        let theirs = payments.iter().find(|of| of["client_id"] == id).unwrap();
        let receipt = format!("{own}/receipts/{}", theirs["id"].as_str().unwrap());
        self.send("GET", &receipt, None, None).await;
        let files = self.send("GET", &format!("{own}/files"), None, None).await;
        files.expect(303);
        let estimates = self.get("/v1/estimates?limit=100").await.body;
        let estimates = estimates["data"].as_array().unwrap();
        let sent = |of: &&Value| of["client_id"] == id && of["offer"].is_object();
        let sent = estimates.iter().find(sent).unwrap();
        let estimate = format!("{own}/estimates/{}", sent["id"].as_str().unwrap());
        self.send("GET", &estimate, None, None).await.expect(303);
        let forged = Some((FORM, "with=cli_1+pmt_1+AA".to_owned()));
        let path = format!("{own}/payment-methods");
        self.send("POST", &path, None, forged).await.expect(400);
        for (word, more) in [("language", "&language=en"), ("sign-out", "")] {
            let (_, form) = page.split_once(&format!("{own}/{word}\"")).unwrap();
            let (_, with) = form.split_once("name=\"with\" value=\"").unwrap();
            let with = with.split('"').next().unwrap();
            let form = Some((FORM, format!("with={with}{more}")));
            let done = self
                .send("POST", &format!("{own}/{word}"), None, form)
                .await;
            done.expect(303);
        }
    }

    /// Signs in with a browser as the member who has an identity, looks at the overview, and signs out.
    async fn look_at_the_overview(&self) {
        self.get("/overview").await;
        let begun = self.send("POST", "/overview/sign-in", None, None).await;
        let begun = begun.expect(303);
        let keep = |answer: &Answer| {
            let cookie = answer.header("set-cookie").unwrap();
            let cookie = cookie.split(';').next().unwrap();
            cookie.clone_into(&mut self.cookie.lock().unwrap());
        };
        keep(&begun);
        let to = begun.header("location").unwrap();
        let (_, asked) = to.split_once('?').unwrap();
        let mut fields: BTreeMap<String, String> = form_urlencoded::parse(asked.as_bytes())
            .into_owned()
            .collect();
        fields.insert("sub".to_owned(), format!("zoe{}", self.agency.mark));
        let now = self.host.cloud.now();
        let back = self
            .host
            .issuer
            .authorize(&fields, format!("a-code{}", self.agency.mark), now);
        let back = back.unwrap();
        let back = back.strip_prefix(self.host.url.as_str()).unwrap();
        let done = self.send("GET", back, None, None).await.expect(303);
        let mut set = done.headers.get_all("set-cookie").iter();
        let session = set.find(|cookie| cookie.to_str().unwrap().starts_with("__Host-member="));
        let session = session
            .unwrap()
            .to_str()
            .unwrap()
            .split(';')
            .next()
            .unwrap();
        session.clone_into(&mut self.cookie.lock().unwrap());
        let page = self.get("/overview").await.text;
        let (_, form) = page.split_once("/overview/sign-out\"").unwrap();
        let (_, with) = form.split_once("name=\"with\" value=\"").unwrap();
        let with = with.split('"').next().unwrap();
        let form = Some((FORM, format!("with={with}")));
        let out = self.send("POST", "/overview/sign-out", None, form).await;
        out.expect(303);
        self.get("/v1/overview?months=12").await;
    }

    /// Sends every example of API keys, for a member and a project that are there.
    async fn hand_out_keys(&self, project: &str) {
        let team = self.get("/v1/members").await;
        for mut example in self.examples("POST /v1/api-keys") {
            if example.get("member_id").is_some() {
                example["member_id"] = team.body["data"][0]["id"].clone();
                example["project_ids"] = json!([project]);
            }
            let key = self.post("/v1/api-keys", &example, 201).await.id();
            self.delete(&format!("/v1/api-keys/{key}")).await;
        }
    }

    /// Sends every example of what becomes of drafts; the path of an issued invoice's page.
    async fn bill(&self, client: &str) -> String {
        let paid = self.draft(client).await;
        let issue = &self.examples("POST /v1/invoices/{invoice_id}/issue")[0];
        let issued = self.post(&format!("{paid}/issue"), issue, 200).await;
        self.post(&format!("{paid}/send"), &json!({}), 202).await;
        let mut payment = String::new();
        for example in self.examples("POST /v1/invoices/{invoice_id}/payments") {
            let path = format!("{paid}/payments");
            let answer = self.post(&path, &example, 201).await;
            payment = format!(
                "/v1/payments/{}",
                answer.body["id"].as_str().unwrap_or_default()
            );
        }
        self.get(&payment).await;
        let refund = self.examples("POST /v1/payments/{payment_id}/refunds");
        self.post(&format!("{payment}/refunds"), &refund[0], 201)
            .await;
        let third = self.draft(client).await;
        self.post(&format!("{third}/issue"), &json!({}), 200).await;
        // Nobody has left anything to charge.
        for example in self.examples("POST /v1/invoices/{invoice_id}/charge") {
            self.post(&format!("{third}/charge"), &example, 409).await;
        }
        let methods = format!("/v1/clients/{client}/payment-methods");
        self.get(&methods).await;
        let unknown = format!("{methods}/pmt_01kc000000e0080000000000v1");
        self.send("DELETE", &unknown, None, None).await.expect(404);
        let much = json!({"amount": "100000.00"});
        self.post(&format!("{third}/payments"), &much, 201).await;
        for mut example in self.examples("POST /v1/clients/{client_id}/apply-balance") {
            let open = self.draft(client).await;
            self.post(&format!("{open}/issue"), &json!({}), 200).await;
            if let Some(named) = example.pointer_mut("/invoices/0/invoice_id") {
                *named = open.rsplit('/').next().into();
            }
            let path = format!("/v1/clients/{client}/apply-balance");
            self.post(&path, &example, 200).await;
        }
        let url = issued.body["url"].as_str().unwrap();
        let page = url.strip_prefix(self.host.url.as_str()).unwrap();
        self.get(&format!("{page}/statement?from=2040-03-01")).await;
        let statements = format!("/v1/clients/{client}/statements");
        self.get(&format!("{statements}?from=2040-03-01&currency=EUR"))
            .await;
        self.get(&format!("{statements}?from=2040-03-01&format=csv"))
            .await;
        for mut example in self.examples("POST /v1/clients/{client_id}/statements") {
            // The clock of the contract is ahead of its examples.
            example["from"] = json!("2040-03-01");
            example["to"] = Value::Null;
            example["currency"] = Value::Null;
            self.post(&statements, &example, 202).await;
        }
        let credits = format!("{paid}/credit-notes");
        for example in self.examples("POST /v1/invoices/{invoice_id}/credit-notes") {
            let note = self.post(&credits, &example, 201).await.id();
            self.get(&format!("{credits}/{note}")).await;
            let xml = format!("{credits}/{note}/xml?profile=factur_x");
            self.send("GET", &xml, None, None).await.expect(200);
            self.get(&format!("{credits}/{note}/pdf")).await;
            let url = issued.body["url"].as_str().unwrap();
            let page = url.strip_prefix(self.host.url.as_str()).unwrap();
            self.get(&format!("{page}/credit-notes/{note}")).await;
            for pdf in ["pdf".to_owned(), format!("credit-notes/{note}/pdf")] {
                let path = format!("{page}/{pdf}");
                self.send("GET", &path, None, None).await.expect(303);
            }
        }
        let xml = format!("{paid}/xml?profile=factur_x");
        self.send("GET", &xml, None, None).await.expect(200);
        self.get(&format!("{paid}/pdf")).await;
        let ways = format!("{paid}/e-invoice-transmissions");
        self.get(&ways).await;
        // Nothing of it failed.
        let again = format!("{ways}/retry");
        self.post(&again, &json!({}), 409).await;
        self.get(&credits).await;
        self.get("/v1/credit-notes?from=2026-01-01").await;
        self.get("/v1/overview").await;
        self.get("/v1/audit-log").await;
        self.get("/v1/audit-log?document_id=account").await;
        self.get("/v1/audit-seals").await;
        let void = self.draft(client).await;
        let open = self.post(&format!("{void}/issue"), &json!({}), 200).await;
        let route = "PUT /v1/invoices/{invoice_id}/instalments";
        let mut example = self.examples(route).swap_remove(0);
        let due = open.body["totals"]["balance_due"].clone();
        example["instalments"] = json!([{"due_date": "2040-04-01", "amount": due}]);
        let body = Some((JSON, example.to_string()));
        let dispute = self.examples("POST /v1/invoices/{invoice_id}/disputes");
        self.post(&format!("{void}/disputes"), &dispute[0], 200)
            .await;
        let route = "POST /v1/invoices/{invoice_id}/disputes/{line}/uphold";
        let uphold = self.examples(route);
        self.post(&format!("{void}/disputes/1/uphold"), &uphold[0], 200)
            .await;
        let write_offs = self.examples("POST /v1/invoices/{invoice_id}/write-offs");
        let path = format!("{void}/write-offs");
        let given_up = self.post(&path, &write_offs[0], 200).await;
        let id = given_up.body["write_offs"][0]["id"]
            .as_str()
            .unwrap_or_default();
        let path = format!("{path}/{id}/reverse");
        self.post(&path, &json!({}), 200).await;
        let path = format!("{void}/instalments");
        self.send("PUT", &path, None, body).await.expect(200);
        self.follow_up(&void).await;
        let reason = &self.examples("POST /v1/invoices/{invoice_id}/void")[0];
        self.post(&format!("{void}/links/revoke"), &json!({}), 200)
            .await;
        self.post(&format!("{void}/void"), reason, 200).await;
        let url = issued.body["url"].as_str().unwrap();
        url.strip_prefix(self.host.url.as_str()).unwrap().to_owned()
    }

    /// What a member does about the follow-ups of an open invoice.
    async fn follow_up(&self, invoice: &str) {
        let path = format!("{invoice}/follow-ups");
        let route = "PUT /v1/invoices/{invoice_id}/follow-ups";
        for example in self.examples(route) {
            let body = Some((JSON, example.to_string()));
            self.send("PUT", &path, None, body).await.expect(200);
        }
        let promised = json!({"date": "2040-04-20"});
        self.post(&format!("{invoice}/promises"), &promised, 200)
            .await;
        let until = json!({"until": "2040-05-04"});
        self.post(&format!("{path}/pause"), &until, 200).await;
        self.get(&path).await;
        self.post(&format!("{path}/resume"), &json!({}), 200).await;
        self.get(&path).await;
        let fees = format!("{invoice}/late-fees");
        self.get(&fees).await;
        for example in self.examples("POST /v1/invoices/{invoice_id}/late-fees/waive") {
            self.post(&format!("{fees}/waive"), &example, 200).await;
        }
    }

    /// Sets the agency's logo, sees it, and takes it away again.
    async fn show_a_logo(&self) {
        const LOGO: &[u8] = include_bytes!("../../../functions/settings/fixtures/wordmark.png");
        let path = "/v1/settings/logo";
        let tag = self.get("/v1/settings").await.header("etag");
        let key = &self.agency.api_key;
        let body = Some(("image/png", LOGO.to_vec()));
        let set = self.send_bytes(key, "PUT", path, tag.as_deref(), body);
        let set = set.await.expect(200);
        let tag = set.header("etag");
        let url = set.body["logo"]["url"].as_str().unwrap();
        self.get(url.strip_prefix(self.host.url.as_str()).unwrap())
            .await;
        let refused = Some(("image/svg+xml", b"<svg/>".to_vec()));
        let refused = self.send_bytes(key, "PUT", path, tag.as_deref(), refused);
        refused.await.expect(422);
        let taken = self.send("DELETE", path, tag.as_deref(), None);
        taken.await.expect(200);
    }

    /// What a bookkeeper sends: codes, and what another program had left.
    async fn keep_books(&self, client: &str) {
        let path = "/v1/settings/ledger-codes";
        for example in self.examples("PUT /v1/settings/ledger-codes") {
            let etag = self.get(path).await.header("etag");
            let body = Some((JSON, example.to_string()));
            let stored = self.send("PUT", path, etag.as_deref(), body).await;
            stored.expect(200);
        }
        for example in self.examples("PUT /v1/settings/mail-texts") {
            for path in [
                "/v1/settings/mail-texts".to_owned(),
                format!("/v1/clients/{client}/mail-texts"),
            ] {
                let etag = self.get(&path).await.header("etag");
                let body = Some((JSON, example.to_string()));
                let stored = self.send("PUT", &path, etag.as_deref(), body).await;
                stored.expect(200);
            }
        }
        for (name, status) in [("preview", 200), ("test", 202)] {
            let path = format!("/v1/settings/mail-texts/{name}");
            for mut example in self.examples(&format!("POST {path}")) {
                self.post(&path, &example, status).await;
                example["client_id"] = json!(client);
                self.post(&path, &example, status).await;
            }
        }
        for mut example in self.examples("POST /v1/invoices/import") {
            example["as_of"] = Value::Null;
            example["invoices"][0]["client_id"] = json!(client);
            self.post("/v1/invoices/import", &example, 201).await;
        }
        for mut example in self.examples("POST /v1/clients/{client_id}/opening-balance") {
            example["as_of"] = Value::Null;
            let path = format!("/v1/clients/{client}/opening-balance");
            self.post(&path, &example, 201).await;
        }
    }

    /// Sends every example about subscriptions, for a client and a project that are there.
    async fn subscribe(&self, client: &str, project: &str) {
        let mut id = String::new();
        for mut example in self.examples("POST /v1/subscriptions") {
            example["client_id"] = json!(client);
            example["project_id"] = json!(project);
            example["schedule"]["starts_on"] = json!("2040-05-01");
            example["retainer"] = json!({"hours": "5", "description": "Included"});
            id = self.post("/v1/subscriptions", &example, 201).await.id();
        }
        let path = format!("/v1/subscriptions/{id}");
        for example in self.examples("PATCH /v1/subscriptions/{subscription_id}") {
            self.patch(&path, &example).await;
        }
        let cycle = format!("/v1/clients/{client}/billing-cycle");
        for example in self.examples("PUT /v1/clients/{client_id}/billing-cycle") {
            let body = Some((JSON, example.to_string()));
            self.send("PUT", &cycle, None, body).await.expect(200);
        }
        self.get(&cycle).await;
        self.get("/v1/subscriptions?status=draft").await;
        self.post(&format!("{path}/submit"), &json!({}), 200).await;
        // Whoever wrote it can neither approve it nor send it back.
        for word in ["approve", "reject"] {
            let key = format!("POST /v1/subscriptions/{{subscription_id}}/{word}");
            for mut example in self.examples(&key) {
                let read = self.get(&path).await.body;
                example["content_hash"] = read["content_hash"].clone();
                self.post(&format!("{path}/{word}"), &example, 403).await;
            }
        }
        self.post(&format!("{path}/activate"), &json!({}), 200)
            .await;
        for list in ["periods", "upcoming", "retainer"] {
            self.get(&format!("{path}/{list}")).await;
        }
        let change = format!("{path}/change");
        for mut example in self.examples("PUT /v1/subscriptions/{subscription_id}/change") {
            example["from"] = json!("2040-07-01");
            let body = Some((JSON, example.to_string()));
            self.send("PUT", &change, None, body).await.expect(200);
        }
        self.send("DELETE", &change, None, None).await.expect(200);
        for word in ["pause", "resume", "retry", "skip", "end"] {
            let key = format!("POST /v1/subscriptions/{{subscription_id}}/{word}");
            let mut examples = self.examples(&key);
            if examples.is_empty() {
                examples.push(json!({}));
            }
            for mut example in examples {
                for day in ["until", "on"] {
                    if example.get(day).is_some() {
                        example[day] = json!("2040-12-31");
                    }
                }
                self.post(&format!("{path}/{word}"), &example, 200).await;
            }
        }
        let drafts = self.examples("POST /v1/subscriptions").swap_remove(0);
        let mut draft = drafts;
        draft["client_id"] = json!(client);
        let id = self.post("/v1/subscriptions", &draft, 201).await.id();
        self.delete(&format!("/v1/subscriptions/{id}")).await;
        self.get(&path).await;
    }

    /// Rates by hand, and as a bank's file.
    async fn record_rates(&self) {
        let day = "/v1/exchange-rates/USD/2026-03-16";
        for example in self.examples("PUT /v1/exchange-rates/{currency}/{date}") {
            let body = Some((JSON, example.to_string()));
            self.send("PUT", day, None, body).await.expect(200);
        }
        self.get(day).await;
        self.get("/v1/exchange-rates/USD").await;
        let operation = self.contract.operation("POST /v1/exchange-rates").unwrap();
        let file = &operation["requestBody"]["content"]["text/csv"]["example"];
        let file = Some(("text/csv", file.as_str().unwrap().to_owned()));
        let path = "/v1/exchange-rates?currencies=USD,GBP";
        self.send("POST", path, None, file).await.expect(200);
    }

    /// What clients and payment providers may send.
    async fn visit(&self, page: &str) {
        for part in ["", "/invoices", "/unsubscribe"] {
            self.get(&format!("{page}{part}")).await;
        }
        let stop = Some((FORM, "List-Unsubscribe=One-Click".to_owned()));
        let path = format!("{page}/unsubscribe");
        self.send("POST", &path, None, stop).await.expect(200);
        // What only the page itself, and only Stripe can make.
        let forged = Some((FORM, "request_id=1&proof=AA".to_owned()));
        let path = format!("{page}/checkout");
        self.send("POST", &path, None, forged).await.expect(400);
        let forged = Some((FORM, "request_id=1&proof=AA".to_owned()));
        let path = format!("{page}/invoices");
        self.send("POST", &path, None, forged).await.expect(400);
        let forged = Some((FORM, "with=evt_1.dispute+AA&line=0&reason=No".to_owned()));
        let path = format!("{page}/dispute");
        self.send("POST", &path, None, forged).await.expect(400);
        let forged = Some((FORM, "with=evt_1.promise+AA&date=2040-04-10".to_owned()));
        let path = format!("{page}/promise");
        self.send("POST", &path, None, forged).await.expect(400);
        let forged = Some((FORM, "with=evt_1.pmt_1.remove-method+AA".to_owned()));
        let path = format!("{page}/payment-methods");
        self.send("POST", &path, None, forged).await.expect(400);
        let event = &self.examples("POST /webhooks/{provider}/{account_id}")[0];
        let path = format!("/webhooks/stripe/{}", self.agency.account_id);
        self.post(&path, event, 400).await;
    }

    /// Sends every request that the contract shows, each where it is in place.
    async fn ask_everything(&self) {
        for example in self.examples("PATCH /v1/settings") {
            self.patch("/v1/settings", &example).await;
        }
        for example in self.examples("POST /v1/clients") {
            self.post("/v1/clients", &example, 201).await;
        }
        for example in self.examples("POST /v1/clients/import") {
            self.post("/v1/clients/import", &example, 201).await;
        }
        let client = self.client().await;
        let project = self.write_drafts(&client).await;
        self.subscribe(&client, &project).await;
        let page = self.bill(&client).await;
        self.visit(&page).await;
        self.hire().await;
        self.offer_work(&project).await;
        self.review_draft(&self.draft(&client).await).await;
        self.do_work().await;
        self.bank().await;
        self.get(&format!("/v1/ready-to-bill?client_id={client}"))
            .await;
        self.gather(&client).await;
        self.get(&format!("/v1/project-totals?client_id={client}"))
            .await;
        for list in [
            "clients",
            "projects",
            "estimates",
            "invoices",
            "payments",
            "api-keys",
        ] {
            self.get(&format!("/v1/{list}?limit=100")).await;
        }
        self.get("/v1/payment-notifications?state=unknown").await;
        for page in ["", "/invoices", "/problems", "/openapi.yaml"] {
            self.get(&format!("/docs{page}")).await;
        }
        for report in ["trial-balance", "journal", "revenue", "tax", "payouts"] {
            let path = format!("/v1/reports/{report}?from=2040-03-01&to=2040-04-30");
            self.get(&path).await;
            self.get(&format!("{path}&format=csv")).await;
        }
        let path =
            format!("/v1/reports/client-ledger?client_id={client}&from=2040-03-01&to=2040-04-30");
        self.get(&path).await;
        self.keep_books(&client).await;
        self.show_a_logo().await;
        self.visit_the_portal(&client).await;
        self.look_at_the_overview().await;
        self.record_rates().await;
        self.get("/v1/reports/receivables").await;
        self.get("/v1/reports/receivables?format=csv").await;
        let client = format!("/v1/clients/{client}");
        for example in self.examples("PATCH /v1/clients/{client_id}") {
            self.patch(&client, &example).await;
        }
        let erasures = format!("{client}/erasures");
        for example in self.examples("POST /v1/clients/{client_id}/erasures") {
            let erasure = self.post(&erasures, &example, 202).await;
            let contact = erasure.body["contact_id"].as_str().unwrap();
            self.get(&format!("{erasures}/{contact}")).await;
        }
        for (exports, status) in [("/v1/exports", 202), (&format!("{client}/exports"), 202)] {
            let export = self.post(exports, &json!({}), status).await.id();
            self.get(&format!("/v1/exports/{export}")).await;
        }
        let follow_ups = format!("{client}/follow-ups");
        let until = json!({"until": "2040-05-04"});
        self.post(&format!("{follow_ups}/pause"), &until, 200).await;
        self.post(&format!("{follow_ups}/resume"), &json!({}), 200)
            .await;
        self.post(&format!("{client}/archive"), &json!({}), 200)
            .await;
        self.hand_out_keys(&project).await;
        for example in self.examples("PUT /v1/settings/payment-providers/{provider}") {
            let path = provider_path(&example);
            let body = Some((JSON, example.to_string()));
            self.send("PUT", &path, None, body).await.expect(200);
            let reconciliation = format!("{path}/reconciliation");
            let lists = if path.ends_with("toss") { 409 } else { 200 };
            let days = "POST /v1/settings/payment-providers/{provider}/reconciliation";
            for days in self.examples(days) {
                self.post(&reconciliation, &days, lists).await;
            }
            self.delete(&path).await;
        }
    }
}

#[tokio::test]
async fn every_request_that_the_contract_shows_is_taken() {
    let desk = Desk::open().await;
    desk.ask_everything().await;
    let asked = desk.asked.lock().unwrap().clone();
    let all: BTreeSet<String> = desk.contract.route_keys().map(str::to_owned).collect();
    assert_eq!(asked, all, "operations that nobody asked");
    desk.host.stop().await;
}

/// The provider whose credentials an example is.
fn provider_path(example: &Value) -> String {
    let key = example["secret_key"].as_str().unwrap_or_default();
    let name = match key {
        _ if example.get("client_id").is_some() => "paypal",
        _ if example.get("access_token").is_some() => "gocardless",
        _ if key.starts_with("test_") => "toss",
        _ => "stripe",
    };
    STRIPE.replace("stripe", name)
}

/// Every body that differs from this one in one place: a value of another kind or beyond all
/// bounds, a field too many, a field too few.
fn mutants(body: &Value) -> Vec<(String, Value)> {
    let mut places = Vec::new();
    collect(body, String::new(), &mut places);
    let long = "x".repeat(5_000);
    let wrong = [
        json!([[]]),
        json!(null),
        json!(""),
        json!(long),
        json!("-1"),
        json!("0.1234567"),
        json!(-1),
        json!(1_000_000),
    ];
    let mut mutants = Vec::new();
    for place in places {
        let depth = place.matches('/').count();
        let here = body.pointer(&place).unwrap();
        if let Value::Object(fields) = here {
            for name in fields.keys() {
                let mut mutant = body.clone();
                let holder = mutant.pointer_mut(&place).unwrap();
                holder.as_object_mut().unwrap().remove(name);
                mutants.push((format!("{place} without {name}"), mutant));
            }
            let mut mutant = body.clone();
            mutant.pointer_mut(&place).unwrap()["nobody_knows"] = json!("x");
            mutants.push((format!("{place} with nobody_knows"), mutant));
        }
        // Deep inside, null is taken for a field that is left out, which nothing promises.
        for value in wrong.iter().filter(|value| depth < 2 || !value.is_null()) {
            let mut mutant = body.clone();
            *mutant.pointer_mut(&place).unwrap() = value.clone();
            mutants.push((format!("{place} is {value:.40}"), mutant));
        }
    }
    mutants
}

fn collect(value: &Value, at: String, places: &mut Vec<String>) {
    for (name, inner) in entries(Some(value)) {
        collect(inner, format!("{at}/{name}"), places);
    }
    for (index, inner) in value.as_array().into_iter().flatten().enumerate() {
        collect(inner, format!("{at}/{index}"), places);
    }
    places.push(at);
}

#[tokio::test]
async fn what_the_contract_refuses_is_refused() {
    let desk = Desk::open().await;
    let client = desk.client().await;
    let draft = desk.draft(&client).await;
    let issued = desk.draft(&client).await;
    desk.post(&format!("{issued}/issue"), &json!({}), 200).await;
    let new = &desk.examples("POST /v1/members")[0];
    let member = desk.post("/v1/members", new, 201).await.id();
    let member = format!("/v1/members/{member}");
    let project = desk.work_on(&client).await;
    let mut example = desk.examples("POST /v1/estimates").swap_remove(0);
    example["project_id"] = json!(project);
    let estimate = desk.post("/v1/estimates", &example, 201).await.id();
    let estimate = format!("/v1/estimates/{estimate}");
    let (mut faults, mut refused) = (Vec::new(), 0);
    for (method, path) in [
        ("POST", "/v1/clients"),
        ("PATCH", &format!("/v1/clients/{client}")),
        // The very code that makes drafts, and stores nothing.
        ("POST", "/v1/invoices/preview"),
        ("PATCH", &draft),
        ("POST", "/v1/work-entries"),
        ("POST", "/v1/work-entries/reject"),
        ("POST", "/v1/estimates"),
        ("PATCH", &estimate),
        ("POST", &format!("{estimate}/approve")),
        ("POST", &format!("{estimate}/reject")),
        ("POST", "/v1/bank-accounts"),
        ("POST", "/v1/bank-statements"),
        ("POST", &format!("{issued}/payments")),
        ("POST", &format!("{issued}/void")),
        ("PATCH", "/v1/settings"),
        ("PUT", "/v1/settings/payment-providers/toss"),
        ("POST", "/v1/api-keys"),
        ("POST", "/v1/members"),
        ("PATCH", &member),
        ("PUT", &format!("{member}/identity")),
        ("POST", "/v1/invitations/accept"),
    ] {
        let route = desk.contract.route_of(method, path).unwrap();
        let mut example = desk.examples(&route).pop().unwrap();
        if example.get("client_id").is_some() {
            example["client_id"] = json!(client);
        }
        // What is refused changes nothing, so one tag is good for all.
        let etag = match method {
            "PATCH" => desk.get(path).await.header("etag"),
            _ => None,
        };
        for (what, mutant) in mutants(&example) {
            let text = mutant.to_string();
            let told = desk.contract.check_request(&route, text.as_bytes());
            let Some(told) = told.first() else {
                continue;
            };
            refused += 1;
            let body = Some((JSON, text));
            let answer = desk.send(method, path, etag.as_deref(), body).await;
            if answer.body["code"] != "invalid_body" {
                let status = answer.status;
                faults.push(format!("{route}: {what}: {status}, though {told}"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(refused > 500, "only {refused} bodies were refused");
    desk.host.stop().await;
}
