//! The rules of a support desk as a deterministic state machine without I/O.
