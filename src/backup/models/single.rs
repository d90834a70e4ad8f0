// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Models that are one file: `base.pt` of openai-whisper, voices of Piper (`.onnx`), `.gguf`.

use super::File;
use crate::backup::manifest::Model;

const ENDINGS: &[&str] = &[".pt", ".onnx", ".gguf"];

/// The deepest folder that such a file is looked for in, in names.
const MAX_DEPTH: usize = 2;

pub(super) fn models(files: &[File<'_>]) -> Vec<Model> {
    let model = |file: &File<'_>| {
        let is_inside_another = file.names().any(|name| name.contains("models--"));
        if is_inside_another || file.names().count() > MAX_DEPTH + 1 {
            return None;
        }
        let name = file.names().last()?;
        ENDINGS.iter().find(|ending| name.len() > ending.len() && name.ends_with(**ending))?;
        Some(Model { name: name.to_owned(), digest: None, bytes: file.bytes, fetch: None })
    };
    files.iter().filter_map(model).collect()
}
