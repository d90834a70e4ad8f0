// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What stands between a watch and a screen.

use super::answer::Answer;
use super::happened::Happened;
use super::host::Host;
use crate::app::watch::{News, Observer, View};
use crate::catalog::Catalog;
use crate::health::board::SlotKey;

/// Where what is seen goes. Nothing here may wait.
pub trait Screen {
    /// An engine and its services, as they are now.
    fn host(&self, host: Host);

    /// Something has changed.
    fn happened(&self, happened: Happened);

    /// Something was found or done.
    fn answer(&self, answer: Answer);

    /// The service that is looked at closely.
    fn close(&self) -> Option<SlotKey>;
}

/// Looks on for a screen.
pub(super) struct Sight<'a> {
    catalog: &'a Catalog,
    screen: &'a dyn Screen,
}

impl std::fmt::Debug for Sight<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Sight").finish_non_exhaustive()
    }
}

impl<'a> Sight<'a> {
    /// For this screen.
    pub(super) fn new(catalog: &'a Catalog, screen: &'a dyn Screen) -> Self {
        Self { catalog, screen }
    }
}

impl Observer for Sight<'_> {
    fn news(&self, news: News) {
        self.screen.happened(Happened::of(news));
    }

    fn look(&self, view: &View<'_>) {
        self.screen.host(Host::of(view, self.catalog, self.screen.close().as_ref()));
    }
}
