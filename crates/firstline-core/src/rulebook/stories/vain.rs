//! What a rulebook says in vain: rules for tickets that there are not, deeds that undo each other, ways
//! that nobody can go, policies that nothing is left for.

use super::*;

const DESK: &str = r#"name = "Shop"
lines = [{ id = "L1" }, { id = "L2" }]
[fields.cause]
kind = "text"
[fields.price]
kind = "integer"
[[forms]]
name = "faults"
when = { kind = "incident" }
fields = [{ field = "cause" }, { field = "price" }]
[lifecycles.orders]
kinds = ["service_request"]
statuses = [
    { id = "received", category = "new" }, { id = "bench", category = "open" },
    { id = "ready", category = "resolved" }, { id = "gone", category = "closed" },
]
transitions = [
    { from = "received", to = "bench" }, { from = "bench", to = "ready" }, { from = "ready", to = "gone" },
]
from.default = { new = "received", open = "bench", pending = "bench", on_hold = "bench", resolved = "ready", closed = "gone" }
"#;

/// What is found in the desk with this in it; each line without the file's name.
#[track_caller]
fn told(more: &str) -> Vec<String> {
    told_of(&format!("{DESK}{more}"))
}

#[track_caller]
fn told_of(text: &str) -> Vec<String> {
    let found = match Rulebook::from_toml(text, "desk.toml") {
        Ok(rulebook) => rulebook.remarks("2026-03-02T09:00:00Z".parse().unwrap()),
        Err(error) => error.findings,
    };
    let told = |it: &Finding| format!("{}: {}: {}; {}", it.severity, it.path, it.problem, it.mend);
    found.iter().map(told).collect()
}

fn rule(on: &str, when: &str, deed: &str) -> String {
    format!("[[rules]]\nname = \"a\"\n{on}\nwhen = {{ {when} }}\ndo = [{deed}]\n")
}

const TAG: &str = "{ tag = \"x\" }";
const NOTHING: [&str; 0] = [];

#[test]
fn a_timed_rule_and_a_macro_for_closed_tickets_are_refused_when_they_are_written() {
    let timed = rule("after = \"1h\"", "status = \"closed\"", TAG);
    let refused = "error: rules[0].when: it never fires: a ticket that is closed falls silent; wait in \
                   `resolved`, or write a rule with `on` instead of `after`";
    assert_eq!(told(&timed), [refused]);
    let either = rule("after = \"1h\"", "status = [\"resolved\", \"closed\"]", TAG);
    assert_eq!(told(&either), NOTHING);
    let known =
        "[[macros]]\nname = \"a\"\nwhen = { status = \"closed\" }\ndo = [{ tag = \"x\" }]\n";
    let refused = "error: macros[0].when: nobody can apply it: a ticket that is closed does not change any \
                   more; apply it to tickets before that";
    assert_eq!(told(known), [refused]);
    // Whoever works by them already goes on: they do no harm.
    for text in [&timed, known] {
        let mut in_force =
            Rulebook::from_toml("name = \"x\"\nlines = [{ id = \"L1\" }]", "x.toml").unwrap();
        let adopted = RulebookAdopted { version: 2, source: format!("{DESK}{text}") };
        assert_eq!(in_force.recall(&adopted), Ok(()));
    }
}

#[test]
fn a_rule_for_a_state_that_its_tickets_are_never_in_is_warned_of() {
    let warning = |problem: &str, mend: &str| {
        [format!("warning: rules[0].when: it never fires: {problem}; {mend}")]
    };
    let nowhere = warning(
        "no lifecycle has such a ticket",
        "ask for a `state` that goes with the rest of the condition",
    );
    for when in [
        "status = \"resolved\", state = \"bench\"",
        "kind = \"incident\", state = \"bench\"",
        "kind = \"service_request\", state = \"pending\"",
    ] {
        assert_eq!(told(&rule("after = \"1h\"", when, TAG)), nowhere, "{when}");
        assert_eq!(told(&rule("", when, TAG)), nowhere, "{when}");
    }
    let upon = |on: &str| {
        let problem = format!("upon {on} no ticket is like this");
        warning(&problem, "change the condition, or what it waits for in `on`")
    };
    assert_eq!(told(&rule("on = \"opened\"", "state = \"bench\"", TAG)), upon("opened"));
    assert_eq!(told(&rule("on = \"rated\"", "state = \"bench\"", TAG)), upon("rated"));
    for (on, when) in [
        ("after = \"1h\"", "status = \"open\", state = \"bench\""),
        ("on = \"opened\"", "state = [\"bench\", \"received\"]"),
        ("on = \"opened\"", "state = \"new\", kind = \"task\""),
        ("on = \"status_changed\"", "state = { is = \"ready\", was = \"bench\" }"),
    ] {
        assert_eq!(told(&rule(on, when, TAG)), NOTHING, "{when}");
    }
}

