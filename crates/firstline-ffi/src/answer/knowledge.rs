//! What the desk knows: articles that were found, tickets that are alike.

use std::collections::BTreeMap;

use firstline::{
    ArticleId, Facets, Hit, Language, Match, Results, SimilarTicket, SimilarTickets, Solution,
    Status, Tag, TicketId,
};
use serde::Serialize;

#[derive(Serialize)]
pub(crate) struct HitAnswer<'a> {
    article: ArticleId,
    language: &'a Language,
    title: &'a str,
    snippet: SnippetAnswer<'a>,
    score: f32,
    matches: Vec<MatchAnswer<'a>>,
}

/// The text whole, and in pieces of which some are marked: languages count the letters of a text in
/// different ways, so places in it would be misread.
#[derive(Serialize)]
struct SnippetAnswer<'a> {
    text: &'a str,
    pieces: Vec<PieceAnswer<'a>>,
}

#[derive(Serialize)]
struct PieceAnswer<'a> {
    text: &'a str,
    marked: bool,
}

#[derive(Serialize)]
struct MatchAnswer<'a> {
    word: &'a str,
    in_title: bool,
    is_guess: bool,
}

pub(crate) fn hit(hit: &Hit) -> HitAnswer<'_> {
    let matches = hit.matches.iter().map(|found| {
        let Match { word, in_title, is_guess } = found;
        MatchAnswer { word, in_title: *in_title, is_guess: *is_guess }
    });
    let pieces = hit.snippet.pieces().map(|(text, marked)| PieceAnswer { text, marked });
    let snippet = SnippetAnswer { text: &hit.snippet.text, pieces: pieces.collect() };
    HitAnswer {
        article: hit.article,
        language: &hit.language,
        title: &hit.title,
        snippet,
        score: hit.score,
        matches: matches.collect(),
    }
}

#[derive(Serialize)]
pub(crate) struct ResultsAnswer<'a> {
    hits: Vec<HitAnswer<'a>>,
    articles: u64,
    facets: FacetsAnswer<'a>,
    did_you_mean: Option<&'a str>,
}

#[derive(Serialize)]
struct FacetsAnswer<'a> {
    products: &'a BTreeMap<Tag, u64>,
    versions: &'a BTreeMap<Tag, u64>,
    categories: &'a BTreeMap<Tag, u64>,
    tags: &'a BTreeMap<Tag, u64>,
    languages: &'a BTreeMap<Language, u64>,
}

pub(crate) fn results(results: &Results) -> ResultsAnswer<'_> {
    let Facets { products, versions, categories, tags, languages } = &results.facets;
    ResultsAnswer {
        hits: results.hits.iter().map(hit).collect(),
        articles: results.articles,
        facets: FacetsAnswer { products, versions, categories, tags, languages },
        did_you_mean: results.did_you_mean.as_deref(),
    }
}

#[derive(Serialize)]
pub(crate) struct SimilarAnswer {
    tickets: Vec<SimilarTicketAnswer>,
    solutions: Vec<SolutionAnswer>,
}

#[derive(Serialize)]
struct SimilarTicketAnswer {
    ticket: TicketId,
    subject: String,
    status: Status,
    likeness: f32,
    may_be_duplicate: bool,
    solved_by: Option<ArticleId>,
    words: Vec<String>,
}

#[derive(Serialize)]
struct SolutionAnswer {
    article: ArticleId,
    tickets: u32,
    people: u32,
    reopened: u32,
}

pub(crate) fn similar(found: SimilarTickets) -> SimilarAnswer {
    let tickets = found.tickets.into_iter().map(|alike: SimilarTicket| SimilarTicketAnswer {
        ticket: alike.ticket,
        subject: alike.subject,
        status: alike.status,
        likeness: alike.likeness,
        may_be_duplicate: alike.may_be_duplicate,
        solved_by: alike.solved_by,
        words: alike.words,
    });
    let solutions = found.solutions.into_iter().map(|solution| {
        let Solution { article, tickets, people, reopened } = solution;
        SolutionAnswer { article, tickets, people, reopened }
    });
    SimilarAnswer { tickets: tickets.collect(), solutions: solutions.collect() }
}
