//! What a screen offers is what would be done: a lifecycle, forms and moments at random.

use proptest::prelude::*;
use proptest::sample::select;

use crate::*;

const STATUSES: [(&str, &str); 7] = [
    ("received", "new"),
    ("bench", "open"),
    ("test", "open"),
    ("estimate", "pending"),
    ("parts", "on_hold"),
    ("ready", "resolved"),
    ("gone", "closed"),
];

/// The ways: from where to where, by whom, and what they may require.
const WAYS: [(usize, usize, &str); 11] = [
    (0, 1, "agent"),
    (1, 2, "agent"),
    (2, 1, "contact"),
    (1, 3, "agent"),
    (3, 1, "contact"),
    (1, 4, "agent"),
    (4, 1, "system"),
    (1, 5, "lead"),
    (2, 5, "agent"),
    (5, 6, "agent"),
    (2, 6, "system"),
];

/// What a way may require: nothing, a field that anybody fills, or one of the desk's that is called as
/// every ticket's own.
const REQUIRED: [&str; 3] = ["", "\"cause\"", "\"cause\", \"field.rating\""];

fn rulebook(requires: &[usize], form: bool, window: bool) -> Rulebook {
    let mut text = "name = \"Shop\"\nlines = [{ id = \"L1\" }]\nroles = [{ id = \"lead\", agents = [2] }]\n\
        fields.cause = { kind = \"text\" }\nfields.rating = { kind = \"integer\", set_by = \"agent\" }\n\
        fields.price = { kind = \"integer\", set_by = \"agent\" }\n\
        [lifecycles.default]\nauto_close = { after = \"20h\" }\n"
        .to_owned();
    if window {
        text += "reopen = { into = \"bench\", within = \"5h\" }\n";
    }
    for (id, category) in STATUSES {
        let hold = if category == "on_hold" { "hold = [\"vendor\", \"change\"]\n" } else { "" };
        text += &format!(
            "[[lifecycles.default.statuses]]\nid = \"{id}\"\ncategory = \"{category}\"\n{hold}"
        );
    }
    for ((from, to, by), requires) in WAYS.iter().zip(requires) {
        // What waits for the customer goes on with the answer, whatever is missing.
        let requires = if *from == 3 { "" } else { REQUIRED[*requires] };
        let (from, to) = (STATUSES[*from].0, STATUSES[*to].0);
        text += &format!(
            "[[lifecycles.default.transitions]]\nfrom = \"{from}\"\nto = \"{to}\"\nby = \"{by}\"\n\
             requires = [{requires}]\n"
        );
    }
    if form {
        text += "[[forms]]\nname = \"all\"\nfields = [{ field = \"cause\" }, { field = \"rating\" }, \
                 { field = \"price\", required = \"resolving\" }]\n";
    }
    Rulebook::from_toml(&text, "shop.toml").unwrap_or_else(|error| panic!("{error}"))
}

/// The ticket with what a way requires filled.
fn filled(
    ticket: &Ticket,
    requires: &[std::sync::Arc<str>],
    rules: &Rulebook,
    now: Timestamp,
) -> Ticket {
    let set = requires.iter().map(|name| match &**name {
        "cause" => r#""cause": "wear""#,
        "field.rating" => r#""rating": 3"#,
        "price" => r#""price": 100"#,
        other => panic!("nobody requires `{other}`"),
    });
    let json =
        format!("{{\"set_fields\":{{\"fields\":{{{}}}}}}}", set.collect::<Vec<_>>().join(","));
    let action = serde_json::from_str(&json).unwrap();
    carry_out(Some(ticket.clone()), &action, Actor::System, rules, now).unwrap().ticket
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn each_way_that_is_offered_is_taken_when_it_is_filled_and_no_other_one_is(
        requires in prop::collection::vec(0..REQUIRED.len(), WAYS.len()),
        (form, window) in (any::<bool>(), any::<bool>()),
        steps in prop::collection::vec((0..600_u32, 0..7_usize, 0..4_usize), 1..25),
        who in select(vec![0_usize, 1, 2, 3]),
    ) {
        let rules = rulebook(&requires, form, window);
        let everybody = [
            Actor::Contact(ContactId(1)),
            Actor::Agent(AgentId(1)),
            Actor::Agent(AgentId(2)),
            Actor::System,
        ];
        let mut now: Timestamp = "2026-03-02T09:00:00Z".parse().unwrap();
        let open = TicketAction::Open(Box::new(OpenTicket::new(ContactId(1), "Printer", "Fire.")));
        let mut ticket = carry_out(None, &open, everybody[0], &rules, now).unwrap().ticket;
        for (minutes, goes_to, mover) in steps {
            now = now.checked_add_millis(i64::from(minutes) * 60_000).unwrap();
            let by = everybody[who];
            let offered = ways(&ticket, by, &rules, now).unwrap();
            let settled = carry_out(Some(ticket.clone()), &TicketAction::Wake, Actor::System, &rules, now);
            let here = settled.unwrap().ticket.place.unwrap().status;
            for (id, _) in STATUSES.iter().filter(|(id, _)| *id != here.as_str()) {
                let open = offered.iter().find(|open| open.way.to.as_str() == *id);
                let all = ["cause".into(), "field.rating".into(), "price".into()];
                let is_over = here.as_str() == "gone";
                let ready = match open {
                    Some(open) => filled(&ticket, &open.requires, &rules, now),
                    // Whatever is filled, it is not to be had.
                    None if is_over => ticket.clone(),
                    None => filled(&ticket, &all, &rules, now),
                };
                let hold = (*id == "parts").then_some(HoldReason::Vendor);
                let action = TicketAction::Move { to: (*id).into(), hold };
                let done = carry_out(Some(ready), &action, by, &rules, now);
                prop_assert_eq!(done.is_ok(), open.is_some(), "{} to {} by {}: {:?}", here, id, by, done);
            }
            // On it goes, by whoever may.
            let (to, by) = (STATUSES[goes_to].0, everybody[mover]);
            let open = ways(&ticket, by, &rules, now).unwrap();
            if let Some(open) = open.iter().find(|open| open.way.to.as_str() == to) {
                let ready = filled(&ticket, &open.requires, &rules, now);
                let hold = (to == "parts").then_some(HoldReason::Change);
                let action = TicketAction::Move { to: to.into(), hold };
                ticket = carry_out(Some(ready), &action, by, &rules, now).unwrap().ticket;
            }
        }
    }
}
