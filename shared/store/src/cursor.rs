//! Opaque cursors of lists. A cursor belongs to one query of one account.
//!
//! It holds a place, never a right: what a query reads is decided by its partition, which comes
//! from the principal.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use remit_billing::fault::PointedFault;
use remit_billing::ids::AccountId;
use remit_billing::refusal::{Refusal, RefusalKind};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::table::{Key, Query, Range, Start};

/// Longest cursor that is looked at, in characters: the longest key takes about 4 KB.
const MAX_CURSOR_CHARACTERS: usize = 8 * 1024;
/// Bytes of the digest that binds a cursor to its query.
const DIGEST_BYTES: usize = 9;

/// Why a cursor was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CursorError {
    /// It was not made by Remit.
    #[error("the cursor is not one that was returned: start again without it")]
    Malformed,
    /// It was returned for other filters, another order or another account.
    #[error(
        "the cursor belongs to another query: use it with the same filters, or start again without it"
    )]
    OtherQuery,
}

impl Refusal for CursorError {
    fn code(&self) -> &'static str {
        match self {
            CursorError::Malformed => "cursor_malformed",
            CursorError::OtherQuery => "cursor_of_other_query",
        }
    }
    fn kind(&self) -> RefusalKind {
        RefusalKind::Invalid
    }
    fn faults(&self) -> &[PointedFault] {
        &[]
    }
}

/// What is inside: short names, as a cursor travels in addresses.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Content {
    q: String,
    p: String,
    s: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    i: Option<String>,
}

/// The cursor of a place in a query.
pub fn encode(account: AccountId, query: &Query, start: &Start) -> String {
    let content = Content {
        q: digest(account, query),
        p: start.key.pk.clone(),
        s: start.key.sk.clone(),
        i: start.index_sort.clone(),
    };
    let json = serde_json::json!(content).to_string();
    URL_SAFE_NO_PAD.encode(json)
}

/// The place that a cursor holds, if it belongs to this query.
///
/// # Errors
/// [`CursorError`] if it was not made by Remit or for another query or account.
pub fn decode(account: AccountId, query: &Query, cursor: &str) -> Result<Start, CursorError> {
    if cursor.len() > MAX_CURSOR_CHARACTERS {
        return Err(CursorError::Malformed);
    }
    let json = URL_SAFE_NO_PAD
        .decode(cursor)
        .map_err(|_| CursorError::Malformed)?;
    let content: Content = serde_json::from_slice(&json).map_err(|_| CursorError::Malformed)?;
    if content.q != digest(account, query) {
        return Err(CursorError::OtherQuery);
    }
    // The digest is no secret: a forged place must not leave the query either.
    let within = match (query.index, &content.i) {
        (None, None) => content.p == query.partition && query.range.contains(&content.s),
        (Some(_), Some(sort)) => query.range.contains(sort),
        _ => false,
    };
    if !within || content.p.is_empty() || content.s.is_empty() {
        return Err(CursorError::Malformed);
    }
    Ok(Start {
        key: Key::new(content.p, content.s),
        index_sort: content.i,
    })
}

/// Index, partition, range, order and account; not the limit, which may change between pages.
fn digest(account: AccountId, query: &Query) -> String {
    let (kind, first, last) = match &query.range {
        Range::All => ("all", "", ""),
        Range::Prefix(prefix) => ("prefix", prefix.as_str(), ""),
        Range::Between(first, last) => ("between", first.as_str(), last.as_str()),
        Range::From(first) => ("from", first.as_str(), ""),
        Range::After(before) => ("after", before.as_str(), ""),
        Range::UpTo(last) => ("up_to", last.as_str(), ""),
        Range::Before(end) => ("before", end.as_str(), ""),
    };
    let mut hash = Sha256::new();
    let parts = [
        account.to_string().as_str(),
        query.index.map_or("table", |index| index.name()),
        query.partition.as_str(),
        kind,
        first,
        last,
        if query.forward { "rising" } else { "falling" },
    ]
    .map(str::to_owned);
    for part in parts {
        // The length keeps ("ab", "c") and ("a", "bc") apart.
        hash.update(part.len().to_be_bytes());
        hash.update(part);
    }
    let hash = hash.finalize();
    URL_SAFE_NO_PAD.encode(&hash[..DIGEST_BYTES])
}

#[cfg(test)]
mod tests {
    use remit_billing::ids::TypedId;

    use super::*;
    use crate::table::Index;

    fn account(number: u128) -> AccountId {
        AccountId::from_uuid(uuid::Uuid::from_u128(number))
    }

    fn start() -> Start {
        Start {
            key: Key::new("acc#inv", "document"),
            index_sort: Some("2026-01".to_owned()),
        }
    }

    #[test]
    fn a_cursor_reads_back_in_its_query_with_any_limit() {
        let query = Query::on(Index::ByDate, "acc#invoices");
        let cursor = encode(account(1), &query, &start());
        assert_eq!(decode(account(1), &query.limit(7), &cursor), Ok(start()));
    }

    #[test]
    fn a_cursor_of_another_query_is_refused() {
        let query = Query::on(Index::ByDate, "acc#invoices");
        let cursor = encode(account(1), &query, &start());
        let others = [
            (2, query.clone()),
            (1, query.clone().backward()),
            (1, query.clone().range(Range::Prefix("2026".to_owned()))),
            (1, Query::on(Index::ByStatus, "acc#invoices")),
            (1, Query::on(Index::ByDate, "acc#payments")),
        ];
        for (number, other) in others {
            let answer = decode(account(number), &other, &cursor);
            assert_eq!(answer, Err(CursorError::OtherQuery), "{other:?}");
        }
    }

    #[test]
    fn what_is_no_cursor_is_refused() {
        let query = Query::on(Index::ByDate, "acc#invoices");
        let long = "A".repeat(MAX_CURSOR_CHARACTERS + 1);
        for text in ["", "!", "e30", "AAAA", "ä", long.as_str()] {
            let answer = decode(account(1), &query, text);
            assert_eq!(answer, Err(CursorError::Malformed), "{text}");
        }
    }

    #[test]
    fn a_forged_place_outside_the_query_is_refused() {
        let query = Query::of("acc#inv").range(Range::Prefix("delivery#".to_owned()));
        for (pk, sk, sort) in [
            ("other#inv", "delivery#1", None),
            ("acc#inv", "standing", None),
            ("acc#inv", "delivery#1", Some("2026".to_owned())),
        ] {
            let key = Key::new(pk, sk);
            let index_sort = sort;
            let cursor = encode(account(1), &query, &Start { key, index_sort });
            let answer = decode(account(1), &query, &cursor);
            assert_eq!(answer, Err(CursorError::Malformed), "{pk} {sk}");
        }
    }
}
