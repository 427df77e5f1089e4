use jiff::ToSpan as _;
use jiff::civil::{Date, date};
use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::ids::{MemberId, TypedId as _};
use crate::number::Quantity;

const CLIENT: &str = "cli_01h455vb4pex5vsknk084sn02q";

fn member() -> ActorId {
    ActorId::Member(MemberId::from_uuid(uuid::Uuid::nil()))
}

fn at(instant: &str) -> Timestamp {
    instant.parse().unwrap()
}

fn lines(price: &str) -> Vec<Line> {
    let line = json!({"description": "Care of the shop", "quantity": "1", "unit_price": price});
    vec![serde_json::from_value(line).unwrap()]
}

fn terms(schedule: serde_json::Value, price: &str) -> SubscriptionTerms {
    let mut whole = json!({
        "every": 1, "unit": "month", "bills": "in_advance", "proration": "none",
    });
    for (name, value) in schedule.as_object().unwrap() {
        whole[name] = value.clone();
    }
    let cadence = json!({"every": whole["every"], "unit": whole["unit"]});
    whole.as_object_mut().unwrap().remove("every");
    whole.as_object_mut().unwrap().remove("unit");
    whole["cadence"] = cadence;
    if whole["anchor_on"].is_null() {
        whole["anchor_on"] = whole["starts_on"].clone();
    }
    let content = json!({
        "client_id": CLIENT, "currency": "EUR", "lines": lines(price),
        "terms": {"kind": "net", "days": 14},
    });
    SubscriptionTerms {
        name: Name::parse("Care").unwrap(),
        content: serde_json::from_value(content).unwrap(),
        schedule: serde_json::from_value(whole).unwrap(),
        automation: Automation::Send,
        retainer: None,
    }
}

fn draft(terms: SubscriptionTerms, zone: &str) -> Subscription {
    Subscription {
        account_id: AccountId::from_uuid(uuid::Uuid::nil()),
        id: SubscriptionId::from_uuid(uuid::Uuid::nil()),
        content_hash: terms.hash().unwrap(),
        terms,
        review: Review::default(),
        change: None,
        status: SubscriptionStatus::Draft,
        next: None,
        skipped: Vec::new(),
        trouble: None,
        retainer_state: None,
        ahead: None,
        time_zone: ZoneName::parse(zone).unwrap(),
        created_at: at("2026-12-01T09:00:00Z"),
        updated_at: at("2026-12-01T09:00:00Z"),
    }
}

fn active(terms: SubscriptionTerms) -> Subscription {
    let now = at("2026-12-01T09:00:00Z");
    draft(terms, "Europe/Berlin").activated(false, now).unwrap()
}

fn net(bill: &Bill) -> String {
    bill.content.totals().unwrap().net.amount_text()
}

/// Bills whatever is due at an instant: the days of each, and what it comes to.
fn run(found: &mut Subscription, now: Timestamp) -> Vec<(Date, Date, String)> {
    let mut billed = Vec::new();
    while found.is_due(now) {
        let bill = found.bill(false, &[]).unwrap();
        let days = bill.days.unwrap();
        billed.push((days.from(), days.to(), net(&bill)));
        *found = found.clone().billed(&bill, now);
    }
    billed
}

#[test]
fn four_years_of_months_from_the_31st() {
    let mut found = active(terms(json!({"starts_on": "2027-01-31"}), "900"));
    let mut days = Vec::new();
    let mut now = at("2027-01-30T00:00:00Z");
    // An hour at a time: a run at every hour bills once.
    while now < at("2031-01-30T00:00:00Z") {
        let billed = run(&mut found, now);
        assert!(billed.len() <= 1);
        days.extend(billed);
        now += 1.hours();
    }
    assert_eq!(days.len(), 48);
    let starts: Vec<Date> = days.iter().map(|(from, ..)| *from).collect();
    assert_eq!(starts[1], date(2027, 2, 28));
    assert_eq!(starts[13], date(2028, 2, 29));
    assert_eq!(starts[14], date(2028, 3, 31));
    assert_eq!(starts[47], date(2030, 12, 31));
    for pair in days.windows(2) {
        assert_eq!(pair[0].1.tomorrow().unwrap(), pair[1].0);
    }
    assert!(days.iter().all(|(.., net)| net == "900.00"));
}

