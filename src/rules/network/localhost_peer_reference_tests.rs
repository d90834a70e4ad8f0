// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Which addresses are a peer's, which are not, and where the finding points.

use super::super::super::testing::{diagnostics, holds, places};
use super::RULE;
use crate::diag::Applicability;

/// The findings for service `a` beside `ollama`, which listens on 11434.
fn of(service: &str) -> Vec<String> {
    let yaml = format!("services:\n  a: {{{service}}}\n  ollama: {{ports: ['127.0.0.1:8080:11434']}}\n");
    places(&RULE, &yaml)
}

#[test]
fn fixtures_and_examples() {
    holds(
        &RULE,
        include_str!("../../../fixtures/rules/localhost-peer-reference/fail.yml"),
        include_str!("../../../fixtures/rules/localhost-peer-reference/pass.yml"),
    );
}

#[test]
fn environment_command_and_entrypoint_are_read() {
    assert_eq!(of("environment: {URL: 'http://localhost:11434/v1'}"), ["warning: localhost:11434"]);
    assert_eq!(of("environment: [\"URL=http://127.0.0.1:11434\"]"), ["warning: 127.0.0.1:11434"]);
    assert_eq!(of("command: [run, --ollama, 'http://[::1]:11434']"), ["warning: [::1]:11434"]);
    assert_eq!(of("command: [--ollama=localhost:11434]"), ["warning: localhost:11434"]);
    assert_eq!(of("entrypoint: [sh, -c, 'wait-for localhost:11434 && run']"), ["warning: localhost:11434"]);
}

#[test]
fn a_default_is_judged_as_it_resolves() {
    let yaml = "services:\n  a:\n    environment:\n      U: ${U:-ws://localhost:8181}\n  bus:\n    expose: [8181]\n";
    assert_eq!(places(&RULE, yaml), ["warning: localhost:8181"]);
}

#[test]
fn health_checks_and_labels_are_not_read() {
    assert!(of("healthcheck: {test: [CMD, curl, 'http://localhost:11434']}").is_empty());
    assert!(of("labels: {url: 'http://localhost:11434'}").is_empty());
}

#[test]
fn the_published_side_and_unowned_ports_are_no_peers() {
    assert!(of("environment: {URL: 'http://localhost:8080'}").is_empty());
    assert!(of("environment: {URL: 'http://localhost:9999'}").is_empty());
}

#[test]
fn a_page_built_here_calls_from_the_browser() {
    let of = |name: &str, more: &str| {
        let environment = "environment: {SOCKET_URL: 'ws://localhost:8000/ws'}";
        let yaml = format!("services:\n  {name}: {{{more}, {environment}}}\n  api: {{ports: ['8000:8000']}}\n");
        places(&RULE, &yaml)
    };
    assert!(of("frontend", "build: .").is_empty());
    assert_eq!(of("open-webui", "image: x").len(), 1);
    assert_eq!(of("worker", "build: .").len(), 1);
}

#[test]
fn an_own_port_is_right_on_loopback() {
    assert!(of("expose: [11434], environment: {URL: 'http://localhost:11434'}").is_empty());
}

#[test]
fn other_networks_are_left_alone() {
    assert!(of("network_mode: host, environment: {URL: 'http://localhost:11434'}").is_empty());
    assert!(of("network_mode: 'service:ollama', environment: {URL: 'http://localhost:11434'}").is_empty());
}

#[test]
fn a_service_that_shares_this_network_is_near() {
    let yaml = "services: {vpn: {environment: {URL: 'http://localhost:80'}}, web: {network_mode: 'service:vpn', expose: [80]}}";
    assert!(places(&RULE, yaml).is_empty());
}

#[test]
fn settings_to_listen_on_are_not_calls() {
    for name in ["HOST", "SERVER_HOST", "API_BIND", "LISTEN", "LISTEN_ADDRESS"] {
        assert_eq!(of(&format!("environment: {{{name}: '127.0.0.1:11434'}}")), [""; 0], "{name}");
    }
    let named = "services: {llm: {image: 'ollama/ollama:0.35.1', environment: {OLLAMA_HOST: '127.0.0.1:11434'}}, \
                 b: {expose: [11434]}}";
    assert!(places(&RULE, named).is_empty());
    assert!(of("environment: {OLLAMA_HOST: 127.0.0.1}").is_empty());
    assert!(of("command: [serve, --host, '127.0.0.1:11434', -l, 'localhost:11434']").is_empty());
    assert!(of("command: ['--web.listen-address=localhost:11434']").is_empty());
}

#[test]
fn a_host_setting_of_a_client_is_a_call() {
    assert_eq!(of("environment: {OLLAMA_HOST: 'http://localhost:11434'}").len(), 1);
    assert_eq!(of("environment: {OLLAMA_HOST: 'localhost:11434'}").len(), 1);
    assert_eq!(of("environment: {LLM_HOST: localhost, LLM_PORT: 11434}"), ["warning: localhost"]);
    assert!(of("environment: {SERVER_HOST: localhost, SERVER_PORT: 11434}").is_empty());
}

#[test]
fn addresses_for_browsers_are_not_calls() {
    for name in ["CORS_ORIGINS", "OLLAMA_ORIGINS", "PUBLIC_URL", "EXTERNAL_HOST", "OAUTH_REDIRECT_URI", "NO_PROXY"] {
        assert_eq!(of(&format!("environment: {{{name}: 'http://localhost:11434'}}")), [""; 0], "{name}");
    }
}

#[test]
fn the_fix_names_the_only_owner_and_is_unsafe() {
    let yaml = "services: {a: {environment: {U: 'http://localhost:11434'}}, ollama: {expose: [11434]}}";
    let (found, sources) = diagnostics(&RULE, yaml);
    let fix = found[0].fix.as_ref().filter(|fix| fix.applicability == Applicability::Unsafe);
    let edit = fix.map(|fix| (sources.slice(fix.edits[0].span), fix.edits[0].text.as_str()));
    assert_eq!(edit, Some(("localhost", "ollama")));
    let two = "services: {a: {environment: {U: 'localhost:80'}}, b: {expose: [80]}, c: {expose: [80]}}";
    assert!(diagnostics(&RULE, two).0[0].fix.is_none());
}

#[test]
fn credentials_of_a_url_are_not_repeated() {
    let yaml = "services: {a: {environment: {U: 'redis://u:hunter2@localhost:6379'}}, r: {expose: [6379]}}";
    let (found, _) = diagnostics(&RULE, yaml);
    assert!(!format!("{:?}", found[0]).contains("hunter2"));
}
