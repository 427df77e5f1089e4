//! From the stored invoice and its standing to the page and the mails.

use jiff::Timestamp;
use jiff::civil::date;
use remit_billing::account::Account;
use remit_billing::brand::LogoFacts;
use remit_billing::canonical::ContentHash;
use remit_billing::client::Client;
use remit_billing::client_documents::{Choice, all_of};
use remit_billing::delivery::{About, Covered, Delivery, DeliveryKind, FailReason, SendOutcome};
use remit_billing::follow_up::PromisedBy;
use remit_billing::ids::{AttemptId, ClaimId, DeliveryId, PaymentId, ProjectId, TypedId as _};
use remit_billing::instalment::Instalment;
use remit_billing::invoice::{DraftInvoice, InvoiceContent, IssueContext, IssuedInvoice};
use remit_billing::ledger::Rail;
use remit_billing::mail_text::OwnWords;
use remit_billing::money::Money;
use remit_billing::numbering::DocumentNumber;
use remit_billing::party::Name;
use remit_billing::project::Project;
use remit_billing::reminder::Tone;
use remit_billing::saved_method::{MethodKind, MethodLabel};
use remit_billing::standing::{AppliedPayment, Processing, Standing};
use remit_billing::ways_to_pay::PaymentReference;
use remit_documents::page::{
    self, ListNotice, ListedMethod, Message, MessagePage, Notice, PayAction, PayLabel, PayWay,
};
use remit_documents::paper::{Block, Received, Sheet};
use remit_documents::{
    Cell, ClientInvoices, Contents, Issued, ListedStanding, Listing, MailOptions, PageOptions,
    PortalForms, PortalPaths,
};
use serde_json::{Value, json};
use uuid::Uuid;

const PAGE_URL: &str = "https://bills.example/p/token";

struct Case {
    account: Account,
    client: Client,
    invoice: IssuedInvoice,
    standing: Standing,
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// An agency in Berlin bills a client in Honolulu.
fn case() -> Case {
    case_with(|_| {})
}

/// The same with more in it.
fn case_with(change: impl FnOnce(&mut Value)) -> Case {
    let account: Account = serde_json::from_value(json!({
        "id": "acc_01h455vb4pex5vsknk084sn02q",
        "name": "North & Vale",
        "legal_name": "North & Vale Studio GmbH",
        "email": "billing@northvale.example",
        "address": {"line1": "Karl-Heine-Straße 55", "city": "Leipzig", "postal_code": "04229", "country": "DE"},
        "tax_ids": [{"scheme": "eu_vat", "value": "DE312845906"}],
        "time_zone": "Europe/Berlin",
        "currency": "EUR",
        "language": "en",
        "terms": {"kind": "net", "days": 30},
        "invoice_numbers": "INV-{year}-{seq:5}",
        "reminder_ladder": [-3, 0, 7, 14, 30],
        "payment_instructions": [
            {"currency": "EUR", "title": "Bank transfer", "text": "IBAN: DE02 1203 0000 0000 2020 51"},
            {"currency": "USD", "title": "Wire", "text": "Routing number: 021000021"},
            {"title": "Cheque", "text": "Payable to North & Vale Studio GmbH"}
        ],
        "created_at": "2026-01-01T00:00:00Z",
        "updated_at": "2026-01-01T00:00:00Z"
    }))
    .unwrap();
    let client: Client = serde_json::from_value(json!({
        "account_id": "acc_01h455vb4pex5vsknk084sn02q",
        "id": "cli_01h455vb4pex5vsknk084sn02q",
        "name": "Palolo Press",
        "contacts": [{"name": "Keola", "email": "keola@palolo.example"}],
        "currency": "EUR",
        "language": "en",
        "time_zone": "Pacific/Honolulu",
        "terms": {"kind": "net", "days": 30},
        "address": {"line1": "2500 Palolo Ave", "city": "Honolulu", "region": "HI", "postal_code": "96816", "country": "US"},
        "reminders": true,
        "created_at": "2026-01-01T00:00:00Z",
        "updated_at": "2026-01-01T00:00:00Z"
    }))
    .unwrap();
    let mut content = json!({
        "client_id": client.id,
        "currency": "EUR",
        "lines": [
            {"description": "Design <b>", "quantity": "12.5", "unit_price": "80", "unit": "HUR",
             "discount": {"percent": "10"}, "period": {"from": "2026-10-01", "to": "2026-10-31"},
             "taxes": [
                 {"name": "VAT", "rate": "19"},
                 {"name": "Income tax", "rate": "5", "kind": "withholding"}
             ]}
        ],
        "discount": {"amount": "100.00"},
        "charges": [{"description": "Travel", "amount": "50.00"}],
        "terms": {"kind": "net", "days": 14, "early_payment": {"percent": "2", "days": 7}},
        "purchase_order": "PO-1",
        "buyer_reference": "Desk 4",
        "supply": {"on": "2026-10-31"},
        "late_fee": "1% a month after the due date.",
        "notes": "Thank you."
    });
    change(&mut content);
    let content: InvoiceContent = serde_json::from_value(content).unwrap();
    let now = at("2026-11-01T12:00:00Z");
    let draft = DraftInvoice {
        account_id: account.id,
        id: "inv_01h455vb4pex5vsknk084sn02q".parse().unwrap(),
        totals: content.totals().unwrap(),
        scope: Vec::new(),
        content,
        sections: Vec::new(),
        work_entries: 0,
        content_hash: None,
        review: remit_billing::approval::Review::default(),
        created_on: account.today(now),
        created_at: now,
        updated_at: now,
    };
    let context = IssueContext {
        account: &account,
        client: &client,
        rate: account.rate_from(draft.content.currency),
        deposit_rates: &[],
        issue_on: account.today(now),
        send: true,
        approval_asked: false,
        now,
    };
    let number = DocumentNumber::parse("INV-2026-00001").unwrap();
    let (invoice, standing) = draft.issue(number, context).unwrap();
    Case {
        account,
        client,
        invoice,
        standing,
    }
}

impl Case {
    fn at(&self, now: &str) -> Issued<'_> {
        Issued {
            account: &self.account,
            invoice: &self.invoice,
            standing: &self.standing,
            now: at(now),
        }
    }

