// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What strings must look like where the Compose Specification says so.

/// A demand on a string.
#[derive(Debug, Clone, Copy)]
pub(super) enum Text {
    /// None.
    Free,
    /// One of these words.
    Words(&'static [&'static str]),
    /// Compose 2.40: two characters of a container name somewhere in the text (the pattern is not anchored, so
    /// `bad name!` passes and `a` does not).
    ContainerName,
    /// Compose 2.40: one of the policy words somewhere in the text (not anchored either).
    PullPolicy,
    /// A duration such as `1m30s`. Compose 2.40 reads it when it decodes the model, not in its schema.
    Duration,
}

/// The pull policies, without the form `every_<duration>`.
pub(super) const PULL_POLICIES: &[&str] =
    &["always", "never", "build", "if_not_present", "missing", "refresh", "daily", "weekly"];

impl Text {
    /// Whether `text` meets the demand.
    pub(super) fn accepts(self, text: &str) -> bool {
        match self {
            Self::Free => true,
            Self::Words(words) => words.contains(&text),
            Self::ContainerName => text.as_bytes().windows(2).any(|pair| {
                pair[0].is_ascii_alphanumeric() && (pair[1].is_ascii_alphanumeric() || b"_.-".contains(&pair[1]))
            }),
            Self::PullPolicy => PULL_POLICIES.iter().any(|word| text.contains(word)) || holds_every(text),
            // Without interpolation a variable may stand here; what it becomes is not known.
            Self::Duration => text.contains('$') || is_duration(text),
        }
    }
}

/// Whether `every_`, digits and a unit letter stand somewhere in `text`.
fn holds_every(text: &str) -> bool {
    text.match_indices("every_").any(|(at, prefix)| {
        let rest = text.get(at + prefix.len()..).unwrap_or_default();
        let after = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        after.len() < rest.len() && after.starts_with(['w', 'd', 'h', 'm', 's'])
    })
}

/// Whether Compose reads `text` as a duration: Go's form, with `d` and `w` besides (Compose 2.40).
fn is_duration(text: &str) -> bool {
    const UNITS: [(&str, f64); 10] = [
        ("ns", 1.0),
        ("us", 1e3),
        ("µs", 1e3),
        ("μs", 1e3),
        ("ms", 1e6),
        ("s", 1e9),
        ("m", 6e10),
        ("h", 3.6e12),
        ("d", 8.64e13),
        ("w", 6.048e14),
    ];
    // 2^63: one nanosecond more than the longest duration.
    const LIMIT: f64 = 9_223_372_036_854_775_808.0;
    let mut rest = text.strip_prefix(['+', '-']).unwrap_or(text);
    if rest == "0" {
        return true;
    }
    if rest.is_empty() {
        return false;
    }
    let mut nanoseconds = 0.0;
    while !rest.is_empty() {
        let is_number = |c: char| c.is_ascii_digit() || c == '.';
        let digits = rest.find(|c| !is_number(c)).unwrap_or(rest.len());
        let (number, tail) = rest.split_at(digits);
        let end = tail.find(is_number).unwrap_or(tail.len());
        let (unit, tail) = tail.split_at(end);
        let Ok(number) = number.parse::<f64>() else { return false };
        let Some((_, scale)) = UNITS.iter().find(|(name, _)| *name == unit) else { return false };
        nanoseconds += number * scale;
        rest = tail;
    }
    nanoseconds < LIMIT
}

#[cfg(test)]
mod tests {
    use super::{Text, is_duration};

    #[test]
    fn durations_follow_go_with_days_and_weeks() {
        for text in ["0", "2d", "1w", "1.5h", "1m30s", "-5s", "+1s", ".5s", "1.s", "10µs", "300ms"] {
            assert!(is_duration(text), "{text}");
        }
        for text in ["", "5", "soon", "1m 30s", ".s", "1.2.3s", "s", "-", "300y", "99999999w", "1S"] {
            assert!(!is_duration(text), "{text}");
        }
    }

    #[test]
    fn a_variable_passes_as_duration() {
        assert!(Text::Duration.accepts("${T:-x}"));
    }

    #[test]
    fn container_name_pattern_is_not_anchored() {
        assert!(Text::ContainerName.accepts("bad name!"));
        assert!(Text::ContainerName.accepts("-ab"));
        assert!(!Text::ContainerName.accepts("a"));
        assert!(!Text::ContainerName.accepts(""));
        assert!(!Text::ContainerName.accepts("- a -"));
    }

    #[test]
    fn pull_policy_takes_words_and_intervals() {
        for text in ["always", "if_not_present", "daily", "every_12h", "every_1d12h", "whenever never"] {
            assert!(Text::PullPolicy.accepts(text), "{text}");
        }
        for text in ["", "sometimes", "every_h", "every_12", "every_12y"] {
            assert!(!Text::PullPolicy.accepts(text), "{text}");
        }
    }
}
