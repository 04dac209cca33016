//! What the desk knows.

use std::ffi::c_char;

use firstline::{ArticleId, Audience, Desk, Language, Question, Tag, TicketId};
use serde::Deserialize;

use crate::answer;
use crate::desk::{DeskObject, answer as answer_as_json, fl_desk, with_desk};
use crate::error::{Failure, fl_error};
use crate::input::{parse, text};
use crate::output::{fill, fl_buffer, needs};
use crate::status::fl_status;

/// What somebody wants to know.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SearchQuestion {
    text: String,
    #[serde(default)]
    audience: Audience,
    language: Option<Language>,
    #[serde(default)]
    tags: Vec<Tag>,
    product: Option<Tag>,
    version: Option<Tag>,
    category: Option<Tag>,
    #[serde(default)]
    is_typing: bool,
    #[serde(default)]
    offset: usize,
    limit: Option<usize>,
}

impl SearchQuestion {
    fn question(&self) -> Question<'_> {
        let usual = Question::new(&self.text);
        Question {
            audience: self.audience,
            language: self.language.as_ref(),
            tags: &self.tags,
            product: self.product.as_ref(),
            version: self.version.as_ref(),
            category: self.category.as_ref(),
            is_typing: self.is_typing,
            offset: self.offset,
            limit: self.limit.unwrap_or(usual.limit),
            ..usual
        }
    }
}

/// Articles that answer a question, best first, with all that a page of results shows beside them:
/// `{"hits": [{"article", "language", "title", "snippet", "score", "matches"}], "articles", "facets",
/// "did_you_mean"}`.
///
/// The question is JSON: `{"text": "my printer is not printing", "audience": "public", "language":
/// "en", "tags": [], "product": "...", "version": "...", "category": "...", "is_typing": false,
/// "offset": 0, "limit": 10}`, of which only the text is needed. An article is found as soon as the
/// command that published it has returned. A snippet is text as its author wrote it: escape it before
/// it is shown on a page.
///
/// Errors: `FL_STATUS_BAD_JSON`, `FL_STATUS_INDEX`. Threads: any. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fl_desk_search(
    desk: *const fl_desk,
    question: *const c_char,
    question_length: usize,
    out: *mut fl_buffer,
    error: *mut *mut fl_error,
) -> fl_status {
    let run = |object: &DeskObject| {
        needs("out", out)?;
        // SAFETY: the caller vouches for the text.
        let json = unsafe { text("question", question, question_length) }?;
        let question: SearchQuestion = parse("question", json)?;
        let results = object.desk.browse(&question.question())?;
        // SAFETY: the caller vouches for `out`.
        unsafe { fill("out", out, &answer::results(&results)) }?;
        Ok(fl_status::Ok)
    };
    // SAFETY: the caller vouches for `error`.
    unsafe { with_desk("fl_desk_search", desk, error, run) }
}

/// Articles for a ticket, best first and at most `limit`, as an agent may see them: a JSON list of hits
/// as `fl_desk_search` gives them.
///
/// Errors: `FL_STATUS_NOT_FOUND`, `FL_STATUS_INDEX`. Threads: any. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fl_desk_suggest(
    desk: *const fl_desk,
    ticket: u64,
    limit: usize,
    out: *mut fl_buffer,
    error: *mut *mut fl_error,
) -> fl_status {
    let run = |object: &DeskObject| {
        needs("out", out)?;
        let hits = object.desk.suggest(TicketId(ticket), limit)?;
        let hits: Vec<_> = hits.iter().map(answer::hit).collect();
        // SAFETY: the caller vouches for `out`.
        unsafe { fill("out", out, &hits) }?;
        Ok(fl_status::Ok)
    };
    // SAFETY: the caller vouches for `error`.
    unsafe { with_desk("fl_desk_suggest", desk, error, run) }
}

/// Tickets that are like this one, at most `limit`, and which articles solved those of its kind:
/// `{"tickets": [{"ticket", "subject", "status", "likeness", "may_be_duplicate", "solved_by",
/// "words"}], "solutions": [{"article", "tickets", "people", "reopened"}]}`.
///
/// Errors: `FL_STATUS_NOT_FOUND`, `FL_STATUS_INDEX`. Threads: any. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fl_desk_similar(
    desk: *const fl_desk,
    ticket: u64,
    limit: usize,
    out: *mut fl_buffer,
    error: *mut *mut fl_error,
) -> fl_status {
    let look = |desk: &Desk| Ok(answer::similar(desk.similar(TicketId(ticket), limit)?));
    // SAFETY: the caller vouches for `out` and `error`.
    unsafe { answer_as_json("fl_desk_similar", desk, out, error, look) }
}

/// An article as it is, with its editions and drafts.
///
/// Errors: `FL_STATUS_NOT_FOUND`. Threads: any. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fl_desk_article(
    desk: *const fl_desk,
    article: u64,
    out: *mut fl_buffer,
    error: *mut *mut fl_error,
) -> fl_status {
    let look = |desk: &Desk| {
        let id = ArticleId(article);
        let missing = || Failure::from(firstline::Refusal::UnknownArticle(id));
        desk.article(id)?.ok_or_else(missing)
    };
    // SAFETY: the caller vouches for `out` and `error`.
    unsafe { answer_as_json("fl_desk_article", desk, out, error, look) }
}
