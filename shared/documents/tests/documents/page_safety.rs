//! What a page may load, run and send: nothing, nothing, and one form.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use remit_billing::party::Language;
use remit_documents::page::{self, Message, MessagePage, RenderedPage};
use sha2::{Digest, Sha256};

use crate::samples;

fn all() -> Vec<RenderedPage> {
    let message = MessagePage {
        message: Message::PaymentConfirming,
        agency: Some(samples::north_vale().unwrap()),
        action: Some("/p/token".to_owned()),
    };
    let mut pages = Vec::new();
    for language in Language::ALL {
        for invoice in [
            samples::invoice(),
            samples::crowded(),
            samples::paid(),
            samples::void(),
            samples::invoice_korean(),
        ] {
            pages.push(page::invoice(&invoice.unwrap(), *language).unwrap());
        }
        pages.push(page::invoices(&samples::list().unwrap(), *language).unwrap());
        pages.push(page::message(&message, *language).unwrap());
    }
    pages
}

#[test]
fn a_page_loads_and_runs_nothing() {
    for page in all() {
        // The icon names its language by an address that nobody opens.
        let html = page.html.replace("http://www.w3.org/2000/svg", "");
        let html = html.to_lowercase();
        for forbidden in [
            "<script",
            "<img",
            "<iframe",
            "<object",
            "javascript:",
            " src=",
            "url(",
            "@import",
            "style=",
            " onclick",
            " onload",
            "http://",
        ] {
            assert!(!html.contains(forbidden), "{forbidden}");
        }
        assert!(html.contains("<meta name=\"robots\" content=\"noindex, nofollow\">"));
        assert!(html.contains("prefers-color-scheme:dark"));
        assert!(html.contains("@media print"));
    }
}

#[test]
fn the_policy_allows_exactly_the_page() {
    for page in all() {
        let style = page
            .html
            .split_once("<style>")
            .and_then(|(_, rest)| rest.split_once("</style>"))
            .unwrap()
            .0;
        let hash = STANDARD.encode(Sha256::digest(style.as_bytes()));
        let policy = &page.content_security_policy;
        assert!(policy.starts_with("default-src 'none'; "));
        assert!(policy.contains(&format!("style-src 'sha256-{hash}'; ")));
        assert!(policy.contains("frame-ancestors 'none'"));
        assert!(!policy.contains("unsafe"));
        assert!(!policy.contains("script-src"));
        let headers = page.headers();
        assert!(headers.contains(&("content-security-policy", policy.as_str())));
        assert!(headers.contains(&("cache-control", "no-store")));
    }
}

#[test]
fn only_a_payable_invoice_has_a_form_and_it_is_posted() {
    let open = page::invoice(&samples::invoice().unwrap(), Language::En).unwrap();
    assert_eq!(open.html.matches("<form").count(), 1);
    assert!(open.html.contains(
        "<form method=\"post\" action=\"/p/inv_01kanr8d1xfyv9gq2hvz3m7c4e.q8Zk2/checkout\">"
    ));
    assert!(
        open.content_security_policy
            .ends_with("form-action 'self' https://checkout.stripe.com")
    );
    for settled in [samples::paid(), samples::void()] {
        let page = page::invoice(&settled.unwrap(), Language::En).unwrap();
        assert!(!page.html.contains("<form"));
        assert!(page.content_security_policy.ends_with("form-action 'self'"));
    }
}

#[test]
fn an_origin_cannot_widen_the_policy() {
    for origin in [
        "https://a.example; script-src *",
        "javascript:alert(1)",
        "https://",
        "https://a.example/path",
        "*",
    ] {
        let mut invoice = samples::invoice().unwrap();
        invoice.pay.as_mut().unwrap().checkout_origins = vec![origin.to_owned()];
        assert!(page::invoice(&invoice, Language::En).is_err(), "{origin}");
    }
}
