//! Fees for paying late: how many days, on how much, and what ends them.

use jiff::Timestamp;
use jiff::civil::{Date, date};
use proptest::prelude::*;
use remit_billing::actor::ActorId;
use remit_billing::late_fee::{
    Compensation, Every, FeeContext, FeeLine, FeeLook, FeeRefusal, FeesDue, LateCharge,
    LateFeeAgreement, LateFeeRule, LateFees, Preset, Reference, ReferenceRate, ReferenceRates,
    Waiver, WaiverRefusal, YearlyRate, agreed,
};
use remit_billing::ledger::Rail;
use remit_billing::line::Discount;
use remit_billing::money::{Currency, Money};
use remit_billing::standing::{
    AppliedPayment, Processing, Reversal, Standing, WriteOff, WriteOffKind,
};
use serde_json::json;

use crate::house::{agency, content, customer, draft, euros, id, issue, of, open_invoice};

/// 1,000.00 EUR, issued on 17 March 2026, due on the 31st.
fn overdue(rule: &LateFeeRule) -> (Standing, LateFees) {
    let mut content = content(Currency::EUR, "1000.00", &json!([]));
    content.late_fee_rule = Some(rule.clone());
    let (invoice, standing) = issue(draft(content), &agency(), &customer());
    let fees = LateFees::opened(&standing, invoice.content.late_fee_rule.as_ref());
    (standing, fees.unwrap())
}

fn interest(percent: &str) -> LateFeeRule {
    LateFeeRule {
        charge: LateCharge::Interest(YearlyRate::Fixed {
            yearly_percent: of(percent),
        }),
        grace_days: 0,
        cap: None,
        compensation: Vec::new(),
    }
}

fn flat(amount: &str, every: Every) -> LateFeeRule {
    LateFeeRule {
        charge: LateCharge::Flat {
            amount: of(amount),
            every,
        },
        ..interest("1")
    }
}

/// Ten in the morning in Berlin.
fn morning(day: Date) -> Timestamp {
    let zone: remit_billing::party::ZoneName = of("Europe/Berlin");
    zone.zone().to_timestamp(day.at(10, 0, 0, 0)).unwrap()
}

fn look(
    fees: &LateFees,
    rule: &LateFeeRule,
    standing: &Standing,
    on: Date,
) -> Result<FeeLook, FeeRefusal> {
    look_with(fees, rule, standing, &[], &ReferenceRates::default(), on)
}

fn look_with(
    fees: &LateFees,
    rule: &LateFeeRule,
    standing: &Standing,
    others: &[LateFees],
    rates: &ReferenceRates,
    on: Date,
) -> Result<FeeLook, FeeRefusal> {
    fees.look(FeeContext {
        rule,
        standing,
        others,
        rates,
        now: morning(on),
    })
}

#[track_caller]
fn charged(look: Result<FeeLook, FeeRefusal>) -> (LateFees, FeesDue) {
    match look.unwrap() {
        FeeLook::Charges { mut after, due } => {
            after
                .charges
                .push(due.charge(id(500), None, of("2026-05-01T07:00:00Z")));
            (*after, due)
        }
        other => panic!("nothing is charged: {other:?}"),
    }
}

#[track_caller]
fn moved(look: Result<FeeLook, FeeRefusal>) -> LateFees {
    match look.unwrap() {
        FeeLook::Moved(after) => *after,
        other => panic!("not moved on: {other:?}"),
    }
}

fn paid(standing: &Standing, number: u128, cents: i64, on: Date) -> Standing {
    let payment = AppliedPayment {
        id: id(number),
        on,
        amount: euros(cents),
        rail: Rail::BankTransfer,
        reference: None,
        applied_at: None,
        from_balance: false,
    };
    standing.clone().applied(payment, morning(on)).unwrap()
}

