// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Services that a watch is asked for and that are nowhere: most likely a slip, which silence would hide.

use std::collections::BTreeSet;

use super::{Request, Watched};
use crate::diag::closest;
use crate::sys::engine::Deadline;

/// The label with the service's name.
use crate::app::observe::SERVICE_LABEL;

/// A name that neither the compose file nor any container in scope has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownService {
    /// As it was asked for.
    pub name: String,
    /// The name that was probably meant.
    pub closest: Option<String>,
}

/// The names of the request that are nowhere. Asks the engines only where the file leaves a doubt.
///
/// Limit: none is unknown while an engine cannot be asked, because it may have the service.
pub async fn unknown_services(watched: &[Watched<'_>], request: &Request) -> Vec<UnknownService> {
    let mut known: BTreeSet<String> = match &request.file {
        Some((_, services)) => services.keys().cloned().collect(),
        None => BTreeSet::new(),
    };
    if request.services.is_subset(&known) {
        return Vec::new();
    }
    for one in watched {
        match one.engine.list_containers(&request.scope.filter(), Deadline::QUESTION).await {
            Ok(found) => known.extend(found.into_iter().filter_map(|mut one| one.labels.remove(SERVICE_LABEL))),
            Err(_) => return Vec::new(),
        }
    }
    let unknown = |name: &String| UnknownService {
        name: name.clone(),
        closest: closest(name, known.iter().map(String::as_str)).map(str::to_owned),
    };
    request.services.difference(&known).map(unknown).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::app::engines::Place;
    use crate::app::observe::Scope;
    use crate::app::testing::{act, start_on};
    use crate::app::watch::Extent;
    use crate::health::Definition;
    use crate::sys::engine::Engine as _;
    use crate::sys::fake::{FakeEngine, FakeFault, Flavour};

    fn ask(engines: &[&FakeEngine], wanted: &[&str]) -> Vec<(String, Option<String>)> {
        let services = BTreeMap::from([("planned".to_owned(), Definition::default())]);
        let request = Request {
            scope: Scope::Everything,
            services: wanted.iter().map(|name| (*name).to_owned()).collect(),
            file: Some(("lab".to_owned(), services)),
            is_only_engine: engines.len() == 1,
            extent: Extent::Ongoing,
        };
        let watched: Vec<Watched<'_>> = engines
            .iter()
            .map(|engine| Watched { context: engine.address(), engine: *engine, place: Place::Here })
            .collect();
        let found = act(unknown_services(&watched, &request));
        found.into_iter().map(|one| (one.name, one.closest)).collect()
    }

    fn with(service: &str) -> FakeEngine {
        let engine = FakeEngine::new(Flavour::StopThenDie);
        start_on(&engine, service, &["sleep", "1000"], |_| ());
        engine
    }

    #[test]
    fn a_slip_is_unknown_and_the_name_that_was_meant_is_found_on_any_engine() {
        let found = ask(&[&with("web"), &with("whisper")], &["wisper", "web", "nothing-like-it"]);
        let expected = [("nothing-like-it".to_owned(), None), ("wisper".to_owned(), Some("whisper".to_owned()))];
        assert_eq!(found, expected);
    }

    #[test]
    fn a_service_of_the_file_needs_no_container_and_no_question() {
        let engine = with("web");
        assert_eq!(ask(&[&engine], &["planned"]), []);
        assert!(!engine.calls().contains(&"list containers"));
    }

    #[test]
    fn nothing_is_unknown_while_an_engine_cannot_be_asked() {
        let away = with("web");
        away.plan_fault("", 0, 10, FakeFault::Denied);
        assert_eq!(ask(&[&with("whisper"), &away], &["wisper"]), []);
    }
}
