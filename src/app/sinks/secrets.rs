// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Secrets from where the settings say they are.

use super::SinkFault;
use crate::config::{Secret, SecretSource};
use crate::sys::Files;

/// The largest file of a secret, in bytes.
const LARGEST: u64 = 16 << 10;

/// The secret, without the line break that an editor leaves at the end of a file.
pub(super) fn read(source: &SecretSource, sink: &str, files: &dyn Files) -> Result<Secret, SinkFault> {
    let path = match source {
        SecretSource::Given(secret) => return Ok(secret.clone()),
        SecretSource::File(path) => path,
    };
    let unreadable = |reason: String| SinkFault::SecretUnreadable {
        sink: sink.to_owned(),
        path: path.display().to_string(),
        reason,
    };
    let bytes = files.read(path, LARGEST).map_err(|error| unreadable(error.to_string()))?;
    let text = String::from_utf8(bytes).map_err(|_| unreadable("it is not UTF-8".to_owned()))?;
    let text = text.trim_end_matches(['\n', '\r']);
    if text.is_empty() { Err(unreadable("it is empty".to_owned())) } else { Ok(Secret::new(text)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sys::fake::FakeFiles;

    #[test]
    fn a_file_holds_a_secret_and_a_line_break() {
        let files = FakeFiles::new(&[("/s", "hunter2\r\n"), ("/empty", "\n")]);
        let from = |path: &str| read(&SecretSource::File(path.into()), "ops", &files);
        assert_eq!(from("/s"), Ok(Secret::new("hunter2")));
        for path in ["/empty", "/none"] {
            assert!(matches!(from(path), Err(SinkFault::SecretUnreadable { .. })), "{path}");
        }
    }
}
