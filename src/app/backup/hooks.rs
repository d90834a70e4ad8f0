// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! How a service wants to be kept still, by its labels.
//!
//! | label | value |
//! |---|---|
//! | `stackctl.backup.quiesce` | `stop`, `pause`, `hook` or `none` |
//! | `stackctl.backup.pre`, `stackctl.backup.post` | a command: a JSON list of words, or words as a shell splits them |
//! | `stackctl.backup.timeout` | seconds that a hook may run |

use crate::backup::plan::{Hooks, Quiesce};
use crate::compose::shellwords;
use crate::sys::engine::ContainerDetail;

const QUIESCE: &str = "stackctl.backup.quiesce";
const PRE: &str = "stackctl.backup.pre";
const POST: &str = "stackctl.backup.post";
const TIMEOUT: &str = "stackctl.backup.timeout";

fn note(notes: &mut Vec<String>, detail: &ContainerDetail, label: &str, what: &str) {
    notes.push(format!("label `{label}` of `{}` {what}", detail.name));
}

/// The way that the label asks for. A word that is none is told and passed over: then the container is stopped, which
/// is always safe.
pub(super) fn quiesce(detail: &ContainerDetail, notes: &mut Vec<String>) -> Option<Quiesce> {
    let word = detail.labels.get(QUIESCE)?;
    let way = Quiesce::from_word(word.trim());
    if way.is_none() {
        note(notes, detail, QUIESCE, "is none of stop, pause, hook, none; it is stopped");
    }
    way
}

fn words(text: &str) -> Option<Vec<String>> {
    if text.trim_start().starts_with('[') {
        return serde_json::from_str(text).ok();
    }
    let words = shellwords::split(text).ok()?;
    // No shell runs it, so what only a shell understands would be lost.
    if words.cut_at.is_some() {
        return None;
    }
    Some(words.words.into_iter().map(|word| word.text).collect())
}

/// The hooks that labels ask for. One that cannot be read is told and passed over, so the container is stopped instead.
pub(super) fn hooks(detail: &ContainerDetail, notes: &mut Vec<String>) -> Hooks {
    let mut command = |label: &str| {
        let text = detail.labels.get(label)?;
        let words = words(text).filter(|words| !words.is_empty());
        if words.is_none() {
            note(notes, detail, label, "cannot be read as a command; it is passed over");
        }
        words
    };
    let (pre, post) = (command(PRE).unwrap_or_default(), command(POST).unwrap_or_default());
    let timeout_s = detail.labels.get(TIMEOUT).and_then(|text| {
        let seconds = text.trim().trim_end_matches('s').parse().ok();
        if seconds.is_none() {
            note(notes, detail, TIMEOUT, "is no number of seconds");
        }
        seconds
    });
    Hooks { pre, post, timeout_s }
}
