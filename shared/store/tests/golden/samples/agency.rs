//! The account, its keys, its clients.

use std::collections::BTreeMap;

use jiff::civil::time;
use remit_billing::account::{Account, PaymentInstruction, ProviderSetup, Role};
use remit_billing::actor::ActorId;
use remit_billing::approval::{ApprovalPolicies, ApprovalPolicy};
use remit_billing::bank_account::AccountIdentifier;
use remit_billing::brand::{Brand, Logo, LogoFacts};
use remit_billing::canonical::ContentHash;
use remit_billing::client::{Client, ClientBalance, InvoiceGrouping};
use remit_billing::e_invoice::transmission::NetworkName;
use remit_billing::follow_up::{
    AgencyFollowUps, BouncedAddress, ClientFollowUps, Pause, SendWindow,
};
use remit_billing::identity::LinkedIdentity;
use remit_billing::invitation::Invitation;
use remit_billing::late_fee::FeeAutomation;
use remit_billing::ledger::BookRate;
use remit_billing::member::{Member, Roster};
use remit_billing::money::Currency;
use remit_billing::notices::{AgencyNotices, ClientNotices};
use remit_billing::party::{Address, Contact, ElectronicAddress, Language, TaxId};
use remit_billing::payment::Tolerance;
use remit_billing::project::Project;
use remit_billing::reminder::{Ladder, Step as ReminderStep, StepDoes, Tone};
use remit_billing::retention::Retention;
use remit_billing::tax::{RoundMode, RoundTo, Step, Tax, TaxKind};
use remit_billing::terms::{Due, EarlyPayment, PaymentTerms};
use remit_billing::ways_to_pay::{ClientPartPayments, Interac, PartPayments, TransferAccount};
use remit_store::records::{ApiKey, ApiKeyLookup, IdentityLookup, InvitationLookup};
use remit_store::request::{RequestReceipt, StoredResponse};

use super::{
    Sample, account_id, api_key_id, client_id, delivery_id, id, late_fees, member_id, money, of,
    project_id, shape, whole,
};

pub(super) fn samples() -> Vec<Sample> {
    let key = api_key();
    let lookup = ApiKeyLookup {
        hash: key.hash.clone(),
        account_id: account_id(),
        id: api_key_id(),
        role: Role::Manager,
        member_id: key.member_id,
        project_ids: key.project_ids.clone(),
        revoked_at: key.revoked_at,
    };
    // As they were before keys belonged to members or to projects.
    let key_in_use = ApiKey {
        member_id: None,
        project_ids: None,
        created_by: None,
        revoked_at: None,
        ..key.clone()
    };
    let lookup_in_use = ApiKeyLookup {
        member_id: None,
        project_ids: None,
        revoked_at: None,
        ..lookup.clone()
    };
    let linked = IdentityLookup {
        unlinked_at: None,
        ..identity()
    };
    vec![
        whole(account(), vec![]),
        shape("least", least_account()),
        whole(logo(), vec![]),
        whole(client(), vec![]),
        shape("least", least_client()),
        whole(balance(), vec![]),
        shape("own", own_balance()),
        whole(project(), vec![]),
        shape("active", active_project()),
        whole(key, vec![]),
        shape("in_use", key_in_use),
        whole(lookup, vec![]),
        shape("in_use", lookup_in_use),
        whole(roster(), vec![]),
        whole(invitation(), vec![]),
        whole(identity(), vec![]),
        shape("linked", linked),
        whole(receipt(), vec![]),
    ]
}

fn project() -> Project {
    Project {
        account_id: account_id(),
        id: project_id(),
        client_id: client_id(),
        name: of("Relaunch 2026"),
        team: Some(of("Web")),
        member_ids: vec![id(0x53)],
        currency: of("CHF"),
        created_at: of("2026-02-01T08:00:00Z"),
        updated_at: of("2026-06-30T15:30:00.5Z"),
        closed_at: Some(of("2026-06-30T15:30:00.5Z")),
        thanked_at: Some(of("2026-06-30T15:30:00.5Z")),
    }
}

fn active_project() -> Project {
    Project {
        team: None,
        member_ids: Vec::new(),
        closed_at: None,
        thanked_at: None,
        ..project()
    }
}

fn address() -> Address {
    Address {
        line1: of("Münzstraße 5"),
        line2: Some(of("Hinterhof")),
        city: of("Berlin"),
        region: Some(of("BE")),
        postal_code: Some(of("10178")),
        country: of("DE"),
    }
}

fn tax_id() -> TaxId {
    TaxId {
        scheme: Some(of("eu_vat")),
        value: of("DE123456789"),
    }
}

