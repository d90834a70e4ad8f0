// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! A container in memory: its state, and how it is shown.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use bytes::Bytes;

use crate::sys::engine::{
    Attachment, ContainerDetail, ContainerPlan, ContainerState, ContainerStatus, ContainerSummary, EventTime, Health,
    HealthStatus, Labels, LogLine, Mount, MountKind, OutputPiece, OutputStream, Usage,
};

/// Processors of the machine in memory.
pub(super) const CPUS: u32 = 4;
/// Its memory in bytes.
pub(super) const MEMORY_BYTES: u64 = 8 << 30;

/// What one who is attached is told.
#[derive(Debug, Clone)]
pub(super) enum Said {
    /// The program wrote this.
    Piece(OutputPiece),
    /// From now on the program says what it hears, and ends with its input.
    Echo,
}

/// A container.
pub(super) struct Container {
    pub(super) id: String,
    pub(super) plan: ContainerPlan,
    pub(super) image_id: String,
    pub(super) created: EventTime,
    pub(super) state: ContainerState,
    pub(super) restart_count: u64,
    /// The wait before the next start by the engine.
    pub(super) back_off: Duration,
    /// When its first process ends by itself.
    pub(super) ends: Option<(EventTime, i64)>,
    /// When the engine starts it again.
    pub(super) restarts: Option<EventTime>,
    /// When it is probed next.
    pub(super) probes: Option<EventTime>,
    pub(super) busy: bool,
    pub(super) files: BTreeSet<String>,
    /// The contents of files that were put in from outside.
    pub(super) contents: BTreeMap<String, Vec<u8>>,
    /// Who is attached; one that lags too far behind is let go.
    pub(super) attached: Vec<tokio::sync::mpsc::Sender<Said>>,
    pub(super) log: Vec<LogLine>,
    /// Who follows the log; one that lags too far behind is let go.
    pub(super) log_listeners: Vec<tokio::sync::mpsc::Sender<LogLine>>,
    /// What an inspection says beyond what a plan can ask for.
    pub(super) shape: Option<Shape>,
}

/// Changes what an inspection says.
pub(super) type Shape = Box<dyn Fn(&mut ContainerDetail) + Send>;

impl Container {
    pub(super) fn new(id: String, plan: ContainerPlan, image_id: String, created: EventTime) -> Self {
        Self {
            id,
            plan,
            image_id,
            created,
            state: ContainerState { status: ContainerStatus::Created, ..ContainerState::default() },
            restart_count: 0,
            back_off: Duration::ZERO,
            ends: None,
            restarts: None,
            probes: None,
            busy: false,
            files: BTreeSet::new(),
            contents: BTreeMap::new(),
            attached: Vec::new(),
            log: Vec::new(),
            log_listeners: Vec::new(),
            shape: None,
        }
    }

    /// Whether a process runs.
    pub(super) fn lives(&self) -> bool {
        self.state.running && !self.state.restarting
    }

    /// Whether this is its id, the beginning of it, or its name.
    pub(super) fn answers_to(&self, reference: &str) -> bool {
        self.plan.name == reference || (!reference.is_empty() && self.id.starts_with(reference))
    }

    /// The volumes that it was made with, and the labels for those that were not there.
    pub(super) fn volumes(&self) -> impl Iterator<Item = (&str, Labels)> {
        let short = self.plan.binds.iter().filter_map(|bind| bind.split(':').next());
        let short = short.filter(|name| !name.starts_with('/')).map(|name| (name, Labels::new()));
        let long = self.plan.mounts.iter().filter(|mount| mount.kind == MountKind::Volume);
        short.chain(long.map(|mount| (mount.source.as_str(), mount.labels.clone())))
    }

    /// The words of its first process.
    pub(super) fn words(&self) -> Vec<String> {
        [&self.plan.entrypoint[..], &self.plan.command].concat()
    }

    /// Tells those who are attached.
    pub(super) fn say(&mut self, said: &Said) {
        self.attached.retain(|listener| listener.try_send(said.clone()).is_ok());
    }

