//! Due times that are fixed.

use super::check;

#[test]
fn what_was_in_time_by_a_fixed_date_is_not_broken_in_the_past_when_it_is_reopened() {
    check(
        "",
        "mon 09:00 start 2h
         mon 09:00 fix fri 17:00
         wed 10:00 fulfil
         thu 10:00 reopen
         thu 11:00 fulfil",
        "mon 09:00  started, due mon 11:00
         mon 09:00  fixed by hand, due fri 17:00
         wed 10:00  met, 17h spent
         thu 10:00  goes on, due thu 10:00
         thu 10:00  breached
         thu 11:00  missed, 18h spent",
    );
}

#[test]
fn an_instant_as_new_terms_warns_once() {
    check(
        "warn 50%",
        "mon 09:00 start 8h
         mon 12:00 retarget until mon 14:00
         mon 17:00 wake",
        "mon 09:00  started, due mon 17:00
         mon 12:00  now 5h, 3h spent, due mon 14:00
         mon 12:00  fixed by the terms, due mon 14:00
         mon 12:00  warned at 50 %
         mon 14:00  breached",
    );
}

#[test]
fn the_steps_around_a_date_fixed_by_hand_are_those_of_the_policy_in_force() {
    check(
        "step 2h before, step at due, step 1h after
         step 1h before",
        "mon 09:00 start 8h
         mon 09:00 fix fri 17:00
         mon 10:00 retarget 8h under 2
         tue2 17:00 wake",
        "mon 09:00  started, due mon 17:00
         mon 09:00  fixed by hand, due fri 17:00
         mon 10:00  now 8h, 1h spent, due mon 17:00
         mon 10:00  fixed by hand, due fri 17:00
         fri 16:00  step 0
         fri 17:00  breached",
    );
}

#[test]
fn an_instant_that_is_over_is_not_broken_again_by_another_policy_with_the_same_instant() {
    check(
        "
         step 4h after",
        "mon 09:00 start until mon 12:00
         mon 15:00 retarget until mon 12:00 under 2
         mon 17:00 wake",
        "mon 09:00  started, due mon 12:00
         mon 09:00  fixed by the terms, due mon 12:00
         mon 12:00  breached
         mon 15:00  now 3h, 6h spent, due mon 15:00
         mon 15:00  fixed by the terms, due mon 12:00
         mon 16:00  step 0",
    );
}

#[test]
fn an_instant_that_leaves_time_begins_another_ladder_anew() {
    check(
        "step 2h before
         step 2h before, step 1h before",
        "mon 09:00 start 4h
         mon 12:00 retarget until tue 17:00 under 2
         tue 17:00 wake",
        "mon 09:00  started, due mon 13:00
         mon 11:00  step 0
         mon 12:00  now 16h, 3h spent, due tue 17:00
         mon 12:00  fixed by the terms, due tue 17:00
         tue 15:00  step 0
         tue 16:00  step 1",
    );
}

#[test]
fn pauses_and_other_terms_do_not_move_a_date_fixed_by_hand() {
    check(
        "warn 1h before",
        "mon 09:00 start 4h
         mon 10:00 fix wed 12:00
         mon 11:00 pause pending
         tue 09:00 retarget 1h
         tue 12:00 resume pending
         wed 11:30 fulfil",
        "mon 09:00  started, due mon 13:00
         mon 10:00  fixed by hand, due wed 12:00
         mon 11:00  paused by pending, 2h spent
         tue 09:00  now 1h, 2h spent
         tue 09:00  fixed by hand, due wed 12:00
         tue 12:00  resumed, due tue 12:00
         wed 11:00  warned at 1h before due
         wed 11:30  met, 9h 30m spent",
    );
}

#[test]
fn a_fixed_date_can_be_broken_while_the_clock_stands_still() {
    check(
        "step at due",
        "mon 09:00 start 8h
         mon 10:00 fix mon 12:00
         mon 11:00 pause pending
         tue 10:00 fulfil",
        "mon 09:00  started, due mon 17:00
         mon 10:00  fixed by hand, due mon 12:00
         mon 11:00  paused by pending, 2h spent
         mon 12:00  breached
         mon 12:00  step 0
         tue 10:00  missed, 2h spent",
    );
}

#[test]
fn a_released_date_leaves_what_the_terms_leave() {
    check(
        "",
        "mon 09:00 start 8h
         mon 10:00 fix fri 12:00
         mon 12:00 pause pending
         mon 14:00 resume pending
         mon 15:00 release
         tue 11:00 fulfil",
        "mon 09:00  started, due mon 17:00
         mon 10:00  fixed by hand, due fri 12:00
         mon 12:00  paused by pending, 3h spent
         mon 14:00  resumed, due tue 11:00
         mon 15:00  released, 4h spent, due tue 11:00
         tue 11:00  met, 8h spent",
    );
    check(
        "",
        "mon 09:00 start 2h
         mon 10:00 fix fri 12:00
         mon 15:00 release
         mon 15:30 fulfil",
        "mon 09:00  started, due mon 11:00
         mon 10:00  fixed by hand, due fri 12:00
         mon 15:00  released, 6h spent, due mon 15:00
         mon 15:00  breached by the release
         mon 15:30  missed, 6h 30m spent",
    );
}

