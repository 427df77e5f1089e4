//! The client's page as a browser shows it: seen, printed, clicked through. Runs with
//! `REMIT_BROWSER=1` and a Chromium on the machine; pictures go to target/screenshots/.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod agency;
mod chromium;
mod look;
mod overview;
mod payment;
mod portal;
mod reminders;
mod signing;
mod tab;

use std::io::Write as _;

/// Whether this machine is to run a browser.
fn is_wanted() -> bool {
    #[expect(clippy::disallowed_methods, reason = "a test is told whether to run")]
    let wanted = std::env::var_os("REMIT_BROWSER").is_some_and(|value| value == "1");
    if !wanted {
        // Not by a macro: what it writes is seen though the test passes.
        let text = "skipped: it needs Chromium; run it with REMIT_BROWSER=1\n";
        std::io::stderr().write_all(text.as_bytes()).unwrap();
    }
    wanted
}

macro_rules! in_a_browser {
    ($($module:ident: $($test:ident),+;)+) => {
        $($(
            #[tokio::test]
            async fn $test() {
                if crate::is_wanted() {
                    crate::$module::$test().await;
                }
            }
        )+)+
    };
}

in_a_browser! {
    look:
        the_inspection_sees_what_is_wrong,
        pages_hold_on_every_screen,
        mails_hold_on_every_screen,
        the_hosts_pages_hold_on_every_screen,
        pages_print_on_paper;
    overview:
        a_member_signs_in_by_keyboard_and_looks_at_a_year,
        a_member_signs_in_without_scripts;
    payment:
        a_client_pays_without_scripts,
        a_client_pays_by_keyboard,
        a_client_leaves_the_checkout_and_comes_back;
    portal:
        a_contact_signs_in_by_keyboard;
    reminders:
        a_client_stops_the_reminders;
    signing:
        a_client_signs_without_scripts,
        a_client_signs_by_keyboard,
        a_client_declines;
}
