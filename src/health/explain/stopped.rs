// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Why a container does not run.

use super::phrase::{duration, exit_meaning, missing_program, telling_line, whole};
use super::{Why, hinted, name, plain, waits_for};
use crate::health::observation::{Container, Phase, RestartPolicy, Timestamp};
use crate::health::verdict::{Evidence, Verdict, Wanted};

/// `exit 127 (its command is not there)`.
pub(super) fn death(exit_code: i64, oom: bool) -> String {
    match (exit_code, oom) {
        (code, true) => format!("exit {code} (killed by the kernel: out of memory)"),
        (137, false) => "exit 137 (killed, not for memory)".to_owned(),
        (code, false) => {
            exit_meaning(code).map_or_else(|| format!("exit {code}"), |meaning| format!("exit {code} ({meaning})"))
        }
    }
}

/// What to do about an exit code that tells enough.
pub(super) const fn advice(exit_code: i64, oom: bool) -> Option<&'static str> {
    if oom {
        return Some("raise the memory limit, or give it less to hold");
    }
    Some(match exit_code {
        126 => "make the command executable for the container's user, or correct it",
        127 => "correct the command: the image does not have it",
        132 => "use an image built for this processor",
        135 => "raise `shm_size`",
        _ => return None,
    })
}

pub(super) fn explain(verdict: &Verdict, evidence: &Evidence<'_>) -> Why {
    let Verdict::Stopped { exit_code, oom, wanted, next_retry } = verdict else { return plain("does not run") };
    let Some(container) = evidence.container else { return plain("does not run") };
    if !container.start_error.is_empty() {
        return start_failed(container);
    }
    let Some(exit_code) = *exit_code else { return never_started(evidence) };
    let mut why = match wanted {
        Wanted::Asked => asked(container, exit_code, *oom),
        Wanted::Inferred => hinted(
            &format!(
                "was stopped by hand: its restart policy would have started it again ({})",
                death(exit_code, *oom)
            ),
            &format!("`docker start {}`", container.name),
        ),
        Wanted::Unknown => hinted(
            &format!(
                "ended with {} before anybody looked; whether that was asked for is not known",
                death(exit_code, *oom)
            ),
            &format!("`docker logs --tail 50 {}`", container.name),
        ),
        Wanted::Unasked => crashed(container, exit_code, *oom, *next_retry, evidence.now),
    };
    why.evidence.insert(0, format!("exit {exit_code}"));
    why.evidence.insert(1, format!("oom {oom}"));
    if let Some(ended) = container.finished_at {
        why.evidence.push(format!("ended {} ago", duration(evidence.now - ended)));
    }
    why
}

fn never_started(evidence: &Evidence<'_>) -> Why {
    if evidence.waiting_for.is_empty() {
        return hinted("was made and never started", &format!("`docker start {}`", name(evidence)));
    }
    hinted(
        &format!("was never started: it {}", waits_for(evidence.waiting_for)),
        "mend what it waits for, then `docker compose up -d`",
    )
}

fn start_failed(container: &Container) -> Why {
    let line = telling_line(&container.start_error).unwrap_or_default();
    let sentence = match missing_program(&container.start_error) {
        Some(program) => format!("could not be started: `{program}` is not in the image"),
        None => format!("could not be started: {line}"),
    };
    Why { sentence, evidence: vec![format!("start error: {}", whole(&container.start_error))], hint: None }
}

fn asked(container: &Container, exit_code: i64, oom: bool) -> Why {
    let how = death(exit_code, oom);
    if exit_code == 137 && !oom {
        return hinted(
            &format!("was stopped on request, but only by force: {how}"),
            "it does not end on SIGTERM in time; use `init: true`, or `exec` in its start script, or a longer `stop_grace_period`",
        );
    }
    let start = format!("`docker start {}`", container.name);
    hinted(&format!("was stopped on request ({}, {how})", container.name), &start)
}

fn crashed(container: &Container, exit_code: i64, oom: bool, retry: Option<Timestamp>, now: Timestamp) -> Why {
    let how = death(exit_code, oom);
    let next = match (container.phase(), retry) {
        (Phase::Waiting, Some(at)) if at > now => format!("; the engine starts it again in {}", duration(at - now)),
        (Phase::Waiting, _) => "; the engine is about to start it again".to_owned(),
        _ => gave_up(container),
    };
    let run = container.last_run().map(|run| format!(" after {}", duration(run))).unwrap_or_default();
    let advice =
        advice(exit_code, oom).map_or_else(|| format!("`docker logs --tail 50 {}`", container.name), str::to_owned);
    hinted(&format!("ended{run} with {how}{next}"), &advice)
}

fn gave_up(container: &Container) -> String {
    match container.restart_policy {
        RestartPolicy::OnFailure(Some(most)) if container.exit_code != 0 && container.restart_count >= most => {
            format!("; the engine gave up after {most} restarts")
        }
        RestartPolicy::No => "; it has no restart policy".to_owned(),
        _ => String::new(),
    }
}