    fn page(&self, now: &str) -> String {
        self.at(now).page(options()).unwrap().html
    }

    fn pay(&mut self, amount: &str) {
        let payment = AppliedPayment {
            id: "pay_01h455vb4pex5vsknk084sn02q".parse().unwrap(),
            on: "2026-11-03".parse().unwrap(),
            amount: self.money(amount),
            rail: Rail::BankTransfer,
            reference: None,
            applied_at: None,
            from_balance: false,
        };
        self.standing = self
            .standing
            .clone()
            .applied(payment, at("2026-11-03T05:00:00Z"))
            .unwrap();
    }

    fn money(&self, amount: &str) -> Money {
        Money::parse(amount, self.invoice.content.currency).unwrap()
    }
}

fn options() -> PageOptions {
    PageOptions {
        pay: Some(PayAction {
            action: "/p/token/checkout".to_owned(),
            request_id: "r1".to_owned(),
            version: 7,
            proof: "proof1".to_owned(),
            checkout_origins: vec!["https://checkout.stripe.com".to_owned()],
            ways: vec![PayWay {
                name: "stripe",
                label: PayLabel::Card,
            }],
            is_agreed: false,
            chosen: None,
            part: None,
            keepers: vec!["Stripe", "GoCardless"],
        }),
        timesheet_path: Some("/p/token/timesheet".to_owned()),
        pdf_path: Some("/p/token/pdf".to_owned()),
        invoices_path: Some("/p/token/invoices".to_owned()),
        notice: None,
        thread: None,
        question: None,
        dispute: None,
        promise: None,
        credit_notes_path: "/p/token/credit-notes".to_owned(),
    }
}

fn mail_options() -> MailOptions<'static> {
    MailOptions {
        recipient: Some("Keola"),
        page_url: PAGE_URL,
        can_pay_online: true,
        payment_reference: Some("pi_1"),
        message: None,
        credit_note: None,
        covers: &[],
        deliveries: &[],
        thread: None,
        bounced: &[],
        own_words: OwnWords::NONE,
    }
}

