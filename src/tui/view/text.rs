// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Texts of a width.

use std::collections::VecDeque;

use chrono::TimeDelta;
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use crate::tui::look::Look;

/// The text in exactly so many columns: cut or filled.
#[must_use]
pub fn fit(text: &str, width: usize) -> String {
    let mut kept = cut(text, width);
    kept.extend(std::iter::repeat_n(' ', width.saturating_sub(kept.width())));
    kept
}

/// The text in exactly so many columns, at their right end.
#[must_use]
pub fn right(text: &str, width: usize) -> String {
    let kept = cut(text, width);
    " ".repeat(width.saturating_sub(kept.width())) + &kept
}

/// The text in so many columns at most. What is cut is told by a `~`.
#[must_use]
pub fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut kept = String::new();
    let mut used = 0;
    for letter in text.chars() {
        let wide = letter.width().unwrap_or(0);
        if used + wide + 1 > width {
            break;
        }
        used += wide;
        kept.push(letter);
    }
    if width > 0 {
        kept.push('~');
    }
    kept
}

/// The text in lines of so many columns at most, broken between words where that can be. Each keeps the blanks that the
/// text begins with, where they leave room.
#[must_use]
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let width = width.max(1);
    let words = text.trim_start_matches(' ');
    let indent = " ".repeat((text.len() - words.len()).min(width / 2));
    let mut lines = Vec::new();
    let mut line = indent.clone();
    for word in words.split(' ') {
        let gap = usize::from(line.width() > indent.width());
        if line.width() + gap + word.width() <= width {
            if gap == 1 {
                line.push(' ');
            }
            line.push_str(word);
            continue;
        }
        if gap == 1 {
            lines.push(std::mem::replace(&mut line, indent.clone()));
        }
        for letter in word.chars() {
            if line.width() + letter.width().unwrap_or(0) > width {
                lines.push(std::mem::replace(&mut line, indent.clone()));
            }
            line.push(letter);
        }
    }
    lines.push(line);
    lines
}

/// A time in at most six columns: `3s`, `4m10s`, `5h12m`, `2d03h`, `120d`.
#[must_use]
pub fn age(time: TimeDelta) -> String {
    let seconds = time.num_seconds().max(0);
    let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86_400);
    match () {
        () if seconds < 60 => format!("{seconds}s"),
        () if minutes < 60 => format!("{minutes}m{:02}s", seconds % 60),
        () if hours < 24 => format!("{hours}h{:02}m", minutes % 60),
        () if days < 100 => format!("{days}d{:02}h", hours % 24),
        () => format!("{days}d"),
    }
}

/// How long ago something was, roughly, so that the text stays true for a while: `just now`, `4m ago`, `3d ago`.
#[must_use]
pub fn ago(time: TimeDelta) -> String {
    let minutes = time.num_minutes();
    match () {
        () if minutes < 1 => "just now".to_owned(),
        () if minutes < 60 => format!("{minutes}m ago"),
        () if minutes < 48 * 60 => format!("{}h ago", minutes / 60),
        () => format!("{}d ago", minutes / 60 / 24),
    }
}

/// The text in so many columns at most, its end kept. What is cut is told by a `~`.
#[must_use]
pub fn tail(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut kept: Vec<char> = Vec::new();
    let mut used = 1;
    for letter in text.chars().rev() {
        used += letter.width().unwrap_or(0);
        if used > width {
            break;
        }
        kept.push(letter);
    }
    kept.extend((width > 0).then_some('~'));
    kept.into_iter().rev().collect()
}

/// An amount of bytes in at most five columns: `0`, `12K`, `1.5M`, `410M`, `1.1G`.
#[must_use]
pub fn bytes(amount: u64) -> String {
    if amount < 1000 {
        return amount.to_string();
    }
    // Rounded, and never four digits before the unit.
    let tenths_of = |size: u128| (u128::from(amount) * 10 + size / 2) / size;
    let (mut size, mut unit) = (1_u128, "");
    for next in ["K", "M", "G", "T", "P", "E"] {
        if tenths_of(size) < 10_000 {
            break;
        }
        size *= 1024;
        unit = next;
    }
    let tenths = tenths_of(size);
    if tenths >= 100 || tenths % 10 == 0 {
        format!("{}{unit}", tenths / 10)
    } else {
        format!("{}.{}{unit}", tenths / 10, tenths % 10)
    }
}

/// The last values as one line of bars, each as high as its share of the highest; a processor's tenth is the least that is.
#[must_use]
pub fn spark(values: &VecDeque<f64>, width: usize, look: Look) -> String {
    let bars: Vec<char> = look.either("▁▂▃▄▅▆▇█", "_.,-=+*#").chars().collect();
    let highest = values.iter().copied().fold(0.1, f64::max);
    let shown = values.iter().skip(values.len().saturating_sub(width));
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a bar")]
    let bar = |value: &f64| bars[((value / highest * (bars.len() - 1) as f64).round() as usize).min(bars.len() - 1)];
    shown.map(bar).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_fill_their_columns() {
        assert_eq!((fit("abc", 5), fit("abcdef", 4), right("ab", 4)), ("abc  ".into(), "abc~".into(), "  ab".into()));
        assert_eq!((fit("漢字", 3), cut("ab", 0)), ("漢~".to_owned(), String::new()));
        assert_eq!(
            (tail("a/b.yml:12", 7), tail("ab", 2), tail("ab", 0)),
            ("~yml:12".into(), "ab".into(), String::new())
        );
        assert_eq!(wrap("one two abcdefgh", 4), ["one", "two", "abcd", "efgh"]);
        assert_eq!(wrap("  a bc def", 6), ["  a bc", "  def"]);
        assert_eq!((wrap("", 3), wrap("    a", 1)), (vec![String::new()], vec!["a".to_owned()]));
    }

    #[test]
    fn times_and_amounts_stay_short() {
        let ages = [5, 250, 18_720, 180_000, 8_640_000].map(|seconds| age(TimeDelta::seconds(seconds)));
        assert_eq!(ages, ["5s", "4m10s", "5h12m", "2d02h", "100d"]);
        let since = [59, 60, 7_200, 172_800].map(|seconds| ago(TimeDelta::seconds(seconds)));
        assert_eq!(since, ["just now", "1m ago", "2h ago", "2d ago"]);
        let amounts = [0, 999, 1024, 1_572_864, 429_916_160, 1_181_116_006].map(bytes);
        assert_eq!(amounts, ["0", "999", "1K", "1.5M", "410M", "1.1G"]);
        assert!([u64::MAX, 1_023_000, 10_230_000].map(bytes).iter().all(|text| text.len() <= 5));
    }
}
