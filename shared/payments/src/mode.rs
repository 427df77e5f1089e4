//! Whether real money moves.

use serde::{Deserialize, Serialize};

/// A provider's environment, for providers whose keys do not say it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Real money.
    Live,
    /// Play money: the provider's sandbox.
    Test,
}

impl Mode {
    /// Whether real money moves.
    pub fn is_live(self) -> bool {
        match self {
            Mode::Live => true,
            Mode::Test => false,
        }
    }
}
