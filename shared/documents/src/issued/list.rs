//! The list of a client's invoices, from their standings.

use jiff::Timestamp;
use remit_billing::account::Account;
use remit_billing::money::{Currency, Money};
use remit_billing::party::{Language, ZoneName};
use remit_billing::standing::{Standing, Status};

use crate::RenderError;
use crate::agency::{Accent, Agency, Party};
use crate::page::{self, InvoiceList, ListedInvoice, RenderedPage};

/// The invoices of one client.
#[derive(Debug, Clone)]
pub struct ClientInvoices<'a> {
    /// The agency as it is now.
    pub account: &'a Account,
    /// What the client is called.
    pub client_name: &'a str,
    /// The client's language.
    pub language: Language,
    /// The client's zone, in which its days end.
    pub time_zone: &'a ZoneName,
    /// Issued invoices, in any order.
    pub invoices: Vec<ListedStanding<'a>>,
    /// There are older ones that are not listed.
    pub more: bool,
    /// The page that the client comes from.
    pub back_path: Option<String>,
    /// Now (UTC).
    pub now: Timestamp,
}

/// One invoice of the list.
#[derive(Debug, Clone)]
pub struct ListedStanding<'a> {
    /// Where it stands.
    pub standing: &'a Standing,
    /// Its page.
    pub path: Option<String>,
}

impl ClientInvoices<'_> {
    /// The page of the list.
    ///
    /// # Errors
    /// When a word is missing, or amounts do not fit together.
    pub fn page(&self) -> Result<RenderedPage, RenderError> {
        let mut listed = Vec::with_capacity(self.invoices.len());
        for invoice in &self.invoices {
            let standing = invoice.standing;
            listed.push(ListedInvoice {
                number: standing.number.to_string(),
                about: None,
                issued_on: standing.issue_on,
                due_on: standing.due_on,
                standing: super::shown(standing),
                payable: standing.payable,
                balance_due: standing.balance_due()?,
                path: invoice.path.clone(),
            });
        }
        let list = InvoiceList {
            agency: Agency {
                name: self.account.name.to_string(),
                accent: Accent::default(),
                party: Party {
                    name: self.account.name.to_string(),
                    email: Some(self.account.email.to_string()),
                    ..Party::default()
                },
            },
            client_name: self.client_name.to_owned(),
            today: self.time_zone.date_of(self.now),
            invoices: listed,
            open_sums: self.open_sums()?,
            more: self.more,
            back_path: self.back_path.clone(),
        };
        page::invoices(&list, self.language)
    }

    /// What is open in all, one amount per currency, in the order of their codes.
    fn open_sums(&self) -> Result<Vec<Money>, RenderError> {
        let open = || {
            self.invoices
                .iter()
                .map(|invoice| invoice.standing)
                .filter(|standing| matches!(standing.status, Status::Open))
        };
        let mut currencies: Vec<Currency> = open().map(Standing::currency).collect();
        currencies.sort_by_key(|currency| currency.code());
        currencies.dedup();
        let mut sums = Vec::with_capacity(currencies.len());
        for currency in currencies {
            let mut sum = Money::zero(currency);
            for standing in open().filter(|standing| standing.currency() == currency) {
                sum = sum.checked_add(standing.balance_due()?)?;
            }
            sums.push(sum);
        }
        Ok(sums)
    }
}
