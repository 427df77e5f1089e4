//! What somebody types stays text: every free text of the contract is sent with what would do something in a page, a
//! mail's header, a spreadsheet, a template, a path or an XML document. It is refused by its name, or kept as it is,
//! and wherever it is shown it is shown as text.
//!
//! The story is that of all requests that the contract shows (`requests.rs`), told once with each carrier of attacks in
//! the place of all its free texts. Which those are, the contract says: whatever takes a text with `<` and `=` in it.
//! What the story does not reach stands in `untold.tsv`, with why; a new free text that is in neither fails the test.

mod outcome;
mod texts;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde_json::{Value, json};

use super::{Answer, Desk, FORM, JSON};
use crate::contract::Contract;
use outcome::Seen;
use texts::Texts;

/// Free texts that the story does not reach, and why.
static UNTOLD: LazyLock<String> = LazyLock::new(|| {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/src/contract/requests/injection/untold.tsv"
    );
    std::fs::read_to_string(path).unwrap()
});

/// Each has a formula at its beginning, and beside it what a page, a template or a path would take for its own.
const CARRIERS: [&str; 3] = [
    "=HYPERLINK(\"http://x\",\"y\")<script>alert(1)</script>{{constructor}}${7*7}{ $amount }",
    "@SUM(1)\"><img src=x onerror=alert(1)>{{ client_name }}{% raw %}../../etc/passwd&lt;",
    "+1+1'><svg onload=alert(1)></title></textarea>%0d%0aBcc: evil@example.com\\",
];
/// The same where less fits in.
const SHORT: [&str; 3] = ["=1\"<b>", "@a'<i>", "+1&<u>"];
/// What no line may have: these end it, or turn it around.
const CONTROLS: [&str; 4] = [
    "Acme\r\nBcc: evil@example.com",
    "Acme\u{202e}gpj.exe",
    "Acme\u{0}",
    "Acme\u{1b}[31m",
];

/// What is put in the place of free texts, and what became of it.
pub(super) struct Hostile {
    texts: Texts,
    /// The attack of this telling.
    carriers: Vec<&'static str>,
    /// What was taken, by its marker: the text and where it was sent.
    kept: BTreeMap<String, (String, String)>,
    /// Route and place of what was taken or refused by its name.
    attacked: BTreeSet<(String, String)>,
    /// How many were refused by their name.
    refused: usize,
    seen: Seen,
    sent: usize,
}

/// A text in a body that is attacked.
struct Place {
    pointer: String,
    pattern: String,
    text: String,
    marker: String,
    /// Whether the example has it.
    is_shown: bool,
}

