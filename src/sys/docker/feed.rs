// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Open answers as streams: JSON lines (events), output frames (logs, attached containers), bare bytes (archives).

use std::future::Future;

use bytes::{Buf as _, Bytes, BytesMut};
use chrono::DateTime;
use futures_util::stream;
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use serde::de::DeserializeOwned;
use tokio::io::{AsyncReadExt as _, ReadHalf};

use super::failure::Fault;
use crate::sys::engine::{EngineError, Feed, Idle, LogLine, OutputPiece, OutputStream};

/// The longest line or frame that is taken. Docker's own lines stay far below: log lines are cut at 16 KiB.
const MAX_ITEM_BYTES: usize = 4 << 20;

/// Cuts the next item off the front of what has arrived; `ended` when nothing will follow. `None` = not whole yet.
trait Cut<T>: Send + 'static {
    fn next(&mut self, buffer: &mut BytesMut, ended: bool) -> Result<Option<T>, Fault>;
}

/// How much is asked of an attached container at a time; engines send frames of up to 32 KiB.
const PIECE: usize = 64 << 10;

/// Where the bytes come from.
pub(super) enum Origin {
    /// The body of an answer.
    Body(Incoming),
    /// A connection that is no longer HTTP.
    Link(ReadHalf<TokioIo<Upgraded>>),
}

impl Origin {
    /// Adds the next bytes to `buffer`; false at the end.
    async fn read(&mut self, buffer: &mut BytesMut) -> Result<bool, Fault> {
        match self {
            Self::Body(body) => {
                let Some(frame) = body.frame().await else { return Ok(false) };
                if let Ok(data) = frame?.into_data() {
                    buffer.extend_from_slice(&data);
                }
                Ok(true)
            }
            Self::Link(link) => {
                buffer.reserve(PIECE);
                Ok(link.read_buf(buffer).await? > 0)
            }
        }
    }
}

struct Reader<C> {
    origin: Origin,
    buffer: BytesMut,
    cut: C,
    /// The body is at its end; what is in the buffer may still hold items.
    ended: bool,
    /// An error was handed out; there is nothing more.
    broken: bool,
    idle: Idle,
    call: &'static str,
    address: String,
}

impl<C> Reader<C> {
    async fn next<T>(&mut self) -> Option<Result<T, EngineError>>
    where
        C: Cut<T>,
    {
        if self.broken {
            return None;
        }
        loop {
            match self.cut.next(&mut self.buffer, self.ended) {
                Ok(Some(item)) => return Some(Ok(item)),
                Ok(None) if self.ended => return None,
                Ok(None) => {}
                Err(fault) => return Some(self.end(fault)),
            }
            if self.buffer.len() > MAX_ITEM_BYTES {
                return Some(self.end(Fault::Nonsense(format!("one item is longer than {MAX_ITEM_BYTES} bytes"))));
            }
            match within(self.idle, self.origin.read(&mut self.buffer)).await {
                Ok(Ok(true)) => {}
                Ok(Ok(false)) => self.ended = true,
                Ok(Err(fault)) => return Some(self.end(fault)),
                Err(after) => {
                    let (call, address) = (self.call, self.address.clone());
                    return Some(self.end(Fault::Known(EngineError::Timeout { call, address, after })));
                }
            }
        }
    }

    /// The last item: what ended the stream.
    fn end<T>(&mut self, fault: Fault) -> Result<T, EngineError> {
        self.broken = true;
        Err(fault.of(self.call, &self.address))
    }
}

/// The result, or how long was waited for it.
async fn within<T>(idle: Idle, step: impl Future<Output = T>) -> Result<T, std::time::Duration> {
    match idle.0 {
        Some(time) => tokio::time::timeout(time, step).await.map_err(|_| time),
        None => Ok(step.await),
    }
}

fn feed<T: Send + 'static, C: Cut<T>>(
    origin: Origin,
    cut: C,
    idle: Idle,
    call: &'static str,
    address: &str,
) -> Feed<T> {
    let address = address.to_owned();
    let reader = Reader { origin, buffer: BytesMut::new(), cut, ended: false, broken: false, idle, call, address };
    Box::pin(stream::unfold(reader, |mut reader| async {
        let item = reader.next().await?;
        Some((item, reader))
    }))
}

