//! Parties as EN 16931 knows them: which of their numbers is which.

use crate::invoice::{PartyContact, PartyCopy};
use crate::party::{Address, CountryCode, ElectronicAddress, TaxId};

/// A seller (BG-4) or buyer (BG-7).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CoreParty<'a> {
    /// The name of the law (BT-27, BT-44).
    pub name: &'a str,
    /// Where it sits (BG-5, BG-8).
    pub address: &'a Address,
    /// A number that it goes by, where it has neither of the next two (BT-29).
    pub identifier: Option<&'a str>,
    /// Its number in a register (BT-30, BT-47).
    pub register_id: Option<&'a str>,
    /// Its VAT number (BT-31, BT-48).
    pub vat_id: Option<&'a str>,
    /// What the tax office knows a seller by, which is no VAT number (BT-32).
    pub tax_number: Option<&'a str>,
    /// Where e-invoices reach it (BT-34, BT-49).
    pub electronic_address: Option<&'a ElectronicAddress>,
    /// Whom to ask (BG-6).
    pub contact: Option<&'a PartyContact>,
}

/// Words that the schemes of numbers in registers begin or end with.
const REGISTERS: &[&str] = &[
    "register", "company", "siren", "siret", "hrb", "crn", "kvk", "cvr", "org", "ico", "abn",
    "uen", "brn", "kbo", "gln",
];

/// What kind of number a party's tax id is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum IdKind {
    Vat,
    Register,
    Tax,
}

fn kind(id: &TaxId) -> IdKind {
    let Some(scheme) = &id.scheme else {
        return IdKind::Tax;
    };
    let scheme = scheme.as_str().to_ascii_lowercase();
    let has = |word: &str| scheme.split(['_', '-', ' ']).any(|part| part == word);
    match () {
        () if has("vat") => IdKind::Vat,
        () if REGISTERS.iter().any(|word| has(word)) => IdKind::Register,
        () => IdKind::Tax,
    }
}

/// A party's VAT number: that whose scheme says so (`VAT`, `eu_vat`).
pub(super) fn vat_id(party: &PartyCopy) -> Option<(usize, &str)> {
    first(party, IdKind::Vat)
}

/// A party's number in a register.
pub(super) fn register_id(party: &PartyCopy) -> Option<&str> {
    first(party, IdKind::Register).map(|(_, value)| value)
}

/// What else a tax office knows a party by.
pub(super) fn tax_number(party: &PartyCopy) -> Option<&str> {
    first(party, IdKind::Tax).map(|(_, value)| value)
}

fn first(party: &PartyCopy, wanted: IdKind) -> Option<(usize, &str)> {
    let mut ids = party.tax_ids.iter().enumerate();
    ids.find(|(_, id)| kind(id) == wanted)
        .map(|(place, id)| (place, id.value.as_str()))
}

/// Whether a VAT number begins with the code of a country (BR-CO-9).
pub(super) fn has_country(vat_id: &str) -> bool {
    let prefix = vat_id.get(..2).unwrap_or_default();
    // Greece, and Northern Ireland.
    matches!(prefix, "EL" | "XI") || CountryCode::parse(prefix).is_ok()
}

impl<'a> CoreParty<'a> {
    /// The seller. Where nothing is subject to the tax it has no VAT number (BR-O-2), and goes by it all the same.
    pub(super) fn seller(
        party: &'a PartyCopy,
        address: &'a Address,
        is_subject_to_tax: bool,
    ) -> Self {
        let vat = vat_id(party).map(|(_, value)| value);
        let register_id = register_id(party);
        let vat_id = vat.filter(|_| is_subject_to_tax);
        let identifier = match (vat_id, register_id) {
            (None, None) => vat.or_else(|| tax_number(party)),
            _ => None,
        };
        Self {
            identifier,
            register_id,
            vat_id,
            tax_number: tax_number(party),
            ..Self::of(party, address)
        }
    }

    /// The buyer.
    pub(super) fn buyer(
        party: &'a PartyCopy,
        address: &'a Address,
        is_subject_to_tax: bool,
    ) -> Self {
        Self {
            register_id: register_id(party).or_else(|| tax_number(party)),
            vat_id: vat_id(party)
                .map(|(_, value)| value)
                .filter(|_| is_subject_to_tax),
            ..Self::of(party, address)
        }
    }

    fn of(party: &'a PartyCopy, address: &'a Address) -> Self {
        Self {
            name: party.name.as_str(),
            address,
            identifier: None,
            register_id: None,
            vat_id: None,
            tax_number: None,
            electronic_address: party.electronic_address.as_ref(),
            contact: party.contact.as_ref(),
        }
    }
}
