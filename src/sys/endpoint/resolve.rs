// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Which engine is meant: flags, `DOCKER_HOST`, `DOCKER_CONTEXT`, the current context, the default socket, in this order
//! (as Docker's own client decides). Reads Docker's configuration folder, never writes it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use super::address::{BadAddress, EngineAddress, TlsFiles};
use crate::compose::ReadError;
use crate::error::UserError;
use crate::sys::Files;

/// The largest configuration file that is read, in bytes.
const MAX_CONFIG_BYTES: u64 = 4 << 20;

/// The name of the context that stands for "no context": `DOCKER_HOST` or the default socket.
pub const DEFAULT_CONTEXT: &str = "default";

/// What was asked for on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum EngineChoice<'a> {
    /// Nothing: environment and configuration decide.
    #[default]
    Unsaid,
    /// `--host ADDRESS`.
    Host(&'a str),
    /// `--context NAME`.
    Context(&'a str),
}

/// An engine, and why it is the one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResolvedEngine {
    /// The name of the context; [`DEFAULT_CONTEXT`] when the address was given directly.
    pub context: String,
    /// Where it is.
    pub address: EngineAddress,
    /// What named it: `--host`, `DOCKER_HOST`, …
    pub origin: &'static str,
}

/// Why no engine could be named.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ResolveError {
    /// The text is no address.
    #[error("{bad} (from {origin})")]
    BadAddress {
        /// What is wrong.
        bad: BadAddress,
        /// Where it was given.
        origin: &'static str,
    },
    /// There is no such context.
    #[error("no context `{name}` (from {origin})")]
    ContextMissing {
        /// The name.
        name: String,
        /// Where it was given.
        origin: &'static str,
        /// The contexts that there are, sorted.
        known: Vec<String>,
    },
    /// A file of the configuration cannot be read or understood.
    #[error("cannot use `{path}`: {reason}")]
    ConfigUnreadable {
        /// The file.
        path: String,
        /// Why.
        reason: String,
    },
}

impl UserError for ResolveError {
    fn code(&self) -> &'static str {
        match self {
            Self::BadAddress { .. } => "engine_address_bad",
            Self::ContextMissing { .. } => "context_missing",
            Self::ConfigUnreadable { .. } => "docker_config_unreadable",
        }
    }

    fn message(&self) -> String {
        self.to_string()
    }

    fn hints(&self) -> Vec<String> {
        match self {
            Self::BadAddress { .. } => {
                vec!["write it like `unix:///var/run/docker.sock` or `tcp://host:2376`".to_owned()]
            }
            Self::ContextMissing { known, .. } if known.is_empty() => {
                vec!["there is none; make one with `docker context create`, or use `--host`".to_owned()]
            }
            Self::ContextMissing { known, .. } => vec![format!("known contexts: `{}`", known.join("`, `"))],
            Self::ConfigUnreadable { .. } => {
                vec!["repair the file, or name the engine with `--host` or `DOCKER_HOST`".to_owned()]
            }
        }
    }
}

#[derive(Deserialize)]
struct ConfigFile {
    #[serde(rename = "currentContext", default)]
    current_context: String,
}

#[derive(Deserialize)]
struct ContextFile {
    #[serde(rename = "Name")]
    name: String,
    #[serde(rename = "Endpoints", default)]
    endpoints: BTreeMap<String, Endpoint>,
}

#[derive(Deserialize)]
struct Endpoint {
    #[serde(rename = "Host", default)]
    host: String,
    #[serde(rename = "SkipTLSVerify", default)]
    skip_tls_verify: bool,
}

/// Finds engines by name. `environment` is the process's.
#[derive(Clone, Copy)]
pub struct EngineResolver<'a> {
    /// The file system.
    pub files: &'a dyn Files,
    /// The environment.
    pub environment: &'a BTreeMap<String, String>,
}

