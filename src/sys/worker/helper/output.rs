// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What a helper says on its standard output, as bytes to read. When it ends badly the last read fails, with its exit code
//! and its last words on standard error.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::{Buf as _, Bytes};
use futures_util::{Stream, StreamExt as _, stream};
use tokio::io::{AsyncRead, ReadBuf};

use crate::sys::engine::{Deadline, Engine, EngineError, Feed, OutputPiece, OutputStream};

/// The last bytes of standard error that are kept.
const KEPT_BYTES: usize = 4096;

/// Lines of them that are shown; the last ones tell most.
const SHOWN_LINES: usize = 3;

/// The exit code of what was killed.
const KILLED: i64 = 137;

/// The output of a helper.
pub(super) struct Output {
    pieces: Pin<Box<dyn Stream<Item = io::Result<Bytes>> + Send>>,
    /// What was not read yet of the last piece.
    rest: Bytes,
}

/// The helper behind it.
struct Helper {
    engine: Arc<dyn Engine>,
    id: String,
    feed: Feed<OutputPiece>,
    words: Vec<u8>,
}

impl Output {
    pub(super) fn new(engine: Arc<dyn Engine>, id: String, feed: Feed<OutputPiece>) -> Self {
        let helper = Helper { engine, id, feed, words: Vec::new() };
        let pieces = stream::unfold(Some(helper), |helper| async {
            let mut helper = helper?;
            match helper.next().await {
                Ok(Some(bytes)) => Some((Ok(bytes), Some(helper))),
                Ok(None) => None,
                Err(reason) => Some((Err(io::Error::other(reason)), None)),
            }
        });
        Self { pieces: Box::pin(pieces), rest: Bytes::new() }
    }
}

impl Helper {
    /// The next bytes; none after a good end, and after a bad one how it ended.
    async fn next(&mut self) -> Result<Option<Bytes>, String> {
        while let Some(piece) = self.feed.next().await {
            let OutputPiece { stream, bytes } = piece.map_err(|error| error.to_string())?;
            match stream {
                OutputStream::Out if bytes.is_empty() => {}
                OutputStream::Out => return Ok(Some(bytes)),
                OutputStream::Err => {
                    self.words.extend_from_slice(&bytes);
                    self.words.drain(..self.words.len().saturating_sub(KEPT_BYTES));
                }
            }
        }
        let told = match self.engine.wait_container(&self.id, Deadline::QUESTION).await {
            Ok(0) => return Ok(None),
            Ok(KILLED) => killed(&*self.engine, &self.id).await,
            Ok(code) => format!("it ended with code {code}"),
            Err(EngineError::Timeout { .. }) => "the connection to it was lost".to_owned(),
            Err(error) if error.is_not_found() => "it was removed".to_owned(),
            Err(error) => error.to_string(),
        };
        Err(match last_words(&self.words) {
            Some(words) => format!("{told}: {words}"),
            None => told,
        })
    }
}

async fn killed(engine: &dyn Engine, id: &str) -> String {
    let detail = engine.inspect_container(id, Deadline::QUESTION).await;
    let told = match detail {
        Ok(detail) if detail.state.oom_killed => "there was not enough memory for it",
        _ => "it was killed",
    };
    told.to_owned()
}

/// The last lines, on one; none when there are none.
fn last_words(said: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(said);
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let shown = lines[lines.len().saturating_sub(SHOWN_LINES)..].join(" / ");
    (!shown.is_empty()).then(|| shown.chars().filter(|letter| !letter.is_control()).collect())
}

impl AsyncRead for Output {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.rest.is_empty() {
            match ready!(self.pieces.poll_next_unpin(context)) {
                Some(piece) => self.rest = piece?,
                None => return Poll::Ready(Ok(())),
            }
        }
        let length = self.rest.len().min(buffer.remaining());
        buffer.put_slice(&self.rest[..length]);
        self.rest.advance(length);
        Poll::Ready(Ok(()))
    }
}

#[cfg(test)]
mod tests {
    use super::last_words;

    #[test]
    fn last_words_are_few_and_on_one_line() {
        assert_eq!(last_words(b"a\nb\n\nc\x1b\nd\n").as_deref(), Some("b / c / d"));
        assert_eq!(last_words(b"\n \n"), None);
    }
}
