//! Invoices, their standing, what is sent about them, attempts to have them paid.

use remit_billing::actor::ActorId;
use remit_billing::approval::Checked;
use remit_billing::attempt::{Attempt, AttemptShare, AttemptState, ClosedReason, Keep, KeepState};
use remit_billing::canonical::ContentHash;
use remit_billing::delivery::{
    About, CancelReason, Covered, Delivery, DeliveryKind, DeliveryState, FailReason,
    InvitationDeliveryKind, MailTestKind, OfferDeliveryKind, OfferTo, ProjectDeliveryKind,
    Returned, StatementDeliveryKind, SubscriptionDeliveryKind,
};
use remit_billing::event::EventKind;
use remit_billing::follow_up::{ClientRules, FollowUps, Pause, Promise, PromisedBy};
use remit_billing::instalment::{Instalment, InstalmentPlan};
use remit_billing::invoice::{
    DraftInvoice, InvoiceContent, InvoiceDocument, IssuedInvoice, PartyCopy, Supply,
};
use remit_billing::ledger::Rail;
use remit_billing::line::{Charge, Discount, Line};
use remit_billing::line_dispute::{LineDispute, LineDisputeState};
use remit_billing::mail_text::{MailTexts, TextKind};
use remit_billing::money::Currency;
use remit_billing::party::{Language, Period};
use remit_billing::payment::RailReference;
use remit_billing::posted::DepositRate;
use remit_billing::reminder::{Ladder, ReminderTimer};
use remit_billing::scope::ScopeStatement;
use remit_billing::section::{Section, Share};
use remit_billing::standing::{
    AppliedCredit, AppliedPayment, Hold, Nature, Processing, Reminders, Standing, Status, Turn,
    TurnKind, WriteOff, WriteOffKind,
};
use remit_billing::tax::{Tax, TaxKind};
use remit_billing::terms::{Due, PaymentTerms};
use remit_billing::totals::TaxPart;
use serde_json::json;

use super::agency::{account, client, rate, terms, withholding};
use super::estimates::{approval, review};
use super::{
    Sample, account_id, attempt_id, client_id, delivery_id, event, id, invoice_id, late_fees,
    money, of, payment_id, project_id, shape, whole,
};

pub(super) fn samples() -> Vec<Sample> {
    let issued = event(
        EventKind::InvoiceIssued,
        json!({ "invoice_id": invoice_id(), "number": "INV-2026-00042" }),
    );
    let mut samples = vec![
        whole(InvoiceDocument::Issued(invoice()), vec![issued]),
        shape("draft", InvoiceDocument::Draft(draft(content()))),
        shape("work", InvoiceDocument::Draft(with_work())),
        shape("least", InvoiceDocument::Draft(draft(least_content()))),
        shape("scoped", InvoiceDocument::Issued(scoped())),
        whole(standing(), vec![]),
        shape("least", least_standing()),
        shape("uncollectible", uncollectible_standing()),
        shape("void", void_standing()),
    ];
    samples.extend(deliveries());
    samples.extend(attempts());
    samples.push(whole(mail_texts(), vec![]));
    let general = MailTexts {
        client_id: None,
        ..mail_texts()
    };
    samples.push(shape("account", general));
    samples
}

