// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The engine itself, volumes, networks, images, files in containers.

use stackctl::sys::engine::{ApiVersion, Deadline, EngineError, PathKind};

use super::subject::{IMAGE, Subject};

pub(super) async fn says_who_it_is(subject: &Subject) {
    let engine = &subject.engine;
    let api = engine.ping(Deadline::QUESTION).await.unwrap();
    let version = engine.version(Deadline::QUESTION).await.unwrap();
    let info = engine.info(Deadline::QUESTION).await.unwrap();
    assert_eq!(api, version.api);
    assert!(api >= ApiVersion::OLDEST);
    assert_eq!(version.engine, info.engine);
    assert!(!info.id.is_empty() && !info.storage_driver.is_empty() && !info.data_root.is_empty());
    assert!(info.cpus > 0 && info.memory_bytes > 0 && info.time.is_some());
    assert!(info.runtimes.contains(&info.default_runtime));
    assert!(engine.address().contains("://"));
}

pub(super) async fn missing_objects_are_not_found(subject: &Subject) {
    let (engine, nobody, time) = (&subject.engine, subject.named("nobody"), Deadline::QUESTION);
    let failures: Vec<EngineError> = vec![
        engine.inspect_container(&nobody, time).await.unwrap_err(),
        engine.start_container(&nobody, time).await.unwrap_err(),
        engine.kill_container(&nobody, "KILL", time).await.unwrap_err(),
        engine.remove_container(&nobody, time).await.unwrap_err(),
        engine.path_info(&nobody, "/", time).await.unwrap_err(),
        engine.usage(&nobody, time).await.unwrap_err(),
        engine.inspect_volume(&nobody, time).await.unwrap_err(),
        engine.remove_volume(&nobody, time).await.unwrap_err(),
        engine.inspect_image(&format!("{nobody}:1"), time).await.unwrap_err(),
        engine.inspect_container("../volumes", time).await.unwrap_err(),
    ];
    for failure in failures {
        assert!(failure.is_not_found() && !failure.is_outage(), "{failure:?}");
    }
    let mut plan = subject.plan("no-image", &["true"]);
    plan.image = format!("{nobody}:1");
    assert!(engine.create_container(&plan, time).await.unwrap_err().is_not_found());
}

pub(super) async fn volume_keeps_the_labels_of_its_first_maker(subject: &Subject) {
    let (engine, time) = (&subject.engine, Deadline::QUESTION);
    let mut plan = subject.volume("v");
    plan.labels.insert("holder".into(), "first".into());
    let made = engine.create_volume(&plan, time).await.unwrap();
    assert_eq!((made.name.as_str(), made.driver.as_str()), (plan.name.as_str(), "local"));
    assert!(!made.mountpoint.is_empty() && made.created.is_some());
    plan.labels.insert("holder".into(), "second".into());
    let again = engine.create_volume(&plan, time).await.unwrap();
    assert_eq!(again.labels["holder"], "first");
    assert_eq!(engine.inspect_volume(&plan.name, time).await.unwrap(), again);
    let listed = engine.list_volumes(&subject.label(), time).await.unwrap();
    assert_eq!(listed.iter().map(|volume| &volume.name).collect::<Vec<_>>(), [&plan.name]);
    assert!(engine.list_volumes("stackctl.test=nobody", time).await.unwrap().is_empty());
    engine.remove_volume(&plan.name, time).await.unwrap();
    assert!(engine.inspect_volume(&plan.name, time).await.unwrap_err().is_not_found());
}

pub(super) async fn volume_in_use_is_a_conflict(subject: &Subject) {
    let (engine, time) = (&subject.engine, Deadline::CHANGE);
    let volume = engine.create_volume(&subject.volume("v"), time).await.unwrap();
    let mut plan = subject.plan("c", &["sleep", "1000"]);
    plan.binds = vec![format!("{}:/data:ro", volume.name)];
    let id = engine.create_container(&plan, time).await.unwrap();
    let mounts = subject.inspect(&id).await.mounts;
    assert_eq!((mounts[0].kind.as_str(), mounts[0].target.as_str(), mounts[0].writable), ("volume", "/data", false));
    assert_eq!(mounts[0].name, volume.name);
    let refused = engine.remove_volume(&volume.name, time).await.unwrap_err();
    assert!(matches!(refused, EngineError::Conflict { .. }), "{refused:?}");
    engine.remove_container(&id, time).await.unwrap();
    // The volume has a name of its own and stays.
    engine.remove_volume(&volume.name, time).await.unwrap();
}

pub(super) async fn lists_networks_and_images(subject: &Subject) {
    let (engine, time) = (&subject.engine, Deadline::QUESTION);
    let networks = engine.list_networks("", time).await.unwrap();
    assert!(networks.iter().any(|network| network.name == "bridge" && network.driver == "bridge"));
    assert!(networks.windows(2).all(|pair| pair[0].name <= pair[1].name));
    assert!(engine.list_networks(&subject.label(), time).await.unwrap().is_empty());
    let images = engine.list_images(time).await.unwrap();
    let listed = images.iter().find(|image| image.tags.iter().any(|tag| tag == IMAGE)).unwrap();
    let image = engine.inspect_image(IMAGE, time).await.unwrap();
    assert_eq!((&image.id, &image.tags, image.digests.is_empty()), (&listed.id, &listed.tags, true));
    assert!(image.size_bytes > 0 && image.os == "linux" && !image.architecture.is_empty());
    assert_eq!(image.environment, ["PATH=/bin"]);
    assert_eq!((image.health_check, image.user.as_str()), (None, ""));
    assert_eq!(engine.inspect_image(&image.id, time).await.unwrap().id, image.id);
}

pub(super) async fn disk_use_knows_our_volume(subject: &Subject) {
    let volume = subject.engine.create_volume(&subject.volume("v"), Deadline::CHANGE).await.unwrap();
    let disk = subject.engine.disk_use(Deadline::SURVEY).await.unwrap();
    assert!(disk.images_bytes > 0);
    assert_eq!(disk.volumes.get(&volume.name), Some(&Some(0)), "{disk:?}");
}

pub(super) async fn paths_in_containers(subject: &Subject) {
    let (engine, time) = (&subject.engine, Deadline::QUESTION);
    let id = engine.create_container(&subject.plan("c", &["true"]), time).await.unwrap();
    let file = engine.path_info(&id, "/bin/busybox", time).await.unwrap().unwrap();
    assert_eq!((file.kind, file.mode, file.link_target.clone()), (PathKind::File, 0o755, None));
    assert!(file.size_bytes > 100_000);
    let link = engine.path_info(&id, "/bin/sh", time).await.unwrap().unwrap();
    assert_eq!(link.kind, PathKind::Link);
    assert!(link.link_target.unwrap().ends_with("busybox"));
    let folder = engine.path_info(&id, "/bin", time).await.unwrap().unwrap();
    assert_eq!(folder.kind, PathKind::Directory);
    assert_eq!(engine.path_info(&id, "/no/such thing?", time).await.unwrap(), None);
    assert_eq!(subject.inspect(&id).await.labels, subject.labels());
}
