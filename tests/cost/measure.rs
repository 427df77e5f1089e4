//! Plays the main job once and counts what each use case takes.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use remit_embedded_table::EmbeddedTable;
use remit_store::schema::create_table;
use remit_store::{CapacityMeter, DynamoTable, Write, item};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::agency::{API_KEY, Agency, BASE_URL, MACHINES_KEY};
use crate::files::Files;
use crate::least::{Least, least};
use crate::life::Issued;
use crate::prices::Prices;
use crate::tap;
use crate::work::ENTRIES;

const TABLE: &str = "remit-cost-table";
const START: &str = "2026-11-24T09:00:00Z";

/// The use cases that an invoice goes through, if its client pays at once.
const LIFE: [&str; 8] = [
    "create a draft",
    "issue and send",
    "mail of an invoice leaves",
    "view the page",
    "press the pay button",
    "webhook: paid",
    "receipt leaves",
    "open pages are closed",
];

/// What a use case took.
pub struct Cost {
    pub name: &'static str,
    pub requests: u64,
    pub read_units: Decimal,
    pub write_units: u64,
    pub least: Least,
}

/// An agency whose table is metered.
struct Metered {
    agency: Agency,
    meter: Arc<CapacityMeter>,
    prices: Arc<Prices>,
    costs: Vec<Cost>,
}

impl Metered {
    async fn new(now: Timestamp) -> Self {
        let embedded = EmbeddedTable::memory().unwrap();
        let client = aws_sdk_dynamodb::Client::new(&embedded.sdk_config());
        assert_eq!(create_table(&client, TABLE).await, Ok(true));
        let meter = Arc::new(CapacityMeter::new());
        let table = DynamoTable::new(client, TABLE).with_meter(Arc::clone(&meter));
        let prices = Prices::on(Arc::new(table));
        meter.start("setup");
        let agency = Agency::over(Arc::clone(&prices) as _, now).await;
        let setup = meter.usage("setup").write_units;
        assert_eq!(setup, Decimal::from(prices.take()), "setting up");
        Self {
            agency,
            meter,
            prices,
            costs: Vec::new(),
        }
    }

    /// What is done from now on counts for this use case.
    fn begin(&self, name: &'static str) {
        self.meter.start(name);
    }

    /// What is done from now on counts for none.
    fn between(&self) -> Vec<Vec<Write>> {
        self.meter.start("between");
        self.prices.take();
        self.agency.tap.take()
    }

    /// Ends a use case; answers what it wrote.
    fn end(&mut self, name: &'static str) -> Vec<Vec<Write>> {
        let usage = self.meter.usage(name);
        let reckoned = Decimal::from(self.prices.take());
        // The engine counts what the price list says.
        assert_eq!(usage.write_units, reckoned, "{name}");
        self.costs.push(Cost {
            name,
            requests: usage.requests,
            read_units: usage.read_units,
            write_units: usage.write_units.try_into().unwrap(),
            least: least(name),
        });
        let written = self.between();
        show(name, &written);
        written
    }

    async fn issued(&self, send: bool) -> Issued {
        let draft = self.agency.draft(true).await;
        let issued = self.agency.issue(&draft, send, true).await;
        self.between();
        issued
    }
}

/// Plays the main job; answers the costs in the order of the table.
pub async fn measure() -> Vec<Cost> {
    let start: Timestamp = START.parse().unwrap();
    let mut metered = Metered::new(start).await;
    billing(&mut metered).await;
    paying(&mut metered, start).await;
    others(&mut metered, start).await;
    working(&mut metered, start).await;
    banking(&mut metered, start).await;
    dollars(&mut metered, start).await;
    subscribing(&mut metered, start).await;
    reviewing(&mut metered, start).await;
    superseding(&mut metered, start).await;
    recording(&mut metered, start).await;
    following_up(&mut metered, start).await;
    handing_over(&mut metered, start).await;
    by_itself(&mut metered, start).await;
    paying_late(&mut metered, start).await;
    deciding(&mut metered, start).await;
    telling(&mut metered, start).await;
    stating(&mut metered, start).await;
    taking_away(&mut metered, start).await;
    let whole = life(&metered.costs);
    metered.costs.push(whole);
    metered.costs
}

fn life(costs: &[Cost]) -> Cost {
    let parts = LIFE.map(|name| costs.iter().find(|cost| cost.name == name).unwrap());
    Cost {
        name: "all of a life, from draft to receipt",
        requests: parts.iter().map(|part| part.requests).sum(),
        read_units: parts.iter().map(|part| part.read_units).sum(),
        write_units: parts.iter().map(|part| part.write_units).sum(),
        least: Least {
            requests: parts.iter().map(|part| part.least.requests).sum(),
            read_units: parts.iter().map(|part| part.least.read_units).sum(),
            write_units: parts.iter().map(|part| part.least.write_units).sum(),
        },
    }
}

