//! The page of an offer: what is offered, the choice of options, and the signature.

use std::collections::BTreeMap;

use askama::Template;
use remit_billing::estimate::{Accepted, Choice, EstimateLine, Milestone, OfferState, Signature};
use remit_billing::ids::ScopeLineId;
use remit_billing::money::Money;
use remit_billing::terms::{Due, PaymentTerms};
use remit_billing::thread::Thread;

use super::{Offered, Standing, signed};
use crate::RenderError;
use crate::invoice::{Discount, Line};
use crate::issued::{parties, percent, unpaid};
use crate::late_fees::rule_in_words;
use crate::locale::{LocaleError, Words};
use crate::page::frame::Frame;
use crate::page::{LineView, PartyBlock, RenderedPage, is_long, line_view};
use crate::question::{QuestionForm, Questions};
use crate::sums::{self, Row, Shown};

/// What only the portal knows about the page that it makes.
#[derive(Debug, Clone)]
pub struct OfferForms {
    /// The page's own path.
    pub path: String,
    /// What makes each page's forms their own.
    pub nonce: String,
    /// The proof that binds the forms to the page.
    pub proof: String,
    /// A code was sent and can still be typed in.
    pub code_sent: bool,
    /// What has just happened.
    pub notice: Option<OfferNotice>,
    /// What was asked so far.
    pub thread: Option<Thread>,
    /// The name as it was typed before.
    pub typed_name: Option<String>,
}

/// What has just happened, said above the offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OfferNotice {
    /// The signature was taken in.
    Signed,
    /// It is declined.
    Declined,
    /// The code is on its way.
    CodeSent,
    /// Too many codes were asked for.
    TooManyCodes,
    /// The code is another one.
    WrongCode,
    /// The code counts no more.
    EndedCode,
    /// No name was typed.
    BlankName,
    /// The box was not ticked.
    NoConsent,
    /// Another signer has picked other options.
    OtherChoice,
    /// What was read is not what would be signed.
    Changed,
    /// A reason is needed to decline.
    NoReason,
    /// The project holds no more.
    ScopeFull,
    /// What a change order changes has moved.
    Outdated,
    /// The question was taken in.
    Asked,
    /// No question was typed.
    NoQuestion,
    /// Too much was asked.
    TooManyQuestions,
}

impl OfferNotice {
    /// Each with its word in an address and its message.
    const ALL: [(Self, &'static str, &'static str); 16] = [
        (OfferNotice::Signed, "signed", "offer-notice-signed"),
        (OfferNotice::Declined, "declined", "offer-notice-declined"),
        (OfferNotice::CodeSent, "code-sent", "offer-notice-code-sent"),
        (
            OfferNotice::TooManyCodes,
            "too-many-codes",
            "offer-notice-too-many-codes",
        ),
        (
            OfferNotice::WrongCode,
            "wrong-code",
            "offer-notice-wrong-code",
        ),
        (
            OfferNotice::EndedCode,
            "ended-code",
            "offer-notice-ended-code",
        ),
        (
            OfferNotice::BlankName,
            "blank-name",
            "offer-notice-blank-name",
        ),
        (
            OfferNotice::NoConsent,
            "no-consent",
            "offer-notice-no-consent",
        ),
        (
            OfferNotice::OtherChoice,
            "other-choice",
            "offer-notice-other-choice",
        ),
        (OfferNotice::Changed, "changed", "offer-notice-changed"),
        (OfferNotice::NoReason, "no-reason", "offer-notice-no-reason"),
        (
            OfferNotice::ScopeFull,
            "scope-full",
            "offer-notice-scope-full",
        ),
        (OfferNotice::Outdated, "outdated", "offer-notice-outdated"),
        (OfferNotice::Asked, "asked", "question-notice-asked"),
        (
            OfferNotice::NoQuestion,
            "no-question",
            "question-notice-none",
        ),
        (
            OfferNotice::TooManyQuestions,
            "too-many-questions",
            "question-notice-too-many",
        ),
    ];

    /// The word of an address.
    pub fn as_str(self) -> &'static str {
        let found = Self::ALL.iter().find(|(notice, ..)| *notice == self);
        found.map_or("", |(_, word, _)| word)
    }

    /// The notice of a word.
    pub fn parse(word: &str) -> Option<Self> {
        let found = Self::ALL.iter().find(|(_, known, _)| *known == word);
        found.map(|(notice, ..)| *notice)
    }

    fn message(self) -> &'static str {
        let found = Self::ALL.iter().find(|(notice, ..)| *notice == self);
        found.map_or("", |(_, _, message)| message)
    }

    fn is_good(self) -> bool {
        matches!(
            self,
            OfferNotice::Signed
                | OfferNotice::CodeSent
                | OfferNotice::Declined
                | OfferNotice::Asked
        )
    }
}

