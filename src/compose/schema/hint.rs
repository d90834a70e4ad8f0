// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The next step for each fault, where there is an obvious one.

use super::kinds::{Kind, Names, Object, Others, types};
use super::path::Path;
use super::report::{Place, alternatives};
use super::service::SERVICE;
use super::text::{PULL_POLICIES, Text};
use crate::compose::{Entry, Style, Value};
use crate::diag::closest;

/// A place with at most this many keys lists them all.
const FEW_KEYS: usize = 8;

/// Keys of the Compose Specification that came after Compose 2.40.
const LATER_KEYS: &[&str] = &["no_cache_filter", "pre_start"];

/// What people write for a key of a service that has another name.
const OTHER_WORDS: &[(&str, &str)] = &[
    ("args", "build.args"),
    ("capabilities", "cap_add"),
    ("cmd", "command"),
    ("context", "build.context"),
    ("cpu", "cpus"),
    ("depends", "depends_on"),
    ("dockerfile", "build.dockerfile"),
    ("env", "environment"),
    ("envs", "environment"),
    ("health_check", "healthcheck"),
    ("interval", "healthcheck.interval"),
    ("limits", "deploy.resources.limits"),
    ("memory", "mem_limit"),
    ("mounts", "volumes"),
    ("name", "container_name"),
    ("replicas", "deploy.replicas"),
    ("reservations", "deploy.resources.reservations"),
    ("resources", "deploy.resources"),
    ("restart_policy", "deploy.restart_policy"),
    ("retries", "healthcheck.retries"),
    ("start_period", "healthcheck.start_period"),
    ("tag", "image"),
    ("timeout", "healthcheck.timeout"),
    ("workdir", "working_dir"),
];

/// For a value of the wrong type.
pub(super) fn for_type(place: &Place<'_>, kind: &Kind) -> Option<String> {
    let hint = match &place.node.value {
        Value::Timestamp(_) => "an unquoted date is not a string: put it in quotes",
        Value::Int(number) if matches!(kind.text, Text::Duration) => {
            return Some(format!("give the unit, such as `{number}s`"));
        }
        Value::Float(_) if kind.takes(types::WHOLE) => "write a whole number",
        Value::Bool(_) | Value::Int(_) | Value::Float(_) if kind.takes(types::TEXT) => "put the value in quotes",
        Value::Null if place.path.service().is_some() => "a service needs at least an `image` or a `build`",
        Value::Null => "give it a value or remove the key",
        Value::Map(map) if map.is_empty() => return None,
        Value::Map(_) if place.path.is_item() && kind.takes(types::TEXT) => mapping_as_item(place.path),
        Value::Map(_) if kind.takes(types::LIST) => {
            "write a list: each item on a line of its own that starts with `- `"
        }
        Value::Map(_) if kind.takes(types::TEXT) => {
            "text with a colon and a blank, or with a brace in front, must stand in quotes"
        }
        Value::Seq(_) if kind.takes(types::MAPPING) => "write `name: value` lines without the `- `",
        Value::Seq(_) if place.node.style == Style::Flow => "text with a bracket in front must stand in quotes",
        Value::Seq(_) => "give one value, not a list",
        Value::Str(_) if kind.takes(types::LIST) => {
            "write a list, for a single value too: `- ` and the value on its own line"
        }
        Value::Str(_) if kind.takes(types::MAPPING) => "write its keys on the lines below, indented",
        Value::Str(_) if kind.takes(types::BOOL) => "write `true` or `false`, without quotes",
        Value::Str(_) if kind.takes(types::NUMBER) => match place.node.style {
            Style::SingleQuoted | Style::DoubleQuoted => "remove the quotes",
            _ => "write a number",
        },
        _ => return None,
    };
    Some(hint.to_owned())
}

/// For a mapping where the items of a list are strings: a long form in the wrong clothes, or a colon without quotes.
fn mapping_as_item(path: &Path<'_>) -> &'static str {
    match path.parent().and_then(Path::key) {
        Some("depends_on" | "networks" | "models") => {
            "for the long form write `name:` without the `- `, for every item"
        }
        Some("command" | "entrypoint" | "test") => {
            "a colon with a blank after it makes a mapping: put the item in quotes"
        }
        _ => "a colon with a blank after it makes a mapping: put the item in quotes, or write `KEY=value`",
    }
}

/// For a string of the wrong look.
pub(super) fn for_text(demand: Text, text: &str) -> Option<String> {
    match demand {
        Text::Words(words) => closest(text, words.iter().copied()).map(did_you_mean),
        Text::PullPolicy => closest(text, PULL_POLICIES.iter().copied())
            .map(did_you_mean)
            .or_else(|| Some(format!("write {} or an interval such as `every_12h`", alternatives(PULL_POLICIES)))),
        Text::Free | Text::Duration | Text::ContainerName => None,
    }
}

/// For a key that the place does not know.
pub(super) fn for_key(path: &Path<'_>, object: &'static Object, entry: &Entry) -> Option<String> {
    let key = entry.key.as_str();
    match object.others {
        Others::Named(Names::NotEmpty, _) => return None,
        Others::Named(..) if key.contains('$') => return Some("variables are not replaced in keys".to_owned()),
        Others::Named(..) => {
            return Some("a name may hold ASCII letters, digits, `.`, `_` and `-`".to_owned());
        }
        _ => {}
    }
    if LATER_KEYS.contains(&key) {
        return Some("Compose 2.40 does not know this key yet".to_owned());
    }
    if let Some(known) = closest(key, object.fields.iter().map(|(name, _)| *name)) {
        return Some(did_you_mean(known));
    }
    if matches!(path, Path::Root) {
        return Some(for_top_level(entry).to_owned());
    }
    if path.service().is_some()
        && let Some((_, known)) = OTHER_WORDS.iter().find(|(word, _)| *word == key)
    {
        return Some(did_you_mean(known));
    }
    if object.fields.len() <= FEW_KEYS {
        let keys: Vec<&str> = object.fields.iter().map(|(name, _)| *name).collect();
        return Some(format!("known here: {}", alternatives(&keys)));
    }
    matches!(object.others, Others::Extensions)
        .then(|| "remove it, or give it the prefix `x-` to have it ignored".to_owned())
}

/// For an unknown key at the top level: mostly a service, or part of one, that is not indented.
fn for_top_level(entry: &Entry) -> &'static str {
    let is_service_key = |key: &str| SERVICE.mapping.is_some_and(|service| service.field(key).is_some());
    if entry.node.as_map().is_some_and(|map| map.iter().any(|inner| is_service_key(&inner.key))) {
        "a service belongs under `services:`, indented"
    } else if is_service_key(&entry.key) {
        "this key belongs into a service: check the indentation"
    } else {
        "remove it, or give it the prefix `x-` to have it ignored"
    }
}

/// For a key that must be there and is not.
pub(super) fn for_missing(object: &'static Object, key: &str) -> Option<String> {
    let kind = object.field(key)?;
    Some(match kind.text {
        Text::Words(words) => format!("add `{key}` with {}", alternatives(words)),
        _ if kind.takes(types::TEXT) => format!("add `{key}: …`"),
        _ => format!("add a list `{key}`"),
    })
}

fn did_you_mean(word: &str) -> String {
    format!("did you mean `{word}`?")
}
