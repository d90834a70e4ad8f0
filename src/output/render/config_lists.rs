// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The short answers of `config`: one name a line, and the table of variables.
//!
//! Compose prints most of these in the random order of a Go map; here the order is fixed.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::compose::Node;
use crate::compose::model::{Operator, VariableUse};
use crate::diag::secret;

fn lines<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    names.into_iter().flat_map(|name| [name, "\n"]).collect()
}

fn keys<'a>(tree: &'a Node, section: &str) -> BTreeSet<&'a str> {
    let entries = tree.get(section).and_then(Node::as_map).into_iter().flatten();
    entries.map(|entry| entry.key.as_str()).collect()
}

/// Names of the keys of a section such as `volumes` or `networks`, sorted.
#[must_use]
pub fn section(tree: &Node, name: &str) -> String {
    lines(keys(tree, name))
}

/// Service names: dependencies before the services that need them (Compose 2.40: `ForEachService`), else by name.
#[must_use]
pub fn services(tree: &Node) -> String {
    let mut order = Vec::new();
    let mut seen = BTreeSet::new();
    for name in keys(tree, "services") {
        visit(tree, name, &mut seen, &mut order);
    }
    lines(order)
}

/// Depth first, with a stack of its own: chains of dependencies may be long.
fn visit<'a>(tree: &'a Node, first: &'a str, seen: &mut BTreeSet<&'a str>, order: &mut Vec<&'a str>) {
    let mut stack = vec![(first, false)];
    while let Some((name, done)) = stack.pop() {
        if done {
            order.push(name);
            continue;
        }
        let Some(service) = tree.at(&["services", name]) else { continue };
        if !seen.insert(name) {
            continue;
        }
        stack.push((name, true));
        stack.extend(keys(service, "depends_on").into_iter().rev().map(|name| (name, false)));
    }
}

/// The image of each service, by service name; a service without one gets the name that Compose gives what it builds.
#[must_use]
pub fn images(tree: &Node, project: &str) -> String {
    let mut text = String::new();
    for name in keys(tree, "services") {
        match tree.at(&["services", name, "image"]).and_then(Node::as_str) {
            Some(image) => text.push_str(image),
            None => {
                let _ = write!(text, "{project}-{name}");
            }
        }
        text.push('\n');
    }
    text
}

/// The profiles of all services, also of those that are not enabled, sorted.
#[must_use]
pub fn profiles(profiles: &[String]) -> String {
    lines(profiles.iter().map(String::as_str).collect::<BTreeSet<_>>())
}

/// The environment for interpolation, sorted by name. `mask` hides the values of secrets.
#[must_use]
pub fn environment(environment: &BTreeMap<String, String>, masking: super::Masking) -> String {
    let mut text = String::new();
    for (name, value) in environment {
        let hidden = masking == super::Masking::On && secret::is_secret(name, value);
        let value = if hidden { secret::mask(value) } else { value.clone() };
        let _ = writeln!(text, "{name}={value}");
    }
    text
}

/// One line of the table of variables.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Variable {
    /// The name.
    pub name: String,
    /// Whether a use fails when it is unset.
    pub required: bool,
    /// The default of its first use that has one.
    pub default: String,
    /// The text taken when it is set, of its first use that has one.
    pub alternate: String,
}

/// The variables of a project, sorted by name, all uses of one taken together.
#[must_use]
pub fn variables(uses: &[VariableUse], masking: super::Masking) -> Vec<Variable> {
    let mut table: BTreeMap<&str, Variable> = BTreeMap::new();
    for found in uses {
        let variable = table.entry(&found.name).or_default();
        variable.name.clone_from(&found.name);
        let operand = found.operand.clone().unwrap_or_default();
        let hidden = masking == super::Masking::On && secret::is_secret(&found.name, &operand);
        let operand = if hidden { secret::mask(&operand) } else { operand };
        match found.operator {
            Operator::Required => variable.required = true,
            Operator::Default if variable.default.is_empty() => variable.default = operand,
            Operator::Alternative if variable.alternate.is_empty() => variable.alternate = operand,
            Operator::Plain | Operator::Default | Operator::Alternative => {}
        }
    }
    table.into_values().collect()
}

/// The table of variables for people, columns three blanks apart.
#[must_use]
pub fn variable_table(variables: &[Variable]) -> String {
    let head = ["NAME", "REQUIRED", "DEFAULT VALUE", "ALTERNATE VALUE"].map(str::to_owned);
    let mut rows = vec![head];
    rows.extend(variables.iter().map(|variable| {
        [variable.name.clone(), variable.required.to_string(), variable.default.clone(), variable.alternate.clone()]
    }));
    super::table(&rows)
}

/// The table of variables as JSON: an object by name, as Compose writes it.
#[must_use]
pub fn variable_json(variables: &[Variable]) -> String {
    #[derive(serde::Serialize)]
    #[serde(rename_all = "PascalCase")]
    struct Entry<'a> {
        name: &'a str,
        default_value: &'a str,
        presence_value: &'a str,
        required: bool,
    }
    let entries: BTreeMap<&str, Entry<'_>> = variables
        .iter()
        .map(|variable| {
            let entry = Entry {
                name: &variable.name,
                default_value: &variable.default,
                presence_value: &variable.alternate,
                required: variable.required,
            };
            (variable.name.as_str(), entry)
        })
        .collect();
    super::to_json(&entries)
}

#[cfg(test)]
mod tests {
    use super::super::Masking;
    use super::super::config_json::tests::{map, text};
    use super::*;
    use crate::diag::{FileId, Span};

    fn tree() -> Node {
        let after = map(vec![("z", map(vec![]))]);
        map(vec![(
            "services",
            map(vec![
                ("a", map(vec![("depends_on", after), ("image", text("x:1"))])),
                ("b", map(vec![])),
                ("z", map(vec![])),
            ]),
        )])
    }

    #[test]
    fn services_come_after_what_they_need() {
        assert_eq!(services(&tree()), "z\na\nb\n");
    }

    #[test]
    fn built_images_get_composes_name() {
        assert_eq!(images(&tree(), "p"), "x:1\np-b\np-z\n");
    }

    #[test]
    fn a_missing_section_is_empty() {
        assert_eq!(section(&tree(), "volumes"), "");
    }

    #[test]
    fn uses_of_one_variable_are_taken_together() {
        let using = |name: &str, operator, operand: Option<&str>| VariableUse {
            name: name.into(),
            span: Span::new(FileId::from_index(0), 0, 0),
            operator,
            is_set: false,
            operand: operand.map(str::to_owned),
            path: String::new(),
        };
        let uses = [
            using("B", Operator::Plain, None),
            using("A", Operator::Default, Some("d")),
            using("A", Operator::Required, Some("set it")),
            using("C_TOKEN", Operator::Default, Some("hunter2")),
        ];
        insta::assert_snapshot!(variable_table(&variables(&uses, Masking::On)), @"
        NAME      REQUIRED   DEFAULT VALUE   ALTERNATE VALUE
        A         true       d
        B         false
        C_TOKEN   false      ****
        ");
        assert!(variable_json(&variables(&uses, Masking::Off)).contains("\"DefaultValue\": \"hunter2\""));
    }

    #[test]
    fn environment_is_masked_only_when_asked() {
        let pairs = [("A_TOKEN".to_owned(), "hunter2".to_owned()), ("B".to_owned(), "1".to_owned())].into();
        assert_eq!(environment(&pairs, Masking::On), "A_TOKEN=****\nB=1\n");
        assert_eq!(environment(&pairs, Masking::Off), "A_TOKEN=hunter2\nB=1\n");
    }
}
