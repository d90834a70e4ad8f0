// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! This program again, as a worker in a process of its own.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::process::Stdio;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncReadExt as _, ReadBuf};
use tokio::process::{Child, ChildStderr, ChildStdout, Command};

use crate::sys::worker::{Launch, Line, VERB};

/// The program that runs, whatever lies at its path by now: both ends of a talk are of one version.
const SELF: &str = "/proc/self/exe";

/// So much of its last words is kept, in bytes.
const LAST_WORDS: u64 = 4096;

/// Starts this program, or another that is one.
#[derive(Debug, Clone)]
pub struct OsLaunch {
    program: PathBuf,
}

impl Default for OsLaunch {
    fn default() -> Self {
        Self { program: SELF.into() }
    }
}

impl OsLaunch {
    /// Starts the program at this path.
    #[must_use]
    pub fn of(program: PathBuf) -> Self {
        Self { program }
    }
}

impl Launch for OsLaunch {
    fn launch(&self, folder: &Path) -> io::Result<Line> {
        let mut command = Command::new(&self.program);
        command.arg0(OsString::from("stackctl")).arg(VERB).arg(folder);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.process_group(0).kill_on_drop(true).spawn()?;
        let pipes = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let (Some(input), Some(output), Some(words)) = pipes else { return Err(io::ErrorKind::BrokenPipe.into()) };
        Ok(Line { input: Box::new(input), output: Box::new(Output::Open(Some(Box::new((output, words, child))))) })
    }
}

/// What a worker says, and at the end how it ended. The process is gone when this is.
enum Output {
    Open(Option<Box<(ChildStdout, ChildStderr, Child)>>),
    Ending(Pin<Box<dyn Future<Output = io::Result<()>> + Send>>),
    Ended,
}

impl AsyncRead for Output {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let output = self.get_mut();
        loop {
            match output {
                Self::Open(parts) => {
                    if let Some(parts) = parts {
                        let before = into.filled().len();
                        ready!(Pin::new(&mut parts.0).poll_read(context, into))?;
                        if into.filled().len() > before || into.remaining() == 0 {
                            return Poll::Ready(Ok(()));
                        }
                    }
                    *output = match parts.take().map(|parts| *parts) {
                        Some((_, words, child)) => Self::Ending(Box::pin(end(words, child))),
                        None => Self::Ended,
                    };
                }
                Self::Ending(ending) => {
                    let ended = ready!(ending.as_mut().poll(context));
                    *output = Self::Ended;
                    return Poll::Ready(ended);
                }
                Self::Ended => return Poll::Ready(Ok(())),
            }
        }
    }
}

/// Waits for the end of a worker that says no more; fails with its last words when it was no good one.
async fn end(words: ChildStderr, mut child: Child) -> io::Result<()> {
    let mut text = Vec::new();
    words.take(LAST_WORDS).read_to_end(&mut text).await?;
    let status = child.wait().await?;
    if status.success() {
        return Ok(());
    }
    let text = String::from_utf8_lossy(&text);
    let told = text.lines().next().unwrap_or_default().trim();
    Err(io::Error::other(if told.is_empty() { status.to_string() } else { told.to_owned() }))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed set-up fails the test")]

    use std::os::unix::fs::PermissionsExt as _;

    use super::*;
    use crate::sys::worker::{Session, WorkerError};

    /// A program that does this in place of being a worker.
    fn program(script: &str) -> (tempfile::TempDir, OsLaunch) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("program");
        std::fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
        (folder, OsLaunch::of(path))
    }

    async fn opened(script: &str) -> Result<(), WorkerError> {
        let (_folder, launch) = program(script);
        Session::open(launch.launch(Path::new("/")).unwrap(), "data").await.map(|_| ())
    }

    #[tokio::test]
    async fn its_last_words_are_the_reason() {
        let gone = |reason: &str| Err(WorkerError::Gone { tree: "data".to_owned(), reason: Some(reason.to_owned()) });
        assert_eq!(opened("echo no such folder >&2; echo more >&2; exit 1").await, gone("no such folder"));
        assert_eq!(opened("exit 7").await, gone("exit status: 7"));
        assert_eq!(opened("kill -9 $$").await, gone("signal: 9 (SIGKILL)"));
        assert_eq!(opened("exit 0").await, Err(WorkerError::Gone { tree: "data".to_owned(), reason: None }));
        assert!(matches!(opened("echo this is no worker").await, Err(WorkerError::Garbled { .. })));
    }

    #[tokio::test]
    async fn it_is_killed_with_its_line() {
        let folder = tempfile::tempdir().unwrap();
        let fifo = folder.path().join("fifo");
        assert!(std::process::Command::new("mkfifo").arg(&fifo).status().unwrap().success());
        let (_program, launch) = program(&format!("exec 3> {}; while :; do sleep 1; done", fifo.display()));
        let line = launch.launch(Path::new("/")).unwrap();
        // Opened when it has opened the other end, and at its end when nobody holds that any more.
        let mut pipe = tokio::task::spawn_blocking(move || std::fs::File::open(fifo)).await.unwrap().unwrap();
        drop(line);
        let ended = tokio::task::spawn_blocking(move || io::copy(&mut pipe, &mut io::sink()));
        tokio::time::timeout(std::time::Duration::from_mins(1), ended).await.unwrap().unwrap().unwrap();
    }
}
