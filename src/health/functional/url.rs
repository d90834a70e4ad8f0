// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Probes as people write them: `http://127.0.0.1:8080/health`, `wyoming://:10300`.

use std::fmt;

use super::Question;
use crate::catalog::Speech;

/// What each scheme speaks, and the port where none is written.
const SCHEMES: &[(&str, Speech, Option<u16>)] = &[
    ("http", Speech::Http, Some(80)),
    ("ws", Speech::Websocket, Some(80)),
    ("wyoming", Speech::Wyoming, Some(10300)),
    ("ollama", Speech::Ollama, Some(11434)),
    ("mqtt", Speech::Mqtt, Some(1883)),
    ("redis", Speech::Redis, Some(6379)),
    ("postgres", Speech::Postgres, Some(5432)),
    ("tcp", Speech::Tcp, None),
];

/// A question and where it is asked. The `type` that a websocket greets with stands behind `#`: `ws://:8181/core#connected`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProbeUrl {
    /// What is asked.
    pub question: Question,
    /// Where; `None` = wherever the container is. IPv6 without brackets.
    pub host: Option<String>,
    /// The port: of the host, or inside the container where no host is named.
    pub port: u16,
}

/// A text that is no probe.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{shown}` is no probe: {reason}")]
pub struct BadProbeUrl {
    /// The text, without user and password.
    pub shown: String,
    /// What is wrong with it.
    pub reason: &'static str,
}

impl ProbeUrl {
    /// Reads a probe: scheme, host (may be missing), port (may be missing where the scheme has one), path.
    ///
    /// # Errors
    /// What is wrong with the text.
    pub fn parse(text: &str) -> Result<Self, BadProbeUrl> {
        Self::read(text).map_err(|reason| BadProbeUrl { shown: without_user(text), reason })
    }

    fn read(text: &str) -> Result<Self, &'static str> {
        if text.len() > 2048 || text.chars().any(|letter| letter.is_control() || letter.is_whitespace()) {
            return Err("it must be short and hold no blanks");
        }
        let (scheme, rest) = text.split_once("://").ok_or("it has no scheme such as `http://`")?;
        if matches!(scheme, "https" | "wss" | "rediss" | "mqtts") {
            return Err("probes do not encrypt; ask the container itself, behind its proxy");
        }
        let known = SCHEMES.iter().find(|(name, _, _)| *name == scheme);
        let (_, speech, default_port) = *known
            .ok_or("its scheme is none of `http`, `ws`, `wyoming`, `ollama`, `mqtt`, `redis`, `postgres`, `tcp`")?;
        let (rest, fragment) = rest.split_once('#').map_or((rest, None), |(rest, fragment)| (rest, Some(fragment)));
        let start = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at(start);
        if authority.contains('@') {
            return Err("user and password have no place in it");
        }
        let (host, port) = host_and_port(authority)?;
        let has_path = matches!(speech, Speech::Http | Speech::Websocket);
        if !has_path && !matches!(path, "" | "/") {
            return Err("its scheme has no path");
        }
        let greeting = fragment.filter(|word| !word.is_empty());
        if greeting.is_some() && speech != Speech::Websocket {
            return Err("only `ws` has a greeting behind `#`");
        }
        let path = if path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
        Ok(Self {
            question: Question { path, greeting: greeting.map(str::to_owned), ..Question::new(speech) },
            host,
            port: port.or(default_port).ok_or("it names no port")?,
        })
    }
}

/// `host:port`, each of which may be missing; IPv6 stands in brackets.
fn host_and_port(authority: &str) -> Result<(Option<String>, Option<u16>), &'static str> {
    let (host, port) = match authority.strip_prefix('[') {
        Some(rest) => {
            let (host, after) = rest.split_once(']').ok_or("a bracket is not closed")?;
            if host.parse::<std::net::Ipv6Addr>().is_err() {
                return Err("what stands in brackets is no IPv6 address");
            }
            (host, if after.is_empty() { None } else { Some(after.strip_prefix(':').ok_or("its port is no number")?) })
        }
        None => match authority.split_once(':') {
            Some((_, port)) if port.contains(':') => return Err("an IPv6 address stands in brackets"),
            Some((host, port)) => (host, Some(port)),
            None => (authority, None),
        },
    };
    let is_name = |letter: char| letter.is_ascii_alphanumeric() || ".-_:".contains(letter);
    if !host.chars().all(is_name) {
        return Err("its host is no name or address");
    }
    let port = match port {
        None | Some("") => None,
        Some(text) => Some(text.parse().ok().filter(|port| *port != 0).ok_or("its port is no number from 1 to 65535")?),
    };
    Ok(((!host.is_empty()).then(|| host.to_owned()), port))
}

fn without_user(text: &str) -> String {
    let shown = match (text.split_once("://"), text.rsplit_once('@')) {
        (Some((scheme, _)), Some((_, after))) => format!("{scheme}://…@{after}"),
        _ => text.to_owned(),
    };
    super::excerpt(shown.as_bytes())
}

impl fmt::Display for ProbeUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let host = self.host.as_deref().unwrap_or_default();
        let host = if host.contains(':') { format!("[{host}]") } else { host.to_owned() };
        let path =
            if matches!(self.question.speech, Speech::Http | Speech::Websocket) { &self.question.path } else { "" };
        write!(formatter, "{}://{host}:{}{path}", self.question.scheme(), self.port)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        ProbeUrl::parse(text).map_or_else(|error| error.reason.to_owned(), |url| url.to_string())
    }

    #[test]
    fn host_port_and_path_may_be_missing() {
        for (text, expected) in [
            ("http://:8080/health", "http://:8080/health"),
            ("http://h?x=1", "http://h:80/?x=1"),
            ("wyoming://", "wyoming://:10300"),
            ("ollama://127.0.0.1", "ollama://127.0.0.1:11434"),
            ("tcp://[::1]:99", "tcp://[::1]:99"),
            ("ws://bus:8181/core#connected", "ws://bus:8181/core"),
        ] {
            assert_eq!(shown(text), expected);
        }
        let greeting = ProbeUrl::parse("ws://:8181/core#connected").map(|url| url.question.greeting);
        assert_eq!(greeting, Ok(Some("connected".to_owned())));
    }

    #[test]
    fn what_is_wrong_is_told_without_passwords() {
        for (text, reason) in [
            ("8080", "it has no scheme"),
            ("https://x", "do not encrypt"),
            ("ftp://x", "its scheme is none of"),
            ("tcp://x", "names no port"),
            ("tcp://x:0", "no number"),
            ("tcp://x:99999", "no number"),
            ("tcp://::1:9", "in brackets"),
            ("tcp://[::1:9", "not closed"),
            ("tcp://[x]:9", "no IPv6"),
            ("tcp://[::1]9", "no number"),
            ("http://a\r\nHost:x/", "no blanks"),
            ("http://a/b c", "no blanks"),
            ("http://a%41/", "no name or address"),
            ("redis://x/1", "has no path"),
            ("http://x/#a", "only `ws`"),
        ] {
            assert!(shown(text).contains(reason), "{text}: {}", shown(text));
        }
        let error = ProbeUrl::parse("http://me:hunter2@x/").map_err(|error| error.to_string());
        assert_eq!(error, Err("`http://…@x/` is no probe: user and password have no place in it".to_owned()));
    }
}
