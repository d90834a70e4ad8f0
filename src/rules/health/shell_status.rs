// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Can a command line fail at all? Exit statuses followed through `&&`, `||`, `;`, pipes and brackets.
//!
//! A command that is not known may succeed or fail. Lines with control flow (`if`, `for`, …), here-documents, `set -e`,
//! traps or functions are not judged: the answer is then "may fail".

use std::ops::Range;

use super::shell_line::{Kind, Operator, Token, tokens};

/// Deeper brackets than this are not judged; keeps the recursion bounded.
const DEPTH_LIMIT: usize = 32;

/// The ways in which a piece of the line can end.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "four ways to end, each possible or not")]
struct Status {
    /// It can end with status 0, and the line goes on.
    succeeds: bool,
    /// It can end with another status, and the line goes on.
    fails: bool,
    /// It can end the shell with status 0.
    exits_well: bool,
    /// It can end the shell with another status.
    exits_badly: bool,
    /// When it cannot fail: the bytes that make it so.
    culprit: Range<usize>,
    /// Where the piece starts.
    start: usize,
}

impl Status {
    fn new(succeeds: bool, fails: bool, culprit: Range<usize>) -> Self {
        Self { succeeds, fails, exits_well: false, exits_badly: false, start: culprit.start, culprit }
    }

    fn unknown(range: Range<usize>) -> Self {
        Self::new(true, true, range)
    }

    fn can_fail(&self) -> bool {
        self.fails || self.exits_badly
    }

    /// What follows runs only if this went on in one of the given ways; `operator` is where the connection stands.
    fn then(&self, next: &Self, operator: &Range<usize>, after: Continuation) -> Self {
        let runs = match after {
            Continuation::Success => self.succeeds,
            Continuation::Failure => self.fails,
            Continuation::Any => self.succeeds || self.fails,
        };
        let culprit = match after {
            Continuation::Any if next.culprit.start != next.start => next.culprit.clone(),
            _ if self.can_fail() => operator.start..next.culprit.end,
            Continuation::Any | Continuation::Success => self.culprit.start..next.culprit.end,
            Continuation::Failure => self.culprit.clone(),
        };
        Self {
            succeeds: (after == Continuation::Failure && self.succeeds) || (runs && next.succeeds),
            fails: (after == Continuation::Success && self.fails) || (runs && next.fails),
            exits_well: self.exits_well || (runs && next.exits_well),
            exits_badly: self.exits_badly || (runs && next.exits_badly),
            culprit,
            start: self.start,
        }
    }

    /// The same commands in a shell of their own: leaving it is no longer leaving the line.
    fn in_subshell(self) -> Self {
        Self {
            succeeds: self.succeeds || self.exits_well,
            fails: self.fails || self.exits_badly,
            exits_well: false,
            exits_badly: false,
            ..self
        }
    }
}

/// When the second of two connected commands runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Continuation {
    Success,
    Failure,
    Any,
}

/// The bytes of `line` because of which it always ends with status 0: `|| true`, `; exit 0`, or the whole of `true`.
/// `None` when the line can fail, is empty, or cannot be judged.
pub(super) fn always_passes(line: &str) -> Option<Range<usize>> {
    let end = line.trim_end().len();
    let status = status_of(line, 0)?;
    (!status.can_fail()).then(|| status.culprit.start.min(end)..status.culprit.end.min(end))
}

/// Whether a program called directly, without a shell, always ends with status 0 (`true`, `echo`, `sh -c 'exit 0'`).
/// The number is that of the word that decides.
pub(super) fn program_always_passes(words: &[&str]) -> Option<(usize, Range<usize>)> {
    let program = words.first()?;
    if let Some(script) = script_position(words) {
        return always_passes(words.get(script)?).map(|range| (script, range));
    }
    matches!(base_name(program), "true" | "echo" | "printf").then(|| (0, 0..program.len()))
}

