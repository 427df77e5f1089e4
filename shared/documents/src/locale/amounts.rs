//! Amounts, quantities and percents as CLDR writes them.
//!
//! Source: CLDR's `numbers` of each language (`¤#,##0.00` or `#,##0.00 ¤`, with a no-break space
//! between where the symbol comes last or ends in a letter or point; minus before all) and their currency
//! symbols. `locales/cldr.tsv` has what ICU makes of them, which a test holds these forms against.

use remit_billing::money::Money;
use remit_billing::party::Language;
use rust_decimal::Decimal;

use super::Words;

const NO_BREAK_SPACE: char = '\u{a0}';

/// How a language writes numbers.
struct NumberForm {
    group: char,
    decimal: char,
    /// Digits that stand before the first group where there is one (CLDR's `minimumGroupingDigits`).
    grouped_from: usize,
    /// The symbol stands after the digits.
    symbol_last: bool,
    percent: &'static str,
    /// Symbols that differ from CLDR's root.
    symbols: &'static [(&'static str, &'static str)],
}

const ENGLISH: NumberForm = NumberForm {
    group: ',',
    decimal: '.',
    grouped_from: 1,
    symbol_last: false,
    percent: "%",
    symbols: &[("JPY", "¥"), ("USD", "$")],
};

const KOREAN: NumberForm = NumberForm {
    symbols: &[("AUD", "AU$"), ("PHP", "PHP")],
    ..ENGLISH
};

const GERMAN: NumberForm = NumberForm {
    group: '.',
    decimal: ',',
    grouped_from: 1,
    symbol_last: true,
    percent: "\u{a0}%",
    symbols: &[
        ("AUD", "AU$"),
        ("JPY", "¥"),
        ("PHP", "PHP"),
        ("THB", "฿"),
        ("USD", "$"),
    ],
};

const FRENCH: NumberForm = NumberForm {
    group: '\u{202f}',
    symbols: &[
        ("ARS", "$AR"),
        ("AUD", "$AU"),
        ("BMD", "$BM"),
        ("BND", "$BN"),
        ("BZD", "$BZ"),
        ("CAD", "$CA"),
        ("CLP", "$CL"),
        ("CNY", "CNY"),
        ("COP", "$CO"),
        ("FJD", "$FJ"),
        ("FKP", "£FK"),
        ("GBP", "£GB"),
        ("GIP", "£GI"),
        ("HKD", "HKD"),
        ("JPY", "JPY"),
        ("LBP", "£LB"),
        ("MXN", "$MX"),
        ("NAD", "$NA"),
        ("NZD", "$NZ"),
        ("PHP", "PHP"),
        ("SBD", "$SB"),
        ("SGD", "$SG"),
        ("SRD", "$SR"),
        ("TTD", "$TT"),
        ("TWD", "TWD"),
        ("USD", "$US"),
        ("UYU", "$UY"),
        ("WST", "$WS"),
        ("XCD", "XCD"),
        ("XPF", "FCFP"),
    ],
    ..GERMAN
};

const SPANISH: NumberForm = NumberForm {
    grouped_from: 2,
    symbols: &[
        ("AUD", "AUD"),
        ("BRL", "BRL"),
        ("CAD", "CAD"),
        ("CNY", "CNY"),
        ("GBP", "GBP"),
        ("HKD", "HKD"),
        ("ILS", "ILS"),
        ("INR", "INR"),
        ("JPY", "JPY"),
        ("KRW", "KRW"),
        ("MXN", "MXN"),
        ("NZD", "NZD"),
        ("PHP", "PHP"),
        ("THB", "฿"),
        ("TWD", "TWD"),
        ("XAF", "XAF"),
        ("XCD", "XCD"),
        ("XOF", "XOF"),
    ],
    ..GERMAN
};

const JAPANESE: NumberForm = NumberForm {
    symbols: &[
        ("CNY", "元"),
        ("JPY", "￥"),
        ("PHP", "PHP"),
        ("USD", "$"),
        ("XCG", "Cg"),
    ],
    ..ENGLISH
};

