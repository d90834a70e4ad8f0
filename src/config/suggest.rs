// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Did you mean …?

/// The known word nearest to a mistyped one, when it is near enough to be meant: at most one edit in three letters.
///
/// Ties go to the word that comes first.
pub fn closest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = (word.chars().count() / 3).clamp(1, 4);
    known
        .into_iter()
        .map(|candidate| (distance(word, candidate), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Edits between two words: insert, delete, replace, or swap two neighbours (optimal string alignment). Case and the
/// choice of `-` or `_` count nothing.
fn distance(left: &str, right: &str) -> usize {
    let plain = |word: &str| -> Vec<char> {
        word.chars().map(|c| if c == '_' { '-' } else { c.to_ascii_lowercase() }).collect()
    };
    let (left, right) = (plain(left), plain(right));
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=right.len()).collect();
    for (i, from) in left.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, to) in right.iter().enumerate() {
            let replaced = last[j] + usize::from(from != to);
            let mut best = replaced.min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && left[i - 1] == *to && *from == right[j - 1] {
                best = best.min(before[j - 1] + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut last, row);
    }
    last.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_word_that_was_meant() {
        let known = ["select", "ignore", "persona"];
        assert_eq!(closest("selct", known), Some("select"));
        assert_eq!(closest("ingore", known), Some("ignore"));
        assert_eq!(closest("PERSONA", known), Some("persona"));
        assert_eq!(closest("colour", known), None);
    }

    #[test]
    fn swapped_neighbours_are_one_edit() {
        assert_eq!(distance("ab", "ba"), 1);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("fail_on", "fail-on"), 0);
    }
}
