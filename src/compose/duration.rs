// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Durations as Compose reads and prints them: Go's notation with the additional units `d` and `w`.
//!
//! Limits: 63 bits of nanoseconds, some 292 years.

use super::gofmt::quote;

/// Why a text is no duration, in the words of Compose.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DurationError {
    /// No number, or out of range.
    #[error("time: invalid duration {}", quote(.0))]
    Invalid(String),
    /// A number without a unit; `0` alone is allowed.
    #[error("time: missing unit in duration {}", quote(.0))]
    MissingUnit(String),
    /// A unit that does not exist.
    #[error("time: unknown unit {} in duration {}", quote(.unit), quote(.text))]
    UnknownUnit {
        /// The unit.
        unit: String,
        /// The whole text.
        text: String,
    },
}

const MICROSECOND: i64 = 1_000;
const MILLISECOND: i64 = 1_000_000;
const SECOND: i64 = 1_000_000_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;

fn unit_nanoseconds(unit: &str) -> Option<i64> {
    Some(match unit {
        "ns" => 1,
        // The micro sign and the Greek letter mu.
        "us" | "\u{b5}s" | "\u{3bc}s" => MICROSECOND,
        "ms" => MILLISECOND,
        "s" => SECOND,
        "m" => MINUTE,
        "h" => HOUR,
        "d" => 24 * HOUR,
        "w" => 7 * 24 * HOUR,
        _ => return None,
    })
}

/// Splits off the leading digits.
fn split_digits(text: &str) -> (&str, &str) {
    text.split_at(text.bytes().take_while(u8::is_ascii_digit).count())
}

/// The part of a unit after the decimal point, in nanoseconds.
fn fraction_nanoseconds(digits: &str, unit: i64) -> i64 {
    let (mut fraction, mut scale) = (0i64, 1f64);
    for digit in digits.bytes() {
        // More digits than fit add nothing, as in Go.
        let Some(next) = fraction.checked_mul(10).and_then(|value| value.checked_add(i64::from(digit - b'0'))) else {
            break;
        };
        fraction = next;
        scale *= 10.0;
    }
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        reason = "the same float arithmetic as Go's, so that the last nanosecond agrees"
    )]
    let nanoseconds = (fraction as f64 * (unit as f64 / scale)) as i64;
    nanoseconds
}

/// Reads a duration such as `1m30s`, `1.5h`, `300ms` or `2d` and returns nanoseconds.
///
/// Source: str2duration, which compose-go uses; Go's `time.ParseDuration` plus days and weeks.
///
/// # Errors
/// No number, no unit, an unknown unit, or more than 63 bits of nanoseconds.
pub fn parse(text: &str) -> Result<i64, DurationError> {
    let invalid = || DurationError::Invalid(text.to_owned());
    let (negative, mut rest) = match text.as_bytes().first() {
        Some(b'-') => (true, &text[1..]),
        Some(b'+') => (false, &text[1..]),
        _ => (false, text),
    };
    if rest == "0" {
        return Ok(0);
    }
    if rest.is_empty() {
        return Err(invalid());
    }
    let mut total = 0i64;
    while !rest.is_empty() {
        let (whole, after) = split_digits(rest);
        let (fraction, after) = after.strip_prefix('.').map_or(("", after), split_digits);
        if whole.is_empty() && fraction.is_empty() {
            return Err(invalid());
        }
        let amount: i64 = if whole.is_empty() { 0 } else { whole.parse().map_err(|_| invalid())? };
        let end = after.find(|character: char| character == '.' || character.is_ascii_digit()).unwrap_or(after.len());
        let (unit, after) = after.split_at(end);
        if unit.is_empty() {
            return Err(DurationError::MissingUnit(text.to_owned()));
        }
        let size = unit_nanoseconds(unit)
            .ok_or_else(|| DurationError::UnknownUnit { unit: unit.to_owned(), text: text.to_owned() })?;
        total = amount
            .checked_mul(size)
            .and_then(|value| value.checked_add(fraction_nanoseconds(fraction, size)))
            .and_then(|value| total.checked_add(value))
            .ok_or_else(invalid)?;
        rest = after;
    }
    Ok(if negative { -total } else { total })
}

