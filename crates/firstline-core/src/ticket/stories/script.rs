//! The language of the stories: a line of a script says who does what when, a line of the outcome
//! what was recorded.

mod relatives;
mod said;

use std::collections::{BTreeMap, BTreeSet};

use crate::*;
pub(super) use said::parse;
use said::word;

const DAYS: [&str; 14] = [
    "mon", "tue", "wed", "thu", "fri", "sat", "sun", "mon2", "tue2", "wed2", "thu2", "fri2",
    "sat2", "sun2",
];

/// The office, its people and its lines.
const OFFICE: &str = r#"
name = "Northwind support"
[calendars.office]
time_zone = "UTC"
weekly = { mon = ["09:00-17:00"], tue = ["09:00-17:00"], wed = ["09:00-17:00"], thu = ["09:00-17:00"], fri = ["09:00-17:00"] }
[[lines]]
id = "L1"
manager = "lead"
teams = ["desk", "night"]
[[lines]]
id = "L2"
manager = "lead"
teams = ["network"]
[[lines]]
id = "L3"
[[lines]]
id = "acme"
vendor = true
[[roles]]
id = "lead"
"#;

/// What is promised where a story says nothing else.
const STANDARD: &str = r#"
[[policies]]
name = "standard"
calendar = "office"
[policies.targets.first_reply]
within = { critical = "1h", high = "2h", medium = "4h", low = "8h" }
ladder = [{ after_due = "2h", hand_over = "next" }]
[policies.targets.next_reply]
within = { critical = "1h", high = "2h", medium = "4h", low = "8h" }
[policies.targets.resolution]
within = { critical = "4h", high = "8h", medium = "16h", low = "40h" }
warn_at = [75]
pause_on = ["pending"]
ladder = [{ at_due = true, hand_over = "L3" }]
"#;

/// The rules of the office with these policies.
pub(in crate::ticket) fn rules_with(policies: &str) -> Rulebook {
    let rules = Rulebook::from_toml(&format!("{OFFICE}{policies}"), "stories.toml");
    rules.unwrap_or_else(|error| panic!("{error}"))
}

pub(super) fn rules() -> Rulebook {
    rules_with(STANDARD)
}

fn monday() -> Timestamp {
    "2026-03-02T00:00:00Z".parse().unwrap()
}

pub(in crate::ticket) fn moment(day: &str, time: &str) -> Timestamp {
    let day = DAYS.iter().position(|known| *known == day).expect(day) as i64;
    let (hours, minutes) = time.split_once(':').expect(time);
    let (hours, minutes): (i64, i64) = (hours.parse().unwrap(), minutes.parse().unwrap());
    monday().checked_add_millis(day * 86_400_000 + (hours * 60 + minutes) * 60_000).unwrap()
}

pub(super) fn told(at: Timestamp) -> String {
    let minutes = at.millis_since(monday()) / 60_000;
    let (day, minutes) = (minutes / 1_440, minutes % 1_440);
    format!("{} {:02}:{:02}", DAYS[day as usize], minutes / 60, minutes % 60)
}

fn due(schedule: Option<&Schedule>) -> String {
    schedule
        .and_then(|schedule| schedule.due)
        .map_or(String::new(), |at| format!(", due {}", told(at)))
}

