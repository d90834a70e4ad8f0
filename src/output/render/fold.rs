// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Many findings of one kind told people as one. Only for people: the other formats name each of them, and the counts
//! stay those of the findings.

use std::collections::BTreeMap;

use super::Item;
use crate::diag::{Diagnostic, Label, Level};

/// From this many unset variables of one file on they are told as one.
const FOLDED_FROM: usize = 6;

/// What becomes of a finding.
#[derive(Debug)]
pub(super) enum Fold {
    /// It speaks for all, in these words.
    Whole(Box<Diagnostic>),
    /// Another one speaks for it.
    Part,
}

/// The findings that are not told on their own, by their position: the unset variables of a file that has many.
pub(super) fn unset_variables(items: &[Item<'_>]) -> BTreeMap<usize, Fold> {
    let mut by_file: BTreeMap<(usize, usize), Vec<usize>> = BTreeMap::new();
    for (at, item) in items.iter().enumerate() {
        let finding = &item.finding;
        // A variable in an env file has words of its own.
        let is_plain =
            finding.message.ends_with("` is not set and becomes empty") && !finding.message.contains(" value ");
        if finding.rule == "unset-variable" && finding.level == Level::Warning && is_plain {
            by_file.entry((item.project, finding.primary.span.file.index())).or_default().push(at);
        }
    }
    let mut folded = BTreeMap::new();
    for positions in by_file.into_values().filter(|positions| positions.len() >= FOLDED_FROM) {
        let Some((first, rest)) = positions.split_first() else { continue };
        let label = |at: &usize| {
            let finding = &items[*at].finding;
            let name = finding.subject.strip_prefix("variables.").unwrap_or(&finding.subject);
            Label { span: finding.primary.span, message: format!("`{name}`") }
        };
        let mut whole = items[*first].finding.clone();
        whole.message = format!("{} variables are not set and become empty", positions.len());
        whole.related = positions.iter().map(label).collect();
        whole.hint =
            Some("set them in `.env`, give defaults with `${NAME:-…}`, or demand them with `${NAME:?}`".to_owned());
        // A single reference would look like the only one.
        "the first of them".clone_into(&mut whole.primary.message);
        folded.insert(*first, Fold::Whole(Box::new(whole)));
        folded.extend(rest.iter().map(|at| (*at, Fold::Part)));
    }
    folded
}

#[cfg(test)]
#[expect(clippy::indexing_slicing, reason = "the sample has one project")]
mod tests {
    use super::super::findings::sample;
    use super::super::human;
    use super::*;
    use crate::output::Theme;

    fn shown(count: usize) -> String {
        let mut outcome = sample::outcome();
        let project = &mut outcome.projects[0];
        let place = project.judgement.findings[0].primary.span;
        let unset = |at: usize| {
            let message = format!("the variable `V{at}` is not set and becomes empty");
            Diagnostic::new("unset-variable", Level::Warning, place, format!("variables.V{at}"), message)
        };
        project.judgement.findings = (0..count).map(unset).collect();
        human::render(&sample::report(&outcome), Theme::Plain)
    }

    #[test]
    fn many_unset_variables_are_one_with_a_list() {
        let text = shown(30);
        assert!(text.contains("warning[unset-variable]: 30 variables are not set"), "{text}");
        assert!(text.contains("`V0` (line 5), `V10` (line 5)") && text.contains("and 6 more"), "{text}");
        assert_eq!(text.matches("[unset-variable]").count(), 1);
        assert!(text.contains("30 warnings in 1 file"), "{text}");
    }

    #[test]
    fn a_few_are_told_one_by_one() {
        assert_eq!(shown(FOLDED_FROM - 1).matches("[unset-variable]").count(), FOLDED_FROM - 1);
    }
}
