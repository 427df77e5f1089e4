//! The page of one invoice: what, why, how much is left, and the way to pay it.

mod hero;
mod lines;

use askama::Template;
use jiff::civil::Date;
use remit_billing::money::Money;
use remit_billing::party::Language;
use remit_billing::ways_to_pay::{PartBounds, PartRefusal};

use super::RenderedPage;
use super::frame::Frame;
use crate::RenderError;
use crate::agency::{Agency, Party};
use crate::instructions::{Instructions, PaymentInstructions};
use crate::invoice::{Line, Standing, Totals};
use crate::locale::{LocaleError, Words};
use crate::question::{QuestionForm, Questions};
use crate::sums::{self, Row, Shown};
use hero::Hero;
pub(crate) use hero::{days_between, is_long};
pub(crate) use lines::{LineView, quantity, view as line_view};

/// An invoice as the client opens it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvoicePage {
    /// Who sends it.
    pub agency: Agency,
    /// Who pays it, as named on the document.
    pub customer: Party,
    /// The document's number.
    pub number: String,
    /// The issue date.
    pub issued_on: Date,
    /// The last day to pay, as the document says it.
    pub document_due_on: Date,
    /// The last day to pay what is asked for now.
    pub due_on: Date,
    /// Today in the client's zone.
    pub today: Date,
    /// Where it stands.
    pub standing: Standing,
    /// What it is for: the project's name, or a title.
    pub about: Option<String>,
    /// The client's purchase order.
    pub purchase_order: Option<String>,
    /// The reference that the client asked for.
    pub buyer_reference: Option<String>,
    /// First and last day of the supply; the same day for a single date.
    pub supply_period: Option<(Date, Date)>,
    /// What is billed, by project where it is of several.
    pub sections: Vec<PageSection>,
    /// Prices and line amounts hold their tax.
    pub prices_include_tax: bool,
    /// What it bills of what the client accepted.
    pub agreed: Vec<AgreedRow>,
    /// What it comes to.
    pub totals: Totals,
    /// The parts by which it is paid, where that was agreed.
    pub instalments: Vec<InstalmentRow>,
    /// What was credited of it.
    pub credits: Vec<CreditRow>,
    /// The lines that the client disputes, or did.
    pub disputes: Vec<DisputeRow>,
    /// The form to dispute one.
    pub disputable: Option<DisputeForm>,
    /// What is asked for now: what is due, or of that the next part.
    pub asked: Money,
    /// The button, while something can be paid.
    pub pay: Option<PayAction>,
    /// How else to pay, while something is left.
    pub instructions: Vec<PaymentInstructions>,
    /// The agency's words for this invoice.
    pub notes: Option<String>,
    /// The agency's terms.
    pub terms: Option<String>,
    /// What was asked about it, and the form to ask more.
    pub questions: Questions,
    /// Where the work behind its lines is shown.
    pub timesheet_path: Option<String>,
    /// Where the document is as a file.
    pub pdf_path: Option<String>,
    /// Where the client's other invoices are.
    pub invoices_path: Option<String>,
    /// The day on which the client has said that it will pay, while that is not over.
    pub promised_on: Option<Date>,
    /// The form to say so.
    pub promise: Option<PromiseForm>,
    /// What has just happened.
    pub notice: Option<Notice>,
}

/// The form to say on which day the client will pay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PromiseForm {
    /// Where it is posted, and its proof.
    pub form: QuestionForm,
    /// The first day that is taken.
    pub first: Date,
    /// The last one.
    pub last: Date,
}

/// The lines of one project, or all of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PageSection {
    /// The project and its team, where there are several.
    pub title: Option<String>,
    /// What its lines come to, as they are shown.
    pub subtotal: Option<Money>,
    /// Its lines.
    pub lines: Vec<Line>,
}

impl PageSection {
    /// All lines, of no project in particular.
    pub fn plain(lines: Vec<Line>) -> Self {
        Self {
            lines,
            ..Self::default()
        }
    }
}

/// What a document bills of one accepted line, net.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgreedRow {
    /// What it is.
    pub description: String,
    /// What was agreed.
    pub agreed: Money,
    /// What was billed of it before.
    pub before: Money,
    /// What this document bills.
    pub this: Money,
    /// What is left after.
    pub left: Money,
}

/// A part by which an invoice is paid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstalmentRow {
    /// Its due day.
    pub due_on: Date,
    /// How much.
    pub amount: Money,
    /// What is left of it.
    pub left: Money,
}

