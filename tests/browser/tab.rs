//! What a person does with a page, and what the page does meanwhile.

use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::chromium::Chromium;

/// A screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Screen {
    /// In CSS pixels.
    pub width: u32,
    /// What is seen of the page at once.
    pub height: u32,
    /// Phones are touched, and zoom pages that do not fit.
    pub is_phone: bool,
    /// The reader prefers it dark.
    pub is_dark: bool,
}

impl Screen {
    /// A phone, with the browser's own bars taken off its 844 pixels.
    pub const PHONE: Self = Self {
        width: 390,
        height: 664,
        is_phone: true,
        is_dark: false,
    };
    /// The smallest that is in use, and what is left of a desktop at a zoom of 400 %.
    pub const SMALL_PHONE: Self = Self {
        width: 320,
        height: 568,
        is_phone: true,
        is_dark: false,
    };
    /// A small desktop window.
    pub const DESKTOP: Self = Self {
        width: 1280,
        height: 800,
        is_phone: false,
        is_dark: false,
    };

    /// The same in the dark.
    pub const fn dark(self) -> Self {
        Self {
            is_dark: true,
            ..self
        }
    }

    /// As it stands in the name of a picture.
    pub fn name(self) -> String {
        let scheme = if self.is_dark { "dark" } else { "light" };
        format!("{}-{scheme}", self.width)
    }
}

/// What loading a page caused.
#[derive(Debug)]
pub struct Visit {
    /// The status of the page itself.
    pub status: u64,
    /// The addresses of all that was asked for.
    pub requests: Vec<String>,
    /// What came over the wire, headers too.
    pub bytes: u64,
    /// What the console and the browser's audits say.
    pub complaints: Vec<String>,
}

/// The tab of a browser.
pub struct Tab {
    chromium: Chromium,
    has_scripts: bool,
}

impl Tab {
    /// Opens a browser.
    pub async fn open() -> Self {
        Self {
            chromium: Chromium::start().await,
            has_scripts: true,
        }
    }

    /// Closes the browser.
    pub async fn close(self) {
        self.chromium.stop().await;
    }

    /// Sets the screen.
    pub async fn set_screen(&mut self, screen: Screen) {
        let metrics = json!({
            "width": screen.width, "height": screen.height,
            "deviceScaleFactor": if screen.is_phone { 2 } else { 1 },
            "mobile": screen.is_phone,
        });
        self.chromium
            .call("Emulation.setDeviceMetricsOverride", metrics)
            .await;
        let scheme = if screen.is_dark { "dark" } else { "light" };
        self.set_media("", scheme).await;
    }

    /// Shows the page as on this medium: `print`, or nothing for the screen.
    pub async fn set_media(&mut self, medium: &str, scheme: &str) {
        let media = json!({
            "media": medium,
            "features": [{"name": "prefers-color-scheme", "value": scheme}],
        });
        self.chromium
            .call("Emulation.setEmulatedMedia", media)
            .await;
    }

    /// Sets the language that the reader prefers.
    pub async fn set_language(&mut self, language: &str) {
        let headers = json!({"headers": {"Accept-Language": language}});
        self.chromium
            .call("Network.setExtraHTTPHeaders", headers)
            .await;
    }

    /// Switches the scripts of pages off.
    pub async fn forbid_scripts(&mut self) {
        self.has_scripts = false;
        let off = json!({"value": true});
        self.chromium
            .call("Emulation.setScriptExecutionDisabled", off)
            .await;
    }

    /// Opens an address, and returns when the page is painted.
    pub async fn visit(&mut self, address: &str) -> Visit {
        self.chromium.take_events();
        let answer = self
            .chromium
            .call("Page.navigate", json!({"url": address}))
            .await;
        assert!(answer.get("errorText").is_none(), "{address}: {answer}");
        self.loaded().await
    }

