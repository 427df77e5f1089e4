//! The agency's own words in mails to its clients.
//!
//! A text is plain, with placeholders such as `{{contact_name}}` out of a list that is closed for each
//! kind of mail: no logic, no markup, nothing that a client wrote is read as one. It is parsed once, at the
//! edge, into pieces; filling it in cannot fail, and only says nothing where the mail does not know what it
//! names. What is not said falls back to Remit's own words.
//!
//! A placeholder, once it is in a list, stays there: texts that name it are stored.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::fault::Fault;
use crate::ids::{AccountId, ClientId};
use crate::party::{Language, Paragraph, Text};
use crate::reminder::Tone;

/// Characters of a greeting or a closing.
pub const MAX_LINE_CHARS: usize = 200;
/// Characters of an opening.
pub const MAX_OPENING_CHARS: usize = 2_000;

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$of:meta])* $variant:ident = $text:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$of])* #[serde(rename = $text)] $variant,)+
        }

        impl $name {
            /// All of them.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];
            /// The words of the contract.
            pub const WORDS: &'static [&'static str] = &[$($text),+];

            /// The word of the contract.
            pub fn as_str(self) -> &'static str {
                match self {
                    $($name::$variant => $text),+
                }
            }

            /// Reads the word of the contract.
            pub fn parse(text: &str) -> Option<Self> {
                match text {
                    $($text => Some($name::$variant),)+
                    _ => None,
                }
            }
        }
    };
}

words! {
    /// A kind of mail to a client that the agency can put in its own words.
    TextKind {
        /// The mail that brings an invoice.
        Invoice = "invoice";
        /// Thanks for a payment.
        Receipt = "receipt";
        /// A reminder before the due day, or on it, whatever its tone.
        ReminderUpcoming = "reminder_upcoming";
        /// A friendly reminder of what is overdue.
        ReminderFriendly = "reminder_friendly";
        /// A plain reminder of what is overdue.
        ReminderNeutral = "reminder_neutral";
        /// A firm reminder of what is overdue.
        ReminderFirm = "reminder_firm";
        /// The last reminder before a person takes over.
        ReminderFinal = "reminder_final";
        /// The mail that brings an estimate or a change order.
        Estimate = "estimate";
        /// An estimate or a change order is about to end.
        EstimateExpiring = "estimate_expiring";
        /// Thanks when a project is closed.
        ProjectThanks = "project_thanks";
        /// Before a subscription is billed or charged.
        SubscriptionNotice = "subscription_notice";
        /// A statement of account.
        Statement = "statement";
    }
}

words! {
    /// A part of a mail that the agency can say itself.
    TextPart {
        /// The line that it begins with.
        Greeting = "greeting";
        /// What comes first: instead of Remit's own introduction. The facts below it stay.
        Opening = "opening";
        /// The line above the agency's name.
        Closing = "closing";
    }
}

words! {
    /// What a text can name.
    Placeholder {
        /// The agency's name.
        AgencyName = "agency_name";
        /// The client's name.
        ClientName = "client_name";
        /// The name of the person who reads, where that is one.
        ContactName = "contact_name";
        /// The number of the invoice.
        InvoiceNumber = "invoice_number";
        /// What the invoice is for: a project, or a title.
        InvoiceAbout = "invoice_about";
        /// What is asked for now.
        AmountDue = "amount_due";
        /// The day by which that is due.
        DueOn = "due_on";
        /// What was received.
        AmountPaid = "amount_paid";
        /// What is left of the invoice.
        AmountLeft = "amount_left";
        /// The day on which it was received.
        ReceivedOn = "received_on";
        /// The number of the estimate or the change order.
        EstimateNumber = "estimate_number";
        /// Its title.
        EstimateTitle = "estimate_title";
        /// What it comes to.
        EstimateTotal = "estimate_total";
        /// The last day on which it can be accepted.
        ValidUntil = "valid_until";
        /// What the project is called.
        ProjectName = "project_name";
        /// What the subscription is called.
        SubscriptionName = "subscription_name";
        /// What the next bill comes to, where that is known before.
        AmountNext = "amount_next";
        /// The day of the next bill.
        BilledOn = "billed_on";
        /// The first day of a statement.
        StatementFrom = "statement_from";
        /// The last day of a statement.
        StatementTo = "statement_to";
    }
}

