// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `--notify`: tells the sinks how an operation ended.

use super::{Session, VERSION};
use crate::app::sinks::{Messenger, Operation, RunName, SinkFault, Success};
use crate::error::UserError;
use crate::exit::Exit;

/// How a command came to its end, for who was not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ended {
    pub(super) exit: Exit,
    /// What was done, as a fragment.
    pub(super) words: String,
}

/// Who is told, where `--notify` says that somebody is.
///
/// # Errors
/// Nobody can be told: that must show before anything is done.
pub(super) fn messenger<'s>(is_asked: bool, session: &Session<'s, '_>) -> Result<Option<Messenger<'s>>, SinkFault> {
    let run = RunName {
        run_id: session.printer.run_id().to_owned(),
        host: session.live.machine.identity().host,
        version: VERSION,
    };
    is_asked.then(|| Messenger::new(&session.settings.sinks, session.sinks, &run)).transpose()
}

/// Tells. A sink that cannot be told changes nothing about how the operation ended.
async fn tell(
    messenger: &Messenger<'_>,
    (verb, project): (&'static str, &str),
    (success, text): (Success, &str),
    session: &mut Session<'_, '_>,
) {
    let (project, text, at) = (project.to_owned(), text.trim().to_owned(), session.sets.clock.now());
    let untold = messenger.tell(&Operation { verb, project, success, text, at }).await;
    for one in untold {
        session.printer.note(&format!("the sink `{}` could not be told: {}", one.sink, one.reason));
    }
}

/// How an operation ended, or why it did not.
pub(super) enum Outcome<'e> {
    /// It came to its end.
    Ended(&'e Ended),
    /// Somebody was here and wanted nothing done, which is no news to anybody else.
    Declined,
    /// It failed.
    Failed(&'e dyn UserError),
}

/// Tells how an operation ended, where somebody is to be told.
pub(super) async fn tell_end(
    messenger: Option<&Messenger<'_>>,
    about: (&'static str, &str),
    outcome: Outcome<'_>,
    session: &mut Session<'_, '_>,
) {
    let Some(messenger) = messenger else { return };
    match outcome {
        Outcome::Ended(ended) => tell(messenger, about, (success(ended.exit), &ended.words), session).await,
        Outcome::Declined => {}
        Outcome::Failed(error) => tell(messenger, about, (Success::Failed, &error.message()), session).await,
    }
}

/// Whether an exit status is what was wanted.
fn success(exit: Exit) -> Success {
    if exit == Exit::Done { Success::Done } else { Success::Failed }
}
