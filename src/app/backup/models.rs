// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What is left out of a set, and for caches what they hold: read while the services run, by a worker that may only read.

use super::capture::tree_of;
use super::{BackupError, Prepared, Site, record};
use crate::app::operate::{Tell, Told};
use crate::backup::id::OperationId;
use crate::backup::manifest::{LeftOut, State};
use crate::backup::models::{Extent, File, Listing, WANTED, list};
use crate::backup::plan::{Facts, MountSource, What};
use crate::error::UserError as _;
use crate::sys::worker::{Access, Session, Survey};

/// What is left out. A cache that cannot be looked into keeps no set from being made: the entry says why.
///
/// # Errors
/// A worker that cannot be removed.
pub(super) async fn left_out(
    site: Site<'_>,
    operation: OperationId,
    prepared: &Prepared,
    tell: Tell<'_>,
) -> Result<Vec<LeftOut>, BackupError> {
    let plan = &prepared.plan;
    let mut left_out = record::left_out(plan);
    for (left, planned) in left_out.iter_mut().zip(&plan.left_out).filter(|(_, planned)| planned.is_listed) {
        tell(Told::Step(format!("listing what `{}` holds", left.name)));
        let service = user(&prepared.scene.facts, &planned.what);
        let listing = match survey(site, operation, &planned.what).await {
            Ok(survey) => listing(&survey, service.as_deref()),
            Err(error) => Listing::without(error.message()),
        };
        (left.models, left.unlisted) = (listing.models, listing.unlisted);
    }
    if plan.left_out.iter().any(|one| one.is_listed) {
        site.workers.sweep(operation).await?;
    }
    Ok(left_out)
}

async fn survey(site: Site<'_>, operation: OperationId, what: &What) -> Result<Survey, BackupError> {
    let (tree, _) = tree_of(what);
    let line = site.workers.start(&tree, Access::Read, operation).await?;
    let mut session = Session::open(line, &tree.name()).await?;
    let survey = session.survey(WANTED).await?;
    session.close().await?;
    Ok(survey)
}

fn listing(survey: &Survey, service: Option<&str>) -> Listing {
    let files = survey.files.iter();
    let files: Vec<File<'_>> =
        files.map(|one| File { path: &one.path, bytes: one.bytes, text: one.text.as_deref() }).collect();
    list(&files, if survey.is_cut { Extent::Cut } else { Extent::Whole }, service)
}

/// The service that uses something: one that runs before one that does not, such as one that only prepares it.
fn user(facts: &Facts, what: &What) -> Option<String> {
    let source = match what {
        What::Volume { name, .. } => MountSource::Volume(name.clone()),
        What::Bind { source, .. } => MountSource::Path(source.clone()),
    };
    let users = facts.own().filter(|one| one.mounts.iter().any(|mount| mount.source == source));
    let user = users.min_by_key(|one| (one.state == State::Stopped, one.service.clone()))?;
    user.service.clone()
}
