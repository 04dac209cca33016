//! What a support lead reads: whole texts, in both languages.
//!
//! The week begins on Monday, 2 March 2026. The office in Berlin works from 9 to 12 and from 13 to
//! 18, Monday to Friday; Wednesday is Founder's Day.

mod hours;
mod terms;

use super::*;
use crate::event::Credit;
use crate::stories::script::moment;
use crate::terms::{Allowance, Reason, Step, StepWhen, Terms, Threshold};
use crate::{Metric, Past, recount, start_since};

fn calendar(text: &str) -> Calendar {
    Calendar::build(&toml::from_str(text).unwrap()).unwrap()
}

fn berlin() -> Calendar {
    calendar(
        r#"
        time_zone = "Europe/Berlin"
        weekly = { mon-fri = ["09:00-12:00", "13:00-18:00"] }
        holidays = [{ date = "03-04", name = "Founder's Day" }]
        "#,
    )
}

/// The moment when a clock in Berlin shows this, in winter.
fn berlin_time(text: &str) -> Timestamp {
    let (day, time) = text.split_once(' ').unwrap();
    moment(day, time).checked_add_millis(-3_600_000).unwrap()
}

fn pin(policy: &str, calendar: &str) -> Pin {
    Pin { tzdb: "2025b".into(), ..Pin::new(3, policy, calendar) }
}

fn work(text: &str) -> WorkTime {
    text.parse().unwrap()
}

/// A clock whose story is told line by line, with all that it said.
struct Tale {
    terms: Terms,
    clock: Option<Clock>,
    events: Vec<(Timestamp, Timestamp, ClockEvent)>,
    now: Timestamp,
}

impl Tale {
    fn of(calendar: Calendar, warnings: &[u8], ladder: &[StepWhen]) -> Self {
        let warnings = warnings.iter().map(|percent| Threshold::Percent(*percent)).collect();
        let ladder = ladder.iter().map(|when| Step::from(*when)).collect();
        let terms = Terms { calendar, warnings, ladder };
        Self { terms, clock: None, events: Vec::new(), now: Timestamp::MIN }
    }

    fn say(&mut self, at: Timestamp, event: ClockEvent) {
        match &mut self.clock {
            Some(clock) => clock.apply(&event, at).unwrap(),
            None => self.clock = Some(Clock::begin(1, &event, at).unwrap()),
        }
        self.events.push((at, self.now, event));
    }

    fn tell(mut self, script: &str) -> Self {
        for line in script.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let words: Vec<&str> = line.splitn(4, ' ').collect();
            self.now = berlin_time(&words[..2].join(" "));
            self.happen(words[2], words.get(3).copied().unwrap_or_default());
        }
        self
    }

    fn happen(&mut self, verb: &str, word: &str) {
        let now = self.now;
        while let Some((at, event)) = self.clock.as_ref().and_then(|clock| clock.settle(now)) {
            self.say(at, event);
        }
        let (terms, reason) = (self.terms.clone(), Reason::from(word));
        let Some(clock) = &self.clock else {
            let promise = Allowance { pin: pin("standard", "office"), within: work(word).into() };
            let since = if verb == "since" { berlin_time("mon 15:00") } else { now };
            let pause = |from, to, name| {
                let [from, to] = [from, to].map(berlin_time);
                Credit { from, to, reason: Reason::from(name) }
            };
            let pauses = [
                pause("mon 16:00", "mon 17:30", "pending"),
                pause("mon 17:00", "tue 09:30", "on_hold"),
            ];
            let credits = if since < now { pauses.into() } else { Vec::new() };
            let past = Past { credits, ..Past::new(since) };
            for (at, event) in start_since(&promise, &terms, past, now) {
                self.say(at, event);
            }
            return;
        };
        let promise = |policy, calendar, time: &str| Allowance {
            pin: pin(policy, calendar),
            within: work(time).into(),
        };
        let answers: Vec<ClockEvent> = match verb {
            "pause" => clock.pause(&reason, &terms, now).into_iter().collect(),
            "resume" => clock.resume(&reason, &terms, now).into_iter().collect(),
            "fulfil" => clock.fulfil(&terms, now).into_iter().collect(),
            "cancel" => clock.cancel(&reason, &terms, now).into_iter().collect(),
            "reopen" => clock.carry_on(&terms, now).into_iter().collect(),
            "retarget" => clock.retarget(&promise("urgent", "office", word), &terms, &terms, now),
            "fix" => clock.fix_due(berlin_time(word), &terms, now),
            "release" => clock.release_due(&terms, now),
            // As it was before the last event: a merge is undone.
            "undo" => {
                let (last, before) = self.events.split_last().unwrap();
                let mut clock = Clock::begin(1, &before[0].2, before[0].0).unwrap();
                for (at, _, event) in &before[1..] {
                    clock.apply(event, *at).unwrap();
                }
                assert!(matches!(last.2, ClockEvent::Cancelled { .. }));
                vec![ClockEvent::TakenOver { clock: Box::new(clock) }]
            }
            "always" => {
                let after = Terms { calendar: Calendar::always(), ..terms.clone() };
                let spent = recount(&after.calendar, clock.started_at, &[], now);
                self.terms = after.clone();
                clock.correct(&promise("standard", "always", word), spent, &terms, &after, now)
            }
            "wake" => Vec::new(),
            other => panic!("{other}"),
        };
        for answer in answers {
            self.say(now, answer);
        }
    }

    fn ledger(&self) -> Ledger {
        let events = self.events.iter().map(|(at, noticed, event)| (*at, *noticed, event));
        let calendar = |pin: &Pin| match &*pin.calendar {
            "always" => Some(Calendar::always()),
            _ => Some(berlin()),
        };
        explain(Metric::FirstReply.into(), 1, events, calendar, self.now).unwrap()
    }
}