fn receipt(case: &Case, amount: &str, kept: &str) -> DeliveryKind {
    DeliveryKind::Receipt {
        payment_id: "pay_01h455vb4pex5vsknk084sn02q"
            .parse::<PaymentId>()
            .unwrap(),
        amount: case.money(amount),
        kept: case.money(kept),
        received_on: "2026-11-03".parse().unwrap(),
        rail: Rail::Stripe,
    }
}

#[test]
fn the_page_says_what_why_and_how_much_is_left() {
    let html = case().page("2026-11-02T12:00:00Z");
    for said in [
        // what
        "Design &#60;b&#62;",
        "12.5 hours",
        "€80.00",
        "Less 10% discount (€100.00)",
        "1–31 October 2026",
        "€900.00",
        "Travel",
        // why
        "VAT 19%",
        "on €800.00",
        "€152.00",
        "Income tax 5%, withheld by you",
        "-€40.00",
        "PO-1",
        "Desk 4",
        "31 October 2026",
        "2% discount for payment by 8 November 2026.",
        "1% a month after the due date.",
        "North &#38; Vale Studio GmbH",
        "VAT ID DE312845906",
        "Germany",
        "Honolulu, HI 96816",
        "United States",
        // how much is left, and how to pay it
        "€1,002.00",
        "€962.00",
        "Due in 13 days",
        "value=\"proof1\"",
        "Pay €962.00",
        "Bank transfer",
        "DE02 1203 0000 0000 2020 51",
        "Cheque",
        "href=\"/p/token/invoices\"",
    ] {
        assert!(html.contains(said), "{said} is missing");
    }
    assert!(
        !html.contains("Routing number"),
        "another currency's way to pay"
    );
}

#[test]
fn the_due_day_ends_where_the_client_is() {
    // 15 November ends in Honolulu at 10:00 UTC of the 16th.
    assert!(case().page("2026-11-16T09:59:59Z").contains("Due today"));
    assert!(
        case()
            .page("2026-11-16T10:00:00Z")
            .contains("Overdue by 1 day<")
    );
}

#[test]
fn a_payment_is_listed_and_the_rest_is_asked_for() {
    let mut case = case();
    case.pay("462.00");
    let html = case.page("2026-11-04T12:00:00Z");
    for said in [
        "Paid on 3 November 2026",
        "Bank transfer",
        "-€462.00",
        "Pay €500.00",
    ] {
        assert!(html.contains(said), "{said} is missing");
    }
    case.pay("500.00");
    let html = case.page("2026-11-04T12:00:00Z");
    // Paid at 05:00 UTC: the day before in Honolulu.
    assert!(html.contains("Paid on 2 November 2026"));
    assert!(!html.contains("<form"), "nothing is left to pay");
    assert!(!html.contains("IBAN"), "nothing is left to transfer");
}

#[test]
fn a_payment_on_its_way_is_not_asked_for_again() {
    let mut case = case();
    case.standing = case.standing.clone().with_processing(Processing {
        attempt_id: "att_01h455vb4pex5vsknk084sn02q"
            .parse::<AttemptId>()
            .unwrap(),
        amount: case.money("962.00"),
        since: at("2026-11-02T12:00:00Z"),
    });
    let html = case.page("2026-11-02T12:00:00Z");
    assert!(html.contains("Payment being confirmed"));
    assert!(!html.contains("<form") && !html.contains("IBAN"));
}

#[test]
fn who_comes_back_from_a_checkout_is_not_asked_to_pay_twice() {
    let mut case = case();
    let back = || PageOptions {
        notice: Some(Notice::PaymentConfirming),
        ..options()
    };
    let page = |case: &Case| case.at("2026-11-04T12:00:00Z").page(back()).unwrap().html;
    let before = page(&case);
    assert!(before.contains("Your payment is being confirmed"));
    assert!(!before.contains("<form") && !before.contains("IBAN"));
    case.pay("962.00");
    let after = page(&case);
    assert!(!after.contains("being confirmed"));
    assert!(after.contains("Paid in full"));
}

