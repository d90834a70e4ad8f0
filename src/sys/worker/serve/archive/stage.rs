// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! An archive that is sent, into a tree that is empty: the engine unpacks it there.
//!
//! After a failure a part of it is there, and nothing of it can be removed. Who asks must have made the volume for it, and
//! removes it then.

use std::cell::RefCell;
use std::io::{BufReader, BufWriter, Read as _, Write as _};

use super::super::capture::watched;
use super::super::refusal::Refusal;
use super::super::wire::{Incoming, Wire};
use super::{Archives, NAME, Refused, engine_fault, look};
use crate::sys::engine::EngineError;
use crate::sys::tree::{Control, FrameReader, TreeError, rebase};
use crate::volume::Fidelity;
use crate::volume::frame::FrameError;
use crate::volume::pax::{PaxError, Reader};
use crate::volume::request::Answer;

/// The engine is sent pieces of this size, in bytes.
const PIECE: usize = 256 * 1024;

pub(super) fn stage(archives: &dyn Archives, entries: u64, wire: &RefCell<Wire<'_>>) -> Result<Answer, Refusal> {
    if !look::is_empty(archives)? {
        return Err(Refusal::of(
            "archive_path_not_empty",
            "it is not empty, and the engine's archive requests can only fill what is",
        ));
    }
    let mut made = Err(Refusal::bad("nothing was asked for".to_owned()));
    let sent = archives.write(&mut |into| {
        made = send(entries, wire, into);
        made.as_ref().map(|_| ()).map_err(|_| Refused)
    });
    match (sent, made) {
        (Ok(()), made) => made,
        (Err(EngineError::Source { .. }), Err(refusal)) => Err(refusal),
        // What could not be sent on because the engine had failed before is the engine's fault.
        (Err(error), _) => Err(engine_fault(&error)),
    }
}

fn send(entries: u64, wire: &RefCell<Wire<'_>>, into: &mut dyn std::io::Write) -> Result<Answer, Refusal> {
    let no_faults = |_: &str| Ok(());
    let unpacked = FrameReader::new(Incoming::new(wire))?;
    let archive = Reader::new(BufReader::with_capacity(PIECE, unpacked), Fidelity::Exact);
    let mut into = BufWriter::with_capacity(PIECE, into);
    let work = |control: &mut Control<'_>| -> Result<_, TreeError> {
        let whole = rebase(archive, entries, NAME.as_bytes(), &mut into, control)?;
        into.flush().map_err(PaxError::from)?;
        Ok(whole)
    };
    let (tally, unpacked) = watched(wire, &no_faults, work)?;
    let mut incoming = unpacked.into_inner().into_inner();
    // A packed stream may have more frames; the archive has come to its end.
    let is_over = incoming.read(&mut [0])? == 0;
    let fits = incoming.trailer().is_some_and(|trailer| trailer.entries == entries);
    if !is_over || !fits {
        return Err(Refusal::bad(FrameError::Mismatch.to_string()));
    }
    Ok(Answer::Staged { entries: tally.entries })
}