pub(super) fn content() -> InvoiceContent {
    InvoiceContent {
        client_id: client_id(),
        project_id: Some(project_id()),
        deposit_of: None,
        currency: Currency::USD,
        lines: vec![
            Line {
                description: of("Design of the shop\nSecond round"),
                quantity: of("12.5"),
                unit_price: of("95.123456"),
                unit: Some(of("HUR")),
                discount: Some(Discount::Percent(of("10"))),
                taxes: vec![
                    Tax::standard(of("VAT"), of("19")),
                    Tax {
                        compound: true,
                        ..Tax::standard(of("City tax"), of("1.5"))
                    },
                    withholding(),
                ],
                period: Some(period()),
                project_id: Some(project_id()),
                scope_line_id: None,
                deposit_id: None,
            },
            Line {
                description: of("Abroad"),
                quantity: of("1"),
                unit_price: of("200"),
                unit: None,
                discount: Some(Discount::Amount(of("5"))),
                taxes: vec![Tax {
                    kind: TaxKind::ReverseCharge,
                    ..Tax::standard(of("VAT"), of("0"))
                }],
                period: None,
                project_id: None,
                scope_line_id: None,
                deposit_id: None,
            },
        ],
        discount: Some(Discount::Amount(of("20"))),
        charges: vec![Charge {
            description: of("Courier"),
            amount: of("9.9"),
            taxes: vec![Tax::standard(of("VAT"), of("19"))],
        }],
        terms: terms(),
        purchase_order: Some(of("PO-4711")),
        buyer_reference: Some(of("04011000-12345-03")),
        supply: Some(Supply::Period(period())),
        late_fee: Some(of("9 points above the base rate")),
        charge_late_fees: true,
        late_fee_rule: Some(late_fees::rule()),
        late_fee_of: None,
        notes: Some(of("Thank you.\n감사합니다.")),
        reminder_ladder: Some(Ladder::new(vec![0, 21]).unwrap()),
    }
}

pub(super) fn least_content() -> InvoiceContent {
    InvoiceContent {
        client_id: client_id(),
        project_id: None,
        deposit_of: None,
        currency: Currency::KRW,
        lines: vec![Line {
            description: of("A day"),
            quantity: of("1"),
            unit_price: of("110000"),
            unit: None,
            discount: None,
            taxes: vec![Tax {
                inclusive: true,
                ..Tax::standard(of("VAT"), of("10"))
            }],
            period: None,
            project_id: None,
            scope_line_id: None,
            deposit_id: None,
        }],
        discount: None,
        charges: Vec::new(),
        terms: PaymentTerms::of(Due::NetEom { days: 15 }),
        purchase_order: None,
        buyer_reference: None,
        supply: Some(Supply::On(of("2026-03-15"))),
        late_fee: None,
        charge_late_fees: false,
        late_fee_rule: None,
        late_fee_of: Some(id(77)),
        notes: None,
        reminder_ladder: None,
    }
}

/// An invoice that bills what was accepted.
fn scoped() -> IssuedInvoice {
    let mut scoped = IssuedInvoice {
        scope: vec![statement()],
        ..invoice()
    };
    scoped.content.lines[0].scope_line_id = Some(super::id(0x5101));
    scoped
}

fn statement() -> ScopeStatement {
    ScopeStatement {
        scope_line_id: super::id(0x5101),
        agreed: money("2000.00 USD"),
        billed_before: money("500.00 USD"),
        this: money("1050.16 USD"),
        taxes: vec![TaxPart {
            tax: Tax::standard(of("VAT"), of("19")),
            base: money("1050.16 USD"),
            amount: money("199.53 USD"),
        }],
    }
}

fn period() -> Period {
    Period::new(of("2026-03-01"), of("2026-03-15")).unwrap()
}

fn draft(content: InvoiceContent) -> DraftInvoice {
    DraftInvoice {
        account_id: account_id(),
        id: invoice_id(),
        totals: content.totals().unwrap(),
        scope: Vec::new(),
        content,
        sections: sections(),
        work_entries: 0,
        content_hash: Some(ContentHash::of(b"a draft")),
        review: review(),
        created_on: of("2026-03-16"),
        created_at: of("2026-03-16T22:59:59.999Z"),
        updated_at: of("2026-03-17T04:00:00Z"),
    }
}

fn with_work() -> DraftInvoice {
    DraftInvoice {
        work_entries: 2,
        ..draft(least_content())
    }
}

fn sections() -> Vec<Section> {
    vec![Section {
        project_id: Some(super::project_id()),
        name: Some(of("Relaunch 2026")),
        team: Some(of("Web")),
        subtotal: money("1000.00 USD"),
        payable: money("1200.00 USD"),
    }]
}

