//! Terms that change under way.

use super::check;

#[test]
fn looser_terms_that_are_broken_too_are_broken_a_second_time() {
    check(
        "",
        "mon 09:00 start 1h
         mon 12:00 retarget 8h
         wed 09:00 fulfil",
        "mon 09:00  started, due mon 10:00
         mon 10:00  breached
         mon 12:00  now 8h, 3h spent, due mon 17:00
         mon 17:00  breached
         wed 09:00  missed, 16h spent",
    );
}

#[test]
fn a_retarget_keeps_what_was_spent() {
    check(
        "",
        "mon 09:00 start 8h
         mon 11:00 retarget 4h
         mon 12:00 pause pending
         mon 14:00 retarget 6h
         mon 15:00 resume pending",
        "mon 09:00  started, due mon 17:00
         mon 11:00  now 4h, 2h spent, due mon 13:00
         mon 12:00  paused by pending, 3h spent
         mon 14:00  now 6h, 3h spent
         mon 15:00  resumed, due tue 10:00",
    );
}

#[test]
fn shorter_terms_that_are_over_already_break_the_promise_now_and_not_in_the_past() {
    check(
        "warn 50%",
        "mon 09:00 start 8h
         mon 12:00 retarget 2h
         mon 12:30 fulfil",
        "mon 09:00  started, due mon 17:00
         mon 12:00  now 2h, 3h spent, due mon 12:00, skips 50 %
         mon 12:00  breached by the change
         mon 12:30  missed, 3h 30m spent",
    );
}

#[test]
fn looser_terms_do_not_take_a_breach_back_but_give_the_verdict() {
    check(
        "",
        "mon 09:00 start 2h
         mon 12:00 wake
         mon 12:00 retarget 8h
         mon 16:00 fulfil",
        "mon 09:00  started, due mon 11:00
         mon 11:00  breached
         mon 12:00  now 8h, 3h spent, due mon 17:00
         mon 16:00  met, 7h spent, late by the old terms",
    );
}

#[test]
fn the_same_terms_again_change_nothing() {
    check(
        "warn 50%",
        "mon 09:00 start 8h
         mon 10:00 retarget 8h",
        "mon 09:00  started, due mon 17:00",
    );
}

#[test]
fn a_pause_does_not_move_the_moment_at_which_a_change_broke_the_promise() {
    check(
        "step 2h after",
        "mon 09:00 start 8h
         mon 12:00 retarget 2h
         mon 13:00 pause pending
         mon 13:00 resume pending
         mon 17:00 wake",
        "mon 09:00  started, due mon 17:00
         mon 12:00  now 2h, 3h spent, due mon 12:00
         mon 12:00  breached by the change
         mon 13:00  paused by pending, 4h spent
         mon 13:00  resumed, due mon 12:00
         mon 14:00  step 0",
    );
}

#[test]
fn the_same_allowance_under_another_policy_does_not_put_off_the_escalation() {
    check(
        "step 2h after
         step 2h after",
        "mon 09:00 start 2h
         mon 12:00 retarget 2h under 2
         mon 12:30 retarget 2h under 1
         mon 17:00 wake",
        "mon 09:00  started, due mon 11:00
         mon 11:00  breached
         mon 12:00  now 2h, 3h spent, due mon 11:00
         mon 12:30  now 2h, 3h 30m spent, due mon 11:00
         mon 13:00  step 0",
    );
}

#[test]
fn pause_time_is_not_forgotten_by_other_terms() {
    check(
        "",
        "mon 09:00 start 8h
         mon 10:00 pause pending
         mon 14:00 resume pending
         mon 15:00 retarget 4h
         tue 17:00 wake",
        "mon 09:00  started, due mon 17:00
         mon 10:00  paused by pending, 1h spent
         mon 14:00  resumed, due tue 13:00
         mon 15:00  now 4h, 2h spent, due mon 17:00
         mon 17:00  breached",
    );
}

#[test]
fn a_change_while_it_waits_breaks_the_promise_now_if_it_is_over() {
    check(
        "step at due",
        "mon 09:00 start 8h
         mon 12:00 pause pending
         mon 14:00 retarget 2h
         tue 10:00 resume pending
         tue 11:00 fulfil",
        "mon 09:00  started, due mon 17:00
         mon 12:00  paused by pending, 3h spent
         mon 14:00  now 2h, 3h spent
         mon 14:00  breached by the change
         tue 10:00  resumed, due tue 10:00
         tue 10:00  step 0
         tue 11:00  missed, 4h spent",
    );
}

#[test]
fn other_hours_count_from_the_change_on_and_not_before() {
    check(
        "",
        "mon 09:00 start 8h
         mon 13:00 retarget 8h on late
         mon 20:00 fulfil",
        "mon 09:00  started, due mon 17:00
         mon 13:00  now 8h, 4h spent, due mon 17:00
         mon 17:00  breached
         mon 20:00  missed, 11h spent",
    );
}

#[test]
fn by_a_day_means_a_day_after_the_beginning_also_when_the_terms_change() {
    check(
        "",
        "mon 10:00 start 40h
         tue 12:00 retarget 2 days by 16:00
         wed 16:00 fulfil",
        "mon 10:00  started, due mon2 10:00
         tue 12:00  now 22h, 10h spent, due wed 16:00
         wed 16:00  met, 22h spent",
    );
}
