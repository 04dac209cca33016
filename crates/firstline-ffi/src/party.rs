//! Questions about people and things.

use std::collections::BTreeSet;
use std::ffi::c_char;

use firstline::{Desk, PartyId, PartyKind, PartyPlace, PartyQuery, PartySearch};
use serde::Deserialize;

use crate::answer;
use crate::desk::{answer as answer_as_json, fl_desk};
use crate::error::{Failure, fl_error};
use crate::input::{parse, text};
use crate::output::fl_buffer;
use crate::status::fl_status;

/// Somebody or something that the desk knows, by JSON such as `{"contact":1}`.
///
/// Errors: `FL_STATUS_NOT_FOUND`, `FL_STATUS_BAD_JSON`, those of the disk. Threads: any. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fl_desk_party(
    desk: *const fl_desk,
    party: *const c_char,
    party_length: usize,
    out: *mut fl_buffer,
    error: *mut *mut fl_error,
) -> fl_status {
    let look = |desk: &Desk| {
        // SAFETY: the caller vouches for the text.
        let id: PartyId = parse("party", unsafe { text("party", party, party_length) }?)?;
        let missing = || Failure::from(id.unknown());
        desk.party(id)?.ok_or_else(missing)
    };
    // SAFETY: the caller vouches for `out` and `error`.
    unsafe { answer_as_json("fl_desk_party", desk, out, error, look) }
}

/// Which parties.
#[derive(Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub(crate) struct PartiesQuestion {
    /// Words as they are typed; in quotes exactly.
    search: Option<String>,
    /// Of these kinds; of any if none is named.
    kinds: BTreeSet<PartyKind>,
    /// The `next` of the page before.
    after: Option<PartyPlace>,
    /// How many at most.
    limit: Option<usize>,
}

/// Parties by their words, by name and a page at a time: `{"parties": [{"id", "party"}], "next"}`.
///
/// The question is JSON, all of it optional: `{"search": "petrov +7 495", "kinds": ["contact"],
/// "after": {...}, "limit": 50}`. `after` is the `next` of the page before; a `limit` is taken as at least
/// 1 and at most 1,000.
///
/// Errors: `FL_STATUS_BAD_JSON`, `FL_STATUS_REFUSED` for what is no search, those of the disk. Threads: any. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fl_desk_find_parties(
    desk: *const fl_desk,
    question: *const c_char,
    question_length: usize,
    out: *mut fl_buffer,
    error: *mut *mut fl_error,
) -> fl_status {
    let look = |desk: &Desk| {
        // SAFETY: the caller vouches for the text.
        let json = unsafe { text("question", question, question_length) }?;
        let PartiesQuestion { search, kinds, after, limit } = parse("question", json)?;
        let search = search.map(|typed| PartySearch::read(&typed)).transpose()?;
        let limit = limit.unwrap_or(PartyQuery::default().limit);
        Ok(answer::parties(desk.find_parties(&PartyQuery { search, kinds, after, limit })?))
    };
    // SAFETY: the caller vouches for `out` and `error`.
    unsafe { answer_as_json("fl_desk_find_parties", desk, out, error, look) }
}
