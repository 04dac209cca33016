//! The name of an error's kind, for programs that branch on it.

use core::fmt::{self, Debug, Write};

use firstline::Refusal;

/// The variant of an error in snake case, such as `transition_not_allowed`: the names in which the
/// documentation of the Rust crates tells of them.
pub(crate) fn kind(error: &impl Debug) -> String {
    let mut name = Name::default();
    // Writing stops by an error where the name ends, so that nothing long is written for nothing.
    let _ = write!(name, "{error:?}");
    name.0
}

/// The kind of a refusal: also of one of a single room of the house, which keeps the name that it has
/// there.
pub(crate) fn refusal_kind(refusal: &Refusal) -> String {
    match refusal {
        Refusal::Plan(of) => kind(of),
        Refusal::Contract(of) => kind(of),
        Refusal::Work(of) => kind(of),
        Refusal::Routing(of) => kind(of),
        refusal => kind(refusal),
    }
}

#[derive(Default)]
struct Name(String);

impl Write for Name {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for letter in text.chars() {
            if !letter.is_ascii_alphanumeric() {
                return Err(fmt::Error);
            }
            if letter.is_ascii_uppercase() && !self.0.is_empty() {
                self.0.push('_');
            }
            self.0.push(letter.to_ascii_lowercase());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use firstline::{PlanRefusal, Refusal, RoutingRefusal, TicketId, WorkRefusal};

    use super::refusal_kind;

    #[test]
    fn a_kind_is_called_as_in_the_documentation() {
        assert_eq!(refusal_kind(&Refusal::TicketClosed), "ticket_closed");
        assert_eq!(refusal_kind(&Refusal::UnknownTicket(TicketId(7))), "unknown_ticket");
        assert_eq!(refusal_kind(&Refusal::Conflict { expected: 1, actual: 2 }), "conflict");
        assert_eq!(refusal_kind(&RoutingRefusal::NoFloor.into()), "no_floor");
        assert_eq!(refusal_kind(&PlanRefusal::NotPlanned.into()), "not_planned");
        let taken_back = WorkRefusal::WorkTakenBack { entry: 1 }.into();
        assert_eq!(refusal_kind(&taken_back), "work_taken_back");
    }
}