fn clock_sentence(cycle: u32, event: &ClockEvent) -> String {
    match event {
        ClockEvent::Started { since, schedule, .. } => {
            let since = since.map_or(String::new(), |at| format!(" since {}", told(at)));
            format!("{cycle} started{since}{}", due(schedule.as_ref()))
        }
        ClockEvent::Paused { reason, .. } => format!("paused by {reason}"),
        ClockEvent::Resumed { schedule: None, reason } => format!("paused by {reason} no more"),
        ClockEvent::Resumed { schedule, .. } => format!("resumed{}", due(schedule.as_ref())),
        ClockEvent::Retargeted { allowance, schedule, .. } => {
            format!("now {allowance}{}", due(schedule.as_ref()))
        }
        ClockEvent::Warned { threshold } => format!("warned at {threshold}"),
        ClockEvent::Breached { cause: BreachCause::Elapsed } => "breached".into(),
        ClockEvent::Breached { cause } => format!("breached: {cause:?}"),
        ClockEvent::Climbed { step } => format!("step {step}"),
        ClockEvent::Fulfilled { outcome, spent, overrun, breached_under_earlier_target } => {
            let over = overrun.map_or(String::new(), |time| format!(", {time} over"));
            let earlier = if *breached_under_earlier_target { ", by looser terms" } else { "" };
            format!("{outcome} after {spent}{over}{earlier}")
        }
        ClockEvent::Corrected { allowance, spent, schedule, .. } => {
            format!("valued anew: {spent} of {allowance}{}", due(schedule.as_ref()))
        }
        ClockEvent::DueFixed { schedule, .. } => format!("fixed{}", due(Some(schedule))),
        ClockEvent::DueReleased { schedule, .. } => format!("released{}", due(schedule.as_ref())),
        ClockEvent::TakenOver { clock } => {
            format!(
                "taken over{}",
                clock.due().map_or(String::new(), |at| format!(", due {}", told(at)))
            )
        }
        ClockEvent::Cancelled { reason, .. } => format!("cancelled: {reason}"),
        ClockEvent::CarriedOn { schedule } => format!("goes on{}", due(Some(schedule))),
        other => format!("{other:?}"),
    }
}

