//! What sort of request a ticket is, what part of a product's life it is about, and how it came in.

use serde::{Deserialize, Serialize};

/// What sort of request a ticket is (ITIL, and what customer care adds).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Kind {
    /// Somebody wants to know something.
    Question,
    /// Something that should work does not.
    Incident,
    /// The cause behind incidents.
    Problem,
    /// Somebody wants something that is on offer.
    ServiceRequest,
    /// Somebody is not content.
    Complaint,
    /// Something that the desk gave itself to do.
    Task,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Question,
        Self::Incident,
        Self::Problem,
        Self::ServiceRequest,
        Self::Complaint,
        Self::Task,
    ];

    /// The word for it, as in rulebooks and records.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Question => "question",
            Self::Incident => "incident",
            Self::Problem => "problem",
            Self::ServiceRequest => "service_request",
            Self::Complaint => "complaint",
            Self::Task => "task",
        }
    }
}

/// How words reach the desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Channel {
    /// Electronic mail.
    Mail,
    /// A chat in the product or on a site.
    Chat,
    /// A call.
    Phone,
    /// A form.
    Portal,
    /// A public network.
    Social,
    /// A machine that watches machines.
    Monitoring,
    /// A session on the customer's screen.
    RemoteSession,
    /// A visit.
    OnSite,
    /// A program.
    Api,
}

impl Channel {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Mail,
        Self::Chat,
        Self::Phone,
        Self::Portal,
        Self::Social,
        Self::Monitoring,
        Self::RemoteSession,
        Self::OnSite,
        Self::Api,
    ];

    /// The word for it, as in rulebooks and records.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Mail => "mail",
            Self::Chat => "chat",
            Self::Phone => "phone",
            Self::Portal => "portal",
            Self::Social => "social",
            Self::Monitoring => "monitoring",
            Self::RemoteSession => "remote_session",
            Self::OnSite => "on_site",
            Self::Api => "api",
        }
    }
}

/// The part of a product's life that a request is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Need {
    /// What to buy, and how to fit it in.
    Planning,
    /// To set it up.
    Installation,
    /// To learn to use it.
    Training,
    /// To find out what is wrong with it.
    Troubleshooting,
    /// To keep it going.
    Maintenance,
    /// To go to a newer or larger one.
    Upgrading,
    /// To take it out of use.
    Disposal,
}

impl Need {
    /// All of them, in the order of a product's life.
    pub const ALL: [Self; 7] = [
        Self::Planning,
        Self::Installation,
        Self::Training,
        Self::Troubleshooting,
        Self::Maintenance,
        Self::Upgrading,
        Self::Disposal,
    ];

    /// The word for it, as in rulebooks and records.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Planning => "planning",
            Self::Installation => "installation",
            Self::Training => "training",
            Self::Troubleshooting => "troubleshooting",
            Self::Maintenance => "maintenance",
            Self::Upgrading => "upgrading",
            Self::Disposal => "disposal",
        }
    }
}

/// The two trades of a desk, each with its own people, questions and figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Discipline {
    /// To fix a fault, fast.
    TechnicalSupport,
    /// To advise and recommend.
    CustomerCare,
}

impl Discipline {
    /// Both.
    pub const ALL: [Self; 2] = [Self::TechnicalSupport, Self::CustomerCare];

    /// The word for it, as in rulebooks and records.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TechnicalSupport => "technical_support",
            Self::CustomerCare => "customer_care",
        }
    }
}
