//! The binary interface, that hosts have compiled into them: it may grow and may not change.
//!
//! `abi.txt` is what it was when it was last committed. A line that is not true any more would break
//! hosts, and takes another `FL_ABI_VERSION`.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::mem::offset_of;

use firstline_ffi::*;

use crate::header::{generated, here, is_kept};
use crate::nulls::functions;

/// A structure that C sees: its name, its size, and where its fields are.
type Layout = (&'static str, usize, Vec<(&'static str, usize)>);

macro_rules! layouts {
    ($($name:ident { $($field:ident),+ })+) => {
        [$({
            // A field that is not named here does not compile.
            let _ = |$name { $($field: _),+ }: $name| ();
            let fields = vec![$((stringify!($field), offset_of!($name, $field))),+];
            (stringify!($name), size_of::<$name>(), fields)
        }),+]
    };
}

fn layouts() -> impl IntoIterator<Item = Layout> {
    layouts! {
        fl_buffer { data, length, capacity }
        fl_desk_options {
            struct_size, abi_version, durability, clock, now_ms, remember_commands_ms, patience_ms,
            log, log_user, log_level, hold_out_percent, effects, effects_user
        }
        fl_hit {
            article, score, reserved, title, title_length, snippet, snippet_length, language,
            language_length
        }
        fl_woken { tickets, records, next_ms }
    }
}

/// The binary interface as it is: a line for each thing that a host may rely on.
fn interface(header: &str) -> BTreeSet<String> {
    let mut lines = BTreeSet::new();
    for function in functions(header) {
        let kinds: Vec<String> = function.arguments.into_iter().map(|(kind, _)| kind).collect();
        lines.insert(format!("{} {}({})", function.result, function.name, kinds.join(", ")));
    }
    for (name, size, fields) in layouts() {
        // The options say their own size, so that they can grow; the others cannot.
        if name != "fl_desk_options" {
            lines.insert(format!("{name} takes {size} bytes"));
        }
        lines.extend(fields.iter().map(|(field, at)| format!("{name}.{field} at {at}")));
    }
    let is_constant = |line: &&str| line.starts_with("FL_") && line.ends_with(',');
    let constants = header.lines().map(str::trim).filter(is_constant);
    lines.extend(constants.map(|line| line.trim_end_matches(',').to_owned()));
    let callbacks = header.lines().filter(|line| line.starts_with("typedef void (*"));
    lines.extend(callbacks.map(str::to_owned));
    lines
}

#[test]
#[cfg(target_pointer_width = "64")]
fn what_hosts_have_compiled_into_them_stays() {
    let now = interface(&generated());
    let kept = fs::read_to_string(here().join("tests/abi.txt")).unwrap();
    let version = format!("FL_ABI_VERSION {FL_ABI_VERSION}");
    let was: BTreeSet<&str> = kept.lines().collect();
    let gone: Vec<&&str> = was.iter().filter(|line| !now.contains(**line)).collect();
    assert!(
        gone.is_empty() || !was.contains(version.as_str()) || gone == [&version.as_str()],
        "hosts rely on this, and it is not so any more; raise FL_ABI_VERSION: {gone:#?}"
    );
    let mut text = format!("{version}\n");
    now.iter().for_each(|line| writeln!(text, "{line}").expect("a string takes everything"));
    is_kept("tests/abi.txt", &text);
}

/// Makes `tests/c/layout.h`: C and Rust see the same places.
#[test]
#[cfg(target_pointer_width = "64")]
fn c_lays_structures_out_as_rust_does() {
    let mut code = "/* Where Rust has the fields of what C sees. Made by tests/abi.rs. */\n\n\
                    #include <firstline.h>\n#include <stddef.h>\n"
        .to_owned();
    let header = generated();
    for (name, size, fields) in layouts() {
        writeln!(code, "\n_Static_assert(sizeof({name}) == {size}, \"{name}\");").unwrap();
        for (field, at) in &fields {
            let place = format!("offsetof({name}, {field}) == {at}");
            writeln!(code, "_Static_assert({place}, \"{name}.{field}\");").unwrap();
        }
    }
    let declared =
        header.lines().filter(|line| line.starts_with("typedef struct fl_") && line.ends_with('{'));
    assert_eq!(declared.count(), layouts().into_iter().count(), "a structure is not named here");
    is_kept("tests/c/layout.h", &code);
}
