// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What the engine says of one container, as plain data.
//!
//! Limits: nothing is judged here except which of the engine's words contradict each other ([`Container::phase`]).

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

/// A moment. Of the engine's clock where it comes from the engine.
pub type Timestamp = DateTime<Utc>;

/// The word in `State.Status`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// Made and never started.
    Created,
    /// Its main process runs.
    Running,
    /// Frozen.
    Paused,
    /// Dead, and the engine waits before it starts it again.
    Restarting,
    /// Being removed.
    Removing,
    /// Its main process has ended.
    Exited,
    /// The engine failed to remove it.
    Dead,
}

/// The word in `State.Health.Status`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HealthStatus {
    /// No check yet has passed, and not enough have failed.
    Starting,
    /// The last check passed, or too few have failed since one did.
    Healthy,
    /// As many checks failed in a row as `retries` says; or the engine stopped checking.
    Unhealthy,
}

impl HealthStatus {
    /// The status that an engine spells `word`; nothing for `none` and an empty word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "starting" => Self::Starting,
            "healthy" => Self::Healthy,
            "unhealthy" => Self::Unhealthy,
            _ => return None,
        })
    }
}

/// One run of a health check.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Probe {
    /// When it began.
    pub start: Timestamp,
    /// When it ended.
    pub end: Timestamp,
    /// Its exit code; -1 when it ran longer than its timeout or could not be run.
    pub exit_code: i64,
    /// What it printed, both streams mixed. Engines cut it at 4096 bytes.
    pub output: String,
}

/// `State.Health`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Health {
    /// The word.
    pub status: HealthStatus,
    /// Failures in a row; `None` where the engine does not say (a container list).
    pub failing_streak: Option<u32>,
    /// The last probes, oldest first; at most five, and some may be from before the last start.
    pub log: Vec<Probe>,
}

/// The timings of a container's health check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CheckTimings {
    /// From the end of a check to the start of the next.
    pub interval: TimeDelta,
    /// After this a check has failed.
    pub timeout: TimeDelta,
    /// Failures in a row that make the container unhealthy.
    pub retries: u32,
    /// Failures in this time after the start do not count.
    pub start_period: TimeDelta,
}

impl Default for CheckTimings {
    /// The engine's own: 30 s, 30 s, 3 times, no start period.
    fn default() -> Self {
        Self {
            interval: TimeDelta::seconds(30),
            timeout: TimeDelta::seconds(30),
            retries: 3,
            start_period: TimeDelta::zero(),
        }
    }
}

impl CheckTimings {
    /// The longest that a container can take from its start to a first verdict of its check.
    #[must_use]
    pub fn longest_to_verdict(&self) -> TimeDelta {
        let round = self.interval + self.timeout;
        self.start_period + round * i32::try_from(self.retries.clamp(1, 1_000)).unwrap_or(1)
    }
}

/// `HostConfig.RestartPolicy`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum RestartPolicy {
    /// `no`, or none.
    #[default]
    No,
    /// `always`.
    Always,
    /// `unless-stopped`.
    UnlessStopped,
    /// `on-failure`, with the most tries where one is set.
    OnFailure(Option<u32>),
}

/// What is going on with the main process, in one word that cannot contradict itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Phase {
    /// Never started.
    Created,
    /// There is a process and it runs: the only phase in which health means anything.
    Running,
    /// There is a process and it is frozen.
    Paused,
    /// There is no process; the engine is about to start one.
    Waiting,
    /// There is no process.
    Ended,
}

/// One container.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "the engine's own flags, as it gives them")]
pub struct Container {
    /// The full id.
    pub id: String,
    /// The name, without the leading slash.
    pub name: String,
    /// `com.docker.compose.project`.
    pub project: Option<String>,
    /// `com.docker.compose.service`.
    pub service: Option<String>,
    /// `com.docker.compose.container-number`; 1 without.
    pub number: u32,
    /// `com.docker.compose.oneoff`: made by `compose run`.
    pub one_off: bool,
    /// The image as the container was made from it.
    pub image: String,
    /// All labels.
    pub labels: BTreeMap<String, String>,
    /// `State.Status`.
    pub status: Status,
    /// `State.Running`. True while the container waits for a restart too, so no verdict looks at it.
    pub running: bool,
    /// `State.Paused`.
    pub paused: bool,
    /// `State.Restarting`.
    pub restarting: bool,
    /// `State.ExitCode` of the last run.
    pub exit_code: i64,
    /// `State.OOMKilled`. Engine 20.10 does not set it when only a child was killed.
    pub oom_killed: bool,
    /// `State.Error`: why the last start failed; empty otherwise.
    pub start_error: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When the last run began.
    pub started_at: Option<Timestamp>,
    /// When the last run that has ended did so; may be before `started_at`.
    pub finished_at: Option<Timestamp>,
    /// Restarts by the engine since the last start by hand.
    pub restart_count: u32,
    /// The engine's restart policy.
    pub restart_policy: RestartPolicy,
    /// `State.Health`; `None` when the container has no check.
    pub health: Option<Health>,
    /// The timings of the check, when known.
    pub check: Option<CheckTimings>,
}