/// A credit note of the invoice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreditRow {
    /// Its number.
    pub number: String,
    /// The issue date.
    pub issued_on: Date,
    /// What is less to pay by it.
    pub amount: Money,
    /// Its page.
    pub path: String,
}

/// A line that is disputed, or was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisputeRow {
    /// What it is.
    pub description: String,
    /// What it comes to with its taxes.
    pub amount: Money,
    /// Where the dispute stands, in words.
    pub state: String,
    /// Whether the agency has not answered yet.
    pub is_open: bool,
}

/// The form to dispute a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisputeForm {
    /// Where it is posted, and its proof.
    pub form: QuestionForm,
    /// The lines to choose from: their place, and what they are.
    pub lines: Vec<(u32, String)>,
}

/// The pay button's form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PayAction {
    /// Where the form is posted.
    pub action: String,
    /// Makes a repeated press the same request.
    pub request_id: String,
    /// The version of the invoice that this page shows.
    pub version: u64,
    /// The proof that binds the form to the page.
    pub proof: String,
    /// The origins that the answer may redirect to, such as `https://checkout.stripe.com`.
    pub checkout_origins: Vec<String>,
    /// The ways to choose from, the first one first; the payer chooses none where there is one.
    pub ways: Vec<PayWay>,
    /// The payer has agreed at the provider of the only way, and only has to confirm it here.
    pub is_agreed: bool,
    /// The names of the providers that can keep what is paid with, if the payer agrees; empty where
    /// none can, and nothing is asked.
    pub keepers: Vec<&'static str>,
    /// The amount that the payer chose and agreed to; none where it is what is asked for.
    pub chosen: Option<Money>,
    /// The form to pay another amount, where the payer may choose.
    pub part: Option<PartForm>,
}

/// The form to pay an amount of the payer's choice, by the ways of the pay button.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartForm {
    /// Makes a repeated press the same request.
    pub request_id: String,
    /// The proof that binds the form to the page.
    pub proof: String,
    /// Between what the payer may choose.
    pub bounds: PartBounds,
    /// What the payer typed before, and why it was not taken.
    pub refused: Option<PartRefused>,
}

/// An amount that was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartRefused {
    /// What was typed.
    pub typed: String,
    /// Why not.
    pub why: PartRefusal,
}

/// A way to pay online: a button of the pay form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PayWay {
    /// What the form names it by: the provider.
    pub name: &'static str,
    /// What the payer reads.
    pub label: PayLabel,
}

/// What a button of the pay form says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PayLabel {
    /// By card, and whatever else is on that page.
    Card,
    /// With PayPal.
    PayPal,
    /// By direct debit.
    DirectDebit,
    /// From the bank account, at once.
    BankPayment,
    /// With Toss Payments.
    Toss,
}

/// What has just happened, said above the invoice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    /// The client comes back from a checkout that succeeded.
    PaymentConfirming,
    /// The client comes back from a checkout without paying.
    CheckoutLeft,
    /// The invoice has changed since the client opened it: nothing was paid.
    InvoiceChanged,
    /// The payment provider does not answer: nothing was paid.
    CheckoutUnavailable,
    /// The client has agreed at the provider, and nothing has moved yet.
    PaymentAgreed,
    /// The question was taken in.
    Asked,
    /// No question was typed.
    NoQuestion,
    /// Too much was asked.
    TooManyQuestions,
    /// The dispute was taken in.
    Disputed,
    /// No line was chosen, or no reason typed.
    NoReason,
    /// The line cannot be disputed any more.
    NotDisputable,
    /// The day was noted.
    Promised,
    /// No day was chosen, or none that is taken.
    NoSuchDay,
    /// The day was changed too often.
    TooManyPromises,
}

impl Notice {
    /// Whether it tells of a payment.
    pub fn is_about_paying(self) -> bool {
        !matches!(
            self,
            Notice::Asked
                | Notice::NoQuestion
                | Notice::TooManyQuestions
                | Notice::Disputed
                | Notice::NoReason
                | Notice::NotDisputable
                | Notice::Promised
                | Notice::NoSuchDay
                | Notice::TooManyPromises
        )
    }
}

