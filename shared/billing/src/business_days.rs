//! Days on which people work: weekends and public holidays by country.
//!
//! Holidays are those of `opening-hours`, whose calendar is a table that it carries: nothing is fetched.
//! Holidays of a part of a country count as well: a letter that comes a day later offends nobody.

use chrono::NaiveDate;
use jiff::civil::{Date, Weekday};
use opening_hours::localization::Country;

use crate::party::CountryCode;

/// The days of the week on which a country rests, from CLDR's `weekendData`; where it says nothing of a
/// country, Saturday and Sunday.
fn is_weekend(country: Option<&CountryCode>, day: Weekday) -> bool {
    match country.map(CountryCode::as_str) {
        Some(
            "BH" | "DZ" | "EG" | "IL" | "IQ" | "JO" | "KW" | "LY" | "OM" | "QA" | "SA" | "SD"
            | "SY" | "YE",
        ) => matches!(day, Weekday::Friday | Weekday::Saturday),
        Some("AF") => matches!(day, Weekday::Thursday | Weekday::Friday),
        Some("IR") => day == Weekday::Friday,
        Some("IN" | "UG") => day == Weekday::Sunday,
        _ => matches!(day, Weekday::Saturday | Weekday::Sunday),
    }
}

/// Whether the holidays of a country are known.
pub fn knows_holidays(country: &CountryCode) -> bool {
    country.as_str().parse::<Country>().is_ok()
}

/// Whether people work on a day in a country. Of a country whose holidays are not known, and of none, only
/// the weekend is.
pub fn is_business_day(country: Option<&CountryCode>, day: Date) -> bool {
    !is_weekend(country, day.weekday()) && !country.is_some_and(|country| is_holiday(country, day))
}

/// Whether a day is a public holiday in a country, or in a part of it.
pub fn is_holiday(country: &CountryCode, day: Date) -> bool {
    let Ok(country) = country.as_str().parse::<Country>() else {
        return false;
    };
    let (month, of_month) = (day.month().unsigned_abs(), day.day().unsigned_abs());
    let day = NaiveDate::from_ymd_opt(i32::from(day.year()), month.into(), of_month.into());
    day.is_some_and(|day| {
        country.holidays().get_public().contains(day)
            || country.holidays_regional().get_public().contains(day)
    })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn of(code: &str) -> CountryCode {
        CountryCode::parse(code).unwrap()
    }

    #[test]
    fn holidays_are_those_of_the_country() {
        for (country, day, holiday) in [
            // Lunar New Year and a day in place of one that fell on a Sunday.
            ("KR", date(2026, 2, 17), true),
            ("KR", date(2026, 3, 2), true),
            ("KR", date(2026, 3, 3), false),
            ("US", date(2026, 7, 3), true),
            ("US", date(2026, 11, 26), true),
            ("DE", date(2026, 10, 3), true),
            ("DE", date(2026, 7, 3), false),
            ("FR", date(2026, 7, 14), true),
            ("AU", date(2026, 1, 26), true),
            ("NL", date(2027, 4, 27), true),
            // Of England, not of all the kingdom.
            ("GB", date(2026, 8, 31), true),
        ] {
            assert_eq!(is_holiday(&of(country), day), holiday, "{country} {day}");
        }
    }

    #[test]
    fn weekends_are_those_of_the_country() {
        let (friday, saturday, sunday) = (date(2026, 8, 21), date(2026, 8, 22), date(2026, 8, 23));
        for (country, days) in [
            (Some("DE"), [true, false, false]),
            (Some("SA"), [false, false, true]),
            (Some("IN"), [true, true, false]),
            (None, [true, false, false]),
        ] {
            let country = country.map(of);
            let works =
                [friday, saturday, sunday].map(|day| is_business_day(country.as_ref(), day));
            assert_eq!(works, days, "{country:?}");
        }
    }

    #[test]
    fn a_country_without_a_calendar_has_weekends_still() {
        let india = of("IN");
        assert!(!knows_holidays(&india));
        assert!(knows_holidays(&of("KR")));
        assert!(is_business_day(Some(&india), date(2026, 1, 26)));
    }
}
