//! What an invoice says, in a body and back: of one that is made by hand, and of what a subscription
//! bills.

use remit_billing::client::Client;
use remit_billing::fault::{Fault, PointedFault};
use remit_billing::ids::{ClientId, EstimateId, InvoiceId, ProjectId, ScopeLineId};
use remit_billing::invoice::{InvoiceContent, Supply};
use remit_billing::line::{Charge, Description, Discount, Line, MAX_CHARGES, MAX_LINES};
use remit_billing::money::{Currency, Money};
use remit_billing::number::{Amount, Percent, Quantity, UnitPrice};
use remit_billing::party::{Name, Paragraph, Period, UnitCode};
use remit_billing::reminder::Ladder;
use remit_billing::scope::{Scope, ScopeLine};
use remit_billing::tax::Tax;
use remit_billing::terms::PaymentTerms;
use remit_runtime::body::{Reader, date, read};
use remit_runtime::values;
use serde_json::{Map, Value, json};

/// A body as it was read: what it leaves out is the client's.
#[derive(Debug)]
pub struct Written {
    client_id: ClientId,
    currency: Option<Currency>,
    terms: Option<PaymentTerms>,
    /// Whether deposits are taken off though something is left to bill.
    deduct_deposits: bool,
    /// The invoice whose fees it charges: no body says that.
    late_fee_of: Option<InvoiceId>,
    rest: Rest,
}

#[derive(Debug)]
struct Rest {
    deposit_of: Option<EstimateId>,
    project_id: Option<ProjectId>,
    lines: Vec<WrittenLine>,
    discount: Option<Discount>,
    charges: Vec<Charge>,
    purchase_order: Option<Name>,
    buyer_reference: Option<Name>,
    supply: Option<Supply>,
    late_fee: Option<Paragraph<2_000>>,
    charge_late_fees: bool,
    notes: Option<Paragraph<2_000>>,
    reminder_ladder: Option<Ladder>,
}

/// A line as it was read.
#[derive(Debug)]
enum WrittenLine {
    /// It says everything itself.
    Whole(Box<Line>),
    /// What it leaves out is as it was accepted.
    Accepted(Box<AcceptedLine>),
    /// It is Remit's own making, and made anew.
    Made,
}

/// A line that bills an accepted one.
#[derive(Debug)]
struct AcceptedLine {
    scope_line_id: ScopeLineId,
    project_id: Option<ProjectId>,
    description: Option<Description>,
    period: Option<Period>,
    taxes: Option<Vec<Tax>>,
    how: How,
}

/// How much of the accepted line is billed.
#[derive(Debug, Clone, Copy)]
enum How {
    /// So that this much of it is billed in all.
    PercentToDate(Percent),
    /// So much, net.
    Amount(Amount),
    /// So many, at what they were agreed for.
    Quantity(Quantity),
}

impl WrittenLine {
    fn project_id(&self) -> Option<ProjectId> {
        match self {
            WrittenLine::Whole(line) => line.project_id,
            WrittenLine::Accepted(line) => line.project_id,
            WrittenLine::Made => None,
        }
    }
}

impl AcceptedLine {
    /// The line in full, as the scope has it.
    fn line(self, accepted: &ScopeLine) -> Result<Line, Fault> {
        let whole = Quantity::parse("1")?;
        let net = match self.how {
            How::PercentToDate(percent) => accepted.up_to(percent)?,
            How::Amount(amount) => amount.in_currency(accepted.agreed.currency())?,
            How::Quantity(quantity) => accepted.worth_of(quantity)?,
        };
        // Shown as so many at their price where that comes to the same, else as one whole.
        let (quantity, unit_price, unit) = match self.how {
            How::Quantity(quantity) if comes_to(quantity, accepted.unit_price, net) => {
                (quantity, accepted.unit_price, accepted.unit.clone())
            }
            _ => (whole, UnitPrice::new(net.amount())?, None),
        };
        Ok(Line {
            description: self
                .description
                .unwrap_or_else(|| accepted.description.clone()),
            quantity,
            unit_price,
            unit,
            discount: None,
            taxes: self.taxes.unwrap_or_else(|| accepted.taxes.clone()),
            period: self.period,
            project_id: self.project_id,
            scope_line_id: Some(self.scope_line_id),
            deposit_id: None,
        })
    }
}

