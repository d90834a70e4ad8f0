// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Dependencies: who comes first, who is blocked by whom, who must follow whom.

use std::collections::{BTreeMap, BTreeSet};

use super::patient::Class;
use super::subject::Subject;
use crate::health::board::SlotKey;
use crate::health::definition::Need;
use crate::health::verdict::{State, Verdict};

/// The subjects, each after all that it needs; in order of their keys where nothing else decides, and where a ring of
/// needs (which Compose refuses) leaves no order.
pub(super) fn by_dependency(subjects: &[Subject]) -> Vec<&Subject> {
    let mut sorted: Vec<&Subject> = subjects.iter().collect();
    sorted.sort_by(|one, two| one.key.cmp(&two.key));
    let mut done: BTreeSet<&SlotKey> = BTreeSet::new();
    let mut ordered: Vec<&Subject> = Vec::new();
    while ordered.len() < sorted.len() {
        let before = ordered.len();
        for subject in &sorted {
            let is_free = || {
                subject.needs.iter().all(|need| providers(subject, need, &sorted).all(|one| done.contains(&one.key)))
            };
            if !done.contains(&subject.key) && is_free() {
                done.insert(&subject.key);
                ordered.push(subject);
            }
        }
        if ordered.len() == before {
            ordered.extend(sorted.iter().filter(|subject| !done.contains(&subject.key)));
            break;
        }
    }
    ordered
}

/// All replicas of the service that `subject` needs.
fn providers<'a, 'b>(
    subject: &'b Subject,
    need: &'b Need,
    subjects: &'b [&'a Subject],
) -> impl Iterator<Item = &'a Subject> + use<'a, 'b> {
    subjects.iter().copied().filter(move |other| is_provider(subject, need, other))
}

fn is_provider(subject: &Subject, need: &Need, other: &Subject) -> bool {
    other.key.service == need.service
        && other.key.project == subject.key.project
        && other.key.context == subject.key.context
        && other.key.one_off.is_none()
        && other.key != subject.key
}

/// The first dependency that is not there, and that must come back before anything else helps. One that runs degraded
/// does its work; one that may be missing does not block while it is missing or stopped.
pub(super) fn blocked_by(
    subject: &Subject,
    subjects: &[Subject],
    classes: &BTreeMap<&SlotKey, Class>,
) -> Option<String> {
    let blocks = |need: &Need, other: &Subject| {
        let class = classes.get(&other.key).copied().unwrap_or(Class::Pending);
        let is_away = class == Class::Left || matches!(other.verdict, Verdict::Missing { .. });
        match class {
            _ if !need.required && is_away => false,
            Class::Fine => need.required && other.verdict.state() == State::Absent,
            _ => other.verdict.state() != State::Degraded,
        }
    };
    let find = |need: &&Need| subjects.iter().any(|other| is_provider(subject, need, other) && blocks(need, other));
    subject.needs.iter().find(find).map(|need| need.service.clone())
}

/// The dependency that was restarted after `subject` and takes it along: one whose namespaces it lives in (they are
/// gone with the old run), or one with `restart: true` (which Compose honours for its own restarts alone).
pub(super) fn leader(subject: &Subject, subjects: &[Subject], classes: &BTreeMap<&SlotKey, Class>) -> Option<String> {
    let started = subject.started_at?;
    let leads = |need: &Need, other: &Subject| {
        let is_fine = classes.get(&other.key) == Some(&Class::Fine);
        let is_newer = other.started_at.is_some_and(|start| start > started);
        is_provider(subject, need, other) && is_fine && is_newer && !other.is_quiet && !other.is_one_shot
    };
    let may_lead = |need: &&Need| need.shares_namespace || need.restart;
    let runs = !matches!(classes.get(&subject.key), Some(Class::Left) | None) && !subject.is_one_shot;
    let mut needs = subject.needs.iter().filter(may_lead).filter(|_| runs);
    needs.find(|need| subjects.iter().any(|other| leads(need, other))).map(|need| need.service.clone())
}
