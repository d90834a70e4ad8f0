// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! One name at the top of a tree, and nothing else of it.

use super::*;

/// A folder with a file that is mounted somewhere, and others that are not our business.
fn folder(text: &str) -> TempDir {
    let place = tempfile::tempdir().unwrap();
    fs::write(place.path().join("conf"), text).unwrap();
    fs::write(place.path().join("other"), "other").unwrap();
    fs::create_dir(place.path().join("more")).unwrap();
    place
}

fn text(place: &TempDir) -> Option<String> {
    fs::read_to_string(place.path().join("conf")).ok()
}

const ONLY: Option<&[u8]> = Some(b"conf");

#[test]
fn a_single_file_is_exchanged_and_goes_back() {
    let (place, source) = (folder("old"), folder("new"));
    let kept = captured(source.path(), ONLY);
    assert_eq!(kept.entries, 2);
    let all = indexed(place.path());
    let points = {
        let (fault, passed) = recorder();
        let place = folder("old");
        ask(place.path(), fault, async |session| {
            stage(session, &kept).await.unwrap();
            session.commit(operation(), ONLY).await.unwrap();
            session.back(operation()).await.unwrap();
        });
        passed.lock().unwrap().clone()
    };
    for point in points {
        ask(place.path(), fault_at(&point), async |session| {
            // One of them fails.
            let _ = stage(session, &kept).await;
            let _ = session.commit(operation(), ONLY).await;
            let _ = session.back(operation()).await;
        });
        ask(place.path(), no_fault(), async |session| {
            if session.look().await.unwrap().marks[0].1 == Mark::Staged {
                stage(session, &kept).await.unwrap();
                session.commit(operation(), ONLY).await.unwrap();
                assert_eq!(text(&place).as_deref(), Some("new"));
                let now = records(session, Part::Root, ONLY).await.unwrap();
                assert_same(&read(&kept.index)[1..], &now[1..], "exchanged");
            }
            session.back(operation()).await.unwrap();
            session.remove_aside(operation()).await.unwrap();
        });
        assert_eq!(text(&place).as_deref(), Some("old"), "{point}");
        assert_same(&all, &indexed(place.path()), &point);
    }
}

#[test]
fn the_folder_around_it_keeps_its_attributes() {
    use std::os::unix::fs::PermissionsExt as _;
    let (place, source) = (folder("old"), folder("new"));
    fs::set_permissions(source.path(), fs::Permissions::from_mode(0o711)).unwrap();
    fs::write(place.path().join("other"), "changed").unwrap();
    let all = indexed(place.path());
    let kept = captured(source.path(), ONLY);
    ask(place.path(), no_fault(), async |session| {
        stage(session, &kept).await.unwrap();
        session.commit(operation(), ONLY).await.unwrap();
        session.remove_aside(operation()).await.unwrap();
    });
    let now = indexed(place.path());
    assert_eq!((&now[0], now.len()), (&all[0], all.len()));
    assert_eq!(text(&place).as_deref(), Some("new"));
}

#[test]
fn a_file_that_was_not_there_comes_and_goes() {
    let (place, source) = (folder("old"), folder("new"));
    fs::remove_file(place.path().join("conf")).unwrap();
    let (there, gone) = (captured(source.path(), ONLY), captured(place.path(), ONLY));
    assert_eq!(gone.entries, 1);
    for (kept, place, before) in [(&there, &place, None), (&gone, &source, Some("new"))] {
        ask(place.path(), no_fault(), async |session| {
            stage(session, kept).await.unwrap();
            session.commit(operation(), ONLY).await.unwrap();
            assert_eq!(text(place).is_some(), before.is_none());
            session.back(operation()).await.unwrap();
        });
        assert_eq!(text(place).as_deref(), before);
    }
}

#[test]
fn more_than_one_name_is_refused_and_so_is_what_is_none() {
    let (place, source) = (folder("old"), folder("new"));
    let kept = captured(source.path(), None);
    ask(place.path(), no_fault(), async |session| {
        stage(session, &kept).await.unwrap();
        for only in [&b"conf"[..], b"..", b"a/b", b".stackctl-x", b""] {
            assert_code(session.commit(operation(), Some(only)).await, "request_bad");
        }
        assert_eq!(session.look().await.unwrap().marks[0].1, Mark::Staged);
    });
}
