//! The agency's own colour and logo, on all that its clients see; and links that it takes back.

use serde_json::{Value, json};

use crate::client::{Answer, Api, text};
use crate::estimates::offer;
use crate::files::fetched;
use crate::house::House;
use crate::page::{Browser, form, link};
use crate::projects::project;
use crate::reading;
use crate::signing::ask;
use crate::webhooks::ADA;

const LOGO: &str = "/v1/settings/logo";
/// A mark and a word beside it, on nothing, with wide margins.
pub const WORDMARK: &[u8] = include_bytes!("../../functions/settings/fixtures/wordmark.png");
/// A round sign, as a photograph.
const SIGN: &[u8] = include_bytes!("../../functions/settings/fixtures/sign.jpg");

async fn set_colour(api: &Api, colour: Value) -> Answer {
    let body = json!({"brand": {"colour": colour}});
    api.change("/v1/settings", &body).await
}

async fn send_logo(api: &Api, media_type: &str, bytes: &[u8]) -> Answer {
    let tag = api.get("/v1/settings").await.etag();
    let call = api.call("PUT", LOGO).if_match(&tag);
    let call = call.header("content-type", media_type);
    call.raw(bytes).send().await
}

async fn take_logo_away(api: &Api) -> Answer {
    let tag = api.get("/v1/settings").await.etag();
    api.call("DELETE", LOGO).if_match(&tag).send().await
}

async fn bytes_at(url: &str) -> Vec<u8> {
    fetched(&json!({"method": "GET", "url": url, "headers": {}})).await
}

async fn pdf(api: &Api, invoice_id: &str) -> Vec<u8> {
    let shown = api
        .get(&format!("/v1/invoices/{invoice_id}/pdf"))
        .await
        .ok();
    fetched(&shown["download"]).await
}

fn has(bytes: &[u8], what: &str) -> bool {
    bytes.windows(what.len()).any(|of| of == what.as_bytes())
}

/// What a page says its colour is, in the light.
fn accent(page: &str) -> &str {
    let (_, rest) = page.split_once("--accent:").unwrap();
    rest.split(';').next().unwrap()
}

#[tokio::test]
async fn pages_and_mails_are_in_the_agency_s_colour_and_readable() {
    let house = House::open().await;
    let api = &house.api;
    let settings = api.get("/v1/settings").await.ok();
    assert_eq!(settings["brand"], json!({"colour": null, "logo": null}));
    let client = api.client(ADA, json!({})).await;
    let draft = api.draft(text(&client, "id"), "100.00", json!({})).await;
    let issued = api.issue(text(&draft, "id"), true).await;
    house.settle().await;
    let url = text(&issued, "url");
    let browser = Browser::new(&house);
    let before = browser.open(url).await.expect(200);
    let ink = accent(&before.text).to_owned();

    let set = set_colour(api, json!("#1D4ED8")).await.expect(200).ok();
    assert_eq!(set["brand"], json!({"colour": "#1d4ed8", "logo": null}));
    let portal = format!("/portal/{}", house.account_id());
    for page in [url, &format!("{url}/invoices"), &portal] {
        let page = browser.open(page).await.expect(200);
        assert_eq!(accent(&page.text), "#1d4ed8");
        // The name stands there, and no picture comes from anywhere.
        assert!(page.text.contains("class=\"mark\""));
        let policy = page.header("content-security-policy").unwrap();
        assert!(policy.contains("img-src data:;"), "{policy}");
    }
    api.record(text(&draft, "id"), "40.00").await;
    let tested = json!({"kind": "invoice"});
    let asked = api.post("/v1/settings/mail-texts/test", &tested).await;
    let asked = asked.expect(202).ok();
    house.settle().await;
    for to in [ADA, text(&asked, "to")] {
        let mail = house.mails(to).await.pop().unwrap();
        assert!(text(&mail, "html").contains("background:#1d4ed8"), "{mail}");
        assert_eq!(mail["pictures"], json!({}));
    }
    let looked = json!({"kind": "reminder_friendly", "texts": {"closing": "Warmly,"}});
    let preview = api.post("/v1/settings/mail-texts/preview", &looked).await;
    assert!(text(&preview.ok(), "html").contains("background:#1d4ed8"));

    // What nobody could read on white is told in a darker tone, in the same hue.
    set_colour(api, json!("#ffee00")).await.expect(200);
    let page = browser.open(url).await.expect(200).text;
    let tone = accent(&page);
    assert!(!page.contains("#ffee00;--on-accent:#fff"), "{tone}");
    assert!(tone.ends_with("00") && tone.starts_with('#'), "{tone}");
    assert!(page.contains("--accent:#ffee00;--on-accent:#10100f"));

    for wrong in ["ffee00", "#fe0", "red", "#ffee0g", "#ffee00;}"] {
        let refused = set_colour(api, json!(wrong)).await.expect(422);
        assert_eq!(refused.faults(), ["/brand/colour bad_colour"], "{wrong}");
    }
    let unknown = json!({"brand": {"logo": null}});
    api.change("/v1/settings", &unknown).await.expect(422);
    set_colour(api, Value::Null).await.expect(200);
    let page = browser.open(url).await.expect(200).text;
    assert_eq!(accent(&page), ink);
    house.close().await;
}

