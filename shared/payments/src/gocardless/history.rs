//! GoCardless' list of events, in which each names what it is about, as in a call to the webhook.
//! Source: <https://developer.gocardless.com/api-reference/#events-list-events>.

use super::GoCardlessProvider;
use crate::history::{History, HistoryCursor, HistoryRequest};
use crate::object::Object;
use crate::provider::CheckoutError;
use crate::wire::unreadable;

/// Events of a page: what each is about is fetched, so fewer than the 500 that there may be.
const PAGE: usize = 50;

impl GoCardlessProvider {
    pub(super) async fn events(&self, wanted: &HistoryRequest) -> Result<History, CheckoutError> {
        let answer = self.list(&format!("/events?{}", query(wanted))).await?;
        let after = Object::root(&answer)
            .and_then(|list| list.object("meta"))
            .and_then(|meta| meta.object("cursors"))
            .and_then(|cursors| cursors.optional_text("after"))
            .map_err(unreadable)?;
        let next = match after {
            None => None,
            Some(mark) => {
                Some(
                    HistoryCursor::parse(mark).ok_or_else(|| CheckoutError::Unknown {
                        reason: "a mark that is none".to_owned(),
                    })?,
                )
            }
        };
        let statements = self.statements(answer.to_string().as_bytes()).await?;
        Ok(History { statements, next })
    }
}

fn query(wanted: &HistoryRequest) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("limit", &PAGE.to_string());
    query.append_pair("created_at[gte]", &wanted.from.to_string());
    query.append_pair("created_at[lt]", &wanted.until.to_string());
    if let Some(cursor) = &wanted.cursor {
        query.append_pair("after", cursor.as_str());
    }
    query.finish()
}
