// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Places: byte ranges in a named file.

use std::num::NonZeroU32;

/// A file of a [`SourceMap`](super::SourceMap), by number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(NonZeroU32);

impl FileId {
    /// The id of the `index`-th file of a source map (counted from 0).
    #[must_use]
    pub fn from_index(index: usize) -> Self {
        let number = u32::try_from(index).unwrap_or(u32::MAX - 1).saturating_add(1);
        Self(NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN))
    }

    /// The position in the source map that [`FileId::from_index`] was given.
    #[must_use]
    pub fn index(self) -> usize {
        self.0.get() as usize - 1
    }
}

/// A half-open byte range `start..end` in one file. Offsets count bytes of the decoded text, a byte order mark included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The file that the range lies in.
    pub file: FileId,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// A span from byte `start` to byte `end` of `file`. Files are capped far below 4 GiB, so offsets fit 32 bits.
    #[must_use]
    pub fn new(file: FileId, start: usize, end: usize) -> Self {
        let clamp = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Self { file, start: clamp(start), end: clamp(end.max(start)) }
    }

    /// The range as `usize` offsets, for slicing.
    #[must_use]
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Length in bytes.
    #[must_use]
    pub fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    /// Whether the range holds no byte.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Whether `other` lies wholly inside this span.
    #[must_use]
    pub fn contains(self, other: Self) -> bool {
        self.file == other.file && self.start <= other.start && other.end <= self.end
    }

    /// The part `from..to` (byte offsets relative to the start) of this span.
    #[must_use]
    pub fn slice(self, from: usize, to: usize) -> Self {
        Self::new(self.file, self.start as usize + from, (self.start as usize + to).min(self.end as usize))
    }
}

/// A value with the place that defines it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Where the value is written.
    pub span: Span,
    /// Where the value is used, when that is another place: the alias, the `<<`, or the `extends` that brought it.
    pub used_at: Option<Span>,
}

impl<T> Spanned<T> {
    /// A value defined and used at one place.
    pub fn new(value: T, span: Span) -> Self {
        Self { value, span, used_at: None }
    }

    /// The same places with another value.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Spanned<U> {
        Spanned { value: f(self.value), span: self.span, used_at: self.used_at }
    }
}
