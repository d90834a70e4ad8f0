// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Amounts of memory as Compose reads them: `1g`, `1.5gb`, `64MiB`, `10 k`, with 1024 to the step.
//!
//! Limits: decimal numbers only (Go would take hexadecimal floats too).

use super::gofmt::quote;

/// Why a text is no amount of memory, in the words of Compose.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BytesError {
    /// No digit at all, or a negative number.
    #[error("invalid size: '{0}'")]
    InvalidSize(String),
    /// A unit that does not exist; lower case when it is short enough to be one.
    #[error("invalid suffix: '{0}'")]
    InvalidSuffix(String),
    /// The part before the unit is no number.
    #[error("strconv.ParseFloat: parsing {}: invalid syntax", quote(.0))]
    NotANumber(String),
    /// The part before the unit is too large for a float.
    #[error("strconv.ParseFloat: parsing {}: value out of range", quote(.0))]
    OutOfRange(String),
}

/// Reads an amount of memory and returns bytes; fractions of a byte are cut.
///
/// Source: go-units `RAMInBytes`. An amount beyond 63 bits becomes the smallest number, as in Go on 64-bit machines.
///
/// # Errors
/// No number, a negative number or an unknown unit.
pub fn parse(text: &str) -> Result<i64, BytesError> {
    let is_number_end = |character: char| character.is_ascii_digit() || matches!(character, '.' | ' ');
    let last = text.rfind(is_number_end).ok_or_else(|| BytesError::InvalidSize(text.to_owned()))?;
    let (number, unit) = (&text[..=last], &text[last + 1..]);
    // One blank may stand between number and unit.
    let number = number.strip_suffix(' ').unwrap_or(number);
    let mut amount: f64 = number.parse().map_err(|_| BytesError::NotANumber(number.to_owned()))?;
    if amount.is_infinite() && number.contains(|character: char| character.is_ascii_digit()) {
        return Err(BytesError::OutOfRange(number.to_owned()));
    }
    if amount < 0.0 {
        return Err(BytesError::InvalidSize(text.to_owned()));
    }
    if !unit.is_empty() {
        amount *= multiplier(unit)?;
    }
    Ok(truncate(amount))
}

fn multiplier(unit: &str) -> Result<f64, BytesError> {
    if unit.len() > 3 {
        return Err(BytesError::InvalidSuffix(unit.to_owned()));
    }
    let unit = unit.to_lowercase();
    let power = match unit.as_bytes() {
        [b'b'] => 0,
        [b'k'] | [b'k', b'b'] | [b'k', b'i', b'b'] => 1,
        [b'm'] | [b'm', b'b'] | [b'm', b'i', b'b'] => 2,
        [b'g'] | [b'g', b'b'] | [b'g', b'i', b'b'] => 3,
        [b't'] | [b't', b'b'] | [b't', b'i', b'b'] => 4,
        [b'p'] | [b'p', b'b'] | [b'p', b'i', b'b'] => 5,
        _ => return Err(BytesError::InvalidSuffix(unit)),
    };
    Ok(1024f64.powi(power))
}

fn truncate(amount: f64) -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "cutting the fraction is what is wanted; the range is checked")]
    if amount < 9_223_372_036_854_775_808.0 { amount as i64 } else { i64::MIN }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_unit_is_read_in_any_case() {
        for (text, bytes) in [
            ("0", 0),
            ("1024", 1024),
            ("2b", 2),
            ("2B", 2),
            ("1024kb", 1_048_576),
            ("2048k", 2_097_152),
            ("300m", 314_572_800),
            ("1gb", 1_073_741_824),
            ("1g", 1_073_741_824),
            ("1.5g", 1_610_612_736),
            ("64MiB", 67_108_864),
            ("1 GB", 1_073_741_824),
            ("10KB", 10_240),
            ("10 k", 10_240),
            ("10 ", 10),
            ("1.9b", 1),
            (".5k", 512),
            ("1e3", 1000),
            ("2t", 2_199_023_255_552),
            ("1PiB", 1_125_899_906_842_624),
            ("9000p", i64::MIN),
        ] {
            assert_eq!(parse(text), Ok(bytes), "{text}");
        }
    }

    #[test]
    fn errors_are_those_of_go_units() {
        for (text, message) in [
            ("lots", "invalid size: 'lots'"),
            ("", "invalid size: ''"),
            ("-1", "invalid size: '-1'"),
            ("-1g", "invalid size: '-1g'"),
            ("1x", "invalid suffix: 'x'"),
            ("1Bx", "invalid suffix: 'bx'"),
            ("1kx", "invalid suffix: 'kx'"),
            ("1kxB", "invalid suffix: 'kxb'"),
            ("1KILO", "invalid suffix: 'KILO'"),
            ("1.2.3g", "strconv.ParseFloat: parsing \"1.2.3\": invalid syntax"),
            ("1  g", "strconv.ParseFloat: parsing \"1 \": invalid syntax"),
            (" ", "strconv.ParseFloat: parsing \"\": invalid syntax"),
            ("1e999", "strconv.ParseFloat: parsing \"1e999\": value out of range"),
        ] {
            assert_eq!(parse(text).map_err(|error| error.to_string()), Err(message.to_owned()), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in any::<String>()) {
            let _ = parse(&text);
        }

        #[test]
        fn whole_numbers_of_kibibytes_are_exact(number in 0i64..=1_000_000_000) {
            prop_assert_eq!(parse(&number.to_string()), Ok(number));
            prop_assert_eq!(parse(&format!("{number}k")), Ok(number * 1024));
        }
    }
}
