// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Talks with containers over standard input and output, and the wait for their end.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::StreamExt as _;
use stackctl::sys::engine::{Attached, ContainerPlan, Deadline, EngineError, Feed, OutputPiece, OutputStream};
use tokio::io::AsyncWriteExt as _;

use super::subject::Subject;

const TIME: Deadline = Deadline::CHANGE;

/// Far more than pipes and sockets hold.
const MUCH: usize = 24 << 20;

fn listener(subject: &Subject, name: &str, command: &[&str]) -> ContainerPlan {
    ContainerPlan { open_stdin: true, log_driver: "none".into(), ..subject.plan(name, command) }
}

/// Makes, attaches, starts.
async fn talk(subject: &Subject, command: &[&str]) -> (String, Attached) {
    let id = subject.engine.create_container(&listener(subject, "talk", command), TIME).await.unwrap();
    let attached = subject.engine.attach(&id, TIME).await.unwrap();
    subject.engine.start_container(&id, TIME).await.unwrap();
    (id, attached)
}

/// Bytes in which every piece is another.
fn noise(length: usize) -> Vec<u8> {
    let next = |state: &mut u32| {
        *state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        Some(*state)
    };
    let words = std::iter::successors(Some(7_u32), |state| next(&mut state.clone()));
    words.take(length / 4).flat_map(u32::to_le_bytes).collect()
}

/// All that a stream of the output says.
async fn all(mut output: Feed<OutputPiece>) -> (Vec<u8>, Vec<u8>) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    while let Some(piece) = output.next().await {
        let piece = piece.unwrap();
        let to = if piece.stream == OutputStream::Out { &mut out } else { &mut err };
        to.extend_from_slice(&piece.bytes);
    }
    (out, err)
}

pub(super) async fn what_is_said_comes_back_whole_and_the_end_is_heard(subject: &Subject) {
    let (id, Attached { mut input, output }) = talk(subject, &["cat"]).await;
    let sent = noise(MUCH);
    let say = async {
        input.write_all(&sent).await.unwrap();
        input.shutdown().await.unwrap();
        // Held on to: the end was said already.
        input
    };
    let (_input, (out, err)) = tokio::join!(say, all(output));
    assert!(out == sent && err.is_empty(), "{} of {} bytes came back", out.len(), sent.len());
    assert_eq!(subject.engine.wait_container(&id, TIME).await.unwrap(), 0);
}

pub(super) async fn who_is_not_read_from_holds_the_writer(subject: &Subject) {
    let (id, Attached { mut input, output }) = talk(subject, &["cat"]).await;
    let sent = noise(MUCH);
    let written = AtomicUsize::new(0);
    let say = async {
        for piece in sent.chunks(16 << 10) {
            input.write_all(piece).await.unwrap();
            written.fetch_add(piece.len(), Ordering::Relaxed);
        }
        drop(input);
    };
    let mut say = std::pin::pin!(say);
    let held = tokio::time::timeout(Duration::from_secs(2), &mut say).await;
    let written = written.load(Ordering::Relaxed);
    assert!(held.is_err() && written < MUCH / 2, "{written} bytes went nowhere");
    let ((), (out, _)) = tokio::join!(say, all(output));
    assert!(out == sent, "{} of {} bytes came back", out.len(), sent.len());
    assert_eq!(subject.engine.wait_container(&id, TIME).await.unwrap(), 0);
}

pub(super) async fn both_streams_and_the_code_are_told(subject: &Subject) {
    let (id, Attached { output, .. }) = talk(subject, &["sh", "-c", "echo out; echo err >&2; exit 3"]).await;
    assert_eq!(all(output).await, (b"out\n".to_vec(), b"err\n".to_vec()));
    assert_eq!(subject.engine.wait_container(&id, TIME).await.unwrap(), 3);
}

pub(super) async fn dropping_the_talk_ends_the_input(subject: &Subject) {
    let (id, attached) = talk(subject, &["cat"]).await;
    drop(attached);
    assert_eq!(subject.engine.wait_container(&id, TIME).await.unwrap(), 0);
}

pub(super) async fn end_of_a_killed_one_is_an_end_like_others(subject: &Subject) {
    let (id, Attached { mut input, mut output }) = talk(subject, &["cat"]).await;
    input.write_all(b"a").await.unwrap();
    assert_eq!(&output.next().await.unwrap().unwrap().bytes[..], b"a");
    subject.engine.kill_container(&id, "KILL", TIME).await.unwrap();
    assert_eq!(all(output).await, (Vec::new(), Vec::new()));
    assert_eq!(subject.engine.wait_container(&id, TIME).await.unwrap(), 137);
}

pub(super) async fn wait_is_for_what_runs(subject: &Subject) {
    let (engine, nobody) = (&subject.engine, subject.named("nobody"));
    let id = engine.create_container(&subject.plan("w", &["sleep", "1000"]), TIME).await.unwrap();
    assert_eq!(engine.wait_container(&id, TIME).await.unwrap(), 0, "never started");
    engine.start_container(&id, TIME).await.unwrap();
    let short = Deadline::within(Duration::from_millis(300));
    let late = engine.wait_container(&id, short).await.unwrap_err();
    assert!(matches!(late, EngineError::Timeout { call: "wait for container", .. }), "{late:?}");
    assert!(engine.wait_container(&nobody, TIME).await.unwrap_err().is_not_found());
    assert!(engine.attach(&nobody, TIME).await.err().unwrap().is_not_found());
}
