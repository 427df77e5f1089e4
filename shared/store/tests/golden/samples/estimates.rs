//! Estimates, what was sent of them, and what was accepted.

use remit_billing::actor::ActorId;
use remit_billing::approval::{Approval, Checked, Rejection, Review, Submission};
use remit_billing::canonical::ContentHash;
use remit_billing::delivery::DocumentId;
use remit_billing::estimate::{
    Acceptance, AcceptanceFile, Accepted, AcceptedElsewhere, Choice, Deliverable, Deposit, Draft,
    Estimate, EstimateCharge, EstimateContent, EstimateLine, Key, Milestone, Offer, OfferState,
    Outcome, PastVersion, PaymentSchedule, Rest, SentCode, SentEstimate, Share, Signature, Signer,
    Signing, SigningChallenge,
};
use remit_billing::file::{File, FileFacts, MediaType};
use remit_billing::ids::{EstimateId, ScopeLineId, SignerId};
use remit_billing::invoice::PartyCopy;
use remit_billing::line::Discount;
use remit_billing::money::Currency;
use remit_billing::party::Language;
use remit_billing::scope::{
    Amendment, LineChange, MilestoneChange, OfferChange, Reached, Scope, ScopeDeposit, ScopeLine,
    ScopeMilestone, ScopeOffer, Target,
};
use remit_billing::tax::Tax;
use remit_billing::thread::{Message, MessageBy, ReplyMail, Thread};
use remit_billing::totals::{TaxPart, Totals};

use super::agency::terms;
use super::{
    Sample, account_id, api_key_id, client_id, id, late_fees, money, of, project_id, shape, whole,
};

pub(super) fn samples() -> Vec<Sample> {
    vec![
        whole(estimate(), vec![]),
        shape("draft", draft_estimate()),
        shape("accepted", with(accepted())),
        shape("declined", with(declined())),
        shape("withdrawn", with(withdrawn())),
        whole(sent_estimate(), vec![]),
        shape("unchecked", unchecked()),
        whole(scope(), vec![]),
        whole(challenge(), vec![]),
        whole(file(), vec![]),
        whole(thread(), vec![]),
        shape("answered", answered()),
        shape("answered_by_mail", answered_by_mail()),
        shape(
            "waiting",
            File {
                stored_at: None,
                ..file()
            },
        ),
        shape("used", challenge().used()),
        whole(acceptance(), vec![]),
        shape("elsewhere", elsewhere()),
    ]
}

fn estimate_id() -> EstimateId {
    id(0x51)
}

fn line_id(number: u128) -> ScopeLineId {
    id(0x5100 + number)
}

fn signer_id() -> SignerId {
    id(0x5200)
}

fn member() -> ActorId {
    ActorId::Member(id(0x5300))
}

fn hash() -> ContentHash {
    ContentHash::of(b"an estimate")
}

pub(super) fn approval() -> Approval {
    Approval {
        by: member(),
        at: of("2026-03-16T15:00:00Z"),
        content_hash: hash(),
    }
}

fn signer() -> Signer {
    Signer {
        id: signer_id(),
        name: Some(of("Jo Smith")),
        email: of("jo@acme.example"),
    }
}

fn line() -> EstimateLine {
    EstimateLine {
        id: line_id(1),
        section: Some(of("Build")),
        description: of("Site"),
        quantity: of("10"),
        unit_price: of("100"),
        unit: Some(of("HUR")),
        discount: Some(Discount::Percent(of("10"))),
        taxes: vec![Tax::standard(of("VAT"), of("19"))],
        optional: true,
        selected: true,
        not_before: Some(of("2026-05-01")),
    }
}

fn amendment() -> Amendment {
    let vat = Tax::standard(of("VAT"), of("19"));
    let line = |number: u128, to: Target| LineChange {
        scope_line_id: line_id(number),
        estimate_id: id(0x50),
        description: of("Photos"),
        to,
        quantity_before: of("4"),
        quantity_after: of("2"),
        agreed_before: money("400.00 EUR"),
        agreed_after: money("200.00 EUR"),
    };
    Amendment {
        estimate_id: id(0x50),
        number: of("EST-2026-0006"),
        total_before: money("952.00 EUR"),
        lines: vec![
            line(8, Target::Quantity(of("2"))),
            line(9, Target::Amount(of("200.00"))),
        ],
        offers: vec![OfferChange {
            estimate_id: id(0x50),
            number: of("EST-2026-0006"),
            total_before: money("952.00 EUR"),
            total_after: money("476.00 EUR"),
            taxes_after: vec![TaxPart {
                tax: vat,
                base: money("400.00 EUR"),
                amount: money("76.00 EUR"),
            }],
        }],
        milestones: vec![MilestoneChange {
            milestone_id: id(0x55),
            title: of("Launch"),
            amount_before: money("800.00 EUR"),
            amount_after: money("400.00 EUR"),
        }],
    }
}

