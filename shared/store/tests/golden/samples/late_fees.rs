//! Fees for paying late: what is to come, what was charged, what was let go.

use jiff::civil::date;
use remit_billing::actor::ActorId;
use remit_billing::late_fee::{
    Compensation, Every, FeeCharge, LateCharge, LateFeeAgreement, LateFeeRule, LateFees, Reference,
    ReferenceRate, ReferenceRates, Waiver, YearlyRate,
};
use remit_billing::line::Discount;
use remit_billing::money::Currency;
use remit_billing::party::Period;
use remit_billing::subscription::Trouble;

use super::{Sample, account_id, client_id, id, invoice_id, of, shape, whole};

pub fn samples() -> Vec<Sample> {
    vec![whole(fees(), Vec::new()), shape("none_to_come", over())]
}

pub(super) fn rule() -> LateFeeRule {
    LateFeeRule {
        charge: LateCharge::Interest(YearlyRate::Over {
            reference: Reference::EcbRefinancing,
            points: of("8"),
        }),
        grace_days: 5,
        cap: Some(Discount::Percent(of("12.5"))),
        compensation: vec![Compensation {
            from: of("0"),
            amount: of("40"),
        }],
    }
}

pub(super) fn agreement() -> LateFeeAgreement {
    LateFeeAgreement {
        rule: LateFeeRule {
            charge: LateCharge::Flat {
                amount: of("25"),
                every: Every::Month,
            },
            grace_days: 0,
            cap: Some(Discount::Amount(of("100"))),
            compensation: Vec::new(),
        },
        currency: Currency::EUR,
        agreed_on: date(2026, 1, 15),
        agreement: of("Frame contract 17"),
    }
}

pub(super) fn rates() -> ReferenceRates {
    let rate = |reference, percent: &str| ReferenceRate {
        reference,
        from: date(2026, 1, 1),
        percent: of(percent),
    };
    ReferenceRates::new(vec![
        rate(Reference::EcbRefinancing, "2.15"),
        rate(Reference::BankOfEngland, "3.75"),
    ])
    .unwrap()
}

fn fees() -> LateFees {
    LateFees {
        account_id: account_id(),
        client_id: client_id(),
        invoice_id: invoice_id(),
        cycle: 2,
        anchor_on: date(2026, 3, 31),
        done: 1,
        next: Some(of("2026-06-01T07:00:00Z")),
        charges: vec![FeeCharge {
            invoice_id: id(0x71),
            number: Some(of("INV-2026-00057")),
            days: Period::new(date(2026, 4, 1), date(2026, 4, 30)).unwrap(),
            amount: of("8.34 EUR"),
            compensation: Some(of("40.00 EUR")),
            at: of("2026-05-01T07:00:00Z"),
        }],
        waivers: vec![Waiver {
            through: date(2026, 5, 10),
            for_good: false,
            reason: Some(of("They told us in time.")),
            by: ActorId::Member(id(0x72)),
            at: of("2026-05-10T09:00:00Z"),
        }],
        trouble: Some(Trouble {
            code: "reference_rate_required".to_owned(),
            detail: "note it in the settings".to_owned(),
            since: of("2026-05-11T07:00:00Z"),
        }),
    }
}

fn over() -> LateFees {
    LateFees {
        next: None,
        charges: vec![FeeCharge {
            number: None,
            compensation: None,
            ..fees().charges.remove(0)
        }],
        waivers: vec![Waiver {
            for_good: true,
            reason: None,
            ..fees().waivers.remove(0)
        }],
        trouble: None,
        ..fees()
    }
}
