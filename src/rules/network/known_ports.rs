// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The ports that an image is known to listen on, whether or not the file says so.

use super::super::Context;
use super::super::known::known;
use crate::compose::model::Service;

/// The known ports of the service's image; empty when nothing is known of it.
pub(super) fn known_ports(context: &Context<'_>, service: &Service) -> Vec<u16> {
    known(context, service).map(|known| known.ports.iter().map(|port| port.port).collect()).unwrap_or_default()
}
