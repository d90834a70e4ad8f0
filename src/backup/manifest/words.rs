// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The words of a manifest.

use serde::{Deserialize, Serialize};

/// Whether a set holds all that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Result {
    /// It does.
    Complete,
    /// Something is missing, and somebody agreed to that.
    Partial,
}

impl Result {
    /// The word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Complete => "complete",
            Self::Partial => "partial",
        }
    }
}

/// How still the data was while it was read. Ordered from the best.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Consistency {
    /// Nobody who could write was running.
    Stopped,
    /// The writers' own hooks had made it safe to read.
    Hook,
    /// The writers were frozen: as after a power cut.
    Paused,
    /// Somebody may have written meanwhile.
    Live,
}

impl Consistency {
    /// The word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Stopped => "stopped",
            Self::Hook => "hook",
            Self::Paused => "paused",
            Self::Live => "live",
        }
    }
}

/// The way that the data took from the volume into the set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DataPath {
    /// A helper container: exact.
    Helper,
    /// The folder of the host: exact.
    Host,
    /// The engine's archive requests: not exact, see the losses.
    EngineArchive,
}

impl DataPath {
    /// The word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Helper => "helper",
            Self::Host => "host",
            Self::EngineArchive => "engine_archive",
        }
    }

    /// What does not come through, as fragments for people; empty for an exact way.
    #[must_use]
    pub const fn losses(self) -> &'static [&'static str] {
        match self {
            Self::Helper | Self::Host => &[],
            Self::EngineArchive => &[
                "extended attributes other than capabilities",
                "access control lists",
                "fractions of a second in times",
                "sockets",
                "holes in sparse files",
            ],
        }
    }

    /// What does not come back when a volume is filled this way, as fragments for people; empty for an exact way.
    #[must_use]
    pub const fn losses_back(self) -> &'static [&'static str] {
        match self {
            Self::Helper | Self::Host => &[],
            Self::EngineArchive => &[
                "holes in sparse files",
                "times before 1970 and after 2262",
                "extended attributes that are empty or have `=` in their name",
            ],
        }
    }

    /// What is written this way and cannot be read back to be verified, as fragments for people.
    #[must_use]
    pub const fn unverified(self) -> &'static [&'static str] {
        match self {
            Self::Helper | Self::Host => &[],
            Self::EngineArchive => &[
                "extended attributes other than capabilities",
                "access control lists",
                "fractions of a second in times",
            ],
        }
    }
}

/// What a container did when the operation began.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It ran.
    Running,
    /// It was frozen.
    Paused,
    /// It did not run.
    Stopped,
}

/// Where the class of some data comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// `x-stackctl` on the volume.
    Volume,
    /// The label `stackctl.backup` on a service.
    Label,
    /// What is known of the image.
    Catalog,
    /// Nothing is known of it.
    Default,
}

/// Why something is not in the set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeftOutReason {
    /// It can be downloaded or computed again.
    Cache,
    /// Of no use after a restart.
    Ephemeral,
    /// It lives in memory.
    Memory,
    /// Asked not to be.
    Excluded,
    /// Only others were asked for.
    NotAsked,
    /// Made outside the project and not named.
    External,
    /// Outside the project folder.
    Outside,
    /// A socket or a device.
    Special,
    /// Part of the machine: `/proc`, `/sys`, `/dev`, the engine's socket.
    System,
    /// A secret of the file; asked for by `--include-secrets`.
    Secret,
    /// It is not there.
    Missing,
    /// Inside something that is captured.
    Inside,
    /// It could not be captured.
    Failed,
}

impl LeftOutReason {
    /// The reason as a fragment for people.
    #[must_use]
    pub const fn phrase(self) -> &'static str {
        match self {
            Self::Cache => "cache: can be fetched again",
            Self::Ephemeral => "ephemeral: of no use after a restart",
            Self::Memory => "lives in memory",
            Self::Excluded => "excluded",
            Self::NotAsked => "not asked for",
            Self::External => "external and not named",
            Self::Outside => "outside the project folder",
            Self::Special => "a socket or device",
            Self::System => "part of the machine",
            Self::Secret => "a secret",
            Self::Missing => "not there",
            Self::Inside => "inside something that is captured",
            Self::Failed => "could not be captured",
        }
    }
}

/// When a hook runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HookPhase {
    /// Before the data is read.
    Pre,
    /// After it, whatever happened.
    Post,
}
