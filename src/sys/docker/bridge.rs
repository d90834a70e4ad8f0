// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! A running `ssh` whose pipes are a connection to the engine over there. What it complains of is kept for the case that
//! no connection comes of it.

use std::io;
use std::pin::Pin;
use std::process::Stdio;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command};

/// The last bytes of complaint that are kept.
const KEPT_BYTES: usize = 4096;

/// Lines of complaint that are shown; the last ones tell most.
const SHOWN_LINES: usize = 3;

/// `ssh` ended before the engine said anything. Its words, on one line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(super) struct SshEnded(pub(super) String);

/// The process; it ends with the value.
pub(super) struct Bridge {
    _process: Child,
    /// Until it is shut down: nothing but closing it tells the other side.
    input: Option<ChildStdin>,
    output: ChildStdout,
    complaints: ChildStderr,
    said: Vec<u8>,
    has_answered: bool,
}

impl Bridge {
    /// As Docker's own client does it: `docker system dial-stdio` on the other side joins its pipes to the socket there.
    pub(super) fn open(target: &str, port: Option<u16>, socket: Option<&str>) -> io::Result<Self> {
        let mut command = Command::new("ssh");
        // Nobody is there to answer questions.
        command.args(["-T", "-o", "BatchMode=yes", "-o", "ConnectTimeout=30"]);
        if let Some(port) = port {
            command.args(["-p", &port.to_string()]);
        }
        command.args(["--", target, "docker"]);
        if let Some(socket) = socket {
            // The words pass through a shell over there.
            command.args(["--host", &format!("'unix://{}'", socket.replace('\'', r"'\''"))]);
        }
        command.args(["system", "dial-stdio"]);
        Self::start(command)
    }

    fn start(mut command: Command) -> io::Result<Self> {
        let pipes = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        let mut process = pipes.spawn().map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => io::Error::other(SshEnded("`ssh` is not installed".to_owned())),
            _ => error,
        })?;
        let (input, output, complaints) = (process.stdin.take(), process.stdout.take(), process.stderr.take());
        let without = || io::Error::other("`ssh` was started without pipes");
        Ok(Self {
            _process: process,
            input: Some(input.ok_or_else(without)?),
            output: output.ok_or_else(without)?,
            complaints: complaints.ok_or_else(without)?,
            said: Vec::new(),
            has_answered: false,
        })
    }

    /// Reads what it complains of; ready when there is no more to come.
    fn poll_complaints(&mut self, context: &mut Context<'_>) -> Poll<()> {
        loop {
            let mut bytes = [0; 1024];
            let mut buffer = ReadBuf::new(&mut bytes);
            let result = ready!(Pin::new(&mut self.complaints).poll_read(context, &mut buffer));
            if result.is_err() || buffer.filled().is_empty() {
                return Poll::Ready(());
            }
            self.said.extend_from_slice(buffer.filled());
            self.said.drain(..self.said.len().saturating_sub(KEPT_BYTES));
        }
    }
}

/// The last lines, on one.
fn words(said: &[u8]) -> String {
    let text = String::from_utf8_lossy(said);
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    match &lines[lines.len().saturating_sub(SHOWN_LINES)..] {
        [] => "it ended without a word".to_owned(),
        lines => lines.join(" / ").chars().filter(|character| !character.is_control()).collect(),
    }
}

impl AsyncRead for Bridge {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        // Taken as they come: a full pipe would stop it.
        let complained = self.poll_complaints(context);
        ready!(Pin::new(&mut self.output).poll_read(context, buffer))?;
        self.has_answered |= buffer.filled().len() > before;
        if self.has_answered {
            return Poll::Ready(Ok(()));
        }
        complained.map(|()| Err(io::Error::other(SshEnded(words(&self.said)))))
    }
}

impl AsyncWrite for Bridge {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let Some(input) = &mut self.input else { return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into())) };
        match ready!(Pin::new(input).poll_write(context, bytes)) {
            // It has ended. Why, the reading side finds out; a broken pipe would hide it.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe && !self.has_answered => {
                Poll::Ready(Ok(bytes.len()))
            }
            result => Poll::Ready(result),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.input.as_mut().map_or(Poll::Ready(Ok(())), |input| Pin::new(input).poll_flush(context))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.input = None;
        Poll::Ready(Ok(()))
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed set-up fails the test")]

    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::{Bridge, Command, words};

    #[tokio::test]
    async fn the_end_of_what_is_said_is_heard_and_the_answer_still_comes() {
        let mut bridge = Bridge::start(Command::new("cat")).unwrap();
        bridge.write_all(b"said").await.unwrap();
        bridge.shutdown().await.unwrap();
        let mut back = Vec::new();
        bridge.read_to_end(&mut back).await.unwrap();
        assert_eq!(back, b"said");
        assert!(bridge.write_all(b"more").await.is_err());
    }

    #[test]
    fn the_last_words_are_told_on_one_line() {
        assert_eq!(words(b"Warning: x\r\n\n  a\nb\x1b[0m\nme@far: no\n"), "a / b[0m / me@far: no");
        assert_eq!(words(b"\n"), "it ended without a word");
    }
}
