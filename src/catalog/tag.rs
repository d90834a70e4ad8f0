// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What the spelling of an image tag promises: does it stay where it is, or does it move?
//!
//! Limits: only the text is judged. A registry may move any tag; a digest alone is proof.

/// Words that a publisher moves from release to release.
const MOVING: &[&str] = &[
    "latest", "stable", "edge", "nightly", "dev", "test", "testing", "beta", "alpha", "canary", "lts", "main",
    "master", "rolling", "release",
];

/// Words that name a build flavour. Alone they follow the newest release of that flavour.
const FLAVOURS: &[&str] = &["cuda", "rocm", "cpu", "gpu", "alpine", "slim", "ollama", "openssl"];

/// Numbers in a version that most projects publish as one release: `1.2.3`.
pub const WHOLE_VERSION_PARTS: u8 = 3;

/// What a tag looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TagShape {
    /// A whole version, with or without `v` and flavour: `0.35.1`, `v1.9.1-gpu`.
    FullVersion,
    /// A date, or a version that starts with a year and month: `2026.10.1`, `20260921`.
    CalendarDate,
    /// A channel frozen on a day: `stable-20260921`.
    ChannelDate,
    /// A commit of the source: `main-<40 hex>`, `sha-1a2b3c4`.
    Commit,
    /// A number that is not whole and moves with each patch: `2`, `2.1-alpine`, `2026.1`, `pg16`.
    Floating,
    /// A word that moves: `latest`, `stable`, `main-slim`, `cuda`.
    Mutable,
    /// Any other word, such as `bookworm`. Nothing can be told from it.
    Named,
}

impl TagShape {
    /// The shape of `tag`, when a version of three numbers is whole.
    #[must_use]
    pub fn of(tag: &str) -> Self {
        Self::of_with(tag, WHOLE_VERSION_PARTS)
    }

    /// The shape of `tag` for an image whose whole versions have `whole_parts` numbers (two for `PostgreSQL`).
    #[must_use]
    pub fn of_with(tag: &str, whole_parts: u8) -> Self {
        let lower = tag.to_ascii_lowercase();
        let words: Vec<&str> = lower.split(['-', '_']).filter(|word| !word.is_empty()).collect();
        if words.iter().any(|word| is_full_hash(word)) {
            return Self::Commit;
        }
        if words.first() == Some(&"latest") || words.last() == Some(&"latest") {
            return Self::Mutable;
        }
        if let Some(shape) = whole_version(&words, usize::from(whole_parts.max(1))) {
            return shape;
        }
        if let Some(start) = find_date(&lower) {
            let before = &lower[..start];
            return if before.is_empty() || before == "v" { Self::CalendarDate } else { Self::ChannelDate };
        }
        if has_short_hash(&words) {
            return Self::Commit;
        }
        Self::of_moving(&words)
    }

    /// Whether the tag is a pin: it names one build and its publisher has no reason to move it.
    #[must_use]
    pub const fn is_pinned(self) -> bool {
        matches!(self, Self::FullVersion | Self::CalendarDate | Self::ChannelDate | Self::Commit)
    }

    fn of_moving(words: &[&str]) -> Self {
        let starts_moving = words.first().is_some_and(|word| MOVING.contains(word));
        let only_words = words.iter().all(|word| FLAVOURS.contains(word) || MOVING.contains(word));
        if !words.is_empty() && (starts_moving || only_words) {
            Self::Mutable
        } else if words.iter().any(|word| starts_like_version(word)) || is_numbered_word(words) {
            Self::Floating
        } else {
            Self::Named
        }
    }
}

/// A git commit (40) or a content hash (64), written out.
fn is_full_hash(word: &str) -> bool {
    matches!(word.len(), 40 | 64) && is_hex(word)
}

