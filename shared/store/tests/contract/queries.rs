//! Partitions of the table and of every index, page by page.

use remit_store::{Expect, Index, Item, Key, Page, Query, Range, Start, TableError, Write};

use crate::engine::{Engine, create, item, replace, s};

/// Where a query reads: the table and every index.
const PLACES: [Option<Index>; 5] = [
    None,
    Some(Index::ByClient),
    Some(Index::ByStatus),
    Some(Index::ByDate),
    Some(Index::ByDue),
];

const SORTS: [&str; 9] = ["a", "b", "b#1", "b#2", "b#2x", "b$", "c", "d#", "ä"];

fn sort_attribute(place: Option<Index>) -> &'static str {
    place.map_or("sk", Index::sort_attribute)
}

/// An item that stands at this sort key of the partition, in the table or the index.
fn placed(partition: &str, place: Option<Index>, sort: &str) -> Item {
    match place {
        None => item(partition, sort, 1, &[("more", s("x"))]),
        Some(index) => {
            let keys = [
                (index.partition_attribute(), s(partition)),
                (index.sort_attribute(), s(sort)),
                ("more", s("x")),
            ];
            // The primary key runs against the order of the index.
            let rank = SORTS.iter().rev().position(|s| *s == sort).unwrap_or(99);
            item(&format!("{partition}#{rank:02}"), "document", 1, &keys)
        }
    }
}

fn query(place: Option<Index>, partition: &str) -> Query {
    match place {
        None => Query::of(partition).consistent(),
        Some(index) => Query::on(index, partition),
    }
}

async fn fill(engine: &Engine, place: Option<Index>) -> String {
    let partition = engine.pk(place.map_or("table", Index::name));
    let neighbour = format!("{partition}x");
    let mut writes: Vec<Write> = SORTS
        .iter()
        .map(|sort| create(placed(&partition, place, sort)))
        .collect();
    writes.push(create(placed(&neighbour, place, "b#1")));
    assert_eq!(engine.table.write(&writes, None).await, Ok(()));
    partition
}

fn sorts(page: &Page, place: Option<Index>) -> Vec<String> {
    let sort = |item: &Item| item[sort_attribute(place)].as_s().unwrap().clone();
    page.items.iter().map(sort).collect()
}

fn ranges() -> Vec<Range> {
    let text = |t: &str| t.to_owned();
    vec![
        Range::All,
        Range::Prefix(text("")),
        Range::Prefix(text("b")),
        Range::Prefix(text("b#")),
        Range::Prefix(text("ä")),
        Range::Prefix(text("zz")),
        Range::Between(text("b"), text("b#2")),
        Range::Between(text("b#1"), text("b#1")),
        Range::Between(text("b#11"), text("b#19")),
        Range::From(text("b#2")),
        Range::From(text("bb")),
        Range::After(text("b#2")),
        Range::After(text("ä")),
        Range::UpTo(text("b#2")),
        Range::UpTo(text("A")),
        Range::Before(text("b#2")),
        Range::Before(text("a")),
    ]
}

pub async fn every_range_reads_what_it_says(engine: &Engine) {
    for place in PLACES {
        let partition = fill(engine, place).await;
        for range in ranges() {
            let within = SORTS.iter().filter(|sort| range.contains(sort));
            let mut expected: Vec<String> = within.map(ToString::to_string).collect();
            let forward = query(place, &partition).range(range.clone());
            let page = engine.table.query(&forward).await.unwrap();
            assert_eq!(sorts(&page, place), expected, "{forward:?}");
            assert_eq!(page.next, None, "{forward:?}");
            expected.reverse();
            let backward = forward.backward();
            let page = engine.table.query(&backward).await.unwrap();
            assert_eq!(sorts(&page, place), expected, "{backward:?}");
        }
        let nobody = query(place, &engine.pk("nobody"));
        let page = engine.table.query(&nobody).await.unwrap();
        assert_eq!((page.items.len(), page.next), (0, None));
    }
}

