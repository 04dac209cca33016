//! What a host's screen offers: where a ticket may go next, and the fields of its form.

use std::ffi::c_char;

use firstline::{Actor, Desk, Language, OpenTicket, PartyId, Refusal, Ticket, TicketId, ways};

use crate::answer;
use crate::desk::{answer as answer_as_json, fl_desk};
use crate::error::Failure;
use crate::error::fl_error;
use crate::input::{optional_text, parse, text};
use crate::output::fl_buffer;
use crate::status::fl_status;

/// The ways that somebody may take with a ticket from where it is now, as a JSON list of `{"to",
/// "label", "category", "holds", "requires"}`: what the status is called that it leads to, what people
/// read, and which fields must be filled by then, whether or not they are, be it by the lifecycle or by
/// the form. `fl_desk_execute` takes one with the action `{"move": {"to": ...}}`, and no other one.
///
/// `actor` is JSON, such as `{"agent":7}`; `language` a BCP 47 tag for the labels, null for `en`.
///
/// Errors: `FL_STATUS_NOT_FOUND`, `FL_STATUS_BAD_JSON`, those of the disk. Threads: any. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fl_desk_ways(
    desk: *const fl_desk,
    ticket: u64,
    actor: *const c_char,
    actor_length: usize,
    language: *const c_char,
    language_length: usize,
    out: *mut fl_buffer,
    error: *mut *mut fl_error,
) -> fl_status {
    let look = |desk: &Desk| {
        // SAFETY: the caller vouches for both texts.
        let (actor, language) = unsafe { asked(actor, actor_length, language, language_length) }?;
        let ticket = load(desk, ticket)?;
        let somebody = match actor {
            Actor::Contact(contact) => Some(PartyId::Contact(contact)),
            Actor::Agent(agent) => Some(PartyId::Agent(agent)),
            Actor::System => None,
        };
        if let Some(id) = somebody
            && desk.party(id)?.is_none()
        {
            return Err(id.unknown().into());
        }
        let rulebook = desk.rulebook();
        Ok(answer::ways(ways(&ticket, actor, &rulebook, desk.now())?, &language))
    };
    // SAFETY: the caller vouches for `out` and `error`.
    unsafe { answer_as_json("fl_desk_ways", desk, out, error, look) }
}

/// The form of a ticket as somebody sees it: `{"name", "lines"}`, a line for each of the desk's own
/// fields that is there as the ticket is, with `id`, `label`, `holds`, `required`, `can_be_set` and
/// `value`; null if the rulebook has forms and none is meant for such a ticket.
///
/// `actor` and `language` are as for `fl_desk_ways`.
///
/// Errors: `FL_STATUS_NOT_FOUND`, `FL_STATUS_BAD_JSON`, those of the disk. Threads: any. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fl_desk_form(
    desk: *const fl_desk,
    ticket: u64,
    actor: *const c_char,
    actor_length: usize,
    language: *const c_char,
    language_length: usize,
    out: *mut fl_buffer,
    error: *mut *mut fl_error,
) -> fl_status {
    let look = |desk: &Desk| {
        // SAFETY: the caller vouches for both texts.
        let (actor, language) = unsafe { asked(actor, actor_length, language, language_length) }?;
        let (ticket, rulebook) = (load(desk, ticket)?, desk.rulebook());
        Ok(rulebook.form(&ticket, actor.role()).map(|form| answer::form(form, &language)))
    };
    // SAFETY: the caller vouches for `out` and `error`.
    unsafe { answer_as_json("fl_desk_form", desk, out, error, look) }
}

/// The form of a request that is still being written, as far as it is: what it says brings lines up and
/// takes them away. What does not fit into its field counts as not given yet.
///
/// `request` is JSON, what stands in the action `{"open": ...}`; `actor` and `language` are as for
/// `fl_desk_ways`, and the answer is that of `fl_desk_form`.
///
/// Errors: `FL_STATUS_BAD_JSON`. Threads: any. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fl_desk_form_of_request(
    desk: *const fl_desk,
    request: *const c_char,
    request_length: usize,
    actor: *const c_char,
    actor_length: usize,
    language: *const c_char,
    language_length: usize,
    out: *mut fl_buffer,
    error: *mut *mut fl_error,
) -> fl_status {
    let look = |desk: &Desk| {
        // SAFETY: the caller vouches for all three texts. All are asked for before any is read.
        let (request, (actor, language)) = unsafe {
            let request = text("request", request, request_length)?;
            (request, asked(actor, actor_length, language, language_length)?)
        };
        let request: OpenTicket = parse("request", request)?;
        let rulebook = desk.rulebook();
        let form = rulebook.form_of_request(&request, actor, desk.now());
        Ok(form.map(|form| answer::form(form, &language)))
    };
    // SAFETY: the caller vouches for `out` and `error`.
    unsafe { answer_as_json("fl_desk_form_of_request", desk, out, error, look) }
}

fn load(desk: &Desk, ticket: u64) -> Result<Ticket, Failure> {
    let id = TicketId(ticket);
    Ok(desk.ticket(id)?.ok_or(Refusal::UnknownTicket(id))?.state)
}

/// Who asks, and in which language.
///
/// # Safety
///
/// As for [`text`].
unsafe fn asked(
    actor: *const c_char,
    actor_length: usize,
    language: *const c_char,
    language_length: usize,
) -> Result<(Actor, Language), Failure> {
    // SAFETY: the caller vouches for it.
    let (actor, language) = unsafe {
        let actor = text("actor", actor, actor_length)?;
        (actor, optional_text("language", language, language_length)?)
    };
    Ok((parse("actor", actor)?, Language::from(language.unwrap_or("en"))))
}
