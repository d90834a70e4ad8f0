// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Finds equal items of a list, in a time that grows little faster than the list.

use std::cmp::Ordering;

use crate::compose::{Map, Node, Value};

/// Pairs of item numbers `(first, later)` for every item that equals an earlier one, in order of the later one.
///
/// Equality is that of JSON: numbers by value (`80` equals `80.0`, not `"80"`), mappings whatever their order.
pub(super) fn repeats(items: &[Node]) -> Vec<(usize, usize)> {
    if items.len() < 2 {
        return Vec::new();
    }
    let mut order: Vec<usize> = (0..items.len()).collect();
    order.sort_by(|a, b| compare(&items[*a].value, &items[*b].value).then(a.cmp(b)));
    let mut found = Vec::new();
    let mut first = order[0];
    for at in order.into_iter().skip(1) {
        if compare(&items[first].value, &items[at].value).is_eq() {
            found.push((first, at));
        } else {
            first = at;
        }
    }
    found.sort_unstable_by_key(|(_, later)| *later);
    found
}

/// A total order of values.
fn compare(left: &Value, right: &Value) -> Ordering {
    match (left, right) {
        (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
        (Value::Str(a), Value::Str(b)) | (Value::Timestamp(a), Value::Timestamp(b)) => a.cmp(b),
        (Value::Seq(a), Value::Seq(b)) => compare_lists(a, b),
        (Value::Map(a), Value::Map(b)) => compare_mappings(a, b),
        (Value::Int(_) | Value::Float(_), Value::Int(_) | Value::Float(_)) => compare_numbers(left, right),
        _ => rank(left).cmp(&rank(right)),
    }
}

fn rank(value: &Value) -> u8 {
    match value {
        Value::Null => 0,
        Value::Bool(_) => 1,
        Value::Int(_) | Value::Float(_) => 2,
        Value::Str(_) => 3,
        Value::Timestamp(_) => 4,
        Value::Seq(_) => 5,
        Value::Map(_) => 6,
    }
}

/// Whole numbers by value, before all others.
fn compare_numbers(left: &Value, right: &Value) -> Ordering {
    match (whole(left), whole(right)) {
        (Some(a), Some(b)) => a.cmp(&b),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => match (left, right) {
            (Value::Float(a), Value::Float(b)) => a.total_cmp(b),
            _ => Ordering::Equal,
        },
    }
}

/// The number, when it has no fraction and fits 64 bits.
fn whole(value: &Value) -> Option<i64> {
    match value {
        Value::Int(number) => Some(*number),
        Value::Float(number) => whole_float(*number),
        _ => None,
    }
}

/// The value of a float without fraction that fits 64 bits.
fn whole_float(number: f64) -> Option<i64> {
    const LIMIT: f64 = 9_223_372_036_854_775_808.0;
    if number.fract() != 0.0 || !(-LIMIT..LIMIT).contains(&number) {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, reason = "the range is checked above")]
    Some(number as i64)
}

fn compare_lists(left: &[Node], right: &[Node]) -> Ordering {
    left.len().cmp(&right.len()).then_with(|| {
        left.iter()
            .zip(right)
            .map(|(a, b)| compare(&a.value, &b.value))
            .find(|order| order.is_ne())
            .unwrap_or(Ordering::Equal)
    })
}

fn compare_mappings(left: &Map, right: &Map) -> Ordering {
    left.len().cmp(&right.len()).then_with(|| {
        sorted(left)
            .into_iter()
            .zip(sorted(right))
            .map(|((a, x), (b, y))| a.cmp(b).then_with(|| compare(x, y)))
            .find(|order| order.is_ne())
            .unwrap_or(Ordering::Equal)
    })
}

fn sorted(map: &Map) -> Vec<(&str, &Value)> {
    let mut entries: Vec<_> = map.iter().map(|entry| (entry.key.as_str(), &entry.node.value)).collect();
    entries.sort_unstable_by_key(|(key, _)| *key);
    entries
}

#[cfg(test)]
mod tests {
    use super::super::tests::tree;
    use super::repeats;

    fn of(text: &str) -> Vec<(usize, usize)> {
        repeats(tree(text).as_seq().unwrap_or_default())
    }

    #[test]
    fn equal_items_are_found_with_their_first() {
        assert_eq!(of("[b, a, b, c, a, b]"), [(0, 2), (1, 4), (0, 5)]);
    }

    #[test]
    fn numbers_compare_by_value_and_not_with_strings() {
        assert_eq!(of("[80, '80', 80.0, 80.5, 80.5]"), [(0, 2), (3, 4)]);
    }

    #[test]
    fn mappings_compare_whatever_their_order() {
        assert_eq!(of("[{a: 1, b: [x]}, {b: [x], a: 1}, {a: 1}, {a: 1, b: [y]}]"), [(0, 1)]);
    }

    #[test]
    fn unlike_and_short_lists_have_none() {
        assert!(of("[]").is_empty());
        assert!(of("[a]").is_empty());
        assert!(of("[null, false, 0, '', [], {}, .nan]").is_empty());
    }
}
