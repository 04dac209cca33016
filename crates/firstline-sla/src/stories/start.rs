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
