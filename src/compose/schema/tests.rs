// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Tests of the schema step over YAML texts. Spans are counted up, so that every key and value has its own.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a broken test may stop")]

use super::check;
use super::kinds::{Kind, Others};
use super::project::PROJECT;
use crate::compose::{Entry, Map, Node, Style, Value};
use crate::diag::{Diagnostic, FileId, Level, Span};

/// The tree of a YAML text; key and value `n` in order of the text have the span `n..n+1`.
pub(super) fn tree(text: &str) -> Node {
    let mut count = 0;
    convert(serde_yaml::from_str(text).unwrap(), &mut count)
}

fn next(count: &mut usize) -> Span {
    *count += 1;
    Span::new(FileId::from_index(0), *count - 1, *count)
}

fn convert(value: serde_yaml::Value, count: &mut usize) -> Node {
    use serde_yaml::Value as Yaml;
    let span = next(count);
    let value = match value {
        Yaml::Null => Value::Null,
        Yaml::Bool(value) => Value::Bool(value),
        Yaml::Number(number) => match number.as_i64() {
            Some(number) => Value::Int(number),
            None => Value::Float(number.as_f64().unwrap()),
        },
        Yaml::String(text) => Value::Str(text),
        Yaml::Sequence(items) => Value::Seq(items.into_iter().map(|item| convert(item, count)).collect()),
        Yaml::Mapping(map) => {
            let mut entries = Map::default();
            for (key, value) in map {
                let key_span = next(count);
                let key = key.as_str().unwrap_or_else(|| panic!("key {key:?}")).to_owned();
                entries.push(Entry { key, key_span, node: convert(value, count) });
            }
            Value::Map(entries)
        }
        Yaml::Tagged(tagged) => return convert(tagged.value, count),
    };
    Node { value, span, used_at: None, style: Style::Plain, tag: None }
}

fn faults(text: &str) -> Vec<Diagnostic> {
    check(&tree(text))
}

fn the_fault(text: &str) -> Diagnostic {
    let mut faults = faults(text);
    assert_eq!(faults.len(), 1, "{faults:#?}");
    faults.remove(0)
}

/// The only fault of a service `a` with this body (flow style, without the braces).
fn of_service(body: &str) -> Diagnostic {
    the_fault(&format!("services: {{a: {{{body}}}}}"))
}

fn passes(body: &str) {
    let found = faults(&format!("services: {{a: {{{body}}}}}"));
    assert!(found.is_empty(), "{body}: {found:#?}");
}

#[test]
fn tables_are_sorted_and_required_keys_are_known() {
    fn walk(kind: &'static Kind, depth: usize) {
        assert!(depth < 20);
        if let Some(list) = kind.list {
            walk(list.item, depth + 1);
        }
        let Some(object) = kind.mapping else { return };
        assert!(
            object.fields.is_sorted_by(|a, b| a.0 < b.0),
            "{:?}",
            object.fields.iter().map(|f| f.0).collect::<Vec<_>>()
        );
        for key in object.required {
            assert!(object.field(key).is_some(), "{key}");
        }
        for (_, field) in object.fields {
            walk(field, depth + 1);
        }
        if let Others::Named(_, kind) | Others::NamedOrIgnored(_, kind) = object.others {
            walk(kind, depth + 1);
        }
    }
    walk(&PROJECT, 0);
}

#[test]
fn a_plain_project_passes() {
    assert!(
        faults("{name: p, services: {web: {image: nginx, x-any: {a: [1]}}}, volumes: {v: null}, x-y: 1}").is_empty()
    );
    assert!(faults("{}").is_empty());
}

#[test]
fn unknown_key_is_shown_at_the_key_with_a_suggestion() {
    let fault = the_fault("services: {web: {image: x, healtcheck: {}}}");
    assert_eq!(fault.rule, "schema-invalid");
    assert_eq!(fault.level, Level::Error);
    assert_eq!(fault.message, "unknown key `healtcheck` in service `web`");
    assert_eq!(fault.hint.as_deref(), Some("did you mean `healthcheck`?"));
    assert_eq!(fault.subject, "services.web.healtcheck");
    assert_eq!(fault.primary.span.start, 7);
}

#[test]
fn every_fault_is_reported() {
    let found = faults("services: {a: {imge: 1, comand: 2, ports: 80, deploy: {replica: 1}, volumes: [{target: /x}]}}");
    let subjects: Vec<&str> = found.iter().map(|fault| fault.subject.as_str()).collect();
    assert_eq!(
        subjects,
        [
            "services.a.imge",
            "services.a.comand",
            "services.a.ports",
            "services.a.deploy.replica",
            "services.a.volumes[0]"
        ]
    );
}