async fn billing(m: &mut Metered) {
    m.begin("authorizer");
    m.agency.authorize(MACHINES_KEY).await;
    m.end("authorizer");
    m.begin("authorizer, a member's key");
    m.agency.authorize(API_KEY).await;
    m.end("authorizer, a member's key");
    m.begin("link an identity");
    m.agency.link_identity().await;
    m.end("link an identity");
    m.begin("authorizer, a token");
    m.agency.authorize(&m.agency.token()).await;
    m.end("authorizer, a token");
    m.begin("invite somebody");
    m.agency.invite().await;
    let written = m.end("invite somebody");
    m.begin("mail of an invitation leaves");
    m.agency.deliver(&tap::events(&written)).await;
    m.end("mail of an invitation leaves");
    let mail = m.agency.mails.newest();
    let (_, page) = mail.split_once(BASE_URL).unwrap();
    let page = page.split_whitespace().next().unwrap();
    m.begin("accept it on its page");
    m.agency.join(page).await;
    m.end("accept it on its page");

    // The counter of the series is there from now on, as it is for all but the first.
    m.issued(false).await;
    m.begin("create a draft, without key");
    let draft = m.agency.draft(false).await;
    m.end("create a draft, without key");
    m.begin("issue, without key");
    m.agency.issue(&draft, false, false).await;
    m.end("issue, without key");

    m.begin("create a draft");
    let draft = m.agency.draft(true).await;
    m.end("create a draft");
    m.begin("issue");
    let issued = m.agency.issue(&draft, false, true).await;
    m.end("issue");
    m.begin("send again");
    m.agency
        .on_invoice(&issued.id, "send", &Value::Null, true)
        .await;
    m.end("send again");
    m.begin("void");
    m.agency
        .on_invoice(&issued.id, "void", &json!({}), true)
        .await;
    m.end("void");
}

async fn paying(m: &mut Metered, now: Timestamp) {
    let draft = m.agency.draft(true).await;
    m.between();
    m.begin("issue and send");
    let issued = m.agency.issue(&draft, true, true).await;
    let written = m.end("issue and send");
    m.begin("mail of an invoice leaves");
    m.agency.deliver(&tap::events(&written)).await;
    m.end("mail of an invoice leaves");

    m.begin("view the page");
    let page = m.agency.view(&issued).await;
    m.end("view the page");
    m.begin("press the pay button");
    m.agency.press_pay(&issued, &page).await;
    m.end("press the pay button");

    let notification = m.agency.paid(now);
    m.begin("webhook: paid");
    m.agency.notify(&notification).await;
    let written = m.end("webhook: paid");
    m.begin("the same webhook again");
    m.agency.notify(&notification).await;
    m.end("the same webhook again");
    m.begin("receipt leaves");
    m.agency.deliver(&tap::events(&written)).await;
    m.end("receipt leaves");
    m.begin("open pages are closed");
    m.agency.close_pages(&tap::events(&written)).await;
    m.end("open pages are closed");
    m.begin("event-publisher");
    m.agency.publish(&written).await;
    m.end("event-publisher");
    let paid = m.agency.newest_payment().await;
    m.agency.clock.set(now + SignedDuration::from_mins(5));
    m.between();
    m.begin("ask a provider for its fee");
    m.agency.ask_for_fee(&paid).await;
    m.end("ask a provider for its fee");
    let notification = m.agency.paid_out(now);
    m.begin("webhook: paid out");
    m.agency.notify(&notification).await;
    m.end("webhook: paid out");
    m.agency.clock.set(now);

    let issued = m.issued(false).await;
    let payment = json!({"amount": issued.payable, "reference": "TRANSFER-2026-11-24"});
    m.begin("record a payment by hand");
    m.agency
        .on_invoice(&issued.id, "payments", &payment, true)
        .await;
    m.end("record a payment by hand");

    let issued = m.issued(false).await;
    let page = m.agency.view(&issued).await;
    m.agency.press_and_leave(&issued, &page).await;
    m.agency.notify(&m.agency.paid(now)).await;
    let written = m.between();
    m.begin("what was paid with is kept");
    m.agency.close_pages(&tap::events(&written)).await;
    m.end("what was paid with is kept");
    let issued = m.issued(false).await;
    m.begin("charge a saved method");
    m.agency
        .on_invoice(&issued.id, "charge", &json!({}), true)
        .await;
    m.end("charge a saved method");
}

