use super::*;
use crate::id::{Language, Skill};
use crate::ticket::{Channel, Discipline};

const RULES: &str = r#"
name = "Northwind support"
[calendars.office]
time_zone = "UTC"
weekly = { mon-fri = ["09:00-17:00"] }
[[lines]]
id = "L1"
teams = ["desk"]
"#;

fn refusal(id: PartyId, party: &Party) -> String {
    let rules = Rulebook::from_toml(RULES, "people.toml").unwrap();
    party.check(id, &rules).map_or_else(|refusal| refusal.to_string(), |()| "fine".to_owned())
}

const ADA: PartyId = PartyId::Contact(ContactId(1));
const BOB: PartyId = PartyId::Agent(AgentId(1));

#[test]
fn a_person_without_a_name_is_refused() {
    assert_eq!(refusal(BOB, &Party::Agent(Agent::new("  "))), "name is empty");
}

#[test]
fn a_contact_is_saved_as_a_contact_with_a_language_a_zone_and_addresses_that_are_some() {
    let contact = |change: fn(&mut Contact)| {
        let mut worf = Contact::new("Worf");
        change(&mut worf);
        Party::Contact(worf)
    };
    let address = |address: &str| Address { channel: Channel::Mail, address: address.into() };
    let klingon = contact(|worf| worf.language = Some(Language::from("t l h")));
    assert_eq!(
        refusal(ADA, &klingon),
        "`t l h` is not a language tag such as `en`, `ru` or `pt-BR`"
    );
    assert_eq!(
        refusal(BOB, &klingon),
        "what is to be saved is no party of the kind that agent 1 is"
    );
    let in_space = contact(|worf| worf.time_zone = Some("Qonos/First_City".into()));
    assert_eq!(
        refusal(ADA, &in_space),
        "there is no time zone `Qonos/First_City`; write an IANA name such as `Europe/Berlin`"
    );
    let mut twice = Contact::new("Worf");
    twice.addresses = vec![address("worf@example.org"), address("worf@example.org")];
    assert_eq!(
        refusal(ADA, &Party::Contact(twice.clone())),
        "addresses has `mail worf@example.org` twice"
    );
    twice.addresses = (0..=MAX_ADDRESSES).map(|n| address(&format!("{n}@example.org"))).collect();
    assert_eq!(refusal(ADA, &Party::Contact(twice)), "33 addresses are more than 32");
}

#[test]
fn an_agent_works_where_and_when_the_rulebook_knows_it_and_as_much_as_a_person_can() {
    let agent = |change: fn(&mut Agent)| {
        let mut bob = Agent::new("Bob");
        bob.skills.insert(Skill::from("networks"), 3);
        bob.languages.insert(Language::from("ru"));
        bob.disciplines.insert(Discipline::TechnicalSupport);
        bob.lines.insert("L1".into());
        bob.teams.insert("desk".into());
        bob.hours = Some("office".into());
        let weights = [(Channel::Phone, 6), (Channel::Chat, 2)].into();
        bob.capacity = Some(Capacity { total: 6, weights });
        change(&mut bob);
        refusal(BOB, &Party::Agent(bob))
    };
    assert_eq!(agent(|_| ()), "fine");
    let as_a_god = agent(|bob| {
        bob.skills.insert(Skill::from("networks"), 6);
    });
    assert_eq!(as_a_god, "6 is no level of the skill `networks`; it can be from 1 to 5");
    let elsewhere = agent(|bob| {
        bob.lines.insert("L9".into());
    });
    assert_eq!(elsewhere, "the rulebook has no line `L9`; it has L1");
    let with_others = agent(|bob| {
        bob.teams.insert("night".into());
    });
    assert_eq!(with_others, "no line of the rulebook has a team `night`");
    let at_night = agent(|bob| bob.hours = Some("night".into()));
    assert_eq!(at_night, "the rulebook has no calendar `night`; it has always, office");
    let tireless = agent(|bob| {
        bob.capacity = Some(Capacity { total: u32::MAX, weights: [].into() });
    });
    assert_eq!(tireless, "a load of 4294967295 is more than 10000");
}

