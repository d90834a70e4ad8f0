// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! A worker that has archives of an engine alone, by script: what is cut, changes or vanishes is never passed over.

use std::cell::RefCell;
use std::io::{Read, Write};

use proptest::prelude::*;

use super::*;
use crate::sys::engine::EngineError;
use crate::sys::worker::serve::{Archives, Refused, serve_archives};
use crate::volume::testing::{self, Tree};
use crate::volume::{Entry, Kind, Meta, TreePath};

/// What an engine sends for each reading, the last one again and again, and what it was given to unpack.
struct Scripted {
    answers: RefCell<Vec<Result<Vec<u8>, EngineError>>>,
    given: Arc<Mutex<Vec<u8>>>,
}

struct Failing(EngineError);

impl Read for Failing {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(io::Error::other(self.0.clone()))
    }
}

impl Archives for Scripted {
    fn read(&self, _: Option<&str>) -> Box<dyn Read + '_> {
        let mut answers = self.answers.borrow_mut();
        let next = if answers.len() > 1 { answers.remove(0) } else { answers[0].clone() };
        match next {
            Ok(bytes) => Box::new(io::Cursor::new(bytes)),
            Err(error) => Box::new(Failing(error)),
        }
    }

    fn write(&self, fill: &mut dyn FnMut(&mut dyn Write) -> Result<(), Refused>) -> Result<(), EngineError> {
        let mut given = Vec::new();
        let filled = fill(&mut given);
        *self.given.lock().unwrap() = given;
        filled.map_err(|_| EngineError::Source { call: "write into container", message: "cut".to_owned() })
    }
}

/// Asks a worker that sees these archives, one a reading.
fn ask_of<T>(answers: Vec<Result<Vec<u8>, EngineError>>, work: impl AsyncFnOnce(&mut Session) -> T) -> (T, Vec<u8>) {
    let (ours, theirs) = UnixStream::pair().unwrap();
    let given = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&given);
    let serving = thread::spawn(move || {
        let archives = Scripted { answers: RefCell::new(answers), given: kept };
        serve_archives(&archives, &theirs, &theirs)
    });
    let answer = block_on(async {
        let mut session = Session::open(line(ours), "data").await.unwrap();
        let answer = work(&mut session).await;
        session.close().await.unwrap();
        answer
    });
    serving.join().unwrap().unwrap();
    let given = given.lock().unwrap().clone();
    (answer, given)
}

/// A tree of these files, each with its name as content, and of folders for names with `/` behind.
fn tree(paths: &[&str]) -> Tree {
    let root = (Entry { path: TreePath::root(), meta: Meta::default(), kind: Kind::Directory }, Vec::new());
    let rest = paths.iter().map(|path| {
        let name = path.trim_end_matches('/');
        let (kind, data) = if name == *path {
            (Kind::full_file(name.len() as u64), name.as_bytes().to_vec())
        } else {
            (Kind::Directory, Vec::new())
        };
        (Entry { path: TreePath::parse(name.as_bytes()).unwrap(), meta: Meta::default(), kind }, data)
    });
    std::iter::once(root).chain(rest).collect()
}

fn packed(tree: &Tree) -> Vec<u8> {
    testing::archive(tree).unwrap()
}

async fn capture(session: &mut Session) -> Result<(Kept, crate::volume::request::Content), WorkerError> {
    let mut kept = Kept::default();
    let (content, trailer) = session.capture(None, &mut kept, &mut ignore).await?;
    assert_eq!(trailer.bytes, kept.data.len() as u64);
    kept.entries = content.entries;
    Ok((kept, content))
}