fn content() -> EstimateContent {
    EstimateContent {
        client_id: client_id(),
        project_id: project_id(),
        currency: Currency::EUR,
        amendment: Some(amendment()),
        title: of("A new site"),
        introduction: Some(of("What we talked about.")),
        lines: vec![
            line(),
            EstimateLine {
                id: line_id(2),
                section: None,
                unit: None,
                discount: None,
                taxes: Vec::new(),
                optional: false,
                selected: false,
                not_before: None,
                ..line()
            },
        ],
        discount: Some(Discount::Amount(of("50"))),
        charges: vec![EstimateCharge {
            id: line_id(3),
            description: of("Travel"),
            amount: of("120.00"),
            taxes: vec![Tax::standard(of("VAT"), of("19"))],
        }],
        deliverables: vec![Deliverable {
            key: Key::parse("launch").unwrap(),
            title: of("The site is live"),
            description: Some(of("On your domain.")),
            due_on: Some(of("2026-06-01")),
        }],
        assumptions: vec![of("You bring the texts.")],
        exclusions: vec![of("Photography")],
        schedule: PaymentSchedule {
            deposit: Some(Deposit::Percent(of("30"))),
            milestones: vec![
                Milestone {
                    id: id(0x5401),
                    title: of("Design"),
                    share: Share::Amount(of("400.00")),
                    due_on: Some(of("2026-04-01")),
                    deliverable: None,
                },
                Milestone {
                    id: id(0x5402),
                    title: of("Build"),
                    share: Share::Percent(of("20")),
                    due_on: None,
                    deliverable: None,
                },
                Milestone {
                    id: id(0x5403),
                    title: of("Launch"),
                    share: Share::Remainder(Rest),
                    due_on: None,
                    deliverable: Some(Key::parse("launch").unwrap()),
                },
            ],
        },
        terms: terms(),
        late_fee: Some(of("9 points above the base rate.")),
        late_fee_rule: Some(late_fees::rule()),
        conditions: Some(of("All rights pass with the payment.")),
        valid_until: Some(of("2026-04-30")),
        signers: vec![signer()],
    }
}

fn least_content() -> EstimateContent {
    EstimateContent {
        introduction: None,
        discount: None,
        charges: Vec::new(),
        deliverables: Vec::new(),
        assumptions: Vec::new(),
        exclusions: Vec::new(),
        schedule: PaymentSchedule::default(),
        late_fee: None,
        late_fee_rule: None,
        conditions: None,
        valid_until: None,
        signers: Vec::new(),
        ..content()
    }
}

fn totals(content: &EstimateContent) -> Totals {
    content.check().unwrap().totals
}

pub(super) fn review() -> Review {
    Review {
        authors: vec![member(), ActorId::ApiKey(api_key_id())],
        submission: Some(Submission {
            by: member(),
            at: of("2026-03-16T14:00:00Z"),
        }),
        approval: Some(approval()),
        rejection: Some(Rejection {
            by: member(),
            at: of("2026-03-16T13:00:00Z"),
            reason: of("The deposit is missing."),
        }),
    }
}

fn draft() -> Draft {
    Draft {
        version: 3,
        totals: totals(&content()),
        change_total: Some(money("1000.00 EUR")),
        content: content(),
        content_hash: hash(),
        review: review(),
        written_at: of("2026-03-16T12:00:00Z"),
    }
}

fn signature() -> Signature {
    Signature {
        signer_id: signer_id(),
        email: of("jo@acme.example"),
        name: of("Jo Smith"),
        statement: "I accept this estimate for Acme.".to_owned(),
        document_hash: hash(),
        signed_at: of("2026-03-18T09:00:00Z"),
        ip: Some(of("203.0.113.7")),
        user_agent: Some(of("Mozilla/5.0")),
    }
}

fn choice() -> Choice {
    Choice([line_id(1)].into())
}

fn offer(state: OfferState) -> Offer {
    Offer {
        version: 2,
        total: money("2222.92 EUR"),
        sent_at: of("2026-03-17T05:00:00Z"),
        valid_until: of("2026-04-30"),
        time_zone: of("Europe/Berlin"),
        expiry_notice_at: Some(of("2026-04-27T07:00:00Z")),
        state,
    }
}

