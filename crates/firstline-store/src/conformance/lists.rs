//! Lists hold the right tickets, in the right order, on whatever pages.

use core::cmp::Reverse;
use std::collections::BTreeMap;

use firstline_core::{
    AgentId, Asking, Channel, ContactId, ContractId, Discipline, EquipmentId, FieldId, FieldInput,
    FieldValue, HoldReason, Impact, Kind, Need, OpenTicket, OrganizationId, Priority,
    ReferenceKind, Status, Ticket, TicketAction, TicketFilter, TicketId, Timestamp, Urgency,
};

use super::clerk::{AGENT, CUSTOMER, Clerk, reply, request};
use super::{Chapter, chapters};
use crate::error::StoreError;
use crate::journal::{Journal, Reader};
use crate::query::{Cursor, Found, MAX_PAGE, Sort, TicketQuery};

pub(super) const CHAPTERS: &[Chapter] = &chapters![
    every_filter_in_every_order,
    any_number_of_numbers,
    pages_under_way,
    a_cursor_of_another_order_is_refused,
];

pub(super) const SORTS: [Sort; 4] = [Sort::Newest, Sort::Due, Sort::Priority, Sort::Updated];

/// A list, and which tickets belong into it.
pub(super) type Case = (TicketQuery, Belongs);

type Belongs = fn(&Ticket) -> bool;

pub(super) fn cases() -> Vec<Case> {
    let cases: [(&str, Belongs); 49] = [
        ("", |_| true),
        ("status:new", |t| t.status == Status::New),
        ("status:unsolved", |t| t.status.is_open()),
        ("status:pending,resolved", |t| matches!(t.status, Status::Pending | Status::Resolved)),
        ("status:unsolved,solved", |_| true),
        ("priority>=high", |t| t.priority() >= Priority::High),
        ("line:L1", |t| t.line.as_str() == "L1"),
        ("tier:bronze", |_| false),
        ("impact:low,high urgency>=medium", |t| {
            t.classification.impact != Impact::Medium && t.classification.urgency != Urgency::Low
        }),
        ("need:training,none discipline:customer_care", |t| {
            t.need != Some(Need::Upgrading) && t.discipline == Some(Discipline::CustomerCare)
        }),
        ("language:RU", |t| t.language == Some("ru".into())),
        ("tier:gold -language:ru", |t| {
            t.tier.as_deref() == Some("gold") && t.language != Some("ru".into())
        }),
        ("equipment:7 contract:none,3", |t| {
            t.equipment == Some(EquipmentId(7)) && t.contract != Some(ContractId(4))
        }),
        ("hold:vendor", |t| t.hold == Some(HoldReason::Vendor)),
        ("-hold:none", |t| t.hold.is_some()),
        ("snoozed<2026-03-09", |t| t.snoozed_until.is_some()),
        ("snoozed>=2026-03-09", |_| false),
        ("snoozed:none", |t| t.snoozed_until.is_none()),
        ("line:L1,L2", |t| ["L1", "L2"].contains(&t.line.as_str())),
        ("team:night", |t| t.team.as_ref().is_some_and(|team| team.as_str() == "night")),
        ("-team:night", |t| t.team.as_ref().is_none_or(|team| team.as_str() != "night")),
        ("assignee:none", |t| t.assignee.is_none()),
        ("assignee:2", |t| t.assignee == Some(AgentId(2))),
        ("assignee:2,none", |t| t.assignee.is_none_or(|agent| agent == AgentId(2))),
        ("assignee:18446744073709551615", |_| false),
        ("offered:none", |_| true),
        ("offered:1", |_| false),
        ("state:open,resolved", |t| matches!(t.status, Status::Open | Status::Resolved)),
        ("requester:2", |t| t.requester == ContactId(2)),
        ("organization:1", |t| t.organization == Some(OrganizationId(1))),
        ("organization:none -requester:2", |t| {
            t.organization.is_none() && t.requester != ContactId(2)
        }),
        ("tag:vip", |t| t.tags.contains("vip")),
        ("tag:Vip -(tag:PRINT)", |t| t.tags.contains("vip") && !t.tags.contains("print")),
        ("site:berlin", |t| in_field(t, "site") == Some("berlin".into())),
        ("-site:kazan,none", |t| in_field(t, "site") == Some("berlin".into())),
        ("seats>8 seats<12", |t| has_seats(t, 9..12)),
        ("seats<=10 -seats:5", |t| has_seats(t, 0..11) && !has_seats(t, 5..6)),
        ("budget>=9.5 budget<10.1", |t| {
            in_field(t, "budget").is_some_and(|it| ["9.5", "10", "10.0001"].contains(&it.as_str()))
        }),
        ("budget:10.00", |t| in_field(t, "budget") == Some("10".into())),
        ("systems:mail", |t| in_field(t, "systems").is_some_and(|it| it.contains("mail"))),
        ("bought>2026-02-28 thing:7 -urgent:none", |t| {
            in_field(t, "bought") == Some("2026-03-01".into())
        }),
        ("urgent:false,none", |t| in_field(t, "urgent") != Some("true".into())),
        ("due<2026-03-02T14:30:00Z", |t| t.due().is_some_and(|due| due < half_past_two())),
        ("due>=2026-03-02T14:30:00Z", |t| t.due().is_some_and(|due| due >= half_past_two())),
        ("due:none", |t| t.due().is_none()),
        ("resolved:none opened<now updated>=2026-03-02 channel:mail kind:question", |t| {
            t.resolved_at.is_none() && t.channel == Channel::Mail && t.kind == Kind::Question
        }),
        ("opened<2026-03-02T14:30:00Z", |t| t.opened_at < half_past_two()),
        ("-(line:L1 due:none) -(team:none -(tag:vip))", |t| {
            !(t.line.as_str() == "L1" && t.due().is_none())
                && (t.team.is_some() || t.tags.contains("vip"))
        }),
        ("status:new,open line:L1 assignee:none priority<=medium", |t| {
            matches!(t.status, Status::New | Status::Open)
                && t.line.as_str() == "L1"
                && t.assignee.is_none()
                && t.priority() <= Priority::Medium
        }),
    ];
    let asking = Asking::at("2030-01-01T00:00:00Z".parse().expect("it is a moment"));
    let rules = Clerk::new().rulebook;
    let read = |typed| rules.read_filter(typed, &asking).expect("it can be read").filter;
    cases.into_iter().map(|(typed, belongs)| (read(typed).into(), belongs)).collect()
}

