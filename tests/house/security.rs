//! .github/SECURITY.md says what there is: every risk has a test, and every test that is named is there.

use remit_billing::link::LinkSecret;
use remit_billing::saved_method::ProviderToken;
use remit_runtime::api_key::ApiKeyText;
use remit_runtime::invitation::InvitationToken;

use crate::{hold, read};

const PAGE: &str = ".github/SECURITY.md";
const RISKS: usize = 10;

/// What is said to be a test: the file, and its name.
fn named_tests(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let quoted = text.split('`').skip(1).step_by(2);
    quoted.filter_map(|text| text.split_once(".rs::"))
}

/// Whether a file has a test of this name: the function, with an attribute of tests before it, or among properties.
fn has_test(source: &str, name: &str) -> bool {
    let Some(at) = source.find(&format!("fn {name}(")) else {
        return false;
    };
    let before = source.get(..at).unwrap_or_default();
    let attributes = before.rsplit('}').next().unwrap_or_default();
    attributes.contains("test]")
}

#[test]
fn every_risk_has_tests_that_exist() {
    let page = read(PAGE);
    let mut faults = Vec::new();
    for risk in 1..=RISKS {
        let row = page
            .lines()
            .find(|line| line.starts_with(&format!("| API{risk} ")));
        let count = row.map_or(0, |row| named_tests(row).count());
        if count == 0 {
            faults.push(format!("{PAGE}: API{risk} has no test"));
        }
    }
    let mut count = 0;
    for (file, name) in named_tests(&page) {
        count += 1;
        if !has_test(&read(&format!("{file}.rs")), name) {
            faults.push(format!("{PAGE}: {file}.rs has no test {name}"));
        }
    }
    assert!(count > 3 * RISKS, "{count} tests are named");
    hold(faults);
}

#[test]
fn what_is_no_test_is_found_out() {
    let source = "#[test]\nfn here() {}\nfn helper() {}\n#[tokio::test]\nasync fn there() {}\n";
    assert!(has_test(source, "here") && has_test(source, "there"));
    assert!(
        !has_test(source, "helper") && !has_test(source, "her") && !has_test(source, "nowhere")
    );
}

/// A row of a claim has its test too.
#[test]
fn every_row_about_what_is_kept_has_a_test() {
    let page = read(PAGE);
    let (_, kept) = page.split_once("## Keys, tokens, links, secrets").unwrap();
    let rows = kept
        .lines()
        .filter(|line| line.starts_with("| ") && !line.starts_with("| what |"));
    let rows: Vec<&str> = rows.filter(|line| !line.starts_with("| --- |")).collect();
    assert!(rows.len() > 5, "{rows:?}");
    hold(
        rows.into_iter()
            .filter(|row| named_tests(row).count() == 0)
            .map(|row| format!("{PAGE}: no test in {row}")),
    );
}

#[test]
fn what_is_secret_shows_itself_to_nobody() {
    const TEXT: &str = "sk_test_4eC39HqLyjWDarjtT1zdp7dcQRSTUVWXYZabcde";
    let shown = [
        format!("{:?}", LinkSecret::new(TEXT)),
        format!("{:?}", remit_runtime::secrets::Secret::new(TEXT)),
        format!("{:?}", ApiKeyText::parse(TEXT).unwrap()),
        format!("{:?}", TEXT.parse::<remit_payments::Secret>().unwrap()),
        format!("{:?}", TEXT.parse::<ProviderToken>().unwrap()),
        format!("{:?}", InvitationToken::of_secret([7; 32])),
    ];
    let invitation = InvitationToken::of_secret([7; 32]);
    for text in shown {
        for secret in [TEXT, invitation.reveal()] {
            // What stands before the last mark says only what it is.
            let secret = secret.rsplit('_').next().unwrap();
            let parts = secret.as_bytes().windows(6);
            let parts = parts.filter_map(|part| std::str::from_utf8(part).ok());
            let leaked: Vec<&str> = parts.filter(|part| text.contains(part)).collect();
            assert!(leaked.is_empty(), "{text} shows {leaked:?}");
        }
    }
}