#[test]
fn a_month_of_interest_counts_its_days_of_a_year_of_365() {
    let rule = interest("10");
    let (standing, fees) = overdue(&rule);
    assert_eq!(fees.next, Some(of("2026-05-01T07:00:00Z")));
    assert_eq!(
        look(&fees, &rule, &standing, date(2026, 4, 30)),
        Ok(FeeLook::NotDue)
    );
    // April: 30 days. 1,000.00 x 10 % x 30 / 365 = 8.2191...
    let (after, due) = charged(look(&fees, &rule, &standing, date(2026, 5, 1)));
    assert_eq!(due.amount, euros(822));
    assert_eq!(
        (due.days.from(), due.days.to()),
        (date(2026, 4, 1), date(2026, 4, 30))
    );
    // From the 31st on: to 31 May, and not to the 30th for ever.
    assert_eq!(after.next, Some(of("2026-06-01T07:00:00Z")));
    let (after, due) = charged(look(&after, &rule, &standing, date(2026, 6, 1)));
    assert_eq!(due.amount, euros(849));
    assert_eq!(
        (due.days.from(), due.days.to()),
        (date(2026, 5, 1), date(2026, 5, 31))
    );
    // The same run once more finds nothing.
    assert_eq!(
        look(&after, &rule, &standing, date(2026, 6, 1)),
        Ok(FeeLook::NotDue)
    );
}

#[test]
fn interest_follows_what_was_paid_from_the_day_it_was() {
    let rule = interest("10");
    let (standing, fees) = overdue(&rule);
    // On the 11th half of it: ten days of 1,000.00 and twenty of 500.00, 20,000 day-euros.
    let half = paid(&standing, 1, 50_000, date(2026, 4, 11));
    let (after, due) = charged(look(&fees, &rule, &half, date(2026, 5, 1)));
    assert_eq!(due.amount, euros(548));
    let FeeLine::Interest { segments, .. } = &due.lines[0] else {
        panic!("no interest: {:?}", due.lines);
    };
    let stretches: Vec<_> = segments
        .iter()
        .map(|of| (of.principal, of.days()))
        .collect();
    assert_eq!(stretches, [(euros(100_000), 10), (euros(50_000), 20)]);
    // The rest on 5 May: four days more, and then nothing for ever.
    let settled = paid(&half, 2, 50_000, date(2026, 5, 5));
    let (after, due) = charged(look(&after, &rule, &settled, date(2026, 6, 1)));
    assert_eq!(due.amount, euros(55));
    assert_eq!(
        (due.days.from(), due.days.to()),
        (date(2026, 5, 1), date(2026, 5, 4))
    );
    assert_eq!(after.next, None);
}

#[test]
fn who_pays_in_time_or_within_the_grace_pays_nothing() {
    let rule = LateFeeRule {
        grace_days: 7,
        ..interest("10")
    };
    let (standing, fees) = overdue(&rule);
    for day in [date(2026, 3, 31), date(2026, 4, 7)] {
        let settled = paid(&standing, 1, 100_000, day);
        let after = moved(look(&fees, &rule, &settled, date(2026, 5, 1)));
        assert_eq!(after.next, None, "{day}");
    }
    // A day later it is all of the days: the grace is no discount.
    let settled = paid(&standing, 1, 100_000, date(2026, 4, 8));
    let (_, due) = charged(look(&fees, &rule, &settled, date(2026, 5, 1)));
    assert_eq!(
        (due.days.from(), due.days.to()),
        (date(2026, 4, 1), date(2026, 4, 7))
    );
    assert_eq!(due.amount, euros(192));
}