pub(super) fn sentence(fact: &TicketFact) -> String {
    match fact {
        TicketFact::Opened { classification, line, fields, .. } => {
            let fields = fields.iter().map(|(id, value)| format!(", {id}={value}"));
            let fields: String = fields.collect();
            format!("opened, {}, on {line}{fields}", classification.priority)
        }
        // What a desk says by itself is its rules' words.
        TicketFact::MessageAdded { author: author @ Actor::System, visibility, text, .. } => {
            let said = if *visibility == Visibility::Public { "says" } else { "notes" };
            format!("{author} {said} {text:?}")
        }
        TicketFact::MessageAdded { author, visibility: Visibility::Public, came_by, .. } => {
            let by = came_by.map_or(String::new(), |number| format!(" by the number of {number}"));
            format!("{author} says something{by}")
        }
        TicketFact::MessageAdded { author, .. } => format!("{author} notes something"),
        TicketFact::StatusChanged { to, hold, place: Some(place), .. } => {
            let hold = hold.map_or(String::new(), |hold| format!(" for {hold:?}"));
            let closes =
                place.closes_at.map_or(String::new(), |at| format!(", closes {}", told(at)));
            let until = place.reopens_until;
            let until =
                until.map_or(String::new(), |at| format!(", can be reopened until {}", told(at)));
            let (status, lifecycle) = (&place.status, &place.lifecycle);
            format!("{status} ({lifecycle}), {to}{hold}{closes}{until}")
        }
        TicketFact::Snoozed { until: Some(until) } => format!("sleeps until {}", told(*until)),
        TicketFact::Snoozed { until: None } => "wakes".into(),
        TicketFact::StatusChanged { to, hold: Some(hold), .. } => format!("{to} for {hold:?}"),
        TicketFact::StatusChanged { to, .. } => format!("{to}"),
        TicketFact::Assigned { agent: Some(agent) } => format!("{agent} has it"),
        TicketFact::Assigned { agent: None } => "nobody has it".into(),
        TicketFact::HandedOver { line, team, cause } => {
            let team = team.as_ref().map_or(String::new(), |team| format!(", {team}"));
            let cause = match cause {
                HandOverCause::Asked => String::new(),
                HandOverCause::Ladder(rung) => format!(" by the ladder of {}", rung.clock),
            };
            format!("handed over to {line}{team}{cause}")
        }
        TicketFact::Classified { classification, .. } => {
            let decreed = if classification.overridden { " by decree" } else { "" };
            format!("{}{decreed}", classification.priority)
        }
        TicketFact::Tagged { added, removed } => format!("tags +{added:?} -{removed:?}"),
        TicketFact::FieldsSet { fields } => {
            let fields = fields.iter().map(|(id, value)| match value {
                Some(value) => format!("{id}={value}"),
                None => format!("no {id}"),
            });
            fields.collect::<Vec<_>>().join(", ")
        }
        TicketFact::Clock { clock, cycle, event } => {
            format!("{clock} {}", clock_sentence(*cycle, event))
        }
        TicketFact::Notified { role, step } => {
            format!("{role} is told by step {} of {}", step.step, step.clock)
        }
        TicketFact::Escalated { role, step } => {
            format!("escalated to {role} by step {} of {}", step.step, step.clock)
        }
        TicketFact::Paged { page, plan, step, .. } => {
            format!("page {page} by {plan}, step {} of {}", step.step, step.clock)
        }
        TicketFact::Page { page, event: PageEvent::Rang { level, attempt, member, .. } } => {
            let whom = member.map_or_else(|| "for nobody".into(), |agent| format!("for {agent}"));
            format!("page {page} rings {whom}, level {level}, {attempt}")
        }
        TicketFact::Page { page, event: PageEvent::Acknowledged { by } } => {
            format!("page {page} answered by {by}")
        }
        TicketFact::Page { page, event: PageEvent::Revoked { reason } } => {
            format!("page {page} is called off: {reason}")
        }
        TicketFact::Page { page, event } => format!("page {page}: {event:?}"),
        TicketFact::Described { kind, need, discipline } => {
            let (need, trade) = (need.map(Need::as_str), discipline.map(Discipline::as_str));
            format!("a {}, {}, for {}", kind.as_str(), need.unwrap_or("?"), trade.unwrap_or("?"))
        }
        TicketFact::Covered { tier, .. } => format!("served as {tier:?}"),
        TicketFact::Corrected(correction) => {
            format!("corrected: {}", serde_json::to_string(correction).unwrap())
        }
        TicketFact::Checklist(fact) => format!("checklist: {fact:?}"),
        TicketFact::Approval(ApprovalFact::Asked { what, by, of, instead_of }) => {
            let instead = instead_of.map_or(String::new(), |of| format!(", instead of {of}"));
            let of = of.map_or(String::new(), |of| format!(" {of}"));
            format!("{by} asks{of} for: {what}{instead}")
        }
        TicketFact::Approval(ApprovalFact::Withdrawn { approval, by, reason }) => {
            format!("{by} withdraws approval {approval}: {reason}")
        }
        TicketFact::Approval(ApprovalFact::Signed { by, name, meaning, approved, .. }) => {
            let answer = if *approved { "yes" } else { "no" };
            format!("{by} signs {answer} as {name}: {meaning}")
        }
        TicketFact::Attached { message, by, files } => {
            format!("{by} adds {} files to message {message}", files.len())
        }
        TicketFact::Followed { who, follows: true } => format!("{who} follows"),
        TicketFact::Followed { who, .. } => format!("{who} follows no more"),
        TicketFact::Rated { by, score, .. } => format!("{by} rates {score}"),
        TicketFact::WorkLogged(LoggedWork { by, amount, unit, charge, currency, .. }) => {
            let money = currency.as_ref().map_or("", |currency| currency.as_str());
            let cost = charge.map_or_else(String::new, |charge| {
                format!(
                    ", {} included, {} for {money} {}",
                    charge.included, charge.charged, charge.cost
                )
            });
            format!("{by} logs {amount} by the {unit:?}{cost}")
        }
        TicketFact::WorkTakenBack { entry, by, reason, .. } => {
            format!("{by} takes entry {entry} back: {reason}")
        }
        TicketFact::MarkedSpam => "spam".into(),
        TicketFact::UnmarkedSpam => "no spam".into(),
        TicketFact::Promised { number, what, by } => format!("{by} promises {number}: {what}"),
        TicketFact::RuleFired { rule, because, .. } => format!("{rule} fires: {because}"),
        TicketFact::RuleSkipped { rule, deed, why } => format!("{rule} does not {deed}: {why}"),
        TicketFact::RulesStopped { after } => format!("rules are stopped after {after} times"),
        TicketFact::TimerSet { rule, due, .. } => format!("{rule} waits until {}", told(*due)),
        TicketFact::TimerDropped { rule } => format!("{rule} waits no more"),
        TicketFact::HostAsked { number, errand } => format!("errand {number}: {errand:?}"),
        TicketFact::Routed { because, .. } => because.to_string(),
        TicketFact::Queued => "in the queue".into(),
        TicketFact::Held { until, because } => {
            let until = until.map_or_else(String::new, |until| format!(" until {}", told(until)));
            format!("held{until}: {because}")
        }
        TicketFact::Offered { agent, until, because } => {
            format!("offered to {agent} until {}: {because}", told(*until))
        }
        TicketFact::OfferEnded { agent, how } => format!("{agent}: {how:?}"),
        TicketFact::MacroApplied { name } => format!("macro {name}"),
        TicketFact::Reapplied { rules } => format!("rules {rules} are applied"),
        TicketFact::MergedInto { ticket } => format!("merged into {ticket}"),
        TicketFact::TookIn { ticket, brings, brought, .. } => {
            let brings = brings.map(|who| format!(", which {who} follows with it"));
            let tags: Vec<&str> = brought.tags.iter().map(Tag::as_str).collect();
            let tags = (!tags.is_empty()).then(|| format!(", with {}", tags.join(", ")));
            let people: Vec<String> = brought.followers.iter().map(ToString::to_string).collect();
            let people = (!people.is_empty()).then(|| format!(", for {}", people.join(", ")));
            let file = (brought.checklist.len(), brought.approvals.len());
            let file =
                (file != (0, 0)).then(|| format!(", {} to do and {} to sign", file.0, file.1));
            let said = [brings, tags, people, file].into_iter().flatten().collect::<String>();
            format!("took in {ticket}{said}")
        }
        TicketFact::CountedWith { clock, ahead, .. } => {
            let ahead: Vec<String> = ahead.iter().map(ToString::to_string).collect();
            format!("{clock} is one promise with {}", ahead.join(", "))
        }
        TicketFact::Separated { ticket } => format!("separated from {ticket}"),
        TicketFact::GaveBack { ticket, .. } => format!("gave back {ticket}"),
        TicketFact::SolvedBy { article: Some(article) } => format!("solved by {article}"),
        TicketFact::SolvedBy { article: None } => "solved by no article".into(),
        TicketFact::Related { relation, ticket, status } => {
            format!("is {relation} {ticket}, which is {status}")
        }
        TicketFact::Unrelated { relation, ticket } => format!("is not {relation} {ticket}"),
        TicketFact::RelativeMoved { ticket, status } => format!("hears that {ticket} is {status}"),
        TicketFact::RelativeMerged { ticket, into } => {
            format!("hears that {ticket} lives on in {into}")
        }
        TicketFact::RelativeSeparated { ticket, status, .. } => {
            format!("hears that {ticket} lives by itself, which is {status}")
        }
        TicketFact::ErrorKnown { by, .. } => format!("{by} knows the error"),
        TicketFact::SplitOff { message, ticket } => format!("message {message} became {ticket}"),
    }
}

