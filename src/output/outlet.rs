// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Writes a backlog of news to a stream, from a thread of its own: a pipe that nobody reads blocks nobody else.

use std::io::{self, Write};
use std::sync::Arc;

use crate::app::watch::{Backlog, Item, Taken};

/// News that are written at once.
const AT_ONCE: usize = 64;

/// How the writing ended.
#[derive(Debug)]
pub enum Drained {
    /// Everything is written.
    All,
    /// The reader went away, which is its right.
    ReaderGone,
    /// It could not be written, as on a full disk.
    Failed(io::Error),
}

/// Writes until the backlog is closed and empty, or the stream takes no more. Blocks its thread.
pub fn drain<T: Item>(
    backlog: &Arc<Backlog<T>>,
    stream: &mut dyn Write,
    render: &dyn Fn(&Taken<T>) -> String,
) -> Drained {
    while let Some(taken) = backlog.take(AT_ONCE) {
        let text = render(&taken);
        match stream.write_all(text.as_bytes()).and_then(|()| stream.flush()) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Drained::ReaderGone,
            Err(error) => return Drained::Failed(error),
        }
    }
    Drained::All
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::watch::Overflow;
    use crate::app::watch::testing::engine_lost;

    struct Gone;

    impl Write for Gone {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::BrokenPipe.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn filled() -> Arc<Backlog> {
        let backlog = Arc::new(Backlog::new(1_000, Overflow::Fold));
        (0..200).for_each(|number| backlog.push(engine_lost(&number.to_string())));
        backlog.close();
        backlog
    }

    #[test]
    fn everything_is_written_in_order_and_a_reader_that_goes_ends_it() {
        let mut written = Vec::new();
        let numbers =
            |taken: &Taken| taken.items.iter().map(|told| told.seq.to_string()).collect::<Vec<_>>().join(" ") + " ";
        assert!(matches!(drain(&filled(), &mut written, &numbers), Drained::All));
        let expected = (1..=200).map(|number| number.to_string()).collect::<Vec<_>>().join(" ") + " ";
        assert_eq!(String::from_utf8_lossy(&written), expected);
        assert!(matches!(drain(&filled(), &mut Gone, &numbers), Drained::ReaderGone));
    }
}
