// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `guides/reference/output-formats.md` lists the fields that the JSON of `validate` has, and no others.

use std::collections::BTreeSet;

use serde_json::Value;

use super::support::{Repository, Sandbox};

/// Paths of all values that are no objects or lists: `a.b`, `a[].b`, `a[]`.
fn paths(value: &Value, path: &str, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            for (name, inner) in fields {
                let below = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                paths(inner, &below, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| paths(item, &format!("{path}[]"), found)),
        _ => {
            found.insert(path.to_owned());
        }
    }
}

#[test]
fn fields_of_json_are_documented() {
    let sandbox = Sandbox::with_compose(
        "services:\n  # stackctl: allow[privileged] it drives the speakers\n  a:\n    image: x:latest\n    image: y\n    privileged: true\n",
    );
    let mut found = BTreeSet::new();
    paths(&sandbox.run(&["validate", "--format", "json"]).expect(1).json(), "", &mut found);

    let page = Repository::text("guides/reference/output-formats.md");
    let section = page.split("## ").find(|section| section.starts_with("`validate --format json`")).expect("a section");
    let documented: BTreeSet<String> = section
        .lines()
        .filter_map(|line| line.strip_prefix("| ")?.split(" | ").next())
        .flat_map(|cell| cell.split('`').skip(1).step_by(2))
        .map(str::to_owned)
        .collect();
    // These stand only in runs of rules that are not there yet, or beside findings of few rules.
    let rare = ["findings[].notes[]", "not_checked[].flag", "not_checked[].rule"].map(str::to_owned);
    assert_eq!(found.difference(&documented).collect::<Vec<_>>(), [""; 0], "not documented");
    let missing: Vec<_> = documented.difference(&found).filter(|path| !rare.contains(path)).collect();
    assert_eq!(missing, [""; 0], "documented but not there");
}
