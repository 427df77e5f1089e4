#![no_main]
//! Cursors of lists: any text is a place within its query or none, and what is one comes out as it went in.

use remit_billing::ids::{AccountId, TypedId};
use remit_store::cursor::{self, CursorError};
use remit_store::{Index, Key, Query, Range, Start};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let account = AccountId::from_uuid(Default::default());
    let queries = [
        Query::of("acct#1").range(Range::Prefix("inv#".into())),
        Query::on(Index::ByClient, "acct#1#cli#1").range(Range::UpTo("inv#2026".into())),
    ];
    for (query, is_indexed) in queries.iter().zip([false, true]) {
        // As a client would forge one: the digest is no secret, the place is the fuzzer's.
        let (sort, rest) = text.split_at(text.floor_char_boundary(text.len() / 2));
        let start = Start {
            key: Key::new(if is_indexed { rest } else { "acct#1" }, sort),
            index_sort: is_indexed.then(|| text.to_owned()),
        };
        let forged = cursor::encode(account, query, &start);
        match cursor::decode(account, query, &forged) {
            Ok(read) => {
                assert_eq!(read, start);
                let within = read.index_sort.as_deref().unwrap_or(&read.key.sk);
                assert!(query.range.contains(within));
            }
            Err(error) => assert_eq!(error, CursorError::Malformed),
        }
        if let Ok(read) = cursor::decode(account, query, text) {
            assert!(is_indexed || read.key.pk == query.partition);
        }
    }
    let of_one = cursor::encode(
        account,
        &queries[0],
        &Start {
            key: Key::new("acct#1", "inv#1"),
            index_sort: None,
        },
    );
    assert_eq!(
        cursor::decode(account, &queries[1], &of_one),
        Err(CursorError::OtherQuery)
    );
});
