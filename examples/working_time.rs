//! Working time, asked from the command line.
fn main() {}
