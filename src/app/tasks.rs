// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The one place that starts work beside other work: tasks of one thread, and threads for what blocks.
//!
//! A [`TaskGroup`] is structured: its tasks borrow from where it stands, move only while it is awaited, and are gone when
//! it is dropped. All of them hear one cancellation. Channels between tasks are bounded, so that a slow reader shows.
//!
//! Limits: tasks share a thread, so none may block; [`spawn_thread`] is for those that must (a pipe nobody reads).

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

/// A task.
type Task<'scope, T> = Pin<Box<dyn Future<Output = T> + 'scope>>;

/// Tasks that begin and end together.
pub struct TaskGroup<'scope, T> {
    tasks: FuturesUnordered<Task<'scope, T>>,
    cancelled: CancellationToken,
}

/// How a group ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Joined<T> {
    /// What the tasks gave, in the order in which they ended.
    pub results: Vec<T>,
    /// Tasks that did not end in time and were dropped.
    pub left: usize,
}

impl<'scope, T> TaskGroup<'scope, T> {
    /// An empty group that ends early when `cancelled` is.
    #[must_use]
    pub fn new(cancelled: CancellationToken) -> Self {
        Self { tasks: FuturesUnordered::new(), cancelled }
    }

    /// Adds a task. It begins when the group is next awaited. A task that holds something open listens to
    /// [`Self::cancelled`] and ends by itself.
    pub fn spawn(&self, task: impl Future<Output = T> + 'scope) {
        self.tasks.push(Box::pin(task));
    }

    /// What tells the tasks to end.
    #[must_use]
    pub fn cancelled(&self) -> CancellationToken {
        self.cancelled.clone()
    }

    /// Tells all tasks to end.
    pub fn cancel(&self) {
        self.cancelled.cancel();
    }

    /// How many tasks have not ended.
    #[must_use]
    pub fn len(&self) -> usize {
        self.tasks.len()
    }

    /// Whether all tasks have ended.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.tasks.is_empty()
    }

    /// The result of the next task to end; `None` when none is left.
    pub async fn next(&mut self) -> Option<T> {
        self.tasks.next().await
    }

    /// Waits for all tasks; once the group is cancelled, no longer than `grace`.
    pub async fn join(mut self, grace: Duration) -> Joined<T> {
        let cancelled = self.cancelled.clone();
        let patience = async {
            cancelled.cancelled().await;
            tokio::time::sleep(grace).await;
        };
        tokio::pin!(patience);
        let mut results = Vec::new();
        loop {
            tokio::select! {
                biased;
                next = self.tasks.next() => match next {
                    Some(result) => results.push(result),
                    None => return Joined { results, left: 0 },
                },
                () = &mut patience => return Joined { results, left: self.tasks.len() },
            }
        }
    }
}

impl<T> std::fmt::Debug for TaskGroup<'_, T> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("TaskGroup").field("tasks", &self.tasks.len()).finish_non_exhaustive()
    }
}

/// A thread whose end can be awaited. Dropping this leaves the thread alone: it ends by itself, or with the process.
#[derive(Debug)]
pub struct Thread<T> {
    result: oneshot::Receiver<T>,
}

impl<T> Thread<T> {
    /// Waits for the end of the thread; `None` when it ended without a result. To be called until it gave one.
    pub async fn ended(&mut self) -> Option<T> {
        (&mut self.result).await.ok()
    }

    /// What the thread gave; `None` when it did not end within `grace`.
    pub async fn join(self, grace: Duration) -> Option<T> {
        tokio::time::timeout(grace, self.result).await.ok()?.ok()
    }
}

/// Starts a thread for work that blocks.
///
/// # Errors
/// The system has no thread to give.
pub fn spawn_thread<T: Send + 'static>(
    name: &str,
    work: impl FnOnce() -> T + Send + 'static,
) -> std::io::Result<Thread<T>> {
    let (sender, result) = oneshot::channel();
    let run = move || {
        // Nobody may be waiting any more.
        let _ = sender.send(work());
    };
    #[expect(clippy::disallowed_methods, reason = "the one place that starts threads")]
    std::thread::Builder::new().name(name.to_owned()).spawn(run)?;
    Ok(Thread { result })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed set-up fails the test")]

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn tasks_borrow_and_give_their_results_in_order_of_their_end() {
        let words = ["slow".to_owned(), "quick".to_owned()];
        let group = TaskGroup::new(CancellationToken::new());
        for (word, seconds) in words.iter().zip([2, 1]) {
            group.spawn(async move {
                tokio::time::sleep(Duration::from_secs(seconds)).await;
                word.as_str()
            });
        }
        assert_eq!(group.join(Duration::ZERO).await, Joined { results: vec!["quick", "slow"], left: 0 });
    }

    #[tokio::test(start_paused = true)]
    async fn cancelled_group_waits_for_those_that_listen_and_drops_the_rest() {
        let group = TaskGroup::new(CancellationToken::new());
        let heard = group.cancelled();
        group.spawn(async move {
            heard.cancelled().await;
            tokio::time::sleep(Duration::from_millis(10)).await;
            "ended"
        });
        group.spawn(std::future::pending());
        group.cancel();
        assert_eq!(group.join(Duration::from_secs(1)).await, Joined { results: vec!["ended"], left: 1 });
    }

    #[tokio::test]
    async fn thread_is_awaited_and_a_stuck_one_is_left() {
        let quick = spawn_thread("quick", || 7).unwrap();
        assert_eq!(quick.join(Duration::from_mins(1)).await, Some(7));
        let (_open, wait) = std::sync::mpsc::sync_channel::<()>(0);
        let stuck = spawn_thread("stuck", move || wait.recv()).unwrap();
        assert_eq!(stuck.join(Duration::from_millis(1)).await, None);
    }
}
