//! Promises that stand still.

use super::check;

#[test]
fn a_wait_stops_the_clock_and_the_new_due_time_comes_from_what_is_left() {
    check(
        "",
        "mon 09:00 start 4h
         mon 10:00 pause pending
         wed 16:00 resume pending
         thu 11:00 fulfil",
        "mon 09:00  started, due mon 13:00
         mon 10:00  paused by pending, 1h spent
         wed 16:00  resumed, due thu 11:00
         thu 11:00  met, 4h spent",
    );
}

#[test]
fn two_waits_at_once_are_one_wait_over_their_union() {
    check(
        "",
        "mon 09:00 start 4h
         mon 10:00 pause pending
         mon 11:00 pause on_hold
         mon 11:30 pause on_hold
         mon 12:00 resume pending
         mon 14:00 resume on_hold
         mon 14:00 resume on_hold",
        "mon 09:00  started, due mon 13:00
         mon 10:00  paused by pending, 1h spent
         mon 11:00  paused by on_hold, 1h spent
         mon 12:00  pending is over
         mon 14:00  resumed, due mon 17:00",
    );
}

#[test]
fn a_wait_that_ends_after_the_old_due_time_is_no_breach() {
    check(
        "",
        "mon 09:00 start 4h
         mon 12:00 pause pending
         fri 09:00 resume pending
         fri 09:30 fulfil",
        "mon 09:00  started, due mon 13:00
         mon 12:00  paused by pending, 3h spent
         fri 09:00  resumed, due fri 10:00
         fri 09:30  met, 3h 30m spent",
    );
}
