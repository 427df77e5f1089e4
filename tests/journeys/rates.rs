//! Who asks too often is told so, when to ask again, and nothing else; others are not held up.

use serde_json::json;

use crate::client::{Answer, Api, text};
use crate::house::House;
use remit_local::RequestsPerS;

/// What a key may ask in a second; four times as many at once.
const RATE: u32 = 2;
/// So many that the machine would have to take twenty seconds for them all to be let through.
const MANY: usize = 50;

async fn many(mut ask: impl AsyncFnMut(usize) -> Answer) -> (Vec<Answer>, Vec<Answer>) {
    let (mut taken, mut refused) = (Vec::new(), Vec::new());
    for at in 0..MANY {
        let answer = ask(at).await;
        match answer.status {
            429 => refused.push(answer),
            _ => taken.push(answer),
        }
    }
    assert!(taken.len() >= 4, "a burst is let through: {}", taken.len());
    assert!(!refused.is_empty(), "all of {MANY} were let through");
    for answer in &refused {
        let seconds = answer.header("retry-after").unwrap();
        assert_eq!(seconds, "1", "a second, or a part of one");
    }
    (taken, refused)
}

#[tokio::test]
async fn who_asks_too_often_waits() {
    let house = House::open_limited(RequestsPerS { key: RATE, link: 0 }).await;
    let owner = &house.api;
    let second = owner.role("viewer").await;
    let (taken, refused) = many(async |_| owner.get("/v1/clients").await).await;
    for answer in taken {
        answer.expect(200);
    }
    for answer in refused {
        let answer = answer.refused(429, "too_many_requests");
        assert!(!answer.text.contains("key_"), "{}", answer.text);
    }
    // Another key is not held up, and later neither is this one.
    second.get("/v1/clients").await.expect(200);
    house.advance("PT1S").await;
    owner.get("/v1/clients").await.expect(200);
    // A request that was refused has done nothing.
    let before = house.stored();
    let new = json!({"name": "Aurora Books"});
    let make = || owner.call("POST", "/v1/clients").json(&new);
    let mut made = 0;
    for _ in 0..MANY {
        made += usize::from(make().send().await.status == 201);
    }
    assert!((1..MANY).contains(&made), "{made}");
    let stored = house.stored();
    let fresh = stored.iter().filter(|item| !before.contains(item));
    assert_eq!(
        fresh.filter(|item| item.contains("Aurora Books")).count(),
        made
    );
    house.host.stop().await;
}

#[tokio::test]
async fn links_are_not_guessed() {
    let house = House::open_limited(RequestsPerS { key: 0, link: 1 }).await;
    let client = house.api.client("ada@aurora.example", json!({})).await;
    let issued = house
        .api
        .issued(text(&client, "id"), "10.00", json!({}))
        .await;
    let url = text(&issued, "url").to_owned();
    let visitor: Api = house.api.without_key();
    // One link, by itself.
    let mut held = 0;
    for _ in 0..MANY {
        let answer = visitor.get(&url).await;
        match answer.status {
            429 => {
                held += 1;
                assert!(
                    answer
                        .header("content-type")
                        .unwrap()
                        .starts_with("text/html")
                );
                assert_eq!(answer.header("retry-after"), Some("1"));
            }
            status => assert_eq!(status, 200, "{}", answer.text),
        }
    }
    assert!(held > 0, "a link was opened {MANY} times in a row");
    house.advance("PT10S").await;
    visitor.get(&url).await.expect(200);
    // Links that lead nowhere are told apart from none that is there, until too many were tried.
    let guess = |at: usize| format!("/p/{}{at:04}", "A".repeat(60));
    let (taken, _) = many(async |at| visitor.get(&guess(at)).await).await;
    for answer in taken {
        answer.expect(404);
    }
    // Then not even a good one is, from the same address.
    visitor.get(&url).await.expect(429);
    house.advance("PT10S").await;
    visitor.get(&url).await.expect(200);
    house.host.stop().await;
}
