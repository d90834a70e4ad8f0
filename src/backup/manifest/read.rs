// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! A manifest from its bytes, and back.

use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::{DIGEST_FILE, FILE, Manifest, SCHEMA, check};
use crate::backup::hex;
use crate::error::UserError;

/// What every version of the format begins with.
const FAMILY: &str = "stackctl/set/v";

/// Why a manifest cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ManifestError {
    /// No manifest, or not a whole one.
    #[error("the manifest is damaged: {0}")]
    Damaged(String),
    /// Of a version that this program does not know.
    #[error("the set has the format `{0}`, and this version reads `{SCHEMA}`")]
    Newer(String),
    /// The digest beside it is another one, or none.
    #[error("`{FILE}` does not fit `{DIGEST_FILE}`")]
    Digest,
}

impl UserError for ManifestError {
    fn code(&self) -> &'static str {
        match self {
            Self::Damaged(_) => "set_damaged",
            Self::Newer(_) => "set_format_newer",
            Self::Digest => "set_digest_mismatch",
        }
    }

    fn message(&self) -> String {
        self.to_string()
    }

    fn hints(&self) -> Vec<String> {
        vec![match self {
            Self::Damaged(_) | Self::Digest => {
                "this set cannot be relied on; `stackctl backup list` shows the others".to_owned()
            }
            Self::Newer(_) => "use a newer stackctl for this set; `RESTORE.txt` in it restores without any".to_owned(),
        }]
    }
}

/// SHA-256 of some bytes as 64 hexadecimal digits.
#[must_use]
pub fn digest(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// The text of the digest file, as `sha256sum` writes it.
#[must_use]
pub fn digest_line(manifest: &[u8]) -> String {
    format!("{}  {FILE}\n", digest(manifest))
}

/// The text of a manifest.
///
/// # Errors
/// `Damaged` when it contradicts itself: a set that its own readers refuse is not to be written.
pub fn render(manifest: &Manifest) -> Result<String, ManifestError> {
    check::check(manifest).map_err(ManifestError::Damaged)?;
    let text = serde_json::to_string_pretty(manifest).map_err(|error| ManifestError::Damaged(error.to_string()))?;
    Ok(text + "\n")
}

/// Reads a manifest and what its digest file holds.
///
/// # Errors
/// Why it cannot be used. The digest is looked at first: bytes that nobody vouches for are not read any further.
pub fn parse(bytes: &[u8], digest_file: &[u8]) -> Result<Manifest, ManifestError> {
    let said = digest_file.split(u8::is_ascii_whitespace).next().unwrap_or_default();
    if said != digest(bytes).as_bytes() {
        return Err(ManifestError::Digest);
    }
    let value: Value = serde_json::from_slice(bytes).map_err(|error| ManifestError::Damaged(error.to_string()))?;
    let schema = value.get("schema").and_then(Value::as_str).unwrap_or_default();
    if schema != SCHEMA {
        let version = schema.strip_prefix(FAMILY).and_then(|version| version.parse::<u32>().ok());
        return Err(match version {
            Some(version) if version > 1 => ManifestError::Newer(schema.to_owned()),
            _ => ManifestError::Damaged(format!("its schema is not `{SCHEMA}`")),
        });
    }
    let manifest: Manifest =
        serde_json::from_value(value).map_err(|error| ManifestError::Damaged(error.to_string()))?;
    check::check(&manifest).map_err(ManifestError::Damaged)?;
    Ok(manifest)
}