#[track_caller]
fn check(tale: &Tale, english: &str, russian: &str) {
    let ledger = tale.ledger();
    let remedies = ledger.remedies(&[Reason::from("pending")]);
    for (tongue, expected) in [(Tongue::English, english), (Tongue::Russian, russian)] {
        let text = ledger.text(tongue, &remedies);
        assert_eq!(text, expected.trim(), "\nreally:\n{text}\n");
    }
}

#[test]
fn a_miss_is_told_from_its_start_to_its_remedies() {
    let tale = Tale::of(berlin(), &[75], &[StepWhen::AfterDue(work("30m"))]).tell(
        "tue 17:00 start 2h
         thu 09:30 pause pending
         thu 11:00 resume pending
         thu 13:00 wake
         fri 08:00 pause spare parts
         fri 09:15 fulfil",
    );
    check(
        &tale,
        "
First reply: missed, because it was due by Thu 5 Mar 2026 11:30 and was done on Fri 6 Mar 2026 09:15, 5 h 30 min of working time too late.
Terms: 2 h of working time, policy standard, calendar office, rulebook version 3. Times are those of Europe/Berlin (time zone data 2025b).

Tue 3 Mar 2026 17:00              promised, due Thu 5 Mar 2026 10:00
Tue 3 Mar 2026 17:00         1 h  counted
Tue 3 Mar 2026 18:00         6 h  closed: night
Wed 4 Mar 2026 00:00        24 h  closed: Founder's Day
Thu 5 Mar 2026 00:00         9 h  closed: night
Thu 5 Mar 2026 09:00      30 min  counted
Thu 5 Mar 2026 09:30              warning: 75 % of the time is used up
Thu 5 Mar 2026 09:30  1 h 30 min  paused: waiting for the customer
Thu 5 Mar 2026 11:00              goes on, due Thu 5 Mar 2026 11:30
Thu 5 Mar 2026 11:00      30 min  counted
Thu 5 Mar 2026 11:30              due, and not done: broken (noticed Thu 5 Mar 2026 13:00)
Thu 5 Mar 2026 11:30      30 min  counted
Thu 5 Mar 2026 12:00              escalation: step 1 (noticed Thu 5 Mar 2026 13:00)
Thu 5 Mar 2026 12:00         1 h  closed: break
Thu 5 Mar 2026 13:00         5 h  counted
Thu 5 Mar 2026 18:00        14 h  closed: night
Fri 6 Mar 2026 08:00  1 h 15 min  paused: spare parts
Fri 6 Mar 2026 09:15              done too late
In all 64 h 15 min: 7 h 30 min counted, 54 h closed, 2 h 45 min in 2 pauses.

- It would have been kept if it had been done by Thu 5 Mar 2026 11:30, 5 h 30 min of working time earlier.
- It would have been kept if the clock had stood still (waiting for the customer) from Thu 5 Mar 2026 11:30 until it was done.
- It would have been kept if the pause of Fri 6 Mar 2026 08:00 (spare parts) had begun on Thu 5 Mar 2026 11:30, 5 h 30 min of working time earlier.
- It would have been kept if the pause (waiting for the customer) that ended on Thu 5 Mar 2026 11:00 had ended after Thu 5 Mar 2026 17:30, more than 5 h 30 min of working time later.
- It would have been kept if more than 7 h 30 min of working time had been allowed instead of 2 h.
",
        "
Первый ответ: обещание нарушено, потому что срок истёк чт 5 мар 2026 11:30, а выполнено пт 6 мар 2026 09:15, на 5 ч 30 мин рабочего времени позже.
Условия: 2 ч рабочего времени, политика standard, календарь office, версия правил 3. Время указано по часовому поясу Europe/Berlin (данные часовых поясов 2025b).

вт 3 мар 2026 17:00              обещано, срок чт 5 мар 2026 10:00
вт 3 мар 2026 17:00         1 ч  засчитано
вт 3 мар 2026 18:00         6 ч  нерабочее время: ночь
ср 4 мар 2026 00:00        24 ч  нерабочее время: Founder's Day
чт 5 мар 2026 00:00         9 ч  нерабочее время: ночь
чт 5 мар 2026 09:00      30 мин  засчитано
чт 5 мар 2026 09:30              предупреждение: израсходовано 75 % времени
чт 5 мар 2026 09:30  1 ч 30 мин  пауза: ожидание клиента
чт 5 мар 2026 11:00              отсчёт продолжен, срок чт 5 мар 2026 11:30
чт 5 мар 2026 11:00      30 мин  засчитано
чт 5 мар 2026 11:30              срок истёк, не выполнено: нарушено (замечено чт 5 мар 2026 13:00)
чт 5 мар 2026 11:30      30 мин  засчитано
чт 5 мар 2026 12:00              эскалация: шаг 1 (замечено чт 5 мар 2026 13:00)
чт 5 мар 2026 12:00         1 ч  нерабочее время: перерыв
чт 5 мар 2026 13:00         5 ч  засчитано
чт 5 мар 2026 18:00        14 ч  нерабочее время: ночь
пт 6 мар 2026 08:00  1 ч 15 мин  пауза: spare parts
пт 6 мар 2026 09:15              выполнено с опозданием
Всего 64 ч 15 мин: 7 ч 30 мин засчитано, 54 ч нерабочего времени, 2 ч 45 мин на паузе (2 паузы).

- Обещание было бы выполнено, если бы это было сделано не позднее чт 5 мар 2026 11:30, на 5 ч 30 мин рабочего времени раньше.
- Обещание было бы выполнено, если бы отсчёт был остановлен (ожидание клиента) с чт 5 мар 2026 11:30 до выполнения.
- Обещание было бы выполнено, если бы пауза от пт 6 мар 2026 08:00 (spare parts) началась не позднее чт 5 мар 2026 11:30, на 5 ч 30 мин рабочего времени раньше.
- Обещание было бы выполнено, если бы пауза (ожидание клиента), которая закончилась чт 5 мар 2026 11:00, закончилась позже чт 5 мар 2026 17:30, более чем на 5 ч 30 мин рабочего времени позже.
- Обещание было бы выполнено, если бы было разрешено более 7 ч 30 мин рабочего времени вместо 2 ч.
",
    );
}

