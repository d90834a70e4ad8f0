// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `version-obsolete`: the top-level `version`, which Compose ignores.

use crate::compose::{Entry, Node, Style};
use crate::diag::{Applicability, Diagnostic, Edit, Fix, Level, Span};
use crate::rules::{Context, FixSafety, Persona, RuleMeta};

pub(crate) static META: RuleMeta = RuleMeta {
    name: "version-obsolete",
    summary: "the top-level key `version`",
    why: "Docker Compose has ignored it since version 2 and warns about it on every run. It promises a behaviour that \
          the file does not get.",
    bad: "version: \"3.8\"\nservices:\n  web:\n    image: nginx:1.29.2\n",
    good: "services:\n  web:\n    image: nginx:1.29.2\n",
    sections: &[1],
    level: Level::Info,
    persona: Persona::Default,
    since: "0.1.0",
    fix: FixSafety::Safe,
    needs: &[],
    absence: false,
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let Some(Entry { key_span: key, node: value, .. }) = &context.project.version else {
        return;
    };
    let key = *key;
    let finding = META.finding(key, "version", "`version` has no effect").hint("remove the line");
    findings.push(match whole_line(context, key, value) {
        Some(line) => finding.fix(Fix {
            title: "remove `version`".to_owned(),
            edits: vec![Edit { span: line, text: String::new() }],
            applicability: Applicability::Safe,
        }),
        None => finding,
    });
}

/// The line of the key with its line break, when key and value are all that stands on it.
fn whole_line(context: &Context<'_>, key: Span, value: &Node) -> Option<Span> {
    let is_scalar = matches!(value.style, Style::Plain | Style::SingleQuoted | Style::DoubleQuoted);
    let file = context.sources.file(key.file);
    let lines = file.line_starts();
    let number = lines.partition_point(|start| *start <= key.start);
    let start = lines.get(number.checked_sub(1)?).copied()?;
    let end = lines.get(number).map_or(file.text().len(), |next| *next as usize);
    let stands_alone = value.span.file == key.file
        && start == key.start
        && value.span.end as usize <= end
        && file.text().get(value.span.end as usize..end)?.trim().is_empty();
    (is_scalar && stands_alone).then(|| Span::new(key.file, start as usize, end))
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{findings, shown};

    fn removed(yaml: &str) -> Option<String> {
        let found = findings("version-obsolete", yaml).pop()?;
        let edit = found.fix?.edits.pop()?;
        let mut text = yaml.to_owned();
        text.replace_range(edit.span.range(), &edit.text);
        Some(text)
    }

    #[test]
    fn the_key_is_found_and_its_line_removed() {
        let yaml = "version: \"3.8\"\nservices:\n  a:\n    image: x\n";
        assert_eq!(shown("version-obsolete", yaml), ["version"]);
        assert_eq!(removed(yaml).as_deref(), Some("services:\n  a:\n    image: x\n"));
    }

    #[test]
    fn a_line_with_more_on_it_is_not_touched() {
        assert_eq!(removed("version: '3' # old\nservices: {}\n"), None);
    }

    #[test]
    fn a_version_elsewhere_passes() {
        assert!(shown("version-obsolete", "x-meta:\n  version: 1\nservices: {}\n").is_empty());
    }
}
