// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Long forms to typed values: sizes, durations, command words and the rest of what Compose's types accept and print.
//!
//! The tables say, a section, which keys there are, how a value is read and when it is left out of the output. The
//! result is the tree that `config` prints; what cannot be read is a fault.

mod convert;
mod json_view;
mod resources;
mod service;

pub use json_view::json_view;

use super::path::Path;
use super::{Entry, Map, Node, Value};
use crate::diag::Diagnostic;

/// How a value is read, and when it is left out.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind {
    /// A string; numbers become their text; left out when empty.
    Text,
    /// A boolean; left out when false.
    Flag,
    /// A boolean; always kept.
    OptionalFlag,
    /// An integer; left out when 0.
    Number,
    /// An integer; always kept.
    OptionalNumber,
    /// An integer of at least 0; always kept.
    Count,
    /// A number; left out when 0.
    Decimal,
    /// A size in bytes, printed as a decimal string; left out when 0.
    Bytes,
    /// A duration, printed as Go does; always kept.
    Duration,
    /// A duration; left out when 0.
    NonZeroDuration,
    /// The `ssh` of a build: a list of `id` or `id=path`.
    SshKeys,
    /// A file mode, printed as four octal digits.
    FileMode,
    /// A list of strings; left out when empty.
    Texts,
    /// A mapping to strings; null becomes empty; left out when empty.
    TextMap,
    /// A mapping to strings or null; left out when empty.
    NullableTextMap,
    /// A mapping to lists of strings.
    TextsMap,
    /// `extra_hosts`: a sorted list of `host=address`.
    Hosts,
    /// A command: split like a shell when it is one string; null when absent.
    Words,
    /// The `test` of a health check.
    HealthTest,
    /// One number, or soft and hard.
    Ulimit,
    /// A section; kept when it is there.
    Record(&'static [Field]),
    /// A section that is always printed.
    Embedded(&'static [Field]),
    /// A list of sections; left out when empty.
    List(&'static Kind),
    /// A mapping of names to sections; left out when empty.
    Names(&'static Kind),
    /// As it is.
    Any,
}

/// One key of a section.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Field {
    /// The key in the file.
    pub(crate) key: &'static str,
    /// The key in the output.
    pub(crate) out: &'static str,
    /// How the value is read.
    pub(crate) kind: Kind,
}

/// A field that has one name.
pub(crate) const fn field(key: &'static str, kind: Kind) -> Field {
    Field { key, out: key, kind }
}

/// Reads a canonical tree into the shape that `config` prints. `x-` keys are kept at the top and inside sections.
pub(super) fn decode(root: &Node, faults: &mut Vec<Diagnostic>) -> Node {
    let mut converter = convert::Converter { faults };
    let mut out = Map::default();
    for entry in root.as_map().into_iter().flatten() {
        let Some(kind) = top_level(&entry.key) else { continue };
        let value = converter.convert(&entry.node, kind, &Path::ROOT.child(&entry.key));
        if let Some(node) = value {
            out.push(Entry { node, ..entry.clone() });
        }
    }
    if !out.contains_key("services") {
        let none = Node::derived(Value::Map(Map::default()), root.span);
        out.push(Entry { key: "services".to_owned(), key_span: root.span, node: none });
    }
    root.with_value(Value::Map(out))
}

/// Reads services for their faults alone.
pub(super) fn decode_services(services: Map, faults: &mut Vec<Diagnostic>) {
    let Some(first) = services.iter().next() else { return };
    let root = Node::derived(Value::Null, first.key_span);
    let services = root.with_value(Value::Map(services));
    convert::Converter { faults }.convert(
        &services,
        Kind::Names(&Kind::Record(service::SERVICE)),
        &Path::ROOT.child("services"),
    );
}

fn top_level(key: &str) -> Option<Kind> {
    Some(match key {
        "name" => Kind::Text,
        "services" => Kind::Names(&Kind::Record(service::SERVICE)),
        "networks" => Kind::Names(&Kind::Record(resources::NETWORK)),
        "volumes" => Kind::Names(&Kind::Record(resources::VOLUME)),
        "secrets" | "configs" => Kind::Names(&Kind::Record(resources::FILE_OBJECT)),
        "models" => Kind::Names(&Kind::Record(resources::MODEL)),
        key if key.starts_with("x-") => Kind::Any,
        _ => return None,
    })
}
