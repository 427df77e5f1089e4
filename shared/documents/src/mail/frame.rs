//! What every mail shares: who writes, to whom, and how to reach them.

use crate::agency::Agency;
use crate::locale::{LocaleError, Words};
use crate::page::frame::LogoView;

use super::own_words::Said;
use super::subject::one_line;

/// How a mail names its logo, which goes with it (RFC 2392, the scheme `cid`): most programs show what goes with a
/// mail at once, and ask before they fetch.
pub const LOGO_CONTENT_ID: &str = "logo@remit";

/// The largest space of a logo, in pixels of CSS.
const LOGO_SPACE: (u32, u32) = (216, 36);

/// The frame of one mail; its texts are single lines.
pub(crate) struct Frame {
    pub agency: String,
    pub logo: Option<LogoView>,
    pub mark: String,
    pub greeting: String,
    /// The line above the agency's name.
    pub closing: String,
    /// The accent on light and on dark ground.
    pub accent: String,
    pub accent_dark: String,
    /// How to ask: one sentence.
    pub questions: String,
    /// The agency's legal particulars, one line each.
    pub particulars: Vec<String>,
}

impl Frame {
    pub fn of(w: &Words, agency: &Agency, recipient: Option<&str>) -> Result<Self, LocaleError> {
        let recipient = recipient.map(one_line).filter(|name| !name.is_empty());
        Ok(Self {
            agency: one_line(&agency.name),
            logo: agency.logo.as_ref().map(|logo| {
                let src = format!("cid:{LOGO_CONTENT_ID}");
                LogoView::of(logo, src, LOGO_SPACE)
            }),
            mark: crate::page::initial(&agency.name),
            greeting: match recipient {
                Some(name) => w.say1("mail-greeting-name", "name", name)?,
                None => w.say("mail-greeting")?,
            },
            closing: w.say("mail-closing")?,
            accent: agency.accent.on_light(),
            accent_dark: agency.accent.on_dark(),
            questions: match &agency.party.email {
                Some(email) => w.say1("mail-questions-to", "email", one_line(email))?,
                None => w.say("mail-questions")?,
            },
            particulars: particulars(w, agency)?,
        })
    }

    /// That of a mail of some words, a panel and perhaps a button.
    pub fn plain(w: &Words, agency: &Agency, recipient: Option<&str>) -> Result<Self, LocaleError> {
        Self::of(w, agency, recipient)?.closing(w, "void-closing")
    }

    /// The same with another closing of Remit's.
    pub fn closing(self, w: &Words, key: &str) -> Result<Self, LocaleError> {
        let closing = w.say(key)?;
        Ok(Self { closing, ..self })
    }

    /// The same with the agency's own greeting and closing, where it says them.
    pub fn in_own_words(self, said: &Said) -> Self {
        Self {
            greeting: said.greeting.clone().unwrap_or(self.greeting),
            closing: said.closing.clone().unwrap_or(self.closing),
            ..self
        }
    }
}

fn particulars(w: &Words, agency: &Agency) -> Result<Vec<String>, LocaleError> {
    let party = &agency.party;
    let mut lines = vec![one_line(&party.name)];
    let address: Vec<String> = party.address.iter().map(|line| one_line(line)).collect();
    lines.push(address.join(", "));
    for id in &party.tax_ids {
        let label = match &id.label {
            Some(label) => one_line(label),
            None => w.say("party-tax-id")?,
        };
        lines.push(format!("{label} {}", one_line(&id.value)));
    }
    lines.retain(|line| !line.is_empty());
    Ok(lines)
}

/// A label and its value in the panel of a mail.
pub(crate) struct PanelRow {
    pub label: String,
    pub value: String,
}

/// The rows of a panel.
#[derive(Default)]
pub(crate) struct Panel(pub Vec<PanelRow>);

impl Panel {
    pub fn add(&mut self, label: String, value: impl AsRef<str>) {
        let value = one_line(value.as_ref());
        self.0.push(PanelRow { label, value });
    }
}
