//! Real incident logs, replayed as if their people had worked with a desk.
//!
//! A log says what state an incident was in after each step. A host would not write states into a
//! desk: it gives commands, each at its time and by its person. How the one becomes the other is
//! in `host.rs`; that file is the one to read.
//!
//! | to change | see |
//! |---|---|
//! | what an incident, a step, a stage is | `log.rs` |
//! | which column means what, and which word which stage | `servicenow.rs`, `volvo.rs` |
//! | which commands a host gives for a step | `host.rs` |
//! | which team stands on which line, the rulebook for a log | `rules.rs` |
//! | batches, alarms, going on after a crash | `replay.rs` |
//! | what holds when fifty rules go at every ticket | `ruled.rs` |
//! | what is counted in the log, and what in the desk's records | `log_count.rs`, `desk_count.rs` |
//! | the report over both | `report.rs` |

mod desk_count;
mod host;
mod log;
mod log_count;
mod replay;
mod report;
#[cfg(test)]
mod ruled;
mod rules;
mod servicenow;
mod volvo;

pub use desk_count::{DeskCount, Promises, Verdicts};
pub use log::{Incident, Kind, Log, LogError, Stage, Step};
pub use log_count::{LogCount, ping_pongs};
pub use replay::{Outcome, Progress, commands, replay};
pub use report::report;
pub use rules::{lines_by_arrivals, rulebook, with_fifty_rules};
