// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The sentences, each from the evidence that leads to it.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use super::*;
use crate::catalog::Catalog;
use crate::health::Definition;
use crate::health::event::EventKind;
use crate::health::memory::Memory;
use crate::health::observation::{Container, HealthStatus, Probe, RestartPolicy, Status};
use crate::health::testing::{at, checked, ended, event, probe, running};
use crate::health::verdict::{FileView, Freshness, judge};

const NO_CURL: &str = "OCI runtime exec failed: exec failed: unable to start container process: exec: \"curl\": executable file not found in $PATH: unknown";

struct Scene {
    container: Container,
    definition: Option<Definition>,
    memory: Memory,
    waiting: Vec<Waiting>,
    log: Vec<String>,
    now: i64,
}

fn scene(container: Container) -> Scene {
    Scene { container, definition: None, memory: Memory::default(), waiting: Vec::new(), log: Vec::new(), now: 30 }
}

impl Scene {
    fn why(&self) -> Why {
        let evidence = Evidence {
            container: Some(&self.container),
            file: self.definition.as_ref().map_or(FileView::NotRead, FileView::Has),
            memory: &self.memory,
            functional: None,
            waiting_for: &self.waiting,
            freshness: Freshness::Live,
            now: at(self.now),
        };
        let known = Catalog::embedded().find_text(&self.container.image);
        explain(&judge(&evidence), &evidence, Background { known, log_tail: &self.log })
    }

    fn remember(mut self, events: &[(i64, EventKind)]) -> Self {
        for (second, kind) in events {
            self.memory.record(&event("web", at(*second), kind.clone()));
        }
        self
    }
}

fn failing(image: &str, probes: Vec<Probe>) -> Scene {
    let mut container = checked("web", HealthStatus::Unhealthy);
    container.image = image.to_owned();
    container.health.as_mut().unwrap().log = probes;
    scene(container)
}

#[test]
fn a_failing_check_tells_its_exit_code_and_its_telling_line() {
    let why = failing("acme/tool:1.2.3", vec![probe(20, 7, "progress\ncurl: (7) Connection refused\n")]).why();
    assert_eq!(why.sentence, "fails its check 3 times in a row; last exit 7: curl: (7) Connection refused");
    assert_eq!(why.evidence[..2], ["probe exit 7", "probe output: progress / curl: (7) Connection refused"]);
    assert!(why.hint.unwrap().contains("`localhost` is the container itself"));
}

#[test]
fn a_missing_probe_program_is_named_and_the_catalog_knows_a_working_check() {
    let why = failing("acme/tool:1.2.3", vec![probe(20, -1, NO_CURL)]).why();
    assert_eq!(why.sentence, "its check cannot run: `curl` is not in the image");
    assert_eq!(why.hint.as_deref(), Some("use a check whose program the image has"));

    let why = failing("ollama/ollama:0.35.1", vec![probe(20, -1, NO_CURL)]).why();
    assert_eq!(why.hint.as_deref(), Some("Use `[\"CMD\", \"ollama\", \"list\"]`."));
    assert!(why.evidence.iter().any(|fact| fact.starts_with("known failure `ollama_check_needs_curl`")));

    let shell = "/bin/sh: 1: wget: not found";
    let why = failing("ollama/ollama:0.35.1", vec![probe(20, 127, shell)]).why();
    assert_eq!(why.hint.as_deref(), Some("a check that works in this image: `test: [\"CMD\", \"ollama\", \"list\"]`"));
}

#[test]
fn a_timed_out_check_reads_the_same_with_and_without_partial_output() {
    let old = failing("acme/tool:1.2.3", vec![probe(20, -1, "Health check exceeded timeout (1s)")]).why();
    let new = failing("acme/tool:1.2.3", vec![probe(20, -1, "Health check exceeded timeout (1s): half a")]).why();
    assert_eq!(old.sentence, new.sentence);
    assert_eq!(old.sentence, "fails its check 3 times in a row; the check took longer than its timeout");
}

#[test]
fn a_stop_on_request_by_force_points_at_process_one() {
    let events = [(9, EventKind::Killed { signal: 15 }), (10, EventKind::Died { exit_code: 137 })];
    let why = scene(ended("web", 10, 137)).remember(&events).why();
    assert_eq!(why.sentence, "was stopped on request, but only by force: exit 137 (killed, not for memory)");
    assert!(why.hint.unwrap().contains("init: true"));
}

