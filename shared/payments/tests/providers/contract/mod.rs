//! How a provider is driven by the contract, and the things that all of its tests speak of.

pub mod deliveries;
pub mod orders;
pub mod pages;
pub mod refunds;
pub mod vault;

use std::sync::Arc;

use http::HeaderMap;
use jiff::Timestamp;
use remit_billing::ids::{AccountId, AttemptId, InvoiceId, RefundId};
use remit_billing::money::Money;
use remit_billing::party::Language;
use remit_payments::{
    Checkout, CheckoutRequest, Completion, PaymentIntent, Provider, References, RefundKey,
    RefundLookUp, RefundRequest, SessionId, Transport,
};

use crate::fake::Answer;
use crate::fake::stand_in::{Host, StandIn};

/// A provider and its stand-in.
pub trait Subject {
    type StandIn: StandIn;

    fn provider(transport: Arc<dyn Transport>) -> Arc<dyn Provider>;
    /// An amount in a currency that the provider takes.
    fn amount() -> Money;
    /// An amount that the provider cannot be asked for, though it is above zero.
    fn impossible_amount() -> Money;
    fn credentials_refused() -> Answer;
    fn declined() -> Answer;
    fn throttled() -> Answer;
    /// The provider's refusal of a refund of more than what is left.
    fn too_much() -> Answer;
    /// How many pages the stand-in has opened.
    fn pages(stand_in: &Self::StandIn) -> usize;
    /// Whether an attempt whose answer was lost can be found; where it cannot, its page is one
    /// that nobody was ever sent to.
    const FINDS_ATTEMPTS: bool;
    /// Whether the money moves without `complete_checkout`.
    const MOVES_BY_ITSELF: bool;
    /// Whether money can be late: the page is complete, the money comes by a notification.
    const IS_SLOW: bool;
    /// How often money has moved towards the agency.
    fn movements(stand_in: &Self::StandIn) -> usize;
    /// What no error may show.
    const SECRETS: &'static [&'static str];
    /// The payer does what the page asks for, if it is still open.
    fn agree(stand_in: &mut Self::StandIn, session: &SessionId);
    /// The money comes, where it is late.
    fn arrive(stand_in: &mut Self::StandIn, payment: &PaymentIntent);
    /// Whether it says what it kept only once the money is on its way to the agency's bank.
    const PAYS_OUT: bool;
    /// The provider sends the money on to the agency's bank, with others'.
    fn pay_out(_stand_in: &mut Self::StandIn, _payment: &PaymentIntent) {}
    /// What the provider kept of the payment, as the stand-in says it.
    fn fee() -> Money;
    /// A call to the webhook about this payment, which has come.
    fn call(host: &Host<Self::StandIn>, payment: &PaymentIntent, vector: Vector) -> WebhookCall;
    /// What must come of it.
    fn verdict(vector: Vector) -> Verdict;
}

/// What is done to a genuine call that states the payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Vector {
    Genuine,
    /// The body says more money.
    Tampered,
    /// Without its proof.
    Bare,
    /// Proved by somebody else.
    Stranger,
    /// Genuine, an hour ago.
    Stale,
    /// An hour ahead.
    Early,
    /// The same statement once more.
    Replayed,
    /// Genuine, about a payment of another account.
    OtherAccount,
    /// Genuine, about money that is none of Remit's.
    Foreign,
    /// Genuine, in the other mode.
    OtherMode,
    /// Genuine, of a kind that is not known.
    UnheardOf,
    /// Genuine, and cut.
    Cut,
    /// Genuine, with an amount that nobody can hold.
    Huge,
}

impl Vector {
    pub const ALL: [Vector; 13] = [
        Vector::Genuine,
        Vector::Tampered,
        Vector::Bare,
        Vector::Stranger,
        Vector::Stale,
        Vector::Early,
        Vector::Replayed,
        Vector::OtherAccount,
        Vector::Foreign,
        Vector::OtherMode,
        Vector::UnheardOf,
        Vector::Cut,
        Vector::Huge,
    ];
}

