//! What the examples share.
//!
//! | to change | see |
//! |---|---|
//! | how real logs are read and replayed | `incidents.rs` |
//! | the bundled incidents, articles and rulebook | `sample.rs`, `data/` |
//! | how things look on a terminal | `show.rs` |

pub mod incidents;
pub mod sample;
pub mod show;
