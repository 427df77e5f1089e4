//! The agency's own page, in every language: what it says, what hostile names do on it, and what it weighs.

use std::collections::BTreeMap;

use jiff::civil::Date;
use remit_billing::account::{Account, Role};
use remit_billing::ids::{ClientId, EstimateId, InvoiceId, TypedId};
use remit_billing::money::{Currency, Money};
use remit_billing::party::Language;
use remit_billing::report::{
    CurrencyOverview, EndingOffer, Moved, Overview, PromisedPayment, Tally, Waiting,
};
use remit_documents::page::RenderedPage;
use remit_documents::{Door, DoorStep, Look};
use serde_json::{from_value, json};

const TAG: &str = "\"'><script>alert(1)</script><b x=\"&amp;";
const CODES: [&str; 8] = ["EUR", "USD", "KRW", "CHF", "GBP", "JPY", "SEK", "AUD"];

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn money(text: &str, code: &str) -> Money {
    Money::parse(text, Currency::parse(code).unwrap()).unwrap()
}

fn account(language: Language, name: &str) -> Account {
    from_value(json!({
        "id": "acc_01h455vb4pex5vsknk084sn02q",
        "name": name,
        "email": "hello@northvale.example",
        "time_zone": "Asia/Seoul",
        "currency": "EUR",
        "language": language,
        "terms": {"kind": "net", "days": 30},
        "invoice_numbers": "INV-{year}-{seq:5}",
        "reminder_ladder": [],
        "payment_instructions": [],
        "created_at": "2026-01-01T00:00:00Z",
        "updated_at": "2026-01-01T00:00:00Z"
    }))
    .unwrap()
}

/// Twelve months, the last of them March 2040.
fn months() -> Vec<Date> {
    let year =
        |year: i16, from: i8, to: i8| (from..=to).map(move |month| Date::constant(year, month, 1));
    year(2039, 4, 12).chain(year(2040, 1, 3)).collect()
}

