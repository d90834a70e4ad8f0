// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The metrics, made from what is known at the moment they are fetched.

use super::exposition::{Exposition, Kind};
use crate::app::sinks::SinkState;
use crate::app::supervise::{Picture, ServiceView};
use crate::health::verdict::State;

/// All metrics. Before the first picture there are those of the sinks and of the program alone.
pub(in crate::app::sinks) fn render(picture: Option<&Picture>, sinks: &[SinkState], version: &str) -> String {
    let mut all = Exposition::default();
    all.family("stackctl_build_info", Kind::Gauge, "The program; always 1.").sample(&[("version", version)], 1);
    if let Some(picture) = picture {
        engines(&mut all, picture);
        services(&mut all, picture);
    }
    let mut counts = |name, help, value: fn(&SinkState) -> u64| {
        let mut family = all.family(name, Kind::Counter, help);
        for sink in sinks {
            family.sample(&[("sink", &sink.name)], value(sink));
        }
    };
    counts("stackctl_sink_delivered_total", "What a sink has delivered.", |sink| sink.delivered);
    counts("stackctl_sink_failed_total", "Attempts of a sink that failed.", |sink| sink.failed);
    counts("stackctl_sink_dropped_total", "What a sink will never deliver.", |sink| sink.dropped);
    all.into_text()
}

fn engines(all: &mut Exposition, picture: &Picture) {
    let mut up = all.family("stackctl_engine_up", Kind::Gauge, "Whether an engine can be asked.");
    for (context, engine) in &picture.engines {
        up.sample(&[("context", context)], u8::from(engine.is_up));
    }
    let mut events = all.family("stackctl_events_total", Kind::Counter, "Events heard of an engine.");
    for (context, engine) in &picture.engines {
        events.sample(&[("context", context)], engine.events);
    }
    let help = "How long the last event of an engine was on its way.";
    let mut lag = all.family("stackctl_event_lag_seconds", Kind::Gauge, help);
    for (context, engine) in &picture.engines {
        if let Some(time) = engine.lag {
            lag.sample(&[("context", context)], time.as_seconds_f64());
        }
    }
}

/// The labels of a service.
struct Labels<'a> {
    service: &'a ServiceView,
    number: String,
}

impl<'a> Labels<'a> {
    fn with<'l>(&'l self, more: &[(&'l str, &'l str)]) -> Vec<(&'l str, &'l str)>
    where
        'a: 'l,
    {
        let key = &self.service.key;
        let mut labels: Vec<(&str, &str)> = vec![
            ("context", &key.context),
            ("project", &key.project),
            ("service", &key.service),
            ("number", &self.number),
        ];
        labels.extend_from_slice(more);
        labels
    }
}

/// The word for a state. Unlike in JSON, where details tell more, no two states share one.
const fn label(state: State) -> &'static str {
    match state {
        State::Crashed => "crashed",
        State::Absent => "absent",
        state => state.word(),
    }
}

fn services(all: &mut Exposition, picture: &Picture) {
    // Containers of `compose run` come and go, and would share the labels of their service.
    let lasting = picture.services.iter().filter(|service| service.key.one_off.is_none());
    let lasting: Vec<Labels<'_>> =
        lasting.map(|service| Labels { service, number: service.key.number.to_string() }).collect();
    let mut state =
        all.family("stackctl_service_state", Kind::Gauge, "The state of a service: 1 for the one it is in.");
    for labels in &lasting {
        let present = labels.service.verdict.state();
        for one in State::ALL {
            state.sample(&labels.with(&[("state", label(one))]), u8::from(present == one));
        }
    }
    let mut counts = |name, help, value: fn(&ServiceView) -> u64| {
        let mut family = all.family(name, Kind::Counter, help);
        for labels in &lasting {
            family.sample(&labels.with(&[]), value(labels.service));
        }
    };
    let help = "Starts of a service's containers in this run that nobody asked for.";
    counts("stackctl_service_restarts_total", help, |service| service.restarts);
    let help = "Processes of a service that were killed for memory in this run.";
    counts("stackctl_service_oom_kills_total", help, |service| service.oom_kills);
    let mut probes = all.family("stackctl_probe_duration_seconds", Kind::Gauge, "How long the last probe took.");
    for labels in &lasting {
        if let Some(time) = labels.service.probe {
            probes.sample(&labels.with(&[]), time.as_seconds_f64());
        }
    }
    let mut attempts = all.family("stackctl_heal_attempts_total", Kind::Counter, "Attempts to heal, by their result.");
    for labels in &lasting {
        for (result, count) in &labels.service.attempts {
            attempts.sample(&labels.with(&[("result", result)]), count);
        }
    }
    let mut breaker = all.family("stackctl_breaker_open", Kind::Gauge, "Whether healing was given up for now.");
    for labels in &lasting {
        breaker.sample(&labels.with(&[]), u8::from(labels.service.is_breaker_open));
    }
}