impl EngineResolver<'_> {
    /// The engine that is meant.
    ///
    /// # Errors
    /// When what was named does not exist or is no address.
    pub fn resolve(&self, choice: EngineChoice<'_>) -> Result<ResolvedEngine, ResolveError> {
        match choice {
            EngineChoice::Host(address) => return self.direct(address, "`--host`"),
            EngineChoice::Context(name) => return self.context(name, "`--context`"),
            EngineChoice::Unsaid => {}
        }
        if let Some(address) = self.variable("DOCKER_HOST") {
            return self.direct(address, "`DOCKER_HOST`");
        }
        if let Some(name) = self.variable("DOCKER_CONTEXT") {
            return self.context(name, "`DOCKER_CONTEXT`");
        }
        let current: Option<ConfigFile> = match self.config_folder() {
            Some(folder) => self.json(&folder.join("config.json"))?,
            None => None,
        };
        match current.map(|config| config.current_context).filter(|name| !name.is_empty()) {
            Some(name) => self.context(&name, "`currentContext` in Docker's config.json"),
            None => self.direct("unix://", "the default socket"),
        }
    }

    /// The names of the contexts that there are, sorted, without [`DEFAULT_CONTEXT`].
    #[must_use]
    pub fn contexts(&self) -> Vec<String> {
        let Some(folder) = self.config_folder().map(|folder| folder.join("contexts/meta")) else { return Vec::new() };
        let mut names: Vec<String> = self
            .files
            .list(&folder)
            .unwrap_or_default()
            .iter()
            .filter_map(|entry| self.json::<ContextFile>(&folder.join(entry).join("meta.json")).ok()?)
            .map(|context| context.name)
            .collect();
        names.sort();
        names
    }

    fn variable(&self, name: &str) -> Option<&str> {
        self.environment.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    fn config_folder(&self) -> Option<PathBuf> {
        let home = || self.variable("HOME").map(|home| Path::new(home).join(".docker"));
        self.variable("DOCKER_CONFIG").map(PathBuf::from).or_else(home)
    }

    /// An address that was given as such. `DOCKER_TLS_VERIFY` and `DOCKER_CERT_PATH` apply to it, as in Docker's client.
    fn direct(&self, address: &str, origin: &'static str) -> Result<ResolvedEngine, ResolveError> {
        let verify = self.variable("DOCKER_TLS_VERIFY").is_some();
        let tls = (verify || self.variable("DOCKER_TLS").is_some()).then(|| {
            let folder = self.variable("DOCKER_CERT_PATH").map(PathBuf::from).or_else(|| self.config_folder());
            self.tls_files(&folder.unwrap_or_default(), verify)
        });
        let address = EngineAddress::parse(address, tls).map_err(|bad| ResolveError::BadAddress { bad, origin })?;
        Ok(ResolvedEngine { context: DEFAULT_CONTEXT.to_owned(), address, origin })
    }

    /// A context, from the folders that Docker stores it in.
    fn context(&self, name: &str, origin: &'static str) -> Result<ResolvedEngine, ResolveError> {
        if name == DEFAULT_CONTEXT {
            let address = self.variable("DOCKER_HOST").unwrap_or("unix://").to_owned();
            return self.direct(&address, origin);
        }
        let missing = || ResolveError::ContextMissing { name: name.to_owned(), origin, known: self.contexts() };
        let folder = self.config_folder().ok_or_else(missing)?.join("contexts");
        let id = folder_name(name);
        let context: ContextFile = self.json(&folder.join("meta").join(&id).join("meta.json"))?.ok_or_else(missing)?;
        let endpoint = context.endpoints.get("docker").ok_or_else(missing)?;
        let certificates = folder.join("tls").join(&id).join("docker");
        let tls =
            self.files.is_directory(&certificates).then(|| self.tls_files(&certificates, !endpoint.skip_tls_verify));
        let address =
            EngineAddress::parse(&endpoint.host, tls).map_err(|bad| ResolveError::BadAddress { bad, origin })?;
        Ok(ResolvedEngine { context: name.to_owned(), address, origin })
    }

    fn tls_files(&self, folder: &Path, verify: bool) -> TlsFiles {
        let file = |name: &str| Some(folder.join(name)).filter(|path| self.files.is_file(path));
        TlsFiles { authority: file("ca.pem"), identity: file("cert.pem").zip(file("key.pem")), verify }
    }

    /// A JSON file; `None` when it is not there.
    fn json<T: for<'de> Deserialize<'de>>(&self, path: &Path) -> Result<Option<T>, ResolveError> {
        let fault = |reason: String| ResolveError::ConfigUnreadable { path: path.display().to_string(), reason };
        match self.files.read(path, MAX_CONFIG_BYTES) {
            Err(ReadError::NotFound) => Ok(None),
            Err(error) => Err(fault(error.to_string())),
            Ok(bytes) => serde_json::from_slice(&bytes).map(Some).map_err(|error| fault(error.to_string())),
        }
    }
}

