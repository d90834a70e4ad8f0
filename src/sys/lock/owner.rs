// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Who holds a lock, as labels of the lock's volume.

use chrono::{DateTime, SecondsFormat, Utc};

use crate::sys::engine::Labels;

/// The label that marks lock volumes; its value is the project.
pub(super) const MARK: &str = "stackctl.lock";
const TOKEN: &str = "stackctl.lock.token";
const MACHINE: &str = "stackctl.lock.machine";
const HOST: &str = "stackctl.lock.host";
const BOOT: &str = "stackctl.lock.boot";
const NAMESPACE: &str = "stackctl.lock.pid-namespace";
const PID: &str = "stackctl.lock.pid";
const BIRTH: &str = "stackctl.lock.pid-birth";
const STARTED: &str = "stackctl.lock.started";
const COMMAND: &str = "stackctl.lock.command";

/// A process, told apart from every other one on every machine and at any time.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ProcessIdentity {
    /// The machine's id; empty where it has none, as in many containers.
    pub machine: String,
    /// The host's name, for people, and because images can carry one machine id to many machines.
    pub host: String,
    /// The id of the machine's current boot.
    pub boot: String,
    /// The process namespace: numbers mean nothing outside it.
    pub namespace: String,
    /// The process number.
    pub pid: u32,
    /// When the process began, in the kernel's ticks since boot: numbers are used again.
    pub birth: String,
}

impl ProcessIdentity {
    /// Whether both are on one machine, as far as can be told.
    #[must_use]
    pub fn shares_machine_with(&self, other: &Self) -> bool {
        !self.machine.is_empty() && self.machine == other.machine && self.host == other.host
    }
}

/// The holder of a lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockOwner {
    /// Which process.
    pub process: ProcessIdentity,
    /// Since when, by the holder's clock.
    pub started: DateTime<Utc>,
    /// What it does, such as `backup`.
    pub command: String,
}

impl LockOwner {
    /// The labels of a volume that says so.
    pub(super) fn labels(&self, project: &str, token: &str) -> Labels {
        let process = &self.process;
        [
            (MARK, project.to_owned()),
            (TOKEN, token.to_owned()),
            (MACHINE, process.machine.clone()),
            (HOST, process.host.clone()),
            (BOOT, process.boot.clone()),
            (NAMESPACE, process.namespace.clone()),
            (PID, process.pid.to_string()),
            (BIRTH, process.birth.clone()),
            (STARTED, self.started.to_rfc3339_opts(SecondsFormat::Millis, true)),
            (COMMAND, self.command.clone()),
        ]
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
    }

    /// Reads the labels again. What is damaged or missing comes out empty: then nobody can be shown to be dead.
    pub(super) fn read(labels: &Labels) -> Self {
        let text = |name: &str| labels.get(name).cloned().unwrap_or_default();
        Self {
            process: ProcessIdentity {
                machine: text(MACHINE),
                host: text(HOST),
                boot: text(BOOT),
                namespace: text(NAMESPACE),
                pid: text(PID).parse().unwrap_or(0),
                birth: text(BIRTH),
            },
            started: DateTime::parse_from_rfc3339(&text(STARTED)).map(|time| time.to_utc()).unwrap_or_default(),
            command: text(COMMAND),
        }
    }

    /// The token of these labels; empty when there is none.
    pub(super) fn token(labels: &Labels) -> &str {
        labels.get(TOKEN).map_or("", String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_tell_the_owner_whole() {
        let owner = LockOwner {
            process: ProcessIdentity {
                machine: "m".into(),
                host: "h".into(),
                boot: "b".into(),
                namespace: "pid:[1]".into(),
                pid: 7,
                birth: "99".into(),
            },
            started: DateTime::from_timestamp_millis(1_800_000_000_123).unwrap_or_default(),
            command: "backup".into(),
        };
        let labels = owner.labels("p", "t");
        assert_eq!((LockOwner::read(&labels), LockOwner::token(&labels)), (owner, "t"));
        assert_eq!(LockOwner::read(&Labels::new()).process, ProcessIdentity::default());
    }

    #[test]
    fn machines_without_an_id_are_never_the_same() {
        let nobody = ProcessIdentity { host: "h".into(), ..ProcessIdentity::default() };
        assert!(!nobody.shares_machine_with(&nobody.clone()));
    }
}
