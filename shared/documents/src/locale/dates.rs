//! Civil dates and periods, by messages of the catalogue.

use jiff::civil::Date;

use super::{LocaleError, Value, Words};

impl Words {
    /// A date in full: `23 November 2026`, `2026년 11월 23일`.
    ///
    /// # Errors
    /// When the catalogue lacks the form.
    pub fn date(&self, date: Date) -> Result<String, LocaleError> {
        self.say_with(
            "date",
            &[
                ("day", Value::from(i64::from(date.day()))),
                ("month", Value::from(self.month(date)?)),
                ("year", Value::from(i64::from(date.year()))),
            ],
        )
    }

    /// A date within a year that is named elsewhere: `23 November`, `11월 23일`.
    ///
    /// # Errors
    /// When the catalogue lacks the form.
    pub fn day_and_month(&self, date: Date) -> Result<String, LocaleError> {
        self.say_with(
            "date-in-year",
            &[
                ("day", Value::from(i64::from(date.day()))),
                ("month", Value::from(self.month(date)?)),
            ],
        )
    }

    /// A period, both days within it, without saying anything twice: `1–30 November 2026`.
    ///
    /// # Errors
    /// When the catalogue lacks the form.
    pub fn period(&self, first: Date, last: Date) -> Result<String, LocaleError> {
        if first == last {
            return self.date(first);
        }
        if first.year() != last.year() {
            return self.say_with(
                "period",
                &[
                    ("first", Value::from(self.date(first)?)),
                    ("last", Value::from(self.date(last)?)),
                ],
            );
        }
        let first_day = Value::from(i64::from(first.day()));
        let last_day = Value::from(i64::from(last.day()));
        let year = Value::from(i64::from(last.year()));
        let last_month = Value::from(self.month(last)?);
        if first.month() == last.month() {
            return self.say_with(
                "period-in-month",
                &[
                    ("first_day", first_day),
                    ("last_day", last_day),
                    ("month", last_month),
                    ("year", year),
                ],
            );
        }
        self.say_with(
            "period-in-year",
            &[
                ("first_day", first_day),
                ("first_month", Value::from(self.month(first)?)),
                ("last_day", last_day),
                ("last_month", last_month),
                ("year", year),
            ],
        )
    }

    /// A month of its year: `November 2026`, `2026년 11월`.
    ///
    /// # Errors
    /// When the catalogue lacks the form.
    pub fn month_of_year(&self, date: Date) -> Result<String, LocaleError> {
        self.say_with(
            "month-of-year",
            &[
                ("month", Value::from(self.month(date)?)),
                ("year", Value::from(i64::from(date.year()))),
            ],
        )
    }

    fn month(&self, date: Date) -> Result<String, LocaleError> {
        self.say1("month", "month", i64::from(date.month()))
    }
}