const OF_INVOICE: &[&str] = &[
    "agency_name",
    "client_name",
    "contact_name",
    "invoice_number",
    "invoice_about",
    "amount_due",
    "due_on",
];
const OF_RECEIPT: &[&str] = &[
    "agency_name",
    "client_name",
    "contact_name",
    "invoice_number",
    "invoice_about",
    "amount_paid",
    "amount_left",
    "received_on",
];
const OF_ESTIMATE: &[&str] = &[
    "agency_name",
    "client_name",
    "contact_name",
    "estimate_number",
    "estimate_title",
    "estimate_total",
    "valid_until",
];
const OF_SUBSCRIPTION: &[&str] = &[
    "agency_name",
    "client_name",
    "contact_name",
    "subscription_name",
    "amount_next",
    "billed_on",
];
const OF_STATEMENT: &[&str] = &[
    "agency_name",
    "client_name",
    "contact_name",
    "statement_from",
    "statement_to",
];
const OF_PROJECT: &[&str] = &["agency_name", "client_name", "contact_name", "project_name"];

impl TextKind {
    /// The placeholders that a text of this kind can have, in the contract's words.
    pub fn placeholders(self) -> &'static [&'static str] {
        match self {
            TextKind::Receipt => OF_RECEIPT,
            TextKind::Estimate | TextKind::EstimateExpiring => OF_ESTIMATE,
            TextKind::ProjectThanks => OF_PROJECT,
            TextKind::SubscriptionNotice => OF_SUBSCRIPTION,
            TextKind::Statement => OF_STATEMENT,
            TextKind::Invoice
            | TextKind::ReminderUpcoming
            | TextKind::ReminderFriendly
            | TextKind::ReminderNeutral
            | TextKind::ReminderFirm
            | TextKind::ReminderFinal => OF_INVOICE,
        }
    }

    /// How a reminder of this kind speaks, and a day on which it might: days after the due day. None of what
    /// is no reminder.
    pub fn reminds(self) -> Option<(Tone, i16)> {
        match self {
            TextKind::ReminderUpcoming => Some((Tone::Friendly, -3)),
            TextKind::ReminderFriendly => Some((Tone::Friendly, 3)),
            TextKind::ReminderNeutral => Some((Tone::Neutral, 14)),
            TextKind::ReminderFirm => Some((Tone::Firm, 30)),
            TextKind::ReminderFinal => Some((Tone::Final, 45)),
            TextKind::Invoice
            | TextKind::Receipt
            | TextKind::Estimate
            | TextKind::EstimateExpiring
            | TextKind::ProjectThanks
            | TextKind::SubscriptionNotice
            | TextKind::Statement => None,
        }
    }

    /// The kind of a reminder of this tone, by whether the due day is over.
    pub fn of_reminder(tone: Tone, is_overdue: bool) -> Self {
        match (is_overdue, tone) {
            (false, _) => TextKind::ReminderUpcoming,
            (true, Tone::Friendly) => TextKind::ReminderFriendly,
            (true, Tone::Neutral) => TextKind::ReminderNeutral,
            (true, Tone::Firm) => TextKind::ReminderFirm,
            (true, Tone::Final) => TextKind::ReminderFinal,
        }
    }
}

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    /// As it is written.
    Plain(String),
    /// To be filled in.
    Value(Placeholder),
}

/// A text with placeholders, of one kind of mail and one part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template(Vec<Piece>);

