//! A statement of account: the mail that brings it, and its page.

use askama::Template;
use jiff::civil::Date;
use remit_billing::account::Account;
use remit_billing::client::Client;
use remit_billing::ids::InvoiceId;
use remit_billing::mail_text::{OwnWords, Placeholder, TextKind, Values};
use remit_billing::money::Money;
use remit_billing::party::{Language, Period};
use remit_billing::report::Age;
use remit_billing::statement::{Movement, MovementKind, OpenItem, Statement};

use crate::RenderError;
use crate::agency::Agency;
use crate::locale::{LocaleError, Words};
use crate::mail::frame::{Frame as MailFrame, Panel, PanelRow};
use crate::mail::subject::one_line;
use crate::mail::{Own, RenderedMail, Subject};
use crate::page::RenderedPage;
use crate::page::frame::Frame as PageFrame;

/// Movements of one currency that a mail shows; the page has all.
const MOVEMENTS_IN_MAIL: usize = 60;

/// What a client's account is stated to be.
#[derive(Debug, Clone, Copy)]
pub struct Stated<'a> {
    /// The agency.
    pub account: &'a Account,
    /// Its client.
    pub client: &'a Client,
    /// The first and the last day.
    pub days: Period,
    /// By currency.
    pub statements: &'a [Statement],
}

impl Stated<'_> {
    /// The mail that brings it.
    ///
    /// # Errors
    /// When a word is missing, or amounts do not fit together.
    pub fn mail(
        &self,
        recipient: Option<&str>,
        own_words: &OwnWords,
        page_url: Option<&str>,
    ) -> Result<RenderedMail, RenderError> {
        let language = self.client.language;
        let mail = StatementMail {
            agency: Agency::of(self.account, Some(self.client), language)?,
            recipient: recipient.map(str::to_owned),
            days: self.days,
            statements: self.statements,
            own: Own {
                wording: own_words.of(language, TextKind::Statement),
                client: Some(self.client.name.to_string()),
            },
            page_url,
        };
        mail.render(language)
    }

    /// Its page; `path_of` is where an invoice's own page is.
    ///
    /// # Errors
    /// When a word is missing, or amounts do not fit together.
    pub fn page(
        &self,
        path_of: &dyn Fn(InvoiceId) -> Option<String>,
        back_path: Option<&str>,
    ) -> Result<RenderedPage, RenderError> {
        let w = Words::of(self.client.language)?;
        let agency = Agency::of(self.account, Some(self.client), self.client.language)?;
        let frame = PageFrame::of(Some(&agency));
        let content_security_policy = frame.content_security_policy(&[])?;
        let sections = self.statements.iter();
        let sections = sections.map(|of| PageSection::of(w, of, self.days, path_of));
        let template = PageTemplate {
            w,
            frame,
            agency: &agency.name,
            client: self.client.name.as_str(),
            period: w.period(self.days.from(), self.days.to())?,
            sections: sections.collect::<Result<_, RenderError>>()?,
            back_path,
        };
        Ok(RenderedPage {
            html: template.render()?,
            content_security_policy,
        })
    }
}

/// The mail, made of texts and amounts.
pub(crate) struct StatementMail<'a> {
    pub agency: Agency,
    pub recipient: Option<String>,
    pub days: Period,
    pub statements: &'a [Statement],
    pub own: Own,
    pub page_url: Option<&'a str>,
}

impl StatementMail<'_> {
    pub(crate) fn render(&self, language: Language) -> Result<RenderedMail, RenderError> {
        let w = Words::of(language)?;
        let recipient = self.recipient.as_deref();
        let frame = MailFrame::plain(w, &self.agency, recipient)?;
        let (from, to) = (w.date(self.days.from())?, w.date(self.days.to())?);
        let values = Values::default()
            .with(Placeholder::StatementFrom, from.as_str())
            .with(Placeholder::StatementTo, to.as_str());
        let said = self.own.said(&frame, recipient, values);
        let named = [
            ("agency", frame.agency.as_str().into()),
            ("period", w.period(self.days.from(), self.days.to())?.into()),
        ];
        let subject = Subject::new(&w.say_with("statement-subject", &named)?);
        let intro = match said.opening.clone() {
            Some(opening) => opening,
            None => w.say_with("statement-intro", &named)?,
        };
        let sections = self.statements.iter();
        let sections = sections.map(|of| MailSection::of(w, of, self.days));
        let view = MailView {
            frame: frame.in_own_words(&said),
            intro,
            sections: sections.collect::<Result<_, RenderError>>()?,
            button: match self.page_url {
                Some(url) => Some((w.say("statement-see")?, url)),
                None => None,
            },
            outlook: w.say("statement-outlook")?,
        };
        Ok(RenderedMail {
            text: TextTemplate { w, v: &view }.render()?,
            html: HtmlTemplate {
                w,
                frame: &view.frame,
                subject: subject.as_str(),
                preheader: &view.intro,
                v: &view,
            }
            .render()?,
            subject,
        })
    }
}