fn invoice() -> IssuedInvoice {
    let (account, client) = (account(), client());
    IssuedInvoice {
        account_id: account_id(),
        id: invoice_id(),
        number: of("INV-2026-00042"),
        issue_on: of("2026-03-17"),
        due_on: of("2026-04-16"),
        totals: content().totals().unwrap(),
        scope: Vec::new(),
        content: content(),
        sections: sections(),
        work_entries: 2,
        checked: Checked::Approved(approval()),
        opening: true,
        seller: PartyCopy {
            name: account.name,
            address: account.address,
            tax_ids: account.tax_ids,
            electronic_address: None,
            contact: None,
        },
        buyer: PartyCopy {
            name: client.name,
            address: client.address,
            tax_ids: client.tax_ids,
            electronic_address: None,
            contact: None,
        },
        language: Language::Ko,
        rate: Some(rate()),
        deposit_rates: vec![DepositRate {
            deposit_id: super::id(0x53),
            rate: rate(),
        }],
        created_at: of("2026-03-16T22:59:59.999Z"),
        issued_at: of("2026-03-17T05:00:00.123456Z"),
    }
}

fn standing() -> Standing {
    Standing {
        account_id: account_id(),
        invoice_id: invoice_id(),
        client_id: client_id(),
        project_ids: vec![super::project_id()],
        shares: vec![Share {
            project_id: Some(super::project_id()),
            payable: money("1200.00 USD"),
            credited: Some(money("50.00 USD")),
            directed: Some(money("100.00 USD")),
        }],
        number: of("INV-2026-00042"),
        nature: Nature::LateFee,
        issue_on: of("2026-03-17"),
        due_on: of("2026-04-16"),
        instalments: Some(InstalmentPlan {
            agreed_at: of("2026-04-01T09:00:00Z"),
            parts: vec![Instalment {
                due_on: of("2026-05-16"),
                amount: money("749.50 USD"),
            }],
            settled_before: money("450.50 USD"),
            document_due_on: of("2026-04-16"),
        }),
        terms: terms(),
        time_zone: of("Asia/Seoul"),
        language: Language::Ko,
        status: Status::Open,
        payable: money("1200.00 USD"),
        paid: money("400.00 USD"),
        credited: money("50.00 USD"),
        written_off: money("0.50 USD"),
        rate: Some(rate()),
        processing: vec![Processing {
            attempt_id: attempt_id(),
            amount: money("749.50 USD"),
            since: of("2026-04-10T08:00:00Z"),
        }],
        payments: vec![AppliedPayment {
            id: payment_id(),
            on: of("2026-04-02"),
            amount: money("400.00 USD"),
            rail: Rail::BankTransfer,
            reference: Some(RailReference::parse("F24-000123").unwrap()),
            applied_at: Some(of("2026-04-03T09:00:00Z")),
            from_balance: true,
        }],
        turns: vec![Turn {
            payment_id: payment_id(),
            received_on: of("2026-04-02"),
            applied_at: Some(of("2026-04-03T09:00:00Z")),
            from_balance: true,
            what: TurnKind::Refunded,
            amount: money("20.00 USD"),
            at: of("2026-04-04T09:00:00Z"),
        }],
        credits: vec![AppliedCredit {
            id: super::id(0x6100),
            number: of("CN-2026-0001"),
            on: of("2026-04-03"),
            amount: money("50.00 USD"),
        }],
        write_offs: Vec::new(),
        disputes: vec![
            LineDispute {
                place: 0,
                amount: money("20.00 USD"),
                opened_at: of("2026-04-05T09:00:00Z"),
                state: LineDisputeState::Open,
            },
            LineDispute {
                place: 1,
                amount: money("10.00 USD"),
                opened_at: of("2026-04-05T09:00:00Z"),
                state: LineDisputeState::Upheld {
                    resolved_at: of("2026-04-06T09:00:00Z"),
                },
            },
        ],
        reminders: Reminders {
            cycle: 2,
            last: Some(-3),
            next: Some(ReminderTimer {
                offset_days: 0,
                at: of("2026-04-16T00:00:00Z"),
            }),
            hold: Some(Hold::Refund),
        },
        follow_ups: FollowUps {
            ladder: Some(Ladder::new(vec![0, 21]).unwrap()),
            client: Some(Box::new(ClientRules {
                ladder: None,
                send_at: None,
                business_days_only: Some(true),
                holidays_of: Some(of("US")),
            })),
            promises: vec![
                Promise {
                    on: of("2026-04-10"),
                    made_at: of("2026-04-02T09:00:00Z"),
                    by: PromisedBy::Client,
                    replaced_at: Some(of("2026-04-03T09:00:00Z")),
                    broken_at: None,
                },
                Promise {
                    on: of("2026-04-12"),
                    made_at: of("2026-04-03T09:00:00Z"),
                    by: PromisedBy::Member(ActorId::Member(super::member_id())),
                    replaced_at: None,
                    broken_at: Some(of("2026-04-13T13:00:00Z")),
                },
            ],
            pauses: vec![Pause {
                since: of("2026-04-01T09:00:00Z"),
                by: ActorId::Member(super::member_id()),
                until: None,
                resumed_at: Some(of("2026-04-02T08:00:00Z")),
            }],
        },
        late_fees_from: Some(of("2026-04-01")),
        link_generation: 3,
        sent_at: Some(of("2026-03-17T05:00:00.123456Z")),
    }
}

