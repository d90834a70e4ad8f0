// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Bodies: images and files that go in and out as archives.

use std::time::Duration;

use bytes::Bytes;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use stackctl::sys::engine::{Body, Deadline, Engine, EngineError, Feed, Idle, ImageImport, Labels};

use super::subject::{IMAGE, LABEL, Subject};
use crate::support::tar::{body, tar};

const TIME: Deadline = Deadline::CHANGE;
const PATIENCE: Idle = Idle(Some(Duration::from_mins(1)));

async fn all(feed: Feed<Bytes>) -> Vec<u8> {
    feed.try_fold(Vec::new(), |all, piece| async move { Ok([all, piece.to_vec()].concat()) }).await.unwrap()
}

fn image(subject: &Subject, tag: &str) -> ImageImport {
    // Names of images know no capitals; this one has none.
    ImageImport { repository: subject.run.clone(), tag: tag.to_owned(), labels: Labels::new() }
}

async fn is_missing(engine: &dyn Engine, image: &str) -> bool {
    engine.inspect_image(image, TIME).await.is_err_and(|error| error.is_not_found())
}

pub(super) async fn image_is_made_of_files_and_goes_with_its_name(subject: &Subject) {
    let (engine, name) = (&subject.engine, format!("{}:1", subject.run));
    let mut plan = image(subject, "1");
    plan.labels = subject.labels();
    plan.labels.extend([("a.b".into(), "$HOME \"x\" \\ =y".into()), ("c".into(), String::new())]);
    let files = tar(&[("big", &vec![7; 3 << 20]), ("hello", b"you")]);
    let id = engine.import_image(&plan, body(&files), TIME).await.unwrap();
    let found = engine.inspect_image(&name, TIME).await.unwrap();
    assert_eq!((&found.id, &found.tags, &found.labels), (&id, &vec![name.clone()], &plan.labels));
    assert!(found.size_bytes >= 3 << 20, "{found:?}");

    let other = engine.import_image(&plan, body(&tar(&[("hello", b"me")])), TIME).await.unwrap();
    assert_ne!(id, other);
    assert_eq!(engine.inspect_image(&name, TIME).await.unwrap().id, other, "the name has moved");
    assert!(engine.inspect_image(&id, TIME).await.unwrap().tags.is_empty());
    let label = format!("{LABEL}={}", subject.run);
    engine.remove_unnamed_images("stackctl.test=another", TIME).await.unwrap();
    engine.inspect_image(&id, TIME).await.unwrap();
    engine.remove_unnamed_images(&label, TIME).await.unwrap();
    assert!(is_missing(&**engine, &id).await && !is_missing(&**engine, &name).await);

    let mut holder = subject.plan("user", &["/hello"]);
    holder.image.clone_from(&name);
    let container = engine.create_container(&holder, TIME).await.unwrap();
    let used = engine.remove_image(&name, TIME).await.unwrap_err();
    assert!(matches!(used, EngineError::Conflict { .. }), "{used:?}");
    engine.remove_container(&container, TIME).await.unwrap();
    engine.remove_image(&name, TIME).await.unwrap();
    assert!(is_missing(&**engine, &name).await && is_missing(&**engine, &other).await);
    assert!(engine.remove_image(&name, TIME).await.unwrap_err().is_not_found());
}

pub(super) async fn image_goes_out_and_comes_back(subject: &Subject) {
    let (engine, name) = (&subject.engine, format!("{}:2", subject.run));
    let files = tar(&[("hello", &vec![9; 1 << 20])]);
    let id = engine.import_image(&image(subject, "2"), body(&files), TIME).await.unwrap();
    let names = [name.clone()];
    let archive = all(engine.export_images(&names, TIME, PATIENCE).await.unwrap()).await;
    let unnamed = all(engine.export_images(std::slice::from_ref(&id), TIME, PATIENCE).await.unwrap()).await;
    assert_eq!(engine.load_images(body(&archive), TIME).await.unwrap(), names, "is there already");
    engine.remove_image(&name, TIME).await.unwrap();
    assert!(is_missing(&**engine, &id).await);
    assert_eq!(engine.load_images(body(&archive), TIME).await.unwrap(), names);
    assert_eq!(engine.inspect_image(&name, TIME).await.unwrap().id, id);
    engine.remove_image(&name, TIME).await.unwrap();
    assert_eq!(engine.load_images(body(&unnamed), TIME).await.unwrap(), std::slice::from_ref(&id));
    engine.remove_image(&id, TIME).await.unwrap();

    let missing = engine.export_images(&[format!("{}:none", subject.run)], TIME, PATIENCE).await.err().unwrap();
    assert!(missing.is_not_found(), "{missing:?}");
    let strange = engine.load_images(body(b"{\"a\":"), TIME).await.unwrap_err();
    assert!(matches!(strange, EngineError::Refused { .. }), "{strange:?}");
}

