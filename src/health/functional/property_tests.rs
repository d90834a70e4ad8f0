// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Whatever a service answers, a dialogue ends, in few words.

use proptest::prelude::*;

use super::*;
use crate::catalog::Speech;

const SPEECHES: [Speech; 8] = [
    Speech::Http,
    Speech::Ollama,
    Speech::Websocket,
    Speech::Wyoming,
    Speech::Mqtt,
    Speech::Redis,
    Speech::Postgres,
    Speech::Tcp,
];

/// Bytes at random, and JSON that looks a little like answers.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let json = "\\{\"(type|models|version)\":(\"[a-z\u{0}-\u{1f}é]{0,300}\"|\\[\\{\"name\":\"x\",\"size\":[0-9]{1,30},\"size_vram\":-?[0-9]{1,30}\\}\\]|null|[0-9]{1,400})\\}\n?";
    prop_oneof![prop::collection::vec(any::<u8>(), 0..2000), json.prop_map(String::into_bytes)]
}

fn reply() -> impl Strategy<Value = Reply> {
    prop_oneof![
        (any::<u16>(), bytes()).prop_map(|(status, body)| Reply::Http { status, body }),
        bytes().prop_map(|body| Reply::Http { status: 200, body }),
        bytes().prop_map(|bytes| Reply::Websocket { message: String::from_utf8_lossy(&bytes).into_owned() }),
        bytes().prop_map(Reply::Bytes),
    ]
}

proptest! {
    #[test]
    fn every_dialogue_ends_after_two_answers(
        speech in prop::sample::select(&SPEECHES[..]),
        greeting in prop::option::of("[a-z]{1,9}"),
        is_given in any::<bool>(),
        replies in prop::collection::vec(reply(), 2),
    ) {
        let question = Question { greeting, ..Question::new(speech) };
        let gpu = if is_given { Gpu::Given } else { Gpu::NotGiven };
        let mut dialogue = Dialogue::new(&question, gpu);
        let _ = dialogue.open();
        let finding = match dialogue.hear(&replies[0]) {
            Step::Done(finding) => Some(finding),
            Step::Ask(_) => match dialogue.hear(&replies[1]) {
                Step::Done(finding) => Some(finding),
                Step::Ask(_) => None,
            },
        };
        let words = match finding {
            Some(Finding::Works { said }) => said,
            Some(Finding::Fault(Degraded::NotWorking { detail, .. })) => detail,
            Some(Finding::Fault(_)) => String::new(),
            None => return Err(TestCaseError::fail("it goes on")),
        };
        // Nine excerpts at most, and our own words.
        prop_assert!(words.chars().count() < 10 * SAID + 200);
        prop_assert!(!words.contains(char::is_control));
    }

    #[test]
    fn every_probe_that_is_read_is_read_again_from_what_is_shown(text in "(http|ws|tcp|wyoming|x)://[a-z:.@\\[\\]0-9/?#]{0,30}") {
        if let Ok(url) = ProbeUrl::parse(&text) {
            let again = ProbeUrl::parse(&url.to_string());
            prop_assert_eq!(again.map(|again| again.to_string()), Ok(url.to_string()));
        }
    }
}
