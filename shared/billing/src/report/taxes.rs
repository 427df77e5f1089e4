//! Taxes by name, rate and kind: of what was issued, or of what was received.
//!
//! On an accrual basis the tax of each document counts on the day that it is booked: of invoices, less
//! that of credit notes and of what was voided. It is what the ledger has as tax payable.
//!
//! On a cash basis each invoice has a tax that is received with it: of what is paid by now, the share
//! of the tax in all that is to be paid, less the share in what was paid before. What is received in
//! parts therefore adds up to the tax of the document to the cent, whatever was given back, credited or
//! paid again between. Taxes are split by largest remainder, and so are what they are on where no line
//! has two of them; else each is rounded by itself, half away from zero.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::credit_note::CreditNote;
use crate::invoice::IssuedInvoice;
use crate::ledger::{LedgerAccount, LedgerTransaction};
use crate::line::Line;
use crate::money::{Currency, Money, MoneyError};
use crate::tax::TaxKind;
use crate::totals::split_by;

/// A tax as reports tell it apart.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct TaxKey {
    /// The currency of the documents.
    pub currency: &'static str,
    /// Its kind.
    pub kind: TaxKind,
    /// Its name.
    pub name: String,
    /// Percent, without zeros at the end.
    pub rate: Decimal,
}

/// Why a tax is in a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TaxEvent {
    /// An invoice was issued.
    Invoiced,
    /// A credit note was issued.
    Credited,
    /// An invoice was voided.
    Voided,
    /// Money was received for an invoice.
    Received,
    /// Money was given back, or no longer pays an invoice.
    GivenBack,
}

impl TaxEvent {
    /// The word of the contract.
    pub fn as_str(self) -> &'static str {
        match self {
            TaxEvent::Invoiced => "invoiced",
            TaxEvent::Credited => "credited",
            TaxEvent::Voided => "voided",
            TaxEvent::Received => "received",
            TaxEvent::GivenBack => "given_back",
        }
    }

    /// Those of an accrual basis.
    pub const ACCRUAL: [Self; 3] = [Self::Invoiced, Self::Credited, Self::Voided];
    /// Those of a cash basis.
    pub const CASH: [Self; 2] = [Self::Received, Self::GivenBack];
}

/// What a tax is on, and what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BaseAndTax {
    /// What it is on.
    pub base: Money,
    /// What it is.
    pub tax: Money,
}

impl BaseAndTax {
    /// Nothing.
    pub fn none(currency: Currency) -> Self {
        let zero = Money::zero(currency);
        Self {
            base: zero,
            tax: zero,
        }
    }

    fn plus(self, other: Self) -> Result<Self, MoneyError> {
        Ok(Self {
            base: self.base.checked_add(other.base)?,
            tax: self.tax.checked_add(other.tax)?,
        })
    }

    fn minus(self, other: Self) -> Result<Self, MoneyError> {
        self.plus(other.negated())
    }

    fn negated(self) -> Self {
        Self {
            base: self.base.negated(),
            tax: self.tax.negated(),
        }
    }

    /// Whether it goes back.
    fn is_back(&self) -> bool {
        self.base.is_negative() || self.tax.is_negative()
    }

    fn is_zero(&self) -> bool {
        self.base.is_zero() && self.tax.is_zero()
    }
}

/// One tax of a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaxRow {
    /// By what happened; what was credited, voided or given back is negative.
    pub by_event: BTreeMap<TaxEvent, BaseAndTax>,
    /// In all.
    pub total: BaseAndTax,
    /// In all, in the books' currency; none where a document had no rate.
    pub books: Option<BaseAndTax>,
}

/// The taxes of a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaxReport {
    books: Currency,
    /// Each tax.
    pub rows: BTreeMap<TaxKey, TaxRow>,
    /// What the ledger has as tax payable of the same entries, by currency.
    pub tax_payable: BTreeMap<&'static str, Money>,
}

type Taxes = Vec<(TaxKey, BaseAndTax)>;

impl TaxReport {
    /// Nothing yet, for books in a currency.
    pub fn new(books: Currency) -> Self {
        Self {
            books,
            rows: BTreeMap::new(),
            tax_payable: BTreeMap::new(),
        }
    }

