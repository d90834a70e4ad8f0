// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Image references: `[registry[:port]/]path[:tag][@digest]`, read as the container engines read them.
//!
//! Limits: interpolation must be done before; nothing is asked of a registry.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use super::tag::TagShape;

/// The registry meant when none is written.
pub const DEFAULT_REGISTRY: &str = "docker.io";

/// The longest path that registries accept, in bytes.
const MAXIMUM_PATH: usize = 255;

/// The longest tag that registries accept, in bytes.
const MAXIMUM_TAG: usize = 128;

/// Why a text is no image reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImageErrorKind {
    /// There is no text at all.
    Empty,
    /// The registry's host or port is malformed.
    Registry,
    /// The path has a capital letter. Registries allow small letters alone.
    Uppercase,
    /// A part of the path is empty, or has a character or a separator that is not allowed.
    Path,
    /// The path is longer than 255 bytes.
    TooLong,
    /// The tag is empty, too long, or has a character that is not allowed.
    Tag,
    /// The digest is no `sha256:`, `sha384:` or `sha512:` with the right number of small hexadecimal digits.
    Digest,
    /// Sixty-four hexadecimal digits: the engines take that for the identifier of a local image.
    Identifier,
}

/// A text that is no image reference, and where it goes wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageError {
    /// What is wrong.
    pub kind: ImageErrorKind,
    /// The bytes of the input that are wrong. Empty at a place where something is missing.
    pub range: Range<usize>,
}

impl fmt::Display for ImageError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self.kind {
            ImageErrorKind::Empty => "the image reference is empty",
            ImageErrorKind::Registry => "the registry of the image reference is malformed",
            ImageErrorKind::Uppercase => "the path of the image reference has a capital letter",
            ImageErrorKind::Path => "the path of the image reference is malformed",
            ImageErrorKind::TooLong => "the path of the image reference is longer than 255 bytes",
            ImageErrorKind::Tag => "the tag of the image reference is malformed",
            ImageErrorKind::Digest => "the digest of the image reference is malformed",
            ImageErrorKind::Identifier => "sixty-four hexadecimal digits are an image identifier, not a name",
        })
    }
}

impl std::error::Error for ImageError {}

/// What fixes an image in place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pin {
    /// A digest, whatever the tag beside it says.
    Digest,
    /// A tag of this shape, no digest.
    Tag(TagShape),
    /// Neither: the engine takes `latest`.
    Missing,
}

impl Pin {
    /// Whether the reference names one build.
    #[must_use]
    pub const fn is_pinned(self) -> bool {
        match self {
            Self::Digest => true,
            Self::Tag(shape) => shape.is_pinned(),
            Self::Missing => false,
        }
    }
}

/// An image reference, with the places of its parts in the text it was read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageRef {
    text: String,
    repository: String,
    registry_length: usize,
    name_length: usize,
    tag: Option<Range<usize>>,
    digest: Option<Range<usize>>,
}

impl ImageRef {
    /// Reads `text`, which must be the whole reference without blanks around it.
    ///
    /// # Errors
    /// [`ImageError`] with the kind and the place of the first fault.
    pub fn parse(text: &str) -> Result<Self, ImageError> {
        if text.is_empty() {
            return Err(fault(ImageErrorKind::Empty, 0..0));
        }
        if text.len() == 64 && text.bytes().all(is_small_hex) {
            return Err(fault(ImageErrorKind::Identifier, 0..text.len()));
        }
        let digest = text.find('@').map(|at| at + 1..text.len());
        let before_digest = digest.as_ref().map_or(text.len(), |range| range.start - 1);
        let last_slash = text[..before_digest].rfind('/').map_or(0, |slash| slash + 1);
        let tag = text[last_slash..before_digest].find(':').map(|colon| last_slash + colon + 1..before_digest);
        let name_length = tag.as_ref().map_or(before_digest, |range| range.start - 1);
        let name = &text[..name_length];

        let written_registry = name.find('/').map(|slash| &name[..slash]).filter(|first| is_registry(first));
        let path_start = written_registry.map_or(0, |registry| registry.len() + 1);
        if let Some(registry) = written_registry {
            check_registry(registry)?;
        }
        check_path(name, path_start)?;
        if let Some(range) = &tag {
            check_tag(text, range)?;
        }
        if let Some(range) = &digest {
            check_digest(text, range)?;
        }

        let registry = match written_registry {
            None | Some("index.docker.io") => DEFAULT_REGISTRY,
            Some(other) => other,
        };
        let path = &name[path_start..];
        let official = if registry == DEFAULT_REGISTRY && !path.contains('/') { "library/" } else { "" };
        let repository = format!("{registry}/{official}{path}");
        Ok(Self { text: text.to_owned(), repository, registry_length: registry.len(), name_length, tag, digest })
    }

    /// The reference as it was written.
    #[must_use]
    pub fn as_written(&self) -> &str {
        &self.text
    }

    /// Registry and path, complete: `docker.io/library/redis` for `redis`.
    #[must_use]
    pub fn repository(&self) -> &str {
        &self.repository
    }

    /// The registry with its port; `docker.io` when none is written.
    #[must_use]
    pub fn registry(&self) -> &str {
        &self.repository[..self.registry_length]
    }

