//! A client has enough of being reminded.

use reqwest::Method;
use serde_json::Value;

use crate::agency::Agency;
use crate::tab::{Screen, Tab};

pub async fn a_client_stops_the_reminders() {
    let mut agency = Agency::open().await;
    let (id, page) = agency.plain_with_id("en").await;
    let path = format!("/v1/invoices/{id}");
    let mut tab = Tab::open().await;
    tab.set_screen(Screen::PHONE).await;
    tab.forbid_scripts().await;
    // Opening the page stops nothing: mail scanners open links.
    tab.visit(&format!("{page}/unsubscribe")).await;
    let before = agency.call(Method::GET, &path, &Value::Null).await;
    assert!(before["reminders"]["next_at"].is_string(), "{before}");
    assert!(before["reminders"]["hold"].is_null(), "{before}");
    let done = tab.follow("Stop the reminders").await;
    assert_eq!(done.complaints, Vec::<String>::new());
    let text = tab.text().await;
    assert!(text.contains("Done: no more reminders"), "{text}");
    let after = agency.call(Method::GET, &path, &Value::Null).await;
    assert!(!after["reminders"]["hold"].is_null(), "{after}");
    tab.follow("Go to the invoice").await;
    assert!(tab.text().await.contains("Pay €1,130.50 by card"));
    tab.close().await;
    agency.host.stop().await;
}
