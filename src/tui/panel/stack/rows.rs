// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The rows of the stack: projects, worst first, and below each its services.

use std::collections::BTreeMap;

use super::{Group, Order};
use crate::app::dashboard::Service;
use crate::health::verdict::State;
use crate::tui::Model;

/// One row.
#[derive(Debug, Clone, PartialEq)]
pub enum Row<'m> {
    /// A project of an engine.
    Group {
        /// Which.
        group: Group,
        /// Its services that are shown or folded away.
        services: usize,
        /// How its worst one is.
        worst: State,
        /// Whether its services are folded away.
        is_folded: bool,
    },
    /// A service.
    Service(&'m Service),
}

/// All rows. A single project has no line of its own.
#[must_use]
pub fn rows(model: &Model) -> Vec<Row<'_>> {
    let mut groups: BTreeMap<Group, Vec<&Service>> = BTreeMap::new();
    for service in model.services().filter(|service| model.filter.has(service)) {
        groups.entry((service.key.context.clone(), service.key.project.clone())).or_default().push(service);
    }
    let is_single = groups.len() == 1;
    let worst = |services: &[&Service]| services.iter().map(|one| one.verdict.state()).min().unwrap_or(State::Ok);
    let mut groups: Vec<(Group, Vec<&Service>)> = groups.into_iter().collect();
    groups.sort_by_key(|(_, services)| worst(services));
    let mut rows = Vec::new();
    for (group, mut services) in groups {
        let is_folded = !is_single && model.stack.folded.contains(&group);
        if !is_single {
            rows.push(Row::Group {
                services: services.len(),
                worst: worst(&services),
                is_folded,
                group: group.clone(),
            });
        }
        if !is_folded {
            sort(&mut services, model);
            rows.extend(services.into_iter().map(Row::Service));
        }
    }
    rows
}

fn sort(services: &mut [&Service], model: &Model) {
    match model.stack.order {
        // They come by name.
        Order::Name => {}
        Order::Worst => services.sort_by_key(|one| one.verdict.state()),
        Order::Use => services.sort_by(|one, other| share(model, other).total_cmp(&share(model, one))),
    }
}

fn share(model: &Model, service: &Service) -> f64 {
    let id = service.id.clone().unwrap_or_default();
    let trend = model.stack.trends.get(&(service.key.context.clone(), id));
    trend.and_then(super::Trend::share).unwrap_or(-1.0)
}

impl Row<'_> {
    /// Whether it is the chosen one.
    #[must_use]
    pub fn is_chosen(&self, model: &Model) -> bool {
        match (self, &model.stack.group) {
            (Self::Group { group, .. }, Some(chosen)) => group == chosen,
            (Self::Service(service), None) => model.chosen.as_ref() == Some(&service.key),
            _ => false,
        }
    }
}