/// The symbols of CLDR's root; a currency without one shows its code.
const ROOT_SYMBOLS: [(&str, &str); 22] = [
    ("AUD", "A$"),
    ("BRL", "R$"),
    ("CAD", "CA$"),
    ("CNY", "CN¥"),
    ("EUR", "€"),
    ("GBP", "£"),
    ("HKD", "HK$"),
    ("ILS", "₪"),
    ("INR", "₹"),
    ("JPY", "JP¥"),
    ("KRW", "₩"),
    ("MXN", "MX$"),
    ("NZD", "NZ$"),
    ("PHP", "₱"),
    ("TWD", "NT$"),
    ("USD", "US$"),
    ("VND", "₫"),
    ("XAF", "FCFA"),
    ("XCD", "EC$"),
    ("XCG", "Cg."),
    ("XOF", "F\u{202f}CFA"),
    ("XPF", "CFPF"),
];

impl Words {
    fn number_form(&self) -> &'static NumberForm {
        match self.language {
            Language::En => &ENGLISH,
            Language::Ko => &KOREAN,
            Language::De => &GERMAN,
            Language::Fr => &FRENCH,
            Language::Es => &SPANISH,
            Language::Ja => &JAPANESE,
        }
    }

    /// An amount with its currency: `$1,234.56`, `-CHF 10.00`, `1.234,56 €`.
    pub fn money(&self, money: &Money) -> String {
        self.with_symbol(money.amount(), money.currency().code())
    }

    /// A price of one unit, in the currency of `like`: at least the currency's decimals, at most
    /// as many as it has (six): `$83.3333`.
    pub fn unit_price(&self, price: Decimal, like: &Money) -> String {
        let mut price = price.normalize();
        let digits = like.currency().minor_digits();
        if price.scale() < digits {
            price.rescale(digits);
        }
        self.with_symbol(price, like.currency().code())
    }

    /// A quantity without trailing zeros: `1,250`, `0.5`.
    pub fn quantity(&self, quantity: Decimal) -> String {
        let digits = self.digits(quantity.normalize());
        if is_below_zero(quantity) {
            format!("-{digits}")
        } else {
            digits
        }
    }

    /// A percent, given in percent: `19%`, `3,3 %`.
    pub fn percent(&self, percent: Decimal) -> String {
        format!("{}{}", self.quantity(percent), self.number_form().percent)
    }

    fn with_symbol(&self, amount: Decimal, code: &str) -> String {
        let symbol = self.symbol(code);
        let sign = if is_below_zero(amount) { "-" } else { "" };
        let digits = self.digits(amount);
        if self.number_form().symbol_last {
            format!("{sign}{digits}{NO_BREAK_SPACE}{symbol}")
        } else if symbol.ends_with(|c: char| c.is_alphabetic() || c == '.') {
            format!("{sign}{symbol}{NO_BREAK_SPACE}{digits}")
        } else {
            format!("{sign}{symbol}{digits}")
        }
    }

    fn symbol<'a>(&self, code: &'a str) -> &'a str {
        self.number_form()
            .symbols
            .iter()
            .chain(&ROOT_SYMBOLS)
            .find(|(known, _)| *known == code)
            .map_or(code, |(_, symbol)| symbol)
    }

    /// The digits of a number without its sign, grouped by thousands, with all its decimals.
    fn digits(&self, number: Decimal) -> String {
        let form = self.number_form();
        let plain = number.abs().to_string();
        let (whole, fraction) = match plain.split_once('.') {
            Some((whole, fraction)) => (whole, Some(fraction)),
            None => (plain.as_str(), None),
        };
        let grouped = whole.len() >= 3 + form.grouped_from;
        let mut text = String::with_capacity(plain.len() + whole.len());
        for (at, digit) in whole.chars().enumerate() {
            if grouped && at > 0 && (whole.len() - at) % 3 == 0 {
                text.push(form.group);
            }
            text.push(digit);
        }
        if let Some(fraction) = fraction {
            text.push(form.decimal);
            text.push_str(fraction);
        }
        text
    }
}

fn is_below_zero(number: Decimal) -> bool {
    number.is_sign_negative() && !number.is_zero()
}
