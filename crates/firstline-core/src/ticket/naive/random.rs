//! Rulebooks and lives of tickets, at random.

use firstline_sla::{Agreement, ClockKey, Metric, WorkTime};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use super::book::{self, Book, LINES, MINUTE, Policy, Target, Warning, Within};
use super::deeds::deed;
use super::minutes::PALETTE;
use super::watched::{self, Test, Watch};
use crate::rulebook::Reopen;
use crate::*;

/// Thursday, 5 March 2026, 15:30 in UTC: summer time begins in Berlin three weeks later.
pub(super) const BEGIN: i64 = 1_772_724_600_000;

/// What happens next in the life of a ticket, and how many seconds after what came before.
#[derive(Clone, Debug)]
pub(super) struct Moment {
    pub(super) gap: i64,
    pub(super) by: Actor,
    pub(super) what: What,
}

#[derive(Clone, Debug)]
pub(super) enum What {
    Do(TicketAction),
    /// A promise by a moment, so many seconds from then.
    PromiseBy(i64),
    FixDue(ClockKey, i64),
    /// The other rulebook comes into force.
    Adopt,
}

/// A ticket to be opened.
#[derive(Clone, Debug)]
pub(in crate::ticket) struct Opening {
    pub(super) by: Actor,
    pub(super) request: OpenTicket,
}

impl Opening {
    pub(in crate::ticket) fn carry_out(&self, rules: &Rulebook) -> Turn {
        let action = TicketAction::Open(Box::new(self.request.clone()));
        carry_out(None, &action, self.by, rules, Timestamp::from_millis(BEGIN).unwrap()).unwrap()
    }
}

/// A command that needs nothing but the ticket, and how many milliseconds after the one before.
#[derive(Clone, Debug)]
pub(in crate::ticket) struct Step {
    pub(in crate::ticket) gap_ms: i64,
    pub(in crate::ticket) by: Actor,
    pub(in crate::ticket) action: TicketAction,
}

/// What is done to a ticket, with gaps that are often nothing or end on the half hour, so that
/// alarms and commands meet in one instant. Some of it is refused.
pub(in crate::ticket) fn steps(most: usize) -> impl Strategy<Value = Vec<Step>> {
    let gap_ms = prop_oneof![
        2 => Just(0),
        1 => Just(1),
        4 => (0..40_i64).prop_map(|halves| halves * 1_800_000),
        1 => 0..600_000_000_i64,
    ];
    let unreadable = prop_oneof![Just(String::new()), "\\PC{0,3}", Just("\0".to_owned())];
    let action = prop_oneof![
        30 => action(),
        1 => unreadable.prop_map(|text| TicketAction::Reply { text, then: None }),
        1 => Just(TicketAction::HandOver { line: "L9".into(), team: None }),
        1 => (0..2_u32)
            .prop_map(|macros| TicketAction::ApplyMacro { name: format!("macro {macros}").into() }),
        1 => Just(TicketAction::MergeInto { ticket: TicketId(2) }),
    ];
    let step = (gap_ms, actor(), action);
    let step = step.prop_map(|(gap_ms, by, action)| Step { gap_ms, by, action });
    prop::collection::vec(step, 1..most)
}

pub(super) fn books() -> impl Strategy<Value = (Book, Book)> {
    (book(1), book(2))
}

pub(in crate::ticket) fn book(version: u32) -> impl Strategy<Value = Book> {
    let agreements = (policies(Agreement::Sla), policies(Agreement::Ola), policies(Agreement::Uc));
    let promises = target(Metric::FirstReply);
    (agreements, promises).prop_map(move |((sla, ola, uc), promises)| {
        let policies = [sla, ola, uc].concat();
        Book { version, policies, promises, rules: String::new() }
    })
}

