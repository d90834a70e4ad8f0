// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What models a cache holds, by the files in it: what must be fetched again when the cache is gone.
//!
//! Known are the stores of Ollama, of the Hugging Face hub (Whisper in most of its forms), of Coqui (XTTS), and models that
//! are one file. All of it was written by others: nothing is relied on, and a name goes into a command only when it is plain.

mod coqui;
mod hub;
mod ollama;
mod single;
#[cfg(test)]
mod tests;

use super::manifest::Model;

/// The names of files and folders whose text tells something.
pub const WANTED: &[&str] = &[ollama::MANIFESTS, hub::REFS, coqui::DIGEST];

/// The most models that are listed of one cache.
const MOST: usize = 1000;

/// A file of a cache.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct File<'a> {
    /// Its path from the top of the cache, with `/`.
    pub path: &'a str,
    /// Its size.
    pub bytes: u64,
    /// What it says, where that was read.
    pub text: Option<&'a str>,
}

impl<'a> File<'a> {
    fn names(self) -> impl Iterator<Item = &'a str> {
        self.path.split('/')
    }
}

/// What a cache holds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Listing {
    /// The models, by name.
    pub models: Vec<Model>,
    /// Why the list lacks something, where it does, as a fragment.
    pub unlisted: Option<String>,
}

impl Listing {
    /// Of a cache that cannot be looked into.
    #[must_use]
    pub fn without(reason: String) -> Self {
        Self { models: Vec::new(), unlisted: Some(reason) }
    }
}

/// Whether all files of a cache are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// They are.
    Whole,
    /// There are more.
    Cut,
}

/// Lists the models among these files. `service` is who uses the cache, for the commands that fetch.
#[must_use]
pub fn list(files: &[File<'_>], extent: Extent, service: Option<&str>) -> Listing {
    let service = service.filter(|name| is_plain(name));
    let (mut models, damaged) = ollama::models(files, service);
    let at_start = service.map(|service| format!("docker compose restart {service}"));
    for mut model in hub::models(files).into_iter().chain(coqui::models(files)).chain(single::models(files)) {
        // Those servers fetch what they lack when they start.
        model.fetch.clone_from(&at_start);
        models.push(model);
    }
    models.sort_by(|left, right| left.name.cmp(&right.name));
    models.dedup_by(|later, first| later.name == first.name);
    let is_long = models.len() > MOST;
    models.truncate(MOST);
    let unlisted = if is_long || extent == Extent::Cut {
        Some("it holds more than can be listed".to_owned())
    } else if damaged > 0 {
        Some(format!("{damaged} of its manifests cannot be read"))
    } else if files.is_empty() {
        Some("it is empty".to_owned())
    } else if models.is_empty() {
        Some("nothing in it is known as a model".to_owned())
    } else {
        None
    };
    Listing { models, unlisted }
}

/// Whether a word means itself to a shell, and cannot be taken for a flag.
fn is_plain(word: &str) -> bool {
    let is_safe = |letter: char| letter.is_ascii_alphanumeric() || "._-/:".contains(letter);
    !word.is_empty() && word.len() <= 255 && !word.starts_with('-') && word.chars().all(is_safe)
}

/// Models that are a folder each: the first folder of a path that begins so. Sizes are those of all files in it.
fn folders<'f, 'a>(
    files: &'f [File<'a>],
    prefixes: &'f [&str],
) -> std::collections::BTreeMap<&'a str, (u64, Vec<File<'a>>)> {
    let mut found = std::collections::BTreeMap::<&str, (u64, Vec<File<'_>>)>::new();
    for file in files {
        let count = file.names().count();
        let mut above = file.names().take(count.saturating_sub(1));
        let is_one = |name: &&str| prefixes.iter().any(|prefix| name.len() > prefix.len() && name.starts_with(prefix));
        if let Some(folder) = above.find(is_one) {
            let (bytes, inner) = found.entry(folder).or_default();
            *bytes = bytes.saturating_add(file.bytes);
            inner.push(*file);
        }
    }
    found
}
