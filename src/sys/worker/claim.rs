// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! On whose behalf containers and volumes of ours are made: the labels that say so, and what is done with what carries
//! them.

use std::hash::{BuildHasher as _, Hasher as _, RandomState};

use super::{LABEL, WorkerError, sweep};
use crate::backup::id::OperationId;
use crate::sys::engine::{Deadline, Engine, EngineError, Labels, Volume};

/// The label that says on whose behalf a helper works: the host that stackctl runs on.
pub const HOST_LABEL: &str = "stackctl.helper.host";

/// A host and a project. Operations of other projects may have the same names, and what they made is none of ours.
pub(super) struct Claim {
    host: String,
    project: String,
}

impl Claim {
    pub(super) fn new(host: String, project: String) -> Self {
        Self { host, project }
    }

    /// The same host for another project.
    pub(super) fn of(&self, project: &str) -> Self {
        Self { host: self.host.clone(), project: project.to_owned() }
    }

    /// The value of the label on what belongs to an operation.
    fn owner(&self, operation: &str) -> String {
        format!("{}/{operation}", self.project)
    }

    pub(super) fn labels(&self, operation: &str) -> Labels {
        Labels::from([(LABEL.to_owned(), self.owner(operation)), (HOST_LABEL.to_owned(), self.host.clone())])
    }

    /// Sees that the volume is the one that was there before: if it was removed in between, the container has made
    /// another, with our labels.
    pub(super) async fn is_still(
        &self,
        engine: &dyn Engine,
        before: &Volume,
        (id, operation): (&str, &str),
    ) -> Result<(), EngineError> {
        let now = engine.inspect_volume(&before.name, Deadline::QUESTION).await?;
        if now.labels == before.labels {
            return Ok(());
        }
        if now.labels == self.labels(operation) {
            engine.remove_container(id, Deadline::CHANGE).await?;
            engine.remove_volume(&now.name, Deadline::CHANGE).await?;
        }
        Err(EngineError::NotFound {
            call: "inspect volume",
            message: format!("`{}` was replaced while a helper was made for it", before.name),
        })
    }

    /// Ends and removes what is left of an operation.
    pub(super) async fn sweep(&self, engine: &dyn Engine, operation: OperationId) -> Result<(), WorkerError> {
        sweep::sweep(engine, &self.owner(&operation.to_string())).await
    }

    /// The same for every operation on the project.
    pub(super) async fn sweep_all(&self, engine: &dyn Engine) -> Result<(), WorkerError> {
        for owner in sweep::owners(engine, &format!("{}/", self.project)).await? {
            sweep::sweep(engine, &owner).await?;
        }
        Ok(())
    }
}

/// A name for a container or a volume of an operation.
pub(super) fn fresh_name(operation: &str) -> String {
    #[expect(clippy::cast_possible_truncation, reason = "half of it is random enough")]
    let half = RandomState::new().build_hasher().finish() as u32;
    format!("stackctl-helper-{operation}-{half:08x}")
}
