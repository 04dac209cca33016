//! The examination that every journal takes.
//!
//! Whoever writes a journal hands [`check`] a way to make an empty one, in a test:
//!
//! ```
//! use firstline_store::{MemoryJournal, conformance};
//!
//! conformance::check(|| Box::new(MemoryJournal::new()));
//! ```
//!
//! It is about what a journal says. That it still says so after a power cut, and what it says of a
//! file that somebody tampered with, takes other tests, which know where the journal keeps it.

mod care;
mod clerk;
mod effects;
mod lists;
mod parties;
mod queues;
#[cfg(test)]
mod random;
mod records;
mod seldom;
mod timers;
mod work;
#[cfg(test)]
mod wrong;

#[cfg(test)]
pub(crate) use clerk::{AGENT, CUSTOMER, Clerk, publish, reply, request, service};
#[cfg(test)]
pub(crate) use effects::notify;
#[cfg(test)]
pub(crate) use records::everything;

use crate::error::StoreError;
use crate::journal::Journal;

/// Examines a journal. `make` gives an empty one each time it is asked; it is asked some forty times.
///
/// # Panics
///
/// The journal failed. The message says what it should have done.
pub fn check(mut make: impl FnMut() -> Box<dyn Journal>) {
    for (name, chapter) in all_chapters() {
        if let Err(error) = chapter(&mut *make()) {
            panic!("{name}: {error:?}");
        }
    }
}

fn all_chapters() -> impl Iterator<Item = Chapter> {
    let parts = [
        records::CHAPTERS,
        lists::CHAPTERS,
        seldom::CHAPTERS,
        parties::CHAPTERS,
        queues::CHAPTERS,
        timers::CHAPTERS,
        work::CHAPTERS,
        care::CHAPTERS,
        effects::CHAPTERS,
    ];
    parts.into_iter().flatten().copied()
}

/// A part of the examination, and its name. It begins with an empty journal.
type Chapter = (&'static str, fn(&mut dyn Journal) -> Result<(), StoreError>);

/// Chapters by their functions.
macro_rules! chapters {
    ($($chapter:ident),+ $(,)?) => { [$((stringify!($chapter), $chapter)),+] };
}
use chapters;
