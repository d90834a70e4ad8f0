// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! A run of the program on a whole terminal, that of tmux, with a person who presses keys and looks.

use std::ffi::OsStr;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use super::stage::{PATIENCE, Stage};

/// A terminal; ended with the value.
#[derive(Debug)]
pub(crate) struct Tmux {
    socket: PathBuf,
}

fn quoted(word: &OsStr) -> String {
    format!("'{}'", word.to_string_lossy().replace('\'', "'\\''"))
}

impl Tmux {
    /// Types a command into a shell on a terminal of so many columns and rows. When it has ended, its status is shown.
    pub(crate) fn start(stage: &Stage, (columns, rows): (u16, u16), command: &Command, environment: &[&str]) -> Self {
        let tmux = Self { socket: stage.folder.path().join("tmux") };
        let words: Vec<String> = std::iter::once(command.get_program()).chain(command.get_args()).map(quoted).collect();
        let set = command
            .get_envs()
            .filter_map(|(name, value)| Some(format!("{}={}", name.to_string_lossy(), quoted(value?))));
        let set: Vec<String> = set.chain(environment.iter().map(|one| (*one).to_owned())).collect();
        let folder = command.get_current_dir().expect("a folder").display().to_string();
        let line = format!("{}; echo ended with $?", words.join(" "));
        let script = stage.write("at-terminal", &line);
        // A shell with jobs, so that what is stopped can go on.
        let set = set.join(" ");
        let shell = format!("cd {folder}; exec env -i TERM=screen-256color {set} bash --norc --noprofile -i");
        let (columns, rows) = (columns.to_string(), rows.to_string());
        tmux.ask(&["-f", "/dev/null", "new-session", "-d", "-x", &columns, "-y", &rows, &shell]);
        tmux.press(&[&format!(". {}", script.display()), "Enter"]);
        tmux
    }

    fn ask(&self, words: &[&str]) -> String {
        let mut command = Command::new("tmux");
        command.arg("-S").arg(&self.socket).args(words).env("LC_ALL", "C.UTF-8").env_remove("TMUX");
        let ended = command.output().expect("tmux, which scripts/test-engine installs");
        assert!(ended.status.success(), "{words:?}: {}", String::from_utf8_lossy(&ended.stderr));
        String::from_utf8_lossy(&ended.stdout).into_owned()
    }

    /// What is on the screen.
    pub(crate) fn screen(&self) -> String {
        self.ask(&["capture-pane", "-p"])
    }

    /// The same with its colours, as SGR sequences.
    pub(crate) fn coloured(&self) -> String {
        self.ask(&["capture-pane", "-p", "-e"])
    }

    /// Presses keys, by the names that tmux has for them.
    pub(crate) fn press(&self, keys: &[&str]) {
        self.ask(&[&["send-keys"], keys].concat());
    }

    /// Gives the terminal another size.
    pub(crate) fn resize(&self, (columns, rows): (u16, u16)) {
        self.ask(&["resize-window", "-x", &columns.to_string(), "-y", &rows.to_string()]);
    }

    /// Waits until the screen is as it should be; gives it.
    #[track_caller]
    pub(crate) fn wait(&self, what: &str, is_so: impl Fn(&str) -> bool) -> String {
        let begin = Instant::now();
        loop {
            let screen = self.screen();
            if is_so(&screen) {
                return screen;
            }
            assert!(begin.elapsed() < PATIENCE, "never {what}:\n{screen}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Waits until the screen has these words.
    #[track_caller]
    pub(crate) fn shows(&self, words: &str) -> String {
        self.wait(words, |screen| screen.contains(words))
    }
}

impl Drop for Tmux {
    fn drop(&mut self) {
        let _ = Command::new("tmux").arg("-S").arg(&self.socket).arg("kill-server").output();
    }
}
