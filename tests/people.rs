//! People and things on a desk: what is saved, what is refused, what the desk counts by itself.

use firstline::{
    Actor, Agent, AgentId, Command, Contact, ContactId, Contract, ContractId, ContractPeriod, Desk,
    Equipment, EquipmentId, Event, OpenTicket, Organization, OrganizationId, Party, PartyId, Rate,
    Rulebook, Status, Stream, TicketAction, TicketEvent, TicketFact, Tongue, Unit, WorkEntry,
};

use crate::fixture::{NORTHWIND, RULES, ada, bob, desk, introduce, moment, monday, request};

fn save(desk: &Desk, id: PartyId, party: Party) -> String {
    match desk.execute(Command::save(Actor::System, id, party)) {
        Ok(receipt) => format!("{} recorded", receipt.events),
        Err(error) => error.to_string(),
    }
}

#[test]
fn a_tree_of_equipment_and_of_organizations_has_no_way_back() {
    let desk = desk();
    let thing = |number, part_of: Option<u64>| {
        let part_of = part_of.map(EquipmentId);
        let thing = Equipment { part_of, ..Equipment::new(format!("thing {number}")) };
        save(&desk, PartyId::Equipment(EquipmentId(number)), Party::Equipment(thing))
    };
    assert_eq!(thing(2, Some(1)), "equipment 1 is not registered; save the equipment first");
    assert_eq!(thing(1, None), "1 recorded");
    assert_eq!(thing(2, Some(1)), "1 recorded");
    assert_eq!(thing(3, Some(2)), "1 recorded");
    assert_eq!(thing(3, Some(2)), "0 recorded");
    let back = "equipment 1 would be a part of itself: it is above equipment 2";
    assert_eq!(thing(1, Some(3)), back);
    assert_eq!(thing(3, Some(3)), "equipment 3 would be a part of itself: it is above equipment 3");
    let northwind = Organization { parent: Some(NORTHWIND), ..Organization::new("Northwind") };
    assert_eq!(
        save(&desk, PartyId::Organization(NORTHWIND), Party::Organization(northwind)),
        "organization 1 would be a part of itself: it is above organization 1"
    );
    desk.verify().unwrap();
}

#[test]
fn a_contract_that_is_saved_again_keeps_what_is_used_up() {
    let desk = desk();
    let id = PartyId::Contract(ContractId(1));
    let mut gold = Contract::new("gold", NORTHWIND);
    gold.services.insert("visit".into(), Rate { unit: Unit::Piece, included: 4, rate: 0 });
    gold.used.insert("visit".into(), 3);
    assert_eq!(save(&desk, id, Party::Contract(gold.clone())), "1 recorded");
    gold.used.clear();
    assert_eq!(save(&desk, id, Party::Contract(gold.clone())), "0 recorded");
    gold.name = "gold plus".into();
    assert_eq!(save(&desk, id, Party::Contract(gold.clone())), "1 recorded");
    let Some(Party::Contract(saved)) = desk.party(id).unwrap() else { panic!("it is a contract") };
    assert_eq!((saved.name.as_str(), saved.used["visit"]), ("gold plus", 3));
    // What was read before the last visits were counted does not undo that they were.
    gold.used.insert("visit".into(), 1);
    assert_eq!(save(&desk, id, Party::Contract(gold.clone())), "0 recorded");
    gold.organization = OrganizationId(9);
    assert_eq!(
        save(&desk, id, Party::Contract(gold)),
        "organization 9 is not registered; save the organization first"
    );
}