/// The page of an invoice.
///
/// # Errors
/// When a word is missing or an origin is none; never for what an agency or client wrote.
pub fn render(page: &InvoicePage, language: Language) -> Result<RenderedPage, RenderError> {
    let w = Words::of(language)?;
    let frame = Frame::of(Some(&page.agency));
    let origins = page.pay.as_ref().map_or(&[][..], |p| &p.checkout_origins);
    let content_security_policy = frame.content_security_policy(origins)?;
    let template = InvoiceTemplate {
        w,
        notice: page.notice.map(|n| notice(w, n)).transpose()?,
        hero: Hero::of(w, page)?,
        facts: facts(w, page)?,
        sections: sections(w, page)?,
        totals: sums::rows(
            w,
            &page.totals,
            Shown {
                prices_include_tax: page.prices_include_tax,
                settled: !matches!(page.standing, Standing::Void { .. }),
            },
        )?,
        agreed: agreed(w, &page.agreed)?,
        instalments: instalments(w, page)?,
        credits: credits(w, &page.credits)?,
        disputes: page
            .disputes
            .iter()
            .map(|row| (row, w.money(&row.amount)))
            .collect(),
        instructions: Instructions::read_all(w, &page.number, &page.instructions)?,
        questions: &page.questions,
        buttons: match &page.pay {
            Some(pay) => buttons(w, pay, &page.asked)?,
            None => Vec::new(),
        },
        part: part(w, page)?,
        promised: page
            .promised_on
            .map(|day| w.say1("promise-noted", "date", w.date(day)?))
            .transpose()?,
        promise: page
            .promise
            .as_ref()
            .map(|of| PromiseView::of(w, of, &page.agency.name))
            .transpose()?,
        keep: match &page.pay {
            Some(pay) => keep(w, &page.agency, pay)?,
            None => None,
        },
        parties: [
            PartyBlock::of(w, "page-from", &page.agency.party)?,
            PartyBlock::of(w, "page-to", &page.customer)?,
        ],
        frame,
        p: page,
    };
    Ok(RenderedPage {
        html: template.render()?,
        content_security_policy,
    })
}

#[derive(Template)]
#[template(path = "page/invoice/page.html")]
struct InvoiceTemplate<'a> {
    w: &'a Words,
    frame: Frame,
    p: &'a InvoicePage,
    notice: Option<NoticeView>,
    hero: Hero,
    facts: Vec<Fact>,
    sections: Vec<SectionView<'a>>,
    totals: Vec<Row>,
    agreed: Vec<AgreedView<'a>>,
    instalments: Vec<InstalmentView>,
    credits: Vec<CreditView<'a>>,
    disputes: Vec<(&'a DisputeRow, String)>,
    instructions: Vec<Instructions<'a>>,
    questions: &'a Questions,
    buttons: Vec<Button>,
    part: Option<PartView<'a>>,
    promised: Option<String>,
    promise: Option<PromiseView<'a>>,
    /// What is agreed to by ticking, and the words to it.
    keep: Option<(String, String)>,
    parties: [PartyBlock<'a>; 2],
}

/// The form to promise a day, in words.
struct PromiseView<'a> {
    form: &'a QuestionForm,
    first: Date,
    last: Date,
    hint: String,
    send: String,
}

impl<'a> PromiseView<'a> {
    fn of(w: &Words, of: &'a PromiseForm, agency: &str) -> Result<Self, LocaleError> {
        let days = [
            ("first", w.date(of.first)?.into()),
            ("last", w.date(of.last)?.into()),
        ];
        Ok(Self {
            form: &of.form,
            first: of.first,
            last: of.last,
            hint: w.say_with("promise-hint", &days)?,
            send: w.say1("promise-send", "agency", agency)?,
        })
    }
}

/// A project in words.
pub(crate) struct SectionView<'a> {
    pub title: Option<&'a str>,
    pub subtotal: Option<String>,
    pub lines: Vec<LineView<'a>>,
}

pub(crate) fn sections<'a>(
    w: &Words,
    page: &'a InvoicePage,
) -> Result<Vec<SectionView<'a>>, LocaleError> {
    let view = |section: &'a PageSection| {
        Ok(SectionView {
            title: section.title.as_deref(),
            subtotal: section.subtotal.map(|subtotal| w.money(&subtotal)),
            lines: lines::of(w, &section.lines)?,
        })
    };
    page.sections.iter().map(view).collect()
}

/// An accepted line in words.
pub(crate) struct AgreedView<'a> {
    pub description: &'a str,
    pub this: String,
    pub so_far: String,
}

pub(crate) fn agreed<'a>(
    w: &Words,
    rows: &'a [AgreedRow],
) -> Result<Vec<AgreedView<'a>>, LocaleError> {
    let view = |row: &'a AgreedRow| {
        let amounts = [
            ("agreed", w.money(&row.agreed).into()),
            ("before", w.money(&row.before).into()),
            ("left", w.money(&row.left).into()),
        ];
        Ok(AgreedView {
            description: row.description.trim(),
            this: w.money(&row.this),
            so_far: w.say_with("agreed-row", &amounts)?,
        })
    };
    rows.iter().map(view).collect()
}

