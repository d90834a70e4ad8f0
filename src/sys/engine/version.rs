// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! API versions, and what they bring. Tests and code ask for a capability, never for an engine's version.

use std::fmt;
use std::str::FromStr;

/// A version of the engine's API, such as 1.41.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ApiVersion {
    major: u16,
    minor: u16,
}

impl ApiVersion {
    /// The oldest that this program is tested with (Engine 20.10).
    pub const OLDEST: Self = Self::new(1, 41);
    /// The newest whose answers this program knows (Engine 28.3); requests never ask for a newer one.
    pub const NEWEST_KNOWN: Self = Self::new(1, 51);
    /// `start_interval` of health checks (Engine 25). Older engines ignore it.
    pub const START_INTERVAL: Self = Self::new(1, 44);

    /// A version from its numbers.
    #[must_use]
    pub const fn new(major: u16, minor: u16) -> Self {
        Self { major, minor }
    }

    /// Its numbers, the major one first.
    #[must_use]
    pub const fn numbers(self) -> (u16, u16) {
        (self.major, self.minor)
    }
}

impl fmt::Display for ApiVersion {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}.{}", self.major, self.minor)
    }
}

/// A text that is no API version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an API version")]
pub struct BadApiVersion;

impl FromStr for ApiVersion {
    type Err = BadApiVersion;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (major, minor) = text.trim().split_once('.').ok_or(BadApiVersion)?;
        Ok(Self::new(major.parse().map_err(|_| BadApiVersion)?, minor.parse().map_err(|_| BadApiVersion)?))
    }
}

/// Who answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EngineVersion {
    /// The newest API that the engine speaks.
    pub api: ApiVersion,
    /// The oldest API that the engine still speaks, where it says so.
    pub oldest_api: Option<ApiVersion>,
    /// The engine's own version, such as `20.10.24`.
    pub engine: String,
    /// The operating system below it, such as `linux`.
    pub os: String,
    /// The processor architecture, such as `amd64`.
    pub architecture: String,
    /// The kernel's version; empty where unknown.
    pub kernel: String,
}

/// What the engine says of itself and its machine.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EngineInfo {
    /// The engine's id; it survives restarts.
    pub id: String,
    /// The host's name.
    pub name: String,
    /// The engine's own version.
    pub engine: String,
    /// The distribution, such as `Debian GNU/Linux 12 (bookworm)`.
    pub operating_system: String,
    /// Processors.
    pub cpus: u64,
    /// Main memory in bytes.
    pub memory_bytes: u64,
    /// The storage driver, such as `overlay2`.
    pub storage_driver: String,
    /// Where the engine keeps its data, on its own machine.
    pub data_root: String,
    /// The logging driver that containers get by default.
    pub logging_driver: String,
    /// `1` or `2`; empty where unknown.
    pub cgroup_version: String,
    /// The names of the runtimes, sorted; `nvidia` among them means GPUs.
    pub runtimes: Vec<String>,
    /// The runtime that containers get by default.
    pub default_runtime: String,
    /// Whether containers survive a restart of the engine.
    pub live_restore: bool,
    /// Whether the engine runs without root.
    pub rootless: bool,
    /// The engine's clock at the time of the answer.
    pub time: Option<chrono::DateTime<chrono::Utc>>,
    /// The engine's own warnings.
    pub warnings: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_order_by_number_not_by_text() {
        let old: ApiVersion = "1.9".parse().unwrap_or(ApiVersion::OLDEST);
        assert!(old < ApiVersion::OLDEST);
        assert_eq!("1.x".parse::<ApiVersion>(), Err(BadApiVersion));
        assert_eq!("1.41".parse::<ApiVersion>(), Ok(ApiVersion::OLDEST));
    }
}
