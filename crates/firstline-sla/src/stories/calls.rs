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

#[test]
fn a_warning_before_due_counts_working_time_and_does_not_ring_at_midnight() {
    check(
        "warn 2h before, warn 50%",
        "mon 15:00 start 4h
         tue 17:00 wake",
        "mon 15:00  started, due tue 11:00
         mon 17:00  warned at 50 %
         tue 09:00  warned at 2h before due
         tue 11:00  breached",
    );
}

#[test]
fn a_warning_before_due_moves_with_due() {
    check(
        "warn 1h before",
        "mon 09:00 start 4h
         mon 11:30 pause pending
         tue 09:00 resume pending
         tue 17:00 wake",
        "mon 09:00  started, due mon 13:00
         mon 11:30  paused by pending, 2h 30m spent
         tue 09:00  resumed, due tue 10:30
         tue 09:30  warned at 1h before due
         tue 10:30  breached",
    );
}

#[test]
fn a_step_waits_for_the_hours_of_whom_it_calls() {
    check(
        "step 1h before for boss, step at due for boss, step 1h after",
        "mon 13:00 start 2h
         thu 17:00 wake",
        "mon 13:00  started, due mon 15:00
         mon 15:00  breached
         mon 16:00  step 2
         tue 10:00  step 0
         tue 10:00  step 1",
    );
}

#[test]
fn a_step_that_waited_for_somebodys_hours_is_not_called_once_the_promise_is_kept() {
    check(
        "step 1h before for boss",
        "mon 13:00 start 4h
         mon 16:30 fulfil
         thu 17:00 wake",
        "mon 13:00  started, due mon 17:00
         mon 16:30  met, 3h 30m spent",
    );
}

#[test]
fn several_steps_at_one_moment_are_all_climbed_in_their_order() {
    check(
        "step 1h before, step at due, step at due, step at due",
        "mon 13:00 start 2h
         thu 17:00 wake",
        "mon 13:00  started, due mon 15:00
         mon 14:00  step 0
         mon 15:00  breached
         mon 15:00  step 1
         mon 15:00  step 2
         mon 15:00  step 3",
    );
}

#[test]
fn a_desk_that_slept_climbs_each_step_once_with_its_scheduled_time() {
    check(
        "step 1h before, step at due, step 2h after, step 8h after",
        "fri 13:00 start 2h
         mon4 09:00 wake
         mon4 09:00 wake",
        "fri 13:00  started, due fri 15:00
         fri 14:00  step 0
         fri 15:00  breached
         fri 15:00  step 1
         fri 17:00  step 2
         mon2 15:00  step 3",
    );
}

#[test]
fn another_policy_has_another_ladder_and_nobody_is_called_twice_for_one_height() {
    check(
        "step 1h before, step at due
         step 1h before, step at due, step 1h after, step 8h after",
        "mon 09:00 start 2h
         mon 11:30 retarget 2h under 2
         tue 17:00 wake",
        "mon 09:00  started, due mon 11:00
         mon 10:00  step 0
         mon 11:00  breached
         mon 11:00  step 1
         mon 11:30  now 2h, 2h 30m spent, due mon 11:00, skips step 0, step 1
         mon 12:00  step 2
         tue 11:00  step 3",
    );
}

#[test]
fn terms_that_leave_time_begin_another_ladder_anew() {
    check(
        "step 1h before, step at due
         step 2h before, step 1h before, step at due",
        "mon 09:00 start 2h
         mon 10:30 retarget 8h under 2
         tue 17:00 wake",
        "mon 09:00  started, due mon 11:00
         mon 10:00  step 0
         mon 10:30  now 8h, 1h 30m spent, due mon 17:00
         mon 15:00  step 0
         mon 16:00  step 1
         mon 17:00  breached
         mon 17:00  step 2",
    );
}

#[test]
fn a_retarget_that_puts_several_steps_into_the_past_calls_only_the_highest() {
    check(
        "step 3h before, step 2h before, step 1h before, step at due",
        "mon 09:00 start 8h
         mon 13:00 retarget 270m
         mon 17:00 wake",
        "mon 09:00  started, due mon 17:00
         mon 13:00  now 4h 30m, 4h spent, due mon 13:30, skips step 0, step 1
         mon 13:00  step 2
         mon 13:30  breached
         mon 13:30  step 3",
    );
}

#[test]
fn a_warning_that_was_given_is_not_given_again_by_looser_terms() {
    check(
        "warn 50%",
        "mon 09:00 start 2h
         mon 10:30 retarget 8h
         mon 17:00 wake",
        "mon 09:00  started, due mon 11:00
         mon 10:00  warned at 50 %
         mon 10:30  now 8h, 1h 30m spent, due mon 17:00",
    );
}

#[test]
fn a_detour_over_another_ladder_does_not_call_again_for_steps_that_were_climbed() {
    check(
        "step 1h before, step at due
         step at due",
        "mon 09:00 start 2h
         mon 11:30 retarget 8h
         mon 12:00 retarget 8h under 2
         mon 12:01 retarget 8h under 1
         tue 17:00 wake",
        "mon 09:00  started, due mon 11:00
         mon 10:00  step 0
         mon 11:00  breached
         mon 11:00  step 1
         mon 11:30  now 8h, 2h 30m spent, due mon 17:00
         mon 12:00  now 8h, 3h spent, due mon 17:00
         mon 12:01  now 8h, 3h 1m spent, due mon 17:00
         mon 17:00  breached",
    );
    check(
        "step 1h before, step at due
         step at due",
        "mon 09:00 start 2h
         mon 11:30 retarget 8h under 2
         tue 09:30 retarget 16h under 1
         tue 10:00 retarget 16h under 2
         wed 12:00 wake",
        "mon 09:00  started, due mon 11:00
         mon 10:00  step 0
         mon 11:00  breached
         mon 11:00  step 1
         mon 11:30  now 8h, 2h 30m spent, due mon 17:00
         mon 17:00  breached
         mon 17:00  step 0
         tue 09:30  now 16h, 8h 30m spent, due tue 17:00
         tue 10:00  now 16h, 9h spent, due tue 17:00
         tue 17:00  breached",
    );
}
