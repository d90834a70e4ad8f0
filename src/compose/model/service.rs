// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! One service.

use crate::compose::Node;
use crate::diag::{Span, Spanned};

use super::{Dependency, Healthcheck, Mount, NetworkAttachment, NetworkMode, Port, SecretUse};

/// How an environment entry is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EnvForm {
    /// `KEY: value`.
    Map,
    /// `- KEY=value`.
    List,
    /// A line of an env file; the span points into the `env_file` entry of the compose file.
    EnvFile(String),
}

/// A variable that the container receives.
#[derive(Debug, Clone)]
pub struct EnvVar {
    /// The name, with the span of the key (map form) or of the whole item (list form).
    pub name: Spanned<String>,
    /// The value as Compose sends it. `None`: taken over from the environment at `up`, and unset here.
    pub value: Option<Spanned<String>>,
    /// How it is written.
    pub form: EnvForm,
    /// The value before interpolation when it has variable references (map and list form).
    pub template: Option<String>,
}

/// A command or entrypoint.
#[derive(Debug, Clone)]
pub struct Command {
    /// The words as Compose passes them to the engine.
    pub words: Vec<Spanned<String>>,
    /// The whole value.
    pub span: Span,
    /// Whether it was written as one string (which Compose splits like a shell).
    pub from_string: bool,
}

/// How an image is built.
#[derive(Debug, Clone)]
pub struct Build {
    /// The value of `build`.
    pub span: Span,
    /// The context as written.
    pub context: Option<Spanned<String>>,
    /// The Dockerfile, when named.
    pub dockerfile: Option<Spanned<String>>,
    /// Build arguments in map or list form.
    pub args: Vec<EnvVar>,
    /// The canonical tree of `build`.
    pub node: Node,
}

/// The `logging` section.
#[derive(Debug, Clone)]
pub struct Logging {
    /// The key `logging`.
    pub key: Span,
    /// The driver, when named.
    pub driver: Option<Spanned<String>>,
    /// Option names and values as strings.
    pub options: Vec<(Spanned<String>, Spanned<String>)>,
}

/// One service of the project.
#[derive(Debug, Clone)]
pub struct Service {
    /// The name, with the span of the key.
    pub name: Spanned<String>,
    /// The `image`, interpolated.
    pub image: Option<Spanned<String>>,
    /// The `image` as written, when it has variable references.
    pub image_template: Option<String>,
    /// The `build` section.
    pub build: Option<Build>,
    /// `container_name`.
    pub container_name: Option<Spanned<String>>,
    /// `command`.
    pub command: Option<Command>,
    /// `entrypoint`.
    pub entrypoint: Option<Command>,
    /// The `healthcheck` section.
    pub healthcheck: Option<Healthcheck>,
    /// `depends_on` and what implies it (links, `volumes_from`, `service:` modes).
    pub depends_on: Vec<Dependency>,
    /// `environment` over `env_file`; one entry a name, in order of first appearance.
    pub environment: Vec<EnvVar>,
    /// Labels in map or list form.
    pub labels: Vec<EnvVar>,
    /// The `env_file` entries: the path as written, and whether it is required.
    pub env_files: Vec<(Spanned<String>, bool)>,
    /// Published and exposed ports of `ports`.
    pub ports: Vec<Port>,
    /// `expose` entries as written.
    pub expose: Vec<Spanned<String>>,
    /// `volumes` and `tmpfs`.
    pub mounts: Vec<Mount>,
    /// `networks`; `None` when the key is absent.
    pub networks: Option<Vec<NetworkAttachment>>,
    /// `network_mode`.
    pub network_mode: Option<Spanned<NetworkMode>>,
    /// `restart`.
    pub restart: Option<Spanned<String>>,
    /// `user`.
    pub user: Option<Spanned<String>>,
    /// `privileged`.
    pub privileged: Option<Spanned<bool>>,
    /// `pull_policy`.
    pub pull_policy: Option<Spanned<String>>,
    /// `profiles`; empty when always enabled.
    pub profiles: Vec<Spanned<String>>,
    /// The `logging` section.
    pub logging: Option<Logging>,
    /// `secrets` of the service.
    pub secrets: Vec<SecretUse>,
    /// `extra_hosts`, as `host=address`.
    pub extra_hosts: Vec<Spanned<String>>,
    /// The key `provider`: the service has no container.
    pub provider: Option<Span>,
    /// `deploy.mode: replicated-job` and the like, or `restart` under `deploy`; the canonical section.
    pub deploy: Option<Node>,
    /// The canonical tree of the service.
    pub node: Node,
}

impl Service {
    /// The span of a key of the service, wherever it is defined.
    #[must_use]
    pub fn key_span(&self, key: &str) -> Option<Span> {
        self.node.as_map().and_then(|map| map.entry(key)).map(|entry| entry.key_span)
    }

    /// The service's path in the model: `services.<name>`.
    #[must_use]
    pub fn path(&self) -> String {
        format!("services.{}", self.name.value)
    }

    /// Whether Compose makes a container for it (a provider service has none).
    #[must_use]
    pub fn has_container(&self) -> bool {
        self.provider.is_none()
    }
}
