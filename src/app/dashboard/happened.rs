// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What has just changed, as a screen tells it.

use chrono::TimeDelta;

use super::host::safe;
use crate::app::watch::{EngineNews, Explained, News};
use crate::diag::safe_line;
use crate::health::board::{CauseKind, SlotKey, Source};
use crate::health::verdict::State;
use crate::health::{Timestamp, Verdict, Why};

/// One piece of news.
#[derive(Debug, Clone, PartialEq)]
pub struct Happened {
    /// When, by the engine's clock.
    pub at: Timestamp,
    /// The engine's name.
    pub context: String,
    /// What.
    pub what: What,
}

/// What happened.
#[derive(Debug, Clone, PartialEq)]
pub enum What {
    /// A service is in another state.
    Changed {
        /// Which.
        key: SlotKey,
        /// The state left; `None` at the first sight.
        from: Option<State>,
        /// How it is now.
        verdict: Box<Verdict>,
        /// Why.
        why: Option<Why>,
        /// What made it change.
        cause: CauseKind,
        /// How that came to be known.
        source: Source,
    },
    /// An engine cannot be asked.
    Lost {
        /// Why, as a fragment.
        reason: String,
        /// The next step.
        hint: Option<String>,
    },
    /// It can be asked again.
    Back {
        /// How long it could not.
        outage: TimeDelta,
    },
}

impl Happened {
    pub(super) fn of(news: News) -> Self {
        match news {
            News::Transition(explained) => {
                let Explained { transition, why, secrets } = *explained;
                let what = What::Changed {
                    from: transition.from.as_ref().map(Verdict::state),
                    verdict: Box::new(transition.to),
                    why: why.map(|why| safe(&why, &secrets)),
                    cause: transition.cause.kind,
                    source: transition.source,
                    key: transition.key.clone(),
                };
                Self { at: transition.at, context: transition.key.context, what }
            }
            News::Engine { at, context, change } => {
                let what = match change {
                    EngineNews::Lost { message, hint } => What::Lost { reason: safe_line(&message, &[]), hint },
                    EngineNews::Back { outage } => What::Back { outage },
                };
                Self { at, context, what }
            }
        }
    }
}
