//! Days: of the agency for issue, numbers and books; of the client for due days and reminders.
//! Ends of months, leap days, zones, summer time.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::client::text;
use crate::house::{House, column, local_time};

const ADA: &str = "ada@aurora.example";

fn net(days: u32) -> Value {
    json!({"kind": "net", "days": days})
}

/// Terms on an issue date, and the day that is due.
#[tokio::test]
async fn due_days_are_those_of_the_calendar() {
    // Each house stands on one day at noon; 2040 is a leap year.
    let month_end = |days: u32| json!({"kind": "eom_plus", "days": days});
    let to_month_end = |days: u32| json!({"kind": "net_eom", "days": days});
    let stories: [(&str, Vec<(Value, &str)>); 4] = [
        (
            "2040-01-31",
            vec![
                (json!({"kind": "due_on_receipt"}), "2040-01-31"),
                (net(29), "2040-02-29"),
                (net(30), "2040-03-01"),
                (month_end(0), "2040-01-31"),
                (month_end(30), "2040-03-01"),
                (to_month_end(1), "2040-02-29"),
                (to_month_end(30), "2040-03-31"),
                (json!({"kind": "on", "date": "2040-02-29"}), "2040-02-29"),
                (net(730), "2042-01-30"),
            ],
        ),
        (
            "2040-02-29",
            vec![
                (net(1), "2040-03-01"),
                (net(365), "2041-02-28"),
                (month_end(0), "2040-02-29"),
                (to_month_end(0), "2040-02-29"),
                (to_month_end(366), "2041-03-31"),
            ],
        ),
        (
            "2041-01-31",
            vec![
                (net(28), "2041-02-28"),
                (net(29), "2041-03-01"),
                (month_end(28), "2041-02-28"),
                (to_month_end(1), "2041-02-28"),
            ],
        ),
        (
            "2041-12-31",
            vec![
                (net(0), "2041-12-31"),
                (month_end(31), "2042-01-31"),
                (to_month_end(1), "2042-01-31"),
            ],
        ),
    ];
    let house = House::open_at("2040-01-31T12:00:00Z").await;
    let client = house.api.client(ADA, json!({})).await;
    for (day, terms) in stories {
        house.sleep_until(&format!("{day}T12:00:10Z")).await;
        for (terms, due) in terms {
            let more = json!({ "terms": terms });
            let issued = house.api.issued(text(&client, "id"), "1.00", more).await;
            assert_eq!(issued["issue_date"], day);
            assert_eq!(issued["due_date"], due, "{terms} on {day}");
        }
    }
    let past = json!({"terms": {"kind": "on", "date": "2041-12-30"}});
    let draft = house.api.draft(text(&client, "id"), "1.00", past).await;
    let target = format!("/v1/invoices/{}/issue", text(&draft, "id"));
    let late = house
        .api
        .call("POST", &target)
        .json(&json!({}))
        .send()
        .await;
    late.refused(422, "due_before_issue");
    house.close().await;
}

/// The year turns in Berlin an hour before it turns in UTC, and numbers begin anew.
#[tokio::test]
async fn the_year_is_the_agencys() {
    let house = House::open_at("2040-12-31T22:58:00Z").await;
    let new_york = json!({"time_zone": "America/New_York", "payment_terms": net(1)});
    let client = house.api.client(ADA, new_york).await;
    let client_id = text(&client, "id");
    let old = house.api.issued(client_id, "1.00", json!({})).await;
    assert_eq!(old["number"], "INV-2040-00001");
    assert_eq!(old["issue_date"], "2040-12-31");
    house.sleep_until("2040-12-31T23:00:30Z").await;
    let mut numbers = Vec::new();
    for _ in 0..2 {
        let new = house.api.issued(client_id, "1.00", json!({})).await;
        assert_eq!(new["issue_date"], "2041-01-01");
        // Due at the end of the second in New York, five hours behind UTC.
        assert_eq!(new["due_date"], "2041-01-02");
        numbers.push(new);
    }
    assert_eq!(
        column(&numbers, "number"),
        ["INV-2041-00001", "INV-2041-00002"]
    );
    let id = text(&numbers[0], "id");
    house.sleep_until("2041-01-03T04:58:00Z").await;
    assert_eq!(house.api.invoice(id).await["overdue"], false);
    house.sleep_until("2041-01-03T05:00:00Z").await;
    assert_eq!(house.api.invoice(id).await["overdue"], true);
    house.close().await;
}

/// Agencies at both ends of the world, at one instant.
#[tokio::test]
async fn today_is_another_day_elsewhere() {
    let house = House::open_at("2040-03-05T10:30:00Z").await;
    for (zone, today) in [
        ("Pacific/Kiritimati", "2040-03-06"),
        ("Pacific/Niue", "2040-03-04"),
        ("Asia/Kathmandu", "2040-03-05"),
    ] {
        let agency = house.agency(zone, zone, "EUR").await;
        let client = agency
            .api
            .client(ADA, json!({"payment_terms": net(0)}))
            .await;
        let issued = agency
            .api
            .issued(text(&client, "id"), "1.00", json!({}))
            .await;
        assert_eq!(issued["issue_date"], today, "{zone}");
        let payment = agency.api.record(text(&issued, "id"), "0.50").await;
        assert_eq!(payment["received_on"], today, "{zone}");
        let draft = agency
            .api
            .draft(text(&client, "id"), "1.00", json!({}))
            .await;
        let listed = format!("/v1/invoices?from={today}&to={today}");
        assert_eq!(agency.api.all(&listed).await.len(), 2, "{zone}: {draft}");
    }
    house.close().await;
}

