// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Tests of the image reference parser.

#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use proptest::prelude::*;

use super::super::tag::TagShape;
use super::{ImageErrorKind, ImageRef, Pin};

const DIGEST: &str = "sha256:292ee7945dfc3d5840a181f3ab86fedb1e66703e02c8af98b50f4da56b7e278c";

#[test]
fn names_are_completed_as_the_engine_completes_them() {
    for (text, complete) in [
        ("redis", "docker.io/library/redis"),
        ("redis:7", "docker.io/library/redis:7"),
        ("docker.io/redis", "docker.io/library/redis"),
        ("index.docker.io/redis", "docker.io/library/redis"),
        ("docker.io/library/redis", "docker.io/library/redis"),
        ("ollama/ollama:0.35.1", "docker.io/ollama/ollama:0.35.1"),
        ("ghcr.io/idiap/coqui-tts-cpu:v0.27.2", "ghcr.io/idiap/coqui-tts-cpu:v0.27.2"),
        ("localhost/img", "localhost/img"),
        ("host:5000/img", "host:5000/img"),
        ("host:5000/img:1.2.3", "host:5000/img:1.2.3"),
        ("Host/img", "Host/img"),
        ("localhost:5000", "docker.io/library/localhost:5000"),
        ("[::1]:5000/a/b:1", "[::1]:5000/a/b:1"),
        ("[fe80::1]/a", "[fe80::1]/a"),
        ("a__b/c.d/e---f", "docker.io/a__b/c.d/e---f"),
    ] {
        assert_eq!(ImageRef::parse(text).unwrap().to_string(), complete, "reference `{text}`");
    }
}

#[test]
fn parts_are_split() {
    let text = format!("host:5000/team/img:1.2.3@{DIGEST}");
    let image = ImageRef::parse(&text).unwrap();
    assert_eq!(image.registry(), "host:5000");
    assert_eq!(image.path(), "team/img");
    assert_eq!(image.repository(), "host:5000/team/img");
    assert_eq!(image.name(), "host:5000/team/img");
    assert_eq!(image.tag(), Some("1.2.3"));
    assert_eq!(image.digest(), Some(DIGEST));
    assert_eq!(&text[image.tag_range().unwrap()], "1.2.3");
    assert_eq!(&text[image.digest_range().unwrap()], DIGEST);
    assert_eq!(&text[image.name_range()], "host:5000/team/img");
    assert_eq!(image.as_written(), text);
}

#[test]
fn a_port_is_no_tag() {
    let image = ImageRef::parse("host:5000/img").unwrap();
    assert_eq!(image.tag(), None);
    assert_eq!(image.pin(), Pin::Missing);
}

#[test]
fn a_digest_pins_even_a_moving_tag() {
    assert_eq!(ImageRef::parse(&format!("ollama/ollama:latest@{DIGEST}")).unwrap().pin(), Pin::Digest);
    assert_eq!(ImageRef::parse(&format!("ollama/ollama@{DIGEST}")).unwrap().pin(), Pin::Digest);
    assert!(!ImageRef::parse("ollama/ollama:latest").unwrap().pin().is_pinned());
    let floating = ImageRef::parse("postgres:18.6").unwrap();
    assert_eq!(floating.pin(), Pin::Tag(TagShape::Floating));
    assert_eq!(floating.pin_with(2), Pin::Tag(TagShape::FullVersion));
}

