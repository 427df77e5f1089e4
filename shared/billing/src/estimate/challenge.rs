//! The code that proves that a signer reads the mails of their address.
//!
//! The code itself is stored nowhere: it follows from the deployment's secret and the delivery that
//! carries it, so that only the mail and whoever has the secret know it.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::delivery::OfferTo;
use crate::ids::{AccountId, DeliveryId, EstimateId, SignerId};

/// A code counts for so long.
pub const CODE_VALID: SignedDuration = SignedDuration::from_mins(15);
/// Wrong codes until another one has to be asked for.
pub const CODE_TRIES: u32 = 5;
/// Codes that a signer can ask for within [`CODES_WITHIN`]: with five tries each, whoever guesses has
/// fifty in a million a day.
pub const CODES_MAX: usize = 10;
/// See [`CODES_MAX`].
pub const CODES_WITHIN: SignedDuration = SignedDuration::from_hours(24);

/// A code that was sent and not used yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentCode {
    /// The mail that carries it.
    pub delivery_id: DeliveryId,
    /// For which version.
    pub for_version: u32,
    /// How long it counts (UTC).
    pub until: Timestamp,
    /// Wrong codes so far.
    pub wrong: u32,
}

/// What one signer of an estimate was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SigningChallenge {
    /// Whose.
    pub account_id: AccountId,
    /// Of which estimate.
    pub estimate_id: EstimateId,
    /// To which signer.
    pub signer_id: SignerId,
    /// The newest code; none once it is used.
    pub code: Option<SentCode>,
    /// When codes were asked for lately (UTC), the oldest first.
    pub asked: Vec<Timestamp>,
}

/// Why no code is sent or a code does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CodeRefusal {
    /// Too many were asked for.
    #[error("too many codes were asked for: the next can be had at {again_at}")]
    TooMany {
        /// From then on (UTC).
        again_at: Timestamp,
    },
    /// None was sent, or its time or its tries are over.
    #[error("this code counts no more: ask for a new one")]
    Ended,
    /// It is another one.
    #[error("this is not the code that was sent")]
    Wrong,
}

impl SigningChallenge {
    /// Of a signer who was sent no code yet.
    pub fn new(account_id: AccountId, offer: OfferTo) -> Self {
        Self {
            account_id,
            estimate_id: offer.estimate_id,
            signer_id: offer.signer_id,
            code: None,
            asked: Vec::new(),
        }
    }

    /// The same with a new code, which ends the one before.
    ///
    /// # Errors
    /// [`CodeRefusal::TooMany`].
    pub fn ask(
        mut self,
        for_version: u32,
        delivery_id: DeliveryId,
        now: Timestamp,
    ) -> Result<Self, CodeRefusal> {
        self.asked.retain(|at| *at + CODES_WITHIN > now);
        if self.asked.len() >= CODES_MAX {
            let oldest = self.asked.first().copied().unwrap_or(now);
            return Err(CodeRefusal::TooMany {
                again_at: oldest + CODES_WITHIN,
            });
        }
        self.asked.push(now);
        self.code = Some(SentCode {
            delivery_id,
            for_version,
            until: now + CODE_VALID,
            wrong: 0,
        });
        Ok(self)
    }

    /// The code that counts for this version, if one does.
    pub fn live(&self, version: u32, now: Timestamp) -> Option<SentCode> {
        self.code.filter(|code| {
            code.for_version == version && now < code.until && code.wrong < CODE_TRIES
        })
    }

    /// The same after a wrong code.
    pub fn after_wrong(mut self) -> Self {
        if let Some(code) = &mut self.code {
            code.wrong += 1;
        }
        self
    }

    /// The same after the right code, which does not count again.
    pub fn used(self) -> Self {
        Self { code: None, ..self }
    }
}
