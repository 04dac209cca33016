//! Maintenance that comes again, as a host sees it.

use std::collections::BTreeSet;

use firstline::{
    Actor, Command, ContactId, Contract, ContractId, Desk, Equipment, EquipmentId, Late,
    OpenTicket, Party, PartyId, Plan, PlanId, PlanRefusal, PlanShift, Planned, Refusal, Rulebook,
    Status, Ticket, TicketFilter, TicketId, TicketQuery,
};
use proptest::prelude::*;
use proptest::sample::select;

use crate::fixture::{ADA, NORTHWIND, ada, bob, desk, moment, request, rules};

const PLAN: PlanId = PlanId(1);

fn service(rule: &str, start: &str) -> Plan {
    let request = OpenTicket::new(ADA, "Service of the printer", "Clean the rollers.");
    let plan = Plan::new("Printer service", rule, start.parse().unwrap(), request);
    Plan {
        at: "08:00".parse().unwrap(),
        calendar: Some("office".into()),
        checklist: vec!["rollers".into(), "counter".into()],
        ..plan
    }
}

fn plan(desk: &Desk) -> Plan {
    match desk.party(PartyId::Plan(PLAN)).unwrap() {
        Some(Party::Plan(plan)) => plan,
        other => panic!("{other:?}"),
    }
}

/// The tickets of plans, by number: date, when they were opened.
fn opened(desk: &Desk) -> Vec<(String, String)> {
    let query = TicketQuery { limit: 200, ..TicketQuery::default() };
    let found = desk.tickets(&query).unwrap().tickets;
    let told =
        |ticket: Ticket| Some((ticket.planned?.date.to_string(), ticket.opened_at.to_string()));
    found.into_iter().rev().filter_map(|found| told(found.ticket)).collect()
}

fn dates(desk: &Desk) -> Vec<String> {
    opened(desk).into_iter().map(|(date, _)| date).collect()
}

#[test]
fn each_date_opens_its_ticket_once_with_its_words_and_its_checklist() {
    let desk = desk();
    desk.save_equipment(7);
    desk.save_contract(1);
    let mut plan = service("FREQ=WEEKLY;BYDAY=FR", "2026-03-01");
    plan.request.equipment = Some(EquipmentId(7));
    plan.request.contract = Some(ContractId(1));
    desk.save_plan(PLAN, plan.clone()).unwrap();
    // Again, as a host's own directory says it each morning: nothing is recorded.
    assert_eq!(desk.save_plan(PLAN, plan).unwrap().events, 0);
    let first = moment("2026-03-06T08:00:00+01:00");
    assert_eq!(desk.poll_timeout().unwrap(), Some(first));
    let woken = desk.handle_timeout(first).unwrap();
    assert_eq!(opened(&desk), [("2026-03-06".to_owned(), "2026-03-06T07:00:00Z".to_owned())]);
    assert_eq!(desk.handle_timeout(first).unwrap().records, 0);
    assert!(woken.next.is_some_and(|next| next <= moment("2026-03-13T08:00:00+01:00")));
    let ticket = desk.ticket(TicketId(1)).unwrap().unwrap().state;
    let planned = Planned { plan: PLAN, date: "2026-03-06".parse().unwrap() };
    assert_eq!((ticket.planned, ticket.equipment), (Some(planned), Some(EquipmentId(7))));
    assert_eq!((ticket.contract, ticket.checklist.len()), (Some(ContractId(1)), 2));
    desk.resolve(bob(), TicketId(1)).unwrap();
    desk.handle_timeout(moment("2026-03-13T08:00:00+01:00")).unwrap();
    assert_eq!(dates(&desk), ["2026-03-06", "2026-03-13"]);
    desk.verify().unwrap();
}