#[test]
fn a_change_that_breaks_a_promise_is_told_as_its_cause() {
    let tale = Tale::of(berlin(), &[50], &[]).tell(
        "mon 09:00 start 8h
         mon 11:30 retarget 2h
         mon 12:30 fulfil",
    );
    check(
        &tale,
        "
First reply: missed, because the terms were changed on Mon 2 Mar 2026 11:30: 2 h 30 min of working time were used up by then, and 2 h are allowed; it was done on Mon 2 Mar 2026 12:30.
Terms: 2 h of working time (8 h until Mon 2 Mar 2026 11:30), policy urgent, calendar office, rulebook version 3. Times are those of Europe/Berlin (time zone data 2025b).

Mon 2 Mar 2026 09:00              promised, due Mon 2 Mar 2026 18:00
Mon 2 Mar 2026 09:00  2 h 30 min  counted
Mon 2 Mar 2026 11:30              new terms: 2 h instead of 8 h; policy urgent instead of standard, calendar office, rulebook version 3; 2 h 30 min used up, due Mon 2 Mar 2026 11:30; passed over: the warning at 50 %
Mon 2 Mar 2026 11:30              broken by the change of terms
Mon 2 Mar 2026 11:30      30 min  counted
Mon 2 Mar 2026 12:00      30 min  closed: break
Mon 2 Mar 2026 12:30              done too late
In all 3 h 30 min: 3 h counted, 30 min closed.

- It would have been kept if it had been done before Mon 2 Mar 2026 11:30, when the terms were changed, more than 30 min of working time earlier.
- It would have been kept if the clock had stood still (waiting for the customer) from Mon 2 Mar 2026 11:00 until it was done.
- It would have been kept if more than 3 h of working time had been allowed instead of 2 h.
- It would have been kept if the terms had not been changed on Mon 2 Mar 2026 11:30.
",
        "
Первый ответ: обещание нарушено, потому что пн 2 мар 2026 11:30 условия были изменены: к этому моменту израсходовано 2 ч 30 мин рабочего времени, а разрешено 2 ч; выполнено пн 2 мар 2026 12:30.
Условия: 2 ч рабочего времени (8 ч до пн 2 мар 2026 11:30), политика urgent, календарь office, версия правил 3. Время указано по часовому поясу Europe/Berlin (данные часовых поясов 2025b).

пн 2 мар 2026 09:00              обещано, срок пн 2 мар 2026 18:00
пн 2 мар 2026 09:00  2 ч 30 мин  засчитано
пн 2 мар 2026 11:30              новые условия: 2 ч вместо 8 ч; политика urgent вместо standard, календарь office, версия правил 3; израсходовано 2 ч 30 мин, срок пн 2 мар 2026 11:30; пропущено: предупреждение на 50 %
пн 2 мар 2026 11:30              нарушено из-за изменения условий
пн 2 мар 2026 11:30      30 мин  засчитано
пн 2 мар 2026 12:00      30 мин  нерабочее время: перерыв
пн 2 мар 2026 12:30              выполнено с опозданием
Всего 3 ч 30 мин: 3 ч засчитано, 30 мин нерабочего времени.

- Обещание было бы выполнено, если бы это было сделано раньше пн 2 мар 2026 11:30, до изменения условий, более чем на 30 мин рабочего времени раньше.
- Обещание было бы выполнено, если бы отсчёт был остановлен (ожидание клиента) с пн 2 мар 2026 11:00 до выполнения.
- Обещание было бы выполнено, если бы было разрешено более 3 ч рабочего времени вместо 2 ч.
- Обещание было бы выполнено, если бы условия не были изменены пн 2 мар 2026 11:30.
",
    );
}

