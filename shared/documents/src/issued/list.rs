//! The list of a client's invoices, from their standings.

use std::collections::BTreeMap;

use jiff::Timestamp;
use remit_billing::account::Account;
use remit_billing::ids::InvoiceId;
use remit_billing::money::Money;
use remit_billing::party::{Language, ZoneName};
use remit_billing::payment::payable_now;
use remit_billing::standing::{Standing, Status};

use crate::RenderError;
use crate::agency::Agency;
use crate::page::{
    self, InvoiceList, ListNotice, ListedInvoice, ListedMethod, Notice, PayAction, RenderedPage,
    SeveralPage,
};

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
    /// What the client has that is not applied, one amount per currency.
    pub balances: Vec<Money>,
    /// Its statement of account, if there is a page of it.
    pub statement_path: Option<String>,
    /// Where a contact signs in to see everything.
    pub portal_path: Option<String>,
    /// The page that the client comes from.
    pub back_path: Option<String>,
    /// Where a choice of invoices leads, where the account takes online payments. It is left out by
    /// itself where there are no two to choose.
    pub choose_path: Option<String>,
    /// What became of a choice.
    pub notice: Option<ListNotice>,
    /// What the client lets the agency charge.
    pub methods: Vec<ListedMethod>,
    /// Where a form that removes one is posted.
    pub methods_action: String,
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
        let together = match self.choose_path {
            Some(_) => payable_together(self.invoices.iter().map(|of| of.standing), self.now)?,
            None => Vec::new(),
        };
        for invoice in &self.invoices {
            let standing = invoice.standing;
            let choosable = together.contains(&standing.invoice_id);
            listed.push(ListedInvoice {
                number: standing.number.to_string(),
                about: None,
                issued_on: standing.issue_on,
                due_on: standing.due_on,
                standing: super::shown(standing),
                payable: standing.payable,
                balance_due: standing.balance_due()?,
                path: invoice.path.clone(),
                choice: choosable.then(|| standing.invoice_id.to_string()),
            });
        }
        let list = InvoiceList {
            agency: Agency::by_name(self.account),
            client_name: self.client_name.to_owned(),
            today: self.time_zone.date_of(self.now),
            invoices: listed,
            open_sums: open_sums(self.invoices.iter().map(|of| of.standing))?,
            more: self.more,
            balances: self.balances.clone(),
            statement_path: self.statement_path.clone(),
            portal_path: self.portal_path.clone(),
            back_path: self.back_path.clone(),
            choose_path: self.choose_path.clone().filter(|_| !together.is_empty()),
            notice: self.notice,
            methods: self.methods.clone(),
            methods_action: self.methods_action.clone(),
        };
        page::invoices(&list, self.language)
    }
}

/// Those that can be paid in one payment: of a currency in which there are two or more.
pub(crate) fn payable_together<'a>(
    standings: impl Iterator<Item = &'a Standing>,
    now: Timestamp,
) -> Result<Vec<InvoiceId>, RenderError> {
    let mut payable = Vec::new();
    for standing in standings {
        if standing.processing.is_empty() && payable_now(standing, now)?.is_some() {
            payable.push(standing);
        }
    }
    let of_currency = |currency| {
        let of_it = payable.iter().filter(|other| other.currency() == currency);
        of_it.count()
    };
    let together = payable.iter().filter(|one| of_currency(one.currency()) > 1);
    Ok(together.map(|standing| standing.invoice_id).collect())
}

/// What is open in all, one amount per currency, in the order of their codes.
pub(crate) fn open_sums<'a>(
    standings: impl Iterator<Item = &'a Standing>,
) -> Result<Vec<Money>, RenderError> {
    let open = standings.filter(|standing| matches!(standing.status, Status::Open));
    let mut sums: BTreeMap<&str, Money> = BTreeMap::new();
    for standing in open {
        let currency = standing.currency();
        let sum = sums.entry(currency.code()).or_insert(Money::zero(currency));
        *sum = sum.checked_add(standing.balance_due()?)?;
    }
    Ok(sums.into_values().collect())
}

/// Several invoices that are paid at once.
#[derive(Debug, Clone)]
pub struct ChosenInvoices<'a> {
    /// The agency as it is now.
    pub account: &'a Account,
    /// The client's language.
    pub language: Language,
    /// The invoices, and what is paid of each.
    pub invoices: Vec<(&'a Standing, Money)>,
    /// What they come to.
    pub total: Money,
    /// The pay button's form.
    pub pay: PayAction,
    /// What has just happened.
    pub notice: Option<Notice>,
    /// The list that they were chosen from.
    pub back_path: String,
}

impl ChosenInvoices<'_> {
    /// The page to pay them.
    ///
    /// # Errors
    /// When a word is missing, or an origin is none.
    pub fn page(self) -> Result<RenderedPage, RenderError> {
        let chosen = self.invoices.iter();
        let rows = chosen.map(|(standing, amount)| (standing.number.to_string(), *amount));
        let page = SeveralPage {
            agency: Agency::by_name(self.account),
            rows: rows.collect(),
            total: self.total,
            pay: self.pay,
            notice: self.notice,
            back_path: self.back_path,
        };
        page::several(&page, self.language)
    }
}
