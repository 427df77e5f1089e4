//! What runs by itself runs on its civil day, wherever the client is: as a year ends at both ends of the
//! world, on the days on which clocks change, after a week of sleep, and for years from the 31st.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, ToSpan as _};
use serde_json::{Value, json};

use crate::client::text;
use crate::estimates::offer;
use crate::house::{House, column, days_after, list};
use crate::projects::project;
use crate::scope::ADA;

const HOUR: SignedDuration = SignedDuration::from_hours(1);

fn shifted(instant: &str, minutes: i64) -> String {
    let instant: Timestamp = instant.parse().unwrap();
    (instant + SignedDuration::from_mins(minutes)).to_string()
}

/// A client with something of everything that falls due by itself on one day.
struct Client {
    house: House,
    id: String,
    /// Due on the day itself.
    reminded: String,
    /// Due the day before: the fee is charged on the day.
    late: String,
}

/// What happened by itself, each how often.
#[derive(Debug, PartialEq, Eq, Default)]
struct Happened {
    bills: usize,
    reminders: usize,
    fees: usize,
    offers_told: usize,
    charges_told: usize,
}

impl Client {
    /// Everything is agreed four weeks before the day.
    async fn with_all_due_on(zone: &str, day: &str) -> Self {
        let before = days_after(day, -28);
        let house = House::open_at(&format!("{before}T10:00:00Z")).await;
        let api = &house.api;
        let more = json!({"time_zone": zone, "late_fee_agreement": {
            "kind": "flat", "amount": "5.00", "every": "once",
            "agreed_on": "2040-01-15", "agreement": "Frame contract 17",
        }});
        let client = api.client(ADA, more).await;
        let id = text(&client, "id").to_owned();
        let due_on = async |day: String, ladder: Value| {
            let more = json!({
                "terms": {"kind": "on", "date": day}, "reminder_ladder": ladder,
            });
            let issued = api.issued(&id, "100.00", more).await;
            assert_eq!(text(&issued, "due_date"), day);
            text(&issued, "id").to_owned()
        };
        let reminded = due_on(day.to_owned(), json!([0])).await;
        let late = due_on(days_after(day, -1), json!([60])).await;
        let this = Self {
            reminded,
            late,
            id,
            house,
        };
        this.offer(&days_after(day, 3)).await;
        this.subscribe("Care", "send", "month", day).await;
        this.subscribe("Hosting", "charge", "month", &days_after(day, 3))
            .await;
        this
    }

    /// An offer that is open until a day.
    async fn offer(&self, until: &str) {
        let api = &self.house.api;
        let mut body = offer(&project(api, &self.id, "Site").await);
        body["valid_until"] = json!(until);
        let made = api.post("/v1/estimates", &body).await.expect(201).ok();
        let send = format!("/v1/estimates/{}/send", text(&made, "id"));
        api.post(&send, &json!({})).await.expect(200);
    }

    async fn subscribe(&self, name: &str, automation: &str, unit: &str, from: &str) {
        let api = &self.house.api;
        let body = json!({
            "name": name, "client_id": self.id, "automation": automation,
            "lines": [{"description": name, "quantity": "1", "unit_price": "310.00"}],
            "schedule": {"unit": unit, "starts_on": from},
        });
        let made = api.post("/v1/subscriptions", &body).await.expect(201).ok();
        let activate = format!("/v1/subscriptions/{}/activate", text(&made, "id"));
        api.post(&activate, &json!({})).await.expect(200);
    }

    /// What was billed for care, oldest first.
    async fn care(&self) -> Vec<Value> {
        let api = &self.house.api;
        let all = api.all("/v1/subscriptions?status=active").await;
        let care = all.iter().find(|of| of["name"] == "Care").unwrap();
        let path = format!("/v1/subscriptions/{}/periods", text(care, "id"));
        let mut periods = api.all(&path).await;
        periods.reverse();
        periods
    }

    async fn happened(&self) -> Happened {
        let api = &self.house.api;
        let reminded = api.invoice(&self.reminded).await;
        let number = text(&reminded, "number");
        let subjects = self.house.subjects(ADA).await;
        let saying = |words: &str| {
            let saying = subjects.iter().filter(|subject| subject.contains(words));
            saying.count()
        };
        let fees = format!("/v1/invoices/{}/late-fees", self.late);
        let fees = api.get(&fees).await.ok();
        Happened {
            bills: self.care().await.len(),
            // The invoice itself was not sent.
            reminders: saying(number),
            fees: list(&fees["charges"]).len(),
            offers_told: saying("is open until"),
            charges_told: saying("will charge you for Hosting"),
        }
    }

