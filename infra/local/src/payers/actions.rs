//! What a payer, a bank or the agency does at a provider, and the news of it.

use jiff::SignedDuration;
use remit_billing::money::Money;
use remit_payments::ProviderKind;
use serde_json::Value;

use super::{Back, LATE, News, Page, State, toss};
use crate::cloud::Cloud;
use crate::shelf::ShelfError;

/// What can be done on a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// The payer agrees.
    Agree,
    /// The payer agrees, and the notification of it is late.
    AgreeLate,
    /// The payer's means are refused.
    Fail,
    /// Money that is on its way arrives.
    Arrive,
    /// It does not.
    Bounce,
    /// The agency gives half of what is left back, at the provider.
    RefundHalf,
    /// The agency gives all that is left back, at the provider.
    Refund,
    /// The payer contests the payment.
    Dispute,
    /// The agency wins.
    Win,
    /// The agency loses.
    Lose,
    /// The bank takes the money back.
    TakeBack,
    /// The money comes once more.
    ComeAgain,
    /// The provider sends the money to the agency's bank, less what it keeps.
    PayOut,
}

impl Act {
    /// The last part of the address of its button.
    pub fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "agree" => Self::Agree,
            "agree-late" => Self::AgreeLate,
            "fail" => Self::Fail,
            "arrive" => Self::Arrive,
            "bounce" => Self::Bounce,
            "refund-half" => Self::RefundHalf,
            "refund" => Self::Refund,
            "dispute" => Self::Dispute,
            "win" => Self::Win,
            "lose" => Self::Lose,
            "take-back" => Self::TakeBack,
            "come-again" => Self::ComeAgain,
            "pay-out" => Self::PayOut,
            _ => return None,
        })
    }

    /// Whether the payer then leaves the page.
    pub fn ends_the_visit(self) -> bool {
        matches!(self, Self::Agree | Self::AgreeLate)
    }
}

impl Cloud {
    /// Does it, if the page's state allows, and has its news sent; what the page then is.
    ///
    /// # Errors
    /// The shelf's.
    pub async fn act_at_payer(&self, page: &Page, act: Act) -> Result<Option<Page>, ShelfError> {
        let Some(kind) = page.kind() else {
            return Ok(None);
        };
        let changed = match act {
            Act::Agree | Act::AgreeLate => self.agree(kind, page)?,
            Act::Fail => self
                .payers
                .change(&page.id, &[State::Open, State::Agreed], |page| {
                    if kind == ProviderKind::Toss {
                        page.state = State::Failed;
                    }
                })?,
            Act::Arrive => self.money(page, State::Moving, State::Paid)?,
            Act::Bounce => self.money(page, State::Moving, State::Failed)?,
            Act::TakeBack => self.money(page, State::Paid, State::Gone)?,
            Act::ComeAgain => self.money(page, State::Gone, State::Paid)?,
            Act::PayOut => self.pay_out(kind, page)?,
            Act::RefundHalf | Act::Refund => {
                let left = page.left();
                let amount = match act {
                    Act::Refund => Some(left),
                    _ => half(left),
                };
                let given = amount.map(|amount| self.give_back(page, amount, &Value::Null));
                // Its news is sent with it.
                return Ok(given.transpose()?.flatten().map(|(page, _)| page));
            }
            Act::Dispute => self.dispute_page(page, None, "open")?,
            Act::Win => self.dispute_page(page, Some("open"), "won")?,
            Act::Lose => self.dispute_page(page, Some("open"), "lost")?,
        };
        if let Some(page) = &changed {
            let news = self.news(kind, page, act);
            match act {
                Act::AgreeLate => self.tell(page, news, LATE)?,
                _ => self.tell_now(page, news).await?,
            }
        }
        Ok(changed)
    }

    fn agree(&self, kind: ProviderKind, page: &Page) -> Result<Option<Page>, ShelfError> {
        let is_instant =
            kind == ProviderKind::GoCardless && !page.asked["payment_request"].is_null();
        let payment = format!("PM{}", self.short_id(12));
        let now = self.now();
        self.payers.change(&page.id, &[State::Open], |page| {
            page.state = State::Agreed;
            if is_instant {
                page.state = State::Paid;
                page.payment = Some(payment);
                page.paid_at = Some(now);
            }
        })
    }

    fn money(&self, page: &Page, from: State, to: State) -> Result<Option<Page>, ShelfError> {
        let now = self.now();
        self.payers.change(&page.id, &[from], |page| {
            page.state = to;
            match to {
                State::Paid => page.paid_at = Some(now),
                // Toss says of a deposit that was taken back that it never came.
                State::Gone if toss::is_virtual(page) => page.paid_at = None,
                _ => {}
            }
        })
    }

