// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! How grave a line is, by the words that programs write.
//!
//! Limits: a guess. A line of no known form has no gravity; a continued one (indented, as in traces) has that of the line
//! before it.

/// How much of a line is looked at, in bytes.
const LOOKED_AT: usize = 4096;
/// How much of it words may stand in, in bytes: later ones belong to the message.
const BEGINNING: usize = 160;

/// How grave a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gravity {
    /// Anything less than a warning.
    Plain,
    /// A warning.
    Warning,
    /// An error, or worse.
    Error,
}

/// Which lines are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Floor {
    /// All.
    #[default]
    All,
    /// Warnings and what is graver.
    Warnings,
    /// Errors alone.
    Errors,
}

impl Floor {
    /// What it is called.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Warnings => "warnings+",
            Self::Errors => "errors",
        }
    }

    pub(super) const fn next(self) -> Self {
        match self {
            Self::All => Self::Warnings,
            Self::Warnings => Self::Errors,
            Self::Errors => Self::All,
        }
    }

    /// Whether a line of this gravity is shown.
    pub(super) fn has(self, gravity: Option<Gravity>) -> bool {
        match self {
            Self::All => true,
            Self::Warnings => gravity >= Some(Gravity::Warning),
            Self::Errors => gravity == Some(Gravity::Error),
        }
    }
}

/// How grave a line says it is, colours left out.
pub(super) fn gravity(line: &str) -> Option<Gravity> {
    let line = head(line, LOOKED_AT);
    let text = line.trim_start();
    if text.starts_with('{') {
        return json(text);
    }
    sign(text).or_else(|| pair(text)).or_else(|| words(head(text, BEGINNING))).or_else(|| trace(text))
}

/// Whether a line goes on with what the one before it said.
pub(super) fn goes_on(line: &str) -> bool {
    line.starts_with([' ', '\t', '}', ')', ']']) || line.starts_with("Caused by") || line.starts_with("...")
}

fn head(text: &str, length: usize) -> &str {
    &text[..text.floor_char_boundary(length)]
}

/// A word as a level.
fn word(word: &str) -> Option<Gravity> {
    const WORDS: [(&[&str], Gravity); 3] = [
        (
            &[
                "error",
                "err",
                "eror",
                "fatal",
                "ftl",
                "crit",
                "critical",
                "alert",
                "emerg",
                "emergency",
                "panic",
                "severe",
                "fail",
                "failure",
                "e",
                "f",
            ],
            Gravity::Error,
        ),
        (&["warn", "warning", "wrn", "wrng", "w"], Gravity::Warning),
        (
            &[
                "info",
                "inf",
                "information",
                "informational",
                "notice",
                "note",
                "debug",
                "dbg",
                "dbug",
                "trace",
                "trc",
                "trce",
                "verbose",
                "log",
                "system",
                "i",
                "n",
                "d",
                "t",
                "v",
            ],
            Gravity::Plain,
        ),
    ];
    let is_it = |one: &&str| one.eq_ignore_ascii_case(word);
    WORDS.iter().find(|(words, _)| words.iter().any(is_it)).map(|(_, gravity)| *gravity)
}

/// `E0102 15:04:05` (klog), `<3>` (syslog).
fn sign(text: &str) -> Option<Gravity> {
    let bytes = text.as_bytes();
    match bytes {
        [b'<', digit @ b'0'..=b'7', b'>', ..] => Some(syslog(u32::from(digit - b'0'))),
        [letter @ (b'I' | b'W' | b'E' | b'F'), rest @ ..]
            if rest.len() > 4 && rest[..4].iter().all(u8::is_ascii_digit) && rest[4] == b' ' =>
        {
            Some(match letter {
                b'I' => Gravity::Plain,
                b'W' => Gravity::Warning,
                _ => Gravity::Error,
            })
        }
        _ => None,
    }
}

const fn syslog(number: u32) -> Gravity {
    match number {
        0..=3 => Gravity::Error,
        4 => Gravity::Warning,
        _ => Gravity::Plain,
    }
}

/// `level=error` and its kin.
fn pair(text: &str) -> Option<Gravity> {
    ["level=", "lvl=", "severity="].iter().find_map(|key| {
        let at = text.find(key)?;
        let is_own = !text[..at].ends_with(|letter: char| letter.is_alphanumeric() && key.starts_with('s'));
        let value = text[at + key.len()..].trim_start_matches(['"', '\'']);
        is_own.then(|| word(letters(value)))?
    })
}

/// `"level":"error"` and its kin; numbers as pino or syslog have them.
fn json(text: &str) -> Option<Gravity> {
    const KEYS: [&str; 9] = [
        "\"level\"",
        "\"severity\"",
        "\"lvl\"",
        "\"levelname\"",
        "\"log.level\"",
        "\"@level\"",
        "\"loglevel\"",
        "\"log_level\"",
        "\"s\"",
    ];
    KEYS.iter().find_map(|key| {
        let value = text[text.find(key)? + key.len()..].trim_start().strip_prefix(':')?.trim_start();
        if let Some(value) = value.strip_prefix('"') {
            return word(letters(value));
        }
        let digits = value.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(value.len());
        match value[..digits].parse::<u32>().ok()? {
            number @ 0..=7 => Some(syslog(number)),
            50.. => Some(Gravity::Error),
            40.. => Some(Gravity::Warning),
            _ => Some(Gravity::Plain),
        }
    })
}

