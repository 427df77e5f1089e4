//! Who did something for an agency, as documents keep it.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::fault::Fault;
use crate::ids::{ApiKeyId, MemberId};

/// Who did something for an agency. It is written as the id: its prefix tells which it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ActorId {
    /// A person.
    Member(MemberId),
    /// A machine: a key that belongs to nobody in particular.
    ApiKey(ApiKeyId),
}

impl fmt::Display for ActorId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ActorId::Member(id) => id.fmt(f),
            ActorId::ApiKey(id) => id.fmt(f),
        }
    }
}

impl std::str::FromStr for ActorId {
    type Err = Fault;
    fn from_str(text: &str) -> Result<Self, Fault> {
        match text.parse::<MemberId>() {
            Ok(id) => Ok(ActorId::Member(id)),
            Err(fault) => text.parse().map(ActorId::ApiKey).map_err(|_| fault),
        }
    }
}

impl Serialize for ActorId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ActorId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}
