//! Lambda around one function: its process, and the Runtime API that it asks for work.
//!
//! Source: <https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html>.

use std::collections::BTreeMap;
use std::fs::File;
use std::net::Ipv4Addr;
use std::path::Path;
use std::process::ExitStatus;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Path as PathOf, State};
use axum::routing::{get, post};
use axum::serve::ListenerExt as _;
use http::{HeaderMap, Response};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::process::{Child, Command};
use tokio::sync::{Mutex, mpsc};

/// No answer within this is a failure of the test.
const PATIENCE: Duration = Duration::from_secs(30);

/// What a function says of one invocation.
#[derive(Debug)]
pub enum Outcome {
    /// What it answered.
    Answer(Value),
    /// `errorType` and `errorMessage`.
    Error(Value),
}

struct Invocation {
    id: String,
    payload: Value,
}

/// What the Runtime API and the test tell each other.
struct Desk {
    waiting: Mutex<mpsc::UnboundedReceiver<Invocation>>,
    outcomes: mpsc::UnboundedSender<(String, Outcome, Instant)>,
    arn: String,
}

/// A function in its process.
pub struct Lambda {
    name: String,
    child: Child,
    invocations: mpsc::UnboundedSender<Invocation>,
    outcomes: mpsc::UnboundedReceiver<(String, Outcome, Instant)>,
    count: u64,
    started: Instant,
    first_answer: Option<Duration>,
    logs: TempDir,
    api: tokio::task::JoinHandle<()>,
}

impl Lambda {
    /// Starts a program as the function of a name, with the environment that the template gives it.
    pub async fn start(path: &Path, name: &str, environment: &BTreeMap<String, String>) -> Self {
        let name = name.to_owned();
        let (invocations, waiting) = mpsc::unbounded_channel();
        let (told, outcomes) = mpsc::unbounded_channel();
        let desk = Arc::new(Desk {
            waiting: Mutex::new(waiting),
            outcomes: told,
            arn: format!("arn:aws:lambda:us-east-1:000000000000:function:remit-local-{name}"),
        });
        let (address, api) = serve(runtime_api(desk)).await;
        let logs = tempfile::tempdir().unwrap();
        let log = |stream: &str| File::create(logs.path().join(stream)).unwrap();
        let started = Instant::now();
        let child = Command::new(path)
            .env_clear()
            .envs(environment)
            .env("AWS_LAMBDA_RUNTIME_API", address)
            .env("AWS_LAMBDA_FUNCTION_NAME", format!("remit-local-{name}"))
            .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256")
            .env("AWS_LAMBDA_LOG_GROUP_NAME", format!("/remit/local/{name}"))
            .env("AWS_LAMBDA_LOG_STREAM_NAME", "test")
            .env("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand")
            .stdout(log("stdout"))
            .stderr(log("stderr"))
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        Self {
            name,
            child,
            invocations,
            outcomes,
            count: 0,
            started,
            first_answer: None,
            logs,
            api,
        }
    }

    /// Invokes the function and waits for what it says.
    pub async fn invoke(&mut self, payload: Value) -> Outcome {
        self.count += 1;
        let id = format!("{:08x}-0000-4000-8000-000000000000", self.count);
        let invocation = Invocation {
            id: id.clone(),
            payload,
        };
        self.invocations.send(invocation).unwrap();
        let told = tokio::select! {
            told = tokio::time::timeout(PATIENCE, self.outcomes.recv()) => told,
            status = self.child.wait() => {
                panic!("{} ended: {status:?}\n{}", self.name, self.log());
            }
        };
        let Ok(Some((told_id, outcome, at))) = told else {
            panic!("{} does not answer\n{}", self.name, self.log());
        };
        assert_eq!(told_id, id, "{}", self.name);
        self.first_answer.get_or_insert(at - self.started);
        outcome
    }

    /// The same where an error is a failure.
    pub async fn answer(&mut self, payload: Value) -> Value {
        match self.invoke(payload).await {
            Outcome::Answer(answer) => answer,
            Outcome::Error(error) => panic!("{}: {error}\n{}", self.name, self.log()),
        }
    }

    /// Waits for the end of a function that does not start; the status and what it logged.
    pub async fn end(mut self) -> (ExitStatus, String) {
        let ended = tokio::time::timeout(PATIENCE, self.child.wait()).await;
        let status = ended.expect("it does not end").unwrap();
        self.api.abort();
        (status, self.log())
    }

