//! The numbers and names that things on a desk go by.

use core::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::refusal::Refusal;

/// Declares the number of one kind of thing. Numbers are the desk's own, start at 1 and are never
/// reused; people say them on the phone, so they are no secrets.
macro_rules! number {
    ($(#[$doc:meta])* $name:ident, $sign:literal) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        #[serde(transparent)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        pub struct $name(pub u64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($sign, "{}"), self.0)
            }
        }
    };
}

number!(
    /// The number of a ticket.
    TicketId, "#"
);
number!(
    /// The number of an article.
    ArticleId, "article "
);
number!(
    /// The number of a contact: a person who asks.
    ContactId, "contact "
);
number!(
    /// The number of an organization that contacts belong to.
    OrganizationId, "organization "
);
number!(
    /// The number of an agent: a person who answers.
    AgentId, "agent "
);

number!(
    /// The number of a customer's thing under support.
    EquipmentId, "equipment "
);
number!(
    /// The number of a contract with a customer.
    ContractId, "contract "
);
number!(
    /// The number of a maintenance plan.
    PlanId, "plan "
);

/// Declares a short text by which something is called, cheap to clone.
macro_rules! name {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        pub struct $name(#[cfg_attr(feature = "schema", schemars(with = "String"))] Arc<str>);

        impl $name {
            /// The name as it was written.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.into())
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text.into())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(&*self.0, f)
            }
        }

        impl core::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }
    };
}

name!(
    /// A support line, such as `L1` or `vendor`, as the rulebook calls it.
    LineId
);
name!(
    /// A team of a line, as the rulebook calls it.
    TeamId
);
name!(
    /// A role that can be told and escalated to, as the rulebook calls it.
    RoleId
);
name!(
    /// Something that an agent can do, such as `networks` or `returns`.
    Skill
);
name!(
    /// Something that a contract offers, such as `remote_work` or `visit`.
    Service
);
name!(
    /// Money by its ISO 4217 code, such as `EUR` or `RUB`.
    Currency
);
name!(
    /// A rule or a macro, as the rulebook calls it.
    RuleId
);
name!(
    /// A lifecycle, as the rulebook calls it.
    LifecycleId
);
name!(
    /// A status of a lifecycle, as the rulebook calls it.
    StatusId
);
name!(
    /// A field of a desk's own on its tickets, as the rulebook calls it.
    FieldId
);
name!(
    /// A label on a ticket or an article.
    Tag
);
name!(
    /// A language by its BCP 47 tag, such as `en`, `ru` or `pt-BR`.
    Language
);

impl FieldId {
    /// Whether it can be written wherever a field is asked for: a small letter, and then at most 39
    /// small letters, digits and `_`.
    #[must_use]
    pub fn is_well_formed(&self) -> bool {
        let id = self.as_str();
        let is_sign = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'_';
        (1..=40).contains(&id.len())
            && id.starts_with(|c: char| c.is_ascii_lowercase())
            && id.bytes().all(is_sign)
    }
}

impl Language {
    /// The primary subtag in lower case: `pt` of `pt-BR`.
    #[must_use]
    pub fn primary(&self) -> String {
        self.as_str().split('-').next().unwrap_or_default().to_ascii_lowercase()
    }

    /// The tag as RFC 5646 writes it: `pt-BR` for `PT-br`, `zh-Hant` for `ZH-HANT`. Two that differ by this
    /// alone are one.
    #[must_use]
    pub fn canonical(&self) -> Self {
        let mut tag = String::with_capacity(self.as_str().len());
        let mut is_behind_singleton = false;
        for (subtag, place) in self.as_str().split('-').zip(0..) {
            let small = subtag.to_ascii_lowercase();
            if place > 0 {
                tag.push('-');
            }
            match (place, subtag.len()) {
                (1.., 2) if !is_behind_singleton => tag.push_str(&small.to_ascii_uppercase()),
                (1.., 4) if !is_behind_singleton && small.is_ascii() => {
                    tag.push_str(&small[..1].to_ascii_uppercase());
                    tag.push_str(&small[1..]);
                }
                _ => tag.push_str(&small),
            }
            is_behind_singleton |= subtag.len() == 1;
        }
        Self(tag.into())
    }

