//! What a document lacks, or says too much, to be an e-invoice: told before it is issued.

use std::collections::BTreeSet;

use super::category::{Category, Taxed};
use super::{Profile, codes, parties};
use crate::fault::{Fault, PointedFault};
use crate::invoice::{InvoiceContent, PartyCopy, Supply};
use crate::line::{Charge, Line};
use crate::party::{CountryCode, Period};
use crate::tax::Tax;

/// Decimals that amounts may have (BR-DEC-1 to BR-DEC-28).
const MAX_AMOUNT_DECIMALS: u32 = 2;

/// Of what a document is made, issued or not.
#[derive(Debug, Clone, Copy)]
pub(super) struct Parts<'a> {
    pub(super) content: &'a InvoiceContent,
    pub(super) seller: &'a PartyCopy,
    pub(super) buyer: &'a PartyCopy,
    /// Whether the agency has a bank account that takes its currency.
    pub(super) has_account: bool,
}

fn not_held(what: &'static str) -> Fault {
    Fault::NotInStandard { what }
}

/// All of it; pointers are those of the invoice as the API shows it.
pub(super) fn of(parts: Parts<'_>, profile: Profile) -> Vec<PointedFault> {
    let mut gaps = Gaps {
        parts,
        profile,
        found: Vec::new(),
        categories: BTreeSet::new(),
    };
    gaps.document();
    gaps.lines();
    gaps.parties();
    gaps.taxes();
    gaps.found
}

struct Gaps<'a> {
    parts: Parts<'a>,
    profile: Profile,
    found: Vec<PointedFault>,
    categories: BTreeSet<Category>,
}

