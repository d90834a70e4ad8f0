// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The words of a check in exec form, read for slips: operators and joined words mean nothing without a shell.

use crate::diag::Spanned;

/// The first word that is written like a shell operator. Operators that the program itself understands (`find … ;`,
/// `expr a | b`, `test a > b`) do not count.
pub(super) fn operator_word(words: &[Spanned<String>]) -> Option<&Spanned<String>> {
    let program = words.first()?.value.rsplit('/').next()?;
    let own_operators: &[&str] = match program {
        "find" => &[";"],
        "expr" => &["|", "&", "<", ">"],
        "test" | "[" => &["<", ">"],
        _ => &[],
    };
    words.iter().skip(1).find(|word| is_operator(&word.value) && !own_operators.contains(&word.value.as_str()))
}

fn is_operator(word: &str) -> bool {
    matches!(word, "||" | "&&" | "|" | ";" | "&" | ">" | ">>" | "<" | "&>") || is_redirection(word)
}

/// `2>&1`, `>/dev/null`, `2>/dev/null`: an optional digit, arrows, and a path or a descriptor.
fn is_redirection(word: &str) -> bool {
    let arrows = word.trim_start_matches(|first: char| first.is_ascii_digit() || first == '&');
    let target = arrows.trim_start_matches('>');
    word.len() - arrows.len() <= 1
        && target.len() < arrows.len()
        && (target.starts_with('/') || target.strip_prefix('&').is_some_and(|number| number.parse::<u8>().is_ok()))
}

/// Whether a program word holds a program and its arguments in one. A path with blanks in a directory name does not.
pub(super) fn is_joined(program: &str) -> bool {
    let Some((path, rest)) = program.trim().split_once([' ', '\t', '\n']) else {
        return false;
    };
    let next = rest.split_whitespace().next().unwrap_or_default();
    let continues_path = next.contains(['/', '\\']) && !next.starts_with(['/', '-', '\\']) && !next.contains("://");
    !(path.contains(['/', '\\']) && continues_path)
}

/// The exec form of a check for a hint; none where variables have been replaced, since their values may be secrets.
pub(super) fn shown_exec_form<'a>(written: &str, words: impl IntoIterator<Item = &'a str>) -> Option<String> {
    (!written.replace("$$", "").contains('$')).then(|| exec_form(words))
}

/// The exec form of a check as it is written in a compose file: `["CMD", "curl", "-f"]`.
pub(super) fn exec_form<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let quote = |word: &str| {
        let escaped = word.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n").replace('\t', "\\t");
        format!("\"{}\"", escaped.replace('$', "$$"))
    };
    let quoted: Vec<String> = ["CMD"].into_iter().chain(words).map(quote).collect();
    format!("[{}]", quoted.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joined_words_differ_from_paths_with_blanks() {
        for joined in ["curl -f http://x", "/usr/bin/curl http://x/y", "/bin/cat /x", "sh -c 'a'", "/bin/x a"] {
            assert!(is_joined(joined), "{joined}");
        }
        for path in ["/opt/my app/check", "curl", "C:\\Program Files\\x.exe", "/usr/bin/curl", ""] {
            assert!(!is_joined(path), "{path}");
        }
    }

    #[test]
    fn redirections_are_operators_and_markup_is_not() {
        for operator in ["2>&1", ">/dev/null", "2>/dev/null", "&>/dev/null", ">>/log", "||"] {
            assert!(is_operator(operator), "{operator}");
        }
        for word in ["<title>", "a>b", "-", "http://x?a&b", ">x", "1000", "=>/"] {
            assert!(!is_operator(word), "{word}");
        }
    }

    #[test]
    fn the_values_of_variables_are_not_shown() {
        assert_eq!(shown_exec_form("mysql -p${PW:-hunter2}", ["mysql", "-phunter2"]), None);
        assert_eq!(shown_exec_form("mysql -p$PW", ["mysql", "-phunter2"]), None);
        assert!(shown_exec_form("mysql -p$$PW", ["mysql", "-p$PW"]).is_some());
    }

    #[test]
    fn the_exec_form_is_quoted_and_escaped() {
        assert_eq!(exec_form(["a", "b \"c\"", "$X"]), r#"["CMD", "a", "b \"c\"", "$$X"]"#);
    }
}
