// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The real engine.

use std::collections::HashMap;
use std::future::Future;

use bollard::models::ContainerUpdateBody;
use bollard::query_parameters::{
    ContainerArchiveInfoOptionsBuilder, CreateContainerOptionsBuilder, InspectContainerOptions,
    KillContainerOptionsBuilder, ListImagesOptions, ListNetworksOptionsBuilder, RemoveContainerOptionsBuilder,
    RemoveImageOptions, RemoveVolumeOptions, RestartContainerOptionsBuilder, StatsOptionsBuilder,
    StopContainerOptionsBuilder, TagImageOptions,
};
use bollard::{BollardRequest, Docker};
use bytes::Bytes;
use futures_util::StreamExt as _;
use hyper::Method;
use serde::Deserialize;

use super::answer::{Inspected, ListedContainer, ListedVolumes, Room, StoredVolume, Told};
use super::failure::Fault;
use super::http::Http;
use super::upload::Upload;
use super::{attach, exec, feed, image, map, name};
use crate::sys::Files;
use crate::sys::endpoint::EngineAddress;
use crate::sys::engine::{
    ApiVersion, Attached, Body, Call, ContainerDetail, ContainerFilter, ContainerPlan, ContainerSummary, Deadline,
    DiskUse, Engine, EngineError, EngineInfo, EngineVersion, Event, EventQuery, ExecOutcome, ExecRequest, Feed, Grace,
    Idle, ImageDetail, ImageImport, ImageSummary, LogLine, LogQuery, Network, PathInfo, PathKind, RestartPolicy,
    TrustFault, Usage, Volume, VolumePlan,
};
use crate::sys::os::net::Tls;

/// bollard's own limit counts whole seconds and headers only; ours rules, so this one must never strike.
const NO_LIMIT_S: u64 = 10 * 365 * 24 * 3600;

/// A Docker Engine, or what speaks its API.
pub struct DockerEngine {
    address: String,
    http: Http,
    client: Docker,
}

impl std::fmt::Debug for DockerEngine {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("DockerEngine").field("address", &self.address).finish_non_exhaustive()
    }
}

impl DockerEngine {
    /// An engine at this address. Nothing is asked yet; the first call connects. `files` gives the certificates of an
    /// encrypted way.
    ///
    /// # Errors
    /// `Certificates` when they cannot be read or understood.
    pub fn new(address: &EngineAddress, files: &dyn Files) -> Result<Self, EngineError> {
        let shown = address.to_string();
        let tls = match address {
            EngineAddress::Tls { files: wanted, .. } => Some(
                Tls::new(wanted, files)
                    .map_err(TrustFault::Unreadable)
                    .map_err(|fault| EngineError::Certificates { address: shown.clone(), fault })?,
            ),
            _ => None,
        };
        let http = Http::new(address.clone(), tls);
        let shared = http.clone();
        let transport = move |request: BollardRequest| {
            let http = shared.clone();
            async move { Ok(http.send(request).await?) }
        };
        let client = Docker::connect_with_custom_transport(
            transport,
            Some("http://engine"),
            NO_LIMIT_S,
            bollard::API_DEFAULT_VERSION,
        )
        .map_err(|error| Fault::from(error).of("connect", &shown))?;
        Ok(Self { address: shown, http, client })
    }

