// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `volume-anonymous`: a volume without a name.

use super::super::{Context, FixSafety, Persona, Rule, RuleMeta};
use crate::compose::model::{Mount, MountKind, Service};
use crate::diag::{Diagnostic, Level};

pub(super) const RULE: Rule = Rule { meta: &META, check };

static META: RuleMeta = RuleMeta {
    name: "volume-anonymous",
    summary: "a volume has no name",
    why: "The engine gives a volume without a name a random one. `down` and a new `up` start with an empty volume, the \
          old data stays behind under a name that nobody knows, and no backup can be told which one to take.\n\n\
          A nameless volume below a bind mount of the same service only hides a folder; that is advice, not a warning.",
    bad: "services:\n  model:\n    image: ollama/ollama:0.35.1\n    volumes:\n      - /root/.ollama\n",
    good: "services:\n  model:\n    image: ollama/ollama:0.35.1\n    volumes:\n      - models:/root/.ollama\n\
           volumes:\n  models:\n",
    sections: &[20],
    level: Level::Warning,
    persona: Persona::Default,
    since: "0.1.0",
    fix: FixSafety::None,
    needs: &[],
    absence: false,
};

fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for service in context.project.services.iter().filter(|service| service.has_container()) {
        for mount in &service.mounts {
            let has_name = mount.source.as_ref().is_some_and(|source| !source.value.is_empty());
            if mount.kind == MountKind::Volume && !has_name && !is_left_open(context, mount) {
                findings.push(finding(service, mount));
            }
        }
    }
}

/// Whether the name comes from a variable that is not set: `unset-variable` speaks of that.
fn is_left_open(context: &Context<'_>, mount: &Mount) -> bool {
    let place = mount.source.as_ref().map_or(mount.span, |source| source.span);
    context.sources.slice(place).trim_start_matches(['"', '\'']).starts_with('$')
}

fn finding(service: &Service, mount: &Mount) -> Diagnostic {
    let target = &mount.target.value;
    let subject = format!("{}.volumes.{target}", service.path());
    let mut finding = META.finding(mount.span, subject, format!("the volume at `{target}` has no name"));
    if let Some((letter, path)) = drive(target) {
        // Compose 2.40: a name of one letter is taken for a drive of Windows.
        return finding
            .note(format!("Compose reads `{letter}:` as a drive, so the whole entry is the path in the container"))
            .hint(format!("give the volume a name of two letters or more, as in `{letter}_data:{path}`"));
    }
    if service.mounts.iter().any(|other| other.kind == MountKind::Bind && is_below(target, &other.target.value)) {
        finding.level = Level::Info;
        return finding.hint("keep it if it only hides a folder of the bind mount above it; name it if it holds data");
    }
    finding.hint(format!("name it (`data:{target}`) and declare the name under the top-level `volumes`"))
}

fn drive(target: &str) -> Option<(char, &str)> {
    let mut letters = target.chars();
    let letter = letters.next().filter(char::is_ascii_alphabetic)?;
    letters.as_str().strip_prefix(':').filter(|path| path.starts_with('/')).map(|path| (letter, path))
}

fn is_below(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder.trim_end_matches('/')).is_some_and(|rest| rest.starts_with('/') && rest.len() > 1)
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{diagnostics, holds, places};
    use super::RULE;

    #[test]
    fn fixtures_and_examples() {
        holds(
            &RULE,
            include_str!("../../../fixtures/rules/volume-anonymous/fail.yml"),
            include_str!("../../../fixtures/rules/volume-anonymous/pass.yml"),
        );
    }

    #[test]
    fn both_forms_are_found_at_the_entry() {
        let yaml = "services: {a: {volumes: [/data, {type: volume, target: /x}]}}";
        assert_eq!(places(&RULE, yaml), ["warning: /data", "warning: {type: volume, target: /x}"]);
    }

    #[test]
    fn memory_and_binds_are_no_volumes() {
        let yaml = "services: {a: {tmpfs: [/tmp], volumes: ['./a:/a', {type: tmpfs, target: /x}, 'data:/d']}}";
        assert!(places(&RULE, yaml).is_empty());
    }

    #[test]
    fn an_unset_variable_for_the_name_is_left_to_its_own_rule() {
        let yaml = "services: {a: {volumes: [\"${DATA}:/data\", {type: volume, source: \"${DATA}\", target: /x}]}}";
        assert!(places(&RULE, yaml).is_empty());
    }

    #[test]
    fn a_one_letter_name_is_explained() {
        let (found, _) = diagnostics(&RULE, "services: {a: {volumes: ['v:/v']}}");
        assert_eq!(found[0].hint.as_deref(), Some("give the volume a name of two letters or more, as in `v_data:/v`"));
        assert_eq!(found[0].notes.len(), 1);
    }

    #[test]
    fn a_mask_below_a_bind_mount_is_advice() {
        let yaml = "services: {a: {volumes: ['./app:/app', /app/node_modules, /application]}}";
        assert_eq!(places(&RULE, yaml), ["info: /app/node_modules", "warning: /application"]);
    }
}