#[derive(Template)]
#[template(path = "offered/page.html")]
struct OfferTemplate<'a> {
    w: &'a Words,
    frame: Frame,
    o: &'a Offered<'a>,
    forms: &'a OfferForms,
    agency: &'a str,
    notice: Option<(&'static str, String)>,
    title: String,
    sum_label: String,
    sum: String,
    /// What a change order changes.
    changes: Vec<ChangeView>,
    is_long: bool,
    struck: bool,
    tone: &'static str,
    pill: String,
    sub: Option<String>,
    facts: Vec<(String, String, bool)>,
    sections: Vec<Section<'a>>,
    has_options: bool,
    /// What its lines come to; of a change order, what that makes of the whole.
    totals: Vec<Vec<Row>>,
    stages: Vec<Stage>,
    deliverables: Vec<DeliverableView<'a>>,
    terms: Vec<String>,
    signatures: Vec<SignatureView>,
    signing: Option<SigningView>,
    document_hash: String,
    has_document: bool,
    questions: Questions,
    parties: [PartyBlock<'a>; 2],
}

/// Lines under one heading.
struct Section<'a> {
    title: Option<String>,
    lines: Vec<OfferLine<'a>>,
}

struct OfferLine<'a> {
    view: LineView<'a>,
    /// The box of an optional line.
    option: Option<OptionBox>,
}

struct ChangeView {
    description: String,
    more: Vec<String>,
    before: String,
    after: String,
    difference: String,
}

struct OptionBox {
    id: ScopeLineId,
    taken: bool,
    fixed: bool,
}

struct Stage {
    title: String,
    when: Option<String>,
    amount: String,
}

struct DeliverableView<'a> {
    title: &'a str,
    description: Option<&'a str>,
    due: Option<String>,
}

struct SignatureView {
    name: String,
    by: String,
    when: String,
}

/// What a signer still has to do.
struct SigningView {
    email: String,
    title: String,
    accept: String,
    decline: String,
    statement: String,
    /// The typed name, as it is known.
    name: String,
    taken: Vec<ScopeLineId>,
}

