// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! One fault, one finding: what follows from a fault is not told again.

use std::collections::BTreeMap;
use std::path::Path;

use super::*;
use crate::compose::{Node, Value, keyvalue};

/// A folder in memory.
struct Folder(BTreeMap<&'static str, &'static str>);

impl Sources for Folder {
    fn read(&self, path: &Path) -> Result<Vec<u8>, ReadError> {
        let name = path.strip_prefix("/project").ok().and_then(Path::to_str).unwrap_or_default();
        self.0.get(name).map(|text| text.as_bytes().to_vec()).ok_or(ReadError::NotFound)
    }
}

/// What is said of `compose.yml` among these files, as `rule line: message`.
fn told(files: &[(&'static str, &'static str)]) -> Vec<String> {
    let folder = PathBuf::from("/project");
    let path = folder.join("compose.yml");
    let request = LoadRequest {
        files: vec![InputFile { path, display: "compose.yml".to_owned(), content: None }],
        project_dir: folder.clone(),
        working_dir: folder,
        project_name: None,
        default_name: "project".to_owned(),
        environment: BTreeMap::new(),
        example_environment: BTreeMap::new(),
        profiles: Vec::new(),
        interpolate: true,
        purpose: Purpose::Validate,
    };
    let loaded = load(&request, &Folder(files.iter().copied().collect()));
    let line = |one: &Diagnostic| {
        let place = one.primary.span;
        loaded.sources.file(place.file).line_column(place.start as usize).line
    };
    loaded.diagnostics.iter().map(|one| format!("{} {}: {}", one.rule, line(one), one.message)).collect()
}

#[test]
fn what_an_unread_base_would_give_is_not_missed() {
    let yaml = "services:\n  a:\n    extends:\n      file: nope.yml\n      service: a\n";
    assert_eq!(told(&[("compose.yml", yaml)]), ["reference-invalid 4: cannot read `nope.yml`: no such file"]);
    let yaml = "services:\n  a:\n    extends: b\n";
    assert_eq!(told(&[("compose.yml", yaml)]), ["reference-invalid 3: there is no service `b` to extend"]);
}

#[test]
fn what_an_unread_include_would_define_is_not_missed() {
    let yaml = "include: [nope.yml]\nservices:\n  a:\n    image: x:1\n    depends_on: [b]\n    networks: [n]\n";
    assert_eq!(told(&[("compose.yml", yaml)]), ["reference-invalid 1: cannot read `nope.yml`: no such file"]);
}

#[test]
fn an_included_file_that_is_there_defines_what_it_says() {
    let yaml = "include: [b.yml]\nservices:\n  a:\n    image: x:1\n    depends_on: [b, c]\n";
    let other = "services:\n  b:\n    image: x:1\n";
    assert_eq!(
        told(&[("compose.yml", yaml), ("b.yml", other)]),
        ["depends-on-unknown 5: service `a` depends on `c`, which is not defined"]
    );
}

#[test]
fn a_value_of_a_wrong_type_is_one_fault() {
    for (service, expected) in [
        ("image: 5", "`services.a.image` must be a string, found a number"),
        ("{image: x:1, healthcheck: {test: ls, interval: 30}}", "`services.a.healthcheck.interval` must be a string"),
        ("{image: x:1, healthcheck: {test: ls, interval: soon}}", "must be a duration, found `soon`"),
        ("{image: x:1, mem_limit: lots}", "`services.a.mem_limit` must be a size, found `lots`"),
        ("{image: x:1, mem_limit: '${NO:-}'}", "must be a size, found an empty text"),
    ] {
        let service = if service.starts_with('{') { service.to_owned() } else { format!("{{{service}}}") };
        let yaml: &'static str = Box::leak(format!("services:\n  a: {service}\n").into_boxed_str());
        let found = told(&[("compose.yml", yaml)]);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].contains(expected), "{found:?}");
    }
}

#[test]
fn a_blank_before_the_equals_sign_is_refused_in_a_list() {
    let yaml = "services:\n  a:\n    image: x:1\n    environment:\n      - DEBUG = true\n";
    assert_eq!(
        told(&[("compose.yml", yaml)]),
        ["schema-invalid 5: a blank stands before the `=` of the variable `DEBUG`"]
    );
}

#[test]
fn a_variable_in_an_env_file_that_nothing_sets_is_told_there() {
    let yaml = "services:\n  a:\n    image: x:1\n    env_file: a.env\n";
    let env = "OK='$2y$abc'\nHASH=$2y$10$abc\n";
    assert_eq!(
        told(&[("compose.yml", yaml), ("a.env", env)]),
        ["unset-variable 2: the variable `abc` in the value of `HASH` is not set and becomes empty"]
    );
}