    /// A call under its deadline, after the API version is known.
    fn call<'a, T: Send + 'a>(
        &'a self,
        call: &'static str,
        deadline: Deadline,
        step: impl Future<Output = Result<T, Fault>> + Send + 'a,
    ) -> Call<'a, T> {
        Box::pin(async move {
            let whole = async {
                self.http.negotiate().await?;
                step.await
            };
            self.timed(call, deadline, whole).await
        })
    }

    /// A call whose steps have times of their own, after the API version is known.
    fn long_call<'a, T: Send + 'a>(
        &'a self,
        call: &'static str,
        deadline: Deadline,
        step: impl Future<Output = Result<T, Fault>> + Send + 'a,
    ) -> Call<'a, T> {
        Box::pin(async move {
            self.timed(call, deadline, self.http.negotiate()).await?;
            step.await.map_err(|fault| fault.of(call, &self.address))
        })
    }

    async fn timed<T>(
        &self,
        call: &'static str,
        deadline: Deadline,
        step: impl Future<Output = Result<T, Fault>>,
    ) -> Result<T, EngineError> {
        match tokio::time::timeout(deadline.duration(), step).await {
            Ok(result) => result.map_err(|fault| fault.of(call, &self.address)),
            Err(_) => Err(EngineError::Timeout { call, address: self.address.clone(), after: deadline.duration() }),
        }
    }
}

/// The answer to a wait.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Ended {
    status_code: i64,
}

/// The API's form of filters: a JSON object of lists.
fn filters(pairs: &[(&str, Vec<String>)]) -> String {
    let object: serde_json::Map<String, serde_json::Value> = pairs
        .iter()
        .filter(|(_, values)| !values.is_empty())
        .map(|(name, values)| ((*name).to_owned(), values.clone().into()))
        .collect();
    serde_json::Value::from(object).to_string()
}

/// A label filter; none for an empty text.
fn label_list(label: &str) -> Vec<String> {
    if label.is_empty() { Vec::new() } else { vec![label.to_owned()] }
}

impl Engine for DockerEngine {
    fn address(&self) -> &str {
        &self.address
    }

