//! Documents as machines read them: the semantic model of EN 16931-1, which both of its syntaxes (UBL and CII) write.
//!
//! Nothing is reckoned here that the document does not say: amounts are those that were issued, sorted into the
//! norm's business terms (BT) and groups (BG). What the norm cannot hold, or a profile of it asks for beyond, is
//! told as faults of the invoice, so that it is asked for before a number is taken.

mod category;
mod codes;
mod gaps;
mod parties;
pub mod transmission;

use std::collections::BTreeMap;

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

pub use category::{Category, Taxed};
pub use parties::CoreParty;

use crate::account::Account;
use crate::client::Client;
use crate::credit_note::CreditNote;
use crate::fault::{Fault, PointedFault};
use crate::invoice::{DraftInvoice, InvoiceContent, IssuedInvoice, PartyCopy, Supply};
use crate::line::{Description, Line};
use crate::money::{Currency, Money, MoneyError};
use crate::party::{CountryCode, Period};
use crate::refusal::{Refusal, RefusalKind};
use crate::tax::Tax;
use crate::totals::Totals;
use crate::ways_to_pay::{PaymentReference, TransferAccount};
use category::NoCategory;
use gaps::Parts;

/// Decimals of a price that is reckoned out of one that holds its tax: what comes to the amount again on a million
/// units (PEPPOL-EN16931-R120).
const PRICE_DECIMALS: u32 = 10;

/// What a line's amount may be off its price times its quantity (PEPPOL-EN16931-R120).
const PRICE_SLACK: Decimal = Decimal::from_parts(2, 0, 0, false, 2);

/// A specification that e-invoices are written for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Profile {
    /// Peppol BIS Billing 3.0, in UBL 2.1.
    #[serde(rename = "peppol_bis_3")]
    PeppolBis3,
    /// `XRechnung` 3.0 of the German administration, in UBL 2.1.
    Xrechnung,
    /// Factur-X 1.0 and ZUGFeRD 2, profile EN 16931, in CII D16B.
    FacturX,
}

impl Profile {
    /// The words of the contract.
    pub const NAMES: &'static [&'static str] = &["peppol_bis_3", "xrechnung", "factur_x"];

    /// Reads the word of the contract.
    ///
    /// # Errors
    /// [`Fault::UnknownValue`].
    pub fn parse(text: &str) -> Result<Self, Fault> {
        Ok(match text {
            "peppol_bis_3" => Self::PeppolBis3,
            "xrechnung" => Self::Xrechnung,
            "factur_x" => Self::FacturX,
            _ => {
                let allowed = Self::NAMES;
                return Err(Fault::UnknownValue { allowed });
            }
        })
    }

    /// The word of the contract.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PeppolBis3 => "peppol_bis_3",
            Self::Xrechnung => "xrechnung",
            Self::FacturX => "factur_x",
        }
    }

    /// What a document says that it follows (BT-24).
    pub fn specification(self) -> &'static str {
        match self {
            Self::PeppolBis3 => {
                "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
            }
            Self::Xrechnung => {
                "urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0"
            }
            Self::FacturX => "urn:cen.eu:en16931:2017",
        }
    }

    /// The process that it is part of (BT-23), where the specification names one.
    pub fn process(self) -> Option<&'static str> {
        match self {
            Self::PeppolBis3 | Self::Xrechnung => {
                Some("urn:fdc:peppol.eu:2017:poacc:billing:01:1.0")
            }
            Self::FacturX => None,
        }
    }
}

/// Why a document is no e-invoice.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EInvoiceRefusal {
    /// It lacks something, or says more than the norm can hold; all of it at once.
    #[error("this document is no e-invoice of the profile {}: see errors", .profile.as_str())]
    Incomplete {
        /// The profile.
        profile: Profile,
        /// What is lacking, by pointers into the invoice as it is shown.
        faults: Vec<PointedFault>,
    },
    /// Another program issued it, and knows its lines and taxes.
    #[error("another program issued this invoice: that has its lines and taxes")]
    IssuedElsewhere,
}

