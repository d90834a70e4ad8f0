// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Operations in a small world, cut at every step, and recovered.

use chrono::DateTime;
use proptest::prelude::*;

use super::*;
use crate::backup::manifest::testing::id;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Content {
    Old,
    Mixed,
    New,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct VolumeState {
    content: Content,
    marker: Option<Marker>,
}

/// Everything that an operation changes.
#[expect(clippy::struct_excessive_bools, reason = "independent things of a small world")]
#[derive(Debug, Clone, PartialEq, Eq)]
struct World {
    journal: Vec<Event>,
    volumes: Vec<VolumeState>,
    running: Vec<bool>,
    has_helper: bool,
    has_staging: bool,
    is_published: bool,
    hook_is_open: bool,
    is_healthy_with_new: bool,
}

/// The smallest changes: what a crash cannot divide.
#[derive(Debug, Clone)]
enum Atom {
    Write(Event),
    Run(usize, bool),
    Mark(usize, Content, Option<Marker>),
    Helper(bool),
    Staging(bool),
    Publish,
    Hook(bool),
}

const VOLUMES: usize = 3;
const CONTAINERS: usize = 3;

fn operation(kind: OperationKind) -> OperationId {
    OperationId { stamp: id(7), kind }
}

fn target(at: usize) -> Target {
    Target {
        id: at.to_string(),
        name: format!("lab-s{at}-1"),
        project: "lab".into(),
        service: format!("s{at}"),
        number: 1,
        // The last one did not run before.
        state: if at + 1 == CONTAINERS { State::Stopped } else { State::Running },
        restart_policy: "always".into(),
        wave: at,
        post_hook: vec!["thaw".into()],
    }
}

fn before() -> World {
    World {
        journal: Vec::new(),
        volumes: vec![VolumeState { content: Content::Old, marker: None }; VOLUMES],
        running: (0..CONTAINERS).map(|at| target(at).state == State::Running).collect(),
        has_helper: false,
        has_staging: false,
        is_published: false,
        hook_is_open: false,
        is_healthy_with_new: true,
    }
}

impl World {
    fn apply(&mut self, atom: &Atom) {
        match atom {
            Atom::Write(event) => self.journal.push(event.clone()),
            Atom::Run(at, runs) => {
                let is_mixed = self.volumes.iter().any(|volume| volume.content == Content::Mixed);
                assert!(!runs || !is_mixed, "nothing starts on a mix of old and new");
                assert!(!runs || !self.has_helper, "nothing starts beside a helper");
                self.running[*at] = *runs;
            }
            Atom::Mark(at, content, marker) => {
                let changes = self.volumes[*at].content != *content;
                assert!(!changes || self.running.iter().all(|runs| !runs), "names are exchanged below a container");
                self.volumes[*at] = VolumeState { content: *content, marker: *marker };
            }
            Atom::Helper(runs) => self.has_helper = *runs,
            Atom::Staging(is_there) => self.has_staging = *is_there,
            Atom::Publish => (self.is_published, self.has_staging) = (true, false),
            Atom::Hook(is_open) => self.hook_is_open = *is_open,
        }
    }

    fn journal(&self) -> Journal {
        let mut journal = Journal::default();
        for event in &self.journal {
            journal.records.push(journal.next(DateTime::UNIX_EPOCH, event.clone()));
        }
        journal
    }

    fn found(&self) -> Found {
        let markers = self.volumes.iter().enumerate().map(|(at, volume)| (at.to_string(), volume.marker));
        Found { markers: markers.collect(), is_published: self.is_published, ..Found::default() }
    }

    /// What one step of a recovery comes to. `None`: recovery is asked anew.
    fn atoms(&self, step: &Step) -> Option<Vec<Atom>> {
        let at = |name: &String| name.parse::<usize>().unwrap_or(0);
        let content = |name: &String| self.volumes[at(name)].content;
        Some(match step {
            Step::RemoveHelpers => vec![Atom::Helper(false)],
            Step::DiscardStaging => vec![Atom::Staging(false)],
            Step::KeepStill(target) => vec![Atom::Run(at(&target.id), false)],
            Step::DiscardStage(volume) | Step::RemoveAside(volume) => {
                vec![Atom::Mark(at(volume), content(volume), None)]
            }
            Step::RollForward(volume) => vec![
                Atom::Mark(at(volume), content(volume), Some(Marker::Committing)),
                Atom::Mark(at(volume), Content::Mixed, Some(Marker::Committing)),
                Atom::Mark(at(volume), Content::New, Some(Marker::Committed)),
            ],
            Step::RollBack(volume) => vec![
                Atom::Mark(at(volume), content(volume), Some(Marker::RollingBack)),
                Atom::Mark(at(volume), Content::Mixed, Some(Marker::RollingBack)),
                Atom::Mark(at(volume), Content::Old, Some(Marker::RolledBack)),
            ],
            Step::Refill(volume, set) => {
                let content = if *set == id(3) { Content::New } else { Content::Old };
                refill(at(volume), self.volumes[at(volume)].content, content)
            }
            Step::PostHook(target) => {
                vec![Atom::Hook(false), Atom::Write(Event::HookEnded { container: target.id.clone() })]
            }
            Step::Resume(target) => vec![Atom::Run(at(&target.id), true)],
            Step::RecordRollback => vec![Atom::Write(Event::RollbackAll { reason: "found".into() })],
            Step::Gate(OnUnhealthy::Rollback) if !self.is_healthy_with_new => return None,
            Step::Gate(_) | Step::RemoveVolume(_) | Step::EmptyTrash(_) => Vec::new(),
            Step::RecordHealthy => vec![Atom::Write(Event::Healthy)],
            Step::RecordRecovered => vec![Atom::Write(Event::Recovered)],
        })
    }

    /// Recovers, but dies after `budget` atoms. Whether it came to the end.
    fn recover(&mut self, kind: OperationKind, mut budget: usize) -> bool {
        'anew: loop {
            for step in recovery(operation(kind), &self.journal(), &self.found()) {
                let Some(atoms) = self.atoms(&step) else {
                    if budget == 0 {
                        return false;
                    }
                    self.journal.push(Event::RollbackAll { reason: "not healthy".into() });
                    continue 'anew;
                };
                for atom in atoms {
                    if budget == 0 {
                        return false;
                    }
                    budget -= 1;
                    self.apply(&atom);
                }
            }
            return true;
        }
    }

    /// What matters in the end.
    fn end(&self) -> (Vec<VolumeState>, Vec<bool>, [bool; 4]) {
        let flags = [self.has_helper, self.has_staging, self.is_published, self.hook_is_open];
        (self.volumes.clone(), self.running.clone(), flags)
    }
}

