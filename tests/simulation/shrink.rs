//! The shortest history that still breaks the same rule.

use crate::bugs::Bug;
use crate::plan::Plan;
use crate::run::run;

/// Runs that a search may take: a person waits for it.
const RUNS_MAX: usize = 3_000;

struct Search {
    bug: Option<Bug>,
    rule: &'static str,
    runs: usize,
}

impl Search {
    fn breaks(&mut self, plan: &Plan) -> bool {
        self.runs += 1;
        let found = run(plan, self.bug, false).violation;
        found.is_some_and(|violation| violation.rule == self.rule)
    }

    /// Takes the shorter plan if it breaks the rule as well.
    fn take(&mut self, plan: &mut Plan, shorter: Plan) -> bool {
        let taken = self.runs < RUNS_MAX && self.breaks(&shorter);
        if taken {
            *plan = shorter;
        }
        taken
    }
}

/// Leaves out stages, actions and faults, and waits less, while the rule stays broken.
pub fn shrink(plan: &Plan, bug: Option<Bug>, rule: &'static str) -> Plan {
    let mut plan = plan.clone();
    let mut search = Search { bug, rule, runs: 0 };
    loop {
        let before = plan.clone();
        fewer_stages(&mut search, &mut plan);
        simpler_stages(&mut search, &mut plan);
        if plan == before {
            return plan;
        }
    }
}

/// In runs of several at first, as most can go.
fn fewer_stages(search: &mut Search, plan: &mut Plan) {
    let mut size = plan.stages.len().div_ceil(2).max(1);
    loop {
        let mut end = plan.stages.len();
        while end > 0 {
            let start = end.saturating_sub(size);
            let mut shorter = plan.clone();
            shorter.stages.drain(start..end);
            search.take(plan, shorter);
            end = start.min(plan.stages.len());
        }
        if size == 1 {
            return;
        }
        size = size.div_ceil(2);
    }
}

fn simpler_stages(search: &mut Search, plan: &mut Plan) {
    for place in (0..plan.stages.len()).rev() {
        let lists = [
            plan.stages[place].actions.len(),
            plan.stages[place].hits.len(),
        ];
        for at in (0..lists[0]).rev() {
            let mut shorter = plan.clone();
            if shorter.stages[place].actions.len() > 1 {
                shorter.stages[place].actions.remove(at);
                search.take(plan, shorter);
            }
        }
        for at in (0..lists[1]).rev() {
            let mut shorter = plan.clone();
            shorter.stages[place].hits.remove(at);
            search.take(plan, shorter);
        }
        if plan.stages[place].wait_s != 0 {
            let mut shorter = plan.clone();
            shorter.stages[place].wait_s = 0;
            search.take(plan, shorter);
        }
        if plan.stages[place].tick_ms != 0 {
            let mut shorter = plan.clone();
            shorter.stages[place].tick_ms = 0;
            search.take(plan, shorter);
        }
    }
}
