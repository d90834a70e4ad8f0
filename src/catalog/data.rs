// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What `stacks/<service>/service.yaml` may say. `build.rs` reads the YAML into these types and embeds them as JSON;
//! the program reads that JSON into the same types.
//!
//! Limits: a fact that is not known is left out. Absence means "not known", never "no".

use serde::{Deserialize, Serialize};

use super::failure::KnownFailure;

/// The value of `schema` in every file.
pub const SCHEMA: &str = "stackctl/service/v1";

/// One `service.yaml`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServiceFile {
    /// Always [`SCHEMA`].
    pub schema: String,
    /// The same word as the folder.
    pub service: String,
    /// One line: what the service is for.
    pub summary: String,
    /// Names that compose files usually give it.
    pub names: Vec<String>,
    /// The programs that fill the role, each with images of its own.
    pub kinds: Vec<KnownService>,
}

/// What is known of one program and its images.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KnownService {
    /// The folder in `stacks/`. Filled in by the build.
    #[serde(default)]
    pub service: String,
    /// Names that compose files usually give the service. Filled in by the build.
    #[serde(default)]
    pub names: Vec<String>,
    /// Which of the service's programs this is; the service's own name where there is only one.
    pub kind: String,
    /// Name for people.
    pub title: String,
    /// Complete repositories without tag (`docker.io/ollama/ollama`). One `*` at the end stands for any rest.
    pub images: Vec<String>,
    /// How its tags are spelled.
    #[serde(default)]
    pub tags: KnownTags,
    /// Whom the image runs as.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<KnownUser>,
    /// Programs that a health check may or may not call.
    #[serde(default)]
    pub tools: KnownTools,
    /// The HEALTHCHECK of the image: `none`, or the check.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image_healthcheck: Option<ImageHealthcheck>,
    /// Ports that the program listens on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ports: Vec<KnownPort>,
    /// The health check to write into a compose file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub healthcheck: Option<KnownHealthcheck>,
    /// Questions in the program's own protocol, whose answers show that it does its work. All must be answered well.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub probes: Vec<KnownProbe>,
    /// Paths in the container that hold data.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub data: Vec<DataPath>,
    /// Environment that the program needs.
    #[serde(default, skip_serializing_if = "KnownEnvironment::is_empty")]
    pub environment: KnownEnvironment,
    /// Whether the image is a job that ends, not a service that stays.
    #[serde(default)]
    pub one_shot: bool,
    /// Limits to start with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limits: Option<KnownLimits>,
    /// Failures seen before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub failures: Vec<KnownFailure>,
    /// Anything else worth a line in a guide.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// How an image's tags are spelled.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KnownTags {
    /// Numbers in a whole version, where they are not three (two for `PostgreSQL`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version_parts: Option<u8>,
    /// Spellings that pin, for people: `X.Y.Z`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shapes: Vec<String>,
    /// Tags seen in use.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub seen: Vec<KnownTag>,
    /// What to mind.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// A tag seen in use. A digest is a candidate: ask the registry again before relying on it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KnownTag {
    /// The tag.
    pub tag: String,
    /// The digest that public files give for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
}

/// Whom an image runs as, and whom it can run as.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KnownUser {
    /// What holds without `user:` in the compose file.
    pub image: ImageUser,
    /// The name of that user in the image, or of the one that it drops to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// A value for `user:` with which the program works.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recommended: Option<String>,
    /// What the recommended user needs: owned volumes, HOME.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// Whom the main process of an image runs as: `root`, `drops-root`, or `<uid>:<gid>`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum ImageUser {
    /// The image ends as root and the program stays root.
    Root,
    /// The image starts as root, its entry point gives that up before the program serves anyone.
    DropsRoot,
    /// Another user, as numbers.
    Ids(String),
}

impl TryFrom<String> for ImageUser {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        match text.as_str() {
            "root" => Ok(Self::Root),
            "drops-root" => Ok(Self::DropsRoot),
            ids if ids.split(':').all(|id| id.parse::<u32>().is_ok_and(|id| id > 0)) && ids.contains(':') => {
                Ok(Self::Ids(text))
            }
            _ => Err(format!("`{text}` is neither `root`, `drops-root` nor `<uid>:<gid>`")),
        }
    }
}

impl From<ImageUser> for String {
    fn from(user: ImageUser) -> Self {
        match user {
            ImageUser::Root => "root".to_owned(),
            ImageUser::DropsRoot => "drops-root".to_owned(),
            ImageUser::Ids(ids) => ids,
        }
    }
}

/// Programs proven present in, or missing from, every image of the kind.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KnownTools {
    /// Present.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub has: Vec<String>,
    /// Missing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lacks: Vec<String>,
}

/// The HEALTHCHECK of an image.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(untagged)]
pub enum ImageHealthcheck {
    /// It has none.
    Absent(Nothing),
    /// It has this one.
    Present(Box<KnownHealthcheck>),
}

/// The word `none`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Nothing {
    /// `none`.
    None,
}

/// A health check with all its timings.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KnownHealthcheck {
    /// As in a compose file: `CMD` or `CMD-SHELL` first. A `$` is written once; double it in a compose file.
    pub test: Vec<String>,
    /// Time between two checks.
    pub interval: Period,
    /// Time after which one check has failed.
    pub timeout: Period,
    /// Failures in a row that make the container unhealthy.
    pub retries: u32,
    /// Time after the start in which failures do not count.
    pub start_period: Period,
    /// The start period of a first start that downloads models, where that is longer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_start_period: Option<Period>,
    /// What the check proves, or why it is weak.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// A time in whole seconds, written as a compose file writes it: `90s`, `10m`, `1m30s`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Period {
    text: String,
    seconds: u32,
}

