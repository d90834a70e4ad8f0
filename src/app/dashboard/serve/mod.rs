// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Beside the engines: watches them for the screen, and does what it asks for.

mod program;
mod supervision;

use std::cell::RefCell;
use std::pin::Pin;
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use tokio::sync::mpsc::Receiver;
use tokio_util::sync::CancellationToken;

use super::act::{Deed, act};
use super::answer::Answer;
use super::detail::detail;
use super::sight::{Screen, Sight};
use super::usage::sweep;
use super::wish::{Order, Wish};
use super::{findings, logs, policy, sets};
use crate::app::Selection;
use crate::app::backup::Outside;
use crate::app::observe::Live;
use crate::app::watch::{Failure, Request, Surroundings, Watched, watch};
use crate::config::{Layer, Settings};
use crate::error::UserError;
use supervision::Pauses;

/// Between two rounds of asking what containers use.
const ROUND: Duration = Duration::from_secs(2);
/// Between two attempts while no engine can be reached.
const AGAIN: Duration = Duration::from_secs(3);

/// What serving needs.
#[derive(Clone, Copy)]
pub struct Hands<'a> {
    /// Engines, files, time.
    pub live: &'a Live<'a>,
    /// Where results go.
    pub screen: &'a dyn Screen,
    /// The flags that choose the project.
    pub selection: &'a Selection,
    /// What the command line sets.
    pub flags: &'a Layer,
    /// What restore points need of the outside.
    pub sets: Outside<'a>,
    /// The settings.
    pub settings: &'a Settings,
}

/// Work under way.
type Task<'a> = Pin<Box<dyn Future<Output = ()> + 'a>>;

/// Watches and does what is asked for, until `cancelled` or until nobody can ask any more.
pub async fn serve(hands: Hands<'_>, request: &Request, mut orders: Receiver<Order>, cancelled: &CancellationToken) {
    let sight = Sight::new(hands.live.context.catalog, hands.screen);
    let watched: RefCell<Vec<(String, String)>> = RefCell::default();
    let pauses = Pauses::default();
    let mut tasks: FuturesUnordered<Task<'_>> = FuturesUnordered::new();
    tasks.push(Box::pin(engines(hands, request, &sight, cancelled)));
    tasks.push(Box::pin(usage(hands, &watched)));
    let mut reading: Option<Task<'_>> = None;
    loop {
        tokio::select! {
            () = cancelled.cancelled() => break,
            Some(()) = tasks.next() => {}
            () = going(&mut reading) => reading = None,
            order = orders.recv() => {
                let Some(order) = order else { break };
                match order.wish {
                    Wish::Watch(wanted) => {
                        watched.replace(wanted);
                    }
                    Wish::Logs(wish) => reading = Some(Box::pin(logs::read(hands, wish))),
                    Wish::NoLogs => reading = None,
                    wish => tasks.push(Box::pin(do_one(hands, &pauses, Order { wish, ..order }))),
                }
            }
        }
    }
    pauses.end_all(hands).await;
}

/// The reading of logs; never over when there is none.
async fn going(reading: &mut Option<Task<'_>>) {
    match reading {
        Some(reading) => reading.await,
        None => std::future::pending().await,
    }
}

/// Watches the engines; when none can be reached, says so and tries again.
async fn engines(hands: Hands<'_>, request: &Request, sight: &Sight<'_>, cancelled: &CancellationToken) {
    let watched = Watched::all(hands.live.engines);
    let surroundings = Surroundings { clock: hands.live.clock, catalog: *hands.live.context.catalog, observer: sight };
    loop {
        let failures = watch(&watched, request, surroundings, cancelled).await;
        if cancelled.is_cancelled() || failures.is_empty() {
            return;
        }
        for Failure { context, error } in failures {
            let hint = error.hints().into_iter().next();
            hands.screen.answer(Answer::Unreachable { context, reason: error.message(), hint });
        }
        tokio::time::sleep(AGAIN).await;
    }
}

/// Asks what the containers on the screen use, round after round. One that takes long makes the next wait as long.
async fn usage(hands: Hands<'_>, watched: &RefCell<Vec<(String, String)>>) {
    loop {
        let wanted = watched.borrow().clone();
        let begun = tokio::time::Instant::now();
        if !wanted.is_empty() {
            let samples = sweep(hands.live, &wanted).await;
            hands.screen.answer(Answer::Usage(samples));
        }
        tokio::time::sleep(ROUND.max(begun.elapsed())).await;
    }
}

async fn do_one(hands: Hands<'_>, pauses: &Pauses, order: Order) {
    match order.wish {
        Wish::Act(deed) => deed_done(hands, pauses, &deed).await,
        Wish::Supervision { context, project, pause } => pauses.change(hands, &context, &project, pause).await,
        Wish::Detail { key, id } => {
            if let Some(found) = detail(hands.live, &key, &id).await {
                hands.screen.answer(Answer::Detail(Box::new(found)));
            }
        }
        wish @ (Wish::Program(_) | Wish::Shell { .. } | Wish::Pager(_)) => {
            program::run(hands, &wish).await;
            hands.screen.answer(Answer::Returned);
        }
        Wish::Save { path, text } => program::save(hands, &path, &text),
        Wish::Validate => findings::read(hands),
        Wish::Sets(project) => sets::read(hands, project),
        Wish::Policy(project) => policy::read(hands, project).await,
        // Done before.
        Wish::Watch(_) | Wish::Logs(_) | Wish::NoLogs => {}
    }
    // Who waits is told by the end of the sender, whatever came of it.
    drop(order.done);
}

async fn deed_done(hands: Hands<'_>, pauses: &Pauses, deed: &Deed) {
    let word = deed.kind.word();
    hands.screen.answer(Answer::Begun(format!("{word} {}", deed.container)));
    let held = pauses.holds(&deed.key.context, &deed.key.project);
    match act(hands.live, deed, held).await {
        Ok(()) => hands.screen.answer(Answer::Done(format!("{}: {word} is done", deed.container))),
        Err(fault) => fail(hands, &fault),
    }
}

/// Tells a fault.
fn fail(hands: Hands<'_>, fault: &dyn UserError) {
    hands.screen.answer(Answer::Failed { message: fault.message(), hint: fault.hints().into_iter().next() });
}