/// The index of the script in `sh -c SCRIPT`, with any option word before it.
fn script_position(words: &[&str]) -> Option<usize> {
    let shell = words.first().map(|word| base_name(word))?;
    let first = if shell == "busybox" { 2 } else { 1 };
    let name = if shell == "busybox" { base_name(words.get(1)?) } else { shell };
    if !matches!(name, "sh" | "bash" | "ash" | "dash" | "zsh" | "ksh") {
        return None;
    }
    let options = words.get(first..)?.iter().take_while(|word| word.starts_with(['-', '+']));
    let options: Vec<&&str> = options.collect();
    let has_script = options.iter().any(|word| !word.starts_with("--") && word.contains('c'));
    let stops_at_error = options.iter().any(|word| !word.starts_with("--") && word.contains('e'));
    (has_script && !stops_at_error).then_some(first + options.len())
}

fn base_name(program: &str) -> &str {
    program.rsplit('/').next().unwrap_or(program)
}

fn status_of(line: &str, depth: usize) -> Option<Status> {
    let tokens = tokens(line);
    if tokens.iter().any(|token| token.is(Operator::HereDocument)) {
        return None;
    }
    let mut reader = Reader { tokens: &tokens, at: 0, depth };
    let status = reader.list()?;
    (reader.at == tokens.len()).then_some(status)
}

struct Reader<'a> {
    tokens: &'a [Token<'a>],
    at: usize,
    depth: usize,
}

impl<'a> Reader<'a> {
    fn peek(&self) -> Option<&'a Token<'a>> {
        self.tokens.get(self.at)
    }

    fn take(&mut self, operator: Operator) -> Option<Range<usize>> {
        let token = self.peek().filter(|token| token.is(operator))?;
        self.at += 1;
        Some(token.range.clone())
    }

    /// Commands separated by `;`, `&` and line breaks, up to the end or a closing bracket. `None`: not judged.
    fn list(&mut self) -> Option<Status> {
        let mut whole: Option<(Status, Range<usize>)> = None;
        while self.peek().is_some_and(|token| !token.is(Operator::Close) && !token.is_bare("}")) {
            if self.take(Operator::Sequence).is_some() {
                continue;
            }
            let mut part = self.and_or()?;
            let separator = match self.peek() {
                Some(token) if token.is(Operator::Background) => {
                    part = Status::new(true, false, part.start..token.range.end);
                    token.range.clone()
                }
                Some(token) if token.is(Operator::Sequence) => token.range.clone(),
                _ => 0..0,
            };
            self.at += usize::from(!separator.is_empty());
            whole = Some(match whole {
                None => (part, separator),
                Some((before, joint)) => (before.then(&part, &joint, Continuation::Any), separator),
            });
        }
        whole.map(|(status, _)| status)
    }

    fn and_or(&mut self) -> Option<Status> {
        let mut status = self.pipeline()?;
        loop {
            let (operator, after) = if let Some(range) = self.take(Operator::And) {
                (range, Continuation::Success)
            } else if let Some(range) = self.take(Operator::Or) {
                (range, Continuation::Failure)
            } else {
                return Some(status);
            };
            while self.peek().is_some_and(|token| token.text == "\n") {
                self.at += 1;
            }
            let next = self.pipeline()?;
            status = status.then(&next, &operator, after);
        }
    }

    fn pipeline(&mut self) -> Option<Status> {
        let mut negated = None;
        while let Some(token) = self.peek().filter(|token| token.is_bare("!")) {
            negated = if negated.is_none() { Some(token.range.start) } else { None };
            self.at += 1;
        }
        let mut status = self.command()?;
        while let Some(operator) = self.take(Operator::Pipe) {
            let last = self.command()?.in_subshell();
            status = Status { culprit: operator.start..last.culprit.end, start: status.start, ..last };
        }
        if let Some(start) = negated {
            let culprit = start..status.culprit.end;
            status = Status { succeeds: status.fails, fails: status.succeeds, culprit, start, ..status };
        }
        Some(status)
    }

