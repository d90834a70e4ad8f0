// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! A project with data on a real engine: two services that need each other, a volume each, one that only reads, one that does
//! not run. What its data is can be asked without the program under test.

use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use stackctl::sys::engine::{
    ContainerFilter, ContainerPlan, Deadline, Engine as _, Labels, MountKind, MountPlan, RestartPolicy, VolumePlan,
};

use super::super::support::Stage;
use super::super::support::stage::{NOW, PATIENCE, check_each_second, words};

/// Says what is in a tree: kind, mode, owner, size, time, link target and content of everything, in order of names.
const DESCRIBE: &str = "cd /tree && find . | sort | while read -r f; do stat -c '%n %f %u %g %Y' \"$f\"; \
                        [ -L \"$f\" ] && readlink \"$f\"; [ -f \"$f\" ] && [ ! -L \"$f\" ] && sha256sum <\"$f\"; done; true";

/// What the data is at first.
const FILL: &str = "cd /tree && chmod 0750 . && chown 999:998 . && mkdir -p a/b && echo one >a/one && echo two >a/b/two && \
                    ln -s ../../etc/passwd a/link && ln a/one a/hard && mkfifo a/pipe && chmod 4755 a/one && \
                    head -c 300000 /dev/urandom >big && chown 12:34 big && touch -d '2001-02-03 04:05:06' a/b/two a/b a .";

/// The project.
pub(crate) struct Lab<'s> {
    pub(crate) stage: &'s Stage,
}

/// What a run of the program came to.
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) said: String,
}

impl Ran {
    pub(crate) fn of(output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Self { code: output.status.code(), out: text(&output.stdout), said: text(&output.stderr) }
    }

    #[track_caller]
    pub(crate) fn expect(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{}\n{}", self.out, self.said);
        self
    }
}

/// A run that stands still.
pub(crate) struct Held {
    child: Child,
}

impl Held {
    /// Lets it go on to its end.
    pub(crate) fn go_on(self) -> Ran {
        self.signal("-CONT");
        Ran::of(&self.child.wait_with_output().expect("it ends"))
    }

    fn signal(&self, signal: &str) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().expect("a program").success());
    }
}

/// Waits until something is so of a run; false: it ended before.
fn reaches(child: &mut Child, is_so: impl Fn(&Child) -> bool) -> bool {
    let until = Instant::now() + PATIENCE;
    loop {
        if is_so(child) {
            return true;
        }
        if child.try_wait().expect("it is ours").is_some() {
            return false;
        }
        assert!(Instant::now() < until, "it takes too long");
        std::thread::sleep(Duration::from_millis(5));
    }
}

impl<'s> Lab<'s> {
    /// Makes the volumes, fills them, and starts the services.
    pub(crate) fn new(stage: &'s Stage) -> Self {
        let lab = Self { stage };
        for key in ["data", "more"] {
            lab.make_volume(key);
            lab.in_volume(key, FILL);
        }
        lab.service("db", &[("data", false)], |_| ());
        lab.service("web", &[("more", false), ("data", true)], |plan| {
            plan.labels.insert("com.docker.compose.depends_on".to_owned(), "db:service_healthy:false".to_owned());
            plan.restart_policy = RestartPolicy { name: "unless-stopped".to_owned(), maximum_retries: 0 };
        });
        let off = lab.service("off", &[("more", false)], |_| ());
        stage.does(stage.engine.stop_container(&off, NOW, Deadline::CHANGE));
        lab
    }

    /// The name of a volume.
    pub(crate) fn volume(&self, key: &str) -> String {
        format!("{}_{key}", self.stage.project)
    }

    fn labels(&self, more: &[(&str, &str)]) -> Labels {
        let label = |(name, value): (&str, &str)| (format!("com.docker.compose.{name}"), value.to_owned());
        more.iter().copied().chain([("project", self.stage.project.as_str())]).map(label).collect()
    }

    pub(crate) fn make_volume(&self, key: &str) {
        let plan =
            VolumePlan { name: self.volume(key), labels: self.labels(&[("volume", key)]), ..VolumePlan::default() };
        self.stage.does(self.stage.engine.create_volume(&plan, Deadline::CHANGE));
    }

    pub(crate) fn mount(&self, key: &str, target: &str, read_only: bool) -> MountPlan {
        MountPlan {
            kind: MountKind::Volume,
            source: self.volume(key),
            target: target.to_owned(),
            read_only,
            labels: Labels::default(),
        }
    }

