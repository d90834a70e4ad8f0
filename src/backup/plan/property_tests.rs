// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What holds of every plan.

use proptest::prelude::*;

use super::tests::{container, volume};
use super::*;
use crate::backup::manifest::State;
use crate::backup::order::Need;
use crate::catalog::DataClass;

const COUNT: usize = 6;

prop_compose! {
    fn one()(
        state in 0_u8..3,
        own in prop::bool::weighted(0.8),
        mounts in prop::collection::vec((0_usize..4, any::<bool>()), 0..3),
        lives_in in prop::option::weighted(0.2, 0_usize..COUNT),
        quiesce in prop::option::weighted(0.3, 0_usize..4),
        has_hook in any::<bool>(),
    ) -> (u8, bool, Vec<(usize, bool)>, Option<usize>, Option<usize>, bool) {
        (state, own, mounts, lives_in, quiesce, has_hook)
    }
}

fn facts() -> impl Strategy<Value = Facts> {
    let needs = prop::collection::vec((0_usize..COUNT, 0_usize..COUNT), 0..8);
    (prop::collection::vec(one(), COUNT), needs).prop_map(|(containers, needs)| {
        let built = containers.into_iter().enumerate().map(|(at, (state, own, mounts, lives_in, quiesce, hook))| {
            let mounts: Vec<String> = mounts
                .into_iter()
                .map(|(volume, writable)| format!("lab_v{volume}:/v{volume}{}", if writable { "" } else { ":ro" }))
                .collect();
            let mounts: Vec<&str> = mounts.iter().map(String::as_str).collect();
            let mut built = container(&format!("s{at}"), &mounts);
            built.state = [State::Running, State::Paused, State::Stopped][usize::from(state)];
            built.project = Some(if own { "lab" } else { "other" }.to_owned());
            // Downwards only, as needs are: the engine knows no circle.
            built.lives_in = lives_in.filter(|to| *to < at).map(|to| format!("s{to}")).into_iter().collect();
            built.quiesce = quiesce.and_then(|at| Quiesce::from_word(Quiesce::WORDS[at]));
            built.hooks.pre = if hook { vec!["sync".to_owned()] } else { Vec::new() };
            built
        });
        Facts {
            project: "lab".into(),
            containers: built.collect(),
            needs: needs
                .into_iter()
                .filter(|(from, to)| from > to)
                .map(|(from, to)| Need { from: format!("s{from}"), to: format!("s{to}") })
                .collect(),
            volumes: (0..4).map(|number| volume(&format!("v{number}"), DataClass::Critical)).collect(),
            ..Facts::default()
        }
    })
}

fn writes(container: &Container, name: &str) -> bool {
    let wanted = MountSource::Volume(name.to_owned());
    container.mounts.iter().any(|mount| mount.writable && mount.source == wanted)
}

proptest! {
    #[test]
    fn in_mode_stop_nothing_is_captured_while_a_writer_runs(facts in facts()) {
        let plan = plan(&facts, &Request { quiesce: Some(Quiesce::Stop), ..Request::default() });
        let stopped: Vec<&str> = plan.affected().map(|one| one.id.as_str()).collect();
        for capture in &plan.captures {
            for container in facts.containers.iter().filter(|one| one.state == State::Running) {
                let is_still = stopped.contains(&container.id.as_str());
                prop_assert!(!writes(container, capture.what.name()) || is_still);
            }
            prop_assert!(capture.consistency <= Consistency::Paused);
        }
    }

    #[test]
    fn only_what_runs_is_touched_once_and_foreigners_only_with_a_refusal(facts in facts()) {
        let plan = plan(&facts, &Request::default());
        let mut seen = BTreeSet::new();
        for one in plan.affected() {
            prop_assert!(seen.insert(one.id.clone()));
            let container = facts.containers.iter().find(|container| container.id == one.id);
            prop_assert_eq!(container.map(|container| container.state), Some(State::Running));
            let is_foreign = one.project.as_deref() != Some("lab");
            let is_refused = plan.refusals.iter().any(
                |refusal| matches!(refusal, Refusal::Foreign { container, .. } if *container == one.name));
            prop_assert_eq!(is_foreign, is_refused);
        }
    }

    #[test]
    fn order_is_a_reverse_topological_one(facts in facts()) {
        let plan = plan(&facts, &Request::default());
        let place = |id: &str| plan.waves.iter().position(|wave| wave.iter().any(|one| one.id == id));
        let is_own = |name: &str| facts.own().any(|one| one.id == name);
        for need in facts.needs.iter().filter(|need| is_own(&need.from) && is_own(&need.to)) {
            if let (Some(from), Some(to)) = (place(&need.from), place(&need.to)) {
                prop_assert!(from < to, "{} before {}", need.from, need.to);
            }
        }
        for container in &facts.containers {
            for host in &container.lives_in {
                if let (Some(inner), Some(outer)) = (place(&container.id), place(host)) {
                    prop_assert!(inner < outer);
                }
            }
        }
    }

    #[test]
    fn live_data_is_never_called_anything_else(facts in facts(), word in 0_usize..4) {
        let plan = plan(&facts, &Request { quiesce: Quiesce::from_word(Quiesce::WORDS[word]), ..Request::default() });
        for capture in &plan.captures {
            let runs_on = facts.containers.iter().any(|one| {
                one.state == State::Running
                    && writes(one, capture.what.name())
                    && plan.affected().all(|affected| affected.id != one.id)
            });
            prop_assert_eq!(runs_on, capture.consistency == Consistency::Live);
        }
    }
}
