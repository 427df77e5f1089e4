//! Noted work: who approves it, what it costs, and how it becomes lines of an invoice.

use remit_billing::account::Role;
use remit_billing::actor::ActorId;
use remit_billing::ids::{InvoiceId, MemberId};
use remit_billing::invitation::Invitation;
use remit_billing::member::{NewMember, Roster};
use remit_billing::money::Currency;
use remit_billing::party::Name;
use remit_billing::project::Project;
use remit_billing::refusal::Refusal as _;
use remit_billing::work_entry::{
    ApprovalContext, DistanceUnit, Expense, Measure, RatePer, Rates, Task, Timesheet, Work,
    WorkEntry, WorkGrouping, WorkRate, WorkRefusal, WorkSettings, WorkState, hours, lines_of,
};
use serde_json::json;

use crate::house::{euros, id, issued_at, of};
use crate::scope::accepted;

pub const OWNER: u128 = 51;
pub const MINA: u128 = 52;

pub fn member(number: u128) -> ActorId {
    ActorId::Member(id(number))
}

fn alone() -> Roster {
    let owner = NewMember {
        id: id(OWNER),
        email: of("owner@studio.example"),
        name: of("Ada Nord"),
        role: Role::Owner,
    };
    Roster::founded(id(1), owner, issued_at())
}

pub fn team() -> Roster {
    let mina = NewMember {
        id: id(MINA),
        email: of("mina@studio.example"),
        name: of("Mina Park"),
        role: Role::Viewer,
    };
    let invitation = Invitation::new("hash".to_owned(), issued_at());
    let roster = alone().invite(Role::Owner, mina, invitation.clone(), issued_at());
    let accepted = roster
        .unwrap()
        .accept(id(MINA), &invitation.token_hash, issued_at());
    accepted.unwrap()
}

pub fn project() -> Project {
    Project {
        account_id: id(1),
        id: id(4),
        client_id: id(2),
        name: of("A new site"),
        team: None,
        member_ids: Vec::new(),
        currency: Currency::EUR,
        created_at: issued_at(),
        updated_at: issued_at(),
        closed_at: None,
        thanked_at: None,
    }
}

pub fn noted(number: u128, by: u128, work: Work) -> WorkEntry {
    WorkEntry {
        account_id: id(1),
        id: id(number),
        project_id: id(4),
        client_id: id(2),
        member_id: id(by),
        worked_on: of("2026-03-10"),
        task: Some(of("design")),
        description: of("Start page"),
        billable: true,
        scope_line_id: None,
        work,
        state: WorkState::Draft,
        authors: Vec::new(),
        created_at: issued_at(),
        updated_at: issued_at(),
    }
}

pub fn rate(member: Option<u128>, task: Option<&str>, price: &str) -> WorkRate {
    WorkRate {
        per: RatePer::Hour,
        currency: None,
        member_id: member.map(id),
        task: task.map(of),
        unit_price: of(price),
    }
}

pub fn settings(rates: Vec<WorkRate>) -> WorkSettings {
    WorkSettings {
        tasks: vec![Task {
            key: of("design"),
            name: of("Web design"),
        }],
        rates,
        ..WorkSettings::empty(id(1), None, issued_at())
    }
}

pub fn context<'a>(by: u128, roster: &'a Roster, account: &'a WorkSettings) -> ApprovalContext<'a> {
    static MINA_NAME: std::sync::LazyLock<Name> = std::sync::LazyLock::new(|| of("Mina Park"));
    ApprovalContext {
        by: member(by),
        roster,
        member: &MINA_NAME,
        rates: Rates {
            project: None,
            account: Some(account),
        },
        currency: Currency::EUR,
        scope: None,
        now: issued_at(),
    }
}

fn submitted(entry: WorkEntry) -> WorkEntry {
    let by = ActorId::Member(entry.member_id);
    entry.submit(by, issued_at()).unwrap()
}

fn approved(entry: WorkEntry, rates: &WorkSettings) -> WorkEntry {
    let roster = team();
    let context = context(OWNER, &roster, rates);
    submitted(entry).approve(context).unwrap()
}

pub fn time(minutes: u32) -> Work {
    Work::Time { minutes }
}

#[test]
fn minutes_are_hours_at_six_decimals_half_away_from_zero() {
    for (minutes, text) in [
        (90, "1.5"),
        (100, "1.666667"),
        (1, "0.016667"),
        (20, "0.333333"),
        (0, "0"),
    ] {
        assert_eq!(hours(minutes).unwrap().to_string(), text);
    }
}

