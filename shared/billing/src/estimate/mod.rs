//! Estimates: what is offered, how the client picks from it, and how it becomes binding.
//!
//! A draft may change. What was sent may not: a new version supersedes it. What the client
//! accepted is frozen with the hash of its canonical form, and becomes the scope of its project.

mod answer;
mod challenge;
mod content;
mod draft;
mod lifecycle;
mod offer;
mod refusal;
mod schedule;
mod signing;
mod state;

pub use challenge::{
    CODE_TRIES, CODE_VALID, CODES_MAX, CODES_WITHIN, CodeRefusal, SentCode, SigningChallenge,
};
pub use content::{
    Deliverable, EstimateCharge, EstimateContent, EstimateLine, Key, MAX_CONTENT_BYTES,
    MAX_DELIVERABLES, MAX_REMARKS, MAX_SIGNERS, Offered, Signer,
};
pub use draft::{Draft, Unwritable, Written};
pub use lifecycle::{Estimate, SendContext, VALID_DAYS};
pub use offer::{Offer, OfferState, Outcome, PastVersion, SentEstimate};
pub use refusal::{AnswerRefusal, EstimateRefusal};
pub use schedule::{Deposit, MAX_MILESTONES, Milestone, PaymentSchedule, Rest, Share};
pub use signing::{
    Acceptance, AcceptanceFile, Accepted, AcceptedElsewhere, Choice, Signature, SignatureText,
    SignedDocument, Signing, SigningRequest, Verified,
};
pub use state::EstimateState;