    fn command(&mut self) -> Option<Status> {
        let first = self.peek()?;
        if first.is(Operator::Open) || first.is_bare("{") {
            return self.bracket(first);
        }
        let start = first.range.start;
        let mut words: Vec<&Token<'_>> = Vec::new();
        let mut end = start;
        while let Some(token) = self.peek() {
            match token.kind {
                Kind::Word => words.push(token),
                Kind::Operator(Operator::Redirect) => {
                    self.at += 1;
                    end = self.peek().filter(|target| target.kind == Kind::Word)?.range.end;
                    self.at += 1;
                    continue;
                }
                Kind::Operator(_) => break,
            }
            end = token.range.end;
            self.at += 1;
        }
        // A function definition, or a redirection alone.
        if self.peek().is_some_and(|token| token.is(Operator::Open)) || words.is_empty() {
            return None;
        }
        self.simple(&words, start..end)
    }

    fn bracket(&mut self, first: &Token<'_>) -> Option<Status> {
        if self.depth >= DEPTH_LIMIT {
            return None;
        }
        self.at += 1;
        self.depth += 1;
        let inside = self.list()?;
        self.depth -= 1;
        let is_subshell = first.is(Operator::Open);
        let close =
            self.peek().filter(|token| if is_subshell { token.is(Operator::Close) } else { token.is_bare("}") })?;
        self.at += 1;
        let status = if is_subshell { inside.in_subshell() } else { inside };
        let mut end = close.range.end;
        while self.take(Operator::Redirect).is_some() {
            end = self.peek().filter(|target| target.kind == Kind::Word)?.range.end;
            self.at += 1;
        }
        Some(Status { culprit: first.range.start..end, start: first.range.start, ..status })
    }

