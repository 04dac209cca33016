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