impl Offered<'_> {
    /// The page under a choice of options.
    ///
    /// # Errors
    /// When a word is missing; [`RenderError::UnknownChoice`].
    pub fn page(&self, choice: &Choice, forms: &OfferForms) -> Result<RenderedPage, RenderError> {
        let w = Words::of(self.language())?;
        let sent = self.sent;
        let content = &sent.content;
        let agency = self.sender()?;
        let customer = parties::party(w, &sent.buyer, self.is_domestic())?;
        let standing = self.standing();
        let (document, offered) = sent
            .document(choice)
            .map_err(|_| RenderError::UnknownChoice)?;
        let frame = Frame::of(Some(&agency));
        let content_security_policy = frame.content_security_policy(&[])?;
        let lines = self.lines()?;
        let totals = unpaid(
            &offered.totals,
            content.discount,
            content
                .charges
                .iter()
                .map(|charge| charge.description.to_string()),
        );
        let shown = Shown {
            prices_include_tax: offered.totals.inclusive,
            settled: false,
        };
        let sum = self.total(w, &offered.total);
        let (tone, pill, sub) = self.pill(w, standing)?;
        let template = OfferTemplate {
            w,
            notice: forms
                .notice
                .map(|notice| {
                    let tone = if notice.is_good() { "" } else { "wait" };
                    Ok::<_, LocaleError>((tone, w.say(notice.message())?))
                })
                .transpose()?,
            title: w.say_with(
                "offer-title",
                &[
                    ("kind", self.kind(w)?.into()),
                    ("number", sent.number.to_string().into()),
                ],
            )?,
            sum_label: match self.amendment() {
                Some(_) => w.say("change-total")?,
                None => w.say("total")?,
            },
            changes: self.changes(w)?,
            is_long: is_long(&sum),
            struck: matches!(standing, Standing::Declined(_) | Standing::Withdrawn(_)),
            tone,
            pill,
            sub,
            facts: self.facts(w)?,
            sections: self.sections(w, &lines, choice, standing)?,
            has_options: standing == Standing::Open
                && self.bound_choice().is_none()
                && content.lines.iter().any(|line| line.optional),
            totals: match content.lines.is_empty() && content.charges.is_empty() {
                true => vec![self.whole(w, offered.total)?],
                false => vec![
                    sums::rows(w, &totals, shown)?,
                    self.whole(w, offered.total)?,
                ],
            },
            stages: self.stages(w, &offered.milestones, offered.deposit)?,
            deliverables: self.deliverables(w)?,
            terms: self.terms(w)?,
            signatures: self.signatures(w)?,
            signing: match standing {
                Standing::Open => Some(SigningView {
                    email: self.signer.email.to_string(),
                    title: w.say1("offer-sign", "document", self.document(w)?)?,
                    accept: match self.amendment() {
                        Some(_) => w.say("change-accept")?,
                        None => w.say1("offer-accept", "amount", sum.as_str())?,
                    },
                    decline: w.say1("offer-decline", "document", self.document(w)?)?,
                    statement: self.statement(choice)?,
                    name: match (&forms.typed_name, &self.signer.name) {
                        (Some(typed), _) => typed.clone(),
                        (None, Some(known)) => known.to_string(),
                        (None, None) => String::new(),
                    },
                    taken: choice.0.iter().copied().collect(),
                }),
                _ => None,
            },
            sum,
            document_hash: document.hash.to_string(),
            has_document: self.acceptance.is_some(),
            questions: self.questions(w, forms, &agency.name)?,
            parties: [
                PartyBlock::of(w, "page-from", &agency.party)?,
                PartyBlock::of(w, "offer-to", &customer)?,
            ],
            frame,
            o: self,
            forms,
            agency: &agency.name,
        };
        Ok(RenderedPage {
            html: template.render()?,
            content_security_policy,
        })
    }

    fn questions(
        &self,
        w: &Words,
        forms: &OfferForms,
        agency: &str,
    ) -> Result<Questions, LocaleError> {
        let form = QuestionForm {
            action: format!("{}/question", forms.path),
            with: format!("{} {}", forms.nonce, forms.proof),
        };
        let thread = forms.thread.as_ref();
        Questions::of(w, thread, Some(form), agency, self.zone(), |_| None)
    }

    /// Every line with what it comes to, whether it is taken or not.
    fn lines(&self) -> Result<BTreeMap<ScopeLineId, Line>, RenderError> {
        let content = &self.sent.content;
        let all = content.lines.iter().filter(|line| line.optional);
        let all = Choice(all.map(|line| line.id).collect());
        let everything = content.offered(&all);
        let everything = everything.map_err(|_| RenderError::UnknownChoice)?;
        let lines = everything.lines.iter().zip(&everything.totals.lines);
        Ok(lines
            .map(|(line, totals)| (line.id, shown_line(line, totals.discount, totals.total)))
            .collect())
    }

    fn sections<'s>(
        &self,
        w: &Words,
        lines: &'s BTreeMap<ScopeLineId, Line>,
        choice: &Choice,
        standing: Standing,
    ) -> Result<Vec<Section<'s>>, RenderError> {
        let fixed = standing != Standing::Open || self.bound_choice().is_some();
        let mut sections: Vec<Section<'s>> = Vec::new();
        for line in &self.sent.content.lines {
            let Some(shown) = lines.get(&line.id) else {
                continue;
            };
            let title = line.section.as_ref().map(ToString::to_string);
            if sections.last().is_none_or(|last| last.title != title) {
                sections.push(Section {
                    title,
                    lines: Vec::new(),
                });
            }
            let mut view = line_view(w, shown)?;
            if let Some(day) = line.not_before {
                view.more
                    .push(w.say1("offer-not-before", "date", w.date(day)?)?);
            }
            if let Some(section) = sections.last_mut() {
                section.lines.push(OfferLine {
                    view,
                    option: line.optional.then(|| OptionBox {
                        id: line.id,
                        taken: choice.0.contains(&line.id),
                        fixed,
                    }),
                });
            }
        }
        Ok(sections)
    }

    /// What becomes of lines that were accepted before, net.
    fn changes(&self, w: &Words) -> Result<Vec<ChangeView>, RenderError> {
        let lines = self.amendment().map(|found| &found.lines);
        let lines = lines.into_iter().flatten();
        lines
            .map(|line| {
                let mut more = Vec::new();
                if line.agreed_after.is_zero() {
                    more.push(w.say("change-out")?);
                } else if line.quantity_before != line.quantity_after {
                    let quantities = [
                        ("before", w.quantity(line.quantity_before.decimal()).into()),
                        ("after", w.quantity(line.quantity_after.decimal()).into()),
                    ];
                    more.push(w.say_with("change-quantity", &quantities)?);
                }
                let difference = line.agreed_after.checked_sub(line.agreed_before)?;
                Ok(ChangeView {
                    description: line.description.to_string(),
                    more,
                    before: w.money(&line.agreed_before),
                    after: w.money(&line.agreed_after),
                    difference: signed(w, &difference),
                })
            })
            .collect()
    }

    /// What was agreed, what a change order changes of it, and what is agreed then.
    fn whole(&self, w: &Words, change: Money) -> Result<Vec<Row>, RenderError> {
        let Some(amendment) = self.amendment() else {
            return Ok(Vec::new());
        };
        let before = amendment.total_before;
        let row = |label: String, amount: String, weight: &'static str| Row {
            label,
            note: None,
            amount,
            weight,
        };
        let changed = amendment.total()?;
        let added = change.checked_sub(changed)?;
        let mut rows = vec![row(w.say("change-total-before")?, w.money(&before), "")];
        if !amendment.lines.is_empty() {
            rows.push(row(w.say("change-changed")?, signed(w, &changed), ""));
        }
        if !added.is_zero() {
            rows.push(row(w.say("change-added-total")?, signed(w, &added), ""));
        }
        rows.push(row(
            w.say("change-total-after")?,
            w.money(&before.checked_add(change)?),
            "last",
        ));
        Ok(rows)
    }

    fn pill(
        &self,
        w: &Words,
        standing: Standing,
    ) -> Result<(&'static str, String, Option<String>), LocaleError> {
        let on = |at| w.date(self.zone().date_of(at));
        let valid_until = w.date(self.sent.valid_until)?;
        Ok(match standing {
            Standing::Open => (
                "",
                w.say1("offer-open-until", "date", valid_until)?,
                Some(w.say("offer-open-sub")?),
            ),
            Standing::Signed => (
                "wait",
                w.say("offer-signed-by-you")?,
                Some(w.say("offer-others-sign")?),
            ),
            Standing::Expired => (
                "late",
                w.say1("offer-expired", "date", valid_until)?,
                Some(w.say("offer-ask-for-new")?),
            ),
            Standing::Accepted(at) => ("good", w.say1("offer-accepted", "date", on(at)?)?, None),
            Standing::Declined(at) => ("off", w.say1("offer-declined", "date", on(at)?)?, None),
            Standing::Withdrawn(at) => (
                "off",
                w.say1("offer-withdrawn", "date", on(at)?)?,
                self.withdrawal(),
            ),
            Standing::Superseded => (
                "off",
                w.say("offer-superseded")?,
                Some(w.say("offer-superseded-sub")?),
            ),
        })
    }

    /// Why the agency took it back.
    pub(super) fn withdrawal(&self) -> Option<String> {
        match &self.current()?.state {
            OfferState::Withdrawn { reason, .. } => reason.as_ref().map(ToString::to_string),
            _ => None,
        }
    }

    fn facts(&self, w: &Words) -> Result<Vec<(String, String, bool)>, LocaleError> {
        let sent = self.sent;
        let mut facts = vec![
            (w.say("fact-about")?, sent.content.title.to_string(), true),
            (w.say("offer-sent-on")?, w.date(sent.sent_on)?, false),
            (
                w.say("offer-valid-until")?,
                w.date(sent.valid_until)?,
                false,
            ),
        ];
        if let Some(amendment) = self.amendment() {
            let of = w.say1("change-of-estimate", "number", amendment.number.to_string())?;
            facts.push((w.say("change-amends")?, of, true));
        }
        if sent.version > 1 {
            facts.push((w.say("offer-version")?, sent.version.to_string(), false));
        }
        Ok(facts)
    }

    fn stages(
        &self,
        w: &Words,
        amounts: &[Money],
        deposit: Option<Money>,
    ) -> Result<Vec<Stage>, LocaleError> {
        let mut stages = Vec::new();
        if let Some(deposit) = deposit {
            stages.push(Stage {
                title: w.say("offer-deposit")?,
                when: Some(w.say("offer-deposit-when")?),
                amount: w.money(&deposit),
            });
        }
        let moved = self.amendment().map(|found| &found.milestones);
        for change in moved.into_iter().flatten() {
            let amounts = [
                ("before", w.money(&change.amount_before).into()),
                ("after", w.money(&change.amount_after).into()),
            ];
            stages.push(Stage {
                title: change.title.to_string(),
                when: None,
                amount: w.say_with("change-stage", &amounts)?,
            });
        }
        for (milestone, amount) in self.sent.content.schedule.milestones.iter().zip(amounts) {
            stages.push(Stage {
                title: milestone.title.to_string(),
                when: self.when(w, milestone)?,
                amount: w.say1("offer-net", "amount", w.money(amount))?,
            });
        }
        Ok(stages)
    }

    fn when(&self, w: &Words, milestone: &Milestone) -> Result<Option<String>, LocaleError> {
        if let Some(day) = milestone.due_on {
            return Ok(Some(w.say1("offer-from-day", "date", w.date(day)?)?));
        }
        let deliverables = &self.sent.content.deliverables;
        let named = milestone.deliverable.as_ref();
        let named = named.and_then(|key| deliverables.iter().find(|found| found.key == *key));
        named
            .map(|found| w.say1("offer-on-delivery", "title", found.title.as_str()))
            .transpose()
    }

    fn deliverables(&self, w: &Words) -> Result<Vec<DeliverableView<'_>>, LocaleError> {
        let deliverables = self.sent.content.deliverables.iter();
        deliverables
            .map(|found| {
                Ok(DeliverableView {
                    title: found.title.as_str(),
                    description: found.description.as_ref().map(|text| text.as_str()),
                    due: found.due_on.map(|day| w.date(day)).transpose()?,
                })
            })
            .collect()
    }

    fn terms(&self, w: &Words) -> Result<Vec<String>, LocaleError> {
        let content = &self.sent.content;
        let mut terms = vec![payment_terms(w, content.terms)?];
        terms.extend(content.late_fee.as_ref().map(ToString::to_string));
        if let Some(rule) = &content.late_fee_rule {
            terms.push(rule_in_words(w, rule, content.currency)?);
        }
        terms.extend(content.conditions.as_ref().map(ToString::to_string));
        Ok(terms)
    }

    fn signatures(&self, w: &Words) -> Result<Vec<SignatureView>, LocaleError> {
        let zone = self.zone();
        let signed = |signature: &Signature| {
            Ok(SignatureView {
                name: signature.name.to_string(),
                by: signature.email.to_string(),
                when: w.date(zone.date_of(signature.signed_at))?,
            })
        };
        match self.acceptance.map(|acceptance| &acceptance.accepted) {
            Some(Accepted::Signed(signatures)) => return signatures.iter().map(signed).collect(),
            Some(Accepted::Elsewhere(elsewhere)) => {
                return Ok(vec![SignatureView {
                    name: elsewhere.name.to_string(),
                    by: match &elsewhere.reference {
                        Some(reference) => reference.to_string(),
                        None => elsewhere.file.name.to_string(),
                    },
                    when: w.date(elsewhere.accepted_on)?,
                }]);
            }
            None => {}
        }
        match self.current().map(|offer| &offer.state) {
            Some(OfferState::Open {
                signing: Some(signing),
            }) => signing.signatures.iter().map(signed).collect(),
            _ => Ok(Vec::new()),
        }
    }
}

fn shown_line(line: &EstimateLine, discount: Money, total: Money) -> Line {
    Line {
        description: line.description.to_string(),
        quantity: line.quantity.decimal(),
        unit: line.unit.as_ref().map(ToString::to_string),
        unit_price: line.unit_price.decimal(),
        discount: line.discount.map(|agreed| Discount {
            percent: percent(agreed),
            amount: discount,
        }),
        period: None,
        taxes: None,
        amount: total,
    }
}

/// When what is billed is due.
fn payment_terms(w: &Words, terms: PaymentTerms) -> Result<String, LocaleError> {
    let days = |key: &str, days: u16| w.say1(key, "days", i64::from(days));
    match terms.due {
        Due::DueOnReceipt | Due::Net { days: 0 } => w.say("offer-due-on-receipt"),
        Due::Net { days: count } => days("offer-due-net", count),
        Due::EomPlus { days: 0 } => w.say("offer-due-eom"),
        Due::EomPlus { days: count } => days("offer-due-eom-plus", count),
        Due::NetEom { days: count } => days("offer-due-net-eom", count),
        Due::On { date } => w.say1("offer-due-on", "date", w.date(date)?),
    }
}
