//! Which invoices a transfer pays: a table of cases, and the work that it takes.
#![expect(clippy::panic, reason = "tests fail by panicking")]

use remit_billing::bank_matching::{
    Candidate, IncomingTransfer, LearnedPayer, MatchDecision, MatchIndex, MatchReason, OpenInvoice,
    PayerHash, Settled, SettledInvoice,
};
use remit_billing::creditor_reference::CreditorReference;
use remit_billing::ids::{ClientId, InvoiceId};
use remit_billing::numbering::DocumentNumber;

use MatchReason::*;

use crate::house::{id, money, of};

const ACME: u128 = 1;
const BOLT: u128 = 2;

pub fn invoice(place: u128, client: u128, number: &str, due: &str) -> OpenInvoice {
    OpenInvoice {
        invoice_id: id(place),
        client_id: id(client),
        number: of(number),
        balance_due: money(due),
        issued_on: of("2026-03-01"),
        due_on: of("2026-03-15"),
    }
}

fn index() -> MatchIndex {
    let settled = |place, number: &str, settled| SettledInvoice {
        invoice_id: id(place),
        number: of(number),
        settled,
    };
    let open = [
        invoice(1, ACME, "INV-2026-0001", "100.00 EUR"),
        invoice(2, ACME, "INV-2026-0002", "50.00 EUR"),
        invoice(3, BOLT, "INV-2026-0003", "100.00 EUR"),
        invoice(4, BOLT, "INV-2026-0004", "70.00 USD"),
        invoice(5, BOLT, "20260005", "33.00 EUR"),
        invoice(6, BOLT, "77", "44.00 EUR"),
    ];
    MatchIndex::new(open)
        .with_settled([
            settled(8, "INV-2026-0008", Settled::Paid),
            settled(9, "INV-2026-0009", Settled::Void),
        ])
        .with_clients([
            (id(ACME), "Acme Bäckerei GmbH"),
            (id(BOLT), "Bolt & Co. B.V."),
        ])
        .with_payers([LearnedPayer {
            payer: PayerHash::of_account("DE89 3704 0044 0532 0130 00").unwrap(),
            client_id: id(ACME),
        }])
}

fn transfer(amount: &str, text: &str) -> IncomingTransfer {
    IncomingTransfer {
        amount: money(amount),
        payer_name: None,
        payer_account: None,
        structured_reference: None,
        text: text.to_owned(),
        collective: false,
    }
}

pub fn from_name(amount: &str, text: &str, name: &str) -> IncomingTransfer {
    IncomingTransfer {
        payer_name: Some(name.to_owned()),
        ..transfer(amount, text)
    }
}

fn from_account(amount: &str, text: &str) -> IncomingTransfer {
    IncomingTransfer {
        payer_account: Some("de89370400440532013000".to_owned()),
        ..transfer(amount, text)
    }
}

fn certain(decision: &MatchDecision) -> (ClientId, Vec<(u128, String)>, Vec<MatchReason>) {
    let MatchDecision::Certain {
        client_id,
        allocations,
        reasons,
    } = decision
    else {
        panic!("not certain: {decision:?}");
    };
    let parts = allocations.iter().map(|part| {
        let place = (1..100).find(|place| id::<InvoiceId>(*place) == part.invoice_id);
        (place.unwrap(), part.amount.to_string())
    });
    (*client_id, parts.collect(), reasons.clone())
}

fn part(place: u128, amount: &str) -> (u128, String) {
    (place, amount.to_owned())
}

fn candidates(decision: MatchDecision) -> Vec<Candidate> {
    match decision {
        MatchDecision::Candidates { candidates } => candidates,
        other => panic!("no candidates: {other:?}"),
    }
}

fn candidate(places: &[u128], reasons: &[MatchReason]) -> Candidate {
    Candidate {
        invoices: places.iter().map(|place| id(*place)).collect(),
        reasons: reasons.to_vec(),
    }
}

