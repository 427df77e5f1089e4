//! A mail as it would read, about a document that there is not: to look at the agency's own words.

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};
use remit_billing::account::Account;
use remit_billing::client::Client;
use remit_billing::ids::InvoiceId;
use remit_billing::mail_text::{OwnWords, TextKind};
use remit_billing::money::Money;
use remit_billing::party::{Language, Period};
use remit_billing::report::Age;
use remit_billing::statement::{Movement, MovementKind, OpenItem, StatedMovement, Statement};
use remit_billing::subscription::BillAhead;
use rust_decimal::Decimal;

use crate::RenderError;
use crate::agency::Agency;
use crate::ahead::AheadMail;
use crate::invoice::{PaymentMethod, Totals};
use crate::locale::Words;
use crate::mail::frame::Panel;
use crate::mail::{
    self, InvoiceMail, MailLine, Own, ReceiptMail, ReminderMail, RenderedMail, Subject,
};
use crate::offered::OfferMail;
use crate::statement::StatementMail;
use crate::thanks::ThanksMail;

/// The place in its series that the sample's number has.
const SEQUENCE: u64 = 42;
/// The id of the invoice that there is not.
const NO_INVOICE: &str = "inv_00000000000000000000000000";
/// What the sample comes to, and what of it was paid.
const TOTAL: Decimal = Decimal::from_parts(1_200, 0, 0, false, 0);
const PAID: Decimal = Decimal::from_parts(800, 0, 0, false, 0);
/// Days that an offer is valid, and within which an invoice is due.
const DAYS: i32 = 14;

/// Who sends a sample, and to whom.
#[derive(Debug, Clone, Copy)]
pub struct Sample<'a> {
    /// The agency.
    pub account: &'a Account,
    /// The client whose mail it would be; somebody made up where there is none.
    pub client: Option<&'a Client>,
    /// In which language.
    pub language: Language,
    /// The agency's own words.
    pub own_words: &'a OwnWords,
    /// Where its button leads.
    pub page_url: &'a str,
    /// Now (UTC).
    pub now: Timestamp,
}

