// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! A name for a finding that survives line moves and new wording.

use sha2::{Digest, Sha256};

/// 32 hexadecimal digits: the first 16 bytes of a SHA-256 over rule, file, subject and ordinal. The ordinal tells apart
/// findings that agree in the rest, in order of place.
pub(super) fn of(rule: &str, file: &str, subject: &str, ordinal: usize) -> String {
    let mut hash = Sha256::new();
    for part in [rule, file, subject] {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    if ordinal > 0 {
        hash.update(ordinal.to_string().as_bytes());
    }
    let digits = b"0123456789abcdef";
    let digit = |value: u8| char::from(digits[usize::from(value)]);
    hash.finalize()[..16].iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differs_by_every_part_and_has_fixed_length() {
        let base = of("r", "f", "s", 0);
        assert_eq!(base.len(), 32);
        for other in [of("x", "f", "s", 0), of("r", "x", "s", 0), of("r", "f", "x", 0), of("r", "f", "s", 1)] {
            assert_ne!(base, other);
        }
        assert_ne!(of("ab", "c", "", 0), of("a", "bc", "", 0));
    }
}
