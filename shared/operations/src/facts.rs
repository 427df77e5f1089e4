//! The events of the use cases: see infra/events for their shapes.

use std::collections::BTreeSet;

use jiff::Timestamp;
use remit_billing::actor::ActorId;
use remit_billing::banking::{BankStatement, ImportState};
use remit_billing::billing_cycle::BillingCycle;
use remit_billing::credit_note::CreditNote;
use remit_billing::delivery::{About, Covered, Delivery, DeliveryState, OfferTo, Topic};
use remit_billing::e_invoice::transmission::{
    EInvoiceTransmission, NetworkName, Route, Transmitted,
};
use remit_billing::erasure::Erasure;
use remit_billing::estimate::{Acceptance, Estimate, OfferState, SentEstimate};
use remit_billing::event::{Event, EventKind};
use remit_billing::export::{Export, ExportOf, ExportState};
use remit_billing::follow_up::PromisedBy;
use remit_billing::ids::{AccountId, ClientId};
use remit_billing::invoice::IssuedInvoice;
use remit_billing::late_fee::{FeeCharge, Waiver};
use remit_billing::money::{Money, MoneyError};
use remit_billing::payment::{AskedRefund, Dispute, Payment};
use remit_billing::saved_method::{MethodState, RemovedBy, SavedMethod};
use remit_billing::standing::{Standing, Status, WriteOff};
use remit_billing::subscription::{BilledPeriod, Subscription, SubscriptionStatus};
use remit_billing::thread::Thread;
use remit_billing::work_entry::WorkEntry;
use remit_runtime::problem::Problem;
use remit_store::Commit;
use serde_json::{Value, json};

use crate::ports::Ports;

/// Makes the events of one use case of one account.
#[derive(Clone, Copy)]
pub struct Facts<'a> {
    ports: &'a Ports,
    account_id: AccountId,
    now: Timestamp,
}

impl<'a> Facts<'a> {
    /// Facts that become true now.
    pub fn new(ports: &'a Ports, account_id: AccountId, now: Timestamp) -> Self {
        Self {
            ports,
            account_id,
            now,
        }
    }

    fn state(&self, kind: EventKind, data: Value) -> Result<Event, Problem> {
        Ok(Event {
            id: self.ports.id(self.now)?,
            kind,
            account_id: self.account_id,
            occurred_at: self.now,
            version: 1,
            data,
        })
    }

    /// `question.asked` or `question.answered`, by who wrote last.
    ///
    /// # Errors
    /// 500.
    pub fn question(&self, thread: &Thread) -> Result<Event, Problem> {
        let data = json!({
            "document_id": thread.document,
            "number": thread.number,
            "client_id": thread.client_id,
            "message": thread.last(),
        });
        let kind = match thread.waits() {
            true => EventKind::QuestionAsked,
            false => EventKind::QuestionAnswered,
        };
        self.state(kind, data)
    }

    /// `work.submitted`, `work.approved` or `work.rejected`: one fact for all entries that somebody
    /// handed over, or decided on, at once.
    ///
    /// # Errors
    /// 500.
    pub fn work_reviewed(
        &self,
        kind: EventKind,
        by: ActorId,
        entries: &[WorkEntry],
    ) -> Result<Event, Problem> {
        let projects: BTreeSet<_> = entries.iter().map(|entry| entry.project_id).collect();
        let members: BTreeSet<_> = entries.iter().map(|entry| entry.member_id).collect();
        let ids = entries.iter().map(|entry| entry.id);
        let data = json!({
            "by": by,
            "work_ids": ids.collect::<Vec<_>>(),
            "project_ids": projects,
            "member_ids": members,
        });
        self.state(kind, data)
    }

