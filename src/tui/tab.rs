// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The tabs.

/// One tab.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Tab {
    /// All services, worst first.
    #[default]
    Stack,
    /// One service: why it is as it is.
    Health,
    /// What services write.
    Logs,
    /// What happened.
    Events,
    /// Who needs whom.
    Graph,
    /// Restore points.
    Backups,
    /// What may be done by itself.
    Supervisor,
    /// What `validate` says.
    Findings,
}

impl Tab {
    /// All, in their order.
    pub const ALL: [Self; 8] = [
        Self::Stack,
        Self::Health,
        Self::Logs,
        Self::Events,
        Self::Graph,
        Self::Backups,
        Self::Supervisor,
        Self::Findings,
    ];

    /// Its title.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Stack => "Stack",
            Self::Health => "Health",
            Self::Logs => "Logs",
            Self::Events => "Events",
            Self::Graph => "Graph",
            Self::Backups => "Backups",
            Self::Supervisor => "Supervisor",
            Self::Findings => "Findings",
        }
    }

    /// Its place, from 0.
    #[must_use]
    pub fn index(self) -> usize {
        Self::ALL.iter().position(|tab| *tab == self).unwrap_or(0)
    }

    /// The tab so many places on, round and round.
    #[must_use]
    pub fn after(self, steps: usize) -> Self {
        Self::ALL[(self.index() + steps) % Self::ALL.len()]
    }
}
