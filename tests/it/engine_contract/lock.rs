// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The project lock, on machines in memory and engines of every kind.

use std::path::Path;
use std::time::Duration;

use stackctl::error::UserError as _;
use stackctl::sys::engine::{Deadline, Engine as _, Volume};
use stackctl::sys::fake::{FakeEngine, FakeFault, FakeMachine, Flavour};
use stackctl::sys::lock::{LockError, LockRequest, ProjectLock};

use super::subject::Subject;

fn request<'a>(project: &'a str, folder: &'a str) -> LockRequest<'a> {
    LockRequest {
        project,
        folder: Path::new(folder),
        command: "backup",
        now: chrono::DateTime::from_timestamp(1_800_000_000, 0).unwrap(),
        break_lock: false,
    }
}

/// Lock volumes carry their own label, so they are cleared away by name.
async fn clear(subject: &Subject, project: &str) {
    for volume in subject.engine.list_volumes(&format!("stackctl.lock={project}"), Deadline::QUESTION).await.unwrap() {
        subject.engine.remove_volume(&volume.name, Deadline::CHANGE).await.unwrap();
    }
}

pub(super) async fn lock_is_held_by_one_and_given_back(subject: &Subject) {
    let (engine, project) = (&*subject.engine, subject.named("locked"));
    let (here, there) = (FakeMachine::new("here"), FakeMachine::new("there"));
    let lock = ProjectLock::acquire(engine, &here, request(&project, "/a")).await.unwrap();
    lock.verify(engine).await.unwrap();
    assert!(lock.replaced().is_none());

    let same_user = ProjectLock::acquire(engine, &here.process(2), request(&project, "/a")).await.unwrap_err();
    assert!(matches!(same_user, LockError::HeldHere { .. }), "{same_user:?}");
    assert!(same_user.message().contains("`backup`, process 100"), "{}", same_user.message());
    let other_user = ProjectLock::acquire(engine, &here.process(2), request(&project, "/b")).await.unwrap_err();
    assert!(matches!(other_user, LockError::Held { breakable: false, .. }), "{other_user:?}");
    let forced = LockRequest { break_lock: true, ..request(&project, "/a") };
    let other_machine = ProjectLock::acquire(engine, &there, forced).await.unwrap_err();
    assert!(matches!(other_machine, LockError::Held { breakable: false, .. }), "{other_machine:?}");
    assert_eq!(other_machine.code(), "locked");
    assert!(other_machine.message().contains("`backup` (process 100 on `here`)"), "{}", other_machine.message());

    lock.release(engine).await.unwrap();
    let next = ProjectLock::acquire(engine, &there, request(&project, "/a")).await.unwrap();
    next.release(engine).await.unwrap();
    let left = engine.list_volumes(&format!("stackctl.lock={project}"), Deadline::QUESTION).await.unwrap();
    clear(subject, &project).await;
    assert!(left.is_empty(), "{left:?}");
}

pub(super) async fn lock_of_a_dead_process_is_taken_over_here_and_only_here(subject: &Subject) {
    let (engine, project) = (&*subject.engine, subject.named("orphan"));
    let (here, there) = (FakeMachine::new("here"), FakeMachine::new("there"));
    let orphan = ProjectLock::acquire(engine, &here, request(&project, "/a")).await.unwrap();
    here.die();
    let elsewhere = ProjectLock::acquire(engine, &there, request(&project, "/a")).await.unwrap_err();
    assert!(matches!(elsewhere, LockError::Held { .. }), "{elsewhere:?}");
    let taken = ProjectLock::acquire(engine, &here.process(2), request(&project, "/a")).await.unwrap();
    assert_eq!(taken.replaced().map(|owner| owner.process.pid), Some(100));
    taken.verify(engine).await.unwrap();
    // The dead one, were it to wake up, learns of it and leaves the new lock alone.
    let lost = orphan.verify(engine).await.unwrap_err();
    assert!(matches!(&lost, LockError::Lost { by: Some(by), .. } if by.process.pid == 2), "{lost:?}");
    orphan.release(engine).await.unwrap();
    taken.verify(engine).await.unwrap();
    taken.release(engine).await.unwrap();
    let left = engine.list_volumes(&format!("stackctl.lock={project}"), Deadline::QUESTION).await.unwrap();
    clear(subject, &project).await;
    assert!(left.is_empty(), "{left:?}");
}

pub(super) async fn lock_whose_volume_was_removed_is_lost(subject: &Subject) {
    let (engine, project) = (&*subject.engine, subject.named("pruned"));
    let lock = ProjectLock::acquire(engine, &FakeMachine::new("here"), request(&project, "/a")).await.unwrap();
    engine.remove_volume(&format!("stackctl-lock-{project}"), Deadline::CHANGE).await.unwrap();
    let lost = lock.verify(engine).await.unwrap_err();
    assert!(matches!(lost, LockError::Lost { by: None, .. }), "{lost:?}");
    lock.release(engine).await.unwrap();
}

