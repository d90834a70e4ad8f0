// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Plans and results of backup, restore and recovery for people.

use std::fmt::Write as _;

use super::table;
use crate::app::backup::recover::Recovered;
use crate::app::backup::restore::{Ending, Prepared as PreparedRestore, Restored, Room};
use crate::app::backup::{Created, Prepared};
use crate::app::operate::Ill;
use crate::backup::class;
use crate::backup::id::OperationId;
use crate::backup::manifest::{DataPath, LeftOut};
use crate::backup::plan::{Affected, Unchanged, What};
use crate::backup::restore::{ImageSource, ImageStep, Place, Renamed};
use crate::backup::unchanged::may_be_known;
use crate::output::{amount, visible};

fn kind(what: &What) -> &'static str {
    match what {
        What::Volume { .. } => "volume",
        What::Bind { is_file: true, .. } => "file",
        What::Bind { is_file: false, .. } => "folder",
    }
}

fn size(bytes: Option<u64>) -> String {
    bytes.map_or_else(|| "?".to_owned(), amount)
}

fn way(path: DataPath) -> &'static str {
    match path {
        DataPath::Helper => "through a helper container",
        DataPath::Host => "directly on this machine",
        DataPath::EngineArchive => "through the engine's archive requests",
    }
}

/// How data comes out of a volume.
fn way_out(path: DataPath) -> String {
    match path.losses() {
        [] => format!("{}, exact", way(path)),
        losses => format!("{}; lost: {}", way(path), losses.join(", ")),
    }
}

/// How data comes back into a volume.
fn way_back(path: DataPath) -> String {
    match path.losses_back() {
        [] => format!("{}, exact", way(path)),
        losses => format!(
            "{}; lost: {}; written but not to be verified: {}",
            way(path),
            losses.join(", "),
            path.unverified().join(", ")
        ),
    }
}

fn still(waves: &[Vec<Affected>], text: &mut String) {
    if waves.is_empty() {
        text.push_str("Nobody is stopped.\n");
        return;
    }
    text.push_str("Kept still, in this order, and started again the other way round:\n");
    for wave in waves {
        let names: Vec<String> =
            wave.iter().map(|one| format!("{} ({})", visible(&one.name), one.act.word())).collect();
        let _ = writeln!(text, "  {}", names.join(", "));
    }
}

fn list(title: &str, lines: &[String], text: &mut String) {
    if !lines.is_empty() {
        let _ = writeln!(text, "{title}");
        for line in lines {
            let _ = writeln!(text, "  {}", visible(line));
        }
    }
}

/// The plan of a backup.
#[must_use]
pub fn backup_plan(prepared: &Prepared, path: DataPath) -> String {
    let plan = &prepared.plan;
    let mut text = format!("Backup of project `{}`, {}\n\n", plan.project, way_out(path));
    let titles = ["READ", "WHAT", "CLASS", "SIZE", "STATE"].map(str::to_owned);
    let rows = plan.captures.iter().map(|one| {
        [
            kind(&one.what).to_owned(),
            visible(one.what.name()),
            class::word(one.class.class).to_owned(),
            size(one.bytes),
            one.consistency.word().to_owned(),
        ]
    });
    text += &table(&std::iter::once(titles).chain(rows).collect::<Vec<_>>());
    text.push('\n');
    let left: Vec<String> =
        plan.left_out.iter().map(|one| format!("{}  {}", one.what.name(), one.reason.phrase())).collect();
    list("Left out:", &left, &mut text);
    still(&plan.waves, &mut text);
    let unknown = if plan.unknown_sizes > 0 { ", and what has no known size" } else { "" };
    let free = plan.free_bytes.map(|free| format!("; {} free in the store", amount(free))).unwrap_or_default();
    let less = if plan.captures.iter().any(may_be_known) && plan.unchanged == Unchanged::Linked {
        ", less what has not changed since the last set"
    } else {
        ""
    };
    let _ = writeln!(text, "{} to read{unknown}{less}{free}.", amount(plan.bytes));
    let going: Vec<String> = prepared.going.iter().map(ToString::to_string).collect();
    list("Removed afterwards, once the stack is well, for no rule keeps them:", &going, &mut text);
    list("Mind:", &plan.notes, &mut text);
    text
}