impl Refusal for EInvoiceRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::Incomplete { .. } => "e_invoice_incomplete",
            Self::IssuedElsewhere => "issued_elsewhere",
        }
    }
    fn kind(&self) -> RefusalKind {
        match self {
            Self::Incomplete { .. } => RefusalKind::Invalid,
            Self::IssuedElsewhere => RefusalKind::Conflict,
        }
    }
    fn faults(&self) -> &[PointedFault] {
        match self {
            Self::Incomplete { faults, .. } => faults,
            Self::IssuedElsewhere => &[],
        }
    }
}

/// Why nothing was made of a document.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoEInvoice {
    /// It is none.
    #[error(transparent)]
    Refused(#[from] EInvoiceRefusal),
    /// Amounts beyond what is reckoned with: none that an issued document can have.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

/// Whether an invoice can be issued to a client who gets e-invoices.
///
/// # Errors
/// [`EInvoiceRefusal::Incomplete`].
pub fn check_draft(
    draft: &DraftInvoice,
    account: &Account,
    client: &Client,
    profile: Profile,
) -> Result<(), EInvoiceRefusal> {
    let (seller, buyer) = (PartyCopy::of_account(account), PartyCopy::of_client(client));
    let currency = draft.content.currency;
    let mut accounts = account.transfer_accounts.iter();
    complete(
        Parts {
            content: &draft.content,
            seller: &seller,
            buyer: &buyer,
            has_account: accounts.any(|account| account.currency == currency),
        },
        profile,
    )
}

fn complete(parts: Parts<'_>, profile: Profile) -> Result<(), EInvoiceRefusal> {
    let faults = gaps::of(parts, profile);
    match faults.is_empty() {
        true => Ok(()),
        false => Err(EInvoiceRefusal::Incomplete { profile, faults }),
    }
}

/// What kind of document it is: codes of UNTDID 1001 (BT-3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DocumentType {
    /// A commercial invoice.
    Invoice,
    /// An invoice for money before the work.
    Prepayment,
    /// A credit note.
    CreditNote,
}

impl DocumentType {
    /// Its code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Invoice => "380",
            Self::Prepayment => "386",
            Self::CreditNote => "381",
        }
    }
}

/// The document that another one corrects (BG-3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preceding<'a> {
    /// Its number (BT-25).
    pub number: &'a str,
    /// Its day of issue (BT-26).
    pub issue_on: Date,
}

/// A discount or charge on the whole document (BG-20, BG-21), of one category.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adjustment {
    /// How much, net (BT-92, BT-99).
    pub amount: Money,
    /// What for (BT-97, BT-104); none where it is a discount.
    pub reason: Option<String>,
    /// Its category.
    pub taxed: Taxed,
}

/// What is taxed alike (BG-23).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Breakdown {
    /// Category and rate.
    pub taxed: Taxed,
    /// On what (BT-116).
    pub base: Money,
    /// How much (BT-117).
    pub amount: Money,
    /// Why none is charged (BT-120).
    pub reason: Option<String>,
}

/// A line (BG-25).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CoreLine<'a> {
    /// What it is, in a row (BT-153).
    pub name: &'a str,
    /// What else is said of it (BT-154).
    pub description: Option<String>,
    /// How many (BT-129).
    pub quantity: Decimal,
    /// Of what, a code of UN/ECE recommendation 20 (BT-130).
    pub unit: &'a str,
    /// The net price of one, never below zero (BT-146).
    pub price: Decimal,
    /// What is taken off (BG-27).
    pub allowance: Option<Money>,
    /// What it comes to, net (BT-131).
    pub net: Money,
    /// When it was supplied (BG-26).
    pub period: Option<Period>,
    /// Its category.
    pub taxed: Taxed,
}

/// What a document comes to (BG-22).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CoreTotals {
    /// Of its lines (BT-106).
    pub lines: Money,
    /// Discounts on the whole (BT-107).
    pub allowances: Money,
    /// Charges on the whole (BT-108).
    pub charges: Money,
    /// Without tax (BT-109).
    pub net: Money,
    /// Tax (BT-110).
    pub tax: Money,
    /// With tax (BT-112).
    pub total: Money,
    /// What was paid before it was issued (BT-113).
    pub prepaid: Money,
    /// Rounding to cash (BT-114).
    pub rounding: Money,
    /// What is due when it is issued (BT-115).
    pub due: Money,
    /// Tax in the currency of the books, where that is another (BT-111).
    pub tax_in_books: Option<Money>,
}

