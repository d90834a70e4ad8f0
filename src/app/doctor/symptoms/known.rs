// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The failures that the catalogue knows of the very service: by the words that it writes, and by what its container
//! shows.

use super::case::{Case, Finding};
use crate::app::doctor::Level;
use crate::catalog::{Access, ImageRef, KnownCondition, KnownFailure, KnownService};

pub(super) fn find(case: &Case<'_>) -> Vec<Finding> {
    let known = case.known.into_iter().flat_map(|known| &known.failures);
    known.filter_map(|failure| fits(case, failure)).chain(missing_variables(case)).collect()
}

fn fits(case: &Case<'_>, failure: &KnownFailure) -> Option<Finding> {
    if failure.log.is_empty() && failure.when.is_empty() || !holds(case, &failure.when) {
        return None;
    }
    let finding = Finding::new(Level::Warn, &failure.code, &failure.symptom, &failure.fix);
    let finding = match (failure.log.is_empty(), written(case, failure)) {
        (true, _) => finding.with(shown(&failure.when)),
        (false, Some(words)) => finding.with(words),
        (false, None) => return None,
    };
    Some(finding.with(failure.cause.clone()))
}

/// The newest place where its words stand.
fn written(case: &Case<'_>, failure: &KnownFailure) -> Option<String> {
    let is_it = |text: &str| failure.words_in(text).is_some();
    if let Some(line) = case.log.iter().rev().find(|line| is_it(line)) {
        return Some(format!("log: {line}"));
    }
    let probes = case.detail.state.health.iter().flat_map(|health| health.probes.iter().rev());
    let output = probes.map(|probe| &probe.output).find(|output| is_it(output));
    output.map(|output| format!("health check: {}", crate::health::explain::phrase::whole(output)))
}

fn holds(case: &Case<'_>, when: &KnownCondition) -> bool {
    let state = &case.detail.state;
    let exit = when.exit_code.is_none_or(|code| state.exit_code == code && !state.oom_killed);
    let mount = when.mount.as_ref().is_none_or(|wanted| {
        case.detail.mounts.iter().any(|mount| {
            let access = if mount.writable { Access::ReadWrite } else { Access::ReadOnly };
            mount.target == wanted.target && wanted.access.is_none_or(|wanted| wanted == access)
        })
    });
    let environment = when.environment.as_ref().is_none_or(|wanted| {
        let value = case.variable(&wanted.name).unwrap_or_default();
        wanted.not.as_ref().map_or(value.is_empty(), |not| value != not)
    });
    let version = when.version_from.is_none_or(|from| {
        let image = ImageRef::parse(&case.detail.image).ok();
        let tag = image.as_ref().and_then(ImageRef::tag).unwrap_or_default().trim_start_matches('v');
        let number = tag.split(|character: char| !character.is_ascii_digit()).next().unwrap_or_default();
        number.parse::<u32>().is_ok_and(|version| version >= from)
    });
    let gpu = !when.gpu || case.detail.has_gpu();
    let changed = !when.environment_changed || !case.changed_variables().is_empty();
    exit && mount && environment && version && gpu && changed
}

/// What the container shows, where no words tell.
fn shown(when: &KnownCondition) -> String {
    let exit = when.exit_code.map(|code| format!("exit {code}"));
    let mount = when.mount.as_ref().map(|mount| format!("mounted at {}", mount.target));
    let variable = when.environment.as_ref().map(|variable| match &variable.not {
        Some(value) => format!("{} is not {value}", variable.name),
        None => format!("{} is not set", variable.name),
    });
    let version = when.version_from.map(|version| format!("version {version} or newer"));
    let changed = when.environment_changed.then(|| "the compose file sets other values".to_owned());
    [exit, mount, version, variable, changed].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn missing_variables<'a>(case: &'a Case<'_>) -> impl Iterator<Item = Finding> + 'a {
    let required = case.known.into_iter().flat_map(KnownService::required_environment);
    let is_set = |name: &str| case.variable(name).is_some_and(|value| !value.is_empty());
    let missing = required.filter(move |one| !is_set(&one.name) && !one.or.iter().any(|other| is_set(other)));
    missing.map(|variable| {
        let found = format!("runs without `{}`, which it needs", variable.name);
        let fix = format!("set `{}` under `environment`", variable.name);
        Finding::new(Level::Warn, "variable_missing", found, fix).with(variable.why.clone())
    })
}
