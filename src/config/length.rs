// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Lengths of time, as settings and flags take them.

use std::time::Duration;

/// Reads `90`, `90s`, `10m`, `2h`, `1d`, `500ms`, and sums such as `1h30m`. A bare number counts seconds.
///
/// # Errors
/// Why the text is no length of time.
pub fn parse_length(text: &str) -> Result<Duration, &'static str> {
    const FORMS: &str = "write it like `90s`, `10m`, `1h30m` or `2d`";
    if let Ok(seconds) = text.parse::<u64>() {
        return Ok(Duration::from_secs(seconds));
    }
    let mut sum = Duration::ZERO;
    let mut rest = text;
    while !rest.is_empty() {
        let digits = rest.find(|letter: char| !letter.is_ascii_digit()).filter(|at| *at > 0).ok_or(FORMS)?;
        let number: u64 = rest[..digits].parse().map_err(|_| FORMS)?;
        rest = &rest[digits..];
        let letters = rest.find(|letter: char| letter.is_ascii_digit()).unwrap_or(rest.len());
        let unit_ms = match &rest[..letters] {
            "ms" => 1,
            "s" => 1_000,
            "m" => 60_000,
            "h" => 3_600_000,
            "d" => 86_400_000,
            _ => return Err(FORMS),
        };
        rest = &rest[letters..];
        let part = number.checked_mul(unit_ms).ok_or("too long")?;
        sum = sum.checked_add(Duration::from_millis(part)).ok_or("too long")?;
    }
    if text.is_empty() { Err(FORMS) } else { Ok(sum) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_read_with_and_without_units() {
        let read = |text| parse_length(text).map(|length| length.as_millis()).ok();
        assert_eq!(
            ["90", "90s", "1h30m", "500ms", "2d"].map(read),
            [Some(90_000), Some(90_000), Some(5_400_000), Some(500), Some(172_800_000)]
        );
        assert_eq!(["", "s", "5x", "-1", "1.5h", "99999999999999999999d"].map(read), [None; 6]);
    }
}
