//! The list of a client's invoices: what is open first, then the years.

use askama::Template;
use jiff::civil::Date;
use remit_billing::money::Money;
use remit_billing::party::Language;
use remit_billing::saved_method::{MethodKind, MethodLabel};

use super::RenderedPage;
use super::frame::Frame;
use super::invoice::{days_between, is_long};
use crate::RenderError;
use crate::agency::Agency;
use crate::invoice::Standing;
use crate::locale::{LocaleError, Words};
use crate::statement::balance_row;

/// The invoices of one client of one agency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvoiceList {
    /// Who sends them.
    pub agency: Agency,
    /// Who pays them.
    pub client_name: String,
    /// Today in the client's zone.
    pub today: Date,
    /// The invoices, in any order; drafts are not among them.
    pub invoices: Vec<ListedInvoice>,
    /// What is open in all, one amount per currency; as reckoned by the caller.
    pub open_sums: Vec<Money>,
    /// What the client has that is not applied, one amount per currency; below zero what it owes besides.
    pub balances: Vec<Money>,
    /// There are older ones that are not listed.
    pub more: bool,
    /// Its statement of account, if there is a page of it.
    pub statement_path: Option<String>,
    /// Where a contact signs in to see everything.
    pub portal_path: Option<String>,
    /// The page that the client comes from.
    pub back_path: Option<String>,
    /// Where a choice of them leads: to one payment for all; none where nothing is to choose.
    pub choose_path: Option<String>,
    /// What became of a choice.
    pub notice: Option<ListNotice>,
    /// What the client lets the agency charge.
    pub methods: Vec<ListedMethod>,
    /// Where a form that removes one is posted.
    pub methods_action: String,
}

/// What became of a choice of invoices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListNotice {
    /// Nothing was chosen.
    NothingChosen,
    /// More were chosen than one payment pays.
    TooMany {
        /// How many it pays.
        max: usize,
    },
    /// They are of several currencies.
    Currencies,
    /// One of them was paid, withdrawn or changed meanwhile.
    Changed,
    /// No provider takes what they come to.
    Unavailable,
    /// The payer comes back from a checkout that succeeded.
    Confirming,
    /// A payment method was removed just now.
    MethodRemoved,
}

/// A payment method of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedMethod {
    /// What people know it by.
    pub label: MethodLabel,
    /// The day on which it was kept, in the client's zone.
    pub saved_on: Date,
    /// What the form carries that removes it.
    pub with: String,
}

/// One invoice of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedInvoice {
    /// The document's number.
    pub number: String,
    /// What it is for.
    pub about: Option<String>,
    /// The issue date.
    pub issued_on: Date,
    /// The last day to pay.
    pub due_on: Date,
    /// Where it stands.
    pub standing: Standing,
    /// What it comes to.
    pub payable: Money,
    /// What is left to pay.
    pub balance_due: Money,
    /// Its page.
    pub path: Option<String>,
    /// What a choice names it by; none where it cannot be paid together with others.
    pub choice: Option<String>,
}

/// The page of a client's invoices.
///
/// # Errors
/// When a word is missing.
pub fn render(list: &InvoiceList, language: Language) -> Result<RenderedPage, RenderError> {
    let w = Words::of(language)?;
    let frame = Frame::of(Some(&list.agency));
    let content_security_policy = frame.content_security_policy(&[])?;
    let (open, past) = parted(list);
    let sums: Vec<String> = list
        .open_sums
        .iter()
        .filter(|sum| !sum.is_zero())
        .map(|sum| w.money(sum))
        .collect();
    let template = InvoicesTemplate {
        w,
        long: sums.len() > 1 || sums.iter().any(|sum| is_long(sum)),
        sums,
        open_count: i64::try_from(open.len()).unwrap_or(i64::MAX),
        late: open.iter().any(|i| is_late(i, list.today)),
        groups: groups(w, list.today, &open, &past)?,
        notice: list.notice.map(|told| notice(w, told)).transpose()?,
        saved: SavedView {
            agency: &list.agency.name,
            action: &list.methods_action,
            rows: methods(w, &list.methods)?,
        },
        balances: balances(w, &list.balances)?,
        frame,
        p: list,
    };
    Ok(RenderedPage {
        html: template.render()?,
        content_security_policy,
    })
}

