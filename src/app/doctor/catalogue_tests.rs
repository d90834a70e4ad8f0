// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The catalogue of 24 symptoms: each has a stack that shows it, under the code by which `doctor` tells it, and a near one
//! that does not.
#![expect(clippy::unwrap_used, reason = "a failed set-up fails the test")]

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::symptoms::case::{Case, ConfigFile};
use super::*;
use crate::app::testing::{Lab, PROJECT, act, check};
use crate::catalog::Catalog;
use crate::health::event::{Event, EventKind};
use crate::health::observation::HealthStatus;
use crate::health::{Definition, symptom};
use crate::sys::Room;
use crate::sys::engine::{
    Attachment, ContainerDetail, ContainerPlan, ContainerState, ContainerStatus, Deadline, DeviceRequest, Engine as _,
    Health, HealthCheck, HealthProbe, HealthStatus as Verdict, Mount, Port,
};

const BUS: &str = "smartgic/ovos-messagebus:0.0.8";
const CORE: &str = "smartgic/ovos-core:0.0.8";
const OLLAMA: &str = "ollama/ollama:0.35.1";
const WHISPER: &str = "rhasspy/wyoming-whisper:3.4.1";
const XTTS: &str = "ghcr.io/coqui-ai/xtts-streaming-server:main";
const MOSQUITTO: &str = "eclipse-mosquitto:2.0.22";
const POSTGRES: &str = "postgres:18.1";
const WEBUI: &str = "ghcr.io/open-webui/open-webui:v0.6.36";
const FRIGATE: &str = "ghcr.io/blakeblackshear/frigate:0.16.2";

fn at(second: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_790_000_000 + second, 0).unwrap()
}

/// A container that runs since second 0, and what is known around it.
#[derive(Clone, Default)]
struct Specimen {
    detail: ContainerDetail,
    ports: Vec<Port>,
    log: Vec<String>,
    events: Vec<Event>,
    internal: BTreeSet<String>,
    configs: Vec<ConfigFile>,
    definition: Option<Definition>,
}

impl Specimen {
    fn of(image: &str) -> Self {
        let state = ContainerState {
            status: ContainerStatus::Running,
            running: true,
            started: Some(at(0)),
            ..ContainerState::default()
        };
        let detail = ContainerDetail { image: image.to_owned(), state, ..ContainerDetail::default() };
        Self { detail, ..Self::default() }
    }

    fn says(mut self, line: &str) -> Self {
        self.log.push(line.to_owned());
        self
    }

    fn set(mut self, entry: &str) -> Self {
        self.detail.environment.push(entry.to_owned());
        self
    }

    fn mount(mut self, target: &str, writable: bool) -> Self {
        let (kind, name, source) = ("bind".to_owned(), String::new(), "/srv/x".to_owned());
        self.detail.mounts.push(Mount { kind, name, source, target: target.to_owned(), writable });
        self
    }

    fn config(mut self, text: &str) -> Self {
        self.configs.push(ConfigFile { path: "/srv/mycroft.conf".to_owned(), text: text.to_owned() });
        self
    }

    fn file_sets(mut self, name: &str, value: &str) -> Self {
        let environment = BTreeMap::from([(name.to_owned(), value.to_owned())]);
        self.definition = Some(Definition { environment, ..Definition::default() });
        self
    }

    fn heard(mut self, second: i64, kind: EventKind) -> Self {
        let (container, name, image) = ("c".to_owned(), "n".to_owned(), "i".to_owned());
        self.events.push(Event { time: at(second), kind, container, name, image, labels: BTreeMap::new() });
        self
    }

    fn with(mut self, change: impl FnOnce(&mut ContainerDetail)) -> Self {
        change(&mut self.detail);
        self
    }