#[test]
fn a_missed_month_is_caught_up_once_per_period() {
    let mut found = active(terms(
        json!({"starts_on": "2027-01-01", "unit": "week"}),
        "90",
    ));
    let billed = run(&mut found, at("2027-02-01T12:00:00Z"));
    assert_eq!(billed.len(), 5);
    assert_eq!(run(&mut found, at("2027-02-01T12:00:00Z")), []);
}

#[test]
fn the_first_and_the_last_period_cost_their_days() {
    let schedule = json!({
        "starts_on": "2027-01-15", "anchor_on": "2027-02-01", "ends_on": "2027-03-10",
        "proration": "days",
    });
    let mut found = active(terms(schedule.clone(), "930"));
    let billed = run(&mut found, at("2028-01-01T00:00:00Z"));
    let nets: Vec<&str> = billed.iter().map(|(.., net)| net.as_str()).collect();
    // 17 of 31 days; a whole month; 10 of 31.
    assert_eq!(nets, ["510.00", "930.00", "300.00"]);
    assert!(matches!(found.status, SubscriptionStatus::Ended { .. }));
    let mut whole = schedule;
    whole["proration"] = json!("none");
    let billed = run(&mut active(terms(whole, "930")), at("2028-01-01T00:00:00Z"));
    assert!(billed.iter().all(|(.., net)| net == "930.00"));
}

#[test]
fn a_new_price_counts_from_its_day() {
    let change = |found: Subscription, from| {
        let change = PriceChange::new(found.id, from, lines("1550"), member());
        found.changing(change.unwrap(), at("2027-01-02T00:00:00Z"))
    };
    let by_days = json!({"starts_on": "2027-01-01", "proration": "days"});
    let mut found = active(terms(by_days, "310"));
    run(&mut found, at("2027-01-01T12:00:00Z"));
    let early = change(found.clone(), date(2027, 1, 31)).unwrap_err();
    assert_eq!(crate::refusal::Refusal::code(&early), "day_too_early");
    let mut by_day = change(found, date(2027, 3, 11)).unwrap();
    let billed = run(&mut by_day, at("2027-05-01T12:00:00Z"));
    let nets: Vec<&str> = billed.iter().map(|(.., net)| net.as_str()).collect();
    // March: ten days of the old price and 21 of the new one.
    assert_eq!(nets, ["310.00", "1150.00", "1550.00", "1550.00"]);
    assert_eq!(by_day.change, None);

    let mut found = active(terms(json!({"starts_on": "2027-01-01"}), "310"));
    run(&mut found, at("2027-01-01T12:00:00Z"));
    let mut by_period = change(found, date(2027, 3, 11)).unwrap();
    let billed = run(&mut by_period, at("2027-05-01T12:00:00Z"));
    let nets: Vec<&str> = billed.iter().map(|(.., net)| net.as_str()).collect();
    assert_eq!(nets, ["310.00", "310.00", "1550.00", "1550.00"]);
}

#[test]
fn a_change_without_its_approval_does_not_count() {
    let mut found = active(terms(json!({"starts_on": "2027-01-01"}), "310"));
    let change = PriceChange::new(found.id, date(2027, 1, 1), lines("1550"), member());
    found = found
        .changing(change.unwrap(), at("2026-12-02T00:00:00Z"))
        .unwrap();
    let bill = found.bill(true, &[]).unwrap();
    assert_eq!((net(&bill), bill.in_force), ("310.00".to_owned(), None));
    assert_eq!(net(&found.bill(false, &[]).unwrap()), "1550.00");
}

#[test]
fn a_pause_leaves_out_what_it_covers() {
    let mut found = active(terms(json!({"starts_on": "2027-01-01"}), "310"));
    run(&mut found, at("2027-01-01T12:00:00Z"));
    let until = Some(date(2027, 4, 15));
    found = found.paused(until, at("2027-01-20T00:00:00Z")).unwrap();
    assert_eq!(run(&mut found, at("2027-04-14T00:00:00Z")), []);
    assert!(!found.pause_is_over(at("2027-04-15T03:59:59Z")));
    assert!(found.pause_is_over(at("2027-04-15T04:00:00Z")));
    found = found.resumed(at("2027-04-15T04:00:00Z")).unwrap();
    let reason = SkipReason::Paused;
    let (from, to) = (2, 4);
    assert_eq!(found.skipped, [Skipped { from, to, reason }]);
    let billed = run(&mut found, at("2027-05-01T12:00:00Z"));
    assert_eq!(billed.len(), 1);
    assert_eq!(billed[0].0, date(2027, 5, 1));
}

