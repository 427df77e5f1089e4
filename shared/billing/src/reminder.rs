//! The ladder of follow-ups: pure arithmetic of days, in the client's zone.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use serde::{Deserialize, Serialize};

use crate::fault::{Fault, PointedFault};
use crate::follow_up::Timing;
use crate::ids::MemberId;
use crate::terms::Due;

/// More steps than this is harassment, not dunning.
const STEPS_MAX: usize = 12;
const OFFSET_MIN_DAYS: i16 = -60;
const OFFSET_MAX_DAYS: i16 = 365;
/// Days overdue from which the words are plain, where no step says otherwise.
pub const NEUTRAL_FROM_DAYS: i32 = 14;
/// Days overdue from which the words are firm, where no step says otherwise.
pub const FIRM_FROM_DAYS: i32 = 30;

/// How a reminder speaks. The order is that of a ladder: it only rises.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    /// As to somebody who forgot.
    Friendly,
    /// The facts, and a question.
    Neutral,
    /// Pay now.
    Firm,
    /// The last word before a person takes over. No step has it by itself.
    Final,
}

impl Tone {
    /// The words of the contract.
    pub const WORDS: &'static [&'static str] = &["friendly", "neutral", "firm", "final"];

    /// Reads the word of the contract.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "friendly" => Some(Tone::Friendly),
            "neutral" => Some(Tone::Neutral),
            "firm" => Some(Tone::Firm),
            "final" => Some(Tone::Final),
            _ => None,
        }
    }

    /// The word of the contract.
    pub fn as_str(self) -> &'static str {
        match self {
            Tone::Friendly => "friendly",
            Tone::Neutral => "neutral",
            Tone::Firm => "firm",
            Tone::Final => "final",
        }
    }

    /// How a reminder speaks that leaves so many days after the due day, where nothing else is said.
    pub fn after(days: i32) -> Self {
        match days {
            ..NEUTRAL_FROM_DAYS => Tone::Friendly,
            NEUTRAL_FROM_DAYS..FIRM_FROM_DAYS => Tone::Neutral,
            FIRM_FROM_DAYS.. => Tone::Firm,
        }
    }
}

/// What a step does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepDoes {
    /// Reminds the client, in this tone; none rises by itself with the days.
    Remind(Option<Tone>),
    /// Hands over to a member; none is whoever reads the agency's mail. The client hears nothing.
    HandOver(Option<MemberId>),
}

/// A step of a ladder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "StepForm", into = "StepForm")]
pub struct Step {
    /// Days after (or, negative, before) the due day.
    pub offset_days: i16,
    /// What it does.
    pub does: StepDoes,
}

impl Step {
    /// A reminder whose tone rises by itself.
    pub fn plain(offset_days: i16) -> Self {
        Self {
            offset_days,
            does: StepDoes::Remind(None),
        }
    }

    /// How it speaks; none where it hands over.
    pub fn tone(&self) -> Option<Tone> {
        match self.does {
            StepDoes::Remind(tone) => {
                Some(tone.unwrap_or_else(|| Tone::after(self.offset_days.into())))
            }
            StepDoes::HandOver(_) => None,
        }
    }
}

/// A step as it is written: a number of days where it says nothing else.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum StepForm {
    Day(i16),
    Step(StepFields),
}

#[derive(Serialize, Deserialize)]
struct StepFields {
    day: i16,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    tone: Option<Tone>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    hand_over: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    member_id: Option<MemberId>,
}

impl From<Step> for StepForm {
    fn from(step: Step) -> Self {
        let fields = |tone, hand_over, member_id| {
            Self::Step(StepFields {
                day: step.offset_days,
                tone,
                hand_over,
                member_id,
            })
        };
        match step.does {
            StepDoes::Remind(None) => Self::Day(step.offset_days),
            StepDoes::Remind(tone) => fields(tone, false, None),
            StepDoes::HandOver(member_id) => fields(None, true, member_id),
        }
    }
}

impl TryFrom<StepForm> for Step {
    type Error = Fault;
    fn try_from(form: StepForm) -> Result<Self, Fault> {
        let fields = match form {
            StepForm::Day(day) => return Ok(Self::plain(day)),
            StepForm::Step(fields) => fields,
        };
        let does = match fields {
            StepFields {
                hand_over: true,
                tone: Some(_),
                ..
            } => {
                let fields = "tone or hand_over";
                return Err(Fault::Exclusive { fields });
            }
            StepFields {
                hand_over: true,
                member_id,
                ..
            } => StepDoes::HandOver(member_id),
            StepFields {
                member_id: Some(_), ..
            } => return Err(Fault::UnknownField),
            StepFields { tone, .. } => StepDoes::Remind(tone),
        };
        Ok(Self {
            offset_days: fields.day,
            does,
        })
    }
}

/// The steps on which an invoice is followed up; ascending.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Step>", into = "Vec<Step>")]
pub struct Ladder(Vec<Step>);

