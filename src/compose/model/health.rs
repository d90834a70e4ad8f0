// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Health checks and start order.

use crate::diag::{Span, Spanned};

/// The `test` of a health check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HealthTest {
    /// `["CMD", …]`: program and arguments, without the word CMD.
    Exec(Vec<Spanned<String>>),
    /// A string, or `["CMD-SHELL", …]`: a command line for the container's shell.
    Shell(Spanned<String>),
    /// `["NONE"]`: the image's check is switched off. The span is that of the word.
    Disabled(Span),
    /// An empty list: the image's check stays.
    Empty(Span),
}

/// The `healthcheck` section of a service.
#[derive(Debug, Clone)]
pub struct Healthcheck {
    /// The key `healthcheck`.
    pub key: Span,
    /// The `test`, when given.
    pub test: Option<HealthTest>,
    /// The value of `test`.
    pub test_span: Option<Span>,
    /// `disable: true`: the span of the value.
    pub disable: Option<Span>,
    /// `interval` in nanoseconds.
    pub interval: Option<Spanned<i64>>,
    /// `timeout` in nanoseconds.
    pub timeout: Option<Spanned<i64>>,
    /// `start_period` in nanoseconds.
    pub start_period: Option<Spanned<i64>>,
    /// `start_interval` in nanoseconds.
    pub start_interval: Option<Spanned<i64>>,
    /// `retries`.
    pub retries: Option<Spanned<i64>>,
}

impl Healthcheck {
    /// Whether the section switches health checking off.
    #[must_use]
    pub fn is_disabled(&self) -> bool {
        self.disable.is_some() || matches!(self.test, Some(HealthTest::Disabled(_)))
    }

    /// Whether the section itself defines a check (an empty test or timings alone do not).
    #[must_use]
    pub fn defines_test(&self) -> bool {
        !self.is_disabled() && matches!(self.test, Some(HealthTest::Exec(_) | HealthTest::Shell(_)))
    }
}

/// What a dependency waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Condition {
    /// `service_started`, also the short form.
    Started,
    /// `service_healthy`.
    Healthy,
    /// `service_completed_successfully`.
    Completed,
    /// None is written where Compose wants one, or one that it refuses.
    Unknown,
}

/// Which key makes the dependency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DependencyOrigin {
    /// `depends_on` in list form.
    ShortForm,
    /// `depends_on` in map form.
    LongForm,
    /// `links`, `volumes_from`, or `network_mode`, `ipc`, `pid` with `service:`.
    Implied,
}

/// One edge of the start order.
#[derive(Debug, Clone)]
pub struct Dependency {
    /// The service waited for, with the span of its name.
    pub service: Spanned<String>,
    /// What is waited for; the span is that of the condition's value, or of the name where none is written.
    pub condition: Spanned<Condition>,
    /// `required`, true unless written.
    pub required: bool,
    /// Which key it comes from.
    pub origin: DependencyOrigin,
}
