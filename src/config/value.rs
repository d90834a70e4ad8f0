// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The values that settings take, and their spellings.

use crate::diag::Level;

/// Declares an enum of fixed words with its parser and printer, so that file, environment and flags agree.
macro_rules! words {
    ($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name {
            $($(#[$doc])* $variant,)+
        }

        impl $name {
            /// Every word, in order of presentation.
            pub const WORDS: &'static [&'static str] = &[$($word),+];

            /// The value that a word stands for.
            #[must_use]
            pub fn from_word(word: &str) -> Option<Self> {
                match word {
                    $($word => Some(Self::$variant),)+
                    _ => None,
                }
            }

            /// The word.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }
        }
    };
}

words! {
    /// When to use colour.
    ColorChoice {
        /// On a terminal, unless `NO_COLOR` is set.
        Auto = "auto",
        /// Always.
        Always = "always",
        /// Never.
        Never = "never",
    }
}

words! {
    /// How findings are written.
    FindingFormat {
        /// For people.
        Human = "human",
        /// `stackctl/validate/v1`.
        Json = "json",
        /// SARIF 2.1.0.
        Sarif = "sarif",
        /// Annotations of GitHub Actions.
        Github = "github",
    }
}

words! {
    /// Which rules speak.
    PersonaChoice {
        /// What the baseline states as a rule.
        Default = "default",
        /// Also hardening and style.
        Pedantic = "pedantic",
    }
}

words! {
    /// What the supervisor may do when a service is bad.
    HealChoice {
        /// Nothing.
        Observe = "observe",
        /// Tell.
        Notify = "notify",
        /// Tell, and restart it.
        Restart = "restart",
        /// Tell, and restart its whole project.
        RestartStack = "restart-stack",
        /// Tell, and run a command.
        Command = "command",
    }
}

words! {
    /// How log lines are written.
    LogFormat {
        /// For people.
        Text = "text",
        /// One JSON object a line.
        Json = "json",
    }
}

words! {
    /// The form of messages to a server.
    WebhookTemplate {
        /// `stackctl/notice/v1`.
        Json = "json",
        /// ntfy: a text with a title, tags and a priority.
        Ntfy = "ntfy",
        /// Slack, and what takes the same.
        Slack = "slack",
        /// Discord.
        Discord = "discord",
    }
}

words! {
    /// What a server is told.
    WebhookEvent {
        /// A service turned bad.
        Bad = "bad",
        /// It is good again.
        Recovered = "recovered",
        /// The attempts to heal it are used up.
        GaveUp = "gave_up",
        /// Many services turned bad at once.
        HostTrouble = "host_trouble",
        /// That is over.
        HostRecovered = "host_recovered",
        /// An engine cannot be asked.
        EngineLost = "engine_lost",
        /// It can again.
        EngineBack = "engine_back",
        /// Something was done to heal a service.
        ActionDone = "action_done",
        /// That could not be done.
        ActionFailed = "action_failed",
        /// A backup or restore with `--notify` did what it should.
        OperationDone = "operation_done",
        /// It did not.
        OperationFailed = "operation_failed",
    }
}

/// The level that a word stands for.
#[must_use]
pub fn level_word(word: &str) -> Option<Level> {
    match word {
        "error" => Some(Level::Error),
        "warning" => Some(Level::Warning),
        "info" => Some(Level::Info),
        _ => None,
    }
}

/// A number of bytes: digits with an optional unit `k`, `m` or `g` in powers of 1024 (`16m`, `16MiB`, `16 MB`).
#[must_use]
pub fn parse_size(text: &str) -> Option<u64> {
    let text = text.trim().to_ascii_lowercase();
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (digits, unit) = text.split_at(end);
    let shift = match unit.trim() {
        "" | "b" => 0,
        "k" | "kb" | "kib" => 10,
        "m" | "mb" | "mib" => 20,
        "g" | "gb" | "gib" => 30,
        _ => return None,
    };
    digits.parse::<u64>().ok()?.checked_mul(1 << shift)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_take_binary_units() {
        assert_eq!(parse_size("16MiB"), Some(16 << 20));
        assert_eq!(parse_size("1 k"), Some(1024));
        assert_eq!(parse_size("512"), Some(512));
        assert_eq!(parse_size("m"), None);
        assert_eq!(parse_size("1.5m"), None);
        assert_eq!(parse_size("99999999999g"), None);
    }

    #[test]
    fn words_and_values_agree() {
        for word in FindingFormat::WORDS {
            assert_eq!(FindingFormat::from_word(word).map(FindingFormat::as_str), Some(*word));
        }
        assert_eq!(FindingFormat::from_word("xml"), None);
    }
}
