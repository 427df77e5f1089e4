//! What an estimate says, in a body and back.

use jiff::Timestamp;
use remit_billing::estimate::{
    Deliverable, Deposit, EstimateCharge, EstimateContent, EstimateLine, Key, MAX_DELIVERABLES,
    MAX_MILESTONES, MAX_REMARKS, MAX_SIGNERS, Milestone, PaymentSchedule, Rest, Share, Signer,
};
use remit_billing::fault::{Fault, PointedFault};
use remit_billing::ids::{EstimateId, ProjectId, TypedId};
use remit_billing::line::{Description, Discount, MAX_CHARGES, MAX_LINES};
use remit_billing::number::{Amount, Percent, Quantity, UnitPrice};
use remit_billing::party::{EmailAddress, Name, Paragraph, UnitCode};
use remit_billing::project::Project;
use remit_billing::scope::{Amendment, Target, WantedChange};
use remit_billing::terms::PaymentTerms;
use remit_operations::ports::Ports;
use remit_operations::shown::estimates::fields;
use remit_runtime::Problem;
use remit_runtime::body::{Reader, date, read};
use remit_runtime::late_fee_rule::{WrittenRule, late_fee_rule};
use remit_runtime::values;
use serde_json::Value;
use uuid::Uuid;

/// A body as it was read. What it leaves out is the client's; parts without an id are new.
#[derive(Debug, Clone)]
pub(crate) struct Written {
    pub project_id: ProjectId,
    /// What a change order amends.
    pub amends: Option<EstimateId>,
    /// What it changes of that.
    pub changes: Vec<WantedChange>,
    title: Name,
    introduction: Option<Paragraph<4_000>>,
    lines: Vec<EstimateLine>,
    discount: Option<Discount>,
    charges: Vec<EstimateCharge>,
    deliverables: Vec<Deliverable>,
    assumptions: Vec<Paragraph<1_000>>,
    exclusions: Vec<Paragraph<1_000>>,
    schedule: PaymentSchedule,
    terms: Option<PaymentTerms>,
    late_fee: Option<Paragraph<2_000>>,
    late_fee_rule: Option<WrittenRule>,
    conditions: Option<Paragraph<20_000>>,
    valid_until: Option<jiff::civil::Date>,
    signers: Vec<Signer>,
}

impl Written {
    /// Reads a whole body. A part keeps its id where `known` has it; an id that is not known is a
    /// fault, so that nobody takes over the id of another document.
    pub(crate) fn read(
        body: &Value,
        known: Option<&EstimateContent>,
    ) -> Result<Self, Vec<PointedFault>> {
        read(body, |r| {
            let project_id = r.text("project_id", str::parse::<ProjectId>);
            let amends = r.optional_text("amends", str::parse::<EstimateId>);
            let changes = r.list("changes", MAX_LINES, change);
            if changes.as_ref().is_some_and(|changes| !changes.is_empty()) && !r.has("amends") {
                r.fault("amends", Fault::Required);
            }
            let title = r.text("title", Name::parse);
            let introduction = r.optional_text("introduction", Paragraph::parse);
            let lines = r.list("lines", MAX_LINES, line);
            // A change order may add nothing.
            if !r.has("lines") && !r.has("amends") {
                r.fault("lines", Fault::Required);
            }
            let discount = r.object("discount", values::discount);
            let charges = r.list("charges", MAX_CHARGES, charge);
            let deliverables = r.list("deliverables", MAX_DELIVERABLES, deliverable);
            let assumptions = remarks(r, "assumptions");
            let exclusions = remarks(r, "exclusions");
            let schedule = r.object("schedule", schedule);
            let terms = r.object("terms", values::payment_terms);
            let late_fee = r.optional_text("late_fee", Paragraph::parse);
            let late_fee_rule = r.object("late_fee_rule", late_fee_rule);
            let conditions = r.optional_text("conditions", Paragraph::parse);
            let valid_until = r.optional_text("valid_until", date);
            let signers = r.list("signers", MAX_SIGNERS, signer);
            let written = Self {
                project_id: project_id?,
                amends,
                changes: changes.unwrap_or_default(),
                title: title?,
                introduction,
                lines: lines.unwrap_or_default(),
                discount,
                charges: charges.unwrap_or_default(),
                deliverables: deliverables.unwrap_or_default(),
                assumptions,
                exclusions,
                schedule: schedule.unwrap_or_default(),
                terms,
                late_fee,
                late_fee_rule,
                conditions,
                valid_until,
                signers: signers.unwrap_or_default(),
            };
            for (pointer, _) in written.ids().filter(|(_, id)| !is_known(*id, known)) {
                r.fault_within(&pointer, Fault::UnknownReference);
            }
            Some(written)
        })
    }

