// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What only an inspection tells of the one service that is looked at closely.

use super::host::safe_probe;
use crate::app::health::{Check, check_of};
use crate::app::observe::{Live, container};
use crate::app::status::secrets;
use crate::diag::safe_line;
use crate::health::Timestamp;
use crate::health::board::SlotKey;
use crate::health::observation::Probe;
use crate::sys::engine::Deadline;

/// All of one container that a screen shows beside its verdict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Detail {
    /// Whose.
    pub key: SlotKey,
    /// Its check, where it has one.
    pub check: Option<Check>,
    /// The last probes that the engine keeps, oldest first.
    pub probes: Vec<Probe>,
    /// When the present run began: probes before it are of an earlier run.
    pub started: Option<Timestamp>,
}

/// Inspects the container of a service; `None`: it is gone, or the engine cannot be asked.
pub(super) async fn detail(live: &Live<'_>, key: &SlotKey, id: &str) -> Option<Detail> {
    let link = live.engines.iter().find(|link| link.name == key.context)?;
    let found = link.engine.as_ref().ok()?.inspect_container(id, Deadline::QUESTION).await.ok()?;
    let hidden = secrets(&found.environment);
    let check = check_of(&found)
        .map(|check| Check { test: check.test.iter().map(|word| safe_line(word, &hidden)).collect(), ..check });
    let log = container(&found).health.map(|health| health.log).unwrap_or_default();
    Some(Detail {
        key: key.clone(),
        check,
        probes: log.iter().map(|probe| safe_probe(probe, &hidden)).collect(),
        started: found.state.started,
    })
}
