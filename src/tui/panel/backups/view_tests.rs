// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices

use chrono::TimeDelta;

use crate::app::dashboard::{Answer, Lack, PartRead, SetRead, SetRow, SetsRead, StoreRead, Trouble, Wish};
use crate::tui::panel::fixture::{at, draw_small_and_large, model, press, screen};
use crate::tui::{Effect, Model, Msg, Tab, update};

fn set(number: u64, minutes: i64, change: impl FnOnce(&mut SetRead)) -> SetRow {
    let mut set = SetRead {
        project: "lab".to_owned(),
        stored_bytes: 1 << 20,
        data_bytes: 5 << 20,
        is_complete: true,
        is_protected: false,
        verified: Some((at(minutes), true)),
        note: None,
        parts: vec![PartRead {
            name: "lab_data".to_owned(),
            entries: 3,
            bytes: 5 << 20,
            consistency: "stopped",
            skipped: 0,
        }],
        lacks: Vec::new(),
    };
    change(&mut set);
    SetRow { id: format!("20270115T080000Z-{number:04}"), number, at: at(minutes), set: Ok(Box::new(set)) }
}

const DAY: i64 = 24 * 60;

fn sets() -> Vec<SetRow> {
    let lack = Lack { name: "lab_cache".to_owned(), reason: "could not be captured", is_required: true };
    let damaged = Err("its manifest is another".to_owned());
    vec![
        set(4, -90, |set| {
            set.is_complete = false;
            set.lacks.push(lack);
        }),
        set(3, -9 * DAY, |set| {
            set.is_protected = true;
            set.note = Some("before the move".to_owned());
        }),
        set(2, -10 * DAY, |set| set.verified = None),
        SetRow { set: damaged, ..set(1, -11 * DAY, |_| {}) },
    ]
}

fn take(model: &mut Model, sets: Vec<SetRow>) {
    let max_age = TimeDelta::days(8);
    let store = StoreRead { folder: "/stores/lab".to_owned(), is_there: true, sets, left_out: 0, max_age };
    drop(update(model, Msg::Answer(Answer::Sets(SetsRead { at: at(0), store: Ok(store) }))));
}

fn with(sets: Vec<SetRow>, size: (u16, u16)) -> Model {
    let mut model = model(Tab::Backups, size);
    take(&mut model, sets);
    model
}