/// A document in the terms of EN 16931.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CoreInvoice<'a> {
    /// What it follows.
    pub profile: Profile,
    /// What it is.
    pub kind: DocumentType,
    /// Its number (BT-1).
    pub number: &'a str,
    /// The day of issue (BT-2).
    pub issue_on: Date,
    /// The day it is due (BT-9).
    pub due_on: Option<Date>,
    /// Of every amount (BT-5).
    pub currency: Currency,
    /// The buyer's own reference (BT-10).
    pub buyer_reference: Option<&'a str>,
    /// The buyer's order (BT-13).
    pub purchase_order: Option<&'a str>,
    /// What it corrects.
    pub preceding: Option<Preceding<'a>>,
    /// Words (BT-22).
    pub note: Option<&'a str>,
    /// Who bills.
    pub seller: CoreParty<'a>,
    /// Who is billed.
    pub buyer: CoreParty<'a>,
    /// When it was supplied (BT-72, BG-14).
    pub supply: Option<&'a Supply>,
    /// Where to, if within the Union (BT-80).
    pub delivered_to: Option<&'a CountryCode>,
    /// Bank accounts to pay to (BG-17).
    pub accounts: Vec<&'a TransferAccount>,
    /// What a transfer names (BT-83).
    pub reference: PaymentReference,
    /// How it is to be paid, in words (BT-20).
    pub terms: String,
    /// Discounts on the whole, by category.
    pub allowances: Vec<Adjustment>,
    /// Charges on the whole.
    pub charges: Vec<Adjustment>,
    /// Taxes, by category and rate.
    pub taxes: Vec<Breakdown>,
    /// Its lines.
    pub lines: Vec<CoreLine<'a>>,
    /// What it comes to.
    pub totals: CoreTotals,
}

/// A line or charge with what it adds to its breakdown.
struct Share {
    taxed: Taxed,
    net: Money,
}

/// The first row of a text, and the rest of it.
fn name_of(description: &Description) -> (&str, Option<String>) {
    let text = description.as_str().trim();
    match text.split_once('\n') {
        Some((name, rest)) => {
            let rest = rest.trim();
            (name.trim(), (!rest.is_empty()).then(|| rest.to_owned()))
        }
        None => (text, None),
    }
}

/// The category of a line or charge, or what is said where it has none.
fn taxed(profile: Profile, pointer: &str, taxes: &[Tax]) -> Result<Taxed, NoEInvoice> {
    let not_held = |none: NoCategory| {
        let what = none.what();
        incomplete(profile, pointer, Fault::NotInStandard { what })
    };
    Taxed::of(taxes).map_err(not_held)
}

/// The breakdown: bases are those of lines and charges, amounts and reasons those that were issued.
fn breakdown<'t>(
    currency: Currency,
    shares: impl IntoIterator<Item = Share>,
    taxes: impl IntoIterator<Item = (Taxed, Money, Option<&'t str>)>,
) -> Result<Vec<Breakdown>, MoneyError> {
    let zero = Money::zero(currency);
    let mut all: BTreeMap<Taxed, Breakdown> = BTreeMap::new();
    let empty = |taxed| Breakdown {
        taxed,
        base: zero,
        amount: zero,
        reason: None,
    };
    for Share { taxed, net } in shares {
        let part = all.entry(taxed).or_insert_with(|| empty(taxed));
        part.base = part.base.checked_add(net)?;
    }
    for (taxed, amount, reason) in taxes {
        let part = all.entry(taxed).or_insert_with(|| empty(taxed));
        part.amount = part.amount.checked_add(amount)?;
        let Some(reason) = reason else { continue };
        match &mut part.reason {
            None => part.reason = Some(reason.to_owned()),
            Some(said) if said.split("; ").any(|known| known == reason) => {}
            Some(said) => {
                said.push_str("; ");
                said.push_str(reason);
            }
        }
    }
    for part in all.values_mut() {
        // What bears no tax at all has no group of its own in the document (BR-O-10).
        if part.reason.is_none() && part.taxed.category == Category::OutOfScope {
            part.reason = Some("Not subject to VAT".to_owned());
        }
    }
    Ok(all.into_values().collect())
}

