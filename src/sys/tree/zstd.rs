// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Compression in frames: `zstd -d` and `tar --zstd` read them as one stream, and damage is confined to one frame.

use std::io::{self, BufReader, Read, Write};

use zstd::stream::read::Decoder;
use zstd::stream::write::Encoder;

/// A frame ends after so many bytes of content.
pub const FRAME: u64 = 64 * 1024 * 1024;

/// The largest window that is accepted, as a power of 2: 8 MiB of memory. Levels up to 19 stay within it.
const MAX_WINDOW: u32 = 23;

/// Compresses what is written to it. Each frame has a checksum and stands for itself.
pub struct FrameWriter<W: Write> {
    /// None only while one frame ends and the next begins, or after that failed.
    encoder: Option<Encoder<'static, W>>,
    level: i32,
    /// Bytes of content that the frame under way may still take.
    room: u64,
}

impl<W: Write> FrameWriter<W> {
    /// Compresses into `sink`, at this level (3 is zstd's own).
    ///
    /// # Errors
    /// When zstd cannot be set up.
    pub fn new(sink: W, level: i32) -> io::Result<Self> {
        Ok(Self { encoder: Some(frame(sink, level)?), level, room: FRAME })
    }

    /// Ends the last frame. What was written so far is not whole without this.
    ///
    /// # Errors
    /// When the stream fails, or has failed before.
    pub fn finish(mut self) -> io::Result<W> {
        let mut sink = self.encoder.take().ok_or_else(broken)?.finish()?;
        sink.flush()?;
        Ok(sink)
    }
}

impl<W: Write> Write for FrameWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.room == 0 {
            let sink = self.encoder.take().ok_or_else(broken)?.finish()?;
            self.encoder = Some(frame(sink, self.level)?);
            self.room = FRAME;
        }
        let most = usize::try_from(self.room).unwrap_or(usize::MAX).min(bytes.len());
        let length = self.encoder.as_mut().ok_or_else(broken)?.write(&bytes[..most])?;
        self.room -= length as u64;
        Ok(length)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.encoder.as_mut().ok_or_else(broken)?.flush()
    }
}

fn frame<W: Write>(sink: W, level: i32) -> io::Result<Encoder<'static, W>> {
    let mut encoder = Encoder::new(sink, level)?;
    encoder.include_checksum(true)?;
    Ok(encoder)
}

fn broken() -> io::Error {
    io::Error::other("the compressed stream failed before")
}

/// Takes frames apart, one after the other, to the end of the stream. A cut inside a frame is an error
/// (`UnexpectedEof`); one between frames shows in what the content says of its own end.
pub struct FrameReader<R: Read> {
    decoder: Decoder<'static, BufReader<R>>,
}

impl<R: Read> FrameReader<R> {
    /// Reads what a [`FrameWriter`] or `zstd` wrote.
    ///
    /// # Errors
    /// When zstd cannot be set up.
    pub fn new(source: R) -> io::Result<Self> {
        let mut decoder = Decoder::new(source)?;
        decoder.window_log_max(MAX_WINDOW)?;
        Ok(Self { decoder })
    }

    /// What it read from. What was read ahead is lost.
    #[must_use]
    pub fn into_inner(self) -> R {
        self.decoder.finish().into_inner()
    }
}

impl<R: Read> Read for FrameReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.decoder.read(buffer)
    }
}