    /// Shows a document that has no address, such as a mail.
    pub async fn show(&mut self, html: &str) -> Visit {
        self.chromium.take_events();
        self.chromium
            .call("Page.navigate", json!({"url": "about:blank"}))
            .await;
        self.chromium.wait_for("Page.loadEventFired").await;
        let tree = self.chromium.call("Page.getFrameTree", json!({})).await;
        let frame = &tree["frameTree"]["frame"]["id"];
        self.chromium
            .call(
                "Page.setDocumentContent",
                json!({"frameId": frame, "html": html}),
            )
            .await;
        self.loaded().await
    }

    async fn loaded(&mut self) -> Visit {
        self.chromium.wait_for("Page.loadEventFired").await;
        if self.has_scripts {
            // Two frames later it is painted, and whatever it asked for has been asked for.
            let painted = "new Promise(done => \
                           requestAnimationFrame(() => requestAnimationFrame(() => done(true))))";
            self.evaluate(painted).await;
        }
        Visit::of(&self.chromium.take_events())
    }

    /// The value of an expression in the page.
    pub async fn evaluate(&mut self, expression: &str) -> Value {
        let parameters = json!({
            "expression": expression, "returnByValue": true, "awaitPromise": true,
        });
        let mut answer = self.chromium.call("Runtime.evaluate", parameters).await;
        assert!(answer.get("exceptionDetails").is_none(), "{answer}");
        answer["result"]["value"].take()
    }

    /// All that can be read on the page.
    pub async fn text(&mut self) -> String {
        let text = self.evaluate("document.body.innerText").await;
        text.as_str().unwrap().to_owned()
    }

    /// Where the page is.
    pub async fn address(&mut self) -> String {
        let address = self.evaluate("location.href").await;
        address.as_str().unwrap().to_owned()
    }

    /// Clicks into the middle of the button or link that reads so, and waits for where it leads.
    pub async fn follow(&mut self, label: &str) -> Visit {
        let middle = self.evaluate(&of_label(label, MIDDLE)).await;
        assert!(middle["x"].is_number(), "no button or link reads {label:?}");
        self.chromium.take_events();
        self.click(&middle).await;
        self.loaded().await
    }

    async fn click(&mut self, middle: &Value) {
        for kind in ["mousePressed", "mouseReleased"] {
            let event = json!({
                "type": kind, "x": middle["x"], "y": middle["y"],
                "button": "left", "clickCount": 1,
            });
            self.chromium.call("Input.dispatchMouseEvent", event).await;
        }
    }

    /// Clicks on what reads so and leads nowhere.
    pub async fn press_on(&mut self, label: &str) {
        let middle = self.evaluate(&of_label(label, MIDDLE)).await;
        self.click(&middle).await;
    }

    /// Types into the field of this label, found by a click on it.
    pub async fn fill(&mut self, label: &str, text: &str) {
        let middle = self.evaluate(&of_field(label, MIDDLE)).await;
        assert!(middle["x"].is_number(), "no field is called {label:?}");
        self.click(&middle).await;
        if !text.is_empty() {
            self.write(text).await;
        }
    }

    /// Types what the field that has the focus is to hold.
    async fn write(&mut self, text: &str) {
        self.chromium
            .call("Input.insertText", json!({ "text": text }))
            .await;
    }

    /// Goes by the Tab key until the field of this label has the focus, and types into it; a box
    /// is ticked by the space bar.
    pub async fn fill_by_keyboard(&mut self, label: &str, text: &str) {
        for _ in 1..=20 {
            self.press("Tab", 9, "").await;
            if self.evaluate(&of_field(label, HAS_FOCUS)).await == true {
                match text {
                    " " => self.press(" ", 32, " ").await,
                    text => self.write(text).await,
                }
                return;
            }
        }
        panic!("the Tab key does not reach the field {label:?}");
    }

    /// Goes by the Tab key until the button or link that reads so has the focus, and presses
    /// Enter; which stop it was.
    pub async fn follow_by_keyboard(&mut self, label: &str) -> usize {
        for stop in 1..=20 {
            self.press("Tab", 9, "").await;
            if self.evaluate(&of_label(label, HAS_FOCUS)).await == true {
                self.chromium.take_events();
                self.press("Enter", 13, "\r").await;
                self.loaded().await;
                return stop;
            }
        }
        panic!("the Tab key does not reach {label:?}");
    }

