// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Which names and values are secrets, and how a secret is shown. Pure; errs on the side of masking, but leaves the
//! look-alikes of AI stacks alone (`MAX_TOKENS`, `TOKENIZER_MODEL`, `HOTKEY`).

/// Shown in place of a hidden part.
pub(super) const HIDDEN: &str = "****";

/// Values at least this long (in characters) keep their first 4 and last 2 characters when masked.
const LONG: usize = 24;

/// Words that make a name a secret's when they stand alone between separators.
const SECRET_WORDS: &[&str] = &[
    "apikey",
    "credential",
    "credentials",
    "dsn",
    "key",
    "passphrase",
    "passwd",
    "password",
    "passwords",
    "secret",
    "secrets",
    "token",
];

/// Ends of a word written without separators, such as `PGPASSWORD`, that make a name a secret's.
const SECRET_ENDINGS: &[&str] = &[
    "accesskey",
    "accesstoken",
    "apikey",
    "apitoken",
    "authtoken",
    "encryptionkey",
    "masterkey",
    "passphrase",
    "passwd",
    "password",
    "privatekey",
    "secret",
    "secretkey",
    "signingkey",
];

/// Words before `key` or `token` that make it no secret: a public half, a keyboard key, a database column, a word of a
/// language model.
const HARMLESS_BEFORE: &[&str] = &[
    "bos",
    "cache",
    "eos",
    "foreign",
    "hot",
    "idempotency",
    "index",
    "mask",
    "max",
    "media",
    "min",
    "modifier",
    "num",
    "object",
    "pad",
    "partition",
    "primary",
    "pub",
    "public",
    "routing",
    "shortcut",
    "sort",
    "stop",
    "unk",
    "unique",
    "wake",
    "wakeup",
    "wakeword",
];

/// Words after the secret word that make the name speak *about* the secret: its name, place, size or life time.
const HARMLESS_AFTER: &[&str] = &[
    "age",
    "algorithm",
    "binding",
    "bits",
    "budget",
    "bytes",
    "count",
    "dir",
    "directory",
    "duration",
    "enable",
    "enabled",
    "endpoint",
    "env",
    "expiration",
    "expire",
    "expires",
    "expiry",
    "field",
    "file",
    "format",
    "header",
    "id",
    "index",
    "interval",
    "issuer",
    "length",
    "lifetime",
    "limit",
    "map",
    "max",
    "min",
    "minutes",
    "mode",
    "name",
    "names",
    "path",
    "per",
    "policy",
    "port",
    "prefix",
    "rate",
    "ref",
    "refresh",
    "required",
    "reset",
    "rotation",
    "scope",
    "seconds",
    "size",
    "source",
    "store",
    "suffix",
    "timeout",
    "ttl",
    "type",
    "uri",
    "url",
    "user",
    "username",
    "validity",
    "variable",
    "version",
    "window",
];

/// The lower-case words of a name: separated by anything that is no letter or digit, or by a change from small to
/// capital letter.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before_small = false;
    for letter in name.chars() {
        if !letter.is_ascii_alphanumeric() || (before_small && letter.is_ascii_uppercase()) {
            words.push(String::new());
        }
        if letter.is_ascii_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.push(letter.to_ascii_lowercase());
        }
        before_small = letter.is_ascii_lowercase() || letter.is_ascii_digit();
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Whether a variable, key or option with this name holds a secret.
///
/// `DB_PASSWORD`, `apiKey`, `--auth-token` and `PGPASSWORD` do; `MAX_TOKENS`, `PUBLIC_KEY`, `SECRET_NAME`,
/// `PASSWORD_FILE` and `KEYBOARD` do not.
#[must_use]
pub fn is_secret_key(name: &str) -> bool {
    // Most names are harmless: look for a part of a secret's name before taking the name apart.
    let stems: [&[u8]; 8] = [b"key", b"sec", b"tok", b"pas", b"pwd", b"cre", b"dsn", b"aut"];
    if !name.as_bytes().windows(3).any(|part| stems.iter().any(|stem| part.eq_ignore_ascii_case(stem))) {
        return false;
    }
    let words = words(name);
    words.iter().enumerate().any(|(at, word)| {
        let last = at + 1 == words.len();
        let named = SECRET_WORDS.contains(&word.as_str())
            || SECRET_ENDINGS.iter().any(|ending| word.ends_with(ending))
            || (last && word == "pass")
            || (last && at > 0 && word == "pwd" && words[at - 1] != "old")
            || (last && at > 0 && word == "auth" && matches!(words[at - 1].as_str(), "rediscli" | "neo4j"))
            || (last && at > 0 && word == "keys" && matches!(words[at - 1].as_str(), "api" | "access" | "secret"));
        if !named {
            return false;
        }
        let guarded = matches!(word.as_str(), "key" | "token");
        let harmless_before = guarded && words[..at].iter().any(|word| HARMLESS_BEFORE.contains(&word.as_str()));
        let harmless_after = words[at + 1..].iter().any(|word| HARMLESS_AFTER.contains(&word.as_str()));
        !harmless_before && !harmless_after
    })
}

