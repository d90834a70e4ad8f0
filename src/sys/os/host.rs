// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! This machine: its kernel, its disks, its programs, its terminal, the signals it sends.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use crate::sys::{Answer, Host, ProgramFault, Room};

/// A program that has not ended after this time is ended.
const PATIENCE: Duration = Duration::from_secs(10);

/// The machine that this program runs on.
#[derive(Debug, Clone, Copy, Default)]
pub struct OsHost;

impl Host for OsHost {
    fn platform(&self) -> String {
        let processor = super::binaries::processor(std::env::consts::ARCH);
        format!("{}/{processor}", std::env::consts::OS)
    }

    fn kernel(&self) -> String {
        fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default().trim().to_owned()
    }

    fn room(&self, path: &Path) -> Option<Room> {
        let found = rustix::fs::statvfs(path).ok()?;
        Some(Room {
            total_bytes: found.f_blocks.saturating_mul(found.f_frsize),
            free_bytes: found.f_bavail.saturating_mul(found.f_frsize),
        })
    }

    fn device(&self, path: &Path) -> Option<u64> {
        rustix::fs::stat(path).ok().map(|stat| stat.st_dev)
    }

    fn can_write(&self, folder: &Path) -> bool {
        let there = folder.ancestors().find(|path| path.exists()).map(PathBuf::from);
        let wanted = rustix::fs::Access::WRITE_OK | rustix::fs::Access::EXEC_OK;
        there.is_some_and(|path| path.is_dir() && rustix::fs::access(&path, wanted).is_ok())
    }

    fn output<'a>(&'a self, program: &'a str, arguments: &'a [&'a str]) -> Answer<'a> {
        Box::pin(async move {
            let mut command = tokio::process::Command::new(program);
            command.args(arguments).stdin(Stdio::null()).kill_on_drop(true);
            let ended = match tokio::time::timeout(PATIENCE, command.output()).await {
                Err(_) => return Err(ProgramFault::Failed(format!("no answer within {} s", PATIENCE.as_secs()))),
                Ok(Err(error)) if error.kind() == io::ErrorKind::NotFound => return Err(ProgramFault::Missing),
                Ok(Err(error)) => return Err(ProgramFault::Failed(error.to_string())),
                Ok(Ok(ended)) => ended,
            };
            if ended.status.success() {
                return Ok(String::from_utf8_lossy(&ended.stdout).into_owned());
            }
            let words = String::from_utf8_lossy(&ended.stderr);
            Err(ProgramFault::Failed(words.lines().next().unwrap_or("it failed without a word").trim().to_owned()))
        })
    }
}

/// The columns of the terminal behind standard output; `None` when that is no terminal.
#[must_use]
pub fn terminal_columns() -> Option<usize> {
    let size = rustix::termios::tcgetwinsize(io::stdout()).ok()?;
    (size.ws_col > 0).then_some(usize::from(size.ws_col))
}
