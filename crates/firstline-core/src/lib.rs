//! The rules of a support desk as a deterministic state machine without I/O.

mod article;
mod id;

pub use article::{Article, Audience, Edition};
pub use id::{
    AgentId, ArticleId, CommandId, ContactId, Language, LineId, OrganizationId, Tag, TeamId,
    TicketId,
};