/// An invoice in another currency than the books: the rate of the day is read for it, and for its payment.
async fn dollars(first: &mut Metered, start: Timestamp) {
    let mut m = Metered::new(start).await;
    m.agency.rate_dollars().await;
    // The counter is there from now on.
    m.issued(false).await;
    let draft = m.agency.draft_in("USD").await;
    m.between();
    m.begin("issue in another currency");
    let issued = m.agency.issue(&draft, false, true).await;
    m.end("issue in another currency");
    let page = m.agency.view(&issued).await;
    m.agency.press_pay(&issued, &page).await;
    m.between();
    let notification = m.agency.paid(start);
    m.begin("webhook: paid in another currency");
    m.agency.notify(&notification).await;
    m.end("webhook: paid in another currency");
    first.costs.append(&mut m.costs);
}

/// A second pair of eyes looks at an estimate and at a subscription; one offer is declined, one taken back.
async fn reviewing(first: &mut Metered, start: Timestamp) {
    let mut m = Metered::new(start).await;
    let declined = m.agency.estimate(true).await;
    m.between();
    m.begin("ask for the approval of an estimate");
    m.agency.act_on("estimates", &declined, "submit").await;
    m.end("ask for the approval of an estimate");
    m.begin("read and approve it");
    m.agency.approve("estimates", &declined).await;
    m.end("read and approve it");
    m.agency.send_estimate(&declined, true).await;
    let written = m.between();
    m.agency.deliver(&tap::events(&written)).await;
    let mail = m.agency.mails.newest();
    let mut words = mail.split_whitespace();
    let url = words.find(|word| word.contains("/p/")).unwrap().to_owned();
    let page = m.agency.view_offer(&url).await;
    m.between();
    m.begin("decline an offer");
    m.agency.decline(&url, &page).await;
    m.end("decline an offer");
    let withdrawn = m.agency.estimate(true).await;
    m.agency.send_estimate(&withdrawn, true).await;
    m.between();
    m.begin("take an offer back");
    m.agency.act_on("estimates", &withdrawn, "withdraw").await;
    m.end("take an offer back");
    let subscription = m.agency.subscription("2026-11-25").await;
    m.between();
    m.begin("ask for the approval of a subscription");
    m.agency
        .act_on("subscriptions", &subscription, "submit")
        .await;
    m.end("ask for the approval of a subscription");
    m.begin("read and approve that");
    m.agency.approve("subscriptions", &subscription).await;
    m.end("read and approve that");
    first.costs.append(&mut m.costs);
}

/// A file comes; an estimate is superseded, and what was signed of it is proved.
async fn superseding(first: &mut Metered, start: Timestamp) {
    let mut m = Metered::new(start).await;
    let files = Files::of(&m.agency);
    m.begin("announce a file");
    let file = files.announce(&m.agency).await;
    m.end("announce a file");
    files.bring(&m.agency, &file);
    m.begin("complete it, once it is there");
    files.complete(&m.agency, &file).await;
    m.end("complete it, once it is there");
    let estimate = m.agency.estimate(true).await;
    m.agency.send_estimate(&estimate, true).await;
    m.between();
    m.begin("revise an estimate");
    m.agency.act_on("estimates", &estimate, "revise").await;
    m.end("revise an estimate");
    m.begin("send what supersedes it");
    m.agency.send_estimate(&estimate, true).await;
    let written = m.end("send what supersedes it");
    m.agency.deliver(&tap::events(&written)).await;
    let mail = m.agency.mails.newest();
    let mut words = mail.split_whitespace();
    let url = words.find(|word| word.contains("/p/")).unwrap().to_owned();
    let page = m.agency.view_offer(&url).await;
    m.between();
    m.agency.ask_code(&url, &page).await;
    let written = m.between();
    m.agency.deliver(&tap::events(&written)).await;
    let page = m.agency.view_offer(&url).await;
    m.agency.sign(&url, &page).await;
    m.between();
    m.begin("verify an estimate");
    m.agency.verify(&estimate).await;
    m.end("verify an estimate");
    let scope = m.agency.scope().await;
    let milestone = scope["milestones"][0]["id"].as_str().unwrap();
    m.between();
    m.begin("reach a milestone");
    m.agency.reach_one(milestone).await;
    m.end("reach a milestone");
    first.costs.append(&mut m.costs);
}

