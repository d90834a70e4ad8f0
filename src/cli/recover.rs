// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `stackctl recover`.

use std::time::Duration;

use clap::Args;

use super::engine::EngineArgs;
use super::length::length;
use super::operation::{holding, teller};
use super::{GlobalArgs, Session, Startup, UsageError};
use crate::app::backup::recover::{Course, Recovered, Way, recover, recover_marks};
use crate::app::backup::restore::kept;
use crate::app::backup::{BackupError, Breaking, Means, Site, Wish, open, prepare, project_name, store_folder};
use crate::error::UserError as _;
use crate::exit::Exit;
use crate::output::render::restore_points;

/// Bring a backup or a restore to its end that was cut short: by a crash, a power cut, a kill.
///
/// A backup that was not published is taken back; whoever was stopped is started. A restore goes the way that was decided:
/// before its decision everything is as it was, after it the restored data is put in place. May be cut short itself, and
/// run again. Every command that changes the project does this first.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  stackctl recover
  stackctl recover --abort    a restore that was decided goes back, as long as the old data is there

Exit status: 0 done, also when there is nothing to do; 1 failed, 6 done and the stack is not well, 8 another run works on
the project, 9 no engine.")]
pub(super) struct RecoverArgs {
    /// Go the way that was decided; the default.
    #[arg(long)]
    resume: bool,

    /// Go back to what was there before.
    #[arg(long, conflicts_with = "resume")]
    abort: bool,

    /// How long containers get to be well again [default: what their checks need, and a minute].
    #[arg(long, value_name = "TIME", value_parser = length)]
    gate_timeout: Option<Duration>,

    /// Take a lock away that is older than 15 minutes and whose holder cannot be looked at.
    #[arg(long)]
    break_lock: bool,

    /// Folder of the store [default: `STACKCTL_STORE`, else that of the project].
    #[arg(long, value_name = "DIR", help_heading = "Project options")]
    store: Option<String>,

    #[command(flatten)]
    pub(super) engine: EngineArgs,

    #[command(flatten)]
    pub(super) global: GlobalArgs,
}

impl RecoverArgs {
    /// Recovers, and tells what was done.
    pub(super) async fn run(self, startup: &Startup, session: &mut Session<'_, '_>) -> Result<Exit, UsageError> {
        let ended = self.act(startup, session).await;
        Ok(match ended {
            Ok(recovered) => {
                session.printer.result(&restore_points::recovered(&recovered));
                let is_ill = recovered.iter().any(|one| !one.ill.is_empty());
                if is_ill { Exit::RollbackIncomplete } else { Exit::Done }
            }
            Err(BackupError::Cancelled) => Exit::Interrupted,
            Err(error) => {
                tracing::debug!(code = error.code(), "not recovered");
                session.fail(&error)
            }
        })
    }

    async fn act(&self, startup: &Startup, session: &mut Session<'_, '_>) -> Result<Vec<Recovered>, BackupError> {
        let folder = store_folder(&session.context, &startup.selection, self.store.as_deref())?;
        let store = open(session.sets, &folder)?;
        let project = project_name(&session.context, &startup.selection)?;
        let means = Means::of(&session.live, session.make_workers, (&project, None)).await?;
        let site = means.site(session.context, session.sets, &store);
        let breaking = if self.break_lock { Breaking::Stale } else { Breaking::Never };
        let work = async |session: &mut Session<'_, '_>| self.recover(site, startup, session).await;
        holding(site, (&project, "recover"), breaking, session, work).await?
    }

    async fn recover(
        &self,
        site: Site<'_>,
        startup: &Startup,
        session: &mut Session<'_, '_>,
    ) -> Result<Vec<Recovered>, BackupError> {
        let way = if self.abort { Way::Back } else { Way::Decided };
        let course = Course { way, gate_limit: self.gate_timeout };
        let context = session.context;
        let mut told = teller(session.sets, session.printer);
        site.workers.sweep_all().await.map_err(BackupError::from)?;
        let mut recovered = recover(site, course, &mut told).await?;
        // What lies in the volumes is looked for whether or not there is a journal: one may have been lost.
        let place = (site.store.place(), None);
        let scene = prepare(&context, site.engine, &startup.selection, &Wish::default(), place).await?.scene;
        let left = kept(site, &scene).await?;
        recovered.extend(recover_marks(site, &scene, &left, course, &mut told).await?);
        Ok(recovered)
    }
}
