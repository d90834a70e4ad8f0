// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Types of YAML scalars after the rules of Go's yaml.v3, because Compose is written in Go.
//!
//! Limits: an integer beyond 63 bits becomes a float (Go keeps unsigned 64-bit ones exact); `!!binary` is not decoded.

use super::Value;
use super::timestamp::is_timestamp;

/// The type of a value that an explicit tag does not fit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("cannot decode {found} `{text}` as a {wanted}")]
pub struct TagMismatch {
    /// The short tag of what the text is.
    pub found: &'static str,
    /// The text.
    pub text: String,
    /// The short tag that was written.
    pub wanted: String,
}

/// The value of an unquoted scalar.
///
/// Source: yaml.v3 `resolve`. `yes`, `no`, `on` and `off` are strings; there are no base-60 numbers; `0123` is octal.
#[must_use]
pub fn resolve_plain(text: &str) -> Value {
    resolve(text, Dates::Recognised).unwrap_or_else(|| Value::Str(text.to_owned()))
}

/// The value of a scalar with an explicit tag, quoted or not. `tag` is short (`!!int`) or long
/// (`tag:yaml.org,2002:int`).
///
/// Unknown tags make strings: yaml.v3 leaves the text alone, and Compose ignores the tag.
///
/// # Errors
/// The text is of another type than the tag says, such as `!!int x`.
pub fn resolve_tagged(tag: &str, text: &str) -> Result<Value, TagMismatch> {
    let name = tag.strip_prefix("tag:yaml.org,2002:").or_else(|| tag.strip_prefix("!!")).unwrap_or("");
    let dates = if name == "timestamp" { Dates::Recognised } else { Dates::Ignored };
    if !matches!(name, "bool" | "int" | "float" | "null" | "timestamp") {
        return Ok(Value::Str(text.to_owned()));
    }
    let value = resolve(text, dates).unwrap_or_else(|| Value::Str(text.to_owned()));
    match (name, value) {
        ("bool", value @ Value::Bool(_))
        | ("int", value @ Value::Int(_))
        | ("float", value @ Value::Float(_))
        | ("null", value @ Value::Null)
        | ("timestamp", value @ Value::Timestamp(_)) => Ok(value),
        #[expect(clippy::cast_precision_loss, reason = "Go converts the same way")]
        ("float", Value::Int(number)) => Ok(Value::Float(number as f64)),
        (_, value) => Err(TagMismatch { found: short_tag(&value), text: text.to_owned(), wanted: format!("!!{name}") }),
    }
}

/// A boolean as Compose reads it from the text of an interpolated value, in any case.
///
/// Source: compose-go `loader/interpolate.go`; `1` and `0` are not among the words in 2.40.
#[must_use]
pub fn parse_bool_word(text: &str) -> Option<bool> {
    let is = |words: &[&str]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
    if is(&["true", "y", "yes", "on"]) {
        Some(true)
    } else if is(&["false", "n", "no", "off"]) {
        Some(false)
    } else {
        None
    }
}

/// Whether Compose accepts this word for a boolean with a warning only (YAML 1.2 knows `true` and `false` alone).
#[must_use]
pub fn is_deprecated_bool_word(text: &str) -> bool {
    parse_bool_word(text).is_some() && !text.eq_ignore_ascii_case("true") && !text.eq_ignore_ascii_case("false")
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Dates {
    Recognised,
    Ignored,
}

fn short_tag(value: &Value) -> &'static str {
    match value {
        Value::Null => "!!null",
        Value::Bool(_) => "!!bool",
        Value::Int(_) => "!!int",
        Value::Float(_) => "!!float",
        Value::Timestamp(_) => "!!timestamp",
        Value::Str(_) => "!!str",
        Value::Seq(_) => "!!seq",
        Value::Map(_) => "!!map",
    }
}

/// The value of a text that is not a string; `None` for a string.
fn resolve(text: &str, dates: Dates) -> Option<Value> {
    // The first byte tells what is possible at all.
    match text.as_bytes().first() {
        None => Some(Value::Null),
        Some(b'~' | b'n' | b'N' | b't' | b'T' | b'f' | b'F') => resolve_word(text),
        Some(b'.') => resolve_dotted(text),
        Some(b'0'..=b'9' | b'+' | b'-') => resolve_number(text, dates),
        Some(_) => None,
    }
}

fn resolve_word(text: &str) -> Option<Value> {
    match text {
        "~" | "null" | "Null" | "NULL" => Some(Value::Null),
        "true" | "True" | "TRUE" => Some(Value::Bool(true)),
        "false" | "False" | "FALSE" => Some(Value::Bool(false)),
        _ => None,
    }
}