#[test]
fn the_most_specific_rate_counts() {
    let project = settings(vec![
        rate(Some(MINA), Some("design"), "8"),
        rate(Some(MINA), None, "7"),
        rate(None, Some("design"), "6"),
        rate(None, None, "5"),
    ]);
    let account = settings(vec![
        rate(Some(MINA), Some("design"), "4"),
        rate(Some(MINA), None, "3"),
        rate(None, Some("design"), "2"),
        rate(None, None, "1"),
    ]);
    let design = of("design");
    let found = |skipped: usize| {
        let mut project = project.clone();
        let mut account = account.clone();
        project.rates.drain(..skipped.min(4));
        account.rates.drain(..skipped.saturating_sub(4));
        let rates = Rates {
            project: Some(&project),
            account: Some(&account),
        };
        let found = rates.find(RatePer::Hour, Currency::EUR, id(MINA), Some(&design));
        found.map(|price| price.to_string())
    };
    let each: Vec<_> = (0..=8).map(found).collect();
    let expected = ["8", "7", "6", "5", "4", "3", "2", "1"].map(|price| Some(price.to_owned()));
    assert_eq!(each[..8], expected);
    assert_eq!(each[8], None);
    // Neither another member's, another task's, another unit's nor another currency's.
    let rates = Rates {
        project: None,
        account: Some(&account),
    };
    let price = |per, currency, by: u128, task| {
        rates
            .find(per, currency, id(by), task)
            .map(|price| price.to_string())
    };
    assert_eq!(
        price(RatePer::Hour, Currency::EUR, OWNER, None).unwrap(),
        "1"
    );
    assert_eq!(
        price(RatePer::Hour, Currency::EUR, MINA, None).unwrap(),
        "3"
    );
    assert_eq!(price(RatePer::Km, Currency::EUR, MINA, None), None);
    let dollars = settings(vec![WorkRate {
        currency: Some(Currency::USD),
        ..rate(None, None, "9")
    }]);
    let rates = Rates {
        project: None,
        account: Some(&dollars),
    };
    assert_eq!(
        rates.find(RatePer::Hour, Currency::EUR, id(MINA), None),
        None
    );
    assert!(
        rates
            .find(RatePer::Hour, Currency::USD, id(MINA), None)
            .is_some()
    );
}

#[test]
fn time_is_rounded_up_to_the_step_of_the_project_or_the_account() {
    let mut account = settings(Vec::new());
    account.round_up_to_minutes = Some(15);
    let mut project = settings(Vec::new());
    let rates = |project| Rates {
        project,
        account: Some(&account),
    };
    for (minutes, billed) in [(1, 15), (15, 15), (16, 30), (1440, 1440)] {
        assert_eq!(rates(None).rounded_up(minutes), billed);
    }
    project.round_up_to_minutes = Some(6);
    assert_eq!(rates(Some(&project)).rounded_up(7), 12);
    assert_eq!(Rates::default().rounded_up(7), 7);
}

#[test]
fn settings_tell_all_their_faults() {
    let mut faulty = settings(vec![
        rate(None, None, "1"),
        rate(None, None, "2"),
        rate(Some(99), Some("design"), "3"),
        rate(None, Some("none"), "4"),
    ]);
    faulty.tasks.push(faulty.tasks[0].clone());
    faulty.taxes = serde_json::from_value(json!([
        {"name": "VAT", "rate": "19", "inclusive": true}
    ]))
    .unwrap();
    let tasks = faulty.tasks.clone();
    let faults = faulty.faults(&tasks, |member| member == id::<MemberId>(MINA));
    let told: Vec<_> = faults
        .iter()
        .map(|fault| format!("{} {}", fault.pointer, fault.fault.code()))
        .collect();
    assert_eq!(
        told,
        [
            "/tasks/1/key duplicate",
            "/rates/1 duplicate",
            "/rates/2/member_id unknown_reference",
            "/rates/3/task unknown_reference",
            "/taxes/0/inclusive not_for_this_tax",
        ]
    );
}

#[test]
fn what_is_billed_is_frozen_when_it_is_approved() {
    let mut rates = settings(vec![rate(None, None, "90")]);
    rates.round_up_to_minutes = Some(15);
    let entry = approved(noted(1, MINA, time(50)), &rates);
    assert!(entry.is_ready());
    let lines = lines_of(&project(), &[entry], WorkGrouping::Task).unwrap();
    assert_eq!(lines.len(), 1);
    let line = &lines[0];
    assert_eq!(line.description.as_str(), "Web design");
    assert_eq!(line.quantity.to_string(), "1");
    assert_eq!(line.unit.as_ref().unwrap().as_str(), "HUR");
    assert_eq!(line.net, euros(9_000));
    assert_eq!(line.rows[0].measure, Measure::Time { minutes: 60 });
    assert_eq!(line.rows[0].member.as_str(), "Mina Park");
}