fn policies(agreement: Agreement) -> impl Strategy<Value = Vec<Policy>> {
    let name = agreement.key();
    let kinds = prop_oneof![
        Just(vec![Kind::Incident]),
        Just(vec![Kind::Incident, Kind::Question]),
        Just(vec![])
    ];
    let organizations = prop_oneof![Just(vec![1]), Just(vec![2, 3]), Just(vec![])];
    let from = prop::option::weighted(0.3, Just(Priority::High));
    let first = (kinds, organizations, from, targets(), watched()).prop_map(
        move |(kinds, organizations, from, targets, watched)| {
            let name = format!("{name} first");
            Policy { name, agreement, kinds, organizations, from, targets, watched }
        },
    );
    let last = (targets(), watched()).prop_map(move |(targets, watched)| {
        let (kinds, organizations, from) = (vec![], vec![], None);
        let name = format!("{name} last");
        Policy { name, agreement, kinds, organizations, from, targets, watched }
    });
    (prop::option::of(first), prop::option::weighted(0.7, last)).prop_map(|(first, last)| {
        let takes_all = |Policy { kinds, organizations, from, .. }: &Policy| {
            kinds.is_empty() && organizations.is_empty() && from.is_none()
        };
        let first_takes_all = first.as_ref().is_some_and(takes_all);
        let last = last.filter(|_| !first_takes_all);
        first.into_iter().chain(last).collect()
    })
}

fn targets() -> impl Strategy<Value = Vec<(Metric, Target)>> {
    subsequence(Metric::ALL.to_vec(), 1..=6).prop_flat_map(|metrics| {
        let each: Vec<_> =
            metrics.into_iter().map(|metric| (Just(metric), target(metric))).collect();
        each
    })
}

fn within() -> impl Strategy<Value = [Within; 4]> {
    let minutes = || select(vec![20, 40, 60, 120, 240, 480, 960, 2_400]).prop_map(Within::Minutes);
    let by = prop::option::of(select(vec![720, 960, 1_050]));
    let day = (0..4_i64, by).prop_map(|(working_days, by)| Within::Day { working_days, by });
    let instant = (1..500_i64)
        .prop_map(|hours| Within::Instant(BEGIN - BEGIN % MINUTE + hours * 60 * MINUTE));
    let other = prop_oneof![2 => day, 1 => instant];
    let mixed = (minutes(), minutes(), other, minutes());
    prop_oneof![
        3 => [minutes(), minutes(), minutes(), minutes()],
        1 => minutes().prop_map(|within| [within; 4]),
        2 => mixed.prop_map(|(a, b, c, d)| [a, b, c, d]),
    ]
}

fn target(metric: Metric) -> BoxedStrategy<Target> {
    let reopen = match metric {
        Metric::FirstReply => vec![None, Some(Reopen::FirstOnly), Some(Reopen::NewCycle)],
        Metric::NextReply | Metric::LineTime | Metric::PeriodicUpdate | Metric::Vendor => {
            vec![None]
        }
        _ => vec![None, Some(Reopen::FirstOnly), Some(Reopen::NewCycle), Some(Reopen::Continue)],
    };
    let pauses = subsequence(vec!["pending", "on_hold", "vendor", "change"], 0..=3);
    let warnings =
        (subsequence(vec![25, 50, 75, 90], 0..=2), subsequence(vec![15_i64, 10, 4], 0..=2));
    let ladder = subsequence(vec![-15_i64, -5, 0, 0, 30, 120, 600], 0..=3)
        .prop_flat_map(|heights| heights.into_iter().map(rung).collect::<Vec<_>>());
    let basics = (0..PALETTE.len(), within(), prop::option::of(pauses), select(reopen));
    let switches = (prop::bool::weighted(0.2), prop::bool::weighted(0.8));
    (basics, warnings, ladder, switches)
        .prop_map(|((calendar, within, pause_on, reopen), (percents, aheads), ladder, switches)| {
            let longest = within.iter().filter_map(|within| match within {
                Within::Minutes(minutes) => Some(*minutes),
                _ => None,
            });
            let boundary = percents.last().copied().zip(longest.max());
            // What comes before the last percentage at any priority is out of order.
            let aheads = aheads.into_iter().filter(|ahead| {
                boundary
                    .is_none_or(|(percent, allowed)| allowed * percent < (allowed - ahead) * 100)
            });
            let percents = percents.into_iter().map(Warning::Percent);
            let aheads = aheads.map(|minutes| Warning::Before(minutes * MINUTE));
            let warn_at = percents.chain(aheads).collect();
            let (automatic, retroactive) = switches;
            let ladder = only_up(ladder);
            let watch = None;
            Target {
                calendar,
                within,
                warn_at,
                pause_on,
                ladder,
                reopen,
                automatic,
                retroactive,
                watch,
            }
        })
        .boxed()
}

