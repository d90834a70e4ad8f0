// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The columns of the stack, and which of them there is room for.

/// One column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Column {
    /// The service.
    Service,
    /// What its process does.
    State,
    /// How it is.
    Health,
    /// The share of one processor.
    Cpu,
    /// Memory, and its limit.
    Memory,
    /// The processor over the last samples.
    Trend,
    /// Bytes received and sent in a second.
    Network,
    /// Restarts.
    Restarts,
    /// Since when it is so.
    Since,
}

/// All columns, in their order, with name, title, and width; the first takes what is left.
pub const COLUMNS: [(Column, &str, &str, usize); 9] = [
    (Column::Service, "service", "SERVICE", 14),
    (Column::State, "state", "STATE", 10),
    (Column::Health, "health", "HEALTH", 11),
    (Column::Cpu, "cpu", "CPU%", 5),
    (Column::Memory, "memory", "MEM/LIMIT", 11),
    (Column::Trend, "trend", "TREND", 12),
    (Column::Network, "network", "NET IN/OUT", 11),
    (Column::Restarts, "restarts", "R", 3),
    (Column::Since, "since", "SINCE", 6),
];

/// Which goes first when there is no room for all.
const GOES: [Column; 7] =
    [Column::Trend, Column::Network, Column::State, Column::Memory, Column::Cpu, Column::Restarts, Column::Since];

/// A column that is shown, with its title and width.
pub(super) type Shown = (Column, &'static str, usize);

/// The columns of these names (empty: all) that fit into so many characters, and the width of each. Service and health
/// always stay.
pub(super) fn fitting(names: &[String], width: usize) -> Vec<Shown> {
    let is_wanted = |column: Column, name: &str| {
        matches!(column, Column::Service | Column::Health) || names.is_empty() || names.iter().any(|one| one == name)
    };
    let wanted = COLUMNS.iter().filter(|(column, name, ..)| is_wanted(*column, name));
    let mut shown: Vec<Shown> = wanted.map(|(column, _, title, width)| (*column, *title, *width)).collect();
    // In the order in which they are named.
    shown.sort_by_key(|(column, ..)| {
        let name = COLUMNS.iter().find(|one| one.0 == *column).map_or("", |one| one.1);
        names.iter().position(|one| one == name).unwrap_or(usize::from(*column != Column::Service))
    });
    let needed = |shown: &[Shown]| shown.iter().map(|(_, _, width)| width + 1).sum::<usize>();
    for column in GOES {
        if needed(&shown) <= width {
            break;
        }
        shown.retain(|(one, ..)| *one != column);
    }
    let spare = width.saturating_sub(needed(&shown));
    if let Some(service) = shown.iter_mut().find(|(column, ..)| *column == Column::Service) {
        service.2 = (service.2 + spare).min(32);
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_says_most_stays_longest() {
        let columns = |width| fitting(&[], width).into_iter().map(|(column, ..)| column).collect::<Vec<_>>();
        assert_eq!(columns(120).len(), COLUMNS.len());
        assert_eq!(columns(30), [Column::Service, Column::Health]);
        assert_eq!(columns(42), [Column::Service, Column::Health, Column::Restarts, Column::Since]);
    }

    #[test]
    fn named_columns_come_in_the_order_of_their_names() {
        let names = ["since".to_owned(), "cpu".to_owned()];
        let columns: Vec<Column> = fitting(&names, 120).into_iter().map(|(column, ..)| column).collect();
        assert_eq!(columns, [Column::Service, Column::Since, Column::Health, Column::Cpu]);
    }
}
