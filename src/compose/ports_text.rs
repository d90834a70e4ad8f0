// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The short form of a published port: `[address:][published[-end]:]target[-end][/protocol]`.
//!
//! Limits: a range is expanded into one entry a port, at most 65,536 of them.

use std::net::IpAddr;

/// One port of a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PortConfig {
    /// The port in the container.
    pub target: u32,
    /// The port on the host: a number, a range to choose from, or empty for any free one.
    pub published: String,
    /// The address on the host, without brackets; empty for all.
    pub host_ip: String,
    /// `tcp`, `udp` or `sctp`.
    pub protocol: String,
}

/// Why a text is no port, in the words of Compose.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PortError {
    /// Colons or brackets do not make an address.
    #[error("`{address}` is no address: {problem}")]
    MalformedAddress {
        /// What stands before the host port.
        address: String,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// Not an IP address; names are not allowed.
    #[error("`{0}` is no IP address")]
    InvalidAddress(String),
    /// Nothing after the last colon.
    #[error("the port of the container is missing")]
    NoPort(String),
    /// No port number or range, or one beyond 65535, or a range that runs backwards.
    #[error("`{0}` is no port of a container")]
    InvalidTarget(String),
    /// The same for the port on the host.
    #[error("`{0}` is no port of the host")]
    InvalidPublished(String),
    /// Two ranges of different lengths.
    #[error("the ranges `{published}` and `{target}` have different lengths")]
    RangeMismatch {
        /// The range in the container.
        target: String,
        /// The range on the host.
        published: String,
    },
    /// Not `tcp`, `udp` or `sctp`.
    #[error("`{0}` is no protocol")]
    InvalidProtocol(String),
}

/// Reads a port in the short form, ranges expanded, in the order in which Compose lists them.
///
/// Source: docker/go-connections 0.5 `nat.ParsePortSpec` and compose-go `ParsePortConfig`.
///
/// # Errors
/// See `PortError`.
pub fn parse(text: &str) -> Result<Vec<PortConfig>, PortError> {
    let (before, target) = text.rsplit_once(':').map_or((None, text), |(before, target)| (Some(before), target));
    let (address, published) = before.map_or(("", ""), |before| before.rsplit_once(':').unwrap_or(("", before)));
    let (target, protocol) = split_protocol(target);
    let host_ip = parse_address(address)?;
    if target.is_empty() {
        return Err(PortError::NoPort(text.to_owned()));
    }
    let targets = parse_range(target).ok_or_else(|| PortError::InvalidTarget(target.to_owned()))?;
    let hosts = if published.is_empty() {
        None
    } else {
        Some(parse_range(published).ok_or_else(|| PortError::InvalidPublished(published.to_owned()))?)
    };
    let is_single = targets.0 == targets.1;
    if let Some(hosts) = hosts
        && !is_single
        && targets.1 - targets.0 != hosts.1 - hosts.0
    {
        return Err(PortError::RangeMismatch { target: target.to_owned(), published: published.to_owned() });
    }
    let lower = protocol.to_lowercase();
    if !matches!(lower.as_str(), "tcp" | "udp" | "sctp") {
        return Err(PortError::InvalidProtocol(protocol.to_owned()));
    }
    let mut ports: Vec<PortConfig> = (targets.0..=targets.1)
        .map(|port| PortConfig {
            target: u32::from(port),
            published: match hosts {
                None => String::new(),
                // A range on the host for one port in the container: the engine chooses.
                Some((first, last)) if is_single && first != last => format!("{first}-{last}"),
                Some((first, _)) => (first + (port - targets.0)).to_string(),
            },
            host_ip: host_ip.to_owned(),
            protocol: lower.clone(),
        })
        .collect();
    // Compose sorts the ports of one range as texts: 9-11 gives 10, 11, 9.
    ports.sort_by_cached_key(|port| format!("{}/{}", port.target, port.protocol));
    Ok(ports)
}

/// Port and protocol; further slashes are ignored.
fn split_protocol(text: &str) -> (&str, &str) {
    let mut parts = text.split('/');
    let port = parts.next().unwrap_or_default();
    match parts.next() {
        Some(protocol) if !protocol.is_empty() => (port, protocol),
        _ => (port, "tcp"),
    }
}

/// First and last port; what follows a second dash is ignored, as in Go.
fn parse_range(text: &str) -> Option<(u16, u16)> {
    let mut parts = text.split('-');
    let first = parse_port(parts.next()?)?;
    let last = parts.next().map_or(Some(first), parse_port)?;
    (first <= last).then_some((first, last))
}

