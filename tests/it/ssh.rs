// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Engines behind `ssh`: a program of that name stands in the path, checks how it is called, and joins its pipes to a
//! server as `docker system dial-stdio` over there would, or fails as the real one does.

use std::fs;
use std::process::Command;

use super::support::{Backend, Ended, Sandbox, Server, real_sockets};

/// A sandbox with a program `ssh`.
struct Stage {
    sandbox: Sandbox,
}

impl Stage {
    fn new(script: &str) -> Self {
        let stage = Self { sandbox: Sandbox::new().folder("bin") };
        let folder = stage.sandbox.path().join("bin");
        let text = folder.join("ssh.text");
        fs::write(&text, format!("#!/bin/bash\n{script}\n")).expect("a script");
        // By another process: a test that begins a process meanwhile would hand our open file down to it, and a program
        // that is open for writing cannot be run.
        let mut install = Command::new("install");
        let installed = install.args(["-m", "755"]).args([&text, &folder.join("ssh")]).status().expect("install runs");
        assert!(installed.success());
        stage
    }

    /// One that writes down how it is called, and connects.
    fn connecting(server: &Server) -> Self {
        Self::new(&format!(
            "printf '%s\\n' \"$@\" >\"$0.words\"\nexec 3<>/dev/tcp/127.0.0.1/{}\ncat <&3 &\ncat >&3",
            server.port()
        ))
    }

    fn status(&self, host: &str) -> Ended {
        let folder = self.sandbox.path().join("bin");
        let path = format!("{}:/usr/bin:/bin", folder.display());
        self.sandbox.stackctl(&["status", "--all", "-H", host]).env("PATH", &path).run()
    }

    /// The words of the last call.
    fn words(&self) -> Vec<String> {
        let text = fs::read_to_string(self.sandbox.path().join("bin/ssh.words")).expect("it was called");
        text.lines().map(str::to_owned).collect()
    }
}

#[test]
fn the_engine_over_there_is_asked_through_its_own_bridge() {
    let real = real_sockets().into_iter().map(Backend::Socket);
    for backend in std::iter::once(Backend::Scripted).chain(real) {
        let server = Server::plain(backend);
        let stage = Stage::connecting(&server);
        stage.status("ssh://me@far").expect(0);
        let words = stage.words();
        assert!(words.contains(&"BatchMode=yes".to_owned()), "nobody is there to answer: {words:?}");
        assert!(words.ends_with(&["--", "me@far", "docker", "system", "dial-stdio"].map(str::to_owned)), "{words:?}");
        stage.status("ssh://far:2222/run/other docker.sock").expect(0);
        let words = stage.words().join(" ");
        assert!(
            words.ends_with("-p 2222 -- far docker --host 'unix:///run/other docker.sock' system dial-stdio"),
            "{words}"
        );
    }
}

#[test]
fn failures_are_told_in_the_words_of_ssh_with_the_next_step() {
    for (script, words, hint) in [
        (
            "echo 'Host key verification failed.' >&2; exit 255",
            "ssh: Host key verification failed.",
            "accept it, once, by hand: `ssh me@far`",
        ),
        (
            "echo 'me@far: Permission denied (publickey).' >&2; exit 255",
            "ssh: me@far: Permission denied (publickey).",
            "`ssh -o BatchMode=yes me@far true`",
        ),
        (
            "cat >/dev/null & echo 'bash: line 1: docker: command not found' >&2; exit 127",
            "docker: command not found",
            "install Docker's client over there",
        ),
        (
            "echo 'Cannot connect to the Docker daemon at unix:///var/run/docker.sock.' >&2; exit 1",
            "Cannot connect to the Docker daemon",
            "`ssh me@far docker version` says why",
        ),
        ("exit 255", "ssh: it ended without a word", "dial-stdio"),
    ] {
        let ended = Stage::new(script).status("ssh://me@far").expect(9);
        assert!(ended.stderr.starts_with("error[engine_unreachable]: cannot reach the engine at `ssh://me@far`"));
        assert!(ended.stderr.contains(words), "{}", ended.stderr);
        assert!(ended.stderr.contains(hint), "{}", ended.stderr);
    }
}

#[test]
fn without_the_program_that_is_what_is_missing() {
    let sandbox = Sandbox::new();
    let ended = sandbox.stackctl(&["status", "-H", "ssh://far"]).env("PATH", "/nowhere").run().expect(9);
    assert!(ended.stderr.contains("`ssh` is not installed"), "{}", ended.stderr);
    assert!(ended.stderr.contains("= hint: install the OpenSSH client"), "{}", ended.stderr);
}
