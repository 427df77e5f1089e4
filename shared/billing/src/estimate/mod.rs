//! Estimates: what is offered, how the client picks from it, and how it becomes binding.
//!
//! A draft may change. What was sent may not: a new version supersedes it. What the client
//! accepted is frozen with the hash of its canonical form, and becomes the scope of its project.

mod content;
mod lifecycle;
mod schedule;
mod signing;

pub use content::{
    Deliverable, EstimateCharge, EstimateContent, EstimateLine, Key, MAX_CONTENT_BYTES,
    MAX_DELIVERABLES, MAX_REMARKS, MAX_SIGNERS, Offered, Signer,
};
pub use lifecycle::{
    Draft, Estimate, EstimateRefusal, EstimateState, Offer, OfferState, Outcome, PastVersion,
    Rejection, SendContext, SentEstimate, Submission, VALID_DAYS, Written,
};
pub use schedule::{Deposit, MAX_MILESTONES, Milestone, PaymentSchedule, Rest, Share};
pub use signing::{
    Acceptance, AcceptanceFile, Accepted, AcceptedElsewhere, Choice, Signature, SignatureText,
    SignedDocument, Signing, SigningRequest,
};
