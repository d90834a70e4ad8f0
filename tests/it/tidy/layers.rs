// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Who may use whom, as the table of `ARCHITECTURE.md` says, and which crate is named where.

use std::collections::BTreeSet;

use super::super::support::{Repository, has_ending};

/// A module and what it may use beside itself. What is not listed is forbidden; `*` allows everything.
const LAYERS: &[(&str, &[&str])] = &[
    ("app", &["backup", "catalog", "companion", "compose", "config", "diag", "error", "health", "rules", "sys"]),
    ("backup", &["catalog", "compose", "diag", "error"]),
    ("catalog", &["compose", "diag"]),
    ("cli", &["app", "backup", "compose", "config", "diag", "error", "exit", "health", "output", "rules", "tui"]),
    ("companion", &["diag"]),
    ("compose", &["diag"]),
    ("config", &["diag", "error"]),
    ("diag", &[]),
    ("error", &[]),
    ("exit", &[]),
    ("health", &["catalog", "compose"]),
    ("lib", &["*"]),
    ("main", &["lib"]),
    ("output", &["app", "backup", "compose", "config", "diag", "error", "health", "rules"]),
    ("rules", &["catalog", "compose", "diag"]),
    ("sys", &["backup", "compose", "error", "volume"]),
    ("tui", &["app", "backup", "compose", "diag", "error", "health", "rules"]),
    ("volume", &["error"]),
    ("wire", &["*"]),
];

/// What is named below these paths alone: crates that are kept apart, and the ways out of the process.
const CONFINED: &[(&str, &[&str])] = &[
    ("annotate_snippets", &["src/output/"]),
    ("bollard", &["src/sys/docker/"]),
    ("clap", &["src/cli/"]),
    ("granit_parser", &["src/compose/yaml/"]),
    ("hyper", &["src/sys/docker/", "src/sys/os/net/"]),
    ("ignore", &["src/sys/os/"]),
    ("ratatui", &["src/tui/"]),
    ("rumqttc", &["src/sys/os/net/"]),
    ("serde_yaml", &["build.rs", "src/output/"]),
    ("tokio_rustls", &["src/sys/docker/", "src/sys/os/net/"]),
    ("tokio_tungstenite", &["src/sys/os/net/"]),
    ("toml", &["src/config/"]),
    ("tracing_subscriber", &["src/wire.rs"]),
    ("zstd", &["src/sys/tree/"]),
    ("std::env", &["build.rs", "src/main.rs", "src/sys/os/", "src/wire.rs"]),
    ("std::fs", &["build.rs", "src/sys/os/"]),
    ("std::process::Command", &["build.rs", "src/sys/os/"]),
];

/// Where the ways out of the process may be excused.
const MAY_EXCUSE: &[&str] = &["build.rs", "src/app/tasks.rs", "src/main.rs", "src/sys/os/", "src/wire.rs"];

/// The sources of the product without their unit tests, by name.
fn sources() -> Vec<(String, String)> {
    let is_source = |name: &String| has_ending(name, "rs") && (name.starts_with("src/") || name == "build.rs");
    let is_test = |name: &String| name.contains("test");
    Repository::files()
        .into_iter()
        .filter(|name| is_source(name) && !is_test(name))
        .map(|name| {
            let text = without_tests(&Repository::text(&name));
            (name, text)
        })
        .collect()
}

/// The text up to its test module, without comments.
fn without_tests(text: &str) -> String {
    let mut kept = Vec::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let opens_tests = line == "#[cfg(test)]"
            && lines.peek().is_some_and(|next| next.contains("mod ") && next.trim_end().ends_with('{'));
        if opens_tests {
            break;
        }
        if !line.trim_start().starts_with("//") {
            kept.push(line);
        }
    }
    kept.join("\n")
}

/// The top module that a source belongs to.
fn module(name: &str) -> &str {
    let inner = name.trim_start_matches("src/").trim_end_matches(".rs");
    inner.split('/').next().unwrap_or(inner)
}