    /// `invoice.issued`.
    ///
    /// # Errors
    /// 500 where no id can be made; the same for every fact here.
    pub fn invoice_issued(&self, invoice: &IssuedInvoice) -> Result<Event, Problem> {
        let data = json!({
            "invoice_id": invoice.id,
            "number": invoice.number,
            "client_id": invoice.content.client_id,
            "currency": invoice.content.currency,
            "total": invoice.totals.total.amount_text(),
            "payable": invoice.totals.payable.amount_text(),
            "issue_date": invoice.issue_on,
            "due_date": invoice.due_on,
        });
        self.state(EventKind::InvoiceIssued, data)
    }

    fn of_subscription(
        &self,
        kind: EventKind,
        subscription: &Subscription,
        more: &[(&str, Value)],
    ) -> Result<Event, Problem> {
        let mut data = json!({
            "subscription_id": subscription.id,
            "name": subscription.terms.name,
            "client_id": subscription.client_id(),
            "status": subscription.status.as_str(),
            "next_bill_at": subscription.next.map(|next| next.at),
        });
        for (name, value) in more {
            data[*name] = value.clone();
        }
        self.state(kind, data)
    }

    /// Where a subscription stands now, and did not before: `subscription.activated`, `.paused`,
    /// `.resumed` or `.ended`.
    ///
    /// # Errors
    /// 500.
    pub fn subscription_changed(
        &self,
        before: &Subscription,
        after: &Subscription,
    ) -> Result<Vec<Event>, Problem> {
        let kind = match (&before.status, &after.status) {
            (SubscriptionStatus::Draft, SubscriptionStatus::Active { .. }) => {
                EventKind::SubscriptionActivated
            }
            (SubscriptionStatus::Paused { .. }, SubscriptionStatus::Active { .. }) => {
                EventKind::SubscriptionResumed
            }
            (SubscriptionStatus::Active { .. }, SubscriptionStatus::Paused { .. }) => {
                EventKind::SubscriptionPaused
            }
            (SubscriptionStatus::Ended { .. }, _) => return Ok(Vec::new()),
            (_, SubscriptionStatus::Ended { .. }) => EventKind::SubscriptionEnded,
            _ => return Ok(Vec::new()),
        };
        Ok(vec![self.of_subscription(kind, after, &[])?])
    }

    /// `subscription.billed`, of the period's own item.
    ///
    /// # Errors
    /// 500.
    pub fn subscription_billed(
        &self,
        after: &Subscription,
        period: &BilledPeriod,
        status: &str,
    ) -> Result<Event, Problem> {
        let more = [
            ("number", json!(period.number)),
            ("period", json!(period.days)),
            ("invoice_id", json!(period.invoice_id)),
            ("invoice_status", json!(status)),
        ];
        self.of_subscription(EventKind::SubscriptionBilled, after, &more)
    }

    /// `subscription.billing_failed`.
    ///
    /// # Errors
    /// 500.
    pub fn subscription_billing_failed(&self, after: &Subscription) -> Result<Event, Problem> {
        let trouble = after.trouble.as_ref();
        let more = [
            ("number", json!(after.next.map(|next| next.number))),
            ("code", json!(trouble.map(|trouble| &trouble.code))),
            ("detail", json!(trouble.map(|trouble| &trouble.detail))),
        ];
        self.of_subscription(EventKind::SubscriptionBillingFailed, after, &more)
    }

    /// `client.billing_failed`.
    ///
    /// # Errors
    /// 500.
    pub fn client_billing_failed(&self, after: &BillingCycle) -> Result<Event, Problem> {
        let trouble = after.trouble.as_ref();
        let data = json!({
            "client_id": after.client_id,
            "billing_day": after.next.map(|next| next.on),
            "code": trouble.map(|trouble| &trouble.code),
            "detail": trouble.map(|trouble| &trouble.detail),
        });
        self.state(EventKind::ClientBillingFailed, data)
    }

    /// `subscription.charge_failed`.
    ///
    /// # Errors
    /// 500.
    pub fn subscription_charge_failed(
        &self,
        period: &BilledPeriod,
        code: &str,
    ) -> Result<Event, Problem> {
        let data = json!({
            "subscription_id": period.subscription_id,
            "client_id": period.client_id,
            "number": period.number,
            "invoice_id": period.invoice_id,
            "code": code,
        });
        self.state(EventKind::SubscriptionChargeFailed, data)
    }

