//! What the bookkeeper calls the accounts of the ledger.
//!
//! Remit's chart is small and named; whoever keeps the books has numbers or names of their own. A map
//! from one to the other makes the ledger's entries theirs. Presets start it; no preset knows an
//! agency's own chart, so each code can be another.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::fault::{Fault, PointedFault};
use crate::ids::AccountId;
use crate::ledger::LedgerAccount;
use crate::number::Rate;
use crate::party::Text;
use crate::tax::{TaxKind, TaxName};

/// Taxes that have a code of their own, at most.
pub const MAX_TAX_CODES: usize = 50;

/// A bookkeeper's number or name of an account.
pub type AccountCode = Text<100>;

/// The code of a tax that is owed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaxCode {
    /// The name of the tax; any, where none is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<TaxName>,
    /// Percent.
    pub rate: Rate,
    /// Its kind.
    pub kind: TaxKind,
    /// The account that it is owed on.
    pub code: AccountCode,
}

/// What DATEV wants to know of whose books they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Datev {
    /// The adviser's number (Beraternummer), 1001 to 9999999.
    pub consultant: u32,
    /// The client's number at the adviser (Mandantennummer), 1 to 99999.
    pub client: u32,
    /// The month that a fiscal year begins in, 1 to 12.
    pub year_begins: i8,
    /// Digits of a ledger account (Sachkontenlänge), 4 to 8.
    pub account_digits: u8,
    /// The chart (Sachkontenrahmen): 3 is SKR03, 4 is SKR04; none for another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chart: Option<u8>,
}

impl Datev {
    /// Least and largest number of an adviser.
    pub const CONSULTANT: (i64, i64) = (1_001, 9_999_999);
    /// Least and largest number of a client.
    pub const CLIENT: (i64, i64) = (1, 99_999);
    /// Fewest and most digits of a ledger account.
    pub const ACCOUNT_DIGITS: (i64, i64) = (4, 8);

    /// The first day of the fiscal year that a day is in.
    pub fn year_of(&self, day: Date) -> Date {
        let year = match day.month() < self.year_begins {
            true => day.year() - 1,
            false => day.year(),
        };
        Date::new(year, self.year_begins, 1).unwrap_or(day)
    }
}

/// The codes of an account's ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerCodes {
    /// Whose.
    pub account_id: AccountId,
    /// The code of each account of the ledger; what is not used needs none.
    #[serde(default)]
    pub accounts: BTreeMap<LedgerAccount, AccountCode>,
    /// Taxes whose code is another than that of tax payable.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub taxes: Vec<TaxCode>,
    /// What Xero calls the rate of lines that are not taxed again, in the agency's organisation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub xero_tax_rate: Option<AccountCode>,
    /// For DATEV, where it is used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub datev: Option<Datev>,
    /// When it was last changed (UTC).
    pub updated_at: Timestamp,
}

/// Where codes start from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Preset {
    /// DATEV's chart SKR03.
    Skr03,
    /// DATEV's chart SKR04.
    Skr04,
    /// Numbers as Xero's charts have them. Xero lets no journal touch receivables and banks: these are
    /// clearing accounts, to be made there.
    Xero,
    /// Names as QuickBooks Online knows accounts by.
    QuickBooks,
}

