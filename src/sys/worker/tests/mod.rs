// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! A worker and who asks it, each in a thread of its own, over a pair of sockets.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a failed set-up fails the test")]
#![expect(clippy::disallowed_methods, reason = "trees are made and looked at without the code under test")]

mod archive;
mod crash;
mod hostile;
mod in_place;
mod single;
mod survey;
mod talk;
mod unchanged;

use std::fs;
use std::io;
use std::os::fd::AsFd as _;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};

use tempfile::TempDir;

use super::serve::{ServeError, serve};
use super::{Line, Progress, Session, Sink, WorkerError};
use crate::backup::id::OperationId;
use crate::sys::tree::{TreeError, open_root};
use crate::volume::Fidelity;
use crate::volume::index::{IndexReader, Record, compare};
use crate::volume::request::{Mark, Part};

/// What a fault at a point does.
type Fault = Box<dyn Fn(&str) -> Result<(), TreeError> + Send>;

fn operation() -> OperationId {
    "restore-20261120T114131Z-0007".parse().unwrap()
}

fn staged() -> Part {
    Part::Staged(operation().to_string())
}

fn no_fault() -> Fault {
    Box::new(|_| Ok(()))
}

/// Fails at this point.
fn fault_at(point: &str) -> Fault {
    let point = point.to_owned();
    Box::new(move |at| if at == point { Err(TreeError::Cancelled) } else { Ok(()) })
}

/// Writes down the points that are passed.
fn recorder() -> (Fault, Arc<Mutex<Vec<String>>>) {
    let passed = Arc::new(Mutex::new(Vec::new()));
    let list = Arc::clone(&passed);
    let fault = move |at: &str| {
        list.lock().unwrap().push(at.to_owned());
        Ok(())
    };
    (Box::new(fault), passed)
}

/// A worker in a thread, and the other end of its socket.
fn worker(place: &Path, fault: Fault) -> (UnixStream, JoinHandle<Result<(), ServeError>>) {
    let (ours, theirs) = UnixStream::pair().unwrap();
    let root = open_root(place).unwrap();
    (ours, thread::spawn(move || serve(root.as_fd(), &theirs, &theirs, &*fault)))
}

/// Asks a worker over one session, and lets it end.
fn ask<T>(place: &Path, fault: Fault, work: impl AsyncFnOnce(&mut Session) -> T) -> T {
    let (socket, serving) = worker(place, fault);
    let answer = block_on(async {
        let mut session = Session::open(line(socket), "data").await.unwrap();
        let answer = work(&mut session).await;
        session.close().await.unwrap();
        answer
    });
    serving.join().unwrap().unwrap();
    answer
}

fn block_on<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

fn line(socket: UnixStream) -> Line {
    socket.set_nonblocking(true).unwrap();
    let (output, input) = tokio::net::UnixStream::from_std(socket).unwrap().into_split();
    Line { input: Box::new(input), output: Box::new(output) }
}

/// Keeps what a capture sends.
#[derive(Debug, Default)]
struct Kept {
    data: Vec<u8>,
    index: Vec<u8>,
    entries: u64,
}

impl Sink for Kept {
    fn data(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.data.extend(bytes);
        Ok(())
    }

    fn records(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.index.extend(bytes);
        Ok(())
    }
}

fn ignore(_: Progress) {}

fn captured(place: &Path, only: Option<&[u8]>) -> Kept {
    ask(place, no_fault(), async |session| {
        let mut kept = Kept::default();
        let (content, trailer) = session.capture(only, &mut kept, &mut ignore).await.unwrap();
        assert_eq!((trailer.bytes, trailer.entries), (kept.data.len() as u64, content.entries));
        kept.entries = content.entries;
        kept
    })
}

async fn stage(session: &mut Session, kept: &Kept) -> Result<u64, WorkerError> {
    session.stage(operation(), kept.entries, &mut kept.data.as_slice(), &mut ignore).await
}

async fn records(session: &mut Session, part: Part, only: Option<&[u8]>) -> Result<Vec<Record>, WorkerError> {
    let mut text = Vec::new();
    let mut each = |bytes: &[u8]| {
        text.extend(bytes);
        Ok(())
    };
    session.index(part, only, &mut each, &mut ignore).await?;
    Ok(read(&text))
}

fn read(index: &[u8]) -> Vec<Record> {
    let mut reader = IndexReader::new(index).unwrap();
    let mut records = Vec::new();
    while let Some(record) = reader.record().unwrap() {
        records.push(record);
    }
    records
}

fn indexed(place: &Path) -> Vec<Record> {
    ask(place, no_fault(), async |session| records(session, Part::Root, None).await.unwrap())
}

#[track_caller]
fn assert_same(before: &[Record], after: &[Record], when: &str) {
    let told = compare(before, after, Fidelity::Exact);
    assert!(told.is_empty(), "{when}: {:?}", told.iter().map(ToString::to_string).collect::<Vec<_>>());
}

/// How far the operation came, as a worker sees it.
fn mark(place: &Path) -> Option<Mark> {
    let seen = ask(place, no_fault(), async |session| session.look().await.unwrap());
    let mut marks = seen.marks.into_iter();
    let mark = marks.next().map(|(name, mark)| {
        assert_eq!(name, operation().to_string());
        mark
    });
    assert_eq!(marks.next(), None);
    mark
}

#[track_caller]
fn assert_code<T: std::fmt::Debug>(answer: Result<T, WorkerError>, wanted: &str) {
    match answer {
        Err(WorkerError::Failed { code, .. }) if code == wanted => {}
        other => panic!("wanted {wanted}, got {other:?}"),
    }
}

fn ours(place: &Path) -> Vec<String> {
    let names = fs::read_dir(place).unwrap().map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned());
    names.filter(|name| name.starts_with(".stackctl-")).collect()
}

/// A volume with an old tree, the new one captured, and the indexes of both.
struct Scene {
    place: TempDir,
    new: Kept,
    before: Vec<Record>,
    after: Vec<Record>,
}

impl Scene {
    fn new() -> Self {
        use std::os::unix::fs::PermissionsExt as _;
        let (place, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        fs::write(place.path().join("both"), b"old").unwrap();
        fs::write(place.path().join("gone"), b"old").unwrap();
        fs::create_dir_all(other.path().join("both/inner")).unwrap();
        fs::write(other.path().join("both/inner/file"), b"new").unwrap();
        fs::write(other.path().join("added"), b"new").unwrap();
        fs::set_permissions(other.path(), fs::Permissions::from_mode(0o1750)).unwrap();
        let new = captured(other.path(), None);
        let (before, after) = (indexed(place.path()), read(&new.index));
        Self { place, new, before, after }
    }

    fn path(&self) -> &Path {
        self.place.path()
    }

    /// One where this was done.
    fn at(mark: Mark) -> Self {
        let scene = Self::new();
        ask(scene.path(), no_fault(), async |session| {
            assert_eq!(stage(session, &scene.new).await, Ok(scene.new.entries));
            if mark >= Mark::Committed {
                session.commit(operation(), None).await.unwrap();
            }
            if mark >= Mark::RolledBack {
                session.back(operation()).await.unwrap();
            }
        });
        assert_eq!(self::mark(scene.path()), Some(mark));
        scene
    }
}