impl Template {
    /// Reads what was written. `{{` begins a placeholder, `}}` ends it; either without the other is refused,
    /// as it would stand in the mail.
    ///
    /// # Errors
    /// [`Fault::UnknownPlaceholder`] with those that this kind of mail knows, [`Fault::UnclosedPlaceholder`],
    /// [`Fault::Empty`], [`Fault::TooLong`], [`Fault::ControlCharacter`].
    pub fn parse(text: &str, kind: TextKind, part: TextPart) -> Result<Self, Fault> {
        let text = match part {
            TextPart::Greeting | TextPart::Closing => {
                Text::<MAX_LINE_CHARS>::parse(text)?.to_string()
            }
            TextPart::Opening => Paragraph::<MAX_OPENING_CHARS>::parse(text)?.to_string(),
        };
        let allowed = kind.placeholders();
        let mut pieces = Vec::new();
        let mut rest = text.as_str();
        while let Some((before, after)) = rest.split_once("{{") {
            plain(&mut pieces, before, allowed)?;
            let (name, after) = after
                .split_once("}}")
                .ok_or(Fault::UnclosedPlaceholder { allowed })?;
            let name = name.trim();
            let known = Placeholder::parse(name).filter(|_| allowed.contains(&name));
            pieces.push(Piece::Value(
                known.ok_or(Fault::UnknownPlaceholder { allowed })?,
            ));
            rest = after;
        }
        plain(&mut pieces, rest, allowed)?;
        Ok(Self(pieces))
    }

    /// What it says with these values; none where it names one that the mail does not know.
    pub fn filled(&self, values: &Values) -> Option<String> {
        let mut said = String::new();
        for piece in &self.0 {
            said.push_str(match piece {
                Piece::Plain(text) => text,
                Piece::Value(placeholder) => values.0.get(placeholder)?,
            });
        }
        Some(said)
    }
}

fn plain(
    pieces: &mut Vec<Piece>,
    text: &str,
    allowed: &'static [&'static str],
) -> Result<(), Fault> {
    if text.contains("}}") {
        return Err(Fault::UnclosedPlaceholder { allowed });
    }
    if !text.is_empty() {
        pieces.push(Piece::Plain(text.to_owned()));
    }
    Ok(())
}

/// As it is written.
impl fmt::Display for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for piece in &self.0 {
            match piece {
                Piece::Plain(text) => f.write_str(text)?,
                Piece::Value(placeholder) => write!(f, "{{{{{}}}}}", placeholder.as_str())?,
            }
        }
        Ok(())
    }
}

/// What a mail knows, as it reads there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Values(BTreeMap<Placeholder, String>);

impl Values {
    /// With one more; an empty one is one that is not known.
    #[must_use]
    pub fn with(mut self, placeholder: Placeholder, value: impl Into<String>) -> Self {
        let value = value.into();
        if !value.is_empty() {
            self.0.insert(placeholder, value);
        }
        self
    }

    /// With one more, where it is known.
    #[must_use]
    pub fn with_some(self, placeholder: Placeholder, value: Option<impl Into<String>>) -> Self {
        match value {
            Some(value) => self.with(placeholder, value),
            None => self,
        }
    }
}

/// The agency's words for one kind of mail, part by part.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wording(BTreeMap<TextPart, Template>);

impl Wording {
    /// Those parts.
    pub fn new(parts: impl IntoIterator<Item = (TextPart, Template)>) -> Self {
        Self(parts.into_iter().collect())
    }

    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What is said for a part.
    pub fn part(&self, part: TextPart) -> Option<&Template> {
        self.0.get(&part)
    }

    /// A part with these values; none where nothing is said, or not all that it names is known.
    pub fn said(&self, part: TextPart, values: &Values) -> Option<String> {
        self.part(part)?.filled(values)
    }

    /// With the parts that only the other one has.
    #[must_use]
    pub fn or(mut self, other: &Wording) -> Self {
        for (part, template) in &other.0 {
            self.0.entry(*part).or_insert_with(|| template.clone());
        }
        self
    }
}

type Written = BTreeMap<Language, BTreeMap<TextKind, BTreeMap<TextPart, String>>>;