/// A part in words.
struct InstalmentView {
    when: String,
    amount: String,
    state: String,
    is_late: bool,
}

fn instalments(w: &Words, page: &InvoicePage) -> Result<Vec<InstalmentView>, LocaleError> {
    let view = |row: &InstalmentRow| {
        let is_late = !row.left.is_zero() && row.due_on < page.today;
        Ok(InstalmentView {
            when: w.date(row.due_on)?,
            amount: w.money(&row.amount),
            state: match row.left {
                left if left.is_zero() => w.say("instalment-paid")?,
                _ if is_late => w.say("instalment-late")?,
                left if left == row.amount => w.say("instalment-open")?,
                left => w.say1("instalment-left", "amount", w.money(&left))?,
            },
            is_late,
        })
    };
    page.instalments.iter().map(view).collect()
}

/// A credit note in words.
struct CreditView<'a> {
    number: &'a str,
    path: &'a str,
    issued_on: String,
    amount: String,
}

fn credits<'a>(w: &Words, rows: &'a [CreditRow]) -> Result<Vec<CreditView<'a>>, LocaleError> {
    let view = |row: &'a CreditRow| {
        Ok(CreditView {
            number: &row.number,
            path: &row.path,
            issued_on: w.date(row.issued_on)?,
            amount: w.money(&row.amount),
        })
    };
    rows.iter().map(view).collect()
}

/// A button of the pay form.
pub(crate) struct Button {
    pub name: &'static str,
    pub text: String,
}

/// The question whether what is paid with may be kept. Whoever changes what its words mean raises
/// `CONSENT_WORDING` of the domain.
pub(crate) fn keep(
    w: &Words,
    agency: &Agency,
    pay: &PayAction,
) -> Result<Option<(String, String)>, LocaleError> {
    if pay.keepers.is_empty() {
        return Ok(None);
    }
    let agency = agency.name.as_str();
    let words = w.say_with(
        "page-keep-words",
        &[
            ("agency", agency.into()),
            ("providers", pay.keepers.join(", ").into()),
        ],
    )?;
    Ok(Some((w.say1("page-keep", "agency", agency)?, words)))
}

/// The buttons to pay what is asked for, or what the payer chose and agreed to.
pub(crate) fn buttons(
    w: &Words,
    pay: &PayAction,
    asked: &Money,
) -> Result<Vec<Button>, LocaleError> {
    let amount = pay.chosen.as_ref().unwrap_or(asked);
    let is_only = pay.ways.len() == 1;
    let button = |way: &PayWay| {
        let message = match way.label {
            _ if pay.is_agreed => "page-pay-confirm",
            PayLabel::Card if is_only => "page-pay",
            PayLabel::Card => "page-pay-card",
            PayLabel::PayPal => "page-pay-paypal",
            PayLabel::DirectDebit => "page-pay-debit",
            PayLabel::BankPayment => "page-pay-bank",
            PayLabel::Toss => "page-pay-toss",
        };
        Ok(Button {
            name: way.name,
            text: w.say1(message, "amount", w.money(amount))?,
        })
    };
    pay.ways.iter().map(button).collect()
}

/// The form to pay another amount, in words.
struct PartView<'a> {
    form: &'a PartForm,
    hint: String,
    /// Why what was typed was not taken.
    refused: Option<(&'a str, String)>,
    buttons: Vec<Button>,
}

