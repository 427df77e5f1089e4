//! All documents of a client, the choice of them, and what a contact may change.

use askama::Template;
use jiff::Timestamp;
use jiff::civil::Date;
use remit_billing::account::Account;
use remit_billing::client::Client;
use remit_billing::client_documents::{Choice, ClientDocument, DocumentSort, What};
use remit_billing::estimate::EstimateState;
use remit_billing::ids::{ClientId, EstimateId, InvoiceId, PaymentId, ProjectId};
use remit_billing::money::Money;
use remit_billing::party::Language;
use remit_billing::project::Project;
use remit_billing::standing::{Standing, Status};

use crate::RenderError;
use crate::agency::Agency;
use crate::issued::{open_sums, payable_together, shown};
use crate::locale::{LocaleError, Words};
use crate::page::frame::Frame;
use crate::page::invoices::{ListRow, SavedView, methods, when};
use crate::page::{ListedMethod, RenderedPage, is_long};
use crate::sheet::{Cell, Sheet};
use crate::statement::balance_row;

/// Documents on one page; older ones are behind it. With the bounds below, a page weighs what pages may weigh.
const ON_PAGE: usize = 40;
/// Open invoices that stand before them; they are all among them too.
const OPEN_MAX: usize = 20;
/// Projects that a list offers, the newest first; others are found by their words.
const PROJECTS_MAX: usize = 40;
/// Saved payment methods that are shown; who removes some sees the others.
const METHODS_MAX: usize = 4;
/// Letters of a line below a number: who wants all of it opens the document.
const ABOUT_MAX: usize = 60;

/// A client's documents, and a choice of them.
#[derive(Debug, Clone, Copy)]
pub struct Listing<'a> {
    /// All documents, the newest first.
    pub documents: &'a [ClientDocument<'a>],
    /// The client's projects, the newest first.
    pub projects: &'a [Project],
    /// Which documents are wanted.
    pub choice: &'a Choice,
}

/// What a contact sees of one client.
#[derive(Debug, Clone)]
pub struct Contents<'a> {
    /// The agency as it is now.
    pub account: &'a Account,
    /// The client.
    pub client: &'a Client,
    /// The contact's address.
    pub email: &'a str,
    /// Its other clients.
    pub others: &'a [&'a Client],
    /// The documents.
    pub listing: Listing<'a>,
    /// There are older invoices than these.
    pub more: bool,
    /// What the client has that is not applied, one amount per currency.
    pub balances: Vec<Money>,
    /// What it lets the agency charge, the newest first.
    pub methods: &'a [ListedMethod],
    /// Which page of them, from 0.
    pub page: usize,
    /// What has just happened.
    pub notice: Option<PortalNotice>,
    /// Now (UTC).
    pub now: Timestamp,
}

/// What has just happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PortalNotice {
    /// The language was changed.
    LanguageChanged,
    /// A payment method was removed just now.
    MethodRemoved,
}

/// Where things are.
pub struct PortalPaths<'a> {
    /// This page, without what is chosen.
    pub own: &'a str,
    /// An invoice's page, where the contact has its standing.
    pub invoice: &'a dyn Fn(&Standing) -> String,
    /// On to an estimate's page.
    pub estimate: &'a dyn Fn(EstimateId) -> String,
    /// A payment's receipt.
    pub receipt: &'a dyn Fn(PaymentId) -> String,
    /// The statement of account, if there is one.
    pub statement: Option<String>,
    /// Where a choice of open invoices leads, to one payment for all, where the account takes online payments.
    pub several: Option<String>,
    /// The files of a year.
    pub files: &'a str,
    /// The table.
    pub table: &'a str,
}

/// The forms of the page: where each is posted to, and what proves it.
#[derive(Debug, Clone, Copy)]
pub struct PortalForms<'a> {
    /// To sign out.
    pub sign_out: (&'a str, &'a str),
    /// To change the language.
    pub language: (&'a str, &'a str),
    /// To remove a payment method: each brings its own proof.
    pub methods: &'a str,
}