#[test]
fn a_void_invoice_asks_for_nothing_and_its_notice_says_why() {
    let mut case = case();
    case.standing = case
        .standing
        .clone()
        .void(Some("Billed twice.".to_owned()), at("2026-11-05T12:00:00Z"))
        .unwrap();
    let html = case.page("2026-11-06T12:00:00Z");
    assert!(html.contains("Cancelled on 5 November 2026"));
    assert!(!html.contains("<form") && !html.contains("IBAN"));
    let issued = case.at("2026-11-06T12:00:00Z");
    let notice = issued
        .mail(&DeliveryKind::VoidNotice, mail_options())
        .unwrap();
    assert!(notice.text.contains("Billed twice."));
    let late = issued
        .mail(&receipt(&case, "962.00", "962.00"), mail_options())
        .unwrap();
    assert!(late.text.contains("had been cancelled"));
    assert!(late.text.contains("€962.00 of it"));
}

#[test]
fn every_delivery_has_its_mail() {
    let mut case = case();
    let reminder = DeliveryKind::Reminder {
        offset_days: 7,
        cycle: 1,
        tone: None,
        promised_on: None,
    };
    let issued = case.at("2026-11-23T12:00:00Z");
    let mail = issued.mail(&DeliveryKind::Invoice, mail_options()).unwrap();
    assert_eq!(
        mail.subject.as_str(),
        "Invoice INV-2026-00001 from North & Vale: €962.00, due 15 November 2026"
    );
    assert!(mail.text.contains("Hello Keola,") && mail.text.contains("View and pay"));
    let mail = issued.mail(&reminder, mail_options()).unwrap();
    assert!(mail.subject.as_str().starts_with("Reminder: "));
    case.pay("962.00");
    let issued = case.at("2026-11-23T12:00:00Z");
    let mail = issued
        .mail(&receipt(&case, "970.00", "8.00"), mail_options())
        .unwrap();
    for said in [
        "€970.00",
        "paid in full",
        "€8.00 of it",
        "pi_1",
        "Online",
        PAGE_URL,
    ] {
        assert!(mail.text.contains(said), "{said} is missing");
    }
}

#[test]
fn who_takes_over_reads_what_was_sent_and_said() {
    let mut case = case();
    let now = at("2026-11-20T12:00:00Z");
    case.standing = case
        .standing
        .clone()
        .promised(
            "2026-11-25".parse().unwrap(),
            PromisedBy::Client,
            &case.account,
            now,
        )
        .unwrap()
        .unwrap();
    let about = |kind| About::Invoice {
        invoice_id: case.invoice.id,
        kind,
    };
    let reminder = |offset_days, tone| DeliveryKind::Reminder {
        offset_days,
        cycle: 1,
        tone,
        promised_on: None,
    };
    let delivery = |kind| {
        let id: DeliveryId = "dlv_01h455vb4pex5vsknk084sn02q".parse().unwrap();
        let (account, client) = (case.account.id, case.standing.client_id);
        Delivery::requested(id, account, client, about(kind), now)
    };
    let claim: ClaimId = "clm_01h455vb4pex5vsknk084sn02q".parse().unwrap();
    let sent = delivery(reminder(0, None)).claimed(claim, now);
    let sent = sent
        .settle(
            SendOutcome::Sent {
                message_id: "m".to_owned(),
            },
            now,
        )
        .unwrap();
    let bounced = delivery(reminder(3, Some(Tone::Firm)));
    let bounced = bounced.failed(FailReason::Bounced, now).unwrap();
    let deliveries = [sent, bounced, delivery(DeliveryKind::Invoice)];
    let hand_over = DeliveryKind::HandOver {
        offset_days: 20,
        cycle: 1,
        member_id: None,
    };
    let issued = case.at("2026-12-06T12:00:00Z");
    let options = MailOptions {
        deliveries: &deliveries,
        ..mail_options()
    };
    let mail = issued.mail(&hand_over, options).unwrap();
    assert!(
        mail.subject
            .as_str()
            .starts_with("Please take over: invoice INV-2026-00001")
    );
    for said in [
        "€962.00",
        "Friendly reminder: 20 November 2026: sent",
        "Firm reminder: 20 November 2026: did not arrive",
        "Promised for 25 November 2026: over",
        "has not written about this invoice",
        PAGE_URL,
    ] {
        assert!(mail.text.contains(said), "{said}: {}", mail.text);
    }
    assert_eq!(mail.text.matches("20 November 2026").count(), 2);
}