#[tokio::test]
async fn a_logo_stands_where_the_name_stood() {
    let house = House::open().await;
    let api = &house.api;
    let client = api.client(ADA, json!({})).await;
    let client = text(&client, "id");
    let early = api.issued(client, "80.00", json!({})).await;
    house.settle().await;
    let plain = pdf(api, text(&early, "id")).await;
    assert!(!has(&plain, "/Subtype/Image"));

    let set = send_logo(api, "image/png", WORDMARK).await.expect(200);
    let logo = set.body["logo"].clone();
    assert_eq!(logo["width"], 575);
    assert_eq!(logo["height"], 121);
    let settings = api.get("/v1/settings").await;
    assert_eq!(settings.body["brand"]["logo"], logo);
    assert_eq!(set.header("etag"), settings.header("etag"));
    // The same one again changes nothing.
    let again = send_logo(api, "image/png; charset=binary", WORDMARK).await;
    assert_eq!(again.expect(200).header("etag"), settings.header("etag"));
    let url = text(&logo, "url");
    let browser = Browser::new(&house);
    let picture = browser.open(url).await.expect(200);
    assert_eq!(picture.header("content-type"), Some("image/png"));
    assert!(picture.header("cache-control").unwrap().contains("max-age"));
    let png = bytes_at(url).await;
    assert!(png.starts_with(b"\x89PNG\r\n\x1a\n"));
    assert!(png.len() < 40_000, "{}", png.len());

    let path = url.strip_prefix(house.url()).unwrap();
    // Another agency has none by that name.
    let other = house.agency("Nordwind", "Europe/Berlin", "EUR").await;
    let elsewhere = path.replace(house.account_id(), &other.account_id);
    assert_ne!(elsewhere, path);
    browser.open(&elsewhere).await.expect(404);

    // On pages, where the policy lets it in and nothing else.
    let shown = format!("src=\"{path}\" width=\"190\" height=\"40\" alt=\"Northlight");
    let portal = format!("/portal/{}", house.account_id());
    for page in [text(&early, "url"), &portal] {
        let page = browser.open(page).await.expect(200);
        assert!(page.text.contains(&shown), "{}", page.text);
        assert!(!page.text.contains("class=\"mark\""));
        let policy = page.header("content-security-policy").unwrap();
        assert!(policy.contains("img-src data: 'self';"), "{policy}");
    }
    // In mails, which bring it along; those of the agency's own words too, and where they are looked at.
    let draft = api.draft(client, "100.00", json!({})).await;
    let issued = api.issue(text(&draft, "id"), true).await;
    let tested = json!({"kind": "receipt"});
    let asked = api.post("/v1/settings/mail-texts/test", &tested).await;
    let asked = asked.expect(202).ok();
    house.settle().await;
    for to in [ADA, text(&asked, "to")] {
        let mail = house.mails(to).await.pop().unwrap();
        let html = text(&mail, "html");
        assert!(
            html.contains(
                "<img src=\"cid:logo@remit\" width=\"171\" height=\"36\" alt=\"Northlight"
            ),
            "{html}"
        );
        let brought = text(&mail["pictures"], "logo@remit");
        assert!(brought.starts_with("data:image/png;base64,"), "{brought}");
        let files = mail["attachments"].as_array().unwrap();
        assert!(!files.contains(&json!("logo.png")), "{files:?}");
    }
    let preview = api
        .post("/v1/settings/mail-texts/preview", &tested)
        .await
        .ok();
    let html = text(&preview, "html");
    assert!(html.contains(&format!("src=\"{url}\"")), "{html}");
    assert!(!html.contains("cid:"), "{html}");

    // On paper that is set from now on, and not on what was set before.
    let branded = pdf(api, text(&issued, "id")).await;
    assert!(has(&branded, "/Subtype/Image"));
    assert_eq!(pdf(api, text(&early, "id")).await, plain);
    let said = reading::sheets(&branded).concat();
    let above = said.split(text(&issued, "number")).next().unwrap();
    assert!(!above.contains("Northlight"), "{said}");

    // A sign has the name beside it.
    send_logo(api, "image/jpeg", SIGN).await.expect(200);
    browser.open(url).await.expect(404);
    let page = browser.open(text(&early, "url")).await.expect(200).text;
    assert!(
        page.contains("width=\"40\" height=\"40\" alt=\"\""),
        "{page}"
    );
    assert!(
        page.contains("class=\"name\" dir=\"auto\">Northlight"),
        "{page}"
    );
    let third = api.issued(client, "70.00", json!({})).await;
    house.settle().await;
    let signed = pdf(api, text(&third, "id")).await;
    assert!(has(&signed, "/Subtype/Image"));
    assert!(reading::sheets(&signed).concat().contains("Northlight"));

    let gone = take_logo_away(api).await.expect(200);
    assert_eq!(gone.body, json!({"colour": null, "logo": null}));
    take_logo_away(api).await.expect(200);
    let page = browser.open(text(&early, "url")).await.expect(200);
    assert!(page.text.contains("class=\"mark\""));
    // The one from before comes back as the same one.
    let back = send_logo(api, "image/png", WORDMARK).await.expect(200);
    assert_eq!(back.body["logo"], logo);
    assert_eq!(bytes_at(url).await, png);
    house.close().await;
}

