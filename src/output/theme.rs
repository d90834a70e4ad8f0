// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Colour or none. Colour only repeats what the words say.

use std::collections::BTreeMap;

use crate::config::ColorChoice;

/// How text is dressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    /// Characters alone.
    Plain,
    /// With ANSI escape sequences.
    Styled,
}

/// The theme for a stream. `auto` means colour on a terminal, unless `NO_COLOR` is set to anything (see no-color.org) or
/// `TERM` is `dumb`.
#[must_use]
pub fn choose(choice: ColorChoice, is_terminal: bool, environment: &BTreeMap<String, String>) -> Theme {
    let refused = environment.get("NO_COLOR").is_some_and(|value| !value.is_empty())
        || environment.get("TERM").is_some_and(|value| value == "dumb");
    match choice {
        ColorChoice::Always => Theme::Styled,
        ColorChoice::Auto if is_terminal && !refused => Theme::Styled,
        ColorChoice::Auto | ColorChoice::Never => Theme::Plain,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colour_needs_a_terminal_and_no_objection() {
        let none = BTreeMap::new();
        let no_color = [("NO_COLOR".to_owned(), "1".to_owned())].into();
        let dumb = [("TERM".to_owned(), "dumb".to_owned())].into();
        assert_eq!(choose(ColorChoice::Auto, true, &none), Theme::Styled);
        assert_eq!(choose(ColorChoice::Auto, false, &none), Theme::Plain);
        assert_eq!(choose(ColorChoice::Auto, true, &no_color), Theme::Plain);
        assert_eq!(choose(ColorChoice::Auto, true, &dumb), Theme::Plain);
        assert_eq!(choose(ColorChoice::Always, false, &no_color), Theme::Styled);
        assert_eq!(choose(ColorChoice::Never, true, &none), Theme::Plain);
    }
}