/// Net 30, with a discount for those who pay within ten days.
pub(super) fn terms() -> PaymentTerms {
    PaymentTerms {
        due: Due::Net { days: 30 },
        early_payment: Some(EarlyPayment::new(of("2"), 10).unwrap()),
    }
}

pub(super) fn rate() -> BookRate {
    BookRate {
        currency: Currency::EUR,
        rate: of("0.9215"),
        on: of("2026-03-16"),
        source: "ECB".to_owned(),
    }
}

/// A tax with everything that a tax can have.
pub(super) fn withholding() -> Tax {
    Tax {
        name: of("IRPF"),
        rate: of("15"),
        kind: TaxKind::Withholding,
        inclusive: false,
        compound: false,
        reason: Some(of("Art. 101 LIRPF")),
        round: Some(RoundTo {
            to: Step::parse("10").unwrap(),
            mode: RoundMode::Down,
        }),
    }
}

pub(super) fn account() -> Account {
    Account {
        id: account_id(),
        name: of("Nordlicht Studio"),
        legal_name: Some(of("Nordlicht Studio GmbH")),
        email: of("billing@nordlicht.example"),
        address: Some(address()),
        tax_ids: vec![tax_id()],
        electronic_address: None,
        e_invoice_network: Some(NetworkName::FileDrop),
        phone: None,
        brand: Brand {
            colour: Some(of("#1d4ed8")),
            logo: Some(logo().facts),
        },
        time_zone: of("Europe/Berlin"),
        currency: Currency::EUR,
        language: Language::En,
        terms: terms(),
        invoice_numbers: of("INV-{year}-{seq:5}"),
        estimate_numbers: of("EST-{year}-{seq:4}"),
        change_order_numbers: of("CO-{year}-{seq:4}"),
        credit_note_numbers: of("CN-{year}-{seq:4}"),
        approvals: ApprovalPolicies {
            estimates: Some(ApprovalPolicy::Always),
            change_orders: Some(ApprovalPolicy::Above { amount: of("1000") }),
            subscriptions: None,
            invoices: Some(ApprovalPolicy::Never),
        },
        tax_rates: vec![Tax::standard(of("VAT"), of("19")), withholding()],
        reminder_ladder: Ladder::of(vec![
            ReminderStep::plain(-3),
            ReminderStep::plain(0),
            ReminderStep::plain(7),
            ReminderStep {
                offset_days: 30,
                does: StepDoes::Remind(Some(Tone::Final)),
            },
            ReminderStep {
                offset_days: 45,
                does: StepDoes::HandOver(Some(member_id())),
            },
        ])
        .unwrap(),
        notices: AgencyNotices {
            attach_documents: false,
            attach_calendar: false,
            project_thanks: false,
            estimate_expiry_days: None,
            charge_notice_days: Some(14),
            bill_notice_days: Some(1),
            statement_day: Some(5),
        },
        retention: Retention {
            documents_years: 30,
            contacts_years: Some(3),
        },
        follow_ups: AgencyFollowUps {
            send_at: Some(window()),
            business_days_only: true,
            holidays_of: Some(of("KR")),
            days_off: [of("2026-12-24")].into(),
        },
        payment_instructions: vec![PaymentInstruction {
            currency: Some(Currency::EUR),
            title: of("Bank transfer"),
            text: of("IBAN DE02 1203 0000 0000 2020 51\nBIC BYLADEM1001"),
        }],
        transfer_accounts: vec![TransferAccount {
            id: super::id(0x41),
            holder: Some(of("Northlight Studio GmbH")),
            identifier: AccountIdentifier::parse("DE02 1203 0000 0000 2020 51").unwrap(),
            bic: Some(of("BYLADEM1001")),
            bank: Some(of("Deutsche Kreditbank")),
            currency: Currency::EUR,
        }],
        interac: Some(Interac {
            email: of("pay@northlight.example"),
        }),
        part_payments: Some(PartPayments {
            minimum_percent: Some(of("10")),
            minimum_amounts: vec![of("50.00 EUR")],
        }),
        payment_providers: BTreeMap::from([(
            "stripe".to_owned(),
            ProviderSetup {
                configured_at: of("2026-01-05T10:00:00Z"),
                livemode: Some(true),
                method: Some("direct_debit".to_owned()),
            },
        )]),
        exchange_rates: BTreeMap::from([("USD".to_owned(), rate())]),
        cash_rounding: BTreeMap::from([(
            "CHF".to_owned(),
            RoundTo {
                to: Step::parse("0.05").unwrap(),
                mode: RoundMode::HalfUp,
            },
        )]),
        short_payment_tolerance: Tolerance {
            amounts: BTreeMap::from([("EUR".to_owned(), money("0.50 EUR"))]),
            percent: Some(of("1")),
        },
        apply_balance_at_issue: true,
        reference_rates: late_fees::rates(),
        late_fees: FeeAutomation::Draft,
        books_locked_until: Some(of("2026-02-28")),
        held: true,
        created_at: of("2026-01-02T09:30:00.5Z"),
        updated_at: of("2026-01-05T10:00:00Z"),
    }
}

