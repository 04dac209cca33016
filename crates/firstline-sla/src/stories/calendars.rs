//! Hours that are other than in the office, and calendars that were wrong.

use super::check;

#[test]
fn a_correction_rewrites_the_past_on_purpose_and_says_so() {
    check(
        "warn 50%",
        "mon 09:00 start 6h on late
         mon 16:00 correct on office
         mon 17:00 wake",
        "mon 09:00  started, due mon 18:00
         mon 15:00  warned at 50 %
         mon 16:00  corrected, 7h of 6h spent, due mon 16:00
         mon 16:00  breached by the correction",
    );
}

#[test]
fn a_correction_that_leaves_nothing_breaks_the_promise_now() {
    check(
        "",
        "mon 09:00 start 4h on late
         mon 15:00 correct on office
         mon 15:30 fulfil",
        "mon 09:00  started, due mon 16:00
         mon 15:00  corrected, 6h of 4h spent, due mon 15:00
         mon 15:00  breached by the correction
         mon 15:30  missed, 6h 30m spent",
    );
}

#[test]
fn a_correction_that_leaves_time_again_gives_another_verdict() {
    check(
        "",
        "mon 09:00 start 2h
         mon 12:30 correct on late
         mon 13:30 fulfil",
        "mon 09:00  started, due mon 11:00
         mon 11:00  breached
         mon 12:30  corrected, 30m of 2h spent, due mon 14:00
         mon 13:30  met, 1h 30m spent, late by the old terms",
    );
}

#[test]
fn a_correction_takes_off_the_pauses_as_they_were() {
    check(
        "",
        "mon 09:00 start 8h on late
         mon 10:00 pause pending
         mon 13:00 resume pending
         mon 14:00 fulfil
         mon 15:00 reopen
         mon 16:00 correct on office
         tue 17:00 wake",
        "mon 09:00  started, due mon 20:00
         mon 10:00  paused by pending, 0m spent
         mon 13:00  resumed, due tue 13:00
         mon 14:00  met, 1h spent
         mon 15:00  goes on, due tue 14:00
         mon 16:00  corrected, 3h of 8h spent, due tue 13:00
         tue 13:00  breached",
    );
}

#[test]
fn a_correction_that_finds_nothing_wrong_is_no_event() {
    check(
        "",
        "mon 09:00 start 8h
         mon 12:00 correct on office",
        "mon 09:00  started, due mon 17:00",
    );
}

#[test]
fn a_night_is_an_hour_shorter_when_the_clocks_go_forward() {
    check(
        "warn 50%",
        "sat4 20:00 start 8h on night
         mon5 06:00 wake",
        "sat4 20:00  started, due sun4 21:00
         sun4 01:00  warned at 50 %
         sun4 21:00  breached",
    );
    check(
        "",
        "fri4 20:00 start 8h on night
         sat4 05:00 fulfil",
        "fri4 20:00  started, due sat4 05:00
         sat4 05:00  met, 8h spent",
    );
}
