// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Where an engine is: the address forms of `DOCKER_HOST` and of contexts.

use std::fmt;
use std::path::PathBuf;

/// Client certificate, key and authority for a TLS connection, as PEM files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsFiles {
    /// The certificate of the authority that signed the engine's; `None` = those that the system trusts.
    pub authority: Option<PathBuf>,
    /// The client's certificate and key, when the engine asks for one.
    pub identity: Option<(PathBuf, PathBuf)>,
    /// Whether the engine's certificate is checked at all.
    pub verify: bool,
}

/// The address of an engine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EngineAddress {
    /// A socket of this machine.
    Unix(PathBuf),
    /// A plain connection.
    Tcp {
        /// Host name or address; IPv6 without brackets.
        host: String,
        /// Port.
        port: u16,
    },
    /// An encrypted connection.
    Tls {
        /// Host name or address; IPv6 without brackets.
        host: String,
        /// Port.
        port: u16,
        /// Certificates.
        files: TlsFiles,
    },
    /// Through `ssh`, whose own configuration applies.
    Ssh {
        /// `host` or `user@host`.
        target: String,
        /// The port, when not ssh's own.
        port: Option<u16>,
        /// The socket on the other side, when not the default one.
        socket: Option<String>,
    },
}

/// A text that is no engine address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{address}` is no engine address: {reason}")]
pub struct BadAddress {
    /// The text.
    pub address: String,
    /// What is wrong with it.
    pub reason: &'static str,
}

impl EngineAddress {
    /// The socket that is used when nothing else is said.
    pub const DEFAULT_SOCKET: &'static str = "/var/run/docker.sock";

    /// Reads `unix://`, `tcp://`, `http://`, `https://` and `ssh://` addresses. `tls` makes `tcp://` encrypted, as
    /// `DOCKER_TLS_VERIFY` and the TLS material of contexts do.
    ///
    /// # Errors
    /// What is wrong with the text.
    pub fn parse(text: &str, tls: Option<TlsFiles>) -> Result<Self, BadAddress> {
        let bad = |reason| BadAddress { address: text.to_owned(), reason };
        let (scheme, rest) = text.split_once("://").ok_or_else(|| bad("it has no scheme such as `unix://`"))?;
        match scheme {
            // Docker's own clients read `unix://` without a path as the default socket.
            "unix" if rest.is_empty() => Ok(Self::Unix(Self::DEFAULT_SOCKET.into())),
            "unix" if rest.starts_with('/') => Ok(Self::Unix(rest.into())),
            "unix" => Err(bad("the path must be absolute, as in `unix:///var/run/docker.sock`")),
            "tcp" | "http" | "https" => {
                let encrypted = tls.is_some() || scheme == "https";
                let (host, port) = authority(rest.trim_end_matches('/')).map_err(bad)?;
                let host = if host.is_empty() { "127.0.0.1".to_owned() } else { host };
                let port = port.unwrap_or(if encrypted { 2376 } else { 2375 });
                Ok(match tls {
                    Some(files) => Self::Tls { host, port, files },
                    None if encrypted => {
                        Self::Tls { host, port, files: TlsFiles { authority: None, identity: None, verify: true } }
                    }
                    None => Self::Tcp { host, port },
                })
            }
            "ssh" => {
                let (target, path) = rest.split_once('/').map_or((rest, ""), |(target, path)| (target, path));
                let (user, host) = target.split_once('@').map_or((None, target), |(user, host)| (Some(user), host));
                let (host, port) = authority(host).map_err(bad)?;
                // ssh takes a leading dash for an option.
                if host.is_empty()
                    || host.starts_with('-')
                    || user.is_some_and(|user| user.is_empty() || user.starts_with('-'))
                {
                    return Err(bad("it names no host"));
                }
                if user.is_some_and(|user| user.contains(':')) {
                    return Err(bad("a password has no place in it"));
                }
                let target = user.map_or_else(|| host.clone(), |user| format!("{user}@{host}"));
                Ok(Self::Ssh { target, port, socket: (!path.is_empty()).then(|| format!("/{path}")) })
            }
            "npipe" => Err(bad("named pipes are for native Windows; use the socket of WSL2")),
            "fd" => Err(bad("`fd://` is for the engine itself")),
            _ => Err(bad("its scheme is none of `unix`, `tcp`, `http`, `https`, `ssh`")),
        }
    }
}

/// `host`, `host:port`, `[v6]` or `[v6]:port`.
fn authority(text: &str) -> Result<(String, Option<u16>), &'static str> {
    const BAD_PORT: &str = "the port is no number from 1 to 65535";
    if text.contains('/') {
        return Err("a path is not supported");
    }
    let (host, port) = match text.strip_prefix('[') {
        Some(rest) => {
            let (host, rest) = rest.split_once(']').ok_or("a bracket is not closed")?;
            (host, if rest.is_empty() { None } else { Some(rest.strip_prefix(':').ok_or(BAD_PORT)?) })
        }
        None if text.matches(':').count() > 1 => return Err("an IPv6 address needs brackets"),
        None => text.split_once(':').map_or((text, None), |(host, port)| (host, Some(port))),
    };
    let port = port.map(|port| port.parse::<u16>().ok().filter(|port| *port > 0).ok_or(BAD_PORT)).transpose()?;
    Ok((host.to_owned(), port))
}

impl fmt::Display for EngineAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unix(path) => write!(formatter, "unix://{}", path.display()),
            Self::Tcp { host, port } | Self::Tls { host, port, .. } if host.contains(':') => {
                write!(formatter, "tcp://[{host}]:{port}")
            }
            Self::Tcp { host, port } | Self::Tls { host, port, .. } => write!(formatter, "tcp://{host}:{port}"),
            Self::Ssh { target, port, socket } => {
                write!(formatter, "ssh://{target}")?;
                if let Some(port) = port {
                    write!(formatter, ":{port}")?;
                }
                formatter.write_str(socket.as_deref().unwrap_or_default())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed set-up fails the test")]

    use super::*;

    fn shown(text: &str) -> String {
        EngineAddress::parse(text, None).unwrap().to_string()
    }

    #[test]
    fn reads_every_form_and_shows_it_again() {
        assert_eq!(shown("unix://"), "unix:///var/run/docker.sock");
        assert_eq!(shown("unix:///run/a b.sock"), "unix:///run/a b.sock");
        assert_eq!(shown("tcp://host"), "tcp://host:2375");
        assert_eq!(shown("tcp://:99"), "tcp://127.0.0.1:99");
        assert_eq!(shown("http://[::1]:2375/"), "tcp://[::1]:2375");
        assert_eq!(shown("https://host"), "tcp://host:2376");
        assert_eq!(shown("ssh://me@host:22/run/d.sock"), "ssh://me@host:22/run/d.sock");
    }

    #[test]
    fn refuses_what_is_no_address() {
        for text in [
            "",
            "/var/run/docker.sock",
            "unix://docker.sock",
            "tcp://a:0",
            "tcp://a:70000",
            "tcp://::1",
            "ssh://",
            "ftp://a",
        ] {
            assert!(EngineAddress::parse(text, None).is_err(), "{text}");
        }
    }

    #[test]
    fn ssh_target_is_never_an_option() {
        assert!(EngineAddress::parse("ssh://-oProxyCommand=x", None).is_err());
        assert!(EngineAddress::parse("ssh://-l@host", None).is_err());
        assert!(EngineAddress::parse("ssh://me:secret@host", None).is_err());
    }
}
