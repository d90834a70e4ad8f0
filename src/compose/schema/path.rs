// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Where the walk is in the tree: a chain on the stack, written out only when a fault is reported.

use std::fmt;

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
            Self::Key(Path::Root, key) => f.write_str(key),
            Self::Key(parent, key) => write!(f, "{parent}.{key}"),
            Self::Item(parent, index) => write!(f, "{parent}[{index}]"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Path;

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
