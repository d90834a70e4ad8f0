// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! MQTT brokers: the one that all tests share (`STACKCTL_TEST_BROKER`, host and port), and a test's own.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use tempfile::TempDir;

use super::Repository;

/// The address of the shared broker; `None` when the tests that need one are left out.
pub(crate) fn shared_broker() -> Option<String> {
    let address = std::env::var("STACKCTL_TEST_BROKER").ok().filter(|address| !address.is_empty());
    let required = std::env::var_os("STACKCTL_TEST_BROKER_REQUIRED").is_some();
    assert!(!required || address.is_some(), "no broker to test with: `STACKCTL_TEST_BROKER` is not set");
    address
}

/// A broker of a test's own, where nobody else says anything. Gone with the value.
#[derive(Debug)]
pub(crate) struct PrivateBroker {
    folder: TempDir,
    address: SocketAddr,
}

impl PrivateBroker {
    /// Starts one; `None` in a lane without brokers.
    pub(crate) fn start() -> Option<Self> {
        shared_broker()?;
        let folder = TempDir::with_prefix("stackctl-broker-").expect("a temporary folder");
        if let Some(packages) = packages() {
            // Unpacked once is enough; whoever stops removes the link alone.
            std::os::unix::fs::symlink(packages, folder.path().join("packages")).expect("a link");
        }
        let address = run(&folder, "start").trim().parse().expect("an address");
        Some(Self { folder, address })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }
}

fn run(folder: &TempDir, verb: &str) -> String {
    let ended = Command::new(Repository::root().join("scripts/test-broker"))
        .arg(verb)
        .env("STACKCTL_TEST_BROKER_DIR", folder.path())
        .env_remove("STACKCTL_TEST_BROKER_KEEP")
        .stdin(Stdio::null())
        .output()
        .expect("the script runs");
    assert!(ended.status.success(), "{verb}: {}", String::from_utf8_lossy(&ended.stderr));
    String::from_utf8(ended.stdout).expect("text")
}

/// The packages that the shared broker was unpacked from, where there are some.
fn packages() -> Option<PathBuf> {
    let folder = std::env::var_os("STACKCTL_TEST_BROKER_DIR")
        .map_or_else(|| std::env::temp_dir().join("stackctl-test-broker"), PathBuf::from);
    let packages = folder.join("packages");
    packages.join("complete").exists().then_some(packages)
}

impl Drop for PrivateBroker {
    fn drop(&mut self) {
        // A test that fails must leave nothing behind either, and panicking twice would.
        let stopped = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| run(&self.folder, "stop")));
        assert!(stopped.is_ok() || std::thread::panicking(), "the broker goes on");
    }
}