fn backup_script() -> Vec<Atom> {
    let mut script = vec![
        Atom::Write(Event::BackupBegun { project: "lab".into(), set: id(7) }),
        Atom::Staging(true),
        Atom::Write(Event::Quiescing { targets: (0..CONTAINERS).map(target).collect() }),
        Atom::Write(Event::HookBegun { container: "0".into() }),
        Atom::Hook(true),
        Atom::Run(0, false),
        Atom::Run(1, false),
        Atom::Helper(true),
        Atom::Write(Event::Captured { name: "lab_data".into() }),
        Atom::Helper(false),
        Atom::Run(1, true),
        Atom::Run(0, true),
        Atom::Hook(false),
        Atom::Write(Event::HookEnded { container: "0".into() }),
        Atom::Write(Event::Resumed),
        Atom::Write(Event::Publishing),
        Atom::Publish,
        Atom::Write(Event::Published),
    ];
    script.push(Atom::Write(Event::Ended { result: "done".into() }));
    script
}

fn exchange(content: Content, via: Marker, done: Marker) -> Vec<Atom> {
    let old = if content == Content::New { Content::Old } else { Content::New };
    let of = |at| {
        [
            Atom::Mark(at, old, Some(via)),
            Atom::Mark(at, Content::Mixed, Some(via)),
            Atom::Mark(at, Content::Mixed, Some(via)),
            Atom::Mark(at, content, Some(done)),
        ]
    };
    (0..VOLUMES).flat_map(of).collect()
}

/// A volume is emptied and filled. The last change is the removal of the marker.
fn refill(at: usize, now: Content, content: Content) -> Vec<Atom> {
    let set = if content == Content::New { id(3) } else { id(8) };
    vec![
        Atom::Mark(at, now, Some(Marker::Emptied)),
        Atom::Mark(at, Content::Mixed, Some(Marker::Emptied)),
        Atom::Mark(at, content, Some(Marker::Emptied)),
        Atom::Write(Event::Filled { volume: at.to_string(), set }),
        Atom::Mark(at, content, None),
    ]
}

