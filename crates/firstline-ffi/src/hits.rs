//! Search without JSON.

use std::ffi::{CString, c_char};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use firstline::{Audience, Hit, Language, Question};

use crate::desk::{DeskObject, fl_desk, with_desk};
use crate::error::{Failure, c_text, fl_error};
use crate::guard::catch;
use crate::input::{optional_text, text};
use crate::output::needs;
use crate::registry::Registry;
use crate::status::fl_status;

/// Who may see what is searched for.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum fl_audience {
    /// What everybody may see.
    Public = 0,
    /// What contacts of the desk may see.
    Customer = 1,
    /// What agents may see.
    Internal = 2,
}

/// Articles that were found. Made by `fl_desk_search_hits`, freed by `fl_hits_free`.
pub struct fl_hits {
    _opaque: [u8; 0],
}

/// An article that was found. Its texts are UTF-8, NUL-terminated, and live until `fl_hits_free`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct fl_hit {
    /// Its number.
    pub article: u64,
    /// How well it fits beside the other hits of the same search: above 0, at most 1.
    pub score: f32,
    /// Zero.
    pub reserved: u32,
    /// Its title.
    pub title: *const c_char,
    /// How many bytes that are.
    pub title_length: usize,
    /// The part of its text that has most to do with the question, as its author wrote it.
    pub snippet: *const c_char,
    /// How many bytes that are.
    pub snippet_length: usize,
    /// Its language, such as `en`.
    pub language: *const c_char,
    /// How many bytes that are.
    pub language_length: usize,
}

struct HitsObject {
    hits: Vec<HitTexts>,
    next: AtomicUsize,
}

struct HitTexts {
    article: u64,
    score: f32,
    title: CString,
    snippet: CString,
    language: CString,
}

static HITS: Registry<HitsObject> = Registry::new();

impl From<Hit> for HitTexts {
    fn from(hit: Hit) -> Self {
        Self {
            article: hit.article.0,
            score: hit.score,
            title: c_text(hit.title),
            snippet: c_text(hit.snippet.text),
            language: c_text(hit.language.to_string()),
        }
    }
}

impl HitTexts {
    fn shown(&self) -> fl_hit {
        let Self { article, score, title, snippet, language } = self;
        fl_hit {
            article: *article,
            score: *score,
            reserved: 0,
            title: title.as_ptr(),
            title_length: title.as_bytes().len(),
            snippet: snippet.as_ptr(),
            snippet_length: snippet.as_bytes().len(),
            language: language.as_ptr(),
            language_length: language.as_bytes().len(),
        }
    }
}

/// Articles that answer a question, best first, at most `limit` and at most 100: what `fl_desk_search` gives, without
/// JSON and what stands beside the hits.
///
/// `question` is what somebody typed; `language` keeps to one, null for all; `audience` is an
/// `fl_audience`. Take them one after the other with `fl_hits_next`.
///
/// Errors: `FL_STATUS_INDEX`; `FL_STATUS_ARGUMENT` for what is no `fl_audience`; those of the disk.
/// Threads: any. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fl_desk_search_hits(
    desk: *const fl_desk,
    question: *const c_char,
    question_length: usize,
    language: *const c_char,
    language_length: usize,
    audience: i32,
    limit: usize,
    hits: *mut *mut fl_hits,
    error: *mut *mut fl_error,
) -> fl_status {
    let run = |object: &DeskObject| {
        needs("hits", hits)?;
        // SAFETY: the caller vouches for both texts.
        let (question, language) = unsafe {
            let question = text("question", question, question_length)?;
            (question, optional_text("language", language, language_length)?)
        };
        let audience = audience_of(audience)?;
        let language = language.map(Language::from);
        let language = language.as_ref();
        let question = Question { audience, language, limit, ..Question::new(question) };
        let found = object.desk.search(&question)?.into_iter().map(HitTexts::from).collect();
        let object = HitsObject { hits: found, next: AtomicUsize::new(0) };
        // SAFETY: it is not null, and the caller vouches for the place.
        unsafe { hits.write(HITS.insert(Arc::new(object))) };
        Ok(fl_status::Ok)
    };
    // SAFETY: the caller vouches for `error`.
    unsafe { with_desk("fl_desk_search_hits", desk, error, run) }
}

/// The audience of this number.
pub(crate) fn audience_of(number: i32) -> Result<Audience, Failure> {
    match number {
        0 => Ok(Audience::Public),
        1 => Ok(Audience::Customer),
        2 => Ok(Audience::Internal),
        _ => Err(Failure::argument("audience", "is none of fl_audience")),
    }
}

/// Takes the next hit. `FL_STATUS_END` when there is none left; `*hit` is untouched then.
///
/// Errors: `FL_STATUS_CLOSED`, `FL_STATUS_ARGUMENT`. Threads: any; each hit goes to one of them. Since
/// 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fl_hits_next(hits: *const fl_hits, hit: *mut fl_hit) -> fl_status {
    let run = || {
        needs("hit", hit)?;
        let hits = HITS.get(hits).ok_or_else(|| Failure::closed("hits"))?;
        let Some(next) = hits.hits.get(hits.next.fetch_add(1, Ordering::Relaxed)) else {
            // Nobody gets around the end by asking often enough.
            hits.next.store(hits.hits.len(), Ordering::Relaxed);
            return Ok(fl_status::End);
        };
        // SAFETY: it is not null, and the caller vouches for the place.
        unsafe { hit.write(next.shown()) };
        Ok(fl_status::Ok)
    };
    catch(run).unwrap_or_else(|failure| failure.status)
}

/// How many hits there are, taken or not; 0 for null and for hits that were freed.
///
/// Threads: any. Since 0.1.
#[unsafe(no_mangle)]
pub extern "C" fn fl_hits_count(hits: *const fl_hits) -> usize {
    HITS.get(hits).map_or(0, |hits| hits.hits.len())
}

/// Frees hits and their texts. Null is fine, and so are hits that were freed already.
///
/// Threads: any. Since 0.1.
#[unsafe(no_mangle)]
pub extern "C" fn fl_hits_free(hits: *mut fl_hits) {
    drop(HITS.remove(hits));
}
