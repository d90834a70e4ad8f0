// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! A tree that is emptied before it is filled, with a crash at every point. The marker is there whenever the tree may be a
//! part of something, and from every point each of the two trees can be had from its archive.

use super::*;

async fn fill(session: &mut Session, kept: &Kept) -> Result<(), WorkerError> {
    session.empty(operation()).await?;
    stage(session, kept).await?;
    session.commit(operation(), None).await?;
    session.remove_aside(operation()).await
}

#[test]
fn whatever_is_cut_off_is_seen_and_filled_from_either_archive() {
    let scene = Scene::new();
    let (fault, passed) = recorder();
    ask(scene.path(), fault, async |session| fill(session, &scene.new).await.unwrap());
    assert_same(&scene.after, &indexed(scene.path()), "not cut off");
    assert!(ours(scene.path()).is_empty());
    let points = passed.lock().unwrap().clone();
    for wanted in
        ["emptying", "emptied:both", "emptied:gone", "emptied", "staged", "listed", "rename:1", "done", "removing"]
    {
        assert!(points.iter().any(|point| point == wanted), "{wanted}: {points:?}");
    }
    let mut seen: Vec<&String> = Vec::new();
    for point in &points {
        if seen.contains(&point) {
            continue;
        }
        seen.push(point);
        for goes_on in [true, false] {
            let scene = Scene::new();
            let old = captured(scene.path(), None);
            ask(scene.path(), fault_at(point), async |session| {
                assert_code(fill(session, &scene.new).await, "cancelled");
            });
            let now = indexed(scene.path());
            let is_whole = |tree: &[Record]| compare(tree, &now, Fidelity::Exact).is_empty();
            if mark(scene.path()) != Some(Mark::Emptied) {
                assert!(is_whole(&scene.after), "{point}: a part of something, and no marker says so");
            }
            let (kept, wanted) = if goes_on { (&scene.new, &scene.after) } else { (&old, &scene.before) };
            ask(scene.path(), no_fault(), async |session| fill(session, kept).await.unwrap());
            assert_same(wanted, &indexed(scene.path()), point);
            assert!(ours(scene.path()).is_empty(), "{point}");
        }
    }
}

#[test]
fn a_filling_that_was_cut_off_twice_is_begun_anew() {
    for first in ["emptied:both", "entry:2", "staged", "rename:1", "done"] {
        for second in ["remove:1", "emptying", "emptied:both", "entry:1", "staged", "listed", "done", "removing"] {
            let scene = Scene::new();
            for point in [first, second] {
                ask(scene.path(), fault_at(point), async |session| {
                    // Not every point is passed the second time.
                    let _ = fill(session, &scene.new).await;
                });
                let now = indexed(scene.path());
                let is_marked = mark(scene.path()) == Some(Mark::Emptied);
                assert!(is_marked || compare(&scene.after, &now, Fidelity::Exact).is_empty(), "{first} {second}");
            }
            ask(scene.path(), no_fault(), async |session| fill(session, &scene.new).await.unwrap());
            assert_same(&scene.after, &indexed(scene.path()), second);
        }
    }
}

#[test]
fn there_is_no_way_back_beside_and_the_marker_stays() {
    let scene = Scene::new();
    ask(scene.path(), no_fault(), async |session| {
        session.empty(operation()).await.unwrap();
        assert_code(session.back(operation()).await, "emptied");
        assert_code(session.commit(operation(), None).await, "not_staged");
        assert_code(session.remove_aside(operation()).await, "exchange_unfinished");
        stage(session, &scene.new).await.unwrap();
        assert_code(session.remove_aside(operation()).await, "exchange_unfinished");
        session.commit(operation(), None).await.unwrap();
        assert_code(session.back(operation()).await, "emptied");
    });
    assert_eq!(mark(scene.path()), Some(Mark::Emptied));
    assert_same(&scene.after, &indexed(scene.path()), "filled");
}

#[test]
fn what_has_its_old_tree_beside_is_not_emptied() {
    for at in [Mark::Committed, Mark::RolledBack] {
        let scene = Scene::at(at);
        let content = indexed(scene.path());
        ask(scene.path(), no_fault(), async |session| {
            assert_code(session.empty(operation()).await, "stage_decided");
        });
        assert_eq!(mark(scene.path()), Some(at));
        assert_same(&content, &indexed(scene.path()), "refused");
    }
}
