//! What the desk knows.

use std::ffi::c_char;

use firstline::{ArticleId, Audience, Desk, Language, Question, Tag, TicketId};
use serde::Deserialize;

use crate::answer;
use crate::desk::{answer as answer_as_json, done, fl_desk};
use crate::error::{Failure, fl_error};
use crate::hits::audience_of;
use crate::input::{optional_text, parse, text};
use crate::output::fl_buffer;
use crate::status::fl_status;

/// What somebody wants to know.
#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct SearchQuestion {
    /// What they typed: words, never a syntax.
    text: String,
    /// Who may see what is found.
    #[serde(default)]
    audience: Audience,
    /// Of what they may see, only what is for just this audience.
    only_audience: Option<Audience>,
    /// In this language only.
    language: Option<Language>,
    /// With all of these labels only.
    #[serde(default)]
    tags: Vec<Tag>,
    /// About this product only.
    product: Option<Tag>,
    /// About this version only.
    version: Option<Tag>,
    /// In this category only.
    category: Option<Tag>,
    /// Whether they are still typing, so that the last word may be the beginning of one.
    #[serde(default)]
    is_typing: bool,
    /// How many hits are left out at the top.
    #[serde(default)]
    offset: usize,
    /// How many hits at most; 10 if nothing is said.
    limit: Option<usize>,
}

impl SearchQuestion {
    pub(crate) fn question(&self) -> Question<'_> {
        let usual = Question::new(&self.text);
        Question {
            audience: self.audience,
            only_audience: self.only_audience,
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
/// `{"hits": [{"article", "language", "title", "snippet", "score", "matches", "experience"}],
/// "articles", "facets", "did_you_mean"}`.
///
/// The question is JSON: `{"text": "my printer is not printing", "audience": "public", "only_audience":
/// null, "language": "en", "tags": [], "product": "...", "version": "...", "category": "...", "is_typing": false,
/// "offset": 0, "limit": 10}`, of which only the text is needed. An article is found as soon as the
/// command that published it has returned. An empty text lists all that pass the filters, such as a category.
/// The host decides whose `audience` it is: nothing is known here of who asks; `fl_desk_answer` knows it.
/// No question finds more than 100 on all its pages. A snippet is
/// text as its author wrote it: escape it before it is shown on a page.
///
/// Errors: `FL_STATUS_BAD_JSON`; `FL_STATUS_BAD_QUERY` for an `offset` of 100 or more;
/// `FL_STATUS_INDEX`; those of the disk. Threads: any. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fl_desk_search(
    desk: *const fl_desk,
    question: *const c_char,
    question_length: usize,
    out: *mut fl_buffer,
    error: *mut *mut fl_error,
) -> fl_status {
    let look = |desk: &Desk| {
        // SAFETY: the caller vouches for the text.
        let json = unsafe { text("question", question, question_length) }?;
        let question: SearchQuestion = parse("question", json)?;
        Ok(answer::results(desk.browse(&question.question())?))
    };
    // SAFETY: the caller vouches for `out` and `error`.
    unsafe { answer_as_json("fl_desk_search", desk, out, error, look) }
}

/// Articles for a ticket, best first, at most `limit` and at most 100, as an agent may see them: a JSON
/// list of hits as `fl_desk_search` gives them.
///
/// Errors: `FL_STATUS_NOT_FOUND`, `FL_STATUS_INDEX`, those of the disk. Threads: any. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fl_desk_suggest(
    desk: *const fl_desk,
    ticket: u64,
    limit: usize,
    out: *mut fl_buffer,
    error: *mut *mut fl_error,
) -> fl_status {
    let look = |desk: &Desk| Ok(answer::hits(desk.suggest(TicketId(ticket), limit)?));
    // SAFETY: the caller vouches for `out` and `error`.
    unsafe { answer_as_json("fl_desk_suggest", desk, out, error, look) }
}