/// The parties, where both have an address.
fn parties_of<'a>(
    seller: &'a PartyCopy,
    buyer: &'a PartyCopy,
    is_subject_to_tax: bool,
) -> Option<(CoreParty<'a>, CoreParty<'a>)> {
    let seller = CoreParty::seller(seller, seller.address.as_ref()?, is_subject_to_tax);
    let buyer = CoreParty::buyer(buyer, buyer.address.as_ref()?, is_subject_to_tax);
    Some((seller, buyer))
}

fn accounts_for(accounts: &[TransferAccount], currency: Currency) -> Vec<&TransferAccount> {
    let accounts = accounts.iter();
    accounts
        .filter(|account| account.currency == currency)
        .collect()
}

/// A net price out of a net amount.
fn price_of(net: Decimal, quantity: Decimal) -> Decimal {
    if quantity.is_zero() {
        return Decimal::ZERO;
    }
    let away = rust_decimal::RoundingStrategy::MidpointAwayFromZero;
    let price = (net / quantity).round_dp_with_strategy(PRICE_DECIMALS, away);
    price.normalize()
}

impl<'a> CoreInvoice<'a> {
    /// An issued invoice. `accounts` are those that the agency lets be paid to, `terms` the words for how it is paid,
    /// `prepaid` what settled it as it was issued.
    ///
    /// # Errors
    /// [`EInvoiceRefusal`], where it is none.
    pub fn of_invoice(
        invoice: &'a IssuedInvoice,
        profile: Profile,
        accounts: &'a [TransferAccount],
        terms: String,
        prepaid: Money,
    ) -> Result<Self, NoEInvoice> {
        if invoice.opening {
            return Err(EInvoiceRefusal::IssuedElsewhere.into());
        }
        let IssuedInvoice {
            content,
            totals,
            seller,
            buyer,
            ..
        } = invoice;
        let accounts = accounts_for(accounts, content.currency);
        let parts = Parts {
            content,
            seller,
            buyer,
            has_account: !accounts.is_empty(),
        };
        complete(parts, profile)?;
        let lines = lines_of(content, totals, profile)?;
        let shares: Result<Vec<Share>, MoneyError> = lines
            .iter()
            .zip(&totals.lines)
            .map(|(line, totals)| {
                let net = totals.net.checked_sub(totals.document_discount)?;
                let taxed = line.taxed;
                Ok(Share { taxed, net })
            })
            .collect();
        let charges: Vec<Adjustment> = content
            .charges
            .iter()
            .zip(&totals.charge_nets)
            .enumerate()
            .map(|(place, (charge, net))| {
                Ok(Adjustment {
                    amount: *net,
                    reason: Some(name_of(&charge.description).0.to_owned()),
                    taxed: taxed(profile, &format!("/charges/{place}/taxes"), &charge.taxes)?,
                })
            })
            .collect::<Result<_, NoEInvoice>>()?;
        let of_charges = charges.iter().map(|charge| Share {
            taxed: charge.taxed,
            net: charge.amount,
        });
        let stated = totals.taxes.iter().map(|tax| {
            let taxed = Taxed::as_kind(tax.kind, tax.rate.decimal());
            (taxed, tax.amount, tax.reason.as_deref())
        });
        let shares = shares?.into_iter().chain(of_charges);
        let taxes = breakdown(content.currency, shares, stated)?;
        let allowances = discounts_of(&lines, totals)?;
        let is_subject = is_subject_to_tax(&taxes);
        let Some((seller_party, buyer_party)) = parties_of(seller, buyer, is_subject) else {
            // Said by what was complete above.
            return Err(incomplete(profile, "/seller/address", Fault::Required));
        };
        let categories = taxes.iter().map(|part| part.taxed.category);
        Ok(Self {
            profile,
            kind: match content.deposit_of {
                // BR-DE-17 has no code for it.
                Some(_) if profile != Profile::Xrechnung => DocumentType::Prepayment,
                _ => DocumentType::Invoice,
            },
            number: invoice.number.as_str(),
            issue_on: invoice.issue_on,
            due_on: Some(invoice.due_on),
            currency: content.currency,
            buyer_reference: content.buyer_reference.as_ref().map(|name| name.as_str()),
            purchase_order: content.purchase_order.as_ref().map(|name| name.as_str()),
            preceding: None,
            note: content.notes.as_ref().map(|notes| notes.as_str()),
            delivered_to: gaps::delivered_to(categories, buyer),
            seller: seller_party,
            buyer: buyer_party,
            supply: content.supply.as_ref(),
            accounts,
            reference: PaymentReference::of(&invoice.number),
            terms,
            allowances,
            charges,
            taxes,
            lines,
            totals: CoreTotals {
                lines: totals.subtotal,
                allowances: totals.discount,
                charges: totals.charges,
                net: totals.net,
                tax: totals.tax,
                total: totals.total,
                prepaid,
                rounding: totals.rounding,
                due: totals
                    .total
                    .checked_sub(prepaid)?
                    .checked_add(totals.rounding)?,
                tax_in_books: invoice.tax_in_books()?,
            },
        })
    }

