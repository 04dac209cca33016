//! Tickets, lists of them, who would get one, and parties.

use firstline::{
    Actor, AgentId, Choice, Cursor, FilterWord, Found, Merit, Page, Party, PartyId, PartyPage,
    PartyPlace, Seen, Stored, Ticket, TicketEvent, TicketId, Timestamp, Tongue, Viewed,
};
use serde::Serialize;

/// A ticket as it is.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct TicketAnswer {
    /// Its number.
    number: TicketId,
    /// How many records its history has.
    version: u64,
    /// The last of them, by its place in the journal.
    seq: u64,
    /// When the first of its running promises is due: what a list shows.
    due: Option<Timestamp>,
    /// All there is to know of it.
    ticket: Ticket,
}

pub(crate) fn stored(number: TicketId, stored: Stored<Ticket>) -> TicketAnswer {
    let Stored { version, seq, state } = stored;
    TicketAnswer { number, version, seq, due: state.due(), ticket: state }
}

/// A page of tickets.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct PageAnswer {
    /// The tickets, in the order that was asked for.
    tickets: Vec<TicketAnswer>,
    /// Where the next page begins; null if this is the last.
    next: Option<Cursor>,
    /// What the conversations were searched for.
    words: Vec<String>,
}

pub(crate) fn page(page: Page, words: &[FilterWord]) -> PageAnswer {
    let tickets = page.tickets.into_iter().map(|found| {
        let Found { id, version, seq, ticket } = found;
        TicketAnswer { number: id, version, seq, due: ticket.due(), ticket }
    });
    let words = words.iter().map(ToString::to_string).collect();
    PageAnswer { tickets: tickets.collect(), next: page.next, words }
}

/// A view of the rulebook.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct ViewAnswer {
    /// What it is called.
    name: String,
    /// Which tickets it has, as `fl_desk_tickets` reads it.
    filter: String,
    /// How many they are.
    tickets: u64,
}

pub(crate) fn view(viewed: Viewed) -> ViewAnswer {
    let Viewed { name, asked, tickets } = viewed;
    ViewAnswer { name, filter: asked.to_string(), tickets }
}

/// What somebody sees of a record of a ticket.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct SeenAnswer {
    /// The number of the record.
    seq: u64,
    /// Who gave the command.
    by: Actor,
    /// What happened, and when it was true.
    event: TicketEvent,
}

pub(crate) fn seen(seen: Seen) -> SeenAnswer {
    let Seen { seq, by, event } = seen;
    SeenAnswer { seq, by, event }
}

/// Who would get a ticket, and why not the others.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct ChoiceAnswer {
    /// Who gets it; null if nobody can have it now.
    chosen: Option<MeritAnswer>,
    /// Those who could have had it, the next best first.
    passed_over: Vec<MeritAnswer>,
    /// Those who could not.
    excluded: Vec<ExcludedAnswer>,
    /// All of it in words.
    text: String,
}

/// Somebody who can have a ticket.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct MeritAnswer {
    /// Who.
    agent: AgentId,
    /// What they carry.
    load: u32,
    /// Whether they know the matter already, which goes before everything else.
    knows_the_matter: bool,
    /// When they last had a turn: got a ticket, declined one or let an offer run out.
    last_given: Option<Timestamp>,
    /// Since when they have had nothing to do.
    idle_since: Option<Timestamp>,
}

/// Somebody who cannot have a ticket.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct ExcludedAnswer {
    /// Who.
    agent: AgentId,
    /// All that stands against it.
    objections: Vec<String>,
}

pub(crate) fn choice(choice: &Choice, tongue: Tongue) -> ChoiceAnswer {
    let merit = |(agent, merit): &(AgentId, Merit)| MeritAnswer {
        agent: *agent,
        load: merit.load,
        knows_the_matter: merit.knows_the_matter,
        last_given: merit.last_given,
        idle_since: merit.idle_since,
    };
    let excluded = choice.excluded.iter().map(|(agent, objections)| ExcludedAnswer {
        agent: *agent,
        objections: objections.iter().map(ToString::to_string).collect(),
    });
    ChoiceAnswer {
        chosen: choice.chosen.as_ref().map(merit),
        passed_over: choice.passed_over.iter().map(merit).collect(),
        excluded: excluded.collect(),
        text: choice.text(tongue),
    }
}

/// A page of parties.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct PartiesAnswer {
    /// The parties, by name.
    parties: Vec<PartyAnswer>,
    /// Where the next page begins; null if this is the last.
    next: Option<PartyPlace>,
}

/// Somebody or something that the desk knows.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct PartyAnswer {
    /// Which kind, and its number.
    id: PartyId,
    /// What is known.
    party: Party,
}

pub(crate) fn parties(page: PartyPage) -> PartiesAnswer {
    let parties = page.parties.into_iter().map(|(id, party)| PartyAnswer { id, party });
    PartiesAnswer { parties: parties.collect(), next: page.next }
}
