//! Parties are found by their words, in the order of their names, on whatever pages.

use firstline_core::{
    Address, Agent, AgentId, Channel, Contact, ContactId, Equipment, EquipmentId, Organization,
    OrganizationId, Party, PartyId, PartyKind,
};

use super::clerk::{AGENT, Clerk};
use super::{Chapter, chapters};
use crate::error::StoreError;
use crate::journal::{Journal, Reader};
use crate::party::PartyQuery;

pub(super) const CHAPTERS: &[Chapter] = &chapters![
    parties_are_found_by_all_that_was_typed,
    parties_are_listed_by_name_on_pages,
    a_party_is_found_by_what_it_is_called_now,
    nobody_is_found_by_what_was_erased,
];

fn contact(name: &str, mail: &str, phone: &str) -> Party {
    let address = |channel, address: &str| Address { channel, address: address.to_owned() };
    let addresses = vec![address(Channel::Mail, mail), address(Channel::Phone, phone)];
    Party::Contact(Contact { addresses, ..Contact::new(name) })
}

fn fill(journal: &mut dyn Journal) -> Result<(), StoreError> {
    let mut printer = Equipment::new("Printer");
    printer.serial_number = Some("HX-42/1001".to_owned());
    printer.site = Some("Казань".to_owned());
    let parties = [
        (
            PartyId::Organization(OrganizationId(1)),
            Party::Organization(Organization::new("Northwind")),
        ),
        (
            PartyId::Contact(ContactId(1)),
            contact("Ada Byron", "ada@northwind.example", "+44 20 1234"),
        ),
        (
            PartyId::Contact(ContactId(2)),
            contact("Семён Ёлкин", "elkin@severny.example", "+7 495 55-00"),
        ),
        (PartyId::Contact(ContactId(3)), contact("ada lovelace", "a.l@example.org", "+44 20 9999")),
        (
            PartyId::Agent(AgentId(1)),
            Party::Agent(Agent { name: "Ada Byron".into(), ..Agent::default() }),
        ),
        (PartyId::Equipment(EquipmentId(7)), Party::Equipment(printer)),
    ];
    let clerk = Clerk::new();
    for (id, party) in parties {
        Clerk::write(journal, |reader| clerk.of_party(reader, id, party))?;
    }
    Ok(())
}

fn found(reader: &dyn Reader, query: &PartyQuery) -> Result<Vec<String>, StoreError> {
    let page = reader.find_parties(query)?;
    Ok(page.parties.iter().map(|(id, party)| format!("{id} {}", party.name())).collect())
}

#[track_caller]
fn typed(reader: &dyn Reader, text: &str, expected: &[&str]) -> Result<(), StoreError> {
    let query = PartyQuery::typed(text).expect("it is a search");
    assert_eq!(found(reader, &query)?, expected, "{text}");
    Ok(())
}

fn parties_are_found_by_all_that_was_typed(journal: &mut dyn Journal) -> Result<(), StoreError> {
    fill(journal)?;
    let reader = journal.reader()?;
    let reader = &*reader;
    typed(reader, "ada", &["agent 1 Ada Byron", "contact 1 Ada Byron", "contact 3 ada lovelace"])?;
    typed(reader, "BYR ada north", &["contact 1 Ada Byron"])?;
    typed(reader, "northw", &["contact 1 Ada Byron", "organization 1 Northwind"])?;
    typed(reader, "елкин сем", &["contact 2 Семён Ёлкин"])?;
    typed(reader, "+44 (20) 12", &["contact 1 Ada Byron"])?;
    typed(reader, "hx42 10", &["equipment 7 Printer"])?;
    typed(reader, "\"hx421001\"", &["equipment 7 Printer"])?;
    typed(reader, "\"hx4210\"", &[])?;
    typed(reader, "казань print", &["equipment 7 Printer"])?;
    typed(reader, "ada severny", &[])
}

fn parties_are_listed_by_name_on_pages(journal: &mut dyn Journal) -> Result<(), StoreError> {
    fill(journal)?;
    let transaction = journal.begin()?;
    let all = found(&*transaction, &PartyQuery::default())?;
    let by_name = [
        "agent 1 Ada Byron",
        "contact 1 Ada Byron",
        "contact 3 ada lovelace",
        "organization 1 Northwind",
        "equipment 7 Printer",
        "contact 2 Семён Ёлкин",
    ];
    assert_eq!(all, by_name);
    let contacts = PartyQuery { kinds: [PartyKind::Contact].into(), ..PartyQuery::default() };
    assert_eq!(found(&*transaction, &contacts)?, [by_name[1], by_name[2], by_name[5]]);
    for limit in [0, 1, 2, 4, 6, usize::MAX] {
        let mut query = PartyQuery { limit, ..PartyQuery::default() };
        let mut listed = Vec::new();
        loop {
            listed.extend(found(&*transaction, &query)?);
            query.after = transaction.find_parties(&query)?.next;
            if query.after.is_none() {
                break;
            }
        }
        assert_eq!(listed, by_name, "{limit} on a page");
    }
    Ok(())
}

fn a_party_is_found_by_what_it_is_called_now(journal: &mut dyn Journal) -> Result<(), StoreError> {
    fill(journal)?;
    let (clerk, ada) = (Clerk::new(), PartyId::Contact(ContactId(1)));
    let renamed = contact("Ada King", "ada@northwind.example", "+44 20 1234");
    Clerk::write(journal, |reader| clerk.of_party(reader, ada, renamed))?;
    for _ in 0..2 {
        let reader = journal.reader()?;
        typed(&*reader, "byron", &["agent 1 Ada Byron"])?;
        typed(&*reader, "king", &["contact 1 Ada King"])?;
        reader.verify()?;
        drop(reader);
        journal.rebuild()?;
    }
    Ok(())
}

fn nobody_is_found_by_what_was_erased(journal: &mut dyn Journal) -> Result<(), StoreError> {
    fill(journal)?;
    journal.erase(ContactId(1), AGENT, Clerk::new().now)?;
    let reader = journal.reader()?;
    typed(&*reader, "ada", &["agent 1 Ada Byron", "contact 3 ada lovelace"])?;
    typed(&*reader, "northwind", &["organization 1 Northwind"])?;
    assert_eq!(found(&*reader, &PartyQuery::default())?.len(), 6);
    reader.verify().map(drop)
}
