// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `stackctl dashboard` on a terminal, about a stack on real engines.

use std::process::Command;

use super::support::stage::{check_each_second, fails_while_sick};
use super::support::tmux::Tmux;
use super::support::{End, Relay, Stage, on_real_engines};

const UTF8: &str = "LANG=C.UTF-8";

/// A stack with one that is well, one that fails its check, and one that is frozen.
fn troubled(stage: &Stage) {
    stage.run("good", &["sleep", "1000"], |plan| plan.health_check = Some(check_each_second(&["CMD", "true"])));
    let sick = stage.run("sick", &["sleep", "1000"], |plan| plan.health_check = Some(fails_while_sick()));
    stage.exec(&sick, &["touch", "/sick"]);
}

/// The dashboard of a stage, on a terminal.
fn opened(stage: &Stage, size: (u16, u16), arguments: &[&str], environment: &[&str]) -> Tmux {
    Tmux::start(stage, size, &stage.command("dashboard", arguments), environment)
}

#[test]
fn a_sick_service_is_found_explained_and_restarted_after_a_yes() {
    on_real_engines("screen", |stage| {
        troubled(stage);
        let tmux = opened(stage, (80, 24), &[], &[UTF8]);
        tmux.wait("sick first", |screen| screen.contains("> sick") && screen.contains("unhealthy"));
        let screen = tmux.shows("sick as told");
        assert!(screen.contains("● ok") && screen.contains("[1 Stack]"), "{screen}");

        tmux.press(&["/", "s", "i", "c", "k", "Enter"]);
        tmux.wait("the filter", |screen| screen.contains("filter `sick`") && !screen.contains("  good  "));
        tmux.press(&["Enter"]);
        let screen = tmux.shows("CMD-SHELL test ! -e /sick");
        assert!(screen.contains("exit 4"), "{screen}");

        let id = format!("{}-sick-1", stage.project);
        let before = stage.inspect(&id).state.started;
        tmux.press(&["r"]);
        let screen = tmux.shows("restart `sick`?");
        assert!(screen.contains(&format!("docker restart {id}")) && screen.contains("[>No<]"), "{screen}");
        tmux.press(&["Enter"]);
        tmux.wait("no question", |screen| !screen.contains("Sure?"));
        assert_eq!(stage.inspect(&id).state.started, before, "enter alone is no");

        stage.exec(&id, &["rm", "/sick"]);
        tmux.press(&["r"]);
        tmux.shows("Sure?");
        tmux.press(&["y"]);
        tmux.shows("restart is done");
        assert!(stage.inspect(&id).state.started > before);
        tmux.press(&["Escape"]);
        tmux.press(&["Escape"]);
        tmux.shows("2 ● ok");
        tmux.press(&["q"]);
        let screen = tmux.shows("ended with 0");
        assert!(!screen.contains("[1 Stack]"), "the terminal is given back: {screen}");
    });
}

#[test]
fn an_engine_that_goes_and_comes_back_is_told_and_nothing_is_done_meanwhile() {
    on_real_engines("screen-lost", |stage| {
        stage.run("good", &["sleep", "1000"], |plan| plan.health_check = Some(check_each_second(&["CMD", "true"])));
        let wire = stage.folder.path().join("wire");
        let end = End::Socket(stage.host.trim_start_matches("unix://").into());
        let relay = Relay::from_socket(&wire, end.clone());
        let command = stage.command_at(&format!("unix://{}", wire.display()), "dashboard", &[]);
        let tmux = Tmux::start(stage, (100, 24), &command, &[UTF8]);
        tmux.shows("● ok");
        relay.cut();
        tmux.shows("trying again");
        tmux.shows("stale");
        tmux.press(&["r"]);
        tmux.shows("cannot be asked");
        relay.join(end);
        tmux.wait("live again", |screen| screen.contains("live") && !screen.contains("stale"));
    });
}

#[test]
fn sizes_signals_and_missing_colours_do_no_harm() {
    on_real_engines("screen-storm", |stage| {
        troubled(stage);
        let tmux = opened(stage, (80, 24), &[], &["NO_COLOR=1"]);
        tmux.shows("> sick");
        tmux.shows("! unhealthy");
        let coloured = tmux.coloured();
        // 39 and 49 give back what the terminal has by itself.
        let is_colour = |part: &str| part.len() > 1 && !matches!(part, "39" | "49");
        let sequences = coloured.split('\u{1b}').skip(1).filter_map(|rest| rest.strip_prefix('[')?.split_once('m'));
        for (parameters, _) in sequences {
            assert!(!parameters.split(';').any(is_colour), "{parameters}: {coloured:?}");
        }
        assert!(coloured.contains("[7m"), "the chosen line is turned round: {coloured:?}");
        for step in 0..40_u16 {
            tmux.resize((20 + step * 7 % 140, 5 + step * 5 % 50));
        }
        tmux.resize((20, 5));
        tmux.shows("bad (sick)");
        tmux.resize((40, 12));
        tmux.shows("> sick");
        tmux.resize((80, 24));
        tmux.shows("sick as told");
        tmux.press(&["C-z"]);
        tmux.wait("the shell", |screen| screen.contains("Stopped") && !screen.contains("[1 Stack]"));
        tmux.press(&["fg", "Enter"]);
        tmux.shows("[1 Stack]");
        // Both engines have a project of this name.
        let of_stage = format!("^[^ ]*stackctl dashboard --host {} .*{}", stage.host, stage.project);
        assert!(Command::new("pkill").args(["-TERM", "-f", &of_stage]).status().expect("pkill").success());
        tmux.wait("the shell", |screen| !screen.contains("[1 Stack]"));
        tmux.press(&["echo status $?", "Enter"]);
        tmux.shows("status 143");
    });
}

#[test]
fn without_a_screen_the_table_is_printed() {
    on_real_engines("screen-plain", |stage| {
        stage.run("good", &["sleep", "1000"], |_| ());
        let plain = stage.command("dashboard", &["--plain"]).output().expect("it runs");
        let text = String::from_utf8_lossy(&plain.stdout).into_owned();
        assert!(plain.status.success() && text.contains("good") && !text.contains('\u{1b}'), "{text}");
        let none = stage.command("dashboard", &[]).output().expect("it runs");
        let said = String::from_utf8_lossy(&none.stderr).into_owned();
        assert_eq!(none.status.code(), Some(2), "{said}");
        assert!(said.contains("error[terminal_missing]") && said.contains("--plain"), "{said}");
    });
}