fn resolve_dotted(text: &str) -> Option<Value> {
    match text {
        ".nan" | ".NaN" | ".NAN" => Some(Value::Float(f64::NAN)),
        ".inf" | ".Inf" | ".INF" => Some(Value::Float(f64::INFINITY)),
        _ => decimal_float(text),
    }
}

fn resolve_number(text: &str, dates: Dates) -> Option<Value> {
    match text {
        "+.inf" | "+.Inf" | "+.INF" => return Some(Value::Float(f64::INFINITY)),
        "-.inf" | "-.Inf" | "-.INF" => return Some(Value::Float(f64::NEG_INFINITY)),
        _ => {}
    }
    if dates == Dates::Recognised && is_timestamp(text) {
        return Some(Value::Timestamp(text.to_owned()));
    }
    let without_underscores;
    let plain = if text.contains('_') {
        without_underscores = text.replace('_', "");
        &without_underscores
    } else {
        text
    };
    prefixed_integer(plain)
        .map(Value::Int)
        .or_else(|| unsigned_integer(plain))
        .or_else(|| decimal_float(plain))
        .or_else(|| oddly_signed_integer(plain).map(Value::Int))
}

/// Go's `strconv.ParseInt` with base 0 on a text without underscores.
fn prefixed_integer(text: &str) -> Option<i64> {
    let (negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let magnitude = magnitude(digits)?;
    if negative { 0i64.checked_sub_unsigned(magnitude) } else { i64::try_from(magnitude).ok() }
}

/// An integer that needs the 64th bit, as the nearest float.
fn unsigned_integer(text: &str) -> Option<Value> {
    #[expect(clippy::cast_precision_loss, reason = "the tree has no unsigned integers; see the limits above")]
    magnitude(text).map(|number| Value::Float(number as f64))
}

/// Go's `strconv.ParseUint` with base 0.
fn magnitude(digits: &str) -> Option<u64> {
    let (radix, digits) = match digits.as_bytes() {
        [b'0', b'b' | b'B', _, ..] => (2, &digits[2..]),
        [b'0', b'o' | b'O', _, ..] => (8, &digits[2..]),
        [b'0', b'x' | b'X', _, ..] => (16, &digits[2..]),
        [b'0', _, ..] => (8, &digits[1..]),
        _ => (10, digits),
    };
    // Rust would take a sign here, Go does not.
    digits.as_bytes().first().filter(|byte| byte.is_ascii_alphanumeric())?;
    u64::from_str_radix(digits, radix).ok()
}

/// yaml.v3 tries `0b` and `0o` again on its own, and so lets a sign stand after the prefix: `0b-11` is -3.
fn oddly_signed_integer(text: &str) -> Option<i64> {
    let (negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (radix, digits) = match digits.get(..2)? {
        "0b" => (2, &digits[2..]),
        "0o" => (8, &digits[2..]),
        _ => return None,
    };
    if negative && digits.starts_with(['-', '+']) {
        return None;
    }
    let number = i64::from_str_radix(digits, radix).ok()?;
    Some(if negative { -number } else { number })
}

/// A decimal float: `1`, `1.`, `.5`, `1e3`, `-1.5E-3`. Out of range is no float: Compose leaves `1e400` a string.
fn decimal_float(text: &str) -> Option<Value> {
    let bytes = text.as_bytes();
    let unsigned = bytes.strip_prefix(b"-").or_else(|| bytes.strip_prefix(b"+")).unwrap_or(bytes);
    // Keeps out what Rust's parser takes beyond digits, such as `inf`.
    if !unsigned.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-')) {
        return None;
    }
    text.parse().ok().filter(|number: &f64| number.is_finite()).map(Value::Float)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn text(value: &str) -> Value {
        Value::Str(value.to_owned())
    }

    #[test]
    fn nulls_and_booleans_are_the_words_of_the_core_schema() {
        for word in ["", "~", "null", "Null", "NULL"] {
            assert_eq!(resolve_plain(word), Value::Null, "{word}");
        }
        for word in ["true", "True", "TRUE"] {
            assert_eq!(resolve_plain(word), Value::Bool(true), "{word}");
        }
        for word in ["false", "False", "FALSE"] {
            assert_eq!(resolve_plain(word), Value::Bool(false), "{word}");
        }
        for word in ["yes", "no", "on", "off", "y", "n", "Yes", "tRue", "nULL", "nil"] {
            assert_eq!(resolve_plain(word), text(word), "{word}");
        }
    }

    #[test]
    fn integers_take_every_prefix_of_go() {
        for (word, number) in [
            ("0", 0),
            ("-0", 0),
            ("+12", 12),
            ("0123", 83),
            ("-0123", -83),
            ("0644", 420),
            ("0o644", 420),
            ("0O17", 15),
            ("0x1F", 31),
            ("0X1f", 31),
            ("-0x10", -16),
            ("0b11", 3),
            ("0B11", 3),
            ("1_000", 1000),
            ("0_7", 7),
            ("1__0_", 10),
            ("0b-11", -3),
            ("0o+7", 7),
            ("9223372036854775807", i64::MAX),
            ("-9223372036854775808", i64::MIN),
        ] {
            assert_eq!(resolve_plain(word), Value::Int(number), "{word}");
        }
    }

    #[test]
    fn floats_are_decimal() {
        for (word, number) in [
            ("08", 8.0),
            ("09.5", 9.5),
            ("3.10", 3.1),
            ("0.5", 0.5),
            (".5", 0.5),
            ("5.", 5.0),
            ("-.5", -0.5),
            ("1e3", 1000.0),
            ("1.5E-3", 0.0015),
            ("1_0.5", 10.5),
            ("123456789012345678901", 123_456_789_012_345_678_901.0),
            ("18446744073709551615", 18_446_744_073_709_551_615.0),
            ("100000000000000000000000", 1e23),
            (".inf", f64::INFINITY),
            ("+.Inf", f64::INFINITY),
            ("-.INF", f64::NEG_INFINITY),
        ] {
            assert_eq!(resolve_plain(word), Value::Float(number), "{word}");
        }
        assert!(matches!(resolve_plain(".NaN"), Value::Float(number) if number.is_nan()));
    }

    #[test]
    fn look_alikes_stay_strings() {
        for word in [
            "12:30",
            "12:30:45",
            "22:22",
            "80:80",
            "1:30:00",
            "190:20:30.15",
            "1e400",
            "-1e400",
            "0x",
            "0xg",
            "0b2",
            "0o8",
            "-",
            "+",
            ".",
            "..",
            "-.",
            "1e",
            "e5",
            "1.2.3",
            "1.25-alpine",
            "--1",
            "+-1",
            "0b",
            "-0b-1",
            "inf",
            "nan",
            "infinity",
            ".5_0",
            "_1",
            "1 2",
            "10m",
            "0x1p3",
            "0x+1",
            "é",
            "1é",
        ] {
            assert_eq!(resolve_plain(word), text(word), "{word}");
        }
    }

    #[test]
    fn dates_are_their_own_type() {
        assert_eq!(resolve_plain("2001-12-14"), Value::Timestamp("2001-12-14".to_owned()));
        assert_eq!(resolve_plain("2001-12-14 21:59:43"), Value::Timestamp("2001-12-14 21:59:43".to_owned()));
        assert_eq!(resolve_plain("2001-13-14"), text("2001-13-14"));
    }

    #[test]
    fn explicit_tags_rule() {
        assert_eq!(resolve_tagged("!!str", "123"), Ok(text("123")));
        assert_eq!(resolve_tagged("!!int", "7"), Ok(Value::Int(7)));
        assert_eq!(resolve_tagged("tag:yaml.org,2002:float", "1"), Ok(Value::Float(1.0)));
        assert_eq!(resolve_tagged("!!bool", "True"), Ok(Value::Bool(true)));
        assert_eq!(resolve_tagged("!!null", ""), Ok(Value::Null));
        assert_eq!(resolve_tagged("!!timestamp", "2001-12-14"), Ok(Value::Timestamp("2001-12-14".to_owned())));
        assert_eq!(resolve_tagged("!foo", "12"), Ok(text("12")));
        let message = resolve_tagged("!!int", "x").map_err(|error| error.to_string());
        assert_eq!(message, Err("cannot decode !!str `x` as a !!int".to_owned()));
        assert!(resolve_tagged("!!bool", "yes").is_err());
    }

    #[test]
    fn boolean_words_are_cast_with_a_warning_for_the_old_ones() {
        assert_eq!(parse_bool_word("TRUE"), Some(true));
        assert_eq!(parse_bool_word("Yes"), Some(true));
        assert_eq!(parse_bool_word("off"), Some(false));
        assert_eq!(parse_bool_word("1"), None);
        assert_eq!(parse_bool_word("maybe"), None);
        assert!(is_deprecated_bool_word("yes"));
        assert!(!is_deprecated_bool_word("False"));
        assert!(!is_deprecated_bool_word("maybe"));
    }

    proptest! {
        #[test]
        fn any_text_resolves(word in any::<String>()) {
            let _ = resolve_plain(&word);
        }

        #[test]
        fn number_like_text_resolves(word in "[-+0-9a-fox_.eE:T ]{0,12}") {
            let _ = resolve_plain(&word);
            let _ = resolve_tagged("!!int", &word);
        }

        #[test]
        fn integers_round_trip(number in any::<i64>()) {
            prop_assert_eq!(resolve_plain(&number.to_string()), Value::Int(number));
        }
    }
}
