//! What every answer says to whoever reads it, over all operations of the contract.

use http::HeaderMap;

const NOTHING: &str = "default-src 'none'; frame-ancestors 'none'";
const YEAR_S: u64 = 365 * 24 * 60 * 60;

/// What of an answer's headers is weaker than it has to be.
pub(super) fn check(route: &str, status: u16, headers: &HeaderMap) -> Vec<String> {
    let said = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let is_page = said("content-type").is_some_and(|kind| kind.starts_with("text/html"));
    // What everybody sees alike: the contract, and a picture under an address that no other picture ever has.
    let everybodys = ["GET /docs", "GET /portal/{account_id}/logo/{picture}"];
    let mut everybodys = everybodys.iter();
    let is_public = everybodys.any(|known| route.starts_with(known)) && status == 200;
    let mut faults = Vec::new();
    let mut hold = |name: &str, holds: &dyn Fn(&str) -> bool| {
        let value = said(name).unwrap_or("nothing");
        if !holds(value) {
            faults.push(format!("{route} {status}: {name} is {value}"));
        }
    };
    hold("x-content-type-options", &|value| value == "nosniff");
    hold("referrer-policy", &|value| match is_page {
        // Its forms have to say where they come from.
        true => ["no-referrer", "same-origin"].contains(&value),
        false => value == "no-referrer",
    });
    hold("content-security-policy", &|value| match is_page {
        true => NOTHING.split("; ").all(|part| value.contains(part)) && !value.contains("unsafe"),
        false => value == NOTHING,
    });
    hold("strict-transport-security", &|value| {
        let seconds = value.strip_prefix("max-age=").map(str::parse);
        seconds.is_some_and(|seconds| seconds.is_ok_and(|seconds: u64| seconds >= YEAR_S))
    });
    hold("cache-control", &|value| {
        is_public || value.contains("no-store")
    });
    if is_page {
        hold("x-frame-options", &|value| value == "DENY");
    }
    faults
}

#[test]
fn a_header_that_is_weaker_is_told() {
    let mut headers = HeaderMap::new();
    let mut set = |name: &'static str, value: &str| {
        headers.insert(name, value.parse().unwrap());
    };
    set("content-type", "application/problem+json");
    set("x-content-type-options", "nosniff");
    set("referrer-policy", "no-referrer");
    set("content-security-policy", NOTHING);
    set("strict-transport-security", "max-age=31536000");
    set("cache-control", "no-store");
    assert_eq!(
        check("GET /v1/clients", 404, &headers),
        Vec::<String>::new()
    );
    for (name, value) in [
        ("x-content-type-options", "sniff"),
        ("referrer-policy", "unsafe-url"),
        ("content-security-policy", "default-src *"),
        ("strict-transport-security", "max-age=60"),
        ("cache-control", "public"),
    ] {
        let mut weaker = headers.clone();
        weaker.insert(name, value.parse().unwrap());
        let faults = check("GET /v1/clients", 200, &weaker);
        assert_eq!(faults, [format!("GET /v1/clients 200: {name} is {value}")]);
        weaker.remove(name);
        assert_eq!(check("GET /v1/clients", 200, &weaker).len(), 1, "{name}");
    }
}
