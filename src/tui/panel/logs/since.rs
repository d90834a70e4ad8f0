// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Lengths of time as people write them: `10m`, `1h30m`, `2d`.

use std::fmt::Write as _;

use chrono::TimeDelta;

/// Longer than any log, and short enough to be counted back from any time.
const LONGEST: TimeDelta = TimeDelta::days(36_500);

/// Reads a length.
///
/// # Errors
/// Why it is none, as a fragment.
pub(super) fn length(text: &str) -> Result<TimeDelta, String> {
    let wrong = || format!("`{text}` is no length of time; write `10m`, `2h` or `1d`");
    let mut rest = text.trim();
    let mut sum = TimeDelta::zero();
    if rest.is_empty() {
        return Err(wrong());
    }
    while !rest.is_empty() {
        let digits = rest.find(|letter: char| !letter.is_ascii_digit()).ok_or_else(wrong)?;
        let number: i64 = rest[..digits].parse().map_err(|_| wrong())?;
        let unit = rest[digits..].chars().next().ok_or_else(wrong)?;
        let seconds = match unit {
            's' => 1,
            'm' => 60,
            'h' => 3600,
            'd' => 86_400,
            'w' => 604_800,
            _ => return Err(wrong()),
        };
        let part = number.checked_mul(seconds).and_then(TimeDelta::try_seconds).ok_or_else(wrong)?;
        sum = sum.checked_add(&part).filter(|sum| *sum <= LONGEST).ok_or_else(wrong)?;
        rest = rest[digits + unit.len_utf8()..].trim_start();
    }
    Ok(sum)
}

/// A length as it is written: `1h30m`.
pub(super) fn shown(length: TimeDelta) -> String {
    let mut left = length.num_seconds();
    let mut text = String::new();
    for (unit, seconds) in [("d", 86_400), ("h", 3600), ("m", 60), ("s", 1)] {
        if left >= seconds {
            let _ = write!(text, "{}{unit}", left / seconds);
            left %= seconds;
        }
    }
    if text.is_empty() { "0s".to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_read_and_what_is_none_is_told() {
        let seconds = |text: &str| length(text).map(|length| length.num_seconds());
        assert_eq!(seconds("10m"), Ok(600));
        assert_eq!(seconds(" 1h 30m"), Ok(5400));
        assert_eq!(seconds("2d"), Ok(172_800));
        for text in ["10m", "1h30m", "2d1s", "0s"] {
            assert_eq!(length(text).map(shown).as_deref(), Ok(text));
        }
        for wrong in ["", "10", "m", "10y", "-5m", "1é", "99999999999999999999s", "9999999999w"] {
            assert!(length(wrong).is_err_and(|text| text.contains("10m")), "{wrong}");
        }
    }
}