#[test]
fn nobody_approves_own_work_while_there_is_somebody_else() {
    let rates = settings(vec![rate(None, None, "90")]);
    let (alone, team) = (alone(), team());
    let code = |found: Result<WorkEntry, WorkRefusal>| found.err().map(|refusal| refusal.code());
    let own = submitted(noted(1, OWNER, time(60)));
    let try_as = |entry: &WorkEntry, by, roster| entry.clone().approve(context(by, roster, &rates));
    assert_eq!(code(try_as(&own, OWNER, &alone)), None);
    assert_eq!(
        code(try_as(&own, OWNER, &team)),
        Some("author_cannot_approve")
    );
    assert_eq!(code(try_as(&own, MINA, &team)), None);
    // Whoever wrote it for somebody does not look at it either.
    let mut for_mina = noted(2, MINA, time(60));
    for_mina.authors = vec![member(OWNER)];
    let for_mina = submitted(for_mina);
    assert_eq!(
        code(try_as(&for_mina, OWNER, &team)),
        Some("author_cannot_approve")
    );
    let machine = ApprovalContext {
        by: ActorId::ApiKey(id(9)),
        ..context(OWNER, &alone, &rates)
    };
    assert_eq!(
        code(own.clone().approve(machine)),
        Some("approver_not_a_member")
    );
    let reason = || of("Which page?");
    let rejected = own
        .clone()
        .reject(member(OWNER), &team, reason(), issued_at());
    assert_eq!(code(rejected), Some("author_cannot_approve"));
    assert_eq!(
        code(own.reject(member(MINA), &team, reason(), issued_at())),
        None
    );
}

#[test]
fn each_state_takes_what_belongs_to_it() {
    let rates = settings(vec![rate(None, None, "90")]);
    let roster = team();
    let now = issued_at();
    let invoice: InvoiceId = id(7);
    let draft = noted(1, MINA, time(60));
    let submitted = submitted(draft.clone());
    let approved = approved(draft.clone(), &rates);
    let rejected = approved
        .clone()
        .reject(member(OWNER), &roster, of("No"), now)
        .unwrap();
    let billed = approved.clone().billed(invoice, now).unwrap();
    for (entry, word, changes, submits, approves, rejects, bills) in [
        (&draft, "draft", true, true, false, false, false),
        (&submitted, "submitted", false, true, true, true, false),
        (&rejected, "rejected", true, true, false, false, false),
        (&approved, "approved", false, false, true, true, true),
        (&billed, "billed", false, false, false, false, false),
    ] {
        assert_eq!(entry.state.as_str(), word);
        let is = |result: Result<WorkEntry, WorkRefusal>| result.is_ok();
        assert_eq!(entry.check_changeable().is_ok(), changes, "{word}");
        assert_eq!(
            is(entry.clone().submit(member(MINA), now)),
            submits,
            "{word}"
        );
        assert_eq!(
            is(entry.clone().approve(context(OWNER, &roster, &rates))),
            approves,
            "{word}"
        );
        let sent_back = entry.clone().reject(member(OWNER), &roster, of("No"), now);
        assert_eq!(is(sent_back), rejects, "{word}");
        assert_eq!(
            entry.clone().billed(invoice, now).is_some(),
            bills,
            "{word}"
        );
        assert_eq!(
            entry.clone().given_back(invoice, now).is_some(),
            word == "billed",
            "{word}"
        );
    }
    // Only the invoice that it stands on gives it back.
    assert_eq!(billed.clone().given_back(id(8), now), None);
    assert_eq!(billed.given_back(invoice, now), Some(approved));
}

#[test]
fn what_nobody_pays_for_needs_no_rate_and_stands_on_no_invoice() {
    let mut entry = noted(1, MINA, time(60));
    entry.billable = false;
    let entry = approved(entry, &settings(Vec::new()));
    assert!(!entry.is_ready());
    assert_eq!(entry.clone().billed(id(7), issued_at()), None);
    assert_eq!(
        lines_of(&project(), &[entry], WorkGrouping::Task).unwrap(),
        []
    );
}

#[test]
fn a_missing_rate_says_what_to_set() {
    let roster = team();
    let rates = settings(vec![rate(Some(OWNER), None, "90")]);
    let refused = submitted(noted(1, MINA, time(60))).approve(context(OWNER, &roster, &rates));
    let refused = refused.unwrap_err();
    assert_eq!(refused.code(), "work_rate_missing");
    assert!(refused.to_string().contains("EUR for an hour"), "{refused}");
    let way = Work::Mileage {
        distance: of("10"),
        unit: DistanceUnit::Km,
    };
    let refused = submitted(noted(1, MINA, way)).approve(context(OWNER, &roster, &rates));
    assert!(refused.unwrap_err().to_string().contains("a kilometre"));
}

