// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! From the test tree to the typed model: the forms that the tests of rules use, and no more.

use std::net::IpAddr;

use crate::compose::model::{
    Build, Command, EnvForm, EnvVar, HostAddress, Logging, Mount, MountAccess, MountKind, NetworkAttachment,
    NetworkMode, Port, PortRange, Project, Protocol, Resource, Service, VariableUse,
};
use crate::compose::{Entry, Node, Value};
use crate::diag::{FileId, SourceMap, Span, Spanned};

pub(super) fn build(tree: &Node, file: FileId, variables: Vec<VariableUse>, sources: &SourceMap) -> Project {
    let entries = |key: &str| tree.get(key).and_then(Node::as_map).into_iter().flatten();
    let resources = |key: &str| {
        entries(key)
            .map(|entry| Resource {
                name: Spanned::new(entry.key.clone(), entry.key_span),
                external: entry.node.get("external").is_some(),
                node: entry.node.clone(),
            })
            .collect::<Vec<_>>()
    };
    Project {
        name: "test".to_owned(),
        name_key: None,
        version_key: None,
        services_key: tree.as_map().and_then(|map| map.entry("services")).map(|entry| entry.key_span),
        files: vec![file],
        services: entries("services").map(|entry| service(entry, sources)).collect(),
        networks: resources("networks"),
        volumes: resources("volumes"),
        secrets: resources("secrets"),
        configs: resources("configs"),
        variables,
        comments: Vec::new(),
        tree: tree.clone(),
    }
}

/// The text that Compose makes of a scalar.
fn text(node: &Node) -> Option<Spanned<String>> {
    let value = match &node.value {
        Value::Str(text) => text.clone(),
        Value::Int(number) => number.to_string(),
        Value::Float(number) => number.to_string(),
        Value::Bool(truth) => truth.to_string(),
        _ => return None,
    };
    Some(Spanned { value, span: node.span, used_at: node.used_at })
}

fn template(node: &Node, sources: &SourceMap) -> Option<String> {
    let raw = sources.slice(node.span);
    raw.contains("${").then(|| raw.trim_matches(['"', '\'']).to_owned())
}

fn items(node: &Node) -> impl Iterator<Item = &Node> {
    node.as_seq().into_iter().flatten()
}

fn service(entry: &Entry, sources: &SourceMap) -> Service {
    let node = &entry.node;
    let get = |key: &str| node.get(key);
    let string = |key: &str| get(key).and_then(text);
    Service {
        name: Spanned::new(entry.key.clone(), entry.key_span),
        image: string("image"),
        image_template: get("image").and_then(|image| template(image, sources)),
        build: get("build").map(|build| Build {
            span: build.span,
            context: text(build),
            dockerfile: None,
            args: build.get("args").map(|args| variables(args, sources)).unwrap_or_default(),
            node: build.clone(),
        }),
        container_name: string("container_name"),
        command: get("command").map(command),
        entrypoint: get("entrypoint").map(command),
        healthcheck: None,
        depends_on: Vec::new(),
        environment: get("environment").map(|env| variables(env, sources)).unwrap_or_default(),
        labels: get("labels").map(|labels| variables(labels, sources)).unwrap_or_default(),
        env_files: Vec::new(),
        ports: get("ports").into_iter().flat_map(items).flat_map(ports).collect(),
        expose: get("expose").into_iter().flat_map(items).filter_map(text).collect(),
        mounts: mounts(node),
        networks: get("networks").map(networks),
        network_mode: string("network_mode").map(|mode| mode.map(|word| network_mode(&word))),
        restart: string("restart"),
        user: string("user"),
        privileged: get("privileged").map(|node| Spanned {
            value: node.value == Value::Bool(true),
            span: node.span,
            used_at: node.used_at,
        }),
        pull_policy: string("pull_policy"),
        profiles: get("profiles").into_iter().flat_map(items).filter_map(text).collect(),
        logging: node.as_map().and_then(|map| map.entry("logging")).map(logging),
        secrets: Vec::new(),
        extra_hosts: Vec::new(),
        provider: node.as_map().and_then(|map| map.entry("provider")).map(|entry| entry.key_span),
        deploy: get("deploy").cloned(),
        node: node.clone(),
    }
}

fn command(node: &Node) -> Command {
    let words = match &node.value {
        Value::Seq(items) => items.iter().filter_map(text).collect(),
        _ => {
            node.as_str().unwrap_or_default().split(' ').map(|word| Spanned::new(word.to_owned(), node.span)).collect()
        }
    };
    Command { words, span: node.span, from_string: node.as_seq().is_none() }
}

fn variables(node: &Node, sources: &SourceMap) -> Vec<EnvVar> {
    let in_map = node.as_map().into_iter().flatten().map(|entry| EnvVar {
        name: Spanned::new(entry.key.clone(), entry.key_span),
        value: text(&entry.node),
        form: EnvForm::Map,
        template: template(&entry.node, sources),
    });
    let in_list = items(node).map(|item| {
        let whole = text(item).expect("text");
        let (name, value) = match whole.value.split_once('=') {
            Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
            None => (whole.value.clone(), None),
        };
        EnvVar {
            name: Spanned::new(name, item.span),
            value: value.map(|value| Spanned::new(value, item.span)),
            form: EnvForm::List,
            template: template(item, sources),
        }
    });
    in_map.chain(in_list).collect()
}