    /// A service with mounts (a volume's key, and whether it is only read), and a check that passes.
    pub(crate) fn service(
        &self,
        name: &str,
        mounts: &[(&str, bool)],
        shape: impl FnOnce(&mut ContainerPlan),
    ) -> String {
        self.stage.run(name, &["sleep", "1000"], |plan| {
            plan.mounts =
                mounts.iter().map(|(key, read_only)| self.mount(key, &format!("/{key}"), *read_only)).collect();
            plan.health_check = Some(check_each_second(&["CMD", "true"]));
            shape(plan);
        })
    }

    /// Runs a command of a shell in a container of its own that has the volume, and gives what it printed.
    #[track_caller]
    pub(crate) fn in_volume(&self, key: &str, script: &str) -> String {
        let stage = self.stage;
        let plan = ContainerPlan {
            name: format!("{}-look", stage.project),
            labels: Labels::from([("stackctl.test".to_owned(), stage.project.clone())]),
            mounts: vec![self.mount(key, "/tree", false)],
            health_check: None,
            ..stage.plan("look", &["sleep", "1000"])
        };
        let id = stage.does(stage.engine.create_container(&plan, Deadline::CHANGE));
        stage.does(stage.engine.start_container(&id, Deadline::CHANGE));
        let request = stackctl::sys::engine::ExecRequest {
            command: words(&["sh", "-c", script]),
            keep_bytes: 1 << 20,
            ..stackctl::sys::engine::ExecRequest::default()
        };
        let outcome = stage.does(stage.engine.exec(&id, &request, Deadline::CHANGE));
        stage.does(stage.engine.remove_container(&id, Deadline::CHANGE));
        assert_eq!(outcome.exit_code, 0, "{script}: {}", String::from_utf8_lossy(&outcome.stderr));
        String::from_utf8_lossy(&outcome.stdout).into_owned()
    }

    /// Runs a command of a shell over a volume: on this machine, where it may be read here, which is quicker.
    #[track_caller]
    fn ask(&self, key: &str, script: &str) -> String {
        self.ask_volume(&self.volume(key), script).unwrap_or_else(|| self.in_volume(key, script))
    }

    /// The same on this machine alone; `None`: the volume cannot be read here.
    #[track_caller]
    fn ask_volume(&self, name: &str, script: &str) -> Option<String> {
        let volume = self.stage.does(self.stage.engine.inspect_volume(name, Deadline::QUESTION));
        std::fs::read_dir(&volume.mountpoint).ok()?;
        let script = script.replacen("cd /tree", &format!("cd {}", volume.mountpoint), 1);
        let ended = std::process::Command::new("sh").args(["-c", &script]).output().expect("a shell");
        assert!(ended.status.success(), "{script}: {}", String::from_utf8_lossy(&ended.stderr));
        Some(String::from_utf8_lossy(&ended.stdout).into_owned())
    }

    /// What is in a volume of any name.
    pub(crate) fn tree_of(&self, name: &str) -> String {
        self.ask_volume(name, DESCRIBE).expect("volumes of private engines can be read here")
    }

    /// What is in a volume.
    pub(crate) fn tree(&self, key: &str) -> String {
        self.ask(key, DESCRIBE)
    }

    /// What is in both.
    pub(crate) fn trees(&self) -> [String; 2] {
        ["data", "more"].map(|key| self.tree(key))
    }

    /// What is in both, but for what operations keep beside it.
    pub(crate) fn trees_without_ours(&self) -> [String; 2] {
        let script = DESCRIBE.replace("find .", "find . -not -path './.stackctl-*'");
        ["data", "more"].map(|key| self.ask(key, &script))
    }

    /// Makes the service `db` anew, with another check.
    pub(crate) fn replace_db(&self, check: &str) {
        let name = format!("{}-db-1", self.stage.project);
        self.stage.does(self.stage.engine.remove_container(&name, Deadline::CHANGE));
        let id = self.service("db", &[("data", false)], |plan| {
            plan.health_check = Some(check_each_second(&["CMD-SHELL", check]));
        });
        self.stage.wait(&id, "health", |detail| {
            detail
                .state
                .health
                .as_ref()
                .is_some_and(|health| health.status == stackctl::sys::engine::HealthStatus::Healthy)
        });
    }

    /// Changes the data: a file goes, one comes, one grows, the root gets another mode.
    pub(crate) fn spoil(&self) {
        for key in ["data", "more"] {
            let script =
                "cd /tree && rm -rf a/b && echo stale >stale && echo more >>big && chmod 0700 . && chown 5:5 .";
            self.ask(key, script);
        }
    }

    /// The store of the project.
    pub(crate) fn store(&self) -> String {
        self.stage.folder.path().join("store").display().to_string()
    }