/// A stream of JSON lines, each turned into an item.
pub(super) fn json_lines<W, T>(body: Incoming, idle: Idle, call: &'static str, address: &str) -> Feed<T>
where
    W: DeserializeOwned + 'static,
    T: From<W> + Send + 'static,
{
    let cut = JsonLines::<W> { searched: 0, marker: std::marker::PhantomData };
    feed(Origin::Body(body), cut, idle, call, address)
}

/// A stream of output lines. `framed` unless the container has a terminal.
pub(super) fn log_lines(body: Incoming, framed: bool, idle: Idle, call: &'static str, address: &str) -> Feed<LogLine> {
    let origin = Origin::Body(body);
    if framed {
        feed(origin, Frames, idle, call, address)
    } else {
        feed(origin, Lines { searched: 0 }, idle, call, address)
    }
}

/// What an attached container says, as it comes. It may be silent for ever.
pub(super) fn output(link: ReadHalf<TokioIo<Upgraded>>, call: &'static str, address: &str) -> Feed<OutputPiece> {
    feed(Origin::Link(link), Frames, Idle(None), call, address)
}

/// Bytes as they come.
pub(super) fn bytes(body: Incoming, idle: Idle, call: &'static str, address: &str) -> Feed<Bytes> {
    feed(Origin::Body(body), Bare, idle, call, address)
}

/// The next line with its break, looking only at what has not been looked at.
fn line(buffer: &mut BytesMut, searched: &mut usize, ended: bool) -> Option<BytesMut> {
    let found = buffer[*searched..].iter().position(|byte| *byte == b'\n');
    match found {
        Some(position) => {
            let line = buffer.split_to(*searched + position + 1);
            *searched = 0;
            Some(line)
        }
        None if ended && !buffer.is_empty() => {
            *searched = 0;
            Some(buffer.split())
        }
        None => {
            *searched = buffer.len();
            None
        }
    }
}

struct JsonLines<W> {
    searched: usize,
    marker: std::marker::PhantomData<fn() -> W>,
}

impl<W: DeserializeOwned + 'static, T: From<W>> Cut<T> for JsonLines<W> {
    fn next(&mut self, buffer: &mut BytesMut, ended: bool) -> Result<Option<T>, Fault> {
        while let Some(line) = line(buffer, &mut self.searched, ended) {
            if !line.trim_ascii().is_empty() {
                return Ok(Some(serde_json::from_slice::<W>(&line)?.into()));
            }
        }
        Ok(None)
    }
}

/// Output of containers with a terminal: bare lines.
struct Lines {
    searched: usize,
}

impl Cut<LogLine> for Lines {
    fn next(&mut self, buffer: &mut BytesMut, ended: bool) -> Result<Option<LogLine>, Fault> {
        Ok(line(buffer, &mut self.searched, ended).map(|line| log_line(OutputStream::Out, line.freeze())))
    }
}

/// What has no items.
struct Bare;

impl Cut<Bytes> for Bare {
    fn next(&mut self, buffer: &mut BytesMut, _: bool) -> Result<Option<Bytes>, Fault> {
        Ok((!buffer.is_empty()).then(|| buffer.split().freeze()))
    }
}

/// Output of both streams: a header of eight bytes (stream, three zeros, length) before each line or piece.
struct Frames;

impl Frames {
    fn frame(buffer: &mut BytesMut, ended: bool) -> Result<Option<(OutputStream, Bytes)>, Fault> {
        let Some((header, rest)) = buffer.split_first_chunk::<8>() else {
            return if ended && !buffer.is_empty() {
                Err(Fault::Nonsense("a frame is cut off".to_owned()))
            } else {
                Ok(None)
            };
        };
        let [stream, 0, 0, 0, length @ ..] = *header else {
            return Err(Fault::Nonsense("a frame has a damaged header".to_owned()));
        };
        let length = u32::from_be_bytes(length) as usize;
        if length > MAX_ITEM_BYTES {
            return Err(Fault::Nonsense(format!("a frame claims {length} bytes")));
        }
        if rest.len() < length {
            return if ended { Err(Fault::Nonsense("a frame is cut off".to_owned())) } else { Ok(None) };
        }
        buffer.advance(8);
        let payload = buffer.split_to(length).freeze();
        match stream {
            // 0 is standard input, which Docker counts as output here.
            0 | 1 => Ok(Some((OutputStream::Out, payload))),
            2 => Ok(Some((OutputStream::Err, payload))),
            // 3 carries a fault of the logging driver on the engine's side.
            _ => Err(Fault::Nonsense(String::from_utf8_lossy(&payload).trim().to_owned())),
        }
    }
}

