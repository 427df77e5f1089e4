//! What can be wrong with one value that came from outside.
//!
//! A fault is a fact with data; its code is stable and part of the contract, its text says what
//! to do. Where in the body it stands is the caller's knowledge: see [`PointedFault`].

use rust_decimal::Decimal;

/// One fault of one value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// The field is missing or null.
    #[error("this field is required")]
    Required,
    /// Another JSON type was expected.
    #[error("expected {expected}")]
    WrongType {
        /// The JSON type that is expected, in words.
        expected: &'static str,
    },
    /// Nothing but white space.
    #[error("must not be empty")]
    Empty,
    /// More characters, or items, than allowed.
    #[error("must be at most {max} long")]
    TooLong {
        /// Characters of a text, items of a list.
        max: usize,
    },
    /// Not a plain decimal number.
    #[error("must be a decimal number in a string, such as \"12.50\"")]
    NotADecimal,
    /// More decimals than the value may carry.
    #[error("must have at most {max} decimals")]
    TooManyDecimals {
        /// Decimals allowed: the currency's minor digits, or six.
        max: u32,
    },
    /// Below zero.
    #[error("must not be negative")]
    Negative,
    /// Zero or below.
    #[error("must be above zero")]
    NotPositive,
    /// Outside its bounds.
    #[error("must be between {min} and {max}")]
    OutOfRange {
        /// Least allowed value.
        min: Decimal,
        /// Largest allowed value.
        max: Decimal,
    },
    /// Larger than what is reckoned with.
    #[error("the amount is too large")]
    AmountTooLarge,
    /// No currency of ISO 4217 that is in use for invoices.
    #[error("must be a currency code of ISO 4217, such as \"EUR\"")]
    UnknownCurrency,
    /// A currency other than the document's.
    #[error("must be in {expected}")]
    CurrencyMismatch {
        /// The code that was expected.
        expected: String,
    },
    /// Not one of the words that are known.
    #[error("must be one of {}", allowed.join(", "))]
    UnknownValue {
        /// The words that are known.
        allowed: &'static [&'static str],
    },
    /// Not an id of this kind.
    #[error("must be an id that starts with \"{prefix}_\"")]
    BadId {
        /// The prefix of the expected kind.
        prefix: &'static str,
    },
    /// Not a civil date.
    #[error("must be a date such as \"2026-01-31\"")]
    BadDate,
    /// Not an instant.
    #[error("must be an instant such as \"2026-01-31T09:00:00Z\"")]
    BadInstant,
    /// The end lies before the start.
    #[error("must not end before it starts")]
    EndsBeforeStart,
    /// A date that lies before another that it must follow.
    #[error("must not be before {earliest}")]
    TooEarly {
        /// The first day allowed.
        earliest: jiff::civil::Date,
    },
    /// No number that DATEV knows an account by.
    #[error("must be a ledger account of {digits} digits, or a person's of one more")]
    BadLedgerCode {
        /// Digits of a ledger account.
        digits: usize,
    },
    /// An id of nothing that this account has.
    #[error("there is nothing of this id")]
    UnknownReference,
    /// Of another client than the document.
    #[error("is of another client")]
    OtherClient,
    /// The client accepted what is billed on this project.
    #[error(
        "the client accepted an estimate for this project: name the accepted line that this bills"
    )]
    ScopeLineRequired,
    /// The accepted line has other taxes.
    #[error("the accepted line has other taxes: leave them out to take those")]
    OtherTaxes,
    /// It is in the accepted lines.
    #[error("discounts and charges were agreed with the estimate: bill its lines")]
    AgreedAlready,
    /// Not letters, digits, `_` or `-`.
    #[error("must have letters, digits, \"_\" and \"-\" only")]
    BadReference,
    /// A step speaks more softly than one before it.
    #[error("the tone of a ladder only rises: an earlier step is firmer than this one")]
    ToneFalls,
    /// A step is firm with somebody who is not late.
    #[error("on and before the due day a step is friendly or neutral: nobody is late yet")]
    ToneTooEarly,
    /// Steps come after a member has taken over.
    #[error("the hand-over is the last step: nothing follows it")]
    HandOverNotLast,
    /// Not a colour.
    #[error("must be # and six hexadecimal digits, such as \"#1f6f5c\"")]
    BadColour,
    /// Not a time of the day.
    #[error("must be a time of the day such as \"09:00\"")]
    BadTime,
    /// Mails have too little time to leave.
    #[error("must leave at least {hours} hours of one day between from and until")]
    WindowTooShort {
        /// How many.
        hours: i64,
    },
    /// Not a SHA-256 in hexadecimal digits.
    #[error("must be a SHA-256 as 64 hexadecimal digits")]
    BadHash,
    /// The parts of a schedule do not make up the whole.
    #[error(
        "the milestones must make up the whole: end with a remainder, or let their percentages add up to 100"
    )]
    ScheduleIncomplete,
    /// The parts of a schedule are more than the whole.
    #[error("the milestones come to more than the whole")]
    ScheduleTooLarge,
    /// Not a media type such as `application/pdf`.
    #[error("must be a media type without parameters, such as application/pdf")]
    BadMediaType,
    /// Parts that do not make up what is due.
    #[error("the instalments have to make up what is due")]
    InstalmentsSum,
    /// More than what is due of the project, or than what came.
    #[error("more than what is due of this project, or than what came")]
    ShareTooLarge,
    /// More than what is left to credit.
    #[error("more than what is left of it to credit: {left}")]
    CreditTooLarge {
        /// What is left.
        left: crate::money::Money,
    },
    /// More than is kept of one document.
    #[error("the document is too large: at most {max} bytes in all")]
    DocumentTooLarge {
        /// Bytes of its canonical form.
        max: usize,
    },
    /// Only the last milestone takes what is left.
    #[error("only the last milestone can be the remainder")]
    RemainderNotLast,
    /// A day after the latest one that makes sense.
    #[error("must not be later than {latest}")]
    TooLate {
        /// The latest day.
        latest: jiff::civil::Date,
    },
    /// Not an e-mail address.
    #[error("must be an e-mail address")]
    BadEmail,
    /// Not a country code.
    #[error("must be a country code of ISO 3166-1, such as \"DE\"")]
    UnknownCountry,
    /// Not a zone of the IANA database.
    #[error("must be a time zone of the IANA database, such as \"Europe/Berlin\"")]
    UnknownTimeZone,
    /// Not a unit code.
    #[error("must be a unit code of UN/ECE recommendation 20, such as \"HUR\"")]
    BadUnitCode,
    /// Not a list of electronic addresses.
    #[error("must be a code of the list EAS, such as \"0088\" or \"EM\"")]
    BadAddressScheme,
    /// Not an absolute https address.
    #[error("must be an https address")]
    BadUrl,
    /// A control character, a line break where none may be.
    #[error("must not contain line breaks or control characters")]
    ControlCharacter,
    /// Not the kind of secret that belongs here. Says nothing of its content.
    #[error("must be {expected}")]
    BadCredential {
        /// What is expected, in words.
        expected: &'static str,
    },
    /// A field that nobody knows: refused, as a mistyped field would be lost in silence.
    #[error("this field is not known")]
    UnknownField,
    /// Two fields that exclude each other.
    #[error("give {fields}, not both")]
    Exclusive {
        /// The fields in words.
        fields: &'static str,
    },
    /// Twice the same.
    #[error("stands here twice")]
    Duplicate,
    /// Not above the one before it.
    #[error("must be above the one before it")]
    NotAscending,
    /// Not the first day of a half-year.
    #[error("must be the first day of January or of July")]
    NotAHalfYear,
    /// The discount is larger than what it is taken from.
    #[error("the discount is larger than the amount it is taken from")]
    DiscountTooLarge,
    /// Prices with and without tax in one document.
    #[error("taxes of one document are either all inclusive or all exclusive")]
    MixedInclusive,
    /// Below zero in all.
    #[error("the total must not be negative: issue a credit note instead")]
    NegativeTotal,
    /// A reason that the law wants.
    #[error("a tax of this kind needs the reason in words")]
    ReasonRequired,
    /// A rate where none may be.
    #[error("a tax of this kind has the rate 0")]
    RateMustBeZero,
    /// A flag or setting that does not go with this kind of tax.
    #[error("this does not go with a tax of this kind")]
    NotForThisTax,
    /// The same tax with other settings or in another order elsewhere in the document.
    #[error(
        "the same tax stands elsewhere in the document with another reason, rounding, compounding or order"
    )]
    TaxDiffers,
    /// Not a numbering pattern.
    #[error(
        "must hold \"{{seq}}\" or \"{{seq:5}}\" once, and else \"{{year}}\", \"{{month}}\", letters, digits and - / . _"
    )]
    BadNumberPattern,
    /// Not the key of a task.
    #[error("must be 1 to 40 small letters, digits and hyphens, such as \"web-design\"")]
    BadTaskKey,
    /// Not an account number of ISO 13616.
    #[error("must be an IBAN such as \"DE89 3704 0044 0532 0130 00\", its check digits right")]
    BadIban,
    /// Not a business identifier code of ISO 9362.
    #[error("must be a BIC of 8 or 11 characters, such as \"COBADEFFXXX\"")]
    BadBic,
    /// Not the digits of an account.
    #[error("must be the digits of the account, 30 at most, without spaces or hyphens")]
    BadAccountNumber,
    /// Not a creditor reference of ISO 11649.
    #[error("must be a creditor reference such as \"RF18 5390 0754 7034\", its check digits right")]
    BadCreditorReference,
    /// Not a placeholder that this kind of mail knows.
    #[error(
        "must have no other placeholders than {}",
        crate::mail_text::listed(allowed)
    )]
    UnknownPlaceholder {
        /// Those that it knows.
        allowed: &'static [&'static str],
    },
    /// Two braces that open or close a placeholder without the other two.
    #[error(
        "a placeholder begins with two braces and ends with two; there are {}",
        crate::mail_text::listed(allowed)
    )]
    UnclosedPlaceholder {
        /// Those that this kind of mail knows.
        allowed: &'static [&'static str],
    },
    /// EN 16931 has no place for it.
    #[error("e-invoices by EN 16931 cannot hold {what}")]
    NotInStandard {
        /// What it is.
        what: &'static str,
    },
    /// A unit that no e-invoice can name.
    #[error("e-invoices take the unit codes of UN/ECE recommendation 20 only")]
    UnknownUnit,
    /// A VAT number of no country.
    #[error("a VAT number begins with the code of its country, such as \"DE123456789\"")]
    VatIdWithoutCountry,
    /// A list of electronic addresses that there is not.
    #[error("must be a code of the list EAS, such as \"0088\" or \"9930\"")]
    UnknownAddressScheme,
    /// A pattern for a number that is too long for a document.
    #[error("the numbers would be longer than {max} characters")]
    NumberTooLong {
        /// Characters allowed.
        max: usize,
    },
}

