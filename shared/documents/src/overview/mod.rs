//! What a member of the agency sees in one look, and the page that asks to sign in before it.

mod charts;
mod door;

pub use door::{Door, DoorStep};

use std::collections::BTreeMap;

use askama::Template;
use jiff::civil::Date;
use remit_billing::account::{Account, Role};
use remit_billing::ids::ClientId;
use remit_billing::report::{
    CurrencyOverview, EndingOffer, Overview, PromisedPayment, Tally, Waiting,
};

use crate::RenderError;
use crate::agency::Agency;
use crate::invited::role_word;
use crate::locale::{LocaleError, Words};
use crate::page::frame::Frame;
use crate::page::{RenderedPage, is_long};
use charts::{AgeRow, MonthChart};

/// Rows of a list; how many more there are is said below it.
pub const LISTED_MAX: usize = 8;
/// Letters of a name in a row: who wants all of it asks the API.
const NAME_MAX: usize = 80;
/// What is counted so far is so many, or more.
pub const COUNTED_MAX: usize = 100;
/// Currencies that are shown, those with the most open invoices first.
const CURRENCIES_MAX: usize = 6;

const STYLE: &str = include_str!("style.css");

/// Where an agency stands, as one of its members looks at it.
#[derive(Debug, Clone, Copy)]
pub struct Look<'a> {
    /// The agency as it is now; the page is in its language.
    pub account: &'a Account,
    /// What colleagues know the member by.
    pub member: &'a str,
    /// What the member may do now.
    pub role: Role,
    /// What stands.
    pub overview: &'a Overview,
    /// The months whose money is known, by their first days, the oldest first. The last is this one.
    pub months: &'a [Date],
    /// What clients are called, those of promises and offers.
    pub clients: &'a BTreeMap<ClientId, String>,
    /// What waits for this member, and how much of it; none for who may only read.
    pub waiting: &'a [(Waiting, usize)],
    /// Today, where the agency is.
    pub today: Date,
    /// Where the form that signs out is posted to, and what proves it.
    pub sign_out: (&'a str, &'a str),
}

impl Look<'_> {
    /// The page.
    ///
    /// # Errors
    /// When a word is missing, or amounts do not fit together.
    pub fn page(&self) -> Result<RenderedPage, RenderError> {
        let w = Words::of(self.account.language)?;
        let frame = frame(Some(&Agency::by_name(self.account)));
        let content_security_policy = frame.content_security_policy(&[])?;
        let v = &self.view(w)?;
        Ok(RenderedPage {
            html: LookTemplate { w, frame, v }.render()?,
            content_security_policy,
        })
    }

    fn view(&self, w: &Words) -> Result<LookView, RenderError> {
        let mut currencies: Vec<_> = self.overview.by_currency.iter().collect();
        currencies.sort_by_key(|(_, of)| std::cmp::Reverse(of.outstanding.count));
        let several = currencies.len() > 1;
        let shown = currencies.into_iter().take(CURRENCIES_MAX);
        let shown = shown.map(|(code, of)| self.currency(w, code, of, several));
        let promised: Vec<_> = self.overview.promised.values().collect();
        let ending: Vec<_> = self.overview.ending.values().collect();
        let waiting = self.waiting.iter().filter(|(_, count)| *count > 0);
        let waiting =
            waiting.map(|(what, count)| Ok((w.say(waiting_word(*what))?, counted(*count))));
        Ok(LookView {
            agency: self.account.name.to_string(),
            at: w.say1("overview-at", "date", w.date(self.today)?)?,
            currencies: shown.collect::<Result<_, RenderError>>()?,
            decides: !self.waiting.is_empty(),
            waiting: waiting.collect::<Result<_, LocaleError>>()?,
            promised: self.promised(w, &promised)?,
            ending: self.ending(w, &ending)?,
            signed_in: w.say_with(
                "overview-signed-in",
                &[
                    ("name", shortened(self.member).into()),
                    ("role", w.say(role_word(self.role))?.into()),
                ],
            )?,
            sign_out: (self.sign_out.0.to_owned(), self.sign_out.1.to_owned()),
        })
    }

    fn currency(
        &self,
        w: &Words,
        code: &'static str,
        of: &CurrencyOverview,
        several: bool,
    ) -> Result<CurrencyView, RenderError> {
        let sum = w.money(&of.outstanding.amount);
        let fact = |key: &str, tally: Tally, counted: (&str, &'static str), tone: &'static str| {
            let some = tally.count > 0;
            Ok::<_, LocaleError>(Fact {
                label: w.say(key)?,
                amount: w.money(&tally.amount),
                about: match some {
                    true => Some(w.say1(counted.0, counted.1, i64::from(tally.count))?),
                    false => None,
                },
                tone: if some { tone } else { "" },
            })
        };
        let plain = |key: &str, amount| {
            Ok::<_, LocaleError>(Fact {
                label: w.say(key)?,
                amount: w.money(&amount),
                about: None,
                tone: "",
            })
        };
        let invoices = ("overview-invoices", "invoices");
        let payments = ("overview-payments", "payments");
        let mut facts = vec![
            fact("overview-overdue", of.overdue, invoices, "due")?,
            fact("overview-processing", of.processing, payments, "")?,
            fact("overview-disputed", of.disputed, invoices, "")?,
            plain("overview-received", of.received)?,
        ];
        if !of.given_back.is_zero() {
            facts.push(plain("overview-given-back", of.given_back)?);
        }
        let received = self.overview.months.iter();
        let received = received.filter(|((of, _), _)| *of == code);
        let received = received
            .map(|((_, month), moved)| (*month, *moved))
            .collect();
        Ok(CurrencyView {
            id: code.to_ascii_lowercase(),
            label: match several {
                true => w.say1("overview-outstanding-in", "currency", code)?,
                false => w.say("overview-outstanding")?,
            },
            long: is_long(&sum),
            sum,
            about: match of.outstanding.count {
                0 => None,
                count => Some(w.say1(invoices.0, invoices.1, i64::from(count))?),
            },
            facts,
            ages: AgeRow::all(w, of)?,
            months: MonthChart::of(w, self.months, &received, of.received.currency())?,
        })
    }

    fn client(&self, id: ClientId) -> String {
        self.clients
            .get(&id)
            .map_or_else(String::new, |name| shortened(name))
    }

    fn promised(&self, w: &Words, all: &[&PromisedPayment]) -> Result<List, LocaleError> {
        let rows = all.iter().take(LISTED_MAX).map(|of| {
            Ok(Row {
                name: of.number.to_string(),
                amount: w.money(&of.amount),
                about: self.client(of.client_id),
                when: w.say1("overview-promised-for", "date", w.date(of.on)?)?,
            })
        });
        List::of(w, rows.collect::<Result<_, LocaleError>>()?, all.len())
    }

    fn ending(&self, w: &Words, all: &[&EndingOffer]) -> Result<List, LocaleError> {
        let rows = all.iter().take(LISTED_MAX).map(|of| {
            Ok(Row {
                name: shortened(of.title.as_str()),
                amount: w.money(&of.amount),
                about: self.client(of.client_id),
                when: w.say1("overview-ends", "date", w.date(of.valid_until)?)?,
            })
        });
        List::of(w, rows.collect::<Result<_, LocaleError>>()?, all.len())
    }
}

