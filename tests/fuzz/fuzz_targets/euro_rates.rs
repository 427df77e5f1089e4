#![no_main]
//! The central bank's file of rates: whatever comes, what is read of it are days, each once, with rates above zero.

use std::collections::BTreeSet;

// By its path, as the function around it would bring the whole of what runs on Lambda.
#[path = "../../../functions/exchange-rates/src/euro_file.rs"]
mod euro_file;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Ok(file) = euro_file::read(bytes) else {
        return;
    };
    let days: BTreeSet<_> = file.days.iter().map(|day| day.on).collect();
    assert_eq!(days.len(), file.days.len());
    for day in &file.days {
        assert!(!day.per_euro.is_empty());
        assert!(day.per_euro.values().all(|rate| rate.is_sign_positive() && !rate.is_zero()));
    }
});