    fn codes(&self) -> Vec<String> {
        let case = Case {
            service: "it",
            known: Catalog::embedded().find_text(&self.detail.image),
            definition: self.definition.as_ref(),
            detail: &self.detail,
            ports: &self.ports,
            log: &self.log,
            events: self.events.iter().collect(),
            internal: &self.internal,
            configs: &self.configs,
        };
        let findings = case.findings();
        assert!(findings.iter().all(|one| !one.fix.is_empty() && !one.found.is_empty()), "{findings:#?}");
        findings.into_iter().map(|one| one.code).collect()
    }
}

/// What `doctor` tells of a stack in memory: codes of symptoms, and the words of those by verdict.
fn examined(make: impl FnOnce(&Lab)) -> Vec<String> {
    let lab = Lab::new();
    make(&lab);
    let outcome = lab.ask(async |live| run(live, &Request::default()).await).unwrap();
    let told = outcome.symptoms.into_iter().flat_map(|one| {
        assert!(one.fix.is_some(), "{one:#?}");
        [vec![one.code, one.found], one.evidence].concat()
    });
    told.collect()
}

/// A service that was unhealthy, then well.
fn late(seconds: i64, retries: u64) -> Specimen {
    let healthy = EventKind::Health(HealthStatus::Healthy);
    let mut it = Specimen::of(WHISPER).heard(0, EventKind::Started);
    if retries > 0 {
        it = it.heard(seconds / 2, EventKind::Health(HealthStatus::Unhealthy));
    }
    it.heard(seconds, healthy)
        .with(|detail| detail.health_check = Some(HealthCheck { test: vec!["CMD".into()], ..HealthCheck::default() }))
}

/// A service that waits for another one, whose check ends with this.
fn waiting(exit: &'static str) -> Vec<String> {
    examined(|lab| {
        lab.start("db", &["sleep", "1000"], |plan| {
            plan.health_check = Some(check(&["CMD-SHELL", exit]));
        });
        let label = |name: &str, value: &str| (format!("com.docker.compose.{name}"), value.to_owned());
        let plan = ContainerPlan {
            name: "lab-web-1".to_owned(),
            image: "stackctl-test:1".to_owned(),
            labels: [
                label("project", PROJECT),
                label("service", "web"),
                label("depends_on", "db:service_healthy:true"),
            ]
            .into(),
            ..ContainerPlan::default()
        };
        act(lab.engine().create_container(&plan, Deadline::CHANGE)).unwrap();
        lab.engine().advance(Duration::from_secs(4));
    })
}

fn published(is_internal: bool) -> Specimen {
    let mut it = Specimen::of("nginx:1.29").with(|detail| {
        detail.published = vec!["80/tcp".to_owned()];
        detail.networks = BTreeMap::from([("lab_back".to_owned(), Attachment::default())]);
    });
    if is_internal {
        it.internal.insert("lab_back".to_owned());
    }
    it
}

fn checked_by(words: &[&str]) -> Specimen {
    let test = words.iter().map(|word| (*word).to_owned()).collect();
    Specimen::of("redis:8.2").with(|detail| detail.health_check = Some(HealthCheck { test, ..HealthCheck::default() }))
}

/// The advice on a disk with this much of 100 GiB free.
fn disk(free: u64) -> Vec<String> {
    let mut lab = Lab::new();
    lab.host.room = Some(Room { total_bytes: 100 << 30, free_bytes: free << 30 });
    let outcome = lab.ask(async |live| run(live, &Request::default()).await).unwrap();
    let disk = outcome.checks.into_iter().find(|check| check.name == "disk").unwrap();
    disk.fix.into_iter().collect()
}

fn unchecked() -> Vec<String> {
    let outcome = Lab::new().ask(async |live| run(live, &Request::default()).await).unwrap();
    outcome.unchecked.into_iter().map(|one| one.code.to_owned()).collect()
}

/// A row: number, symptom, the code or words that tell it, what is told of a stack that has it, and of one that has not.
type Row = (u8, &'static str, &'static str, Vec<String>, Vec<String>);

