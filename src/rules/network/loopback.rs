// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Mentions of the loopback address with a port, in any text.
//!
//! Limits: IPv6 loopback is seen in brackets only, as a port needs them. The default port of a scheme counts for data
//! stores and brokers; of `http` it does not, since such an address is most often one for a browser.

use std::ops::Range;

/// One place where a text names a port on the loopback address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mention {
    /// The bytes of the host.
    pub(super) host: Range<usize>,
    /// The bytes of the host and, when written, the port.
    pub(super) authority: Range<usize>,
    /// The port.
    pub(super) port: u16,
    /// Whether it is part of a URL.
    pub(super) in_url: bool,
}

/// Spellings of the loopback address.
const HOSTS: &[&str] = &["localhost", "127.0.0.1", "[::1]"];

/// Whether the text is nothing but the loopback address.
pub(super) fn is_loopback(text: &str) -> bool {
    HOSTS.iter().any(|host| text.eq_ignore_ascii_case(host)) || text == "::1"
}

/// All mentions, in order.
pub(super) fn mentions(text: &str) -> Vec<Mention> {
    let lower = text.to_ascii_lowercase();
    let mut found: Vec<Mention> = HOSTS
        .iter()
        .flat_map(|host| lower.match_indices(host))
        .filter_map(|(at, host)| mention(&lower, at, host.len()))
        .collect();
    found.sort_by_key(|mention| mention.host.start);
    found
}

fn mention(text: &str, start: usize, length: usize) -> Option<Mention> {
    let (before, after) = (&text[..start], &text[start + length..]);
    let is_name = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    let forwards = before.strip_suffix(':').is_some_and(|rest| rest.ends_with(|c: char| c.is_ascii_digit()));
    // `8080:localhost:80` forwards a port; `my-localhost` is another name.
    if before.ends_with(is_name) || (forwards && !before.contains("://")) {
        return None;
    }
    let scheme = scheme(before);
    let digits = after.strip_prefix(':').map_or(0, |rest| rest.bytes().take_while(u8::is_ascii_digit).count());
    let (port, end) = if digits > 0 {
        let end = start + length + 1 + digits;
        (text[end - digits..end].parse().ok()?, end)
    } else if after.starts_with(|c: char| is_name(c) || c == ':') {
        return None;
    } else {
        (default_port(scheme?)?, start + length)
    };
    let mut rest = text[end..].chars();
    let next = rest.next();
    // `127.0.0.1:8080:80` publishes a port.
    let continues = next.is_some_and(char::is_alphanumeric)
        || (next == Some(':') && rest.next().is_some_and(|c| c.is_ascii_digit()));
    (!continues).then(|| Mention { host: start..start + length, authority: start..end, port, in_url: scheme.is_some() })
}

/// The scheme of the URL whose host comes next, also behind `user:password@`.
fn scheme(before: &str) -> Option<&str> {
    let (rest, user) = before.rsplit_once("://")?;
    let is_userinfo = user.is_empty() || (user.ends_with('@') && !user.contains(['/', ' ', ',']));
    let scheme = rest.rsplit(|c: char| !(c.is_ascii_alphanumeric() || "+.-".contains(c))).next()?;
    (is_userinfo && !scheme.is_empty()).then_some(scheme)
}

fn default_port(scheme: &str) -> Option<u16> {
    Some(match scheme.split('+').next().unwrap_or_default() {
        "redis" | "rediss" => 6379,
        "postgres" | "postgresql" => 5432,
        "mysql" | "mariadb" => 3306,
        "mongodb" => 27017,
        "amqp" => 5672,
        "mqtt" => 1883,
        "nats" => 4222,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_mention_lies_in_the_text(
            before in "[é ./:a@0,=-]{0,6}", scheme in "(|http://|é://|redis://u:p@)", after in "[é./:0-9a ]{0,8}",
        ) {
            let text = format!("{before}{scheme}localhost{after}");
            for one in mentions(&text) {
                prop_assert_eq!(text.get(one.host.clone()), Some("localhost"));
                prop_assert!(text.get(one.authority).is_some_and(|authority| authority.starts_with("localhost")));
            }
        }
    }

    fn seen(text: &str) -> Vec<(&str, u16, bool)> {
        mentions(text).into_iter().map(|one| (&text[one.authority], one.port, one.in_url)).collect()
    }

    #[test]
    fn urls_and_bare_addresses_are_seen() {
        assert_eq!(seen("http://localhost:11434/v1"), [("localhost:11434", 11434, true)]);
        assert_eq!(seen("LOCALHOST:5432"), [("LOCALHOST:5432", 5432, false)]);
        assert_eq!(seen("ws://[::1]:8181/core"), [("[::1]:8181", 8181, true)]);
        assert_eq!(seen("redis://user:secret@127.0.0.1:6379/0"), [("127.0.0.1:6379", 6379, true)]);
        assert_eq!(seen("a:1,localhost:2,127.0.0.1:3").len(), 2);
        assert_eq!(seen("wait-for localhost:5432 -- run"), [("localhost:5432", 5432, false)]);
    }

    #[test]
    fn data_stores_have_default_ports() {
        assert_eq!(seen("postgresql+asyncpg://u:p@localhost/db"), [("localhost", 5432, true)]);
        assert_eq!(seen("http://localhost/"), []);
        assert_eq!(seen("localhost"), []);
    }

    #[test]
    fn other_names_and_port_mappings_are_not_seen() {
        for text in [
            "http://my-localhost:80",
            "localhost.local:80",
            "10.127.0.0.1:80",
            "127.0.0.1:8080:80",
            "5432:localhost:5432",
            "localhost:99999",
            "localhost:80a",
            "localhostess:80",
            "localhost:",
        ] {
            assert_eq!(seen(text), [], "{text}");
        }
    }
}