    /// `estimate.sent`.
    ///
    /// # Errors
    /// 500.
    pub fn estimate_sent(&self, sent: &SentEstimate) -> Result<Event, Problem> {
        let data = json!({
            "estimate_id": sent.estimate_id,
            "number": sent.number,
            "version": sent.version,
            "client_id": sent.content.client_id,
            "project_id": sent.content.project_id,
            "amends": sent.content.amends(),
            "currency": sent.content.currency,
            "total": sent.total().amount_text(),
            "valid_until": sent.valid_until,
        });
        self.state(EventKind::EstimateSent, data)
    }

    fn of_estimate(
        &self,
        kind: EventKind,
        estimate: &Estimate,
        more: &[(&str, Value)],
    ) -> Result<Event, Problem> {
        let mut data = json!({
            "estimate_id": estimate.id,
            "number": estimate.number,
            "version": estimate.offer.as_ref().map(|offer| offer.version),
            "client_id": estimate.client_id,
            "project_id": estimate.project_id,
            "amends": estimate.amends,
        });
        for (name, value) in more {
            data[*name] = value.clone();
        }
        self.state(kind, data)
    }

    /// `estimate.accepted`.
    ///
    /// # Errors
    /// 500.
    pub fn estimate_accepted(
        &self,
        estimate: &Estimate,
        acceptance: &Acceptance,
    ) -> Result<Event, Problem> {
        let more = [
            ("currency", json!(acceptance.total.currency())),
            ("total", json!(acceptance.total.amount_text())),
            ("document_hash", json!(acceptance.document_hash)),
        ];
        self.of_estimate(EventKind::EstimateAccepted, estimate, &more)
    }

    /// `estimate.declined`.
    ///
    /// # Errors
    /// 500.
    pub fn estimate_declined(&self, estimate: &Estimate) -> Result<Event, Problem> {
        let reason = estimate
            .offer
            .as_ref()
            .and_then(|offer| match &offer.state {
                OfferState::Declined { reason, .. } => Some(reason.clone()),
                _ => None,
            });
        let more = [("reason", json!(reason))];
        self.of_estimate(EventKind::EstimateDeclined, estimate, &more)
    }

    /// `estimate.withdrawn`.
    ///
    /// # Errors
    /// 500.
    pub fn estimate_withdrawn(&self, estimate: &Estimate) -> Result<Event, Problem> {
        let reason = estimate
            .offer
            .as_ref()
            .and_then(|offer| match &offer.state {
                OfferState::Withdrawn { reason, .. } => reason.clone(),
                _ => None,
            });
        let more = [("reason", json!(reason))];
        self.of_estimate(EventKind::EstimateWithdrawn, estimate, &more)
    }

    fn of_standing(
        &self,
        kind: EventKind,
        standing: &Standing,
        more: &[(&str, Value)],
    ) -> Result<Event, Problem> {
        let mut data = json!({
            "invoice_id": standing.invoice_id,
            "number": standing.number,
            "client_id": standing.client_id,
            "currency": standing.currency(),
            "payable": standing.payable.amount_text(),
        });
        for (name, value) in more {
            data[*name] = value.clone();
        }
        self.state(kind, data)
    }

    /// `invoice.voided`.
    ///
    /// # Errors
    /// 500.
    pub fn invoice_voided(&self, standing: &Standing) -> Result<Event, Problem> {
        let reason = match &standing.status {
            Status::Void { reason, .. } => reason.clone(),
            _ => None,
        };
        self.of_standing(
            EventKind::InvoiceVoided,
            standing,
            &[("reason", json!(reason))],
        )
    }