    /// A run at every hour of a day.
    async fn a_day_of_hours(&self) {
        for _ in 0..24 {
            let later = self.house.now() + HOUR;
            self.house.sleep_until(&later.to_string()).await;
        }
    }
}

/// Bills at six and everything else at nine of that day where the client is, each once, however often the
/// schedule wakes; with the day of issue where the agency is, in Berlin.
async fn on_its_day(zone: &str, day: &str, six: &str, nine: &str, issued_on: &str) {
    let client = Client::with_all_due_on(zone, day).await;
    let house = &client.house;
    let mut expected = Happened::default();
    house.sleep_until(&shifted(six, -2)).await;
    assert_eq!(client.happened().await, expected, "{zone}: before six");
    house.until(&shifted(six, 6)).await;
    expected.bills = 1;
    assert_eq!(client.happened().await, expected, "{zone}: at six");
    let period = client.care().await.remove(0);
    assert_eq!(text(&period["period"], "from"), day, "{zone}");
    let bill = house.api.invoice(text(&period, "invoice_id")).await;
    assert_eq!(text(&bill, "issue_date"), issued_on, "{zone}");
    let series = format!("INV-{}-", &issued_on[..4]);
    assert!(text(&bill, "number").starts_with(&series), "{zone}: {bill}");

    house.sleep_until(&shifted(nine, -2)).await;
    assert_eq!(client.happened().await, expected, "{zone}: before nine");
    // Fees are looked for every hour.
    house.until(&shifted(nine, 61)).await;
    let all = Happened {
        bills: 1,
        reminders: 1,
        fees: 1,
        offers_told: 1,
        charges_told: 1,
    };
    assert_eq!(client.happened().await, all, "{zone}: after nine");
    client.a_day_of_hours().await;
    assert_eq!(client.happened().await, all, "{zone}: a day later");
    client.house.close().await;
}

#[tokio::test]
async fn a_year_ends_first_in_kiritimati() {
    let (six, nine) = ("2040-12-31T16:00:00Z", "2040-12-31T19:00:00Z");
    on_its_day("Pacific/Kiritimati", "2041-01-01", six, nine, "2040-12-31").await;
}

#[tokio::test]
async fn a_year_ends_last_in_pago_pago() {
    let (six, nine) = ("2040-12-31T17:00:00Z", "2040-12-31T20:00:00Z");
    on_its_day("Pacific/Pago_Pago", "2040-12-31", six, nine, "2040-12-31").await;
    let (six, nine) = ("2041-01-01T17:00:00Z", "2041-01-01T20:00:00Z");
    on_its_day("Pacific/Pago_Pago", "2041-01-01", six, nine, "2041-01-01").await;
}

#[tokio::test]
async fn clocks_change_in_new_york() {
    let zone = "America/New_York";
    let (six, nine) = ("2040-03-11T10:00:00Z", "2040-03-11T13:00:00Z");
    on_its_day(zone, "2040-03-11", six, nine, "2040-03-11").await;
    let (six, nine) = ("2040-11-04T11:00:00Z", "2040-11-04T14:00:00Z");
    on_its_day(zone, "2040-11-04", six, nine, "2040-11-04").await;
}

#[tokio::test]
async fn clocks_change_in_sydney() {
    let zone = "Australia/Sydney";
    let (six, nine) = ("2040-03-31T20:00:00Z", "2040-03-31T23:00:00Z");
    on_its_day(zone, "2040-04-01", six, nine, "2040-03-31").await;
    let (six, nine) = ("2040-10-06T19:00:00Z", "2040-10-06T22:00:00Z");
    on_its_day(zone, "2040-10-07", six, nine, "2040-10-06").await;
}

#[tokio::test]
async fn clocks_change_in_paris() {
    let zone = "Europe/Paris";
    let (six, nine) = ("2040-03-25T04:00:00Z", "2040-03-25T07:00:00Z");
    on_its_day(zone, "2040-03-25", six, nine, "2040-03-25").await;
    let (six, nine) = ("2040-10-28T05:00:00Z", "2040-10-28T08:00:00Z");
    on_its_day(zone, "2040-10-28", six, nine, "2040-10-28").await;
}

