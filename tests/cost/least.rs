//! The least that each use case needs, as a list of what must be read and written.
//!
//! What the lists take for granted is what the design names: a document that never changes apart
//! from its small standing; double entry; a counter without gaps; a delivery for each mail, claimed
//! and settled; an attempt for each call to a provider; a receipt for each `Idempotency-Key`; lists
//! by client, status and date; whatever must follow as a due item. Each of them is one item in the
//! kilobytes that its facts take, and it is in an index only where a list or a sweep looks for it.
//!
//! Prices: a strongly consistent read is a request and a unit for each item of up to 4 KB, a query of an
//! index half a unit. A write is a unit for each KB, twice that in a transaction; each place in an
//! index is a unit to enter and a unit to leave, and a move is both.

use rust_decimal::Decimal;

use crate::life::LINES;

/// The least of one use case.
#[derive(Debug, Clone, Default)]
pub struct Least {
    pub requests: u64,
    pub read_units: Decimal,
    pub write_units: u64,
}

/// An item that is written: what it is, its KB, and the index places that it enters or leaves.
type Item = (&'static str, u64, u64);

/// Invoices of the month, none of them credited yet.
const ISSUED_BY_THEN: u64 = 9;

const DELIVERY: Item = ("delivery, due for the sweep", 1, 1);
/// Five accepted lines, two milestones and the taxes that are billed of them.
const SCOPE: Item = ("scope of the project", 2, 0);
/// What becomes of it moves it among others of its state.
const ENTRY: Item = ("entry: its state moves", 1, 2);
/// The first of several says what became of all.
const FIRST_ENTRY: Item = ("entry: its state moves, with the event", 2, 2);
/// Money that came on an earlier day is booked on that day, if the books are still open there.
const OPEN: Item = ("account: the day is open", 1, 0);
const LEDGER: Item = ("ledger entry", 1, 0);
/// Whole invoices are answered: packed, the answer takes its own kilobyte.
const RECEIPT_OF_INVOICE: Item = ("receipt with the packed answer", 2, 0);
const RECEIPT: Item = ("receipt", 1, 0);
const FILE: Item = ("file", 1, 0);
/// What the bank says and how to place it is answered.
const RECEIPT_OF_ENTRY: Item = ("receipt with the packed entry", 2, 0);
/// The facts of five lines with both parties; see `LINES`.
const DOCUMENT_KB: u64 = 2;

impl Least {
    fn nothing() -> Self {
        Self::default()
    }

    /// One request for so many items, strongly consistent.
    fn reads(mut self, items: u64) -> Self {
        self.requests += 1;
        self.read_units += Decimal::from(items);
        self
    }

    /// One query of an index.
    fn query(mut self) -> Self {
        self.requests += 1;
        self.read_units += Decimal::new(5, 1);
        self
    }

    /// The audit log of so many documents that it changes: the newest entry of each is read, and one more
    /// written, listed by time.
    fn logged(mut self, documents: u64) -> Self {
        self.requests += documents;
        self.read_units += Decimal::from(documents);
        self.write_units += documents * 3;
        self
    }

    /// The ledger's entries of a month, strongly consistent: a unit for four kilobytes.
    fn month(mut self, units: u64) -> Self {
        self.requests += 1;
        self.read_units += Decimal::from(units);
        self
    }

    /// One item alone.
    fn put(mut self, (_, kilobytes, places): Item) -> Self {
        self.requests += 1;
        self.write_units += kilobytes + places;
        self
    }

    /// All or nothing.
    fn transaction(mut self, items: &[Item]) -> Self {
        self.requests += 1;
        let units = items
            .iter()
            .map(|(_, kilobytes, places)| 2 * kilobytes + places);
        self.write_units += units.sum::<u64>();
        self
    }
}

/// The least of a use case by its name in the table.
pub fn least(use_case: &str) -> Least {
    assert_eq!(LINES, 5, "the kilobytes here are those of five lines");
    // Listed by client, by status and by day.
    let draft: Item = ("draft", DOCUMENT_KB, 3);
    // By client, by state and by day.
    let estimate: Item = ("estimate with its draft", 3, 3);
    let change_order: Item = ("change order with its draft", 2, 3);
    let issue: [Item; 4] = [
        // A draft's three places go: what lists of invoices look for is the standing.
        ("document, final", DOCUMENT_KB, 3),
        ("standing: client, status, day, reminder", 1, 4),
        LEDGER,
        ("counter", 1, 0),
    ];
    // What each line bills of what was agreed is part of the document; the scope knows it too.
    let scoped: Vec<Item> = issue
        .iter()
        .map(|item| match item.0 {
            "document, final" => ("document with its statement", DOCUMENT_KB + 1, 3),
            _ => *item,
        })
        .chain([("scope, with what is billed", 3, 0)])
        .collect();
    // Neither its places nor its reminder change.
    let sent: Item = ("standing: sent", 1, 0);
    // From open to paid or void, and out of what is due for a reminder.
    let settled: Item = ("standing: settled", 1, 3);
    let payment: Item = ("payment: client, day", 1, 2);
    let paid_online: [Item; 5] = [
        ("payment: client, day, the fee to ask for", 2, 3),
        settled,
        LEDGER,
        DELIVERY,
        ("attempt: paid", 1, 1),
    ];
    let claim_and_settle = |least: Least| {
        // Due at the end of the lease instead of at once; and no more.
        least
            .put(("delivery, claimed", 1, 2))
            .put(("delivery, settled", 1, 1))
    };
    let from = Least::nothing();
    match use_case {
        "authorizer" => from.reads(1),
        // Which team it is, only the key says: two reads, one behind the other.
        "authorizer, a member's key" => from.reads(1).reads(1),
        // The same of an identity, whose member the roster knows.
        "authorizer, a token" => from.reads(1).reads(1),
        // The member, and whether the identity is anybody's.
        "link an identity" => {
            let identity: Item = ("identity", 1, 0);
            let team: Item = ("team", 1, 0);
            from.reads(1)
                .reads(1)
                .transaction(&[team, identity, RECEIPT])
                .logged(1)
        }
        "invite somebody" => {
            let team: Item = ("team", 1, 0);
            let invitation: Item = ("invitation, by its hash", 1, 0);
            from.reads(1)
                .transaction(&[team, invitation, DELIVERY, RECEIPT])
                .logged(1)
        }
        "mail of an invitation leaves" => claim_and_settle(from.reads(3)),
        // Whose it is, only the invitation says: then the team, and the agency's words.
        "accept it on its page" => {
            let team: Item = ("team", 1, 0);
            from.reads(1)
                .reads(2)
                .transaction(&[team, ("key", 1, 0), ("key, by its hash", 1, 0)])
                // Of the team and of the key.
                .logged(2)
        }
        // The client's currency and terms, the agency's day.
        "create a draft, without key" => from.reads(2).transaction(&[draft]).logged(1),
        "create a draft" => from
            .reads(2)
            .transaction(&[draft, RECEIPT_OF_INVOICE])
            .logged(1),
        // The draft names the client and the agency the series: two reads, one behind the other.
        "issue, without key" => from.reads(2).reads(2).transaction(&issue).logged(1),
        "issue" => from
            .reads(2)
            .reads(2)
            .transaction(&with(&issue, &[RECEIPT_OF_INVOICE]))
            .logged(1),
        "issue and send" => from
            .reads(2)
            .reads(2)
            .transaction(&with(&issue, &[DELIVERY, RECEIPT_OF_INVOICE]))
            .logged(1),
        // Whom it goes to is known from the invoice: again two reads.
        "send again" => from
            .reads(3)
            .reads(1)
            .transaction(&[sent, DELIVERY, RECEIPT])
            .logged(1),
        // It moves to another due day, and its reminder with it.
        "agree on instalments" => from
            .reads(3)
            .transaction(&[
                ("standing with its parts", 2, 4),
                DELIVERY,
                RECEIPT_OF_INVOICE,
            ])
            .logged(1),
        // The invoice names client and series; what it comes to goes with its day of issue to a list.
        "credit an invoice" => from
            .reads(3)
            .reads(2)
            .transaction(&[
                ("credit note: day", 2, 1),
                ("standing: credited", 1, 0),
                LEDGER,
                ("counter", 1, 0),
                DELIVERY,
                RECEIPT_OF_INVOICE,
            ])
            .logged(1),
        "write off what is left" => from
            .reads(3)
            .transaction(&[settled, LEDGER, RECEIPT_OF_INVOICE])
            .logged(1),
        // The payment by its id, then itself; the account and the invoice.
        "give a payment back by hand" => from
            .reads(1)
            .reads(1)
            .reads(2)
            .transaction(&[
                ("payment with its refund", 2, 0),
                ("standing: open again", 1, 3),
                LEDGER,
                RECEIPT,
            ])
            .logged(1),
        // The client, its payments with a balance, and these themselves; account and invoice; the balance.
        // The payment, and what its entry stands on: the account and the rate of its invoice.
        "ask a provider for its fee" => from
            .reads(1)
            .reads(2)
            .transaction(&[("payment: nothing to ask for", 2, 1), LEDGER]),
        // What makes it once, what the bank's entry is looked for by, and when that is.
        "webhook: paid out" => from.reads(1).put(("payout: open, to be looked for", 1, 2)),
        "issue where a client without balance has it applied" => from
            .reads(2)
            .reads(2)
            .reads(1)
            .transaction(&[issue[0], issue[1], issue[2], issue[3], RECEIPT_OF_INVOICE])
            .logged(1),
        // Whether there is a balance; its payments, and these themselves.
        "issue, with a balance applied" => from
            .reads(2)
            .reads(2)
            .reads(1)
            .query()
            .reads(1)
            .transaction(&[
                issue[0],
                ("standing, with its payment", 2, 4),
                issue[2],
                issue[3],
                (
                    "payment: no balance any more, a statement may show it",
                    2,
                    2,
                ),
                LEDGER,
                ("balance", 1, 0),
                RECEIPT_OF_INVOICE,
            ])
            .logged(1),
        "apply a balance" => from
            .reads(1)
            .query()
            .reads(1)
            .reads(2)
            .reads(1)
            .transaction(&[
                ("payment: no balance any more", 1, 1),
                ("standing", 2, 0),
                LEDGER,
                ("balance", 1, 0),
                RECEIPT,
            ])
            .logged(1),
        // Document, standing, account, client and delivery; and what words the agency has for it.
        "mail of an invoice leaves" | "receipt leaves" => claim_and_settle(from.reads(7)),
        // Whose invoice it is, and so how that client may pay it, only the standing says.
        "view the page" => from.reads(4).reads(1),
        // One partition holds invoice and attempts; then agency and client.
        "press the pay button" => from
            .reads(1)
            .reads(2)
            .put(("attempt, due for the janitor", 1, 1))
            .put(("attempt with its page, due when that ends", 1, 2)),
        "webhook: paid" => from.reads(4).transaction(&paid_online).logged(1),
        // One rate more, by its day; it stands on document, standing and payment.
        "issue in another currency" => from
            .reads(2)
            .reads(2)
            .reads(1)
            .transaction(&with(&issue, &[RECEIPT_OF_INVOICE]))
            .logged(1),
        // Itself; its place among those of its state moves.
        "ask for the approval of an estimate" => from
            .reads(1)
            .transaction(&[("estimate, which waits", 3, 2), RECEIPT_OF_INVOICE])
            .logged(1),
        // It is read for its hash, and again.
        "read and approve it" => from
            .reads(1)
            .reads(1)
            .transaction(&[("estimate, approved", 3, 2), RECEIPT_OF_INVOICE])
            .logged(1),
        // What proves the link decides as well.
        "decline an offer" => from
            .reads(5)
            .transaction(&[
                ("estimate: its state moves, no notice is due", 1, 3),
                DELIVERY,
            ])
            .logged(1),
        // Only the version that was sent says who is told.
        "take an offer back" => from
            .reads(1)
            .reads(1)
            .transaction(&[
                ("estimate: its state moves, no notice is due", 1, 3),
                DELIVERY,
                RECEIPT,
            ])
            .logged(1),
        "ask for the approval of a subscription" => from
            .reads(1)
            .transaction(&[("subscription, which waits", 2, 0), RECEIPT_OF_INVOICE])
            .logged(1),
        "read and approve that" => from
            .reads(1)
            .reads(1)
            .transaction(&[("subscription, approved", 2, 0), RECEIPT_OF_INVOICE])
            .logged(1),
        // Agency and client. Listed by client and by status.
        "make a subscription" => from
            .reads(2)
            .transaction(&[("subscription, a draft", 2, 2), RECEIPT_OF_INVOICE])
            .logged(1),
        // The agency's policy; its place among those of its status moves, and it is due.
        "activate it" => from
            .reads(1)
            .reads(1)
            .transaction(&[("subscription: active", 2, 3), RECEIPT_OF_INVOICE])
            .logged(1),
        // Each of the four shards is looked at.
        "subscriptions: nothing due" => from.query().query().query().query(),
        // Itself; agency and client; the counter. The invoice was no draft before.
        "subscriptions: a period is billed and sent" => least("subscriptions: nothing due")
            .reads(1)
            .reads(2)
            .reads(1)
            .transaction(&[
                ("document, final", DOCUMENT_KB, 0),
                ("standing: client, status, day, reminder", 1, 4),
                LEDGER,
                ("counter", 1, 0),
                DELIVERY,
                ("subscription: the next period", 2, 2),
                ("period, billed", 1, 0),
            ])
            .logged(2),
        // Each is of another client; numbers of one counter.
        "subscriptions: eight periods of one agency" => {
            let mut items = vec![("counter", 1, 0)];
            for _ in 0..8 {
                items.extend([
                    ("document, final", DOCUMENT_KB, 0),
                    ("standing: client, status, day, reminder", 1, 4),
                    LEDGER,
                    DELIVERY,
                    ("subscription: the next period", 2, 2),
                    ("period, billed", 1, 0),
                ]);
            }
            let found = least("subscriptions: nothing due").reads(8);
            let found = (0..8).fold(found, |found, _| found.reads(2));
            found.reads(1).transaction(&items).logged(16)
        }
        "announce a file" => from.transaction(&[FILE, RECEIPT]).logged(1),
        "complete it, once it is there" => from.reads(1).transaction(&[FILE, RECEIPT]).logged(1),
        // The version that was sent, which the estimate names, is what is written on.
        "revise an estimate" => from
            .reads(1)
            .reads(1)
            .transaction(&[("estimate with its draft", 3, 0), RECEIPT_OF_INVOICE])
            .logged(1),
        // As the first time, with the number that it has.
        "send what supersedes it" => from
            .reads(3)
            .reads(2)
            .transaction(&[
                ("estimate: its draft goes", 3, 0),
                ("version as it was sent", 3, 0),
                DELIVERY,
                RECEIPT,
            ])
            .logged(1),
        // Estimate and acceptance, and the version that this one names.
        "ask for an export of a client" => from
            .reads(1)
            .transaction(&[("export, due for the janitor", 1, 1), RECEIPT])
            .logged(1),
        "look how far it is" => from.reads(1),
        // The client and what was asked before; its estimates; the contact's ways, and where they lead.
        "erase a contact" => from
            .reads(2)
            .query()
            .reads(1)
            .reads(1)
            .transaction(&[
                ("client", 1, 0),
                ("erasure, due for the janitor", 1, 1),
                RECEIPT,
            ])
            .logged(2),
        "verify an estimate" => from.reads(2).reads(1),
        "read the audit log of a day, five entries" => from.query().reads(5),
        // Each shard of the accounts; the account that is there, its last seal, the entries of the day.
        "seal a day of five entries" => from
            .query()
            .query()
            .query()
            .query()
            .reads(1)
            .reads(1)
            .query()
            .reads(5)
            .put(("seal", 1, 0)),
        // What proves the link is what is promised about.
        "promise to pay, on the page" => from
            .reads(3)
            .transaction(&[("standing with the promise and its event", 2, 2)])
            .logged(1),
        "pause an invoice's follow-ups" => from
            .reads(3)
            .transaction(&[
                ("standing: paused, its reminder moves", 1, 2),
                RECEIPT_OF_INVOICE,
            ])
            .logged(1),
        // Document, standing and mail lie together; then agency and client.
        "look at an invoice's follow-ups" => from.month(1).reads(2),
        // Its document, what settled it as it was issued, and the agency's accounts to pay to.
        "an invoice as XML" => from.reads(3),
        // Where it stands, the document, its standing, and the agency's accounts to pay to.
        "an e-invoice is handed over" => claim_and_settle(from.reads(4)),
        // The agency; what is open, and what was offered; the month's ledger; five places of what waits.
        "the overview, of two open invoices" => {
            let known = from.reads(1).query().reads(2).query().month(1);
            (0..5).fold(known, |sum, _| sum.query())
        }
        // Of each month that has nothing too, somebody has to ask.
        "the same with the money of twelve months" => {
            let one = least("the overview, of two open invoices");
            (0..11).fold(one, |sum, _| sum.month(1))
        }
        // As any period, with the project; the work that waits, and what is agreed about it.
        "subscriptions: a retainer's period, with five entries" => {
            least("subscriptions: nothing due")
                .reads(1)
                .reads(4)
                .query()
                .reads(5)
                .reads(2)
                .reads(1)
                .transaction(&with(
                    &five(ENTRY),
                    &[
                        ("document, final", DOCUMENT_KB, 0),
                        ("standing: client, status, day, reminder", 1, 4),
                        LEDGER,
                        ("counter", 1, 0),
                        DELIVERY,
                        ("subscription: the next period", 2, 2),
                        ("period, billed", 1, 0),
                        ("sheet", DOCUMENT_KB, 0),
                    ],
                ))
                .logged(2)
        }
        // The cycle; client and account; the client's subscriptions; what is ready on its projects, and what is
        // agreed about it; the counter.
        "a client's billing day, with five entries" => least("subscriptions: nothing due")
            .reads(1)
            .reads(2)
            .query()
            .query()
            .reads(1)
            .reads(1)
            .query()
            .reads(5)
            .reads(2)
            .reads(1)
            .transaction(&with(
                &five(ENTRY),
                &[
                    ("document, final", DOCUMENT_KB, 0),
                    ("standing: client, status, day, reminder", 1, 4),
                    LEDGER,
                    ("counter", 1, 0),
                    DELIVERY,
                    ("cycle: its next day", 1, 2),
                    ("sheet", DOCUMENT_KB, 0),
                ],
            ))
            .logged(2),
        // The fees, due.
        "issue where a late fee is agreed" => from
            .reads(2)
            .reads(2)
            .transaction(&with(
                &issue,
                &[DELIVERY, RECEIPT_OF_INVOICE, ("fees: due", 1, 1)],
            ))
            .logged(1),
        "late fees: nothing due" => from.query().query().query().query(),
        // Themselves; agency, document of two kilobytes, standing and client; all fees of the invoice; the counter. The
        // invoice that charges was no draft before; what it is charged of is looked at once more.
        "late fees: a month of interest is charged" => least("late fees: nothing due")
            .reads(1)
            .reads(4)
            .reads(1)
            .reads(1)
            .transaction(&[
                ("document, final, of one line", 2, 0),
                ("standing: client, status, day, reminder", 1, 4),
                LEDGER,
                ("counter", 1, 0),
                DELIVERY,
                ("fees: due after the next period", 1, 2),
                ("standing, checked", 1, 0),
            ])
            .logged(2),
        // Account and client, its balances, and its invoices.
        "read a statement of account" => from.reads(2).month(1).query().reads(2),
        "send a statement of account" => {
            least("read a statement of account").transaction(&[DELIVERY, RECEIPT])
        }
        // The delivery, who writes to whom in which words; balances and invoices.
        "mail of a statement leaves" => claim_and_settle(from.reads(5).month(1).query().reads(2)),
        "statements: nothing due" => from.query().query().query().query(),
        // Themselves; how far they are and the agency; its clients, and the invoices of one.
        "statements: one client's is made" => least("statements: nothing due")
            .reads(1)
            .reads(2)
            .query()
            .reads(1)
            .query()
            .reads(2)
            .put(DELIVERY)
            .put(("statements: due in the next month", 1, 2)),
        // Project and scope, and which day it is at the agency's; the whole scope is answered.
        "reach a milestone" => from
            .reads(3)
            .transaction(&[SCOPE, ("receipt with the packed scope", 2, 0)])
            .logged(1),
        // How the contact gets in and where it leads, and its clients.
        "ask for a link to sign in" => from
            .query()
            .reads(1)
            .transaction(&[("how it gets in", 1, 0), DELIVERY]),
        "mail of that link leaves" => claim_and_settle(from.reads(3)),
        // The same, and whether it counts.
        "sign in" => from.reads(1).put(("how it gets in", 1, 0)),
        // That, the agency, the client's balances, what it lets be charged; two invoices, no estimate, one project.
        "see all documents" => from
            .query()
            .reads(2)
            .month(1)
            .month(1)
            .query()
            .reads(2)
            .query()
            .query()
            .reads(1),
        // Of a client who is in use; by client and by state.
        "make a project" => from
            .reads(1)
            .transaction(&[("project", 1, 2), RECEIPT])
            .logged(1),
        // Whose it is, it says itself; then whether its client is thanked. Its state moves.
        "close a project, with thanks" => from
            .reads(1)
            .reads(2)
            .transaction(&[("project, closed", 1, 2), DELIVERY, RECEIPT])
            .logged(1),
        // Document, standing, agency, and what was said; its thread is answered.
        "uphold a disputed line" => from
            .reads(4)
            .transaction(&[
                ("standing with a dispute and its event", 2, 0),
                ("thread, answered", 1, 2),
                DELIVERY,
                RECEIPT_OF_INVOICE,
            ])
            .logged(1),
        "disable a member" => from
            .reads(1)
            .transaction(&[("team", 1, 0), RECEIPT])
            .logged(1),
        // The project that it is for; the keys there are, as so many may be in use.
        "make a key for one project" => from
            .reads(1)
            .reads(1)
            .transaction(&[("key", 1, 0), ("key, by its hash", 1, 0), RECEIPT])
            .logged(1),
        // Account and words; about an invoice that, document and standing, which says whose words.
        "look at the agency's own words" => from.reads(2),
        "look at them about an invoice" => from.reads(3).reads(2),
        // The account, and to whom it goes.
        "try them out" => from.reads(2).transaction(&[DELIVERY, RECEIPT]),
        // Which client's words they are, only the mail says: none here. Then account, team and words.
        "mail that tries them leaves" => claim_and_settle(from.reads(1).reads(3)),
        "reminders: an offer that ends soon is told" => least("reminders: nothing due")
            .reads(1)
            .reads(5)
            .transaction(&[
                ("estimate: no notice is due", 2, 1),
                ("delivery, claimed", 1, 1),
            ])
            .put(("delivery, settled", 1, 1))
            .logged(1),
        // Account and client.
        "subscriptions: a charge that is near is told" => least("subscriptions: nothing due")
            .reads(1)
            .reads(2)
            .transaction(&[("subscription: its bill is due", 2, 2), DELIVERY])
            .logged(1),
        // Subscription, account, client and delivery, and both words.
        "mail of that notice leaves" => claim_and_settle(from.reads(6)),
        "read an estimate and send it back" => least("read and approve it"),
        // The entries, and the team.
        "send five entries back" => from
            .reads(5)
            .reads(1)
            .transaction(&with(&five(FIRST_ENTRY), &[RECEIPT])),
        "webhook: paid in another currency" => {
            from.reads(4).reads(1).transaction(&paid_online).logged(1)
        }
        "the same webhook again" => from.reads(4),
        "open pages are closed" => from.reads(1),
        // The attempts of the invoice, one of which says so; and whether it is known.
        "what was paid with is kept" => from
            .reads(1)
            .reads(1)
            .reads(1)
            .transaction(&[("attempt: kept", 1, 1), ("saved method", 1, 0)]),
        // Invoice and attempts, agency and client, methods; pages that are open; what changed since; and
        // what the provider said of the payment, which nobody had heard of.
        "charge a saved method" => from
            .reads(1)
            .reads(2)
            .reads(1)
            .transaction(&[
                ("attempt, due for the janitor", 1, 1),
                ("standing: on its way", 1, 0),
                ("method: active", 1, 0),
                RECEIPT,
            ])
            .logged(1)
            .reads(1)
            .reads(3)
            .reads(4)
            .transaction(&paid_online)
            .logged(1)
            .reads(1),
        "record a payment by hand" => from
            .reads(4)
            .transaction(&[payment, settled, LEDGER, DELIVERY, RECEIPT])
            .logged(1),
        "void" => from
            .reads(3)
            .transaction(&[settled, LEDGER, DELIVERY, RECEIPT_OF_INVOICE])
            .logged(1),
        // Each of the four shards is looked at.
        "reminders: nothing due" => from.query().query().query().query(),
        "reminders: one due" => least("reminders: nothing due")
            .reads(1)
            .reads(5)
            .transaction(&[
                ("standing: the next step", 1, 2),
                ("delivery, claimed", 1, 1),
            ])
            .put(("delivery, settled", 1, 1))
            .logged(1),
        "event-publisher" => from,
        "list ten invoices" => from.query().reads(20),
        // The project names the client: two reads, one behind the other.
        "write an estimate" => from
            .reads(1)
            .reads(1)
            .transaction(&[estimate, RECEIPT_OF_INVOICE])
            .logged(1),
        // The estimate names its client and its project. A change costs the larger of what was
        // there and what is: the content moves to the version, and its kilobytes are paid twice.
        "send an estimate" => from
            .reads(3)
            .reads(3)
            .transaction(&[
                (
                    "estimate: its draft goes, its state moves, its notice is due",
                    3,
                    3,
                ),
                ("version as it was sent", 3, 0),
                ("counter", 1, 0),
                DELIVERY,
                RECEIPT,
            ])
            .logged(1),
        // The code and the acceptance stand with it.
        "mail of an estimate leaves" => claim_and_settle(from.reads(8)),
        "view the page of an offer" => from.reads(6),
        "ask for a code to sign" => from
            .reads(5)
            .transaction(&[("signing code", 1, 0), DELIVERY]),
        // The document as it was hashed is kept with the acceptance.
        // Which project it is for, only the version says: its scope is a read of its own.
        "sign: accepted" => from
            .reads(5)
            .reads(1)
            .transaction(&[
                ("estimate: its state moves, no notice is due", 2, 3),
                ("signing code, used", 1, 0),
                ("acceptance with its document", 4, 0),
                SCOPE,
                DELIVERY,
                DELIVERY,
            ])
            .logged(2),
        // What it changes is in the scope of its project: one read more, as the project names the
        // scope as it names the client.
        "write a change order" => from
            .reads(2)
            .reads(1)
            .transaction(&[change_order, RECEIPT_OF_INVOICE])
            .logged(1),
        // The draft says that it changes something: the scope is read with client and project.
        "send a change order" => from
            .reads(3)
            .reads(4)
            .transaction(&[
                (
                    "change order: its draft goes, its state moves, its notice is due",
                    2,
                    3,
                ),
                ("version as it was sent", 2, 0),
                ("counter", 1, 0),
                DELIVERY,
                RECEIPT,
            ])
            .logged(1),
        "sign: changed" => from
            .reads(5)
            .reads(1)
            .transaction(&[
                ("change order: its state moves, no notice is due", 2, 3),
                ("signing code, used", 1, 0),
                ("acceptance with its document", 4, 0),
                SCOPE,
                DELIVERY,
                DELIVERY,
            ])
            .logged(2),
        // Client and account, the client's projects, the scope of the one that there is, and the work
        // that waits.
        "look what is ready" => from.reads(2).query().reads(1).reads(1).query(),
        // The draft is priced as any: client, account, project and scope.
        "gather what is ready" => from
            .reads(2)
            .query()
            .reads(1)
            .reads(1)
            .query()
            .reads(4)
            .transaction(&[("draft with its statement", 3, 3), RECEIPT_OF_INVOICE])
            .logged(1),
        // The settings, and the team whose members they name.
        // The account; whether they are known; each is listed by status.
        "take over ten clients" => {
            let mut wanted = vec![("client", 1, 1); 10];
            wanted.push(RECEIPT);
            // One transaction has no room for the ways to forty of them.
            from.reads(1)
                .reads(10)
                .transaction(&[("the way from a contact", 1, 0); 10])
                .logged(10)
                .transaction(&wanted)
        }
        "set rates" => from
            .reads(2)
            .transaction(&[("settings", 1, 0), RECEIPT])
            .logged(1),
        // Project, scope and tasks.
        "note time" => from.reads(3).transaction(&[("entry", 1, 3), RECEIPT]),
        "submit five entries" => from
            .reads(5)
            .transaction(&with(&five(FIRST_ENTRY), &[RECEIPT])),
        // Which project they are on, only the entries say: it, its scope and rates, the account's, the team.
        "approve five entries" => from
            .reads(5)
            .reads(5)
            .transaction(&with(&five(FIRST_ENTRY), &[RECEIPT])),
        "list five entries" => from.query().reads(5),
        // As without, each entry, and what is agreed about their project.
        "look what is ready, with five entries" => least("look what is ready").reads(5).reads(2),
        // The document says that there is a sheet, and that which entries are on it.
        "throw their draft away" => from
            .reads(1)
            .reads(1)
            .reads(5)
            .transaction(&with(&five(ENTRY), &[draft, ("sheet", DOCUMENT_KB, 0)]))
            .logged(1),
        // As any gathering, with the work that waits, and what is agreed about its project.
        "gather five entries" => from
            .reads(2)
            .query()
            .reads(1)
            .reads(1)
            .query()
            .reads(5)
            .reads(2)
            .reads(4)
            .transaction(&with(
                &five(ENTRY),
                &[draft, ("sheet", DOCUMENT_KB, 0), RECEIPT_OF_INVOICE],
            ))
            .logged(1),
        // The document, its standing and the account: what is set is in the bucket.
        "set an invoice as a file" | "ask for that file" => from.reads(3),
        // What the page shows, and the sheet.
        "open the timesheet" => from.reads(4),
        // The document says that there is a sheet, and that which entries are on it.
        "void what bills five entries" => from
            .reads(3)
            .reads(1)
            .reads(5)
            .transaction(&with(
                &five(ENTRY),
                &[settled, LEDGER, DELIVERY, RECEIPT_OF_INVOICE],
            ))
            .logged(1),
        "set the codes of the ledger" => from.reads(1).transaction(&[("codes", 1, 0)]).logged(1),
        // Account and client, and the entries of the month before and of this one.
        "ledger of a client, the second month" => from.reads(2).month(1).month(2),
        // The account, the month's entries, and the invoices that they name.
        "taxes of a month, as issued" => from.reads(1).month(2).reads(ISSUED_BY_THEN),
        // Account and codes, the month's entries, what they name, and the client's name.
        "journal of a month for DATEV" => from.reads(2).month(2).reads(ISSUED_BY_THEN).reads(1),
        "totals of a project, of eleven invoices" => from.reads(1).query().reads(11),
        // What proves the link, and the thread.
        "ask a question" => from
            .reads(5)
            .reads(1)
            .transaction(&[("thread", 1, 1), DELIVERY])
            .logged(1),
        // What proves the link, and the thread; what pauses is part of the standing.
        "dispute a line" => from
            .reads(3)
            .reads(1)
            .transaction(&[
                ("standing with a dispute and its event", 2, 0),
                ("thread", 1, 1),
                DELIVERY,
            ])
            .logged(1),
        // Thread and estimate; the version that the estimate names.
        "answer it" => from
            .reads(2)
            .reads(1)
            .transaction(&[("thread, answered", 1, 2), DELIVERY, RECEIPT])
            .logged(1),
        // Estimate, account, team, thread and file; the version that the estimate names.
        "take in an answer by mail" => from
            .reads(5)
            .reads(1)
            .transaction(&[("thread", 1, 1), ("file", 1, 0), DELIVERY])
            .logged(2),
        // Account, estimate, version and file; the scope of the project that the version names.
        "accept elsewhere" => from
            .reads(4)
            .reads(1)
            .transaction(&[
                ("estimate: its state moves, no notice is due", 2, 3),
                ("acceptance with its document", 4, 0),
                ("scope of three offers", 5, 0),
                DELIVERY,
                RECEIPT,
            ])
            .logged(2),
        // The statement names file, account and banks; what is open, whose it is, who was learned, what was
        // recorded, what was paid out; which entries are known. Then each that is certain, beside its invoice.
        "import ten transfers, five of them certain" => {
            let certain = [
                payment,
                settled,
                LEDGER,
                DELIVERY,
                ("entry: state", 1, 1),
                OPEN,
            ];
            let waiting: Item = ("entry: state", 1, 1);
            let mut batch = vec![waiting; 5];
            batch.push(("statement, not due any more", 1, 1));
            let mut least = from.reads(1).reads(2).query().reads(6).reads(1);
            least = least.query().query().query().reads(10);
            for _ in 0..5 {
                least = least.reads(3).transaction(&certain).logged(1);
            }
            least.transaction(&batch)
        }
        // Itself; what waits, and what else is open; the account whose day is open.
        "a payout is the entry that came before it" => from
            .reads(1)
            .query()
            .reads(5)
            .query()
            .reads(1)
            .reads(1)
            .transaction(&[
                ("payout: arrived, and not looked for any more", 1, 2),
                LEDGER,
                ("entry: its state moves", 1, 2),
            ]),
        // Whether the payer is known, only the entry and its invoice say.
        "apply a transfer by hand" => from
            .reads(3)
            .reads(1)
            .transaction(&[
                payment,
                settled,
                LEDGER,
                DELIVERY,
                ("entry: its state moves", 1, 2),
                ("payer, by client", 1, 1),
                OPEN,
                RECEIPT_OF_ENTRY,
            ])
            .logged(1),
        // The entry names the payment, that its invoices; and who was learned.
        "take that back" => from
            .reads(1)
            .reads(1)
            .reads(2)
            .reads(1)
            .transaction(&[
                ("payment, undone", 1, 0),
                settled,
                LEDGER,
                ("entry: its state moves", 1, 2),
                ("payer goes", 1, 1),
                RECEIPT_OF_ENTRY,
            ])
            .logged(1),
        "issue what was accepted" => from
            .reads(2)
            .reads(3)
            .transaction(&with(&scoped, &[RECEIPT_OF_INVOICE]))
            .logged(2),
        other => unreachable!("{other} has no least"),
    }
}

/// As many entries as there are lines, the first of them this.
fn five(first: Item) -> Vec<Item> {
    let mut items = vec![ENTRY; crate::work::ENTRIES];
    items[0] = first;
    items
}

fn with(items: &[Item], more: &[Item]) -> Vec<Item> {
    [items, more].concat()
}
