// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Standard output for lines that are written as they come, by a thread of its own, so that nobody waits for its reader.

use std::sync::Arc;
use std::time::Duration;

use super::Session;
use crate::app::tasks::{Thread, spawn_thread};
use crate::app::watch::{Backlog, CAPACITY, Item, Overflow, Taken, Told};
use crate::error::UserError;
use crate::output::render::transition_text::{Engines, dropped_line};
use crate::output::{Drained, Layout, drain};

/// The formats of lines.
pub(super) const FORMATS: &[&str] = &["human", "json"];

/// How long a reader that has stopped reading is waited for at the end.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// How one item becomes a line.
pub(super) struct Form<T> {
    /// For programs; takes the id of the run.
    pub(super) json: fn(&Told<T>, &str) -> String,
    /// For people.
    pub(super) text: fn(&Told<T>, Engines, Layout) -> String,
}

/// Why lines cannot be written.
#[derive(Debug)]
pub(super) enum OutletFault {
    NoThread(String),
    Unwritten(String),
}

impl UserError for OutletFault {
    fn code(&self) -> &'static str {
        match self {
            Self::NoThread(_) => "internal",
            Self::Unwritten(_) => "output_failed",
        }
    }

    fn message(&self) -> String {
        match self {
            Self::NoThread(reason) => format!("cannot start the thread that writes: {reason}"),
            Self::Unwritten(reason) => format!("cannot write the result: {reason}"),
        }
    }
}

/// Lines on their way to standard output.
pub(super) struct Outlet<T> {
    backlog: Arc<Backlog<T>>,
    writing: Thread<Drained>,
    ended: Option<Drained>,
}

impl<T: Item + Send + 'static> Outlet<T> {
    /// Starts the writing. JSON folds what its reader is too slow for, text leaves it out.
    pub(super) fn open(
        Form { json, text }: Form<T>,
        format: Option<&'static str>,
        session: &Session<'_, '_>,
    ) -> Result<Self, OutletFault> {
        let is_json = format == Some("json");
        let overflow = if is_json { Overflow::Fold } else { Overflow::DropOldest };
        let backlog = Arc::new(Backlog::new(CAPACITY, overflow));
        let engines = if session.live.engines.len() == 1 { Engines::One } else { Engines::Several };
        let (layout, run_id) = (session.layout, session.printer.run_id().to_owned());
        let render = move |taken: &Taken<T>| {
            if is_json {
                return taken.items.iter().map(|told| json(told, &run_id)).collect();
            }
            let dropped = (taken.dropped > 0).then(|| dropped_line(taken.dropped, layout));
            let lines = taken.items.iter().map(|told| text(told, engines, layout));
            dropped.into_iter().chain(lines).collect()
        };
        let (source, mut stream) = (Arc::clone(&backlog), (session.live.stream)());
        let writing = spawn_thread("writer", move || drain(&source, &mut stream, &render));
        let writing = writing.map_err(|error| OutletFault::NoThread(error.to_string()))?;
        Ok(Self { backlog, writing, ended: None })
    }

    /// Where lines are put.
    pub(super) fn backlog(&self) -> Arc<Backlog<T>> {
        Arc::clone(&self.backlog)
    }

    /// Waits until nothing can be written any more, as when the reader has gone.
    pub(super) async fn gone(&mut self) {
        self.ended = self.writing.ended().await;
    }

    /// Writes what is left, for as long as a reader can be expected to read it.
    pub(super) async fn close(self) -> Result<(), OutletFault> {
        self.backlog.close();
        let ended = match self.ended {
            Some(ended) => Some(ended),
            None => self.writing.join(LAST_WORDS).await,
        };
        match ended {
            Some(Drained::Failed(error)) => Err(OutletFault::Unwritten(error.to_string())),
            _ => Ok(()),
        }
    }
}

/// Waits for this long; for ever without a limit.
pub(super) async fn wait(limit: Option<Duration>) {
    match limit {
        Some(limit) => tokio::time::sleep(limit).await,
        None => std::future::pending().await,
    }
}