    /// A credit note on an issued invoice. Its lines are what is credited of the invoice's lines and charges, net of
    /// their share of its discount; `terms` are the words for what becomes of it.
    ///
    /// # Errors
    /// [`EInvoiceRefusal`], where its invoice is none.
    pub fn of_credit_note(
        note: &'a CreditNote,
        invoice: &'a IssuedInvoice,
        profile: Profile,
        accounts: &'a [TransferAccount],
        terms: String,
    ) -> Result<Self, NoEInvoice> {
        if invoice.opening {
            return Err(EInvoiceRefusal::IssuedElsewhere.into());
        }
        let content = &invoice.content;
        let accounts = accounts_for(accounts, content.currency);
        let parts = Parts {
            content,
            seller: &note.seller,
            buyer: &note.buyer,
            has_account: !accounts.is_empty(),
        };
        complete(parts, profile)?;
        let lines = credited_lines(note, content, profile)?;
        let shares: Vec<Share> = lines
            .iter()
            .map(|line| Share {
                taxed: line.taxed,
                net: line.net,
            })
            .collect();
        let parts = note.credited.taxes()?;
        let stated: Vec<_> = parts
            .iter()
            .map(|part| {
                let taxed = Taxed::as_kind(part.tax.kind, part.tax.rate.decimal());
                (taxed, part.amount, part.tax.stated_reason())
            })
            .collect();
        let taxes = breakdown(content.currency, shares, stated)?;
        let is_subject = is_subject_to_tax(&taxes);
        let Some((seller, buyer)) = parties_of(&note.seller, &note.buyer, is_subject) else {
            return Err(incomplete(profile, "/seller/address", Fault::Required));
        };
        let categories = taxes.iter().map(|part| part.taxed.category);
        let zero = Money::zero(content.currency);
        let credited = &note.credited;
        Ok(Self {
            profile,
            kind: DocumentType::CreditNote,
            number: note.number.as_str(),
            issue_on: note.issue_on,
            due_on: None,
            currency: content.currency,
            buyer_reference: content.buyer_reference.as_ref().map(|name| name.as_str()),
            purchase_order: content.purchase_order.as_ref().map(|name| name.as_str()),
            preceding: Some(Preceding {
                number: note.invoice_number.as_str(),
                issue_on: note.invoice_issue_on,
            }),
            note: Some(note.reason.as_str()),
            delivered_to: gaps::delivered_to(categories, &note.buyer),
            seller,
            buyer,
            supply: content.supply.as_ref(),
            accounts,
            reference: PaymentReference::of(&note.number),
            terms,
            allowances: Vec::new(),
            charges: Vec::new(),
            taxes,
            lines,
            totals: CoreTotals {
                lines: credited.net,
                allowances: zero,
                charges: zero,
                net: credited.net,
                tax: credited.tax,
                total: credited.total,
                prepaid: zero,
                rounding: credited.rounding,
                due: credited.total.checked_add(credited.rounding)?,
                tax_in_books: note.tax_in_books,
            },
        })
    }
}

fn incomplete(profile: Profile, pointer: &str, fault: Fault) -> NoEInvoice {
    let faults = vec![PointedFault::new(pointer, fault)];
    EInvoiceRefusal::Incomplete { profile, faults }.into()
}

fn is_subject_to_tax(taxes: &[Breakdown]) -> bool {
    let mut taxes = taxes.iter();
    taxes.all(|part| part.taxed.category != Category::OutOfScope)
}