/// The modules named by `crate::…` paths, groups (`crate::{a, b}`) included.
fn used_modules(text: &str) -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    for (at, path) in text.match_indices("crate::") {
        let rest = &text[at + path.len()..];
        match rest.strip_prefix('{') {
            Some(group) => used.extend(heads_of_group(group)),
            None => used.extend(head(rest)),
        }
    }
    used
}

fn head(path: &str) -> Option<String> {
    let end = path.find(|letter: char| !letter.is_alphanumeric() && letter != '_').unwrap_or(path.len());
    (end > 0).then(|| path[..end].to_owned())
}

/// The first names of the members of `{a::b, c::{d, e}}`, read after the opening brace.
fn heads_of_group(group: &str) -> Vec<String> {
    let (mut depth, mut at_start, mut heads) = (0_usize, true, Vec::new());
    for (at, letter) in group.char_indices() {
        match letter {
            '}' if depth == 0 => break,
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => at_start = true,
            letter if at_start && !letter.is_whitespace() => {
                heads.extend(head(&group[at..]));
                at_start = false;
            }
            _ => {}
        }
    }
    heads
}

#[test]
fn no_module_uses_one_that_it_must_not_know() {
    let modules: BTreeSet<&str> = LAYERS.iter().map(|(module, _)| *module).collect();
    let mut wrong = Vec::new();
    for (name, text) in sources() {
        if name == "build.rs" {
            continue;
        }
        let user = module(&name);
        let Some((_, allowed)) = LAYERS.iter().find(|(module, _)| *module == user) else {
            wrong.push(format!("{name}: module `{user}` is not in the table"));
            continue;
        };
        for used in used_modules(&text) {
            if modules.contains(used.as_str()) && used != user && !allowed.contains(&used.as_str()) && *allowed != ["*"]
            {
                wrong.push(format!("{name}: `{user}` uses `{used}`"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn use_cases_see_the_outside_through_traits_alone() {
    for (name, text) in sources() {
        for adapter in ["sys::docker", "sys::fake", "sys::os"] {
            let composes = name == "src/wire.rs" || name.starts_with("src/sys/");
            assert!(composes || !text.contains(adapter), "{name} names {adapter}");
        }
    }
}

#[test]
fn crates_and_ways_out_are_named_where_they_belong() {
    let mut wrong = Vec::new();
    for (name, text) in sources() {
        for (word, places) in CONFINED {
            let named = names(&text, word);
            if named && !places.iter().any(|place| name.starts_with(place)) {
                wrong.push(format!("{name} names `{word}`"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Whether a path that begins with this word is in the text, or an import of it.
fn names(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let rest = &text[at + word.len()..];
        let begins = before.is_none_or(|letter| !letter.is_alphanumeric() && !"_:.\"".contains(letter));
        begins && (rest.starts_with("::") || rest.starts_with(';'))
    })
}

#[test]
fn exemptions_stand_only_where_the_outside_is_met() {
    for (name, text) in sources() {
        let exempts = text.contains("clippy::disallowed_");
        assert!(
            !exempts || MAY_EXCUSE.iter().any(|place| name.starts_with(place)),
            "{name} excuses itself from clippy.toml"
        );
    }
}

#[test]
fn paths_in_sources_are_understood() {
    let text = "use crate::diag::Span;\nuse crate::{app::A, rules::{self, catalog}, exit};\n";
    let expected: BTreeSet<String> = ["app", "diag", "exit", "rules"].map(str::to_owned).into();
    assert_eq!(used_modules(text), expected);
    assert!(names("use clap::Args;", "clap") && !names("overclap::x", "clap") && !names("a clap b", "clap"));
    assert_eq!(without_tests("a\n// b\n#[cfg(test)]\nmod tests {\nc\n}"), "a");
    assert_eq!(without_tests("a\n#[cfg(test)]\nmod tests;\nc"), "a\n#[cfg(test)]\nmod tests;\nc");
}