/// Writes nanoseconds as Go does and Compose prints them: `1m30s`, `24h0m0s`, `300ms`, `0s`.
#[must_use]
pub fn format(nanoseconds: i64) -> String {
    let sign = if nanoseconds < 0 { "-" } else { "" };
    let magnitude = nanoseconds.unsigned_abs();
    if magnitude < SECOND.unsigned_abs() {
        let (unit, size) = match magnitude {
            0 => return "0s".to_owned(),
            1..1_000 => ("ns", 1),
            1_000..1_000_000 => ("\u{b5}s", MICROSECOND),
            _ => ("ms", MILLISECOND),
        };
        return format!("{sign}{}{unit}", decimal(magnitude, size.unsigned_abs()));
    }
    let minutes = magnitude / MINUTE.unsigned_abs();
    let seconds = decimal(magnitude % MINUTE.unsigned_abs(), SECOND.unsigned_abs());
    match (minutes / 60, minutes % 60) {
        (0, 0) => format!("{sign}{seconds}s"),
        (0, minutes) => format!("{sign}{minutes}m{seconds}s"),
        (hours, minutes) => format!("{sign}{hours}h{minutes}m{seconds}s"),
    }
}

/// `value / size` in decimals, without zeros at the end. `size` is a power of ten.
fn decimal(value: u64, size: u64) -> String {
    let (whole, fraction) = (value / size, value % size);
    if fraction == 0 {
        return whole.to_string();
    }
    let width = size.ilog10() as usize;
    let digits = format!("{fraction:0width$}");
    format!("{whole}.{}", digits.trim_end_matches('0'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_unit_is_read() {
        for (text, nanoseconds) in [
            ("0", 0),
            ("-0", 0),
            ("0s", 0),
            ("300ms", 300 * MILLISECOND),
            ("1.5h", 90 * MINUTE),
            ("1m30s", 90 * SECOND),
            ("2d", 48 * HOUR),
            ("1w", 168 * HOUR),
            ("-1.5s", -1_500 * MILLISECOND),
            ("+5s", 5 * SECOND),
            (".5s", 500 * MILLISECOND),
            ("5.s", 5 * SECOND),
            ("1us", 1_000),
            ("1\u{b5}s", 1_000),
            ("1\u{3bc}s", 1_000),
            ("1.0000000001s", SECOND),
            ("9223372036854775807ns", i64::MAX),
            ("0.9223372036854775808999s", 922_337_203),
        ] {
            assert_eq!(parse(text), Ok(nanoseconds), "{text}");
        }
    }

    #[test]
    fn errors_are_those_of_compose() {
        for (text, message) in [
            ("", "time: invalid duration \"\""),
            ("-", "time: invalid duration \"-\""),
            ("abc", "time: invalid duration \"abc\""),
            (".s", "time: invalid duration \".s\""),
            ("5", "time: missing unit in duration \"5\""),
            ("1m30", "time: missing unit in duration \"1m30\""),
            ("5 s", "time: unknown unit \" s\" in duration \"5 s\""),
            ("1y", "time: unknown unit \"y\" in duration \"1y\""),
            ("9223372036854775808ns", "time: invalid duration \"9223372036854775808ns\""),
            ("15251w", "time: invalid duration \"15251w\""),
        ] {
            assert_eq!(parse(text).map_err(|error| error.to_string()), Err(message.to_owned()));
        }
    }

    #[test]
    fn output_is_the_one_of_go() {
        for (nanoseconds, text) in [
            (0, "0s"),
            (1, "1ns"),
            (1_100, "1.1\u{b5}s"),
            (2_200_000, "2.2ms"),
            (300 * MILLISECOND, "300ms"),
            (1_500 * MILLISECOND, "1.5s"),
            (90 * SECOND, "1m30s"),
            (5 * MINUTE, "5m0s"),
            (24 * HOUR, "24h0m0s"),
            (MINUTE + 1, "1m0.000000001s"),
            (-SECOND, "-1s"),
            (i64::MIN, "-2562047h47m16.854775808s"),
        ] {
            assert_eq!(format(nanoseconds), text);
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "[-+.0-9a-z µ]{0,16}") {
            let _ = parse(&text);
        }

        // Beyond 2^53 nanoseconds of fraction nothing is lost either: a fraction has at most nine digits.
        #[test]
        fn what_is_written_reads_back(nanoseconds in (i64::MIN + 1)..=i64::MAX) {
            prop_assert_eq!(parse(&format(nanoseconds)), Ok(nanoseconds));
        }
    }
}
