// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Which values can be a secret, given what the name of the variable says.

use super::secret_shape::KeyKind;

/// Beginnings that services put before their keys, and how many characters follow at least.
const PREFIXES: &[(&str, usize)] = &[
    ("sk-", 20),
    ("hf_", 20),
    ("ghp_", 30),
    ("gho_", 30),
    ("ghs_", 30),
    ("github_pat_", 30),
    ("glpat-", 20),
    ("xoxb-", 20),
    ("xoxp-", 20),
    ("AKIA", 16),
    ("AIza", 30),
    ("npm_", 30),
    ("sk_live_", 16),
    ("rk_live_", 16),
];

/// Words that stand where a person is to put something.
const PLACEHOLDERS: &[&str] = &[
    "changeme",
    "changethis",
    "changeit",
    "replace",
    "your",
    "example",
    "placeholder",
    "dummy",
    "todo",
    "fixme",
    "insert",
    "xxxx",
    "****",
    "notneeded",
    "notrequired",
    "nokey",
    "unused",
    "sample",
    "redacted",
    "putme",
    "enterhere",
    "userprovided",
];

/// Whole values that say "nothing".
const NOTHING: &[&str] =
    &["", "none", "null", "nil", "empty", "na", "n/a", "undefined", "disabled", "disable", "unset"];

/// What stands for a key where a local model server asks for none.
const LOCAL_KEYS: &[&str] = &["ollama", "lm-studio", "lmstudio", "localai", "local-ai", "llama", "llama-cpp", "vllm"];

/// Values that say "yes" or "no": a switch, such as `ALLOW_EMPTY_PASSWORD: "yes"`.
const SWITCHES: &[&str] = &["true", "false", "yes", "no", "on", "off", "0", "1"];

/// Whether the value is written for a person to replace it, or says that there is none.
pub(super) fn is_placeholder(value: &str) -> bool {
    let lower = value.trim().trim_matches(['"', '\'']).to_ascii_lowercase();
    let letters: String = lower.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '*').collect();
    let in_brackets = [('<', '>'), ('[', ']'), ('{', '}')]
        .iter()
        .any(|(open, close)| lower.len() > 2 && lower.starts_with(*open) && lower.ends_with(*close));
    NOTHING.contains(&lower.as_str())
        || in_brackets
        || lower.contains("...")
        || lower.split_once('<').is_some_and(|(_, rest)| rest.contains('>'))
        || PLACEHOLDERS.iter().any(|word| letters.contains(word))
}

/// Whether the value is a secret written out, for a name of this kind.
pub(super) fn is_secret(kind: KeyKind, value: &str) -> bool {
    let text = value.trim();
    if is_placeholder(text) || SWITCHES.contains(&text.to_ascii_lowercase().as_str()) {
        return false;
    }
    if has_known_prefix(text) || is_private_key(text) {
        return true;
    }
    // A URL with credentials in it is the fault of another kind; a path is where the secret lies.
    if text.contains("://") || is_path(text) {
        return false;
    }
    match kind {
        KeyKind::Password => true,
        KeyKind::Token => {
            let is_local = LOCAL_KEYS.contains(&text.to_ascii_lowercase().as_str());
            text.len() >= 6 && !is_small_number(text) && !is_local
        }
        KeyKind::Perhaps => looks_random(text),
        KeyKind::Ordinary => false,
    }
}

fn has_known_prefix(text: &str) -> bool {
    PREFIXES.iter().any(|(prefix, length)| {
        text.strip_prefix(prefix).is_some_and(|rest| {
            rest.len() >= *length
                && rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
                && rest.bytes().any(|byte| byte.is_ascii_digit())
                && rest.split(['-', '_']).any(|part| part.len() >= 16)
        })
    })
}

fn is_private_key(text: &str) -> bool {
    text.contains("-----BEGIN ") && text.contains("PRIVATE KEY-----")
}