#[test]
fn a_miss_at_closing_time_says_that_nobody_works_in_between() {
    let tale = Tale::of(berlin(), &[], &[]).tell(
        "mon 10:00 start 7h
         mon 20:00 fulfil",
    );
    check(
        &tale,
        "
First reply: missed, because it was due by Mon 2 Mar 2026 18:00 and was done on Mon 2 Mar 2026 20:00, too late, though nobody works in between.
Terms: 7 h of working time, policy standard, calendar office, rulebook version 3. Times are those of Europe/Berlin (time zone data 2025b).

Mon 2 Mar 2026 10:00       promised, due Mon 2 Mar 2026 18:00
Mon 2 Mar 2026 10:00  2 h  counted
Mon 2 Mar 2026 12:00  1 h  closed: break
Mon 2 Mar 2026 13:00  5 h  counted
Mon 2 Mar 2026 18:00       due, and not done: broken (noticed Mon 2 Mar 2026 20:00)
Mon 2 Mar 2026 18:00  2 h  closed: night
Mon 2 Mar 2026 20:00       done too late
In all 10 h: 7 h counted, 3 h closed.

- It would have been kept if it had been done by Mon 2 Mar 2026 18:00.
- It would have been kept if the clock had stood still (waiting for the customer) from Mon 2 Mar 2026 18:00 until it was done.
- It would have been kept if more than 7 h of working time had been allowed.
",
        "
Первый ответ: обещание нарушено, потому что срок истёк пн 2 мар 2026 18:00, а выполнено пн 2 мар 2026 20:00, с опозданием, хотя рабочего времени между ними нет.
Условия: 7 ч рабочего времени, политика standard, календарь office, версия правил 3. Время указано по часовому поясу Europe/Berlin (данные часовых поясов 2025b).

пн 2 мар 2026 10:00       обещано, срок пн 2 мар 2026 18:00
пн 2 мар 2026 10:00  2 ч  засчитано
пн 2 мар 2026 12:00  1 ч  нерабочее время: перерыв
пн 2 мар 2026 13:00  5 ч  засчитано
пн 2 мар 2026 18:00       срок истёк, не выполнено: нарушено (замечено пн 2 мар 2026 20:00)
пн 2 мар 2026 18:00  2 ч  нерабочее время: ночь
пн 2 мар 2026 20:00       выполнено с опозданием
Всего 10 ч: 7 ч засчитано, 3 ч нерабочего времени.

- Обещание было бы выполнено, если бы это было сделано не позднее пн 2 мар 2026 18:00.
- Обещание было бы выполнено, если бы отсчёт был остановлен (ожидание клиента) с пн 2 мар 2026 18:00 до выполнения.
- Обещание было бы выполнено, если бы было разрешено более 7 ч рабочего времени.
",
    );
}

