// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Everything that an engine in memory holds, and how time changes it.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::TimeDelta;
use tokio::sync::watch;

use super::bus::Bus;
use super::container::{Container, Said, after};
use super::fault::Script;
use super::program;
use super::{Flavour, START};
use crate::sys::engine::{
    ContainerStatus, Event, EventSubject, EventTime, HealthProbe, HealthStatus, ImageDetail, Labels, Network,
    OutputStream, Volume,
};

/// A run this long resets the engine's back-off.
const GOOD_RUN: Duration = Duration::from_secs(10);
const FIRST_BACK_OFF: Duration = Duration::from_millis(100);
const LONGEST_BACK_OFF: Duration = Duration::from_mins(1);
/// The engine keeps so many probes.
const PROBES: usize = 5;

/// What stands behind an engine in memory.
pub(super) struct World {
    pub(super) now: EventTime,
    pub(super) flavour: Flavour,
    pub(super) containers: Vec<Container>,
    pub(super) volumes: BTreeMap<String, Volume>,
    pub(super) networks: Vec<Network>,
    pub(super) images: Vec<ImageDetail>,
    pub(super) bus: Bus,
    pub(super) faults: Script,
    /// Whether the engine is away.
    pub(super) away: bool,
    /// The calls that were made, in order.
    pub(super) calls: Vec<&'static str>,
    pub(super) made: u64,
    /// Tells that some container ended.
    pub(super) ended: watch::Sender<()>,
}

/// What happens next by itself.
enum Due {
    End(usize, i64),
    Restart(usize),
    Probe(usize),
}

impl World {
    pub(super) fn new(flavour: Flavour) -> Self {
        Self {
            now: START,
            flavour,
            containers: Vec::new(),
            volumes: BTreeMap::new(),
            networks: Vec::new(),
            images: Vec::new(),
            bus: Bus::default(),
            faults: Script::default(),
            away: false,
            calls: Vec::new(),
            made: 0,
            ended: watch::Sender::new(()),
        }
    }

    /// A fresh id of 64 digits.
    pub(super) fn id(&mut self) -> String {
        self.made += 1;
        // The number comes first, so that short ids are unique too.
        format!("{:012x}{:052x}", self.made.wrapping_mul(0x9e37_79b9_7f4a) & 0xffff_ffff_ffff, self.made)
    }

