//! The sums of an invoice, from its lines to what is left, saying nothing twice: on its page and in
//! its mail.

use remit_billing::money::Money;
use rust_decimal::Decimal;

use crate::invoice::{PaymentMethod, Relief, Tax, TaxInBooks, Totals};
use crate::locale::{LocaleError, Words};

/// One row of the sums.
pub(crate) struct Row {
    pub label: String,
    pub note: Option<String>,
    pub amount: String,
    /// The row's class: nothing, `strong`, or `last` for the sum that counts.
    pub weight: &'static str,
}

fn row(label: String, amount: String) -> Row {
    Row {
        label,
        note: None,
        amount,
        weight: "",
    }
}

/// What rows depend on beside the totals.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shown {
    /// The lines above hold their tax.
    pub prices_include_tax: bool,
    /// What was paid, credited and given up is said too. A void invoice asks for nothing: what
    /// stood there is enough.
    pub settled: bool,
}

/// The rows; the last is the sum that counts.
pub(crate) fn rows(w: &Words, totals: &Totals, shown: Shown) -> Result<Vec<Row>, LocaleError> {
    let mut rows = Vec::new();
    before_tax(w, totals, shown.prices_include_tax, &mut rows)?;
    for tax in &totals.taxes {
        rows.push(tax_row(w, tax)?);
    }
    let tax = totals.tax_in_books.as_ref();
    rows.push(Row {
        weight: "strong",
        note: tax.map(|tax| tax_in_books(w, tax, totals)).transpose()?,
        ..row(w.say("total")?, w.money(&totals.total))
    });
    if totals.payable != totals.total {
        after_tax(w, totals, &mut rows)?;
    }
    if shown.settled {
        settled(w, totals, &mut rows)?;
    }
    if let Some(last) = rows.last_mut() {
        last.weight = "last";
    }
    Ok(rows)
}

fn before_tax(
    w: &Words,
    totals: &Totals,
    prices_include_tax: bool,
    rows: &mut Vec<Row>,
) -> Result<(), LocaleError> {
    if totals.discount.is_none() && totals.charges.is_empty() {
        if !totals.taxes.is_empty() {
            rows.push(row(w.say("total-net")?, w.money(&totals.net)));
        }
        return Ok(());
    }
    // Where prices hold their tax, the lines above add up to more than this.
    let label = if prices_include_tax {
        w.say("total-lines-net")?
    } else {
        w.say("total-lines")?
    };
    rows.push(row(label, w.money(&totals.subtotal)));
    if let Some(discount) = &totals.discount {
        let label = match discount.percent {
            Some(percent) => w.say1("total-discount-percent", "percent", w.percent(percent))?,
            None => w.say("total-discount")?,
        };
        rows.push(row(label, less(w, &discount.amount)));
    }
    for charge in &totals.charges {
        rows.push(row(charge.description.clone(), w.money(&charge.amount)));
    }
    if !totals.taxes.is_empty() {
        rows.push(row(w.say("total-net")?, w.money(&totals.net)));
    }
    Ok(())
}

/// A tax as rows and lines call it.
pub(crate) fn tax_label(
    w: &Words,
    name: &str,
    rate: Decimal,
    relief: Option<Relief>,
) -> Result<String, LocaleError> {
    match relief {
        None => {
            let values = [("name", name.into()), ("rate", w.percent(rate).into())];
            w.say_with("tax-rate", &values)
        }
        Some(relief) => {
            let why = relief_word(w, relief)?;
            w.say_with("tax-relief", &[("name", name.into()), ("why", why.into())])
        }
    }
}

fn tax_row(w: &Words, tax: &Tax) -> Result<Row, LocaleError> {
    let label = tax_label(w, &tax.name, tax.rate, tax.relief)?;
    let why = tax.relief.map(|relief| relief_word(w, relief));
    let why = why.transpose()?;
    let base = w.say1("tax-base", "base", w.money(&tax.base))?;
    // The law's words are often the label's own.
    let reason = tax.reason.as_ref().filter(|reason| {
        why.as_ref()
            .is_none_or(|why| why.to_lowercase() != reason.to_lowercase())
    });
    Ok(Row {
        label,
        note: Some(match reason {
            Some(reason) => format!("{base} · {reason}"),
            None => base,
        }),
        amount: w.money(&tax.amount),
        weight: "",
    })
}

