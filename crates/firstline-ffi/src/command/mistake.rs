//! What is wrong with a command that cannot be read.
//!
//! The actions of a ticket stand beside those of articles and parties without a layer, so a reader
//! that fails has tried them all and cannot say what was meant. What was meant stands in the first
//! key, and looking there takes time that only a mistake is worth.

use firstline::{Actor, AgentId, ArticleAction, Command, Party, PartyId, Presence, TicketAction};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::error::Failure;
use crate::input::bad_json;

/// What is wrong with a text that is no command.
pub(super) fn in_command(json: &str, error: &serde_json::Error) -> Failure {
    find("command", json, error, |command| in_value(command, ""))
}

/// What is wrong with a text that is no list of commands.
pub(super) fn in_commands(json: &str, error: &serde_json::Error) -> Failure {
    find("commands", json, error, |list| {
        let commands = list.as_array()?.iter().enumerate();
        commands.map(|(at, command)| in_value(command, &format!("[{at}]"))).find_map(|found| found)
    })
}

fn find(
    argument: &str,
    json: &str,
    error: &serde_json::Error,
    look: impl FnOnce(&Value) -> Option<Wrong>,
) -> Failure {
    let found = serde_json::from_str::<Value>(json).ok().and_then(|value| look(&value));
    match found {
        // Where in the text that is, the value does not know: the path has to do.
        Some(Wrong { path, problem }) => bad_json(argument, &path, &problem),
        None => bad_json(argument, "", error),
    }
}

struct Wrong {
    path: String,
    problem: serde_json::Error,
}

fn in_value(command: &Value, at: &str) -> Option<Wrong> {
    if serde_json::from_value::<Command>(command.clone()).is_ok() {
        return None;
    }
    let join = |key: &str| if at.is_empty() { key.to_owned() } else { format!("{at}.{key}") };
    if let Some(actor) = command.get("actor")
        && let Some(wrong) = read::<Actor>(actor, &join("actor"))
    {
        return Some(wrong);
    }
    let action = command.get("action");
    action.and_then(|action| in_action(action, &join("action"))).or_else(|| {
        // The action is sound or not there: the trouble is around it.
        let mut around = command.clone();
        if let Some(action) = around.get_mut("action") {
            *action = Value::String("wake".to_owned());
        }
        read::<Command>(&around, at)
    })
}

fn in_action(action: &Value, at: &str) -> Option<Wrong> {
    let inside = |key: &str| action.get(key).and_then(Value::as_object);
    if let Some(save) = inside("save") {
        return in_parts(
            save,
            &format!("{at}.save"),
            &["id", "party"],
            |key, part, at| match key {
                "id" => read::<PartyId>(part, at),
                _ => read::<Party>(part, at),
            },
        );
    }
    if let Some(set) = inside("set_presence") {
        let (at, needed) = (format!("{at}.set_presence"), ["agent", "presence"]);
        return in_parts(set, &at, &needed, |key, part, at| match key {
            "agent" => read::<AgentId>(part, at),
            _ => read::<Presence>(part, at),
        });
    }
    if let Some(article) = inside("article") {
        return in_parts(article, &format!("{at}.article"), &["do"], |_, part, at| {
            read::<ArticleAction>(part, at)
        });
    }
    read::<TicketAction>(action, at)
}

fn in_parts(
    parts: &Map<String, Value>,
    at: &str,
    needed: &[&str],
    look: impl Fn(&str, &Value, &str) -> Option<Wrong>,
) -> Option<Wrong> {
    let wrong = needed.iter().find_map(|key| match parts.get(*key) {
        Some(part) => look(key, part, &format!("{at}.{key}")),
        None => {
            let problem = serde::de::Error::custom(format!("missing field `{key}`"));
            Some(Wrong { path: at.to_owned(), problem })
        }
    });
    let known = |key: &&String| needed.contains(&key.as_str()) || key.as_str() == "article";
    wrong.or_else(|| {
        let unknown = parts.keys().find(|key| !known(key))?;
        let problem = serde::de::Error::custom(format!("unknown field `{unknown}`"));
        Some(Wrong { path: at.to_owned(), problem })
    })
}

/// What keeps a value from being one of these.
fn read<T: DeserializeOwned>(value: &Value, at: &str) -> Option<Wrong> {
    // Read as the text that it is: what stands in a value already is read less strictly.
    let json = value.to_string();
    let mut reader = serde_json::Deserializer::from_str(&json);
    let error = serde_path_to_error::deserialize::<_, T>(&mut reader).err()?;
    let path = error.path().to_string();
    let path = match (at.is_empty(), path.as_str()) {
        (_, "." | "?") => at.to_owned(),
        (true, path) => path.to_owned(),
        (false, path) => format!("{at}.{path}"),
    };
    let problem = error.into_inner().to_string();
    // The place is that in the piece, and would mislead.
    let problem = problem.split(" at line ").next().unwrap_or_default().to_owned();
    Some(Wrong { path, problem: serde::de::Error::custom(problem) })
}

#[cfg(test)]
mod tests {
    use crate::command::{parse, parse_all};

    #[track_caller]
    fn complains(json: &str, message: &str) {
        assert_eq!(parse(json).unwrap_err().message, format!("`command`: {message}"));
    }

    #[test]
    fn a_mistake_is_told_with_its_place_and_what_was_expected() {
        complains(
            r#"{"actor":{"agent":7},"ticket":1,"action":{"reply":{"txt":"Hello"}}}"#,
            "action.reply.txt: unknown field `txt`, expected `text` or `then`",
        );
        complains(
            r#"{"actor":{"agent":"seven"},"action":"wake"}"#,
            "actor.agent: invalid type: string \"seven\", expected a whole number from 0 on",
        );
        complains(r#"{"actor":"system"}"#, "missing field `action`");
        complains(
            r#"{"actor":"system","tickets":1,"action":"wake"}"#,
            "tickets: unknown field `tickets`, expected one of `id`, `at`, `expect`, `actor`, \
             `ticket`, `action`",
        );
        complains(
            r#"{"actor":"system","action":{"save":{"id":{"contact":1}}}}"#,
            "action.save: missing field `party`",
        );
        complains(
            r#"{"actor":"system","action":{"article":{"do":{"vote":{"helpful":"very"}}}}}"#,
            "action.article.do.vote.helpful: invalid type: string \"very\", expected a boolean",
        );
        complains(
            r#"{"actor":"system","action":{"set_presence":{"agent":1,"presence":"maybe"}}}"#,
            "action.set_presence.presence: unknown variant `maybe`, expected one of `online`, `away`, \
             `offline`",
        );
        complains("{", "EOF while parsing an object at line 1 column 1");
        complains("7", "invalid type: integer `7`, expected an object");
    }

    #[test]
    fn among_several_it_is_said_which() {
        let list =
            r#"[{"actor":"system","ticket":1,"action":"wake"},{"actor":"system","action":"walk"}]"#;
        let message = parse_all(list).unwrap_err().message;
        assert!(message.starts_with("`commands`: [1].action: unknown variant `walk`"), "{message}");
    }
}
