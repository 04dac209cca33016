//! What agents type, and what they are told.

use proptest::collection::{btree_set, vec};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use super::*;
use crate::{Actor, OpenTicket, Rulebook, TicketAction, Tongue, brief, carry_out};

fn asking() -> Asking {
    let now = "2026-03-02T09:00:00Z".parse().unwrap();
    let clock = WallClock::of("Europe/Berlin").unwrap();
    Asking { now, me: Some(AgentId(7)), clock }
}

/// What a text is read as, shown in the plainest way.
#[track_caller]
fn reads(typed: &str, shown: &str) {
    let told = TicketFilter::read(typed, &asking()).map(|asked| asked.to_string());
    assert_eq!(told.unwrap_or_else(|error| error.to_string()), shown);
}

#[test]
fn terms_stand_side_by_side() {
    reads(
        "  status:open  priority>=high line:L2 due<2h assignee:none tag:vip printer ",
        r#"status:open priority:high,critical line:L2 assignee:none tag:vip due<2026-03-02T11:00:00Z printer"#,
    );
    reads("", "");
    reads("number:#42,7 assignee:me kind=incident", "number:7,42 kind:incident assignee:7");
    reads("status:unsolved", "status:new,open,pending,on_hold");
    reads("priority<high -status:solved", "priority:low,medium -(status:resolved,closed)");
    reads("-(team:none tag:spam) -tag:late", "-(team:none tag:spam) -(tag:late)");
}