fn code_of<T>(answer: Result<T, WorkerError>) -> String {
    match answer {
        Err(WorkerError::Failed { code, .. }) => code,
        Err(other) => other.to_string(),
        Ok(_) => "done".to_owned(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn what_is_captured_is_the_tree(tree in testing::tree()) {
        let (answer, _) = ask_of(vec![Ok(packed(&tree))], async |session| capture(session).await);
        let (kept, content) = answer.unwrap();
        prop_assert_eq!((content.changed.total, content.vanished.total), (0, 0));
        let records = read(&kept.index);
        let wanted: Vec<Record> = tree
            .iter()
            .map(|(entry, _)| entry.path.clone())
            .zip(&records)
            .map(|(path, record)| Record { path, ..record.clone() })
            .collect();
        prop_assert_eq!(records.len(), tree.len());
        prop_assert_eq!(&records, &wanted);
        // The archive that was made is held against the index that came with it, as after every backup.
        let index = crate::sys::tree::packed_index(pack(&kept.index)).unwrap();
        let mut tell = |_| {};
        let mut control = crate::sys::tree::Control::new(&|| false, &mut tell);
        let checked = crate::sys::tree::check_archive(kept.data.as_slice(), index, Fidelity::Exact, &mut control);
        prop_assert_eq!(checked.unwrap().differences, vec![]);
    }

    #[test]
    fn an_archive_that_is_cut_is_none(tree in testing::tree(), cut: prop::sample::Index) {
        let whole = packed(&tree);
        // Engines end a cut stream like a whole one, also between two entries.
        let short = whole[..cut.index(whole.len() - 1024)].to_vec();
        let (answer, _) = ask_of(vec![Ok(short)], async |session| code_of(capture(session).await));
        prop_assert_eq!(answer, "engine_archive_cut");
    }
}

fn pack(bytes: &[u8]) -> io::Cursor<Vec<u8>> {
    let mut packed = crate::sys::tree::FrameWriter::new(Vec::new(), 1).unwrap();
    packed.write_all(bytes).unwrap();
    io::Cursor::new(packed.finish().unwrap())
}

#[test]
fn what_is_another_the_second_time_is_told() {
    let mut later = tree(&["a", "b", "d"]);
    later[2].0.meta.mode = 0o600;
    let answers = vec![Ok(packed(&tree(&["a", "b", "c", "e"]))), Ok(packed(&later))];
    let (answer, _) = ask_of(answers, async |session| capture(session).await);
    let content = answer.unwrap().1;
    // `b` has another mode and `d` is new; of `b`, `c` and `e`, two more are gone than came.
    assert_eq!((content.changed.first, content.changed.total), (vec!["b".to_owned(), "d".to_owned()], 2));
    assert_eq!(content.vanished.total, 1);
}

#[test]
fn a_second_reading_that_fails_fails_the_capture() {
    let (whole, gone) =
        (packed(&tree(&["a"])), EngineError::NotFound { call: "read from container", message: "gone".into() });
    let answers = vec![Ok(whole.clone()), Err(gone.clone())];
    let (answer, _) = ask_of(answers, async |session| {
        let first = code_of(capture(session).await);
        (first, code_of(session.look().await))
    });
    assert_eq!(answer, (gone_code(), gone_code()));
    let (answer, _) =
        ask_of(vec![Ok(whole.clone()), Ok(whole[..700].to_vec())], async |session| code_of(capture(session).await));
    assert_eq!(answer, "engine_archive_cut");
}

fn gone_code() -> String {
    "engine_object_missing".to_owned()
}

#[test]
fn only_what_is_empty_is_filled() {
    let source = tempfile::tempdir().unwrap();
    fs::write(source.path().join("file"), b"data").unwrap();
    let kept = captured(source.path(), None);
    for there in [&["a"][..], &[".stackctl-restore-20261120T114131Z-0001/"], &["zz"]] {
        let (answer, given) =
            ask_of(vec![Ok(packed(&tree(there)))], async |session| code_of(stage(session, &kept).await));
        assert_eq!((answer.as_str(), given.len()), ("archive_path_not_empty", 0), "{there:?}");
    }
    let (answer, given) = ask_of(vec![Ok(packed(&tree(&[])))], async |session| {
        let made = stage(session, &kept).await.unwrap();
        session.commit(operation(), None).await.unwrap();
        session.remove_aside(operation()).await.unwrap();
        (made, code_of(session.back(operation()).await))
    });
    assert_eq!(answer, (2, "not_decided".to_owned()));
    assert!(given.ends_with(&[0; 1024]) && given.windows(11).any(|part| part == b"./tree/file"));
}

#[test]
fn an_archive_that_is_not_whole_is_not_unpacked() {
    let source = tempfile::tempdir().unwrap();
    fs::write(source.path().join("file"), b"data").unwrap();
    let mut kept = captured(source.path(), None);
    kept.entries += 1;
    let (answer, _) = ask_of(vec![Ok(packed(&tree(&[])))], async |session| {
        let short = code_of(stage(session, &kept).await);
        kept.data.truncate(kept.data.len() - 3);
        (short, code_of(stage(session, &kept).await), session.look().await.is_ok())
    });
    assert_eq!(answer, ("archive_wrong_count".to_owned(), "archive_truncated".to_owned(), true));
}

#[test]
fn what_other_workers_left_is_seen_and_not_touched() {
    let ours = ".stackctl-restore-20261120T114131Z-0007";
    let names = |inner: &[&str]| {
        let mut names = vec![format!("{ours}/")];
        names.extend(inner.iter().map(|name| format!("{ours}/{name}")));
        names.push("data".to_owned());
        names
    };
    for (inner, mark) in [
        (&["new/"][..], Mark::Staged),
        (&["COMMIT", "new/", "old/"], Mark::Committing),
        (&["COMMIT", "DONE", "old/"], Mark::Committed),
        (&["BACK", "COMMIT", "DONE"], Mark::RollingBack),
        (&["BACK", "COMMIT", "DONE", "UNDONE"], Mark::RolledBack),
        // What is deeper is no marker.
        (&["new/", "new/DONE"], Mark::Staged),
    ] {
        let names = names(inner);
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let (answer, _) = ask_of(vec![Ok(packed(&tree(&names)))], async |session| {
            let seen = session.look().await.unwrap();
            let refused = [
                code_of(session.commit(operation(), None).await),
                code_of(session.back(operation()).await),
                code_of(session.remove_aside(operation()).await),
            ];
            (seen, refused)
        });
        assert_eq!(answer.0.marks, [(operation().to_string(), mark)]);
        assert!(!answer.0.is_empty);
        assert_eq!(answer.1, ["archive_path_no_renames"; 3].map(str::to_owned));
    }
    let (seen, _) =
        ask_of(vec![Ok(packed(&tree(&[".stackctl-restore-20261120T114131Z-0007.staged/"])))], async |session| {
            session.look().await.unwrap()
        });
    assert_eq!((seen.marks, seen.is_empty), (vec![(operation().to_string(), Mark::Staged)], true));
}
