// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `stackctl config` answers as Docker Compose 2.40.3 does: every case of `fixtures/compose/conformance`.
//!
//! A case is a folder with compose files, `case.json` (`cwd`, `args`, `env` and `stdin` of the run) and Compose's answers:
//! `golden.json`, or `golden.err` when it refuses; `golden.alt*.json` where its own answers vary; `golden.noint.json` with
//! `--no-interpolate`; `golden.allprofiles.json` with `--profile '*'`. Values are compared, not texts.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use serde::Deserialize;
use serde_json::Value;
use tempfile::TempDir;

use super::support::{Invocation, Repository, copy_tree};

const FOLDER: &str = "fixtures/compose/conformance";

/// Answers that differ for a reason: `case/answer`, and why. A listed answer that agrees fails the test too.
const KNOWN_DIFFERENCES: &[(&str, &str)] = &[];

/// What stands for the case's folder in the answers.
const CASE_DIR: &str = "${CASE_DIR}";

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Case {
    cwd: Option<String>,
    args: Vec<String>,
    env: BTreeMap<String, String>,
    stdin: Option<String>,
}

/// One way to run a case.
struct Way {
    answer: &'static str,
    before: &'static [&'static str],
    after: &'static [&'static str],
}

const WAYS: [Way; 3] = [
    Way { answer: "golden.json", before: &[], after: &[] },
    Way { answer: "golden.noint.json", before: &[], after: &["--no-interpolate"] },
    Way { answer: "golden.allprofiles.json", before: &["--profile", "*"], after: &[] },
];

#[test]
fn every_case_is_answered_as_compose_does() {
    let names = Repository::names_in(FOLDER);
    assert!(names.len() > 250, "only {} cases", names.len());
    let next = AtomicUsize::new(0);
    let workers = thread::available_parallelism().map_or(2, usize::from);
    let mut wrong: Vec<String> = thread::scope(|scope| {
        let work = || {
            let mut wrong = Vec::new();
            while let Some(name) = names.get(next.fetch_add(1, Ordering::Relaxed)) {
                wrong.extend(differences(name));
            }
            wrong
        };
        let handles: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        handles.into_iter().flat_map(|handle| handle.join().expect("a worker ends")).collect()
    });
    wrong.sort();
    assert!(wrong.is_empty(), "{} answers differ:\n{}", wrong.len(), wrong.join("\n"));
}

/// Where the answers for a case differ, one line each.
fn differences(name: &str) -> Vec<String> {
    let source = Repository::root().join(FOLDER).join(name);
    let case: Case = serde_json::from_slice(&fs::read(source.join("case.json")).expect("case.json")).expect(name);
    // Some answers hold the name of the folder: they were taken in one with this prefix, four levels below the scratch root.
    let scratch = TempDir::with_prefix("conformance-").expect("a temporary folder");
    let root = scratch.path().canonicalize().expect("the folder is there");
    let folder = root.join("p1/p2/p3/p4").join(format!("own-{name}"));
    copy_tree(&source, &folder, |file| file != "case.json" && !file.starts_with("golden."));

    let mut wrong = Vec::new();
    for way in &WAYS {
        let expected = expected(&source, way.answer);
        if expected.is_none() && !(way.answer == "golden.json" && source.join("golden.err").exists()) {
            continue;
        }
        let id = format!("{name}/{}", way.answer);
        let difference = compare(&case, way, &folder, &root, expected.as_deref());
        let known = KNOWN_DIFFERENCES.iter().find(|(known, _)| *known == id);
        match (difference, known) {
            (Some(difference), None) => wrong.push(format!("{id}: {difference}")),
            (None, Some((_, reason))) => wrong.push(format!("{id}: agrees, but is listed: {reason}")),
            (Some(_), Some(_)) | (None, None) => {}
        }
    }
    wrong
}

