use proptest::prelude::*;

use super::*;

fn opening(text: &str) -> Result<Template, Fault> {
    Template::parse(text, TextKind::Receipt, TextPart::Opening)
}

fn values() -> Values {
    Values::default()
        .with(Placeholder::AmountPaid, "EUR 40.00")
        .with(Placeholder::ContactName, "{{amount_paid}} & <b>Kim</b>")
}

#[test]
fn a_text_is_filled_in() {
    for (text, said) in [
        ("Thank you!", "Thank you!"),
        ("{{amount_paid}}", "EUR 40.00"),
        (
            "Got {{ amount_paid }}.\r\nMany thanks",
            "Got EUR 40.00.\nMany thanks",
        ),
        ("{{amount_paid}}{{amount_paid}}", "EUR 40.00EUR 40.00"),
        // What is filled in is never read again, and braces alone are braces.
        (
            "{Dear} {{contact_name}} }",
            "{Dear} {{amount_paid}} & <b>Kim</b> }",
        ),
    ] {
        let filled = opening(text).unwrap().filled(&values());
        assert_eq!(filled.as_deref(), Some(said), "{text}");
    }
}

#[test]
fn what_the_mail_does_not_know_is_not_said() {
    let template = opening("{{invoice_number}} is paid").unwrap();
    assert_eq!(template.filled(&values()), None);
    let nameless = values().with(Placeholder::InvoiceNumber, "");
    assert_eq!(template.filled(&nameless), None);
}

#[test]
fn a_placeholder_is_known_and_closed() {
    let allowed = TextKind::Receipt.placeholders();
    let unknown = Fault::UnknownPlaceholder { allowed };
    let unclosed = Fault::UnclosedPlaceholder { allowed };
    for (text, fault) in [
        ("{{amout_paid}}", &unknown),
        ("{{}}", &unknown),
        ("{{AMOUNT_PAID}}", &unknown),
        ("{{amount_paid | upper}}", &unknown),
        ("{{{amount_paid}}}", &unknown),
        ("{{#if amount_left}}", &unknown),
        // Of an estimate.
        ("{{valid_until}}", &unknown),
        ("{{amount_paid", &unclosed),
        ("{{amount_paid}", &unclosed),
        ("amount_paid}}", &unclosed),
        ("{{amount_paid}} }}", &unclosed),
        ("{{amount_paid {{amount_left}}", &unknown),
    ] {
        assert_eq!(opening(text).as_ref(), Err(fault), "{text}");
    }
    let told = unknown.to_string();
    assert!(told.contains("{{amount_paid}}, {{amount_left}}"), "{told}");
}

#[test]
fn texts_are_bounded_and_a_line_is_a_line() {
    let line = |text: &str| Template::parse(text, TextKind::Receipt, TextPart::Greeting);
    assert_eq!(line("Dear\nall"), Err(Fault::ControlCharacter));
    assert_eq!(line(" "), Err(Fault::Empty));
    assert!(line(&"a".repeat(MAX_LINE_CHARS)).is_ok());
    let max = MAX_LINE_CHARS;
    assert_eq!(line(&"a".repeat(max + 1)), Err(Fault::TooLong { max }));
    let max = MAX_OPENING_CHARS;
    assert_eq!(opening(&"a".repeat(max + 1)), Err(Fault::TooLong { max }));
    assert_eq!(opening("a\u{202e}b"), Err(Fault::ControlCharacter));
}

#[test]
fn every_list_names_placeholders_that_there_are() {
    for kind in TextKind::ALL {
        for name in kind.placeholders() {
            assert!(Placeholder::parse(name).is_some(), "{kind:?} {name}");
        }
    }
    for placeholder in Placeholder::ALL {
        let mut kinds = TextKind::ALL.iter();
        let known = kinds.any(|kind| kind.placeholders().contains(&placeholder.as_str()));
        assert!(known, "{placeholder:?} is of no kind");
    }
}

#[test]
fn a_client_s_words_go_before_the_account_s_part_by_part() {
    let wording = |parts: &[(TextPart, &str)]| {
        let parts = parts.iter().map(|(part, text)| {
            let template = Template::parse(text, TextKind::Receipt, *part).unwrap();
            (*part, template)
        });
        let mut wordings = Wordings::default();
        wordings.set(Language::En, TextKind::Receipt, Wording::new(parts));
        wordings
    };
    let (greeting, closing) = (TextPart::Greeting, TextPart::Closing);
    let own = OwnWords {
        account: Some(wording(&[(greeting, "Hello"), (closing, "Cheers")])),
        client: Some(wording(&[(greeting, "Hi Kim")])),
    };
    let of = own.of(Language::En, TextKind::Receipt);
    let said = |part| of.said(part, &Values::default());
    assert_eq!(said(greeting).as_deref(), Some("Hi Kim"));
    assert_eq!(said(closing).as_deref(), Some("Cheers"));
    assert_eq!(said(TextPart::Opening), None);
    assert!(own.of(Language::Ko, TextKind::Receipt).is_empty());
    assert!(own.of(Language::En, TextKind::Invoice).is_empty());
}

#[test]
fn words_are_stored_as_they_are_written() {
    let written = serde_json::json!({"en": {"receipt": {"opening": "{{amount_paid}}: thank you"}}});
    let wordings: Wordings = serde_json::from_value(written.clone()).unwrap();
    assert_eq!(serde_json::to_value(&wordings).unwrap(), written);
    let unknown = serde_json::json!({"en": {"receipt": {"opening": "{{valid_until}}"}}});
    assert!(serde_json::from_value::<Wordings>(unknown).is_err());
}

proptest! {
    /// Whatever is taken reads back as itself, and says nothing that is not in it or in the values.
    #[test]
    fn what_is_taken_reads_back(text in r"[a-z{} \n&<>]{0,40}(\{\{amount_(paid|left)\}\}[a-z]{0,5}){0,3}") {
        let Ok(template) = opening(&text) else {
            return Ok(());
        };
        prop_assert_eq!(&opening(&template.to_string()).unwrap(), &template);
        let all = values().with(Placeholder::AmountLeft, "0");
        let said = template.filled(&all).unwrap();
        prop_assert!(!said.contains("{{"), "{}", said);
    }
}