/// It slept from the day before until the evening of the sixth day after.
#[tokio::test]
async fn a_server_that_slept_a_week_does_each_thing_once() {
    let client = Client::with_all_due_on("Europe/Paris", "2040-03-20").await;
    let house = &client.house;
    // Of what ended or was billed meanwhile nobody is told; of what is still to come they are.
    client.offer("2040-03-28").await;
    client
        .subscribe("Advice", "charge", "month", "2040-03-28")
        .await;
    house.sleep_until("2040-03-19T12:00:00Z").await;
    assert_eq!(client.happened().await, Happened::default());
    house.sleep_until("2040-03-26T20:00:00Z").await;
    house.advance("PT10M").await;
    let slept = Happened {
        bills: 1,
        reminders: 1,
        fees: 1,
        offers_told: 1,
        charges_told: 0,
    };
    assert_eq!(client.happened().await, slept);
    let told = house.subjects(ADA).await;
    let told = told
        .iter()
        .filter(|subject| subject.contains("will charge you for Advice"));
    assert_eq!(told.count(), 1);
    client.a_day_of_hours().await;
    assert_eq!(client.happened().await, slept);
    client.house.close().await;
}

/// From the last day of 2043 into 2048: over two leap days, and four that are none.
#[tokio::test]
async fn a_retainer_from_the_31st_for_more_than_four_years() {
    let house = House::open_at("2043-12-20T10:00:00Z").await;
    let api = &house.api;
    let client = api
        .client(ADA, json!({"time_zone": "America/New_York"}))
        .await;
    let client = text(&client, "id");
    let body = json!({
        "name": "Retainer", "client_id": client, "automation": "send",
        "project_id": project(api, client, "Shop").await,
        "lines": [{"description": "Retainer", "quantity": "1", "unit_price": "800.00"}],
        "schedule": {"unit": "month", "starts_on": "2043-12-31"},
        "retainer": {
            "hours": "10", "description": "Included in your retainer",
            "carry_over": {"kind": "up_to", "most": "2"},
        },
    });
    let made = api.post("/v1/subscriptions", &body).await.expect(201).ok();
    let path = format!("/v1/subscriptions/{}", text(&made, "id"));
    let activate = format!("{path}/activate");
    api.post(&activate, &json!({})).await.expect(200);

    // The last day of each month.
    let first: Date = "2043-12-01".parse().unwrap();
    let ends = (1..=52).map(|months| {
        let next = first.checked_add(i64::from(months).months()).unwrap();
        next.yesterday().unwrap()
    });
    let ends: Vec<Date> = ends.collect();
    for end in &ends {
        house.sleep_until(&format!("{end}T12:00:00Z")).await;
    }
    let mut periods = api.all(&format!("{path}/periods")).await;
    periods.reverse();
    let days = |name: &str| {
        let days = periods.iter().map(|period| text(&period["period"], name));
        days.map(str::to_owned).collect::<Vec<_>>()
    };
    let expected: Vec<String> = ends.iter().map(Date::to_string).collect();
    assert_eq!(days("from"), expected);
    for leap_day in ["2044-02-29", "2048-02-29"] {
        assert!(expected.contains(&leap_day.to_owned()), "{leap_day}");
    }
    // Each ends the day before the next begins.
    let next = expected[1..].iter().map(|day| days_after(day, -1));
    assert_eq!(days("to")[..51], next.collect::<Vec<_>>());

    let mut numbers = Vec::new();
    for period in &periods {
        let bill = api.invoice(text(period, "invoice_id")).await;
        assert_eq!(bill["totals"]["payable"], "800.00");
        numbers.push(bill);
    }
    // Those of each year begin anew.
    let series = [
        (2043, 1),
        (2044, 12),
        (2045, 12),
        (2046, 12),
        (2047, 12),
        (2048, 3),
    ];
    let series = series
        .into_iter()
        .flat_map(|(year, count)| (1..=count).map(move |number| format!("INV-{year}-{number:05}")));
    assert_eq!(column(&numbers, "number"), series.collect::<Vec<_>>());
    // Nothing was used: two hours are carried over each time, and no more.
    let left = api.get(&format!("{path}/retainer")).await.ok();
    assert_eq!(
        left,
        json!({"available": "12", "carried": "2", "used": "0", "left": "12"})
    );
    house.close().await;
}
