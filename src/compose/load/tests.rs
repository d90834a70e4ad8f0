// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What loading reports: one fault once, at its place.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::{InputFile, LoadRequest, Purpose, ReadError, Sources, load};

struct NoFiles;

impl Sources for NoFiles {
    fn read(&self, _: &Path) -> Result<Vec<u8>, ReadError> {
        Err(ReadError::NotFound)
    }
}

/// The faults of a text that is loaded to be judged, as `rule: text of the place`.
fn faults(yaml: &str) -> Vec<String> {
    let folder = PathBuf::from("/project");
    let request = LoadRequest {
        files: vec![InputFile {
            path: folder.join("compose.yml"),
            display: "compose.yml".to_owned(),
            content: Some(yaml.as_bytes().to_vec()),
        }],
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
    let loaded = load(&request, &NoFiles);
    let found = loaded.diagnostics.iter();
    found.map(|fault| format!("{}: {}", fault.rule, loaded.sources.slice(fault.primary.span))).collect()
}

#[test]
fn a_value_that_two_steps_refuse_is_told_once() {
    let yaml = "services:\n  a:\n    image: x\n    healthcheck: {test: x, interval: 30, timeout: 5 seconds}\n";
    assert_eq!(faults(yaml), ["schema-invalid: 30", "schema-invalid: 5 seconds"]);
}

#[test]
fn only_depends_on_has_rules_of_its_own_for_services_that_do_not_exist() {
    let yaml = "services:\n  a:\n    image: x\n    depends_on: [b]\n    links: [c]\n    volumes_from: [d]\n    ipc: service:e\n";
    assert_eq!(
        faults(yaml),
        ["depends-on-unknown: b", "reference-invalid: c", "reference-invalid: d", "reference-invalid: service:e"]
    );
}

#[test]
fn tags_decide_the_type_of_a_value() {
    let yaml = |value: &str| format!("services:\n  a:\n    image: x\n    environment: {{N: {value}}}\n");
    assert_eq!(faults(&yaml("!!int many")), ["yaml-invalid: many"]);
    assert_eq!(faults(&yaml("!!int \"5\"")), [""; 0]);
    assert_eq!(faults("services:\n  a:\n    image: !!int \"5\"\n"), ["schema-invalid: \"5\""]);
}