/// What must come of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It states the payment, with what really came.
    States,
    /// It states a payment for another account's invoice: the caller sees that by itself.
    StatesOther,
    /// It states a payment that is none of Remit's.
    StatesForeign,
    /// It is refused: nothing of it counts.
    Refused,
    /// It is taken, and says nothing that Remit knows.
    Unknown,
    /// It is proved and cannot be read.
    Unreadable,
}

/// A call to the webhook.
#[derive(Debug, Clone)]
pub struct WebhookCall {
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

pub fn now() -> Timestamp {
    Timestamp::from_second(1_790_000_000).unwrap()
}

pub fn references() -> References {
    References {
        account: "acc_01k8000000e008000000000001"
            .parse::<AccountId>()
            .unwrap(),
        invoice: "inv_01k8000000e008000000000002"
            .parse::<InvoiceId>()
            .unwrap(),
        attempt: Some(attempt()),
    }
}

pub fn other_account() -> AccountId {
    "acc_01k8000000e008000000000007".parse().unwrap()
}

pub fn attempt() -> AttemptId {
    "att_01k8000000e008000000000003".parse().unwrap()
}

pub fn refund_id() -> RefundId {
    "ref_01k8000000e008000000000004".parse().unwrap()
}

pub fn other_refund_id() -> RefundId {
    "ref_01k8000000e008000000000005".parse().unwrap()
}

pub fn request<S: Subject>(attempt: AttemptId) -> CheckoutRequest {
    CheckoutRequest {
        attempt_id: attempt,
        invoice_id: references().invoice,
        account_id: references().account,
        client_email: Some("accounts@client.example".parse().unwrap()),
        amount: S::amount(),
        description: "Invoice INV-2026-00007 세금".to_owned(),
        success_url: "https://billing.example.com/p/token?checkout=done".to_owned(),
        cancel_url: "https://billing.example.com/p/token?checkout=left".to_owned(),
        expires_at: Timestamp::from_second(1_790_003_600).unwrap(),
        language: Language::En,
        keep: None,
    }
}

pub fn completion<S: Subject>(session: &SessionId) -> Completion {
    Completion {
        session: session.clone(),
        amount: S::amount(),
        account_id: references().account,
        invoice_id: references().invoice,
        attempt_id: attempt(),
    }
}

/// A third of the amount, on the grid of the currency.
pub fn third(amount: Money) -> Money {
    let units = amount.minor_units().unwrap();
    Money::from_minor_units(units / 3, amount.currency()).unwrap()
}

pub fn refund_request(
    refund_id: RefundId,
    payment: &PaymentIntent,
    amount: Money,
    refunded_before: Money,
) -> RefundRequest {
    RefundRequest {
        refund_id,
        payment_intent: payment.clone(),
        references: references(),
        amount,
        refunded_before,
        reason: "agreed by telephone".to_owned(),
        receiver: None,
    }
}

pub fn lost_refund(refund_id: RefundId, payment: &PaymentIntent, amount: Money) -> RefundLookUp {
    RefundLookUp {
        payment_intent: payment.clone(),
        refund: RefundKey::Attempt {
            refund_id,
            amount,
            sent_at: now(),
        },
    }
}

/// A host, its provider, and a page that the payer has agreed on and whose money has come.
pub struct Paid<S: Subject> {
    pub host: Arc<Host<S::StandIn>>,
    pub provider: Arc<dyn Provider>,
    pub checkout: Checkout,
    pub payment: PaymentIntent,
}

pub async fn paid<S: Subject>() -> Paid<S> {
    let host = Host::<S::StandIn>::new();
    let provider = S::provider(host.clone());
    let request = request::<S>(attempt());
    let checkout = provider.create_checkout(&request).await.unwrap();
    S::agree(&mut host.state(), &checkout.session_id);
    let state = provider
        .complete_checkout(&completion::<S>(&checkout.session_id))
        .await
        .unwrap()
        .unwrap();
    let payment = state.payment_intent.unwrap();
    S::arrive(&mut host.state(), &payment);
    Paid {
        host,
        provider,
        checkout,
        payment,
    }
}
