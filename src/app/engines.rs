// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The engines that a command talks to. One that cannot be named or reached never hides the others: each carries its own
//! fault.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::error::UserError;
use crate::sys::Connect;
use crate::sys::endpoint::{
    DEFAULT_CONTEXT, EngineAddress, EngineChoice, EngineResolver, ResolveError, ResolvedEngine,
};
use crate::sys::engine::{Engine, EngineError};

/// Which engines are asked for; nothing means: environment and configuration decide.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EngineWish {
    /// `--host`, in order.
    pub hosts: Vec<String>,
    /// `--context`, in order.
    pub contexts: Vec<String>,
}

/// Why an engine cannot be asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EngineFault {
    /// It cannot be named.
    #[error(transparent)]
    Resolve(#[from] ResolveError),
    /// It cannot be reached, or does not answer as it should.
    #[error(transparent)]
    Engine(#[from] EngineError),
}

impl UserError for EngineFault {
    fn code(&self) -> &'static str {
        match self {
            Self::Resolve(error) => error.code(),
            Self::Engine(error) => error.code(),
        }
    }

    fn message(&self) -> String {
        self.to_string()
    }

    fn hints(&self) -> Vec<String> {
        match self {
            Self::Resolve(error) => error.hints(),
            Self::Engine(error) => error.hints(),
        }
    }
}

/// Whether an engine shares this machine's clock and disks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Behind a socket of this machine.
    Here,
    /// Behind a network, or unknown.
    Elsewhere,
}

/// An engine by the name that people know it by.
#[derive(Clone)]
pub struct EngineLink {
    /// The context's name, or the address where several were given by address.
    pub name: String,
    /// The address as shown to people; empty when it is not known.
    pub address: String,
    /// What named it, such as `DOCKER_HOST`.
    pub origin: &'static str,
    /// Where it is.
    pub place: Place,
    /// The engine, or why there is none.
    pub engine: Result<Arc<dyn Engine>, EngineFault>,
}

impl std::fmt::Debug for EngineLink {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("EngineLink").field("name", &self.name).finish_non_exhaustive()
    }
}

/// The engines that are meant, in the order asked for, each once.
#[must_use]
pub fn engines(resolver: EngineResolver<'_>, connect: &dyn Connect, wish: &EngineWish) -> Vec<EngineLink> {
    let hosts = wish.hosts.iter().map(|host| EngineChoice::Host(host));
    let contexts = wish.contexts.iter().map(|context| EngineChoice::Context(context));
    let mut choices: Vec<EngineChoice<'_>> = hosts.chain(contexts).collect();
    if choices.is_empty() {
        choices.push(EngineChoice::Unsaid);
    }
    let is_one_of_many = choices.len() > 1;
    let mut known = BTreeSet::new();
    let links = choices.into_iter().map(|choice| match resolver.resolve(choice) {
        Ok(found) => link(&found, connect, is_one_of_many),
        Err(error) => {
            let (name, origin) = match choice {
                EngineChoice::Host(host) => (host, "`--host`"),
                EngineChoice::Context(context) => (context, "`--context`"),
                EngineChoice::Unsaid => (DEFAULT_CONTEXT, "the environment"),
            };
            EngineLink {
                name: name.to_owned(),
                address: String::new(),
                origin,
                place: Place::Elsewhere,
                engine: Err(error.into()),
            }
        }
    });
    links.filter(|link| known.insert(link.name.clone())).collect()
}

fn link(found: &ResolvedEngine, connect: &dyn Connect, is_one_of_many: bool) -> EngineLink {
    let address = found.address.to_string();
    let is_nameless = found.context == DEFAULT_CONTEXT && found.origin == "`--host`";
    EngineLink {
        name: if is_nameless && is_one_of_many { address.clone() } else { found.context.clone() },
        address,
        origin: found.origin,
        place: if matches!(found.address, EngineAddress::Unix(_)) { Place::Here } else { Place::Elsewhere },
        engine: connect.connect(&found.address).map_err(EngineFault::from),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::sys::fake::{FakeEngine, FakeFiles, Flavour};

    struct Fakes;

    impl Connect for Fakes {
        fn connect(&self, _: &EngineAddress) -> Result<Arc<dyn Engine>, EngineError> {
            Ok(Arc::new(FakeEngine::new(Flavour::StopThenDie)))
        }
    }

    fn names(hosts: &[&str], contexts: &[&str]) -> Vec<(String, bool)> {
        let strings = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect();
        let wish = EngineWish { hosts: strings(hosts), contexts: strings(contexts) };
        let files = FakeFiles::default();
        let environment = BTreeMap::new();
        let links = engines(EngineResolver { files: &files, environment: &environment }, &Fakes, &wish);
        links.into_iter().map(|link| (link.name, link.engine.is_ok())).collect()
    }

    #[test]
    fn nothing_said_is_the_default_engine() {
        assert_eq!(names(&[], &[]), [("default".to_owned(), true)]);
        assert_eq!(names(&["unix:///a"], &[]), [("default".to_owned(), true)]);
    }

    #[test]
    fn a_fault_of_one_leaves_the_others() {
        let found = names(&["unix:///a", "nonsense", "unix:///a"], &["lost"]);
        let expected = [("unix:///a", true), ("nonsense", false), ("lost", false)];
        assert_eq!(found, expected.map(|(name, is_there)| (name.to_owned(), is_there)));
    }
}
