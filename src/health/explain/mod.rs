// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Why a verdict is what it is: one sentence, its evidence, and what to do.
//!
//! Limits: outputs of probes are trimmed but not masked; whoever prints them hides secrets first.

mod hint;
pub mod phrase;
mod stopped;
#[cfg(test)]
mod tests;

use chrono::TimeDelta;

use super::verdict::{Counted, Degraded, Evidence, ProbeResult, State, Verdict, Waiting};
use crate::catalog::KnownService;
use phrase::{count, duration, missing_program, telling_line, whole};

/// Why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Why {
    /// One sentence, as a lower-case fragment.
    pub sentence: String,
    /// Single facts behind it, in the order of weight.
    pub evidence: Vec<String>,
    /// The next step, where there is one.
    pub hint: Option<String>,
}

/// What helps to explain, beside the evidence of the verdict.
#[derive(Debug, Clone, Copy, Default)]
pub struct Background<'a> {
    /// What the catalog knows of the image.
    pub known: Option<&'a KnownService>,
    /// The end of the container's log, oldest line first, where it was read.
    pub log_tail: &'a [String],
}

/// Why `verdict`, which was judged from `evidence`, is what it is.
#[must_use]
pub fn explain(verdict: &Verdict, evidence: &Evidence<'_>, background: Background<'_>) -> Why {
    let mut why = match verdict {
        Verdict::Ok { completed: true } => plain("has done its work and ended with 0"),
        Verdict::Ok { completed: false } => ok(evidence),
        Verdict::Starting { latest, .. } => starting(evidence, *latest),
        Verdict::Unhealthy { streak, last } => unhealthy(*streak, last.as_ref()),
        Verdict::Degraded { reason } => degraded(reason, evidence),
        Verdict::Loop { .. } => looping(verdict, evidence),
        Verdict::Stopped { .. } => stopped::explain(verdict, evidence),
        Verdict::Paused => hinted("is frozen; its check is not run", &format!("`docker unpause {}`", name(evidence))),
        Verdict::NoCheck => no_check(evidence),
        Verdict::Missing { expected: true } => missing(evidence),
        Verdict::Missing { expected: false } => not_expected(evidence),
        Verdict::Orphan => hinted(
            "has a container, and the compose file does not have the service",
            "`docker compose up -d --remove-orphans` removes it",
        ),
        Verdict::Unknown { age: Some(age) } => hinted(
            &format!("the engine cannot be asked; last known {} ago", duration(*age)),
            "`stackctl doctor` looks why",
        ),
        Verdict::Unknown { age: None } => hinted("the engine cannot be asked", "`stackctl doctor` looks why"),
    };
    // What is known of the very service beats general advice.
    if let Some(hint) = hint::of(verdict, evidence, background, why.hint.is_some()) {
        why.evidence.extend(hint.evidence);
        why.hint = Some(hint.advice);
    }
    why
}

fn plain(sentence: &str) -> Why {
    Why { sentence: sentence.to_owned(), evidence: Vec::new(), hint: None }
}

fn hinted(sentence: &str, hint: &str) -> Why {
    Why { hint: Some(hint.to_owned()), ..plain(sentence) }
}

/// The container's name, or the service's where there is no container.
fn name<'a>(evidence: &Evidence<'a>) -> &'a str {
    match (evidence.container, evidence.file.definition()) {
        (Some(container), _) => &container.name,
        (None, Some(definition)) => &definition.name,
        (None, None) => "CONTAINER",
    }
}

fn probe_evidence(exit_code: i64, output: &str) -> Vec<String> {
    let mut evidence = vec![format!("probe exit {exit_code}")];
    let output = whole(output);
    if !output.is_empty() {
        evidence.push(format!("probe output: {output}"));
    }
    evidence
}

fn ok(evidence: &Evidence<'_>) -> Why {
    let container = evidence.container;
    let streak = container.and_then(|one| one.health.as_ref()).and_then(|health| health.failing_streak).unwrap_or(0);
    let last = container.and_then(|one| one.probes().next_back());
    match last {
        Some(probe) if streak > 0 => {
            let retries = container.and_then(|one| one.check).map_or(3, |check| check.retries);
            Why {
                sentence: format!("passes its check, though the last {streak} of {retries} allowed failed"),
                evidence: probe_evidence(probe.exit_code, &probe.output),
                hint: None,
            }
        }
        Some(probe) => plain(&format!("passes its check, the last one {} ago", duration(evidence.now - probe.end))),
        None => plain("passes its check"),
    }
}

/// `waits for db (unhealthy)`.
fn waits_for(waiting: &[Waiting]) -> String {
    let names: Vec<String> = waiting.iter().map(|one| format!("{} ({})", one.service, one.state.word())).collect();
    format!("waits for {}", names.join(", "))
}

fn starting(evidence: &Evidence<'_>, latest: Option<super::Timestamp>) -> Why {
    let Some(container) = evidence.container else { return plain("is on its way") };
    if container.started_at.is_none() {
        return if evidence.waiting_for.is_empty() {
            plain("was made and is about to be started")
        } else {
            plain(&waits_for(evidence.waiting_for))
        };
    }
    let failed = container.probes().filter(|probe| probe.exit_code != 0).count();
    let last = container.probes().rev().find(|probe| probe.exit_code != 0);
    let limit = match latest.map(|latest| latest - evidence.now) {
        Some(left) if left >= TimeDelta::zero() => format!("its check decides within {}", duration(left)),
        Some(over) => format!("its check should have decided {} ago", duration(-over)),
        None => "its check has not decided yet".to_owned(),
    };
    let Some(last) = last else { return plain(&limit) };
    let failed = count(u32::try_from(failed).unwrap_or(u32::MAX), "probe", "probes");
    let line = telling_line(&last.output).map(|line| format!(": {line}")).unwrap_or_default();
    Why {
        sentence: format!("{limit}; {failed} failed so far, last exit {}{line}", last.exit_code),
        evidence: probe_evidence(last.exit_code, &last.output),
        hint: None,
    }
}

