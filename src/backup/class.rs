// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! How dear the data behind a mount is: from `x-stackctl: {backup: …}` on the volume, else from the label
//! `stackctl.backup` on a service that mounts it, else from what the catalog knows of the image, else critical.
//!
//! Never from a label of a volume: a volume whose labels changed is one that Compose offers to make anew, empty.

use std::collections::BTreeMap;
use std::fmt;

use super::manifest::Source;
use crate::catalog::{DataClass, KnownService};
use crate::compose::model::Resource;
use crate::diag::{Span, closest};
use crate::error::UserError;

/// The label on services.
pub const LABEL: &str = "stackctl.backup";

/// The key on volumes, and the key in it.
const KEYS: [&str; 2] = ["x-stackctl", "backup"];

/// The classes by their words, the dearest first.
const CLASSES: [(&str, DataClass); 5] = [
    ("critical", DataClass::Critical),
    ("config", DataClass::Config),
    ("media", DataClass::Media),
    ("cache", DataClass::Cache),
    ("ephemeral", DataClass::Ephemeral),
];

/// The word of a class.
#[must_use]
pub fn word(class: DataClass) -> &'static str {
    match class {
        DataClass::Critical => "critical",
        DataClass::Config => "config",
        DataClass::Media => "media",
        DataClass::Cache => "cache",
        DataClass::Ephemeral => "ephemeral",
    }
}

/// The class of a word.
fn class(text: &str) -> Option<DataClass> {
    CLASSES.iter().find(|(word, _)| *word == text.trim()).map(|(_, class)| *class)
}

/// The dearest of some classes.
fn dearest(classes: impl Iterator<Item = DataClass>) -> Option<DataClass> {
    classes.min_by_key(|class| CLASSES.iter().position(|(_, one)| one == class))
}

/// A word that is no class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassFault {
    /// What it was written for: a path in the model such as `volumes.data`.
    pub subject: String,
    /// The word, without control characters.
    pub found: String,
    /// Where it was written, when it comes from a file.
    pub span: Option<Span>,
}

impl ClassFault {
    fn new(subject: String, found: &str, span: Option<Span>) -> Self {
        Self { subject, found: found.chars().filter(|letter| !letter.is_control()).take(40).collect(), span }
    }
}

impl fmt::Display for ClassFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "`{}` has the backup class `{}`, which is none", self.subject, self.found)
    }
}

impl UserError for ClassFault {
    fn code(&self) -> &'static str {
        "backup_class_unknown"
    }

    fn message(&self) -> String {
        self.to_string()
    }

    fn hints(&self) -> Vec<String> {
        let words = CLASSES.iter().map(|(word, _)| *word);
        let meant = closest(&self.found, words).map(|word| format!("did you mean `{word}`?"));
        let all = CLASSES.map(|(word, _)| format!("`{word}`")).join(", ");
        meant.into_iter().chain([format!("the classes are {all}")]).collect()
    }
}

/// The class that the definition of a volume gives.
///
/// # Errors
/// A word that is no class.
pub fn of_volume(resource: &Resource) -> Result<Option<DataClass>, ClassFault> {
    let Some(node) = resource.node.at(&KEYS) else { return Ok(None) };
    let subject = format!("volumes.{}", resource.name.value);
    match node.as_str().map(class) {
        Some(Some(class)) => Ok(Some(class)),
        _ => Err(ClassFault::new(subject, node.as_str().unwrap_or("no word"), Some(node.span))),
    }
}

/// What the label of a service says: one class for all its mounts, or some by volume key or path in the container.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LabelClasses {
    everything: Option<DataClass>,
    by_name: BTreeMap<String, DataClass>,
}

impl LabelClasses {
    /// Reads a label: `critical`, or `models=cache, /config=critical`, or both.
    ///
    /// # Errors
    /// A word that is no class.
    pub fn read(service: &str, label: &str) -> Result<Self, ClassFault> {
        let mut read = Self::default();
        for part in label.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            let (name, word) = part.split_once('=').map_or((None, part), |(name, word)| (Some(name.trim()), word));
            let subject = || format!("services.{service}.labels.{LABEL}");
            let class = class(word).ok_or_else(|| ClassFault::new(subject(), word.trim(), None))?;
            match name {
                Some(name) => {
                    read.by_name.insert(name.to_owned(), class);
                }
                None => read.everything = Some(class),
            }
        }
        Ok(read)
    }

    fn of(&self, key: Option<&str>, target: &str) -> Option<DataClass> {
        let named = key.and_then(|key| self.by_name.get(key)).or_else(|| self.by_name.get(target));
        named.copied().or(self.everything)
    }
}

