// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What should be kept at the broker, made from a picture: pure.

use std::collections::BTreeMap;

use super::payload::{Health, detail, discovery};
use super::topics::{self, OwnTopics, unique_id};
use crate::app::supervise::{Picture, ServiceView};

/// The label by which a service lets its health be told under the short topic.
const LABEL: &str = "stackctl.mqtt";

/// Who speaks, and of what.
#[derive(Debug, Clone)]
pub(super) struct Speaker {
    pub(super) host: String,
    pub(super) version: &'static str,
    /// How we are called at the broker.
    pub(super) client: String,
    /// The name that the settings give us.
    pub(super) given: Option<String>,
    pub(super) topics: OwnTopics,
    /// Services whose health is told without a label.
    pub(super) services: Vec<String>,
    pub(super) home_assistant: bool,
}

impl Speaker {
    /// What tells us from other supervisors.
    pub(super) fn name(&self) -> &str {
        self.given.as_deref().unwrap_or(&self.host)
    }
}

/// What should be kept.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Wanted {
    /// Topics that are ours alone, with what belongs there, in the order in which it is to be sent.
    pub(super) own: Vec<(String, String)>,
    /// Healths under short topics, by service, which somebody else may hold.
    pub(super) shared: BTreeMap<String, String>,
    /// Whether everything is in sight, so that what is not wanted is really gone.
    pub(super) is_whole: bool,
}

/// What should be kept, according to a picture.
pub(super) fn wanted(picture: &Picture, speaker: &Speaker) -> Wanted {
    let mut by_service: BTreeMap<(&str, &str), Vec<&ServiceView>> = BTreeMap::new();
    let mut shared: BTreeMap<&str, Vec<&ServiceView>> = BTreeMap::new();
    // Containers of `compose run` come and go.
    for view in picture.services.iter().filter(|view| view.key.one_off.is_none()) {
        by_service.entry((&view.key.project, &view.key.service)).or_default().push(view);
        let is_named = speaker.services.contains(&view.key.service);
        let is_labelled = view.labels.get(LABEL).is_some_and(|value| value == "true");
        if (is_named || is_labelled) && view.key.service != topics::OWN {
            shared.entry(&view.key.service).or_default().push(view);
        }
    }
    let mut own = vec![(topics::health(topics::OWN), Health::own(picture).text())];
    for ((project, service), views) in by_service {
        let id = unique_id(speaker.given.as_deref(), project, service);
        let announced = speaker.home_assistant.then(|| topics::discovery(&id));
        let detail = detail(&views, &speaker.client, announced.as_deref());
        // The details name the announcement, so that a later run can take it back: they come first.
        own.push((speaker.topics.detail(project, service), detail));
        if let Some(topic) = announced {
            own.push((topic, discovery(project, service, &id, speaker)));
        }
    }
    Wanted {
        own,
        shared: shared
            .into_iter()
            .map(|(service, views)| (topics::level(service), Health::of(&views).text()))
            .collect(),
        is_whole: !picture.engines.is_empty() && picture.engines.values().all(|engine| engine.is_up),
    }
}