fn logo() -> Logo {
    let png = b"\x89PNG\r\n\x1a\n and so on".to_vec();
    Logo {
        account_id: account_id(),
        facts: LogoFacts {
            sha256: ContentHash::of(&png),
            width: 600,
            height: 120,
        },
        png,
        created_at: of("2026-01-05T10:00:00Z"),
    }
}

fn least_account() -> Account {
    Account {
        legal_name: None,
        e_invoice_network: None,
        address: None,
        tax_ids: Vec::new(),
        tax_rates: Vec::new(),
        reminder_ladder: Ladder::new(Vec::new()).unwrap(),
        retention: Retention::default(),
        follow_ups: Default::default(),
        notices: Default::default(),
        terms: PaymentTerms::of(Due::DueOnReceipt),
        payment_instructions: Vec::new(),
        transfer_accounts: Vec::new(),
        brand: Default::default(),
        interac: None,
        part_payments: None,
        payment_providers: BTreeMap::new(),
        exchange_rates: BTreeMap::new(),
        cash_rounding: BTreeMap::new(),
        short_payment_tolerance: Default::default(),
        apply_balance_at_issue: false,
        reference_rates: Default::default(),
        late_fees: Default::default(),
        books_locked_until: None,
        held: false,
        ..account()
    }
}

pub(super) fn client() -> Client {
    Client {
        account_id: account_id(),
        id: client_id(),
        name: of("한빛 상점"),
        legal_name: Some(of("주식회사 한빛")),
        contacts: vec![
            Contact {
                name: Some(of("김하늘")),
                email: of("haneul@hanbit.example"),
                copy: false,
            },
            Contact {
                name: None,
                email: of("books@hanbit.example"),
                copy: true,
            },
        ],
        currency: Currency::KRW,
        language: Language::Ko,
        time_zone: of("Asia/Seoul"),
        terms: PaymentTerms::of(Due::On {
            date: of("2026-04-30"),
        }),
        address: Some(Address {
            line1: of("세종대로 110"),
            line2: None,
            city: of("서울"),
            region: None,
            postal_code: None,
            country: of("KR"),
        }),
        tax_ids: vec![TaxId {
            scheme: None,
            value: of("123-45-67890"),
        }],
        electronic_address: Some(ElectronicAddress {
            scheme: of("0088"),
            value: of("4000001123452"),
        }),
        e_invoice_profile: None,
        purchase_order_required: true,
        reminders: false,
        grouping: InvoiceGrouping::OnePerProject,
        apply_balance_at_issue: Some(false),
        late_fee_agreement: Some(late_fees::agreement()),
        part_payments: Some(ClientPartPayments::Allowed(PartPayments {
            minimum_percent: Some(of("20")),
            minimum_amounts: vec![of("100.00 EUR")],
        })),
        notices: ClientNotices {
            project_thanks: Some(true),
            estimate_expiry: Some(false),
            subscription_notices: Some(true),
            statements: Some(true),
            stopped_at: Some(of("2026-06-30T15:30:00.5Z")),
        },
        follow_ups: ClientFollowUps {
            ladder: Some(Ladder::new(vec![10]).unwrap()),
            send_at: Some(window()),
            business_days_only: Some(false),
            holidays_of: Some(of("FR")),
            pause: Some(Pause {
                since: of("2026-04-01T09:00:00Z"),
                by: ActorId::Member(member_id()),
                until: Some(of("2026-05-04")),
                resumed_at: Some(of("2026-04-02T09:00:00Z")),
            }),
            bounced: vec![BouncedAddress {
                email: of("gone@client.example"),
                at: of("2026-04-03T09:00:00Z"),
            }],
        },
        created_at: of("2026-01-10T01:02:03Z"),
        updated_at: of("2026-02-10T01:02:03Z"),
        archived_at: Some(of("2026-02-10T01:02:03Z")),
    }
}

