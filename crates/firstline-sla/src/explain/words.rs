//! The words of an explanation, in the languages it is given in.

use firstline_calendar::{DayTarget, LocalTime, WorkTime};

use super::entry::{Closed, EntryKind};
use crate::key::{Agreement, ClockKey, Measure, Metric};
use crate::terms::{Pin, Reason, Threshold};

/// A language in which an explanation is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Tongue {
    /// English.
    English,
    /// Russian.
    Russian,
}

impl Tongue {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::English, Self::Russian];

    /// The one that an IETF language tag asks for, such as `ru` or `en-GB`; `None` if it is another.
    #[must_use]
    pub fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_']).next().unwrap_or_default();
        match primary.to_ascii_lowercase().as_str() {
            "en" => Some(Self::English),
            "ru" => Some(Self::Russian),
            _ => None,
        }
    }

    /// The word of this tongue.
    pub(super) const fn pick<T: Copy>(self, english: T, russian: T) -> T {
        match self {
            Self::English => english,
            Self::Russian => russian,
        }
    }

    /// The name of a metric, as the first word of a sentence.
    #[must_use]
    pub const fn metric(self, metric: Metric) -> &'static str {
        match metric {
            Metric::FirstReply => self.pick("First reply", "Первый ответ"),
            Metric::NextReply => self.pick("Next reply", "Следующий ответ"),
            Metric::PeriodicUpdate => self.pick("Periodic update", "Регулярное информирование"),
            Metric::FirstResolution => self.pick("First resolution", "Первое решение"),
            Metric::Resolution => self.pick("Resolution", "Решение"),
            Metric::RequesterWait => self.pick("Requester wait", "Ожидание заявителя"),
            Metric::AgentWork => self.pick("Agent work", "Работа специалистов"),
            Metric::LineTime => self.pick("Line time", "Время на линии поддержки"),
            Metric::Vendor => self.pick("Vendor", "Ответ поставщика"),
        }
    }

    /// The name of a clock, as the first words of a sentence: `First reply (OLA)`.
    #[must_use]
    pub fn clock(self, key: &ClockKey) -> String {
        let name = match &key.measure {
            Measure::Metric(metric) => self.metric(*metric).to_owned(),
            Measure::Condition(name) => match self {
                Self::English => format!("“{name}”"),
                Self::Russian => format!("«{name}»"),
            },
            Measure::Promise(number) => match self {
                Self::English => format!("Promise {number}"),
                Self::Russian => format!("Личное обещание {number}"),
            },
        };
        let agreement = match (key.agreement, self) {
            (Agreement::Sla, _) => None,
            (Agreement::Ola, _) => Some("OLA".to_owned()),
            (Agreement::Uc, Self::English) => Some("underpinning contract".to_owned()),
            (Agreement::Uc, Self::Russian) => Some("договор с поставщиком".to_owned()),
        };
        let origin = key.origin.map(|origin| match self {
            Self::English => format!("taken over from {origin}"),
            Self::Russian => format!("передано из {origin}"),
        });
        let beside: Vec<String> = agreement.into_iter().chain(origin).collect();
        if beside.is_empty() { name } else { format!("{name} ({})", beside.join(", ")) }
    }

    /// What a reason means. One that is not known here is given as it is.
    #[must_use]
    pub fn reason(self, reason: &Reason) -> &str {
        match reason.as_str() {
            "pending" => self.pick("waiting for the customer", "ожидание клиента"),
            "on_hold" => self.pick("waiting for a third party", "ожидание третьей стороны"),
            "vendor" => self.pick("waiting for a vendor", "ожидание поставщика"),
            "change" => self.pick("waiting for a change", "ожидание изменения"),
            "problem" => self.pick("waiting for a cause to be found", "ожидание поиска причины"),
            "evidence" => self.pick("waiting for evidence", "ожидание данных"),
            "third_party" => self.pick("waiting for another party", "ожидание другой стороны"),
            "approval" => self.pick("waiting for an approval", "ожидание согласования"),
            "policy" => self.pick("no policy promises it any more", "ни одна политика не обещает"),
            "resolved" => self.pick("resolved", "решено"),
            "closed" => self.pick("closed", "закрыто"),
            "merged" => self.pick("merged into another", "объединено с другим"),
            name => name,
        }
    }

    pub(super) fn reasons<'r>(self, reasons: impl IntoIterator<Item = &'r Reason>) -> String {
        let words: Vec<&str> = reasons.into_iter().map(|reason| self.reason(reason)).collect();
        words.join(", ")
    }

    /// A length of time in hours and minutes: `3 h 30 min`, `3 ч 30 мин`.
    #[must_use]
    pub fn time(self, time: WorkTime) -> String {
        let units = self.pick(["h", "min", "s", "ms"], ["ч", "мин", "с", "мс"]);
        let mut rest = time.as_millis().unsigned_abs();
        let mut parts = Vec::new();
        for (unit, millis) in units.into_iter().zip([3_600_000, 60_000, 1_000, 1]) {
            if rest >= millis {
                parts.push(format!("{} {unit}", rest / millis));
                rest %= millis;
            }
        }
        if parts.is_empty() {
            return format!("0 {}", units[1]);
        }
        let sign = if time < WorkTime::ZERO { "−" } else { "" };
        format!("{sign}{}", parts.join(" "))
    }

    /// A working day to come, as a date for something: `by 16:00 of the next working day`.
    #[must_use]
    pub fn day(self, DayTarget { working_days, by }: DayTarget) -> String {
        let by = by.map_or_else(|| self.pick("the end", "конца").to_owned(), |by| by.to_string());
        let day = match (working_days, self) {
            (0, Self::English) => "of the same day".to_owned(),
            (0, Self::Russian) => "того же дня".to_owned(),
            (1, Self::English) => "of the next working day".to_owned(),
            (1, Self::Russian) => "следующего рабочего дня".to_owned(),
            (days, Self::English) => format!("of the day {days} working days later"),
            (days, Self::Russian) => {
                let forms = ["рабочий день", "рабочих дня", "рабочих дней"];
                format!("дня через {}", self.count(days as usize, forms))
            }
        };
        format!("{} {by} {day}", self.pick("by", "до"))
    }

    /// A moment as a clock on the wall shows it: `Fri 6 Mar 2026 16:00`, `пт 6 мар 2026 16:00`.
    #[must_use]
    pub fn moment(self, shown: &LocalTime) -> String {
        let weekday = self.pick(WEEKDAYS[0], WEEKDAYS[1])[usize::from(shown.weekday) - 1];
        let month = self.pick(MONTHS[0], MONTHS[1])[usize::from(shown.month) - 1];
        let LocalTime { year, day, hour, minute, second, millisecond, .. } = shown;
        let fine = match (second, millisecond) {
            (0, 0) => String::new(),
            (_, 0) => format!(":{second:02}"),
            _ => format!(":{second:02}.{millisecond:03}"),
        };
        format!("{weekday} {day} {month} {year} {hour:02}:{minute:02}{fine}")
    }

    /// A step of a ladder by its index, and where that ladder stands if there are several.
    #[must_use]
    pub fn step(self, index: usize, ladder: Option<&Pin>) -> String {
        let step = format!("{} {}", self.pick("step", "шаг"), index + 1);
        let Some(Pin { policy, rulebook, .. }) = ladder else { return step };
        match self {
            Self::English => format!("{step} (policy {policy}, rulebook version {rulebook})"),
            Self::Russian => format!("{step} (политика {policy}, версия правил {rulebook})"),
        }
    }

    /// A number with its noun in the form that it takes: one, two to four, five and more. English
    /// has the last two alike.
    pub(super) fn count(self, number: usize, forms: [&str; 3]) -> String {
        let form = match self {
            Self::English => usize::from(number != 1),
            Self::Russian => match (number % 100, number % 10) {
                (11..=14, _) => 2,
                (_, 1) => 0,
                (_, 2..=4) => 1,
                _ => 2,
            },
        };
        format!("{number} {}", forms[form])
    }

    /// Where a stretch of time went.
    pub(super) fn entry(self, kind: &EntryKind) -> String {
        match kind {
            EntryKind::Counted => self.pick("counted", "засчитано").to_owned(),
            EntryKind::Closed(closed) => {
                format!("{}: {}", self.pick("closed", "нерабочее время"), self.closed(closed))
            }
            EntryKind::Paused(reasons) => {
                format!("{}: {}", self.pick("paused", "пауза"), self.reasons(reasons))
            }
            EntryKind::Done => {
                self.pick("done, later taken up again", "выполнено, позже возобновлено").to_owned()
            }
            EntryKind::Elsewhere => {
                self.pick("before it was taken over", "до передачи сюда").to_owned()
            }
        }
    }

    fn closed(self, closed: &Closed) -> &str {
        match closed {
            Closed::Night => self.pick("night", "ночь"),
            Closed::Break => self.pick("break", "перерыв"),
            Closed::OutsideHours => self.pick("outside hours", "вне рабочих часов"),
            Closed::Weekend => self.pick("weekend", "выходные"),
            Closed::DayOff => self.pick("day off", "выходной день"),
            Closed::Holiday(None) => self.pick("holiday", "праздник"),
            Closed::SpecialHours(None) => self.pick("special hours", "особые часы"),
            Closed::Excluded => self.pick("excluded", "исключено из рабочего времени"),
            Closed::Holiday(Some(name)) | Closed::SpecialHours(Some(name)) => name,
        }
    }

    pub(super) fn threshold(self, threshold: Threshold) -> String {
        match (threshold, self) {
            (Threshold::Percent(percent), Self::English) => {
                format!("warning: {percent} % of the time is used up")
            }
            (Threshold::Percent(percent), Self::Russian) => {
                format!("предупреждение: израсходовано {percent} % времени")
            }
            (Threshold::Before(ahead), Self::English) => {
                format!("warning: {} of working time before due", self.time(ahead))
            }
            (Threshold::Before(ahead), Self::Russian) => {
                format!("предупреждение: {} рабочего времени до срока", self.time(ahead))
            }
        }
    }
}