/// Tickets that are like this one, at most `limit` and at most 100, and which articles solved those of its kind:
/// `{"tickets": [{"ticket", "subject", "status", "likeness", "probability", "may_be_duplicate",
/// "solved_by", "words"}], "solutions": [{"article", "tickets", "people", "reopened"}]}`.
///
/// Errors: `FL_STATUS_NOT_FOUND`, `FL_STATUS_INDEX`, those of the disk. Threads: any. Since 0.1.
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
/// Errors: `FL_STATUS_NOT_FOUND`, those of the disk. Threads: any. Since 0.1.
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

/// An article as a reader sees it, in the best edition for their language: `{"article", "audience",
/// "language", "title", "body", "is_behind", "languages", "tags", "product", "versions", "category"}`.
///
/// `audience` is an `fl_audience`, and the host decides whose it is; `language` is such as `de-AT`, null for
/// any. In another one if there is none in theirs.
///
/// Errors: `FL_STATUS_NOT_FOUND` for what the reader may not see as for what is not there;
/// `FL_STATUS_ARGUMENT` for what is no `fl_audience`; those of the disk. Threads: any. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fl_desk_read_article(
    desk: *const fl_desk,
    article: u64,
    audience: i32,
    language: *const c_char,
    language_length: usize,
    out: *mut fl_buffer,
    error: *mut *mut fl_error,
) -> fl_status {
    let look = |desk: &Desk| {
        // SAFETY: the caller vouches for the text.
        let language = unsafe { optional_text("language", language, language_length) }?;
        let (id, language) = (ArticleId(article), language.map(Language::from));
        let view = desk.read_article(id, audience_of(audience)?, language.as_ref())?;
        let missing = || Failure::from(firstline::Refusal::UnknownArticle(id));
        Ok(answer::article_view(view.ok_or_else(missing)?))
    };
    // SAFETY: the caller vouches for `out` and `error`.
    unsafe { answer_as_json("fl_desk_read_article", desk, out, error, look) }
}

/// Articles whose own questions do not find them any more among the first three, as a JSON list of
/// `{"article", "question", "found"}`: the regression test of what the desk knows.
///
/// Errors: `FL_STATUS_INDEX`, those of the disk. Threads: any. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fl_desk_check_articles(
    desk: *const fl_desk,
    out: *mut fl_buffer,
    error: *mut *mut fl_error,
) -> fl_status {
    let look = |desk: &Desk| {
        let lost = desk.check_articles()?;
        Ok(lost.into_iter().map(answer::lost_question).collect::<Vec<_>>())
    };
    // SAFETY: the caller vouches for `out` and `error`.
    unsafe { answer_as_json("fl_desk_check_articles", desk, out, error, look) }
}

/// What waits for somebody to look after it, as a JSON list of `{"article", "owner", "chore"}`: articles
/// whose day of review has come, translations that are behind, drafts in review, texts that do not help.
///
/// Errors: those of the disk. Threads: any. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fl_desk_article_chores(
    desk: *const fl_desk,
    out: *mut fl_buffer,
    error: *mut *mut fl_error,
) -> fl_status {
    let look = |desk: &Desk| {
        let chores = desk.article_chores()?;
        Ok(chores.into_iter().map(answer::chore).collect::<Vec<_>>())
    };
    // SAFETY: the caller vouches for `out` and `error`.
    unsafe { answer_as_json("fl_desk_article_chores", desk, out, error, look) }
}

/// Brings what the desk searches up to the journal now: for a thread that has time, so that nobody who
/// asks has to wait for it. Without it questions see every article at once, and what solved tickets
/// teach a little later.
///
/// Errors: `FL_STATUS_INDEX`, those of the disk. Threads: any. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fl_desk_catch_up(
    desk: *const fl_desk,
    error: *mut *mut fl_error,
) -> fl_status {
    // SAFETY: the caller vouches for `error`.
    unsafe { done("fl_desk_catch_up", desk, error, |desk| Ok(desk.catch_up()?)) }
}
