// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Numbers and strings written as Go writes them, because the output of Compose is made by Go.
//!
//! Limits: only 64-bit floats; `quote` treats every character beyond ASCII as printable.

use std::fmt::Write as _;

/// Decimal digits without a point, and the power of ten of the first digit.
struct Decimal {
    negative: bool,
    digits: String,
    exponent: i32,
}

/// The shortest digits that read back as the same number. `value` is finite.
fn shortest(value: f64) -> Decimal {
    let text = format!("{:e}", value.abs());
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    Decimal {
        negative: value.is_sign_negative(),
        digits: mantissa.chars().filter(char::is_ascii_digit).collect(),
        exponent: exponent.parse().unwrap_or(0),
    }
}

/// `d.ddde±xx` with at least `width` digits in the exponent.
fn scientific(number: &Decimal, width: usize) -> String {
    let mut text = String::with_capacity(number.digits.len() + 8);
    if number.negative {
        text.push('-');
    }
    let (first, rest) = number.digits.split_at(1);
    text.push_str(first);
    if !rest.is_empty() {
        text.push('.');
        text.push_str(rest);
    }
    let sign = if number.exponent < 0 { '-' } else { '+' };
    let _ = write!(text, "e{sign}{:0width$}", number.exponent.unsigned_abs());
    text
}

/// `dddd.dd` without an exponent.
fn positional(number: &Decimal) -> String {
    let mut text = String::with_capacity(number.digits.len() + 8);
    if number.negative {
        text.push('-');
    }
    if let Ok(exponent) = usize::try_from(number.exponent) {
        let whole = exponent + 1;
        if number.digits.len() <= whole {
            text.push_str(&number.digits);
            text.extend(std::iter::repeat_n('0', whole - number.digits.len()));
        } else {
            let (before, after) = number.digits.split_at(whole);
            text.push_str(before);
            text.push('.');
            text.push_str(after);
        }
    } else {
        let zeros = number.exponent.unsigned_abs() as usize - 1;
        text.push_str("0.");
        text.extend(std::iter::repeat_n('0', zeros));
        text.push_str(&number.digits);
    }
    text
}

/// A float as Go's `fmt.Sprint` writes it, which is how Compose makes strings of YAML numbers: 1e3 gives `1000`,
/// 1e6 gives `1e+06`.
#[must_use]
pub fn float_to_string(value: f64) -> String {
    if let Some(word) = not_finite(value, ["NaN", "+Inf", "-Inf"]) {
        return word.to_owned();
    }
    let number = shortest(value);
    // Go `strconv`, format 'g' with the shortest precision: the exponent form below 1e-4 and from ten to the sixth on.
    // Compose 2.40: 123456789012345678901 becomes 1.2345678901234568e+20.
    if (-4..6).contains(&number.exponent) { positional(&number) } else { scientific(&number, 2) }
}

/// A float as Go's YAML encoder writes it: as `float_to_string`, but `.nan`, `.inf` and `-.inf`.
#[must_use]
pub fn float_to_yaml(value: f64) -> String {
    not_finite(value, [".nan", ".inf", "-.inf"]).map_or_else(|| float_to_string(value), str::to_owned)
}

/// A float as Go's `encoding/json` writes it; `None` for infinities and NaN, which it refuses.
#[must_use]
pub fn float_to_json(value: f64) -> Option<String> {
    if !value.is_finite() {
        return None;
    }
    let number = shortest(value);
    // Go `encoding/json`: exponents below 1e-6 and from 1e21 on, without the leading zero of a negative exponent.
    Some(if value == 0.0 || (-6..21).contains(&number.exponent) { positional(&number) } else { scientific(&number, 1) })
}

/// A string in double quotes as Go's `%q` writes it in error messages.
#[must_use]
pub fn quote(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => {
                quoted.push('\\');
                quoted.push(character);
            }
            '\u{7}' => quoted.push_str("\\a"),
            '\u{8}' => quoted.push_str("\\b"),
            '\t' => quoted.push_str("\\t"),
            '\n' => quoted.push_str("\\n"),
            '\u{b}' => quoted.push_str("\\v"),
            '\u{c}' => quoted.push_str("\\f"),
            '\r' => quoted.push_str("\\r"),
            '\u{0}'..='\u{1f}' | '\u{7f}' => {
                let _ = write!(quoted, "\\x{:02x}", u32::from(character));
            }
            _ => quoted.push(character),
        }
    }
    quoted.push('"');
    quoted
}

fn not_finite(value: f64, words: [&'static str; 3]) -> Option<&'static str> {
    let [nan, positive, negative] = words;
    if value.is_nan() {
        Some(nan)
    } else if value == f64::INFINITY {
        Some(positive)
    } else if value == f64::NEG_INFINITY {
        Some(negative)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_format_follows_go_shortest_g() {
        for (value, text) in [
            (0.0, "0"),
            (-0.0, "-0"),
            (0.5, "0.5"),
            (3.1, "3.1"),
            (1e3, "1000"),
            (100_000.0, "100000"),
            (1e6, "1e+06"),
            (1_234_567.5, "1.2345675e+06"),
            (1e20, "1e+20"),
            (123_456_789_012_345_678_901.0, "1.2345678901234568e+20"),
            (0.0001, "0.0001"),
            (0.000_012, "1.2e-05"),
            (-2.5e-7, "-2.5e-07"),
            (1e100, "1e+100"),
            (f64::INFINITY, "+Inf"),
            (f64::NEG_INFINITY, "-Inf"),
            (f64::NAN, "NaN"),
        ] {
            assert_eq!(float_to_string(value), text);
        }
    }

    #[test]
    fn json_format_switches_at_1e21() {
        for (value, text) in [
            (1000.0, Some("1000")),
            (0.5, Some("0.5")),
            (123_456_789_012_345_678_901.0, Some("123456789012345680000")),
            (1e21, Some("1e+21")),
            (0.000_001, Some("0.000001")),
            (0.000_000_12, Some("1.2e-7")),
            (f64::NAN, None),
        ] {
            assert_eq!(float_to_json(value).as_deref(), text);
        }
        assert_eq!(float_to_yaml(f64::NEG_INFINITY), "-.inf");
        assert_eq!(float_to_yaml(0.25), "0.25");
    }

    #[test]
    fn quoted_text_escapes_what_go_escapes() {
        assert_eq!(quote("a\"b\\c\n\u{1}é"), "\"a\\\"b\\\\c\\n\\x01é\"");
    }
}