#[test]
fn what_a_sleeping_desk_missed_is_opened_once_or_for_each_date_or_not_at_all() {
    for (late, expected) in [
        (Late::One, vec!["2026-03-06"]),
        (Late::Each, vec!["2026-03-03", "2026-03-04", "2026-03-05", "2026-03-06"]),
        (Late::Skip, vec![]),
    ] {
        let desk = desk();
        let daily = Plan { late, ..service("FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR", "2026-03-01") };
        desk.save_plan(PLAN, daily).unwrap();
        desk.handle_timeout(moment("2026-03-08T12:00:00+01:00")).unwrap();
        assert_eq!(dates(&desk), expected, "{late:?}");
        // It goes on with the next date, whatever was made of those before.
        desk.handle_timeout(moment("2026-03-09T09:00:00+01:00")).unwrap();
        assert_eq!(dates(&desk).last().unwrap(), "2026-03-09", "{late:?}");
    }
    // A ticket that is opened late promises from its date, as on a desk that was awake.
    let desk = desk();
    desk.save_plan(PLAN, service("FREQ=DAILY", "2026-03-01")).unwrap();
    let mut asked = request();
    asked.subject = "A question".into();
    desk.execute(Command::open(ada(), asked).at(moment("2026-03-04T12:00:00+01:00"))).unwrap();
    assert_eq!(opened(&desk), [("2026-03-04".to_owned(), "2026-03-04T07:00:00Z".to_owned())]);
    assert_eq!(desk.ticket(TicketId(2)).unwrap().unwrap().state.subject, "A question");
}

#[test]
fn a_plan_that_is_changed_keeps_what_it_has_done_and_one_that_rests_opens_nothing() {
    let desk = desk();
    desk.save_plan(PLAN, service("FREQ=WEEKLY;BYDAY=FR", "2026-03-01")).unwrap();
    desk.handle_timeout(moment("2026-03-06T08:00:00+01:00")).unwrap();
    let at = |plan: Plan, at: &str| {
        let save = Command::save(Actor::System, PartyId::Plan(PLAN), Party::Plan(plan));
        desk.execute(save.at(moment(at))).unwrap()
    };
    // What a save says of the progress counts for nothing.
    let mut daily = service("FREQ=DAILY", "2026-03-01");
    daily.progress.opened = 99;
    at(daily.clone(), "2026-03-06T12:00:00+01:00");
    let progress = plan(&desk).progress;
    assert_eq!((progress.opened, progress.last), (1, Some("2026-03-06".parse().unwrap())));
    assert_eq!(progress.next.unwrap().date.to_string(), "2026-03-07");
    at(Plan { paused: true, ..daily.clone() }, "2026-03-06T13:00:00+01:00");
    assert_eq!(plan(&desk).progress.next, None);
    desk.handle_timeout(moment("2026-03-10T12:00:00+01:00")).unwrap();
    at(daily, "2026-03-10T12:00:00+01:00");
    desk.handle_timeout(moment("2026-03-11T08:00:00+01:00")).unwrap();
    assert_eq!(dates(&desk), ["2026-03-06", "2026-03-11"]);
    // Good Friday: the next working day takes its place, and the ticket still goes by its date.
    let shifted = Plan {
        shift: PlanShift::Next,
        ..service("FREQ=YEARLY;BYMONTH=4;BYMONTHDAY=3", "2026-01-01")
    };
    at(shifted, "2026-03-11T09:00:00+01:00");
    desk.handle_timeout(moment("2026-04-06T08:00:00+02:00")).unwrap();
    let last = opened(&desk).pop().unwrap();
    assert_eq!(last, ("2026-04-03".to_owned(), "2026-04-06T06:00:00Z".to_owned()));
    desk.verify().unwrap();
}

