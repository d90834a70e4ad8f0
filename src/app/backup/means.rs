// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What every operation on the data of a project goes by: one engine, the way its data takes, the name of this machine.

use std::sync::Arc;

use super::hold::{choose_workers, one_engine};
use super::{BackupError, Outside, Site, Store};
use crate::app::Context;
use crate::app::observe::Live;
use crate::backup::manifest::DataPath;
use crate::sys::engine::Engine;
use crate::sys::worker::{MakeWorkers, Workers};

/// What an operation goes by, whatever store it is with.
pub struct Means {
    engine: Arc<dyn Engine>,
    workers: Box<dyn Workers>,
    host: String,
}

impl std::fmt::Debug for Means {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Means").field("path", &self.path()).field("host", &self.host).finish_non_exhaustive()
    }
}

impl Means {
    /// Finds the one engine, and chooses the way for the data of this project, as wished where something is.
    ///
    /// # Errors
    /// No engine or several, no way, or an engine that does not answer.
    pub async fn of(
        live: &Live<'_>,
        make: &dyn MakeWorkers,
        (project, wish): (&str, Option<DataPath>),
    ) -> Result<Self, BackupError> {
        let (link, engine) = one_engine(live)?;
        let workers = choose_workers(link, &engine, make, (project, wish)).await?;
        Ok(Self { engine, workers, host: live.machine.identity().host })
    }

    /// The way that data takes.
    #[must_use]
    pub fn path(&self) -> DataPath {
        self.workers.path()
    }

    /// The engine.
    #[must_use]
    pub fn engine(&self) -> &dyn Engine {
        self.engine.as_ref()
    }

    /// What an operation with this store works with.
    #[must_use]
    pub fn site<'a>(&'a self, context: Context<'a>, outside: Outside<'a>, store: &'a Store<'a>) -> Site<'a> {
        Site { context, outside, engine: self.engine(), workers: self.workers.as_ref(), store, host: &self.host }
    }
}
