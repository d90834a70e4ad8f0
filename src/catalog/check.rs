// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What the types cannot say about `service.yaml`: each fault that `build.rs` refuses, and the list that is embedded.
//!
//! Limits: facts are not verified against a registry or an image.

use super::data::{KnownHealthcheck, KnownProbe, KnownService, SCHEMA, ServiceFile, Speech, Transport};
use super::failure::KnownFailure;
use super::image::{ImageRef, is_digest};
use super::tag::{TagShape, WHOLE_VERSION_PARTS};

/// Checks the files (each with its folder's name) and returns their kinds in order of folder and place.
///
/// # Errors
/// All faults, each with the folder and kind it belongs to.
pub(super) fn collect(files: Vec<(String, ServiceFile)>) -> Result<Vec<KnownService>, Vec<String>> {
    let mut faults = Vec::new();
    let mut known: Vec<KnownService> = Vec::new();
    for (folder, file) in files {
        check_file(&folder, &file, &mut faults);
        for mut kind in file.kinds {
            let place = format!("{folder}/{}", kind.kind);
            check_kind(&place, &kind, &mut faults);
            for other in &known {
                for image in kind.images.iter().filter(|image| other.images.contains(image)) {
                    faults.push(format!("{place}: image `{image}` is claimed by {}/{} too", other.service, other.kind));
                }
            }
            kind.service.clone_from(&file.service);
            kind.names.clone_from(&file.names);
            known.push(kind);
        }
    }
    if faults.is_empty() { Ok(known) } else { Err(faults) }
}

fn check_file(folder: &str, file: &ServiceFile, faults: &mut Vec<String>) {
    if file.schema != SCHEMA {
        faults.push(format!("{folder}: `schema` must be `{SCHEMA}`, not `{}`", file.schema));
    }
    if file.service != folder {
        faults.push(format!("{folder}: `service` must be the folder's name, not `{}`", file.service));
    }
    if file.kinds.is_empty() {
        faults.push(format!("{folder}: `kinds` is empty"));
    }
}

fn check_kind(place: &str, kind: &KnownService, faults: &mut Vec<String>) {
    if !kind.service.is_empty() || !kind.names.is_empty() {
        faults.push(format!("{place}: `service` and `names` belong to the file, not to a kind"));
    }
    if kind.images.is_empty() {
        faults.push(format!("{place}: `images` is empty"));
    }
    for image in &kind.images {
        check_pattern(place, image, faults);
    }
    let parts = kind.tags.version_parts.unwrap_or(WHOLE_VERSION_PARTS);
    for seen in &kind.tags.seen {
        if seen.digest.is_none() && !TagShape::of_with(&seen.tag, parts).is_pinned() {
            faults.push(format!("{place}: tag `{}` is no pin", seen.tag));
        }
        if let Some(digest) = seen.digest.as_deref().filter(|digest| !is_digest(digest)) {
            faults.push(format!("{place}: `{digest}` is no digest"));
        }
    }
    for tool in kind.tools.has.iter().filter(|tool| kind.tools.lacks.contains(tool)) {
        faults.push(format!("{place}: tool `{tool}` is said to be present and missing"));
    }
    if let Some(check) = &kind.healthcheck {
        check_health(place, kind, check, faults);
    }
    for probe in &kind.probes {
        check_probe(place, kind, probe, faults);
    }
    for data in kind.data.iter().filter(|data| !data.path.starts_with('/')) {
        faults.push(format!("{place}: data path `{}` is not absolute", data.path));
    }
    let mut codes: Vec<&str> = kind.failures.iter().map(|failure| failure.code.as_str()).collect();
    codes.sort_unstable();
    for pair in codes.windows(2).filter(|pair| pair[0] == pair[1]) {
        faults.push(format!("{place}: failure `{}` is there twice", pair[0]));
    }
    for failure in &kind.failures {
        check_failure(place, failure, faults);
    }
    for port in kind.ports.iter().filter(|port| port.port == 0) {
        faults.push(format!("{place}: port {} cannot be listened on", port.port));
    }
}

/// What gives a failure away must be able to, and rarely by chance.
fn check_failure(place: &str, failure: &KnownFailure, faults: &mut Vec<String>) {
    let code = &failure.code;
    if code.is_empty() || !code.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_') {
        faults.push(format!("{place}: failure `{code}` is not named in snake_case"));
    }
    if let Some(words) = failure.log.iter().find(|words| words.trim().len() < 6) {
        faults.push(format!("{place}: failure `{code}`: `{words}` is too short to tell anything"));
    }
    let when = &failure.when;
    if let Some(mount) = when.mount.as_ref().filter(|mount| !mount.target.starts_with('/')) {
        faults.push(format!("{place}: failure `{code}`: mount `{}` is not absolute", mount.target));
    }
    if when.environment.as_ref().is_some_and(|variable| variable.name.is_empty() || variable.name.contains('=')) {
        faults.push(format!("{place}: failure `{code}`: the variable has no name"));
    }
    if when.exit_code == Some(0) {
        faults.push(format!("{place}: failure `{code}`: exit code 0 is no failure"));
    }
}

/// A pattern is a complete repository, so that one spelling of an image matches every other.
fn check_pattern(place: &str, pattern: &str, faults: &mut Vec<String>) {
    let example = pattern.replace('*', "x");
    let stars_are_good = !pattern.trim_end_matches('*').contains('*') && !pattern.ends_with("**");
    let is_complete = ImageRef::parse(&example).is_ok_and(|image| image.repository() == example);
    if !stars_are_good || !is_complete {
        faults.push(format!("{place}: image `{pattern}` is no complete repository such as `docker.io/library/redis`"));
    }
}

fn check_health(place: &str, kind: &KnownService, check: &KnownHealthcheck, faults: &mut Vec<String>) {
    let [form, program, ..] = check.test.as_slice() else {
        faults.push(format!("{place}: `healthcheck.test` needs `CMD` and a program"));
        return;
    };
    if form != "CMD" {
        faults.push(format!("{place}: `healthcheck.test` must be in exec form"));
    }
    if !kind.tools.has.contains(program) {
        faults.push(format!("{place}: health check program `{program}` is not in `tools.has`"));
    }
    if check.retries == 0 || check.interval.seconds() == 0 || check.timeout.seconds() == 0 {
        faults.push(format!("{place}: interval, timeout and retries of the health check must not be zero"));
    }
}

/// A probe asks a port that the kind has, and says nothing that its protocol has no place for.
fn check_probe(place: &str, kind: &KnownService, probe: &KnownProbe, faults: &mut Vec<String>) {
    let mut fault = |words: &str| faults.push(format!("{place}: the probe of port {}: {words}", probe.port));
    if !kind.ports.iter().any(|port| port.port == probe.port && port.transport == Transport::Tcp) {
        fault("`ports` lacks it");
    }
    if probe.path.is_some() && !matches!(probe.speaks, Speech::Http | Speech::Websocket) {
        fault("only `http` and `websocket` have a `path`");
    }
    if probe.path.as_deref().is_some_and(|path| !path.starts_with('/') || path.contains(char::is_whitespace)) {
        fault("`path` must begin with `/` and hold no blanks");
    }
    if probe.status.is_some() && probe.speaks != Speech::Http {
        fault("only `http` has a `status`");
    }
    if probe.status.is_some_and(|status| !(100..600).contains(&status)) {
        fault("`status` is a number from 100 to 599");
    }
    if probe.greeting.is_some() && probe.speaks != Speech::Websocket {
        fault("only `websocket` has a `greeting`");
    }
}