/// The target of a clock by conditions, under conditions that a rulebook accepts.
fn watched() -> impl Strategy<Value = Option<Target>> {
    let statuses = || {
        let open = Status::ALL.into_iter().filter(|status| *status != Status::Closed);
        subsequence(open.collect::<Vec<_>>(), 1..=3).prop_map(Test::Status)
    };
    let test = || {
        let lines = subsequence(LINES.to_vec(), 1..=2).prop_map(Test::Line);
        let from = select(vec![Priority::Medium, Priority::High]).prop_map(Test::From);
        prop_oneof![4 => statuses(), 2 => lines, 1 => from]
    };
    let pauses = (subsequence(vec!["one", "two"], 0..=2), [test(), test()])
        .prop_map(|(reasons, tests)| reasons.into_iter().zip(tests).collect());
    let perhaps = || prop::option::weighted(0.3, test());
    let watch = (statuses(), pauses, perhaps(), statuses(), perhaps(), perhaps()).prop_map(
        |(start, pauses, resume, stop, cancel, reset)| {
            Some(Watch { start, pauses, resume, stop, cancel, reset })
        },
    );
    let target = (watch, target(Metric::Vendor)).prop_map(|(watch, target)| Target {
        watch,
        pause_on: None,
        ..target
    });
    // Such trees are too large for the stack of a test.
    prop::option::weighted(0.5, target)
        .prop_map(|target| target.filter(|target| target.watch.as_ref().unwrap().is_accepted()))
        .boxed()
}

fn rung(minutes: i64) -> impl Strategy<Value = book::Step> {
    let raise = select(vec![None, None, Some("next"), Some("high")]);
    let hand_over = select(vec![None, None, Some("next"), Some("L2"), Some("acme")]);
    let hours = prop::option::weighted(0.2, 0..PALETTE.len());
    (raise, hand_over, hours, any::<bool>(), any::<bool>()).prop_map(
        move |(raise, hand_over, hours, notify, escalate)| {
            let notify = notify || (raise.is_none() && hand_over.is_none() && !escalate);
            let height = minutes * MINUTE;
            book::Step { height, hours, notify, raise, hand_over, escalate }
        },
    )
}

/// What of a ladder leads further up than the steps before, which is all that a rulebook may say.
fn only_up(ladder: Vec<book::Step>) -> Vec<book::Step> {
    let (mut line, mut priority, mut superiors) = (0, 0, 2);
    let mut earlier: Vec<book::Step> = Vec::new();
    for mut step in ladder {
        // Only the first line has a manager; the next escalation goes on from there.
        step.escalate &= superiors > 0 && (superiors < 2 || line == 0);
        let to = match step.hand_over {
            Some("next") => line + 1,
            to => LINES.iter().position(|line| to == Some(*line)).unwrap_or(0),
        };
        step.hand_over = step.hand_over.filter(|_| line < to && to < LINES.len());
        line = if step.hand_over.is_some() { to } else { line };
        let to = if step.raise == Some("high") { 2 } else { priority + 1 };
        step.raise = step.raise.filter(|_| priority < to && to < Priority::ALL.len());
        priority = if step.raise.is_some() { to } else { priority };
        superiors -= u8::from(step.escalate);
        let at_once = |other: &&book::Step| other.height == step.height;
        if let Some(other) = earlier.iter().find(at_once) {
            step.notify &= !other.notify;
            step.escalate &= !other.escalate;
            step.raise = step.raise.filter(|_| other.raise.is_none());
            step.hand_over = step.hand_over.filter(|_| other.hand_over.is_none());
        }
        let does = step.notify || step.escalate || step.raise.or(step.hand_over).is_some();
        earlier.extend(does.then_some(step));
    }
    earlier
}

pub(in crate::ticket) fn opening() -> impl Strategy<Value = Opening> {
    let by =
        prop_oneof![3 => Just(Actor::Contact(ContactId(1))), 1 => Just(Actor::Agent(AgentId(1)))];
    let organization = prop::option::of((1..4_u64).prop_map(OrganizationId));
    let kind = select(vec![Kind::Question, Kind::Incident, Kind::Task]);
    let scale = (select(Impact::ALL.to_vec()), select(Urgency::ALL.to_vec()));
    (by, organization, kind, scale).prop_map(|(by, organization, kind, (impact, urgency))| {
        let request = OpenTicket::new(ContactId(1), "Printer", "It is on fire.");
        Opening { by, request: OpenTicket { organization, kind, impact, urgency, ..request } }
    })
}

