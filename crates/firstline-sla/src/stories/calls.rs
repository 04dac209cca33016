//! Warnings and steps of the ladder.

use super::check;

#[test]
fn warnings_ring_at_their_share_of_the_working_time_once_each() {
    check(
        "warn 50%, warn 75%",
        "mon 13:00 start 8h
         mon 14:00 pause pending
         tue 13:00 resume pending
         wed 17:00 wake
         wed 17:00 wake",
        "mon 13:00  started, due tue 13:00
         mon 14:00  paused by pending, 1h spent
         tue 13:00  resumed, due wed 12:00
         tue 16:00  warned at 50 %
         wed 10:00  warned at 75 %
         wed 12:00  breached",
    );
}

#[test]
fn steps_ring_around_due_and_the_one_at_due_only_when_due_has_passed() {
    check(
        "step 1h before, step at due, step 8h after",
        "mon 13:00 start 4h
         mon 17:00 wake
         tue 09:00 wake
         thu 09:00 wake",
        "mon 13:00  started, due mon 17:00
         mon 16:00  step 0
         mon 17:00  breached
         mon 17:00  step 1
         tue 17:00  step 2",
    );
    check(
        "step 1h before, step at due, step 8h after",
        "mon 13:00 start 4h
         mon 17:00 fulfil",
        "mon 13:00  started, due mon 17:00
         mon 16:00  step 0
         mon 17:00  met, 4h spent",
    );
}

#[test]
fn after_a_retarget_only_the_highest_warning_that_was_passed_is_given() {
    check(
        "warn 25%, warn 50%, warn 75%, warn 90%",
        "mon 09:00 start 16h
         mon 13:30 retarget 6h
         mon 17:00 wake",
        "mon 09:00  started, due tue 17:00
         mon 13:00  warned at 25 %
         mon 13:30  now 6h, 4h 30m spent, due mon 15:00, skips 50 %
         mon 13:30  warned at 75 %
         mon 14:24  warned at 90 %
         mon 15:00  breached",
    );
}

#[test]
fn a_promise_shorter_than_its_warnings_is_announced_once_and_not_by_all_of_them() {
    check(
        "warn 4h before, warn 2h before, warn 1h before",
        "mon 09:00 start 30m
         mon 17:00 wake",
        "mon 09:00  started, due mon 09:30, skips 4h before due, 2h before due
         mon 09:00  warned at 1h before due
         mon 09:30  breached",
    );
}
