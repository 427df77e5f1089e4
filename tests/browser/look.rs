//! How pages and mails look.

use std::ffi::OsString;

use serde_json::{Value, json};

use crate::agency::{Agency, Page};
use crate::tab::{Screen, Tab, Visit};

/// Each of them shows every page.
pub const SCREENS: [Screen; 5] = [
    Screen::SMALL_PHONE,
    Screen::PHONE,
    Screen::PHONE.dark(),
    Screen::DESKTOP,
    Screen::DESKTOP.dark(),
];
/// What a page may weigh, all that it loads and all headers together.
const PAGE_BYTES_MAX: u64 = 60 * 1024;

/// What a screen asks of a page: sizes of text and targets are for phones.
fn wanted(screen: Screen, language: &str) -> Value {
    let mut wanted = json!({"width": screen.width, "language": language});
    if screen.is_phone {
        wanted["body"] = 16.into();
        wanted["tap"] = 44.into();
    }
    wanted
}

async fn faults(tab: &mut Tab, wanted: &Value) -> Vec<String> {
    let script = include_str!("layout.js");
    let faults = tab.evaluate(&format!("{script}({wanted})")).await;
    let faults = faults.as_array().unwrap().iter();
    faults
        .map(|fault| fault.as_str().unwrap().to_owned())
        .collect()
}

fn faults_of_visit(visit: &Visit, page: &Page, host: &str) -> Vec<String> {
    let mut faults = Vec::new();
    if visit.status != page.status {
        faults.push(format!("it answers {}", visit.status));
    }
    // The browser tells a 404 or a 410 to its console, and that is all.
    let status = page.status.to_string();
    let told = |text: &&String| page.status == 200 || !text.contains(&status);
    faults.extend(visit.complaints.iter().filter(told).cloned());
    let own = |address: &&String| address.starts_with(host) || address.starts_with("data:");
    let foreign = visit.requests.iter().filter(|address| !own(address));
    faults.extend(foreign.map(|address| format!("it asks for {address}")));
    if visit.bytes > PAGE_BYTES_MAX {
        faults.push(format!("it weighs {} bytes", visit.bytes));
    }
    faults
}

/// What is wrong with a page on a screen; a picture of it is kept.
pub async fn faults_of_page(tab: &mut Tab, screen: Screen, page: &Page, host: &str) -> Vec<String> {
    let name = format!("page-{}-{}", page.name, screen.name());
    tab.set_language(page.language).await;
    let visit = tab.visit(&page.address).await;
    let mut found = faults_of_visit(&visit, page, host);
    let mut wanted = wanted(screen, page.language);
    wanted["sum"] = page.sum.into();
    wanted["button"] = page.button.into();
    found.extend(faults(tab, &wanted).await);
    found.extend(axe(tab, "{}").await);
    tab.keep_picture(&name).await;
    let named = found.iter().map(|fault| format!("{name}: {fault}"));
    named.collect()
}

/// The rules of WCAG 2.2 AA; a mail has no landmarks, which other rules ask for.
const WCAG: &str = "{runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']}";

/// Where axe-core lies, if anywhere.
fn axe_source() -> Option<OsString> {
    #[expect(
        clippy::disallowed_methods,
        reason = "a test is told where a tool lies"
    )]
    std::env::var_os("REMIT_AXE")
}

/// What axe-core finds, where `REMIT_AXE` says where it lies; nothing where it is not there.
async fn axe(tab: &mut Tab, options: &str) -> Vec<String> {
    let Some(source) = axe_source() else {
        return Vec::new();
    };
    let source = std::fs::read_to_string(source).unwrap();
    let run = format!(
        "{source};axe.run(document, {options}).then(found => found.violations.map(one => \
         one.id + ': ' + one.nodes.map(node => node.target.join(' ')).join(', ')))"
    );
    let found = tab.evaluate(&run).await;
    let found = found.as_array().unwrap().iter();
    found
        .map(|fault| format!("axe: {}", fault.as_str().unwrap()))
        .collect()
}