/// One mount of the data in question.
#[derive(Debug, Clone, Copy)]
pub struct Use<'a> {
    /// The service.
    pub service: &'a str,
    /// The path in the container.
    pub target: &'a str,
    /// What its label says.
    pub label: Option<&'a LabelClasses>,
    /// What is known of its image.
    pub known: Option<&'a KnownService>,
}

/// A class and why it is that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Classed {
    /// The class.
    pub class: DataClass,
    /// Where it comes from.
    pub source: Source,
    /// The reason as a fragment for people.
    pub why: String,
    /// Places below the mount that the catalog knows to be another class, relative to it. Whoever mounts them as
    /// volumes of their own can leave them out.
    pub inner: Vec<(String, DataClass)>,
}

impl Classed {
    /// What is taken of data of which nothing is known.
    #[must_use]
    pub fn unknown() -> Self {
        Self {
            class: DataClass::Critical,
            source: Source::Default,
            why: "nothing is known of it, so it is kept".to_owned(),
            inner: Vec::new(),
        }
    }
}

/// The rest of a path below a folder; `None` when it is not in it. A path is not below itself.
fn below<'a>(path: &'a str, folder: &str) -> Option<&'a str> {
    path.strip_prefix(folder.trim_end_matches('/'))?.strip_prefix('/').filter(|rest| !rest.is_empty())
}

/// What the catalog knows of a mount at `target`: the data path that is it, or the nearest one above it.
fn of_catalog(known: &KnownService, target: &str) -> Option<DataClass> {
    let target = if target.len() > 1 { target.trim_end_matches('/') } else { target };
    let covers = |path: &str| path == target || below(target, path).is_some();
    let nearest = known.data.iter().filter(|data| covers(&data.path)).max_by_key(|data| data.path.len())?;
    Some(nearest.class)
}

/// Judges the data behind a volume (`key`: its key in the compose file) or a path of the host. `explicit` is what
/// [`of_volume`] gave. Where mounts differ the dearest class holds.
#[must_use]
pub fn judge(explicit: Option<DataClass>, key: Option<&str>, uses: &[Use<'_>]) -> Classed {
    let by_catalog = |one: &Use<'_>| one.known.and_then(|known| of_catalog(known, one.target));
    let by_label = |one: &Use<'_>| one.label.and_then(|label| label.of(key, one.target));
    let who = |class: DataClass, of: &dyn Fn(&Use<'_>) -> Option<DataClass>| {
        uses.iter().find(|one| of(one) == Some(class)).map_or("", |one| one.service).to_owned()
    };
    let labelled = dearest(uses.iter().filter_map(by_label));
    let known = dearest(uses.iter().filter_map(by_catalog));
    let (class, source, why) = match (explicit, labelled, known) {
        (Some(class), _, _) => (class, Source::Volume, "`x-stackctl` of the volume".to_owned()),
        (None, Some(class), _) => (class, Source::Label, format!("label `{LABEL}` of `{}`", who(class, &by_label))),
        (None, None, Some(class)) => {
            (class, Source::Catalog, format!("known of the image of `{}`", who(class, &by_catalog)))
        }
        (None, None, None) => return Classed::unknown(),
    };
    let mut inner: Vec<(String, DataClass)> = uses
        .iter()
        .flat_map(|one| one.known.into_iter().flat_map(|known| &known.data).map(|data| (one.target, data)))
        .filter(|(_, data)| data.class != class)
        .filter_map(|(target, data)| below(&data.path, target).map(|rest| (rest.to_owned(), data.class)))
        .collect();
    inner.sort();
    inner.dedup();
    Classed { class, source, why, inner }
}

#[cfg(test)]
#[path = "class_tests.rs"]
mod tests;
