// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `healthcheck-exec-joined`: program and arguments in one item of the exec form.

use super::checked_services;
use super::exec_words::{is_joined, operator_word, shown_exec_form};
use super::shell_need::plain_command;
use crate::compose::model::HealthTest;
use crate::diag::{Diagnostic, Level};
use crate::rules::{Context, FixSafety, Persona, RuleMeta};

pub(crate) static META: RuleMeta = RuleMeta {
    name: "healthcheck-exec-joined",
    summary: "a health check in exec form with program and arguments in one item",
    why: "After `CMD` every item is passed on as it is. Docker looks for a program whose name contains the blanks, finds \
          none, and the container stays unhealthy for ever.",
    bad: "services:\n  web:\n    image: nginx:1.29.2\n    healthcheck:\n      test: [\"CMD\", \"curl -f http://127.0.0.1\"]\n",
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
        let Some(program) = words.first().filter(|program| is_joined(&program.value)) else {
            continue;
        };
        if operator_word(words).is_some() {
            continue;
        }
        let hint = match plain_command(&program.value) {
            Some(command) => {
                let rest = words.iter().skip(1).map(|word| word.value.as_str());
                let all = command.words.iter().map(String::as_str).chain(rest);
                match shown_exec_form(context.sources.slice(section.test_span.unwrap_or(program.span)), all) {
                    Some(shown) => format!("write every argument as an item of its own: `{shown}`"),
                    None => "write every argument as an item of its own".to_owned(),
                }
            }
            None => "write `CMD-SHELL` in place of `CMD` to have a shell run the line".to_owned(),
        };
        let message = format!("the health check of service `{}` names no program that can exist", service.name.value);
        let subject = format!("{}.healthcheck.test", service.path());
        findings
            .push(META.finding(program.span, subject, message).label("one item, looked up as a program").hint(hint));
    }
}

#[cfg(test)]
mod tests {
    use super::META;
    use crate::rules::testing::{findings, shown};

    fn yaml(test: &str) -> String {
        format!("services:\n  a:\n    image: x\n    healthcheck:\n      test: {test}\n")
    }

    #[test]
    fn a_joined_program_is_found() {
        assert_eq!(shown(META.name, &yaml("[\"CMD\", \"curl -f http://x\"]")), ["\"curl -f http://x\""]);
        assert_eq!(shown(META.name, &yaml("[\"CMD\", \"curl -f\", \"http://x\"]")), ["\"curl -f\""]);
    }

    #[test]
    fn the_hint_fits_the_command() {
        let hint = |test: &str| findings(META.name, &yaml(test)).pop().and_then(|finding| finding.hint);
        let split = "write every argument as an item of its own: `[\"CMD\", \"curl\", \"-f\", \"http://x\"]`";
        assert_eq!(hint("[\"CMD\", \"curl -f\", \"http://x\"]").as_deref(), Some(split));
        assert!(hint("[\"CMD\", \"curl x | grep y\"]").is_some_and(|hint| hint.contains("CMD-SHELL")));
    }

    #[test]
    fn the_value_of_a_variable_is_not_told() {
        let found = findings(META.name, &yaml("[\"CMD\", \"mysql -p${PW:-hunter2}\"]"));
        assert!(found.len() == 1 && !format!("{found:?}").contains("hunter2"), "{found:?}");
    }

    #[test]
    fn blanks_in_arguments_and_in_paths_pass() {
        for test in
            ["[\"CMD\", \"sh\", \"-c\", \"a b\"]", "[\"CMD\", \"/opt/my app/check\"]", "[\"CMD-SHELL\", \"a b\"]"]
        {
            assert!(shown(META.name, &yaml(test)).is_empty(), "{test}");
        }
    }
}
