//! From what is stored to what is shown: an issued invoice and its standing as page, list and mail.
//!
//! The document's own facts (number, lines, totals, the parties as they were) come from the issued
//! invoice, which never changes; what is left, and in whose zone a day ends, from its standing;
//! the agency's name and the ways to pay from its account as it is now.

mod credit;
mod hand_over;
mod list;
mod mails;
pub(crate) mod parties;
mod timesheet;
mod ways;

use jiff::Timestamp;
use jiff::civil::Date;
use remit_billing::account::Account;
use remit_billing::follow_up::PromisedBy;
use remit_billing::invoice::{IssuedInvoice, Supply};
use remit_billing::ledger::{BookRate, Rail};
use remit_billing::line;
use remit_billing::line_dispute::{self, LineDisputeState};
use remit_billing::money::{Money, MoneyError};
use remit_billing::party::Language;
use remit_billing::section::Section;
use remit_billing::standing::{self, Status};
use remit_billing::tax::TaxKind;
use remit_billing::thread::Thread;
use remit_billing::totals::TaxTotal;

use crate::RenderError;
use crate::agency::Agency;
use crate::invoice::{
    Charge, Discount, Line, Payment, PaymentMethod, Relief, Standing, Tax, TaxInBooks, Totals,
    Withholding,
};
use crate::late_fees::rule_in_words;
use crate::locale::{LocaleError, Words};
use crate::page::{
    self, AgreedRow, CreditRow, DisputeForm, DisputeRow, InstalmentRow, InvoicePage, Notice,
    PageSection, PayAction, PromiseForm, RenderedPage,
};
use crate::question::{QuestionForm, Questions};
use crate::sums;

pub use list::{ChosenInvoices, ClientInvoices, ListedStanding};
pub(crate) use list::{open_sums, payable_together};
pub use mails::MailOptions;

/// An issued invoice with all that a page or mail about it needs.
#[derive(Debug, Clone, Copy)]
pub struct Issued<'a> {
    /// The agency as it is now.
    pub account: &'a Account,
    /// The document.
    pub invoice: &'a IssuedInvoice,
    /// Where it stands.
    pub standing: &'a standing::Standing,
    /// Now (UTC).
    pub now: Timestamp,
}

/// What only the portal knows about the page that it makes.
#[derive(Debug, Clone, Default)]
pub struct PageOptions {
    /// The pay button's form, where the account takes online payments. It is left out by itself
    /// while nothing can be paid.
    pub pay: Option<PayAction>,
    /// Where the work behind its lines is shown. It is left out by itself where there is none.
    pub timesheet_path: Option<String>,
    /// Where the document is as a file.
    pub pdf_path: Option<String>,
    /// Where the client's other invoices are.
    pub invoices_path: Option<String>,
    /// Before the id of each credit note: its page.
    pub credit_notes_path: String,
    /// What has just happened. About paying, it is left out by itself once the invoice is settled.
    pub notice: Option<Notice>,
    /// What was asked so far.
    pub thread: Option<Thread>,
    /// The form to ask more.
    pub question: Option<QuestionForm>,
    /// The form to dispute a line. It is left out by itself while nothing can be disputed.
    pub dispute: Option<QuestionForm>,
    /// The form to promise a day. It is left out by itself while none is taken.
    pub promise: Option<QuestionForm>,
}