pub(super) async fn image_name_goes_from_one_to_the_other(subject: &Subject) {
    let (engine, name, other) = (&subject.engine, format!("{}:5", subject.run), format!("{}:6", subject.run));
    let first = engine.import_image(&image(subject, "5"), body(&tar(&[("a", b"1")])), TIME).await.unwrap();
    let second = engine.import_image(&image(subject, "6"), body(&tar(&[("a", b"2")])), TIME).await.unwrap();
    engine.tag_image(&first, &name, TIME).await.unwrap();
    assert_eq!(engine.inspect_image(&name, TIME).await.unwrap().id, first, "has it already");
    engine.tag_image(&second, &name, TIME).await.unwrap();
    assert_eq!(engine.inspect_image(&name, TIME).await.unwrap().id, second);
    assert_eq!(engine.inspect_image(&second, TIME).await.unwrap().tags, [name.clone(), other.clone()]);
    assert_eq!(engine.inspect_image(&first, TIME).await.unwrap().tags, [""; 0]);
    let missing = engine.tag_image(&format!("{}:none", subject.run), &name, TIME).await.unwrap_err();
    assert!(missing.is_not_found(), "{missing:?}");
    for image in [&name, &other, &first] {
        engine.remove_image(image, TIME).await.unwrap();
    }
}

pub(super) async fn files_go_into_containers_and_out(subject: &Subject) {
    let engine = &subject.engine;
    let id = engine.create_container(&subject.plan("c", &["true"]), TIME).await.unwrap();
    let content = vec![5; 300_000];
    engine.write_archive(&id, "/", body(&tar(&[("note", &content)])), TIME).await.unwrap();
    let info = engine.path_info(&id, "/note", TIME).await.unwrap();
    assert!(info.is_some());
    let archive = all(engine.read_archive(&id, "/note", TIME, PATIENCE).await.unwrap()).await;
    assert!(archive.starts_with(b"note\0") && archive.windows(content.len()).any(|part| part == content));

    let nobody = subject.named("nobody");
    let failures: Vec<EngineError> = vec![
        engine.read_archive(&id, "/none", TIME, PATIENCE).await.err().unwrap(),
        engine.read_archive(&nobody, "/", TIME, PATIENCE).await.err().unwrap(),
        engine.write_archive(&id, "/none", body(&tar(&[])), TIME).await.unwrap_err(),
        // Long enough that the engine answers before it has all.
        engine.write_archive(&nobody, "/", body(&tar(&[("a", &vec![0; 8 << 20])])), TIME).await.unwrap_err(),
    ];
    for failure in failures {
        assert!(failure.is_not_found(), "{failure:?}");
    }
}

pub(super) async fn archive_that_nobody_reads_on_lets_the_container_go(subject: &Subject) {
    let engine = &subject.engine;
    // Never started: its archives can be read and written all the same.
    let id = engine.create_container(&subject.plan("c", &["true"]), TIME).await.unwrap();
    engine.write_archive(&id, "/", body(&tar(&[("big", &vec![5; 16 << 20])])), TIME).await.unwrap();
    let mut feed = engine.read_archive(&id, "/big", TIME, PATIENCE).await.unwrap();
    assert!(feed.next().await.unwrap().unwrap().starts_with(b"big\0"));
    drop(feed);
    engine.write_archive(&id, "/", body(&tar(&[("more", b"x")])), TIME).await.unwrap();
    let again = all(engine.read_archive(&id, "/big", TIME, PATIENCE).await.unwrap()).await;
    assert!(again.len() > 16 << 20);
    engine.remove_container(&id, TIME).await.unwrap();
}

pub(super) async fn body_that_fails_or_stalls_ends_the_call(subject: &Subject) {
    let engine = &subject.engine;
    let id = engine.create_container(&subject.plan("c", &["true"]), TIME).await.unwrap();
    let begin = || Ok(Bytes::from(tar(&[("a", &vec![1; 100_000])])[..50_000].to_vec()));
    let failing = || -> Body { Box::pin(stream::iter([begin(), Err(std::io::Error::other("the disk is broken"))])) };
    let stalling = || -> Body { Box::pin(stream::iter([begin()]).chain(stream::pending())) };
    let short = Deadline::within(Duration::from_millis(500));
    let (images, container) = (image(subject, "3"), id.as_str());
    for failed in [
        engine.import_image(&images, failing(), TIME).await.unwrap_err(),
        engine.load_images(failing(), TIME).await.unwrap_err(),
        engine.write_archive(container, "/", failing(), TIME).await.unwrap_err(),
    ] {
        assert!(matches!(&failed, EngineError::Source { message, .. } if message.contains("broken")), "{failed:?}");
    }
    for late in [
        engine.import_image(&images, stalling(), short).await.unwrap_err(),
        engine.load_images(stalling(), short).await.unwrap_err(),
        engine.write_archive(container, "/", stalling(), short).await.unwrap_err(),
    ] {
        assert!(matches!(late, EngineError::Timeout { .. }), "{late:?}");
    }
    // Slow is not stalled: five pieces of 300 ms each.
    let whole = tar(&[("slow", &vec![1; 5000])]);
    let pieces: Vec<Bytes> = whole.chunks(whole.len() / 5 + 1).map(Bytes::copy_from_slice).collect();
    let slow = stream::iter(pieces).then(|piece| async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        Ok(piece)
    });
    engine.write_archive(container, "/", Box::pin(slow), Deadline::within(Duration::from_secs(1))).await.unwrap();
    assert!(engine.path_info(container, "/slow", TIME).await.unwrap().is_some());
    assert!(engine.inspect_image(IMAGE, TIME).await.is_ok(), "the engine is as good as before");
}
