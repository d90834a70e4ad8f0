// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The first message of a websocket.

use serde_json::Value;

use super::excerpt;

/// A good greeting is a JSON object whose `type` is the wanted one.
pub(super) fn judge(wanted: &str, message: &str) -> Result<String, String> {
    let value: Value = serde_json::from_str(message)
        .map_err(|_| format!("it greets with `{}`, which is no JSON", excerpt(message.as_bytes())))?;
    match value.get("type").and_then(Value::as_str) {
        Some(kind) if kind == wanted => Ok(format!("it greets with `{wanted}`")),
        Some(kind) => Err(format!("it greets with `{}` instead of `{wanted}`", excerpt(kind.as_bytes()))),
        None => Err(format!("its greeting has no `type`: `{}`", excerpt(message.as_bytes()))),
    }
}

#[cfg(test)]
mod tests {
    use super::judge;

    #[test]
    fn the_type_of_the_greeting_decides() {
        assert!(judge("connected", r#"{"type":"connected","data":{},"context":{}}"#).is_ok());
        let fault = |message| judge("connected", message).err();
        assert_eq!(fault(r#"{"type":"bye"}"#).as_deref(), Some("it greets with `bye` instead of `connected`"));
        assert_eq!(fault("[1]").as_deref(), Some("its greeting has no `type`: `[1]`"));
        assert_eq!(fault("hello\n").as_deref(), Some("it greets with `hello`, which is no JSON"));
    }
}
