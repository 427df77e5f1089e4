//! Makes ids: UUIDv7 of the moment and of randomness.

use std::sync::Arc;

use jiff::Timestamp;
use remit_billing::ids::TypedId;
use uuid::Builder;

use crate::random::{NoRandomness, Random};

const SECRET_BYTES: usize = 32;

/// Makes ids and secrets.
#[derive(Clone)]
pub struct Ids {
    random: Arc<dyn Random>,
}

impl Ids {
    /// Ids from this randomness.
    pub fn new(random: Arc<dyn Random>) -> Self {
        Self { random }
    }

    /// A new id of this moment.
    ///
    /// # Errors
    /// [`NoRandomness`].
    pub fn make<Id: TypedId>(&self, now: Timestamp) -> Result<Id, NoRandomness> {
        let mut random = [0; 10];
        self.random.fill(&mut random)?;
        let milliseconds = u64::try_from(now.as_millisecond()).unwrap_or_default();
        let uuid = Builder::from_unix_timestamp_millis(milliseconds, &random).into_uuid();
        Ok(Id::from_uuid(uuid))
    }

    /// 256 random bits.
    ///
    /// # Errors
    /// [`NoRandomness`].
    pub fn secret(&self) -> Result<[u8; SECRET_BYTES], NoRandomness> {
        let mut secret = [0; SECRET_BYTES];
        self.random.fill(&mut secret)?;
        Ok(secret)
    }
}
