// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Compose files with exactly five planted faults each: all are found at the exact bytes, and nothing else is.
//!
//! A fixture marks a fault as `⟦rule-name⟧the bytes⟦/⟧`; marks may be nested when two rules point at one place, or at a
//! place within another. The marks are taken out before the text is loaded. An optional second line
//! `# planted: option …` says how: `persona=pedantic`, `profile=NAME`, `set=NAME=VALUE` (a variable of the
//! environment), `beside=PATH` (an env file that exists), `crlf` (line breaks) and `bom` (byte order mark).

#![expect(clippy::panic, clippy::expect_used, reason = "a broken fixture stops the test")]

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::Command;

use stackctl::catalog::Catalog;
use stackctl::compose::{InputFile, LoadRequest, Loaded, Purpose, ReadError, Sources, load};
use stackctl::rules::{self, Context, Facts, Persona, Settings};

/// How many fixtures there are, and faults in each.
const FILES: usize = 60;
const FAULTS: usize = 5;
/// In how many fixtures each rule is planted at least.
const FILES_A_RULE: usize = 4;

/// A rule and the bytes that it points at.
type Fault = (String, Range<usize>);

/// A fixture, taken apart.
struct Planted {
    name: String,
    text: String,
    faults: Vec<Fault>,
    persona: Persona,
    profiles: Vec<String>,
    environment: BTreeMap<String, String>,
    beside: Vec<String>,
}

/// The env files that a fixture says to exist.
struct Beside<'a>(&'a [String]);

impl Sources for Beside<'_> {
    fn read(&self, path: &Path) -> Result<Vec<u8>, ReadError> {
        let is_there = self.0.iter().any(|name| path == Path::new("/project").join(name));
        if is_there { Ok(b"BESIDE=1\n".to_vec()) } else { Err(ReadError::NotFound) }
    }
}

fn fixtures() -> Vec<Planted> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/planted");
    let entries = std::fs::read_dir(&folder).expect("the fixtures are there");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("a readable entry").path()).collect();
    paths.sort();
    paths.iter().map(|path| take_apart(path)).collect()
}

fn take_apart(path: &Path) -> Planted {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let marked = std::fs::read_to_string(path).expect("a fixture is UTF-8");
    let mut planted = Planted {
        name,
        text: String::new(),
        faults: Vec::new(),
        persona: Persona::Default,
        profiles: Vec::new(),
        environment: BTreeMap::new(),
        beside: Vec::new(),
    };
    let marked = planted.options(&marked);
    planted.marks(&marked);
    planted
}

impl Planted {
    /// Reads the line of options, and returns the text with the line breaks and the mark that it asks for.
    fn options(&mut self, marked: &str) -> String {
        let mut marked = marked.to_owned();
        let options = marked.lines().nth(1).and_then(|line| line.strip_prefix("# planted:")).map(str::to_owned);
        for option in options.iter().flat_map(|options| options.split_whitespace()) {
            match option.split_once('=').unwrap_or((option, "")) {
                ("persona", "pedantic") => self.persona = Persona::Pedantic,
                ("profile", name) => self.profiles.push(name.to_owned()),
                ("beside", path) => self.beside.push(path.to_owned()),
                ("crlf", "") => marked = marked.replace('\n', "\r\n"),
                ("bom", "") => marked.insert(0, '\u{feff}'),
                ("set", variable) => {
                    let (name, value) = variable.split_once('=').expect("set=NAME=VALUE");
                    self.environment.insert(name.to_owned(), value.to_owned());
                }
                _ => panic!("{}: unknown option `{option}`", self.name),
            }
        }
        marked
    }

    /// Takes the marks out and remembers what they mark.
    fn marks(&mut self, marked: &str) {
        let mut open: Vec<(String, usize)> = Vec::new();
        let mut rest = marked;
        while let Some((before, after)) = rest.split_once('⟦') {
            let (mark, after) = after.split_once('⟧').expect("a mark is closed");
            self.text.push_str(before);
            if mark == "/" {
                let (rule, start) = open.pop().expect("an end has its beginning");
                self.faults.push((rule, start..self.text.len()));
            } else {
                assert!(rules::find(mark).is_some(), "{}: there is no rule `{mark}`", self.name);
                open.push((mark.to_owned(), self.text.len()));
            }
            rest = after;
        }
        self.text.push_str(rest);
        assert!(open.is_empty(), "{}: a mark has no end", self.name);
    }

