// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Programs, each in a process group of its own, so that what they start ends with them.

use std::io;
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::{Child, Command};

use crate::sys::ProgramFault;
use crate::sys::programs::{Ending, InteractiveCall, Leaving, ProgramCall, ProgramEnd, Programs};

/// The programs of the operating system.
#[derive(Debug, Clone, Copy, Default)]
pub struct OsPrograms;

/// A process group that is killed when this goes. What a shell started does not outlive it.
struct Group(Option<Pid>);

impl Drop for Group {
    fn drop(&mut self) {
        if let Some(leader) = self.0 {
            // Nobody may be left in it.
            let _ = kill_process_group(leader, Signal::KILL);
        }
    }
}

impl Programs for OsPrograms {
    fn own(&self) -> String {
        std::env::current_exe().map_or_else(|_| "stackctl".to_owned(), |path| path.display().to_string())
    }

    fn interactive<'a>(&'a self, call: &'a InteractiveCall) -> Leaving<'a> {
        Box::pin(async move {
            let failed = |error: io::Error| match error.kind() {
                io::ErrorKind::NotFound => ProgramFault::Missing,
                _ => ProgramFault::Failed(error.to_string()),
            };
            let mut command = Command::new(&call.program);
            command.args(&call.arguments).kill_on_drop(true);
            command.stdin(if call.input.is_some() { Stdio::piped() } else { Stdio::inherit() });
            let mut child = command.spawn().map_err(failed)?;
            if let (Some(text), Some(mut input)) = (&call.input, child.stdin.take()) {
                // Who leaves a pager early closes its input.
                let _ = input.write_all(text.as_bytes()).await;
            }
            let status = child.wait().await.map_err(failed)?;
            if call.asks_to_go_on {
                let _ = super::prompt::ask("\npress enter to return to the dashboard").await;
            }
            Ok(status.code().unwrap_or_else(|| 128 + status.signal().unwrap_or(0)))
        })
    }

    fn write_new(&self, path: &Path, bytes: &[u8]) -> Result<(), String> {
        let mut file = std::fs::File::create_new(path).map_err(|error| error.to_string())?;
        std::io::Write::write_all(&mut file, bytes).map_err(|error| error.to_string())
    }

    fn run<'a>(&'a self, call: &'a ProgramCall, within: Duration) -> Ending<'a> {
        Box::pin(async move {
            let failed = |error: io::Error| match error.kind() {
                io::ErrorKind::NotFound => ProgramFault::Missing,
                _ => ProgramFault::Failed(error.to_string()),
            };
            let mut child = start(call).map_err(failed)?;
            let leader = child.id().and_then(|id| Pid::from_raw(i32::try_from(id).ok()?));
            let _group = Group(leader);
            match tokio::time::timeout(within, end(&mut child, call.keep_bytes)).await {
                Ok(ended) => ended.map_err(failed),
                Err(_) => Err(ProgramFault::Failed(format!("not done within {} s, so it was ended", within.as_secs()))),
            }
        })
    }
}

fn start(call: &ProgramCall) -> io::Result<Child> {
    let mut command = Command::new(&call.program);
    command.args(&call.arguments).envs(call.environment.iter().map(|(name, value)| (name, value)));
    if !call.directory.as_os_str().is_empty() {
        command.current_dir(&call.directory);
    }
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.process_group(0).kill_on_drop(true).spawn()
}

async fn end(child: &mut Child, keep_bytes: usize) -> io::Result<ProgramEnd> {
    let (mut out, mut err) = (Kept::default(), Kept::default());
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let status = {
        let reading = async { tokio::join!(out.read(stdout, keep_bytes), err.read(stderr, keep_bytes)) };
        tokio::pin!(reading);
        let mut is_read = false;
        loop {
            tokio::select! {
                _ = &mut reading, if !is_read => is_read = true,
                ended = child.wait() => {
                    // What runs on in the background holds the pipes open: the program is done when it has ended.
                    if !is_read {
                        let _ = tokio::time::timeout(LAST_WORDS, &mut reading).await;
                    }
                    break ended?;
                }
            }
        }
    };
    let status = status.code().unwrap_or_else(|| 128 + status.signal().unwrap_or(0));
    Ok(ProgramEnd { status, stdout: out.bytes, stderr: err.bytes, cut: out.is_cut || err.is_cut })
}

/// How long the pipes of a program that has ended are read on.
const LAST_WORDS: Duration = Duration::from_millis(500);

/// The beginning of a stream.
#[derive(Debug, Default)]
struct Kept {
    bytes: Vec<u8>,
    is_cut: bool,
}

impl Kept {
    /// Reads a stream to its end and keeps its beginning.
    async fn read(&mut self, stream: Option<impl AsyncRead + Unpin>, keep_bytes: usize) {
        let Some(mut stream) = stream else { return };
        let mut buffer = vec![0; 8192];
        while let Ok(length @ 1..) = stream.read(&mut buffer).await {
            let taken = length.min(keep_bytes.saturating_sub(self.bytes.len()));
            self.bytes.extend_from_slice(&buffer[..taken]);
            self.is_cut |= taken < length;
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed set-up fails the test")]

    use super::*;

    fn shell(script: &str) -> ProgramCall {
        ProgramCall {
            program: "/bin/sh".to_owned(),
            arguments: vec!["-c".to_owned(), script.to_owned()],
            environment: vec![("GREETING".to_owned(), "hello".to_owned())],
            keep_bytes: 16,
            ..ProgramCall::default()
        }
    }

    const PATIENCE: Duration = Duration::from_mins(1);

    #[tokio::test]
    async fn status_and_beginning_of_the_output_are_given() {
        let ended = OsPrograms.run(&shell("echo $GREETING; echo oops >&2; exit 3"), PATIENCE).await.unwrap();
        assert_eq!(
            (ended.status, ended.stdout, ended.stderr, ended.cut),
            (3, b"hello\n".to_vec(), b"oops\n".to_vec(), false)
        );
        let long =
            OsPrograms.run(&shell("i=0; while [ $i -lt 5000 ]; do echo 0123456789; i=$((i+1)); done"), PATIENCE).await;
        let long = long.unwrap();
        assert_eq!((long.stdout.len(), long.cut), (16, true));
        assert_eq!(OsPrograms.run(&shell("kill -9 $$"), PATIENCE).await.unwrap().status, 137);
    }

    #[tokio::test]
    async fn a_missing_program_is_said_to_be_missing() {
        let call = ProgramCall { program: "no-such-program-here".to_owned(), ..ProgramCall::default() };
        assert_eq!(OsPrograms.run(&call, PATIENCE).await, Err(ProgramFault::Missing));
    }

    #[tokio::test]
    async fn what_it_started_ends_with_it() {
        let folder = tempfile::tempdir().unwrap();
        let note = folder.path().join("pid");
        let script = format!("sleep 1000 & echo $! >{}; wait", note.display());
        let result = OsPrograms.run(&shell(&script), Duration::from_secs(1)).await;
        assert!(matches!(result, Err(ProgramFault::Failed(_))), "{result:?}");
        let pid: i32 = std::fs::read_to_string(&note).unwrap().trim().parse().unwrap();
        let begin = std::time::Instant::now();
        while std::fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| !stat.contains(") Z")) {
            assert!(begin.elapsed() < PATIENCE, "the child lives on");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        // One that leaves something running does not hold up whoever waits for it.
        let ended = OsPrograms.run(&shell("sleep 1000 & echo done"), PATIENCE).await.unwrap();
        assert_eq!((ended.status, ended.stdout), (0, b"done\n".to_vec()));
    }
}
