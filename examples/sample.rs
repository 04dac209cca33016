//! What is bundled with the examples, in `data/`; see the README there for where it comes from.

use std::collections::{BTreeMap, BTreeSet};

use firstline::{
    Actor, ArticleAction, ArticleId, Audience, Command, CommandId, Desk, Error, Language, Rulebook,
    RulebookError, Stream, Tag, Timestamp,
};
use serde::Deserialize;

use crate::incidents::{Log, LogError};

/// Whom the sample is owed to.
pub const ATTRIBUTION: &str = "Amaral, Fantinato, Reijers, Peres: Incident management process \
                               enriched event log, UCI dataset 498, CC BY 4.0";

const INCIDENTS: &str = include_str!("data/incidents.csv");
const RULEBOOK: &str = include_str!("data/rulebook.toml");
const ARTICLES: &str = include_str!("data/articles.toml");

/// 1,500 real incidents.
///
/// # Errors
///
/// The file has a line that makes no sense.
pub fn log() -> Result<Log, LogError> {
    Log::read(INCIDENTS.as_bytes(), "examples/data/incidents.csv")
}

/// The rules of a desk for them.
///
/// # Errors
///
/// The file has mistakes.
pub fn rulebook() -> Result<Rulebook, RulebookError> {
    Rulebook::from_toml(RULEBOOK, "examples/data/rulebook.toml")
}

/// What the desk knows.
///
/// # Errors
///
/// The file has mistakes.
pub fn articles() -> Result<Vec<Article>, toml::de::Error> {
    let file: ArticleFile = toml::from_str(ARTICLES)?;
    Ok(file.articles)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ArticleFile {
    articles: Vec<Article>,
}

/// An article as `articles.toml` has it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Article {
    /// Who may see it.
    pub audience: Audience,
    /// Its labels.
    pub tags: BTreeSet<Tag>,
    /// The text in each language.
    pub editions: BTreeMap<Language, Edition>,
}

/// The text of an article in one language.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Edition {
    /// The question that it answers, or the name of the problem.
    pub title: String,
    /// The answer.
    pub body: String,
}

/// Publishes articles. Those that an earlier run has published are not published again.
///
/// # Errors
///
/// What the desk says.
pub fn publish(desk: &Desk, articles: &[Article], at: Timestamp) -> Result<(), Error> {
    for article in articles {
        let mut id: Option<ArticleId> = None;
        for (language, Edition { title, body }) in &article.editions {
            let publish = ArticleAction::Publish {
                language: language.clone(),
                title: title.clone(),
                body: body.trim().to_owned(),
                audience: Some(article.audience),
                tags: Some(article.tags.clone()),
            };
            let hash = blake3::hash(format!("{language}/{title}").as_bytes());
            let half = hash.as_bytes()[..16].try_into().expect("a hash has 32 bytes");
            let key = CommandId(u128::from_be_bytes(half));
            let command = Command::article(Actor::System, id, publish).at(at).keyed(key);
            if let Stream::Article(published) = desk.execute(command)?.stream {
                id = Some(published);
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bundled_files_are_what_their_readme_says() {
        let log = log().unwrap();
        assert_eq!((log.incidents.len(), log.steps.len()), (1_500, 10_466));
        assert_eq!(rulebook().unwrap().lines().len(), 4);
        assert_eq!(articles().unwrap().len(), 48);
    }

    #[test]
    fn every_team_of_the_sample_stands_on_a_line() {
        let rulebook = rulebook().unwrap();
        let lines = rulebook.lines();
        for step in log().unwrap().steps {
            let is_known = |team| lines.iter().any(|line| line.teams.contains(team));
            assert!(step.team.as_ref().is_none_or(is_known), "{:?}", step.team);
        }
    }

    #[test]
    fn an_article_is_long_enough_to_help_and_short_enough_to_be_read() {
        for article in articles().unwrap() {
            for Edition { title, body } in article.editions.values() {
                let words = body.split_whitespace().count();
                assert!((60..=150).contains(&words), "{title}: {words} words");
            }
        }
    }
}
