//! What somebody who is erased had beside tickets: their plans and their things.

use firstline::{
    Actor, Command, Contact, ContactId, Desk, Equipment, EquipmentId, OpenTicket, Party, PartyId,
    PartyQuery, PartySearch, Plan, PlanId, TicketQuery,
};

use crate::fixture::{ADA, bob, introduce, moment, monday, rules};

/// Whoever is to be forgotten.
const EVE: ContactId = ContactId(2);

/// The same story on a desk on disk and on one in memory, with its people and Eve.
fn on_disk_and_in_memory(story: impl Fn(&Desk)) {
    let folder = tempfile::tempdir().unwrap();
    for desk in [
        Desk::open_with_time(folder.path(), rules(), monday()).unwrap(),
        Desk::in_memory_with_time(rules(), monday()).unwrap(),
    ] {
        introduce(&desk);
        desk.save_contact(EVE, Contact::new("Eve")).unwrap();
        story(&desk);
    }
}

fn everything(desk: &Desk) -> String {
    let mut output = Vec::new();
    desk.export(&mut output, &mut |_| ()).unwrap();
    String::from_utf8(output).unwrap()
}

fn plan(desk: &Desk, id: PlanId) -> Plan {
    match desk.party(PartyId::Plan(id)).unwrap() {
        Some(Party::Plan(plan)) => plan,
        other => panic!("{other:?}"),
    }
}

fn service(rule: &str, request: OpenTicket) -> Plan {
    let plan = Plan::new("Service for Eve", rule, "2026-03-01".parse().unwrap(), request);
    let at = "08:00".parse().unwrap();
    let checklist = vec!["wugglesnort".into()];
    Plan { at, calendar: Some("office".into()), checklist, ..plan }
}

#[test]
fn the_plans_of_whoever_is_erased_lose_their_words_and_rest() {
    on_disk_and_in_memory(|desk| {
        let words = "The wugglesnort of Eve is to be cleaned.";
        let of_eve =
            service("FREQ=WEEKLY;BYDAY=FR", OpenTicket::new(EVE, "Eve's wugglesnort", words));
        let of_ada = OpenTicket::new(ADA, "Service of the printer", "Clean the rollers.");
        let of_ada = Plan {
            name: "Service for Ada".into(),
            checklist: vec!["rollers".into()],
            ..service("FREQ=DAILY", of_ada)
        };
        desk.save_plan(PlanId(1), of_eve.clone()).unwrap();
        // One that was Eve's, and is Ada's now.
        desk.save_plan(PlanId(2), of_eve).unwrap();
        desk.save_plan(PlanId(2), of_ada).unwrap();
        desk.handle_timeout(moment("2026-03-06T12:00:00+01:00")).unwrap();
        let found = |typed: &str| {
            let search = Some(PartySearch::read(typed).unwrap());
            let query = PartyQuery { search, ..PartyQuery::default() };
            desk.find_parties(&query).unwrap().parties.len()
        };
        assert!(everything(desk).contains("wugglesnort") && found("wugglesnort") == 1);
        desk.erase(bob(), EVE).unwrap();
        assert!(!everything(desk).contains("wugglesnort"), "{}", everything(desk));
        assert_eq!((found("wugglesnort"), found("erased"), found("service for")), (0, 0, 1));
        let rests = plan(desk, PlanId(1));
        assert_eq!((rests.name.as_str(), rests.request.text.as_str()), ("[erased]", "[erased]"));
        assert!(rests.paused && rests.progress.next.is_none(), "{rests:?}");
        assert_eq!(rests.progress.refused.as_deref(), Some("the person it is for was erased"));
        // What was opened stays counted, and nothing more is.
        assert_eq!(rests.progress.opened, 1);
        let asked = || {
            let query = TicketQuery { limit: 200, ..TicketQuery::default() };
            let tickets = desk.tickets(&query).unwrap().tickets;
            let asks = |of| tickets.iter().filter(|it| it.ticket.requester == of).count();
            (asks(EVE), asks(ADA))
        };
        let before = asked();
        desk.handle_timeout(moment("2026-03-13T12:00:00+01:00")).unwrap();
        assert_eq!((before.0, asked()), (1, (1, before.1 + 1)));
        desk.verify().unwrap();
        desk.rebuild().unwrap();
        assert_eq!(plan(desk, PlanId(1)), rests);
        desk.verify().unwrap();
    });
}

/// A thing says whose it is by its name, and where they live; its numbers are its maker's.
#[test]
fn the_things_of_whoever_is_erased_lose_their_name_and_place_and_keep_their_numbers() {
    on_disk_and_in_memory(|desk| {
        let of = |contact, name: &str| Equipment {
            contact: Some(contact),
            site: Some("Wugglesnort Lane 4".into()),
            serial_number: Some("SN-17".into()),
            ..Equipment::new(name)
        };
        let have = |number, thing| {
            let (id, thing) = (PartyId::Equipment(EquipmentId(number)), Party::Equipment(thing));
            let saved = desk.execute(Command::save(Actor::System, id, thing)).unwrap();
            assert_eq!(saved.events, 1);
        };
        have(1, of(EVE, "Eve's wugglesnort"));
        // One that was hers and went to somebody else, and one that never was.
        have(2, of(EVE, "Eve's second"));
        have(2, of(ADA, "Ada's laptop"));
        have(3, of(ADA, "Ada's printer"));
        desk.erase(bob(), EVE).unwrap();
        let thing = |number| match desk.party(PartyId::Equipment(EquipmentId(number))).unwrap() {
            Some(Party::Equipment(thing)) => thing,
            other => panic!("{other:?}"),
        };
        let told = |number| (thing(number).name, thing(number).site, thing(number).serial_number);
        let (place, number) = (Some("Wugglesnort Lane 4".to_owned()), Some("SN-17".to_owned()));
        assert_eq!(told(1), ("[erased]".into(), None, number.clone()));
        assert_eq!(told(2), ("Ada's laptop".into(), place.clone(), number.clone()));
        assert_eq!(told(3), ("Ada's printer".into(), place, number));
        assert!(!everything(desk).contains("Eve's"), "{}", everything(desk));
        desk.verify().unwrap();
        desk.rebuild().unwrap();
        assert_eq!(thing(1).name, "[erased]");
    });
}