    async fn press(&mut self, key: &str, code: u32, text: &str) {
        for kind in ["keyDown", "keyUp"] {
            let event = json!({
                "type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code,
                "text": if kind == "keyDown" { text } else { "" },
            });
            self.chromium.call("Input.dispatchKeyEvent", event).await;
        }
    }

    /// Keeps a picture of the page, of a very long one of its beginning: browsers refuse longer pictures.
    pub async fn keep_picture(&mut self, name: &str) {
        let size = "(({scrollWidth, scrollHeight}) => ({x: 0, y: 0, scale: 1, width: scrollWidth, \
                    height: Math.min(scrollHeight, 20000)}))(document.documentElement)";
        let clip = self.evaluate(size).await;
        let parameters = json!({"format": "png", "captureBeyondViewport": true, "clip": clip});
        let taken = self
            .chromium
            .call("Page.captureScreenshot", parameters)
            .await;
        keep(&format!("{name}.png"), &taken);
    }

    /// Prints the page on A4, keeps it, and says on how many sheets.
    pub async fn print(&mut self, name: &str) -> usize {
        let parameters = json!({"preferCSSPageSize": true, "printBackground": false});
        let printed = self.chromium.call("Page.printToPDF", parameters).await;
        let pdf = keep(&format!("{name}.pdf"), &printed);
        let marks = |mark: &[u8]| pdf.windows(mark.len()).filter(|part| *part == mark).count();
        marks(b"/Type /Page") - marks(b"/Type /Pages")
    }
}

const MIDDLE: &str = "(() => { if (!element) return {}; element.scrollIntoView({block: 'center'}); \
                      const box = element.getBoundingClientRect(); \
                      return {x: box.x + box.width / 2, y: box.y + box.height / 2}; })()";
const HAS_FOCUS: &str = "element !== undefined && element === document.activeElement";

/// An expression about the field whose label begins so.
fn of_field(label: &str, expression: &str) -> String {
    let label = json!(label);
    format!(
        "(() => {{ const element = [...document.querySelectorAll('input, textarea')]\
         .find(one => [...(one.labels ?? [])]\
         .some(found => found.innerText.trim().startsWith({label}))); return {expression}; }})()"
    )
}

/// An expression about the button or link whose words are these.
fn of_label(label: &str, expression: &str) -> String {
    let label = json!(label);
    format!(
        "(() => {{ const element = [...document.querySelectorAll('button, a[href], summary')]\
         .find(one => one.innerText.trim() === {label}); return {expression}; }})()"
    )
}

impl Visit {
    fn of(events: &[Value]) -> Self {
        let mut visit = Self {
            status: 0,
            requests: Vec::new(),
            bytes: 0,
            complaints: Vec::new(),
        };
        for event in events {
            let about = &event["params"];
            match event["method"].as_str().unwrap_or_default() {
                "Network.requestWillBeSent" => {
                    let url = about["request"]["url"].as_str().unwrap_or_default();
                    visit.requests.push(url.to_owned());
                }
                "Network.responseReceived" if about["type"] == "Document" => {
                    visit.status = about["response"]["status"].as_u64().unwrap_or_default();
                }
                "Network.loadingFinished" => {
                    visit.bytes += about["encodedDataLength"].as_u64().unwrap_or_default();
                }
                "Log.entryAdded" => visit.complaints.push(about["entry"]["text"].to_string()),
                "Runtime.consoleAPICalled" => visit.complaints.push(about["args"].to_string()),
                "Runtime.exceptionThrown" => visit.complaints.push(about.to_string()),
                "Audits.issueAdded" => visit.complaints.push(about["issue"].to_string()),
                _ => {}
            }
        }
        visit
    }
}

/// Where pictures are kept to be looked at.
fn folder() -> PathBuf {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    workspace.join("target/screenshots")
}

fn keep(name: &str, answer: &Value) -> Vec<u8> {
    let bytes = STANDARD.decode(answer["data"].as_str().unwrap()).unwrap();
    std::fs::create_dir_all(folder()).unwrap();
    std::fs::write(folder().join(name), &bytes).unwrap();
    bytes
}