pub async fn pages_go_through_each_item_once(engine: &Engine) {
    for place in PLACES {
        let partition = fill(engine, place).await;
        for range in ranges() {
            for (limit, forward) in [(1, true), (2, true), (4, false), (1, false)] {
                let mut query = query(place, &partition).range(range.clone()).limit(limit);
                query.forward = forward;
                let within = SORTS.iter().filter(|sort| range.contains(sort));
                let mut expected: Vec<String> = within.map(ToString::to_string).collect();
                if !forward {
                    expected.reverse();
                }
                let mut read = Vec::new();
                loop {
                    let page = engine.table.query(&query).await.unwrap();
                    assert!(page.items.len() <= limit as usize);
                    read.extend(sorts(&page, place));
                    query.start = page.next;
                    if query.start.is_none() {
                        break;
                    }
                }
                assert_eq!(read, expected, "{query:?}");
            }
        }
    }
}

pub async fn a_full_last_page_has_an_empty_one_behind_it(engine: &Engine) {
    for place in PLACES {
        let partition = fill(engine, place).await;
        let all = query(place, &partition).limit(9);
        let page = engine.table.query(&all).await.unwrap();
        assert_eq!(page.items.len(), 9);
        let last = placed(&partition, place, "ä");
        let key = Key::new(last["pk"].as_s().unwrap(), last["sk"].as_s().unwrap());
        let index_sort = place.map(|_| "ä".to_owned());
        let next = Some(Start { key, index_sort });
        assert_eq!(page.next, next, "{place:?}");
        let page = engine.table.query(&all.start(next)).await.unwrap();
        assert_eq!((page.items.len(), page.next), (0, None), "{place:?}");
        let wide = query(place, &partition).limit(10);
        let page = engine.table.query(&wide).await.unwrap();
        assert_eq!((page.items.len(), page.next), (9, None), "{place:?}");
    }
}

pub async fn a_page_goes_on_behind_an_item_that_is_gone(engine: &Engine) {
    for place in PLACES {
        let partition = fill(engine, place).await;
        let first = query(place, &partition).limit(2);
        let page = engine.table.query(&first).await.unwrap();
        let next = page.next.unwrap();
        let removal = Write::Delete {
            key: next.key.clone(),
            expect: Expect::Version(1),
        };
        assert_eq!(engine.table.write(&[removal], None).await, Ok(()));
        let page = engine.table.query(&first.start(Some(next))).await.unwrap();
        assert_eq!(sorts(&page, place), ["b#1", "b#2"], "{place:?}");
    }
}

pub async fn an_index_holds_only_keys_of_items_that_are_in_it(engine: &Engine) {
    for index in Index::ALL {
        let partition = engine.pk(index.name());
        let query = Query::on(index, &partition);
        let place = [
            (index.partition_attribute(), s(&partition)),
            (index.sort_attribute(), s("1")),
        ];
        let pk = engine.pk(&format!("{}#item", index.name()));
        let bare = item(&pk, "x", 1, &[]);
        assert_eq!(engine.table.write(&[create(bare)], None).await, Ok(()));
        let half = item(&pk, "x", 2, &place[..1]);
        assert_eq!(engine.table.write(&[replace(half, 1)], None).await, Ok(()));
        assert_eq!(engine.table.query(&query).await.unwrap().items, []);
        let more = [place[0].clone(), place[1].clone(), ("more", s("x"))];
        let whole = item(&pk, "x", 3, &more);
        assert_eq!(engine.table.write(&[replace(whole, 2)], None).await, Ok(()));
        let mut keys = item(&pk, "x", 3, &place);
        keys.remove("version");
        assert_eq!(engine.table.query(&query).await.unwrap().items, [keys]);
        let moved = [place[0].clone(), (index.sort_attribute(), s("2"))];
        let moved = item(&pk, "x", 4, &moved);
        assert_eq!(engine.table.write(&[replace(moved, 3)], None).await, Ok(()));
        let page = engine.table.query(&query).await.unwrap();
        assert_eq!(sorts(&page, Some(index)), ["2"]);
        let out = item(&pk, "x", 5, &[]);
        assert_eq!(engine.table.write(&[replace(out, 4)], None).await, Ok(()));
        assert_eq!(engine.table.query(&query).await.unwrap().items, []);
    }
}

