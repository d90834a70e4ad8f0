// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The records of an extended header: `LENGTH KEY=VALUE`, values in raw bytes.

use crate::volume::Timestamp;

/// Writes records in the order of the calls.
#[derive(Debug, Default)]
pub(super) struct Records(Vec<u8>);

impl Records {
    /// One record. Its length counts itself.
    pub(super) fn put(&mut self, key: &[u8], value: &[u8]) {
        let rest = key.len() + value.len() + 3;
        let mut length = rest + 1;
        while length != rest + digits(length) {
            length = rest + digits(length);
        }
        self.0.extend(format!("{length} ").as_bytes());
        self.0.extend(key);
        self.0.push(b'=');
        self.0.extend(value);
        self.0.push(b'\n');
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

fn digits(number: usize) -> usize {
    number.checked_ilog10().unwrap_or(0) as usize + 1
}

/// Key and value.
pub(super) type Record<'a> = (&'a [u8], &'a [u8]);

/// The records of a header, in order.
pub(super) fn parse(mut bytes: &[u8]) -> Result<Vec<Record<'_>>, &'static str> {
    let mut records = Vec::new();
    while !bytes.is_empty() {
        let blank = bytes.iter().take(12).position(|byte| *byte == b' ').ok_or("a record has no length")?;
        let length = decimal(&bytes[..blank]).ok_or("the length of a record is no number")?;
        let length = usize::try_from(length).map_err(|_| "a record is too long")?;
        if length <= blank + 1 || length > bytes.len() {
            return Err("the length of a record is wrong");
        }
        let (record, rest) = bytes.split_at(length);
        let [inner @ .., b'\n'] = &record[blank + 1..] else { return Err("a record does not end as it should") };
        let equals = inner.iter().position(|byte| *byte == b'=').ok_or("a record has no value")?;
        records.push((&inner[..equals], &inner[equals + 1..]));
        bytes = rest;
    }
    Ok(records)
}

/// Decimal digits alone.
pub(super) fn decimal(text: &[u8]) -> Option<u64> {
    let is_plain = !text.is_empty() && text.iter().all(u8::is_ascii_digit);
    std::str::from_utf8(text).ok().filter(|_| is_plain)?.parse().ok()
}

/// Seconds with up to nine decimals; before 1970 the whole is negative, so that -0.5 is half a second before it.
pub(super) fn time_text(time: Timestamp) -> String {
    let total = i128::from(time.seconds) * 1_000_000_000 + i128::from(time.nanoseconds);
    let sign = if total < 0 { "-" } else { "" };
    let (seconds, rest) = (total.unsigned_abs() / 1_000_000_000, total.unsigned_abs() % 1_000_000_000);
    if rest == 0 {
        return format!("{sign}{seconds}");
    }
    format!("{sign}{seconds}.{}", format!("{rest:09}").trim_end_matches('0'))
}

/// The way back. Decimals after the ninth are cut, as GNU tar cuts them.
pub(super) fn time_of_text(text: &[u8]) -> Option<Timestamp> {
    let (is_negative, text) = text.strip_prefix(b"-").map_or((false, text), |rest| (true, rest));
    let mut parts = text.splitn(2, |byte| *byte == b'.');
    let seconds = i128::from(decimal(parts.next()?)?);
    let mut nanoseconds = 0;
    if let Some(decimals) = parts.next() {
        if !decimals.iter().all(u8::is_ascii_digit) {
            return None;
        }
        for place in 0..9 {
            nanoseconds = nanoseconds * 10 + decimals.get(place).map_or(0, |digit| i128::from(digit - b'0'));
        }
    }
    let total = seconds * 1_000_000_000 + nanoseconds;
    let total = if is_negative { -total } else { total };
    Some(Timestamp {
        seconds: i64::try_from(total.div_euclid(1_000_000_000)).ok()?,
        nanoseconds: u32::try_from(total.rem_euclid(1_000_000_000)).ok()?,
    })
}

/// An attribute's name as part of a key: GNU tar spells `%` and `=` by their numbers (since 1.29).
pub(super) fn key_of_name(name: &[u8]) -> Vec<u8> {
    let mut key = Vec::with_capacity(name.len());
    for byte in name {
        match byte {
            b'%' => key.extend(b"%25"),
            b'=' => key.extend(b"%3D"),
            _ => key.push(*byte),
        }
    }
    key
}

/// The way back.
pub(super) fn name_of_key(key: &[u8]) -> Vec<u8> {
    let mut name = Vec::with_capacity(key.len());
    let mut rest = key;
    while let Some((first, after)) = rest.split_first() {
        if let Some(after) = rest.strip_prefix(b"%25") {
            name.push(b'%');
            rest = after;
        } else if let Some(after) = rest.strip_prefix(b"%3D") {
            name.push(b'=');
            rest = after;
        } else {
            name.push(*first);
            rest = after;
        }
    }
    name
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn lengths_count_themselves() {
        for length in [0, 1, 89, 90, 91, 92, 93, 94, 988, 989, 990, 991, 992, 993] {
            let value = vec![b'v'; length];
            let mut records = Records::default();
            records.put(b"k", &value);
            assert_eq!(parse(records.bytes()), Ok(vec![(&b"k"[..], value.as_slice())]));
        }
    }

    #[test]
    fn damaged_records_are_refused() {
        for wrong in [
            &b"x"[..],
            b"6 a=b",
            b"5 a=b\n",
            b"7 a=b\n",
            b"5 abc\n",
            b"6 abc\n",
            b"2 \n",
            b"99999999999999 a=b\n",
            b"+6 a=b\n",
        ] {
            assert!(parse(wrong).is_err(), "{}", wrong.escape_ascii());
        }
    }

    #[test]
    fn times_are_written_as_gnu_tar_writes_them() {
        let time = |seconds, nanoseconds| time_text(Timestamp { seconds, nanoseconds });
        assert_eq!(time(5, 0), "5");
        assert_eq!(time(5, 120_000_000), "5.12");
        assert_eq!(time(-1, 500_000_000), "-0.5");
        assert_eq!(time(-2, 0), "-2");
        for wrong in [&b""[..], b"-", b"1.x", b"+1", b".5", b"99999999999999999999"] {
            assert_eq!(time_of_text(wrong), None);
        }
    }

    proptest! {
        #[test]
        fn times_come_back(seconds in -1_000_000_000_000_i64..1_000_000_000_000, nanoseconds in 0_u32..1_000_000_000) {
            let time = Timestamp { seconds, nanoseconds };
            prop_assert_eq!(time_of_text(time_text(time).as_bytes()), Some(time));
        }

        #[test]
        fn records_come_back(key in "[a-zA-Z.]{1,9}", value: Vec<u8>) {
            let mut records = Records::default();
            records.put(key.as_bytes(), &value);
            prop_assert_eq!(parse(records.bytes()), Ok(vec![(key.as_bytes(), value.as_slice())]));
        }

        #[test]
        fn names_of_attributes_come_back(name in "[a-c%=253D.]{0,12}") {
            prop_assert_eq!(name_of_key(&key_of_name(name.as_bytes())), name.as_bytes());
        }

        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>) {
            let _ = parse(&bytes);
            let _ = time_of_text(&bytes);
        }
    }
}
