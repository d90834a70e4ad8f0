// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Tables that fit a width: columns that matter least go first, and the last column moves below its row when there is no
//! room for it.
//!
//! Limits: a character counts as one column, so wide scripts stand out.

/// A column by its title, and how soon it goes: 0 never, 1 last.
#[derive(Debug, Clone, Copy)]
pub(super) struct Column {
    pub(super) title: &'static str,
    pub(super) expendable: u8,
    pub(super) is_number: bool,
}

/// A row: its cells, each with what is drawn in its place (the same words, perhaps coloured), and the text at its end.
#[derive(Debug, Clone, Default)]
pub(super) struct Line {
    pub(super) cells: Vec<Cell>,
    /// The last column: a sentence.
    pub(super) tail: String,
    /// Whether the sentence may be left out when it does not fit beside the row.
    pub(super) tail_is_optional: bool,
}

/// A cell: its plain words for measuring, and how they are drawn.
#[derive(Debug, Clone, Default)]
pub(super) struct Cell {
    pub(super) plain: String,
    pub(super) drawn: String,
}

impl Cell {
    pub(super) fn plain(text: impl Into<String>) -> Self {
        let plain = text.into();
        Self { drawn: plain.clone(), plain }
    }
}

/// Blanks between columns.
const GAP: usize = 2;

/// Draws the table, its first line the titles, each line indented by `indent` blanks. Where the sentences at the end
/// do not fit, each moves below its row; then columns go, the most expendable first.
pub(super) fn draw(columns: &[Column], tail: &str, lines: &[Line], width: Option<usize>, indent: usize) -> String {
    let count = |text: &str| text.chars().count();
    let measure = |at: usize| {
        let cells = lines.iter().filter_map(|line| line.cells.get(at)).map(|cell| count(&cell.plain));
        cells.chain([columns[at].title.len()]).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns.len()).map(measure).collect();
    let mut shown: Vec<usize> = (0..columns.len()).collect();
    let sum = |shown: &[usize]| indent + shown.iter().map(|&at| widths[at] + GAP).sum::<usize>();
    let longest_tail = lines.iter().map(|line| count(&line.tail)).max().unwrap_or(0);
    let is_beside = width.is_none_or(|width| sum(&shown) + longest_tail <= width);
    while let Some(width) = width.filter(|_| !is_beside)
        && sum(&shown).saturating_sub(GAP) > width
    {
        let expendable = |place: &usize| columns[shown[*place]].expendable;
        let Some(place) = (0..shown.len()).filter(|place| expendable(place) > 0).max_by_key(expendable) else { break };
        shown.remove(place);
    }
    let row = |cells: &[Cell], tail: &str| {
        let mut row = " ".repeat(indent);
        for &at in &shown {
            let padding = " ".repeat(widths[at].saturating_sub(count(&cells[at].plain)));
            let (before, after) = if columns[at].is_number { (padding.as_str(), "") } else { ("", padding.as_str()) };
            row.extend([before, &cells[at].drawn, after, "  "]);
        }
        row.push_str(tail);
        format!("{}\n", row.trim_end())
    };
    let titles: Vec<Cell> = columns.iter().map(|column| Cell::plain(column.title)).collect();
    let mut text = row(&titles, if is_beside { tail } else { "" });
    for line in lines {
        text.push_str(&row(&line.cells, if is_beside { &line.tail } else { "" }));
        if let Some(width) = width.filter(|_| !is_beside && !line.tail_is_optional) {
            let indent = indent + 4;
            for piece in wrap(&line.tail, width.saturating_sub(indent).max(20)) {
                text.extend([" ".repeat(indent).as_str(), &piece, "\n"]);
            }
        }
    }
    text
}

/// The text in lines of at most `width` characters, broken at blanks; longer words are left whole.
pub(super) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: &[Column] = &[
        Column { title: "NAME", expendable: 0, is_number: false },
        Column { title: "N", expendable: 1, is_number: true },
        Column { title: "IMAGE", expendable: 2, is_number: false },
    ];

    fn lines() -> Vec<Line> {
        vec![Line {
            cells: ["web", "12", "registry/web:1"].map(Cell::plain).to_vec(),
            tail: "passes its check and more words than fit".to_owned(),
            tail_is_optional: false,
        }]
    }

    #[test]
    fn all_stands_on_one_line_where_there_is_room() {
        let text = draw(COLUMNS, "WHY", &lines(), None, 0);
        assert_eq!(
            text,
            "NAME   N  IMAGE           WHY\nweb   12  registry/web:1  passes its check and more words than fit\n"
        );
    }

    #[test]
    fn the_sentence_goes_below_then_columns_go() {
        let text = draw(COLUMNS, "WHY", &lines(), Some(30), 0);
        assert_eq!(
            text,
            "NAME   N  IMAGE\nweb   12  registry/web:1\n    passes its check and more\n    words than fit\n"
        );
        assert!(draw(COLUMNS, "WHY", &lines(), Some(10), 0).starts_with("NAME   N\nweb   12\n"));
        assert!(draw(COLUMNS, "WHY", &lines(), Some(3), 0).starts_with("NAME\nweb\n"));
    }
}