#[test]
fn what_is_disputed_bears_nothing_while_it_is() {
    let rule = interest("36.5");
    let mut content = content(Currency::EUR, "600.00", &json!([]));
    let line = json!({"description": "Hosting", "quantity": "1", "unit_price": "400.00"});
    content.lines.push(serde_json::from_value(line).unwrap());
    content.late_fee_rule = Some(rule.clone());
    let (invoice, standing) = issue(draft(content), &agency(), &customer());
    let fees = LateFees::opened(&standing, Some(&rule)).unwrap();
    // 0.1 % a day. The second line is disputed from the 11th to the 20th.
    let disputed = standing.with_dispute(&invoice, 1, morning(date(2026, 4, 11)));
    let disputed = disputed.unwrap();
    let upheld = disputed
        .clone()
        .upheld(1, &agency(), morning(date(2026, 4, 20)));
    let (_, due) = charged(look(&fees, &rule, &upheld.unwrap(), date(2026, 5, 1)));
    // 20 days of 1,000.00 and 10 of 600.00.
    assert_eq!(due.amount, euros(2_600));
    let (_, due) = charged(look(&fees, &rule, &disputed, date(2026, 5, 1)));
    assert_eq!(due.amount, euros(1_000 + 20 * 60));
}

#[test]
fn a_sum_is_charged_on_its_day_once_or_each_month() {
    let rule = LateFeeRule {
        grace_days: 7,
        ..flat("25", Every::Once)
    };
    let (standing, fees) = overdue(&rule);
    assert_eq!(fees.next, Some(of("2026-04-08T07:00:00Z")));
    let (after, due) = charged(look(&fees, &rule, &standing, date(2026, 4, 8)));
    assert_eq!((due.amount, after.next), (euros(2_500), None));

    let monthly = LateFeeRule {
        grace_days: 7,
        ..flat("25", Every::Month)
    };
    let (standing, fees) = overdue(&monthly);
    let (after, _) = charged(look(&fees, &monthly, &standing, date(2026, 4, 8)));
    assert_eq!(after.next, Some(of("2026-05-08T07:00:00Z")));
    // A server that slept for three months charges each of them once, on one invoice.
    let (after, due) = charged(look(&after, &monthly, &standing, date(2026, 7, 20)));
    assert_eq!((due.lines.len(), due.amount), (3, euros(7_500)));
    assert_eq!(after.next, Some(of("2026-08-08T07:00:00Z")));
    // What is paid on the day before bears none, and ends it.
    let settled = paid(&standing, 1, 100_000, date(2026, 8, 7));
    assert_eq!(
        moved(look(&after, &monthly, &settled, date(2026, 8, 8))).next,
        None
    );
}

#[test]
fn a_share_is_of_what_is_overdue_then() {
    let rule = LateFeeRule {
        charge: LateCharge::Percent {
            percent: of("1.5"),
            every: Every::Month,
        },
        ..interest("1")
    };
    let (standing, fees) = overdue(&rule);
    let (after, due) = charged(look(&fees, &rule, &standing, date(2026, 4, 1)));
    assert_eq!(
        due.amount,
        Money::zero(Currency::EUR)
            .checked_add(euros(1_500))
            .unwrap()
    );
    let half = paid(&standing, 1, 50_000, date(2026, 4, 11));
    let (_, due) = charged(look(&after, &rule, &half, date(2026, 5, 1)));
    assert_eq!(due.amount, euros(750));
}

#[test]
fn a_cap_is_reached_and_no_more_comes() {
    let rule = LateFeeRule {
        cap: Some(Discount::Percent(of("4"))),
        compensation: vec![Compensation {
            from: of("0"),
            amount: of("40"),
        }],
        ..flat("25", Every::Month)
    };
    let (standing, fees) = overdue(&rule);
    let (after, due) = charged(look(&fees, &rule, &standing, date(2026, 4, 1)));
    // The compensation stands beside the cap, and comes once.
    assert_eq!(
        (due.amount, due.compensation),
        (euros(2_500), Some(euros(4_000)))
    );
    let (after, due) = charged(look(&after, &rule, &standing, date(2026, 5, 1)));
    assert_eq!((due.amount, due.compensation), (euros(1_500), None));
    assert_eq!(after.next, None);
}