fn in_field(ticket: &Ticket, id: &str) -> Option<String> {
    ticket.fields.get(id).map(ToString::to_string)
}

fn has_seats(ticket: &Ticket, among: core::ops::Range<i64>) -> bool {
    matches!(ticket.fields.get("seats"), Some(FieldValue::Integer(seats)) if among.contains(seats))
}

/// What is in the fields of the desk's own of the n-th ticket.
fn fields(n: u64) -> BTreeMap<FieldId, FieldInput> {
    let text = |text: &str| FieldInput::Text(text.to_owned());
    let seats = FieldInput::Integer(i64::try_from(n % 13).expect("it is small"));
    let list = |words: &[&str]| FieldInput::List(words.iter().map(ToString::to_string).collect());
    let thing = FieldInput::Reference(ReferenceKind::Equipment.with(7));
    let all = match n % 4 {
        0 => vec![],
        1 => vec![("site", text("berlin")), ("budget", text("9.5")), ("urgent", true.into())],
        2 => vec![
            ("site", text("kazan")),
            ("seats", seats),
            ("budget", text("10")),
            ("systems", list(&["erp", "mail"])),
            ("bought", text("2026-02-28")),
        ],
        _ => vec![
            ("seats", seats),
            ("budget", text("9.49")),
            ("systems", list(&["erp"])),
            ("bought", text("2026-03-01")),
            ("thing", thing),
            ("urgent", false.into()),
        ],
    };
    all.into_iter().map(|(id, input)| (id.into(), input)).collect()
}

fn half_past_two() -> Timestamp {
    "2026-03-02T14:30:00Z".parse().expect("it is a moment")
}

