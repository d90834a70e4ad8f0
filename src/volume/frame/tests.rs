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

/// A whole stream of this data in pieces, and its trailer.
fn stream(pieces: &[Vec<u8>]) -> Vec<u8> {
    let (mut sender, mut bytes) = (Sender::default(), Vec::new());
    sender.hello(&mut bytes).unwrap();
    for piece in pieces {
        sender.data(piece, &mut bytes).unwrap();
        sender.say(&Message::Progress { entries: 1, bytes: 2 }, &mut bytes).unwrap();
    }
    sender.finish(3, &mut bytes).unwrap();
    bytes
}

/// The data that a taker got, when it got all.
fn taken(bytes: &[u8], piece: usize) -> Result<Vec<u8>, FrameError> {
    let (mut receiver, mut data) = (Receiver::default(), Vec::new());
    for piece in bytes.chunks(piece) {
        receiver.feed(piece);
        while let Some(received) = receiver.take()? {
            if let Received::Data(more) = received {
                data.extend(more);
            }
        }
    }
    receiver.finish().map(|_| data)
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
        prop_assert_eq!(taken(&bytes, 7).unwrap(), pieces.concat());
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

#[test]
fn the_turns_are_held() {
    let hello = Message::Hello { version: VERSION };
    let says = |messages: &[Message]| taken(&frames(messages), 9);
    assert_eq!(says(&[]), Err(FrameError::Ended));
    assert_eq!(says(std::slice::from_ref(&hello)), Err(FrameError::Ended));
    assert_eq!(says(&[Message::Ack]), Err(FrameError::OutOfTurn { word: "ACK" }));
    assert_eq!(says(&[hello.clone(), hello.clone()]), Err(FrameError::OutOfTurn { word: "HELLO" }));
    assert_eq!(says(&[Message::Hello { version: 9 }]), Err(FrameError::Version { theirs: 9 }));
    let wrong = Message::Trailer(Trailer { entries: 0, bytes: 1, sha256: [0; 32] });
    assert_eq!(says(&[hello.clone(), wrong]), Err(FrameError::Mismatch));
    let failed = Message::Error { code: "no_space".into(), message: "disk full".into() };
    let reported = FrameError::Reported { code: "no_space".into(), message: "disk full".into() };
    assert_eq!(says(&[hello, failed]), Err(reported));
}

#[test]
fn long_frames_are_refused_before_they_come() {
    let mut decoder = Decoder::default();
    decoder.feed(&[0xff, 0xff, 0xff, 0x7f, 3]);
    assert_eq!(decoder.message(), Err(FrameError::TooLong { length: 0x7fff_ffff }));
    let told = Encoder::default().put(&Message::Data(vec![0; MAX_PAYLOAD + 1]), &mut Vec::new());
    assert!(matches!(told, Err(FrameError::TooLong { .. })));
}