fn estimate() -> Estimate {
    Estimate {
        account_id: account_id(),
        id: estimate_id(),
        client_id: client_id(),
        project_id: project_id(),
        currency: Currency::EUR,
        amends: Some(id(0x50)),
        title: of("A new site"),
        number: Some(of("EST-2026-0007")),
        draft: Some(draft()),
        offer: Some(offer(OfferState::Open {
            signing: Some(Signing {
                choice: choice(),
                document_hash: hash(),
                signatures: vec![signature()],
            }),
        })),
        past: vec![PastVersion {
            version: 1,
            sent_at: of("2026-03-10T05:00:00Z"),
            outcome: Outcome::Superseded,
            ended_at: of("2026-03-17T05:00:00Z"),
        }],
        link_generation: 2,
        created_at: of("2026-03-09T12:00:00Z"),
        updated_at: of("2026-03-18T09:00:00Z"),
    }
}

fn draft_estimate() -> Estimate {
    let content = least_content();
    Estimate {
        number: None,
        draft: Some(Draft {
            version: 1,
            totals: totals(&content),
            content,
            review: Review {
                authors: review().authors,
                ..Review::default()
            },
            ..draft()
        }),
        offer: None,
        past: Vec::new(),
        ..estimate()
    }
}

fn accepted() -> OfferState {
    OfferState::Accepted {
        at: of("2026-03-18T09:00:00Z"),
        document_hash: hash(),
        total: money("2222.92 EUR"),
    }
}

fn declined() -> OfferState {
    OfferState::Declined {
        at: of("2026-03-18T09:00:00Z"),
        reason: of("Too much for us."),
    }
}

fn withdrawn() -> OfferState {
    OfferState::Withdrawn {
        at: of("2026-03-18T09:00:00Z"),
        by: member(),
        reason: Some(of("The dates no longer hold.")),
    }
}

fn with(state: OfferState) -> Estimate {
    Estimate {
        draft: None,
        offer: Some(offer(state)),
        ..estimate()
    }
}

fn party(name: &str) -> PartyCopy {
    PartyCopy {
        name: of(name),
        address: None,
        tax_ids: Vec::new(),
        electronic_address: None,
        contact: None,
    }
}

fn sent_estimate() -> SentEstimate {
    SentEstimate {
        account_id: account_id(),
        estimate_id: estimate_id(),
        version: 2,
        number: of("EST-2026-0007"),
        totals: totals(&content()),
        change_total: Some(money("1000.00 EUR")),
        content: content(),
        content_hash: hash(),
        seller: party("Nordlicht Studio GmbH"),
        buyer: party("Acme"),
        language: Language::En,
        signers: vec![signer()],
        all_sign: true,
        checked: Checked::Approved(approval()),
        sent_on: of("2026-03-17"),
        valid_until: of("2026-04-30"),
        sent_at: of("2026-03-17T05:00:00Z"),
        sent_by: member(),
        erased: vec![signer().id],
    }
}

fn unchecked() -> SentEstimate {
    let content = EstimateContent {
        amendment: None,
        ..content()
    };
    SentEstimate {
        totals: totals(&content),
        content,
        change_total: None,
        all_sign: false,
        checked: Checked::Unchecked,
        erased: Vec::new(),
        ..sent_estimate()
    }
}

