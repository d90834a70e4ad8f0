// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! An engine of a test's own, which may be killed. Gone with the value.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

use super::{Repository, Stage};

/// The engines that there are.
const SUITES: [&str; 2] = ["bookworm", "sid"];

/// Runs a check as `on_real_engines` does, on engines that nobody else uses.
pub(crate) fn on_own_engines(name: &str, check: impl Fn(&Stage) + Sync) {
    let check = |suite| {
        if let Some(engine) = PrivateEngine::start(suite, "") {
            check(&Stage::new(&engine.host(), name));
        }
    };
    std::thread::scope(|scope| {
        let runs = SUITES.map(|suite| scope.spawn(move || check(suite)));
        for run in runs {
            run.join().unwrap_or_else(|reason| std::panic::resume_unwind(reason));
        }
    });
}

/// A suite of `scripts/test-engine`.
#[derive(Debug)]
pub(crate) struct PrivateEngine {
    suite: &'static str,
    arguments: &'static str,
    folder: TempDir,
}

impl PrivateEngine {
    /// Starts an engine with further arguments; `None` in a lane without engines.
    pub(crate) fn start(suite: &'static str, arguments: &'static str) -> Option<Self> {
        if super::stage::hosts().is_empty() {
            return None;
        }
        let folder = TempDir::with_prefix("stackctl-engine-").expect("a temporary folder");
        if let Some(packages) = packages() {
            // Unpacked once is enough; whoever stops removes the link alone.
            std::os::unix::fs::symlink(packages, folder.path().join("packages")).expect("a link");
        }
        let engine = Self { suite, arguments, folder };
        engine.run("start");
        Some(engine)
    }

    /// Its address.
    pub(crate) fn host(&self) -> String {
        format!("unix://{}", self.home().join("docker.sock").display())
    }

    /// Ends the daemon without a chance to say goodbye.
    pub(crate) fn kill(&self) {
        let pid = fs::read_to_string(self.home().join("dockerd.pid")).expect("a daemon");
        let killed = Command::new("kill").args(["-KILL", pid.trim()]).status().expect("kill runs");
        assert!(killed.success());
    }

    /// Starts the daemon again, with the containers that it had.
    pub(crate) fn start_again(&self) {
        self.run("start");
    }

    fn home(&self) -> PathBuf {
        self.folder.path().join(self.suite)
    }

    fn run(&self, verb: &str) {
        let script = Repository::root().join("scripts/test-engine");
        let ended = Command::new(script)
            .args([verb, self.suite])
            .env("STACKCTL_TEST_ENGINE_DIR", self.folder.path())
            .env("STACKCTL_TEST_ENGINE_ARGS", self.arguments)
            .stdin(Stdio::null())
            .output()
            .expect("the script runs");
        assert!(ended.status.success(), "{verb} {}: {}", self.suite, String::from_utf8_lossy(&ended.stderr));
    }
}

/// The packages that another engine was unpacked from, where there are some.
fn packages() -> Option<PathBuf> {
    let configuration = std::env::var_os("DOCKER_CONFIG")?;
    let packages = Path::new(&configuration).parent()?.join("packages");
    packages.join("sid/complete").exists().then_some(packages)
}

impl Drop for PrivateEngine {
    fn drop(&mut self) {
        // A test that fails must leave nothing behind either, and panicking twice would.
        let stopped = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| self.run("stop")));
        assert!(stopped.is_ok() || std::thread::panicking(), "the engine goes on");
    }
}