/// So many currencies, each with something of everything, and so many promises and offers.
fn overview(codes: &[&'static str], rows: u128, title: &str) -> Overview {
    let mut overview = Overview::default();
    for code in codes {
        let amount = |text: &str| match *code {
            "KRW" | "JPY" => money(text.split('.').next().unwrap(), code),
            _ => money(text, code),
        };
        let tally = |count, text| Tally {
            count,
            amount: amount(text),
        };
        let of = CurrencyOverview {
            outstanding: tally(12, "123456.78"),
            overdue: tally(4, "1000.00"),
            overdue_by_age: [
                amount("600.00"),
                amount("0.00"),
                amount("1.00"),
                amount("399.00"),
            ],
            processing: tally(1, "70.00"),
            disputed: tally(2, "30.50"),
            received: amount("2500.00"),
            given_back: amount("25.00"),
        };
        overview.by_currency.insert(code, of);
        for (at, month) in months().into_iter().enumerate() {
            let moved = Moved {
                received: amount(&format!("{}.00", 1000 * (at * 7 % 5))),
                given_back: amount(if at == 3 { "12.00" } else { "0.00" }),
            };
            overview.months.insert((code, month), moved);
        }
    }
    for at in 0..rows {
        let uuid = uuid::Uuid::from_u128(at);
        let client_id = ClientId::from_uuid(uuid);
        let on = day("2040-03-12");
        let promised = PromisedPayment {
            invoice_id: InvoiceId::from_uuid(uuid),
            number: from_value(json!(format!("INV-2040-{at:05}"))).unwrap(),
            client_id,
            on,
            amount: money("70.00", "EUR"),
        };
        overview
            .promised
            .insert((on, promised.invoice_id), promised);
        let ending = EndingOffer {
            estimate_id: EstimateId::from_uuid(uuid),
            number: None,
            title: from_value(json!(title)).unwrap(),
            client_id,
            valid_until: on,
            amount: money("500.00", "EUR"),
        };
        overview.ending.insert((on, ending.estimate_id), ending);
    }
    overview
}

fn clients(rows: u128, name: &str) -> BTreeMap<ClientId, String> {
    let ids = (0..rows).map(|at| ClientId::from_uuid(uuid::Uuid::from_u128(at)));
    ids.map(|id| (id, name.to_owned())).collect()
}

fn page(language: Language, overview: &Overview, name: &str) -> RenderedPage {
    let waiting = Waiting::ALL.map(|what| (what, 100));
    let look = Look {
        account: &account(language, name),
        member: name,
        role: Role::Owner,
        overview,
        months: &months(),
        clients: &clients(40, name),
        waiting: &waiting,
        today: day("2040-03-05"),
        sign_out: ("/overview/sign-out", "proof"),
    };
    look.page().unwrap()
}

fn is_safe(html: &str) {
    assert!(!html.contains("<script"), "a tag came through");
    assert!(!html.contains("<b x"), "a tag came through");
    assert!(!html.contains("\"'>"), "an attribute was left");
    let html = html.replace("http://www.w3.org/2000/svg", "");
    for forbidden in [
        " src=", "url(", "@import", "style=", "http://", "https://", "<img",
    ] {
        assert!(!html.contains(forbidden), "{forbidden}");
    }
}

#[test]
fn what_stands_is_said_and_drawn() {
    let html = page(
        Language::En,
        &overview(&["EUR"], 1, "A new site"),
        "North Vale",
    )
    .html;
    for shown in [
        "Where things stand on 5 March 2040",
        "€123,456.78",
        "on 12 invoices",
        "one payment",
        "Given back this month",
        "<dt>1 to 30 days</dt><dd>€600.00</dd>",
        "60% of what is overdue",
        // A little is not nothing.
        "1% of what is overdue",
        "<rect class=\"late-bar\" width=\"600\" height=\"10\"/>",
        "From April 2039 to March 2040. The most came in June 2039: €4,000.00.",
        "<dt>July 2039</dt><dd>€1,000.00 <small class=\"of\">€12.00 given back</small></dd>",
        "<dt>Questions from clients</dt><dd>100+</dd>",
        "Promised for 12 March 2040",
        "A new site",
        "North Vale (Owner)",
        "role=\"img\"",
    ] {
        assert!(html.contains(shown), "{shown} is not in {html}");
    }
    assert!(!html.contains("Outstanding in"), "there is one currency");
    // Every drawing has words, and its words are its own.
    let drawn = html.matches("<svg").count();
    assert_eq!(drawn, 5);
    assert_eq!(html.matches("<title id=").count(), drawn);
    let ids: Vec<&str> = html
        .match_indices(" id=\"")
        .filter_map(|(at, found)| html[at + found.len()..].split('"').next())
        .collect();
    for (at, id) in ids.iter().enumerate() {
        assert!(!ids[..at].contains(id), "{id} stands twice");
    }
    for (at, found) in html.match_indices("aria-labelledby=\"") {
        let named = html[at + found.len()..].split('"').next().unwrap();
        assert!(ids.contains(&named), "{named} is nowhere");
    }
}

#[test]
fn names_are_text_in_every_language_and_the_page_stays_light() {
    // As long as an agency's name may be.
    let long = "긴 이름\u{a0}".repeat(40);
    for language in Language::ALL {
        for name in [TAG, long.as_str()] {
            let page = page(*language, &overview(&CODES, 40, name), name);
            is_safe(&page.html);
            assert!(page.html.len() < 60_000, "{} bytes", page.html.len());
            assert!(!page.html.contains("€NaN"));
        }
        let said = page(*language, &overview(&["EUR"], 0, "x"), TAG);
        assert!(said.html.contains("&#60;script&#62;"));
        assert!(!said.content_security_policy.contains("unsafe"));
        assert!(said.content_security_policy.ends_with("form-action 'self'"));
    }
}

#[test]
fn where_nothing_is_there_is_a_friendly_word() {
    let empty = page(Language::En, &Overview::default(), "North Vale").html;
    assert!(empty.contains("Nothing is open"));
    assert!(!empty.contains("<svg"));
    // What is there and never moved has no chart, but its figures.
    let mut still = overview(&["EUR"], 0, "x");
    still.months.clear();
    if let Some(of) = still.by_currency.get_mut("EUR") {
        of.overdue = Tally {
            count: 0,
            amount: money("0.00", "EUR"),
        };
    }
    let html = page(Language::En, &still, "North Vale").html;
    assert!(
        html.contains("€123,456.78") && !html.contains("<svg"),
        "{html}"
    );
}

#[test]
fn the_way_in_leads_to_the_issuer_and_nowhere_else() {
    for language in Language::ALL {
        let door = |button| Door {
            language: *language,
            button,
        };
        let open = door(Some(("/overview/sign-in", "https://issuer.example")));
        for step in [
            DoorStep::Ask,
            DoorStep::SignedOut,
            DoorStep::Again,
            DoorStep::Unknown,
        ] {
            let page = open.page(step).unwrap();
            assert!(
                page.html
                    .contains("<form class=\"act\" method=\"post\" action=\"/overview/sign-in\">")
            );
            assert!(
                page.content_security_policy
                    .ends_with("form-action 'self' https://issuer.example")
            );
            is_safe(&page.html);
        }
        let closed = door(None).page(DoorStep::Ask).unwrap();
        assert!(!closed.html.contains("<form"));
        let bad = door(Some((
            "/overview/sign-in",
            "https://issuer.example; script-src *",
        )));
        assert!(bad.page(DoorStep::Ask).is_err());
    }
}
