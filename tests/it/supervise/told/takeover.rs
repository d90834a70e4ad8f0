// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! A supervisor that dies without a word, the one that comes after it, and two beside each other.

use super::super::super::support::running::turned;
use super::super::super::support::stage::hosts;
use super::super::super::support::witness::{Witness, kept};
use super::super::super::support::{PrivateBroker, Stage, on_real_engines};
use super::mqtt::{OK, TOLD, settings, settings_of, wait_for_sickness, well};
use super::{remove, supervise};

#[test]
fn a_killed_supervisor_is_told_of_by_the_broker_and_its_successor_knows_its_messages() {
    on_real_engines("killed", |stage| {
        let Some(broker) = PrivateBroker::start() else { return };
        let bus = well(stage, "bus", &[TOLD]);
        let lost = well(stage, "lost", &[TOLD]);
        let witness = Witness::new(broker.address(), "all");
        let first = supervise(stage, &settings(broker.address()), |_| ());
        for service in ["bus", "lost", "stackctl"] {
            witness.wait_for(&format!("system/health/{service}"), OK);
        }
        witness.wait_for("stackctl/it/status", "online");
        let announcements = |kept: &std::collections::BTreeMap<String, String>| {
            kept.keys().filter(|one| one.starts_with("home")).count()
        };
        witness
            .until("announcements", |all| all.iter().filter(|(of, _)| of.starts_with("homeassistant/")).count() == 2);

        assert_eq!(first.end("-KILL").code(), None);
        witness.wait_for("stackctl/it/status", "offline");
        let left = kept(broker.address());
        // Nobody is there to say otherwise; the status alone tells that nobody looks.
        assert_eq!((left["system/health/stackctl"].as_str(), left["stackctl/it/status"].as_str()), (OK, "offline"));
        assert_eq!((left["system/health/bus"].as_str(), announcements(&left)), (OK, 2));

        remove(stage, &lost);
        stage.sicken(&bus);
        let second = supervise(stage, &settings(broker.address()), |_| ());
        let errors = second.errors();
        second.until("sickness", |line| turned(line, "bus", "unhealthy"));
        witness.wait_for("stackctl/it/status", "online");
        wait_for_sickness(&witness, "system/health/bus");
        witness.wait_for("system/health/lost", "");
        witness.wait_for("stackctl/it/owned/system/health/lost", "");
        let detail = format!("stackctl/it/{}/lost", stage.project);
        witness.wait_for(&detail, "");
        let left = kept(broker.address());
        assert!(left.keys().all(|topic| !topic.ends_with("/lost")) && announcements(&left) == 1, "{left:#?}");
        assert_eq!(second.end("-INT").code(), Some(130));
        witness.wait_for("stackctl/it/status", "offline");
        assert!(!errors.text().contains("somebody else"), "{}", errors.text());
    });
}

#[test]
fn two_supervisors_at_one_broker_tell_of_themselves_apart() {
    let hosts = hosts();
    let (Some(first), Some(last)) = (hosts.first(), hosts.last()) else { return };
    let Some(broker) = PrivateBroker::start() else { return };
    // The same names on two machines, where there are two.
    let stages = [Stage::new(first, "pair"), Stage::new(last, if first == last { "other" } else { "pair" })];
    let witness = Witness::new(broker.address(), "all");
    let [one, two] = [("one", &stages[0]), ("two", &stages[1])].map(|(name, stage)| {
        well(stage, "bus", &[]);
        supervise(stage, &settings_of(name, broker.address()), |_| ())
    });
    let announced = |all: &[(String, String)]| {
        let topics = all.iter().filter(|(topic, text)| topic.starts_with("homeassistant/") && !text.is_empty());
        topics.map(|(topic, _)| topic.clone()).collect::<std::collections::BTreeSet<_>>().len()
    };
    witness.until("both", |all| announced(all) == 2);
    for name in ["one", "two"] {
        witness.wait_for(&format!("stackctl/{name}/status"), "online");
    }
    assert_eq!(one.end("-KILL").code(), None);
    witness.wait_for("stackctl/one/status", "offline");
    assert_eq!(witness.under("stackctl/two/status"), ["online"]);
    assert_eq!(two.end("-TERM").code(), Some(143));
    witness.wait_for("stackctl/two/status", "offline");
    assert_eq!(witness.under("stackctl/two/status"), ["online", "offline"]);
}