impl Default for Ladder {
    fn default() -> Self {
        Self([-3, 0, 7, 14, 30].map(Step::plain).to_vec())
    }
}

impl Ladder {
    /// A ladder of reminders on these days, in any order, each once. Empty means no reminders.
    ///
    /// # Errors
    /// [`Fault`]: the first that is wrong.
    pub fn new(offsets: Vec<i16>) -> Result<Self, Fault> {
        Self::of(offsets.into_iter().map(Step::plain).collect()).map_err(|of| of.fault)
    }

    /// A ladder of these steps, in any order, each day once.
    ///
    /// # Errors
    /// What is wrong first, and where: a pointer to the step as it was given, empty for the whole.
    pub fn of(steps: Vec<Step>) -> Result<Self, PointedFault> {
        if steps.len() > STEPS_MAX {
            return Err(PointedFault::new("", Fault::TooLong { max: STEPS_MAX }));
        }
        let range = OFFSET_MIN_DAYS..=OFFSET_MAX_DAYS;
        if steps.iter().any(|step| !range.contains(&step.offset_days)) {
            let fault = Fault::OutOfRange {
                min: OFFSET_MIN_DAYS.into(),
                max: OFFSET_MAX_DAYS.into(),
            };
            return Err(PointedFault::new("", fault));
        }
        let mut placed: Vec<(usize, Step)> = steps.into_iter().enumerate().collect();
        placed.sort_by_key(|(_, step)| step.offset_days);
        let same = |pair: &[(usize, Step)]| pair[0].1.offset_days == pair[1].1.offset_days;
        if placed.windows(2).any(same) {
            return Err(PointedFault::new("", Fault::Duplicate));
        }
        let mut reached = Tone::Friendly;
        for (place, (given, step)) in placed.iter().enumerate() {
            let at = |field: &str| format!("/{given}/{field}");
            match step.does {
                StepDoes::Remind(Some(tone)) => {
                    // Nobody is late on the due day.
                    if step.offset_days <= 0 && tone > Tone::Neutral {
                        return Err(PointedFault::new(at("tone"), Fault::ToneTooEarly));
                    }
                    if tone < reached {
                        return Err(PointedFault::new(at("tone"), Fault::ToneFalls));
                    }
                    reached = tone;
                }
                StepDoes::Remind(None) => {}
                StepDoes::HandOver(_) if place + 1 < placed.len() => {
                    return Err(PointedFault::new(at("hand_over"), Fault::HandOverNotLast));
                }
                StepDoes::HandOver(_) if step.offset_days <= 0 => {
                    return Err(PointedFault::new(at("day"), Fault::NotPositive));
                }
                StepDoes::HandOver(_) => {}
            }
        }
        let mut steps: Vec<Step> = placed.into_iter().map(|(_, step)| step).collect();
        keep_rising(&mut steps);
        Ok(Self(steps))
    }

    /// The days, ascending.
    pub fn offsets(&self) -> Vec<i16> {
        self.0.iter().map(|step| step.offset_days).collect()
    }

    /// The steps, ascending.
    pub fn steps(&self) -> &[Step] {
        &self.0
    }

    /// The step of a day, where there is one.
    pub fn step(&self, offset_days: i16) -> Option<Step> {
        let mut steps = self.0.iter();
        steps.find(|step| step.offset_days == offset_days).copied()
    }
}

/// A step that says no tone does not fall behind one before it that does.
fn keep_rising(steps: &mut [Step]) {
    let mut said: Option<Tone> = None;
    for step in steps {
        match step.does {
            StepDoes::Remind(Some(tone)) => said = Some(tone),
            StepDoes::Remind(None) => {
                if let (Some(said), Some(tone)) = (said, step.tone())
                    && tone < said
                {
                    step.does = StepDoes::Remind(Some(said));
                }
            }
            StepDoes::HandOver(_) => {}
        }
    }
}

impl TryFrom<Vec<Step>> for Ladder {
    type Error = Fault;
    fn try_from(steps: Vec<Step>) -> Result<Self, Fault> {
        Self::of(steps).map_err(|of| of.fault)
    }
}

impl From<Ladder> for Vec<Step> {
    fn from(ladder: Ladder) -> Self {
        ladder.0
    }
}

/// The next reminder of an invoice and its moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReminderTimer {
    /// The step: days after the due day.
    pub offset_days: i16,
    /// When it falls due (UTC).
    pub at: Timestamp,
}

/// A step of the ladder where the calendar has put it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlacedStep {
    /// The step.
    pub step: Step,
    /// Its moment (UTC).
    pub at: Timestamp,
    /// It fell on the day of a later step, which is taken in its place.
    pub merged: bool,
}

/// What the moments of an invoice's reminders follow from.
#[derive(Debug, Clone)]
pub struct Schedule<'a> {
    /// The ladder that counts for it.
    pub ladder: &'a Ladder,
    /// The due day.
    pub due_on: Date,
    /// The day of issue, in the same reading of days.
    pub issue_on: Date,
    /// How the due day came about.
    pub due: Due,
    /// The client's zone.
    pub zone: &'a TimeZone,
    /// At which times and on which days mails leave.
    pub timing: Timing<'a>,
}