    fn ping(&self, deadline: Deadline) -> Call<'_, ApiVersion> {
        Box::pin(self.timed("ping", deadline, self.http.ping()))
    }

    fn version(&self, deadline: Deadline) -> Call<'_, EngineVersion> {
        self.call("ask for the version", deadline, async { map::version(self.client.version().await?) })
    }

    fn info(&self, deadline: Deadline) -> Call<'_, EngineInfo> {
        self.call("ask for information", deadline, async { Ok(map::info(self.client.info().await?)) })
    }

    fn list_containers<'a>(
        &'a self,
        filter: &'a ContainerFilter,
        deadline: Deadline,
    ) -> Call<'a, Vec<ContainerSummary>> {
        self.call("list containers", deadline, async {
            let labels = filter.labels.iter().map(|(name, value)| match value {
                Some(value) => format!("{name}={value}"),
                None => name.clone(),
            });
            let query =
                [("all", (!filter.only_running).to_string()), ("filters", filters(&[("label", labels.collect())]))];
            let listed: Vec<ListedContainer> = self.http.get("/containers/json", &query).await?;
            let mut containers: Vec<ContainerSummary> = listed.into_iter().map(ContainerSummary::from).collect();
            containers.sort_by(|left, right| left.name.cmp(&right.name));
            Ok(containers)
        })
    }

    fn inspect_container<'a>(&'a self, container: &'a str, deadline: Deadline) -> Call<'a, ContainerDetail> {
        self.call("inspect container", deadline, async {
            let found: Inspected =
                self.http.get(&format!("/containers/{}/json", name::checked(container)?), &[]).await?;
            Ok(found.into())
        })
    }

    fn create_container<'a>(&'a self, plan: &'a ContainerPlan, deadline: Deadline) -> Call<'a, String> {
        self.call("create container", deadline, async {
            let options = CreateContainerOptionsBuilder::new().name(name::checked(&plan.name)?).build();
            Ok(self.client.create_container(Some(options), map::create_body(plan)).await?.id)
        })
    }

    fn start_container<'a>(&'a self, container: &'a str, deadline: Deadline) -> Call<'a, ()> {
        self.call("start container", deadline, async {
            Ok(self.client.start_container(name::checked(container)?, None).await?)
        })
    }

    fn stop_container<'a>(&'a self, container: &'a str, grace: Grace, deadline: Deadline) -> Call<'a, ()> {
        self.call("stop container", deadline, async move {
            let options = grace.seconds().map(|seconds| StopContainerOptionsBuilder::new().t(seconds).build());
            Ok(self.client.stop_container(name::checked(container)?, options).await?)
        })
    }

    fn restart_container<'a>(&'a self, container: &'a str, grace: Grace, deadline: Deadline) -> Call<'a, ()> {
        self.call("restart container", deadline, async move {
            let options = grace.seconds().map(|seconds| RestartContainerOptionsBuilder::new().t(seconds).build());
            Ok(self.client.restart_container(name::checked(container)?, options).await?)
        })
    }

    fn kill_container<'a>(&'a self, container: &'a str, signal: &'a str, deadline: Deadline) -> Call<'a, ()> {
        self.call("kill container", deadline, async move {
            let options = KillContainerOptionsBuilder::new().signal(signal).build();
            Ok(self.client.kill_container(name::checked(container)?, Some(options)).await?)
        })
    }

    fn pause_container<'a>(&'a self, container: &'a str, deadline: Deadline) -> Call<'a, ()> {
        self.call("pause container", deadline, async {
            Ok(self.client.pause_container(name::checked(container)?).await?)
        })
    }

    fn unpause_container<'a>(&'a self, container: &'a str, deadline: Deadline) -> Call<'a, ()> {
        self.call("unpause container", deadline, async {
            Ok(self.client.unpause_container(name::checked(container)?).await?)
        })
    }

    fn remove_container<'a>(&'a self, container: &'a str, deadline: Deadline) -> Call<'a, ()> {
        self.call("remove container", deadline, async {
            let options = RemoveContainerOptionsBuilder::new().force(true).v(true).build();
            Ok(self.client.remove_container(name::checked(container)?, Some(options)).await?)
        })
    }

    fn exec<'a>(&'a self, container: &'a str, request: &'a ExecRequest, deadline: Deadline) -> Call<'a, ExecOutcome> {
        self.call("run in container", deadline, async {
            exec::run(&self.client, name::checked(container)?, request).await
        })
    }

    fn events<'a>(&'a self, query: &'a EventQuery, deadline: Deadline, idle: Idle) -> Call<'a, Feed<Event>> {
        const CALL: &str = "read events";
        self.call(CALL, deadline, async move {
            let subjects = query.subjects.iter().map(|subject| subject.word().to_owned()).collect();
            let conditions =
                filters(&[("type", subjects), ("event", query.verbs.clone()), ("label", query.labels.clone())]);
            let mut parameters = vec![("filters", conditions)];
            parameters.extend(query.since.map(|time| ("since", time.parameter())));
            parameters.extend(query.until.map(|time| ("until", time.parameter())));
            let body = self.http.open("/events", &parameters).await?.into_body();
            Ok(feed::json_lines::<Told, Event>(body, idle, CALL, &self.address))
        })
    }

    fn logs<'a>(
        &'a self,
        container: &'a str,
        query: &'a LogQuery,
        deadline: Deadline,
        idle: Idle,
    ) -> Call<'a, Feed<LogLine>> {
        self.call("read logs", deadline, async move {
            let container = name::checked(container)?;
            // Only the inspection says surely whether both streams share one.
            let found: Inspected = self.http.get(&format!("/containers/{container}/json"), &[]).await?;
            let framed = !ContainerDetail::from(found).terminal;
            let mut parameters = vec![
                ("stdout", "true".to_owned()),
                ("stderr", "true".to_owned()),
                ("timestamps", "true".to_owned()),
                ("follow", query.follow.to_string()),
                ("tail", query.tail.map_or_else(|| "all".to_owned(), |lines| lines.to_string())),
            ];
            parameters.extend(query.since.map(|time| ("since", time.parameter())));
            parameters.extend(query.until.map(|time| ("until", time.parameter())));
            let body = self.http.open(&format!("/containers/{container}/logs"), &parameters).await?.into_body();
            Ok(feed::log_lines(body, framed, idle, "read logs", &self.address))
        })
    }

    fn usage<'a>(&'a self, container: &'a str, deadline: Deadline) -> Call<'a, Usage> {
        self.call("measure container", deadline, async {
            let options = StatsOptionsBuilder::new().stream(false).one_shot(true).build();
            let mut answers = Box::pin(self.client.stats(name::checked(container)?, Some(options)));
            match answers.next().await {
                Some(answer) => Ok(map::usage(answer?)),
                None => Err(Fault::Nonsense("it is empty".to_owned())),
            }
        })
    }

    fn path_info<'a>(&'a self, container: &'a str, path: &'a str, deadline: Deadline) -> Call<'a, Option<PathInfo>> {
        self.call("look at path in container", deadline, async {
            let container = name::checked(container)?;
            let options = ContainerArchiveInfoOptionsBuilder::new().path(path).build();
            match self.client.get_container_archive_info(container, Some(options)).await {
                Ok(found) => Ok(Some(path_info(found.size, found.file_mode, found.link_target))),
                Err(bollard::errors::Error::DockerResponseServerError { status_code: 404, .. }) => {
                    // The same status means that the container is gone; answers to HEAD carry no words to tell by.
                    self.client.inspect_container(container, None::<InspectContainerOptions>).await?;
                    Ok(None)
                }
                Err(error) => Err(error.into()),
            }
        })
    }

    fn list_volumes<'a>(&'a self, label: &'a str, deadline: Deadline) -> Call<'a, Vec<Volume>> {
        self.call("list volumes", deadline, async {
            let query = [("filters", filters(&[("label", label_list(label))]))];
            let listed: ListedVolumes = self.http.get("/volumes", &query).await?;
            let mut volumes: Vec<Volume> = listed.volumes.into_iter().map(Volume::from).collect();
            volumes.sort_by(|left, right| left.name.cmp(&right.name));
            Ok(volumes)
        })
    }

    fn inspect_volume<'a>(&'a self, volume: &'a str, deadline: Deadline) -> Call<'a, Volume> {
        self.call("inspect volume", deadline, async {
            let found: StoredVolume = self.http.get(&format!("/volumes/{}", name::checked(volume)?), &[]).await?;
            Ok(found.into())
        })
    }

    fn create_volume<'a>(&'a self, plan: &'a VolumePlan, deadline: Deadline) -> Call<'a, Volume> {
        self.call("create volume", deadline, async {
            let name = name::checked(&plan.name)?;
            let driver = if plan.driver.is_empty() { "local" } else { plan.driver.as_str() };
            let body = bollard::models::VolumeCreateRequest {
                name: Some(name.to_owned()),
                driver: Some(driver.to_owned()),
                driver_opts: Some(plan.options.clone().into_iter().collect()),
                labels: Some(plan.labels.clone().into_iter().collect()),
                cluster_volume_spec: None,
            };
            self.client.create_volume(body).await?;
            // Looked at again, because bollard reads the answer's status field as a list, which some drivers do not send.
            let found: StoredVolume = self.http.get(&format!("/volumes/{name}"), &[]).await?;
            Ok(found.into())
        })
    }

    fn remove_volume<'a>(&'a self, volume: &'a str, deadline: Deadline) -> Call<'a, ()> {
        self.call("remove volume", deadline, async {
            Ok(self.client.remove_volume(name::checked(volume)?, None::<RemoveVolumeOptions>).await?)
        })
    }

    fn list_networks<'a>(&'a self, label: &'a str, deadline: Deadline) -> Call<'a, Vec<Network>> {
        self.call("list networks", deadline, async {
            let filter = HashMap::from([("label", label_list(label))]);
            let options = (!label.is_empty()).then(|| ListNetworksOptionsBuilder::new().filters(&filter).build());
            let mut networks: Vec<Network> =
                self.client.list_networks(options).await?.into_iter().map(map::network).collect();
            networks.sort_by(|left, right| (&left.name, &left.id).cmp(&(&right.name, &right.id)));
            Ok(networks)
        })
    }

    fn list_images(&self, deadline: Deadline) -> Call<'_, Vec<ImageSummary>> {
        self.call("list images", deadline, async {
            let listed = self.client.list_images(None::<ListImagesOptions>).await?;
            let mut images: Vec<ImageSummary> = listed.into_iter().map(map::image_summary).collect();
            images.retain(|image| !image.tags.is_empty() || !image.digests.is_empty());
            images.sort_by(|left, right| (&left.tags, &left.id).cmp(&(&right.tags, &right.id)));
            Ok(images)
        })
    }

    fn inspect_image<'a>(&'a self, image: &'a str, deadline: Deadline) -> Call<'a, ImageDetail> {
        self.call("inspect image", deadline, async {
            Ok(map::image_detail(self.client.inspect_image(name::checked_image(image)?).await?))
        })
    }

    fn attach<'a>(&'a self, container: &'a str, deadline: Deadline) -> Call<'a, Attached> {
        const CALL: &str = "attach to container";
        self.call(CALL, deadline, async {
            let path = format!("/containers/{}/attach", name::checked(container)?);
            let query = ["stream", "stdin", "stdout", "stderr"].map(|part| (part, "true".to_owned()));
            Ok(attach::attached(self.http.upgrade(&path, &query).await?, CALL, &self.address))
        })
    }

    fn wait_container<'a>(&'a self, container: &'a str, deadline: Deadline) -> Call<'a, i64> {
        self.call("wait for container", deadline, async {
            let path = format!("/containers/{}/wait", name::checked(container)?);
            let ended: Ended = self.http.post(&path, &[("condition", "not-running".to_owned())]).await?;
            Ok(ended.status_code)
        })
    }

    fn set_restart_policy<'a>(
        &'a self,
        container: &'a str,
        policy: &'a RestartPolicy,
        deadline: Deadline,
    ) -> Call<'a, ()> {
        self.call("change restart policy", deadline, async {
            let restart_policy = Some(map::restart_policy(policy));
            let body = ContainerUpdateBody { restart_policy, ..ContainerUpdateBody::default() };
            Ok(self.client.update_container(name::checked(container)?, body).await?)
        })
    }

    fn import_image<'a>(&'a self, plan: &'a ImageImport, tar: Body, deadline: Deadline) -> Call<'a, String> {
        const CALL: &str = "import image";
        self.long_call(CALL, deadline, image::import(&self.http, plan, tar, deadline, CALL, &self.address))
    }

    fn tag_image<'a>(&'a self, image: &'a str, name: &'a str, deadline: Deadline) -> Call<'a, ()> {
        self.call("name image", deadline, async {
            let (repository, tag) = name::repository_and_tag(name::checked_image(name)?);
            let options = TagImageOptions { repo: Some(repository.to_owned()), tag: Some(tag.to_owned()) };
            Ok(self.client.tag_image(name::checked_image(image)?, Some(options)).await?)
        })
    }

    fn remove_image<'a>(&'a self, image: &'a str, deadline: Deadline) -> Call<'a, ()> {
        self.call("remove image", deadline, async {
            self.client.remove_image(name::checked_image(image)?, None::<RemoveImageOptions>, None).await?;
            Ok(())
        })
    }

    fn remove_unnamed_images<'a>(&'a self, label: &'a str, deadline: Deadline) -> Call<'a, ()> {
        self.call("remove unnamed images", deadline, async {
            let unnamed = filters(&[("dangling", vec!["true".to_owned()]), ("label", vec![label.to_owned()])]);
            let _: serde_json::Value = self.http.post("/images/prune", &[("filters", unnamed)]).await?;
            Ok(())
        })
    }

    fn export_images<'a>(&'a self, images: &'a [String], deadline: Deadline, idle: Idle) -> Call<'a, Feed<Bytes>> {
        const CALL: &str = "export images";
        self.call(CALL, deadline, async move {
            let names: Vec<(&str, String)> = images.iter().map(|image| ("names", image.clone())).collect();
            let body = self.http.open("/images/get", &names).await?.into_body();
            Ok(feed::bytes(body, idle, CALL, &self.address))
        })
    }

    fn load_images(&self, tar: Body, deadline: Deadline) -> Call<'_, Vec<String>> {
        const CALL: &str = "load images";
        self.long_call(CALL, deadline, image::load(&self.http, tar, deadline, CALL, &self.address))
    }

    fn read_archive<'a>(
        &'a self,
        container: &'a str,
        path: &'a str,
        deadline: Deadline,
        idle: Idle,
    ) -> Call<'a, Feed<Bytes>> {
        const CALL: &str = "read from container";
        self.call(CALL, deadline, async move {
            let target = format!("/containers/{}/archive", name::checked(container)?);
            let body = self.http.open(&target, &[("path", path.to_owned())]).await?.into_body();
            Ok(feed::bytes(body, idle, CALL, &self.address))
        })
    }

    fn write_archive<'a>(&'a self, container: &'a str, path: &'a str, tar: Body, deadline: Deadline) -> Call<'a, ()> {
        const CALL: &str = "write into container";
        self.long_call(CALL, deadline, async move {
            let target = format!("/containers/{}/archive", name::checked(container)?);
            let (query, patience) = ([("path", path.to_owned())], deadline.duration());
            let (method, address) = (Method::PUT, self.address.as_str());
            let upload = Upload { method, path: &target, query: &query, patience, call: CALL, address };
            upload.send(&self.http, tar).await?;
            Ok(())
        })
    }

    fn disk_use(&self, deadline: Deadline) -> Call<'_, DiskUse> {
        self.call("measure disk use", deadline, async {
            let room: Room = self.http.get("/system/df", &[]).await?;
            Ok(room.into())
        })
    }
}

