// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Networks and ports of a service.

use std::net::IpAddr;

use crate::diag::{Span, Spanned};

/// `network_mode`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NetworkMode {
    /// `host`.
    Host,
    /// `none`.
    None,
    /// `service:NAME`.
    Service(String),
    /// `container:NAME`.
    Container(String),
    /// `bridge` or any other word.
    Other(String),
}

/// One network that a service joins.
#[derive(Debug, Clone)]
pub struct NetworkAttachment {
    /// The network's key at the top level.
    pub network: Spanned<String>,
    /// Aliases on that network.
    pub aliases: Vec<Spanned<String>>,
}

/// Transport protocol of a port.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Protocol {
    /// `tcp`, also the default.
    Tcp,
    /// `udp`.
    Udp,
    /// Any other word.
    Other(String),
}

/// The host address that a port is published on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HostAddress {
    /// None given: every address of both families.
    Unspecified,
    /// `0.0.0.0` or `::` in any spelling.
    Wildcard(IpAddr),
    /// One address.
    Address(IpAddr),
}

/// An inclusive range of port numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PortRange {
    /// First port.
    pub first: u16,
    /// Last port, at least `first`.
    pub last: u16,
}

impl PortRange {
    /// Whether the two ranges share a port.
    #[must_use]
    pub fn overlaps(self, other: Self) -> bool {
        self.first <= other.last && other.first <= self.last
    }
}

/// One canonical entry of `ports` (a short range becomes several entries with one span).
#[derive(Debug, Clone)]
pub struct Port {
    /// The whole entry as written.
    pub span: Span,
    /// Where the entry is used, when it came through an alias or `extends`.
    pub used_at: Option<Span>,
    /// The port inside the container.
    pub target: Option<u16>,
    /// The port or range on the host; `None`: the engine picks one.
    pub published: Option<PortRange>,
    /// The host address.
    pub host: HostAddress,
    /// The protocol.
    pub protocol: Protocol,
}
