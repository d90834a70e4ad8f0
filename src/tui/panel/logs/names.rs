// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Those whose logs are shown together, and how they are told apart.

use ratatui::style::{Color, Style};

use super::level::Gravity;
use crate::health::board::SlotKey;
use crate::tui::look::{Look, Theme};

/// One of them.
#[derive(Debug, Clone)]
pub struct Writer {
    /// Who.
    pub key: SlotKey,
    /// The shortest name that tells it apart from the others.
    pub name: String,
    /// How grave its last line was, for those that go on with it.
    pub(super) last: Option<Gravity>,
}

/// Names those whose logs are read.
pub(super) fn writers(keys: &[SlotKey]) -> Vec<Writer> {
    let is_one = |part: fn(&SlotKey) -> &str| keys.iter().all(|key| part(key) == part(&keys[0]));
    let (is_one_project, is_one_context) = (is_one(|key| &key.project), is_one(|key| &key.context));
    let name = |key: &SlotKey| {
        let is_twin = |other: &&SlotKey| other.service == key.service && *other != key;
        let mut name = key.service.clone();
        if key.number > 1 || key.one_off.is_some() {
            name = format!("{name}-{}", key.number);
        }
        if key.one_off.is_some() {
            name.push_str(" (run)");
        }
        // The service says most, so it comes first: what does not fit is cut at the end.
        if !is_one_project && keys.iter().filter(is_twin).any(|other| other.project != key.project) {
            name = format!("{name} {}", key.project);
        }
        if !is_one_context && keys.iter().filter(is_twin).any(|other| other.context != key.context) {
            name = format!("{name} @{}", key.context);
        }
        name
    };
    keys.iter().map(|key| Writer { key: key.clone(), name: name(key), last: None }).collect()
}

/// The dress of a name. It only helps to see which lines belong together: the name itself is always there.
pub(super) fn tint(index: usize, look: Look) -> Style {
    const COLORS: [Color; 6] =
        [Color::Cyan, Color::Magenta, Color::Green, Color::Blue, Color::Yellow, Color::LightMagenta];
    const TOLD_APART: [Color; 6] = [
        Color::Indexed(39),
        Color::Indexed(208),
        Color::Indexed(250),
        Color::Indexed(220),
        Color::Indexed(75),
        Color::Indexed(173),
    ];
    match look.theme {
        Theme::Mono => Style::new(),
        Theme::Contrast => Style::new().fg(TOLD_APART[index % TOLD_APART.len()]),
        Theme::Dark | Theme::Light => Style::new().fg(COLORS[index % COLORS.len()]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_as_long_as_needed_to_tell_apart() {
        let key = |context: &str, project: &str, service: &str, number| {
            let [context, project, service] = [context, project, service].map(str::to_owned);
            SlotKey { context, project, service, number, one_off: None }
        };
        let names = |keys: &[SlotKey]| writers(keys).into_iter().map(|one| one.name).collect::<Vec<_>>();
        assert_eq!(
            names(&[key("a", "p", "web", 1), key("a", "p", "web", 2), key("a", "p", "db", 1)]),
            ["web", "web-2", "db"]
        );
        assert_eq!(
            names(&[key("a", "p", "web", 1), key("a", "q", "web", 1), key("a", "q", "db", 1)]),
            ["web p", "web q", "db"]
        );
        assert_eq!(names(&[key("a", "p", "web", 1), key("b", "p", "web", 1)]), ["web @a", "web @b"]);
        assert!(names(&[]).is_empty());
    }
}
