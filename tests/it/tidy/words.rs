// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Words that have no place in the repository: it speaks of the product, not of where or how it is made.

use super::super::support::Repository;

/// Written in two parts, so that this file does not find itself.
const FORBIDDEN: &[[&str; 2]] = &[
    ["../", "shared"],
    ["/wo", "rk/"],
    ["fac", "ts/"],
    ["crates", ".io"],
    ["py", "pi.org"],
    ["npm", "js"],
    ["deb", ".debian"],
    ["this ", "session"],
    ["issues ", "show"],
    ["work", "tree "],
    ["language ", "model wrote"],
    ["FIX", "ME"],
    ["TO", "DO"],
];

#[test]
fn nothing_speaks_of_how_it_was_made() {
    let mut found = Vec::new();
    for name in Repository::files() {
        // The lock files name their registry; licences are quoted.
        if name.ends_with("Cargo.lock") || name.starts_with("LICENSE") || name.starts_with("fixtures/compose/") {
            continue;
        }
        let text = Repository::text(&name);
        for [left, right] in FORBIDDEN {
            let word = format!("{left}{right}");
            found.extend(
                text.lines()
                    .enumerate()
                    .filter(|(_, line)| stands_in(line, &word))
                    .map(|(at, line)| format!("{name}:{}: `{word}` in {}", at + 1, line.trim())),
            );
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}

/// Whether a line has the word, not as the end of a longer one.
fn stands_in(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| !line[..at].ends_with(|before: char| before.is_alphanumeric()))
}
