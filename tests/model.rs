//! Random commands on a desk on disk that is closed and opened at any time, beside a desk in memory
//! that is never closed: they stay the same to the byte.

use firstline::{
    Command, CommandId, Desk, FixedTime, HoldReason, Impact, Refusal, Status, TicketAction,
    TicketId, TicketQuery, Timestamp, Urgency,
};
use proptest::prelude::*;
use proptest::sample::select;

use crate::fixture::{ada, bob, introduce, monday, request, rules};

#[derive(Clone, Debug)]
enum Move {
    Open,
    Act(u64, bool, TicketAction),
    Again,
    Wake,
    Restart,
}

fn action() -> impl Strategy<Value = TicketAction> {
    let status = || select(Status::ALL.to_vec());
    let line = select(vec!["L1", "L2", "L9"]);
    prop_oneof![
        3 => prop::option::of(status())
            .prop_map(|then| TicketAction::Reply { text: "words".into(), then }),
        2 => status().prop_map(|to| TicketAction::ChangeStatus { to, hold: None }),
        1 => Just(TicketAction::ChangeStatus {
            to: Status::OnHold,
            hold: Some(HoldReason::Vendor),
        }),
        1 => line.prop_map(|line| TicketAction::HandOver { line: line.into(), team: None }),
        1 => (select(Impact::ALL.to_vec()), select(Urgency::ALL.to_vec()))
            .prop_map(|(impact, urgency)| TicketAction::Classify { impact, urgency }),
    ]
}

fn moves() -> impl Strategy<Value = Vec<(i64, Move)>> {
    let gap_ms =
        prop_oneof![Just(0), (0..20_i64).prop_map(|n| n * 1_800_000), -5_000..100_000_000_i64];
    let one = prop_oneof![
        2 => Just(Move::Open),
        6 => (1..5_u64, any::<bool>(), action())
            .prop_map(|(ticket, by_agent, action)| Move::Act(ticket, by_agent, action)),
        1 => Just(Move::Again),
        2 => Just(Move::Wake),
        1 => Just(Move::Restart),
    ];
    prop::collection::vec((gap_ms, one), 1..25)
}

/// What a desk answers to a command, as text.
fn told(desk: &Desk, command: Command) -> Result<String, Refusal> {
    let outcome = desk.execute_all([command]).unwrap().pop().unwrap();
    outcome.map(|receipt| format!("{receipt:?}"))
}

fn everything(desk: &Desk) -> String {
    let records = desk.records(0, 10_000).unwrap();
    let tickets = desk.tickets(&TicketQuery { limit: 100, ..TicketQuery::default() }).unwrap();
    let timeout = desk.poll_timeout().unwrap();
    format!("{records:#?}\n{:#?}\n{timeout:?}", tickets.tickets)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn a_desk_on_disk_and_a_desk_in_memory_stay_the_same(moves in moves()) {
        let folder = tempfile::tempdir().unwrap();
        let open = || Desk::open_with_time(folder.path(), rules(), monday()).unwrap();
        let mut on_disk = open();
        let in_memory = Desk::in_memory_with_time(rules(), monday()).unwrap();
        introduce(&on_disk);
        introduce(&in_memory);
        let FixedTime(mut now) = monday();
        let mut last = None;
        for (number, (gap_ms, one)) in moves.into_iter().enumerate() {
            now = Timestamp::from_millis(now.as_millis() + gap_ms).unwrap();
            let command = match one {
                Move::Open => Some(Command::open(ada(), request())),
                Move::Act(ticket, by_agent, action) => {
                    let by = if by_agent { bob() } else { ada() };
                    Some(Command::ticket(by, TicketId(ticket), action))
                }
                Move::Again => last.clone(),
                Move::Wake => {
                    let woken = on_disk.handle_timeout(now).unwrap();
                    prop_assert_eq!(woken, in_memory.handle_timeout(now).unwrap());
                    prop_assert!(woken.next.is_none_or(|next| next > now));
                    None
                }
                Move::Restart => {
                    drop(on_disk);
                    on_disk = open();
                    None
                }
            };
            if let Some(mut command) = command {
                command.id = command.id.or(Some(CommandId(number as u128)));
                command.at = command.at.or(Some(now));
                last = Some(command.clone());
                prop_assert_eq!(told(&on_disk, command.clone()), told(&in_memory, command));
            }
        }
        prop_assert_eq!(everything(&on_disk), everything(&in_memory));
        on_disk.verify().unwrap();
        in_memory.verify().unwrap();
    }
}
