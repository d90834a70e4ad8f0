// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! One layer of settings: what a single source says, and nothing where it is silent.

use std::collections::BTreeMap;

use super::{
    BackupSettings, ColorChoice, DashboardSettings, FindingFormat, LogFormat, PersonaChoice, SinkLayer,
    SuperviseSettings,
};
use crate::diag::Level;

/// Where a value comes from. Ordered: a later one wins.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// Built in.
    Default,
    /// A settings file, as shown to people.
    File(String),
    /// A variable of the environment.
    Environment(&'static str),
    /// The command line.
    Flag,
}

impl std::fmt::Display for Origin {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Default => formatter.write_str("default"),
            Self::File(name) => write!(formatter, "`{name}`"),
            Self::Environment(name) => write!(formatter, "`{name}`"),
            Self::Flag => formatter.write_str("command line"),
        }
    }
}

/// What one source says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Layer {
    /// Levels by rule name; `None` switches the rule off.
    pub levels: BTreeMap<String, Option<Level>>,
    /// Only these rules speak.
    pub select: Option<Vec<String>>,
    /// These rules are silent.
    pub ignore: Option<Vec<String>>,
    /// Which rules speak.
    pub persona: Option<PersonaChoice>,
    /// The lowest level that fails a run.
    pub fail_on: Option<Level>,
    /// The largest file that is read, in bytes.
    pub max_file_size: Option<u64>,
    /// When to use colour.
    pub color: Option<ColorChoice>,
    /// How findings are written.
    pub format: Option<FindingFormat>,
    /// How log lines are written.
    pub log_format: Option<LogFormat>,
    /// Which log lines are written: a filter such as `debug` or `stackctl::app=trace`.
    pub log_level: Option<String>,
    /// What becomes of restore points.
    pub backup: Option<BackupSettings>,
    /// What the screen is like.
    pub dashboard: Option<DashboardSettings>,
    /// Who is told what a supervisor sees.
    pub sinks: SinkLayer,
    /// What the supervisor may do.
    pub supervise: Option<SuperviseSettings>,
}