/// Whether a value of a variable with this name is worth hiding: not empty, no switch, no plain reference to a variable,
/// no path, and no small number where the name only speaks of a key or token.
#[must_use]
pub fn is_secret(name: &str, value: &str) -> bool {
    is_secret_key(name) && {
        let value = value.trim();
        let number = value.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        let strict = words(name).iter().any(|word| word.contains("pass") || word.contains("secret") || word == "pwd");
        !(value.is_empty()
            || is_switch(value)
            || is_reference(value)
            || is_path(value)
            || (number && !strict && value.len() < 8))
    }
}

fn is_switch(value: &str) -> bool {
    ["true", "false", "yes", "no", "on", "off", "null", "none", "~"].iter().any(|word| value.eq_ignore_ascii_case(word))
}

/// `$X`, `${X}`, `${X:?message}` and `${X:-}`: nothing of the secret is written here.
fn is_reference(value: &str) -> bool {
    let Some(rest) = value.strip_prefix('$') else { return false };
    let is_name = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    let Some(inner) = rest.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) else { return is_name(rest) };
    let end = inner.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(inner.len());
    let (name, operation) = inner.split_at(end);
    let operand = operation.strip_prefix(':').unwrap_or(operation);
    is_name(name)
        && match operand.chars().next() {
            None | Some('?') => true,
            Some(_) => operand.len() == 1 || is_reference(&operand[1..]),
        }
}

fn is_path(value: &str) -> bool {
    let anchored = ["/", "./", "../", "~/"].iter().any(|start| value.starts_with(start));
    anchored
        && value.split('/').all(|part| part.len() <= 32)
        && value.chars().all(|c| c.is_alphanumeric() || "/._-~@ ".contains(c))
}

/// A secret as it may be shown: wholly hidden when shorter than 24 characters, else with its first 4 and last 2.
#[must_use]
pub fn mask(value: &str) -> String {
    let count = value.chars().count();
    if count < LONG {
        return HIDDEN.to_owned();
    }
    let start: String = value.chars().take(4).collect();
    let end: String = value.chars().skip(count - 2).collect();
    format!("{start}{HIDDEN}{end}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_secrets_are_known() {
        for name in [
            "OPENAI_API_KEY",
            "HF_TOKEN",
            "JWT_SECRET",
            "DB_PASSWORD",
            "PGPASSWORD",
            "SENTRY_DSN",
            "AWS_CREDENTIALS",
            "apiKey",
            "--api-key",
            "secret_key_base",
            "WEBUI_SECRET_KEY",
            "SMTP_PASS",
            "MYSQL_PWD",
            "LITELLM_API_KEYS",
            "AWS_SECRET_ACCESS_KEY",
            "KEY",
            "token",
            "POSTGRES_PASSWD",
            "db.password",
            "REDISCLI_AUTH",
        ] {
            assert!(is_secret_key(name), "{name}");
        }
    }

    #[test]
    fn look_alikes_are_left_alone() {
        for name in [
            "TOKENIZER_MODEL",
            "TOKENIZERS_PARALLELISM",
            "MAX_TOKENS",
            "NUM_TOKENS",
            "SECRET_NAME",
            "PUBLIC_KEY",
            "HOTKEY",
            "HOT_KEY",
            "WAKE_WORD_KEY",
            "WAKE_KEY",
            "KEYBOARD",
            "PASSTHROUGH",
            "TOKEN_TTL",
            "TOKEN_LIMIT",
            "DB_PASSWORD_FILE",
            "SSL_KEY_PATH",
            "AWS_ACCESS_KEY_ID",
            "PWD",
            "OLDPWD",
            "PASSWORD_MIN_LENGTH",
            "MONKEY",
            "TOKEN_EXPIRY",
            "EOS_TOKEN",
            "SECRETARY",
            "PUBLICKEY",
            "COMPASS",
            "BYPASS",
        ] {
            assert!(!is_secret_key(name), "{name}");
        }
    }

    #[test]
    fn values_that_hold_no_secret_are_left_alone() {
        for value in [
            "",
            "true",
            "off",
            "${KEY}",
            "$KEY",
            "${KEY:?set it}",
            "${KEY:-}",
            "${A:-${B}}",
            "/run/secrets/key",
            "8080",
        ] {
            assert!(!is_secret("API_KEY", value), "{value}");
        }
        for value in ["hunter2", "${KEY:-hunter2}", "sk-abc", "12345678", "/+abcABC0123="] {
            assert!(is_secret("API_KEY", value), "{value}");
        }
        assert!(is_secret("DB_PASSWORD", "1234"));
    }

    #[test]
    fn long_secrets_keep_both_ends_and_short_ones_nothing() {
        assert_eq!(mask("hunter2"), "****");
        assert_eq!(mask("12345678901234567890123"), "****");
        assert_eq!(mask("123456789012345678901234"), "1234****34");
        assert_eq!(mask("äöüß5678901234567890123é"), "äöüß****3é");
    }
}
