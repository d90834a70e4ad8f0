// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Why an engine call failed, in words for people.

use std::time::Duration;

use super::{ApiVersion, TrustFault};
use crate::error::UserError;

/// What stands between this program and the engine.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LinkFault {
    /// The socket or host name does not exist.
    #[error("there is no such socket or host")]
    Missing,
    /// Nobody listens.
    #[error("nobody listens there")]
    Refused,
    /// The engine closed the connection in the middle of an answer, as it does when it stops.
    #[error("the connection was closed before the answer was complete")]
    Closed,
    /// `ssh` ended before the engine said anything; its own words.
    #[error("ssh: {0}")]
    Ssh(String),
    /// Anything else, in the words of the system.
    #[error("{0}")]
    Other(String),
}

/// A failed call. `call` is what was asked, such as `inspect container`; `address` is the engine's as shown to people.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EngineError {
    /// The object is not there, or no longer.
    #[error("{call}: {message}")]
    NotFound {
        /// What was asked.
        call: &'static str,
        /// The engine's words.
        message: String,
    },
    /// The object is in a state in which this cannot be done, or its name is taken.
    #[error("{call}: {message}")]
    Conflict {
        /// What was asked.
        call: &'static str,
        /// The engine's words.
        message: String,
    },
    /// The engine refused for another reason.
    #[error("{call}: the engine answered {status}: {message}")]
    Refused {
        /// What was asked.
        call: &'static str,
        /// The HTTP status.
        status: u16,
        /// The engine's words.
        message: String,
    },
    /// No connection.
    #[error("cannot reach the engine at `{address}`: {fault}")]
    Unreachable {
        /// Where the engine was looked for.
        address: String,
        /// Why it cannot be reached.
        fault: LinkFault,
    },
    /// The socket is there, but this user may not use it.
    #[error("no permission to use the engine at `{address}`")]
    Denied {
        /// The engine's address.
        address: String,
    },
    /// No answer in time. The engine may still carry out what was asked.
    #[error("{call}: no answer from `{address}` within {} s", seconds(*.after))]
    Timeout {
        /// What was asked.
        call: &'static str,
        /// The engine's address.
        address: String,
        /// How long was waited.
        after: Duration,
    },
    /// An answer that makes no sense.
    #[error("{call}: the answer of `{address}` is not understood: {message}")]
    Protocol {
        /// What was asked.
        call: &'static str,
        /// The engine's address.
        address: String,
        /// What is wrong with it.
        message: String,
    },
    /// What was to be sent could not be read.
    #[error("{call}: what is to be sent cannot be read: {message}")]
    Source {
        /// What was asked.
        call: &'static str,
        /// Why, in the words of the system.
        message: String,
    },
    /// This engine cannot do it.
    #[error("{feature} needs engine API {needs_api}; `{address}` has {has_api}")]
    Unsupported {
        /// What is missing.
        feature: &'static str,
        /// The engine's address.
        address: String,
        /// The oldest API version that has it.
        needs_api: ApiVersion,
        /// The API version of the engine.
        has_api: ApiVersion,
    },
    /// The two sides do not trust each other, or the certificates cannot be read.
    #[error("no encrypted connection to `{address}`: {fault}")]
    Certificates {
        /// The engine's address.
        address: String,
        /// What is wrong.
        fault: TrustFault,
    },
}

/// Seconds with at most one digit behind the point.
fn seconds(time: Duration) -> String {
    let tenths = (time.as_millis() + 50) / 100;
    if tenths.is_multiple_of(10) { (tenths / 10).to_string() } else { format!("{}.{}", tenths / 10, tenths % 10) }
}

impl EngineError {
    /// Whether the engine itself is out of reach, so that other calls would fail too.
    #[must_use]
    pub fn is_outage(&self) -> bool {
        matches!(self, Self::Unreachable { .. } | Self::Denied { .. } | Self::Timeout { .. })
    }

    /// Whether the object is not there.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        matches!(self, Self::NotFound { .. })
    }
}

impl UserError for EngineError {
    fn code(&self) -> &'static str {
        match self {
            Self::NotFound { .. } => "engine_object_missing",
            Self::Conflict { .. } => "engine_conflict",
            Self::Refused { .. } => "engine_refused",
            Self::Unreachable { .. } => "engine_unreachable",
            Self::Denied { .. } => "engine_denied",
            Self::Timeout { .. } => "engine_timeout",
            Self::Protocol { .. } => "engine_protocol",
            Self::Source { .. } => "engine_source",
            Self::Unsupported { .. } => "engine_too_old",
            Self::Certificates { .. } => "engine_certificates",
        }
    }

    fn message(&self) -> String {
        self.to_string()
    }

    fn hints(&self) -> Vec<String> {
        let hint = match self {
            Self::NotFound { .. } | Self::Conflict { .. } | Self::Source { .. } => return Vec::new(),
            Self::Refused { .. } => "the engine's log says more: `journalctl -u docker`".to_owned(),
            Self::Unreachable { address, fault } => return unreachable_hints(address, fault),
            Self::Denied { address } => {
                let user = "add yourself to the group that owns the socket: `sudo usermod -aG docker $USER`, then log in again";
                let look = match address.strip_prefix("unix://") {
                    Some(path) => format!("or see who may use it: `ls -l {path}`"),
                    None => "or check the certificates of the context".to_owned(),
                };
                return vec![user.to_owned(), look];
            }
            Self::Timeout { address, .. } => {
                format!(
                    "see whether the engine answers at all: `docker -H {address} version`; a busy disk slows it down"
                )
            }
            Self::Protocol { address, .. } => {
                format!("see what answers there: `docker -H {address} version`")
            }
            Self::Unsupported { needs_api, .. } => {
                format!("upgrade the engine to one that speaks API {needs_api} (`docker version` shows it)")
            }
            Self::Certificates { fault, .. } => fault.hint().to_owned(),
        };
        vec![hint]
    }
}