fn is_hex(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// A shortened commit as the last word (`git-1a2b3c4`, `cpu-1a2b3c4`, `1a2b3c4`). All digits count only after
/// `sha` or `git`, because a build number looks the same.
fn has_short_hash(words: &[&str]) -> bool {
    let Some((last, before)) = words.split_last() else { return false };
    if !(7..=64).contains(&last.len()) || !is_hex(last) {
        return false;
    }
    let announced = before.last().is_some_and(|word| matches!(*word, "sha" | "git"));
    let mixed = last.bytes().any(|byte| byte.is_ascii_digit()) && last.bytes().any(|byte| byte.is_ascii_alphabetic());
    announced || mixed
}

/// The shape of the first word that is a whole version of the image. A version right after a flavour belongs to the
/// flavour (`cuda-12.6.3`).
fn whole_version(words: &[&str], whole_parts: usize) -> Option<TagShape> {
    for (index, word) in words.iter().enumerate() {
        let of_flavour = index > 0 && FLAVOURS.contains(&words[index - 1]);
        let bare = word.strip_prefix('v').unwrap_or(word);
        if of_flavour || !is_whole(bare, whole_parts) {
            continue;
        }
        let mut numbers = bare.split('.').map(|part| part.parse::<u32>().unwrap_or(u32::MAX));
        let year = numbers.next().is_some_and(|number| (1990..=2099).contains(&number));
        let month = numbers.next().is_some_and(|number| (1..=12).contains(&number));
        return Some(if year && month { TagShape::CalendarDate } else { TagShape::FullVersion });
    }
    None
}

/// Whether `text` has at least `whole_parts` numbers between dots. The last may carry a mark such as `0rc1`.
fn is_whole(text: &str, whole_parts: usize) -> bool {
    let parts: Vec<&str> = text.split('.').collect();
    if whole_parts == 0 || parts.len() < whole_parts {
        return false;
    }
    let (plain, rest) = parts.split_at(whole_parts - 1);
    let number = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let marked = |part: &&str| part.bytes().next().is_some_and(|byte| byte.is_ascii_digit());
    let two_numbers_or_more = whole_parts > 1 || rest.len() > 1;
    plain.iter().all(number) && rest.first().is_some_and(marked) && (two_numbers_or_more || rest.iter().all(number))
}

fn starts_like_version(word: &str) -> bool {
    word.strip_prefix('v').unwrap_or(word).bytes().next().is_some_and(|byte| byte.is_ascii_digit())
}

/// A single word with a number at its end: `pg16`, `alpine3.20`.
fn is_numbered_word(words: &[&str]) -> bool {
    let [word] = words else { return false };
    let number = word.trim_start_matches(|letter: char| letter.is_ascii_alphabetic());
    !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}

/// The byte where the first date starts: `YYYYMMDD`, or `YYYY`, month and day with one separator between them.
fn find_date(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    (0..bytes.len()).find(|&start| {
        let alone = start == 0 || !bytes[start - 1].is_ascii_digit();
        alone
            && (is_date(bytes, start, None) || [b'-', b'_', b'.'].iter().any(|&sign| is_date(bytes, start, Some(sign))))
    })
}

fn is_date(bytes: &[u8], start: usize, separator: Option<u8>) -> bool {
    let gap = usize::from(separator.is_some());
    let (month_at, day_at) = (start + 4 + gap, start + 6 + 2 * gap);
    let separated =
        separator.is_none_or(|sign| bytes.get(start + 4) == Some(&sign) && bytes.get(day_at - 1) == Some(&sign));
    let number = |from: usize, length: usize| {
        let digits = bytes.get(from..from + length)?;
        digits
            .iter()
            .all(u8::is_ascii_digit)
            .then(|| digits.iter().fold(0_u32, |sum, digit| sum * 10 + u32::from(digit - b'0')))
    };
    separated
        && !bytes.get(day_at + 2).is_some_and(u8::is_ascii_digit)
        && number(start, 4).is_some_and(|year| (1990..=2099).contains(&year))
        && number(month_at, 2).is_some_and(|month| (1..=12).contains(&month))
        && number(day_at, 2).is_some_and(|day| (1..=31).contains(&day))
}

#[cfg(test)]
mod tests {
    use super::TagShape::{self, CalendarDate, ChannelDate, Commit, Floating, FullVersion, Mutable, Named};
    use proptest::prelude::*;

    const COMMIT: &str = "99286c10883cb9b9dcecdb6c68933c4dc0ecbec3";

    fn assert_all(shape: TagShape, tags: &[&str]) {
        for tag in tags {
            assert_eq!(TagShape::of(tag), shape, "tag `{tag}`");
        }
    }

    #[test]
    fn whole_versions_are_pins() {
        assert_all(
            FullVersion,
            &[
                "0.35.1",
                "0.18.0",
                "0.8.3-cpu",
                "0.8.3-cuda-12.6.3",
                "1.5.9",
                "v1.9.1",
                "v1.9.1-gpu",
                "v0.11.0",
                "v3.7.11",
                "v0.9.0-rc.3",
                "0.0.8a",
                "2.1.2-alpine",
                "1.6.15-openssl",
                "8.10.1-alpine3.22",
                "v1.19.0-unprivileged",
                "0.8.0-rocm",
                "pg14-v0.2.0",
                "1.2.20260921",
                "1.2.3.4",
                "2.11.4-alpine",
                "1.0.0rc1",
            ],
        );
    }

    #[test]
    fn dates_are_pins() {
        assert_all(
            CalendarDate,
            &["2026.10.1", "2026.8.2", "2026.8.20-487d7a96e", "20260921", "2026-09-21", "v20260921"],
        );
        assert_all(
            ChannelDate,
            &[
                "stable-20260921",
                "testing-20260922",
                "alpha-20260101",
                "bookworm-20260921-slim",
                "main-20260921",
                "release.2024-01-16t16-07-38z",
            ],
        );
    }

    #[test]
    fn commits_are_pins() {
        let tags = [
            format!("main-{COMMIT}"),
            format!("main-cuda121-{COMMIT}"),
            format!("main-cpu-{COMMIT}"),
            COMMIT.to_owned(),
        ];
        for tag in &tags {
            assert_all(Commit, &[tag]);
        }
        assert_all(Commit, &["sha-1a2b3c4", "git-1234567", "cpu-1a2b3c4d", "main-1a2b3c4", "1a2b3c4"]);
    }

    #[test]
    fn words_that_move_are_no_pins() {
        assert_all(
            Mutable,
            &[
                "latest", "stable", "edge", "nightly", "dev", "test", "testing", "beta", "alpha", "canary", "lts",
                "main", "master", "rolling", "release", "Latest",
            ],
        );
        assert_all(
            Mutable,
            &[
                "cuda",
                "rocm",
                "cpu",
                "gpu",
                "alpine",
                "slim",
                "ollama",
                "openssl",
                "latest-cpu",
                "latest-gpu",
                "latest-cuda-12.6.3",
                "latest-cuda121",
                "main-slim",
                "main-cuda121",
                "stable-tensorrt",
                "2.24.0-latest",
                "lts-alpine",
                "main-12345",
                "cpu-slim",
            ],
        );
    }

    #[test]
    fn numbers_that_are_not_whole_float() {
        assert_all(
            Floating,
            &[
                "2",
                "2-alpine",
                "2.1-alpine",
                "0.35",
                "2026.1",
                "pg16",
                "3.11-slim",
                "v2",
                "v2.1",
                "16-3.4-alpine",
                "alpine3.20",
                "cuda121",
                "cuda-12.6.3",
                "3.x",
                "2.0-openssl",
                "8-alpine3.20.1",
            ],
        );
    }

    #[test]
    fn other_words_say_nothing() {
        assert_all(Named, &["bookworm", "noble", "server-b4719", "bookworm-slim", "deadbeef"]);
    }

    #[test]
    fn two_numbers_are_whole_where_the_image_says_so() {
        for tag in ["18.6", "18.6-bookworm", "17.10-alpine", "18.6-alpine3.24"] {
            assert_eq!(TagShape::of_with(tag, 2), FullVersion, "tag `{tag}`");
            assert_eq!(TagShape::of(tag), Floating, "tag `{tag}`");
        }
        assert_eq!(TagShape::of_with("17-alpine", 2), Floating);
        assert_eq!(TagShape::of_with("17", 1), FullVersion);
    }

    #[test]
    fn impossible_dates_are_no_dates() {
        assert_all(Mutable, &["stable-20261321", "stable-20260932", "stable-202609211"]);
    }

    proptest! {
        #[test]
        fn any_text_has_a_shape(text in ".{0,60}", parts in 0_u8..6) {
            let _shape = TagShape::of_with(&text, parts);
        }

        #[test]
        fn a_pinned_channel_never_loses_its_date(year in 2020_u32..2090, month in 1_u32..=12, day in 1_u32..=28) {
            let tag = format!("stable-{year}{month:02}{day:02}");
            prop_assert_eq!(TagShape::of(&tag), ChannelDate);
        }
    }
}