    fn load(&self) -> Loaded {
        let folder = PathBuf::from("/project");
        let request = LoadRequest {
            files: vec![InputFile {
                path: folder.join("compose.yml"),
                display: "compose.yml".to_owned(),
                content: Some(self.text.clone().into_bytes()),
            }],
            project_dir: folder.clone(),
            working_dir: folder,
            project_name: None,
            default_name: "project".to_owned(),
            environment: self.environment.clone(),
            example_environment: BTreeMap::new(),
            profiles: self.profiles.clone(),
            interpolate: true,
            purpose: Purpose::Validate,
        };
        load(&request, &Beside(&self.beside))
    }

    /// What is found: rule, and bytes of the text.
    fn found(&self) -> Vec<Fault> {
        let loaded = self.load();
        let settings = Settings { persona: self.persona, ..Settings::default() };
        let judgement = match &loaded.project {
            None => rules::judge_unparsed(loaded.diagnostics, &settings),
            Some(project) => {
                let catalog = Catalog::embedded();
                let context =
                    Context { project, sources: &loaded.sources, catalog: &catalog, facts: &Facts::default() };
                rules::judge(&context, loaded.diagnostics, &settings)
            }
        };
        let place = |finding: &stackctl::diag::Diagnostic| (finding.rule.to_owned(), finding.primary.span.range());
        judgement.findings.iter().map(place).collect()
    }

    /// What the program says of the file in its JSON.
    fn told(&self) -> Vec<Fault> {
        let folder = tempfile::tempdir().expect("a folder");
        let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("a written file");
        write("compose.yml", &self.text);
        self.beside.iter().for_each(|name| write(name, "BESIDE=1\n"));
        let mut command = Command::new(env!("CARGO_BIN_EXE_stackctl"));
        command.current_dir(folder.path()).env_clear().envs(&self.environment);
        command.args(self.profiles.iter().flat_map(|name| ["--profile", name]));
        command.args(["validate", "compose.yml", "--format", "json"]);
        if self.persona == Persona::Pedantic {
            command.args(["--persona", "pedantic"]);
        }
        let output = command.output().expect("the program runs");
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
        let findings = report["findings"].as_array().map(Vec::as_slice).unwrap_or_default();
        let place = |finding: &serde_json::Value, end: &str| {
            finding["span"][end].as_u64().and_then(|offset| usize::try_from(offset).ok()).unwrap_or_default()
        };
        let fault = |finding: &serde_json::Value| {
            (finding["rule"].as_str().unwrap_or_default().to_owned(), place(finding, "start")..place(finding, "end"))
        };
        findings.iter().map(fault).collect()
    }

    /// The faults of one list that are not in the other, with line and text.
    fn missing(&self, from: &[Fault], wanted: &[Fault], word: &str) -> Vec<String> {
        let absent = wanted.iter().filter(|fault| !from.contains(fault));
        let shown = absent.map(|(rule, range)| {
            let line = self.text[..range.start].matches('\n').count() + 1;
            format!("{}:{line}: {word} {rule} at {range:?}: {:?}", self.name, &self.text[range.clone()])
        });
        shown.collect()
    }
}

/// What is wrong about the findings in all fixtures.
fn differences(find: fn(&Planted) -> Vec<Fault>) -> Vec<String> {
    let mut wrong = Vec::new();
    for planted in fixtures() {
        let found = find(&planted);
        wrong.extend(planted.missing(&found, &planted.faults, "not found:"));
        wrong.extend(planted.missing(&planted.faults, &found, "not planted:"));
        if found.len() != planted.faults.len() {
            wrong.push(format!("{}: {} findings of {} faults", planted.name, found.len(), planted.faults.len()));
        }
    }
    wrong
}

#[test]
fn every_planted_fault_is_found_at_its_bytes_and_nothing_else_is() {
    let wrong = differences(Planted::found);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_program_tells_every_planted_fault_in_its_json() {
    let wrong = differences(Planted::told);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn sixty_files_of_five_faults_plant_every_rule_in_four_of_them() {
    let fixtures = fixtures();
    assert_eq!(fixtures.len(), FILES);
    let mut files: BTreeMap<&str, usize> = rules::registry().iter().map(|rule| (rule.meta.name, 0)).collect();
    for planted in &fixtures {
        assert_eq!(planted.faults.len(), FAULTS, "{}", planted.name);
        let mut names: Vec<&str> = planted.faults.iter().map(|(rule, _)| rule.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        for name in names {
            *files.entry(name).or_default() += 1;
        }
    }
    let rare: Vec<_> = files.iter().filter(|(_, count)| **count < FILES_A_RULE).collect();
    assert!(rare.is_empty(), "planted in too few files: {rare:?}");
}
