//! Who a payer is: names and accounts in one spelling, and what was learned of them.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::ids::ClientId;

/// What is kept of a payer whom a member placed: a hash, as an account number is nobody's business
/// but the payer's.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PayerHash(String);

impl PayerHash {
    /// Of an account number, however it is spaced. None of a text without letters and digits.
    pub fn of_account(account: &str) -> Option<Self> {
        let kept = account
            .chars()
            .filter(|character| character.is_alphanumeric());
        Self::of("account", &kept.collect::<String>().to_uppercase())
    }

    /// Of a name as [`normalised_name`] writes it. None of a text without letters and digits.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::of("name", &normalised_name(name))
    }

    /// Reads one as it is written; none of another text.
    pub fn parse(text: &str) -> Option<Self> {
        let digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        let right = text.len() == 64 && text.bytes().all(digit);
        right.then(|| Self(text.to_owned()))
    }

    fn of(kind: &str, value: &str) -> Option<Self> {
        if value.is_empty() {
            return None;
        }
        let digest = Sha256::digest(format!("{kind}\n{value}"));
        let hash = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        Some(Self(hash))
    }

    /// The SHA-256 in 64 hexadecimal digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whose payments come from this account, or under this name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LearnedPayer {
    /// The account or the name.
    pub payer: PayerHash,
    /// The client.
    pub client_id: ClientId,
}

/// Words that say what kind of company it is, and that banks leave out or write otherwise.
const LEGAL_FORMS: [&str; 22] = [
    "AB", "AG", "APS", "AS", "BV", "CO", "CORP", "EV", "GBR", "GMBH", "INC", "KG", "LIMITED",
    "LLC", "LLP", "LTD", "NV", "OY", "SA", "SARL", "SRL", "UG",
];

/// A name in one spelling: capitals, umlauts and common accents as banks that know ASCII only
/// write them, words apart by one space, legal forms and "&" left out. A name that is nothing but
/// legal forms keeps them.
pub fn normalised_name(name: &str) -> String {
    let mut spelled = String::with_capacity(name.len());
    for character in name.chars() {
        match character {
            // "B.V." and "O'Neill" are one word each.
            '.' | '\'' | '\u{2019}' => {}
            _ if character.is_alphanumeric() => {
                for capital in character.to_uppercase() {
                    match plain_letter(capital) {
                        Some(plain) => spelled.push_str(plain),
                        None => spelled.push(capital),
                    }
                }
            }
            _ => spelled.push(' '),
        }
    }
    let words: Vec<&str> = spelled.split_whitespace().collect();
    let named: Vec<&str> = words
        .iter()
        .copied()
        .filter(|word| !LEGAL_FORMS.contains(word))
        .collect();
    if named.is_empty() { words } else { named }.join(" ")
}

/// How SEPA's Latin character set writes a letter with a mark.
fn plain_letter(capital: char) -> Option<&'static str> {
    Some(match capital {
        'Ä' | 'Æ' => "AE",
        'Ö' | 'Ø' | 'Œ' => "OE",
        'Ü' => "UE",
        'ẞ' => "SS",
        'À' | 'Á' | 'Â' | 'Ã' | 'Ą' | 'Ă' | 'Ā' => "A",
        'Å' => "AA",
        'Ç' | 'Č' | 'Ć' => "C",
        'Ď' | 'Đ' => "D",
        'È' | 'É' | 'Ê' | 'Ë' | 'Ę' | 'Ě' | 'Ė' | 'Ē' => "E",
        'Ğ' | 'Ģ' => "G",
        'Ì' | 'Í' | 'Î' | 'Ï' | 'İ' | 'Ī' | 'Į' => "I",
        'Ķ' => "K",
        'Ł' | 'Ļ' | 'Ľ' => "L",
        'Ñ' | 'Ń' | 'Ň' | 'Ņ' => "N",
        'Ò' | 'Ó' | 'Ô' | 'Õ' | 'Ő' => "O",
        'Ř' => "R",
        'Š' | 'Ś' | 'Ş' | 'Ș' => "S",
        'Ť' | 'Ţ' | 'Ț' => "T",
        'Ù' | 'Ú' | 'Û' | 'Ů' | 'Ű' | 'Ū' | 'Ų' => "U",
        'Ý' | 'Ÿ' => "Y",
        'Ž' | 'Ź' | 'Ż' => "Z",
        _ => return None,
    })
}