/// Go's file mode: the kind stands in the high bits, set-user-id and its like too.
fn path_info(size: i64, mode: u32, link_target: String) -> PathInfo {
    const DIRECTORY: u32 = 1 << 31;
    const LINK: u32 = 1 << 27;
    const SPECIAL: u32 = 1 << 26 | 1 << 25 | 1 << 24 | 1 << 21 | 1 << 19;
    let kind = match mode {
        mode if mode & DIRECTORY != 0 => PathKind::Directory,
        mode if mode & LINK != 0 => PathKind::Link,
        mode if mode & SPECIAL != 0 => PathKind::Special,
        _ => PathKind::File,
    };
    let bit = |from: u32, to: u32| if mode & (1 << from) == 0 { 0 } else { to };
    PathInfo {
        kind,
        size_bytes: u64::try_from(size).unwrap_or(0),
        mode: (mode & 0o777) | bit(23, 0o4000) | bit(22, 0o2000) | bit(20, 0o1000),
        link_target: (kind == PathKind::Link && !link_target.is_empty()).then_some(link_target),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn go_modes_become_unix_modes() {
        let directory = path_info(4096, 1 << 31 | 1 << 20 | 0o777, String::new());
        assert_eq!((directory.kind, directory.mode), (PathKind::Directory, 0o1777));
        let link = path_info(7, 1 << 27 | 0o777, "busybox".into());
        assert_eq!(link.link_target.as_deref(), Some("busybox"));
        assert_eq!(path_info(1, 1 << 23 | 0o755, "/x".into()).mode, 0o4755);
        assert_eq!(path_info(0, 1 << 26 | 1 << 21, String::new()).kind, PathKind::Special);
    }

    #[test]
    fn filters_are_json_without_empty_kinds() {
        assert_eq!(filters(&[("type", vec![]), ("label", vec!["a=\"b".into()])]), r#"{"label":["a=\"b"]}"#);
    }
}