/// A desk with its tickets, and what is recorded on it.
struct Desk {
    /// The versions of the rules, and which is in force.
    rules: Vec<Rulebook>,
    in_force: usize,
    /// The rules before those, each with the moment until which it was in force.
    earlier: Vec<(Timestamp, Rulebook)>,
    tickets: BTreeMap<u64, Ticket>,
    /// What was written down of each ticket, and when.
    history: BTreeMap<u64, Vec<(Timestamp, TicketEvent)>>,
    story: String,
}

impl Desk {
    fn new(versions: &[&str]) -> Self {
        let mut rules: Vec<Rulebook> = Vec::new();
        for (version, policies) in (1..).zip(versions) {
            let mut next = rules_with(policies).with_version(version);
            for before in &rules {
                let (version, source) = (before.version(), before.source().to_owned());
                next.recall(&RulebookAdopted { version, source }).unwrap();
            }
            rules.push(next);
        }
        let (tickets, history) = (BTreeMap::new(), BTreeMap::new());
        let earlier = Vec::new();
        Self { rules, in_force: 0, earlier, tickets, history, story: String::new() }
    }

    /// Carries out a line: `mon 09:00 customer opens`, with `2:` in front for the second ticket.
    fn take(&mut self, line: &str) {
        let (number, line) = numbered(line);
        let words: Vec<&str> = line.split_whitespace().collect();
        let now = moment(words[0], words[1]);
        let agent = Actor::Agent(AgentId(1));
        let rules = self.rules[self.in_force].clone();
        let one = (TicketId(number), self.tickets.get(&number).cloned());
        let two = |other: &str| {
            let other: u64 = other.parse().unwrap();
            ((one.0, one.1.clone().unwrap()), (TicketId(other), self.tickets[&other].clone()))
        };
        let turns = match &words[2..] {
            ["desk", "adopts"] => {
                self.earlier.push((now, rules));
                return self.adopt(now);
            }
            ["desk", "looks"] => {
                set_closing(one.1.unwrap(), &rules, now).map(|turn| vec![(number, turn)])
            }
            ["agent", "merges", "into", other] => {
                let (one, two) = two(other);
                let (into, find) = (two.0.0, |of: TicketId| Ok(self.tickets[&of.0].clone()));
                merge::<Refusal>(one, two, agent, &rules, now, find)
                    .map(|(a, b)| vec![(number, a), (into, b)])
            }
            ["agent", "separates", "from", other] => {
                let (one, two) = two(other);
                let into = two.0.0;
                let history = self.history[&into].iter().map(|(_, event)| event);
                let since = since_merge((one.0, &one.1), &self.lodgers(one.0), &two.1, history);
                separate(one, two, agent, (&rules, &self.earlier), &since, now)
                    .map(|(a, b)| vec![(number, a), (into, b)])
            }
            ["agent", "relates", relation, other] => {
                let (one, two) = two(other);
                let (id, find) = (two.0.0, |of: TicketId| Ok(self.tickets[&of.0].clone()));
                relate::<Refusal>(one, word(relation), two, (agent, &rules), now, find)
                    .map(|(a, b)| vec![(number, a), (id, b)])
            }
            ["agent", "unrelates", relation, other] => {
                let (one, two) = two(other);
                let id = two.0.0;
                let (rules, none) = ((&rules, self.earlier.as_slice()), BTreeSet::new());
                unrelate(one, word(relation), two, agent, rules, [&none; 2], now)
                    .map(|(a, b)| vec![(number, a), (id, b)])
            }
            ["customer", "comes", "back"] => {
                let (old, new) = ((one.0, one.1.unwrap()), TicketId(number + 1));
                let by = Actor::Contact(ContactId(1));
                let successor = Successor::of(&old.1, new);
                follow_up(old, (successor, &[]), "Again!", (by, &rules), now).map(|turns| {
                    match turns {
                        Some((old, fresh)) => vec![(number, old), (new.0, fresh)],
                        None => Vec::new(),
                    }
                })
            }
            ["agent", "splits", "off", day, time] => {
                let author = Actor::Contact(ContactId(1));
                let (text, written_at) = ("And the scanner.".into(), moment(day, time));
                let (files, came_by) = (Vec::new(), None);
                let message = Message { number: 2, author, written_at, text, files, came_by };
                let (new, by) = (TicketId(number + 1), (agent, &rules));
                let one = (one.0, one.1.unwrap());
                let successor = Successor::of(&one.1, new);
                split(one, successor, &message, "Scanner", by, now)
                    .map(|(a, b)| vec![(number, a), (new.0, b)])
            }
            ["desk", "finds", who @ ..] => {
                let choice = self.find(number, who, &rules, now);
                dispatch(one.1.unwrap(), &choice, (&rules, &BTreeSet::new()), now)
                    .map(|turn| vec![(number, turn)])
            }
            words => {
                let (by, action) = parse(words);
                let (lives, came_by) = self.lives_on(number, (by, &action));
                let ticket = self.tickets.get(&lives).cloned();
                carry_out(ticket, &action, by, &rules, now).map(|turn| {
                    let turn = match came_by {
                        Some(number) => turn.came_by(number),
                        None => turn,
                    };
                    vec![(lives, turn)]
                })
            }
        };
        match turns {
            Ok(turns) => {
                let mut told = Vec::new();
                for (number, turn) in turns {
                    told.extend(news(TicketId(number), &turn.events, &turn.ticket, &rules));
                    told.extend(self.news_for_newcomer(number, &turn, &rules, now));
                    self.note(number, turn, now);
                }
                while !told.is_empty() {
                    for (id, at, what) in std::mem::take(&mut told) {
                        if let News::OriginalSpam { original } = what {
                            self.live_again(id, original, &rules, now);
                            continue;
                        }
                        let ticket = self.tickets[&id.0].clone();
                        let find = |of: TicketId| Ok::<_, Refusal>(self.tickets[&of.0].clone());
                        let heard = hear(
                            ticket.clone(),
                            &what.completed(&ticket, find).unwrap(),
                            (&rules, &BTreeSet::new()),
                            at,
                        );
                        let turn = heard.unwrap();
                        told.extend(news(id, &turn.events, &turn.ticket, &rules));
                        self.note(id.0, turn, now);
                    }
                }
            }
            Err(refusal) => self.story += &format!("{}  refused: {refusal}\n", told(now)),
        }
    }