/// Should the inspection go blind, nothing else here would fail.
pub async fn the_inspection_sees_what_is_wrong() {
    let mut tab = Tab::open().await;
    tab.set_screen(Screen::PHONE).await;
    let mut wanted = wanted(Screen::PHONE, "en");
    wanted["sum"] = "€9".into();
    wanted["button"] = "Pay €9".into();
    let good = "<!doctype html><html lang=en><title>Bill</title>\
                <meta name=viewport content='width=device-width'><h1>Bill</h1>\
                <p>€9 to pay</p><button style='height:44px;font-size:16px'>Pay €9</button>";
    tab.show(good).await;
    assert_eq!(faults(&mut tab, &wanted).await, Vec::<String>::new());
    for (part, instead, told) in [
        ("<h1>Bill</h1>", "", "0 h1"),
        ("lang=en", "lang=ko", "lang is"),
        ("<title>Bill</title>", "", "no title"),
        (
            "width=device-width'",
            "width=device-width,maximum-scale=1'",
            "no zoom",
        ),
        ("<p>", "<p style='color:#777'>", "contrast of 4.48"),
        ("<p>", "<p style='opacity:.5'>", "has a contrast of"),
        ("<p>", "<p style='background:#333'>", "has a contrast of"),
        ("<p>", "<p style='font-size:15px'>", "is 15 px, not 16"),
        ("<p>", "<p style='width:500px'>", "wide on 390"),
        (
            "<p>",
            "<p style='margin-top:700px'>",
            "not on the first screen",
        ),
        ("€9 to", "€8 to", "€9 is not on the first screen"),
        ("height:44px", "height:43px", "is 43 high"),
        ("<button ", "<button hidden ", "the button"),
        ("</button>", "</button><p><a href=/>x</a>", "high"),
        (
            "</button>",
            "</button><button style='height:44px'></button>",
            "no words",
        ),
    ] {
        assert!(good.contains(part), "{part}");
        tab.show(&good.replacen(part, instead, 1)).await;
        let faults = faults(&mut tab, &wanted).await;
        assert!(
            faults.iter().any(|fault| fault.contains(told)),
            "{instead:?}: {faults:?}"
        );
    }
    if axe_source().is_some() {
        let unnamed = good.replacen("<p>", "<p><img src=data:,><input>", 1);
        for (html, is_wrong) in [(good, false), (unnamed.as_str(), true)] {
            tab.show(html).await;
            let found = axe(&mut tab, WCAG).await;
            assert_eq!(!found.is_empty(), is_wrong, "{html}: {found:?}");
        }
    }
    let policy = "<meta http-equiv=Content-Security-Policy content=\"style-src 'none'\">";
    for complaint in [
        &format!("{policy}<p style='color:red'>x"),
        "<script>console.log('x')</script>",
        "<script>nothing()</script>",
    ] {
        let visit = tab.show(complaint).await;
        assert!(!visit.complaints.is_empty(), "{complaint}");
    }
    let visit = tab.show("<img src='http://127.0.0.1:1/x.png'>").await;
    assert_eq!(visit.requests.last().unwrap(), "http://127.0.0.1:1/x.png");
    tab.close().await;
}

pub async fn pages_hold_on_every_screen() {
    let mut agency = Agency::open().await;
    let pages = agency.pages().await;
    let mut tab = Tab::open().await;
    let mut all = Vec::new();
    for screen in SCREENS {
        tab.set_screen(screen).await;
        for page in &pages {
            all.extend(faults_of_page(&mut tab, screen, page, &agency.host.url).await);
            let mut found = Vec::new();
            // Of the invoice itself, or of the several that were chosen.
            let offers = "document.querySelectorAll('form[action$=\"/checkout\"] button, \
                          form[method=post][action$=\"/invoices\"] button').length > 0";
            let offers = tab.evaluate(offers).await;
            if !page.sum.is_empty() && offers != page.button.is_some() {
                found.push("there is a button, or none, against what is left to pay".to_owned());
            }
            // Whoever has a link may know whose it is, and nobody else.
            if tab.text().await.contains("Northlight Studio") != (page.status == 200) {
                found.push("it names the agency, or does not, against what is proved".to_owned());
            }
            all.extend(found.iter().map(|fault| format!("{}: {fault}", page.name)));
        }
    }
    tab.close().await;
    agency.host.stop().await;
    assert!(all.is_empty(), "{all:#?}");
}

