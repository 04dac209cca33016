//! A lifecycle as a picture.

use core::fmt::Write as _;

use super::{Lifecycle, Who};
use crate::people::Role;
use crate::ticket::Status;

impl Lifecycle {
    /// The lifecycle as a state diagram in the notation of Mermaid, which documentation tools draw:
    /// the statuses, and who may go from which to which.
    #[must_use]
    pub fn diagram(&self) -> String {
        let mut text = "stateDiagram-v2\n".to_owned();
        for status in &self.statuses {
            if status.id.as_str() != status.category.as_str() {
                let _ = writeln!(text, "    {} : {} ({})", status.id, status.id, status.category);
            }
        }
        if let Some(first) = self.usual(Status::New) {
            let _ = writeln!(text, "    [*] --> {}", first.id);
        }
        for way in &self.ways {
            let who = match &way.by {
                Who::AtLeast(Role::Contact) => "contact",
                Who::AtLeast(Role::Agent) => "agent",
                Who::AtLeast(Role::System) => "system",
                Who::Holder(role) => role.as_str(),
            };
            let _ = write!(text, "    {} --> {} : {who}", way.from, way.to);
            if !way.requires.is_empty() {
                let _ = write!(text, ", needs {}", way.requires.join(", "));
            }
            text.push('\n');
        }
        for status in self.statuses.iter().filter(|status| status.category == Status::Closed) {
            let _ = writeln!(text, "    {} --> [*]", status.id);
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The page is made of the data: whoever changes the one is told here what the other is to be.
    #[test]
    fn the_picture_of_the_default_lifecycle_is_that_of_its_data() {
        let page = include_str!("default.md");
        let drawn = format!("```mermaid\n{}```\n", Lifecycle::built_in().diagram());
        assert_eq!(page, drawn, "\nwrite into lifecycle/default.md:\n{drawn}");
    }
}