fn every_filter_in_every_order(journal: &mut dyn Journal) -> Result<(), StoreError> {
    let ids = fill(journal)?;
    let reader = journal.reader()?;
    let all = ids.iter().map(|&id| found(&*reader, id)).collect::<Result<Vec<_>, _>>()?;
    for (query, belongs) in cases() {
        for sort in SORTS {
            let mut expected: Vec<_> = all.iter().filter(|found| belongs(&found.ticket)).collect();
            order(&mut expected, sort);
            let expected: Vec<TicketId> = expected.iter().map(|found| found.id).collect();
            assert_eq!(reader.count(&query.filter)?, expected.len() as u64, "{query:?}");
            for limit in [0, 1, 7, usize::MAX] {
                let query = TicketQuery { sort, limit, ..query.clone() };
                let pages = read_pages(&*reader, query.clone(), |_| Ok(()))?;
                assert!(
                    pages.iter().all(|page| (1..=limit.clamp(1, MAX_PAGE)).contains(&page.len()))
                );
                let listed: Vec<TicketId> = pages.concat().iter().map(|found| found.id).collect();
                assert_eq!(listed, expected, "{query:?}");
                assert!(pages.concat().iter().all(|found| all.contains(found)));
            }
        }
    }
    Ok(())
}

/// As many as an index of words may have found.
fn any_number_of_numbers(journal: &mut dyn Journal) -> Result<(), StoreError> {
    let ids = fill(journal)?;
    let reader = journal.reader()?;
    let all = ids.iter().map(|&id| found(&*reader, id)).collect::<Result<Vec<_>, _>>()?;
    for others in [0, 20, 3_000, 50_000] {
        let numbers = ids.iter().copied().step_by(3).chain((1_000..1_000 + others).map(TicketId));
        let open = Status::ALL.iter().copied().filter(|status| status.is_open()).collect();
        let filter = TicketFilter { statuses: open, ..TicketFilter::default() };
        let filter = filter.among(numbers.collect());
        for sort in SORTS {
            let is_found = |found: &&Found| filter.finds(found.id, &found.ticket);
            let mut expected: Vec<_> = all.iter().filter(is_found).collect();
            order(&mut expected, sort);
            let expected: Vec<TicketId> = expected.iter().map(|found| found.id).collect();
            assert!(expected.len() > 10, "there is something to find");
            assert_eq!(reader.count(&filter)?, expected.len() as u64);
            let query = TicketQuery { sort, limit: 7, ..filter.clone().into() };
            let pages = read_pages(&*reader, query, |_| Ok(()))?;
            let listed: Vec<TicketId> = pages.concat().iter().map(|found| found.id).collect();
            assert_eq!(listed, expected, "{others} others in the order {sort:?}");
        }
    }
    let none = TicketFilter::default().among([].into());
    assert_eq!(reader.count(&none)?, 0, "among none there is nothing");
    Ok(())
}

fn pages_under_way(journal: &mut dyn Journal) -> Result<(), StoreError> {
    let mut ids = fill(journal)?;
    let mut clerk = Clerk::new();
    clerk.wait_minutes(10_000);
    for sort in SORTS {
        let query = TicketQuery { sort, limit: 5, ..TicketQuery::default() };
        let reader = journal.reader()?;
        let before = ids.clone();
        let pages = read_pages(&*reader, query, |page| {
            // Between two pages somebody opens a ticket that belongs before, and one after.
            if page < 4 {
                ids.push(clerk.open(journal, request("Late"))?);
            }
            Ok(())
        })?;
        let listed: Vec<TicketId> = pages.concat().iter().map(|found| found.id).collect();
        for id in before {
            let times = listed.iter().filter(|listed| **listed == id).count();
            assert_eq!(times, 1, "{id} in the order {sort:?}");
        }
    }
    Ok(())
}

fn a_cursor_of_another_order_is_refused(journal: &mut dyn Journal) -> Result<(), StoreError> {
    fill(journal)?;
    let reader = journal.reader()?;
    for sort in SORTS {
        let query = TicketQuery { sort, limit: 1, ..TicketQuery::default() };
        let next = reader.find(&query)?.next;
        let text = next.as_ref().map(Cursor::to_string).unwrap_or_default();
        let after = Some(text.parse::<Cursor>()?);
        assert_eq!(after, next, "a cursor survives as text");
        for other in SORTS.into_iter().filter(|other| *other != sort) {
            let query = TicketQuery { sort: other, after: after.clone(), ..query.clone() };
            let refused = reader.find(&query);
            assert!(matches!(refused, Err(StoreError::BadCursor { .. })), "{refused:?}");
        }
    }
    Ok(())
}

