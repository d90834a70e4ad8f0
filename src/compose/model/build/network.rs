// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Ports and networks of one service.

use std::net::IpAddr;

use crate::compose::model::{HostAddress, NetworkAttachment, NetworkMode, Port, PortRange, Protocol};
use crate::compose::{Node, Value, keyvalue};
use crate::diag::{Span, Spanned};

use super::{at, texts};

pub(super) fn ports(node: &Node) -> Vec<Port> {
    // An alias may stand for the whole list.
    let place = |item: &Node| item.used_at.or(node.used_at);
    node.as_seq().unwrap_or_default().iter().filter_map(|item| port(item, place(item))).collect()
}

fn port(node: &Node, used_at: Option<Span>) -> Option<Port> {
    let map = node.as_map()?;
    let scalar =
        |key: &str| map.get(key).and_then(|node| keyvalue::scalar_text(&node.value)).filter(|text| !text.is_empty());
    let protocol = match scalar("protocol").as_deref() {
        None | Some("tcp") => Protocol::Tcp,
        Some("udp") => Protocol::Udp,
        Some(other) => Protocol::Other(other.to_owned()),
    };
    Some(Port {
        span: node.span,
        used_at,
        target: scalar("target").and_then(|text| text.parse().ok()),
        published: scalar("published").and_then(|text| range(&text)),
        host: host(scalar("host_ip").as_deref()),
        protocol,
    })
}

/// `0` asks the engine to pick a port.
fn range(text: &str) -> Option<PortRange> {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let range = PortRange { first: first.parse().ok()?, last: last.parse().ok()? };
    (range.first != 0).then_some(range)
}

fn host(text: Option<&str>) -> HostAddress {
    match text.map(str::parse::<IpAddr>) {
        Some(Ok(address)) if address.is_unspecified() => HostAddress::Wildcard(address),
        Some(Ok(address)) => HostAddress::Address(address),
        _ => HostAddress::Unspecified,
    }
}

pub(super) fn attachments(node: &Node) -> Vec<NetworkAttachment> {
    node.as_map()
        .into_iter()
        .flatten()
        .map(|entry| NetworkAttachment {
            network: Spanned { value: entry.key.clone(), span: entry.key_span, used_at: entry.node.used_at },
            aliases: texts(entry.node.get("aliases")),
        })
        .collect()
}

pub(super) fn mode(node: &Node) -> Option<Spanned<NetworkMode>> {
    let Value::Str(text) = &node.value else { return None };
    let mode = match text.as_str() {
        "host" => NetworkMode::Host,
        "none" => NetworkMode::None,
        other => match (other.strip_prefix("service:"), other.strip_prefix("container:")) {
            (Some(name), _) => NetworkMode::Service(name.to_owned()),
            (_, Some(name)) => NetworkMode::Container(name.to_owned()),
            _ => NetworkMode::Other(other.to_owned()),
        },
    };
    Some(at(node, mode))
}
