//! What a customer reads in the letters of rules: names and times as people write them.

use std::collections::BTreeMap;

use firstline_sla::Timestamp;

use crate::custom::{FieldInput, Referent};
use crate::id::{AgentId, ContactId, EquipmentId, FieldId, OrganizationId, TicketId};
use crate::people::{Actor, Agent, Contact, Equipment, Organization, Party, PartyId};
use crate::rulebook::Rulebook;
use crate::ticket::{OpenTicket, TicketAction, Turn, carry_out};

const RULES: &str = r#"
name = "Northwind support"
[calendars.office]
time_zone = "Europe/Berlin"
weekly = { mon-fri = ["09:00-17:00"] }
[[lines]]
id = "L1"
[[policies]]
name = "standard"
calendar = "office"
[policies.targets.first_reply]
within = "4h"
"#;

fn now() -> Timestamp {
    "2016-03-08T14:00:00Z".parse().unwrap()
}

/// The rules with one more, which writes this when an agent gets the ticket.
fn rules(letter: &str) -> Rulebook {
    let rule =
        format!("[[rules]]\nname = \"hello\"\non = \"assigned\"\ndo = [{{ note = '{letter}' }}]\n");
    Rulebook::from_toml(&format!("{RULES}{rule}"), "desk.toml").unwrap()
}

/// Makes everybody known whom the ticket has to do with.
fn introduce(rulebook: &mut Rulebook, ada: Contact) {
    for (id, party) in [
        (PartyId::Contact(ContactId(1)), Party::Contact(ada)),
        (PartyId::Agent(AgentId(2)), Party::Agent(Agent::new("Bob"))),
        (
            PartyId::Organization(OrganizationId(3)),
            Party::Organization(Organization::new("Fabrik")),
        ),
        (PartyId::Equipment(EquipmentId(4)), Party::Equipment(Equipment::new("Press 7"))),
    ] {
        rulebook.directory_mut().add(id, &party);
    }
}

/// What the rule writes.
fn written(rulebook: &Rulebook, language: Option<&str>) -> String {
    written_with(rulebook, language, BTreeMap::new())
}

/// The same of a ticket with something in its fields.
fn written_with(
    rulebook: &Rulebook,
    language: Option<&str>,
    fields: BTreeMap<FieldId, FieldInput>,
) -> String {
    let request = OpenTicket {
        number: Some(TicketId(7)),
        organization: Some(OrganizationId(3)),
        equipment: Some(EquipmentId(4)),
        language: language.map(Into::into),
        fields,
        ..OpenTicket::new(ContactId(1), "Press", "It stands still.")
    };
    let (open, ada) = (TicketAction::Open(Box::new(request)), Actor::Contact(ContactId(1)));
    let Turn { ticket, .. } = carry_out(None, &open, ada, rulebook, now()).unwrap();
    let assign = TicketAction::Assign { agent: Some(AgentId(2)) };
    let turn = carry_out(Some(ticket), &assign, Actor::System, rulebook, now()).unwrap();
    let written = turn.events.iter().find_map(|event| match &event.fact {
        crate::ticket::TicketFact::MessageAdded { text, .. } => Some(text.clone()),
        _ => None,
    });
    written.unwrap_or_else(|| panic!("{:#?}", turn.events))
}

const DEAR: &str = "Dear {{ ticket.requester }} of {{ ticket.organization }}, {{ ticket.assignee }} will answer about {{ ticket.equipment }} by {{ ticket.due }}.";

#[test]
fn a_letter_calls_people_by_name_and_tells_times_as_their_clock_shows_them() {
    let mut rulebook = rules(DEAR);
    introduce(&mut rulebook, Contact::new("Ada"));
    assert_eq!(
        written(&rulebook, Some("en-GB")),
        "Dear Ada of Fabrik, Bob will answer about Press 7 by Wed 9 Mar 2016 11:00.",
    );
    let vladivostok = Some("Asia/Vladivostok".to_owned());
    introduce(&mut rulebook, Contact { time_zone: vladivostok, ..Contact::new("Ada") });
    assert_eq!(
        written(&rulebook, Some("en")),
        "Dear Ada of Fabrik, Bob will answer about Press 7 by Wed 9 Mar 2016 20:00.",
    );
}

#[test]
fn a_letter_is_in_the_language_of_its_ticket_or_else_of_whoever_asks() {
    let mut rulebook = rules("{{ ticket.opened }}, {{ ticket.status_label }}");
    introduce(&mut rulebook, Contact { language: Some("ru".into()), ..Contact::new("Ада") });
    assert_eq!(written(&rulebook, None), "вт 8 мар 2016 15:00, В работе");
    assert_eq!(written(&rulebook, Some("en")), "Tue 8 Mar 2016 15:00, Open");
}

