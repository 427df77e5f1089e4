//! All that a client was sent and gave: estimates, invoices, payments and credit notes, the newest first, and a
//! choice of them.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::estimate::{Estimate, EstimateState, OfferState};
use crate::ids::{CreditNoteId, EstimateId, InvoiceId, PaymentId, ProjectId};
use crate::ledger::Rail;
use crate::money::{Money, MoneyError};
use crate::numbering::DocumentNumber;
use crate::standing::Standing;

/// What kind of document it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DocumentSort {
    /// An estimate or a change order that was sent.
    Estimate,
    /// An issued invoice.
    Invoice,
    /// A payment, which has a receipt.
    Payment,
    /// A credit note.
    CreditNote,
}

impl DocumentSort {
    /// Every kind.
    pub const ALL: &'static [DocumentSort] = &[
        DocumentSort::Invoice,
        DocumentSort::Estimate,
        DocumentSort::Payment,
        DocumentSort::CreditNote,
    ];

    /// The word for it in an address and in a file.
    pub fn as_str(self) -> &'static str {
        match self {
            DocumentSort::Estimate => "estimate",
            DocumentSort::Invoice => "invoice",
            DocumentSort::Payment => "payment",
            DocumentSort::CreditNote => "credit_note",
        }
    }

    /// Reads the word.
    pub fn parse(text: &str) -> Option<Self> {
        let mut all = DocumentSort::ALL.iter().copied();
        all.find(|sort| sort.as_str() == text)
    }
}

/// What one document is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What<'a> {
    /// An estimate, as it was last sent.
    Estimate {
        /// Which.
        id: EstimateId,
        /// Its number.
        number: &'a DocumentNumber,
        /// What it is called.
        title: &'a str,
        /// Where it stands.
        state: EstimateState,
        /// The last day on which it can be accepted, in the client's zone.
        valid_until: Date,
    },
    /// An invoice.
    Invoice(&'a Standing),
    /// A payment.
    Payment {
        /// Which.
        id: PaymentId,
        /// How it came.
        rail: Rail,
        /// What it pays: the invoices, by number.
        invoices: Vec<(InvoiceId, &'a DocumentNumber)>,
    },
    /// A credit note.
    CreditNote {
        /// Which.
        id: CreditNoteId,
        /// Its number.
        number: &'a DocumentNumber,
        /// The invoice that it corrects.
        invoice: (InvoiceId, &'a DocumentNumber),
    },
}

/// One document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientDocument<'a> {
    /// The day it was sent, issued or received.
    pub on: Date,
    /// What it is.
    pub what: What<'a>,
    /// What it comes to.
    pub amount: Money,
    /// The projects that it is about.
    pub projects: Vec<ProjectId>,
}

impl ClientDocument<'_> {
    /// Its kind.
    pub fn sort(&self) -> DocumentSort {
        match self.what {
            What::Estimate { .. } => DocumentSort::Estimate,
            What::Invoice(_) => DocumentSort::Invoice,
            What::Payment { .. } => DocumentSort::Payment,
            What::CreditNote { .. } => DocumentSort::CreditNote,
        }
    }

    /// What it is called by: its number, or the numbers of what it pays.
    pub fn number(&self) -> String {
        match &self.what {
            What::Estimate { number, .. } | What::CreditNote { number, .. } => number.to_string(),
            What::Invoice(standing) => standing.number.to_string(),
            What::Payment { invoices, .. } => {
                let numbers = invoices.iter().map(|(_, number)| number.to_string());
                numbers.collect::<Vec<_>>().join(", ")
            }
        }
    }
}

/// All documents of a client, the newest first. What was not sent or issued is not among them, nor a payment of
/// which nothing is applied any more.
///
/// # Errors
/// [`MoneyError`]: a sum beyond what is reckoned with.
pub fn all_of<'a>(
    standings: &'a [Standing],
    estimates: &'a [Estimate],
    now: Timestamp,
) -> Result<Vec<ClientDocument<'a>>, MoneyError> {
    let mut all = Vec::new();
    let mut payments: BTreeMap<PaymentId, ClientDocument<'a>> = BTreeMap::new();
    for standing in standings {
        all.push(ClientDocument {
            on: standing.issue_on,
            what: What::Invoice(standing),
            amount: standing.payable,
            projects: standing.project_ids.clone(),
        });
        let of_invoice = (standing.invoice_id, &standing.number);
        for credit in &standing.credits {
            all.push(ClientDocument {
                on: credit.on,
                what: What::CreditNote {
                    id: credit.id,
                    number: &credit.number,
                    invoice: of_invoice,
                },
                amount: credit.amount,
                projects: standing.project_ids.clone(),
            });
        }
        for payment in standing.payments.iter().filter(|of| !of.amount.is_zero()) {
            let known = payments.entry(payment.id);
            let document = known.or_insert_with(|| ClientDocument {
                on: payment.on,
                what: What::Payment {
                    id: payment.id,
                    rail: payment.rail,
                    invoices: Vec::new(),
                },
                amount: Money::zero(payment.amount.currency()),
                projects: Vec::new(),
            });
            document.amount = document.amount.checked_add(payment.amount)?;
            if let What::Payment { invoices, .. } = &mut document.what
                && !invoices.contains(&of_invoice)
            {
                invoices.push(of_invoice);
            }
            document.projects.extend(&standing.project_ids);
        }
    }
    all.extend(payments.into_values());
    for estimate in estimates {
        let (Some(offer), Some(number)) = (&estimate.offer, &estimate.number) else {
            continue;
        };
        let amount = match offer.state {
            OfferState::Accepted { total, .. } => total,
            _ => offer.total,
        };
        all.push(ClientDocument {
            on: offer.time_zone.date_of(offer.sent_at),
            what: What::Estimate {
                id: estimate.id,
                number,
                title: estimate.title.as_str(),
                state: estimate.state(now),
                valid_until: offer.valid_until,
            },
            amount,
            projects: vec![estimate.project_id],
        });
    }
    all.sort_by_cached_key(|of| std::cmp::Reverse((of.on, of.sort(), of.number())));
    Ok(all)
}

/// Which documents are wanted; nothing said is all of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choice {
    /// Of which kind.
    pub sort: Option<DocumentSort>,
    /// Of which year.
    pub year: Option<i16>,
    /// About which project.
    pub project: Option<ProjectId>,
    /// With which words: each stands in number, title, project or amount, whatever the case of its letters.
    pub text: Option<String>,
}

impl Choice {
    /// Whether a document is among what is wanted. `name_of` names the projects.
    pub fn takes<'p>(
        &self,
        document: &ClientDocument<'_>,
        name_of: impl Fn(ProjectId) -> Option<&'p str>,
    ) -> bool {
        let about = |project: ProjectId| document.projects.contains(&project);
        self.sort.is_none_or(|sort| sort == document.sort())
            && self.year.is_none_or(|year| year == document.on.year())
            && self.project.is_none_or(about)
            && self.text.as_ref().is_none_or(|text| {
                let mut said = format!("{} {}", document.number(), document.amount.amount_text());
                let title = match document.what {
                    What::Estimate { title, .. } => Some(title),
                    _ => None,
                };
                let projects = document.projects.iter().filter_map(|id| name_of(*id));
                for words in projects.chain(title) {
                    said.push(' ');
                    said.push_str(words);
                }
                let said = said.to_lowercase();
                let mut words = text.split_whitespace();
                words.all(|word| said.contains(&word.to_lowercase()))
            })
    }

    /// Whether it takes everything.
    pub fn is_all(&self) -> bool {
        *self == Self::default()
    }
}
