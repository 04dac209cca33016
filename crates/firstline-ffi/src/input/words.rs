//! What is wrong with JSON, in words that a caller without Rust knows.

/// A message of the reader with the names of JSON's own types in place of Rust's.
pub(super) fn plain(message: &str) -> String {
    if let Some((before, after)) =
        message.split_once("data did not match any variant of untagged enum ")
    {
        let rest = after.split_once(' ').map_or_else(String::new, |(_, rest)| format!(" {rest}"));
        return format!("{before}it has none of the forms that it can have{rest}");
    }
    if let Some(rest) = message.strip_prefix("expected value") {
        return format!("a value is missing{rest}");
    }
    // Behind the last of these stands what the reader wanted, and before it what somebody wrote.
    let Some((found, expected)) = message.rsplit_once(", expected ") else {
        return message.to_owned();
    };
    let (expected, place) = match expected.find(" at line ") {
        Some(at) => expected.split_at(at),
        None => (expected, ""),
    };
    let found = match found.strip_prefix("invalid type: ") {
        Some("map") => "invalid type: object".to_owned(),
        Some("sequence") => "invalid type: list".to_owned(),
        Some(what) if what.ends_with(" variant") => "invalid type: a word or an object".to_owned(),
        _ => found.to_owned(),
    };
    format!("{found}, expected {}{place}", wanted(expected))
}

fn wanted(expected: &str) -> &str {
    let mut words = expected.split(' ');
    match (words.next().unwrap_or_default(), words.next()) {
        ("u8" | "u16" | "u32" | "u64" | "u128" | "usize", _) => "a whole number from 0 on",
        ("i8" | "i16" | "i32" | "i64" | "i128" | "isize", _) => "a whole number",
        ("f32" | "f64", _) => "a number",
        ("a", Some("sequence")) | ("sequence" | "tuple", _) => "a list",
        ("a", Some("map")) | ("map" | "struct", _) => "an object",
        ("enum", _) | ("string", Some("or")) => "a word, or an object with one key",
        ("unit" | "newtype", Some("variant")) => "such a word alone",
        _ => expected,
    }
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn nobody_needs_to_know_what_a_struct_is() {
        let told = [
            (
                "invalid type: integer `7`, expected struct Command at line 1 column 1",
                "invalid type: integer `7`, expected an object at line 1 column 1",
            ),
            (
                "invalid length 2, expected struct Command with 6 elements",
                "invalid length 2, expected an object",
            ),
            (
                "invalid value: integer `-1`, expected usize",
                "invalid value: integer `-1`, expected a whole number from 0 on",
            ),
            ("invalid type: map, expected a string", "invalid type: object, expected a string"),
            (
                "invalid type: string \", expected u8\", expected i64",
                "invalid type: string \", expected u8\", expected a whole number",
            ),
            (
                "data did not match any variant of untagged enum TicketRef at line 1 column 9",
                "it has none of the forms that it can have at line 1 column 9",
            ),
            (
                "unknown field `txt`, expected `text` or `then`",
                "unknown field `txt`, expected `text` or `then`",
            ),
            ("expected value at line 1 column 2", "a value is missing at line 1 column 2"),
            ("missing field `actor`", "missing field `actor`"),
        ];
        for (message, words) in told {
            assert_eq!(plain(message), words);
        }
    }
}
