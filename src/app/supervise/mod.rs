// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `stackctl supervise`: a watch with a policy that may act.
//!
//! Four parts, none of which waits for another: followers listen to the engines ([`watch()`]), the mind decides, hands act
//! under the project lock, and a [`Listener`] is told of everything. Nothing is done unless a setting or a label allows it.

mod act;
mod alone;
#[cfg(test)]
mod clock_tests;
mod error;
mod mind;
mod policy;
mod probing;
mod report;
mod rivals;
mod sight;
mod tally;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

pub use alone::{Alone, NotAlone, running};
pub use policy::policy;
pub use probing::Probing;
pub use report::{EngineView, Fact, Picture, Report, ServiceView, Stage};
pub use rivals::rivals;

use super::tasks::TaskGroup;
use super::watch::{self, Failure, Surroundings, Watched, watch};
use crate::catalog::Catalog;
use crate::health::policy::PolicySettings;
use crate::sys::Clock;
use crate::sys::lock::Machine;
use crate::sys::programs::Programs;
use act::{Deed, Hands};
use mind::Mind;

/// Deeds that wait for their turn at one engine; more than a stack has services that turn bad at once.
const DEEDS: usize = 64;

/// How long what is being done is waited for at the end. The engine finishes a restart that it has begun.
const LAST_DEED: Duration = Duration::from_secs(15);

/// What to supervise.
#[derive(Debug, Clone)]
pub struct Request {
    /// Which engines' services, as for a watch.
    pub watch: watch::Request,
    /// What may be done.
    pub policy: PolicySettings,
    /// Scatters the waits of several supervisors; any number.
    pub seed: u64,
}

/// Who is told. Nothing here may wait or take long.
pub trait Listener {
    /// Something happened, was decided or was done.
    fn tell(&self, report: Report);

    /// The whole, after each change and each second. Asked for only when [`Self::wants_picture`].
    fn show(&self, picture: Picture) {
        let _ = picture;
    }

    /// Whether anybody looks at the whole.
    fn wants_picture(&self) -> bool {
        false
    }
}

/// What supervision needs of the outside.
#[derive(Clone, Copy)]
pub struct Outside<'a> {
    /// The clock.
    pub clock: &'a dyn Clock,
    /// The known services.
    pub catalog: Catalog,
    /// This machine, for the project lock.
    pub machine: &'a dyn Machine,
    /// Runs the commands of the settings.
    pub programs: &'a dyn Programs,
    /// How services are asked whether they work; `None`: they are not.
    pub probing: Option<&'a Probing<'a>>,
    /// The folder of lock files.
    pub lock_folder: &'a Path,
    /// Who is told.
    pub listener: &'a dyn Listener,
}

/// Supervises until `cancelled`. What is being done then is finished first; what only waits to be done is not.
/// Returns the engines that could not be asked when none could.
pub async fn supervise(
    watched: &[Watched<'_>],
    request: &Request,
    outside: Outside<'_>,
    cancelled: &CancellationToken,
) -> Vec<Failure> {
    let mind = Mind::new(watched, request, outside);
    let surroundings = Surroundings { clock: outside.clock, catalog: outside.catalog, observer: &mind };
    let hands = Hands {
        clock: outside.clock,
        machine: outside.machine,
        programs: outside.programs,
        lock_folder: outside.lock_folder,
    };
    let (mut deeds, group) = (BTreeMap::new(), TaskGroup::new(cancelled.clone()));
    for one in watched {
        let (sender, waiting) = mpsc::channel::<Deed>(DEEDS);
        deeds.insert(one.context.to_owned(), sender);
        group.spawn(mind.act(*one, waiting, hands, cancelled));
    }
    // They end by themselves once cancelled, and go on with what they are at meanwhile.
    let acting = group.join(LAST_DEED);
    let asked = cancelled.child_token();
    let deciding = mind.decide(deeds, cancelled);
    let watching = async {
        let failures = watch(watched, &request.watch, surroundings, cancelled).await;
        // Without an engine there is nothing to decide or to ask.
        if !failures.is_empty() {
            mind.give_up();
            asked.cancel();
        }
        failures
    };
    let asking = mind.ask(outside.probing, &asked);
    let (failures, (), _, ()) = tokio::join!(watching, deciding, acting, asking);
    failures
}
