//! What is checked across crates. One binary, so that SQLite and tantivy are linked once.
//!
//! - `layers`: the arrows between the crates, and what must not leak out of them.
//! - `desk`: a desk as a host uses it, from the first contact to the explained promise.
//! - `automation`: rules, timed rules and macros, as a host sees them, and why they did not fire.
//! - `knowledge`: similar tickets, suggestions, synonyms, and what answers prevent.
//! - `articles`: the life of articles, what a reader gets of them, and the care that they ask for.
//! - `bad_input`: what is refused, by whom it is to be mended, and that nothing was lost by it.
//! - `routing`: who gets which ticket, and what waits while nobody has room.
//! - `plans`: maintenance that comes again, and what a desk that slept makes of it.
//! - `relations`: tickets that belong together, and what one commit does to all of them.
//! - `sharing`: several threads, several handles and several rulebooks on one folder.
//! - `model`: random commands on a desk on disk that is closed and opened, beside one in memory.
//! - `words`: tickets that are found by what was said on them, and what of it is for whom.
//! - `care`: copies, proofs, erasures, and several processes on one folder.
//! - `erasure`: what somebody who is erased had beside tickets.
//! - `effects`: what a desk asks of its host, and when it asks again.
//! - `promises`: rosters, pages, merges, dry runs, forecasts and accounts, as a host sees them.
//! - `rehearsal`: dry runs of the rules in force and of others, over what a desk did at random.
//! - `crash`: a process that is killed at a random moment.
//! - `golden`: journals that earlier versions wrote.
//! - `faults`: a disk that fails, fills up, and loses what was not synced.

mod articles;
mod automation;
mod bad_input;
mod care;
mod crash;
mod desk;
mod effects;
mod erasure;
#[cfg(all(target_os = "linux", target_env = "gnu"))]
mod faults;
mod fixture;
mod golden;
mod indexes;
mod knowledge;
mod layers;
mod model;
mod people;
mod plans;
mod promises;
mod rehearsal;
mod relations;
mod routing;
mod sharing;
mod words;
