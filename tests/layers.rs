//! The house is as the architecture page draws it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Which crate may depend on which. Nothing else.
const ARROWS: &[(&str, &[&str])] = &[
    ("firstline-calendar", &[]),
    ("firstline-sla", &["firstline-calendar"]),
    ("firstline-core", &["firstline-sla"]),
    ("firstline-store", &["firstline-core"]),
    ("firstline-knowledge", &["firstline-core"]),
    ("firstline", &["firstline-core", "firstline-knowledge", "firstline-store"]),
    ("firstline-ffi", &["firstline"]),
];

/// What only one crate may depend on.
const SECRETS: &[(&str, &str)] = &[
    ("rusqlite", "firstline-store"),
    ("blake3", "firstline-store"),
    ("ed25519-dalek", "firstline-store"),
    ("tantivy", "firstline-knowledge"),
    ("chrono", "firstline-calendar"),
    ("chrono-tz", "firstline-calendar"),
    ("toml", "firstline-core"),
    ("minijinja", "firstline-core"),
    ("regex", "firstline-sla"),
];

/// The crates whose answers depend on their arguments alone.
const PURE: &[&str] = &["firstline-calendar", "firstline-sla", "firstline-core"];

/// What a pure crate does not say outside its tests: clocks, files, sockets, threads, lots, maps
/// with a random order.
const IMPURE: &[&str] = &[
    "SystemTime",
    "Instant::now",
    "std::time",
    "Utc::now",
    "Local::now",
    "std::fs",
    "std::net",
    "std::io::",
    "std::env",
    "std::process",
    "std::thread",
    "thread_rng",
    "rand::",
    "getrandom",
    "HashMap",
    "HashSet",
    "RandomState",
    "println!",
    "dbg!",
];

fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().expect("the package lies in the workspace").to_owned()
}

fn manifest(folder: &Path) -> toml::Table {
    fs::read_to_string(folder.join("Cargo.toml")).unwrap().parse().unwrap()
}

fn dependencies(manifest: &toml::Table, kind: &str) -> BTreeSet<String> {
    let table = manifest.get(kind).and_then(toml::Value::as_table);
    table.map(|table| table.keys().cloned().collect()).unwrap_or_default()
}

fn crates() -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> =
        fs::read_dir(root().join("crates")).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    folders
}

fn name(folder: &Path) -> &str {
    folder.file_name().and_then(|name| name.to_str()).unwrap()
}

/// All Rust files below a folder.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}

#[test]
fn a_folder_is_named_after_its_package_and_every_crate_is_on_the_map() {
    let on_the_map: BTreeSet<&str> = ARROWS.iter().map(|(name, _)| *name).collect();
    let folders = crates();
    let found: BTreeSet<&str> = folders.iter().map(|folder| name(folder)).collect();
    assert_eq!(found, on_the_map);
    for folder in &folders {
        assert_eq!(manifest(folder)["package"]["name"].as_str(), Some(name(folder)));
    }
}

#[test]
fn the_arrows_are_those_of_the_map_and_no_others() {
    for folder in crates() {
        let (_, allowed) = ARROWS.iter().find(|(known, _)| *known == name(&folder)).unwrap();
        let manifest = manifest(&folder);
        let ours = |kind: &str| -> BTreeSet<String> {
            let all = dependencies(&manifest, kind).into_iter();
            all.filter(|dependency| dependency.starts_with("firstline")).collect()
        };
        let allowed: BTreeSet<String> = allowed.iter().map(|&name| name.to_owned()).collect();
        assert_eq!(ours("dependencies"), allowed, "{}", name(&folder));
        let up: Vec<String> = ours("dev-dependencies").difference(&allowed).cloned().collect();
        assert!(up.is_empty(), "the tests of {} look up at {up:?}", name(&folder));
    }
}

#[test]
fn what_must_not_leak_is_known_to_one_crate_only() {
    for folder in crates() {
        for dependency in dependencies(&manifest(&folder), "dependencies") {
            let owner = SECRETS.iter().find(|(secret, _)| *secret == dependency);
            if let Some((secret, owner)) = owner {
                assert_eq!(name(&folder), *owner, "{secret} has leaked");
            }
        }
    }
}

/// Whether the word stands in the code; one that begins with a small letter, as a word of its own.
fn says(code: &str, word: &str) -> bool {
    let is_path = word.starts_with(|first: char| first.is_ascii_lowercase());
    let is_letter = |letter: char| letter.is_alphanumeric() || letter == '_';
    code.match_indices(word).any(|(at, _)| !is_path || !code[..at].ends_with(is_letter))
}

#[test]
fn the_rules_read_no_clock_open_no_file_and_draw_no_lots() {
    for pure in PURE {
        for file in sources(&root().join("crates").join(pure).join("src")) {
            let relative = file.strip_prefix(root()).unwrap().display().to_string();
            if ["/tests", "/stories", "/properties", "/naive"]
                .iter()
                .any(|test| relative.contains(test))
            {
                continue;
            }
            let source = fs::read_to_string(&file).unwrap();
            // What follows the first test module is test code; what follows `//` is prose.
            let rules = source.split("#[cfg(test)]\nmod tests {").next().unwrap();
            for (number, line) in rules.lines().enumerate() {
                let code = line.split("//").next().unwrap();
                for word in IMPURE {
                    assert!(!says(code, word), "{relative}:{}: `{word}`", number + 1);
                }
            }
        }
    }
}

#[test]
fn the_pure_crates_ban_the_impure_by_lint_too() {
    for pure in PURE {
        let lints =
            fs::read_to_string(root().join("crates").join(pure).join("clippy.toml")).unwrap();
        for banned in ["SystemTime::now", "Instant::now", "thread::sleep", "HashMap", "HashSet"] {
            assert!(lints.contains(banned), "{pure}/clippy.toml does not ban {banned}");
        }
    }
}

#[test]
fn only_the_c_library_is_unsafe() {
    for folder in crates().iter().filter(|folder| name(folder) != "firstline-ffi") {
        for file in sources(&folder.join("src")) {
            let source = fs::read_to_string(&file).unwrap();
            assert!(!source.contains("allow(unsafe_code)"), "{}", file.display());
        }
    }
    let workspace = manifest(&root());
    assert_eq!(workspace["workspace"]["lints"]["rust"]["unsafe_code"].as_str(), Some("deny"));
}

#[test]
fn the_top_level_is_a_table_of_contents() {
    let allowed = [
        "Cargo.toml",
        "Cargo.lock",
        "CHANGELOG.md",
        "LICENSE-APACHE",
        "LICENSE-MIT",
        "README.md",
        "benches",
        "crates",
        "examples",
        "rustfmt.toml",
        "target",
        "tests",
    ];
    for entry in fs::read_dir(root()).unwrap() {
        let entry = entry.unwrap().file_name().into_string().unwrap();
        assert!(entry.starts_with('.') || allowed.contains(&entry.as_str()), "what is `{entry}`?");
    }
}
