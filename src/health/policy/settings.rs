// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What the supervisor may do, and how often.

use std::collections::BTreeMap;

use chrono::TimeDelta;

use super::window::Window;

/// The label that lets a service be acted upon.
pub const LABEL: &str = "stackctl.heal";

/// What may be done when a service is bad.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Mode {
    /// Nothing.
    #[default]
    Observe,
    /// Tell.
    Notify,
    /// Tell, and restart it.
    Restart,
    /// Tell, and restart all services of its project in order of dependency.
    RestartStack,
    /// Tell, and run the command of the settings. A label never carries a command: who writes labels need not be who may
    /// run programs on the host.
    Command,
}

impl Mode {
    /// The mode that a label or setting spells `word`.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Some(match word.trim() {
            "observe" => Self::Observe,
            "notify" => Self::Notify,
            "restart" => Self::Restart,
            "restart-stack" => Self::RestartStack,
            "command" => Self::Command,
            _ => return None,
        })
    }

    /// The word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Observe => "observe",
            Self::Notify => "notify",
            Self::Restart => "restart",
            Self::RestartStack => "restart-stack",
            Self::Command => "command",
        }
    }

    /// Whether this does anything to containers or the host.
    #[must_use]
    pub const fn acts(self) -> bool {
        matches!(self, Self::Restart | Self::RestartStack | Self::Command)
    }
}

/// The numbers of the policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Attempts in `window` before the breaker opens.
    pub attempts: u32,
    /// The time in which attempts are counted.
    pub window: TimeDelta,
    /// The wait before the first attempt; doubled for each further one.
    pub first_wait: TimeDelta,
    /// The longest wait.
    pub longest_wait: TimeDelta,
    /// A service that was good for this long starts anew with the first wait, and its breaker closes.
    pub settled: TimeDelta,
    /// How long an open breaker allows nothing; then one attempt.
    pub cool_down: TimeDelta,
    /// A service must be good for this long before it is told as recovered.
    pub recovered: TimeDelta,
    /// The engine must have been there for this long before anything is done.
    pub link_settle: TimeDelta,
    /// Services that turn bad within this time are counted together.
    pub host_window: TimeDelta,
    /// More than this share of them, in hundredths, and at least three, is trouble of the host.
    pub host_share: u32,
    /// How long nothing is done then, unless it is over sooner.
    pub host_hold: TimeDelta,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            attempts: 5,
            window: TimeDelta::minutes(15),
            first_wait: TimeDelta::seconds(10),
            longest_wait: TimeDelta::minutes(5),
            settled: TimeDelta::minutes(10),
            cool_down: TimeDelta::minutes(15),
            recovered: TimeDelta::seconds(30),
            link_settle: TimeDelta::seconds(30),
            host_window: TimeDelta::seconds(30),
            host_share: 50,
            host_hold: TimeDelta::minutes(5),
        }
    }
}

/// What the settings say of one service.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ServicePolicy {
    /// Its mode.
    pub mode: Mode,
    /// For [`Mode::Command`]: program and arguments.
    pub command: Vec<String>,
}

/// Whether decisions are carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Execution {
    /// They are.
    #[default]
    Real,
    /// They are only told.
    DryRun,
}

/// All settings of the supervisor.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PolicySettings {
    /// The mode of services of which neither the settings nor a label speaks.
    pub default: ServicePolicy,
    /// By service, or by `project/service` where that is needed to tell two apart. Beats a label.
    pub services: BTreeMap<String, ServicePolicy>,
    /// The numbers.
    pub limits: Limits,
    /// Times in which nothing is done or told.
    pub windows: Vec<Window>,
    /// Whether decisions are carried out.
    pub execution: Execution,
}

impl PolicySettings {
    /// What holds for a service, and whether somebody chose that for this very service. A label that says nothing known
    /// allows nothing.
    #[must_use]
    pub fn of(&self, project: &str, service: &str, label: Option<&str>) -> (ServicePolicy, Chosen) {
        let exact = self.services.get(&format!("{project}/{service}"));
        if let Some(policy) = exact.or_else(|| self.services.get(service)) {
            return (policy.clone(), Chosen::ForService);
        }
        match label {
            Some(label) => {
                let mode = Mode::parse(label).unwrap_or_default();
                (ServicePolicy { mode, command: self.default.command.clone() }, Chosen::ForService)
            }
            None => (self.default.clone(), Chosen::ByDefault),
        }
    }
}

/// Where a mode comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chosen {
    /// From a label or a setting of the service.
    ForService,
    /// From the default.
    ByDefault,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_modes_read_back() {
        for mode in [Mode::Observe, Mode::Notify, Mode::Restart, Mode::RestartStack, Mode::Command] {
            assert_eq!(Mode::parse(mode.word()), Some(mode));
        }
        assert_eq!(Mode::parse("Restart"), None);
    }

    #[test]
    fn settings_beat_labels_and_an_unknown_label_allows_nothing() {
        let policy = |mode| ServicePolicy { mode, command: Vec::new() };
        let settings = PolicySettings {
            default: policy(Mode::Restart),
            services: BTreeMap::from([
                ("web".to_owned(), policy(Mode::Notify)),
                ("voice/web".to_owned(), policy(Mode::RestartStack)),
            ]),
            ..PolicySettings::default()
        };
        let mode = |project, service, label| settings.of(project, service, label).0.mode;
        assert_eq!(mode("voice", "web", Some("restart")), Mode::RestartStack);
        assert_eq!(mode("other", "web", Some("restart")), Mode::Notify);
        assert_eq!(mode("voice", "db", Some("command")), Mode::Command);
        assert_eq!(mode("voice", "db", Some("reboot")), Mode::Observe);
        assert_eq!(mode("voice", "db", None), Mode::Restart);
        assert_eq!(PolicySettings::default().of("voice", "db", None), (ServicePolicy::default(), Chosen::ByDefault));
    }
}