fn comes_to(quantity: Quantity, price: UnitPrice, net: Money) -> bool {
    let product = quantity.decimal().checked_mul(price.decimal());
    let product = product.and_then(|product| Money::rounded(product, net.currency()).ok());
    product == Some(net)
}

impl Written {
    /// Reads a whole body.
    ///
    /// # Errors
    /// All faults at once.
    pub fn read(body: &Value) -> Result<Self, Vec<PointedFault>> {
        read(body, Self::fields)
    }

    /// Reads the fields of an invoice, of a body that may have more.
    pub fn fields(r: &mut Reader<'_>) -> Option<Self> {
        let client_id = r.text("client_id", str::parse::<ClientId>);
        let currency = r.optional_text("currency", Currency::parse);
        let terms = r.object("terms", values::payment_terms);
        let deduct_deposits = r.boolean("deduct_deposits").unwrap_or(false);
        let rest = Rest::read(r);
        Some(Self {
            client_id: client_id?,
            currency,
            terms,
            deduct_deposits,
            late_fee_of: None,
            rest: rest?,
        })
    }

    /// The same of an invoice that charges the fees of another one: a change does not make it something else.
    #[must_use]
    pub fn charging_fees_of(self, invoice: Option<InvoiceId>) -> Self {
        Self {
            late_fee_of: invoice,
            ..self
        }
    }

    /// Who is billed.
    pub fn client_id(&self) -> ClientId {
        self.client_id
    }

    /// Whether deposits are taken off though something is left to bill.
    pub fn deduct_deposits(&self) -> bool {
        self.deduct_deposits
    }

    /// Every project that is named, with the place where it is.
    pub fn projects(&self) -> Vec<(String, ProjectId)> {
        let document = self.rest.project_id.iter();
        let document = document.map(|id| ("/project_id".to_owned(), *id));
        let lines = self.rest.lines.iter().enumerate();
        let lines = lines.filter_map(|(index, line)| {
            Some((format!("/lines/{index}/project_id"), line.project_id()?))
        });
        document.chain(lines).collect()
    }

