//! Working time by counting minutes: one box for each minute of the years in question, ticked if
//! somebody works.

use std::sync::LazyLock;

/// Midnight of Monday, 17 February 2025, in UTC, where the tables begin: a year before anything
/// happens, because what is overdue was due in the past.
const BEGIN_MS: i64 = 1_739_750_400_000;
const MINUTE_MS: i64 = 60_000;
const DAY_MINUTES: i64 = 1_440;
const DAYS: i64 = 1_340;

/// Weekly hours and holidays, as plain as they can be said.
pub(super) struct Hours {
    pub(super) zone: &'static str,
    /// Days from Monday, then from and to in local minutes; past 1440 is the next morning.
    weekly: &'static [(&'static [i64], i64, i64)],
    holidays: &'static [&'static str],
}

const ALL_WEEK: &[i64] = &[0, 1, 2, 3, 4, 5, 6];
const DAY_NAMES: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// What rulebooks choose from. The first one is `always`.
pub(super) const PALETTE: [Hours; 7] = [
    Hours { zone: "UTC", weekly: &[(ALL_WEEK, 0, 1_440)], holidays: &[] },
    Hours { zone: "UTC", weekly: &[(&[0, 1, 2, 3, 4], 540, 1_020)], holidays: &[] },
    Hours {
        zone: "Europe/Berlin",
        weekly: &[(&[0, 1, 2, 3], 540, 750), (&[0, 1, 2, 3], 810, 1_080), (&[4], 540, 900)],
        holidays: &["2026-04-03", "2026-04-06", "2026-05-01"],
    },
    Hours { zone: "Asia/Kolkata", weekly: &[(&[0, 1, 2, 3, 4, 5], 600, 1_140)], holidays: &[] },
    Hours { zone: "Europe/Berlin", weekly: &[(ALL_WEEK, 1_320, 1_800)], holidays: &[] },
    Hours {
        zone: "UTC",
        weekly: &[(&[1], 600, 720), (&[3], 870, 960)],
        holidays: &["2026-03-10", "2026-04-02"],
    },
    Hours { zone: "Etc/GMT+5", weekly: &[(&[5, 6], 480, 1_200)], holidays: &[] },
];

impl Hours {
    /// As a rulebook says it.
    pub(super) fn toml(&self, name: &str) -> String {
        let clock = |minute: i64| format!("{:02}:{:02}", minute / 60, minute % 60);
        let mut text = format!("[calendars.{name}]\ntime_zone = \"{}\"\n", self.zone);
        let quoted: Vec<String> = self.holidays.iter().map(|day| format!("{day:?}")).collect();
        text += &format!("holidays = [{}]\n[calendars.{name}.weekly]\n", quoted.join(", "));
        for day in ALL_WEEK {
            let windows = self.weekly.iter().filter(|(days, ..)| days.contains(day));
            let windows: Vec<String> = windows
                .map(|(_, from, to)| {
                    let to = if *to > DAY_MINUTES { to - DAY_MINUTES } else { *to };
                    format!("\"{}-{}\"", clock(*from), clock(to))
                })
                .collect();
            if !windows.is_empty() {
                text += &format!("{} = [{}]\n", DAY_NAMES[*day as usize], windows.join(", "));
            }
        }
        text
    }

    /// Minutes by which the wall clock is ahead of UTC.
    fn offset(&self, minute: i64) -> i64 {
        match self.zone {
            "UTC" => 0,
            "Asia/Kolkata" => 330,
            "Etc/GMT+5" => -300,
            // Sundays at 01:00 UTC: 30 March and 26 October 2025, and so on.
            "Europe/Berlin" => {
                let changes =
                    [41, 251, 405, 615, 769, 986, 1_133].map(|day| day * DAY_MINUTES + 60);
                let passed = changes.iter().filter(|change| **change <= minute).count();
                if passed % 2 == 1 { 120 } else { 60 }
            }
            other => unreachable!("{other}"),
        }
    }

    /// Day and minute of the day on the wall clock; the days count from the table's first.
    fn local(&self, minute: i64) -> (i64, i64) {
        let local = minute + self.offset(minute);
        (local.div_euclid(DAY_MINUTES), local.rem_euclid(DAY_MINUTES))
    }

    fn is_open(&self, minute: i64) -> bool {
        let (day, time) = self.local(minute);
        if self.holidays.iter().any(|holiday| day_number(holiday) == day) {
            return false;
        }
        let (today, yesterday) = (day.rem_euclid(7), (day - 1).rem_euclid(7));
        self.weekly.iter().any(|(days, from, to)| {
            (days.contains(&today) && (*from..*to).contains(&time))
                || (days.contains(&yesterday) && (*from..*to).contains(&(time + DAY_MINUTES)))
        })
    }
}