    /// Tells an event about a container; each has a time of its own.
    pub(super) fn tell(&mut self, index: usize, action: &str, more: &[(&str, String)]) {
        let container = &self.containers[index];
        let mut attributes = container.plan.labels.clone();
        attributes.insert("name".to_owned(), container.plan.name.clone());
        attributes.insert("image".to_owned(), container.plan.image.clone());
        attributes.extend(more.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
        let id = container.id.clone();
        self.tell_of(EventSubject::Container, action, id, attributes);
    }

    /// Tells an event about anything.
    pub(super) fn tell_of(&mut self, subject: EventSubject, action: &str, id: String, attributes: Labels) {
        self.now = after(self.now, Duration::from_micros(1));
        self.bus.tell(Event { subject, action: action.to_owned(), id, attributes, time: self.now });
    }

    /// Sets the clock.
    pub(super) fn set_clock(&mut self, by: TimeDelta) {
        let shifted = |time: EventTime| EventTime::from(time.at() + by);
        self.now = shifted(self.now);
        for container in &mut self.containers {
            container.ends = container.ends.map(|(at, code)| (shifted(at), code));
            container.probes = container.probes.map(shifted);
            container.restarts = container.restarts.map(shifted);
        }
    }

    /// Lets time go by, with everything that happens in it, in order.
    pub(super) fn pass(&mut self, time: Duration) {
        let end = after(self.now, time);
        while let Some((when, due)) = self.due().filter(|(when, _)| *when <= end) {
            self.now = self.now.max(when);
            match due {
                Due::End(index, code) => self.die(index, code, true),
                Due::Restart(index) => {
                    self.containers[index].restart_count += 1;
                    self.start(index);
                }
                Due::Probe(index) => self.probe(index),
            }
        }
        self.now = self.now.max(end);
        self.bus.pass(self.now);
    }

    fn due(&self) -> Option<(EventTime, Due)> {
        let mut next: Option<(EventTime, Due)> = None;
        for (index, container) in self.containers.iter().enumerate() {
            let paused = container.state.paused;
            let due = [
                container.ends.filter(|_| !paused).map(|(time, code)| (time, Due::End(index, code))),
                container.restarts.map(|time| (time, Due::Restart(index))),
                container.probes.map(|time| (time, Due::Probe(index))),
            ];
            for (time, due) in due.into_iter().flatten() {
                if next.as_ref().is_none_or(|(earliest, _)| time < *earliest) {
                    next = Some((time, due));
                }
            }
        }
        next
    }

    /// Starts the first process.
    pub(super) fn start(&mut self, index: usize) {
        let now = self.now;
        let container = &mut self.containers[index];
        let run = program::run(&container.words(), &mut container.files);
        let state = &mut container.state;
        state.status = ContainerStatus::Running;
        (state.running, state.restarting, state.paused, state.oom_killed) = (true, false, false, false);
        state.pid = 1000 + i64::try_from(index).unwrap_or(0);
        state.started = Some(now.at());
        container.restarts = None;
        container.busy = run.busy;
        container.ends = run.took.map(|took| (after(now, took), run.exit_code));
        container.write(OutputStream::Out, &run.stdout, now);
        container.write(OutputStream::Err, &run.stderr, now);
        match (run.echoes, container.plan.open_stdin) {
            (true, true) => container.say(&Said::Echo),
            // Nobody can say anything, so the input is at its end.
            (true, false) => container.ends = Some((now, 0)),
            (false, _) => {}
        }
        container.begin_probing(now);
        self.tell(index, "start", &[]);
    }

    /// The first process ends. `again` when the engine may start it again: not after a stop by hand.
    pub(super) fn die(&mut self, index: usize, exit_code: i64, again: bool) {
        let now = self.now;
        let container = &mut self.containers[index];
        let state = &mut container.state;
        let lived = state.started.map_or(0, |started| now.0 - EventTime::from(started).0);
        (state.paused, state.pid, state.exit_code) = (false, 0, exit_code);
        state.finished = Some(now.at());
        container.ends = None;
        container.busy = false;
        container.stop_probing();
        container.attached.clear();
        let policy = &container.plan.restart_policy;
        let again = again
            && match policy.name.as_str() {
                "always" | "unless-stopped" => true,
                "on-failure" => {
                    exit_code != 0 && (policy.maximum_retries == 0 || container.restart_count < policy.maximum_retries)
                }
                _ => false,
            };
        let state = &mut container.state;
        (state.running, state.restarting) = (again, again);
        if again {
            state.status = ContainerStatus::Restarting;
            let good = lived >= i64::try_from(GOOD_RUN.as_nanos()).unwrap_or(i64::MAX);
            container.back_off = if good || container.back_off.is_zero() {
                FIRST_BACK_OFF
            } else {
                (container.back_off * 2).min(LONGEST_BACK_OFF)
            };
            container.restarts = Some(after(now, container.back_off));
        } else {
            state.status = ContainerStatus::Exited;
            container.restarts = None;
            container.log_listeners.clear();
        }
        let mut more = vec![("exitCode", exit_code.to_string())];
        if self.flavour == Flavour::StopThenDie {
            more.push(("execDuration", (lived / 1_000_000_000).to_string()));
        }
        self.tell(index, "die", &more);
        self.ended.send_replace(());
    }

    /// Stops by hand, in the order of events that this engine has.
    pub(super) fn stop(&mut self, index: usize, deaf: bool) {
        let container = &mut self.containers[index];
        if container.state.restarting {
            (container.state.running, container.state.restarting) = (false, false);
            container.state.status = ContainerStatus::Exited;
            container.restarts = None;
            return;
        }
        if !container.lives() {
            return;
        }
        self.tell(index, "kill", &[("signal", "15".to_owned())]);
        if deaf {
            self.tell(index, "kill", &[("signal", "9".to_owned())]);
        }
        match self.flavour {
            Flavour::DieThenStop => {
                self.die(index, 137, false);
                self.tell(index, "stop", &[]);
            }
            Flavour::StopThenDie => {
                // The state is final before the first of the two is told.
                self.tell(index, "stop", &[]);
                self.die(index, 137, false);
            }
        }
    }

    /// Runs the health check once; three events and at most one of a changed verdict.
    fn probe(&mut self, index: usize) {
        let begin = self.now;
        let container = &mut self.containers[index];
        let check = container.plan.health_check.clone().unwrap_or_default();
        let command = match check.test.split_first() {
            Some((kind, words)) if kind == "CMD" => words.to_vec(),
            Some((_, words)) => [vec!["sh".to_owned(), "-c".to_owned()], words.to_vec()].concat(),
            None => Vec::new(),
        };
        let run = program::run(&command, &mut container.files);
        let limit = check.timeout.unwrap_or(Duration::from_secs(30));
        let late = run.took.is_none_or(|took| took > limit);
        let took = run.took.map_or(limit, |took| took.min(limit));
        let words = [run.stdout, run.stderr].concat();
        let output = if late {
            format!("Health check exceeded timeout ({}s)", limit.as_secs())
        } else {
            String::from_utf8_lossy(&words).into_owned()
        };
        let exit_code = if late { -1 } else { run.exit_code };
        for action in ["exec_create", "exec_start"] {
            self.tell(index, &format!("{action}: {}", command.join(" ")), &[]);
        }
        self.now = self.now.max(after(begin, took));
        self.tell(index, "exec_die", &[("exitCode", exit_code.to_string())]);
        let end = self.now;
        let container = &mut self.containers[index];
        container.probes = Some(after(end, check.interval.unwrap_or(Duration::from_secs(30))));
        let started = container.state.started;
        let Some(health) = &mut container.state.health else { return };
        health.probes.push(HealthProbe { start: Some(begin.at()), end: Some(end.at()), exit_code, output });
        let surplus = health.probes.len().saturating_sub(PROBES);
        health.probes.drain(..surplus);
        let before = health.status;
        if exit_code == 0 {
            (health.status, health.failing_streak) = (HealthStatus::Healthy, 0);
        } else {
            let grace = started.map(|started| after(started.into(), check.start_period.unwrap_or_default()));
            let counts = before != HealthStatus::Starting || grace.is_none_or(|grace| end > grace);
            health.failing_streak += u64::from(counts);
            if health.failing_streak >= check.retries.unwrap_or(3) {
                health.status = HealthStatus::Unhealthy;
            }
        }
        let now = health.status;
        if now != before {
            let word = if now == HealthStatus::Healthy { "healthy" } else { "unhealthy" };
            self.tell(index, &format!("health_status: {word}"), &[]);
        }
    }
}
