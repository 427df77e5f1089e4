//! What every function starts with: configuration, clients, time, randomness, the principal,
//! problems, bodies, secrets, logs.
//!
//! A function is payload in, payload out ([`function::Function`]): the same in Lambda, in the
//! local host and in the simulation. Time and randomness are ports ([`clock`], [`random`]); the
//! environment is read here and nowhere else ([`config`]).
#![cfg_attr(test, expect(clippy::unwrap_used, reason = "tests fail by panicking"))]

pub mod api_key;
pub mod audited;
pub mod body;
pub mod clock;
pub mod config;
pub mod events;
pub mod function;
pub mod http;
pub mod idempotency;
pub mod ids;
pub mod invitation;
pub mod late_fee_rule;
pub mod limits;
pub mod list;
pub mod metrics;
pub mod model;
pub mod objects;
pub mod owner_key;
pub mod permissions;
pub mod platform;
pub mod principal;
pub mod problem;
pub mod queue;
pub mod random;
pub mod rate;
pub mod review;
pub mod secrets;
pub mod shown;
pub mod signed;
pub mod table_body;
pub mod tls;
pub mod values;

pub use clock::{Clock, SystemClock};
pub use config::Config;
pub use function::{BoxError, Function, start};
pub use ids::Ids;
pub use objects::{Objects, S3Objects};
pub use platform::Platform;
pub use principal::Principal;
pub use problem::Problem;
pub use queue::{Queue, SqsQueue};
pub use random::{Random, SystemRandom};