    fn of_dispute(
        &self,
        kind: EventKind,
        standing: &Standing,
        place: u32,
    ) -> Result<Event, Problem> {
        let mut disputes = standing.disputes.iter().rev();
        let dispute = disputes.find(|dispute| dispute.place == place);
        let dispute = dispute.ok_or_else(|| Problem::internal("a line that is not disputed"))?;
        let more = [
            ("line", json!(place + 1)),
            ("amount", json!(dispute.amount.amount_text())),
            ("state", json!(dispute.state.as_str())),
        ];
        self.of_standing(kind, standing, &more)
    }

    /// `invoice.line_disputed`.
    ///
    /// # Errors
    /// 500.
    pub fn line_disputed(&self, standing: &Standing, place: u32) -> Result<Event, Problem> {
        self.of_dispute(EventKind::InvoiceLineDisputed, standing, place)
    }

    /// `invoice.dispute_resolved`: the line was credited or upheld.
    ///
    /// # Errors
    /// 500.
    pub fn dispute_resolved(&self, standing: &Standing, place: u32) -> Result<Event, Problem> {
        self.of_dispute(EventKind::InvoiceDisputeResolved, standing, place)
    }

    /// `invoice.payment_promised`.
    ///
    /// # Errors
    /// 500.
    pub fn payment_promised(&self, standing: &Standing) -> Result<Event, Problem> {
        self.of_promise(EventKind::InvoicePaymentPromised, standing)
    }

    /// `invoice.promise_broken`: its day is over, and the invoice is open still.
    ///
    /// # Errors
    /// 500.
    pub fn promise_broken(&self, standing: &Standing) -> Result<Event, Problem> {
        self.of_promise(EventKind::InvoicePromiseBroken, standing)
    }

    fn of_promise(&self, kind: EventKind, standing: &Standing) -> Result<Event, Problem> {
        let promise = standing.follow_ups.promise();
        let promise = promise.ok_or_else(|| Problem::internal("nothing was promised"))?;
        let due = standing.balance_due().map_err(Problem::internal)?;
        let by_client = promise.by == PromisedBy::Client;
        let more = [
            ("promised_on", json!(promise.on)),
            ("by", json!(if by_client { "client" } else { "member" })),
            ("balance_due", json!(due.amount_text())),
        ];
        self.of_standing(kind, standing, &more)
    }

    /// `late_fee.charged`, of the invoice that was paid late.
    ///
    /// # Errors
    /// 500.
    pub fn late_fee_charged(
        &self,
        standing: &Standing,
        charge: &FeeCharge,
    ) -> Result<Event, Problem> {
        let compensation = charge.compensation.map(|sum| sum.amount_text());
        let more = [
            ("charged_by", json!(charge.invoice_id)),
            ("charged_by_number", json!(charge.number)),
            ("amount", json!(charge.amount.amount_text())),
            ("compensation", json!(compensation)),
            ("from", json!(charge.days.from())),
            ("to", json!(charge.days.to())),
        ];
        self.of_standing(EventKind::LateFeeCharged, standing, &more)
    }

    /// `late_fee.failed`, of the invoice that was paid late.
    ///
    /// # Errors
    /// 500.
    pub fn late_fee_failed(
        &self,
        standing: &Standing,
        code: &str,
        detail: &str,
    ) -> Result<Event, Problem> {
        let more = [("code", json!(code)), ("detail", json!(detail))];
        self.of_standing(EventKind::LateFeeFailed, standing, &more)
    }

    /// `late_fee.waived`, of the invoice that was paid late.
    ///
    /// # Errors
    /// 500.
    pub fn late_fee_waived(&self, standing: &Standing, waiver: &Waiver) -> Result<Event, Problem> {
        let more = [
            ("through", json!(waiver.through)),
            ("for_good", json!(waiver.for_good)),
            ("reason", json!(waiver.reason)),
        ];
        self.of_standing(EventKind::LateFeeWaived, standing, &more)
    }

