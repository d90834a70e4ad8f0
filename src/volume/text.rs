// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Bytes as plain text that has a way back: names in an index, in a message, in a list of renames.

use std::fmt::Write as _;

/// Every byte that is not printable ASCII, and `%` itself, as `%XX`. What a person usually sees stays as it is.
#[must_use]
pub fn escape(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for byte in bytes {
        if (b' '..=b'~').contains(byte) && *byte != b'%' {
            text.push(char::from(*byte));
        } else {
            let _ = write!(text, "%{byte:02X}");
        }
    }
    text
}

/// The way back. None of a text that [`escape`] would not have written: one name has one spelling.
#[must_use]
pub fn unescape(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        if *first == b'%' {
            let (digits, after) = after.split_at_checked(2)?;
            bytes.push(high_and_low(digits)?);
            rest = after;
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    (escape(&bytes) == text).then_some(bytes)
}

/// Lower-case hexadecimal digits.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// The way back from [`hex`].
#[must_use]
pub fn unhex(text: &str) -> Option<Vec<u8>> {
    let bytes: Option<Vec<u8>> = text.as_bytes().chunks(2).map(high_and_low).collect();
    bytes.filter(|bytes| hex(bytes) == text)
}

fn high_and_low(digits: &[u8]) -> Option<u8> {
    let digit = |byte: &u8| char::from(*byte).to_digit(16);
    match digits {
        [high, low] => u8::try_from(digit(high)? * 16 + digit(low)?).ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_plain_stays_plain() {
        assert_eq!(escape(b"data/a b.json"), "data/a b.json");
        assert_eq!(escape(b"100%\n\xe9"), "100%25%0A%E9");
        for wrong in ["%", "%4", "%zz", "%41", "\u{e9}", "%0a"] {
            assert_eq!(unescape(wrong), None, "{wrong}");
        }
        assert_eq!(unhex("0AFF"), None);
        assert_eq!(unhex("abc"), None);
    }

    proptest! {
        #[test]
        fn there_is_a_way_back(bytes: Vec<u8>) {
            prop_assert_eq!(unescape(&escape(&bytes)), Some(bytes.clone()));
            prop_assert_eq!(unhex(&hex(&bytes)), Some(bytes));
        }
    }
}
