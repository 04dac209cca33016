//! Two journals that are told the same say the same, whatever it is.

use std::time::Duration;

use firstline_core::{
    Actor, AgentId, ArticleAction, ArticleId, CommandId, ContactId, ContractId, Correction,
    EquipmentId, HoldReason, Impact, OrganizationId, PartyId, PlanId, Status, Stream, TicketAction,
    TicketId, Timestamp, Urgency,
};
use proptest::prelude::*;
use proptest::sample::select;

use super::clerk::{AGENT, CUSTOMER, Clerk, publish, reply, request};
use super::effects::notify;
use super::lists::{SORTS, cases};
use super::records::everything;
use crate::error::StoreError;
use crate::journal::{Entry, Journal, Reader, Transaction};
use crate::outbox::{Failed, HandOut, Standing};
use crate::query::TicketQuery;
use crate::{MemoryJournal, SqliteJournal};

/// Something that happens at a desk.
#[derive(Clone, Debug)]
enum Step {
    Open { contact: u64, impact: Impact, urgency: Urgency, tagged: bool, second_line: bool },
    Act { ticket: u64, actor: Actor, action: TicketAction },
    Save { party: PartyId, name: &'static str },
    Publish { article: u64, title: &'static str },
    Retire { article: u64 },
    Adopt { version: u32 },
    Notify { ticket: u64, roles: usize },
    Wait { minutes: i64 },
}

/// Some steps in one transaction.
#[derive(Clone, Debug)]
struct Batch {
    /// Each with the command's key, if it has one, and by how much the version is mistaken.
    steps: Vec<(Step, Option<u128>, u64)>,
    is_committed: bool,
    is_rebuilt: bool,
    is_reopened: bool,
}

fn step() -> impl Strategy<Value = Step> {
    let action = prop_oneof![
        Just(reply("Is it plugged in?")),
        Just(TicketAction::Reply { text: "Try it.".into(), then: Some(Status::Pending) }),
        Just(TicketAction::AddNote { text: "called back".into() }),
        select(&Status::ALL[..]).prop_map(|to| TicketAction::ChangeStatus {
            to,
            hold: (to == Status::OnHold).then_some(HoldReason::Vendor),
        }),
        (1..3_u64).prop_map(|agent| TicketAction::Assign { agent: Some(AgentId(agent)) }),
        Just(TicketAction::Assign { agent: None }),
        select(&["L1", "L2"][..])
            .prop_map(|line| TicketAction::HandOver { line: line.into(), team: None }),
        (select(Impact::ALL), select(Urgency::ALL))
            .prop_map(|(impact, urgency)| TicketAction::Classify { impact, urgency }),
        any::<bool>().prop_map(|is_on| {
            let (on, off) = (["vip".into()].into(), [].into());
            let (add, remove) = if is_on { (on, off) } else { (off, on) };
            TicketAction::Tag { add, remove }
        }),
        (proptest::option::of(1..4_u64), proptest::option::of(proptest::option::of(1..3_u64)))
            .prop_map(|(requester, organization)| {
                TicketAction::Correct(Box::new(Correction {
                    subject: Some("Scanner".into()),
                    requester: requester.map(ContactId),
                    organization: organization.map(|it| it.map(OrganizationId)),
                    ..Correction::default()
                }))
            }),
        Just(TicketAction::Wake),
    ];
    let party = prop_oneof![
        (1..3_u64).prop_map(|id| PartyId::Contact(ContactId(id))),
        (1..3_u64).prop_map(|id| PartyId::Organization(OrganizationId(id))),
        (1..3_u64).prop_map(|id| PartyId::Agent(AgentId(id))),
        (1..3_u64).prop_map(|id| PartyId::Equipment(EquipmentId(id))),
        (1..3_u64).prop_map(|id| PartyId::Contract(ContractId(id))),
        (1..3_u64).prop_map(|id| PartyId::Plan(PlanId(id))),
    ];
    prop_oneof![
        4 => (1..4_u64, select(Impact::ALL), select(Urgency::ALL), any::<bool>(), any::<bool>())
            .prop_map(|(contact, impact, urgency, tagged, second_line)| Step::Open {
                contact, impact, urgency, tagged, second_line,
            }),
        8 => (1..8_u64, select(&[AGENT, CUSTOMER, Actor::System][..]), action)
            .prop_map(|(ticket, actor, action)| Step::Act { ticket, actor, action }),
        1 => (party, select(&["Ada", "Grace"][..]))
            .prop_map(|(party, name)| Step::Save { party, name }),
        1 => (1..4_u64, select(&["Reset", "Restart"][..]))
            .prop_map(|(article, title)| Step::Publish { article, title }),
        1 => (1..4_u64).prop_map(|article| Step::Retire { article }),
        1 => (1..4_u32).prop_map(|version| Step::Adopt { version }),
        2 => (1..8_u64, 1..3_usize).prop_map(|(ticket, roles)| Step::Notify { ticket, roles }),
        // Sometimes the clock on the wall is set back.
        3 => (-30..600_i64).prop_map(|minutes| Step::Wait { minutes }),
    ]
}

fn batch() -> impl Strategy<Value = Batch> {
    let key = proptest::option::weighted(0.3, 0..20_u128);
    let mistake = prop_oneof![9 => Just(0), 1 => 1..3_u64];
    let steps = proptest::collection::vec((step(), key, mistake), 1..12);
    (steps, proptest::bool::weighted(0.8), proptest::bool::weighted(0.1), any::<bool>()).prop_map(
        |(steps, is_committed, is_rebuilt, is_reopened)| Batch {
            steps,
            is_committed,
            is_rebuilt,
            is_reopened,
        },
    )
}

/// The entry of a step, if there is one that the rules allow.
fn entry(
    clerk: &mut Clerk,
    transaction: &dyn Transaction,
    step: &Step,
) -> Result<Option<Entry>, StoreError> {
    Ok(match step {
        Step::Open { contact, impact, urgency, tagged, second_line } => {
            let mut open = request("Printer");
            open.requester = ContactId(*contact);
            open.organization = (contact % 2 == 0).then_some(OrganizationId(1));
            (open.impact, open.urgency) = (*impact, *urgency);
            open.tags.extend(tagged.then(|| "vip".into()));
            open.line = second_line.then(|| "L2".into());
            let id = transaction.next_ticket_id()?;
            let open = TicketAction::Open(Box::new(open));
            clerk.decide(transaction, id, CUSTOMER, &open)?.ok()
        }
        Step::Act { ticket, actor, action } => {
            clerk.decide(transaction, TicketId(*ticket), *actor, action)?.ok()
        }
        Step::Save { party, name } => Some(clerk.on_party(transaction, *party, name)?),
        Step::Publish { article, title } => {
            Some(clerk.on_article(transaction, ArticleId(*article), &publish(title))?)
        }
        Step::Retire { article } => {
            let id = ArticleId(*article);
            match transaction.article(id)? {
                Some(known) if !known.state.retired => {
                    Some(clerk.on_article(transaction, id, &ArticleAction::Retire)?)
                }
                _ => None,
            }
        }
        Step::Adopt { version } => Some(clerk.on_desk(transaction, *version)?),
        Step::Notify { ticket, roles } => {
            let id = TicketId(*ticket);
            match transaction.ticket(id)? {
                Some(_) => Some(notify(clerk, transaction, id, &["lead", "boss"][..*roles])?),
                None => None,
            }
        }
        Step::Wait { minutes } => {
            clerk.wait_minutes(*minutes);
            None
        }
    })
}

/// Takes what is to be done, and does this with it: by its remainder, one is left alone, one fails,
/// one is given up, and the rest are done. One of the dead comes to life again.
fn do_errands(journal: &mut dyn Journal, now: Timestamp) -> Result<String, StoreError> {
    let order = HandOut { limit: 3, lease: Duration::from_secs(3_600), attempts: 2 };
    let deliveries = journal.hand_out(order, now)?;
    for delivery in &deliveries {
        let failed = delivery.failed("no such mailbox");
        match delivery.record % 4 {
            0 => {}
            1 => drop(journal.fail(&failed, now)?),
            2 => drop(journal.fail(&Failed { retry: None, ..failed }, now)?),
            _ => drop(journal.acknowledge(&[delivery.record])?),
        }
    }
    let open = journal.reader()?.open_effects(0, 100)?;
    if let Some(dead) = open.iter().find(|open| open.standing == Standing::Dead) {
        journal.requeue(dead.record, now)?;
    }
    Ok(format!("{deliveries:?}"))
}

/// All that a reader says, lists and timers included.
fn account(reader: &dyn Reader, query: &TicketQuery, now: Timestamp) -> String {
    let mut text = everything(reader).unwrap();
    text += &format!("{:?}\n", reader.due(now, 3).unwrap());
    text += &format!("{:?}\n", reader.article_changes(5, 2).unwrap());
    text += &format!("{:?}\n", reader.records(3, 4).unwrap());
    text += &format!("{:?}\n", reader.version(Stream::Desk).unwrap());
    text += &format!("{:?}\n", reader.effects_due(now, 2).unwrap());
    let mut query = query.clone();
    loop {
        let page = reader.find(&query).unwrap();
        text += &format!("{page:?}\n");
        query.after = page.next;
        if query.after.is_none() {
            return text;
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn two_journals_that_are_told_the_same_say_the_same(
        batches in proptest::collection::vec(batch(), 1..6),
        case in 0..cases().len(),
        sort in select(&SORTS[..]),
        limit in 1..4_usize,
    ) {
        let query = TicketQuery { sort, limit, ..cases()[case].0.clone() };
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("desk.sqlite");
        let mut memory = MemoryJournal::new();
        let mut file = SqliteJournal::open(&path).unwrap();
        let mut clerk = Clerk::new();
        for batch in batches {
            let (mut ours, mut theirs) = (memory.begin().unwrap(), file.begin().unwrap());
            for (step, key, mistake) in &batch.steps {
                let now = clerk.now;
                let entry_of_ours = entry(&mut clerk, &*ours, step).unwrap();
                clerk.now = now;
                let entry_of_theirs = entry(&mut clerk, &*theirs, step).unwrap();
                prop_assert_eq!(&entry_of_ours, &entry_of_theirs);
                if let Some(mut entry) = entry_of_ours {
                    entry.command = key.map(CommandId);
                    entry.expected += mistake;
                    let (ours, theirs) = (ours.append(entry.clone()), theirs.append(entry));
                    prop_assert_eq!(format!("{ours:?}"), format!("{theirs:?}"));
                }
            }
            let now = clerk.now;
            prop_assert_eq!(account(&*ours, &query, now), account(&*theirs, &query, now));
            if batch.is_committed {
                ours.commit().unwrap();
                theirs.commit().unwrap();
            } else {
                drop((ours, theirs));
            }
            let (ours, theirs) = (do_errands(&mut memory, now), do_errands(&mut file, now));
            prop_assert_eq!(ours.unwrap(), theirs.unwrap());
            if batch.is_rebuilt {
                memory.rebuild().unwrap();
                file.rebuild().unwrap();
            }
            if batch.is_reopened {
                file = SqliteJournal::open(&path).unwrap();
            }
            let (ours, theirs) = (memory.reader().unwrap(), file.reader().unwrap());
            prop_assert_eq!(account(&*ours, &query, now), account(&*theirs, &query, now));
            prop_assert_eq!(ours.verify().unwrap(), theirs.verify().unwrap());
        }
    }
}
