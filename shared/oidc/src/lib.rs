//! Tokens of the deployment's OpenID Connect issuer: who a person is, in the issuer's own words,
//! or why that is not proved.
//!
//! A [`Verifier`] knows one issuer and whom tokens have to be for. Its answer is an [`Identity`],
//! issuer and subject and nothing else: which member that is, and what the member may do, is
//! Remit's own matter. What is checked, and in which order, stands in [`Verifier::verify`], after
//! RFC 7515 (JWS), RFC 7517 (keys), RFC 7519 (claims), RFC 8725 (what goes wrong with them) and
//! OpenID Connect Core and Discovery.
//!
//! A [`CodeFlow`] has somebody sign in there who comes with a browser and no token: the authorization code flow with
//! PKCE, by the same rules.
//!
//! No clock: `now` is an argument. The network is the port [`Fetch`].

mod cache;
mod claims;
mod code_flow;
mod discovery;
pub mod fetch;
mod jwks;
pub mod model;
mod token;
mod verifier;

pub use cache::IssuerSilent;
pub use claims::Identity;
pub use code_flow::{Asking, CodeError, CodeFlow, Coming};
pub use fetch::{Answered, Fetch, FetchError, Fetched, HttpsFetch};
pub use token::{MAX_TOKEN_BYTES, TokenRefusal, is_token};
pub use verifier::{SettingsError, Verifier, VerifyError};
