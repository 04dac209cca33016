//! The rules of a support desk as a deterministic state machine without I/O.
//!
//! It is neither a database nor a server: it opens no file, reads no clock, draws no lots. What it
//! answers depends on its arguments alone, so the same commands at the same times give the same
//! events on every machine.
//!
//! Two types matter. A [`Ticket`] is a request and what became of it; a [`Rulebook`] is what the
//! desk promises and how it works. The loop:
//!
//! 1. [`decide`] says what follows from an action: a list of [`TicketEvent`]s, or a [`Refusal`].
//! 2. Store the events; [`apply`] them to the ticket. ([`carry_out`] does both at once.)
//! 3. At [`Ticket::poll_timeout`], decide on [`TicketAction::Wake`].
//!
//! ```
//! use firstline_core::{
//!     Actor, AgentId, ContactId, Metric, OpenTicket, Rulebook, TicketAction, carry_out,
//! };
//!
//! let rulebook = Rulebook::from_toml(
//!     r#"
//!     name = "Northwind support"
//!     [[lines]]
//!     id = "L1"
//!     [[policies]]
//!     name = "standard"
//!     calendar = "always"
//!     [policies.targets.first_reply]
//!     within = { critical = "15m", high = "1h", medium = "4h", low = "8h" }
//!     "#,
//!     "desk.toml",
//! )?;
//! let customer = Actor::Contact(ContactId(1));
//! let request = OpenTicket::new(ContactId(1), "Printer", "It is on fire.");
//! let open = TicketAction::Open(Box::new(request));
//! let turn = carry_out(None, &open, customer, &rulebook, "2026-03-02T09:00:00Z".parse()?)?;
//! assert_eq!(turn.ticket.due(), Some("2026-03-02T13:00:00Z".parse()?));
//!
//! let reply = TicketAction::Reply { text: "Stand back.".into(), then: None };
//! let agent = Actor::Agent(AgentId(1));
//! let turn = carry_out(Some(turn.ticket), &reply, agent, &rulebook, "2026-03-02T09:05:00Z".parse()?)?;
//! assert!(!turn.ticket.clocks[&Metric::FirstReply.into()].is_live());
//! assert_eq!(turn.ticket.poll_timeout(), None);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod account;
mod article;
mod automation;
mod brief;
mod command;
mod custom;
mod date;
mod effect;
mod filter;
mod forecast;
mod id;
mod label;
mod lifecycle;
mod limits;
mod people;
mod priority;
mod refusal;
mod rehearsal;
mod routing;
mod rulebook;
mod stop_words;
mod ticket;
mod verdict;

pub use account::{
    Account, AccountError, Called, Changed, ChangedBy, Ladder, PassedOver, PolicyChoice,
    TermsChange, account,
};
pub use article::{
    About, Article, ArticleAction, ArticleEvent, ArticleFact, Audience, Draft, Edition, Stage,
    Votes,
};
pub use automation::{
    Directory, Happening, MAX_TEMPLATE_BYTES, RuleKind, Silence, TEMPLATE_NAMES, WhyNot,
    WhyNotError, why_not,
};
pub use brief::{At, Brief, Doing, Next, When, brief};
pub use command::{Action, Command, Erasure, Event, Review, RulebookAdopted, Stream, TicketRef};
pub use custom::{
    CustomField, FieldChoice, FieldInput, FieldKind, FieldRefusal, FieldValue, FormLine,
    MAX_FIELD_CHARACTERS, MAX_TICKET_FIELDS, ReferenceKind, Referent, RequiredAt, TicketForm,
};
pub use date::{Date, ParseDateError};
pub use effect::{Effect, EffectId, EffectKind};
pub use filter::{
    ApprovalState, Asked, Asking, FieldQuery, FilterError, FilterWord, MAX_FILTER_BYTES,
    MAX_FILTER_DEPTH, MAX_FILTER_WORDS, Period, TicketFilter,
};
pub use firstline_sla::*;
pub use forecast::{Foresight, foresee};
pub use id::{
    AgentId, ArticleId, CommandId, ContactId, ContractId, Currency, EquipmentId, FieldId, Language,
    LifecycleId, LineId, OrganizationId, PlanId, RoleId, RuleId, Service, Skill, StatusId, Tag,
    TeamId, TicketId,
};
pub use label::Label;
pub use lifecycle::{Lifecycle, NamedStatus, OpenWay, Place, Way, Who};
pub use limits::{
    ERASED, MAX_FIRED_BY_ITSELF, MAX_LINE_BYTES, MAX_TAGS, MAX_TEXT_BYTES, MAX_WAITS,
    check_not_far_ahead, check_time,
};
pub use people::{
    Actor, Address, Agent, Capacity, Charge, Coming, Contact, Contract, ContractPeriod,
    ContractRefusal, Equipment, Late, Left, MAX_ADDRESSES, MAX_COVERED, MAX_LOAD, MAX_MISSED,
    MAX_PARTY_SEARCH_BYTES, MAX_PERIODS, MAX_SERVICES, MAX_SKILL_LEVEL, MAX_SKILLS, MAX_TREE_DEPTH,
    MAX_UNITS, Organization, Party, PartyId, PartyKind, PartySearch, PartyWord, Plan, PlanRefusal,
    PlanShift, Planned, Progress, Rate, Role, Unit, UsedSince, lineage,
};
pub use priority::{Classification, Impact, Priority, PriorityMatrix, Urgency};
pub use refusal::Refusal;
pub use rehearsal::{Deed, Happened, Rehearsal, rehearse};
pub use routing::{
    Choice, Floor, Merit, Objection, Presence, RoutingReasons, RoutingRefusal, RoutingStrategy,
    Seat, Wanted, Workload, against_offer, drain, route,
};
pub use rulebook::{
    Duty, Finding, LadderAction, Line, MAX_DOCUMENTS, MAX_EXAMPLES, MAX_RULEBOOK_BYTES, Rulebook,
    RulebookError, Severity, View,
};
pub use stop_words::{ENGLISH_STOP_WORDS, RUSSIAN_STOP_WORDS};
pub use ticket::{
    Approval, ApprovalAction, ApprovalFact, Attachment, Bearing, Brought, CameFrom, Channel, Check,
    ChecklistAction, ChecklistFact, Correction, CorruptJournal, Discipline, Done, Errand, Had,
    HandOverCause, Held, HoldReason, Kind, LoggedWork, MAX_AMOUNT, MAX_APPROVALS, MAX_ATTACHMENTS,
    MAX_CHECKS, MAX_FAMILY, MAX_FOLLOW_UPS, MAX_FOLLOWERS, MAX_RATING, MAX_RELATIONS, Merged,
    Message, Need, News, Offer, OfferEnd, Onlooker, OpenTicket, Paging, PassedOn, Queue, Readers,
    Relation, RelationRefused, Relations, Rung, Signature, SinceMerge, SplitFrom, Status,
    Successor, TRANSITIONS, Ticket, TicketAction, TicketEvent, TicketFact, Timer, Told, Transition,
    Turn, Visibility, Wait, WorkEntry, WorkRefusal, Worked, apply, carry_out, decide, dispatch,
    enlist, follow_up, give, hear, lacks_closing, lacks_timers, log_work, merge, news, news_for,
    relate, separate, set_closing, set_timers, since_merge, split, states_entered, take_back_work,
    unmark_spam, unrelate, ways, withdraw,
};
