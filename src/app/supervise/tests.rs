// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Whole supervisions over engines in memory.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::future::Future;

use chrono::{DateTime, TimeDelta, Utc};

use super::*;
use crate::app::engines::Place;
use crate::app::observe::Scope;
use crate::app::probe::{self, Side};
use crate::app::watch::Extent;
use crate::app::watch::News;
use crate::health::Verdict;
use crate::health::policy::{ActionKind, Execution, LABEL, Mode, ServicePolicy};
use crate::sys::engine::{ContainerPlan, Deadline, Engine as _, Grace, HealthCheck, Labels};
use crate::sys::fake::{FakeEngine, FakeHttp, FakeMachine, FakePrograms, FakeTalker, Flavour};
use crate::sys::lock::{LockRequest, ProjectLock};
use crate::sys::programs::ProgramEnd;

/// A clock that can be set apart from the engine's.
struct Settable<'a>(&'a Scene);

impl Clock for Settable<'_> {
    fn now(&self) -> DateTime<Utc> {
        self.0.engine.now() + self.0.ahead.get()
    }
}

/// Whose clock is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whose {
    /// Ours alone: the engine is on another machine.
    Ours,
    /// That of the machine which both run on.
    Shared,
}

#[derive(Default)]
pub(super) struct Ear {
    reports: RefCell<Vec<Report>>,
    pub(super) picture: RefCell<Picture>,
}

impl Listener for Ear {
    fn tell(&self, report: Report) {
        self.reports.borrow_mut().push(report);
    }
    fn show(&self, picture: Picture) {
        *self.picture.borrow_mut() = picture;
    }
    fn wants_picture(&self) -> bool {
        true
    }
}

impl Ear {
    /// What was decided and done since the last time, in short.
    pub(super) fn deeds(&self) -> Vec<String> {
        self.reports.take().iter().filter_map(|report| short(&report.fact)).collect()
    }
}

fn short(fact: &Fact) -> Option<String> {
    Some(match fact {
        Fact::News(_) => return None,
        Fact::Notice { notification, .. } => {
            let service = notification.key.as_ref().map_or("", |key| key.service.as_str());
            format!("{:?} {service}", notification.kind)
        }
        Fact::Action { action, stage } => {
            let targets: Vec<&str> = action.targets.iter().map(|key| key.service.as_str()).collect();
            let kind = match action.kind {
                ActionKind::Restart => "restart",
                ActionKind::RestartStack => "restart-stack",
                ActionKind::Command(_) => "command",
            };
            let code = if let Stage::Failed { code, .. } = stage { format!(" {code}") } else { String::new() };
            format!("{kind} {} #{} {}{code}", targets.join(","), action.attempt, stage.word())
        }
    })
}

pub(super) struct Scene {
    pub(super) engine: FakeEngine,
    machine: FakeMachine,
    programs: FakePrograms,
    pub(super) ear: Ear,
    pub(super) policy: PolicySettings,
    /// How far our clock is ahead of the engine's.
    ahead: Cell<TimeDelta>,
    probing: Option<Probing<'static>>,
}

pub(super) fn scene() -> Scene {
    Scene {
        engine: FakeEngine::new(Flavour::StopThenDie),
        machine: FakeMachine::new("here"),
        programs: FakePrograms::new([("/bin/page", ProgramEnd::default())]),
        ear: Ear::default(),
        policy: PolicySettings::default(),
        ahead: Cell::new(TimeDelta::zero()),
        probing: None,
    }
}