/// The name of a context's folders: the SHA-256 of its own name.
fn folder_name(context: &str) -> String {
    Sha256::digest(context.as_bytes()).iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed set-up fails the test")]

    use super::*;
    use crate::sys::fake::FakeFiles;

    fn resolve(
        files: &[(&str, &str)],
        variables: &[(&str, &str)],
        choice: EngineChoice<'_>,
    ) -> Result<ResolvedEngine, ResolveError> {
        let files = FakeFiles::new(files);
        let mut environment: BTreeMap<String, String> =
            variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        environment.entry("HOME".into()).or_insert_with(|| "/home/me".into());
        EngineResolver { files: &files, environment: &environment }.resolve(choice)
    }

    fn far() -> Vec<(String, String)> {
        let id = folder_name("far");
        vec![
            ("/home/me/.docker/config.json".into(), r#"{"currentContext":"far"}"#.into()),
            (
                format!("/home/me/.docker/contexts/meta/{id}/meta.json"),
                r#"{"Name":"far","Endpoints":{"docker":{"Host":"tcp://far:2376","SkipTLSVerify":false}}}"#.into(),
            ),
            (format!("/home/me/.docker/contexts/tls/{id}/docker/ca.pem"), "x".into()),
        ]
    }

    fn with_far(variables: &[(&str, &str)], choice: EngineChoice<'_>) -> Result<ResolvedEngine, ResolveError> {
        let files = far();
        let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        resolve(&files, variables, choice)
    }

    #[test]
    fn default_socket_when_nothing_is_said() {
        let found = resolve(&[], &[], EngineChoice::Unsaid).unwrap();
        assert_eq!(
            (found.address.to_string().as_str(), found.origin),
            ("unix:///var/run/docker.sock", "the default socket")
        );
    }

    #[test]
    fn host_variable_beats_context_variable_beats_current_context() {
        let both = [("DOCKER_HOST", "unix:///a.sock"), ("DOCKER_CONTEXT", "far")];
        assert_eq!(with_far(&both, EngineChoice::Unsaid).unwrap().address.to_string(), "unix:///a.sock");
        assert_eq!(with_far(&both[1..], EngineChoice::Unsaid).unwrap().origin, "`DOCKER_CONTEXT`");
        let current = with_far(&[], EngineChoice::Unsaid).unwrap();
        assert_eq!((current.context.as_str(), current.address.to_string().as_str()), ("far", "tcp://far:2376"));
    }

    #[test]
    fn flags_beat_everything_and_default_context_means_no_context() {
        let variables = [("DOCKER_HOST", "unix:///a.sock"), ("DOCKER_CONTEXT", "far")];
        assert_eq!(with_far(&variables, EngineChoice::Context("far")).unwrap().address.to_string(), "tcp://far:2376");
        assert_eq!(
            with_far(&[], EngineChoice::Context("default")).unwrap().address.to_string(),
            "unix:///var/run/docker.sock"
        );
        assert_eq!(with_far(&variables, EngineChoice::Host("tcp://b:1")).unwrap().address.to_string(), "tcp://b:1");
    }

    #[test]
    fn certificates_of_a_context_make_it_encrypted() {
        let EngineAddress::Tls { files, .. } = with_far(&[], EngineChoice::Unsaid).unwrap().address else {
            unreachable!("has a ca.pem");
        };
        assert!(files.verify && files.authority.is_some() && files.identity.is_none());
    }

    #[test]
    fn unknown_context_lists_the_known_ones() {
        let error = with_far(&[], EngineChoice::Context("fur")).unwrap_err();
        assert_eq!(error.message(), "no context `fur` (from `--context`)");
        assert_eq!(error.hints(), ["known contexts: `far`"]);
    }

    #[test]
    fn damaged_configuration_is_named() {
        let error = resolve(&[("/home/me/.docker/config.json", "{")], &[], EngineChoice::Unsaid).unwrap_err();
        assert!(error.message().starts_with("cannot use `/home/me/.docker/config.json`"), "{}", error.message());
    }
}
