//! What an estimate says.

use std::collections::BTreeSet;
use std::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::schedule::PaymentSchedule;
use super::signing::Choice;
use crate::canonical::{Canonical, NotCanonical, canonical};
use crate::fault::{Fault, PointedFault};
use crate::ids::{ClientId, EstimateId, ProjectId, ScopeLineId, SignerId};
use crate::late_fee::LateFeeRule;
use crate::line::{Charge, Description, Discount, Line};
use crate::money::{Currency, Money, MoneyError};
use crate::number::{Amount, Quantity, UnitPrice};
use crate::party::{EmailAddress, Name, Paragraph, UnitCode};
use crate::scope::Amendment;
use crate::tax::Tax;
use crate::terms::PaymentTerms;
use crate::totals::{Computation, Totals, compute};

/// Deliverables of one estimate.
pub const MAX_DELIVERABLES: usize = 100;
/// Assumptions, or exclusions, of one estimate.
pub const MAX_REMARKS: usize = 50;
/// Signers of one estimate.
pub const MAX_SIGNERS: usize = 10;

/// Bytes of an estimate's canonical form: what is kept of it must fit an item of the table, with
/// its totals and signatures.
pub const MAX_CONTENT_BYTES: usize = 100_000;

const KEY_CHARACTERS: usize = 20;

/// A short name by which one part of a document names another: letters, digits, `_` and `-`.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key(String);

impl Key {
    /// Reads one.
    ///
    /// # Errors
    /// [`Fault::Empty`], [`Fault::TooLong`], [`Fault::BadReference`].
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let max = KEY_CHARACTERS;
        if text.is_empty() {
            return Err(Fault::Empty);
        }
        if text.chars().count() > max {
            return Err(Fault::TooLong { max });
        }
        let sound = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
        if !text.bytes().all(sound) {
            return Err(Fault::BadReference);
        }
        Ok(Self(text.to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for Key {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

/// One position that is offered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EstimateLine {
    /// Its id; it keeps it as a line of the scope.
    pub id: ScopeLineId,
    /// The heading that it stands under.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub section: Option<Name>,
    /// What it is.
    pub description: Description,
    /// How many; not below zero.
    pub quantity: Quantity,
    /// The price of one.
    pub unit_price: UnitPrice,
    /// The unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<UnitCode>,
    /// The line's own discount.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discount: Option<Discount>,
    /// Its taxes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub taxes: Vec<Tax>,
    /// The client may take it or leave it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub optional: bool,
    /// Whether an optional line is taken unless the client says otherwise.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub selected: bool,
    /// The first day on which it may be billed, where one is agreed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_before: Option<Date>,
}

impl EstimateLine {
    fn priced(&self) -> Line {
        Line {
            description: self.description.clone(),
            quantity: self.quantity,
            unit_price: self.unit_price,
            unit: self.unit.clone(),
            discount: self.discount,
            taxes: self.taxes.clone(),
            period: None,
            project_id: None,
            scope_line_id: None,
            deposit_id: None,
        }
    }
}

/// A charge that is offered beside the lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EstimateCharge {
    /// Its id; it keeps it as a line of the scope.
    pub id: ScopeLineId,
    /// What it is for.
    pub description: Description,
    /// How much.
    pub amount: Amount,
    /// Its taxes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub taxes: Vec<Tax>,
}

/// Something that the client gets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deliverable {
    /// What milestones name it by.
    pub key: Key,
    /// What it is called.
    pub title: Name,
    /// What it is, and when it counts as done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<Paragraph<2_000>>,
    /// When it is delivered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_on: Option<Date>,
}

/// Somebody of the client's who has to sign.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signer {
    /// Its id.
    pub id: SignerId,
    /// Who it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Name>,
    /// Where the code of the signature goes.
    pub email: EmailAddress,
}

