// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! A name inside a tree: bytes, relative, without steps upwards.

use std::cmp::Ordering;
use std::fmt;

use super::text;

/// The longest name of one entry, in bytes; the same on every file system of Linux.
pub const MAX_NAME: usize = 255;

/// The longest path, in bytes. GNU tar and the engine read up to 4095 (`PATH_MAX` with its end); what is longer comes
/// back through stackctl alone.
pub const MAX_PATH: usize = 32 * 1024;

/// The deepest entry, in names. A walk holds one open directory a level.
pub const MAX_DEPTH: usize = 512;

/// A path below the root of a tree; the root itself is the empty path. Names are bytes: Linux knows no encoding.
///
/// The order is the one of a walk that lists each directory sorted by bytes: a directory, then all that is in it, then
/// its next sibling.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct TreePath(Vec<u8>);

/// Why bytes are no path inside a tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PathFault {
    /// Begins with `/`.
    #[error("is absolute")]
    Absolute,
    /// Has a component `..`, which could lead out.
    #[error("has `..` in it")]
    Upwards,
    /// Has an empty component, or `.`.
    #[error("has an empty name or `.` in it")]
    Empty,
    /// Has a byte that no name can have.
    #[error("has a NUL byte in it")]
    Nul,
    /// A name is longer than [`MAX_NAME`], or the path longer than [`MAX_PATH`].
    #[error("is too long")]
    TooLong,
    /// Has more than [`MAX_DEPTH`] names.
    #[error("is too deep")]
    TooDeep,
}

impl TreePath {
    /// The root of the tree.
    #[must_use]
    pub fn root() -> Self {
        Self::default()
    }

    /// Takes names joined by single `/`; nothing at all is the root.
    ///
    /// # Errors
    /// Whatever could lead out of the tree, or that no Linux file system could hold.
    pub fn parse(bytes: &[u8]) -> Result<Self, PathFault> {
        if bytes.is_empty() {
            return Ok(Self::root());
        }
        if bytes.starts_with(b"/") {
            return Err(PathFault::Absolute);
        }
        if bytes.len() > MAX_PATH {
            return Err(PathFault::TooLong);
        }
        let mut depth = 0_usize;
        for name in bytes.split(|byte| *byte == b'/') {
            check_name(name)?;
            depth += 1;
        }
        if depth > MAX_DEPTH { Err(PathFault::TooDeep) } else { Ok(Self(bytes.to_vec())) }
    }

    /// The entry of this name in the directory that this path names.
    ///
    /// # Errors
    /// As [`TreePath::parse`].
    pub fn join(&self, name: &[u8]) -> Result<Self, PathFault> {
        check_name(name)?;
        let mut bytes = Vec::with_capacity(self.0.len() + 1 + name.len());
        bytes.extend_from_slice(&self.0);
        if !bytes.is_empty() {
            bytes.push(b'/');
        }
        bytes.extend_from_slice(name);
        if bytes.len() > MAX_PATH {
            return Err(PathFault::TooLong);
        }
        let joined = Self(bytes);
        if joined.depth() > MAX_DEPTH { Err(PathFault::TooDeep) } else { Ok(joined) }
    }

    /// Whether this is the root of the tree.
    #[must_use]
    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// The bytes, without a leading or closing `/`.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The names from the top.
    pub fn names(&self) -> impl Iterator<Item = &[u8]> {
        self.0.split(|byte| *byte == b'/').filter(|name| !name.is_empty())
    }

    /// How many names there are.
    #[must_use]
    pub fn depth(&self) -> usize {
        self.names().count()
    }

    /// The last name; none of the root.
    #[must_use]
    pub fn name(&self) -> Option<&[u8]> {
        self.names().last()
    }

    /// The directory that this is in; none of the root.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        if self.is_root() {
            return None;
        }
        let cut = self.0.iter().rposition(|byte| *byte == b'/').unwrap_or(0);
        Some(Self(self.0[..cut].to_vec()))
    }

    /// Whether this is somewhere in the directory `above`, at any depth.
    #[must_use]
    pub fn is_below(&self, above: &Self) -> bool {
        if above.is_root() {
            return !self.is_root();
        }
        self.0.strip_prefix(above.0.as_slice()).is_some_and(|rest| rest.first() == Some(&b'/'))
    }
}

/// Refuses what is no single name.
fn check_name(name: &[u8]) -> Result<(), PathFault> {
    match name {
        b"" | b"." => Err(PathFault::Empty),
        b".." => Err(PathFault::Upwards),
        _ if name.len() > MAX_NAME => Err(PathFault::TooLong),
        _ if name.contains(&0) => Err(PathFault::Nul),
        _ if name.contains(&b'/') => Err(PathFault::Empty),
        _ => Ok(()),
    }
}

impl Ord for TreePath {
    fn cmp(&self, other: &Self) -> Ordering {
        // No name has a NUL, so `/` may stand as the lowest byte: what is in `a` comes before `a.b`.
        let key = |byte: &u8| if *byte == b'/' { 0 } else { *byte };
        self.0.iter().map(key).cmp(other.0.iter().map(key))
    }
}

impl PartialOrd for TreePath {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for TreePath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_root() { formatter.write_str(".") } else { formatter.write_str(&text::escape(&self.0)) }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed set-up fails the test")]

    use super::*;

    #[test]
    fn refuses_what_leads_out_or_cannot_be() {
        for (bytes, fault) in [
            (&b"/etc"[..], PathFault::Absolute),
            (b"a/../b", PathFault::Upwards),
            (b"..", PathFault::Upwards),
            (b"a//b", PathFault::Empty),
            (b"a/", PathFault::Empty),
            (b"./a", PathFault::Empty),
            (b"a\0b", PathFault::Nul),
        ] {
            assert_eq!(TreePath::parse(bytes), Err(fault), "{}", bytes.escape_ascii());
        }
        assert_eq!(TreePath::parse(&[b'x'; 256]), Err(PathFault::TooLong));
        assert_eq!(TreePath::parse(&b"a/".repeat(513)[..1025]), Err(PathFault::TooDeep));
        assert!(TreePath::parse(b"new\nline/latin-\xe9/.wh.x/...").is_ok());
    }

    #[test]
    fn sorts_as_a_walk_does() {
        let mut paths: Vec<TreePath> =
            [&b"a.b"[..], b"a/z", b"", b"a", b"a/b/c", b"b", b"a/b"].map(|path| TreePath::parse(path).unwrap()).into();
        paths.sort();
        let sorted: Vec<&[u8]> = paths.iter().map(TreePath::as_bytes).collect();
        assert_eq!(sorted, [&b""[..], b"a", b"a/b", b"a/b/c", b"a/z", b"a.b", b"b"]);
    }

    #[test]
    fn knows_its_neighbours() {
        let path = TreePath::parse(b"a/b").unwrap();
        let parent = path.parent().unwrap();
        assert_eq!((parent.as_bytes(), path.name(), path.depth()), (&b"a"[..], Some(&b"b"[..]), 2));
        assert!(path.is_below(&parent) && path.is_below(&TreePath::root()) && !path.is_below(&path));
        assert!(!TreePath::parse(b"ab").unwrap().is_below(&parent));
        assert_eq!(TreePath::root().join(b"a").unwrap(), parent);
        assert_eq!(TreePath::root().parent(), None);
    }
}
