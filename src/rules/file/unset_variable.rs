// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `unset-variable`: a reference to a variable that nothing sets.
//!
//! One finding a variable and kind of reference, at its first use; the other uses are related places.

use std::collections::BTreeMap;

use crate::compose::model::Operator;
use crate::diag::{Diagnostic, Level};
use crate::rules::{Context, FixSafety, Persona, RuleMeta};

pub(crate) static META: RuleMeta = RuleMeta {
    name: "unset-variable",
    summary: "`${NAME}` without a default where neither the environment nor `.env` sets the variable",
    why: "Docker Compose puts an empty text in its place and only warns: an image becomes `repository:`, a host path \
          becomes the root directory, a password becomes empty. With `${NAME:?}` it refuses to start anything.",
    bad: "services:\n  db:\n    image: postgres:${POSTGRES_TAG}\n",
    good: "services:\n  db:\n    image: postgres:${POSTGRES_TAG:-17.6}\n",
    sections: &[2],
    level: Level::Warning,
    persona: Persona::Default,
    since: "0.1.0",
    fix: FixSafety::None,
    needs: &[],
    absence: false,
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let mut first_uses: BTreeMap<(&str, bool), usize> = BTreeMap::new();
    for variable in context.project.variables.iter().filter(|variable| !variable.is_set) {
        let is_required = match variable.operator {
            Operator::Plain => false,
            Operator::Required => true,
            Operator::Default | Operator::Alternative => continue,
        };
        let name = variable.name.as_str();
        if let Some(at) = first_uses.get(&(name, is_required)) {
            let finding = &mut findings[*at];
            finding.related.push(crate::diag::Label { span: variable.span, message: "also used here".to_owned() });
            continue;
        }
        first_uses.insert((name, is_required), findings.len());
        let subject = format!("variables.{name}");
        findings.push(if is_required {
            let finding = META.finding(variable.span, subject, format!("the required variable `{name}` is not set"));
            let finding = Diagnostic { level: Level::Error, ..finding };
            let message = variable.operand.as_deref().filter(|text| !text.is_empty());
            let finding =
                message.into_iter().fold(finding, |finding, text| finding.note(format!("the file says: {text}")));
            finding.hint(format!("set `{name}` in the environment or in `.env`"))
        } else {
            META.finding(variable.span, subject, format!("the variable `{name}` is not set and becomes empty")).hint(
                format!("set it in `.env`, give a default with `${{{name}:-…}}`, or demand it with `${{{name}:?}}`"),
            )
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{findings, shown};

    #[test]
    fn references_without_default_are_found_once_a_variable() {
        let yaml = "services:\n  a:\n    image: x:${TAG}\n    user: $TAG\n  b:\n    image: y:${OTHER-}\n";
        assert_eq!(shown("unset-variable", yaml), ["${TAG}"]);
        let found = findings("unset-variable", yaml);
        assert_eq!(found.iter().map(|finding| finding.related.len()).collect::<Vec<_>>(), [1]);
    }

    #[test]
    fn required_references_are_errors_that_name_the_variable() {
        let found = findings("unset-variable", "services:\n  a:\n    image: x:${TAG:?choose one}\n");
        let texts: Vec<_> = found.iter().map(|finding| (finding.level.as_str(), finding.message.as_str())).collect();
        assert_eq!(texts, [("error", "the required variable `TAG` is not set")]);
    }

    #[test]
    fn escaped_dollars_and_operators_with_a_value_pass() {
        assert!(shown("unset-variable", "services:\n  a:\n    image: x$${TAG}${A:-1}${B:+2}\n").is_empty());
    }
}
