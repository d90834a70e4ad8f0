// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Any bytes as a stream of frames, in pieces: taking them comes to an end.

#![no_main]

use libfuzzer_sys::fuzz_target;
use stackctl::volume::frame::{Decoder, Encoder, Message, Talk};

fuzz_target!(|data: &[u8]| {
    let Some((piece, bytes)) = data.split_first() else { return };
    let piece = usize::from(*piece) + 1;
    for mut talk in [Talk::asker(), Talk::worker()] {
        let _ = talk.say(&Message::Request(Vec::new()), &mut Vec::new());
        for bytes in bytes.chunks(piece) {
            talk.feed(bytes);
            while let Ok(Some(_)) = talk.take() {}
        }
        let _ = talk.end();
    }
    // What is understood is said in the same bytes.
    let (mut decoder, mut encoder, mut again) = (Decoder::default(), Encoder::default(), Vec::new());
    decoder.feed(bytes);
    while let Ok(Some(message)) = decoder.message() {
        encoder.put(&message, &mut again).expect("what was understood can be said");
    }
    assert!(bytes.starts_with(&again));
});
