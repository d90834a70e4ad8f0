// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! All that keys and the palette can do: one table, from which help, palette and settings are made.

use super::key::{Code, Key};
use super::tab::Tab;

/// Something that a person can ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Command {
    /// Show a tab.
    Show(Tab),
    /// The tab to the right.
    NextTab,
    /// The tab to the left.
    PreviousTab,
    /// One up.
    Up,
    /// One down.
    Down,
    /// A bit to the left.
    Left,
    /// A bit to the right.
    Right,
    /// A page up.
    PageUp,
    /// A page down.
    PageDown,
    /// To the first.
    Top,
    /// To the last.
    Bottom,
    /// Look closer.
    Open,
    /// Away from what was opened last.
    Back,
    /// Fold a project, or unfold it.
    Fold,
    /// Another order.
    Sort,
    /// Show only some.
    Filter,
    /// Mark a service, so that its log is shown with those of others.
    Mark,
    /// Everything by its name.
    Palette,
    /// What every key does.
    Help,
    /// Copy what is chosen.
    Copy,
    /// Ask again.
    Refresh,
    /// Give the mouse to the dashboard, or back to the terminal.
    Mouse,
    /// Draw everything anew.
    Redraw,
    /// Start the service.
    Start,
    /// Stop it.
    Stop,
    /// Stop and start it.
    Restart,
    /// Keep supervisors from acting on the project.
    PauseSupervision,
    /// A shell in its container.
    Shell,
    /// Check whether it does its work.
    Verify,
    /// Judge the compose files.
    Validate,
    /// Make a restore point.
    Backup,
    /// Show what a restore would do.
    Restore,
    /// Show what going back to an earlier deployment would do.
    Rollback,
    /// Follow the log, or stand still.
    Follow,
    /// Search in the log.
    Search,
    /// The next place where the words are.
    NextMatch,
    /// The one before.
    PreviousMatch,
    /// Whether what is searched for is a pattern.
    Pattern,
    /// Show only lines of some gravity.
    Level,
    /// Wrap long lines, or cut them.
    Wrap,
    /// Show when lines were written.
    Times,
    /// From when on lines are shown.
    Since,
    /// Write what is shown into a file.
    Save,
    /// Give what is shown to the pager.
    Pager,
    /// Leave.
    Quit,
    /// Stop the program as a job of the shell.
    Suspend,
}

/// Where a command is of use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Everywhere.
    Everywhere,
    /// On the tabs that show services: stack, health, graph.
    Services,
    /// On the tab of logs.
    Logs,
}

/// One row of the table.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// The command.
    pub command: Command,
    /// Its name in the palette and in `stackctl.toml`.
    pub name: &'static str,
    /// Its keys, as people write them.
    pub keys: &'static [&'static str],
    /// Where it is of use.
    pub place: Place,
    /// What it does, as a fragment.
    pub help: &'static str,
}

const fn row(
    command: Command,
    name: &'static str,
    keys: &'static [&'static str],
    place: Place,
    help: &'static str,
) -> Row {
    Row { command, name, keys, place, help }
}

use Place::{Everywhere, Logs, Services};

