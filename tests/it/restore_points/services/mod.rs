// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Restore points of data that real programs write while it is made. Afterwards each is asked for what it had, in its own
//! language.

mod mosquitto;
mod postgres;
mod redis;
mod sqlite;

use std::time::{Duration, Instant};

use stackctl::sys::engine::{
    ContainerPlan, Deadline, Engine as _, ExecOutcome, ExecRequest, HealthCheck, HealthStatus,
};

use super::super::support::Stage;
use super::super::support::on_real_engines;
use super::super::support::stage::{PATIENCE, check_each_second, words};
use super::lab::Lab;

/// What `scripts/test-engine services` makes.
const IMAGE: &str = "stackctl-test-services:1";

/// The user of that image that is not root, and its group.
const USER: &str = "999:998";

/// One project of services on one engine.
struct Services<'s> {
    lab: Lab<'s>,
}

/// Runs a check on each real engine that has the image.
fn on_engines_with_services(name: &str, check: impl Fn(&Services<'_>) + Sync) {
    on_real_engines(name, |stage| {
        if has_image(stage) {
            check(&Services { lab: Lab { stage } });
        }
    });
}

fn has_image(stage: &Stage) -> bool {
    let found = stage.runtime.block_on(stage.engine.inspect_image(IMAGE, Deadline::QUESTION)).is_ok();
    let required = std::env::var_os("STACKCTL_TEST_SERVICES_REQUIRED").is_some();
    assert!(found || !required, "{} has no {IMAGE}: scripts/test-engine services", stage.host);
    found
}

impl Services<'_> {
    fn stage(&self) -> &Stage {
        self.lab.stage
    }

    /// Makes a volume whose root belongs to the services.
    fn make_volume(&self, key: &str) {
        self.lab.make_volume(key);
        self.lab.in_volume(key, &format!("chown {USER} /tree && chmod 0700 /tree"));
    }

    /// Starts a service whose command is a script of a shell, with volumes that it may write to (`data`) or not (`data:ro`).
    fn start(&self, name: &str, script: &str, volumes: &[&str], shape: impl FnOnce(&mut ContainerPlan)) -> String {
        self.stage().run(name, &["sh", "-c", script], |plan| {
            IMAGE.clone_into(&mut plan.image);
            USER.clone_into(&mut plan.user);
            plan.mounts = volumes
                .iter()
                .map(|volume| {
                    let key = volume.trim_end_matches(":ro");
                    self.lab.mount(key, &format!("/{key}"), key != *volume)
                })
                .collect();
            shape(plan);
        })
    }

    /// Waits until the checks of a container pass.
    #[track_caller]
    fn wait_healthy(&self, id: &str) {
        self.stage().wait(id, "health", |detail| {
            detail.state.health.as_ref().is_some_and(|health| health.status == HealthStatus::Healthy)
        });
    }

    fn try_ask(&self, id: &str, script: &str) -> ExecOutcome {
        let command = words(&["sh", "-c", script]);
        let request = ExecRequest { command, keep_bytes: 1 << 20, ..ExecRequest::default() };
        self.stage().does(self.stage().engine.exec(id, &request, Deadline::CHANGE))
    }

    /// Runs a script in a container of a service; gives what it printed.
    #[track_caller]
    fn ask(&self, id: &str, script: &str) -> String {
        let outcome = self.try_ask(id, script);
        let text = String::from_utf8_lossy(&outcome.stdout).trim().to_owned();
        assert_eq!(outcome.exit_code, 0, "{script}: {text} {}", String::from_utf8_lossy(&outcome.stderr));
        text
    }

    /// The same, for a number.
    #[track_caller]
    fn count(&self, id: &str, script: &str) -> u64 {
        let text = self.ask(id, script);
        text.parse().unwrap_or_else(|_| panic!("{script} gave {text:?}"))
    }

    /// Waits until a count is above `least`; gives it.
    #[track_caller]
    fn wait_above(&self, least: u64, id: &str, script: &str) -> u64 {
        let begin = Instant::now();
        loop {
            let outcome = self.try_ask(id, script);
            let text = String::from_utf8_lossy(&outcome.stdout).trim().to_owned();
            match text.parse() {
                Ok(count) if count > least => return count,
                _ => assert!(begin.elapsed() < PATIENCE, "waited in vain for {script} above {least}: {text:?}"),
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Makes a restore point; gives what was said of it.
    fn back_up(&self, arguments: &[&str]) -> String {
        let made = self.lab.run("backup", &[&["--yes"], arguments].concat()).expect(0);
        made.out
    }

    fn restore(&self) {
        let agreed = ["--confirm", &self.stage().project, "--no-backup"];
        self.lab.run("restore", &agreed).expect(0);
        assert_eq!(self.lab.leftovers(), Vec::<String>::new());
        let root = self.lab.in_volume("data", "stat -c '%a %u:%g' /tree && find /tree -name '.stackctl*'");
        assert_eq!(root.trim(), format!("700 {USER}"));
    }
}

/// A check each second by the service's own client. What it says while the service comes up for the first time is no
/// failure.
fn check(script: &str) -> HealthCheck {
    HealthCheck { start_period: Some(PATIENCE), ..check_each_second(&["CMD-SHELL", script]) }
}
