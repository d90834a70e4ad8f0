// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What is said under each topic: pure text.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::topics::device_id;
use super::wanted::Speaker;
use crate::app::supervise::{Picture, ServiceView};
use crate::diag::safe_line;
use crate::health::verdict::{Standing, State};

/// Name of the format of details. Fields are only ever added to this version.
pub(super) const SCHEMA: &str = "stackctl/mqtt/v1";

/// Characters of a reason.
const REASON: usize = 200;

/// The health of a service: these three keys in this order, and nothing else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Health {
    /// Whether the service can be used.
    ok: bool,
    /// What it is otherwise; `null` while all is well.
    event: Option<&'static str>,
    /// Why; `null` where nothing is wrong.
    err: Option<String>,
}

impl Health {
    pub(super) const GOOD: Self = Self { ok: true, event: None, err: None };
    /// Of ourselves, when we leave.
    pub(super) const STOPPED: Self = Self { ok: false, event: Some("stopped"), err: None };

    /// The health of one service, all its containers together: that of the worst.
    pub(super) fn of(views: &[&ServiceView]) -> Self {
        let Some(worst) = views.iter().min_by_key(|view| view.verdict.state()) else { return Self::GOOD };
        let state = worst.verdict.state();
        let is_wrong = matches!(state.standing(), Standing::Bad | Standing::Unknown);
        Self {
            ok: matches!(state, State::Ok | State::NoCheck),
            event: (state != State::Ok).then(|| state.word()),
            err: is_wrong.then(|| reason(worst)).filter(|reason| !reason.is_empty()),
        }
    }

    /// Our own: we are well while an engine can be asked.
    pub(super) fn own(picture: &Picture) -> Self {
        if picture.engines.is_empty() || picture.engines.values().any(|engine| engine.is_up) {
            return Self::GOOD;
        }
        Self { ok: false, event: Some("engine_lost"), err: Some("no engine can be asked".to_owned()) }
    }

    pub(super) fn text(&self) -> String {
        // Three plain fields: this cannot fail.
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// Why a service is what it is, masked and short.
fn reason(view: &ServiceView) -> String {
    let text = safe_line(&view.why, &view.secrets);
    if text.chars().count() <= REASON {
        return text;
    }
    let mut short: String = text.chars().take(REASON - 3).collect();
    short.push_str("...");
    short
}

/// What is kept of ourselves in the details, to be read back by a later run.
#[derive(Debug, Deserialize)]
pub(super) struct Trace {
    /// Who wrote them.
    pub(super) client: String,
    /// Where Home Assistant was told of the service.
    #[serde(default)]
    pub(super) discovery: Option<String>,
}

/// All about one service of one project. `views` is not empty.
pub(super) fn detail(views: &[&ServiceView], client: &str, discovery: Option<&str>) -> String {
    let first = views.first().map(|view| &view.key);
    let health = Health::of(views);
    let worst = views.iter().map(|view| view.verdict.state()).min();
    let standing = worst.map(State::standing);
    json!({
        "schema": SCHEMA,
        "client": client,
        "discovery": discovery,
        "project": first.map(|key| &key.project),
        "service": first.map(|key| &key.service),
        "ok": health.ok,
        "problem": standing.is_some_and(|standing| matches!(standing, Standing::Bad | Standing::Unknown)),
        "state": worst.map(State::word),
        "why": health.err,
        "containers": views.iter().map(|view| container(view)).collect::<Vec<_>>(),
    })
    .to_string()
}

fn container(view: &ServiceView) -> Value {
    json!({
        "context": view.key.context,
        "number": view.key.number,
        "state": view.verdict.word(),
        "why": reason(view),
        "restarts": view.restarts,
        "oom_kills": view.oom_kills,
        "probe_s": view.probe.map(TimeDelta::as_seconds_f64),
        "heal_attempts": view.attempts,
        "breaker_open": view.is_breaker_open,
    })
}

/// What Home Assistant is told of a service: where its state is, and what it means.
pub(super) fn discovery(project: &str, service: &str, unique_id: &str, speaker: &Speaker) -> String {
    let Speaker { host, version, topics, .. } = speaker;
    let detail = topics.detail(project, service);
    json!({
        "name": service,
        "unique_id": unique_id,
        "device_class": "problem",
        "state_topic": detail,
        "value_template": "{{ 'ON' if value_json.problem else 'OFF' }}",
        "payload_on": "ON",
        "payload_off": "OFF",
        "json_attributes_topic": detail,
        "availability": [
            { "topic": topics.status(), "payload_available": "online", "payload_not_available": "offline" },
        ],
        "qos": 1,
        "device": {
            "identifiers": [device_id(speaker.name(), project)],
            "name": format!("{project} on {host}"),
            "manufacturer": "stackctl",
            "sw_version": version,
        },
        "origin": { "name": "stackctl", "sw_version": version },
    })
    .to_string()
}
