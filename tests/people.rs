//! People and things on a desk: what is saved, what is refused, what the desk counts by itself.

use firstline::{
    Actor, Command, Contract, ContractId, Desk, Equipment, EquipmentId, Organization,
    OrganizationId, Party, PartyId, Rate, Unit,
};

use crate::fixture::{NORTHWIND, desk};

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
    gold.organization = OrganizationId(9);
    assert_eq!(
        save(&desk, id, Party::Contract(gold)),
        "organization 9 is not registered; save the organization first"
    );
}
