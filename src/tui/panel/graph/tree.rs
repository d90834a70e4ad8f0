// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Dependencies of one project as a tree: at the roots what nobody needs, below each what it needs.

use std::collections::{BTreeMap, BTreeSet};

use crate::app::dashboard::Service;

/// One row of the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Branch {
    /// How deep it is.
    pub(super) depth: usize,
    /// The service.
    pub(super) service: String,
    /// Whether what it needs is shown further up, or would go round in a circle.
    pub(super) is_shown: bool,
}

/// What each service needs, by name. Replicas are one.
pub(super) fn needs<'s>(services: impl Iterator<Item = &'s Service>) -> BTreeMap<String, BTreeSet<String>> {
    let mut needs: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for service in services {
        let own = needs.entry(service.key.service.clone()).or_default();
        own.extend(service.needs.iter().map(|need| need.service.clone()));
    }
    needs
}

/// The tree. What is only in a circle is shown from its first name on.
pub(super) fn tree(needs: &BTreeMap<String, BTreeSet<String>>) -> Vec<Branch> {
    let needed: BTreeSet<&String> = needs.values().flatten().collect();
    let roots = needs.keys().filter(|name| !needed.contains(name));
    let mut seen = BTreeSet::new();
    let mut rows = Vec::new();
    for root in roots.chain(needs.keys()) {
        if !seen.contains(root) {
            grow(root, 0, needs, &mut seen, &mut rows);
        }
    }
    rows
}

fn grow(
    name: &str,
    depth: usize,
    needs: &BTreeMap<String, BTreeSet<String>>,
    seen: &mut BTreeSet<String>,
    rows: &mut Vec<Branch>,
) {
    let own = needs.get(name);
    let is_shown = !seen.insert(name.to_owned()) && own.is_some_and(|own| !own.is_empty());
    rows.push(Branch { depth, service: name.to_owned(), is_shown });
    if is_shown {
        return;
    }
    for need in own.into_iter().flatten() {
        grow(need, depth + 1, needs, seen, rows);
    }
}

/// The services in the order in which they can start: each wave needs only those before it. What is in a circle never can,
/// and is left out.
pub(super) fn waves(needs: &BTreeMap<String, BTreeSet<String>>) -> Vec<Vec<String>> {
    let mut started: BTreeSet<&String> = BTreeSet::new();
    let mut waves = Vec::new();
    loop {
        let ready = |name: &&String| {
            let own = needs.get(*name).into_iter().flatten();
            !started.contains(*name) && own.into_iter().all(|need| started.contains(need) || !needs.contains_key(need))
        };
        let wave: Vec<&String> = needs.keys().filter(ready).collect();
        if wave.is_empty() {
            return waves;
        }
        waves.push(wave.iter().map(|name| (*name).clone()).collect());
        started.extend(wave);
    }
}

/// The longest chain, from what starts first to what starts last.
pub(super) fn longest(needs: &BTreeMap<String, BTreeSet<String>>) -> Vec<String> {
    let mut best: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for name in waves(needs).into_iter().flatten() {
        let own = needs.get(&name).into_iter().flatten();
        let before = own.filter_map(|need| best.get(need)).max_by_key(|chain| chain.len()).cloned();
        let mut chain = before.unwrap_or_default();
        chain.push(name.clone());
        best.insert(name, chain);
    }
    best.into_values().max_by_key(Vec::len).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph(edges: &[(&str, &[&str])]) -> BTreeMap<String, BTreeSet<String>> {
        let names = |names: &&[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        edges.iter().map(|(name, needs)| ((*name).to_owned(), names(needs))).collect()
    }

    fn drawn(edges: &[(&str, &[&str])]) -> String {
        let row =
            |row: &Branch| format!("{}{}{}", " ".repeat(row.depth), row.service, if row.is_shown { "*" } else { "" });
        tree(&graph(edges)).iter().map(row).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn what_is_needed_twice_is_grown_once() {
        let edges: &[(&str, &[&str])] = &[("a", &["c"]), ("b", &["c"]), ("c", &["d"]), ("d", &[])];
        assert_eq!(drawn(edges), "a\n c\n  d\nb\n c*");
        assert_eq!(waves(&graph(edges)), [vec!["d"], vec!["c"], vec!["a", "b"]]);
        assert_eq!(longest(&graph(edges)), ["d", "c", "b"]);
    }

    #[test]
    fn circles_and_strangers_end() {
        let edges: &[(&str, &[&str])] = &[("a", &["b"]), ("b", &["a", "gone"]), ("free", &[])];
        assert_eq!(drawn(edges), "free\na\n b\n  a*\n  gone");
        assert_eq!(waves(&graph(edges)), [vec!["free"]]);
    }
}