#[test]
fn instalments_are_told_and_what_comes_next() {
    let mut case = case();
    let parts = [("2026-12-01", "500.00"), ("2027-01-01", "462.00")];
    let parts = parts.map(|(day, amount)| Instalment {
        due_on: day.parse().unwrap(),
        amount: case.money(amount),
    });
    let now = at("2026-11-23T12:00:00Z");
    let ladder = &case.account.reminder_ladder;
    case.standing = case
        .standing
        .clone()
        .agreed(parts.to_vec(), ladder, now)
        .unwrap();
    let told = DeliveryKind::Instalments { agreed_at: now };
    let issued = case.at("2026-11-23T12:00:00Z");
    let mail = issued.mail(&told, mail_options()).unwrap();
    for said in [
        "Left to pay: €962.00",
        "The next is €500.00, due 1 December 2026.",
        "1 December 2026: €500.00",
        "1 January 2027: €462.00",
        PAGE_URL,
    ] {
        assert!(mail.text.contains(said), "{said}: {}", mail.text);
    }
    // An invoice that is sent after asks for no more than was agreed.
    let mail = issued.mail(&DeliveryKind::Invoice, mail_options()).unwrap();
    assert_eq!(
        mail.subject.as_str(),
        "Invoice INV-2026-00001 from North & Vale: €500.00, due 1 December 2026"
    );
    assert!(mail.text.contains("1 January 2027: €462.00") && !mail.text.contains("15 November"));
    let plan = case.standing.instalments.clone().unwrap();
    let paper = issued.plan_paper(&plan).unwrap();
    let said = format!("{paper:?}");
    for words in [
        "Instalments of invoice INV-2026-00001",
        "23 November 2026",
        "INV-2026-00001 of 1 November 2026",
        "1 December 2026",
        "€500.00",
        "1 January 2027",
        "€462.00",
        "€962.00",
    ] {
        assert!(said.contains(words), "{words} is not in {said}");
    }
    case.pay("500.00");
    let issued = case.at("2026-11-24T12:00:00Z");
    assert_eq!(issued.plan_paper(&plan).unwrap(), paper);
    let mail = issued
        .mail(&receipt(&case, "500.00", "0.00"), mail_options())
        .unwrap();
    let next = "That leaves €462.00, due 1 January 2027.";
    assert!(mail.text.contains(next), "{}", mail.text);
}

#[test]
fn the_mail_leads_from_its_lines_to_what_is_due() {
    let mut case = case();
    case.pay("400.00");
    let issued = case.at("2026-11-02T12:00:00Z");
    let mail = issued.mail(&DeliveryKind::Invoice, mail_options()).unwrap();
    let sums = [
        ("Design <b>", "€900.00"),
        ("Discount", "-€100.00"),
        ("Travel", "€50.00"),
        ("VAT 19%", "€152.00"),
        ("Total", "€1,002.00"),
        ("Income tax 5%, withheld by you", "-€40.00"),
        ("Left to pay", "€562.00"),
    ];
    let mut rest = mail.text.as_str();
    for (label, amount) in sums {
        let said = format!("{label}: {amount}");
        let at = rest.find(&said);
        assert!(at.is_some(), "{said} is missing, or stands too early");
        rest = &rest[at.unwrap()..];
        assert!(mail.html.contains(amount), "{amount} is missing in HTML");
    }
}

#[test]
fn a_page_about_reminders_says_whose_they_are() {
    let case = case();
    let issued = case.at("2026-11-02T12:00:00Z");
    let asked = MessagePage {
        message: Message::StopReminders,
        agency: Some(issued.sender().unwrap()),
        action: Some("/p/token/unsubscribe".to_owned()),
    };
    let html = page::message(&asked, issued.language()).unwrap().html;
    let name = case.account.name.to_string().replace('&', "&#38;");
    assert!(html.contains(&format!(">{name}</span></header>")), "{html}");
    assert!(html.contains(&case.account.email.to_string()), "{html}");
}

