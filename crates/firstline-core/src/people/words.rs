//! Which words a party is found by, and what somebody types who looks for one.
//!
//! A word is a run of letters and digits, in small letters: of names, addresses, products, models,
//! sites. A number that somebody reads off a label or a display (an address, a serial or inventory
//! number) is found as a whole too, however it was spaced and dotted: `+49 (30) 12` is `493012`.

use core::ops::Bound::{Included, Unbounded};
use std::collections::BTreeSet;

use super::{Address, Party};
use crate::limits::ERASED;
use crate::refusal::Refusal;
use crate::routing::Presence;

/// The longest text in bytes that is searched for: nobody types more to find a customer.
pub const MAX_PARTY_SEARCH_BYTES: usize = 256;

/// The most characters of a word that count: what is alike so far is the same.
const MAX_WORD: usize = 64;

/// The most words of a search: each is looked up by itself.
const MAX_WORDS: usize = 16;

/// The mark of an agent who is online, among the words. Nobody can type it: it is no letter.
const ONLINE: &str = "@online";

/// What somebody types who looks for a contact, an organization, an agent, a thing or a contract.
///
/// The words may be begun only, in any order and in large or small letters, and all of them must be
/// there; what stands in quotes is meant as it is. A number may be spaced and dotted in any way.
///
/// ```
/// use firstline_core::{Equipment, Party, PartySearch};
///
/// let mut printer = Equipment::new("Printer on the second floor");
/// printer.serial_number = Some("HX-42/1001-B".into());
/// let words = Party::Equipment(printer).words();
/// for typed in ["print sec", "hx42 1001", "HX-42/10", "\"printer\""] {
///     assert!(PartySearch::read(typed)?.finds(&words), "{typed}");
/// }
/// for typed in ["\"print\"", "printer third", "42-HX-1002"] {
///     assert!(!PartySearch::read(typed)?.finds(&words), "{typed}");
/// }
/// # Ok::<(), firstline_core::Refusal>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartySearch {
    /// All of it as one number.
    whole: PartyWord,
    /// The words, of which all must be there.
    words: Vec<PartyWord>,
}

/// A word that is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartyWord {
    /// The word, or what it begins with.
    pub text: String,
    /// Whether it is meant as it is.
    pub is_whole: bool,
}

impl PartyWord {
    /// Whether this is the word, or what it begins with.
    #[must_use]
    pub fn is_of(&self, word: &str) -> bool {
        if self.is_whole { word == self.text } else { word.starts_with(&self.text) }
    }

    fn is_among(&self, words: &BTreeSet<String>) -> bool {
        let mut from = words.range::<str, _>((Included(self.text.as_str()), Unbounded));
        from.next().is_some_and(|word| self.is_of(word))
    }
}

impl PartySearch {
    /// Makes sense of what was typed.
    ///
    /// # Errors
    ///
    /// It is too long, has too many words, or none.
    pub fn read(text: &str) -> Result<Self, Refusal> {
        let (field, most) = ("the search", MAX_PARTY_SEARCH_BYTES);
        if text.len() > most {
            return Err(Refusal::TextTooLong { field, bytes: text.len(), most });
        }
        let mut words = Vec::new();
        // What stands between two quotes has an odd place.
        for (place, part) in text.split('"').enumerate() {
            let is_whole = place % 2 == 1;
            words.extend(split(part).map(|text| PartyWord { text, is_whole }));
        }
        if words.is_empty() {
            return Err(Refusal::TextEmpty { field });
        }
        if words.len() > MAX_WORDS {
            let (field, count, most) = ("words", words.len(), MAX_WORDS);
            return Err(Refusal::TooMany { field, count, most });
        }
        let whole = PartyWord { text: number(text), is_whole: words.iter().all(|it| it.is_whole) };
        Ok(Self { whole, words })
    }

    /// Looks for the agents who are online.
    #[must_use]
    pub fn online() -> Self {
        let mark = PartyWord { text: ONLINE.to_owned(), is_whole: true };
        Self { whole: mark.clone(), words: vec![mark] }
    }

    /// Whether a party with these words is found.
    #[must_use]
    pub fn finds(&self, words: &BTreeSet<String>) -> bool {
        self.whole.is_among(words) || self.words.iter().all(|word| word.is_among(words))
    }

    /// All that was typed as one number: a party that has it is found.
    #[must_use]
    pub const fn whole(&self) -> &PartyWord {
        &self.whole
    }

    /// The words: a party that has all of them is found.
    #[must_use]
    pub fn words(&self) -> &[PartyWord] {
        &self.words
    }
}

