//! Whether the examples in a rulebook come out as they say: a story goes through the rules, and what
//! came of it is compared with what its author expects.

use std::collections::BTreeSet;

use firstline_sla::{ClockKey, Measure, Timestamp};

use super::super::authored::{ExampleSpec, ExpectSpec, Hand, Moment};
use super::super::documents::Documents;
use super::super::error::{Findings, RulebookError, known_part};
use super::super::{MAX_EXAMPLES, Rulebook};
use super::write_one_of;
use crate::id::{AgentId, ContactId};
use crate::people::Actor;
use crate::ticket::{OpenTicket, Ticket, TicketAction, carry_out};
use crate::verdict::{WORDS, verdict};

/// Tries all examples, and tells what comes out otherwise.
pub(in crate::rulebook) fn try_examples(
    examples: &[ExampleSpec],
    rulebook: &Rulebook,
    documents: &Documents<'_>,
) -> Result<(), RulebookError> {
    let mut findings = Findings::new(documents);
    if examples.len() > MAX_EXAMPLES {
        let problem = format!("{} examples are more than {MAX_EXAMPLES}", examples.len());
        findings.add("examples", problem, "write fewer");
        return Err(findings.into_error());
    }
    let mut names = BTreeSet::new();
    for (index, example) in examples.iter().enumerate() {
        let path = format!("examples[{index}]");
        if example.name.trim().is_empty() {
            findings.add(format!("{path}.name"), "the example has no name", "write one");
        } else if !names.insert(&example.name) {
            let problem = format!("there are two examples `{}`", example.name);
            findings.add(format!("{path}.name"), problem, "rename one");
        }
        if let Some(ticket) = play(example, &path, rulebook, &mut findings) {
            compare(&example.expect, &ticket, &format!("{path}.expect"), rulebook, &mut findings);
        }
    }
    if findings.is_empty() { Ok(()) } else { Err(findings.into_error()) }
}

/// The ticket at the end of the story, if it can be told.
fn play(
    example: &ExampleSpec,
    path: &str,
    rulebook: &Rulebook,
    findings: &mut Findings<'_>,
) -> Option<Ticket> {
    let request = request(example, path, findings)?;
    let open = TicketAction::Open(Box::new(request));
    let opened = (format!("{path}.opened"), example.opened.0, actor(example.by), &open);
    let steps = example.steps.iter().enumerate().map(|(index, step)| {
        (format!("{path}.steps[{index}]"), step.at.0, actor(step.by), &step.action)
    });
    let end = example
        .until
        .map(|Moment(until)| (format!("{path}.until"), until, Actor::System, &TicketAction::Wake));
    let mut ticket: Option<Ticket> = None;
    let mut last = Timestamp::MIN;
    for (path, at, by, action) in std::iter::once(opened).chain(steps).chain(end) {
        if at < last {
            findings.add(
                path,
                "it comes before what stands above it",
                "write the earlier one first",
            );
            return None;
        }
        last = at;
        match carry_out(ticket.take(), action, by, rulebook, at) {
            Ok(turn) => ticket = Some(turn.ticket),
            Err(refusal) => {
                findings.add(path, refusal.to_string(), "mend the example, or the rule");
                return None;
            }
        }
    }
    ticket
}

/// A plain question with what the example says of it.
fn request(example: &ExampleSpec, path: &str, findings: &mut Findings<'_>) -> Option<OpenTicket> {
    let plain = OpenTicket::new(ContactId(1), example.name.as_str(), example.name.as_str());
    let mut table = toml::Table::try_from(plain).expect("a request is a table");
    table.extend(example.ticket.clone());
    match serde_path_to_error::deserialize(table) {
        Ok(request) => Some(request),
        Err(error) => {
            let path = format!("{path}.ticket.{}", known_part(&error.path().to_string()));
            findings.add(path.trim_end_matches('.'), error.inner().message(), "");
            None
        }
    }
}

const fn actor(hand: Hand) -> Actor {
    match hand {
        Hand::Contact => Actor::Contact(ContactId(1)),
        Hand::Agent => Actor::Agent(AgentId(1)),
        Hand::System => Actor::System,
    }
}

