// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `--format sarif` against what the schema of SARIF 2.1.0 requires, and against the JSON of the same run.

use serde_json::Value;

use super::support::{Ended, Repository, Sandbox};

/// Properties that the schema knows, for the objects that are written. It allows no others.
const KNOWN_PROPERTIES: &[(&str, &[&str])] = &[
    ("", &["$schema", "version", "runs"]),
    ("runs", &["tool", "invocations", "columnKind", "results", "artifacts", "automationDetails", "properties"]),
    ("tool", &["driver", "extensions", "properties"]),
    ("driver", &["name", "version", "semanticVersion", "informationUri", "rules", "properties", "organization"]),
    (
        "rules",
        &["id", "name", "shortDescription", "fullDescription", "help", "helpUri", "defaultConfiguration", "properties"],
    ),
    (
        "results",
        &[
            "ruleId",
            "ruleIndex",
            "kind",
            "level",
            "message",
            "locations",
            "relatedLocations",
            "partialFingerprints",
            "fingerprints",
            "suppressions",
            "fixes",
            "properties",
        ],
    ),
    ("message", &["text", "markdown", "id", "arguments"]),
    ("locations", &["id", "physicalLocation", "message", "logicalLocations"]),
    ("relatedLocations", &["id", "physicalLocation", "message", "logicalLocations"]),
    ("physicalLocation", &["artifactLocation", "region", "contextRegion"]),
    ("artifactLocation", &["uri", "uriBaseId", "index"]),
    ("suppressions", &["kind", "status", "justification", "location", "guid"]),
];

/// Two projects with findings of every level, one of them suppressed, a related place, and names that need escapes.
fn sandbox() -> Sandbox {
    Sandbox::new()
        .file(
            "a b/compose.yaml",
            "services:\n  wéb:\n    image: nginx\n    privileged: true\n    ports: [\"8080:80\"]\n",
        )
        .file(
            "compose.yaml",
            "services:\n  # stackctl: allow[restart-policy-missing] started by hand\n  web:\n    image: nginx:1.27.3\n    image: nginx\n    privileged: true\n",
        )
}

fn run(sandbox: &Sandbox, format: &str) -> Ended {
    sandbox.run(&["validate", ".", "--format", format])
}

fn items<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value[key].as_array().map(Vec::as_slice).unwrap_or_default()
}

#[test]
fn required_fields_are_there_and_unknown_ones_are_not() {
    let log = run(&sandbox(), "sarif").expect(1).json();
    assert_eq!(log["version"], "2.1.0");
    assert!(log["$schema"].as_str().is_some_and(|uri| uri.ends_with("sarif-2.1.0.json")));
    assert_eq!(items(&log, "runs").len(), 1);
    only_known(&log, "");
    let run = &log["runs"][0];
    assert_eq!(run["tool"]["driver"]["name"], "stackctl");
    assert!(!items(run, "results").is_empty());
    for result in items(run, "results") {
        let rules = items(&run["tool"]["driver"], "rules");
        let index = usize::try_from(result["ruleIndex"].as_u64().expect("an index")).expect("a small index");
        assert_eq!(result["ruleId"], rules[index]["id"]);
        assert!(["none", "note", "warning", "error"].map(Value::from).contains(&result["level"]), "{result}");
        assert!(result["message"]["text"].as_str().is_some_and(|text| !text.is_empty()));
        assert!(!items(result, "locations").is_empty());
        for location in items(result, "locations").iter().chain(items(result, "relatedLocations")) {
            place(location);
        }
        for suppression in items(result, "suppressions") {
            assert_eq!(suppression["kind"], "inSource");
            assert_eq!(suppression["justification"], "started by hand");
        }
    }
    let mut ids: Vec<&str> =
        items(&run["tool"]["driver"], "rules").iter().filter_map(|rule| rule["id"].as_str()).collect();
    let all = ids.len();
    ids.dedup();
    assert_eq!(ids.len(), all, "every rule is described once");
}

fn place(location: &Value) {
    let physical = &location["physicalLocation"];
    let uri = physical["artifactLocation"]["uri"].as_str().expect("a URI");
    assert!(!uri.contains(' ') && uri.is_ascii(), "{uri}");
    let region = &physical["region"];
    let number = |name: &str| region[name].as_u64().unwrap_or_else(|| panic!("{name} in {region}"));
    assert!(number("startLine") >= 1 && number("startColumn") >= 1);
    assert!((number("endLine"), number("endColumn")) >= (number("startLine"), number("startColumn")), "{region}");
}

/// Every object has known properties alone.
fn only_known(value: &Value, role: &str) {
    match value {
        Value::Object(fields) => {
            let known = KNOWN_PROPERTIES.iter().find(|(name, _)| *name == role).map(|(_, known)| *known);
            for (name, inner) in fields {
                assert!(known.is_none_or(|known| known.contains(&name.as_str())), "`{name}` in `{role}`");
                only_known(inner, name);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| only_known(item, role)),
        _ => {}
    }
}

#[test]
fn says_the_same_as_json() {
    let sandbox = sandbox();
    let sarif = run(&sandbox, "sarif").json();
    let json = run(&sandbox, "json").json();
    let results = items(&sarif["runs"][0], "results");
    let open: Vec<&Value> = results.iter().filter(|result| items(result, "suppressions").is_empty()).collect();
    assert_eq!(open.len(), items(&json, "findings").len());
    assert_eq!(results.len() - open.len(), items(&json, "suppressed").len());
    for (result, finding) in open.iter().zip(items(&json, "findings")) {
        let region = &result["locations"][0]["physicalLocation"]["region"];
        assert_eq!(result["ruleId"], finding["rule"]);
        assert_eq!(region["startLine"], finding["line"]);
        assert_eq!(region["startColumn"], finding["column"]);
        assert_eq!(region["byteOffset"], finding["span"]["start"]);
        let prints = result["partialFingerprints"].as_object().expect("fingerprints");
        assert!(prints.values().any(|print| *print == finding["fingerprint"]));
    }
}

#[test]
fn a_run_without_findings_is_a_log_without_results() {
    let sandbox = Sandbox::new().file("compose.yaml", Repository::text("fixtures/rules/image-tag-missing/pass.yml"));
    let log = sandbox.run(&["validate", "--select", "image-tag-missing", "--format", "sarif"]).expect(0).json();
    assert_eq!(log["runs"][0]["results"], Value::Array(Vec::new()));
}
