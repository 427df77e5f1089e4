//! What a subscription says, in a body and back.

use remit_billing::fault::{Fault, PointedFault};
use remit_billing::ids::ProjectId;
use remit_billing::invoice::InvoiceContent;
use remit_billing::line::Description;
use remit_billing::number::{Amount, Quantity};
use remit_billing::party::Name;
use remit_billing::subscription::{
    Allowance, Automation, BillingMoment, BillingSchedule, Cadence, CadenceUnit, CarryOver,
    MAX_SUBSCRIPTION_LINES, PERIODS_MAX, Proration, Retainer, SubscriptionTerms,
};
use remit_billing::terms::Due;
use remit_operations::invoice_body::Written;
use remit_operations::shown::subscriptions::{NOT_OF_IT, fields};
use remit_runtime::body::{Reader, date, read};
use serde_json::Value;

/// A body as it was read, before its client is known.
pub(crate) struct Body {
    name: Name,
    schedule: BillingSchedule,
    automation: Automation,
    retainer: Option<WrittenRetainer>,
}

struct WrittenRetainer {
    project_id: Option<ProjectId>,
    allowance: Allowance,
    carry_over: CarryOver,
    description: Description,
}

impl Body {
    /// Reads a whole body: what its bills say, and the rest.
    pub(crate) fn read(body: &Value) -> Result<(Written, Self), Vec<PointedFault>> {
        read(body, |r| {
            for name in NOT_OF_IT {
                if r.has(name) {
                    r.fault(name, Fault::UnknownField);
                }
            }
            let name = r.text("name", Name::parse);
            let schedule = r.object("schedule", schedule);
            if !r.has("schedule") {
                r.fault("schedule", Fault::Required);
            }
            let automation = r.optional_text("automation", |text| {
                let allowed = Automation::WORDS;
                Automation::parse(text).ok_or(Fault::UnknownValue { allowed })
            });
            let retainer = r.object("retainer", retainer);
            let bills = Written::fields(r);
            let rest = Self {
                name: name?,
                schedule: schedule?,
                automation: automation.unwrap_or_default(),
                retainer,
            };
            Some((bills?, rest))
        })
    }

    /// What is agreed, for what its bills say.
    pub(crate) fn terms(
        self,
        content: InvoiceContent,
    ) -> Result<SubscriptionTerms, Vec<PointedFault>> {
        let mut faults = Vec::new();
        let mut content = content;
        // A bill takes its own deposits off.
        content.lines.retain(|line| line.deposit_id.is_none());
        if content.lines.len() > MAX_SUBSCRIPTION_LINES {
            let max = MAX_SUBSCRIPTION_LINES;
            faults.push(PointedFault::new("/lines", Fault::TooLong { max }));
        }
        if matches!(content.terms.due, Due::On { .. }) {
            let allowed = &["due_on_receipt", "net", "eom_plus", "net_eom"];
            faults.push(PointedFault::new(
                "/terms/kind",
                Fault::UnknownValue { allowed },
            ));
        }
        if self.automation == Automation::Collect {
            let of_its_own = [
                ("/discount", content.discount.is_some()),
                ("/charges", !content.charges.is_empty()),
                ("/retainer", self.retainer.is_some()),
            ];
            let fields = "automation collect, or what a bill of its own has";
            let own = of_its_own.into_iter().filter(|(_, is_there)| *is_there);
            faults.extend(own.map(|(at, _)| PointedFault::new(at, Fault::Exclusive { fields })));
        }
        let retainer = self.retainer.and_then(|retainer| {
            let project_id = retainer.project_id.or(content.project_id);
            let known = project_id.filter(|id| content.project_ids().contains(id));
            let Some(project_id) = known else {
                let fault = match project_id {
                    Some(_) => Fault::UnknownReference,
                    None => Fault::Required,
                };
                faults.push(PointedFault::new("/retainer/project_id", fault));
                return None;
            };
            if let Allowance::Amount(amount) = retainer.allowance
                && let Err(fault) = amount.in_currency(content.currency)
            {
                faults.push(PointedFault::new("/retainer/amount", fault));
            }
            Some(Retainer {
                project_id,
                allowance: retainer.allowance,
                carry_over: retainer.carry_over,
                description: retainer.description,
            })
        });
        if !faults.is_empty() {
            return Err(faults);
        }
        Ok(SubscriptionTerms {
            name: self.name,
            content,
            schedule: self.schedule,
            automation: self.automation,
            retainer,
        })
    }
}

