// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `stackctl backup verify --restore-test`.

use super::Fault;
use crate::app::backup::{BackupError, Breaking, Flaw, Means, Store, project_name, restore_test};
use crate::backup::id::SetId;
use crate::cli::operation::{holding, teller};
use crate::cli::{Session, Startup};

/// Restores a set where nobody looks, and gives what does not unpack.
pub(super) async fn try_set(
    store: &Store<'_>,
    id: SetId,
    startup: &Startup,
    session: &mut Session<'_, '_>,
) -> Result<Vec<Flaw>, Fault> {
    let project = project_name(&session.context, &startup.selection)?;
    let means = Means::of(&session.live, session.make_workers, (&project, None)).await?;
    let site = means.site(session.context, session.sets, store);
    let tried = holding(site, (&project, "backup verify"), Breaking::Never, session, async |session| {
        let cancelled = session.cancelled.clone();
        let mut told = teller(session.sets, session.printer);
        let tried = cancelled.run_until_cancelled(restore_test(site, id, &project, &mut told)).await;
        if tried.is_none() {
            // What was begun is only ours, and gone with the next line.
            drop(site.workers.sweep_all().await);
        }
        tried.unwrap_or(Err(BackupError::Cancelled))
    });
    Ok(tried.await??)
}
