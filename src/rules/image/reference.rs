// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What the image rules need to know of an image reference: its tag, its digest, and whether the tag moves.
//!
//! Limit: it does not check that the reference is well formed; the engine refuses what is not.

use std::ops::Range;

use crate::catalog::TagShape;

/// The parts of an image reference `name[:tag][@digest]`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Reference<'text> {
    /// The tag and its bytes in the reference; empty when a colon is followed by nothing.
    pub(super) tag: Option<(&'text str, Range<usize>)>,
    /// Whether a digest fixes the content.
    pub(super) has_digest: bool,
}

impl<'text> Reference<'text> {
    /// Splits a reference. The colon of a registry's port (`host:5000/name`) starts no tag.
    pub(super) fn parse(text: &'text str) -> Self {
        let (named, has_digest) = match text.split_once('@') {
            Some((named, digest)) => (named, !digest.is_empty()),
            None => (text, false),
        };
        let path = named.rfind('/').map_or(0, |slash| slash + 1);
        let tag = named[path..].find(':').map(|colon| {
            let start = path + colon + 1;
            (&named[start..], start..named.len())
        });
        Self { tag, has_digest }
    }
}

/// Whether a tag is moved from image to image by design: a word for a channel or a variant, without a version, a date
/// or a commit that would hold it in place. Numbers that are not whole (`2`, `3.11-slim`) are not meant.
pub(super) fn is_moving(tag: &str) -> bool {
    TagShape::of(tag) == TagShape::Mutable
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_range_of_a_tag_holds_the_tag(text in "[a-zé:/@._-]{0,24}") {
            if let Some((tag, range)) = Reference::parse(&text).tag {
                prop_assert_eq!(text.get(range), Some(tag));
                let _ = is_moving(tag);
            }
        }
    }

    #[test]
    fn the_port_of_a_registry_is_no_tag() {
        assert_eq!(Reference::parse("host:5000/img").tag, None);
        assert_eq!(Reference::parse("host:5000/img:1.2").tag, Some(("1.2", 14..17)));
    }

    #[test]
    fn a_digest_is_told_from_a_tag() {
        let both = Reference::parse("a/b:1@sha256:00");
        assert_eq!((both.tag, both.has_digest), (Some(("1", 4..5)), true));
        let alone = Reference::parse("a/b@sha256:00");
        assert_eq!((alone.tag, alone.has_digest), (None, true));
    }

    #[test]
    fn words_and_flavours_move() {
        for tag in [
            "latest",
            "LATEST",
            "stable",
            "testing",
            "alpha",
            "main",
            "main-slim",
            "cuda",
            "rocm",
            "ollama",
            "cpu",
            "openssl",
            "alpine",
            "latest-cpu",
            "latest-gpu",
            "latest-cuda-12.6.3",
            "stable-tensorrt",
            "lts",
            "nightly",
            "stable-alpine",
            "v3-latest",
            "main-cpu",
            "cuda-nightly",
            "edge-alpine3.20",
            "release",
        ] {
            assert!(is_moving(tag), "{tag} moves");
        }
    }

    #[test]
    fn versions_dates_and_commits_hold() {
        for tag in [
            "0.35.1",
            "v1.9.1",
            "0.8.3-cpu",
            "2026.10.1",
            "2026.8.20-487d7a96e",
            "stable-20260921",
            "main-99286c1004a1b2c3d4e5f60718293a4b5c6d7e8f",
            "main-cpu-99286c10",
            "3.0.0-beta",
            "nightly-20260101",
            "release-1.2.3",
            "dev-1a2b3c4",
            "16.4-alpine",
            "bookworm",
        ] {
            assert!(!is_moving(tag), "{tag} holds");
        }
    }

    #[test]
    fn numbers_that_are_not_whole_are_another_rule() {
        for tag in ["2", "2-alpine", "2.1-alpine", "0.35", "2026.1", "pg16", "3.11-slim"] {
            assert!(!is_moving(tag), "{tag} floats, but is not a moving word");
        }
    }
}