pub(super) fn least_client() -> Client {
    Client {
        legal_name: None,
        contacts: Vec::new(),
        terms: PaymentTerms::of(Due::EomPlus { days: 0 }),
        address: None,
        tax_ids: Vec::new(),
        electronic_address: None,
        e_invoice_profile: None,
        purchase_order_required: false,
        reminders: true,
        grouping: InvoiceGrouping::OneAMonth,
        apply_balance_at_issue: None,
        late_fee_agreement: None,
        part_payments: None,
        follow_ups: Default::default(),
        notices: Default::default(),
        archived_at: None,
        ..client()
    }
}

fn balance() -> ClientBalance {
    ClientBalance {
        account_id: account_id(),
        client_id: client_id(),
        amount: money("1250 KRW"),
        books: Some(money("0.84 EUR")),
    }
}

/// In the books' own currency.
fn own_balance() -> ClientBalance {
    ClientBalance {
        amount: money("12.50 EUR"),
        books: None,
        ..balance()
    }
}

fn api_key() -> ApiKey {
    ApiKey {
        account_id: account_id(),
        id: api_key_id(),
        name: of("Bookkeeping"),
        role: Role::Manager,
        member_id: Some(member_id()),
        project_ids: Some(vec![project_id()]),
        ends_with: "x7Qd".to_owned(),
        hash: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".to_owned(),
        created_by: Some(ActorId::Member(member_id())),
        created_at: of("2026-01-02T09:30:00Z"),
        revoked_at: Some(of("2026-02-02T09:30:00Z")),
    }
}

fn roster() -> Roster {
    let token_hash = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
    let invited = Member {
        id: id(0xf3),
        email: of("min@studio.example"),
        name: of("김민"),
        role: Role::Biller,
        invitation: Some(Invitation {
            token_hash: token_hash.to_owned(),
            expires_at: of("2026-01-12T09:30:00Z"),
            delivery_id: Some(delivery_id()),
        }),
        identity: None,
        accepted_at: None,
        disabled_at: None,
        created_at: of("2026-01-05T09:30:00Z"),
        updated_at: of("2026-01-05T09:30:00Z"),
        version: 1,
    };
    let disabled = Member {
        id: id(0xf4),
        // As they were before invitations were mailed.
        invitation: invited.invitation.clone().map(|invitation| Invitation {
            delivery_id: None,
            ..invitation
        }),
        identity: Some(LinkedIdentity {
            hash: "486ea46224d1bb4fb680f34f7c9ad96a8f24ec88be73ea8e5a6c65260e9cb8a7".to_owned(),
            linked_at: of("2026-01-06T09:30:00Z"),
        }),
        accepted_at: Some(of("2026-01-06T09:30:00Z")),
        disabled_at: Some(of("2026-02-06T09:30:00Z")),
        updated_at: of("2026-02-06T09:30:00Z"),
        version: 3,
        ..invited.clone()
    };
    let owner = Member {
        id: member_id(),
        email: of("ada@studio.example"),
        name: of("Ada Marsh"),
        role: Role::Owner,
        invitation: None,
        identity: None,
        accepted_at: Some(of("2026-01-02T09:30:00Z")),
        disabled_at: None,
        created_at: of("2026-01-02T09:30:00Z"),
        updated_at: of("2026-01-02T09:30:00Z"),
        version: 1,
    };
    Roster {
        account_id: account_id(),
        members: vec![owner, invited, disabled],
    }
}

fn invitation() -> InvitationLookup {
    InvitationLookup {
        hash: "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824".to_owned(),
        account_id: account_id(),
        member_id: id(0xf3),
    }
}

fn identity() -> IdentityLookup {
    IdentityLookup {
        hash: "486ea46224d1bb4fb680f34f7c9ad96a8f24ec88be73ea8e5a6c65260e9cb8a7".to_owned(),
        account_id: account_id(),
        member_id: id(0xf4),
        unlinked_at: Some(of("2026-02-07T09:30:00Z")),
    }
}

fn receipt() -> RequestReceipt {
    RequestReceipt {
        account_id: account_id(),
        key_digest: "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae".to_owned(),
        route: "POST /v1/clients".to_owned(),
        body_digest: "fcde2b2edba56bf408601fb721fe9b5c338d10ee429ea04fae5511b68fbf8fb9".to_owned(),
        response: StoredResponse {
            status: 201,
            headers: BTreeMap::from([("etag".to_owned(), "\"1\"".to_owned())]),
            body: "{\"name\":\"한빛 상점\"}".to_owned(),
        },
        created_at: of("2026-03-17T05:00:00.123Z"),
        counts_until: of("2026-03-19T05:00:00.123Z"),
    }
}

fn window() -> SendWindow {
    SendWindow::new(time(8, 30, 0, 0), Some(time(17, 0, 0, 0))).unwrap()
}
