// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The few programs that containers in memory can run: `true`, `false`, `echo`, `sleep`, `test -e`, `touch`, `rm`, `exit`,
//! `sh -c` over them with `;` between, and `cat` of the standard input. Everything else is a program that is not in the image.

use std::collections::BTreeSet;
use std::time::Duration;

/// What came of running a command.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Run {
    pub(super) stdout: Vec<u8>,
    pub(super) stderr: Vec<u8>,
    pub(super) exit_code: i64,
    /// How long it took; `None` = it never ends by itself.
    pub(super) took: Option<Duration>,
    /// Whether it uses a processor all the time.
    pub(super) busy: bool,
    /// Whether it says what it hears, until there is no more to hear.
    pub(super) echoes: bool,
}

/// The runtime's words for a program that is not there.
fn missing(program: &str) -> Run {
    let words = format!(
        "OCI runtime exec failed: exec failed: unable to start container process: exec: \"{program}\": executable file not found in $PATH: unknown"
    );
    Run { stderr: words.into_bytes(), exit_code: 127, took: Some(Duration::ZERO), ..Run::default() }
}

/// Runs a command over the files of a container.
pub(super) fn run(command: &[String], files: &mut BTreeSet<String>) -> Run {
    let words: Vec<&str> = command.iter().map(String::as_str).collect();
    let mut run = Run { took: Some(Duration::ZERO), ..Run::default() };
    match words.as_slice() {
        ["sh" | "/bin/sh", "-c", script] if script.trim_start().starts_with("while :") => {
            run.busy = true;
            run.took = None;
        }
        ["cat"] => {
            run.echoes = true;
            run.took = None;
        }
        ["sh" | "/bin/sh", "-c", script] => {
            for line in script.split(';') {
                let words: Vec<&str> = line.split_whitespace().collect();
                if words.first() == Some(&"exit") {
                    run.exit_code = words.get(1).and_then(|code| code.parse().ok()).unwrap_or(run.exit_code);
                    break;
                }
                run.exit_code = step(&words, &mut run, files).unwrap_or_else(|program| {
                    run.stderr.extend_from_slice(format!("sh: {program}: not found\n").as_bytes());
                    127
                });
            }
        }
        words => match step(words, &mut run, files) {
            Ok(code) => run.exit_code = code,
            Err(program) => return missing(&program),
        },
    }
    run
}

/// One simple command; the name of the program when there is none such.
fn step(words: &[&str], run: &mut Run, files: &mut BTreeSet<String>) -> Result<i64, String> {
    let code = match words {
        [] | ["true" | ":"] => 0,
        ["false"] => 1,
        ["echo", text @ .., ">&2"] => {
            run.stderr.extend_from_slice(format!("{}\n", text.join(" ")).as_bytes());
            0
        }
        ["echo", text @ ..] => {
            run.stdout.extend_from_slice(format!("{}\n", text.join(" ")).as_bytes());
            0
        }
        ["sleep", seconds] => {
            let time = seconds.parse().map(Duration::from_secs).unwrap_or_default();
            run.took = run.took.map(|took| took + time);
            0
        }
        ["test", "-e", path] => i64::from(!files.contains(*path)),
        ["test", "!", "-e", path] => i64::from(files.contains(*path)),
        ["touch", path] => {
            files.insert((*path).to_owned());
            0
        }
        ["rm", path] => i64::from(!files.remove(*path)),
        [program, ..] => return Err((*program).to_owned()),
    };
    Ok(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str, files: &mut BTreeSet<String>) -> Run {
        run(&["sh".to_owned(), "-c".to_owned(), script.to_owned()], files)
    }

    #[test]
    fn shell_runs_steps_and_keeps_files() {
        let mut files = BTreeSet::new();
        let run = shell("echo a b; echo c >&2; touch /t; exit 3; echo never", &mut files);
        assert_eq!((run.stdout, run.stderr, run.exit_code), (b"a b\n".to_vec(), b"c\n".to_vec(), 3));
        assert_eq!(shell("test ! -e /t", &mut files).exit_code, 1);
        assert_eq!(shell("rm /t; test ! -e /t", &mut files).exit_code, 0);
    }

    #[test]
    fn unknown_programs_are_missing() {
        let outcome = run(&["nope".to_owned()], &mut BTreeSet::new());
        assert_eq!(outcome.exit_code, 127);
        assert!(String::from_utf8_lossy(&outcome.stderr).contains("executable file not found"));
        assert_eq!(shell("nope", &mut BTreeSet::new()).exit_code, 127);
    }
}
