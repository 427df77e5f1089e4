//! Credit notes.

use remit_billing::actor::ActorId;
use remit_billing::credit_note::{CreditNote, Credited, CreditedPart, Pool, PoolTaxes};
use remit_billing::event::EventKind;
use remit_billing::invoice::PartyCopy;
use remit_billing::party::Language;
use remit_billing::scope::ScopeStatement;
use remit_billing::totals::TaxPart;
use serde_json::json;

use super::agency::{account, client, rate, withholding};
use super::{Sample, account_id, client_id, event, id, invoice_id, money, of, shape, whole};

pub(super) fn samples() -> Vec<Sample> {
    let issued = event(
        EventKind::CreditNoteIssued,
        json!({"credit_note_id": note().id, "number": "CN-2026-0001"}),
    );
    vec![whole(note(), vec![issued]), shape("least", least())]
}

fn part(gross: Option<&str>) -> CreditedPart {
    CreditedPart {
        place: 1,
        description: of("Design"),
        net: money("50.00 USD"),
        gross: gross.map(money),
    }
}

fn note() -> CreditNote {
    let taxes = vec![TaxPart {
        tax: withholding(),
        base: money("50.00 USD"),
        amount: money("1.50 USD"),
    }];
    CreditNote {
        account_id: account_id(),
        id: id(0x6100),
        invoice_id: invoice_id(),
        invoice_number: of("INV-2026-00042"),
        invoice_issue_on: of("2026-03-17"),
        client_id: client_id(),
        number: of("CN-2026-0001"),
        issue_on: of("2026-04-03"),
        reason: of("Not delivered"),
        goodwill: true,
        credited: Credited {
            lines: vec![part(Some("50.00 USD"))],
            charges: vec![part(None)],
            pools: vec![
                PoolTaxes {
                    of: Pool::Offer(id(0x51)),
                    taxes: taxes.clone(),
                },
                PoolTaxes {
                    of: Pool::Deposit(id(0x52)),
                    taxes: Vec::new(),
                },
                PoolTaxes {
                    of: Pool::Free,
                    taxes,
                },
            ],
            net: money("100.00 USD"),
            tax: money("0.00 USD"),
            total: money("100.00 USD"),
            withheld: money("3.00 USD"),
            rounding: money("0.05 USD"),
            payable: money("97.05 USD"),
            completes: true,
        },
        scope: vec![ScopeStatement {
            scope_line_id: id(0x5600),
            agreed: money("500.00 USD"),
            billed_before: money("300.00 USD"),
            this: money("50.00 USD"),
            taxes: Vec::new(),
        }],
        kept: money("47.05 USD"),
        rate: Some(rate()),
        tax_in_books: Some(money("0.00 EUR")),
        seller: PartyCopy::of_account(&account()),
        buyer: PartyCopy::of_client(&client()),
        language: Language::Ko,
        issued_by: ActorId::Member(id(0x41)),
        issued_at: of("2026-04-03T09:00:00Z"),
    }
}

fn least() -> CreditNote {
    let whole = note();
    CreditNote {
        goodwill: false,
        credited: Credited {
            lines: Vec::new(),
            charges: Vec::new(),
            pools: Vec::new(),
            completes: false,
            ..whole.credited
        },
        scope: Vec::new(),
        rate: None,
        tax_in_books: None,
        ..whole
    }
}