#[test]
fn one_named_invoice_is_certain_whatever_the_amount() {
    let rows = [
        ("100.00 EUR", "100.00 EUR", AmountEqual),
        ("30.00 EUR", "30.00 EUR", AmountBelow),
        ("130.00 EUR", "100.00 EUR", AmountAbove),
    ];
    for (amount, applied, compared) in rows {
        let found = index().decide(&transfer(amount, "Rechnung inv 2026 0001, danke"));
        let expected = (
            id(ACME),
            vec![part(1, applied)],
            vec![NumberNamed, compared],
        );
        assert_eq!(certain(&found), expected, "{amount}");
    }
    // By reference, as such and in the text; the number beside it says the same.
    let number: DocumentNumber = of("INV-2026-0003");
    let reference = CreditorReference::of_number(&number).unwrap();
    let in_text = transfer(
        "100.00 EUR",
        &format!("{} INV-2026-0003", reference.printed()),
    );
    let structured = IncomingTransfer {
        structured_reference: Some(reference.as_str().to_owned()),
        ..transfer("100.00 EUR", "")
    };
    for one in [in_text, structured] {
        let found = index().decide(&one);
        let expected = (
            id(BOLT),
            vec![part(3, "100.00 EUR")],
            vec![ReferenceNamed, AmountEqual],
        );
        assert_eq!(certain(&found), expected);
    }
}

#[test]
fn several_named_are_certain_only_to_the_cent() {
    let text = "INV-2026-0001 und INV-2026-0002";
    let found = index().decide(&transfer("150.00 EUR", text));
    let parts = vec![part(1, "100.00 EUR"), part(2, "50.00 EUR")];
    let reasons = vec![NumberNamed, SeveralNamed, AmountEqual];
    assert_eq!(certain(&found), (id(ACME), parts, reasons));

    let found = candidates(index().decide(&transfer("149.99 EUR", text)));
    assert_eq!(
        found[0],
        candidate(&[1, 2], &[NumberNamed, SeveralNamed, AmountBelow])
    );
    let found = candidates(index().decide(&transfer("100.00 EUR", text)));
    assert_eq!(
        found[1],
        candidate(
            &[1],
            &[NumberNamed, SeveralNamed, AmountEqual, NotTheOnlyOne]
        )
    );
    // Of two clients: whose payment would it be?
    let found = index().decide(&transfer("200.00 EUR", "INV-2026-0001 INV-2026-0003"));
    let expected = candidate(&[1, 3], &[NumberNamed, SeveralNamed, AmountEqual]);
    assert_eq!(candidates(found)[0], expected);
}

#[test]
fn what_is_named_but_not_open_is_for_a_person() {
    let paid = candidates(index().decide(&transfer("100.00 EUR", "INV-2026-0008")));
    assert_eq!(paid[0], candidate(&[8], &[NumberNamed, AlreadyPaid]));
    // And what has the amount, but it is not said that it is meant.
    assert_eq!(paid[1], candidate(&[1], &[AmountEqual, NotTheOnlyOne]));
    let void = candidates(index().decide(&transfer("1.00 EUR", "INV-2026-0009")));
    assert_eq!(void, [candidate(&[9], &[NumberNamed, AlreadyVoid])]);
    let both = candidates(index().decide(&transfer("50.00 EUR", "INV-2026-0009, INV-2026-0002")));
    assert!(both.contains(&candidate(&[9], &[NumberNamed, AlreadyVoid])));
    let other = candidates(index().decide(&transfer("70.00 EUR", "INV-2026-0004")));
    assert_eq!(other, [candidate(&[4], &[NumberNamed, CurrencyDiffers])]);
    // Even a known payer with the right amount does not overrule what is written.
    let known = index().decide(&from_account("50.00 EUR", "INV-2026-0008"));
    assert!(matches!(known, MatchDecision::Candidates { .. }));
}