#[tokio::test]
async fn what_is_no_logo_is_refused_and_changes_nothing() {
    let house = House::open().await;
    let api = &house.api;
    let before = house.stored();
    let svg: &[u8] = b"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>";
    for (kind, bytes, code) in [
        ("image/svg+xml", svg, "logo_not_png_or_jpeg"),
        ("image/png", svg, "logo_not_png_or_jpeg"),
        ("image/jpeg", b"GIF89a", "logo_not_png_or_jpeg"),
        ("text/plain", WORDMARK, "logo_not_png_or_jpeg"),
        (
            "image/png",
            &WORDMARK[..WORDMARK.len() / 2],
            "logo_unreadable",
        ),
        ("image/png", b"", "logo_not_png_or_jpeg"),
    ] {
        send_logo(api, kind, bytes).await.refused(422, code);
    }
    let large = [WORDMARK, &[0; 200_000]].concat();
    send_logo(api, "image/png", &large)
        .await
        .refused(413, "body_too_large");
    let call = || api.call("PUT", LOGO).header("content-type", "image/png");
    let blind = call().raw(WORDMARK).send().await;
    blind.refused(428, "if_match_required");
    let stale = call().if_match("\"v99\"").raw(WORDMARK).send().await;
    stale.refused(412, "stale_version");
    let stale = api.call("DELETE", LOGO).if_match("\"v99\"").send().await;
    stale.refused(412, "stale_version");
    house.unchanged_since(&before, "a refused logo");

    // Another agency's logo is not this one's, whoever asks.
    let set = send_logo(api, "image/png", WORDMARK).await.expect(200);
    let url = text(&set.body["logo"], "url");
    let other = house.agency("Elsewhere", "Europe/Paris", "EUR").await;
    let theirs = other.api.get("/v1/settings").await.ok();
    let moved = url.replace(house.account_id(), text(&theirs, "id"));
    assert_ne!(moved, url);
    Browser::new(&house).open(&moved).await.expect(404);
    house.close().await;
}

