//! The boundary to C, from the Rust side of it: the header, the binary interface, misuse, texts of all kinds, the shapes of
//! answers, and that the same story is the same on both sides. `tests/run` tries the built library from other languages.

mod abi;
mod callbacks;
mod desk;
mod errors;
mod header;
mod nulls;
mod shapes;
mod story;
mod texts;
mod valid;
