// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What is there: the project by its file and by the engine. Changes nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use futures_util::future::join_all;

use super::BackupError;
use super::hooks::{hooks, quiesce};
use crate::app::observe::{NUMBER_LABEL, PROJECT_LABEL, ProjectPlace, SERVICE_LABEL, Scope, subject};
use crate::app::sources::FileSources;
use crate::app::{Context, Reach, Selection, discover};
use crate::backup::class::{self, Classed, LabelClasses, Use};
use crate::backup::manifest::State;
use crate::backup::order::Need;
use crate::backup::plan::{Container, Facts, Mount, MountSource, PathFacts, PathKind, Request, VolumeFacts};
use crate::catalog::DataClass;
use crate::compose::model::Project;
use crate::compose::{self, Purpose};
use crate::health::definition::labelled_needs;
use crate::sys::engine::{self, ContainerDetail, ContainerFilter, Deadline, Engine, EngineVersion, Volume};

const FOLDER_LABEL: &str = "com.docker.compose.project.working_dir";
const VOLUME_LABEL: &str = "com.docker.compose.volume";
const ANONYMOUS_LABEL: &str = "com.docker.volume.anonymous";

/// Everything that was found.
#[derive(Debug, Clone)]
pub struct Scene {
    /// What the plan is made of.
    pub facts: Facts,
    /// The containers of the project, by id.
    pub details: BTreeMap<String, ContainerDetail>,
    /// All containers of the engine.
    pub everybody: Vec<ContainerDetail>,
    /// The volumes that are there, by name.
    pub volumes: BTreeMap<String, Volume>,
    /// Keys of volumes that were made outside the project.
    pub external: BTreeSet<String>,
    /// The compose files in order of merging: path and text.
    pub compose_files: Vec<(PathBuf, String)>,
    /// The engine.
    pub version: EngineVersion,
    /// The engine's own id.
    pub engine_id: String,
    /// What a person should know.
    pub notes: Vec<String>,
}

/// The project as its file has it.
struct FileView {
    project: Option<Project>,
    compose_files: Vec<(PathBuf, String)>,
    place: Option<ProjectPlace>,
    name: String,
    notes: Vec<String>,
}

fn read_files(context: &Context<'_>, selection: &Selection) -> Result<FileView, BackupError> {
    let subject = subject(context, selection, false)?;
    let Scope::Project(name) = subject.scope else { return Err(BackupError::NoPlace) };
    let mut view =
        FileView { project: None, compose_files: Vec::new(), place: subject.place, name, notes: subject.notes };
    if subject.file.is_none() {
        return Ok(view);
    }
    let found = discover(context, selection, Reach::Stackctl, Purpose::Validate)?;
    let loaded = compose::load::load(&found.request, &FileSources::new(context));
    if let Some(project) = &loaded.project {
        let file = |id: &crate::diag::FileId| {
            let file = loaded.sources.file(*id);
            (context.absolute(file.name()), file.text().to_string())
        };
        view.compose_files = project.files.iter().map(file).collect();
    }
    view.project = loaded.project;
    Ok(view)
}

/// What a container does. One that waits for the engine to restart it counts as running.
pub(super) fn state_of(detail: &ContainerDetail) -> State {
    match (detail.state.running, detail.state.paused) {
        (true, true) => State::Paused,
        (true, false) => State::Running,
        (false, _) => State::Stopped,
    }
}

/// The restart policy as a word.
pub(super) fn policy_word(policy: &engine::RestartPolicy) -> String {
    match policy.maximum_retries {
        0 => policy.name.clone(),
        most => format!("{}:{most}", policy.name),
    }
}

fn mount(mount: &engine::Mount) -> Mount {
    let source = match mount.kind.as_str() {
        "volume" => MountSource::Volume(mount.name.clone()),
        "bind" => MountSource::Path(mount.source.clone()),
        _ => MountSource::Other,
    };
    Mount { source, target: mount.target.clone(), writable: mount.writable }
}

fn container(detail: &ContainerDetail, notes: &mut Vec<String>) -> Container {
    let lives_in = [&detail.network_mode, &detail.pid_mode, &detail.ipc_mode];
    let lives_in = lives_in.into_iter().filter_map(|mode| mode.strip_prefix("container:")).map(str::to_owned);
    let label = |name: &str| detail.labels.get(name).cloned();
    Container {
        id: detail.id.clone(),
        name: detail.name.clone(),
        project: label(PROJECT_LABEL),
        service: label(SERVICE_LABEL),
        number: label(NUMBER_LABEL).and_then(|number| number.parse().ok()).unwrap_or(1),
        state: state_of(detail),
        mounts: detail.mounts.iter().map(mount).collect(),
        lives_in: lives_in.collect(),
        quiesce: quiesce(detail, notes),
        hooks: hooks(detail, notes),
        grace_s: detail.stop_grace.map(|grace| grace.as_secs()),
        restart_policy: policy_word(&detail.restart_policy),
    }
}