#[test]
fn programs_are_told_numbers_and_times_in_one_notation() {
    let mut rulebook = rules(
        "{{ ticket.due_at }} {{ ticket.opened_at }} {{ ticket.assignee_id }} {{ ticket.requester_id }} {{ ticket.organization_id }} {{ ticket.equipment_id }}",
    );
    assert!(!rulebook.names_people());
    introduce(&mut rulebook, Contact::new("Ada"));
    assert_eq!(written(&rulebook, None), "2016-03-09T10:00:00Z 2016-03-08T14:00:00Z 2 1 3 4");
}

#[test]
fn whoever_nobody_has_introduced_is_called_by_number() {
    let rulebook = rules(DEAR);
    assert!(rulebook.names_people());
    assert_eq!(
        written(&rulebook, None),
        "Dear contact 1 of organization 3, agent 2 will answer about equipment 4 by Wed 9 Mar 2016 11:00.",
    );
}

#[test]
fn a_letter_quotes_what_was_said_last_and_not_all_of_a_long_one() {
    let mut rulebook = rules("> {{ ticket.message }}");
    assert!(rulebook.quotes_messages());
    assert_eq!(written(&rulebook, None), "> ");
    rulebook.directory_mut().quote(TicketId(7), "It still stands.");
    assert_eq!(written(&rulebook, None), "> It still stands.");
    rulebook.directory_mut().quote(TicketId(7), &"ж".repeat(4_000));
    assert_eq!(written(&rulebook, None), format!("> {}…", "ж".repeat(2_046)));
}

#[test]
fn a_body_that_tells_a_program_words_for_people_is_remarked_upon() {
    let remarks = |body: &str| {
        let rule = format!(
            "[[rules]]\nname = \"a\"\ndo = [{{ webhook = \"https://example.org/\", body = '{body}' }}]\n"
        );
        let rulebook = Rulebook::from_toml(&format!("{RULES}{rule}"), "desk.toml").unwrap();
        rulebook.remarks(now()).iter().map(|found| found.problem.clone()).collect::<Vec<_>>()
    };
    let lonely = remarks(r#"{"due": "{{ ticket.due }}", "number": {{ ticket.number }}}"#);
    assert_eq!(lonely, ["`ticket.due` is for people: programs read `ticket.due_at`"]);
    assert_eq!(
        remarks(r#"{"text": "Due {{ ticket.due }}", "at": "{{ ticket.due_at }}"}"#),
        [""; 0]
    );
}

#[test]
fn what_is_in_the_fields_of_a_desks_own_is_told_in_the_words_of_the_customer() {
    let fields = r#"
[fields.site]
kind = "choice"
choices = [{ id = "kzn", label = { en = "Kazan", ru = "Казань" } }, "ber"]
[fields.urgent]
kind = "bool"
[fields.owner]
kind = "reference"
to = "agent"
[fields.spare]
kind = "text"
"#;
    let letter = "{{ ticket.fields.site }} {{ ticket.fields.urgent }} {{ ticket.fields.owner }} {{ ticket.fields.spare }}| {{ ticket.values.site }} {{ ticket.values.urgent }} {{ ticket.values.owner }}";
    let rule =
        format!("[[rules]]\nname = \"hello\"\non = \"assigned\"\ndo = [{{ note = '{letter}' }}]\n");
    let text = format!("{RULES}{fields}{rule}");
    let mut rulebook = Rulebook::from_toml(&text, "desk.toml").unwrap();
    introduce(&mut rulebook, Contact::new("Ada"));
    let set = [
        ("site", FieldInput::Text("kzn".into())),
        ("urgent", FieldInput::Bool(true)),
        ("owner", FieldInput::Reference(Referent::Agent(AgentId(2)))),
    ];
    let set = set.map(|(id, input)| (id.into(), input));
    assert_eq!(
        written_with(&rulebook, Some("ru"), set.clone().into()),
        "Казань да Bob | kzn true 2"
    );
    assert_eq!(written_with(&rulebook, Some("en"), set.into()), "Kazan yes Bob | kzn true 2");
    let unknown = text.replace("ticket.fields.site", "ticket.fields.place");
    let refused = Rulebook::from_toml(&unknown, "desk.toml").unwrap_err().to_string();
    assert!(refused.contains("there is no `ticket.fields.place`"), "{refused}");
    assert!(refused.ends_with("ticket.fields.site, ticket.fields.spare, ticket.fields.urgent"));
}