impl Sample<'_> {
    /// The mail of a kind.
    ///
    /// # Errors
    /// When a word is missing.
    pub fn mail(&self, kind: TextKind) -> Result<RenderedMail, RenderError> {
        match kind {
            TextKind::Receipt => mail::receipt(&self.receipt()?, self.language),
            TextKind::SubscriptionNotice => {
                let ahead = AheadMail {
                    agency: self.agency()?,
                    recipient: Some(self.recipient()?),
                    name: self.about()?,
                    bill: BillAhead {
                        number: 1,
                        on: self.days_on(3),
                        amount: Some(self.money(TOTAL)?),
                        is_charged: true,
                    },
                    own: self.own(kind)?,
                };
                ahead.render(self.language)
            }
            TextKind::Statement => self.statement(),
            TextKind::ProjectThanks => {
                let thanks = ThanksMail {
                    agency: self.agency()?,
                    recipient: Some(self.recipient()?),
                    project: self.about()?,
                    own: self.own(kind)?,
                };
                thanks.render(self.language)
            }
            TextKind::Estimate | TextKind::EstimateExpiring => {
                let w = self.words()?;
                let (subject, view) = self.offer(kind)?.view(w)?;
                view.render(w, &subject)
            }
            TextKind::Invoice => mail::invoice(&self.invoice()?, self.language),
            TextKind::ReminderUpcoming
            | TextKind::ReminderFriendly
            | TextKind::ReminderNeutral
            | TextKind::ReminderFirm
            | TextKind::ReminderFinal => self.reminder(kind),
        }
    }

    /// The same, marked as a test.
    ///
    /// # Errors
    /// As [`Sample::mail`].
    pub fn test_mail(&self, kind: TextKind) -> Result<RenderedMail, RenderError> {
        let mail = self.mail(kind)?;
        let subject = self
            .words()?
            .say1("sample-subject", "subject", mail.subject.as_str())?;
        Ok(RenderedMail {
            subject: Subject::new(&subject),
            ..mail
        })
    }

    fn words(&self) -> Result<&'static Words, RenderError> {
        Ok(Words::of(self.language)?)
    }

    fn today(&self) -> Date {
        self.account.today(self.now)
    }

    fn days_on(&self, days: i32) -> Date {
        self.today().saturating_add(days.days())
    }

    fn money(&self, amount: Decimal) -> Result<Money, RenderError> {
        let currency = self.client.map_or(self.account.currency, |of| of.currency);
        Ok(Money::rounded(amount, currency)?)
    }

    fn agency(&self) -> Result<Agency, RenderError> {
        Ok(Agency::of(self.account, self.client, self.language)?)
    }

    /// Who reads: the client's only contact, else somebody made up.
    fn recipient(&self) -> Result<String, RenderError> {
        let contacts = self.client.map_or(&[][..], |client| &client.contacts);
        let mut named = contacts.iter().filter(|contact| !contact.copy);
        let name = named.find_map(|contact| contact.name.as_ref());
        Ok(match name {
            Some(name) => name.to_string(),
            None => self.words()?.say("sample-contact")?,
        })
    }

    fn about(&self) -> Result<String, RenderError> {
        Ok(self.words()?.say("sample-about")?)
    }

    fn own(&self, kind: TextKind) -> Result<Own, RenderError> {
        let client = match self.client {
            Some(client) => client.name.to_string(),
            None => self.words()?.say("sample-client")?,
        };
        Ok(Own {
            wording: self.own_words.of(self.language, kind),
            client: Some(client),
        })
    }

    fn number(&self) -> String {
        let pattern = &self.account.invoice_numbers;
        pattern.format(SEQUENCE, self.today()).to_string()
    }

    fn invoice(&self) -> Result<InvoiceMail, RenderError> {
        let total = self.money(TOTAL)?;
        let zero = self.money(Decimal::ZERO)?;
        Ok(InvoiceMail {
            agency: self.agency()?,
            recipient: Some(self.recipient()?),
            number: self.number(),
            about: Some(self.about()?),
            purchase_order: None,
            due_on: self.days_on(DAYS),
            totals: Totals {
                subtotal: total,
                discount: None,
                charges: Vec::new(),
                net: total,
                taxes: Vec::new(),
                tax_in_books: None,
                total,
                withheld: Vec::new(),
                rounding: zero,
                payable: total,
                paid_earlier: zero,
                payments: Vec::new(),
                credited: zero,
                written_off: zero,
                balance_due: total,
            },
            instalments: Vec::new(),
            asked: total,
            prices_include_tax: false,
            lines: vec![MailLine {
                description: self.about()?,
                amount: total,
            }],
            message: None,
            own: self.own(TextKind::Invoice)?,
            page_url: self.page_url.to_owned(),
            can_pay_online: !self.account.payment_providers.is_empty(),
            instructions: Vec::new(),
        })
    }

    fn receipt(&self) -> Result<ReceiptMail, RenderError> {
        let (payable, paid) = (self.money(TOTAL)?, self.money(PAID)?);
        let left = payable.checked_sub(paid)?;
        Ok(ReceiptMail {
            agency: self.agency()?,
            recipient: Some(self.recipient()?),
            number: self.number(),
            about: Some(self.about()?),
            paid,
            kept: self.money(Decimal::ZERO)?,
            received_on: self.today(),
            method: PaymentMethod::Bank,
            reference: None,
            covers: Vec::new(),
            payable,
            balance_due: left,
            asked: left,
            void: false,
            due_on: self.days_on(DAYS),
            own: self.own(TextKind::Receipt)?,
            page_url: self.page_url.to_owned(),
        })
    }

    /// Of the month before: something was billed and paid in part, and the rest is not due yet.
    fn statement(&self) -> Result<RenderedMail, RenderError> {
        let today = self.today();
        let last = today.first_of_month().saturating_sub(1.day());
        let days = Period::new(last.first_of_month(), last).map_err(|_| RenderError::Incomplete)?;
        let (total, paid) = (self.money(TOTAL)?, self.money(PAID)?);
        let left = total.checked_sub(paid)?;
        let pattern = &self.account.invoice_numbers;
        let number = pattern.format(SEQUENCE, days.from());
        let invoice_id: InvoiceId = NO_INVOICE.parse().map_err(|_| RenderError::Incomplete)?;
        let moved = |on, kind, amount, balance| StatedMovement {
            movement: Movement {
                on,
                kind,
                invoice_id,
                number: number.clone(),
                amount,
            },
            balance,
        };
        let payment = MovementKind::Payment { rail: None };
        let zero = self.money(Decimal::ZERO)?;
        let statements = [Statement {
            currency: total.currency(),
            opening: zero,
            movements: vec![
                moved(days.from(), MovementKind::Invoice, total, total),
                moved(days.to(), payment, paid.negated(), left),
            ],
            closing: left,
            open: vec![OpenItem {
                invoice_id,
                number: number.clone(),
                issued_on: days.from(),
                due_on: self.days_on(DAYS),
                amount: left,
                age: Age::NotDue,
            }],
            by_age: [(Age::NotDue, left)].into(),
            disputed: zero,
            balance: zero,
        }];
        let mail = StatementMail {
            agency: self.agency()?,
            recipient: Some(self.recipient()?),
            days,
            statements: &statements,
            own: self.own(TextKind::Statement)?,
            page_url: Some(self.page_url),
        };
        mail.render(self.language)
    }

    fn reminder(&self, kind: TextKind) -> Result<RenderedMail, RenderError> {
        let (tone, days) = kind.reminds().ok_or(RenderError::Incomplete)?;
        let late = i32::from(days);
        let payable = self.money(TOTAL)?;
        let mail = ReminderMail {
            agency: self.agency()?,
            recipient: Some(self.recipient()?),
            number: self.number(),
            about: Some(self.about()?),
            issued_on: self.days_on(-late - DAYS),
            due_on: self.days_on(-late),
            today: self.today(),
            tone: Some(tone),
            promised_on: None,
            own: self.own(kind)?,
            payable,
            balance_due: payable,
            page_url: self.page_url.to_owned(),
            can_pay_online: !self.account.payment_providers.is_empty(),
            instructions: Vec::new(),
        };
        mail::reminder(&mail, self.language)
    }

    fn offer(&self, kind: TextKind) -> Result<OfferMail<'_>, RenderError> {
        let w = self.words()?;
        let number = &self.account.estimate_numbers;
        let number = number.format(SEQUENCE, self.today()).to_string();
        let (title, heading) = (self.about()?, w.say("offer-number")?);
        let mut panel = Panel::default();
        panel.add(heading.clone(), &number);
        panel.add(w.say("mail-about")?, &title);
        Ok(OfferMail {
            agency: self.agency()?,
            recipient: Some(self.recipient()?),
            kind: heading,
            document: w.say("offer-word")?,
            number,
            title,
            amends: None,
            panel,
            label: w.say("total")?,
            total: w.money(&self.money(TOTAL)?),
            valid_until: self.days_on(DAYS),
            expiring: kind == TextKind::EstimateExpiring,
            own: self.own(kind)?,
            page_url: self.page_url,
        })
    }
}
