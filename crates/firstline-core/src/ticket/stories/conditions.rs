//! Clocks by conditions, as a desk has them.

use super::script::check_under;

/// Spare parts are to come within a day of work; the office comes to work earlier by the second
/// rules.
const PARTS: &str = r#"
[[policies]]
name = "standard"
calendar = "office"
[policies.targets.resolution]
within = "16h"
[policies.clocks.parts.triggers]
start = { status = "on_hold" }
pause = { customer = { status = "pending" } }
stop = { status = "open" }
[policies.clocks.parts.target]
within = "8h"
"#;

const EARLY: &str = r#"
[calendars.early]
time_zone = "UTC"
weekly = { mon-fri = ["07:00-15:00"] }
"#;

#[test]
fn what_is_closed_promises_nothing_and_no_condition_is_asked_any_more() {
    check_under(
        &[PARTS],
        "mon 09:00 customer opens
         mon 10:00 agent holds vendor
         mon 11:00 agent resolved
         mon 12:00 agent closed
         fri 12:00 wake",
        "mon 09:00  opened, medium, on L1
         mon 09:00  resolution 1 started, due tue 17:00
         mon 10:00  on_hold for Vendor
         mon 10:00  @parts 1 started, due tue 10:00
         mon 11:00  resolved
         mon 11:00  resolution met after 2h
         mon 12:00  closed
         mon 12:00  @parts cancelled: closed",
    );
    let on_closed = PARTS.replace("on_hold", "closed");
    check_under(
        &[&on_closed],
        "mon 09:00 customer opens
         mon 10:00 agent resolved
         mon 12:00 agent closed
         fri 12:00 wake",
        "mon 09:00  opened, medium, on L1
         mon 09:00  resolution 1 started, due tue 17:00
         mon 10:00  resolved
         mon 10:00  resolution met after 1h
         mon 12:00  closed",
    );
}

#[test]
fn the_past_of_a_clock_by_conditions_stays_as_it_was_told() {
    let early = format!("{EARLY}{}", PARTS.replace("office", "early"));
    check_under(
        &[PARTS, &early],
        "mon 09:00 customer opens
         mon 10:00 agent holds vendor
         tue 06:00 desk adopts
         tue 06:00 agent revalues",
        "mon 09:00  opened, medium, on L1
         mon 09:00  resolution 1 started, due tue 17:00
         mon 10:00  on_hold for Vendor
         mon 10:00  @parts 1 started, due tue 10:00
         tue 06:00  rules 2 are applied
         tue 06:00  resolution valued anew: 6h of 16h, due wed 09:00
         tue 06:00  @parts now 8h, due tue 08:00",
    );
}

#[test]
fn a_clock_by_conditions_stands_still_while_no_policy_promises_it_and_goes_on_when_one_does() {
    let others = "\n[[policies]]\nname = \"others\"\ncalendar = \"office\"\n\
                  [policies.targets.resolution]\nwithin = \"16h\"\n";
    let of_l1 =
        PARTS.replace("calendar = \"office\"", "calendar = \"office\"\nwhen = { line = \"L1\" }");
    check_under(
        &[&(of_l1 + others)],
        "mon 09:00 customer opens
         mon 10:00 agent holds vendor
         mon 12:00 agent hands L2
         mon 16:00 agent hands L1
         tue 11:00 agent open",
        "mon 09:00  opened, medium, on L1
         mon 09:00  resolution 1 started, due tue 17:00
         mon 10:00  on_hold for Vendor
         mon 10:00  @parts 1 started, due tue 10:00
         mon 12:00  handed over to L2
         mon 12:00  resolution now 16h, due tue 17:00
         mon 12:00  @parts paused by policy
         mon 16:00  handed over to L1
         mon 16:00  resolution now 16h, due tue 17:00
         mon 16:00  @parts resumed, due tue 14:00
         tue 11:00  open
         tue 11:00  @parts met after 5h",
    );
}

#[test]
fn a_reset_begins_a_run_only_if_the_rules_in_force_want_one() {
    let reset = PARTS.replace("stop =", "reset = { line = \"L2\" }\nstop =");
    let stopped = reset.replace("start = { status = \"on_hold\" }", "start = { status = \"new\" }");
    check_under(
        &[&reset, &stopped],
        "mon 09:00 customer opens
         mon 10:00 agent holds vendor
         mon 11:00 desk adopts
         mon 12:00 agent hands L2",
        "mon 09:00  opened, medium, on L1
         mon 09:00  resolution 1 started, due tue 17:00
         mon 10:00  on_hold for Vendor
         mon 10:00  @parts 1 started, due tue 10:00
         mon 12:00  handed over to L2
         mon 12:00  @parts cancelled: reset",
    );
}

