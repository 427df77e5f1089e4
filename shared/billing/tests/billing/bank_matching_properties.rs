//! Whatever comes: never more than the transfer, never more than is due, never another currency.

use std::collections::BTreeMap;

use proptest::prelude::*;
use remit_billing::bank_matching::{
    IncomingTransfer, MAX_CANDIDATES, MAX_INVOICES, MatchDecision, MatchIndex, OpenInvoice,
};
use remit_billing::ids::InvoiceId;
use remit_billing::money::{Currency, Money};

use crate::house::{id, of};

fn currency(euro: bool) -> Currency {
    if euro { Currency::EUR } else { Currency::USD }
}

fn amount(units: i64, euro: bool) -> Money {
    Money::from_minor_units(units, currency(euro)).unwrap()
}

fn invoices() -> impl Strategy<Value = Vec<OpenInvoice>> {
    let one = (1_u128..4, 1_i64..5, any::<bool>());
    prop::collection::vec(one, 1..12).prop_map(|rows| {
        let numbered = rows.into_iter().enumerate();
        numbered
            .map(|(place, (client, due, euro))| OpenInvoice {
                invoice_id: id(place as u128 + 1),
                client_id: id(client),
                number: of(&format!("INV-{}", place + 10)),
                balance_due: amount(due * 100, euro),
                issued_on: of("2026-03-01"),
                due_on: of("2026-03-15"),
            })
            .collect()
    })
}

fn transfers() -> impl Strategy<Value = Vec<IncomingTransfer>> {
    let names = prop::collection::vec(8_u32..24, 0..4);
    let one = (names, 1_i64..9, any::<bool>(), prop::option::of(0_usize..4));
    let one = one.prop_map(|(names, units, euro, payer)| IncomingTransfer {
        amount: amount(units * 100, euro),
        payer_name: payer.map(|place| ["Acme", "Bolt", "Core", "Else"][place].to_owned()),
        payer_account: None,
        structured_reference: None,
        text: names.iter().map(|n| format!("inv {n}, ")).collect(),
        collective: false,
    });
    prop::collection::vec(one, 1..20)
}

proptest! {
    #[test]
    fn never_more_than_came_nor_than_is_due(open in invoices(), transfers in transfers()) {
        let mut dues: BTreeMap<InvoiceId, Money> =
            open.iter().map(|one| (one.invoice_id, one.balance_due)).collect();
        let clients = [(id(1), "Acme"), (id(2), "Bolt"), (id(3), "Core")];
        let mut index = MatchIndex::new(open.clone()).with_clients(clients);
        for transfer in transfers {
            match index.decide(&transfer) {
                MatchDecision::Certain { client_id, allocations, reasons } => {
                    prop_assert!(!allocations.is_empty() && allocations.len() <= MAX_INVOICES);
                    prop_assert!(!reasons.is_empty());
                    // `sum` refuses another currency.
                    let amounts = allocations.iter().map(|part| part.amount);
                    let sum = Money::sum(transfer.amount.currency(), amounts).unwrap();
                    prop_assert!(!transfer.amount.checked_sub(sum).unwrap().is_negative());
                    for part in &allocations {
                        prop_assert!(part.amount.is_positive());
                        let due = dues.get_mut(&part.invoice_id).unwrap();
                        *due = due.checked_sub(part.amount).unwrap();
                        prop_assert!(!due.is_negative());
                        let invoice = open.iter().find(|one| one.invoice_id == part.invoice_id);
                        prop_assert_eq!(invoice.unwrap().client_id, client_id);
                    }
                    index.apply(&allocations).unwrap();
                    for part in &allocations {
                        let known = index.balance_due(part.invoice_id);
                        prop_assert_eq!(known, dues.get(&part.invoice_id).copied());
                    }
                }
                MatchDecision::Candidates { candidates } => {
                    prop_assert!(!candidates.is_empty() && candidates.len() <= MAX_CANDIDATES);
                    for candidate in candidates {
                        prop_assert!(!candidate.invoices.is_empty());
                        prop_assert!(!candidate.reasons.is_empty());
                    }
                }
                MatchDecision::Nothing => {}
            }
        }
    }

    #[test]
    fn any_text_is_matched_without_a_panic(open in invoices(), text in "(?s).{0,300}") {
        let transfer = IncomingTransfer {
            amount: amount(100, true),
            payer_name: Some(text.clone()),
            payer_account: Some(text.clone()),
            structured_reference: Some(text.clone()),
            text,
            collective: false,
        };
        let _ = MatchIndex::new(open).decide(&transfer);
    }
}
