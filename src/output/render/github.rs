// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Workflow commands of GitHub Actions: one annotation a line.

use std::fmt::Write as _;

use super::Report;
use crate::diag::Level;

/// The report as annotations.
#[must_use]
pub fn render(report: &Report<'_>) -> String {
    let mut text = String::new();
    for item in report.findings() {
        let found = &item.finding;
        let span = found.primary.span;
        let (start, end) = (item.start(span), item.end(span));
        let command = match found.level {
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Info => "notice",
        };
        let mut message = found.message.clone();
        for note in &found.notes {
            let _ = write!(message, "\nnote: {note}");
        }
        if let Some(hint) = &found.hint {
            let _ = write!(message, "\nhint: {hint}");
        }
        let _ = writeln!(
            text,
            "::{command} file={},line={},col={},endLine={},endColumn={},title={}::{}",
            property(item.file(span)),
            start.line,
            start.column,
            end.line,
            end.column,
            property(found.rule),
            data(&message),
        );
    }
    text
}

/// Escapes the message of a workflow command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes a property of a workflow command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::super::findings::sample;
    use super::*;

    #[test]
    fn one_annotation_a_line_with_escaped_breaks() {
        let outcome = sample::outcome();
        insta::assert_snapshot!(render(&sample::report(&outcome)), @"
        ::error file=compose.yaml,line=3,col=12,endLine=3,endColumn=24,title=image-tag-mutable::tag `latest` moves%0Anote: every pull may bring another image%0Ahint: pin a version
        ::warning file=compose.yaml,line=5,col=16,endLine=5,endColumn=30,title=secret-in-environment::`****` is a secret
        ");
    }

    #[test]
    fn properties_escape_more_than_messages() {
        assert_eq!(property("a:b,c%\n"), "a%3Ab%2Cc%25%0A");
        assert_eq!(data("a:b,c"), "a:b,c");
    }
}