/// The log of a day is read, and sealed once it is over. The day before is sealed already.
async fn recording(first: &mut Metered, start: Timestamp) {
    let mut m = Metered::new(start).await;
    m.agency.draft(true).await;
    m.agency.clock.set(start + SignedDuration::from_hours(24));
    assert_eq!(m.agency.seal_days().await, 1);
    for _ in 0..ENTRIES {
        m.agency.draft(true).await;
    }
    m.between();
    m.begin("read the audit log of a day, five entries");
    assert_eq!(m.agency.read_audit_log("2026-11-25").await, ENTRIES);
    m.end("read the audit log of a day, five entries");
    m.agency.clock.set(start + SignedDuration::from_hours(48));
    m.begin("seal a day of five entries");
    assert_eq!(m.agency.seal_days().await, 1);
    m.end("seal a day of five entries");
    first.costs.append(&mut m.costs);
}

/// What is kept of a client is asked for, and what is personal of its contact is to go.
async fn taking_away(first: &mut Metered, start: Timestamp) {
    let mut m = Metered::new(start).await;
    m.between();
    m.begin("ask for an export of a client");
    let export = m.agency.ask_for_export().await;
    m.end("ask for an export of a client");
    m.begin("look how far it is");
    m.agency.look_at_export(&export).await;
    m.end("look how far it is");
    m.begin("erase a contact");
    m.agency.erase("ada@aurora.example").await;
    m.end("erase a contact");
    first.costs.append(&mut m.costs);
}

/// An e-invoice of a client who is reached by a network.
async fn handing_over(first: &mut Metered, start: Timestamp) {
    let mut m = Metered::new(start).await;
    m.agency.join_a_network().await;
    let draft = m.agency.draft(true).await;
    m.between();
    m.agency.issue(&draft, false, true).await;
    let written = m.between();
    m.begin("an e-invoice is handed over");
    m.agency.hand_over(&tap::events(&written)).await;
    m.end("an e-invoice is handed over");
    first.costs.append(&mut m.costs);
}

/// A client promises to pay, a member pauses what would follow, and somebody looks what comes.
async fn following_up(first: &mut Metered, start: Timestamp) {
    let mut m = Metered::new(start).await;
    let promised = m.issued(true).await;
    let url = promised.url();
    let page = m.agency.view_offer(&url).await;
    m.between();
    m.begin("promise to pay, on the page");
    m.agency.promise(&url, &page, "2026-12-11").await;
    m.end("promise to pay, on the page");
    let paused = m.issued(true).await;
    m.begin("pause an invoice's follow-ups");
    m.agency.pause_follow_ups(&paused, "2027-01-15").await;
    m.end("pause an invoice's follow-ups");
    m.begin("look at an invoice's follow-ups");
    m.agency.look_at_follow_ups(&promised).await;
    m.end("look at an invoice's follow-ups");
    m.begin("an invoice as XML");
    m.agency.as_xml(&promised).await;
    m.end("an invoice as XML");
    m.begin("the overview, of two open invoices");
    m.agency.overview(1).await;
    m.end("the overview, of two open invoices");
    m.begin("the same with the money of twelve months");
    m.agency.overview(12).await;
    m.end("the same with the money of twelve months");
    first.costs.append(&mut m.costs);
}

/// An agency with five entries of work that are approved and wait to be billed.
async fn worked(start: Timestamp) -> Metered {
    let m = Metered::new(start).await;
    let owner = m.agency.worker().await;
    // The counter is there from now on.
    m.issued(false).await;
    m.agency.set_rates(owner).await;
    let mut entries = Vec::new();
    for _ in 0..ENTRIES {
        entries.push(m.agency.note_time(owner).await);
    }
    let entries = m.agency.review(owner, "submit", &entries).await;
    m.agency.review(owner, "approve", &entries).await;
    m
}

/// A retainer bills its second period with the work of the first; a client's day bills what is ready.
async fn by_itself(first: &mut Metered, start: Timestamp) {
    let mut m = worked(start).await;
    let retainer = m.agency.retainer("2026-11-25", "10").await;
    m.agency.activate(&retainer).await;
    m.agency.clock.set(start + SignedDuration::from_hours(48));
    assert_eq!(m.agency.bill_subscriptions().await, 1);
    m.agency
        .clock
        .set(start + SignedDuration::from_hours(32 * 24));
    m.between();
    m.begin("subscriptions: a retainer's period, with five entries");
    assert_eq!(m.agency.bill_subscriptions().await, 1);
    m.end("subscriptions: a retainer's period, with five entries");
    first.costs.append(&mut m.costs);
    let mut m = worked(start).await;
    m.agency.bill_client_on(25).await;
    m.agency.clock.set(start + SignedDuration::from_hours(48));
    m.between();
    m.begin("a client's billing day, with five entries");
    assert_eq!(m.agency.bill_subscriptions().await, 1);
    m.end("a client's billing day, with five entries");
    first.costs.append(&mut m.costs);
}

