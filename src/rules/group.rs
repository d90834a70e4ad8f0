// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! One fault, one finding: joins what several services inherit from one place, and what most services lack.

use std::collections::BTreeMap;

use super::subject::ServiceIndex;
use super::{Context, find};
use crate::compose::model::Service;
use crate::diag::{Diagnostic, Label, Level, Span};

/// Fewer services than this are named one by one.
const SMALLEST_GROUP: usize = 3;

/// Joins findings of one rule at one place: the first stays, the services of the others become related places. A finding
/// that says the same of the same service twice is dropped.
pub(super) fn join_shared(index: &ServiceIndex<'_>, findings: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut joined: Vec<Diagnostic> = Vec::with_capacity(findings.len());
    let mut at_place: BTreeMap<(&str, Span), Vec<usize>> = BTreeMap::new();
    for finding in findings {
        let same_place = at_place.entry((finding.rule, finding.primary.span)).or_default();
        let service = index.service_of(&finding.subject);
        let name = service.map(|service| service.name.value.as_str());
        let twin = same_place.iter().copied().find(|at| {
            let other = index.service_of(&joined[*at].subject).map(|service| service.name.value.as_str());
            other == name && joined[*at].message == finding.message
        });
        if twin.is_some() {
            continue;
        }
        let owner = same_place.first().copied().filter(|at| {
            let other = index.service_of(&joined[*at].subject).map(|service| service.name.value.as_str());
            name.is_some() && other.is_some() && other != name
        });
        if let (Some(at), Some(service)) = (owner, service) {
            let user = Label { span: service.name.span, message: format!("also used by `{}`", service.name.value) };
            if !joined[at].related.contains(&user) {
                joined[at].related.push(user);
            }
        } else {
            same_place.push(joined.len());
            joined.push(with_user(finding, service));
        }
    }
    joined
}

/// Names the service as a related place when the finding points at something written outside it.
fn with_user(finding: Diagnostic, service: Option<&Service>) -> Diagnostic {
    let Some(service) = service else { return finding };
    let place = finding.primary.span;
    let is_inside = service.node.span.contains(place) || service.name.span == place;
    if is_inside || finding.related.iter().any(|label| label.span == service.name.span) {
        return finding;
    }
    finding.related(service.name.span, format!("used by `{}`", service.name.value))
}

/// Tells findings about something absent as one when they hit at least three services and at least half of those that
/// the rule looked at. Only findings that point at their service's key take part.
pub(super) fn join_absences(
    context: &Context<'_>,
    index: &ServiceIndex<'_>,
    findings: Vec<Diagnostic>,
) -> Vec<Diagnostic> {
    let Some(services_key) = context.project.services_key else {
        return findings;
    };
    let everybody = context.project.services.iter().filter(|service| service.has_container()).count();
    let mut rest = Vec::with_capacity(findings.len());
    let mut groups: BTreeMap<(&str, Level), Vec<Diagnostic>> = BTreeMap::new();
    for finding in findings {
        let is_absence = find(finding.rule).is_some_and(|rule| rule.meta.absence);
        let points_at_service =
            index.service_of(&finding.subject).is_some_and(|service| service.name.span == finding.primary.span);
        if is_absence && points_at_service {
            groups.entry((finding.rule, finding.level)).or_default().push(finding);
        } else {
            rest.push(finding);
        }
    }
    for group in groups.into_values() {
        let population = group.iter().filter_map(|finding| finding.population).max().unwrap_or(everybody);
        match group.as_slice() {
            [first, ..] if group.len() >= SMALLEST_GROUP && group.len() * 2 >= population => {
                rest.push(grouped(index, services_key, population.max(group.len()), first, &group));
            }
            _ => rest.extend(group),
        }
    }
    rest
}

fn grouped(
    index: &ServiceIndex<'_>,
    services_key: Span,
    population: usize,
    first: &Diagnostic,
    group: &[Diagnostic],
) -> Diagnostic {
    let hits = group.len();
    let count = if hits == population { format!("all {population}") } else { format!("{hits} of {population}") };
    let services = group.iter().filter_map(|finding| index.service_of(&finding.subject));
    let related = services
        .map(|service| Label { span: service.name.span, message: format!("`{}`", service.name.value) })
        .collect();
    let predicate = index.service_of(&first.subject).and_then(|service| plural(&first.message, &service.name.value));
    let message = predicate.map_or_else(
        || format!("{count} services: {}", find(first.rule).map_or("", |rule| rule.meta.summary)),
        |predicate| format!("{count} services {predicate}"),
    );
    let same_hint = group.iter().all(|other| other.hint == first.hint);
    Diagnostic {
        rule: first.rule,
        level: first.level,
        message,
        hint: first.hint.clone().filter(|_| same_hint),
        primary: Label { span: services_key, message: String::new() },
        related,
        notes: Vec::new(),
        fix: None,
        subject: "services".to_owned(),
        population: Some(population),
    }
}

/// What "service `web` has …" says of several services: "have …". `None` when the message is built otherwise.
fn plural(message: &str, service: &str) -> Option<String> {
    let predicate = message.strip_prefix(&format!("service `{service}` "))?;
    let (verb, rest) = predicate.split_once(' ')?;
    let verb = match verb {
        "has" => "have",
        "is" => "are",
        "does" => "do",
        "runs" => "run",
        "joins" => "join",
        "states" => "state",
        "keeps" => "keep",
        "logs" => "log",
        "names" => "name",
        "sets" => "set",
        _ => return None,
    };
    Some(format!("{verb} {rest}"))
}
