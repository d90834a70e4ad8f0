// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! All services, worst first, by project.

mod columns;
mod rows;
mod trend;
mod update;
mod view;

use std::collections::{BTreeMap, BTreeSet};

pub use columns::{COLUMNS, Column};
pub use rows::{Row, rows};
pub use trend::Trend;
pub use update::{keep_chosen, press, update, usage, visible};
pub use view::draw;

use crate::health::board::SlotKey;

/// A project of an engine.
pub type Group = (String, String);

/// The order of services within a project.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// The worst first.
    #[default]
    Worst,
    /// By name.
    Name,
    /// Who uses the processors most, first.
    Use,
}

impl Order {
    /// What it is called.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Worst => "worst first",
            Self::Name => "by name",
            Self::Use => "by use",
        }
    }

    pub(super) const fn next(self) -> Self {
        match self {
            Self::Worst => Self::Name,
            Self::Name => Self::Use,
            Self::Use => Self::Worst,
        }
    }
}

/// What the tab knows beside the services.
#[derive(Debug, Clone, Default)]
pub struct Stack {
    /// The order.
    pub order: Order,
    /// Whether somebody has chosen a row. Until then the worst service is the chosen one.
    pub is_chosen_by_hand: bool,
    /// Projects whose services are not shown.
    pub folded: BTreeSet<Group>,
    /// The project whose own line is chosen; `None`: a service is.
    pub group: Option<Group>,
    /// Services whose logs are shown together.
    pub marked: BTreeSet<SlotKey>,
    /// Rows above the screen.
    pub above: usize,
    /// What containers use, by engine and id.
    pub trends: BTreeMap<(String, String), Trend>,
    /// The containers that are asked for it.
    pub watched: Vec<(String, String)>,
}
