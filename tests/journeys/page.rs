//! The client in a browser: links in mails, forms in pages, the checkout page of the stand-in.

use serde_json::Value;

use crate::client::{Answer, Api, text};
use crate::house::House;

/// A form, as a browser would send it.
pub struct Form {
    /// Where it goes.
    pub action: String,
    /// Its hidden fields.
    pub fields: Vec<(String, String)>,
}

/// The first form whose action ends so.
pub fn form(page: &str, action_end: &str) -> Option<Form> {
    forms(page, action_end).into_iter().next()
}

/// All forms whose action ends so.
pub fn forms(page: &str, action_end: &str) -> Vec<Form> {
    let parts = page.split("<form").skip(1);
    let found = parts.filter_map(|part| {
        let (tag, rest) = part.split_once('>')?;
        let action = attribute(tag, "action").filter(|action| action.ends_with(action_end))?;
        let inside = rest.split("</form").next().unwrap_or_default();
        let fields = inside.split("<input").skip(1).filter_map(|input| {
            let tag = input.split('>').next()?;
            // A box that is not ticked is not sent.
            if tag.contains("type=\"checkbox\"") && !tag.contains(" checked") {
                return None;
            }
            let value = attribute(tag, "value").unwrap_or_default();
            Some((attribute(tag, "name")?, value))
        });
        Some(Form {
            action,
            fields: fields.collect(),
        })
    });
    found.collect()
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let value = tag
        .split(&format!(" {name}=\""))
        .nth(1)?
        .split('"')
        .next()?;
    let value = value.replace("&#38;", "&").replace("&amp;", "&");
    assert!(!value.contains("&#"), "an entity that is not read: {value}");
    Some(value)
}

/// The client's link in a mail.
#[track_caller]
pub fn link(house: &House, mail: &Value) -> String {
    let start = format!("{}/p/", house.url());
    let mut words = text(mail, "text").split_whitespace();
    let found = words.find(|word| word.starts_with(&start));
    found
        .unwrap_or_else(|| panic!("no link in {mail}"))
        .to_owned()
}

/// The client, who has no key.
pub struct Browser {
    api: Api,
}

impl Browser {
    /// A browser.
    pub fn new(house: &House) -> Self {
        Self {
            api: house.api.without_key(),
        }
    }

    /// A page.
    pub async fn open(&self, address: &str) -> Answer {
        self.api.get(address).await
    }

    /// Sends a form; where the answer leads.
    pub async fn submit(&self, action: &str, fields: &[(String, String)]) -> String {
        let answer = self.api.call("POST", action).form(fields).send().await;
        let answer = answer.expect(303);
        answer.header("location").unwrap().to_owned()
    }

    /// Presses the pay button of an invoice's page: the address of the checkout page.
    pub async fn press_pay(&self, url: &str) -> String {
        let page = self.open(url).await.expect(200);
        let button = form(&page.text, "/checkout").expect("a pay button");
        self.submit(&button.action, &button.fields).await
    }

    /// Presses one of the buttons of the stand-in's checkout page; where that leads.
    pub async fn at_checkout(&self, checkout: &str, action: &str) -> String {
        self.submit(&format!("{checkout}/{action}"), &[]).await
    }

    /// Pays an invoice by card; the address of the checkout page.
    pub async fn pay(&self, url: &str) -> String {
        let checkout = self.press_pay(url).await;
        self.at_checkout(&checkout, "pay").await;
        checkout
    }
}
