//! What a desk asks of its host: at least once, in order, also when somebody dies over it.

use std::path::Path;

use firstline::{
    Command, Delivery, Desk, HandOut, Rulebook, Standing, TicketAction, TicketId, Timestamp,
};

use crate::fixture::{ADA, RULES, ada, bob, introduce, moment, monday, request};

/// As everywhere here, but two people are told of what is late.
pub(crate) fn rules() -> Rulebook {
    ladder("4h")
}

/// So little time that something is late all the time.
pub(crate) fn hasty_rules() -> Rulebook {
    ladder("15m")
}

fn ladder(within: &str) -> Rulebook {
    let told = r#"[{ at_due = true, notify = ["lead"] }, { after_due = "1h", notify = ["boss"] }]"#;
    let text = RULES
        .replace(r#"[{ after_due = "1h", hand_over = "next" }]"#, told)
        .replace(r#"medium = "4h""#, &format!("medium = \"{within}\""))
        .replace(
            "[[policies]]",
            "[[roles]]\nid = \"lead\"\n[[roles]]\nid = \"boss\"\n[[policies]]",
        );
    Rulebook::from_toml(&text, "rules.toml").unwrap()
}

fn open(folder: &Path) -> Desk {
    Desk::open_with_time(folder, rules(), monday()).unwrap()
}

/// A desk with two tickets that nobody has answered.
fn neglected(folder: &Path) -> Desk {
    let desk = open(folder);
    introduce(&desk);
    for _ in 0..2 {
        desk.open_ticket(ada(), request()).unwrap();
    }
    desk
}

fn take(desk: &Desk, now: &str) -> Vec<Delivery> {
    desk.effects(HandOut::default(), moment(now)).unwrap()
}

fn told(deliveries: &[Delivery]) -> String {
    let keys = deliveries.iter().map(|it| it.effect.id.as_str().to_owned());
    keys.collect::<Vec<_>>().join(", ")
}

const LEAD: &str = "first_reply/1/step.0/notify.lead";
const BOSS: &str = "first_reply/1/step.1/notify.boss";

/// One o'clock, when the first reply is due, and three o'clock.
const DUE: &str = "2026-03-02T13:00:00+01:00";
const LATE: &str = "2026-03-02T15:00:00+01:00";

#[test]
fn what_is_late_is_told_to_the_lead_and_then_to_the_boss() {
    let folder = tempfile::tempdir().unwrap();
    let desk = neglected(folder.path());
    assert_eq!(told(&take(&desk, DUE)), "", "nobody has noticed yet");
    desk.handle_timeout(moment(LATE)).unwrap();
    let first = take(&desk, LATE);
    assert_eq!(told(&first), format!("1/{LEAD}, 2/{LEAD}"));
    assert_eq!(first[0].effect.scheduled_at, moment(DUE));
    assert_eq!(desk.acknowledge(&[first[0].record]).unwrap(), 1);
    assert_eq!(told(&take(&desk, LATE)), format!("1/{BOSS}"), "the other lead was not told yet");
    let json = serde_json::to_value(first[1].cloud_event("/desks/northwind").unwrap()).unwrap();
    assert_eq!(json["type"], "firstline.effect.notify");
    assert_eq!(json["data"]["kind"]["notify"]["role"], "lead");
    desk.verify().unwrap();
}

#[test]
fn workers_of_two_processes_share_the_work_and_one_dies_over_it() {
    let folder = tempfile::tempdir().unwrap();
    let one = neglected(folder.path());
    one.handle_timeout(moment(LATE)).unwrap();
    let other = open(folder.path());
    let order = HandOut { limit: 1, ..HandOut::default() };
    let mine = one.effects(order, moment(LATE)).unwrap();
    let theirs = other.effects(order, moment(LATE)).unwrap();
    assert_eq!((told(&mine), told(&theirs)), (format!("1/{LEAD}"), format!("2/{LEAD}")));
    assert_eq!(told(&take(&one, LATE)), "");
    // One is gone without a word. What it had comes again, to whoever is there.
    drop(one);
    other.acknowledge(&[theirs[0].record]).unwrap();
    let later = "2026-03-02T15:05:00+01:00";
    let again = take(&other, later);
    assert_eq!(told(&again), format!("2/{BOSS}, 1/{LEAD}"));
    assert_eq!((again[1].attempt, &again[1].effect), (2, &mine[0].effect));
    other.verify().unwrap();
}

#[test]
fn what_cannot_be_done_becomes_a_dead_letter_that_can_be_sent_again() {
    let folder = tempfile::tempdir().unwrap();
    let desk = neglected(folder.path());
    let mut now = moment(LATE);
    desk.handle_timeout(now).unwrap();
    // Tried ten times over some hours, as is usual. Those of the other ticket go their way.
    let mut attempts = 0;
    let record = loop {
        let (mine, others): (Vec<_>, Vec<_>) = desk
            .effects(HandOut::default(), now)
            .unwrap()
            .into_iter()
            .partition(|it| it.effect.ticket == TicketId(1));
        desk.acknowledge(&others.iter().map(|it| it.record).collect::<Vec<_>>()).unwrap();
        assert_eq!(told(&mine), format!("1/{LEAD}"));
        attempts += 1;
        let failed = mine[0].failed("550 no such mailbox");
        assert!(desk.fail(&failed, now).unwrap());
        let Some(wait) = failed.retry else {
            break mine[0].record;
        };
        now = Timestamp::from_millis(now.as_millis() + wait.as_millis() as i64).unwrap();
    };
    assert_eq!(attempts, 10);
    drop(desk);
    let desk = open(folder.path());
    let dead = &desk.open_effects(0, 10).unwrap()[0];
    assert_eq!((dead.record, dead.standing), (record, Standing::Dead));
    assert_eq!(dead.reason.as_deref(), Some("550 no such mailbox"));
    assert!(desk.requeue(record, now).unwrap());
    let again = desk.effects(HandOut::default(), now).unwrap();
    assert_eq!(told(&again), format!("1/{LEAD}"), "before the boss, as it would have been");
    desk.acknowledge(&[again[0].record]).unwrap();
    desk.verify().unwrap();
}

#[test]
fn a_copy_goes_on_where_it_was_and_an_import_asks_for_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let place = |name| folder.path().join(name);
    let desk = neglected(&place("desk"));
    desk.handle_timeout(moment(LATE)).unwrap();
    let done = take(&desk, LATE)[0].record;
    desk.acknowledge(&[done]).unwrap();
    desk.backup(place("backup")).unwrap();
    Desk::restore(place("backup"), place("restored")).unwrap();
    let restored = open(&place("restored"));
    assert_eq!(restored.open_effects(0, 10).unwrap(), desk.open_effects(0, 10).unwrap());
    assert_eq!(told(&take(&restored, LATE)), format!("1/{BOSS}"));

    let mut lines = Vec::new();
    desk.export(&mut lines, &mut |_| ()).unwrap();
    let copy = open(&place("copy"));
    copy.import(&mut &lines[..], &mut |_| ()).unwrap();
    assert_eq!(copy.open_effects(0, 10).unwrap(), []);
    // Nor does a dry run.
    let reply = TicketAction::Reply { text: "Coming.".into(), then: None };
    let command = Command::ticket(bob(), TicketId(1), reply).at(moment("2026-03-03T09:00:00Z"));
    desk.preview(command).unwrap();
    assert_eq!(desk.open_effects(0, 10).unwrap().len(), 3);
}

#[test]
fn a_backup_of_a_desk_in_memory_has_the_errands_that_are_left() {
    let folder = tempfile::tempdir().unwrap();
    let desk = Desk::in_memory_with_time(rules(), monday()).unwrap();
    introduce(&desk);
    desk.open_ticket(ada(), request()).unwrap();
    desk.handle_timeout(moment(LATE)).unwrap();
    let done = take(&desk, LATE)[0].record;
    desk.acknowledge(&[done]).unwrap();
    desk.backup(folder.path()).unwrap();
    let copy = open(folder.path());
    assert_eq!(copy.open_effects(0, 10).unwrap(), desk.open_effects(0, 10).unwrap());
    copy.verify().unwrap();
}

#[test]
fn what_a_host_wrote_about_a_person_who_is_erased_goes_too() {
    let folder = tempfile::tempdir().unwrap();
    let desk = neglected(folder.path());
    desk.handle_timeout(moment(LATE)).unwrap();
    let failed = take(&desk, LATE)[0].failed("ada@northwind.example does not answer");
    desk.fail(&failed, moment(LATE)).unwrap();
    desk.erase(bob(), ADA).unwrap();
    let reasons: Vec<_> =
        desk.open_effects(0, 10).unwrap().into_iter().filter_map(|open| open.reason).collect();
    assert_eq!(reasons, ["[erased]"]);
    desk.verify().unwrap();
}