#[test]
fn words_may_be_marked_and_quoted() {
    reads(r#"tag:"big customer" "paper jam" "a:b""#, r#"tag:"big customer" "paper jam" "a:b""#);
    reads(r#"tag:"the \"big\" one""#, r#"tag:"the \"big\" one""#);
    reads(r#"team:"none""#, r#"team:"none""#);
    reads("принтер печатает", "принтер печатает");
    reads(r#"-printer -"paper jam" 12:30 ERR-1042"#, r#"-printer -"paper jam" 12:30 ERR-1042"#);
}

#[test]
fn times_to_come_and_times_that_have_passed() {
    reads("due<now", "due<2026-03-02T09:00:00Z");
    reads("due>=1h due<1d12h", "due>=2026-03-02T10:00:00Z due<2026-03-03T21:00:00Z");
    reads("due:none", "due:none");
    reads("opened<2h", "opened>=2026-03-02T07:00:00.001Z");
    reads("updated>1w", "updated<2026-02-23T09:00:00Z");
    // A day of the agent's own: midnight in Berlin.
    reads("opened:2026-03-01", "opened>=2026-02-28T23:00:00Z opened<2026-03-01T23:00:00Z");
    reads("resolved<=2026-03-01", "resolved<2026-03-01T23:00:00Z");
    reads("resolved>2026-03-01", "resolved>=2026-03-01T23:00:00Z");
    reads("opened<2026-03-02T09:30:00+01:00", "opened<2026-03-02T08:30:00Z");
}

#[test]
fn each_mistake_has_its_place_and_its_mend() {
    for (typed, told) in [
        (
            "status:opened",
            "at 8: there is no status `opened`; write one of new, open, pending, on_hold, resolved, closed, unsolved, solved",
        ),
        ("line:", "at 6: a value is missing; write one, or quote it"),
        ("line:,L2", "at 6: a value is missing before `,`; write one, or quote it"),
        ("line:L1 )", "at 9: a value is missing before `)`; write one, or quote it"),
        ("tag:\"vip", "at 5: it is not closed; write a second `\"`"),
        ("-(tag:vip", "at 2: it is not closed; write `)`"),
        ("-()", "at 1: brackets hold terms with a field; write such as -(status:open tag:vip)"),
        (
            "-\"!?\"",
            "at 2: no letter and no digit is to be found; leave it out, or name the field that it is for",
        ),
        (
            "line:L1 line:L2",
            "at 9: `line` was asked for before; write the values once, with commas between them",
        ),
        ("line>L1", "at 1: `line` has no order; write a colon after it"),
        ("принтер line>L1", "at 9: `line` has no order; write a colon after it"),
        (
            "tag:a,b",
            "at 7: several labels are all asked for, not one of them; write such as tag:a tag:b",
        ),
        ("priority>critical", "at 10: no priority is beyond critical; write another one"),
        ("priority>=low,high", "at 15: only one value can be compared with; leave it out"),
        ("assignee:anna", "at 10: `anna` is no number; write such as 42, me or none"),
        (
            "due<tomorrow",
            "at 5: `tomorrow` is no time; write such as 2h, 1d12h, now, 2026-03-02 or 2026-03-02T09:00:00Z",
        ),
        (
            "due<12h1d",
            "at 5: `12h1d` is no time; write such as 2h, 1d12h, now, 2026-03-02 or 2026-03-02T09:00:00Z",
        ),
        (
            "due<99999999999999d",
            "at 5: `99999999999999d` is no time; write such as 2h, 1d12h, now, 2026-03-02 or 2026-03-02T09:00:00Z",
        ),
        (
            "due<2h due<3h",
            "at 8: `due` was asked for before; write the values once, with commas between them",
        ),
        (
            "opened:none",
            "at 8: `none` is no time; write such as 2h, 1d12h, now, 2026-03-02 or 2026-03-02T09:00:00Z",
        ),
    ] {
        reads(typed, told);
    }
    let nobody = Asking::at(asking().now);
    let error = TicketFilter::read("assignee:me", &nobody).unwrap_err();
    assert_eq!(
        error.to_string(),
        "at 10: nobody in particular asks, so `me` is nobody; write the agent's number"
    );
}

#[test]
fn a_condition_as_others_write_them_is_no_word() {
    let own = "write such as status:open without a space, or quote it";
    for (typed, told) in [
        (
            "status!=open",
            "at 7: `!=` compares nothing; write `-status:` and the value, or quote it all",
        ),
        ("tag!=vip", "at 4: `!=` compares nothing; write `-tag:` and the value, or quote it all"),
        ("-tag≠vip", "at 5: `≠` compares nothing; write `tag:` and the value, or quote it all"),
        ("принтер priority≥high", "at 17: `≥` compares nothing; write `>=`, or quote it all"),
        ("!status:open", "at 1: `!` turns nothing round; write `-` in its place, or quote it all"),
        ("-!status:open", "at 2: `!` turns nothing round; leave it out, or quote it all"),
        (":open", &format!("at 1: no field stands before `:`; {own}")),
        ("priority >=high", &format!("at 10: no field stands before `>=`; {own}")),
        ("status != open", &format!("at 8: no field stands before `!=`; {own}")),
    ] {
        reads(typed, told);
    }
    let words = "Help! a->b C++ !important what!? -Help! v2!=v3";
    reads(words, "Help! a->b C++ !important what!? -Help! v2!=v3");
    reads(r#""status!=open" ":open""#, r#""status!=open" ":open""#);
}

#[test]
fn what_else_is_known_of_a_ticket_is_asked_for_as_what_it_is() {
    reads(
        "need:training,none discipline:customer_care hold:vendor language:pt-BR tier:gold,\"none\"",
        r#"need:none,training discipline:customer_care hold:vendor language:pt-BR tier:gold,"none""#,
    );
    reads(
        "impact>=medium urgency<high equipment:#7 contract:none,3 snoozed<2h -snoozed:none",
        "impact:medium,high urgency:low,medium equipment:7 contract:none,3 \
         snoozed<2026-03-02T11:00:00Z -(snoozed:none)",
    );
    reads("impact>high", "at 8: no impact is beyond high; write another one");
    reads(
        "hold:parts",
        "at 6: there is no reason `parts`; write one of vendor, change, problem, evidence, third_party, approval",
    );
    reads(
        "language:русский",
        "at 10: `русский` is no language; write its BCP 47 tag, such as en or pt-BR",
    );
    reads("language:PT-br,ZH-HANT", "language:pt-BR,zh-Hant");
}

#[test]
fn what_became_of_it_is_asked_for_as_what_it_is() {
    reads(
        "rating>=4 approval:asked,none overdue:true spam:false merged:false reopened:true",
        "approval:none,asked rating:4,5 overdue:true reopened:true merged:false spam:false",
    );
    reads(
        "follower:me,contact-42,none parent:#8 problem:none,9",
        "follower:none,contact-42,agent-7 parent:8 problem:none,9",
    );
    reads("rating:none,1 -rating<3", "rating:none,1 -(rating:1,2)");
    reads("rating:6", "at 8: `6` is no rating; write one of 1 to 5, or none");
    reads("rating>5", "at 8: no rating is beyond 5; write another one");
    reads(
        "rating>none",
        "at 8: `none` is neither more nor less than another; write a colon before it",
    );
    reads("#4 status:open", "number:4 status:open");
    reads("-(#4,7) printer", "-(number:4,7) printer");
    reads("\"#4\"", "\"#4\"");
    reads("spam:yes merged:no", "merged:false spam:true");
    reads("spam:maybe", "at 6: `maybe` is no yes or no; write true or false");
    reads(
        "spam:true spam:false",
        "at 11: `spam` was asked for before; write the values once, with commas between them",
    );
    reads(
        "follower:anna",
        "at 10: `anna` is nobody who can follow a ticket; write such as contact-42, agent-7, me or none",
    );
    reads("approval:yes", "at 10: there is no answer `yes`; write one of asked, approved, refused");
}

#[test]
fn what_the_desk_does_not_have_is_told_where_it_stands() {
    let rules = r#"
name = "Northwind"
[[lines]]
id = "L1"
teams = ["night"]
[[lines]]
id = "L2"
"#;
    let rules = Rulebook::from_toml(rules, "desk.toml").unwrap();
    for (typed, told) in [
        ("line:L2,L1 team:night,none", "line:L1,L2 team:none,night"),
        ("L9 line:L1,L9", "at 12: there is no line `L9`; write one of L1, L2"),
        ("-(tag:gone team:gone)", "at 17: there is no team `gone`; write one of night"),
        (
            "tag:gone state:gone",
            "at 16: there is no state `gone`; write one of closed, new, on_hold, open, pending, resolved",
        ),
    ] {
        let read = rules.read_filter(typed, &asking()).map(|asked| asked.to_string());
        assert_eq!(read.unwrap_or_else(|error| error.to_string()), told);
    }
}

#[test]
fn what_is_endless_is_refused() {
    let deep = "-(".repeat(10) + "tag:a" + &")".repeat(10);
    reads(&deep, "at 18: 8 brackets stand in each other; write fewer");
    let long = "a ".repeat(MAX_FILTER_BYTES);
    reads(&long, "at 1: 8192 bytes are more than 4096; write less");
    reads(&"a ".repeat(33), "at 65: more than 32 words are to be found; write fewer");
}

#[test]
fn a_filter_finds_what_it_says() {
    let rules = "name = \"Northwind\"\n[[lines]]\nid = \"L1\"\n";
    let rules = Rulebook::from_toml(rules, "desk.toml").unwrap();
    let request = OpenTicket::new(ContactId(1), "Printer", "It is on fire.");
    let open = TicketAction::Open(Box::new(request));
    let customer = Actor::Contact(ContactId(1));
    let ticket = carry_out(None, &open, customer, &rules, asking().now).unwrap().ticket;
    let finds = |typed: &str| {
        let asked = TicketFilter::read(typed, &asking()).unwrap();
        asked.filter.finds(TicketId(42), &ticket)
    };
    for typed in [
        "",
        "number:42 status:new requester:1 line:L1 team:none assignee:none organization:none",
        "due:none resolved:none opened:2026-03-02 updated<=now",
        "-tag:vip -(status:new tag:vip)",
    ] {
        assert!(finds(typed), "{typed}");
    }
    for typed in [
        "number:41",
        "tag:vip",
        "-status:new",
        "due<now",
        "opened>1h",
        "assignee:me",
        "resolved<now",
    ] {
        assert!(!finds(typed), "{typed}");
    }
}

/// A desk with fields of its own.
fn own() -> Rulebook {
    let rules = r#"
name = "d"
[[lines]]
id = "L1"
[fields.site]
kind = "choice"
choices = ["berlin", "none", "a b"]
[fields.seats]
kind = "integer"
[fields.budget]
kind = "decimal"
[fields.systems]
kind = "choices"
choices = ["erp", "mail"]
[fields.bought]
kind = "date"
[fields.e5]
kind = "bool"
[fields.note]
kind = "text"
[fields.thing]
kind = "reference"
to = "equipment"
[fields.rating]
kind = "choice"
choices = ["good", "bad"]
"#;
    Rulebook::from_toml(rules, "desk.toml").unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn fields_of_a_desks_own_are_asked_for_as_what_they_are() {
    for (typed, shown) in [
        ("site:berlin,none", "site:none,berlin"),
        ("site:\"none\",\"a b\"", "site:\"a b\",\"none\""),
        ("seats>=5 seats<10", "seats>=5 seats<10"),
        ("seats>5 seats<=9", "seats>=6 seats<10"),
        ("budget:12.50", "budget:12.5"),
        ("budget>12", "budget>=12.0001"),
        ("bought<=2026-02-28", "bought<2026-03-01"),
        ("e5:true E503:x", "e5:true E503:x"),
        ("note:\"two words\" thing:#3", "note:\"two words\" thing:3"),
        ("seats:many", "at 7: `many` is no whole number; write such as 42"),
        ("site:rome", "at 6: `rome` is no choice of it; write one of berlin, none, \"a b\""),
        ("site>berlin", "at 1: `site` has no order; write a colon after it"),
        (
            "seats>=1 seats>2",
            "at 10: `seats` was asked for before; write the values once, with commas between them",
        ),
        ("bought:2026-02-30", "at 8: `2026-02-30` is no date; write such as 2026-03-02"),
        ("thing:printer", "at 7: `printer` is no number; write such as 42"),
        ("field.seats>=5 -field.e5:false", "seats>=5 -(e5:false)"),
        ("rating:5 field.rating:good,none", "rating:5 field.rating:none,good"),
        ("field.rating:5", "at 14: `5` is no choice of it; write one of good, bad"),
        (
            "seats:1 field.seats:2",
            "at 9: `field.seats` was asked for before; write the values once, with commas between them",
        ),
    ] {
        let told = own().read_filter(typed, &asking()).map(|asked| asked.to_string());
        assert_eq!(told.unwrap_or_else(|error| error.to_string()), shown);
    }
    let unknown = own().read_filter("sight:berlin", &asking()).unwrap_err().to_string();
    assert!(unknown.ends_with(
        "resolved, bought, budget, e5, note, field.rating, seats, site, systems, thing"
    ));
    reads("seats5:3", "seats5:3");
}

#[test]
fn a_filter_finds_what_is_in_the_fields_of_a_desks_own() {
    let rules = own();
    let request = OpenTicket::new(ContactId(1), "Printer", "It is on fire.");
    let mut open = serde_json::to_value(request).unwrap();
    open["fields"] = serde_json::json!({
        "site": "none", "seats": 5, "budget": 12.5, "systems": ["erp"], "bought": "2026-02-28"
    });
    let open = TicketAction::Open(serde_json::from_value(open).unwrap());
    let customer = Actor::Contact(ContactId(1));
    let ticket = carry_out(None, &open, customer, &rules, asking().now).unwrap().ticket;
    let finds = |typed: &str| {
        rules.read_filter(typed, &asking()).unwrap().filter.finds(TicketId(1), &ticket)
    };
    for typed in [
        "site:\"none\" seats:5,6 budget:12.50 systems:erp bought:2026-02-28 note:none",
        "seats>4 seats<6 budget>=12.5 budget<12.5001 bought>2026-02-27 bought<=2026-02-28",
        "-systems:mail -site:none -(seats>5)",
    ] {
        assert!(finds(typed), "{typed}");
    }
    for typed in
        ["site:none", "seats<5", "budget>12.5", "systems:mail,none", "e5:false", "-seats:5"]
    {
        assert!(!finds(typed), "{typed}");
    }
}

#[test]
fn a_status_of_the_desks_own_is_asked_for_by_its_name_and_told_to_the_customer() {
    let text = r#"
name = "Shop"
[[lines]]
id = "L1"
[lifecycles.shop]
kinds = ["question"]
statuses = [
    { id = "received", category = "new" },
    { id = "on_the_bench", category = "open", text = { en = "On the bench", ru = "На верстаке" } },
    { id = "being_tested", category = "open" },
    { id = "estimate_sent", category = "pending" },
    { id = "waiting_for_parts", category = "on_hold", hold = "vendor" },
    { id = "ready", category = "resolved" },
    { id = "picked_up", category = "closed" },
]
transitions = [
    { from = "received", to = "on_the_bench" },
    { from = "on_the_bench", to = "being_tested" },
    { from = ["on_the_bench", "being_tested"], to = "waiting_for_parts" },
    { from = "waiting_for_parts", to = "on_the_bench" },
    { from = "on_the_bench", to = "estimate_sent" },
    { from = "estimate_sent", to = "on_the_bench", by = "contact" },
    { from = "being_tested", to = "ready" },
    { from = "ready", to = "picked_up", by = "contact" },
]
[lifecycles.shop.from.default]
pending = "estimate_sent"
"#;
    let rules = Rulebook::from_toml(text, "shop.toml").unwrap_or_else(|error| panic!("{error}"));
    let agent = Actor::Agent(AgentId(7));
    let open = |kind| {
        let mut request = OpenTicket::new(ContactId(1), "Printer", "It is on fire.");
        request.kind = kind;
        let open = TicketAction::Open(Box::new(request));
        carry_out(None, &open, agent, &rules, asking().now).unwrap().ticket
    };
    let (question, incident) = (open(Kind::Question), open(Kind::Incident));
    let finds = |typed: &str, ticket: &Ticket| {
        rules.read_filter(typed, &asking()).unwrap().filter.finds(TicketId(1), ticket)
    };
    assert!(finds("state:received,ready", &question) && !finds("state:received", &incident));
    assert!(finds("state:new", &incident) && !finds("state:new -state:ready", &question));
    let error = rules.read_filter("status:open -(state:bank) bank", &asking()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "at 21: there is no state `bank`; write one of being_tested, closed, estimate_sent, new, on_hold, on_the_bench, open, pending, picked_up, ready, received, resolved, waiting_for_parts"
    );
    let view = format!("{text}[[views]]\nname = \"Bench\"\nfilter = \"state:bank\"\n");
    let refused = Rulebook::from_toml(&view, "shop.toml").unwrap_err().to_string();
    assert!(refused.contains("views[0].filter: no lifecycle has a status `bank`"), "{refused}");

    let begin = TicketAction::Move { to: "on_the_bench".into(), hold: None };
    let begun = carry_out(Some(question), &begin, agent, &rules, asking().now).unwrap().ticket;
    let told = |tongue| brief(&begun, &rules, asking().now).text(tongue);
    assert!(told(Tongue::English).contains("Its status is \"On the bench\"."));
    assert!(told(Tongue::Russian).contains("Статус: «На верстаке»."));
    assert_eq!(brief(&incident, &rules, asking().now).status, None);
}

fn period() -> impl Strategy<Value = Period> {
    let moment = (0..4_000_000_000_000_i64).prop_map(|ms| Timestamp::from_millis(ms).unwrap());
    let bounds = (prop::option::of(moment.clone()), prop::option::of(moment));
    bounds.prop_map(|(from, before)| Period { from, before, never: false })
}

fn flat() -> impl Strategy<Value = TicketFilter> {
    let name = || prop_oneof![Just("none".to_owned()), "[^\\pC]{1,6}", Just("a, \"b\"".to_owned())];
    let words = (
        subsequence(Status::ALL.to_vec(), 0..3),
        subsequence(Priority::ALL.to_vec(), 0..3),
        subsequence(Kind::ALL.to_vec(), 0..3),
        subsequence(Channel::ALL.to_vec(), 0..3),
        subsequence(Impact::ALL.to_vec(), 0..3),
        subsequence(Urgency::ALL.to_vec(), 0..3),
        btree_set(prop::option::of(select(Need::ALL.to_vec())), 0..3),
        btree_set(prop::option::of(select(Discipline::ALL.to_vec())), 0..3),
        btree_set(prop::option::of(select(HoldReason::ALL.to_vec())), 0..3),
    );
    let names = (
        btree_set(name().prop_map(LineId::from), 0..3),
        btree_set(prop::option::of(name().prop_map(TeamId::from)), 0..3),
        btree_set(name().prop_map(Tag::from), 0..3),
        btree_set(name().prop_map(StatusId::from), 0..3),
        btree_set(prop::option::of("[a-z]{2,3}(-[A-Z]{2})?".prop_map(Language::from)), 0..3),
        btree_set(prop::option::of(name()), 0..3),
    );
    let numbers = (
        btree_set(any::<u64>().prop_map(TicketId), 0..3),
        btree_set(prop::option::of(any::<u64>().prop_map(AgentId)), 0..3),
        btree_set(prop::option::of(any::<u64>().prop_map(AgentId)), 0..3),
        btree_set(any::<u64>().prop_map(ContactId), 0..3),
        btree_set(prop::option::of(any::<u64>().prop_map(OrganizationId)), 0..3),
        btree_set(prop::option::of(any::<u64>().prop_map(EquipmentId)), 0..3),
        btree_set(prop::option::of(any::<u64>().prop_map(ContractId)), 0..3),
    );
    let who = prop_oneof![
        any::<u64>().prop_map(|id| PartyId::Contact(ContactId(id))),
        any::<u64>().prop_map(|id| PartyId::Agent(AgentId(id))),
    ];
    let seldom = (
        btree_set(prop::option::of(who), 0..3),
        btree_set(prop::option::of(any::<u64>().prop_map(TicketId)), 0..3),
        btree_set(prop::option::of(any::<u64>().prop_map(TicketId)), 0..3),
        btree_set(prop::option::of(select(ApprovalState::ALL.to_vec())), 0..3),
        btree_set(prop::option::of(1_u8..=5), 0..3),
        any::<Option<bool>>(),
        any::<Option<bool>>(),
        any::<Option<bool>>(),
        any::<Option<bool>>(),
    );
    let never = Period { never: true, ..Period::default() };
    let maybe = || prop_oneof![period(), Just(never)];
    let times = (period(), period(), maybe(), maybe(), maybe());
    (words, names, numbers, seldom, times).prop_map(|(words, names, numbers, seldom, times)| {
        TicketFilter {
            statuses: words.0.into_iter().collect(),
            priorities: words.1.into_iter().collect(),
            kinds: words.2.into_iter().collect(),
            channels: words.3.into_iter().collect(),
            impacts: words.4.into_iter().collect(),
            urgencies: words.5.into_iter().collect(),
            needs: words.6,
            disciplines: words.7,
            holds: words.8,
            languages: names.4,
            tiers: names.5,
            lines: names.0,
            teams: names.1,
            tags: names.2,
            states: names.3,
            numbers: numbers.0,
            assignees: numbers.1,
            offered: numbers.2,
            requesters: numbers.3,
            organizations: numbers.4,
            equipment: numbers.5,
            contracts: numbers.6,
            followers: seldom.0,
            parents: seldom.1,
            problems: seldom.2,
            approvals: seldom.3,
            ratings: seldom.4,
            overdue: seldom.5,
            reopened: seldom.6,
            merged: seldom.7,
            spam: seldom.8,
            opened: times.0,
            updated: times.1,
            due: times.2,
            resolved: times.3,
            snoozed: times.4,
            none: Vec::new(),
            fields: BTreeMap::new(),
        }
    })
}

fn filter() -> impl Strategy<Value = TicketFilter> {
    let some = flat().prop_filter("brackets are not empty", |it| *it != TicketFilter::default());
    (flat(), vec(some, 0..3)).prop_map(|(filter, none)| TicketFilter { none, ..filter })
}

fn word() -> impl Strategy<Value = FilterWord> {
    let exact = "[^\\pC]{0,4}[a-z0-9é][^\\pC]{0,4}".prop_map(FilterWord::exact);
    let stem = "[a-zж0-9]{1,5}([-./][a-z0-9]{1,3})?".prop_map(FilterWord::stem);
    (prop_oneof![exact, stem], any::<bool>())
        .prop_map(|(word, out)| if out { word.excluded() } else { word })
}

proptest! {
    #[test]
    fn what_is_asked_of_a_desks_own_fields_is_read_as_the_same_beside_all_else(
        filter in filter(),
        seats in 0..99_i64,
        good in any::<bool>(),
    ) {
        let word = if good { "good" } else { "bad" };
        let rating = FieldQuery {
            one_of: [Some(crate::FieldValue::Choice(word.into()))].into(),
            ..FieldQuery::default()
        };
        let seats = crate::FieldValue::Integer(seats);
        let seats = FieldQuery { from: Some(seats), ..FieldQuery::default() };
        let fields = [("rating".into(), rating), ("seats".into(), seats)].into();
        let filter = TicketFilter { fields, lines: [].into(), teams: [].into(), ..filter };
        let none = filter.none.into_iter().map(|none| TicketFilter {
            lines: [].into(),
            teams: [].into(),
            states: [].into(),
            statuses: [Status::Open].into(),
            ..none
        });
        let filter = TicketFilter { none: none.collect(), states: [].into(), ..filter };
        let asked = Asked { filter, words: Vec::new() };
        let shown = asked.to_string();
        prop_assert_eq!(own().read_filter(&shown, &asking()), Ok(asked), "{}", shown);
    }

    #[test]
    fn what_is_shown_is_read_as_the_same(filter in filter(), words in vec(word(), 0..3)) {
        let asked = Asked { filter, words };
        let shown = asked.to_string();
        prop_assert_eq!(TicketFilter::read(&shown, &asking()), Ok(asked), "{}", shown);
    }

    #[test]
    fn whatever_is_typed_is_read_or_told_at_a_place_of_it(
        typed in vec(
            select(vec!["-", "(", ")", "\"", "\\", ",", " ", ":", "<", ">=", "due", "tag", "2h", "é"]),
            0..12,
        )
    ) {
        let typed = typed.concat();
        if let Err(error) = TicketFilter::read(&typed, &asking()) {
            prop_assert!(typed.get(error.at.clone()).is_some(), "{error}");
        }
    }
}
