// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! One format, one file. All pure: values in, text out, with a line break at the end.

pub mod change_json;
pub mod config_json;
pub mod config_lists;
pub mod config_yaml;
mod findings;
mod fingerprint;
mod fold;
pub mod github;
pub mod guide;
pub mod human;
mod json_line;
pub mod json_v1;
pub mod live;
mod mask_tree;
pub mod notify;
pub mod restore_points;
pub mod rule_list;
pub mod sarif;
pub mod sets;
pub mod sets_json;
pub mod supervision;
pub mod supervision_text;
pub mod transition;
pub mod transition_text;

pub use findings::{Item, Report, Summary};
pub use mask_tree::mask_tree;

/// A value as JSON, indented by two blanks, with a line break at the end. The types of this module cannot fail to
/// serialise; should one ever, the text is an object with the reason.
fn to_json(value: &impl serde::Serialize) -> String {
    let mut text = serde_json::to_string_pretty(value)
        .unwrap_or_else(|error| serde_json::json!({ "error": error.to_string() }).to_string());
    text.push('\n');
    text
}

/// Whether secrets are hidden.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Masking {
    /// They are.
    On,
    /// They are not.
    Off,
}

/// Rows as a table: columns padded to their widest cell, three blanks apart, no blanks at the end of a line.
fn table<const N: usize>(rows: &[[String; N]]) -> String {
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: [usize; N] = std::array::from_fn(width);
    let mut text = String::new();
    for row in rows {
        let cells = row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}"));
        text.push_str(cells.collect::<Vec<_>>().join("   ").trim_end());
        text.push('\n');
    }
    text
}