fn actor() -> impl Strategy<Value = Actor> {
    prop_oneof![
        3 => Just(Actor::Contact(ContactId(1))),
        6 => Just(Actor::Agent(AgentId(1))),
        1 => Just(Actor::System),
    ]
}

fn key() -> impl Strategy<Value = ClockKey> {
    let usual = (select(Agreement::ALL.to_vec()), select(Metric::ALL.to_vec()))
        .prop_map(|(agreement, metric)| ClockKey::new(agreement, metric));
    let watched = select(Agreement::ALL.to_vec())
        .prop_map(|agreement| ClockKey::condition(agreement, watched::NAME));
    prop_oneof![4 => usual, 1 => (1..3_u32).prop_map(ClockKey::promise), 1 => watched]
}

/// What can be done to a ticket that concerns no other one.
pub(super) fn action() -> impl Strategy<Value = TicketAction> {
    let status = || select(Status::ALL.to_vec());
    let hold = prop::option::of(select(HoldReason::ALL.to_vec()));
    let text = || "words".to_owned();
    let line = select(vec!["L1", "L2", "L3", "acme"]);
    let scale = (select(Impact::ALL.to_vec()), select(Urgency::ALL.to_vec()));
    let minutes = select(vec![20_i64, 60, 300]);
    prop_oneof![
        6 => prop::option::weighted(0.5, status())
            .prop_map(move |then| TicketAction::Reply { text: text(), then }),
        1 => Just(TicketAction::AddNote { text: text() }),
        5 => (status(), hold).prop_map(|(to, hold)| TicketAction::ChangeStatus {
            to,
            hold: if to == Status::OnHold { hold.or(Some(HoldReason::Vendor)) } else { None },
        }),
        1 => Just(TicketAction::Assign { agent: Some(AgentId(1)) }),
        2 => line.prop_map(|line| TicketAction::HandOver { line: line.into(), team: None }),
        2 => scale.prop_map(|(impact, urgency)| TicketAction::Classify { impact, urgency }),
        1 => select(Priority::ALL.to_vec()).prop_map(move |priority| {
            TicketAction::OverridePriority { priority, reason: text() }
        }),
        1 => Just(TicketAction::ReleasePriority),
        2 => minutes.prop_map(move |minutes| TicketAction::Promise {
            what: text(),
            within: Some(WorkTime::from_minutes(minutes)),
            by: None,
        }),
        1 => (1..4_u32).prop_map(|number| TicketAction::KeepPromise { number, of: None }),
        1 => (1..4_u32)
            .prop_map(move |number| TicketAction::WithdrawPromise { number, of: None, reason: text() }),
        1 => key().prop_map(|clock| TicketAction::ReleaseDue { clock }),
        2 => any::<bool>().prop_map(|revalue_past| TicketAction::Reapply { revalue_past }),
        4 => deed(),
        3 => Just(TicketAction::Wake),
    ]
}

pub(super) fn turns(most: usize) -> impl Strategy<Value = Vec<Moment>> {
    let gap = prop_oneof![
        2 => Just(0),
        4 => (0..40_i64).prop_map(|halves| halves * 1_800),
        3 => (0..1_200_i64).prop_map(|minutes| minutes * 60),
        1 => 0..600_000_i64,
    ];
    let what = prop_oneof![
        30 => action().prop_map(What::Do),
        1 => (1..300_i64).prop_map(|minutes| What::PromiseBy(minutes * 60)),
        2 => (key(), 0..6_000_i64).prop_map(|(key, minutes)| What::FixDue(key, minutes * 60)),
        1 => Just(What::Adopt),
    ];
    prop::collection::vec((gap, actor(), what), 1..most).prop_map(|turns| {
        let turn = |(gap, by, what)| {
            // An edit of the rules at the very instant of a command would have no order.
            let gap = if matches!(what, What::Adopt) { i64::max(gap, 1) } else { gap };
            Moment { gap, by, what }
        };
        turns.into_iter().map(turn).collect()
    })
}
