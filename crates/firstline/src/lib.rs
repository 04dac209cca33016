//! The help desk without the server: tickets, promises, escalation and answers in one folder, embedded in your program.
