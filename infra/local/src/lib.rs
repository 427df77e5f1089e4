//! The local host: runs template.yaml on one machine, in one process, without AWS or Docker.
//!
//! The functions are the very handlers that are deployed, behind the real AWS SDK, whose requests
//! end in this process ([`aws`]), and may do what their roles allow and nothing else ([`iam`]). Routes, schedules, rules, queues and environment come from the
//! template ([`template`]) and from nowhere else. Time is the machine's plus an offset that a
//! person moves ([`clock`], [`driver`]); mails go to a mailbox ([`mailbox`]) and can be answered there ([`incoming`]), a stand-in for
//! Stripe ([`stripe`]) closes the circle of a payment, and another for an issuer of tokens
//! ([`issuer`]) lets people sign in.
#![cfg_attr(test, expect(clippy::unwrap_used, reason = "tests fail by panicking"))]

pub mod agenda;
pub mod aws;
pub mod clock;
pub mod cloud;
pub mod demo;
pub mod driver;
pub mod first_start;
pub mod gateway;
pub mod host;
pub mod html;
pub mod iam;
pub mod incoming;
pub mod issuer;

pub mod local_pages;
pub mod mailbox;
pub mod meter;
pub mod parameters;
pub mod pattern;
pub mod payers;
pub mod queues;
pub mod registry;
pub mod schedule;
pub mod shelf;
pub mod silence;
pub mod site;
pub mod stream;
pub mod stripe;
pub mod template;
pub mod verify_audit;

pub use host::{Host, Options, RequestsPerS};
