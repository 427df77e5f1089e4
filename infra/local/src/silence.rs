//! Providers that do not answer for a while, as a person or a test wishes: every call of their APIs is
//! answered with 503 and has no effect. What they send they send all the same; that it is lost is another wish.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use remit_payments::ProviderKind;

/// The providers that are silent, and those whose calls to the webhook are lost; all speak when the machine starts.
#[derive(Debug, Default)]
pub struct Silence {
    silent: Mutex<BTreeSet<ProviderKind>>,
    lost: Mutex<BTreeSet<ProviderKind>>,
}

impl Silence {
    /// Silences a provider, or lets it speak.
    pub fn set(&self, kind: ProviderKind, silent: bool) {
        put(&self.silent, kind, silent);
    }

    /// Whether a provider answers nothing.
    pub fn holds(&self, kind: ProviderKind) -> bool {
        has(&self.silent, kind)
    }

    /// Loses what a provider sends from now on, for good, or lets it arrive.
    pub fn lose(&self, kind: ProviderKind, lost: bool) {
        put(&self.lost, kind, lost);
    }

    /// Whether what a provider sends is lost.
    pub fn loses(&self, kind: ProviderKind) -> bool {
        has(&self.lost, kind)
    }
}

fn put(all: &Mutex<BTreeSet<ProviderKind>>, kind: ProviderKind, is_in: bool) {
    let mut all = all.lock().unwrap_or_else(PoisonError::into_inner);
    match is_in {
        true => all.insert(kind),
        false => all.remove(&kind),
    };
}

fn has(all: &Mutex<BTreeSet<ProviderKind>>, kind: ProviderKind) -> bool {
    let all = all.lock().unwrap_or_else(PoisonError::into_inner);
    all.contains(&kind)
}
