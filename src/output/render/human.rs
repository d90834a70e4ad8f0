// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Findings for people: rule and message, the lines concerned, the next step, and a line of counts at the end.
//!
//! Only a window of lines around each place is handed to the drawing crate: it scans all of what it is given.

use std::fmt::Write as _;
use std::ops::Range;

use annotate_snippets::{Annotation, AnnotationKind, Element, Group, Level as Drawn, Origin, Renderer, Snippet};

use super::fold::{self, Fold};
use super::{Item, Report, Summary};
use crate::diag::{Diagnostic, FileId, Label, Level, SourceMap, Span, Texts};
use crate::output::{Theme, visible};

/// Lines longer than this (in bytes) are named, not drawn.
const LONGEST_LINE: usize = 400;

/// Places at most this many lines apart are drawn in one window.
const NEAR: usize = 4;

/// At most this many related places are drawn; the rest is counted.
const MOST_RELATED: usize = 6;

/// At most this many services are named in a list; the rest is counted.
const MOST_NAMED: usize = 24;

/// The width of the lines of such a list, in characters.
const LIST_WIDTH: usize = 66;

/// The report for people.
#[must_use]
pub fn render(report: &Report<'_>, theme: Theme) -> String {
    let items = report.findings();
    let mut text = draw_all(report, &items, theme);
    let _ = writeln!(text, "{}", summary_line(report.summary(&items)));
    text
}

/// The findings for people, without the line of counts.
#[must_use]
pub fn render_findings(report: &Report<'_>, theme: Theme) -> String {
    draw_all(report, &report.findings(), theme)
}

fn draw_all(report: &Report<'_>, items: &[Item<'_>], theme: Theme) -> String {
    let renderer = renderer(theme);
    let mut text = String::new();
    let folded = fold::unset_variables(items);
    for (at, item) in items.iter().enumerate() {
        let finding = match folded.get(&at) {
            None => &item.finding,
            Some(Fold::Whole(finding)) => finding,
            Some(Fold::Part) => continue,
        };
        text.push_str(&draw(&renderer, finding, report.texts(item.project)));
        text.push_str("\n\n");
    }
    text
}

/// Diagnostics of one project for people, in the order given, without a line of counts.
#[must_use]
pub fn render_diagnostics(diagnostics: &[Diagnostic], sources: &SourceMap, theme: Theme) -> String {
    let renderer = renderer(theme);
    let texts = Texts::new(sources, diagnostics.iter());
    let mut text = String::new();
    for (at, found) in diagnostics.iter().enumerate() {
        if at > 0 {
            text.push('\n');
        }
        text.push_str(&draw(&renderer, &texts.clean(found), &texts));
        text.push('\n');
    }
    text
}

fn renderer(theme: Theme) -> Renderer {
    match theme {
        Theme::Plain => Renderer::plain(),
        Theme::Styled => Renderer::styled(),
    }
}

/// The counts, in words.
fn summary_line(summary: Summary) -> String {
    let count = |number: usize, one: &str, many: &str| format!("{number} {}", if number == 1 { one } else { many });
    let levels = [
        (summary.errors, "error", "errors"),
        (summary.warnings, "warning", "warnings"),
        (summary.infos, "info", "infos"),
    ];
    let mut found: Vec<String> = Vec::new();
    for (number, one, many) in levels.into_iter().filter(|(number, ..)| *number > 0) {
        found.push(count(number, one, many));
    }
    let found = if found.is_empty() { "no findings".to_owned() } else { found.join(", ") };
    let files = count(summary.files, "file", "files");
    let mut line = format!("{found} in {files} ({})", count(summary.projects, "project", "projects"));
    if summary.suppressed > 0 {
        let _ = write!(line, "; {} suppressed", summary.suppressed);
    }
    if summary.not_checked > 0 {
        let _ = write!(line, "; {} not checked", count(summary.not_checked, "rule", "rules"));
    }
    line
}