    fn pay_out(&self, kind: ProviderKind, page: &Page) -> Result<Option<Page>, ShelfError> {
        if kind != ProviderKind::GoCardless || page.payout.is_some() {
            return Ok(None);
        }
        let id = format!("PO{}", self.short_id(12));
        self.payers
            .change(&page.id, &[State::Paid], |page| page.payout = Some(id))
    }

    fn dispute_page(
        &self,
        page: &Page,
        from: Option<&str>,
        to: &str,
    ) -> Result<Option<Page>, ShelfError> {
        let id = format!("PP-D-{}", self.short_id(8));
        let mut is_new = false;
        let changed = self.payers.change(&page.id, &[State::Paid], |page| {
            let before = page.dispute.clone();
            if before.as_ref().map(|(_, status)| status.as_str()) == from {
                let id = before.map_or(id, |(id, _)| id);
                page.dispute = Some((id, to.to_owned()));
                is_new = true;
            }
        })?;
        Ok(changed.filter(|_| is_new))
    }

    /// Gives money back, and has that told; what the page then is, and what went back.
    pub(super) fn give_back(
        &self,
        page: &Page,
        amount: Money,
        asked: &Value,
    ) -> Result<Option<(Page, Back)>, ShelfError> {
        let back = Back {
            id: format!("RF{}", self.short_id(14)),
            amount,
            asked: asked.clone(),
            at: self.now(),
        };
        let mut is_new = false;
        let changed = self.payers.change(&page.id, &[State::Paid], |page| {
            let left = page.left().checked_sub(amount);
            if amount.is_positive() && left.is_ok_and(|left| !left.is_negative()) {
                page.backs.push(back.clone());
                is_new = true;
            }
        })?;
        let Some(page) = changed.filter(|_| is_new) else {
            return Ok(None);
        };
        let news = match page.kind() {
            Some(ProviderKind::PayPal) => {
                vec![self.paypal_news("PAYMENT.CAPTURE.REFUNDED", &page, Some(&back))]
            }
            Some(ProviderKind::GoCardless) => ["created", "paid"]
                .map(|action| self.gocardless_news("refunds", action, &page, Some(&back)))
                .into(),
            Some(ProviderKind::Toss) => vec![self.toss_news(&page)],
            Some(ProviderKind::Stripe) | None => Vec::new(),
        };
        self.tell(&page, news, SignedDuration::ZERO)?;
        Ok(Some((page, back)))
    }

    fn news(&self, kind: ProviderKind, page: &Page, act: Act) -> Vec<News> {
        match kind {
            ProviderKind::PayPal => {
                let event_type = match act {
                    Act::Agree | Act::AgreeLate => "CHECKOUT.ORDER.APPROVED",
                    Act::Dispute => "CUSTOMER.DISPUTE.CREATED",
                    Act::Win | Act::Lose => "CUSTOMER.DISPUTE.RESOLVED",
                    Act::TakeBack => "PAYMENT.CAPTURE.REVERSED",
                    Act::ComeAgain => "PAYMENT.CAPTURE.COMPLETED",
                    // Of a refused card PayPal says nothing: the payer takes another.
                    _ => return Vec::new(),
                };
                vec![self.paypal_news(event_type, page, None)]
            }
            ProviderKind::GoCardless => {
                let told: &[(&str, &str)] = match act {
                    Act::Agree | Act::AgreeLate if page.payment.is_some() => &[
                        ("billing_requests", "fulfilled"),
                        ("payments", "created"),
                        ("payments", "confirmed"),
                    ],
                    Act::Agree | Act::AgreeLate => &[("billing_requests", "fulfilled")],
                    Act::Arrive => &[("payments", "confirmed")],
                    Act::Bounce => &[("payments", "failed")],
                    Act::TakeBack => &[("payments", "charged_back")],
                    Act::ComeAgain => &[("payments", "chargeback_cancelled")],
                    Act::PayOut => &[("payments", "paid_out"), ("payouts", "paid")],
                    _ => &[],
                };
                let told = told.iter();
                told.map(|(resource, action)| self.gocardless_news(resource, action, page, None))
                    .collect()
            }
            ProviderKind::Toss => vec![self.toss_news(page)],
            ProviderKind::Stripe => Vec::new(),
        }
    }
}

fn half(amount: Money) -> Option<Money> {
    let units = amount.minor_units().ok()?;
    Money::from_minor_units(units / 2, amount.currency()).ok()
}
