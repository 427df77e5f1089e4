//! From draft to issued: what stands in the way, and what is fixed for ever.

use remit_billing::account::Account;
use remit_billing::client::Client;
use remit_billing::exchange::for_document;
use remit_billing::invoice::{
    DraftInvoice, InvoiceContent, InvoiceDocument, IssueContext, IssueRefusal, IssuedInvoice,
};
use remit_billing::money::Currency;
use remit_billing::party::{Address, Language, TaxId};
use remit_billing::refusal::{Refusal, RefusalKind};
use remit_billing::standing::Standing;
use remit_billing::terms::{Due, PaymentTerms};
use serde_json::{Value, json};

use crate::house::{
    agency, contact, content, customer, draft, id, issue, issue_on, issued_at, of, rate,
};

fn work() -> InvoiceContent {
    content(Currency::EUR, "100", &json!([]))
}

pub fn tax_id(value: &str) -> TaxId {
    TaxId {
        scheme: None,
        value: of(value),
    }
}

fn reverse_charge() -> Value {
    json!([{"name": "VAT", "rate": "0", "kind": "reverse_charge"}])
}

fn try_issue(
    draft: DraftInvoice,
    account: &Account,
    client: &Client,
    send: bool,
) -> Result<(IssuedInvoice, Standing), IssueRefusal> {
    let currency = draft.content.currency;
    let rate = for_document(account, currency, issue_on(), None);
    let context = IssueContext {
        account,
        client,
        rate: rate.as_ref(),
        deposit_rates: &[],
        issue_on: issue_on(),
        send,
        approval_asked: false,
        now: issued_at(),
    };
    // Whether a number is taken for it is asked before, by the same rules.
    let checked = draft.check_issue(context);
    let issued = draft.issue(of("INV-1"), context);
    if let Err(refusal) = checked {
        assert_eq!(issued, Err(refusal));
    }
    issued
}

struct Case {
    name: &'static str,
    content: InvoiceContent,
    account: Account,
    client: Client,
    refusal: IssueRefusal,
    code: &'static str,
    kind: RefusalKind,
}

fn case(refusal: IssueRefusal, code: &'static str, kind: RefusalKind) -> Case {
    Case {
        name: code,
        content: work(),
        account: agency(),
        client: customer(),
        refusal,
        code,
        kind,
    }
}

fn refusals() -> Vec<Case> {
    use RefusalKind::{Conflict, Invalid};
    let mut held = case(IssueRefusal::AccountHeld, "account_held", Conflict);
    held.account.held = true;
    let mut archived = case(IssueRefusal::ClientArchived, "client_archived", Conflict);
    archived.client.archived_at = Some(issued_at());
    let no_order = IssueRefusal::PurchaseOrderRequired;
    let mut no_order = case(no_order, "purchase_order_required", Invalid);
    no_order.client.purchase_order_required = true;
    let no_ids = || case(IssueRefusal::TaxIdsRequired, "tax_ids_required", Invalid);
    let mut sellers = Case {
        name: "the agency has no tax id",
        content: content(Currency::EUR, "100", &reverse_charge()),
        ..no_ids()
    };
    sellers.client.tax_ids = vec![tax_id("FR1")];
    let mut buyers = Case {
        name: "the client has no tax id",
        content: content(Currency::EUR, "100", &reverse_charge()),
        ..no_ids()
    };
    buyers.account.tax_ids = vec![tax_id("DE1")];
    let no_rate = || {
        let refusal = IssueRefusal::ExchangeRateRequired {
            currency: Currency::USD,
            on: issue_on(),
        };
        Case {
            content: content(Currency::USD, "100", &json!([])),
            ..case(refusal, "exchange_rate_required", Invalid)
        }
    };
    let mut other_books = Case {
        name: "the rate is to other books",
        ..no_rate()
    };
    let to_francs = rate(Currency::CHF, "0.9");
    other_books
        .account
        .exchange_rates
        .insert("USD".to_owned(), to_francs);
    let due_on = of("2026-03-16");
    let past = IssueRefusal::DueBeforeIssue {
        due_on,
        issue_on: issue_on(),
    };
    let mut past = case(past, "due_before_issue", Invalid);
    past.content.terms = PaymentTerms::of(Due::On { date: due_on });
    let mut nobody = case(IssueRefusal::NoRecipient, "no_recipient", Invalid);
    nobody.client.contacts = vec![contact("books@acme.example", true)];
    vec![
        held,
        archived,
        no_order,
        sellers,
        buyers,
        no_rate(),
        other_books,
        past,
        nobody,
    ]
}