fn unreachable_hints(address: &str, fault: &LinkFault) -> Vec<String> {
    let start = "start the engine: `sudo systemctl start docker`, or start Docker Desktop".to_owned();
    let elsewhere = "name another one with `--host` or `--context`, or set `DOCKER_HOST`".to_owned();
    match fault {
        LinkFault::Ssh(words) => vec![ssh_hint(address, words), elsewhere],
        _ if !address.starts_with("unix://") => {
            vec![
                format!("see whether the address is right and the way is open: `docker -H {address} version`"),
                elsewhere,
            ]
        }
        LinkFault::Missing | LinkFault::Refused | LinkFault::Closed => vec![start, elsewhere],
        LinkFault::Other(_) => vec![elsewhere],
    }
}

/// The next step, by the words of `ssh`, of the shell over there, or of the client over there.
fn ssh_hint(address: &str, words: &str) -> String {
    let target = address.trim_start_matches("ssh://").split('/').next().unwrap_or_default();
    // A port is a flag of ssh.
    let target = match target.rsplit_once(':') {
        Some((host, port)) => format!("-p {port} {host}"),
        None => target.to_owned(),
    };
    let has = |part: &str| words.contains(part);
    if has("Host key verification failed") || has("REMOTE HOST IDENTIFICATION") {
        format!("see whose key it is and accept it, once, by hand: `ssh {target}`")
    } else if has("daemon socket") || has("Docker daemon") {
        format!("the way is open, and the engine over there is not: `ssh {target} docker version` says why")
    } else if has("Permission denied") {
        format!("nobody can type a password here; give a key that `ssh -o BatchMode=yes {target} true` works with")
    } else if has("not installed") {
        "install the OpenSSH client".to_owned()
    } else if has("not found") || has("is not a docker command") {
        format!("install Docker's client over there, 18.09 or newer, for all users: `ssh {target} docker --version`")
    } else {
        format!("see what comes of it by hand: `ssh {target} docker system dial-stdio`")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_socket_names_the_socket_and_the_next_step() {
        let error = EngineError::Unreachable { address: "unix:///run/x.sock".into(), fault: LinkFault::Missing };
        assert_eq!(error.message(), "cannot reach the engine at `unix:///run/x.sock`: there is no such socket or host");
        assert!(error.hints()[0].contains("systemctl start docker"));
        assert!(error.is_outage());
    }

    #[test]
    fn words_of_ssh_lead_to_the_next_step() {
        for (words, part) in [
            ("Host key verification failed.", "accept it, once, by hand: `ssh -p 2222 me@far`"),
            ("me@far: Permission denied (publickey).", "BatchMode=yes -p 2222 me@far true"),
            ("bash: line 1: docker: command not found", "install Docker's client"),
            ("permission denied while trying to connect to the Docker daemon socket", "docker version"),
            ("`ssh` is not installed", "OpenSSH"),
            ("kex_exchange_identification", "dial-stdio"),
        ] {
            let fault = LinkFault::Ssh(words.to_owned());
            let error = EngineError::Unreachable { address: "ssh://me@far:2222/run/d.sock".into(), fault };
            assert!(error.message().ends_with(&format!("ssh: {words}")));
            assert!(error.hints()[0].contains(part), "{words}: {:?}", error.hints());
        }
    }

    #[test]
    fn denied_names_the_group() {
        let error = EngineError::Denied { address: "unix:///run/x.sock".into() };
        assert!(error.hints()[0].contains("usermod -aG docker"));
        assert_eq!(error.hints()[1], "or see who may use it: `ls -l /run/x.sock`");
    }

    #[test]
    fn timeout_names_the_call_and_the_time() {
        let error = EngineError::Timeout {
            call: "list containers",
            address: "tcp://a:1".into(),
            after: Duration::from_millis(1500),
        };
        assert_eq!(error.message(), "list containers: no answer from `tcp://a:1` within 1.5 s");
    }

    #[test]
    fn old_engine_names_both_versions() {
        let error = EngineError::Unsupported {
            feature: "start interval",
            address: "unix:///x".into(),
            needs_api: ApiVersion::new(1, 44),
            has_api: ApiVersion::new(1, 41),
        };
        assert_eq!(error.message(), "start interval needs engine API 1.44; `unix:///x` has 1.41");
    }
}
