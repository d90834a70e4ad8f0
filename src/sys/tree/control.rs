// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! How a caller follows and stops long work.

use super::TreeError;

/// How far the work is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    /// Entries so far.
    pub entries: u64,
    /// Bytes of content so far, without holes.
    pub bytes: u64,
}

/// Asked before every entry and every piece of data (at most 256 KiB), told after it.
pub struct Control<'a> {
    stop: &'a dyn Fn() -> bool,
    tell: &'a mut dyn FnMut(Progress),
    so_far: Progress,
}

impl<'a> Control<'a> {
    /// Work that ends with [`TreeError::Cancelled`] soon after `stop` gives true, and tells how far it is.
    /// Both are called often, and must be cheap.
    pub fn new(stop: &'a dyn Fn() -> bool, tell: &'a mut dyn FnMut(Progress)) -> Self {
        Self { stop, tell, so_far: Progress::default() }
    }

    /// How far the work is.
    #[must_use]
    pub fn so_far(&self) -> Progress {
        self.so_far
    }

    pub(super) fn check(&self) -> Result<(), TreeError> {
        if (self.stop)() { Err(TreeError::Cancelled) } else { Ok(()) }
    }

    pub(super) fn entry(&mut self) {
        self.so_far.entries += 1;
        (self.tell)(self.so_far);
    }

    pub(super) fn bytes(&mut self, length: usize) {
        self.so_far.bytes += length as u64;
        (self.tell)(self.so_far);
    }
}
