// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Restores a set where nobody looks: every archive is unpacked into a volume of its own, read back, and removed. A set whose
//! bytes are right may still not unpack; this finds it before the worst day.

use std::path::Path;

use super::restore::run::compare;
use super::verify::Flaw;
use super::{BackupError, Site};
use crate::app::operate::{Tell, Told};
use crate::backup::id::{OperationId, OperationKind, SetId};
use crate::backup::manifest::{Data, Manifest};
use crate::backup::marks::{Marks, Verified};
use crate::error::UserError as _;
use crate::sys::engine::{Deadline, Labels, VolumePlan};
use crate::sys::worker::{Access, LABEL, Part, Session, Tree};

/// Tries a set. The lock of the project is held by the caller.
///
/// # Errors
/// A set that cannot be read at all, or an engine that does not answer. An archive that does not unpack is the result.
pub async fn restore_test(site: Site<'_>, set: SetId, project: &str, tell: Tell<'_>) -> Result<Vec<Flaw>, BackupError> {
    let manifest = site.store.manifest(set)?;
    let stamp = SetId::next(site.store.taken()?, site.outside.now());
    let operation = OperationId { stamp, kind: OperationKind::Restore };
    site.workers.prepare(operation).await?;
    let tried = try_all(site, (&manifest, project), operation, tell).await;
    site.workers.sweep(operation).await?;
    let flaws = tried?;
    if !flaws.is_empty() {
        // Nobody may take it for a good one unasked.
        let verified = Some(Verified { at: site.outside.now(), good: false });
        site.store.set_marks(set, &Marks { verified, ..site.store.marks(set) })?;
    }
    Ok(flaws)
}

async fn try_all(
    site: Site<'_>,
    (manifest, project): (&Manifest, &str),
    operation: OperationId,
    tell: Tell<'_>,
) -> Result<Vec<Flaw>, BackupError> {
    let volumes = manifest.volumes.iter().map(|one| (one.name.as_str(), &one.data, None));
    let binds = manifest.binds.iter().map(|one| {
        let file = Path::new(&one.source).file_name().map(|name| name.to_string_lossy().into_owned());
        (one.source.as_str(), &one.data, file.filter(|_| one.is_file))
    });
    let mut flaws = Vec::new();
    for (number, (name, data, only)) in volumes.chain(binds).enumerate() {
        tell(Told::Step(format!("restoring `{name}` where nobody looks")));
        let scratch = format!("stackctl-helper-{operation}-try-{number}");
        let labels = Labels::from([(LABEL.to_owned(), format!("{project}/{operation}"))]);
        let plan = VolumePlan { name: scratch.clone(), labels, ..VolumePlan::default() };
        site.engine.create_volume(&plan, Deadline::CHANGE).await?;
        match try_one(site, (manifest.id, name, data, only), (&scratch, operation), &mut *tell).await {
            Ok(()) => {}
            Err(BackupError::Engine(error)) => return Err(error.into()),
            Err(error) => flaws.push(Flaw { path: data.archive.path.clone(), what: error.message() }),
        }
        site.workers.sweep(operation).await?;
    }
    Ok(flaws)
}

async fn try_one(
    site: Site<'_>,
    (set, name, data, only): (SetId, &str, &Data, Option<String>),
    (scratch, operation): (&str, OperationId),
    tell: Tell<'_>,
) -> Result<(), BackupError> {
    let line = site.workers.start(&Tree::Volume(scratch.to_owned()), Access::Write, operation).await?;
    let mut session = Session::open(line, name).await?;
    let mut source = site.store.open_file(set, &data.archive.path)?;
    let mut told = |progress: crate::sys::worker::Progress| {
        tell(Told::Bytes { done: progress.bytes, total: data.bytes });
    };
    session.stage(operation, data.entries, &mut source, &mut told).await?;
    let index = site.store.open_file(set, &data.index.path)?;
    compare(&mut session, index, (Part::Staged(operation.to_string()), only), name).await?;
    Ok(session.close().await?)
}
