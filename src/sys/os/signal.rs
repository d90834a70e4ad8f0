// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The signals that ask a run to end. Taken also when the parent left them ignored, as `nohup` and background jobs of
//! scripts do.

use std::io;

use tokio::signal::unix::{Signal, SignalKind, signal};

/// What was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Request {
    /// SIGINT.
    Interrupt,
    /// SIGTERM.
    Terminate,
}

/// Listens from its making on; needs a runtime around it.
#[derive(Debug)]
pub struct Requests {
    interrupt: Signal,
    terminate: Signal,
}

impl Requests {
    /// Begins to listen.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn listen() -> io::Result<Self> {
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    /// The next request.
    pub async fn next(&mut self) -> Request {
        tokio::select! {
            _ = self.interrupt.recv() => Request::Interrupt,
            _ = self.terminate.recv() => Request::Terminate,
        }
    }
}