impl Hostile {
    pub(super) fn with(contract: &Contract, carriers: &[&'static str]) -> Self {
        Self {
            texts: Texts::of(contract),
            carriers: carriers.to_vec(),
            kept: BTreeMap::new(),
            attacked: BTreeSet::new(),
            refused: 0,
            seen: Seen::default(),
            sent: 0,
        }
    }

    fn has_controls(&self) -> bool {
        CONTROLS.contains(&self.carriers[0])
    }

    /// The attacks on a body.
    fn places(&mut self, contract: &Contract, route: &str, body: &Value) -> Vec<Place> {
        let mut places = Vec::new();
        // A page says what is wrong by leading back to itself, and the story has to go on.
        if self.has_controls() && route.contains(" /p/") {
            return places;
        }
        for (pointer, pattern, is_shown) in self.texts.in_body(route, body) {
            if is_untold(route, &pattern) {
                continue;
            }
            self.sent += 1;
            let marker = format!("~{}~", self.sent);
            let first = self.sent % self.carriers.len();
            let carriers = self.carriers[first..].iter().chain(SHORT.iter());
            let mut carriers = carriers.map(|carrier| match *carrier {
                // Where a control stands is its attack.
                carrier if CONTROLS.contains(&carrier) => carrier.to_owned(),
                carrier => format!("{carrier}{marker}"),
            });
            let fits = |text: &String| self.texts.takes(contract, route, &pattern, text);
            let text = match self.has_controls() {
                true => carriers.next(),
                false => carriers.find(fits),
            };
            if let Some(text) = text {
                places.push(Place {
                    pointer,
                    pattern,
                    text,
                    marker,
                    is_shown,
                });
            }
        }
        places
    }

    fn note(&mut self, route: &str, place: &Place) {
        let attacked = (route.to_owned(), place.pattern.clone());
        self.attacked.insert(attacked);
    }

    pub(super) fn look(&mut self, answer: &Answer) {
        let kept = &self.kept;
        self.seen.look(answer, kept);
    }
}

/// A body of this kind as a value, and back.
fn read(kind: &str, text: &str) -> Option<Value> {
    match kind {
        JSON => serde_json::from_str(text).ok(),
        FORM => {
            let fields = form_urlencoded::parse(text.as_bytes());
            let fields = fields.map(|(name, value)| (name.into_owned(), json!(value)));
            Some(Value::Object(fields.collect()))
        }
        _ => None,
    }
}

fn written(kind: &str, body: &Value) -> String {
    if kind == JSON {
        return body.to_string();
    }
    let mut form = form_urlencoded::Serializer::new(String::new());
    for (name, value) in body.as_object().unwrap() {
        form.append_pair(name, value.as_str().unwrap_or_default());
    }
    form.finish()
}

fn attacked(body: &Value, places: &[Place]) -> Value {
    let mut body = body.clone();
    for place in places {
        let (parent, name) = place.pointer.rsplit_once('/').unwrap();
        let parent = body.pointer_mut(parent).unwrap();
        match parent {
            Value::Array(items) => items[name.parse::<usize>().unwrap()] = json!(place.text),
            parent => parent[name] = json!(place.text),
        }
    }
    body
}

impl Desk {
    /// Sends a request with attacks in its free texts; what is refused by its name is sent as it was shown. None
    /// where nothing of it can be attacked, or something else than the attack is in the way.
    pub(super) async fn send_hostile(
        &self,
        key: &str,
        method: &str,
        path: &str,
        etag: Option<&str>,
        (kind, text): (&str, &str),
    ) -> Option<Answer> {
        let route = self.contract.route_of(method, path).unwrap();
        let body = read(kind, text)?;
        let mut places = {
            let mut hostile = self.hostile.lock().unwrap();
            hostile.as_mut()?.places(&self.contract, &route, &body)
        };
        let mut without_more = false;
        while !places.is_empty() {
            let text = written(kind, &attacked(&body, &places));
            let sent = Some((kind, text));
            let answer = self.tell(key, method, path, etag, sent).await;
            if answer.status < 400 {
                let mut hostile = self.hostile.lock().unwrap();
                let hostile = hostile.as_mut()?;
                for place in &places {
                    hostile.note(&route, place);
                    let said = (place.text.clone(), format!("{route} {}", place.pattern));
                    hostile.kept.insert(place.marker.clone(), said);
                }
                return Some(answer);
            }
            let errors = answer.body["errors"].as_array().into_iter().flatten();
            let named: BTreeSet<&str> = errors
                .filter_map(|error| error["pointer"].as_str())
                .collect();
            // A mapping of a bank's columns is read, and named, as a whole.
            let is_named = |place: &Place| {
                let mut named = named.iter().filter(|pointer| !pointer.is_empty());
                named.any(|pointer| {
                    let within = place.pointer.strip_prefix(pointer);
                    within.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
                })
            };
            if places.iter().any(is_named) {
                let mut hostile = self.hostile.lock().unwrap();
                let hostile = hostile.as_mut()?;
                for place in places.iter().filter(|place| is_named(place)) {
                    hostile.note(&route, place);
                    hostile.refused += 1;
                }
                places.retain(|place| !is_named(place));
                continue;
            }
            if without_more {
                return None;
            }
            // Perhaps it was a text too many.
            without_more = true;
            places.retain(|place| place.is_shown);
        }
        None
    }
}

/// The hidden fields of the form that leads there.
fn form_to(page: &str, word: &str) -> Vec<(String, String)> {
    let (_, form) = page.split_once(&format!("/{word}\">")).unwrap();
    let (form, _) = form.split_once("</form>").unwrap();
    let hidden = form.split("<input type=\"hidden\" name=\"").skip(1);
    let field = |input: &str| {
        let (name, rest) = input.split_once("\" value=\"").unwrap();
        (name.to_owned(), rest.split('"').next().unwrap().to_owned())
    };
    hidden.map(field).collect()
}

impl Desk {
    /// What the contract's examples do not show: documents with all that they can say, and what clients type on
    /// pages.
    async fn tell_more(&self) {
        let taxes = json!([{"name": "VAT", "rate": "0", "kind": "exempt", "reason": "None"}]);
        let settings = json!({
            "approvals": {"estimates": {"when": "never"}},
            "electronic_address": {"scheme": "0088", "value": "1"},
            "short_payment_tolerance": {"percent": "1"},
        });
        self.patch("/v1/settings", &settings).await;
        let client = self.client().await;
        let body = json!({"client_id": client, "name": "More"});
        let project = self.post("/v1/projects", &body, 201).await.id();
        let charges = json!([{"description": "Courier", "amount": "5", "taxes": taxes}]);
        let line =
            json!({"description": "Work", "quantity": "1", "unit_price": "10", "taxes": taxes});
        let mut offer = json!({
            "project_id": project, "title": "More", "lines": [line], "charges": charges,
            "assumptions": ["One"], "exclusions": ["Two"],
            "deliverables": [{"key": "site", "title": "Site", "description": "All of it"}],
            "signers": [{"name": "Ada", "email": "ada@more.example"}],
        });
        let id = self.post("/v1/estimates", &offer, 201).await.id();
        let estimate = format!("/v1/estimates/{id}");
        offer.as_object_mut().unwrap().remove("project_id");
        self.patch(&estimate, &offer).await;
        self.post(&format!("{estimate}/send"), &json!({}), 200)
            .await;
        let page = self.page_of_newest_mail().await;
        let shown = self.get(&page).await.text;
        self.fill(&page, &shown, "decline", &[("reason", "Too much")])
            .await;
        let subscription = json!({
            "client_id": client, "project_id": project, "name": "Care", "lines": [line],
            "charges": charges, "schedule": {"unit": "month", "starts_on": "2040-06-01"},
            "retainer": {"hours": "5", "description": "Included"},
        });
        self.post("/v1/subscriptions", &subscription, 201).await;
        self.ask_about_an_invoice(&client, &line, &charges).await;
        let whole = json!({"clients": [{
            "reference": "more-1", "name": "Whole", "tax_ids": [{"scheme": "VAT", "value": "DE1"}],
            "address": {
                "line1": "One", "line2": "Two", "city": "Bonn", "region": "NRW",
                "postal_code": "53113", "country": "DE",
            },
            "electronic_address": {"scheme": "0088", "value": "1"},
            "late_fee_agreement": {
                "preset": "eu", "agreed_on": "2026-01-15", "agreement": "Frame contract 17",
            },
        }]});
        self.post("/v1/clients/import", &whole, 201).await;
        let marked = json!({
            "kind": "marked", "amount": 4, "mark": 5, "credit_word": "C", "debit_word": "D",
        });
        let account = json!({
            "name": "Marked", "identifier": "4711", "currency": "EUR", "format": "csv",
            "csv_mapping": {
                "delimiter": "semicolon", "encoding": "utf-8", "date_pattern": "DD.MM.YYYY",
                "decimal_separator": "comma", "booked_on": 1, "amount": marked,
                "currency": {"fixed": "EUR"},
                "booked_when": {"column": 6, "words": ["booked"]},
            },
        });
        self.post("/v1/bank-accounts", &account, 201).await;
    }

