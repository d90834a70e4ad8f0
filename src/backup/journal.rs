// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The journal of an operation: one line of JSON a record, each vouched for by a part of its own SHA-256.
//!
//! A record is on disk before the step that it announces begins. So a last line that is torn announces nothing that
//! was begun, and is passed over; any other damage means that the file was tampered with or the disk is bad, and is
//! an error: nobody is started or stopped on the word of such a journal.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::hex;
use super::id::{OperationId, SetId};
use super::manifest::State;
use super::moment;
use crate::error::UserError;

/// The bytes of the digest that vouch for a line.
const SUM_BYTES: usize = 8;

/// What stands before the digest in a line.
const SUM_KEY: &str = ",\"sum\":\"";

/// A container that an operation keeps still, as it was before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its project, service and number: what it is looked up by when its id is gone.
    pub project: String,
    /// See `project`.
    pub service: String,
    /// See `project`.
    pub number: u32,
    /// What it did.
    pub state: State,
    /// Its restart policy.
    pub restart_policy: String,
    /// The wave in which it stops, from 0.
    pub wave: usize,
    /// Its hook for afterwards; empty: none.
    pub post_hook: Vec<String>,
}

/// What a restore does when the stack is not healthy afterwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnUnhealthy {
    /// The old data comes back.
    Rollback,
    /// The restored data stays.
    Keep,
}

/// What is about to be done, or was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "phase", content = "data", rename_all = "snake_case")]
pub enum Event {
    /// A backup begins.
    BackupBegun {
        /// The project.
        project: String,
        /// The set that it will publish.
        set: SetId,
    },
    /// A restore begins.
    RestoreBegun {
        /// The project that is restored into.
        project: String,
        /// The set.
        set: SetId,
        /// What happens when the stack is not healthy afterwards.
        on_unhealthy: OnUnhealthy,
        /// Whether the old data is kept after success.
        keep_old: bool,
    },
    /// Sets are about to be removed.
    PruneBegun {
        /// They.
        sets: Vec<SetId>,
    },
    /// These are about to be kept still. Always the whole list, before the first of them.
    Quiescing {
        /// They.
        targets: Vec<Target>,
    },
    /// A hook before the data is read is about to run, so that its counterpart must.
    HookBegun {
        /// The container's id.
        container: String,
    },
    /// Its counterpart ran.
    HookEnded {
        /// The container's id.
        container: String,
    },
    /// A volume is about to be made for a restore.
    VolumeCreating {
        /// Its name.
        volume: String,
    },
    /// A volume, or a path, is in the staging area and whole.
    Captured {
        /// Its name.
        name: String,
    },
    /// A volume, or a folder of the host, is about to get new content beside its old one.
    Staging {
        /// Its name, or the absolute path of the folder.
        volume: String,
        /// The one name in it that is restored, where it is not all.
        #[serde(default)]
        only: Option<String>,
    },
    /// A volume that the operation has just made is about to be filled itself: nothing can be staged beside. Until the
    /// decision it may hold a part of what it should, and is removed then.
    Filling {
        /// Its name.
        volume: String,
        /// The index of what it should hold, as a path in the set.
        index: String,
    },
    /// All that was kept still does again what it did.
    Resumed,
    /// The set is about to be published.
    Publishing,
    /// It is.
    Published,
    /// All volumes are staged and verified, and are about to be changed: from here on only forwards.
    CommitAll {
        /// They.
        volumes: Vec<String>,
    },
    /// The decision that follows is to delete what each volume holds before it is filled: there is no room for both. From
    /// the decision on a volume is filled again from its beginning, from one of the two sets, whatever died in between.
    InPlace {
        /// The set that holds what was there, exactly: it was made while all stood still.
        before: SetId,
        /// What each volume is called in the set that is restored.
        from: BTreeMap<String, String>,
    },
    /// A volume holds exactly what a set says.
    Filled {
        /// Its name.
        volume: String,
        /// The set.
        set: SetId,
    },
    /// The stack is healthy with the new data.
    Healthy,
    /// The old data is about to come back: from here on only backwards.
    RollbackAll {
        /// Why.
        reason: String,
    },
    /// It is over.
    Ended {
        /// How, as a word.
        result: String,
    },
    /// A run that was cut short was brought to its end.
    Recovered,
}