fn in_place_script(is_healthy: bool, on_unhealthy: OnUnhealthy) -> Vec<Atom> {
    let names = || (0..VOLUMES).map(|at| at.to_string());
    let mut script = vec![
        Atom::Write(Event::RestoreBegun { project: "lab".into(), set: id(3), on_unhealthy, keep_old: false }),
        Atom::Write(Event::Quiescing { targets: (0..CONTAINERS).map(target).collect() }),
        Atom::Run(0, false),
        Atom::Run(1, false),
        Atom::Write(Event::InPlace { before: id(8), from: names().map(|name| (name.clone(), name)).collect() }),
        Atom::Write(Event::CommitAll { volumes: names().collect() }),
        Atom::Helper(true),
    ];
    script.extend((0..VOLUMES).flat_map(|at| refill(at, Content::Old, Content::New)));
    let starts = [Atom::Helper(false), Atom::Run(1, true), Atom::Run(0, true), Atom::Write(Event::Resumed)];
    script.extend(starts.clone());
    if is_healthy {
        script.push(Atom::Write(Event::Healthy));
    } else if on_unhealthy == OnUnhealthy::Rollback {
        script.push(Atom::Write(Event::RollbackAll { reason: "not healthy".into() }));
        script.extend([Atom::Run(0, false), Atom::Run(1, false), Atom::Helper(true)]);
        script.extend((0..VOLUMES).flat_map(|at| refill(at, Content::New, Content::Old)));
        script.extend(starts);
    }
    script.push(Atom::Write(Event::Ended { result: "over".into() }));
    script
}

fn restore_script(is_healthy: bool, on_unhealthy: OnUnhealthy, keep_old: bool) -> Vec<Atom> {
    let begun = Event::RestoreBegun { project: "lab".into(), set: id(3), on_unhealthy, keep_old };
    let mut script = vec![
        Atom::Write(begun),
        Atom::Write(Event::Quiescing { targets: (0..CONTAINERS).map(target).collect() }),
        Atom::Run(0, false),
        Atom::Run(1, false),
    ];
    for at in 0..VOLUMES {
        script.push(Atom::Write(Event::Staging { volume: at.to_string(), only: None }));
        script.push(Atom::Helper(true));
        script.push(Atom::Mark(at, Content::Old, Some(Marker::Staged)));
        script.push(Atom::Helper(false));
    }
    script.push(Atom::Write(Event::CommitAll { volumes: (0..VOLUMES).map(|at| at.to_string()).collect() }));
    script.extend(exchange(Content::New, Marker::Committing, Marker::Committed));
    let starts = [Atom::Run(1, true), Atom::Run(0, true)];
    script.extend(starts.clone());
    let remove = |content| (0..VOLUMES).map(move |at| Atom::Mark(at, content, None));
    if is_healthy {
        script.push(Atom::Write(Event::Healthy));
        script.push(Atom::Write(Event::Resumed));
        if !keep_old {
            script.extend(remove(Content::New));
        }
    } else if on_unhealthy == OnUnhealthy::Rollback {
        script.push(Atom::Write(Event::RollbackAll { reason: "not healthy".into() }));
        script.extend([Atom::Run(0, false), Atom::Run(1, false)]);
        script.extend(exchange(Content::Old, Marker::RollingBack, Marker::RolledBack));
        script.extend(starts);
        script.extend(remove(Content::Old));
    }
    script.push(Atom::Write(Event::Ended { result: "over".into() }));
    script
}

/// The world after the first `cut` atoms of a script.
fn cut(script: &[Atom], cut: usize, is_healthy: bool) -> World {
    let mut world = World { is_healthy_with_new: is_healthy, ..before() };
    script.iter().take(cut).for_each(|atom| world.apply(atom));
    world
}

/// Recovers after every prefix, itself cut at every step, and gives the world in the end.
fn every_end(script: &[Atom], kind: OperationKind, is_healthy: bool, judge: impl Fn(usize, &World)) {
    for at in 0..=script.len() {
        let world = cut(script, at, is_healthy);
        let mut whole = world.clone();
        assert!(whole.recover(kind, usize::MAX));
        judge(at, &whole);
        for budget in 0.. {
            let mut partly = world.clone();
            let is_over = partly.recover(kind, budget);
            assert!(partly.recover(kind, usize::MAX));
            assert_eq!(partly.end(), whole.end(), "cut after {at}, recovery cut after {budget}");
            if is_over {
                break;
            }
        }
    }
}

