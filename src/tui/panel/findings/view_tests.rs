// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices

use crate::app::dashboard::{Answer, Finding, FindingsRead, Judged, Place, Trouble, Wish};
use crate::diag::Level;
use crate::tui::panel::fixture::{at, draw_small_and_large, model, press, screen};
use crate::tui::{Effect, Model, Msg, Tab, update};

fn finding(level: Level, rule: &'static str, line: usize) -> Finding {
    Finding {
        level,
        rule,
        project: "lab".to_owned(),
        place: Place { file: "docker-compose.yml".to_owned(), line, column: 12 },
        message: format!("what {rule} says of it"),
        label: "here it is".to_owned(),
        source: "    image: nginx:latest".to_owned(),
        related: Vec::new(),
        notes: vec!["every pull may bring another image".to_owned()],
        hint: Some("pin a version".to_owned()),
    }
}

fn judged() -> Judged {
    Judged {
        projects: 1,
        files: vec!["docker-compose.yml".to_owned()],
        findings: vec![
            finding(Level::Error, "image-tag-mutable", 30),
            finding(Level::Warning, "port-unbound", 4),
            finding(Level::Warning, "healthcheck-missing", 40),
        ],
        ..Judged::default()
    }
}

fn with(judged: Result<Judged, Trouble>, size: (u16, u16)) -> Model {
    let mut model = model(Tab::Findings, size);
    drop(update(&mut model, Msg::Answer(Answer::Findings(FindingsRead { at: at(-4), judged }))));
    model
}

#[test]
fn the_worst_is_first_and_the_detail_below() {
    let model = with(Ok(judged()), (80, 24));
    insta::assert_snapshot!(screen(&model), @r#"
     lab  asking the engine
     1 Stack 2 Health 3 Logs 4 Events 5 Graph 6 Backups 7 Supervisor[8 Findings]
     ! 1 error  ^ 2 warnings  judged 4m ago, worst first; docker-compose.yml
    > ! error   image-tag-mutable   docker-compose.yml:30 what image-tag-mutable sa~
      ^ warning port-unbound        docker-compose.yml:4  what port-unbound says of~
      ^ warning healthcheck-missing docker-compose.yml:40 what healthcheck-missing ~
    --------------------------------------------------------------------------------
     ! error image-tag-mutable: what image-tag-mutable says of it
       docker-compose.yml:30:12 of project lab
         30 |     image: nginx:latest
       here: here it is
       note: every pull may bring another image
       what to do: pin a version
       more: `stackctl explain image-tag-mutable`









     enter detail  o order  y copy  v judge again  ? help  : commands  q leave
    "#);
}

#[test]
fn a_narrow_screen_has_the_detail_on_request() {
    let mut model = with(Ok(judged()), (40, 12));
    insta::assert_snapshot!(screen(&model), @r#"
     lab  asking the engine
     1  2  3  4  5  6  7 [8 Findings]
     ! 1 error  ^ 2 warnings  judged 4m ago~
    > ! error   image-tag-mutable     :30
      ^ warning port-unbound          :4
      ^ warning healthcheck-missing   :40





     enter detail  o order  y copy  ? help
    "#);
    press(&mut model, &["down", "enter"]);
    insta::assert_snapshot!(screen(&model), @r#"
     lab  asking the engine
     1  2  3  4  5  6  7 [8 Findings]
     ! 1 error  ^ 2 warnings  judged 4m ago~
    > ^ warning port-unbound          :4
    ----------------------------------------
     ^ warning port-unbound: what
     port-unbound says of it
       docker-compose.yml:4:12 of project
       lab
          4 |     image: nginx:latest
     5 more: right
     enter detail  o order  y copy  ? help
    "#);
    // Out of the detail first, then out of the tab.
    press(&mut model, &["esc"]);
    assert_eq!((model.tab, screen(&model).contains("pin a version")), (Tab::Findings, false));
    press(&mut model, &["esc"]);
    assert_eq!(model.tab, Tab::Stack);
}

#[test]
fn orders_change_and_the_chosen_one_stays() {
    let mut model = with(Ok(judged()), (80, 24));
    assert!(press(&mut model, &["o"]).is_empty());
    let rules: Vec<&str> = model.findings.list().iter().map(|one| one.rule).collect();
    assert_eq!(rules, ["port-unbound", "image-tag-mutable", "healthcheck-missing"]);
    let copied = press(&mut model, &["y"]);
    let line = "docker-compose.yml:30 image-tag-mutable what image-tag-mutable says of it";
    assert_eq!(copied, [Effect::Copy(line.to_owned())]);
    assert_eq!(press(&mut model, &["v"]), [Effect::Ask(Wish::Validate)]);
    assert!(screen(&model).contains("judging again"));
    let fewer = Judged { findings: judged().findings.split_off(1), ..judged() };
    drop(update(&mut model, Msg::Answer(Answer::Findings(FindingsRead { at: at(0), judged: Ok(fewer) }))));
    assert!(model.findings.chosen().is_some() && screen(&model).contains("judged just now"));
}

#[test]
fn what_is_not_there_is_said() {
    let mut unread = model(Tab::Stack, (80, 24));
    assert!(press(&mut unread, &["v"]).contains(&Effect::Ask(Wish::Validate)));
    assert!(screen(&unread).contains("judging"));
    let clean = with(Ok(Judged { findings: Vec::new(), ..judged() }), (80, 24));
    assert!(screen(&clean).contains("+ no finding  judged 4m ago"), "{}", screen(&clean));
    let trouble = Trouble { message: "no compose file found".to_owned(), hint: Some("name one".to_owned()) };
    let none = with(Err(trouble), (80, 24));
    assert!(screen(&none).contains("no compose file found") && screen(&none).contains("what to do: name one"));
}

#[test]
fn every_size_is_drawn() {
    draw_small_and_large(&mut with(Ok(judged()), (80, 24)));
}
