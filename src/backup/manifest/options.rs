// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Driver options without secrets. Network volumes carry passwords in them (`o: username=a,password=b`).

use std::collections::BTreeMap;

/// What stands for a secret.
pub const MASK: &str = "***";

/// Whether the value under this name is a secret.
fn is_secret(name: &str) -> bool {
    let name = name.trim().to_ascii_lowercase();
    ["pass", "secret", "token", "credential", "key"].iter().any(|word| name.contains(word))
}

/// The options with secrets replaced by [`MASK`], and the names of those that had one.
#[must_use]
pub fn without_secrets(options: &BTreeMap<String, String>) -> (BTreeMap<String, String>, Vec<String>) {
    let mut masked = Vec::new();
    let clean = options.iter().map(|(name, value)| {
        let kept = if is_secret(name) { MASK.to_owned() } else { without_secret_words(value) };
        if kept != *value {
            masked.push(name.clone());
        }
        (name.clone(), kept)
    });
    let clean = clean.collect();
    (clean, masked)
}

/// A list of mount options, separated by commas, with the values of secret ones replaced.
fn without_secret_words(value: &str) -> String {
    let words = value.split(',').map(|word| match word.split_once('=') {
        Some((name, secret)) if is_secret(name) && !secret.is_empty() => format!("{name}={MASK}"),
        _ => word.to_owned(),
    });
    words.collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_of_network_volumes_are_taken_out() {
        let options = [
            ("device", "//nas/share"),
            ("o", "username=a,password=hunter2,uid=1000"),
            ("type", "cifs"),
            ("auth-token", "abc"),
        ];
        let options = options.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        let (clean, masked) = without_secrets(&options);
        assert_eq!(clean["o"], "username=a,password=***,uid=1000");
        assert_eq!((clean["device"].as_str(), clean["auth-token"].as_str()), ("//nas/share", MASK));
        assert_eq!(masked, ["auth-token", "o"]);
    }
}