struct MailView<'a> {
    frame: MailFrame,
    intro: String,
    sections: Vec<MailSection>,
    button: Option<(String, &'a str)>,
    outlook: String,
}

/// One currency in a mail.
struct MailSection {
    label: String,
    sum: String,
    rows: Vec<PanelRow>,
    lists: Vec<List>,
}

/// Rows under a title.
struct List {
    title: String,
    texts: Vec<String>,
    rows: Vec<(String, String)>,
}

impl MailSection {
    fn of(w: &Words, statement: &Statement, days: Period) -> Result<Self, RenderError> {
        let mut panel = Panel::default();
        for (label, value) in sums(w, statement, days)? {
            panel.add(label, value);
        }
        let all = &statement.movements;
        let shown = all.iter().take(MOVEMENTS_IN_MAIL);
        let moved = shown.map(|of| {
            let day = day_within(w, of.movement.on, days)?;
            let what = what_moved(w, &of.movement)?;
            let label = format!("{day} · {what}");
            Ok((label, w.money(&of.movement.amount)))
        });
        let moved = List {
            title: w.say("statement-moved")?,
            texts: match all.len().checked_sub(MOVEMENTS_IN_MAIL) {
                Some(more @ 1..) => {
                    let more = i64::try_from(more).unwrap_or(i64::MAX);
                    vec![w.say1("statement-more", "count", more)?]
                }
                _ => Vec::new(),
            },
            rows: moved.collect::<Result<_, LocaleError>>()?,
        };
        let open = statement.open.iter().map(|item| {
            let what = open_item(w, item)?;
            Ok((what, w.money(&item.amount)))
        });
        let open = List {
            title: w.say("statement-open")?,
            texts: Vec::new(),
            rows: open.collect::<Result<_, LocaleError>>()?,
        };
        let ages = List {
            title: w.say("statement-ages")?,
            texts: Vec::new(),
            rows: ages(w, statement)?,
        };
        let lists = [moved, open, ages];
        Ok(Self {
            label: w.say1("statement-owed", "date", w.date(days.to())?)?,
            sum: w.money(&statement.closing),
            rows: panel.0,
            lists: lists.into_iter().filter(|of| !of.rows.is_empty()).collect(),
        })
    }
}

/// What was owed before, and what of what is owed now is to be known.
fn sums(
    w: &Words,
    statement: &Statement,
    days: Period,
) -> Result<Vec<(String, String)>, RenderError> {
    let before = w.say1("statement-before", "date", w.date(days.from())?)?;
    let mut rows = vec![(before, w.money(&statement.opening))];
    let overdue = statement.overdue()?;
    if overdue.is_positive() {
        rows.push((w.say("statement-overdue")?, w.money(&overdue)));
    }
    if !statement.disputed.is_zero() {
        rows.push((w.say("statement-disputed")?, w.money(&statement.disputed)));
    }
    rows.extend(balance_row(w, statement.balance)?);
    Ok(rows)
}

/// What a client has that is not applied, or owes besides; none where that is nothing.
pub(crate) fn balance_row(
    w: &Words,
    balance: Money,
) -> Result<Option<(String, String)>, LocaleError> {
    Ok(match balance {
        has if has.is_positive() => Some((w.say("statement-balance")?, w.money(&has))),
        owes if owes.is_negative() => {
            let owes = owes.negated();
            Some((w.say("statement-balance-owed")?, w.money(&owes)))
        }
        _ => None,
    })
}

/// What is open by how long it is due, where any of it is late.
fn ages(w: &Words, statement: &Statement) -> Result<Vec<(String, String)>, RenderError> {
    if !statement.overdue()?.is_positive() {
        return Ok(Vec::new());
    }
    let aged = statement.by_age.iter().filter(|(_, of)| !of.is_zero());
    let rows = aged.map(|(age, amount)| {
        let label = w.say(match age {
            Age::NotDue => "statement-not-due",
            Age::To30 => "statement-to-30",
            Age::To60 => "statement-to-60",
            Age::To90 => "statement-to-90",
            Age::Over90 => "statement-over-90",
        })?;
        Ok((label, w.money(amount)))
    });
    rows.collect()
}