impl Preset {
    /// The words of the contract.
    pub const WORDS: &'static [&'static str] =
        &["datev_skr03", "datev_skr04", "xero", "quickbooks"];

    /// Reads the word of the contract.
    ///
    /// # Errors
    /// [`Fault::UnknownValue`].
    pub fn parse(text: &str) -> Result<Self, Fault> {
        match text {
            "datev_skr03" => Ok(Self::Skr03),
            "datev_skr04" => Ok(Self::Skr04),
            "xero" => Ok(Self::Xero),
            "quickbooks" => Ok(Self::QuickBooks),
            _ => Err(Fault::UnknownValue {
                allowed: Self::WORDS,
            }),
        }
    }

    /// The code of an account: SKR03, SKR04, Xero, QuickBooks. The accounts of DATEV are those without
    /// automatic tax, as the tax is posted by itself.
    fn code(self, account: LedgerAccount) -> &'static str {
        use LedgerAccount as A;
        let codes = match account {
            A::Receivable => ["1410", "1210", "611", "Accounts Receivable (A/R)"],
            A::DisputedReceivable => ["1460", "1240", "612", "Disputed payments"],
            A::WithholdingReceivable => ["1500", "1300", "613", "Withholding tax receivable"],
            A::CashStripe => ["1360", "1460", "614", "Stripe clearing"],
            A::CashPayPal => ["1360", "1460", "615", "PayPal clearing"],
            A::CashGoCardless => ["1360", "1460", "616", "GoCardless clearing"],
            A::CashToss => ["1360", "1460", "617", "Toss Payments clearing"],
            A::CashBankTransfer => ["1200", "1800", "618", "Bank clearing"],
            A::CashCash => ["1000", "1600", "619", "Petty cash"],
            A::CashOther => ["1360", "1460", "621", "Undeposited Funds"],
            A::ClientBalance => ["1700", "3500", "811", "Customer credit"],
            A::UnmatchedReceipts => ["1590", "1370", "812", "Unmatched receipts"],
            A::DepositsReceived => ["1710", "3250", "813", "Customer deposits"],
            A::Revenue => ["8200", "4200", "200", "Services"],
            A::TaxPayable => ["1770", "3800", "814", "Sales tax payable"],
            A::Discounts => ["8700", "4700", "201", "Discounts given"],
            A::ProviderFees => ["4970", "6855", "404", "Bank charges"],
            A::BankFees => ["4970", "6855", "404", "Bank charges"],
            A::WriteOffs => ["2400", "6930", "405", "Bad debts"],
            A::Recoveries => ["2732", "4925", "270", "Bad debts recovered"],
            A::ExchangeDifference => ["2150", "6880", "497", "Exchange gain or loss"],
            A::OpeningBalance => ["9000", "9000", "840", "Opening Balance Equity"],
        };
        let place = match self {
            Self::Skr03 => 0,
            Self::Skr04 => 1,
            Self::Xero => 2,
            Self::QuickBooks => 3,
        };
        codes[place]
    }

    /// The taxes that have a code of their own: rate and code.
    fn taxes(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Skr03 => &[("19", "1776"), ("7", "1771")],
            Self::Skr04 => &[("19", "3806"), ("7", "3801")],
            Self::Xero | Self::QuickBooks => &[],
        }
    }

    /// DATEV's number of the chart.
    pub fn chart(self) -> Option<u8> {
        match self {
            Self::Skr03 => Some(3),
            Self::Skr04 => Some(4),
            Self::Xero | Self::QuickBooks => None,
        }
    }

    /// All codes of it.
    ///
    /// # Errors
    /// [`Fault`]: none, as the tests hold.
    pub fn codes(self, account_id: AccountId, now: Timestamp) -> Result<LedgerCodes, Fault> {
        let accounts = LedgerAccount::ALL
            .iter()
            .map(|account| Ok((*account, AccountCode::parse(self.code(*account))?)));
        let taxes = self.taxes().iter().map(|(rate, code)| {
            Ok(TaxCode {
                name: None,
                rate: Rate::parse(rate)?,
                kind: TaxKind::Standard,
                code: AccountCode::parse(code)?,
            })
        });
        Ok(LedgerCodes {
            account_id,
            accounts: accounts.collect::<Result<_, Fault>>()?,
            taxes: taxes.collect::<Result<_, Fault>>()?,
            xero_tax_rate: None,
            datev: None,
            updated_at: now,
        })
    }
}

impl LedgerCodes {
    /// What Xero calls the rate of what is not taxed, where nothing else is said.
    pub const XERO_TAX_RATE: &'static str = "Tax Exempt";

    /// No codes yet.
    pub fn none(account_id: AccountId, now: Timestamp) -> Self {
        Self {
            account_id,
            accounts: BTreeMap::new(),
            taxes: Vec::new(),
            xero_tax_rate: None,
            datev: None,
            updated_at: now,
        }
    }

    /// The code of a tax that is owed: of its name, rate and kind, else of its rate and kind; none
    /// where it has that of tax payable.
    pub fn of_tax(&self, name: &str, rate: Rate, kind: TaxKind) -> Option<&AccountCode> {
        let fits = |of: &&TaxCode| of.rate == rate && of.kind == kind;
        let named = |of: &&TaxCode| of.name.as_ref().is_some_and(|of| of.as_str() == name);
        let mut fitting = self.taxes.iter().filter(fits);
        let found = fitting.clone().find(named);
        let found = found.or_else(|| fitting.find(|of| of.name.is_none()));
        found.map(|of| &of.code)
    }

