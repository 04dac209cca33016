//! The C library of firstline. For Rust there is the crate `firstline`; what is said here is said to
//! whoever works on the library, and to users by the header, `include/firstline.h`.
//!
//! | to change | see |
//! |---|---|
//! | which errors there are, and who must act | `status.rs`, `error.rs` |
//! | what a handle is | `registry.rs` |
//! | what is done about panics | `guard.rs` |
//! | how texts and JSON come in, how answers go out | `input.rs`, `output.rs` |
//! | in which shape answers are | `answer/` |
//! | what is said about a command that cannot be read | `command/mistake.rs` |
//! | how a desk is opened | `options.rs`, `desk.rs` |
//! | the log, and word of new effects | `callbacks.rs` |
//! | what can be asked and done | `rules.rs`, `command.rs`, `question.rs`, `why.rs`, `party.rs`, `knowledge.rs`, `hits.rs`, `visits.rs`, `wake.rs`, `effects.rs`, `care.rs`, `calendar.rs` |
//! | the header | the comments of all these; `tests/header.rs` makes it |
//! | how it is built, installed and tried from other languages | `Makefile`, `tests/` |
//!
//! Every function is an entry point of C and has the same form: a guard around a body that checks
//! what it was given, asks the crate `firstline`, and writes what came of it through its last
//! arguments. What its pointers must be is told once for all of them, at the top of the header.
//!
//! # Decisions
//!
//! - A handle is a number that is looked up, at the price of some twenty nanoseconds a call: so null,
//!   use after close and a second close are statuses, with any number of threads.
//! - Commands and answers are JSON: reading one costs a few microseconds, and to be on disk costs a
//!   hundred. Where a call is cheaper than its JSON, there is a function without: calendars, the next
//!   wake time, hits.
//! - A panic leaves the desk usable. A transaction that was under way is rolled back when it is
//!   dropped, and nothing else is changed in place.
//! - Everything that is called back is called on the thread of the caller. The only threads beside those
//!   of the host are the ones that tantivy has while an index is written: they know nothing of the host,
//!   and no runtime has to be told of them.
//! - Whoever closes a desk waits for the calls that are under way on it, since a host that has closed it
//!   frees what its callbacks use.
//! - An object of JSON may be written as the list of its values where the reader of it does not mind. That
//!   is not promised, and the outermost value is refused as a list.

#![allow(non_camel_case_types, reason = "these are the names that C sees")]
#![allow(clippy::missing_safety_doc, reason = "the header tells it once for all functions")]
#![allow(clippy::too_many_arguments, reason = "C has no other way to pass a text")]

mod answer;
mod calendar;
mod callbacks;
#[doc(hidden)]
pub mod caller;
mod care;
mod command;
mod desk;
mod effects;
mod error;
mod guard;
mod hits;
mod input;
mod kind;
mod knowledge;
mod options;
mod output;
mod party;
mod question;
mod registry;
mod rules;
mod screen;
mod status;
mod version;
mod visits;
mod wake;
mod why;

pub use calendar::*;
pub use callbacks::{fl_effects_fn, fl_log_fn, fl_log_level};
pub use care::*;
pub use command::*;
pub use desk::*;
pub use effects::*;
pub use error::*;
pub use hits::*;
pub use knowledge::*;
pub use options::{FL_ABI_VERSION, fl_clock, fl_desk_options, fl_durability};
pub use output::{fl_buffer, fl_buffer_free};
pub use party::*;
pub use question::*;
pub use rules::*;
pub use screen::*;
pub use status::{fl_responsible, fl_status, fl_status_name, fl_status_responsible};
pub use version::*;
pub use visits::*;
pub use wake::*;
pub use why::*;