fn seconds(time: std::time::Duration) -> String {
    format!("{}.{} s", time.as_secs(), time.subsec_millis() / 100)
}

fn ills(ill: &[Ill], text: &mut String) {
    for one in ill {
        let _ = writeln!(text, "not well: {}: {}", visible(&one.name), visible(&one.reason));
    }
}

/// A set that was made.
#[must_use]
pub fn created(created: &Created) -> String {
    let manifest = &created.manifest;
    let count = manifest.volumes.len() + manifest.binds.len();
    let things = if count == 1 { "1 volume or path".to_owned() } else { format!("{count} volumes and paths") };
    let unchanged = manifest.data().filter(|(_, data)| data.unchanged_since.is_some()).count();
    let unchanged = if unchanged == 0 { String::new() } else { format!(" ({unchanged} unchanged)") };
    let mut text = format!(
        "{}  {things}{unchanged}, {} of data in {}, verified; containers were still for {}\n",
        created.id,
        amount(manifest.data_bytes()),
        amount(manifest.stored_bytes()),
        seconds(created.still),
    );
    text += &super::sets::removed(&created.pruned);
    ills(&created.ill, &mut text);
    text
}

/// The plan of a restore.
#[must_use]
pub fn restore_plan(prepared: &PreparedRestore, path: DataPath) -> String {
    let plan = &prepared.plan;
    let mut text = format!(
        "Restore of {} into project `{}`, {}\nIts data was read on {} UTC.\n\n",
        plan.set,
        plan.project,
        way_back(path),
        plan.captured.format("%Y-%m-%d %H:%M:%S"),
    );
    let titles = ["PUT BACK", "WHERE", "SIZE", "WHAT IS THERE"].map(str::to_owned);
    let rows = plan.targets.iter().map(|target| {
        let kind = match &target.place {
            Place::Volume { .. } => "volume",
            Place::Path { is_file: true, .. } => "file",
            Place::Path { is_file: false, .. } => "folder",
        };
        let there = if target.replaces { "is replaced" } else { "nothing; it is made" };
        [kind.to_owned(), visible(target.place.name()), amount(target.data.bytes), there.to_owned()]
    });
    text += &table(&std::iter::once(titles).chain(rows).collect::<Vec<_>>());
    text.push('\n');
    still(&plan.waves, &mut text);
    list("May be lost, for it may be newer than the set:", &plan.newer, &mut text);
    let images: Vec<String> = plan
        .images
        .iter()
        .map(|one| format!("{} runs {} and ran {} ({}) then", one.service, short(&one.now), short(&one.then), one.name))
        .collect();
    list("Other images than then; the data may not fit them:", &images, &mut text);
    match &prepared.images {
        Some(images) => list(IMAGES, &images.steps.iter().flat_map(image_lines).collect::<Vec<_>>(), &mut text),
        None if !images.is_empty() => text.push_str("  `--with-images` lets their names mean the images of then.\n"),
        None => {}
    }
    list("Not in the set, to be fetched again where it is gone:", &to_fetch(&plan.to_fetch), &mut text);
    list("Mind:", &plan.notes, &mut text);
    if prepared.room == Room::InPlace {
        text.push_str(IN_PLACE);
    }
    text
}

/// What a person must know before old data is deleted.
const IN_PLACE: &str = "In place: what is there is deleted before the set is unpacked. First, with all standing still, it is \
                        put into a new set.\nThat set is the way back, and its name is told when it is there; going back \
                        takes as long as unpacking it.\n";

