// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `healthcheck-always-passes`: a check that cannot fail.

use std::ops::Range;

use super::checked_services;
use super::exec_words::operator_word;
use super::shell_status::{always_passes, program_always_passes};
use crate::compose::model::HealthTest;
use crate::diag::{Diagnostic, Level, Spanned};
use crate::rules::{Context, FixSafety, Persona, RuleMeta};

pub(crate) static META: RuleMeta = RuleMeta {
    name: "healthcheck-always-passes",
    summary: "a health check that reports success whatever happens",
    why: "A tail such as `|| true`, `; exit 0` or `|| echo failed` swallows the failure that the check was written to \
          see. The container is called healthy while the service is down, dependants start against it, and nobody is \
          told.",
    bad: "services:\n  web:\n    image: nginx:1.29.2\n    healthcheck:\n      test: curl -f http://127.0.0.1 || true\n",
    good: "services:\n  web:\n    image: nginx:1.29.2\n    healthcheck:\n      test: [\"CMD\", \"curl\", \"-f\", \"http://127.0.0.1\"]\n",
    sections: &[4],
    level: Level::Error,
    persona: Persona::Default,
    since: "0.1.0",
    fix: FixSafety::None,
    needs: &[],
    absence: false,
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for (service, section) in checked_services(context) {
        let Some((word, part)) = section.test.as_ref().and_then(culprit) else {
            continue;
        };
        let place = context.sources.sub_span(word.span, &word.value, part.clone());
        let is_whole = part.start == 0 && part.end == word.value.trim_end().len();
        let text = word.value.get(part).unwrap_or_default();
        let name = &service.name.value;
        let message = if is_whole {
            format!("the health check of service `{name}` always passes: `{text}` cannot fail")
        } else {
            format!("the health check of service `{name}` always passes because of `{text}`")
        };
        let hint = if is_whole {
            "run something that fails when the service does not work"
        } else {
            "leave that part out; Docker takes every status but 0 as unhealthy"
        };
        let subject = format!("{}.healthcheck.test", service.path());
        findings.push(META.finding(place, subject, message).hint(hint));
    }
}

/// The word that holds what makes the check pass, and the part of its value.
fn culprit(test: &HealthTest) -> Option<(&Spanned<String>, Range<usize>)> {
    match test {
        HealthTest::Shell(line) => always_passes(&line.value).map(|part| (line, part)),
        // `healthcheck-exec-operator` speaks of these.
        HealthTest::Exec(words) if operator_word(words).is_some() => None,
        HealthTest::Exec(words) => {
            let texts: Vec<&str> = words.iter().map(|word| word.value.as_str()).collect();
            let (number, part) = program_always_passes(&texts)?;
            words.get(number).map(|word| (word, part))
        }
        HealthTest::Disabled(_) | HealthTest::Empty(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::META;
    use crate::rules::testing::shown;

    fn yaml(test: &str) -> String {
        format!("services:\n  a:\n    image: x\n    healthcheck:\n      test: {test}\n")
    }

    #[test]
    fn the_swallowing_part_is_found_at_its_bytes() {
        for (test, expected) in [
            ("curl -f http://x || true", "|| true"),
            ("'curl -f http://x; exit 0'", "; exit 0"),
            ("[\"CMD-SHELL\", \"curl http://${HOST:-x} || echo no\"]", "|| echo no"),
            ("[\"CMD\", \"sh\", \"-c\", \"curl x || true\"]", "|| true"),
            ("[\"CMD\", \"true\"]", "true"),
            ("exit 0", "exit 0"),
        ] {
            assert_eq!(shown(META.name, &yaml(test)), [expected], "{test}");
        }
    }

    #[test]
    fn escapes_of_the_text_are_followed() {
        assert_eq!(shown(META.name, &yaml("\"a \\u007c| tr\\u0075e\"")), ["\\u007c| tr\\u0075e"]);
    }

    #[test]
    fn checks_that_can_fail_pass() {
        for test in ["(a || true) && b", "echo '|| true' | grep -q x", "[CMD, grep, -q, '|| true', f]", "a || exit 1"] {
            assert!(shown(META.name, &yaml(test)).is_empty(), "{test}");
        }
    }

    #[test]
    fn operators_in_exec_form_are_left_to_their_own_rule() {
        assert!(shown(META.name, &yaml("[\"CMD\", \"true\", \"||\", \"exit\", \"1\"]")).is_empty());
    }
}