    /// The next version comes into force: its timed rules wait on what is in their states already.
    fn adopt(&mut self, now: Timestamp) {
        self.in_force += 1;
        let rules = self.rules[self.in_force].clone();
        for (number, ticket) in self.tickets.clone() {
            if lacks_timers(&ticket, &rules) {
                let history = self.history[&number].iter().map(|(_, event)| event.clone());
                let entered = states_entered(&history.collect::<Vec<_>>(), &rules).unwrap();
                self.note(number, set_timers(ticket, &entered, &rules, now).unwrap(), now);
            }
        }
    }

    /// Who is chosen for a ticket if these agents are online, of whom those in brackets work in the
    /// office hours only.
    fn find(&self, number: u64, who: &[&str], rules: &Rulebook, now: Timestamp) -> Choice {
        let seat = |name: &&str| {
            let digits = name.trim_matches(['(', ')']);
            let hours = (digits != *name).then(|| "office".to_owned());
            let seat = Seat::new(Agent { hours, ..Agent::new("somebody") });
            (AgentId(digits.parse().expect(name)), seat)
        };
        // The work on it goes on before anybody is chosen, as a desk does it.
        let ticket = self.tickets[&number].clone();
        let woken = carry_out(Some(ticket), &TicketAction::Wake, Actor::System, rules, now);
        let wanted = Wanted::of(&woken.unwrap().ticket, rules);
        route(&wanted, &Floor::new(who.iter().map(seat)), rules, now)
    }

