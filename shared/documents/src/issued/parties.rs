//! The parties of a document: address lines in the order of their country, tax ids by their names.

use remit_billing::invoice::PartyCopy;
use remit_billing::party::{Address, TaxId};

use crate::agency::{Party, TaxIdentity};
use crate::locale::{LocaleError, Words};

/// Whether both sit in one country, which then need not be named.
pub(crate) fn same_country(seller: &PartyCopy, buyer: &PartyCopy) -> bool {
    match (&seller.address, &buyer.address) {
        (Some(seller), Some(buyer)) => seller.country == buyer.country,
        _ => true,
    }
}

pub(crate) fn party(w: &Words, copy: &PartyCopy, domestic: bool) -> Result<Party, LocaleError> {
    let mut tax_ids = Vec::new();
    for id in &copy.tax_ids {
        tax_ids.push(TaxIdentity {
            label: label(w, id)?,
            value: id.value.to_string(),
        });
    }
    Ok(Party {
        name: copy.name.to_string(),
        address: copy
            .address
            .as_ref()
            .map(|address| lines(w, address, domestic))
            .unwrap_or_default(),
        tax_ids,
        ..Party::default()
    })
}

/// What a tax id is called. Schemes are words of the contract such as `eu_vat`; what has a capital
/// or a space is the agency's own name for it.
fn label(w: &Words, id: &TaxId) -> Result<Option<String>, LocaleError> {
    let Some(scheme) = id.scheme.as_ref().map(|scheme| scheme.as_str()) else {
        return Ok(None);
    };
    Ok(match scheme {
        "kr_brn" => Some(w.say("tax-id-kr-brn")?),
        "us_ein" => Some("EIN".to_owned()),
        "au_abn" => Some("ABN".to_owned()),
        "in_gst" => Some("GSTIN".to_owned()),
        _ if scheme.ends_with("_vat") => Some(w.say("tax-id-vat")?),
        _ if scheme.contains(|c: char| c.is_uppercase() || c == ' ') => Some(scheme.to_owned()),
        _ => None,
    })
}

/// Where an address puts the postal code beside the city.
enum PostalCode {
    /// `04229 Leipzig`.
    First,
    /// `Portland, OR 97209`.
    Last,
    /// The code on a line of its own: `London` / `SE1 9SG`.
    Below,
}

/// Source of the orders: UPU's S42 templates of the countries named; all others as most do.
fn postal_code(country: &str) -> PostalCode {
    match country {
        "US" | "CA" | "AU" | "NZ" | "IN" | "SG" | "TW" | "HK" | "KR" | "JP" | "CN" => {
            PostalCode::Last
        }
        "GB" | "IE" => PostalCode::Below,
        _ => PostalCode::First,
    }
}

fn lines(w: &Words, address: &Address, domestic: bool) -> Vec<String> {
    let mut lines = if in_east_asian_script(address) {
        large_to_small(address)
    } else {
        small_to_large(address)
    };
    if !domestic {
        lines.push(w.country(address.country.as_str()).to_owned());
    }
    lines
}

fn small_to_large(address: &Address) -> Vec<String> {
    let mut lines = vec![address.line1.to_string()];
    lines.extend(address.line2.as_ref().map(ToString::to_string));
    let city = address.city.to_string();
    let region = address.region.as_ref().map(ToString::to_string);
    let code = address.postal_code.as_ref().map(ToString::to_string);
    match postal_code(address.country.as_str()) {
        PostalCode::First => {
            lines.push(joined([code, Some(city)], " "));
            lines.extend(region);
        }
        PostalCode::Last => {
            let tail = joined([region, code], " ");
            lines.push(joined([Some(city), Some(tail)], ", "));
        }
        PostalCode::Below => {
            lines.push(city);
            lines.extend(region);
            lines.extend(code);
        }
    }
    lines
}

/// As Korean, Japanese and Chinese write it: `서울특별시 성동구 연무장길 47, 3층`, then the code.
fn large_to_small(address: &Address) -> Vec<String> {
    let region = address.region.as_ref().map(ToString::to_string);
    let place = joined(
        [
            region,
            Some(address.city.to_string()),
            Some(address.line1.to_string()),
        ],
        " ",
    );
    let line2 = address.line2.as_ref().map(ToString::to_string);
    let mut lines = vec![joined([Some(place), line2], ", ")];
    lines.extend(address.postal_code.as_ref().map(ToString::to_string));
    lines
}

fn joined<const N: usize>(parts: [Option<String>; N], between: &str) -> String {
    let parts: Vec<String> = parts
        .into_iter()
        .flatten()
        .filter(|part| !part.is_empty())
        .collect();
    parts.join(between)
}

/// Whether the street is written in Hangul, Han or Kana.
fn in_east_asian_script(address: &Address) -> bool {
    address.line1.as_str().chars().any(|c| {
        matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}')
    })
}

#[cfg(test)]
mod tests {
    use remit_billing::party::{Address, Language};

    use super::*;

    fn address(parts: [&str; 6]) -> Address {
        let [line1, line2, city, region, postal_code, country] = parts;
        Address {
            line1: line1.parse().unwrap(),
            line2: line2.parse().ok(),
            city: city.parse().unwrap(),
            region: region.parse().ok(),
            postal_code: postal_code.parse().ok(),
            country: country.parse().unwrap(),
        }
    }

    #[test]
    fn addresses_stand_in_the_order_of_their_country() {
        let w = Words::of(Language::En).unwrap();
        for (parts, expected) in [
            (
                ["Karl-Heine-Straße 55", "", "Leipzig", "", "04229", "DE"],
                vec!["Karl-Heine-Straße 55", "04229 Leipzig", "Germany"],
            ),
            (
                [
                    "120 NW Couch St",
                    "Suite 4",
                    "Portland",
                    "OR",
                    "97209",
                    "US",
                ],
                vec![
                    "120 NW Couch St",
                    "Suite 4",
                    "Portland, OR 97209",
                    "United States",
                ],
            ),
            (
                ["1 Bank End", "", "London", "", "SE1 9BU", "GB"],
                vec!["1 Bank End", "London", "SE1 9BU", "United Kingdom"],
            ),
            (
                ["연무장길 47", "3층", "성동구", "서울특별시", "04782", "KR"],
                vec!["서울특별시 성동구 연무장길 47, 3층", "04782", "South Korea"],
            ),
            (
                ["1 Raffles Place", "", "Singapore", "", "", "SG"],
                vec!["1 Raffles Place", "Singapore", "Singapore"],
            ),
        ] {
            assert_eq!(lines(w, &address(parts), false), expected);
            let home = lines(w, &address(parts), true);
            assert_eq!(home, expected[..expected.len() - 1]);
        }
    }

    #[test]
    fn tax_ids_are_named() {
        let en = Words::of(Language::En).unwrap();
        let ko = Words::of(Language::Ko).unwrap();
        for (scheme, english, korean) in [
            (Some("eu_vat"), Some("VAT ID"), Some("VAT 번호")),
            (
                Some("kr_brn"),
                Some("Business registration no."),
                Some("사업자등록번호"),
            ),
            (
                Some("Amtsgericht Leipzig"),
                Some("Amtsgericht Leipzig"),
                Some("Amtsgericht Leipzig"),
            ),
            (Some("xx_new"), None, None),
            (None, None, None),
        ] {
            let id = TaxId {
                scheme: scheme.map(|s| s.parse().unwrap()),
                value: "1".parse().unwrap(),
            };
            assert_eq!(label(en, &id).unwrap().as_deref(), english);
            assert_eq!(label(ko, &id).unwrap().as_deref(), korean);
        }
    }
}
