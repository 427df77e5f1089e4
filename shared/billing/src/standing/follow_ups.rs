//! What is followed up next, what stands in the way, and why a step was not taken.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use crate::account::Account;
use crate::actor::ActorId;
use crate::client::Client;
use crate::delivery::{About, CancelReason, Delivery, DeliveryKind};
use crate::follow_up::{
    self, AgencyRules, ClientRules, FollowUpRefusal, MAX_PROMISES, MAX_PROMISES_BY_CLIENT,
    PROMISED_WITHIN_DAYS, Promise, PromiseRefusal, PromisedBy, WITHIN_DAYS, Wait, days_ahead,
};
use crate::ids::MemberId;
use crate::line_dispute::LineDispute;
use crate::reminder::{
    FIRM_FROM_DAYS, Ladder, PlacedStep, ReminderTimer, Schedule, Step, StepDoes, Tone,
};

use super::{Hold, Standing, Status};

/// How long an invoice is left alone whose client is paused until somebody resumes it.
const LOOK_AGAIN_AFTER: SignedDuration = SignedDuration::from_hours(6 * 24);

/// What a look at an invoice comes to whose time has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Look {
    /// It has not come.
    NotDue,
    /// Nothing leaves; when to look again has changed.
    Moved(Box<Standing>),
    /// A step is taken: this is to leave.
    Takes {
        /// The standing after it.
        standing: Box<Standing>,
        /// What leaves.
        kind: DeliveryKind,
    },
}

/// Why a step was not taken, or will not be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SkipReason {
    /// Nothing was due any more.
    Paid,
    /// The invoice was void.
    Void,
    /// What was left was given up.
    WrittenOff,
    /// A payment was on its way.
    PaymentProcessing,
    /// All that was due was disputed.
    Disputed,
    /// The client had promised a day.
    Promised,
    /// A member had paused it, or its client.
    Paused,
    /// Mail to every contact came back.
    Bounced,
    /// The client asked for no more reminders of it.
    AskedToStop,
    /// The client gets no reminders.
    SwitchedOff,
    /// Money was given back, and a member decides.
    Refunded,
    /// The client is out of use.
    ClientArchived,
    /// The account was held.
    AccountHeld,
    /// It fell on the day of a later step.
    Merged,
    /// A later step took its place, or it lay behind when its cycle began.
    Missed,
}

/// What a row of the follow-ups does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowDoes {
    /// It reminds the client.
    Remind(Tone),
    /// It asks the client about a promise that was not kept.
    AskAboutPromise {
        /// The day that was promised.
        promised_on: Date,
    },
    /// It hands over to a member.
    HandOver(Option<MemberId>),
}

/// Where a row of the follow-ups stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowState<'d> {
    /// A mail was made of it.
    Delivered(&'d Delivery),
    /// Nothing was sent, or will be.
    Skipped(SkipReason),
    /// It is to come.
    Ahead,
}

/// A step of an invoice's follow-ups: past, left out, or to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FollowUpRow<'d> {
    /// In which cycle of reminders.
    pub cycle: u32,
    /// Days after the due day.
    pub offset_days: i16,
    /// What it does.
    pub does: RowDoes,
    /// When it was taken, should have been, or will be (UTC).
    pub at: Timestamp,
    /// Where it stands.
    pub state: RowState<'d>,
}

impl Standing {
    /// The standing once what fell due by now is taken and not sent, since nobody can tell whether it left already;
    /// none where nothing fell due.
    pub fn let_pass(&self, account: &Account, client: &Client, now: Timestamp) -> Option<Self> {
        if self.reminders.next.is_none_or(|timer| timer.at > now) {
            return None;
        }
        let agency = AgencyRules::from(account);
        let mut after = self.clone();
        after.follow_ups.client = ClientRules::of(client, agency).map(Box::new);
        if after.asks_about_promise(now) {
            return Some(after.asked_about_promise(agency, now).0);
        }
        let due = after.schedule(agency).due_now(after.reminders.last, now);
        let step = due.map(|due| due.offset_days);
        Some(after.step_taken(step, agency, now))
    }