    fn note(&mut self, number: u64, turn: Turn, now: Timestamp) {
        let mut replayed = self.tickets.remove(&number);
        for event in &turn.events {
            let prefix = if number == 1 { String::new() } else { format!("{number}: ") };
            let by = event.rule.as_ref().map_or(String::new(), |rule| format!("{rule}: "));
            let told = format!("{prefix}{}  {by}{}", told(event.at), sentence(&event.fact));
            self.story += &format!("{told}\n");
            replayed = Some(apply(replayed, event).unwrap());
        }
        assert_eq!(replayed.as_ref(), Some(&turn.ticket));
        self.tickets.insert(number, turn.ticket);
        let written = turn.events.into_iter().map(|event| (now, event));
        self.history.entry(number).or_default().extend(written);
    }
}

/// Plays a script under the standard policies, and gives the first ticket as it is then.
pub(super) fn ticket_after(script: &str) -> Ticket {
    let mut desk = Desk::new(&[STANDARD]);
    script.lines().for_each(|line| desk.take(line.trim()));
    desk.tickets.remove(&1).unwrap()
}

/// Plays a script under the standard policies, and tells what the customer is to be told then.
pub(super) fn brief_after(script: &str, tongue: Tongue) -> String {
    let mut desk = Desk::new(&[STANDARD]);
    script.lines().for_each(|line| desk.take(line.trim()));
    let last = script.lines().last().expect("a script has lines");
    let (_, last) = numbered(last.trim());
    let words: Vec<&str> = last.split_whitespace().collect();
    let now = moment(words[0], words[1]);
    brief(&desk.tickets[&1], &desk.rules[desk.in_force], now).text(tongue)
}