impl Schedule<'_> {
    /// The moment of a step; none where the calendar ends.
    fn moment(&self, offset_days: i16) -> Option<Timestamp> {
        let day = self
            .due_on
            .checked_add(Span::new().days(i64::from(offset_days)))
            .ok()?;
        // An invoice due on receipt has no time before its due day; and nobody is reminded on
        // the day of the invoice itself.
        if day <= self.issue_on || (matches!(self.due, Due::DueOnReceipt) && offset_days <= 0) {
            return None;
        }
        self.timing.first_opening(self.zone, day)
    }

    /// Every step with its moment, ascending. A step that a holiday moves onto the day of a later one
    /// is merged into that.
    pub fn placed(&self) -> Vec<PlacedStep> {
        let steps = self.ladder.steps().iter();
        let mut placed: Vec<PlacedStep> = steps
            .filter_map(|step| {
                Some(PlacedStep {
                    step: *step,
                    at: self.moment(step.offset_days)?,
                    merged: false,
                })
            })
            .collect();
        if self.timing.moves() {
            for place in 1..placed.len() {
                placed[place - 1].merged = placed[place - 1].at == placed[place].at;
            }
        }
        placed
    }

    /// The first step after `last` whose moment is not before `now`: what to wait for.
    pub fn next(&self, last: Option<i16>, now: Timestamp) -> Option<ReminderTimer> {
        self.after(last).find(|timer| timer.at >= now)
    }

    /// The step to send now: the latest one whose moment has come. Steps that a pause has left
    /// behind are skipped, so that nobody gets three reminders in one morning.
    pub fn due_now(&self, last: Option<i16>, now: Timestamp) -> Option<ReminderTimer> {
        self.after(last).take_while(|timer| timer.at <= now).last()
    }

    fn after(&self, last: Option<i16>) -> impl Iterator<Item = ReminderTimer> {
        let placed = self.placed().into_iter().filter(|placed| !placed.merged);
        let timers = placed.map(|placed| ReminderTimer {
            offset_days: placed.step.offset_days,
            at: placed.at,
        });
        timers.filter(move |timer| last.is_none_or(|last| timer.offset_days > last))
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn schedule<'a>(ladder: &'a Ladder, zone: &'a TimeZone) -> Schedule<'a> {
        Schedule {
            ladder,
            due_on: date(2026, 3, 31),
            issue_on: date(2026, 3, 17),
            due: Due::Net { days: 14 },
            zone,
            timing: Timing::default(),
        }
    }

    #[test]
    fn steps_follow_one_another_at_nine_where_the_client_is() {
        let ladder = Ladder::default();
        let zone = TimeZone::get("Asia/Seoul").unwrap();
        let schedule = schedule(&ladder, &zone);
        let issued_at: Timestamp = "2026-03-17T05:00:00Z".parse().unwrap();
        let first = schedule.next(None, issued_at).unwrap();
        assert_eq!(first.offset_days, -3);
        assert_eq!(first.at.to_string(), "2026-03-28T00:00:00Z");
        let second = schedule.next(Some(-3), first.at).unwrap();
        assert_eq!(
            (second.offset_days, second.at.to_string().as_str()),
            (0, "2026-03-31T00:00:00Z")
        );
        assert_eq!(schedule.next(Some(30), second.at), None);
    }

    #[test]
    fn a_long_pause_sends_the_latest_step_only() {
        let ladder = Ladder::default();
        let zone = TimeZone::UTC;
        let schedule = schedule(&ladder, &zone);
        let late: Timestamp = "2026-04-20T12:00:00Z".parse().unwrap();
        assert_eq!(schedule.due_now(None, late).unwrap().offset_days, 14);
        assert_eq!(schedule.due_now(Some(14), late), None);
    }

    #[test]
    fn nothing_comes_before_what_is_due_on_receipt() {
        let ladder = Ladder::default();
        let zone = TimeZone::UTC;
        let schedule = Schedule {
            due_on: date(2026, 3, 17),
            due: Due::DueOnReceipt,
            ..schedule(&ladder, &zone)
        };
        let issued_at: Timestamp = "2026-03-17T05:00:00Z".parse().unwrap();
        assert_eq!(schedule.next(None, issued_at).unwrap().offset_days, 7);
    }

    #[test]
    fn a_ladder_is_ordered_unique_and_bounded() {
        assert_eq!(Ladder::new(vec![7, -3, 0]).unwrap().offsets(), [-3, 0, 7]);
        assert_eq!(Ladder::new(vec![7, 7]), Err(Fault::Duplicate));
        assert!(Ladder::new(vec![400]).is_err());
        assert!(Ladder::new((0..13).collect()).is_err());
    }
}