pub async fn mails_hold_on_every_screen() {
    let mut agency = Agency::open().await;
    let mails = agency.every_mail().await;
    let mut tab = Tab::open().await;
    let mut all = Vec::new();
    for screen in SCREENS {
        tab.set_screen(screen).await;
        for (name, language, html) in &mails {
            let name = format!("mail-{name}-{}", screen.name());
            let visit = tab.show(html).await;
            let mut wanted = wanted(screen, language);
            if screen.is_phone {
                // Mail programs set tables in their own size, which is smaller than a page's.
                wanted["body"] = 14.into();
            }
            let mut found = faults(&mut tab, &wanted).await;
            found.extend(axe(&mut tab, WCAG).await);
            found.extend(visit.complaints);
            found.extend(
                visit
                    .requests
                    .iter()
                    .filter(|address| *address != "about:blank")
                    .cloned(),
            );
            tab.keep_picture(&name).await;
            all.extend(found.iter().map(|fault| format!("{name}: {fault}")));
        }
    }
    tab.close().await;
    agency.host.stop().await;
    assert!(all.is_empty(), "{all:#?}");
}

/// The host's own pages are for whoever tries Remit out, those of the contract for who programs.
pub async fn the_hosts_pages_hold_on_every_screen() {
    let mut agency = Agency::open().await;
    agency.every_mail().await;
    let page = agency.plain("en").await;
    let mut tab = Tab::open().await;
    tab.visit(&page).await;
    tab.follow("Pay €1,130.50 by card").await;
    let checkout = tab.address().await;
    tab.visit(&format!("{}/_local/mail", agency.host.url)).await;
    let mail = "document.querySelector('td a').href";
    let mail = tab.evaluate(mail).await.as_str().unwrap().to_owned();
    let local = |path: &str| format!("{}/_local/{path}", agency.host.url);
    let pages = [
        ("index", local("")),
        ("mails", local("mail")),
        ("mail", mail),
        ("events", local("events")),
        ("queues", local("queues")),
        ("payments", local("stripe")),
        ("checkout", checkout),
        ("docs", format!("{}/docs", agency.host.url)),
        (
            "docs-invoices",
            format!("{}/docs/invoices", agency.host.url),
        ),
        (
            "docs-problems",
            format!("{}/docs/problems", agency.host.url),
        ),
    ];
    let mut all = Vec::new();
    for screen in SCREENS {
        tab.set_screen(screen).await;
        for (name, address) in &pages {
            let name = format!("local-{name}-{}", screen.name());
            let visit = tab.visit(address).await;
            let mut wanted = wanted(screen, "en");
            // A developer's tables may be smaller than what a client reads.
            wanted["body"] = Value::Null;
            let mut found = faults(&mut tab, &wanted).await;
            found.extend(axe(&mut tab, WCAG).await);
            found.extend(visit.complaints);
            tab.keep_picture(&name).await;
            all.extend(found.iter().map(|fault| format!("{name}: {fault}")));
        }
    }
    tab.close().await;
    agency.host.stop().await;
    assert!(all.is_empty(), "{all:#?}");
}

pub async fn pages_print_on_paper() {
    let mut agency = Agency::open().await;
    let pages = agency.pages().await;
    let mut tab = Tab::open().await;
    let mut all = Vec::new();
    tab.set_screen(Screen::DESKTOP.dark()).await;
    for page in pages.iter().filter(|page| !page.sum.is_empty()) {
        tab.visit(&page.address).await;
        let sheets = tab.print(&format!("print-{}", page.name)).await;
        let long = ["crowded", "several"];
        let most = if long.iter().any(|name| page.name.starts_with(name)) {
            2
        } else {
            1
        };
        if sheets == 0 || sheets > most {
            all.push(format!("{} prints on {sheets} sheets", page.name));
        }
        // What is on paper is read, not pressed, and black on white whatever the reader prefers.
        tab.set_media("print", "dark").await;
        let pressed = "[...document.querySelectorAll('button')]\
                       .filter(one => one.getClientRects().length).length";
        if tab.evaluate(pressed).await != 0 {
            all.push(format!("{} prints a button", page.name));
        }
        let ink = tab.evaluate("getComputedStyle(document.body).color").await;
        let is_dark = "(() => getComputedStyle(document.body).color.match(/\\d+/g)\
                       .slice(0, 3).every(part => part < 80))()";
        if tab.evaluate(is_dark).await != true {
            all.push(format!("{} prints in {ink}", page.name));
        }
        if !tab.text().await.contains(page.sum) {
            all.push(format!("{} prints without {}", page.name, page.sum));
        }
        tab.set_media("", "dark").await;
    }
    tab.close().await;
    agency.host.stop().await;
    assert!(all.is_empty(), "{all:#?}");
}
