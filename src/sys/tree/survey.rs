// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What files a tree has, and what the small ones among them say that were asked for. Bounded in every way: the tree is
//! somebody else's, and in use.

use std::os::fd::{AsFd as _, BorrowedFd, OwnedFd};

use rustix::fs::{AtFlags, FileType, OFlags, fstat, statat};
use rustix::io::{Errno, read};

use super::TreeError;
use super::open::Opener;
use super::scan::sorted_names;
use crate::volume::commit::PREFIX;
use crate::volume::request::{Survey, SurveyedFile};
use crate::volume::{TreePath, text};

/// The most names that are looked at.
const MAX_NAMES: usize = 20_000;

/// The deepest folder that is looked into, in names.
const MAX_DEPTH: usize = 16;

/// The largest file that is read, in bytes.
const MAX_TEXT: u64 = 64 * 1024;

/// The largest answer, in bytes of JSON: it goes into one frame.
const MAX_ANSWER: usize = 768 * 1024;

type Level = (OwnedFd, TreePath, std::vec::IntoIter<Vec<u8>>);

/// Lists the files of a tree in the order of a walk, without the folders of operations. A small file is also read when its
/// name, or that of a folder that it is in, is one of `wanted`.
///
/// # Errors
/// When a folder cannot be listed. What goes away meanwhile is passed over, and so are links and other mounts.
pub fn survey(root: BorrowedFd<'_>, wanted: &[String]) -> Result<Survey, TreeError> {
    let opener = Opener::of(root)?;
    let top = TreePath::root();
    let directory = rustix::io::fcntl_dupfd_cloexec(root, 0).map_err(TreeError::of("open", &top))?;
    let (mut survey, mut visited, mut told) = (Survey::default(), 0, 0);
    let mut levels = vec![level(directory, top)?];
    while let Some((directory, path, names)) = levels.last_mut() {
        let Some(name) = names.next() else {
            levels.pop();
            continue;
        };
        if path.is_root() && name.starts_with(PREFIX) {
            continue;
        }
        visited += 1;
        if visited > MAX_NAMES {
            survey.is_cut = true;
            break;
        }
        let inner = path.join(&name).map_err(|fault| TreeError::Path { path: path.clone(), fault })?;
        let Some(stat) = there(statat(directory.as_fd(), &name, AtFlags::SYMLINK_NOFOLLOW), &inner)? else { continue };
        match FileType::from_raw_mode(stat.st_mode) {
            FileType::Directory if inner.depth() > MAX_DEPTH => survey.is_cut = true,
            FileType::Directory => {
                let below = opener.open(directory.as_fd(), &name, OFlags::RDONLY | OFlags::DIRECTORY);
                if let Some(below) = there(below, &inner)? {
                    levels.push(level(below, inner)?);
                }
            }
            FileType::RegularFile => {
                let is_wanted = inner.names().any(|name| wanted.iter().any(|wanted| wanted.as_bytes() == name));
                let content = if is_wanted { small(&opener, directory.as_fd(), &name, &inner)? } else { None };
                let bytes = u64::try_from(stat.st_size).unwrap_or(0);
                let file = SurveyedFile { path: text::escape(inner.as_bytes()), bytes, text: content };
                told += serde_json::to_vec(&file).map_or(MAX_ANSWER, |json| json.len() + 1);
                if told > MAX_ANSWER {
                    survey.is_cut = true;
                    break;
                }
                survey.files.push(file);
            }
            _ => {}
        }
    }
    Ok(survey)
}

fn level(directory: OwnedFd, path: TreePath) -> Result<Level, TreeError> {
    let names = sorted_names(directory.as_fd()).map_err(TreeError::of("list", &path))?;
    Ok((directory, path, names.into_iter()))
}

/// None of what went away, became something else, or is another mount.
fn there<T>(result: Result<T, Errno>, path: &TreePath) -> Result<Option<T>, TreeError> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(Errno::NOENT | Errno::NOTDIR | Errno::LOOP | Errno::XDEV) => Ok(None),
        Err(reason) => Err(TreeError::of("look at", path)(reason)),
    }
}

/// The text of a file that is small and is one.
fn small(opener: &Opener, parent: BorrowedFd<'_>, name: &[u8], path: &TreePath) -> Result<Option<String>, TreeError> {
    let Some(file) = there(opener.read(parent, name, OFlags::empty()), path)? else { return Ok(None) };
    let fault = || TreeError::of("read", path);
    let stat = fstat(&file).map_err(fault())?;
    let is_file = FileType::from_raw_mode(stat.st_mode) == FileType::RegularFile;
    if !is_file || u64::try_from(stat.st_size).unwrap_or(u64::MAX) > MAX_TEXT {
        return Ok(None);
    }
    let (mut bytes, mut buffer) = (Vec::new(), vec![0; 16 * 1024]);
    loop {
        match read(&file, &mut buffer[..]) {
            Ok(0) => return Ok(String::from_utf8(bytes).ok()),
            // It grows while it is read.
            Ok(length) if (bytes.len() + length) as u64 > MAX_TEXT => return Ok(None),
            Ok(length) => bytes.extend_from_slice(&buffer[..length]),
            Err(Errno::INTR) => {}
            Err(reason) => return Err(fault()(reason)),
        }
    }
}
