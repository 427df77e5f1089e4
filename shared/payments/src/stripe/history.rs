//! Stripe's list of events, which goes back thirty days.
//! Source: <https://docs.stripe.com/api/events/list>.

use http::Method;
use serde_json::Value;

use super::StripeProvider;
use super::call::accepted;
use super::event::{self, EVENTS};
use crate::delivery::Statement;
use crate::history::{History, HistoryCursor, HistoryRequest};
use crate::object::Object;
use crate::provider::CheckoutError;
use crate::wire::unreadable;

/// Events of a page: the most that Stripe gives.
const PAGE: usize = 100;

impl StripeProvider {
    pub(super) async fn events(&self, wanted: &HistoryRequest) -> Result<History, CheckoutError> {
        let path = format!("/v1/events?{}", query(wanted));
        let answer = accepted(self.call(Method::GET, &path, None, None).await?)?;
        read(&answer, self.livemode)
    }
}

fn query(wanted: &HistoryRequest) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("limit", &PAGE.to_string());
    query.append_pair("created[gte]", &wanted.from.as_second().to_string());
    query.append_pair("created[lt]", &wanted.until.as_second().to_string());
    // Twenty kinds are the most that one call may name.
    for kind in EVENTS {
        query.append_pair("types[]", kind);
    }
    if let Some(cursor) = &wanted.cursor {
        query.append_pair("starting_after", cursor.as_str());
    }
    query.finish()
}

fn read(answer: &Value, livemode: bool) -> Result<History, CheckoutError> {
    let list = Object::root(answer).map_err(unreadable)?;
    let has_more = list.boolean("has_more").map_err(unreadable)?;
    // Read as objects first, so that a fault names its place.
    list.objects("data").map_err(unreadable)?;
    let events = answer["data"].as_array().map(Vec::as_slice);
    let events = events.unwrap_or_default();
    let statements = events.iter().map(|event| {
        let body = event.to_string();
        let read = event::parse(body.as_bytes());
        Statement::new(body, read).of_mode(livemode)
    });
    let last = events.last().and_then(|event| event["id"].as_str());
    let next = last.and_then(HistoryCursor::parse).filter(|_| has_more);
    if has_more && next.is_none() {
        return Err(CheckoutError::Unknown {
            reason: "a list that goes on after nothing".to_owned(),
        });
    }
    Ok(History {
        statements: statements.collect(),
        next,
    })
}
