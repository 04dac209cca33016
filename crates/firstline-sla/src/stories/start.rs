//! Promises that are made: in hours and out of them, now and for what began earlier.

use super::check;

#[test]
fn nothing_is_used_up_outside_hours() {
    check(
        "",
        "fri 18:00 start 2h
         mon2 10:00 fulfil",
        "fri 18:00  started, due mon2 11:00
         mon2 10:00  met, 1h spent",
    );
}

#[test]
fn a_promise_made_late_about_what_is_over_already_is_as_if_it_had_been_made_in_time() {
    let rules = "step 2h after";
    check(
        rules,
        "mon 09:00 start 1h
         mon 11:00 pause pending
         mon 15:30 resume pending
         mon 17:00 wake",
        "mon 09:00  started, due mon 10:00
         mon 10:00  breached
         mon 11:00  paused by pending, 2h spent
         mon 15:30  resumed, due mon 14:30
         mon 16:30  step 0",
    );
    check(
        rules,
        "mon 16:00 start 1h since mon 09:00 but mon 11:00 to mon 15:30
         mon 17:00 wake",
        "mon 16:00  started since mon 09:00, 2h 30m spent, due mon 10:00
         mon 10:00  breached
         mon 16:30  step 0",
    );
}

#[test]
fn a_pause_that_began_just_at_due_ended_with_the_promise_due_whenever_it_was_made() {
    check(
        "",
        "mon 09:00 start 2h
         mon 11:00 pause pending
         mon 12:00 resume pending
         mon 12:30 wake",
        "mon 09:00  started, due mon 11:00
         mon 11:00  paused by pending, 2h spent
         mon 12:00  resumed, due mon 12:00
         mon 12:00  breached",
    );
    check(
        "",
        "mon 12:30 start 2h since mon 09:00 but mon 11:00 to mon 12:00
         mon 12:30 wake",
        "mon 12:30  started since mon 09:00, 2h 30m spent, due mon 12:00
         mon 12:00  breached",
    );
}

#[test]
fn a_wait_that_has_yet_to_begin_earns_nothing() {
    check(
        "",
        "mon 09:00 start 4h since mon 12:00
         mon 12:00 fulfil",
        "mon 09:00  started, due mon 13:00
         mon 12:00  met, 3h spent",
    );
}