fn is_path(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_drive =
        bytes.len() > 2 && bytes[0].is_ascii_alphabetic() && bytes[1] == b':' && matches!(bytes[2], b'\\' | b'/');
    let starts = ["/", "./", "../", "~/"].iter().any(|start| text.starts_with(start));
    is_drive || (starts && !text.contains(['+', '=', ' ']))
}

fn is_small_number(text: &str) -> bool {
    text.len() <= 8 && text.parse::<f64>().is_ok()
}

/// 16 characters or more without blanks, letters and at least two figures, and one long part without a separator.
fn looks_random(text: &str) -> bool {
    let is_code = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+/=_-".contains(&byte));
    let figures = text.bytes().filter(u8::is_ascii_digit).count();
    let letters = text.bytes().filter(u8::is_ascii_alphabetic).count();
    let longest = text.split(['-', '_', '/']).map(str::len).max().unwrap_or(0);
    is_code && text.len() >= 16 && figures >= 2 && letters >= 2 && longest >= 12
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn no_value_makes_it_stop(value in ".{0,40}") {
            for kind in [KeyKind::Password, KeyKind::Token, KeyKind::Perhaps, KeyKind::Ordinary] {
                let _ = is_secret(kind, &value);
            }
        }

        #[test]
        fn a_placeholder_is_never_a_secret(value in ".{0,12}") {
            prop_assert!(!is_placeholder(&value) || !is_secret(KeyKind::Password, &value));
        }
    }

    #[test]
    fn passwords_may_be_anything_written_out() {
        for value in ["hunter2", "postgres", "12345", "pa$word", "a b"] {
            assert!(is_secret(KeyKind::Password, value), "{value}");
        }
    }

    #[test]
    fn switches_paths_urls_and_placeholders_are_no_secrets() {
        for value in [
            "",
            "true",
            "yes",
            "no",
            "0",
            "/run/secrets/pw",
            "./pw.txt",
            r"C:\pw",
            "https://vault.local/pw",
            "changeme",
            "CHANGE_ME",
            "change-this",
            "your_key",
            "<password>",
            "sk-REPLACE",
            "xxxxxxxx",
            "none",
            "not-needed",
            "sk-no-key-required",
            "abc...",
            "********",
            "example-password",
            "your-super-secret-token",
            "'<PRIVKEY>'",
            "<secure-password> .",
            "user_provided",
        ] {
            assert!(!is_secret(KeyKind::Password, value), "{value}");
            assert!(!is_secret(KeyKind::Token, value), "{value}");
        }
    }

    #[test]
    fn small_numbers_and_short_words_are_no_tokens() {
        for value in ["4096", "3600", "0.5", "86400000", "ollama", "local"] {
            assert!(!is_secret(KeyKind::Token, value), "{value}");
        }
        assert!(is_secret(KeyKind::Token, "s3cr3t-t0ken"));
    }

    #[test]
    fn a_base64_value_that_starts_like_a_path_is_no_path() {
        assert!(is_secret(KeyKind::Token, "/9jk+4AAQSkZJRg=="));
    }

    #[test]
    fn some_key_must_look_random() {
        assert!(is_secret(KeyKind::Perhaps, "9f86d081884c7d659a2feaa0"));
        for value in ["models/whisper/large-v3", "user:name", "models-v2-large-2024", "F13", "left ctrl"] {
            assert!(!is_secret(KeyKind::Perhaps, value), "{value}");
        }
    }

    #[test]
    fn known_beginnings_need_no_name() {
        assert!(is_secret(KeyKind::Ordinary, &format!("hf_{}", "a1".repeat(12))));
        assert!(is_secret(KeyKind::Ordinary, "-----BEGIN OPENSSH PRIVATE KEY-----\nxyz"));
        assert!(!is_secret(KeyKind::Ordinary, "sk-learn-model-large-2024-version-1"));
        assert!(!is_secret(KeyKind::Ordinary, "hf_models"));
    }
}