#[test]
fn what_cannot_be_issued_says_why() {
    for case in refusals() {
        let name = case.name;
        let draft = draft(case.content);
        let refusal = try_issue(draft, &case.account, &case.client, true).unwrap_err();
        assert_eq!(refusal, case.refusal, "{name}");
        assert_eq!(
            (refusal.code(), refusal.kind()),
            (case.code, case.kind),
            "{name}"
        );
        assert!(refusal.faults().is_empty());
    }
    let known = IssueRefusal::AlreadyIssued {
        number: of("INV-7"),
    };
    assert_eq!(
        (known.code(), known.kind()),
        ("already_issued", RefusalKind::Conflict)
    );
    assert!(known.to_string().contains("INV-7"));
}

#[test]
fn a_day_that_has_passed_is_named() {
    let mut late = work();
    late.terms = PaymentTerms::of(Due::On {
        date: of("2026-03-01"),
    });
    let refusal = try_issue(draft(late), &agency(), &customer(), false).unwrap_err();
    assert_eq!(
        refusal.to_string(),
        "the due date 2026-03-01 lies before the issue date 2026-03-17"
    );
}

#[test]
fn what_is_needed_can_be_there() {
    let mut account = agency();
    let mut client = customer();
    account.tax_ids = vec![tax_id("DE1")];
    client.tax_ids = vec![tax_id("FR1")];
    client.purchase_order_required = true;
    let to_euros = rate(Currency::EUR, "0.9215");
    account
        .exchange_rates
        .insert("USD".to_owned(), to_euros.clone());
    let mut content = content(Currency::USD, "100", &reverse_charge());
    content.purchase_order = Some(of("PO-1"));
    content.terms = PaymentTerms::of(Due::On { date: issue_on() });
    let (invoice, standing) = try_issue(draft(content), &account, &client, true).unwrap();
    assert_eq!(invoice.rate, Some(to_euros));
    assert_eq!(standing.rate, invoice.rate);
    assert_eq!(invoice.due_on, issue_on());
    // Nobody to send it to is no matter where it is not sent.
    client.contacts = Vec::new();
    assert!(try_issue(draft(work_with_order()), &account, &client, false).is_ok());
}

fn work_with_order() -> InvoiceContent {
    InvoiceContent {
        purchase_order: Some(of("PO-1")),
        ..work()
    }
}

#[test]
fn the_parties_are_copied_as_they_are_called_by_law() {
    let address = Address {
        line1: of("1 Main St"),
        line2: None,
        city: of("Berlin"),
        region: None,
        postal_code: None,
        country: of("DE"),
    };
    let account = Account {
        legal_name: Some(of("Studio Nord GmbH")),
        address: Some(address.clone()),
        tax_ids: vec![tax_id("DE1")],
        ..agency()
    };
    let client = Client {
        language: Language::Ko,
        ..customer()
    };
    let written = draft(work());
    let (invoice, standing) = issue(written.clone(), &account, &client);
    assert_eq!(invoice.seller.name.as_str(), "Studio Nord GmbH");
    assert_eq!(invoice.seller.address, Some(address));
    assert_eq!(invoice.seller.tax_ids, account.tax_ids);
    assert_eq!(invoice.buyer.name, client.name, "the only name there is");
    assert_eq!(
        (invoice.language, standing.language),
        (Language::Ko, Language::Ko)
    );
    assert_eq!(
        (invoice.id, invoice.account_id),
        (written.id, written.account_id)
    );
    assert_eq!(
        (&invoice.content, &invoice.totals),
        (&written.content, &written.totals)
    );
    assert_eq!(invoice.created_at, written.created_at);
    assert_eq!(
        (invoice.issued_at, invoice.issue_on),
        (issued_at(), issue_on())
    );
    assert_eq!(standing.number, invoice.number);
    assert_eq!(standing.client_id, id(2));
}

#[test]
fn the_due_day_follows_from_the_day_of_issue() {
    for (due, on) in [
        (Due::DueOnReceipt, "2026-03-17"),
        (Due::Net { days: 14 }, "2026-03-31"),
        (Due::EomPlus { days: 10 }, "2026-04-10"),
        (Due::NetEom { days: 15 }, "2026-04-30"),
        (
            Due::On {
                date: of("2026-06-30"),
            },
            "2026-06-30",
        ),
    ] {
        let mut content = work();
        content.terms = PaymentTerms::of(due);
        let (invoice, standing) = issue(draft(content), &agency(), &customer());
        assert_eq!(
            (invoice.due_on, standing.due_on),
            (of(on), of(on)),
            "{due:?}"
        );
    }
}

#[test]
fn a_document_says_at_which_stage_it_is() {
    let written = draft(work());
    let (issued, _) = issue(written.clone(), &agency(), &customer());
    for (document, stage) in [
        (InvoiceDocument::Draft(written), "draft"),
        (InvoiceDocument::Issued(issued), "issued"),
    ] {
        let stored = json!(document);
        assert_eq!(stored["stage"], stage);
        let read: InvoiceDocument = serde_json::from_value(stored).unwrap();
        assert_eq!(read, document);
    }
}