    /// What is wrong with them together: a tax that is there twice, a code that DATEV cannot hold.
    pub fn faults(&self) -> Vec<PointedFault> {
        let mut faults = Vec::new();
        let mut seen = BTreeSet::new();
        for (place, of) in self.taxes.iter().enumerate() {
            let name = of.name.as_ref().map(ToString::to_string);
            if !seen.insert((name, of.rate, of.kind)) {
                faults.push(PointedFault::new(
                    format!("/taxes/{place}"),
                    Fault::Duplicate,
                ));
            }
        }
        let Some(datev) = &self.datev else {
            return faults;
        };
        for (account, code) in &self.accounts {
            if let Some(fault) = unfit(code, datev) {
                let pointer = format!("/accounts/{}", account.as_str());
                faults.push(PointedFault::new(pointer, fault));
            }
        }
        for (place, of) in self.taxes.iter().enumerate() {
            if let Some(fault) = unfit(&of.code, datev) {
                faults.push(PointedFault::new(format!("/taxes/{place}/code"), fault));
            }
        }
        faults
    }
}

/// Ledger accounts have so many digits, persons one more; nothing else is a number of DATEV's.
fn unfit(code: &AccountCode, datev: &Datev) -> Option<Fault> {
    let digits = usize::from(datev.account_digits);
    let text = code.as_str();
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    let fits = text.len() == digits || text.len() == digits + 1;
    (!is_number || !fits).then_some(Fault::BadLedgerCode { digits })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;
    use crate::ids::TypedId;

    fn codes(preset: &str) -> LedgerCodes {
        let preset = Preset::parse(preset).unwrap();
        let id = AccountId::from_uuid(uuid::Uuid::from_u128(1));
        preset.codes(id, Timestamp::UNIX_EPOCH).unwrap()
    }

    #[test]
    fn every_preset_has_every_account() {
        for word in Preset::WORDS {
            let codes = codes(word);
            assert_eq!(codes.accounts.len(), LedgerAccount::ALL.len(), "{word}");
            assert_eq!(codes.faults(), [], "{word}");
        }
    }

    #[test]
    fn presets_of_datev_are_numbers_of_four_digits() {
        for (word, fits) in [
            ("datev_skr03", true),
            ("datev_skr04", true),
            ("xero", false),
            ("quickbooks", false),
        ] {
            let datev = Datev {
                consultant: 1_001,
                client: 1,
                year_begins: 1,
                account_digits: 4,
                chart: None,
            };
            let codes = LedgerCodes {
                datev: Some(datev),
                ..codes(word)
            };
            assert_eq!(codes.faults().is_empty(), fits, "{word}");
        }
    }

    #[test]
    fn a_tax_is_known_by_its_name_before_its_rate() {
        let mut codes = codes("datev_skr03");
        let rate = Rate::parse("19").unwrap();
        codes.taxes.push(TaxCode {
            name: Some(TaxName::parse("OSS").unwrap()),
            rate,
            kind: TaxKind::Standard,
            code: AccountCode::parse("1767").unwrap(),
        });
        let of = |name: &str, rate: &str, kind| {
            let rate = Rate::parse(rate).unwrap();
            codes.of_tax(name, rate, kind).map(AccountCode::as_str)
        };
        assert_eq!(of("OSS", "19", TaxKind::Standard), Some("1767"));
        assert_eq!(of("USt.", "19.0", TaxKind::Standard), Some("1776"));
        assert_eq!(of("USt.", "7", TaxKind::Standard), Some("1771"));
        assert_eq!(of("USt.", "5", TaxKind::Standard), None);
        assert_eq!(of("USt.", "19", TaxKind::ReverseCharge), None);
    }

    #[test]
    fn a_fiscal_year_begins_in_its_month() {
        let datev = Datev {
            consultant: 1_001,
            client: 1,
            year_begins: 7,
            account_digits: 4,
            chart: None,
        };
        for (day, begins) in [
            ("2026-06-30", "2025-07-01"),
            ("2026-07-01", "2026-07-01"),
            ("2026-12-31", "2026-07-01"),
        ] {
            let begins: Date = begins.parse().unwrap();
            assert_eq!(datev.year_of(day.parse().unwrap()), begins, "{day}");
        }
    }
}