/// Tells what is not as expected.
fn compare(
    expect: &ExpectSpec,
    ticket: &Ticket,
    path: &str,
    rulebook: &Rulebook,
    findings: &mut Findings<'_>,
) {
    let mut check = |key: &str, expected: Option<String>, found: String| {
        let Some(expected) = expected.filter(|expected| *expected != found) else {
            return;
        };
        let (problem, mend) = unknown_name(key, &expected, rulebook)
            .unwrap_or_else(|| (format!("it comes out as {found}"), AS_YOU_MEAN.to_owned()));
        findings.add(format!("{path}.{key}"), problem, mend);
    };
    let ExpectSpec { status, priority, line, team, tags, state, assignee, .. } = expect;
    check("status", status.map(|it| it.as_str().to_owned()), ticket.status.as_str().to_owned());
    check("priority", priority.map(|it| it.to_string()), ticket.priority().to_string());
    check("line", line.as_ref().map(ToString::to_string), ticket.line.to_string());
    let of_team = ticket.team.as_ref().map_or_else(|| NO_TEAM.to_owned(), ToString::to_string);
    check("team", team.as_ref().map(ToString::to_string), of_team);
    let labels = |tags: &BTreeSet<crate::id::Tag>| format!("{:?}", Vec::from_iter(tags));
    // A label is that label in whatever letters.
    let spelt = |tag: &crate::id::Tag| tag.among(&ticket.tags).unwrap_or(tag).clone();
    let tags = tags.as_ref().map(|tags| tags.iter().map(spelt).collect());
    check("tags", tags.as_ref().map(labels), labels(&ticket.tags));
    let name = rulebook.lifecycle(ticket).status_of(ticket).id.to_string();
    check("state", state.as_ref().map(ToString::to_string), name);
    let who = |agent: Option<AgentId>| agent.map_or_else(|| "nobody".into(), |it| it.to_string());
    check("assignee", assignee.map(|it| who(it.0)), who(ticket.assignee));
    compare_fields(expect, ticket, &format!("{path}.fields"), rulebook, findings);
    compare_clocks(expect, ticket, path, rulebook, findings);
}

const AS_YOU_MEAN: &str = "mend the example, or the rule";

/// That nothing on the desk is called as an example expects, so that it never comes out so.
fn unknown_name(key: &str, expected: &str, rulebook: &Rulebook) -> Option<(String, String)> {
    let lines = rulebook.lines().iter();
    let (what, known): (&str, BTreeSet<&str>) = match key {
        "line" => ("line", lines.map(|line| line.id.as_str()).collect()),
        "team" => {
            let teams = lines.flat_map(|line| &line.teams).map(|team| team.as_str());
            ("team", teams.chain([NO_TEAM]).collect())
        }
        "state" => {
            let statuses = rulebook.lifecycles().flat_map(|life| life.statuses());
            ("status", statuses.map(|status| status.id.as_str()).collect())
        }
        _ => return None,
    };
    let mend = || write_one_of(known.iter().copied(), AS_YOU_MEAN);
    (!known.contains(expected)).then(|| (format!("there is no {what} `{expected}`"), mend()))
}

/// What is expected of the team of a ticket that no team has.
const NO_TEAM: &str = "no team";

fn compare_fields(
    expect: &ExpectSpec,
    ticket: &Ticket,
    path: &str,
    rulebook: &Rulebook,
    findings: &mut Findings<'_>,
) {
    for (id, expected) in &expect.fields {
        let path = format!("{path}.{id}");
        let found = ticket.fields.get(id);
        match rulebook.custom().read(id, expected) {
            Err(refusal) => findings.add(path, refusal.to_string(), "mend the example"),
            Ok(expected) if Some(&expected) == found => {}
            Ok(_) => {
                let found = found.map_or_else(|| "empty".to_owned(), ToString::to_string);
                let problem = format!("it comes out as {found}");
                findings.add(path, problem, "mend the example, or the rule");
            }
        }
    }
}

fn compare_clocks(
    expect: &ExpectSpec,
    ticket: &Ticket,
    path: &str,
    rulebook: &Rulebook,
    findings: &mut Findings<'_>,
) {
    for (name, expected) in &expect.clocks {
        let Ok(key) = name.parse::<ClockKey>() else {
            let problem = format!("there is no clock `{name}`");
            let mend = "write such as first_reply, ola.line_time or @name";
            findings.add(format!("{path}.clocks.{name}"), problem, mend);
            continue;
        };
        let found = verdict(ticket.clocks.get(&key));
        let is_same_moment = || {
            let moments = (expected.parse::<Timestamp>(), found.parse::<Timestamp>());
            matches!(moments, (Ok(expected), Ok(found)) if expected == found)
        };
        if *expected != found && !is_same_moment() {
            let problem = format!("it comes out as {found}");
            let path = format!("{path}.clocks.{name}");
            let mut policies = rulebook.content.policies.iter().flatten();
            let mut has_clock = |name: &Measure| policies.any(|it| it.targets.contains_key(name));
            let is_named = |key: &ClockKey| matches!(key.measure, Measure::Condition(_));
            if is_named(&key) && !has_clock(&key.measure) {
                let problem = format!("no policy has a clock `{name}`");
                findings.add(path, problem, "write the name of one, or leave it out");
            } else if !WORDS.contains(&expected.as_str()) && expected.parse::<Timestamp>().is_err()
            {
                let problem = format!("a clock does not stand at `{expected}`");
                let mend = format!("write its due time, or one of {}", WORDS.join(", "));
                findings.add(path, problem, mend);
            } else {
                findings.add(path, problem, AS_YOU_MEAN);
            }
        }
    }
}
