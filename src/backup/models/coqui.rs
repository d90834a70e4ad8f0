// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Coqui, XTTS among it: a folder `tts_models--LANGUAGE--DATASET--NAME` a model.

use super::{File, folders};
use crate::backup::manifest::Model;

/// The file with the digest of a model, where its maker gives one.
pub(super) const DIGEST: &str = "hash.md5";

const PREFIXES: &[&str] = &["tts_models--", "vocoder_models--", "voice_conversion_models--"];

pub(super) fn models(files: &[File<'_>]) -> Vec<Model> {
    let model = |(folder, (bytes, files)): (&str, (u64, Vec<File<'_>>))| {
        let given = files.iter().find(|file| file.path.ends_with("/hash.md5")).and_then(|file| file.text);
        let word = given.and_then(|text| text.split_whitespace().next());
        let is_md5 = |word: &&str| word.len() == 32 && word.chars().all(|letter| letter.is_ascii_hexdigit());
        Model {
            name: folder.replace("--", "/"),
            digest: word.filter(is_md5).map(|word| format!("md5:{word}")),
            bytes,
            fetch: None,
        }
    };
    folders(files, PREFIXES).into_iter().map(model).collect()
}
