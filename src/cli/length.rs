// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Lengths of time on the command line: as in settings.

use std::time::Duration;

use crate::config::parse_length;

/// Reads `90`, `90s`, `10m`, `2h`, `1d`, `500ms`, and sums such as `1h30m`. A bare number counts seconds.
///
/// # Errors
/// Why the text is no length of time.
pub(super) fn length(text: &str) -> Result<Duration, String> {
    parse_length(text).map_err(str::to_owned)
}
