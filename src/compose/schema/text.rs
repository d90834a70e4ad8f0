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
            Self::Words(words) => words.contains(&text),
            Self::ContainerName => text.as_bytes().windows(2).any(|pair| {
                pair[0].is_ascii_alphanumeric() && (pair[1].is_ascii_alphanumeric() || b"_.-".contains(&pair[1]))
            }),
            Self::PullPolicy => PULL_POLICIES.iter().any(|word| text.contains(word)) || holds_every(text),
            // Read when types are applied, after all files are merged: an override may yet replace it.
            Self::Free | Self::Duration => true,
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

#[cfg(test)]
mod tests {
    use super::Text;

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
