//! A day of an agency with two hundred clients, every run of every schedule in it: what it took, what it cost, and that
//! nothing rang or was left over.

use std::fmt::Write as _;

use jiff::{SignedDuration, Timestamp};
use remit_local::demo::browser::Browser;
use remit_local::meter::Usage;
use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::LoadError;
use crate::agency::{Agency, Client, lines, text, wrong};
use crate::deployment::Deployment;
use crate::prices::{Bill, Prices, Taken, bill};

/// When it begins: midnight in Berlin, the day after [`crate::agency::START`], when the agency is set up.
const BEGINS: &str = "2040-03-05T23:00:00Z";
/// Its first hour of work, after that.
const WORK: SignedDuration = SignedDuration::from_hours(8);
const HOURS_OF_WORK: usize = 10;
/// Invoices an hour, half of which are paid by card at once.
const BILLS_AN_HOUR: usize = 2;
/// Invoices of the day before, which get their first reminder, if they are not paid in time.
const REMINDED: usize = 15;
/// Of those, paid by transfer before work begins in the client's zone.
const TRANSFERRED: usize = 3;
/// Retainers that are billed on the day.
const RETAINERS: usize = 20;
const ENTRIES_AN_HOUR: usize = 4;
const ESTIMATES: usize = 3;
const LISTS_AN_HOUR: usize = 5;
/// Days of a month with and without work.
const DAYS: (u32, u32) = (22, 8);

/// What came of it.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// Its clients.
    pub clients: usize,
    /// What it took.
    pub usage: Usage,
    /// The mails that had to leave.
    pub mails: u64,
    /// What rang or was left over; nothing, if it is as it has to be.
    pub faults: Vec<String>,
    taken: Taken,
    idle: Taken,
    deployment: Deployment,
    prices: Prices,
}

/// Lives a day of an agency with so many clients, of which at least as many as are billed.
///
/// # Errors
/// [`LoadError`].
pub async fn live(clients: usize) -> Result<Outcome, LoadError> {
    let least = REMINDED + RETAINERS + HOURS_OF_WORK * BILLS_AN_HOUR;
    let clients_of = clients.max(least);
    let (deployment, prices) = (Deployment::read()?, Prices::read()?);
    let idle = Taken::of(&Agency::idle_hour().await?, &deployment, &prices).times(24.into());
    let day = Day::set_up(clients_of).await?;
    let agency = &day.agency;
    agency.until(begins()?).await?;
    agency.begin_to_count();
    let mails = day.pass().await?;
    let (usage, faults) = (agency.taken(), agency.faults()?);
    let taken = Taken::of(&usage, &deployment, &prices);
    day.agency.host.stop().await;
    Ok(Outcome {
        clients: clients_of,
        usage,
        mails,
        faults,
        taken,
        idle,
        deployment,
        prices,
    })
}

struct Day {
    agency: Agency,
    second: Browser,
    clients: Vec<Client>,
    open: Vec<String>,
    project: String,
}

impl Day {
    /// The day before.
    async fn set_up(count: usize) -> Result<Self, LoadError> {
        let agency = Agency::open().await?;
        let mut clients = Vec::new();
        for number in 0..count {
            clients.push(agency.client(number).await?);
        }
        let browser = &agency.browser;
        let mut open = Vec::new();
        for client in &clients[..REMINDED] {
            open.push(agency.bill(client).await?);
        }
        for client in &clients[REMINDED..REMINDED + RETAINERS] {
            let body = json!({
                "name": "Care", "client_id": client.id, "lines": lines(), "automation": "send",
                "schedule": {"unit": "month", "starts_on": "2040-03-06"},
            });
            let made = browser.post("/v1/subscriptions", &body).await?;
            let path = format!("/v1/subscriptions/{}/activate", text(&made, "id")?);
            browser.post(&path, &json!({})).await?;
        }
        let body = json!({
            "email": "mia@northlight.example", "name": "Mia Berg", "role": "manager",
        });
        let member = browser.post("/v1/members", &body).await?;
        let token = json!({"token": member["invitation_token"]});
        let accepted = browser.post("/v1/invitations/accept", &token).await?;
        let second = browser.as_other(&text(&accepted["api_key"], "key")?)?;
        let body = json!({"client_id": clients[0].id, "name": "Map of the coast"});
        let project = text(&browser.post("/v1/projects", &body).await?, "id")?;
        let rates = json!({"rates": [{"per": "hour", "unit_price": "95"}]});
        let path = format!("/v1/projects/{project}/work-settings");
        browser.put_first(&path, &rates).await?;
        agency.pass(SignedDuration::from_mins(30)).await?;
        Ok(Self {
            agency,
            second,
            clients,
            open,
            project,
        })
    }

    /// The day itself; how many mails had to leave.
    async fn pass(&self) -> Result<u64, LoadError> {
        let agency = &self.agency;
        for invoice in &self.open[..TRANSFERRED] {
            let invoice = format!("/v1/invoices/{invoice}");
            let asked = agency.browser.get(&invoice).await?;
            let due = &asked["totals"]["balance_due"];
            let path = format!("{invoice}/payments");
            agency.browser.post(&path, &json!({"amount": due})).await?;
        }
        let of_work = &self.clients[REMINDED + RETAINERS..];
        for hour in 0..HOURS_OF_WORK {
            let hours = SignedDuration::from_hours(i64::try_from(hour).map_err(wrong)?);
            agency.until(begins()? + WORK + hours).await?;
            let clients = &of_work[hour * BILLS_AN_HOUR..(hour + 1) * BILLS_AN_HOUR];
            self.work(hour, clients).await?;
        }
        agency.until(ends()?).await?;
        let receipts = TRANSFERRED + HOURS_OF_WORK;
        let reminders = REMINDED - TRANSFERRED;
        // A question and its answer.
        let mails =
            HOURS_OF_WORK * BILLS_AN_HOUR + RETAINERS + receipts + reminders + ESTIMATES + 2;
        u64::try_from(mails).map_err(wrong)
    }

