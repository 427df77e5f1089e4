//! Work as a body says it.

use jiff::civil::Date;
use remit_billing::fault::{Fault, PointedFault};
use remit_billing::file::File;
use remit_billing::ids::{FileId, MemberId, ProjectId, ScopeLineId};
use remit_billing::money::Currency;
use remit_billing::number::{Amount, Percent, Quantity};
use remit_billing::party::Name;
use remit_billing::project::Project;
use remit_billing::scope::Scope;
use remit_billing::tax::Tax;
use remit_billing::work_entry::{
    DistanceUnit, Expense, MAX_DISTANCE, MAX_MINUTES, Receipt, TaskKey, Work, WorkDescription,
    WorkEntry,
};
use remit_operations::shown::work::fields;
use remit_runtime::body::{Reader, date, read};
use remit_runtime::values;
use rust_decimal::Decimal;
use serde_json::Value;

/// A body as it was read, before what it names is looked up.
#[derive(Debug, Clone)]
pub(crate) struct Written {
    pub project_id: ProjectId,
    pub member_id: Option<MemberId>,
    pub worked_on: Date,
    pub task: Option<TaskKey>,
    pub description: WorkDescription,
    pub billable: bool,
    pub scope_line_id: Option<ScopeLineId>,
    what: What,
}

#[derive(Debug, Clone)]
enum What {
    Time {
        minutes: u32,
    },
    Expense(Box<Spent>),
    Mileage {
        distance: Quantity,
        unit: DistanceUnit,
    },
}

#[derive(Debug, Clone)]
struct Spent {
    amount: Amount,
    currency: Option<Currency>,
    markup_percent: Option<Percent>,
    taxes: Option<Vec<Tax>>,
    merchant: Option<Name>,
    receipt_file_id: Option<FileId>,
}

/// The fields of each kind, besides those of every kind.
const OF_KINDS: [(&str, &[&str]); 3] = [
    ("time", &["minutes"]),
    (
        "expense",
        &[
            "amount",
            "currency",
            "markup_percent",
            "taxes",
            "merchant",
            "receipt_file_id",
        ],
    ),
    ("mileage", &["distance", "unit"]),
];

/// Those of them without which there is no entry.
const REQUIRED: [&str; 4] = ["minutes", "amount", "distance", "unit"];

impl Written {
    /// Reads a whole body.
    pub(crate) fn read(body: &Value) -> Result<Self, Vec<PointedFault>> {
        read(body, |r| {
            let project_id = r.text("project_id", str::parse::<ProjectId>);
            let member_id = r.optional_text("member_id", str::parse::<MemberId>);
            let worked_on = r.text("worked_on", date);
            let task = r.optional_text("task", TaskKey::parse);
            let description = r.text("description", WorkDescription::parse);
            let billable = r.boolean("billable").unwrap_or(true);
            let scope_line_id = r.optional_text("scope_line_id", str::parse::<ScopeLineId>);
            let what = what(r);
            Some(Self {
                project_id: project_id?,
                member_id,
                worked_on: worked_on?,
                task,
                description: description?,
                billable,
                scope_line_id,
                what: what?,
            })
        })
    }

    /// The file that proves it, where one is named.
    pub(crate) fn receipt_file_id(&self) -> Option<FileId> {
        match &self.what {
            What::Expense(spent) => spent.receipt_file_id,
            What::Time { .. } | What::Mileage { .. } => None,
        }
    }

    /// What is wrong with it, given its project and what the client accepted on that.
    pub(crate) fn faults(&self, project: &Project, scope: Option<&Scope>) -> Vec<PointedFault> {
        let mut faults = Vec::new();
        let mut add = |pointer: &str, fault: Fault| faults.push(PointedFault::new(pointer, fault));
        match (scope, self.scope_line_id) {
            (Some(_), None) if self.billable => add("/scope_line_id", Fault::ScopeLineRequired),
            (scope, Some(id)) if scope.and_then(|scope| scope.line(id)).is_none() => {
                add("/scope_line_id", Fault::UnknownReference);
            }
            _ => {}
        }
        if let What::Expense(spent) = &self.what {
            if spent.currency.is_some_and(|of| of != project.currency) {
                let expected = project.currency.code().to_owned();
                add("/currency", Fault::CurrencyMismatch { expected });
            }
            if let Err(fault) = spent.amount.in_currency(project.currency) {
                add("/amount", fault);
            }
            if spent.taxes.is_some() && self.scope_line_id.is_some() {
                add("/taxes", Fault::OtherTaxes);
            }
        }
        faults
    }