impl Scene {
    pub(super) async fn pass(&self, seconds: u64) {
        for _ in 0..seconds * 5 {
            self.engine.advance(Duration::from_millis(200));
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }

    /// A service with a check that fails while the file `/sick` is there; a start does not remove it.
    pub(super) async fn service(&self, name: &str, more: &[(&str, &str)]) -> String {
        let mut labels: Labels = [("project", "voice"), ("service", name)]
            .map(|(key, value)| (format!("com.docker.compose.{key}"), value.to_owned()))
            .into();
        labels.extend(more.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())));
        let plan = ContainerPlan {
            name: format!("voice-{name}-1"),
            image: "stackctl-test:1".to_owned(),
            command: vec!["sleep".to_owned(), "100000".to_owned()],
            labels,
            health_check: Some(HealthCheck {
                test: ["CMD", "test", "!", "-e", "/sick"].map(str::to_owned).to_vec(),
                interval: Some(Duration::from_secs(2)),
                retries: Some(2),
                ..HealthCheck::default()
            }),
            ..ContainerPlan::default()
        };
        let id = self.engine.create_container(&plan, Deadline::CHANGE).await.unwrap();
        self.engine.start_container(&id, Deadline::CHANGE).await.unwrap();
        id
    }

    pub(super) async fn shell(&self, id: &str, script: &str) {
        let words: Vec<String> = script.split(' ').map(str::to_owned).collect();
        let request = crate::sys::engine::ExecRequest { command: words, ..Default::default() };
        assert_eq!(self.engine.exec(id, &request, Deadline::CHANGE).await.unwrap().exit_code, 0);
    }

    pub(super) async fn sicken(&self, id: &str) {
        self.shell(id, "touch /sick").await;
    }

    pub(super) async fn started(&self, id: &str) -> DateTime<Utc> {
        self.engine.inspect_container(id, Deadline::QUESTION).await.unwrap().state.started.unwrap()
    }

    pub(super) fn set_clock(&self, whose: Whose, by: TimeDelta) {
        match whose {
            Whose::Ours => self.ahead.set(self.ahead.get() + by),
            Whose::Shared => self.engine.set_clock(by),
        }
    }

    /// Supervises while `script` runs.
    pub(super) async fn supervise(&self, script: impl Future<Output = ()>) {
        self.supervise_with(Whose::Ours, script).await;
    }

    /// Supervises while `script` runs, with clocks apart or shared.
    pub(super) async fn supervise_with(&self, whose: Whose, script: impl Future<Output = ()>) {
        let clock = Settable(self);
        let place = if whose == Whose::Ours { Place::Elsewhere } else { Place::Here };
        let watched = [Watched { context: "default", engine: &self.engine, place }];
        let request = Request {
            watch: watch::Request {
                scope: Scope::Everything,
                services: BTreeSet::new(),
                file: None,
                is_only_engine: true,
                extent: Extent::Ongoing,
            },
            policy: self.policy.clone(),
            seed: 7,
        };
        let outside = Outside {
            clock: &clock,
            catalog: Catalog::default(),
            machine: &self.machine,
            programs: &self.programs,
            probing: self.probing.as_ref(),
            lock_folder: Path::new("/locks"),
            listener: &self.ear,
        };
        let cancelled = CancellationToken::new();
        let supervising = supervise(&watched, &request, outside, &cancelled);
        tokio::pin!(supervising);
        tokio::select! {
            failures = &mut supervising => panic!("ended early: {failures:?}"),
            () = script => cancelled.cancel(),
        }
        assert_eq!(supervising.await, []);
    }
}

pub(super) const HEALED: (&str, &str) = (LABEL, "restart");

