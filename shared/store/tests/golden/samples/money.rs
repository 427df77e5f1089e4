//! Payments, notifications, the ledger, the counter of numbers.

use std::collections::BTreeMap;

use remit_billing::actor::ActorId;
use remit_billing::event::EventKind;
use remit_billing::exchange::ExchangeRate;
use remit_billing::ids::PaymentMethodId;
use remit_billing::ledger::{Booking, Cause, LedgerAccount, LedgerTransaction, Rail, Settles};
use remit_billing::ledger_codes::{Datev, LedgerCodes, TaxCode};
use remit_billing::money::Currency;
use remit_billing::numbering::{Counter, DocumentKind, Series};
use remit_billing::party::Language;
use remit_billing::payment::{
    Allocation, AskedRefund, Dispute, DisputeState, Fee, FeeLook, FeeOf, MatchState, Payment,
    RailReference, Refund, UnmatchedReason,
};
use remit_billing::saved_method::{
    Consent, MethodKind, MethodLabel, MethodState, RemovedBy, SavedMethod,
};
use remit_billing::tax::TaxKind;
use remit_store::records::{Notification, NotificationState, NumberCounter, OpeningNumber};
use serde_json::json;

use super::agency::{account, rate};
use super::{
    Sample, account_id, attempt_id, bank_entry_id, client_id, event, event_id, invoice_id,
    ledger_id, money, of, payment_id, shape, whole,
};

pub(super) fn samples() -> Vec<Sample> {
    let received = event(
        EventKind::PaymentReceived,
        json!({ "payment_id": payment_id(), "amount": "1190.00", "again": null, "parts": [1, true] }),
    );
    let unmatched = Payment {
        match_state: MatchState::Unmatched {
            reason: UnmatchedReason::InvoiceUnknown,
            look_at: of("2026-04-02T11:05:00Z"),
            looks: 2,
        },
        client_id: None,
        invoice_id: None,
        attempt_id: None,
        allocations: Vec::new(),
        to_balance: money("0.00 EUR"),
        refunded: money("0.00 EUR"),
        refunds: Vec::new(),
        asked_refunds: Vec::new(),
        disputes: Vec::new(),
        fees: Vec::new(),
        fee_look: None,
        note: None,
        bank_entry_id: None,
        undone_at: None,
        rate: None,
        books_missing: true,
        ..payment()
    };
    let waiting = NotificationState::Waiting {
        look_at: of("2026-04-02T11:05:00Z"),
        looks: 1,
    };
    vec![
        whole(payment(), vec![received]),
        shape("unmatched", unmatched),
        whole(entry(), vec![]),
        shape("paying", paying_entry()),
        whole(ledger_codes(), vec![]),
        whole(opening_number(), vec![]),
        whole(exchange_rate(), vec![]),
        shape("imported", imported_rate()),
        whole(counter(Some(2026)), vec![]),
        shape("first", first_counter()),
        whole(notification(waiting), vec![]),
        shape("applied", notification(NotificationState::Applied)),
        shape("foreign", notification(NotificationState::Foreign)),
        shape("unknown", notification(NotificationState::Unknown)),
        shape("given_up", notification(NotificationState::GivenUp)),
        shape("unreadable", notification(NotificationState::Unreadable)),
    ]
    .into_iter()
    .chain(methods())
    .collect()
}

pub(super) fn method_id() -> PaymentMethodId {
    super::id(0x6400)
}

pub(super) fn consent() -> Consent {
    Consent {
        given_at: of("2026-04-10T08:00:00Z"),
        wording: 1,
        language: Language::Ko,
        invoice_id: invoice_id(),
        link_generation: 2,
    }
}