#[test]
fn what_cannot_come_again_is_refused_and_what_cannot_be_opened_is_told_on_the_plan() {
    let desk = desk();
    let refused = |plan: Plan| desk.save_plan(PLAN, plan).unwrap_err().to_string();
    assert!(
        refused(service("FREQ=SECONDLY", "2026-03-01"))
            .starts_with("by this rule nothing comes again: ")
    );
    let mut elsewhere = service("FREQ=DAILY", "2026-03-01");
    elsewhere.calendar = Some("moon".into());
    assert_eq!(refused(elsewhere), "the rulebook has no calendar `moon`; it has always, office");
    let mut stranger = service("FREQ=DAILY", "2026-03-01");
    stranger.request.requester = ContactId(99);
    assert_eq!(refused(stranger), "contact 99 is not registered; save the contact first");
    let mut wordy = service("FREQ=DAILY", "2026-03-01");
    wordy.checklist = vec!["x".into(); 201];
    assert_eq!(refused(wordy), "201 checks are more than 200");
    let mut forged = request();
    forged.planned = Some(Planned { plan: PLAN, date: "2026-03-06".parse().unwrap() });
    let forged = desk.execute(Command::open(bob(), forged)).unwrap_err();
    assert!(
        matches!(forged, firstline::Error::Refused(Refusal::Plan(PlanRefusal::NotPlanned))),
        "{forged}"
    );

    desk.save_contract(1);
    let mut covered = service("FREQ=DAILY", "2026-03-01");
    covered.request.contract = Some(ContractId(1));
    desk.save_plan(PLAN, covered).unwrap();
    let mut over = contract();
    over.until = Some(moment("2026-03-04T00:00:00+01:00"));
    desk.execute(Command::save(
        Actor::System,
        PartyId::Contract(ContractId(1)),
        Party::Contract(over),
    ))
    .unwrap();
    desk.handle_timeout(moment("2026-03-03T08:00:00+01:00")).unwrap();
    desk.handle_timeout(moment("2026-03-04T08:00:00+01:00")).unwrap();
    assert_eq!(dates(&desk), ["2026-03-03"]);
    let progress = plan(&desk).progress;
    assert_eq!(
        progress.refused.as_deref(),
        Some("the contract `Gold` is not for this: it does not hold any more")
    );
    assert_eq!(progress.next.unwrap().date.to_string(), "2026-03-05");
    // That it is silent is news once, and remarked upon until somebody sees to it.
    let since = moment("2026-03-04T08:00:00+01:00");
    assert_eq!(progress.silent_since, Some(since));
    let remarks = desk.remarks(&rules()).unwrap();
    let told: Vec<&str> = remarks.iter().map(|found| found.problem.as_str()).collect();
    let silent = "plan 1, Printer service, has opened no ticket since 2026-03-04T07:00:00Z: \
                  the contract `Gold` is not for this: it does not hold any more";
    assert!(told.contains(&silent), "{told:?}");
    // A rule without end is asked for its next dates and never unrolled.
    let mut forever = service("FREQ=DAILY", "1970-01-01");
    forever.late = Late::Each;
    desk.save_plan(PlanId(2), forever).unwrap();
    desk.handle_timeout(moment("2026-03-05T08:00:00+01:00")).unwrap();
    assert_eq!(plan(&desk).progress.silent_since, Some(since));
    assert_eq!(dates(&desk).iter().filter(|date| *date == "2026-03-05").count(), 1);
}

fn contract() -> Contract {
    Contract::new("Gold", NORTHWIND)
}

trait Things {
    fn save_equipment(&self, number: u64);
    fn save_contract(&self, number: u64);
}

impl Things for Desk {
    fn save_equipment(&self, number: u64) {
        let mut thing = Equipment::new("Printer");
        thing.organization = Some(NORTHWIND);
        let id = PartyId::Equipment(EquipmentId(number));
        self.execute(Command::save(Actor::System, id, Party::Equipment(thing))).unwrap();
    }

