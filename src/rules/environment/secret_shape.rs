// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Which names of variables say that the value is a secret.
//!
//! A name is read word by word, and its end decides: `DB_PASSWORD` holds a password, `PASSWORD_FILE` a path,
//! `MAX_TOKENS` a number. Within a word only a few endings count (`PGPASSWORD`), so `TOKENIZER` and `HOTKEY` are ordinary.

/// What a name says of its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum KeyKind {
    /// A password: any text can be one, also a number.
    Password,
    /// A token, an API key or the like: made by a machine, so a small number is none.
    Token,
    /// Some key: a secret only if the value looks random.
    Perhaps,
    /// Nothing secret.
    Ordinary,
}

const PASSWORDS: &[&str] = &["PASSWORD", "PASSWD", "PASSPHRASE", "PASS", "PWD", "PASSWORT"];
const TOKENS: &[&str] = &["SECRET", "TOKEN", "APIKEY", "SECRETKEY", "AUTHKEY", "PASSKEY", "CREDENTIAL", "CREDENTIALS"];

/// Ends of words that are written without a separator, such as `PGPASSWORD` and `CLIENTSECRET`.
const PASSWORD_ENDINGS: &[&str] = &["PASSWORD", "PASSWD", "PASSPHRASE"];
const TOKEN_ENDINGS: &[&str] = &[
    "SECRET",
    "SECRETKEY",
    "APIKEY",
    "ACCESSKEY",
    "PRIVATEKEY",
    "ENCRYPTIONKEY",
    "APITOKEN",
    "AUTHTOKEN",
    "ACCESSTOKEN",
];

/// Words before `KEY` that make it a secret one.
const SECRET_KEYS: &[&str] = &[
    "API",
    "SECRET",
    "PRIVATE",
    "ACCESS",
    "ENCRYPTION",
    "AUTH",
    "SIGNING",
    "MASTER",
    "JWT",
    "SESSION",
    "COOKIE",
    "APP",
    "ADMIN",
    "LICENSE",
    "TOKEN",
    "STORAGE",
    "ACCOUNT",
    "HMAC",
    "CLIENT",
    "SERVICE",
    "DEPLOY",
];

/// Words before `KEY`, `TOKEN` or `SECRET` that make it something to show, or a name for something.
const NOT_SECRET: &[&str] = &[
    "PUBLIC",
    "PUBLISHABLE",
    "ANON",
    "SITE",
    "HOT",
    "WAKE",
    "FOREIGN",
    "PRIMARY",
    "SORT",
    "PARTITION",
    "CACHE",
    "ROUTING",
    "GROUP",
    "MODIFIER",
    "SHORTCUT",
    "INDEX",
    "OBJECT",
    "LOOKUP",
    "TALK",
    "AUTHORIZED",
    "KNOWN",
    "MAX",
    "MIN",
    "NUM",
    "PAD",
    "EOS",
    "BOS",
    "STOP",
    "START",
    "END",
    "UNK",
    "MASK",
    "SPECIAL",
];

/// What the name of a variable says of its value.
pub(super) fn key_kind(name: &str) -> KeyKind {
    let mut words = words(name);
    // `SECRET_KEY_BASE` is a secret of its own kind; a figure at the end only counts.
    while words.len() > 1 && words.last().is_some_and(|word| word == "BASE" || word.bytes().all(|b| b.is_ascii_digit()))
    {
        words.pop();
    }
    let Some((last, before)) = words.split_last() else { return KeyKind::Ordinary };
    let previous = before.last().map(String::as_str);
    let ends = |endings: &[&str]| endings.iter().any(|ending| last.ends_with(ending));
    if PASSWORDS.contains(&last.as_str()) || ends(PASSWORD_ENDINGS) {
        // `PWD` and `OLDPWD` are the shell's working directory; a pass is also a way through.
        let is_other = previous.is_none() && matches!(last.as_str(), "PWD" | "PASS");
        return if is_other { KeyKind::Ordinary } else { KeyKind::Password };
    }
    if before.iter().any(|word| NOT_SECRET.contains(&word.as_str())) {
        return KeyKind::Ordinary;
    }
    match last.as_str() {
        word if TOKENS.contains(&word) || ends(TOKEN_ENDINGS) => KeyKind::Token,
        "KEY" | "KEYS" if previous.is_some_and(|word| SECRET_KEYS.contains(&word)) => KeyKind::Token,
        "KEY" => KeyKind::Perhaps,
        // The password of `redis-cli`, and user and password of Neo4j.
        "AUTH" if matches!(previous, Some("REDISCLI" | "NEO4J")) => KeyKind::Token,
        _ => KeyKind::Ordinary,
    }
}

/// The words of a name in capitals: `dbPassword`, `db-password` and `DB__PASSWORD` are all `DB`, `PASSWORD`.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut after_small = false;
    for letter in name.chars() {
        let starts_word = after_small && letter.is_ascii_uppercase();
        after_small = letter.is_ascii_lowercase();
        if starts_word || !letter.is_ascii_alphanumeric() {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| letter.is_ascii_alphanumeric()) {
            word.push(letter.to_ascii_uppercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_hold_passwords() {
        for name in [
            "PASSWORD",
            "POSTGRES_PASSWORD",
            "dbPassword",
            "db-passwd",
            "SMTP_PASS",
            "MYSQL_PWD",
            "WHISPER__PASSWORD",
            "PGPASSWORD",
        ] {
            assert_eq!(key_kind(name), KeyKind::Password, "{name}");
        }
    }

    #[test]
    fn names_that_hold_tokens_and_keys() {
        for name in [
            "HF_TOKEN",
            "TOKEN",
            "API_KEY",
            "OPENAI_API_KEY",
            "apiKey",
            "JWT_SECRET",
            "CLIENT_SECRET",
            "SECRET_KEY_BASE",
            "AWS_SECRET_ACCESS_KEY",
            "WEBUI_SECRET_KEY",
            "TS_AUTHKEY",
            "API_KEY_2",
            "GOOGLE_CREDENTIALS",
            "API_KEYS",
            "REDISCLI_AUTH",
            "NEO4J_AUTH",
            "OAUTH_CLIENTSECRET",
        ] {
            assert_eq!(key_kind(name), KeyKind::Token, "{name}");
        }
        assert_eq!(key_kind("N8N_KEY"), KeyKind::Perhaps);
    }

    #[test]
    fn look_alikes_are_ordinary() {
        for name in [
            "TOKENIZER_PATH",
            "TOKENIZERS_PARALLELISM",
            "MAX_TOKENS",
            "MAX_TOKEN",
            "NUM_TOKENS",
            "SECRET_NAME",
            "PUBLIC_KEY",
            "VAPID_PUBLIC_KEY",
            "HOTKEY",
            "WAKE_KEY",
            "WAKEKEY",
            "KEYBOARD",
            "KEYBOARD_LAYOUT",
            "PASSTHROUGH",
            "PASS",
            "PWD",
            "TOKEN_TTL",
            "PASSWORD_FILE",
            "DB_PASSWORD_FILE",
            "TOKEN_URL",
            "API_KEY_HEADER",
            "PASSWORD_MIN_LENGTH",
            "SECRETS_DIR",
            "ACCESS_KEY_ID",
            "MONKEY",
            "COMPASS",
            "KEYS",
            "",
            "SUPABASE_ANON_KEY",
            "EOS_TOKEN",
            "SENTRY_DSN",
            "AUTH_TYPE",
        ] {
            assert_eq!(key_kind(name), KeyKind::Ordinary, "{name}");
        }
    }
}