fn methods() -> Vec<Sample> {
    let saved = event(
        EventKind::PaymentMethodSaved,
        json!({ "payment_method_id": method_id() }),
    );
    let method = SavedMethod {
        id: method_id(),
        account_id: account_id(),
        client_id: client_id(),
        provider: "stripe".to_owned(),
        customer: Some(of("cus_RNfGxQh3hV0a1b")),
        token: of("pm_1QU8bCLr8T5bQwEx"),
        label: MethodLabel {
            kind: MethodKind::Card,
            issuer: Some("visa".to_owned()),
            last_digits: Some("4242".to_owned()),
            expires: Some("2031-04".to_owned()),
        },
        consent: consent(),
        attempt_id: attempt_id(),
        state: MethodState::Active,
        saved_at: of("2026-04-10T09:02:00Z"),
    };
    let debit = SavedMethod {
        provider: "gocardless".to_owned(),
        customer: None,
        token: of("MD000TWP8RYJC1"),
        label: MethodLabel {
            kind: MethodKind::SepaDebit,
            issuer: None,
            last_digits: None,
            expires: None,
        },
        ..method.clone()
    };
    let removed = |removed_by, forget_at| MethodState::Removed {
        removed_at: of("2026-06-01T10:00:00Z"),
        removed_by,
        forget_at,
    };
    let by = RemovedBy::Agency(ActorId::Member(super::member_id()));
    let failed = MethodState::Failed {
        code: "stolen_card".to_owned(),
        failed_at: of("2026-06-01T10:00:00Z"),
    };
    let with = |state| SavedMethod {
        state,
        ..method.clone()
    };
    let later = Some(of("2026-06-01T10:05:00Z"));
    vec![
        whole(method.clone(), vec![saved]),
        shape("least", debit),
        shape("failed", with(failed)),
        shape("removed", with(removed(RemovedBy::Client, later))),
        shape("forgotten", with(removed(by, None))),
    ]
}

fn reference(text: &str) -> RailReference {
    RailReference::parse(text).unwrap()
}

fn payment() -> Payment {
    Payment {
        account_id: account_id(),
        id: payment_id(),
        rail: Rail::Stripe,
        reference: reference("pi_3PqT8x2eZvKYlo2C1a"),
        amount: money("1200.00 EUR"),
        received_at: of("2026-04-02T11:00:00Z"),
        received_on: of("2026-04-02"),
        client_id: Some(client_id()),
        invoice_id: Some(invoice_id()),
        attempt_id: Some(attempt_id()),
        allocations: vec![Allocation {
            invoice_id: invoice_id(),
            amount: money("1090.00 EUR"),
        }],
        to_balance: money("10.00 EUR"),
        refunded: money("100.00 EUR"),
        refunds: vec![
            Refund {
                reference: reference("re_3PqT8x2eZvKYlo2C1b"),
                amount: money("100.00 EUR"),
                failed: false,
            },
            Refund {
                reference: reference("re_3PqT8x2eZvKYlo2C1c"),
                amount: money("40.00 EUR"),
                failed: true,
            },
        ],
        asked_refunds: vec![AskedRefund {
            id: super::id(0x6300),
            amount: money("5.00 USD"),
            reason: of("Paid twice"),
            by: ActorId::Member(super::member_id()),
            asked_at: of("2026-04-05T09:00:00Z"),
            look_at: of("2026-04-05T09:05:00Z"),
            to_account: true,
        }],
        disputes: vec![Dispute {
            reference: reference("dp_1PqT8x2eZvKYlo2C"),
            amount: money("1200.00 EUR"),
            state: DisputeState::Won,
            stated_at: Some(of("2026-04-04T09:00:00Z")),
        }],
        fees: vec![
            Fee {
                of: FeeOf::Payment,
                amount: money("17.25 EUR"),
                stated_at: of("2026-04-02T11:05:00Z"),
            },
            Fee {
                of: FeeOf::Refund(reference("re_3PqT8x2eZvKYlo2C1b")),
                amount: money("-1.25 EUR"),
                stated_at: of("2026-04-03T11:05:00Z"),
            },
            Fee {
                of: FeeOf::Dispute(reference("dp_1PqT8x2eZvKYlo2C")),
                amount: money("20.00 EUR"),
                stated_at: of("2026-04-04T09:00:00Z"),
            },
            Fee {
                of: FeeOf::Transfer,
                amount: money("3.00 EUR"),
                stated_at: of("2026-04-04T09:00:00Z"),
            },
        ],
        fee_look: Some(FeeLook {
            look_at: of("2026-04-06T09:05:00Z"),
            looks: 1,
        }),
        match_state: MatchState::Matched,
        note: Some("Paid at the fair, by card".to_owned()),
        bank_entry_id: Some(bank_entry_id()),
        undone_at: Some(of("2026-04-03T08:00:00Z")),
        rate: Some(rate()),
        books_missing: false,
    }
}

