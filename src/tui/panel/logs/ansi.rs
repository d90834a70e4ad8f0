// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! A line with colours (SGR sequences), letter by letter.
//!
//! No other control sequence comes out of here either, whatever the line holds: the number of its letters and their
//! dress are all that reaches the screen.

use std::borrow::Cow;

use ratatui::style::{Color, Modifier, Style};
use unicode_width::UnicodeWidthChar as _;

/// Columns between two stops of a tabulator.
const TAB: usize = 8;

/// One letter, or a part of a tabulator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Letter {
    /// What is shown.
    pub(super) shown: char,
    /// Its columns.
    pub(super) width: usize,
    /// Its place in the plain text, in bytes.
    pub(super) at: usize,
    /// Its dress.
    pub(super) style: Style,
}

/// Reads a line.
#[derive(Debug, Clone)]
pub(super) struct Letters<'t> {
    rest: &'t str,
    at: usize,
    column: usize,
    blanks: usize,
    style: Style,
}

impl<'t> Letters<'t> {
    pub(super) fn of(text: &'t str) -> Self {
        Self { rest: text, at: 0, column: 0, blanks: 0, style: Style::new() }
    }
}

impl Iterator for Letters<'_> {
    type Item = Letter;

    fn next(&mut self) -> Option<Letter> {
        if self.blanks > 0 {
            self.blanks -= 1;
            self.column += 1;
            return Some(Letter { shown: ' ', width: 1, at: self.at.saturating_sub(1), style: self.style });
        }
        while let Some(after) = self.rest.strip_prefix('\u{1b}') {
            let (numbers, rest) = sequence(after);
            self.rest = rest;
            if let Some(numbers) = numbers {
                dress(&mut self.style, numbers);
            }
        }
        let shown = self.rest.chars().next()?;
        self.rest = &self.rest[shown.len_utf8()..];
        let at = self.at;
        self.at += shown.len_utf8();
        if shown == '\t' {
            self.blanks = TAB - self.column % TAB;
            return self.next();
        }
        let shown = if shown.is_control() { '\u{fffd}' } else { shown };
        let width = shown.width().unwrap_or(0);
        self.column += width;
        Some(Letter { shown, width, at, style: self.style })
    }
}

/// What follows an escape character: the numbers of a colour, if it is one, and what comes after.
fn sequence(text: &str) -> (Option<&str>, &str) {
    let Some(inner) = text.strip_prefix('[') else { return (None, text) };
    match inner.find(|letter| !('\u{20}'..='\u{3f}').contains(&letter)) {
        Some(end) if inner[end..].starts_with('m') => (Some(&inner[..end]), &inner[end + 1..]),
        Some(end) => (None, inner[end..].strip_prefix(|letter: char| letter.is_ascii()).unwrap_or(&inner[end..])),
        None => (None, ""),
    }
}

/// The line without its colours.
pub(super) fn plain(text: &str) -> Cow<'_, str> {
    if !text.contains('\u{1b}') {
        return Cow::Borrowed(text);
    }
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\u{1b}') {
        kept.push_str(&rest[..at]);
        rest = sequence(&rest[at + 1..]).1;
    }
    kept.push_str(rest);
    Cow::Owned(kept)
}

/// Rows that a line takes when it is wrapped to so many columns.
pub(super) fn rows(text: &str, columns: usize) -> usize {
    // Most lines are short, and a byte has a column at most but for tabulators.
    if text.len() <= columns && !text.contains('\t') {
        return 1;
    }
    let columns = columns.max(2);
    let (mut rows, mut used) = (1, 0);
    for letter in Letters::of(text) {
        if used + letter.width > columns {
            rows += 1;
            used = 0;
        }
        used += letter.width;
    }
    rows
}

/// Columns of a line.
pub(super) fn width(text: &str) -> usize {
    Letters::of(text).map(|letter| letter.width).sum()
}

/// Applies the numbers of one sequence. What is unknown changes nothing.
fn dress(style: &mut Style, numbers: &str) {
    let mut parts = numbers.split(';');
    while let Some(part) = parts.next() {
        let mut own = part.split(':');
        let number = own.next().unwrap_or_default();
        // An empty number is 0.
        let Ok(number) = (if number.is_empty() { Ok(0) } else { number.parse::<u16>() }) else { return };
        match number {
            38 | 48 => {
                let color =
                    if part.contains(':') { color(&mut own.filter(|one| !one.is_empty())) } else { color(&mut parts) };
                let Some(color) = color else { continue };
                *style = if number == 38 { style.fg(color) } else { style.bg(color) };
            }
            4 if own.next() == Some("0") => *style = without(*style, Modifier::UNDERLINED),
            other => *style = simple(*style, other),
        }
    }
}

fn without(mut style: Style, modifier: Modifier) -> Style {
    style.add_modifier.remove(modifier);
    style
}

/// `5;n` or `2;r;g;b`, after 38 or 48.
fn color(parts: &mut dyn Iterator<Item = &str>) -> Option<Color> {
    let mut number = || parts.next()?.parse::<u8>().ok();
    match number()? {
        5 => Some(Color::Indexed(number()?)),
        2 => Some(Color::Rgb(number()?, number()?, number()?)),
        _ => None,
    }
}