/// Projects, people, and what somebody was asked about.
async fn deciding(first: &mut Metered, start: Timestamp) {
    let mut m = Metered::new(start).await;
    m.begin("make a project");
    let project = m.agency.make_project().await;
    m.end("make a project");
    m.begin("close a project, with thanks");
    m.agency.close_project(&project).await;
    m.end("close a project, with thanks");
    let issued = m.issued(true).await;
    let url = issued.url();
    let page = m.agency.view_offer(&url).await;
    m.agency.dispute(&url, &page).await;
    m.between();
    m.begin("uphold a disputed line");
    m.agency.uphold(&issued.id).await;
    m.end("uphold a disputed line");
    m.agency.invite().await;
    let member = m.agency.newest_member().await;
    m.between();
    m.begin("disable a member");
    m.agency.on_member(&member, "disable").await;
    m.end("disable a member");
    m.begin("make a key for one project");
    m.agency.make_key().await;
    m.end("make a key for one project");
    m.begin("set an invoice as a file");
    m.agency.ask_for_file(&issued.id).await;
    m.end("set an invoice as a file");
    m.begin("ask for that file");
    m.agency.ask_for_file(&issued.id).await;
    m.end("ask for that file");
    let estimate = m.agency.estimate(true).await;
    m.agency.act_on("estimates", &estimate, "submit").await;
    m.between();
    m.begin("read an estimate and send it back");
    m.agency.send_back(&estimate).await;
    m.end("read an estimate and send it back");
    first.costs.append(&mut m.costs);
    let mut m = Metered::new(start).await;
    let owner = m.agency.worker().await;
    m.agency.set_rates(owner).await;
    let mut entries = Vec::new();
    for _ in 0..ENTRIES {
        entries.push(m.agency.note_time(owner).await);
    }
    let entries = m.agency.review(owner, "submit", &entries).await;
    m.between();
    m.begin("send five entries back");
    m.agency.send_work_back(owner, &entries).await;
    m.end("send five entries back");
    first.costs.append(&mut m.costs);
}

/// The agency looks at its own words and tries them; signers and clients are told what is near.
async fn telling(first: &mut Metered, start: Timestamp) {
    let mut m = Metered::new(start).await;
    let issued = m.issued(false).await;
    m.agency.say_in_own_words().await;
    m.between();
    m.begin("look at the agency's own words");
    m.agency.look_at_words(None).await;
    m.end("look at the agency's own words");
    m.begin("look at them about an invoice");
    m.agency.look_at_words(Some(&issued.id)).await;
    m.end("look at them about an invoice");
    m.begin("try them out");
    m.agency.try_words().await;
    let written = m.end("try them out");
    m.begin("mail that tries them leaves");
    m.agency.deliver(&tap::events(&written)).await;
    m.end("mail that tries them leaves");
    first.costs.append(&mut m.costs);

    let mut m = Metered::new(start).await;
    let estimate = m.agency.estimate(true).await;
    m.agency.send_estimate(&estimate, true).await;
    m.between();
    // It is open for thirty days, and told three before.
    m.agency
        .clock
        .set(start + SignedDuration::from_hours(27 * 24 + 1));
    m.begin("reminders: an offer that ends soon is told");
    assert_eq!(m.agency.remind().await, 1);
    m.end("reminders: an offer that ends soon is told");
    first.costs.append(&mut m.costs);

    let mut m = Metered::new(start).await;
    let subscription = m.agency.charged_from("2026-12-10").await;
    m.agency.activate(&subscription).await;
    m.between();
    m.agency
        .clock
        .set(start + SignedDuration::from_hours(13 * 24 + 1));
    m.begin("subscriptions: a charge that is near is told");
    assert_eq!(m.agency.bill_subscriptions().await, 1);
    let written = m.end("subscriptions: a charge that is near is told");
    m.begin("mail of that notice leaves");
    m.agency.deliver(&tap::events(&written)).await;
    m.end("mail of that notice leaves");
    first.costs.append(&mut m.costs);
}

/// A subscription is made, begins, and bills its first period.
async fn paying_late(first: &mut Metered, start: Timestamp) {
    let mut m = Metered::new(start).await;
    // The counter is there from now on.
    m.issued(false).await;
    m.agency.agree_on_interest().await;
    let draft = m.agency.draft(true).await;
    m.between();
    m.begin("issue where a late fee is agreed");
    m.agency.issue(&draft, true, true).await;
    m.end("issue where a late fee is agreed");
    m.begin("late fees: nothing due");
    assert_eq!(m.agency.charge_late_fees().await, 0);
    m.end("late fees: nothing due");
    // Due after fourteen days, and a month overdue.
    m.agency
        .clock
        .set(start + SignedDuration::from_hours(46 * 24));
    m.begin("late fees: a month of interest is charged");
    assert_eq!(m.agency.charge_late_fees().await, 1);
    m.end("late fees: a month of interest is charged");
    first.costs.append(&mut m.costs);
}