impl Cut<LogLine> for Frames {
    fn next(&mut self, buffer: &mut BytesMut, ended: bool) -> Result<Option<LogLine>, Fault> {
        Ok(Self::frame(buffer, ended)?.map(|(stream, payload)| log_line(stream, payload)))
    }
}

impl Cut<OutputPiece> for Frames {
    fn next(&mut self, buffer: &mut BytesMut, ended: bool) -> Result<Option<OutputPiece>, Fault> {
        Ok(Self::frame(buffer, ended)?.map(|(stream, bytes)| OutputPiece { stream, bytes }))
    }
}

/// Takes the time off the front, and the line break off the end (also the terminal's `\r\n`).
fn log_line(stream: OutputStream, mut bytes: Bytes) -> LogLine {
    let mut time = None;
    if let Some(space) = bytes.iter().take(40).position(|byte| *byte == b' ')
        && let Ok(stamp) = std::str::from_utf8(&bytes[..space])
        && let Ok(parsed) = DateTime::parse_from_rfc3339(stamp)
    {
        time = Some(parsed.to_utc());
        bytes.advance(space + 1);
    }
    for ending in *b"\n\r" {
        if bytes.last() == Some(&ending) {
            bytes.truncate(bytes.len() - 1);
        }
    }
    LogLine { stream, time, text: bytes }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed set-up fails the test")]

    use super::*;
    use crate::sys::engine::Event;

    fn cut_all<T, C: Cut<T>>(mut cut: C, pieces: &[&[u8]]) -> Result<Vec<T>, Fault> {
        let mut buffer = BytesMut::new();
        let mut items = Vec::new();
        for (index, piece) in pieces.iter().enumerate() {
            buffer.extend_from_slice(piece);
            while let Some(item) = cut.next(&mut buffer, index + 1 == pieces.len())? {
                items.push(item);
            }
        }
        Ok(items)
    }

    #[test]
    fn json_lines_come_whole_whatever_the_pieces() {
        let text = br#"{"Type":"container","Action":"start","timeNano":1}
{"Type":"volume","Action":"create","timeNano":2}
"#;
        for size in 1..text.len() {
            let pieces: Vec<&[u8]> = text.chunks(size).collect();
            let cut = JsonLines::<super::super::answer::Told> { searched: 0, marker: std::marker::PhantomData };
            let events: Vec<Event> = cut_all(cut, &pieces).unwrap();
            assert_eq!(events.iter().map(|event| event.time.0).collect::<Vec<_>>(), [1, 2], "pieces of {size}");
        }
    }

    #[test]
    fn frames_come_whole_whatever_the_pieces() {
        let mut text = Vec::new();
        for (stream, line) in
            [(1, "2026-11-20T08:00:00.000000001Z out\n"), (2, "2026-11-20T08:00:01Z \u{e9}rr\r\n"), (1, "")]
        {
            text.extend_from_slice(&[stream, 0, 0, 0]);
            text.extend_from_slice(&u32::try_from(line.len()).unwrap().to_be_bytes());
            text.extend_from_slice(line.as_bytes());
        }
        for size in 1..text.len() {
            let lines: Vec<LogLine> = cut_all(Frames, &text.chunks(size).collect::<Vec<_>>()).unwrap();
            assert_eq!(lines.len(), 3);
            assert_eq!((lines[0].stream, &lines[0].text[..]), (OutputStream::Out, &b"out"[..]));
            assert!(lines[1].stream == OutputStream::Err && lines[1].text.ends_with(b"rr"));
        }
    }

    #[test]
    fn damaged_frames_end_the_stream() {
        assert!(cut_all::<LogLine, _>(Frames, &[b"plain text here"]).is_err());
        assert!(cut_all::<LogLine, _>(Frames, &[&[1, 0, 0, 0, 0, 0, 0, 9, b'x']]).is_err());
        assert!(cut_all::<LogLine, _>(Frames, &[&[1, 0, 0, 0, 255, 255, 255, 255]]).is_err());
    }

    #[test]
    fn terminal_output_is_bare_lines_and_may_end_without_a_break() {
        let lines = cut_all(Lines { searched: 0 }, &[b"2026-11-20T08:00:00Z a\r", b"\nb"]).unwrap();
        assert_eq!(lines.iter().map(|line| &line.text[..]).collect::<Vec<_>>(), [&b"a"[..], b"b"]);
        assert!(lines[0].time.is_some() && lines[1].time.is_none());
    }
}
