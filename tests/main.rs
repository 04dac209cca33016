//! What is checked across crates.
