// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Runs a command in a container and collects what it says.

use std::time::Duration;

use bollard::Docker;
use bollard::container::LogOutput;
use bollard::exec::{CreateExecOptions, StartExecOptions, StartExecResults};
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt as _;

use super::failure::Fault;
use crate::sys::engine::{ExecOutcome, ExecRequest};

/// The end of the output can come a moment before the engine has noted the exit code.
const EXIT_CODE_POLL: Duration = Duration::from_millis(10);

pub(super) async fn run(client: &Docker, container: &str, request: &ExecRequest) -> Result<ExecOutcome, Fault> {
    let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let options = CreateExecOptions {
        attach_stdout: Some(true),
        attach_stderr: Some(true),
        cmd: Some(request.command.clone()),
        env: (!request.environment.is_empty()).then(|| request.environment.clone()),
        user: text(&request.user),
        working_dir: text(&request.directory),
        ..CreateExecOptions::default()
    };
    let id = client.create_exec(container, options).await?.id;
    let started = client.start_exec(&id, Some(StartExecOptions::default())).await;
    let mut output = match started {
        Ok(StartExecResults::Attached { output, .. }) => output,
        Ok(StartExecResults::Detached) => return Err(Fault::Nonsense("the command was detached".to_owned())),
        Err(bollard::errors::Error::DockerResponseServerError { status_code, message }) => {
            return not_started(status_code, message);
        }
        Err(error) => return Err(error.into()),
    };
    let (mut stdout, mut stderr) = (Kept::new(request.keep_bytes), Kept::new(request.keep_bytes));
    while let Some(piece) = output.next().await {
        match piece? {
            LogOutput::StdErr { message } => stderr.add(&message),
            LogOutput::StdOut { message } | LogOutput::Console { message } | LogOutput::StdIn { message } => {
                stdout.add(&message);
            }
        }
    }
    let exit_code = loop {
        let state = client.inspect_exec(&id).await?;
        match state.exit_code {
            Some(code) if state.running != Some(true) => break code,
            _ => tokio::time::sleep(EXIT_CODE_POLL).await,
        }
    };
    let cut = stdout.cut || stderr.cut;
    Ok(ExecOutcome { exit_code, stdout: stdout.bytes.freeze(), stderr: stderr.bytes.freeze(), cut })
}

/// A program that is missing or may not be run: engines answer the start with 400, or run nothing and give 126 or 127
/// with the runtime's words as output. Both become the latter.
fn not_started(status: u16, message: String) -> Result<ExecOutcome, Fault> {
    let lower = message.to_ascii_lowercase();
    if !lower.contains("exec failed") && !lower.contains("oci runtime") {
        return Err(Fault::Status { status, message });
    }
    let missing = lower.contains("executable file not found") || lower.contains("no such file or directory");
    let exit_code = if missing { 127 } else { 126 };
    Ok(ExecOutcome { exit_code, stderr: Bytes::from(message), ..ExecOutcome::default() })
}

/// The beginning of a stream.
struct Kept {
    bytes: BytesMut,
    limit: usize,
    cut: bool,
}

impl Kept {
    fn new(limit: usize) -> Self {
        Self { bytes: BytesMut::new(), limit, cut: false }
    }

    fn add(&mut self, piece: &[u8]) {
        let room = self.limit.saturating_sub(self.bytes.len());
        self.cut |= piece.len() > room;
        self.bytes.extend_from_slice(&piece[..piece.len().min(room)]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn output_is_kept_up_to_the_limit_and_the_cut_is_told() {
        let mut kept = Kept::new(3);
        kept.add(b"ab");
        assert!(!kept.cut);
        kept.add(b"cd");
        assert_eq!((&kept.bytes[..], kept.cut), (&b"abc"[..], true));
    }

    #[test]
    fn missing_program_is_127_and_other_refusals_stay_refusals() {
        let missing = "OCI runtime exec failed: exec: \"nope\": executable file not found in $PATH";
        assert!(matches!(not_started(400, missing.into()), Ok(outcome) if outcome.exit_code == 127));
        let denied = "OCI runtime exec failed: exec: \"/etc\": permission denied";
        assert!(matches!(not_started(400, denied.into()), Ok(outcome) if outcome.exit_code == 126));
        assert!(matches!(not_started(409, "container is paused".into()), Err(Fault::Status { status: 409, .. })));
    }
}
