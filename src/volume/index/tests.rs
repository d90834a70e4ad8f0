// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
#![expect(clippy::unwrap_used, reason = "a failed set-up fails the test")]

use proptest::prelude::*;

use super::*;
use crate::volume::digest::ContentHasher;
use crate::volume::testing::{Tree, tree};
use crate::volume::{Fidelity, Kind};

fn records(tree: &Tree) -> Vec<Record> {
    let record = |(entry, data): &(crate::volume::Entry, Vec<u8>)| {
        let mut hasher = ContentHasher::default();
        if let Kind::File { .. } = entry.kind {
            hasher.data(data);
        }
        Record::of(entry, hasher.finish())
    };
    tree.iter().map(record).collect()
}

fn written(records: &[Record]) -> Vec<u8> {
    let mut writer = IndexWriter::new(Vec::new(), Fidelity::Exact).unwrap();
    for record in records {
        writer.record(record).unwrap();
    }
    writer.finish().unwrap()
}

fn read(bytes: &[u8]) -> Result<Vec<Record>, IndexError> {
    let mut reader = IndexReader::new(bytes)?;
    let mut records = Vec::new();
    while let Some(record) = reader.record()? {
        records.push(record);
    }
    Ok(records)
}

proptest! {
    #[test]
    fn an_index_comes_back(tree in tree()) {
        let records = records(&tree);
        let back = read(&written(&records)).unwrap();
        prop_assert_eq!(compare(&records, &back, Fidelity::Exact), vec![]);
        prop_assert_eq!(back, records);
    }

    #[test]
    fn cuts_and_damage_are_seen(tree in tree(), at: proptest::sample::Index, flip in 1_u8..) {
        let bytes = written(&records(&tree));
        let at = at.index(bytes.len());
        prop_assert!(read(&bytes[..at]).is_err());
        let mut damaged = bytes.clone();
        damaged[at] ^= flip;
        prop_assert!(read(&damaged).is_err());
    }

    /// However the text comes, it is compared as the lists are.
    #[test]
    fn a_text_that_comes_in_pieces_is_compared_alike(one in tree(), other in tree(), piece in 1_usize..2000, cut: proptest::sample::Index) {
        let (one, other) = (records(&one), records(&other));
        let (expected, text) = (written(&one), written(&other));
        let told = |text: &[u8]| {
            let mut check = IndexCheck::new(IndexReader::new(expected.as_slice())?)?;
            text.chunks(piece).try_for_each(|piece| check.feed(piece))?;
            check.finish()
        };
        let wanted = compare(&one, &other, Fidelity::Exact);
        prop_assert_eq!(told(&text).unwrap(), wanted.clone());
        prop_assert!(told(&text[..cut.index(text.len())]).is_err());
        let longer = [&text[..], b"{}\n"].concat();
        prop_assert!(told(&longer).is_err());
        let mut actual = IndexReader::new(text.as_slice()).unwrap();
        prop_assert_eq!(compare_streams(IndexReader::new(expected.as_slice()).unwrap(), &mut actual).unwrap(), wanted);
    }

    #[test]
    fn another_tree_differs(one in tree(), other in tree()) {
        let (one, other) = (records(&one), records(&other));
        prop_assert_eq!(compare(&one, &other, Fidelity::Exact).is_empty(), one == other);
    }
}

#[test]
fn differences_can_be_read() {
    let line = |text: &str| format!("{text}\n");
    let index = |lines: &[&str]| {
        let mut records = Vec::new();
        for text in lines {
            let parsed: line::Line = serde_json::from_str(&line(text)).unwrap();
            records.push(parsed.record().unwrap());
        }
        records
    };
    let attributes = r#""mode":"0644","uid":0,"gid":0,"mtime":[5,0]"#;
    let empty = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    let before = index(&[
        &format!(r#"{{"path":"a","kind":"file",{attributes},"size":0,"digest":"{empty}"}}"#),
        &format!(r#"{{"path":"b","kind":"symlink",{attributes},"target":"x%0A"}}"#),
        &format!(r#"{{"path":"c","kind":"fifo",{attributes}}}"#),
    ]);
    let after = index(&[
        &format!(
            r#"{{"path":"a","kind":"file",{},"size":1,"digest":"{empty}","xattrs":{{"user.n":"hex:00"}}}}"#,
            attributes.replace("0644", "0600")
        ),
        &format!(r#"{{"path":"b","kind":"directory",{}}}"#, attributes.replace("[5,0]", "[5,7]")),
        &format!(r#"{{"path":"d","kind":"fifo",{attributes}}}"#),
    ]);
    let told = |fidelity| compare(&before, &after, fidelity).iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(
        told(Fidelity::Exact),
        [
            "a: size was 0 bytes, is 1 bytes",
            "a: mode was 0644, is 0600",
            "a: attribute user.n was absent, is hex:00",
            "b: was symlink to x%0A, is directory",
            "b: modification time was 5.000000000, is 5.000000007",
            "c: is missing",
            "d: was not there",
        ]
    );
    assert_eq!(told(Fidelity::EngineArchive).len(), 5);
}

#[test]
fn the_lines_are_stable() {
    let text = String::from_utf8(written(&[])).unwrap();
    assert_eq!(text.lines().next(), Some(r#"{"format":"stackctl-volume-index","version":1,"fidelity":"exact"}"#));
    assert!(text.ends_with("\"}\n"));
}
