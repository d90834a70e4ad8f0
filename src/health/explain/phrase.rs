// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Pieces of sentences: times, counts, outputs cut to size, the meaning of exit codes.

use chrono::TimeDelta;

/// Characters of a probe's output in a sentence.
const IN_SENTENCE: usize = 120;

/// Characters of a probe's output in the evidence.
const IN_EVIDENCE: usize = 512;

/// A length of time with its two largest units: `850ms`, `7s`, `2m 5s`, `3h`, `1d 4h`. Negative ones count as none.
#[must_use]
pub fn duration(length: TimeDelta) -> String {
    let milliseconds = length.num_milliseconds().max(0);
    if milliseconds < 1_000 {
        return if milliseconds == 0 { "0s".to_owned() } else { format!("{milliseconds}ms") };
    }
    let seconds = milliseconds / 1_000;
    let (large, small, units) = match seconds {
        0..60 => (seconds, 0, ("s", "")),
        60..3_600 => (seconds / 60, seconds % 60, ("m", "s")),
        3_600..86_400 => (seconds / 3_600, seconds % 3_600 / 60, ("h", "m")),
        _ => (seconds / 86_400, seconds % 86_400 / 3_600, ("d", "h")),
    };
    if small == 0 { format!("{large}{}", units.0) } else { format!("{large}{} {small}{}", units.0, units.1) }
}

/// `1 time`, `2 times`.
#[must_use]
pub fn count(number: u32, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// The line of an output that says most: the last with text in it, without control characters, cut to size. Programs
/// name their fault last, after progress and stack traces.
#[must_use]
pub fn telling_line(output: &str) -> Option<String> {
    let line = output.lines().rev().map(clean).find(|line| !line.is_empty())?;
    Some(cut(&line, IN_SENTENCE))
}

/// An output for the evidence: without control characters, on one line, cut to size.
#[must_use]
pub fn whole(output: &str) -> String {
    let lines: Vec<String> = output.lines().map(clean).filter(|line| !line.is_empty()).collect();
    cut(&lines.join(" / "), IN_EVIDENCE)
}

/// Without control characters and the escape sequences of terminals.
fn clean(line: &str) -> String {
    let mut cleaned = String::with_capacity(line.len());
    let mut characters = line.chars().peekable();
    while let Some(character) = characters.next() {
        if character == '\u{1b}' && characters.next_if_eq(&'[').is_some() {
            // Parameters and intermediates up to the final byte of the sequence (ECMA-48).
            while characters.next_if(|next| ('\u{20}'..='\u{3f}').contains(next)).is_some() {}
            characters.next();
        } else if character == '\t' {
            cleaned.push(' ');
        } else if !character.is_control() {
            cleaned.push(character);
        }
    }
    cleaned.trim().to_owned()
}

fn cut(text: &str, longest: usize) -> String {
    if text.chars().count() <= longest {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(longest.saturating_sub(1)).collect();
    short.push('…');
    short
}

/// What an exit code of a container means, where there is a convention.
#[must_use]
pub const fn exit_meaning(code: i64) -> Option<&'static str> {
    Some(match code {
        125 => "the engine could not start it",
        126 => "its command is there and cannot be run",
        127 => "its command is not there",
        128 => "it could not be started",
        130 => "interrupted",
        132 => "illegal instruction: perhaps built for a newer processor",
        134 => "it gave up by itself",
        135 => "bus error: perhaps too little shared memory",
        136 => "arithmetic fault",
        137 => "killed",
        139 => "invalid memory access",
        143 => "terminated",
        _ => return None,
    })
}

/// The program in `exec: "curl": executable file not found in $PATH`.
#[must_use]
pub fn missing_program(output: &str) -> Option<&str> {
    if !output.contains("executable file not found") && !output.contains("no such file or directory") {
        return None;
    }
    let rest = &output[output.find("exec: \"")? + "exec: \"".len()..];
    rest.split('"').next().filter(|program| !program.is_empty())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn times_have_two_units_at_most() {
        let text = |seconds| duration(TimeDelta::seconds(seconds));
        assert_eq!(
            [text(0), text(59), text(60), text(125), text(3_600), text(5_000), text(90_000), text(-5)],
            ["0s", "59s", "1m", "2m 5s", "1h", "1h 23m", "1d 1h", "0s"]
        );
        assert_eq!(duration(TimeDelta::milliseconds(850)), "850ms");
    }

    #[test]
    fn the_last_line_with_text_tells_and_colours_are_dropped() {
        let output = "  % Total\r\n\u{1b}[31mcurl: (7) Failed\u{1b}[0m\tto connect\u{7}\n\n  \n";
        assert_eq!(telling_line(output).as_deref(), Some("curl: (7) Failed to connect"));
        assert_eq!(telling_line(" \n"), None);
    }

    #[test]
    fn the_missing_program_is_named() {
        let output = "OCI runtime exec failed: exec failed: unable to start container process: exec: \"curl\": executable file not found in $PATH: unknown";
        assert_eq!(missing_program(output), Some("curl"));
        assert_eq!(missing_program("exec: \"curl\": permission denied"), None);
    }

    proptest! {
        #[test]
        fn any_output_is_cut_on_characters(output in ".{0,700}") {
            prop_assert!(whole(&output).chars().count() <= IN_EVIDENCE);
            prop_assert!(telling_line(&output).is_none_or(|line| line.chars().count() <= IN_SENTENCE));
            let _ = missing_program(&output);
        }
    }
}
