// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Sets for tests, made through a store.

#![expect(clippy::unwrap_used, reason = "a failed set-up fails the test")]

use std::path::Path;

use chrono::DateTime;

use super::{About, Disk, Store, StoreError};
use crate::backup::id::{OperationId, OperationKind, SetId};
use crate::backup::manifest::testing::{manifest, volume};
use crate::backup::manifest::{Manifest, Result as SetResult};

/// Where stores of tests lie on disks in memory.
pub(crate) const PLACE: &str = "/stores/lab";

/// The store in a folder, made when it is not there.
pub(crate) fn store<'d>(disk: &'d dyn Disk, place: &Path) -> Result<Store<'d>, StoreError> {
    Store::create(disk, place, &About::new("s-1", DateTime::UNIX_EPOCH))
}

/// The operation that makes a set.
pub(crate) fn backup(id: SetId) -> OperationId {
    OperationId { stamp: id, kind: OperationKind::Backup }
}

/// The bytes of the archive of a set.
pub(crate) fn archive(id: SetId) -> Vec<u8> {
    format!("archive of {id}").into_bytes()
}

/// The manifest of a complete set with one volume.
pub(crate) fn described(id: SetId) -> Manifest {
    let mut described = manifest(id);
    described.volumes = vec![volume("lab_data", &archive(id), b"index")];
    described
}

/// Writes and publishes the set that a manifest of [`described`] describes.
pub(crate) fn publish(store: &Store<'_>, manifest: &Manifest) -> Result<(), StoreError> {
    let id = manifest.id;
    let stage = store.stage(backup(id))?;
    stage.write("volumes/lab_data.tar.zst", &archive(id))?;
    stage.write("volumes/lab_data.index.zst", b"index")?;
    stage.write("RESTORE.txt", b"how\n")?;
    stage.finish(manifest)?;
    stage.settle(id)?;
    stage.publish(id)
}

/// A store with complete sets of these numbers, on a disk in memory; the second argument changes their manifests.
pub(crate) fn filled(disk: &dyn Disk, numbers: &[u64], change: impl Fn(&mut Manifest)) {
    let store = store(disk, Path::new(PLACE)).unwrap();
    for number in numbers {
        let mut manifest = described(crate::backup::manifest::testing::id(*number));
        change(&mut manifest);
        publish(&store, &manifest).unwrap();
    }
}

/// Makes a manifest that of a partial set.
pub(crate) fn partial(manifest: &mut Manifest) {
    manifest.result = SetResult::Partial;
}

/// Whether a set is whole: every file is as its manifest says, and there is no other.
pub(crate) fn is_whole(store: &Store<'_>, id: SetId) -> bool {
    use std::io::Read as _;
    let Ok(manifest) = store.manifest(id) else { return false };
    let mut paths = vec!["manifest.json".to_owned(), "manifest.sha256".to_owned()];
    for file in manifest.files() {
        let mut bytes = Vec::new();
        let is_read = store.open_file(id, &file.path).is_ok_and(|mut open| open.read_to_end(&mut bytes).is_ok());
        if !is_read || crate::backup::manifest::digest(&bytes) != file.sha256 {
            return false;
        }
        paths.push(file.path.clone());
    }
    paths.sort();
    let found: Vec<String> = store.files(id).unwrap().into_iter().map(|(path, _)| path).collect();
    found == paths
}