    /// `credit_note.issued`.
    ///
    /// # Errors
    /// 500.
    pub fn credit_note_issued(&self, note: &CreditNote) -> Result<Event, Problem> {
        let data = json!({
            "credit_note_id": note.id,
            "number": note.number,
            "invoice_id": note.invoice_id,
            "invoice_number": note.invoice_number,
            "client_id": note.client_id,
            "currency": note.credited.total.currency(),
            "total": note.credited.total.amount_text(),
            "payable": note.credited.payable.amount_text(),
            "to_balance": note.kept.amount_text(),
            "issue_date": note.issue_on,
            "goodwill": note.goodwill,
        });
        self.state(EventKind::CreditNoteIssued, data)
    }

    /// What a change of an invoice's standing means: `invoice.paid`, `invoice.reopened` or
    /// nothing.
    ///
    /// # Errors
    /// 500.
    pub fn standing_changed(
        &self,
        before: Option<&Standing>,
        after: &Standing,
    ) -> Result<Vec<Event>, Problem> {
        let was_settled = before.is_some_and(|s| !matches!(s.status, Status::Open));
        let was_paid = before.is_some_and(|s| matches!(s.status, Status::Paid { .. }));
        let event = match (&after.status, was_settled) {
            (Status::Paid { paid_at }, _) if !was_paid => self.of_standing(
                EventKind::InvoicePaid,
                after,
                &[("paid_at", json!(paid_at))],
            )?,
            (Status::Open, true) => {
                let due = after.balance_due().map_err(Problem::internal)?;
                let due = json!(due.amount_text());
                self.of_standing(EventKind::InvoiceReopened, after, &[("balance_due", due)])?
            }
            _ => return Ok(Vec::new()),
        };
        Ok(vec![event])
    }

    /// `invoice.written_off`.
    ///
    /// # Errors
    /// 500.
    pub fn invoice_written_off(
        &self,
        after: &Standing,
        write_off: &WriteOff,
    ) -> Result<Event, Problem> {
        let due = after.balance_due().map_err(Problem::internal)?;
        let more = [
            ("write_off_id", json!(write_off.id)),
            ("kind", json!(write_off.kind)),
            ("amount", json!(write_off.amount.amount_text())),
            ("reason", json!(write_off.reason)),
            ("balance_due", json!(due.amount_text())),
        ];
        self.of_standing(EventKind::InvoiceWrittenOff, after, &more)
    }

    fn of_payment(
        &self,
        kind: EventKind,
        payment: &Payment,
        more: &[(&str, Value)],
    ) -> Result<Event, Problem> {
        let applied = applied_of(payment).map_err(Problem::internal)?;
        let mut data = json!({
            "payment_id": payment.id,
            "rail": payment.rail,
            "reference": payment.reference,
            "currency": payment.amount.currency(),
            "amount": payment.amount.amount_text(),
            "applied": applied,
            "to_balance": payment.to_balance.amount_text(),
            "refunded": payment.refunded.amount_text(),
            "whereabouts": payment.whereabouts(),
            "invoice_id": payment.concerned_invoices().next(),
            "client_id": payment.client_id,
        });
        for (name, value) in more {
            data[*name] = value.clone();
        }
        self.state(kind, data)
    }

    /// `payment.received`.
    ///
    /// # Errors
    /// 500.
    pub fn payment_received(&self, payment: &Payment) -> Result<Event, Problem> {
        self.of_payment(EventKind::PaymentReceived, payment, &[])
    }

    /// `payment.matched`.
    ///
    /// # Errors
    /// 500.
    pub fn payment_matched(&self, payment: &Payment) -> Result<Event, Problem> {
        self.of_payment(EventKind::PaymentMatched, payment, &[])
    }

    /// `payment.refunded`.
    ///
    /// # Errors
    /// 500.
    pub fn payment_refunded(&self, payment: &Payment) -> Result<Event, Problem> {
        self.of_payment(EventKind::PaymentRefunded, payment, &[])
    }

