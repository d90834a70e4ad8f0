// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! POSIX ACLs between the kernel's binary attribute and the text that GNU tar puts into `SCHILY.acl.*` records.
//!
//! Ids are always numbers. An archive gets both forms: Docker sets the attribute, `tar --acls` reads the text (and takes
//! a default ACL without text for one to remove). The binary form is that of `linux/posix_acl_xattr.h`.

use std::fmt::Write as _;

/// The attribute of the ACL that holds for the entry itself.
pub const ACCESS: &[u8] = b"system.posix_acl_access";
/// The attribute of the ACL that new entries of a directory get.
pub const DEFAULT: &[u8] = b"system.posix_acl_default";

const VERSION: u32 = 2;
const NOBODY: u32 = u32::MAX;
/// Tag of the binary form, its word, and whether an id belongs to it.
const TAGS: [(u16, &str, bool); 6] = [
    (0x01, "user", false),
    (0x02, "user", true),
    (0x04, "group", false),
    (0x08, "group", true),
    (0x10, "mask", false),
    (0x20, "other", false),
];

/// The text of a binary ACL, one entry a line. None when it is not of the known version and shape.
#[must_use]
pub fn to_text(value: &[u8]) -> Option<String> {
    let (version, entries) = value.split_first_chunk::<4>()?;
    if u32::from_le_bytes(*version) != VERSION || entries.len() % 8 != 0 {
        return None;
    }
    let mut text = String::new();
    for entry in entries.chunks_exact(8) {
        let [t0, t1, p0, p1, i0, i1, i2, i3] = *entry else { return None };
        let (tag, bits) = (u16::from_le_bytes([t0, t1]), u16::from_le_bytes([p0, p1]));
        let id = u32::from_le_bytes([i0, i1, i2, i3]);
        let (_, word, has_id) = TAGS.iter().find(|(known, _, _)| *known == tag)?;
        if bits > 7 {
            return None;
        }
        let id = if *has_id { id.to_string() } else { String::new() };
        let letter = |bit, letter| if bits & bit == 0 { '-' } else { letter };
        let _ = writeln!(text, "{word}:{id}:{}{}{}", letter(4, 'r'), letter(2, 'w'), letter(1, 'x'));
    }
    Some(text)
}

/// The binary form of a text: entries by lines or commas, `#` begins a comment, ids are numbers. None of anything else,
/// a name in place of an id included: who `alice` is depends on the machine.
#[must_use]
pub fn from_text(text: &[u8]) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(text).ok()?;
    let mut entries = Vec::new();
    for line in text.split(['\n', ',']) {
        let line = line.split('#').next().unwrap_or_default().trim();
        if !line.is_empty() {
            entries.push(entry_of_text(line)?);
        }
    }
    // The kernel wants them by tag, then by id.
    entries.sort_unstable();
    let mut value = VERSION.to_le_bytes().to_vec();
    for (tag, id, bits) in entries {
        value.extend(tag.to_le_bytes());
        value.extend(bits.to_le_bytes());
        value.extend(id.to_le_bytes());
    }
    Some(value)
}

fn entry_of_text(line: &str) -> Option<(u16, u32, u16)> {
    let mut parts = line.splitn(3, ':');
    let (word, id, letters) = (parts.next()?, parts.next()?, parts.next()?);
    let (tag, _, has_id) = TAGS.iter().find(|(_, known, has_id)| *known == word && *has_id != id.is_empty())?;
    let id = if *has_id { id.parse().ok()? } else { NOBODY };
    let mut bits = 0;
    for (place, letter) in letters.chars().enumerate() {
        bits |= match (place, letter) {
            (0, 'r') => 4,
            (1, 'w') => 2,
            (2, 'x') => 1,
            (0..=2, '-') => 0,
            _ => return None,
        };
    }
    (letters.len() == 3).then_some((*tag, id, bits))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "user::rw-\nuser:4000000:r--\ngroup::r-x\ngroup:7:-w-\nmask::rwx\nother::---\n";

    #[test]
    fn there_is_a_way_there_and_back() {
        let value = from_text(TEXT.as_bytes()).unwrap_or_default();
        assert_eq!(value.len(), 4 + 6 * 8);
        assert_eq!(to_text(&value).as_deref(), Some(TEXT));
        assert_eq!(from_text(TEXT.replace('\n', ",").as_bytes()), Some(value));
    }

    #[test]
    fn what_is_not_known_is_not_guessed() {
        for wrong in ["user:alice:rwx", "user::rwxr", "user::xwr", "guest::rwx", "user:1", "mask:5:rwx"] {
            assert_eq!(from_text(wrong.as_bytes()), None, "{wrong}");
        }
        for wrong in [&b""[..], b"\x03\0\0\0", b"\x02\0\0\0\x01", b"\x02\0\0\0\x40\0\0\0\0\0\0\0"] {
            assert_eq!(to_text(wrong), None);
        }
    }
}