#[test]
fn what_a_variable_without_a_value_breaks_is_led_back_to_it() {
    let plain = "services:\n  a:\n    image: $IMAGE\n    volumes: ['${DATA}:/data']\n";
    assert_eq!(
        told(&[("compose.yml", plain)]),
        [
            "schema-invalid 3: service `a` has neither an image nor a build context",
            "schema-invalid 4: `:/data` is no mount: nothing stands between two colons"
        ]
    );
    let required = "services:\n  a:\n    image: ${IMAGE:?}\n    volumes: ['${DATA:?}:/data']\n";
    assert_eq!(told(&[("compose.yml", required)]), [""; 0]);
}

#[test]
fn a_value_that_replaces_another_is_judged_where_it_stands() {
    let below = "services:\n  a:\n    image: x:1\n    ulimits: {nproc: 5}\n";
    let over = "services:\n  a:\n    extends: {file: b.yml, service: a}\n    ulimits:\n      nproc: {soft: 1}\n";
    assert_eq!(
        told(&[("b.yml", below), ("compose.yml", over)]),
        ["schema-invalid 5: `services.a.ulimits.nproc` lacks the key `hard`"]
    );
}

#[test]
fn variants_in_different_profiles_may_share_a_container_name() {
    let service = |name: &str, profile: &str| {
        format!("  {name}:\n    image: x:1\n    container_name: one\n    profiles: [{profile}]\n")
    };
    let yaml = |second: &str| -> &'static str {
        Box::leak(format!("services:\n{}{}", service("a", "cpu"), service("b", second)).into_boxed_str())
    };
    assert_eq!(told(&[("compose.yml", yaml("gpu"))]), [""; 0]);
    assert_eq!(
        told(&[("compose.yml", yaml("cpu"))]),
        ["reference-invalid 8: container name `one` is taken by service `a`"]
    );
}

/// A tree on one line, its words without quotes.
fn flat(node: &Node) -> String {
    let all = |items: Vec<String>| items.join(",");
    match &node.value {
        Value::Map(map) => {
            format!("{{{}}}", all(map.iter().map(|e| format!("{}:{}", e.key, flat(&e.node))).collect()))
        }
        Value::Seq(items) => format!("[{}]", all(items.iter().map(flat).collect())),
        value => keyvalue::scalar_text(value).unwrap_or_else(|| "null".to_owned()),
    }
}

/// The tree that `config --no-interpolate` prints.
fn kept(yaml: &'static str, over: &'static str) -> String {
    kept_project(yaml, over).resolved.map(|resolved| flat(&resolved.tree)).unwrap_or_default()
}

fn kept_project(yaml: &'static str, over: &'static str) -> Loaded {
    let folder = PathBuf::from("/project");
    let input = |name: &str| InputFile { path: folder.join(name), display: name.to_owned(), content: None };
    let files = if over.is_empty() { vec![input("a.yml")] } else { vec![input("a.yml"), input("b.yml")] };
    let request = LoadRequest {
        files,
        project_dir: folder.clone(),
        working_dir: folder.clone(),
        project_name: None,
        default_name: "p".to_owned(),
        environment: BTreeMap::from([("SET".to_owned(), "value".to_owned())]),
        example_environment: BTreeMap::new(),
        profiles: Vec::new(),
        interpolate: false,
        purpose: Purpose::Config,
    };
    load(&request, &Folder(BTreeMap::from([("a.yml", yaml), ("b.yml", over)])))
}

#[test]
fn with_variables_in_place_lists_stay_as_they_are_written() {
    let printed =
        kept("services: {a: {image: x, environment: [SET, A=1, A=2], tmpfs: /run, command: [], profiles: []}}", "");
    for part in ["environment:[SET,A=2]", "tmpfs:/run", "command:null", "profiles:[]"] {
        assert!(printed.contains(part), "{part} in {printed}");
    }
    assert!(kept("services: {a: {image: x, environment: {A: 1}}}", "").contains("environment:{A:1}"));
}

#[test]
fn with_variables_in_place_what_two_files_say_is_a_list() {
    let below = "services: {a: {image: x, environment: {A: 1}, labels: [l=1]}}";
    assert!(kept(below, "services: {a: {environment: {B: '$SET'}}}").contains("environment:[A=1,B=$SET]"));
    assert!(kept(below, "services: {a: {environment: }}").contains("environment:[A=1]"));
}

#[test]
fn variables_that_stay_are_noted() {
    let loaded = kept_project("services: {a: {image: 'x:${TAG:-1}', user: $SET}}", "");
    let variables = loaded.resolved.map(|resolved| resolved.variables).unwrap_or_default();
    let noted: Vec<_> = variables.iter().map(|one| (one.name.as_str(), one.is_set, one.operand.as_deref())).collect();
    assert_eq!(noted, [("TAG", false, Some("1")), ("SET", true, None)]);
}