#[test]
fn a_rating_beyond_the_scale_is_refused_with_the_scale() {
    let beyond = |path: &str, asked: &str| {
        format!(
            "error: {path}: no rating is so: customers answer with 1 to 5, not {asked}; write 1 to 5"
        )
    };
    for (asked, key, number) in [
        ("rating = { at_least = 9 }", "rating.at_least", "9"),
        ("rating = 0", "rating", "0"),
        ("rating = [1, 6]", "rating[1]", "6"),
        ("none = [{ rating = { at_most = 0 } }]", "none[0].rating.at_most", "0"),
    ] {
        let found = told(&rule("on = \"rated\"", asked, TAG));
        assert_eq!(found, [beyond(&format!("rules[0].when.{key}"), number)]);
    }
    assert_eq!(told(&rule("on = \"rated\"", "rating = { at_most = 2 }", TAG)), NOTHING);
}

#[test]
fn who_waits_for_broken_promises_on_a_desk_that_promises_nothing_is_told() {
    let remark = "remark: rules[0].on: it fires upon what agents promise by word of mouth alone: no policy \
                  promises anything; ";
    assert_eq!(told(&rule("on = \"breached\"", "kind = \"task\"", TAG)), [remark]);
    assert_eq!(told(&rule("on = [\"breached\", \"opened\"]", "kind = \"task\"", TAG)), NOTHING);
}

#[test]
fn what_a_rule_or_a_macro_does_and_undoes_is_warned_of() {
    let deeds = |deeds: &str| told(&rule("on = \"opened\"", "kind = \"task\"", deeds));
    assert_eq!(
        deeds("{ tag = [\"x\", \"y\"], untag = \"y\" }"),
        [
            "warning: rules[0].do[0]: the label `y` is put on and taken off at once; keep one of them"
        ]
    );
    for (both, what) in [
        ("{ tag = \"x\" }, { untag = \"x\" }", "the label `x`"),
        ("{ priority = \"high\" }, { priority = \"low\" }", "the priority"),
        ("{ assign = 1 }, { assign = \"nobody\" }", "who has the ticket"),
        ("{ set = { price = 1 } }, { clear = \"price\" }", "the field `price`"),
    ] {
        let warned = format!(
            "warning: rules[0].do[1]: this undoes what `rules[0].do[0]` does: {what}; keep one of them"
        );
        let found: Vec<String> =
            deeds(both).into_iter().filter(|it| !it.contains("until")).collect();
        assert_eq!(found, [warned]);
    }
    let after_all = "[[macros]]\nname = \"a\"\ndo = [{ status = \"resolved\" }, { status = \"closed\" }, \
                     { notify = \"line\" }, { status = \"pending\" }]\n";
    assert_eq!(
        told(after_all),
        [
            "warning: macros[0].do[3]: it cannot be done: `macros[0].do[1]` closes the ticket, and what is \
          closed does not change; write it before the closing"
        ]
    );
    assert_eq!(deeds("{ priority = \"next\" }, { priority = \"next\" }, { tag = \"x\" }"), NOTHING);
}

#[test]
fn a_move_to_a_status_of_another_lifecycle_is_warned_of() {
    let to_bench = "{ move = \"bench\" }";
    let warned = "warning: rules[0].do[0].move: no such ticket becomes `bench`: that is one of the \
                  lifecycle `orders`; write a status of the lifecycle that these tickets go along";
    assert_eq!(told(&rule("on = \"opened\"", "kind = \"incident\"", to_bench)), [warned]);
    for (when, deeds) in [
        ("kind = \"service_request\"", to_bench),
        ("line = \"L1\"", to_bench),
        // It goes along another one by then.
        ("kind = \"incident\"", "{ kind = \"service_request\" }, { move = \"bench\" }"),
    ] {
        assert_eq!(told(&rule("on = \"opened\"", when, deeds)), NOTHING);
    }
}

#[test]
fn a_way_that_requires_what_is_on_no_form_of_its_tickets_is_warned_of() {
    let way = |requires: &str| {
        let to_ready = "{ from = \"bench\", to = \"ready\"";
        DESK.replace(to_ready, &format!("{to_ready}, requires = [{requires}]"))
    };
    let warned = |index: usize, id: &str| {
        format!(
            "warning: lifecycles.orders.transitions[1].requires[{index}]: `{id}` is on no form of these \
             tickets: nobody can fill it and go this way; write it on a form that is for them, or leave it \
             out"
        )
    };
    assert_eq!(
        told_of(&way("\"assignee\", \"cause\", \"field.price\"")),
        [warned(1, "cause"), warned(2, "price")]
    );
    let for_all = way("\"cause\"").replace("when = { kind = \"incident\" }\n", "");
    assert_eq!(told_of(&for_all), NOTHING);
}

