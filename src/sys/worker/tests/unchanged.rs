// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Whether a tree has changed since it was captured, as a worker tells it.

use std::os::unix::fs::MetadataExt as _;
use std::time::{Duration, SystemTime};

use super::*;

/// What a capture says, and what a look says after it.
fn both(place: &Path, only: Option<&[u8]>) -> (Option<String>, Option<String>) {
    ask(place, no_fault(), async |session| {
        let (content, _) = session.capture(only, &mut Kept::default(), &mut ignore).await.unwrap();
        (content.fingerprint, session.fingerprint(only).await.unwrap())
    })
}

/// Waits until nothing that is done from now on has a time near that of the folder.
fn let_settle(place: &Path) {
    let changed = u64::try_from(fs::metadata(place).unwrap().ctime()).unwrap();
    loop {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
        if now > changed + 2 {
            return;
        }
        thread::sleep(Duration::from_millis(100));
    }
}

#[test]
fn a_tree_is_known_again_once_its_last_change_is_past() {
    let place = tempfile::tempdir().unwrap();
    fs::create_dir(place.path().join("d")).unwrap();
    fs::write(place.path().join("d/file"), b"content").unwrap();
    let root = crate::sys::tree::open_root(place.path()).unwrap();
    let is_known = crate::sys::tree::has_change_times(root.as_fd()).unwrap();
    // A change of this very moment might be followed by another that has the same time.
    let (fresh, seen) = both(place.path(), None);
    assert_eq!((fresh, seen.is_some()), (None, is_known));
    let_settle(place.path());
    let (kept, looked) = both(place.path(), None);
    assert_eq!((kept.is_some(), &kept), (is_known, &looked));
    assert_eq!(both(place.path(), None), (kept.clone(), kept.clone()));
    let (single, again) = both(place.path(), Some(b"d"));
    assert_eq!(single, again);
    if is_known {
        fs::write(place.path().join("d/file"), b"CONTENT").unwrap();
        let (fresh, seen) = both(place.path(), None);
        assert_eq!(fresh, None);
        assert_ne!(seen, kept);
    }
}

#[test]
fn a_name_that_is_none_is_refused() {
    let place = tempfile::tempdir().unwrap();
    for only in [&b"a/b"[..], b".stackctl-x", b".."] {
        let told = ask(place.path(), no_fault(), async |session| session.fingerprint(Some(only)).await);
        assert_code(told, "request_bad");
    }
}
