// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Recognises the unquoted dates and times that Go's yaml.v3 turns into a time value.
//!
//! Limits: says yes or no; the moment itself is never needed, because Compose refuses such values nearly everywhere.

/// Reads a text from left to right; every step is all or nothing.
struct Cursor<'a> {
    rest: &'a [u8],
}

impl Cursor<'_> {
    fn literal(&mut self, byte: u8) -> Option<()> {
        (self.rest.first() == Some(&byte)).then(|| self.rest = &self.rest[1..])
    }

    /// A number of exactly two digits.
    fn two_digits(&mut self) -> Option<u32> {
        match self.rest {
            [tens @ b'0'..=b'9', ones @ b'0'..=b'9', rest @ ..] => {
                self.rest = rest;
                Some(u32::from(tens - b'0') * 10 + u32::from(ones - b'0'))
            }
            _ => None,
        }
    }

    /// A number of one or two digits.
    fn number(&mut self) -> Option<u32> {
        if let Some(number) = self.two_digits() {
            return Some(number);
        }
        let (digit, rest) = self.rest.split_first()?;
        digit.is_ascii_digit().then(|| {
            self.rest = rest;
            u32::from(digit - b'0')
        })
    }

    /// A fraction of a second, if there is one: a point or comma with at least one digit.
    fn fraction(&mut self) {
        if let [b'.' | b',', rest @ ..] = self.rest {
            let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
            if digits > 0 {
                self.rest = &rest[digits..];
            }
        }
    }

    fn clock(&mut self) -> Option<()> {
        let hour = self.number()?;
        self.literal(b':')?;
        let minute = self.number()?;
        self.literal(b':')?;
        let second = self.number()?;
        self.fraction();
        (hour < 24 && minute < 60 && second < 60).then_some(())
    }

    fn zone(&mut self) -> Option<()> {
        if self.literal(b'Z').is_some() {
            return Some(());
        }
        self.literal(b'+').or_else(|| self.literal(b'-'))?;
        let hour = self.two_digits()?;
        self.literal(b':')?;
        let minute = self.two_digits()?;
        (hour <= 24 && minute < 60).then_some(())
    }
}

fn days_in(year: u32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Whether yaml.v3 reads this unquoted text as a time: `2001-12-14`, with `T`, `t` and a zone, or with blanks and no
/// zone. Fields may have one digit, as its layouts allow.
#[must_use]
pub(super) fn is_timestamp(text: &str) -> bool {
    parse(text.as_bytes()).is_some()
}

fn parse(text: &[u8]) -> Option<()> {
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if digits != 4 {
        return None;
    }
    let year = text[..4].iter().fold(0, |year, digit| year * 10 + u32::from(digit - b'0'));
    let mut cursor = Cursor { rest: &text[4..] };
    cursor.literal(b'-')?;
    let month = cursor.number()?;
    cursor.literal(b'-')?;
    let day = cursor.number()?;
    if !(1..=12).contains(&month) || day == 0 || day > days_in(year, month) {
        return None;
    }
    match cursor.rest.first() {
        None => return Some(()),
        Some(b'T' | b't') => {
            cursor.rest = &cursor.rest[1..];
            cursor.clock()?;
            cursor.zone()?;
        }
        Some(b' ') => {
            let blanks = cursor.rest.iter().take_while(|byte| **byte == b' ').count();
            cursor.rest = &cursor.rest[blanks..];
            cursor.clock()?;
        }
        Some(_) => return None,
    }
    cursor.rest.is_empty().then_some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_times_are_recognised() {
        for text in [
            "2001-12-14",
            "2001-1-2",
            "2001-12-14T21:59:43.10-05:00",
            "2001-12-14t21:59:43Z",
            "2001-12-14 21:59:43.1",
            "2001-12-14   1:2:3",
            "2000-02-29",
            "2024-02-29T00:00:00+24:00",
        ] {
            assert!(is_timestamp(text), "{text}");
        }
    }

    #[test]
    fn what_go_cannot_parse_stays_text() {
        for text in [
            "",
            "2001",
            "2001-12",
            "2001-13-01",
            "2001-02-30",
            "1900-02-29",
            "2001-12-14T21:59:43",
            "2001-12-14 21:59:43 Z",
            "2001-12-14 24:00:00",
            "2001-12-14T1:2",
            "20011-12-14",
            "2001-12-14x",
            "2001-12-00",
            "2001-12-14 ",
            "10.0.0.0-1",
        ] {
            assert!(!is_timestamp(text), "{text}");
        }
    }
}
