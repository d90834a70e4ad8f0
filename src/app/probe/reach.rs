// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The ways from here to a port of a container.
//!
//! A published port comes first. The container's own address is tried only where the bridge of its network is an
//! interface that this process sees: the same address elsewhere may be somebody else's container.

use std::net::IpAddr;

use super::Side;
use crate::health::functional::Question;
use crate::sys::engine::{ContainerDetail, Port};
use crate::sys::net::{Listener, Talker};

/// Where a port can be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ways {
    /// In the order in which they are tried.
    pub(super) listeners: Vec<Listener>,
    /// What a failure to connect means.
    pub(super) failure: Failure,
    /// Why there are no more.
    pub(super) reason: String,
}

/// What it means when no connection comes about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Failure {
    /// The service does not listen: somebody said that it is there.
    Blames,
    /// The service does not listen when the connection is refused: we stand in its network.
    BlamesWhenRefused,
    /// Nothing: it may be the way.
    Excuses,
}

/// The one way that somebody named.
pub(super) fn named(host: &str, port: u16) -> Ways {
    let listeners = vec![Listener { host: host.to_owned(), port }];
    Ways { listeners, failure: Failure::Blames, reason: String::new() }
}

/// The ways to a port inside a container.
pub(super) fn ways(detail: &ContainerDetail, port: u16, side: &Side, talker: &dyn Talker) -> Ways {
    let mut listeners: Vec<Listener> = Vec::new();
    let mut add = |host: String, port: u16| {
        let listener = Listener { host, port };
        if !listeners.contains(&listener) {
            listeners.push(listener);
        }
    };
    let fits = |one: &&Port| one.private == port && one.protocol == "tcp";
    for published in detail.ports.iter().filter(fits) {
        if let (Some(public), Some(host)) = (published.public, host_of(published.address, side)) {
            add(host, public);
        }
    }
    if detail.network_mode == "host" {
        match side {
            Side::Here => add("127.0.0.1".to_owned(), port),
            Side::There(host) => add(host.clone(), port),
            Side::Unknown => {}
        }
    }
    let mut is_inside = false;
    for attachment in detail.networks.values() {
        let bridge = attachment.network_id.get(..12).map(|id| format!("br-{id}"));
        let is_near = *side == Side::Here && bridge.is_some_and(|bridge| talker.has_interface(&bridge));
        if is_near && !attachment.address.is_empty() {
            add(attachment.address.clone(), port);
            is_inside = true;
        }
    }
    let failure = if is_inside { Failure::BlamesWhenRefused } else { Failure::Excuses };
    Ways { reason: reason(detail, port, side), listeners, failure }
}

/// Where a published address is, seen from here. The wildcards of both families are one place.
fn host_of(address: Option<IpAddr>, side: &Side) -> Option<String> {
    let address = address.filter(|address| !address.is_unspecified());
    match (side, address) {
        (Side::Here, None) => Some("127.0.0.1".to_owned()),
        (Side::Here, Some(address)) => Some(address.to_string()),
        (Side::There(host), None) => Some(host.clone()),
        (Side::There(_), Some(address)) if !address.is_loopback() => Some(address.to_string()),
        (Side::There(_) | Side::Unknown, _) => None,
    }
}

fn reason(detail: &ContainerDetail, port: u16, side: &Side) -> String {
    if detail.network_mode.starts_with("container:") {
        return "it uses the network of another container".to_owned();
    }
    if detail.network_mode == "none" {
        return "it has no network".to_owned();
    }
    let is_published = detail.ports.iter().any(|one| one.private == port && one.public.is_some());
    match side {
        Side::Unknown => "nobody knows where its engine is".to_owned(),
        Side::There(host) if is_published => format!("its port {port} is published on loopback of `{host}` alone"),
        Side::There(host) => format!("its port {port} is not published on `{host}`"),
        Side::Here => {
            let networks: Vec<String> = detail.networks.keys().map(|name| format!("`{name}`")).collect();
            format!("its port {port} is not published, and no interface here leads to {}", networks.join(", "))
        }
    }
}

/// How the service could be reached after all.
pub(super) fn next_step(service: &str, question: &Question) -> String {
    let scheme = question.scheme();
    format!("run stackctl on the engine's machine, or name an address: `--probe {service}={scheme}://HOST:PORT`")
}
