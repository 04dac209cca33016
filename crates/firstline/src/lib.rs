//! The help desk without the server.
//!
//! It is no web application, no mail server and no hosted service: your program brings transport
//! and screens, firstline brings the rules, the memory and the clock. One folder on disk, no
//! daemon, no cron.
//!
//! Two types matter: a [`Desk`] is one support desk, which is one folder; a [`Command`] is what
//! somebody wants from it. The loop:
//!
//! 1. Give the desk commands: [`Desk::execute`], or the helpers that are named after them.
//! 2. Call [`Desk::handle_timeout`] at [`Desk::poll_timeout`]. Early is harmless; late is noticed
//!    and changes no fact, so no exact timer is needed.
//! 3. Do what [`Desk::effects`] hands out, and [`Desk::acknowledge`] it. To send messages, follow
//!    [`Desk::records`] from the last number that you have seen.
//!
//! ```
//! use firstline::{Actor, Agent, AgentId, Contact, ContactId, Desk, Metric, OpenTicket, Question, Rulebook};
//!
//! let rulebook = Rulebook::from_toml(
//!     r#"
//!     name = "Northwind support"
//!
//!     [calendars.office]
//!     time_zone = "Europe/Berlin"
//!     weekly = { mon = ["09:00-17:00"], tue = ["09:00-17:00"], wed = ["09:00-17:00"] }
//!
//!     [[lines]]
//!     id = "L1"
//!     [[lines]]
//!     id = "L2"
//!
//!     [[policies]]
//!     name = "standard"
//!     calendar = "office"
//!     [policies.targets.first_reply]
//!     within = { critical = "15m", high = "1h", medium = "4h", low = "8h" }
//!     warn_at = [75]
//!     ladder = [{ after_due = "1h", hand_over = "next" }]
//!     "#,
//!     "rulebook.toml",
//! )?;
//! let desk = Desk::in_memory(rulebook)?; // or Desk::open("support", rulebook)
//!
//! let (ada, bob) = (ContactId(1), AgentId(1));
//! desk.save_contact(ada, Contact::new("Ada"))?;
//! desk.save_agent(bob, Agent::new("Bob"))?;
//! let (ada_says, bob_says) = (Actor::Contact(ada), Actor::Agent(bob));
//!
//! // The answer before the ticket.
//! let note = "Turn it off and on again. Error E1042 goes away with the next update.";
//! let article = desk.publish(bob_says, "en", "The printer does not print", note)?;
//! let hits = desk.search(&Question::new("my printers are not printing"))?;
//! assert_eq!(hits[0].article, article);
//!
//! // The ticket, and what was promised about it.
//! let ticket = desk.open_ticket(ada_says, OpenTicket::new(ada, "Printer", "It is on fire."))?;
//! desk.reply(bob_says, ticket, "Stand back. I am coming.")?;
//! println!("{}", desk.explain(ticket, Metric::FirstReply, None)?);
//! # assert!(desk.explain(ticket, Metric::FirstReply, None)?.to_string().contains("kept"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What to rely on
//!
//! - An acknowledged command is on disk, with all that followed from it, or it is an error.
//! - The same commands at the same times under the same rules give the same records.
//! - Promises are dated by when they were broken, not by when somebody looked.
//! - No input panics. A [`Refusal`] names the rule, what was found, and what would be allowed.
//!
//! The [`architecture`] page says how that comes about, and where to change what.

pub mod architecture;
mod desk;
mod error;
mod time;

pub use desk::{
    ArticleChore, ArticleView, Chore, Desk, DeskOptions, Difference, DryRun, LostQuestion,
    SearchLag, Seen, SimilarTicket, SimilarTickets, Solution, Viewed, Woken,
};
pub use error::{Error, Responsible};
pub use firstline_core::*;
pub use firstline_knowledge::{
    Deflection, Embedder, Experience, Facets, Gap, Gaps, Hit, KnowledgeError, Match, Question,
    Reception, Results, Reuse, Snippet, Step, Visit, Visitor, deflection, gaps, is_held_out,
};
pub use firstline_store::{
    CloudEvent, Cursor, Delivery, Durability, Failed, Found, HandOut, Hash, Head, OpenEffect, Page,
    PartyPage, PartyPlace, PartyQuery, Progress, Receipt, Record, SignedCheckpoint, Sort,
    SqliteOptions, Standing, StoreError, Stored, TicketQuery, Verified, check_export, public_key,
};
pub use time::{FixedTime, SystemTime, TimeSource};