#[test]
fn the_list_adds_up_what_is_open() {
    let case = case();
    let listed = |path: Option<&str>| ListedStanding {
        standing: &case.standing,
        path: path.map(str::to_owned),
    };
    let page = ClientInvoices {
        account: &case.account,
        client_name: case.client.name.as_str(),
        language: case.client.language,
        time_zone: &case.client.time_zone,
        invoices: vec![listed(Some("/p/a")), listed(None)],
        more: false,
        back_path: None,
        choose_path: Some("/p/token/invoices".to_owned()),
        notice: Some(ListNotice::MethodRemoved),
        methods: vec![ListedMethod {
            label: MethodLabel::new(
                MethodKind::Card,
                Some("visa"),
                Some("4242"),
                Some((2031, 4)),
            ),
            saved_on: "2026-10-12".parse().unwrap(),
            with: "what.proof".to_owned(),
        }],
        methods_action: "/p/token/payment-methods".to_owned(),
        balances: vec![case.money("62.00")],
        statement_path: Some("/p/token/statement".to_owned()),
        portal_path: Some("/portal/account".to_owned()),
        now: at("2026-11-02T12:00:00Z"),
    }
    .page()
    .unwrap();
    for said in [
        "Visa ending in 4242",
        "<dt>Yours, not applied to an invoice yet</dt><dd>€62.00</dd>",
        "href=\"/p/token/statement\"",
        "October 2026, valid until 2031-04",
        "aria-label=\"Remove Visa ending in 4242\"",
        "action=\"/p/token/payment-methods\"><input type=\"hidden\" name=\"with\" value=\"what.proof\">",
        "It will not be charged any more",
        "€1,924.00",
        "2 open invoices",
        "Palolo Press",
        "href=\"/p/a\"",
        // Two of one currency can be paid together.
        "<form class=\"choose\" id=\"choose\" method=\"get\" action=\"/p/token/invoices\">",
    ] {
        assert!(page.html.contains(said), "{said} is missing");
    }
}

/// The agency takes transfers to two accounts in euros, and to one in something else.
fn with_accounts(case: &mut Case) {
    let account = |last: char, identifier: &str, currency: &str| {
        json!({
            "id": format!("bac_01h455vb4pex5vsknk084sn02{last}"),
            "identifier": identifier, "bic": "BYLADEM1001", "bank": "Kreditbank <b>",
            "currency": currency,
        })
    };
    let accounts = json!([
        account('0', "DE02120300000000202051", "EUR"),
        account('1', "AT611904300234573201", "EUR"),
        account('2', "026009593/4711", "USD"),
    ]);
    case.account.transfer_accounts = serde_json::from_value(accounts).unwrap();
}

#[test]
fn a_transfer_has_all_that_a_payer_fills_in_and_a_code() {
    let mut case = case();
    with_accounts(&mut case);
    let now = "2026-11-02T12:00:00Z";
    let reference = PaymentReference::of(&case.invoice.number).printed();
    assert!(reference.starts_with("RF"), "{reference}");
    let html = case.page(now);
    for said in [
        "DE02 1203 0000 0000 2020 51",
        "AT61 1904 3002 3457 3201",
        "North &#38; Vale Studio GmbH",
        "BYLADEM1001",
        "Kreditbank &#60;b&#62;",
        reference.as_str(),
        "Payable to",
    ] {
        assert!(html.contains(said), "{said} is missing: {html}");
    }
    assert!(!html.contains("026009593/4711"), "another currency's");
    assert_eq!(html.matches("<svg role=\"img\" aria-label=").count(), 2);
    assert!(html.len() < 60_000, "{} bytes", html.len());
    let mail = case.at(now).mail(&DeliveryKind::Invoice, mail_options());
    let mail = mail.unwrap();
    for said in ["DE02 1203 0000 0000 2020 51", reference.as_str()] {
        assert!(mail.text.contains(said), "{said}: {}", mail.text);
        assert!(mail.html.contains(said), "{said}: {}", mail.html);
    }
    assert!(!mail.html.contains("<svg"));
    // What is paid asks for nothing.
    case.pay("962.00");
    assert!(!case.page(now).contains("AT61"));
}