/// All containers of an engine, in full. Those that go away meanwhile are passed over.
pub(crate) async fn all_containers(engine: &dyn Engine) -> Result<Vec<ContainerDetail>, BackupError> {
    let listed = engine.list_containers(&ContainerFilter::default(), Deadline::QUESTION).await?;
    let looks = join_all(listed.iter().map(|one| engine.inspect_container(&one.id, Deadline::QUESTION))).await;
    let mut details = Vec::new();
    for look in looks {
        match look {
            Ok(detail) => details.push(detail),
            Err(error) if error.is_not_found() => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(details)
}

/// Looks at everything.
///
/// # Errors
/// No project, an engine that does not answer, or a word for a backup class that is none.
pub(crate) async fn gather(
    context: &Context<'_>,
    engine: &dyn Engine,
    selection: &Selection,
    request: &Request,
    store: &Path,
) -> Result<Scene, BackupError> {
    let mut view = read_files(context, selection)?;
    let version = engine.version(Deadline::QUESTION).await?;
    let info = engine.info(Deadline::QUESTION).await?;
    let details = all_containers(engine).await?;
    let mut notes = std::mem::take(&mut view.notes);
    let containers: Vec<Container> = details.iter().map(|detail| container(detail, &mut notes)).collect();
    let is_own = |detail: &&ContainerDetail| detail.labels.get(PROJECT_LABEL) == Some(&view.name);
    let own: Vec<&ContainerDetail> = details.iter().filter(is_own).collect();
    let volumes = volumes(engine, &view.name, &own, request).await?;
    let uses = Uses::of(context, &own)?;
    let sizes = engine.disk_use(Deadline::SURVEY).await.map(|used| used.volumes).unwrap_or_default();
    let resources = view.project.iter().flat_map(|project| &project.volumes);
    let external: BTreeSet<String> =
        resources.clone().filter(|one| one.external).map(|one| one.name.value.clone()).collect();
    let explicit: BTreeMap<String, Option<DataClass>> = resources
        .map(|one| Ok((one.name.value.clone(), class::of_volume(one)?)))
        .collect::<Result<_, class::ClassFault>>()?;
    let volume_facts = volumes.values().map(|volume| {
        let key = volume.labels.get(VOLUME_LABEL).cloned().or_else(|| key_in_file(&view, &volume.name));
        let class = explicit.get(key.as_deref().unwrap_or_default()).copied().flatten();
        VolumeFacts {
            class: uses.judge(class, key.as_deref(), &MountSource::Volume(volume.name.clone())),
            key,
            project: volume.labels.get(PROJECT_LABEL).cloned(),
            is_anonymous: volume.labels.contains_key(ANONYMOUS_LABEL),
            is_present: true,
            driver: volume.driver.clone(),
            options: volume.options.clone(),
            bytes: sizes.get(&volume.name).copied().flatten(),
            name: volume.name.clone(),
        }
    });
    let volume_facts: Vec<VolumeFacts> = volume_facts.collect();
    let paths = paths(engine, &own, &uses).await?;
    let label = |name: &str| own.iter().find_map(|detail| detail.labels.get(name).cloned());
    let folder = view.place.as_ref().map(|place| place.folder.display().to_string());
    let facts = Facts {
        project: view.name.clone(),
        folder: folder.or_else(|| label(FOLDER_LABEL)),
        store: Some(store.display().to_string()),
        services: view.project.iter().flat_map(|one| &one.services).map(|one| one.name.value.clone()).collect(),
        needs: needs(&view, &own),
        containers,
        volumes: volume_facts,
        paths,
        free_bytes: None,
    };
    let own_details = own.into_iter().map(|detail| (detail.id.clone(), detail.clone())).collect();
    let compose_files = view.compose_files;
    Ok(Scene {
        facts,
        details: own_details,
        everybody: details,
        volumes,
        external,
        compose_files,
        version,
        engine_id: info.id,
        notes,
    })
}

/// The key of a volume that carries no label: one of the file that has this name.
fn key_in_file(view: &FileView, name: &str) -> Option<String> {
    let resources = view.project.iter().flat_map(|project| &project.volumes);
    let named = |node: &compose::Node| node.get("name").and_then(compose::Node::as_str).map(str::to_owned);
    let mut found = resources.filter(|one| match named(&one.node) {
        Some(explicit) => explicit == name,
        None => name == one.name.value && one.external || name == format!("{}_{}", view.name, one.name.value),
    });
    found.next().map(|one| one.name.value.clone())
}

/// The volumes of the project, those that its containers mount, and those that are asked for by name.
async fn volumes(
    engine: &dyn Engine,
    project: &str,
    own: &[&ContainerDetail],
    request: &Request,
) -> Result<BTreeMap<String, Volume>, BackupError> {
    let labelled = engine.list_volumes(&format!("{PROJECT_LABEL}={project}"), Deadline::QUESTION).await?;
    let mut volumes: BTreeMap<String, Volume> = labelled.into_iter().map(|one| (one.name.clone(), one)).collect();
    let mounted = own.iter().flat_map(|detail| &detail.mounts).filter(|mount| mount.kind == "volume");
    let mut wanted: BTreeSet<&str> = mounted.map(|mount| mount.name.as_str()).collect();
    wanted.extend(request.volumes.iter().filter(|name| !name.contains('/')).map(String::as_str));
    for name in wanted {
        if volumes.contains_key(name) {
            continue;
        }
        // Looked up, never named in anything that would make it.
        match engine.inspect_volume(name, Deadline::QUESTION).await {
            Ok(volume) => drop(volumes.insert(name.to_owned(), volume)),
            Err(error) if error.is_not_found() => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(volumes)
}

/// Who mounts what, for the classes of data.
struct Uses<'a> {
    labels: BTreeMap<&'a str, LabelClasses>,
    own: &'a [&'a ContainerDetail],
    context: &'a Context<'a>,
}

impl<'a> Uses<'a> {
    fn of(context: &'a Context<'a>, own: &'a [&'a ContainerDetail]) -> Result<Self, BackupError> {
        let mut labels = BTreeMap::new();
        for detail in own {
            if let (Some(service), Some(label)) = (detail.labels.get(SERVICE_LABEL), detail.labels.get(class::LABEL)) {
                labels.insert(service.as_str(), LabelClasses::read(service, label)?);
            }
        }
        Ok(Self { labels, own, context })
    }

    fn judge(&self, explicit: Option<DataClass>, key: Option<&str>, what: &MountSource) -> Classed {
        let mut uses = Vec::new();
        for detail in self.own {
            let service = detail.labels.get(SERVICE_LABEL).map_or("", String::as_str);
            let known = self.context.catalog.find_text(&detail.image);
            for one in detail.mounts.iter().filter(|one| mount(one).source == *what) {
                uses.push(Use { service, target: &one.target, label: self.labels.get(service), known });
            }
        }
        class::judge(explicit, key, &uses)
    }
}

/// What the paths of the host are that containers mount. The engine is asked: they are on its machine.
async fn paths(
    engine: &dyn Engine,
    own: &[&ContainerDetail],
    uses: &Uses<'_>,
) -> Result<BTreeMap<String, PathFacts>, BackupError> {
    let mut paths = BTreeMap::new();
    for detail in own {
        for one in detail.mounts.iter().filter(|one| one.kind == "bind") {
            if paths.contains_key(&one.source) {
                continue;
            }
            let kind = match engine.path_info(&detail.id, &one.target, Deadline::QUESTION).await {
                Ok(Some(info)) => match info.kind {
                    engine::PathKind::Directory => PathKind::Folder,
                    engine::PathKind::File => PathKind::File,
                    engine::PathKind::Link | engine::PathKind::Special => PathKind::Special,
                },
                Err(error) if error.is_outage() => return Err(error.into()),
                // A source that is gone keeps a stopped container from being looked into.
                Ok(None) | Err(_) => PathKind::Missing,
            };
            let class = uses.judge(None, None, &MountSource::Path(one.source.clone()));
            paths.insert(one.source.clone(), PathFacts { kind, bytes: None, class });
        }
    }
    Ok(paths)
}

/// Which service needs which: by the file, and by the labels of containers that the file does not know.
fn needs(view: &FileView, own: &[&ContainerDetail]) -> Vec<Need> {
    let mut needs = BTreeSet::new();
    for service in view.project.iter().flat_map(|project| &project.services) {
        for edge in &service.depends_on {
            needs.insert(Need { from: service.name.value.clone(), to: edge.service.value.clone() });
        }
    }
    for detail in own {
        let Some(service) = detail.labels.get(SERVICE_LABEL) else { continue };
        needs.extend(
            labelled_needs(&detail.labels).into_iter().map(|need| Need { from: service.clone(), to: need.service }),
        );
    }
    needs.into_iter().collect()
}