    /// The path inside the registry, with `library/` where Docker Hub implies it.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.repository[self.registry_length + 1..]
    }

    /// The name as written, without tag and digest.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.text[..self.name_length]
    }

    /// The tag.
    #[must_use]
    pub fn tag(&self) -> Option<&str> {
        self.tag.clone().map(|range| &self.text[range])
    }

    /// The digest with its algorithm: `sha256:…`.
    #[must_use]
    pub fn digest(&self) -> Option<&str> {
        self.digest.clone().map(|range| &self.text[range])
    }

    /// The bytes of the name in the text that was read.
    #[must_use]
    pub const fn name_range(&self) -> Range<usize> {
        0..self.name_length
    }

    /// The bytes of the tag, without its colon, in the text that was read.
    #[must_use]
    pub fn tag_range(&self) -> Option<Range<usize>> {
        self.tag.clone()
    }

    /// The bytes of the digest, without its `@`, in the text that was read.
    #[must_use]
    pub fn digest_range(&self) -> Option<Range<usize>> {
        self.digest.clone()
    }

    /// What fixes the image, when three numbers make a whole version. Images that count otherwise: `Catalog::pin`.
    #[must_use]
    pub fn pin(&self) -> Pin {
        self.pin_with(super::tag::WHOLE_VERSION_PARTS)
    }

    /// What fixes the image, when `whole_parts` numbers make a whole version.
    #[must_use]
    pub fn pin_with(&self, whole_parts: u8) -> Pin {
        match (self.digest(), self.tag()) {
            (Some(_), _) => Pin::Digest,
            (None, Some(tag)) => Pin::Tag(TagShape::of_with(tag, whole_parts)),
            (None, None) => Pin::Missing,
        }
    }
}

impl FromStr for ImageRef {
    type Err = ImageError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

/// The complete form: registry, path, then tag and digest where written.
impl fmt::Display for ImageRef {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.repository)?;
        if let Some(tag) = self.tag() {
            write!(formatter, ":{tag}")?;
        }
        if let Some(digest) = self.digest() {
            write!(formatter, "@{digest}")?;
        }
        Ok(())
    }
}

const fn fault(kind: ImageErrorKind, range: Range<usize>) -> ImageError {
    ImageError { kind, range }
}

const fn is_small_hex(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'a'..=b'f')
}

/// Whether the part before the first slash names a registry: Docker asks for a dot, a colon, a capital, or `localhost`.
fn is_registry(first: &str) -> bool {
    first == "localhost" || first.bytes().any(|byte| matches!(byte, b'.' | b':') || byte.is_ascii_uppercase())
}

fn check_registry(registry: &str) -> Result<(), ImageError> {
    let wrong = || fault(ImageErrorKind::Registry, 0..registry.len());
    let (host, port) = match registry.strip_prefix('[') {
        Some(rest) => {
            let (address, after) = rest.split_once(']').ok_or_else(wrong)?;
            if address.is_empty() || !address.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b':') {
                return Err(wrong());
            }
            (None, if after.is_empty() { None } else { Some(after.strip_prefix(':').ok_or_else(wrong)?) })
        }
        None => match registry.split_once(':') {
            Some((host, port)) => (Some(host), Some(port)),
            None => (Some(registry), None),
        },
    };
    let host_is_good = host.is_none_or(|host| host.split('.').all(is_host_label));
    let port_is_good = port.is_none_or(|port| !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()));
    if host_is_good && port_is_good { Ok(()) } else { Err(wrong()) }
}

fn is_host_label(label: &str) -> bool {
    !label.is_empty()
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

fn check_path(name: &str, start: usize) -> Result<(), ImageError> {
    let path = &name[start..];
    if path.len() > MAXIMUM_PATH {
        return Err(fault(ImageErrorKind::TooLong, start..name.len()));
    }
    let mut at = start;
    for part in path.split('/') {
        check_path_part(part, at)?;
        at += part.len() + 1;
    }
    Ok(())
}

/// Small letters and digits, between them one dot, one or two underscores, or dashes.
fn check_path_part(part: &str, at: usize) -> Result<(), ImageError> {
    if let Some(capital) = part.bytes().position(|byte| byte.is_ascii_uppercase()) {
        return Err(fault(ImageErrorKind::Uppercase, at + capital..at + capital + 1));
    }
    if let Some((offset, strange)) = part.char_indices().find(|(_, letter)| !is_path_letter(*letter)) {
        return Err(fault(ImageErrorKind::Path, at + offset..at + offset + strange.len_utf8()));
    }
    let is_word = |letter: char| letter.is_ascii_alphanumeric();
    let separators_are_good =
        part.split(is_word).all(|gap| matches!(gap, "" | "." | "_" | "__") || gap.bytes().all(|byte| byte == b'-'));
    if part.starts_with(is_word) && part.ends_with(is_word) && separators_are_good {
        Ok(())
    } else {
        Err(fault(ImageErrorKind::Path, at..at + part.len()))
    }
}

const fn is_path_letter(letter: char) -> bool {
    matches!(letter, 'a'..='z' | '0'..='9' | '.' | '_' | '-')
}

fn check_tag(text: &str, range: &Range<usize>) -> Result<(), ImageError> {
    let tag = &text[range.clone()];
    let first_is_good = tag.bytes().next().is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let rest_is_good = tag.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-'));
    if first_is_good && rest_is_good && tag.len() <= MAXIMUM_TAG {
        Ok(())
    } else {
        Err(fault(ImageErrorKind::Tag, range.clone()))
    }
}

fn check_digest(text: &str, range: &Range<usize>) -> Result<(), ImageError> {
    if is_digest(&text[range.clone()]) { Ok(()) } else { Err(fault(ImageErrorKind::Digest, range.clone())) }
}

/// Whether `text` is a content digest that the engines accept.
#[must_use]
pub fn is_digest(text: &str) -> bool {
    let Some((algorithm, hexadecimal)) = text.split_once(':') else { return false };
    let length = match algorithm {
        "sha256" => 64,
        "sha384" => 96,
        "sha512" => 128,
        _ => return false,
    };
    hexadecimal.len() == length && hexadecimal.bytes().all(is_small_hex)
}

#[cfg(test)]
#[path = "image_tests.rs"]
mod tests;