#[test]
fn a_policy_that_those_before_it_leave_nothing_together_is_refused() {
    let policy = |name: &str, when: &str| {
        format!(
            "[[policies]]\nname = \"{name}\"\ncalendar = \"always\"\nwhen = {{ {when} }}\n\
             targets.first_reply.within = \"1h\"\n"
        )
    };
    let three = |last: &str| {
        let above = policy("high", "priority = { at_least = \"high\" }");
        let below = policy("low", "priority = { at_most = \"medium\" }");
        told(&format!(
            "{}{above}{below}{}",
            policy("tasks", "kind = \"task\""),
            policy("rest", last)
        ))
    };
    let refused = "error: policies[3]: it never applies: `high` and `low` before it together take every such \
                   ticket; move it up, or give the others a narrower `when`";
    assert_eq!(three(""), [refused]);
    let gap = policy("high", "priority = { at_least = \"high\" }");
    let low = policy("low", "priority = { at_most = \"low\" }");
    assert_eq!(told(&format!("{gap}{low}{}", policy("rest", ""))), NOTHING);
}

#[test]
fn each_priority_with_more_time_than_the_one_below_it_is_told_with_the_mend() {
    let text = GOOD.replace(
        "critical = \"15m\", high = \"1h\", medium = \"4h\", low = \"8h\"",
        "critical = \"4h\", high = \"2h\", medium = \"6h\", low = \"3h\"",
    );
    let warned = |high: &str, more: &str, low: &str, less: &str| {
        format!(
            "warning: policies[0].targets.first_reply.within: {high} gives {more}, more than {low} with \
             {less}: are they mixed up?; give the more urgent one as much at most"
        )
    };
    let both = [warned("medium", "6h", "low", "3h"), warned("critical", "4h", "high", "2h")];
    assert_eq!(told_of(&text), both);
}

#[test]
fn an_example_that_expects_what_there_is_no_word_for_is_told_the_words() {
    let example = |expect: &str| {
        let text = format!(
            "{GOOD}[[examples]]\nname = \"e\"\nopened = \"2026-03-02T09:00:00Z\"\nexpect = {{ {expect} }}\n"
        );
        let found = Rulebook::from_toml(&text, "desk.toml").unwrap_err();
        let told =
            found.findings.iter().map(|it| format!("{}: {}; {}", it.path, it.problem, it.mend));
        told.collect::<Vec<_>>().join("\n")
    };
    for (expect, expected) in [
        ("line = \"L9\"", "line: there is no line `L9`; write one of L1, L2"),
        ("team = \"dusk\"", "team: there is no team `dusk`; write one of desk, no team"),
        (
            "state = \"ww\"",
            "state: there is no status `ww`; write one of closed, new, on_hold, open, pending, resolved",
        ),
        (
            "clocks = { first_reply = \"mett\" }",
            "clocks.first_reply: a clock does not stand at `mett`; write its due time, or one of none, met, \
             missed, cancelled, broken, paused, running",
        ),
        (
            "clocks = { \"@pickup\" = \"met\" }",
            "clocks.@pickup: no policy has a clock `@pickup`; write the name of one, or leave it out",
        ),
        ("team = \"desk\"", "team: it comes out as no team; mend the example, or the rule"),
    ] {
        assert_eq!(example(expect), format!("examples[0].expect.{expected}"));
    }
}

#[test]
fn a_mend_names_something_that_can_be_written() {
    let no_teams = "leave `team` out, or write `teams` in that line";
    for (more, expected) in [
        (
            rule("", "kind = \"task\"", "{ hand_over = \"L2\", team = \"night\" }"),
            format!("error: rules[0].do[0].team: line `L2` has no team `night`; {no_teams}"),
        ),
        (
            rule("", "team = \"night\"", TAG),
            "error: rules[0].when.team: there is no team `night`; leave it out: there is no team at all"
                .to_owned(),
        ),
        (
            "[[views]]\nname = \"v\"\nfilter = \"team:night\"\n".to_owned(),
            "error: views[0].filter: there is no team `night`; leave it out: no line has teams".to_owned(),
        ),
        (
            rule("", "subject = { matches = '(a)\\1' }", TAG),
            "error: rules[0].when.subject.matches: `(a)\\1` is no pattern: backreferences are not supported; \
             write the words out instead, as alternatives with `|`, or ask in several clauses"
                .to_owned(),
        ),
        (
            "[synonyms]\n".to_owned() + "a = 1\na = 2\n",
            "error: : the key `a` is written twice in the same table; keep one of them".to_owned(),
        ),
    ] {
        assert_eq!(told(&more), [expected]);
    }
    let unknown = "[[examples]]\nname = \"e\"\nopened = \"2026-03-02T09:00:00Z\"\n\
                   steps = [{ at = \"2026-03-02T10:00:00Z\", do = { replly = { text = \"x\" } } }]\n";
    let found = Rulebook::from_toml(&format!("{DESK}{unknown}"), "desk.toml").unwrap_err();
    assert!(found.findings.iter().all(|it| !it.path.contains('?')), "{found}");
}