fn lines_of<'a>(
    content: &'a InvoiceContent,
    totals: &Totals,
    profile: Profile,
) -> Result<Vec<CoreLine<'a>>, NoEInvoice> {
    let lines = content.lines.iter().zip(&totals.lines).enumerate();
    lines
        .map(|(place, (line, of))| {
            let (name, description) = name_of(&line.description);
            let quantity = line.quantity.decimal().normalize();
            let taxed = taxed(profile, &format!("/lines/{place}/taxes"), &line.taxes)?;
            // A price that holds its tax is not the norm's: the net one follows from the net amount, and
            // what was taken off is in it.
            let (price, allowance) = match totals.inclusive {
                true => (price_of(of.net.amount(), quantity), None),
                false => {
                    let taken_off = (!of.discount.is_zero()).then_some(of.discount);
                    (stated_price(line, of.amount.amount()), taken_off)
                }
            };
            Ok(CoreLine {
                name,
                description,
                quantity,
                unit: unit_of(line),
                price,
                allowance,
                net: of.net,
                period: line.period,
                taxed,
            })
        })
        .collect()
}

/// The price of one. Where an amount is rounded by more than readers allow, as to whole yen, it is what comes to
/// that amount.
fn stated_price(line: &Line, amount: Decimal) -> Decimal {
    let (price, quantity) = (line.unit_price.decimal(), line.quantity.decimal());
    let is_exact = price
        .checked_mul(quantity)
        .is_some_and(|exact| (exact - amount).abs() <= PRICE_SLACK);
    match is_exact {
        true => price.normalize(),
        false => price_of(amount, quantity),
    }
}

/// "One" where the line says nothing.
fn unit_of(line: &Line) -> &str {
    line.unit.as_ref().map_or("C62", |unit| unit.as_str())
}

/// What is credited of each line and charge: one of it, or less than none where that is given back.
fn credited_lines<'a>(
    note: &'a CreditNote,
    content: &'a InvoiceContent,
    profile: Profile,
) -> Result<Vec<CoreLine<'a>>, NoEInvoice> {
    let credited = &note.credited;
    let of_lines = content.lines.iter().map(|line| &line.taxes);
    let of_lines: Vec<&Vec<Tax>> = of_lines.collect();
    let of_charges = content.charges.iter().map(|charge| &charge.taxes);
    let of_charges: Vec<&Vec<Tax>> = of_charges.collect();
    let lines = credited.lines.iter().map(|part| (part, &of_lines, "lines"));
    let charges = credited
        .charges
        .iter()
        .map(|part| (part, &of_charges, "charges"));
    lines
        .chain(charges)
        .map(|(part, taxes, at)| {
            let pointer = format!("/{at}/{}/taxes", part.place);
            let place = usize::try_from(part.place).ok();
            let taxes = place.and_then(|place| taxes.get(place));
            let taxes = taxes.ok_or_else(|| incomplete(profile, &pointer, Fault::Required))?;
            let (name, description) = name_of(&part.description);
            let one = match part.net.is_negative() {
                true => Decimal::NEGATIVE_ONE,
                false => Decimal::ONE,
            };
            Ok(CoreLine {
                name,
                description,
                quantity: one,
                unit: "C62",
                price: part.net.amount().abs().normalize(),
                allowance: None,
                net: part.net,
                period: None,
                taxed: taxed(profile, &pointer, taxes)?,
            })
        })
        .collect()
}

/// The document's discount, by what it is taken from: each breakdown has its own (BT-95).
fn discounts_of(lines: &[CoreLine<'_>], totals: &Totals) -> Result<Vec<Adjustment>, MoneyError> {
    let zero = Money::zero(totals.currency);
    let mut all: BTreeMap<Taxed, Money> = BTreeMap::new();
    for (line, of) in lines.iter().zip(&totals.lines) {
        let sum = all.entry(line.taxed).or_insert(zero);
        *sum = sum.checked_add(of.document_discount)?;
    }
    let taken_off = all.into_iter().filter(|(_, amount)| !amount.is_zero());
    Ok(taken_off
        .map(|(taxed, amount)| Adjustment {
            amount,
            reason: None,
            taxed,
        })
        .collect())
}
