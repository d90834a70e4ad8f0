// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Wyoming: events as lines of JSON, each perhaps followed by data and payload of the lengths that its line tells.
//! Only the line is read here: servers put the description into the line or, since version 1.4, behind it.

use serde_json::Value;

use super::{LONGEST_ANSWER, excerpt, quoted};

/// Asks a server what it is.
pub(super) const DESCRIBE: &[u8] = b"{\"type\":\"describe\"}\n";

/// What the bytes up to the first line feed say.
pub(super) fn judge(bytes: &[u8]) -> Result<String, String> {
    let end = bytes.iter().position(|byte| *byte == b'\n');
    let line = &bytes[..end.unwrap_or(bytes.len())];
    let Some(event) = serde_json::from_slice::<Value>(line).ok().filter(Value::is_object) else {
        return Err(match end {
            None if bytes.len() >= LONGEST_ANSWER => {
                format!("it answers with a line of more than {LONGEST_ANSWER} bytes")
            }
            None if bytes.is_empty() => "it closes the connection without an answer".to_owned(),
            _ => format!("it answers with {}, which is no line of Wyoming", quoted(line)),
        });
    };
    match event.get("type").and_then(Value::as_str) {
        Some("info") => Ok(match services(&event) {
            Some(services) => format!("it describes itself: {services}"),
            None => "it describes itself".to_owned(),
        }),
        Some(other) => Err(format!("it answers with `{}` instead of `info`", excerpt(other.as_bytes()))),
        None => Err(format!("its answer has no `type`: {}", quoted(line))),
    }
}

/// Which kinds of services it has, where the line says so.
fn services(event: &Value) -> Option<String> {
    let data = event.get("data")?.as_object()?;
    let is_there = |value: &Value| value.as_array().is_some_and(|list| !list.is_empty());
    let kinds: Vec<&str> = ["asr", "tts", "wake", "intent", "handle", "vad"]
        .into_iter()
        .filter(|kind| data.get(*kind).is_some_and(is_there))
        .collect();
    (!kinds.is_empty()).then(|| kinds.join(", "))
}

#[cfg(test)]
mod tests {
    use super::judge;

    #[test]
    fn description_in_the_line_or_behind_it() {
        let inline = br#"{"type":"info","data":{"asr":[{"name":"faster-whisper"}],"tts":[]}}
"#;
        assert_eq!(judge(inline).as_deref(), Ok("it describes itself: asr"));
        let behind = b"{\"type\":\"info\",\"version\":\"1.5.2\",\"data_length\":4000,\"payload_length\":0}\n{\"asr\":";
        assert_eq!(judge(behind).as_deref(), Ok("it describes itself"));
    }

    #[test]
    fn other_answers_are_told() {
        let fault = |bytes: &[u8]| judge(bytes).err().unwrap_or_default();
        assert_eq!(fault(b"{\"type\":\"error\"}\n"), "it answers with `error` instead of `info`");
        assert_eq!(
            fault(b"HTTP/1.1 400 Bad Request\r\n"),
            "it answers with `HTTP/1.1 400 Bad Request`, which is no line of Wyoming"
        );
        assert_eq!(fault(b""), "it closes the connection without an answer");
        assert_eq!(fault(b"\n"), "it answers with nothing, which is no line of Wyoming");
        assert!(fault(&vec![b'x'; super::LONGEST_ANSWER]).contains("more than"));
        assert!(fault(b"[]\n").contains("no line of Wyoming"));
    }
}
