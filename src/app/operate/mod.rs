// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What every operation on a stack does: it writes down what it is about to do, keeps containers still, lets them run
//! again, and watches whether they are well.

mod fault;
mod gate;
mod hook;
mod journal;
mod resume;
mod still;
mod told;

pub use fault::OperateError;
pub use gate::{Gate, Ill, gate};
pub(crate) use hook::{HookRun, run_hook};
pub(crate) use journal::JournalWriter;
pub(crate) use resume::{find, let_run, resume};
pub(crate) use still::{keep_still, targets};
pub use told::{Tell, Told};
