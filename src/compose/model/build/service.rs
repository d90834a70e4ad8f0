// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! One service.

use std::collections::HashSet;

use crate::compose::model::{Build, Command, EnvForm, EnvVar, Logging, Service};
use crate::compose::{Entry, Node, Style, Value, interpolate, keyvalue, merge, shellwords};
use crate::diag::{SourceMap, Spanned};

use super::{FileVariable, at, health, network, storage, text, texts};

pub(super) fn service(entry: &Entry, from_files: &[FileVariable], sources: &SourceMap) -> Service {
    let node = &entry.node;
    let get = |key: &str| node.get(key).filter(|node| !node.is_null());
    let image = get("image").and_then(text);
    Service {
        name: Spanned { value: entry.key.clone(), span: entry.key_span, used_at: node.used_at },
        image_template: image.as_ref().and_then(|image| template(image.span, sources)),
        image,
        build: get("build").map(|node| build(node, sources)),
        container_name: get("container_name").and_then(text),
        command: get("command").and_then(command),
        entrypoint: get("entrypoint").and_then(command),
        healthcheck: health::healthcheck(node),
        depends_on: health::dependencies(node),
        environment: environment(get("environment"), from_files, sources),
        labels: variables(get("labels"), sources),
        env_files: env_files(get("env_file")),
        ports: get("ports").map(network::ports).unwrap_or_default(),
        expose: texts(get("expose")),
        mounts: storage::mounts(node, sources),
        networks: node.get("networks").map(network::attachments),
        network_mode: get("network_mode").and_then(network::mode),
        restart: get("restart").and_then(text),
        user: get("user").and_then(text),
        privileged: get("privileged").and_then(|node| match node.value {
            Value::Bool(flag) => Some(at(node, flag)),
            _ => None,
        }),
        pull_policy: get("pull_policy").and_then(text),
        profiles: texts(get("profiles")),
        logging: logging(node),
        secrets: storage::secrets(get("secrets")),
        extra_hosts: get("extra_hosts")
            .map(|node| merge::host_items(node.clone()).iter().filter_map(text).collect())
            .unwrap_or_default(),
        provider: node.as_map().and_then(|map| map.entry("provider")).map(|entry| entry.key_span),
        deploy: get("deploy").cloned(),
        node: node.clone(),
    }
}

/// The raw text at a span, when it refers to variables.
fn template(span: crate::diag::Span, sources: &SourceMap) -> Option<String> {
    let raw = sources.slice(span);
    (raw.contains('$') && !interpolate::references(raw).is_empty()).then(|| raw.to_owned())
}

fn build(node: &Node, sources: &SourceMap) -> Build {
    Build {
        span: node.span,
        context: node.get("context").and_then(text),
        dockerfile: node.get("dockerfile").and_then(text),
        args: variables(node.get("args"), sources),
        node: node.clone(),
    }
}

fn variables(node: Option<&Node>, sources: &SourceMap) -> Vec<EnvVar> {
    node.and_then(Node::as_map)
        .into_iter()
        .flatten()
        .map(|entry| {
            let form = if keyvalue::is_list_item(entry) && entry.node.style != Style::Derived {
                EnvForm::List
            } else {
                EnvForm::Map
            };
            EnvVar {
                name: Spanned { value: entry.key.clone(), span: entry.key_span, used_at: entry.node.used_at },
                value: text(&entry.node),
                form,
                template: template(entry.node.span, sources),
            }
        })
        .collect()
}

fn environment(node: Option<&Node>, from_files: &[FileVariable], sources: &SourceMap) -> Vec<EnvVar> {
    let written = variables(node, sources);
    let own: HashSet<&str> = written.iter().map(|own| own.name.value.as_str()).collect();
    let mut all: Vec<EnvVar> = from_files
        .iter()
        .filter(|variable| !own.contains(variable.key.as_str()))
        .map(|variable| EnvVar {
            name: Spanned::new(variable.key.clone(), variable.asked_at),
            value: Some(Spanned::new(variable.value.clone(), variable.asked_at)),
            form: EnvForm::EnvFile(variable.file.clone()),
            template: None,
        })
        .collect();
    all.extend(written);
    all
}

fn env_files(node: Option<&Node>) -> Vec<(Spanned<String>, bool)> {
    node.and_then(Node::as_seq)
        .unwrap_or_default()
        .iter()
        .filter_map(|item| {
            let required = item.get("required").is_none_or(|node| node.value != Value::Bool(false));
            Some((item.get("path").and_then(text)?, required))
        })
        .collect()
}

fn command(node: &Node) -> Option<Command> {
    match &node.value {
        Value::Str(line) => {
            let words = shellwords::split(line).map(|split| split.words).unwrap_or_default();
            let words = words.into_iter().map(|word| at(node, word.text)).collect();
            Some(Command { words, span: node.span, from_string: true })
        }
        Value::Seq(_) => Some(Command { words: texts(Some(node)), span: node.span, from_string: false }),
        _ => None,
    }
}

fn logging(service: &Node) -> Option<Logging> {
    let entry = service.as_map()?.entry("logging")?;
    let map = entry.node.as_map()?;
    let options = map
        .get("options")
        .and_then(Node::as_map)
        .into_iter()
        .flatten()
        .filter_map(|option| Some((Spanned::new(option.key.clone(), option.key_span), text(&option.node)?)))
        .collect();
    Some(Logging { key: entry.key_span, driver: map.get("driver").and_then(text), options })
}