#[test]
fn skipping_ending_and_their_refusals() {
    let mut found = active(terms(
        json!({"starts_on": "2027-01-01", "periods": 4}),
        "310",
    ));
    run(&mut found, at("2027-01-01T12:00:00Z"));
    let now = at("2027-01-02T00:00:00Z");
    assert!(found.clone().skipping(4, now).is_err());
    let skipping = found.clone().skipping(2, now).unwrap();
    assert_eq!(
        skipping.next_period().unwrap().days.from(),
        date(2027, 4, 1)
    );
    let all = found.clone().skipping(3, now).unwrap();
    assert!(matches!(all.status, SubscriptionStatus::Ended { .. }));

    let early = found
        .clone()
        .ending(Some(date(2027, 1, 30)), now)
        .unwrap_err();
    assert_eq!(
        crate::refusal::Refusal::code(&early),
        "period_billed_already"
    );
    let ended = found.clone().ending(Some(date(2027, 1, 31)), now).unwrap();
    assert!(matches!(ended.status, SubscriptionStatus::Ended { .. }));
    let mut later = found.ending(Some(date(2027, 2, 10)), now).unwrap();
    assert_eq!(run(&mut later, at("2027-09-01T00:00:00Z")).len(), 1);
    assert!(later.ending(Some(date(2027, 3, 1)), now).is_err());

    // What has not begun ends without a bill, and so does what is billed to its end.
    let schedule = json!({"starts_on": "2027-06-01"});
    let ahead = active(terms(schedule, "310"));
    for on in [None, Some(date(2027, 5, 1))] {
        let ended = ahead.clone().ending(on, now).unwrap();
        assert!(matches!(ended.status, SubscriptionStatus::Ended { .. }));
        assert_eq!(ended.next, None);
    }
    let mut begun = active(terms(json!({"starts_on": "2027-01-01"}), "310"));
    run(&mut begun, at("2027-01-01T12:00:00Z"));
    let ended = begun.ending(None, now).unwrap();
    assert!(matches!(ended.status, SubscriptionStatus::Ended { .. }));
}

#[test]
fn a_past_start_is_refused_and_a_day_late_is_not() {
    let late = draft(
        terms(json!({"starts_on": "2026-11-15"}), "310"),
        "Europe/Berlin",
    );
    let late = late.activated(false, at("2026-12-01T09:00:00Z")).unwrap();
    assert!(late.is_due(at("2026-12-01T09:00:00Z")));
    let past = draft(
        terms(json!({"starts_on": "2026-10-15"}), "310"),
        "Europe/Berlin",
    );
    let refusal = past
        .activated(false, at("2026-12-01T09:00:00Z"))
        .unwrap_err();
    assert_eq!(
        crate::refusal::Refusal::code(&refusal),
        "starts_in_the_past"
    );
}

#[test]
fn years_end_where_the_client_is() {
    for (zone, first) in [
        ("Pacific/Kiritimati", "2026-12-31T16:00:00Z"),
        ("Pacific/Pago_Pago", "2027-01-01T17:00:00Z"),
        ("Australia/Sydney", "2026-12-31T19:00:00Z"),
        ("America/New_York", "2027-01-01T11:00:00Z"),
    ] {
        let found = draft(terms(json!({"starts_on": "2027-01-01"}), "310"), zone);
        let found = found.activated(false, at("2026-12-01T09:00:00Z")).unwrap();
        assert_eq!(found.due_at(), Some(at(first)), "{zone}");
    }
}

