// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Dependencies: the cause is treated first, and what must follow it follows.

use super::super::support::on_real_engines;
use super::super::support::running::{acted, noticed, turned};
use super::super::support::stage::check_each_second;
use super::{HEALED, SWIFT, decisions};
use serde_json::Value;

/// What Compose writes of a service that needs the bus; the last word is whether it follows a restart.
const DEPENDS_ON: &str = "com.docker.compose.depends_on";

#[test]
fn the_cause_is_restarted_first_and_only_what_lives_in_it_follows() {
    // The bus needs its time, so that a hasty healer of what needs it would be faster.
    let settings = format!("{SWIFT}[supervise.services.bus]\nheal = \"restart\"\n");
    on_real_engines("needs", |stage| {
        let bus = stage.run("bus", &["sh", "-c", "rm -f /sick; sleep 1000"], |plan| {
            plan.health_check = Some(check_each_second(&["CMD", "test", "!", "-e", "/sick"]));
        });
        let core = stage.checked("core", &[HEALED, (DEPENDS_ON, "bus:service_healthy:false")]);
        let inside = stage.run("inside", &["sleep", "1000"], |plan| {
            plan.network_mode = format!("container:{bus}");
            plan.labels.insert(HEALED.0.to_owned(), HEALED.1.to_owned());
            plan.labels.insert(DEPENDS_ON.to_owned(), "bus:service_started:true".to_owned());
        });
        let loose = stage.run("loose", &["sleep", "1000"], |plan| {
            plan.labels.insert(HEALED.0.to_owned(), HEALED.1.to_owned());
            plan.labels.insert(DEPENDS_ON.to_owned(), "bus:service_started:false".to_owned());
        });
        let supervising = stage.supervise(&settings, &[]);
        let first = [("bus", "ok"), ("core", "ok"), ("inside", "no_check"), ("loose", "no_check")]
            .map(|(name, state)| move |line: &Value| turned(line, name, state));
        supervising.until_all("the first sight", &[&first[0], &first[1], &first[2], &first[3]]);
        let started = |id: &str| stage.inspect(id).state.started;
        let before = [&core, &loose].map(|id| started(id));

        stage.sicken(&bus);
        stage.sicken(&core);
        let told = supervising.until("what follows", |line| acted(line, "inside", "done"));
        stage.cure(&core);
        let restarted: Vec<&Value> =
            told.iter().filter(|line| line["type"] == "action" && line["stage"] == "begun").collect();
        let order: Vec<&Value> = restarted.iter().map(|line| &line["service"]).collect();
        assert_eq!(order, ["bus", "inside"], "{restarted:#?}");
        assert_eq!(restarted[1]["reason"], "follows `bus`, which has been restarted");
        // The restart of the bus came before, and it is well again.
        assert!(started(&inside) > started(&bus));
        let is_recovery = |line: &Value| noticed(line, "bus", "recovered");
        if !told.iter().any(is_recovery) {
            supervising.until("recovery", is_recovery);
        }
        let actions = |service: &str| {
            let told = supervising.told();
            decisions(&told, service).into_iter().filter(|line| line["type"] == "action").count()
        };
        assert_eq!((actions("core"), actions("loose")), (0, 0), "{:?}", supervising.in_short());
        assert_eq!([&core, &loose].map(|id| started(id)), before);
    });
}