#[test]
fn unknown_keys_elsewhere_name_their_place() {
    let fault = of_service("build: {contxt: .}");
    assert_eq!(fault.message, "unknown key `contxt` in `services.a.build`");
    let fault = the_fault("shoko: {image: x}");
    assert_eq!(fault.message, "unknown key `shoko` at the top level");
    assert_eq!(fault.hint.as_deref(), Some("a service belongs under `services:`, indented"));
    let fault = the_fault("image: x");
    assert_eq!(fault.hint.as_deref(), Some("this key belongs into a service: check the indentation"));
    let fault = of_service("replicas: 2");
    assert_eq!(fault.hint.as_deref(), Some("did you mean `deploy.replicas`?"));
    let fault = of_service("logging: {opts: {}}");
    assert_eq!(fault.hint.as_deref(), Some("known here: `driver` or `options`"));
}

#[test]
fn hints_tell_what_to_write() {
    let hint = |body: &str| of_service(body).hint.unwrap_or_default();
    assert_eq!(hint("cpu_percent: 50.5"), "write a whole number");
    assert_eq!(
        hint("depends_on: [b: {condition: service_healthy}]"),
        "for the long form write `name:` without the `- `, for every item"
    );
    assert_eq!(hint("command: [echo: a]"), "a colon with a blank after it makes a mapping: put the item in quotes");
    assert_eq!(hint("image: [x]"), "give one value, not a list");
    assert_eq!(
        the_fault("services: {a: null}").hint.as_deref(),
        Some("a service needs at least an `image` or a `build`")
    );
    assert_eq!(
        of_service("pull_policy: ''").message,
        "`services.a.pull_policy` must name a pull policy, found an empty string"
    );
}

#[test]
fn keys_of_later_versions_are_unknown() {
    assert_eq!(of_service("pre_start: []").hint.as_deref(), Some("Compose 2.40 does not know this key yet"));
    assert_eq!(of_service("pre_start: []").message, "unknown key `pre_start` in service `a`");
    assert_eq!(of_service("build: {no_cache_filter: []}").subject, "services.a.build.no_cache_filter");
}

#[test]
fn names_with_other_characters_are_refused() {
    let fault = the_fault("services: {'${N}': {image: x}}");
    assert_eq!(fault.message, "key `${N}` in `services` is not a valid name");
    assert_eq!(fault.hint.as_deref(), Some("variables are not replaced in keys"));
    assert_eq!(faults("volumes: {a b: null}").len(), 1);
}

#[test]
fn networks_and_models_with_other_characters_are_not_looked_at() {
    assert!(faults("{networks: {a b: [1]}, models: {a b: 1}}").is_empty());
    passes("ulimits: {NoFile: []}");
}

#[test]
fn wrong_type_is_shown_at_the_value() {
    let fault = of_service("ports: '80:80'");
    assert_eq!(fault.message, "`services.a.ports` must be a list, found a string");
    assert_eq!(fault.subject, "services.a.ports");
    assert_eq!(fault.primary.span.start, 6);
    assert_eq!(of_service("ports: {80: 80}".replace("80: ", "'80': ").as_str()).subject, "services.a.ports");
    assert_eq!(of_service("image: 3").hint.as_deref(), Some("put the value in quotes"));
    assert_eq!(
        of_service("command: {a: b}").message,
        "`services.a.command` must be a string, a list or null, found a mapping"
    );
    assert_eq!(
        of_service("cpu_percent: 50.5").message,
        "`services.a.cpu_percent` must be a string or a whole number, found a fraction"
    );
    assert_eq!(of_service("use_api_socket: 'true'").hint.as_deref(), Some("write `true` or `false`, without quotes"));
}

#[test]
fn an_empty_value_is_shown_at_its_key() {
    let mut root = tree("services: {a: null}");
    let Value::Map(map) = &mut root.value else { panic!() };
    let services = map.get_mut("services").unwrap();
    let node = services.as_map_mut().unwrap().get_mut("a").unwrap();
    node.span.end = node.span.start;
    let found = check(&root);
    assert_eq!(found[0].message, "`services.a` must be a mapping, found nothing");
    assert_eq!(found[0].primary.span.start, 3);
}

#[test]
fn a_mapping_among_list_items_is_explained() {
    let fault = of_service("environment: [{A: b}]");
    assert_eq!(fault.subject, "services.a.environment[0]");
    assert!(fault.hint.unwrap().contains("KEY=value"));
}

#[test]
fn whole_floats_count_as_whole_numbers() {
    passes("cpu_percent: 50.0, cpu_count: 2.0, scale: 2.0");
}