/// A line of a journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Its number, from 1.
    pub seq: u64,
    /// When it was written.
    #[serde(with = "moment")]
    pub at: DateTime<Utc>,
    /// What it says.
    #[serde(flatten)]
    pub event: Event,
}

/// A journal that was read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Journal {
    /// Its records.
    pub records: Vec<Record>,
    /// The bytes that they take. What stands behind is torn, and must be cut off before more is written.
    pub whole_bytes: u64,
    /// Whether there is such a rest.
    pub is_torn: bool,
}

/// A journal that cannot be relied on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the journal of `{operation}` is damaged in line {line}: {reason}")]
pub struct JournalError {
    /// The operation.
    pub operation: OperationId,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong with it, as a fragment.
    pub reason: &'static str,
}

impl UserError for JournalError {
    fn code(&self) -> &'static str {
        "journal_damaged"
    }

    fn message(&self) -> String {
        self.to_string()
    }

    fn hints(&self) -> Vec<String> {
        vec![
            "check the disk of the store; nothing is started or stopped on the word of this file".to_owned(),
            "`stackctl status` shows what runs; move the file away once all is as it should be".to_owned(),
        ]
    }
}

fn sum(text: &str) -> String {
    hex(Sha256::digest(text.as_bytes()).get(..SUM_BYTES).unwrap_or_default())
}

/// The line of a record, with its line break.
#[must_use]
pub fn encode(record: &Record) -> String {
    // Records are plain fields: they cannot fail to serialise. A line that no reader takes would be the answer.
    let text = serde_json::to_string(record).unwrap_or_default();
    let body = text.strip_suffix('}').unwrap_or_default();
    format!("{body}{SUM_KEY}{}\"}}\n", sum(body))
}

fn decode_line(line: &str, seq: u64) -> Result<Record, &'static str> {
    let (body, tail) = line.rsplit_once(SUM_KEY).ok_or("it has no sum")?;
    if tail.strip_suffix("\"}") != Some(&sum(body)) {
        return Err("it does not fit its sum");
    }
    let record: Record = serde_json::from_str(line).map_err(|_| "it is of another version")?;
    if record.seq == seq { Ok(record) } else { Err("a line before it is missing") }
}

/// Reads a journal.
///
/// # Errors
/// Damage anywhere but in the last line.
pub fn decode(operation: OperationId, bytes: &[u8]) -> Result<Journal, JournalError> {
    let mut journal = Journal::default();
    let lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
    for (at, line) in lines.iter().enumerate() {
        let seq = at as u64 + 1;
        let whole = line.strip_suffix(b"\n").ok_or("it is cut off");
        let text = whole.and_then(|line| std::str::from_utf8(line).map_err(|_| "it is no text"));
        match text.and_then(|text| decode_line(text, seq)) {
            Ok(record) => {
                journal.records.push(record);
                journal.whole_bytes += line.len() as u64;
            }
            Err(_) if at + 1 == lines.len() => journal.is_torn = true,
            Err(reason) => return Err(JournalError { operation, line: at + 1, reason }),
        }
    }
    Ok(journal)
}

