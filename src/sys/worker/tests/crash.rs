// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! A crash at every point, and what is asked after it. Nothing is cleaned up after an error, so an error leaves what a
//! crash leaves.

use super::*;

/// The points that a request passes.
fn points(scene: &Scene, work: impl AsyncFnOnce(&mut Session)) -> Vec<String> {
    let (fault, passed) = recorder();
    ask(scene.path(), fault, work);
    let points = passed.lock().unwrap().clone();
    assert!(points.len() > 3, "{points:?}");
    points
}

async fn commit(session: &mut Session) {
    session.commit(operation(), None).await.unwrap();
}

async fn back(session: &mut Session) {
    session.back(operation()).await.unwrap();
}

async fn remove(session: &mut Session) {
    session.remove_aside(operation()).await.unwrap();
}

#[test]
fn a_stage_that_was_cut_off_is_begun_anew_or_removed() {
    let source = Scene::new();
    let all = points(&Scene::new(), async |session| {
        stage(session, &source.new).await.unwrap();
    });
    for point in &all {
        for removes in [true, false] {
            let scene = Scene::new();
            ask(scene.path(), fault_at(point), async |session| {
                assert_code(stage(session, &scene.new).await, "cancelled");
            });
            assert_eq!(mark(scene.path()), Some(Mark::Staged), "{point}");
            assert_same(&scene.before, &indexed(scene.path()), point);
            if removes {
                ask(scene.path(), no_fault(), remove);
                assert!(ours(scene.path()).is_empty(), "{point}");
                assert_same(&scene.before, &indexed(scene.path()), point);
            } else {
                ask(scene.path(), no_fault(), async |session| {
                    stage(session, &scene.new).await.unwrap();
                    commit(session).await;
                });
                assert_same(&scene.after, &indexed(scene.path()), point);
            }
        }
    }
}

#[test]
fn a_commit_that_was_cut_off_goes_on_or_back() {
    let all = points(&Scene::at(Mark::Staged), commit);
    assert!(
        ["list", "listed", "rename:1", "rename:4", "renamed", "done"].iter().all(|one| all.contains(&(*one).into()))
    );
    for point in &all {
        for goes_on in [true, false] {
            let scene = Scene::at(Mark::Staged);
            ask(scene.path(), fault_at(point), async |session| {
                assert_code(session.commit(operation(), None).await, "cancelled");
            });
            let expected = match point.as_str() {
                "list" => Mark::Staged,
                "done" => Mark::Committed,
                _ => Mark::Committing,
            };
            assert_eq!(mark(scene.path()), Some(expected), "{point}");
            if expected == Mark::Committing {
                ask(scene.path(), no_fault(), async |session| {
                    assert_code(session.remove_aside(operation()).await, "exchange_unfinished");
                    assert_code(stage(session, &scene.new).await, "stage_decided");
                });
            }
            if goes_on || expected == Mark::Staged {
                ask(scene.path(), no_fault(), commit);
                assert_eq!(mark(scene.path()), Some(Mark::Committed), "{point}");
                assert_same(&scene.after, &indexed(scene.path()), point);
            } else {
                ask(scene.path(), no_fault(), back);
                assert_eq!(mark(scene.path()), Some(Mark::RolledBack), "{point}");
                assert_same(&scene.before, &indexed(scene.path()), point);
            }
        }
    }
}

#[test]
fn a_way_back_that_was_cut_off_is_gone_to_its_end() {
    let all = points(&Scene::at(Mark::Committed), back);
    assert!(["back", "rename:1", "rename:4", "undone"].iter().all(|one| all.contains(&(*one).into())));
    for point in &all {
        let scene = Scene::at(Mark::Committed);
        ask(scene.path(), fault_at(point), async |session| {
            assert_code(session.back(operation()).await, "cancelled");
        });
        let expected = if point == "undone" { Mark::RolledBack } else { Mark::RollingBack };
        assert_eq!(mark(scene.path()), Some(expected), "{point}");
        ask(scene.path(), no_fault(), async |session| {
            assert_code(session.commit(operation(), None).await, "turned_back");
            if expected == Mark::RollingBack {
                assert_code(session.remove_aside(operation()).await, "exchange_unfinished");
            }
            back(session).await;
        });
        assert_eq!(mark(scene.path()), Some(Mark::RolledBack), "{point}");
        assert_same(&scene.before, &indexed(scene.path()), point);
    }
}

#[test]
fn a_removal_that_was_cut_off_keeps_its_mark_until_nothing_is_left() {
    for at in [Mark::Staged, Mark::Committed, Mark::RolledBack] {
        for point in points(&Scene::at(at), remove) {
            let scene = Scene::at(at);
            let content = indexed(scene.path());
            ask(scene.path(), fault_at(&point), async |session| {
                assert_code(session.remove_aside(operation()).await, "cancelled");
            });
            let now = mark(scene.path());
            assert!(now.is_none_or(|now| now == at), "{at:?} {point}");
            assert_same(&content, &indexed(scene.path()), &point);
            ask(scene.path(), no_fault(), async |session| {
                if now == Some(Mark::Committed) {
                    assert_code(session.back(operation()).await, "aside_removed");
                    commit(session).await;
                }
                remove(session).await;
            });
            assert!(ours(scene.path()).is_empty(), "{at:?} {point}");
            assert_same(&content, &indexed(scene.path()), &point);
        }
    }
}

#[test]
fn a_stage_after_a_removal_that_was_cut_off_begins_anew() {
    for point in points(&Scene::at(Mark::Staged), remove) {
        let scene = Scene::at(Mark::Staged);
        ask(scene.path(), fault_at(&point), async |session| {
            assert_code(session.remove_aside(operation()).await, "cancelled");
        });
        ask(scene.path(), no_fault(), async |session| {
            stage(session, &scene.new).await.unwrap();
            commit(session).await;
        });
        assert_same(&scene.after, &indexed(scene.path()), &point);
    }
}
