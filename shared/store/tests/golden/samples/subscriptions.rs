//! Subscriptions: drafts, what is under way, what was billed.

use jiff::civil::date;
use remit_billing::billing_cycle::{BillingCycle, BillingDay, CycleAutomation, NextRun};
use remit_billing::ids::{PaymentMethodId, SubscriptionId};
use remit_billing::line::Line;
use remit_billing::party::{CountryCode, Period, ZoneName};
use remit_billing::subscription::{
    Ahead, Allowance, Automation, BilledPeriod, BillingMoment, BillingSchedule, Cadence,
    CadenceUnit, CarryOver, Drawn, NextBill, PeriodCharge, PriceChange, Proration, Retainer,
    RetainerState, SkipReason, Skipped, Subscription, SubscriptionStatus, SubscriptionTerms,
    Trouble,
};

use super::estimates::review;
use super::sending::{content, least_content};
use super::{
    Sample, account_id, attempt_id, client_id, id, invoice_id, of, project_id, shape, whole,
};

pub fn samples() -> Vec<Sample> {
    vec![
        whole(subscription(), Vec::new()),
        shape("draft", draft()),
        shape("paused", paused()),
        shape("ended", ended()),
        whole(billed_period(), Vec::new()),
        shape("settlement", settlement()),
        whole(billing_cycle(), Vec::new()),
        shape("weeks", every_second_week()),
        shape("none", no_cycle()),
    ]
}

fn subscription_id() -> SubscriptionId {
    id(0x51)
}

fn schedule() -> BillingSchedule {
    BillingSchedule {
        cadence: Cadence::new(3, CadenceUnit::Month).unwrap(),
        starts_on: date(2026, 1, 15),
        anchor_on: date(2026, 1, 31),
        ends_on: Some(date(2027, 12, 31)),
        periods: Some(8),
        bills: BillingMoment::InArrears,
        proration: Proration::Days,
    }
}

fn subscription() -> Subscription {
    let terms = SubscriptionTerms {
        name: of("Care of the shop"),
        content: content(),
        schedule: schedule(),
        automation: Automation::Charge,
        retainer: Some(Retainer {
            project_id: project_id(),
            allowance: Allowance::Hours(of("10")),
            carry_over: CarryOver::UpTo { most: of("2.5") },
            description: of("Included in your retainer"),
        }),
    };
    let lines: Vec<Line> = least_content().lines;
    Subscription {
        account_id: account_id(),
        id: subscription_id(),
        content_hash: of("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        terms,
        review: review(),
        change: Some(PriceChange {
            from: date(2026, 7, 1),
            lines,
            content_hash: of("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            review: review(),
        }),
        status: SubscriptionStatus::Active {
            since: of("2026-01-15T09:00:00Z"),
        },
        next: Some(NextBill {
            number: 3,
            at: of("2026-08-01T04:00:00Z"),
        }),
        skipped: vec![Skipped {
            from: 1,
            to: 2,
            reason: SkipReason::Asked,
        }],
        trouble: Some(Trouble {
            code: "client_archived".to_owned(),
            detail: "the client is archived".to_owned(),
            since: of("2026-07-31T04:00:00Z"),
        }),
        ahead: Some(Ahead { days: 3, told: 4 }),
        retainer_state: Some(RetainerState {
            available: of("12.5"),
            carried: of("2.5"),
        }),
        time_zone: zone(),
        created_at: of("2026-01-10T09:00:00Z"),
        updated_at: of("2026-01-15T09:00:00Z"),
    }
}

fn zone() -> ZoneName {
    ZoneName::parse("Europe/Berlin").unwrap()
}

fn draft() -> Subscription {
    let whole = subscription();
    Subscription {
        terms: SubscriptionTerms {
            content: least_content(),
            automation: Automation::Draft,
            retainer: None,
            schedule: BillingSchedule {
                ends_on: None,
                periods: None,
                bills: BillingMoment::InAdvance,
                proration: Proration::None,
                ..schedule()
            },
            ..whole.terms
        },
        review: remit_billing::approval::Review::default(),
        change: None,
        status: SubscriptionStatus::Draft,
        next: None,
        skipped: Vec::new(),
        trouble: None,
        retainer_state: None,
        ahead: None,
        ..whole
    }
}

fn paused() -> Subscription {
    let mut paused = subscription();
    if let Some(retainer) = &mut paused.terms.retainer {
        retainer.allowance = Allowance::Amount(of("500"));
        retainer.carry_over = CarryOver::All;
    }
    Subscription {
        status: SubscriptionStatus::Paused {
            since: of("2026-02-01T09:00:00Z"),
            until: Some(date(2026, 6, 1)),
        },
        skipped: vec![Skipped {
            from: 1,
            to: 1,
            reason: SkipReason::Paused,
        }],
        ..paused
    }
}

fn ended() -> Subscription {
    let mut ended = subscription();
    if let Some(retainer) = &mut ended.terms.retainer {
        retainer.carry_over = CarryOver::None;
    }
    Subscription {
        status: SubscriptionStatus::Ended {
            at: of("2028-01-01T05:00:00Z"),
        },
        next: None,
        change: None,
        trouble: None,
        ..ended
    }
}

fn billed_period() -> BilledPeriod {
    let method: PaymentMethodId = id(0x71);
    BilledPeriod {
        account_id: account_id(),
        subscription_id: subscription_id(),
        client_id: client_id(),
        number: 3,
        days: Some(Period::new(date(2026, 4, 30), date(2026, 7, 30)).unwrap()),
        invoice_id: invoice_id(),
        retainer: Some(Drawn {
            available: of("10"),
            used: of("7"),
            expired: of("0.5"),
            after: RetainerState {
                available: of("12.5"),
                carried: of("2.5"),
            },
        }),
        charge: Some(PeriodCharge {
            method_id: Some(method),
            attempt_ids: vec![attempt_id()],
            look_at: Some(of("2026-08-01T05:00:00Z")),
            refused: Some("card_declined".to_owned()),
        }),
        billed_at: of("2026-08-01T04:00:00Z"),
    }
}

fn settlement() -> BilledPeriod {
    BilledPeriod {
        days: None,
        retainer: None,
        charge: None,
        ..billed_period()
    }
}

fn billing_cycle() -> BillingCycle {
    BillingCycle {
        account_id: account_id(),
        client_id: client_id(),
        day: Some(BillingDay::LastBusinessDay),
        automation: CycleAutomation::Send,
        next: Some(NextRun {
            on: date(2026, 8, 31),
            at: of("2026-09-01T04:00:00Z"),
        }),
        invoice_ids: vec![invoice_id()],
        billed_on: Some(date(2026, 7, 31)),
        trouble: Some(Trouble {
            code: "client_archived".to_owned(),
            detail: "the client is archived".to_owned(),
            since: of("2026-08-31T04:00:00Z"),
        }),
        time_zone: zone(),
        country: Some(CountryCode::parse("DE").unwrap()),
        updated_at: of("2026-08-31T04:00:00Z"),
    }
}

fn every_second_week() -> BillingCycle {
    BillingCycle {
        day: Some(BillingDay::weeks(2, date(2026, 1, 2)).unwrap()),
        automation: CycleAutomation::Draft,
        trouble: None,
        ..billing_cycle()
    }
}

fn no_cycle() -> BillingCycle {
    BillingCycle {
        day: None,
        next: None,
        invoice_ids: Vec::new(),
        billed_on: None,
        country: None,
        ..every_second_week()
    }
}