/// A day without its year, where that is said by the days of the statement.
fn day_within(w: &Words, day: Date, days: Period) -> Result<String, LocaleError> {
    match days.from().year() == days.to().year() && day.year() == days.to().year() {
        true => w.day_and_month(day),
        false => w.date(day),
    }
}

fn open_item(w: &Words, item: &OpenItem) -> Result<String, LocaleError> {
    let number = one_line(&item.number.to_string());
    w.say_with(
        "statement-open-item",
        &[
            ("number", number.into()),
            ("date", w.date(item.due_on)?.into()),
        ],
    )
}

/// What a movement was, on which invoice.
fn what_moved(w: &Words, movement: &Movement) -> Result<String, LocaleError> {
    let number = one_line(&movement.number.to_string());
    let key = match &movement.kind {
        MovementKind::CarriedOver => "statement-carried-over",
        MovementKind::Invoice => "statement-invoice",
        MovementKind::LateFee => "statement-late-fee",
        MovementKind::Payment { .. } => "statement-payment",
        MovementKind::BalanceApplied => "statement-balance-applied",
        MovementKind::CreditNote { credit_note } => {
            let note = one_line(&credit_note.to_string());
            let named = [("number", number.into()), ("note", note.into())];
            return w.say_with("statement-credit-note", &named);
        }
        MovementKind::SetFree => "statement-set-free",
        MovementKind::WriteOff => "statement-write-off",
        MovementKind::Recovered => "statement-recovered",
        MovementKind::WriteOffReversed => "statement-write-off-reversed",
        MovementKind::Refund => "statement-refund",
        MovementKind::PaymentLost => "statement-payment-lost",
        MovementKind::PaymentUndone => "statement-payment-undone",
        MovementKind::PaymentReinstated => "statement-payment-reinstated",
        MovementKind::Void => "statement-void",
    };
    w.say1(key, "number", number)
}

/// One currency on the page.
struct PageSection {
    owed: String,
    sum: String,
    sums: Vec<(String, String)>,
    opening: (String, String),
    closing: (String, String),
    moved: Vec<MovedRow>,
    open: Vec<OpenRow>,
    ages: Vec<(String, String)>,
}

struct MovedRow {
    on: String,
    what: String,
    amount: String,
    balance: String,
}

struct OpenRow {
    what: String,
    amount: String,
    is_late: bool,
    path: Option<String>,
}

impl PageSection {
    fn of(
        w: &Words,
        statement: &Statement,
        days: Period,
        path_of: &dyn Fn(InvoiceId) -> Option<String>,
    ) -> Result<Self, RenderError> {
        let moved = statement.movements.iter().map(|of| {
            Ok(MovedRow {
                on: day_within(w, of.movement.on, days)?,
                what: what_moved(w, &of.movement)?,
                amount: w.money(&of.movement.amount),
                balance: w.money(&of.balance),
            })
        });
        let open = statement.open.iter().map(|item| {
            Ok(OpenRow {
                what: open_item(w, item)?,
                amount: w.money(&item.amount),
                is_late: item.age != Age::NotDue,
                path: path_of(item.invoice_id),
            })
        });
        let mut sums = sums(w, statement, days)?.into_iter();
        let opening = sums.next().ok_or(RenderError::Incomplete)?;
        let owed = w.say1("statement-owed", "date", w.date(days.to())?)?;
        let sum = w.money(&statement.closing);
        Ok(Self {
            closing: (owed.clone(), sum.clone()),
            owed,
            sum,
            sums: sums.collect(),
            opening,
            moved: moved.collect::<Result<_, LocaleError>>()?,
            open: open.collect::<Result<_, LocaleError>>()?,
            ages: ages(w, statement)?,
        })
    }
}

#[derive(Template)]
#[template(path = "statement/body.txt")]
struct TextTemplate<'a> {
    w: &'a Words,
    v: &'a MailView<'a>,
}

#[derive(Template)]
#[template(path = "statement/body.html")]
struct HtmlTemplate<'a> {
    w: &'a Words,
    frame: &'a MailFrame,
    subject: &'a str,
    preheader: &'a str,
    v: &'a MailView<'a>,
}

#[derive(Template)]
#[template(path = "statement/page.html")]
struct PageTemplate<'a> {
    w: &'a Words,
    frame: PageFrame,
    agency: &'a str,
    client: &'a str,
    period: String,
    sections: Vec<PageSection>,
    back_path: Option<&'a str>,
}
