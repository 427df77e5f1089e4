//! Journeys: whole stories over HTTP against the local host, which runs what template.yaml
//! deploys. Set the clock, act, move it, expect exactly this.
//!
//! Every answer is held against infra/openapi.yaml, no answer may be a 5xx, and every `POST`
//! with a body of the API goes out twice under one `Idempotency-Key`: see [`client`].
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod audit;
mod authorisation;
mod bad_input;
mod bad_state;
mod bank_files;
mod banks;
mod bodies;
mod bookkeeping;
mod brand;
mod by_itself;
mod calendar;
mod change_orders;
mod client;
mod clock;
mod credits;
mod currencies;
mod dead_letters;
mod disputes;
mod e_invoices;
mod erasures;
mod estimates;
mod exports;
mod files;
mod follow_ups;
mod given_back;
mod house;
mod idempotency;
mod identity;
mod instalments;
mod invitations;
mod late_fees;
mod lists;
mod logs;
mod mail_texts;
mod main_story;
mod money;
mod notices;
mod overview;
mod page;
mod pages;
mod papers;
mod parts;
mod payouts;
mod portal;
mod projects;
mod providers;
mod questions;
mod races;
mod rates;
#[path = "../../shared/typesetting/tests/typesetting/reading.rs"]
mod reading;
mod reconciliation;
mod refunds;
mod replies;
mod reports;
mod restore;
mod saved_methods;
mod saved_wallets;
mod scope;
mod settings;
mod several_invoices;
mod several_projects;
mod shape;
mod signing;
mod silence;
mod statements;
mod stripe;
mod subscriptions;
mod take_over;
mod team;
mod transfers;
mod transmissions;
mod webhooks;
mod work;
mod work_races;
mod write_offs;