/// What an estimate says, as the agency wrote it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EstimateContent {
    /// Who it is for.
    pub client_id: ClientId,
    /// The piece of work.
    pub project_id: ProjectId,
    /// The currency of every amount.
    pub currency: Currency,
    /// What it makes of lines that were accepted before, where it is a change order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amendment: Option<Amendment>,
    /// What it is called.
    pub title: Name,
    /// What it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub introduction: Option<Paragraph<4_000>>,
    /// What is offered.
    pub lines: Vec<EstimateLine>,
    /// A discount on the whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discount: Option<Discount>,
    /// Charges on the whole.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub charges: Vec<EstimateCharge>,
    /// What the client gets, and when.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub deliverables: Vec<Deliverable>,
    /// What is taken for granted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub assumptions: Vec<Paragraph<1_000>>,
    /// What is not part of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exclusions: Vec<Paragraph<1_000>>,
    /// When what is agreed may be billed.
    #[serde(default, skip_serializing_if = "PaymentSchedule::is_empty")]
    pub schedule: PaymentSchedule,
    /// When its invoices are due.
    pub terms: PaymentTerms,
    /// The late fee that is agreed, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late_fee: Option<Paragraph<2_000>>,
    /// What is charged by itself where its invoices are paid late.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late_fee_rule: Option<LateFeeRule>,
    /// The conditions of the contract.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conditions: Option<Paragraph<20_000>>,
    /// The last day on which it can be accepted, in the client's zone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Date>,
    /// Who has to sign, all of them; none means that one of the client's contacts does.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub signers: Vec<Signer>,
}

/// What is offered under one choice: lines that count, and what they come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offered {
    /// The lines that count, in order.
    pub lines: Vec<EstimateLine>,
    /// What they and the charges come to.
    pub totals: Totals,
    /// What each milestone comes to, net, in order.
    pub milestones: Vec<Money>,
    /// The deposit, tax included.
    pub deposit: Option<Money>,
    /// What is signed, tax included: of a change order, what it changes and adds.
    pub total: Money,
}

impl EstimateContent {
    /// The estimate that it amends, where it is a change order.
    pub fn amends(&self) -> Option<EstimateId> {
        self.amendment.as_ref().map(|found| found.estimate_id)
    }

    /// What is signed where its lines come to this, tax included: of a change order, what it changes
    /// and adds. Below zero where it takes more out than it adds.
    ///
    /// # Errors
    /// Amounts beyond what is reckoned with.
    pub fn total(&self, totals: &Totals) -> Result<Money, MoneyError> {
        match &self.amendment {
            Some(amendment) => totals.total.checked_add(amendment.total()?),
            None => Ok(totals.total),
        }
    }

    /// How much is at stake: what is added, and all that is moved up or down.
    ///
    /// # Errors
    /// Amounts beyond what is reckoned with.
    pub fn weight(&self, totals: &Totals) -> Result<Money, MoneyError> {
        match &self.amendment {
            Some(amendment) => totals.total.checked_add(amendment.moved()?),
            None => Ok(totals.total),
        }
    }

    /// The optional lines that are taken unless the client says otherwise.
    pub fn preselected(&self) -> Choice {
        let lines = self.lines.iter();
        let lines = lines.filter(|line| line.optional && line.selected);
        Choice(lines.map(|line| line.id).collect())
    }

    /// What is offered under a choice of the optional lines.
    ///
    /// # Errors
    /// All faults at once, each with a pointer into the body.
    pub fn offered(&self, choice: &Choice) -> Result<Offered, Vec<PointedFault>> {
        let unknown = choice.0.iter().any(|id| {
            let known = |line: &EstimateLine| line.optional && line.id == *id;
            !self.lines.iter().any(known)
        });
        if unknown {
            let fault = PointedFault::new("/options", Fault::UnknownReference);
            return Err(vec![fault]);
        }
        let (places, lines): (Vec<usize>, Vec<EstimateLine>) = self
            .lines
            .iter()
            .enumerate()
            .filter(|(_, line)| !line.optional || choice.0.contains(&line.id))
            .map(|(place, line)| (place, line.clone()))
            .unzip();
        let priced: Vec<Line> = lines.iter().map(EstimateLine::priced).collect();
        let charges: Vec<Charge> = self
            .charges
            .iter()
            .map(|charge| Charge {
                description: charge.description.clone(),
                amount: charge.amount,
                taxes: charge.taxes.clone(),
            })
            .collect();
        let totals = compute(&Computation {
            currency: self.currency,
            lines: &priced,
            discount: self.discount.as_ref(),
            charges: &charges,
            cash_rounding: None,
            to_date: None,
            may_be_empty: self
                .amendment
                .as_ref()
                .is_some_and(|amendment| !amendment.lines.is_empty()),
        })
        .map_err(|faults| in_place(faults, &places))?;
        let too_large = || vec![PointedFault::new("", Fault::AmountTooLarge)];
        let milestones = self.schedule.amounts(totals.net);
        let Some(milestones) = milestones.map_err(|_| too_large())? else {
            let fault = PointedFault::new("/schedule/milestones", Fault::ScheduleTooLarge);
            return Err(vec![fault]);
        };
        let deposit = self
            .schedule
            .deposit
            .map(|deposit| deposit.of(totals.total))
            .transpose()
            .map_err(|_| too_large())?;
        let total = self.total(&totals).map_err(|_| too_large())?;
        Ok(Offered {
            lines,
            totals,
            milestones,
            deposit,
            total,
        })
    }

