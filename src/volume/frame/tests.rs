// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
#![expect(clippy::unwrap_used, reason = "a failed set-up fails the test")]

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;

fn message() -> impl Strategy<Value = Message> {
    prop_oneof![
        any::<u32>().prop_map(|version| Message::Hello { version }),
        vec(any::<u8>(), 0..50).prop_map(Message::Request),
        vec(any::<u8>(), 0..50).prop_map(Message::Data),
        vec(any::<u8>(), 0..50).prop_map(Message::Records),
        vec(any::<u8>(), 0..50).prop_map(Message::Answer),
        any::<(u64, u64)>().prop_map(|(entries, bytes)| Message::Progress { entries, bytes }),
        ("[a-z_]{0,9}", vec(any::<u8>(), 0..9)).prop_map(|(code, path)| Message::Warning { code, path }),
        any::<(u64, u64, [u8; 32])>().prop_map(|(entries, bytes, sha256)| Message::Trailer(Trailer {
            entries,
            bytes,
            sha256
        })),
        ("[a-z_]{0,9}", ".{0,9}").prop_map(|(code, message)| Message::Error { code, message }),
        Just(Message::Ack),
    ]
}

fn frames(messages: &[Message]) -> Vec<u8> {
    let (mut encoder, mut bytes) = (Encoder::default(), Vec::new());
    for message in messages {
        encoder.put(message, &mut bytes).unwrap();
    }
    bytes
}

/// An end that has asked something, and what it said for that.
fn asked() -> (Talk, Vec<u8>) {
    let (mut asker, mut bytes) = (Talk::asker(), Vec::new());
    asker.hello(&mut bytes).unwrap();
    asker.say(&Message::Request(b"do".to_vec()), &mut bytes).unwrap();
    (asker, bytes)
}

/// All that a worker says that was asked twice, and sends this data in pieces each time.
fn stream(pieces: &[Vec<u8>]) -> Vec<u8> {
    let (mut worker, mut bytes) = (Talk::worker(), Vec::new());
    worker.hello(&mut bytes).unwrap();
    let (mut asker, mut asks) = (Talk::asker(), Vec::new());
    asker.hello(&mut asks).unwrap();
    for _ in 0..2 {
        asker.say(&Message::Request(Vec::new()), &mut asks).unwrap();
        worker.feed(&std::mem::take(&mut asks));
        assert_eq!(worker.take().unwrap(), Some(Received::Request(Vec::new())));
        let begin = bytes.len();
        for piece in pieces {
            worker.data(piece, &mut bytes).unwrap();
            worker.records(b"r", &mut bytes).unwrap();
            worker.say(&Message::Progress { entries: 1, bytes: 2 }, &mut bytes).unwrap();
        }
        worker.trailer(3, &mut bytes).unwrap();
        worker.say(&Message::Answer(b"done".to_vec()), &mut bytes).unwrap();
        if begin == HEAD + 4 + TAIL {
            asker.feed(&bytes);
        } else {
            asker.feed(&bytes[begin..]);
        }
        while asker.take().unwrap().is_some() {}
    }
    bytes
}

/// The data that came to an end that asked twice, when it got all.
fn taken(bytes: &[u8], piece: usize) -> Result<Vec<u8>, FrameError> {
    let ((mut asker, _), mut data, mut answers) = (asked(), Vec::new(), 0);
    for piece in bytes.chunks(piece) {
        asker.feed(piece);
        while let Some(received) = asker.take()? {
            match received {
                Received::Data(more) => data.extend(more),
                Received::Answer(_) => {
                    answers += 1;
                    if answers < 2 {
                        asker.say(&Message::Request(Vec::new()), &mut Vec::new())?;
                    }
                }
                _ => {}
            }
        }
    }
    asker.end()?;
    if answers == 2 { Ok(data) } else { Err(FrameError::Ended) }
}

