//! A customer's thing under support: what it is, how to tell it from others, where it stands, and
//! what it is a part of.

use serde::{Deserialize, Serialize};

use crate::date::Date;
use crate::id::{ContactId, EquipmentId, OrganizationId};
use crate::limits::check_line;
use crate::refusal::Refusal;

/// A customer's thing under support.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Equipment {
    /// What it is called, such as `printer on the second floor`.
    pub name: String,
    /// The company or department that has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization: Option<OrganizationId>,
    /// The person who has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<ContactId>,
    /// What it is a part of. There is no way back to itself along these.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part_of: Option<EquipmentId>,
    /// What its maker sells it as.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<String>,
    /// Which model of that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// The maker's number for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub serial_number: Option<String>,
    /// The owner's number for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inventory_number: Option<String>,
    /// Where it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
    /// The last day of the maker's warranty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warranty_until: Option<Date>,
}

impl Equipment {
    /// A thing of which nothing but the name is known.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }

    pub(super) fn check(&self) -> Result<(), Refusal> {
        let lines = [
            ("product", &self.product),
            ("model", &self.model),
            ("serial_number", &self.serial_number),
            ("inventory_number", &self.inventory_number),
            ("site", &self.site),
        ];
        let mut written =
            lines.into_iter().filter_map(|(field, text)| Some((field, text.as_ref()?)));
        written.try_for_each(|(field, text)| check_line(field, text))
    }
}
