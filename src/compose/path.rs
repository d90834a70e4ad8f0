// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! A place in the model, as the chain of keys that leads to it.

use std::fmt;

/// A chain of keys; list items count as the key `[n]`, and match `*`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Path<'a> {
    parent: Option<&'a Path<'a>>,
    key: &'a str,
    depth: usize,
}

impl<'a> Path<'a> {
    /// The top of the model.
    pub(super) const ROOT: Path<'static> = Path { parent: None, key: "", depth: 0 };

    /// The place behind `key`.
    #[must_use]
    pub(super) fn child<'b>(&'b self, key: &'b str) -> Path<'b>
    where
        'a: 'b,
    {
        Path { parent: Some(self), key, depth: self.depth + 1 }
    }

    /// What `with` makes of the keys from the top, without an allocation for places that are not deep.
    pub(super) fn with_keys<T>(&self, with: impl FnOnce(&[&str]) -> T) -> T {
        const USUAL: usize = 8;
        if self.depth > USUAL {
            return with(&self.keys());
        }
        let mut keys = [""; USUAL];
        let mut at = self;
        while let Some(parent) = at.parent {
            keys[at.depth - 1] = at.key;
            at = parent;
        }
        with(&keys[..self.depth])
    }

    /// The keys from the top.
    #[must_use]
    pub(super) fn keys(&self) -> Vec<&str> {
        let mut keys = Vec::with_capacity(self.depth);
        let mut at = self;
        while let Some(parent) = at.parent {
            keys.push(at.key);
            at = parent;
        }
        keys.reverse();
        keys
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, key) in self.keys().into_iter().enumerate() {
            if at > 0 && !key.starts_with('[') {
                out.write_str(".")?;
            }
            out.write_str(key)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn list_items_follow_without_a_dot() {
        let services = Path::ROOT.child("services");
        let web = services.child("web");
        let ports = web.child("ports");
        assert_eq!(ports.child("[0]").to_string(), "services.web.ports[0]");
        assert_eq!(ports.keys(), ["services", "web", "ports"]);
    }
}
