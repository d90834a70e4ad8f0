// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What engines tell.

use super::super::effect::Effect;
use super::super::model::{Engine, Model};
use super::super::panel::{events, health, stack};
use super::super::tab::Tab;
use crate::app::dashboard::{Happened, Host, HostLink, What};

pub(super) fn host(model: &mut Model, host: Host) -> Vec<Effect> {
    let fault = match host.link {
        HostLink::Live => None,
        // Its rows keep what was known; why it is gone was told before.
        HostLink::Lost(_) => model.engines.get_mut(&host.context).and_then(|engine| engine.fault.take()),
    };
    model.now = model.now.max(host.now);
    if model.told.as_ref().is_some_and(|told| told.until <= model.now) {
        model.told = None;
    }
    model.engines.insert(host.context.clone(), Engine { host, fault });
    model.start.faults.retain(|(name, ..)| !model.engines.contains_key(name));
    stack::keep_chosen(model);
    let mut effects = stack::visible(model);
    effects.extend(health::keep_fresh(model));
    effects
}

pub(super) fn happened(model: &mut Model, happened: Happened) -> Vec<Effect> {
    let mut effects = Vec::new();
    match (&happened.what, model.engines.get_mut(&happened.context)) {
        (What::Changed { key, verdict, why, .. }, Some(engine)) => {
            // A view that is newer knows better.
            if happened.at >= engine.host.now
                && let Some(service) = engine.host.services.iter_mut().find(|one| one.key == *key)
            {
                service.verdict = (**verdict).clone();
                service.why.clone_from(why);
                service.since = Some(happened.at);
            }
            if model.tab == Tab::Health && model.chosen.as_ref() == Some(key) {
                effects = health::enter(model);
            }
        }
        (What::Lost { reason, hint }, Some(engine)) => {
            engine.fault = Some((reason.clone(), hint.clone()));
            if engine.host.link == HostLink::Live {
                engine.host.link = HostLink::Lost(happened.at);
            }
        }
        (What::Back { .. }, Some(engine)) => {
            engine.fault = None;
            engine.host.link = HostLink::Live;
        }
        // The first view of it is still to come.
        (_, None) => {}
    }
    events::take(model, happened);
    stack::keep_chosen(model);
    effects
}
