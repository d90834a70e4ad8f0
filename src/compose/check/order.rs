// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Dependencies: services that exist and are enabled, and no circle.

use crate::compose::Value;
use crate::compose::graph;
use crate::compose::implied;
use crate::diag::{Diagnostic, Level, closest};

use super::{CheckScope, Checked};

pub(super) fn check(checked: &Checked<'_>, faults: &mut Vec<Diagnostic>) {
    let Some(all) = checked.section("services") else { return };
    let mut edges: Vec<graph::Edge<'_>> = Vec::new();
    for (name, _, service) in checked.services() {
        for dependency in implied::dependencies(service) {
            let path = format!("services.{name}.depends_on.{}", dependency.service);
            // `depends_on` has rules of its own; links and shared namespaces only refer to a service.
            let rule = if dependency.node.is_some() { "depends-on-unknown" } else { "reference-invalid" };
            let fault = |message: String| Diagnostic::new(rule, Level::Error, dependency.span, path.clone(), message);
            if !all.contains_key(dependency.service) {
                if checked.lacks_include {
                    continue;
                }
                let mut unknown =
                    fault(format!("service `{name}` depends on `{}`, which is not defined", dependency.service));
                unknown = match closest(dependency.service, all.iter().map(|entry| entry.key.as_str())) {
                    Some(near) => unknown.hint(format!("did you mean `{near}`?")),
                    None => unknown.hint("define the service, or remove the dependency"),
                };
                faults.push(unknown);
                continue;
            }
            let optional = dependency
                .node
                .and_then(|node| node.get("required"))
                .is_some_and(|node| node.value == Value::Bool(false));
            let here = checked.enabled.contains(name);
            if here && !optional && !checked.enabled.contains(dependency.service) {
                let message =
                    format!("service `{name}` depends on `{}`, whose profile is not enabled", dependency.service);
                let target = all.get(dependency.service);
                let mut disabled =
                    fault(message).hint("give both the same profile, or mark the dependency `required: false`");
                if let Some(profiles) = target.and_then(|node| node.get("profiles")) {
                    disabled = disabled.related(profiles.span, "its profiles");
                }
                faults.push(disabled);
            }
            if checked.scope == CheckScope::All || checked.enabled.contains(dependency.service) {
                edges.push(graph::Edge { from: name, to: dependency.service, span: dependency.span });
            }
        }
    }
    for cycle in graph::cycles(&edges) {
        let names: Vec<&str> = cycle.iter().map(|edge| edge.from).chain(cycle.first().map(|edge| edge.from)).collect();
        let Some(first) = cycle.first() else { continue };
        let message = format!("services wait for each other: {}", names.join(" -> "));
        let subject = format!("services.{}.depends_on", first.from);
        let mut fault = Diagnostic::new("depends-on-cycle", Level::Error, first.span, subject, message)
            .hint("remove one of these dependencies");
        for edge in &cycle[1..] {
            fault = fault.related(edge.span, format!("`{}` waits for `{}` here", edge.from, edge.to));
        }
        faults.push(fault);
    }
}
