//! Rules at random, as somebody could write them: set off by anything, doing anything, in circles
//! if it so happens.

use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use super::super::naive::book::Book;
use super::super::naive::random::book;
use crate::{Happening, Rulebook};

/// Fields of the desk's own, of which those on the form can be set, and one is asked for at the end.
const FIELDS: &str = r#"
[fields.seats]
kind = "integer"
max = 9
[fields.site]
kind = "choice"
choices = ["berlin", "kazan"]
[fields.elsewhere]
kind = "bool"
[[forms]]
name = "incidents"
when = { kind = "incident" }
fields = [
    { field = "seats", when = { site = "kazan" } },
    { field = "site", required = "resolving" },
]
[[forms]]
name = "others"
fields = [{ field = "seats" }, { field = "site" }]
"#;

/// A lifecycle of the desk's own, what belongs together, skills and views.
const MORE: &str = r#"
[lifecycles.shop]
kinds = ["task"]
statuses = [
    { id = "received", category = "new" }, { id = "on_the_bench", category = "open" },
    { id = "estimate_sent", category = "pending" }, { id = "parts", category = "on_hold" },
    { id = "ready", category = "resolved" }, { id = "picked_up", category = "closed" },
]
transitions = [
    { from = ["received", "parts"], to = "on_the_bench" },
    { from = "estimate_sent", to = "on_the_bench", by = "contact" },
    { from = "on_the_bench", to = "estimate_sent", requires = ["assignee"] },
    { from = "on_the_bench", to = "parts" },
    { from = ["received", "on_the_bench"], to = "ready" },
    { from = "ready", to = "picked_up" },
]
reopen = { into = "on_the_bench", within = "16h" }
[relations]
parent = "takes_along"
answer = "{{ ticket.subject }}: solved."
[[views]]
name = "mine"
filter = "status:unsolved assignee:me seats>=3 due<2h"
"#;

const SKILLS: &str = r#"
[[routing.skills]]
skill = "networks"
level = 2
when = { site = "kazan" }
"#;

/// A rulebook with rules.
pub(super) fn ruled() -> impl Strategy<Value = Book> {
    let rules = prop::collection::vec(rule(), 0..6);
    let macros = prop::collection::vec(deeds(), 0..2);
    let routing = select(vec!["", "[routing]\nautomatic = true\noffer = \"20m\"\n"]);
    let more = select(vec!["", SKILLS]).prop_flat_map(|skills| {
        select(vec!["", MORE]).prop_map(move |more| format!("{skills}{more}"))
    });
    (book(1), rules, macros, routing, more).prop_map(|(mut book, rules, macros, routing, more)| {
        let rules = rules.iter().enumerate();
        book.rules = rules
            .map(|(index, rule)| format!("[[rules]]\nname = \"rule {index}\"\n{rule}"))
            .chain(
                macros
                    .iter()
                    .enumerate()
                    .map(|(index, deeds)| format!("[[macros]]\nname = \"macro {index}\"\n{deeds}")),
            )
            .chain([FIELDS.to_owned(), routing.to_owned(), more.clone()])
            .collect();
        if Rulebook::from_toml(&book.toml(), "random.toml").is_err() {
            // A rule that never fires is refused, and hides behind one that stops.
            book.rules = book.rules.replace("stop = true", "stop = false");
        }
        book
    })
}

fn rule() -> impl Strategy<Value = String> {
    let on = subsequence(Happening::ALL.to_vec(), 1..4);
    let on = prop::option::of(on).prop_map(|on| {
        // A rule that waits only for what may never happen on a desk is refused.
        let noted = on.as_ref().is_some_and(|on| on.iter().all(may_never_be));
        let noted = noted.then_some(Happening::Noted);
        let words =
            on.map(|on| on.iter().copied().chain(noted).map(Happening::as_str).collect::<Vec<_>>());
        words.map_or_else(String::new, |words| format!("on = {words:?}\n"))
    });
    let stop = prop::bool::weighted(0.2).prop_map(|stop| format!("stop = {stop}\n"));
    let trigger = (on, condition(true)).prop_map(|(on, when)| format!("{on}{when}"));
    let waits = select(vec!["1m", "30m", "2h", "20h"]);
    let hours = (0..3_usize).prop_map(|index| format!("calendar = \"c{index}\"\n"));
    let timed = (condition(false), waits, hours)
        .prop_map(|(when, after, hours)| format!("after = \"{after}\"\n{hours}{when}"));
    prop_oneof![
        3 => (trigger, stop, deeds()).prop_map(|(rule, stop, deeds)| rule + &stop + &deeds),
        2 => (timed, deeds()).prop_map(|(rule, deeds)| rule + &deeds),
    ]
}

fn condition(of_change: bool) -> impl Strategy<Value = String> {
    let states = vec![
        "",
        "when = { status = [\"open\", \"pending\"] }\n",
        "when = { status = \"resolved\" }\n",
        "when = { priority = { at_most = \"high\" } }\n",
        "when = { line = \"L1\" }\n",
        "when = { overdue = true }\n",
        "when = { seats = { at_least = 3 } }\n",
        "when = { site = { exists = false } }\n",
        "when = { none = [{ tag = { contains = \"a\" } }] }\n",
        "when = { tag = { contains = \"a\" } }\n",
        "when = { assigned = false, subject = { matches = \"^P\" } }\n",
    ];
    let changes = vec![
        "when = { status = { changed = true } }\n",
        "when = { priority = { changed = true, was = { at_least = \"medium\" } } }\n",
        "when = { due = { within = \"2h\" } }\n",
        "when = { site = { changed = true, was = \"kazan\" } }\n",
        "when = { text = { contains = \"words\" } }\n",
    ];
    let all = if of_change { [states, changes].concat() } else { states };
    select(all).prop_map(str::to_owned)
}

fn deeds() -> impl Strategy<Value = String> {
    let all = vec![
        "{ status = \"open\" }",
        "{ status = \"pending\" }",
        "{ status = \"on_hold\", hold = \"vendor\" }",
        "{ status = \"resolved\" }",
        "{ status = \"closed\" }",
        "{ priority = \"low\" }",
        "{ priority = \"critical\" }",
        "{ priority = \"next\" }",
        "{ tag = \"a\" }",
        "{ untag = [\"a\", \"b\"] }",
        "{ set = { seats = 3 } }",
        "{ set = { site = \"kazan\", seats = 9 } }",
        "{ set = { elsewhere = true } }",
        "{ set = { site = \"berlin\" }, clear = \"seats\" }",
        "{ assign = 1 }",
        "{ assign = \"nobody\" }",
        "{ hand_over = \"L1\", team = \"desk\" }",
        "{ hand_over = \"L2\" }",
        "{ hand_over = \"next\" }",
        "{ message = \"{{ ticket.subject }}{% for tag in ticket.tags %} {{ tag }}{% endfor %}\" }",
        "{ note = \"by {{ rule }}\" }",
        "{ notify = \"lead\", text = \"{{ ticket.due }}\" }",
        "{ webhook = \"https://example.org\" }",
        "{ guide = \"welcome\" }",
        "{ seek_duplicate = true }",
        "{ route = true }",
    ];
    prop::collection::vec(select(all), 1..4)
        .prop_map(|deeds| format!("do = [{}]\n", deeds.join(", ")))
}

const fn may_never_be(happening: &Happening) -> bool {
    use Happening::{Escalated, FieldsSet, HandedOver, Held, PageUnanswered, Warned};
    matches!(happening, Escalated | FieldsSet | HandedOver | Held | PageUnanswered | Warned)
}