#[test]
fn what_cannot_be_billed_is_tried_every_morning() {
    let found = active(terms(json!({"starts_on": "2027-01-01"}), "310"));
    let now = at("2027-01-01T05:00:00Z");
    let off = found.put_off("client_archived", "bring it back", now);
    assert_eq!(off.due_at(), Some(at("2027-01-02T05:00:00Z")));
    let again = off.put_off(
        "client_archived",
        "bring it back",
        at("2027-01-02T05:00:00Z"),
    );
    assert_eq!(again.trouble.as_ref().unwrap().since, now);
    let later = at("2027-01-02T08:00:00Z");
    let mended = again.tried_again(later).unwrap();
    assert!(mended.is_due(later));
    let bill = mended.bill(false, &[]).unwrap();
    assert_eq!(mended.billed(&bill, later).trouble, None);
}

fn hour_line(hours: &str, price: &str) -> WorkLine {
    let project = ProjectId::from_uuid(uuid::Uuid::nil());
    let quantity = Quantity::parse(hours).unwrap();
    let unit_price = crate::number::UnitPrice::parse(price).unwrap();
    let product = quantity.decimal() * unit_price.decimal();
    let line: Line = serde_json::from_value(json!({
        "description": "Design", "quantity": hours, "unit_price": price, "unit": "HUR",
    }))
    .unwrap();
    WorkLine {
        sheet: crate::work_entry::TimesheetLine {
            project_id: project,
            project: Name::parse("Shop").unwrap(),
            description: line.description.clone(),
            quantity,
            unit: line.unit.clone(),
            unit_price,
            scope_line_id: None,
            taxes: None,
            first_on: date(2027, 1, 2),
            last_on: date(2027, 1, 20),
            net: crate::money::Money::rounded(product, line_currency()).unwrap(),
            rows: Vec::new(),
        },
        line,
    }
}

fn line_currency() -> crate::money::Currency {
    crate::money::Currency::parse("EUR").unwrap()
}

fn with_retainer(allowance: serde_json::Value, carry_over: serde_json::Value) -> Subscription {
    let mut agreed = terms(json!({"starts_on": "2027-01-01", "periods": 3}), "900");
    let retainer = json!({
        "project_id": ProjectId::from_uuid(uuid::Uuid::nil()),
        "allowance": allowance, "carry_over": carry_over, "description": "Included",
    });
    agreed.retainer = Some(serde_json::from_value(retainer).unwrap());
    active(agreed)
}

#[test]
fn hours_are_drawn_carried_over_and_settled_at_the_end() {
    let up_to = json!({"kind": "up_to", "most": "4"});
    let mut found = with_retainer(json!({"hours": "10"}), up_to);
    let first = found.bill(false, &[]).unwrap();
    assert_eq!((net(&first), first.retainer), ("900.00".to_owned(), None));
    found = found.billed(&first, at("2027-01-01T12:00:00Z"));
    assert_eq!(found.work_until(), Some(date(2027, 1, 31)));

    // Of ten hours three are used: four of seven are carried over, three are lost.
    let second = found.bill(false, &[hour_line("3", "100")]).unwrap();
    assert_eq!(net(&second), "900.00");
    let drawn = second.retainer.unwrap();
    assert_eq!(drawn.used.to_string(), "3");
    assert_eq!(drawn.expired.to_string(), "3");
    assert_eq!(drawn.after.available.to_string(), "14");
    found = found.billed(&second, at("2027-02-01T12:00:00Z"));

    // Sixteen hours: fourteen are included, the rest costs what it costs.
    let work = [hour_line("12", "100"), hour_line("4", "80")];
    let third = found.bill(false, &work).unwrap();
    assert_eq!(net(&third), "1060.00");
    found = found.billed(&third, at("2027-03-01T12:00:00Z"));
    assert_eq!(found.next_period(), None);
    assert!(matches!(found.status, SubscriptionStatus::Active { .. }));

    // What was done in the last period is settled, without another fee.
    let settled = found.bill(false, &[hour_line("11", "100")]).unwrap();
    assert_eq!((net(&settled), settled.days), ("100.00".to_owned(), None));
    let ended = found.billed(&settled, at("2027-04-01T12:00:00Z"));
    assert!(matches!(ended.status, SubscriptionStatus::Ended { .. }));
}

#[test]
fn money_is_drawn_by_what_the_work_is_worth() {
    let mut found = with_retainer(json!({"amount": "500.00"}), json!({"kind": "none"}));
    let first = found.bill(false, &[]).unwrap();
    found = found.billed(&first, at("2027-01-01T12:00:00Z"));
    let second = found.bill(false, &[hour_line("4.5", "120")]).unwrap();
    assert_eq!(net(&second), "940.00");
    assert_eq!(second.retainer.unwrap().after.available.to_string(), "500");
}

