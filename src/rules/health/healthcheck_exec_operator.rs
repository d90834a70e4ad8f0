// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `healthcheck-exec-operator`: a shell operator where no shell reads it.

use super::checked_services;
use super::exec_words::operator_word;
use crate::compose::model::HealthTest;
use crate::diag::{Diagnostic, Level};
use crate::rules::{Context, FixSafety, Persona, RuleMeta};

pub(crate) static META: RuleMeta = RuleMeta {
    name: "healthcheck-exec-operator",
    summary: "a health check in exec form with a shell operator among its items",
    why: "After `CMD` no shell runs. `||`, `|`, `&&`, `;` and redirections become arguments of the program, which fails \
          on them or, worse, takes no notice and reports success.",
    bad: "services:\n  web:\n    image: nginx:1.29.2\n    healthcheck:\n      test: [\"CMD\", \"curl\", \"-f\", \"http://127.0.0.1\", \"||\", \"exit\", \"1\"]\n",
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
        let Some(HealthTest::Exec(words)) = &section.test else {
            continue;
        };
        let (Some(operator), Some(program)) = (operator_word(words), words.first()) else {
            continue;
        };
        let message = format!("`{}` is an argument of `{}` here, not an operator", operator.value, program.value);
        let subject = format!("{}.healthcheck.test", service.path());
        let finding = META.finding(operator.span, subject, message).label("no shell reads this");
        findings.push(finding.hint("leave it out, or write the line as one item after `CMD-SHELL`"));
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
    fn the_first_operator_is_found() {
        assert_eq!(shown(META.name, &yaml("[\"CMD\", \"true\", \"||\", \"exit\", \"1\"]")), ["\"||\""]);
        assert_eq!(shown(META.name, &yaml("[CMD, curl, -f, http://x, '2>&1']")), ["'2>&1'"]);
        assert_eq!(shown(META.name, &yaml("[CMD, sh, -c, a, '&&', b]")), ["'&&'"]);
    }

    #[test]
    fn operators_inside_a_script_and_of_the_program_itself_pass() {
        for test in [
            "[CMD, sh, -c, 'a || b']",
            "[CMD, find, /x, -exec, ls, ';']",
            "[CMD, grep, '<title>', /f]",
            "a || b",
            "[CMD-SHELL, 'a | b']",
        ] {
            assert!(shown(META.name, &yaml(test)).is_empty(), "{test}");
        }
    }
}
