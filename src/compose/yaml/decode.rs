// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Bytes to text, as the Go parser reads them: UTF-8, or UTF-16 with a byte order mark.

/// Why bytes are no text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum DecodeError {
    /// Not UTF-8 at this byte offset.
    #[error("not UTF-8 at byte {at}")]
    NotUtf8 {
        /// First byte that does not decode.
        at: usize,
    },
    /// A UTF-16 byte order mark, and then no UTF-16.
    #[error("not UTF-16")]
    NotUtf16,
}

/// The text of a file. A UTF-8 byte order mark is kept (spans count it), a UTF-16 one is dropped with the decoding.
///
/// # Errors
/// When the bytes are neither UTF-8 nor UTF-16 with a byte order mark.
pub(crate) fn decode(bytes: Vec<u8>) -> Result<String, DecodeError> {
    let read: fn([u8; 2]) -> u16 = match bytes.as_slice() {
        [0xFF, 0xFE, ..] => u16::from_le_bytes,
        [0xFE, 0xFF, ..] => u16::from_be_bytes,
        _ => return String::from_utf8(bytes).map_err(|e| DecodeError::NotUtf8 { at: e.utf8_error().valid_up_to() }),
    };
    if !bytes.len().is_multiple_of(2) {
        return Err(DecodeError::NotUtf16);
    }
    let units: Vec<u16> = bytes[2..].chunks_exact(2).map(|pair| read([pair[0], pair[1]])).collect();
    String::from_utf16(&units).map_err(|_| DecodeError::NotUtf16)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utf16_of_both_ends_is_read() {
        let little: Vec<u8> =
            [0xFF, 0xFE].into_iter().chain("a: é".encode_utf16().flat_map(u16::to_le_bytes)).collect();
        let big: Vec<u8> = [0xFE, 0xFF].into_iter().chain("a: é".encode_utf16().flat_map(u16::to_be_bytes)).collect();
        assert_eq!(decode(little).as_deref(), Ok("a: é"));
        assert_eq!(decode(big).as_deref(), Ok("a: é"));
        assert_eq!(decode(vec![0xFF, 0xFE, 0x61]), Err(DecodeError::NotUtf16));
    }

    #[test]
    fn bad_utf8_names_the_byte() {
        assert_eq!(decode(b"a: \xff".to_vec()), Err(DecodeError::NotUtf8 { at: 3 }));
    }
}