fn ports(node: &Node) -> Vec<Port> {
    let number = |node: &Node| text(node).map(|text| text.value);
    let (written, protocol, host, published, target) = if node.as_map().is_some() {
        let part = |key: &str| node.get(key).and_then(number);
        (String::new(), part("protocol"), part("host_ip"), part("published"), part("target").unwrap_or_default())
    } else {
        let written = number(node).expect("port");
        let (rest, protocol) = match written.split_once('/') {
            Some((rest, protocol)) => (rest.to_owned(), Some(protocol.to_owned())),
            None => (written.clone(), None),
        };
        let parts: Vec<&str> = rest.rsplitn(3, ':').collect();
        let host = parts.get(2).map(|host| host.trim_matches(['[', ']']).to_owned());
        let (published, target) = (parts.get(1).map(ToString::to_string), parts[0].to_owned());
        (written, protocol, host, published, target)
    };
    let range = |text: &str| {
        let (first, last) = text.split_once('-').unwrap_or((text, text));
        PortRange { first: first.parse().unwrap_or(0), last: last.parse().unwrap_or(0) }
    };
    let host = host.map_or(HostAddress::Unspecified, |host| {
        let address: IpAddr = host.parse().expect("address");
        if address.is_unspecified() { HostAddress::Wildcard(address) } else { HostAddress::Address(address) }
    });
    let targets = range(&target);
    let published = published.map(|text| range(&text));
    let port = |target: u16, published| Port {
        span: node.span,
        used_at: node.used_at,
        target: Some(target),
        published,
        host,
        protocol: match protocol.as_deref() {
            None | Some("tcp") => Protocol::Tcp,
            Some("udp") => Protocol::Udp,
            Some(other) => Protocol::Other(other.to_owned()),
        },
    };
    match published {
        Some(range) if !written.is_empty() && targets.first != targets.last => (0..=targets.last - targets.first)
            .map(|step| {
                let at = range.first + step;
                port(targets.first + step, Some(PortRange { first: at, last: at }))
            })
            .collect(),
        _ => vec![port(targets.first, published)],
    }
}

fn mounts(service: &Node) -> Vec<Mount> {
    let tmpfs = service.get("tmpfs").into_iter().flat_map(items).map(|item| Mount {
        span: item.span,
        used_at: item.used_at,
        kind: MountKind::Tmpfs,
        source: None,
        target: text(item).expect("path"),
        access: MountAccess::Unstated,
        short_form: true,
    });
    service.get("volumes").into_iter().flat_map(items).map(mount).chain(tmpfs).collect()
}

fn mount(node: &Node) -> Mount {
    let (source, target, kind) = if node.as_map().is_some() {
        let kind = match node.get("type").and_then(Node::as_str) {
            Some("bind") => MountKind::Bind,
            Some("volume") => MountKind::Volume,
            Some("tmpfs") => MountKind::Tmpfs,
            _ => MountKind::Other,
        };
        (node.get("source").and_then(text), node.get("target").and_then(text).expect("target"), kind)
    } else {
        let whole = node.as_str().expect("mount");
        let at = |part: &str| Spanned { value: part.to_owned(), span: node.span, used_at: node.used_at };
        let is_drive = whole
            .split(':')
            .next()
            .is_some_and(|first| first.len() == 1 && first.starts_with(|c: char| c.is_ascii_alphabetic()));
        match whole.split_once(':') {
            Some((source, rest)) if !is_drive => {
                let kind = if source.starts_with(['/', '.', '~']) { MountKind::Bind } else { MountKind::Volume };
                (Some(at(source)), at(rest.split(':').next().unwrap_or_default()), kind)
            }
            _ => (None, at(whole), MountKind::Volume),
        }
    };
    let short_form = node.as_map().is_none();
    Mount { span: node.span, used_at: node.used_at, kind, source, target, access: MountAccess::Unstated, short_form }
}

fn networks(node: &Node) -> Vec<NetworkAttachment> {
    let in_map = node.as_map().into_iter().flatten().map(|entry| Spanned::new(entry.key.clone(), entry.key_span));
    in_map
        .chain(items(node).filter_map(text))
        .map(|network| NetworkAttachment { network, aliases: Vec::new() })
        .collect()
}

fn network_mode(word: &str) -> NetworkMode {
    match word.split_once(':') {
        Some(("service", name)) => NetworkMode::Service(name.to_owned()),
        Some(("container", name)) => NetworkMode::Container(name.to_owned()),
        _ if word == "host" => NetworkMode::Host,
        _ if word == "none" => NetworkMode::None,
        _ => NetworkMode::Other(word.to_owned()),
    }
}

fn logging(entry: &Entry) -> Logging {
    let options = entry.node.get("options").and_then(Node::as_map).into_iter().flatten();
    let place = |span: Span, text: &str| Spanned::new(text.to_owned(), span);
    Logging {
        key: entry.key_span,
        driver: entry.node.get("driver").and_then(text),
        options: options
            .filter_map(|option| Some((place(option.key_span, &option.key), text(&option.node)?)))
            .collect(),
    }
}
