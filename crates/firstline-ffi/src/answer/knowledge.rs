//! What the desk knows: articles that were found, articles to be looked after, tickets that are alike.

use std::collections::{BTreeMap, BTreeSet};

use firstline::{
    AgentId, ArticleChore, ArticleId, ArticleView, Audience, Chore, Experience, Facets, Hit,
    Language, LostQuestion, Match, Reception, Results, Reuse, SimilarTickets, Solution, Status,
    Tag, TicketId, Timestamp,
};
use serde::Serialize;

/// An article that was found.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct HitAnswer {
    /// Which article.
    article: ArticleId,
    /// The language of the edition.
    language: Language,
    /// The title of the edition.
    title: String,
    /// The part of its text that has most to do with the question.
    snippet: SnippetAnswer,
    /// How well it fits beside the other hits of the same search: above 0, at most 1.
    score: f32,
    /// The words that it was found for, rare ones first. None if only the past speaks for it.
    matches: Vec<MatchAnswer>,
    /// What the past says of it: counts without names.
    experience: ExperienceAnswer,
}

/// The text whole, and in pieces of which some are marked: languages count the letters of a text in
/// different ways, so places in it would be misread. As its author wrote it: escape it before it is
/// shown on a page.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct SnippetAnswer {
    /// All of it.
    text: String,
    /// The same in pieces.
    pieces: Vec<PieceAnswer>,
}

/// A piece of a snippet.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct PieceAnswer {
    /// What it says.
    text: String,
    /// Whether it is a word of the question.
    marked: bool,
}

/// A word that an article was found for.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct MatchAnswer {
    /// The word, as the question says it.
    word: String,
    /// Whether the title has it.
    in_title: bool,
    /// Whether the article has not the word itself, but something that was taken for it.
    is_guess: bool,
}

/// What the past says of an article.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct ExperienceAnswer {
    /// How many people asked for about the same and were helped by it.
    people: u32,
    /// What their cases count among all that are like the question, from 0 to below 1.
    vote: f32,
    /// How many tickets it solved in all.
    solved: u32,
    /// How many people had asked for those.
    solved_for: u32,
    /// How many of those tickets came back.
    reopened: u32,
    /// How many readers say that it helped.
    helpful: u32,
    /// How many say that it did not.
    not_helpful: u32,
    /// When its text last changed, if that is known.
    changed_at: Option<Timestamp>,
    /// How far it can be relied on, from -1 to 1; 0 if nothing is known.
    confidence: f32,
}

fn experience(experience: Experience) -> ExperienceAnswer {
    let Experience { people, vote, reuse, reception, confidence } = experience;
    let Reuse { tickets: solved, people: solved_for, reopened } = reuse;
    let Reception { helpful, not_helpful, changed_at } = reception;
    ExperienceAnswer {
        people,
        vote,
        solved,
        solved_for,
        reopened,
        helpful,
        not_helpful,
        changed_at,
        confidence,
    }
}

pub(crate) fn hits(hits: Vec<Hit>) -> Vec<HitAnswer> {
    hits.into_iter().map(hit).collect()
}

fn hit(hit: Hit) -> HitAnswer {
    let matches = hit.matches.into_iter().map(|found| {
        let Match { word, in_title, is_guess } = found;
        MatchAnswer { word, in_title, is_guess }
    });
    let pieces = hit.snippet.pieces();
    let pieces = pieces.map(|(text, marked)| PieceAnswer { text: text.to_owned(), marked });
    let pieces = pieces.collect();
    HitAnswer {
        article: hit.article,
        language: hit.language,
        title: hit.title,
        snippet: SnippetAnswer { pieces, text: hit.snippet.text },
        score: hit.score,
        matches: matches.collect(),
        experience: experience(hit.experience),
    }
}

/// A page of hits, and what stands beside them.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct ResultsAnswer {
    /// The hits of this page, best first.
    hits: Vec<HitAnswer>,
    /// How many articles were found on all pages.
    articles: u64,
    /// How many of them there are of each sort.
    facets: FacetsAnswer,
    /// The question as it may have been meant.
    did_you_mean: Option<String>,
}

/// How many articles there are of each sort.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct FacetsAnswer {
    /// About which product.
    products: BTreeMap<Tag, u64>,
    /// Holding for which version.
    versions: BTreeMap<Tag, u64>,
    /// In which category.
    categories: BTreeMap<Tag, u64>,
    /// With which label.
    tags: BTreeMap<Tag, u64>,
    /// In which language.
    languages: BTreeMap<Language, u64>,
    /// For which audience.
    audiences: BTreeMap<Audience, u64>,
}

pub(crate) fn results(results: Results) -> ResultsAnswer {
    let Results { hits: found, articles, facets, did_you_mean } = results;
    let Facets { products, versions, categories, tags, languages, audiences } = facets;
    let facets = FacetsAnswer { products, versions, categories, tags, languages, audiences };
    ResultsAnswer { hits: hits(found), articles, facets, did_you_mean }
}

