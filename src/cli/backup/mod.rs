// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `stackctl backup`: the sets of a store.

mod args;
mod create;
mod run;
mod trial;

pub(crate) use create::settle;

use clap::{Args, Subcommand};

use super::operation::Disagreement;
use super::{GlobalArgs, Session, Startup, UsageError};
use crate::app::backup::BackupError;
use crate::app::engines::EngineWish;
use crate::app::sinks::SinkFault;
use crate::backup::plan::Refusal;
use crate::error::UserError;
use crate::exit::Exit;
use args::{DiffArgs, ExportArgs, ListArgs, ProtectArgs, PruneArgs, ShowArgs, UnprotectArgs, VerifyArgs};
use create::CreateArgs;

/// Make a restore point of a project, and see to those that there are.
///
/// Each is a set: a folder with everything of one moment, which opens with tar and zstd alone. The store of a project
/// is `~/.local/share/stackctl/backups/PROJECT` unless `--store` or `STACKCTL_STORE` says otherwise.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(super) struct BackupArgs {
    #[command(flatten)]
    create: CreateArgs,

    #[command(subcommand)]
    verb: Option<Verb>,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Create(Box<CreateArgs>),
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
    Plan(Refusal),
    Disagreement(Disagreement),
    Sinks(SinkFault),
    ConfirmationNeeded(usize),
}

impl From<Disagreement> for Fault {
    fn from(one: Disagreement) -> Self {
        Self::Disagreement(one)
    }
}

impl From<BackupError> for Fault {
    fn from(error: BackupError) -> Self {
        Self::Backup(error)
    }
}

impl From<SinkFault> for Fault {
    fn from(fault: SinkFault) -> Self {
        Self::Sinks(fault)
    }
}

impl UserError for Fault {
    fn code(&self) -> &'static str {
        match self {
            Self::Backup(error) => error.code(),
            Self::Plan(refusal) => refusal.code(),
            Self::Disagreement(one) => one.code(),
            Self::Sinks(fault) => fault.code(),
            Self::ConfirmationNeeded(_) => "confirmation_needed",
        }
    }

    fn message(&self) -> String {
        match self {
            Self::Backup(error) => error.message(),
            Self::Plan(refusal) => refusal.message(),
            Self::Disagreement(one) => one.message(),
            Self::Sinks(fault) => fault.message(),
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
            Self::Plan(refusal) => refusal.hints(),
            Self::Disagreement(one) => one.hints(),
            Self::Sinks(fault) => fault.hints(),
            Self::ConfirmationNeeded(_) => vec!["`--yes` agrees to what is shown above".to_owned()],
        }
    }
}

impl BackupArgs {
    /// The flags for all commands.
    pub(super) fn global(&self) -> &GlobalArgs {
        &self.store().global
    }

    fn store(&self) -> &args::StoreArgs {
        self.verb.as_ref().map_or(&self.create.store, Verb::store)
    }

    /// The engine, for the verb that needs one.
    pub(super) fn engine(&self) -> Option<EngineWish> {
        match &self.verb {
            None => Some(self.create.engine.wish()),
            Some(Verb::Create(args)) => Some(args.engine.wish()),
            Some(Verb::Verify(args)) if args.restore_test => Some(args.engine.wish()),
            Some(_) => None,
        }
    }

    /// Does what the verb says.
    pub(super) async fn run(
        self,
        before: Option<&str>,
        startup: &Startup,
        session: &mut Session<'_, '_>,
    ) -> Result<Exit, UsageError> {
        let verb = self.verb.unwrap_or_else(|| Verb::Create(Box::new(self.create)));
        run::run(verb, before, startup, session).await
    }
}
