// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Relative paths made absolute, against the folder that Compose takes for each.

use std::path::{Component, Path, PathBuf};

use super::{Node, Value};

/// Joins `path` to `base` and cleans the result of `.` and `..`, without asking the file system.
#[must_use]
pub(super) fn join(base: &Path, path: &str) -> PathBuf {
    let mut out = PathBuf::new();
    for component in base.join(path).components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                out.pop();
            }
            other => out.push(other),
        }
    }
    out
}

/// Makes every path in a canonical tree absolute.
pub(super) struct Resolver<'a> {
    /// The folder that relative paths count from.
    pub base: &'a Path,
    /// The home folder, for `~`.
    pub home: Option<&'a str>,
}

impl Resolver<'_> {
    /// Resolves the paths of the whole tree.
    pub(super) fn apply(&self, root: &mut Node) {
        let Some(map) = root.as_map_mut() else { return };
        for section in map {
            for entry in section.node.as_map_mut().into_iter().flatten() {
                match section.key.as_str() {
                    "services" => self.service(&mut entry.node),
                    "secrets" | "configs" => self.key(&mut entry.node, "file", Self::file),
                    "volumes" => self.volume(&mut entry.node),
                    _ => {}
                }
            }
        }
    }

    /// Resolves the paths of one service.
    pub(super) fn service(&self, node: &mut Node) {
        let Some(map) = node.as_map_mut() else { return };
        for field in map {
            match field.key.as_str() {
                "build" => self.build(&mut field.node),
                "env_file" => each(&mut field.node, |item| self.key(item, "path", Self::path)),
                "label_file" => each(&mut field.node, |item| self.text(item, Self::path)),
                "extends" => self.key(&mut field.node, "file", Self::path),
                "volumes" => each(&mut field.node, |item| self.mount(item)),
                "develop" => {
                    if let Some(watch) = field.node.as_map_mut().and_then(|map| map.get_mut("watch")) {
                        each(watch, |item| self.key(item, "path", Self::path));
                    }
                }
                _ => {}
            }
        }
    }

    fn build(&self, node: &mut Node) {
        self.key(node, "context", Self::context);
        let contexts = node.as_map_mut().and_then(|map| map.get_mut("additional_contexts")).and_then(Node::as_map_mut);
        for entry in contexts.into_iter().flatten() {
            self.text(&mut entry.node, Self::context);
        }
        let keys = node.as_map_mut().and_then(|map| map.get_mut("ssh")).and_then(Node::as_map_mut);
        for entry in keys.into_iter().flatten() {
            self.text(&mut entry.node, Self::path);
        }
    }

    fn mount(&self, node: &mut Node) {
        if node.get("type").and_then(Node::as_str) == Some("bind") {
            self.key(node, "source", Self::mount_source);
        }
    }

    /// A local volume that is really a bind mount has a path in its options.
    fn volume(&self, node: &mut Node) {
        let local = node.get("driver").and_then(Node::as_str).is_none_or(|driver| driver == "local");
        let bind = node.at(&["driver_opts", "o"]).and_then(Node::as_str) == Some("bind");
        if local
            && bind
            && let Some(options) = node.as_map_mut().and_then(|map| map.get_mut("driver_opts"))
        {
            self.key(options, "device", Self::path);
        }
    }

    fn key(&self, node: &mut Node, key: &str, resolve: fn(&Self, &str) -> Option<String>) {
        if let Some(value) = node.as_map_mut().and_then(|map| map.get_mut(key)) {
            self.text(value, resolve);
        }
    }

    fn text(&self, node: &mut Node, resolve: fn(&Self, &str) -> Option<String>) {
        if let Some(resolved) = node.as_str().and_then(|text| resolve(self, text)) {
            node.value = Value::Str(resolved);
        }
    }

    /// The file of a secret or config; an empty path is the folder itself (Compose 2.40).
    #[expect(clippy::unnecessary_wraps, reason = "one of several ways to resolve a path")]
    fn file(&self, text: &str) -> Option<String> {
        Some(self.path(text).unwrap_or_else(|| self.base.to_string_lossy().into_owned()))
    }

    /// A plain path; an empty one stays.
    fn path(&self, text: &str) -> Option<String> {
        if text.is_empty() {
            return None;
        }
        let text = self.expand_home(text);
        if text.starts_with('/') { Some(text) } else { Some(join(self.base, &text).to_string_lossy().into_owned()) }
    }

    /// A mount source: Windows paths stay.
    fn mount_source(&self, text: &str) -> Option<String> {
        if is_windows_path(text) { None } else { self.path(text) }
    }

    /// A build context: URLs and references to services and images stay.
    fn context(&self, text: &str) -> Option<String> {
        let remote = text.contains("://") || text.starts_with("git@") || text.starts_with("github.com/") || text == "-";
        let reference = ["service:", "docker-image:", "target:", "oci-layout:"].iter().any(|p| text.starts_with(p));
        if remote || reference || is_windows_path(text) { None } else { self.path(text) }
    }

    fn expand_home(&self, text: &str) -> String {
        match (text.strip_prefix('~'), self.home) {
            (Some(rest), Some(home)) if rest.is_empty() || rest.starts_with('/') => {
                join(Path::new(home), rest.trim_start_matches('/')).to_string_lossy().into_owned()
            }
            _ => text.to_owned(),
        }
    }
}

fn each(node: &mut Node, change: impl FnMut(&mut Node)) {
    if let Value::Seq(items) = &mut node.value {
        items.iter_mut().for_each(change);
    }
}

fn is_windows_path(text: &str) -> bool {
    let mut characters = text.chars();
    match (characters.next(), characters.next(), characters.next()) {
        (Some('\\'), Some('\\'), _) => true,
        (Some(letter), Some(':'), Some('\\' | '/')) => letter.is_ascii_alphabetic(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joined_paths_are_clean() {
        assert_eq!(join(Path::new("/a/b"), "../c/./d"), Path::new("/a/c/d"));
        assert_eq!(join(Path::new("/a"), "/x/.."), Path::new("/"));
    }
}
