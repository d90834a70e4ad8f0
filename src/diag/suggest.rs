// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Finds the word that was probably meant.

/// Words longer than this get no suggestion: nobody means a key of that length, and the search stays cheap.
const LONGEST: usize = 60;

/// The candidate nearest to `word`: equal but for case, `-` and `_`, or at most two slips away (a letter missing, too
/// many, wrong, or swapped with its neighbour count as one slip each). Words of up to three characters may be one slip
/// away, and never so that nothing of the word is left. Of equally near ones the first wins.
pub fn closest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if word.is_empty() || word.len() > LONGEST {
        return None;
    }
    let folded = fold(word);
    let limit = if folded.len() <= 3 { 1 } else { 2 };
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        if candidate.len() > LONGEST {
            continue;
        }
        let other = fold(candidate);
        if other.len().abs_diff(folded.len()) > limit || other.len() <= limit {
            continue;
        }
        let slips = slips(&folded, &other);
        if slips <= limit && best.is_none_or(|(least, _)| slips < least) {
            best = Some((slips, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

fn fold(word: &str) -> Vec<char> {
    word.chars().map(|c| if c == '-' || c == ' ' { '_' } else { c.to_ascii_lowercase() }).collect()
}

/// The number of slips between two words (optimal string alignment).
fn slips(left: &[char], right: &[char]) -> usize {
    let mut row_before_last: Vec<usize> = Vec::new();
    let mut last_row: Vec<usize> = (0..=right.len()).collect();
    for (row, a) in left.iter().enumerate() {
        let mut this_row = Vec::with_capacity(right.len() + 1);
        this_row.push(row + 1);
        for (column, b) in right.iter().enumerate() {
            let mut fewest = last_row[column] + usize::from(a != b);
            fewest = fewest.min(last_row[column + 1] + 1).min(this_row[column] + 1);
            if row > 0 && column > 0 && *a == right[column - 1] && left[row - 1] == *b {
                fewest = fewest.min(row_before_last[column - 1] + 1);
            }
            this_row.push(fewest);
        }
        row_before_last = last_row;
        last_row = this_row;
    }
    last_row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::closest;

    const KEYS: [&str; 7] = ["command", "depends_on", "dns", "environment", "healthcheck", "image", "tty"];

    #[test]
    fn slips_are_mended() {
        assert_eq!(closest("healtcheck", KEYS), Some("healthcheck"));
        assert_eq!(closest("imgae", KEYS), Some("image"));
        assert_eq!(closest("comand", KEYS), Some("command"));
        assert_eq!(closest("Depends-On", KEYS), Some("depends_on"));
        assert_eq!(closest("dn", KEYS), Some("dns"));
    }

    #[test]
    fn far_words_get_no_suggestion() {
        assert_eq!(closest("foo", KEYS), None);
        assert_eq!(closest("", KEYS), None);
        assert_eq!(closest("x", KEYS), None);
        assert_eq!(closest(&"i".repeat(10_000), KEYS), None);
    }

    #[test]
    fn the_nearest_wins() {
        assert_eq!(closest("prot", ["port", "ports"]), Some("port"));
    }
}
