//! What starts each function of the template: a request to a route of its own, an event that its rule takes, what its
//! schedule says. An agency with an invoice that was issued, mailed and paid is behind them.

use std::sync::Arc;

use bytes::Bytes;
use http::Request;
use jiff::SignedDuration;
use remit_local::cloud::Cloud;
use remit_local::demo::browser::Browser;
use remit_local::gateway::payload::{Context, of_authorization, of_request};
use remit_local::gateway::routes;
use remit_local::queues::{Message, Taken, payload};
use remit_local::template::Target;
use remit_local::{Host, Options};
use serde_json::{Value, json};

/// The agency, and what its routes are asked about.
pub struct Site {
    /// The host, which does nothing by itself while functions are measured.
    pub host: Host,
    /// What runs there.
    pub cloud: Arc<Cloud>,
    invoice: String,
    token: String,
}

impl Site {
    /// Sets it up.
    pub async fn open() -> Self {
        let host = Host::start(Options::default()).await.unwrap();
        let cloud = Arc::clone(&host.cloud);
        let browser = Browser::new(&host.url, &host.agency.api_key).unwrap();
        let draft = json!({
            "client_id": host.agency.client_ids[0],
            "lines": [{
                "description": "Poster", "quantity": "3", "unit_price": "120.10",
                "taxes": [{"name": "VAT", "rate": "19"}],
            }],
        });
        let draft = browser.post("/v1/invoices", &draft).await.unwrap();
        let invoice = draft["id"].as_str().unwrap().to_owned();
        let path = format!("/v1/invoices/{invoice}");
        let (send, issue) = (json!({"send": true}), format!("{path}/issue"));
        let issued = browser.post(&issue, &send).await.unwrap();
        let link = issued["url"].as_str().unwrap();
        let token = link.rsplit('/').next().unwrap().to_owned();
        let payment = json!({"amount": issued["totals"]["balance_due"]});
        let pay = format!("{path}/payments");
        browser.post(&pay, &payment).await.unwrap();
        let later = cloud.now() + SignedDuration::from_secs(5);
        cloud.move_clock(later).await.unwrap();
        Self {
            host,
            cloud,
            invoice,
            token,
        }
    }

    /// The payload that starts the function of this folder; none where the story has nothing for it.
    pub async fn asked(&self, folder: &str) -> Option<Value> {
        let mut functions = self.cloud.template.functions.iter();
        let (id, _) = functions.find(|(_, spec)| spec.folder == folder)?;
        if folder == "account-setup" {
            return Some(json!({
                "name": "Second", "email": "hello@second.example", "time_zone": "Europe/Berlin",
                "currency": "EUR", "language": "en",
            }));
        }
        let template = &self.cloud.template;
        let authorizers = template.authorizers.values();
        if authorizers
            .clone()
            .any(|authorizer| authorizer.function == *id)
        {
            return Some(self.request("GET", "/v1/invoices").await.0);
        }
        if let Some(request) = self.route(id).await {
            return Some(request);
        }
        if let Some(spec) = template.schedules.iter().find(|spec| spec.function == *id) {
            let event = json!({
                "version": "0", "id": self.cloud.random_id(), "detail-type": "Scheduled Event",
                "source": "aws.scheduler", "account": "000000000000",
                "time": self.cloud.now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
                "region": "us-east-1", "resources": [], "detail": {},
            });
            return Some(spec.input.clone().unwrap_or(event));
        }
        if template.stream_mappings.iter().any(|of| of.function == *id) {
            return Some(json!({"Records": []}));
        }
        self.event(id)
    }

    /// A request to the first route that reads, and that the story knows something for.
    async fn route(&self, id: &str) -> Option<Value> {
        let routes = self.cloud.template.routes.iter();
        let own = routes.filter(|route| route.function == id);
        let paths = own.filter_map(|route| {
            let (method, path) = route.key.split_once(' ')?;
            let parts: Option<Vec<&str>> = path.split('/').map(|part| self.known(part)).collect();
            Some((method, parts?.join("/")))
        });
        let mut paths: Vec<(&str, String)> = paths.collect();
        // What reads comes first, and what is about something in particular.
        paths.sort_by_key(|(method, path)| (*method != "GET", !path.contains('_'), path.len()));
        let (method, path) = paths.first()?;
        Some(self.request(method, path).await.1)
    }

    /// What stands in a path in the place of a part of a route, where the story knows it.
    fn known<'a>(&'a self, part: &'a str) -> Option<&'a str> {
        match part {
            "{invoice_id}" => Some(&self.invoice),
            "{client_id}" => self.host.agency.client_ids.first().map(String::as_str),
            "{account_id}" => Some(&self.host.agency.account_id),
            "{token}" => Some(&self.token),
            "{provider}" => Some("stripe"),
            parameter if parameter.starts_with('{') => None,
            word => Some(word),
        }
    }

    /// What the authorizer, and what the function gets for a request of the owner's.
    async fn request(&self, method: &str, path: &str) -> (Value, Value) {
        let cloud = &self.cloud;
        let key = format!("Bearer {}", self.host.agency.api_key);
        let request = Request::builder().method(method).uri(path);
        let request = request.header("host", "api.example.com");
        let request = request.header("authorization", &key).body(Bytes::new());
        let (parts, body) = request.unwrap().into_parts();
        let (route, parameters) = routes::find(&cloud.template.routes, method, path).unwrap();
        let context = Context {
            route,
            parameters: &parameters,
            request_id: "cold-start",
            now: cloud.now(),
        };
        let mut event = of_request(&parts, &body, &context);
        let asked = of_authorization(&parts, &context, &[key]);
        if let Some(name) = &route.authorizer {
            let function = &cloud.template.authorizers[name].function;
            let said = cloud.invoke(function, asked.clone()).await.unwrap();
            event["requestContext"]["authorizer"] = json!({"lambda": said["context"]});
        }
        (asked, event)
    }

    /// An event of the story that a rule hands to the function, or to a queue that it takes from.
    fn event(&self, id: &str) -> Option<Value> {
        let template = &self.cloud.template;
        let queue = template.queue_mappings.iter().find(|of| of.function == id);
        for stated in self.cloud.events() {
            for rule in &template.rules {
                if rule.bus != stated.bus || !rule.pattern.matches(&stated.event) {
                    continue;
                }
                for target in &rule.targets {
                    match &target.target {
                        Target::Function(function) if function == id => return Some(stated.event),
                        Target::Queue(name) if queue.is_some_and(|of| of.queue == *name) => {
                            let message = Message {
                                id: "cold-start".to_owned(),
                                body: stated.event.to_string(),
                                sent_at: self.cloud.now(),
                                visible_at: self.cloud.now(),
                                receives: 1,
                                source: None,
                                group: None,
                            };
                            let taken = Taken { place: 1, message };
                            return Some(payload(name, &[taken]));
                        }
                        _ => {}
                    }
                }
            }
        }
        None
    }
}