    /// Takes in that an invoice was issued, by its entry.
    ///
    /// # Errors
    /// [`MoneyError`]: a sum beyond what is reckoned with.
    pub fn invoiced(
        &mut self,
        entry: &LedgerTransaction,
        invoice: &IssuedInvoice,
    ) -> Result<(), MoneyError> {
        self.state(entry, TaxEvent::Invoiced, of_invoice(invoice))
    }

    /// Takes in that an invoice was voided, by its entry.
    ///
    /// # Errors
    /// [`MoneyError`]: a sum beyond what is reckoned with.
    pub fn voided(
        &mut self,
        entry: &LedgerTransaction,
        invoice: &IssuedInvoice,
    ) -> Result<(), MoneyError> {
        self.state(entry, TaxEvent::Voided, negated(of_invoice(invoice)))
    }

    /// Takes in that a credit note was issued, by its entry.
    ///
    /// # Errors
    /// [`MoneyError`]: a sum beyond what is reckoned with.
    pub fn credited(
        &mut self,
        entry: &LedgerTransaction,
        note: &CreditNote,
    ) -> Result<(), MoneyError> {
        self.state(entry, TaxEvent::Credited, negated(of_note(note)?))
    }

    /// Takes in what an entry does to how far its invoice is paid. `notes` are all credit notes of the
    /// invoice, the oldest first.
    ///
    /// # Errors
    /// [`MoneyError`]: a sum beyond what is reckoned with.
    pub fn settled(
        &mut self,
        entry: &LedgerTransaction,
        invoice: &IssuedInvoice,
        notes: &[CreditNote],
    ) -> Result<(), MoneyError> {
        let Some(settles) = &entry.settles else {
            return Ok(());
        };
        let after = usize::try_from(settles.credits).unwrap_or(usize::MAX);
        let is_new = |note: &CreditNote| note.id.to_string() == entry.document;
        let before = match notes.get(..after).and_then(<[CreditNote]>::last) {
            Some(newest) if is_new(newest) => after - 1,
            _ => after,
        };
        let counted = |count: usize| notes.get(..count).unwrap_or(notes);
        let mut change = received(invoice, counted(after), settles.after)?;
        for (key, part) in received(invoice, counted(before), settles.before)? {
            change.push((key, part.negated()));
        }
        let change = summed(change)?.into_iter();
        let (back, came): (Taxes, Taxes) = change.partition(|(_, part)| part.is_back());
        self.take(entry, TaxEvent::Received, came, None)?;
        self.take(entry, TaxEvent::GivenBack, back, None)
    }

    /// Takes in what a document states, which its entry has as tax payable.
    fn state(
        &mut self,
        entry: &LedgerTransaction,
        event: TaxEvent,
        taxes: Taxes,
    ) -> Result<(), MoneyError> {
        let mut owed = None;
        for posting in &entry.postings {
            if posting.account == LedgerAccount::TaxPayable {
                let currency = posting.amount.currency();
                let sum = self.tax_payable.entry(currency.code());
                let sum = sum.or_insert_with(|| Money::zero(currency));
                *sum = sum.checked_sub(posting.amount)?;
                owed = posting.books.map(Money::negated);
            }
        }
        self.take(entry, event, taxes, owed)
    }

    fn take(
        &mut self,
        entry: &LedgerTransaction,
        event: TaxEvent,
        taxes: Taxes,
        owed: Option<Money>,
    ) -> Result<(), MoneyError> {
        let in_books = self.in_books(entry, &taxes, owed)?;
        for ((key, part), books) in taxes.into_iter().zip(in_books) {
            if part.is_zero() {
                continue;
            }
            let none = BaseAndTax::none(part.base.currency());
            let row = self.rows.entry(key).or_insert_with(|| TaxRow {
                by_event: BTreeMap::new(),
                total: none,
                books: Some(BaseAndTax::none(self.books)),
            });
            let of_event = row.by_event.entry(event).or_insert(none);
            *of_event = of_event.plus(part)?;
            row.total = row.total.plus(part)?;
            row.books = match (row.books, books) {
                (Some(sum), Some(books)) => Some(sum.plus(books)?),
                _ => None,
            };
        }
        Ok(())
    }