#[test]
fn the_laws_rates_are_those_of_their_half_years() {
    let noted = |reference, from, percent: &str| ReferenceRate {
        reference,
        from,
        percent: of(percent),
    };
    let rates = ReferenceRates::new(vec![
        noted(Reference::EcbRefinancing, date(2026, 7, 1), "2.5"),
        noted(Reference::EcbRefinancing, date(2026, 1, 1), "2"),
        noted(Reference::BankOfEngland, date(2026, 1, 1), "4"),
    ])
    .unwrap();
    let eu = Preset::Eu.rule(Currency::EUR).unwrap();
    let (standing, fees) = overdue(&eu);
    let (_, due) = charged(look_with(
        &fees,
        &eu,
        &standing,
        &[],
        &rates,
        date(2026, 8, 1),
    ));
    // April to June at 10 %, July at 10.5 %; each period rounded once; and 40 euros.
    let periods: Vec<_> = due.lines.iter().map(FeeLine::amount).collect();
    assert_eq!(
        periods,
        [euros(822), euros(849), euros(822), euros(892), euros(4_000)]
    );
    // The Bank of England's rate of the half-year in which interest began stays.
    let uk = Preset::Uk.rule(Currency::EUR).unwrap();
    let (_, due) = charged(look_with(
        &fees,
        &uk,
        &standing,
        &[],
        &rates,
        date(2026, 8, 1),
    ));
    let periods: Vec<_> = due.lines.iter().map(FeeLine::amount).collect();
    assert_eq!(
        periods,
        [euros(986), euros(1_019), euros(986), euros(1_019)]
    );
    assert_eq!(
        Preset::Uk.rule(Currency::GBP).unwrap().compensation.len(),
        3
    );

    // A half-year that nobody has noted is asked for by name.
    let refused = look_with(&fees, &eu, &standing, &[], &rates, date(2027, 2, 1));
    let from = date(2027, 1, 1);
    let reference = Reference::EcbRefinancing;
    assert_eq!(
        refused,
        Err(FeeRefusal::ReferenceRateRequired { reference, from })
    );
    let trouble = fees.put_off(
        "reference_rate_required",
        "note it",
        &standing.time_zone,
        morning(date(2027, 2, 1)),
    );
    assert_eq!(trouble.next, Some(of("2027-02-02T08:00:00Z")));
}

#[test]
fn nothing_is_charged_while_a_payment_is_on_its_way_nor_of_what_is_given_up() {
    let rule = interest("10");
    let (standing, fees) = overdue(&rule);
    let waits = standing.clone().with_processing(Processing {
        attempt_id: id(9),
        amount: euros(100_000),
        since: morning(date(2026, 4, 30)),
    });
    let after = moved(look(&fees, &rule, &waits, date(2026, 5, 1)));
    assert_eq!(
        (after.done, after.next),
        (0, Some(of("2026-05-02T07:00:00Z")))
    );

    let given_up = standing.clone().with_write_off(
        WriteOff {
            id: id(8),
            kind: WriteOffKind::BadDebt,
            amount: euros(100_000),
            recovered: euros(0),
            reason: None,
            on: date(2026, 4, 20),
            by: None,
            payment_id: None,
            reversed_at: None,
        },
        morning(date(2026, 4, 20)),
    );
    let after = moved(look(&fees, &rule, &given_up.unwrap(), date(2026, 5, 1)));
    assert_eq!(after.next, None);
    let void = standing.void(None, morning(date(2026, 4, 2))).unwrap();
    assert_eq!(
        moved(look(&fees, &rule, &void, date(2026, 5, 1))).next,
        None
    );
}