fn is_as_before(world: &World) {
    assert_eq!(world.running, before().running);
    assert!(!world.has_helper && !world.has_staging && !world.hook_is_open);
}

#[test]
fn a_backup_leaves_the_stack_as_it_was_wherever_it_dies() {
    let script = backup_script();
    let publishes = script.iter().position(|atom| matches!(atom, Atom::Publish)).unwrap_or(0);
    every_end(&script, OperationKind::Backup, true, |at, world| {
        is_as_before(world);
        assert_eq!(world.volumes, before().volumes);
        assert_eq!(world.is_published, at > publishes);
    });
}

/// Wherever it is cut, the data is the old before the decision and the new after it.
fn is_as_decided(script: &[Atom], is_healthy: bool) {
    let decides = script.iter().position(|atom| matches!(atom, Atom::Write(Event::CommitAll { .. }))).unwrap_or(0);
    every_end(script, OperationKind::Restore, is_healthy, |at, world| {
        is_as_before(world);
        let content = if at > decides { Content::New } else { Content::Old };
        assert_eq!(world.volumes, vec![VolumeState { content, marker: None }; VOLUMES], "cut after {at}");
    });
}

/// Wherever it is cut, a stack that is never well with the new data gets the old.
fn goes_back(script: &[Atom]) {
    every_end(script, OperationKind::Restore, false, |at, world| {
        is_as_before(world);
        let old = VolumeState { content: Content::Old, marker: None };
        assert_eq!(world.volumes, vec![old; VOLUMES], "cut after {at}");
    });
}

#[test]
fn a_restore_is_all_or_nothing_wherever_it_dies() {
    let script = restore_script(true, OnUnhealthy::Rollback, false);
    is_as_decided(&script, true);
}

#[test]
fn an_unhealthy_restore_goes_back_wherever_it_dies() {
    let script = restore_script(false, OnUnhealthy::Rollback, false);
    goes_back(&script);
}

#[test]
fn a_restore_in_place_is_all_or_nothing_wherever_it_dies() {
    let script = in_place_script(true, OnUnhealthy::Rollback);
    is_as_decided(&script, true);
}

#[test]
fn an_unhealthy_restore_in_place_goes_back_wherever_it_dies() {
    let script = in_place_script(false, OnUnhealthy::Rollback);
    goes_back(&script);
}

#[test]
fn a_restore_in_place_that_is_kept_stays_whatever_the_health() {
    let script = in_place_script(false, OnUnhealthy::Keep);
    is_as_decided(&script, false);
}

#[test]
fn a_restore_in_place_that_turns_back_leaves_what_it_never_touched() {
    let script = in_place_script(true, OnUnhealthy::Rollback);
    for at in 0..=script.len() - 2 {
        let mut world = cut(&script, at, true);
        let is_decided = world.journal.iter().any(|event| matches!(event, Event::CommitAll { .. }));
        let untouched: Vec<String> = (0..VOLUMES)
            .filter(|one| world.volumes[*one] == VolumeState { content: Content::Old, marker: None })
            .map(|one| one.to_string())
            .collect();
        let is_healthy = world.journal.contains(&Event::Healthy);
        if !is_decided || is_healthy {
            continue;
        }
        world.journal.push(Event::RollbackAll { reason: "asked for".into() });
        let steps = recovery(operation(OperationKind::Restore), &world.journal(), &world.found());
        let touches = |step: &Step| matches!(step, Step::Refill(volume, _) if untouched.contains(volume));
        assert!(!steps.iter().any(touches), "cut after {at}");
        assert!(world.recover(OperationKind::Restore, usize::MAX));
        is_as_before(&world);
        let old = VolumeState { content: Content::Old, marker: None };
        assert_eq!(world.volumes, vec![old; VOLUMES], "cut after {at}");
    }
}

#[test]
fn a_kept_old_tree_stays_beside_the_new() {
    let script = restore_script(true, OnUnhealthy::Keep, true);
    let mut world = cut(&script, script.len() - 2, true);
    assert!(world.recover(OperationKind::Restore, usize::MAX));
    let kept = VolumeState { content: Content::New, marker: Some(Marker::Committed) };
    assert_eq!(world.volumes, vec![kept; VOLUMES]);
}