fn least_standing() -> Standing {
    Standing {
        project_ids: Vec::new(),
        shares: Vec::new(),
        nature: Nature::Bill,
        instalments: None,
        status: Status::Paid {
            paid_at: of("2026-03-17T05:00:00Z"),
        },
        terms: PaymentTerms::of(Due::DueOnReceipt),
        payable: money("0.00 USD"),
        paid: money("0.00 USD"),
        credited: money("0.00 USD"),
        written_off: money("0.00 USD"),
        rate: None,
        processing: Vec::new(),
        payments: Vec::new(),
        turns: Vec::new(),
        credits: Vec::new(),
        disputes: Vec::new(),
        reminders: Reminders {
            cycle: 1,
            last: None,
            next: None,
            hold: None,
        },
        follow_ups: FollowUps::default(),
        late_fees_from: None,
        link_generation: 1,
        sent_at: None,
        ..standing()
    }
}

fn uncollectible_standing() -> Standing {
    Standing {
        status: Status::Uncollectible {
            since: of("2026-05-18T05:00:00Z"),
        },
        write_offs: vec![WriteOff {
            id: super::id(0x6200),
            kind: WriteOffKind::BadDebt,
            amount: money("20.00 USD"),
            recovered: money("5.00 USD"),
            reason: Some(of("They have closed")),
            on: of("2026-05-18"),
            by: Some(ActorId::Member(super::member_id())),
            payment_id: Some(super::payment_id()),
            reversed_at: Some(of("2026-05-19T05:00:00Z")),
        }],
        ..least_standing()
    }
}

fn void_standing() -> Standing {
    Standing {
        status: Status::Void {
            voided_at: of("2026-03-18T05:00:00Z"),
            reason: Some("Billed twice".to_owned()),
        },
        ..least_standing()
    }
}

fn delivery(kind: DeliveryKind, state: DeliveryState) -> Delivery {
    let invoice_id = invoice_id();
    delivery_about(About::Invoice { invoice_id, kind }, state)
}

fn delivery_about(about: About, state: DeliveryState) -> Delivery {
    Delivery {
        id: delivery_id(),
        account_id: account_id(),
        client_id: Some(client_id()),
        about,
        covers: Vec::new(),
        is_charged: false,
        state,
        tries: 2,
        doubts: 0,
        created_at: of("2026-04-02T11:00:00Z"),
    }
}

/// To a colleague: there is no client.
fn subscription_notice() -> Delivery {
    let about = About::Subscription {
        subscription_id: id(0x71),
        kind: SubscriptionDeliveryKind::SubscriptionNotice {
            number: 7,
            billed_on: of("2026-03-04"),
            amount: Some(money("310.00 EUR")),
            charged: true,
        },
    };
    let now = of("2026-03-01T09:00:00Z");
    Delivery::requested(delivery_id(), account_id(), client_id(), about, now)
}

fn asked_statement() -> Delivery {
    let about = About::Statement {
        statement_of: client_id(),
        days: Period::new(of("2026-03-01"), of("2026-03-31")).unwrap(),
        currency: Some(Currency::EUR),
        kind: StatementDeliveryKind::Statement,
    };
    let now = of("2026-04-01T07:00:00Z");
    Delivery::requested(delivery_id(), account_id(), client_id(), about, now)
}

