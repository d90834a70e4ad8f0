// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `stackctl backup verify --restore-test`.

use super::Fault;
use crate::app::backup::{
    BackupError, Breaking, Flaw, Hold, Site, Store, choose_workers, one_engine, project_name, restore_test,
};
use crate::backup::id::SetId;
use crate::cli::operation::teller;
use crate::cli::{Session, Startup};

/// Restores a set where nobody looks, and gives what does not unpack.
pub(super) async fn try_set(
    store: &Store<'_>,
    id: SetId,
    startup: &Startup,
    session: &mut Session<'_, '_>,
) -> Result<Vec<Flaw>, Fault> {
    let (link, engine) = one_engine(&session.live)?;
    let project = project_name(&session.context, &startup.selection)?;
    let workers = choose_workers(link, &engine, session.make_workers, (&project, None)).await?;
    let hold = Hold::take(&session.live, engine.as_ref(), store, (&project, "backup verify"), Breaking::Never).await?;
    let host = session.live.machine.identity().host;
    let site = Site {
        context: session.context,
        outside: session.sets,
        engine: engine.as_ref(),
        workers: workers.as_ref(),
        store,
        host: &host,
    };
    let cancelled = session.cancelled.clone();
    let mut told = teller(session.sets, session.printer);
    let tried = cancelled.run_until_cancelled(restore_test(site, id, &project, &mut told)).await;
    drop(told);
    if tried.is_none() {
        // What was begun is only ours, and gone with the next line.
        drop(workers.sweep_all().await);
    }
    if let Err(error) = hold.release(engine.as_ref()).await {
        session.printer.error(&error);
    }
    Ok(tried.unwrap_or(Err(BackupError::Cancelled))?)
}
