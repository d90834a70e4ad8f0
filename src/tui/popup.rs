// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What stands before everything else: a question, a line to write, the palette, help.

use super::command::Command;
use super::effect::Effect;
use super::key::{Code, Key};

/// What stands before everything else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Popup {
    /// Something that is done only after a yes.
    Confirm(Box<Confirm>),
    /// A line that is being written.
    Line(Line),
    /// Commands by name.
    Palette(Palette),
    /// What every key does; so many lines are above the screen.
    Help(usize),
}

/// A question before something is changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirm {
    /// What is asked.
    pub question: String,
    /// What it comes to, line by line: the exact effect, who depends on it.
    pub effects: Vec<String>,
    /// The command line that does the same.
    pub command: String,
    /// What was answered so far.
    pub answer: Answer,
    /// What is done then.
    pub then: Effect,
}

/// An answer that is being given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Yes or no; at first no.
    Choice(Choice),
    /// A name that must be typed, because data can be lost.
    Typed {
        /// The name.
        name: String,
        /// What was typed.
        typed: String,
    },
}

/// Yes or no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Choice {
    /// Do it.
    Yes,
    /// Leave it.
    #[default]
    No,
}

/// What a line is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Show only some services.
    Filter,
    /// Search in the log.
    Search,
    /// The time from which on the log is shown, such as `10m`.
    Since,
    /// The file that the log is written to.
    Save,
}

impl Purpose {
    /// What is asked for.
    #[must_use]
    pub const fn prompt(self) -> &'static str {
        match self {
            Self::Filter => "filter",
            Self::Search => "search",
            Self::Since => "since (such as 10m, 2h)",
            Self::Save => "save to",
        }
    }
}

/// A line that is being written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What for.
    pub purpose: Purpose,
    /// The text.
    pub text: String,
    /// What it was before, for who thinks better of it.
    pub before: String,
}

/// The palette.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Palette {
    /// What was written.
    pub text: String,
    /// The chosen of what fits.
    pub chosen: usize,
}

impl Palette {
    /// The commands that fit, best first: those that begin with what was written, then those that have it.
    #[must_use]
    pub fn fitting(&self) -> Vec<&'static super::command::Row> {
        let wanted = self.text.trim().to_lowercase();
        let table = super::command::TABLE.iter();
        let mut fitting: Vec<_> =
            table.filter(|row| row.name.contains(&wanted) || row.help.to_lowercase().contains(&wanted)).collect();
        fitting.sort_by_key(|row| (row.name != wanted, !row.name.starts_with(&wanted), !row.name.contains(&wanted)));
        fitting
    }
}

/// What a key does to a popup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Next {
    /// It stays.
    Stay,
    /// It goes.
    Close,
    /// It goes, and something is done.
    Do(Effect),
    /// It goes, and a command is carried out.
    Run(Command),
    /// The line is as it is wanted.
    Written(Purpose, String),
    /// The line has changed: what it stands for follows at once.
    Changed(Purpose, String),
}

impl Popup {
    /// A yes-or-no question, at first no.
    pub(super) fn confirm(question: String, effects: Vec<String>, command: String, then: Effect) -> Self {
        let answer = Answer::Choice(Choice::No);
        Self::Confirm(Box::new(Confirm { question, effects, command, answer, then }))
    }

    /// A line to write.
    pub(super) fn line(purpose: Purpose, text: &str) -> Self {
        Self::Line(Line { purpose, text: text.to_owned(), before: text.to_owned() })
    }

    pub(super) fn key(&mut self, key: Key) -> Next {
        if key.code == Code::Esc {
            return match self {
                Self::Line(line) if matches!(line.purpose, Purpose::Filter | Purpose::Search) => {
                    Next::Written(line.purpose, line.before.clone())
                }
                _ => Next::Close,
            };
        }
        match self {
            Self::Confirm(confirm) => confirm.key(key),
            Self::Line(line) => line.key(key),
            Self::Palette(palette) => palette.key(key),
            Self::Help(above) => {
                match key.code {
                    Code::Down | Code::Char('j') => *above += 1,
                    Code::Up | Code::Char('k') => *above = above.saturating_sub(1),
                    Code::PageDown | Code::Char(' ') => *above += 10,
                    Code::PageUp => *above = above.saturating_sub(10),
                    Code::Home | Code::Char('g') => *above = 0,
                    _ => return Next::Close,
                }
                Next::Stay
            }
        }
    }

    /// Text that was put in at once.
    pub(super) fn paste(&mut self, text: &str) -> Next {
        let mut next = Next::Stay;
        for letter in text.chars().filter(|letter| !letter.is_control()) {
            next = self.key(Key::letter(letter));
        }
        // A name is typed, and a question answered, by hand.
        if matches!(self, Self::Confirm(_)) { Next::Stay } else { next }
    }
}

impl Confirm {
    fn key(&mut self, key: Key) -> Next {
        match &mut self.answer {
            Answer::Choice(choice) => match key.code {
                Code::Char('y' | 'Y') => return Next::Do(self.then.clone()),
                Code::Left | Code::Right | Code::Tab | Code::BackTab | Code::Char('h' | 'l') => {
                    *choice = if *choice == Choice::No { Choice::Yes } else { Choice::No };
                }
                Code::Enter if *choice == Choice::Yes => return Next::Do(self.then.clone()),
                Code::Enter | Code::Char('n' | 'N' | 'q') => return Next::Close,
                _ => {}
            },
            Answer::Typed { name, typed } => match key.code {
                Code::Enter if typed == name => return Next::Do(self.then.clone()),
                Code::Enter => return Next::Close,
                _ => drop(write(typed, key)),
            },
        }
        Next::Stay
    }
}

impl Line {
    fn key(&mut self, key: Key) -> Next {
        if key.code == Code::Enter {
            return Next::Written(self.purpose, self.text.clone());
        }
        if write(&mut self.text, key) { Next::Changed(self.purpose, self.text.clone()) } else { Next::Stay }
    }
}

impl Palette {
    fn key(&mut self, key: Key) -> Next {
        let fitting = self.fitting();
        match key.code {
            Code::Enter => return fitting.get(self.chosen).map_or(Next::Close, |row| Next::Run(row.command)),
            Code::Down | Code::Tab => self.chosen = (self.chosen + 1).min(fitting.len().saturating_sub(1)),
            Code::Up | Code::BackTab => self.chosen = self.chosen.saturating_sub(1),
            _ => {
                if write(&mut self.text, key) {
                    self.chosen = 0;
                }
            }
        }
        Next::Stay
    }
}

/// Writes a key at the end of a line; whether that changed it.
fn write(text: &mut String, key: Key) -> bool {
    match key {
        Key { code: Code::Char('u'), ctrl: true, .. } => text.clear(),
        Key { code: Code::Char('w'), ctrl: true, .. } => {
            let end = text.trim_end().rfind(' ').map_or(0, |at| at + 1);
            text.truncate(end);
        }
        Key { code: Code::Char(letter), ctrl: false, alt: false } => text.push(letter),
        Key { code: Code::Backspace, .. } => drop(text.pop()),
        _ => return false,
    }
    true
}
