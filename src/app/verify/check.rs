// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! From what was seen, asked and run to the checks of a service, secrets masked.

use super::record::{Check, CheckKind, Mark};
use crate::app::probe::{ProbeOutcome, ProbeResult};
use crate::app::status::ServiceReport;
use crate::diag::{Redaction, mask_in, safe_line, visible};
use crate::health::verdict::{Degraded, State};
use crate::sys::ProgramFault;
use crate::sys::programs::ProgramEnd;

/// Lines of a command's output that are kept, from its end.
const LINES: usize = 20;

/// Characters of a line that are kept.
const COLUMNS: usize = 400;

/// The verdict as a check. What is on its way, frozen, stopped on request or unchecked is neither good nor bad.
pub(super) fn health(report: &ServiceReport) -> Check {
    let safe = |text: &str| safe_line(text, &report.secrets);
    let result = match report.verdict.state() {
        State::Ok => Mark::Ok,
        State::Loop | State::Crashed | State::Unhealthy | State::Missing | State::Degraded => Mark::Failed,
        State::Unknown
        | State::Starting
        | State::Paused
        | State::Orphan
        | State::Stopped
        | State::Absent
        | State::NoCheck => Mark::NotChecked,
    };
    Check {
        kind: CheckKind::Health,
        result,
        found: match result {
            Mark::Ok => safe(&report.why.sentence),
            _ => format!("{}: {}", report.verdict.word(), safe(&report.why.sentence)),
        },
        evidence: report.why.evidence.iter().map(|fact| safe(fact)).collect(),
        next_step: report.why.hint.as_deref().map(safe),
    }
}

/// A probe as a check.
pub(super) fn probe(outcome: &ProbeOutcome, report: &ServiceReport) -> Check {
    let safe = |text: &str| safe_line(text, &report.secrets);
    let asked = match &outcome.address {
        Some(address) => format!("{} at {address}", outcome.probe),
        None => outcome.probe.clone(),
    };
    let (result, found, next_step) = match &outcome.result {
        ProbeResult::Works { said } => (Mark::Ok, safe(said), None),
        ProbeResult::NotChecked { reason, next_step } => (Mark::NotChecked, safe(reason), next_step.clone()),
        ProbeResult::Faulty { fault } => {
            let (found, next_step) = fault_words(fault, &report.service);
            (Mark::Failed, safe(&found), next_step)
        }
    };
    let evidence = if asked.is_empty() { Vec::new() } else { vec![safe(&asked)] };
    Check { kind: CheckKind::Probe, result, found, evidence, next_step }
}

fn fault_words(fault: &Degraded, service: &str) -> (String, Option<String>) {
    match fault {
        Degraded::GpuLost => (
            "it computes on the processor although it was given a GPU".to_owned(),
            Some("restart it; when the GPU is lost again, give the engine `native.cgroupdriver=cgroupfs`".to_owned()),
        ),
        Degraded::NotWorking { detail, .. } => {
            (detail.clone(), Some(format!("`stackctl logs --tail 50 {service}` shows what it says itself")))
        }
        Degraded::ChildOutOfMemory { .. } => ("a process of it was killed for memory".to_owned(), None),
    }
}

/// A guide without a command, or a command that was not run.
pub(super) fn no_command(reason: impl Into<String>, next_step: Option<String>) -> Check {
    Check { kind: CheckKind::Guide, result: Mark::NotChecked, found: reason.into(), evidence: Vec::new(), next_step }
}

/// A command that was run. `title` names the guide and its heading.
pub(super) fn command(
    title: &str,
    script: &str,
    ended: &Result<ProgramEnd, ProgramFault>,
    secrets: &[String],
) -> Check {
    let mut evidence: Vec<String> = safe_lines(script, secrets).map(|line| format!("$ {line}")).collect();
    let (result, how) = match ended {
        Ok(end) if end.status == 0 => (Mark::Ok, "exit 0".to_owned()),
        Ok(end) => (Mark::Failed, format!("exit {}", end.status)),
        Err(fault) => (Mark::Failed, safe_line(&fault.to_string(), secrets)),
    };
    if let Ok(end) = ended {
        for stream in [&end.stdout, &end.stderr] {
            let text = String::from_utf8_lossy(stream);
            let lines: Vec<String> = safe_lines(&text, secrets).filter(|line| !line.trim().is_empty()).collect();
            let skipped = lines.len().saturating_sub(LINES);
            if skipped > 0 {
                evidence.push(format!("({skipped} lines left out)"));
            }
            evidence.extend(lines.into_iter().skip(skipped));
        }
        if end.cut {
            evidence.push("(what came after is not shown)".to_owned());
        }
    }
    let next_step = (result == Mark::Failed).then(|| "run it by hand in the project's folder".to_owned());
    Check { kind: CheckKind::Guide, result, found: format!("{how}, {title}"), evidence, next_step }
}

/// The lines of a text, its secrets masked as a whole first: some run over several lines.
fn safe_lines(text: &str, secrets: &[String]) -> impl Iterator<Item = String> + use<> {
    let known: Vec<&str> = secrets.iter().map(String::as_str).collect();
    let masked = mask_in(text, &known).into_owned();
    let painted = Redaction::new(&masked, &[]).text().to_owned();
    let lines: Vec<String> = painted
        .lines()
        .map(|line| visible(line).chars().take(COLUMNS).collect::<String>().trim_end().to_owned())
        .collect();
    lines.into_iter()
}

/// The whole of several checks.
pub(super) fn whole(checks: &[Check]) -> Mark {
    checks.iter().map(|check| check.result).max().unwrap_or(Mark::NotChecked)
}