/// One finding, its words already safe to show.
fn draw(renderer: &Renderer, found: &Diagnostic, texts: &Texts<'_>) -> String {
    let level = match found.level {
        Level::Error => Drawn::ERROR,
        Level::Warning => Drawn::WARNING,
        Level::Info => Drawn::INFO,
    };
    let mut group = level.primary_title(found.message.as_str()).id(found.rule).elements(places(found, texts));
    let left_out = found.related.len().saturating_sub(MOST_RELATED);
    if is_list(found) {
        group = group.element(Drawn::NOTE.message(list(found, texts.sources())));
    } else if left_out > 0 {
        let more = if left_out == 1 { "place" } else { "places" };
        group = group.element(Drawn::NOTE.message(format!("and {left_out} more {more}")));
    }
    for note in &found.notes {
        group = group.element(Drawn::NOTE.message(note.as_str()));
    }
    if let Some(hint) = &found.hint {
        group = group.element(Drawn::HELP.with_name("hint").message(hint.as_str()));
    }
    let report: [Group<'_>; 1] = [group];
    renderer.render(&report)
}

/// Whether the related places are only the services that the finding is about: their keys show nothing that a list of
/// names does not.
fn is_list(found: &Diagnostic) -> bool {
    let is_name = |text: &str| text.strip_prefix('`').and_then(|text| text.strip_suffix('`')).is_some();
    found.related.len() > 2 && found.related.iter().all(|label| is_name(&label.message))
}

/// The names with their lines, and the file where it is another one.
fn list(found: &Diagnostic, sources: &SourceMap) -> String {
    let place = |label: &Label| {
        let line = sources.start(label.span).line;
        if label.span.file == found.primary.span.file {
            format!("{} (line {line})", label.message)
        } else {
            format!("{} ({}:{line})", label.message, visible(sources.file(label.span.file).name()))
        }
    };
    let mut names: Vec<String> = found.related.iter().take(MOST_NAMED).map(place).collect();
    if found.related.len() > MOST_NAMED {
        names.push(format!("and {} more", found.related.len() - MOST_NAMED));
    }
    let mut lines = String::new();
    let mut width = 0;
    for (at, name) in names.iter().enumerate() {
        let more = if at + 1 < names.len() { "," } else { "" };
        let length = name.chars().count() + more.len() + 1;
        if at > 0 {
            lines.push(if width + length > LIST_WIDTH { '\n' } else { ' ' });
        }
        width = if width + length > LIST_WIDTH { length } else { width + length };
        lines.push_str(name);
        lines.push_str(more);
    }
    lines
}

/// A place to draw, in lines.
struct Place<'a> {
    span: Range<usize>,
    line: usize,
    last_line: usize,
    kind: AnnotationKind,
    message: &'a str,
}

/// The windows of a finding: that of the primary place first, then the others in order of the related places.
fn places<'a>(found: &'a Diagnostic, texts: &'a Texts<'_>) -> Vec<Element<'a>> {
    let mut windows: Vec<(FileId, Vec<Place<'a>>)> = Vec::new();
    let drawn = if is_list(found) { 0 } else { MOST_RELATED };
    let related = found.related.iter().take(drawn).map(|label| (label, AnnotationKind::Context));
    for (label, kind) in std::iter::once((&found.primary, AnnotationKind::Primary)).chain(related) {
        let place = place(label, kind, texts.sources());
        let near = |other: &Place<'_>| place.line <= other.last_line + NEAR && other.line <= place.last_line + NEAR;
        match windows.iter_mut().find(|(file, places)| *file == label.span.file && places.iter().any(near)) {
            Some((_, places)) => places.push(place),
            None => windows.push((label.span.file, vec![place])),
        }
    }
    windows.into_iter().map(|(file, places)| window(file, places, texts)).collect()
}

fn place<'a>(label: &'a Label, kind: AnnotationKind, sources: &SourceMap) -> Place<'a> {
    let file = sources.file(label.span.file);
    let length = file.text().len();
    let Span { start, end, .. } = label.span;
    let (start, mut end) = ((start as usize).min(length), (end as usize).min(length));
    let line = file.line_column(start).line;
    let mut last_line = file.line_column(end).line;
    if last_line > line {
        // The head of a section says enough; its body may be hundreds of lines.
        end = line_range(sources, label.span.file, line).end.max(start);
        last_line = line;
    }
    Place { span: start..end, line, last_line, kind, message: &label.message }
}

/// The bytes of a line, without its line break.
fn line_range(sources: &SourceMap, file: FileId, line: usize) -> Range<usize> {
    let file = sources.file(file);
    let starts = file.line_starts();
    let start = starts.get(line - 1).map_or(file.text().len(), |start| *start as usize);
    let end = starts.get(line).map_or(file.text().len(), |start| *start as usize);
    let text = file.text().get(start..end).unwrap_or_default();
    start..start + text.trim_end_matches(['\n', '\r']).len()
}

fn window<'a>(file: FileId, places: Vec<Place<'a>>, texts: &'a Texts<'_>) -> Element<'a> {
    let sources = texts.sources();
    let name = visible(sources.file(file).name());
    let first = places.iter().map(|place| place.line).min().unwrap_or(1);
    let last = places.iter().map(|place| place.last_line).max().unwrap_or(first);
    let too_long = (first..=last).any(|line| line_range(sources, file, line).len() > LONGEST_LINE);
    let start = line_range(sources, file, first).start;
    let end = line_range(sources, file, last).end;
    let text = texts.redaction(file).text().get(start..end);
    let (Some(text), false) = (text, too_long) else {
        let place = places.first().map_or(0, |place| place.span.start);
        let at = sources.file(file).line_column(place);
        return Element::from(Origin::path(name).line(at.line).char_column(at.column));
    };
    let annotations = places.into_iter().map(|place| -> Annotation<'a> {
        let annotation = place.kind.span(place.span.start - start..place.span.end - start);
        if place.message.is_empty() { annotation } else { annotation.label(place.message) }
    });
    Element::from(Snippet::source(text).line_start(first).path(name).annotations(annotations))
}

#[cfg(test)]
#[path = "human_tests.rs"]
mod tests;