/// What is asked before old data is deleted.
pub const ASK_IN_PLACE: &str = "put what is there into a set, delete it, and unpack this in its place; back from that set, in as long a time, if need be";

/// What stands above the images that come back.
const IMAGES: &str =
    "Images, once the data is in place; containers keep theirs until `docker compose up -d` makes them anew:";

/// What becomes of one image.
fn image_lines(step: &ImageStep) -> Vec<String> {
    let from = match &step.source {
        ImageSource::Set(file) => format!("loaded from the set ({})", amount(file.bytes)),
        ImageSource::Engine => "at the engine".to_owned(),
    };
    if step.names.is_empty() {
        return vec![format!("{}, {from}", short(&step.id))];
    }
    let line = |one: &Renamed| {
        let now = one.now.as_deref().map(|now| format!("; it means {} now, which loses the name", short(now)));
        format!("{} means {} again, {from}{}", one.name, short(&step.id), now.unwrap_or_default())
    };
    step.names.iter().map(line).collect()
}

/// What caches held, a line each, with the command that fetches it.
fn to_fetch(caches: &[LeftOut]) -> Vec<String> {
    let mut lines = Vec::new();
    for left in caches {
        for model in &left.models {
            let how = model.fetch.as_ref().map(|fetch| format!(": {fetch}")).unwrap_or_default();
            lines.push(format!("{}  {} ({}){how}", left.name, model.name, amount(model.bytes)));
        }
        if let Some(reason) = &left.unlisted {
            lines.push(format!("{}  what it held is not known in full: {reason}", left.name));
        } else if left.models.is_empty() {
            lines.push(left.name.clone());
        }
    }
    lines
}

/// The beginning of an id, as people know it from `docker images`.
fn short(id: &str) -> String {
    id.rsplit(':').next().unwrap_or(id).chars().take(12).collect()
}

/// How a restore ended; with `prepared`, what is still to be fetched.
#[must_use]
pub fn restored(restored: &Restored, prepared: Option<&PreparedRestore>) -> String {
    let mut text = match restored.ending {
        Ending::Done => "restored; the stack is well\n".to_owned(),
        Ending::Undone => "not restored: what was there before is back, and the stack is well with it\n".to_owned(),
        Ending::Incomplete => {
            "neither restored nor wholly undone; `stackctl recover` goes on, `stackctl status` shows what runs\n"
                .to_owned()
        }
        Ending::KeptUnhealthy if restored.before.is_some() => {
            "the data is in place and the stack is not well\n".to_owned()
        }
        Ending::KeptUnhealthy => {
            "the data is in place and the stack is not well; `stackctl restore --undo` goes back\n".to_owned()
        }
    };
    if let (Some(before), true) = (restored.before, restored.ending != Ending::Undone) {
        let _ = writeln!(
            text,
            "What was there before is in {before}; `stackctl restore {before} --in-place` puts it back."
        );
    }
    ills(&restored.ill, &mut text);
    if let (Ending::Done | Ending::KeptUnhealthy, Some(prepared)) = (restored.ending, prepared) {
        list("Not in the set, to be fetched again where it is gone:", &to_fetch(&prepared.plan.to_fetch), &mut text);
    }
    text
}

/// What going back means.
#[must_use]
pub fn undo_plan(operation: OperationId, names: &[String]) -> String {
    let mut text = format!("Back to what was there before {operation}; what was written since is lost:\n");
    for name in names {
        let _ = writeln!(text, "  {}", visible(name));
    }
    text
}

/// What a recovery did.
#[must_use]
pub fn recovered(recovered: &[Recovered]) -> String {
    if recovered.is_empty() {
        return "nothing was cut short\n".to_owned();
    }
    let mut text = String::new();
    for one in recovered {
        let _ = writeln!(text, "{} is brought to its end", one.operation);
        for done in &one.done {
            let _ = writeln!(text, "  {}", visible(done));
        }
        ills(&one.ill, &mut text);
    }
    text
}