impl Issued<'_> {
    /// The language of what is shown: the client's.
    pub fn language(&self) -> Language {
        self.standing.language
    }

    /// Whether the client can pay now: something is left, and nothing is on its way.
    ///
    /// # Errors
    /// When the amounts of the standing do not fit together.
    pub fn is_payable(&self) -> Result<bool, MoneyError> {
        Ok(matches!(self.standing.status, Status::Open)
            && self.standing.processing.is_empty()
            && self.standing.balance_due()?.is_positive())
    }

    /// The client's page.
    ///
    /// # Errors
    /// When a word is missing, an origin is none, or amounts do not fit together.
    pub fn page(&self, options: PageOptions) -> Result<RenderedPage, RenderError> {
        page::invoice(&self.invoice_page(options)?, self.language())
    }

    /// The client's page as plain data.
    ///
    /// # Errors
    /// As [`Issued::page`].
    pub fn invoice_page(&self, options: PageOptions) -> Result<InvoicePage, RenderError> {
        let w = Words::of(self.language())?;
        let invoice = self.invoice;
        let content = &invoice.content;
        let domestic = parties::same_country(&invoice.seller, &invoice.buyer);
        // Who comes back from a checkout may be faster than its webhook: the page then neither
        // asks for the money again, nor says that it is awaited once it is here.
        let notice = options.notice.filter(|notice| {
            !notice.is_about_paying() || matches!(self.standing.status, Status::Open)
        });
        let awaited = notice == Some(Notice::PaymentConfirming);
        let payable = self.is_payable()? && !awaited;
        Ok(InvoicePage {
            agency: self.agency(w, domestic)?,
            customer: parties::party(w, &invoice.buyer, domestic)?,
            number: invoice.number.to_string(),
            issued_on: invoice.issue_on,
            document_due_on: invoice.due_on,
            due_on: self.standing.due_on,
            today: self.today(),
            standing: if awaited {
                Standing::Processing
            } else {
                shown(self.standing)
            },
            about: self.about(w)?,
            purchase_order: text(content.purchase_order.as_ref()),
            buyer_reference: text(content.buyer_reference.as_ref()),
            supply_period: content.supply.as_ref().map(|supply| match supply {
                Supply::On(day) => (*day, *day),
                Supply::Period(period) => (period.from(), period.to()),
            }),
            sections: self.sections(w)?,
            prices_include_tax: invoice.totals.inclusive,
            agreed: self.agreed()?,
            totals: self.totals()?,
            instalments: self.instalments()?,
            credits: self.credits(&options.credit_notes_path),
            disputes: self.disputes(w)?,
            disputable: self.disputable(w, options.dispute)?,
            asked: self.standing.asked(self.now)?,
            pay: options.pay.filter(|_| payable),
            instructions: if payable {
                self.instructions(w, self.standing.asked(self.now)?)?
            } else {
                Vec::new()
            },
            notes: text(content.notes.as_ref()),
            terms: self.terms(w)?,
            questions: Questions::of(
                w,
                options.thread.as_ref(),
                options.question,
                self.account.name.as_str(),
                &self.standing.time_zone,
                |place| self.line_text(place),
            )?,
            timesheet_path: options.timesheet_path.filter(|_| invoice.work_entries > 0),
            pdf_path: options.pdf_path,
            invoices_path: options.invoices_path,
            promised_on: self.promised_on(),
            promise: self.promisable(options.promise)?,
            notice,
        })
    }

    /// What it is for, where that is not its lines alone.
    pub(super) fn about(&self, w: &Words) -> Result<Option<String>, LocaleError> {
        let deposit = self.invoice.content.deposit_of;
        deposit.map(|_| w.say("deposit-about")).transpose()
    }

    /// Its lines, by project where it bills several.
    fn sections(&self, w: &Words) -> Result<Vec<PageSection>, RenderError> {
        let invoice = self.invoice;
        let lines = lines(w, invoice)?;
        if invoice.sections.is_empty() {
            return Ok(vec![PageSection::plain(lines)]);
        }
        let sections = invoice.sections.iter().map(|section| {
            let of_section = lines
                .iter()
                .enumerate()
                .filter(|(place, _)| invoice.content.project_of(*place) == section.project_id);
            Ok(PageSection {
                title: Some(section_title(w, section)?),
                subtotal: Some(section.subtotal),
                lines: of_section.map(|(_, line)| line.clone()).collect(),
            })
        });
        sections.collect()
    }

    /// The parts by which it is paid.
    fn instalments(&self) -> Result<Vec<InstalmentRow>, MoneyError> {
        let Some(plan) = &self.standing.instalments else {
            return Ok(Vec::new());
        };
        let parts = plan.parts(self.standing.settled()?)?.into_iter();
        parts
            .map(|of| {
                Ok(InstalmentRow {
                    due_on: of.part.due_on,
                    amount: of.part.amount,
                    left: of.part.amount.checked_sub(of.settled)?,
                })
            })
            .collect()
    }

    /// What a line is.
    pub(super) fn line_text(&self, place: u32) -> Option<String> {
        let place = usize::try_from(place).ok()?;
        text(
            self.invoice
                .content
                .lines
                .get(place)
                .map(|line| &line.description),
        )
    }

    /// The lines that are disputed, or were.
    fn disputes(&self, w: &Words) -> Result<Vec<DisputeRow>, LocaleError> {
        let disputes = self.standing.disputes.iter();
        disputes
            .map(|dispute| {
                Ok(DisputeRow {
                    description: self.line_text(dispute.place).unwrap_or_default(),
                    amount: dispute.amount,
                    state: w.say(match dispute.state {
                        LineDisputeState::Open => "dispute-open",
                        LineDisputeState::Upheld { .. } => "dispute-upheld",
                        LineDisputeState::Credited { .. } => "dispute-credited",
                    })?,
                    is_open: dispute.is_open(),
                })
            })
            .collect()
    }

    /// The form to dispute a line, and the lines that can be.
    fn disputable(
        &self,
        w: &Words,
        form: Option<QuestionForm>,
    ) -> Result<Option<DisputeForm>, RenderError> {
        let Some(form) = form else {
            return Ok(None);
        };
        let mut lines = Vec::new();
        for place in 0..u32::try_from(self.invoice.content.lines.len()).unwrap_or(0) {
            // Who asks is the rule itself.
            let standing = self.standing.clone();
            if standing.with_dispute(self.invoice, place, self.now).is_ok()
                && let Some(worth) = line_dispute::worth(self.invoice, place)?
            {
                let text = self.line_text(place).unwrap_or_default();
                let values = [
                    ("line", text.as_str().into()),
                    ("amount", w.money(&worth).into()),
                ];
                lines.push((place, w.say_with("dispute-option", &values)?));
            }
        }
        Ok((!lines.is_empty()).then_some(DisputeForm { form, lines }))
    }

    /// The day that the client promised, while that is not over.
    fn promised_on(&self) -> Option<Date> {
        let promise = self.standing.follow_ups.promise();
        let promise = promise.filter(|promise| promise.holds_on(self.today()));
        let open = matches!(self.standing.status, Status::Open);
        promise.filter(|_| open).map(|promise| promise.on)
    }

    /// The form to promise a day, and between which days.
    fn promisable(&self, form: Option<QuestionForm>) -> Result<Option<PromiseForm>, RenderError> {
        let by = PromisedBy::Client;
        let asked = self.standing.asked(self.now)?.is_positive() && self.is_payable()?;
        let (first, last) = self.standing.days_to_promise(by, self.now);
        let form = form.filter(|_| asked && self.standing.may_promise(by));
        Ok(form.map(|form| PromiseForm { form, first, last }))
    }

    /// Its credit notes, and where each opens.
    fn credits(&self, path: &str) -> Vec<CreditRow> {
        let credits = self.standing.credits.iter();
        credits
            .map(|note| CreditRow {
                number: note.number.to_string(),
                issued_on: note.on,
                amount: note.amount,
                path: format!("{path}/{}", note.id),
            })
            .collect()
    }

    /// What it bills of what was accepted, line by line.
    fn agreed(&self) -> Result<Vec<AgreedRow>, MoneyError> {
        let lines = &self.invoice.content.lines;
        let rows = self.invoice.scope.iter().map(|of| {
            let id = Some(of.scope_line_id);
            let line = lines.iter().find(|line| line.scope_line_id == id);
            Ok(AgreedRow {
                description: text(line.map(|line| &line.description)).unwrap_or_default(),
                agreed: of.agreed,
                before: of.billed_before,
                this: of.this,
                left: of.left()?,
            })
        });
        rows.collect()
    }

    /// Who sends: for pages that show nothing else of the invoice.
    ///
    /// # Errors
    /// When a word is missing.
    pub fn sender(&self) -> Result<Agency, RenderError> {
        let domestic = parties::same_country(&self.invoice.seller, &self.invoice.buyer);
        Ok(self.agency(Words::of(self.language())?, domestic)?)
    }

    /// Today where the client is.
    fn today(&self) -> Date {
        self.standing.time_zone.date_of(self.now)
    }

    fn agency(&self, w: &Words, domestic: bool) -> Result<Agency, LocaleError> {
        let mut party = parties::party(w, &self.invoice.seller, domestic)?;
        party.email = Some(self.account.email.to_string());
        Ok(Agency::known_by(self.account, party))
    }

    fn terms(&self, w: &Words) -> Result<Option<String>, RenderError> {
        let terms = agreed_terms(w, self.invoice)?;
        Ok((!terms.is_empty()).then(|| terms.join("\n")))
    }

    fn totals(&self) -> Result<Totals, RenderError> {
        let content = &self.invoice.content;
        let totals = &self.invoice.totals;
        let standing = self.standing;
        let listed = Money::sum(
            content.currency,
            standing.payments.iter().map(|payment| payment.amount),
        )?;
        let charges = content.charges.iter();
        let charges = charges.map(|charge| charge.description.to_string());
        Ok(Totals {
            paid_earlier: standing.paid.checked_sub(listed)?,
            payments: standing
                .payments
                .iter()
                .map(|payment| Payment {
                    received_on: payment.on,
                    amount: payment.amount,
                    method: method(payment.rail),
                })
                .collect(),
            credited: standing.credited,
            written_off: standing.written_off,
            balance_due: standing.balance_due()?,
            tax_in_books: in_books(self.invoice.rate.as_ref(), self.invoice.tax_in_books()?),
            ..unpaid(totals, content.discount, charges)
        })
    }
}

