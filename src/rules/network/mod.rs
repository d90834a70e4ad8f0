// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Which networks a service joins, what it publishes, and how it calls its peers.

mod known_ports;
mod localhost_peer_reference;
mod loopback;
mod namespace;
mod network_explicit_missing;
mod network_mode_host;
mod port_conflict;
mod port_unbound;
mod ports_ignored_in_mode;
mod purpose;

use super::Rule;

/// The rules of this theme.
pub(super) static RULES: &[Rule] = &[
    localhost_peer_reference::RULE,
    network_explicit_missing::RULE,
    network_mode_host::RULE,
    port_conflict::RULE,
    port_unbound::RULE,
    ports_ignored_in_mode::RULE,
];
