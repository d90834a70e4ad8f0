// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Archives to send to engines.

use bytes::Bytes;
use futures_util::stream;
use stackctl::sys::engine::Body;
use stackctl::volume::pax::Writer;
use stackctl::volume::{Entry, Kind, Meta, TreePath};

/// An archive of these files, sorted by name.
pub(crate) fn tar(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = Writer::new(Vec::new());
    let entry = |name: &str, mode, kind| Entry {
        path: TreePath::parse(name.as_bytes()).expect("a path"),
        meta: Meta { mode, ..Meta::default() },
        kind,
    };
    writer.entry(&entry("", 0o755, Kind::Directory)).expect("a root");
    for (name, content) in files {
        writer.entry(&entry(name, 0o755, Kind::full_file(content.len() as u64))).expect("an entry");
        writer.data(content).expect("its data");
    }
    writer.finish().expect("an end").1
}

/// Bytes as a body, in pieces.
pub(crate) fn body(bytes: &[u8]) -> Body {
    let pieces: Vec<_> = bytes.chunks(60_000).map(|piece| Ok(Bytes::copy_from_slice(piece))).collect();
    Box::pin(stream::iter(pieces))
}
