//! The text of the QR code of a SEPA credit transfer.

use remit_billing::epc_qr::{EpcTransfer, MAX_BYTES, Remittance};
use remit_billing::fault::Fault;

use crate::house::{money, of};

fn transfer() -> EpcTransfer {
    EpcTransfer {
        name: of("Studio Nord GmbH"),
        iban: of("DE89 3704 0044 0532 0130 00"),
        bic: None,
        amount: money("119.00 EUR"),
        remittance: Remittance::Reference(of("RF18 5390 0754 7034")),
    }
}

#[test]
fn with_a_reference() {
    let expected = "BCD\n002\n1\nSCT\n\nStudio Nord GmbH\nDE89370400440532013000\nEUR119.00\n\nRF18539007547034";
    assert_eq!(transfer().text().unwrap(), expected);
}

#[test]
fn with_a_text_and_a_bic() {
    let transfer = EpcTransfer {
        bic: Some(of("COBADEFFXXX")),
        remittance: Remittance::Text(of("INV-2026-0007 für März")),
        amount: money("0.01 EUR"),
        ..transfer()
    };
    let expected = "BCD\n002\n1\nSCT\nCOBADEFFXXX\nStudio Nord GmbH\nDE89370400440532013000\nEUR0.01\n\n\nINV-2026-0007 für März";
    assert_eq!(transfer.text().unwrap(), expected);
}

#[test]
fn what_the_code_cannot_ask_for() {
    let with = |amount: &str| {
        EpcTransfer {
            amount: money(amount),
            ..transfer()
        }
        .text()
    };
    let expected = "EUR".to_owned();
    assert_eq!(with("10.00 CHF"), Err(Fault::CurrencyMismatch { expected }));
    assert!(with("999999999.99 EUR").is_ok());
    for amount in ["0.00 EUR", "-1.00 EUR", "1000000000.00 EUR"] {
        assert!(
            matches!(with(amount), Err(Fault::OutOfRange { .. })),
            "{amount}"
        );
    }
    let wide = EpcTransfer {
        remittance: Remittance::Text(of(&"字".repeat(140))),
        ..transfer()
    };
    assert_eq!(wide.text(), Err(Fault::TooLong { max: MAX_BYTES }));
}