#[tokio::test(start_paused = true)]
async fn nothing_is_done_or_said_unless_it_is_allowed() {
    let scene = scene();
    let id = scene.service("web", &[]).await;
    scene.sicken(&id).await;
    let before = scene.started(&id).await;
    scene.supervise(scene.pass(120)).await;
    assert_eq!(scene.started(&id).await, before);
    assert!(scene.ear.deeds().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_label_lets_a_sick_service_be_restarted_and_its_recovery_be_told() {
    let scene = scene();
    let id = scene.service("web", &[HEALED]).await;
    let before = scene.started(&id).await;
    let script = async {
        scene.pass(40).await;
        assert_eq!(scene.ear.deeds(), [""; 0]);
        scene.sicken(&id).await;
        scene.pass(20).await;
        let text = format!("{:?}", scene.ear.reports.borrow());
        assert_eq!(scene.ear.deeds(), ["Bad web", "restart web #1 begun", "restart web #1 done"]);
        assert!(scene.started(&id).await > before);
        assert!(text.contains("is unhealthy: fails its check 2 times in a row"), "{text}");
        scene.shell(&id, "rm /sick").await;
        scene.pass(90).await;
        assert_eq!(scene.ear.deeds(), ["Recovered web"]);
        let picture = scene.ear.picture.borrow();
        assert_eq!(picture.services[0].attempts["done"], 1);
        assert_eq!((picture.services[0].mode, picture.engines["default"].is_up), (Mode::Restart, true));
        assert!(matches!(picture.services[0].verdict, Verdict::Ok { .. }));
    };
    scene.supervise(script).await;
    assert!(scene.engine.list_volumes("", Deadline::QUESTION).await.unwrap().is_empty(), "the lock is given back");
}

#[tokio::test(start_paused = true)]
async fn attempts_that_do_not_help_open_the_breaker_with_one_notice() {
    let mut scene = scene();
    scene.policy.limits.attempts = 2;
    scene.policy.limits.window = TimeDelta::minutes(60);
    let id = scene.service("web", &[HEALED]).await;
    scene.sicken(&id).await;
    scene.supervise(scene.pass(600)).await;
    let done = scene.ear.deeds();
    assert_eq!(done.iter().filter(|line| line.ends_with("done")).count(), 2, "{done:?}");
    assert_eq!(done.iter().filter(|line| line.starts_with("GaveUp")).count(), 1, "{done:?}");
    assert!(scene.ear.picture.borrow().services[0].is_breaker_open);
}

#[tokio::test(start_paused = true)]
async fn who_works_on_the_project_is_left_alone() {
    let scene = scene();
    let id = scene.service("web", &[HEALED]).await;
    let other = FakeMachine::new("elsewhere");
    let now = scene.engine.now();
    let request = LockRequest { project: "voice", folder: Path::new("/l"), command: "backup", now, break_lock: false };
    let lock = ProjectLock::acquire(&scene.engine, &other, request).await.unwrap();
    let script = async {
        scene.sicken(&id).await;
        scene.pass(120).await;
        assert_eq!(scene.ear.deeds(), [""; 0]);
        lock.release(&scene.engine).await.unwrap();
        scene.pass(120).await;
        let deeds = scene.ear.deeds();
        assert_eq!(deeds[..2], ["Bad web", "restart web #1 begun"], "{deeds:?}");
    };
    scene.supervise(script).await;
}

#[tokio::test(start_paused = true)]
async fn a_dry_run_touches_nothing() {
    let mut scene = scene();
    scene.policy.execution = Execution::DryRun;
    let id = scene.service("web", &[HEALED]).await;
    scene.sicken(&id).await;
    let before = scene.started(&id).await;
    scene.supervise(scene.pass(60)).await;
    assert_eq!(scene.started(&id).await, before);
    assert_eq!(scene.ear.deeds(), ["Bad web", "restart web #1 would_do"]);
}

#[tokio::test(start_paused = true)]
async fn what_somebody_stops_stays_stopped() {
    let scene = scene();
    let id = scene.service("web", &[HEALED]).await;
    let script = async {
        scene.pass(40).await;
        scene.engine.stop_container(&id, Grace::OWN, Deadline::CHANGE).await.unwrap();
        scene.pass(300).await;
    };
    scene.supervise(script).await;
    assert!(!scene.engine.inspect_container(&id, Deadline::QUESTION).await.unwrap().state.running);
    assert!(scene.ear.deeds().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_stack_is_restarted_dependencies_first() {
    let scene = scene();
    let after = ("com.docker.compose.depends_on", "bus:service_healthy:false");
    let core = scene.service("core", &[after, (LABEL, "restart-stack")]).await;
    let bus = scene.service("bus", &[]).await;
    let script = async {
        scene.pass(40).await;
        scene.sicken(&core).await;
        scene.pass(30).await;
    };
    scene.supervise(script).await;
    let deeds = scene.ear.deeds();
    assert_eq!(deeds[1], "restart-stack bus,core #1 begun", "{deeds:?}");
    assert!(scene.started(&bus).await < scene.started(&core).await);
}

#[tokio::test(start_paused = true)]
async fn a_command_is_told_what_it_is_about() {
    let mut scene = scene();
    let command = vec!["/bin/page".to_owned(), "--now".to_owned()];
    scene.policy.services.insert("web".to_owned(), ServicePolicy { mode: Mode::Command, command });
    let gone = ServicePolicy { mode: Mode::Command, command: vec!["/bin/gone".to_owned()] };
    scene.policy.services.insert("db".to_owned(), gone);
    for service in ["web", "db"] {
        let id = scene.service(service, &[]).await;
        scene.sicken(&id).await;
    }
    scene.policy.limits.host_share = 100;
    scene.supervise(scene.pass(60)).await;
    let deeds = scene.ear.deeds();
    assert!(deeds.contains(&"command web #1 done".to_owned()), "{deeds:?}");
    assert!(deeds.contains(&"command db #1 failed heal_command_failed".to_owned()), "{deeds:?}");
    let call = scene.programs.calls().into_iter().find(|call| call.program == "/bin/page").unwrap();
    let told = |name: &str| call.environment.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
    assert_eq!(call.arguments, ["--now"]);
    assert_eq!(told("STACKCTL_HEAL_SERVICE").as_deref(), Some("web"));
    assert_eq!(told("STACKCTL_HEAL_VERDICT").as_deref(), Some("unhealthy"));
    assert_eq!(told("STACKCTL_HEAL_ATTEMPT").as_deref(), Some("1"));
}

#[tokio::test(start_paused = true)]
async fn a_lost_engine_is_shown_as_unknown_and_nothing_is_done_until_it_has_settled() {
    let scene = scene();
    let id = scene.service("web", &[HEALED]).await;
    scene.service("fine", &[HEALED]).await;
    let script = async {
        scene.pass(40).await;
        scene.sicken(&id).await;
        scene.pass(6).await;
        assert_eq!(scene.ear.deeds(), ["Bad web"]);
        scene.engine.go_away();
        scene.pass(60).await;
        let picture = scene.ear.picture.take();
        assert!(!picture.engines["default"].is_up);
        for one in &picture.services {
            assert!(
                matches!(one.verdict, Verdict::Unknown { age: Some(age) } if age >= TimeDelta::seconds(50)),
                "{one:?}"
            );
        }
        assert_eq!((picture.services.len(), scene.ear.deeds()), (2, vec!["EngineLost ".to_owned()]));
        scene.engine.come_back();
        // Back within half a minute, and then left alone for another half.
        let calls = scene.engine.calls().len();
        while scene.engine.calls().iter().skip(calls).all(|call| *call != "list containers") {
            scene.pass(1).await;
        }
        scene.pass(25).await;
        assert_eq!(scene.ear.deeds(), ["EngineBack "]);
        scene.pass(60).await;
        assert_eq!(scene.ear.deeds()[..2], ["restart web #1 begun", "restart web #1 done"]);
        assert!(scene.engine.inspect_container(&id, Deadline::QUESTION).await.unwrap().state.running);
    };
    scene.supervise(script).await;
}

/// Supervises a healthy service whose probe hears `answer`, and gives the states it was told to go through.
async fn states_when_asked(answer: &'static str) -> Vec<String> {
    let mut scene = scene();
    let talker = Box::leak(Box::new(FakeTalker::new([("127.0.0.1:10300", Ok(answer))])));
    let http = Box::leak(Box::new(FakeHttp::default()));
    scene.probing = Some(Probing {
        outside: probe::Outside { http, talker, step: probe::STEP },
        every: Duration::from_secs(20),
        sides: [("default".to_owned(), Side::Here)].into(),
    });
    scene.service("whisper", &[(probe::LABEL, "wyoming://127.0.0.1:10300")]).await;
    scene.supervise(scene.pass(60)).await;
    let reports = scene.ear.reports.take();
    let states = reports.iter().filter_map(|report| match &report.fact {
        Fact::News(News::Transition(one)) => Some(one.transition.to.word().to_owned()),
        _ => None,
    });
    states.collect()
}

#[tokio::test(start_paused = true)]
async fn a_service_that_passes_its_check_and_does_not_answer_is_degraded() {
    assert_eq!(states_when_asked("garbage\n").await, ["starting", "ok", "degraded"]);
    assert_eq!(states_when_asked("{\"type\":\"info\",\"data\":{\"asr\":[]}}\n").await, ["starting", "ok"]);
}
