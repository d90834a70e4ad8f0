// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! A writer and a reader that count and hash what passes.

use std::io::{self, Read, Write};

use sha2::{Digest as _, Sha256};

use crate::backup::hex;

/// Counts and hashes.
#[derive(Default)]
pub(super) struct Sum {
    hash: Sha256,
    pub(super) bytes: u64,
}

impl Sum {
    fn add(&mut self, piece: &[u8]) {
        self.hash.update(piece);
        self.bytes += piece.len() as u64;
    }

    /// The digest as 64 hexadecimal digits.
    pub(super) fn sha256(self) -> String {
        hex(&self.hash.finalize())
    }
}

/// Passes everything on.
pub(super) struct Hashing<T> {
    inner: T,
    sum: Sum,
}

impl<T> Hashing<T> {
    pub(super) fn new(inner: T) -> Self {
        Self { inner, sum: Sum::default() }
    }

    pub(super) fn into_parts(self) -> (T, Sum) {
        (self.inner, self.sum)
    }
}

impl<W: Write> Write for Hashing<W> {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        let count = self.inner.write(piece)?;
        self.sum.add(piece.get(..count).unwrap_or_default());
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.sum.add(buffer.get(..count).unwrap_or_default());
        Ok(count)
    }
}
