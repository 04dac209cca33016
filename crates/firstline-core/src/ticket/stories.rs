//! What a desk does, told as stories: who does what when, and what is recorded.
//!
//! The week begins on Monday, 2 March 2026, and the office is open from 9 to 17, Monday to Friday,
//! in UTC. Contact 1 asks, agent 1 answers.
//!
//! The names of the stories about promises are those of the events that help desks get wrong.

mod again;
mod conditions;
mod ending;
mod life;
mod ringing;
mod rules;
mod running;
mod script;
mod terms;
mod two;