impl Party {
    /// The words that it is found by. What was erased is none.
    #[must_use]
    pub fn words(&self) -> BTreeSet<String> {
        let (names, numbers): (Vec<&String>, Vec<&String>) = match self {
            Self::Contact(contact) => {
                (vec![], contact.addresses.iter().map(|Address { address, .. }| address).collect())
            }
            Self::Equipment(thing) => (
                [&thing.product, &thing.model, &thing.site].into_iter().flatten().collect(),
                [&thing.serial_number, &thing.inventory_number].into_iter().flatten().collect(),
            ),
            Self::Plan(plan) => (vec![&plan.request.subject], vec![]),
            Self::Organization(_) | Self::Agent(_) | Self::Contract(_) => (vec![], vec![]),
        };
        let texts = names.into_iter().chain(numbers.iter().copied()).map(String::as_str);
        let texts = [self.name()].into_iter().chain(texts).filter(|text| *text != ERASED);
        let mut words: BTreeSet<String> = texts.flat_map(split).collect();
        words.extend(numbers.into_iter().map(|text| number(text)).filter(|it| !it.is_empty()));
        if matches!(self, Self::Agent(agent) if agent.presence == Presence::Online) {
            words.insert(ONLINE.to_owned());
        }
        words
    }

    /// Its name as lists of parties are sorted by it.
    #[must_use]
    pub fn sort_key(&self) -> String {
        self.name().chars().flat_map(fold).take(MAX_WORD).collect()
    }
}

/// The runs of letters and digits.
fn split(text: &str) -> impl Iterator<Item = String> {
    let runs = text.split(|c: char| !c.is_alphanumeric()).filter(|run| !run.is_empty());
    runs.map(number)
}

/// All letters and digits, as one word.
fn number(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(fold).take(MAX_WORD).collect()
}

/// A letter in the form in which all its writings are the same. Russian writes `ё` as `е` mostly.
fn fold(c: char) -> impl Iterator<Item = char> {
    c.to_lowercase().map(|c| if c == 'ё' { 'е' } else { c })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{Agent, Channel, Contact, Equipment, Organization};

    fn contact() -> Party {
        let mut contact = Contact::new("Семён Ёлкин");
        let address = |channel, address: &str| Address { channel, address: address.into() };
        contact.addresses = vec![
            address(Channel::Mail, "S.Elkin@Northwind.example"),
            address(Channel::Phone, "+7 (495) 123-45-67"),
        ];
        Party::Contact(contact)
    }

    #[track_caller]
    fn found(party: &Party, typed: &str, expected: bool) {
        let search = PartySearch::read(typed).unwrap();
        assert_eq!(search.finds(&party.words()), expected, "{typed}: {:?}", party.words());
    }

    #[test]
    fn a_contact_is_found_by_name_address_and_number_however_they_are_written() {
        for typed in [
            "семен",
            "СЕМЁН ёл",
            "елкин",
            "s.elkin@northwind.example",
            "s.elkin@north",
            "northwind",
            "+7 495 123",
            "7(495)1234567",
            "\"74951234567\"",
            "\"елкин\"",
            "elkin 495",
        ] {
            found(&contact(), typed, true);
        }
        for typed in ["петр", "\"семе\"", "семен 8495", "elkinn", "8 495"] {
            found(&contact(), typed, false);
        }
    }

    #[test]
    fn a_thing_is_found_by_its_numbers_and_whoever_has_only_a_name_by_that() {
        let mut thing = Equipment::new("Router");
        thing.inventory_number = Some("INV 000-17".into());
        thing.site = Some("Казань, склад 2".into());
        let thing = Party::Equipment(thing);
        for typed in ["inv000", "inv00017", "000-17", "казань склад", "rout"] {
            found(&thing, typed, true);
        }
        found(&Party::Organization(Organization::new("Northwind Ltd.")), "northwind ltd", true);
        found(&Party::Agent(Agent { name: "Ann".into(), ..Agent::default() }), "ann", true);
        found(&thing.without_name(), "erased", false);
        found(&contact().without_name(), "northwind", false);
    }

    #[test]
    fn what_is_no_search_is_refused() {
        let refused = |typed: &str| PartySearch::read(typed).unwrap_err().to_string();
        assert_eq!(refused(" - \"\" "), "the search is empty");
        assert_eq!(refused(&"x".repeat(257)), "the search has 257 bytes, more than 256");
        assert_eq!(refused(&"x ".repeat(17)), "17 words are more than 16");
    }

    proptest! {
        #[test]
        fn whoever_is_looked_for_by_what_is_written_of_them_is_found(
            name in "[a-zа-яA-ZА-ЯёЁ]{1,9}( [a-z0-9]{1,5}){0,3}", serial in "[A-Z0-9]{1,4}([-/. ][A-Z0-9]{1,4}){0,3}",
            cut in 1..20_usize,
        ) {
            let mut thing = Equipment::new(&*name);
            thing.serial_number = Some(serial.clone());
            let words = Party::Equipment(thing).words();
            for typed in [name.clone(), name.to_uppercase(), serial.clone(), serial.replace(['-', '/', '.', ' '], "")] {
                let begun: String = typed.chars().take(cut).collect();
                for typed in [typed, begun] {
                    prop_assert!(PartySearch::read(&typed).unwrap().finds(&words), "{typed} in {words:?}");
                }
            }
        }

        #[test]
        fn nothing_that_is_typed_panics(typed in "\\PC{0,40}") {
            if let Ok(search) = PartySearch::read(&typed) {
                let _ = search.finds(&contact().words());
            }
        }
    }
}