impl Gaps<'_> {
    fn say(&mut self, pointer: &str, fault: Fault) {
        self.found.push(PointedFault::new(pointer, fault));
    }

    fn document(&mut self) {
        let content = self.parts.content;
        if content.currency.minor_digits() > MAX_AMOUNT_DECIMALS {
            self.say("/currency", not_held("a currency of three decimals"));
        }
        let is_named = content.buyer_reference.is_some();
        match self.profile {
            // PEPPOL-EN16931-R003.
            Profile::PeppolBis3 if !is_named && content.purchase_order.is_none() => {
                self.say("/buyer_reference", Fault::Required);
            }
            // BR-DE-15.
            Profile::Xrechnung if !is_named => self.say("/buyer_reference", Fault::Required),
            _ => {}
        }
        // BR-DE-1, and PEPPOL's rules for two German parties.
        if self.is_german() && !self.parts.has_account {
            self.say("/seller/bank_account", Fault::Required);
        }
    }

    /// Whether the rules of XRechnung count: they are Peppol's too, where both parties are German (DE-R).
    fn is_german(&self) -> bool {
        let sits = |party: &PartyCopy| {
            let address = party.address.as_ref();
            address.is_some_and(|address| address.country.as_str() == "DE")
        };
        match self.profile {
            Profile::Xrechnung => true,
            Profile::PeppolBis3 => sits(self.parts.seller) && sits(self.parts.buyer),
            Profile::FacturX => false,
        }
    }

    fn lines(&mut self) {
        let content = self.parts.content;
        let whole = match &content.supply {
            Some(Supply::Period(period)) => Some(*period),
            _ => None,
        };
        for (place, line) in content.lines.iter().enumerate() {
            let Line {
                unit,
                period,
                taxes,
                ..
            } = line;
            if let Some(unit) = unit
                && !codes::is_unit(unit.as_str())
            {
                self.say(&format!("/lines/{place}/unit"), Fault::UnknownUnit);
            }
            // PEPPOL-EN16931-R110 and R111.
            if self.profile == Profile::PeppolBis3
                && let (Some(period), Some(whole)) = (period, whole)
                && !holds(whole, *period)
            {
                let what = "a period of a line that is not within the document's";
                self.say(&format!("/lines/{place}/period"), not_held(what));
            }
            self.taxed(&format!("/lines/{place}/taxes"), taxes);
        }
        for (place, Charge { taxes, .. }) in content.charges.iter().enumerate() {
            self.taxed(&format!("/charges/{place}/taxes"), taxes);
        }
    }

    fn taxed(&mut self, pointer: &str, taxes: &[Tax]) {
        match Taxed::of(taxes) {
            Ok(taxed) => {
                self.categories.insert(taxed.category);
            }
            Err(none) => self.say(pointer, not_held(none.what())),
        }
    }

    fn parties(&mut self) {
        let Parts { seller, buyer, .. } = self.parts;
        for (party, at) in [(seller, "/seller"), (buyer, "/buyer")] {
            // BR-8 to BR-11.
            if party.address.is_none() {
                self.say(&format!("{at}/address"), Fault::Required);
            }
            if let Some((place, vat_id)) = parties::vat_id(party)
                && !parties::has_country(vat_id)
            {
                let pointer = format!("{at}/tax_ids/{place}/value");
                self.say(&pointer, Fault::VatIdWithoutCountry);
            }
            match &party.electronic_address {
                // BR-CL-25.
                Some(address) if !codes::is_address_scheme(address.scheme.as_str()) => {
                    let pointer = format!("{at}/electronic_address/scheme");
                    self.say(&pointer, Fault::UnknownAddressScheme);
                }
                Some(_) => {}
                // PEPPOL-EN16931-R010 and R020; XRechnung since version 3.
                None if self.profile != Profile::FacturX => {
                    self.say(&format!("{at}/electronic_address"), Fault::Required);
                }
                None => {}
            }
            // BR-DE-3, BR-DE-4, BR-DE-8, BR-DE-9.
            let address = party.address.as_ref();
            if self.is_german() && address.is_some_and(|address| address.postal_code.is_none()) {
                self.say(&format!("{at}/address/postal_code"), Fault::Required);
            }
        }
        // BR-DE-5 to BR-DE-7.
        if self.is_german() && seller.contact.is_none() {
            self.say("/seller/phone", Fault::Required);
        }
    }

    /// What the categories ask of parties and days (BR-S-2, BR-AE-2, BR-IC-2 and their likes).
    fn taxes(&mut self) {
        let Parts {
            content,
            seller,
            buyer,
            ..
        } = self.parts;
        let categories = std::mem::take(&mut self.categories);
        // BR-O-11 to BR-O-14.
        if categories.contains(&Category::OutOfScope) && categories.len() > 1 {
            let what = "what is not subject to the tax beside what is";
            self.say("/lines", not_held(what));
        }
        let seller_vat = parties::vat_id(seller).is_some();
        let buyer_vat = parties::vat_id(buyer).is_some();
        let has = |category: Category| categories.contains(&category);
        let only_vat = has(Category::IntraCommunity) || has(Category::Export);
        let is_known = match has(Category::OutOfScope) {
            // BR-CO-26: a number of some kind in any case.
            true => !seller.tax_ids.is_empty(),
            false => seller_vat || parties::tax_number(seller).is_some(),
        };
        if !is_known || (only_vat && !seller_vat) {
            self.say("/seller/tax_ids", Fault::Required);
        }
        let is_buyer_known =
            buyer_vat || (has(Category::ReverseCharge) && !buyer.tax_ids.is_empty());
        if (has(Category::IntraCommunity) && !buyer_vat)
            || (has(Category::ReverseCharge) && !is_buyer_known)
        {
            self.say("/buyer/tax_ids", Fault::Required);
        }
        // BR-IC-11; where it goes (BR-IC-12) is where the buyer sits.
        if has(Category::IntraCommunity) && content.supply.is_none() {
            self.say("/supply_date", Fault::Required);
        }
        self.categories = categories;
    }
}

fn holds(whole: Period, part: Period) -> bool {
    whole.from() <= part.from() && part.to() <= whole.to()
}

/// Where goods and services within the Union go: where the buyer sits.
pub(super) fn delivered_to(
    categories: impl IntoIterator<Item = Category>,
    buyer: &PartyCopy,
) -> Option<&CountryCode> {
    let within = categories
        .into_iter()
        .any(|category| category == Category::IntraCommunity);
    let address = buyer.address.as_ref().filter(|_| within);
    address.map(|address| &address.country)
}