    /// The same in the books' currency, at the rate of the entry. What the books owe by it is split over
    /// the taxes, so that they add up to it.
    fn in_books(
        &self,
        entry: &LedgerTransaction,
        taxes: &Taxes,
        owed: Option<Money>,
    ) -> Result<Vec<Option<BaseAndTax>>, MoneyError> {
        let Some((_, first)) = taxes.first() else {
            return Ok(Vec::new());
        };
        if first.base.currency() == self.books {
            return Ok(taxes.iter().map(|(_, part)| Some(*part)).collect());
        }
        let rate = entry.rate.as_ref().filter(|of| of.currency == self.books);
        let Some(rate) = rate else {
            return Ok(vec![None; taxes.len()]);
        };
        let at_rate = |amount: Money| {
            let product = amount.amount().checked_mul(rate.rate);
            Money::rounded(product.ok_or(MoneyError::Overflow)?, self.books)
        };
        let shares = match owed {
            None => None,
            Some(owed) => {
                let zero = Money::zero(first.tax.currency());
                let weight = |(key, part): &(TaxKey, BaseAndTax)| match key.kind.is_withholding() {
                    true => zero,
                    false => part.tax,
                };
                let weights: Vec<Money> = taxes.iter().map(weight).collect();
                Some(shared(owed, &weights)?)
            }
        };
        let mut all = Vec::with_capacity(taxes.len());
        for (place, (key, part)) in taxes.iter().enumerate() {
            let share = shares.as_ref().and_then(|shares| shares.get(place));
            let tax = match share.filter(|_| !key.kind.is_withholding()) {
                Some(share) => *share,
                None => at_rate(part.tax)?,
            };
            let base = at_rate(part.base)?;
            all.push(Some(BaseAndTax { base, tax }));
        }
        Ok(all)
    }
}

/// A whole by weights, largest remainder, whatever their common sign; nothing where they come to nothing.
fn shared(whole: Money, weights: &[Money]) -> Result<Vec<Money>, MoneyError> {
    let zero = Money::zero(whole.currency());
    let sum = match weights.first() {
        Some(first) => Money::sum(first.currency(), weights.iter().copied())?,
        None => return Ok(Vec::new()),
    };
    if sum.is_zero() || whole.is_zero() {
        return Ok(vec![zero; weights.len()]);
    }
    if sum.is_negative() {
        let weights: Vec<Money> = weights.iter().map(|of| of.negated()).collect();
        let parts = shared(whole.negated(), &weights)?;
        return Ok(parts.into_iter().map(Money::negated).collect());
    }
    split_by(whole, weights)
}

fn key(currency: Currency, name: &str, rate: Decimal, kind: TaxKind) -> TaxKey {
    TaxKey {
        currency: currency.code(),
        kind,
        name: name.to_owned(),
        rate: rate.normalize(),
    }
}

fn of_invoice(invoice: &IssuedInvoice) -> Taxes {
    let currency = invoice.content.currency;
    let taxes = invoice.totals.taxes.iter();
    let taxes = taxes.map(|of| {
        let key = key(currency, of.name.as_str(), of.rate.decimal(), of.kind);
        let part = BaseAndTax {
            base: of.base,
            tax: of.amount,
        };
        (key, part)
    });
    taxes.collect()
}

fn of_note(note: &CreditNote) -> Result<Taxes, MoneyError> {
    let currency = note.credited.net.currency();
    let taxes = note.credited.taxes()?;
    let taxes = taxes.iter().map(|of| {
        let tax = &of.tax;
        let key = key(currency, tax.name.as_str(), tax.rate.decimal(), tax.kind);
        let part = BaseAndTax {
            base: of.base,
            tax: of.amount,
        };
        (key, part)
    });
    Ok(taxes.collect())
}

fn negated(taxes: Taxes) -> Taxes {
    let taxes = taxes.into_iter();
    taxes.map(|(key, part)| (key, part.negated())).collect()
}

fn summed(taxes: Taxes) -> Result<Taxes, MoneyError> {
    let mut sums: BTreeMap<TaxKey, BaseAndTax> = BTreeMap::new();
    for (key, part) in taxes {
        let none = BaseAndTax::none(part.base.currency());
        let sum = sums.entry(key).or_insert(none);
        *sum = sum.plus(part)?;
    }
    Ok(sums.into_iter().collect())
}

