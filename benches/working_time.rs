//! The calendar against its peers.
fn main() {}
