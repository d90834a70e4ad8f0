// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Which published ports clash, and where the finding points.

use super::super::super::testing::{diagnostics, holds, places};
use super::RULE;

/// The places found when services `a`, `b`, … publish one entry each.
fn clash(entries: &[&str]) -> Vec<String> {
    let services: Vec<String> =
        ('a'..).zip(entries).map(|(name, entry)| format!("  {name}:\n    ports:\n      - {entry}\n")).collect();
    places(&RULE, &format!("services:\n{}", services.concat()))
}

#[test]
fn fixtures_and_examples() {
    holds(
        &RULE,
        include_str!("../../../fixtures/rules/port-conflict/fail.yml"),
        include_str!("../../../fixtures/rules/port-conflict/pass.yml"),
    );
}

#[test]
fn the_later_entry_is_the_place_and_the_earlier_is_related() {
    let yaml = "services: {b: {ports: ['8080:80']}, a: {ports: ['8080:81']}}";
    let (found, sources) = diagnostics(&RULE, yaml);
    assert_eq!(found.len(), 1);
    assert_eq!(sources.slice(found[0].primary.span), "'8080:81'");
    assert_eq!(sources.slice(found[0].related[0].span), "'8080:80'");
}

#[test]
fn a_wildcard_takes_every_address_of_its_family() {
    assert_eq!(clash(&["'8080:80'", "'127.0.0.1:8080:80'"]).len(), 1);
    assert_eq!(clash(&["'0.0.0.0:8080:80'", "'127.0.0.1:8080:80'"]).len(), 1);
    assert_eq!(clash(&["'[::]:8080:80'", "'[::1]:8080:80'"]).len(), 1);
    assert_eq!(clash(&["'8080:80'", "'[::1]:8080:80'"]).len(), 1);
}

#[test]
fn addresses_families_and_protocols_live_together() {
    assert!(clash(&["'127.0.0.1:8080:80'", "'127.0.0.2:8080:80'"]).is_empty());
    assert!(clash(&["'127.0.0.1:8080:80'", "'192.168.1.5:8080:80'"]).is_empty());
    assert!(clash(&["'127.0.0.1:8080:80'", "'[::1]:8080:80'"]).is_empty());
    assert!(clash(&["'0.0.0.0:8080:80'", "'[::]:8080:80'"]).is_empty());
    assert!(clash(&["'8555:8555/tcp'", "'8555:8555/udp'"]).is_empty());
}

#[test]
fn a_port_inside_a_range_clashes_once() {
    assert_eq!(clash(&["'8000-8010:8000-8010'", "'8005:80'"]), ["error: '8005:80'"]);
    assert_eq!(clash(&["'8005:80'", "'8000-8010:8000-8010'"]), ["error: '8000-8010:8000-8010'"]);
    assert_eq!(clash(&["'8000-8010:8000-8010'", "'8005-8020:5-20'"]), ["error: '8005-8020:5-20'"]);
}

#[test]
fn a_range_to_pick_from_is_advice() {
    assert_eq!(clash(&["'8000-8010:80'", "'8005:80'"]), ["info: '8005:80'"]);
}

#[test]
fn ports_that_the_engine_picks_never_clash() {
    assert!(clash(&["8080", "'8080:80'", "8080", "'0:80'", "'0:81'"]).is_empty());
}

#[test]
fn services_of_different_profiles_are_advice() {
    let yaml = "services: {a: {profiles: [x], ports: ['80:1']}, b: {profiles: [y], ports: ['80:2']}, \
                c: {profiles: [x, z], ports: ['81:1']}, d: {profiles: [z], ports: ['81:2']}, \
                e: {profiles: [x], ports: ['82:1']}, f: {ports: ['82:2']}}";
    assert_eq!(places(&RULE, yaml), ["info: '80:2'", "error: '81:2'", "error: '82:2'"]);
}

#[test]
fn one_service_can_clash_with_itself() {
    let (found, _) = diagnostics(&RULE, "services: {a: {ports: ['80:1', '80:2']}}");
    assert_eq!(found[0].message, "service `a` publishes port 80 of the host twice");
}

#[test]
fn ports_without_effect_do_not_clash() {
    let yaml = "services: {a: {ports: ['80:1']}, b: {network_mode: host, ports: ['80:2']}}";
    assert!(places(&RULE, yaml).is_empty());
}

#[test]
fn an_entry_shared_through_an_anchor_points_at_its_users() {
    let yaml = "services:\n  a:\n    ports:\n      - &p 80:80\n  b:\n    ports:\n      - *p\n";
    assert_eq!(places(&RULE, yaml), ["error: *p"]);
    let list = "x-p: &p [80:80]\nservices:\n  a: {ports: *p}\n  b:\n    ports: *p\n";
    assert_eq!(places(&RULE, list), ["error: *p"]);
}

#[test]
fn three_on_one_port_are_two_findings() {
    assert_eq!(clash(&["'80:1'", "'80:2'", "'80:3'"]), ["error: '80:2'", "error: '80:3'"]);
}
