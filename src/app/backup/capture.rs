// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! One volume, or one path of the host, into the staging area: an archive and its index.

use std::io::{self, Write as _};
use std::path::Path;

use super::BackupError;
use super::gather::Scene;
use super::hashing::Hashing;
use super::unchanged::{fingerprint, take_over};
use crate::app::operate::{Tell, Told};
use crate::backup::hex;
use crate::backup::id::OperationId;
use crate::backup::manifest::{Changed, Consistency, Data, DataPath, FileRef, RootStat, Skipped};
use crate::backup::plan::{Capture, What};
use crate::backup::unchanged::{Source, may_be_known};
use crate::sys::store::{DiskFile, Stage, StoreError};
use crate::sys::tree::FrameWriter;
use crate::sys::worker::{Access, Content, Paths, Session, Sink, Tree, Workers};

/// zstd's own level.
pub(super) const LEVEL: i32 = 3;

/// The tree of something that is captured, and the one name in it, where it is a file.
///
/// A file is reached through its folder: a folder can be held open, and renamed in.
pub(crate) fn tree_of(what: &What) -> (Tree, Option<String>) {
    match what {
        What::Volume { name, .. } => (Tree::Volume(name.clone()), None),
        What::Bind { source, is_file: false } => (Tree::Folder(source.into()), None),
        What::Bind { source, is_file: true } => {
            let path = Path::new(source);
            let folder = path.parent().unwrap_or(Path::new("/"));
            (Tree::Folder(folder.to_owned()), path.file_name().map(|name| name.to_string_lossy().into_owned()))
        }
    }
}

/// Where the files of the capture with this number lie in a set.
pub(super) fn place_of(what: &What, number: usize) -> String {
    match what {
        What::Volume { name, .. } => format!("volumes/{name}"),
        What::Bind { .. } => format!("binds/{number}"),
    }
}

/// The two files that are written.
struct Files {
    archive: Box<dyn DiskFile>,
    index: FrameWriter<Hashing<Box<dyn DiskFile>>>,
}

impl Sink for Files {
    fn data(&mut self, piece: &[u8]) -> io::Result<()> {
        self.archive.write_all(piece)
    }

    fn records(&mut self, piece: &[u8]) -> io::Result<()> {
        self.index.write_all(piece)
    }
}

fn listed(paths: &Paths, kind: &str) -> Vec<Skipped> {
    let mut skipped: Vec<Skipped> =
        paths.first.iter().map(|path| Skipped { path: path.clone(), kind: kind.to_owned() }).collect();
    let more = paths.total.saturating_sub(skipped.len() as u64);
    if more > 0 {
        skipped.push(Skipped { path: format!("and {more} more"), kind: kind.to_owned() });
    }
    skipped
}

fn changed(paths: &Paths, what: &str) -> Vec<Changed> {
    listed(paths, what).into_iter().map(|one| Changed { path: one.path, what: one.kind }).collect()
}

/// What is captured, and what is known of it.
#[derive(Clone, Copy)]
pub(super) struct Wanted<'a> {
    pub(super) capture: &'a Capture,
    /// Where its files go in the set.
    pub(super) place: &'a str,
    pub(super) scene: &'a Scene,
    /// Where they may be taken from.
    pub(super) source: Option<&'a Source>,
}

/// Captures, or takes over what has not changed. Both files are on disk when this returns, or were before.
///
/// # Errors
/// The worker's, the store's; that somebody wrote although nobody who could was running; or that what is there is not whole,
/// because a restore was cut short in it.
pub(super) async fn capture(
    workers: &dyn Workers,
    operation: OperationId,
    stage: &Stage<'_, '_>,
    wanted: Wanted<'_>,
    tell: Tell<'_>,
) -> Result<Data, BackupError> {
    let Wanted { capture: one, place, .. } = wanted;
    let (tree, only) = tree_of(&one.what);
    let only = only.as_deref().map(str::as_bytes);
    let reading = || Told::Step(format!("reading `{}`", one.what.name()));
    tell(match wanted.source {
        Some(_) => Told::Step(format!("looking whether `{}` has changed", one.what.name())),
        None => reading(),
    });
    let line = workers.start(&tree, Access::Read, operation).await?;
    let mut session = Session::open(line, &tree.name()).await?;
    let seen = session.look().await?;
    if let Some((operation, mark)) = seen.marks.into_iter().find(|(_, mark)| mark.is_mixed()) {
        session.close().await?;
        return Err(BackupError::Unfinished { name: one.what.name().to_owned(), operation, mark });
    }
    if let Some(data) = take_over(&mut session, stage, wanted, only, &mut *tell).await? {
        session.close().await?;
        return Ok(data);
    }
    if wanted.source.is_some() {
        tell(reading());
    }
    let (archive_path, index_path) = (format!("{place}.tar.zst"), format!("{place}.index.zst"));
    let fault = |path: &str| {
        let path = path.to_owned();
        move |error: io::Error| StoreError::Io { what: "write", path, reason: error.to_string(), kind: error.kind() }
    };
    let index = Hashing::new(stage.create(&index_path)?);
    let index = FrameWriter::new(index, LEVEL).map_err(fault(&index_path))?;
    let mut files = Files { archive: stage.create(&archive_path)?, index };
    let total = one.bytes.unwrap_or(0);
    let mut told = |progress: crate::sys::worker::Progress| tell(Told::Bytes { done: progress.bytes, total });
    let (content, trailer) = session.capture(only, &mut files, &mut told).await?;
    session.close().await?;
    files.archive.sync().map_err(fault(&archive_path))?;
    let index = files.index.finish().map_err(fault(&index_path))?;
    let (mut index, sum) = index.into_parts();
    index.sync().map_err(fault(&index_path))?;
    data(
        wanted,
        workers.path(),
        &content,
        [
            FileRef { path: archive_path, bytes: trailer.bytes, sha256: hex(&trailer.sha256) },
            FileRef { path: index_path, bytes: sum.bytes, sha256: sum.sha256() },
        ],
    )
}

fn data(wanted: Wanted<'_>, path: DataPath, content: &Content, files: [FileRef; 2]) -> Result<Data, BackupError> {
    let one = wanted.capture;
    let [archive, index] = files;
    let mut changes = changed(&content.changed, "changed");
    changes.extend(changed(&content.vanished, "vanished"));
    if one.consistency == Consistency::Stopped && !changes.is_empty() {
        let paths: Vec<String> = changes.iter().take(3).map(|change| format!("`{}`", change.path)).collect();
        return Err(BackupError::Disturbed { name: one.what.name().to_owned(), paths: paths.join(", ") });
    }
    let mut skipped = listed(&content.sockets, "socket");
    skipped.extend(listed(&content.mounts, "mount"));
    let words = content.fingerprint.as_ref().filter(|_| may_be_known(one));
    Ok(Data {
        archive,
        index,
        root: root(content),
        path,
        consistency: one.consistency,
        entries: content.entries,
        bytes: content.bytes,
        allocated: content.allocated,
        skipped,
        changed_during_read: changes,
        fingerprint: words.and_then(|words| fingerprint(wanted.scene, &one.what, words)),
        unchanged_since: None,
    })
}

fn root(content: &Content) -> RootStat {
    RootStat { mode: format!("{:04o}", content.root.mode), uid: content.root.uid, gid: content.root.gid }
}
