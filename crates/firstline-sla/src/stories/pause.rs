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

#[test]
fn hold_time_is_taken_off_once_and_never_by_the_wall_clock() {
    check(
        "",
        "fri 15:00 start 4h
         fri 16:00 pause on_hold
         mon2 08:00 resume on_hold
         mon2 10:00 pause on_hold
         mon2 20:00 resume on_hold
         tue2 11:00 fulfil",
        "fri 15:00  started, due mon2 11:00
         fri 16:00  paused by on_hold, 1h spent
         mon2 08:00  resumed, due mon2 12:00
         mon2 10:00  paused by on_hold, 2h spent
         mon2 20:00  resumed, due tue2 11:00
         tue2 11:00  met, 4h spent",
    );
}

#[test]
fn a_wait_that_began_when_time_was_up_already_breaks_nothing_anew() {
    check(
        "",
        "mon 09:00 start 2h
         mon 11:30 pause pending
         wed 10:00 resume pending
         wed 11:00 fulfil",
        "mon 09:00  started, due mon 11:00
         mon 11:00  breached
         mon 11:30  paused by pending, 2h 30m spent
         wed 10:00  resumed, due wed 09:30
         wed 11:00  missed, 3h 30m spent",
    );
}

#[test]
fn what_was_used_up_exactly_when_the_wait_began_is_due_when_it_ends() {
    check(
        "",
        "mon 09:00 start 2h
         mon 11:00 pause pending
         wed 10:00 resume pending
         wed 10:00 fulfil",
        "mon 09:00  started, due mon 11:00
         mon 11:00  paused by pending, 2h spent
         wed 10:00  resumed, due wed 10:00
         wed 10:00  met, 2h spent",
    );
    check(
        "",
        "mon 09:00 start 2h
         mon 11:00 pause pending
         wed 10:00 resume pending
         wed 10:00:00.001 fulfil",
        "mon 09:00  started, due mon 11:00
         mon 11:00  paused by pending, 2h spent
         wed 10:00  resumed, due wed 10:00
         wed 10:00  breached
         wed 10:00:00.001  missed, 2h 1ms spent",
    );
}

#[test]
fn done_while_it_waits_is_in_time() {
    check(
        "step at due",
        "mon 09:00 start 2h
         mon 10:00 pause pending
         fri 10:00 fulfil",
        "mon 09:00  started, due mon 11:00
         mon 10:00  paused by pending, 1h spent
         fri 10:00  met, 1h spent",
    );
}