#[test]
fn a_later_date_does_not_erase_a_breach_but_gives_the_verdict() {
    check(
        "",
        "mon 09:00 start 2h
         mon 12:00 fix tue 12:00
         tue 11:00 fulfil",
        "mon 09:00  started, due mon 11:00
         mon 11:00  breached
         mon 12:00  fixed by hand, due tue 12:00
         tue 11:00  met, 10h spent, late by the old terms",
    );
}

#[test]
fn a_date_in_the_past_means_now() {
    check(
        "",
        "mon 09:00 start 8h
         mon 12:00 fix mon 10:00
         mon 13:00 fulfil",
        "mon 09:00  started, due mon 17:00
         mon 12:00  fixed by hand, due mon 12:00
         mon 12:00  breached
         mon 13:00  missed, 4h spent",
    );
}

#[test]
fn a_date_that_leaves_no_time_does_not_mend_a_broken_promise() {
    check(
        "",
        "mon 09:00 start 2h
         mon 12:00 fix mon 10:00
         mon 12:00 fulfil",
        "mon 09:00  started, due mon 11:00
         mon 11:00  breached
         mon 12:00  fixed by hand, due mon 12:00
         mon 12:00  missed, 3h spent",
    );
}

#[test]
fn the_same_date_again_and_a_release_of_nothing_change_nothing() {
    check(
        "",
        "mon 09:00 start 8h
         mon 10:00 release
         mon 10:00 fix tue 12:00
         mon 11:00 fix tue 12:00
         mon 12:00 retarget 8h",
        "mon 09:00  started, due mon 17:00
         mon 10:00  fixed by hand, due tue 12:00",
    );
}

#[test]
fn a_promise_until_an_instant_does_not_move_with_pauses() {
    check(
        "warn 50%, warn 1h before",
        "mon 09:00 start until tue 13:00
         mon 10:00 pause pending
         tue 12:30 resume pending
         tue 13:00 fulfil",
        "mon 09:00  started, due tue 13:00
         mon 09:00  fixed by the terms, due tue 13:00
         mon 10:00  paused by pending, 1h spent
         mon 15:00  warned at 50 %
         tue 12:00  warned at 1h before due
         tue 12:30  resumed, due wed 15:30
         tue 13:00  met, 1h 30m spent",
    );
}

#[test]
fn new_terms_until_an_instant_that_has_passed_break_the_promise_now_and_once() {
    check(
        "warn 50%
         step 4h after",
        "mon 09:00 start 8h
         mon 14:00 retarget until mon 12:00
         mon 15:00 retarget until mon 12:00
         mon 16:00 retarget until mon 12:00 under 2
         mon 17:00 fulfil",
        "mon 09:00  started, due mon 17:00
         mon 13:00  warned at 50 %
         mon 14:00  now 3h, 5h spent, due mon 14:00
         mon 14:00  breached by the change
         mon 14:00  fixed by the terms, due mon 12:00
         mon 16:00  now 3h, 7h spent, due mon 16:00
         mon 16:00  fixed by the terms, due mon 12:00
         mon 16:00  step 0
         mon 17:00  missed, 8h spent",
    );
}

#[test]
fn a_promise_until_an_instant_that_is_made_after_it_was_broken_then() {
    check(
        "warn 50%, step 1h before, step at due",
        "mon 14:00 start until mon 12:00 since mon 09:00
         mon 15:00 fulfil",
        "mon 14:00  started since mon 09:00, 5h spent, due mon 12:00
         mon 12:00  breached
         mon 14:00  fixed by the terms, due mon 12:00, skips 50 %, step 0
         mon 14:00  step 1
         mon 15:00  missed, 6h spent",
    );
}

#[test]
fn a_date_of_the_terms_comes_back_when_that_of_a_person_is_released() {
    check(
        "",
        "mon 10:00 start 7h
         mon 11:00 fix fri 10:00
         mon 11:30 retarget until thu 12:00
         mon 13:00 pause pending
         tue 13:00 resume pending
         tue 14:00 release
         thu 12:00 wake",
        "mon 10:00  started, due mon 17:00
         mon 11:00  fixed by hand, due fri 10:00
         mon 11:30  now 26h, 1h 30m spent, due thu 12:00
         mon 11:30  fixed by hand, due fri 10:00
         mon 13:00  paused by pending, 3h spent
         tue 13:00  resumed, due fri 12:00
         tue 14:00  released, 4h spent, due fri 12:00
         tue 14:00  fixed by the terms, due thu 12:00",
    );
}

#[test]
fn the_same_instant_again_behind_a_date_fixed_by_hand_changes_nothing() {
    check(
        "",
        "mon 12:00 start 8h
         mon 13:00 fix fri 12:00
         mon 14:00 retarget until mon 10:00
         mon 15:00 retarget until mon 10:00",
        "mon 12:00  started, due tue 12:00
         mon 13:00  fixed by hand, due fri 12:00
         mon 14:00  now 0m, 2h spent, due mon 14:00
         mon 14:00  fixed by hand, due fri 12:00",
    );
}

#[test]
fn terms_until_this_very_instant_do_not_mend_a_broken_promise() {
    check(
        "warn 50%",
        "mon 09:00 start 2h
         mon 12:00 pause pending
         mon 15:00 retarget until mon 15:00
         mon 15:30 wake",
        "mon 09:00  started, due mon 11:00
         mon 10:00  warned at 50 %
         mon 11:00  breached
         mon 12:00  paused by pending, 3h spent
         mon 15:00  now 6h, 3h spent
         mon 15:00  fixed by the terms, due mon 15:00",
    );
}