/// The agency's words by language and kind of mail.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct Wordings(BTreeMap<Language, BTreeMap<TextKind, Wording>>);

impl Wordings {
    /// Characters of all texts together: what they take in the table stays below an item's 400 KB,
    /// with four bytes a character.
    pub const CHARACTERS_MAX: usize = 80_000;

    /// Characters of all texts together.
    pub fn characters(&self) -> usize {
        let kinds = self.0.values().flat_map(BTreeMap::values);
        let texts = kinds.flat_map(|wording| wording.0.values());
        texts.map(|text| text.to_string().chars().count()).sum()
    }

    /// Says one kind of mail in a language; what says nothing is left out.
    pub fn set(&mut self, language: Language, kind: TextKind, wording: Wording) {
        if !wording.is_empty() {
            self.0.entry(language).or_default().insert(kind, wording);
        }
    }

    /// The words for a kind of mail in a language.
    pub fn get(&self, language: Language, kind: TextKind) -> Option<&Wording> {
        self.0.get(&language)?.get(&kind)
    }
}

impl TryFrom<Written> for Wordings {
    type Error = Fault;
    fn try_from(written: Written) -> Result<Self, Fault> {
        let mut wordings = Self::default();
        for (language, kinds) in written {
            for (kind, parts) in kinds {
                let parts = parts.into_iter().map(|(part, text)| {
                    let template = Template::parse(&text, kind, part)?;
                    Ok((part, template))
                });
                let parts = parts.collect::<Result<BTreeMap<_, _>, Fault>>()?;
                wordings.set(language, kind, Wording(parts));
            }
        }
        Ok(wordings)
    }
}

impl From<Wordings> for Written {
    fn from(wordings: Wordings) -> Self {
        let parts = |wording: Wording| {
            let parts = wording.0.into_iter();
            parts.map(|(part, of)| (part, of.to_string())).collect()
        };
        let kinds = |kinds: BTreeMap<TextKind, Wording>| {
            let kinds = kinds.into_iter();
            kinds.map(|(kind, of)| (kind, parts(of))).collect()
        };
        let languages = wordings.0.into_iter();
        languages.map(|(tag, of)| (tag, kinds(of))).collect()
    }
}

/// The words of an account, or what of them is otherwise for one client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailTexts {
    /// Whose.
    pub account_id: AccountId,
    /// For which client; none where they are for all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_id: Option<ClientId>,
    /// The words.
    pub texts: Wordings,
    /// When they were last set (UTC).
    pub updated_at: Timestamp,
}

impl MailTexts {
    /// None as yet.
    pub fn none(account_id: AccountId, client_id: Option<ClientId>, now: Timestamp) -> Self {
        Self {
            account_id,
            client_id,
            texts: Wordings::default(),
            updated_at: now,
        }
    }
}

/// What applies to the mails to one client: its own words before the account's, part by part.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OwnWords {
    /// The account's.
    pub account: Option<Wordings>,
    /// The client's.
    pub client: Option<Wordings>,
}

impl OwnWords {
    /// Remit's words only.
    pub const NONE: &'static Self = &Self {
        account: None,
        client: None,
    };

    /// The words for a kind of mail in a language.
    pub fn of(&self, language: Language, kind: TextKind) -> Wording {
        let found = |of: &Option<Wordings>| {
            let found = of.as_ref().and_then(|of| of.get(language, kind));
            found.cloned().unwrap_or_default()
        };
        found(&self.client).or(&found(&self.account))
    }
}

/// The list of placeholders as a person reads it: `{{a}}, {{b}}`.
pub(crate) fn listed(allowed: &[&str]) -> String {
    let mut list = String::new();
    for (place, name) in allowed.iter().enumerate() {
        let comma = if place == 0 { "" } else { ", " };
        // Writing to a string does not fail.
        let _ = write!(list, "{comma}{{{{{name}}}}}");
    }
    list
}

#[cfg(test)]
mod tests;
