// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What can be said, and its bytes.

/// One message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// The first of each side.
    Hello {
        /// Of the protocol.
        version: u32,
    },
    /// What is to be done; its form is the use case's.
    Request(Vec<u8>),
    /// The next bytes of the data.
    Data(Vec<u8>),
    /// The next bytes of the text of the index, between the data.
    Records(Vec<u8>),
    /// How far it is.
    Progress {
        /// Entries so far.
        entries: u64,
        /// Bytes of content so far.
        bytes: u64,
    },
    /// Something that does not stop the work.
    Warning {
        /// A stable `snake_case` word.
        code: String,
        /// What it is about: an entry's path in bytes; may be empty.
        path: Vec<u8>,
    },
    /// The data is complete.
    Trailer(Trailer),
    /// What came of the request, which is over; its form is the use case's.
    Answer(Vec<u8>),
    /// The request failed, and is over.
    Error {
        /// A stable `snake_case` word.
        code: String,
        /// For a person.
        message: String,
    },
    /// The trailer came and fits.
    Ack,
}

/// What was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trailer {
    /// Entries of the archive.
    pub entries: u64,
    /// Bytes of all DATA.
    pub bytes: u64,
    /// SHA-256 of all DATA.
    pub sha256: [u8; 32],
}

impl Message {
    /// The name of its kind.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Hello { .. } => "HELLO",
            Self::Request(_) => "REQUEST",
            Self::Data(_) => "DATA",
            Self::Records(_) => "RECORDS",
            Self::Progress { .. } => "PROGRESS",
            Self::Warning { .. } => "WARNING",
            Self::Trailer(_) => "TRAILER",
            Self::Error { .. } => "ERROR",
            Self::Ack => "ACK",
            Self::Answer(_) => "ANSWER",
        }
    }

    pub(super) fn kind(&self) -> u8 {
        match self {
            Self::Hello { .. } => 1,
            Self::Request(_) => 2,
            Self::Data(_) => 3,
            Self::Progress { .. } => 4,
            Self::Warning { .. } => 5,
            Self::Trailer(_) => 6,
            Self::Error { .. } => 7,
            Self::Ack => 8,
            Self::Records(_) => 9,
            Self::Answer(_) => 10,
        }
    }

    pub(super) fn put(&self, into: &mut Vec<u8>) {
        match self {
            Self::Hello { version } => into.extend(version.to_le_bytes()),
            Self::Request(bytes) | Self::Data(bytes) | Self::Records(bytes) | Self::Answer(bytes) => into.extend(bytes),
            Self::Progress { entries, bytes } => {
                into.extend(entries.to_le_bytes());
                into.extend(bytes.to_le_bytes());
            }
            Self::Warning { code, path } => two(into, code.as_bytes(), path),
            Self::Trailer(trailer) => {
                into.extend(trailer.entries.to_le_bytes());
                into.extend(trailer.bytes.to_le_bytes());
                into.extend(trailer.sha256);
            }
            Self::Error { code, message } => two(into, code.as_bytes(), message.as_bytes()),
            Self::Ack => {}
        }
    }

    /// None of what [`Message::put`] would not have written.
    pub(super) fn of(kind: u8, payload: &[u8]) -> Option<Self> {
        let message = match kind {
            1 => Self::Hello { version: u32::from_le_bytes(payload.try_into().ok()?) },
            2 => Self::Request(payload.to_vec()),
            3 => Self::Data(payload.to_vec()),
            4 => {
                let (entries, bytes) = two_numbers(payload)?;
                Self::Progress { entries, bytes }
            }
            5 => {
                let (code, path) = cut(payload)?;
                Self::Warning { code: text(code)?, path: path.to_vec() }
            }
            6 => {
                let (numbers, sha256) = payload.split_at_checked(16)?;
                let (entries, bytes) = two_numbers(numbers)?;
                Self::Trailer(Trailer { entries, bytes, sha256: sha256.try_into().ok()? })
            }
            7 => {
                let (code, message) = cut(payload)?;
                Self::Error { code: text(code)?, message: text(message)? }
            }
            8 if payload.is_empty() => Self::Ack,
            9 => Self::Records(payload.to_vec()),
            10 => Self::Answer(payload.to_vec()),
            _ => return None,
        };
        Some(message)
    }
}

/// The first with its length (u16), then the second. A code longer than that is cut.
fn two(into: &mut Vec<u8>, first: &[u8], second: &[u8]) {
    let length = u16::try_from(first.len()).unwrap_or(u16::MAX);
    into.extend(length.to_le_bytes());
    into.extend(&first[..usize::from(length)]);
    into.extend(second);
}

fn cut(payload: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = payload.split_first_chunk()?;
    rest.split_at_checked(usize::from(u16::from_le_bytes(*length)))
}

fn two_numbers(bytes: &[u8]) -> Option<(u64, u64)> {
    let (first, rest) = bytes.split_first_chunk()?;
    Some((u64::from_le_bytes(*first), u64::from_le_bytes(rest.try_into().ok()?)))
}

fn text(bytes: &[u8]) -> Option<String> {
    std::str::from_utf8(bytes).ok().map(str::to_owned)
}
