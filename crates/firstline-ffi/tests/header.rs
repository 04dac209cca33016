//! The header is what the sources say, and the sources say what a header must.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use firstline_ffi::FL_ABI_VERSION;

/// The files that the header is made of, in its order.
const SOURCES: &[&str] = &[
    "version",
    "status",
    "error",
    "output",
    "rules",
    "callbacks",
    "options",
    "desk",
    "command",
    "question",
    "why",
    "screen",
    "party",
    "knowledge",
    "hits",
    "visits",
    "wake",
    "effects",
    "care",
    "calendar",
];

pub(crate) fn here() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn source(name: &str) -> PathBuf {
    here().join("src").join(name).with_extension("rs")
}

fn sources() -> impl Iterator<Item = &'static str> {
    SOURCES.iter().copied()
}

fn read(path: impl AsRef<Path>) -> String {
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{:?}: {error}", path.as_ref()))
}

/// The header as the sources have it.
pub(crate) fn generated() -> String {
    let mut config = cbindgen::Config::from_file(here().join("cbindgen.toml")).unwrap();
    let version = [
        ("MAJOR", env!("CARGO_PKG_VERSION_MAJOR")),
        ("MINOR", env!("CARGO_PKG_VERSION_MINOR")),
        ("PATCH", env!("CARGO_PKG_VERSION_PATCH")),
    ];
    let constants =
        version.map(|(part, number)| format!("FL_VERSION_{part} = {number}")).join(", ");
    let constants = format!("enum {{ FL_ABI_VERSION = {FL_ABI_VERSION}, {constants} }};");
    let defined = version.map(|(part, number)| format!("#define FL_VERSION_{part} {number}\n"));
    config.include_guard = None;
    config.header = Some(format!(
        "{}\n\n/* The version of this header; fl_version() is that of the library. */\n{}",
        read(here().join("src/preamble.h")).trim_end().replace("@CONSTANTS@", &constants),
        defined.concat(),
    ));
    config.trailer = Some("#endif /* FIRSTLINE_H */".to_owned());
    let builder = cbindgen::Builder::new().with_config(config);
    let builder = sources().fold(builder, |builder, name| builder.with_src(source(name)));
    let mut bytes = Vec::new();
    builder.generate().expect("the sources can be read").write(&mut bytes);
    String::from_utf8(bytes).unwrap()
}

/// The functions of the sources, by their names, each with what is said about it.
fn functions() -> Vec<(String, String)> {
    let mut found = Vec::new();
    for name in sources() {
        let text = read(source(name));
        let mut said = String::new();
        for line in text.lines() {
            if let Some(comment) = line.strip_prefix("///") {
                said.push_str(comment);
            } else if let Some((_, rest)) = line.split_once("extern \"C\" fn fl_")
                && line.starts_with("pub ")
            {
                let name = rest.split('(').next().unwrap();
                found.push((format!("fl_{name}"), std::mem::take(&mut said)));
            } else if !line.starts_with("#[") {
                said.clear();
            }
        }
    }
    found
}

/// Compares a committed file with what it is made of, and writes it if it is asked to.
#[track_caller]
pub(crate) fn is_kept(file: &str, now: &str) {
    let path = here().join(file);
    if std::env::var_os("FIRSTLINE_WRITE").is_some() {
        fs::write(&path, now).unwrap();
    }
    let kept = read(&path);
    let differs = kept.lines().zip(now.lines()).position(|(kept, now)| kept != now);
    assert!(
        kept == now,
        "{file} differs from the sources from line {} on; \
         FIRSTLINE_WRITE=1 cargo test -p firstline-ffi --test boundary writes it",
        differs.unwrap_or_else(|| kept.lines().count().min(now.lines().count())) + 1,
    );
}

#[test]
fn the_committed_header_is_that_of_the_sources() {
    is_kept("include/firstline.h", &generated());
}

#[test]
fn every_function_says_who_may_call_it_and_since_when() {
    let functions = functions();
    assert!(functions.len() > 50, "{functions:?}");
    for (name, said) in functions {
        assert!(said.contains("Threads: any"), "{name} does not say from which threads");
        let since = said.split_once("Since ").map(|(_, since)| since.trim());
        assert_eq!(since, Some("0.1."), "{name} does not say since when");
    }
}

#[test]
fn every_function_that_can_fail_says_how() {
    let header = generated();
    let said: BTreeMap<String, String> = functions().into_iter().collect();
    let failing = header.lines().filter_map(|line| line.strip_prefix("fl_status "));
    let failing: Vec<&str> = failing.filter_map(|line| line.split('(').next()).collect();
    assert!(failing.len() > 50, "{failing:?}");
    // That one gives the status of something else.
    for name in failing.into_iter().filter(|name| *name != "fl_error_status") {
        assert!(said[name].contains("Errors: "), "{name} does not say how it can fail");
    }
}

#[test]
fn every_function_of_the_library_is_in_the_header() {
    let header = generated();
    let declared = |name: &str| header.contains(&format!("{name}("));
    for (name, _) in functions() {
        assert!(declared(&name), "{name} is not in the header");
    }
    // A file that nobody named would be left out without a word.
    let named: BTreeSet<&str> = sources().collect();
    for entry in fs::read_dir(here().join("src")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap();
        let exports = path.is_file() && read(&path).contains("\n#[unsafe(no_mangle)]");
        assert!(!exports || named.contains(name), "{name}.rs is not among the sources");
    }
}
