//! What is checked across crates. One binary, so that SQLite and tantivy are linked once.
//!
//! - `layers`: the arrows between the crates, and what must not leak out of them.

mod layers;