fn exchange_rate() -> ExchangeRate {
    ExchangeRate {
        account_id: account_id(),
        currency: Currency::USD,
        on: of("2026-03-16"),
        books: Currency::EUR,
        rate: of("0.9215"),
        source: of("ECB: 1 EUR = 1.0852 USD"),
        by_hand: true,
        recorded_by: ActorId::Member(super::member_id()),
        recorded_at: of("2026-03-16T16:00:00Z"),
    }
}

/// As an import writes it.
fn imported_rate() -> ExchangeRate {
    ExchangeRate {
        by_hand: false,
        ..exchange_rate()
    }
}

fn entry() -> LedgerTransaction {
    let rate = rate();
    let booking = Booking {
        id: ledger_id(),
        account_id: account_id(),
        booked_on: account().open_day(of("2026-03-17")),
        recorded_at: of("2026-03-17T05:00:00Z"),
        books: Currency::EUR,
        rate: Some(&rate),
    };
    let sides = [
        (LedgerAccount::CashStripe, money("100.00 USD")),
        (LedgerAccount::DisputedReceivable, money("-100.00 USD")),
    ];
    let document = invoice_id().to_string();
    let client = Some(client_id());
    LedgerTransaction::book(booking, Cause::DisputeClosed, document, client, &sides).unwrap()
}

/// An entry that pays an invoice which was credited.
fn paying_entry() -> LedgerTransaction {
    let settles = Settles {
        invoice_id: invoice_id(),
        before: money("0.00 USD"),
        after: money("100.00 USD"),
        credits: 1,
    };
    entry()
        .numbered(of("INV-2026-00042"))
        .settling(Some(settles))
}

fn opening_number() -> OpeningNumber {
    OpeningNumber {
        account_id: account_id(),
        number: of("RE/2025-117"),
        invoice_id: invoice_id(),
    }
}

fn ledger_codes() -> LedgerCodes {
    LedgerCodes {
        account_id: account_id(),
        accounts: BTreeMap::from([
            (LedgerAccount::Receivable, of("1410")),
            (LedgerAccount::CashPayPal, of("1360")),
        ]),
        taxes: vec![TaxCode {
            name: Some(of("VAT")),
            rate: of("19"),
            kind: TaxKind::Standard,
            code: of("1776"),
        }],
        xero_tax_rate: Some(of("No VAT")),
        datev: Some(Datev {
            consultant: 1_001,
            client: 42,
            year_begins: 7,
            account_digits: 4,
            chart: Some(3),
        }),
        updated_at: of("2026-03-17T05:00:00Z"),
    }
}

fn counter(year: Option<i16>) -> NumberCounter {
    NumberCounter {
        account_id: account_id(),
        counter: Counter {
            series: Series {
                kind: DocumentKind::Invoice,
                year,
            },
            next: 43,
            last_issue_on: Some(of("2026-03-17")),
        },
    }
}

/// A series without a year, of which no number was taken yet.
fn first_counter() -> NumberCounter {
    let mut first = counter(None);
    first.counter.next = 1;
    first.counter.last_issue_on = None;
    first
}

fn notification(state: NotificationState) -> Notification {
    Notification {
        account_id: account_id(),
        id: event_id(),
        provider: "stripe".to_owned(),
        reference: reference("evt_1PqT8x2eZvKYlo2C"),
        subject: "charge.refunded".to_owned(),
        state,
        body: "{\"id\": \"evt_1PqT8x2eZvKYlo2C\"}".to_owned(),
        received_at: of("2026-04-02T11:00:00Z"),
    }
}
