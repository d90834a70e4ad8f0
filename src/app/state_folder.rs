// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Where stackctl keeps what it must remember between runs.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::config::env::STATE_DIR;

/// The folder: `STACKCTL_STATE_DIR`, else `stackctl` below `XDG_STATE_HOME`, else below `~/.local/state` (XDG Base Directory
/// Specification 0.8). `None` when none of the variables is an absolute path. It need not be there yet.
#[must_use]
pub fn state_folder(environment: &BTreeMap<String, String>) -> Option<PathBuf> {
    let variable = |name: &str| environment.get(name).filter(|value| value.starts_with('/')).map(PathBuf::from);
    variable(STATE_DIR)
        .or_else(|| variable("XDG_STATE_HOME").map(|state| state.join("stackctl")))
        .or_else(|| variable("HOME").map(|home| home.join(".local/state/stackctl")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_absolute_path_wins() {
        let folder = |pairs: &[(&str, &str)]| {
            let pairs = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
            state_folder(&pairs.collect()).map(|folder| folder.display().to_string())
        };
        assert_eq!(folder(&[("HOME", "/home/a")]).as_deref(), Some("/home/a/.local/state/stackctl"));
        assert_eq!(folder(&[("HOME", "/home/a"), ("XDG_STATE_HOME", "/s")]).as_deref(), Some("/s/stackctl"));
        assert_eq!(folder(&[("XDG_STATE_HOME", "/s"), ("STACKCTL_STATE_DIR", "/here")]).as_deref(), Some("/here"));
        assert_eq!(folder(&[("XDG_STATE_HOME", "relative")]), None);
    }
}