    /// `refund.failed`.
    ///
    /// # Errors
    /// 500.
    pub fn refund_failed(&self, payment: &Payment, asked: &AskedRefund) -> Result<Event, Problem> {
        let more = [
            ("refund_id", json!(asked.id)),
            ("asked", json!(asked.amount.amount_text())),
        ];
        self.of_payment(EventKind::RefundFailed, payment, &more)
    }

    /// `balance.applied`.
    ///
    /// # Errors
    /// 500.
    pub fn balance_applied(&self, payment: &Payment) -> Result<Event, Problem> {
        self.of_payment(EventKind::BalanceApplied, payment, &[])
    }

    /// `payment.undone`.
    ///
    /// # Errors
    /// 500.
    pub fn payment_undone(&self, payment: &Payment) -> Result<Event, Problem> {
        self.of_payment(EventKind::PaymentUndone, payment, &[])
    }

    /// What is new of a bank's file: it is to be read, or it was, or it cannot be.
    ///
    /// # Errors
    /// 500.
    pub fn bank_statement(&self, statement: &BankStatement) -> Result<Event, Problem> {
        let mut data = json!({
            "statement_id": statement.id,
            "file_id": statement.file_id,
            "bank_account_id": statement.bank_account_id,
        });
        let kind = match &statement.state {
            ImportState::Importing { .. } => EventKind::BankStatementReceived,
            ImportState::Imported { .. } => {
                data["counts"] = json!(statement.counts);
                EventKind::BankStatementImported
            }
            ImportState::Refused { faults, .. } => {
                let codes: BTreeSet<_> = faults.iter().map(|fault| &fault.code).collect();
                data["codes"] = json!(codes);
                EventKind::BankStatementRefused
            }
        };
        self.state(kind, data)
    }

    /// `contact.erased`.
    ///
    /// # Errors
    /// 500.
    pub fn contact_erased(&self, erasure: &Erasure) -> Result<Event, Problem> {
        let data = json!({
            "client_id": erasure.client_id,
            "contact_id": erasure.contact_id,
        });
        self.state(EventKind::ContactErased, data)
    }

    /// `export.requested`, `export.continued`, `export.ready` or `export.failed`, by where it stands.
    ///
    /// # Errors
    /// 500.
    pub fn export(&self, export: &Export) -> Result<Event, Problem> {
        let client = match export.of {
            ExportOf::Account => None,
            ExportOf::Client { client_id } => Some(client_id),
        };
        let mut data = json!({"export_id": export.id, "client_id": client});
        let kind = match &export.state {
            ExportState::Requested { tries: 0, .. } => EventKind::ExportRequested,
            ExportState::Requested { .. } | ExportState::Running { .. } => {
                EventKind::ExportContinued
            }
            ExportState::Ready { .. } => {
                data["parts"] = json!(export.parts.len());
                EventKind::ExportReady
            }
            ExportState::Failed { reason, .. } => {
                data["reason"] = json!(reason);
                EventKind::ExportFailed
            }
        };
        self.state(kind, data)
    }

    /// `payment.disputed`.
    ///
    /// # Errors
    /// 500.
    pub fn payment_disputed(&self, payment: &Payment, dispute: &Dispute) -> Result<Event, Problem> {
        let more = [
            ("dispute", json!(dispute.reference)),
            ("dispute_state", json!(dispute.state)),
            ("disputed", json!(dispute.amount.amount_text())),
        ];
        self.of_payment(EventKind::PaymentDisputed, payment, &more)
    }

    /// `payment.failed`: a payment on its way did not come through.
    ///
    /// # Errors
    /// 500.
    pub fn payment_failed(
        &self,
        attempt: &remit_billing::attempt::Attempt,
        reason: Option<&str>,
    ) -> Result<Event, Problem> {
        let data = json!({
            "attempt_id": attempt.id,
            "invoice_id": attempt.invoice_id,
            "client_id": attempt.client_id,
            "currency": attempt.amount.currency(),
            "amount": attempt.amount.amount_text(),
            "reason": reason,
            "payment_method_id": attempt.method_id,
        });
        self.state(EventKind::PaymentFailed, data)
    }