#[derive(Template)]
#[template(path = "page/invoices/page.html")]
struct InvoicesTemplate<'a> {
    w: &'a Words,
    frame: Frame,
    p: &'a InvoiceList,
    sums: Vec<String>,
    /// The sums do not fit in the largest size.
    long: bool,
    open_count: i64,
    late: bool,
    groups: Vec<Group>,
    /// Its class and its text.
    notice: Option<(&'static str, String)>,
    saved: SavedView<'a>,
    /// What each is, and how much.
    balances: Vec<(String, String)>,
}

fn balances(w: &Words, balances: &[Money]) -> Result<Vec<(String, String)>, LocaleError> {
    let rows = balances.iter().map(|balance| balance_row(w, *balance));
    rows.filter_map(Result::transpose).collect()
}

fn notice(w: &Words, notice: ListNotice) -> Result<(&'static str, String), LocaleError> {
    let text = match notice {
        ListNotice::NothingChosen => w.say("several-none")?,
        ListNotice::TooMany { max } => {
            let max = i64::try_from(max).unwrap_or(i64::MAX);
            w.say1("several-too-many", "max", max)?
        }
        ListNotice::Currencies => w.say("several-currencies")?,
        ListNotice::Changed => w.say("several-changed")?,
        ListNotice::Unavailable => w.say("several-unavailable")?,
        ListNotice::Confirming => return Ok(("", w.say("notice-confirming")?)),
        ListNotice::MethodRemoved => return Ok(("", w.say("saved-removed")?)),
    };
    Ok(("wait", text))
}

/// What the client lets the agency charge, with the forms that end it.
pub(crate) struct SavedView<'a> {
    pub agency: &'a str,
    pub action: &'a str,
    pub rows: Vec<MethodRow<'a>>,
}

pub(crate) struct MethodRow<'a> {
    pub name: String,
    pub about: String,
    /// What the button says to who does not see the row.
    pub remove: String,
    pub with: &'a str,
}

pub(crate) fn methods<'a>(
    w: &Words,
    methods: &'a [ListedMethod],
) -> Result<Vec<MethodRow<'a>>, LocaleError> {
    let rows = methods.iter().map(|method| {
        let name = method_name(w, &method.label)?;
        let date = w.date(method.saved_on)?;
        let about = match &method.label.expires {
            Some(month) => w.say_with(
                "saved-expires",
                &[("date", date.into()), ("month", month.as_str().into())],
            )?,
            None => w.say1("saved-saved", "date", date)?,
        };
        Ok(MethodRow {
            remove: w.say1("saved-remove-what", "what", name.as_str())?,
            name,
            about,
            with: &method.with,
        })
    });
    rows.collect()
}

/// The card's brand, the bank or the wallet, and the end of the number, as far as they are known.
fn method_name(w: &Words, label: &MethodLabel) -> Result<String, LocaleError> {
    let kind = match label.kind {
        MethodKind::Card => w.say("saved-card")?,
        MethodKind::PayPal => "PayPal".to_owned(),
        _ => w.say("saved-debit")?,
    };
    let name = match (&label.issuer, label.kind) {
        (Some(brand), MethodKind::Card) => capital(brand),
        (Some(bank), _) => format!("{kind}, {bank}"),
        (None, _) => kind,
    };
    match &label.last_digits {
        Some(digits) => w.say_with(
            "saved-ending",
            &[("name", name.into()), ("digits", digits.as_str().into())],
        ),
        None => Ok(name),
    }
}

/// Providers write brands in small letters.
fn capital(brand: &str) -> String {
    let mut letters = brand.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}

