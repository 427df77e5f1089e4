//! When statements of account are made.

use remit_billing::statement::{MonthlyStatements, StatementRun};

use super::{Sample, account_id, client_id, of, shape, whole};

pub fn samples() -> Vec<Sample> {
    let run = StatementRun {
        month: of("2026-03-01"),
        begun_at: of("2026-04-01T07:00:00Z"),
        after: Some(client_id()),
        met: true,
    };
    let monthly = MonthlyStatements {
        account_id: account_id(),
        next_at: Some(of("2026-04-01T07:00:00Z")),
        run: Some(run),
        wanted_at: of("2026-03-20T10:00:00Z"),
    };
    let over = MonthlyStatements {
        next_at: None,
        run: None,
        ..monthly.clone()
    };
    vec![whole(monthly, Vec::new()), shape("wanted_by_nobody", over)]
}
