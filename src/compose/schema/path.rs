// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Where the walk is in the tree: a chain on the stack, written out only when a fault is reported.

use std::fmt::{self, Write as _};

/// A place in the tree.
#[derive(Debug, Clone, Copy)]
pub(super) enum Path<'a> {
    /// The top level.
    Root,
    /// Below a key.
    Key(&'a Path<'a>, &'a str),
    /// An item of a list, counted from 0.
    Item(&'a Path<'a>, usize),
}

impl Path<'_> {
    /// Whether this is an item of a list.
    pub(super) fn is_item(&self) -> bool {
        matches!(self, Self::Item(..))
    }

    /// The key that this place is behind, if it is behind one.
    pub(super) fn key(&self) -> Option<&str> {
        match self {
            Self::Key(_, key) => Some(key),
            _ => None,
        }
    }

    /// The place above.
    pub(super) fn parent(&self) -> Option<&Self> {
        match self {
            Self::Root => None,
            Self::Key(parent, _) | Self::Item(parent, _) => Some(parent),
        }
    }

    /// The name of the service, when this is a whole service.
    pub(super) fn service(&self) -> Option<&str> {
        match self {
            Self::Key(Path::Key(Path::Root, "services"), name) => Some(name),
            _ => None,
        }
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root => Ok(()),
            Self::Key(Path::Root, key) => Shown(key).fmt(f),
            Self::Key(parent, key) => write!(f, "{parent}.{}", Shown(key)),
            Self::Item(parent, index) => write!(f, "{parent}[{index}]"),
        }
    }
}

/// Text of the author inside a message: control characters escaped, and cut where it is long, so that a hostile file
/// cannot draw on the terminal or blow up a thousand messages.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shown<'a>(pub &'a str);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const LONGEST: usize = 80;
        let end = self.0.char_indices().nth(LONGEST).map_or(self.0.len(), |(at, _)| at);
        for c in self.0.get(..end).unwrap_or_default().chars() {
            if c.is_control() {
                write!(f, "{}", c.escape_default())?;
            } else {
                f.write_char(c)?;
            }
        }
        if end < self.0.len() { f.write_char('…') } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::{Path, Shown};

    #[test]
    fn strange_keys_are_tamed() {
        assert_eq!(Shown("a\u{1b}[31m\n").to_string(), "a\\u{1b}[31m\\n");
        assert_eq!(Shown(&"ä".repeat(90)).to_string(), format!("{}…", "ä".repeat(80)));
        assert_eq!(Shown("größe").to_string(), "größe");
    }

    #[test]
    fn paths_read_as_in_the_model() {
        let root = Path::Root;
        let services = Path::Key(&root, "services");
        let web = Path::Key(&services, "web");
        let ports = Path::Key(&web, "ports");
        assert_eq!(Path::Item(&ports, 0).to_string(), "services.web.ports[0]");
        assert_eq!(web.service(), Some("web"));
        assert_eq!(ports.service(), None);
        assert_eq!(root.to_string(), "");
    }
}
