//! Holidays from RFC 5545 files.

use core::fmt;
use std::collections::BTreeSet;

use calcard::common::PartialDateTime;
use calcard::common::timezone::Tz;
use calcard::icalendar::{
    ICalendar, ICalendarComponent, ICalendarComponentType, ICalendarFrequency, ICalendarProperty,
    ICalendarStatus, ICalendarValue,
};
use calcard::{Entry, Parser};
use chrono::NaiveDate;

use crate::HolidaySpec;
use crate::timeline::DAY;

/// The longest file that is read: a century of holidays is a tenth of it.
const MAX_BYTES: usize = 4 << 20;
/// The most dates that all rules of a file together may give.
const MAX_DATES: usize = 20_000;
/// The most events with a rule. A rule without any date costs milliseconds until that is clear.
const MAX_RULES: usize = 500;

/// What a file of holidays had in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportedHolidays {
    /// One holiday for each time that an all-day event takes place, in order of time. They go into
    /// [`CalendarSpec::holidays`](crate::CalendarSpec::holidays).
    pub holidays: Vec<HolidaySpec>,
    /// The events that are no holidays.
    pub skipped: Vec<SkippedEvent>,
}

/// An event that was left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SkippedEvent {
    /// Its summary.
    pub name: Option<String>,
    /// Why it was left out.
    pub reason: SkipReason,
}

/// Why an event is no holiday.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SkipReason {
    /// It takes place at a time of day.
    Timed,
    /// It is cancelled.
    Cancelled,
    /// It has no date to start with, or one that does not exist.
    NoDate,
    /// It ends before it starts, or lasts longer than a year.
    Length,
    /// Its rule cannot be followed, or repeats within a day.
    Rule,
}

/// Why a file cannot be read at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ImportError {
    /// No calendar is in it.
    #[error("no calendar in it; a file of RFC 5545 begins with BEGIN:VCALENDAR")]
    NoCalendar,
    /// A line that belongs nowhere, or a part without its end.
    #[error("`{found}` breaks the calendar off; is the file whole?")]
    Broken {
        /// The line or the name of the part.
        found: String,
    },
    /// More than can be read at once.
    #[error("more than {limit} {what}; split the file, or ask for fewer years")]
    TooMuch {
        /// Of what there is too much.
        what: &'static str,
        /// How much may be.
        limit: usize,
    },
}

impl HolidaySpec {
    /// Reads the holidays of a file in the form of RFC 5545 (`.ics`): its all-day events, those of
    /// several days and those that repeat by `RRULE` and `RDATE`, without `EXDATE`. A time that a
    /// `RECURRENCE-ID` moves is taken where it is moved to.
    ///
    /// Rules are followed up to the end of `last_year`, and 9999 at most.
    ///
    /// # Errors
    ///
    /// A file that holds no calendar, is cut off, or has more events and dates than can be meant.
    /// Single events that are no holidays are no error; they are listed.
    pub fn from_icalendar(text: &str, last_year: i32) -> Result<ImportedHolidays, ImportError> {
        let events = read_events(text)?;
        let mut import = Import {
            last: NaiveDate::from_ymd_opt(last_year.min(9999), 12, 31).unwrap_or(NaiveDate::MIN),
            moved: events.iter().filter_map(moved_from).collect(),
            rules: 0,
            found: BTreeSet::new(),
        };
        let mut skipped = Vec::new();
        for event in &events {
            if let Err(reason) = import.take_in(event)? {
                skipped.push(SkippedEvent { name: name_of(event), reason });
            }
        }
        Ok(ImportedHolidays { holidays: import.into_holidays(), skipped })
    }
}

impl fmt::Display for SkipReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Timed => "at a time of day",
            Self::Cancelled => "cancelled",
            Self::NoDate => "without a date",
            Self::Length => "ends before it starts or lasts longer than a year",
            Self::Rule => "a rule that cannot be followed",
        })
    }
}

