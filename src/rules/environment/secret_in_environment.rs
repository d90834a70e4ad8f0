// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `secret-in-environment`: a secret written out in the compose file.
//!
//! Limits: values with variables in them, defaults, URLs, commands, labels and placeholders are other rules' matter; an
//! env file is the cure and not judged. No value is ever repeated in a message.

use super::super::{Context, FixSafety, Persona, Rule, RuleMeta};
use super::secret_shape::{KeyKind, key_kind};
use super::secret_value::is_secret;
use crate::compose::model::{EnvForm, EnvVar};
use crate::diag::{Diagnostic, Level};

pub(super) const RULE: Rule = Rule { meta: &META, check };

static META: RuleMeta = RuleMeta {
    name: "secret-in-environment",
    summary: "a secret is written out in the compose file",
    why: "A compose file is committed, copied into chats and shown on screens, and the secret goes along for as long \
          as the history of the repository lives. Whoever reads it once can use it.\n\n\
          Take it from the environment (`${NAME:?}` with the value in an `.env` that git ignores), or mount it as a \
          secret and name the file. A secret that was committed must be changed, not only removed.",
    bad: "services:\n  store:\n    image: postgres:18.6\n    environment:\n      POSTGRES_PASSWORD: correct-horse-battery\n",
    good: "services:\n  store:\n    image: postgres:18.6\n    environment:\n      POSTGRES_PASSWORD: ${POSTGRES_PASSWORD:?}\n",
    sections: &[10],
    level: Level::Error,
    persona: Persona::Default,
    since: "0.1.0",
    fix: FixSafety::None,
    needs: &[],
    absence: false,
};

fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for service in &context.project.services {
        for variable in &service.environment {
            let Some(value) = variable.value.as_ref().filter(|_| is_literal(context, variable)) else { continue };
            let name = &variable.name.value;
            let kind = key_kind(name);
            // `SECRET_NAME_FILE` and the like hold a path; a beginning that only keys have is a key all the same.
            if !is_secret(kind, &value.value) {
                continue;
            }
            let message = if kind == KeyKind::Ordinary {
                format!("`{name}` holds what looks like a key, written out in the file")
            } else {
                format!("the secret `{name}` is written out in the file")
            };
            let place = match variable.form {
                EnvForm::List => context.sources.sub_span(value.span, &value.value, 0..value.value.len()),
                _ => value.span,
            };
            findings.push(META.finding(place, format!("{}.environment.{name}", service.path()), message).hint(
                format!(
                    "move it to an `.env` that git ignores and write `${{{name}:?}}`, or mount it under `secrets`; \
                     change it if it was ever committed"
                ),
            ));
        }
    }
}

/// Whether the value stands in the compose file itself: not in an env file, not from a variable, not handed through.
fn is_literal(context: &Context<'_>, variable: &EnvVar) -> bool {
    let Some(value) = &variable.value else { return false };
    let written = |span| context.sources.slice(span).trim();
    let has_own_place = value.span != variable.name.span;
    let stands_there = match &variable.form {
        EnvForm::EnvFile(_) => false,
        EnvForm::List => has_own_place || written(variable.name.span).contains('='),
        EnvForm::Map => has_own_place && !matches!(written(value.span), "" | "~" | "null" | "Null" | "NULL"),
    };
    stands_there && variable.template.is_none()
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{diagnostics, holds, places, project};
    use super::super::super::{Context, Facts};
    use super::RULE;
    use crate::catalog::Catalog;
    use crate::compose::model::EnvForm;

    fn of(environment: &str) -> Vec<String> {
        places(&RULE, &format!("services: {{a: {{environment: {environment}}}}}"))
    }

    #[test]
    fn fixtures_and_examples() {
        holds(
            &RULE,
            include_str!("../../../fixtures/rules/secret-in-environment/fail.yml"),
            include_str!("../../../fixtures/rules/secret-in-environment/pass.yml"),
        );
    }

    #[test]
    fn both_forms_are_read() {
        assert_eq!(of("{DB_PASSWORD: hunter2}"), ["error: hunter2"]);
        assert_eq!(of("[DB_PASSWORD=hunter2, \"API_TOKEN=s3cr3t-t0ken\"]"), ["error: hunter2", "error: s3cr3t-t0ken"]);
        assert_eq!(of("{MQTT_PASSWORD: 123456}"), ["error: 123456"]);
    }

    #[test]
    fn the_value_is_never_repeated() {
        let (found, _) = diagnostics(&RULE, "services: {a: {environment: {DB_PASSWORD: hunter2}}}");
        assert!(!format!("{:?}", found[0]).contains("hunter2"));
    }

    #[test]
    fn variables_and_defaults_are_other_rules() {
        for value in ["${PW}", "${PW:?}", "${PW:-hunter2}", "prefix${PW}"] {
            assert_eq!(of(&format!("{{DB_PASSWORD: \"{value}\"}}")), [""; 0], "{value}");
        }
        assert_eq!(of("{DB_PASSWORD: 'pa$$word'}").len(), 1, "an escaped dollar is no variable");
    }

    #[test]
    fn urls_placeholders_and_files_are_other_rules() {
        assert!(
            of("{DATABASE_TOKEN: 'postgres://u:hunter2@db/x', API_KEY: your_key, DB_PASSWORD: changeme}").is_empty()
        );
        assert!(of("{DB_PASSWORD_FILE: /run/secrets/db, DB_PASSWORD: , API_KEY: 'sk-REPLACE'}").is_empty());
    }

    #[test]
    fn look_alikes_of_ai_stacks_pass() {
        let names = "{TOKENIZER_PATH: /models/tok, MAX_TOKENS: 4096, SECRET_NAME: foo, HOTKEY: ctrl, KEYBOARD: de, \
                     PUBLIC_KEY: abcdef0123456789abcdef, TOKEN_TTL: 3600, MAX_TOKEN: 9, ALLOW_EMPTY_PASSWORD: 'yes'}";
        assert!(of(names).is_empty());
    }

    #[test]
    fn what_is_handed_through_or_read_from_a_file_is_not_written_here() {
        let (mut project, sources) = project("services: {a: {environment: [DB_PASSWORD], env_file: x.env}}");
        let variable = &mut project.services[0].environment[0];
        variable.value = Some(crate::diag::Spanned::new("hunter2".to_owned(), variable.name.span));
        for form in [EnvForm::List, EnvForm::EnvFile("x.env".to_owned())] {
            project.services[0].environment[0].form = form;
            let mut found = Vec::new();
            let (catalog, facts) = (Catalog::default(), Facts {});
            (RULE.check)(
                &Context { project: &project, sources: &sources, catalog: &catalog, facts: &facts },
                &mut found,
            );
            assert!(found.is_empty());
        }
    }
}
