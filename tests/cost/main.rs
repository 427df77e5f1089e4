//! What each use case of the main job costs at DynamoDB: counted through the real functions and
//! the real SDK, held against the least that the work needs, and against the table of
//! ARCHITECTURE.md.
//!
//! `cargo test -p remit-tests --test cost -- --nocapture` prints the table and each item written.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "tests fail by panicking"
)]

mod agency;
mod bank;
mod by_itself;
mod deciding;
mod files;
mod least;
mod life;
mod measure;
mod prices;
mod tap;
mod telling;
mod work;

use measure::{Cost, measure};
use rust_decimal::Decimal;

const ARCHITECTURE: &str = include_str!("../../ARCHITECTURE.md");

/// Requests, read units and write units of each use case, exactly: a change of them is a decision.
const PINNED: &[(&str, u64, &str, u64)] = &[
    ("authorizer", 1, "1", 0),
    ("authorizer, a member's key", 2, "2", 0),
    ("link an identity", 4, "3", 9),
    ("authorizer, a token", 2, "2", 0),
    ("invite somebody", 3, "2", 12),
    ("mail of an invitation leaves", 3, "3", 5),
    ("accept it on its page", 5, "5", 12),
    ("create a draft, without key", 3, "3", 10),
    ("issue, without key", 4, "5", 20),
    ("create a draft", 3, "3", 14),
    ("issue", 4, "5", 24),
    ("send again", 4, "5", 10),
    ("void", 3, "4", 17),
    ("issue and send", 4, "5", 27),
    ("mail of an invoice leaves", 3, "7", 5),
    ("view the page", 2, "5", 0),
    ("press the pay button", 4, "3", 5),
    ("webhook: paid", 3, "5", 25),
    ("the same webhook again", 1, "4", 0),
    ("receipt leaves", 3, "7", 5),
    ("open pages are closed", 1, "1", 0),
    ("event-publisher", 0, "0", 0),
    ("ask a provider for its fee", 3, "3", 7),
    ("webhook: paid out", 2, "1", 3),
    ("record a payment by hand", 3, "5", 21),
    ("what was paid with is kept", 4, "3", 5),
    ("charge a saved method", 11, "15", 37),
    ("reminders: nothing due", 4, "2", 0),
    ("reminders: one due", 9, "9", 12),
    ("list ten invoices", 2, "20.5", 0),
    ("write an estimate", 4, "3", 16),
    ("send an estimate", 4, "7", 25),
    ("mail of an estimate leaves", 3, "8", 5),
    ("view the page of an offer", 1, "6", 0),
    ("ask a question", 4, "7", 9),
    ("answer it", 4, "4", 12),
    ("take in an answer by mail", 5, "8", 15),
    ("ask for a code to sign", 2, "5", 5),
    ("sign: accepted", 5, "8", 33),
    ("write a change order", 4, "4", 14),
    ("send a change order", 4, "8", 21),
    ("sign: changed", 5, "8", 33),
    ("look what is ready", 5, "5", 0),
    ("gather what is ready", 8, "10", 16),
    ("totals of a project, of eleven invoices", 3, "12.5", 0),
    ("set the codes of the ledger", 3, "2", 5),
    ("ledger of a client, the second month", 3, "5", 0),
    ("taxes of a month, as issued", 3, "12", 0),
    ("journal of a month for DATEV", 4, "14", 0),
    ("issue what was accepted", 5, "7", 35),
    ("accept elsewhere", 5, "7", 36),
    ("agree on instalments", 3, "4", 18),
    ("credit an invoice", 4, "6", 21),
    ("write off what is left", 3, "4", 16),
    ("give a payment back by hand", 6, "5.5", 18),
    ("apply a balance", 7, "6.5", 19),
    (
        "issue where a client without balance has it applied",
        5,
        "6",
        24,
    ),
    ("issue, with a balance applied", 7, "7.5", 36),
    ("dispute a line", 4, "5", 13),
    ("take over ten clients", 14, "21", 82),
    ("set rates", 3, "3", 7),
    ("note time", 2, "3", 7),
    ("submit five entries", 2, "5", 24),
    ("approve five entries", 3, "10", 24),
    ("list five entries", 2, "5.5", 0),
    ("look what is ready, with five entries", 7, "12", 0),
    ("gather five entries", 10, "17", 40),
    ("throw their draft away", 5, "8", 34),
    ("open the timesheet", 1, "4", 0),
    ("void what bills five entries", 5, "10", 37),
    ("import ten transfers, five of them certain", 25, "42", 148),
    ("apply a transfer by hand", 4, "5", 34),
    ("take that back", 6, "6", 27),
    ("a payout is the entry that came before it", 7, "9", 10),
    ("issue in another currency", 5, "6", 26),
    ("webhook: paid in another currency", 4, "6", 25),
    ("make a subscription", 3, "3", 13),
    ("activate it", 4, "3", 14),
    ("subscriptions: nothing due", 4, "2", 0),
    ("subscriptions: a period is billed and sent", 10, "8", 33),
    ("subscriptions: eight periods of one agency", 31, "43", 250),
    ("ask for the approval of an estimate", 3, "2", 15),
    ("read and approve it", 4, "3", 15),
    ("decline an offer", 3, "6", 13),
    ("take an offer back", 4, "3", 15),
    ("ask for the approval of a subscription", 3, "2", 11),
    ("read and approve that", 4, "3", 11),
    ("announce a file", 2, "1", 7),
    ("complete it, once it is there", 3, "2", 7),
    ("revise an estimate", 4, "3", 13),
    ("send what supersedes it", 4, "6", 20),
    ("verify an estimate", 2, "3", 0),
    ("reach a milestone", 3, "4", 11),
    ("read the audit log of a day, five entries", 2, "5.5", 0),
    ("seal a day of five entries", 9, "9.5", 1),
    ("promise to pay, on the page", 3, "4", 9),
    ("pause an invoice's follow-ups", 3, "4", 11),
    ("look at an invoice's follow-ups", 2, "3", 0),
    ("an invoice as XML", 1, "3", 0),
    ("the overview, of two open invoices", 10, "7.5", 0),
    ("the same with the money of twelve months", 21, "18.5", 0),
    ("an e-invoice is handed over", 3, "4", 5),
    (
        "subscriptions: a retainer's period, with five entries",
        14,
        "19.5",
        57,
    ),
    ("a client's billing day, with five entries", 18, "22.5", 53),
    ("issue where a late fee is agreed", 4, "5", 34),
    ("late fees: nothing due", 4, "2", 0),
    ("late fees: a month of interest is charged", 11, "11", 29),
    ("make a project", 3, "2", 9),
    ("close a project, with thanks", 4, "4", 12),
    ("uphold a disputed line", 3, "5", 18),
    ("disable a member", 3, "2", 7),
    ("make a key for one project", 4, "3", 9),
    ("set an invoice as a file", 1, "3", 0),
    ("ask for that file", 1, "3", 0),
    ("read an estimate and send it back", 4, "3", 15),
    ("send five entries back", 3, "6", 24),
    ("look at the agency's own words", 1, "2", 0),
    ("look at them about an invoice", 2, "5", 0),
    ("try them out", 2, "2", 5),
    ("mail that tries them leaves", 4, "4", 5),
    ("reminders: an offer that ends soon is told", 9, "9", 13),
    ("subscriptions: a charge that is near is told", 8, "6", 12),
    ("mail of that notice leaves", 3, "6", 5),
    ("read a statement of account", 4, "5.5", 0),
    ("send a statement of account", 5, "5.5", 5),
    ("mail of a statement leaves", 6, "8.5", 5),
    ("ask for a link to sign in", 3, "2", 5),
    ("mail of that link leaves", 3, "3", 5),
    ("sign in", 2, "1", 1),
    ("see all documents", 10, "9.5", 0),
    ("statements: nothing due", 4, "2", 0),
    ("statements: one client's is made", 12, "9", 5),
    ("ask for an export of a client", 3, "2", 8),
    ("look how far it is", 1, "1", 0),
    ("erase a contact", 7, "6.5", 13),
    ("all of a life, from draft to receipt", 23, "36", 81),
];

