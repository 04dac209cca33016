//! What a support lead reads of a ticket's promises.

use firstline_sla::Tongue;

use crate::id::{LineId, RoleId};
use crate::priority::Priority;
use crate::rulebook::LadderAction;
use crate::ticket::stories::script::account_after;

#[test]
fn whatever_a_step_does_is_told_in_the_tongue_of_the_account() {
    use LadderAction::{Escalate, HandOverTo, HandOverToNext, Notify, Page, RaisePriority};
    let notify = |role| Notify(RoleId::from(role));
    let raise = |to| RaisePriority(Some(to));
    let told = [
        (notify("assignee"), "notify assignee", "уведомить исполнителя"),
        (notify("line"), "notify line", "уведомить линию поддержки"),
        (notify("requester"), "notify requester", "уведомить заявителя"),
        (notify("lead"), "notify lead", "уведомить роль «lead»"),
        (RaisePriority(None), "raise the priority", "повысить приоритет"),
        (raise(Priority::Low), "raise the priority to low", "повысить приоритет до низкого"),
        (raise(Priority::Medium), "raise the priority to medium", "повысить приоритет до среднего"),
        (raise(Priority::High), "raise the priority to high", "повысить приоритет до высокого"),
        (
            raise(Priority::Critical),
            "raise the priority to critical",
            "повысить приоритет до критического",
        ),
        (HandOverToNext, "hand over to the next line", "передать на следующую линию"),
        (HandOverTo(LineId::from("L2")), "hand over to L2", "передать на линию «L2»"),
        (Page("urgent".into()), "page by urgent", "вызвать дежурного по плану «urgent»"),
        (Escalate, "escalate to the manager", "сообщить руководителю"),
    ];
    for (action, english, russian) in told {
        assert_eq!(action.text(Tongue::English), english);
        assert_eq!(action.text(Tongue::Russian), russian);
    }
}

#[test]
fn the_account_of_a_promise_by_word_of_mouth_says_what_was_promised() {
    let script = "mon 09:00 customer opens
                  mon 09:30 agent takes
                  mon 10:00 agent promises 1h";
    let account = account_after(&[], script, "promise.1");
    let lines =
        |tongue| account.text(tongue).lines().take(2).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(lines(Tongue::English)[1], "What was promised: a call");
    assert_eq!(lines(Tongue::Russian)[1], "Обещано: a call");
    assert!(account_after(&[], script, "resolution").promised.is_none());
}

/// The terms and the changes of them that an account tells.
fn terms_told(versions: &[&str], script: &str, tongue: Tongue) -> String {
    let text = account_after(versions, script, "resolution").text(tongue);
    let is_told = |line: &&str| {
        ["new terms", "новые условия", "anew", "Terms: ", "Условия: "]
            .iter()
            .any(|it| line.contains(it))
    };
    let lines = text.lines().filter(is_told);
    lines
        .map(|line| line.split(" Times").next().unwrap().split(" Время").next().unwrap())
        .fold(String::new(), |all, line| all + line + "\n")
}

