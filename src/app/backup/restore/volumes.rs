// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The volumes and paths that a restore works on, each behind a worker.

use std::collections::BTreeMap;

use crate::app::backup::BackupError;
use crate::backup::id::OperationId;
use crate::backup::journal::{Event, Journal};
use crate::backup::restore::{Place, Target};
use crate::sys::worker::{Access, Mark, Session, Tree, Workers};

/// Where a worker is sent for the name in a journal: a volume, or (with `/`) a folder of the host.
pub(crate) fn tree_of_name(name: &str) -> Tree {
    if name.starts_with('/') { Tree::Folder(name.into()) } else { Tree::Volume(name.to_owned()) }
}

/// The name in the journal for a place, and the one name in it where it is a file.
pub(crate) fn name_of(place: &Place) -> (String, Option<String>) {
    match place {
        Place::Volume { name, .. } => (name.clone(), None),
        Place::Path { path, is_file: false } => (path.clone(), None),
        Place::Path { path, is_file: true } => {
            let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
            (if folder.is_empty() { "/".to_owned() } else { folder.to_owned() }, Some(name.to_owned()))
        }
    }
}

/// The places that a journal says were staged, with the one name in each where it is not all.
pub(crate) fn staged(journal: &Journal) -> BTreeMap<String, Option<String>> {
    let staged = journal.records.iter().filter_map(|record| match &record.event {
        Event::Staging { volume, only } => Some((volume.clone(), only.clone())),
        _ => None,
    });
    staged.collect()
}

/// Open talks with workers that may write, one a place.
pub(crate) struct Sessions<'a> {
    workers: &'a dyn Workers,
    operation: OperationId,
    open: BTreeMap<String, Session>,
}

impl<'a> Sessions<'a> {
    pub(crate) fn new(workers: &'a dyn Workers, operation: OperationId) -> Self {
        Self { workers, operation, open: BTreeMap::new() }
    }

    /// The talk with the worker of a place; started when there is none.
    pub(crate) async fn with(&mut self, name: &str) -> Result<&mut Session, BackupError> {
        if !self.open.contains_key(name) {
            let tree = tree_of_name(name);
            let line = self.workers.start(&tree, Access::Write, self.operation).await?;
            let session = Session::open(line, &tree.name()).await?;
            self.open.insert(name.to_owned(), session);
        }
        self.open.get_mut(name).ok_or_else(|| BackupError::NoSet(name.to_owned()))
    }

    /// How far the operation came in a place.
    pub(crate) async fn mark(&mut self, name: &str) -> Result<Option<Mark>, BackupError> {
        let operation = self.operation.to_string();
        let seen = self.with(name).await?.look().await?;
        Ok(seen.marks.into_iter().find(|(one, _)| *one == operation).map(|(_, mark)| mark))
    }

    /// Ends all talks and their workers.
    ///
    /// # Errors
    /// Workers that cannot be removed.
    pub(crate) async fn close(&mut self) -> Result<(), BackupError> {
        if self.open.is_empty() {
            return Ok(());
        }
        for (name, session) in std::mem::take(&mut self.open) {
            if let Err(error) = session.close().await {
                tracing::debug!(name, %error, "a worker did not end as it should");
            }
        }
        Ok(self.workers.sweep(self.operation).await?)
    }
}

/// The places of targets, for the journal.
pub(crate) fn names(targets: &[Target]) -> Vec<String> {
    targets.iter().map(|target| name_of(&target.place).0).collect()
}
