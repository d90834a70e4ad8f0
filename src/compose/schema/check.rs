// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The walk: a tree beside the tables, every fault noted.

use super::kinds::{Kind, List, Lookup, Object, Repeats, Types, types};
use super::path::Path;
use super::project::PROJECT;
use super::repeats::repeats;
use super::report::{self, Place};
use crate::compose::{Entry, Map, Node, Style, Value};
use crate::diag::{Diagnostic, Span};

/// No more faults than this are reported, so that a hostile file costs little time and memory.
const MOST_FAULTS: usize = 1_000;

/// Holds a tree against the schema and returns every fault, in order of the tree; at most 1,000, the last one then says
/// that there are more. Rule name `schema-invalid`, level error.
///
/// `root` is the merged and interpolated tree with its short forms. `extends` and `include` may still be in it.
#[must_use]
pub fn check(root: &Node) -> Vec<Diagnostic> {
    let mut checker = Checker { faults: Vec::new() };
    checker.node(root, &PROJECT, &Path::Root, root.span);
    let mut faults = checker.faults;
    if faults.len() >= MOST_FAULTS {
        faults.truncate(MOST_FAULTS);
        if let Some(last) = faults.last_mut() {
            last.notes.push(format!("only the first {MOST_FAULTS} faults are shown"));
        }
    }
    faults
}

/// The type of a value as the schema sees it; none for a date, which it never allows.
pub(super) fn type_of(value: &Value) -> Option<Types> {
    Some(match value {
        Value::Null => types::NULL,
        Value::Bool(_) => types::BOOL,
        Value::Int(_) => types::WHOLE,
        Value::Float(number) if number.fract() == 0.0 => types::WHOLE,
        Value::Float(_) => types::FRACTION,
        Value::Str(_) => types::TEXT,
        Value::Timestamp(_) => return None,
        Value::Seq(_) => types::LIST,
        Value::Map(_) => types::MAPPING,
    })
}

struct Checker {
    faults: Vec<Diagnostic>,
}

impl Checker {
    fn is_full(&self) -> bool {
        self.faults.len() >= MOST_FAULTS
    }

    /// Checks one value. `anchor` is where its key is written, or the value itself where it has none.
    fn node(&mut self, node: &Node, kind: &'static Kind, path: &Path<'_>, anchor: Span) {
        let place = Place { node, path, anchor };
        if !type_of(&node.value).is_some_and(|found| kind.takes(found)) {
            self.faults.push(report::wrong_type(&place, kind));
            return;
        }
        match &node.value {
            Value::Str(text) if !kind.text.accepts(text) => {
                self.faults.push(report::wrong_text(&place, kind.text, text));
            }
            Value::Int(_) | Value::Float(_) => {
                if let Some(range) = kind.range
                    && is_outside(&node.value, range)
                {
                    self.faults.push(report::out_of_range(&place, range));
                }
            }
            Value::Seq(items) => {
                if let Some(list) = &kind.list {
                    self.items(items, list, &place);
                }
            }
            Value::Map(map) => {
                if let Some(object) = kind.mapping {
                    self.entries(map, object, &place);
                }
            }
            _ => {}
        }
    }

    fn items(&mut self, items: &[Node], list: &List, place: &Place<'_>) {
        for (index, item) in items.iter().enumerate() {
            if self.is_full() {
                return;
            }
            self.node(item, list.item, &Path::Item(place.path, index), item.span);
        }
        if list.repeats == Repeats::Refused {
            for (first, later) in repeats(items) {
                if self.is_full() {
                    return;
                }
                if let (Some(first), Some(item)) = (items.get(first), items.get(later)) {
                    let path = Path::Item(place.path, later);
                    let later = Place { node: item, path: &path, anchor: item.span };
                    self.faults.push(report::repeated(&later, first));
                }
            }
        }
    }

    fn entries(&mut self, map: &Map, object: &'static Object, place: &Place<'_>) {
        for entry in map {
            if self.is_full() {
                return;
            }
            self.entry(entry, object, place);
        }
        for key in object.required {
            if !map.contains_key(key) {
                self.faults.push(report::missing_key(place, object, key));
            }
        }
    }

    fn entry(&mut self, entry: &Entry, object: &'static Object, place: &Place<'_>) {
        match object.lookup(&entry.key) {
            Lookup::Checked(kind) => {
                self.node(&entry.node, kind, &Path::Key(place.path, &entry.key), entry.key_span);
            }
            Lookup::Ignored => {}
            // An empty item of a list, which merging has made a key, is none of the schema's (Compose 2.40 merges lists).
            Lookup::Refused if entry.key.is_empty() && place.node.style == Style::Derived => {}
            Lookup::Refused => self.faults.push(report::unknown_key(place, object, entry)),
        }
    }
}

fn is_outside(value: &Value, (low, high): (i64, i64)) -> bool {
    match value {
        Value::Int(number) => !(low..=high).contains(number),
        #[expect(clippy::cast_precision_loss, reason = "the limits are small, or the largest integer")]
        Value::Float(number) => *number < low as f64 || *number > high as f64,
        _ => false,
    }
}
