// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The graph of services that wait for each other.

use std::collections::{BTreeMap, BTreeSet};

use crate::diag::Span;

/// `from` waits for `to`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edge<'a> {
    /// The service that waits.
    pub from: &'a str,
    /// The service waited for.
    pub to: &'a str,
    /// Where that is written.
    pub span: Span,
}

/// One circle for every group of services that wait for each other, each beginning at its first edge in file order.
#[must_use]
pub fn cycles<'a>(edges: &[Edge<'a>]) -> Vec<Vec<Edge<'a>>> {
    let mut out: BTreeMap<&str, Vec<Edge<'a>>> = BTreeMap::new();
    for edge in edges {
        out.entry(edge.from).or_default().push(*edge);
    }
    let mut covered: BTreeSet<&str> = BTreeSet::new();
    let mut cycles = Vec::new();
    let mut order: Vec<&Edge<'a>> = edges.iter().collect();
    order.sort_by_key(|edge| edge.span);
    let groups = groups(edges);
    for edge in order {
        if covered.contains(edge.from) || groups.get(edge.from) != groups.get(edge.to) {
            continue;
        }
        if let Some(mut rest) = path(&out, edge.to, edge.from) {
            let mut cycle = vec![*edge];
            cycle.append(&mut rest);
            covered.extend(cycle.iter().map(|edge| edge.from));
            cycles.push(cycle);
        }
    }
    cycles
}

/// For each service with edges, the number of its group: two services that can be reached from each other share one.
#[must_use]
pub fn groups<'a>(edges: &[Edge<'a>]) -> BTreeMap<&'a str, usize> {
    let mut out: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut back: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for edge in edges {
        out.entry(edge.from).or_default().push(edge.to);
        out.entry(edge.to).or_default();
        back.entry(edge.to).or_default().push(edge.from);
    }
    // Kosaraju's algorithm with a stack of its own: chains of dependencies can be long.
    let mut finished: Vec<&str> = Vec::with_capacity(out.len());
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for start in out.keys() {
        let mut stack = vec![(*start, false)];
        while let Some((name, is_done)) = stack.pop() {
            if is_done {
                finished.push(name);
            } else if seen.insert(name) {
                stack.push((name, true));
                stack.extend(out.get(name).into_iter().flatten().map(|next| (*next, false)));
            }
        }
    }
    let mut groups: BTreeMap<&str, usize> = BTreeMap::new();
    for (number, start) in finished.iter().rev().enumerate() {
        let mut stack = vec![*start];
        while let Some(name) = stack.pop() {
            if !groups.contains_key(name) {
                groups.insert(name, number);
                stack.extend(back.get(name).into_iter().flatten());
            }
        }
    }
    groups
}

/// A shortest chain of edges from one service to another; empty when they are the same.
fn path<'a>(out: &BTreeMap<&str, Vec<Edge<'a>>>, from: &'a str, to: &str) -> Option<Vec<Edge<'a>>> {
    let mut reached: BTreeMap<&str, Option<Edge<'a>>> = BTreeMap::from([(from, None)]);
    let mut queue = std::collections::VecDeque::from([from]);
    while let Some(at) = queue.pop_front() {
        if at == to {
            let mut chain = Vec::new();
            let mut here = at;
            while let Some(Some(edge)) = reached.get(here) {
                chain.push(*edge);
                here = edge.from;
            }
            chain.reverse();
            return Some(chain);
        }
        for edge in out.get(at).into_iter().flatten() {
            if !reached.contains_key(edge.to) {
                reached.insert(edge.to, Some(*edge));
                queue.push_back(edge.to);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::FileId;

    fn edge<'a>(from: &'a str, to: &'a str, at: usize) -> Edge<'a> {
        Edge { from, to, span: Span::new(FileId::from_index(0), at, at + 1) }
    }

    #[test]
    fn a_circle_begins_at_its_first_edge() {
        let found = cycles(&[edge("c", "a", 9), edge("a", "b", 1), edge("b", "c", 5), edge("d", "a", 0)]);
        let names: Vec<Vec<&str>> = found.iter().map(|c| c.iter().map(|e| e.from).collect()).collect();
        assert_eq!(names, [["a", "b", "c"]]);
    }

    #[test]
    fn waiting_for_oneself_is_a_circle_and_a_chain_is_none() {
        assert_eq!(cycles(&[edge("a", "a", 0)]).len(), 1);
        assert!(cycles(&[edge("a", "b", 0), edge("b", "c", 1)]).is_empty());
    }
}