/// The project and its team.
/// What was agreed beside the due date, which stands by itself.
pub(crate) fn agreed_terms(w: &Words, invoice: &IssuedInvoice) -> Result<Vec<String>, RenderError> {
    let content = &invoice.content;
    let mut terms = Vec::new();
    if let Some(early) = content.terms.early_payment
        && let Ok(until) = early.until(invoice.issue_on)
    {
        terms.push(w.say_with(
            "terms-early",
            &[
                ("percent", w.percent(early.percent().decimal()).into()),
                ("date", w.date(until)?.into()),
            ],
        )?);
    }
    terms.extend(text(content.late_fee.as_ref()));
    if let Some(rule) = &content.late_fee_rule {
        terms.push(rule_in_words(w, rule, content.currency)?);
    }
    Ok(terms)
}

fn section_title(w: &Words, section: &Section) -> Result<String, LocaleError> {
    Ok(match (&section.name, &section.team) {
        (Some(name), Some(team)) => format!("{name} · {team}"),
        (Some(name), None) => name.to_string(),
        (None, _) => w.say("section-other")?,
    })
}

/// What is said of the tax in the books' currency; nothing where there is none.
pub(crate) fn in_books(rate: Option<&BookRate>, tax: Option<Money>) -> Option<TaxInBooks> {
    let amount = tax.filter(|tax| !tax.is_zero())?;
    let rate = rate?.clone();
    Some(TaxInBooks { amount, rate })
}

