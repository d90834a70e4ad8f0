// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The digest of a file's content, that does not pay for terabytes of nothing.
//!
//! A content without an aligned 64 KiB of zeros has its plain SHA-256, as `sha256sum` prints it. One with such blocks
//! has the SHA-256 of three things: the digest of the other blocks, the digest of where the zero blocks are, and the
//! size. Both depend on the content alone, never on whether the zeros are holes or were written.

use sha2::{Digest as _, Sha256};

use super::text;

/// The block that is looked at for zeros, in bytes.
const BLOCK: usize = 64 * 1024;
static ZEROS: [u8; BLOCK] = [0; BLOCK];

/// What a content is known by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ContentDigest {
    /// SHA-256 of the content.
    Plain([u8; 32]),
    /// The digest of a content with aligned blocks of zeros; see the module.
    Packed([u8; 32]),
}

impl ContentDigest {
    /// As it stands in an index: `sha256:…` or `sha256-packed:…`.
    #[must_use]
    pub fn word(&self) -> String {
        match self {
            Self::Plain(digest) => format!("sha256:{}", text::hex(digest)),
            Self::Packed(digest) => format!("sha256-packed:{}", text::hex(digest)),
        }
    }

    /// The way back from [`ContentDigest::word`].
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        let (kind, digits) = word.split_once(':')?;
        let digest = text::unhex(digits)?.try_into().ok()?;
        match kind {
            "sha256" => Some(Self::Plain(digest)),
            "sha256-packed" => Some(Self::Packed(digest)),
            _ => None,
        }
    }
}

/// Takes a content in pieces, from its first byte to its last. Holds one block.
pub struct ContentHasher {
    data: Sha256,
    zeros: Sha256,
    /// What is known of the block under way.
    pending: Vec<u8>,
    /// Bytes before `pending`.
    position: u64,
    /// The run of zero blocks under way: its offset and length.
    run: Option<(u64, u64)>,
    has_zero_blocks: bool,
}

impl Default for ContentHasher {
    fn default() -> Self {
        Self {
            data: Sha256::new(),
            zeros: Sha256::new(),
            pending: Vec::new(),
            position: 0,
            run: None,
            has_zero_blocks: false,
        }
    }
}

impl ContentHasher {
    /// The next bytes.
    pub fn data(&mut self, mut bytes: &[u8]) {
        if !self.pending.is_empty() {
            let (now, rest) = bytes.split_at(bytes.len().min(BLOCK - self.pending.len()));
            self.pending.extend_from_slice(now);
            bytes = rest;
            if self.pending.len() < BLOCK {
                return;
            }
            let block = std::mem::take(&mut self.pending);
            self.block(&block);
            self.pending = block;
            self.pending.clear();
        }
        let mut blocks = bytes.chunks_exact(BLOCK);
        for block in &mut blocks {
            self.block(block);
        }
        self.pending.extend_from_slice(blocks.remainder());
    }

    /// The next `length` bytes are zeros.
    pub fn hole(&mut self, mut length: u64) {
        while length > 0 {
            if self.pending.is_empty() && length >= BLOCK as u64 {
                let whole = length - length % BLOCK as u64;
                self.zero_blocks(whole);
                length -= whole;
            } else {
                let room = (BLOCK - self.pending.len()) as u64;
                let now = usize::try_from(room.min(length)).unwrap_or(BLOCK);
                self.data(&ZEROS[..now]);
                length -= now as u64;
            }
        }
    }

    /// The digest of all that came.
    #[must_use]
    pub fn finish(mut self) -> ContentDigest {
        let size = self.position + self.pending.len() as u64;
        self.end_run();
        self.data.update(&self.pending);
        let data = self.data.finalize();
        if !self.has_zero_blocks {
            return ContentDigest::Plain(data.into());
        }
        let mut all = Sha256::new();
        all.update(data);
        all.update(self.zeros.finalize());
        all.update(size.to_le_bytes());
        ContentDigest::Packed(all.finalize().into())
    }

    fn block(&mut self, block: &[u8]) {
        if block == ZEROS {
            self.zero_blocks(BLOCK as u64);
        } else {
            self.end_run();
            self.data.update(block);
            self.position += BLOCK as u64;
        }
    }

    fn zero_blocks(&mut self, length: u64) {
        let (offset, before) = self.run.unwrap_or((self.position, 0));
        self.run = Some((offset, before + length));
        self.position += length;
        self.has_zero_blocks = true;
    }

    fn end_run(&mut self) {
        if let Some((offset, length)) = self.run.take() {
            self.zeros.update(offset.to_le_bytes());
            self.zeros.update(length.to_le_bytes());
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn digest(content: &[u8]) -> ContentDigest {
        let mut hasher = ContentHasher::default();
        hasher.data(content);
        hasher.finish()
    }

    #[test]
    fn is_what_sha256sum_prints_of_a_content_without_zero_blocks() {
        let empty = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(digest(b"").word(), empty);
        assert!(matches!(digest(&ZEROS[1..]), ContentDigest::Plain(_)));
        assert!(matches!(digest(&ZEROS), ContentDigest::Packed(_)));
        assert_ne!(digest(&ZEROS), digest(&ZEROS.repeat(2)));
        assert_eq!(ContentDigest::of_word(empty), Some(digest(b"")));
        assert_eq!(ContentDigest::of_word("sha256:00"), None);
    }

    proptest! {
        // A case hashes a megabyte, slowly without optimization.
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn depends_on_the_content_alone(pieces in proptest::collection::vec((any::<bool>(), 0_u64..200_000), 0..6), cut in 1_usize..100_000) {
            let (mut hasher, mut content) = (ContentHasher::default(), Vec::new());
            for (is_hole, length) in &pieces {
                let length = usize::try_from(*length).unwrap_or(0);
                if *is_hole {
                    hasher.hole(length as u64);
                    content.resize(content.len() + length, 0);
                } else {
                    let data = vec![7; length];
                    hasher.data(&data);
                    content.extend(data);
                }
            }
            let whole = digest(&content);
            prop_assert_eq!(hasher.finish(), whole);
            let mut in_pieces = ContentHasher::default();
            content.chunks(cut).for_each(|piece| in_pieces.data(piece));
            prop_assert_eq!(in_pieces.finish(), whole);
        }
    }
}
