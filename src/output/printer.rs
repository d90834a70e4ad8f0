// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The only place that writes: results to standard output, everything else to standard error.

use std::io::{self, Write};

use crate::error::UserError;

/// How much is said beside the result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verbosity {
    /// Errors only.
    Quiet,
    /// Notes too.
    Normal,
    /// Also what is said only when asked for.
    Verbose,
}

/// Writes to two streams. A reader that goes away (broken pipe) is no error; any other failure is kept until
/// [`Printer::finish`].
pub struct Printer<'a> {
    data: Box<dyn Write + 'a>,
    notes: Box<dyn Write + 'a>,
    verbosity: Verbosity,
    run_id: String,
    failure: Option<io::Error>,
    is_reader_gone: bool,
}

impl<'a> Printer<'a> {
    /// A printer over standard output and standard error, or what stands for them.
    pub fn new(data: impl Write + 'a, notes: impl Write + 'a, verbosity: Verbosity, run_id: impl Into<String>) -> Self {
        Self {
            data: Box::new(data),
            notes: Box::new(notes),
            verbosity,
            run_id: run_id.into(),
            failure: None,
            is_reader_gone: false,
        }
    }

    /// The id of this run.
    #[must_use]
    pub fn run_id(&self) -> &str {
        &self.run_id
    }

    /// How much is said beside the result.
    #[must_use]
    pub fn verbosity(&self) -> Verbosity {
        self.verbosity
    }

    /// Writes a part of the result, as it is.
    pub fn result(&mut self, text: &str) {
        let written = self.data.write_all(text.as_bytes()).and_then(|()| self.data.flush());
        self.keep(written);
    }

    /// Writes text beside the result, as it is, quiet or not.
    pub fn beside(&mut self, text: &str) {
        let written = self.notes.write_all(text.as_bytes());
        self.keep(written);
    }

    /// Tells something worth knowing, unless quiet.
    pub fn note(&mut self, text: &str) {
        if self.verbosity >= Verbosity::Normal {
            self.beside(&format!("note: {text}\n"));
        }
    }

    /// Tells what is worth knowing, in this order, unless quiet.
    pub fn notes(&mut self, texts: &[String]) {
        for text in texts {
            self.note(text);
        }
    }

    /// Tells an error.
    pub fn error(&mut self, error: &dyn UserError) {
        let text = crate::error::render(error, Some(&self.run_id));
        self.beside(&text);
    }

    /// Whether nothing more needs to be written: a reader went away, or writing failed. Endless results stop then.
    #[must_use]
    pub fn is_useless(&self) -> bool {
        self.is_reader_gone || self.failure.is_some()
    }

    /// Whether all could be written; a reader that went away counts as yes.
    ///
    /// # Errors
    /// The first failure, such as a full disk.
    pub fn finish(self) -> io::Result<()> {
        self.failure.map_or(Ok(()), Err)
    }

    fn keep(&mut self, written: io::Result<()>) {
        match written {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => self.is_reader_gone = true,
            Err(error) => {
                self.failure.get_or_insert(error);
            }
        }
    }
}

impl std::fmt::Debug for Printer<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Printer").field("verbosity", &self.verbosity).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Failing(io::ErrorKind);

    impl Write for Failing {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(self.0.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn result_and_notes_go_to_their_own_streams() {
        let (mut data, mut notes) = (Vec::new(), Vec::new());
        let mut printer = Printer::new(&mut data, &mut notes, Verbosity::Normal, "r");
        printer.result("result\n");
        printer.note("mind the gap");
        assert!(printer.finish().is_ok());
        assert_eq!((data.as_slice(), notes.as_slice()), (b"result\n".as_slice(), b"note: mind the gap\n".as_slice()));
    }

    #[test]
    fn quiet_leaves_notes_out() {
        let mut notes = Vec::new();
        let mut printer = Printer::new(Vec::new(), &mut notes, Verbosity::Quiet, "r");
        printer.note("x");
        assert!(printer.finish().is_ok() && notes.is_empty());
    }

    #[test]
    fn a_broken_pipe_is_silent_and_a_full_disk_is_not() {
        let mut printer = Printer::new(Failing(io::ErrorKind::BrokenPipe), Vec::new(), Verbosity::Normal, "r");
        printer.result("x");
        assert!(printer.finish().is_ok());
        let mut printer = Printer::new(Failing(io::ErrorKind::StorageFull), Vec::new(), Verbosity::Normal, "r");
        printer.result("x");
        assert!(printer.finish().is_err());
    }
}