    /// The content for this client; what lines leave out is as it was accepted.
    ///
    /// # Errors
    /// Lines that name what was not accepted, all at once.
    pub fn content(
        self,
        client: &Client,
        scopes: &[Scope],
    ) -> Result<InvoiceContent, Vec<PointedFault>> {
        let mut faults = Vec::new();
        let mut lines = Vec::with_capacity(self.rest.lines.len());
        for (place, line) in self.rest.lines.into_iter().enumerate() {
            let project = line.project_id().or(self.rest.project_id);
            match line {
                WrittenLine::Made => {}
                WrittenLine::Whole(line) => lines.push(*line),
                WrittenLine::Accepted(line) => {
                    let id = line.scope_line_id;
                    let scope = scopes
                        .iter()
                        .find(|scope| Some(scope.project_id) == project);
                    let made = match scope.and_then(|scope| scope.line(id)) {
                        Some(accepted) => line.line(accepted),
                        None => Err(Fault::UnknownReference),
                    };
                    match made {
                        Ok(line) => lines.push(line),
                        Err(fault) => {
                            let pointer = format!("/lines/{place}/scope_line_id");
                            faults.push(PointedFault::new(pointer, fault));
                        }
                    }
                }
            }
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        Ok(InvoiceContent {
            client_id: self.client_id,
            project_id: self.rest.project_id,
            deposit_of: self.rest.deposit_of,
            currency: self.currency.unwrap_or(client.currency),
            lines,
            discount: self.rest.discount,
            charges: self.rest.charges,
            terms: self.terms.unwrap_or(client.terms),
            purchase_order: self.rest.purchase_order,
            buyer_reference: self.rest.buyer_reference,
            supply: self.rest.supply,
            late_fee: self.rest.late_fee,
            charge_late_fees: self.rest.charge_late_fees,
            // What was agreed is known with the scopes, and put in where it is priced.
            late_fee_rule: None,
            late_fee_of: self.late_fee_of,
            notes: self.rest.notes,
            reminder_ladder: self.rest.reminder_ladder,
        })
    }
}

impl Rest {
    fn read(r: &mut Reader<'_>) -> Option<Self> {
        let project_id = r.optional_text("project_id", str::parse::<ProjectId>);
        let deposit_of = r.optional_text("deposit_of", str::parse::<EstimateId>);
        let lines = r.list("lines", MAX_LINES, line);
        // A deposit's lines follow from what was accepted.
        let lines = match deposit_of {
            Some(_) => Some(Vec::new()),
            None => lines,
        };
        if deposit_of.is_none() && !r.has("lines") {
            r.fault("lines", Fault::Required);
        }
        if deposit_of.is_some() && project_id.is_none() {
            r.fault("project_id", Fault::Required);
        }
        let discount = r.object("discount", values::discount);
        let charges = r.list("charges", MAX_CHARGES, charge).unwrap_or_default();
        let purchase_order = r.optional_text("purchase_order", Name::parse);
        let buyer_reference = r.optional_text("buyer_reference", Name::parse);
        let supply = supply(r);
        let late_fee = r.optional_text("late_fee", Paragraph::parse);
        let charge_late_fees = r.boolean("charge_late_fees").unwrap_or(true);
        let notes = r.optional_text("notes", Paragraph::parse);
        let reminder_ladder = values::ladder(r, "reminder_ladder");
        Some(Self {
            deposit_of,
            project_id,
            lines: lines?,
            discount,
            charges,
            purchase_order,
            buyer_reference,
            supply,
            late_fee,
            charge_late_fees,
            notes,
            reminder_ladder,
        })
    }
}

fn line(r: &mut Reader<'_>) -> Option<WrittenLine> {
    let scope_line_id = r.optional_text("scope_line_id", str::parse::<ScopeLineId>);
    if let Some(id) = scope_line_id
        && !r.has("unit_price")
    {
        return accepted_line(r, id).map(|line| WrittenLine::Accepted(Box::new(line)));
    }
    let description = r.text("description", Description::parse);
    let quantity = r.text("quantity", Quantity::parse);
    let unit_price = r.text("unit_price", UnitPrice::parse);
    let unit = r.optional_text("unit", UnitCode::parse);
    let discount = r.object("discount", values::discount);
    let taxes = values::taxes(r).unwrap_or_default();
    let period = r.object("period", period);
    let project_id = r.optional_text("project_id", str::parse::<ProjectId>);
    if r.optional_text("deposit_id", str::parse::<InvoiceId>)
        .is_some()
    {
        return Some(WrittenLine::Made);
    }
    Some(WrittenLine::Whole(Box::new(Line {
        description: description?,
        quantity: quantity?,
        unit_price: unit_price?,
        unit,
        discount,
        taxes,
        period,
        project_id,
        scope_line_id,
        deposit_id: None,
    })))
}

/// A line that says which accepted one it bills, and how much of it.
fn accepted_line(r: &mut Reader<'_>, scope_line_id: ScopeLineId) -> Option<AcceptedLine> {
    let names = ["percent_to_date", "amount", "quantity"];
    let given = names.into_iter().filter(|name| r.has(name)).count();
    let percent = r.optional_text("percent_to_date", Percent::parse);
    let amount = r.optional_text("amount", Amount::parse);
    let quantity = r.optional_text("quantity", Quantity::parse);
    match given {
        0 => r.fault("percent_to_date", Fault::Required),
        1 => {}
        _ => {
            let fields = "percent_to_date, amount or quantity";
            r.fault("amount", Fault::Exclusive { fields });
        }
    }
    let description = r.optional_text("description", Description::parse);
    let taxes = r.has("taxes").then(|| values::taxes(r));
    let period = r.object("period", period);
    let project_id = r.optional_text("project_id", str::parse::<ProjectId>);
    let how = percent.map(How::PercentToDate);
    let how = how.or(amount.map(How::Amount));
    let how = how.or(quantity.map(How::Quantity));
    Some(AcceptedLine {
        scope_line_id,
        project_id,
        description,
        period,
        taxes: taxes.flatten(),
        how: how?,
    })
}

fn charge(r: &mut Reader<'_>) -> Option<Charge> {
    let description = r.text("description", Description::parse);
    let amount = r.text("amount", Amount::parse);
    let taxes = values::taxes(r).unwrap_or_default();
    Some(Charge {
        description: description?,
        amount: amount?,
        taxes,
    })
}

fn period(r: &mut Reader<'_>) -> Option<Period> {
    let from = r.text("from", date);
    let to = r.text("to", date);
    match Period::new(from?, to?) {
        Ok(period) => Some(period),
        Err(fault) => {
            r.fault("to", fault);
            None
        }
    }
}

fn supply(r: &mut Reader<'_>) -> Option<Supply> {
    if r.has("supply_date") && r.has("supply_period") {
        let fields = "supply_date or supply_period";
        r.fault("supply_period", Fault::Exclusive { fields });
    }
    let on = r.optional_text("supply_date", date).map(Supply::On);
    let over = r.object("supply_period", period).map(Supply::Period);
    on.or(over)
}

/// The fields of a body that says the same: what is shown can be sent back.
pub fn fields(content: &InvoiceContent) -> Map<String, Value> {
    let mut fields = Map::new();
    let mut put = |name: &str, value: Value| {
        fields.insert(name.to_owned(), value);
    };
    put("client_id", json!(content.client_id));
    put("project_id", json!(content.project_id));
    put("deposit_of", json!(content.deposit_of));
    let off = content.lines.iter().any(|line| line.deposit_id.is_some());
    put("deduct_deposits", json!(off));
    put("currency", json!(content.currency));
    put("lines", json!(content.lines));
    put("discount", json!(content.discount));
    put("charges", json!(content.charges));
    put("terms", json!(content.terms));
    put("purchase_order", json!(content.purchase_order));
    put("buyer_reference", json!(content.buyer_reference));
    let (on, over) = match content.supply {
        Some(Supply::On(day)) => (json!(day), Value::Null),
        Some(Supply::Period(period)) => (Value::Null, json!(period)),
        None => (Value::Null, Value::Null),
    };
    put("supply_date", on);
    put("supply_period", over);
    put("late_fee", json!(content.late_fee));
    put("charge_late_fees", json!(content.charge_late_fees));
    put("notes", json!(content.notes));
    put("reminder_ladder", json!(content.reminder_ladder));
    fields
}

/// The body that a change makes of what is stored: a field that is left out stays, null empties
/// it, lists and objects are replaced in whole (RFC 7396 at the top level).
///
/// # Errors
/// A change that is no object.
pub fn merged(content: &InvoiceContent, change: &Value) -> Result<Value, Vec<PointedFault>> {
    let Value::Object(change) = change else {
        let expected = "an object";
        return Err(vec![PointedFault::new("", Fault::WrongType { expected })]);
    };
    let mut fields = fields(content);
    for (name, value) in change {
        // One of the two ways to say when replaces the other.
        match name.as_str() {
            "supply_date" if !change.contains_key("supply_period") => {
                fields.insert("supply_period".to_owned(), Value::Null);
            }
            "supply_period" if !change.contains_key("supply_date") => {
                fields.insert("supply_date".to_owned(), Value::Null);
            }
            _ => {}
        }
        fields.insert(name.clone(), value.clone());
    }
    Ok(Value::Object(fields))
}