#[test]
fn on_a_signed_scope_it_names_a_line_of_that() {
    let roster = team();
    let rates = settings(vec![rate(None, None, "90")]);
    let lines = json!([{
        "id": id::<remit_billing::ids::ScopeLineId>(11),
        "description": "Design", "quantity": "10", "unit_price": "90", "taxes": [],
    }]);
    let scope = accepted("EUR", lines, json!({}));
    let code = |line: Option<u128>| {
        let mut entry = noted(1, MINA, time(60));
        entry.scope_line_id = line.map(id);
        let context = ApprovalContext {
            scope: Some(&scope),
            ..context(OWNER, &roster, &rates)
        };
        let found = submitted(entry).approve(context);
        found.err().map(|refusal| refusal.code())
    };
    assert_eq!(code(None), Some("work_outside_scope"));
    assert_eq!(code(Some(12)), Some("work_outside_scope"));
    assert_eq!(code(Some(11)), None);
}

#[test]
fn an_expense_is_billed_with_what_is_put_on_top_and_alone() {
    let expense = |amount: &str, markup: Option<&str>| Expense {
        amount: of(amount),
        markup_percent: markup.map(of),
        taxes: None,
        merchant: Some(of("Air")),
        receipt: None,
    };
    assert_eq!(expense("99.99 EUR", None).billed().unwrap(), euros(9_999));
    assert_eq!(
        expense("99.99 EUR", Some("2.5")).billed().unwrap(),
        euros(10_249)
    );
    let rates = settings(Vec::new());
    let two = [1, 2].map(|number| {
        approved(
            noted(number, MINA, Work::Expense(expense("10.00 EUR", None))),
            &rates,
        )
    });
    let lines = lines_of(&project(), &two, WorkGrouping::Task).unwrap();
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[0].description.as_str(), "Start page (Air)");
    assert_eq!((lines[0].net, lines[0].unit.clone()), (euros(1_000), None));
}

#[test]
fn lines_are_of_one_task_member_or_entry_and_of_one_price() {
    let rates = settings(vec![rate(None, None, "90"), rate(Some(OWNER), None, "100")]);
    let all: Vec<WorkEntry> = [(1, MINA), (2, MINA), (3, OWNER)]
        .into_iter()
        .map(|(number, by)| {
            let mut entry = submitted(noted(number, by, time(60)));
            if number == 2 {
                entry.task = None;
            }
            let roster = team();
            let other = if by == OWNER { MINA } else { OWNER };
            entry.approve(context(other, &roster, &rates)).unwrap()
        })
        .collect();
    let said = |grouping| {
        let lines = lines_of(&project(), &all, grouping).unwrap();
        let said = lines.iter().map(|line| {
            format!(
                "{}: {} x {}",
                line.description, line.quantity, line.unit_price
            )
        });
        said.collect::<Vec<_>>()
    };
    assert_eq!(
        said(WorkGrouping::Task),
        [
            "Web design: 1 x 90",
            "A new site: 1 x 90",
            "Web design: 1 x 100"
        ]
    );
    assert_eq!(
        said(WorkGrouping::Member),
        ["Mina Park: 2 x 90", "Mina Park: 1 x 100"]
    );
    assert_eq!(said(WorkGrouping::Entry).len(), 3);
}

#[test]
fn a_draft_keeps_the_lines_of_its_work() {
    let rates = settings(vec![rate(None, None, "90")]);
    let entry = approved(noted(1, MINA, time(60)), &rates);
    let lines = lines_of(&project(), &[entry], WorkGrouping::Task).unwrap();
    let sheet = Timesheet {
        account_id: id(1),
        invoice_id: id(7),
        lines,
        created_at: issued_at(),
    };
    let kept = json!({"description": "Design, with thanks", "quantity": "1", "unit_price": "90",
        "unit": "HUR", "discount": {"percent": "10"}});
    let own = json!({"description": "Setup", "quantity": "1", "unit_price": "300"});
    let mut content = crate::house::content(Currency::EUR, "1", &json!([]));
    content.project_id = Some(id(4));
    let check = |lines: &[&serde_json::Value]| {
        let mut content = content.clone();
        content.lines = serde_json::from_value(json!(lines)).unwrap();
        sheet.check_billed(&content)
    };
    assert_eq!(check(&[&own, &kept]), Ok(()));
    assert_eq!(check(&[&own]), Err(WorkRefusal::LinesChanged));
    let mut less = kept.clone();
    less["quantity"] = json!("0.5");
    assert_eq!(check(&[&less]), Err(WorkRefusal::LinesChanged));
    content.project_id = None;
    let mut content = content.clone();
    content.lines = serde_json::from_value(json!([kept])).unwrap();
    assert_eq!(sheet.check_billed(&content), Err(WorkRefusal::LinesChanged));
}
