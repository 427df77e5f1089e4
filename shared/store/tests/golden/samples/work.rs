//! Work: what members noted, what is agreed about it, and what an invoice bills of it.

use remit_billing::actor::ActorId;
use remit_billing::approval::{Rejection, Submission};
use remit_billing::canonical::ContentHash;
use remit_billing::event::EventKind;
use remit_billing::tax::Tax;
use remit_billing::work_entry::{
    ApprovedWork, Charge, DistanceUnit, Expense, Measure, RatePer, Receipt, Task, Timesheet,
    TimesheetLine, TimesheetRow, Work, WorkEntry, WorkGrouping, WorkRate, WorkSettings, WorkState,
};
use serde_json::json;

use super::{
    Sample, account_id, client_id, event, id, invoice_id, member_id, money, of, project_id, shape,
    whole,
};

pub(super) fn samples() -> Vec<Sample> {
    let approved = event(EventKind::WorkApproved, json!({"work_ids": [work_id()]}));
    vec![
        whole(billed_expense(), vec![approved]),
        shape("draft", draft_time()),
        shape("submitted", submitted_way()),
        shape("rejected", rejected_time()),
        shape("approved", approved_time()),
        shape("not_billable", not_billable()),
        whole(project_settings(), vec![]),
        shape("account", account_settings()),
        whole(timesheet(), vec![]),
    ]
}

fn work_id() -> remit_billing::ids::WorkId {
    id(0x77)
}

fn tax() -> Tax {
    Tax::standard(of("VAT"), of("19"))
}

fn receipt() -> Receipt {
    Receipt {
        file_id: id(0xf5),
        name: of("flight.pdf"),
        sha256: ContentHash::of(b"a receipt"),
    }
}

fn approved(charge: Option<Charge>) -> ApprovedWork {
    ApprovedWork {
        by: ActorId::Member(id(0x54)),
        at: of("2026-03-20T08:00:00Z"),
        member: of("Mina Park"),
        task: Some(of("Web design")),
        charge,
    }
}

fn billed_expense() -> WorkEntry {
    WorkEntry {
        account_id: account_id(),
        id: work_id(),
        project_id: project_id(),
        client_id: client_id(),
        member_id: member_id(),
        worked_on: of("2026-03-16"),
        task: Some(of("web-design")),
        description: of("Flight to the workshop"),
        billable: true,
        scope_line_id: Some(id(0x5101)),
        work: Work::Expense(Expense {
            amount: money("200.00 CHF"),
            markup_percent: Some(of("10")),
            taxes: Some(vec![tax()]),
            merchant: Some(of("Air")),
            receipt: Some(receipt()),
        }),
        state: WorkState::Billed {
            approved: approved(Some(Charge::Amount {
                amount: money("220.00 CHF"),
            })),
            invoice_id: invoice_id(),
        },
        authors: vec![ActorId::Member(id(0x55))],
        created_at: of("2026-03-16T17:00:00Z"),
        updated_at: of("2026-03-21T09:30:00.25Z"),
    }
}

fn draft_time() -> WorkEntry {
    WorkEntry {
        task: None,
        scope_line_id: None,
        authors: Vec::new(),
        work: Work::Time { minutes: 100 },
        state: WorkState::Draft,
        ..billed_expense()
    }
}

fn submitted_way() -> WorkEntry {
    let submission = Submission {
        by: ActorId::Member(member_id()),
        at: of("2026-03-17T09:00:00Z"),
    };
    WorkEntry {
        work: Work::Mileage {
            distance: of("12.5"),
            unit: DistanceUnit::Km,
        },
        state: WorkState::Submitted { submission },
        ..draft_time()
    }
}

fn rejected_time() -> WorkEntry {
    let rejection = Rejection {
        by: ActorId::Member(id(0x54)),
        at: of("2026-03-18T09:00:00Z"),
        reason: of("Which page was it?"),
    };
    WorkEntry {
        state: WorkState::Rejected { rejection },
        ..draft_time()
    }
}

fn approved_time() -> WorkEntry {
    let charge = Charge::Hours {
        minutes: 105,
        unit_price: of("83.3333"),
    };
    WorkEntry {
        state: WorkState::Approved {
            approved: approved(Some(charge)),
        },
        ..draft_time()
    }
}

fn not_billable() -> WorkEntry {
    WorkEntry {
        billable: false,
        state: WorkState::Approved {
            approved: approved(None),
        },
        ..submitted_way()
    }
}

fn project_settings() -> WorkSettings {
    WorkSettings {
        project_id: Some(project_id()),
        tasks: Vec::new(),
        rates: vec![WorkRate {
            per: RatePer::Hour,
            currency: None,
            member_id: Some(member_id()),
            task: Some(of("web-design")),
            unit_price: of("83.3333"),
        }],
        grouping: Some(WorkGrouping::Entry),
        round_up_to_minutes: Some(15),
        taxes: Some(vec![tax()]),
        ..account_settings()
    }
}

fn account_settings() -> WorkSettings {
    WorkSettings {
        account_id: account_id(),
        project_id: None,
        tasks: vec![Task {
            key: of("web-design"),
            name: of("Web design"),
        }],
        rates: vec![WorkRate {
            per: RatePer::Mi,
            currency: Some(of("CHF")),
            member_id: None,
            task: None,
            unit_price: of("0.7"),
        }],
        grouping: None,
        round_up_to_minutes: None,
        taxes: None,
        updated_at: of("2026-02-01T08:00:00Z"),
    }
}

fn timesheet() -> Timesheet {
    let line = TimesheetLine {
        project_id: project_id(),
        project: of("Relaunch 2026"),
        description: of("Web design"),
        quantity: of("1.75"),
        unit: Some(of("HUR")),
        unit_price: of("83.3333"),
        scope_line_id: Some(id(0x5101)),
        taxes: None,
        first_on: of("2026-03-16"),
        last_on: of("2026-03-16"),
        net: money("145.83 CHF"),
        rows: vec![row(Measure::Time { minutes: 105 }, "145.83 CHF")],
    };
    let way = TimesheetLine {
        scope_line_id: None,
        rows: vec![row(
            Measure::Mileage {
                distance: of("12.5"),
                unit: DistanceUnit::Mi,
            },
            "8.75 CHF",
        )],
        ..line.clone()
    };
    let expense = TimesheetLine {
        unit: None,
        taxes: Some(vec![tax()]),
        rows: vec![row(
            Measure::Expense {
                merchant: Some(of("Air")),
                receipt: Some(of("flight.pdf")),
                receipt_sha256: Some(ContentHash::of(b"a receipt")),
            },
            "220.00 CHF",
        )],
        ..line.clone()
    };
    Timesheet {
        account_id: account_id(),
        invoice_id: invoice_id(),
        lines: vec![line, way, expense],
        created_at: of("2026-03-21T09:30:00Z"),
    }
}

fn row(measure: Measure, amount: &str) -> TimesheetRow {
    TimesheetRow {
        work_id: work_id(),
        worked_on: of("2026-03-16"),
        member: of("Mina Park"),
        task: Some(of("Web design")),
        description: of("Start page, two drafts"),
        measure,
        amount: money(amount),
    }
}