    /// Asks about an invoice, disputes a line of it, and types what nothing is kept of.
    async fn ask_about_an_invoice(&self, client: &str, line: &Value, charges: &Value) {
        let body =
            json!({"client_id": client, "lines": [line], "charges": charges, "notes": "Thanks"});
        let id = self.post("/v1/invoices", &body, 201).await.id();
        let path = format!("/v1/invoices/{id}");
        let lines = json!({"lines": [line], "charges": charges});
        self.patch(&path, &lines).await;
        let send = json!({"send": true});
        let issued = self.post(&format!("{path}/issue"), &send, 200).await.body;
        let url = issued["url"].as_str().unwrap();
        let page = url.strip_prefix(self.host.url.as_str()).unwrap();
        let shown = self.get(page).await.text;
        self.fill(page, &shown, "question", &[("question", "Why?")])
            .await;
        self.fill(page, &shown, "dispute", &[("line", "0"), ("reason", "No")])
            .await;
        let own = format!("/portal/{}", self.host.agency.account_id);
        for attack in CARRIERS {
            let mut query = form_urlencoded::Serializer::new(String::new());
            for name in ["words", "question", "amount", "client", "step", "kind"] {
                query.append_pair(name, attack);
            }
            query.append_pair("checkout", "part");
            let query = query.finish();
            for page in [own.as_str(), page] {
                let path = format!("{page}?{query}");
                self.send("GET", &path, None, None).await;
            }
            let mut form = form_urlencoded::Serializer::new(String::new());
            form.append_pair("email", attack);
            let form = Some((FORM, form.finish()));
            let key = &self.host.agency.api_key;
            let ask = format!("{own}/sign-in");
            let asked = self.tell(key, "POST", &ask, None, form).await;
            asked.expect(303);
        }
    }

