// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The one place where tasks begin. A group owns its tasks: none outlives it, and none ends unseen.

use std::future::Future;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// How a task ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TaskEnd {
    /// By itself.
    Done,
    /// By a bug: what the panic said.
    Panicked(String),
    /// It did not heed the cancellation in time.
    Aborted,
}

/// Tasks that belong together. Dropping the group aborts them.
#[derive(Debug, Default)]
pub struct TaskGroup {
    tasks: JoinSet<&'static str>,
    names: std::collections::BTreeMap<tokio::task::Id, &'static str>,
    cancel: CancellationToken,
}

impl TaskGroup {
    /// A group that ends when `cancel` says so.
    #[must_use]
    pub fn new(cancel: CancellationToken) -> Self {
        Self { cancel, ..Self::default() }
    }

    /// What tasks listen to: cancelled when the group is to end.
    #[must_use]
    pub fn cancel(&self) -> CancellationToken {
        self.cancel.clone()
    }

    /// How many tasks run.
    #[must_use]
    pub fn len(&self) -> usize {
        self.tasks.len()
    }

    /// Whether no task runs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.tasks.is_empty()
    }

    /// Begins a task. Its name is for messages.
    pub fn spawn(&mut self, name: &'static str, task: impl Future<Output = ()> + Send + 'static) {
        #[expect(clippy::disallowed_methods, reason = "this is the one task group")]
        let handle = self.tasks.spawn(async move {
            task.await;
            name
        });
        self.names.insert(handle.id(), name);
    }

    /// Waits for the next task to end; `None` when there is none. Safe to drop and call again.
    pub async fn next(&mut self) -> Option<(&'static str, TaskEnd)> {
        let end = self.tasks.join_next_with_id().await?;
        Some(match end {
            Ok((id, name)) => {
                self.names.remove(&id);
                (name, TaskEnd::Done)
            }
            Err(error) => {
                let name = self.names.remove(&error.id()).unwrap_or("task");
                (name, if error.is_panic() { TaskEnd::Panicked(panic_text(error)) } else { TaskEnd::Aborted })
            }
        })
    }

    /// Ends the group: cancels, waits so long, aborts what is left. Gives how each task ended that had not been seen to end.
    pub async fn shut_down(mut self, patience: Duration) -> Vec<(&'static str, TaskEnd)> {
        self.cancel.cancel();
        let mut ends = Vec::new();
        let waiting = async {
            while let Some(end) = self.next().await {
                ends.push(end);
            }
        };
        if tokio::time::timeout(patience, waiting).await.is_err() {
            self.tasks.abort_all();
            while let Some(end) = self.next().await {
                ends.push(end);
            }
        }
        ends
    }
}

fn panic_text(error: tokio::task::JoinError) -> String {
    let payload = error.into_panic();
    let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| payload.downcast_ref::<String>().cloned()).unwrap_or_else(|| "no message".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn cancelled_tasks_end_and_deaf_ones_are_aborted() {
        let mut group = TaskGroup::default();
        let cancel = group.cancel();
        group.spawn("heeds", async move { cancel.cancelled().await });
        group.spawn("deaf", std::future::pending());
        let mut ends = group.shut_down(Duration::from_millis(50)).await;
        ends.sort_by_key(|(name, _)| *name);
        assert_eq!(ends, [("deaf", TaskEnd::Aborted), ("heeds", TaskEnd::Done)]);
    }

    #[tokio::test]
    #[expect(clippy::panic, reason = "the task under test is to panic")]
    async fn panic_is_told_with_the_name_of_the_task() {
        let mut group = TaskGroup::default();
        group.spawn("bad", async { panic!("boom") });
        assert_eq!(group.next().await, Some(("bad", TaskEnd::Panicked("boom".to_owned()))));
        assert!(group.is_empty());
    }
}
