// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
#![expect(clippy::unwrap_used, reason = "a failed set-up fails the test")]

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;
use crate::volume::Meta;

/// A volume in memory: names to what they are (`old a`, `new a`).
#[derive(Debug, Clone, PartialEq, Eq)]
struct Volume {
    root: BTreeMap<Vec<u8>, String>,
    old: BTreeMap<Vec<u8>, String>,
    new: BTreeMap<Vec<u8>, String>,
    mode: u16,
}

fn named(names: &[Vec<u8>], tree: &str) -> BTreeMap<Vec<u8>, String> {
    names.iter().map(|name| (name.clone(), format!("{tree} {}", name.escape_ascii()))).collect()
}

impl Volume {
    fn before(list: &CommitList) -> Self {
        let (root, new) = (named(&list.old, "old"), named(&list.new, "new"));
        Self { root, old: BTreeMap::new(), new, mode: list.old_root.mode }
    }

    fn after(list: &CommitList) -> Self {
        let (root, old) = (named(&list.new, "new"), named(&list.old, "old"));
        Self { root, old, new: BTreeMap::new(), mode: list.new_root.mode }
    }

    fn run(&mut self, step: &Step, list: &CommitList) {
        let (side, name) = match step {
            Step::Sync => return,
            Step::Root(Side::Old) => return self.mode = list.old_root.mode,
            Step::Root(Side::New) => return self.mode = list.new_root.mode,
            Step::Out(side, name) | Step::In(side, name) => (side, name),
        };
        let directory = if *side == Side::Old { &mut self.old } else { &mut self.new };
        if work(step, self.root.contains_key(name), directory.contains_key(name)).unwrap() == Work::Done {
            return;
        }
        let (from, to) = match step {
            Step::Out(..) => (&mut self.root, directory),
            _ => (directory, &mut self.root),
        };
        let what = from.remove(name).unwrap();
        assert_eq!(to.insert(name.clone(), what), None, "a rename would have hidden something");
    }

    /// Runs the first `count` steps, or all.
    fn go(&mut self, list: &CommitList, direction: Direction, count: usize) {
        for step in steps(list, direction).iter().take(count) {
            self.run(step, list);
        }
    }
}

fn names() -> impl Strategy<Value = Vec<Vec<u8>>> {
    proptest::collection::btree_set("[a-e]", 0..5)
        .prop_map(|names: BTreeSet<String>| names.into_iter().map(String::into_bytes).collect())
}

fn list() -> impl Strategy<Value = CommitList> {
    (names(), names()).prop_map(|(old, new)| {
        let root = |mode| Meta { mode, ..Meta::default() };
        CommitList::new(old, new, root(0o700), root(0o1755)).unwrap()
    })
}

proptest! {
    /// From every prefix of every run, cut by crashes in both directions, both trees are within reach.
    #[test]
    fn every_crash_has_a_way_forward_and_back(list in list(), crashes in proptest::collection::vec((any::<bool>(), 0_usize..20), 0..5)) {
        for cut in 0..=steps(&list, Direction::Forward).len() {
            let mut volume = Volume::before(&list);
            volume.go(&list, Direction::Forward, cut);
            for (forward, count) in &crashes {
                volume.go(&list, if *forward { Direction::Forward } else { Direction::Back }, *count);
            }
            for (direction, wanted) in [(Direction::Forward, Volume::after(&list)), (Direction::Back, Volume::before(&list))] {
                let mut ended = volume.clone();
                ended.go(&list, direction, usize::MAX);
                prop_assert_eq!(&ended, &wanted);
                ended.go(&list, direction, usize::MAX);
                prop_assert_eq!(&ended, &wanted, "run twice");
            }
        }
    }

    /// The same when each step is done twice.
    #[test]
    fn steps_may_be_done_twice(list in list()) {
        let mut volume = Volume::before(&list);
        for step in steps(&list, Direction::Forward) {
            volume.run(&step, &list);
            volume.run(&step, &list);
        }
        prop_assert_eq!(volume, Volume::after(&list));
    }

    #[test]
    fn a_list_comes_back_and_a_torn_one_is_seen(list in list(), cut: proptest::sample::Index) {
        let bytes = list.to_bytes().unwrap();
        prop_assert_eq!(CommitList::of_bytes(&bytes), Ok(list));
        prop_assert_eq!(CommitList::of_bytes(&bytes[..cut.index(bytes.len())]), Err(CommitError::Torn));
    }
}

#[test]
fn names_of_ours_and_names_that_lead_out_are_refused() {
    for wrong in [&b".stackctl-op1"[..], b"..", b"a/b", b""] {
        let told = CommitList::new(vec![wrong.to_vec()], Vec::new(), Meta::default(), Meta::default());
        assert!(matches!(told, Err(CommitError::Name { .. })), "{}", wrong.escape_ascii());
    }
}

#[test]
fn what_no_crash_leaves_is_told() {
    let name = || b"a".to_vec();
    for (step, in_root, in_side) in [
        (Step::Out(Side::Old, name()), false, false),
        (Step::In(Side::New, name()), true, true),
        (Step::In(Side::New, name()), false, false),
    ] {
        assert!(matches!(work(&step, in_root, in_side), Err(CommitError::Disturbed { .. })), "{step:?}");
    }
}
