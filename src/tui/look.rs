// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! How things look: colours and signs. Both only repeat what words say.

use ratatui::style::{Color, Modifier, Style};

use crate::health::verdict::{Glyph, Standing};

/// Which signs the reader can see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signs {
    /// Any.
    Unicode,
    /// ASCII alone.
    Ascii,
}

/// A set of colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// For dark terminals: the sixteen colours that every terminal has.
    #[default]
    Dark,
    /// For light ones.
    Light,
    /// Told apart by eyes that mix up red and green too: blue and orange.
    Contrast,
    /// No colour at all.
    Mono,
}

impl Theme {
    /// Names for settings.
    pub const NAMES: [&'static str; 4] = ["dark", "light", "contrast", "mono"];

    /// The theme of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let all = [Self::Dark, Self::Light, Self::Contrast, Self::Mono];
        Self::NAMES.iter().position(|one| *one == name).map(|index| all[index])
    }
}

/// What a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Plain words.
    Text,
    /// Words of less weight.
    Dim,
    /// Titles of columns and parts.
    Title,
    /// The chosen line.
    Chosen,
    /// A place where a search has found something.
    Found,
    /// As it should be.
    Good,
    /// On its way.
    Pending,
    /// Worth a look.
    Noticed,
    /// Broken.
    Bad,
    /// Something to do.
    Hint,
}

/// Colours and signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// Colours.
    pub theme: Theme,
    /// Signs.
    pub signs: Signs,
}

impl Look {
    /// How a text of this role is dressed.
    #[must_use]
    pub fn style(self, role: Role) -> Style {
        let plain = Style::new();
        let mark = match role {
            Role::Text | Role::Good | Role::Hint | Role::Dim | Role::Pending | Role::Noticed => plain,
            Role::Title | Role::Bad => plain.add_modifier(Modifier::BOLD),
            Role::Chosen => plain.add_modifier(Modifier::REVERSED),
            Role::Found => plain.add_modifier(Modifier::UNDERLINED | Modifier::BOLD),
        };
        match self.color(role) {
            Some(color) => mark.fg(color),
            None => mark,
        }
    }

    fn color(self, role: Role) -> Option<Color> {
        let colors = match self.theme {
            Theme::Mono => return None,
            Theme::Dark => {
                [Color::DarkGray, Color::Green, Color::Cyan, Color::Yellow, Color::LightRed, Color::LightBlue]
            }
            Theme::Light => [Color::DarkGray, Color::Green, Color::Blue, Color::Magenta, Color::Red, Color::Blue],
            Theme::Contrast => {
                let orange = Color::Indexed(208);
                [
                    Color::Indexed(245),
                    Color::Indexed(39),
                    Color::Indexed(250),
                    Color::Indexed(220),
                    orange,
                    Color::Indexed(39),
                ]
            }
        };
        let [dim, good, pending, noticed, bad, hint] = colors;
        match role {
            Role::Text | Role::Title | Role::Chosen => None,
            Role::Dim => Some(dim),
            Role::Good => Some(good),
            Role::Pending => Some(pending),
            Role::Noticed | Role::Found => Some(noticed),
            Role::Bad => Some(bad),
            Role::Hint => Some(hint),
        }
    }

    /// How words about a standing are dressed.
    #[must_use]
    pub fn standing(self, standing: Standing) -> Style {
        self.style(match standing {
            Standing::Good => Role::Good,
            Standing::Pending => Role::Pending,
            Standing::Noticed | Standing::Unknown => Role::Noticed,
            Standing::Bad => Role::Bad,
        })
    }

    /// The sign that may be used.
    #[must_use]
    pub const fn sign(self, glyph: Glyph) -> char {
        match self.signs {
            Signs::Unicode => glyph.unicode,
            Signs::Ascii => glyph.ascii,
        }
    }

    /// One of two texts: the second where only ASCII can be shown.
    #[must_use]
    pub const fn either(self, unicode: &'static str, ascii: &'static str) -> &'static str {
        match self.signs {
            Signs::Unicode => unicode,
            Signs::Ascii => ascii,
        }
    }
}
