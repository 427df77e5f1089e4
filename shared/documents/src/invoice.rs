//! An invoice as its client sees it: what pages and mails have in common.
//!
//! Plain data that is filled by the caller from what is stored. Texts are those of the agency and
//! of the client as they wrote them; they are escaped where they are placed.

use jiff::civil::Date;
use remit_billing::ledger::BookRate;
use remit_billing::money::Money;
use rust_decimal::Decimal;

/// Where an invoice stands. Overdue is not a standing: it follows from the due date and today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Something is left to pay.
    Open,
    /// A payment was made and is not confirmed yet.
    Processing,
    /// Nothing is left to pay.
    Paid {
        /// The day of the last payment.
        on: Date,
    },
    /// Withdrawn by the agency; nothing is owed.
    Void {
        /// The day on which it was withdrawn.
        on: Date,
    },
    /// Given up by the agency.
    Uncollectible,
}

/// One line of an invoice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What was done or delivered; may have line breaks.
    pub description: String,
    /// How much of it.
    pub quantity: Decimal,
    /// The unit's code of UN/ECE recommendation 20 (`HUR`, `DAY`, `C62`).
    pub unit: Option<String>,
    /// The price of one unit, up to six decimals.
    pub unit_price: Decimal,
    /// What is taken off this line.
    pub discount: Option<Discount>,
    /// First and last day of the service.
    pub period: Option<(Date, Date)>,
    /// Its taxes in words, where the document's lines differ in them: else the sums say them once.
    pub taxes: Option<String>,
    /// The line's amount after its discount, as priced: with tax where prices include it.
    pub amount: Money,
}

/// Something taken off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Discount {
    /// In percent, when it was agreed so.
    pub percent: Option<Decimal>,
    /// What it comes to; positive.
    pub amount: Money,
}

/// Something added to the document beside its lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Charge {
    /// What for.
    pub description: String,
    /// How much.
    pub amount: Money,
}

/// The tax of a document in the currency of the agency's books (BT-111).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaxInBooks {
    /// How much.
    pub amount: Money,
    /// Book units per one unit of the document's currency, with its day and source.
    pub rate: BookRate,
}

/// A tax of the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tax {
    /// The tax's name (`VAT`, `부가세`).
    pub name: String,
    /// Its rate in percent.
    pub rate: Decimal,
    /// What it is reckoned on.
    pub base: Money,
    /// What it comes to.
    pub amount: Money,
    /// Why there is none.
    pub relief: Option<Relief>,
    /// The words that the law wants, or the agency's own.
    pub reason: Option<String>,
}

/// Why a tax comes to nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relief {
    /// Taxed at the rate zero.
    Zero,
    /// Exempt.
    Exempt,
    /// Owed by the customer.
    ReverseCharge,
    /// Goods or services that leave the country.
    Export,
    /// A supply within the European Union.
    IntraCommunity,
    /// Outside the tax.
    OutOfScope,
}

/// A tax that the client keeps back and pays to the authorities.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withholding {
    /// The tax's name.
    pub name: String,
    /// Its rate in percent.
    pub rate: Decimal,
    /// What is kept back; positive.
    pub amount: Money,
}

/// A payment that counts towards the invoice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    /// The day on which it was received, in the account's zone.
    pub received_on: Date,
    /// What was received; positive.
    pub amount: Money,
    /// How.
    pub method: PaymentMethod,
}

/// How a payment was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaymentMethod {
    /// On the page of a payment provider.
    Online,
    /// By card.
    Card,
    /// By bank transfer.
    Bank,
    /// By direct debit, or from the payer's bank account at once.
    Debit,
    /// With PayPal.
    PayPal,
    /// With Toss Payments.
    Toss,
    /// In cash.
    Cash,
    /// By cheque.
    Cheque,
    /// In another way.
    Other,
}

/// The totals of an invoice, as reckoned; see `remit_billing::totals` for each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Totals {
    /// The lines, without tax.
    pub subtotal: Money,
    /// The document's own discount.
    pub discount: Option<Discount>,
    /// What is added.
    pub charges: Vec<Charge>,
    /// Subtotal less discount plus charges.
    pub net: Money,
    /// The taxes, without withholding.
    pub taxes: Vec<Tax>,
    /// The tax in the currency of the agency's books, where that is another and there is tax.
    pub tax_in_books: Option<TaxInBooks>,
    /// Net plus taxes.
    pub total: Money,
    /// What the client keeps back.
    pub withheld: Vec<Withholding>,
    /// Rounding to what can be paid in cash; may be negative.
    pub rounding: Money,
    /// Total less what is withheld, plus rounding.
    pub payable: Money,
    /// Payments before those that are listed; zero for nearly all.
    pub paid_earlier: Money,
    /// The payments, oldest first.
    pub payments: Vec<Payment>,
    /// What was credited; positive.
    pub credited: Money,
    /// What was given up; positive.
    pub written_off: Money,
    /// What is left to pay.
    pub balance_due: Money,
}
