// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The room and the signs that a text may use. Like colour, signs only repeat what the words say.

use std::collections::BTreeMap;

use super::Theme;
use crate::health::verdict::{Glyph, Standing};

/// Which signs the reader can see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signs {
    /// Any.
    Unicode,
    /// ASCII alone.
    Ascii,
}

/// How a text is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    /// Columns; `None`: as many as the text needs (no terminal).
    pub width: Option<usize>,
    /// Signs.
    pub signs: Signs,
    /// Colour.
    pub theme: Theme,
}

/// The signs for an environment: Unicode when its locale says UTF-8, as C libraries decide (`LC_ALL`, then `LC_CTYPE`,
/// then `LANG`).
#[must_use]
pub fn signs(environment: &BTreeMap<String, String>) -> Signs {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].iter().filter_map(|name| environment.get(*name));
    let locale = locale.map(String::as_str).find(|value| !value.is_empty()).unwrap_or_default().to_ascii_lowercase();
    if locale.contains("utf-8") || locale.contains("utf8") { Signs::Unicode } else { Signs::Ascii }
}

/// The columns of the output: `COLUMNS` where it is a number, else those of the terminal.
#[must_use]
pub fn columns(environment: &BTreeMap<String, String>, terminal: Option<usize>) -> Option<usize> {
    let named = environment.get("COLUMNS").and_then(|text| text.parse().ok()).filter(|columns| *columns > 0);
    named.or(terminal)
}

impl Layout {
    /// The sign that this layout may use.
    #[must_use]
    pub const fn sign(self, glyph: Glyph) -> char {
        match self.signs {
            Signs::Unicode => glyph.unicode,
            Signs::Ascii => glyph.ascii,
        }
    }

    /// What stands for text that was cut off.
    #[must_use]
    pub const fn cut_mark(self) -> &'static str {
        match self.signs {
            Signs::Unicode => "…",
            Signs::Ascii => "~",
        }
    }

    /// The text in the colour of a standing.
    #[must_use]
    pub fn tint(self, standing: Standing, text: &str) -> String {
        let code = match standing {
            Standing::Bad => 31,
            Standing::Pending | Standing::Noticed | Standing::Unknown => 33,
            Standing::Good => 32,
        };
        match self.theme {
            Theme::Plain => text.to_owned(),
            Theme::Styled => format!("\u{1b}[{code}m{text}\u{1b}[0m"),
        }
    }

    /// The text in bold.
    #[must_use]
    pub fn bold(self, text: &str) -> String {
        match self.theme {
            Theme::Plain => text.to_owned(),
            Theme::Styled => format!("\u{1b}[1m{text}\u{1b}[0m"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn the_first_locale_that_is_set_decides() {
        assert_eq!(signs(&environment(&[("LANG", "de_DE.UTF-8")])), Signs::Unicode);
        assert_eq!(signs(&environment(&[("LC_ALL", "C"), ("LANG", "de_DE.UTF-8")])), Signs::Ascii);
        assert_eq!(signs(&environment(&[("LC_ALL", ""), ("LANG", "C.utf8")])), Signs::Unicode);
        assert_eq!(signs(&environment(&[])), Signs::Ascii);
    }

    #[test]
    fn columns_of_the_environment_beat_the_terminal() {
        assert_eq!(columns(&environment(&[("COLUMNS", "40")]), Some(80)), Some(40));
        assert_eq!(columns(&environment(&[("COLUMNS", "x")]), Some(80)), Some(80));
        assert_eq!(columns(&environment(&[]), None), None);
    }
}