/// The answers of Compose that count as right; `None` when there is no such file.
fn expected(source: &Path, answer: &str) -> Option<Vec<Value>> {
    let read = |path: PathBuf| serde_json::from_slice(&fs::read(&path).expect("readable")).expect("JSON");
    let first = source.join(answer);
    if !first.exists() {
        return None;
    }
    let mut answers = vec![read(first)];
    if answer == "golden.json" {
        answers.extend((1..).map(|n| source.join(format!("golden.alt{n}.json"))).take_while(|p| p.exists()).map(read));
    }
    Some(answers)
}

/// Runs a case; the first difference, if any. `None` as expectation: Compose refuses the files.
fn compare(case: &Case, way: &Way, folder: &Path, root: &Path, expected: Option<&[Value]>) -> Option<String> {
    let shown = folder.to_str().expect("UTF-8");
    let place = |text: &String| text.replace(CASE_DIR, shown);
    let cwd = folder.join(case.cwd.as_deref().unwrap_or(".")).canonicalize().expect("the folder of the run");
    let arguments: Vec<String> = case.args.iter().map(place).collect();
    let mut run = Invocation::new(&cwd)
        .arguments(way.before.iter().copied())
        .arguments(arguments.iter().map(String::as_str))
        .arguments(["config", "--format", "json"])
        .arguments(way.after.iter().copied());
    for (name, value) in &case.env {
        run = run.env(name, &place(value));
    }
    if let Some(stdin) = &case.stdin {
        run = run.input(fs::read(folder.join(stdin)).expect("standard input of the case"));
    }
    let ended = run.run();
    let (code, Some(expected)) = (ended.code(), expected) else {
        let refused = ended.code() == 1 && ended.stdout.trim().is_empty() && !ended.stderr.trim().is_empty();
        return (!refused).then(|| format!("status {} where Compose refuses", ended.code()));
    };
    if code != 0 {
        return Some(format!("status {code} where Compose accepts: {}", ended.stderr.lines().next().unwrap_or("")));
    }
    let actual: Value = match serde_json::from_str(&named(&ended.stdout, folder, root)) {
        Ok(actual) => actual,
        Err(error) => return Some(format!("no JSON: {error}")),
    };
    let mut all = expected.iter().map(|expected| first_difference(expected, &actual, ""));
    let first = all.next().flatten();
    if all.any(|difference| difference.is_none()) { None } else { first }
}

/// The text with the case's folder, and the folders above it, replaced by what stands for them.
fn named(text: &str, folder: &Path, root: &Path) -> String {
    let (mut text, mut mark) = (text.to_owned(), CASE_DIR.to_owned());
    for above in folder.ancestors().take_while(|above| *above != root) {
        text = replace_whole(&text, above.to_str().expect("UTF-8"), &mark);
        mark.push_str("/..");
    }
    text
}

/// Replaces a path where it is not the beginning of a longer name.
fn replace_whole(text: &str, path: &str, mark: &str) -> String {
    let mut result = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(path) {
        let (before, after) = (&rest[..at], &rest[at + path.len()..]);
        let goes_on = after.starts_with(|next: char| next.is_alphanumeric() || "_.-".contains(next));
        result.push_str(before);
        result.push_str(if goes_on { path } else { mark });
        rest = after;
    }
    result + rest
}

/// The first place where two values differ, in words.
fn first_difference(expected: &Value, actual: &Value, path: &str) -> Option<String> {
    match (expected, actual) {
        (Value::Object(left), Value::Object(right)) => {
            if let Some(extra) = right.keys().find(|key| !left.contains_key(*key)) {
                return Some(format!("{path}.{extra}: unexpected"));
            }
            left.iter().find_map(|(key, value)| match right.get(key) {
                None => Some(format!("{path}.{key}: missing")),
                Some(other) => first_difference(value, other, &format!("{path}.{key}")),
            })
        }
        (Value::Array(left), Value::Array(right)) if left.len() == right.len() => left
            .iter()
            .zip(right)
            .enumerate()
            .find_map(|(at, (left, right))| first_difference(left, right, &format!("{path}[{at}]"))),
        (left, right) if left == right => None,
        // Go writes whole numbers without a fraction, whatever their type.
        (Value::Number(left), Value::Number(right)) if left.as_f64() == right.as_f64() => None,
        (left, right) => Some(format!("{path}: expected {left}, got {right}")),
    }
}
