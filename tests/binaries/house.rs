//! What stands around the functions: AWS behind the SDK, the gateway in front, stream, bus and
//! queues between. All of it is the local host's, which does nothing by itself meanwhile.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::body::Bytes;
use cold_start::aws::Aws;
use cold_start::lambda::Lambda;
use http::{Request, Response};
use remit_local::cloud::Cloud;
use remit_local::gateway::{payload, routes};
use remit_local::stream::{Position, sequence_number};
use remit_local::{Host, Options};
use serde_json::{Value, json};

use crate::build::binary;

/// The cloud around the functions.
pub struct House {
    pub host: Host,
    pub cloud: Arc<Cloud>,
    /// AWS, for the SDK of the functions.
    aws: Aws,
    /// The functions that were needed so far, by their folders.
    lambdas: BTreeMap<String, Lambda>,
    requests: u64,
    /// What a test sets beside the template.
    overridden: BTreeMap<String, String>,
}

impl House {
    /// Opens one with the local host's example agency.
    pub async fn open() -> Self {
        let host = Host::start(Options::default()).await.unwrap();
        let cloud = Arc::clone(&host.cloud);
        let aws = Aws::serve(&cloud).await;
        Self {
            host,
            cloud,
            aws,
            lambdas: BTreeMap::new(),
            requests: 0,
            overridden: BTreeMap::new(),
        }
    }

    /// A function's environment, with what a test sets.
    pub fn environment(&self, folder: &str) -> BTreeMap<String, String> {
        let mut environment = self.aws.environment(&self.cloud, folder);
        environment.extend(self.overridden.clone());
        environment
    }

    /// Sets a variable for the functions that are started from now on.
    pub fn override_environment(&mut self, name: &str, value: &str) {
        self.overridden.insert(name.to_owned(), value.to_owned());
    }

    /// A function, started if it is not running.
    pub async fn lambda(&mut self, folder: &str) -> &mut Lambda {
        if !self.lambdas.contains_key(folder) {
            let started = start(folder, &self.environment(folder)).await;
            self.lambdas.insert(folder.to_owned(), started);
        }
        self.lambdas.get_mut(folder).unwrap()
    }

    /// Stops everything; what each function logged.
    pub async fn close(self) -> Vec<(String, String)> {
        let mut logs = Vec::new();
        for (name, lambda) in self.lambdas {
            logs.push((name, lambda.stop().await));
        }
        self.host.stop().await;
        logs
    }

    /// A request through the gateway: route, authorizer, function, answer.
    pub async fn send(&mut self, request: Request<Bytes>) -> Response<Bytes> {
        self.requests += 1;
        let id = format!("request-{}", self.requests);
        let cloud = Arc::clone(&self.cloud);
        let (parts, body) = request.into_parts();
        let (method, path) = (parts.method.as_str(), parts.uri.path());
        let (route, parameters) = routes::find(&cloud.template.routes, method, path).unwrap();
        let context = payload::Context {
            route,
            parameters: &parameters,
            request_id: &id,
            now: cloud.now(),
        };
        let mut event = payload::of_request(&parts, &body, &context);
        if route.authorizer.is_some() {
            let key = parts.headers.get("authorization").unwrap();
            let identity = [key.to_str().unwrap().to_owned()];
            let asked = payload::of_authorization(&parts, &context, &identity);
            let said = self.lambda("authorizer").await.answer(asked).await;
            assert_eq!(said["isAuthorized"], true, "{said}");
            event["requestContext"]["authorizer"] = json!({"lambda": said["context"]});
        }
        let folder = cloud.template.functions[&route.function].folder.clone();
        let answer = self.lambda(&folder).await.answer(event).await;
        payload::to_response(answer).expect("the gateway can read it")
    }

    /// A call of the API with the owner's key: status and body.
    pub async fn call(&mut self, method: &str, path: &str, body: Value) -> (u16, Value) {
        let request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.host.url))
            .header("host", "api.example.com")
            .header(
                "authorization",
                format!("Bearer {}", self.host.agency.api_key),
            )
            .header("content-type", "application/json")
            .header("idempotency-key", format!("call-{}", self.requests));
        let body = if body.is_null() {
            Bytes::new()
        } else {
            body.to_string().into()
        };
        let answer = self.send(request.body(body).unwrap()).await;
        let read = serde_json::from_slice(answer.body()).unwrap_or_default();
        (answer.status().as_u16(), read)
    }

    /// The changes of the table since this was asked last, as Lambda filters them.
    pub fn changes(&self) -> Vec<Value> {
        let template = &self.cloud.template;
        let mapping = template.stream_mappings.first().unwrap();
        let mut changes = Vec::new();
        loop {
            let read = self.cloud.streams.read(&self.cloud.table, mapping).unwrap();
            let Some(last) = read.last() else {
                break;
            };
            let position = Position::past(last);
            self.cloud.streams.put(mapping, position).unwrap();
            changes.extend(read);
        }
        changes.retain(|change| mapping.filters.iter().any(|filter| filter.matches(change)));
        assert!(
            changes
                .iter()
                .all(|change| sequence_number(change).is_some())
        );
        changes
    }

    /// The events on the stack's own bus, from this one on: their kinds.
    pub fn stated(&self, from: usize) -> Vec<String> {
        let bus = &self.cloud.template.buses[0];
        let events = self.cloud.events();
        let own = events.iter().filter(|stated| stated.bus == *bus);
        let kinds = own.map(|stated| stated.event["detail-type"].as_str().unwrap().to_owned());
        kinds.skip(from).collect()
    }

    /// The name of the queue that a function takes from.
    pub fn queue_of(&self, folder: &str) -> String {
        let template = &self.cloud.template;
        let mut mappings = template.queue_mappings.iter();
        let mapping =
            mappings.find(|mapping| template.functions[&mapping.function].folder == folder);
        mapping.unwrap().queue.clone()
    }
}

/// Starts the binary of a function.
pub async fn start(folder: &str, environment: &BTreeMap<String, String>) -> Lambda {
    let path = tokio::task::spawn_blocking({
        let folder = folder.to_owned();
        move || binary(&folder)
    });
    Lambda::start(path.await.unwrap(), folder, environment).await
}
