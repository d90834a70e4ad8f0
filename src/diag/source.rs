// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The texts that spans point into.

use std::sync::Arc;
use std::sync::OnceLock;

use super::{FileId, Span};

/// A position as people count it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct LineColumn {
    /// Line, counted from 1.
    pub line: usize,
    /// Column in Unicode scalar values, counted from 1; a byte order mark takes no column.
    pub column: usize,
}

/// One file: its name as shown to people, and its text.
#[derive(Debug, Clone)]
pub struct SourceFile {
    name: String,
    text: Arc<str>,
    line_starts: OnceLock<Vec<u32>>,
}

impl SourceFile {
    /// The name shown in findings: relative to the working directory where possible.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The decoded text.
    #[must_use]
    pub fn text(&self) -> &Arc<str> {
        &self.text
    }

    /// Byte offset of the first byte of each line.
    pub fn line_starts(&self) -> &[u32] {
        self.line_starts.get_or_init(|| {
            let bytes = self.text.as_bytes();
            let mut starts = vec![0];
            for (at, byte) in bytes.iter().enumerate() {
                let ends_line = *byte == b'\n' || (*byte == b'\r' && bytes.get(at + 1) != Some(&b'\n'));
                if ends_line {
                    starts.push(u32::try_from(at + 1).unwrap_or(u32::MAX));
                }
            }
            starts
        })
    }

    /// Line and column of a byte offset; an offset past the end counts as the end.
    #[must_use]
    pub fn line_column(&self, offset: usize) -> LineColumn {
        let starts = self.line_starts();
        let offset = offset.min(self.text.len());
        let line = starts.partition_point(|start| *start as usize <= offset).max(1);
        let start = starts[line - 1] as usize;
        let before = self.text.get(start..offset).unwrap_or_default();
        let column = before.chars().filter(|c| *c != '\u{feff}').count() + 1;
        LineColumn { line, column }
    }
}

/// All files that were read, in order of reading.
#[derive(Debug, Clone, Default)]
pub struct SourceMap {
    files: Vec<SourceFile>,
}

impl SourceMap {
    /// Adds a file and returns its id. A file added twice gets two ids.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<Arc<str>>) -> FileId {
        self.files.push(SourceFile { name: name.into(), text: text.into(), line_starts: OnceLock::new() });
        FileId::from_index(self.files.len() - 1)
    }

    /// The file with this id.
    ///
    /// # Panics
    /// When the id comes from another source map.
    #[must_use]
    pub fn file(&self, id: FileId) -> &SourceFile {
        &self.files[id.index()]
    }

    /// All files with their ids, in order of reading.
    pub fn files(&self) -> impl Iterator<Item = (FileId, &SourceFile)> {
        self.files.iter().enumerate().map(|(index, file)| (FileId::from_index(index), file))
    }

    /// The text of a span; empty when the span does not fall on character boundaries.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        self.file(span.file).text.get(span.range()).unwrap_or_default()
    }

    /// Line and column of the start of a span.
    #[must_use]
    pub fn start(&self, span: Span) -> LineColumn {
        self.file(span.file).line_column(span.start as usize)
    }

    /// Line and column of the end of a span (one past its last character).
    #[must_use]
    pub fn end(&self, span: Span) -> LineColumn {
        self.file(span.file).line_column(span.end as usize)
    }
}