#[test]
fn what_is_owed_again_bears_fees_from_then_on() {
    let rule = interest("36.5");
    let (standing, fees) = overdue(&rule);
    let settled = paid(&standing, 1, 100_000, date(2026, 4, 11));
    let back = morning(date(2026, 4, 21));
    let reopened = settled
        .clone()
        .reopened(id(1), euros(100_000), Reversal::Loss, &agency(), back);
    let reopened = reopened.unwrap();
    let again = LateFees::reopened(&settled, &reopened, back).unwrap();
    assert_eq!((again.anchor_on, again.done), (date(2026, 4, 20), 0));
    // The cycle before is over, and what it would have charged of the paid days with it.
    let others = [again.clone()];
    let none = ReferenceRates::default();
    let ended = look_with(&fees, &rule, &reopened, &others, &none, date(2026, 5, 1));
    assert_eq!(moved(ended).next, None);
    // From the 21st on, 0.1 % a day.
    let first = moved(look(&again, &rule, &reopened, date(2026, 5, 10)));
    assert_eq!(first.next, Some(of("2026-05-21T07:00:00Z")));
    let (_, due) = charged(look(&first, &rule, &reopened, date(2026, 5, 21)));
    assert_eq!(
        (due.days.from(), due.amount),
        (date(2026, 4, 21), euros(3_000))
    );
    // What was open all along needs no second account of it.
    let part = paid(&standing, 1, 40_000, date(2026, 4, 11));
    let less = part
        .clone()
        .reopened(id(1), euros(40_000), Reversal::Loss, &agency(), back)
        .unwrap();
    assert_eq!(LateFees::reopened(&part, &less, back), None);
    // Nor what no fee is agreed for.
    let (_, plain) = open_invoice();
    let settled = paid(&plain, 1, 10_000, date(2026, 4, 11));
    let again = settled
        .clone()
        .reopened(id(1), euros(10_000), Reversal::Loss, &agency(), back)
        .unwrap();
    assert_eq!(LateFees::reopened(&settled, &again, back), None);
}

fn waiver(on: Date, for_good: bool) -> Waiver {
    Waiver {
        through: on,
        for_good,
        reason: Some(of("They called.")),
        by: ActorId::Member(id(70)),
        at: morning(on),
    }
}

#[test]
fn what_is_let_go_is_not_charged_later() {
    let rule = interest("36.5");
    let (standing, fees) = overdue(&rule);
    let zone = &standing.time_zone;
    let after = fees
        .clone()
        .waived(&rule, zone, waiver(date(2026, 4, 10), false))
        .unwrap();
    let (_, due) = charged(look(&after, &rule, &standing, date(2026, 5, 1)));
    assert_eq!(
        (due.days.from(), due.amount),
        (date(2026, 4, 11), euros(2_000))
    );
    let ended = fees
        .waived(&rule, zone, waiver(date(2026, 4, 10), true))
        .unwrap();
    assert_eq!(ended.next, None);
    let again = ended.waived(&rule, zone, waiver(date(2026, 4, 11), false));
    assert_eq!(again, Err(WaiverRefusal::NoneToCome));

    // Of sums it is the next one that would come.
    let rule = flat("25", Every::Month);
    let (standing, fees) = overdue(&rule);
    let zone = &standing.time_zone;
    let after = fees
        .waived(&rule, zone, waiver(date(2026, 3, 31), false))
        .unwrap();
    assert_eq!(
        (after.done, after.next),
        (1, Some(of("2026-05-01T07:00:00Z")))
    );
    charged(look(&after, &rule, &standing, date(2026, 5, 1)));
}

#[test]
fn what_counts_is_what_the_client_agreed_to() {
    let rule = interest("9");
    let frame = LateFeeAgreement {
        rule: flat("25", Every::Once),
        currency: Currency::EUR,
        agreed_on: date(2026, 1, 15),
        agreement: of("Frame contract 17"),
    };
    let plain = content(Currency::EUR, "100", &json!([]));
    assert_eq!(agreed(&plain, &customer(), &[]), None);
    let mut client = customer();
    client.late_fee_agreement = Some(frame.clone());
    assert_eq!(agreed(&plain, &client, &[]), Some(frame.rule.clone()));
    // Sums are of their currency; shares of any.
    let won = content(Currency::KRW, "100000", &json!([]));
    assert_eq!(agreed(&won, &client, &[]), None);
    client.late_fee_agreement = Some(LateFeeAgreement {
        rule: rule.clone(),
        ..frame
    });
    assert_eq!(agreed(&won, &client, &[]), Some(rule));
    let mut not_here = plain.clone();
    not_here.charge_late_fees = false;
    assert_eq!(agreed(&not_here, &client, &[]), None);
    // A fee bears none.
    let mut fee = plain;
    fee.late_fee_of = Some(id(3));
    assert_eq!(agreed(&fee, &client, &[]), None);
}

