// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! A run of the program at a terminal, and a person who answers its questions. The terminal is that of `script`, which every
//! Linux has.

use std::io::{Read as _, Write as _};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use super::stage::PATIENCE;

/// A word that means itself to a shell.
fn quoted(word: &std::ffi::OsStr) -> String {
    format!("'{}'", word.to_string_lossy().replace('\'', "'\\''"))
}

/// Runs to the end, and types each answer once its question is on the screen. Gives the exit status and the screen.
#[track_caller]
pub(crate) fn at_terminal(command: &Command, answers: &[(&str, &str)]) -> (Option<i32>, String) {
    let words: Vec<String> = std::iter::once(command.get_program()).chain(command.get_args()).map(quoted).collect();
    let mut run = Command::new("script");
    run.args(["-qefc", &words.join(" "), "/dev/null"]).env_clear();
    run.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    if let Some(folder) = command.get_current_dir() {
        run.current_dir(folder);
    }
    let mut child = run.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("a terminal");
    let (mut keys, mut output) = (child.stdin.take().expect("a pipe"), child.stdout.take().expect("a pipe"));
    let screen = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&screen);
    let reading = std::thread::spawn(move || {
        let mut piece = [0; 4096];
        while let Ok(length @ 1..) = output.read(&mut piece) {
            kept.lock().expect("the screen").extend_from_slice(&piece[..length]);
        }
    });
    let shown = || String::from_utf8_lossy(&screen.lock().expect("the screen")).into_owned();
    let mut seen = 0;
    for (question, answer) in answers {
        let begin = Instant::now();
        loop {
            let text = shown();
            if let Some(at) = text.get(seen..).and_then(|rest| rest.find(question)) {
                seen += at + question.len();
                break;
            }
            let is_over = child.try_wait().expect("its state").is_some();
            assert!(!is_over && begin.elapsed() < PATIENCE, "never asked `{question}`: {text}");
            std::thread::sleep(Duration::from_millis(20));
        }
        writeln!(keys, "{answer}").expect("it listens");
    }
    let status = child.wait().expect("it ends");
    drop(keys);
    reading.join().expect("all was read");
    (status.code(), shown())
}
