// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Health check and dependencies of one service.

use crate::compose::implied;
use crate::compose::model::{Condition, Dependency, DependencyOrigin, HealthTest, Healthcheck};
use crate::compose::{Node, Style, Value, duration, keyvalue};
use crate::diag::Spanned;

use super::{at, text};

pub(super) fn healthcheck(service: &Node) -> Option<Healthcheck> {
    let entry = service.as_map()?.entry("healthcheck")?;
    let map = entry.node.as_map()?;
    let time = |key: &str| {
        let node = map.get(key)?;
        duration::parse(&keyvalue::scalar_text(&node.value)?).ok().map(|nanoseconds| at(node, nanoseconds))
    };
    let retries = map.get("retries").and_then(|node| match &node.value {
        Value::Int(number) => Some(at(node, *number)),
        Value::Str(text) => text.parse().ok().map(|number| at(node, number)),
        _ => None,
    });
    Some(Healthcheck {
        key: entry.key_span,
        test: map.get("test").and_then(test),
        test_span: map.get("test").map(|node| node.span),
        disable: map.get("disable").filter(|node| node.value == Value::Bool(true)).map(|node| node.span),
        interval: time("interval"),
        timeout: time("timeout"),
        start_period: time("start_period"),
        start_interval: time("start_interval"),
        retries,
    })
}

fn test(node: &Node) -> Option<HealthTest> {
    match &node.value {
        Value::Str(line) => Some(HealthTest::Shell(at(node, line.clone()))),
        Value::Seq(items) => {
            let Some(first) = items.first() else { return Some(HealthTest::Empty(node.span)) };
            match first.as_str() {
                Some("NONE") => Some(HealthTest::Disabled(first.span)),
                Some("CMD-SHELL") => items.get(1).and_then(text).map(HealthTest::Shell),
                Some("CMD") => Some(HealthTest::Exec(items[1..].iter().filter_map(text).collect())),
                _ => None,
            }
        }
        _ => None,
    }
}

pub(super) fn dependencies(service: &Node) -> Vec<Dependency> {
    implied::dependencies(service)
        .into_iter()
        .map(|waiting| {
            let condition = waiting.node.and_then(|node| node.get("condition"));
            let origin = match waiting.node {
                None => DependencyOrigin::Implied,
                Some(node) if node.style == Style::Derived => DependencyOrigin::ShortForm,
                Some(_) => DependencyOrigin::LongForm,
            };
            let kind = match condition.map(Node::as_str) {
                None if origin == DependencyOrigin::LongForm => Condition::Unknown,
                None | Some(Some("service_started")) => Condition::Started,
                Some(Some("service_healthy")) => Condition::Healthy,
                Some(Some("service_completed_successfully")) => Condition::Completed,
                Some(_) => Condition::Unknown,
            };
            Dependency {
                service: Spanned::new(waiting.service.to_owned(), waiting.span),
                condition: Spanned::new(kind, condition.map_or(waiting.span, |node| node.span)),
                required: waiting
                    .node
                    .and_then(|node| node.get("required"))
                    .is_none_or(|node| node.value != Value::Bool(false)),
                origin,
            }
        })
        .collect()
}
