// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! A worker that has no tree open: it asks the engine for archives of it, and hands it one to unpack.
//!
//! Nothing can be renamed or removed that way, so a tree that is there can be read, and an empty one can be filled, once.
//! Its requests and answers are those of every worker; what it cannot do it refuses.

mod capture;
mod look;
mod stage;

use std::cell::RefCell;
use std::io::{Read, Write};

use super::refusal::Refusal;
use super::wire::Wire;
use super::{ServeError, answer_all, name_of};
use crate::error::UserError as _;
use crate::sys::engine::EngineError;
use crate::sys::tree::TreeError;
use crate::volume::Fidelity;
use crate::volume::pax::PaxError;
use crate::volume::request::{Answer, Part, Request};

/// Reads and writes the archives of one tree. Every call blocks.
pub trait Archives {
    /// The engine's archive of the tree; of one name at its top with `only`. A read fails with the [`EngineError`] inside
    /// when the engine does. Its end says nothing: engines end what is cut like what is whole.
    fn read(&self, only: Option<&str>) -> Box<dyn Read + '_>;

    /// Lets the engine unpack at the top of a container what `fill` writes, where the tree is the directory
    /// [`NAME`].
    ///
    /// # Errors
    /// The engine's. What `fill` gives is for who has called; when it failed, so does this.
    fn write(&self, fill: &mut dyn FnMut(&mut dyn Write) -> Result<(), Refused>) -> Result<(), EngineError>;
}

/// What is written is no whole archive, and must not be taken for one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refused;

/// The name of the directory that the tree is, at the top of the container.
pub const NAME: &str = "tree";

/// Does what is asked over `input`, and answers over `output`, until the input ends between two requests.
///
/// # Errors
/// As `serve`.
pub fn serve_archives(archives: &dyn Archives, input: impl Read, output: impl Write) -> Result<(), ServeError> {
    answer_all(input, output, &|request, wire| work(archives, request, wire))
}

fn work(archives: &dyn Archives, request: &Request, wire: &RefCell<Wire<'_>>) -> Result<Answer, Refusal> {
    match request {
        Request::Look => look::look(archives),
        Request::Capture { only } => capture::capture(archives, one_name(only.as_deref())?.as_deref(), wire),
        // An archive has neither inode nor change time.
        Request::Fingerprint { .. } => Ok(Answer::Fingerprinted { words: None }),
        // The engine has no list of names: all of the models would have to come for it.
        Request::Survey { .. } => {
            Err(Refusal::of("no_survey", "caches are not listed on the way through the engine's archives"))
        }
        Request::Index { of, only } => {
            // What is staged is the tree itself.
            let fidelity = match of {
                Part::Root => Fidelity::EngineArchive,
                Part::Staged(_) => Fidelity::EngineUnpacked,
            };
            capture::index(archives, fidelity, one_name(only.as_deref())?.as_deref(), wire)
        }
        Request::Stage { operation, entries } => {
            look::check_untouched(archives, operation)?;
            stage::stage(archives, *entries, wire)
        }
        // What was staged is in place, and there is nothing beside it.
        Request::Commit { operation, .. } | Request::RemoveAside { operation } => {
            look::check_untouched(archives, operation)?;
            Ok(Answer::Moved)
        }
        Request::Empty { .. } => {
            Err(Refusal::of("archive_path_not_new", "nothing can be deleted on the way through the engine's archives"))
        }
        Request::Back { operation } => {
            look::check_untouched(archives, operation)?;
            Err(Refusal::not_decided())
        }
    }
}

/// The name of a single file, which becomes part of the path of a mount.
fn one_name(escaped: Option<&str>) -> Result<Option<String>, Refusal> {
    let name = escaped.map(name_of).transpose()?;
    let text = name.map(String::from_utf8).transpose();
    text.map_err(|_| Refusal::bad("the engine mounts no file whose name is no text".to_owned()))
}

/// Why an archive of the engine could not be taken.
fn refused(error: TreeError) -> Refusal {
    match error {
        TreeError::Archive(PaxError::Io(error)) => match error.get_ref().and_then(|inner| inner.downcast_ref()) {
            Some(fault) => engine_fault(fault),
            None => error.into(),
        },
        TreeError::Archive(error @ (PaxError::Truncated | PaxError::Size { .. })) => Refusal::of(
            "engine_archive_cut",
            &format!(
                "the engine cut its own archive short ({error}): something changed while it was read, or cannot be read"
            ),
        ),
        error => error.into(),
    }
}

fn engine_fault(error: &EngineError) -> Refusal {
    Refusal::of(error.code(), &error.message())
}