    async fn work(&self, hour: usize, clients: &[Client]) -> Result<(), LoadError> {
        let (agency, browser) = (&self.agency, &self.agency.browser);
        for client in clients {
            agency.bill(client).await?;
        }
        for minutes in 1..=ENTRIES_AN_HOUR {
            let body = json!({
                "project_id": self.project, "worked_on": "2040-03-06", "kind": "time",
                "description": "Contour lines", "minutes": 15 * minutes,
            });
            browser.post("/v1/work-entries", &body).await?;
        }
        browser.get("/v1/overview").await?;
        for _ in 0..LISTS_AN_HOUR {
            browser.get("/v1/invoices?limit=20").await?;
        }
        if hour < ESTIMATES {
            self.offer().await?;
        }
        agency.pass(SignedDuration::from_mins(20)).await?;
        for (at, client) in clients.iter().enumerate() {
            let page = agency.look(&agency.link(client).await?).await?;
            if at == 0 {
                agency.pay_by_card(&page).await?;
            }
        }
        if hour == 0 {
            self.talk(&clients[1]).await?;
        }
        Ok(())
    }

    async fn offer(&self) -> Result<(), LoadError> {
        let browser = &self.agency.browser;
        let body = json!({
            "project_id": self.project, "title": "A chart of the harbour", "lines": lines(),
        });
        let id = text(&browser.post("/v1/estimates", &body).await?, "id")?;
        let path = format!("/v1/estimates/{id}");
        let waits = browser.post(&format!("{path}/submit"), &json!({})).await?;
        let read = json!({"content_hash": waits["draft"]["content_hash"]});
        self.second.post(&format!("{path}/approve"), &read).await?;
        browser.post(&format!("{path}/send"), &json!({})).await?;
        Ok(())
    }

    /// A question by mail, and its answer.
    async fn talk(&self, client: &Client) -> Result<(), LoadError> {
        let browser = &self.agency.browser;
        let mails = browser.mails(&client.email).await?;
        let mail = mails.last().ok_or_else(|| wrong("no mail"))?;
        browser.reply(mail, "Does this hold the photos?").await?;
        self.agency.pass(SignedDuration::from_mins(10)).await?;
        let settings = browser.get("/v1/settings").await?;
        let asked = browser.mails(&text(&settings, "email")?).await?;
        let asked = asked.last().ok_or_else(|| wrong("nobody was told"))?;
        browser.reply(asked, "It does, all forty.").await?;
        Ok(())
    }
}

impl Outcome {
    /// Whether nothing rang, nothing was left over, and every mail left.
    pub fn is_quiet(&self) -> bool {
        self.faults.is_empty() && self.usage.mails == self.mails
    }

    /// What it came to, as it stands in ARCHITECTURE.md.
    pub fn table(&self) -> String {
        let total = self.usage.total();
        let mut text = format!("| a day of {} clients | |\n| --- | --- |\n", self.clients);
        let rows: [(&str, Value); 8] = [
            (
                "requests to the API and to pages",
                json!(self.usage.api_requests),
            ),
            ("runs of functions, of which failed", json!(total.runs)),
            ("requests to the table", json!(total.requests)),
            ("read units", json!(total.read_units.normalize())),
            ("write units", json!(total.write_units.normalize())),
            ("events", json!(self.usage.events)),
            ("mails", json!(self.usage.mails)),
            ("objects put", json!(self.usage.objects_put)),
        ];
        for (what, much) in rows {
            let much = much
                .as_str()
                .map_or_else(|| much.to_string(), str::to_owned);
            let much = match what.ends_with("failed") {
                true => format!("{much}, {}", total.failures),
                false => much,
            };
            let _written = writeln!(text, "| {what} | {much} |");
        }
        let nothing = Taken::default();
        let sum = |bill: Bill| -> Decimal { bill.iter().map(|(_, cost)| *cost).sum() };
        let cost = |taken: &Taken| sum(bill(taken, &nothing, &self.deployment, &self.prices));
        let fixed = cost(&nothing);
        let (work, rest) = (Decimal::from(DAYS.0), Decimal::from(DAYS.1));
        let month = self.taken.times(work).and(&self.idle.times(rest));
        let cents = |amount: Decimal| format!("{amount:.4}");
        for (what, much) in [
            ("USD for what was taken", cents(cost(&self.taken) - fixed)),
            (
                "USD a month of 22 such days and 8 without work, all with it",
                cents(cost(&month)),
            ),
            (
                "of which were there without any client",
                cents(cost(&self.idle.times(work + rest))),
            ),
        ] {
            let _written = writeln!(text, "| {what} | {much} |");
        }
        text
    }
}

fn begins() -> Result<Timestamp, LoadError> {
    BEGINS.parse().map_err(wrong)
}

fn ends() -> Result<Timestamp, LoadError> {
    Ok(begins()? + SignedDuration::from_hours(24))
}