impl Listing<'_> {
    fn name_of(&self, id: ProjectId) -> Option<&str> {
        let project = self.projects.iter().find(|project| project.id == id);
        project.map(|project| project.name.as_str())
    }

    fn standings(&self) -> impl Iterator<Item = &Standing> {
        self.documents.iter().filter_map(|of| match of.what {
            What::Invoice(standing) => Some(standing),
            _ => None,
        })
    }

    fn chosen(&self) -> Vec<&ClientDocument<'_>> {
        let all = self.documents.iter();
        let chosen = all.filter(|of| self.choice.takes(of, |id| self.name_of(id)));
        chosen.collect()
    }

    fn project_names(&self, document: &ClientDocument<'_>) -> String {
        let mut names: Vec<&str> = Vec::new();
        for name in document.projects.iter().filter_map(|id| self.name_of(*id)) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names.join(", ")
    }

    /// What is chosen as a table, for who does the client's books.
    ///
    /// # Errors
    /// When amounts do not fit together.
    pub fn sheet(&self) -> Result<Sheet, RenderError> {
        let rows = self.chosen().into_iter().map(|document| {
            let (state, due_on, left) = match &document.what {
                What::Invoice(standing) => {
                    let left = standing.balance_due()?.amount_text();
                    let due_on = standing.due_on.to_string();
                    (standing.status.as_str(), due_on, left)
                }
                What::Estimate { state, .. } => (state.as_str(), String::new(), String::new()),
                What::Payment { .. } | What::CreditNote { .. } => {
                    ("", String::new(), String::new())
                }
            };
            let about = match &document.what {
                What::CreditNote { invoice, .. } => invoice.1.to_string(),
                What::Estimate { title, .. } => (*title).to_owned(),
                What::Invoice(_) | What::Payment { .. } => String::new(),
            };
            Ok(vec![
                Cell::plain(document.on),
                Cell::plain(document.sort().as_str()),
                Cell::written(document.number()),
                Cell::written(about),
                Cell::written(self.project_names(document)),
                Cell::plain(document.amount.currency().code()),
                Cell::plain(document.amount.amount_text()),
                Cell::plain(due_on),
                Cell::plain(left),
                Cell::plain(state),
            ])
        });
        let name = match self.choice.year {
            Some(year) => format!("documents-{year}"),
            None => "documents".to_owned(),
        };
        Ok(Sheet {
            name,
            columns: vec![
                "date",
                "kind",
                "number",
                "about",
                "project",
                "currency",
                "amount",
                "due_date",
                "balance_due",
                "status",
            ],
            rows: rows.collect::<Result<_, RenderError>>()?,
        })
    }
}