/// The issue date is never before the series' last, even where the agency moves west.
#[tokio::test]
async fn issue_dates_never_go_back() {
    let house = House::open_at("2040-03-05T12:00:00Z").await;
    let agency = house.agency("East", "Pacific/Auckland", "EUR").await;
    let client = agency.api.client(ADA, json!({})).await;
    let issued = agency
        .api
        .issued(text(&client, "id"), "1.00", json!({}))
        .await;
    assert_eq!(issued["issue_date"], "2040-03-06");
    let west = json!({"time_zone": "Pacific/Honolulu"});
    agency.api.change("/v1/settings", &west).await.expect(200);
    let issued = agency
        .api
        .issued(text(&client, "id"), "1.00", json!({}))
        .await;
    assert_eq!(
        issued["issue_date"], "2040-03-06",
        "it is the 5th in Honolulu"
    );
    assert_eq!(issued["number"], "INV-2040-00002");
    house.sleep_until("2040-03-07T12:00:00Z").await;
    let issued = agency
        .api
        .issued(text(&client, "id"), "1.00", json!({}))
        .await;
    assert_eq!(issued["issue_date"], "2040-03-07");
    house.close().await;
}

/// Summer time begins in Berlin on 25 March 2040 and ends in New York on 4 November.
#[tokio::test]
async fn nine_in_the_morning_is_nine_in_the_morning() {
    let house = House::open_at("2040-03-14T10:00:00Z").await;
    for (start, zone, due, times) in [
        (
            "2040-03-14T10:00:10Z",
            "Europe/Berlin",
            "2040-03-25",
            ["2040-03-22T08:00:00Z", "2040-03-25T07:00:00Z"],
        ),
        (
            "2040-10-24T10:00:00Z",
            "America/New_York",
            "2040-11-04",
            ["2040-11-01T13:00:00Z", "2040-11-04T14:00:00Z"],
        ),
    ] {
        house.sleep_until(start).await;
        let address = format!("{}@c.example", zone.to_lowercase().replace('/', "."));
        let more = json!({"time_zone": zone, "payment_terms": net(11)});
        let client = house.api.client(&address, more).await;
        let issued = house
            .api
            .issued(text(&client, "id"), "1.00", json!({}))
            .await;
        assert_eq!(issued["due_date"], due);
        for (sent, at) in times.iter().enumerate() {
            let next = &house.api.invoice(text(&issued, "id")).await["reminders"];
            assert_eq!(next["next_at"], json!(at), "{zone}");
            let shortly_before: Timestamp = at.parse().unwrap();
            let shortly_before = shortly_before - SignedDuration::from_mins(2);
            house.sleep_until(&shortly_before.to_string()).await;
            assert_eq!(house.mails(&address).await.len(), sent, "before {at}");
            house.until(&at.replace(":00:00Z", ":05:30Z")).await;
            let mails = house.mails(&address).await;
            assert_eq!(mails.len(), sent + 1, "{zone} {at}");
            let there = local_time(text(&mails[sent], "at"), zone);
            assert!(there.contains(" 09:0"), "{zone}: {there}");
        }
    }
    house.close().await;
}

/// What is due on receipt is not reminded of before, nor anything on the day of its issue.
#[tokio::test]
async fn nobody_is_reminded_on_the_day_of_the_invoice() {
    let house = House::open_at("2040-03-05T05:00:00Z").await;
    for (terms, first) in [
        (json!({"kind": "due_on_receipt"}), "2040-03-12"),
        (net(0), "2040-03-12"),
        (net(1), "2040-03-06"),
        (net(3), "2040-03-08"),
        (net(4), "2040-03-06"),
    ] {
        let more = json!({"payment_terms": terms, "time_zone": "Europe/Berlin"});
        let client = house.api.client(ADA, more).await;
        let issued = house
            .api
            .issued(text(&client, "id"), "1.00", json!({}))
            .await;
        let next = text(&issued["reminders"], "next_at");
        assert_eq!(
            local_time(next, "Europe/Berlin"),
            format!("{first} 09:00"),
            "{terms}"
        );
    }
    house.close().await;
}

/// Who was away for weeks sends one reminder, the one of today, and not all that were missed.
#[tokio::test]
async fn a_long_pause_is_not_made_up_for() {
    let house = House::open().await;
    let client = house
        .api
        .client(ADA, json!({"time_zone": "Europe/Berlin"}))
        .await;
    let issued = house
        .api
        .issued(text(&client, "id"), "1.00", json!({}))
        .await;
    assert_eq!(issued["due_date"], "2040-03-19");
    house.sleep_until("2040-04-03T12:00:00Z").await;
    assert_eq!(house.mails(ADA).await.len(), 1);
    let next = house.api.invoice(text(&issued, "id")).await["reminders"]["next_at"].clone();
    assert_eq!(next, "2040-04-18T07:00:00Z");
    house.close().await;
}

/// A busy host keeps a move waiting, and its own time goes on meanwhile.
#[tokio::test]
async fn an_instant_that_passed_while_the_host_was_busy_is_reached() {
    let house = House::open().await;
    let passed = house.now() - SignedDuration::from_mins(1);
    let now = house.host.cloud.move_clock(passed).await.unwrap();
    assert!(now > passed);
    house.close().await;
}