fn part<'a>(w: &Words, page: &'a InvoicePage) -> Result<Option<PartView<'a>>, LocaleError> {
    let Some((pay, form)) = page
        .pay
        .as_ref()
        .and_then(|pay| Some((pay, pay.part.as_ref()?)))
    else {
        return Ok(None);
    };
    let is_only = pay.ways.len() == 1;
    let button = |way: &PayWay| {
        let message = match way.label {
            _ if is_only => "part-pay",
            PayLabel::Card => "part-pay-card",
            PayLabel::PayPal => "part-pay-paypal",
            PayLabel::DirectDebit => "part-pay-debit",
            PayLabel::BankPayment => "part-pay-bank",
            PayLabel::Toss => "part-pay-toss",
        };
        Ok(Button {
            name: way.name,
            text: w.say(message)?,
        })
    };
    let bounds = [
        ("least", w.money(&form.bounds.least).into()),
        ("most", w.money(&form.bounds.most).into()),
    ];
    let refused = form.refused.as_ref().map(|refused| {
        let why = match refused.why {
            PartRefusal::Unreadable { .. } => w.say("part-unreadable")?,
            PartRefusal::TooSmall { least } => {
                w.say1("part-too-small", "least", w.money(&least))?
            }
            PartRefusal::TooLarge { most } => w.say1("part-too-large", "most", w.money(&most))?,
        };
        Ok::<_, LocaleError>((refused.typed.as_str(), why))
    });
    Ok(Some(PartView {
        form,
        hint: w.say_with("part-hint", &bounds)?,
        refused: refused.transpose()?,
        buttons: pay
            .ways
            .iter()
            .map(button)
            .collect::<Result<_, LocaleError>>()?,
    }))
}

pub(crate) struct NoticeView {
    pub class: &'static str,
    pub text: String,
}

pub(crate) fn notice(w: &Words, notice: Notice) -> Result<NoticeView, LocaleError> {
    let (class, text) = match notice {
        Notice::PaymentConfirming => ("", w.say("notice-confirming")?),
        Notice::CheckoutLeft => ("wait", w.say("notice-left")?),
        Notice::InvoiceChanged => ("wait", w.say("notice-changed")?),
        Notice::CheckoutUnavailable => ("wait", w.say("notice-unavailable")?),
        Notice::PaymentAgreed => ("", w.say("notice-agreed")?),
        Notice::Asked => ("", w.say("question-notice-asked")?),
        Notice::NoQuestion => ("wait", w.say("question-notice-none")?),
        Notice::TooManyQuestions => ("wait", w.say("question-notice-too-many")?),
        Notice::Disputed => ("", w.say("dispute-notice-taken")?),
        Notice::NoReason => ("wait", w.say("dispute-notice-none")?),
        Notice::NotDisputable => ("wait", w.say("dispute-notice-closed")?),
        Notice::Promised => ("", w.say("promise-notice-taken")?),
        Notice::NoSuchDay => ("wait", w.say("promise-notice-not-then")?),
        Notice::TooManyPromises => ("wait", w.say("promise-notice-too-many")?),
    };
    Ok(NoticeView { class, text })
}

/// A particular of the document: when, what for, under which reference.
pub(crate) struct Fact {
    pub label: String,
    pub value: String,
    wide: bool,
}

pub(crate) fn facts(w: &Words, page: &InvoicePage) -> Result<Vec<Fact>, LocaleError> {
    let fact = |label: String, value: String| Fact {
        label,
        value,
        wide: false,
    };
    let mut facts = Vec::new();
    if let Some(about) = &page.about {
        facts.push(Fact {
            label: w.say("fact-about")?,
            value: about.clone(),
            wide: true,
        });
    }
    facts.push(fact(w.say("fact-issued")?, w.date(page.issued_on)?));
    facts.push(fact(w.say("fact-due")?, w.date(page.document_due_on)?));
    if let Some((first, last)) = page.supply_period {
        facts.push(Fact {
            label: w.say("fact-supply")?,
            value: w.period(first, last)?,
            wide: true,
        });
    }
    if let Some(order) = &page.purchase_order {
        facts.push(fact(w.say("fact-purchase-order")?, order.clone()));
    }
    if let Some(reference) = &page.buyer_reference {
        facts.push(fact(w.say("fact-buyer-reference")?, reference.clone()));
    }
    Ok(facts)
}

/// Supplier or customer.
pub(crate) struct PartyBlock<'a> {
    pub title: String,
    pub party: &'a Party,
    pub tax_ids: Vec<(String, &'a str)>,
    /// Address and what is shown of it.
    pub website: Option<(&'a str, &'a str)>,
}

impl<'a> PartyBlock<'a> {
    pub fn of(w: &Words, title: &str, party: &'a Party) -> Result<Self, LocaleError> {
        let mut tax_ids = Vec::new();
        for id in &party.tax_ids {
            let label = match &id.label {
                Some(label) => label.clone(),
                None => w.say("party-tax-id")?,
            };
            tax_ids.push((label, id.value.as_str()));
        }
        Ok(Self {
            title: w.say(title)?,
            party,
            tax_ids,
            // Anything but a plain web address could be a script.
            website: party.website.as_deref().and_then(|address| {
                let shown = address.strip_prefix("https://")?;
                Some((address, shown.trim_end_matches('/')))
            }),
        })
    }
}