#[expect(clippy::too_many_lines, reason = "one row a symptom, read from top to bottom")]
fn rows() -> Vec<Row> {
    let first = |it: Specimen| it.codes();
    let gpu = DeviceRequest { capabilities: vec!["gpu".to_owned()], ..DeviceRequest::default() };
    let refused = "Connection Refused. Is Messagebus Service running?";
    let shell = |detail: &mut ContainerDetail| {
        detail.entrypoint = vec!["bash".to_owned(), "/run.sh".to_owned()];
        detail.state.status = ContainerStatus::Exited;
        detail.state.exit_code = 137;
    };
    vec![
        (
            1,
            "clients ask for the bus in vain",
            "core_cannot_reach_bus",
            first(Specimen::of(CORE).says(refused)),
            first(Specimen::of(CORE).says("Connected to the bus")),
        ),
        (
            1,
            "clients look for the bus in themselves",
            "bus_host_is_itself",
            first(Specimen::of(CORE).config("// ours\n{\"websocket\": {\"host\": \"0.0.0.0\"}}")),
            first(Specimen::of(CORE).config("{\"websocket\": {\"host\": \"ovos_messagebus\"}}")),
        ),
        (
            2,
            "bus on loopback",
            "bus_on_loopback",
            first(Specimen::of(BUS).config("{\"websocket\": {\"host\": \"127.0.0.1\"}}")),
            first(Specimen::of(BUS).config("{\"websocket\": {\"host\": \"0.0.0.0\"}}")),
        ),
        (
            3,
            "malformed mycroft.conf",
            "config_not_json",
            first(Specimen::of(BUS).config("{\"websocket\": {},}")),
            first(Specimen::of(BUS).config("{\"websocket\": {}}")),
        ),
        (
            3,
            "malformed mycroft.conf, by the log",
            "bus_on_defaults",
            first(Specimen::of(BUS).says("json.decoder.JSONDecodeError: Expecting value")),
            first(Specimen::of(BUS).says("loaded mycroft.conf")),
        ),
        (
            4,
            "configuration folder read-only",
            "core_config_mounted_read_only",
            first(Specimen::of(CORE).mount("/home/ovos/.config/mycroft", false)),
            first(Specimen::of(CORE).mount("/home/ovos/.config/mycroft/mycroft.conf", false)),
        ),
        (
            5,
            "log file on a read-only root",
            "core_log_on_read_only_root",
            first(
                Specimen::of(CORE)
                    .says("OSError: [Errno 30] Read-only file system: '/home/ovos/.local/state/mycroft/skills.log'"),
            ),
            first(Specimen::of(CORE).says("writes to stdout")),
        ),
        (
            6,
            "check calls a program that is missing",
            "its check cannot run: `curl` is not in the image",
            examined(|lab| {
                lab.start("ollama", &["sleep", "1000"], |plan| plan.health_check = Some(check(&["CMD", "curl"])));
                lab.engine().advance(Duration::from_secs(5));
            }),
            examined(|lab| {
                lab.start("ollama", &["sleep", "1000"], |plan| plan.health_check = Some(check(&["CMD", "true"])));
                lab.engine().advance(Duration::from_secs(5));
            }),
        ),
        (7, "start period too short", "start_period_short", first(late(400, 3)), first(late(400, 0))),
        (
            8,
            "licence not agreed to",
            "xtts_licence_not_agreed",
            first(Specimen::of(XTTS).says("EOFError: EOF when reading a line")),
            first(Specimen::of(XTTS).says("ready")),
        ),
        (
            9,
            "CUDA on a host without it",
            "xtts_no_cuda",
            first(Specimen::of("daswer123/xtts-api-server:1").says("RuntimeError: No CUDA GPUs are available")),
            first(Specimen::of("daswer123/xtts-api-server:1").says("uses CUDA")),
        ),
        (
            10,
            "GPU vanishes",
            "ollama_lost_gpu",
            first(
                Specimen::of(OLLAMA)
                    .says("no compatible GPUs were discovered")
                    .with(|it| it.device_requests = vec![gpu.clone()]),
            ),
            first(Specimen::of(OLLAMA).says("no compatible GPUs were discovered")),
        ),
        (
            11,
            "key pair cannot be written",
            "ollama_home_not_writable",
            first(Specimen::of(OLLAMA).says("Error: open /root/.ollama/id_ed25519: permission denied")),
            first(Specimen::of(OLLAMA).says("/tmp/x: permission denied")),
        ),
        (
            12,
            "changed environment does nothing",
            "webui_environment_ignored",
            first(Specimen::of(WEBUI).set("WEBUI_AUTH=true").file_sets("WEBUI_AUTH", "false")),
            first(Specimen::of(WEBUI).set("WEBUI_AUTH=true").file_sets("WEBUI_AUTH", "true")),
        ),
        (
            13,
            "logged out when made anew",
            "webui_key_not_kept",
            first(Specimen::of(WEBUI).set("WEBUI_SECRET_KEY=")),
            first(Specimen::of(WEBUI).set("WEBUI_SECRET_KEY=a-long-one")),
        ),
        (
            14,
            "broker for its own machine alone",
            "mosquitto_peers_refused",
            first(Specimen::of(MOSQUITTO).says("Starting in local only mode. Connections will only be possible from")),
            first(Specimen::of(MOSQUITTO).says("Opening ipv4 listen socket on port 1883.")),
        ),
        (
            15,
            "retained messages not saved",
            "mosquitto_data_not_saved",
            first(Specimen::of(MOSQUITTO).says("Error saving in-memory database, unable to open /d/mosquitto.db.new")),
            first(Specimen::of(MOSQUITTO).says("Saving in-memory database to /d/mosquitto.db.")),
        ),
        (
            16,
            "shared memory",
            "frigate_shared_memory",
            first(Specimen::of(FRIGATE).says("Bus error (core dumped)")),
            first(Specimen::of(FRIGATE).says("bus")),
        ),
        (
            16,
            "processes",
            "frigate_process_limit",
            first(Specimen::of(FRIGATE).says("RuntimeError: can't start new thread")),
            first(Specimen::of(FRIGATE)),
        ),
        (
            16,
            "database",
            "frigate_database_locked",
            first(Specimen::of(FRIGATE).says("OperationalError: database is locked")),
            first(Specimen::of(FRIGATE)),
        ),
        (17, "never started for a dependency", "dependency_failed", waiting("echo no room; exit 3"), waiting("exit 0")),
        (
            17,
            "with the words of the other one",
            "db: probe exit 3: no room",
            waiting("echo no room; exit 3"),
            waiting("exit 0"),
        ),
        (
            18,
            "message too big for the bus",
            "bus_message_too_big",
            first(Specimen::of(BUS).says("closing with 1009: message too big")),
            first(Specimen::of(BUS).says("closing")),
        ),
        (
            19,
            "postgres 18 with the old mount",
            "postgres_volume_moved",
            first(Specimen::of(POSTGRES).mount("/var/lib/postgresql/data", true)),
            first(Specimen::of("postgres:17.7").mount("/var/lib/postgresql/data", true)),
        ),
        (
            20,
            "prune takes the images of the way back",
            "images that a way back needs must stay, so no `prune -a`",
            disk(2).into_iter().flat_map(|fix| fix.split("; ").map(str::to_owned).collect::<Vec<_>>()).collect(),
            disk(60),
        ),
        (
            21,
            "ports of a container in internal networks",
            "ports_not_published",
            first(published(true)),
            first(published(false)),
        ),
        (
            22,
            "check that a refusal passes",
            "check_ignores_refusal",
            first(checked_by(&["CMD", "redis-cli", "ping"])),
            first(checked_by(&["CMD", "redis-cli", "-e", "ping"])),
        ),
        (
            23,
            "killed at every stop, by its events",
            "stopped_by_force",
            first(
                Specimen::of(WHISPER)
                    .heard(5, EventKind::Killed { signal: 15 })
                    .heard(15, EventKind::Killed { signal: 9 }),
            ),
            first(
                Specimen::of(WHISPER)
                    .heard(5, EventKind::Killed { signal: 15 })
                    .heard(6, EventKind::Died { exit_code: 0 })
                    .heard(60, EventKind::Killed { signal: 9 }),
            ),
        ),
        (
            23,
            "killed at every stop, by its first process",
            "stopped_by_force",
            first(Specimen::of(WHISPER).with(shell)),
            first(Specimen::of(WHISPER).with(|it| {
                shell(it);
                it.init = true;
            })),
        ),
        (24, "a build that fetches something else", "rebuild", unchecked(), disk(60)),
    ]
}

