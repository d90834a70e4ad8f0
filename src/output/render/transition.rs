// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `stackctl/transition/v1`: one JSON object a line for each piece of news. Fields are only ever added to this version.
//!
//! `seq` counts all news from 1 without a gap; a line that stands for several (its reader was slow) goes from the state
//! before `first_seq` to the state after `seq` and says how many in `count`.

use std::borrow::Borrow;

use serde::Serialize;
use serde_json::Value;

use super::json_line::{Heading, json_line as line};
use super::live::verdict_json::{details, standing};
use crate::app::watch::{EngineNews, Explained, News, Told};
use crate::health::Verdict;
use crate::output::safe_line;

/// Name of the format.
pub const SCHEMA: &str = "stackctl/transition/v1";

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Kind<'a> {
    Transition(Box<Transition<'a>>),
    EngineLost { message: String, hint: Option<&'a str> },
    EngineBack { outage_s: f64 },
}

#[derive(Serialize)]
struct Transition<'a> {
    project: &'a str,
    service: &'a str,
    number: u32,
    one_off: bool,
    container: Option<&'a str>,
    from: Option<&'static str>,
    to: &'static str,
    standing: &'static str,
    details: Value,
    why: Option<String>,
    evidence: Vec<String>,
    hint: Option<String>,
    cause: Cause,
    source: &'static str,
}

#[derive(Serialize)]
struct Cause {
    kind: &'static str,
    exit_code: Option<i64>,
    signal: Option<i64>,
    oom: bool,
    streak: Option<u32>,
    probe_output: Option<String>,
}

/// One piece of news as one line, with its line break.
#[must_use]
pub fn json_line<N: Borrow<News>>(told: &Told<N>, run_id: &str) -> String {
    let (at, context, kind) = match told.news.borrow() {
        News::Transition(one) => {
            let transition = &one.transition;
            (transition.at, transition.key.context.as_str(), Kind::Transition(Box::new(transition_of(one))))
        }
        News::Engine { at, context, change } => (*at, context.as_str(), engine(change)),
    };
    line(told, &Heading { schema: SCHEMA, run_id, at, context }, kind)
}

fn engine(change: &EngineNews) -> Kind<'_> {
    match change {
        EngineNews::Lost { message, hint } => {
            Kind::EngineLost { message: safe_line(message, &[]), hint: hint.as_deref() }
        }
        EngineNews::Back { outage } => Kind::EngineBack { outage_s: outage.as_seconds_f64() },
    }
}

fn transition_of(one: &Explained) -> Transition<'_> {
    let Explained { transition, why, secrets } = one;
    let safe = |text: &str| safe_line(text, secrets);
    let (key, cause) = (&transition.key, &transition.cause);
    Transition {
        project: &key.project,
        service: &key.service,
        number: key.number,
        one_off: key.one_off.is_some(),
        container: transition.container.as_deref(),
        from: transition.from.as_ref().map(Verdict::word),
        to: transition.to.word(),
        standing: standing(transition.to.standing()),
        details: details(&transition.to, secrets),
        why: why.as_ref().map(|why| safe(&why.sentence)),
        evidence: why.iter().flat_map(|why| &why.evidence).map(|fact| safe(fact)).collect(),
        hint: why.as_ref().and_then(|why| why.hint.as_deref()).map(safe),
        cause: Cause {
            kind: cause.kind.word(),
            exit_code: cause.exit_code,
            signal: cause.signal,
            oom: cause.oom,
            streak: cause.streak,
            probe_output: cause.probe_output.as_deref().map(safe),
        },
        source: transition.source.word(),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;
    use crate::app::watch::testing::{change, engine_lost};
    use crate::health::verdict::State;

    fn line(news: News) -> Value {
        let text = json_line(&Told { seq: 7, first_seq: 5, count: 3, news }, "r1");
        assert_eq!(text.matches('\n').count(), 1);
        serde_json::from_str(&text).unwrap()
    }

    #[test]
    fn a_transition_names_states_cause_source_and_numbers() {
        let line = line(change("bus", State::Ok, State::Unhealthy));
        assert_eq!(line["schema"], SCHEMA);
        assert_eq!([&line["seq"], &line["first_seq"], &line["count"]], [7, 5, 3]);
        assert_eq!([&line["type"], &line["from"], &line["to"]], ["transition", "ok", "unhealthy"]);
        assert_eq!([&line["cause"]["kind"], &line["source"], &line["project"]], ["health", "event", "voice"]);
        assert_eq!(line["at"], "1970-01-01T00:00:00.000Z");
    }

    #[test]
    fn an_engine_that_went_away_is_a_line_of_its_own_type() {
        let line = line(engine_lost("far"));
        assert_eq!([&line["type"], &line["context"]], ["engine_lost", "far"]);
    }

    #[test]
    fn secrets_of_the_container_are_hidden() {
        let News::Transition(mut one) = change("db", State::Ok, State::Unhealthy) else { unreachable!() };
        one.secrets = vec!["hunter2hunter2".to_owned()];
        one.transition.cause.probe_output = Some("login with hunter2hunter2 failed\u{1b}[2J".to_owned());
        let text = line(News::Transition(one)).to_string();
        assert!(!text.contains("hunter2hunter2"), "{text}");
        assert!(!text.contains("\\u001b"), "{text}");
    }
}
