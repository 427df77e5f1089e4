//! The agency's own page: its owner signs in by two presses, without scripts and by the keyboard, and looks at a year.

use jiff::ToSpan as _;
use reqwest::Method;
use serde_json::{Value, json};

use crate::agency::{Agency, Page};
use crate::look::{SCREENS, faults_of_page};
use crate::tab::{Screen, Tab};

const OWNER: &str = "Sign in as Nora Light, the owner";

fn page(name: &str, language: &'static str, address: String, sum: &'static str) -> Page {
    Page {
        name: format!("overview-{name}-{language}"),
        language,
        address,
        status: 200,
        sum,
        button: None,
    }
}

async fn look_at(tab: &mut Tab, host: &str, pages: &[Page]) -> Vec<String> {
    let mut all = Vec::new();
    for screen in SCREENS {
        tab.set_screen(screen).await;
        for page in pages {
            all.extend(faults_of_page(tab, screen, page, host).await);
        }
    }
    all
}

/// The machine sleeps for so many days.
async fn sleep(agency: &mut Agency, days: i64) {
    let cloud = &agency.host.cloud;
    let then = cloud.now() + (24 * days).hours();
    cloud.clock.move_to(then).unwrap();
    let none = json!({"advance": "PT0S"});
    agency.call(Method::POST, "/_local/clock", &none).await;
}

async fn pay(agency: &mut Agency, invoice: &str, amount: &str) {
    let path = format!("/v1/invoices/{invoice}/payments");
    let paid = json!({"amount": amount, "method": "bank_transfer"});
    agency.call(Method::POST, &path, &paid).await;
}

/// Nine months of an agency: most is paid, some is late by each age, some is promised, and offers are out.
async fn a_year(agency: &mut Agency) {
    let mut owed = Vec::new();
    for month in 0..9_usize {
        for language in ["en", "ko"] {
            owed.push(agency.plain_with_id(language).await.0);
        }
        let dues = owed.len().saturating_sub(2);
        for (at, invoice) in owed.drain(..dues).collect::<Vec<_>>().iter().enumerate() {
            // Of those that are old, some are paid in part, and some not at all.
            match (month + at) % 5 {
                0 => pay(agency, invoice, "400.00").await,
                1 => {}
                _ => pay(agency, invoice, "1130.50").await,
            }
        }
        sleep(agency, 27).await;
    }
    let today = agency
        .call(Method::GET, "/_local/clock", &Value::Null)
        .await;
    let today: jiff::Timestamp = today["now"].as_str().unwrap().parse().unwrap();
    let soon = today + (24 * 9).hours();
    let soon = soon.strftime("%Y-%m-%d").to_string();
    let (promised, _) = agency.plain_with_id("en").await;
    let path = format!("/v1/invoices/{promised}/promises");
    agency
        .call(Method::POST, &path, &json!({"date": soon}))
        .await;
    let (disputed, _) = agency.plain_with_id("en").await;
    let path = format!("/v1/invoices/{disputed}/disputes");
    let dispute = json!({"line": 2, "text": "We have this licence already"});
    agency.call(Method::POST, &path, &dispute).await;
    let reader = agency.readers[0].clone();
    let project = json!({"client_id": reader, "name": "The site of the bookshop"});
    let project = agency.call(Method::POST, "/v1/projects", &project).await;
    let estimate = json!({
        "project_id": project["id"], "valid_until": soon,
        "title": "A shop beside the site, with twenty products and their pictures, in two languages",
        "lines": [{"description": "Work", "quantity": "1", "unit_price": "4800"}],
    });
    let estimate = agency.call(Method::POST, "/v1/estimates", &estimate).await;
    let send = format!("/v1/estimates/{}/send", estimate["id"].as_str().unwrap());
    agency.call(Method::POST, &send, &json!({})).await;
    let work = json!({
        "kind": "time", "minutes": 45, "description": "Corrections",
        "project_id": project["id"], "worked_on": today.strftime("%Y-%m-%d").to_string(),
    });
    let work = agency.call(Method::POST, "/v1/work-entries", &work).await;
    let submit = json!({"entries": [{"id": work["id"]}]});
    agency
        .call(Method::POST, "/v1/work-entries/submit", &submit)
        .await;
    sleep(agency, 0).await;
}

pub async fn a_member_signs_in_by_keyboard_and_looks_at_a_year() {
    let mut agency = Agency::open().await;
    let url = agency.host.url.clone();
    let own = format!("{url}/overview");
    let mut tab = Tab::open().await;
    let mut all = Vec::new();
    let steps = ["", "?step=again", "?step=out", "?step=unknown"];
    let outside: Vec<Page> = ["en", "ko"]
        .into_iter()
        .flat_map(|language| {
            let name = |step: &str| {
                step.split_once('=')
                    .map_or("ask", |(_, name)| name)
                    .to_owned()
            };
            let step = |step: &&str| page(&name(step), language, format!("{own}{step}"), "");
            steps.iter().map(step).collect::<Vec<_>>()
        })
        .collect();
    all.extend(look_at(&mut tab, &url, &outside).await);

    tab.set_screen(Screen::DESKTOP).await;
    tab.set_language("en").await;
    tab.visit(&own).await;
    tab.follow_by_keyboard("Sign in").await;
    let text = tab.text().await;
    assert!(text.contains("Who are you?"), "{text}");
    tab.follow_by_keyboard(OWNER).await;
    assert_eq!(tab.address().await, own);
    let empty = [page("empty", "en", own.clone(), "")];
    all.extend(look_at(&mut tab, &url, &empty).await);

    // The session ends meanwhile.
    a_year(&mut agency).await;
    tab.set_screen(Screen::DESKTOP).await;
    tab.visit(&own).await;
    tab.follow("Sign in").await;
    tab.follow(OWNER).await;
    let text = tab.text().await;
    assert!(text.contains("Where things stand"), "{text}");
    for language in ["en", "ko"] {
        let settings = json!({"language": language});
        agency.call(Method::PATCH, "/v1/settings", &settings).await;
        let year = [page("year", language, own.clone(), "")];
        all.extend(look_at(&mut tab, &url, &year).await);
    }
    let settings = json!({"language": "en"});
    agency.call(Method::PATCH, "/v1/settings", &settings).await;
    tab.set_screen(Screen::DESKTOP.dark()).await;
    tab.visit(&own).await;
    let sheets = tab.print("print-overview").await;
    assert!((1..=2).contains(&sheets), "{sheets} sheets");
    tab.set_language("en").await;
    tab.visit(&own).await;
    tab.follow_by_keyboard("Sign out").await;
    let text = tab.text().await;
    assert!(text.contains("You are signed out"), "{text}");
    tab.close().await;
    agency.host.stop().await;
    assert!(all.is_empty(), "{all:#?}");
}

pub async fn a_member_signs_in_without_scripts() {
    let agency = Agency::open().await;
    let mut tab = Tab::open().await;
    tab.forbid_scripts().await;
    tab.set_screen(Screen::PHONE).await;
    tab.set_language("en").await;
    tab.visit(&format!("{}/overview", agency.host.url)).await;
    tab.follow("Sign in").await;
    tab.follow("Do not sign in").await;
    let text = tab.text().await;
    assert!(text.contains("That did not work"), "{text}");
    tab.follow("Sign in").await;
    tab.follow(OWNER).await;
    let text = tab.text().await;
    assert!(text.contains("Nothing is open"), "{text}");
    tab.follow("Sign out").await;
    let text = tab.text().await;
    assert!(text.contains("You are signed out"), "{text}");
    tab.close().await;
    agency.host.stop().await;
}