/// The frame of these pages, with their own rules after those of all pages. The agency does not write to itself.
fn frame(agency: Option<&Agency>) -> Frame {
    let mut frame = Frame::of(agency);
    frame.style.push_str(STYLE);
    frame.email = None;
    frame
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(NAME_MAX) {
        None => text.to_owned(),
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default().trim_end()),
    }
}

fn counted(count: usize) -> String {
    match count >= COUNTED_MAX {
        true => format!("{COUNTED_MAX}+"),
        false => count.to_string(),
    }
}

fn waiting_word(waiting: Waiting) -> &'static str {
    match waiting {
        Waiting::Questions => "overview-questions",
        Waiting::EstimatesInReview => "overview-estimates-in-review",
        Waiting::SubmittedWork => "overview-submitted-work",
        Waiting::BankEntries => "overview-bank-entries",
        Waiting::UnmatchedPayments => "overview-unmatched-payments",
    }
}

/// One figure of a currency.
struct Fact {
    label: String,
    amount: String,
    about: Option<String>,
    tone: &'static str,
}

struct CurrencyView {
    id: String,
    label: String,
    sum: String,
    long: bool,
    about: Option<String>,
    facts: Vec<Fact>,
    /// How long what is overdue is overdue; empty where nothing is.
    ages: Vec<AgeRow>,
    /// The months; none where nothing came in any of them.
    months: Option<MonthChart>,
}

struct Row {
    name: String,
    amount: String,
    about: String,
    when: String,
}

struct List {
    rows: Vec<Row>,
    more: Option<String>,
}

impl List {
    fn of(w: &Words, rows: Vec<Row>, all: usize) -> Result<Self, LocaleError> {
        let more = all.saturating_sub(rows.len());
        let more = i64::try_from(more).ok().filter(|more| *more > 0);
        let more = more.map(|more| w.say1("overview-more", "entries", more));
        Ok(Self {
            rows,
            more: more.transpose()?,
        })
    }
}

struct LookView {
    agency: String,
    at: String,
    currencies: Vec<CurrencyView>,
    /// The member may do something about what waits.
    decides: bool,
    waiting: Vec<(String, String)>,
    promised: List,
    ending: List,
    signed_in: String,
    sign_out: (String, String),
}

#[derive(Template)]
#[template(path = "overview/page.html")]
struct LookTemplate<'a> {
    w: &'a Words,
    frame: Frame,
    v: &'a LookView,
}
