// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! MQTT 3.1.1: a connection is asked for without user and password.
//!
//! Limits: the broker's log gets a line for a client `stackctl-probe`.

/// CONNECT: protocol `MQTT` level 4, clean session, keep-alive 5 s, client `stackctl-probe`.
pub(super) const CONNECT: &[u8] = b"\x10\x1a\x00\x04MQTT\x04\x02\x00\x05\x00\x0estackctl-probe";

/// The length of a CONNACK.
pub(super) const CONNACK_BYTES: usize = 4;

/// Whether these bytes are a CONNACK. One that refuses for want of a user comes from a broker that works.
pub(super) fn judge(bytes: &[u8]) -> Result<String, String> {
    match bytes {
        [0x20, 2, _, 0] => Ok("it takes connections without a user".to_owned()),
        [0x20, 2, _, 4 | 5] => Ok("it asks for a user".to_owned()),
        [0x20, 2, _, 3] => Err("it says that it is not available".to_owned()),
        [0x20, 2, _, code] => Err(format!("it refuses with code {code}")),
        [] => Err("it closes the connection without an answer".to_owned()),
        _ => Err(format!("it answers with {}, which is no MQTT", super::quoted(bytes))),
    }
}

#[cfg(test)]
mod tests {
    use super::{CONNECT, judge};

    #[test]
    fn the_packet_tells_its_own_length() {
        assert_eq!(usize::from(CONNECT[1]), CONNECT.len() - 2);
        assert_eq!(usize::from(CONNECT[13]), CONNECT.len() - 14);
    }

    #[test]
    fn a_refusal_for_want_of_a_user_is_an_answer() {
        assert!(judge(&[0x20, 2, 0, 0]).is_ok() && judge(&[0x20, 2, 0, 5]).is_ok());
        assert!(judge(&[0x20, 2, 0, 1]).is_err() && judge(&[]).is_err() && judge(b"HTTP").is_err());
        assert!(judge(&[0x20, 2, 0]).is_err());
    }
}