#[test]
fn a_live_clock_says_what_comes_next() {
    let tale = Tale::of(berlin(), &[50], &[StepWhen::AtDue]).tell(
        "mon 10:00 start 7h
         mon 11:00 wake",
    );
    check(
        &tale,
        "
First reply: on time so far, due by Mon 2 Mar 2026 18:00; on Mon 2 Mar 2026 11:00 1 h of 7 h of working time are used up.
Terms: 7 h of working time, policy standard, calendar office, rulebook version 3. Times are those of Europe/Berlin (time zone data 2025b).

Mon 2 Mar 2026 10:00       promised, due Mon 2 Mar 2026 18:00
Mon 2 Mar 2026 10:00  1 h  counted
In all 1 h: 1 h counted.

If nothing happens:
- Mon 2 Mar 2026 14:30: warning: 50 % of the time is used up
- Mon 2 Mar 2026 18:00: due, and not done: broken
- Mon 2 Mar 2026 18:00: escalation: step 1
",
        "
Первый ответ: пока в срок, срок истекает пн 2 мар 2026 18:00; на пн 2 мар 2026 11:00 израсходовано 1 ч из 7 ч рабочего времени.
Условия: 7 ч рабочего времени, политика standard, календарь office, версия правил 3. Время указано по часовому поясу Europe/Berlin (данные часовых поясов 2025b).

пн 2 мар 2026 10:00       обещано, срок пн 2 мар 2026 18:00
пн 2 мар 2026 10:00  1 ч  засчитано
Всего 1 ч: 1 ч засчитано.

Если ничего не произойдёт:
- пн 2 мар 2026 14:30: предупреждение: израсходовано 50 % времени
- пн 2 мар 2026 18:00: срок истёк, не выполнено: нарушено
- пн 2 мар 2026 18:00: эскалация: шаг 1
",
    );
}

#[test]
fn a_date_that_was_fixed_by_hand_is_told_and_so_is_what_it_cost() {
    let tale = Tale::of(berlin(), &[], &[]).tell(
        "mon 10:00 start 7h
         mon 11:00 fix tue 10:00
         mon 11:30 pause pending
         tue 11:00 fulfil",
    );
    check(
        &tale,
        "
First reply: missed, because it was due by Tue 3 Mar 2026 10:00 and was done on Tue 3 Mar 2026 11:00, 1 h of working time too late.
Terms: 7 h of working time, policy standard, calendar office, rulebook version 3. Times are those of Europe/Berlin (time zone data 2025b).

Mon 2 Mar 2026 10:00               promised, due Mon 2 Mar 2026 18:00
Mon 2 Mar 2026 10:00          1 h  counted
Mon 2 Mar 2026 11:00               due time fixed by hand: Tue 3 Mar 2026 10:00
Mon 2 Mar 2026 11:00       30 min  counted
Mon 2 Mar 2026 11:30  22 h 30 min  paused: waiting for the customer
Tue 3 Mar 2026 10:00               due, and not done: broken (noticed Tue 3 Mar 2026 11:00)
Tue 3 Mar 2026 10:00          1 h  paused: waiting for the customer
Tue 3 Mar 2026 11:00               done too late
In all 25 h: 1 h 30 min counted, 23 h 30 min in 1 pause.

- It would have been kept if it had been done by Tue 3 Mar 2026 10:00.
- It would have been kept if it had been due by Tue 3 Mar 2026 11:00 instead of Tue 3 Mar 2026 10:00.
- It would have been kept if the due time had not been fixed on Mon 2 Mar 2026 11:00.
",
        "
Первый ответ: обещание нарушено, потому что срок истёк вт 3 мар 2026 10:00, а выполнено вт 3 мар 2026 11:00, на 1 ч рабочего времени позже.
Условия: 7 ч рабочего времени, политика standard, календарь office, версия правил 3. Время указано по часовому поясу Europe/Berlin (данные часовых поясов 2025b).

пн 2 мар 2026 10:00               обещано, срок пн 2 мар 2026 18:00
пн 2 мар 2026 10:00          1 ч  засчитано
пн 2 мар 2026 11:00               срок назначен вручную: вт 3 мар 2026 10:00
пн 2 мар 2026 11:00       30 мин  засчитано
пн 2 мар 2026 11:30  22 ч 30 мин  пауза: ожидание клиента
вт 3 мар 2026 10:00               срок истёк, не выполнено: нарушено (замечено вт 3 мар 2026 11:00)
вт 3 мар 2026 10:00          1 ч  пауза: ожидание клиента
вт 3 мар 2026 11:00               выполнено с опозданием
Всего 25 ч: 1 ч 30 мин засчитано, 23 ч 30 мин на паузе (1 пауза).

- Обещание было бы выполнено, если бы это было сделано не позднее вт 3 мар 2026 10:00.
- Обещание было бы выполнено, если бы срок истекал вт 3 мар 2026 11:00 вместо вт 3 мар 2026 10:00.
- Обещание было бы выполнено, если бы срок не был назначен вручную пн 2 мар 2026 11:00.
",
    );
}

