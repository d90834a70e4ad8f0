// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The loader's way to files.

use std::path::Path;

use super::Context;
use crate::compose::{ReadError, Sources};

/// Reads what compose files name, up to the limit of file size.
pub(super) struct FileSources<'a> {
    context: Context<'a>,
}

impl<'a> FileSources<'a> {
    /// Sources over the files of a context.
    pub(super) fn new(context: &Context<'a>) -> Self {
        Self { context: *context }
    }
}

impl Sources for FileSources<'_> {
    fn read(&self, path: &Path) -> Result<Vec<u8>, ReadError> {
        self.context.files.read(&self.context.absolute(path), self.context.max_file_size)
    }
}
