// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Faults on purpose, for tests of what a cut-off run leaves behind: only in debug builds, never in a release.
//!
//! [`VARIABLE`] holds one fault:
//!
//! | value | what happens |
//! |---|---|
//! | `engine:7=kill` | the process is killed before its seventh change at the engine |
//! | `engine:7=late` | it is killed right after it |
//! | `engine:7=hold` | it stands still before it, until somebody lets it go on (`SIGSTOP`) |
//! | `disk:7=kill`, `disk:7=late`, `disk:7=hold` | likewise, for changes of the store's disk |
//! | `disk:7=eio`, `disk:7=enospc` | the change fails so |
//! | `worker:POINT=kill` | a worker is killed at the point; see `sys::worker::serve` |
//!
//! Counting changes rather than naming places keeps the sweep complete: a step that is added later is in it.

mod disk;
mod engine;

pub use disk::FaultyDisk;
pub use engine::{FaultyConnect, FaultyEngine};

use std::sync::atomic::{AtomicU64, Ordering};

/// The variable with the fault.
pub const VARIABLE: &str = "STACKCTL_TEST_FAILPOINT";

/// What is hit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Changes at the engine.
    Engine,
    /// Changes of the disk.
    Disk,
}

/// What happens there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// The process is killed before the change.
    Kill,
    /// The process is killed after the change.
    Late,
    /// The process is stopped before the change.
    Hold,
    /// The change fails: input/output error.
    Eio,
    /// The change fails: no space.
    Enospc,
}

/// One fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fault {
    /// Where.
    pub place: Place,
    /// At which change, from 1.
    pub number: u64,
    /// What.
    pub effect: Effect,
}

impl Fault {
    /// The fault in the value of the variable; `None` for one that is not of this process.
    #[must_use]
    pub fn read(value: &str) -> Option<Self> {
        let (place, effect) = value.split_once('=')?;
        let (place, number) = place.split_once(':')?;
        let place = match place {
            "engine" => Place::Engine,
            "disk" => Place::Disk,
            _ => return None,
        };
        let effect = match effect {
            "kill" => Effect::Kill,
            "late" => Effect::Late,
            "hold" => Effect::Hold,
            "eio" => Effect::Eio,
            "enospc" => Effect::Enospc,
            _ => return None,
        };
        Some(Self { place, number: number.parse().ok()?, effect })
    }
}

/// What is done to the process.
#[derive(Debug, Clone, Copy)]
pub struct Strikes {
    /// Ends it at once.
    pub kill: fn(),
    /// Stops it until somebody lets it go on.
    pub hold: fn(),
}

/// Counts changes until the fault is due.
#[derive(Debug)]
pub(super) struct Fuse {
    fault: Option<Fault>,
    count: AtomicU64,
    strikes: Strikes,
}

impl Fuse {
    fn new(fault: Option<Fault>, place: Place, strikes: Strikes) -> Self {
        Self { fault: fault.filter(|fault| fault.place == place), count: AtomicU64::new(0), strikes }
    }

    /// A change is about to be made; gives what is due after it.
    fn before(&self) -> Option<Effect> {
        let number = self.count.fetch_add(1, Ordering::Relaxed) + 1;
        let due = self.fault.filter(|fault| fault.number == number)?;
        match due.effect {
            Effect::Kill => (self.strikes.kill)(),
            Effect::Hold => (self.strikes.hold)(),
            _ => {}
        }
        Some(due.effect)
    }

    /// The change was made.
    fn after(&self, due: Option<Effect>) {
        if due == Some(Effect::Late) {
            (self.strikes.kill)();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_are_read_and_foreign_ones_passed_over() {
        let fault = |place, number, effect| Some(Fault { place, number, effect });
        assert_eq!(Fault::read("engine:7=kill"), fault(Place::Engine, 7, Effect::Kill));
        assert_eq!(Fault::read("disk:12=enospc"), fault(Place::Disk, 12, Effect::Enospc));
        assert_eq!(["worker:done=kill", "engine:x=kill", "disk:1", ""].map(Fault::read), [None; 4]);
    }
}
