// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `docker-socket-mount`: a container that can command the container engine.

use super::super::{Context, FixSafety, Persona, Rule, RuleMeta, sub_token};
use super::socket_path::{Reach, reach};
use crate::compose::model::{Mount, MountKind, Service};
use crate::compose::{Node, Value};
use crate::diag::{Diagnostic, Level, Spanned};

pub(super) const RULE: Rule = Rule { meta: &META, check };

static META: RuleMeta = RuleMeta {
    name: "docker-socket-mount",
    summary: "a service mounts the socket of the container engine, or a folder above it",
    why: "Whoever can write to the engine's socket can start a privileged container, and so is root on the host. A \
          mount with `:ro` changes nothing: a socket is spoken to, not written as a file.\n\n\
          Mounting a parent folder (`/run`, `/var/run`, `/`) brings the socket along.",
    bad: "services:\n  proxy:\n    image: traefik:v3.7.11\n    volumes:\n      - /var/run/docker.sock:/var/run/docker.sock:ro\n",
    good: "services:\n  proxy:\n    image: traefik:v3.7.11\n    volumes:\n      - ./traefik.yml:/etc/traefik/traefik.yml:ro\n",
    sections: &[15],
    level: Level::Error,
    persona: Persona::Default,
    since: "0.1.0",
    fix: FixSafety::None,
    needs: &[],
    absence: false,
};

fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for service in context.project.services.iter().filter(|service| service.has_container()) {
        findings.extend(service.mounts.iter().filter_map(|mount| judge(context, service, mount)));
        if let Some(node) = service.node.get("use_api_socket").filter(|node| node.value == Value::Bool(true)) {
            // Compose 2.38 and later mount the engine's socket for this key.
            let message = format!("service `{}` is given the engine's socket", service.name.value);
            findings.push(finish(META.finding(node.span, format!("{}.use_api_socket", service.path()), message)));
        }
    }
}

fn judge(context: &Context<'_>, service: &Service, mount: &Mount) -> Option<Diagnostic> {
    let source = mount.source.as_ref()?;
    let device = if mount.kind == MountKind::Volume { bound_device(context, source) } else { None };
    let path = device.and_then(Node::as_str).unwrap_or(&source.value);
    if mount.kind == MountKind::Volume && device.is_none() {
        return None;
    }
    let message = match reach(path)? {
        Reach::Socket => format!("service `{}` can command the container engine through `{path}`", service.name.value),
        Reach::Folder => format!("`{path}` brings the engine's socket into service `{}`", service.name.value),
    };
    let place = sub_token::leading(context.sources, source.span, &source.value);
    let mut finding = META.finding(place, format!("{}.volumes.{}", service.path(), mount.target.value), message);
    if let Some(device) = device {
        finding = finding.related(device.span, format!("volume `{}` is bound to it here", source.value));
    }
    Some(finish(finding))
}

/// The host path that a named volume of the local driver is bound to.
fn bound_device<'a>(context: &Context<'a>, source: &Spanned<String>) -> Option<&'a Node> {
    let volume = context.project.volumes.iter().find(|volume| volume.name.value == source.value)?;
    volume.node.at(&["driver_opts", "device"])
}

fn finish(finding: Diagnostic) -> Diagnostic {
    finding
        .hint("remove the mount; where a tool must see containers, put a proxy that filters the API before the socket")
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{diagnostics, holds, places};
    use super::RULE;

    #[test]
    fn fixtures_and_examples() {
        holds(
            &RULE,
            include_str!("../../../fixtures/rules/docker-socket-mount/fail.yml"),
            include_str!("../../../fixtures/rules/docker-socket-mount/pass.yml"),
        );
    }

    #[test]
    fn the_source_of_the_mount_is_the_place() {
        let yaml = "services: {a: {volumes: ['/var/run/docker.sock:/var/run/docker.sock:ro', '/run:/host/run']}}";
        assert_eq!(places(&RULE, yaml), ["error: /var/run/docker.sock", "error: /run"]);
    }

    #[test]
    fn the_long_form_and_defaults_are_read() {
        let yaml = "services:\n  a:\n    volumes:\n      - {type: bind, source: /run/podman/podman.sock, target: /s}\n  \
                    b:\n    volumes:\n      - ${SOCK:-/var/run/docker.sock}:/s\n";
        assert_eq!(places(&RULE, yaml), ["error: /run/podman/podman.sock", "error: ${SOCK:-/var/run/docker.sock}:/s"],);
    }

    #[test]
    fn a_named_volume_bound_to_the_folder_counts() {
        let yaml = "services: {a: {volumes: ['host:/h']}}\nvolumes: {host: {driver_opts: {type: none, o: bind, device: /run}}}";
        let (found, sources) = diagnostics(&RULE, yaml);
        assert_eq!(sources.slice(found[0].primary.span), "host");
        assert_eq!(sources.slice(found[0].related[0].span), "/run");
    }

    #[test]
    fn the_api_socket_key_counts() {
        assert_eq!(places(&RULE, "services: {a: {use_api_socket: true}, b: {use_api_socket: false}}"), ["error: true"]);
    }
}
