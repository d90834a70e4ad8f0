// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! A run of the program that goes on, and its JSON lines as they come. Ended with the value.

use std::cell::RefCell;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Instant;

use serde_json::Value;

use super::stage::PATIENCE;

/// More lines than any test makes.
const LINES: usize = 10_000;

/// A run whose lines are read as they come.
pub(crate) struct Running {
    child: Child,
    lines: Receiver<Value>,
    told: RefCell<Vec<Value>>,
    errors: Errors,
    reading: Option<JoinHandle<()>>,
}

/// What a run says to people, as far as it has come.
#[derive(Debug, Clone, Default)]
pub(crate) struct Errors(Arc<Mutex<String>>);

impl Errors {
    pub(crate) fn text(&self) -> String {
        self.0.lock().expect("the text").clone()
    }
}

impl Running {
    /// Standard error is kept where the command has a pipe for it.
    pub(crate) fn start(mut command: Command) -> Self {
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().expect("the program starts");
        let output = child.stdout.take().expect("a pipe");
        let (sender, lines) = sync_channel(LINES);
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines() {
                let Ok(value) = serde_json::from_str(&line.expect("a line")) else { panic!("no JSON") };
                if sender.send(value).is_err() {
                    return;
                }
            }
        });
        let errors = Errors::default();
        let reading = child.stderr.take().map(|pipe| {
            let kept = errors.clone();
            std::thread::spawn(move || {
                for line in BufReader::new(pipe).lines() {
                    let mut text = kept.0.lock().expect("the text");
                    text.push_str(&line.expect("a line"));
                    text.push('\n');
                }
            })
        });
        Self { child, lines, told: RefCell::default(), errors, reading }
    }

    /// Takes lines until one is the wanted one; gives those that this took.
    #[track_caller]
    pub(crate) fn until(&self, what: &str, wanted: impl Fn(&Value) -> bool) -> Vec<Value> {
        let begin = Instant::now();
        let mut taken = Vec::new();
        while let Ok(line) = self.lines.recv_timeout(PATIENCE.saturating_sub(begin.elapsed())) {
            self.told.borrow_mut().push(line.clone());
            let is_wanted = wanted(&line);
            taken.push(line);
            if is_wanted {
                return taken;
            }
        }
        let told: Vec<String> = self.told.borrow().iter().map(short).collect();
        panic!("waited in vain for {what}; told: {told:#?}");
    }

    /// Takes lines until there is one for each of the wanted, in any order.
    #[track_caller]
    pub(crate) fn until_all(&self, what: &str, wanted: &[&dyn Fn(&Value) -> bool]) -> Vec<Value> {
        let (mut open, mut taken): (Vec<_>, Vec<_>) = (wanted.to_vec(), Vec::new());
        while !open.is_empty() {
            let mut more = self.until(what, |line| open.iter().any(|wanted| wanted(line)));
            open.retain(|wanted| !more.last().is_some_and(wanted));
            taken.append(&mut more);
        }
        taken
    }

    /// Every line that was taken so far.
    pub(crate) fn told(&self) -> Vec<Value> {
        self.told.borrow().clone()
    }

    /// Every line that was taken so far, in short.
    pub(crate) fn in_short(&self) -> Vec<String> {
        self.told.borrow().iter().map(short).collect()
    }

    /// What it says to people; outlives the run.
    pub(crate) fn errors(&self) -> Errors {
        self.errors.clone()
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sends a signal, and waits for the end.
    pub(crate) fn end(mut self, signal: &str) -> ExitStatus {
        send(&self.child, signal);
        let status = self.child.wait().expect("it ends");
        if let Some(reading) = self.reading.take() {
            reading.join().expect("all was read");
        }
        status
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Sends a signal to a child of ours.
pub(crate) fn send(child: &Child, signal: &str) {
    let sent = Command::new("kill").args([signal, &child.id().to_string()]).status().expect("kill runs");
    assert!(sent.success());
}

/// Whether a line tells that a service is now in this state.
pub(crate) fn turned(line: &Value, service: &str, to: &str) -> bool {
    line["service"] == service && line["to"] == to
}

/// Whether a line tells of this notice about a service.
pub(crate) fn noticed(line: &Value, service: &str, notice: &str) -> bool {
    line["service"] == service && line["notice"] == notice
}

/// Whether a line tells of an action because of a service that has come to this stage.
pub(crate) fn acted(line: &Value, service: &str, stage: &str) -> bool {
    line["type"] == "action" && line["service"] == service && line["stage"] == stage
}

/// A line in a few words: `web ok>unhealthy health event`, `web bad`, `web restart 1 begun`, `engine_lost`.
pub(crate) fn short(line: &Value) -> String {
    let text = |name: &str| line[name].as_str().unwrap_or_default().to_owned();
    match line["type"].as_str() {
        Some("transition") => format!(
            "{} {}>{} {} {}",
            text("service"),
            text("from"),
            text("to"),
            line["cause"]["kind"].as_str().unwrap_or_default(),
            text("source")
        ),
        Some("notice") => format!("{} {}", text("service"), text("notice")),
        Some("action") => format!("{} {} {} {}", text("service"), text("action"), line["attempt"], text("stage")),
        _ => text("type"),
    }
}
