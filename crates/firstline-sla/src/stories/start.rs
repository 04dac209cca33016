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

#[test]
fn a_clock_starts_when_the_wait_began_and_not_when_the_rule_was_applied() {
    check(
        "warn 50%",
        "mon 15:00 start 8h since mon 09:00 but mon 10:00 to mon 12:00 but mon 11:00 to mon 13:00
         tue 12:00 fulfil",
        "mon 15:00  started since mon 09:00, 3h spent, due tue 12:00
         mon 16:00  warned at 50 %
         tue 12:00  met, 8h spent",
    );
}

#[test]
fn of_what_lies_in_the_past_of_a_promise_made_late_one_warning_and_one_step_ring() {
    check(
        "warn 25%, warn 50%, warn 75%, warn 1h before, step 4h before, step 3h before, step at due",
        "mon 15:30 start 8h since mon 09:00
         tue 09:00 wake",
        "mon 15:30  started since mon 09:00, 6h 30m spent, due mon 17:00, skips 25 %, 50 %, step 0
         mon 15:30  warned at 75 %
         mon 15:30  step 1
         mon 16:00  warned at 1h before due
         mon 17:00  breached
         mon 17:00  step 2",
    );
}

#[test]
fn a_promise_made_about_a_ticket_on_hold_stands_still_from_the_beginning() {
    check(
        "",
        "mon 15:00 start 4h since mon 13:00 standing pending
         tue 10:00 resume pending
         tue 17:00 wake",
        "mon 15:00  started since mon 13:00, 2h spent, standing still
         tue 10:00  resumed, due tue 12:00
         tue 12:00  breached",
    );
}

#[test]
fn a_clock_started_at_night_runs_though_nothing_is_used_up() {
    check(
        "",
        "mon 20:00 start 2h
         mon 22:00 pause pending
         tue 08:00 resume pending
         tue 10:30 fulfil",
        "mon 20:00  started, due tue 11:00
         mon 22:00  paused by pending, 0m spent
         tue 08:00  resumed, due tue 11:00
         tue 10:30  met, 1h 30m spent",
    );
}

#[test]
fn by_the_next_working_day_at_four() {
    check(
        "",
        "fri 18:00 start 1 day by 16:00
         mon2 16:00 fulfil",
        "fri 18:00  started, due mon2 16:00
         mon2 16:00  met, 7h spent",
    );
    check(
        "",
        "fri 10:00 start 1 day by 16:00
         fri 11:00 pause pending
         fri 13:00 resume pending
         tue2 10:00 fulfil",
        "fri 10:00  started, due mon2 16:00
         fri 11:00  paused by pending, 1h spent
         fri 13:00  resumed, due tue2 10:00
         tue2 10:00  met, 14h spent",
    );
}

#[test]
fn within_two_working_days_means_by_the_closing_of_the_second() {
    check(
        "warn 1h before",
        "thu 20:00 start 2 days
         mon2 17:00 wake
         mon2 17:00:00.001 wake",
        "thu 20:00  started, due mon2 17:00
         mon2 16:00  warned at 1h before due
         mon2 17:00  breached",
    );
}

#[test]
fn by_noon_means_the_next_day_that_has_a_morning() {
    check(
        "",
        "thu 10:00 start 1 day by 12:00 on fridays
         mon2 12:00 fulfil",
        "thu 10:00  started, due mon2 12:00
         mon2 12:00  met, 14h spent",
    );
    check(
        "",
        "thu 18:00 start 1 day by 12:00 on fridays
         mon2 12:00 fulfil",
        "thu 18:00  started, due mon2 12:00
         mon2 12:00  met, 7h spent",
    );
    check(
        "",
        "mon 10:00 start 0 days by 12:00
         mon 12:00 fulfil",
        "mon 10:00  started, due mon 12:00
         mon 12:00  met, 2h spent",
    );
}

#[test]
fn on_the_wall_clock_every_hour_counts_also_at_the_weekend() {
    check(
        "warn 50%",
        "fri 16:00 start 24h on always
         sat 09:00 pause pending
         sun 09:00 resume pending
         mon2 09:00 wake",
        "fri 16:00  started, due sat 16:00
         sat 04:00  warned at 50 %
         sat 09:00  paused by pending, 17h spent
         sun 09:00  resumed, due sun 16:00
         sun 16:00  breached",
    );
}
