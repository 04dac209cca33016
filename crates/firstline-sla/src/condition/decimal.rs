//! Decimal numbers: money, weights, meter readings.

use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// How many digits a [`Decimal`] has behind its point at most.
pub const MAX_DECIMAL_DIGITS: u8 = 4;

/// A decimal number, exact to the ten-thousandth: what people write as `12.50`.
///
/// It has at most fifteen digits, eleven of them before the point. So a program that knows floats
/// alone still reads each as a number of its own, in the same order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Decimal(i64);

/// How many of the smallest steps make one.
const ONE: i64 = 10_000;

impl Decimal {
    /// The largest. The least is its negative.
    pub const MAX: Self = Self(999_999_999_999_999);

    /// The number of ten-thousandths; `None` if there are more than fit.
    #[must_use]
    pub const fn from_units(units: i64) -> Option<Self> {
        if units.unsigned_abs() <= Self::MAX.0.unsigned_abs() { Some(Self(units)) } else { None }
    }

    /// In ten-thousandths.
    #[must_use]
    pub const fn units(self) -> i64 {
        self.0
    }

    /// How many digits it needs behind the point.
    #[must_use]
    pub const fn digits(self) -> u8 {
        let (mut rest, mut digits) = (self.0, MAX_DECIMAL_DIGITS);
        while digits > 0 && rest % 10 == 0 {
            rest /= 10;
            digits -= 1;
        }
        digits
    }
}

impl fmt::Display for Decimal {
    /// Without zeros at the end: `12.5`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (sign, units) = (if self.0 < 0 { "-" } else { "" }, self.0.unsigned_abs());
        let (whole, part) = (units / ONE.unsigned_abs(), units % ONE.unsigned_abs());
        write!(f, "{sign}{whole}")?;
        if part == 0 {
            return Ok(());
        }
        write!(f, ".{}", format!("{part:04}").trim_end_matches('0'))
    }
}

/// A text that is no decimal number.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{found}` is no decimal number such as 12.50, with at most 11 digits before the point and 4 behind it"
)]
pub struct ParseDecimalError {
    /// What was found.
    pub found: String,
}

impl FromStr for Decimal {
    type Err = ParseDecimalError;

    fn from_str(text: &str) -> Result<Self, ParseDecimalError> {
        read(text).ok_or_else(|| ParseDecimalError { found: text.chars().take(40).collect() })
    }
}

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Decimal {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Decimal".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "A decimal number, exactly.",
            "type": "string",
            "pattern": "^-?[0-9]{1,11}([.][0-9]{1,4})?$",
        })
    }
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

fn read(text: &str) -> Option<Decimal> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
    let is_number = |text: &str, most| {
        (1..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    if !is_number(whole, 11) || !is_number(part, usize::from(MAX_DECIMAL_DIGITS)) {
        return None;
    }
    let units: i64 = format!("{whole}{part:0<4}").parse().ok()?;
    Decimal::from_units(if text.starts_with('-') { -units } else { units })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decimal_is_read_as_people_write_it_and_told_in_one_way() {
        for (written, told) in [
            ("12.50", "12.5"),
            ("-0.0001", "-0.0001"),
            ("007", "7"),
            ("-0", "0"),
            ("99999999999.9999", "99999999999.9999"),
        ] {
            assert_eq!(written.parse::<Decimal>().unwrap().to_string(), told);
        }
        for none in ["", "-", ".5", "5.", "1,5", "1e3", "+1", "0.00001", "100000000000", "٣", "1 "]
        {
            assert!(none.parse::<Decimal>().is_err(), "{none}");
        }
        assert_eq!("12.50".parse::<Decimal>().unwrap().digits(), 1);
        assert_eq!("-3".parse::<Decimal>().unwrap().digits(), 0);
    }
}
