// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! A worker at work: hears requests, does them with the one tree that it holds, and answers. Linux alone.
//!
//! One request after the other, in one thread; everything blocks. Memory: one frame in each direction, and what
//! `sys::tree` needs. Nothing is undone after a failure: what is on the disk is what a crash at that point would leave,
//! so there is one way back from both.

mod archive;
mod capture;
mod empty;
mod exchange;
mod fingerprint;
mod folder;
mod look;
mod refusal;
mod stage;
mod wire;

use std::cell::RefCell;
use std::io::{self, Read, Write};
use std::os::fd::BorrowedFd;

use crate::sys::tree::{TreeError, survey};
use crate::volume::commit::PREFIX;
use crate::volume::frame::{FrameError, Message, Received};
use crate::volume::request::{Answer, Request};
use crate::volume::{TreePath, text};
pub use archive::{Archives, NAME, Refused, serve_archives};
use refusal::Refusal;
use wire::Wire;

/// Called at named points with their names, to see what a crash or an error there leaves:
///
/// - `entry:1`, … after each entry of a capture or a stage;
/// - `emptying` after the deletion of the old content is decided, `empty:1`, … after each
///   entry inside the trees that are deleted, `emptied:NAME`, … after each of them, `emptied` after the last;
/// - `staged` when a stage is whole and durable;
/// - `list`, `listed` before and after a commit is decided, `rename:1`, … before each rename in either direction,
///   `renamed` after the last, `done` after a commit is marked as done;
/// - `back` after the way back is decided, `undone` after it is marked as gone;
/// - `removing` after a removal is decided, `remove:1`, … after each entry inside the trees that are removed,
///   `removed:COMMIT`, … after each tree and marker.
///
/// What it gives back fails the request.
pub type Faults<'a> = dyn Fn(&str) -> Result<(), TreeError> + 'a;

/// Why a worker came to a bad end.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// What it was told is damaged, out of turn or cut.
    #[error(transparent)]
    Talk(#[from] FrameError),
    /// It cannot hear or speak any more.
    #[error("the talk is cut: {0}")]
    Stream(#[from] io::Error),
}

/// Does what is asked over `input` with the tree below an open directory, and answers over `output`, until the input ends
/// between two requests. Reads are of 64 KiB, writes of a frame: neither needs a buffer around it.
///
/// # Errors
/// When the input ends at another place, when it is damaged or out of turn, and when one of the streams fails. What goes
/// wrong with the tree is told to who asked, and the next request is heard.
pub fn serve(
    root: BorrowedFd<'_>,
    input: impl Read,
    output: impl Write,
    faults: &Faults<'_>,
) -> Result<(), ServeError> {
    answer_all(input, output, &|request, wire| work(root, request, wire, faults))
}

/// Does what a request asks.
type Work<'a> = dyn Fn(&Request, &RefCell<Wire<'_>>) -> Result<Answer, Refusal> + 'a;

/// Hears requests until the input ends between two of them, and answers each as `work` does.
fn answer_all(input: impl Read, output: impl Write, work: &Work<'_>) -> Result<(), ServeError> {
    let (mut input, mut output) = (input, output);
    let wire = RefCell::new(Wire::new(&mut input, &mut output));
    let answered = greet_and_answer(&wire, work);
    // The reason is kept where the stream failed; it may have come here through an archive.
    match wire.into_inner().fault() {
        Some(fault) => Err(fault),
        None => Ok(answered?),
    }
}

fn greet_and_answer(wire: &RefCell<Wire<'_>>, work: &Work<'_>) -> io::Result<()> {
    wire.borrow_mut().hello()?;
    // Whether data may be on its way that nobody wants any more.
    let mut drops_data = false;
    loop {
        let received = wire.borrow_mut().hear()?;
        let text = match received {
            None => return Ok(()),
            Some(Received::Request(text)) => text,
            Some(Received::Data(_) | Received::Whole(_)) if drops_data => continue,
            Some(_) => return Err(wire.borrow_mut().out_of_turn("a message")),
        };
        let request = serde_json::from_slice(&text);
        let takes_data = !matches!(&request, Ok(request) if !matches!(request, Request::Stage { .. }));
        let done = match request {
            Ok(request) => work(&request, wire),
            Err(error) => Err(Refusal::bad(format!("the request cannot be understood: {error}"))),
        };
        wire.borrow().whole()?;
        let done = done.and_then(|answer| serde_json::to_vec(&answer).map_err(|error| Refusal::bad(error.to_string())));
        drops_data = takes_data && done.is_err();
        let message = match done {
            Ok(answer) => Message::Answer(answer),
            Err(refusal) => Message::Error { code: refusal.code, message: refusal.message },
        };
        wire.borrow_mut().say(&message)?;
    }
}

fn work(
    root: BorrowedFd<'_>,
    request: &Request,
    wire: &RefCell<Wire<'_>>,
    faults: &Faults<'_>,
) -> Result<Answer, Refusal> {
    match request {
        Request::Look => look::look(root),
        Request::Survey { wanted } => Ok(Answer::Surveyed(survey(root, wanted)?)),
        Request::Capture { only } => capture::capture(root, only.as_deref(), wire, faults),
        Request::Fingerprint { only } => fingerprint::fingerprint(root, only.as_deref(), wire),
        Request::Index { of, only } => capture::index(root, of, only.as_deref(), wire),
        Request::Empty { operation } => empty::empty(root, operation, faults),
        Request::Stage { operation, entries } => stage::stage(root, operation, *entries, wire, faults),
        Request::Commit { operation, only } => exchange::commit(root, operation, only.as_deref(), faults),
        Request::Back { operation } => exchange::back(root, operation, faults),
        Request::RemoveAside { operation } => folder::remove_aside(root, operation, faults),
    }
}

/// A single name at the top of a tree, that is none of ours.
fn name_of(escaped: &str) -> Result<Vec<u8>, Refusal> {
    let name = text::unescape(escaped).filter(|name| !name.starts_with(PREFIX) && TreePath::root().join(name).is_ok());
    name.ok_or_else(|| Refusal::bad(format!("`{escaped}` is no name at the top of a tree")))
}
