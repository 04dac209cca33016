//! What a desk does, told as stories: who does what when, and what is recorded.
//!
//! The week begins on Monday, 2 March 2026, and the office is open from 9 to 17, Monday to Friday,
//! in UTC. Contact 1 asks, agent 1 answers.
//!
//! The names of the stories about promises are those of the events that help desks get wrong. Each
//! event has its story, where a reader who doubts finds what happens:
//!
//! | event | told by |
//! |---|---|
//! | start | `a_promise_that_applies_later_starts_when_the_wait_began_and_past_pauses_are_credited` |
//! | start outside hours | `started_outside_hours_it_runs_and_nothing_accrues` |
//! | pause | `a_pause_freezes_what_was_spent_and_hides_the_due_time_whatever_reasons_follow_each_other` |
//! | resume | `a_resumed_promise_is_due_when_what_is_left_has_passed_and_not_by_the_wall_clock` |
//! | resume after the old due date | `an_answer_after_the_old_due_time_is_no_instant_breach` |
//! | fulfil in time | `fulfilled_at_due_is_met_and_equality_is_no_breach` |
//! | breach | `a_breach_is_dated_at_due_whenever_it_is_noticed_and_stays` |
//! | fulfil late | `fulfilled_late_is_missed_with_its_overrun_in_working_time_and_is_not_dropped` |
//! | cancel | `what_is_cancelled_has_no_verdict_and_rings_no_more` |
//! | retarget: priority, policy | `a_retarget_keeps_start_pauses_and_what_was_spent` |
//! | retarget: over already | `a_shorter_target_breaks_the_promise_now_and_a_looser_one_does_not_take_that_back` |
//! | retarget: by hand | `a_date_fixed_by_hand_is_moved_by_nothing_until_it_is_released` |
//! | reopen | `a_reopening_goes_on_with_what_was_spent_or_begins_anew_or_does_nothing_as_each_target_says` |
//! | rulebook edited | `a_rulebook_that_is_edited_moves_nothing_until_it_is_applied` |
//! | calendar edited | `an_edited_calendar_values_the_time_after_it_and_the_past_only_on_purpose` |
//! | merge | `a_merged_ticket_gives_its_reply_clock_to_the_winner_and_the_earlier_due_counts` |
//! | merge: one promise | `three_merged_tickets_climb_one_ladder_and_have_one_verdict` |
//! | merge undone | `to_undo_a_merge_restores_both_as_if_it_had_not_been` |
//! | split | `a_ticket_that_is_split_off_is_promised_from_when_its_message_was_written` |
//! | split: waits and answers | `what_is_split_off_is_credited_the_waits_since_it_was_written_and_keeps_its_answer` |
//! | merge into what waits for the customer | `who_waits_for_an_answer_is_not_merged_into_what_waits_for_the_customer` |
//! | merge, a call that nobody answered | `whoever_is_called_is_called_on_for_the_ticket_that_the_promise_went_to_and_back` |
//! | reopen, a call that nobody answered | `whoever_did_not_answer_before_it_seemed_done_is_called_again_when_it_is_not` |
//! | warning | `warnings_come_at_their_share_and_before_due_in_working_time_once_each` |
//! | warning after a retarget | `after_a_retarget_only_the_highest_passed_warning_is_given` |
//! | next reply | `the_next_reply_is_counted_from_the_first_unanswered_message_and_later_ones_do_not_reset_it` |
//! | periodic update | `an_update_is_promised_by_each_answer_rests_with_the_customer_and_ends_at_resolve` |
//! | pending on the customer | `pending_on_the_customer_pauses_resolution_and_work_and_updates_and_not_the_first_reply` |
//! | on hold by a third party | `on_hold_by_a_third_party_the_customers_clock_goes_on_and_the_desks_own_stand_still` |
//! | ladder step | `a_step_is_carried_out_late_with_its_own_time_and_waits_for_the_hours_of_whom_it_reaches` |
//! | ladder step, first run | `rules_that_are_applied_late_do_not_call_everybody_at_once` |
//! | back-dated event | `facts_are_dated_in_order_except_what_was_over_before_it_was_promised` |
//! | several policies match | `of_several_policies_the_first_that_matches_applies_and_a_change_moves_to_another` |
//!
//! What the clock itself says to each of them is told in `firstline-sla`, in `stories.rs`.

mod again;
mod conditions;
mod corrected;
mod dismissed;
mod ending;
mod fields;
mod file;
mod life;
mod lifecycles;
mod paging;
mod queue;
mod ringing;
mod rules;
mod running;
pub(crate) mod script;
mod signed;
mod split;
mod terms;
mod together;
mod told;
mod two;

#[test]
fn every_event_of_the_table_has_its_story() {
    let files = [
        include_str!("stories/again.rs"),
        include_str!("stories/ending.rs"),
        include_str!("stories/ringing.rs"),
        include_str!("stories/running.rs"),
        include_str!("stories/terms.rs"),
        include_str!("stories/paging.rs"),
        include_str!("stories/together.rs"),
        include_str!("stories/split.rs"),
        include_str!("stories/two.rs"),
        include_str!("properties.rs"),
    ];
    let table = include_str!("stories.rs").lines().filter(|line| line.starts_with("//! | "));
    let names: Vec<&str> = table.filter_map(|line| line.split('`').nth(1)).collect();
    assert!(names.len() >= 23, "the events that were settled: {}", names.len());
    for name in names {
        let story = format!("    #[test]\n    fn {name}(").replace("    ", "");
        let is_told = |file: &&str| file.replace("    ", "").contains(&story);
        assert!(files.iter().any(is_told), "{name}");
    }
}