fn simple(style: Style, number: u16) -> Style {
    const COLORS: [Color; 16] = [
        Color::Black,
        Color::Red,
        Color::Green,
        Color::Yellow,
        Color::Blue,
        Color::Magenta,
        Color::Cyan,
        Color::Gray,
        Color::DarkGray,
        Color::LightRed,
        Color::LightGreen,
        Color::LightYellow,
        Color::LightBlue,
        Color::LightMagenta,
        Color::LightCyan,
        Color::White,
    ];
    let color = |first: u16, least: usize| COLORS[(least + usize::from(number - first)).min(COLORS.len() - 1)];
    match number {
        0 => Style::new(),
        1 => style.add_modifier(Modifier::BOLD),
        2 => style.add_modifier(Modifier::DIM),
        3 => style.add_modifier(Modifier::ITALIC),
        4 | 21 => style.add_modifier(Modifier::UNDERLINED),
        7 => style.add_modifier(Modifier::REVERSED),
        9 => style.add_modifier(Modifier::CROSSED_OUT),
        22 => without(style, Modifier::BOLD | Modifier::DIM),
        23 => without(style, Modifier::ITALIC),
        24 => without(style, Modifier::UNDERLINED),
        27 => without(style, Modifier::REVERSED),
        29 => without(style, Modifier::CROSSED_OUT),
        30..=37 => style.fg(color(30, 0)),
        39 => Style { fg: None, ..style },
        40..=47 => style.bg(color(40, 0)),
        49 => Style { bg: None, ..style },
        90..=97 => style.fg(color(90, 8)),
        100..=107 => style.bg(color(100, 8)),
        // Hidden and blinking words are shown as they are.
        _ => style,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(text: &str) -> Vec<(String, Style)> {
        let mut pieces: Vec<(String, Style)> = Vec::new();
        for letter in Letters::of(text) {
            match pieces.last_mut().filter(|(_, style)| *style == letter.style) {
                Some((shown, _)) => shown.push(letter.shown),
                None => pieces.push((letter.shown.to_string(), letter.style)),
            }
        }
        pieces
    }

    #[test]
    fn colours_of_all_kinds_dress_what_follows() {
        let plain = Style::new();
        let cases: [(&str, Style); 10] = [
            ("\u{1b}[31m", plain.fg(Color::Red)),
            ("\u{1b}[97;104m", plain.fg(Color::White).bg(Color::LightBlue)),
            ("\u{1b}[1;38;5;208m", plain.fg(Color::Indexed(208)).add_modifier(Modifier::BOLD)),
            ("\u{1b}[38;2;1;2;3;4m", plain.fg(Color::Rgb(1, 2, 3)).add_modifier(Modifier::UNDERLINED)),
            ("\u{1b}[38:2::1:2:3m", plain.fg(Color::Rgb(1, 2, 3))),
            ("\u{1b}[48:5:9;3m", plain.bg(Color::Indexed(9)).add_modifier(Modifier::ITALIC)),
            ("\u{1b}[4:3m", plain.add_modifier(Modifier::UNDERLINED)),
            ("\u{1b}[1;2;31m\u{1b}[22;39m", plain),
            ("\u{1b}[7;31m\u{1b}[m", plain),
            ("\u{1b}[7m\u{1b}[4m\u{1b}[27;4:0m", plain),
        ];
        for (before, style) in cases {
            assert_eq!(pieces(&format!("{before}x")), [("x".to_owned(), style)], "{before:?}");
        }
    }

    #[test]
    fn hostile_sequences_leave_no_trace_but_letters() {
        let cases = [
            ("a\u{1b}[2Jb", "ab"),
            ("a\u{1b}", "a"),
            ("a\u{1b}[38;5", "a"),
            ("a\u{1b}[38;5;999;31mb\u{1b}[99999999mc\u{1b}[38;2;1mz", "abcz"),
            ("a\u{1b}[>4;1mb\u{1b}[?25lc", "abc"),
            ("\u{1b}\u{1b}\u{1b}[mx", "x"),
            ("\u{1b}[1é", "é"),
            ("a\rb\u{7}c\u{9b}2Jd", "a\u{fffd}b\u{fffd}c\u{fffd}2Jd"),
            ("ab\tc\td", "ab      c       d"),
        ];
        for (text, shown) in cases {
            assert_eq!(Letters::of(text).map(|letter| letter.shown).collect::<String>(), shown, "{text:?}");
            assert!(!plain(text).contains('\u{1b}'));
        }
        let endless = "\u{1b}[1m".repeat(100_000);
        assert_eq!(Letters::of(&endless).count(), 0);
    }

    #[test]
    fn places_are_those_of_the_plain_text() {
        let text = "\u{1b}[31m漢\u{1b}[0m\tb";
        let plain = plain(text);
        assert_eq!(plain, "漢\tb");
        let last = Letters::of(text).last().map(|letter| (letter.at, letter.shown));
        assert_eq!(last, Some((plain.find('b').unwrap_or(0), 'b')));
        assert_eq!((width(text), rows(text, 4), rows("漢漢漢", 3), rows("", 10)), (9, 3, 3, 1));
    }
}