impl Journal {
    /// Whether the operation needs nobody any more.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.records.iter().any(|record| matches!(record.event, Event::Ended { .. } | Event::Recovered))
    }

    /// The project that the operation is on, where that was written.
    #[must_use]
    pub fn project(&self) -> Option<&str> {
        self.records.iter().find_map(|record| match &record.event {
            Event::BackupBegun { project, .. } | Event::RestoreBegun { project, .. } => Some(project.as_str()),
            _ => None,
        })
    }

    /// The set that the operation restores, where that was written.
    #[must_use]
    pub fn restored_set(&self) -> Option<SetId> {
        self.records.iter().find_map(|record| match &record.event {
            Event::RestoreBegun { set, .. } => Some(*set),
            _ => None,
        })
    }

    /// The record to write next.
    #[must_use]
    pub fn next(&self, at: DateTime<Utc>, event: Event) -> Record {
        Record { seq: self.records.len() as u64 + 1, at, event }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed set-up fails the test")]

    use proptest::prelude::*;

    use super::*;
    use crate::backup::id::OperationKind;
    use crate::backup::manifest::testing::id;

    fn operation() -> OperationId {
        OperationId { stamp: id(7), kind: OperationKind::Backup }
    }

    fn events() -> Vec<Event> {
        let target = Target {
            id: "a".into(),
            name: "lab-db-1".into(),
            project: "lab".into(),
            service: "db".into(),
            number: 1,
            state: State::Running,
            restart_policy: "always".into(),
            wave: 0,
            post_hook: Vec::new(),
        };
        vec![
            Event::BackupBegun { project: "lab".into(), set: id(7) },
            Event::Quiescing { targets: vec![target] },
            Event::Captured { name: "lab_data".into() },
            Event::Resumed,
            Event::Publishing,
        ]
    }

    fn text() -> String {
        let mut journal = Journal::default();
        for event in events() {
            journal.records.push(journal.next(DateTime::UNIX_EPOCH, event));
        }
        journal.records.iter().map(encode).collect()
    }

    #[test]
    fn records_are_read_back() {
        let read = decode(operation(), text().as_bytes()).unwrap();
        let found: Vec<Event> = read.records.iter().map(|record| record.event.clone()).collect();
        assert_eq!((found, read.is_torn, read.is_closed()), (events(), false, false));
        assert_eq!(read.whole_bytes, text().len() as u64);
    }

    #[test]
    fn a_line_is_plain_json() {
        let text = text();
        let line: serde_json::Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
        assert_eq!((line["seq"].as_u64(), line["phase"].as_str()), (Some(1), Some("backup_begun")));
    }

    #[test]
    fn a_missing_line_in_the_middle_is_an_error() {
        let text = text();
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        let error = decode(operation(), [lines[0], lines[2], lines[3]].concat().as_bytes()).unwrap_err();
        assert_eq!((error.line, error.reason, error.code()), (2, "a line before it is missing", "journal_damaged"));
    }

    #[test]
    fn the_end_closes() {
        let mut journal = Journal::default();
        journal.records.push(journal.next(DateTime::UNIX_EPOCH, Event::Ended { result: "done".into() }));
        assert!(journal.is_closed());
    }

    proptest! {
        #[test]
        fn every_cut_gives_the_whole_lines_before_it(cut in 0_usize..2000) {
            let text = text();
            let cut = cut % (text.len() + 1);
            let read = decode(operation(), &text.as_bytes()[..cut]).unwrap();
            let whole = text[..cut].matches('\n').count();
            prop_assert_eq!(read.records.len(), whole);
            prop_assert_eq!(read.is_torn, !text[..cut].is_empty() && !text[..cut].ends_with('\n'));
        }

        #[test]
        fn a_changed_byte_is_never_believed(at in 0_usize..2000, flip in 1_u8..=255) {
            let text = text();
            let at = at % text.len();
            let mut bytes = text.clone().into_bytes();
            bytes[at] ^= flip;
            let whole = decode(operation(), text.as_bytes()).unwrap().records;
            match decode(operation(), &bytes) {
                // Only the last line may be dropped, and what is left is what was written.
                Ok(read) => {
                    prop_assert!(read.is_torn);
                    prop_assert_eq!(read.records.as_slice(), &whole[..read.records.len()]);
                }
                Err(error) => prop_assert!(error.line >= 1),
            }
        }
    }
}