#[test]
fn a_correction_values_all_the_past_anew() {
    let tale = Tale::of(berlin(), &[], &[]).tell(
        "mon 10:00 start 7h
         tue 15:00 always 20h
         tue 16:00 wake",
    );
    check(
        &tale,
        "
First reply: late and still open: it was due by Mon 2 Mar 2026 17:00; by the terms that came later 20 h of working time are allowed, and 30 h were used up, 10 h too much.
Terms: 20 h of working time (7 h until Tue 3 Mar 2026 14:00), policy standard, calendar always, rulebook version 3. Times are those of UTC (time zone data 2025b).

Mon 2 Mar 2026 09:00        promised, due Mon 2 Mar 2026 17:00
Mon 2 Mar 2026 09:00   8 h  counted
Mon 2 Mar 2026 17:00        due, and not done: broken, as time was valued then (noticed Tue 3 Mar 2026 14:00)
Mon 2 Mar 2026 17:00  21 h  counted
Tue 3 Mar 2026 14:00        all time valued anew: 20 h instead of 7 h; policy standard, calendar always instead of office, rulebook version 3; 29 h used up, broken already on Mon 2 Mar 2026 17:00
Tue 3 Mar 2026 14:00   1 h  counted
In all 30 h: 30 h counted.

- It would still be in time if it had been done by Mon 2 Mar 2026 17:00, 22 h of working time earlier.
- It would still be in time if the clock had stood still (waiting for the customer) from before Tue 3 Mar 2026 05:00 until now.
- It would still be in time if 30 h of working time had been allowed instead of 20 h.
",
        "
Первый ответ: срок истёк пн 2 мар 2026 17:00, обещание всё ещё не выполнено; по более поздним условиям разрешено 20 ч рабочего времени, а израсходовано 30 ч, на 10 ч больше.
Условия: 20 ч рабочего времени (7 ч до вт 3 мар 2026 14:00), политика standard, календарь always, версия правил 3. Время указано по часовому поясу UTC (данные часовых поясов 2025b).

пн 2 мар 2026 09:00        обещано, срок пн 2 мар 2026 17:00
пн 2 мар 2026 09:00   8 ч  засчитано
пн 2 мар 2026 17:00        срок истёк, не выполнено: нарушено, по прежнему расчёту времени (замечено вт 3 мар 2026 14:00)
пн 2 мар 2026 17:00  21 ч  засчитано
вт 3 мар 2026 14:00        всё время пересчитано: 20 ч вместо 7 ч; политика standard, календарь always вместо office, версия правил 3; израсходовано 29 ч, уже нарушено пн 2 мар 2026 17:00
вт 3 мар 2026 14:00   1 ч  засчитано
Всего 30 ч: 30 ч засчитано.

- Срок ещё не был бы нарушен, если бы это было сделано не позднее пн 2 мар 2026 17:00, на 22 ч рабочего времени раньше.
- Срок ещё не был бы нарушен, если бы отсчёт был остановлен (ожидание клиента) с момента раньше вт 3 мар 2026 05:00 до настоящего момента.
- Срок ещё не был бы нарушен, если бы было разрешено 30 ч рабочего времени вместо 20 ч.
",
    );
}

