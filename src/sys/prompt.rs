// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Questions to the person at the terminal.

use std::future::Future;
use std::pin::Pin;

/// The answer of a person, to be awaited. Dropping it leaves the question unanswered.
pub type Answered<'a> = Pin<Box<dyn Future<Output = Reaction> + 'a>>;

/// What a person said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reaction {
    /// Yes.
    Yes,
    /// Anything but yes, or the end of the input.
    No,
}

/// A line that a person typed, to be awaited: without blanks around it, empty at the end of the input.
pub type Typed<'a> = Pin<Box<dyn Future<Output = String> + 'a>>;

/// Asks the person at the terminal.
pub trait Prompt {
    /// Whether somebody can be asked: standard input and standard error are a terminal.
    fn can_ask(&self) -> bool;

    /// Writes the question to standard error and waits for a line. `y` and `yes` in any case are a yes.
    fn confirm<'a>(&'a self, question: &'a str) -> Answered<'a>;

    /// Writes the question to standard error and gives the line that is typed.
    fn line<'a>(&'a self, question: &'a str) -> Typed<'a>;
}
