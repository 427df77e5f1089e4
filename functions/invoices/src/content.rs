//! What an invoice says, in a body and back.

use remit_billing::account::Account;
use remit_billing::client::Client;
use remit_billing::fault::{Fault, PointedFault};
use remit_billing::ids::{ClientId, ProjectId};
use remit_billing::invoice::{InvoiceContent, Supply};
use remit_billing::line::{Charge, Description, Discount, Line, MAX_CHARGES, MAX_LINES};
use remit_billing::money::Currency;
use remit_billing::number::{Amount, Quantity, UnitPrice};
use remit_billing::party::{Name, Paragraph, Period, UnitCode};
use remit_billing::terms::PaymentTerms;
use remit_billing::totals::Totals;
use remit_runtime::body::{Reader, date, read};
use remit_runtime::values;
use serde_json::{Map, Value, json};

/// A body as it was read: what it leaves out is the client's.
#[derive(Debug)]
pub(crate) struct Written {
    client_id: ClientId,
    currency: Option<Currency>,
    terms: Option<PaymentTerms>,
    rest: Rest,
}

#[derive(Debug)]
struct Rest {
    project_id: Option<ProjectId>,
    lines: Vec<Line>,
    discount: Option<Discount>,
    charges: Vec<Charge>,
    purchase_order: Option<Name>,
    buyer_reference: Option<Name>,
    supply: Option<Supply>,
    late_fee: Option<Paragraph<2_000>>,
    notes: Option<Paragraph<2_000>>,
}

impl Written {
    /// Reads a whole body.
    pub(crate) fn read(body: &Value) -> Result<Self, Vec<PointedFault>> {
        read(body, |r| {
            let client_id = r.text("client_id", str::parse::<ClientId>);
            let currency = r.optional_text("currency", Currency::parse);
            let terms = r.object("terms", values::payment_terms);
            let rest = Rest::read(r);
            Some(Self {
                client_id: client_id?,
                currency,
                terms,
                rest: rest?,
            })
        })
    }

    /// Who is billed.
    pub(crate) fn client_id(&self) -> ClientId {
        self.client_id
    }

    /// Every project that is named, with the place where it is.
    pub(crate) fn projects(&self) -> Vec<(String, ProjectId)> {
        let document = self.rest.project_id.iter();
        let document = document.map(|id| ("/project_id".to_owned(), *id));
        let lines = self.rest.lines.iter().enumerate();
        let lines = lines.filter_map(|(index, line)| {
            Some((format!("/lines/{index}/project_id"), line.project_id?))
        });
        document.chain(lines).collect()
    }

    /// The content for this client, and what it comes to.
    pub(crate) fn content(
        self,
        client: &Client,
        account: &Account,
    ) -> Result<(InvoiceContent, Totals), Vec<PointedFault>> {
        let content = InvoiceContent {
            client_id: self.client_id,
            project_id: self.rest.project_id,
            currency: self.currency.unwrap_or(client.currency),
            lines: self.rest.lines,
            discount: self.rest.discount,
            charges: self.rest.charges,
            terms: self.terms.unwrap_or(client.terms),
            purchase_order: self.rest.purchase_order,
            buyer_reference: self.rest.buyer_reference,
            supply: self.rest.supply,
            late_fee: self.rest.late_fee,
            notes: self.rest.notes,
        };
        let rounding = account.cash_rounding(content.currency);
        let totals = content.totals_rounded(rounding)?;
        Ok((content, totals))
    }
}

impl Rest {
    fn read(r: &mut Reader<'_>) -> Option<Self> {
        let project_id = r.optional_text("project_id", str::parse::<ProjectId>);
        let lines = r.list("lines", MAX_LINES, line);
        if !r.has("lines") {
            r.fault("lines", Fault::Required);
        }
        let discount = r.object("discount", values::discount);
        let charges = r.list("charges", MAX_CHARGES, charge).unwrap_or_default();
        let purchase_order = r.optional_text("purchase_order", Name::parse);
        let buyer_reference = r.optional_text("buyer_reference", Name::parse);
        let supply = supply(r);
        let late_fee = r.optional_text("late_fee", Paragraph::parse);
        let notes = r.optional_text("notes", Paragraph::parse);
        Some(Self {
            project_id,
            lines: lines?,
            discount,
            charges,
            purchase_order,
            buyer_reference,
            supply,
            late_fee,
            notes,
        })
    }
}

fn line(r: &mut Reader<'_>) -> Option<Line> {
    let description = r.text("description", Description::parse);
    let quantity = r.text("quantity", Quantity::parse);
    let unit_price = r.text("unit_price", UnitPrice::parse);
    let unit = r.optional_text("unit", UnitCode::parse);
    let discount = r.object("discount", values::discount);
    let taxes = values::taxes(r).unwrap_or_default();
    let period = r.object("period", period);
    let project_id = r.optional_text("project_id", str::parse::<ProjectId>);
    Some(Line {
        description: description?,
        quantity: quantity?,
        unit_price: unit_price?,
        unit,
        discount,
        taxes,
        period,
        project_id,
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
pub(crate) fn fields(content: &InvoiceContent) -> Map<String, Value> {
    let mut fields = Map::new();
    let mut put = |name: &str, value: Value| {
        fields.insert(name.to_owned(), value);
    };
    put("client_id", json!(content.client_id));
    put("project_id", json!(content.project_id));
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
    put("notes", json!(content.notes));
    fields
}

/// The body that a change makes of what is stored: a field that is left out stays, null empties
/// it, lists and objects are replaced in whole (RFC 7396 at the top level).
pub(crate) fn merged(content: &InvoiceContent, change: &Value) -> Result<Value, Vec<PointedFault>> {
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
