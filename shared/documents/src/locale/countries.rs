//! Names of countries: CLDR's, in a table under `locales/`, one column a language, which
//! `locales/cldr.mjs` makes.

use remit_billing::party::Language;

use super::Words;

const NAMES: &str = include_str!("../../locales/countries.tsv");

impl Words {
    /// The name of a country by its code of ISO 3166-1; a code without a name stays as it is.
    pub fn country<'a>(&self, code: &'a str) -> &'a str {
        let column = match self.language {
            Language::En => 1,
            Language::Ko => 2,
            Language::De => 3,
            Language::Fr => 4,
            Language::Es => 5,
            Language::Ja => 6,
        };
        NAMES
            .lines()
            .find(|line| line.split('\t').next() == Some(code))
            .and_then(|line| line.split('\t').nth(column))
            .unwrap_or(code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn countries_have_names_in_every_language() {
        for line in NAMES.lines() {
            let columns: Vec<&str> = line.split('\t').collect();
            assert_eq!(columns.len(), 1 + Language::ALL.len(), "{line}");
            assert!(columns.iter().all(|name| !name.is_empty()), "{line}");
        }
        let korean = Words::of(Language::Ko).unwrap();
        assert_eq!(korean.country("SE"), "스웨덴");
        assert_eq!(korean.country("XX"), "XX");
        for (language, sweden) in [(Language::De, "Schweden"), (Language::Ja, "スウェーデン")]
        {
            assert_eq!(Words::of(language).unwrap().country("SE"), sweden);
        }
    }
}
