//! What a country's agencies start with: the standard rate of its value added tax, to choose from
//! when an invoice is written. Every one is a setting, and no more than a start.

use remit_billing::fault::Fault;
use remit_billing::number::Rate;
use remit_billing::party::CountryCode;
use remit_billing::tax::{Tax, TaxName};

/// Country, name on documents, percent; after the law that sets the rate.
const STANDARD_RATES: &[(&str, &str, &str)] = &[
    ("AT", "USt.", "20"),    // § 10 UStG 1994
    ("AU", "GST", "10"),     // A New Tax System (Goods and Services Tax) Act 1999, s 9-70
    ("BE", "TVA/BTW", "21"), // Royal Decree No 20 of 20 July 1970
    ("CH", "MWST", "8.1"),   // Art. 25 MWSTG, since 2024
    ("DE", "USt.", "19"),    // § 12 (1) UStG
    ("DK", "Moms", "25"),    // § 33 Momsloven
    ("ES", "IVA", "21"),     // Art. 90 Ley 37/1992
    ("FI", "ALV", "25.5"),   // § 84 AVL, since September 2024
    ("FR", "TVA", "20"),     // Art. 278 CGI
    ("GB", "VAT", "20"),     // Value Added Tax Act 1994, s 2
    ("IE", "VAT", "23"),     // Value-Added Tax Consolidation Act 2010, s 46
    ("IT", "IVA", "22"),     // Art. 16 DPR 633/1972
    ("JP", "消費税", "10"),  // Consumption Tax Act art. 29 with Local Tax Act art. 72-83
    ("KR", "VAT", "10"),     // 부가가치세법 제30조
    ("LU", "TVA", "17"),     // Art. 39 Loi TVA
    ("NL", "BTW", "21"),     // Art. 9 Wet OB 1968
    ("NZ", "GST", "15"),     // Goods and Services Tax Act 1985, s 8
    ("PL", "VAT", "23"),     // Art. 146ef ustawy o VAT
    ("PT", "IVA", "23"),     // Art. 18 CIVA
    ("SE", "Moms", "25"),    // 7 kap. 1 § mervärdesskattelagen (2023:200)
    ("SG", "GST", "9"),      // Goods and Services Tax Act 1993, s 16, since 2024
];

/// The taxes to choose from at the start; none where the table has no country.
///
/// # Errors
/// A fault of the table itself.
pub(crate) fn tax_rates(country: &CountryCode) -> Result<Vec<Tax>, Fault> {
    STANDARD_RATES
        .iter()
        .filter(|(code, ..)| *code == country.as_str())
        .map(|(_, name, rate)| Ok(Tax::standard(TaxName::parse(name)?, Rate::parse(rate)?)))
        .collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    #[test]
    fn every_row_of_the_table_can_be_read() {
        for (code, name, rate) in STANDARD_RATES {
            let taxes = tax_rates(&CountryCode::parse(code).unwrap()).unwrap();
            assert_eq!(taxes.len(), 1, "{code}");
            assert_eq!(taxes[0].name.as_str(), *name);
            assert_eq!(taxes[0].rate.to_string(), *rate);
        }
        assert!(
            tax_rates(&CountryCode::parse("US").unwrap())
                .unwrap()
                .is_empty()
        );
    }
}
