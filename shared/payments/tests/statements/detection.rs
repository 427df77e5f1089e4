//! What kind of file it is, by its look.

use remit_payments::statement::{Source, detect};

use crate::{CAMT053, MT940_DUTCH, MT940_GERMAN, OFX_BANK, OFX_CARD, TABLE};

#[test]
fn each_sample_is_known_by_its_look() {
    assert_eq!(detect(CAMT053), Some(Source::Camt053));
    for sample in [MT940_GERMAN, MT940_DUTCH] {
        assert_eq!(detect(sample), Some(Source::Mt940));
    }
    for sample in [OFX_BANK, OFX_CARD] {
        assert_eq!(detect(sample), Some(Source::Ofx));
    }
    assert_eq!(detect(TABLE), None);
    assert_eq!(detect(b""), None);
    let text = String::from_utf8(CAMT053.to_vec()).unwrap();
    let utf16: Vec<u8> = format!("\u{feff}{text}")
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    assert_eq!(detect(&utf16), Some(Source::Camt053));
}