/// The totals of a document of which nothing is paid.
pub(crate) fn unpaid(
    totals: &remit_billing::totals::Totals,
    discount: Option<line::Discount>,
    charges: impl Iterator<Item = String>,
) -> Totals {
    let zero = Money::zero(totals.total.currency());
    Totals {
        subtotal: totals.subtotal,
        discount: discount.map(|agreed| Discount {
            percent: percent(agreed),
            amount: totals.discount,
        }),
        charges: charges
            .zip(&totals.charge_nets)
            .map(|(description, net)| Charge {
                description,
                amount: *net,
            })
            .collect(),
        net: totals.net,
        taxes: totals
            .taxes
            .iter()
            .filter(|tax| !tax.kind.is_withholding())
            .map(tax)
            .collect(),
        tax_in_books: None,
        total: totals.total,
        withheld: totals
            .taxes
            .iter()
            .filter(|tax| tax.kind.is_withholding())
            .map(|tax| Withholding {
                name: tax.name.to_string(),
                rate: tax.rate.decimal(),
                amount: tax.amount,
            })
            .collect(),
        rounding: totals.rounding,
        payable: totals.payable,
        paid_earlier: zero,
        payments: Vec::new(),
        credited: zero,
        written_off: zero,
        balance_due: totals.payable,
    }
}

