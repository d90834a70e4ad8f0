// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The states without their details: word, glyph, severity, standing.

use super::{Verdict, Wanted};

/// The state that a verdict puts a service in, worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// Dies and is started again.
    Loop,
    /// Down, and nobody asked.
    Crashed,
    /// Fails its check.
    Unhealthy,
    /// Should have a container and has none.
    Missing,
    /// Runs and is not what it should be.
    Degraded,
    /// Cannot be known.
    Unknown,
    /// On its way.
    Starting,
    /// Frozen.
    Paused,
    /// Has a container and is not in the file.
    Orphan,
    /// Down, and perhaps or surely asked to be.
    Stopped,
    /// In the file, and not to have a container now.
    Absent,
    /// Runs unchecked.
    NoCheck,
    /// As it should be.
    Ok,
}

/// How bad: 0 is best. The order of [`State`], turned round.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Severity(pub u8);

/// What a state means for "is everything all right".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// Nothing to do.
    Good,
    /// Wait.
    Pending,
    /// As somebody wants it, or nothing that breaks: look at it.
    Noticed,
    /// Broken.
    Bad,
    /// Not to be told.
    Unknown,
}

/// A state as one sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Glyph {
    /// For terminals that show Unicode; one column wide.
    pub unicode: char,
    /// For all others.
    pub ascii: char,
}

impl State {
    /// All states, worst first.
    pub const ALL: [Self; 13] = [
        Self::Loop,
        Self::Crashed,
        Self::Unhealthy,
        Self::Missing,
        Self::Degraded,
        Self::Unknown,
        Self::Starting,
        Self::Paused,
        Self::Orphan,
        Self::Stopped,
        Self::Absent,
        Self::NoCheck,
        Self::Ok,
    ];

    /// The word for people and for JSON. Both kinds of stopped, and both of missing, have one word: the details tell.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Loop => "loop",
            Self::Crashed | Self::Stopped => "stopped",
            Self::Unhealthy => "unhealthy",
            Self::Missing | Self::Absent => "missing",
            Self::Degraded => "degraded",
            Self::Unknown => "unknown",
            Self::Starting => "starting",
            Self::Paused => "paused",
            Self::Orphan => "orphan",
            Self::NoCheck => "no_check",
            Self::Ok => "ok",
        }
    }

    /// The sign. No two states share one.
    #[must_use]
    pub const fn glyph(self) -> Glyph {
        let (unicode, ascii) = match self {
            Self::Loop => ('↻', '@'),
            Self::Crashed => ('✗', 'X'),
            Self::Unhealthy => ('✘', '!'),
            Self::Missing => ('∅', 'M'),
            Self::Degraded => ('▲', '^'),
            Self::Unknown => ('?', '?'),
            Self::Starting => ('◌', '~'),
            Self::Paused => ('‖', '='),
            Self::Orphan => ('◇', 'o'),
            Self::Stopped => ('■', '-'),
            Self::Absent => ('·', '.'),
            Self::NoCheck => ('○', 'n'),
            Self::Ok => ('●', '+'),
        };
        Glyph { unicode, ascii }
    }

    /// How bad it is.
    #[must_use]
    pub fn severity(self) -> Severity {
        let better = Self::ALL.iter().filter(|other| **other > self).count();
        Severity(u8::try_from(better).unwrap_or(u8::MAX))
    }

    /// What it means for the whole.
    #[must_use]
    pub const fn standing(self) -> Standing {
        match self {
            Self::Loop | Self::Crashed | Self::Unhealthy | Self::Missing | Self::Degraded => Standing::Bad,
            Self::Unknown => Standing::Unknown,
            Self::Starting => Standing::Pending,
            Self::Paused | Self::Orphan | Self::Stopped => Standing::Noticed,
            Self::Absent | Self::NoCheck | Self::Ok => Standing::Good,
        }
    }
}

impl Verdict {
    /// The state without details.
    #[must_use]
    pub const fn state(&self) -> State {
        match self {
            Self::Ok { .. } => State::Ok,
            Self::Starting { .. } => State::Starting,
            Self::Unhealthy { .. } => State::Unhealthy,
            Self::Degraded { .. } => State::Degraded,
            Self::Loop { .. } => State::Loop,
            Self::Stopped { wanted: Wanted::Unasked, .. } => State::Crashed,
            Self::Stopped { .. } => State::Stopped,
            Self::Paused => State::Paused,
            Self::NoCheck => State::NoCheck,
            Self::Missing { expected: true } => State::Missing,
            Self::Missing { expected: false } => State::Absent,
            Self::Orphan => State::Orphan,
            Self::Unknown { .. } => State::Unknown,
        }
    }

    /// The word: `ok`, `starting`, `unhealthy`, `degraded`, `loop`, `stopped`, `paused`, `no_check`, `missing`,
    /// `orphan` or `unknown`.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        self.state().word()
    }

    /// The sign.
    #[must_use]
    pub const fn glyph(&self) -> Glyph {
        self.state().glyph()
    }

    /// How bad it is.
    #[must_use]
    pub fn severity(&self) -> Severity {
        self.state().severity()
    }

    /// What it means for the whole.
    #[must_use]
    pub const fn standing(&self) -> Standing {
        self.state().standing()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_state_is_listed_once_worst_first() {
        assert!(State::ALL.windows(2).all(|pair| pair[0] < pair[1]));
        assert!(State::ALL.windows(2).all(|pair| pair[0].severity() > pair[1].severity()));
        assert_eq!(State::Ok.severity(), Severity(0));
    }

    #[test]
    fn no_two_states_share_a_sign_and_ascii_signs_are_ascii() {
        let signs: BTreeSet<char> = State::ALL.iter().map(|state| state.glyph().unicode).collect();
        let plain: BTreeSet<char> = State::ALL.iter().map(|state| state.glyph().ascii).collect();
        assert_eq!((signs.len(), plain.len()), (State::ALL.len(), State::ALL.len()));
        assert!(plain.iter().all(char::is_ascii));
    }

    #[test]
    fn the_guide_names_every_word_with_its_signs() {
        let guide = include_str!("../../../guides/reference/verdicts.md");
        for state in State::ALL {
            let start = format!("| `{}` | {} `{}` |", state.word(), state.glyph().unicode, state.glyph().ascii);
            assert!(guide.contains(&start), "the guide lacks `{start}`");
        }
    }
}