pub async fn equal_places_in_an_index_are_all_paged_through(engine: &Engine) {
    let partition = engine.pk("same");
    let place = [("due_pk", s(&partition)), ("due_sk", s("2026-01-31"))];
    let writes = (0..7).map(|n| create(item(&engine.pk(&n.to_string()), "x", 1, &place)));
    let writes: Vec<_> = writes.collect();
    assert_eq!(engine.table.write(&writes, None).await, Ok(()));
    for forward in [true, false] {
        let mut query = Query::on(Index::ByDue, &partition).limit(2);
        query.forward = forward;
        let mut read = Vec::new();
        loop {
            let page = engine.table.query(&query).await.unwrap();
            read.extend(
                page.items
                    .iter()
                    .map(|item| item["pk"].as_s().unwrap().clone()),
            );
            query.start = page.next;
            if query.start.is_none() {
                break;
            }
        }
        // Their order among themselves is nobody's promise.
        read.sort();
        let expected: Vec<_> = (0..7).map(|n| engine.pk(&n.to_string())).collect();
        assert_eq!(read, expected);
    }
}

pub async fn sort_keys_follow_the_bytes_of_utf_8(engine: &Engine) {
    let pk = engine.pk("a");
    // U+FFFD sorts behind U+1D11E in UTF-16, before it in UTF-8.
    let sorts = [
        " ",
        "-",
        "0",
        "10",
        "9",
        "A",
        "a",
        "ä",
        "세",
        "\u{FFFD}",
        "\u{1D11E}",
    ];
    let writes = sorts.iter().rev().map(|sk| create(item(&pk, sk, 1, &[])));
    let writes: Vec<_> = writes.collect();
    assert_eq!(engine.table.write(&writes, None).await, Ok(()));
    let page = engine
        .table
        .query(&Query::of(&pk).consistent())
        .await
        .unwrap();
    assert_eq!(self::sorts(&page, None), sorts);
}

pub async fn a_page_ends_at_one_megabyte(engine: &Engine) {
    let pk = engine.pk("a");
    let large = s(&"x".repeat(300 * 1024));
    for n in 0..6 {
        let item = item(&pk, &n.to_string(), 1, &[("v", large.clone())]);
        assert_eq!(engine.table.write(&[create(item)], None).await, Ok(()));
    }
    let query = Query::of(&pk).consistent();
    let first = engine.table.query(&query).await.unwrap();
    assert!(
        (3..=4).contains(&first.items.len()),
        "{}",
        first.items.len()
    );
    let second = engine
        .table
        .query(&query.clone().start(first.next.clone()))
        .await
        .unwrap();
    assert_eq!(second.next, None);
    let read = [sorts(&first, None), sorts(&second, None)].concat();
    assert_eq!(read, ["0", "1", "2", "3", "4", "5"]);
    // The store does not lose its place either.
    let all = engine
        .store
        .query_all_items(&query.limit(5), 100)
        .await
        .unwrap();
    assert_eq!(all.len(), 6);
}

pub async fn a_query_that_cannot_be_is_refused(engine: &Engine) {
    let pk = engine.pk("a");
    let place = |pk: &str, sk: &str, index_sort: Option<&str>| {
        let index_sort = index_sort.map(str::to_owned);
        let key = Key::new(pk, sk);
        Some(Start { key, index_sort })
    };
    let due = Query::on(Index::ByDue, &pk);
    let refused = [
        Query::of(&pk).limit(0),
        Query::of(""),
        Query::on(Index::ByDue, ""),
        due.clone().consistent(),
        Query::of(&pk).range(Range::Between("b".to_owned(), "a".to_owned())),
        Query::of(&pk).start(place("another", "x", None)),
        Query::of(&pk).start(place(&pk, "x", Some("y"))),
        due.clone().start(place(&pk, "x", None)),
    ];
    for query in refused {
        let answer = engine.table.query(&query).await;
        assert!(
            matches!(answer, Err(TableError::Rejected(_))),
            "{query:?}: {answer:?}"
        );
    }
}