/// A client with two invoices reads what it owes, by hand and by itself.
async fn stating(first: &mut Metered, start: Timestamp) {
    let mut m = Metered::new(start).await;
    m.issued(false).await;
    m.issued(false).await;
    m.agency.have_monthly_statements().await;
    m.between();
    m.begin("read a statement of account");
    m.agency.read_statement().await;
    m.end("read a statement of account");
    m.begin("send a statement of account");
    m.agency.send_statement().await;
    let written = m.end("send a statement of account");
    m.begin("mail of a statement leaves");
    m.agency.deliver(&tap::events(&written)).await;
    m.end("mail of a statement leaves");
    m.begin("ask for a link to sign in");
    m.agency.ask_for_link().await;
    let written = m.end("ask for a link to sign in");
    m.begin("mail of that link leaves");
    m.agency.deliver(&tap::events(&written)).await;
    m.end("mail of that link leaves");
    m.begin("sign in");
    let cookie = m.agency.sign_in().await;
    m.end("sign in");
    m.begin("see all documents");
    m.agency.see_all(&cookie).await;
    m.end("see all documents");
    m.begin("statements: nothing due");
    assert_eq!(m.agency.make_statements().await, 0);
    m.end("statements: nothing due");
    m.agency
        .clock
        .set(start + SignedDuration::from_hours(31 * 24));
    m.begin("statements: one client's is made");
    assert_eq!(m.agency.make_statements().await, 1);
    m.end("statements: one client's is made");
    first.costs.append(&mut m.costs);
}

async fn subscribing(first: &mut Metered, start: Timestamp) {
    let mut m = Metered::new(start).await;
    // The counter is there from now on.
    m.issued(false).await;
    m.between();
    m.begin("make a subscription");
    let subscription = m.agency.subscription("2026-11-25").await;
    m.end("make a subscription");
    m.begin("activate it");
    m.agency.activate(&subscription).await;
    m.end("activate it");
    m.begin("subscriptions: nothing due");
    assert_eq!(m.agency.bill_subscriptions().await, 0);
    m.end("subscriptions: nothing due");
    m.agency.clock.set(start + SignedDuration::from_hours(48));
    m.begin("subscriptions: a period is billed and sent");
    assert_eq!(m.agency.bill_subscriptions().await, 1);
    m.end("subscriptions: a period is billed and sent");
    first.costs.append(&mut m.costs);
    let mut m = Metered::new(start).await;
    m.issued(false).await;
    let mut clients = vec![m.agency.client.clone()];
    for _ in 0..7 {
        clients.push(m.agency.another_client().await);
    }
    for client in clients {
        m.agency.client = client;
        let subscription = m.agency.subscription("2026-11-25").await;
        m.agency.activate(&subscription).await;
    }
    m.between();
    m.agency.clock.set(start + SignedDuration::from_hours(48));
    m.begin("subscriptions: eight periods of one agency");
    assert_eq!(m.agency.bill_subscriptions().await, 8);
    m.end("subscriptions: eight periods of one agency");
    first.costs.append(&mut m.costs);
}

/// A statement of ten transfers, of which five name their invoices and one is then chosen.
async fn banking(first: &mut Metered, start: Timestamp) {
    let mut m = Metered::new(start).await;
    let mut open = Vec::new();
    for _ in 0..6 {
        open.push(m.issued(false).await);
    }
    m.agency.open_bank_account().await;
    m.agency.take_statement(&open[..5]).await;
    let written = m.between();
    m.begin("import ten transfers, five of them certain");
    m.agency.import(&tap::events(&written)).await;
    m.end("import ten transfers, five of them certain");
    let entry = m.agency.waiting_entry().await;
    m.between();
    m.begin("apply a transfer by hand");
    let body = json!({"allocations": [{"invoice_id": open[5].id}]});
    m.agency.on_entry(&entry, "apply", &body).await;
    m.end("apply a transfer by hand");
    m.begin("take that back");
    m.agency.on_entry(&entry, "undo", &json!({})).await;
    m.end("take that back");
    m.agency.take_payout().await;
    let written = m.between();
    m.agency.import(&tap::events(&written)).await;
    m.agency.notify(&m.agency.paid_out(start)).await;
    let payout = m.agency.payout().await;
    m.between();
    m.begin("a payout is the entry that came before it");
    m.agency.look_for_entry(&payout).await;
    m.end("a payout is the entry that came before it");
    first.costs.append(&mut m.costs);
}

