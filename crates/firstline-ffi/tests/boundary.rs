//! The boundary to C, from the Rust side of it: the header, misuse, texts of all kinds, and that the
//! same story is the same on both sides. `tests/run` tries the built library from other languages.

mod callbacks;
mod desk;
mod header;
mod nulls;
mod story;
mod texts;
