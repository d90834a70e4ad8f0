// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `PostgreSQL`: the question whether the server encrypts, which comes before any name. The server logs nothing of it.

use super::quoted;

/// `SSLRequest`: length 8, code 80877103.
pub(super) const SSL_REQUEST: &[u8] = &[0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f];

/// What the one byte says.
pub(super) fn judge(bytes: &[u8]) -> Result<String, String> {
    match bytes {
        [b'S', ..] => Ok("it answers, and encrypts".to_owned()),
        [b'N', ..] => Ok("it answers, without encryption".to_owned()),
        [b'E', ..] => Err("it answers with an error before anybody logs in".to_owned()),
        [] => Err("it closes the connection without an answer".to_owned()),
        _ => Err(format!("it answers with {}, which is no PostgreSQL", quoted(bytes))),
    }
}

#[cfg(test)]
mod tests {
    use super::judge;

    #[test]
    fn either_answer_is_good() {
        assert!(judge(b"S").is_ok() && judge(b"N").is_ok());
        assert!(judge(b"E").is_err() && judge(b"").is_err() && judge(b"H").is_err());
    }
}
