// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Keeps supervisors away: whoever holds a project's lock opens a maintenance window.

use std::cell::RefCell;
use std::collections::BTreeMap;

use chrono::TimeDelta;

use super::{Hands, fail};
use crate::app::dashboard::act::{Held, LockHeld, hold};
use crate::app::dashboard::answer::Answer;

/// The locks that are held for pauses, by engine and project, each with the number of its pause.
#[derive(Default)]
pub(super) struct Pauses {
    held: RefCell<BTreeMap<(String, String), (u64, Held)>>,
    count: RefCell<u64>,
}

impl Pauses {
    /// Whether the lock of a project is held here.
    pub(super) fn holds(&self, context: &str, project: &str) -> LockHeld {
        let key = (context.to_owned(), project.to_owned());
        if self.held.borrow().contains_key(&key) { LockHeld::Here } else { LockHeld::No }
    }

    /// Begins a pause, which ends by itself, or ends it.
    pub(super) async fn change(&self, hands: Hands<'_>, context: &str, project: &str, pause: Option<TimeDelta>) {
        let key = (context.to_owned(), project.to_owned());
        let Some(time) = pause else {
            self.end(hands, &key, None).await;
            return;
        };
        let held = match hold(hands.live, context, project).await {
            Ok(held) => held,
            Err(fault) => return fail(hands, &fault),
        };
        let number = {
            let mut count = self.count.borrow_mut();
            *count += 1;
            *count
        };
        self.held.borrow_mut().insert(key.clone(), (number, held));
        let until = Some(hands.live.clock.now() + time);
        hands.screen.answer(Answer::Paused { context: key.0.clone(), project: key.1.clone(), until });
        tokio::time::sleep(time.to_std().unwrap_or_default()).await;
        self.end(hands, &key, Some(number)).await;
    }

    /// Ends a pause; with a number only that one.
    async fn end(&self, hands: Hands<'_>, key: &(String, String), number: Option<u64>) {
        let held = {
            let mut held = self.held.borrow_mut();
            let is_it = held.get(key).is_some_and(|(one, _)| number.is_none_or(|number| *one == number));
            if is_it { held.remove(key) } else { None }
        };
        if let Some((_, held)) = held {
            held.release(hands.live).await;
            hands.screen.answer(Answer::Paused { context: key.0.clone(), project: key.1.clone(), until: None });
        }
    }

    /// Gives every lock back.
    pub(super) async fn end_all(&self, hands: Hands<'_>) {
        let all = std::mem::take(&mut *self.held.borrow_mut());
        for (_, (_, held)) in all {
            held.release(hands.live).await;
        }
    }
}