impl Contents<'_> {
    /// The page.
    ///
    /// # Errors
    /// When a word is missing, or amounts do not fit together.
    pub fn page(
        &self,
        paths: &PortalPaths<'_>,
        forms: PortalForms<'_>,
    ) -> Result<RenderedPage, RenderError> {
        let w = Words::of(self.client.language)?;
        let agency = Agency::by_name(self.account);
        let frame = Frame::of(Some(&agency));
        let content_security_policy = frame.content_security_policy(&[])?;
        let today = self.client.time_zone.date_of(self.now);
        let chosen = self.listing.chosen();
        let is_open = |document: &&ClientDocument<'_>| match &document.what {
            What::Invoice(standing) => matches!(standing.status, Status::Open),
            _ => false,
        };
        // What waits for the reader stands first, until they look for something.
        let open: Vec<_> = match self.listing.choice.is_all() && self.page == 0 {
            true => {
                let mut open: Vec<_> = chosen.iter().copied().filter(is_open).collect();
                open.sort_by_key(|document| match &document.what {
                    What::Invoice(standing) => standing.due_on,
                    _ => document.on,
                });
                open.truncate(OPEN_MAX);
                open
            }
            false => Vec::new(),
        };
        let skipped = self.page.saturating_mul(ON_PAGE);
        let listed = chosen.iter().copied().skip(skipped).take(ON_PAGE);
        let listed: Vec<_> = listed.collect();
        let together = match paths.several {
            Some(_) if !open.is_empty() => payable_together(self.listing.standings(), self.now)?,
            _ => Vec::new(),
        };
        let row = |document: &ClientDocument<'_>, together: &[InvoiceId]| {
            self.row(w, today, document, paths, together)
        };
        let open = match open.is_empty() {
            true => None,
            false => {
                let rows = open.iter().map(|of| row(of, &together));
                Some(Group {
                    id: "open".to_owned(),
                    title: w.say("portal-open")?,
                    rows: rows.collect::<Result<_, _>>()?,
                })
            }
        };
        let mut groups = Vec::new();
        for year in listed.chunk_by(|one, other| one.on.year() == other.on.year()) {
            let number = year.first().map_or(0, |of| i64::from(of.on.year()));
            let rows = year.iter().map(|of| row(of, &[]));
            groups.push(Group {
                id: format!("of-{number}"),
                title: w.say1("list-year", "year", number)?,
                rows: rows.collect::<Result<_, _>>()?,
            });
        }
        let mut sums = open_sums(self.listing.standings())?;
        sums.retain(|sum| !sum.is_zero());
        let sums: Vec<String> = sums.iter().map(|sum| w.money(sum)).collect();
        let behind = skipped.saturating_add(ON_PAGE) < chosen.len();
        let other_page = |page: usize| format!("{}&page={page}", self.address(paths.own));
        let balances = self.balances.iter().map(|of| balance_row(w, *of));
        let template = PageTemplate {
            w,
            frame,
            agency: &agency.name,
            client: self.client.name.as_str(),
            email: self.email,
            notice: match self.notice {
                Some(PortalNotice::LanguageChanged) => Some(w.say("portal-language-changed")?),
                Some(PortalNotice::MethodRemoved) => Some(w.say("saved-removed")?),
                None => None,
            },
            long: sums.len() > 1 || sums.iter().any(|sum| is_long(sum)),
            sums,
            balances: balances
                .filter_map(Result::transpose)
                .collect::<Result<_, LocaleError>>()?,
            others: self.others(paths),
            groups,
            open,
            several: paths.several.as_deref().filter(|_| !together.is_empty()),
            saved: SavedView {
                agency: &agency.name,
                action: forms.methods,
                rows: methods(w, self.methods.get(..METHODS_MAX).unwrap_or(self.methods))?,
            },
            nothing: chosen.is_empty(),
            filtered: !self.listing.choice.is_all(),
            own: paths.own,
            client_id: self.client.id,
            words: self.listing.choice.text.as_deref().unwrap_or_default(),
            sorts: self.sorts(w)?,
            years: self.years(),
            projects: self.project_options(),
            newer: (self.page > 0).then(|| other_page(self.page.saturating_sub(1))),
            older: behind.then(|| other_page(self.page.saturating_add(1))),
            more: self.more && !behind,
            statement: paths.statement.as_deref(),
            files: self.files(w, paths, today)?,
            table: self.address(paths.table),
            contacts: self.contacts(w)?,
            languages: languages(self.client.language)?,
            forms,
        };
        Ok(RenderedPage {
            html: template.render()?,
            content_security_policy,
        })
    }

    fn row(
        &self,
        w: &Words,
        today: Date,
        document: &ClientDocument<'_>,
        paths: &PortalPaths<'_>,
        together: &[InvoiceId],
    ) -> Result<ListRow, RenderError> {
        let projects = self.listing.project_names(document);
        let number = document.number();
        let day = || w.day_and_month(document.on);
        let (name, about, (when, tone), path, choice) = match &document.what {
            What::Invoice(standing) => {
                let id = standing.invoice_id;
                let choice = together.contains(&id);
                let choice = choice.then(|| w.say1("several-choose", "number", number.as_str()));
                (
                    w.say1("page-invoice", "number", number.as_str())?,
                    projects,
                    when(w, today, shown(standing), standing.due_on)?,
                    Some((paths.invoice)(standing)),
                    choice.transpose()?.map(|label| (id.to_string(), label)),
                )
            }
            What::Estimate {
                id,
                title,
                state,
                valid_until,
                ..
            } => (
                w.say1("portal-estimate", "number", number.as_str())?,
                (*title).to_owned(),
                estimate_state(w, *state, *valid_until)?,
                Some((paths.estimate)(*id)),
                None,
            ),
            What::Payment { id, .. } => (
                w.say("portal-payment")?,
                w.say1("portal-payment-for", "numbers", number.as_str())?,
                (day()?, ""),
                Some((paths.receipt)(*id)),
                None,
            ),
            What::CreditNote { id, invoice, .. } => {
                let of_it = self
                    .listing
                    .standings()
                    .find(|of| of.invoice_id == invoice.0);
                let page = of_it.map(|of| format!("{}/credit-notes/{id}", (paths.invoice)(of)));
                (
                    w.say1("portal-credit-note", "number", number.as_str())?,
                    w.say1("portal-credit-note-for", "number", invoice.1.to_string())?,
                    (day()?, ""),
                    page,
                    None,
                )
            }
        };
        let (amount, of) = match &document.what {
            What::Invoice(standing) if matches!(standing.status, Status::Open) => {
                let left = standing.balance_due()?;
                let whole = w.money(&standing.payable);
                let of = (left != standing.payable).then(|| w.say1("list-part", "total", whole));
                (w.money(&left), of.transpose()?)
            }
            _ => (w.money(&document.amount), None),
        };
        Ok(ListRow {
            name,
            about: clipped(&about),
            amount,
            of,
            when,
            tone,
            path,
            choice,
        })
    }

    /// An address with what is chosen.
    fn address(&self, path: &str) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("client", &self.client.id.to_string());
        if let Some(text) = &self.listing.choice.text {
            query.append_pair("q", text);
        }
        if let Some(sort) = self.listing.choice.sort {
            query.append_pair("kind", sort.as_str());
        }
        if let Some(year) = self.listing.choice.year {
            query.append_pair("year", &year.to_string());
        }
        if let Some(project) = self.listing.choice.project {
            query.append_pair("project", &project.to_string());
        }
        format!("{path}?{}", query.finish())
    }

    fn others(&self, paths: &PortalPaths<'_>) -> Vec<(String, String)> {
        let others = self.others.iter();
        let path = |client: ClientId| format!("{}?client={client}", paths.own);
        others
            .map(|client| (client.name.to_string(), path(client.id)))
            .collect()
    }

    fn sorts(&self, w: &Words) -> Result<Vec<Choosable>, LocaleError> {
        let sorts = DocumentSort::ALL.iter().map(|sort| {
            Ok(Choosable {
                value: sort.as_str().to_owned(),
                label: w.say(match sort {
                    DocumentSort::Invoice => "portal-invoices",
                    DocumentSort::Estimate => "portal-estimates",
                    DocumentSort::Payment => "portal-payments",
                    DocumentSort::CreditNote => "portal-credit-notes",
                })?,
                taken: self.listing.choice.sort == Some(*sort),
            })
        });
        sorts.collect()
    }

    fn years(&self) -> Vec<Choosable> {
        let mut years: Vec<i16> = self
            .listing
            .documents
            .iter()
            .map(|of| of.on.year())
            .collect();
        years.extend(self.listing.choice.year);
        years.sort_by_key(|year| std::cmp::Reverse(*year));
        years.dedup();
        let option = |year: i16| Choosable {
            value: year.to_string(),
            label: year.to_string(),
            taken: self.listing.choice.year == Some(year),
        };
        years.into_iter().map(option).collect()
    }

    fn project_options(&self) -> Vec<Choosable> {
        let mut options: Vec<_> = self
            .listing
            .projects
            .iter()
            .take(PROJECTS_MAX)
            .map(|project| Choosable {
                value: project.id.to_string(),
                label: clipped(project.name.as_str()),
                taken: self.listing.choice.project == Some(project.id),
            })
            .collect();
        options.sort_by(|one, other| one.label.cmp(&other.label));
        options
    }

    /// The files of the year that is chosen, or of this one.
    fn files(
        &self,
        w: &Words,
        paths: &PortalPaths<'_>,
        today: Date,
    ) -> Result<Option<(String, String)>, LocaleError> {
        let year = self.listing.choice.year.unwrap_or_else(|| today.year());
        if !self.listing.documents.iter().any(|of| of.on.year() == year) {
            return Ok(None);
        }
        let path = format!("{}?client={}&year={year}", paths.files, self.client.id);
        let label = w.say1("portal-files", "year", year.to_string())?;
        Ok(Some((label, path)))
    }

    fn contacts(&self, w: &Words) -> Result<Vec<(String, String)>, LocaleError> {
        let contacts = self.client.contacts.iter().map(|contact| {
            let name = contact.name.as_ref().map(|name| name.to_string());
            let what = match contact.copy {
                true => w.say1("portal-copy", "email", contact.email.as_str())?,
                false => contact.email.to_string(),
            };
            Ok((name.unwrap_or_default(), what))
        });
        contacts.collect()
    }
}

