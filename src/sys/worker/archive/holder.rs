// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The container that has a tree mounted and is never started: the engine reads and writes archives of it all the same.
//! A service's own container is never used: the engine answers nothing else about one while it sends an archive of it.

use std::path::PathBuf;
use std::sync::Arc;

use crate::sys::engine::{ContainerPlan, Deadline, Engine, EngineError, ImageImport, Labels, MountKind, MountPlan};
use crate::sys::worker::claim::fresh_name;
use crate::sys::worker::serve::NAME;
use crate::sys::worker::{Access, LABEL, Tree};

/// The image of nothing at all, which takes no room and stays. Not among those of helpers: they come and go with programs.
const REPOSITORY: &str = "stackctl-empty";
const TAG: &str = "1";

/// The end of a tar archive: an archive of nothing.
const NOTHING: [u8; 1024] = [0; 1024];

/// Where the tree is in the container.
pub(super) fn place() -> String {
    format!("/{NAME}")
}

/// Makes the container when it is needed.
pub(super) struct Holder {
    pub(super) engine: Arc<dyn Engine>,
    tree: Tree,
    access: Access,
    operation: String,
    labels: Labels,
    /// The one that was made last, and for what.
    made: Option<(Option<String>, String)>,
}

impl Holder {
    pub(super) fn new(
        engine: Arc<dyn Engine>,
        (tree, access): (Tree, Access),
        (operation, labels): (String, Labels),
    ) -> Self {
        Self { engine, tree, access, operation, labels, made: None }
    }

    /// The id of the container; with `only`, of one that has this one file of a folder in an empty folder.
    pub(super) async fn container(&mut self, only: Option<String>) -> Result<String, EngineError> {
        if let Some((of, id)) = &self.made
            && *of == only
        {
            return Ok(id.clone());
        }
        let plan = self.plan(only.as_deref())?;
        let id = match self.engine.create_container(&plan, Deadline::CHANGE).await {
            Err(EngineError::NotFound { .. }) => {
                ensure_image(&*self.engine).await?;
                self.engine.create_container(&plan, Deadline::CHANGE).await?
            }
            made => made?,
        };
        self.made = Some((only, id.clone()));
        Ok(id)
    }

    fn plan(&self, only: Option<&str>) -> Result<ContainerPlan, EngineError> {
        let (kind, source) = match (&self.tree, only) {
            (Tree::Volume(name), _) => (MountKind::Volume, name.clone()),
            (Tree::Folder(path), only) => {
                (MountKind::Bind, text_of(only.map_or(path.clone(), |only| path.join(only)))?)
            }
        };
        let target = match (&self.tree, only) {
            (Tree::Folder(_), Some(only)) => format!("/{NAME}/{only}"),
            _ => place(),
        };
        let read_only = self.access == Access::Read;
        Ok(ContainerPlan {
            name: fresh_name(&self.operation),
            image: format!("{REPOSITORY}:{TAG}"),
            // An engine wants a command, also for what is never started.
            command: vec!["/never-started".to_owned()],
            labels: self.labels.clone(),
            mounts: vec![MountPlan { kind, source, target, read_only, labels: self.labels.clone() }],
            network_mode: "none".to_owned(),
            // Above the tree an engine unpacks into a file system that may be written to alone.
            read_only,
            cap_drop: vec!["ALL".to_owned()],
            security_options: vec!["no-new-privileges".to_owned()],
            log_driver: "none".to_owned(),
            ..ContainerPlan::default()
        })
    }
}

fn text_of(path: PathBuf) -> Result<String, EngineError> {
    let refused = |path: std::ffi::OsString| EngineError::Source {
        call: "create container",
        message: format!("the engine takes text alone, and `{}` is none", path.to_string_lossy()),
    };
    path.into_os_string().into_string().map_err(refused)
}

/// Sees that the engine has the image.
pub(super) async fn ensure_image(engine: &dyn Engine) -> Result<(), EngineError> {
    match engine.inspect_image(&format!("{REPOSITORY}:{TAG}"), Deadline::QUESTION).await {
        Err(error) if error.is_not_found() => {}
        found => return found.map(|_| ()),
    }
    let plan = ImageImport {
        repository: REPOSITORY.to_owned(),
        tag: TAG.to_owned(),
        labels: Labels::from([(LABEL.to_owned(), "image".to_owned())]),
    };
    let nothing = futures_util::stream::iter([Ok(bytes::Bytes::from_static(&NOTHING))]);
    engine.import_image(&plan, Box::pin(nothing), Deadline::CHANGE).await.map(|_| ())
}