#[test]
fn a_promise_that_was_late_by_earlier_terms_is_kept_and_says_so() {
    let tale = Tale::of(berlin(), &[], &[]).tell(
        "mon 10:00 start 2h
         mon 16:00 retarget 8h
         mon 17:00 fulfil",
    );
    check(
        &tale,
        "
First reply: kept, done on Mon 2 Mar 2026 17:00, with 2 h of 8 h of working time to spare; by its earlier terms it was late on Mon 2 Mar 2026 12:00.
Terms: 8 h of working time (2 h until Mon 2 Mar 2026 16:00), policy urgent, calendar office, rulebook version 3. Times are those of Europe/Berlin (time zone data 2025b).

Mon 2 Mar 2026 10:00       promised, due Mon 2 Mar 2026 12:00
Mon 2 Mar 2026 10:00  2 h  counted
Mon 2 Mar 2026 12:00       due, and not done: broken (noticed Mon 2 Mar 2026 16:00)
Mon 2 Mar 2026 12:00  1 h  closed: break
Mon 2 Mar 2026 13:00  3 h  counted
Mon 2 Mar 2026 16:00       new terms: 8 h instead of 2 h; policy urgent instead of standard, calendar office, rulebook version 3; 5 h used up, due Tue 3 Mar 2026 10:00
Mon 2 Mar 2026 16:00  1 h  counted
Mon 2 Mar 2026 17:00       done in time
In all 7 h: 6 h counted, 1 h closed.
",
        "
Первый ответ: обещание выполнено пн 2 мар 2026 17:00, в запасе оставалось 2 ч из 8 ч рабочего времени; по прежним условиям срок был нарушен пн 2 мар 2026 12:00.
Условия: 8 ч рабочего времени (2 ч до пн 2 мар 2026 16:00), политика urgent, календарь office, версия правил 3. Время указано по часовому поясу Europe/Berlin (данные часовых поясов 2025b).

пн 2 мар 2026 10:00       обещано, срок пн 2 мар 2026 12:00
пн 2 мар 2026 10:00  2 ч  засчитано
пн 2 мар 2026 12:00       срок истёк, не выполнено: нарушено (замечено пн 2 мар 2026 16:00)
пн 2 мар 2026 12:00  1 ч  нерабочее время: перерыв
пн 2 мар 2026 13:00  3 ч  засчитано
пн 2 мар 2026 16:00       новые условия: 8 ч вместо 2 ч; политика urgent вместо standard, календарь office, версия правил 3; израсходовано 5 ч, срок вт 3 мар 2026 10:00
пн 2 мар 2026 16:00  1 ч  засчитано
пн 2 мар 2026 17:00       выполнено в срок
Всего 7 ч: 6 ч засчитано, 1 ч нерабочего времени.
",
    );
}

#[test]
fn a_retroactive_start_shows_the_pauses_that_were_credited() {
    let tale = Tale::of(berlin(), &[], &[]).tell(
        "tue 10:00 since 4h
         tue 11:00 pause pending",
    );
    check(
        &tale,
        "
First reply: standing still (waiting for the customer), 2 h 30 min of 4 h of working time are used up.
Terms: 4 h of working time, policy standard, calendar office, rulebook version 3. Times are those of Europe/Berlin (time zone data 2025b).

Mon 2 Mar 2026 15:00     1 h  counted
Mon 2 Mar 2026 16:00     1 h  paused: waiting for the customer
Mon 2 Mar 2026 17:00  30 min  paused: waiting for a third party, waiting for the customer
Mon 2 Mar 2026 17:30    16 h  paused: waiting for a third party
Tue 3 Mar 2026 09:30  30 min  counted
Tue 3 Mar 2026 10:00          promised, for what began Mon 2 Mar 2026 15:00: 1 h 30 min of 4 h used up, due Tue 3 Mar 2026 13:30
Tue 3 Mar 2026 10:00     1 h  counted
In all 20 h: 2 h 30 min counted, 17 h 30 min in 1 pause.
",
        "
Первый ответ: отсчёт остановлен (ожидание клиента), израсходовано 2 ч 30 мин из 4 ч рабочего времени.
Условия: 4 ч рабочего времени, политика standard, календарь office, версия правил 3. Время указано по часовому поясу Europe/Berlin (данные часовых поясов 2025b).

пн 2 мар 2026 15:00     1 ч  засчитано
пн 2 мар 2026 16:00     1 ч  пауза: ожидание клиента
пн 2 мар 2026 17:00  30 мин  пауза: ожидание третьей стороны, ожидание клиента
пн 2 мар 2026 17:30    16 ч  пауза: ожидание третьей стороны
вт 3 мар 2026 09:30  30 мин  засчитано
вт 3 мар 2026 10:00          обещано, по обращению от пн 2 мар 2026 15:00: израсходовано 1 ч 30 мин из 4 ч, срок вт 3 мар 2026 13:30
вт 3 мар 2026 10:00     1 ч  засчитано
Всего 20 ч: 2 ч 30 мин засчитано, 17 ч 30 мин на паузе (1 пауза).
",
    );
}