fn scope() -> Scope {
    let part = TaxPart {
        tax: Tax::standard(of("VAT"), of("19")),
        base: money("1000.00 USD"),
        amount: money("190.00 USD"),
    };
    let milestone = |number: u128, reached: Option<Reached>| ScopeMilestone {
        id: id(0x5600 + number),
        estimate_id: estimate_id(),
        title: of("Design"),
        amount: money("400.00 USD"),
        due_on: Some(of("2026-05-01")),
        deliverable: Some(Key::parse("design").unwrap()),
        reached,
    };
    let (by, at) = (member(), of("2026-04-01T09:00:00Z"));
    let note = of("Ada wrote that we may.");
    Scope {
        account_id: account_id(),
        project_id: project_id(),
        currency: Currency::USD,
        offers: vec![ScopeOffer {
            estimate_id: estimate_id(),
            version: 2,
            number: of("EST-2026-0001"),
            amends: Some(id(0x50)),
            accepted_at: of("2026-03-20T10:10:00Z"),
            title: of("Relaunch"),
            total: money("1190.00 USD"),
            deposit: Some(money("357.00 USD")),
            asked: Some(ScopeDeposit {
                invoice_id: id(0x5700),
                number: of("INV-2026-00007"),
                nets: vec![(vec![part.tax.clone()], money("300.00 USD"))],
                taxes: vec![TaxPart {
                    base: money("300.00 USD"),
                    amount: money("57.00 USD"),
                    ..part.clone()
                }],
                deducted: true,
            }),
            late_fee_rule: Some(late_fees::rule()),
            accepted: vec![part.clone()],
            billed: vec![part],
        }],
        lines: vec![ScopeLine {
            id: line_id(1),
            estimate_id: estimate_id(),
            description: of("Design of the shop"),
            quantity: of("10"),
            unit_price: of("100"),
            unit: Some(of("HUR")),
            taxes: vec![Tax::standard(of("VAT"), of("19"))],
            agreed: money("1000.00 USD"),
            billed: money("250.00 USD"),
            not_before: Some(of("2026-04-01")),
        }],
        milestones: vec![
            milestone(1, None),
            milestone(2, Some(Reached::Delivered { by, at })),
            milestone(3, Some(Reached::ClientAgreed { by, at, note })),
        ],
        updated_at: of("2026-04-01T09:00:00Z"),
    }
}

fn thread() -> Thread {
    Thread {
        account_id: account_id(),
        document: DocumentId::Estimate(estimate_id()),
        number: of("EST-2026-0007"),
        client_id: client_id(),
        project_ids: vec![project_id()],
        messages: vec![asked().about_line(1)],
    }
}

fn asked() -> Message {
    let email = Some(of("jo@acme.example"));
    let text = of("Is the shop in it?");
    Message::new(
        MessageBy::Client { email },
        text,
        of("2026-03-18T09:00:00Z"),
    )
}

fn answered() -> Thread {
    let text = of("It is an option: tick it.");
    let by = MessageBy::Agency { by: member() };
    let answer = Message::new(by, text, of("2026-03-18T10:00:00Z"));
    thread().with(answer).unwrap()
}

fn answered_by_mail() -> Thread {
    let mail = ReplyMail::new(hash(), id(0x5501), vec!["terms.pdf".to_owned()], true);
    let email = of("hello@studio.example");
    let text = of("It is in the terms.");
    let answer = Message::new(
        MessageBy::Mailbox { email },
        text,
        of("2026-03-18T11:00:00Z"),
    );
    thread().with(answer.by_mail(mail)).unwrap()
}

fn file() -> File {
    File {
        account_id: account_id(),
        id: id(0x5500),
        facts: FileFacts {
            name: of("contract.pdf"),
            media_type: MediaType::parse("application/pdf").unwrap(),
            bytes: 48_213,
            sha256: hash(),
        },
        created_by: Some(member()),
        created_at: of("2026-03-20T10:00:00Z"),
        stored_at: Some(of("2026-03-20T10:00:05Z")),
    }
}

fn challenge() -> SigningChallenge {
    SigningChallenge {
        account_id: account_id(),
        estimate_id: estimate_id(),
        signer_id: signer_id(),
        code: Some(SentCode {
            delivery_id: id(0x5400),
            for_version: 2,
            until: of("2026-03-20T10:15:00Z"),
            wrong: 1,
        }),
        asked: vec![of("2026-03-20T10:00:00Z")],
    }
}

fn acceptance() -> Acceptance {
    Acceptance {
        account_id: account_id(),
        estimate_id: estimate_id(),
        version: 2,
        client_id: client_id(),
        project_id: project_id(),
        choice: choice(),
        document: "{\"format\":\"remit.estimate/1\"}".to_owned(),
        document_hash: hash(),
        total: money("2222.92 EUR"),
        accepted: Accepted::Signed(vec![signature()]),
        accepted_at: of("2026-03-18T09:00:00Z"),
    }
}

fn elsewhere() -> Acceptance {
    let accepted = AcceptedElsewhere {
        name: of("Jo Smith"),
        reference: Some(of("PO-4711")),
        accepted_on: of("2026-03-18"),
        recorded_by: member(),
        file: AcceptanceFile {
            id: Some(id(0x5500)),
            name: of("po-4711.pdf"),
            media_type: MediaType::parse("application/pdf").unwrap(),
            bytes: 48_211,
            sha256: hash(),
        },
    };
    Acceptance {
        accepted: Accepted::Elsewhere(accepted),
        ..acceptance()
    }
}