    /// Runs the program, with a fault where one is given.
    pub(crate) fn run_with(&self, fault: Option<&str>, verb: &str, arguments: &[&str]) -> Ran {
        let mut command = self.stage.command(verb, arguments);
        command.args(["--store", &self.store()]);
        if let Some(fault) = fault {
            command.env("STACKCTL_TEST_FAILPOINT", fault);
        }
        Ran::of(&command.output().expect("it runs"))
    }

    pub(crate) fn run(&self, verb: &str, arguments: &[&str]) -> Ran {
        self.run_with(None, verb, arguments)
    }

    /// Runs the program until it stands still; `None`: it ended, and well.
    pub(crate) fn hold_with(&self, fault: &str, verb: &str, arguments: &[&str]) -> Option<Held> {
        let mut command = self.begun(verb, arguments);
        command.env("STACKCTL_TEST_FAILPOINT", fault);
        let mut child = command.spawn().expect("it runs");
        let is_held = |child: &Child| {
            let status = std::fs::read_to_string(format!("/proc/{}/stat", child.id())).unwrap_or_default();
            status.rsplit(')').next().is_some_and(|rest| rest.starts_with(" T"))
        };
        if reaches(&mut child, is_held) {
            return Some(Held { child });
        }
        let ended = child.wait().expect("it is ours");
        assert!(ended.success(), "{fault}: {ended}");
        None
    }

    /// Runs the program, and stops it as soon as something is so.
    pub(crate) fn hold_when(&self, verb: &str, arguments: &[&str], is_so: impl Fn() -> bool) -> Held {
        let mut child = self.begun(verb, arguments).spawn().expect("it runs");
        assert!(reaches(&mut child, |_| is_so()), "{verb} ended before it was so");
        let held = Held { child };
        held.signal("-STOP");
        held
    }

    fn begun(&self, verb: &str, arguments: &[&str]) -> Command {
        let mut command = self.stage.command(verb, arguments);
        command.args(["--store", &self.store()]);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// A verb below `backup` that needs no engine.
    pub(crate) fn sets(&self, verb: &str, arguments: &[&str]) -> Ran {
        self.sets_with(None, verb, arguments)
    }

    /// The same, with a fault where one is given.
    pub(crate) fn sets_with(&self, fault: Option<&str>, verb: &str, arguments: &[&str]) -> Ran {
        let mut command = self.stage.command("backup", &[]);
        command = {
            let mut plain = std::process::Command::new(command.get_program());
            plain.current_dir(self.stage.folder.path()).env_clear().env("HOME", self.stage.folder.path());
            plain.env("PATH", "/usr/bin:/bin").args(["backup", verb]).args(arguments).args(["--store", &self.store()]);
            plain
        };
        if let Some(fault) = fault {
            command.env("STACKCTL_TEST_FAILPOINT", fault);
        }
        Ran::of(&command.output().expect("it runs"))
    }

    /// The services that run, by name, sorted.
    pub(crate) fn running(&self) -> Vec<String> {
        let filter = ContainerFilter {
            only_running: true,
            ..ContainerFilter::labelled("com.docker.compose.project", &self.stage.project)
        };
        let listed = self.stage.does(self.stage.engine.list_containers(&filter, Deadline::QUESTION));
        let service = |labels: &Labels| labels.get("com.docker.compose.service").cloned();
        let mut names: Vec<String> = listed.iter().filter_map(|one| service(&one.labels)).collect();
        names.sort();
        names
    }

    /// When the containers of the services that run were started.
    pub(crate) fn started(&self) -> Vec<Option<chrono::DateTime<chrono::Utc>>> {
        let name = |service: &str| format!("{}-{service}-1", self.stage.project);
        ["db", "web"].map(|service| self.stage.inspect(&name(service)).state.started).into()
    }

    /// The restart policy of a service's container.
    pub(crate) fn policy(&self, service: &str) -> String {
        self.stage.inspect(&format!("{}-{service}-1", self.stage.project)).restart_policy.name
    }

    /// Helper containers that are left of operations on this project.
    pub(crate) fn leftovers(&self) -> Vec<String> {
        let ours = format!("{}/", self.stage.project);
        let filter = ContainerFilter { labels: vec![("stackctl.helper".to_owned(), None)], only_running: false };
        let listed = self.stage.does(self.stage.engine.list_containers(&filter, Deadline::QUESTION));
        let is_ours = |labels: &Labels| labels.get("stackctl.helper").is_some_and(|owner| owner.starts_with(&ours));
        listed.into_iter().filter(|one| is_ours(&one.labels)).map(|one| one.name).collect()
    }
}