fn parse_port(text: &str) -> Option<u16> {
    // Rust would take a plus sign.
    if text.starts_with('+') { None } else { text.parse().ok() }
}

/// The address without brackets, after Go's `net.SplitHostPort` on the text and a colon.
fn parse_address(text: &str) -> Result<&str, PortError> {
    let malformed = |problem| PortError::MalformedAddress { address: text.to_owned(), problem };
    let host = match text.strip_prefix('[') {
        Some(rest) => {
            let (host, after) = rest.split_once(']').ok_or_else(|| malformed("missing ']' in address"))?;
            match after.as_bytes().first() {
                None => {}
                Some(b':') => return Err(malformed("too many colons in address")),
                Some(_) => return Err(malformed("missing port in address")),
            }
            if host.contains('[') {
                return Err(malformed("unexpected '[' in address"));
            }
            host
        }
        None if text.contains(':') => return Err(malformed("too many colons in address")),
        None if text.contains('[') => return Err(malformed("unexpected '[' in address")),
        None if text.contains(']') => return Err(malformed("unexpected ']' in address")),
        None => text,
    };
    if host.is_empty() || host.parse::<IpAddr>().is_ok() {
        Ok(host)
    } else {
        Err(PortError::InvalidAddress(host.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// `address|published|target|protocol` of every port.
    fn shown(text: &str) -> Result<Vec<String>, String> {
        let show = |port: PortConfig| format!("{}|{}|{}|{}", port.host_ip, port.published, port.target, port.protocol);
        parse(text).map(|ports| ports.into_iter().map(show).collect()).map_err(|error| error.to_string())
    }

    #[test]
    fn every_short_form_is_read() {
        for (text, expected) in [
            ("3000", vec!["||3000|tcp"]),
            ("3000-3002", vec!["||3000|tcp", "||3001|tcp", "||3002|tcp"]),
            ("9-11", vec!["||10|tcp", "||11|tcp", "||9|tcp"]),
            ("8000:80", vec!["|8000|80|tcp"]),
            ("9090-9091:8080-8081", vec!["|9090|8080|tcp", "|9091|8081|tcp"]),
            ("8000-9000:80", vec!["|8000-9000|80|tcp"]),
            ("127.0.0.1:8001:8001", vec!["127.0.0.1|8001|8001|tcp"]),
            ("127.0.0.1:5000-5001:5000-5001", vec!["127.0.0.1|5000|5000|tcp", "127.0.0.1|5001|5001|tcp"]),
            ("[::1]:6001:6001", vec!["::1|6001|6001|tcp"]),
            ("6060:6060/udp", vec!["|6060|6060|udp"]),
            ("6060:6060/UDP", vec!["|6060|6060|udp"]),
            ("6060/sctp", vec!["||6060|sctp"]),
            ("80/", vec!["||80|tcp"]),
            ("127.0.0.1::7000", vec!["127.0.0.1||7000|tcp"]),
            (":81", vec!["||81|tcp"]),
            ("0:80", vec!["|0|80|tcp"]),
            ("65535:65535", vec!["|65535|65535|tcp"]),
        ] {
            assert_eq!(shown(text), Ok(expected.iter().map(|port| (*port).to_owned()).collect()), "{text}");
        }
    }

    #[test]
    fn what_compose_refuses_is_refused() {
        for (text, message) in [
            ("999.1.1.1:80:80", "`999.1.1.1` is no IP address"),
            ("localhost:80:80", "`localhost` is no IP address"),
            ("::1:6000:6000", "`::1` is no address: too many colons in address"),
            ("[::1:6000:6000", "`[::1` is no address: missing ']' in address"),
            ("80:80/icmp", "`icmp` is no protocol"),
            ("http:80", "`http` is no port of the host"),
            ("80:70000", "`70000` is no port of a container"),
            ("80:-1", "`-1` is no port of a container"),
            ("80:+1", "`+1` is no port of a container"),
            ("8005-8000", "`8005-8000` is no port of a container"),
            ("8000-8002:80-81", "the ranges `8000-8002` and `80-81` have different lengths"),
            ("80:", "the port of the container is missing"),
            ("", "the port of the container is missing"),
            ("/tcp", "the port of the container is missing"),
        ] {
            assert_eq!(shown(text), Err(message.to_owned()), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "[0-9a-f:/.\\[\\]-]{0,20}") {
            let _ = parse(&text);
        }
    }
}