    /// Adds what a process wrote.
    pub(super) fn write(&mut self, stream: OutputStream, text: &[u8], time: EventTime) {
        if !text.is_empty() {
            self.say(&Said::Piece(OutputPiece { stream, bytes: Bytes::copy_from_slice(text) }));
        }
        if self.plan.log_driver == "none" {
            return;
        }
        for line in text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            let line = LogLine { stream, time: Some(time.at()), text: Bytes::copy_from_slice(line) };
            self.log_listeners.retain(|listener| listener.try_send(line.clone()).is_ok());
            self.log.push(line);
        }
    }

    /// The verdict that the engine writes, without an event, when it stops probing.
    pub(super) fn stop_probing(&mut self) {
        self.probes = None;
        if let Some(health) = &mut self.state.health {
            health.status = HealthStatus::Unhealthy;
        }
    }

    /// A fresh verdict over the old probes, which stay.
    pub(super) fn begin_probing(&mut self, now: EventTime) {
        let Some(check) =
            self.plan.health_check.as_ref().filter(|check| check.test.first().is_some_and(|word| word != "NONE"))
        else {
            return;
        };
        let probes = self.state.health.take().map(|health| health.probes).unwrap_or_default();
        self.state.health = Some(Health { status: HealthStatus::Starting, failing_streak: 0, probes });
        self.probes = Some(after(now, check.interval.unwrap_or(Duration::from_secs(30))));
    }

    pub(super) fn summary(&self) -> ContainerSummary {
        let text = match self.state.status {
            ContainerStatus::Created => "Created".to_owned(),
            ContainerStatus::Paused => "Up 1 second (Paused)".to_owned(),
            ContainerStatus::Restarting => format!("Restarting ({}) 1 second ago", self.state.exit_code),
            ContainerStatus::Running => match self.state.health.as_ref().map(|health| health.status) {
                None => "Up 1 second".to_owned(),
                Some(HealthStatus::Starting) => "Up 1 second (health: starting)".to_owned(),
                Some(HealthStatus::Healthy) => "Up 1 second (healthy)".to_owned(),
                Some(HealthStatus::Unhealthy) => "Up 1 second (unhealthy)".to_owned(),
            },
            _ => format!("Exited ({}) 1 second ago", self.state.exit_code),
        };
        ContainerSummary {
            id: self.id.clone(),
            name: self.plan.name.clone(),
            image: self.plan.image.clone(),
            image_id: self.image_id.clone(),
            labels: self.plan.labels.clone(),
            status: self.state.status,
            status_text: text,
            created: Some(self.created.at()),
            ports: Vec::new(),
        }
    }

    pub(super) fn detail(&self) -> ContainerDetail {
        let plan = &self.plan;
        let or = |text: &str, otherwise: &str| if text.is_empty() { otherwise.to_owned() } else { text.to_owned() };
        let mut policy = plan.restart_policy.clone();
        policy.name = or(&policy.name, "no");
        let long = plan.mounts.iter().map(|plan| {
            let mode = if plan.read_only { "ro" } else { "rw" };
            mount(&format!("{}:{}:{mode}", plan.source, plan.target))
        });
        let mut mounts: Vec<Mount> = plan.binds.iter().map(|bind| mount(bind)).chain(long).collect();
        mounts.sort_by(|left, right| left.target.cmp(&right.target));
        let network = or(&plan.network_mode, "bridge");
        let mut detail = ContainerDetail {
            id: self.id.clone(),
            name: plan.name.clone(),
            image: plan.image.clone(),
            image_id: self.image_id.clone(),
            labels: plan.labels.clone(),
            created: Some(self.created.at()),
            state: self.state.clone(),
            restart_count: self.restart_count,
            restart_policy: policy,
            health_check: plan.health_check.clone(),
            environment: [plan.environment.clone(), vec!["PATH=/bin".to_owned()]].concat(),
            entrypoint: plan.entrypoint.clone(),
            command: plan.command.clone(),
            user: plan.user.clone(),
            network_mode: network.clone(),
            ipc_mode: "private".to_owned(),
            memory_limit_bytes: plan.memory_limit_bytes,
            log_driver: or(&plan.log_driver, "json-file"),
            runtime: "runc".to_owned(),
            init: plan.init,
            mounts,
            networks: [(network, Attachment::default())].into(),
            ..ContainerDetail::default()
        };
        if let Some(shape) = &self.shape {
            shape(&mut detail);
        }
        detail
    }

    pub(super) fn usage(&self, now: EventTime) -> Usage {
        let limit = if self.plan.memory_limit_bytes > 0 { self.plan.memory_limit_bytes } else { MEMORY_BYTES };
        if !self.lives() {
            return Usage::default();
        }
        let lived = self.state.started.map_or(0, |started| now.0.saturating_sub(EventTime::from(started).0));
        let lived = u64::try_from(lived).unwrap_or(0);
        Usage {
            time: Some(now.at()),
            cpu_ns: if self.busy { lived } else { lived / 1000 },
            machine_cpu_ns: u64::try_from(now.0).unwrap_or(0).saturating_mul(u64::from(CPUS)),
            cpus: CPUS,
            memory_bytes: 1 << 20,
            memory_limit_bytes: limit,
            processes: 1,
            ..Usage::default()
        }
    }
}

/// A time further on.
pub(super) fn after(time: EventTime, wait: Duration) -> EventTime {
    EventTime(time.0.saturating_add(i64::try_from(wait.as_nanos()).unwrap_or(i64::MAX)))
}

/// `source:target[:ro]`.
fn mount(bind: &str) -> Mount {
    let mut parts = bind.split(':');
    let source = parts.next().unwrap_or_default().to_owned();
    let target = parts.next().unwrap_or_default().to_owned();
    let named = !source.starts_with('/');
    Mount {
        kind: if named { "volume" } else { "bind" }.to_owned(),
        name: if named { source.clone() } else { String::new() },
        source: if named { format!("/var/lib/docker/volumes/{source}/_data") } else { source },
        target,
        writable: parts.next().is_none_or(|options| !options.split(',').any(|option| option == "ro")),
    }
}