#[test]
fn digits_alone_name_nothing_alone() {
    let with_amount = index().decide(&transfer("33.00 EUR", "Rechnung 20260005"));
    let reasons = vec![NumberPerhapsNamed, AmountEqual];
    assert_eq!(
        certain(&with_amount),
        (id(BOLT), vec![part(5, "33.00 EUR")], reasons)
    );
    let another = candidates(index().decide(&transfer("34.00 EUR", "Rechnung 20260005")));
    assert_eq!(
        another,
        [candidate(&[5], &[NumberPerhapsNamed, AmountAbove])]
    );
    let short = candidates(index().decide(&transfer("44.00 EUR", "order 77")));
    assert_eq!(short, [candidate(&[6], &[NumberPerhapsNamed, AmountEqual])]);
}

#[test]
fn digits_hold_up_what_goes_against_them() {
    let open = [
        invoice(1, ACME, "20260001", "100.00 EUR"),
        invoice(2, ACME, "20260002", "40.00 EUR"),
    ];
    let paid = SettledInvoice {
        invoice_id: id(3),
        number: of("20260003"),
        settled: Settled::Paid,
    };
    let index = MatchIndex::new(open)
        .with_settled([paid])
        .with_clients([(id(ACME), "Acme")]);
    let rows = [
        // Last month's, paid a second time: not this month's.
        ("100.00 EUR", "20260003", None),
        // A part of one, that comes to what is due of the other.
        ("40.00 EUR", "20260001", None),
        ("100.00 EUR", "20260001 20260002", None),
        ("140.00 EUR", "20260002", None),
        ("140.00 EUR", "20260001 and 20260002", Some(2)),
        ("100.00 EUR", "20260001", Some(1)),
        ("100.00 EUR", "March", Some(1)),
        ("140.00 EUR", "March", Some(2)),
    ];
    for (amount, text, parts) in rows {
        let found = index.decide(&from_name(amount, text, "ACME"));
        match parts {
            Some(parts) => assert_eq!(certain(&found).1.len(), parts, "{amount} {text}"),
            None => assert!(
                matches!(found, MatchDecision::Candidates { .. }),
                "{amount} {text}: {found:?}"
            ),
        }
    }
}

#[test]
fn a_number_without_its_letters_is_a_hint() {
    let found = candidates(index().decide(&transfer("50.00 EUR", "2026/0002")));
    assert_eq!(found, [candidate(&[2], &[NumberPerhapsNamed, AmountEqual])]);
    // With the payer and the amount, it is certain by those.
    let known = index().decide(&from_account("50.00 EUR", "2026 0002"));
    assert_eq!(certain(&known).1, [part(2, "50.00 EUR")]);
}

#[test]
fn what_the_bank_put_together_is_for_a_person() {
    for one in [
        transfer("100.00 EUR", "INV-2026-0001"),
        from_account("100.00 EUR", ""),
    ] {
        let together = IncomingTransfer {
            collective: true,
            ..one
        };
        let found = candidates(index().decide(&together));
        assert_eq!(found[0].invoices, [id::<InvoiceId>(1)]);
    }
}

#[test]
fn payer_and_amount_together_are_certain() {
    let learned = index().decide(&from_account("100.00 EUR", "thanks"));
    let expected = (
        id(ACME),
        vec![part(1, "100.00 EUR")],
        vec![AmountEqual, PayerLearned],
    );
    assert_eq!(certain(&learned), expected);
    let named = index().decide(&from_name("100.00 EUR", "", "BOLT CO BV"));
    let expected = (
        id(BOLT),
        vec![part(3, "100.00 EUR")],
        vec![AmountEqual, PayerNamed],
    );
    assert_eq!(certain(&named), expected);
    let umlaut = index().decide(&from_name("50.00 EUR", "", "ACME BAECKEREI"));
    assert_eq!(certain(&umlaut).1, [part(2, "50.00 EUR")]);
}

