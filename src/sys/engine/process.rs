// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What runs in containers: commands, output, use of the machine.

use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use tokio::io::AsyncWrite;

use super::{EventTime, Feed};

/// A command to run in a running container.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ExecRequest {
    /// The words; no shell is involved.
    pub command: Vec<String>,
    /// The user; empty = the container's.
    pub user: String,
    /// The working directory; empty = the container's.
    pub directory: String,
    /// Further environment entries `NAME=value`.
    pub environment: Vec<String>,
    /// How many bytes of each stream are kept; what comes after is read and dropped.
    pub keep_bytes: usize,
}

/// How a command ended. 126 and 127 also mean that it could not be started, with the runtime's words in the output.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ExecOutcome {
    /// The exit code.
    pub exit_code: i64,
    /// The beginning of standard output.
    pub stdout: Bytes,
    /// The beginning of standard error.
    pub stderr: Bytes,
    /// Whether more came than was kept.
    pub cut: bool,
}

/// Which part of a container's output is wanted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LogQuery {
    /// Go on as more is written; else the stream ends with what is there.
    pub follow: bool,
    /// The last so many lines; `None` = all.
    pub tail: Option<u64>,
    /// From this time on.
    pub since: Option<EventTime>,
    /// Up to this time.
    pub until: Option<EventTime>,
}

/// The stream that a line was written to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutputStream {
    /// Standard output, and everything of containers with a terminal.
    Out,
    /// Standard error.
    Err,
}

/// A line of output. Very long lines arrive in pieces, as the engine stores them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogLine {
    /// Where it was written.
    pub stream: OutputStream,
    /// When, by the engine's clock.
    pub time: Option<DateTime<Utc>>,
    /// The bytes without the line break; mostly but not surely UTF-8.
    pub text: Bytes,
}

/// Standard input, output and error of a container, as long as the value lives.
pub struct Attached {
    /// What it hears. Shutting it down or dropping it ends the container's input. What the container says must be read
    /// meanwhile: one that cannot say it may not listen either.
    pub input: Box<dyn AsyncWrite + Send + Unpin>,
    /// What it says. Ends when the container does, and just so when the connection is lost: an end is no success.
    pub output: Feed<OutputPiece>,
}

/// Bytes that a container wrote, in whatever pieces they came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutputPiece {
    /// Where they were written.
    pub stream: OutputStream,
    /// The bytes.
    pub bytes: Bytes,
}

/// What a container uses. Counters grow from its start; rates are made from two samples.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Usage {
    /// When it was measured.
    pub time: Option<DateTime<Utc>>,
    /// Processor time used, in nanoseconds over all processors.
    pub cpu_ns: u64,
    /// Processor time of the whole machine, in nanoseconds over all processors.
    pub machine_cpu_ns: u64,
    /// Processors that it may use.
    pub cpus: u32,
    /// Memory in bytes, without the file cache that could be dropped.
    pub memory_bytes: u64,
    /// The limit in bytes, the machine's memory where none is set.
    pub memory_limit_bytes: u64,
    /// Processes and threads.
    pub processes: u64,
    /// Bytes received over all its networks.
    pub received_bytes: u64,
    /// Bytes sent over all its networks.
    pub sent_bytes: u64,
    /// Bytes read from disks.
    pub read_bytes: u64,
    /// Bytes written to disks.
    pub written_bytes: u64,
}

impl Usage {
    /// The share of one processor used since an earlier sample: 1.0 is one processor busy all the time. `None` when the
    /// counters went back (the container was started again) or no time has passed.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "a share for people")]
    pub fn cpu_share_since(&self, earlier: &Self) -> Option<f64> {
        let used = self.cpu_ns.checked_sub(earlier.cpu_ns)?;
        let machine = self.machine_cpu_ns.checked_sub(earlier.machine_cpu_ns).filter(|time| *time > 0)?;
        Some(used as f64 / machine as f64 * f64::from(self.cpus.max(1)))
    }
}

/// How a stop or restart treats a process that does not end: after this time it is killed. The API counts whole seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Grace(pub Option<Duration>);

impl Grace {
    /// The container's own setting (10 s unless it says otherwise).
    pub const OWN: Self = Self(None);

    /// Whole seconds, rounded up; `None` = the container's own.
    #[must_use]
    pub fn seconds(self) -> Option<i32> {
        let time = self.0?;
        let whole = time.as_secs() + u64::from(time.subsec_nanos() > 0);
        Some(i32::try_from(whole).unwrap_or(i32::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cpu_share_counts_processors_and_survives_a_restart() {
        let before = Usage { cpu_ns: 100, machine_cpu_ns: 1000, cpus: 4, ..Usage::default() };
        let after = Usage { cpu_ns: 350, machine_cpu_ns: 2000, cpus: 4, ..Usage::default() };
        assert_eq!(after.cpu_share_since(&before), Some(1.0));
        assert_eq!(before.cpu_share_since(&after), None);
        assert_eq!(after.cpu_share_since(&after), None);
    }

    #[test]
    fn grace_rounds_up_so_that_half_a_second_is_not_none() {
        assert_eq!(Grace(Some(Duration::from_millis(500))).seconds(), Some(1));
        assert_eq!(Grace(Some(Duration::ZERO)).seconds(), Some(0));
        assert_eq!(Grace::OWN.seconds(), None);
    }
}