/// Reads all pages of a list, and calls `between` after each with how many there were.
fn read_pages(
    reader: &dyn Reader,
    mut query: TicketQuery,
    mut between: impl FnMut(usize) -> Result<(), StoreError>,
) -> Result<Vec<Vec<Found>>, StoreError> {
    let mut pages = Vec::new();
    loop {
        let page = reader.find(&query)?;
        if !page.tickets.is_empty() {
            pages.push(page.tickets);
        }
        between(pages.len())?;
        match page.next {
            Some(next) => query.after = Some(next),
            None => return Ok(pages),
        }
    }
}

fn found(reader: &dyn Reader, id: TicketId) -> Result<Found, StoreError> {
    let stored = reader.ticket(id)?.expect("it was opened");
    Ok(Found { id, version: stored.version, seq: stored.seq, ticket: stored.state })
}

/// Sorts as the documentation says.
fn order(tickets: &mut [&Found], sort: Sort) {
    let due = |found: &Found| (found.ticket.due().is_none(), found.ticket.due());
    match sort {
        Sort::Newest => tickets.sort_by_key(|found| Reverse(found.id)),
        Sort::Due => tickets.sort_by_key(|found| (due(found), found.id)),
        Sort::Priority => {
            tickets.sort_by_key(|found| (Reverse(found.ticket.priority()), due(found), found.id))
        }
        Sort::Updated => tickets.sort_by_key(|found| Reverse(found.seq)),
    }
}

/// Some sixty tickets, of every sort that a list can tell apart.
fn fill(journal: &mut dyn Journal) -> Result<Vec<TicketId>, StoreError> {
    let mut clerk = Clerk::new();
    let mut ids = Vec::new();
    for n in 0..60_u64 {
        let pick = |divisor: u64, of: usize| (n / divisor) as usize % of;
        let id = clerk.open(
            journal,
            OpenTicket {
                requester: ContactId(1 + n % 3),
                organization: [None, Some(OrganizationId(1)), Some(OrganizationId(2))][pick(2, 3)],
                impact: Impact::ALL[pick(1, 3)],
                urgency: Urgency::ALL[pick(3, 3)],
                need: [None, Some(Need::Training), Some(Need::Upgrading)][pick(1, 3)],
                discipline: [None, Some(Discipline::CustomerCare)][pick(1, 2)],
                language: [Some("en".into()), Some("ru".into())][pick(5, 2)].clone(),
                tier: [None, Some("gold".to_owned())][pick(4, 2)].clone(),
                equipment: [None, Some(EquipmentId(7))][pick(3, 2)],
                contract: [None, Some(ContractId(3)), Some(ContractId(4))][pick(2, 3)],
                line: [None, Some("L1".into()), Some("L2".into())][pick(1, 3)].clone(),
                team: [None, Some("night".into()), Some("field".into())][pick(1, 3)].clone(),
                tags: [vec![], vec!["vip".into()], vec!["vip".into(), "print".into()]][pick(1, 3)]
                    .iter()
                    .cloned()
                    .collect(),
                fields: fields(n),
                ..request("Printer")
            },
        )?;
        ids.push(id);
        // Every other one is opened in the same millisecond as the one before.
        clerk.wait_minutes((n % 2) as i64);
    }
    let hold = Some(HoldReason::Vendor);
    let next_week = "2026-03-08T09:00:00Z".parse().expect("it is a moment");
    let actions = [
        TicketAction::Assign { agent: Some(AgentId(1)) },
        TicketAction::Assign { agent: Some(AgentId(2)) },
        reply("Is it plugged in?"),
        TicketAction::Reply { text: "Try it.".to_owned(), then: Some(Status::Pending) },
        TicketAction::ChangeStatus { to: Status::OnHold, hold },
        TicketAction::ChangeStatus { to: Status::Resolved, hold: None },
        TicketAction::Tag { add: ["slow".into()].into(), remove: ["vip".into()].into() },
        TicketAction::Snooze { until: Some(next_week) },
    ];
    for (&id, n) in ids.iter().rev().zip(0..) {
        if let Some(action) = actions.get(n % 10) {
            clerk.act(journal, id, AGENT, action)?;
        }
        if n % 20 == 5 {
            let close = TicketAction::ChangeStatus { to: Status::Closed, hold: None };
            clerk.act(journal, id, CUSTOMER, &close)?;
        }
        clerk.wait_minutes(1);
    }
    Ok(ids)
}
