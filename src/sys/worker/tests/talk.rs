// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What is asked in order, over whole streams.

use std::fs;
use std::os::fd::AsFd as _;
use std::os::unix::fs::PermissionsExt as _;

use proptest::prelude::*;

use super::*;
use crate::sys::tree::{Control, Durability, extract};
use crate::volume::pax::Reader;
use crate::volume::testing::{self, Tree};

/// A folder with this tree.
fn on_disk(mut tree: Tree) -> TempDir {
    if !rustix::process::geteuid().is_root() {
        testing::for_anybody(&mut tree);
    }
    let place = tempfile::tempdir().unwrap();
    let bytes = testing::archive(&tree).unwrap();
    let root = open_root(place.path()).unwrap();
    let mut tell = |_| {};
    let mut control = Control::new(&|| false, &mut tell);
    let reader = Reader::new(bytes.as_slice(), Fidelity::Exact);
    extract(reader, root.as_fd(), None, Durability::FileSystem, &mut control).unwrap();
    place
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Any tree takes the place of any other, goes back, and leaves nothing of the operation.
    #[test]
    fn any_tree_is_exchanged_for_any_other(old in testing::tree(), new in testing::tree()) {
        let (place, source) = (on_disk(old), on_disk(new));
        let kept = captured(source.path(), None);
        let (before, after) = (indexed(place.path()), read(&kept.index));
        assert_same(&after, &indexed(source.path()), "captured");
        ask(place.path(), no_fault(), async |session| {
            stage(session, &kept).await.unwrap();
            assert_same(&after, &records(session, staged(), None).await.unwrap(), "staged");
            assert_same(&before, &records(session, Part::Root, None).await.unwrap(), "beside the staged");
            for _ in 0..2 {
                session.commit(operation(), None).await.unwrap();
                assert_same(&after, &records(session, Part::Root, None).await.unwrap(), "in place");
            }
            for _ in 0..2 {
                session.back(operation()).await.unwrap();
                assert_same(&before, &records(session, Part::Root, None).await.unwrap(), "back");
            }
            for _ in 0..2 {
                session.remove_aside(operation()).await.unwrap();
                assert_same(&before, &records(session, Part::Root, None).await.unwrap(), "alone");
            }
        });
        prop_assert!(ours(place.path()).is_empty());
    }
}

#[test]
fn what_is_there_is_told() {
    let place = tempfile::tempdir().unwrap();
    let look = || ask(place.path(), no_fault(), async |session| session.look().await.unwrap());
    let seen = look();
    assert!(seen.is_empty && seen.marks.is_empty() && seen.free_bytes > 0);
    fs::set_permissions(place.path(), fs::Permissions::from_mode(0o2751)).unwrap();
    assert_eq!((look().root.mode, look().root.uid), (0o2751, rustix::process::geteuid().as_raw()));
    fs::create_dir(place.path().join(".stackctl-restore-1")).unwrap();
    fs::write(place.path().join(".stackctl-no folder"), b"").unwrap();
    assert_eq!((look().is_empty, look().marks), (true, vec![("restore-1".to_owned(), Mark::Staged)]));
    fs::write(place.path().join("data"), b"").unwrap();
    assert!(!look().is_empty);
}

#[test]
fn what_operations_keep_is_not_captured() {
    let scene = Scene::at(Mark::Committed);
    assert_same(&scene.after, &read(&captured(scene.path(), None).index), "captured");
}

#[test]
fn what_cannot_be_now_is_refused_with_a_code() {
    let scene = Scene::new();
    ask(scene.path(), no_fault(), async |session| {
        assert_code(session.commit(operation(), None).await, "not_staged");
        assert_code(session.back(operation()).await, "not_decided");
        assert_code(records(session, staged(), None).await, "not_staged");
        stage(session, &scene.new).await.unwrap();
        stage(session, &scene.new).await.unwrap();
        assert_code(session.back(operation()).await, "not_decided");
        session.commit(operation(), None).await.unwrap();
        assert_code(stage(session, &scene.new).await, "stage_decided");
        assert_code(records(session, staged(), None).await, "not_staged");
        session.back(operation()).await.unwrap();
        assert_code(stage(session, &scene.new).await, "stage_decided");
        assert_code(session.commit(operation(), None).await, "turned_back");
        session.remove_aside(operation()).await.unwrap();
        assert_code(session.commit(operation(), None).await, "not_staged");
    });
}

