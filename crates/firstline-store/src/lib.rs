//! The journal of a support desk: append-only records, derived tables, one transaction per command.