fn text(value: Option<impl ToString>) -> Option<String> {
    value.map(|text| text.to_string())
}

/// The standing in the client's days.
pub(crate) fn shown(standing: &standing::Standing) -> Standing {
    let zone = &standing.time_zone;
    match &standing.status {
        Status::Open if !standing.processing.is_empty() => Standing::Processing,
        Status::Open => Standing::Open,
        Status::Paid { paid_at } => Standing::Paid {
            on: zone.date_of(*paid_at),
        },
        Status::Uncollectible { .. } => Standing::Uncollectible,
        Status::Void { voided_at, .. } => Standing::Void {
            on: zone.date_of(*voided_at),
        },
    }
}

fn lines(w: &Words, invoice: &IssuedInvoice) -> Result<Vec<Line>, LocaleError> {
    let described = |line: &line::Line| match line.deposit_id {
        Some(_) => w.say1("deposit-less", "what", line.description.to_string()),
        None => Ok(line.description.to_string()),
    };
    let lines = &invoice.content.lines;
    let taxes = |line: &line::Line| line_taxes(w, line);
    let differ = lines.windows(2).any(|two| two[0].taxes != two[1].taxes);
    lines
        .iter()
        .zip(&invoice.totals.lines)
        .map(|(line, totals)| {
            Ok(Line {
                taxes: differ.then(|| taxes(line)).transpose()?,
                description: described(line)?,
                quantity: line.quantity.decimal(),
                unit: text(line.unit.as_ref()),
                unit_price: line.unit_price.decimal(),
                discount: line.discount.map(|agreed| Discount {
                    percent: percent(agreed),
                    amount: totals.discount,
                }),
                period: line.period.map(|period| (period.from(), period.to())),
                amount: totals.total,
            })
        })
        .collect()
}

/// The taxes that are charged on a line.
fn line_taxes(w: &Words, line: &line::Line) -> Result<String, LocaleError> {
    let charged = line.taxes.iter().filter(|tax| !tax.kind.is_withholding());
    let charged = charged.map(|tax| {
        let name = tax.name.as_str();
        sums::tax_label(w, name, tax.rate.decimal(), relief(tax.kind))
    });
    let charged: Vec<String> = charged.collect::<Result<_, _>>()?;
    match charged.is_empty() {
        true => w.say("line-untaxed"),
        false => Ok(charged.join(" · ")),
    }
}

pub(crate) fn percent(discount: line::Discount) -> Option<rust_decimal::Decimal> {
    match discount {
        line::Discount::Percent(percent) => Some(percent.decimal()),
        line::Discount::Amount(_) => None,
    }
}

fn tax(group: &TaxTotal) -> Tax {
    Tax {
        name: group.name.to_string(),
        rate: group.rate.decimal(),
        base: group.base,
        amount: group.amount,
        relief: relief(group.kind),
        reason: group.reason.clone(),
    }
}

fn relief(kind: TaxKind) -> Option<Relief> {
    match kind {
        TaxKind::Standard | TaxKind::Withholding => None,
        TaxKind::Zero => Some(Relief::Zero),
        TaxKind::Exempt => Some(Relief::Exempt),
        TaxKind::ReverseCharge => Some(Relief::ReverseCharge),
        TaxKind::Export => Some(Relief::Export),
        TaxKind::IntraCommunity => Some(Relief::IntraCommunity),
        TaxKind::OutOfScope => Some(Relief::OutOfScope),
    }
}

pub(crate) fn method(rail: Rail) -> PaymentMethod {
    match rail {
        Rail::Stripe => PaymentMethod::Online,
        Rail::PayPal => PaymentMethod::PayPal,
        Rail::GoCardless => PaymentMethod::Debit,
        Rail::Toss => PaymentMethod::Toss,
        Rail::BankTransfer => PaymentMethod::Bank,
        Rail::Cash => PaymentMethod::Cash,
        Rail::Other => PaymentMethod::Other,
    }
}
