// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What differs between two trees, told so that a person sees it.

use std::collections::BTreeSet;
use std::fmt;
use std::io::BufRead;

use super::record::{Attributes, Record, Stamp};
use super::{IndexError, IndexReader, RecordCheck};
use crate::volume::{Fidelity, Timestamp, TreePath, text};

/// So many differences are told; trees that differ in more differ.
pub const MAX_DIFFERENCES: usize = 1000;

/// One thing that is not the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Where.
    pub path: TreePath,
    /// What.
    pub change: Change,
}

/// In what two entries differ, the first tree's before the second's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// The second tree does not have it.
    Missing,
    /// The first tree does not have it.
    Extra,
    /// It is something else, or points or belongs elsewhere: told in words.
    Is(String, String),
    /// An attribute or the content differs: its name, and both values in words.
    Differs(String, String, String),
}

impl fmt::Display for Difference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = &self.path;
        match &self.change {
            Change::Missing => write!(formatter, "{path}: is missing"),
            Change::Extra => write!(formatter, "{path}: was not there"),
            Change::Is(before, after) => write!(formatter, "{path}: was {before}, is {after}"),
            Change::Differs(what, before, after) => write!(formatter, "{path}: {what} was {before}, is {after}"),
        }
    }
}

/// Differences of two lists of records, both sorted, at most [`MAX_DIFFERENCES`], less what `fidelity` loses anyway.
#[must_use]
pub fn compare(first: &[Record], second: &[Record], fidelity: Fidelity) -> Vec<Difference> {
    let (mut told, mut second) = (Told::default(), second.iter().peekable());
    for before in first {
        while let Some(after) = second.next_if(|after| after.path < before.path) {
            told.add(&after.path, Change::Extra);
        }
        match second.next_if(|after| after.path == before.path) {
            Some(after) => told.both(before.clone().as_kept_by(fidelity), after.clone().as_kept_by(fidelity)),
            None => told.add(&before.path, Change::Missing),
        }
    }
    second.for_each(|after| told.add(&after.path, Change::Extra));
    told.differences()
}

/// The same of two indexes, as they are read; both are read to their end. The lesser fidelity of both holds.
///
/// # Errors
/// When one of them cannot be read.
pub fn compare_streams<A: BufRead, B: BufRead>(
    first: IndexReader<A>,
    second: &mut IndexReader<B>,
) -> Result<Vec<Difference>, IndexError> {
    let mut check = RecordCheck::new(first, second.fidelity())?;
    while let Some(record) = second.record()? {
        check.record(record)?;
    }
    check.finish()
}

/// What has been told so far.
#[derive(Default)]
pub(super) struct Told(Vec<Difference>);

impl Told {
    pub(super) fn differences(self) -> Vec<Difference> {
        self.0
    }

    pub(super) fn add(&mut self, path: &TreePath, change: Change) {
        if self.0.len() < MAX_DIFFERENCES {
            self.0.push(Difference { path: path.clone(), change });
        }
    }

    fn field<T: PartialEq>(&mut self, path: &TreePath, name: &str, values: [T; 2], word: impl Fn(&T) -> String) {
        let [before, after] = values;
        if before != after {
            self.add(path, Change::Differs(name.to_owned(), word(&before), word(&after)));
        }
    }

    pub(super) fn both(&mut self, before: Record, after: Record) {
        let path = before.path;
        match (&before.stamp, &after.stamp) {
            (Stamp::File { size, digest }, Stamp::File { size: new_size, digest: new_digest }) => {
                self.field(&path, "size", [size, new_size], |size| format!("{size} bytes"));
                if size == new_size {
                    self.field(&path, "content", [digest, new_digest], |digest| digest.word());
                }
            }
            (before, after) if before == after => {}
            (before, after) => self.add(&path, Change::Is(meaning(before), meaning(after))),
        }
        if let (Some(before), Some(after)) = (before.meta, after.meta) {
            self.attributes(&path, &before, &after);
        }
    }

    fn attributes(&mut self, path: &TreePath, before: &Attributes, after: &Attributes) {
        self.field(path, "mode", [before.mode, after.mode], |mode| format!("{mode:04o}"));
        self.field(path, "owner", [before.uid, after.uid], u32::to_string);
        self.field(path, "group", [before.gid, after.gid], u32::to_string);
        let time = |time: &Timestamp| format!("{}.{:09}", time.seconds, time.nanoseconds);
        self.field(path, "modification time", [before.mtime, after.mtime], time);
        let names: BTreeSet<&Vec<u8>> = before.xattrs.keys().chain(after.xattrs.keys()).collect();
        for name in names {
            let values = [before, after].map(|meta| meta.xattrs.get(name).cloned());
            let word = |value: &Option<String>| value.clone().unwrap_or_else(|| "absent".to_owned());
            self.field(path, &format!("attribute {}", text::escape(name)), values, word);
        }
    }
}

fn meaning(stamp: &Stamp) -> String {
    let word = stamp.word();
    match stamp {
        Stamp::Symlink(target) => format!("{word} to {}", text::escape(target)),
        Stamp::HardLink(target) => format!("{word} to {target}"),
        Stamp::CharDevice(device) | Stamp::BlockDevice(device) => format!("{word} {}:{}", device.major, device.minor),
        _ => word.to_owned(),
    }
}