#[test]
fn markers_suffice_when_the_journal_is_lost() {
    let script = restore_script(true, OnUnhealthy::Rollback, false);
    for at in 0..=script.len() {
        let mut world = cut(&script, at, true);
        world.journal.clear();
        let furthest = world.volumes.iter().filter_map(|volume| volume.marker).max();
        // Nobody can know which containers ran: they stay as they are.
        let running = world.running.clone();
        if running.iter().any(|runs| *runs) && furthest == Some(Marker::Committing) {
            continue;
        }
        assert!(world.recover(OperationKind::Restore, usize::MAX));
        let contents: BTreeSet<bool> = world.volumes.iter().map(|volume| volume.content == Content::New).collect();
        assert!(world.volumes.iter().all(|volume| volume.content != Content::Mixed));
        assert_eq!((contents.len(), &world.running), (1, &running), "cut after {at}");
        if furthest == Some(Marker::Staged) {
            assert_eq!(world.volumes, before().volumes);
        }
    }
}

#[test]
fn a_closed_journal_asks_for_nothing() {
    let mut world = before();
    world.journal.push(Event::Ended { result: "done".into() });
    assert_eq!(recovery(operation(OperationKind::Backup), &world.journal(), &world.found()), []);
}

#[test]
fn a_prune_empties_only_what_it_moved() {
    let mut world = before();
    world.journal.push(Event::PruneBegun { sets: vec![id(1), id(2)] });
    let found = Found { trash: vec![id(2), id(5)], ..Found::default() };
    let steps = recovery(operation(OperationKind::Prune), &world.journal(), &found);
    assert_eq!(steps, [Step::RemoveHelpers, Step::EmptyTrash(vec![id(2)]), Step::RecordRecovered]);
}

#[test]
fn an_empty_volume_that_was_made_goes_unless_it_was_decided() {
    let found = Found { empty_volumes: vec!["new_data".into()], ..Found::default() };
    let steps = |events: Vec<Event>| {
        let world = World { journal: events, ..before() };
        recovery(operation(OperationKind::Restore), &world.journal(), &found)
    };
    let removes = Step::RemoveVolume("new_data".into());
    assert!(steps(vec![Event::VolumeCreating { volume: "new_data".into() }]).contains(&removes));
    assert!(!steps(vec![Event::CommitAll { volumes: vec!["new_data".into()] }]).contains(&removes));
}

#[test]
fn a_volume_that_was_being_filled_goes_unless_it_was_decided() {
    let found = Found {
        markers: vec![("new_data".into(), None)],
        empty_volumes: vec!["new_data".into()],
        filled_volumes: vec!["new_data".into(), "new_more".into()],
        ..Found::default()
    };
    let steps = |last: Option<Event>| {
        let filling =
            ["new_data", "new_more"].map(|volume| Event::Filling { volume: volume.into(), index: "i.zst".into() });
        let world = World { journal: filling.into_iter().chain(last).collect(), ..before() };
        let steps = recovery(operation(OperationKind::Restore), &world.journal(), &found);
        steps.into_iter().filter(|step| matches!(step, Step::RemoveVolume(_))).collect::<Vec<_>>()
    };
    let both = ["new_data", "new_more"].map(|volume| Step::RemoveVolume(volume.into()));
    assert_eq!(steps(None), both);
    assert_eq!(steps(Some(Event::CommitAll { volumes: Vec::new() })), []);
    assert_eq!(steps(Some(Event::RollbackAll { reason: "asked for".into() })), both);
}

proptest! {
    #[test]
    fn recovery_cut_many_times_ends_the_same(
        at in 0_usize..60, cuts in prop::collection::vec(0_usize..12, 0..6), is_healthy in any::<bool>(),
    ) {
        let script = restore_script(is_healthy, OnUnhealthy::Rollback, false);
        let world = cut(&script, at % (script.len() + 1), is_healthy);
        let mut whole = world.clone();
        prop_assert!(whole.recover(OperationKind::Restore, usize::MAX));
        let mut partly = world;
        for budget in cuts {
            partly.recover(OperationKind::Restore, budget);
        }
        prop_assert!(partly.recover(OperationKind::Restore, usize::MAX));
        prop_assert_eq!(partly.end(), whole.end());
    }
}