    /// What is to be done about an invoice whose look is due: everything is checked again.
    pub fn look(&self, account: &Account, client: &Client, now: Timestamp) -> Look {
        if self.reminders.next.is_none_or(|timer| timer.at > now) {
            return Look::NotDue;
        }
        let agency = AgencyRules::from(account);
        let mut after = self.clone();
        after.follow_ups.client = ClientRules::of(client, agency).map(Box::new);
        let moved = |after: Standing| Look::Moved(Box::new(after));
        let schedule = after.schedule(agency);
        let due = schedule.due_now(after.reminders.last, now);
        let step = due.and_then(|due| schedule.ladder.step(due.offset_days));
        let (zone, timing) = (schedule.zone, schedule.timing);
        let opens = timing.next_opening(zone, now).unwrap_or(Timestamp::MAX);
        let is_open = timing.is_open(zone, now);
        let client_waits = client_waits(client, &schedule, now);
        match after.reminder_is_wrong() {
            // To a morning: a debit that fails in the evening reminds nobody at night.
            Some(CancelReason::PaymentProcessing) => return moved(after.reminder_put_off(opens)),
            Some(_) => return moved(after.step_taken(None, agency, now)),
            None => {}
        }
        let today = after.time_zone.date_of(now);
        if after.follow_ups.wait(today).is_some() {
            return moved(after.step_taken(None, agency, now));
        }
        if let Some(at) = client_waits {
            return moved(after.reminder_put_off(at));
        }
        let asks = after.asks_about_promise(now);
        if !asks && step.is_none() {
            return moved(after.step_taken(None, agency, now));
        }
        if !is_open {
            return moved(after.reminder_put_off(opens));
        }
        let (standing, kind) = match step {
            Some(step) if !asks => after.with_step(&step, agency, now),
            _ => after.asked_about_promise(agency, now),
        };
        let off = !client.reminders || client.archived_at.is_some();
        let bounced = !client.recipients().is_empty() && client.follow_up_recipients().is_empty();
        let to_client = matches!(kind, DeliveryKind::Reminder { .. });
        match off || (bounced && to_client) {
            true => moved(standing),
            false => Look::Takes {
                standing: Box::new(standing),
                kind,
            },
        }
    }

    /// The standing once a step of the ladder is taken, and what leaves.
    fn with_step(
        self,
        step: &Step,
        agency: AgencyRules<'_>,
        now: Timestamp,
    ) -> (Self, DeliveryKind) {
        let (offset_days, cycle) = (step.offset_days, self.reminders.cycle);
        let kind = match step.does {
            StepDoes::HandOver(member_id) => DeliveryKind::HandOver {
                offset_days,
                cycle,
                member_id,
            },
            StepDoes::Remind(tone) => DeliveryKind::Reminder {
                offset_days,
                cycle,
                tone,
                promised_on: None,
            },
        };
        (self.step_taken(Some(offset_days), agency, now), kind)
    }

    /// Whether the day that the client promised is over at this instant, and nobody asked about it. What
    /// was promised for a day before the due day is not asked about: it is not late.
    pub(super) fn asks_about_promise(&self, at: Timestamp) -> bool {
        let promise = self.follow_ups.promise();
        promise.is_some_and(|promise| {
            promise.broken_at.is_none()
                && promise.on >= self.due_on
                && self.time_zone.date_of(at) > promise.on
        })
    }

    /// The standing once the client is asked about a promise, and what leaves. Steps of the ladder up to
    /// this day are behind: nobody gets both.
    fn asked_about_promise(
        mut self,
        agency: AgencyRules<'_>,
        now: Timestamp,
    ) -> (Self, DeliveryKind) {
        let today = self.time_zone.date_of(now);
        let late = (today - self.due_on).get_days();
        let late_days = i16::try_from(late).unwrap_or(i16::MAX);
        let last = self.reminders.last;
        let ladder = self.follow_ups.rules(agency).ladder;
        let reached = last.and_then(|last| ladder.step(last)?.tone());
        let tone = match reached.is_some_and(|tone| tone >= Tone::Firm) || late >= FIRM_FROM_DAYS {
            true => Tone::Firm,
            false => Tone::Neutral,
        };
        let offset_days = last.map_or(late_days, |last| late_days.max(last.saturating_add(1)));
        let mut promised_on = None;
        if let Some(promise) = self.follow_ups.promises.last_mut() {
            promise.broken_at = Some(now);
            promised_on = Some(promise.on);
        }
        let kind = DeliveryKind::Reminder {
            offset_days,
            cycle: self.reminders.cycle,
            tone: Some(tone),
            promised_on,
        };
        (self.step_taken(Some(offset_days), agency, now), kind)
    }

