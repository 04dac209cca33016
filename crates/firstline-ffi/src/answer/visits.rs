//! What answers are worth.

use std::collections::BTreeSet;

use firstline::{ArticleId, Deflection, Gap, Gaps, Timestamp, Visit, Visitor};
use serde::Serialize;

/// Somebody who came with a question, and what became of it. Whoever asks several questions in one visit
/// comes several times.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct VisitAnswer {
    /// Who it was.
    visitor: Visitor,
    /// When they asked.
    at: Timestamp,
    /// What they asked.
    question: String,
    /// How many articles were found for it.
    found: u32,
    /// Whether they were shown: no for the hold-out.
    shown: bool,
    /// Those that were opened.
    viewed: BTreeSet<ArticleId>,
    /// Whether it helped, if the visitor said so.
    helped: Option<bool>,
    /// When the same visitor next wrote a ticket, if that happened.
    ticket_at: Option<Timestamp>,
}

pub(crate) fn visit(visit: Visit) -> VisitAnswer {
    let Visit { visitor, at, question, found, shown, viewed, helped, ticket_at } = visit;
    VisitAnswer { visitor, at, question, found, shown, viewed, helped, ticket_at }
}

/// What answers were worth.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct DeflectionAnswer {
    /// Visits of people who were shown answers.
    visits: u64,
    /// Those that opened an article and wrote no ticket within the window. Some would not have
    /// written one anyway.
    potential: u64,
    /// Those of them that said it helped.
    confirmed: u64,
    /// The share of visits that led to a ticket, among those who were shown answers.
    ticket_rate: f64,
    /// The same share among those who were not: the hold-out. Null without any.
    held_out_rate: Option<f64>,
    /// The tickets that answers prevented, by comparison of the two. Null without a hold-out.
    prevented: Option<f64>,
}

pub(crate) fn deflection(deflection: Deflection) -> DeflectionAnswer {
    let prevented = deflection.prevented();
    let Deflection { visits, potential, confirmed, ticket_rate, held_out_rate } = deflection;
    DeflectionAnswer { visits, potential, confirmed, ticket_rate, held_out_rate, prevented }
}

/// The list that whoever keeps the knowledge works from.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct GapsAnswer {
    /// Questions that nothing answered, those asked most often first.
    unanswered: Vec<GapAnswer>,
    /// All questions, those asked most often first.
    popular: Vec<GapAnswer>,
    /// Articles that were opened and did not help, by how often that was.
    unhelpful: Vec<UnhelpfulAnswer>,
}

/// Questions in about the same words.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct GapAnswer {
    /// The first of them.
    sample: String,
    /// How many there were.
    volume: u64,
}

/// An article that was opened and did not help.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct UnhelpfulAnswer {
    /// Which.
    article: ArticleId,
    /// How often.
    visits: u64,
}

pub(crate) fn gaps(gaps: Gaps) -> GapsAnswer {
    let Gaps { unanswered, popular, unhelpful } = gaps;
    let gap = |Gap { sample, volume }| GapAnswer { sample, volume };
    let unhelpful =
        unhelpful.into_iter().map(|(article, visits)| UnhelpfulAnswer { article, visits });
    GapsAnswer {
        unanswered: unanswered.into_iter().map(gap).collect(),
        popular: popular.into_iter().map(gap).collect(),
        unhelpful: unhelpful.collect(),
    }
}
