// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The order in which containers stop, and the other way round start.

use std::collections::{BTreeMap, BTreeSet};

/// `from` needs `to`: it stops before it and starts after it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Need {
    /// The one that needs.
    pub from: String,
    /// The one that is needed.
    pub to: String,
}

/// All `nodes` in waves: each stops only after every one that needs it. Those of a wave may stop at the same time.
/// Needs of nodes that are not listed are passed over. In a circle, which Compose refuses, the first by name goes first.
#[must_use]
pub fn stop_waves(nodes: &BTreeSet<String>, needs: &[Need]) -> Vec<Vec<String>> {
    let known = |need: &&Need| need.from != need.to && nodes.contains(&need.from) && nodes.contains(&need.to);
    let edges: BTreeSet<&Need> = needs.iter().filter(known).collect();
    // How many that still run need each node.
    let mut needed: BTreeMap<&str, usize> = nodes.iter().map(|node| (node.as_str(), 0)).collect();
    let mut needs_of: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for edge in edges {
        *needed.entry(&edge.to).or_default() += 1;
        needs_of.entry(&edge.from).or_default().push(&edge.to);
    }
    let mut waves = Vec::new();
    while !needed.is_empty() {
        let mut wave: Vec<&str> = needed.iter().filter(|(_, count)| **count == 0).map(|(node, _)| *node).collect();
        if wave.is_empty() {
            wave.extend(needed.keys().next());
        }
        for node in &wave {
            needed.remove(node);
            for to in needs_of.get(node).into_iter().flatten() {
                if let Some(count) = needed.get_mut(to) {
                    *count -= 1;
                }
            }
        }
        waves.push(wave.into_iter().map(str::to_owned).collect());
    }
    waves
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn need(from: &str, to: &str) -> Need {
        Need { from: from.to_owned(), to: to.to_owned() }
    }

    #[test]
    fn dependents_stop_first_and_independent_ones_together() {
        let nodes = ["cache", "db", "proxy", "web"].map(str::to_owned).into();
        let needs = [need("proxy", "web"), need("web", "db"), need("web", "cache"), need("web", "gone")];
        assert_eq!(stop_waves(&nodes, &needs), [vec!["proxy"], vec!["web"], vec!["cache", "db"]]);
    }

    #[test]
    fn circles_end() {
        let nodes = ["a", "b", "c"].map(str::to_owned).into();
        let waves = stop_waves(&nodes, &[need("a", "b"), need("b", "a"), need("c", "c")]);
        assert_eq!(waves, [vec!["c"], vec!["a"], vec!["b"]]);
    }

    proptest! {
        #[test]
        fn order_is_a_reverse_topological_one(edges in prop::collection::vec((0_usize..12, 0_usize..12), 0..40)) {
            let nodes: BTreeSet<String> = (0..12).map(|node| node.to_string()).collect();
            // Only downwards, so that there is no circle.
            let needs: Vec<Need> = edges
                .iter()
                .filter(|(from, to)| from > to)
                .map(|(from, to)| need(&from.to_string(), &to.to_string()))
                .collect();
            let waves = stop_waves(&nodes, &needs);
            let place = |node: &str| waves.iter().position(|wave| wave.iter().any(|one| one == node));
            for need in &needs {
                prop_assert!(place(&need.from) < place(&need.to));
            }
            prop_assert_eq!(waves.concat().into_iter().collect::<BTreeSet<_>>(), nodes);
        }
    }
}
