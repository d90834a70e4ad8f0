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
    /// Whether a record may be on disk, or a part of it, of which nobody could be sure.
    is_unsure: bool,
}

impl<'a> JournalWriter<'a> {
    /// Goes on with a journal; an empty one begins it.
    pub(crate) fn new(store: &'a Store<'a>, clock: &'a dyn Clock, operation: OperationId, journal: Journal) -> Self {
        Self { store, clock, operation, journal, is_unsure: false }
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
        if self.is_unsure {
            // The next record has the number of the one that failed: two of them would make the journal a damaged one.
            match self.journal.whole_bytes {
                0 => self.store.remove_journal(self.operation)?,
                bytes => self.store.trim_journal(self.operation, bytes)?,
            }
            self.is_unsure = false;
        }
        let record = self.journal.next(self.clock.now(), event);
        let line = encode(&record);
        self.is_unsure = true;
        self.store.append_journal(self.operation, &line)?;
        self.is_unsure = false;
        self.journal.whole_bytes += line.len() as u64;
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

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed set-up fails the test")]

    use std::path::Path;

    use super::*;
    use crate::backup::id::{OperationKind, SetId};
    use crate::backup::journal::decode;
    use crate::sys::fake::{FakeClock, FakeDisk};
    use crate::sys::fault::{Effect, Fault, FaultyDisk, Place, Strikes};
    use crate::sys::store::About;

    #[test]
    fn a_record_that_could_not_be_made_sure_leaves_no_twin() {
        let clock = FakeClock(chrono::DateTime::UNIX_EPOCH);
        let stamp = SetId::next([], clock.now());
        let operation = OperationId { stamp, kind: OperationKind::Backup };
        let strikes = Strikes { kill: || (), hold: || () };
        let mut refused = 0;
        for number in 1..60 {
            let fault = Fault { place: Place::Disk, number, effect: Effect::Enospc };
            let disk = FaultyDisk::new(FakeDisk::default(), Some(fault), strikes);
            let about = About::new("x", clock.now());
            let Ok(store) = Store::create(&disk, Path::new("/store"), &about) else { continue };
            let mut writer = JournalWriter::new(&store, &clock, operation, Journal::default());
            for _ in 0..4 {
                refused += usize::from(writer.write(Event::Resumed).is_err());
            }
            // There is one fault: what comes after it must stand right behind what is sure.
            if writer.write(Event::Resumed).is_err() {
                writer.write(Event::Resumed).unwrap();
            }
            let read = decode(operation, &store.read_journal(operation).unwrap()).unwrap();
            assert_eq!(read.records, writer.journal().records, "{number}");
        }
        assert!(refused > 4, "{refused}");
    }
}
