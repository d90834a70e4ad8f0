// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Takes what has not changed from an earlier set, in place of reading it.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use tokio_util::sync::CancellationToken;

use super::BackupError;
use super::capture::Wanted;
use super::gather::Scene;
use super::sets::list;
use super::verify::{ReadFault, digest_of, flaw_of};
use crate::app::operate::{Tell, Told};
use crate::backup::id::SetId;
use crate::backup::manifest::{Data, FileRef};
use crate::backup::marks::{Marks, Verified};
use crate::backup::plan::{Plan, What};
use crate::backup::unchanged::{self, Candidate, Make, Source};
use crate::error::UserError as _;
use crate::sys::store::{Stage, Store, StoreError};
use crate::sys::worker::{Session, WorkerError};

/// Where the data of a plan may be taken from, by its name.
///
/// # Errors
/// A store that cannot be listed.
pub(super) fn sources(store: &Store<'_>, scene: &Scene, plan: &Plan) -> Result<BTreeMap<String, Source>, BackupError> {
    let listed = list(store)?;
    let sets: Vec<Candidate<'_>> = listed
        .iter()
        .filter_map(|listed| listed.set.as_ref().ok())
        .map(|set| Candidate { manifest: &set.manifest, verified: set.is_verified() })
        .collect();
    Ok(unchanged::sources(plan, &scene.engine_id, &sets))
}

/// What a worker's words say of this place; none where they would prove nothing.
pub(super) fn fingerprint(scene: &Scene, what: &What, words: &str) -> Option<String> {
    let make = scene.volumes.get(what.name()).map(|volume| Make {
        driver: volume.driver.clone(),
        options: volume.options.clone(),
        created: volume.created,
    });
    unchanged::fingerprint(&scene.engine_id, what, make.as_ref(), words)
}

/// Takes the files of an earlier set when nothing has changed since. None: it must be read.
///
/// # Errors
/// A worker that is gone. One that cannot tell, or files that cannot be taken, are none.
pub(super) async fn take_over(
    session: &mut Session,
    stage: &Stage<'_, '_>,
    wanted: Wanted<'_>,
    only: Option<&[u8]>,
    tell: Tell<'_>,
) -> Result<Option<Data>, BackupError> {
    let Some(source) = wanted.source else { return Ok(None) };
    let name = wanted.capture.what.name();
    let words = match session.fingerprint(only).await {
        Ok(words) => words,
        // Whatever cannot be looked at is told by the reading.
        Err(WorkerError::Failed { .. }) => None,
        Err(error) => return Err(error.into()),
    };
    let now = words.and_then(|words| fingerprint(wanted.scene, &wanted.capture.what, &words));
    if now.is_none() || now != source.data.fingerprint {
        return Ok(None);
    }
    match link(stage, source, wanted.place) {
        Ok(data) => {
            tell(Told::Step(format!("`{name}` has not changed since {}", source.set)));
            Ok(Some(data))
        }
        Err(error) => {
            tell(Told::Note(format!("`{name}` has not changed, and is read all the same: {}", error.message())));
            Ok(None)
        }
    }
}

/// Both files or none.
fn link(stage: &Stage<'_, '_>, source: &Source, place: &str) -> Result<Data, StoreError> {
    let old = &source.data;
    let archive = FileRef { path: format!("{place}.tar.zst"), ..old.archive.clone() };
    let index = FileRef { path: format!("{place}.index.zst"), ..old.index.clone() };
    stage.link(source.set, &old.archive, &archive.path)?;
    if let Err(error) = stage.link(source.set, &old.index, &index.path) {
        stage.remove(&archive.path)?;
        return Err(error);
    }
    let (origin, _) = unchanged::origin(source.set, old);
    Ok(Data { archive, index, unchanged_since: Some(origin), ..old.clone() })
}