#[test]
fn sets_are_listed_and_an_old_one_warned_of() {
    let model = with(sets(), (80, 24));
    insta::assert_snapshot!(screen(&model), @r#"
     lab  asking the engine
     1 Stack 2 Health 3 Logs 4 Events 5 Graph[6 Backups] 7 Supervisor 8 Findings
     4 restore points in /stores/lab, read just now
     ^ the newest verified one is 9d old, more than 8d; b makes one
      SET                        AGE  SIZE STATE      VERIFIED          NOTE
    > 20270115T080000Z-0004   1h ago    1M ^ partial  verified 1h ago
      20270115T080000Z-0003   9d ago    1M + complete verified 9d ago   protected; ~
      20270115T080000Z-0002  10d ago    1M + complete never verified
      20270115T080000Z-0001  11d ago     - ! damaged  cannot be read    its manifes~
    --------------------------------------------------------------------------------
     ^ 20270115T080000Z-0004 partial, of 2027-01-15 06:30:00 UTC
       project lab, 1M of 5M of data, verified 1h ago
       lab_data: 5M in 3 entries, read stopped (nobody who writes was running)
       LACKS lab_cache: could not be captured
       R shows what a restore of it would do, and changes nothing







     deployments: `stackctl rollback` is not built yet
     b backup  R restore plan  enter detail  ? help  : commands  q leave
    "#);
}

#[test]
fn a_narrow_screen_has_the_detail_on_request() {
    let mut model = with(sets(), (40, 12));
    insta::assert_snapshot!(screen(&model), @r#"
     lab  asking the engine
     1  2  3  4  5 [6 Backups] 7  8
     4 restore points in /stores/lab, read ~
     ^ the newest verified one is 9d old,
     more than 8d; b makes one
      SET        AGE STATE      VERIFIED
    > #4      1h ago ^ partial  1h ago
      #3      9d ago + complete 9d ago kept
      #2     10d ago + complete never
      #1     11d ago ! damaged  cannot be r~
     `stackctl rollback` is not built yet
     b backup  R restore plan  enter detail
    "#);
    press(&mut model, &["down", "enter"]);
    insta::assert_snapshot!(screen(&model), @r#"
     lab  asking the engine
     1  2  3  4  5 [6 Backups] 7  8
      SET        AGE STATE      VERIFIED
    > #3      9d ago + complete 9d ago kept
    ----------------------------------------
     + 20270115T080000Z-0003 complete, of
     2027-01-06 08:00:00 UTC
       project lab, 1M of 5M of data,
       verified 9d ago, protected
     6 more: right
     `stackctl rollback` is not built yet
     b backup  R restore plan  enter detail
    "#);
}

#[test]
fn the_choice_stays_at_its_set_and_restore_means_it() {
    let mut model = with(sets(), (80, 24));
    press(&mut model, &["down"]);
    assert_eq!(press(&mut model, &["y"]), [Effect::Copy("20270115T080000Z-0003".to_owned())]);
    let restore = ["restore", "-p", "lab", "--dry-run", "20270115T080000Z-0003"].map(str::to_owned).to_vec();
    assert_eq!(press(&mut model, &["R"]), [Effect::Ask(Wish::Program(restore))]);
    // After a program, what it may have changed is asked for.
    let asked = update(&mut model, Msg::Answer(Answer::Returned));
    assert_eq!(asked, [Effect::Ask(Wish::Sets(Some("lab".to_owned())))]);
    let mut more = sets();
    more.insert(0, set(5, 0, |_| {}));
    take(&mut model, more);
    assert!(model.backups.chosen().is_some_and(|id| id.ends_with("0003")));
    assert!(!screen(&model).contains("the newest verified one"), "a new one is good");
    take(&mut model, Vec::new());
    assert_eq!(model.backups.chosen(), None);
    assert!(screen(&model).contains("there is no restore point; b makes one"));
}

#[test]
fn the_mouse_chooses_what_it_points_at() {
    let mut model = with(sets(), (80, 24));
    // Two rows of the frame, the store, the warning, the titles.
    drop(update(&mut model, Msg::Press(5, 7)));
    assert!(model.backups.chosen().is_some_and(|id| id.ends_with("0002")), "{:?}", model.backups.cursor);
    drop(update(&mut model, Msg::Press(5, 20)));
    drop(update(&mut model, Msg::Press(5, 3)));
    assert!(model.backups.chosen().is_some_and(|id| id.ends_with("0002")), "{:?}", model.backups.cursor);
}

#[test]
fn what_is_not_there_is_said() {
    let mut model = model(Tab::Stack, (80, 24));
    assert!(press(&mut model, &["6"]).contains(&Effect::Ask(Wish::Sets(Some("lab".to_owned())))));
    assert!(screen(&model).contains("reading the store"));
    assert!(screen(&model).contains("`stackctl rollback` is not built yet"));
    let trouble = Trouble { message: "it cannot be read".to_owned(), hint: Some("look at its disk".to_owned()) };
    drop(update(&mut model, Msg::Answer(Answer::Sets(SetsRead { at: at(0), store: Err(trouble) }))));
    assert!(screen(&model).contains("it cannot be read") && screen(&model).contains("look at its disk"));
    let max_age = TimeDelta::days(8);
    let none = StoreRead { folder: "/s".to_owned(), is_there: false, sets: Vec::new(), left_out: 0, max_age };
    drop(update(&mut model, Msg::Answer(Answer::Sets(SetsRead { at: at(0), store: Ok(none) }))));
    assert!(screen(&model).contains("there is no store in /s yet"));
}

#[test]
fn every_size_is_drawn() {
    draw_small_and_large(&mut with(sets(), (80, 24)));
}
