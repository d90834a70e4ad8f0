// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! From settings to policy.

use std::time::Duration;

use chrono::TimeDelta;

use crate::config::{HealChoice, HealSettings, Maintenance, SuperviseSettings, When};
use crate::health::policy::{Execution, Limits, Mode, PolicySettings, Schedule, ServicePolicy, Window};

/// The policy that settings ask for; what they do not say is as built in.
#[must_use]
pub fn policy(settings: &SuperviseSettings, execution: Execution) -> PolicySettings {
    let default = heal(&settings.default, &ServicePolicy::default());
    let services = settings.services.iter().map(|(name, one)| (name.clone(), heal(one, &default)));
    let built_in = Limits::default();
    let length = |wish: Option<Duration>, otherwise: TimeDelta| wish.map_or(otherwise, delta);
    let first_wait = length(settings.first_wait, built_in.first_wait);
    PolicySettings {
        services: services.collect(),
        limits: Limits {
            attempts: settings.attempts.unwrap_or(built_in.attempts),
            window: length(settings.attempts_within, built_in.window),
            first_wait,
            longest_wait: length(settings.longest_wait, built_in.longest_wait).max(first_wait),
            settled: length(settings.settled, built_in.settled),
            cool_down: length(settings.cool_down, built_in.cool_down),
            recovered: length(settings.recovered, built_in.recovered),
            link_settle: length(settings.link_settle, built_in.link_settle),
            ..built_in
        },
        windows: settings.maintenance.iter().map(window).collect(),
        execution,
        default,
    }
}

fn heal(settings: &HealSettings, otherwise: &ServicePolicy) -> ServicePolicy {
    let mode = match settings.heal {
        None => otherwise.mode,
        Some(HealChoice::Observe) => Mode::Observe,
        Some(HealChoice::Notify) => Mode::Notify,
        Some(HealChoice::Restart) => Mode::Restart,
        Some(HealChoice::RestartStack) => Mode::RestartStack,
        Some(HealChoice::Command) => Mode::Command,
    };
    let command = if settings.command.is_empty() { &otherwise.command } else { &settings.command };
    ServicePolicy { mode, command: command.clone() }
}

fn window(one: &Maintenance) -> Window {
    let schedule = match &one.when {
        When::Once { from, until } => Schedule::Once { start: *from, end: *until },
        When::Repeated { day, start, length, offset } => {
            Schedule::Repeated { weekday: *day, start: *start, length: delta(*length), offset: *offset }
        }
    };
    Window { schedule, service: one.service.clone() }
}

/// No length of a settings file is anywhere near the longest.
fn delta(length: Duration) -> TimeDelta {
    TimeDelta::from_std(length).unwrap_or(TimeDelta::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_said_is_what_is_built_in() {
        let policy = policy(&SuperviseSettings::default(), Execution::Real);
        assert_eq!(policy, PolicySettings::default());
    }

    #[test]
    fn a_service_takes_from_the_default_what_it_does_not_say() {
        let page = vec!["/bin/page".to_owned()];
        let settings = SuperviseSettings {
            default: HealSettings { heal: Some(HealChoice::Notify), command: page.clone() },
            services: [("bus".to_owned(), HealSettings { heal: Some(HealChoice::Command), command: Vec::new() })]
                .into(),
            first_wait: Some(Duration::from_mins(10)),
            ..SuperviseSettings::default()
        };
        let policy = policy(&settings, Execution::DryRun);
        assert_eq!(policy.services["bus"], ServicePolicy { mode: Mode::Command, command: page });
        assert_eq!((policy.default.mode, policy.execution), (Mode::Notify, Execution::DryRun));
        assert_eq!(policy.limits.longest_wait, TimeDelta::minutes(10), "never below the first");
    }
}
