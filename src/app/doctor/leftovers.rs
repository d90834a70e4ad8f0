// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What runs of this program or of Compose have left behind on an engine.

use chrono::TimeDelta;

use super::Check;
use crate::app::observe::Look;
use crate::health::explain::phrase::count;
use crate::sys::engine::{ContainerFilter, ContainerStatus, Deadline, Engine, Labels, Volume};
use crate::sys::lock::BREAKABLE_AFTER;

/// The label of lock volumes.
const LOCK_LABEL: &str = "stackctl.lock";

/// The label of containers that do a piece of work for this program and are removed after it.
const HELPER_LABEL: &str = "stackctl.helper";

/// The label of containers of `compose run`.
const ONE_OFF_LABEL: &str = "com.docker.compose.oneoff";

/// One check a kind of leftover, or one that says that there are none.
pub(super) async fn checks(engine: &dyn Engine, look: &Look) -> Vec<Check> {
    let found: Vec<Check> = [locks(engine, look).await, helpers(engine).await, dead(look), ended_runs(look)]
        .into_iter()
        .flatten()
        .collect();
    if found.is_empty() { vec![Check::ok("leftovers", "none")] } else { found }
}

fn amount(list: &[String], one: &str, many: &str) -> String {
    count(u32::try_from(list.len()).unwrap_or(u32::MAX), one, many)
}

fn warn(list: &[String], (one, many): (&str, &str), fix: impl Into<String>) -> Option<Check> {
    let found = format!("{}: {}", amount(list, one, many), list.join(", "));
    (!list.is_empty()).then(|| Check::warn("leftovers", found, fix))
}

/// Locks that nobody can still hold.
async fn locks(engine: &dyn Engine, look: &Look) -> Option<Check> {
    let locks = engine.list_volumes(LOCK_LABEL, Deadline::QUESTION).await.unwrap_or_default();
    let breakable = TimeDelta::from_std(BREAKABLE_AFTER).unwrap_or_default();
    let is_old = |volume: &Volume| volume.created.is_some_and(|created| look.now - created > breakable);
    let old: Vec<String> = locks.into_iter().filter(is_old).map(|volume| volume.name).collect();
    let fix = "if its holder is surely gone, run the next command with `--break-lock`";
    warn(&old, ("lock held for long", "locks held for long"), fix)
}

/// Helpers whose work is over, whatever project they worked for.
async fn helpers(engine: &dyn Engine) -> Option<Check> {
    let filter = ContainerFilter { labels: vec![(HELPER_LABEL.to_owned(), None)], only_running: false };
    let found = engine.list_containers(&filter, Deadline::QUESTION).await.unwrap_or_default();
    let is_over = |status| matches!(status, ContainerStatus::Exited | ContainerStatus::Created | ContainerStatus::Dead);
    let names: Vec<String> = found.into_iter().filter(|one| is_over(one.status)).map(|one| one.name).collect();
    let fix = format!("`docker rm -v {}`", names.join(" "));
    warn(&names, ("helper container of an interrupted run", "helper containers of interrupted runs"), fix)
}

/// The names of containers that are looked at.
fn names(look: &Look, is_it: impl Fn(ContainerStatus, &Labels) -> bool) -> Vec<String> {
    let details = look.seen.iter().flat_map(|seen| seen.values()).map(|one| &one.detail);
    let found = details.filter(|one| !one.labels.contains_key(HELPER_LABEL) && is_it(one.state.status, &one.labels));
    found.map(|one| one.name.clone()).collect()
}

fn dead(look: &Look) -> Option<Check> {
    let names = names(look, |status, _| status == ContainerStatus::Dead);
    let fix = format!("`docker rm -f {}`", names.join(" "));
    warn(&names, ("container half removed", "containers half removed"), fix)
}

fn ended_runs(look: &Look) -> Option<Check> {
    let is_run = |labels: &Labels| labels.get(ONE_OFF_LABEL).is_some_and(|value| value.eq_ignore_ascii_case("true"));
    let names = names(look, |status, labels| {
        matches!(status, ContainerStatus::Exited | ContainerStatus::Created) && is_run(labels)
    });
    let fix = format!("`docker rm {}`", names.join(" "));
    warn(&names, ("ended container of `compose run`", "ended containers of `compose run`"), fix)
}