impl Period {
    /// As it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Its length in seconds.
    #[must_use]
    pub const fn seconds(&self) -> u32 {
        self.seconds
    }
}

impl TryFrom<String> for Period {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let mut seconds = 0_u32;
        let mut rest = text.as_str();
        while let Some(end) = rest.find(['h', 'm', 's']) {
            let factor = match rest.as_bytes()[end] {
                b'h' => 3600,
                b'm' => 60,
                _ => 1,
            };
            let added = rest[..end].parse::<u32>().ok().and_then(|number| number.checked_mul(factor));
            let sum = added.and_then(|added| seconds.checked_add(added));
            seconds = sum.ok_or_else(|| format!("`{text}` is no time such as `90s` or `1m30s`"))?;
            rest = &rest[end + 1..];
        }
        if text.is_empty() || !rest.is_empty() {
            return Err(format!("`{text}` is no time such as `90s` or `1m30s`"));
        }
        Ok(Self { text, seconds })
    }
}

impl From<Period> for String {
    fn from(period: Period) -> Self {
        period.text
    }
}

/// A port that a program listens on inside its container.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KnownPort {
    /// The number.
    pub port: u16,
    /// TCP unless said.
    #[serde(default)]
    pub transport: Transport,
    /// What is spoken: `http`, `websocket`, `wyoming`, `mqtt`.
    pub protocol: String,
    /// How far it may be reached.
    pub exposure: Exposure,
    /// Whether a caller must prove who it is.
    pub authentication: Authentication,
    /// What it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<String>,
}

/// TCP or UDP.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Transport {
    /// TCP.
    #[default]
    Tcp,
    /// UDP.
    Udp,
}

/// How far a port may be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Exposure {
    /// By services of the stack alone: never published.
    Internal,
    /// By devices of the local network, on an explicit address.
    Lan,
    /// By anybody, through the reverse proxy.
    Edge,
}

/// Whether a caller must prove who it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Authentication {
    /// Never: whoever reaches the port may use it.
    None,
    /// When configured.
    Optional,
    /// Always.
    Required,
}

/// A question in a program's own protocol. Needs no credentials and changes nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KnownProbe {
    /// What is spoken.
    pub speaks: Speech,
    /// The port inside the container; one of `ports`.
    pub port: u16,
    /// The path that is asked for, for `http` and `websocket`; `/` unless said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The status of a good answer, for `http`; any from 200 to 299 unless said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// The `type` of the JSON object that greets, for `websocket`; any greeting or none unless said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub greeting: Option<String>,
    /// What a good answer proves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proves: Option<String>,
}

/// The protocols that probes speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Speech {
    /// HTTP: a path and a status.
    Http,
    /// Ollama's own interface: its version, then where the loaded models are.
    Ollama,
    /// Websocket: the handshake, and a greeting.
    Websocket,
    /// Wyoming: `describe` is answered with `info`.
    Wyoming,
    /// MQTT: a connection without a name is answered, be it with a refusal.
    Mqtt,
    /// Redis: `PING` is answered, be it with a request for a password.
    Redis,
    /// `PostgreSQL`: the question for encryption is answered.
    Postgres,
    /// Anything: a connection is taken.
    Tcp,
}

/// How dear the data at a path is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DataClass {
    /// Cannot be made again: back it up.
    Critical,
    /// Written by people and kept in git.
    Config,
    /// Can be downloaded or computed again: list it, do not copy it.
    Cache,
    /// Large recordings with a retention of their own.
    Media,
    /// Of no use after a restart.
    Ephemeral,
}

/// A path in the container that holds data.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DataPath {
    /// Absolute path.
    pub path: String,
    /// How dear it is.
    pub class: DataClass,
    /// What lies there.
    pub holds: String,
    /// Whether the program must write there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access: Option<Access>,
    /// Whether a faithful copy needs the service stopped.
    #[serde(default)]
    pub stop_first: bool,
    /// The program to copy it with, where a copy of the files will not do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dump: Option<String>,
}

/// How a path is mounted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Access {
    /// Read-only is enough.
    #[serde(rename = "ro")]
    ReadOnly,
    /// The program writes.
    #[serde(rename = "rw")]
    ReadWrite,
}

/// Environment of a program.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KnownEnvironment {
    /// Without these it does not work.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub required: Vec<KnownVariable>,
    /// Worth setting.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub recommended: Vec<KnownVariable>,
}

impl KnownEnvironment {
    /// Whether nothing is known.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.required.is_empty() && self.recommended.is_empty()
    }
}

/// A variable of a program's environment.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KnownVariable {
    /// Its name.
    pub name: String,
    /// Others that serve as well: any one of them is enough.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub or: Vec<String>,
    /// The value to give it, where there is one right answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// Whether its value must stay unseen.
    #[serde(default)]
    pub secret: bool,
    /// Why.
    pub why: String,
}

/// Limits to start with, as a compose file writes them.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KnownLimits {
    /// Processors.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cpus: Option<String>,
    /// Memory, such as `256m`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory: Option<String>,
    /// Processes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pids: Option<u32>,
}
