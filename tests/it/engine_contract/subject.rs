// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! An engine under test, and what every check needs: labels, waiting, clean-up.

use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::StreamExt as _;
use stackctl::sys::engine::{
    ContainerDetail, ContainerFilter, ContainerPlan, Deadline, Engine, Event, EventQuery, EventTime, Feed, Idle,
    Labels, LogQuery, VolumePlan,
};

/// The image that `scripts/test-engine` makes: busybox and nothing else.
pub(super) const IMAGE: &str = "stackctl-test:1";
/// The label of everything that a check makes; its value is one run's.
pub(super) const LABEL: &str = "stackctl.test";

/// Longer than anything waited for takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(40);

/// Time goes by for an engine in memory only when told.
pub(super) trait Time: Send + Sync {
    /// Lets a little time go by.
    fn pass(&self) -> std::pin::Pin<Box<dyn Future<Output = ()> + Send + '_>>;
}

/// The time of real engines.
pub(super) struct RealTime;

impl Time for RealTime {
    fn pass(&self) -> std::pin::Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(tokio::time::sleep(Duration::from_millis(50)))
    }
}

/// An engine under test.
pub(super) struct Subject {
    pub(super) engine: Arc<dyn Engine>,
    pub(super) time: Arc<dyn Time>,
    /// The value of [`LABEL`], one a check.
    pub(super) run: String,
}

impl Subject {
    pub(super) fn labels(&self) -> Labels {
        Labels::from([(LABEL.to_owned(), self.run.clone())])
    }

    pub(super) fn label(&self) -> String {
        format!("{LABEL}={}", self.run)
    }

    pub(super) fn named(&self, name: &str) -> String {
        format!("{}-{name}", self.run)
    }

    /// A container that runs a command.
    pub(super) fn plan(&self, name: &str, command: &[&str]) -> ContainerPlan {
        ContainerPlan {
            name: self.named(name),
            image: IMAGE.to_owned(),
            command: command.iter().map(|word| (*word).to_owned()).collect(),
            labels: self.labels(),
            ..ContainerPlan::default()
        }
    }

    pub(super) fn volume(&self, name: &str) -> VolumePlan {
        VolumePlan { name: self.named(name), labels: self.labels(), ..VolumePlan::default() }
    }

    /// Makes and starts; gives the id.
    pub(super) async fn run(&self, plan: &ContainerPlan) -> String {
        let id = self.engine.create_container(plan, Deadline::CHANGE).await.unwrap();
        self.engine.start_container(&id, Deadline::CHANGE).await.unwrap();
        id
    }

    /// A container that stays until it is stopped.
    pub(super) async fn sleeper(&self, name: &str) -> String {
        self.run(&self.plan(name, &["sleep", "1000"])).await
    }

    pub(super) async fn inspect(&self, container: &str) -> ContainerDetail {
        self.engine.inspect_container(container, Deadline::QUESTION).await.unwrap()
    }

    /// Waits until the program of so many runs has said `up`: what an engine has just started is the runtime's own program at
    /// first, which ends otherwise.
    pub(super) async fn is_up(&self, id: &str, runs: usize) {
        let follow = LogQuery { follow: true, ..LogQuery::default() };
        let said = self.engine.logs(id, &follow, Deadline::QUESTION, Idle(Some(PATIENCE))).await.unwrap();
        let lines: Vec<_> = said.take(runs).map(|line| line.unwrap().text).collect().await;
        assert_eq!(lines, vec![&b"up"[..]; runs]);
    }

    /// Waits until a container is as it should be.
    pub(super) async fn wait_for(
        &self,
        container: &str,
        what: &str,
        is: impl Fn(&ContainerDetail) -> bool,
    ) -> ContainerDetail {
        let begin = Instant::now();
        loop {
            let detail = self.inspect(container).await;
            if is(&detail) {
                return detail;
            }
            assert!(begin.elapsed() < PATIENCE, "waited in vain for {what}; it is {:?}", detail.state);
            self.time.pass().await;
        }
    }

    /// The engine's clock.
    pub(super) async fn now(&self) -> EventTime {
        self.engine.info(Deadline::QUESTION).await.unwrap().time.unwrap().into()
    }

    /// The events of this check's own objects from a time on.
    pub(super) async fn events(&self, since: EventTime, verbs: &[&str]) -> Feed<Event> {
        let query = EventQuery {
            since: Some(since),
            verbs: verbs.iter().map(|verb| (*verb).to_owned()).collect(),
            labels: vec![self.label()],
            ..EventQuery::default()
        };
        self.engine.events(&query, Deadline::QUESTION, Idle(Some(PATIENCE))).await.unwrap()
    }

    /// Takes events until one is the wanted one; gives all that were taken.
    pub(super) async fn until(&self, feed: &mut Feed<Event>, wanted: impl Fn(&Event) -> bool) -> Vec<Event> {
        let mut seen = Vec::new();
        loop {
            let event = tokio::select! {
                event = feed.next() => event,
                () = self.keep_time_going() => None,
            };
            let event = event.unwrap_or_else(|| panic!("the stream ended; seen: {seen:#?}"));
            let event = event.unwrap_or_else(|error| panic!("{error}; seen: {seen:#?}"));
            seen.push(event);
            if wanted(&seen[seen.len() - 1]) {
                return seen;
            }
        }
    }

    async fn keep_time_going(&self) {
        loop {
            self.time.pass().await;
        }
    }

    /// Removes everything that this check made.
    pub(super) async fn clean(&self) {
        let filter = ContainerFilter::labelled(LABEL, &self.run);
        for container in self.engine.list_containers(&filter, Deadline::CHANGE).await.unwrap_or_default() {
            let _ = self.engine.unpause_container(&container.id, Deadline::CHANGE).await;
            let _ = self.engine.remove_container(&container.id, Deadline::CHANGE).await;
        }
        let images = self.engine.list_images(Deadline::CHANGE).await.unwrap_or_default();
        let ours = images.iter().flat_map(|image| &image.tags).filter(|tag| tag.starts_with(&format!("{}:", self.run)));
        for tag in ours {
            let _ = self.engine.remove_image(tag, Deadline::CHANGE).await;
        }
        for volume in self.engine.list_volumes(&self.label(), Deadline::CHANGE).await.unwrap_or_default() {
            let _ = self.engine.remove_volume(&volume.name, Deadline::CHANGE).await;
        }
    }
}
