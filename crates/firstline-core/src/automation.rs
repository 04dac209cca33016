//! What a desk does by itself, by rules that are data: triggers, timed rules, macros.
//!
//! | to change | see |
//! |---|---|
//! | after what a rule can be set off | `happening.rs` |
//! | what a rule is, and what it can do | `rule.rs` |
//! | what a condition of a rule can look at | `scene.rs` |
//! | what the templates of messages may do | `template.rs` |
//! | that a body of JSON stays one | `body.rs` |
//! | what stands for a name in them | `letter.rs`, `directory.rs` |
//! | why a rule did not fire | `why_not.rs` |
//! | in which order it goes at a ticket, and what becomes of a refusal | `ticket/automation.rs` |
//! | how rules are written, and what is refused | `rulebook/authored/rules.rs`, `rulebook/check/rules.rs` |
//!
//! The list of rules is read from top to bottom, once for whatever happens: each rule looks at the
//! ticket as the rules above it left it, is set off by what happened or by what they did, and fires
//! at most once. What a rule does sets off those below it and never those above, so the work is
//! bounded by the length of the list, and an author can follow it with a finger.

mod body;
mod directory;
mod happening;
mod letter;
mod rule;
mod scene;
mod template;
mod why_not;

pub use directory::Directory;
pub use happening::Happening;
pub(crate) use happening::Happenings;
pub use letter::TEMPLATE_NAMES;
pub(crate) use letter::{Letter, Needs};
pub(crate) use rule::{Automation, Deed, Macro, TimedRule, Trigger};
pub(crate) use scene::Scene;
pub use template::MAX_TEMPLATE_BYTES;
pub(crate) use template::Template;
pub use why_not::{RuleKind, Silence, WhyNot, WhyNotError, why_not};
