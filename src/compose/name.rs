// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Project names.

/// A name as Compose makes it of a directory or of `name:`: lower case, only `a-z 0-9 _ -`, no `_` or `-` in front.
#[must_use]
pub fn normalized(name: &str) -> String {
    let kept: String = name
        .to_lowercase()
        .chars()
        .filter(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '-'))
        .collect();
    kept.trim_start_matches(['_', '-']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::normalized;

    #[test]
    fn names_lose_what_compose_drops() {
        assert_eq!(normalized("MyProj"), "myproj");
        assert_eq!(normalized("-proj x"), "projx");
        assert_eq!(normalized("..."), "");
    }
}
