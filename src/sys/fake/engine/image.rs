// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Images in memory that come and go. An archive of them is JSON, which is as good as tar for who does not look inside.

use bytes::Bytes;
use futures_util::StreamExt as _;
use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::act::{at_once, conflict, find_image, fits, missing};
use super::world::World;
use super::{FakeEngine, START};
use crate::sys::engine::{Body, Call, Deadline, EngineError, Feed, Idle, ImageDetail, ImageImport};

/// All of a body, each piece of it in time.
pub(super) async fn drain(
    engine: &FakeEngine,
    call: &'static str,
    mut tar: Body,
    deadline: Deadline,
) -> Result<Vec<u8>, EngineError> {
    let (mut all, after) = (Vec::new(), deadline.duration());
    loop {
        match tokio::time::timeout(after, tar.next()).await {
            Ok(Some(Ok(piece))) => all.extend_from_slice(&piece),
            Ok(Some(Err(error))) => return Err(EngineError::Source { call, message: error.to_string() }),
            Ok(None) => return Ok(all),
            Err(_) => return Err(EngineError::Timeout { call, address: engine.address.to_string(), after }),
        }
    }
}

/// A feed of what is there already.
pub(super) fn once(engine: &FakeEngine, call: &'static str, bytes: Vec<u8>, idle: Idle) -> Feed<Bytes> {
    let (sender, receiver) = mpsc::channel(1);
    // There is room for one.
    let _ = sender.try_send(Bytes::from(bytes));
    engine.feed(call, receiver, idle, false)
}

/// A name goes to one image.
fn take_tag(world: &mut World, tag: &str) {
    for image in &mut world.images {
        image.tags.retain(|has| has != tag);
    }
}

impl FakeEngine {
    pub(super) fn import<'a>(&'a self, plan: &'a ImageImport, tar: Body, deadline: Deadline) -> Call<'a, String> {
        const CALL: &str = "import image";
        Box::pin(async move {
            let bytes = drain(self, CALL, tar, deadline).await?;
            self.act(CALL, deadline, move |world, _| {
                let (id, tag) = (format!("sha256:{}", world.id()), format!("{}:{}", plan.repository, plan.tag));
                take_tag(world, &tag);
                world.images.push(ImageDetail {
                    id: id.clone(),
                    tags: vec![tag],
                    size_bytes: bytes.len() as u64,
                    created: Some(START.at()),
                    architecture: "amd64".to_owned(),
                    os: "linux".to_owned(),
                    labels: plan.labels.clone(),
                    ..ImageDetail::default()
                });
                at_once(id)
            })
            .await
        })
    }

    pub(super) fn tag<'a>(&'a self, image: &'a str, name: &'a str, deadline: Deadline) -> Call<'a, ()> {
        const CALL: &str = "name image";
        self.act(CALL, deadline, move |world, _| {
            let id = find_image(world, CALL, image)?.id.clone();
            take_tag(world, name);
            if let Some(found) = world.images.iter_mut().find(|found| found.id == id) {
                found.tags.push(name.to_owned());
                found.tags.sort();
            }
            at_once(())
        })
    }

    pub(super) fn untag<'a>(&'a self, image: &'a str, deadline: Deadline) -> Call<'a, ()> {
        const CALL: &str = "remove image";
        self.act(CALL, deadline, move |world, _| {
            let found = find_image(world, CALL, image)?;
            let (id, is_last) = (found.id.clone(), found.tags.len() <= 1 || found.id == image);
            if is_last && let Some(user) = world.containers.iter().find(|container| container.image_id == id) {
                return Err(conflict(CALL, format!("container {} is using its referenced image {image}", user.id)));
            }
            take_tag(world, image);
            world.images.retain(|found| !(is_last && found.id == id));
            at_once(())
        })
    }

    pub(super) fn prune<'a>(&'a self, label: &'a str, deadline: Deadline) -> Call<'a, ()> {
        self.act("remove unnamed images", deadline, move |world, _| {
            let used: Vec<String> = world.containers.iter().map(|container| container.image_id.clone()).collect();
            world
                .images
                .retain(|image| !image.tags.is_empty() || used.contains(&image.id) || !fits(&image.labels, label));
            at_once(())
        })
    }

    pub(super) fn save<'a>(&'a self, images: &'a [String], deadline: Deadline, idle: Idle) -> Call<'a, Feed<Bytes>> {
        const CALL: &str = "export images";
        self.act(CALL, deadline, move |world, _| {
            let mut saved = Vec::new();
            for name in images {
                let found = find_image(world, CALL, name)?;
                let tags: Vec<&String> = found.tags.iter().filter(|tag| *tag == name).collect();
                saved.push(json!({"id": found.id, "tags": tags, "size": found.size_bytes, "labels": found.labels}));
            }
            at_once(once(self, CALL, Value::Array(saved).to_string().into_bytes(), idle))
        })
    }

    pub(super) fn load(&self, tar: Body, deadline: Deadline) -> Call<'_, Vec<String>> {
        const CALL: &str = "load images";
        Box::pin(async move {
            let bytes = drain(self, CALL, tar, deadline).await?;
            self.act(CALL, deadline, move |world, _| {
                let refused =
                    |_| EngineError::Refused { call: CALL, status: 500, message: "unexpected EOF".to_owned() };
                let saved: Vec<Value> = serde_json::from_slice(&bytes).map_err(refused)?;
                let mut names = Vec::new();
                for image in &saved {
                    names.extend(take_in(world, image).ok_or_else(|| missing(CALL, "image", "archive"))?);
                }
                at_once(names)
            })
            .await
        })
    }
}

/// Takes in one saved image; gives its names.
fn take_in(world: &mut World, saved: &Value) -> Option<Vec<String>> {
    let id = saved.get("id")?.as_str()?.to_owned();
    let tags: Vec<String> = serde_json::from_value(saved.get("tags")?.clone()).ok()?;
    for tag in &tags {
        take_tag(world, tag);
    }
    match world.images.iter_mut().find(|image| image.id == id) {
        Some(there) => there.tags.extend(tags.iter().cloned()),
        None => world.images.push(ImageDetail {
            id: id.clone(),
            tags: tags.clone(),
            size_bytes: saved.get("size")?.as_u64()?,
            created: Some(START.at()),
            architecture: "amd64".to_owned(),
            os: "linux".to_owned(),
            labels: serde_json::from_value(saved.get("labels")?.clone()).ok()?,
            ..ImageDetail::default()
        }),
    }
    Some(if tags.is_empty() { vec![id] } else { tags })
}