/// An article as a reader sees it.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct ArticleViewAnswer {
    /// Which.
    article: ArticleId,
    /// Who may see it.
    audience: Audience,
    /// The language of the edition.
    language: Language,
    /// The question that it answers, or the name of the problem.
    title: String,
    /// The answer, as its author wrote it: escape it before it is shown on a page.
    body: String,
    /// Whether the edition is older than a change of another one.
    is_behind: bool,
    /// All languages that it can be read in.
    languages: BTreeSet<Language>,
    /// Its labels.
    tags: BTreeSet<Tag>,
    /// The product.
    product: Option<Tag>,
    /// The versions of the product that it holds for; empty for all.
    versions: BTreeSet<Tag>,
    /// The section of the knowledge base that it stands in.
    category: Option<Tag>,
}

pub(crate) fn article_view(view: ArticleView) -> ArticleViewAnswer {
    let ArticleView { article, audience, language, title, body, is_behind, .. } = view;
    let ArticleView { languages, tags, product, versions, category, .. } = view;
    ArticleViewAnswer {
        article,
        audience,
        language,
        title,
        body,
        is_behind,
        languages,
        tags,
        product,
        versions,
        category,
    }
}

/// Tickets that are like one.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct SimilarAnswer {
    /// The most similar ones: what may be a duplicate first, on the same line before others.
    tickets: Vec<SimilarTicketAnswer>,
    /// What solved those of its kind, the most frequent first.
    solutions: Vec<SolutionAnswer>,
}

/// A ticket that is like another one.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct SimilarTicketAnswer {
    /// Which.
    ticket: TicketId,
    /// What it is about, in a line.
    subject: String,
    /// Where it is in its life.
    status: Status,
    /// How alike they are, from 0 to 1, comparable between tickets.
    likeness: f32,
    /// How likely it is that both are about the same matter, from 0 to 1.
    probability: f32,
    /// Whether it is worth a look for that reason.
    may_be_duplicate: bool,
    /// The article that solved it, if one did.
    solved_by: Option<ArticleId>,
    /// The words that both have, rare ones first.
    words: Vec<String>,
}

/// An article that solved tickets of a kind.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct SolutionAnswer {
    /// Which.
    article: ArticleId,
    /// How many tickets it solved.
    tickets: u32,
    /// How many people had asked for those.
    people: u32,
    /// How many of the tickets came back after they had been resolved.
    reopened: u32,
}

pub(crate) fn similar(found: SimilarTickets) -> SimilarAnswer {
    let tickets = found.tickets.into_iter().map(|alike| SimilarTicketAnswer {
        ticket: alike.ticket,
        subject: alike.subject,
        status: alike.status,
        likeness: alike.likeness,
        probability: alike.probability,
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

/// A question of an article's own that does not find it any more.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct LostQuestionAnswer {
    /// The article that was to be found.
    article: ArticleId,
    /// The question.
    question: String,
    /// What was found instead, best first.
    found: Vec<ArticleId>,
}

pub(crate) fn lost_question(lost: LostQuestion) -> LostQuestionAnswer {
    let LostQuestion { article, question, found } = lost;
    LostQuestionAnswer { article, question, found }
}

/// An article that wants to be looked after.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct ChoreAnswer {
    /// Which.
    article: ArticleId,
    /// Who keeps it true, if anybody does.
    owner: Option<AgentId>,
    /// What is to be done.
    chore: ChoreKindAnswer,
}

/// What is to be done about an article.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
enum ChoreKindAnswer {
    /// Its day of review has come.
    Review {
        /// When that was.
        due: Timestamp,
    },
    /// An edition is older than a change of another one.
    Translate {
        /// The language that is behind.
        language: Language,
    },
    /// Somebody asked for a draft to be read.
    ReadDraft {
        /// Its language.
        language: Language,
    },
    /// More of those who read its text as it is say that it did not help than that it did.
    Rewrite {
        /// How many it helped since the text is as it is.
        helpful: u32,
        /// How many it did not help since then.
        not_helpful: u32,
    },
    /// Something that this version of the answer has no word for.
    Other,
}

pub(crate) fn chore(chore: ArticleChore) -> ChoreAnswer {
    let ArticleChore { article, owner, chore } = chore;
    let chore = match chore {
        Chore::Review { due } => ChoreKindAnswer::Review { due },
        Chore::Translate { language } => ChoreKindAnswer::Translate { language },
        Chore::ReadDraft { language } => ChoreKindAnswer::ReadDraft { language },
        Chore::Rewrite { helpful, not_helpful } => {
            ChoreKindAnswer::Rewrite { helpful, not_helpful }
        }
        _ => ChoreKindAnswer::Other,
    };
    ChoreAnswer { article, owner, chore }
}
