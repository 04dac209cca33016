//! What concerns the whole crate: the published cases.

mod cases;
