// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `stackctl verify` for people: one block a service, and the count.

use std::fmt::Write as _;

use super::block::Block;
use crate::app::verify::record::{Check, Mark, Verified};
use crate::app::verify::{Command, Outcome};
use crate::health::Timestamp;
use crate::health::explain::phrase::duration;
use crate::health::verdict::Standing;
use crate::output::{Layout, visible};

/// Lines of evidence that are shown of a check that is good; all of one that failed.
const LINES_WHEN_GOOD: usize = 4;

/// The outcome for people.
#[must_use]
pub fn render(outcome: &Outcome, layout: Layout) -> String {
    let mut text = String::new();
    for engine in outcome.engines.iter().filter(|engine| engine.fault.is_some()) {
        let why = engine.fault.as_ref().map(crate::error::UserError::message).unwrap_or_default();
        let _ = writeln!(text, "{}  cannot be asked: {}", visible(&engine.name), visible(&why));
    }
    text.push_str(&services(&outcome.services, outcome.engines.len() > 1, None, layout));
    text
}

/// What was recorded, with its age.
#[must_use]
pub fn recorded(recorded: &[Verified], now: Timestamp, layout: Layout) -> String {
    let first = recorded.first().map(|one| &one.context);
    let is_mixed = recorded.iter().any(|one| Some(&one.context) != first);
    services(recorded, is_mixed, Some(now), layout)
}

/// The commands that would run, as people must see them before they agree.
#[must_use]
pub fn commands<'a>(commands: impl IntoIterator<Item = &'a Command>, layout: Layout) -> String {
    let mut text = String::new();
    for command in commands {
        let service = layout.bold(&visible(&command.service));
        let folder = visible(&command.folder.display().to_string());
        let address = visible(&command.address);
        let _ = writeln!(text, "{service}: {}\n  in {folder}, with DOCKER_HOST={address}", visible(&command.title));
        for line in command.script.lines() {
            let _ = writeln!(text, "    {}", visible(line));
        }
    }
    text
}

fn services(list: &[Verified], names_engines: bool, now: Option<Timestamp>, layout: Layout) -> String {
    let blocks: Vec<String> = list.iter().map(|one| block(one, names_engines, now, layout)).collect();
    let mut text = blocks.join("\n");
    if !list.is_empty() {
        let _ = writeln!(text, "\n{}", count(list));
    }
    text
}

fn block(one: &Verified, names_engine: bool, now: Option<Timestamp>, layout: Layout) -> String {
    let replica = if one.number == 1 { String::new() } else { format!("-{}", one.number) };
    let engine = if names_engine { format!(" on {}", visible(&one.context)) } else { String::new() };
    let name = format!("{}/{}{replica}{engine}", visible(&one.project), visible(&one.service));
    let age = now.map(|now| format!("  {} ago", duration((now - one.at).max(chrono::TimeDelta::zero()))));
    let title = format!("{}  {}{}", layout.bold(&name), tinted(one.result, layout), age.unwrap_or_default());
    let mut block = Block::new(&title, layout);
    for check in &one.checks {
        add(&mut block, check, layout);
    }
    block.finish()
}

fn add(block: &mut Block, check: &Check, layout: Layout) {
    block.add(check.kind.word(), &format!("{}: {}", tinted(check.result, layout), visible(&check.found)));
    let shown = if check.result == Mark::Failed { usize::MAX } else { LINES_WHEN_GOOD };
    for line in check.evidence.iter().take(shown) {
        block.add("", &visible(line));
    }
    if check.evidence.len() > shown {
        let more = check.evidence.len() - shown;
        block.add("", &format!("({more} more {})", if more == 1 { "line" } else { "lines" }));
    }
    if let Some(step) = &check.next_step {
        block.add("", &format!("hint: {}", visible(step)));
    }
}

fn tinted(mark: Mark, layout: Layout) -> String {
    let (standing, word) = match mark {
        Mark::Ok => (Standing::Good, "ok"),
        Mark::Failed => (Standing::Bad, "failed"),
        Mark::NotChecked => (Standing::Noticed, "not checked"),
    };
    layout.tint(standing, word)
}

/// How many came out how.
fn count(list: &[Verified]) -> String {
    let of = |mark| list.iter().filter(|one| one.result == mark).count();
    let mut parts = vec![format!("{} of {} ok", of(Mark::Ok), list.len())];
    for (mark, word) in [(Mark::Failed, "failed"), (Mark::NotChecked, "not checked")] {
        if of(mark) > 0 {
            parts.push(format!("{} {word}", of(mark)));
        }
    }
    parts.join(", ")
}
