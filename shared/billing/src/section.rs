//! One document over several projects: what each comes to, and whose money a payment is.

use serde::{Deserialize, Serialize};

use crate::ids::ProjectId;
use crate::invoice::InvoiceContent;
use crate::money::{Money, MoneyError};
use crate::party::Name;
use crate::project::Project;
use crate::tax::Tax;
use crate::totals::{Totals, split_by, tax_parts};

/// What a document bills of one project, as it stood when it was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    /// The project; none for what is of no project.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub project_id: Option<ProjectId>,
    /// What the project is called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Name>,
    /// The team that does it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<Name>,
    /// Its lines, as their rows show them: with tax where prices hold it.
    pub subtotal: Money,
    /// Its part of what is payable.
    pub payable: Money,
}

/// A project's part of an invoice, and what the payer said is for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// The project; none for what is of no project.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub project_id: Option<ProjectId>,
    /// Its part of what is payable.
    pub payable: Money,
    /// What of it is credited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credited: Option<Money>,
    /// What payers said is for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub directed: Option<Money>,
}

/// What a payer says is for one project.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Direction {
    /// The project.
    pub project_id: ProjectId,
    /// How much.
    pub amount: Money,
}

/// The sections of a document: none where all of it is of one project, or of none.
///
/// # Errors
/// Amounts beyond what is reckoned with.
pub fn sections(
    content: &InvoiceContent,
    totals: &Totals,
    projects: &[Project],
) -> Result<Vec<Section>, MoneyError> {
    let mut ids: Vec<Option<ProjectId>> = Vec::new();
    for place in 0..content.lines.len() {
        let id = content.project_of(place);
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    if ids.len() < 2 {
        return Ok(Vec::new());
    }
    let currency = content.currency;
    let mut subtotals = Vec::with_capacity(ids.len());
    let mut weights = Vec::with_capacity(ids.len());
    for id in &ids {
        let of_section = || {
            let lines = content.lines.iter().zip(&totals.lines).enumerate();
            lines
                .filter(|(place, _)| content.project_of(*place) == *id)
                .map(|(_, found)| found)
        };
        let shown = of_section().map(|(_, line)| line.total);
        subtotals.push(Money::sum(currency, shown)?);
        let nets: Vec<(&[Tax], Money)> = of_section()
            .map(|(line, totals)| {
                let net = totals.net.checked_sub(totals.document_discount)?;
                Ok((line.taxes.as_slice(), net))
            })
            .collect::<Result<_, MoneyError>>()?;
        let net = Money::sum(currency, nets.iter().map(|(_, net)| *net))?;
        let parts = tax_parts(currency, &nets)?;
        let due = parts
            .iter()
            .try_fold(net, |sum, part| match part.tax.kind.is_withholding() {
                true => sum.checked_sub(part.amount),
                false => sum.checked_add(part.amount),
            })?;
        // A deposit that is taken off may be more than what a project is billed here.
        weights.push(match due.is_negative() {
            true => Money::zero(currency),
            false => due,
        });
    }
    if weights.iter().all(Money::is_zero) {
        let one = Money::from_minor_units(1, currency)?;
        weights = vec![one; ids.len()];
    }
    let payable = split_by(totals.payable, &weights)?;
    let all = ids.into_iter().zip(subtotals).zip(payable);
    Ok(all
        .map(|((project_id, subtotal), payable)| {
            let project = projects
                .iter()
                .find(|project| Some(project.id) == project_id);
            Section {
                project_id,
                name: project.map(|project| project.name.clone()),
                team: project.and_then(|project| project.team.clone()),
                subtotal,
                payable,
            }
        })
        .collect())
}

impl Share {
    /// The share of a section, before anything is paid.
    pub fn of(section: &Section) -> Self {
        Self {
            project_id: section.project_id,
            payable: section.payable,
            credited: None,
            directed: None,
        }
    }

    /// What is to be paid of it, less what is credited.
    ///
    /// # Errors
    /// None that stored amounts can have.
    pub fn to_pay(&self) -> Result<Money, MoneyError> {
        match self.credited {
            Some(credited) => self.payable.checked_sub(credited),
            None => Ok(self.payable),
        }
    }
}

/// What of a paid amount is whose, in the order of the shares: first what payers said, the rest in
/// proportion to what is left of each. Where less is paid than was said, as after a refund, all get
/// less of it in proportion.
///
/// # Errors
/// Amounts beyond what is reckoned with.
pub fn allocate(shares: &[Share], paid: Money) -> Result<Vec<Money>, MoneyError> {
    let zero = Money::zero(paid.currency());
    let directed: Vec<Money> = shares
        .iter()
        .map(|share| share.directed.unwrap_or(zero))
        .collect();
    let said = Money::sum(paid.currency(), directed.iter().copied())?;
    if said.amount() >= paid.amount() && !said.is_zero() {
        return split_by(paid, &directed);
    }
    let left: Vec<Money> = shares
        .iter()
        .zip(&directed)
        .map(|(share, said)| share.to_pay()?.checked_sub(*said))
        .collect::<Result<_, _>>()?;
    let rest = paid.checked_sub(said)?;
    let rest = match left.iter().all(Money::is_zero) {
        true => vec![zero; shares.len()],
        false => split_by(rest, &left)?,
    };
    let both = directed.into_iter().zip(rest);
    both.map(|(said, rest)| said.checked_add(rest)).collect()
}