#[test]
fn a_saved_party_of_a_former_version_is_read_as_it_was() {
    let party: Party = serde_json::from_str(r#"{"agent":{"name":"Bob"}}"#).unwrap();
    assert_eq!(party, Party::Agent(Agent::new("Bob")));
    assert_eq!(serde_json::to_string(&party).unwrap(), r#"{"agent":{"name":"Bob"}}"#);
}

#[test]
fn whoever_is_erased_has_neither_name_nor_addresses() {
    let address = Address { channel: Channel::Phone, address: "+49 30 1234".into() };
    let ada = Contact { addresses: vec![address], ..Contact::new("Ada") };
    assert_eq!(Party::Contact(ada).without_name(), Party::Contact(Contact::new(ERASED)));
}

const PRINTER: PartyId = PartyId::Equipment(EquipmentId(1));
const GOLD: PartyId = PartyId::Contract(ContractId(1));

#[test]
fn equipment_is_told_by_numbers_that_are_some() {
    let printer = Equipment { serial_number: Some("SN\u{7}1".into()), ..Equipment::new("printer") };
    let bell = "serial_number has the control character U+0007 at byte 2";
    assert_eq!(refusal(PRINTER, &Party::Equipment(printer)), bell);
    let json = r#"{"name":"printer","warranty_until":"2026-02-30"}"#;
    let error = serde_json::from_str::<Equipment>(json).unwrap_err().to_string();
    assert!(error.starts_with("`2026-02-30` is no date; write one that exists"), "{error}");
}

#[test]
fn a_contract_has_terms_that_somebody_can_have_agreed_on() {
    let contract = |change: fn(&mut Contract)| {
        let mut gold = Contract::new("gold", OrganizationId(1));
        gold.currency = Some("EUR".into());
        gold.hours = Some("office".into());
        let visit = Rate { unit: Unit::Piece, included: 2, rate: 25_000 };
        gold.services.insert("visit".into(), visit);
        change(&mut gold);
        refusal(GOLD, &Party::Contract(gold))
    };
    let day = |text: &str| format!("{text}T00:00:00Z").parse().ok();
    assert_eq!(contract(|_| ()), "fine");
    assert_eq!(
        contract(|gold| gold.currency = None),
        "the service `visit` has a rate, and the contract no `currency`"
    );
    assert_eq!(
        contract(|gold| gold.currency = Some("euro".into())),
        "`euro` is not a currency such as `EUR` or `RUB`"
    );
    assert_eq!(
        contract(|gold| gold.hours = Some("siesta".into())),
        "the rulebook has no calendar `siesta`; it has always, office"
    );
    assert_eq!(
        contract(|gold| gold.services.get_mut("visit").unwrap().rate = u64::MAX),
        "18446744073709551615 of the service `visit` is more than 1000000000000"
    );
    let mut backwards = Contract::new("gold", OrganizationId(1));
    (backwards.from, backwards.until) = (day("2027-01-01"), day("2026-01-01"));
    assert_eq!(
        refusal(GOLD, &Party::Contract(backwards)),
        "what holds from 2027-01-01T00:00:00Z on cannot end at 2026-01-01T00:00:00Z"
    );
}

#[test]
fn what_is_included_goes_first_and_only_within_the_hours() {
    let mut gold = Contract::new("gold", OrganizationId(1));
    let hour = Rate { unit: Unit::Hour, included: 60, rate: 10_001 };
    gold.services.insert("work".into(), hour);
    gold.services.insert("visit".into(), Rate { unit: Unit::Piece, included: 0, rate: 5 });
    let (work, at) = ("work".into(), "2026-03-02T09:00:00Z".parse().unwrap());
    let charge = |included, charged, cost| Ok(Charge { included, charged, cost });
    assert_eq!(gold.charge(&work, 30, 30, at), charge(30, 0, 0));
    assert_eq!(gold.charge(&work, 30, 10, at), charge(10, 20, 3_334));
    gold.used.insert(work.clone(), 59);
    assert_eq!(gold.charge(&work, 30, 30, at), charge(1, 29, 4_834));
    assert_eq!(gold.charge(&"visit".into(), 3, 3, at), charge(0, 3, 15));
    assert_eq!(
        gold.charge(&"massage".into(), 1, 1, at).unwrap_err().to_string(),
        "the contract has no service `massage`; it has visit, work"
    );
}

/// A period ends on the day of the month on which the contract began, or on the last one of a shorter
/// month, at its hour by the customer's clock.
#[test]
fn what_is_included_per_month_is_there_anew_in_each() {
    let at = |text: &str| text.parse().unwrap();
    let mut gold = Contract::new("gold", OrganizationId(1));
    gold.services.insert("visit".into(), Rate { unit: Unit::Piece, included: 2, rate: 5 });
    (gold.from, gold.included_per) =
        (Some(at("2026-01-31T08:00:00Z")), Some(ContractPeriod::Month));
    gold.time_zone = Some("Europe/Berlin".into());
    for (now, from, until) in [
        ("2026-01-31T08:00:00Z", "2026-01-31T08:00:00Z", "2026-02-28T08:00:00Z"),
        ("2026-02-28T07:59:59Z", "2026-01-31T08:00:00Z", "2026-02-28T08:00:00Z"),
        ("2026-02-28T08:00:00Z", "2026-02-28T08:00:00Z", "2026-03-31T07:00:00Z"),
        ("2027-01-01T00:00:00Z", "2026-12-31T08:00:00Z", "2027-01-31T08:00:00Z"),
    ] {
        assert_eq!(gold.period_at(at(now)), Some((at(from), at(until))), "{now}");
    }
    let visit = "visit".into();
    gold.use_up(&visit, 2, at("2026-02-01T08:00:00Z"));
    gold.use_up(&visit, 1, at("2026-03-01T08:00:00Z"));
    let left = |gold: &Contract, now| gold.left_at(at(now))[0].units;
    assert_eq!((left(&gold, "2026-02-27T08:00:00Z"), left(&gold, "2026-03-02T08:00:00Z")), (0, 1));
    assert_eq!(left(&gold, "2026-04-02T08:00:00Z"), 2);
    gold.give_back(&visit, 5, None, at("2026-02-02T08:00:00Z"));
    assert_eq!((left(&gold, "2026-02-27T08:00:00Z"), left(&gold, "2026-03-02T08:00:00Z")), (2, 1));

    // By quarter, what was used in its months counts together; without a start it is the calendar's.
    (gold.from, gold.included_per) = (None, Some(ContractPeriod::Quarter));
    let quarter = (at("2025-12-31T23:00:00Z"), at("2026-03-31T22:00:00Z"));
    assert_eq!(gold.period_at(at("2026-03-02T08:00:00Z")), Some(quarter));
    assert_eq!(left(&gold, "2026-01-02T08:00:00Z"), 1);
}

/// Two of two visits are used up from 10 February on and one from 10 March on when other terms are agreed,
/// on 25 March.
#[test]
fn what_was_used_in_the_period_that_runs_stays_used_when_other_terms_move_the_periods() {
    let at = |day: &str| format!("{day}T12:00:00Z").parse().unwrap();
    let visit = "visit".into();
    let left = |contract: &Contract, day| contract.left_at(at(day))[0].units;
    for (terms, day, is_left) in [
        (r#"{"time_zone": "UTC"}"#, "2026-03-25", 1),
        (r#"{"time_zone": "UTC"}"#, "2026-03-09", 0),
        (r#"{"time_zone": "UTC"}"#, "2026-04-11", 2),
        (r#"{"time_zone": "Asia/Tokyo"}"#, "2026-03-25", 1),
        (r#"{"time_zone": "Asia/Tokyo"}"#, "2026-03-09", 0),
        (r#"{"from": "2026-01-20T00:00:00Z"}"#, "2026-03-25", 1),
        (r#"{"from": "2026-01-20T00:00:00Z"}"#, "2026-03-19", 0),
        (r#"{"from": "2026-01-20T00:00:00Z"}"#, "2026-04-20", 2),
        (r#"{"from": "2026-03-25T00:00:00Z"}"#, "2026-03-25", 1),
        (r#"{"from": "2026-03-28T00:00:00Z"}"#, "2026-03-25", 1),
        (r#"{"from": "2026-03-28T00:00:00Z"}"#, "2026-03-28", 2),
        (r#"{"from": null}"#, "2026-03-25", 1),
        (r#"{"from": null}"#, "2026-04-01", 2),
        (r#"{"included_per": "year"}"#, "2026-03-25", 0),
    ] {
        let mut gold = Contract::new("gold", OrganizationId(1));
        gold.services.insert("visit".into(), Rate { unit: Unit::Piece, included: 2, rate: 5 });
        gold.from = Some("2026-01-10T00:00:00+01:00".parse().unwrap());
        (gold.included_per, gold.time_zone) =
            (Some(ContractPeriod::Month), Some("Europe/Berlin".into()));
        let since = gold.use_up(&visit, 2, at("2026-02-28"));
        gold.use_up(&visit, 1, at("2026-03-12"));
        let mut saved = serde_json::to_value(&gold).unwrap();
        let terms: serde_json::Value = serde_json::from_str(terms).unwrap();
        for (name, term) in terms.as_object().unwrap() {
            saved[name] = term.clone();
        }
        let mut moved: Contract = serde_json::from_value(saved).unwrap();
        moved.used_since.clear();
        moved.go_on_from(&gold, at("2026-03-25"));
        assert_eq!(left(&moved, day), is_left, "{terms} on {day}: {moved:?}");

        // Saved once more, nothing moves; and what is taken back goes where it was counted.
        let mut again = Contract { name: "more gold".into(), ..moved.clone() };
        again.go_on_from(&moved, at("2026-06-25"));
        assert_eq!(again.used_since, moved.used_since);
        moved.use_up(&visit, 1, at("2026-03-25"));
        moved.give_back(&visit, 2, since, at("2026-02-28"));
        let kept: u64 = moved.used_since.iter().map(|it| it.used[&visit]).sum();
        assert_eq!((kept, left(&moved, "2026-03-25")), (2, 0), "{terms}: {moved:?}");
    }
}

/// What was used in a period that began at the same moment as one that was moved elsewhere is an entry
/// of its own.
#[test]
fn what_counts_elsewhere_by_now_is_not_mixed_with_what_is_used_later() {
    let at = |day: &str| format!("{day}T00:00:00Z").parse().unwrap();
    let visit = "visit".into();
    let mut gold = Contract::new("gold", OrganizationId(1));
    gold.services.insert("visit".into(), Rate { unit: Unit::Piece, included: 2, rate: 5 });
    (gold.from, gold.included_per) = (Some(at("2026-01-10")), Some(ContractPeriod::Month));
    let first = gold.use_up(&visit, 2, at("2026-03-12"));
    let mut moved = Contract { from: Some(at("2026-01-20")), ..gold.clone() };
    moved.go_on_from(&gold, at("2026-03-25"));
    let mut back = Contract { from: gold.from, ..moved.clone() };
    back.go_on_from(&moved, at("2026-04-15"));
    // What ran until 20 April runs until 10 May by now, and 12 March is written down late.
    let second = back.use_up(&visit, 1, at("2026-03-12"));
    let left = |contract: &Contract, day| contract.left_at(at(day))[0].units;
    assert_eq!((left(&back, "2026-03-12"), left(&back, "2026-04-15")), (1, 0));
    assert_ne!(first, second);
    back.give_back(&visit, 2, first, at("2026-03-12"));
    assert_eq!((left(&back, "2026-03-12"), left(&back, "2026-04-15")), (1, 2));
    back.give_back(&visit, 1, second, at("2026-03-12"));
    assert_eq!((left(&back, "2026-03-12"), back.used_since), (2, Vec::new()));
}

/// However often the terms change, what was used in the period that runs is not what is forgotten.
#[test]
fn terms_that_change_every_day_do_not_give_back_what_was_used() {
    let visit = "visit".into();
    let mut gold = Contract::new("gold", OrganizationId(1));
    gold.services.insert("visit".into(), Rate { unit: Unit::Piece, included: 100, rate: 5 });
    gold.included_per = Some(ContractPeriod::Year);
    let begun: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
    for day in 1..=80 {
        let now = begun.checked_add_millis(day * 86_400_000).unwrap();
        let mut moved = Contract { from: Some(now), ..gold.clone() };
        moved.go_on_from(&gold, now);
        moved.use_up(&visit, 1, now);
        gold = moved;
    }
    let now = begun.checked_add_millis(81 * 86_400_000).unwrap();
    assert_eq!(gold.used_since.len(), MAX_PERIODS);
    assert_eq!(gold.left_at(now)[0].units, 20);
}

#[test]
fn what_was_used_long_ago_is_forgotten_and_nothing_is_left_of_then() {
    let at = |text: &str| text.parse().unwrap();
    let mut gold = Contract::new("gold", OrganizationId(1));
    gold.services.insert("visit".into(), Rate { unit: Unit::Piece, included: 2, rate: 5 });
    gold.included_per = Some(ContractPeriod::Month);
    for year in 2020..2027 {
        for month in 1..=12 {
            gold.use_up(&"visit".into(), 1, at(&format!("{year}-{month:02}-07T00:00:00Z")));
        }
    }
    assert_eq!(gold.used_since.len(), MAX_PERIODS);
    let left = |now| gold.left_at(at(now))[0].units;
    assert_eq!((left("2021-12-07T00:00:00Z"), left("2022-01-07T00:00:00Z")), (0, 1));
}

#[test]
fn a_contract_is_for_its_organization_and_things_and_what_belongs_to_them_while_it_holds() {
    let mut gold = Contract::new("gold", OrganizationId(1));
    gold.equipment.insert(EquipmentId(7));
    gold.from = Some("2026-01-01T00:00:00Z".parse().unwrap());
    gold.until = Some("2027-01-01T00:00:00Z".parse().unwrap());
    let why = |organizations: &[u64], equipment: &[u64], now: &str| {
        let of = |id: &u64| PartyId::Organization(OrganizationId(*id));
        let organizations: Vec<_> = organizations.iter().map(of).collect();
        let thing = |id: &u64| PartyId::Equipment(EquipmentId(*id));
        let equipment: Vec<_> = equipment.iter().map(thing).collect();
        match gold.check_covers(&organizations, &equipment, now.parse().unwrap()) {
            Err(Refusal::Contract(ContractRefusal::ContractDoesNotCover { why, .. })) => why,
            other => {
                if other.is_ok() {
                    "it is"
                } else {
                    "another refusal"
                }
            }
        }
    };
    assert_eq!(why(&[3, 1], &[9, 7], "2026-12-31T23:59:59Z"), "it is");
    assert_eq!(
        why(&[1], &[], "2026-06-01T00:00:00Z"),
        "it covers certain equipment, and none is named"
    );
    assert_eq!(why(&[3], &[7], "2026-06-01T00:00:00Z"), "it is with another organization");
    assert_eq!(why(&[1], &[8], "2026-06-01T00:00:00Z"), "it does not cover the equipment");
    assert_eq!(why(&[1], &[7], "2025-12-31T23:59:59Z"), "it does not hold yet");
    assert_eq!(why(&[1], &[7], "2027-01-01T00:00:00Z"), "it does not hold any more");
}

#[test]
fn nothing_is_a_part_of_itself_and_no_tree_is_endless() {
    let thing = |number: u64| PartyId::Equipment(EquipmentId(number));
    let climb = |of: u64, parent: fn(u64) -> Option<u64>| {
        lineage(thing(of), |id| Ok::<_, Refusal>(parent(id.number()).map(thing)))
    };
    assert_eq!(climb(2, |of| (of > 0).then(|| of - 1)), Ok(vec![thing(2), thing(1), thing(0)]));
    assert_eq!(
        climb(2, |of| Some((of + 1) % 3)).unwrap_err().to_string(),
        "equipment 2 would be a part of itself: it is above equipment 1"
    );
    assert_eq!(
        climb(9, |of| Some(of + 1)).unwrap_err().to_string(),
        "equipment 9 would lie more than 64 levels deep"
    );
}