    /// What was done; `receipt` is the file that it names.
    pub(crate) fn work(&self, project: &Project, receipt: Option<&File>) -> Result<Work, Fault> {
        Ok(match &self.what {
            What::Time { minutes } => Work::Time { minutes: *minutes },
            What::Mileage { distance, unit } => Work::Mileage {
                distance: *distance,
                unit: *unit,
            },
            What::Expense(spent) => Work::Expense(Expense {
                amount: spent.amount.in_currency(project.currency)?,
                markup_percent: spent.markup_percent,
                taxes: spent.taxes.clone(),
                merchant: spent.merchant.clone(),
                receipt: receipt.map(|file| Receipt {
                    file_id: file.id,
                    name: file.facts.name.clone(),
                    sha256: file.facts.sha256,
                }),
            }),
        })
    }
}

fn what(r: &mut Reader<'_>) -> Option<What> {
    let kind = r.text("kind", |text| {
        let known = Work::WORDS.iter().find(|word| **word == text);
        let allowed = Work::WORDS;
        known.copied().ok_or(Fault::UnknownValue { allowed })
    });
    let minutes = r.integer("minutes", 1, i64::from(MAX_MINUTES));
    let amount = r.optional_text("amount", |text| {
        let amount = Amount::parse(text)?;
        match amount.is_zero() {
            true => Err(Fault::NotPositive),
            false => Ok(amount),
        }
    });
    let currency = r.optional_text("currency", Currency::parse);
    let markup_percent = r.optional_text("markup_percent", Percent::parse);
    let taxes = values::taxes(r);
    let merchant = r.optional_text("merchant", Name::parse);
    let receipt_file_id = r.optional_text("receipt_file_id", str::parse::<FileId>);
    let distance = r.optional_text("distance", distance);
    let unit = r.optional_text("unit", DistanceUnit::parse);
    // Whatever the kind, all that is wrong is told; what is of another kind is not known.
    let kind = kind?;
    for (of, names) in OF_KINDS {
        for name in names {
            match r.has(name) {
                true if of != kind => r.fault(name, Fault::UnknownField),
                false if of == kind && REQUIRED.contains(name) => r.fault(name, Fault::Required),
                _ => {}
            }
        }
    }
    for (place, tax) in taxes.iter().flatten().enumerate() {
        if tax.inclusive {
            r.fault_within(&format!("/taxes/{place}/inclusive"), Fault::NotForThisTax);
        }
    }
    match kind {
        "time" => Some(What::Time {
            minutes: u32::try_from(minutes?).ok()?,
        }),
        "expense" => Some(What::Expense(Box::new(Spent {
            amount: amount?,
            currency,
            markup_percent,
            taxes,
            merchant,
            receipt_file_id,
        }))),
        _ => Some(What::Mileage {
            distance: distance?,
            unit: unit?,
        }),
    }
}

fn distance(text: &str) -> Result<Quantity, Fault> {
    let distance = Quantity::parse(text)?;
    let max = Decimal::from(MAX_DISTANCE);
    if !distance.decimal().is_sign_positive() || distance.is_zero() {
        return Err(Fault::NotPositive);
    }
    match distance.decimal() > max {
        true => Err(Fault::OutOfRange {
            min: Decimal::ZERO,
            max,
        }),
        false => Ok(distance),
    }
}

/// What stays as it is: another kind, project or member is another entry.
const FIXED: [&str; 3] = ["kind", "project_id", "member_id"];

/// The body that a change makes of what is stored: a field that is left out stays, null empties it
/// (RFC 7396 at the top level).
pub(crate) fn merged(entry: &WorkEntry, change: &Value) -> Result<Value, Vec<PointedFault>> {
    let Value::Object(change) = change else {
        let expected = "an object";
        return Err(vec![PointedFault::new("", Fault::WrongType { expected })]);
    };
    let fixed = FIXED.iter().filter(|name| change.contains_key(**name));
    let mut faults: Vec<PointedFault> = fixed
        .map(|name| PointedFault::new(format!("/{name}"), Fault::UnknownField))
        .collect();
    let mut fields = fields(entry);
    for (name, value) in change {
        if !FIXED.contains(&name.as_str()) {
            fields.insert(name.clone(), value.clone());
        }
    }
    let body = Value::Object(fields);
    if faults.is_empty() {
        return Ok(body);
    }
    faults.extend(Written::read(&body).err().unwrap_or_default());
    Err(faults)
}