    /// Every part that has an id, with the place of the id.
    fn ids(&self) -> impl Iterator<Item = (String, Uuid)> {
        let of = |list: &'static str, ids: Vec<Uuid>| {
            let ids = ids.into_iter().enumerate();
            ids.map(move |(index, id)| (format!("/{list}/{index}/id"), id))
        };
        let lines = self.lines.iter().map(|line| line.id.uuid()).collect();
        let charges = self.charges.iter().map(|charge| charge.id.uuid()).collect();
        let milestones = self.schedule.milestones.iter();
        let milestones = milestones.map(|milestone| milestone.id.uuid()).collect();
        let signers = self.signers.iter().map(|signer| signer.id.uuid()).collect();
        of("lines", lines)
            .chain(of("charges", charges))
            .chain(of("schedule/milestones", milestones))
            .chain(of("signers", signers))
            .filter(|(_, id)| !id.is_nil())
    }

    /// The content for this project, with an id for every part that is new.
    pub(crate) fn content(
        self,
        project: &Project,
        terms: PaymentTerms,
        amendment: Option<Amendment>,
        ports: &Ports,
        now: Timestamp,
    ) -> Result<EstimateContent, Problem> {
        let late_fee_rule = self.late_fee_rule.map(|rule| {
            let rule = rule.in_currency(project.currency);
            rule.map_err(|faults| {
                let faults = faults.into_iter().map(|fault| {
                    PointedFault::new(format!("/late_fee_rule{}", fault.pointer), fault.fault)
                });
                Problem::invalid_body(faults.collect())
            })
        });
        let late_fee_rule = late_fee_rule.transpose()?;
        let mut content = EstimateContent {
            client_id: project.client_id,
            project_id: project.id,
            currency: project.currency,
            amendment,
            title: self.title,
            introduction: self.introduction,
            lines: self.lines,
            discount: self.discount,
            charges: self.charges,
            deliverables: self.deliverables,
            assumptions: self.assumptions,
            exclusions: self.exclusions,
            schedule: self.schedule,
            terms: self.terms.unwrap_or(terms),
            late_fee: self.late_fee,
            late_fee_rule,
            conditions: self.conditions,
            valid_until: self.valid_until,
            signers: self.signers,
        };
        for line in &mut content.lines {
            name(&mut line.id, ports, now)?;
        }
        for charge in &mut content.charges {
            name(&mut charge.id, ports, now)?;
        }
        for milestone in &mut content.schedule.milestones {
            name(&mut milestone.id, ports, now)?;
        }
        for signer in &mut content.signers {
            name(&mut signer.id, ports, now)?;
        }
        Ok(content)
    }
}

/// Gives an id to what has none.
fn name<Id: TypedId>(id: &mut Id, ports: &Ports, now: Timestamp) -> Result<(), Problem> {
    if id.uuid().is_nil() {
        *id = ports.id(now)?;
    }
    Ok(())
}

fn is_known(id: Uuid, known: Option<&EstimateContent>) -> bool {
    known.is_some_and(|known| {
        let lines = known.lines.iter().map(|line| line.id.uuid());
        let charges = known.charges.iter().map(|charge| charge.id.uuid());
        let milestones = known.schedule.milestones.iter();
        let milestones = milestones.map(|milestone| milestone.id.uuid());
        let signers = known.signers.iter().map(|signer| signer.id.uuid());
        let mut all = lines.chain(charges).chain(milestones).chain(signers);
        all.any(|known| known == id)
    })
}

/// The id of a part, or none yet: nil.
fn part_id<Id: TypedId + std::str::FromStr<Err = Fault>>(r: &mut Reader<'_>) -> Id {
    r.optional_text("id", str::parse::<Id>)
        .unwrap_or_else(|| Id::from_uuid(Uuid::nil()))
}

fn line(r: &mut Reader<'_>) -> Option<EstimateLine> {
    let id = part_id(r);
    let section = r.optional_text("section", Name::parse);
    let description = r.text("description", Description::parse);
    let quantity = r.text("quantity", Quantity::parse);
    let unit_price = r.text("unit_price", UnitPrice::parse);
    let unit = r.optional_text("unit", UnitCode::parse);
    let discount = r.object("discount", values::discount);
    let taxes = values::taxes(r).unwrap_or_default();
    let optional = r.boolean("optional").unwrap_or(false);
    let selected = r.boolean("selected").unwrap_or(false);
    let not_before = r.optional_text("not_before", date);
    Some(EstimateLine {
        id,
        section,
        description: description?,
        quantity: quantity?,
        unit_price: unit_price?,
        unit,
        discount,
        taxes,
        optional,
        selected,
        not_before,
    })
}