/// Reads files that were taken over back, to their ends. That they fit each other was found when they were written.
///
/// # Errors
/// They are not as they were. Then every set that has them is marked with `now`, so that nobody takes them again.
pub(super) async fn read_again(
    (store, now): (&Store<'_>, DateTime<Utc>),
    stage: &Stage<'_, '_>,
    (name, since, data): (&str, SetId, &Data),
    tell: Tell<'_>,
) -> Result<(), BackupError> {
    let (mut done, total) = (0, data.archive.bytes.saturating_add(data.index.bytes));
    for file in data.files() {
        let mut each = |piece: &[u8]| {
            done += piece.len() as u64;
            tell(Told::Bytes { done, total });
            Ok(())
        };
        // The phase is cut short as a whole.
        let flaw = match digest_of(stage.open(&file.path)?, &CancellationToken::new(), &mut each).await {
            Ok((bytes, digest)) => flaw_of(file, bytes, &digest),
            Err(ReadFault::Unreadable(reason)) => Some(format!("it cannot be read: {reason}")),
            Err(ReadFault::Other(error)) => return Err(error),
        };
        if let Some(flaw) = flaw {
            condemn((store, now), since, data)?;
            return Err(BackupError::Spoiled { name: name.to_owned(), set: since.to_string(), flaw });
        }
    }
    Ok(())
}

/// Marks the sets that have the same files.
fn condemn((store, now): (&Store<'_>, DateTime<Utc>), since: SetId, data: &Data) -> Result<(), BackupError> {
    for listed in list(store)? {
        let Ok(set) = listed.set else { continue };
        let shares = |other: &Data| unchanged::origin(listed.id, other) == (since, data.archive.sha256.as_str());
        if set.manifest.data().any(|(_, other)| shares(other)) {
            let verified = Some(Verified { at: now, good: false });
            store.set_marks(listed.id, &Marks { verified, ..set.marks })?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed set-up fails the test")]

    use std::path::Path;

    use super::*;
    use crate::backup::manifest::testing::{id, moment};
    use crate::sys::fake::{DiskFault, FakeDisk};
    use crate::sys::store::testing::{PLACE, backup, filled};

    fn source(store: &Store<'_>, number: u64) -> Source {
        Source { set: id(number), data: store.manifest(id(number)).unwrap().volumes[0].data.clone() }
    }

    #[test]
    fn both_files_are_taken_over_or_none() {
        let disk = FakeDisk::default();
        filled(&disk, &[1], |_| ());
        let store = Store::open(&disk, Path::new(PLACE)).unwrap();
        let stage = store.stage(backup(id(2))).unwrap();
        let data = link(&stage, &source(&store, 1), "binds/7").unwrap();
        assert_eq!((data.archive.path.as_str(), data.unchanged_since), ("binds/7.tar.zst", Some(id(1))));
        // The folder, its name, both links: whichever fails, the place is free for what is read.
        for step in 1..=4 {
            let place = format!("folder{step}/data");
            disk.fail_at(step, DiskFault::Fail(std::io::ErrorKind::TooManyLinks));
            assert!(link(&stage, &source(&store, 1), &place).is_err(), "step {step}");
            for end in ["tar.zst", "index.zst"] {
                assert!(stage.create(&format!("{place}.{end}")).is_ok(), "step {step}");
            }
        }
    }

    #[test]
    fn files_that_went_bad_mark_every_set_that_has_them() {
        let disk = FakeDisk::default();
        filled(&disk, &[1, 3], |_| ());
        let store = Store::open(&disk, Path::new(PLACE)).unwrap();
        let stage = store.stage(backup(id(4))).unwrap();
        let data = link(&stage, &source(&store, 1), "volumes/lab_data").unwrap();
        let run = || {
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            let found = (&store, moment(12, 1, 0));
            runtime.block_on(read_again(found, &stage, ("lab_data", id(1), &data), &mut |_| ()))
        };
        assert_eq!(run(), Ok(()));
        let path = Path::new(PLACE).join("sets").join(id(1).to_string()).join("volumes/lab_data.tar.zst");
        disk.flip(&path, 3).unwrap();
        let told = run().unwrap_err();
        assert_eq!(told.code(), "archive_damaged");
        assert!(told.message().contains(&id(1).to_string()), "{told}");
        let good = |number| store.marks(id(number)).verified.map(|found| found.good);
        assert_eq!((good(1), good(3)), (Some(false), None));
    }
}