fn unhealthy(streak: Option<u32>, last: Option<&ProbeResult>) -> Why {
    let times = streak.map_or_else(String::new, |streak| format!(" {} in a row", count(streak, "time", "times")));
    let Some(last) = last else {
        return plain(&format!("fails its check{times}; the engine has no output of it yet"));
    };
    let evidence = probe_evidence(last.exit_code, &last.output);
    if let Some(program) = missing_program(&last.output) {
        return Why {
            sentence: format!("its check cannot run: `{program}` is not in the image"),
            evidence,
            hint: Some("use a check whose program the image has".to_owned()),
        };
    }
    let line = telling_line(&last.output);
    let (reason, hint) = match last.exit_code {
        -1 if last.output.contains("exceeded timeout") => {
            ("the check took longer than its timeout".to_owned(), Some("raise `timeout`, or find what makes it slow"))
        }
        -1 => (line.unwrap_or_else(|| "the check could not be run".to_owned()), None),
        126 => (
            with_line("exit 126: the check's program cannot be run", line),
            Some("make it executable for the container's user"),
        ),
        127 => (
            with_line("exit 127: the check's program is not there", line),
            Some("use a check whose program the image has"),
        ),
        137 => {
            (with_line("exit 137: the check was killed", line), Some("raise the memory limit, or use a lighter check"))
        }
        code => (with_line(&format!("last exit {code}"), line), None),
    };
    Why { sentence: format!("fails its check{times}; {reason}"), evidence, hint: hint.map(str::to_owned) }
}

fn with_line(start: &str, line: Option<String>) -> String {
    line.map_or_else(|| start.to_owned(), |line| format!("{start}: {line}"))
}

fn degraded(reason: &Degraded, evidence: &Evidence<'_>) -> Why {
    match reason {
        Degraded::ChildOutOfMemory { kills } => {
            let limit = evidence.file.definition().and_then(|definition| definition.memory_limit.as_deref());
            let limit = limit.map(|limit| format!(" (limit {limit})")).unwrap_or_default();
            let times = count(*kills, "time", "times");
            hinted(
                &format!("runs, but the kernel killed a process of it for memory {times}{limit}"),
                "raise the memory limit, or give it less to hold; a restart does not help",
            )
        }
        Degraded::GpuLost => hinted(
            "runs on the processor although it was given a GPU",
            "restart it; to keep the GPU, set the engine's option `native.cgroupdriver=cgroupfs`",
        ),
        Degraded::NotWorking { probe, detail } => {
            let line = telling_line(detail).map(|line| format!(": {line}")).unwrap_or_default();
            let mut why = plain(&format!("passes its own check, yet `{probe}` fails{line}"));
            why.evidence.push(whole(detail));
            why
        }
    }
}

fn looping(verdict: &Verdict, evidence: &Evidence<'_>) -> Why {
    let Verdict::Loop { count: crashes, counted, next_retry, exit_code, oom } = verdict else {
        return plain("dies again and again");
    };
    let times = count(*crashes, "time", "times");
    let span = match counted {
        Counted::Within(window) => format!("{times} in {}", duration(*window)),
        Counted::SinceStartByHand => format!("{times} since it was last started by hand"),
    };
    let death = exit_code.map(|code| format!(", last with {}", stopped::death(code, *oom))).unwrap_or_default();
    let next = match next_retry {
        Some(at) if *at > evidence.now => format!("; the engine tries again in {}", duration(*at - evidence.now)),
        Some(_) => "; the engine is about to try again".to_owned(),
        None => "; it runs between two deaths".to_owned(),
    };
    Why {
        sentence: format!("died {span}{death}{next}"),
        evidence: exit_code.map(|code| format!("exit {code}")).into_iter().chain([format!("oom {oom}")]).collect(),
        hint: Some(
            stopped::advice(exit_code.unwrap_or_default(), *oom).map_or_else(
                || format!("read what it said: `docker logs --tail 50 {}`", name(evidence)),
                str::to_owned,
            ),
        ),
    }
}

fn no_check(evidence: &Evidence<'_>) -> Why {
    match evidence.file.definition() {
        Some(definition) if definition.has_check => hinted(
            "runs without a check, though the compose file has one: the container is older than the file",
            "`docker compose up -d` makes it anew",
        ),
        Some(definition) if definition.check_disabled => plain("runs; the compose file switches its check off"),
        _ => hinted("runs, and nothing checks it", "add a `healthcheck`: `stackctl explain healthcheck-missing`"),
    }
}

fn missing(evidence: &Evidence<'_>) -> Why {
    let blocked: Vec<&Waiting> =
        evidence.waiting_for.iter().filter(|one| one.state != State::Ok && one.state != State::NoCheck).collect();
    let up = format!("`docker compose up -d {}`", name(evidence));
    if blocked.is_empty() {
        hinted("is in the compose file and has no container", &up)
    } else {
        hinted(&format!("has no container, and {}", waits_for(evidence.waiting_for)), &up)
    }
}

fn not_expected(evidence: &Evidence<'_>) -> Why {
    let profiles = evidence.file.definition().map(|definition| definition.profiles.join(", ")).unwrap_or_default();
    if profiles.is_empty() {
        plain("has no container and needs none")
    } else {
        plain(&format!("has no container: none of its profiles is active ({profiles})"))
    }
}
