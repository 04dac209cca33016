//! Reading dates.

use chrono::NaiveDate;

/// Days since 1970-01-01 of a date in the form `YYYY-MM-DD`.
pub(crate) fn read_date(text: &str) -> Option<i64> {
    let bytes = text.as_bytes();
    let form = bytes.len() == 10
        && bytes.iter().enumerate().all(|(at, byte)| match at {
            4 | 7 => *byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    let number = |range: core::ops::Range<usize>| text[range].parse::<u32>().ok();
    if !form {
        return None;
    }
    let date = NaiveDate::from_ymd_opt(number(0..4)? as i32, number(5..7)?, number(8..10)?)?;
    Some(i64::from(date.to_epoch_days()))
}
