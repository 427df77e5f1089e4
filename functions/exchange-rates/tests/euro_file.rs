//! The bank's files as it publishes them, and what is none.

#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use proptest::prelude::*;
use remit_billing::money::Currency;
use remit_exchange_rates::euro_file::{EuroFile, Unreadable, read};

const DAILY_XML: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">
	<gesmes:subject>Reference rates</gesmes:subject>
	<gesmes:Sender>
		<gesmes:name>European Central Bank</gesmes:name>
	</gesmes:Sender>
	<Cube>
		<Cube time='2026-11-27'>
			<Cube currency='USD' rate='1.0852'/>
			<Cube currency='JPY' rate='163.92'/>
		</Cube>
	</Cube>
</gesmes:Envelope>"#;

/// `DAY CODE RATE` of each quote, and the codes that are none.
fn rows(file: &EuroFile) -> Vec<String> {
    let days = file.days.iter();
    let quotes = days.flat_map(|day| {
        let quotes = day.per_euro.iter();
        quotes.map(move |(currency, rate)| format!("{} {currency} {rate}", day.on))
    });
    quotes.chain(file.unknown.iter().cloned()).collect()
}

#[test]
fn what_the_bank_publishes_is_read() {
    let daily = ["2026-11-27 JPY 163.92", "2026-11-27 USD 1.0852"];
    assert_eq!(rows(&read(DAILY_XML.as_bytes()).unwrap()), daily);
    let csv = "Date, USD, JPY, \n27 November 2026, 1.0852, 163.92, \n";
    assert_eq!(rows(&read(csv.as_bytes()).unwrap()), daily);
    let marked = format!("\u{feff}{csv}");
    assert_eq!(rows(&read(marked.as_bytes()).unwrap()), daily);
    let history = "Date,USD,JPY,CYP,\n2026-11-27,1.0852,163.92,N/A,\n2007-12-31,1.4721,164.93,0.585274,\n2007-12-30,N/A,N/A,N/A,\n";
    assert_eq!(
        rows(&read(history.as_bytes()).unwrap()),
        [
            "2026-11-27 JPY 163.92",
            "2026-11-27 USD 1.0852",
            "2007-12-31 JPY 164.93",
            "2007-12-31 USD 1.4721",
            "CYP",
        ]
    );
    let two = DAILY_XML.replace(
        "		</Cube>\n	</Cube>",
        "		</Cube>\n		<Cube time=\"2026-11-26\"><Cube currency=\"USD\" rate=\"1.09\"/></Cube>\n	</Cube>",
    );
    assert_eq!(read(two.as_bytes()).unwrap().days.len(), 2);
}

#[test]
fn what_is_no_such_file_says_where_it_ends_to_be_one() {
    let wrong = |old: &str, new: &str| DAILY_XML.replacen(old, new, 1);
    let day = |text: &str| Unreadable::BadDay {
        text: text.to_owned(),
    };
    let rate = |currency: &str, text: &str| Unreadable::BadRate {
        currency: currency.to_owned(),
        text: text.to_owned(),
    };
    let currency = "USD".to_owned();
    for (file, expected) in [
        (String::new(), Unreadable::BadCsv { line: 1 }),
        ("Day,USD\n".to_owned(), Unreadable::BadCsv { line: 1 }),
        ("Date,USD\n".to_owned(), Unreadable::NoRates),
        ("Date,USD\n2026-11-31,1\n".to_owned(), day("2026-11-31")),
        (
            "Date,USD\n2026-11-27,1,0852\n".to_owned(),
            Unreadable::BadCsv { line: 2 },
        ),
        ("Date,USD\n2026-11-27,-1\n".to_owned(), rate("USD", "-1")),
        ("Date,USD\n2026-11-27,0\n".to_owned(), rate("USD", "0")),
        (
            "Date,dollars\n2026-11-27,1\n".to_owned(),
            rate("dollars", "1"),
        ),
        (
            "Date,USD\n2026-11-27,1\n2026-11-27,2\n".to_owned(),
            Unreadable::DayTwice {
                on: "2026-11-27".parse().unwrap(),
            },
        ),
        (wrong("1.0852", "1,0852"), rate("USD", "1,0852")),
        (
            wrong(" time='2026-11-27'", ""),
            Unreadable::NoDay { currency },
        ),
        (wrong("2026-11-27", "yesterday"), day("yesterday")),
        (
            "<html><body>Not found</body></html>".to_owned(),
            Unreadable::NoRates,
        ),
    ] {
        assert_eq!(read(file.as_bytes()), Err(expected), "{file}");
    }
    let cut = &DAILY_XML[..DAILY_XML.len() - 30];
    assert!(matches!(
        read(cut.as_bytes()),
        Err(Unreadable::BadXml { .. })
    ));
    let typed = format!(
        "<!DOCTYPE a [<!ENTITY e \"x\">]>{}",
        DAILY_XML.split_once('\n').unwrap().1
    );
    assert!(matches!(
        read(typed.as_bytes()),
        Err(Unreadable::BadXml { .. })
    ));
    assert_eq!(read(&[0xff, 0xfe]), Err(Unreadable::NoText));
}

proptest! {
    /// Whatever comes is read or refused; what is read has days, rates above zero, and no euro.
    #[test]
    fn whatever_comes_is_read_or_refused(
        at in 0..DAILY_XML.len(),
        with in prop::collection::vec(any::<u8>(), 0..6),
    ) {
        let mut bytes = DAILY_XML.as_bytes().to_vec();
        let end = (at + with.len()).min(bytes.len());
        bytes.splice(at..end, with);
        if let Ok(file) = read(&bytes) {
            prop_assert!(!file.days.is_empty());
            for day in &file.days {
                prop_assert!(day.per_euro.values().all(|rate| rate.is_sign_positive() && !rate.is_zero()));
                prop_assert!(!day.per_euro.contains_key(&Currency::EUR));
            }
        }
    }
}