fn schedule(r: &mut Reader<'_>) -> Option<BillingSchedule> {
    let every = r.integer("every", 1, 366);
    let every = match r.has("every") {
        true => every,
        false => Some(1),
    };
    let unit = r.text("unit", |text| {
        let allowed = CadenceUnit::WORDS;
        CadenceUnit::parse(text).ok_or(Fault::UnknownValue { allowed })
    });
    let starts_on = r.text("starts_on", date);
    let anchor_on = r.optional_text("anchor_on", date);
    let ends_on = r.optional_text("ends_on", date);
    let periods = r.integer("periods", 1, PERIODS_MAX.into());
    let bills = r.optional_text("bills", |text| {
        let allowed = BillingMoment::WORDS;
        BillingMoment::parse(text).ok_or(Fault::UnknownValue { allowed })
    });
    let proration = r.optional_text("proration", |text| {
        let allowed = Proration::WORDS;
        Proration::parse(text).ok_or(Fault::UnknownValue { allowed })
    });
    let unread = r.has("anchor_on") && anchor_on.is_none();
    let starts_on = starts_on.filter(|_| !unread)?;
    let cadence = match Cadence::new(every?, unit?) {
        Ok(cadence) => cadence,
        Err(fault) => {
            r.fault("every", fault);
            return None;
        }
    };
    let schedule = BillingSchedule {
        cadence,
        starts_on,
        anchor_on: anchor_on.unwrap_or(starts_on),
        ends_on,
        periods: periods.and_then(|periods| u32::try_from(periods).ok()),
        bills: bills.unwrap_or_default(),
        proration: proration.unwrap_or_default(),
    };
    if let Err((field, fault)) = schedule.check() {
        r.fault(field, fault);
        return None;
    }
    Some(schedule)
}

fn positive(text: &str) -> Result<Quantity, Fault> {
    let quantity = Quantity::parse(text)?;
    match quantity.decimal().is_sign_positive() && !quantity.is_zero() {
        true => Ok(quantity),
        false => Err(Fault::NotPositive),
    }
}

fn positive_amount(text: &str) -> Result<Amount, Fault> {
    let amount = Amount::parse(text)?;
    match amount.is_zero() {
        false => Ok(amount),
        true => Err(Fault::NotPositive),
    }
}

fn retainer(r: &mut Reader<'_>) -> Option<WrittenRetainer> {
    let project_id = r.optional_text("project_id", str::parse::<ProjectId>);
    let both = r.has("hours") && r.has("amount");
    let neither = !r.has("hours") && !r.has("amount");
    let hours = r.optional_text("hours", positive);
    let amount = r.optional_text("amount", positive_amount);
    if both {
        let fields = "hours or amount";
        r.fault("amount", Fault::Exclusive { fields });
    }
    if neither {
        r.fault("hours", Fault::Required);
    }
    let carry_over = r.object("carry_over", carry_over);
    let unread = r.has("carry_over") && carry_over.is_none();
    let description = r.text("description", Description::parse);
    let allowance = hours.map(Allowance::Hours);
    let allowance = allowance.or(amount.map(Allowance::Amount))?;
    Some(WrittenRetainer {
        project_id,
        allowance,
        carry_over: carry_over.or((!unread).then_some(CarryOver::None))?,
        description: description?,
    })
}

fn carry_over(r: &mut Reader<'_>) -> Option<CarryOver> {
    const KINDS: &[&str] = &["none", "up_to", "all"];
    let kind = r.text("kind", |text| {
        let known = KINDS.iter().find(|kind| **kind == text);
        known.copied().ok_or(Fault::UnknownValue { allowed: KINDS })
    });
    let most = r.optional_text("most", positive);
    match kind? {
        "up_to" if !r.has("most") => {
            r.fault("most", Fault::Required);
            None
        }
        "up_to" => Some(CarryOver::UpTo { most: most? }),
        _ if r.has("most") => {
            r.fault("most", Fault::UnknownField);
            None
        }
        "all" => Some(CarryOver::All),
        _ => Some(CarryOver::None),
    }
}

/// The body that a change makes of what is stored: a field that is left out stays, null empties
/// it, lists and objects are replaced in whole (RFC 7396 at the top level).
pub(crate) fn merged(
    terms: &SubscriptionTerms,
    change: &Value,
) -> Result<Value, Vec<PointedFault>> {
    let Value::Object(change) = change else {
        let expected = "an object";
        return Err(vec![PointedFault::new("", Fault::WrongType { expected })]);
    };
    let mut fields = fields(terms);
    for (name, value) in change {
        fields.insert(name.clone(), value.clone());
    }
    Ok(Value::Object(fields))
}
