//! What concerns the whole crate: stories, the published cases, a slow oracle, and the laws.

mod arbitrary;
mod cases;
mod extremes;
mod laws;
mod oracle;
mod stories;
