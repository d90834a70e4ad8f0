// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Threads for workers that wait for an engine.

use std::io;

use crate::sys::worker::archive::Threads;

/// Threads of this process. Each ends when the line to its worker is dropped, so nobody waits for them.
#[derive(Debug, Clone, Copy, Default)]
pub struct OsThreads;

impl Threads for OsThreads {
    fn start(&self, work: Box<dyn FnOnce() + Send>) -> io::Result<()> {
        std::thread::Builder::new().name("archive".to_owned()).spawn(work).map(|_| ())
    }
}
