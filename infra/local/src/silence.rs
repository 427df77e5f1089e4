//! Providers that do not answer for a while, as a person or a test wishes: every call of their APIs is
//! answered with 503 and has no effect. What they send they send all the same.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use remit_payments::ProviderKind;

/// The providers that are silent; all speak when the machine starts.
#[derive(Debug, Default)]
pub struct Silence(Mutex<BTreeSet<ProviderKind>>);

impl Silence {
    /// Silences a provider, or lets it speak.
    pub fn set(&self, kind: ProviderKind, silent: bool) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if silent {
            all.insert(kind);
        } else {
            all.remove(&kind);
        }
    }

    /// Whether a provider answers nothing.
    pub fn holds(&self, kind: ProviderKind) -> bool {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.contains(&kind)
    }
}
