// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices

use proptest::prelude::*;

use super::*;
use crate::compose::Style;
use crate::diag::{FileId, Span};

fn place() -> Span {
    Span::new(FileId::from_index(0), 0, 0)
}

fn node(value: Value) -> Node {
    Node { value, span: place(), used_at: None, style: Style::Block, tag: None }
}

fn map(entries: Vec<(String, Node)>) -> Node {
    let mut map = Map::default();
    for (key, value) in entries {
        map.insert(key, place(), value);
    }
    node(Value::Map(map))
}

/// Service-like trees: known keys with special rules and unknown ones, scalars, lists, mappings.
fn tree() -> impl Strategy<Value = Node> {
    let scalar = prop_oneof![
        any::<bool>().prop_map(|flag| node(Value::Bool(flag))),
        any::<i64>().prop_map(|number| node(Value::Int(number))),
        "[a-z=:/]{0,6}".prop_map(|text| node(Value::Str(text))),
        Just(node(Value::Null)),
    ];
    let key = prop_oneof![
        Just("services"),
        Just("environment"),
        Just("ports"),
        Just("logging"),
        Just("driver"),
        Just("build"),
        Just("depends_on"),
        Just("networks"),
        Just("ipam"),
        Just("config"),
        Just("extra_hosts"),
        Just("command"),
        Just("a"),
        Just("b"),
    ];
    scalar.prop_recursive(5, 48, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(|items| node(Value::Seq(items))),
            prop::collection::vec((key.clone().prop_map(str::to_owned), inner), 0..5).prop_map(map),
        ]
    })
}

fn top() -> impl Strategy<Value = Node> {
    prop::collection::vec(
        (prop_oneof![Just("services".to_owned()), Just("networks".to_owned()), Just("x-a".to_owned())], tree()),
        0..3,
    )
    .prop_map(map)
}

fn has_tags(node: &Node) -> bool {
    node.tag.is_some()
        || match &node.value {
            Value::Map(map) => map.iter().any(|entry| has_tags(&entry.node)),
            Value::Seq(items) => items.iter().any(has_tags),
            _ => false,
        }
}

/// Whether a part of the tree has a short form, which merging turns into the long one.
fn has_short_forms(node: &Node) -> bool {
    let is_long = |key: &str| matches!(key, "extra_hosts" | "build" | "environment" | "networks" | "depends_on");
    match &node.value {
        Value::Seq(_) => true,
        Value::Map(map) => map.iter().any(|entry| is_long(&entry.key) || has_short_forms(&entry.node)),
        _ => false,
    }
}

proptest! {
    #[test]
    fn nothing_over_a_tree_changes_nothing(tree in top()) {
        let mut faults = Vec::new();
        let merged = merge(tree.clone(), map(Vec::new()), &Path::ROOT, &mut faults);
        prop_assert_eq!(merged, tree);
        prop_assert!(faults.is_empty());
    }

    #[test]
    fn a_tree_over_nothing_is_itself(tree in top()) {
        let mut faults = Vec::new();
        prop_assert_eq!(merge(map(Vec::new()), tree.clone(), &Path::ROOT, &mut faults), tree);
    }

    #[test]
    fn a_tree_without_short_forms_over_itself_is_itself(tree in top().prop_filter("no short forms", |tree| !has_short_forms(tree))) {
        let mut faults = Vec::new();
        prop_assert_eq!(merge(tree.clone(), tree.clone(), &Path::ROOT, &mut faults), tree);
        prop_assert!(faults.is_empty());
    }

    #[test]
    fn any_two_trees_merge_without_a_panic(below in top(), above in top()) {
        let mut faults = Vec::new();
        let mut merged = merge(below.clone(), above.clone(), &Path::ROOT, &mut faults);
        drop_tags(&mut merged);
        prop_assert!(!has_tags(&merged));
        for entry in merged.as_map().into_iter().flatten() {
            let known = below.get(&entry.key).is_some() || above.get(&entry.key).is_some();
            prop_assert!(known, "{} comes from nowhere", entry.key);
        }
    }
}

fn merged(below: Node, above: Node) -> (Node, Vec<String>) {
    let mut faults = Vec::new();
    let mut merged = merge(below, above, &Path::ROOT, &mut faults);
    drop_tags(&mut merged);
    (merged, faults.into_iter().map(|fault| fault.message).collect())
}

fn text(text: &str) -> Node {
    node(Value::Str(text.to_owned()))
}

fn service(key: &str, value: Node) -> Node {
    map(vec![("services".into(), map(vec![("a".into(), map(vec![(key.into(), value)]))]))])
}

fn field(tree: &Node, key: &str) -> Option<Value> {
    tree.at(&["services", "a", key]).map(|node| node.value.clone())
}

#[test]
fn null_changes_nothing_but_a_command() {
    let (kept, _) = merged(service("image", text("x")), service("image", node(Value::Null)));
    assert_eq!(field(&kept, "image"), Some(Value::Str("x".into())));
    let (gone, _) = merged(service("command", text("x")), service("command", node(Value::Null)));
    assert_eq!(field(&gone, "command"), Some(Value::Null));
}

#[test]
fn a_list_over_a_mapping_is_a_fault() {
    let (_, faults) = merged(service("ulimits", map(Vec::new())), service("ulimits", node(Value::Seq(Vec::new()))));
    assert_eq!(faults, ["a list cannot override the mapping `services.a.ulimits`"]);
}

#[test]
fn environment_of_both_forms_merges_by_key() {
    let below = service("environment", map(vec![("A".into(), text("1")), ("B".into(), text("2"))]));
    let above = service("environment", node(Value::Seq(vec![text("B=3"), text("C")])));
    let (merged, _) = merged(below, above);
    let entries: Vec<(String, Value)> = merged
        .at(&["services", "a", "environment"])
        .and_then(Node::as_map)
        .into_iter()
        .flatten()
        .map(|entry| (entry.key.clone(), entry.node.value.clone()))
        .collect();
    let string = |text: &str| Value::Str(text.to_owned());
    assert_eq!(entries, [("A".into(), string("1")), ("B".into(), string("3")), ("C".into(), Value::Null)]);
}

#[test]
fn marks_reset_and_replace() {
    let below = service("ports", node(Value::Seq(vec![text("1")])));
    let mut reset = node(Value::Null);
    reset.tag = Some(MergeTag::Reset);
    assert_eq!(field(&merged(below.clone(), service("ports", reset)).0, "ports"), None);
    let mut replaced = node(Value::Seq(vec![text("2")]));
    replaced.tag = Some(MergeTag::Override);
    assert_eq!(field(&merged(below, service("ports", replaced)).0, "ports"), Some(Value::Seq(vec![text("2")])));
}
