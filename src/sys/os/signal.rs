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
    /// SIGHUP: the terminal is gone.
    HangUp,
}

/// Listens from its making on; needs a runtime around it.
#[derive(Debug)]
pub struct Requests {
    interrupt: Signal,
    terminate: Signal,
    hang_up: Option<Signal>,
}

/// Whether the end of the terminal ends the run, beyond what the parent said of that signal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HangUps {
    /// As the parent said: it kills, or is ignored.
    Left,
    /// It asks the run to end.
    Heard,
}

impl Requests {
    /// Begins to listen.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn listen(hang_ups: HangUps) -> io::Result<Self> {
        let hang_up = match hang_ups {
            HangUps::Left => None,
            HangUps::Heard => Some(signal(SignalKind::hangup())?),
        };
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())?, hang_up })
    }

    /// The next request.
    pub async fn next(&mut self) -> Request {
        let hang_up = async {
            match &mut self.hang_up {
                Some(signal) => signal.recv().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            _ = hang_up => Request::HangUp,
            _ = self.interrupt.recv() => Request::Interrupt,
            _ = self.terminate.recv() => Request::Terminate,
        }
    }
}

/// Stops this process as a job of its shell (SIGTSTP); returns when it goes on.
pub fn stop_self() {
    let _ = rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::TSTP);
}
