//! Why a ticket went to whom, as it is recorded: what was weighed, and not the words of one language.

use core::fmt;

use firstline_sla::Tongue;
use serde::{Deserialize, Serialize};

use super::Choice;
use super::text::MAX_TOLD;

/// What spoke for whoever got a ticket or was offered it, and against each of the others; or why it
/// waits. As text it is a sentence, in the [language](Self::text) of whoever asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum RoutingReasons {
    /// What was weighed, of as many people as anybody reads about.
    Weighed(Choice),
    /// The words that were recorded before there was more.
    Said(String),
}

impl RoutingReasons {
    /// In words. What was recorded as words is told in those.
    #[must_use]
    pub fn text(&self, tongue: Tongue) -> String {
        match self {
            Self::Weighed(choice) => choice.text(tongue),
            Self::Said(words) => words.clone(),
        }
    }
}

impl fmt::Display for RoutingReasons {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Weighed(choice) => choice.fmt(f),
            Self::Said(words) => f.write_str(words),
        }
    }
}

impl From<&Choice> for RoutingReasons {
    /// Of many people only how many they were is kept: each record is kept for ever.
    fn from(choice: &Choice) -> Self {
        let others = u32::try_from(choice.untold()).unwrap_or(u32::MAX);
        let passed_over = choice.passed_over.iter().take(MAX_TOLD).copied().collect();
        let excluded = choice.excluded.iter().take(MAX_TOLD).cloned().collect();
        Self::Weighed(Choice { chosen: choice.chosen, passed_over, excluded, others })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{AgentId, Merit, Objection, Presence, RoutingStrategy, TicketFact};

    fn merit(load: u32) -> Merit {
        let by = RoutingStrategy::LeastLoaded;
        let (last_given, is_asked, idle_since) = (None, false, None);
        Merit { by, knows_the_matter: false, load, last_given, is_asked, idle_since }
    }

    #[test]
    fn what_was_weighed_is_recorded_as_data_and_told_in_the_language_of_whoever_asks() {
        let against = Objection::Unskilled { skill: "networks".into(), level: 3, has: Some(1) };
        let choice = Choice {
            chosen: Some((AgentId(1), merit(0))),
            passed_over: vec![(AgentId(2), merit(3))],
            excluded: vec![(AgentId(3), vec![Objection::NotAvailable(Presence::Away), against])],
            others: 0,
        };
        let (agent, because) = (AgentId(1), RoutingReasons::from(&choice));
        let json = serde_json::to_string(&TicketFact::Routed { agent, because }).unwrap();
        assert_eq!(
            json,
            r#"{"routed":{"agent":1,"because":{"chosen":[1,{"by":"least_loaded","load":0}],"passed_over":[[2,{"by":"least_loaded","load":3}]],"excluded":[[3,[{"not_available":"away"},{"unskilled":{"skill":"networks","level":3,"has":1}}]]]}}}"#
        );
        let TicketFact::Routed { because, .. } = serde_json::from_str(&json).unwrap() else {
            panic!("it is another fact");
        };
        assert_eq!(because.to_string(), choice.to_string());
        assert_eq!(because.text(Tongue::Russian), choice.text(Tongue::Russian));
    }

    #[test]
    fn what_was_recorded_in_words_is_told_in_those_words() {
        let json = r#"{"held":{"because":"nobody can have it now, and it waits"}}"#;
        let TicketFact::Held { because, .. } = serde_json::from_str(json).unwrap() else {
            panic!("it is another fact");
        };
        let words = "nobody can have it now, and it waits";
        assert_eq!(because, RoutingReasons::Said(words.into()));
        assert_eq!(because.text(Tongue::Russian), words);
        let again = TicketFact::Held { until: None, because };
        assert_eq!(serde_json::to_string(&again).unwrap(), json);
    }

    #[test]
    fn of_a_thousand_people_as_many_are_recorded_as_anybody_reads_about() {
        let excluded = (1..=1_000).map(|id| (AgentId(id), vec![Objection::Declined])).collect();
        let choice = Choice { chosen: None, passed_over: Vec::new(), excluded, others: 0 };
        let RoutingReasons::Weighed(kept) = RoutingReasons::from(&choice) else {
            panic!("it is data");
        };
        assert_eq!((kept.excluded.len(), kept.others), (20, 980));
        assert_eq!(kept.to_string(), choice.to_string());
    }
}