/// What an invoice comes to, less its credit notes.
struct Left {
    taxes: Taxes,
    net: Money,
    tax: Money,
    withheld: Money,
    rounding: Money,
    payable: Money,
}

fn left(invoice: &IssuedInvoice, notes: &[CreditNote]) -> Result<Left, MoneyError> {
    let totals = &invoice.totals;
    let mut left = Left {
        taxes: Vec::new(),
        net: totals.net,
        tax: totals.tax,
        withheld: totals.withheld,
        rounding: totals.rounding,
        payable: totals.payable,
    };
    let mut taxes: BTreeMap<TaxKey, BaseAndTax> =
        summed(of_invoice(invoice))?.into_iter().collect();
    for note in notes {
        let credited = &note.credited;
        left.net = left.net.checked_sub(credited.net)?;
        left.tax = left.tax.checked_sub(credited.tax)?;
        left.withheld = left.withheld.checked_sub(credited.withheld)?;
        left.rounding = left.rounding.checked_sub(credited.rounding)?;
        left.payable = left.payable.checked_sub(credited.payable)?;
        for (key, part) in of_note(note)? {
            let none = BaseAndTax::none(part.base.currency());
            let sum = taxes.entry(key).or_insert(none);
            *sum = sum.minus(part)?;
        }
    }
    left.taxes = taxes.into_iter().collect();
    Ok(left)
}

/// Whether no line and no charge has two taxes, withholding apart: then what they are on are parts of
/// the net.
fn is_taxed_once(invoice: &IssuedInvoice) -> bool {
    let lines = invoice.content.lines.iter().map(|line: &Line| &line.taxes);
    let charges = invoice.content.charges.iter().map(|charge| &charge.taxes);
    lines.chain(charges).all(|taxes| {
        let added = taxes.iter().filter(|tax| !tax.kind.is_withholding());
        added.count() <= 1
    })
}

/// The taxes in so much of what is to be paid.
fn received(
    invoice: &IssuedInvoice,
    notes: &[CreditNote],
    paid: Money,
) -> Result<Taxes, MoneyError> {
    let left = left(invoice, notes)?;
    // What was paid beyond what a credit note leaves is set free by entries of its own.
    let paid = paid.min(left.payable)?;
    if !paid.is_positive() {
        return Ok(Vec::new());
    }
    let share = |amount: Money| -> Result<Money, MoneyError> {
        let product = amount.amount().checked_mul(paid.amount());
        let share = product.and_then(|product| product.checked_div(left.payable.amount()));
        Money::rounded(share.ok_or(MoneyError::Overflow)?, amount.currency())
    };
    let tax = share(left.tax)?;
    let net = paid
        .checked_add(share(left.withheld)?)?
        .checked_sub(share(left.rounding)?)?
        .checked_sub(tax)?;
    let is_added = |key: &TaxKey| !key.kind.is_withholding();
    let added = || left.taxes.iter().filter(|(key, _)| is_added(key));
    let amounts: Vec<Money> = added().map(|(_, part)| part.tax).collect();
    let mut bases: Vec<Money> = added().map(|(_, part)| part.base).collect();
    let taxed = Money::sum(left.net.currency(), bases.iter().copied())?;
    bases.push(left.net.checked_sub(taxed)?);
    let parts_of_net = is_taxed_once(invoice) && bases.iter().all(|base| !base.is_negative());
    let bases = match parts_of_net {
        true => shared(net, &bases)?,
        false => bases.into_iter().map(share).collect::<Result<_, _>>()?,
    };
    let of_added = shared(tax, &amounts)?.into_iter().zip(bases);
    let keys = added().map(|(key, _)| key.clone());
    let mut taxes: Taxes = keys
        .zip(of_added)
        .map(|(key, (tax, base))| (key, BaseAndTax { base, tax }))
        .collect();
    for (key, part) in left.taxes.iter().filter(|(key, _)| !is_added(key)) {
        let (base, tax) = (share(part.base)?, share(part.tax)?);
        taxes.push((key.clone(), BaseAndTax { base, tax }));
    }
    Ok(taxes)
}
