// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Supervisions whose clock, or whose engine's clock, is set while they go on.

use chrono::TimeDelta;

use super::tests::{HEALED, Whose, scene};

const HOUR: TimeDelta = TimeDelta::hours(1);

#[tokio::test(start_paused = true)]
async fn setting_a_clock_does_nothing_and_says_nothing() {
    for whose in [Whose::Ours, Whose::Shared] {
        for by in [HOUR, -HOUR] {
            let scene = scene();
            scene.service("fine", &[HEALED]).await;
            let script = async {
                scene.pass(60).await;
                scene.set_clock(whose, by);
                scene.pass(100).await;
                assert_eq!(scene.ear.deeds(), [""; 0], "{whose:?} {by}");
                scene.set_clock(whose, -by);
                scene.pass(100).await;
                assert_eq!(scene.ear.deeds(), [""; 0], "{whose:?} {by}");
            };
            scene.supervise_with(whose, script).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn no_wait_is_longer_than_its_length_after_the_clock_was_set() {
    for whose in [Whose::Ours, Whose::Shared] {
        for by in [HOUR, -HOUR] {
            let scene = scene();
            let id = scene.service("web", &[HEALED]).await;
            let script = async {
                // In the middle of the time that the engine must have been there for.
                scene.pass(10).await;
                scene.set_clock(whose, by);
                scene.pass(40).await;
                scene.sicken(&id).await;
                scene.pass(6).await;
                assert_eq!(scene.ear.deeds(), ["Bad web"], "{whose:?} {by}");
                // In the middle of the wait before the first attempt.
                scene.set_clock(whose, -by);
                scene.pass(14).await;
                assert_eq!(scene.ear.deeds(), ["restart web #1 begun", "restart web #1 done"], "{whose:?} {by}");
                scene.shell(&id, "rm /sick").await;
                scene.pass(10).await;
                // In the middle of the time that it must be well for.
                scene.set_clock(whose, by);
                scene.pass(60).await;
                assert_eq!(scene.ear.deeds(), ["Recovered web"], "{whose:?} {by}");
            };
            scene.supervise_with(whose, script).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn our_own_clock_makes_no_attempt_come_sooner() {
    let mut scene = scene();
    scene.policy.limits.first_wait = TimeDelta::minutes(5);
    let id = scene.service("web", &[HEALED]).await;
    let before = scene.started(&id).await;
    let script = async {
        scene.pass(40).await;
        scene.sicken(&id).await;
        scene.pass(10).await;
        scene.set_clock(Whose::Ours, HOUR);
        scene.pass(120).await;
        assert_eq!(scene.ear.deeds(), ["Bad web"]);
        assert_eq!(scene.started(&id).await, before);
    };
    scene.supervise_with(Whose::Ours, script).await;
}