    async fn page_of_newest_mail(&self) -> String {
        let mail = self.newest_mail().await;
        let mut words = mail.split_whitespace();
        let url = words.find(|word| word.contains("/p/")).unwrap();
        let page = url.strip_prefix(self.host.url.as_str()).unwrap();
        page.to_owned()
    }

    /// Fills in a form of a page, and sends it.
    async fn fill(&self, page: &str, shown: &str, word: &str, typed: &[(&str, &str)]) {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(form_to(shown, word));
        form.extend_pairs(typed);
        let form = Some((FORM, form.finish()));
        let path = format!("{page}/{word}");
        self.send("POST", &path, None, form).await.expect(303);
    }

    /// Reads all that is there, in each of its forms.
    async fn read_all(&self) {
        let soon = self.host.cloud.now() + jiff::SignedDuration::from_secs(1);
        self.host.cloud.move_clock(soon).await.unwrap();
        let mut paths = Vec::new();
        let lists = [
            ("clients", ""),
            ("projects", ""),
            ("estimates", ""),
            ("invoices", ""),
            ("payments", ""),
            ("subscriptions", "&status=draft"),
            ("subscriptions", "&status=ended"),
            ("work-entries", "&state=billed"),
        ];
        for (list, of) in lists {
            let rows = self.get(&format!("/v1/{list}?limit=100{of}")).await.body;
            for row in rows["data"].as_array().unwrap() {
                let path = format!("/v1/{list}/{}", row["id"].as_str().unwrap());
                let more: &[&str] = match list {
                    "estimates" => &["/versions/1"],
                    "invoices" => &[
                        "/xml?profile=peppol_bis_3",
                        "/xml?profile=factur_x",
                        "/credit-notes",
                        "/timesheet",
                        "/late-fees",
                    ],
                    _ => &[],
                };
                paths.extend(more.iter().map(|more| format!("{path}{more}")));
                paths.push(path);
            }
        }
        for state in ["waiting", "answered"] {
            let path = format!("/v1/threads?state={state}&limit=100");
            let threads = self.get(&path).await.body;
            let threads = threads["data"].as_array().unwrap().iter();
            let of = threads.map(|of| of["document_id"].as_str().unwrap().to_owned());
            paths.extend(of.map(|id| format!("/v1/threads/{id}")));
        }
        for path in ["members", "bank-entries", "audit-log", "settings"] {
            paths.push(format!("/v1/{path}"));
        }
        let period = "from=2040-03-01&to=2040-04-30&format";
        for report in ["trial-balance", "journal", "revenue", "tax", "payouts"] {
            paths.push(format!("/v1/reports/{report}?{period}=csv"));
        }
        for program in ["xero", "quickbooks", "datev"] {
            paths.push(format!("/v1/reports/journal?{period}={program}"));
        }
        for path in paths {
            self.send("GET", &path, None, None).await;
        }
    }
}

fn untold() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    let lines = UNTOLD.lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| {
        let mut parts = line.split('\t');
        let mut part = || parts.next().unwrap_or_default();
        (part(), part(), part())
    })
}