fn estimate_state(
    w: &Words,
    state: EstimateState,
    valid_until: Date,
) -> Result<(String, &'static str), LocaleError> {
    Ok(match state {
        EstimateState::Sent => {
            let day = w.day_and_month(valid_until)?;
            (w.say1("portal-estimate-open", "date", day)?, "")
        }
        EstimateState::Accepted => (w.say("portal-estimate-accepted")?, ""),
        EstimateState::Declined => (w.say("portal-estimate-declined")?, ""),
        EstimateState::Expired => (w.say("portal-estimate-expired")?, ""),
        EstimateState::Withdrawn
        | EstimateState::Draft
        | EstimateState::InReview
        | EstimateState::Approved => (w.say("portal-estimate-withdrawn")?, ""),
    })
}

/// The beginning of a text that is long.
fn clipped(text: &str) -> String {
    let mut letters = text.chars();
    let mut short: String = letters.by_ref().take(ABOUT_MAX).collect();
    if letters.next().is_some() {
        short.push('…');
    }
    short
}

/// Each language by its own name.
fn languages(taken: Language) -> Result<Vec<Choosable>, LocaleError> {
    let all = Language::ALL.iter().zip(Language::TAGS);
    let options = all.map(|(language, tag)| {
        Ok(Choosable {
            value: (*tag).to_owned(),
            label: Words::of(*language)?.say("language-name")?,
            taken: *language == taken,
        })
    });
    options.collect()
}

/// What a list lets choose.
struct Choosable {
    value: String,
    label: String,
    taken: bool,
}

struct Group {
    id: String,
    title: String,
    rows: Vec<ListRow>,
}

#[derive(Template)]
#[template(path = "portal/page.html")]
struct PageTemplate<'a> {
    w: &'a Words,
    frame: Frame,
    agency: &'a str,
    client: &'a str,
    email: &'a str,
    notice: Option<String>,
    sums: Vec<String>,
    /// The sums do not fit in the largest size.
    long: bool,
    balances: Vec<(String, String)>,
    others: Vec<(String, String)>,
    groups: Vec<Group>,
    /// What is to be paid, which stands first.
    open: Option<Group>,
    several: Option<&'a str>,
    saved: SavedView<'a>,
    nothing: bool,
    filtered: bool,
    own: &'a str,
    client_id: ClientId,
    words: &'a str,
    sorts: Vec<Choosable>,
    years: Vec<Choosable>,
    projects: Vec<Choosable>,
    newer: Option<String>,
    older: Option<String>,
    more: bool,
    statement: Option<&'a str>,
    files: Option<(String, String)>,
    table: String,
    contacts: Vec<(String, String)>,
    languages: Vec<Choosable>,
    forms: PortalForms<'a>,
}
