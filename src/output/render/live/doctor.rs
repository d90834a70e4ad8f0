// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `stackctl doctor` for people, and as one JSON object (`stackctl/doctor/v1`). Fields are only ever added to this
//! version.

use std::fmt::Write as _;

use serde_json::json;

use super::columns::wrap;
use super::moment;
use crate::app::doctor::{Check, Level, Outcome, Symptom, Unchecked};
use crate::health::verdict::Standing;
use crate::output::render::to_json;
use crate::output::{Layout, Signs, safe_line, visible};

/// Name of the format.
pub const SCHEMA: &str = "stackctl/doctor/v1";

/// How much is said of what could not be looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// How much it is.
    Brief,
    /// Each, with what would look at it.
    Full,
}

/// The outcome for people.
#[must_use]
pub fn render(outcome: &Outcome, detail: Detail, layout: Layout) -> String {
    let mut text = String::new();
    let mut context: Option<&Option<String>> = None;
    for check in &outcome.checks {
        if context != Some(&check.context) {
            let title = check.context.as_deref().map_or("this machine".to_owned(), |name| format!("engine {name}"));
            let _ = writeln!(text, "{}", layout.bold(&visible(&title)));
            context = Some(&check.context);
        }
        add(&mut text, layout, check.level, check.name, &safe_line(&check.found, &[]));
        add_fix(&mut text, layout, check.fix.as_deref(), &[]);
    }
    let _ = writeln!(text, "{}", layout.bold("services"));
    for symptom in &outcome.symptoms {
        add_symptom(&mut text, layout, symptom);
    }
    if outcome.symptoms.is_empty() {
        let words = match outcome.services {
            0 => "none was found".to_owned(),
            1 => "1 shows no known fault".to_owned(),
            count => format!("{count} show no known fault"),
        };
        add(&mut text, layout, Level::Ok, "symptoms", &words);
    }
    if detail == Detail::Full && !outcome.unchecked.is_empty() {
        let _ = writeln!(text, "{}", layout.bold("not checked"));
        for one in &outcome.unchecked {
            add_unchecked(&mut text, layout, one);
        }
    }
    let count = |level| {
        let checks = outcome.checks.iter().filter(|check| check.level == level).count();
        checks + outcome.symptoms.iter().filter(|symptom| symptom.level == level).count()
    };
    let _ = write!(text, "{} ok, {} warn, {} fail", count(Level::Ok), count(Level::Warn), count(Level::Fail));
    let _ = match (outcome.unchecked.len(), detail) {
        (0, _) => writeln!(text),
        (number, Detail::Full) => writeln!(text, ", {number} not checked"),
        (number, Detail::Brief) => writeln!(text, ", {number} not checked (`-v` lists them)"),
    };
    text
}

fn add_unchecked(text: &mut String, layout: Layout, one: &Unchecked) {
    let context = one.context.as_deref().map(|name| format!(" ({})", visible(name))).unwrap_or_default();
    for (at, piece) in
        wrap(&format!("{}{context}: {}", one.code, safe_line(&one.why, &[])), room(layout, 9)).iter().enumerate()
    {
        let _ = if at == 0 { writeln!(text, "  - {piece}") } else { writeln!(text, "    {piece}") };
    }
    for (at, piece) in wrap(&one.would, room(layout, 15)).iter().enumerate() {
        let _ = writeln!(text, "    {}{piece}", if at == 0 { "= would tell: " } else { "  " });
    }
}

fn add_symptom(text: &mut String, layout: Layout, symptom: &Symptom) {
    let safe = |words: &str| safe_line(words, &symptom.secrets);
    let name = format!("{}/{}", visible(&symptom.project), visible(&symptom.service));
    add(text, layout, symptom.level, &name, &format!("{}: {}", symptom.code, safe(&symptom.found)));
    for fact in &symptom.evidence {
        for piece in wrap(&safe(fact), room(layout, 9)) {
            let _ = writeln!(text, "         {piece}");
        }
    }
    add_fix(text, layout, symptom.fix.as_deref(), &symptom.secrets);
}

fn room(layout: Layout, indent: usize) -> usize {
    layout.width.map_or(usize::MAX, |width| width.saturating_sub(indent).max(20))
}

fn add(text: &mut String, layout: Layout, level: Level, name: &str, words: &str) {
    let (standing, unicode, ascii) = match level {
        Level::Ok => (Standing::Good, '✓', '+'),
        Level::Warn => (Standing::Noticed, '▲', '!'),
        Level::Fail => (Standing::Bad, '✗', 'X'),
    };
    let sign = if layout.signs == Signs::Unicode { unicode } else { ascii };
    let mark = layout.tint(standing, &format!("{sign} {:4}", level.word()));
    for (at, piece) in wrap(&format!("{name}: {words}"), room(layout, 9)).iter().enumerate() {
        let _ = if at == 0 { writeln!(text, "  {mark} {piece}") } else { writeln!(text, "         {piece}") };
    }
}

fn add_fix(text: &mut String, layout: Layout, fix: Option<&str>, secrets: &[String]) {
    for (at, piece) in wrap(&safe_line(fix.unwrap_or_default(), secrets), room(layout, 15)).iter().enumerate() {
        let _ = writeln!(text, "         {}{piece}", if at == 0 { "= fix: " } else { "  " });
    }
}

/// The outcome as JSON.
#[must_use]
pub fn json(outcome: &Outcome, run_id: &str, version: &str) -> String {
    let check = |check: &Check| {
        json!({
            "context": check.context,
            "name": check.name,
            "level": check.level.word(),
            "found": safe_line(&check.found, &[]),
            "fix": check.fix,
        })
    };
    let symptom = |symptom: &Symptom| {
        let safe = |words: &str| safe_line(words, &symptom.secrets);
        json!({
            "context": symptom.context,
            "project": symptom.project,
            "service": symptom.service,
            "level": symptom.level.word(),
            "code": symptom.code,
            "found": safe(&symptom.found),
            "evidence": symptom.evidence.iter().map(|fact| safe(fact)).collect::<Vec<_>>(),
            "fix": symptom.fix.as_deref().map(safe),
        })
    };
    let unchecked = |one: &Unchecked| json!({ "context": one.context, "code": one.code, "why": safe_line(&one.why, &[]), "would_tell": one.would });
    to_json(&json!({
        "schema": SCHEMA,
        "run_id": run_id,
        "generated_at": moment(outcome.at),
        "version": version,
        "level": outcome.worst().word(),
        "services": outcome.services,
        "checks": outcome.checks.iter().map(check).collect::<Vec<_>>(),
        "not_checked": outcome.unchecked.iter().map(unchecked).collect::<Vec<_>>(),
        "symptoms": outcome.symptoms.iter().map(symptom).collect::<Vec<_>>(),
    }))
}