impl Container {
    /// A container of which nothing but its name tag is known yet, as after an event of a container never inspected:
    /// created at `created_at`, never started, with the identity that Compose's labels give.
    #[must_use]
    pub fn unseen(id: &str, name: &str, image: &str, labels: BTreeMap<String, String>, created_at: Timestamp) -> Self {
        let label = |key: &str| labels.get(key).cloned();
        Self {
            id: id.to_owned(),
            name: name.to_owned(),
            project: label("com.docker.compose.project"),
            service: label("com.docker.compose.service"),
            number: label("com.docker.compose.container-number").and_then(|text| text.parse().ok()).unwrap_or(1),
            one_off: label("com.docker.compose.oneoff").is_some_and(|text| text.eq_ignore_ascii_case("true")),
            image: image.to_owned(),
            labels,
            status: Status::Created,
            running: false,
            paused: false,
            restarting: false,
            exit_code: 0,
            oom_killed: false,
            start_error: String::new(),
            created_at,
            started_at: None,
            finished_at: None,
            restart_count: 0,
            restart_policy: RestartPolicy::No,
            health: None,
            check: None,
        }
    }

    /// What the main process does. The status word says whether there is one; the flags only refine it, because an
    /// engine sets `Running` while a container waits for its restart too.
    #[must_use]
    pub fn phase(&self) -> Phase {
        match self.status {
            Status::Created => Phase::Created,
            Status::Exited | Status::Dead | Status::Removing => Phase::Ended,
            Status::Restarting => Phase::Waiting,
            Status::Running | Status::Paused if self.restarting => Phase::Waiting,
            Status::Running if self.paused => Phase::Paused,
            Status::Paused => Phase::Paused,
            Status::Running => Phase::Running,
        }
    }

    /// The probes of the present run, oldest first. Engines keep the entries of earlier runs over a restart.
    #[must_use]
    pub fn probes(&self) -> impl DoubleEndedIterator<Item = &Probe> {
        let since = self.started_at;
        self.health.iter().flat_map(|health| &health.log).filter(move |probe| since.is_none_or(|at| probe.start >= at))
    }

    /// How long the last run took, when it has ended.
    #[must_use]
    pub fn last_run(&self) -> Option<TimeDelta> {
        let (start, end) = (self.started_at?, self.finished_at?);
        (end >= start).then(|| end - start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::health::testing::{at, running};

    #[test]
    fn running_is_not_believed_while_restarting() {
        let mut container = running("web");
        container.restarting = true;
        assert!(container.running);
        assert_eq!(container.phase(), Phase::Waiting);
    }

    #[test]
    fn flags_left_over_on_an_ended_container_mean_nothing() {
        let mut container = running("web");
        container.status = Status::Exited;
        container.paused = true;
        container.restarting = true;
        assert_eq!(container.phase(), Phase::Ended);
    }

    #[test]
    fn probes_of_earlier_runs_are_left_out() {
        let mut container = running("web");
        let probe = |second| Probe { start: at(second), end: at(second + 1), exit_code: 1, output: String::new() };
        container.started_at = Some(at(100));
        container.health = Some(Health {
            status: HealthStatus::Starting,
            failing_streak: Some(0),
            log: vec![probe(90), probe(99), probe(100), probe(110)],
        });
        assert_eq!(container.probes().map(|one| one.start).collect::<Vec<_>>(), [at(100), at(110)]);
    }

    #[test]
    fn identity_comes_from_the_labels_of_compose() {
        let labels = [
            ("com.docker.compose.project", "voice"),
            ("com.docker.compose.service", "bus"),
            ("com.docker.compose.container-number", "3"),
            ("com.docker.compose.oneoff", "True"),
        ];
        let labels = labels.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        let container = Container::unseen("id", "voice-bus-3", "bus:1", labels, at(0));
        assert_eq!(container.project.as_deref(), Some("voice"));
        assert_eq!((container.service.as_deref(), container.number, container.one_off), (Some("bus"), 3, true));
    }

    #[test]
    fn an_absurd_number_of_retries_does_not_overflow() {
        let timings = CheckTimings { retries: u32::MAX, ..CheckTimings::default() };
        assert_eq!(timings.longest_to_verdict(), TimeDelta::minutes(1_000));
    }
}
