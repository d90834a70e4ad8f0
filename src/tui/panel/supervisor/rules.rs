// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What may be done to each service.

use std::collections::BTreeSet;

use ratatui::text::{Line, Span};

use super::lines::{Page, at};
use crate::app::dashboard::PolicyRead;
use crate::health::explain::phrase::duration;
use crate::health::policy::{Chosen, LABEL, Limits, Mode, PolicySettings, ServicePolicy};
use crate::tui::Model;
use crate::tui::look::Role;
use crate::tui::view::text::{cut, fit};

/// The widest that the name of a service may be.
const WIDEST: usize = 32;

/// What holds for one service.
struct Rule {
    name: String,
    policy: ServicePolicy,
    /// Where that comes from.
    from: String,
    /// Whether a label could not be understood.
    is_odd: bool,
}

/// A row a service, and below them the limits.
pub(super) fn table(page: &mut Page<'_>, read: &PolicyRead) {
    let (width, look) = (page.width, page.model.start.look);
    let rules = rules(page.model, read);
    let name = rules.iter().map(|rule| rule.name.chars().count()).max().unwrap_or(0).clamp(7, WIDEST).min(width / 2);
    if rules.is_empty() {
        page.say(Role::Dim, "no service is known yet");
    } else {
        let titles = format!("   {} {} FROM", fit("SERVICE", name), fit("MAY BE", 13));
        page.lines.push(Line::styled(cut(&titles, width), look.style(Role::Dim)));
    }
    for rule in &rules {
        let role = match (rule.is_odd, rule.policy.mode) {
            (true, _) => Role::Noticed,
            (_, Mode::Observe) => Role::Dim,
            _ => Role::Text,
        };
        let left = width.saturating_sub(3 + name + 1 + 13 + 1);
        page.lines.push(Line::from(vec![
            Span::raw(format!("   {} ", fit(&rule.name, name))),
            Span::styled(fit(rule.policy.mode.word(), 13), look.style(role)),
            Span::styled(format!(" {}", cut(&rule.from, left)), look.style(role)),
        ]));
    }
    for text in limits(&read.policy, rules.iter().any(|rule| rule.policy.mode.acts())) {
        page.say(Role::Dim, &text);
    }
}

fn rules(model: &Model, read: &PolicyRead) -> Vec<Rule> {
    let is_one = model.start.project.is_some();
    let mut services: BTreeSet<(&str, &str, &str)> = model
        .services()
        .map(|one| (one.key.context.as_str(), one.key.project.as_str(), one.key.service.as_str()))
        .collect();
    for engine in &read.engines {
        services.extend(
            engine
                .labels
                .keys()
                .map(|(project, service)| (engine.context.as_str(), project.as_str(), service.as_str())),
        );
    }
    services
        .into_iter()
        .map(|(context, project, service)| {
            let engine = read.engines.iter().find(|engine| engine.context == context);
            let label = engine.and_then(|engine| engine.labels.get(&(project.to_owned(), service.to_owned())));
            let (policy, chosen) = read.policy.of(project, service, label.map(String::as_str));
            let host = at(model, context);
            let name = if is_one { format!("{host}{service}") } else { format!("{host}{project}/{service}") };
            let (from, is_odd) = origin(&read.policy, (project, service), label.map(String::as_str), chosen);
            let from = match (policy.mode, policy.command.first()) {
                (Mode::Command, Some(program)) => format!("{from}, runs {program}"),
                _ => from,
            };
            Rule { name, policy, from, is_odd }
        })
        .collect()
}

/// Where a mode comes from, and whether that could not be understood.
fn origin(
    settings: &PolicySettings,
    (project, service): (&str, &str),
    label: Option<&str>,
    chosen: Chosen,
) -> (String, bool) {
    let exact = format!("{project}/{service}");
    let is_set = [exact.as_str(), service].iter().any(|name| settings.services.contains_key(*name));
    match (chosen, label) {
        (Chosen::ByDefault, _) => ("the default".to_owned(), false),
        (Chosen::ForService, Some(label)) if !is_set && Mode::parse(label).is_none() => {
            (format!("label {LABEL}={label}, which is no mode: nothing may be done"), true)
        }
        (Chosen::ForService, Some(_)) if !is_set => (format!("label {LABEL}"), false),
        (Chosen::ForService, Some(label)) if Mode::parse(label).is_some() => {
            (format!("stackctl.toml, over label {LABEL}={label}"), false)
        }
        (Chosen::ForService, _) => ("stackctl.toml".to_owned(), false),
    }
}

/// The numbers, where anything may be done at all.
fn limits(settings: &PolicySettings, acts: bool) -> Vec<String> {
    if !acts {
        let text = format!("nothing may be done by itself; `heal` in `stackctl.toml` or the label {LABEL} allows it");
        return vec![text];
    }
    let Limits { attempts, window, first_wait, longest_wait, cool_down, settled, .. } = settings.limits;
    vec![
        format!(
            "at most {attempts} attempts in {}, {} before the first, twice as long before each next, {} at most",
            duration(window),
            duration(first_wait),
            duration(longest_wait),
        ),
        format!("then none for {}; who is well for {} starts anew", duration(cool_down), duration(settled)),
    ]
}