/// How many days after 17 February 2025 a date of the year 2026 lies.
fn day_number(date: &str) -> i64 {
    let lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let parts: Vec<i64> = date.split('-').map(|part| part.parse().unwrap()).collect();
    assert_eq!(parts[0], 2026, "{date}");
    let of_year: i64 = lengths[..parts[1] as usize - 1].iter().sum::<i64>() + parts[2];
    of_year + 317
}

/// A filled-in table.
pub(super) struct Table {
    hours: &'static Hours,
    open: Vec<bool>,
    /// How many boxes before each one are ticked.
    before: Vec<i64>,
}

static PALETTE_REF: &[Hours; 7] = &PALETTE;

static TABLES: LazyLock<Vec<Table>> =
    LazyLock::new(|| PALETTE_REF.iter().map(Table::fill).collect());

/// The table of one of the [`PALETTE`].
pub(super) fn table(index: usize) -> &'static Table {
    &TABLES[index]
}

impl Table {
    fn fill(hours: &'static Hours) -> Self {
        let open: Vec<bool> = (0..DAYS * DAY_MINUTES).map(|minute| hours.is_open(minute)).collect();
        let mut before = vec![0];
        for is_open in &open {
            before.push(before.last().unwrap() + i64::from(*is_open));
        }
        Self { hours, open, before }
    }

    /// Milliseconds of work from the beginning of the table.
    fn worked(&self, at: i64) -> i64 {
        let at = at - BEGIN_MS;
        let minute = (at / MINUTE_MS) as usize;
        self.before[minute] * MINUTE_MS + if self.open[minute] { at % MINUTE_MS } else { 0 }
    }

    pub(super) fn between(&self, from: i64, to: i64) -> i64 {
        self.worked(to) - self.worked(from)
    }

    /// The earliest moment after so much work.
    pub(super) fn add(&self, from: i64, time: i64) -> i64 {
        if time <= 0 {
            return from;
        }
        let goal = self.worked(from) + time;
        // The minute in which the goal is reached: the first at whose end it is.
        let minute = self.before.partition_point(|before| before * MINUTE_MS < goal) - 1;
        assert!(minute < self.open.len(), "the table is too short");
        BEGIN_MS + minute as i64 * MINUTE_MS + goal - self.before[minute] * MINUTE_MS
    }

    /// The latest moment before so much work; where the table begins, if that is not in it.
    pub(super) fn sub(&self, from: i64, time: i64) -> i64 {
        if time <= 0 {
            return from;
        }
        let goal = self.worked(from) - time;
        if goal < 0 {
            return BEGIN_MS;
        }
        let minute = self.before.partition_point(|before| before * MINUTE_MS <= goal) - 1;
        BEGIN_MS + minute as i64 * MINUTE_MS + goal - self.before[minute] * MINUTE_MS
    }

    pub(super) fn next_open(&self, at: i64) -> i64 {
        let mut minute = (at - BEGIN_MS) / MINUTE_MS;
        if self.open[minute as usize] {
            return at;
        }
        while !self.open[minute as usize] {
            minute += 1;
        }
        BEGIN_MS + minute * MINUTE_MS
    }

    /// The work that lies between a moment and a time of a working day after it: the first day
    /// that has any before that time, from the given number of working days on.
    pub(super) fn until_day(&self, since: i64, working_days: i64, by: Option<i64>) -> i64 {
        let start = (since - BEGIN_MS) / MINUTE_MS;
        let (today, _) = self.hours.local(start);
        let (mut day, mut seen) = (today, 0);
        let mut minute = start;
        // By the wall clock: all minutes of a day, then those of the next one.
        loop {
            let (mut work, mut is_working) = (0, false);
            // A working day is one with any hours, whether they are past or not.
            let mut back = minute;
            while self.hours.local(back - 1).0 == day {
                back -= 1;
            }
            while self.hours.local(back).0 == day {
                let (_, time) = self.hours.local(back);
                if self.open[back as usize] {
                    is_working = true;
                    if by.is_none_or(|by| time < by) {
                        let end = BEGIN_MS + (back + 1) * MINUTE_MS;
                        work = work.max(end);
                    }
                }
                back += 1;
            }
            if day > today && is_working {
                seen += 1;
            }
            if is_working && seen >= working_days && work > since {
                let work = self.between(since, work);
                if work > 0 {
                    return work;
                }
            }
            (minute, day) = (back, day + 1);
        }
    }
}
