// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Walks through `guides/BACKUP_AND_RESTORE.md`: every command block is run as it stands there, in its order, with a real
//! engine and Docker Compose; "another machine" is another engine. Only names and places are replaced: see [`Walk::text`].

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::super::support::Repository;
use super::super::support::stage::{Stage, hosts};

/// The project of the guide's reader.
const COMPOSE: &str = "\
name: PROJECT
services:
  ovos_core:
    image: stackctl-test:1
    command: [sleep, \"1000\"]
    init: true
    network_mode: none
    volumes: [\"ovos_config:/data\", \"models:/models\", \"./config:/config\"]
    healthcheck: {test: [CMD, \"true\"], interval: 1s}
  idle:
    image: stackctl-test:1
    command: [sleep, \"1000\"]
    init: true
    network_mode: none
    volumes: [\"ovos_config:/data:ro\"]
volumes:
  ovos_config: {}
  models:
    x-stackctl: {backup: cache}
";

/// A fenced block of the guide.
struct Block {
    language: String,
    text: String,
}

fn blocks(guide: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut is_open = false;
    for line in guide.lines() {
        match (line.strip_prefix("```"), is_open) {
            (Some(_), true) => is_open = false,
            (Some(language), false) => {
                is_open = true;
                blocks.push(Block { language: language.to_owned(), text: String::new() });
            }
            (None, true) => {
                let block = blocks.last_mut().expect("one is open");
                block.text.push_str(line);
                block.text.push('\n');
            }
            (None, false) => {}
        }
    }
    blocks
}

/// The commands and flags in the guide's first table.
fn flags(guide: &str) -> Vec<String> {
    let table = guide.lines().skip_while(|line| !line.starts_with("| to do this")).skip(2);
    let rows = table.take_while(|line| line.starts_with('|'));
    let spans = rows.flat_map(|row| row.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>());
    spans.filter(|span| span.starts_with("--") || span.starts_with("stackctl ")).collect()
}

/// Somebody who follows the guide.
struct Walk<'s> {
    stage: &'s Stage,
    /// The machine of the moment: its engine, its project folder.
    host: String,
    folder: PathBuf,
}

impl Walk<'_> {
    fn root(&self) -> PathBuf {
        self.stage.folder.path()
    }

    /// A command of the guide on this machine: the project is not called `lab`, and disks and folders are elsewhere.
    fn text(&self, text: &str) -> String {
        let set = std::fs::read_dir(self.root().join("nas/sets"));
        let set = set.ok().and_then(|mut entries| entries.next()?.ok()).map(|entry| entry.file_name());
        let set = set.map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let nas = self.root().join("nas").display().to_string();
        text.replace("/mnt/nas/lab", &nas)
            .replace("20261120T114131Z-0007", &set)
            .replace("--confirm lab", &format!("--confirm {}", self.stage.project))
            .replace("--as lab2", &format!("--as {}2", self.stage.project))
            .replace("/srv/voice", &self.folder.display().to_string())
            .replace("/usr/local/bin/stackctl", env!("CARGO_BIN_EXE_stackctl"))
    }

    /// The programs that the guide calls: ours, the client of the engine, and a `sudo` that has nothing to do.
    fn path(&self) -> String {
        let client = std::env::var_os("DOCKER_CONFIG").map(PathBuf::from).unwrap_or_default();
        let client = client.join("../packages/bookworm/root/usr/bin");
        let own = Path::new(env!("CARGO_BIN_EXE_stackctl")).parent().expect("a folder").to_owned();
        let sudo = self.root().join("bin");
        std::fs::create_dir_all(&sudo).expect("a folder");
        self.stage.write("bin/sudo", "#!/bin/sh\nexec \"$@\"\n");
        let ended = Command::new("chmod").arg("0755").arg(sudo.join("sudo")).status().expect("a program");
        assert!(ended.success());
        let paths = [&own, &client, &sudo].map(|path| path.display().to_string()).join(":");
        format!("{paths}:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")
    }

    /// Runs it in the project's folder, and gives what it printed.
    #[track_caller]
    fn run(&self, text: &str) -> String {
        let path = self.path();
        self.run_in(text, &BTreeMap::from([("PATH", path.as_str())]))
    }

    #[track_caller]
    fn run_in(&self, text: &str, environment: &BTreeMap<&str, &str>) -> String {
        let text = self.text(text);
        let mut command = Command::new("sh");
        command.args(["-e", "-c", &text]).current_dir(&self.folder).env_clear();
        command.envs(environment).env("HOME", self.root()).env("DOCKER_HOST", &self.host);
        if let Some(config) = std::env::var_os("DOCKER_CONFIG") {
            command.env("DOCKER_CONFIG", config);
        }
        let ended = command.output().expect("a shell");
        let (out, said) = (String::from_utf8_lossy(&ended.stdout), String::from_utf8_lossy(&ended.stderr));
        assert!(ended.status.success(), "{text}: {}\n{out}\n{said}", ended.status);
        out.into_owned()
    }

    /// Removes what `--as` made.
    fn remove_copy(&self) {
        for label in ["com.docker.compose.project", "stackctl.lock"] {
            let filter = format!("label={label}={}2", self.stage.project);
            self.run(&format!("docker volume ls -q --filter {filter} | xargs -r docker volume rm"));
        }
    }

    fn write_data(&self, word: &str) {
        let script = format!("echo {word} >/data/word; echo {word} >/config/word; echo {word} >/models/word");
        self.run(&format!("docker compose exec -T ovos_core sh -c '{script}'"));
    }

    fn data(&self) -> String {
        self.run("docker compose exec -T ovos_core sh -c 'cat /data/word /config/word'")
    }
}

#[test]
fn every_command_of_the_guide_works_as_it_stands_there() {
    let guide = Repository::text("guides/BACKUP_AND_RESTORE.md");
    // From the oldest engine to the newest.
    let hosts = hosts();
    let (Some(host), Some(other)) = (hosts.first(), hosts.last()) else { return };
    let stage = &Stage::new(host, "guide");
    // Removes what is made there.
    let there = Stage::new(other, "guide");
    let mut walk = Walk { stage, host: stage.host.clone(), folder: stage.folder.path().join("lab") };
    let compose = COMPOSE.replace("PROJECT", &stage.project);
    stage.write("lab/compose.yaml", &compose);
    stage.write("lab/config/settings", "a: 1\n");
    walk.run("docker compose up -d --wait");
    walk.write_data("before");
    for flag in flags(&guide) {
        let words = match flag.strip_prefix("stackctl ") {
            Some(words) => format!("{words} --dry-run"),
            None => format!("backup {} --dry-run", flag.replace("NAME", "ovos_config")),
        };
        walk.run(&format!("stackctl {words}"));
    }
    let mut tried = 0;
    for block in blocks(&guide).iter().filter(|block| block.language == "sh") {
        let text = block.text.as_str();
        let (is_elsewhere, is_by_hand) = (text.contains("up -d"), text.contains("RESTORE.txt"));
        if text == "stackctl restore --dry-run\n" || is_by_hand {
            walk.write_data("after");
        } else if text.contains("backup export") || text.contains("--in-place") {
            // Another day: what the restore put aside is not the newest any more.
            walk.run("stackctl backup --yes");
        } else if text.contains("--as") {
            walk.remove_copy();
        } else if is_elsewhere {
            walk.host.clone_from(&there.host);
            walk.folder = stage.folder.path().join("new");
            walk.stage.write("new/compose.yaml", &compose);
        }
        walk.run(text);
        tried += 1;
        if is_elsewhere || is_by_hand {
            walk.run("docker compose up -d --wait");
        }
        if is_elsewhere || is_by_hand || text.starts_with("stackctl restore --confirm") {
            assert_eq!(walk.data(), "before\nbefore\n", "{text}");
        }
        if is_elsewhere {
            walk.host.clone_from(&stage.host);
            walk.folder = stage.folder.path().join("lab");
        }
    }
    assert!(tried > 10, "{tried}");
    scheduled(&walk, &guide);
    walk.remove_copy();
}

/// The timer and the line for cron do what they say, with as little around them as systemd and cron give.
fn scheduled(walk: &Walk<'_>, guide: &str) {
    let all = blocks(guide);
    let units = all.iter().find(|block| block.language == "ini").expect("units");
    let units = walk.text(&units.text);
    let mut files: Vec<(String, String)> = Vec::new();
    for line in units.lines() {
        if let Some(name) = line.strip_prefix("# /etc/systemd/system/") {
            files.push((name.to_owned(), String::new()));
        } else {
            let (_, text) = files.last_mut().expect("the name of a file comes first");
            text.push_str(line);
            text.push('\n');
        }
    }
    let paths: Vec<String> =
        files.iter().map(|(name, text)| walk.stage.write(name, text).display().to_string()).collect();
    assert_eq!(paths.len(), 2, "{units}");
    let checked = Command::new("systemd-analyze").arg("verify").args(&paths).output().expect("systemd-analyze");
    let said = String::from_utf8_lossy(&checked.stderr);
    let ours = said.lines().filter(|line| line.contains("stackctl-backup")).collect::<Vec<_>>();
    assert!(ours.is_empty(), "{ours:?}");
    let calendar = units.lines().find_map(|line| line.strip_prefix("OnCalendar=")).expect("a time");
    let checked = Command::new("systemd-analyze").args(["calendar", calendar]).output().expect("systemd-analyze");
    assert!(checked.status.success(), "{calendar}");
    let started: Vec<&str> = units.lines().filter_map(|line| line.strip_prefix("ExecStart=")).collect();
    assert!(!started.is_empty(), "{units}");
    for line in started {
        walk.run_in(line, &BTreeMap::from([("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin")]));
    }

    let cron = all.iter().find(|block| block.text.starts_with("30 3 ")).expect("a line for cron");
    let mut fields = cron.text.trim().splitn(6, ' ');
    let times: Vec<&str> = fields.by_ref().take(5).collect();
    assert!(times.iter().all(|field| *field == "*" || field.parse::<u8>().is_ok()), "{times:?}");
    let command = fields.next().expect("a command");
    assert!(!command.contains('%'), "cron makes a line end of it: {command}");
    walk.run_in(command, &BTreeMap::from([("PATH", "/usr/bin:/bin"), ("SHELL", "/bin/sh"), ("LOGNAME", "root")]));
}