    /// Checks the shape of RFC 5646: subtags of letters and digits, the first of two to eight
    /// letters.
    ///
    /// # Errors
    ///
    /// It has another shape.
    pub fn check(&self) -> Result<(), Refusal> {
        let mut subtags = self.as_str().split('-');
        let primary = subtags.next().unwrap_or_default();
        let is_primary =
            (2..=8).contains(&primary.len()) && primary.bytes().all(|b| b.is_ascii_alphabetic());
        let is_subtag = |subtag: &str| {
            (1..=8).contains(&subtag.len()) && subtag.bytes().all(|b| b.is_ascii_alphanumeric())
        };
        if is_primary && subtags.all(is_subtag) {
            Ok(())
        } else {
            Err(Refusal::NotALanguage { found: self.as_str().chars().take(40).collect() })
        }
    }
}

impl Tag {
    /// Whether it is the same label, be it in other letters.
    #[must_use]
    pub fn is_like(&self, other: &Self) -> bool {
        self.is_called(other.as_str())
    }

    /// The one of these labels that it is, be it in other letters.
    pub(crate) fn among<'t>(&self, tags: impl IntoIterator<Item = &'t Self>) -> Option<&'t Self> {
        tags.into_iter().find(|tag| tag.is_like(self))
    }

    /// Whether it is the label of this name, be it in other letters. Rules ask this of each ticket, and
    /// nearly all labels are told apart without making small letters of them.
    pub(crate) fn is_called(&self, name: &str) -> bool {
        let own = self.as_str();
        match own.is_ascii() && name.is_ascii() {
            true => own.eq_ignore_ascii_case(name),
            false => own == name || own.to_lowercase() == name.to_lowercase(),
        }
    }
}

impl Currency {
    /// An amount in minor units as people write it: `30.05 EUR`, `3005 JPY`. A minor unit is a
    /// hundredth but for those currencies to which ISO 4217 gives other digits.
    #[must_use]
    pub fn money(&self, minor: u64) -> String {
        let digits = match self.as_str() {
            "BIF" | "CLP" | "DJF" | "GNF" | "ISK" | "JPY" | "KMF" | "KRW" | "PYG" | "RWF"
            | "UGX" | "UYI" | "VND" | "VUV" | "XAF" | "XOF" | "XPF" => 0,
            "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
            "CLF" | "UYW" => 4,
            _ => 2_usize,
        };
        if digits == 0 {
            return format!("{minor} {self}");
        }
        let one = 10_u64.pow(u32::try_from(digits).unwrap_or(0));
        format!("{}.{:0digits$} {self}", minor / one, minor % one)
    }

    /// Checks the shape of ISO 4217: three capital letters.
    ///
    /// # Errors
    ///
    /// It has another shape.
    pub fn check(&self) -> Result<(), Refusal> {
        let code = self.as_str();
        if code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase()) {
            Ok(())
        } else {
            Err(Refusal::NotACurrency { found: code.chars().take(40).collect() })
        }
    }
}

/// The key that a caller gives a command, so that sending it again after a lost answer changes
/// nothing. UUIDv7 and ULID are good choices; the desk only compares.
///
/// In serde it is 32 hexadecimal digits, since JSON has no integers of this size.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CommandId(pub u128);

impl fmt::Display for CommandId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl fmt::Debug for CommandId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for CommandId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for CommandId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        // A UUID in its usual dress is welcome too.
        let digits: String = text.chars().filter(|c| *c != '-').collect();
        let complete = digits.len() == 32 && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        u128::from_str_radix(&digits, 16).ok().filter(|_| complete).map(Self).ok_or_else(|| {
            serde::de::Error::custom("a command id is 32 hexadecimal digits or a UUID")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uuid_is_a_command_id_and_a_short_number_is_not() {
        let id: CommandId =
            serde_json::from_str("\"0190a5b2-7c3d-7e4f-8a9b-0c1d2e3f4a5b\"").unwrap();
        assert_eq!(serde_json::to_string(&id).unwrap(), "\"0190a5b27c3d7e4f8a9b0c1d2e3f4a5b\"");
        assert!(serde_json::from_str::<CommandId>("\"17\"").is_err());
        assert!(serde_json::from_str::<CommandId>("\"+190a5b27c3d7e4f8a9b0c1d2e3f4a5b\"").is_err());
    }

    #[test]
    fn a_dialect_belongs_to_its_language() {
        assert_eq!(Language::from("pt-BR").primary(), "pt");
        assert_eq!(Language::from("RU").primary(), "ru");
    }
}
