// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Faults by script.

use std::time::Duration;

use crate::sys::engine::{EngineError, LinkFault};

/// What goes wrong with a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FakeFault {
    /// The connection breaks; nothing is done.
    Closed,
    /// The socket may not be used; nothing is done.
    Denied,
    /// The engine answers with this status and these words; nothing is done.
    Refused(u16, String),
    /// What was asked is done, but the answer takes this long: past the deadline it is a timeout.
    Slow(Duration),
    /// For `read events` and `read logs`: the stream breaks after so many items.
    StreamBreaksAfter(usize),
}

/// A planned fault.
#[derive(Debug, Clone)]
struct Planned {
    call: &'static str,
    /// Calls to let through first.
    skip: usize,
    /// Calls to strike after that.
    strike: usize,
    fault: FakeFault,
}

/// The script of faults.
#[derive(Debug, Default)]
pub(super) struct Script(Vec<Planned>);

impl Script {
    /// Lets `skip` calls of a kind through, then strikes `strike` of them. An empty `call` means every kind.
    pub(super) fn plan(&mut self, call: &'static str, skip: usize, strike: usize, fault: FakeFault) {
        self.0.push(Planned { call, skip, strike, fault });
    }

    /// The fault of this call, if it is one's turn.
    pub(super) fn next(&mut self, call: &'static str) -> Option<FakeFault> {
        for planned in &mut self.0 {
            if !planned.call.is_empty() && planned.call != call {
                continue;
            }
            if planned.skip > 0 {
                planned.skip -= 1;
            } else if planned.strike > 0 {
                planned.strike -= 1;
                return Some(planned.fault.clone());
            }
        }
        None
    }
}

/// The error that a caller sees. `None` for faults that are not errors by themselves.
pub(super) fn error(fault: &FakeFault, call: &'static str, address: &str) -> Option<EngineError> {
    let address = address.to_owned();
    Some(match fault {
        FakeFault::Closed => EngineError::Unreachable { address, fault: LinkFault::Closed },
        FakeFault::Denied => EngineError::Denied { address },
        FakeFault::Refused(404, message) => EngineError::NotFound { call, message: message.clone() },
        FakeFault::Refused(409, message) => EngineError::Conflict { call, message: message.clone() },
        FakeFault::Refused(status, message) => EngineError::Refused { call, status: *status, message: message.clone() },
        FakeFault::Slow(_) | FakeFault::StreamBreaksAfter(_) => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strikes_the_named_calls_and_no_others() {
        let mut script = Script::default();
        script.plan("ping", 1, 2, FakeFault::Closed);
        let struck: Vec<bool> =
            ["ping", "info", "ping", "ping", "ping"].map(|call| script.next(call).is_some()).to_vec();
        assert_eq!(struck, [false, false, true, true, false]);
    }
}
