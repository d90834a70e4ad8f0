// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Redis: `PING`.

use super::quoted;

/// The command, as a line.
pub(super) const PING: &[u8] = b"PING\r\n";

/// What the answer's line says. A request for a password comes from a server that works.
pub(super) fn judge(bytes: &[u8]) -> Result<String, String> {
    if bytes.starts_with(b"+PONG") {
        Ok("it answers `PONG`".to_owned())
    } else if bytes.starts_with(b"-NOAUTH") {
        Ok("it asks for a password".to_owned())
    } else if bytes.starts_with(b"-LOADING") {
        Err("it is still loading its data".to_owned())
    } else if bytes.is_empty() {
        Err("it closes the connection without an answer".to_owned())
    } else {
        Err(format!("it answers with {}", quoted(bytes)))
    }
}

#[cfg(test)]
mod tests {
    use super::judge;

    #[test]
    fn a_request_for_a_password_is_an_answer() {
        assert!(judge(b"+PONG\r\n").is_ok() && judge(b"-NOAUTH Authentication required.\r\n").is_ok());
        let denied = judge(b"-DENIED Redis is running in protected mode\r\n");
        assert_eq!(denied.err().as_deref(), Some("it answers with `-DENIED Redis is running in protected mode`"));
        assert!(judge(b"-LOADING x\r\n").is_err() && judge(b"").is_err());
    }
}
