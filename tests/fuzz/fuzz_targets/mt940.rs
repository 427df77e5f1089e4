#![no_main]

use remit_payments::statement::Source;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    remit_fuzz::check(bytes, Source::Mt940);
});