#[test]
fn a_stage_that_fails_in_its_middle_stops_the_sending_and_the_next_request_is_heard() {
    let source = tempfile::tempdir().unwrap();
    // Too much for any pipe, and for zstd.
    let mut state = 1_u64;
    let mut noise = Vec::new();
    while noise.len() < 2_000_000 {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        noise.extend(state.to_le_bytes());
    }
    for name in ["a", "b", "c"] {
        fs::write(source.path().join(name), &noise).unwrap();
    }
    let kept = captured(source.path(), None);
    assert!(kept.data.len() > 2_000_000, "{}", kept.data.len());
    let place = tempfile::tempdir().unwrap();
    ask(place.path(), fault_at("entry:2"), async |session| {
        assert_code(stage(session, &kept).await, "cancelled");
        assert_eq!(session.look().await.unwrap().marks, [(operation().to_string(), Mark::Staged)]);
        assert_code(session.commit(operation(), None).await, "not_staged");
    });
    ask(place.path(), no_fault(), async |session| {
        let mut damaged = Kept { data: kept.data.clone(), ..Kept::default() };
        damaged.data[1_000_000] ^= 1;
        damaged.entries = kept.entries;
        assert!(matches!(stage(session, &damaged).await, Err(WorkerError::Failed { .. })));
        damaged.data.truncate(900_000);
        assert_code(stage(session, &damaged).await, "archive_truncated");
        let miscounted = Kept { data: kept.data.clone(), entries: kept.entries + 1, ..Kept::default() };
        assert_code(stage(session, &miscounted).await, "archive_wrong_count");
        assert_eq!(stage(session, &kept).await, Ok(4));
        session.commit(operation(), None).await.unwrap();
    });
    assert!(fs::read(place.path().join("c")).unwrap() == noise);
}

#[test]
fn names_that_came_and_went_since_do_not_hold_up_the_way_back() {
    let scene = Scene::at(Mark::Committed);
    fs::remove_dir_all(scene.path().join("both")).unwrap();
    fs::write(scene.path().join("gone"), b"by the new one").unwrap();
    fs::write(scene.path().join("made"), b"by the new one").unwrap();
    ask(scene.path(), no_fault(), async |session| session.back(operation()).await.unwrap());
    assert_same(&scene.before, &indexed(scene.path()), "back");
    let aside = scene.path().join(format!(".stackctl-{}/new", operation()));
    assert_eq!(fs::read(aside.join("made")).unwrap(), b"by the new one");
}

#[test]
fn how_far_it_is_is_told() {
    let source = tempfile::tempdir().unwrap();
    for number in 0..1500 {
        fs::write(source.path().join(format!("{number}")), b"").unwrap();
    }
    let place = tempfile::tempdir().unwrap();
    let (kept, captured_at) = ask(source.path(), no_fault(), async |session| {
        let (mut kept, mut told) = (Kept::default(), Vec::new());
        let mut tell = |progress: Progress| told.push(progress.entries);
        let (content, _) = session.capture(None, &mut kept, &mut tell).await.unwrap();
        kept.entries = content.entries;
        (kept, told)
    });
    let staged_at = ask(place.path(), no_fault(), async |session| {
        let mut told = Vec::new();
        let mut tell = |progress: Progress| told.push(progress.entries);
        session.stage(operation(), kept.entries, &mut kept.data.as_slice(), &mut tell).await.unwrap();
        told
    });
    assert_eq!((captured_at, staged_at), (vec![1024], vec![1024]));
}

#[test]
fn a_sink_that_is_full_ends_the_session() {
    struct Full;
    impl Sink for Full {
        fn data(&mut self, _: &[u8]) -> io::Result<()> {
            Err(io::ErrorKind::StorageFull.into())
        }
        fn records(&mut self, _: &[u8]) -> io::Result<()> {
            Ok(())
        }
    }
    let place = tempfile::tempdir().unwrap();
    let (socket, serving) = worker(place.path(), no_fault());
    block_on(async {
        let mut session = Session::open(line(socket), "data").await.unwrap();
        assert_code(session.capture(None, &mut Full, &mut ignore).await, "no_space");
        assert_code(session.look().await, "no_space");
    });
    assert!(serving.join().unwrap().is_err());
}
