// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! All that was found out about one container, and what comes of it: plain data in, findings out, nothing asked.

use std::collections::BTreeSet;

use crate::app::doctor::Level;
use crate::catalog::KnownService;
use crate::health::{Definition, Event};
use crate::sys::engine::{ContainerDetail, Port};

/// One container.
pub(in crate::app::doctor) struct Case<'a> {
    /// The service.
    pub(in crate::app::doctor) service: &'a str,
    /// What the catalogue knows of the image.
    pub(in crate::app::doctor) known: Option<&'a KnownService>,
    /// What the file says of the service, where one was read.
    pub(in crate::app::doctor) definition: Option<&'a Definition>,
    pub(in crate::app::doctor) detail: &'a ContainerDetail,
    /// The ports as the engine lists them.
    pub(in crate::app::doctor) ports: &'a [Port],
    /// The end of its log, oldest line first.
    pub(in crate::app::doctor) log: &'a [String],
    /// What the engine remembers of it, oldest first.
    pub(in crate::app::doctor) events: Vec<&'a Event>,
    /// The names of the networks that nothing outside is reached from.
    pub(in crate::app::doctor) internal: &'a BTreeSet<String>,
    /// Its `mycroft.conf` files that can be read here, those that win last.
    pub(in crate::app::doctor) configs: &'a [ConfigFile],
}

/// A configuration file of the container that lies on this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::app::doctor) struct ConfigFile {
    /// Where it lies here.
    pub(in crate::app::doctor) path: String,
    pub(in crate::app::doctor) text: String,
}

/// A fault that a container shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::app::doctor) struct Finding {
    pub(in crate::app::doctor) level: Level,
    /// Short name, `snake_case`.
    pub(in crate::app::doctor) code: String,
    pub(in crate::app::doctor) found: String,
    pub(in crate::app::doctor) evidence: Vec<String>,
    pub(in crate::app::doctor) fix: String,
}

impl Finding {
    pub(super) fn new(level: Level, code: &str, found: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { level, code: code.to_owned(), found: found.into(), evidence: Vec::new(), fix: fix.into() }
    }

    pub(super) fn with(mut self, evidence: impl Into<String>) -> Self {
        self.evidence.push(evidence.into());
        self
    }
}

impl Case<'_> {
    /// Everything that this container shows by itself.
    pub(in crate::app::doctor) fn findings(&self) -> Vec<Finding> {
        let mut found = super::known::find(self);
        found.extend(super::container::find(self));
        found.extend(super::first_start::find(self));
        found.extend(super::stop::find(self));
        found.extend(super::bus_config::find(self));
        found
    }

    /// A variable of its environment.
    pub(super) fn variable(&self, name: &str) -> Option<&str> {
        let entries = self.detail.environment.iter().filter_map(|entry| entry.split_once('='));
        entries.filter(|(found, _)| *found == name).map(|(_, value)| value).next_back()
    }

    /// The names of variables to which the file gives another value than the container has.
    pub(super) fn changed_variables(&self) -> Vec<&str> {
        let set = self.definition.into_iter().flat_map(|definition| &definition.environment);
        set.filter(|(name, value)| self.variable(name) != Some(value.as_str())).map(|(name, _)| name.as_str()).collect()
    }
}
