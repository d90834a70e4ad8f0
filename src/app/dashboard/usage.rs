// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What containers use, asked once for those that are on the screen.

use futures_util::{StreamExt as _, stream};

use crate::app::observe::Live;
use crate::sys::engine::{Deadline, Usage};

/// Questions under way at one engine at one time.
const AT_ONCE: usize = 8;

/// What one container has used so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    /// Its engine's name.
    pub context: String,
    /// Its full id.
    pub id: String,
    /// The counters.
    pub usage: Usage,
}

/// Asks what these containers (engine, id) have used. Those that are gone or do not run are left out.
pub(super) async fn sweep(live: &Live<'_>, wanted: &[(String, String)]) -> Vec<Sample> {
    let ask = |(context, id): &(String, String)| {
        let (context, id) = (context.clone(), id.clone());
        async move {
            let link = live.engines.iter().find(|link| link.name == context)?;
            let usage = link.engine.as_ref().ok()?.usage(&id, Deadline::QUESTION).await.ok()?;
            Some(Sample { context, id, usage })
        }
    };
    let mut samples: Vec<Sample> =
        stream::iter(wanted.iter().map(ask)).buffer_unordered(AT_ONCE).filter_map(|one| async { one }).collect().await;
    samples.sort_by(|one, other| (&one.context, &one.id).cmp(&(&other.context, &other.id)));
    samples
}
