// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! "Did you mean".

/// The candidate nearest to `name`: at most two edits away (a swap of neighbours counts as one), and fewer than half
/// the length of the name. Ties go to the first.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = 2.min(name.chars().count() / 2);
    candidates
        .into_iter()
        .filter(|candidate| *candidate != name)
        .map(|candidate| (distance(name, candidate), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Optimal string alignment distance: insert, remove, replace, or swap neighbours.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.to_lowercase().chars().collect(), b.to_lowercase().chars().collect());
    let mut rows: Vec<Vec<usize>> = vec![(0..=b.len()).collect()];
    for (i, left) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, right) in b.iter().enumerate() {
            let swap = if i > 0 && j > 0 && *left == b[j - 1] && a[i - 1] == *right {
                rows[i - 1][j - 1] + 1
            } else {
                usize::MAX
            };
            let replace = rows[i][j] + usize::from(left != right);
            row.push(replace.min(rows[i][j + 1] + 1).min(row[j] + 1).min(swap));
        }
        rows.push(row);
    }
    rows.last().and_then(|row| row.last()).copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn near_words_are_offered_and_far_ones_not() {
        assert_eq!(nearest("healtcheck", ["image", "healthcheck"]), Some("healthcheck"));
        assert_eq!(nearest("iamge", ["image", "init"]), Some("image"));
        assert_eq!(nearest("xyz", ["image", "init"]), None);
        assert_eq!(nearest("db", ["dc", "zz"]), Some("dc"));
    }
}
