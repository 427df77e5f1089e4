//! Bank accounts, files, entries and the payers that were learned.

use remit_billing::actor::ActorId;
use remit_billing::bank_account::AccountIdentifier;
use remit_billing::bank_matching::{Candidate, MatchReason, PayerHash};
use remit_billing::banking::{
    AppliedEntry, BankAccount, BankAccounts, BankEntry, BankStatement, EntryFacts, EntryKind,
    EntryState, ImportCounts, ImportFault, ImportState, KnownPayer, PaidOutEntry, ReturnedEntry,
    StatementFormat,
};
use remit_billing::event::EventKind;
use remit_billing::ledger::Rail;
use remit_billing::payment::RailReference;
use remit_billing::payout::{Payout, PayoutCandidate};
use serde_json::json;

use super::{
    Sample, account_id, bank_entry_id, client_id, event, id, invoice_id, member_id, money, of,
    payment_id, shape, whole,
};

pub(super) fn samples() -> Vec<Sample> {
    let received = event(
        EventKind::BankStatementReceived,
        json!({"statement_id": "bst_1"}),
    );
    let at = of("2026-04-03T08:00:00Z");
    let by = ActorId::Member(member_id());
    let ignored = EntryState::Ignored {
        by,
        at,
        reason: "Interest".to_owned(),
    };
    let waiting = BankEntry {
        facts: EntryFacts {
            kind: EntryKind::Returned,
            booked_on: of("2026-04-02"),
            value_on: None,
            amount: money("1190.00 EUR"),
            payer_name: None,
            payer_account: None,
            structured_reference: None,
            text: String::new(),
            collective: false,
        },
        candidates: Vec::new(),
        recorded: Vec::new(),
        payouts: Vec::new(),
        applications: 0,
        state: EntryState::Waiting,
        ..entry()
    };
    let refused = ImportState::Refused {
        at,
        faults: vec![ImportFault {
            code: "does_not_add_up".to_owned(),
            place: "line 12".to_owned(),
            detail: "the entries come to 1.00 EUR, the statement says 2.00 EUR".to_owned(),
        }],
    };
    vec![
        whole(accounts(), vec![]),
        whole(statement(), vec![received]),
        shape(
            "imported",
            BankStatement {
                state: ImportState::Imported { at },
                ..statement()
            },
        ),
        shape(
            "refused",
            BankStatement {
                bank_account_id: None,
                entries: None,
                from: None,
                to: None,
                state: refused,
                ..statement()
            },
        ),
        whole(entry(), vec![]),
        shape("waiting", waiting.clone()),
        shape(
            "ignored",
            BankEntry {
                state: ignored,
                ..waiting.clone()
            },
        ),
        shape(
            "returned",
            BankEntry {
                state: EntryState::Returned(ReturnedEntry {
                    payment_id: payment_id(),
                    payment_reference: RailReference::parse("bs1_0").unwrap(),
                    reference: RailReference::parse("bs1_1-2").unwrap(),
                    by,
                    at,
                }),
                ..waiting.clone()
            },
        ),
        shape(
            "paid_out",
            BankEntry {
                state: EntryState::PaidOut(PaidOutEntry {
                    rail: Rail::Stripe,
                    by: Some(by),
                    at,
                    payout: None,
                    reasons: Vec::new(),
                }),
                ..waiting.clone()
            },
        ),
        shape(
            "paid_out_by_itself",
            BankEntry {
                state: EntryState::PaidOut(PaidOutEntry {
                    rail: Rail::GoCardless,
                    by: None,
                    at,
                    payout: Some(RailReference::parse("PO1").unwrap()),
                    reasons: vec![MatchReason::ReferenceNamed, MatchReason::AmountEqual],
                }),
                payouts: vec![PayoutCandidate {
                    rail: Rail::GoCardless,
                    reference: RailReference::parse("PO1").unwrap(),
                    reasons: vec![MatchReason::ReferenceNamed, MatchReason::AmountEqual],
                }],
                ..waiting.clone()
            },
        ),
        shape(
            "undone",
            BankEntry {
                state: EntryState::Undone { by, at },
                ..waiting
            },
        ),
        whole(payer(), vec![]),
        whole(payout(), vec![]),
        shape(
            "open",
            Payout {
                fee: None,
                bank_text: None,
                entry_id: None,
                look_at: Some(of("2026-04-01T08:15:00Z")),
                ..payout()
            },
        ),
    ]
}

