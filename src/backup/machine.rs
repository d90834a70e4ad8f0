// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The phases of backup and restore, and where each goes when it is done, fails, or is asked to end.
//!
//! Whoever drives a machine does what [`Machine::phase`] says and tells it how that came out. Every way to the end
//! that comes after the first stop leads through the start of what was stopped, but one: when data could be neither
//! put in place nor back, nothing is started on it.

/// What is being done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Phase {
    /// The plan is made, shown and agreed to.
    Plan,
    /// Locks, room, helper, volumes, leftovers: all that can fail before anybody is stopped.
    Preflight,
    /// The set is read in full against its manifest (restore).
    VerifySource,
    /// Writers are kept still, after they were journaled.
    Quiesce,
    /// Data is read into the staging area (backup).
    Capture,
    /// What was kept still does again what it did.
    Resume,
    /// What was written is read back (backup).
    Verify,
    /// The set is made visible (backup).
    Publish,
    /// Data is unpacked beside the old (restore).
    Stage,
    /// What was unpacked is read back (restore).
    VerifyStage,
    /// The decision is journaled (restore).
    Decide,
    /// Names are exchanged (restore).
    Commit,
    /// The stack starts on the new data (restore).
    Start,
    /// The stack is watched until it is healthy, or its time is over.
    Gate,
    /// Writers are kept still again, to go back (restore).
    StopForRollback,
    /// Names are exchanged back (restore).
    Rollback,
    /// The stack starts on the old data (restore).
    StartOld,
    /// It is watched again (restore).
    GateOld,
    /// The old data is removed (restore).
    Finalize,
    /// Old sets are removed (backup).
    Prune,
    /// What was staged is removed.
    Discard,
    /// It is over.
    Ended(End),
}

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum End {
    /// As wanted.
    Done,
    /// Not, and everything is as it was.
    Failed,
    /// The set is good; the stack is not healthy.
    GoodButUnhealthy,
    /// The restore was undone.
    Undone,
    /// It was undone, and the stack is not healthy with its old data either, or it could not be undone.
    RollbackIncomplete,
    /// The restored data stays although the stack is not healthy, as asked.
    KeptUnhealthy,
}

/// How a phase came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Done.
    Done,
    /// It failed.
    Failed,
    /// It failed, and somebody says that the restored data stays all the same.
    Kept,
    /// Somebody asked for the end. Phases that must not be left half done finish first.
    Cancelled,
}

/// Which operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// Makes a set.
    Backup,
    /// Puts a set back, and goes back when the stack is not healthy then.
    RestoreOrRollback,
    /// Puts a set back, and leaves it there whatever the health.
    RestoreOrKeep,
}

/// A machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Machine {
    operation: Operation,
    phase: Phase,
    /// Whether an earlier phase failed, so that what follows only cleans up.
    is_aborting: bool,
}

impl Machine {
    /// A machine at its beginning.
    #[must_use]
    pub const fn new(operation: Operation) -> Self {
        Self { operation, phase: Phase::Plan, is_aborting: false }
    }

    /// What is to be done now.
    #[must_use]
    pub const fn phase(self) -> Phase {
        self.phase
    }

    /// Whether what is being done only cleans up after a failure.
    #[must_use]
    pub const fn is_aborting(self) -> bool {
        self.is_aborting
    }

    /// Whether the phase must be finished when somebody asks for the end.
    #[must_use]
    pub const fn must_finish(self) -> bool {
        use Phase as P;
        !matches!(
            self.phase,
            P::Plan | P::Preflight | P::VerifySource | P::Quiesce | P::Capture | P::Verify | P::Stage | P::VerifyStage
        )
    }

    /// The machine after its phase came out so.
    #[must_use]
    pub fn after(self, outcome: Outcome) -> Self {
        let is_done = match outcome {
            Outcome::Done => true,
            Outcome::Failed | Outcome::Kept => false,
            // What must finish has finished when this is told.
            Outcome::Cancelled => self.must_finish(),
        };
        let phase = match self.operation {
            _ if outcome == Outcome::Kept && matches!(self.phase, Phase::Start | Phase::Gate) => {
                Phase::Ended(End::KeptUnhealthy)
            }
            Operation::Backup => self.after_backup(is_done),
            Operation::RestoreOrRollback | Operation::RestoreOrKeep => self.after_restore(is_done),
        };
        let fails = !is_done && self.phase < Phase::Gate && self.phase != Phase::Resume;
        let is_aborting = self.is_aborting || fails;
        Self { phase, is_aborting, ..self }
    }

    fn after_backup(self, is_done: bool) -> Phase {
        use Phase as P;
        match (self.phase, is_done) {
            (P::Plan, true) => P::Preflight,
            (P::Preflight, true) => P::Quiesce,
            (P::Quiesce, true) => P::Capture,
            // Some may be stopped already when keeping still fails.
            (P::Quiesce, false) | (P::Capture, _) => P::Resume,
            // What was captured is good even when somebody does not start: the gate tells.
            (P::Resume, _) if !self.is_aborting => P::Verify,
            (P::Verify, true) => P::Publish,
            // Time for the start has passed meanwhile.
            (P::Publish, true) => P::Gate,
            // While the stack is not healthy every old set may still be needed.
            (P::Gate, true) => P::Prune,
            (P::Gate, false) => P::Ended(End::GoodButUnhealthy),
            // A set that could not be removed is no fault of the one that was made.
            (P::Prune, _) => P::Ended(End::Done),
            (P::Preflight | P::Resume | P::Verify | P::Publish, _) => P::Discard,
            (P::Ended(end), _) => P::Ended(end),
            _ => P::Ended(End::Failed),
        }
    }

    fn after_restore(self, is_done: bool) -> Phase {
        use Phase as P;
        match (self.phase, is_done) {
            (P::Plan, true) => P::Preflight,
            (P::Preflight, true) => P::VerifySource,
            (P::VerifySource, true) => P::Quiesce,
            (P::Quiesce, true) => P::Stage,
            (P::Stage, true) => P::VerifyStage,
            (P::VerifyStage, true) => P::Decide,
            (P::Decide, true) => P::Commit,
            (P::Commit, true) => P::Start,
            (P::Start, true) => P::Gate,
            (P::Gate, true) => P::Finalize,
            // What cannot be removed is in the way of nothing.
            (P::Finalize, _) => P::Ended(End::Done),
            // Before the decision: what is staged goes, what was stopped starts.
            (P::Quiesce | P::Stage | P::VerifyStage | P::Decide, false) => P::Discard,
            (P::Discard, _) => P::Resume,
            // After it: back.
            (P::Commit, false) | (P::StopForRollback, true) => P::Rollback,
            (P::Start | P::Gate, false) if self.operation == Operation::RestoreOrKeep => P::Ended(End::KeptUnhealthy),
            (P::Start | P::Gate, false) => P::StopForRollback,
            (P::Rollback, true) => P::StartOld,
            (P::StartOld, true) => P::GateOld,
            (P::GateOld, true) => P::Ended(End::Undone),
            (P::StopForRollback | P::Rollback | P::StartOld | P::GateOld, false) => P::Ended(End::RollbackIncomplete),
            (P::Ended(end), _) => P::Ended(end),
            _ => P::Ended(End::Failed),
        }
    }
}

#[cfg(test)]
#[path = "machine_tests.rs"]
mod tests;
