// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `stackctl backup`: the sets of a store.

mod args;
mod run;

use clap::{Args, Subcommand};

use super::{GlobalArgs, Session, Startup, UsageError};
use crate::app::backup::BackupError;
use crate::error::UserError;
use crate::exit::Exit;
use args::{DiffArgs, ExportArgs, ListArgs, ProtectArgs, PruneArgs, ShowArgs, UnprotectArgs, VerifyArgs};

/// See to the restore points of a project.
///
/// Each is a set: a folder with everything of one moment, which opens with tar and zstd alone. The store of a project
/// is `~/.local/share/stackctl/backups/PROJECT` unless `--store` or `STACKCTL_STORE` says otherwise.
#[derive(Debug, Args)]
pub(super) struct BackupArgs {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    #[command(visible_alias = "ls")]
    List(ListArgs),
    Show(ShowArgs),
    Verify(VerifyArgs),
    Protect(ProtectArgs),
    Unprotect(UnprotectArgs),
    Prune(PruneArgs),
    Export(ExportArgs),
    Diff(DiffArgs),
}

/// What keeps a run from its end.
#[derive(Debug)]
enum Fault {
    Backup(BackupError),
    ConfirmationNeeded(usize),
}

impl From<BackupError> for Fault {
    fn from(error: BackupError) -> Self {
        Self::Backup(error)
    }
}

impl UserError for Fault {
    fn code(&self) -> &'static str {
        match self {
            Self::Backup(error) => error.code(),
            Self::ConfirmationNeeded(_) => "confirmation_needed",
        }
    }

    fn message(&self) -> String {
        match self {
            Self::Backup(error) => error.message(),
            Self::ConfirmationNeeded(count) => {
                format!(
                    "{count} {} to be removed, and nobody is here to agree",
                    if *count == 1 { "set is" } else { "sets are" }
                )
            }
        }
    }

    fn hints(&self) -> Vec<String> {
        match self {
            Self::Backup(error) => error.hints(),
            Self::ConfirmationNeeded(_) => vec!["`--yes` agrees to what is shown above".to_owned()],
        }
    }
}

impl BackupArgs {
    /// The flags for all commands.
    pub(super) fn global(&self) -> &GlobalArgs {
        &self.verb.store().global
    }

    /// Does what the verb says.
    pub(super) async fn run(
        self,
        before: Option<&str>,
        startup: &Startup,
        session: &mut Session<'_, '_>,
    ) -> Result<Exit, UsageError> {
        run::run(self.verb, before, startup, session).await
    }
}
