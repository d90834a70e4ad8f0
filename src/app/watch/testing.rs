// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! News and engines for the tests of this module.

use chrono::DateTime;

use super::news::{EngineNews, Explained, News};
use crate::health::Verdict;
use crate::health::board::{Cause, CauseKind, SlotKey, Source, Transition};
use crate::health::verdict::State;

fn verdict(state: State) -> Verdict {
    match state {
        State::Ok => Verdict::Ok { completed: false },
        State::Paused => Verdict::Paused,
        State::Unhealthy => Verdict::Unhealthy { streak: Some(3), last: None },
        _ => Verdict::NoCheck,
    }
}

/// A change of a service from one of the states `Ok`, `Paused`, `Unhealthy` and `NoCheck` to another.
pub(crate) fn change(service: &str, from: State, to: State) -> News {
    let key = SlotKey {
        context: "default".to_owned(),
        project: "voice".to_owned(),
        service: service.to_owned(),
        number: 1,
        one_off: None,
    };
    let cause =
        Cause { kind: CauseKind::Health, exit_code: None, signal: None, oom: false, streak: None, probe_output: None };
    let transition = Transition {
        seq: 1,
        at: DateTime::UNIX_EPOCH,
        key,
        container: Some("c0ffee".to_owned()),
        from: Some(verdict(from)),
        to: verdict(to),
        cause,
        source: Source::Event,
    };
    News::Transition(Box::new(Explained { transition, why: None, secrets: Vec::new() }))
}

/// An engine that went away.
pub(crate) fn engine_lost(context: &str) -> News {
    let change = EngineNews::Lost { message: "cannot reach the engine".to_owned(), hint: None };
    News::Engine { at: DateTime::UNIX_EPOCH, context: context.to_owned(), change }
}