#[test]
fn exit_137_is_told_with_and_without_memory() {
    let died = [(10, EventKind::Died { exit_code: 137 })];
    let plain = scene(ended("web", 10, 137)).remember(&died).why();
    assert_eq!(plain.sentence, "ended after 10s with exit 137 (killed, not for memory); it has no restart policy");
    let mut container = ended("web", 10, 137);
    container.oom_killed = true;
    let oom = scene(container).remember(&died).why();
    assert_eq!(
        oom.sentence,
        "ended after 10s with exit 137 (killed by the kernel: out of memory); it has no restart policy"
    );
    assert_eq!(oom.hint.as_deref(), Some("raise the memory limit, or give it less to hold"));
}

#[test]
fn codes_126_and_127_say_what_they_mean() {
    assert!(scene(ended("web", 1, 126)).why().sentence.contains("its command is there and cannot be run"));
    let why = scene(ended("web", 1, 127)).why();
    assert!(why.sentence.contains("its command is not there"));
    assert!(why.hint.unwrap().contains("correct the command"));
}

#[test]
fn a_loop_tells_count_code_and_next_try() {
    let mut container = ended("web", 25, 3);
    container.started_at = Some(at(24));
    container.status = Status::Restarting;
    container.restarting = true;
    container.restart_count = 8;
    let why = scene(container).why();
    assert_eq!(
        why.sentence,
        "died 8 times since it was last started by hand, last with exit 3; the engine tries again in 7s"
    );
    assert_eq!(why.hint.as_deref(), Some("read what it said: `docker logs --tail 50 voice-web-1`"));
}

#[test]
fn the_log_gives_a_known_failure_of_a_looping_service_away() {
    let mut container = ended("web", 25, 1);
    let service = Catalog::embedded().services().iter().find(|one| one.service == "ovos_core").unwrap();
    container.image = format!("{}:1", service.images[0].trim_end_matches('*'));
    container.status = Status::Restarting;
    container.restarting = true;
    container.restart_count = 8;
    container.started_at = Some(at(24));
    let mut scene = scene(container);
    scene.log = vec!["OSError: [Errno 30] Read-only file system: '/home/ovos/.config/mycroft/skills'".to_owned()];
    let why = scene.why();
    assert!(why.evidence.iter().any(|fact| fact.starts_with("known failure `core_config_read_only`")), "{why:?}");
}

#[test]
fn a_container_that_was_never_started_names_what_it_waits_for() {
    let mut container = running("web");
    container.status = Status::Created;
    container.started_at = None;
    let mut scene = scene(container);
    scene.now = 300;
    scene.waiting = vec![Waiting { service: "db".to_owned(), state: State::Unhealthy }];
    assert_eq!(scene.why().sentence, "was never started: it waits for db (unhealthy)");
}

#[test]
fn a_start_that_failed_tells_the_engines_words_and_the_way_out() {
    let mut container = ended("web", 0, 128);
    container.start_error =
        "driver failed programming external connectivity: Bind for 0.0.0.0:80 failed: port is already allocated"
            .to_owned();
    let why = scene(container).why();
    assert!(why.sentence.starts_with("could not be started: "));
    assert!(why.hint.unwrap().contains("publish another port"));
}

#[test]
fn starting_tells_how_long_it_may_take_and_what_failed_so_far() {
    let mut container = checked("web", HealthStatus::Starting);
    container.health.as_mut().unwrap().log = vec![probe(-5, 9, "old run"), probe(11, 1, "not yet")];
    let mut scene = scene(container);
    assert_eq!(scene.why().sentence, "its check decides within 15s; 1 probe failed so far, last exit 1: not yet");
    scene.now = 60;
    assert!(scene.why().sentence.starts_with("its check should have decided 15s ago"));
}

#[test]
fn a_killed_child_names_the_limit_and_advises_no_restart() {
    let mut scene = scene(checked("web", HealthStatus::Healthy)).remember(&[(10, EventKind::OutOfMemory)]);
    scene.definition = Some(Definition { memory_limit: Some("512m".to_owned()), ..Definition::default() });
    let why = scene.why();
    assert_eq!(why.sentence, "runs, but the kernel killed a process of it for memory 1 time (limit 512m)");
    assert!(why.hint.unwrap().contains("a restart does not help"));
}

#[test]
fn an_engine_that_gave_up_says_after_how_many() {
    let mut container = ended("web", 10, 3);
    container.restart_policy = RestartPolicy::OnFailure(Some(3));
    container.restart_count = 3;
    assert!(scene(container).why().sentence.ends_with("the engine gave up after 3 restarts"));
}

#[test]
fn a_service_that_works_gets_no_advice_even_when_its_log_is_ugly() {
    let mut scene = scene(checked("web", HealthStatus::Healthy));
    scene.log = vec!["Connection refused".to_owned()];
    assert_eq!(scene.why().hint, None);
}
