// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What every error for people offers: a stable code, a message, and the next steps. Knows no other module.

use std::fmt::Write as _;

/// An error as a person meets it.
pub trait UserError: std::fmt::Debug {
    /// A stable `snake_case` word that scripts may look for.
    fn code(&self) -> &'static str;

    /// What went wrong: a lower-case fragment without a final period.
    fn message(&self) -> String;

    /// The next steps, the likeliest first; may be empty.
    fn hints(&self) -> Vec<String> {
        Vec::new()
    }
}

/// The text of an error as it goes to standard error, with a line break at the end.
///
/// `run_id` is shown on a line of its own so that the output can be matched with the log.
#[must_use]
pub fn render(error: &dyn UserError, run_id: Option<&str>) -> String {
    let mut text = format!("error[{}]: {}\n", error.code(), error.message());
    for hint in error.hints() {
        let _ = writeln!(text, "  = hint: {hint}");
    }
    if let Some(run_id) = run_id {
        let _ = writeln!(text, "  = run: {run_id}");
    }
    text
}

/// Names for a sentence: each in backticks, commas between.
#[must_use]
pub fn quoted<S: AsRef<str>>(names: &[S]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{}`", name.as_ref())).collect();
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    struct Sample;

    impl UserError for Sample {
        fn code(&self) -> &'static str {
            "project_missing"
        }
        fn message(&self) -> String {
            "no compose file here".into()
        }
        fn hints(&self) -> Vec<String> {
            vec!["name one with `-f`".into()]
        }
    }

    #[test]
    fn shows_code_message_hint_and_run() {
        assert_eq!(
            render(&Sample, Some("r1")),
            "error[project_missing]: no compose file here\n  = hint: name one with `-f`\n  = run: r1\n"
        );
    }
}
