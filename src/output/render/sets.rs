// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Sets for people.

use std::fmt::Write as _;

use chrono::{DateTime, FixedOffset};

use super::table;
use crate::app::backup::{Listed, Pruning, Set, Verdict};
use crate::backup::class;
use crate::backup::diff::{Change, Difference};
use crate::backup::id::SetId;
use crate::backup::manifest::{Data, Manifest};
use crate::output::{amount, visible};

fn moment(at: DateTime<chrono::Utc>, offset: FixedOffset) -> String {
    at.with_timezone(&offset).format("%Y-%m-%d %H:%M").to_string()
}

fn state(set: &Set) -> String {
    let mut words = vec![set.manifest.result.word()];
    words.push(match set.is_verified() {
        Some(true) => "verified",
        Some(false) => "DAMAGED",
        None => "not verified",
    });
    if set.is_protected() {
        words.push("protected");
    }
    words.join(", ")
}

/// The list of sets.
#[must_use]
pub fn list(sets: &[Listed], offset: FixedOffset) -> String {
    if sets.is_empty() {
        return "no sets\n".to_owned();
    }
    let titles = ["SET", "CAPTURED", "PROJECT", "VOLUMES", "SIZE", "STATE", "NOTE"].map(str::to_owned);
    let rows = sets.iter().map(|listed| match &listed.set {
        Ok(set) => {
            let manifest = &set.manifest;
            [
                listed.id.to_string(),
                moment(manifest.captured, offset),
                visible(&manifest.project.name),
                (manifest.volumes.len() + manifest.binds.len()).to_string(),
                amount(manifest.stored_bytes()),
                state(set),
                visible(manifest.note.as_deref().unwrap_or_default()),
            ]
        }
        Err(reason) => {
            let blank = || "-".to_owned();
            [
                listed.id.to_string(),
                moment(listed.id.at(), offset),
                blank(),
                blank(),
                blank(),
                "UNREADABLE".to_owned(),
                visible(reason),
            ]
        }
    });
    let rows: Vec<[String; 7]> = std::iter::once(titles).chain(rows).collect();
    table(&rows)
}

/// One set.
#[must_use]
pub fn show(set: &Set, offset: FixedOffset) -> String {
    let manifest = &set.manifest;
    let mut text = format!("{}  {}\n", manifest.id, state(set));
    let mut line = |name: &str, words: &str| {
        let _ = writeln!(text, "  {name:<12}{}", visible(words));
    };
    line("project", &manifest.project.name);
    line("captured", &moment(manifest.captured, offset));
    line("size", &format!("{} of {} of data", amount(manifest.stored_bytes()), amount(manifest.data_bytes())));
    let engine = &manifest.engine;
    line("engine", &format!("{} on {}, API {}", engine.version, engine.arch, engine.api));
    line("made by", &format!("{} {}", manifest.tool.name, manifest.tool.version));
    if let Some(note) = &manifest.note {
        line("note", note);
    }
    parts(manifest, &mut line);
    text
}

fn parts(manifest: &Manifest, line: &mut impl FnMut(&str, &str)) {
    let data = |data: &Data, word: &str| {
        let skipped = match data.skipped.len() {
            0 => String::new(),
            count => format!(", {count} skipped"),
        };
        let since = data.unchanged_since.map(|set| format!(", unchanged since {set}")).unwrap_or_default();
        format!(
            "{word}, {} in {} entries, {}, by {}{skipped}{since}",
            amount(data.bytes),
            data.entries,
            data.consistency.word(),
            data.path.word(),
        )
    };
    for volume in &manifest.volumes {
        line("volume", &format!("{}: {}", volume.name, data(&volume.data, class::word(volume.class))));
        for loss in volume.data.path.losses() {
            line("", &format!("lost: {loss}"));
        }
    }
    for bind in &manifest.binds {
        line("path", &format!("{}: {}", bind.source, data(&bind.data, class::word(bind.class))));
        for loss in bind.data.path.losses() {
            line("", &format!("lost: {loss}"));
        }
    }
    for service in &manifest.services {
        line("service", &format!("{}: {} ({})", service.container, service.image, service.image_id));
    }
    for file in &manifest.compose_files {
        line("file", &file.source);
    }
    for left in &manifest.left_out {
        let size = left.bytes.map(|bytes| format!(", {}", amount(bytes))).unwrap_or_default();
        line("left out", &format!("{}: {}{size}", left.name, left.reason.phrase()));
        for model in &left.models {
            line("", &format!("{} ({})", model.name, amount(model.bytes)));
        }
        if let Some(reason) = &left.unlisted {
            line("", &format!("not all is listed: {reason}"));
        }
    }
}

/// What came of verifying.
#[must_use]
pub fn verdicts(verdicts: &[Verdict]) -> String {
    let mut text = String::new();
    for verdict in verdicts {
        let word = if verdict.is_good() { "good" } else { "DAMAGED" };
        let _ = writeln!(text, "{}  {word}, {} files, {} read", verdict.id, verdict.files, amount(verdict.bytes));
        for flaw in &verdict.flaws {
            let _ = writeln!(text, "  {}: {}", visible(&flaw.path), visible(&flaw.what));
        }
    }
    text
}

/// What would become of every set.
#[must_use]
pub fn pruning(pruning: &Pruning) -> String {
    let rows = pruning.fates.iter().zip(&pruning.bytes).map(|(fate, bytes)| {
        let why: Vec<&str> = fate.kept.iter().map(|why| why.phrase()).collect();
        let word = if fate.goes() { "remove" } else { "keep" };
        [fate.id.to_string(), word.to_owned(), amount(*bytes), why.join(", ")]
    });
    let unreadable =
        pruning.unreadable.iter().map(|id| [id.to_string(), "keep".into(), "-".into(), "cannot be read".into()]);
    let rows: Vec<[String; 4]> = rows.chain(unreadable).collect();
    let count = pruning.going().len();
    format!("{}{count} of {} go, {}\n", table(&rows), rows.len(), amount(pruning.freed_bytes))
}

/// The sets that are gone.
#[must_use]
pub fn removed(gone: &[SetId]) -> String {
    gone.iter().fold(String::new(), |mut text, id| {
        let _ = writeln!(text, "removed {id}");
        text
    })
}

/// How two sets differ.
#[must_use]
pub fn differences(differences: &[Difference]) -> String {
    let rows = differences.iter().filter(|one| one.change != Change::Same).map(|one| {
        let shown = |side: &Option<String>| visible(side.as_deref().unwrap_or("-"));
        let words = format!("{} -> {}", shown(&one.before), shown(&one.after));
        [one.change.word().to_owned(), one.subject.word().to_owned(), visible(&one.name), words]
    });
    let rows: Vec<[String; 4]> = rows.collect();
    let same = differences.len() - rows.len();
    format!("{}{same} the same\n", table(&rows))
}
