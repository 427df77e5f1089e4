//! Headless Chromium, driven by the DevTools protocol over a pipe: no port, no driver, no crate.
//!
//! Source: <https://chromedevtools.github.io/devtools-protocol/>. A message is JSON and ends with a
//! zero byte. There is one tab; what it says meanwhile is kept until it is asked for.

use std::fs::File;
use std::process::Stdio;
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

/// No answer within this is a failure, and no reason to go on.
const PATIENCE: Duration = Duration::from_secs(60);

/// Chromium reads descriptor 3 and writes descriptor 4, which the shell connects to our pipes.
const START: &str = r#"for program in chromium chromium-browser google-chrome; do
    command -v "$program" >/dev/null && exec "$program" "$@" 3<&0 4>&1 </dev/null >/dev/null
done
echo "there is no Chromium: install the package chromium" >&2
exit 127"#;

const FLAGS: &[&str] = &[
    "--headless",
    "--remote-debugging-pipe",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "about:blank",
];

/// A running Chromium with one tab.
pub struct Chromium {
    child: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
    session: Option<String>,
    calls: u64,
    events: Vec<Value>,
    profile: TempDir,
}

impl Chromium {
    /// Starts one with a profile of its own.
    pub async fn start() -> Self {
        let profile = tempfile::tempdir().unwrap();
        let log = File::create(profile.path().join("chromium.log")).unwrap();
        let mut child = Command::new("sh")
            .args(["-c", START, "sh"])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .args(FLAGS)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(log)
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let to = child.stdin.take().unwrap();
        let from = BufReader::new(child.stdout.take().unwrap());
        let mut chromium = Self {
            child,
            to,
            from,
            session: None,
            calls: 0,
            events: Vec::new(),
            profile,
        };
        let target = json!({"url": "about:blank"});
        let target = chromium.call("Target.createTarget", target).await;
        let attach = json!({"targetId": target["targetId"], "flatten": true});
        let attached = chromium.call("Target.attachToTarget", attach).await;
        chromium.session = Some(attached["sessionId"].as_str().unwrap().to_owned());
        for domain in ["Page", "Runtime", "Network", "Log", "Audits"] {
            chromium.call(&format!("{domain}.enable"), json!({})).await;
        }
        chromium
    }

    /// Ends it, and waits until it is gone.
    pub async fn stop(mut self) {
        self.session = None;
        self.call("Browser.close", json!({})).await;
        tokio::time::timeout(PATIENCE, self.child.wait())
            .await
            .expect("Chromium did not end")
            .unwrap();
    }

    /// Calls a method of the protocol and waits for its result.
    pub async fn call(&mut self, method: &str, parameters: Value) -> Value {
        self.calls += 1;
        let id = self.calls;
        let mut message = json!({"id": id, "method": method, "params": parameters});
        if let Some(session) = &self.session {
            message["sessionId"] = session.as_str().into();
        }
        let mut bytes = message.to_string().into_bytes();
        bytes.push(0);
        if let Err(error) = self.to.write_all(&bytes).await {
            panic!("{method}: {error}\n{}", self.log());
        }
        loop {
            let mut answer = self.read(method).await;
            if answer["id"] == id {
                assert!(answer.get("error").is_none(), "{method}: {answer}");
                return answer["result"].take();
            }
        }
    }

    /// Waits for an event, also one that came since the events were taken last.
    pub async fn wait_for(&mut self, method: &str) -> Value {
        if let Some(event) = self.events.iter().find(|event| event["method"] == method) {
            return event["params"].clone();
        }
        loop {
            let mut message = self.read(method).await;
            if message["method"] == method {
                return message["params"].take();
            }
        }
    }

    /// What was said since this was asked last.
    pub fn take_events(&mut self) -> Vec<Value> {
        std::mem::take(&mut self.events)
    }

    /// The next message; an event is kept beside.
    async fn read(&mut self, waiting_for: &str) -> Value {
        let mut bytes = Vec::new();
        let read = tokio::time::timeout(PATIENCE, self.from.read_until(0, &mut bytes)).await;
        let Ok(Ok(read)) = read else {
            panic!("{waiting_for}: {read:?}\n{}", self.log());
        };
        assert!(read > 0, "{waiting_for}: it is gone\n{}", self.log());
        bytes.pop();
        let message: Value = serde_json::from_slice(&bytes).unwrap();
        if message.get("method").is_some() {
            self.events.push(message.clone());
        }
        message
    }

    fn log(&self) -> String {
        let log = std::fs::read_to_string(self.profile.path().join("chromium.log"));
        let log = log.unwrap_or_default();
        // Without a desktop there is no message bus, and Chromium says so many times.
        let lines = log.lines().filter(|line| !line.contains(":dbus/"));
        lines.collect::<Vec<_>>().join("\n")
    }
}