const WEEKDAYS: [[&str; 7]; 2] =
    [["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"], ["пн", "вт", "ср", "чт", "пт", "сб", "вс"]];

const MONTHS: [[&str; 12]; 2] = [
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
    ["янв", "фев", "мар", "апр", "мая", "июн", "июл", "авг", "сен", "окт", "ноя", "дек"],
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn russian_numbers_take_three_forms_of_a_noun_and_english_ones_two() {
        let pauses = |number| Tongue::Russian.count(number, ["пауза", "паузы", "пауз"]);
        let told = [1, 2, 5, 11, 12, 21, 22, 25, 101, 111].map(pauses);
        assert_eq!(
            told,
            [
                "1 пауза",
                "2 паузы",
                "5 пауз",
                "11 пауз",
                "12 пауз",
                "21 пауза",
                "22 паузы",
                "25 пауз",
                "101 пауза",
                "111 пауз",
            ],
        );
        let pauses = |number| Tongue::English.count(number, ["pause", "pauses", "pauses"]);
        assert_eq!([1, 2, 21].map(pauses), ["1 pause", "2 pauses", "21 pauses"]);
    }

    #[test]
    fn time_is_told_in_hours_and_what_is_left_over() {
        let told = |text: &str| Tongue::ALL.map(|tongue| tongue.time(text.parse().unwrap()));
        assert_eq!(told("3h 30m"), ["3 h 30 min", "3 ч 30 мин"]);
        assert_eq!(told("0m"), ["0 min", "0 мин"]);
        assert_eq!(told("26h 1s 5ms"), ["26 h 1 s 5 ms", "26 ч 1 с 5 мс"]);
        assert_eq!(told("-90m"), ["−1 h 30 min", "−1 ч 30 мин"]);
    }

    #[test]
    fn a_day_to_come_is_told_as_people_say_it() {
        let told = |json: &str| {
            let day: DayTarget = serde_json::from_str(json).unwrap();
            Tongue::ALL.map(|tongue| tongue.day(day))
        };
        assert_eq!(
            told(r#"{ "working_days": 1, "by": "16:00" }"#),
            ["by 16:00 of the next working day", "до 16:00 следующего рабочего дня"]
        );
        assert_eq!(
            told(r#"{ "working_days": 0 }"#),
            ["by the end of the same day", "до конца того же дня"]
        );
        assert_eq!(
            told(r#"{ "working_days": 3, "by": "12:00" }"#),
            ["by 12:00 of the day 3 working days later", "до 12:00 дня через 3 рабочих дня"]
        );
    }

    #[test]
    fn every_clock_has_a_name_in_every_tongue() {
        let told = |key: &str| Tongue::ALL.map(|tongue| tongue.clock(&key.parse().unwrap()));
        assert_eq!(told("first_reply"), ["First reply", "Первый ответ"]);
        assert_eq!(
            told("17/first_reply"),
            ["First reply (taken over from 17)", "Первый ответ (передано из 17)"]
        );
        assert_eq!(told("ola.line_time"), ["Line time (OLA)", "Время на линии поддержки (OLA)"]);
        assert_eq!(told("promise.2"), ["Promise 2", "Личное обещание 2"]);
        assert_eq!(told("@parts"), ["“parts”", "«parts»"]);
        assert_eq!(
            told("uc.vendor"),
            ["Vendor (underpinning contract)", "Ответ поставщика (договор с поставщиком)"],
        );
        for metric in Metric::ALL {
            let [english, russian] = Tongue::ALL.map(|tongue| tongue.metric(metric));
            assert_eq!(english.to_lowercase(), metric.to_string());
            assert!(russian.chars().all(|letter| !letter.is_ascii_alphabetic()), "{russian}");
        }
    }

    #[test]
    fn a_language_tag_names_a_tongue_or_none() {
        let tags = ["ru", "ru-RU", "en_GB", "EN", "de", ""];
        let (english, russian) = (Some(Tongue::English), Some(Tongue::Russian));
        assert_eq!(tags.map(Tongue::from_tag), [russian, russian, english, english, None, None]);
    }

    #[test]
    fn a_reason_that_is_not_known_is_told_as_it_is() {
        let told =
            |name: &str| Tongue::ALL.map(|tongue| tongue.reason(&Reason::from(name)).to_owned());
        assert_eq!(told("pending"), ["waiting for the customer", "ожидание клиента"]);
        assert_eq!(told("spare parts"), ["spare parts", "spare parts"]);
    }

    #[test]
    fn whatever_a_ticket_is_on_hold_for_has_a_word_in_every_tongue() {
        let names =
            ["on_hold", "vendor", "change", "problem", "evidence", "third_party", "approval"];
        for name in names {
            let reason = Reason::from(name);
            let [english, russian] = Tongue::ALL.map(|tongue| tongue.reason(&reason));
            assert!(english.starts_with("waiting for "), "{name}: {english}");
            assert!(russian.starts_with("ожидание "), "{name}: {russian}");
        }
    }
}