/// The table.
pub const TABLE: &[Row] = &[
    row(Command::Show(Tab::Stack), "stack", &["1"], Everywhere, "all services, worst first"),
    row(Command::Show(Tab::Health), "health", &["2", "H"], Everywhere, "why the service is as it is"),
    row(Command::Show(Tab::Logs), "logs", &["3"], Everywhere, "what services write"),
    row(Command::Show(Tab::Events), "events", &["4"], Everywhere, "what happened"),
    row(Command::Show(Tab::Graph), "graph", &["5"], Everywhere, "who needs whom"),
    row(Command::Show(Tab::Backups), "backups", &["6"], Everywhere, "restore points"),
    row(Command::Show(Tab::Supervisor), "supervisor", &["7"], Everywhere, "what may be done by itself"),
    row(Command::Show(Tab::Findings), "findings", &["8"], Everywhere, "what `validate` says"),
    row(Command::NextTab, "next-tab", &["tab"], Everywhere, "the tab to the right"),
    row(Command::PreviousTab, "previous-tab", &["backtab"], Everywhere, "the tab to the left"),
    row(Command::Up, "up", &["up", "k"], Everywhere, "one up"),
    row(Command::Down, "down", &["down", "j"], Everywhere, "one down"),
    row(Command::Left, "left", &["left", "h"], Everywhere, "to the left"),
    row(Command::Right, "right", &["right", "l"], Everywhere, "to the right; in the stack: the log of the service"),
    row(Command::PageUp, "page-up", &["pgup", "ctrl-b"], Everywhere, "a page up"),
    row(Command::PageDown, "page-down", &["pgdn", "ctrl-f"], Everywhere, "a page down"),
    row(Command::Top, "top", &["home", "g"], Everywhere, "to the first"),
    row(Command::Bottom, "bottom", &["end", "G"], Everywhere, "to the last"),
    row(Command::Open, "open", &["enter"], Everywhere, "look closer"),
    row(Command::Back, "back", &["esc"], Everywhere, "back; also out of filter and search"),
    row(Command::Filter, "filter", &["/"], Services, "show only some: words, `state:`, `health:`, `project:`"),
    row(Command::Sort, "sort", &["o"], Everywhere, "another order, in lists that have several"),
    row(Command::Fold, "fold", &["z"], Services, "fold the project, or unfold it"),
    row(Command::Mark, "mark", &["space"], Services, "mark the service: logs of marked ones are shown together"),
    row(Command::Start, "start", &["S"], Services, "start the service"),
    row(Command::Stop, "stop", &["s"], Services, "stop the service"),
    row(Command::Restart, "restart", &["r"], Services, "restart the service"),
    row(Command::PauseSupervision, "pause-supervision", &["p"], Everywhere, "keep supervisors away from the project"),
    row(Command::Shell, "shell", &["e"], Services, "a shell in the container"),
    row(Command::Verify, "verify", &["V"], Services, "check whether the service does its work"),
    row(Command::Validate, "validate", &["v"], Everywhere, "judge the compose files"),
    row(Command::Backup, "backup", &["b"], Everywhere, "make a restore point"),
    row(Command::Restore, "restore", &["R"], Everywhere, "show what a restore would do"),
    row(Command::Rollback, "rollback", &["B"], Everywhere, "show what a rollback would do"),
    row(Command::Follow, "follow", &["f"], Logs, "follow the log, or stand still"),
    row(Command::Search, "search", &["/"], Logs, "search"),
    row(Command::NextMatch, "next-match", &["n"], Logs, "the next place where it is"),
    row(Command::PreviousMatch, "previous-match", &["N"], Logs, "the place before"),
    row(Command::Pattern, "pattern", &["ctrl-r"], Logs, "whether a search is a pattern"),
    row(Command::Level, "level", &["L"], Logs, "show all lines, from warnings on, or errors alone"),
    row(Command::Wrap, "wrap", &["w"], Logs, "wrap long lines, or cut them"),
    row(Command::Times, "times", &["t"], Logs, "show when lines were written"),
    row(Command::Since, "since", &["a"], Logs, "from when on lines are shown"),
    row(Command::Save, "save", &["ctrl-s"], Logs, "write what is shown into a file"),
    row(Command::Pager, "pager", &["m"], Logs, "read it in the pager"),
    row(Command::Copy, "copy", &["y"], Everywhere, "copy what is chosen, by the terminal's clipboard"),
    row(Command::Refresh, "refresh", &["f5"], Everywhere, "ask again for what this tab shows"),
    row(Command::Mouse, "mouse", &["M"], Everywhere, "let the mouse choose here, or select text"),
    row(Command::Palette, "palette", &[":"], Everywhere, "everything by its name"),
    row(Command::Help, "help", &["?", "f1"], Everywhere, "what every key does"),
    row(Command::Redraw, "redraw", &["ctrl-l"], Everywhere, "draw everything anew"),
    row(Command::Suspend, "suspend", &["ctrl-z"], Everywhere, "back to the shell for a while; `fg` returns"),
    row(Command::Quit, "quit", &["q", "ctrl-c"], Everywhere, "leave"),
];

impl Place {
    /// Whether a command of this place is of use on a tab.
    #[must_use]
    pub const fn has(self, tab: Tab) -> bool {
        match self {
            Self::Everywhere => true,
            Self::Services => matches!(tab, Tab::Stack | Tab::Health | Tab::Graph),
            Self::Logs => matches!(tab, Tab::Logs),
        }
    }
}

impl Command {
    /// Its row.
    #[must_use]
    pub fn row(self) -> Option<&'static Row> {
        TABLE.iter().find(|row| row.command == self)
    }

    /// The command of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        TABLE.iter().find(|row| row.name == name).map(|row| row.command)
    }

    /// Whether it changes something outside, so that `--read-only` forbids it.
    #[must_use]
    pub const fn changes(self) -> bool {
        matches!(
            self,
            Self::Start
                | Self::Stop
                | Self::Restart
                | Self::PauseSupervision
                | Self::Shell
                | Self::Verify
                | Self::Backup
        )
    }

    /// Whether it works no matter what the keys say, so that nobody is locked in.
    #[must_use]
    pub fn is_fixed(key: Key) -> Option<Self> {
        (key == Key { code: Code::Char('c'), ctrl: true, alt: false }).then_some(Self::Quit)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_are_told_apart_and_keys_read() {
        let names: BTreeSet<_> = TABLE.iter().map(|row| row.name).collect();
        assert_eq!(names.len(), TABLE.len());
        for row in TABLE {
            assert_eq!(Command::named(row.name), Some(row.command));
            assert!(row.keys.iter().all(|key| key.parse::<Key>().is_ok()), "{}", row.name);
        }
    }
}