#[test]
fn a_request_is_served_as_its_contract_or_else_its_organization_says() {
    let desk = desk();
    let group = OrganizationId(2);
    desk.save_organization(
        group,
        Organization { tier: Some("silver".into()), ..Organization::new("Group") },
    )
    .unwrap();
    let northwind = Organization { parent: Some(group), ..Organization::new("Northwind") };
    desk.save_organization(NORTHWIND, northwind).unwrap();
    let rack = PartyId::Equipment(EquipmentId(1));
    let server = PartyId::Equipment(EquipmentId(2));
    save(&desk, rack, Party::Equipment(Equipment::new("rack")));
    let part_of = Some(EquipmentId(1));
    save(&desk, server, Party::Equipment(Equipment { part_of, ..Equipment::new("server") }));
    save(&desk, PartyId::Equipment(EquipmentId(3)), Party::Equipment(Equipment::new("chair")));
    let mut gold = Contract::new("gold", group);
    gold.equipment.insert(EquipmentId(1));
    gold.tier = Some("gold".into());
    save(&desk, PartyId::Contract(ContractId(1)), Party::Contract(gold));

    let opened = desk.open_ticket(ada(), request()).unwrap();
    assert_eq!(desk.ticket(opened).unwrap().unwrap().state.tier.as_deref(), Some("silver"));
    let cover = |thing| {
        let (equipment, contract) = (Some(Some(EquipmentId(thing))), Some(Some(ContractId(1))));
        TicketAction::Cover { equipment, contract, tier: None }
    };
    let on = |action| desk.execute(Command::ticket(bob(), opened, action));
    on(cover(2)).unwrap();
    let ticket = desk.ticket(opened).unwrap().unwrap().state;
    assert_eq!(ticket.tier.as_deref(), Some("gold"));
    assert_eq!(ticket.contract, Some(ContractId(1)));
    assert_eq!(
        on(cover(3)).unwrap_err().to_string(),
        "the contract `gold` is not for this: it does not cover the equipment"
    );
    assert_eq!(
        on(cover(9)).unwrap_err().to_string(),
        "equipment 9 is not registered; save the equipment first"
    );
    let by_another = OpenTicket { contract: Some(ContractId(2)), ..request() };
    assert_eq!(
        desk.open_ticket(ada(), by_another).unwrap_err().to_string(),
        "contract 2 is not registered; save the contract first"
    );
}