#[test]
fn a_merge_that_is_undone_leaves_no_gap() {
    let tale = Tale::of(berlin(), &[], &[]).tell(
        "mon 10:00 start 4h
         mon 11:00 cancel merged
         mon 14:00 undo
         mon 15:00 fulfil
         tue 09:00 reopen
         tue 10:00 fulfil",
    );
    check(
        &tale,
        "
First reply: missed, because it was due by Tue 3 Mar 2026 09:00 and was done on Tue 3 Mar 2026 10:00, 1 h of working time too late.
Terms: 4 h of working time, policy standard, calendar office, rulebook version 3. Times are those of Europe/Berlin (time zone data 2025b).

Mon 2 Mar 2026 10:00        promised, due Mon 2 Mar 2026 15:00
Mon 2 Mar 2026 10:00   1 h  counted
Mon 2 Mar 2026 11:00        given up: merged into another
Mon 2 Mar 2026 11:00   1 h  counted
Mon 2 Mar 2026 12:00   1 h  closed: break
Mon 2 Mar 2026 13:00   1 h  counted
Mon 2 Mar 2026 14:00        taken over: 3 h of 4 h used up, due Mon 2 Mar 2026 15:00
Mon 2 Mar 2026 14:00   1 h  counted
Mon 2 Mar 2026 15:00        done in time
Mon 2 Mar 2026 15:00  18 h  done, later taken up again
Tue 3 Mar 2026 09:00        taken up again, due Tue 3 Mar 2026 09:00
Tue 3 Mar 2026 09:00        due, and not done: broken (noticed Tue 3 Mar 2026 10:00)
Tue 3 Mar 2026 09:00   1 h  counted
Tue 3 Mar 2026 10:00        done too late
In all 24 h: 5 h counted, 1 h closed, 18 h between done and taken up again.

- It would have been kept if it had been done by Tue 3 Mar 2026 09:00, 1 h of working time earlier.
- It would have been kept if the clock had stood still (waiting for the customer) from Tue 3 Mar 2026 09:00 until it was done.
- It would have been kept if 5 h of working time had been allowed instead of 4 h.
",
        "
Первый ответ: обещание нарушено, потому что срок истёк вт 3 мар 2026 09:00, а выполнено вт 3 мар 2026 10:00, на 1 ч рабочего времени позже.
Условия: 4 ч рабочего времени, политика standard, календарь office, версия правил 3. Время указано по часовому поясу Europe/Berlin (данные часовых поясов 2025b).

пн 2 мар 2026 10:00        обещано, срок пн 2 мар 2026 15:00
пн 2 мар 2026 10:00   1 ч  засчитано
пн 2 мар 2026 11:00        снято: объединено с другим
пн 2 мар 2026 11:00   1 ч  засчитано
пн 2 мар 2026 12:00   1 ч  нерабочее время: перерыв
пн 2 мар 2026 13:00   1 ч  засчитано
пн 2 мар 2026 14:00        передано сюда: израсходовано 3 ч из 4 ч, срок пн 2 мар 2026 15:00
пн 2 мар 2026 14:00   1 ч  засчитано
пн 2 мар 2026 15:00        выполнено в срок
пн 2 мар 2026 15:00  18 ч  выполнено, позже возобновлено
вт 3 мар 2026 09:00        возобновлено, срок вт 3 мар 2026 09:00
вт 3 мар 2026 09:00        срок истёк, не выполнено: нарушено (замечено вт 3 мар 2026 10:00)
вт 3 мар 2026 09:00   1 ч  засчитано
вт 3 мар 2026 10:00        выполнено с опозданием
Всего 24 ч: 5 ч засчитано, 1 ч нерабочего времени, 18 ч между выполнением и возобновлением.

- Обещание было бы выполнено, если бы это было сделано не позднее вт 3 мар 2026 09:00, на 1 ч рабочего времени раньше.
- Обещание было бы выполнено, если бы отсчёт был остановлен (ожидание клиента) с вт 3 мар 2026 09:00 до выполнения.
- Обещание было бы выполнено, если бы было разрешено 5 ч рабочего времени вместо 4 ч.
",
    );
}