struct Import {
    last: NaiveDate,
    /// The times that other events have moved elsewhere, by the identity of their series.
    moved: BTreeSet<(String, NaiveDate)>,
    rules: usize,
    /// First day, number of days, name.
    found: BTreeSet<(NaiveDate, u32, Option<String>)>,
}

impl Import {
    fn take_in(
        &mut self,
        event: &ICalendarComponent,
    ) -> Result<Result<(), SkipReason>, ImportError> {
        let (start, days) = match all_day(event) {
            Ok(found) => found,
            Err(reason) => return Ok(Err(reason)),
        };
        let mut dates = BTreeSet::from([start]);
        // Nobody writes it any more, and what it takes away is not to be guessed.
        if value_of(event, &ICalendarProperty::Exrule).is_some() {
            return Ok(Err(SkipReason::Rule));
        }
        for rule in values_of(event, &ICalendarProperty::Rrule) {
            self.rules += 1;
            if self.rules > MAX_RULES {
                return Err(ImportError::TooMuch { what: "repeating events", limit: MAX_RULES });
            }
            match follow(start, rule, self.last) {
                Some(followed) => dates.extend(followed),
                None => return Ok(Err(SkipReason::Rule)),
            }
        }
        dates.extend(dates_of(event, &ICalendarProperty::Rdate));
        for date in dates_of(event, &ICalendarProperty::Exdate) {
            dates.remove(&date);
        }
        if value_of(event, &ICalendarProperty::RecurrenceId).is_none() {
            let series = text_of(event, &ICalendarProperty::Uid).unwrap_or_default();
            dates.retain(|date| !self.moved.contains(&(series.to_owned(), *date)));
        }
        let name = name_of(event);
        let dates = dates.into_iter().filter(|date| *date <= self.last);
        self.found.extend(dates.map(|date| (date, days, name.clone())));
        if self.found.len() > MAX_DATES {
            return Err(ImportError::TooMuch { what: "dates", limit: MAX_DATES });
        }
        Ok(Ok(()))
    }

    fn into_holidays(self) -> Vec<HolidaySpec> {
        let holiday = |(date, days, name): (NaiveDate, u32, Option<String>)| HolidaySpec {
            name,
            days: (days > 1).then_some(days),
            ..HolidaySpec::from(&*date.to_string())
        };
        self.found.into_iter().map(holiday).collect()
    }
}

/// All events of all calendars in a text.
fn read_events(text: &str) -> Result<Vec<ICalendarComponent>, ImportError> {
    if text.len() > MAX_BYTES {
        return Err(ImportError::TooMuch { what: "bytes", limit: MAX_BYTES });
    }
    let mut parser = Parser::new(text);
    let mut events = Vec::new();
    let mut calendars = 0;
    loop {
        let broken = |found: String| Err(ImportError::Broken { found });
        match parser.entry() {
            Entry::ICalendar(calendar) => {
                calendars += 1;
                let of_event = |part: &ICalendarComponent| {
                    part.component_type == ICalendarComponentType::VEvent
                };
                events.extend(calendar.components.into_iter().filter(of_event));
            }
            Entry::Eof if calendars == 0 => return Err(ImportError::NoCalendar),
            // The parser takes the end of a text for the end of whatever is open.
            Entry::Eof => match text.lines().rev().map(str::trim).find(|line| !line.is_empty()) {
                Some(line) if !line.eq_ignore_ascii_case("END:VCALENDAR") => {
                    return broken(line.to_owned());
                }
                _ => return Ok(events),
            },
            Entry::InvalidLine(_) if calendars == 0 => return Err(ImportError::NoCalendar),
            Entry::InvalidLine(line) => return broken(line),
            Entry::UnterminatedComponent(part) => return broken(part.into_owned()),
            Entry::UnexpectedComponentEnd { found, .. } => {
                return broken(format!("END:{}", found.as_str()));
            }
            _ => return Err(ImportError::NoCalendar),
        }
    }
}