#[test]
fn the_amount_alone_is_never_certain() {
    let one = candidates(index().decide(&transfer("50.00 EUR", "thanks")));
    assert_eq!(one, [candidate(&[2], &[AmountEqual])]);
    let two = candidates(index().decide(&from_name("100.00 EUR", "", "Somebody")));
    let reasons = [AmountEqual, NotTheOnlyOne];
    assert_eq!(two, [candidate(&[1], &reasons), candidate(&[3], &reasons)]);
    // The account says one client, the name another.
    let torn = IncomingTransfer {
        payer_name: Some("Bolt & Co.".to_owned()),
        ..from_account("100.00 EUR", "")
    };
    assert_eq!(candidates(index().decide(&torn)).len(), 2);
    let nothing = index().decide(&transfer("12.34 EUR", "thanks"));
    assert_eq!(nothing, MatchDecision::Nothing);
    assert_eq!(
        index().decide(&transfer("0.00 EUR", "INV-2026-0001")),
        MatchDecision::Nothing
    );
}

#[test]
fn all_that_a_known_payer_owes() {
    let all = index().decide(&from_account("150.00 EUR", "March"));
    let parts = vec![part(1, "100.00 EUR"), part(2, "50.00 EUR")];
    let reasons = vec![AmountEqual, PayerLearned, AllOfClient];
    assert_eq!(certain(&all), (id(ACME), parts, reasons));
    let part_of_it = candidates(index().decide(&from_account("120.00 EUR", "March")));
    assert_eq!(
        part_of_it,
        [candidate(
            &[1, 2],
            &[AmountBelow, PayerLearned, AllOfClient]
        )]
    );
}

#[test]
fn two_equal_invoices_of_one_payer_are_for_a_person() {
    let open = [
        invoice(1, ACME, "INV-2026-0001", "100.00 EUR"),
        invoice(2, ACME, "INV-2026-0002", "100.00 EUR"),
    ];
    let index = MatchIndex::new(open).with_clients([(id(ACME), "Acme")]);
    let found = candidates(index.decide(&from_name("100.00 EUR", "", "acme")));
    let reasons = [AmountEqual, PayerNamed, NotTheOnlyOne];
    assert_eq!(
        found,
        [candidate(&[1], &reasons), candidate(&[2], &reasons)]
    );
    assert!(matches!(
        index.decide(&from_name("200.00 EUR", "", "acme")),
        MatchDecision::Certain { .. }
    ));
}

#[test]
fn numbers_that_differ_by_hyphens_only_name_neither() {
    let open = [
        invoice(1, ACME, "INV-1-10", "100.00 EUR"),
        invoice(2, BOLT, "INV-11-0", "60.00 EUR"),
    ];
    let found = MatchIndex::new(open).decide(&transfer("100.00 EUR", "INV-1-10"));
    let both = candidates(found);
    assert!(both.contains(&candidate(
        &[1],
        &[NumberPerhapsNamed, SeveralNamed, AmountEqual]
    )));
}

#[test]
fn the_second_transfer_for_one_invoice_finds_it_settled() {
    let mut index = index();
    let half = transfer("60.00 EUR", "INV-2026-0001");
    for (paid, left) in [("60.00 EUR", "40.00 EUR"), ("40.00 EUR", "0.00 EUR")] {
        let MatchDecision::Certain { allocations, .. } = index.decide(&half) else {
            panic!("not certain");
        };
        assert_eq!(allocations[0].amount, money(paid));
        index.apply(&allocations).unwrap();
        assert_eq!(index.balance_due(id(1)), Some(money(left)));
    }
    let third = candidates(index.decide(&half));
    assert_eq!(third, [candidate(&[1], &[NumberNamed, AlreadyPaid])]);
    // Nor is it found by its amount any more; the other of that client now is all that is owed.
    let left = index.decide(&from_account("100.00 EUR", ""));
    let all = candidate(&[2], &[AmountAbove, PayerLearned, AllOfClient]);
    assert_eq!(candidates(left)[0], all);
}

#[test]
fn a_decision_is_readable_json() {
    let found = index().decide(&transfer("100.00 EUR", "INV-2026-0001"));
    let json = serde_json::to_value(&found).unwrap();
    assert_eq!(json["match"], "certain");
    assert_eq!(
        json["reasons"],
        serde_json::json!(["number_named", "amount_equal"])
    );
    assert_eq!(
        serde_json::from_value::<MatchDecision>(json).unwrap(),
        found
    );
}
