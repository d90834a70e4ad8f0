// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
use super::super::findings::sample;
use super::*;

fn drawn(text: &str, found: impl Fn(&SourceMap, FileId) -> Diagnostic) -> String {
    let mut sources = SourceMap::default();
    let file = sources.add("compose.yaml", text);
    let found = found(&sources, file);
    render_diagnostics(&[found], &sources, Theme::Plain)
}

#[test]
fn a_finding_looks_like_a_compilers() {
    let outcome = sample::outcome();
    insta::assert_snapshot!(render(&sample::report(&outcome), Theme::Plain), @"
    error[image-tag-mutable]: tag `latest` moves
     --> compose.yaml:3:12
      |
    2 |   web:
      |   --- used by this service
    3 |     image: nginx:latest
      |            ^^^^^^^^^^^^ this tag
      |
      = note: every pull may bring another image
      = hint: pin a version

    warning[secret-in-environment]: `****` is a secret
     --> compose.yaml:5:16
      |
    5 |       API_KEY: **************
      |                ^^^^^^^^^^^^^^

    1 error, 1 warning in 1 file (1 project); 1 suppressed; 1 rule not checked
    ");
}

#[test]
fn colour_adds_nothing_but_escape_sequences() {
    let outcome = sample::outcome();
    let styled = render(&sample::report(&outcome), Theme::Styled);
    assert!(styled.contains("\u{1b}["));
    let mut plain = String::new();
    let mut parts = styled.split('\u{1b}');
    plain.push_str(parts.next().unwrap_or_default());
    for part in parts {
        plain.push_str(part.split_once('m').map_or("", |(_, rest)| rest));
    }
    assert_eq!(plain, render(&sample::report(&outcome), Theme::Plain));
}

#[test]
fn distant_places_are_drawn_in_windows_of_their_own() {
    let text = format!("services:\n  a:\n{}  b:\n", "    # filler\n".repeat(500));
    let shown = drawn(&text, |sources, file| {
        Diagnostic::new("r", Level::Error, sample::span_of(sources, file, "  b:"), "s", "m")
            .related(sample::span_of(sources, file, "  a:"), "first here")
    });
    assert!(shown.lines().count() < 14, "{shown}");
    assert!(shown.contains("compose.yaml:503:1") && shown.contains("first here"), "{shown}");
}

#[test]
fn a_very_long_line_does_not_flood() {
    let text = format!("a: \"{}\"\nb: 1\n", "x".repeat(100_000));
    let shown = drawn(&text, |_, file| Diagnostic::new("r", Level::Error, Span::new(file, 50_000, 50_010), "s", "m"));
    assert!(shown.len() < 200, "{}", shown.len());
    assert!(shown.contains("compose.yaml:1:50001"), "{shown}");
}

#[test]
fn a_long_section_is_shown_by_its_head() {
    let text = format!("services:\n{}", "  a: 1\n".repeat(300));
    let shown = drawn(&text, |_, file| Diagnostic::new("r", Level::Info, Span::new(file, 0, text.len()), "s", "m"));
    assert!(shown.lines().count() < 8, "{shown}");
}

#[test]
fn many_related_places_are_counted() {
    let shown = drawn("a: 1\n", |_, file| {
        (0..20).fold(Diagnostic::new("r", Level::Info, Span::new(file, 0, 1), "s", "m"), |found, _| {
            found.related(Span::new(file, 3, 4), "here")
        })
    });
    assert!(shown.contains("and 14 more places"), "{shown}");
}

#[test]
fn control_characters_never_reach_the_terminal() {
    let shown = drawn("a: \u{1b}[2J\n", |_, file| {
        Diagnostic::new("r", Level::Error, Span::new(file, 0, 1), "s", "bad \u{1b}]0;x\u{7} value\nnext")
    });
    assert!(!shown.contains('\u{1b}') && !shown.contains('\u{7}'), "{shown:?}");
    assert!(shown.contains("value next"), "{shown}");
}

#[test]
fn places_at_the_end_of_a_file_and_in_empty_files_are_drawn() {
    for (text, start) in [("", 0), ("a: 1", 4), ("a: 1\n", 5), ("é\r\nb: 2\r\n", 9)] {
        let shown = drawn(text, |_, file| Diagnostic::new("r", Level::Error, Span::new(file, start, start), "s", "m"));
        assert!(shown.contains("compose.yaml"), "{shown}");
    }
}

#[test]
fn services_that_are_only_named_are_a_list_with_lines() {
    let text = "services:\n  a:\n  b:\n  c:\n";
    let shown = drawn(text, |sources, file| {
        ["a", "b", "c"].into_iter().fold(
            Diagnostic::new("r", Level::Warning, sample::span_of(sources, file, "services"), "s", "all 3 lack it"),
            |found, name| found.related(sample::span_of(sources, file, &format!("  {name}:")), format!("`{name}`")),
        )
    });
    assert!(shown.contains("= note: `a` (line 2), `b` (line 3), `c` (line 4)"), "{shown}");
    assert!(shown.lines().count() < 8, "{shown}");
}