/// The tax in the books' currency, and at which rate: beside the total, as it adds to nothing.
fn tax_in_books(w: &Words, tax: &TaxInBooks, totals: &Totals) -> Result<String, LocaleError> {
    let one = format!("1 {}", totals.total.currency());
    let rate = format!("{} {}", w.quantity(tax.rate.rate), tax.rate.currency);
    w.say_with(
        "tax-in-books",
        &[
            ("amount", w.money(&tax.amount).into()),
            ("one", one.into()),
            ("rate", rate.into()),
            ("date", w.date(tax.rate.on)?.into()),
            ("source", tax.rate.source.as_str().into()),
        ],
    )
}

fn relief_word(w: &Words, relief: Relief) -> Result<String, LocaleError> {
    match relief {
        Relief::Zero => w.say("relief-zero"),
        Relief::Exempt => w.say("relief-exempt"),
        Relief::ReverseCharge => w.say("relief-reverse-charge"),
        Relief::Export => w.say("relief-export"),
        Relief::IntraCommunity => w.say("relief-intra-community"),
        Relief::OutOfScope => w.say("relief-out-of-scope"),
    }
}

fn after_tax(w: &Words, totals: &Totals, rows: &mut Vec<Row>) -> Result<(), LocaleError> {
    for kept in &totals.withheld {
        let label = w.say_with(
            "total-withheld",
            &[
                ("name", kept.name.as_str().into()),
                ("rate", w.percent(kept.rate).into()),
            ],
        )?;
        rows.push(row(label, less(w, &kept.amount)));
    }
    if !totals.rounding.is_zero() {
        rows.push(row(w.say("total-rounding")?, w.money(&totals.rounding)));
    }
    rows.push(Row {
        weight: "strong",
        ..row(w.say("total-payable")?, w.money(&totals.payable))
    });
    Ok(())
}

fn settled(w: &Words, totals: &Totals, rows: &mut Vec<Row>) -> Result<(), LocaleError> {
    if !totals.paid_earlier.is_zero() {
        rows.push(row(
            w.say("total-paid-earlier")?,
            less(w, &totals.paid_earlier),
        ));
    }
    for payment in &totals.payments {
        let label = w.say1("total-paid", "date", w.date(payment.received_on)?)?;
        rows.push(Row {
            note: Some(method(w, payment.method)?),
            ..row(label, less(w, &payment.amount))
        });
    }
    if !totals.credited.is_zero() {
        rows.push(row(w.say("total-credited")?, less(w, &totals.credited)));
    }
    if !totals.written_off.is_zero() {
        rows.push(row(
            w.say("total-written-off")?,
            less(w, &totals.written_off),
        ));
    }
    if totals.balance_due != totals.payable {
        rows.push(row(w.say("total-left")?, w.money(&totals.balance_due)));
    }
    Ok(())
}

/// The way a payment was made, in words.
pub(crate) fn method(w: &Words, method: PaymentMethod) -> Result<String, LocaleError> {
    match method {
        PaymentMethod::Online => w.say("method-online"),
        PaymentMethod::Card => w.say("method-card"),
        PaymentMethod::Bank => w.say("method-bank"),
        PaymentMethod::Debit => w.say("method-debit"),
        PaymentMethod::PayPal => w.say("method-paypal"),
        PaymentMethod::Toss => w.say("method-toss"),
        PaymentMethod::Cash => w.say("method-cash"),
        PaymentMethod::Cheque => w.say("method-cheque"),
        PaymentMethod::Other => w.say("method-other"),
    }
}

/// What is taken off, which is kept positive.
fn less(w: &Words, amount: &Money) -> String {
    w.money(&amount.negated())
}
