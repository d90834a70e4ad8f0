// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Services that do one piece of work and end.

use std::collections::BTreeSet;

use crate::compose::Node;
use crate::compose::model::{Condition, Service};
use crate::rules::Context;
use crate::rules::known::image_is_one_shot;

/// The names of the services that are meant to end: another service waits for their completion, they are deployed as a
/// job, or the catalog knows their image as one.
pub(super) fn one_shots<'a>(context: &Context<'a>) -> BTreeSet<&'a str> {
    let services = &context.project.services;
    let awaited = services
        .iter()
        .flat_map(|service| &service.depends_on)
        .filter(|dependency| dependency.condition.value == Condition::Completed)
        .map(|dependency| dependency.service.value.as_str());
    let declared = services
        .iter()
        .filter(|service| is_job(service) || image_is_one_shot(context, service) == Some(true))
        .map(|service| service.name.value.as_str());
    awaited.chain(declared).collect()
}

/// `deploy.mode: replicated-job` or `global-job`.
fn is_job(service: &Service) -> bool {
    let mode = service.deploy.as_ref().and_then(|deploy| deploy.get("mode")).and_then(Node::as_str);
    mode.is_some_and(|mode| mode.ends_with("-job"))
}