    /// Why a follow-up of this kind may not leave now; none where it may, or where it is something else.
    pub fn step_is_wrong(
        &self,
        client: &Client,
        kind: &DeliveryKind,
        now: Timestamp,
    ) -> Option<CancelReason> {
        let (offset_days, cycle) = match *kind {
            DeliveryKind::Reminder {
                offset_days, cycle, ..
            }
            | DeliveryKind::HandOver {
                offset_days, cycle, ..
            } => (offset_days, cycle),
            _ => return None,
        };
        let newest = self.reminders.cycle == cycle && self.reminders.last == Some(offset_days);
        let today = self.time_zone.date_of(now);
        let waits = || {
            let of_client = client.follow_ups.pause.as_ref();
            let of_client = of_client.filter(|pause| pause.holds_on(today));
            let pause = self.follow_ups.pause(today).or(of_client);
            let paused = pause.map(|_| CancelReason::Paused);
            paused.or(self.follow_ups.wait(today).map(|_| CancelReason::Promised))
        };
        self.reminder_is_wrong()
            .or_else(waits)
            .or((!newest).then_some(CancelReason::Superseded))
    }

    /// The standing once the client promises to pay on a day; none where it has just that word already.
    ///
    /// # Errors
    /// [`PromiseRefusal`].
    pub fn promised<'a>(
        mut self,
        on: Date,
        by: PromisedBy,
        agency: impl Into<AgencyRules<'a>>,
        now: Timestamp,
    ) -> Result<Option<Self>, PromiseRefusal> {
        if !matches!(self.status, Status::Open) {
            return Err(PromiseRefusal::NothingDue);
        }
        let today = self.time_zone.date_of(now);
        let (earliest, latest) = self.days_to_promise(by, now);
        if on < earliest || on > latest {
            return Err(PromiseRefusal::NotThen { earliest, latest });
        }
        let same = |promise: &&Promise| promise.holds_on(today) && promise.on == on;
        if self.follow_ups.promise().filter(same).is_some() {
            return Ok(None);
        }
        if !self.may_promise(by) {
            let max = match by {
                PromisedBy::Client => MAX_PROMISES_BY_CLIENT,
                PromisedBy::Member(_) => MAX_PROMISES,
            };
            return Err(PromiseRefusal::TooMany { max });
        }
        if let Some(before) = self.follow_ups.promises.last_mut()
            && before.holds_on(today)
        {
            before.replaced_at = Some(now);
        }
        self.follow_ups.promises.push(Promise {
            on,
            made_at: now,
            by,
            replaced_at: None,
            broken_at: None,
        });
        self.reminders.next = self.next_reminder(agency.into(), now);
        Ok(Some(self))
    }

    /// The first and the last day that can be promised now.
    pub fn days_to_promise(&self, by: PromisedBy, now: Timestamp) -> (Date, Date) {
        let within = match by {
            PromisedBy::Client => PROMISED_WITHIN_DAYS,
            PromisedBy::Member(_) => WITHIN_DAYS,
        };
        days_ahead(self.time_zone.date_of(now), within)
    }

    /// Whether one more promise is taken.
    pub fn may_promise(&self, by: PromisedBy) -> bool {
        let promises = &self.follow_ups.promises;
        let clients = promises.iter().filter(|of| of.by == PromisedBy::Client);
        promises.len() < MAX_PROMISES
            && (by != PromisedBy::Client || clients.count() < MAX_PROMISES_BY_CLIENT)
    }

    /// The standing once a member pauses its follow-ups; none where they are paused just so.
    ///
    /// # Errors
    /// [`FollowUpRefusal`].
    pub fn follow_ups_paused<'a>(
        mut self,
        until: Option<Date>,
        by: ActorId,
        agency: impl Into<AgencyRules<'a>>,
        now: Timestamp,
    ) -> Result<Option<Self>, FollowUpRefusal> {
        if !matches!(self.status, Status::Open) {
            return Err(FollowUpRefusal::NothingDue);
        }
        let today = self.time_zone.date_of(now);
        let present = self.follow_ups.pause(today);
        let Some(pause) = follow_up::next_pause(present, until, by, today, now)? else {
            return Ok(None);
        };
        if present.is_some() {
            self.follow_ups.pauses.pop();
        }
        self.follow_ups.paused(pause);
        self.reminders.next = self.next_reminder(agency.into(), now);
        Ok(Some(self))
    }

    /// The standing once a member resumes its follow-ups; none where they are not paused. The last step
    /// that the pause left behind is taken at once.
    pub fn follow_ups_resumed<'a>(
        mut self,
        agency: impl Into<AgencyRules<'a>>,
        now: Timestamp,
    ) -> Option<Self> {
        let today = self.time_zone.date_of(now);
        let pause = self.follow_ups.pauses.last_mut();
        let pause = pause.filter(|pause| pause.holds_on(today))?;
        pause.resumed_at = Some(now);
        let agency = agency.into();
        self.reminders.next = self.next_reminder(agency, now);
        if !self.is_stopped() && self.follow_ups.wait(today).is_none() {
            let schedule = self.schedule(agency);
            let left_behind = schedule.due_now(self.reminders.last, now);
            let at = schedule.timing.from_now(schedule.zone, now);
            if let (Some(step), Some(at)) = (left_behind, at) {
                self.reminders.next = Some(ReminderTimer { at, ..step });
            }
        }
        Some(self)
    }

    /// The standing with a ladder of its own, or without; none where it has just that.
    ///
    /// # Errors
    /// [`FollowUpRefusal::NothingDue`].
    pub fn with_ladder<'a>(
        mut self,
        ladder: Option<Ladder>,
        agency: impl Into<AgencyRules<'a>>,
        now: Timestamp,
    ) -> Result<Option<Self>, FollowUpRefusal> {
        if !matches!(self.status, Status::Open) {
            return Err(FollowUpRefusal::NothingDue);
        }
        if self.follow_ups.ladder == ladder {
            return Ok(None);
        }
        self.follow_ups.ladder = ladder;
        self.reminders.next = self.next_reminder(agency.into(), now);
        Ok(Some(self))
    }

    /// Every step of its follow-ups in the order of time: what was sent, what was not and why, and what
    /// comes. `deliveries` are the mails about it.
    pub fn follow_up_rows<'d>(
        &self,
        account: &Account,
        client: &Client,
        deliveries: &'d [Delivery],
        now: Timestamp,
    ) -> Vec<FollowUpRow<'d>> {
        let mut rows: Vec<FollowUpRow<'d>> = deliveries.iter().filter_map(row_of).collect();
        let taken = |offset_days| {
            rows.iter().any(|row| {
                row.cycle == self.reminders.cycle
                    && row.offset_days == offset_days
                    && !matches!(row.does, RowDoes::AskAboutPromise { .. })
            })
        };
        let schedule = self.schedule(AgencyRules::from(account));
        let placed = schedule.placed();
        let not_taken: Vec<_> = placed
            .iter()
            .filter(|placed| !taken(placed.step.offset_days))
            .map(|placed| self.row_without_mail(placed, account, client, now))
            .collect();
        rows.extend(not_taken);
        if let (Some(timer), Some(promise)) = (self.reminders.next, self.follow_ups.promise())
            && self.asks_about_promise(timer.at)
        {
            let promised_on = promise.on;
            let late = (self.time_zone.date_of(timer.at) - self.due_on).get_days();
            rows.push(FollowUpRow {
                cycle: self.reminders.cycle,
                offset_days: i16::try_from(late).unwrap_or(i16::MAX),
                does: RowDoes::AskAboutPromise { promised_on },
                at: timer.at,
                state: RowState::Ahead,
            });
        }
        rows.sort_by_key(|row| (row.cycle, row.at));
        rows
    }

    fn row_without_mail<'d>(
        &self,
        placed: &PlacedStep,
        account: &Account,
        client: &Client,
        now: Timestamp,
    ) -> FollowUpRow<'d> {
        let offset_days = placed.step.offset_days;
        let passed = self.reminders.last.is_some_and(|last| offset_days <= last);
        let next = self.reminders.next.filter(|timer| {
            !passed && timer.offset_days == offset_days && !self.asks_about_promise(timer.at)
        });
        let why = match placed.merged {
            true => SkipReason::Merged,
            false => self.why_not(placed.at, account, client),
        };
        let (at, state) = match next {
            Some(timer) if !placed.merged => (timer.at, RowState::Ahead),
            _ if placed.at > now && !passed && why == SkipReason::Missed => {
                (placed.at, RowState::Ahead)
            }
            _ => (placed.at, RowState::Skipped(why)),
        };
        FollowUpRow {
            cycle: self.reminders.cycle,
            offset_days,
            does: match placed.step.does {
                StepDoes::HandOver(member_id) => RowDoes::HandOver(member_id),
                StepDoes::Remind(_) => {
                    RowDoes::Remind(placed.step.tone().unwrap_or(Tone::Friendly))
                }
            },
            at,
            state,
        }
    }

    /// Why nothing leaves at a moment, as far as it is known now: nothing is written down for a step that
    /// is left out.
    fn why_not(&self, at: Timestamp, account: &Account, client: &Client) -> SkipReason {
        let day = self.time_zone.date_of(at);
        match self.status {
            Status::Paid { paid_at } if paid_at <= at => return SkipReason::Paid,
            Status::Void { voided_at, .. } if voided_at <= at => return SkipReason::Void,
            Status::Uncollectible { since } if since <= at => return SkipReason::WrittenOff,
            _ => {}
        }
        let disputed = |of: &LineDispute| {
            let resolved = of.state.resolved_at();
            of.opened_at <= at && resolved.is_none_or(|resolved| at < resolved)
        };
        let pauses = self.follow_ups.pauses.iter();
        let mut pauses = pauses.chain(&client.follow_ups.pause);
        let bounced = &client.follow_ups.bounced;
        let all_bounced = !bounced.is_empty()
            && !client.recipients().is_empty()
            && client.follow_up_recipients().is_empty();
        match self.reminders.hold {
            Some(Hold::Client) if client.reminders => return SkipReason::AskedToStop,
            Some(Hold::Client) => return SkipReason::SwitchedOff,
            Some(Hold::Refund) => return SkipReason::Refunded,
            None => {}
        }
        if self.disputes.iter().any(disputed) {
            SkipReason::Disputed
        } else if pauses.any(|pause| pause.held_at(at, day)) {
            SkipReason::Paused
        } else if self
            .follow_ups
            .promises
            .iter()
            .any(|of| of.held_at(at, day))
        {
            SkipReason::Promised
        } else if !client.reminders {
            SkipReason::SwitchedOff
        } else if client.archived_at.is_some_and(|since| since <= at) {
            SkipReason::ClientArchived
        } else if all_bounced && bounced.iter().all(|of| of.at <= at) {
            SkipReason::Bounced
        } else if account.held {
            SkipReason::AccountHeld
        } else if self.processing.iter().any(|of| of.since <= at) {
            SkipReason::PaymentProcessing
        } else {
            SkipReason::Missed
        }
    }
}

