// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Streams that are damaged, cut or lies, and others that die.

use std::io::{Cursor, Write as _};

use proptest::prelude::*;

use super::*;
use crate::volume::frame::{FrameError, Message, Received, Talk};
use crate::volume::request::Request;

/// What a worker makes of this input, and what it says.
fn served(place: &Path, input: &[u8]) -> (Result<(), ServeError>, Vec<u8>) {
    let (root, mut output) = (open_root(place).unwrap(), Vec::new());
    let served = serve(root.as_fd(), Cursor::new(input), &mut output, &|_| Ok(()));
    (served, output)
}

/// All that is said to a worker that looks, then stages this.
fn asks(kept: &Kept) -> Vec<u8> {
    let (mut talk, mut bytes) = (Talk::asker(), Vec::new());
    talk.hello(&mut bytes).unwrap();
    let mut say = |request: &Request, bytes: &mut Vec<u8>| {
        let request = Message::Request(serde_json::to_vec(request).unwrap());
        talk.say(&request, bytes).unwrap();
    };
    say(&Request::Stage { operation: operation().to_string(), entries: kept.entries }, &mut bytes);
    talk.data(&kept.data, &mut bytes).unwrap();
    talk.trailer(kept.entries, &mut bytes).unwrap();
    bytes
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_input_makes_it_panic_or_end_well(bytes in proptest::collection::vec(any::<u8>(), 1..200)) {
        let place = tempfile::tempdir().unwrap();
        prop_assert!(served(place.path(), &bytes).0.is_err());
    }

    #[test]
    fn a_cut_or_damaged_talk_never_stages(at: proptest::sample::Index, flip in 1_u8..) {
        let scene = Scene::new();
        let bytes = asks(&scene.new);
        let at = at.index(bytes.len());
        let mut damaged = bytes.clone();
        damaged[at] ^= flip;
        for wrong in [&bytes[..at], &damaged] {
            let (ended, _) = served(scene.path(), wrong);
            let hello = 13;
            prop_assert!(ended.is_err() || wrong.len() == hello, "{at}");
            let told = ask(scene.path(), no_fault(), async |session| session.commit(operation(), None).await);
            assert_code(told, "not_staged");
            assert_same(&scene.before, &indexed(scene.path()), "untouched");
        }
    }
}

#[test]
fn a_whole_talk_stages() {
    let scene = Scene::new();
    served(scene.path(), &asks(&scene.new)).0.unwrap();
    ask(scene.path(), no_fault(), async |session| session.commit(operation(), None).await.unwrap());
}

#[test]
fn requests_that_make_no_sense_are_refused_and_the_next_is_heard() {
    let place = tempfile::tempdir().unwrap();
    let (mut asker, mut bytes) = (Talk::asker(), Vec::new());
    asker.hello(&mut bytes).unwrap();
    asker.say(&Message::Request(b"{\"do\":\"fly\"}".to_vec()), &mut bytes).unwrap();
    asker.data(b"nonsense", &mut bytes).unwrap();
    asker.trailer(1, &mut bytes).unwrap();
    let (ended, said) = served(place.path(), &bytes);
    ended.unwrap();
    asker.feed(&said);
    assert!(matches!(asker.take(), Ok(Some(Received::Failed { code, .. })) if code == "request_bad"));
    ask(place.path(), no_fault(), async |session| {
        for name in ["../x", "", "a/b", "a.committed", "\0"] {
            let part = Part::Staged(name.to_owned());
            assert_code(records(session, part, None).await, "request_bad");
            assert!(session.look().await.is_ok(), "{name}");
        }
    });
}

#[test]
fn data_that_nobody_asked_for_ends_it() {
    let place = tempfile::tempdir().unwrap();
    let (mut asker, mut bytes) = (Talk::asker(), Vec::new());
    asker.hello(&mut bytes).unwrap();
    asker.say(&Message::Request(serde_json::to_vec(&Request::Look).unwrap()), &mut bytes).unwrap();
    asker.data(b"x", &mut bytes).unwrap();
    let (ended, _) = served(place.path(), &bytes);
    assert!(matches!(ended, Err(ServeError::Talk(FrameError::OutOfTurn { .. }))), "{ended:?}");
}

/// Says this to a session that asks, in place of a worker.
fn told(bytes: &[u8]) -> Result<(), WorkerError> {
    let (ours, mut theirs) = UnixStream::pair().unwrap();
    theirs.write_all(bytes).unwrap();
    theirs.shutdown(std::net::Shutdown::Write).unwrap();
    block_on(async {
        let mut session = Session::open(line(ours), "data").await?;
        session.look().await.map(|_| ())
    })
}

#[test]
fn a_worker_that_lies_or_is_gone_is_told() {
    let hello = {
        let mut bytes = Vec::new();
        Talk::worker().hello(&mut bytes).unwrap();
        bytes
    };
    let gone = |answer| matches!(answer, Err(WorkerError::Gone { .. }));
    assert!(gone(told(b"")) && gone(told(&hello)) && gone(told(&hello[..5])));
    for lie in [b"exec format error: no such thing".to_vec(), [&hello[..], &hello].concat()] {
        assert!(matches!(told(&lie), Err(WorkerError::Garbled { .. })));
    }
}

#[test]
fn a_worker_whose_asker_dies_ends() {
    let source = tempfile::tempdir().unwrap();
    for number in 0..200 {
        fs::write(source.path().join(format!("{number}")), vec![number; 100_000]).unwrap();
    }
    let kept = captured(source.path(), None);
    let place = tempfile::tempdir().unwrap();
    // In the middle of a stage.
    let (mut socket, serving) = worker(place.path(), no_fault());
    let bytes = asks(&kept);
    socket.write_all(&bytes[..bytes.len() / 2]).unwrap();
    drop(socket);
    assert!(serving.join().unwrap().is_err());
    // In the middle of a capture that nobody reads.
    let (mut socket, serving) = worker(source.path(), no_fault());
    let (mut talk, mut bytes) = (Talk::asker(), Vec::new());
    talk.hello(&mut bytes).unwrap();
    let request = serde_json::to_vec(&Request::Capture { only: None }).unwrap();
    talk.say(&Message::Request(request), &mut bytes).unwrap();
    socket.write_all(&bytes).unwrap();
    drop(socket);
    assert!(serving.join().unwrap().is_err());
}

#[test]
fn a_request_that_is_dropped_in_its_middle_ends_the_worker_with_the_session() {
    let scene = Scene::new();
    let (socket, serving) = worker(scene.path(), no_fault());
    block_on(async {
        let mut session = Session::open(line(socket), "data").await.unwrap();
        {
            let mut endless = io::repeat(0);
            let mut tell = ignore;
            let staging = session.stage(operation(), 9, &mut endless, &mut tell);
            let ended = tokio::time::timeout(std::time::Duration::from_millis(1), staging).await;
            assert!(!matches!(ended, Ok(Ok(_))));
        }
        drop(session);
    });
    let _ = serving.join().unwrap();
    assert_same(&scene.before, &indexed(scene.path()), "untouched");
}
