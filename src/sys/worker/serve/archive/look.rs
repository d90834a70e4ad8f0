// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What is there, as far as an archive tells: operations that left something, whether there is anything else, the root.

use std::collections::BTreeMap;
use std::io::BufReader;

use super::super::folder::{MARKERS, one_each, operation_of};
use super::super::refusal::Refusal;
use super::{Archives, refused};
use crate::sys::tree::is_aside;
use crate::volume::commit::PREFIX;
use crate::volume::pax::Reader;
use crate::volume::request::{Answer, Mark, RootAttributes};
use crate::volume::{Fidelity, Meta};

/// Small reads are gathered into such ones, in bytes.
const PIECE: usize = 64 * 1024;

/// What was seen.
struct Seen {
    marks: Vec<(String, Mark)>,
    is_empty: bool,
    root: RootAttributes,
}

pub(super) fn look(archives: &dyn Archives) -> Result<Answer, Refusal> {
    let Seen { marks, is_empty, root } = seen(archives)?;
    // No engine says how much room a volume has.
    Ok(Answer::Seen { marks, is_empty, free_bytes: u64::MAX, root })
}

/// Sees that an operation has left nothing in the tree that only another kind of worker could bring to its end.
pub(super) fn check_untouched(archives: &dyn Archives, operation: &str) -> Result<(), Refusal> {
    if seen(archives)?.marks.iter().all(|(one, _)| one != operation) {
        return Ok(());
    }
    Err(Refusal::of(
        "archive_path_no_renames",
        "names in it are to be exchanged or removed, and the engine's archive requests can do neither; \
         `--data-path helper` or `--data-path host` can",
    ))
}

/// Whether there is nothing in the tree.
pub(super) fn is_empty(archives: &dyn Archives) -> Result<bool, Refusal> {
    let seen = seen(archives)?;
    Ok(seen.is_empty && seen.marks.is_empty())
}

/// Reads the names at the top as far as ours could come. The archive is sorted: what follows is not read.
fn seen(archives: &dyn Archives) -> Result<Seen, Refusal> {
    let source = BufReader::with_capacity(PIECE, archives.read(None));
    let mut reader = Reader::new(source, Fidelity::EngineArchive);
    let next = |reader: &mut Reader<_>| reader.entry().map_err(|error| refused(error.into()));
    let mut seen = Seen { marks: Vec::new(), is_empty: true, root: RootAttributes::default() };
    // The markers of each folder of ours.
    let mut folders: BTreeMap<Vec<u8>, Vec<Vec<u8>>> = BTreeMap::new();
    while let Some(entry) = next(&mut reader)? {
        let mut names = entry.path.names();
        let Some(top) = names.next() else {
            seen.root = attributes(&entry.meta);
            continue;
        };
        if is_aside(&entry.path) {
            let markers = folders.entry(top.to_vec()).or_default();
            if let (Some(name), None) = (names.next(), names.next()) {
                markers.push(name.to_vec());
            }
            continue;
        }
        seen.is_empty = false;
        if top > PREFIX {
            break;
        }
    }
    let marks = folders.iter().filter_map(|(name, markers)| {
        let (operation, leaving) = operation_of(name)?;
        let has = |marker: &&(&str, Mark)| markers.iter().any(|one| one == marker.0.as_bytes());
        let mark = leaving.or(MARKERS.iter().find(has).map(|(_, mark)| *mark)).unwrap_or(Mark::Staged);
        Some((operation.to_owned(), leaving.is_some(), mark))
    });
    seen.marks = one_each(marks.collect());
    Ok(seen)
}

/// What people are told of a root.
pub(super) fn attributes(meta: &Meta) -> RootAttributes {
    RootAttributes { mode: meta.mode, uid: meta.uid, gid: meta.gid }
}
