// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What a backup will do, decided before anything is done: a pure function of facts and wishes.
//!
//! A plan that has refusals is not carried out. Everything that is not captured is in it too, with the reason.

mod binds;
mod facts;
mod quiesce;
mod refusal;
mod request;
mod volumes;

pub(crate) use facts::is_in;
pub use facts::{Container, Facts, Hooks, Mount, MountSource, PathFacts, PathKind, VolumeFacts};
pub use quiesce::{Act, Affected};
pub(crate) use quiesce::{close_over_namespaces, waves};
pub use refusal::Refusal;
pub use request::{Cache, Quiesce, Request, Secrets, Unchanged};

use std::collections::BTreeSet;

use super::class::Classed;
use super::manifest::{Consistency, LeftOutReason};

/// What is captured.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// A volume, by its name at the engine.
    Volume {
        /// Its name.
        name: String,
        /// Its key in the compose file.
        key: Option<String>,
    },
    /// A path of the host.
    Bind {
        /// The absolute path.
        source: String,
        /// Whether it is a single file.
        is_file: bool,
    },
}

impl What {
    /// The name of the volume, or the path.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Volume { name, .. } => name,
            Self::Bind { source, .. } => source,
        }
    }
}

/// Something that is captured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capture {
    /// What.
    pub what: What,
    /// How dear it is, and why that is known.
    pub class: Classed,
    /// Its size in bytes, where known.
    pub bytes: Option<u64>,
    /// How still it will be.
    pub consistency: Consistency,
    /// The containers that can write to it and run, by name.
    pub writers: Vec<String>,
    /// What a person should know of it, as fragments.
    pub notes: Vec<String>,
}

/// Something that is not captured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// What.
    pub what: What,
    /// Why.
    pub reason: LeftOutReason,
    /// How dear it is, where that was judged.
    pub class: Option<Classed>,
    /// Its size in bytes, where known.
    pub bytes: Option<u64>,
    /// Whether what it holds is to be listed in the manifest.
    pub is_listed: bool,
}

/// What a backup will do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The project.
    pub project: String,
    /// What is captured, volumes first, by name.
    pub captures: Vec<Capture>,
    /// What is not, and why.
    pub left_out: Vec<LeftOut>,
    /// Containers that something is done to, in waves: each wave is done before the next begins, and undone in the
    /// opposite order.
    pub waves: Vec<Vec<Affected>>,
    /// What becomes of data that has not changed since an earlier set.
    pub unchanged: Unchanged,
    /// The sum of the known sizes, in bytes.
    pub bytes: u64,
    /// How many sizes are not known.
    pub unknown_sizes: usize,
    /// What must be free in the store, in bytes: the known sizes and a tenth, as if nothing could be packed.
    pub needed_bytes: u64,
    /// What is free there, where known.
    pub free_bytes: Option<u64>,
    /// What a person should know, as sentences without a period.
    pub notes: Vec<String>,
    /// What forbids it.
    pub refusals: Vec<Refusal>,
}

impl Plan {
    /// The containers that something is done to, in order.
    pub fn affected(&self) -> impl Iterator<Item = &Affected> {
        self.waves.iter().flatten()
    }
}

/// What was decided before anybody is stopped.
#[derive(Debug, Default)]
struct Draft {
    captures: Vec<Capture>,
    left_out: Vec<LeftOut>,
    notes: Vec<String>,
    refusals: Vec<Refusal>,
}

impl Draft {
    fn leave_out(&mut self, what: What, reason: LeftOutReason, class: Option<&Classed>, bytes: Option<u64>) {
        let is_listed = reason == LeftOutReason::Cache;
        self.left_out.push(LeftOut { what, reason, class: class.cloned(), bytes, is_listed });
    }

    fn refuse(&mut self, refusal: Refusal) {
        if !self.refusals.contains(&refusal) {
            self.refusals.push(refusal);
        }
    }
}

/// Plans a backup.
#[must_use]
pub fn plan(facts: &Facts, request: &Request) -> Plan {
    let mut draft = Draft::default();
    let known: BTreeSet<&str> =
        facts.services.iter().map(String::as_str).chain(facts.own().filter_map(|one| one.service.as_deref())).collect();
    for name in request.services.iter().filter(|name| !known.contains(name.as_str())) {
        draft.refuse(Refusal::ServiceUnknown { name: name.clone() });
    }
    volumes::choose(facts, request, &mut draft);
    binds::choose(facts, request, &mut draft);
    if draft.captures.is_empty() {
        draft.refuse(Refusal::Nothing);
    }
    let waves = quiesce::decide(facts, request, &mut draft);
    let bytes = draft.captures.iter().filter_map(|one| one.bytes).fold(0_u64, u64::saturating_add);
    let unknown_sizes = draft.captures.iter().filter(|one| one.bytes.is_none()).count();
    let needed_bytes = bytes.saturating_add(bytes / 10);
    if let Some(free) = facts.free_bytes.filter(|free| *free < needed_bytes) {
        draft.refuse(Refusal::Space { needed_bytes, free_bytes: free });
    }
    Plan {
        project: facts.project.clone(),
        captures: draft.captures,
        left_out: draft.left_out,
        waves,
        unchanged: request.unchanged,
        bytes,
        unknown_sizes,
        needed_bytes,
        free_bytes: facts.free_bytes,
        notes: draft.notes,
        refusals: draft.refusals,
    }
}

#[cfg(test)]
mod property_tests;
#[cfg(test)]
mod tests;
