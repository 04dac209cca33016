//! An import on a failing disk: nothing half, and it goes on where it was interrupted.

use std::path::Path;
use std::sync::OnceLock;

use firstline::{Desk, Record, Verified};

use super::{Lots, Scenario, all_records, command, has_failed, tell};
use crate::effects::hasty_rules;
use crate::fixture::{introduce, monday};

/// How many commands the desk has seen that is exported: so many that its import takes several
/// commits, and its log is worked into the tables meanwhile.
const COMMANDS: u64 = 350;

/// A desk as it was exported.
struct Original {
    lines: Vec<u8>,
    verified: Verified,
    records: Vec<Record>,
}

/// The same for all scenarios.
fn original() -> &'static Original {
    static ORIGINAL: OnceLock<Original> = OnceLock::new();
    ORIGINAL.get_or_init(|| {
        let desk = Desk::in_memory_with_time(hasty_rules(), monday()).unwrap();
        introduce(&desk);
        let outcomes = desk.execute_all((0..COMMANDS).map(command)).unwrap();
        assert!(outcomes.iter().all(Result::is_ok));
        assert!(!desk.open_effects(0, 1).unwrap().is_empty(), "it asks for something");
        let mut lines = Vec::new();
        let verified = desk.export(&mut lines, &mut |_| ()).unwrap();
        Original { lines, verified, records: all_records(&desk) }
    })
}

impl Scenario {
    /// Imports until the disk fails, then again on one that works. Says whether anything went wrong.
    pub(super) fn play_import(self, folder: &Path) -> bool {
        let Original { lines, verified, records } = original();
        let number = 1 + Lots(self.seed).draw(800);
        tell(&format!("arm/{}/{number}/{}", self.operation, self.effect));
        let imported = self
            .open(folder)
            .and_then(|desk| desk.import(&mut &lines[..], &mut |_| ()).map(|told| (desk, told)));
        match &imported {
            Ok((_, told)) => assert_eq!(told, verified),
            // In life, nobody is there any more who could ask.
            Err(_) if self.effect == "cut" && has_failed() => {}
            Err(error) => self.blame(error),
        }
        let desk = imported.ok().map(|(desk, _)| desk);
        if self.effect == "cut" {
            tell("cut");
        }
        let failed = has_failed();
        tell("power");
        drop(desk);
        let desk = self.open(folder).unwrap();
        desk.verify().unwrap();
        let there = all_records(&desk);
        assert_eq!(there[..], records[..there.len()], "it is a beginning of what was exported");
        assert_eq!(desk.import(&mut &lines[..], &mut |_| ()).unwrap(), *verified);
        assert_eq!(all_records(&desk), *records);
        assert_eq!(desk.open_effects(0, 1).unwrap(), [], "an import asks for nothing");
        failed
    }
}
