//! Promises whose terms change.

use super::*;

#[test]
fn a_broken_promise_that_gets_shorter_terms_is_late_by_what_its_record_says() {
    let tale = Tale::of(berlin(), &[], &[]).tell(
        "mon 09:00 start 4h
         mon 16:00 retarget 2h
         mon 18:00 fulfil",
    );
    let recorded = tale.events.iter().find_map(|(_, _, event)| match event {
        ClockEvent::Fulfilled { overrun, .. } => *overrun,
        _ => None,
    });
    assert_eq!(recorded, Some(work("6h")));
    let told = |tongue| {
        let text = tale.ledger().text(tongue, &[]);
        let is_wanted = |line: &&str| {
            line.starts_with(tongue.metric(Metric::FirstReply))
                || line.contains(tongue.pick("new terms", "новые условия"))
        };
        text.lines().filter(is_wanted).fold(String::new(), |all, line| all + line + "\n")
    };
    assert_eq!(told(Tongue::English), "\
First reply: missed, because it was due by Mon 2 Mar 2026 14:00 and was done on Mon 2 Mar 2026 18:00; by the terms that came later 2 h of working time are allowed, and 8 h were used up, 6 h too much.
Mon 2 Mar 2026 16:00       new terms: 2 h instead of 4 h; policy urgent instead of standard, calendar office, rulebook version 3; 6 h used up, broken already on Mon 2 Mar 2026 14:00
");
    assert_eq!(told(Tongue::Russian), "\
Первый ответ: обещание нарушено, потому что срок истёк пн 2 мар 2026 14:00, а выполнено пн 2 мар 2026 18:00; по более поздним условиям разрешено 2 ч рабочего времени, а израсходовано 8 ч, на 6 ч больше.
пн 2 мар 2026 16:00       новые условия: 2 ч вместо 4 ч; политика urgent вместо standard, календарь office, версия правил 3; израсходовано 6 ч, уже нарушено пн 2 мар 2026 14:00
");
}
