// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The questions that rules ask about a known service.

use super::data::{
    Authentication, DataPath, Exposure, ImageHealthcheck, ImageUser, KnownHealthcheck, KnownPort, KnownService,
    KnownVariable, Transport,
};

/// An answer that may be missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Knowledge {
    /// Surely so.
    Yes,
    /// Surely not.
    No,
    /// Not known.
    Unknown,
}

/// What is known of the HEALTHCHECK in an image.
#[derive(Debug, Clone, Copy)]
pub enum HealthcheckKnowledge<'a> {
    /// The image has this check.
    Present(&'a KnownHealthcheck),
    /// The image has none.
    Absent,
    /// Not known.
    Unknown,
}

impl KnownService {
    /// Whether one of the image patterns covers the complete repository `repository`.
    #[must_use]
    pub fn matches(&self, repository: &str) -> bool {
        self.images.iter().any(|pattern| match pattern.strip_suffix('*') {
            Some(start) => repository.starts_with(start),
            None => pattern == repository,
        })
    }

    /// Whether the main process stays root when the compose file has no `user:`.
    #[must_use]
    pub fn stays_root(&self) -> Knowledge {
        match self.user.as_ref().map(|user| &user.image) {
            Some(ImageUser::Root) => Knowledge::Yes,
            Some(ImageUser::DropsRoot | ImageUser::Ids(_)) => Knowledge::No,
            None => Knowledge::Unknown,
        }
    }

    /// Whether the image starts as root and gives that up itself.
    #[must_use]
    pub fn drops_root(&self) -> bool {
        self.user.as_ref().is_some_and(|user| user.image == ImageUser::DropsRoot)
    }

    /// A value for `user:` with which the program works, such as `1000:1000`.
    #[must_use]
    pub fn recommended_user(&self) -> Option<&str> {
        self.user.as_ref().and_then(|user| user.recommended.as_deref())
    }

    /// The HEALTHCHECK of the image.
    #[must_use]
    pub fn image_check(&self) -> HealthcheckKnowledge<'_> {
        match &self.image_healthcheck {
            Some(ImageHealthcheck::Present(check)) => HealthcheckKnowledge::Present(check),
            Some(ImageHealthcheck::Absent(_)) => HealthcheckKnowledge::Absent,
            None => HealthcheckKnowledge::Unknown,
        }
    }

    /// Whether the image has the program `tool` (its name, or an absolute path that ends in it).
    #[must_use]
    pub fn has_tool(&self, tool: &str) -> Knowledge {
        let name = tool.rsplit('/').next().unwrap_or(tool);
        let listed = |tools: &[String]| tools.iter().any(|known| known == name);
        if listed(&self.tools.has) {
            Knowledge::Yes
        } else if listed(&self.tools.lacks) {
            Knowledge::No
        } else {
            Knowledge::Unknown
        }
    }

    /// Whether the image is a job that ends.
    #[must_use]
    pub const fn is_one_shot(&self) -> bool {
        self.one_shot
    }

    /// The port with this number and transport.
    #[must_use]
    pub fn port(&self, number: u16, transport: Transport) -> Option<&KnownPort> {
        self.ports.iter().find(|port| port.port == number && port.transport == transport)
    }

    /// Ports that answer anybody who reaches them, unless somebody configures otherwise.
    pub fn unauthenticated_ports(&self) -> impl Iterator<Item = &KnownPort> {
        self.ports.iter().filter(|port| port.authentication != Authentication::Required)
    }

    /// Ports that must not be published.
    pub fn internal_ports(&self) -> impl Iterator<Item = &KnownPort> {
        self.ports.iter().filter(|port| port.exposure == Exposure::Internal)
    }

    /// The data that `path` in the container belongs to: the longest known path that is `path` or holds it.
    #[must_use]
    pub fn data_at(&self, path: &str) -> Option<&DataPath> {
        let path = path.trim_end_matches('/');
        let holds = |data: &&DataPath| {
            path.strip_prefix(data.path.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        self.data.iter().filter(holds).max_by_key(|data| data.path.len())
    }

    /// Variables without which the program does not work.
    #[must_use]
    pub fn required_environment(&self) -> &[KnownVariable] {
        &self.environment.required
    }
}