/// The first day of an all-day event and how many days it lasts.
fn all_day(event: &ICalendarComponent) -> Result<(NaiveDate, u32), SkipReason> {
    let Some(ICalendarValue::PartialDateTime(start)) = value_of(event, &ICalendarProperty::Dtstart)
    else {
        return Err(SkipReason::NoDate);
    };
    if start.has_time() {
        return Err(SkipReason::Timed);
    }
    if let Some(ICalendarValue::Status(ICalendarStatus::Cancelled)) =
        value_of(event, &ICalendarProperty::Status)
    {
        return Err(SkipReason::Cancelled);
    }
    let start = date_of(start).ok_or(SkipReason::NoDate)?;
    let end = value_of(event, &ICalendarProperty::Dtend);
    let days = match (end, value_of(event, &ICalendarProperty::Duration)) {
        (Some(ICalendarValue::PartialDateTime(end)), _) => {
            let end = date_of(end).ok_or(SkipReason::NoDate)?;
            // Many programs write an end that equals the start for an event of one day.
            end.signed_duration_since(start).num_days().max(i64::from(end == start))
        }
        (_, Some(ICalendarValue::Duration(length))) => {
            let length = length.to_time_delta().ok_or(SkipReason::Length)?;
            (length.num_milliseconds() + DAY - 1).div_euclid(DAY)
        }
        _ => 1,
    };
    let days = u32::try_from(days).ok().filter(|days| (1..=366).contains(days));
    days.map(|days| (start, days)).ok_or(SkipReason::Length)
}

/// The dates that a rule gives, up to the last one.
fn follow(start: NaiveDate, rule: &ICalendarValue, last: NaiveDate) -> Option<Vec<NaiveDate>> {
    let ICalendarValue::RecurrenceRule(rule) = rule else { return None };
    let mut rule = rule.clone();
    let within_a_day = matches!(
        rule.freq,
        ICalendarFrequency::Hourly | ICalendarFrequency::Minutely | ICalendarFrequency::Secondly
    );
    if within_a_day
        || !(rule.byhour.is_empty() && rule.byminute.is_empty() && rule.bysecond.is_empty())
    {
        return None;
    }
    if rule.until.as_ref().and_then(date_of).is_none_or(|until| until > last) {
        rule.until = Some(partial(last)?);
    }
    let entry = |name, value| calcard::icalendar::ICalendarEntry {
        name,
        params: Vec::new(),
        values: vec![value],
    };
    let start = ICalendarValue::PartialDateTime(Box::new(partial(start)?));
    let event = ICalendarComponent {
        component_type: ICalendarComponentType::VEvent,
        entries: vec![
            entry(ICalendarProperty::Dtstart, start),
            entry(ICalendarProperty::Rrule, ICalendarValue::RecurrenceRule(rule)),
        ],
        ..ICalendarComponent::default()
    };
    let expanded = ICalendar { components: vec![event] }.expand_dates(Tz::Floating, MAX_DATES + 1);
    let dates = expanded.events.iter().map(|event| event.start.date_naive());
    expanded.errors.is_empty().then(|| dates.collect())
}

/// The series and the date of the time that an event replaces.
fn moved_from(event: &ICalendarComponent) -> Option<(String, NaiveDate)> {
    let series = text_of(event, &ICalendarProperty::Uid)?.to_owned();
    let from = dates_of(event, &ICalendarProperty::RecurrenceId).next()?;
    Some((series, from))
}

fn dates_of(
    event: &ICalendarComponent,
    property: &ICalendarProperty,
) -> impl Iterator<Item = NaiveDate> {
    event.entries.iter().filter(move |entry| entry.name == *property).flat_map(|entry| {
        entry.values.iter().filter_map(|value| match value {
            ICalendarValue::PartialDateTime(date) => date_of(date),
            _ => None,
        })
    })
}

fn value_of<'a>(
    event: &'a ICalendarComponent,
    property: &ICalendarProperty,
) -> Option<&'a ICalendarValue> {
    values_of(event, property).next()
}