    fn simple(&self, words: &[&Token<'_>], range: Range<usize>) -> Option<Status> {
        let assignments = words.iter().take_while(|word| is_assignment(word.text)).count();
        let words = &words[assignments..];
        let Some(program) = words.first() else {
            return Some(Status::unknown(range));
        };
        let Some(name) = program.literal() else {
            return Some(Status::unknown(range));
        };
        let values: Vec<Option<String>> = words.iter().map(|word| word.literal()).collect();
        Some(match base_name(&name) {
            "if" | "for" | "while" | "until" | "case" | "select" | "function" | "[[" | "set" | "trap" | "return"
            | "then" | "else" | "elif" | "fi" | "do" | "done" | "esac" | "{" | "}" => return None,
            "true" | ":" | "echo" | "printf" => Status::new(true, false, range),
            "false" => Status::new(false, true, range),
            "exit" => {
                let known = values.get(1).cloned().flatten();
                let exits_well = known.as_deref() == Some("0") || known.is_none();
                let exits_badly = known.as_deref() != Some("0");
                Status { exits_well, exits_badly, ..Status::new(false, false, range) }
            }
            "exec" => Status { exits_well: true, exits_badly: true, ..Status::new(false, false, range) },
            _ => self.script(&values).map_or_else(
                || Status::unknown(range.clone()),
                |inner| Status { culprit: range.clone(), start: range.start, ..inner.in_subshell() },
            ),
        })
    }

    /// The status of `sh -c '…'` when its script is written out.
    fn script(&self, values: &[Option<String>]) -> Option<Status> {
        if self.depth >= DEPTH_LIMIT {
            return None;
        }
        let words: Option<Vec<&str>> = values.iter().map(Option::as_deref).collect();
        let words = words?;
        status_of(words.get(script_position(&words)?)?, self.depth + 1)
    }
}

fn is_assignment(word: &str) -> bool {
    let Some((name, _)) = word.split_once('=') else {
        return false;
    };
    !name.is_empty()
        && !name.starts_with(|first: char| first.is_ascii_digit())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn culprit(line: &str) -> Option<&str> {
        always_passes(line).map(|range| &line[range])
    }

    #[test]
    fn tails_that_swallow_the_failure_are_found() {
        for (line, expected) in [
            ("curl -f http://x || true", "|| true"),
            ("curl -f http://x||:", "||:"),
            ("curl -f http://x || exit 0", "|| exit 0"),
            ("curl -f http://x; true", "; true"),
            ("curl -f http://x ; exit 0", "; exit 0"),
            ("curl -f http://x || echo 'not yet'", "|| echo 'not yet'"),
            ("curl -f http://x | true", "| true"),
            ("curl -f http://x &", "curl -f http://x &"),
            ("a && b || true", "|| true"),
            ("(curl x || exit 1) || true", "|| true"),
            ("curl x || true 2>/dev/null", "|| true 2>/dev/null"),
            ("curl x ||\n true\n", "||\n true"),
            ("curl x; echo a; true", "; echo a; true"),
            ("echo a; curl x || true", "|| true"),
            ("test -e f; curl x || true", "|| true"),
            ("test -e f\ncurl x || :\n", "|| :"),
            ("curl x || { echo no; exit 0; }", "|| { echo no; exit 0; }"),
        ] {
            assert_eq!(culprit(line), Some(expected), "{line}");
        }
    }

    #[test]
    fn commands_that_cannot_fail_are_found_whole() {
        for line in ["true", ":", "exit 0", "echo ok", "/bin/true", "sh -c 'curl x || true'", "! false"] {
            assert_eq!(culprit(line), Some(line), "{line}");
        }
        assert_eq!(culprit("exit 0  "), Some("exit 0"));
    }

    #[test]
    fn lines_that_can_fail_are_left_alone() {
        for line in [
            "curl -f http://x",
            "curl -f http://x || exit 1",
            "(a || true) && b",
            "a || true && b",
            "echo '|| true'; a",
            "grep -q '; exit 0' f",
            "curl x || exit 1; true",
            "curl x && exit 0; exit 1",
            "set -e; a; true",
            "if a; then exit 0; else exit 1; fi",
            "a || exit $?",
            "a || exit",
            "a || kill 1",
            "true && a",
            "echo x | grep -q y",
            "sh -ec 'a; true'",
            "exit 1",
            "false",
            "! true",
            "cat <<E\nE\ntrue",
            "test -f /x # || true",
            "",
        ] {
            assert_eq!(culprit(line), None, "{line}");
        }
    }

    #[test]
    fn programs_called_directly_are_judged_by_name_or_script() {
        assert_eq!(program_always_passes(&["true"]), Some((0, 0..4)));
        assert_eq!(program_always_passes(&["sh", "-c", "a || true"]), Some((2, 2..9)));
        assert_eq!(program_always_passes(&["/bin/busybox", "sh", "-c", "exit 0"]), Some((3, 0..6)));
        assert_eq!(program_always_passes(&["sh", "-ec", "a; true"]), None);
        assert_eq!(program_always_passes(&["curl", "true"]), None);
        assert_eq!(program_always_passes(&[]), None);
    }

    #[test]
    fn deep_brackets_are_given_up() {
        assert_eq!(culprit(&"(".repeat(100_000)), None);
        assert_eq!(culprit(&format!("{}true{}", "(".repeat(100), ")".repeat(100))), None);
    }

    proptest::proptest! {
        #[test]
        fn any_line_is_judged_without_panic(line in "[a-z'\"\\\\$(){}`|&;<>#!\\n é]{0,60}") {
            if let Some(range) = always_passes(&line) {
                proptest::prop_assert!(line.get(range).is_some());
            }
        }

        #[test]
        fn or_true_always_passes_for_plain_words(line in "[b-d]{1,5}( [b-d/.]{1,5}){0,3}") {
            let whole = format!("{line} || true");
            proptest::prop_assert_eq!(always_passes(&whole), Some(line.len() + 1..whole.len()));
        }
    }
}
