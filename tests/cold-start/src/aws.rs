//! AWS for the SDK of another process: the local host's, over HTTP.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use http::{Request, Response};
use remit_local::aws;
use remit_local::cloud::Cloud;

use crate::lambda::serve;

/// Where AWS answers, and when it was asked of the table first.
#[derive(Clone)]
pub struct Aws {
    /// Its address.
    pub endpoint: String,
    asked: Arc<Mutex<Option<Instant>>>,
}

impl Aws {
    /// Answers from now on.
    pub async fn serve(cloud: &Arc<Cloud>) -> Self {
        let asked = Arc::default();
        let state = (Arc::clone(cloud), Arc::clone(&asked));
        let router = Router::new().fallback(answer).with_state(state);
        let (address, _) = serve(router).await;
        let endpoint = format!("http://{address}");
        Self { endpoint, asked }
    }

    /// When the table was asked for something, the first time since this was asked last.
    pub fn take_first_call(&self) -> Option<Instant> {
        self.asked.lock().unwrap().take()
    }

    /// A function's environment: the template's, and what Lambda adds so that the SDK finds AWS.
    pub fn environment(&self, cloud: &Cloud, folder: &str) -> BTreeMap<String, String> {
        let mut functions = cloud.template.functions.iter();
        let (id, spec) = functions.find(|(_, spec)| spec.folder == folder).unwrap();
        let mut environment = spec.environment.clone();
        for (name, value) in [
            ("AWS_REGION", "us-east-1"),
            ("AWS_DEFAULT_REGION", "us-east-1"),
            // What it may do is looked up by this.
            ("AWS_ACCESS_KEY_ID", id.as_str()),
            ("AWS_SECRET_ACCESS_KEY", "local"),
            ("AWS_SESSION_TOKEN", "test"),
            ("AWS_ENDPOINT_URL", self.endpoint.as_str()),
        ] {
            environment.insert(name.to_owned(), value.to_owned());
        }
        environment
    }
}

type Behind = (Arc<Cloud>, Arc<Mutex<Option<Instant>>>);

async fn answer(State((cloud, asked)): State<Behind>, request: Request<Body>) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let target = parts.headers.get("x-amz-target");
    let target = target.and_then(|target| target.to_str().ok());
    if target.is_some_and(|target| target.starts_with("DynamoDB_")) {
        asked.lock().unwrap().get_or_insert_with(Instant::now);
    }
    let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
    let answer = aws::answer(&cloud, &Request::from_parts(parts, body)).await;
    answer.unwrap().map(Body::from)
}
