//! Words, amounts, numbers and dates of one language.
//!
//! The words are Fluent catalogues under `locales/`, compiled in and read once per language. The
//! forms of amounts and numbers are CLDR's, in [`amounts`]; those of dates are messages of the
//! catalogues, so that a further language is one file and one row.

mod amounts;
mod countries;
mod dates;

use std::sync::OnceLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use remit_billing::party::Language;
use rust_decimal::Decimal;
use unic_langid::LanguageIdentifier;

const MILLION: Decimal = Decimal::from_parts(1_000_000, 0, 0, false, 0);

/// Why words could not be found. Tests hold the catalogues complete, so that this is a bug.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LocaleError {
    /// The catalogue of a language cannot be read.
    #[error("the catalogue {language} cannot be read: {faults}")]
    Catalogue {
        /// The language's tag.
        language: &'static str,
        /// What Fluent says about it.
        faults: String,
    },
    /// A message is missing.
    #[error("the message {key} is missing in {language}")]
    MissingMessage {
        /// The language's tag.
        language: &'static str,
        /// The message's id.
        key: String,
    },
    /// A message wants a variable that it was not given.
    #[error("the message {key} in {language} cannot be formed: {faults}")]
    BadMessage {
        /// The language's tag.
        language: &'static str,
        /// The message's id.
        key: String,
        /// What Fluent says about it.
        faults: String,
    },
}

impl From<LocaleError> for askama::Error {
    fn from(error: LocaleError) -> Self {
        askama::Error::custom(error)
    }
}

/// A value placed into a message.
#[derive(Debug, Clone)]
pub struct Value(FluentValue<'static>);

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Value(FluentValue::String(text.to_owned().into()))
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Value(FluentValue::String(text.into()))
    }
}

/// Templates hand over references.
impl<T: Clone + Into<Value>> From<&T> for Value {
    fn from(value: &T) -> Self {
        value.clone().into()
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Value(FluentValue::from(number))
    }
}

/// The words of one language. Cheap to pass around; made once per language and process.
pub struct Words {
    language: Language,
    tag: &'static str,
    bundle: FluentBundle<FluentResource>,
}

impl Words {
    /// The words of a language; its catalogue is read at the first call.
    ///
    /// # Errors
    /// When the compiled-in catalogue cannot be read.
    pub fn of(language: Language) -> Result<&'static Words, LocaleError> {
        static EN: OnceLock<Result<Words, LocaleError>> = OnceLock::new();
        static KO: OnceLock<Result<Words, LocaleError>> = OnceLock::new();
        static DE: OnceLock<Result<Words, LocaleError>> = OnceLock::new();
        static FR: OnceLock<Result<Words, LocaleError>> = OnceLock::new();
        static ES: OnceLock<Result<Words, LocaleError>> = OnceLock::new();
        static JA: OnceLock<Result<Words, LocaleError>> = OnceLock::new();
        let (once, source) = match language {
            Language::En => (&EN, include_str!("../../locales/en.ftl")),
            Language::Ko => (&KO, include_str!("../../locales/ko.ftl")),
            Language::De => (&DE, include_str!("../../locales/de.ftl")),
            Language::Fr => (&FR, include_str!("../../locales/fr.ftl")),
            Language::Es => (&ES, include_str!("../../locales/es.ftl")),
            Language::Ja => (&JA, include_str!("../../locales/ja.ftl")),
        };
        let tag = language.tag();
        once.get_or_init(|| read(language, tag, source))
            .as_ref()
            .map_err(Clone::clone)
    }

    /// The language's tag of BCP 47, for `lang`.
    pub fn tag(&self) -> &'static str {
        self.tag
    }

    /// What stands between a label and its value.
    pub fn colon(&self) -> &'static str {
        match self.language {
            Language::Fr => "\u{a0}:",
            _ => ":",
        }
    }

    /// What chooses the form of one or many: 1 hour, 1.5 hours. Shown by [`Words::quantity`].
    pub fn count(&self, number: Decimal) -> Value {
        // Fluent's rules are older than CLDR's `many`: 1 000 000 d’heures, 1.000.000 de horas.
        let romance = matches!(self.language, Language::Fr | Language::Es);
        if romance && !number.is_zero() && (number % MILLION).is_zero() {
            return Value::from("many");
        }
        Value(FluentValue::try_number(&number.normalize().to_string()).into_owned())
    }

    /// A message without variables.
    ///
    /// # Errors
    /// When the message is missing, or wants variables.
    pub fn say(&self, key: &str) -> Result<String, LocaleError> {
        self.form(key, None)
    }

    /// A message with one variable.
    ///
    /// # Errors
    /// When the message is missing, or wants other variables.
    pub fn say1(
        &self,
        key: &str,
        name: &'static str,
        value: impl Into<Value>,
    ) -> Result<String, LocaleError> {
        self.say_with(key, &[(name, value.into())])
    }

    /// A message with variables.
    ///
    /// # Errors
    /// When the message is missing, or wants other variables.
    pub fn say_with(
        &self,
        key: &str,
        values: &[(&'static str, Value)],
    ) -> Result<String, LocaleError> {
        let mut args = FluentArgs::with_capacity(values.len());
        for (name, value) in values {
            args.set(*name, value.0.clone());
        }
        self.form(key, Some(&args))
    }

    fn form(&self, key: &str, args: Option<&FluentArgs<'_>>) -> Result<String, LocaleError> {
        let pattern = self
            .bundle
            .get_message(key)
            .and_then(|message| message.value())
            .ok_or_else(|| LocaleError::MissingMessage {
                language: self.tag,
                key: key.to_owned(),
            })?;
        let mut faults = Vec::new();
        let text = self.bundle.format_pattern(pattern, args, &mut faults);
        if faults.is_empty() {
            Ok(text.into_owned())
        } else {
            Err(LocaleError::BadMessage {
                language: self.tag,
                key: key.to_owned(),
                faults: format!("{faults:?}"),
            })
        }
    }
}

fn read(language: Language, tag: &'static str, source: &str) -> Result<Words, LocaleError> {
    let broken = |faults: String| LocaleError::Catalogue {
        language: tag,
        faults,
    };
    let id: LanguageIdentifier = tag.parse().map_err(|e| broken(format!("{e}")))?;
    let resource =
        FluentResource::try_new(source.to_owned()).map_err(|(_, e)| broken(format!("{e:?}")))?;
    let mut bundle = FluentBundle::new_concurrent(vec![id]);
    // Isolation marks would stand in subjects and text parts as unknown characters in some mail
    // programs; pages isolate what was given with `dir="auto"`.
    bundle.set_use_isolating(false);
    bundle
        .add_resource(resource)
        .map_err(|e| broken(format!("{e:?}")))?;
    Ok(Words {
        language,
        tag,
        bundle,
    })
}

#[cfg(test)]
mod tests;