fn monthly_statement() -> Delivery {
    let about = About::Statement {
        statement_of: client_id(),
        days: Period::new(of("2026-03-01"), of("2026-03-31")).unwrap(),
        currency: None,
        kind: StatementDeliveryKind::MonthlyStatement,
    };
    let now = of("2026-04-01T07:00:00Z");
    Delivery::requested(delivery_id(), account_id(), client_id(), about, now)
        .not_before(of("2026-04-01T13:00:00Z"))
}

fn thanks() -> Delivery {
    let about = About::Project {
        project_id: project_id(),
        kind: ProjectDeliveryKind::ProjectThanks,
    };
    let now = of("2026-03-01T09:00:00Z");
    Delivery::requested(delivery_id(), account_id(), client_id(), about, now)
}

fn mail_test() -> Delivery {
    let about = About::MailTest {
        text_kind: TextKind::Receipt,
        language: Language::Ko,
        words_for: Some(client_id()),
        tested_by: Some(id(0x53)),
        kind: MailTestKind::MailTest,
    };
    let now = of("2026-03-01T09:00:00Z");
    Delivery::requested(delivery_id(), account_id(), None, about, now)
}

/// The agency's words, with all that a text can be.
fn mail_texts() -> MailTexts {
    let texts = json!({
        "en": {"receipt": {
            "greeting": "Dear {{contact_name}},",
            "opening": "{{amount_paid}} is here.\nThank you!",
            "closing": "Warmly, the team at {{agency_name}}"
        }},
        "ko": {"reminder_final": {"closing": "감사합니다."}}
    });
    MailTexts {
        account_id: account_id(),
        client_id: Some(client_id()),
        texts: serde_json::from_value(texts).unwrap(),
        updated_at: of("2026-03-01T09:00:00Z"),
    }
}

fn invitation(state: DeliveryState) -> Delivery {
    let about = About::Invitation {
        member_id: super::id(0xf3),
        kind: InvitationDeliveryKind::Invitation,
    };
    Delivery {
        client_id: None,
        ..delivery_about(about, state)
    }
}

fn deliveries() -> Vec<Sample> {
    let at = of("2026-04-02T11:00:05Z");
    let receipt = DeliveryKind::Receipt {
        payment_id: payment_id(),
        amount: money("410.00 USD"),
        kept: money("10.00 USD"),
        received_on: of("2026-04-02"),
        rail: Rail::BankTransfer,
    };
    let reminder = DeliveryKind::Reminder {
        offset_days: -3,
        cycle: 1,
        tone: None,
        promised_on: None,
    };
    let requested = event(
        EventKind::DeliveryRequested,
        json!({ "delivery_id": delivery_id(), "delivery_kind": "receipt" }),
    );
    let sent = DeliveryState::Sent {
        at,
        message_id: Some("0100018f-0c1d".to_owned()),
    };
    let confirmed = DeliveryState::Sent {
        at,
        message_id: None,
    };
    let cancelled = DeliveryState::Cancelled {
        at,
        reason: CancelReason::NothingDue,
    };
    let failed = DeliveryState::Failed {
        at,
        reason: FailReason::TriesExhausted,
    };
    let pending = DeliveryState::Pending { not_before: at };
    let code = About::Offer {
        offer: OfferTo {
            estimate_id: super::id(0x51),
            version: 2,
            signer_id: super::id(0x5200),
        },
        kind: OfferDeliveryKind::SigningCode,
    };
    let instalments = DeliveryKind::Instalments {
        agreed_at: of("2026-04-01T09:00:00Z"),
    };
    let credit = DeliveryKind::CreditNote {
        credit_note_id: super::id(0x6100),
    };
    let claimed = DeliveryState::Claimed {
        claim_id: super::id(54),
        until: at,
    };
    let unconfirmed = DeliveryState::Unconfirmed { at };
    let returned = DeliveryKind::InvoiceMailReturned(Returned {
        delivery_id: id(0x73),
    });
    vec![
        whole(delivery(receipt, sent), vec![requested]),
        shape("pending", delivery(DeliveryKind::Invoice, pending.clone())),
        shape("claimed", delivery(reminder, claimed)),
        shape("unconfirmed", delivery(reminder, unconfirmed)),
        shape("cancelled", delivery(reminder, cancelled)),
        shape("failed", delivery(DeliveryKind::VoidNotice, failed)),
        shape("confirmed", delivery(DeliveryKind::VoidNotice, confirmed)),
        shape("instalments", delivery(instalments, pending.clone())),
        shape("mail_returned", delivery(returned, pending.clone())),
        shape("credit_note", delivery(credit, pending.clone())),
        shape(
            "receipt_of_several",
            delivery(receipt, pending.clone()).covering(vec![Covered {
                number: of("INV-2026-00001"),
                amount: money("400.00 USD"),
            }]),
        ),
        shape("offer", delivery_about(code, pending.clone())),
        shape("invitation", invitation(pending)),
        shape("mail_test", mail_test()),
        shape("project", thanks()),
        shape("subscription", subscription_notice()),
        shape("statement", asked_statement()),
        shape("monthly_statement", monthly_statement()),
    ]
}