struct Group {
    title: String,
    rows: Vec<ListRow>,
}

/// A row of `page/rows.html`.
pub(crate) struct ListRow {
    pub name: String,
    pub about: String,
    pub amount: String,
    /// What it came to, where a part is left.
    pub of: Option<String>,
    pub when: String,
    pub tone: &'static str,
    pub path: Option<String>,
    /// What a choice names it by, and what the box to choose it is called.
    pub choice: Option<(String, String)>,
}

fn is_open(invoice: &ListedInvoice) -> bool {
    matches!(invoice.standing, Standing::Open | Standing::Processing)
}

fn is_late(invoice: &ListedInvoice, today: Date) -> bool {
    invoice.standing == Standing::Open && invoice.due_on < today
}

/// Open ones, the first due first; past ones, the last issued first.
fn parted(list: &InvoiceList) -> (Vec<&ListedInvoice>, Vec<&ListedInvoice>) {
    let (mut open, mut past): (Vec<_>, Vec<_>) = list.invoices.iter().partition(|i| is_open(i));
    open.sort_by(|a, b| (a.due_on, &a.number).cmp(&(b.due_on, &b.number)));
    past.sort_by(|a, b| (b.issued_on, &b.number).cmp(&(a.issued_on, &a.number)));
    (open, past)
}

fn groups(
    w: &Words,
    today: Date,
    open: &[&ListedInvoice],
    past: &[&ListedInvoice],
) -> Result<Vec<Group>, LocaleError> {
    let mut groups = Vec::new();
    if !open.is_empty() {
        groups.push(Group {
            title: w.say("list-open")?,
            rows: rows(w, today, open)?,
        });
    }
    for year in past.chunk_by(|a, b| a.issued_on.year() == b.issued_on.year()) {
        let number = year.first().map_or(0, |i| i64::from(i.issued_on.year()));
        groups.push(Group {
            title: w.say1("list-year", "year", number)?,
            rows: rows(w, today, year)?,
        });
    }
    Ok(groups)
}

fn rows(w: &Words, today: Date, invoices: &[&ListedInvoice]) -> Result<Vec<ListRow>, LocaleError> {
    invoices.iter().map(|i| list_row(w, today, i)).collect()
}

/// What becomes of an invoice when, and how that is shown.
pub(crate) fn when(
    w: &Words,
    today: Date,
    standing: Standing,
    due_on: Date,
) -> Result<(String, &'static str), LocaleError> {
    let days = days_between(today, due_on);
    Ok(match standing {
        Standing::Open if days < 0 => (w.say1("standing-overdue", "days", -days)?, "late"),
        Standing::Open => (w.say1("list-due", "date", w.day_and_month(due_on)?)?, ""),
        Standing::Processing => (w.say("list-processing")?, ""),
        Standing::Paid { on } => (w.say1("list-paid", "date", w.day_and_month(on)?)?, ""),
        Standing::Void { .. } => (w.say("list-void")?, ""),
        Standing::Uncollectible => (w.say("list-uncollectible")?, ""),
    })
}

fn list_row(w: &Words, today: Date, invoice: &ListedInvoice) -> Result<ListRow, LocaleError> {
    let (when, tone) = when(w, today, invoice.standing, invoice.due_on)?;
    let part = is_open(invoice) && invoice.balance_due != invoice.payable;
    let payable = w.money(&invoice.payable);
    Ok(ListRow {
        name: invoice.number.clone(),
        about: invoice.about.clone().unwrap_or_default(),
        amount: if part {
            w.money(&invoice.balance_due)
        } else {
            payable.clone()
        },
        of: part
            .then(|| w.say1("list-part", "total", payable))
            .transpose()?,
        when,
        tone,
        path: invoice.path.clone(),
        choice: match &invoice.choice {
            Some(name) => {
                let label = w.say1("several-choose", "number", invoice.number.as_str())?;
                Some((name.clone(), label))
            }
            None => None,
        },
    })
}