    /// `payment_method.saved`.
    ///
    /// # Errors
    /// 500.
    pub fn payment_method_saved(&self, method: &SavedMethod) -> Result<Event, Problem> {
        self.of_method(EventKind::PaymentMethodSaved, method, &[])
    }

    /// `payment_method.removed`.
    ///
    /// # Errors
    /// 500.
    pub fn payment_method_removed(&self, method: &SavedMethod) -> Result<Event, Problem> {
        let by = match &method.state {
            MethodState::Removed {
                removed_by: RemovedBy::Agency(by),
                ..
            } => json!(by),
            _ => json!("client"),
        };
        let more = [("removed_by", by)];
        self.of_method(EventKind::PaymentMethodRemoved, method, &more)
    }

    /// `payment_method.failed`.
    ///
    /// # Errors
    /// 500.
    pub fn payment_method_failed(&self, method: &SavedMethod) -> Result<Event, Problem> {
        let reason = match &method.state {
            MethodState::Failed { code, .. } => Some(code),
            _ => None,
        };
        let more = [("reason", json!(reason))];
        self.of_method(EventKind::PaymentMethodFailed, method, &more)
    }

    /// What is known of a method, without what the provider calls it.
    fn of_method(
        &self,
        kind: EventKind,
        method: &SavedMethod,
        more: &[(&str, Value)],
    ) -> Result<Event, Problem> {
        let mut data = json!({
            "payment_method_id": method.id,
            "client_id": method.client_id,
            "provider": method.provider,
            "kind": method.label.kind,
            "issuer": method.label.issuer,
            "last_digits": method.label.last_digits,
        });
        for (name, value) in more {
            data[*name] = value.clone();
        }
        self.state(kind, data)
    }

    fn of_delivery(
        &self,
        kind: EventKind,
        delivery: &Delivery,
        more: &[(&str, Value)],
    ) -> Result<Event, Problem> {
        let mut data = json!({
            "delivery_id": delivery.id,
            "delivery_kind": delivery.about.kind(),
        });
        if let Some(client_id) = delivery.client_id {
            data["client_id"] = json!(client_id);
        }
        match delivery.about.topic() {
            Topic::Offer(OfferTo {
                estimate_id,
                version,
                signer_id,
            }) => {
                data["estimate_id"] = json!(estimate_id);
                data["estimate_version"] = json!(version);
                data["signer_id"] = json!(signer_id);
            }
            Topic::Invoice { invoice_id } => data["invoice_id"] = json!(invoice_id),
            Topic::Invitation { member_id } => data["member_id"] = json!(member_id),
            Topic::Project { project_id } => data["project_id"] = json!(project_id),
            Topic::Subscription { subscription_id } => {
                data["subscription_id"] = json!(subscription_id);
            }
            Topic::Statement { statement_of } => data["statement_of"] = json!(statement_of),
            Topic::SignIn { contact_id } => data["contact_id"] = json!(contact_id),
            Topic::MailTest { text_kind } => data["text_kind"] = json!(text_kind),
        }
        for (name, value) in more {
            data[*name] = value.clone();
        }
        self.state(kind, data)
    }

    /// Asks for a mail now: the delivery, and the fact that brings it to whoever sends it.
    ///
    /// # Errors
    /// 500.
    pub fn ask_for_mail(
        &self,
        commit: Commit,
        client_id: ClientId,
        about: About,
    ) -> Result<Commit, Problem> {
        let delivery = self.delivery(client_id, about)?;
        self.ask_for(commit, &delivery)
    }

    /// The same of an invoice that is charged by itself.
    ///
    /// # Errors
    /// 500.
    pub fn ask_for_mail_of_charge(
        &self,
        commit: Commit,
        client_id: ClientId,
        about: About,
    ) -> Result<Commit, Problem> {
        let delivery = Delivery {
            is_charged: true,
            ..self.delivery(client_id, about)?
        };
        self.ask_for(commit, &delivery)
    }