/// Exactly one of quantity and amount.
fn change(r: &mut Reader<'_>) -> Option<WantedChange> {
    let scope_line_id = r.text("scope_line_id", str::parse);
    let both = r.has("quantity") && r.has("amount");
    let quantity = r.optional_text("quantity", Quantity::parse);
    let amount = r.optional_text("amount", Amount::parse);
    if both {
        let fields = "quantity or amount";
        r.fault("amount", Fault::Exclusive { fields });
        return None;
    }
    if !r.has("quantity") && !r.has("amount") {
        r.fault("quantity", Fault::Required);
    }
    let quantity = quantity.map(Target::Quantity);
    Some(WantedChange {
        scope_line_id: scope_line_id?,
        to: quantity.or(amount.map(Target::Amount))?,
    })
}

fn charge(r: &mut Reader<'_>) -> Option<EstimateCharge> {
    let id = part_id(r);
    let description = r.text("description", Description::parse);
    let amount = r.text("amount", Amount::parse);
    let taxes = values::taxes(r).unwrap_or_default();
    Some(EstimateCharge {
        id,
        description: description?,
        amount: amount?,
        taxes,
    })
}

fn deliverable(r: &mut Reader<'_>) -> Option<Deliverable> {
    let key = r.text("key", Key::parse);
    let title = r.text("title", Name::parse);
    let description = r.optional_text("description", Paragraph::parse);
    let due_on = r.optional_text("due_date", date);
    Some(Deliverable {
        key: key?,
        title: title?,
        description,
        due_on,
    })
}

fn remarks(r: &mut Reader<'_>, name: &'static str) -> Vec<Paragraph<1_000>> {
    let expected = "a text";
    let read = |value: &Value| {
        let text = value.as_str().ok_or(Fault::WrongType { expected })?;
        Paragraph::parse(text)
    };
    r.values(name, MAX_REMARKS, read).unwrap_or_default()
}

fn schedule(r: &mut Reader<'_>) -> Option<PaymentSchedule> {
    let deposit = r.object("deposit", |r| match values::discount(r)? {
        Discount::Percent(percent) => Some(Deposit::Percent(percent)),
        Discount::Amount(amount) => Some(Deposit::Amount(amount)),
    });
    let milestones = r.list("milestones", MAX_MILESTONES, milestone);
    Some(PaymentSchedule {
        deposit,
        milestones: milestones.unwrap_or_default(),
    })
}

fn milestone(r: &mut Reader<'_>) -> Option<Milestone> {
    let id = part_id(r);
    let title = r.text("title", Name::parse);
    let share = share(r);
    let due_on = r.optional_text("due_date", date);
    let deliverable = r.optional_text("deliverable", Key::parse);
    Some(Milestone {
        id,
        title: title?,
        share: share?,
        due_on,
        deliverable,
    })
}

/// Exactly one of percent, amount and remainder.
fn share(r: &mut Reader<'_>) -> Option<Share> {
    let names = ["percent", "amount", "remainder"];
    let given = names.into_iter().filter(|name| r.has(name)).count();
    let percent = r.optional_text("percent", Percent::parse);
    let amount = r.optional_text("amount", Amount::parse);
    let remainder = r.boolean("remainder");
    match given {
        0 => r.fault("percent", Fault::Required),
        1 if remainder == Some(false) => {
            let allowed = &["true"];
            r.fault("remainder", Fault::UnknownValue { allowed });
        }
        1 => {}
        _ => {
            let fields = "percent, amount or remainder";
            r.fault("amount", Fault::Exclusive { fields });
            return None;
        }
    }
    let percent = percent.map(Share::Percent);
    let amount = amount.map(Share::Amount);
    let remainder = remainder.filter(|all| *all);
    let remainder = remainder.map(|_| Share::Remainder(Rest));
    percent.or(amount).or(remainder)
}

fn signer(r: &mut Reader<'_>) -> Option<Signer> {
    let id = part_id(r);
    let name = r.optional_text("name", Name::parse);
    let email = r.text("email", EmailAddress::parse);
    Some(Signer {
        id,
        name,
        email: email?,
    })
}

/// The body that a change makes of what is stored: a field that is left out stays, null empties
/// it, lists and objects are replaced in whole (RFC 7396 at the top level).
pub(crate) fn merged(
    content: &EstimateContent,
    change: &Value,
) -> Result<Value, Vec<PointedFault>> {
    let Value::Object(change) = change else {
        let expected = "an object";
        return Err(vec![PointedFault::new("", Fault::WrongType { expected })]);
    };
    let mut fields = fields(content);
    fields.extend(change.clone());
    Ok(Value::Object(fields))
}