#[tokio::test]
async fn every_use_case_costs_what_is_pinned_and_little_more_than_the_least() {
    let costs = measure().await;
    let table = table(&costs);
    println!("{table}");

    let pinned: Vec<_> = PINNED
        .iter()
        .map(|(name, requests, read, write)| (*name, *requests, read.parse().unwrap(), *write))
        .collect();
    let measured: Vec<(&str, u64, Decimal, u64)> = costs
        .iter()
        .map(|cost| (cost.name, cost.requests, cost.read_units, cost.write_units))
        .collect();
    assert_eq!(measured, pinned);
    for cost in &costs {
        let Cost { name, least, .. } = cost;
        // In fifths, as there are no floats.
        assert!(
            5 * cost.requests <= 6 * least.requests,
            "{name}: {} requests where {} would do",
            cost.requests,
            least.requests
        );
        assert!(
            5 * cost.write_units <= 6 * least.write_units,
            "{name}: {} write units where {} would do",
            cost.write_units,
            least.write_units
        );
    }
    assert!(
        ARCHITECTURE.contains(&table),
        "ARCHITECTURE.md shows another table than this one:\n{table}"
    );
}

/// The table of ARCHITECTURE.md: measured and, behind a stroke, the least.
fn table(costs: &[Cost]) -> String {
    let mut text = String::from(
        "| use case | requests | least | read units | least | write units | least |\n\
         | --- | --- | --- | --- | --- | --- | --- |\n",
    );
    for cost in costs {
        let Cost { name, least, .. } = cost;
        let reads = (cost.read_units.normalize(), least.read_units.normalize());
        text.push_str(&format!(
            "| {name} | {} | {} | {} | {} | {} | {} |\n",
            cost.requests, least.requests, reads.0, reads.1, cost.write_units, least.write_units,
        ));
    }
    text
}
