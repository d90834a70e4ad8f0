// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Reads logs for the tab of logs, until it is dropped.
//!
//! Lines go to the screen in batches: one that comes alone at once, of many at most so many messages in a second.
//!
//! Limits: a line that has a secret loses its colours, for a colour in the middle of a secret would hide it from who
//! looks for it.

use std::cell::{Cell, RefCell};
use std::ops::ControlFlow;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until};

use super::answer::{Answer, LogLine};
use super::serve::Hands;
use super::sight::Screen;
use super::wish::LogWish;
use crate::app::Selection;
use crate::app::engines::EngineLink;
use crate::app::logs::{Moment, OutputStream, Request, Secrets, Told, Until, Writer, run};
use crate::app::observe::Live;
use crate::app::status::Breadth;
use crate::diag::{Colours, safe_line, without_steering};
use crate::error::UserError as _;
use crate::health::board::SlotKey;

/// Lines of a batch at most.
const MOST: usize = 64;
/// Between two batches that are not full.
const PAUSE: Duration = Duration::from_millis(50);
/// What is shown of one line, in bytes.
const LONGEST: usize = 64 << 10;

/// Reads and tells.
pub(super) async fn read(hands: Hands<'_>, wish: LogWish) {
    read_for(hands.live, hands.selection, hands.screen, wish).await;
}

async fn read_for(live: &Live<'_>, selection: &Selection, screen: &dyn Screen, wish: LogWish) {
    // Only engines that are meant: a fault of another one is none of this log.
    let is_meant = |link: &&EngineLink| wish.keys.iter().any(|key| key.context == link.name);
    let links: Vec<EngineLink> = live.engines.iter().filter(is_meant).cloned().collect();
    let live = Live { engines: &links, ..*live };
    let request = Request {
        selection: selection.clone(),
        only: wish.keys.clone(),
        breadth: Breadth::Everything,
        until: Until::Cancelled,
        tail: Some(wish.tail),
        since: wish.since.map(Moment::Ago),
        secrets: Secrets::Known,
        ..Request::default()
    };
    let batch = Batch::new(screen, wish.number);
    let is_first = Cell::new(true);
    let mut tell = |told: Told<'_>| {
        match told {
            Told::Writers(writers) if is_first.take() => {
                for key in wish.keys.iter().filter(|key| !writers.iter().any(|writer| writer.key() == **key)) {
                    batch.note(format!("{} has no container, so it has no log", name(key)));
                }
                // From now on an empty log is one.
                batch.begin();
            }
            Told::Writers(_) => {}
            Told::Line { writer, stream, at, text } => batch.add(LogLine {
                key: writer.key(),
                at,
                is_error: stream == OutputStream::Err,
                text: safe(text, writer),
            }),
            Told::Fault(fault) => batch.note(fault.message()),
        }
        ControlFlow::Continue(())
    };
    tokio::select! {
        ended = run(&live, &request, &mut tell) => {
            if let Err(error) = ended {
                batch.note(error.message());
            }
            batch.send();
        }
        () = batch.go_on() => {}
    }
}

fn name(key: &SlotKey) -> String {
    let number = if key.number > 1 { format!("-{}", key.number) } else { String::new() };
    format!("`{}{number}`", key.service)
}

/// The line without what steers a terminal and without secrets, as far as they are known by value or by name.
fn safe(text: &str, writer: &Writer) -> String {
    let (text, is_cut) = match text.char_indices().map(|(at, _)| at).find(|at| *at > LONGEST) {
        Some(end) => (&text[..end], true),
        None => (text, false),
    };
    let plain = without_steering(text, Colours::Dropped);
    let masked = safe_line(&plain, &writer.secrets);
    // Tabs become blanks there, which is no secret.
    let is_harmless = masked.len() == plain.len() && masked.bytes().eq(plain.bytes().map(blank));
    let mut line = if is_harmless { without_steering(text, Colours::Kept) } else { masked };
    if is_cut {
        line.push_str(" ~ (cut)");
    }
    line
}

const fn blank(byte: u8) -> u8 {
    if byte == b'\t' { b' ' } else { byte }
}

/// Lines on their way to the screen.
struct Batch<'a> {
    screen: &'a dyn Screen,
    number: u64,
    lines: RefCell<Vec<LogLine>>,
    filled: Notify,
    /// When the next batch may go that is not full.
    next: Cell<Instant>,
}

impl<'a> Batch<'a> {
    fn new(screen: &'a dyn Screen, number: u64) -> Self {
        let next = Cell::new(Instant::now());
        Self { screen, number, lines: RefCell::default(), filled: Notify::new(), next }
    }

    fn add(&self, line: LogLine) {
        self.lines.borrow_mut().push(line);
        if self.lines.borrow().len() >= MOST {
            self.send();
        } else {
            self.filled.notify_one();
        }
    }