#[test]
fn a_receipt_of_several_names_each_and_what_it_settles() {
    let case = case();
    let covers = ["INV-2026-00001", "INV-2026-00002"].map(|number| Covered {
        number: DocumentNumber::parse(number).unwrap(),
        amount: case.money("400.00"),
    });
    let kind = receipt(&case, "850.00", "50.00");
    let options = MailOptions {
        covers: &covers,
        deliveries: &[],
        thread: None,
        bounced: &[],
        own_words: OwnWords::NONE,
        ..mail_options()
    };
    let mail = case.at("2026-11-04T12:00:00Z").mail(&kind, options);
    let mail = mail.unwrap();
    assert_eq!(
        mail.subject.as_str(),
        "Thank you! We have received €850.00 for 2 invoices"
    );
    for said in [
        "Invoice INV-2026-00001: €400.00",
        "Invoice INV-2026-00002: €400.00",
        "€50.00 of it was not needed for these invoices",
    ] {
        assert!(mail.text.contains(said), "{said}: {}", mail.text);
    }
}

#[test]
fn paper_says_what_was_issued_whatever_became_of_it() {
    let mut case = case();
    let issued = case.at("2026-11-02T12:00:00Z").paper().unwrap();
    let said = format!("{issued:?}");
    for words in [
        "Invoice INV-2026-00001",
        "12.5 hours",
        "€80.00",
        "Less 10% discount (€100.00)",
        "1–31 October 2026",
        "VAT 19%",
        "on €800.00",
        "Income tax 5%, withheld by you",
        "PO-1",
        "2% discount for payment by 8 November 2026.",
        "North & Vale Studio GmbH",
        "VAT ID DE312845906",
        "DE02 1203 0000 0000 2020 51",
        "€962.00",
    ] {
        assert!(said.contains(words), "{words} is not in {said}");
    }
    // Whom it is for prints it.
    assert_eq!(issued.sheet, Sheet::Letter);
    assert_eq!(issued.sheet_label(2, 3).unwrap(), "Page 2 of 3");
    case.pay("962.00");
    assert_eq!(case.at("2027-03-01T12:00:00Z").paper().unwrap(), issued);
}

#[test]
fn lines_name_their_taxes_where_they_differ() {
    let now = "2026-11-02T12:00:00Z";
    // Of one line, and of lines that are taxed alike, the sums say it.
    let lines = |change: fn(&mut Value)| {
        let case = case_with(|content| {
            let lines = content["lines"].as_array_mut().unwrap();
            let mut line = lines[0].clone();
            change(&mut line);
            lines.push(line);
        });
        let Some(Block::Lines(table)) = case.at(now).paper().unwrap().blocks.first().cloned()
        else {
            unreachable!("lines come first");
        };
        let lines = table.groups[0].lines.iter();
        let more = lines.map(|line| line.more.last().cloned().unwrap_or_default());
        (case.page(now), more.collect::<Vec<String>>())
    };
    let alike = lines(|_| {}).1;
    assert_eq!(alike, ["Less 10% discount (€100.00)"; 2]);
    let (page, more) = lines(|line| {
        line["taxes"] = json!([{"name": "VAT", "rate": "0", "kind": "zero"}]);
    });
    let said = ["VAT 19%", "VAT: zero rate"];
    assert_eq!(more, said);
    for words in said {
        let small = format!("<small class=\"more\">{words}</small>");
        assert!(page.contains(&small), "{words} is not in {page}");
    }
    let more = lines(|line| line["taxes"] = json!([])).1;
    assert_eq!(more, ["VAT 19%", "No tax"]);
}

#[test]
fn paper_names_a_balance_that_was_there_when_it_was_issued() {
    let mut case = case();
    let whole = case.at("2026-11-02T12:00:00Z").paper().unwrap();
    let payment = AppliedPayment {
        id: "pay_01h455vb4pex5vsknk084sn02q".parse().unwrap(),
        on: "2026-10-02".parse().unwrap(),
        amount: case.money("62.00"),
        rail: Rail::BankTransfer,
        reference: None,
        applied_at: Some(case.invoice.issued_at),
        from_balance: true,
    };
    let applied = case.standing.clone();
    case.standing = applied
        .applied(payment, at("2026-10-31T12:00:00Z"))
        .unwrap();
    let less = case.at("2026-11-02T12:00:00Z").paper().unwrap();
    assert_ne!(less, whole);
    let said = format!("{less:?}");
    for words in [
        "Paid on 2 October 2026",
        "-€62.00",
        "Left to pay",
        "€900.00",
    ] {
        assert!(said.contains(words), "{words} is not in {said}");
    }
}

