// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `env-value-mangled`: a value that YAML reads as a number or a truth value, and Compose sends in another spelling.

use super::super::{Context, FixSafety, Persona, Rule, RuleMeta};
use super::secret_shape::{KeyKind, key_kind};
use crate::compose::model::{EnvForm, EnvVar};
use crate::diag::{Applicability, Diagnostic, Edit, Fix, Level};

pub(super) const RULE: Rule = Rule { meta: &META, check };

static META: RuleMeta = RuleMeta {
    name: "env-value-mangled",
    summary: "a value without quotes reaches the container changed",
    why: "In the map form, YAML reads `1.10` as a number, `0123` as an octal one and `True` as a truth value, and \
          Compose sends `1.1`, `83` and `true`. A version, a code or a zip code is silently another one.\n\n\
          It concerns `environment`, `labels` and build arguments; the list form (`- KEY=1.10`) keeps its text.",
    bad: "services:\n  xtts:\n    image: registry.local/xtts:1.2.3\n    environment:\n      XTTS_VERSION: 1.10\n",
    good: "services:\n  xtts:\n    image: registry.local/xtts:1.2.3\n    environment:\n      XTTS_VERSION: \"1.10\"\n",
    sections: &[2],
    level: Level::Warning,
    persona: Persona::Default,
    since: "0.1.0",
    fix: FixSafety::Safe,
    needs: &[],
    absence: false,
};

fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for service in &context.project.services {
        let arguments = service.build.as_ref().map(|build| build.args.as_slice()).unwrap_or_default();
        let groups =
            [("environment", service.environment.as_slice()), ("labels", &service.labels), ("build.args", arguments)];
        for (key, variables) in groups {
            let subject = |variable: &EnvVar| format!("{}.{key}.{}", service.path(), variable.name.value);
            findings.extend(variables.iter().filter_map(|variable| judge(context, variable, &subject)));
        }
    }
}

fn judge(context: &Context<'_>, variable: &EnvVar, subject: &dyn Fn(&EnvVar) -> String) -> Option<Diagnostic> {
    let value = variable.value.as_ref().filter(|_| variable.form == EnvForm::Map && variable.template.is_none())?;
    let written = context.sources.slice(value.span);
    if written == value.value || !is_typed(written) {
        return None;
    }
    let name = &variable.name.value;
    let message = if key_kind(name) == KeyKind::Ordinary {
        format!("`{name}` is written `{written}`, but the container receives `{}`", value.value)
    } else {
        format!("`{name}` reaches the container in another spelling than it is written in")
    };
    let fix = Fix {
        title: "quote the text as it is written".to_owned(),
        edits: vec![Edit { span: value.span, text: format!("\"{written}\"") }],
        applicability: Applicability::Safe,
    };
    Some(META.finding(value.span, subject(variable), message).hint("quote the value").fix(fix))
}

/// Whether a text without quotes is one that YAML may read as a number or a truth value. Quoted and block scalars,
/// texts of several lines and `$$` differ from their value too, and mean it.
fn is_typed(written: &str) -> bool {
    let is_truth = written.eq_ignore_ascii_case("true") || written.eq_ignore_ascii_case("false");
    let is_number = written.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c))
        && written.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-._".contains(&byte));
    is_truth || is_number
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{diagnostics, holds, places};
    use super::RULE;

    #[test]
    fn fixtures_and_examples() {
        holds(
            &RULE,
            include_str!("../../../fixtures/rules/env-value-mangled/fail.yml"),
            include_str!("../../../fixtures/rules/env-value-mangled/pass.yml"),
        );
    }

    #[test]
    fn both_spellings_are_shown_and_the_fix_quotes_the_text() {
        for (written, sent) in
            [("1.10", "1.1"), ("0123", "83"), ("1_000", "1000"), ("0x1F", "31"), ("1e3", "1000"), ("True", "true")]
        {
            let (found, sources) = diagnostics(&RULE, &format!("services: {{a: {{environment: {{V: {written}}}}}}}"));
            assert_eq!(found.len(), 1, "{written}");
            assert_eq!(found[0].message, format!("`V` is written `{written}`, but the container receives `{sent}`"));
            let edit = found[0].fix.as_ref().map(|fix| (sources.slice(fix.edits[0].span), fix.edits[0].text.clone()));
            assert_eq!(edit, Some((written, format!("\"{written}\""))));
        }
    }

    #[test]
    fn labels_and_build_arguments_count() {
        let yaml = "services: {a: {labels: {v: 1.10}, build: {args: {V: 010}}}}";
        assert_eq!(places(&RULE, yaml), ["warning: 1.10", "warning: 010"]);
    }

    #[test]
    fn values_that_keep_their_spelling_pass() {
        let yaml = "services: {a: {environment: {A: 900, B: yes, C: on, D: '1.10', E: \"0123\", F: 22:22, G: true, H: , \
                    I: 1.2.3, J: 0.5, K: \"a\\tb\", L: 'it''s', M: plain}, labels: {n: null}}}";
        assert!(places(&RULE, yaml).is_empty());
    }

    #[test]
    fn the_list_form_keeps_its_text() {
        assert!(places(&RULE, "services: {a: {environment: [V=1.10, W=True]}}").is_empty());
    }

    #[test]
    fn variables_and_folded_text_are_not_mangled() {
        let yaml = "services:\n  a:\n    environment:\n      A: ${V:-1.10}\n      B: two\n        lines\n      C: |\n        1.10\n      D: \"$$1\"\n";
        assert!(places(&RULE, yaml).is_empty());
    }

    #[test]
    fn an_unused_block_is_not_judged_and_a_used_one_is_at_its_definition() {
        let unused = "x-env: &env {V: 1.10}\nservices: {a: {image: x}}";
        assert!(places(&RULE, unused).is_empty());
        let used = "x-env: &env {V: 1.10}\nservices: {a: {environment: *env}}";
        assert_eq!(places(&RULE, used), ["warning: 1.10"]);
    }

    #[test]
    fn a_secret_is_not_shown() {
        let (found, _) = diagnostics(&RULE, "services: {a: {environment: {DB_PASSWORD: 0123}}}");
        assert!(!found[0].message.contains("0123") && !found[0].message.contains("83"));
    }
}
