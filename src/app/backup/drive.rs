// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Drives the phases of an operation: does what the machine says, and tells it how that came out.

use tokio_util::sync::CancellationToken;

use super::BackupError;
use crate::app::operate::{Tell, Told};
use crate::backup::machine::{End, Machine, Operation, Outcome, Phase};
use crate::error::UserError as _;

/// Somebody who can do the phases of an operation.
pub(super) trait Phases {
    /// Does one phase; a phase that is none of this operation's is done at once.
    async fn act(&mut self, phase: Phase, tell: Tell<'_>) -> Result<Outcome, BackupError>;

    /// Where the first fault is kept: what follows it only cleans up.
    fn fault(&mut self) -> &mut Option<BackupError>;
}

/// Drives an operation that was planned to its end. Phases that must not be left half done are not cut short.
pub(super) async fn drive(
    phases: &mut impl Phases,
    operation: Operation,
    cancelled: &CancellationToken,
    tell: Tell<'_>,
) -> End {
    let mut machine = Machine::new(operation).after(Outcome::Done);
    loop {
        let phase = machine.phase();
        if let Phase::Ended(end) = phase {
            return end;
        }
        let result = if machine.must_finish() {
            Some(phases.act(phase, &mut *tell).await)
        } else {
            cancelled.run_until_cancelled(phases.act(phase, &mut *tell)).await
        };
        let outcome = match result {
            Some(Ok(outcome)) => outcome,
            Some(Err(error)) => {
                tracing::debug!(?phase, %error, "a phase failed");
                match phases.fault() {
                    Some(_) => tell(Told::Note(error.message())),
                    none => *none = Some(error),
                }
                Outcome::Failed
            }
            None => {
                phases.fault().get_or_insert(BackupError::Cancelled);
                Outcome::Cancelled
            }
        };
        machine = machine.after(outcome);
    }
}
