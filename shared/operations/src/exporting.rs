//! An export that lies idle, as whoever made it died or its event was lost, is asked for again.

use remit_billing::export::Export;
use remit_runtime::Problem;
use remit_store::{Commit, Record as _, Versioned};

use crate::facts::Facts;
use crate::load;
use crate::ports::Ports;

/// Asks for it again, or gives it up.
///
/// # Errors
/// 409, 503.
pub async fn ask_again(ports: &Ports, waiting: &Export) -> Result<(), Problem> {
    let key = waiting.key();
    ports
        .perform(async || {
            let now = ports.now();
            let before: Versioned<Export> = load::need(&ports.store, &key).await?;
            if before.value.due_at().is_none_or(|at| at > now) {
                return Ok((Commit::new(), ()));
            }
            let after = before.value.clone().asked_again(now);
            let event = Facts::new(ports, after.account_id, now).export(&after)?;
            Ok((Commit::new().replace(&before, &after, vec![event]), ()))
        })
        .await
}