/// What needs an agency of its own: sweeps and lists find everything that is there.
async fn others(first: &mut Metered, start: Timestamp) {
    let mut m = Metered::new(start).await;
    m.begin("reminders: nothing due");
    assert_eq!(m.agency.remind().await, 0);
    m.end("reminders: nothing due");
    m.issued(true).await;
    // Terms are fourteen days, and the first step is three before.
    m.agency
        .clock
        .set(start + SignedDuration::from_hours(12 * 24));
    m.begin("reminders: one due");
    assert_eq!(m.agency.remind().await, 1);
    m.end("reminders: one due");
    for _ in 1..10 {
        m.issued(false).await;
    }
    m.begin("list ten invoices");
    assert_eq!(m.agency.list().await.as_array().unwrap().len(), 10);
    m.end("list ten invoices");

    // The counter is there from now on.
    let first_one = m.agency.estimate(true).await;
    m.agency.send_estimate(&first_one, true).await;
    m.between();
    m.begin("write an estimate");
    let estimate = m.agency.estimate(true).await;
    m.end("write an estimate");
    m.begin("send an estimate");
    m.agency.send_estimate(&estimate, true).await;
    let written = m.end("send an estimate");
    m.begin("mail of an estimate leaves");
    m.agency.deliver(&tap::events(&written)).await;
    m.end("mail of an estimate leaves");
    let mail = m.agency.mails.newest();
    let mut words = mail.split_whitespace();
    let url = words.find(|word| word.contains("/p/")).unwrap();
    m.begin("view the page of an offer");
    let page = m.agency.view_offer(url).await;
    m.end("view the page of an offer");
    m.begin("ask a question");
    m.agency.ask_question(url, &page).await;
    m.end("ask a question");
    m.begin("answer it");
    m.agency.answer_question(&estimate).await;
    m.end("answer it");
    m.begin("take in an answer by mail");
    m.agency.answer_by_mail(&estimate).await;
    m.end("take in an answer by mail");
    m.begin("ask for a code to sign");
    m.agency.ask_code(url, &page).await;
    let written = m.end("ask for a code to sign");
    m.agency.deliver(&tap::events(&written)).await;
    let page = m.agency.view_offer(url).await;
    m.between();
    m.begin("sign: accepted");
    m.agency.sign(url, &page).await;
    m.end("sign: accepted");
    let scope = m.agency.scope().await;
    let first_one = m.agency.change_order(&scope).await;
    m.agency.send_estimate(&first_one, true).await;
    m.between();
    m.begin("write a change order");
    let change = m.agency.change_order(&scope).await;
    m.end("write a change order");
    m.begin("send a change order");
    m.agency.send_estimate(&change, true).await;
    let written = m.end("send a change order");
    m.agency.deliver(&tap::events(&written)).await;
    let mail = m.agency.mails.newest();
    let mut words = mail.split_whitespace();
    let url = words.find(|word| word.contains("/p/")).unwrap();
    let page = m.agency.view_offer(url).await;
    m.between();
    m.agency.ask_code(url, &page).await;
    let written = m.between();
    m.agency.deliver(&tap::events(&written)).await;
    let page = m.agency.view_offer(url).await;
    m.between();
    m.begin("sign: changed");
    m.agency.sign(url, &page).await;
    m.end("sign: changed");
    let (project, lines) = (m.agency.project.clone(), m.agency.accepted().await);
    m.agency.reach(&project).await;
    m.between();
    m.begin("look what is ready");
    m.agency.look_what_is_ready().await;
    m.end("look what is ready");
    m.begin("gather what is ready");
    m.agency.gather().await;
    m.end("gather what is ready");
    m.begin("totals of a project, of eleven invoices");
    m.agency.project_totals().await;
    m.end("totals of a project, of eleven invoices");
    m.begin("set the codes of the ledger");
    m.agency.set_ledger_codes().await;
    m.end("set the codes of the ledger");
    let of_client = format!("&client_id={}&format=csv", m.agency.client);
    m.begin("ledger of a client, the second month");
    m.agency.report("client-ledger", &of_client).await;
    m.end("ledger of a client, the second month");
    for (name, report, more) in [
        ("taxes of a month, as issued", "tax", "&format=csv"),
        ("journal of a month for DATEV", "journal", "&format=datev"),
    ] {
        m.begin(name);
        m.agency.report(report, more).await;
        m.end(name);
    }
    let draft = m.agency.bill(&lines, "20").await;
    m.between();
    m.begin("issue what was accepted");
    m.agency.issue(&draft, false, true).await;
    m.end("issue what was accepted");
    let third = m.agency.estimate(true).await;
    m.agency.send_estimate(&third, true).await;
    let file = m.agency.file().await;
    m.between();
    m.begin("accept elsewhere");
    m.agency.accept_elsewhere(&third, &file).await;
    m.end("accept elsewhere");
    let issued = m.issued(true).await;
    m.begin("agree on instalments");
    m.agency.agree_instalments(&issued).await;
    m.end("agree on instalments");
    let issued = m.issued(true).await;
    m.begin("credit an invoice");
    m.agency.credit(&issued).await;
    m.end("credit an invoice");
    let issued = m.issued(true).await;
    m.begin("write off what is left");
    m.agency.write_off(&issued).await;
    m.end("write off what is left");
    let issued = m.issued(true).await;
    let payment = m.agency.pay_by_hand(&issued, &issued.payable).await;
    m.between();
    m.begin("give a payment back by hand");
    m.agency.give_back(&payment).await;
    m.end("give a payment back by hand");
    m.agency.pay_by_hand(&issued, &issued.payable).await;
    m.between();
    let issued = m.issued(true).await;
    m.begin("apply a balance");
    m.agency.apply_balance(&issued).await;
    m.end("apply a balance");
    m.agency.apply_balances().await;
    let draft = m.agency.draft(true).await;
    m.between();
    m.begin("issue where a client without balance has it applied");
    let issued = m.agency.issue(&draft, false, true).await;
    m.end("issue where a client without balance has it applied");
    m.agency.pay_by_hand(&issued, &issued.payable).await;
    m.agency.pay_by_hand(&issued, "100.00").await;
    let draft = m.agency.draft(true).await;
    m.between();
    m.begin("issue, with a balance applied");
    m.agency.issue(&draft, false, true).await;
    m.end("issue, with a balance applied");
    let issued = m.issued(true).await;
    let url = issued.url();
    let page = m.agency.view_offer(&url).await;
    m.begin("dispute a line");
    m.agency.dispute(&url, &page).await;
    m.end("dispute a line");
    first.costs.append(&mut m.costs);
}