#[test]
fn every_symptom_is_told_where_it_is_and_not_where_it_is_not() {
    let rows = rows();
    for (number, symptom, code, told, silent) in &rows {
        assert!(told.iter().any(|one| one == code), "row {number}, {symptom}: `{code}` is not in {told:?}");
        assert!(silent.iter().all(|one| one != code), "row {number}, {symptom}: `{code}` is told without need");
    }
    let numbers: BTreeSet<u8> = rows.iter().map(|(number, ..)| *number).collect();
    assert_eq!(numbers, (1..=24).collect());
}

/// The last line of words in start errors and probes finds faults whatever the service is; the catalogue's own rows of
/// shared memory, processes and databases must be among them.
#[test]
fn words_that_mean_the_same_anywhere_are_found_anywhere() {
    for (words, code) in [
        ("Bus error", "shared_memory"),
        ("can't start new thread", "process_limit"),
        ("database is locked", "database_locked"),
        ("Failed to initialize NVML", "gpu_lost"),
    ] {
        assert_eq!(symptom::find(words).map(|found| found.code), Some(code));
    }
}

/// Probes that go back to the start tell of it too, when the events are forgotten.
#[test]
fn a_short_start_period_is_told_by_probes_alone() {
    let probe = |second: i64, exit_code| HealthProbe {
        start: Some(at(second)),
        end: Some(at(second) + TimeDelta::seconds(1)),
        exit_code,
        output: String::new(),
    };
    let seen = |probes: Vec<HealthProbe>| {
        let it = Specimen::of("acme/tool:1.2.3").with(|detail| {
            detail.health_check = Some(HealthCheck { retries: Some(3), ..HealthCheck::default() });
            detail.state.health = Some(Health { status: Verdict::Healthy, failing_streak: 0, probes });
        });
        it.codes()
    };
    assert_eq!(seen(vec![probe(30, 1), probe(60, 1), probe(90, 1), probe(120, 0)]), ["start_period_short"]);
    assert!(seen(vec![probe(30, 1), probe(60, 1), probe(90, 0)]).is_empty(), "too few failed to be unhealthy");
    let forgotten = vec![probe(930, 1), probe(960, 1), probe(990, 1), probe(1_020, 0), probe(1_050, 0)];
    assert!(seen(forgotten).is_empty(), "what was before is forgotten");
}

#[test]
fn the_reference_page_names_every_code_of_the_catalogue() {
    let page = include_str!("../../../guides/reference/doctor.md");
    for (number, symptom, code, ..) in rows().iter().filter(|(_, _, code, ..)| !code.contains(' ')) {
        let row = page.lines().find(|line| line.starts_with(&format!("| {number} |"))).unwrap();
        assert!(row.contains(&format!("`{code}`")), "row {number}, {symptom}: `{code}` is not in the page");
    }
    for code in unchecked() {
        assert!(page.contains(&format!("| `{code}`")), "{code}");
    }
}