fn values_of<'a>(
    event: &'a ICalendarComponent,
    property: &ICalendarProperty,
) -> impl Iterator<Item = &'a ICalendarValue> {
    let named = event.entries.iter().filter(move |entry| entry.name == *property);
    named.filter_map(|entry| entry.values.first())
}

fn text_of<'a>(event: &'a ICalendarComponent, property: &ICalendarProperty) -> Option<&'a str> {
    match value_of(event, property)? {
        ICalendarValue::Text(text) => Some(text),
        _ => None,
    }
}

fn name_of(event: &ICalendarComponent) -> Option<String> {
    let name = text_of(event, &ICalendarProperty::Summary)?.trim();
    (!name.is_empty()).then(|| name.to_owned())
}

fn date_of(date: &PartialDateTime) -> Option<NaiveDate> {
    let PartialDateTime { year, month, day, .. } = *date;
    NaiveDate::from_ymd_opt(year?.into(), month?.into(), day?.into())
}

fn partial(date: NaiveDate) -> Option<PartialDateTime> {
    use chrono::Datelike;
    Some(PartialDateTime {
        year: Some(u16::try_from(date.year()).ok()?),
        month: Some(date.month() as u8),
        day: Some(date.day() as u8),
        ..PartialDateTime::default()
    })
}

#[cfg(test)]
mod tests {
    use proptest::strategy::Strategy;

    use super::*;

    fn import(events: &str) -> String {
        let text = format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{events}END:VCALENDAR\r\n");
        let imported = HolidaySpec::from_icalendar(&text.replace("\n    ", "\r\n"), 2028).unwrap();
        let mut lines = Vec::new();
        for holiday in imported.holidays {
            let days = holiday.days.map_or(String::new(), |days| format!(" {days} days"));
            lines.push(format!("{}{days} {}", holiday.date, holiday.name.unwrap_or_default()));
        }
        for event in imported.skipped {
            lines.push(format!("skipped {}: {}", event.name.unwrap_or_default(), event.reason));
        }
        lines.join("\n")
    }

    #[test]
    fn all_day_events_are_holidays_and_others_are_listed() {
        let got = import(
            "BEGIN:VEVENT
    UID:1
    DTSTART;VALUE=DATE:20260509
    DTEND;VALUE=DATE:20260510
    SUMMARY:Victory Day
    END:VEVENT
    BEGIN:VEVENT
    UID:2
    DTSTART;VALUE=DATE:20261224
    DTEND;VALUE=DATE:20270101
    SUMMARY:Works holiday\\, all of us
    END:VEVENT
    BEGIN:VEVENT
    UID:3
    DTSTART:20260301T090000Z
    SUMMARY:Stand-up
    END:VEVENT
    BEGIN:VEVENT
    UID:4
    DTSTART;VALUE=DATE:20260401
    STATUS:CANCELLED
    SUMMARY:Outing
    END:VEVENT
    BEGIN:VEVENT
    UID:5
    DTSTART;VALUE=DATE:20260601
    DURATION:P2D
    END:VEVENT
    ",
        );
        assert_eq!(
            got,
            "2026-05-09 Victory Day\n2026-06-01 2 days \n\
             2026-12-24 8 days Works holiday, all of us\n\
             skipped Stand-up: at a time of day\nskipped Outing: cancelled",
        );
    }

