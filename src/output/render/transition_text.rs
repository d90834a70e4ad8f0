// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! News of a watch for people: one line each, the time in UTC, the sign of the state, what was and what is, and why.

use std::borrow::Borrow;
use std::fmt::Write as _;

use chrono::SecondsFormat;

use crate::app::watch::{EngineNews, Explained, News, Told};
use crate::health::board::CauseKind;
use crate::health::explain::phrase::duration;
use crate::health::verdict::{Standing, State};
use crate::health::{Timestamp, Verdict};
use crate::output::{Layout, Signs, Theme, safe_line};

/// Whether lines name their engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engines {
    /// There is one, so it need not be named.
    One,
    /// There are several.
    Several,
}

/// One piece of news as one line, with its line break.
#[must_use]
pub fn text_line<N: Borrow<News>>(told: &Told<N>, engines: Engines, layout: Layout) -> String {
    let mut line = match told.news.borrow() {
        News::Transition(one) => transition(one, engines, layout),
        News::Engine { at, context, change } => engine(*at, context, change, layout),
    };
    if told.count > 1 {
        let _ = write!(line, " ({} changes in one line)", told.count);
    }
    line.push('\n');
    line
}

/// The line that stands for lines nobody read in time, with its line break.
#[must_use]
pub fn dropped_line(count: u64, layout: Layout) -> String {
    let text = format!("{count} lines left out: the reader is too slow");
    format!("{}\n", dress(&text, Standing::Noticed, layout.theme))
}

fn transition(one: &Explained, engines: Engines, layout: Layout) -> String {
    let transition = &one.transition;
    let state = transition.to.state();
    let sign = match layout.signs {
        Signs::Unicode => state.glyph().unicode,
        Signs::Ascii => state.glyph().ascii,
    };
    let from = transition.from.as_ref().map(|from| format!("{} {} ", from.word(), arrow(layout.signs)));
    let place = match engines {
        Engines::One => String::new(),
        Engines::Several => format!("{}: ", safe_line(&transition.key.context, &[])),
    };
    let why = one.why.as_ref().map_or("its container was removed", |why| why.sentence.as_str());
    let states = format!("{sign} {}{}", from.unwrap_or_default(), transition.to.word());
    let anew = match transition.cause.kind {
        CauseKind::Restarted => " (restarted)",
        CauseKind::Recreated if !matches!(transition.from, Some(Verdict::Missing { .. })) => " (recreated)",
        _ => "",
    };
    format!(
        "{} {place}{} {}{anew}: {}",
        moment(transition.at),
        safe_line(&transition.key.to_string(), &[]),
        dress(&states, standing(state), layout.theme),
        safe_line(why, &one.secrets)
    )
}

fn engine(at: Timestamp, context: &str, change: &EngineNews, layout: Layout) -> String {
    let (state, words) = match change {
        EngineNews::Lost { message, hint } => {
            let hint = hint.as_ref().map(|hint| format!("; {hint}")).unwrap_or_default();
            (State::Unknown, format!("lost: {message}{hint}"))
        }
        EngineNews::Back { outage } => (State::Ok, format!("back after {}", duration(*outage))),
    };
    let words = format!("engine {context} {words}");
    format!("{} {}", moment(at), dress(&safe_line(&words, &[]), standing(state), layout.theme))
}

const fn arrow(signs: Signs) -> &'static str {
    match signs {
        Signs::Unicode => "→",
        Signs::Ascii => "->",
    }
}

const fn standing(state: State) -> Standing {
    match state {
        State::Unknown => Standing::Bad,
        state => state.standing(),
    }
}

/// Colour only repeats what the words say.
pub(super) fn dress(text: &str, standing: Standing, theme: Theme) -> String {
    let colour = match standing {
        Standing::Good => 32,
        Standing::Pending | Standing::Noticed => 33,
        Standing::Bad => 31,
        Standing::Unknown => 35,
    };
    match theme {
        Theme::Plain => text.to_owned(),
        Theme::Styled => format!("\u{1b}[{colour}m{text}\u{1b}[0m"),
    }
}

pub(super) fn moment(at: Timestamp) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::watch::testing::{change, engine_lost};

    const PLAIN: Layout = Layout { width: None, signs: Signs::Ascii, theme: Theme::Plain };

    fn line(news: News, engines: Engines) -> String {
        text_line(&Told { seq: 1, first_seq: 1, count: 1, news }, engines, PLAIN)
    }

    #[test]
    fn one_line_says_when_who_from_what_to_what_and_why() {
        assert_eq!(
            line(change("bus", State::Ok, State::Unhealthy), Engines::One),
            "1970-01-01T00:00:00Z voice/bus ! ok -> unhealthy: its container was removed\n"
        );
        assert_eq!(
            line(engine_lost("far"), Engines::Several),
            "1970-01-01T00:00:00Z engine far lost: cannot reach the engine\n"
        );
        assert!(line(change("bus", State::Ok, State::Paused), Engines::Several).contains("Z default: voice/bus "));
    }

    #[test]
    fn what_was_left_out_is_counted() {
        assert_eq!(dropped_line(3, PLAIN), "3 lines left out: the reader is too slow\n");
    }
}
