// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! A container that ends by force alone, after the whole grace period.

use super::case::{Case, Finding};
use crate::app::doctor::Level;
use crate::health::event::EventKind;
use crate::health::explain::phrase::duration;
use crate::sys::engine::{ContainerDetail, ContainerStatus};

/// Shells that hand no signal on to what they run.
const SHELLS: &[&str] = &["sh", "bash", "ash", "dash"];

pub(super) fn find(case: &Case<'_>) -> Option<Finding> {
    let detail = case.detail;
    let shell = shell(detail);
    let was_killed = detail.state.status == ContainerStatus::Exited
        && detail.state.exit_code == 137
        && !detail.state.oom_killed
        && shell.is_some();
    let waited = killed_after(case);
    if waited.is_none() && !was_killed {
        return None;
    }
    let mut finding = Finding::new(
        Level::Warn,
        "stopped_by_force",
        match &waited {
            Some(waited) => format!("did not end when asked, and was killed {waited} later"),
            None => "ended with 137, killed and not for memory".to_owned(),
        },
        "set `init: true`, or begin the last line of its start script with `exec`; or raise `stop_grace_period`",
    );
    if let Some(shell) = shell {
        finding = finding.with(format!("its first process is the shell `{shell}`, which hands no signal on"));
    }
    Some(finding.with("status 137 after a stop is not by itself a lack of memory"))
}

/// How long after the request the engine lost patience, where its events tell of both.
fn killed_after(case: &Case<'_>) -> Option<String> {
    let mut asked = None;
    let mut found = None;
    for event in &case.events {
        match event.kind {
            EventKind::Killed { signal: 9 } => found = asked.take().map(|at| duration(event.time - at)).or(found),
            EventKind::Killed { .. } => asked = Some(event.time),
            EventKind::Died { .. } | EventKind::Started => asked = None,
            _ => {}
        }
    }
    found
}

/// The shell that is the first process, where no init stands before it.
fn shell(detail: &ContainerDetail) -> Option<&str> {
    let first = detail.entrypoint.iter().chain(&detail.command).next()?;
    let name = first.rsplit('/').next().unwrap_or(first);
    let words = detail.entrypoint.iter().chain(&detail.command);
    let hands_over = words.clone().any(|word| word.split_whitespace().any(|part| part == "exec"));
    (!detail.init && !hands_over && SHELLS.contains(&name)).then_some(name)
}