#[test]
fn a_clock_by_conditions_does_not_stand_still_for_what_its_new_policy_does_not_know() {
    let of_l1 =
        PARTS.replace("calendar = \"office\"", "calendar = \"office\"\nwhen = { line = \"L1\" }");
    let others = PARTS
        .replace("standard", "others")
        .replace("customer =", "asked =")
        .replace("{ status = \"pending\" }", "{ status = \"pending\", line = \"L3\" }");
    check_under(
        &[&(of_l1 + &others)],
        "mon 09:00 customer opens
         mon 10:00 agent holds vendor
         mon 11:00 agent pending
         mon 12:00 agent hands L2
         mon 13:00 agent hands L3",
        "mon 09:00  opened, medium, on L1
         mon 09:00  resolution 1 started, due tue 17:00
         mon 10:00  on_hold for Vendor
         mon 10:00  @parts 1 started, due tue 10:00
         mon 11:00  pending
         mon 11:00  resolution paused by pending
         mon 11:00  @parts paused by customer
         mon 12:00  handed over to L2
         mon 12:00  resolution now 16h
         mon 12:00  @parts now 8h
         mon 12:00  @parts resumed, due tue 11:00
         mon 13:00  handed over to L3
         mon 13:00  @parts paused by asked",
    );
}

#[test]
fn new_rules_reach_a_ticket_when_they_are_applied_and_not_with_a_note() {
    let none = "[[policies]]\nname = \"standard\"\ncalendar = \"office\"\n\
                [policies.targets.resolution]\nwithin = \"16h\"\n";
    check_under(
        &[none, PARTS],
        "mon 09:00 customer opens
         mon 10:00 agent holds vendor
         mon 11:00 desk adopts
         mon 11:30 agent notes
         mon 12:00 agent reapplies",
        "mon 09:00  opened, medium, on L1
         mon 09:00  resolution 1 started, due tue 17:00
         mon 10:00  on_hold for Vendor
         mon 11:30  agent 1 notes something
         mon 12:00  rules 2 are applied
         mon 12:00  resolution now 16h, due tue 17:00
         mon 12:00  @parts 1 started, due tue 12:00",
    );
}

/// Whatever is asked of a language in the triggers of a clock means the tag that tickets have.
#[test]
fn a_language_is_the_same_to_a_clock_in_whatever_letters_it_is_written() {
    check_under(
        &[r#"
[[policies]]
name = "standard"
calendar = "office"
[policies.targets.resolution]
within = "16h"
[policies.clocks.translation.triggers]
start = { language = "PT-br" }
pause = { holiday = { language = ["pt-BR", "DE"], tag = { contains = "holiday" } } }
stop = { any = [{ language = "EN" }, { language = { was = "PT-BR", is = ["fr", "RU-ru"] } }] }
[policies.clocks.translation.target]
within = "8h"
"#],
        r#"mon 09:00 customer opens
         mon 10:00 agent does {"correct": {"language": "pt-BR"}}
         mon 11:00 agent does {"tag": {"add": ["holiday"]}}
         mon 12:00 agent does {"tag": {"remove": ["holiday"]}}
         mon 13:00 agent does {"correct": {"language": "ru-RU"}}
         mon 14:00 agent does {"correct": {"language": "pt-BR"}}
         mon 15:00 agent does {"correct": {"language": "en"}}"#,
        "mon 09:00  opened, medium, on L1
         mon 09:00  resolution 1 started, due tue 17:00
         mon 10:00  corrected: {\"language\":\"pt-BR\"}
         mon 10:00  @translation 1 started, due tue 10:00
         mon 11:00  tags +{\"holiday\"} -{}
         mon 11:00  @translation paused by holiday
         mon 12:00  tags +{} -{\"holiday\"}
         mon 12:00  @translation resumed, due tue 11:00
         mon 13:00  corrected: {\"language\":\"ru-RU\"}
         mon 13:00  @translation met after 2h
         mon 14:00  corrected: {\"language\":\"pt-BR\"}
         mon 14:00  @translation 2 started, due tue 14:00
         mon 15:00  corrected: {\"language\":\"en\"}
         mon 15:00  @translation met after 1h",
    );
}
