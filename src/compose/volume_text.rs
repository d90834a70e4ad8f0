// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The short form of a mount: `[source:]target[:mode]`.
//!
//! Source: Compose 2.40. A single letter before a colon is a Windows drive, so `v:/data` is an anonymous volume on the
//! path `v:/data`; unknown modes vanish without a word.

/// A parsed short form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct ShortMount {
    /// Host path or volume name; `None` for an anonymous volume.
    pub source: Option<String>,
    /// Path in the container.
    pub target: String,
    /// The mode words, in order.
    pub options: Vec<String>,
}

impl ShortMount {
    /// Whether the source is a path of the host rather than a volume name.
    #[must_use]
    pub(super) fn is_bind(&self) -> bool {
        self.source.as_deref().is_some_and(is_path)
    }
}

/// Why a short form cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum MountError {
    /// Nothing there.
    #[error("it is empty")]
    Empty,
    /// `a::b` or a colon at an end.
    #[error("nothing stands between two colons")]
    EmptySection,
    /// More than three parts.
    #[error("too many colons")]
    TooManyColons,
}

/// Reads the short form.
///
/// # Errors
/// When it is empty, has an empty part, or more than three parts.
pub(super) fn parse(text: &str) -> Result<ShortMount, MountError> {
    if text.is_empty() {
        return Err(MountError::Empty);
    }
    if text.len() <= 2 {
        return Ok(ShortMount { target: text.to_owned(), ..ShortMount::default() });
    }
    let parts = split(text);
    if parts.iter().any(|part| part.is_empty()) {
        return Err(MountError::EmptySection);
    }
    let words = |modes: &str| modes.split(',').map(str::to_owned).collect();
    match parts.as_slice() {
        [target] => Ok(ShortMount { target: (*target).to_owned(), ..ShortMount::default() }),
        [source, target] => {
            Ok(ShortMount { source: Some((*source).to_owned()), target: (*target).to_owned(), options: Vec::new() })
        }
        [source, target, modes] => {
            Ok(ShortMount { source: Some((*source).to_owned()), target: (*target).to_owned(), options: words(modes) })
        }
        _ => Err(MountError::TooManyColons),
    }
}

/// Parts between colons; a colon after a single letter, or in a variable that is still there, belongs to the part.
fn split(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut open_braces) = (0, 0_usize);
    for (at, letter) in text.char_indices() {
        match letter {
            '$' if text[at..].starts_with("${") => open_braces += 1,
            '}' => open_braces = open_braces.saturating_sub(1),
            _ => {}
        }
        if letter != ':' || open_braces > 0 {
            continue;
        }
        let mut so_far = text[start..at].chars();
        let drive = matches!((so_far.next(), so_far.next()), (Some(letter), None) if letter.is_alphabetic());
        if !drive {
            parts.push(&text[start..at]);
            start = at + 1;
        }
    }
    parts.push(&text[start..]);
    parts
}

/// Whether a source names a path of the host: `./x`, `/x`, `~/x`, `C:\x`, `\\pipe`.
#[must_use]
pub(super) fn is_path(source: &str) -> bool {
    let mut characters = source.chars();
    match characters.next() {
        Some('.' | '/' | '~') => true,
        Some('\\') => characters.next() == Some('\\'),
        Some(letter) => letter.is_alphabetic() && characters.next() == Some(':'),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_told_apart() {
        let mount = parse("./a:/b:ro,z").unwrap_or_default();
        assert_eq!((mount.source.as_deref(), mount.target.as_str()), (Some("./a"), "/b"));
        assert_eq!(mount.options, ["ro", "z"]);
        assert!(mount.is_bind());
        assert_eq!(parse("/b").map(|m| m.source), Ok(None));
        assert_eq!(parse("C:\\x:/b").map(|m| m.source), Ok(Some("C:\\x".to_owned())));
    }

    #[test]
    fn variables_are_left_whole() {
        let mount = parse("${DATA:-./a}:/b${SUB:-}:${MODE:-ro}").unwrap_or_default();
        assert_eq!((mount.source.as_deref(), mount.target.as_str()), (Some("${DATA:-./a}"), "/b${SUB:-}"));
        assert_eq!(mount.options, ["${MODE:-ro}"]);
    }

    #[test]
    fn one_letter_is_a_drive() {
        assert_eq!(parse("v:/data").map(|m| (m.source, m.target)), Ok((None, "v:/data".to_owned())));
        assert_eq!(parse("w:/w:ro").map(|m| (m.source, m.target)), Ok((Some("w:/w".to_owned()), "ro".to_owned())));
    }

    #[test]
    fn colons_in_variables_part_nothing() {
        let mount = parse("${DATA:-./${SUB:-data}}:/x${MODE:-}:ro").unwrap_or_default();
        assert_eq!(mount.source.as_deref(), Some("${DATA:-./${SUB:-data}}"));
        assert_eq!((mount.target.as_str(), mount.options), ("/x${MODE:-}", vec!["ro".to_owned()]));
    }

    #[test]
    fn bad_forms_are_refused() {
        assert_eq!(parse(""), Err(MountError::Empty));
        assert_eq!(parse("ab::c"), Err(MountError::EmptySection));
        assert_eq!(parse("data:/x:rw:z"), Err(MountError::TooManyColons));
    }
}