#[test]
fn faults_are_named_with_their_place() {
    let long = format!("a/{}", "b".repeat(260));
    let identifier = "a".repeat(64);
    let long_tag = format!("a:{}", "t".repeat(129));
    let short_digest = format!("a@{}", &DIGEST[..40]);
    for (text, kind, wrong) in [
        ("", ImageErrorKind::Empty, ""),
        ("Ollama:1", ImageErrorKind::Uppercase, "O"),
        ("ollama/oLlama", ImageErrorKind::Uppercase, "L"),
        ("https://ghcr.io/a", ImageErrorKind::Registry, "https:"),
        ("host:/img", ImageErrorKind::Registry, "host:"),
        ("-host.io/img", ImageErrorKind::Registry, "-host.io"),
        ("[::1/img", ImageErrorKind::Registry, "[::1"),
        ("a//b", ImageErrorKind::Path, ""),
        ("/a", ImageErrorKind::Path, ""),
        ("a/", ImageErrorKind::Path, ""),
        ("a b", ImageErrorKind::Path, " "),
        (" a", ImageErrorKind::Path, " "),
        ("a\u{e9}", ImageErrorKind::Path, "\u{e9}"),
        ("a..b", ImageErrorKind::Path, "a..b"),
        ("a___b", ImageErrorKind::Path, "a___b"),
        ("-a", ImageErrorKind::Path, "-a"),
        (":tag", ImageErrorKind::Path, ""),
        ("a:", ImageErrorKind::Tag, ""),
        ("a:b:c", ImageErrorKind::Tag, "b:c"),
        ("a:.b", ImageErrorKind::Tag, ".b"),
        ("a:${TAG}", ImageErrorKind::Tag, "${TAG}"),
        ("a@sha256:12", ImageErrorKind::Digest, "sha256:12"),
        ("a@", ImageErrorKind::Digest, ""),
        ("a@md5:d41d8cd98f00b204e9800998ecf8427e", ImageErrorKind::Digest, "md5:d41d8cd98f00b204e9800998ecf8427e"),
        (&short_digest, ImageErrorKind::Digest, &DIGEST[..40]),
        (&long, ImageErrorKind::TooLong, &long),
        (&long_tag, ImageErrorKind::Tag, &long_tag[2..]),
        (&identifier, ImageErrorKind::Identifier, &identifier),
    ] {
        let error = ImageRef::parse(text).unwrap_err();
        assert_eq!(error.kind, kind, "reference `{text}`");
        assert_eq!(&text[error.range.clone()], wrong, "reference `{text}`");
        assert!(!error.to_string().is_empty());
    }
}

proptest! {
    #[test]
    fn any_text_is_answered(text in "\\PC{0,80}") {
        match ImageRef::parse(&text) {
            Ok(image) => prop_assert_eq!(image.as_written(), &text),
            Err(error) => prop_assert!(text.get(error.range).is_some()),
        }
    }

    #[test]
    fn texts_near_the_grammar_are_answered(text in "[a-zA-Z0-9:/@._\\[\\]-]{0,60}") {
        if let Ok(image) = ImageRef::parse(&text) {
            let complete = image.to_string();
            let again = ImageRef::parse(&complete).unwrap();
            prop_assert_eq!(again.to_string(), complete);
            prop_assert_eq!(again.repository(), image.repository());
            prop_assert_eq!(again.tag(), image.tag());
            prop_assert_eq!(image.tag_range().map(|range| &text[range]), image.tag());
        }
    }

    #[test]
    fn a_reference_made_of_good_parts_is_read_back(
        registry in "([a-z]{1,8}\\.[a-z]{2,3}(:[0-9]{2,4})?/)?",
        path in "[a-z0-9]{1,8}(/[a-z0-9]{1,8}(-[a-z0-9]{1,4})?){0,2}",
        tag in "(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,20})?",
        pinned in any::<bool>(),
    ) {
        let digest = if pinned { format!("@{DIGEST}") } else { String::new() };
        let text = format!("{registry}{path}{tag}{digest}");
        let image = ImageRef::parse(&text).unwrap();
        prop_assert_eq!(image.tag().unwrap_or(""), tag.trim_start_matches(':'));
        prop_assert_eq!(image.digest().is_some(), pinned);
        let again = ImageRef::parse(&image.to_string()).unwrap();
        prop_assert_eq!(again.to_string(), image.to_string());
    }
}