/// Noted work, by an agency of one: what it has not billed would be ready elsewhere.
async fn working(first: &mut Metered, start: Timestamp) {
    let mut m = Metered::new(start).await;
    let owner = m.agency.worker().await;
    // The counter is there from now on.
    m.issued(false).await;
    m.begin("take over ten clients");
    m.agency.import_clients().await;
    m.end("take over ten clients");
    m.begin("set rates");
    m.agency.set_rates(owner).await;
    m.end("set rates");
    let mut entries = vec![m.agency.note_time(owner).await];
    for _ in 2..ENTRIES {
        entries.push(m.agency.note_time(owner).await);
    }
    m.between();
    m.begin("note time");
    entries.push(m.agency.note_time(owner).await);
    m.end("note time");
    m.begin("submit five entries");
    let entries = m.agency.review(owner, "submit", &entries).await;
    m.end("submit five entries");
    m.begin("approve five entries");
    m.agency.review(owner, "approve", &entries).await;
    m.end("approve five entries");
    m.begin("list five entries");
    m.agency.list_work(owner).await;
    m.end("list five entries");
    m.begin("look what is ready, with five entries");
    m.agency.look_what_is_ready().await;
    m.end("look what is ready, with five entries");
    m.begin("gather five entries");
    let draft = m.agency.gather_work().await;
    m.end("gather five entries");
    m.begin("throw their draft away");
    m.agency.throw_away(&draft).await;
    m.end("throw their draft away");
    let draft = m.agency.gather_work().await;
    let issued = m.agency.issue(&draft, true, true).await;
    m.between();
    m.begin("open the timesheet");
    m.agency.open_timesheet(&issued).await;
    m.end("open the timesheet");
    m.begin("void what bills five entries");
    m.agency
        .on_invoice(&issued.id, "void", &json!({}), true)
        .await;
    m.end("void what bills five entries");
    first.costs.append(&mut m.costs);
}

/// The items that a use case wrote, for whoever wants to know where its units go.
fn show(name: &str, written: &[Vec<Write>]) {
    for request in written {
        println!("{name}:");
        for write in request {
            let Write::Put { item, .. } = write else {
                continue;
            };
            let mut places: Vec<&str> = item
                .keys()
                .filter_map(|name| name.strip_suffix("_pk"))
                .collect();
            places.sort_unstable();
            let (kind, bytes) = (item::text(item, "type").unwrap(), item::size_bytes(item));
            println!("  {kind}: {bytes} bytes, in {places:?}");
        }
    }
}