fn attempt(state: AttemptState) -> Attempt {
    Attempt {
        id: attempt_id(),
        account_id: account_id(),
        client_id: client_id(),
        invoice_id: invoice_id(),
        provider: "stripe".to_owned(),
        amount: money("749.50 USD"),
        shares: Vec::new(),
        chosen: false,
        state,
        created_at: of("2026-04-10T08:00:00Z"),
        keep: None,
        method_id: None,
        code: None,
    }
}

/// A page whose payer lets the agency keep what they pay with.
fn kept(attempt: Attempt, state: KeepState) -> Attempt {
    let keep = Keep {
        consent: super::money::consent(),
        state,
    };
    Attempt {
        keep: Some(keep),
        ..attempt
    }
}

fn attempts() -> Vec<Sample> {
    let ready = AttemptState::Ready {
        session: "cs_test_a1b2".to_owned(),
        url: "https://checkout.stripe.com/c/pay/cs_test_a1b2".to_owned(),
        expires_at: of("2026-04-11T07:00:00Z"),
    };
    let processing = AttemptState::Processing {
        look_at: of("2026-04-11T08:00:00Z"),
    };
    let closed = AttemptState::Closed {
        reason: ClosedReason::Superseded,
    };
    let share = |invoice_id, amount: &str| AttemptShare {
        invoice_id,
        amount: money(amount),
    };
    let several = Attempt {
        shares: vec![
            share(invoice_id(), "700.00 USD"),
            share(super::id(0xf7), "49.50 USD"),
        ],
        chosen: true,
        ..attempt(ready.clone())
    };
    let mark = AttemptState::PartOf {
        lead_invoice_id: invoice_id(),
    };
    let look = KeepState::Due {
        payment: remit_billing::payment::RailReference::parse("pi_3PqT8x2eZvKYlo2C1a").unwrap(),
        look_at: of("2026-04-10T09:02:00Z"),
        looks: 1,
    };
    let saved = KeepState::Saved {
        method_id: super::money::method_id(),
    };
    let declined = Attempt {
        method_id: Some(super::money::method_id()),
        code: Some("insufficient_funds".to_owned()),
        ..attempt(AttemptState::Closed {
            reason: ClosedReason::Declined,
        })
    };
    vec![
        shape("keep", kept(attempt(ready.clone()), KeepState::Asked)),
        shape("to_keep", kept(attempt(AttemptState::Paid), look)),
        shape("kept", kept(attempt(AttemptState::Paid), saved)),
        shape(
            "kept_nothing",
            kept(attempt(AttemptState::Paid), KeepState::Nothing),
        ),
        shape("declined", declined),
        whole(several, vec![]),
        shape("ready", attempt(ready)),
        shape("part_of", attempt(mark)),
        shape("started", attempt(AttemptState::Started)),
        shape("paid", attempt(AttemptState::Paid)),
        shape("processing", attempt(processing)),
        shape("closed", attempt(closed)),
    ]
}