    fn save_contract(&self, number: u64) {
        let id = PartyId::Contract(ContractId(number));
        self.execute(Command::save(Actor::System, id, Party::Contract(contract()))).unwrap();
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    /// However often a desk is woken, each date opens its ticket once, and with `each` none is left
    /// out; the alarm and the command commute.
    #[test]
    fn no_date_comes_twice_however_the_desk_sleeps(
        rule in select(vec![
            "FREQ=DAILY", "FREQ=DAILY;INTERVAL=3;COUNT=9", "FREQ=WEEKLY;BYDAY=MO,FR",
            "FREQ=MONTHLY;BYMONTHDAY=-1", "FREQ=DAILY;UNTIL=20260320",
        ]),
        shift in select(vec![PlanShift::Stay, PlanShift::Next, PlanShift::Previous]),
        late in select(vec![Late::One, Late::Each, Late::Skip]),
        sleeps in prop::collection::vec(1..200_i64, 1..12),
    ) {
        let (woken, asleep) = (desk(), desk());
        for desk in [&woken, &asleep] {
            let plan = Plan { late, shift, ..service(rule, "2026-03-01") };
            desk.save_plan(PLAN, plan).unwrap();
        }
        let begin = moment("2026-03-02T09:00:00+01:00");
        let mut now = begin;
        for hours in sleeps {
            now = now.checked_add_millis(hours * 3_600_000).unwrap();
            woken.handle_timeout(now).unwrap();
            for desk in [&woken, &asleep] {
                desk.execute(Command::open(ada(), request()).at(now)).unwrap();
            }
        }
        asleep.handle_timeout(now).unwrap();
        prop_assert_eq!(opened(&woken), opened(&asleep));
        let came = dates(&woken);
        let once: BTreeSet<&String> = came.iter().collect();
        prop_assert_eq!(once.len(), came.len());
        if late == Late::Each {
            let asked = service(rule, "2026-03-01");
            let all = Plan { shift, ..asked }.coming(&woken.rulebook(), begin).unwrap();
            let all: Vec<String> = all.into_iter().filter(|it| it.at <= now).map(|it| it.date.to_string()).collect();
            prop_assert_eq!(came, all);
        }
        let open = TicketFilter { statuses: [Status::New].into(), ..TicketFilter::default() };
        prop_assert!(woken.count(&open).unwrap() > 0);
        woken.verify().unwrap();
    }
}

/// The rules of the fixture with its calendar, or without it and what needs it.
fn rules_of(has_office: bool) -> Rulebook {
    let lines = "name = \"Northwind support\"\n[[lines]]\nid = \"L1\"\n";
    let without = Rulebook::from_toml(lines, "rules.toml");
    if has_office { rules() } else { without.unwrap() }
}

#[test]
fn a_plan_that_a_missing_calendar_stopped_goes_on_by_itself_when_it_is_back() {
    let desk = desk();
    let weekly = || service("FREQ=WEEKLY;BYDAY=FR", "2026-03-01");
    desk.save_plan(PLAN, weekly()).unwrap();
    desk.adopt(rules_of(false)).unwrap();
    // Rules come into force with the first thing that is recorded under them.
    desk.open_ticket(ada(), request()).unwrap();
    let due = "2026-03-06T08:00:00+01:00";
    desk.handle_timeout(moment(due)).unwrap();
    let stopped = plan(&desk).progress;
    assert_eq!(stopped.next.unwrap().at, moment("2026-03-07T08:00:00+01:00"));
    assert!(stopped.refused.unwrap().contains("`office`"));
    // It is tried again each day, and nothing is opened meanwhile.
    desk.handle_timeout(moment("2026-03-09T12:00:00+01:00")).unwrap();
    let still = plan(&desk).progress;
    assert_eq!((still.opened, still.silent_since), (0, Some(moment(due))));
    desk.adopt(rules_of(true)).unwrap();
    let save = Command::save(Actor::System, PartyId::Plan(PLAN), Party::Plan(weekly()));
    desk.execute(save.at(moment("2026-03-10T09:00:00+01:00"))).unwrap();
    desk.handle_timeout(moment("2026-03-10T12:00:00+01:00")).unwrap();
    assert_eq!(dates(&desk), ["2026-03-06"]);
    let going = plan(&desk).progress;
    assert_eq!(going.next.unwrap().date.to_string(), "2026-03-13");
    assert_eq!((going.refused, going.silent_since), (None, None));
    desk.handle_timeout(moment("2026-03-13T08:00:00+01:00")).unwrap();
    assert_eq!(dates(&desk), ["2026-03-06", "2026-03-13"]);
}

#[test]
fn a_plan_whose_calendar_has_no_working_day_left_goes_on_when_it_has_again() {
    let desk = desk();
    let weekly = service("FREQ=WEEKLY;BYDAY=FR", "2026-03-01");
    desk.save_plan(PLAN, Plan { shift: PlanShift::Next, ..weekly }).unwrap();
    let closed = "name = \"Desk\"\n[[lines]]\nid = \"L1\"\n[calendars.office]\n\
                  time_zone = \"Europe/Berlin\"\n\
                  exceptions = { 2026-03-01 = [\"09:00-12:00\"] }\n";
    desk.adopt(Rulebook::from_toml(closed, "rules.toml").unwrap()).unwrap();
    desk.open_ticket(ada(), request()).unwrap();
    desk.handle_timeout(moment("2026-03-06T08:00:00+01:00")).unwrap();
    let stopped = plan(&desk).progress;
    assert_eq!(
        (stopped.opened, stopped.next.unwrap().date.to_string().as_str()),
        (0, "2026-03-06")
    );
    let why = stopped.refused.unwrap();
    assert!(why.contains("nobody works around 2026-03-06"), "{why}");
    desk.adopt(rules_of(true)).unwrap();
    desk.open_ticket(ada(), request()).unwrap();
    desk.handle_timeout(moment("2026-03-07T08:00:00+01:00")).unwrap();
    assert_eq!(dates(&desk), ["2026-03-06"]);
}

#[test]
fn a_plan_that_can_never_open_a_ticket_is_refused_when_it_is_saved() {
    let desk = desk();
    let refused = |plan: Plan| desk.save_plan(PLAN, plan).unwrap_err().to_string();
    let none = "by this rule nothing comes again: none of its dates lies ahead";
    let of_rule = |rule: &str| refused(service(rule, "2026-03-01"));
    assert_eq!(of_rule("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"), none);
    assert_eq!(of_rule("FREQ=DAILY;UNTIL=20260301"), none);
    let mut nowhere = service("FREQ=DAILY", "2026-03-01");
    nowhere.request.fields = [("nowhere".into(), "x".into())].into();
    assert!(refused(nowhere).contains("`nowhere`"));
}

/// Nobody who only wants to say something waits for years of maintenance.
#[test]
fn a_desk_that_slept_for_months_catches_up_in_several_commits() {
    let desk = desk();
    for number in 1..=30 {
        let daily = Plan { late: Late::Each, ..service("FREQ=DAILY", "2026-03-01") };
        desk.save_plan(PlanId(number), daily).unwrap();
    }
    let count = || desk.head().unwrap().map_or(0, |head| head.seq);
    let before = count();
    let late = moment("2026-07-01T12:00:00+02:00");
    desk.execute(Command::open(ada(), request()).at(late)).unwrap();
    let first = count() - before;
    assert!(first < 4_000, "{first} records in one commit");
    assert!(desk.poll_timeout().unwrap().is_some_and(|at| at <= late));
    desk.handle_timeout(late).unwrap();
    assert!(desk.poll_timeout().unwrap().is_some_and(|at| at > late));
    let opened = |number| match desk.party(PartyId::Plan(PlanId(number))).unwrap() {
        Some(Party::Plan(plan)) => plan.progress.opened,
        other => panic!("{other:?}"),
    };
    let each: Vec<u64> = (1..=30).map(opened).collect();
    assert!(each.iter().all(|opened| *opened == each[0] && *opened > 110), "{each:?}");
}
