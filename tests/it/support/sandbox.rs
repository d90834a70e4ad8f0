// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! A folder of its own and a scrubbed environment for every run of the program.

use std::fs;
use std::io::{Read as _, Write as _};
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// The run id of every sandboxed run.
pub(crate) const RUN_ID: &str = "run-of-tests";

/// A run that takes longer than this hangs. Far above what any run needs: a net, no measure of speed.
const HANGS_AFTER: Duration = Duration::from_mins(2);

/// A folder that is gone with the value. The working directory of its runs.
#[derive(Debug)]
pub(crate) struct Sandbox {
    folder: TempDir,
}

impl Sandbox {
    /// An empty sandbox.
    pub(crate) fn new() -> Self {
        Self { folder: TempDir::with_prefix("stackctl-").expect("a temporary folder") }
    }

    /// A sandbox with one `compose.yaml`.
    pub(crate) fn with_compose(text: impl AsRef<[u8]>) -> Self {
        Self::new().file("compose.yaml", text)
    }

    /// Adds a file; folders above it are made.
    pub(crate) fn file(self, name: &str, bytes: impl AsRef<[u8]>) -> Self {
        let path = self.folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a name in the sandbox")).expect("a folder");
        fs::write(path, bytes).expect("a file");
        self
    }

    /// Adds an empty folder.
    pub(crate) fn folder(self, name: &str) -> Self {
        fs::create_dir_all(self.folder.path().join(name)).expect("a folder");
        self
    }

    /// Where the sandbox lies.
    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().canonicalize().expect("the folder is there")
    }

    /// A run of the program with these arguments.
    pub(crate) fn stackctl(&self, arguments: &[&str]) -> Invocation {
        Invocation::new(&self.path()).arguments(arguments.iter().copied())
    }

    /// Runs the program with these arguments to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ended {
        self.stackctl(arguments).run()
    }
}

/// A run of the program to be.
#[derive(Debug)]
pub(crate) struct Invocation {
    command: Command,
    input: Vec<u8>,
}

impl Invocation {
    /// A run in a folder, with nothing in its environment but a home, a plain path and the fixed run id.
    pub(crate) fn new(folder: &Path) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_stackctl"));
        command
            .current_dir(folder)
            .env_clear()
            .env("HOME", "/home/user")
            .env("USER", "user")
            .env("PATH", "/usr/local/bin:/usr/bin:/bin")
            .env("PWD", folder)
            .env("STACKCTL_RUN_ID", RUN_ID);
        Self { command, input: Vec::new() }
    }

    /// Adds arguments.
    pub(crate) fn arguments<'a>(mut self, arguments: impl IntoIterator<Item = &'a str>) -> Self {
        self.command.args(arguments);
        self
    }

    /// Sets a variable.
    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    /// Takes a variable away.
    pub(crate) fn without_env(mut self, name: &str) -> Self {
        self.command.env_remove(name);
        self
    }

    /// What standard input holds.
    pub(crate) fn input(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.input = bytes.into();
        self
    }

    /// Starts the program and reads `bytes` of its standard output, closes that, and waits for the end.
    pub(crate) fn run_and_close_output_after(mut self, bytes: usize) -> Ended {
        let mut child = self
            .command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut first = vec![0; bytes];
        {
            let mut output = child.stdout.take().expect("a pipe");
            output.read_exact(&mut first).expect("the program writes that much");
        }
        let rest = child.wait_with_output().expect("the program ends");
        Ended { status: rest.status, stdout: text(first), stderr: text(rest.stderr) }
    }

    /// Runs to the end.
    pub(crate) fn run(mut self) -> Ended {
        let mut child = self
            .command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let (mut stdin, mut stdout, mut stderr) = (
            child.stdin.take().expect("a pipe"),
            child.stdout.take().expect("a pipe"),
            child.stderr.take().expect("a pipe"),
        );
        let input = self.input;
        let feeder = thread::spawn(move || {
            // A program that does not read its input closes the pipe; that is its right.
            let _ = stdin.write_all(&input);
        });
        let reader = thread::spawn(move || read(&mut stdout));
        let error_reader = thread::spawn(move || read(&mut stderr));
        let begun = Instant::now();
        let status = loop {
            if let Some(status) = child.try_wait().expect("the program can be waited for") {
                break status;
            }
            if begun.elapsed() > HANGS_AFTER {
                child.kill().expect("the program can be ended");
                panic!("the program hangs: {:?}", self.command);
            }
            thread::sleep(Duration::from_millis(2));
        };
        feeder.join().expect("the input is fed");
        Ended {
            status,
            stdout: text(reader.join().expect("the output is read")),
            stderr: text(error_reader.join().expect("the errors are read")),
        }
    }
}

fn read(pipe: &mut impl std::io::Read) -> Vec<u8> {
    let mut bytes = Vec::new();
    pipe.read_to_end(&mut bytes).expect("the pipe can be read");
    bytes
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).expect("output is UTF-8")
}

/// A run that came to its end.
#[derive(Debug)]
pub(crate) struct Ended {
    status: ExitStatus,
    /// All of standard output.
    pub(crate) stdout: String,
    /// All of standard error.
    pub(crate) stderr: String,
}

impl Ended {
    /// The exit status. Fails the test when a signal ended the run, or a bug did.
    #[track_caller]
    pub(crate) fn code(&self) -> i32 {
        assert_eq!(self.status.signal(), None, "ended by a signal: {self:?}");
        for word in ["panicked at", "error[internal]"] {
            assert!(!self.stderr.contains(word), "ended by a bug: {}", self.stderr);
        }
        self.status.code().expect("an exit status")
    }

    /// Fails the test unless the run ended with this status.
    #[track_caller]
    pub(crate) fn expect(self, code: i32) -> Self {
        assert_eq!(self.code(), code, "stdout:\n{}\nstderr:\n{}", self.stdout, self.stderr);
        self
    }

    /// Standard output as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("no JSON: {error}\n{}", self.stdout))
    }
}
