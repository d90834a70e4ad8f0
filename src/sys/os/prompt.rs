// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Questions at the terminal. A thread waits for the line, so that signals are heard meanwhile.

use std::io::{self, BufRead as _, IsTerminal as _, Write as _};

use tokio::sync::oneshot;

use crate::sys::{Answered, Prompt, Reaction, Typed};

/// The terminal of this process.
#[derive(Debug, Clone, Copy, Default)]
pub struct OsPrompt;

impl Prompt for OsPrompt {
    fn can_ask(&self) -> bool {
        io::stdin().is_terminal() && io::stderr().is_terminal()
    }

    fn confirm<'a>(&'a self, question: &'a str) -> Answered<'a> {
        Box::pin(async move { reaction(&ask(&format!("{question} [y/N] ")).await) })
    }

    fn line<'a>(&'a self, question: &'a str) -> Typed<'a> {
        Box::pin(async move { ask(&format!("{question} ")).await.trim().to_owned() })
    }
}

/// The line after a question; empty when nobody can answer.
pub(super) async fn ask(question: &str) -> String {
    let mut notes = io::stderr();
    if write!(notes, "{question}").and_then(|()| notes.flush()).is_err() {
        return String::new();
    }
    let (sender, answer) = oneshot::channel();
    // The runtime's own threads would hold up the end of the process until somebody presses return.
    let asking = std::thread::Builder::new().name("prompt".to_owned()).spawn(move || {
        let mut line = String::new();
        let is_read = io::stdin().lock().read_line(&mut line).is_ok();
        let _ = sender.send(if is_read { line } else { String::new() });
    });
    match asking {
        Ok(_) => answer.await.unwrap_or_default(),
        Err(_) => String::new(),
    }
}

fn reaction(line: &str) -> Reaction {
    match line.trim().to_ascii_lowercase().as_str() {
        "y" | "yes" => Reaction::Yes,
        _ => Reaction::No,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_plain_yes_is_one() {
        assert_eq!(["y\n", " YES \n"].map(reaction), [Reaction::Yes; 2]);
        assert_eq!(["", "\n", "n\n", "yeah\n"].map(reaction), [Reaction::No; 4]);
    }
}