#[test]
fn who_says_what_a_ticket_is_about_changes_what_they_say_and_nothing_else() {
    let desk = desk();
    let thing = |number, organization| {
        let thing = Equipment { organization, ..Equipment::new(format!("thing {number}")) };
        save(&desk, PartyId::Equipment(EquipmentId(number)), Party::Equipment(thing))
    };
    let (group, other) = (OrganizationId(2), OrganizationId(3));
    desk.save_organization(group, Organization::new("Group")).unwrap();
    desk.save_organization(other, Organization::new("Another")).unwrap();
    let northwind = Organization { parent: Some(group), ..Organization::new("Northwind") };
    desk.save_organization(NORTHWIND, northwind).unwrap();
    for (number, owner) in [(1, Some(NORTHWIND)), (2, Some(group)), (3, Some(other)), (4, None)] {
        thing(number, owner);
    }
    let mut gold = Contract::new("gold", NORTHWIND);
    gold.tier = Some("gold".into());
    save(&desk, PartyId::Contract(ContractId(1)), Party::Contract(gold.clone()));
    gold.name = "gold, for one thing".into();
    gold.equipment.insert(EquipmentId(4));
    save(&desk, PartyId::Contract(ContractId(2)), Party::Contract(gold));
    let opened =
        desk.open_ticket(ada(), OpenTicket { contract: Some(ContractId(1)), ..request() }).unwrap();
    let cover = |json: &str| {
        let action: TicketAction = serde_json::from_str(json).unwrap();
        let said = desk.execute(Command::ticket(bob(), opened, action));
        let ticket = desk.ticket(opened).unwrap().unwrap().state;
        let (thing, on) = (ticket.equipment.map(|it| it.0), ticket.contract.map(|it| it.0));
        said.map(|_| (thing, on, ticket.tier)).map_err(|error| error.to_string())
    };
    let gold = || Some("gold".to_owned());
    assert_eq!(cover(r#"{"cover": {"equipment": 1}}"#), Ok((Some(1), Some(1), gold())));
    assert_eq!(cover(r#"{"cover": {"equipment": 2}}"#), Ok((Some(2), Some(1), gold())));
    let refused = "equipment 3 is that of organization 3, and organization 1 asks";
    assert_eq!(cover(r#"{"cover": {"equipment": 3}}"#), Err(refused.to_owned()));
    let platinum = Some("platinum".to_owned());
    assert_eq!(cover(r#"{"cover": {"tier": "platinum"}}"#), Ok((Some(2), Some(1), platinum)));
    assert_eq!(cover(r#"{"cover": {"tier": null}}"#), Ok((Some(2), Some(1), gold())));
    let refused =
        "the contract `gold, for one thing` is not for this: it does not cover the equipment";
    assert_eq!(cover(r#"{"cover": {"contract": 2}}"#), Err(refused.to_owned()));
    let of_one = r#"{"cover": {"contract": 2, "equipment": 4}}"#;
    assert_eq!(cover(of_one), Ok((Some(4), Some(2), gold())));
    let refused = "the contract `gold, for one thing` is not for this: it covers certain equipment, and none is named";
    assert_eq!(cover(r#"{"cover": {"equipment": null}}"#), Err(refused.to_owned()));
    let nothing = r#"{"cover": {"contract": null, "equipment": null}}"#;
    assert_eq!(cover(nothing), Ok((None, None, None)));
    let of_another = OpenTicket { equipment: Some(EquipmentId(3)), ..request() };
    let refused = "equipment 3 is that of organization 3, and organization 1 asks";
    assert_eq!(desk.open_ticket(ada(), of_another).unwrap_err().to_string(), refused);
    desk.verify().unwrap();
}

#[test]
fn a_contract_that_has_ended_serves_nobody_any_more() {
    let desk = desk();
    let mut gold = Contract::new("gold", NORTHWIND);
    (gold.tier, gold.until) = (Some("gold".into()), Some(moment("2026-03-10T00:00:00+01:00")));
    gold.services.insert("work".into(), Rate { unit: Unit::Hour, included: 600, rate: 0 });
    save(&desk, PartyId::Contract(ContractId(1)), Party::Contract(gold));
    let request = OpenTicket { contract: Some(ContractId(1)), ..request() };
    let tickets = [(); 2].map(|()| desk.open_ticket(ada(), request.clone()).unwrap());
    let at = |ticket, by, action, at: &str| {
        desk.execute(Command::ticket(by, ticket, action).at(moment(at)))
    };
    let says = || TicketAction::Reply { text: "Again!".into(), then: None };
    let split = || TicketAction::Split { message: 2, subject: "Scanner".into() };
    let served = |stream| {
        let Stream::Ticket(id) = stream else { panic!("{stream:?} is no ticket") };
        let ticket = desk.ticket(id).unwrap().unwrap().state;
        (ticket.contract.map(|it| it.0), ticket.tier)
    };
    at(tickets[0], ada(), says(), "2026-03-09T09:00:00+01:00").unwrap();
    let half = at(tickets[0], bob(), split(), "2026-03-09T10:00:00+01:00").unwrap();
    assert_eq!(served(half.stream), (Some(1), Some("gold".into())));
    let half = at(tickets[0], bob(), split(), "2026-03-10T10:00:00+01:00").unwrap();
    assert_eq!(served(half.stream), (None, None));
    let log = |from: Option<&str>| {
        let (service, from) = (Some("work".into()), from.map(moment));
        let entry = WorkEntry { service, amount: 30, from, note: None };
        let done = at(tickets[0], bob(), TicketAction::LogWork(entry), "2026-03-10T11:00:00+01:00");
        done.map(|_| ()).map_err(|error| error.to_string())
    };
    let refused = "the contract `gold` is not for this: it does not hold any more";
    assert_eq!(log(None), Err(refused.to_owned()));
    assert_eq!(log(Some("2026-03-09T16:00:00+01:00")), Ok(()));
    for to in [Status::Resolved, Status::Closed] {
        let action = TicketAction::ChangeStatus { to, hold: None };
        at(tickets[1], bob(), action, "2026-03-10T12:00:00+01:00").unwrap();
    }
    let after = at(tickets[1], ada(), says(), "2026-03-11T09:00:00+01:00").unwrap();
    assert_eq!(served(after.stream), (None, None));
    desk.rebuild().unwrap();
    desk.verify().unwrap();
}

#[test]
fn a_request_that_names_no_contract_is_under_that_of_its_organization_while_it_is_for_it() {
    let desk = desk();
    let until = moment("2026-03-03T00:00:00+01:00");
    let gold = Contract {
        tier: Some("gold".into()),
        until: Some(until),
        ..Contract::new("gold", NORTHWIND)
    };
    save(&desk, PartyId::Contract(ContractId(1)), Party::Contract(gold));
    let unknown = Organization { contract: Some(ContractId(2)), ..Organization::new("Northwind") };
    let refused = desk.save_organization(NORTHWIND, unknown).unwrap_err().to_string();
    assert!(refused.contains("contract 2 is not registered"), "{refused}");
    let usual = Organization { contract: Some(ContractId(1)), ..Organization::new("Northwind") };
    desk.save_organization(NORTHWIND, usual).unwrap();
    // A part of it has none of its own.
    let part = OrganizationId(77);
    let depot = Organization { parent: Some(NORTHWIND), ..Organization::new("Depot") };
    desk.save_organization(part, depot).unwrap();
    let open = |at: &str, organization| {
        let request = OpenTicket { organization, ..request() };
        let receipt = desk.execute(Command::open(ada(), request).at(moment(at))).unwrap();
        let Stream::Ticket(id) = receipt.stream else { panic!("{receipt:?}") };
        let ticket = desk.ticket(id).unwrap().unwrap().state;
        (ticket.contract, ticket.tier)
    };
    let under = (Some(ContractId(1)), Some("gold".to_owned()));
    assert_eq!(open("2026-03-02T10:00:00+01:00", None), under);
    assert_eq!(open("2026-03-02T11:00:00+01:00", Some(part)), under);
    // It does not hold any more.
    assert_eq!(open("2026-03-03T09:00:00+01:00", None), (None, None));
}

#[test]
fn a_rule_hears_of_work_that_is_not_included_any_more() {
    let rules = format!(
        "{RULES}[[rules]]\nname = \"tell sales\"\non = [\"work_charged\"]\ndo = [{{ tag = \"beyond\" }}]\n"
    );
    let rules = Rulebook::from_toml(&rules, "rules.toml").unwrap();
    let desk = Desk::in_memory_with_time(rules, monday()).unwrap();
    introduce(&desk);
    let mut gold = Contract::new("gold", NORTHWIND);
    gold.currency = Some("EUR".into());
    gold.services.insert("work".into(), Rate { unit: Unit::Hour, included: 60, rate: 9_000 });
    save(&desk, PartyId::Contract(ContractId(1)), Party::Contract(gold));
    let request = OpenTicket { contract: Some(ContractId(1)), ..request() };
    let ticket = desk.open_ticket(ada(), request).unwrap();
    let mut tagged = Vec::new();
    for minutes in [40, 20, 1] {
        let service = Some("work".into());
        let entry = WorkEntry { service, amount: minutes, from: None, note: None };
        desk.execute(Command::ticket(bob(), ticket, TicketAction::LogWork(entry))).unwrap();
        tagged.push(desk.ticket(ticket).unwrap().unwrap().state.tags.contains("beyond"));
    }
    assert_eq!(tagged, [false, false, true]);
}

#[test]
fn a_customer_far_away_is_told_in_their_language_by_the_clock_on_their_wall() {
    let desk = desk();
    let ticket = desk.open_ticket(ada(), request()).unwrap();
    let by = |ticket| desk.brief(ticket).unwrap().text(Tongue::Russian);
    let office = by(ticket);
    assert_eq!(desk.ticket(ticket).unwrap().unwrap().state.language, None);
    let mut contact = Contact::new("Ада");
    (contact.language, contact.time_zone) = (Some("ru".into()), Some("Asia/Vladivostok".into()));
    desk.save_contact(ContactId(1), contact).unwrap();
    let ticket = desk.open_ticket(ada(), request()).unwrap();
    assert_eq!(desk.ticket(ticket).unwrap().unwrap().state.language, Some("ru".into()));
    assert!(
        office.ends_with("до пн 2 мар 2026 13:00. Будет готово до вт 3 мар 2026 17:00."),
        "{office}"
    );
    let home = by(ticket);
    assert!(
        home.ends_with("до пн 2 мар 2026 22:00. Будет готово до ср 4 мар 2026 02:00."),
        "{home}"
    );
    let english = OpenTicket { language: Some("en".into()), ..request() };
    let ticket = desk.open_ticket(ada(), english).unwrap();
    assert_eq!(desk.ticket(ticket).unwrap().unwrap().state.language, Some("en".into()));
}

#[test]
fn work_is_counted_on_the_contract_in_its_hours_and_then_costs() {
    let desk = desk();
    let mut gold = Contract::new("gold", NORTHWIND);
    (gold.currency, gold.hours) = (Some("EUR".into()), Some("office".into()));
    gold.services.insert("work".into(), Rate { unit: Unit::Hour, included: 60, rate: 9_000 });
    gold.services.insert("visit".into(), Rate { unit: Unit::Piece, included: 1, rate: 5_000 });
    save(&desk, PartyId::Contract(ContractId(1)), Party::Contract(gold));
    let request = OpenTicket { contract: Some(ContractId(1)), ..request() };
    let ticket = desk.open_ticket(ada(), request).unwrap();
    let log = |at: &str, service: Option<&str>, amount| {
        let service = service.map(Into::into);
        let entry = WorkEntry { service, amount, from: None, note: None };
        let mut command = Command::ticket(bob(), ticket, TicketAction::LogWork(entry));
        command.at = Some(moment(at));
        desk.execute(command).map_err(|error| error.to_string())
    };
    let cost = || {
        let cost = desk.ticket(ticket).unwrap().unwrap().state.worked.cost;
        cost.get("EUR").copied().unwrap_or(0)
    };
    // From 16:20 to 17:20: forty minutes within the hours, twenty after them.
    log("2026-03-02T17:20:00+01:00", Some("work"), 60).unwrap();
    assert_eq!(cost(), 3_000);
    // Twenty are left.
    log("2026-03-03T12:00:00+01:00", Some("work"), 30).unwrap();
    assert_eq!(cost(), 4_500);
    log("2026-03-03T18:00:00+01:00", Some("visit"), 1).unwrap();
    assert_eq!(cost(), 9_500);
    log("2026-03-04T12:00:00+01:00", Some("visit"), 2).unwrap();
    assert_eq!(cost(), 14_500);
    let contract = desk.party(PartyId::Contract(ContractId(1))).unwrap();
    let Some(Party::Contract(contract)) = contract else { panic!("it is a contract") };
    assert_eq!((contract.used["work"], contract.used["visit"]), (60, 1));
    assert_eq!(
        log("2026-03-04T12:00:00+01:00", None, 5).unwrap_err(),
        "work under a contract says which service it was: visit, work"
    );
    assert_eq!(
        log("2026-03-04T12:00:00+01:00", Some("tea"), 5).unwrap_err(),
        "the contract has no service `tea`; it has visit, work"
    );
    let told = desk.brief(ticket).unwrap().text(Tongue::English);
    let back = |entry, by| {
        let action = TicketAction::TakeBackWork { entry, reason: "Another customer.".into() };
        let mut command = Command::ticket(by, ticket, action);
        command.at = Some(moment("2026-03-04T13:00:00+01:00"));
        desk.execute(command).map_err(|error| error.to_string())
    };
    assert!(told.starts_with("1 h 30 min of work so far, 145.00 EUR to pay."), "{told}");
    // The second entry used up the last twenty minutes and cost the rest.
    back(2, bob()).unwrap();
    assert_eq!(cost(), 13_000);
    let contract = desk.party(PartyId::Contract(ContractId(1))).unwrap();
    let Some(Party::Contract(contract)) = contract else { panic!("it is a contract") };
    assert_eq!((contract.used["work"], contract.used["visit"]), (40, 1));
    assert_eq!(back(2, bob()).unwrap_err(), "the work entry 2 was taken back already");
    assert_eq!(back(5, bob()).unwrap_err(), "the ticket has no work entry 5; it has 4");
    assert_eq!(
        back(1, ada()).unwrap_err(),
        "contact 1 may not take work back: that takes an agent"
    );
    log("2026-03-04T14:00:00+01:00", Some("work"), 20).unwrap();
    assert_eq!(cost(), 13_000);
    desk.verify().unwrap();
}

/// Hours under another name are no hours, and whoever works by them would get nothing.
#[test]
fn a_calendar_that_is_called_otherwise_is_missed_before_the_rules_come_into_force() {
    let desk = desk();
    let eve = Agent { hours: Some("office".into()), ..Agent::new("Eve") };
    assert_eq!(save(&desk, PartyId::Agent(AgentId(2)), Party::Agent(eve)), "1 recorded");
    assert_eq!(desk.remarks(&desk.rulebook()).unwrap(), []);
    let renamed =
        RULES.replace("calendars.office", "calendars.day").replace("\"office\"", "\"day\"");
    let renamed = Rulebook::from_toml(&renamed, "rules.toml").unwrap();
    let told: Vec<String> =
        desk.remarks(&renamed).unwrap().iter().map(ToString::to_string).collect();
    let [only] = &told[..] else { panic!("{told:?}") };
    assert!(
        only.starts_with("rules.toml:1: warning: agent 2, Eve, does not go with these rules: "),
        "{only}"
    );
    assert!(only.contains("`office`"), "{only}");
}

#[test]
fn what_a_ticket_was_opened_with_by_mistake_is_put_right() {
    let desk = desk();
    let (eve, gold, other) = (ContactId(2), ContractId(1), OrganizationId(2));
    let another = Organization { tier: Some("silver".into()), ..Organization::new("Another") };
    desk.save_organization(other, another).unwrap();
    let person =
        Contact { organization: Some(other), language: Some("de".into()), ..Contact::new("Eve") };
    desk.save_contact(eve, person).unwrap();
    let mut contract = Contract::new("gold", NORTHWIND);
    contract.tier = Some("gold".into());
    save(&desk, PartyId::Contract(gold), Party::Contract(contract));
    let owned = Equipment { organization: Some(NORTHWIND), ..Equipment::new("loom") };
    save(&desk, PartyId::Equipment(EquipmentId(1)), Party::Equipment(owned));
    let request = OpenTicket {
        contract: Some(gold),
        equipment: Some(EquipmentId(1)),
        channel: firstline::Channel::Phone,
        ..request()
    };
    let opened = desk.open_ticket(bob(), request).unwrap();
    let by = |by: Actor, json: &str| {
        let action: TicketAction = serde_json::from_str(json).unwrap();
        let said = desk.execute(Command::ticket(by, opened, action));
        let of = desk.ticket(opened).unwrap().unwrap().state;
        let language = of.language.as_ref().map_or("none", |it| it.as_str()).to_owned();
        let numbers = (of.requester.0, of.organization.map_or(0, |it| it.0));
        let tier = of.tier.unwrap_or_default();
        said.map(|_| (of.subject, numbers, language, tier)).map_err(|error| error.to_string())
    };
    let correct = |json: &str| by(bob(), json);
    let is = |subject: &str, numbers, language: &str, tier: &str| {
        Ok((subject.to_owned(), numbers, language.to_owned(), tier.to_owned()))
    };
    let subject = r#"{"correct": {"subject": "The printer burns"}}"#;
    assert_eq!(
        by(ada(), subject),
        Err("contact 1 may not correct tickets: that takes an agent".to_owned())
    );
    assert_eq!(correct(subject), is("The printer burns", (1, 1), "none", "gold"));
    let nothing = "the correction says nothing that the ticket does not say already";
    assert_eq!(correct(subject), Err(nothing.to_owned()));
    assert_eq!(correct(r#"{"correct": {}}"#), Err(nothing.to_owned()));
    assert_eq!(
        correct(r#"{"correct": {"requester": 9}}"#),
        Err("contact 9 is not registered; save the contact first".to_owned())
    );
    // She is of another company: neither the thing nor the contract is for her.
    assert_eq!(
        correct(r#"{"correct": {"requester": 2}}"#),
        Err("equipment 1 is that of organization 1, and organization 2 asks".to_owned())
    );
    assert_eq!(
        correct(r#"{"correct": {"requester": 2, "equipment": null}}"#),
        Err("the contract `gold` is not for this: it is with another organization".to_owned())
    );
    let hers = r#"{"correct": {"requester": 2, "equipment": null, "contract": null}}"#;
    assert_eq!(correct(hers), is("The printer burns", (2, 2), "de", "silver"));
    let back = r#"{"correct": {"requester": 1, "language": null, "contract": 1}}"#;
    assert_eq!(correct(back), is("The printer burns", (1, 1), "none", "gold"));
    let list = |who| {
        let filter = firstline::TicketFilter { requesters: [who].into(), ..Default::default() };
        desk.count(&filter).unwrap()
    };
    assert_eq!((list(ContactId(1)), list(eve)), (1, 0));
    // The wrong customer's ticket is not merged with another one and carried off.
    let second = desk.open_ticket(ada(), crate::fixture::request()).unwrap();
    let merge = TicketAction::MergeInto { ticket: opened };
    desk.execute(Command::ticket(bob(), second, merge)).unwrap();
    assert_eq!(
        correct(hers),
        Err("tickets that were merged into it would be another customer's: #2; undo that first"
            .to_owned())
    );
    desk.execute(Command::ticket(bob(), second, TicketAction::UndoMerge)).unwrap();
    let second = desk.ticket(second).unwrap().unwrap().state;
    assert_eq!(second.subject, crate::fixture::request().subject);
    desk.verify().unwrap();
}

#[test]
fn what_a_contract_includes_per_month_is_left_again_in_the_next_one() {
    let desk = desk();
    let mut gold = Contract::new("gold", NORTHWIND);
    (gold.from, gold.included_per) =
        (Some(moment("2026-02-15T00:00:00+01:00")), Some(ContractPeriod::Month));
    (gold.currency, gold.time_zone) = (Some("EUR".into()), Some("Europe/Berlin".into()));
    gold.services.insert("work".into(), Rate { unit: Unit::Hour, included: 60, rate: 6_000 });
    save(&desk, PartyId::Contract(ContractId(1)), Party::Contract(gold));
    let request = OpenTicket { contract: Some(ContractId(1)), ..request() };
    let ticket = desk.open_ticket(ada(), request).unwrap();
    let log = |at: &str, amount| {
        let entry = WorkEntry { service: Some("work".into()), amount, from: None, note: None };
        let mut command = Command::ticket(bob(), ticket, TicketAction::LogWork(entry));
        command.at = Some(moment(at));
        desk.execute(command).unwrap();
        let timeline = desk.timeline(ticket).unwrap();
        timeline.iter().rev().find_map(|record| match &record.event {
            Event::Ticket(TicketEvent { fact: TicketFact::WorkLogged(it), .. }) => {
                Some((it.charge?.cost, it.left.as_ref()?.units))
            }
            _ => None,
        })
    };
    assert_eq!(log("2026-03-14T12:00:00+01:00", 45), Some((0, 15)));
    let told = desk.brief(ticket).unwrap().text(Tongue::English);
    assert!(
        told.contains("Included until Sun 15 Mar 2026 00:00 and not used yet: work 15 min."),
        "{told}"
    );
    assert_eq!(log("2026-03-14T18:00:00+01:00", 30), Some((1_500, 0)));
    assert_eq!(log("2026-03-16T12:00:00+01:00", 30), Some((0, 30)));
    let told = desk.brief(ticket).unwrap().text(Tongue::Russian);
    assert!(
        told.contains("Включено до ср 15 апр 2026 00:00 и не израсходовано: work 30 мин."),
        "{told}"
    );
    desk.verify().unwrap();
}

/// The zone of a contract was a slip and is put right in mid-month.
#[test]
fn what_was_used_before_a_contract_changed_its_zone_stays_used_and_is_taken_back_where_it_was() {
    let desk = desk();
    let mut gold = Contract::new("gold", NORTHWIND);
    (gold.included_per, gold.currency) = (Some(ContractPeriod::Month), Some("EUR".into()));
    gold.time_zone = Some("Europe/Berlin".into());
    gold.services.insert("work".into(), Rate { unit: Unit::Hour, included: 60, rate: 6_000 });
    let id = PartyId::Contract(ContractId(1));
    save(&desk, id, Party::Contract(gold.clone()));
    let request = OpenTicket { contract: Some(ContractId(1)), ..request() };
    let ticket = desk.open_ticket(ada(), request).unwrap();
    let act = |at: &str, json: &str| {
        let mut command =
            Command::ticket(bob(), ticket, serde_json::from_str::<TicketAction>(json).unwrap());
        command.at = Some(moment(at));
        desk.execute(command).unwrap();
        let Some(Party::Contract(gold)) = desk.party(id).unwrap() else { panic!("it is one") };
        gold.left_at(moment(at))[0].units
    };
    let work = |amount| format!(r#"{{"log_work": {{"service": "work", "amount": {amount}}}}}"#);
    let mut zoned = |at: &str, zone: &str| {
        gold.time_zone = Some(zone.to_owned());
        let mut command = Command::save(Actor::System, id, Party::Contract(gold.clone()));
        command.at = Some(moment(at));
        desk.execute(command).unwrap();
    };
    assert_eq!(act("2026-03-12T12:00:00Z", &work(45)), 15);
    zoned("2026-03-13T12:00:00Z", "UTC");
    assert_eq!(act("2026-03-14T12:00:00Z", &work(10)), 5);
    zoned("2026-03-15T12:00:00Z", "America/New_York");
    let back = r#"{"take_back_work": {"entry": 1, "reason": "It was another ticket."}}"#;
    assert_eq!(act("2026-03-16T12:00:00Z", back), 50);
    let back = r#"{"take_back_work": {"entry": 2, "reason": "That was too."}}"#;
    assert_eq!(act("2026-03-17T12:00:00Z", back), 60);
    desk.verify().unwrap();
}

/// A contract that included its units once and for all includes them each month from now on.
#[test]
fn what_was_counted_once_and_for_all_is_given_back_there_and_not_to_a_month() {
    let desk = desk();
    let mut gold = Contract::new("gold", NORTHWIND);
    gold.services.insert("visit".into(), Rate { unit: Unit::Piece, included: 4, rate: 0 });
    let id = PartyId::Contract(ContractId(1));
    save(&desk, id, Party::Contract(gold.clone()));
    let request = OpenTicket { contract: Some(ContractId(1)), ..request() };
    let ticket = desk.open_ticket(ada(), request).unwrap();
    let act = |json: &str| {
        let action = serde_json::from_str::<TicketAction>(json).unwrap();
        desk.execute(Command::ticket(bob(), ticket, action)).unwrap();
        let Some(Party::Contract(gold)) = desk.party(id).unwrap() else { panic!("it is one") };
        (gold.used.get("visit").copied(), gold.used_since.len())
    };
    let visit = r#"{"log_work": {"service": "visit", "amount": 1}}"#;
    assert_eq!(act(visit), (Some(1), 0));
    gold.included_per = Some(ContractPeriod::Month);
    save(&desk, id, Party::Contract(gold));
    assert_eq!(act(visit), (Some(1), 1));
    let back = r#"{"take_back_work": {"entry": 1, "reason": "Nobody was there."}}"#;
    assert_eq!(act(back), (None, 1));
}
