//! Payment terms: when a document is due.

use jiff::ToSpan;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::fault::Fault;
use crate::number::Percent;

/// The longest term: two years.
pub const MAX_DAYS: u16 = 730;

/// When a document is due, reckoned from its issue date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Due {
    /// On the issue date.
    DueOnReceipt,
    /// So many days after it.
    Net {
        /// Days, at most [`MAX_DAYS`].
        days: u16,
    },
    /// At the end of the month of issue, plus days.
    EomPlus {
        /// Days, at most [`MAX_DAYS`].
        days: u16,
    },
    /// So many days after it, then the end of that month.
    NetEom {
        /// Days, at most [`MAX_DAYS`].
        days: u16,
    },
    /// On a date.
    On {
        /// The date, not before the issue date.
        date: Date,
    },
}

impl Due {
    /// The words of the contract.
    pub const KINDS: &'static [&'static str] =
        &["due_on_receipt", "net", "eom_plus", "net_eom", "on"];

    /// Puts the terms together from the fields of the contract; the fault names its field.
    ///
    /// # Errors
    /// [`Fault::UnknownValue`] at `kind`; at `days` and `date` what is missing, out of range, or
    /// does not go with the kind ([`Fault::UnknownField`]).
    pub fn from_parts(
        kind: &str,
        days: Option<i64>,
        date: Option<Date>,
    ) -> Result<Self, (&'static str, Fault)> {
        let whole_days = || {
            let days = days.ok_or(("days", Fault::Required))?;
            in_range(days, 0).map_err(|fault| ("days", fault))
        };
        let due = match kind {
            "due_on_receipt" => Self::DueOnReceipt,
            "net" => Self::Net {
                days: whole_days()?,
            },
            "eom_plus" => Self::EomPlus {
                days: whole_days()?,
            },
            "net_eom" => Self::NetEom {
                days: whole_days()?,
            },
            "on" => Self::On {
                date: date.ok_or(("date", Fault::Required))?,
            },
            _ => {
                let allowed = Self::KINDS;
                return Err(("kind", Fault::UnknownValue { allowed }));
            }
        };
        if days.is_some() && due.days().is_none() {
            return Err(("days", Fault::UnknownField));
        }
        if date.is_some() && !matches!(due, Self::On { .. }) {
            return Err(("date", Fault::UnknownField));
        }
        Ok(due)
    }

    /// The word of the contract.
    pub fn kind(self) -> &'static str {
        match self {
            Self::DueOnReceipt => "due_on_receipt",
            Self::Net { .. } => "net",
            Self::EomPlus { .. } => "eom_plus",
            Self::NetEom { .. } => "net_eom",
            Self::On { .. } => "on",
        }
    }

    /// The days it counts, where it does.
    pub fn days(self) -> Option<u16> {
        match self {
            Self::Net { days } | Self::EomPlus { days } | Self::NetEom { days } => Some(days),
            Self::DueOnReceipt | Self::On { .. } => None,
        }
    }

    /// The date it names, where it does.
    pub fn date(self) -> Option<Date> {
        match self {
            Self::On { date } => Some(date),
            _ => None,
        }
    }

    /// The due date of a document.
    ///
    /// # Errors
    /// [`Fault::TooEarly`] for a date before the issue date, [`Fault::BadDate`] beyond the
    /// calendar.
    pub fn due_on(self, issue_on: Date) -> Result<Date, Fault> {
        match self {
            Self::DueOnReceipt => Ok(issue_on),
            Self::Net { days } => plus_days(issue_on, days),
            Self::EomPlus { days } => plus_days(issue_on.last_of_month(), days),
            Self::NetEom { days } => Ok(plus_days(issue_on, days)?.last_of_month()),
            Self::On { date } if date < issue_on => Err(Fault::TooEarly { earliest: issue_on }),
            Self::On { date } => Ok(date),
        }
    }
}

fn in_range(days: i64, min: u16) -> Result<u16, Fault> {
    u16::try_from(days)
        .ok()
        .filter(|days| (min..=MAX_DAYS).contains(days))
        .ok_or(Fault::OutOfRange {
            min: Decimal::from(min),
            max: Decimal::from(MAX_DAYS),
        })
}

fn plus_days(date: Date, days: u16) -> Result<Date, Fault> {
    let days = i64::from(days).days();
    date.checked_add(days).map_err(|_| Fault::BadDate)
}

/// A discount for paying early: a percentage of the total within days of issue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "EarlyPaymentFields")]
pub struct EarlyPayment {
    percent: Percent,
    days: u16,
}

#[derive(Deserialize)]
struct EarlyPaymentFields {
    percent: Percent,
    days: i64,
}

impl TryFrom<EarlyPaymentFields> for EarlyPayment {
    type Error = Fault;
    fn try_from(fields: EarlyPaymentFields) -> Result<Self, Fault> {
        Self::new(fields.percent, fields.days).map_err(|(_, fault)| fault)
    }
}

impl EarlyPayment {
    /// A share above zero, for paying within one day or more; the fault names its field.
    ///
    /// # Errors
    /// [`Fault::NotPositive`] at `percent`, [`Fault::OutOfRange`] at `days`.
    pub fn new(percent: Percent, days: i64) -> Result<Self, (&'static str, Fault)> {
        if percent.is_zero() {
            return Err(("percent", Fault::NotPositive));
        }
        let days = in_range(days, 1).map_err(|fault| ("days", fault))?;
        Ok(Self { percent, days })
    }

    /// The share.
    pub fn percent(self) -> Percent {
        self.percent
    }

    /// Days after issue within which it is given.
    pub fn days(self) -> u16 {
        self.days
    }

    /// The last day on which it is given.
    ///
    /// # Errors
    /// [`Fault::BadDate`] beyond the calendar.
    pub fn until(self, issue_on: Date) -> Result<Date, Fault> {
        plus_days(issue_on, self.days)
    }
}

/// When a document is due, and what paying early brings:
/// `{"kind": "net", "days": 30, "early_payment": {"percent": "2", "days": 10}}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "TermsFields", into = "TermsFields")]
pub struct PaymentTerms {
    /// When it is due.
    pub due: Due,
    /// What paying early brings.
    pub early_payment: Option<EarlyPayment>,
}

impl PaymentTerms {
    /// Terms without a discount for paying early.
    pub fn of(due: Due) -> Self {
        Self {
            due,
            early_payment: None,
        }
    }

    /// The due date of a document.
    ///
    /// # Errors
    /// Those of [`Due::due_on`].
    pub fn due_on(&self, issue_on: Date) -> Result<Date, Fault> {
        self.due.due_on(issue_on)
    }
}

#[derive(Serialize, Deserialize)]
struct TermsFields {
    kind: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    days: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    date: Option<Date>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    early_payment: Option<EarlyPayment>,
}

impl TryFrom<TermsFields> for PaymentTerms {
    type Error = Fault;
    fn try_from(fields: TermsFields) -> Result<Self, Fault> {
        let due = Due::from_parts(&fields.kind, fields.days, fields.date);
        Ok(Self {
            due: due.map_err(|(_, fault)| fault)?,
            early_payment: fields.early_payment,
        })
    }
}

impl From<PaymentTerms> for TermsFields {
    fn from(terms: PaymentTerms) -> Self {
        Self {
            kind: terms.due.kind().to_owned(),
            days: terms.due.days().map(i64::from),
            date: terms.due.date(),
            early_payment: terms.early_payment,
        }
    }
}
