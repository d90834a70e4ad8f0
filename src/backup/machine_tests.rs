// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
use proptest::prelude::*;

use super::*;

const OPERATIONS: [Operation; 3] = [Operation::Backup, Operation::RestoreOrRollback, Operation::RestoreOrKeep];

/// The phases up to the end; the outcome is asked for by phase.
fn run(operation: Operation, outcome: impl Fn(Phase) -> Outcome) -> Vec<Phase> {
    let mut machine = Machine::new(operation);
    let mut phases = vec![machine.phase()];
    while !matches!(machine.phase(), Phase::Ended(_)) {
        machine = machine.after(outcome(machine.phase()));
        phases.push(machine.phase());
        assert!(phases.len() < 40, "{phases:?}");
    }
    phases
}

fn failing_at(operation: Operation, at: &[Phase]) -> Vec<Phase> {
    run(operation, |phase| if at.contains(&phase) { Outcome::Failed } else { Outcome::Done })
}

#[test]
fn good_runs_go_straight() {
    use Phase as P;
    assert_eq!(
        failing_at(Operation::Backup, &[]),
        [
            P::Plan,
            P::Preflight,
            P::Quiesce,
            P::Capture,
            P::Resume,
            P::Verify,
            P::Publish,
            P::Gate,
            P::Prune,
            P::Ended(End::Done)
        ]
    );
    assert_eq!(
        failing_at(Operation::RestoreOrRollback, &[]),
        [
            P::Plan,
            P::Preflight,
            P::VerifySource,
            P::Quiesce,
            P::Stage,
            P::VerifyStage,
            P::Decide,
            P::Commit,
            P::Start,
            P::Gate,
            P::Finalize,
            P::Ended(End::Done)
        ]
    );
}

#[test]
fn ends_of_single_failures() {
    use Phase as P;
    let end = |operation, at: &[Phase]| failing_at(operation, at).pop();
    for at in [P::Plan, P::Preflight, P::Quiesce, P::Capture, P::Verify, P::Publish] {
        assert_eq!(end(Operation::Backup, &[at]), Some(P::Ended(End::Failed)), "{at:?}");
    }
    assert_eq!(end(Operation::Backup, &[P::Resume, P::Gate]), Some(P::Ended(End::GoodButUnhealthy)));
    assert_eq!(end(Operation::Backup, &[P::Gate]), Some(P::Ended(End::GoodButUnhealthy)));
    assert_eq!(end(Operation::Backup, &[P::Prune]), Some(P::Ended(End::Done)));
    for at in [P::VerifySource, P::Quiesce, P::Stage, P::VerifyStage, P::Decide] {
        assert_eq!(end(Operation::RestoreOrRollback, &[at]), Some(P::Ended(End::Failed)), "{at:?}");
    }
    for at in [P::Commit, P::Start, P::Gate] {
        assert_eq!(end(Operation::RestoreOrRollback, &[at]), Some(P::Ended(End::Undone)), "{at:?}");
    }
    assert_eq!(end(Operation::RestoreOrKeep, &[P::Gate]), Some(P::Ended(End::KeptUnhealthy)));
    for at in [P::Rollback, P::StartOld, P::GateOld] {
        let found = end(Operation::RestoreOrRollback, &[P::Gate, at]);
        assert_eq!(found, Some(P::Ended(End::RollbackIncomplete)), "{at:?}");
    }
}

#[test]
fn data_that_somebody_keeps_stays_once_it_is_in_place() {
    let kept_at = |at: Phase| {
        run(Operation::RestoreOrRollback, |phase| if phase == at { Outcome::Kept } else { Outcome::Done }).pop()
    };
    for at in [Phase::Start, Phase::Gate] {
        assert_eq!(kept_at(at), Some(Phase::Ended(End::KeptUnhealthy)), "{at:?}");
    }
    // Before that nobody is asked, and there is nothing to keep.
    assert_eq!(kept_at(Phase::Stage), Some(Phase::Ended(End::Failed)));
    assert_eq!(kept_at(Phase::Commit), Some(Phase::Ended(End::Undone)));
}

#[test]
fn a_failed_backup_is_never_published_and_its_staging_goes() {
    for at in [Phase::Quiesce, Phase::Capture, Phase::Verify] {
        let phases = failing_at(Operation::Backup, &[at]);
        assert!(!phases.contains(&Phase::Publish) && phases.contains(&Phase::Discard), "{phases:?}");
    }
}

#[test]
fn the_end_stays() {
    for operation in OPERATIONS {
        let ended = Machine { phase: Phase::Ended(End::Undone), ..Machine::new(operation) };
        assert_eq!(ended.after(Outcome::Failed).phase(), Phase::Ended(End::Undone));
    }
}

proptest! {
    #[test]
    fn whatever_was_stopped_is_started(which in 0_usize..3, outcomes in prop::collection::vec(0_u8..4, 40)) {
        let mut machine = Machine::new(OPERATIONS[which]);
        let (mut stopped, mut data_is_whole) = (false, true);
        for outcome in outcomes {
            let outcome = match outcome { 0 => Outcome::Failed, 1 => Outcome::Cancelled, _ => Outcome::Done };
            match machine.phase() {
                // Even one that failed may have stopped some.
                Phase::Quiesce | Phase::StopForRollback => stopped = true,
                Phase::Resume | Phase::Start | Phase::StartOld => {
                    prop_assert!(data_is_whole, "nothing starts on a mix");
                    stopped = false;
                }
                Phase::Commit | Phase::Rollback => data_is_whole = outcome != Outcome::Failed,
                Phase::Ended(end) => {
                    prop_assert!(!stopped || end == End::RollbackIncomplete, "{end:?}");
                    return Ok(());
                }
                _ => {}
            }
            machine = machine.after(outcome);
        }
        prop_assert!(matches!(machine.phase(), Phase::Ended(_)));
    }

    #[test]
    fn a_wish_to_end_never_cuts_what_was_decided(which in 0_usize..3) {
        let phases = run(OPERATIONS[which], |phase| {
            if phase >= Phase::Decide { Outcome::Cancelled } else { Outcome::Done }
        });
        prop_assert!(matches!(phases.last(), Some(Phase::Ended(_))));
        prop_assert!(!phases.contains(&Phase::Rollback));
    }
}