/// A link lasts a year and a month, and to the end of that month; then it leads to where its reader signs in.
#[tokio::test]
async fn a_link_ends_and_says_where_to_sign_in() {
    let house = House::open().await;
    let api = &house.api;
    let client = api.client(ADA, json!({})).await;
    let client = text(&client, "id");
    let issued = api.issued(client, "100.00", json!({})).await;
    let invoice = text(&issued, "id");
    api.record(invoice, "100.00").await;
    let site = project(api, client, "Site").await;
    let estimate = api.post("/v1/estimates", &offer(&site)).await.ok();
    let send = format!("/v1/estimates/{}/send", text(&estimate, "id"));
    api.post(&send, &json!({})).await.ok();
    house.settle().await;
    let signing = link(&house, &house.mails(ADA).await.pop().unwrap());
    let old = text(&issued, "url").to_owned();
    let browser = Browser::new(&house);

    // What it leads on to ends with it, though it is opened later.
    house.sleep_until("2041-04-30T23:00:00Z").await;
    let list = browser.open(&format!("{old}/invoices")).await.expect(200);
    let path = old.strip_prefix(house.url()).unwrap();
    assert!(list.text.contains(&format!("href=\"{path}\"")));
    browser.open(&signing).await.expect(200);
    house.sleep_until("2041-05-01T00:00:01Z").await;
    let ways = ["", "/pdf", "/invoices", "/statement", "/timesheet"];
    let invoices = ways.map(|way| format!("{old}{way}"));
    let portal = format!("/portal/{}", house.account_id());
    for url in invoices.iter().chain([&signing]) {
        let page = browser.open(url).await.expect(410);
        assert!(page.text.contains("This link has ended"), "{url}");
        let way_in = format!("href=\"{portal}\"");
        assert!(page.text.contains(&way_in), "{}", page.text);
    }
    browser.open(&portal).await.expect(200);
    // What was made up is nobody's, however old it says it is.
    let made_up = format!("{}A", &signing[..signing.len() - 1]);
    let other = format!("{}B", &signing[..signing.len() - 1]);
    let made_up = if made_up == signing { other } else { made_up };
    browser.open(&made_up).await.expect(404);

    // Whoever is told its address now has a new one.
    let target = format!("/v1/invoices/{invoice}");
    let again = api.get(&target).await.ok();
    assert_ne!(text(&again, "url"), old);
    browser.open(text(&again, "url")).await.expect(200);
    house.close().await;
}

/// A link that an agency took back says what to do, and the next mail brings one that works.
#[tokio::test]
async fn links_that_were_handed_out_are_taken_back() {
    let house = House::open().await;
    let api = &house.api;
    let client = api.client(ADA, json!({})).await;
    let client = text(&client, "id");
    let draft = api.draft(client, "100.00", json!({})).await;
    let path = format!("/v1/invoices/{}", text(&draft, "id"));
    let revoke = format!("{path}/links/revoke");
    api.post(&revoke, &json!({}))
        .await
        .refused(409, "not_issued");
    let issued = api.issue(text(&draft, "id"), true).await;
    house.settle().await;
    let browser = Browser::new(&house);
    let old = text(&issued, "url");
    browser.open(old).await.expect(200);
    let revoked = api.post(&revoke, &json!({})).await.expect(200).ok();
    let new = text(&revoked, "url");
    assert_ne!(new, old);
    for way in ["", "/pdf", "/invoices", "/statement", "/timesheet"] {
        let page = browser.open(&format!("{old}{way}")).await.expect(404);
        assert!(page.text.contains("This link does not work"), "{way}");
        assert!(page.text.contains("the most recent e-mail"), "{way}");
        assert!(!page.text.contains("Northlight"), "{way}");
    }
    browser.open(new).await.expect(200);
    api.post(&format!("{path}/send"), &json!({}))
        .await
        .expect(202);
    house.settle().await;
    let mail = house.mails(ADA).await.pop().unwrap();
    assert_eq!(link(&house, &mail), new);

    // Signers of an estimate.
    let site = project(api, client, "Site").await;
    let estimate = api.post("/v1/estimates", &offer(&site)).await.ok();
    let path = format!("/v1/estimates/{}", text(&estimate, "id"));
    let revoke = format!("{path}/links/revoke");
    api.post(&revoke, &json!({})).await.refused(409, "not_sent");
    api.post(&format!("{path}/send"), &json!({})).await.ok();
    house.settle().await;
    let mail = house.mails(ADA).await.pop().unwrap();
    let old = link(&house, &mail);
    let page = ask(&house, &old, &[]).await;
    let sign = form(&page, "/sign").expect("a form to sign");
    api.post(&revoke, &json!({})).await.expect(200);
    let page = browser.open(&old).await.expect(404);
    assert!(page.text.contains("This link does not work"));
    let call = house.api.without_key().call("POST", &sign.action);
    call.form(&sign.fields).send().await.expect(404);
    let taken = api.post(&format!("{path}/withdraw"), &json!({})).await;
    taken.expect(200);
    house.settle().await;
    let mail = house.mails(ADA).await.pop().unwrap();
    let new = link(&house, &mail);
    assert_ne!(new, old);
    browser.open(&new).await.expect(200);
    house.close().await;
}