#[test]
fn numbers_out_of_range_are_refused() {
    assert_eq!(
        of_service("oom_score_adj: 1001").message,
        "`services.a.oom_score_adj` must be from -1000 to 1000, found 1001"
    );
    let fault = of_service("volumes: [{type: tmpfs, target: /t, tmpfs: {size: -1}}]");
    assert_eq!(fault.message, "`services.a.volumes[0].tmpfs.size` must be at least 0, found -1");
    passes("cpu_percent: 100.0");
    assert_eq!(faults("services: {a: {cpu_percent: 101.0}}").len(), 1);
}

/// Turns every string `D` into a date.
fn stamp(node: &mut Node) {
    match &mut node.value {
        Value::Str(text) if text == "D" => node.value = Value::Timestamp("2024-01-02".to_owned()),
        Value::Map(map) => map.iter_mut().for_each(|entry| stamp(&mut entry.node)),
        _ => {}
    }
}

#[test]
fn dates_are_refused_where_the_schema_looks() {
    let mut root = tree("{x-a: D, x-b: {c: D}, services: {a: {environment: {A: D}, storage_opt: {s: D}}}}");
    stamp(&mut root);
    let found = check(&root);
    let subjects: Vec<&str> = found.iter().map(|fault| fault.subject.as_str()).collect();
    assert_eq!(subjects, ["services.a.environment.A"]);
    assert_eq!(found[0].hint.as_deref(), Some("an unquoted date is not a string: put it in quotes"));
}

#[test]
fn missing_keys_are_shown_at_the_key_of_their_mapping() {
    let fault = of_service("provider: {options: {}}");
    assert_eq!(fault.message, "`services.a.provider` lacks the key `type`");
    assert_eq!(fault.primary.span.start, 5);
    let fault = of_service("depends_on: {b: {restart: true}}");
    assert!(fault.hint.unwrap().starts_with("add `condition` with `service_started`,"));
    let fault = of_service("deploy: {resources: {reservations: {devices: [{driver: nvidia, count: 1}]}}}");
    assert_eq!(fault.message, "`services.a.deploy.resources.reservations.devices[0]` lacks the key `capabilities`");
    assert_eq!(of_service("ulimits: {nofile: {soft: 1}}").message, "`services.a.ulimits.nofile` lacks the key `hard`");
}

#[test]
fn words_are_checked_and_suggested() {
    let fault = of_service("depends_on: {b: {condition: service_healty}}");
    assert_eq!(fault.hint.as_deref(), Some("did you mean `service_healthy`?"));
    assert_eq!(of_service("cgroup: foo").message, "`services.a.cgroup` must be `host` or `private`, found `foo`");
    assert_eq!(of_service("pull_policy: alway").hint.as_deref(), Some("did you mean `always`?"));
    passes("restart: sometimes, gpus: all, pull_policy: every_12h");
}

#[test]
fn repeated_items_point_at_both_places() {
    let fault = of_service("security_opt: [x, y, x]");
    assert_eq!(fault.message, "`services.a.security_opt` holds the same item twice");
    assert_eq!(fault.subject, "services.a.security_opt[2]");
    assert_eq!(fault.primary.span.start, 9);
    assert_eq!(fault.related[0].span.start, 7);
    passes("entrypoint: [x, x], devices: [x, x], expose: [80, '80']");
}

#[test]
fn uses_of_aliases_are_related() {
    let mut root = tree("services: {a: {image: 3}}");
    let used_at = Span::new(FileId::from_index(0), 100, 101);
    let Value::Map(map) = &mut root.value else { panic!() };
    let service = map.get_mut("services").and_then(|node| node.as_map_mut()?.get_mut("a")).unwrap();
    service.as_map_mut().unwrap().get_mut("image").unwrap().used_at = Some(used_at);
    assert_eq!(check(&root)[0].related[0].span, used_at);
}

#[test]
fn values_are_not_repeated_in_messages() {
    let found = faults("services: {a: {environment: {PASSWORD: [hunter2]}, labels: hunter2, image: {hunter2: x}}}");
    assert_eq!(found.len(), 3);
    assert!(!format!("{found:?}").contains("hunter2"));
}

#[test]
fn a_flood_of_faults_is_cut() {
    let keys = (0..5_000).map(|n| format!("k{n}: 1")).collect::<Vec<_>>().join(", ");
    let found = faults(&format!("{{{keys}}}"));
    assert_eq!(found.len(), 1_000);
    assert_eq!(found[999].notes, ["only the first 1000 faults are shown"]);
}

#[test]
fn the_top_level_must_be_a_mapping() {
    assert_eq!(the_fault("[a]").message, "the top level must be a mapping, found a list");
}
