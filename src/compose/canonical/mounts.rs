// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The long form of `volumes`.

use crate::compose::volume_text::{self, ShortMount};
use crate::compose::{Node, Style, Value};
use crate::diag::{Diagnostic, Span};

use super::{Variables, fault, mapping};

pub(super) fn canonical(node: Node, path: &str, variables: Variables, faults: &mut Vec<Diagnostic>) -> Node {
    let mut node = node;
    if let Value::Seq(items) = &mut node.value {
        for (at, item) in items.iter_mut().enumerate() {
            let Some(text) = item.as_str().map(str::to_owned) else { continue };
            match volume_text::parse(&text) {
                Ok(mount) => *item = long_form(item, &text, &mount),
                Err(_) if variables == Variables::Kept => {}
                Err(error) => faults.push(
                    fault(item.span, format!("{path}.volumes[{at}]"), format!("`{text}` is no mount: {error}"))
                        .hint("the form is `[source:]target[:mode]`"),
                ),
            }
        }
    }
    node
}

fn long_form(item: &Node, text: &str, mount: &ShortMount) -> Node {
    let span = item.span;
    let word = |value: &str| Node::string(value, span);
    let mut entries = vec![("type", word(if mount.is_bind() { "bind" } else { "volume" }))];
    if let Some(source) = &mount.source {
        entries.push(("source", Node::string(source, part_span(item, text, source, 0))));
    }
    let target_from = mount.source.as_ref().map_or(0, |source| source.len() + 1);
    entries.push(("target", Node::string(clean(&mount.target), part_span(item, text, &mount.target, target_from))));
    let mut bind = Vec::new();
    let mut volume = Vec::new();
    for option in &mount.options {
        match option.as_str() {
            "ro" => entries.push(("read_only", Node::derived(Value::Bool(true), span))),
            "rw" => entries.retain(|(key, _)| *key != "read_only"),
            "nocopy" => volume.push(("nocopy", Node::derived(Value::Bool(true), span))),
            "z" | "Z" => bind.push(("selinux", word(option))),
            "private" | "rprivate" | "shared" | "rshared" | "slave" | "rslave" => {
                bind.push(("propagation", word(option)));
            }
            _ => {
                if let Some(subpath) = option.strip_prefix("subpath=") {
                    volume.push(("subpath", word(subpath)));
                }
            }
        }
    }
    if mount.is_bind() {
        bind.push(("create_host_path", Node::derived(Value::Bool(true), span)));
    }
    if mount.is_bind() || !bind.is_empty() {
        entries.push(("bind", mapping(item, bind)));
    }
    // Compose 2.40 leaves the options out for a target of one or two characters.
    let options = !mount.is_bind() && text.len() > 2;
    if options || !volume.is_empty() {
        entries.push(("volume", mapping(item, volume)));
    }
    mapping(item, entries)
}

/// The bytes of a part, where the raw text shows it as it is.
fn part_span(item: &Node, text: &str, part: &str, from: usize) -> Span {
    let quotes = match item.style {
        Style::Plain => 0,
        Style::SingleQuoted | Style::DoubleQuoted => 1,
        _ => return item.span,
    };
    if item.span.len() == text.len() + 2 * quotes {
        item.span.slice(quotes + from, quotes + from + part.len())
    } else {
        item.span
    }
}

/// A container path as Go's `path.Clean` leaves it.
fn clean(path: &str) -> String {
    let rooted = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => match parts.last() {
                Some(last) if *last != ".." => {
                    parts.pop();
                }
                _ if rooted => {}
                _ => parts.push(".."),
            },
            _ => parts.push(part),
        }
    }
    let joined = parts.join("/");
    match (rooted, joined.is_empty()) {
        (true, _) => format!("/{joined}"),
        (false, true) => ".".to_owned(),
        (false, false) => joined,
    }
}

#[cfg(test)]
mod tests {
    use super::clean;

    #[test]
    fn paths_are_cleaned_like_go_does() {
        for (raw, want) in [("/a/../b/", "/b"), ("a//b/.", "a/b"), ("/..", "/"), ("../x", "../x"), ("./", ".")] {
            assert_eq!(clean(raw), want);
        }
    }
}