    #[test]
    fn rules_are_followed_to_the_last_year_without_their_exceptions() {
        let got = import(
            "BEGIN:VEVENT
    UID:1
    DTSTART;VALUE=DATE:20251225
    RRULE:FREQ=YEARLY
    EXDATE;VALUE=DATE:20261225
    RDATE;VALUE=DATE:20260107
    SUMMARY:Christmas
    END:VEVENT
    BEGIN:VEVENT
    UID:2
    DTSTART;VALUE=DATE:20261126
    RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH;COUNT=2
    SUMMARY:Thanksgiving
    END:VEVENT
    BEGIN:VEVENT
    UID:1
    RECURRENCE-ID;VALUE=DATE:20271225
    DTSTART;VALUE=DATE:20271227
    SUMMARY:Christmas (moved)
    END:VEVENT
    BEGIN:VEVENT
    UID:3
    DTSTART;VALUE=DATE:20260101
    RRULE:FREQ=SECONDLY
    SUMMARY:Always
    END:VEVENT
    ",
        );
        assert_eq!(
            got,
            "2025-12-25 Christmas\n2026-01-07 Christmas\n2026-11-26 Thanksgiving\n\
             2027-11-25 Thanksgiving\n2027-12-27 Christmas (moved)\n2028-12-25 Christmas\n\
             skipped Always: a rule that cannot be followed",
        );
    }

    #[test]
    fn every_rule_of_an_event_is_followed_and_one_that_takes_away_is_not_read_over() {
        let got = import(
            "BEGIN:VEVENT
    UID:1
    DTSTART;VALUE=DATE:20260101
    RRULE:FREQ=YEARLY;COUNT=2
    RRULE:FREQ=MONTHLY;COUNT=2
    SUMMARY:Twice
    END:VEVENT
    BEGIN:VEVENT
    UID:2
    DTSTART;VALUE=DATE:20260501
    RRULE:FREQ=YEARLY
    EXRULE:FREQ=YEARLY;INTERVAL=2
    SUMMARY:Now and then
    END:VEVENT
    ",
        );
        assert_eq!(
            got,
            "2026-01-01 Twice\n2026-02-01 Twice\n2027-01-01 Twice\n\
             skipped Now and then: a rule that cannot be followed",
        );
    }

    #[test]
    fn a_rule_without_any_date_or_end_comes_to_an_end() {
        let never = "BEGIN:VEVENT
    UID:1
    DTSTART;VALUE=DATE:20260101
    RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30
    SUMMARY:Never
    END:VEVENT
    ";
        assert_eq!(import(never), "2026-01-01 Never");
        let daily = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:00010101\n\
                     RRULE:FREQ=DAILY\nEND:VEVENT\nEND:VCALENDAR\n";
        assert_eq!(
            HolidaySpec::from_icalendar(daily, i32::MAX),
            Err(ImportError::TooMuch { what: "dates", limit: MAX_DATES }),
        );
    }

    #[test]
    fn what_is_no_calendar_is_refused() {
        let import = |text| HolidaySpec::from_icalendar(text, 2028);
        assert_eq!(import(""), Err(ImportError::NoCalendar));
        assert_eq!(import("date;name\n2026-01-01;New Year\n"), Err(ImportError::NoCalendar));
        assert!(import("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20260101\n").is_err());
        assert!(import(&"x".repeat(MAX_BYTES + 1)).is_err());
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics(
            lines in proptest::collection::vec(
                proptest::prop_oneof![
                    proptest::sample::select(vec![
                        "BEGIN:VCALENDAR", "END:VCALENDAR", "BEGIN:VEVENT", "END:VEVENT",
                        "DTSTART;VALUE=DATE:20260101", "DTEND;VALUE=DATE:20250101", "DURATION:-P1D",
                        "DURATION:P99999999999W", "DTSTART;VALUE=DATE:00000000",
                        "RRULE:FREQ=YEARLY;BYDAY=5FR;INTERVAL=0", "RRULE:FREQ=DAILY;COUNT=4294967295",
                        "RRULE:FREQ=MONTHLY;BYMONTHDAY=-31;BYSETPOS=366", "EXDATE:2026", "UID:1",
                        "RECURRENCE-ID:20260101",
                    ]).prop_map(str::to_owned),
                    ".{0,20}",
                ],
                0..20,
            ),
            last_year: i32,
        ) {
            let _ = HolidaySpec::from_icalendar(&lines.join("\n"), last_year.min(2100));
        }
    }
}
