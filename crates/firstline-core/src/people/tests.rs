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
