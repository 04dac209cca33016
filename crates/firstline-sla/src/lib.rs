//! Promises with working-time clocks and escalation ladders, as a deterministic state machine.