proptest! {
    #[test]
    fn messages_come_back_in_any_pieces(messages in vec(message(), 0..8), piece in 1_usize..40) {
        let mut decoder = Decoder::default();
        let mut back = Vec::new();
        for bytes in frames(&messages).chunks(piece) {
            decoder.feed(bytes);
            while let Some(message) = decoder.message().unwrap() {
                back.push(message);
            }
        }
        prop_assert!(decoder.is_empty());
        prop_assert_eq!(back, messages);
    }

    #[test]
    fn every_cut_and_every_flipped_byte_is_seen(pieces in vec(vec(any::<u8>(), 0..30), 0..5), at: proptest::sample::Index, flip in 1_u8..) {
        let bytes = stream(&pieces);
        prop_assert_eq!(taken(&bytes, 7).unwrap(), [pieces.concat(), pieces.concat()].concat());
        let at = at.index(bytes.len());
        prop_assert!(taken(&bytes[..at], 7).is_err());
        let mut damaged = bytes.clone();
        damaged[at] ^= flip;
        prop_assert!(taken(&damaged, 7).is_err());
        let doubled = [&bytes[..], &bytes[at..]].concat();
        prop_assert!(taken(&doubled, 7).is_err());
    }

    #[test]
    fn no_bytes_make_it_panic(bytes: Vec<u8>) {
        prop_assert!(taken(&bytes, 5).is_err());
    }
}

#[test]
fn a_lost_frame_is_seen() {
    let data = |byte| Message::Data(vec![byte]);
    let whole = frames(&[Message::Hello { version: VERSION }, data(1), data(1), Message::Ack]);
    let length = HEAD + 1 + TAIL;
    let at = HEAD + 4 + TAIL;
    let without = [&whole[..at], &whole[at + length..]].concat();
    assert_eq!(taken(&without, 99), Err(FrameError::Checksum));
}

/// What an end that has asked, or a worker, makes of these.
fn heard(mut talk: Talk, messages: &[Message]) -> Result<Vec<Received>, FrameError> {
    talk.feed(&frames(messages));
    let mut all = Vec::new();
    while let Some(received) = talk.take()? {
        all.push(received);
    }
    talk.end().map(|()| all)
}

#[test]
fn the_turns_are_held() {
    let hello = || Message::Hello { version: VERSION };
    let request = || Message::Request(Vec::new());
    let answer = || Message::Answer(Vec::new());
    let asker = |messages: &[Message]| heard(asked().0, messages);
    let worker = |messages: &[Message]| heard(Talk::worker(), messages);
    let out_of_turn = |word| Err(FrameError::OutOfTurn { word });
    assert_eq!(asker(&[]), Err(FrameError::Ended));
    assert_eq!(asker(&[hello()]), Err(FrameError::Ended));
    assert_eq!(asker(&[hello(), Message::Ack]), Err(FrameError::Ended));
    assert_eq!(asker(&[Message::Ack]), out_of_turn("ACK"));
    assert_eq!(asker(&[hello(), hello()]), out_of_turn("HELLO"));
    assert_eq!(asker(&[hello(), request()]), out_of_turn("REQUEST"));
    assert_eq!(asker(&[hello(), answer()]), Ok(vec![Received::Answer(Vec::new())]));
    assert_eq!(asker(&[hello(), answer(), answer()]), out_of_turn("ANSWER"));
    assert_eq!(asker(&[hello(), answer(), Message::Data(vec![1])]), out_of_turn("DATA"));
    assert_eq!(asker(&[Message::Hello { version: 9 }]), Err(FrameError::Version { theirs: 9 }));
    let wrong = Message::Trailer(Trailer { entries: 0, bytes: 1, sha256: [0; 32] });
    assert_eq!(asker(&[hello(), wrong.clone()]), Err(FrameError::Mismatch));
    assert_eq!(worker(&[hello(), request(), wrong]), Err(FrameError::Mismatch));
    // A worker acts on what it hears; who asks reads back what it keeps, and compares the digest then.
    let told = Trailer { entries: 0, bytes: 1, sha256: [0; 32] };
    let other = [Message::Data(vec![1]), Message::Trailer(told)];
    assert_eq!(worker(&[&[hello(), request()][..], &other].concat()), Err(FrameError::Mismatch));
    let kept = vec![Received::Data(vec![1]), Received::Whole(told), Received::Answer(Vec::new())];
    assert_eq!(asker(&[&[hello()][..], &other, &[answer()]].concat()), Ok(kept));
    let failed = Message::Error { code: "no_space".into(), message: "disk full".into() };
    let told = Received::Failed { code: "no_space".into(), message: "disk full".into() };
    assert_eq!(asker(&[hello(), failed.clone()]), Ok(vec![told]));
    assert_eq!(worker(&[hello()]), Ok(Vec::new()));
    assert_eq!(worker(&[hello(), Message::Data(vec![1])]), out_of_turn("DATA"));
    assert_eq!(worker(&[hello(), request()]), Err(FrameError::Ended));
    assert_eq!(worker(&[hello(), request(), request()]), out_of_turn("REQUEST"));
    for word in [answer(), failed, Message::Records(Vec::new()), Message::Progress { entries: 0, bytes: 0 }] {
        assert_eq!(worker(&[hello(), request(), word.clone()]), out_of_turn(word.word()));
    }
}

