//! Values that can be written in more than one way. Each is read by hand, because an untagged enum
//! could only say that nothing matched.

use core::fmt;

use firstline_sla::{DayTarget, Threshold, TimeOfDay, Timestamp, Within, WorkTime};
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Error, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::{OneOrMany, PerPriority, ThresholdSpec};

/// The most working days that can be promised: more than ten years of them.
const MAX_WORKING_DAYS: u32 = 3_650;

/// An allowance as a table: by priority, or one for all.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    critical: Option<One>,
    high: Option<One>,
    medium: Option<One>,
    low: Option<One>,
    working_days: Option<i64>,
    by: Option<TimeOfDay>,
    instant: Option<Moment>,
}

/// One allowance: a text, or a table of its own.
struct One(Within);

/// One allowance as a table.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OneTable {
    working_days: Option<i64>,
    by: Option<TimeOfDay>,
    instant: Option<Moment>,
}

/// An instant as RFC 3339 writes it.
#[derive(Clone, Copy)]
pub(in crate::rulebook) struct Moment(pub(in crate::rulebook) Timestamp);

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map(Self).map_err(D::Error::custom)
    }
}

fn single<E: Error>(table: OneTable) -> Result<Within, E> {
    match table {
        OneTable { working_days: Some(working_days), by, instant: None } => {
            let fits = u32::try_from(working_days).ok().filter(|days| *days <= MAX_WORKING_DAYS);
            let days = fits.ok_or_else(|| {
                E::custom(format_args!(
                    "{working_days} working days cannot be promised; write 0 to {MAX_WORKING_DAYS}"
                ))
            })?;
            Ok(Within::Day(DayTarget { working_days: days, by }))
        }
        OneTable { working_days: None, by: None, instant: Some(Moment(instant)) } => {
            Ok(Within::Instant(instant))
        }
        _ => Err(E::custom(
            "an allowance as a table has either `working_days`, and `by` if it is not the end of the day, or `instant`",
        )),
    }
}

fn time<E: Error>(text: &str) -> Result<Within, E> {
    text.parse::<WorkTime>().map(Within::Time).map_err(E::custom)
}

/// A number would be milliseconds, which nobody means.
fn unit_missing<T, E: Error>(number: impl fmt::Display) -> Result<T, E> {
    Err(E::custom(format_args!("`{number}` has no unit; write a time such as \"4h\" or \"30m\"")))
}

impl<'de> Deserialize<'de> for One {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Form;
        impl<'de> Visitor<'de> for Form {
            type Value = One;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(
                    "working time such as \"2h 30m\", or a table with `working_days` or `instant`",
                )
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<One, E> {
                time(text).map(One)
            }
            fn visit_i64<E: Error>(self, number: i64) -> Result<One, E> {
                unit_missing(number)
            }
            fn visit_u64<E: Error>(self, number: u64) -> Result<One, E> {
                unit_missing(number)
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<One, A::Error> {
                single(OneTable::deserialize(MapAccessDeserializer::new(map))?).map(One)
            }
        }
        deserializer.deserialize_any(Form)
    }
}

impl<'de> Deserialize<'de> for PerPriority {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Form;
        impl<'de> Visitor<'de> for Form {
            type Value = PerPriority;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("working time such as \"2h 30m\" for all priorities, or a table with `critical`, `high`, `medium`, `low`")
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<PerPriority, E> {
                time(text).map(|within| PerPriority([within; 4]))
            }
            fn visit_i64<E: Error>(self, number: i64) -> Result<PerPriority, E> {
                unit_missing(number)
            }
            fn visit_u64<E: Error>(self, number: u64) -> Result<PerPriority, E> {
                unit_missing(number)
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<PerPriority, A::Error> {
                per_priority(Table::deserialize(MapAccessDeserializer::new(map))?)
            }
        }
        deserializer.deserialize_any(Form)
    }
}

fn per_priority<E: Error>(table: Table) -> Result<PerPriority, E> {
    let Table { critical, high, medium, low, working_days, by, instant } = table;
    let all = OneTable { working_days, by, instant };
    let is_single = all.working_days.is_some() || all.by.is_some() || all.instant.is_some();
    let each = [("low", low), ("medium", medium), ("high", high), ("critical", critical)];
    if is_single {
        return match each.iter().find(|(_, one)| one.is_some()) {
            Some((name, _)) => Err(E::custom(format_args!(
                "one allowance for all priorities and one for {name} exclude each other"
            ))),
            None => single(all).map(|within| PerPriority([within; 4])),
        };
    }
    let mut within = [Within::Time(WorkTime::ZERO); 4];
    for (slot, (name, one)) in within.iter_mut().zip(each) {
        let missing = || E::custom(format_args!("nothing is allowed at priority {name}; write it"));
        *slot = one.ok_or_else(missing)?.0;
    }
    Ok(PerPriority(within))
}

fn percentage<E: Error>(
    percent: impl TryInto<u8> + fmt::Display + Copy,
) -> Result<ThresholdSpec, E> {
    let fits = percent.try_into().ok().map(Threshold::Percent).map(ThresholdSpec);
    fits.ok_or_else(|| E::custom(format_args!("{percent} % is no warning; write 1 to 99")))
}

impl<'de> Deserialize<'de> for ThresholdSpec {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Form;
        impl Visitor<'_> for Form {
            type Value = ThresholdSpec;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a percentage such as 75, or working time before due such as \"30m\"")
            }
            fn visit_i64<E: Error>(self, percent: i64) -> Result<ThresholdSpec, E> {
                percentage(percent)
            }
            fn visit_u64<E: Error>(self, percent: u64) -> Result<ThresholdSpec, E> {
                percentage(percent)
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<ThresholdSpec, E> {
                text.parse().map(Threshold::Before).map(ThresholdSpec).map_err(E::custom)
            }
        }
        deserializer.deserialize_any(Form)
    }
}

impl<'de> Deserialize<'de> for OneOrMany {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Form;
        impl<'de> Visitor<'de> for Form {
            type Value = OneOrMany;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a name, or a list of names")
            }
            fn visit_str<E: Error>(self, name: &str) -> Result<OneOrMany, E> {
                Ok(OneOrMany(vec![name.to_owned()]))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, names: A) -> Result<OneOrMany, A::Error> {
                Vec::deserialize(SeqAccessDeserializer::new(names)).map(OneOrMany)
            }
        }
        deserializer.deserialize_any(Form)
    }
}