/// The letters that a text begins with.
fn letters(text: &str) -> &str {
    let end = text.find(|letter: char| !letter.is_ascii_alphabetic()).unwrap_or(text.len());
    &text[..end]
}

/// The first word that is a level and stands like one: in capitals by itself, in brackets, or before a colon.
fn words(text: &str) -> Option<Gravity> {
    let mut at = 0;
    while at < text.len() {
        let token = letters(&text[at..]);
        if token.is_empty() {
            at += text[at..].chars().next().map_or(1, char::len_utf8);
            continue;
        }
        let (before, after) = (&text[..at], &text[at + token.len()..]);
        if let Some(found) = stands_like_a_level(before, token, after).then(|| word(token)).flatten() {
            return Some(found);
        }
        at += token.len();
    }
    None
}

fn stands_like_a_level(before: &str, token: &str, after: &str) -> bool {
    let joins = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '-' | '/' | '.' | '=');
    if before.ends_with('[') && after.starts_with([']', ' ', ':', ',']) {
        return true;
    }
    if before.ends_with(joins) || after.starts_with(joins) || token.len() < 3 {
        return false;
    }
    if token.bytes().all(|byte| byte.is_ascii_uppercase()) {
        // These are words of messages too.
        return !matches!(token, "LOG" | "NOTE" | "SYSTEM" | "FAIL") || after.starts_with(':');
    }
    let begins = before.is_empty() || before.ends_with([' ', ']', '|', '\t']);
    let is_column = before.is_empty() && ["  ", "\t", " -", " |"].iter().any(|gap| after.starts_with(gap));
    (begins && after.starts_with(':')) || is_column
}

/// The first line of a trace.
fn trace(text: &str) -> Option<Gravity> {
    let end = text.find(|letter: char| !letter.is_alphanumeric() && !"._$".contains(letter)).unwrap_or(text.len());
    let (name, after) = text.split_at(end);
    let is_named =
        (name.ends_with("Error") || name.ends_with("Exception")) && (after.is_empty() || after.starts_with(':'));
    let is_trace =
        text.starts_with("Traceback (most") || text.contains("panicked at") || text.starts_with("Exception in");
    (is_named || is_trace).then_some(Gravity::Error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_forms_are_recognised() {
        use Gravity::{Error, Plain, Warning};
        let cases: &[(&str, Option<Gravity>)] = &[
            ("2026-01-31 12:00:00,123 ERROR [main] c.e.App - boom", Some(Error)),
            ("2026-01-31T12:00:00Z  WARN crate::module: slow", Some(Warning)),
            ("[2026-01-31T12:00:00Z INFO  app] 0 ERROR so far", Some(Plain)),
            ("time=\"2026-01-31\" level=error msg=\"x\"", Some(Error)),
            ("ts=1 lvl=warn msg=INFO", Some(Warning)),
            ("{\"time\":1,\"level\":\"error\",\"msg\":\"WARN\"}", Some(Error)),
            ("{\"level\": 40, \"msg\": \"pino\"}", Some(Warning)),
            ("{\"t\":{},\"s\":\"I\",\"c\":\"NETWORK\"}", Some(Plain)),
            ("{\"PRIORITY\":3,\"msg\":\"ERROR\"}", None),
            ("E0102 15:04:05.000000       1 main.go:1] bad", Some(Error)),
            ("W0102 15:04:05.000000       1 main.go:1] hm", Some(Warning)),
            ("<3>kernel: bad", Some(Error)),
            ("[E] bad", Some(Error)),
            ("[W 2026-01-31 jupyter] hm", Some(Warning)),
            ("2026/01/31 12:00:00 [error] 31#31: *1 open() failed", Some(Error)),
            ("2026/01/31 12:00:00 [notice] 1#1: start", Some(Plain)),
            ("2026-01-31 [Warning] [MY-010068] [Server] CA", Some(Warning)),
            ("2026-01-31 12:00:00.000 UTC [1] FATAL:  role missing", Some(Error)),
            ("2026-01-31 12:00:00.000 UTC [1] LOG:  ready", Some(Plain)),
            ("ERROR:root:boom", Some(Error)),
            ("npm ERR! missing script", Some(Error)),
            ("fail: Microsoft.Hosting[0]", Some(Error)),
            ("warn  - no config", Some(Warning)),
            ("12:00PM ERR cannot connect error=refused", Some(Error)),
            ("error: cannot read", Some(Error)),
            ("Traceback (most recent call last):", Some(Error)),
            ("ValueError: bad", Some(Error)),
            ("java.lang.IllegalStateException: bad", Some(Error)),
            ("thread 'main' panicked at src/main.rs:1:1:", Some(Error)),
            ("GET /error HTTP/1.1 200", None),
            ("error handling is on", None),
            ("no ERROR_CODE here", None),
            ("listening on 8080", None),
            ("", None),
        ];
        for (line, expected) in cases {
            assert_eq!(gravity(line), *expected, "{line}");
        }
    }

    #[test]
    fn filters_let_through_what_is_grave_enough() {
        let shown = |floor: Floor| {
            [None, Some(Gravity::Plain), Some(Gravity::Warning), Some(Gravity::Error)].map(|one| floor.has(one))
        };
        assert_eq!(shown(Floor::All), [true; 4]);
        assert_eq!(shown(Floor::Warnings), [false, false, true, true]);
        assert_eq!(shown(Floor::Errors), [false, false, false, true]);
    }
}
