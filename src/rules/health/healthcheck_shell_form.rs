// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `healthcheck-shell-form`: a shell for a command that needs none.

use super::checked_services;
use super::exec_words::{exec_form, shown_exec_form};
use super::shell_need::plain_command;
use crate::compose::model::{HealthTest, Healthcheck};
use crate::diag::{Applicability, Diagnostic, Edit, Fix, Level};
use crate::rules::{Context, FixSafety, Persona, RuleMeta};

pub(crate) static META: RuleMeta = RuleMeta {
    name: "healthcheck-shell-form",
    summary: "a health check in shell form whose command needs no shell",
    why: "A text, or a list that starts with `CMD-SHELL`, is handed to `/bin/sh` in the container. Small images have no \
          shell, so the check fails for ever; elsewhere a second process is started on every probe, and quoting goes \
          through one more pair of hands. Commands with pipes, lists, redirections, variables or shell builtins need the \
          shell and pass.",
    bad: "services:\n  db:\n    image: postgres:17.6\n    healthcheck:\n      test: pg_isready -U postgres || exit 1\n",
    good: "services:\n  db:\n    image: postgres:17.6\n    healthcheck:\n      test: [\"CMD\", \"pg_isready\", \"-U\", \"postgres\"]\n",
    sections: &[4],
    level: Level::Warning,
    persona: Persona::Default,
    since: "0.1.0",
    fix: FixSafety::Unsafe,
    needs: &[],
    absence: false,
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for (service, section) in checked_services(context) {
        let Some(HealthTest::Shell(line)) = &section.test else {
            continue;
        };
        let Some(command) = plain_command(&line.value) else {
            continue;
        };
        let written = context.sources.slice(section.test_span.unwrap_or(line.span));
        let exec = exec_form(command.words.iter().map(String::as_str));
        let message = format!("the health check of service `{}` runs a shell for a plain command", service.name.value);
        let finding = META.finding(line.span, format!("{}.healthcheck.test", service.path()), message).hint(
            match shown_exec_form(written, command.words.iter().map(String::as_str)) {
                Some(shown) => format!("write `test: {shown}`"),
                None => "write it in exec form, `test: [\"CMD\", \"program\", \"argument\"]`".to_owned(),
            },
        );
        let finding = if command.had_exit_tail {
            finding.note("Docker takes every status but 0 as unhealthy, so `|| exit 1` adds nothing")
        } else {
            finding
        };
        findings.push(match replacement(context, section, exec) {
            Some(edit) => finding.fix(Fix {
                title: "write the check in exec form".to_owned(),
                edits: vec![edit],
                applicability: Applicability::Unsafe,
            }),
            None => finding,
        });
    }
}

/// The edit that writes the exec form, where the value is one line of text without variables, aliases or block style.
fn replacement(context: &Context<'_>, section: &Healthcheck, exec: String) -> Option<Edit> {
    let span = section.test_span?;
    let written = context.sources.slice(span);
    let is_plain = !written.is_empty() && !written.contains(['$', '\n', '*', '&', '!', '#']);
    (is_plain && !written.starts_with('-')).then_some(Edit { span, text: exec })
}

#[cfg(test)]
mod tests {
    use super::META;
    use crate::rules::testing::{findings, shown};

    fn yaml(test: &str) -> String {
        format!("services:\n  a:\n    image: x\n    healthcheck:\n      test: {test}\n")
    }

    #[test]
    fn plain_commands_are_found_in_both_shell_forms() {
        assert_eq!(shown(META.name, &yaml("curl -f http://127.0.0.1")), ["curl -f http://127.0.0.1"]);
        assert_eq!(
            shown(META.name, &yaml("[\"CMD-SHELL\", \"redis-cli ping || exit 1\"]")),
            ["\"redis-cli ping || exit 1\""]
        );
    }

    #[test]
    fn commands_that_need_the_shell_and_exec_forms_pass() {
        for test in ["a | b", "test -f /x", "curl $$URL", "[\"CMD\", \"a\"]", "a || true", "a > /dev/null"] {
            assert!(shown(META.name, &yaml(test)).is_empty(), "{test}");
        }
    }

    #[test]
    fn the_fix_writes_the_exec_form() {
        let yaml = yaml("[\"CMD-SHELL\", \"curl -f 'http://x' || exit 1\"]");
        let edits = findings(META.name, &yaml).pop().and_then(|finding| finding.fix).map(|fix| fix.edits);
        let texts: Vec<_> = edits.iter().flatten().map(|edit| (&yaml[edit.span.range()], edit.text.as_str())).collect();
        let expected =
            ("[\"CMD-SHELL\", \"curl -f 'http://x' || exit 1\"]", "[\"CMD\", \"curl\", \"-f\", \"http://x\"]");
        assert_eq!(texts, [expected]);
    }

    #[test]
    fn the_value_of_a_variable_is_not_told() {
        let found = findings(META.name, &yaml("[\"CMD-SHELL\", \"mysql -p${PW:-hunter2}\"]"));
        assert!(found.len() == 1 && !format!("{found:?}").contains("hunter2"), "{found:?}");
    }

    #[test]
    fn a_line_with_variables_is_not_rewritten() {
        assert!(findings(META.name, &yaml("curl http://x:${PORT:-80}")).iter().all(|finding| finding.fix.is_none()));
    }
}
