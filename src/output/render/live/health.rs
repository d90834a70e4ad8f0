// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `stackctl health` for people: one block a service.

use std::fmt::Write as _;

use super::block::Block;
use crate::app::health::{Check, HealthReport, Link, Outcome};
use crate::error::UserError as _;
use crate::health::Timestamp;
use crate::health::explain::phrase::duration;
use crate::health::observation::Probe;
use crate::health::verdict::Standing;
use crate::output::{Layout, safe_line, visible};

/// Characters of a probe's output that are shown.
const OUTPUT: usize = 512;

/// The outcome for people.
#[must_use]
pub fn render(outcome: &Outcome, layout: Layout) -> String {
    let mut text = String::new();
    for context in &outcome.contexts {
        if outcome.contexts.len() > 1 {
            let _ = writeln!(text, "{} ({})", layout.bold(&visible(&context.name)), visible(&context.address));
        }
        if let Some(fault) = &context.fault {
            let _ = writeln!(text, "  cannot be asked: {}", visible(&fault.message()));
        }
        let blocks: Vec<String> = context.services.iter().map(|report| block(report, outcome.at, layout)).collect();
        text.push_str(&blocks.join("\n"));
    }
    text
}

fn block(report: &HealthReport, now: Timestamp, layout: Layout) -> String {
    let service = &report.service;
    let safe = |text: &str| safe_line(text, &service.secrets);
    let verdict = format!("{} {}", layout.sign(service.verdict.glyph()), service.verdict.word());
    let name = format!("{}/{}", visible(&service.project), visible(&service.name()));
    let title = format!("{}  {}", layout.bold(&name), layout.tint(service.verdict.standing(), &verdict));
    let mut block = Block::new(&title, layout);
    block.add("why", &safe(&service.why.sentence));
    for fact in &service.why.evidence {
        block.add("evidence", &safe(fact));
    }
    if let Some(hint) = &service.why.hint {
        block.add("hint", &safe(hint));
    }
    if let Some(container) = &service.container {
        let since = service.since.map(|since| format!(" since {}", duration(now - since))).unwrap_or_default();
        let restarts = match service.restarts {
            Some(1) => ", 1 restart by the engine".to_owned(),
            Some(count) if count > 0 => format!(", {count} restarts by the engine"),
            _ => String::new(),
        };
        block.add("container", &format!("{} ({}{since}{restarts})", visible(container), service.state));
    }
    match &report.check {
        Some(check) => add_check(&mut block, check, &safe),
        None => block.add("check", "none"),
    }
    for (at, probe) in report.probes.iter().rev().enumerate() {
        block.add(if at == 0 { "probes" } else { "" }, &probe_line(probe, report.started, now, &safe));
    }
    for (name, links) in [("needs", &report.needs), ("needed by", &report.needed_by)] {
        for (at, link) in links.iter().enumerate() {
            block.add(if at == 0 { name } else { "" }, &link_line(link, layout));
        }
    }
    for (at, one) in report.timeline.iter().rev().enumerate() {
        let line = format!("{} ago: {}", duration(now - one.at), one.what);
        block.add(if at == 0 { "timeline" } else { "" }, &line);
    }
    block.finish()
}

fn add_check(block: &mut Block, check: &Check, safe: &dyn Fn(&str) -> String) {
    let words: Vec<String> = check.test.iter().map(|word| safe(word)).collect();
    block.add("check", &words.join(" "));
    let timings = &check.timings;
    let mut told = format!(
        "every {}, {} at most, unhealthy after {} failures in a row",
        duration(timings.interval),
        duration(timings.timeout),
        timings.retries
    );
    if !timings.start_period.is_zero() {
        let _ = write!(told, ", failures of the first {} do not count", duration(timings.start_period));
    }
    if let Some(interval) = check.start_interval {
        let _ = write!(told, ", every {} in that time", duration(interval));
    }
    block.add("timings", &told);
    block.add(
        "worst case",
        &format!(
            "first verdict {} after a start, a fault noticed after {}",
            duration(check.longest_to_verdict()),
            duration(check.longest_to_notice())
        ),
    );
}

fn probe_line(probe: &Probe, started: Option<Timestamp>, now: Timestamp, safe: &dyn Fn(&str) -> String) -> String {
    let mut line =
        format!("{} ago: exit {} in {}", duration(now - probe.end), probe.exit_code, duration(probe.end - probe.start));
    if started.is_some_and(|started| probe.start < started) {
        line.push_str(" (of an earlier run)");
    }
    let output: String = safe(probe.output.trim()).chars().take(OUTPUT).collect();
    if !output.is_empty() {
        let _ = write!(line, ": {output}");
    }
    line
}

fn link_line(link: &Link, layout: Layout) -> String {
    let state = link.state.map_or_else(
        || layout.tint(Standing::Unknown, "not known"),
        |state| layout.tint(state.standing(), &format!("{} {}", layout.sign(state.glyph()), state.word())),
    );
    format!("{} ({}): {state}", visible(&link.service), visible(&link.condition))
}