pub(super) async fn lock_goes_to_one_of_many_who_want_it_at_once(subject: &Subject) {
    let (engine, project) = (&*subject.engine, subject.named("race"));
    let here = FakeMachine::new("here");
    let dead = ProjectLock::acquire(engine, &here, request(&project, "/a")).await.unwrap();
    here.die();
    let folders: Vec<String> = (0..8).map(|number| format!("/{number}")).collect();
    let takers: Vec<FakeMachine> = (0..8).map(|number| here.process(200 + number)).collect();
    let tries = takers
        .iter()
        .zip(&folders)
        .map(|(taker, folder)| ProjectLock::acquire(engine, taker, request(&project, folder)));
    let results = futures_util::future::join_all(tries).await;
    let won: Vec<&ProjectLock> = results.iter().flatten().collect();
    let mut holders = 0;
    for lock in &won {
        holders += usize::from(lock.verify(engine).await.is_ok());
    }
    let outcome = format!("{results:#?}");
    let number = won.len();
    drop(dead);
    clear(subject, &project).await;
    assert_eq!((number, holders), (1, 1), "{outcome}");
}

#[tokio::test]
async fn lock_of_another_machine_breaks_after_fifteen_minutes_and_only_when_asked() {
    let engine = FakeEngine::new(Flavour::StopThenDie);
    let here = FakeMachine::new("here");
    let held = ProjectLock::acquire(&engine, &FakeMachine::new("there"), request("p", "/a")).await.unwrap();
    engine.advance(Duration::from_mins(14));
    let forced = LockRequest { break_lock: true, ..request("p", "/a") };
    let early = ProjectLock::acquire(&engine, &here, forced).await.unwrap_err();
    assert!(early.hints()[0].contains("`--break-lock` works in 60 s"), "{:?}", early.hints());
    engine.advance(Duration::from_mins(2));
    let unasked = ProjectLock::acquire(&engine, &here, request("p", "/a")).await.unwrap_err();
    assert!(matches!(unasked, LockError::Held { breakable: true, .. }));
    assert!(unasked.hints()[0].contains("`--break-lock`"));
    let broken = ProjectLock::acquire(&engine, &here, forced).await.unwrap();
    assert_eq!(broken.replaced().map(|owner| owner.process.host.as_str()), Some("there"));
    assert!(matches!(held.verify(&engine).await, Err(LockError::Lost { by: Some(_), .. })));
}

#[tokio::test]
async fn volume_without_labels_of_ours_is_a_lock_that_breaks_like_a_stranger() {
    let engine = FakeEngine::new(Flavour::StopThenDie);
    let here = FakeMachine::new("here");
    let created = Some(engine.now());
    engine.add_volume(Volume { name: "stackctl-lock-p".into(), created, ..Volume::default() });
    assert!(ProjectLock::acquire(&engine, &here, request("p", "/a")).await.is_err());
    engine.advance(Duration::from_mins(16));
    let forced = LockRequest { break_lock: true, ..request("p", "/a") };
    ProjectLock::acquire(&engine, &here, forced).await.unwrap();
}

#[tokio::test]
async fn a_taker_that_died_at_it_holds_up_nobody() {
    let engine = FakeEngine::new(Flavour::StopThenDie);
    let here = FakeMachine::new("here");
    let orphan = ProjectLock::acquire(&engine, &here, request("p", "/a")).await.unwrap();
    here.die();
    // Two takers after another claim what the dead one holds, and die before they have taken it.
    for pid in [2, 3] {
        let taker = here.process(pid);
        engine.plan_fault("remove volume", 0, 1, FakeFault::Refused(500, "cut short".into()));
        ProjectLock::acquire(&engine, &taker, request("p", &format!("/{pid}"))).await.unwrap_err();
        taker.die();
    }
    let taken = ProjectLock::acquire(&engine, &here.process(4), request("p", "/b")).await.unwrap();
    taken.verify(&engine).await.unwrap();
    assert!(orphan.verify(&engine).await.is_err());
    taken.release(&engine).await.unwrap();
    let left = engine.list_volumes("stackctl.lock=p", Deadline::QUESTION).await.unwrap();
    assert!(left.is_empty(), "{left:?}");
}

#[tokio::test]
async fn engine_out_of_reach_keeps_the_lock_file_free() {
    let engine = FakeEngine::new(Flavour::StopThenDie);
    let here = FakeMachine::new("here");
    engine.go_away();
    let failed = ProjectLock::acquire(&engine, &here, request("p", "/a")).await.unwrap_err();
    assert_eq!(failed.code(), "engine_unreachable");
    engine.come_back();
    ProjectLock::acquire(&engine, &here, request("p", "/a")).await.unwrap();
}
