//! What a provider says and that does not take effect now: it waits, or is kept for people.

use remit_billing::canonical::sha256_hex;
use remit_billing::ids::AccountId;
use remit_billing::payment::RailReference;
use remit_payments::{NotificationKind, ProviderKind};
use remit_runtime::problem::Problem;
use remit_store::records::{Notification as Record, NotificationState};
use remit_store::{Commit, keys};

use super::{Settled, Signed, reference};
use crate::ports::Ports;

/// Keeps what is signed and cannot be read, for a person to look at.
///
/// # Errors
/// 409, 503.
pub async fn keep_unreadable(
    ports: &Ports,
    account_id: AccountId,
    provider: ProviderKind,
    body: &str,
) -> Result<(), Problem> {
    let hex = sha256_hex(body.as_bytes());
    let reference = RailReference::parse(&format!("sha256_{hex}")).map_err(Problem::internal)?;
    ports
        .perform(async || {
            let key = keys::notification(account_id, provider.name(), &reference);
            let known = ports.store.get::<Record>(&key).await;
            if known.map_err(|error| Problem::store(&error))?.is_some() {
                return Ok((Commit::new(), ()));
            }
            let now = ports.now();
            let record = Record {
                account_id,
                id: ports.id(now)?,
                provider: provider.name().to_owned(),
                reference: reference.clone(),
                subject: "unreadable".to_owned(),
                state: NotificationState::Unreadable,
                body: body.to_owned(),
                received_at: now,
            };
            Ok((Commit::new().create(&record, Vec::new()), ()))
        })
        .await
}

/// Puts a notification aside until what it names is known.
pub(super) async fn wait(ports: &Ports, signed: &Signed<'_>) -> Result<(Commit, Settled), Problem> {
    let look_at = ports.now() + crate::look_again::after(0);
    let state = NotificationState::Waiting { look_at, looks: 0 };
    let (commit, _) = keep(ports, signed, state).await?;
    Ok((commit, Settled::Waiting))
}

/// Keeps a notification; one that is kept already stays as it is.
pub(super) async fn keep(
    ports: &Ports,
    signed: &Signed<'_>,
    state: NotificationState,
) -> Result<(Commit, Settled), Problem> {
    let now = ports.now();
    let reference = reference(signed.notification.provider_event_id.as_str())?;
    let key = keys::notification(signed.account_id, signed.provider.name(), &reference);
    let known = ports.store.get::<Record>(&key).await;
    if known.map_err(|error| Problem::store(&error))?.is_some() {
        return Ok((Commit::new(), Settled::Known));
    }
    let record = Record {
        account_id: signed.account_id,
        id: ports.id(now)?,
        provider: signed.provider.name().to_owned(),
        reference,
        subject: subject(&signed.notification.kind).to_owned(),
        state,
        body: signed.body.to_owned(),
        received_at: now,
    };
    Ok((Commit::new().create(&record, Vec::new()), Settled::Kept))
}

fn subject(kind: &NotificationKind) -> &str {
    match kind {
        NotificationKind::PaymentSucceeded { .. } => "payment_succeeded",
        NotificationKind::PaymentProcessing { .. } => "payment_processing",
        NotificationKind::PaymentFailed { .. } => "payment_failed",
        NotificationKind::CheckoutApproved { .. } => "checkout_approved",
        NotificationKind::Returned { .. } => "returned",
        NotificationKind::SessionExpired { .. } => "session_expired",
        NotificationKind::Refunded { .. } => "refunded",
        NotificationKind::Disputed { .. } => "disputed",
        NotificationKind::PaidOut { .. } => "paid_out",
        NotificationKind::Unknown { event_type } => event_type,
    }
}
