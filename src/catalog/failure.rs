// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Failures that were seen before, and what gives each of them away: words that the program writes, and what an
//! inspection of its container shows.
//!
//! Limits: a failure with neither words nor conditions is for people to read, and is never found by itself.

use serde::{Deserialize, Deserializer, Serialize};

use super::data::Access;

/// A failure seen before.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KnownFailure {
    /// Short name, `snake_case`.
    pub code: String,
    /// What people see.
    pub symptom: String,
    /// Texts in the log or the output of a health check, each of which gives it away: one text, or a list.
    #[serde(default, deserialize_with = "one_or_many", skip_serializing_if = "Vec::is_empty")]
    pub log: Vec<String>,
    /// What must hold beside the words; without words, this alone gives it away.
    #[serde(default, skip_serializing_if = "KnownCondition::is_empty")]
    pub when: KnownCondition,
    /// Why it happens.
    pub cause: String,
    /// What to do.
    pub fix: String,
}

impl KnownFailure {
    /// The longest of its words in `text`; `None` when none is there.
    #[must_use]
    pub fn words_in(&self, text: &str) -> Option<&str> {
        let found = self.log.iter().filter(|words| text.contains(words.as_str()));
        found.max_by_key(|words| words.len()).map(String::as_str)
    }
}

/// What an inspection of a container must show. All that is given holds together.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KnownCondition {
    /// The exit code of its last end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exit_code: Option<i64>,
    /// Something is mounted at this path.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mount: Option<MountCondition>,
    /// A variable of its environment, that of the image included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub environment: Option<VariableCondition>,
    /// The first number of its image's tag is at least this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version_from: Option<u32>,
    /// It was given a GPU.
    #[serde(default, skip_serializing_if = "is_false")]
    pub gpu: bool,
    /// The compose file sets other values than the container has.
    #[serde(default, skip_serializing_if = "is_false")]
    pub environment_changed: bool,
}

impl KnownCondition {
    /// Whether nothing is asked for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// A mount.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MountCondition {
    /// The path in the container: this very one, not one above or below.
    pub target: String,
    /// How it is mounted, where that matters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access: Option<Access>,
}

/// A variable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VariableCondition {
    /// Its name.
    pub name: String,
    /// The value that it must not have; without one, it must be missing or empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not: Option<String>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the form that serde asks for")]
const fn is_false(value: &bool) -> bool {
    !*value
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

fn one_or_many<'de, D: Deserializer<'de>>(source: D) -> Result<Vec<String>, D::Error> {
    Ok(match OneOrMany::deserialize(source)? {
        OneOrMany::One(text) => vec![text],
        OneOrMany::Many(texts) => texts,
    })
}