    /// Asks for the receipt of a payment, which names the invoices that it covers where those are several.
    ///
    /// # Errors
    /// 500.
    pub fn ask_for_receipt(
        &self,
        commit: Commit,
        client_id: ClientId,
        about: About,
        covers: Vec<Covered>,
    ) -> Result<Commit, Problem> {
        let delivery = self.delivery(client_id, about)?.covering(covers);
        self.ask_for(commit, &delivery)
    }

    fn delivery(&self, client_id: ClientId, about: About) -> Result<Delivery, Problem> {
        let id = self.ports.id(self.now)?;
        Ok(Delivery::requested(
            id,
            self.account_id,
            client_id,
            about,
            self.now,
        ))
    }

    /// Asks for this mail: the delivery, and the fact that brings it to whoever sends it.
    ///
    /// # Errors
    /// 500.
    pub fn ask_for(&self, commit: Commit, delivery: &Delivery) -> Result<Commit, Problem> {
        Ok(commit.create(delivery, vec![self.delivery_requested(delivery)?]))
    }

    /// `delivery.requested`.
    ///
    /// # Errors
    /// 500.
    pub fn delivery_requested(&self, delivery: &Delivery) -> Result<Event, Problem> {
        self.of_delivery(EventKind::DeliveryRequested, delivery, &[])
    }

    /// Asks for a document to be handed over to a network: the transmission, and the fact that brings it to whoever
    /// does that.
    ///
    /// # Errors
    /// 500.
    pub fn ask_for_transmission(
        &self,
        commit: Commit,
        document: Transmitted,
        client_id: ClientId,
        route: Route,
    ) -> Result<Commit, Problem> {
        let account = self.account_id;
        let wanted = EInvoiceTransmission::requested(account, document, client_id, route, self.now);
        Ok(commit.create(&wanted, vec![self.transmission_requested(&wanted)?]))
    }

    /// `e_invoice.requested`.
    ///
    /// # Errors
    /// 500.
    pub fn transmission_requested(&self, of: &EInvoiceTransmission) -> Result<Event, Problem> {
        self.of_transmission(EventKind::EInvoiceRequested, of, &[])
    }

    /// `e_invoice.failed`, where it has; else nothing.
    ///
    /// # Errors
    /// 500.
    pub fn transmission_changed(&self, of: &EInvoiceTransmission) -> Result<Vec<Event>, Problem> {
        let Some(reason) = of.failure() else {
            return Ok(Vec::new());
        };
        let more = [("reason", json!(reason))];
        let event = self.of_transmission(EventKind::EInvoiceFailed, of, &more)?;
        Ok(vec![event])
    }

    fn of_transmission(
        &self,
        kind: EventKind,
        of: &EInvoiceTransmission,
        more: &[(&str, Value)],
    ) -> Result<Event, Problem> {
        let mut data = json!({
            "invoice_id": of.document.invoice_id,
            "credit_note_id": of.document.credit_note_id,
            "client_id": of.client_id,
            "network": NetworkName::choice(Some(of.route.network)),
            "profile": of.route.profile,
        });
        for (name, value) in more {
            data[*name] = value.clone();
        }
        self.state(kind, data)
    }

    /// `delivery.failed`, where it has; else nothing.
    ///
    /// # Errors
    /// 500.
    pub fn delivery_changed(&self, delivery: &Delivery) -> Result<Vec<Event>, Problem> {
        let DeliveryState::Failed { reason, .. } = &delivery.state else {
            return Ok(Vec::new());
        };
        let more = [("reason", json!(reason))];
        self.of_delivery(EventKind::DeliveryFailed, delivery, &more)
            .map(|event| vec![event])
    }
}

fn applied_of(payment: &Payment) -> Result<String, MoneyError> {
    let zero = Money::zero(payment.amount.currency());
    payment
        .allocations
        .iter()
        .try_fold(zero, |sum, allocation| sum.checked_add(allocation.amount))
        .map(|sum| sum.amount_text())
}