#[test]
fn new_terms_say_what_was_allowed_before_and_who_changed_what() {
    let script = "mon 09:00 customer opens
                  tue 11:00 agent decrees high
                  tue 12:00 agent decrees low";
    assert_eq!(
        terms_told(&[], script, Tongue::English),
        "\
Terms: 40 h of working time (8 h until Tue 3 Mar 2026 12:00), policy standard, calendar office, rulebook version 1.
Tue 3 Mar 2026 11:00        new terms: 8 h instead of 16 h, because the priority was raised to high by hand; policy standard, calendar office, rulebook version 1; 10 h used up, due Tue 3 Mar 2026 11:00; passed over: the warning at 75 %
Tue 3 Mar 2026 12:00        new terms: 40 h instead of 8 h, because the priority was lowered to low by hand; policy standard, calendar office, rulebook version 1; 11 h used up, due Fri 6 Mar 2026 17:00
",
    );
    assert_eq!(terms_told(&[], script, Tongue::Russian), "\
Условия: 40 ч рабочего времени (8 ч до вт 3 мар 2026 12:00), политика standard, календарь office, версия правил 1.
вт 3 мар 2026 11:00        новые условия: 8 ч вместо 16 ч, потому что приоритет повышен до высокого вручную; политика standard, календарь office, версия правил 1; израсходовано 10 ч, срок вт 3 мар 2026 11:00; пропущено: предупреждение на 75 %
вт 3 мар 2026 12:00        новые условия: 40 ч вместо 8 ч, потому что приоритет понижен до низкого вручную; политика standard, календарь office, версия правил 1; израсходовано 11 ч, срок пт 6 мар 2026 17:00
",);
}

#[test]
fn what_changed_while_a_ticket_was_resolved_is_the_cause_of_the_terms_that_it_is_reopened_with() {
    let script = "mon 09:00 customer opens
                  mon 10:00 agent says resolved
                  mon 11:00 agent decrees critical
                  mon 12:00 customer says";
    assert_eq!(
        terms_told(&[], script, Tongue::English),
        "\
Terms: 4 h of working time (16 h until Mon 2 Mar 2026 12:00), policy standard, calendar office, rulebook version 1.
Mon 2 Mar 2026 12:00       new terms: 4 h instead of 16 h, because the priority was raised to critical by hand on Mon 2 Mar 2026 11:00; policy standard, calendar office, rulebook version 1; 1 h used up, due Mon 2 Mar 2026 15:00
",
    );
    assert_eq!(
        terms_told(&[], script, Tongue::Russian),
        "\
Условия: 4 ч рабочего времени (16 ч до пн 2 мар 2026 12:00), политика standard, календарь office, версия правил 1.
пн 2 мар 2026 12:00       новые условия: 4 ч вместо 16 ч, потому что приоритет повышен до критического вручную пн 2 мар 2026 11:00; политика standard, календарь office, версия правил 1; израсходовано 1 ч, срок пн 2 мар 2026 15:00
",
    );
}

#[test]
fn a_target_that_names_a_day_is_told_as_it_is_written_for_the_priority_of_the_time() {
    let rules = r#"
[[policies]]
name = "days"
calendar = "office"
[policies.targets.resolution]
within = { critical = "4h", high = "8h", medium = { working_days = 1, by = "16:00" }, low = { working_days = 3 } }
"#;
    let script = "fri 10:00 customer opens";
    let terms = |script: &str, tongue| {
        let told = terms_told(&[rules], script, tongue);
        told.lines().next().unwrap().to_owned()
    };
    assert_eq!(
        terms(script, Tongue::English),
        "Terms: 14 h of working time, by 16:00 of the next working day, policy days, calendar \
         office, rulebook version 1."
    );
    assert_eq!(
        terms(script, Tongue::Russian),
        "Условия: 14 ч рабочего времени, до 16:00 следующего рабочего дня, политика days, \
         календарь office, версия правил 1."
    );
    let lowered = "fri 10:00 customer opens
                   fri 11:00 agent decrees low";
    assert_eq!(
        terms(lowered, Tongue::English),
        "Terms: 31 h of working time, by the end of the day 3 working days later (14 h until Fri 6 \
         Mar 2026 11:00), policy days, calendar office, rulebook version 1."
    );
}

const LADDER: &str = r#"
[[policies]]
name = "std"
calendar = "office"
[policies.targets.resolution]
within = { critical = "4h", high = "8h", medium = "16h", low = "40h" }
ladder = [{ before_due = "2h", raise_priority = "next" }]
"#;

const SHORTER: &str = r#"
[[policies]]
name = "new"
calendar = "office"
[policies.targets.resolution]
within = "12h"
"#;

#[test]
fn a_step_that_raised_the_priority_and_rules_that_were_applied_are_named() {
    let raised = "mon 09:00 customer opens
                  tue 16:00 wake";
    assert_eq!(terms_told(&[LADDER], raised, Tongue::English), "\
Terms: 8 h of working time (16 h until Tue 3 Mar 2026 15:00), policy std, calendar office, rulebook version 1.
Tue 3 Mar 2026 15:00        new terms: 8 h instead of 16 h, because the priority was raised to high by step 1 of Resolution; policy std, calendar office, rulebook version 1; 14 h used up, due Tue 3 Mar 2026 15:00 (noticed Tue 3 Mar 2026 16:00)
");
    assert_eq!(terms_told(&[LADDER], raised, Tongue::Russian), "\
Условия: 8 ч рабочего времени (16 ч до вт 3 мар 2026 15:00), политика std, календарь office, версия правил 1.
вт 3 мар 2026 15:00        новые условия: 8 ч вместо 16 ч, потому что приоритет повышен до высокого шагом 1 (обещание: Решение); политика std, календарь office, версия правил 1; израсходовано 14 ч, срок вт 3 мар 2026 15:00 (замечено вт 3 мар 2026 16:00)
");
    let applied = "mon 09:00 customer opens
                   mon 10:00 desk adopts
                   mon 11:00 agent reapplies";
    assert_eq!(terms_told(&[LADDER, SHORTER], applied, Tongue::English), "\
Terms: 12 h of working time (16 h until Mon 2 Mar 2026 11:00), policy new, calendar office, rulebook version 2.
Mon 2 Mar 2026 11:00       new terms: 12 h instead of 16 h, because rulebook version 2 was applied in place of 1 by hand; policy new instead of std, calendar office, rulebook version 2 instead of 1; 2 h used up, due Tue 3 Mar 2026 13:00
");
    assert_eq!(terms_told(&[LADDER, SHORTER], applied, Tongue::Russian), "\
Условия: 12 ч рабочего времени (16 ч до пн 2 мар 2026 11:00), политика new, календарь office, версия правил 2.
пн 2 мар 2026 11:00       новые условия: 12 ч вместо 16 ч, потому что применена версия правил 2 вместо 1 вручную; политика new вместо std, календарь office, версия правил 2 вместо 1; израсходовано 2 ч, срок вт 3 мар 2026 13:00
");
}

#[test]
fn what_changes_by_itself_comes_before_what_is_done_at_that_moment() {
    let done = |at: &str| {
        let script = format!("mon 09:00 customer opens\n{at} agent resolved");
        account_after(&[LADDER], &script, "resolution")
    };
    let late = done("tue 16:00");
    let told = |tongue| {
        let text = late.text(tongue);
        text.lines().find(|line| line.starts_with("- ")).unwrap().to_owned()
    };
    assert_eq!(
        told(Tongue::English),
        "- It would have been kept if it had been done before Tue 3 Mar 2026 15:00, when the terms \
         were changed, more than 1 h of working time earlier."
    );
    assert_eq!(
        told(Tongue::Russian),
        "- Обещание было бы выполнено, если бы это было сделано раньше вт 3 мар 2026 15:00, до \
         изменения условий, более чем на 1 ч рабочего времени раньше."
    );
    assert!(done("tue 15:00").ledger.is_missed());
    assert!(!done("tue 14:59").ledger.is_missed());
}

/// Of what would have kept a resolution: the pauses.
fn pauses_offered(rules: &str, script: &str, clock: &str, tongue: Tongue) -> Vec<String> {
    let text = account_after(&[rules], script, clock).text(tongue);
    let words = ["stood still", "pause", "остановлен", "пауза"];
    let is_pause =
        |line: &&str| line.starts_with("- ") && words.iter().any(|word| line.contains(word));
    text.lines().filter(is_pause).map(str::to_owned).collect()
}

#[test]
fn a_reason_that_the_policy_of_the_time_did_not_know_would_have_stopped_nothing() {
    let rules = r#"
[[policies]]
name = "vip"
calendar = "always"
when = { tag = { contains = "vip" } }
[policies.targets.resolution]
within = "8h"
pause_on = ["on_hold"]
[[policies]]
name = "standard"
calendar = "office"
[policies.targets.resolution]
within = "16h"
pause_on = []
"#;
    // The ticket was on hold all the time, and only the last policy stands still for that.
    let held = "mon 09:00 customer opens
                mon 09:30 agent holds vendor
                tue 10:00 agent tags vip
                wed 16:00 agent resolved";
    assert!(pauses_offered(rules, held, "resolution", Tongue::English).is_empty());
    let back = "mon 09:00 customer opens
                mon 09:30 agent tags vip
                mon 10:00 agent holds vendor
                tue 09:00 agent untags vip
                wed 16:30 agent resolved";
    // The pause ended since the policy that came back does not know it, so it could not have been
    // longer; the policy before did when it began.
    assert_eq!(
        pauses_offered(rules, back, "resolution", Tongue::English),
        [
            "- It would have been kept if the pause of Mon 2 Mar 2026 10:00 (waiting for a vendor) had \
          begun on Mon 2 Mar 2026 09:30, 30 min of working time earlier."
        ]
    );
    assert_eq!(
        pauses_offered(rules, back, "resolution", Tongue::Russian),
        [
            "- Обещание было бы выполнено, если бы пауза от пн 2 мар 2026 10:00 (ожидание поставщика) \
          началась не позднее пн 2 мар 2026 09:30, на 30 мин рабочего времени раньше."
        ]
    );
}

#[test]
fn a_clock_by_conditions_is_told_what_it_could_have_stood_still_for() {
    let rules = r#"
[[policies]]
name = "standard"
calendar = "office"
[policies.clocks.parts]
triggers = { start = { tag = { contains = "part" } }, stop = { tag = { contains = "arrived" } }, pause = { customs = { tag = { contains = "customs" } } } }
target = { within = "6h" }
"#;
    let script = "mon 09:00 customer opens
                  mon 09:00 agent tags part
                  mon 16:00 agent tags arrived";
    assert_eq!(
        pauses_offered(rules, script, "@parts", Tongue::English),
        ["- It would have been kept if the clock had stood still (customs) from Mon 2 Mar 2026 \
          15:00 until it was done."]
    );
    assert_eq!(
        pauses_offered(rules, script, "@parts", Tongue::Russian),
        ["- Обещание было бы выполнено, если бы отсчёт был остановлен (customs) с пн 2 мар 2026 \
          15:00 до выполнения."]
    );
}

#[test]
fn a_step_says_whose_ladder_it_is_on_where_there_were_several() {
    let rules = r#"
[[policies]]
name = "vip"
calendar = "office"
when = { tag = { contains = "vip" } }
[policies.targets.resolution]
within = "9h"
ladder = [{ at_due = true, escalate = true }, { after_due = "1h", page = "urgent" }]
[[policies]]
name = "standard"
calendar = "office"
[policies.targets.resolution]
within = "8h"
ladder = [{ at_due = true, notify = "lead" }, { after_due = "1h", hand_over = "L2" }]
[rosters.duty]
shifts = [{ name = "all", members = [7] }]
[pages.urgent]
levels = [{ roster = "duty", every = "30m", times = 1 }]
"#;
    let script = "mon 09:00 customer opens
                  tue 11:00 agent tags vip";
    let account = account_after(&[rules], script, "resolution");
    let told = |tongue| {
        let text = account.text(tongue);
        let words = ["step", "шаг"];
        let lines = text.lines().filter(|line| words.iter().any(|word| line.contains(word)));
        lines
            .map(|line| line.split("  ").last().unwrap())
            .fold(String::new(), |all, line| all + line.split("; ").last().unwrap() + "\n")
    };
    assert_eq!(
        told(Tongue::English),
        "\
escalation: step 1 (policy standard, rulebook version 1) (noticed Tue 3 Mar 2026 11:00)
escalation: step 2 (policy standard, rulebook version 1) (noticed Tue 3 Mar 2026 11:00)
passed over: step 1 (policy vip, rulebook version 1), step 2 (policy vip, rulebook version 1)
step 1 (policy standard, rulebook version 1): notify lead
step 2 (policy standard, rulebook version 1): hand over to L2
step 1 (policy vip, rulebook version 1): escalate to the manager
step 2 (policy vip, rulebook version 1): page by urgent
"
    );
    assert_eq!(
        told(Tongue::Russian),
        "\
эскалация: шаг 1 (политика standard, версия правил 1) (замечено вт 3 мар 2026 11:00)
эскалация: шаг 2 (политика standard, версия правил 1) (замечено вт 3 мар 2026 11:00)
пропущено: шаг 1 (политика vip, версия правил 1), шаг 2 (политика vip, версия правил 1)
шаг 1 (политика standard, версия правил 1): уведомить роль «lead»
шаг 2 (политика standard, версия правил 1): передать на линию «L2»
шаг 1 (политика vip, версия правил 1): сообщить руководителю
шаг 2 (политика vip, версия правил 1): вызвать дежурного по плану «urgent»
"
    );
}

#[test]
fn what_comes_next_is_what_the_steps_of_the_ladder_make_of_it() {
    let account = account_after(&[LADDER], "mon 09:00 customer opens", "resolution");
    let ahead = |tongue| {
        let text = account.text(tongue);
        let from =
            text.find(if tongue == Tongue::English { "If nothing" } else { "Если" }).unwrap();
        text[from..].split("\n\n").next().unwrap().to_owned()
    };
    assert_eq!(ahead(Tongue::English), "\
If nothing happens:
- Tue 3 Mar 2026 15:00: escalation: step 1
- Tue 3 Mar 2026 15:00: new terms: 8 h instead of 16 h, because the priority was raised to high by step 1 of Resolution; policy std, calendar office, rulebook version 1; 14 h used up, due Tue 3 Mar 2026 15:00
- Tue 3 Mar 2026 15:00: broken by the change of terms");
    assert_eq!(ahead(Tongue::Russian), "\
Если ничего не произойдёт:
- вт 3 мар 2026 15:00: эскалация: шаг 1
- вт 3 мар 2026 15:00: новые условия: 8 ч вместо 16 ч, потому что приоритет повышен до высокого шагом 1 (обещание: Решение); политика std, календарь office, версия правил 1; израсходовано 14 ч, срок вт 3 мар 2026 15:00
- вт 3 мар 2026 15:00: нарушено из-за изменения условий");
}

#[test]
fn what_is_due_and_nobody_has_looked_at_is_told_with_what_follows_from_it() {
    let script = "mon 09:00 customer opens
                  tue 16:00 look";
    let account = account_after(&[LADDER], script, "resolution");
    let rows = |tongue| {
        let text = account.text(tongue);
        text.split("\n\n").nth(1).unwrap().to_owned()
    };
    assert_eq!(rows(Tongue::English), "\
Mon 2 Mar 2026 09:00        promised, due Tue 3 Mar 2026 17:00
Mon 2 Mar 2026 09:00   8 h  counted
Mon 2 Mar 2026 17:00  16 h  closed: night
Tue 3 Mar 2026 09:00   6 h  counted
Tue 3 Mar 2026 15:00        escalation: step 1 (not noticed yet)
Tue 3 Mar 2026 15:00        new terms: 8 h instead of 16 h, because the priority was raised to high by step 1 of Resolution; policy std, calendar office, rulebook version 1; 14 h used up, due Tue 3 Mar 2026 15:00 (not noticed yet)
Tue 3 Mar 2026 15:00        broken by the change of terms (not noticed yet)
Tue 3 Mar 2026 15:00   1 h  counted
In all 31 h: 15 h counted, 16 h closed.");
    assert_eq!(rows(Tongue::Russian), "\
пн 2 мар 2026 09:00        обещано, срок вт 3 мар 2026 17:00
пн 2 мар 2026 09:00   8 ч  засчитано
пн 2 мар 2026 17:00  16 ч  нерабочее время: ночь
вт 3 мар 2026 09:00   6 ч  засчитано
вт 3 мар 2026 15:00        эскалация: шаг 1 (ещё не замечено)
вт 3 мар 2026 15:00        новые условия: 8 ч вместо 16 ч, потому что приоритет повышен до высокого шагом 1 (обещание: Решение); политика std, календарь office, версия правил 1; израсходовано 14 ч, срок вт 3 мар 2026 15:00 (ещё не замечено)
вт 3 мар 2026 15:00        нарушено из-за изменения условий (ещё не замечено)
вт 3 мар 2026 15:00   1 ч  засчитано
Всего 31 ч: 15 ч засчитано, 16 ч нерабочего времени.");
    let woken = account_after(&[LADDER], &script.replace("look", "wake"), "resolution");
    assert_eq!(account.ledger.clock, woken.ledger.clock, "a look sees what a wake-up records");
    assert_eq!(account.ledger.entries, woken.ledger.entries);
}

#[test]
fn who_was_called_and_who_answered_stands_in_the_account() {
    let rules = r#"
[rosters.duty]
shifts = [{ name = "office", calendar = "office", members = [1] }]
[rosters.night]
shifts = [{ name = "night", members = [7] }]
[pages.urgent]
levels = [{ roster = "duty", every = "30m", times = 1 }, { roster = "night", every = "15m", times = 2 }]
[[policies]]
name = "standard"
calendar = "office"
[policies.targets.resolution]
within = "8h"
ladder = [{ at_due = true, page = "urgent" }]
"#;
    let script = "mon 09:00 customer opens
                  mon 17:20 agent does {\"acknowledge_page\": {\"page\": 1}}";
    let account = account_after(&[rules], script, "resolution");
    let rows = |tongue| account.text(tongue).split("\n\n").nth(1).unwrap().to_owned();
    assert_eq!(
        rows(Tongue::English),
        "\
Mon 2 Mar 2026 09:00          promised, due Mon 2 Mar 2026 17:00
Mon 2 Mar 2026 09:00     8 h  counted
Mon 2 Mar 2026 17:00          due, and not done: broken (noticed Mon 2 Mar 2026 17:20)
Mon 2 Mar 2026 17:00          escalation: step 1 (noticed Mon 2 Mar 2026 17:20)
Mon 2 Mar 2026 17:00          nobody is called: plan urgent, level 1, nobody is on call
Mon 2 Mar 2026 17:00          agent 7 is called: plan urgent, level 2, call 1
Mon 2 Mar 2026 17:00  20 min  closed: night
Mon 2 Mar 2026 17:15          agent 7 is called: plan urgent, level 2, call 2
Mon 2 Mar 2026 17:20          agent 1 answers the call
In all 8 h 20 min: 8 h counted, 20 min closed."
    );
    let russian = rows(Tongue::Russian);
    for line in [
        "вызывать некого: план «urgent», уровень 1, никто не дежурит",
        "вызван сотрудник 7: план «urgent», уровень 2, вызов 2",
        "на вызов ответил сотрудник 1",
    ] {
        assert!(russian.contains(line), "{russian}");
    }
}

#[test]
fn a_reply_that_is_one_with_an_earlier_one_says_whose_verdict_counts() {
    let script = "mon 11:00 customer opens
                  2: mon 09:00 customer opens
                  2: mon 11:30 agent merges into 1
                  mon 12:00 look";
    let account = account_after(&[], script, "first_reply");
    let head = |tongue| account.text(tongue).lines().take(2).collect::<Vec<_>>().join("\n");
    assert_eq!(head(Tongue::English), "\
First reply: on time so far, due by Mon 2 Mar 2026 15:00; on Mon 2 Mar 2026 12:00 1 h of 4 h of working time are used up.
One answer is waited for by several promises. Another is due earlier: First reply (taken over from 2); its ladder is climbed and its verdict counts.");
    assert!(head(Tongue::Russian).ends_with("\
Один ответ ждут по нескольким обещаниям. Раньше срок у другого: «Первый ответ (передано из 2)»; действует его эскалация и засчитывается его итог."));
}

#[test]
fn a_step_that_was_done_for_another_promise_says_so_also_when_the_merge_is_undone() {
    let rules = r#"
[[policies]]
name = "standard"
calendar = "office"
[policies.targets.first_reply]
within = "2h"
ladder = [{ at_due = true, notify = "lead" }, { after_due = "1h", hand_over = "L2" }]
"#;
    let merged = "2: mon 09:00 customer opens
                  mon 09:30 customer opens
                  2: mon 09:40 agent merges into 1
                  mon 11:40 wake";
    let undone = format!("{merged}\n2: mon 11:45 agent separates from 1\nmon 12:35 wake");
    let steps = |script: &str, tongue| {
        let text = account_after(&[rules], script, "first_reply").text(tongue);
        let lines = text.lines().filter_map(|line| {
            let told = line.find("escalation").or_else(|| line.find("эскалация: шаг"))?;
            Some(line[told..].split(" (noticed").next()?.split(" (замечено").next()?.to_owned())
        });
        lines.collect::<Vec<_>>()
    };
    let done = "escalation: step 1, done already for First reply (taken over from 2)";
    let done_next = "escalation: step 2, done already for First reply (taken over from 2)";
    assert_eq!(steps(merged, Tongue::English), [done, done_next]);
    assert_eq!(steps(&undone, Tongue::English), [done, "escalation: step 2"]);
    assert_eq!(
        steps(&undone, Tongue::Russian),
        [
            "эскалация: шаг 1, уже выполнен по обещанию «Первый ответ (передано из 2)»",
            "эскалация: шаг 2"
        ]
    );
}

#[test]
fn a_date_that_a_person_fixed_before_a_merge_is_told_where_the_promise_is_taken_over() {
    let script = "2: mon 09:00 customer opens
                  2: mon 09:05 agent fixes first_reply tue 12:00
                  mon 09:00 customer opens
                  2: mon 09:10 agent merges into 1";
    let account = account_after(&[], script, "2/first_reply");
    let told = |tongue, word| {
        let text = account.text(tongue);
        text.lines().find_map(|line| Some(line[line.find(word)?..].to_owned())).unwrap()
    };
    assert_eq!(
        told(Tongue::English, "taken over:"),
        "taken over: 10 min of 4 h used up; due time fixed by hand: Tue 3 Mar 2026 12:00"
    );
    assert_eq!(
        told(Tongue::Russian, "передано сюда:"),
        "передано сюда: израсходовано 10 мин из 4 ч; срок назначен вручную: вт 3 мар 2026 12:00"
    );
}