/// Plays a script under the standard policies and compares accounts: a line such as `2: tue 10:00
/// first_reply` stands for that account as it is then. What cannot be accounted for is said in its
/// place.
#[track_caller]
pub(super) fn check_accounts(script: &str, asked: &[&str], expected: &str) {
    let mut desk = Desk::new(&[STANDARD]);
    script.lines().for_each(|line| desk.take(line.trim()));
    let mut told = Vec::new();
    for line in asked {
        let (number, rest) = line.split_once(": ").unwrap_or(("1", line));
        let words: Vec<&str> = rest.split_whitespace().collect();
        let history = &desk.history[&number.parse().unwrap()];
        let history = history.iter().map(|(at, event)| (*at, event));
        let (now, clock) = (moment(words[0], words[1]), words[2].parse().unwrap());
        let text = match account(history, &clock, None, &desk.rules[desk.in_force], now) {
            Ok(account) => account.ledger.text(Tongue::English, &account.remedies),
            Err(error) => error.to_string(),
        };
        told.push(format!("{line}\n{text}"));
    }
    let lines = |text: &str| text.lines().map(|line| format!("{}\n", line.trim())).collect();
    let (told, expected): (String, String) = (lines(&told.join("\n")), lines(expected.trim()));
    assert_eq!(told, expected, "\nreally:\n{told}");
}

/// Plays a script under these policies, or the standard ones, and gives the account of a clock as it
/// stands at the last line. A line `mon 09:00 look` does nothing to the ticket.
pub(crate) fn account_after(versions: &[&str], script: &str, clock: &str) -> Account {
    let mut desk = Desk::new(if versions.is_empty() { &[STANDARD] } else { versions });
    let mut now = monday();
    for line in script.lines().map(str::trim) {
        let words = line.split_whitespace().skip_while(|word| word.ends_with(':'));
        let words: Vec<&str> = words.collect();
        now = moment(words[0], words[1]);
        if words[2] != "look" {
            desk.take(line);
        }
    }
    let history = desk.history[&1].iter().map(|(at, event)| (*at, event));
    let rules = &desk.rules[desk.in_force];
    account(history, &clock.parse().unwrap(), None, rules, now).unwrap()
}

/// Plays a script under the standard policies and compares what is recorded; refusals stand in
/// their place.
#[track_caller]
pub(super) fn check(script: &str, expected: &str) {
    check_under(&[STANDARD], script, expected);
}

/// The same under these policies, in the versions in which they are adopted.
#[track_caller]
pub(in crate::ticket) fn check_under(versions: &[&str], script: &str, expected: &str) {
    let story = story_under(versions, script);
    let expected: String = lines(expected).map(|line| format!("{line}\n")).collect();
    assert_eq!(story, expected, "\nreally:\n{story}");
}

/// What is recorded of a script under these policies.
pub(super) fn story_under(versions: &[&str], script: &str) -> String {
    let mut desk = Desk::new(versions);
    lines(script).for_each(|line| desk.take(line));
    desk.story
}

/// Which ticket a line is about, and the rest of it.
fn numbered(line: &str) -> (u64, &str) {
    let other = line.split_once(": ").and_then(|(number, rest)| Some((number.parse().ok()?, rest)));
    other.unwrap_or((1, line))
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty())
}