/// When to look again at an invoice whose client a member has paused; none where nobody has.
fn client_waits(client: &Client, schedule: &Schedule<'_>, now: Timestamp) -> Option<Timestamp> {
    let (zone, timing) = (schedule.zone, schedule.timing);
    let pause = client.follow_ups.pause.as_ref()?;
    let at = match pause.wait(zone.to_datetime(now).date())? {
        Wait::Until(day) => timing.first_opening(zone, day),
        // What it leaves behind is taken up once somebody resumes it.
        Wait::Forever => now
            .checked_add(LOOK_AGAIN_AFTER)
            .ok()
            .and_then(|later| timing.next_opening(zone, later)),
    };
    Some(at.unwrap_or(Timestamp::MAX))
}

/// The row of a mail that is a follow-up.
fn row_of(delivery: &Delivery) -> Option<FollowUpRow<'_>> {
    let About::Invoice { kind, .. } = delivery.about else {
        return None;
    };
    let (offset_days, cycle, does) = match kind {
        DeliveryKind::Reminder {
            offset_days,
            cycle,
            promised_on: Some(promised_on),
            ..
        } => (offset_days, cycle, RowDoes::AskAboutPromise { promised_on }),
        DeliveryKind::Reminder {
            offset_days,
            cycle,
            tone,
            ..
        } => {
            let tone = tone.unwrap_or_else(|| Tone::after(offset_days.into()));
            (offset_days, cycle, RowDoes::Remind(tone))
        }
        DeliveryKind::HandOver {
            offset_days,
            cycle,
            member_id,
        } => (offset_days, cycle, RowDoes::HandOver(member_id)),
        _ => return None,
    };
    Some(FollowUpRow {
        cycle,
        offset_days,
        does,
        at: delivery.created_at,
        state: RowState::Delivered(delivery),
    })
}
