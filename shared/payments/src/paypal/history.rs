//! PayPal's list of notifications, which goes back thirty days, the newest first.
//! Source: <https://developer.paypal.com/docs/api/webhooks/v1/#webhooks-events_list>.

use http::Method;
use jiff::Timestamp;

use super::PayPalProvider;
use super::call::accepted;
use super::event;
use crate::delivery::Statement;
use crate::history::{History, HistoryCursor, HistoryRequest};
use crate::notification::NotificationFault;
use crate::object::Object;
use crate::provider::CheckoutError;
use crate::wire::unreadable;

/// Notifications of a page: the most that PayPal gives.
const PAGE: usize = 300;

impl PayPalProvider {
    /// How the link to the next page looks is not documented: a page that is full is followed by what is older than
    /// its oldest notification, that one included.
    pub(super) async fn events(&self, wanted: &HistoryRequest) -> Result<History, CheckoutError> {
        let seconds = |mark: &HistoryCursor| mark.as_str().parse().ok();
        let older = wanted.cursor.as_ref().and_then(seconds);
        let older = older.and_then(|seconds: i64| Timestamp::from_second(seconds).ok());
        let until = older.unwrap_or(wanted.until);
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("page_size", &PAGE.to_string())
            .append_pair(
                "start_time",
                &wanted.from.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
            )
            .append_pair(
                "end_time",
                &until.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
            )
            .finish();
        let path = format!("/v1/notifications/webhooks-events?{query}");
        let answer = accepted(&self.call(Method::GET, &path, None, None).await?)?;
        let list = Object::root(&answer).map_err(unreadable)?;
        let objects = list.objects("events").map_err(unreadable)?;
        let mut oldest: Option<Timestamp> = None;
        for object in &objects {
            let at: Timestamp = object
                .parsed("create_time", "an instant")
                .map_err(unreadable)?;
            oldest = oldest.into_iter().chain([at]).min();
        }
        let full = objects.len() >= PAGE;
        // A page of one second is not passed by: nothing before it could be asked for.
        let before = oldest.map(|oldest| oldest.as_second() + 1);
        let before = before.filter(|before| full && *before < until.as_second());
        let next = before.and_then(|before| HistoryCursor::parse(&before.to_string()));
        if full && next.is_none() {
            return Err(CheckoutError::Unknown {
                reason: format!("more than {PAGE} notifications of one second"),
            });
        }
        let events = answer["events"].as_array().into_iter().flatten();
        let statements = events.map(|event| {
            let body = event.to_string();
            match event::statement(body.as_bytes(), self.mode.is_live()) {
                Some(text) => {
                    let read = event::parse(text.as_bytes());
                    Statement::new(text, read)
                }
                None => Statement::whole(body.as_bytes(), Err(NotificationFault::NotJson)),
            }
        });
        Ok(History {
            statements: statements.collect(),
            next,
        })
    }
}
