// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! One contract for every implementation of `sys::Engine`: the same checks run against the engine in memory and, where
//! `STACKCTL_TEST_DOCKER_HOST` names some (commas between), against real ones. What differs between engines is told apart
//! by API capability, never by version. Everything that is made carries a label and is removed again.

#![expect(clippy::unwrap_used, reason = "a failed set-up fails the test")]
#![expect(clippy::disallowed_macros, clippy::print_stderr, reason = "says which check took how long")]

mod archives;
mod containers;
mod health;
mod lock;
mod objects;
mod streams;
mod subject;
mod talks;

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;

use futures_util::FutureExt as _;
use stackctl::sys::docker::DockerEngine;
use stackctl::sys::endpoint::{EngineChoice, EngineResolver};
use stackctl::sys::engine::Engine;
use stackctl::sys::fake::{FakeEngine, Flavour};
use stackctl::sys::os::OsFiles;

use subject::{RealTime, Subject, Time};

type Outcome<'a> = Pin<Box<dyn Future<Output = ()> + Send + 'a>>;
type Check = for<'a> fn(&'a Subject) -> Outcome<'a>;

/// A check by the name of its function.
macro_rules! checks {
    ($($folder:ident :: $name:ident),* $(,)?) => {
        &[$((stringify!($name), |subject| Box::pin($folder::$name(subject)))),*]
    };
}

const CHECKS: &[(&str, Check)] = checks![
    objects::says_who_it_is,
    objects::missing_objects_are_not_found,
    objects::volume_keeps_the_labels_of_its_first_maker,
    objects::volume_in_use_is_a_conflict,
    objects::lists_networks_and_images,
    objects::disk_use_knows_our_volume,
    objects::paths_in_containers,
    containers::goes_through_its_life,
    containers::stopping_twice_and_starting_twice_succeed,
    containers::taken_name_and_wrong_state_are_conflicts,
    containers::list_filters_by_label_and_state,
    containers::exec_tells_code_and_both_streams,
    containers::exec_of_a_missing_program_is_127,
    containers::exec_that_takes_too_long_is_a_timeout,
    containers::stop_that_takes_too_long_is_a_timeout_and_happens_all_the_same,
    containers::exit_code_of_a_killed_one_is_137,
    containers::usage_grows_and_is_nothing_when_stopped,
    containers::restart_loop_counts_and_a_manual_start_resets,
    containers::plan_is_kept_in_full,
    containers::restart_policy_changes,
    containers::misspelt_volume_is_made_and_its_labels_tell,
    talks::what_is_said_comes_back_whole_and_the_end_is_heard,
    talks::who_is_not_read_from_holds_the_writer,
    talks::both_streams_and_the_code_are_told,
    talks::dropping_the_talk_ends_the_input,
    talks::end_of_a_killed_one_is_an_end_like_others,
    talks::wait_is_for_what_runs,
    archives::image_is_made_of_files_and_goes_with_its_name,
    archives::image_goes_out_and_comes_back,
    archives::image_name_goes_from_one_to_the_other,
    archives::files_go_into_containers_and_out,
    archives::archive_that_nobody_reads_on_lets_the_container_go,
    archives::body_that_fails_or_stalls_ends_the_call,
    health::goes_unhealthy_and_back_with_events,
    health::is_void_when_paused_or_stopped,
    health::missing_probe_program_is_told,
    streams::events_arrive_whatever_the_order,
    streams::events_are_replayed_from_a_time_on_inclusively,
    streams::events_end_at_until,
    streams::events_filter_by_label_and_verb,
    streams::idle_stream_ends_with_a_timeout,
    streams::logs_tell_stream_time_and_tail,
    streams::logs_follow,
    lock::lock_is_held_by_one_and_given_back,
    lock::lock_of_a_dead_process_is_taken_over_here_and_only_here,
    lock::lock_whose_volume_was_removed_is_lost,
    lock::lock_goes_to_one_of_many_who_want_it_at_once,
];

/// Runs every check; names all that failed.
fn keep_contract(name: &str, make: impl Fn() -> (Arc<dyn Engine>, Arc<dyn Time>)) -> Vec<String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let only = std::env::var("STACKCTL_TEST_CHECK").ok();
    runtime.block_on(async {
        let mut failed = Vec::new();
        for (number, (check_name, check)) in CHECKS.iter().enumerate() {
            if only.as_ref().is_some_and(|only| !check_name.contains(only.as_str())) {
                continue;
            }
            let (engine, time) = make();
            let run = format!("stackctl-test-{}-{number}", std::process::id());
            let subject = Subject { engine, time, run };
            let begin = std::time::Instant::now();
            let result = AssertUnwindSafe(check(&subject)).catch_unwind().await;
            subject.clean().await;
            if result.is_err() {
                failed.push(format!("{name}: {check_name}"));
            }
            eprintln!(
                "{name}: {check_name}: {} in {:?}",
                if result.is_ok() { "ok" } else { "FAILED" },
                begin.elapsed()
            );
        }
        failed
    })
}

/// An engine in memory moves when its tests wait.
struct FakeTime(FakeEngine);

impl Time for FakeTime {
    fn pass(&self) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(async {
            self.0.advance(std::time::Duration::from_millis(50));
            tokio::task::yield_now().await;
        })
    }
}

#[test]
fn engine_in_memory_keeps_the_contract_in_both_flavours() {
    for (name, flavour) in [("die then stop", Flavour::DieThenStop), ("stop then die", Flavour::StopThenDie)] {
        let failed = keep_contract(name, || {
            let engine = FakeEngine::new(flavour);
            (Arc::new(engine.clone()), Arc::new(FakeTime(engine)))
        });
        assert!(failed.is_empty(), "{failed:#?}");
    }
}

#[test]
fn real_engines_keep_the_contract() {
    let hosts = std::env::var("STACKCTL_TEST_DOCKER_HOST").unwrap_or_default();
    let hosts: Vec<&str> = hosts.split(',').filter(|host| !host.is_empty()).collect();
    if hosts.is_empty() {
        let required = std::env::var_os("STACKCTL_TEST_ENGINE_REQUIRED").is_some();
        assert!(!required, "no engine to test with: `STACKCTL_TEST_DOCKER_HOST` is not set");
        eprintln!("left out: no engine is named by `STACKCTL_TEST_DOCKER_HOST`");
        return;
    }
    let environment = std::env::vars().collect();
    let failed: Vec<String> = std::thread::scope(|scope| {
        let runs: Vec<_> = hosts
            .iter()
            .map(|host| {
                // `DOCKER_TLS_VERIFY` and `DOCKER_CERT_PATH` apply, as in the program.
                let resolver = EngineResolver { files: &OsFiles, environment: &environment };
                let address = resolver.resolve(EngineChoice::Host(host)).unwrap().address;
                scope.spawn(move || {
                    keep_contract(host, || {
                        (Arc::new(DockerEngine::new(&address, &OsFiles).unwrap()), Arc::new(RealTime))
                    })
                })
            })
            .collect();
        runs.into_iter().flat_map(|run| run.join().unwrap()).collect()
    });
    assert!(failed.is_empty(), "{failed:#?}");
}
