// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The cache of the Hugging Face hub: a folder `models--ORGANISATION--NAME` a model, with the revision in `refs/main`.
//! faster-whisper and the servers around it keep their models so.

use super::{File, folders};
use crate::backup::manifest::Model;

/// The folder whose files say which revision is there.
pub(super) const REFS: &str = "refs";

const PREFIX: &str = "models--";

pub(super) fn models(files: &[File<'_>]) -> Vec<Model> {
    let model = |(folder, (bytes, files)): (&str, (u64, Vec<File<'_>>))| {
        let revision = files.iter().find(|file| file.path.ends_with("/refs/main")).and_then(|file| file.text);
        Model {
            name: folder[PREFIX.len()..].replacen("--", "/", 1),
            digest: revision.map(str::trim).filter(|text| is_revision(text)).map(|text| format!("git:{text}")),
            bytes,
            fetch: None,
        }
    };
    folders(files, &[PREFIX]).into_iter().map(model).collect()
}

/// A commit, in hexadecimal digits.
fn is_revision(text: &str) -> bool {
    matches!(text.len(), 40 | 64) && text.chars().all(|letter| letter.is_ascii_hexdigit())
}
