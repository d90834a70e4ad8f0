// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! How two sets differ, by their manifests alone.

use std::collections::BTreeMap;

use super::manifest::Manifest;

/// What became of a thing between two sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// Only in the second.
    Added,
    /// Only in the first.
    Removed,
    /// In both, and different.
    Changed,
    /// The same in both.
    Same,
}

impl Change {
    /// The word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Changed => "changed",
            Self::Same => "same",
        }
    }
}

/// What is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// A volume: its content and attributes, by the digest of its index.
    Volume,
    /// A path of the host, likewise.
    Bind,
    /// The image of a service.
    Image,
    /// A compose file.
    ComposeFile,
}

impl Subject {
    /// The word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Volume => "volume",
            Self::Bind => "bind",
            Self::Image => "image",
            Self::ComposeFile => "compose_file",
        }
    }
}

/// One thing that is in at least one of the sets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// What it is.
    pub subject: Subject,
    /// Its name: volume, path, or service.
    pub name: String,
    /// What became of it.
    pub change: Change,
    /// What was in the first, as a fragment for people.
    pub before: Option<String>,
    /// What is in the second.
    pub after: Option<String>,
}

/// What identifies a thing, and how it is shown.
type Things = BTreeMap<(Subject, String), (String, String)>;

fn things(manifest: &Manifest) -> Things {
    let mut things = Things::new();
    for volume in &manifest.volumes {
        let data = &volume.data;
        let shown = format!("{} entries, {} bytes", data.entries, data.bytes);
        things.insert((Subject::Volume, volume.name.clone()), (data.index.sha256.clone(), shown));
    }
    for bind in &manifest.binds {
        let shown = format!("{} entries, {} bytes", bind.data.entries, bind.data.bytes);
        things.insert((Subject::Bind, bind.source.clone()), (bind.data.index.sha256.clone(), shown));
    }
    for service in &manifest.services {
        let shown = (service.image_id.clone(), service.image.clone());
        // Replicas share their image but in the middle of an update; the first speaks for them.
        things.entry((Subject::Image, service.name.clone())).or_insert(shown);
    }
    for file in &manifest.compose_files {
        let shown = format!("{} bytes", file.file.bytes);
        things.insert((Subject::ComposeFile, file.source.clone()), (file.file.sha256.clone(), shown));
    }
    things
}

/// Everything that is in one of the sets, sorted by what it is and its name.
#[must_use]
pub fn diff(before: &Manifest, after: &Manifest) -> Vec<Difference> {
    let (mut old, new) = (things(before), things(after));
    let mut found: Vec<Difference> = new
        .into_iter()
        .map(|((subject, name), (identity, shown))| {
            let was = old.remove(&(subject, name.clone()));
            let change = match &was {
                None => Change::Added,
                Some((one, _)) if *one == identity => Change::Same,
                Some(_) => Change::Changed,
            };
            Difference { subject, name, change, before: was.map(|(_, shown)| shown), after: Some(shown) }
        })
        .collect();
    found.extend(old.into_iter().map(|((subject, name), (_, shown))| Difference {
        subject,
        name,
        change: Change::Removed,
        before: Some(shown),
        after: None,
    }));
    found.sort_by(|a, b| (a.subject, &a.name).cmp(&(b.subject, &b.name)));
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backup::manifest::testing::{id, manifest, volume};

    #[test]
    fn additions_removals_and_changes_are_told() {
        let mut before = manifest(id(1));
        before.volumes.push(volume("lab_old", b"x", b"x"));
        let mut after = manifest(id(2));
        after.volumes.push(volume("lab_new", b"y", b"y"));
        after.services[0].image_id = "sha256:2".into();
        let found: Vec<(String, Change)> =
            diff(&before, &after).into_iter().map(|one| (one.name, one.change)).collect();
        let expected = [
            ("lab_data", Change::Same),
            ("lab_new", Change::Added),
            ("lab_old", Change::Removed),
            ("db", Change::Changed),
        ];
        assert_eq!(found, expected.map(|(name, change)| (name.to_owned(), change)));
    }
}
