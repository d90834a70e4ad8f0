// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Writes the journal of an operation: a record is on disk before the step that it announces begins.

use crate::backup::id::OperationId;
use crate::backup::journal::{Event, Journal, encode};
use crate::sys::Clock;
use crate::sys::store::{Store, StoreError};

/// The journal of one operation.
pub(crate) struct JournalWriter<'a> {
    store: &'a Store<'a>,
    clock: &'a dyn Clock,
    operation: OperationId,
    journal: Journal,
}

impl<'a> JournalWriter<'a> {
    /// Goes on with a journal; an empty one begins it.
    pub(crate) fn new(store: &'a Store<'a>, clock: &'a dyn Clock, operation: OperationId, journal: Journal) -> Self {
        Self { store, clock, operation, journal }
    }

    /// What was written so far.
    pub(crate) fn journal(&self) -> &Journal {
        &self.journal
    }

    /// Writes a record.
    ///
    /// # Errors
    /// The store's; then the step must not begin.
    pub(crate) fn write(&mut self, event: Event) -> Result<(), StoreError> {
        let record = self.journal.next(self.clock.now(), event);
        self.store.append_journal(self.operation, &encode(&record))?;
        self.journal.records.push(record);
        Ok(())
    }

    /// Removes the journal of an operation that is over.
    ///
    /// # Errors
    /// The store's; the record of the end stays, so nothing is done twice.
    pub(crate) fn remove(self) -> Result<(), StoreError> {
        self.store.remove_journal(self.operation)
    }
}