impl Fault {
    /// The stable code of the contract.
    pub fn code(&self) -> &'static str {
        match self {
            Fault::Required => "required",
            Fault::WrongType { .. } => "wrong_type",
            Fault::Empty => "empty",
            Fault::TooLong { .. } => "too_long",
            Fault::NotADecimal => "not_a_decimal",
            Fault::TooManyDecimals { .. } => "too_many_decimals",
            Fault::Negative => "negative",
            Fault::NotPositive => "not_positive",
            Fault::OutOfRange { .. } => "out_of_range",
            Fault::AmountTooLarge => "amount_too_large",
            Fault::UnknownCurrency => "unknown_currency",
            Fault::CurrencyMismatch { .. } => "currency_mismatch",
            Fault::UnknownValue { .. } => "unknown_value",
            Fault::BadId { .. } => "bad_id",
            Fault::BadDate => "bad_date",
            Fault::BadInstant => "bad_instant",
            Fault::EndsBeforeStart => "ends_before_start",
            Fault::TooEarly { .. } => "too_early",
            Fault::TooLate { .. } => "too_late",
            Fault::BadLedgerCode { .. } => "bad_ledger_code",
            Fault::UnknownReference => "unknown_reference",
            Fault::OtherClient => "other_client",
            Fault::ScopeLineRequired => "scope_line_required",
            Fault::OtherTaxes => "other_taxes",
            Fault::AgreedAlready => "agreed_already",
            Fault::BadReference => "bad_reference",
            Fault::DocumentTooLarge { .. } => "document_too_large",
            Fault::ToneFalls => "tone_falls",
            Fault::ToneTooEarly => "tone_too_early",
            Fault::HandOverNotLast => "hand_over_not_last",
            Fault::BadColour => "bad_colour",
            Fault::BadTime => "bad_time",
            Fault::WindowTooShort { .. } => "window_too_short",
            Fault::BadHash => "bad_hash",
            Fault::ScheduleIncomplete => "schedule_incomplete",
            Fault::ScheduleTooLarge => "schedule_too_large",
            Fault::BadMediaType => "bad_media_type",
            Fault::InstalmentsSum => "instalments_sum",
            Fault::ShareTooLarge => "share_too_large",
            Fault::CreditTooLarge { .. } => "credit_too_large",
            Fault::RemainderNotLast => "remainder_not_last",
            Fault::BadEmail => "bad_email",
            Fault::UnknownCountry => "unknown_country",
            Fault::UnknownTimeZone => "unknown_time_zone",
            Fault::BadUnitCode => "bad_unit_code",
            Fault::BadAddressScheme => "bad_address_scheme",
            Fault::BadUrl => "bad_url",
            Fault::ControlCharacter => "control_character",
            Fault::BadCredential { .. } => "bad_credential",
            Fault::UnknownField => "unknown_field",
            Fault::Exclusive { .. } => "exclusive",
            Fault::Duplicate => "duplicate",
            Fault::NotAscending => "not_ascending",
            Fault::NotAHalfYear => "not_a_half_year",
            Fault::DiscountTooLarge => "discount_too_large",
            Fault::MixedInclusive => "mixed_inclusive",
            Fault::NegativeTotal => "negative_total",
            Fault::ReasonRequired => "reason_required",
            Fault::RateMustBeZero => "rate_must_be_zero",
            Fault::NotForThisTax => "not_for_this_tax",
            Fault::TaxDiffers => "tax_differs",
            Fault::BadNumberPattern => "bad_number_pattern",
            Fault::BadTaskKey => "bad_task_key",
            Fault::BadIban => "bad_iban",
            Fault::BadBic => "bad_bic",
            Fault::BadAccountNumber => "bad_account_number",
            Fault::BadCreditorReference => "bad_creditor_reference",
            Fault::UnknownPlaceholder { .. } => "unknown_placeholder",
            Fault::UnclosedPlaceholder { .. } => "unclosed_placeholder",
            Fault::NotInStandard { .. } => "not_in_standard",
            Fault::UnknownUnit => "unknown_unit",
            Fault::VatIdWithoutCountry => "vat_id_without_country",
            Fault::UnknownAddressScheme => "unknown_address_scheme",
            Fault::NumberTooLong { .. } => "number_too_long",
        }
    }
}

/// A fault and where it stands in the body, as a JSON pointer of RFC 6901 (`/lines/0/quantity`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PointedFault {
    /// The JSON pointer; empty for the whole body.
    pub pointer: String,
    /// What is wrong there.
    pub fault: Fault,
}

impl PointedFault {
    /// A fault at a place.
    pub fn new(pointer: impl Into<String>, fault: Fault) -> Self {
        Self {
            pointer: pointer.into(),
            fault,
        }
    }
}
