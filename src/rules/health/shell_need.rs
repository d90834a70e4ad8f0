// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Does a command line need a shell, or could the program be called directly?

use super::shell_line::{Kind, Operator, Token, tokens};

/// A command line that needs no shell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PlainCommand {
    /// Program and arguments without quotes.
    pub(super) words: Vec<String>,
    /// Whether an `|| exit 1` was left out, which changes nothing but the number of the status.
    pub(super) had_exit_tail: bool,
}

/// The program and arguments of a line that needs no shell: plain or quoted words, also with a trailing `|| exit 1`.
/// `None` for lines with pipes, lists, redirections, expansions, assignments or shell builtins, and for empty ones.
pub(super) fn plain_command(line: &str) -> Option<PlainCommand> {
    let found = tokens(line.trim());
    let (words, had_exit_tail) = match exit_tail(&found) {
        Some(words) => (words, true),
        None => (found.as_slice(), false),
    };
    if words.iter().any(|token| token.kind != Kind::Word || token.text.contains('\n')) {
        return None;
    }
    let words: Vec<String> = words.iter().map(Token::literal).collect::<Option<_>>()?;
    let program = words.first()?;
    let needs_shell = program.contains('=') || program == "!" || is_builtin(program);
    (!needs_shell).then_some(PlainCommand { words, had_exit_tail })
}

/// The words before a trailing `|| exit N` with a number other than 0, or `|| false`.
fn exit_tail<'t, 'a>(found: &'t [Token<'a>]) -> Option<&'t [Token<'a>]> {
    match found {
        [words @ .., or, exit, number] if or.is(Operator::Or) && exit.is_bare("exit") => {
            number.text.parse::<u8>().is_ok_and(|status| status != 0).then_some(words)
        }
        [words @ .., or, last] if or.is(Operator::Or) && (last.is_bare("exit") || last.is_bare("false")) => Some(words),
        _ => None,
    }
}

/// Words that a POSIX shell or bash runs itself, and the words of its control flow.
fn is_builtin(word: &str) -> bool {
    const BUILTINS: &[&str] = &[
        ".", ":", "[", "[[", "alias", "bg", "break", "builtin", "case", "cd", "command", "continue", "declare", "do",
        "done", "echo", "elif", "else", "esac", "eval", "exec", "exit", "export", "false", "fg", "fi", "for",
        "function", "getopts", "hash", "if", "jobs", "kill", "let", "local", "printf", "pwd", "read", "readonly",
        "return", "select", "set", "shift", "source", "test", "then", "times", "trap", "true", "type", "typeset",
        "ulimit", "umask", "unalias", "unset", "until", "wait", "while", "{", "}",
    ];
    BUILTINS.binary_search(&word).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_and_quoted_words_need_no_shell() {
        let plain = plain_command("curl -f \"http://x/a b\" 'c'");
        let words = ["curl", "-f", "http://x/a b", "c"].map(str::to_owned).to_vec();
        assert_eq!(plain, Some(PlainCommand { words, had_exit_tail: false }));
        assert_eq!(plain_command("pg_isready -U me || exit 1").map(|plain| plain.had_exit_tail), Some(true));
        assert_eq!(plain_command("redis-cli ping\n").map(|plain| plain.words.len()), Some(2));
    }

    #[test]
    fn whatever_the_shell_must_do_needs_one() {
        for line in [
            "",
            "a | b",
            "a && b",
            "a; b",
            "a > f",
            "a $X",
            "a \"$X\"",
            "a *.txt",
            "~/bin/a",
            "X=1 a",
            "test -f x",
            "[ -f x ]",
            "exit 0",
            "a || exit 0",
            "a || b",
            "(a)",
            "a &",
            "a\nb",
            "a `b`",
            "a $(b)",
            "! a",
            "echo x",
        ] {
            assert_eq!(plain_command(line), None, "{line}");
        }
    }

    #[test]
    fn the_list_of_builtins_is_sorted() {
        for word in [".", "[", "[[", "exit", "test", "while", "{", "}", "alias"] {
            assert!(is_builtin(word), "{word}");
        }
    }
}
