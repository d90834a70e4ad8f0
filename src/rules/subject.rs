// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! From the subject of a finding (`services.web.image`) to the service and the places on the way.

use std::collections::BTreeMap;

use crate::compose::Node;
use crate::compose::model::{Project, Service};
use crate::diag::Span;

/// The services of a project by name.
pub(super) struct ServiceIndex<'a> {
    by_name: BTreeMap<&'a str, &'a Service>,
}

impl<'a> ServiceIndex<'a> {
    pub(super) fn new(project: &'a Project) -> Self {
        Self { by_name: project.services.iter().map(|service| (service.name.value.as_str(), service)).collect() }
    }

    /// The service that a subject lies in. Service names may hold dots; the longest fitting name wins.
    pub(super) fn service_of(&self, subject: &str) -> Option<&'a Service> {
        let path = subject.strip_prefix("services.")?;
        let ends = path.match_indices(['.', '[']).map(|(at, _)| at).chain([path.len()]);
        let mut fitting = ends.filter_map(|end| self.by_name.get(&path[..end])).collect::<Vec<_>>();
        fitting.pop().copied()
    }
}

/// Every place on the way to a subject: the keys that lead to it, and where their values are used when those are written
/// elsewhere. The way ends where the tree has no such key.
pub(super) fn places_on_the_way(tree: &Node, subject: &str) -> Vec<Span> {
    let mut places = Vec::new();
    let mut node = tree;
    let mut rest = subject;
    while let Some(map) = node.as_map() {
        let fits =
            |key: &str| rest.strip_prefix(key).is_some_and(|after| after.is_empty() || after.starts_with(['.', '[']));
        let Some(entry) = map.iter().filter(|entry| fits(&entry.key)).max_by_key(|entry| entry.key.len()) else {
            break;
        };
        places.push(entry.key_span);
        places.extend(entry.node.used_at);
        rest = rest[entry.key.len()..].trim_start_matches('.');
        node = &entry.node;
    }
    places
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::rules::testing::project;

    #[test]
    fn a_subject_leads_to_its_service_also_with_dots() {
        let (project, _) = project("services:\n  a:\n    image: x\n  a.b:\n    image: y\n");
        let index = ServiceIndex::new(&project);
        let name = |subject: &str| index.service_of(subject).map(|service| service.name.value.clone());
        assert_eq!(name("services.a.image").as_deref(), Some("a"));
        assert_eq!(name("services.a.b.image").as_deref(), Some("a.b"));
        assert_eq!(name("services.a.ports[0]").as_deref(), Some("a"));
        assert_eq!(name("services.ab"), None);
        assert_eq!(name("networks.a"), None);
    }

    #[test]
    fn the_way_names_every_key() {
        let (project, sources) = project("services:\n  web:\n    image: x\n");
        let places = places_on_the_way(&project.tree, "services.web.image.tag");
        let texts: Vec<&str> = places.into_iter().map(|place| sources.slice(place)).collect();
        assert_eq!(texts, ["services", "web", "image"]);
        assert_eq!(places_on_the_way(&project.tree, "nothing").first(), None);
        assert!(project.services.first().unwrap().has_container());
    }
}