#[test]
fn a_receipt_on_paper_says_what_was_received() {
    let case = case();
    let received = Received {
        payment_id: "pay_01h455vb4pex5vsknk084sn02q".parse().unwrap(),
        amount: case.money("200.00"),
        on: "2026-11-03".parse().unwrap(),
        rail: Rail::BankTransfer,
        covers: &[],
    };
    let paper = case.at("2026-11-04T12:00:00Z").receipt_paper(&received);
    let said = format!("{:?}", paper.unwrap());
    for words in [
        "Receipt for invoice INV-2026-00001",
        "3 November 2026",
        "€962.00",
        "Received with thanks",
        "€200.00",
    ] {
        assert!(said.contains(words), "{words} is not in {said}");
    }
}

/// Letters of three bytes, as many as a name may have, of which some end a tag.
fn long_name(number: usize) -> Name {
    let name = format!("</a><script>{number:03}");
    let rest = 200 - name.chars().count();
    Name::parse(&format!("{name}{}", "한".repeat(rest))).unwrap()
}

#[test]
fn a_portal_full_of_long_names_is_a_page_like_others() {
    let mut case = case();
    case.account.brand.logo = Some(LogoFacts {
        sha256: ContentHash::of(b"a picture"),
        width: 600,
        height: 100,
    });
    let (account, client) = (&case.account, &case.client);
    let now = at("2026-11-02T12:00:00Z");
    let projects: Vec<Project> = (0..300)
        .map(|number| Project {
            account_id: account.id,
            id: ProjectId::from_uuid(Uuid::from_u128(number as u128)),
            client_id: client.id,
            name: long_name(number),
            team: None,
            member_ids: Vec::new(),
            currency: client.currency,
            created_at: now,
            updated_at: now,
            closed_at: None,
            thanked_at: None,
        })
        .collect();
    let standings: Vec<_> = projects
        .iter()
        .map(|project| Standing {
            project_ids: vec![project.id],
            ..case.standing.clone()
        })
        .collect();
    let documents = all_of(&standings, &[], now).unwrap();
    let choice = Choice::default();
    let listing = Listing {
        documents: &documents,
        projects: &projects,
        choice: &choice,
    };
    let method = ListedMethod {
        label: MethodLabel {
            kind: MethodKind::Card,
            issuer: Some("mastercard".to_owned()),
            last_digits: Some("4242".to_owned()),
            expires: Some("2031-04".to_owned()),
        },
        saved_on: date(2026, 9, 30),
        with: "A".repeat(120),
    };
    let contents = Contents {
        account,
        client,
        methods: &vec![method; 200],
        email: "ada@aurora.example",
        others: &[],
        listing,
        more: true,
        balances: Vec::new(),
        page: 0,
        notice: None,
        now,
    };
    let token = "A".repeat(64);
    let paths = PortalPaths {
        own: "/portal/acc_01kc000000e008000000000051",
        invoice: &|_| format!("/p/{token}"),
        estimate: &|id| format!("/estimates/{id}"),
        receipt: &|id| format!("/receipts/{id}"),
        statement: Some(format!("/p/{token}/statement")),
        several: Some(format!("/p/{token}/invoices")),
        files: "/files",
        table: "/table",
    };
    let forms = PortalForms {
        sign_out: ("/sign-out", "proof"),
        language: ("/language", "proof"),
        methods: "/payment-methods",
    };
    let page = contents.page(&paths, forms).unwrap().html;
    assert!(page.len() < 60_000, "{} bytes", page.len());
    assert!(!page.contains("<script"), "{page}");
    assert!(page.contains("&#60;script&#62;000"), "{page}");
    // The table has every document, with its whole name.
    let rows = listing.sheet().unwrap().rows;
    assert_eq!(rows.len(), 300);
    let name = Cell::written(long_name(299).as_str());
    assert!(rows.iter().any(|row| row.contains(&name)));
}
