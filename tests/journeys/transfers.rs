//! How to pay without a provider: what the page and the mails say is what the bank's statement is
//! matched by.

use serde_json::{Value, json};

use crate::banks::camt;
use crate::client::{Api, text};
use crate::house::House;
use crate::page::{Browser, link};
use crate::webhooks::ADA;

/// None that the agency has written into its own words.
const IBAN: &str = "AT611904300234573201";
/// As it is printed.
const PRINTED: &str = "AT61 1904 3002 3457 3201";

/// A bank account; `more` is laid over it.
async fn account(api: &Api, identifier: &str, more: Value) -> Value {
    let mut body = json!({
        "name": "House bank", "identifier": identifier, "bic": "BYLADEM1001", "currency": "EUR",
        "format": "camt053",
    });
    crate::house::lay_over(&mut body, more);
    api.post("/v1/bank-accounts", &body).await.expect(201).ok()
}

/// What stands behind a label in a mail's text.
#[track_caller]
fn row<'a>(mail: &'a Value, label: &str) -> &'a str {
    let start = format!("{label}: ");
    let mut lines = text(mail, "text").lines();
    let found = lines.find_map(|line| line.strip_prefix(&start));
    found.unwrap_or_else(|| panic!("no {label} in {mail}"))
}

#[tokio::test]
async fn a_transfer_with_the_reference_of_the_page_pays_this_very_invoice() {
    let house = House::open().await;
    let api = &house.api;
    let browser = Browser::new(&house);
    let client = api.client(ADA, json!({})).await;
    let draft = api.draft(text(&client, "id"), "100.00", json!({})).await;
    let invoice = api.issue(text(&draft, "id"), true).await;
    // Another with the same amount, so that the reference alone can tell them apart.
    let other = api.issued(text(&client, "id"), "100.00", json!({})).await;
    let url = text(&invoice, "url");

    // An account that is there for its statements is told to nobody.
    let made = account(api, IBAN, json!({})).await;
    assert_eq!(made["for_clients"], false);
    let page = browser.open(url).await.expect(200).text;
    assert!(!page.contains(PRINTED), "{page}");

    let target = format!("/v1/bank-accounts/{}", text(&made, "id"));
    let shown = json!({"for_clients": true, "bank": "Kreditbank"});
    let changed = api.change(&target, &shown).await.expect(200).ok();
    assert_eq!(changed["for_clients"], true);
    // One in another currency has no place on an invoice in euros.
    let dollars = json!({"currency": "USD", "for_clients": true, "name": "Dollars"});
    account(api, "026009593/4711", dollars).await;
    let answer = browser.open(url).await.expect(200);
    let policy = answer.header("content-security-policy").unwrap();
    assert!(policy.contains("default-src 'none'"), "{policy}");
    let page = answer.text;
    for said in [PRINTED, "BYLADEM1001", "Kreditbank", "€100.00"] {
        assert!(page.contains(said), "{said}: {page}");
    }
    assert!(!page.contains("026009593"), "{page}");
    assert_eq!(page.matches("<svg role=\"img\"").count(), 1);

    // The mail says the same, and a statement that has its reference is certain.
    let target = format!("/v1/invoices/{}/send", text(&invoice, "id"));
    api.post(&target, &json!({})).await.expect(202);
    house.settle().await;
    let mails = house.mails(ADA).await;
    let mail = mails.last().unwrap();
    assert_eq!(link(&house, mail), url);
    assert_eq!(row(mail, "IBAN"), PRINTED);
    let reference = row(mail, "Reference");
    assert!(
        reference.starts_with("RF") && reference.len() <= 18 + 4,
        "{reference}"
    );
    assert!(page.contains(reference), "{reference}: {page}");
    let one = (
        "100.00",
        "Somebody Else",
        "GB29NWBK60161331926819",
        reference,
    );
    let file = camt(IBAN, "2040-03-06", &[one]);
    let statement = house.import(&file, json!({})).await;
    assert_eq!(statement["counts"]["applied"], 1, "{statement}");
    let status = async |of: &Value| {
        let now = api.invoice(text(of, "id")).await;
        text(&now, "status").to_owned()
    };
    assert_eq!(status(&invoice).await, "paid");
    assert_eq!(status(&other).await, "open");
    // What is paid asks for nothing.
    let page = browser.open(url).await.expect(200).text;
    assert!(!page.contains(PRINTED), "{page}");
    // Nor does an account that is out of use.
    let url = text(&other, "url");
    assert!(browser.open(url).await.text.contains(PRINTED));
    let target = format!("/v1/bank-accounts/{}/archive", text(&made, "id"));
    api.post(&target, &json!({})).await.expect(200);
    assert!(!browser.open(url).await.text.contains(PRINTED));
    house.close().await;
}

#[tokio::test]
async fn interac_is_for_canadian_dollars_and_names_its_code() {
    let house = House::open().await;
    let api = &house.api;
    let browser = Browser::new(&house);
    let rates = json!({"CAD": {"rate": "0.66", "on": "2040-03-05", "source": "ECB"}});
    let settings = json!({"interac": {"email": "pay@northlight.example"}, "exchange_rates": rates});
    let set = api.change("/v1/settings", &settings).await.expect(200).ok();
    assert_eq!(set["interac"]["email"], "pay@northlight.example");
    for (currency, is_there) in [("CAD", true), ("EUR", false)] {
        let client = api.client(ADA, json!({"currency": currency})).await;
        let draft = api.draft(text(&client, "id"), "80.00", json!({})).await;
        let invoice = api.issue(text(&draft, "id"), true).await;
        let page = browser.open(text(&invoice, "url")).await.expect(200).text;
        assert_eq!(page.contains("pay@northlight.example"), is_there, "{page}");
        house.settle().await;
        let mails = house.mails(ADA).await;
        let mail = mails.last().unwrap();
        if is_there {
            assert_eq!(row(mail, "Send to"), "pay@northlight.example");
            let code = row(mail, "Message");
            assert!(code.starts_with("RF") && !code.contains(' '), "{code}");
            assert!(page.contains(code), "{code}: {page}");
        } else {
            assert!(!text(mail, "text").contains("Interac"), "{mail}");
        }
    }
    let settings = json!({"interac": {"email": "nobody"}});
    let refused = api.change("/v1/settings", &settings).await;
    assert_eq!(refused.expect(422).faults(), ["/interac/email bad_email"]);
    let set = api.change("/v1/settings", &json!({"interac": null})).await;
    assert_eq!(set.expect(200).ok()["interac"], Value::Null);
    house.close().await;
}