fn accounts() -> BankAccounts {
    let camt = BankAccount {
        id: id(0x41),
        name: of("House bank"),
        identifier: AccountIdentifier::parse("DE02 1203 0000 0000 2020 51").unwrap(),
        bic: Some(of("BYLADEM1001")),
        holder: Some(of("Northlight Studio GmbH")),
        bank: Some(of("Deutsche Kreditbank")),
        for_clients: true,
        currency: of("EUR"),
        format: StatementFormat::Camt053,
        archived: true,
    };
    let table = BankAccount {
        id: id(0x42),
        name: of("Savings bank"),
        identifier: AccountIdentifier::parse("4711/0815").unwrap(),
        bic: None,
        holder: None,
        bank: None,
        for_clients: false,
        format: StatementFormat::Csv {
            mapping: json!({"delimiter": "comma", "booked_on": 1, "amount": {"kind": "signed", "amount": 2}}),
        },
        archived: false,
        ..camt.clone()
    };
    BankAccounts {
        account_id: account_id(),
        accounts: vec![camt, table],
    }
}

fn statement() -> BankStatement {
    BankStatement {
        account_id: account_id(),
        id: id(0x43),
        file_id: id(0xf5),
        bank_account_id: Some(id(0x41)),
        created_by: ActorId::Member(member_id()),
        created_at: of("2026-04-03T07:59:00Z"),
        entries: Some(120),
        from: Some(of("2026-04-01")),
        to: Some(of("2026-04-02")),
        counts: ImportCounts {
            imported: 40,
            known: 10,
            skipped: 7,
            applied: 30,
            waiting: 10,
        },
        state: ImportState::Importing {
            done: 50,
            due_at: of("2026-04-03T08:14:00Z"),
            tries: 1,
        },
    }
}

fn payer_hash() -> PayerHash {
    PayerHash::of_account("GB29 NWBK 6016 1331 9268 19").unwrap()
}

fn entry() -> BankEntry {
    let identity = format!("bs1_{}", "0f".repeat(32));
    BankEntry {
        account_id: account_id(),
        id: bank_entry_id(),
        identity: RailReference::parse(&identity).unwrap(),
        bank_account_id: id(0x41),
        statement_id: id(0x43),
        facts: EntryFacts {
            kind: EntryKind::Incoming,
            booked_on: of("2026-04-02"),
            value_on: Some(of("2026-04-01")),
            amount: money("1190.00 EUR"),
            payer_name: Some("Aurora Books".to_owned()),
            payer_account: Some("GB29NWBK60161331926819".to_owned()),
            structured_reference: Some("RF18539007547034".to_owned()),
            text: "Invoice 42".to_owned(),
            collective: true,
        },
        candidates: vec![Candidate {
            invoices: vec![invoice_id()],
            reasons: vec![MatchReason::AmountEqual, MatchReason::NotTheOnlyOne],
        }],
        recorded: vec![payment_id()],
        payouts: Vec::new(),
        applications: 2,
        state: EntryState::Applied(AppliedEntry {
            payment_id: payment_id(),
            payment_reference: RailReference::parse(&format!("{identity}-2")).unwrap(),
            linked: true,
            by: Some(ActorId::Member(member_id())),
            at: of("2026-04-03T08:00:00Z"),
            reasons: vec![MatchReason::PayerLearned],
            learned: Some((client_id(), payer_hash())),
        }),
    }
}

fn payout() -> Payout {
    Payout {
        account_id: account_id(),
        rail: Rail::GoCardless,
        reference: RailReference::parse("PO1").unwrap(),
        amount: money("1178.00 EUR"),
        fee: Some(money("12.00 EUR")),
        bank_text: Some("REMIT-PO1".to_owned()),
        arrives_on: of("2026-04-02"),
        stated_at: of("2026-04-01T08:00:00Z"),
        entry_id: Some(bank_entry_id()),
        look_at: None,
    }
}

fn payer() -> KnownPayer {
    KnownPayer {
        account_id: account_id(),
        payer: payer_hash(),
        client_id: client_id(),
        entry_id: bank_entry_id(),
        by: ActorId::Member(member_id()),
        at: of("2026-04-03T08:00:00Z"),
    }
}
