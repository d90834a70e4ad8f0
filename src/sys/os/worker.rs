// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! This process as a worker: a folder that it is given, standard input and standard output.

use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::os::fd::AsFd as _;
use std::path::Path;

use crate::sys::tree::{TreeError, open_root};
use crate::sys::worker::serve::serve;

/// The variable that names the point where a worker of a debug build kills itself: `worker:<point>=kill`.
const FAILPOINT: &str = "STACKCTL_TEST_FAILPOINT";

/// Room for data in a pipe, in bytes: as much as anybody may ask for. With the usual 64 KiB both sides would wait for each
/// other at every frame.
const PIPE: usize = 1 << 20;

/// Does what is asked over standard input with the tree in a folder, until the input ends.
///
/// # Errors
/// How it came to a bad end, as a fragment.
pub fn work_in(folder: &Path, environment: &BTreeMap<String, String>) -> Result<(), String> {
    let root = open_root(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    // The files themselves: what the library's handles keep in buffers would wait for a line break.
    let (input, output) = (io::stdin(), io::stdout());
    let input = input.as_fd().try_clone_to_owned().map(File::from).map_err(|error| error.to_string())?;
    let output = output.as_fd().try_clone_to_owned().map(File::from).map_err(|error| error.to_string())?;
    for end in [&input, &output] {
        // It may be no pipe, or the machine may grant less; it works all the same.
        let _ = rustix::pipe::fcntl_setpipe_size(end, PIPE);
    }
    let point = fail_point(environment);
    let faults = |at: &str| {
        if point.as_deref() == Some(at) {
            kill_self();
        }
        Ok::<(), TreeError>(())
    };
    serve(root.as_fd(), input, output, &faults).map_err(|error| error.to_string())
}

/// The point where this worker dies; none in a build for others.
fn fail_point(environment: &BTreeMap<String, String>) -> Option<String> {
    let wanted = environment.get(FAILPOINT).filter(|_| cfg!(debug_assertions))?;
    wanted.strip_prefix("worker:")?.strip_suffix("=kill").map(str::to_owned)
}

/// Ends as a machine that loses its power does, but for what the kernel still holds.
pub fn kill_self() {
    let _ = rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::KILL);
    // The first process of a container cannot kill itself; leaving without a word is the same to whoever waits.
    #[expect(clippy::exit, reason = "a test wants this process gone, now")]
    std::process::exit(137);
}

/// Stands still until somebody lets this process go on.
pub fn hold_self() {
    let _ = rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::STOP);
}
