// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Project names.

use std::path::Path;

/// Whether Compose takes this as the value of `-p` or `COMPOSE_PROJECT_NAME`.
pub(super) fn is_project_name(name: &str) -> bool {
    let is_start = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    name.bytes().next().is_some_and(is_start) && name.bytes().all(|byte| is_start(byte) || byte == b'-' || byte == b'_')
}

/// The project name that Compose makes of a folder: the last part of the path in small letters, without what a project
/// name may not hold. Empty when nothing is left.
pub(super) fn from_directory(directory: &Path) -> String {
    let base = directory.file_name().map(|name| name.to_string_lossy().to_lowercase()).unwrap_or_default();
    let kept: String =
        base.chars().filter(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_".contains(*c)).collect();
    kept.trim_start_matches(['-', '_']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folder_names_become_project_names() {
        for (directory, name) in
            [("/x/My Dir.v2_X-1", "mydirv2_x-1"), ("/x/_-a", "a"), ("/", ""), ("/x/日本", ""), ("/x/ÄB", "b")]
        {
            assert_eq!(from_directory(Path::new(directory)), name);
        }
    }

    #[test]
    fn only_plain_names_are_taken_from_flags() {
        assert!(is_project_name("a-b_1") && is_project_name("1"));
        for name in ["", "A", "-a", "_a", "a.b", "a b"] {
            assert!(!is_project_name(name), "{name}");
        }
    }
}
