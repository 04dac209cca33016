//! Promises that end: kept, broken, given up, taken up again.

use super::check;

#[test]
fn exactly_at_due_is_met_and_a_millisecond_later_is_missed() {
    check(
        "",
        "mon 09:00 start 4h
         mon 13:00 wake
         mon 13:00 fulfil",
        "mon 09:00  started, due mon 13:00
         mon 13:00  met, 4h spent",
    );
    check(
        "",
        "mon 09:00 start 4h
         mon 13:00:00.001 fulfil",
        "mon 09:00  started, due mon 13:00
         mon 13:00  breached
         mon 13:00:00.001  missed, 4h 1ms spent",
    );
}

#[test]
fn a_breach_is_dated_at_due_however_late_it_is_noticed() {
    check(
        "",
        "fri 16:00 start 2h
         mon2 16:00 wake
         mon2 16:30 fulfil",
        "fri 16:00  started, due mon2 10:00
         mon2 10:00  breached
         mon2 16:30  missed, 8h 30m spent",
    );
}

#[test]
fn a_miss_at_closing_time_stays_a_miss_though_the_night_counts_for_nothing() {
    check(
        "",
        "mon 09:00 start 8h
         mon 20:00 pause pending
         wed 10:00 fulfil",
        "mon 09:00  started, due mon 17:00
         mon 17:00  breached
         mon 20:00  paused by pending, 8h spent
         wed 10:00  missed, 8h spent",
    );
    check(
        "",
        "mon 09:00 start 8h
         mon 20:00 fulfil
         mon 21:00 reopen
         mon 21:00 pause pending
         wed 10:00 resume pending
         wed 10:00 fulfil",
        "mon 09:00  started, due mon 17:00
         mon 17:00  breached
         mon 20:00  missed, 8h spent
         mon 21:00  goes on, due mon 21:00
         mon 21:00  paused by pending, 8h spent
         wed 10:00  resumed, due wed 10:00
         wed 10:00  missed, 8h spent",
    );
}

#[test]
fn a_cancelled_promise_has_no_verdict_and_rings_no_more() {
    check(
        "warn 50%, step at due",
        "mon 09:00 start 4h
         mon 10:00 cancel resolved
         fri 09:00 wake",
        "mon 09:00  started, due mon 13:00
         mon 10:00  cancelled: resolved, 1h spent",
    );
}

#[test]
fn a_reopened_matter_goes_on_with_what_was_spent() {
    check(
        "",
        "mon 09:00 start 8h
         mon 11:00 fulfil
         fri 09:00 reopen
         fri 16:00 fulfil",
        "mon 09:00  started, due mon 17:00
         mon 11:00  met, 2h spent
         fri 09:00  goes on, due fri 15:00
         fri 15:00  breached
         fri 16:00  missed, 9h spent",
    );
}

#[test]
fn what_is_over_does_not_change_any_more() {
    check(
        "",
        "mon 09:00 start 8h
         mon 10:00 cancel resolved
         mon 11:00 fulfil
         mon 11:00 pause pending
         mon 11:00 resume pending
         mon 11:00 retarget 1h
         mon 11:00 reopen
         mon 11:00 cancel merged",
        "mon 09:00  started, due mon 17:00
         mon 10:00  cancelled: resolved, 1h spent",
    );
}

#[test]
fn a_promise_kept_late_is_kept_in_the_records_with_its_overrun() {
    check(
        "",
        "mon 16:00 start 2h
         wed 09:30 fulfil",
        "mon 16:00  started, due tue 10:00
         tue 10:00  breached
         wed 09:30  missed, 9h 30m spent",
    );
}

#[test]
fn what_is_cancelled_after_its_breach_keeps_the_breach_and_has_no_verdict() {
    check(
        "step at due, step 1h after",
        "mon 09:00 start 2h
         mon 11:30 cancel merged
         mon 17:00 wake",
        "mon 09:00  started, due mon 11:00
         mon 11:00  breached
         mon 11:00  step 0
         mon 11:30  cancelled: merged, 2h 30m spent",
    );
}

#[test]
fn a_matter_solved_for_weeks_is_not_a_resolution_of_weeks() {
    check(
        "",
        "mon 09:00 start 8h
         mon 12:00 fulfil
         mon4 09:00 reopen
         mon4 10:00 pause pending
         tue4 10:00 resume pending
         tue4 14:00 fulfil",
        "mon 09:00  started, due mon 17:00
         mon 12:00  met, 3h spent
         mon4 09:00  goes on, due mon4 14:00
         mon4 10:00  paused by pending, 4h spent
         tue4 10:00  resumed, due tue4 14:00
         tue4 14:00  met, 8h spent",
    );
}

#[test]
fn what_was_missed_stays_missed_when_it_is_reopened() {
    check(
        "warn 50%, step at due, step 2h after",
        "mon 09:00 start 2h
         mon 12:00 fulfil
         wed 09:00 reopen
         wed 17:00 fulfil",
        "mon 09:00  started, due mon 11:00
         mon 10:00  warned at 50 %
         mon 11:00  breached
         mon 11:00  step 0
         mon 12:00  missed, 3h spent
         wed 09:00  goes on, due tue 16:00
         wed 10:00  step 1
         wed 17:00  missed, 11h spent",
    );
}
