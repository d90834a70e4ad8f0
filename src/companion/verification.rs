// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The verification command of a setup guide: the first block of shell commands below a heading about verifying.

use super::markdown::{Fence, Part, parts};
use crate::diag::{FileId, Span};

/// Languages of blocks that hold commands. A block without a language is taken for one.
const SHELLS: &[&str] = &["", "sh", "bash", "shell", "console"];

/// The word that a heading about verifying holds, in any case.
const WORD: &str = "verif";

/// A verification command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verification {
    /// The words of its heading.
    pub heading: String,
    /// The commands: one script, for `/bin/sh`.
    pub script: String,
    /// The lines of its block.
    pub span: Span,
}

/// The verification command of a guide. `None` without a heading about verifying, or without commands below it (up to
/// the next heading of its level or a higher one).
///
/// Prompts (`$ `) are taken away; where a block has some, lines without one are what a command printed, and are left
/// out.
#[must_use]
pub fn verification(text: &str, file: FileId) -> Option<Verification> {
    let mut within: Option<(usize, &str)> = None;
    for part in &parts(text, file) {
        match part {
            Part::Heading(heading) => {
                let is_about = heading.text.to_lowercase().contains(WORD);
                if is_about && within.is_none_or(|(level, _)| heading.level <= level) {
                    within = Some((heading.level, heading.text));
                } else if !is_about && within.is_some_and(|(level, _)| heading.level <= level) {
                    within = None;
                }
            }
            Part::Fence(fence) => {
                if let Some((_, heading)) = within
                    && let Some(script) = script(fence)
                {
                    return Some(Verification { heading: heading.to_owned(), script, span: fence.span });
                }
            }
        }
    }
    None
}

/// The commands of a block; `None` when it holds something else, or nothing that does anything.
fn script(fence: &Fence<'_>) -> Option<String> {
    if !SHELLS.contains(&fence.language.to_lowercase().as_str()) {
        return None;
    }
    let has_prompts = fence.lines.iter().any(|line| line.starts_with("$ "));
    let mut commands: Vec<&str> = Vec::new();
    let mut goes_on = false;
    for line in &fence.lines {
        let command = match line.strip_prefix("$ ") {
            Some(command) => command,
            None if goes_on => line.strip_prefix("> ").unwrap_or(line),
            None if has_prompts => continue,
            None => line,
        };
        goes_on = has_prompts && command.ends_with('\\');
        commands.push(command);
    }
    let does_something = commands.iter().map(|line| line.trim()).any(|line| !line.is_empty() && !line.starts_with('#'));
    let script = commands.join("\n");
    does_something.then(|| script.trim_matches('\n').trim_end().to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn found(text: &str) -> Option<String> {
        verification(text, FileId::from_index(0)).map(|found| found.script)
    }

    #[test]
    fn the_first_block_below_the_heading_is_taken() {
        let text =
            "# Bus\n```sh\nno\n```\n## Verification\nwords\n```json\n{}\n```\n### On Linux\n```bash\na\nb\n```\n";
        let guide = verification(text, FileId::from_index(0));
        assert_eq!(
            guide.as_ref().map(|one| (one.heading.as_str(), one.script.as_str())),
            Some(("Verification", "a\nb"))
        );
        assert_eq!(guide.map(|one| text[one.span.range()].to_owned()).as_deref(), Some("a\nb"));
        assert_eq!(found("# How to VERIFY\n```\nx\n```\n").as_deref(), Some("x"));
    }

    #[test]
    fn the_next_heading_of_the_same_level_ends_it() {
        assert_eq!(found("## Verify\nnone\n## Logs\n```sh\nx\n```\n"), None);
        assert_eq!(found("## Verify\n# Logs\n```sh\nx\n```\n"), None);
        assert_eq!(found("## Verify\n## Verify again\n```sh\nx\n```\n").as_deref(), Some("x"));
        assert_eq!(found("```sh\nx\n```\n"), None);
    }

    #[test]
    fn prompts_go_and_so_does_what_was_printed() {
        let text = "## Verify\n```console\n$ curl -f \\\n> http://x\nok\n$ true\n```\n";
        assert_eq!(found(text).as_deref(), Some("curl -f \\\nhttp://x\ntrue"));
    }

    #[test]
    fn blocks_that_do_nothing_or_are_no_commands_are_passed_over() {
        let text = "## Verify\n```python\nx\n```\n```sh\n# later\n\n```\n```sh\ntrue\n```\n";
        assert_eq!(found(text).as_deref(), Some("true"));
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in "([#`~$ =\\-a\n\r<>!]|verif|é|```|-->){0,80}") {
            let file = FileId::from_index(0);
            for part in parts(&text, file) {
                let span = match part {
                    Part::Heading(heading) => heading.span,
                    Part::Fence(fence) => fence.span,
                };
                prop_assert!(text.get(span.range()).is_some());
            }
            if let Some(found) = verification(&text, file) {
                prop_assert!(!found.script.trim().is_empty());
            }
        }
    }
}