#[test]
fn a_rule_is_held_to_its_currency() {
    let rule = LateFeeRule {
        cap: Some(Discount::Amount(of("10.5"))),
        compensation: vec![
            Compensation {
                from: of("1000"),
                amount: of("70"),
            },
            Compensation {
                from: of("0"),
                amount: of("0"),
            },
        ],
        ..flat("25.50", Every::Once)
    };
    let faults = rule.faults(Currency::KRW);
    let told: Vec<_> = faults
        .iter()
        .map(|of| (of.pointer.as_str(), of.fault.code()))
        .collect();
    assert_eq!(
        told,
        [
            ("/amount", "too_many_decimals"),
            ("/cap/amount", "too_many_decimals"),
            ("/compensation/1/amount", "not_positive"),
            ("/compensation/1/from", "not_ascending"),
        ]
    );
    assert_eq!(interest("100.5").faults(Currency::EUR).len(), 1);
    assert!(
        Preset::Eu
            .rule(Currency::EUR)
            .unwrap()
            .faults(Currency::EUR)
            .is_empty()
    );
    let half = ReferenceRate {
        reference: Reference::EcbRefinancing,
        from: date(2026, 2, 1),
        percent: of("2"),
    };
    let faults = ReferenceRates::new(vec![half, half]).unwrap_err();
    assert_eq!(faults.len(), 3);
}

proptest! {
    /// However payments come, and however often it is looked, interest is that of each day on which
    /// something was overdue, rounded once a period; nothing is charged twice.
    #[test]
    fn interest_is_that_of_its_days(
        payments in prop::collection::vec((0_i64..200, 1_i64..60_000), 0..6),
        looks in prop::collection::vec(1_i64..60, 1..8),
    ) {
        let rule = interest("36.5");
        let (mut standing, mut fees) = overdue(&rule);
        let mut left = 100_000_i64;
        let mut days_of = std::collections::BTreeMap::new();
        let mut sorted = payments;
        sorted.sort_unstable();
        for (number, (day, cents)) in sorted.iter().enumerate() {
            let cents = (*cents).min(left);
            if cents == 0 { break; }
            let on = date(2026, 3, 20) + jiff::Span::new().days(*day);
            standing = paid(&standing, 100 + number as u128, cents, on);
            left -= cents;
            days_of.entry(on).and_modify(|of| *of += cents).or_insert(cents);
        }
        let mut today = date(2026, 3, 31);
        let mut charged_until = date(2026, 3, 31);
        let mut sum = 0_i64;
        let mut rounded = 0_i64;
        for step in looks {
            today += jiff::Span::new().days(step);
            match look(&fees, &rule, &standing, today).unwrap() {
                FeeLook::NotDue => {}
                FeeLook::Moved(after) => fees = *after,
                FeeLook::Charges { mut after, due } => {
                    prop_assert!(due.days.from() > charged_until);
                    charged_until = due.days.to();
                    sum += due.amount.minor_units().unwrap();
                    rounded += i64::try_from(due.lines.len()).unwrap();
                    after.charges.push(due.charge(id(1), None, morning(today)));
                    fees = *after;
                }
            }
            // It never waits for what lies behind.
            prop_assert!(fees.next.is_none_or(|next| next > morning(today)));
        }
        let mut owed = 0_i64;
        let mut day = date(2026, 4, 1);
        while day <= charged_until {
            let paid: i64 = days_of.range(..=day).map(|(_, cents)| cents).sum();
            owed += 100_000 - paid;
            day = day.tomorrow().unwrap();
        }
        // 0.1 % a day, half a cent a period at most.
        prop_assert!((sum * 1_000 - owed).abs() <= 500 * rounded.max(1));
    }
}