fn is_untold(route: &str, pattern: &str) -> bool {
    let mut untold = untold().filter(|(.., why)| !why.starts_with("not shown"));
    untold.any(|(of, at, why)| of == route && at == pattern && !why.starts_with("as "))
}

async fn told_with(carriers: &[&'static str]) -> Hostile {
    let desk = Desk::open().await;
    *desk.hostile.lock().unwrap() = Some(Hostile::with(&desk.contract, carriers));
    desk.ask_everything().await;
    desk.tell_more().await;
    desk.read_all().await;
    let mut hostile = desk.hostile.lock().unwrap().take().unwrap();
    for mail in desk.host.cloud.mailbox.all() {
        hostile.seen.look_at_mail(&mail, &hostile.kept);
    }
    desk.host.stop().await;
    hostile
}

#[tokio::test]
async fn what_somebody_types_stays_text() {
    let contract = Contract::read();
    let mut faults = Vec::new();
    let mut attacked = BTreeSet::new();
    for carrier in CARRIERS {
        let hostile = told_with(&[carrier]).await;
        faults.extend(hostile.seen.faults.clone());
        for (text, at) in hostile.kept.values() {
            // A placeholder of the agency's own words is kept as what it stands for.
            let kept = match at.contains("/mail-texts") {
                true => text.replace("{{ client_name }}", "{{client_name}}"),
                false => text.clone(),
            };
            if !hostile.seen.strings.contains(&kept) && !is_untold_back(at) {
                faults.push(format!("{at}\tdid not come back as it was: {text}"));
            }
        }
        assert!(hostile.kept.len() > 150, "only {}", hostile.kept.len());
        attacked.extend(hostile.attacked);
    }
    let all: BTreeSet<(String, String)> = Texts::of(&contract).all().collect();
    let untold: BTreeSet<(String, String)> = untold()
        .filter(|(.., why)| !why.starts_with("not shown"))
        .map(|(route, at, _)| (route.to_owned(), at.to_owned()))
        .collect();
    for (route, at) in all.difference(&attacked) {
        if !untold.contains(&(route.clone(), at.clone())) {
            faults.push(format!("{route}\t{at}\tis a free text that nobody attacks"));
        }
    }
    for (route, at, why) in self::untold() {
        let (route, at) = (route.to_owned(), at.to_owned());
        if !all.contains(&(route.clone(), at.clone())) {
            faults.push(format!("{route}\t{at}\tis no free text of the contract"));
        }
        // What is read as another route's body is attacked there.
        if let Some(twin) = why.strip_prefix("as ")
            && !attacked.contains(&(twin.to_owned(), at.clone()))
        {
            faults.push(format!(
                "{twin}\t{at}\tis not attacked, as {route} counts on"
            ));
        }
    }
    assert!(
        faults.is_empty(),
        "{} faults:\n{}",
        faults.len(),
        faults.join("\n")
    );
}

/// Whether nothing that is read shows it again, as `untold.tsv` says.
fn is_untold_back(at: &str) -> bool {
    untold()
        .any(|(route, place, why)| why.starts_with("not shown") && at == format!("{route} {place}"))
}

/// Characters that end a line, or turn it around, are refused by the name of their field, or become none: what is
/// kept has none of them.
#[tokio::test]
async fn no_text_ends_its_line_or_turns_it_around() {
    let hostile = told_with(&CONTROLS).await;
    let faults = &hostile.seen.faults;
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(
        hostile.refused > 150,
        "only {} were refused",
        hostile.refused
    );
}