    /// Stops the function; what it logged.
    pub async fn stop(mut self) -> String {
        self.child.kill().await.unwrap();
        self.api.abort();
        self.log()
    }

    /// Everything that it wrote.
    pub fn log(&self) -> String {
        let read = |stream: &str| std::fs::read_to_string(self.logs.path().join(stream)).unwrap();
        read("stdout") + &read("stderr")
    }

    /// When it was started.
    pub fn started(&self) -> Instant {
        self.started
    }

    /// From its start to its first answer, if there was one.
    pub fn first_answer(&self) -> Option<Duration> {
        self.first_answer
    }

    /// What it holds in memory, in kilobytes, where the system says so.
    pub fn memory_kb(&self) -> Option<u64> {
        let status = self.told("status")?;
        let line = status.lines().find(|line| line.starts_with("VmRSS"))?;
        line.split_whitespace().nth(1)?.parse().ok()
    }

    /// The processor time of all its threads, where the system says so.
    pub fn processor_time(&self) -> Option<Duration> {
        let id = self.child.id()?;
        let threads = std::fs::read_dir(format!("/proc/{id}/task")).ok()?;
        let times = threads.filter_map(|thread| {
            let path = thread.ok()?.path().join("schedstat");
            let text = std::fs::read_to_string(path).ok()?;
            let nanos = text.split_whitespace().next()?.parse().ok()?;
            Some(Duration::from_nanos(nanos))
        });
        Some(times.sum())
    }

    fn told(&self, name: &str) -> Option<String> {
        std::fs::read_to_string(format!("/proc/{}/{name}", self.child.id()?)).ok()
    }
}

/// Serves on loopback; the address.
pub async fn serve(router: Router) -> (String, tokio::task::JoinHandle<()>) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    // Without this an answer waits 40 ms for company.
    let listener = listener.tap_io(|stream| stream.set_nodelay(true).unwrap());
    let task = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    (address, task)
}

fn runtime_api(desk: Arc<Desk>) -> Router {
    let base = "/2018-06-01/runtime";
    Router::new()
        .route(&format!("{base}/invocation/next"), get(next))
        .route(
            &format!("{base}/invocation/{{id}}/response"),
            post(response),
        )
        .route(&format!("{base}/invocation/{{id}}/error"), post(error))
        .with_state(desk)
}

async fn next(State(desk): State<Arc<Desk>>) -> Response<Body> {
    let invocation = desk.waiting.lock().await.recv().await;
    let Some(Invocation { id, payload }) = invocation else {
        return Response::builder().status(500).body(Body::empty()).unwrap();
    };
    #[expect(
        clippy::disallowed_methods,
        reason = "Lambda's deadline is the machine's time"
    )]
    let now = jiff::Timestamp::now();
    let deadline = now + jiff::SignedDuration::from_secs(29);
    Response::builder()
        .header("content-type", "application/json")
        .header("lambda-runtime-aws-request-id", id)
        .header("lambda-runtime-deadline-ms", deadline.as_millisecond())
        .header("lambda-runtime-invoked-function-arn", &desk.arn)
        .header(
            "lambda-runtime-trace-id",
            "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=1",
        )
        .body(Body::from(payload.to_string()))
        .unwrap()
}

async fn response(
    State(desk): State<Arc<Desk>>,
    PathOf(id): PathOf<String>,
    body: Bytes,
) -> Response<Body> {
    let answer = serde_json::from_slice(&body).expect("an answer is JSON");
    accept(&desk, id, Outcome::Answer(answer))
}

async fn error(
    State(desk): State<Arc<Desk>>,
    PathOf(id): PathOf<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    assert!(headers.contains_key("lambda-runtime-function-error-type"));
    let error = serde_json::from_slice(&body).expect("an error is JSON");
    accept(&desk, id, Outcome::Error(error))
}

fn accept(desk: &Desk, id: String, outcome: Outcome) -> Response<Body> {
    // The test may be over.
    let _heard = desk.outcomes.send((id, outcome, Instant::now()));
    let accepted = json!({"status": "OK"}).to_string();
    Response::builder()
        .status(202)
        .body(Body::from(accepted))
        .unwrap()
}
