// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Lines of logs: for people with the writer before them, or as JSON lines (`stackctl/log/v1`).

use std::fmt::Write as _;

use serde_json::json;

use crate::app::logs::{OutputStream, Writer};
use crate::health::Timestamp;
use crate::output::render::Masking;
use crate::output::render::live::nanoseconds;
use crate::output::{Colours, Layout, Theme, safe_line, visible, without_steering};

/// Whether something is shown before a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// It is.
    Yes,
    /// It is not.
    No,
}

/// How lines are written.
#[derive(Debug, Clone, Copy)]
pub struct LogStyle {
    /// The writer's name before each line.
    pub prefix: Shown,
    /// The engine's stamp before each line.
    pub timestamps: Shown,
    /// Whether the engine's name belongs to the writer's.
    pub context: Shown,
    /// Whether secrets are hidden.
    pub masking: Masking,
    /// Colour.
    pub layout: Layout,
    /// Columns of the longest name.
    pub name_width: usize,
}

/// Colours that tell writers apart.
const TINTS: [u8; 6] = [36, 33, 32, 35, 34, 31];

/// The writer's name: that of the container, which Compose makes of project, service and number.
#[must_use]
pub fn name(writer: &Writer, context: Shown) -> String {
    match context {
        Shown::Yes => visible(&format!("{}/{}", writer.context, writer.container)),
        Shown::No => visible(&writer.container),
    }
}

/// A line for people.
#[must_use]
pub fn line(writer: &Writer, at: Option<Timestamp>, text: &str, style: &LogStyle) -> String {
    let mut line = String::new();
    if style.prefix == Shown::Yes {
        let name = name(writer, style.context);
        let padded = format!("{name:width$} | ", width = style.name_width);
        match style.layout.theme {
            Theme::Plain => line.push_str(&padded),
            Theme::Styled => {
                let sum: usize = name.bytes().map(usize::from).sum();
                let _ = write!(line, "\u{1b}[{}m{padded}\u{1b}[0m", TINTS[sum % TINTS.len()]);
            }
        }
    }
    if style.timestamps == Shown::Yes {
        line.push_str(&at.map_or_else(|| "-".to_owned(), nanoseconds));
        line.push(' ');
    }
    let colours = if style.layout.theme == Theme::Styled { Colours::Kept } else { Colours::Dropped };
    match style.masking {
        Masking::On => line.push_str(&safe_line(&without_steering(text, Colours::Dropped), &writer.secrets)),
        Masking::Off => line.push_str(&without_steering(text, colours)),
    }
    if colours == Colours::Kept && line.contains('\u{1b}') {
        line.push_str("\u{1b}[0m");
    }
    line.push('\n');
    line
}

/// A line for programs.
#[must_use]
pub fn json_line(writer: &Writer, stream: OutputStream, at: Option<Timestamp>, text: &str, masking: Masking) -> String {
    let text = match masking {
        Masking::On => safe_line(text, &writer.secrets),
        Masking::Off => text.to_owned(),
    };
    let stream = match stream {
        OutputStream::Out => "stdout",
        OutputStream::Err => "stderr",
    };
    let line = json!({
        "schema": "stackctl/log/v1",
        "at": at.map(nanoseconds),
        "context": writer.context,
        "project": writer.project,
        "service": writer.service,
        "container": writer.container,
        "stream": stream,
        "text": text,
    });
    format!("{line}\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::Signs;

    fn style(masking: Masking) -> LogStyle {
        LogStyle {
            prefix: Shown::Yes,
            timestamps: Shown::No,
            context: Shown::No,
            masking,
            layout: Layout { width: None, signs: Signs::Ascii, theme: Theme::Plain },
            name_width: 6,
        }
    }

    fn writer() -> Writer {
        Writer {
            context: "default".into(),
            project: "p".into(),
            service: "web".into(),
            number: 1,
            one_off: None,
            container: "web-1".into(),
            secrets: vec!["hunter22".into()],
        }
    }

    #[test]
    fn names_are_padded_and_terminals_not_steered() {
        let shown = line(&writer(), None, "\u{1b}[2Jhello\u{1b}[31m red", &style(Masking::Off));
        assert_eq!(shown, "web-1  | hello red\n");
    }

    #[test]
    fn secrets_of_the_container_are_hidden_on_request() {
        let shown = line(&writer(), None, "user bob key hunter22", &style(Masking::On));
        assert!(!shown.contains("hunter22"), "{shown}");
        let shown = json_line(&writer(), OutputStream::Err, None, "hunter22", Masking::On);
        assert!(!shown.contains("hunter22") && shown.contains("\"stderr\""), "{shown}");
        assert!(line(&writer(), None, "hunter22", &style(Masking::Off)).contains("hunter22"));
    }
}