    /// Says that the containers are known.
    fn begin(&self) {
        self.screen.answer(Answer::Lines { number: self.number, lines: Vec::new(), missing: 0 });
    }

    fn note(&self, text: String) {
        self.send();
        self.screen.answer(Answer::LogNote { number: self.number, text });
    }

    fn send(&self) {
        let lines = self.lines.take();
        if !lines.is_empty() {
            self.next.set(Instant::now() + PAUSE);
            self.screen.answer(Answer::Lines { number: self.number, lines, missing: 0 });
        }
    }

    /// Sends what is not a full batch, in time. Never over.
    async fn go_on(&self) {
        loop {
            self.filled.notified().await;
            sleep_until(self.next.get()).await;
            self.send();
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::expect_used, reason = "a failed set-up fails the test")]

    use super::*;
    use crate::app::dashboard::{Happened, Host};
    use crate::app::testing::{Lab, PROJECT};

    /// Keeps the sizes of batches, the lines, and the notes.
    #[derive(Default)]
    struct Seen {
        batches: RefCell<Vec<usize>>,
        lines: RefCell<Vec<String>>,
        notes: RefCell<Vec<String>>,
    }

    impl Screen for Seen {
        fn host(&self, _: Host) {}
        fn happened(&self, _: Happened) {}
        fn answer(&self, answer: Answer) {
            match answer {
                Answer::Lines { lines, .. } if !lines.is_empty() => {
                    self.batches.borrow_mut().push(lines.len());
                    self.lines.borrow_mut().extend(lines.into_iter().map(|line| line.text));
                }
                Answer::LogNote { text, .. } => self.notes.borrow_mut().push(text),
                _ => {}
            }
        }
        fn close(&self) -> Option<SlotKey> {
            None
        }
    }

    fn key(service: &str) -> SlotKey {
        let [context, project] = ["here", PROJECT].map(str::to_owned);
        SlotKey { context, project, service: service.to_owned(), number: 1, one_off: None }
    }

    fn line(number: usize) -> LogLine {
        LogLine { key: key("a"), at: None, is_error: false, text: number.to_string() }
    }

    #[test]
    fn one_line_goes_at_once_and_many_go_together() {
        let seen = Seen::default();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
        runtime.expect("a runtime").block_on(async {
            let batch = Batch::new(&seen, 1);
            let work = async {
                let rest = async |milliseconds| tokio::time::sleep(Duration::from_millis(milliseconds)).await;
                batch.add(line(0));
                rest(1).await;
                assert_eq!(*seen.batches.borrow(), [1]);
                for number in 0..150 {
                    batch.add(line(number));
                }
                assert_eq!(*seen.batches.borrow(), [1, 64, 64]);
                rest(49).await;
                assert_eq!(*seen.batches.borrow(), [1, 64, 64]);
                rest(2).await;
                assert_eq!(*seen.batches.borrow(), [1, 64, 64, 22]);
                // Before a note goes what was written before it.
                batch.add(line(1));
                batch.note("lost".to_owned());
                assert_eq!(seen.batches.borrow().len(), 5);
            };
            tokio::select! {
                () = work => {}
                () = batch.go_on() => {}
            }
        });
    }

    #[test]
    fn only_what_is_wished_for_is_read_and_its_secrets_are_hidden() {
        let lab = Lab::new();
        lab.start("a", &["sh", "-c", "echo one; echo key hunter22 here"], |plan| {
            plan.environment = vec!["API_PASSWORD=hunter22".to_owned()];
        });
        lab.start("b", &["sh", "-c", "echo two"], |_| {});
        let (seen, selection) = (Seen::default(), Selection::default());
        let wish = LogWish { keys: vec![key("a"), key("gone")], since: None, tail: 10, number: 1 };
        lab.ask(async |live| {
            let reading = read_for(live, &selection, &seen, wish);
            drop(tokio::time::timeout(Duration::from_millis(400), reading).await);
        });
        let lines = seen.lines.borrow();
        assert_eq!((lines.len(), lines[0].as_str()), (2, "one"));
        assert!(!lines[1].contains("hunter22"), "{lines:?}");
        assert_eq!(*seen.notes.borrow(), ["`gone` has no container, so it has no log"]);
    }

    #[test]
    fn a_secret_with_colours_in_it_is_hidden_too() {
        let secrets = vec!["hunter22".to_owned()];
        let [context, project, service, container] = ["here", "lab", "a", "lab-a-1"].map(str::to_owned);
        let writer = Writer { context, project, service, number: 1, one_off: None, container, secrets };
        let shown = safe("a hunt\u{1b}[1mer22 b", &writer);
        assert!(!shown.contains("hunt\u{1b}") && !shown.contains("er22"), "{shown}");
        assert_eq!(safe("\u{1b}[31mred\ttab\u{1b}[2J", &writer), "\u{1b}[31mred\ttab");
        assert!(safe(&"x".repeat(LONGEST * 2), &writer).ends_with("~ (cut)"));
    }
}
