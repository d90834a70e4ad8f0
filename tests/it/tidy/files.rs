// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Every file: its first line, its length, its bytes.

use std::fs;

use super::super::support::{Repository, has_ending};

/// The line that every source file, configuration and guide opens with, in its own comment syntax.
const TAG: &str = "AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices";

/// A source file is at most this long, in lines. The aim is a third of it.
const LONGEST_SOURCE: usize = 600;

/// Files that keep their bytes because tests read them, or whose format has no comments.
fn needs_no_tag(name: &str) -> bool {
    let ending = name.rsplit('.').next().unwrap_or_default();
    name.starts_with("fixtures/compose/")
        // Written by proptest.
        || name.starts_with("proptest-regressions/")
        || matches!(name, "Cargo.lock" | "fuzz/Cargo.lock" | "LICENSE-APACHE" | "LICENSE-MIT")
        || matches!(ending, "json" | "gitkeep" | "proptest-regressions" | "snap")
}

#[test]
fn every_file_opens_with_the_tag() {
    let mut without = Vec::new();
    for name in Repository::files() {
        if needs_no_tag(&name) {
            continue;
        }
        let text = Repository::text(&name);
        let mut lines = text.lines();
        let first = lines.next().unwrap_or_default();
        let opening = if first.starts_with("#!") { lines.next().unwrap_or_default() } else { first };
        if !opening.contains(TAG) {
            without.push(name);
        }
    }
    assert!(without.is_empty(), "without the opening line: {without:#?}");
}

#[test]
fn no_source_file_is_too_long() {
    for name in Repository::files().iter().filter(|name| has_ending(name, "rs")) {
        let lines = Repository::text(name).lines().count();
        assert!(lines <= LONGEST_SOURCE, "{name} has {lines} lines");
    }
}

/// Whether a file belongs to the product; unit tests say in their names what they are.
fn is_source(name: &str) -> bool {
    name.starts_with("src/") && has_ending(name, "rs") && !name.contains("test")
}

#[test]
fn every_source_file_says_what_it_is_for() {
    for name in Repository::files().iter().filter(|name| is_source(name)) {
        let text = Repository::text(name);
        assert!(text.lines().take(4).any(|line| line.starts_with("//! ")), "{name} has no module documentation");
    }
}

#[test]
fn no_text_has_trailing_blanks_or_misses_its_last_line_break() {
    for name in Repository::files() {
        if name.starts_with("fixtures/") || name.starts_with("LICENSE") {
            continue;
        }
        let text = Repository::text(&name);
        assert!(text.is_empty() || text.ends_with('\n'), "{name} misses its last line break");
        let faulty = text.lines().position(|line| line.ends_with([' ', '\t', '\r']));
        assert_eq!(faulty.map(|at| at + 1), None, "{name} has a line with trailing blanks");
    }
}

#[test]
fn scripts_can_be_run() {
    use std::os::unix::fs::PermissionsExt as _;
    for name in Repository::files() {
        let path = Repository::root().join(&name);
        if !name.starts_with("fixtures/") && fs::read(&path).expect(&name).starts_with(b"#!/") {
            let mode = fs::metadata(&path).expect(&name).permissions().mode();
            assert_ne!(mode & 0o111, 0, "{name} is not executable");
        }
    }
}
