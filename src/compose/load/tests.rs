// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices

#![expect(clippy::panic, reason = "a failed set-up fails the test")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::*;
use crate::compose::{Node, Value};

/// Files in memory, under `/p`.
struct Memory(BTreeMap<PathBuf, &'static str>);

impl Sources for Memory {
    fn read(&self, path: &Path) -> Result<Vec<u8>, ReadError> {
        self.0.get(path).map(|text| text.as_bytes().to_vec()).ok_or(ReadError::NotFound)
    }
}

fn loaded(files: &[(&str, &'static str)], purpose: Purpose) -> Loaded {
    let folder = PathBuf::from("/p");
    let memory = Memory(files.iter().map(|(name, text)| (folder.join(name), *text)).collect());
    let request = LoadRequest {
        files: vec![InputFile { path: folder.join(files[0].0), display: files[0].0.to_owned(), content: None }],
        project_dir: folder.clone(),
        working_dir: folder,
        project_name: None,
        default_name: "p".to_owned(),
        environment: BTreeMap::new(),
        example_environment: BTreeMap::new(),
        profiles: Vec::new(),
        interpolate: true,
        purpose,
    };
    load(&request, &memory)
}

/// Every fault as `file: rule: text of the place`.
fn faults(files: &[(&str, &'static str)]) -> Vec<String> {
    let loaded = loaded(files, Purpose::Validate);
    let place = |span: crate::diag::Span| {
        (loaded.sources.file(span.file).name().to_owned(), loaded.sources.slice(span).to_owned())
    };
    loaded
        .diagnostics
        .iter()
        .map(|fault| {
            let (file, text) = place(fault.primary.span);
            format!("{file}: {}: {text}", fault.rule)
        })
        .collect()
}

fn tree(files: &[(&str, &'static str)]) -> Node {
    let loaded = loaded(files, Purpose::Config);
    assert_eq!(loaded.diagnostics, []);
    loaded.resolved.map_or_else(
        || Node::derived(Value::Null, crate::diag::Span::new(FileId::from_index(0), 0, 0)),
        |resolved| resolved.tree,
    )
}

#[test]
fn all_faults_of_a_file_are_told_at_once() {
    let yaml = "services:\n  a:\n    imge: x\n    ports: [\"99999:1\"]\n    networks: [nope]\n    depends_on: [zzz]\n    mem_limit: lots\n";
    assert_eq!(
        faults(&[("compose.yaml", yaml)]),
        [
            "compose.yaml: schema-invalid: a",
            "compose.yaml: schema-invalid: imge",
            "compose.yaml: schema-invalid: \"99999:1\"",
            "compose.yaml: reference-invalid: nope",
            "compose.yaml: depends-on-unknown: zzz",
            "compose.yaml: schema-invalid: lots",
        ]
    );
}

#[test]
fn a_fault_in_an_extended_file_points_there() {
    let files = [
        ("compose.yaml", "services:\n  a:\n    extends: {file: base.yaml, service: b}\n"),
        ("base.yaml", "services:\n  b:\n    image: x\n    volumes: [\"data:/d\"]\n"),
    ];
    assert_eq!(faults(&files), ["base.yaml: reference-invalid: data"]);
}

#[test]
fn files_that_are_missing_are_told_where_they_are_named() {
    let yaml = "include: [gone.yaml]\nservices:\n  a: {image: x, env_file: no.env}\n  b: {extends: {file: none.yaml, service: c}}\n";
    let found = faults(&[("compose.yaml", yaml)]);
    for place in ["gone.yaml", "no.env", "none.yaml"] {
        assert!(found.contains(&format!("compose.yaml: reference-invalid: {place}")), "{found:?}");
    }
}

#[test]
fn circles_of_files_and_services_end() {
    let include = [("compose.yaml", "include: [b.yaml]\n"), ("b.yaml", "include: [compose.yaml]\n")];
    assert_eq!(faults(&include), ["b.yaml: reference-invalid: compose.yaml"]);
    let extends = "services:\n  a: {image: x, extends: b}\n  b: {image: x, extends: a}\n";
    assert_eq!(faults(&[("compose.yaml", extends)]).len(), 1);
    let waiting = "services:\n  a: {image: x, depends_on: [b]}\n  b: {image: x, depends_on: [a]}\n";
    assert_eq!(faults(&[("compose.yaml", waiting)]), ["compose.yaml: depends-on-cycle: b"]);
}

#[test]
fn a_file_extended_by_many_is_told_of_once() {
    let files = [
        (
            "compose.yaml",
            "services:\n  a: {extends: {file: c.yaml, service: s}}\n  b: {extends: {file: c.yaml, service: s}}\n",
        ),
        ("c.yaml", "services:\n  s:\n    image: x\n    image: y\n"),
    ];
    assert_eq!(faults(&files), ["c.yaml: yaml-invalid: image"]);
}

#[test]
fn an_unset_required_variable_stops_config_and_not_validate() {
    let files = [("compose.yaml", "services:\n  a: {image: \"x:${TAG:?set it}\"}\n")];
    let config = loaded(&files, Purpose::Config);
    assert_eq!(config.diagnostics.first().map(|fault| fault.rule), Some("unset-variable"));
    assert!(config.resolved.is_none());
    let validate = loaded(&files, Purpose::Validate);
    let project = validate.project.unwrap_or_else(|| panic!("a project"));
    assert_eq!(validate.sources.slice(project.variables[0].span), "${TAG:?set it}");
    assert!(!project.variables[0].is_set);
}

#[test]
fn what_is_inherited_keeps_the_place_of_its_definition_and_use() {
    let files = [
        ("compose.yaml", "services:\n  a:\n    extends: {file: base.yaml, service: b}\n"),
        ("base.yaml", "services:\n  b:\n    image: nginx:1.27.0\n"),
    ];
    let loaded = loaded(&files, Purpose::Validate);
    let project = loaded.project.unwrap_or_else(|| panic!("a project"));
    let image = project.services[0].image.clone().unwrap_or_else(|| panic!("an image"));
    assert_eq!(loaded.sources.file(image.span.file).name(), "base.yaml");
    assert_eq!(image.used_at.map(|span| loaded.sources.slice(span)), Some("{file: base.yaml, service: b}"));
}

#[test]
fn paths_of_included_files_count_from_their_folder() {
    let files = [
        ("compose.yaml", "include: [sub/c.yaml]\n"),
        ("sub/c.yaml", "services:\n  a:\n    image: x\n    volumes: [\"./d:/d\"]\n"),
    ];
    let tree = tree(&files);
    let volumes = tree.at(&["services", "a", "volumes"]).and_then(Node::as_seq).unwrap_or_default();
    assert_eq!(volumes[0].get("source").and_then(Node::as_str), Some("/p/sub/d"));
}

#[test]
fn services_of_disabled_profiles_stay_for_validation_only() {
    let files = [("compose.yaml", "services:\n  a: {image: x}\n  b: {image: y, profiles: [extra]}\n")];
    let names = |node: &Node| node.get("services").and_then(Node::as_map).map(crate::compose::Map::len);
    assert_eq!(names(&tree(&files)), Some(1));
    assert_eq!(loaded(&files, Purpose::Validate).project.map(|project| project.services.len()), Some(2));
}

#[test]
fn files_that_are_no_text_are_told() {
    assert_eq!(faults(&[("compose.yaml", "")]).len(), 1);
    assert_eq!(faults(&[("compose.yaml", "- a\n")]).len(), 1);
    assert_eq!(faults(&[("compose.yaml", "a: \0\n")]).len(), 1);
}

#[test]
fn a_value_that_two_steps_refuse_is_told_once() {
    let yaml = "services:\n  a:\n    image: x\n    healthcheck: {test: x, interval: 30, timeout: 5 seconds}\n";
    let places = ["30", "5 seconds"].map(|text| format!("compose.yaml: schema-invalid: {text}"));
    assert_eq!(faults(&[("compose.yaml", yaml)]), places);
}

#[test]
fn only_depends_on_has_rules_of_its_own_for_services_that_do_not_exist() {
    let yaml = "services:\n  a:\n    image: x\n    depends_on: [b]\n    links: [c]\n    volumes_from: [d]\n    ipc: service:e\n";
    let told =
        ["depends-on-unknown: b", "reference-invalid: c", "reference-invalid: d", "reference-invalid: service:e"];
    assert_eq!(faults(&[("compose.yaml", yaml)]), told.map(|fault| format!("compose.yaml: {fault}")));
}

#[test]
fn what_a_tag_does_to_a_value_is_judged() {
    let config = |value: &str| {
        let yaml = format!("services:\n  a:\n    image: x\n    environment: {{N: {value}}}\n");
        faults(&[("compose.yaml", Box::leak(yaml.into_boxed_str()))])
    };
    assert_eq!(config("!!int many"), ["compose.yaml: yaml-invalid: many"]);
    assert_eq!(config("!!int \"5\""), [""; 0]);
    let image = [("compose.yaml", "services:\n  a:\n    image: !!int \"5\"\n")];
    assert_eq!(faults(&image), ["compose.yaml: schema-invalid: \"5\""]);
}