    /// What it comes to as it is preselected. Whatever the client picks can be computed too.
    ///
    /// # Errors
    /// Everything that is wrong with it, at once.
    pub fn check(&self) -> Result<Offered, Vec<PointedFault>> {
        let mut faults = self.faults();
        let everything = self.lines.iter().filter(|line| line.optional);
        let everything = Choice(everything.map(|line| line.id).collect());
        // All lines first: a line that is not preselected may be wrong as well.
        match self.offered(&everything) {
            Err(found) => faults.extend(found),
            Ok(_) => {
                // With the fewest lines a fixed discount or milestone may be more than the whole.
                let least = self.offered(&Choice::default());
                faults.extend(least.err().unwrap_or_default());
            }
        }
        let max = MAX_CONTENT_BYTES;
        if self.canonical().is_ok_and(|found| found.text.len() > max) {
            faults.push(PointedFault::new("", Fault::DocumentTooLarge { max }));
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        self.offered(&self.preselected())
    }

    fn faults(&self) -> Vec<PointedFault> {
        let mut faults = Vec::new();
        for (index, line) in self.lines.iter().enumerate() {
            // What is billed counts up to what is accepted: nothing below zero can be.
            if line.quantity.decimal().is_sign_negative() {
                let pointer = format!("/lines/{index}/quantity");
                faults.push(PointedFault::new(pointer, Fault::Negative));
            }
            if line.selected && !line.optional {
                let pointer = format!("/lines/{index}/selected");
                faults.push(PointedFault::new(pointer, Fault::UnknownField));
            }
        }
        let mut twice = |pointer: fn(usize) -> String, doubles: Vec<usize>| {
            let found = doubles.into_iter();
            faults.extend(found.map(|index| PointedFault::new(pointer(index), Fault::Duplicate)));
        };
        let ids = self.lines.iter().map(|line| line.id);
        twice(|i| format!("/lines/{i}/id"), doubles(ids));
        let keys = self.deliverables.iter().map(|found| found.key.clone());
        twice(|i| format!("/deliverables/{i}/key"), doubles(keys));
        let emails = self
            .signers
            .iter()
            .map(|signer| signer.email.as_str().to_lowercase());
        twice(|i| format!("/signers/{i}/email"), doubles(emails));
        faults.extend(self.schedule.faults(self.currency, &self.deliverables));
        faults
    }

    /// Its canonical form: what an approval is of.
    ///
    /// # Errors
    /// [`NotCanonical`]: a defect.
    pub fn canonical(&self) -> Result<Canonical, NotCanonical> {
        canonical(self)
    }
}

/// The faults of the lines that count, at their places in the body.
fn in_place(faults: Vec<PointedFault>, places: &[usize]) -> Vec<PointedFault> {
    let moved = |fault: PointedFault| {
        let rest = fault.pointer.strip_prefix("/lines/")?;
        let (index, within) = rest.split_once('/').map_or((rest, ""), |(i, w)| (i, w));
        let place = places.get(index.parse::<usize>().ok()?)?;
        let slash = if within.is_empty() { "" } else { "/" };
        Some(format!("/lines/{place}{slash}{within}"))
    };
    faults
        .into_iter()
        .map(|fault| match moved(fault.clone()) {
            Some(pointer) => PointedFault::new(pointer, fault.fault),
            None => fault,
        })
        .collect()
}

/// The places of what stood before.
fn doubles<T: Ord>(values: impl Iterator<Item = T>) -> Vec<usize> {
    let mut seen = BTreeSet::new();
    values
        .enumerate()
        .filter_map(|(index, value)| (!seen.insert(value)).then_some(index))
        .collect()
}