#[test]
fn nobody_says_what_is_not_theirs() {
    let mut into = Vec::new();
    let (mut asker, asks) = asked();
    let again = asker.say(&Message::Request(Vec::new()), &mut into);
    assert_eq!(again, Err(FrameError::OutOfTurn { word: "REQUEST" }));
    assert_eq!(asker.records(b"", &mut into), Err(FrameError::OutOfTurn { word: "RECORDS" }));
    let mut worker = Talk::worker();
    assert_eq!(worker.data(b"", &mut into), Err(FrameError::OutOfTurn { word: "DATA" }));
    assert_eq!(worker.trailer(0, &mut into), Err(FrameError::OutOfTurn { word: "TRAILER" }));
    worker.feed(&asks);
    assert!(matches!(worker.take(), Ok(Some(Received::Request(_)))));
    worker.say(&Message::Answer(Vec::new()), &mut into).unwrap();
    let twice = worker.say(&Message::Answer(Vec::new()), &mut into);
    assert_eq!(twice, Err(FrameError::OutOfTurn { word: "ANSWER" }));
}

#[test]
fn data_that_was_on_its_way_when_a_request_failed_is_ended_and_the_next_one_begins() {
    let ((mut asker, asks), mut worker) = (asked(), Talk::worker());
    let (mut to_worker, mut to_asker) = (asks, Vec::new());
    asker.data(b"some", &mut to_worker).unwrap();
    worker.hello(&mut to_asker).unwrap();
    worker.feed(&std::mem::take(&mut to_worker));
    assert!(matches!(worker.take(), Ok(Some(Received::Request(_)))));
    worker.say(&Message::Error { code: "a".into(), message: "b".into() }, &mut to_asker).unwrap();
    asker.feed(&std::mem::take(&mut to_asker));
    assert!(matches!(asker.take(), Ok(Some(Received::Failed { .. }))));
    asker.data(b"more", &mut to_worker).unwrap();
    asker.trailer(0, &mut to_worker).unwrap();
    asker.say(&Message::Request(Vec::new()), &mut to_worker).unwrap();
    worker.feed(&to_worker);
    assert!(worker.hears_data());
    assert_eq!(worker.take(), Ok(Some(Received::Data(b"some".to_vec()))));
    assert_eq!(worker.take(), Ok(Some(Received::Data(b"more".to_vec()))));
    assert!(matches!(worker.take(), Ok(Some(Received::Whole(Trailer { bytes: 8, .. })))));
    assert!(!worker.hears_data());
    assert!(matches!(worker.take(), Ok(Some(Received::Request(_)))));
}

#[test]
fn long_frames_are_refused_before_they_come() {
    let mut decoder = Decoder::default();
    decoder.feed(&[0xff, 0xff, 0xff, 0x7f, 3]);
    assert_eq!(decoder.message(), Err(FrameError::TooLong { length: 0x7fff_ffff }));
    let told = Encoder::default().put(&Message::Data(vec![0; MAX_PAYLOAD + 1]), &mut Vec::new());
    assert!(matches!(told, Err(FrameError::TooLong { .. })));
}