proptest! {
    /// Whatever is used, what was there is what was used, lost, or carried on.
    #[test]
    fn nothing_of_a_retainer_vanishes(hours in proptest::collection::vec(1u32..40, 0..8), most in 0u32..20) {
        let up_to = json!({"kind": "up_to", "most": (most + 1).to_string()});
        let mut found = with_retainer(json!({"hours": "10"}), up_to);
        let first = found.bill(false, &[]).unwrap();
        found = found.billed(&first, at("2027-01-01T12:00:00Z"));
        let work: Vec<WorkLine> =
            hours.iter().map(|hours| hour_line(&hours.to_string(), "10")).collect();
        let bill = found.bill(false, &work).unwrap();
        let drawn = bill.retainer.unwrap();
        let parts = drawn.used.decimal() + drawn.expired.decimal() + drawn.after.carried.decimal();
        prop_assert_eq!(parts, drawn.available.decimal());
        let done: u32 = hours.iter().sum();
        let over = done.saturating_sub(10);
        prop_assert_eq!(net(&bill), format!("{}.00", 900 + over * 10));
    }
}

/// A whole year, an hour at a time: each bill is told once, three days before it, and never after it.
#[test]
fn each_bill_is_told_once_and_before_it() {
    let mut found = active(terms(json!({"starts_on": "2027-01-31"}), "900")).telling_ahead(Some(3));
    let (mut told, mut billed) = (Vec::new(), Vec::new());
    let mut now = at("2027-01-01T00:00:00Z");
    while now < at("2028-01-15T00:00:00Z") {
        assert_eq!(
            found.due_at() <= Some(now),
            found.notice_is_due(now) || found.is_due(now)
        );
        if found.notice_is_due(now) {
            let ahead = found.bill_ahead(false).unwrap();
            assert!(found.is_ahead(ahead.number, now));
            assert_eq!(ahead.amount.unwrap().amount_text(), "900.00");
            let today = found.today(now);
            assert_eq!(today + 3.days(), ahead.on);
            told.push((ahead.number, ahead.on));
            found = found.told_ahead();
            assert!(!found.notice_is_due(now));
        }
        for (from, ..) in run(&mut found, now) {
            billed.push(from);
            assert!(!found.is_ahead(told.last().unwrap().0, now));
        }
        now += 1.hours();
    }
    assert_eq!(billed.len(), 12);
    let days: Vec<Date> = told.iter().map(|(_, on)| *on).collect();
    assert_eq!(days, billed);
}

#[test]
fn what_is_paused_skipped_late_or_by_hand_is_told_rightly() {
    let now = at("2027-01-29T12:00:00Z");
    let starts = json!({"starts_on": "2027-01-31"});
    let found = active(terms(starts.clone(), "900")).telling_ahead(Some(3));
    // Begun within the days: told at once.
    assert!(found.notice_is_due(now));
    let told = found.clone().told_ahead();
    assert!(!told.notice_is_due(now));
    // A pause tells nothing, and what was told is not told again.
    let paused = told.clone().paused(None, now).unwrap();
    assert_eq!(paused.notice_at(), None);
    assert!(!paused.is_ahead(1, now));
    assert!(!paused.resumed(now).unwrap().notice_is_due(now));
    // The period behind one that is skipped is told in its own time.
    let skipped = told.clone().skipping(1, now).unwrap();
    assert!(!skipped.is_ahead(1, now));
    assert_eq!(skipped.notice_at(), Some(at("2027-02-25T08:00:00Z")));
    // What is late is billed, and not told.
    let late = at("2027-01-31T08:00:00Z");
    assert!(found.is_due(late) && !found.notice_is_due(late));
    let stuck = found.clone().put_off("gap", "mend it", late);
    assert_eq!(stuck.notice_at(), None);
    for automation in [Automation::Draft, Automation::Collect] {
        let terms = SubscriptionTerms {
            automation,
            ..terms(starts.clone(), "900")
        };
        assert_eq!(active(terms).telling_ahead(Some(3)).notice_at(), None);
    }
    assert_eq!(found.telling_ahead(None).notice_at(), None);
}
