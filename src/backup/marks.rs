// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What is said of a set after it was made. The set itself never changes, so this lies beside it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::moment;

/// Name of the format.
pub const SCHEMA: &str = "stackctl/set-marks/v1";

/// What is said of a set.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Marks {
    /// Always [`SCHEMA`]; filled in when written.
    #[serde(default)]
    pub schema: String,
    /// Whether it may not be removed; `None`: as the manifest says.
    #[serde(default)]
    pub protected: Option<bool>,
    /// The last reading of all its files.
    #[serde(default)]
    pub verified: Option<Verified>,
}

/// What came of reading all files of a set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verified {
    /// When it was over.
    #[serde(with = "moment")]
    pub at: DateTime<Utc>,
    /// Whether all files were as the manifest says.
    pub good: bool,
}

impl Marks {
    /// Reads marks. What cannot be used counts as nothing said: marks protect, they prove nothing.
    ///
    /// # Errors
    /// Why the text cannot be used, as a fragment.
    pub fn read(bytes: &[u8]) -> Result<Self, String> {
        let marks: Self = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
        if marks.schema == SCHEMA { Ok(marks) } else { Err(format!("the format is not `{SCHEMA}`")) }
    }

    /// The text to write.
    #[must_use]
    pub fn text(&self) -> String {
        let named = Self { schema: SCHEMA.to_owned(), ..self.clone() };
        // Three plain fields cannot fail to serialise.
        serde_json::to_string(&named).unwrap_or_default() + "\n"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_read_back_and_other_formats_refused() {
        let verified = Verified { at: DateTime::UNIX_EPOCH, good: true };
        let marks = Marks { protected: Some(true), verified: Some(verified), ..Marks::default() };
        let read = Marks::read(marks.text().as_bytes());
        assert_eq!(read.map(|read| (read.protected, read.verified)), Ok((marks.protected, marks.verified)));
        assert!(Marks::read(b"{\"schema\":\"stackctl/set-marks/v2\"}").is_err());
        assert!(Marks::read(b"").is_err());
    }
}
